/**
 * SHA-1 of four messages (FIPS 180-4 §6.1.2), each in one lane: a vector is the same word of all four.
 *
 *   LANES  a a' a" a* | b b' b" b* | … | e e' e" e*
 */
import { K0, K20, K40, K60 } from "./sha1-constants";
import { BLOCK_BYTES, DIGEST_BYTES, LANES, SCHEDULE } from "./sha1-memory";
import { add, column, rotateLeft, swapBytes, xor } from "./vectors";

/** Takes `blocks` blocks of each of four messages, `stride` bytes apart, the first at `from`, into LANES. */
export function absorbFour(from: usize, stride: usize, blocks: usize): void {
  for (; blocks > 0; blocks--, from += BLOCK_BYTES) {
    expand(from, stride);
    absorbSchedule();
  }
}

/** Writes the digests of the four messages one after the other to `to`. */
export function storeDigests(to: usize): void {
  const a = v128.load(LANES), b = v128.load(LANES, 16), c = v128.load(LANES, 32), d = v128.load(LANES, 48);
  const e = swapBytes(v128.load(LANES, 64));
  storeDigest(to, column(a, b, c, d, 0), i32x4.extract_lane(e, 0));
  storeDigest(to + DIGEST_BYTES, column(a, b, c, d, 1), i32x4.extract_lane(e, 1));
  storeDigest(to + 2 * DIGEST_BYTES, column(a, b, c, d, 2), i32x4.extract_lane(e, 2));
  storeDigest(to + 3 * DIGEST_BYTES, column(a, b, c, d, 3), i32x4.extract_lane(e, 3));
}

// @ts-ignore: decorator
@inline
function storeDigest(to: usize, words: v128, last: i32): void {
  v128.store(to, swapBytes(words));
  store<i32>(to, last, 16);
}

function absorbSchedule(): void {
  let a = v128.load(LANES), b = v128.load(LANES, 16), c = v128.load(LANES, 32), d = v128.load(LANES, 48);
  let e = v128.load(LANES, 64);
  let w = SCHEDULE;
  for (const end = w + 20 * 16; w < end; w += 5 * 16) {
    e = round(e, a, choose(b, c, d), K0, w, 0); b = rotateLeft(b, 30);
    d = round(d, e, choose(a, b, c), K0, w, 1); a = rotateLeft(a, 30);
    c = round(c, d, choose(e, a, b), K0, w, 2); e = rotateLeft(e, 30);
    b = round(b, c, choose(d, e, a), K0, w, 3); d = rotateLeft(d, 30);
    a = round(a, b, choose(c, d, e), K0, w, 4); c = rotateLeft(c, 30);
  }
  for (const end = w + 20 * 16; w < end; w += 5 * 16) {
    e = round(e, a, parity(b, c, d), K20, w, 0); b = rotateLeft(b, 30);
    d = round(d, e, parity(a, b, c), K20, w, 1); a = rotateLeft(a, 30);
    c = round(c, d, parity(e, a, b), K20, w, 2); e = rotateLeft(e, 30);
    b = round(b, c, parity(d, e, a), K20, w, 3); d = rotateLeft(d, 30);
    a = round(a, b, parity(c, d, e), K20, w, 4); c = rotateLeft(c, 30);
  }
  for (const end = w + 20 * 16; w < end; w += 5 * 16) {
    e = round(e, a, majority(b, c, d), K40, w, 0); b = rotateLeft(b, 30);
    d = round(d, e, majority(a, b, c), K40, w, 1); a = rotateLeft(a, 30);
    c = round(c, d, majority(e, a, b), K40, w, 2); e = rotateLeft(e, 30);
    b = round(b, c, majority(d, e, a), K40, w, 3); d = rotateLeft(d, 30);
    a = round(a, b, majority(c, d, e), K40, w, 4); c = rotateLeft(c, 30);
  }
  for (const end = w + 20 * 16; w < end; w += 5 * 16) {
    e = round(e, a, parity(b, c, d), K60, w, 0); b = rotateLeft(b, 30);
    d = round(d, e, parity(a, b, c), K60, w, 1); a = rotateLeft(a, 30);
    c = round(c, d, parity(e, a, b), K60, w, 2); e = rotateLeft(e, 30);
    b = round(b, c, parity(d, e, a), K60, w, 3); d = rotateLeft(d, 30);
    a = round(a, b, parity(c, d, e), K60, w, 4); c = rotateLeft(c, 30);
  }
  addTo(0, a);
  addTo(16, b);
  addTo(32, c);
  addTo(48, d);
  addTo(64, e);
}

/** The new `a`, in the place of `e`. */
// @ts-ignore: decorator
@inline
function round(e: v128, a: v128, mixed: v128, k: u32, words: usize, word: usize): v128 {
  return add(add(add(e, v128.load(words + (word << 4))), add(mixed, i32x4.splat(k))), rotateLeft(a, 5));
}

// @ts-ignore: decorator
@inline
function choose(b: v128, c: v128, d: v128): v128 {
  return v128.bitselect(c, d, b);
}

// @ts-ignore: decorator
@inline
function parity(b: v128, c: v128, d: v128): v128 {
  return xor(b, xor(c, d));
}

// @ts-ignore: decorator
@inline
function majority(b: v128, c: v128, d: v128): v128 {
  return xor(c, v128.and(xor(b, c), xor(c, d)));
}

/** Writes the 80 words of a block of each message. */
function expand(from: usize, stride: usize): void {
  let w = SCHEDULE;
  for (; w < SCHEDULE + 256; w += 64, from += 16) {
    const row0 = v128.load(from), row1 = v128.load(from + stride);
    const row2 = v128.load(from + 2 * stride), row3 = v128.load(from + 3 * stride);
    v128.store(w, swapBytes(column(row0, row1, row2, row3, 0)));
    v128.store(w, swapBytes(column(row0, row1, row2, row3, 1)), 16);
    v128.store(w, swapBytes(column(row0, row1, row2, row3, 2)), 32);
    v128.store(w, swapBytes(column(row0, row1, row2, row3, 3)), 48);
  }
  for (; w < SCHEDULE + 80 * 16; w += 16) {
    const sum = xor(xor(v128.load(w - 48), v128.load(w - 128)), xor(v128.load(w - 224), v128.load(w - 256)));
    v128.store(w, rotateLeft(sum, 1));
  }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, word: v128): void {
  v128.store(LANES + at, add(v128.load(LANES + at), word));
}
