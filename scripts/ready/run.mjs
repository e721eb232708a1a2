import { spawn } from "node:child_process";

/** Runs a program to its end, silently; what it printed becomes the message of the error if it fails. */
export function run(program, args) {
  return new Promise((resolve, reject) => {
    // npm is a script on Windows, which only a shell can start; no argument here needs quoting.
    const shell = process.platform === "win32" && program === "npm";
    const child = spawn(program, args, { shell, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    }
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${output.trimEnd()}\n${program} ${args.join(" ")} failed (${signal ?? `exit ${code}`})`));
    });
  });
}
