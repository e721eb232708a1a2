/** The ledger of files that the Go program declares (seeds/dps, Nodes and ledgers), over a key store. */
import { basename } from "node:path";
import { concatBytes, own, toHex } from "../../../bytes/index.js";
import { WireError } from "../../../errors.js";
import { sha256 } from "../../../kernel/index.js";
import { requireTime } from "../../../machine/index.js";
import {
  blockSizeOf,
  chunkKey,
  makeRecord,
  type ChunkReference,
  type CutChunk,
  type FileMetadata,
  type FileRecord,
  type KeyStore,
  type RemoteHandler,
} from "../../store/index.js";
import { getToPath, putPath } from "../../store/node.js";
import { openSource } from "../../store/paths/node.js";
import { hashSource } from "../../store/put.js";
import { readFully } from "../../store/source.js";
import type { DamagedChunk } from "../../store/upkeep.js";
import { requireMethods, requireOptions } from "../checks.js";
import { distributed } from "../files/records.js";

/** Files by the SHA-256 of their bytes. Methods reject with a WireError. */
export interface FileLedger {
  /** Chunks that are missing or damaged, of one file or of all. */
  verifyReferences(hash?: Uint8Array): Promise<readonly DamagedChunk[]>;
  /** Stores bytes under a name. */
  storeFileLocal(name: string, bytes: Uint8Array): Promise<FileRecord>;
  /** Stores a file of this machine under its own name. */
  loadAndStoreFileLocal(path: string): Promise<FileRecord>;
  /** Hands the chunks of a file over, one by one, each a copy. The record says where they are; it is not kept here. */
  loadAndStoreFileRemote(path: string, handler: RemoteHandler): Promise<FileRecord>;
  /** All bytes of a file. @throws WireError `limit` for one above `reassembleBytesMax` */
  reassembleFileToBytes(hash: Uint8Array): Promise<Uint8Array>;
  /** Writes a file, whole or not at all. */
  reassembleFileToPath(hash: Uint8Array, path: string): Promise<void>;
  /** The chunks of all files, by ascending hash of the file. */
  listKnownFileReferences(): Promise<readonly ChunkReference[]>;
  /** All files, by ascending hash. */
  listKnownFiles(): Promise<readonly FileMetadata[]>;
  /** Deletes all chunks and records. */
  cleanup(): Promise<void>;
}

/** Options of {@link fileLedger}. */
export interface FileLedgerOptions {
  /** Bytes of the longest file that is put together in memory. Default 256 MiB. */
  readonly reassembleBytesMax?: number;
}

/** The ledger over a store. @throws WireError `argument` */
export function fileLedger(store: KeyStore, options: FileLedgerOptions = {}): FileLedger {
  requireMethods("store", store, ["put", "get", "info", "list", "verify", "clean"]);
  requireOptions("options", options);
  const { reassembleBytesMax = 256 << 20 } = options;
  requireTime("dps", "reassembleBytesMax", reassembleBytesMax, 0, Infinity);
  return {
    verifyReferences: (hash) => store.verify(hash),
    async storeFileLocal(name, bytes) {
      const { metadata } = await store.put(bytes, { name });
      return store.info(metadata.fileHash);
    },
    async loadAndStoreFileLocal(path) {
      const { metadata } = await putPath(store, path);
      return store.info(metadata.fileHash);
    },
    loadAndStoreFileRemote: storeRemote,
    async reassembleFileToBytes(hash) {
      const { metadata, bytes } = await store.get(hash);
      if (metadata.totalSize > reassembleBytesMax) {
        const about = { expected: `${reassembleBytesMax} bytes`, actual: `${metadata.totalSize} bytes` };
        throw new WireError({ code: "limit", format: "dps_ledger", path: "file", ...about });
      }
      const parts: Uint8Array[] = [];
      for await (const part of bytes) parts.push(part);
      return concatBytes(...parts);
    },
    async reassembleFileToPath(hash, path) {
      await getToPath(store, hash, path);
    },
    async listKnownFileReferences() {
      const records = [];
      for (const { fileHash } of store.list()) records.push(await store.info(fileHash));
      return records.flatMap(({ references }) => references);
    },
    listKnownFiles: async () => store.list(),
    async cleanup() {
      await store.clean("everything");
    },
  };
}

async function storeRemote(path: string, handler: RemoteHandler): Promise<FileRecord> {
  const { file, source } = await openSource(path);
  try {
    const { mode, mtimeMs } = await file.stat();
    const { sizeBytes } = source;
    const fileHash = await hashSource(source);
    const chunkSize = blockSizeOf(sizeBytes);
    const facts = {
      fileHash,
      totalSize: BigInt(sizeBytes),
      fileName: basename(path),
      modifiedNs: BigInt(Math.round(mtimeMs * 1e6)),
      permissions: mode & 0o777,
      ttlSeconds: 86_400n,
      chunkSize,
    };
    const chunks: CutChunk[] = [];
    const buffer = new Uint8Array(chunkSize);
    for (let at = 0; at < sizeBytes; at += chunkSize) {
      const chunk = buffer.subarray(0, Math.min(chunkSize, sizeBytes - at));
      await readFully(source, chunk, at);
      chunks.push({ size: chunk.length, dataHash: sha256(chunk) });
      const key = chunkKey(fileHash, chunks.length - 1);
      // The buffer is filled again: a handler may keep what it gets.
      await handler.request({ type: "put", key: toHex(key), bytes: own(chunk) });
    }
    return distributed(makeRecord(facts, chunks, ""));
  } finally {
    await file.close();
  }
}
