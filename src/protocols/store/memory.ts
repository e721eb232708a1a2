/** Chunks and metadata in memory. */
import { own } from "../../bytes/index.js";
import { WireError } from "../../errors.js";
import { pageOf, type ChunkStore, type MetadataEntry, type MetadataStore } from "./back-ends.js";
import { requireChunkKey, requireMetadataKey } from "./layout.js";
import { Watchers } from "./watchers.js";

/** Chunks that live as long as the process. */
export function memoryChunks(): ChunkStore {
  const chunks = new Map<string, Uint8Array>();
  return {
    put: async (key, bytes) => void chunks.set(requireChunkKey(key), own(bytes)),
    async get(key, bytesMax) {
      const bytes = chunks.get(requireChunkKey(key));
      if (bytes !== undefined && bytes.length > bytesMax) throw tooLong(key, bytesMax, bytes.length);
      return bytes && own(bytes);
    },
    has: async (key) => chunks.has(requireChunkKey(key)),
    async delete(key, confirm) {
      const found = chunks.get(requireChunkKey(key));
      await confirm?.();
      // Each put keeps a copy of its own: another one is not what was to go.
      if (chunks.get(key) === found) chunks.delete(key);
    },
    list: async (after) => pageOf(chunks.keys(), after),
    sweep: async () => 0,
    sync: async () => {},
  };
}

/** Metadata that lives as long as the process. */
export function memoryMetadata(): MetadataStore {
  const entries = new Map<string, MetadataEntry>();
  const watchers = new Watchers();
  let revisions = 0;
  const put = (key: string, bytes: Uint8Array): string => {
    const revision = String(++revisions);
    entries.set(requireMetadataKey(key), { bytes: own(bytes), revision });
    watchers.tell({ key, revision });
    return revision;
  };
  return {
    async get(key) {
      const entry = entries.get(requireMetadataKey(key));
      return entry && { ...entry, bytes: own(entry.bytes) };
    },
    put: async (key, bytes) => put(key, bytes),
    cas: async (key, bytes, revision) =>
      entries.get(requireMetadataKey(key))?.revision === revision ? put(key, bytes) : undefined,
    async delete(key) {
      if (entries.delete(requireMetadataKey(key))) watchers.tell({ key, revision: undefined });
    },
    list: async (prefix, after) =>
      pageOf(
        [...entries.keys()].filter((key) => key.startsWith(prefix)),
        after,
      ),
    watch: (prefix, listener) => watchers.add(prefix, listener),
  };
}

/** The error for a chunk that is longer than it may be. */
export function tooLong(key: string, bytesMax: number, length?: number): WireError {
  const actual = length === undefined ? "more" : String(length);
  return new WireError({ code: "limit", format: "store", path: key, expected: `at most ${bytesMax} bytes`, actual });
}
