/** Programs of tests that run in a process of their own, to be killed. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Bundles a program for Node.js.
 * @param contents TypeScript @param importer `import.meta.url` of the test, from which its imports are resolved
 */
export async function buildProgram(contents: string, importer: string, outfile: string): Promise<void> {
  await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", importer)), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "silent",
  });
}

/** Starts a program that tells its test by `process.send` how far it is. */
export function startProgram(program: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
}
