/** Sizes of the fixed blocks that a file is cut into (seeds/dps, key store). */
import { argumentError } from "../../errors.js";

/** Shortest block of a file that has more than one, in bytes. */
export const BLOCK_BYTES_MIN = 1 << 16;
/** Longest block, in bytes. */
export const BLOCK_BYTES_MAX = 1 << 22;
/** Number of blocks that a size aims at. */
const BLOCKS_AIMED_AT = 1000;
/** Files from one byte more than the longest block up to this size have the longest blocks. */
const PROMOTED_BYTES_MAX = 128 * BLOCK_BYTES_MAX;

/** How {@link blockSizeOf} decides. */
export interface BlockSizeOptions {
  /** Without the promotion of middle-sized files, as stores did before it: to check their records. */
  readonly legacy?: boolean;
}

/**
 * The block size of a file in bytes: 0 if it is empty, its size below 64 KiB, else the power of two nearest to a
 * thousandth of it, from 64 KiB to 4 MiB; 4 MiB from there up to 512 MiB. @throws WireError `argument`
 */
export function blockSizeOf(sizeBytes: number | bigint, { legacy = false }: BlockSizeOptions = {}): number {
  const size = sizeOf(sizeBytes);
  if (size < BigInt(BLOCK_BYTES_MIN)) return Number(size);
  if (!legacy && size > BigInt(BLOCK_BYTES_MAX) && size <= BigInt(PROMOTED_BYTES_MAX)) return BLOCK_BYTES_MAX;
  // Above 2^53 the number is rounded, far beyond the size from which blocks are the longest.
  const thousandth = Math.floor(Number(size) / BLOCKS_AIMED_AT);
  const power = 2 ** Math.round(Math.log2(thousandth));
  return Math.min(BLOCK_BYTES_MAX, Math.max(BLOCK_BYTES_MIN, power));
}

/**
 * The number of blocks of a file, as a u32 that wraps: 2^54 bytes in blocks of 4 MiB give 0.
 * @throws WireError `argument`
 */
export function totalBlocksOf(sizeBytes: number | bigint, blockBytes: number = blockSizeOf(sizeBytes)): number {
  if (blockBytes === 0) return 0;
  const block = BigInt(blockBytes);
  return Number(BigInt.asUintN(32, BigInt.asUintN(64, sizeOf(sizeBytes) + block - 1n) / block));
}

function sizeOf(value: number | bigint): bigint {
  const isSize =
    typeof value === "bigint" ? value >= 0n && value < 1n << 64n : Number.isSafeInteger(value) && value >= 0;
  if (!isSize) throw argumentError("store", "sizeBytes", "a whole number from 0 to 2^64-1", String(value));
  return BigInt(value);
}
