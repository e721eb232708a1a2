/** Folders made level by level: what is made, what is refused, and that no mount makes them wait for ever. */
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeFolders, makeFoldersSync } from "../../src/storage/make-folders.js";
import { nodeFiles } from "../../src/storage/index.js";

const root = mkdtempSync(join(tmpdir(), "folders-"));
afterAll(() => rmSync(root, { recursive: true }));

describe.each([
  ["makeFolders", makeFolders],
  ["makeFoldersSync", async (path: string, mode?: number) => makeFoldersSync(path, mode)],
])("%s", (name, make) => {
  const at = (path: string): string => join(root, name, path);

  it("makes what is missing, names the topmost, and leaves what exists", async () => {
    expect(await make(at("a/b/c"), 0o700)).toBe(join(root, name));
    expect(statSync(at("a/b/c")).mode & 0o777).toBe(0o700);
    expect(await make(at("a/b/d"))).toBe(at("a/b/d"));
    expect(await make(at("a/b/c"))).toBeUndefined();
    expect(await make("/")).toBeUndefined();
    symlinkSync(at("a"), at("link"));
    expect(await make(at("link/e"))).toBe(at("link/e"));
    expect(existsSync(at("a/e"))).toBe(true);
  });

  it("is refused where a file is", async () => {
    writeFileSync(at("file"), "");
    await expect(make(at("file"))).rejects.toMatchObject({ code: "EEXIST" });
    await expect(make(at("file/a/b"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  it.skipIf(process.platform !== "linux")("is refused below a mount that has no such names", async () => {
    await expect(make("/proc/none/a/b")).rejects.toMatchObject({ code: "ENOENT" });
  });
});

it.skipIf(process.platform !== "linux")("a disk in such a place is refused", async () => {
  const refused = nodeFiles("/proc/none/data").makeFolder("");
  await expect(refused).rejects.toMatchObject({ code: "storage", actual: "ENOENT" });
});
