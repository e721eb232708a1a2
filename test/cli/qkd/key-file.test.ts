/** Files of keys: who may read them, what is in them, and that none is left behind. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { KeyFile } from "../../../src/cli/qkd/key-file.js";
import { parseKeyContainer } from "../../../src/protocols/qkd/reply/index.js";
import { issueOf } from "../../support/issue-of.js";

const root = mkdtempSync(join(tmpdir(), "key file "));
afterAll(() => rmSync(root, { recursive: true }));

test("a file of keys is read back as a key container, for every length, and by its owner alone", () => {
  const path = join(root, "keys.json");
  const keys = Array.from({ length: 70 }, (_, i) => ({
    keyId: `"${i}\\`,
    bytes: Uint8Array.from({ length: i + 1 }, (__, at) => at * 37 + i),
  }));
  new KeyFile(path).write({ master_SAE_ID: "a", count: 1 }, keys);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const bytes = readFileSync(path);
  expect(JSON.parse(bytes.toString())).toMatchObject({ master_SAE_ID: "a", count: 1 });
  expect(parseKeyContainer(bytes, { keysMax: 70, keySizeBytesMax: 70 })).toEqual({ ok: true, value: keys });
});

test("a file that was not written is removed, and one that was is kept", () => {
  const path = join(root, "discarded");
  new KeyFile(path).discard();
  expect(existsSync(path)).toBe(false);
  const file = new KeyFile(path);
  file.write({}, []);
  file.discard();
  expect(readFileSync(path, "utf8")).toBe('{"keys":[\n]}\n');
});

test("a file that exists is refused and stays as it was", () => {
  const path = join(root, "there");
  writeFileSync(path, "x");
  expect(issueOf(() => new KeyFile(path))).toMatchObject({ code: "argument", path: "out" });
  expect(issueOf(() => new KeyFile(join(root, "none/file")))).toMatchObject({ code: "argument" });
  expect(readFileSync(path, "utf8")).toBe("x");
});
