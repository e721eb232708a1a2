/** Damaged logs of page files: what is found, and what a repair keeps. */
import { describe, expect, it } from "vitest";
import { equalBytes } from "../../../src/bytes/index.js";
import type { DiskWrite } from "../../../src/machine/index.js";
import { backupPageFiles, openPageFileDisk, repairPageFiles, type FileSystem } from "../../../src/storage/index.js";
import { FaultFiles, Random } from "../../../src/testing/index.js";
import { load, store } from "./histories.js";

const PAGE_BYTES = 1_400;
const layout = {
  pageBytes: PAGE_BYTES,
  pathOf: (key: string): string | undefined => (/^[a-d]$/.test(key) ? `pages/${key}` : undefined),
};
const FIRST = ".store/00000001.log";

/** A whole page, mostly zeros: no sector of its record may look as if it was never written. */
const zeros = (key: string, last: number): DiskWrite => {
  const bytes = new Uint8Array(PAGE_BYTES);
  bytes[PAGE_BYTES - 1] = last;
  return { key, at: 0, bytes };
};
const short = (key: string, value: number): DiskWrite => ({ key, at: 5, bytes: Uint8Array.of(value) });

/** A file system with these files, all synced. */
async function filesOf(contents: ReadonlyMap<string, Uint8Array>): Promise<FaultFiles> {
  const files = new FaultFiles(new Random(1));
  await files.makeFolder(".store");
  for (const [path, bytes] of contents) {
    const file = await files.create(path);
    await file.write(bytes, 0);
    await file.sync();
  }
  return files;
}

/** The log of a disk that acknowledged some stores and was killed. */
async function logOf(stores: readonly DiskWrite[][], diskLogBytesMax = 2 ** 20): Promise<Map<string, Uint8Array>> {
  const files = new FaultFiles(new Random(1));
  // No page file is written, so that the whole log stays.
  files.refuse = ({ kind }) => (kind === "rename" ? "EACCES" : undefined);
  const disk = await openPageFileDisk({ folder: "", layout, files, limits: { diskLogBytesMax } });
  for (const writes of stores) expect(await store(disk, ...writes)).toMatchObject({ ok: true });
  return contentsOf(files);
}

async function contentsOf(files: FileSystem): Promise<Map<string, Uint8Array>> {
  const names = (await files.list(".store")).filter((name) => name.endsWith(".log")).sort();
  const contents = names.map(async (name) => [`.store/${name}`, (await files.read(`.store/${name}`))!] as const);
  return new Map(await Promise.all(contents));
}

const openOn = (files: FileSystem) => openPageFileDisk({ folder: "", layout, files });

/** The value of each page: its last byte or its sixth; 0 if the page is missing. */
async function valuesIn(files: FileSystem): Promise<number[]> {
  const disk = await openOn(files);
  const values: number[] = [];
  for (const key of ["a", "b", "c", "d"]) {
    const page = await load(disk, key);
    if (!page.ok) throw new Error(page.error.actual);
    values.push(page.value?.[PAGE_BYTES - 1] || page.value?.[5] || 0);
  }
  await disk.close();
  return values;
}

/** @returns `harmless` if the disk opens with `expected`; else the place of the damage, with the log unchanged */
async function judged(log: ReadonlyMap<string, Uint8Array>, expected: readonly number[]): Promise<string> {
  const files = await filesOf(log);
  try {
    expect(await valuesIn(files)).toEqual(expected);
    return "harmless";
  } catch (error) {
    const { code, format, path, offset } = error as { code: string; format: string; path: string; offset: number };
    if (code !== "storage" || format !== "disk_log") throw error;
    for (const [name, bytes] of log) expect(equalBytes((await files.read(name))!, bytes)).toBe(true);
    return `${path.slice(-5, -4)}:${offset}`;
  }
}

function flipped(log: ReadonlyMap<string, Uint8Array>, path: string, at: number, bit: number): Map<string, Uint8Array> {
  const bytes = log.get(path)!.slice();
  bytes[at]! ^= 1 << bit;
  return new Map([...log, [path, bytes]]);
}

