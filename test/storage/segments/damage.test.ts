/** Damage of segment files, and ends that a crash tears: every bit, every cut, every sector. */
import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes } from "../../../src/bytes/index.js";
import { decodeSegmentHeader } from "../../../src/codec/gen/disk/index.js";
import { segmentHeader } from "../../../src/storage/segments/layout.js";
import { FaultFiles, Random } from "../../../src/testing/index.js";
import { list, load, open, store } from "./histories.js";

const KEY = "log";
const PATH = "log.seg";
const SECTOR_BYTES = 512;

/** Four stores, each in a frame of its own; the last one lies in three sectors. */
const STORES = [new Uint8Array(40).fill(1), new Uint8Array(0), new Uint8Array(300), new Uint8Array(900).fill(4)];
const WHOLE = Uint8Array.from(STORES.flatMap((bytes) => [...bytes]));

async function put(files: FaultFiles, path: string, bytes: Uint8Array): Promise<void> {
  if (path.includes("/")) await files.makeFolder(path.slice(0, path.lastIndexOf("/")));
  const file = await files.create(path);
  await file.write(bytes, 0);
  await file.sync();
}

/** A disk on which one file has these bytes. */
async function withFile(bytes: Uint8Array, path = PATH): Promise<FaultFiles> {
  const files = new FaultFiles(new Random(1));
  await put(files, path, bytes);
  return files;
}

/** The file of the stores, and where each of its frames ends. */
async function written(stores: readonly Uint8Array[] = STORES): Promise<{ file: Uint8Array; ends: readonly number[] }> {
  const files = new FaultFiles(new Random(1));
  const disk = await open(files);
  const ends: number[] = [];
  let at = 0;
  for (const bytes of stores) {
    expect(await store(disk, { key: KEY, at, bytes })).toMatchObject({ ok: true });
    at += bytes.length;
    ends.push((await files.sizeOf(PATH))!);
  }
  await disk.close();
  return { file: (await files.read(PATH))!, ends };
}

