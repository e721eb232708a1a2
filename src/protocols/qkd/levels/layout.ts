/** The layout of envelopes in numbers: levels, sizes and limits, and how chunks cut a content. */
import type { NewBytes } from "../../../bytes/new-bytes.js";
import { encodeEnvelopeHeader, tryDecodeEnvelopeHeader, type EnvelopeHeader } from "../../../codec/gen/qkd/index.js";
import { argumentError } from "../../../errors.js";
import { envelopeError, malformed } from "./errors.js";

/** The four levels: 1 one-time pad, 2 AES-256-GCM, 3 ML-KEM-1024 with ML-DSA-87, 4 RSA-4096. */
export type Level = 1 | 2 | 3 | 4;

export const LEVELS: readonly Level[] = [1, 2, 3, 4];
/** What signatures, labels and derived keys are bound to. */
export const CONTEXT = "specwire/qm/v2";

export const FLOW_ID_BYTES = 16;
export const SALT_BYTES = 32;
export const CHUNK_TAG_BYTES = 16;
export const CHUNK_HEAD_BYTES = 4;
/** Bit 31 of a head marks the last chunk. */
export const LAST_CHUNK = 0x80000000;
/** Bytes in front of the fields of a header. */
export const START_BYTES = 12;
const LEN_PREFIX_AT = 8;
const LEVEL_AT = 5;
/** Bytes of UTF-8 that a text of a header has at most. */
export const TEXT_BYTES_MAX = 255;

const HEADER_TAG_BYTES: Readonly<Record<Level, number>> = { 1: 16, 2: 32, 3: 32, 4: 32 };
const SIGNATURE_BYTES: Readonly<Record<Level, number>> = { 1: 0, 2: 0, 3: 4627, 4: 512 };

/** Limits of an envelope, in bytes and numbers. */
export interface EnvelopeLimits {
  /** Bytes of the content at level 1. */
  readonly padContentBytesMax: number;
  /** Bytes of the content at the other levels. */
  readonly contentBytesMax: number;
  /** Age at which an envelope is refused. */
  readonly maxAgeMs: number;
  /** How far the clock of the sender may be ahead. */
  readonly maxAheadMs: number;
  /** Bytes of fetched keys that an opener holds for envelopes that were refused. */
  readonly heldKeyBytesMax: number;
  /** Time for which it holds them. */
  readonly maxKeyAgeMs: number;
  /** Envelopes that may be refused under a held key before it is burnt. */
  readonly attemptsPerKey: number;
}

/** The default of every limit. */
export const ENVELOPE_LIMITS: EnvelopeLimits = Object.freeze({
  padContentBytesMax: 16 * 1024 * 1024,
  contentBytesMax: 256 * 1024 ** 3,
  maxAgeMs: 7 * 86_400_000,
  maxAheadMs: 5 * 60_000,
  heldKeyBytesMax: 64 * 1024 * 1024,
  maxKeyAgeMs: 86_400_000,
  attemptsPerKey: 8,
});

/** Where the parts of a header lie. */
export interface HeaderParts {
  /** Bytes of the prefix, which the tag covers. */
  readonly prefixBytes: number;
  /** Bytes up to the signature, which it covers. */
  readonly signedBytes: number;
  /** Bytes of the whole header. */
  readonly headerBytes: number;
}

/** The parts of a header of which at least the first 12 bytes are there. */
export function headerParts(bytes: Uint8Array): HeaderParts {
  const level = bytes[LEVEL_AT] as Level;
  const prefixBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(LEN_PREFIX_AT);
  const signedBytes = prefixBytes + HEADER_TAG_BYTES[level];
  return { prefixBytes, signedBytes, headerBytes: signedBytes + SIGNATURE_BYTES[level] };
}

/** A header of a level with room for its tag and signature, which are zero. */
export function blankHeader(
  header: Omit<EnvelopeHeader, "headerTag" | "signature"> & { readonly level: Level },
): NewBytes {
  const { level } = header;
  return encodeEnvelopeHeader({
    ...header,
    headerTag: new Uint8Array(HEADER_TAG_BYTES[level]),
    signature: new Uint8Array(SIGNATURE_BYTES[level]),
  });
}

/** A header that was read, and its bytes. */
export interface ReadHeader extends HeaderParts {
  readonly header: EnvelopeHeader & { readonly level: Level };
  readonly bytes: Uint8Array;
}

/**
 * Reads the header that envelope bytes begin with; its fields are views of them. Nothing of it is proven yet.
 * @throws EnvelopeError MALFORMED, UNSUPPORTED_VERSION, TRUNCATED
 */
export function readHeader(bytes: Uint8Array): ReadHeader {
  if (bytes.length < START_BYTES) {
    const read = tryDecodeEnvelopeHeader(bytes);
    if (!read.ok && read.error.code !== "short") throw malformed(read.error);
    throw envelopeError("TRUNCATED", "header", `${bytes.length} bytes`);
  }
  const parts = headerParts(bytes);
  // A level that does not exist has no sizes: the codec refuses it by its first bytes.
  const end = Math.min(bytes.length, Number.isNaN(parts.headerBytes) ? START_BYTES : parts.headerBytes);
  const read = tryDecodeEnvelopeHeader(bytes, 0, end);
  if (read.ok) return { ...parts, header: read.value as ReadHeader["header"], bytes: bytes.subarray(0, end) };
  if (read.error.code === "short" && bytes.length < parts.headerBytes) {
    throw envelopeError("TRUNCATED", "header", `${bytes.length} of ${parts.headerBytes} bytes`);
  }
  throw malformed(read.error);
}

/** Chunks of a content: at least one, and all but the last are full. */
export function chunkCount(contentBytes: number, chunkBytes: number): number {
  return Math.max(1, Math.ceil(contentBytes / chunkBytes));
}

/** Bytes of an envelope behind its header. */
export function bodyBytes(contentBytes: number, chunkBytes: number): number {
  return contentBytes + chunkCount(contentBytes, chunkBytes) * (CHUNK_HEAD_BYTES + CHUNK_TAG_BYTES);
}

/** The inverse of {@link bodyBytes}; for bytes that are no whole body, room for all chunks that could lie in them. */
export function contentBytesIn(body: number, chunkBytes: number): number {
  const overhead = CHUNK_HEAD_BYTES + CHUNK_TAG_BYTES;
  const full = Math.floor(body / (chunkBytes + overhead));
  return full * chunkBytes + Math.max(0, body - full * (chunkBytes + overhead) - overhead);
}

/** @throws WireError `argument` unless a text has 1 to 255 bytes of UTF-8 */
export function requireText(path: string, text: string): void {
  // No character has more than three bytes.
  if (typeof text === "string" && text.length >= 1 && 3 * text.length <= TEXT_BYTES_MAX) return;
  const length = typeof text === "string" ? new TextEncoder().encode(text).length : 0;
  if (length >= 1 && length <= TEXT_BYTES_MAX) return;
  throw argumentError("qkd.envelope", path, `a text of 1 to ${TEXT_BYTES_MAX} bytes`, `${length} bytes`);
}
