/**
 * The gear hash of content-defined chunking (FastCDC, Xia et al., USENIX ATC 2016, §3): the hash of a byte is twice
 * that of the byte before plus GEAR[byte], modulo 2^32, so that it depends on the last 32 bytes. A byte whose hash has
 * none of the bits of a mask begins a chunk.
 *
 * GEAR[byte] = LOW[byte & 15] ^ HIGH[byte >> 4]: a table of two rows of sixteen words, which a vector looks up sixteen
 * bytes at a time. The words are the SHA-256 of the byte 0, of 1, of 2 and of 3, one after the other, little-endian.
 *
 * The lower half of a hash depends on the last 16 bytes only, and masks have bits in it. So vectors compute the lower
 * half at sixteen places at once, by doubling a window of one byte four times,
 *
 *   h1[n] = GEAR[n],  h2[n] = h1[n] + 2 h1[n - 1],  h4[n] = h2[n] + 4 h2[n - 2],  h8, h16 likewise
 *
 * and only where its bits are clear is the whole hash computed, byte by byte.
 *
 *   0x001000 GEAR    the table, 256 words
 *   0x001440 PLANES  the lower two bytes of the words of the rows: the lowest of LOW, of HIGH, the next of LOW, of HIGH
 *   0x0014c0 INPUT   bytes that are searched
 */
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export { GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";

/** Bytes that a hash depends on. */
const WINDOW: usize = 32;

export const GEAR: usize = FIRST_REGION;
export const GEAR_BYTES: usize = 256 * 4;
export const PLANES: usize = GEAR + GEAR_BYTES + GUARD_LENGTH;
export const PLANES_BYTES: usize = 4 * 16;
export const INPUT: usize = PLANES + PLANES_BYTES + GUARD_LENGTH;
export const INPUT_BYTES: usize = 16 * 1024;

/** SHA-256 of the bytes 0 and 1. */
const LOW: StaticArray<u32> = [
  0x9c0b346e, 0x987ab3ff, 0xe644a59c, 0x2c0a78bb, 0x3f1d9078, 0x763837b3, 0x06a31185, 0x1da0af17,
  0x2f12f54b, 0xc5544534, 0xbb2ede3b, 0xe3b7d28c, 0xd60a60d1, 0xa585c331, 0x3ce2ccd7, 0x9a458577,
];
/** SHA-256 of the bytes 2 and 3. */
const HIGH: StaticArray<u32> = [
  0xc9b4c1db, 0x8de4ff00, 0xa55d5b57, 0x010438c6, 0xb05df625, 0x49243efe, 0x98ea764b, 0x86d95764,
  0x08ed4f08, 0x4daf78b9, 0x746a197d, 0x586ba846, 0x6b639e00, 0x62b11d61, 0x9a5ab611, 0xc529ffad,
];

buildGear();

/** The hash after the last byte that a {@link scan} looked at. */
let hash: u32 = 0;

/** The hash after a {@link scan} that found nothing. */
export function hashed(): u32 {
  return hash;
}

/**
 * Searches the `length` bytes at `from` for the first whose hash has none of the bits of `mask`; `before` is the hash
 * of the byte before them. Returns its place among them, or `length`.
 */
export function scan(from: usize, length: usize, before: u32, mask: u32): usize {
  const end = from + length;
  // The hash of a byte of the first window depends on `before`.
  let at = scanBytes(from, from + min(length, WINDOW), before, mask);
  if (at < from + WINDOW || at === end) return at - from;
  const vectors = from + (length & ~15);
  at = scanVectors(at, vectors, mask);
  if (at === vectors) at = scanBytes(at, end, hashAt(at - 1), mask);
  return at - from;
}

/** {@link scan} byte by byte. Returns the address, or `end`. */
function scanBytes(at: usize, end: usize, before: u32, mask: u32): usize {
  let now = before;
  for (; at < end; at++) {
    now = (now << 1) + gear(at);
    if ((now & mask) === 0) break;
  }
  hash = now;
  return at;
}

/** {@link scan} by vectors, from a window or more behind the beginning. Returns the address, or `end`. */
function scanVectors(at: usize, end: usize, mask: u32): usize {
  const bits = i16x8.splat(<i16>(mask & 0xffff));
  const zero = i16x8.splat(0);
  // The sixteen bytes before are the windows of the next eight lanes: what came before those is shifted out.
  let a1 = lower(at - 16), b1 = upper(at - 16);
  let a2 = two(zero, a1), b2 = two(a1, b1);
  let a4 = four(zero, a2), b4 = four(a2, b2);
  let b8 = eight(a4, b4);
  for (; at < end; at += 16) {
    a1 = lower(at);
    a2 = two(b1, a1);
    a4 = four(b2, a2);
    const a8 = eight(b4, a4);
    b1 = upper(at);
    b2 = two(a1, b1);
    b4 = four(a2, b2);
    const a16 = i16x8.add(a8, i16x8.shl(b8, 8));
    b8 = eight(a4, b4);
    const b16 = i16x8.add(b8, i16x8.shl(a8, 8));
    const a = i16x8.eq(v128.and(a16, bits), zero);
    const b = i16x8.eq(v128.and(b16, bits), zero);
    if (!v128.any_true(v128.or(a, b))) continue;
    for (let found = i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)); found !== 0; found &= found - 1) {
      const place = at + <usize>ctz(found);
      if ((hashAt(place) & mask) === 0) return place;
    }
  }
  return end;
}

