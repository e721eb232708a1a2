/** The padding that SHA-1 and SHA-256 share (FIPS 180-4 §5.1.1): a bit, zeros, and the length in bits, big-endian. */
import { clear } from "./memory";

const BLOCK_BYTES: usize = 64;
const LENGTH_BYTES: usize = 8;

/**
 * Writes the last `length` bytes of a message, fewer than a block, to `to` and pads them; returns the one or two
 * blocks that they have become. `to` has room for two. The message has `totalBytes` in all.
 */
// @ts-ignore: decorator
@inline
export function pad(from: usize, length: usize, totalBytes: u64, to: usize): usize {
  // Whole vectors, and then zeros over what does not belong to the message.
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
  clear(to + length, BLOCK_BYTES);
  store<u8>(to + length, 0x80);
  const blocks: usize = length + 1 + LENGTH_BYTES <= BLOCK_BYTES ? 1 : 2;
  if (blocks === 2) clear(to + BLOCK_BYTES, BLOCK_BYTES);
  store<u64>(to + blocks * BLOCK_BYTES - LENGTH_BYTES, bswap<u64>(totalBytes << 3));
  return blocks;
}
