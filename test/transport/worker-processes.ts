import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll } from "vitest";
import { workers, type Transport, type WorkersOptions } from "../../src/transport/index.js";

const folder = mkdtempSync(join(tmpdir(), "worker-program-"));
const program = join(folder, "worker.mjs");
await build({
  entryPoints: [new URL("../../src/transport/workers/main.ts", import.meta.url).pathname],
  outfile: program,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "error",
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Workers that run the source as it is, and not what was built of it before. */
export function sourceWorkers(count: number, options: Partial<WorkersOptions> = {}): Transport {
  return workers({ count, program, ...options });
}

/** Whether the processes of this system can be listed. */
export const hasProcesses = process.platform === "linux";

/** The processes that a process has started and that run still. */
export function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => statOf(pid)?.parent === parent)
    .map(Number);
}

/** What has ended and was not taken note of is no process any more. */
function statOf(pid: string): { parent: number } | undefined {
  try {
    // The name in parentheses may hold anything; the state and the parent come after it (proc(5)).
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)!.split(" ");
    return state === "Z" ? undefined : { parent: Number(parent) };
  } catch {
    return undefined;
  }
}
