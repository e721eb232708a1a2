/**
 * MD5 (RFC 1321) of the messages from which a RAIDA makes new authenticity numbers: 22 bytes,
 * `raida id u8 | denomination i8 | serial u32 BE | PG 16 bytes`. Eight messages a step, in two groups of
 * four lanes: one group alone waits for its own additions, a third would not fit into the registers.
 *
 * A message with its padding is one block of sixteen words (little-endian, lanes of one vector = four
 * messages):
 *
 *   word    0  raida id | denomination | serial, upper two bytes        differs from lane to lane
 *   word    1  serial, lower two bytes | PG 0..1                        differs from lane to lane
 *   words 2-4  PG 2..13                                                 the same in all messages
 *   word    5  PG 14..15 | 0x80, which begins the padding               the same in all messages
 *   words 6-13, 15  zero
 *   word   14  the length in bits
 *
 * What is the same in all messages is added to the constants of the 64 steps once for the whole batch, so
 * that only the eight steps which take word 0 or 1 add a word of the message.
 *
 *   0x01000 STEP_CONSTANTS  64 words, K[i] plus the word of step i where all messages share it
 *   0x01140 PG              the 16 bytes that all messages end with
 *   0x01190 DENOMINATIONS   one byte a message
 *   0x031d0 SERIALS         one little-endian word a message
 *   0x0b210 DIGESTS         16 bytes a message, as a vector of a, b, c, d
 *
 * A batch is a multiple of eight or is rounded up to one: the last step then reads and writes lanes that
 * nobody asked for, inside its regions, since their sizes are multiples of eight messages.
 */
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export { GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";

/** Messages in one call. */
export const CAPACITY: usize = 8192;

export const STEP_CONSTANTS: usize = FIRST_REGION;
export const STEP_CONSTANTS_BYTES: usize = 64 * 4;
export const PG: usize = STEP_CONSTANTS + STEP_CONSTANTS_BYTES + GUARD_LENGTH;
export const PG_BYTES: usize = 16;
export const DENOMINATIONS: usize = PG + PG_BYTES + GUARD_LENGTH;
export const DENOMINATIONS_BYTES: usize = CAPACITY;
export const SERIALS: usize = DENOMINATIONS + DENOMINATIONS_BYTES + GUARD_LENGTH;
export const SERIALS_BYTES: usize = CAPACITY * 4;
export const DIGESTS: usize = SERIALS + SERIALS_BYTES + GUARD_LENGTH;
export const DIGESTS_BYTES: usize = CAPACITY * 16;

/** 22 bytes of message. */
const MESSAGE_BITS: u32 = 22 * 8;

/** RFC 1321 §3.4: T[i] = floor(2^32 · |sin(i + 1)|), i in radians. */
const K = memory.data<u32>([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
]);

/** RFC 1321 §3.3: the initial state. */
const A: u32 = 0x67452301;
const B: u32 = 0xefcdab89;
const C: u32 = 0x98badcfe;
const D: u32 = 0x10325476;

/** Digests the first `count` messages of the columns, which share `raidaId` and PG, into DIGESTS. */
export function run(raidaId: u32, count: u32): void {
  prepareStepConstants();
  const first = i32x4.splat(raidaId);
  const second = i32x4.splat(<u32>load<u16>(PG) << 16);
  let denominations = DENOMINATIONS;
  let serials = SERIALS;
  let digests = DIGESTS;
  for (const end = DENOMINATIONS + count; denominations < end; denominations += 8) {
    digestEight(
      firstWord(first, denominations, serials),
      secondWord(second, serials),
      firstWord(first, denominations + 4, serials + 16),
      secondWord(second, serials + 16),
      digests,
    );
    serials += 32;
    digests += 128;
  }
}

/** K plus the words that all messages share. */
function prepareStepConstants(): void {
  for (let i: u32 = 0; i < 64; i++) {
    let constant = load<u32>(K + ((<usize>i) << 2)) + sharedWord(wordOfStep(i));
    // Adding ~x is subtracting x and 1: the 1 goes here, the rest into stepI.
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
  if (word >= 2 && word <= 4) return load<u32>(PG + ((<usize>word) << 2) - 6);
  if (word === 5) return <u32>load<u16>(PG, 14) | 0x800000;
  return word === 14 ? MESSAGE_BITS : 0;
}

/** Word 0 of four messages: raida id | denomination << 8 | the upper two bytes of the serial, swapped. */
// @ts-ignore: decorator
@inline
function firstWord(raidaId: v128, denominations: usize, serials: usize): v128 {
  const wide = i16x8.extend_low_i8x16_u(v128.load32_zero(denominations));
  const second = i32x4.shl(i32x4.extend_low_i16x8_u(wide), 8);
  return v128.or(v128.or(raidaId, second), i32x4.shl(bigEndian(serials), 16));
}

/** Word 1 of four messages: the lower two bytes of the serial, swapped | PG 0..1 << 16. */
// @ts-ignore: decorator
@inline
function secondWord(pg: v128, serials: usize): v128 {
  return v128.or(pg, i32x4.shr_u(bigEndian(serials), 16));
}

// @ts-ignore: decorator
@inline
function bigEndian(words: usize): v128 {
  const bytes = v128.load(words);
  return i8x16.shuffle(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** The 64 steps of RFC 1321 §3.4 on two groups of four messages; w0, w1: their words 0 and 1. */
function digestEight(w0: v128, w1: v128, x0: v128, x1: v128, digests: usize): void {
  let a = i32x4.splat(A), b = i32x4.splat(B), c = i32x4.splat(C), d = i32x4.splat(D);
  let e = a, f = b, g = c, h = d;
  let k: v128;

  k = constant(0);  a = stepF(plus(a, w0), b, c, d, k, 7); e = stepF(plus(e, x0), f, g, h, k, 7);
  k = constant(1);  d = stepF(plus(d, w1), a, b, c, k, 12); h = stepF(plus(h, x1), e, f, g, k, 12);
  k = constant(2);  c = stepF(c, d, a, b, k, 17); g = stepF(g, h, e, f, k, 17);
  k = constant(3);  b = stepF(b, c, d, a, k, 22); f = stepF(f, g, h, e, k, 22);
  k = constant(4);  a = stepF(a, b, c, d, k, 7); e = stepF(e, f, g, h, k, 7);
  k = constant(5);  d = stepF(d, a, b, c, k, 12); h = stepF(h, e, f, g, k, 12);
  k = constant(6);  c = stepF(c, d, a, b, k, 17); g = stepF(g, h, e, f, k, 17);
  k = constant(7);  b = stepF(b, c, d, a, k, 22); f = stepF(f, g, h, e, k, 22);
  k = constant(8);  a = stepF(a, b, c, d, k, 7); e = stepF(e, f, g, h, k, 7);
  k = constant(9);  d = stepF(d, a, b, c, k, 12); h = stepF(h, e, f, g, k, 12);
  k = constant(10); c = stepF(c, d, a, b, k, 17); g = stepF(g, h, e, f, k, 17);
  k = constant(11); b = stepF(b, c, d, a, k, 22); f = stepF(f, g, h, e, k, 22);
  k = constant(12); a = stepF(a, b, c, d, k, 7); e = stepF(e, f, g, h, k, 7);
  k = constant(13); d = stepF(d, a, b, c, k, 12); h = stepF(h, e, f, g, k, 12);
  k = constant(14); c = stepF(c, d, a, b, k, 17); g = stepF(g, h, e, f, k, 17);
  k = constant(15); b = stepF(b, c, d, a, k, 22); f = stepF(f, g, h, e, k, 22);

  k = constant(16); a = stepG(plus(a, w1), b, c, d, k, 5); e = stepG(plus(e, x1), f, g, h, k, 5);
  k = constant(17); d = stepG(d, a, b, c, k, 9); h = stepG(h, e, f, g, k, 9);
  k = constant(18); c = stepG(c, d, a, b, k, 14); g = stepG(g, h, e, f, k, 14);
  k = constant(19); b = stepG(plus(b, w0), c, d, a, k, 20); f = stepG(plus(f, x0), g, h, e, k, 20);
  k = constant(20); a = stepG(a, b, c, d, k, 5); e = stepG(e, f, g, h, k, 5);
  k = constant(21); d = stepG(d, a, b, c, k, 9); h = stepG(h, e, f, g, k, 9);
  k = constant(22); c = stepG(c, d, a, b, k, 14); g = stepG(g, h, e, f, k, 14);
  k = constant(23); b = stepG(b, c, d, a, k, 20); f = stepG(f, g, h, e, k, 20);
  k = constant(24); a = stepG(a, b, c, d, k, 5); e = stepG(e, f, g, h, k, 5);
  k = constant(25); d = stepG(d, a, b, c, k, 9); h = stepG(h, e, f, g, k, 9);
  k = constant(26); c = stepG(c, d, a, b, k, 14); g = stepG(g, h, e, f, k, 14);
  k = constant(27); b = stepG(b, c, d, a, k, 20); f = stepG(f, g, h, e, k, 20);
  k = constant(28); a = stepG(a, b, c, d, k, 5); e = stepG(e, f, g, h, k, 5);
  k = constant(29); d = stepG(d, a, b, c, k, 9); h = stepG(h, e, f, g, k, 9);
  k = constant(30); c = stepG(c, d, a, b, k, 14); g = stepG(g, h, e, f, k, 14);
  k = constant(31); b = stepG(b, c, d, a, k, 20); f = stepG(f, g, h, e, k, 20);

  k = constant(32); a = stepH(a, b, c, d, k, 4); e = stepH(e, f, g, h, k, 4);
  k = constant(33); d = stepH(d, a, b, c, k, 11); h = stepH(h, e, f, g, k, 11);
  k = constant(34); c = stepH(c, d, a, b, k, 16); g = stepH(g, h, e, f, k, 16);
  k = constant(35); b = stepH(b, c, d, a, k, 23); f = stepH(f, g, h, e, k, 23);
  k = constant(36); a = stepH(plus(a, w1), b, c, d, k, 4); e = stepH(plus(e, x1), f, g, h, k, 4);
  k = constant(37); d = stepH(d, a, b, c, k, 11); h = stepH(h, e, f, g, k, 11);
  k = constant(38); c = stepH(c, d, a, b, k, 16); g = stepH(g, h, e, f, k, 16);
  k = constant(39); b = stepH(b, c, d, a, k, 23); f = stepH(f, g, h, e, k, 23);
  k = constant(40); a = stepH(a, b, c, d, k, 4); e = stepH(e, f, g, h, k, 4);
  k = constant(41); d = stepH(plus(d, w0), a, b, c, k, 11); h = stepH(plus(h, x0), e, f, g, k, 11);
  k = constant(42); c = stepH(c, d, a, b, k, 16); g = stepH(g, h, e, f, k, 16);
  k = constant(43); b = stepH(b, c, d, a, k, 23); f = stepH(f, g, h, e, k, 23);
  k = constant(44); a = stepH(a, b, c, d, k, 4); e = stepH(e, f, g, h, k, 4);
  k = constant(45); d = stepH(d, a, b, c, k, 11); h = stepH(h, e, f, g, k, 11);
  k = constant(46); c = stepH(c, d, a, b, k, 16); g = stepH(g, h, e, f, k, 16);
  k = constant(47); b = stepH(b, c, d, a, k, 23); f = stepH(f, g, h, e, k, 23);

  k = constant(48); a = stepI(plus(a, w0), b, c, d, k, 6); e = stepI(plus(e, x0), f, g, h, k, 6);
  k = constant(49); d = stepI(d, a, b, c, k, 10); h = stepI(h, e, f, g, k, 10);
  k = constant(50); c = stepI(c, d, a, b, k, 15); g = stepI(g, h, e, f, k, 15);
  k = constant(51); b = stepI(b, c, d, a, k, 21); f = stepI(f, g, h, e, k, 21);
  k = constant(52); a = stepI(a, b, c, d, k, 6); e = stepI(e, f, g, h, k, 6);
  k = constant(53); d = stepI(d, a, b, c, k, 10); h = stepI(h, e, f, g, k, 10);
  k = constant(54); c = stepI(c, d, a, b, k, 15); g = stepI(g, h, e, f, k, 15);
  k = constant(55); b = stepI(plus(b, w1), c, d, a, k, 21); f = stepI(plus(f, x1), g, h, e, k, 21);
  k = constant(56); a = stepI(a, b, c, d, k, 6); e = stepI(e, f, g, h, k, 6);
  k = constant(57); d = stepI(d, a, b, c, k, 10); h = stepI(h, e, f, g, k, 10);
  k = constant(58); c = stepI(c, d, a, b, k, 15); g = stepI(g, h, e, f, k, 15);
  k = constant(59); b = stepI(b, c, d, a, k, 21); f = stepI(f, g, h, e, k, 21);
  k = constant(60); a = stepI(a, b, c, d, k, 6); e = stepI(e, f, g, h, k, 6);
  k = constant(61); d = stepI(d, a, b, c, k, 10); h = stepI(h, e, f, g, k, 10);
  k = constant(62); c = stepI(c, d, a, b, k, 15); g = stepI(g, h, e, f, k, 15);
  k = constant(63); b = stepI(b, c, d, a, k, 21); f = stepI(f, g, h, e, k, 21);

  storeDigests(a, b, c, d, digests);
  storeDigests(e, f, g, h, digests + 64);
}

// @ts-ignore: decorator
@inline
function constant(step: usize): v128 {
  return v128.load32_splat(STEP_CONSTANTS + (step << 2));
}

// @ts-ignore: decorator
@inline
function plus(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

/** F(b, c, d) = bc | ~bd. */
// @ts-ignore: decorator
@inline
function stepF(a: v128, b: v128, c: v128, d: v128, k: v128, shift: i32): v128 {
  return plus(b, rotate(plus(plus(a, k), v128.bitselect(c, d, b)), shift));
}

/** G(b, c, d) = bd | c~d. */
// @ts-ignore: decorator
@inline
function stepG(a: v128, b: v128, c: v128, d: v128, k: v128, shift: i32): v128 {
  return plus(b, rotate(plus(plus(a, k), v128.bitselect(b, c, d)), shift));
}

/** H(b, c, d) = b ^ c ^ d. */
// @ts-ignore: decorator
@inline
function stepH(a: v128, b: v128, c: v128, d: v128, k: v128, shift: i32): v128 {
  return plus(b, rotate(plus(plus(a, k), v128.xor(b, v128.xor(c, d))), shift));
}

/**
 * I(b, c, d) = c ^ (b | ~d) = ~(c ^ (d & ~b)). Adding ~x is subtracting x and 1, and the 1 is already taken
 * from the constant: a complement would cost two instructions.
 */
// @ts-ignore: decorator
@inline
function stepI(a: v128, b: v128, c: v128, d: v128, k: v128, shift: i32): v128 {
  return plus(b, rotate(i32x4.sub(plus(a, k), v128.xor(c, v128.andnot(d, b))), shift));
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
  a = plus(a, i32x4.splat(A));
  b = plus(b, i32x4.splat(B));
  c = plus(c, i32x4.splat(C));
  d = plus(d, i32x4.splat(D));
  const ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(digests, i64x2.shuffle(ab01, cd01, 0, 2));
  v128.store(digests, i64x2.shuffle(ab01, cd01, 1, 3), 16);
  v128.store(digests, i64x2.shuffle(ab23, cd23, 0, 2), 32);
  v128.store(digests, i64x2.shuffle(ab23, cd23, 1, 3), 48);
}
