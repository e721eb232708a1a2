/** The disk of segment files: names, groups, a full disk, limits and the lock. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { decodeSegmentHeader } from "../../../src/codec/gen/disk/index.js";
import { openPageFileDisk, openSegmentDisk, type SegmentDisk } from "../../../src/storage/index.js";
import { keyOf, nameOf } from "../../../src/storage/segments/names.js";
import { FaultFiles, Random } from "../../../src/testing/index.js";
import { LAYOUT } from "../page-files/histories.js";
import { list, load, open, store } from "./histories.js";

const root = mkdtempSync(join(tmpdir(), "segment files "));
afterAll(() => rmSync(root, { recursive: true }));

const put = (key: string, at: number, ...bytes: number[]) => ({ key, at, bytes: Uint8Array.from(bytes) });
const DONE = { ok: true, value: undefined };

describe("the file of a key", () => {
  it("can be told from that of every other key on every file system", () => {
    expect(nameOf("raft/log/00000001")).toBe("raft%2flog%2f00000001.seg");
    expect(nameOf("A.b")).toBe("%41%2eb.seg");
    for (const key of ["a", "A", "..", "a/b", "a b", "%41", "~", "x".repeat(80)]) expect(keyOf(nameOf(key))).toBe(key);
    for (const name of [
      "a",
      ".seg",
      "A.seg",
      "%41b",
      "%61.seg",
      "%2F.seg",
      "%.seg",
      "%ff.seg",
      `${"x".repeat(81)}.seg`,
    ])
      expect(keyOf(name)).toBeUndefined();
  });

  it("is a segment of its name, beside a folder that is empty once the disk is closed", async () => {
    const folder = join(root, "own");
    const disk = await openSegmentDisk({ folder });
    expect(await store(disk, put("log/1", 0, 1, 2, 3))).toEqual(DONE);
    expect(await store(disk, put("log/2", 0, 4), { key: "log/1", remove: true })).toEqual(DONE);
    await disk.close();
    expect(readdirSync(folder).sort()).toEqual([".store", "log%2f2.seg"]);
    expect(readdirSync(join(folder, ".store"))).toEqual([]);
    const file = new Uint8Array(readFileSync(join(folder, "log%2f2.seg")));
    expect(decodeSegmentHeader(file, 0, 512)).toMatchObject({ key: "log/2" });
    expect(file).toHaveLength(512 + 32);
  });

  it("is not needed for a key that no file can have", async () => {
    const disk = await open(new FaultFiles(new Random(1)));
    for (const key of ["", "ä", "x".repeat(81), "a\n"]) {
      expect(await store(disk, put(key, 0, 1))).toMatchObject({ ok: false, error: { code: "argument", path: "key" } });
      expect(await load(disk, key)).toEqual({ ok: true, value: { bytes: undefined, size: 0 } });
    }
    await disk.close();
  });
});

describe("stores on one key", () => {
  it("that are called in one turn, or during a sync, share the next sync", async () => {
    const files = new FaultFiles(new Random(1));
    const disk = await open(files);
    await store(disk, put("a", 0, 0));
    let syncs = 0;
    files.changed = ({ kind }) => void (kind === "sync" && syncs++);
    const stores = Array.from({ length: 50 }, (_, i) => store(disk, put("a", 1 + i, i)));
    expect((await Promise.all(stores)).every(({ ok }) => ok)).toBe(true);
    expect(syncs).toBe(1);
    const first = store(disk, put("a", 51, 1));
    await undefined;
    await undefined;
    const later = Array.from({ length: 50 }, (_, i) => store(disk, put("a", 52 + i, i)));
    await Promise.all([first, ...later]);
    expect(syncs).toBe(3);
    await disk.close();
  });

  it("that stand on one that fails are refused with it; others are kept", async () => {
    const files = new FaultFiles(new Random(2));
    const disk = await open(files);
    await store(disk, put("a", 0, 1));
    const full = { ok: false, error: { code: "storage", actual: "ENOSPC" } };
    let isFull = true;
    files.refuse = ({ kind, path }) => (isFull && kind === "write" && path === "a.seg" ? "ENOSPC" : undefined);
    const large = new Uint8Array(2 ** 20);
    const outcomes = await Promise.all([
      store(disk, { key: "a", at: 1, bytes: large }).then((outcome) => ((isFull = false), outcome)),
      // It does not fit into the same group.
      store(disk, { key: "a", at: 1 + large.length, bytes: large }),
      store(disk, put("b", 0, 5)),
    ]);
    expect(outcomes).toMatchObject([full, { ok: false, error: { code: "storage", path: "at" } }, DONE]);
    // Room has come back.
    expect(await store(disk, put("a", 1, 2))).toEqual(DONE);
    expect(await load(disk, "a")).toMatchObject({ value: { bytes: Uint8Array.of(1, 2) } });
    await disk.close();
  });

  it("fail until the disk is opened again, once a file could not be synced; another key goes on", async () => {
    const files = new FaultFiles(new Random(3));
    const disk = await open(files);
    await store(disk, put("a", 0, 1));
    files.refuse = ({ kind }) => (kind === "sync" ? "EIO" : undefined);
    expect(await store(disk, put("a", 1, 2))).toMatchObject({ ok: false, error: { code: "storage", actual: "EIO" } });
    files.refuse = () => undefined;
    expect(await store(disk, put("a", 1, 2))).toMatchObject({ ok: false, error: { code: "storage", path: "a.seg" } });
    expect(await load(disk, "a")).toMatchObject({ value: { bytes: Uint8Array.of(1) } });
    expect(await store(disk, put("b", 0, 1))).toEqual(DONE);
    await disk.close();
    const again = await open(files);
    const { value } = (await load(again, "a", { length: 0 })) as { value: { size: number } };
    expect(await store(again, put("a", value.size, 3))).toEqual(DONE);
    await again.close();
  });

  it("are refused beyond the limit of the queue, and taken again when it is shorter", async () => {
    const disk = await openSegmentDisk({
      folder: "",
      files: new FaultFiles(new Random(4)),
      limits: { diskQueueBytesMax: 10_000 },
    });
    const large = { key: "a", at: 0, bytes: new Uint8Array(5_000) };
    const outcomes = await Promise.all([store(disk, large), store(disk, { ...large, key: "b" })]);
    expect(outcomes).toMatchObject([DONE, { ok: false, error: { code: "storage", path: "queue" } }]);
    expect(await store(disk, { ...large, key: "b" })).toEqual(DONE);
    await disk.close();
  });
});

describe("a disk of segment files", () => {
  it("appends to more files than it keeps open", async () => {
    const disk = await openSegmentDisk({ folder: join(root, "many") });
    const keys = Array.from({ length: 200 }, (_, i) => `k${String(i).padStart(3, "0")}`);
    for (let round = 0; round < 2; round++) {
      const stores = keys.map((key, i) => store(disk, put(key, round, i % 256)));
      expect((await Promise.all(stores)).every(({ ok }) => ok)).toBe(true);
    }
    expect(await list(disk)).toEqual({ ok: true, value: keys });
    for (const [i, key] of keys.entries())
      expect(await load(disk, key)).toMatchObject({ value: { bytes: new Uint8Array(2).fill(i % 256) } });
    await disk.close();
  });

  it("reads parts of a long value without reading all of it", async () => {
    const files = new FaultFiles(new Random(5));
    const disk = await open(files);
    const stores = Array.from({ length: 64 }, (_, i) => ({
      key: "a",
      at: 10_000 * i,
      bytes: new Uint8Array(10_000).fill(i),
    }));
    for (const one of stores) await store(disk, one);
    const read = vi.spyOn(files, "readAt");
    for (const at of [0, 9_999, 123_456, 635_000]) {
      const { value } = (await load(disk, "a", { at, length: 100 })) as { value: { bytes: Uint8Array } };
      expect([...value.bytes]).toEqual(
        Array.from({ length: Math.min(100, 640_000 - at) }, (_, i) => Math.floor((at + i) / 10_000)),
      );
    }
    for (const [, , length] of read.mock.calls) expect(length).toBeLessThan(200_000);
    expect(read.mock.calls.length).toBeLessThan(20);
    await disk.close();
  });

  it("reads each byte of a long value once where all of it is loaded first, also after a list", async () => {
    const files = new FaultFiles(new Random(7));
    const disk = await open(files);
    const value = new Uint8Array(640_000).map((_, i) => i >> 8);
    for (let at = 0; at < value.length; at += 10_000)
      await store(disk, { key: "a", at, bytes: value.subarray(at, at + 10_000) });
    await disk.close();
    const again = await open(files);
    let readBytes = 0;
    const readAt = files.readAt.bind(files);
    vi.spyOn(files, "readAt").mockImplementation(async (...range) => {
      const bytes = await readAt(...range);
      readBytes += bytes?.length ?? 0;
      return bytes;
    });
    expect(await list(again)).toEqual({ ok: true, value: ["a"] });
    expect(await load(again, "a")).toEqual({ ok: true, value: { bytes: value, size: 640_000, isGiven: true } });
    // The header, and the first frame for the list.
    expect(readBytes).toBeLessThan(640_000 + 640_000 / 256 + 100_000);
    // Parts of it, and what is appended to it, find their places.
    expect(await load(again, "a", { at: 19_999, length: 2 })).toMatchObject({
      value: { bytes: value.slice(19_999, 20_001) },
    });
    expect(await store(again, put("a", 640_000, 1))).toEqual(DONE);
    expect(await load(again, "a", { at: 640_000 })).toMatchObject({ value: { bytes: Uint8Array.of(1) } });
    await again.close();
  });

  it("keeps other disks out of its folder, and refuses everything once it is closed or its lock is lost", async () => {
    const folder = join(root, "locked");
    const losses: unknown[] = [];
    const disk = await openSegmentDisk({ folder, onLockLost: (loss) => losses.push(loss) });
    await expect(openSegmentDisk({ folder })).rejects.toMatchObject({ code: "storage", path: "lock" });
    await expect(openPageFileDisk({ folder, layout: LAYOUT })).rejects.toMatchObject({ code: "storage", path: "lock" });
    const taker = await openSegmentDisk({ folder, takeLock: true });
    await vi.waitFor(() => expect(losses).toHaveLength(1), { timeout: 10_000 });
    const refuses = async (one: SegmentDisk): Promise<void> => {
      for (const outcome of await Promise.all([load(one, "a"), list(one), store(one, put("a", 0, 1))]))
        expect(outcome).toMatchObject({ ok: false, error: { code: "storage" } });
    };
    await refuses(disk);
    await disk.close();
    expect(await store(taker, put("a", 0, 1))).toEqual(DONE);
    await taker.close();
    await refuses(taker);
  });

  it("finishes what was called before it is closed", async () => {
    const files = new FaultFiles(new Random(6));
    const disk = await open(files);
    const stores = [store(disk, put("a", 0, 1)), store(disk, put("b", 0, 1), { key: "a", remove: true })];
    const listed = list(disk);
    await disk.close();
    expect(await Promise.all(stores)).toEqual([DONE, DONE]);
    expect(await listed).toEqual({ ok: true, value: ["b"] });
  });
});
