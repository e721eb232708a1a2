/**
 * MD5 (RFC 1321) of many messages of 22 bytes that differ in the middle alone:
 * `prefix u8 | byte i8 | word u32 BE | suffix 16 bytes`. Twelve messages a step, in three groups of four
 * lanes: one group alone waits for its own additions, a fourth would not fit into the registers.
 *
 * A message with its padding is one block of sixteen words (little-endian, lanes of one vector = four
 * messages):
 *
 *   word    0  prefix | byte | word, upper two bytes                    differs from lane to lane
 *   word    1  word, lower two bytes | suffix 0..1                      differs from lane to lane
 *   words 2-4  suffix 2..13                                             the same in all messages
 *   word    5  suffix 14..15 | 0x80, which begins the padding           the same in all messages
 *   words 6-13, 15  zero
 *   word   14  the length in bits
 *
 * What is the same in all messages is added to the constants of the 64 steps once for the whole batch, so
 * that only the eight steps which take word 0 or 1 add a word of the message.
 *
 *   0x01000 STEP_CONSTANTS  64 words, K[i] plus the word of step i where all messages share it
 *   0x01140 SUFFIX          the 16 bytes that all messages end with
 *   0x01190 BYTE_COLUMN     one byte a message
 *   0x01680 WORD_COLUMN     one little-endian word a message
 *   0x02980 DIGESTS         16 bytes a message, as a vector of a, b, c, d
 *
 * A batch is a multiple of twelve or is rounded up to one: the last step then reads and writes lanes that
 * nobody asked for, inside its regions, since their sizes are multiples of twelve messages.
 */
