/** SHA-1 of messages of equal length, four at a time. */
import { clear } from "./memory";
import { pad } from "./padding";
import { INITIAL_STATE } from "./sha1-constants";
import { absorbFour, storeDigests } from "./sha1-lanes";
import {
  BLOCK_BYTES, DIGEST_BYTES, LANES, LANES_BYTES, SCHEDULE, SCHEDULE_BYTES, TAIL, TAIL_BYTES,
} from "./sha1-memory";
import { digest } from "./sha1-message";

export { absorbFour } from "./sha1-lanes";

/**
 * Writes the digests of `count` messages of `bytes` bytes, which lie one after the other at `from`, to `to`, one after
 * the other as well. What four leave over goes one by one.
 */
export function digestBatch(from: usize, bytes: usize, count: usize, to: usize): void {
  const last = count & 3;
  for (const end = to + (count - last) * DIGEST_BYTES; to < end; to += 4 * DIGEST_BYTES, from += 4 * bytes) {
    beginFour();
    absorbLast(from, bytes, bytes, bytes);
    storeDigests(to);
  }
  clearFour();
  for (const end = to + last * DIGEST_BYTES; to < end; to += DIGEST_BYTES, from += bytes) {
    digest(from, bytes, to, false);
  }
}

/** Begins four messages, whose whole blocks `absorbFour` then takes. */
export function beginFour(): void {
  for (let i: usize = 0; i < 5; i++) v128.store(LANES + (i << 4), v128.load32_splat(INITIAL_STATE + (i << 2)));
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
  from += length - rest;
  let blocks: usize = 0;
  for (let i: usize = 0; i < 4; i++) blocks = pad(from + i * stride, rest, totalBytes, TAIL + i * 2 * BLOCK_BYTES);
  absorbFour(TAIL, 2 * BLOCK_BYTES, blocks);
}

function clearFour(): void {
  clear(LANES, LANES_BYTES);
  clear(SCHEDULE, SCHEDULE_BYTES);
  clear(TAIL, TAIL_BYTES);
}
