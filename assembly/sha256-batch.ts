/** SHA-256 of messages of equal length, four at a time. */
import { clear } from "./memory";
import { pad } from "./padding";
import { INITIAL_STATE, PADDING_OF_A_BLOCK } from "./sha256-constants";
import { absorbFour, absorbShared, storeDigests } from "./sha256-lanes";
import { BLOCK_BYTES, LANES, LANES_BYTES, TAIL, TAIL_BYTES } from "./sha256-memory";
import { digest } from "./sha256-message";

export { absorbFour } from "./sha256-lanes";

/**
 * Writes the digests of `count` messages of `bytes` bytes, which lie one after the other at `from`, to `to`, one after
 * the other as well. What four leave over goes one by one.
 */
export function digestBatch(from: usize, bytes: usize, count: usize, to: usize): void {
  const last = count & 3;
  for (const end = to + ((count - last) << 5); to < end; to += 128, from += 4 * bytes) {
    beginFour();
    absorbLast(from, bytes, bytes, bytes);
    storeDigests(to);
  }
  clearFour();
  for (const end = to + (last << 5); to < end; to += 32, from += bytes) digest(from, bytes, to, false);
}

/** Begins four messages, whose whole blocks `absorbFour` then takes. */
export function beginFour(): void {
  for (let i: usize = 0; i < 8; i++) v128.store(LANES + (i << 4), v128.load32_splat(INITIAL_STATE + (i << 2)));
}

/**
 * Takes the last `length` bytes of each of four messages, `stride` bytes apart, the first at `from`, of `totalBytes` in
 * all; writes their digests to `to`.
 */
export function endFour(from: usize, stride: usize, length: usize, totalBytes: f64, to: usize): void {
  absorbLast(from, stride, length, <u64>totalBytes);
  storeDigests(to);
  clearFour();
}

// @ts-ignore: decorator
@inline
function absorbLast(from: usize, stride: usize, length: usize, totalBytes: u64): void {
  const rest = length % BLOCK_BYTES;
  absorbFour(from, stride, length / BLOCK_BYTES);
  if (totalBytes === BLOCK_BYTES) {
    absorbShared(PADDING_OF_A_BLOCK);
    return;
  }
  from += length - rest;
  let blocks: usize = 0;
  for (let i: usize = 0; i < 4; i++) blocks = pad(from + i * stride, rest, totalBytes, TAIL + i * 2 * BLOCK_BYTES);
  absorbFour(TAIL, 2 * BLOCK_BYTES, blocks);
}

function clearFour(): void {
  clear(LANES, LANES_BYTES);
  clear(TAIL, TAIL_BYTES);
}
