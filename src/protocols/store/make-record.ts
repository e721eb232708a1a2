/** Makes the record of a file from its chunks. */
import { chunkKey, contentChunkKey } from "./chunk-key.js";
import { chunkLocation } from "./layout.js";
import { noSignature, type ChunkReference, type FileMetadata, type FileRecord } from "./record.js";

/** A chunk that was cut. */
export interface CutChunk {
  readonly size: number;
  /** SHA-256 of the chunk. */
  readonly dataHash: Uint8Array;
}

/** What the chunks do not tell of a file. */
export type FileFacts = Pick<
  FileMetadata,
  "fileHash" | "totalSize" | "fileName" | "modifiedNs" | "permissions" | "ttlSeconds" | "chunkSize" | "contentSizes"
>;

/**
 * The record of a file.
 * @param storeFolder the folder of the store, for the locations
 */
export function makeRecord(facts: FileFacts, chunks: readonly CutChunk[], storeFolder: string): FileRecord {
  const references = chunks.map((chunk, chunkIndex): ChunkReference => {
    const isContent = facts.contentSizes !== undefined;
    const key = isContent ? contentChunkKey(chunk.dataHash) : chunkKey(facts.fileHash, chunkIndex);
    return {
      key,
      fileName: facts.fileName,
      chunkSize: chunk.size,
      chunkIndex,
      location: chunkLocation(storeFolder, key),
      protocol: "file",
      dataHash: chunk.dataHash,
      parent: facts.fileHash,
    };
  });
  return { metadata: { ...facts, signature: noSignature(), totalChunks: chunks.length }, references };
}
