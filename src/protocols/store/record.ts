/** The record of a file: what the store knows of it beside its bytes, and what a record must fulfil. */
import { equalBytes, toHex } from "../../bytes/index.js";
import { WireError, type WireErrorCode } from "../../errors.js";
import type { ChunkSizes } from "../../kernel/index.js";
import { BLOCK_BYTES_MAX } from "./block-size.js";
import { CHUNK_KEY_BYTES, chunkKey, contentChunkKey, FILE_HASH_BYTES } from "./chunk-key.js";
import type { ChunkingKind } from "./layout.js";

/** Bytes of a signature. No known writer fills it: it is zero. */
export const SIGNATURE_BYTES = 64;
/** The default time to live of a file, one day. */
export const DEFAULT_TTL_SECONDS = 86_400n;
/** The largest integer that readers of TOML take. */
export const TOML_INTEGER_MAX = (1n << 63n) - 1n;

/** What is known of a whole file. */
export interface FileMetadata {
  /** SHA-256 of the file, 32 bytes. */
  readonly fileHash: Uint8Array;
  /** Bytes of the file. */
  readonly totalSize: bigint;
  /** Any text; it never becomes a path. */
  readonly fileName: string;
  /** Time of the last change in nanoseconds since 1970; may be negative. */
  readonly modifiedNs: bigint;
  /** Permission bits of the file, for example `0o644`. */
  readonly permissions: number;
  /** 64 bytes, zero in every known file. */
  readonly signature: Uint8Array;
  /** Time to live in seconds, counted from `modifiedNs`; 0 for ever. */
  readonly ttlSeconds: bigint;
  /** Bytes of a chunk but the last, or the mean that chunks cut by content have; 0 for an empty file in blocks. */
  readonly chunkSize: number;
  readonly totalChunks: number;
  /** The sizes by which the file was cut by content; undefined for a file in blocks of one size. */
  readonly contentSizes?: ChunkSizes | undefined;
}

/** What is known of one chunk. */
export interface ChunkReference {
  /** Names the chunk, 20 bytes. */
  readonly key: Uint8Array;
  readonly fileName: string;
  /** Bytes of this chunk. */
  readonly chunkSize: number;
  readonly chunkIndex: number;
  /** Where its writer kept it; a hint, since the path follows from the key. */
  readonly location: string;
  /** How its writer reached it, for example `file`; a hint. */
  readonly protocol: string;
  /** SHA-256 of the chunk, 32 bytes. */
  readonly dataHash: Uint8Array;
  /** SHA-256 of the file, 32 bytes. */
  readonly parent: Uint8Array;
}

/** A file as the store remembers it. */
export interface FileRecord {
  readonly metadata: FileMetadata;
  /** The chunks in the order of the file. */
  readonly references: readonly ChunkReference[];
}

/** How a file was cut. */
export function kindOf({ contentSizes }: Pick<FileMetadata, "contentSizes">): ChunkingKind {
  return contentSizes === undefined ? "fixed" : "content";
}

/** The name of a record in errors. */
export const RECORD_FORMAT = "store_record";

/**
 * Checks that the parts of a record agree: chunks without gaps, under their keys, of the sizes that make the file, each
 * of this file. A chunk that was cut by content is at most as long as the record says, and as a block may be.
 * @throws WireError `count`, `range`, `constant` or `length` with the path of the field
 */
export function checkRecord({ metadata, references }: FileRecord): void {
  const refuse = (code: WireErrorCode, path: string, expected: string, actual: string): never => {
    throw new WireError({ code, format: RECORD_FORMAT, path, expected, actual });
  };
  const bytes = (path: string, value: Uint8Array, length: number): void => {
    if (value.length !== length) refuse("length", path, `${length} bytes`, String(value.length));
  };
  bytes("metadata.file_hash", metadata.fileHash, FILE_HASH_BYTES);
  bytes("metadata.signature", metadata.signature, SIGNATURE_BYTES);
  if (references.length !== metadata.totalChunks) {
    refuse("count", "references", `${metadata.totalChunks} chunks`, String(references.length));
  }
  const { contentSizes } = metadata;
  const maxBytes = contentSizes?.maxBytes ?? Infinity;
  if (contentSizes !== undefined && maxBytes > BLOCK_BYTES_MAX) {
    refuse("range", "metadata.chunk_max", `at most ${BLOCK_BYTES_MAX}`, String(maxBytes));
  }
  let sum = 0n;
  for (const [i, reference] of references.entries()) {
    const path = `references[${i}]`;
    bytes(`${path}.key`, reference.key, CHUNK_KEY_BYTES);
    bytes(`${path}.data_hash`, reference.dataHash, FILE_HASH_BYTES);
    if (reference.chunkIndex !== i) refuse("range", `${path}.chunk_index`, String(i), String(reference.chunkIndex));
    const key = contentSizes === undefined ? chunkKey(metadata.fileHash, i) : contentChunkKey(reference.dataHash);
    if (!equalBytes(reference.key, key)) refuse("constant", `${path}.key`, toHex(key), toHex(reference.key));
    if (reference.chunkSize === 0) refuse("range", `${path}.chunk_size`, "at least 1 byte", "0");
    if (reference.chunkSize > maxBytes) {
      refuse("range", `${path}.chunk_size`, `at most ${maxBytes} bytes`, String(reference.chunkSize));
    }
    if (!equalBytes(reference.parent, metadata.fileHash)) {
      refuse("constant", `${path}.parent`, toHex(metadata.fileHash), toHex(reference.parent));
    }
    sum += BigInt(reference.chunkSize);
  }
  if (sum !== metadata.totalSize) {
    refuse("range", "metadata.total_size", `${sum} bytes, the sum of the chunks`, String(metadata.totalSize));
  }
}

/**
 * Whether a file has expired at a time: never with a TTL of 0, else in the first whole second after its last. Both the
 * TTL and the sum wrap at 2^63 as those of other stores do, so that a TTL of 2^63-1 has expired at once.
 */
export function isExpired({ modifiedNs, ttlSeconds }: FileMetadata, nowNs: bigint): boolean {
  if (ttlSeconds === 0n) return false;
  // Division of bigints rounds towards zero, also below it.
  const lastSecond = BigInt.asIntN(64, modifiedNs / NS_PER_SECOND + BigInt.asIntN(64, ttlSeconds));
  return nowNs / NS_PER_SECOND > lastSecond;
}

const NS_PER_SECOND = 1_000_000_000n;

/** A signature of zeros. */
export function noSignature(): Uint8Array {
  return new Uint8Array(SIGNATURE_BYTES);
}
