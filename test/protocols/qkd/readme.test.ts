/** The program in the README of QKD. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { ClientHarness } from "./client-harness.js";

const harness = new ClientHarness();

mkdirSync("build", { recursive: true });
// Inside the package, so that imports resolve.
const folder = mkdtempSync(join(process.cwd(), "build", "qkd-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("the program of the README shares keys", async () => {
  const readme = readFileSync("src/protocols/qkd/README.md", "utf8");
  const [, program, output] = /```js\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/.exec(readme) ?? [];
  const { kmes } = await harness.kmes.start();
  const { authority, saes } = harness.kmes.certificates;
  const files = {
    "ca.pem": authority,
    "alice.pem": saes[0].good.certificate,
    "alice-key.pem": saes[0].good.key,
    "bob.pem": saes[1].good.certificate,
    "bob-key.pem": saes[1].good.key,
    "share.mjs": program!,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const args = [join(folder, "share.mjs"), folder, ...kmes.map(({ url }) => url)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe(output);
});
