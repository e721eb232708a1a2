/** The counter blocks of CTR: a big-endian number of which all 128 bits count, or the last 32, without a carry. */
import { BLOCK_BYTES, BLOCKS, COUNTER } from "./aes-memory";

const LOW_WORD: u64 = 0xffffffff;

/** Takes the counter block in COUNTER and passes over `block` blocks, a whole number. */
export function beginCounter(counterBits: u32, block: f64): void {
  v128.store(COUNTER, reversed(v128.load(COUNTER)));
  const low = load<u64>(COUNTER), sum = added(low, <u64>block, counterBits);
  store<u64>(COUNTER, sum);
  store<u64>(COUNTER, load<u64>(COUNTER, 8) + carry(low, sum, counterBits), 8);
}

/** Writes the next `count` counter blocks to BLOCKS. */
export function nextBlocks(count: usize, counterBits: u32): void {
  let low = load<u64>(COUNTER), high = load<u64>(COUNTER, 8);
  for (let to = BLOCKS; to < BLOCKS + count * BLOCK_BYTES; to += BLOCK_BYTES) {
    v128.store(to, reversed(i64x2.replace_lane(i64x2.splat(low), 1, high)));
    const sum = added(low, 1, counterBits);
    high += carry(low, sum, counterBits);
    low = sum;
  }
  store<u64>(COUNTER, low);
  store<u64>(COUNTER, high, 8);
}

// @ts-ignore: decorator
@inline
function added(low: u64, blocks: u64, counterBits: u32): u64 {
  const sum = low + blocks;
  return counterBits === 32 ? (low & ~LOW_WORD) | (sum & LOW_WORD) : sum;
}

// @ts-ignore: decorator
@inline
function carry(low: u64, sum: u64, counterBits: u32): u64 {
  return <u64>(counterBits === 128 && sum < low);
}

// @ts-ignore: decorator
@inline
export function reversed(block: v128): v128 {
  return i8x16.swizzle(block, i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}