import { A, B, C, D, K } from "./md5-constants";
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export { GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";

/** Messages in one call: with their digests, 19 KB, they stay in a first cache. A multiple of twelve and of sixteen. */
export const CAPACITY: usize = 1200;

export const STEP_CONSTANTS: usize = FIRST_REGION;
export const STEP_CONSTANTS_BYTES: usize = 64 * 4;
export const SUFFIX: usize = STEP_CONSTANTS + STEP_CONSTANTS_BYTES + GUARD_LENGTH;
export const SUFFIX_BYTES: usize = 16;
export const BYTE_COLUMN: usize = SUFFIX + SUFFIX_BYTES + GUARD_LENGTH;
export const BYTE_COLUMN_BYTES: usize = CAPACITY;
export const WORD_COLUMN: usize = BYTE_COLUMN + BYTE_COLUMN_BYTES + GUARD_LENGTH;
export const WORD_COLUMN_BYTES: usize = CAPACITY * 4;
export const DIGESTS: usize = WORD_COLUMN + WORD_COLUMN_BYTES + GUARD_LENGTH;
export const DIGESTS_BYTES: usize = CAPACITY * 16;

/** 22 bytes of message. */
const MESSAGE_BITS: u32 = 22 * 8;

/** Digests the first `count` messages of the columns into DIGESTS. They share `prefix` and what STEP_CONSTANTS hold. */
export function run(prefix: u32, count: u32): void {
  const first = i32x4.splat(prefix);
  const second = i32x4.splat(<u32>load<u16>(SUFFIX) << 16);
  let bytes = BYTE_COLUMN;
  let words = WORD_COLUMN;
  let digests = DIGESTS;
  for (const end = BYTE_COLUMN + count; bytes < end; bytes += 12) {
    digestTwelve(
      firstWord(first, bytes, words),
      secondWord(second, words),
      firstWord(first, bytes + 4, words + 16),
      secondWord(second, words + 16),
      firstWord(first, bytes + 8, words + 32),
      secondWord(second, words + 32),
      digests,
    );
    words += 48;
    digests += 192;
  }
}

/** Makes STEP_CONSTANTS: K plus the words that all messages share. Once for all batches with one suffix. */
export function prepareStepConstants(): void {
  for (let i: u32 = 0; i < 64; i++) {
    let constant = load<u32>(K + ((<usize>i) << 2)) + sharedWord(wordOfStep(i));
    // Adding ~x is subtracting x and 1: the 1 goes here, the rest into I.
    if (i >= 48) constant -= 1;
    store<u32>(STEP_CONSTANTS + ((<usize>i) << 2), constant);
  }
}

/** RFC 1321 §3.4: which word of the block a step takes. */
function wordOfStep(i: u32): u32 {
  if (i < 16) return i;
  if (i < 32) return (5 * i + 1) & 15;
  if (i < 48) return (3 * i + 5) & 15;
  return (7 * i) & 15;
}

function sharedWord(word: u32): u32 {
  if (word >= 2 && word <= 4) return load<u32>(SUFFIX + ((<usize>word) << 2) - 6);
  if (word === 5) return <u32>load<u16>(SUFFIX, 14) | 0x800000;
  return word === 14 ? MESSAGE_BITS : 0;
}

/** Word 0 of four messages: prefix | byte << 8 | the upper two bytes of the word, swapped. */
// @ts-ignore: decorator
@inline
function firstWord(prefix: v128, bytes: usize, words: usize): v128 {
  const wide = i16x8.extend_low_i8x16_u(v128.load32_zero(bytes));
  const second = i32x4.shl(i32x4.extend_low_i16x8_u(wide), 8);
  return v128.or(v128.or(prefix, second), i32x4.shl(bigEndian(words), 16));
}

/** Word 1 of four messages: the lower two bytes of the word, swapped | suffix 0..1 << 16. */
// @ts-ignore: decorator
@inline
function secondWord(suffix: v128, words: usize): v128 {
  return v128.or(suffix, i32x4.shr_u(bigEndian(words), 16));
}

// @ts-ignore: decorator
@inline
function bigEndian(words: usize): v128 {
  const bytes = v128.load(words);
  return i8x16.shuffle(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** The 64 steps of RFC 1321 §3.4 on three groups of four messages; w0, w1 and so on: their words 0 and 1. */
function digestTwelve(w0: v128, w1: v128, x0: v128, x1: v128, y0: v128, y1: v128, digests: usize): void {
  let a = i32x4.splat(A), b = i32x4.splat(B), c = i32x4.splat(C), d = i32x4.splat(D);
  let e = a, f = b, g = c, h = d;
  let i = a, j = b, k = c, l = d;
  let t: v128;

  t = T(0);  a = F(add(a, w0), b, c, d, t, 7); e = F(add(e, x0), f, g, h, t, 7); i = F(add(i, y0), j, k, l, t, 7);
  t = T(1);  d = F(add(d, w1), a, b, c, t, 12); h = F(add(h, x1), e, f, g, t, 12); l = F(add(l, y1), i, j, k, t, 12);
  t = T(2);  c = F(c, d, a, b, t, 17); g = F(g, h, e, f, t, 17); k = F(k, l, i, j, t, 17);
  t = T(3);  b = F(b, c, d, a, t, 22); f = F(f, g, h, e, t, 22); j = F(j, k, l, i, t, 22);
  t = T(4);  a = F(a, b, c, d, t, 7); e = F(e, f, g, h, t, 7); i = F(i, j, k, l, t, 7);
  t = T(5);  d = F(d, a, b, c, t, 12); h = F(h, e, f, g, t, 12); l = F(l, i, j, k, t, 12);
  t = T(6);  c = F(c, d, a, b, t, 17); g = F(g, h, e, f, t, 17); k = F(k, l, i, j, t, 17);
  t = T(7);  b = F(b, c, d, a, t, 22); f = F(f, g, h, e, t, 22); j = F(j, k, l, i, t, 22);
  t = T(8);  a = F(a, b, c, d, t, 7); e = F(e, f, g, h, t, 7); i = F(i, j, k, l, t, 7);
  t = T(9);  d = F(d, a, b, c, t, 12); h = F(h, e, f, g, t, 12); l = F(l, i, j, k, t, 12);
  t = T(10); c = F(c, d, a, b, t, 17); g = F(g, h, e, f, t, 17); k = F(k, l, i, j, t, 17);
  t = T(11); b = F(b, c, d, a, t, 22); f = F(f, g, h, e, t, 22); j = F(j, k, l, i, t, 22);
  t = T(12); a = F(a, b, c, d, t, 7); e = F(e, f, g, h, t, 7); i = F(i, j, k, l, t, 7);
  t = T(13); d = F(d, a, b, c, t, 12); h = F(h, e, f, g, t, 12); l = F(l, i, j, k, t, 12);
  t = T(14); c = F(c, d, a, b, t, 17); g = F(g, h, e, f, t, 17); k = F(k, l, i, j, t, 17);
  t = T(15); b = F(b, c, d, a, t, 22); f = F(f, g, h, e, t, 22); j = F(j, k, l, i, t, 22);

  t = T(16); a = G(add(a, w1), b, c, d, t, 5); e = G(add(e, x1), f, g, h, t, 5); i = G(add(i, y1), j, k, l, t, 5);
  t = T(17); d = G(d, a, b, c, t, 9); h = G(h, e, f, g, t, 9); l = G(l, i, j, k, t, 9);
  t = T(18); c = G(c, d, a, b, t, 14); g = G(g, h, e, f, t, 14); k = G(k, l, i, j, t, 14);
  t = T(19); b = G(add(b, w0), c, d, a, t, 20); f = G(add(f, x0), g, h, e, t, 20); j = G(add(j, y0), k, l, i, t, 20);
  t = T(20); a = G(a, b, c, d, t, 5); e = G(e, f, g, h, t, 5); i = G(i, j, k, l, t, 5);
  t = T(21); d = G(d, a, b, c, t, 9); h = G(h, e, f, g, t, 9); l = G(l, i, j, k, t, 9);
  t = T(22); c = G(c, d, a, b, t, 14); g = G(g, h, e, f, t, 14); k = G(k, l, i, j, t, 14);
  t = T(23); b = G(b, c, d, a, t, 20); f = G(f, g, h, e, t, 20); j = G(j, k, l, i, t, 20);
  t = T(24); a = G(a, b, c, d, t, 5); e = G(e, f, g, h, t, 5); i = G(i, j, k, l, t, 5);
  t = T(25); d = G(d, a, b, c, t, 9); h = G(h, e, f, g, t, 9); l = G(l, i, j, k, t, 9);
  t = T(26); c = G(c, d, a, b, t, 14); g = G(g, h, e, f, t, 14); k = G(k, l, i, j, t, 14);
  t = T(27); b = G(b, c, d, a, t, 20); f = G(f, g, h, e, t, 20); j = G(j, k, l, i, t, 20);
  t = T(28); a = G(a, b, c, d, t, 5); e = G(e, f, g, h, t, 5); i = G(i, j, k, l, t, 5);
  t = T(29); d = G(d, a, b, c, t, 9); h = G(h, e, f, g, t, 9); l = G(l, i, j, k, t, 9);
  t = T(30); c = G(c, d, a, b, t, 14); g = G(g, h, e, f, t, 14); k = G(k, l, i, j, t, 14);
  t = T(31); b = G(b, c, d, a, t, 20); f = G(f, g, h, e, t, 20); j = G(j, k, l, i, t, 20);

  t = T(32); a = H(a, b, c, d, t, 4); e = H(e, f, g, h, t, 4); i = H(i, j, k, l, t, 4);
  t = T(33); d = H(d, a, b, c, t, 11); h = H(h, e, f, g, t, 11); l = H(l, i, j, k, t, 11);
  t = T(34); c = H(c, d, a, b, t, 16); g = H(g, h, e, f, t, 16); k = H(k, l, i, j, t, 16);
  t = T(35); b = H(b, c, d, a, t, 23); f = H(f, g, h, e, t, 23); j = H(j, k, l, i, t, 23);
  t = T(36); a = H(add(a, w1), b, c, d, t, 4); e = H(add(e, x1), f, g, h, t, 4); i = H(add(i, y1), j, k, l, t, 4);
  t = T(37); d = H(d, a, b, c, t, 11); h = H(h, e, f, g, t, 11); l = H(l, i, j, k, t, 11);
  t = T(38); c = H(c, d, a, b, t, 16); g = H(g, h, e, f, t, 16); k = H(k, l, i, j, t, 16);
  t = T(39); b = H(b, c, d, a, t, 23); f = H(f, g, h, e, t, 23); j = H(j, k, l, i, t, 23);
  t = T(40); a = H(a, b, c, d, t, 4); e = H(e, f, g, h, t, 4); i = H(i, j, k, l, t, 4);
  t = T(41); d = H(add(d, w0), a, b, c, t, 11); h = H(add(h, x0), e, f, g, t, 11); l = H(add(l, y0), i, j, k, t, 11);
  t = T(42); c = H(c, d, a, b, t, 16); g = H(g, h, e, f, t, 16); k = H(k, l, i, j, t, 16);
  t = T(43); b = H(b, c, d, a, t, 23); f = H(f, g, h, e, t, 23); j = H(j, k, l, i, t, 23);
  t = T(44); a = H(a, b, c, d, t, 4); e = H(e, f, g, h, t, 4); i = H(i, j, k, l, t, 4);
  t = T(45); d = H(d, a, b, c, t, 11); h = H(h, e, f, g, t, 11); l = H(l, i, j, k, t, 11);
  t = T(46); c = H(c, d, a, b, t, 16); g = H(g, h, e, f, t, 16); k = H(k, l, i, j, t, 16);
  t = T(47); b = H(b, c, d, a, t, 23); f = H(f, g, h, e, t, 23); j = H(j, k, l, i, t, 23);

  t = T(48); a = I(add(a, w0), b, c, d, t, 6); e = I(add(e, x0), f, g, h, t, 6); i = I(add(i, y0), j, k, l, t, 6);
  t = T(49); d = I(d, a, b, c, t, 10); h = I(h, e, f, g, t, 10); l = I(l, i, j, k, t, 10);
  t = T(50); c = I(c, d, a, b, t, 15); g = I(g, h, e, f, t, 15); k = I(k, l, i, j, t, 15);
  t = T(51); b = I(b, c, d, a, t, 21); f = I(f, g, h, e, t, 21); j = I(j, k, l, i, t, 21);
  t = T(52); a = I(a, b, c, d, t, 6); e = I(e, f, g, h, t, 6); i = I(i, j, k, l, t, 6);
  t = T(53); d = I(d, a, b, c, t, 10); h = I(h, e, f, g, t, 10); l = I(l, i, j, k, t, 10);
  t = T(54); c = I(c, d, a, b, t, 15); g = I(g, h, e, f, t, 15); k = I(k, l, i, j, t, 15);
  t = T(55); b = I(add(b, w1), c, d, a, t, 21); f = I(add(f, x1), g, h, e, t, 21); j = I(add(j, y1), k, l, i, t, 21);
  t = T(56); a = I(a, b, c, d, t, 6); e = I(e, f, g, h, t, 6); i = I(i, j, k, l, t, 6);
  t = T(57); d = I(d, a, b, c, t, 10); h = I(h, e, f, g, t, 10); l = I(l, i, j, k, t, 10);
  t = T(58); c = I(c, d, a, b, t, 15); g = I(g, h, e, f, t, 15); k = I(k, l, i, j, t, 15);
  t = T(59); b = I(b, c, d, a, t, 21); f = I(f, g, h, e, t, 21); j = I(j, k, l, i, t, 21);
  t = T(60); a = I(a, b, c, d, t, 6); e = I(e, f, g, h, t, 6); i = I(i, j, k, l, t, 6);
  t = T(61); d = I(d, a, b, c, t, 10); h = I(h, e, f, g, t, 10); l = I(l, i, j, k, t, 10);
  t = T(62); c = I(c, d, a, b, t, 15); g = I(g, h, e, f, t, 15); k = I(k, l, i, j, t, 15);
  t = T(63); b = I(b, c, d, a, t, 21); f = I(f, g, h, e, t, 21); j = I(j, k, l, i, t, 21);

  storeDigests(a, b, c, d, digests);
  storeDigests(e, f, g, h, digests + 64);
  storeDigests(i, j, k, l, digests + 128);
}

/** T[i] of the RFC with what prepareStepConstants added. */
// @ts-ignore: decorator
@inline
function T(step: usize): v128 {
  return v128.load32_splat(STEP_CONSTANTS + (step << 2));
}

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

/** F(b, c, d) = bc | ~bd. As below, b is the word that was made last: the less has to wait for it, the better. */
// @ts-ignore: decorator
@inline
function F(a: v128, b: v128, c: v128, d: v128, k: v128, shift: i32): v128 {
  return add(b, rotate(add(add(a, k), v128.xor(d, v128.and(b, v128.xor(c, d)))), shift));
}

/** G(b, c, d) = bd | c~d, which have no bit in common. */
// @ts-ignore: decorator
@inline
function G(a: v128, b: v128, c: v128, d: v128, k: v128, shift: i32): v128 {
  return add(b, rotate(add(add(add(a, k), v128.andnot(c, d)), v128.and(b, d)), shift));
}

/** H(b, c, d) = b ^ c ^ d. */
// @ts-ignore: decorator
@inline
function H(a: v128, b: v128, c: v128, d: v128, k: v128, shift: i32): v128 {
  return add(b, rotate(add(add(a, k), v128.xor(b, v128.xor(c, d))), shift));
}

/**
 * I(b, c, d) = c ^ (b | ~d) = ~(c ^ (d & ~b)). Adding ~x is subtracting x and 1, and the 1 is already taken
 * from the constant: a complement would cost two instructions.
 */
// @ts-ignore: decorator
@inline
function I(a: v128, b: v128, c: v128, d: v128, k: v128, shift: i32): v128 {
  return add(b, rotate(i32x4.sub(add(a, k), v128.xor(c, v128.andnot(d, b))), shift));
}

/** Each lane to the left. A rotation by 16 swaps the halves of a lane, which is one instruction. */
// @ts-ignore: decorator
@inline
function rotate(lanes: v128, shift: i32): v128 {
  if (shift === 16) return i16x8.shuffle(lanes, lanes, 1, 0, 3, 2, 5, 4, 7, 6);
  return v128.or(i32x4.shl(lanes, shift), i32x4.shr_u(lanes, 32 - shift));
}

/**
 * Adds the initial state (RFC 1321 §3.4, end) and turns four vectors of one word each into four digests:
 *
 *   a a' a" a*      a  b  c  d    message 0
 *   b b' b" b*  →   a' b' c' d'   message 1
 *   c c' c" c*      a" b" c" d"   message 2
 *   d d' d" d*      a* b* c* d*   message 3
 */
// @ts-ignore: decorator
@inline
function storeDigests(a: v128, b: v128, c: v128, d: v128, digests: usize): void {
  a = add(a, i32x4.splat(A));
  b = add(b, i32x4.splat(B));
  c = add(c, i32x4.splat(C));
  d = add(d, i32x4.splat(D));
  const ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(digests, i64x2.shuffle(ab01, cd01, 0, 2));
  v128.store(digests, i64x2.shuffle(ab01, cd01, 1, 3), 16);
  v128.store(digests, i64x2.shuffle(ab23, cd23, 0, 2), 32);
  v128.store(digests, i64x2.shuffle(ab23, cd23, 1, 3), 48);
}
