/**
 * AES-GCM (SP 800-38D §7) with nonces of 96 bits. The host writes a key or what was prepared of it, and to COUNTER the
 * nonce with a block number of 1. `seal` and `open` take a message that is in memory as a whole, with a block in front
 * of it for them; one in parts goes through what they are made of. Whatever ends a message clears all that was made of
 * its key; the text is the host's.
 *
 * The tag is compared as one vector, all of it. On whether it matches there is a branch: that is the answer.
 */
import { cryptPart, forget, FEW_BYTES } from "./aes-ctr";
import { beginCounter, nextBlocks, reversed } from "./aes-counter";
import { prepare, roundsOf } from "./aes-key";
import { BLOCK_BYTES, BLOCKS, HASH_TABLE, HASH_TABLE_LENGTH, MASK, MASK_BYTES, SUM, SUM_BYTES } from "./aes-memory";
import { encryptOne } from "./aes-permuted";
import { absorb, absorbLengths, makeHashTable } from "./ghash";
import { clear } from "./memory";
import { equal, xor } from "./vectors";

/** GCM counts in the last 32 bits of a block. */
const COUNTER_BITS: u32 = 32;

/** Makes PREPARED_KEY of the `keyBytes` bytes in KEY for texts of `length` bytes, HASH_TABLE and all. */
export function prepareGcm(keyBytes: u32, length: usize): void {
  prepare(keyBytes, length + BLOCK_BYTES > FEW_BYTES);
  v128.store(BLOCKS, i64x2.splat(0));
  encryptOne(roundsOf(keyBytes));
  makeHashTable(v128.load(BLOCKS));
  clear(BLOCKS, BLOCK_BYTES);
}

/** Encrypts the `length` bytes at `from` in place and writes the tag behind them. Clears the additional data. */
export function seal(from: usize, length: usize, keyBytes: u32, aad: usize, aadLength: usize): void {
  cryptWithMask(from, length, keyBytes);
  authenticate(aad, aadLength);
  authenticate(from, length);
  tagInto(<f64>aadLength, <f64>length, from + length);
  clear(aad, aadLength);
  forgetGcm(length);
}

/**
 * Decrypts the `length` bytes at `from`, behind which is their tag, in place; returns whether that matches. If not,
 * nobody may see what they have become. Clears the additional data and the tag.
 */
export function open(from: usize, length: usize, keyBytes: u32, aad: usize, aadLength: usize): bool {
  const tag = from + length, theirs = v128.load(tag);
  authenticate(aad, aadLength);
  authenticate(from, length);
  // Before the tag is compared, since the mask for it is of the same pair of blocks as the beginning of the text.
  cryptWithMask(from, length, keyBytes);
  tagInto(<f64>aadLength, <f64>length, tag);
  const genuine = equal(v128.load(tag), theirs);
  clear(tag, BLOCK_BYTES);
  clear(aad, aadLength);
  forgetGcm(length);
  return genuine;
}

/** Begins a message in parts, which `cryptPart` then takes with 32 bits of counter. */
export function beginGcm(keyBytes: u32): void {
  beginCounter(COUNTER_BITS, 0);
  nextBlocks(1, COUNTER_BITS);
  encryptOne(roundsOf(keyBytes));
  v128.store(MASK, v128.load(BLOCKS));
}

/**
 * Takes the `length` bytes at `from` into the tag: additional data or ciphertext, in parts of a multiple of 16 up to
 * the last, which is filled up with zeros.
 */
export function authenticate(from: usize, length: usize): void {
  v128.store(from + length, i64x2.splat(0));
  absorb(from, length);
}

/** Writes the tag to `to`. The lengths are of all the additional data and text, in bytes. */
export function tagInto(aadLength: f64, length: f64, to: usize): void {
  absorbLengths(aadLength, length);
  v128.store(to, xor(reversed(v128.load(SUM)), v128.load(MASK)));
}

/** Whether the tags at `a` and `b` are the same. */
export function matches(a: usize, b: usize): bool {
  return equal(v128.load(a), v128.load(b));
}

/** Clears all that was made for a text of `length` bytes. */
export function forgetGcm(length: usize): void {
  forget(length + BLOCK_BYTES);
  clear(HASH_TABLE, HASH_TABLE_LENGTH);
  clear(SUM, SUM_BYTES);
  clear(MASK, MASK_BYTES);
}

/**
 * Encrypts or decrypts in place, and the block in front of it, which is zeros between texts, to the mask: the first of
 * the same key stream.
 */
function cryptWithMask(from: usize, length: usize, keyBytes: u32): void {
  const mask = from - BLOCK_BYTES;
  beginCounter(COUNTER_BITS, 0);
  cryptPart(mask, BLOCK_BYTES + length, keyBytes, COUNTER_BITS);
  v128.store(MASK, v128.load(mask));
  clear(mask, BLOCK_BYTES);
}
