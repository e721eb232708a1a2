/** The key store over every back end: what is put comes back, once, until it is deleted or expires. */
import { describe, expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import {
  chunkKey,
  memoryChunks,
  recordPath,
  type ChunkStore,
  type KeyStore,
  type StoreProgress,
} from "../../../src/protocols/store/index.js";
import { bytesOf, codeOf, content, ENGINES, openOn, TestClock } from "./engines.js";

const SIZES = [0, 1, 65_535, 65_536, 65_537, 200_000, 4_194_305];
const C = content(200_000);
const HASH = sha256(C);
const C_KEYS = [0, 1, 2, 3].map((i) => toHex(chunkKey(HASH, i)));

async function allChunks(chunks: ChunkStore): Promise<readonly string[]> {
  return chunks.list("");
}

async function readBack(store: KeyStore, file: Uint8Array | string): Promise<Uint8Array> {
  return bytesOf(await store.get(file));
}

describe.each(Object.entries(ENGINES))("a store on %s", (_name, make) => {
  test.each(SIZES)("gives back %i bytes, by hash and by name, also when it is opened again", async (size) => {
    const engine = make();
    const bytes = content(size);
    const first = await openOn(engine);
    const { metadata, outcome } = await first.put(bytes, { name: "a name" });
    expect([outcome, metadata.permissions, metadata.ttlSeconds]).toEqual(["stored", 0o644, 86_400n]);
    for (const store of [first, await openOn(engine)]) {
      expect(Buffer.compare(await readBack(store, sha256(bytes)), bytes)).toBe(0);
      expect(Buffer.compare(await readBack(store, "a name"), bytes)).toBe(0);
      expect(await store.verify()).toEqual([]);
    }
  });

  test("keeps equal bytes once, under their first name", async () => {
    const engine = make();
    const store = await openOn(engine);
    await store.put(C, { name: "first" });
    const { outcome, metadata } = await store.put(C, { name: "second" });
    expect([outcome, metadata.fileName]).toEqual(["present", "first"]);
    expect(await allChunks(engine.chunks)).toEqual([...C_KEYS].sort());
    expect(await codeOf(store.get("second"))).toBe("missing");
  });

  test("gives known bytes another name where that is asked for", async () => {
    const engine = make();
    const store = await openOn(engine);
    await store.put(C, { name: "first", renames: true });
    expect(await store.put(C, { name: "first", renames: true })).toMatchObject({ outcome: "present" });
    expect(await store.put(C, { name: "second", renames: true })).toMatchObject({
      outcome: "renamed",
      metadata: { fileName: "second", permissions: 0o644 },
    });
    for (const one of [store, await openOn(engine)]) {
      expect(await codeOf(one.get("first"))).toBe("missing");
      expect(Buffer.compare(await readBack(one, "second"), C)).toBe(0);
      expect((await one.info(HASH)).references.every(({ fileName }) => fileName === "second")).toBe(true);
      expect(one.list()).toHaveLength(1);
    }
  });

  test("stores again, under the new name, what lacks a chunk", async () => {
    const engine = make();
    const store = await openOn(engine);
    await store.put(C, { name: "c.bin" });
    await engine.chunks.delete(C_KEYS[1]!);
    expect(await codeOf(readBack(store, HASH))).toBe("missing");
    expect(await store.put(C, { name: "c2.bin" })).toMatchObject({
      outcome: "stored",
      metadata: { fileName: "c2.bin" },
    });
    expect(Buffer.compare(await readBack(store, "c2.bin"), C)).toBe(0);
    expect(await codeOf(store.get("c.bin"))).toBe("missing");
  });

  test("takes streams and sources of any parts", async () => {
    const store = await openOn(make());
    const bytes = content(4_194_304 + 70_000);
    const stream = async function* () {
      for (let at = 0; at < bytes.length; at += 99_991) yield bytes.subarray(at, at + 99_991);
    };
    const { metadata } = await store.put(stream(), { name: "stream" });
    expect(metadata.permissions).toBe(0o600);
    expect((await store.info("stream")).references.every(({ fileName }) => fileName === "stream")).toBe(true);
    expect(Buffer.compare(await readBack(store, "stream"), bytes)).toBe(0);
    const slow = { sizeBytes: C.length, read: async (into: Uint8Array, at: number) => readSome(C, into, at) };
    await store.put(slow, { name: "source", permissions: 0o755 });
    expect((await store.info("source")).metadata.permissions).toBe(0o755);
    expect(Buffer.compare(await readBack(store, "source"), C)).toBe(0);
  });

  test("refuses a source that changes or ends early, and leaves nothing", async () => {
    const engine = make();
    const store = await openOn(engine);
    let reads = 0;
    const changing = {
      sizeBytes: 100_000,
      read: async (into: Uint8Array) => (into.fill(reads++ < 1 ? 1 : 2), into.length),
    };
    const short = { sizeBytes: 100_000, read: async () => 0 };
    // Where blocks are written in the pass that hashes them, a source is read once: what was read is what is stored.
    const isReadOnce = engine.chunks.stage !== undefined;
    expect(await codeOf(store.put(changing, { name: "x" }))).toBe(isReadOnce ? undefined : "argument");
    if (isReadOnce) expect([reads, await store.verify(), await store.delete("x")]).toEqual([2, [], true]);
    // The same size as a file that is there: it may be that one, so it is hashed first, and read again.
    await store.put(content(100_000), { name: "y" });
    reads = 0;
    expect(await codeOf(store.put(changing, { name: "x" }))).toBe("argument");
    await store.delete("y");
    expect(await codeOf(store.put(short, { name: "x" }))).toBe("argument");
    expect(await codeOf(store.put(failing(), { name: "x" }))).toBe("Error: the stream broke");
    expect([await allChunks(engine.chunks), store.list(), await engine.metadata.list(".intents/", "")]).toEqual([
      [],
      [],
      [],
    ]);
  });

  test("keeps the sound chunks of a file that lacks one, whatever a source reads as", async () => {
    const engine = make();
    const store = await openOn(engine);
    await store.put(C, { name: "c" });
    await engine.chunks.delete(C_KEYS[1]!);
    let passes = 0;
    const changing = {
      sizeBytes: C.length,
      async read(into: Uint8Array, at: number) {
        if (at === 0) passes++;
        into.set(C.subarray(at, at + into.length));
        if (passes > 1) into.fill(7);
        return Math.min(into.length, C.length - at);
      },
    };
    expect(await codeOf(store.put(changing, { name: "c" }))).toBe("argument");
    expect(passes).toBe(2);
    expect([await allChunks(engine.chunks), (await store.verify()).length]).toEqual([
      C_KEYS.filter((_, i) => i !== 1).sort(),
      1,
    ]);
    expect(await store.put(C, { name: "c" })).toMatchObject({ outcome: "stored" });
    expect([await store.verify(), Buffer.compare(await readBack(store, "c"), C)]).toEqual([[], 0]);
  });

  test("reads ranges, and refuses those outside", async () => {
    const store = await openOn(make());
    await store.put(C, { name: "c" });
    for (const [start, end] of [
      [0, 1],
      [65_535, 65_537],
      [65_536, 131_072],
      [199_999, 200_000],
      [5, 5],
      [100_000, 999_999],
    ] as const) {
      const read = await store.get("c", { start, end });
      expect(read.lengthBytes).toBe(Math.min(end, C.length) - start);
      expect(Buffer.compare(await bytesOf(read), C.subarray(start, end))).toBe(0);
    }
    for (const range of [
      { start: -1 },
      { start: 200_001 },
      { start: 5, end: 4 },
      { start: 0.5 },
      { end: Number.NaN },
    ]) {
      expect(await codeOf(store.get("c", range))).toBe("argument");
    }
  });

  test("tells damage by chunk, changes nothing, and repairs it from the same bytes", async () => {
    const engine = make();
    const store = await openOn(engine);
    await store.put(C, { name: "c.bin" });
    const flipped = C.slice(65_536, 131_072);
    flipped[0]! ^= 1;
    await engine.chunks.put(C_KEYS[1]!, flipped);
    await engine.chunks.put(C_KEYS[2]!, C.subarray(0, 100));
    await engine.chunks.delete(C_KEYS[3]!);
    await engine.chunks.put(C_KEYS[0]!, content(65_537));
    const damaged = await store.verify();
    expect(damaged.map(({ chunkIndex, code, fileName }) => [chunkIndex, code, fileName])).toEqual([
      [0, "length", "c.bin"],
      [1, "crc", "c.bin"],
      [2, "length", "c.bin"],
      [3, "missing", "c.bin"],
    ]);
    expect(damaged[1]).toMatchObject({ actual: toHex(sha256(flipped)) });
    expect(damaged[2]).toMatchObject({ expected: "65536 bytes", actual: "100" });
    expect(await codeOf(store.repair("c.bin", content(200_000, 1)))).toBe("argument");
    expect(await codeOf(store.repair("c.bin", content(1)))).toBe("argument");
    expect(await store.repair("c.bin", C)).toBe(4);
    expect([await store.verify("c.bin"), await store.repair(HASH, C)]).toEqual([[], 0]);
  });

  test("deletes a file with its copy and chunks, and nothing of others", async () => {
    const engine = make();
    const store = await openOn(engine);
    await store.put(C, { name: "c" });
    const other = content(70_000, 3);
    await store.put(other, { name: "other" });
    expect([await store.delete("c"), await store.delete("c"), await store.delete(HASH)]).toEqual([true, false, false]);
    expect(Buffer.compare(await readBack(store, "other"), other)).toBe(0);
    expect((await allChunks(engine.chunks)).filter((key) => C_KEYS.includes(key))).toEqual([]);
    expect(await engine.metadata.list(".cache/", "")).toHaveLength(1);
    expect((await store.put(C, { name: "c" })).outcome).toBe("stored");
  });

  test("stores an empty file again after it was deleted", async () => {
    const store = await openOn(make());
    for (let i = 0; i < 2; i++) {
      expect((await store.put(new Uint8Array(0), { name: "e.bin" })).outcome).toBe("stored");
      expect(await readBack(store, "e.bin")).toHaveLength(0);
      expect(await store.delete("e.bin")).toBe(true);
    }
  });

  test("refuses an expired file, lets it live again when it is put, and removes it otherwise", async () => {
    const engine = make();
    const clock = new TestClock();
    const store = await openOn(engine, { unixNs: clock.unixNs, ttlSeconds: 10 });
    await store.put(C, { name: "c", permissions: 0o640 });
    await store.put(content(9), { name: "for ever", ttlSeconds: 0 });
    clock.advance(10);
    expect(await readBack(store, "c")).toHaveLength(C.length);
    clock.advance(1);
    expect(await codeOf(store.get("c"))).toBe("expired");
    expect(
      store
        .list()
        .map(({ fileName, isExpired }) => [fileName, isExpired])
        .sort(),
    ).toEqual([
      ["c", true],
      ["for ever", false],
    ]);
    expect(await store.put(C, { name: "d" })).toMatchObject({
      outcome: "refreshed",
      metadata: { fileName: "c", permissions: 0o640, modifiedNs: clock.ns },
    });
    expect(await readBack(await openOn(engine, { unixNs: clock.unixNs }), "c")).toHaveLength(C.length);
    clock.advance(11);
    expect(await store.gc()).toMatchObject({ files: 1, chunks: 0, copies: 0 });
    expect(await allChunks(engine.chunks)).toHaveLength(1);
    expect(await readBack(store, "for ever")).toHaveLength(9);
  });

  test("removes orphans, and nothing while a record cannot be read", async () => {
    const engine = make();
    const store = await openOn(engine);
    await store.put(C, { name: "c" });
    await engine.chunks.put("0".repeat(40), content(5));
    await engine.metadata.put(`.cache/${"0".repeat(64)}.toml`, content(5));
    expect(await store.gc()).toMatchObject({ files: 0, chunks: 1, copies: 1, unusable: 0 });
    await engine.metadata.put(recordPath(HASH), new Uint8Array(0));
    const again = await openOn(engine);
    expect([again.list(), again.unusable.map(({ path }) => path)]).toEqual([[], [recordPath(HASH)]]);
    expect(await again.gc()).toMatchObject({ chunks: 0, copies: 0, unusable: 1, recoverable: 1 });
    expect((await again.restoreRecords()).map(toHex)).toEqual([toHex(HASH)]);
    expect([await readBack(again, "c"), again.unusable]).toEqual([Buffer.from(C), []]);
  });

  test("stores what has a copy and chunks but no record", async () => {
    const engine = make();
    await (await openOn(engine)).put(C, { name: "c" });
    await engine.metadata.delete(recordPath(HASH));
    const store = await openOn(engine);
    expect(await store.gc()).toMatchObject({ chunks: 0, recoverable: 1 });
    expect(await store.put(C, { name: "third.bin" })).toMatchObject({ outcome: "stored" });
    expect(await readBack(store, "third.bin")).toHaveLength(C.length);
  });

  test("is emptied of chunks, then of everything", async () => {
    const engine = make();
    const store = await openOn(engine);
    await store.put(C, { name: "c" });
    await engine.chunks.put("0".repeat(40), content(5));
    expect(await store.clean("chunks")).toEqual({ chunks: 5, records: 0 });
    expect([store.list().length, await codeOf(readBack(store, "c"))]).toEqual([1, "missing"]);
    expect((await store.put(C, { name: "c" })).outcome).toBe("stored");
    expect(await store.clean("everything")).toEqual({ chunks: 4, records: 1 });
    expect([store.list(), await engine.metadata.list(".cache/", "")]).toEqual([[], []]);
    expect((await store.put(C, { name: "c" })).outcome).toBe("stored");
  });

  test("finds the newest file of a name, and an older one when that is deleted; names are any text", async () => {
    const clock = new TestClock();
    const engine = make();
    const store = await openOn(engine, { unixNs: clock.unixNs });
    for (const name of ["x", "", "../x/y", "a\0b\n", "e\u0301", "\u00e9"]) {
      for (const run of [1, 2]) {
        clock.advance(1);
        await store.put(new TextEncoder().encode(`${name} ${run}`), { name });
      }
    }
    expect(await codeOf(store.put(C, { name: "\ud800" }))).toBe("text");
    for (const one of [store, await openOn(engine, { unixNs: clock.unixNs })]) {
      expect(new TextDecoder().decode(await readBack(one, "../x/y"))).toBe("../x/y 2");
      expect(new TextDecoder().decode(await readBack(one, "e\u0301"))).toBe("e\u0301 2");
    }
    await store.delete("x");
    expect(new TextDecoder().decode(await readBack(store, "x"))).toBe("x 1");
  });

  test("cancels, tells progress, and leaves nothing of what was cancelled", async () => {
    const engine = make();
    const store = await openOn(engine);
    for (const operation of ["hash", "put"]) {
      const cancel = new AbortController();
      const onProgress = (event: StoreProgress): void => {
        if (event.operation === operation) cancel.abort();
      };
      expect(await codeOf(store.put(content(4_600_000), { name: "x", signal: cancel.signal, onProgress }))).toBe(
        "cancelled",
      );
      expect([await allChunks(engine.chunks), await engine.metadata.list(".intents/", "")]).toEqual([[], []]);
    }
    const events: StoreProgress[] = [];
    await store.put(C, { name: "c", onProgress: (event) => events.push(event) });
    expect(events.at(-1)).toEqual({ operation: "put", doneBytes: C.length, totalBytes: C.length });
    expect(await codeOf(bytesOf(await store.get("c", { signal: AbortSignal.abort() })))).toBe("cancelled");
    expect(await codeOf(store.verify("c", { signal: AbortSignal.abort() }))).toBe("cancelled");
  });

  test("refuses negative and endless times to live, and permissions beyond 0777", async () => {
    const store = await openOn(make());
    for (const ttlSeconds of [-1, -1n, 1.5, Number.NaN, 1n << 63n]) {
      expect(await codeOf(store.put(C, { name: "c", ttlSeconds }))).toBe("argument");
    }
    expect(await codeOf(store.put(C, { name: "c", permissions: 0o1000 }))).toBe("argument");
    expect(await codeOf(store.put(7 as never, { name: "c" }))).toBe("argument");
    expect(await codeOf(openOn(make(), { ttlSeconds: -1 }))).toBe("argument");
  });

  test("puts the same and other bytes at once", async () => {
    const engine = make();
    const store = await openOn(engine);
    const puts = Array.from({ length: 12 }, (_, i) => store.put(content(70_000, i % 3), { name: `n${i}` }));
    const outcomes = (await Promise.all(puts)).map(({ outcome }) => outcome);
    expect(outcomes.filter((one) => one === "stored")).toHaveLength(3);
    expect(await store.verify()).toEqual([]);
    expect(store.list()).toHaveLength(3);
  });
});

/** Chunks that call a hook before a key is asked for, and before it is deleted. */
function hooked(chunks: ChunkStore, hook: (call: "has" | "delete" | "put", key: string) => Promise<void>): ChunkStore {
  return {
    ...chunks,
    has: async (key) => (await hook("has", key), chunks.has(key)),
    delete: async (key) => (await hook("delete", key), chunks.delete(key)),
    put: async (key, bytes) => (await hook("put", key), chunks.put(key, bytes)),
  };
}

describe("gc beside a put", () => {
  test("keeps the chunks that a put has written and not yet recorded", async () => {
    const engine = ENGINES["memory"]!();
    let collecting: Promise<unknown> | undefined;
    let puts = 0;
    const chunks = hooked(engine.chunks, async (call) => {
      // When the last chunk is written, the first ones lie there without a record.
      if (call === "put" && ++puts === 4) collecting = store.gc();
    });
    const store = await openOn({ ...engine, chunks });
    await store.put(C, { name: "c" });
    expect(await collecting).toMatchObject({ chunks: 0 });
    expect(Buffer.compare(await readBack(store, "c"), C)).toBe(0);
  });

  test("deletes an orphan before a put looks for it, or not at all", async () => {
    const engine = ENGINES["memory"]!();
    await engine.chunks.put(C_KEYS[0]!, C.subarray(0, 65_536));
    let putting: Promise<unknown> | undefined;
    const chunks = hooked(engine.chunks, async (call, key) => {
      if (call !== "delete" || key !== C_KEYS[0]) return;
      // The put runs as far as it can while the deletion is decided and not yet done.
      putting ??= store.put(C, { name: "c" });
      for (let turn = 0; turn < 100; turn++) await undefined;
    });
    const store = await openOn({ ...engine, chunks });
    await store.gc();
    await putting;
    expect(Buffer.compare(await readBack(store, "c"), C)).toBe(0);
    expect(await store.verify()).toEqual([]);
  });

  test("does not delete a file that a put lets live again", async () => {
    const clock = new TestClock();
    const engine = ENGINES["memory"]!();
    const store = await openOn(engine, { unixNs: clock.unixNs, ttlSeconds: 1 });
    await store.put(C, { name: "c" });
    clock.advance(5);
    const [put] = await Promise.all([store.put(C, { name: "c" }), store.gc()]);
    expect(["refreshed", "stored"]).toContain(put.outcome);
    expect(Buffer.compare(await readBack(store, "c"), C)).toBe(0);
  });
});

test("a chunk that was written otherwise is found by verifyOnWrite, and the put is undone", async () => {
  const chunks = memoryChunks();
  const lying: ChunkStore = { ...chunks, put: (key, bytes) => chunks.put(key, bytes.slice().fill(0)) };
  const engine = { ...ENGINES["memory"]!(), chunks: lying };
  const store = await openOn(engine, { verifyOnWrite: true });
  expect(await codeOf(store.put(C, { name: "c" }))).toBe("storage");
  expect([store.list(), await chunks.list("")]).toEqual([[], []]);
});

test("by the profile reference, names follow the order of storing, then of hashes, and go with any of their files", async () => {
  const engine = ENGINES["memory"]!();
  const store = await openOn(engine, { profile: "reference" });
  const [low, high] = [content(10), content(11)].sort((a, b) => Buffer.compare(sha256(a), sha256(b))) as [
    Uint8Array,
    Uint8Array,
  ];
  await store.put(high, { name: "x" });
  await store.put(low, { name: "x" });
  expect([...(await readBack(store, "x"))]).toEqual([...low]);
  const again = await openOn(engine, { profile: "reference" });
  expect([...(await readBack(again, "x"))]).toEqual([...high]);
  await again.delete(sha256(low));
  expect(await codeOf(again.get("x"))).toBe("missing");
  expect([...(await readBack(again, sha256(high)))]).toEqual([...high]);
});

function readSome(bytes: Uint8Array, into: Uint8Array, at: number): number {
  const part = bytes.subarray(at, at + Math.min(into.length, 33_333));
  into.set(part);
  return part.length;
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield content(10);
  throw new Error("the stream broke");
}
