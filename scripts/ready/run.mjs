/** Runs the programs of the steps. */
import { spawn } from "node:child_process";

/** Runs a program to its end without output. Rejects with its output if it fails. */
export function run(program, args) {
  return new Promise((resolve, reject) => {
    // On Windows npm is a script, which only a shell can start. No argument here needs quotes.
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
