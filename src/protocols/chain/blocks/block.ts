/** Blocks: what one holds, and what none may hold. */
import { isBytes } from "../../../bytes/index.js";
import { argumentError } from "../../../errors.js";

/** The content of a block. */
export interface BlockData {
  /** SHA-1 of `data`, as it is stored: of the ciphertext where it is encrypted. */
  readonly hash: Uint8Array;
  readonly data: Uint8Array;
  /** 12 bytes where `data` is encrypted, else empty. */
  readonly iv: Uint8Array;
}

/** What the hash of a block is made of. */
export interface BlockContent {
  /** Hash of the block before; of the first block any bytes, up to 255. */
  readonly prevHash: Uint8Array;
  /** Place in the chain from 0, a u64. */
  readonly index: bigint;
  readonly data: BlockData;
  /** Nanoseconds since 1970-01-01 UTC, an i64. */
  readonly timeNs: bigint;
  /** A u64 that its maker draws. */
  readonly nonce: bigint;
}

/** A block of a chain (seed, section Chain). */
export interface Block extends BlockContent {
  readonly hash: Uint8Array;
}

/** Bytes of an IV. */
export const IV_BYTES = 12;
/** Bytes of the longest hash that a block has room for. */
export const HASH_BYTES_MAX = 255;
/** Bytes of the longest data of a block. */
export const BLOCK_BYTES_MAX = 16 * 1024 * 1024;

const U64_MAX = (1n << 64n) - 1n;
const I64_MIN = -(1n << 63n);

/** Checks types and ranges, not hashes. @throws WireError `argument` with the field in `path` */
export function checkBlock(block: Block): void {
  if (typeof block !== "object" || block === null) throw argumentError("chain", "block", "a block", typeof block);
  const { hash, prevHash, index, data, timeNs, nonce } = block;
  requireBytes("hash", hash, HASH_BYTES_MAX);
  requireBytes("prevHash", prevHash, HASH_BYTES_MAX);
  requireInteger("index", index, 0n, U64_MAX);
  requireBytes("data.hash", data?.hash, HASH_BYTES_MAX);
  requireBytes("data.data", data.data, BLOCK_BYTES_MAX);
  requireBytes("data.iv", data.iv, HASH_BYTES_MAX);
  requireInteger("timeNs", timeNs, I64_MIN, -I64_MIN - 1n);
  requireInteger("nonce", nonce, 0n, U64_MAX);
}

function requireBytes(path: string, value: unknown, max: number): void {
  if (!isBytes(value)) throw argumentError("chain", path, "a Uint8Array", typeof value);
  if (value.length > max) throw argumentError("chain", path, `at most ${max} bytes`, String(value.length));
}

function requireInteger(path: string, value: unknown, min: bigint, max: bigint): void {
  if (typeof value === "bigint" && value >= min && value <= max) return;
  throw argumentError("chain", path, `a bigint from ${min} to ${max}`, String(value));
}
