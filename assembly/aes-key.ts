/**
 * The key schedule of AES (FIPS 197 §5.2), a round key at a time, or six words where a key has as many. The S-box is
 * that of aes-substitution.ts: nothing of the key is an address or decides a branch; its length decides some.
 */
import {
  BLOCK_BYTES, FIRST_SLICED_KEY, KEY, KEY_BYTES, ROUND_KEYS, SCHEDULE, SCHEDULE_BYTES, SLICED_BYTES, SLICED_KEYS,
} from "./aes-memory";
import { AFFINE_CONSTANT, substituted, toBasis } from "./aes-substitution";
import { rowsOf } from "./aes-rows";
import { clear } from "./memory";
import { xor } from "./vectors";

/** FIPS 197 table 3. */
// @ts-ignore: decorator
@inline
export function roundsOf(keyBytes: u32): u32 {
  return keyBytes / 4 + 6;
}

const KEY_192_BYTES: usize = 24;

/** Makes the keys in PREPARED_KEY of the `keyBytes` bytes in KEY: ROUND_KEYS alone, unless it `slices`. */
export function prepare(keyBytes: u32, slices: bool): void {
  if (keyBytes === 16) expand128();
  else if (keyBytes === 24) expand192();
  else expand256();
  const rounds: usize = roundsOf(keyBytes);
  makeRoundKeys(rounds);
  if (slices) makeSlicedKeys(rounds);
  clear(SCHEDULE, SCHEDULE_BYTES);
  clear(KEY, KEY_BYTES);
}

function expand128(): void {
  let key = v128.load(KEY), constant: u32 = 1;
  v128.store(SCHEDULE, key);
  for (let at = SCHEDULE + BLOCK_BYTES; at <= SCHEDULE + 10 * BLOCK_BYTES; at += BLOCK_BYTES) {
    key = xor(xor(sumsOfWords(key), affine(constant)), substitutedLastWord(key, true));
    v128.store(at, key);
    constant = nextConstant(constant);
  }
}

/** Two round keys a turn; of the last turn, only the first is asked for. */
function expand256(): void {
  let even = v128.load(KEY), odd = v128.load(KEY, BLOCK_BYTES), constant: u32 = 1;
  v128.store(SCHEDULE, even);
  v128.store(SCHEDULE, odd, BLOCK_BYTES);
  for (let at = SCHEDULE + 2 * BLOCK_BYTES; ; at += 2 * BLOCK_BYTES) {
    even = xor(xor(sumsOfWords(even), affine(constant)), substitutedLastWord(odd, true));
    v128.store(at, even);
    if (at === SCHEDULE + 14 * BLOCK_BYTES) return;
    odd = xor(xor(sumsOfWords(odd), affine(0)), substitutedLastWord(even, false));
    v128.store(at, odd, BLOCK_BYTES);
    constant = nextConstant(constant);
  }
}

/** Six words a turn, in which a round key and a half is made; of the last turn, only the first four are asked for. */
function expand192(): void {
  let first = v128.load(KEY), rest = v128.load64_zero(KEY, BLOCK_BYTES), constant: u32 = 1;
  v128.store(SCHEDULE, first);
  for (let at = SCHEDULE + BLOCK_BYTES; ; at += KEY_192_BYTES) {
    v128.store(at, rest);
    const last = i32x4.shuffle(rest, rest, 1, 1, 1, 1);
    first = xor(xor(sumsOfWords(first), affine(constant)), substitutedLastWord(last, true));
    v128.store(at, first, KEY_192_BYTES - BLOCK_BYTES);
    if (at === SCHEDULE + BLOCK_BYTES + 7 * KEY_192_BYTES) return;
    rest = xor(i32x4.shuffle(first, first, 3, 3, 3, 3), sumsOfWords(rest));
    constant = nextConstant(constant);
  }
}

/** Twice as much in GF(2^8), whose polynomial is 0x11b (FIPS 197 §5.2, Rcon). */
// @ts-ignore: decorator
@inline
function nextConstant(constant: u32): u32 {
  return (constant << 1) ^ ((constant >> 7) * 0x11b);
}

/** a | b | c | d  →  a | a+b | a+b+c | a+b+c+d, words whose sum is XOR. */
// @ts-ignore: decorator
@inline
function sumsOfWords(key: v128): v128 {
  const zero = i64x2.splat(0);
  const pairs = xor(key, i32x4.shuffle(zero, key, 0, 4, 5, 6));
  return xor(pairs, i32x4.shuffle(zero, pairs, 0, 1, 4, 5));
}

/** The constant of a round and that of the S-box. Nobody waits for it, unlike for the S-box. */
// @ts-ignore: decorator
@inline
function affine(constant: u32): v128 {
  return xor(i32x4.splat(constant), i8x16.splat(AFFINE_CONSTANT));
}

/** SubWord of the last word XOR 0x63, four times; RotWord of it before that, where it `rotates`. */
// @ts-ignore: decorator
@inline
function substitutedLastWord(key: v128, rotates: bool): v128 {
  const words = rotates
    ? i8x16.swizzle(key, i8x16(13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12))
    : i32x4.shuffle(key, key, 3, 3, 3, 3);
  return substituted(words);
}

/** For the vector permutation: in its basis, but for the last one, which is added behind it. */
function makeRoundKeys(rounds: usize): void {
  const last = rounds * BLOCK_BYTES;
  v128.store(ROUND_KEYS, toBasis(v128.load(SCHEDULE)));
  for (let at = BLOCK_BYTES; at < last; at += BLOCK_BYTES) {
    v128.store(ROUND_KEYS + at, toBasis(xor(v128.load(SCHEDULE + at), affine(0))));
  }
  v128.store(ROUND_KEYS + last, xor(v128.load(SCHEDULE + last), affine(0)));
}

/** For the bitsliced cipher: eight vectors of one bit of each byte, eight times. It has the last key of ROUND_KEYS. */
function makeSlicedKeys(rounds: usize): void {
  v128.store(FIRST_SLICED_KEY, v128.load(SCHEDULE));
  let to = SLICED_KEYS;
  for (let round: usize = 1; round < rounds; round++, to += SLICED_BYTES) {
    const key = rowsOf(xor(v128.load(SCHEDULE + round * BLOCK_BYTES), affine(0)));
    let mask = i8x16.splat(1);
    for (let bits = to; bits < to + SLICED_BYTES; bits += BLOCK_BYTES) {
      v128.store(bits, i8x16.eq(v128.and(key, mask), mask));
      mask = i8x16.add(mask, mask);
    }
  }
}