describe("a segment file", () => {
  it("is told to be damaged when any one bit is flipped, and changed no more", async () => {
    const { file } = await written();
    expect(file.length).toBeGreaterThan(3 * SECTOR_BYTES);
    const { salt } = decodeSegmentHeader(file, 0, SECTOR_BYTES);
    const files = new FaultFiles(new Random(1));
    const disk = await open(files);
    const told = { header: 0, frames: 0 };
    for (let bit = -1; bit < 8 * file.length; bit++) {
      const key = `k${bit}`.padEnd(8, "-");
      const flipped = concatBytes(segmentHeader(key, salt), file.subarray(SECTOR_BYTES));
      if (bit >= 0) flipped[bit >> 3]! ^= 1 << (bit & 7);
      const path = `${key}.seg`;
      await put(files, path, flipped);
      const outcome = await load(disk, key);
      const next = { key, at: outcome.ok ? outcome.value.size : 0, bytes: Uint8Array.of(9) };
      if (bit < 0) {
        expect(outcome).toEqual({ ok: true, value: { bytes: WHOLE, size: WHOLE.length } });
        continue;
      }
      expect(await store(disk, next)).toMatchObject({ ok: false, error: { code: "storage", path } });
      if (outcome.ok) {
        const { bytes, size, badAt } = outcome.value;
        expect([size, bytes!.length, badAt! < WHOLE.length]).toEqual([badAt, badAt, true]);
        expect(equalBytes(bytes!, WHOLE.subarray(0, badAt))).toBe(true);
        told.frames++;
      } else {
        expect(outcome.error).toMatchObject({ code: "storage", format: "disk_segment", path });
        told.header++;
      }
      if (bit % 97 === 0) {
        expect(await files.read(path)).toEqual(flipped);
        expect(await list(disk, key)).toEqual({ ok: true, value: [key] });
      }
      await files.unlink(path);
    }
    await disk.close();
    // None is harmless: no byte of the file is without a check.
    expect(told).toEqual({ header: 8 * SECTOR_BYTES, frames: 8 * (file.length - SECTOR_BYTES) });
  });

  it("loses nothing but the last store when its end is cut at any byte, and takes the next one", async () => {
    const { file, ends } = await written();
    for (let length = ends[2]!; length <= file.length; length++) {
      const files = await withFile(file.subarray(0, length));
      const { size, isTorn } = await expectTorn(files, length);
      // It is told, as the disk may have acknowledged what it has lost.
      expect(isTorn).toBe(size < WHOLE.length && length > ends[2]!);
    }
  });

  it("loses nothing but the last store when any of its sectors were never written", async () => {
    const { file, ends } = await written();
    const start = ends[2]!;
    const borders = [start];
    for (let at = SECTOR_BYTES * (Math.floor(start / SECTOR_BYTES) + 1); at < file.length; at += SECTOR_BYTES)
      borders.push(at);
    expect(borders.length).toBeGreaterThan(2);
    for (let choice = 1; choice < 2 ** borders.length; choice++) {
      const torn = file.slice();
      borders.forEach((at, i) => {
        if ((choice & (1 << i)) !== 0) torn.fill(0, at, borders[i + 1] ?? file.length);
      });
      await expectTorn(await withFile(torn), file.length);
    }
  });

  /** The last store is there or not, and the disk goes on, also when it is opened again. */
  async function expectTorn(files: FaultFiles, length: number): Promise<{ size: number; isTorn: boolean }> {
    const disk = await open(files);
    const found = await load(disk, KEY);
    if (!found.ok || found.value.badAt !== undefined) throw new Error(`${length} bytes: ${JSON.stringify(found)}`);
    const { bytes, size, isTorn = false } = found.value;
    expect([340, WHOLE.length]).toContain(size);
    expect(equalBytes(bytes!, WHOLE.subarray(0, size))).toBe(true);
    expect(await store(disk, { key: KEY, at: size, bytes: Uint8Array.of(7) })).toMatchObject({ ok: true });
    await disk.close();
    const again = await open(files);
    const value = Uint8Array.from([...WHOLE.subarray(0, size), 7]);
    expect(await load(again, KEY)).toEqual({ ok: true, value: { bytes: value, size: size + 1 } });
    await again.close();
    return { size, isTorn };
  }

  it("is empty as long as its first sector is not whole, and there is nothing then", async () => {
    const { file } = await written();
    for (let length = 0; length <= SECTOR_BYTES; length++) {
      const files = await withFile(file.subarray(0, length));
      const disk = await open(files);
      expect(await load(disk, KEY)).toEqual({ ok: true, value: { bytes: undefined, size: 0 } });
      expect(await list(disk)).toEqual({ ok: true, value: [] });
      expect(await store(disk, { key: KEY, at: 0, bytes: Uint8Array.of(1) })).toMatchObject({ ok: true });
      expect(await load(disk, KEY)).toMatchObject({ value: { bytes: Uint8Array.of(1) } });
      await disk.close();
    }
  });

  it("that is damaged while it is open is told to be from the next load on", async () => {
    const stores = Array.from({ length: 200 }, (_, i) => new Uint8Array(1_000).fill(i));
    const { file, ends } = await written(stores);
    const files = await withFile(file);
    const disk = await open(files);
    expect(await load(disk, KEY, { at: 150_000, length: 1 })).toMatchObject({ value: { size: 200_000 } });
    const changed = file.slice();
    changed[ends[120]! + 100]! ^= 1;
    await put(files, PATH, changed);
    // What lies elsewhere can be read as before.
    expect(await load(disk, KEY, { at: 10, length: 5 })).toEqual({
      ok: true,
      value: { bytes: new Uint8Array(5), size: 200_000 },
    });
    const part = await load(disk, KEY, { at: 120_900, length: 1_000 });
    expect(part).toEqual({ ok: true, value: { bytes: new Uint8Array(100).fill(120), size: 121_000, badAt: 121_000 } });
    expect(await store(disk, { key: KEY, at: 200_000, bytes: Uint8Array.of(1) })).toMatchObject({
      ok: false,
      error: { code: "storage", path: PATH, offset: ends[120] },
    });
    await disk.close();
  });

  it("that is damaged can be removed, and begun anew", async () => {
    const { file } = await written();
    for (const at of [20, 600]) {
      const flipped = file.slice();
      flipped[at]! ^= 1;
      const files = await withFile(flipped);
      const disk = await open(files);
      expect(await store(disk, { key: KEY, remove: true })).toMatchObject({ ok: true });
      expect(await list(disk)).toEqual({ ok: true, value: [] });
      expect(await store(disk, { key: KEY, at: 0, bytes: Uint8Array.of(1) })).toMatchObject({ ok: true });
      await disk.close();
      const again = await open(files);
      expect(await load(again, KEY)).toEqual({ ok: true, value: { bytes: Uint8Array.of(1), size: 1 } });
      await again.close();
    }
  });

  it("of another key is no file of this one", async () => {
    const { file } = await written();
    const files = await withFile(file, "other.seg");
    const disk = await open(files);
    expect(await load(disk, "other")).toMatchObject({
      ok: false,
      error: { code: "storage", actual: "the segment log" },
    });
    await disk.close();
  });
});

describe("the record of removals", () => {
  it("is obeyed, or told to be damaged, when any one bit is flipped", async () => {
    // A crash right after the store took effect: the record is there, and so are all files.
    const files = new FaultFiles(new Random(1));
    const disk = await open(files);
    await store(disk, { key: "old", at: 0, bytes: new Uint8Array(20).fill(5) });
    const record: { bytes?: Uint8Array } = {};
    files.changed = ({ kind, path }) => {
      if (kind === "sync" && path === "new.seg") {
        void files.read(".store/removal").then((bytes) => (record.bytes ??= bytes!));
      }
    };
    await store(disk, { key: "new", at: 0, bytes: new Uint8Array(20).fill(6) }, { key: "old", remove: true });
    await disk.close();
    const added = (await files.read("new.seg"))!;
    expect(record.bytes).toBeDefined();
    let refused = 0;
    for (let bit = -1; bit < 8 * record.bytes!.length; bit++) {
      const flipped = record.bytes!.slice();
      if (bit >= 0) flipped[bit >> 3]! ^= 1 << (bit & 7);
      const left = await withFile(flipped, ".store/removal");
      await put(left, "new.seg", added);
      const opened = await open(left).catch((error: unknown) => error as { code: string; path: string });
      if ("code" in opened) {
        expect(opened).toMatchObject({ code: "storage", path: ".store/removal" });
        refused++;
        continue;
      }
      expect(await list(opened)).toEqual({ ok: true, value: ["new"] });
      await opened.close();
    }
    expect(refused).toBe(8 * record.bytes!.length);
  });
});
