/** Pure subpaths, bundled for a browser and run without the globals of Node.js. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { bundleForBrowser } from "../../scripts/check/bundle.mjs";
import { pureSubpaths, sourceOf } from "../../scripts/check/subpaths.mjs";
import { root } from "./tree.js";

describe("a pure subpath runs without Node.js", () => {
  test.each(pureSubpaths)("specwire/%s", async (subpath) => {
    const { names } = await bundleForBrowser(`./${sourceOf(subpath)}`, fileURLToPath(root));
    expect(names.length).toBeGreaterThan(0);
  });
});

describe("a module that needs Node.js is refused", () => {
  test.each([
    ["a module of Node.js", `import { readFileSync } from "node:fs"; export const read = readFileSync;`, "node:fs"],
    ["one without its prefix", `export { createServer } from "net";`, "net"],
    ["a global of Node.js", `export const zero = Buffer.alloc(1);`, "Buffer is not defined"],
    ["the process", `export const verbose = process.env.VERBOSE === "1";`, "process is not defined"],
  ])("%s", async (_, text, message) => {
    const folder = mkdtempSync(join(tmpdir(), "specwire-browser-"));
    writeFileSync(join(folder, "module.ts"), text);
    await expect(bundleForBrowser("./module.ts", folder)).rejects.toThrow(message);
    rmSync(folder, { recursive: true });
  });
});
