/** Backups of page files while a disk writes them. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { backupPageFiles, openPageFileDisk, type FileSystem, type PageFileDisk } from "../../../src/storage/index.js";
import { FaultFiles, Random } from "../../../src/testing/index.js";
import { altered } from "./histories.js";

const PAGE_BYTES = 32;
const KEYS = Array.from({ length: 6 }, (_, i) => `${"abc"[i % 3]}/${i}`);
const layout = {
  pageBytes: PAGE_BYTES,
  pathOf: (key: string): string | undefined => (/^[a-z]\/\d$/.test(key) ? `pages/${key}.page` : undefined),
};
/** Limits so small that a segment has room for a few stores. */
const TIGHT = { diskLogBytesMax: 900, diskCacheBytesMax: 4 * PAGE_BYTES };

const openTight = (files: FileSystem): Promise<PageFileDisk> =>
  openPageFileDisk({ folder: "", layout, files, limits: TIGHT });

/** Fills some pages with `value` in one store: two values among them mean a torn store. */
function fill(disk: PageFileDisk, keys: readonly string[], value: number): Promise<void> {
  return new Promise((resolve, reject) =>
    disk.store(
      keys.map((key) => ({ key, at: 0, bytes: new Uint8Array(PAGE_BYTES).fill(value) })),
      (outcome) => (outcome.ok ? resolve() : reject(new Error(outcome.error.actual))),
    ),
  );
}

function load(disk: PageFileDisk, key: string): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) =>
    disk.load({ key }, (outcome) =>
      outcome.ok ? resolve(outcome.value.bytes) : reject(new Error(outcome.error.actual)),
    ),
  );
}

/** The value of each page; -1 if it is missing. @throws Error if a page is torn */
async function valuesIn(files: FileSystem): Promise<number[]> {
  const disk = await openTight(files);
  const values: number[] = [];
  for (const key of KEYS) {
    const page = await load(disk, key);
    if (page !== undefined && !page.every((byte) => byte === page[0])) throw new Error(`${key} is torn: ${page}`);
    values.push(page?.[0] ?? -1);
  }
  await disk.close();
  return values;
}

