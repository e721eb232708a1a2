/** Files that are cut by content: shared chunks are kept once, and as long as one file holds them. */
import { describe, expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { chunk, sha256 } from "../../../src/kernel/index.js";
import {
  CONTENT_SIZES,
  contentChunkKey,
  formatRecord,
  parseIntent,
  parseRecord,
  recordPath,
  type ChunkStore,
  type KeyStore,
} from "../../../src/protocols/store/index.js";
import { openKeyStore } from "../../../src/protocols/store/node.js";
import { FaultFiles, Random } from "../../../src/testing/index.js";
import { bytesOf, codeOf, ENGINES, mixed, openOn, TestClock, type Engine } from "./engines.js";

const SIZES = { minBytes: 2048, avgBytes: 8192, maxBytes: 32_768 };
const A = mixed(400_000);
const HASH = sha256(A);
/** The same with a byte in front, and one more in the middle. */
const B = new Uint8Array([7, ...A.subarray(0, 150_000), 8, ...A.subarray(150_000)]);

const openContent = (engine: Engine, options = {}): Promise<KeyStore> =>
  openOn(engine, { chunking: SIZES, ...options });

async function keysOf(chunks: ChunkStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let page = await chunks.list(""); page.length > 0; page = await chunks.list(page.at(-1)!)) keys.push(...page);
  return keys;
}

