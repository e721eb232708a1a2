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

/** Workers that run the source as it is, and not what was built of it before. */
export function sourceWorkers(count: number, options: Partial<WorkersOptions> = {}): Transport {
  return workers({ count, program, ...options });
}