describe("a backup of pages", () => {
  /**
   * Makes a backup while stores continue; store `n` fills pages 0 and 1 and another one. @returns the pages of the
   * copy, and the stores that were acknowledged before it began and after it ended
   */
  async function copiedUnderWrites(run: number, wrap: (files: FileSystem) => FileSystem = (files) => files) {
    const files = new FaultFiles(new Random(run, "from"));
    const copy = new FaultFiles(new Random(run, "to"));
    const random = new Random(run, "stores");
    const disk = await openTight(files);
    let acknowledged = 0;
    const state = { isOver: false };
    const write = async (): Promise<void> => {
      while (!state.isOver && acknowledged < 200) {
        await fill(disk, [KEYS[0]!, KEYS[1]!, KEYS[random.between(2, 5)]!], acknowledged + 1);
        acknowledged++;
      }
    };
    const before = random.below(20);
    while (acknowledged < before) await fill(disk, [KEYS[0]!, KEYS[1]!], ++acknowledged);
    const writing = write();
    const first = acknowledged;
    await backupPageFiles({ folder: "", to: "", layout, files: wrap(files), toFiles: copy });
    const last = acknowledged;
    state.isOver = true;
    await writing;
    await disk.close();
    return { values: await valuesIn(copy), first, last, all: await valuesIn(files) };
  }

  /** @throws Error if the copy lacks an acknowledged store, or holds half of one @returns stores made meanwhile */
  async function check(run: number, wrap?: (files: FileSystem) => FileSystem): Promise<number> {
    const { values, first, last } = await copiedUnderWrites(run, wrap);
    const [one, other] = values.map((value) => Math.max(0, value));
    const where = `run ${run}: ${values}, ${first} to ${last}`;
    if (one !== other) throw new Error(`${where}: torn`);
    if (one! < first) throw new Error(`${where}: lost`);
    if (Math.max(...values) > one!) throw new Error(`${where}: mixes two moments`);
    return last - first;
  }

  it("holds every store made before it, and those made meanwhile up to some moment", async () => {
    let meanwhile = 0;
    for (let run = 1; run <= 120; run++) meanwhile += await check(run);
    expect(meanwhile).toBeGreaterThan(1_000);
  });

  it("fails the check if it leaves out the log", async () => {
    const noLog = (files: FileSystem): FileSystem =>
      altered(files, { list: async (path) => (path === ".store" ? [] : files.list(path)) });
    await expect(
      (async () => {
        for (let run = 1; run <= 100; run++) await check(run, noLog);
      })(),
    ).rejects.toThrow(/^run \d+/);
  });

  it("fails the check if it copies the log only before the pages", async () => {
    const firstLog = (files: FileSystem): FileSystem => {
      let names: Promise<readonly string[]> | undefined;
      const kept = new Map<string, Promise<Uint8Array | undefined>>();
      const list = (path: string): Promise<readonly string[]> =>
        path === ".store" ? (names ??= files.list(path)) : files.list(path);
      const read = (path: string, bytesMax?: number): Promise<Uint8Array | undefined> => {
        if (!path.endsWith(".log")) return files.read(path, bytesMax);
        if (!kept.has(path)) kept.set(path, files.read(path, bytesMax));
        return kept.get(path)!;
      };
      return altered(files, { list, read });
    };
    await expect(
      (async () => {
        for (let run = 1; run <= 100; run++) await check(run, firstLog);
      })(),
    ).rejects.toThrow(/^run \d+/);
  });

  it("of a disk that nobody has open equals it", async () => {
    const files = new FaultFiles(new Random(1, "from"));
    const disk = await openTight(files);
    for (let i = 0; i < 6; i++) await fill(disk, [KEYS[i]!], i + 1);
    // After a crash, everything is in the log.
    const left = files.crashed(new Random(1, "crash"));
    await disk.close();
    for (const from of [files, left]) {
      const copy = new FaultFiles(new Random(2, "to"));
      await backupPageFiles({ folder: "", to: "", layout, files: from, toFiles: copy });
      expect(await copy.list(".store")).toEqual([]);
      expect(await valuesIn(copy)).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it("starts again if a log file was removed before it was copied, and gives up after five attempts", async () => {
    const files = new FaultFiles(new Random(1, "from"));
    const disk = await openTight(files);
    await fill(disk, [KEYS[0]!], 1);
    let hidden = 3;
    let reads = 0;
    const losing = altered(files, {
      read: async (path, bytesMax) => {
        const bytes = await files.read(path, bytesMax);
        if (!path.endsWith(".log")) return bytes;
        reads++;
        return hidden-- > 0 ? undefined : bytes;
      },
    });
    const copy = new FaultFiles(new Random(2, "to"));
    await backupPageFiles({ folder: "", to: "", layout, files: losing, toFiles: copy });
    expect(reads).toBeGreaterThan(3);
    expect((await valuesIn(copy))[0]).toBe(1);
    hidden = Infinity;
    const other = new FaultFiles(new Random(3, "to"));
    const failed = backupPageFiles({ folder: "", to: "", layout, files: losing, toFiles: other });
    await expect(failed).rejects.toMatchObject({ code: "argument", path: "folder" });
    await disk.close();
  });

  it("starts again if another process opens the disk meanwhile", async () => {
    const files = new FaultFiles(new Random(1, "from"));
    const disk = await openTight(files);
    await fill(disk, [KEYS[0]!], 1);
    let locks = 0;
    const locked = altered(files, {
      // The holder changes during the first attempt.
      read: async (path, bytesMax) =>
        path === ".store/lock" ? Uint8Array.of(locks++ < 1 ? 1 : 2) : files.read(path, bytesMax),
    });
    const copy = new FaultFiles(new Random(2, "to"));
    await backupPageFiles({ folder: "", to: "", layout, files: locked, toFiles: copy });
    expect(locks).toBe(4);
    await disk.close();
  });

  it("refuses a target that is not empty, an empty source, and a page of the wrong size", async () => {
    const empty = new FaultFiles(new Random(1, "empty"));
    const files = new FaultFiles(new Random(2, "from"));
    await (await openTight(files)).close();
    const backup = (from: FileSystem, toFiles: FileSystem): Promise<void> =>
      backupPageFiles({ folder: "x", to: "y", layout, files: from, toFiles });
    await expect(backup(files, files)).rejects.toMatchObject({ code: "argument", path: "to" });
    await expect(backup(empty, empty)).rejects.toMatchObject({ code: "argument", path: "folder" });
    await files.makeFolder("pages");
    const file = await files.create("pages/short");
    await file.write(new Uint8Array(3), 0);
    await expect(backup(files, empty)).rejects.toMatchObject({ code: "storage", path: "pages/short" });
  });
});

describe("a backup of a folder of this machine", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it("works while a disk has it open", async () => {
    const root = mkdtempSync(join(tmpdir(), "backup-"));
    folders.push(root);
    const [folder, to] = [join(root, "from"), join(root, "to")];
    const disk = await openPageFileDisk({ folder, layout, limits: TIGHT });
    for (let i = 0; i < 20; i++) await fill(disk, [KEYS[i % 6]!], i);
    await backupPageFiles({ folder, to, layout });
    await fill(disk, KEYS, 99);
    await disk.close();
    expect(readdirSync(join(to, ".store"))).toEqual([]);
    const copy = await openPageFileDisk({ folder: to, layout });
    const values = [];
    for (const key of KEYS) values.push((await load(copy, key))?.[0]);
    expect(values).toEqual([18, 19, 14, 15, 16, 17]);
    await copy.close();
    await expect(backupPageFiles({ folder, to, layout })).rejects.toMatchObject({ code: "argument", path: "to" });
  });
});
