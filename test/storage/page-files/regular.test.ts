/** Anything but regular files and folders in the folder of a disk is refused. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { backupPageFiles, nodeFiles, openPageFileDisk } from "../../../src/storage/index.js";
import { LAYOUT, load, PAGE_BYTES, store } from "./histories.js";

const root = mkdtempSync(join(tmpdir(), "regular files "));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
let count = 0;
beforeEach(() => (folder = join(root, String(count++))));

const PAGE = "pages/a/1.page";
const WRITE = { key: "a/1", at: 2, bytes: Uint8Array.of(7) };

/** What a path may name, and its name in a refusal. */
const OTHERS: [string, (path: string) => void][] = [
  ["a folder", (path) => mkdirSync(path)],
  ["a dangling link", (path) => symlinkSync(join(folder, "nothing"), path)],
  ["a link to a folder", (path) => symlinkSync(folder, path)],
  ["a link to a device", (path) => symlinkSync("/dev/zero", path)],
  ["a FIFO", (path) => execFileSync("mkfifo", [path])],
];

function put(name: string, make: (path: string) => void): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  make(path);
  return path;
}

describe("in place of a page", () => {
  it.each(OTHERS)("%s is refused with its path, by loads, stores and backups", async (actual, make) => {
    const path = put(PAGE, make);
    const refused = { code: "storage", path, expected: "a regular file", actual };
    const disk = await openPageFileDisk({ folder, layout: LAYOUT });
    expect(await load(disk, "a/1")).toMatchObject({ ok: false, error: refused });
    expect(await store(disk, WRITE)).toMatchObject({ ok: false, error: refused });
    expect(await store(disk, { ...WRITE, key: "a/2" })).toMatchObject({ ok: true });
    await disk.close();
    // An empty folder holds nothing to copy.
    const backup = backupPageFiles({ folder, to: `${folder}.copy`, layout: LAYOUT });
    if (actual === "a folder") await backup;
    else await expect(backup).rejects.toMatchObject({ code: "storage", path, actual });
  });

  it("a link to a file is read, and replaced by a file when the page changes", async () => {
    const outside = `${folder}.page`;
    writeFileSync(outside, new Uint8Array(PAGE_BYTES).fill(5));
    const path = put(PAGE, (at) => symlinkSync(outside, at));
    const disk = await openPageFileDisk({ folder, layout: LAYOUT });
    expect(await load(disk, "a/1")).toMatchObject({ ok: true, value: { 0: 5 } });
    await store(disk, WRITE);
    await disk.close();
    expect([readFileSync(path)[2], readFileSync(outside)[2]]).toEqual([7, 5]);
  });
});

describe("in place of a folder", () => {
  it.each(OTHERS.filter(([kind]) => kind !== "a folder"))("%s is refused with its path", async (actual, make) => {
    const path = put("pages", make);
    const refused = { code: "storage", path, expected: "a folder", actual };
    const disk = await openPageFileDisk({ folder, layout: LAYOUT });
    expect(await load(disk, "a/1")).toMatchObject({ ok: false, error: refused });
    expect(await store(disk, WRITE)).toMatchObject({ ok: false, error: refused });
    await disk.close();
  });

  it("a file is refused with its path", async () => {
    const path = put("pages", (at) => writeFileSync(at, ""));
    const disk = await openPageFileDisk({ folder, layout: LAYOUT });
    expect(await load(disk, "a/1")).toMatchObject({ ok: false, error: { code: "storage", path, actual: "a file" } });
    await disk.close();
  });

  it.each(OTHERS.filter(([kind]) => kind !== "a folder"))("%s is not opened as .store", async (_, make) => {
    const path = put(".store", make);
    const before = readdirSync(folder);
    await expect(openPageFileDisk({ folder, layout: LAYOUT })).rejects.toMatchObject({ code: "storage", path });
    expect(readdirSync(folder)).toEqual(before);
  });

  it("a link is accepted for the root folder", async () => {
    mkdirSync(`${folder}.real`);
    symlinkSync(`${folder}.real`, folder);
    const disk = await openPageFileDisk({ folder, layout: LAYOUT });
    await store(disk, WRITE);
    await disk.close();
    expect(readFileSync(join(`${folder}.real`, PAGE))[2]).toBe(7);
  });
});

describe("the files of a disk", () => {
  it.each(OTHERS)("are refused if %s is in place of a log, the lock or a new page", async (actual, make) => {
    for (const name of ["00000001.log", "lock"]) {
      rmSync(folder, { recursive: true, force: true });
      const path = put(`.store/${name}`, make);
      const opening = openPageFileDisk({ folder, layout: LAYOUT });
      await expect(opening).rejects.toMatchObject({ code: "storage", path, actual });
    }
    rmSync(folder, { recursive: true });
    const path = put(".store/1.new", make);
    const created = nodeFiles(folder).create(".store/1.new");
    const kind = actual.includes("link") ? "a link" : actual;
    await expect(created).rejects.toMatchObject({ code: "storage", path, actual: kind });
  });

  it("are not written after a FIFO has replaced their folder", async () => {
    const files = nodeFiles(folder);
    await files.makeFolder("pages/a");
    renameSync(join(folder, "pages"), `${folder}.pages`);
    execFileSync("mkfifo", [join(folder, "pages")]);
    await expect(nodeFiles(folder).create(PAGE)).rejects.toMatchObject({ code: "storage", actual: "a FIFO" });
    await expect(files.create(PAGE)).rejects.toMatchObject({ code: "storage" });
  });
});
