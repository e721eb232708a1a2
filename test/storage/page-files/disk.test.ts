/** The disk of pages in files. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  decodeFrameHeader,
  decodeLogBegin,
  decodeLogCommit,
  decodeLogRecord,
  decodeLogWrite,
  decodeSegmentHeader,
} from "../../../src/codec/gen/disk/index.js";
import { openPageFileDisk, type PageFileDisk } from "../../../src/storage/index.js";
import { Log } from "../../../src/storage/page-files/log.js";
import type { DiskWrite } from "../../../src/machine/index.js";
import { FaultFiles, Random } from "../../../src/testing/index.js";
import { LAYOUT, load, open, PAGE_BYTES, store } from "./histories.js";

const root = mkdtempSync(join(tmpdir(), "page files "));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
let count = 0;
beforeEach(() => (folder = join(root, String(count++))));

const openReal = (limits = {}): Promise<PageFileDisk> => openPageFileDisk({ folder, layout: LAYOUT, limits });
const write = (key: string, at: number, ...bytes: number[]): DiskWrite => ({ key, at, bytes: Uint8Array.from(bytes) });
const DONE = { ok: true, value: undefined };

describe("pages in files", () => {
  it("survive closing, as whole files that other programs can read", async () => {
    const disk = await openReal();
    expect(await load(disk, "a/1")).toEqual(DONE);
    expect(await store(disk, write("a/1", 2, 7, 8), write("b/2", 63, 9), write("a/1", 3, 5))).toEqual(DONE);
    const page = new Uint8Array(PAGE_BYTES);
    page.set([7, 5], 2);
    expect(await load(disk, "a/1")).toEqual({ ok: true, value: page });
    await disk.close();
    expect(new Uint8Array(readFileSync(join(folder, "pages/a/1.page")))).toEqual(page);
    expect(readdirSync(join(folder, ".store"))).toEqual([]);
    const again = await openReal();
    expect(await load(again, "a/1")).toEqual({ ok: true, value: page });
    expect(await load(again, "a/2")).toEqual(DONE);
    await again.close();
  });

  it("are only in the log at first, in the format of its specs", async () => {
    const disk = await openReal();
    await store(disk, write("a/1", 2, 7, 8), write("b/2", 63, 9));
    expect(existsSync(join(folder, "pages"))).toBe(false);
    const log = new Uint8Array(readFileSync(join(folder, ".store/00000001.log")));
    expect(decodeSegmentHeader(log, 0, 512)).toMatchObject({ key: "00000001.log" });
    expect(decodeFrameHeader(log, 512, 528)).toMatchObject({ length: 21 });
    expect(decodeLogBegin(log, 528, 549)).toEqual({ firstGroup: 1, previous: 0, previousBytes: 0 });
    const { length } = decodeFrameHeader(log, 560, 576);
    const { firstGroup, records } = decodeLogCommit(log, 576, 576 + length);
    expect(firstGroup).toBe(1);
    const middle = 4 + 7 + 3 + 2;
    const first = decodeLogWrite(decodeLogRecord(records, 0, middle).write);
    expect(first).toEqual({ left: 1, at: 2, key: "a/1", bytes: Uint8Array.of(7, 8) });
    const second = decodeLogWrite(decodeLogRecord(records, middle).write);
    expect(second).toEqual({ left: 0, at: 63, key: "b/2", bytes: Uint8Array.of(9) });
    await disk.close();
    expect(existsSync(join(folder, "pages/b/2.page"))).toBe(true);
  });

  it("belong to their owner alone", async () => {
    const disk = await openReal();
    await store(disk, write("a/1", 0, 1));
    await disk.close();
    const modes = ["pages", "pages/a", "pages/a/1.page"].map((path) => mode(join(folder, path)));
    expect(modes).toEqual(["700", "700", "600"]);
  });

  it("of the wrong size are refused, with stores to them and no others", async () => {
    mkdirSync(join(folder, "pages/a"), { recursive: true });
    writeFileSync(join(folder, "pages/a/1.page"), new Uint8Array(PAGE_BYTES - 1));
    writeFileSync(join(folder, "pages/a/2.page"), new Uint8Array(PAGE_BYTES + 1));
    const disk = await openReal();
    const short = { ok: false, error: { code: "storage", path: "pages/a/1.page", expected: "64 bytes", actual: "63" } };
    expect(await load(disk, "a/1")).toMatchObject(short);
    expect(await load(disk, "a/2")).toMatchObject({ ok: false, error: { code: "storage", actual: "EFBIG" } });
    const outcomes = await Promise.all([
      store(disk, write("a/3", 0, 1), write("a/1", 0, 1)),
      store(disk, write("a/3", 1, 2)),
    ]);
    expect(outcomes).toMatchObject([short, DONE]);
    expect((await load(disk, "a/3")) as unknown).toMatchObject({ value: { 0: 0, 1: 2 } });
    await disk.close();
    expect(readFileSync(join(folder, "pages/a/1.page"))).toHaveLength(PAGE_BYTES - 1);
  });
});

describe("a store", () => {
  it.each<[string, DiskWrite[]]>([
    ["to a key that names no page", [write("e/1", 0, 1)]],
    ["to a key that leads out of the folder", [write("../a/1", 0, 1)]],
    ["behind the end of its page", [write("a/1", 63, 1, 2)]],
    ["before its page", [write("a/1", -1, 1)]],
    ["at a fraction of a byte", [write("a/1", 0.5, 1)]],
    ["of too many writes", Array.from({ length: 65_537 }, () => write("a/1", 0, 1))],
  ])("%s is refused with all of its writes", async (_, flawed) => {
    const disk = await open(new FaultFiles(new Random(1)), { diskQueueBytesMax: 2 ** 30 });
    const outcome = await store(disk, write("a/1", 0, 1), ...flawed);
    expect(outcome).toMatchObject({ ok: false, error: { code: "argument", format: "disk" } });
    expect(await load(disk, "a/1")).toEqual(DONE);
    expect(await store(disk)).toEqual(DONE);
    await disk.close();
  });

  it("is seen by every later load, and by no earlier one", async () => {
    for (let run = 1; run <= 100; run++) {
      const disk = await open(new FaultFiles(new Random(run)));
      const random = new Random(run, "order");
      const seen: Promise<number>[] = [];
      const wanted: number[] = [];
      for (let i = 0, last = 0; i < 20; i++) {
        if (random.chance(0.5)) void store(disk, write("a/1", 0, (last = i + 1)), write(`b/${i % 5}`, 0, 1));
        else {
          wanted.push(last);
          seen.push(load(disk, "a/1").then((outcome) => (outcome.ok ? stampOf(outcome.value) : -2)));
        }
        if (random.chance(0.2)) await Promise.all(seen);
      }
      expect(await Promise.all(seen), `run ${run}`).toEqual(wanted);
      await disk.close();
    }
  });

  it("that failed makes no page for a load between it and the next store", async () => {
    const files = new FaultFiles(new Random(1));
    await files.makeFolder("pages/b");
    await (await files.create("pages/b/1.page")).write(new Uint8Array(1), 0);
    const disk = await open(files);
    const failed = store(disk, write("a/1", 0, 1), write("b/1", 0, 1));
    const between = load(disk, "a/1");
    const next = store(disk, write("a/1", 0, 2));
    expect(await Promise.all([failed, between, next])).toMatchObject([{ ok: false }, DONE, DONE]);
    expect(await load(disk, "a/1")).toMatchObject({ value: { 0: 2 } });
    await disk.close();
  });

  it("shares its sync with the others of its batch", async () => {
    const files = new FaultFiles(new Random(1));
    const disk = await open(files, {});
    await store(disk, write("a/1", 0, 1));
    let syncs = 0;
    files.changed = ({ kind }) => void (kind === "sync" && syncs++);
    const outcomes = Array.from({ length: 200 }, (_, i) => store(disk, write(`a/${i % 10}`, 1 + (i % 60), i)));
    expect(new Set((await Promise.all(outcomes)).map(({ ok }) => ok))).toEqual(new Set([true]));
    expect(syncs).toBe(1);
    await disk.close();
  });

  it("fails at once while the queue is full", async () => {
    const disk = await open(new FaultFiles(new Random(1)), { diskQueueBytesMax: 3 * (512 + 1) });
    const outcomes = await Promise.all(Array.from({ length: 5 }, (_, i) => store(disk, write("a/1", i, 1))));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, false, false]);
    expect(outcomes[3]).toMatchObject({ error: { code: "storage", path: "queue" } });
    expect(await store(disk, write("a/1", 9, 1))).toEqual(DONE);
    await disk.close();
  });

  it("returns copies: a caller cannot change the page", async () => {
    const disk = await open(new FaultFiles(new Random(1)));
    await store(disk, write("a/1", 0, 5));
    const lent = await load(disk, "a/1");
    if (lent.ok) lent.value!.fill(0xdb);
    expect(await load(disk, "a/1")).toMatchObject({ value: { 0: 5, 1: 0 } });
    await disk.close();
  });
});

describe("memory", () => {
  it("holds the pages that were used last; others are read again", async () => {
    const files = new FaultFiles(new Random(1));
    const keys = Array.from({ length: 10 }, (_, i) => `a/${i}`);
    const before = await open(files);
    await store(before, ...keys.map((key) => write(key, 0, 1)));
    await before.close();
    const disk = await open(files, { diskCacheBytesMax: 4 * PAGE_BYTES });
    const reads = vi.spyOn(files, "read");
    for (let round = 0; round < 3; round++) for (const key of keys) await load(disk, key);
    expect(reads.mock.calls.length).toBe(30);
    reads.mockClear();
    for (let round = 0; round < 10; round++) for (const key of keys.slice(0, 4)) await load(disk, key);
    expect(reads.mock.calls.length).toBe(4);
    await disk.close();
  });

  it("and log stay within their limits when page files cannot be written", async () => {
    const files = new FaultFiles(new Random(1));
    files.refuse = ({ kind }) => (kind === "rename" ? "ENOSPC" : undefined);
    const disk = await open(files, { diskLogBytesMax: 700, diskCacheBytesMax: 100 * PAGE_BYTES });
    let kept = 0;
    for (let outcome = await store(disk, write("a/1", 0, 1)); outcome.ok; kept++)
      outcome = await store(disk, write("a/1", 0, 1 + kept));
    expect(kept).toBeGreaterThan(5);
    expect(kept).toBeLessThan(100);
    files.refuse = () => undefined;
    expect(await store(disk, write("a/1", 0, 77))).toEqual(DONE);
    expect(await load(disk, "a/1")).toMatchObject({ value: { 0: 77 } });
    await disk.close();
  });

  it("has room for a store of more pages than its limit", async () => {
    const disk = await open(new FaultFiles(new Random(1)), { diskCacheBytesMax: 2 * PAGE_BYTES });
    const keys = ["a", "b", "c", "d"].flatMap((name) => Array.from({ length: 10 }, (_, i) => `${name}/${i}`));
    for (let i = 0; i < 3; i++) expect(await store(disk, ...keys.map((key) => write(key, i, i + 1)))).toEqual(DONE);
    for (const key of keys) expect(await load(disk, key)).toMatchObject({ value: { 0: 1, 1: 2, 2: 3 } });
    await disk.close();
  });
});

describe("a closed disk", () => {
  it("has finished pending stores, and refuses everything", async () => {
    const disk = await openReal();
    const last = store(disk, write("a/1", 0, 3));
    const closed = disk.close();
    expect(disk.close()).toBe(closed);
    expect(await store(disk, write("a/1", 0, 4))).toMatchObject({ ok: false, error: { code: "storage" } });
    expect(await load(disk, "a/1")).toMatchObject({ ok: false, error: { code: "storage" } });
    expect(await last).toEqual(DONE);
    await closed;
    expect(readFileSync(join(folder, "pages/a/1.page"))[0]).toBe(3);
  });

  it("reports if the page files could not be written; the log keeps what they lack", async () => {
    const files = new FaultFiles(new Random(1));
    const disk = await open(files, {});
    await store(disk, write("a/1", 0, 3));
    files.refuse = ({ kind }) => (kind === "rename" ? "ENOSPC" : undefined);
    await expect(disk.close()).rejects.toMatchObject({ code: "storage", actual: "ENOSPC" });
    // Page files that could not replace others are removed.
    expect(await files.list(".store")).toEqual(["00000001.log"]);
    files.refuse = () => undefined;
    const again = await open(files);
    expect(await load(again, "a/1")).toMatchObject({ value: { 0: 3 } });
    await again.close();
  });
});

describe("a folder", () => {
  it("is open to one disk at a time", async () => {
    const disk = await openReal();
    await expect(openReal()).rejects.toMatchObject({ code: "storage", path: "lock" });
    await disk.close();
    await (await openReal()).close();
  });

  it.runIf(process.getuid?.() !== 0)("that cannot be written is refused", async () => {
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    await expect(openReal()).rejects.toMatchObject({ code: "storage", actual: "EACCES" });
  });

  it("whose log lacks a file in the middle is refused and left unchanged", async () => {
    const spy = vi.spyOn(Log.prototype, "remove").mockResolvedValue();
    const disk = await openReal({ diskLogBytesMax: 1 });
    for (let i = 1; i <= 3; i++) await store(disk, write("a/1", i, i));
    await disk.close();
    spy.mockRestore();
    const logs = readdirSync(join(folder, ".store"));
    expect(logs.length).toBeGreaterThanOrEqual(3);
    rmSync(join(folder, ".store", logs.sort()[1]!));
    await expect(openReal()).rejects.toMatchObject({
      code: "storage",
      format: "disk_log",
      path: ".store/00000002.log",
      actual: "no file",
    });
    expect(readdirSync(join(folder, ".store"))).toEqual(logs.filter((_, i) => i !== 1));
  });

  it("whose log names pages that the layout does not know is refused", async () => {
    const files = new FaultFiles(new Random(1));
    const disk = await open(files, {});
    await store(disk, write("a/1", 0, 3));
    const left = files.crashed(new Random(2));
    await disk.close();
    const other = { pageBytes: PAGE_BYTES, pathOf: () => undefined };
    await expect(openPageFileDisk({ folder: "", layout: other, files: left })).rejects.toMatchObject({ path: "key" });
  });
});

/** The first byte of a page; 0 if the page is missing, -1 if that byte is 0. */
function stampOf(page: Uint8Array | undefined): number {
  return page === undefined ? 0 : page[0] === 0 ? -1 : page[0]!;
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