describe("damage of a log", () => {
  it("is found in every bit, also if the last record is mostly zeros", async () => {
    const log = await logOf([[short("a", 1)], [short("b", 2), zeros("c", 3)]]);
    const { length } = log.get(FIRST)!;
    // The header, the begin frame, the first store, and the second one across four sectors.
    expect([length > 2_000, length < 2_200]).toEqual([true, true]);
    const outcomes = new Map<string, number>();
    for (let at = 0; at < length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const outcome = await judged(flipped(log, FIRST, at, bit), [1, 2, 3, 0]);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }
    // Flips per place: the header of the file, its begin frame, and the two stores.
    const [second, third] = [512 + 48, 512 + 48 + 48];
    expect(outcomes).toEqual(
      new Map([
        ["1:0", 8 * 512],
        ["1:512", 8 * 48],
        [`1:${second}`, 8 * 48],
        [`1:${third}`, 8 * (length - third)],
      ]),
    );
  });

  it("is found in each of several files", async () => {
    const stores = Array.from({ length: 6 }, (_, i) => [zeros("abcd"[i % 4]!, i + 1)]);
    const log = await logOf(stores, 3_000);
    expect(log.size).toBeGreaterThan(2);
    const random = new Random(1, "flips");
    for (let i = 0; i < 500; i++) {
      const path = random.pick([...log.keys()]);
      const at = random.below(log.get(path)!.length);
      expect(await judged(flipped(log, path, at, random.below(8)), [5, 6, 3, 4]), `${path} ${at}`).not.toBe("harmless");
    }
    // A file that is cut (the next one knows its length), an empty one, one replaced by another, and a missing one.
    const [first, second, ...rest] = [...log];
    const cut = new Map([[first![0], first![1].subarray(0, 700)], second!, ...rest]);
    expect(await judged(cut, [])).toBe("1:560");
    const empty = new Map([[first![0], new Uint8Array(0)], second!, ...rest]);
    expect(await judged(empty, [])).toBe("1:0");
    expect(await judged(new Map([first!, [second![0], first![1]], ...rest]), [])).toBe("2:0");
    expect(await judged(new Map([first!, ...rest]), [])).toBe("2:0");
  });

  it("is told from a crash, which cuts the last record at any byte or leaves out any of its sectors", async () => {
    const log = await logOf([[short("a", 1)], [short("b", 2), zeros("c", 3)]]);
    const whole = log.get(FIRST)!;
    const last = 512 + 48 + 48;
    for (let end = last; end < whole.length; end++) {
      // Padding is not a part of the record.
      const isWhole = end > whole.length - 16 && whole.subarray(end).every((byte) => byte === 0);
      const left = new Map([[FIRST, whole.subarray(0, end)]]);
      expect(await judged(left, isWhole ? [1, 2, 3, 0] : [1, 0, 0, 0]), `cut at ${end}`).toBe("harmless");
    }
    for (let kept = 0; kept < 8; kept++) {
      const bytes = whole.slice();
      for (let sector = 0; sector < 3; sector++) {
        const from = Math.max(last, 512 * (sector + 1));
        if ((kept & (1 << sector)) === 0) bytes.fill(0, from, 512 * (sector + 2));
      }
      const left = new Map([[FIRST, bytes]]);
      expect(await judged(left, kept === 7 ? [1, 2, 3, 0] : [1, 0, 0, 0]), `sectors ${kept}`).toBe("harmless");
    }
  });

  it("is found in a sector of zeros of any record but the last, and in half a sector of the last", async () => {
    const full = (key: string, value: number): DiskWrite => ({
      key,
      at: 0,
      bytes: new Uint8Array(PAGE_BYTES).fill(value),
    });
    const log = await logOf([[full("a", 1)], [full("b", 2)]]);
    const without = (from: number, end: number) => new Map([[FIRST, log.get(FIRST)!.slice().fill(0, from, end)]]);
    expect(await judged(without(1_024, 1_536), [])).toBe("1:560");
    const second = 2_000;
    expect(await judged(without(2_560, 3_072), [1, 0, 0, 0])).toBe("harmless");
    expect(await judged(without(2_560, 2_816), [])).toBe(`1:${second}`);
    expect(await judged(without(0, 512), [])).toBe("1:0");
  });

  it("is not found in a segment that a crash left without a header", async () => {
    const log = await logOf([[short("a", 1)]]);
    const next = log.get(FIRST)!.subarray(0, 512);
    for (const bytes of [next.subarray(0, 0), next.subarray(0, 300), new Uint8Array(512), new Uint8Array(3)]) {
      expect(await judged(new Map([...log, [".store/00000002.log", bytes]]), [1, 0, 0, 0])).toBe("harmless");
    }
  });

  it("stops a backup too", async () => {
    const log = await logOf([[short("a", 1)], [short("b", 2)]]);
    const files = await filesOf(flipped(log, FIRST, 600, 0));
    const backup = backupPageFiles({ folder: "", to: "", layout, files, toFiles: new FaultFiles(new Random(2)) });
    await expect(backup).rejects.toMatchObject({ code: "storage", format: "disk_log", path: FIRST, offset: 560 });
  });

  it("is found in a log of another version, which is left unchanged", async () => {
    // A header and one record of the old format.
    const old = Buffer.from(`53574c47000100000000000000010000001300000000${"00".repeat(19)}`, "hex");
    const files = await filesOf(new Map([[FIRST, new Uint8Array(old)]]));
    await expect(openOn(files)).rejects.toMatchObject({
      code: "storage",
      format: "disk_log",
      path: FIRST,
      actual: "an older format; close the disk with the version that wrote it",
    });
    expect(await files.read(FIRST)).toHaveLength(old.length);
  });
});

