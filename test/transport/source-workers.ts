/** Worker transport with the program built from the source. */
import { mkdtempSync, rmSync } from "node:fs";
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

/** Workers that run the current source, not an earlier build. */
export function sourceWorkers(count: number, options: Partial<WorkersOptions> = {}): Transport {
  return workers({ count, program, ...options });
}
