/** Tests of copying a store to another. */
import { expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { WireError } from "../../../src/errors.js";
import { memoryChunks, memoryMetadata, recordPath, type ChunkStore } from "../../../src/protocols/store/index.js";
import { bytesOf, codeOf, ENGINES, mixed, openOn, type Engine } from "./engines.js";

const FILES = [mixed(0), mixed(300_000, 1), mixed(150_000, 2), mixed(150_001, 3)];

async function filled(engine: Engine) {
  const store = await openOn(engine);
  for (const [i, file] of FILES.entries()) {
    await store.put(file, { name: `file ${i}`, ttlSeconds: 1_000 * i, chunking: i === 2 ? "content" : "fixed" });
  }
  return store;
}

test.each(Object.entries(ENGINES))(
  "all files come as they are from %s, and are not copied twice",
  async (_name, make) => {
    const [from, to] = [await filled(make()), await openOn(make(), { folder: "elsewhere" })];
    const seen: number[] = [];
    const first = await from.copyTo(to, { onProgress: ({ doneBytes }) => seen.push(doneBytes) });
    expect(first).toEqual({ copied: 4, present: 0, failed: [] });
    expect([seen.at(-1), seen.every((bytes, i) => bytes >= (seen[i - 1] ?? 0))]).toEqual([600_001, true]);
    expect(to.list()).toEqual(from.list());
    for (const [i, file] of FILES.entries()) {
      expect(Buffer.compare(await bytesOf(await to.get(`file ${i}`)), file), `file ${i}`).toBe(0);
    }
    const { references } = await to.info("file 1");
    expect(references[0]!.location).toBe(`elsewhere/data/${toHex(references[0]!.key)}.kdht`);
    expect(await from.copyTo(to)).toEqual({ copied: 0, present: 4, failed: [] });
    expect(await to.verify()).toEqual([]);
  },
);

test("a copy that is cut off leaves whole files alone, and goes on", async () => {
  const from = await filled({ chunks: memoryChunks(), metadata: memoryMetadata() });
  const total = (await from.list()).reduce((sum, { totalChunks }) => sum + totalChunks, 0);
  for (let puts = 0; puts < total; puts++) {
    const inner = memoryChunks();
    let left = puts;
    const chunks: ChunkStore = {
      ...inner,
      put: async (key, bytes) => {
        if (left-- <= 0) throw new WireError({ code: "unreachable", format: "test", path: "put" });
        await inner.put(key, bytes);
      },
    };
    const metadata = memoryMetadata();
    expect(await codeOf(from.copyTo(await openOn({ chunks, metadata })))).toBe("unreachable");
    // As after a restart: what is listed is whole, and no chunk is left over.
    const to = await openOn({ chunks: inner, metadata });
    const kept = to.list().length;
    expect([await to.verify(), (await to.gc()).chunks]).toEqual([[], 0]);
    expect(await from.copyTo(to)).toEqual({ copied: FILES.length - kept, present: kept, failed: [] });
    expect(await to.verify()).toEqual([]);
  }
});

test("a damaged file is named, and the others are copied", async () => {
  const chunks = memoryChunks();
  const from = await filled({ chunks, metadata: memoryMetadata() });
  const { references, metadata } = await from.info("file 1");
  await chunks.put(toHex(references[1]!.key), mixed(references[1]!.chunkSize, 99));
  const kept = memoryMetadata();
  const to = await openOn({ chunks: memoryChunks(), metadata: kept });
  const { copied, failed } = await from.copyTo(to);
  expect([copied, failed]).toMatchObject([3, [{ fileName: "file 1", error: { code: "crc", path: "chunks[1]" } }]]);
  expect(await kept.get(recordPath(metadata.fileHash))).toBeUndefined();
  expect(await to.gc()).toMatchObject({ chunks: 0, copies: 0 });
  const abort = AbortSignal.abort("enough");
  expect(await codeOf(from.copyTo(to, { signal: abort }))).toBe("cancelled");
});