/** Windows of two bytes from those of one, for eight lanes; `before` are the eight lanes before them. */
// @ts-ignore: decorator
@inline
function two(before: v128, lanes: v128): v128 {
  const moved = i16x8.shuffle(before, lanes, 7, 8, 9, 10, 11, 12, 13, 14);
  return i16x8.add(lanes, i16x8.add(moved, moved));
}

/** Windows of four bytes from those of two. */
// @ts-ignore: decorator
@inline
function four(before: v128, lanes: v128): v128 {
  return i16x8.add(lanes, i16x8.shl(i16x8.shuffle(before, lanes, 6, 7, 8, 9, 10, 11, 12, 13), 2));
}

/** Windows of eight bytes from those of four. */
// @ts-ignore: decorator
@inline
function eight(before: v128, lanes: v128): v128 {
  return i16x8.add(lanes, i16x8.shl(i16x8.shuffle(before, lanes, 4, 5, 6, 7, 8, 9, 10, 11), 4));
}

/** The lower halves of the words of the first eight bytes at an address; {@link upper} of the next eight. */
// @ts-ignore: decorator
@inline
function lower(at: usize): v128 {
  const lowest = looked(PLANES, at);
  return i8x16.shuffle(lowest, looked(PLANES + 32, at), 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function upper(at: usize): v128 {
  const lowest = looked(PLANES, at);
  return i8x16.shuffle(lowest, looked(PLANES + 32, at), 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** Bytes of words, one for each of sixteen bytes, from the planes of their nibbles. */
// @ts-ignore: decorator
@inline
function looked(up: usize, at: usize): v128 {
  const low = i8x16.swizzle(v128.load(up), lowNibbles(at));
  return v128.xor(low, i8x16.swizzle(v128.load(up, 16), highNibbles(at)));
}

// @ts-ignore: decorator
@inline
function lowNibbles(at: usize): v128 {
  return v128.and(v128.load(at), i8x16.splat(15));
}

// @ts-ignore: decorator
@inline
function highNibbles(at: usize): v128 {
  return v128.and(i16x8.shr_u(v128.load(at), 4), i8x16.splat(15));
}

/** The hash of a byte whose whole window lies in memory, in four chains at once. */
// @ts-ignore: decorator
@inline
function hashAt(at: usize): u32 {
  return (
    chain(at) + (chain(at - 8) << 8) + (chain(at - 16) << 16) + (chain(at - 24) << 24)
  );
}

/** What the eight bytes up to `at` add to its hash. */
// @ts-ignore: decorator
@inline
function chain(at: usize): u32 {
  return (
    gear(at) + (gear(at - 1) << 1) + (gear(at - 2) << 2) + (gear(at - 3) << 3) +
    (gear(at - 4) << 4) + (gear(at - 5) << 5) + (gear(at - 6) << 6) + (gear(at - 7) << 7)
  );
}

// @ts-ignore: decorator
@inline
function gear(at: usize): u32 {
  return load<u32>(GEAR + ((<usize>load<u8>(at)) << 2));
}

function buildGear(): void {
  for (let byte: i32 = 0; byte < 256; byte++) {
    store<u32>(GEAR + ((<usize>byte) << 2), unchecked(LOW[byte & 15]) ^ unchecked(HIGH[byte >> 4]));
  }
  for (let nibble: i32 = 0; nibble < 16; nibble++) {
    const at = PLANES + <usize>nibble;
    store<u8>(at, <u8>unchecked(LOW[nibble]));
    store<u8>(at, <u8>unchecked(HIGH[nibble]), 16);
    store<u8>(at, <u8>(unchecked(LOW[nibble]) >> 8), 32);
    store<u8>(at, <u8>(unchecked(HIGH[nibble]) >> 8), 48);
  }
}
