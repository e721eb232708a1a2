/** AES-CTR (SP 800-38A §6.5). What a text's length and counter decide is public; nothing here looks at key or text. */
import { encryptEight } from "./aes-bitsliced";
import { beginCounter, nextBlocks } from "./aes-counter";
import { prepare, roundsOf } from "./aes-key";
import {
  ALL_KEYS_LENGTH, BLOCK_BYTES, BLOCKS, COUNTER, COUNTER_BYTES, ROUND_KEYS, ROUND_KEYS_LENGTH, SLICED_BYTES,
} from "./aes-memory";
import { encryptOne, encryptTwo } from "./aes-permuted";
import { clear } from "./memory";
import { xor } from "./vectors";

/** Up to here, four blocks, two at a time are done before eight are: measured. A longer text needs SLICED_KEYS. */
export const FEW_BYTES: usize = 64;
const PAIR_BYTES: usize = 2 * BLOCK_BYTES;

/** Encrypts or decrypts a text that is in memory as a whole, with the key in PREPARED_KEY, and forgets both. */
export function crypt(from: usize, length: usize, keyBytes: u32, counterBits: u32, block: f64): void {
  beginCounter(counterBits, block);
  cryptPart(from, length, keyBytes, counterBits);
  forget(length);
}

/** The same with the key in KEY. */
export function cryptOnce(from: usize, length: usize, keyBytes: u32, counterBits: u32, block: f64): void {
  prepare(keyBytes, length > FEW_BYTES);
  crypt(from, length, keyBytes, counterBits, block);
}

/** Takes the next part of a text: `length` bytes at `from`, in all but the last part a multiple of 128. */
export function cryptPart(from: usize, length: usize, keyBytes: u32, counterBits: u32): void {
  const rounds = roundsOf(keyBytes), end = from + length;
  for (; from + FEW_BYTES < end; from += SLICED_BYTES) {
    nextBlocks(8, counterBits);
    encryptEight(rounds);
    addBlocks(from, SLICED_BYTES);
  }
  for (; from + BLOCK_BYTES < end; from += PAIR_BYTES) {
    nextBlocks(2, counterBits);
    encryptTwo(rounds);
    addBlocks(from, PAIR_BYTES);
  }
  if (from < end) {
    nextBlocks(1, counterBits);
    encryptOne(rounds);
    addBlocks(from, BLOCK_BYTES);
  }
}

/** Clears what was made for a text of `length` bytes: its counter, its key and the last blocks of the key stream. */
export function forget(length: usize): void {
  clear(COUNTER, COUNTER_BYTES);
  clear(BLOCKS, length > FEW_BYTES ? SLICED_BYTES : PAIR_BYTES);
  clear(ROUND_KEYS, length > FEW_BYTES ? ALL_KEYS_LENGTH : ROUND_KEYS_LENGTH);
}

// @ts-ignore: decorator
@inline
function addBlocks(to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += BLOCK_BYTES) {
    v128.store(to + i, xor(v128.load(to + i), v128.load(BLOCKS + i)));
  }
}
