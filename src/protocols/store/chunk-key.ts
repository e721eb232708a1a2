/** Keys of chunks, and the checksums of the store. */
import { toHex, type NewBytes } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { sha1, sha256, sha512 } from "../../kernel/index.js";

/** Bytes of a chunk's key. */
export const CHUNK_KEY_BYTES = 20;
/** Bytes of the SHA-256 that names a file. */
export const FILE_HASH_BYTES = 32;

/**
 * The key of a chunk: SHA-1 of the file's SHA-256 and the index of the chunk as a little-endian u64; 20 bytes. It says
 * nothing of the bytes of the chunk. @throws WireError `argument`
 */
export function chunkKey(fileHash: Uint8Array, index: number): NewBytes {
  if (fileHash.length !== FILE_HASH_BYTES) {
    throw argumentError("store", "fileHash", `${FILE_HASH_BYTES} bytes`, String(fileHash.length));
  }
  if (!Number.isInteger(index) || index < 0 || index > 0xffffffff) {
    throw argumentError("store", "index", "a whole number from 0 to 2^32-1", String(index));
  }
  const message = new Uint8Array(FILE_HASH_BYTES + 8);
  message.set(fileHash);
  new DataView(message.buffer).setUint32(FILE_HASH_BYTES, index, true);
  return sha1(message);
}

/**
 * The key of a chunk that was cut by content: SHA-1 of its SHA-256, 20 bytes. Equal chunks have it in common, in any
 * file; it has another length of message than {@link chunkKey}. @throws WireError `argument`
 */
export function contentChunkKey(dataHash: Uint8Array): NewBytes {
  if (dataHash.length === FILE_HASH_BYTES) return sha1(dataHash);
  throw argumentError("store", "dataHash", `${FILE_HASH_BYTES} bytes`, String(dataHash.length));
}

/** The name of a chunk's file: its key as hex, and `.kdht`. */
export function chunkFileName(key: Uint8Array): string {
  return `${toHex(key)}.kdht`;
}

/** A digest of `digestBytes` bytes: SHA-256 for 32, SHA-512 for 64, SHA-1 for every other number. */
export function shaHash(bytes: Uint8Array, digestBytes: number): NewBytes {
  if (digestBytes === 32) return sha256(bytes);
  return digestBytes === 64 ? sha512(bytes) : sha1(bytes);
}