async function storedBytes(chunks: ChunkStore): Promise<number> {
  const sizes = (await keysOf(chunks)).map(async (key) => (await chunks.get(key, 1 << 22))!.length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function reads(store: KeyStore, file: string | Uint8Array, bytes: Uint8Array): Promise<boolean> {
  return Buffer.compare(await bytesOf(await store.get(file)), bytes) === 0;
}

describe.each(Object.entries(ENGINES))("files cut by content on %s", (_name, make) => {
  test("have the chunks that the kernel cuts, under keys of their bytes", async () => {
    const engine = make();
    const store = await openContent(engine);
    expect((await store.put(A, { name: "a" })).outcome).toBe("stored");
    const { metadata, references } = await store.info("a");
    expect(metadata).toMatchObject({ chunkSize: SIZES.avgBytes, contentSizes: SIZES });
    let at = 0;
    const expected = chunk(A, SIZES).map((end) => toHex(contentChunkKey(sha256(A.subarray(at, (at = end))))));
    expect(references.map(({ key }) => toHex(key))).toEqual(expected);
    expect(await engine.metadata.list("metadata/", "")).toEqual([]);
    expect(await engine.metadata.list("content/", "")).toEqual([recordPath(HASH, "content")]);
    expect(await engine.metadata.list(".content/", "")).toHaveLength(1);
  });

  test("give back bytes and ranges, also when the store is opened again, in whatever way it cuts now", async () => {
    const engine = make();
    await (await openContent(engine)).put(A, { name: "a" });
    for (const store of [await openContent(engine), await openOn(engine)]) {
      expect(await reads(store, "a", A)).toBe(true);
      for (const [start, end] of [
        [0, 1],
        [9_000, 70_001],
        [399_999, 400_000],
      ] as const) {
        const part = await bytesOf(await store.get(HASH, { start, end }));
        expect(Buffer.compare(part, A.subarray(start, end))).toBe(0);
      }
      expect([await store.verify(), (await store.put(A, { name: "b" })).outcome]).toEqual([[], "present"]);
    }
  });

  test("share their chunks: a shifted copy takes a few percent more", async () => {
    const engine = make();
    const store = await openContent(engine);
    await store.put(A, { name: "a" });
    expect(await storedBytes(engine.chunks)).toBe(A.length);
    await store.put(B, { name: "b" });
    // Two chunks of 50 differ, where blocks of one size would all differ.
    expect((await storedBytes(engine.chunks)) / A.length).toBeLessThan(1.15);
    expect([await reads(store, "a", A), await reads(store, "b", B)]).toEqual([true, true]);
    const fixed = make();
    const other = await openOn(fixed);
    for (const bytes of [A, B]) await other.put(bytes, { name: "x" });
    expect(await storedBytes(fixed.chunks)).toBe(A.length + B.length);
  });

  test("keep what another file holds when one is deleted", async () => {
    const engine = make();
    const store = await openContent(engine);
    for (const [name, bytes] of [
      ["a", A],
      ["b", B],
    ] as const)
      await store.put(bytes, { name });
    expect(await store.delete("a")).toBe(true);
    expect([await reads(store, "b", B), await store.verify(), (await store.gc()).chunks]).toEqual([true, [], 0]);
    expect(await storedBytes(engine.chunks)).toBe(B.length);
    expect(await store.delete("b")).toBe(true);
    expect([await keysOf(engine.chunks), await engine.metadata.list(".content/", "")]).toEqual([[], []]);
  });

  test("are verified and repaired chunk by chunk, with one repair for all that share it", async () => {
    const engine = make();
    const store = await openContent(engine);
    for (const [name, bytes] of [
      ["a", A],
      ["b", B],
    ] as const)
      await store.put(bytes, { name });
    const last = (await store.info("a")).references.at(-1)!;
    await engine.chunks.put(toHex(last.key), mixed(last.chunkSize, 9));
    expect((await store.verify()).map(({ fileName, code }) => [fileName, code]).toSorted()).toEqual([
      ["a", "crc"],
      ["b", "crc"],
    ]);
    expect(await codeOf(bytesOf(await store.get("b")))).toBe("crc");
    expect([await store.repair("a", A), await store.verify()]).toEqual([1, []]);
  });

  test("expire, and leave what others hold", async () => {
    const engine = make();
    const clock = new TestClock();
    const store = await openContent(engine, { unixNs: clock.unixNs });
    await store.put(A, { name: "a", ttlSeconds: 5 });
    await store.put(B, { name: "b", ttlSeconds: 0 });
    clock.advance(6);
    expect(await codeOf(store.get("a"))).toBe("expired");
    expect(await store.gc()).toMatchObject({ files: 1, chunks: 0 });
    expect(await reads(store, "b", B)).toBe(true);
  });

  test("come from streams and empty sources, and leave nothing when a source changes", async () => {
    const engine = make();
    const store = await openContent(engine);
    const stream = async function* () {
      for (let at = 0; at < A.length; at += 77_777) yield A.subarray(at, at + 77_777);
    };
    await store.put(stream(), { name: "stream" });
    expect(await reads(store, HASH, A)).toBe(true);
    await store.put(new Uint8Array(0), { name: "empty" });
    expect(await reads(await openContent(engine), "empty", new Uint8Array(0))).toBe(true);
    await store.delete("stream");
    let reading = 0;
    const changing = { sizeBytes: 9_000, read: async (into: Uint8Array) => (into.fill(++reading), into.length) };
    expect(await codeOf(store.put(changing, { name: "x" }))).toBe("argument");
    expect([await keysOf(engine.chunks), store.list().length]).toEqual([[], 1]);
  });

  test("lose no shared chunk while a record cannot be read, or is lost", async () => {
    for (const damage of ["unusable", "lost"]) {
      const engine = make();
      const first = await openContent(engine);
      for (const [name, bytes] of [
        ["a", A],
        ["b", B],
      ] as const)
        await first.put(bytes, { name });
      const path = recordPath(HASH, "content");
      if (damage === "lost") await engine.metadata.delete(path);
      else await engine.metadata.put(path, new Uint8Array(3));
      const store = await openContent(engine);
      expect(await store.delete("b")).toBe(true);
      await store.gc();
      expect((await store.restoreRecords()).map(toHex)).toEqual([toHex(HASH)]);
      expect([await reads(store, "a", A), await store.verify()]).toEqual([true, []]);
      await store.gc();
      expect(await storedBytes(engine.chunks)).toBe(A.length);
    }
  });

  test("and in blocks, by another program: the newer is found, the older goes with gc, and both with a deletion", async () => {
    for (const way of ["gc", "delete"]) {
      const [engine, other] = [make(), make()];
      const clock = new TestClock();
      const older = await openContent(engine, { unixNs: clock.unixNs });
      await older.put(A, { name: "content" });
      clock.advance(1);
      const fixed = await openOn(other, { unixNs: clock.unixNs });
      await fixed.put(A, { name: "fixed" });
      for (const key of await keysOf(other.chunks))
        await engine.chunks.put(key, (await other.chunks.get(key, 1 << 22))!);
      await engine.metadata.put(recordPath(HASH), (await other.metadata.get(recordPath(HASH)))!.bytes);
      const store = await openContent(engine, { unixNs: clock.unixNs });
      expect(store.list().map(({ fileName }) => fileName)).toEqual(["fixed"]);
      expect([await store.verify(), await storedBytes(engine.chunks)]).toEqual([[], 2 * A.length]);
      if (way === "gc") await store.gc();
      else await store.delete("fixed");
      expect(await engine.metadata.list("content/", "")).toEqual([]);
      expect(await storedBytes(engine.chunks)).toBe(way === "gc" ? A.length : 0);
      if (way === "gc") expect(await reads(await openContent(engine), "fixed", A)).toBe(true);
    }
  });

  test("are stored again in another way when a chunk is missing, and have one record then", async () => {
    const engine = make();
    await (await openContent(engine)).put(A, { name: "a" });
    const [key] = await keysOf(engine.chunks);
    await engine.chunks.delete(key!);
    const store = await openOn(engine);
    expect(await store.put(A, { name: "again" })).toMatchObject({ outcome: "stored" });
    expect(await engine.metadata.list("content/", "")).toEqual([]);
    expect([await reads(store, "again", A), await storedBytes(engine.chunks)]).toEqual([true, A.length]);
  });
});

describe("two puts at once that share chunks", () => {
  test("each keep them, when one fails and when one is deleted meanwhile", async () => {
    const engine = ENGINES["memory"]!();
    const cancel = new AbortController();
    const store = await openContent(engine);
    const failing = store.put(A, {
      name: "a",
      signal: cancel.signal,
      onProgress: ({ operation, doneBytes }) => operation === "put" && doneBytes > 200_000 && cancel.abort(),
    });
    const [outcome] = await Promise.all([codeOf(failing), store.put(B, { name: "b" })]);
    expect([outcome, await reads(store, "b", B), await store.verify()]).toEqual(["cancelled", true, []]);
    await store.put(A, { name: "a" });
    await Promise.all([store.delete("b"), store.put(mixed(300_000), { name: "c" }), store.gc()]);
    expect([await store.verify(), await reads(store, "c", mixed(300_000))]).toEqual([[], true]);
  });
});

describe("in a folder", () => {
  test("the Go program sees none of them: nothing lies where it looks, but chunks without a record", async () => {
    const files = new FaultFiles(new Random(5));
    const { store, close } = await openKeyStore({ folder: "/s", files, chunking: SIZES });
    await store.put(A, { name: "a" });
    for (const folder of ["metadata", ".cache", ".intents"]) expect(await files.list(folder)).toEqual([]);
    const [record] = await files.list("content");
    const text = new TextDecoder().decode((await files.read(`content/${record}`))!);
    expect(text).toContain("    chunk_min = 2048\n    chunk_max = 32768\n");
    expect(formatRecord(parseRecord(new TextEncoder().encode(text)))).toBe(text);
    await close();
  });

  test("a record in the folder of the other kind is refused, and stays", async () => {
    const engine = ENGINES["memory"]!();
    await (await openContent(engine)).put(A, { name: "a" });
    const { bytes } = (await engine.metadata.get(recordPath(HASH, "content")))!;
    await engine.metadata.put(recordPath(HASH), bytes);
    await engine.metadata.delete(recordPath(HASH, "content"));
    const store = await openContent(engine);
    expect(store.unusable).toMatchObject([{ path: recordPath(HASH), error: { code: "constant" } }]);
    expect(await store.gc()).toMatchObject({ chunks: 0 });
  });
});

test("an intent names its chunks; one that names anything else is none", () => {
  const text = (keys: unknown): string => JSON.stringify({ file_hash: "0".repeat(64), chunk_keys: keys });
  expect(parseIntent(text(["0".repeat(40)]))).toMatchObject({ chunkKeys: ["0".repeat(40)] });
  for (const keys of [["../x"], [7], "0".repeat(40), null, {}]) expect(parseIntent(text(keys))).toBeUndefined();
});

test("chunks longer than a block and sizes that contradict each other are refused", async () => {
  expect(CONTENT_SIZES.maxBytes).toBe(1 << 22);
  const store = await openOn(ENGINES["memory"]!());
  for (const chunking of [
    { ...SIZES, maxBytes: (1 << 22) + 1 },
    { ...SIZES, minBytes: 0 },
    { ...SIZES, avgBytes: 1 << 21 },
    "other",
    7,
  ]) {
    expect(await codeOf(store.put(A, { name: "a", chunking: chunking as never })), JSON.stringify(chunking)).toBe(
      "argument",
    );
  }
  expect(store.list()).toEqual([]);
  expect(await codeOf(openOn(ENGINES["memory"]!(), { chunking: "other" as never }))).toBe("argument");
});
