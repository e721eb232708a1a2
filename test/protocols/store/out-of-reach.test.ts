/** Tests of a store whose back end is out of reach for a while: what it holds is not taken for lost. */
import { describe, expect, test } from "vitest";
import { WireError, type WireErrorCode } from "../../../src/errors.js";
import {
  memoryChunks,
  memoryMetadata,
  recordPath,
  type ChunkStore,
  type MetadataStore,
} from "../../../src/protocols/store/index.js";
import { codeOf, mixed, openOn } from "./engines.js";

/** A back end whose calls of one name reject while `code` is set. */
function failing<Store extends ChunkStore | MetadataStore>(store: Store, name: keyof Store) {
  const state: { code: WireErrorCode | undefined; readonly store: Store } = { code: undefined, store };
  const call = store[name] as (...args: unknown[]) => Promise<unknown>;
  const instead = async (...args: unknown[]): Promise<unknown> => {
    if (state.code !== undefined) throw new WireError({ code: state.code, format: "test", path: String(name) });
    return call(...args);
  };
  return Object.assign(state, { store: { ...store, [name]: instead } });
}

describe.each(["timeout", "unreachable", "cancelled", "closed", "storage"] as const)(
  "a back end that says %s",
  (code) => {
    test("keeps the copy of a lost record, and its chunks", async () => {
      const chunks = failing(memoryChunks(), "has");
      const metadata = memoryMetadata();
      const { metadata: file } = (await openAndPut(chunks.store, metadata)).result;
      await metadata.delete(recordPath(file.fileHash));
      const store = await openOn({ chunks: chunks.store, metadata });
      chunks.code = code;
      expect(await codeOf(store.gc())).toBe(code);
      chunks.code = undefined;
      expect(await store.gc()).toMatchObject({ copies: 0, chunks: 0, recoverable: 1 });
      expect(await store.restoreRecords()).toHaveLength(1);
      expect(await store.verify()).toEqual([]);
    });

    test("does not make records unusable, unless the disk refuses one of them", async () => {
      const metadata = failing(memoryMetadata(), "get");
      await openAndPut(memoryChunks(), metadata.store);
      metadata.code = code;
      const opening = openOn({ chunks: memoryChunks(), metadata: metadata.store });
      if (code !== "storage") expect(await codeOf(opening)).toBe(code);
      else expect((await opening).unusable).toHaveLength(1);
    });
  },
);

test("a chunk that its back end knows to be damaged is reported, and repaired", async () => {
  const chunks = failing(memoryChunks(), "get");
  const { store } = await openAndPut(chunks.store, memoryMetadata());
  chunks.code = "crc";
  expect(await store.verify()).toMatchObject([{ fileName: "file", code: "crc" }]);
  expect(await store.repair("file", mixed(5_000))).toBe(1);
  chunks.code = undefined;
  expect(await store.verify()).toEqual([]);
});

async function openAndPut(chunks: ChunkStore, metadata: MetadataStore) {
  const store = await openOn({ chunks, metadata });
  return { store, result: await store.put(mixed(5_000), { name: "file" }) };
}
