/**
 * AES of two blocks by vector permutation (aes-substitution.ts), for texts of few blocks. Two, since one by itself
 * would wait for its own results most of the time.
 *
 * What is secret, the blocks after the first key and the keys, is only ever in vectors and goes through XOR, shifts,
 * masks and `swizzle`, which looks up in a register. Addresses and the one branch depend on the number of rounds alone.
 */
import { BLOCK_BYTES, BLOCKS, ROUND_KEYS } from "./aes-memory";
import {
  halfOfInverse, highNibbles, INVERSE, lookUp, lowNibbles, OUTPUT_T, OUTPUT_U, SCALED_INVERSE, toBasis,
} from "./aes-substitution";
import { xor } from "./vectors";

/** k_sb1, k_sb2: from both halves of an inverse to the output of the S-box in the basis, and to twice that. */
const ONCE_U: usize = memory.data<u64>([0xb19be18fcb503e00, 0xa5df7a6e142af544], 16);
const ONCE_T: usize = memory.data<u64>([0x3618d415fae22300, 0x3bf7ccc10d2ed9ef], 16);
const TWICE_U: usize = memory.data<u64>([0xe27a93c60b712400, 0x5eb7e955bc982fcd], 16);
const TWICE_T: usize = memory.data<u64>([0x69eb88400ae12900, 0xc2a163c8ab82234a], 16);

/** Encrypts the first of BLOCKS in place. */
export function encryptOne(rounds: usize): void {
  encrypt(rounds, false);
}

/** Encrypts the first two of BLOCKS in place. */
export function encryptTwo(rounds: usize): void {
  encrypt(rounds, true);
}

/** Of block `b` there is nothing in the code, unless it is to encrypt `both`. */
// @ts-ignore: decorator
@inline
function encrypt(rounds: usize, both: bool): void {
  const inverse = v128.load(INVERSE), scaledInverse = v128.load(SCALED_INVERSE);
  const last = ROUND_KEYS + rounds * BLOCK_BYTES;
  let a = xor(toBasis(v128.load(BLOCKS)), v128.load(ROUND_KEYS)), uA = a, tA = a;
  let b = a, uB = b, tB = b;
  if (both) b = xor(toBasis(v128.load(BLOCKS, BLOCK_BYTES)), v128.load(ROUND_KEYS));
  for (let key = ROUND_KEYS + BLOCK_BYTES; ; key += BLOCK_BYTES) {
    const highA = highNibbles(a), lowA = lowNibbles(a), sumA = xor(highA, lowA), scaledA = lookUp(scaledInverse, lowA);
    uA = halfOfInverse(highA, sumA, scaledA, inverse);
    tA = halfOfInverse(sumA, highA, scaledA, inverse);
    if (both) {
      const high = highNibbles(b), low = lowNibbles(b), sum = xor(high, low), scaled = lookUp(scaledInverse, low);
      uB = halfOfInverse(high, sum, scaled, inverse);
      tB = halfOfInverse(sum, high, scaled, inverse);
    }
    if (key === last) break;
    a = mixed(combined(ONCE_U, uA, ONCE_T, tA), combined(TWICE_U, uA, TWICE_T, tA), v128.load(key));
    if (both) b = mixed(combined(ONCE_U, uB, ONCE_T, tB), combined(TWICE_U, uB, TWICE_T, tB), v128.load(key));
  }
  const lastKey = v128.load(last);
  v128.store(BLOCKS, xor(shifted(combined(OUTPUT_U, uA, OUTPUT_T, tA)), lastKey));
  if (both) v128.store(BLOCKS, xor(shifted(combined(OUTPUT_U, uB, OUTPUT_T, tB)), lastKey), BLOCK_BYTES);
}

// @ts-ignore: decorator
@inline
function combined(tableU: usize, u: v128, tableT: usize, t: v128): v128 {
  return xor(lookUp(v128.load(tableU), u), lookUp(v128.load(tableT), t));
}

/**
 * ShiftRows, MixColumns and AddRoundKey (FIPS 197 §5.1.2 to §5.1.4), of the bytes and of twice the bytes. A byte
 * becomes, with those below it in its column, 2·b0 + 3·b1 + b2 + b3 = (2·b0 + b1) + (2·b1 + b2) + b3: the brackets are
 * the same, one below the other. What is added while the other bracket is moved there costs nothing.
 */
// @ts-ignore: decorator
@inline
function mixed(once: v128, twice: v128, key: v128): v128 {
  const bracket = xor(shifted(twice), shiftedAndUp(once));
  return xor(up(bracket), xor(bracket, xor(shiftedAndDown(once), key)));
}

/** ShiftRows: row r of a column comes from the column r further on. */
// @ts-ignore: decorator
@inline
function shifted(block: v128): v128 {
  return i8x16.swizzle(block, i8x16(0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11));
}

/** ShiftRows, then each column up by one, the first row becoming the last. */
// @ts-ignore: decorator
@inline
function shiftedAndUp(block: v128): v128 {
  return i8x16.swizzle(block, i8x16(5, 10, 15, 0, 9, 14, 3, 4, 13, 2, 7, 8, 1, 6, 11, 12));
}

/** ShiftRows, then each column down by one. */
// @ts-ignore: decorator
@inline
function shiftedAndDown(block: v128): v128 {
  return i8x16.swizzle(block, i8x16(15, 0, 5, 10, 3, 4, 9, 14, 7, 8, 13, 2, 11, 12, 1, 6));
}

// @ts-ignore: decorator
@inline
function up(block: v128): v128 {
  return i8x16.swizzle(block, i8x16(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12));
}