describe("a repair", () => {
  const repair = (files: FileSystem, acceptLoss: boolean) => repairPageFiles({ folder: "", layout, files, acceptLoss });

  it("reports the loss, changes nothing until it is accepted, and keeps what is intact", async () => {
    const log = await logOf([[short("a", 1)], [short("b", 2)], [short("c", 3)]]);
    const damaged = flipped(log, FIRST, 620, 3);
    const files = await filesOf(damaged);
    const found = {
      losses: [{ path: FIRST, offset: 608, bytes: 48, expected: "a whole frame", actual: "a changed one" }],
      storesLost: 1,
      maybeMore: false,
      storesKept: 2,
    };
    expect(await repair(files, false)).toEqual(found);
    expect(await contentsOf(files)).toEqual(damaged);
    await expect(openOn(files)).rejects.toMatchObject({ offset: 608 });
    expect(await repair(files, true)).toEqual(found);
    expect(await valuesIn(files)).toEqual([1, 0, 3, 0]);
  });

  it("reports when more may be lost than it can count", async () => {
    const log = await logOf([[short("a", 1)], [short("b", 2)], [short("c", 3)]]);
    const ofLast = await filesOf(flipped(log, FIRST, 670, 0));
    expect(await repair(ofLast, true)).toMatchObject({ storesLost: 0, maybeMore: true, storesKept: 2 });
    expect(await valuesIn(ofLast)).toEqual([1, 2, 0, 0]);
    const ofAll = await filesOf(flipped(log, FIRST, 0, 0));
    expect(await repair(ofAll, true)).toMatchObject({ losses: [{ offset: 0, bytes: 704 }], maybeMore: true });
    expect(await valuesIn(ofAll)).toEqual([0, 0, 0, 0]);
  });

  it("counts the stores of a missing file by the numbers in the next one", async () => {
    const stores = Array.from({ length: 6 }, (_, i) => [zeros("abcd"[i % 4]!, i + 1)]);
    const log = await logOf(stores, 3_000);
    const files = await filesOf(new Map([...log].filter((_, i) => i !== 1)));
    const { losses, storesLost, storesKept, maybeMore } = await repair(files, true);
    expect(losses).toMatchObject([{ path: ".store/00000002.log", bytes: 0, actual: "no file" }]);
    expect([storesLost + storesKept, storesLost > 0, maybeMore]).toEqual([6, true, false]);
  });

  it("finds nothing in an intact or torn log", async () => {
    const log = await logOf([[short("a", 1)], [short("b", 2)]]);
    const torn = await filesOf(new Map([[FIRST, log.get(FIRST)!.subarray(0, 630)]]));
    expect(await repair(torn, false)).toEqual({ losses: [], storesLost: 0, maybeMore: false, storesKept: 1 });
    expect(await valuesIn(torn)).toEqual([1, 0, 0, 0]);
    const none = new FaultFiles(new Random(1));
    await expect(repair(none, true)).rejects.toMatchObject({ code: "argument", path: "folder" });
  });
});
