/** The embedded WASM modules: equal to assembly/, and small. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const modules = readdirSync(`${root}/src/kernel/wasm`);

test("the committed modules equal the compiled assembly/", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/embed-wasm.mjs", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  // Compiling takes 10 s, and six times as long on a machine with as much other work.
}, 300_000);

test.each(modules)("%s has at most 12 KB, compressed", (name) => {
  expect(gzipSync(readFileSync(`${root}/src/kernel/wasm/${name}`)).length).toBeLessThanOrEqual(12 * 1024);
});
