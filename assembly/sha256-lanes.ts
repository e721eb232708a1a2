/**
 * SHA-256 of four messages (FIPS 180-4 §6.2.2), each in one lane: a vector is the same word of all four.
 *
 *   LANES  a a' a" a* | b b' b" b* | … | h h' h" h*
 */
import { K } from "./sha256-constants";
import { BLOCK_BYTES, LANES } from "./sha256-memory";
import { add, column, rotateRight, swapBytes, xor } from "./vectors";

/** Takes `blocks` blocks of each of four messages, `stride` bytes apart, the first at `from`, into LANES. */
export function absorbFour(from: usize, stride: usize, blocks: usize): void {
  for (; blocks > 0; blocks--, from += BLOCK_BYTES) absorbBlock(from, stride, K, true);
}

/** Takes one block that all four messages share: `schedule` has its 64 words, each with its constant added. */
export function absorbShared(schedule: usize): void {
  absorbBlock(0, 0, schedule, false);
}

/** What differs is known when this is compiled: a test of it in the loop costs a twentieth. */
// @ts-ignore: decorator
@inline
function absorbBlock(from: usize, stride: usize, k: usize, expands: bool): void {
  let a = v128.load(LANES), b = v128.load(LANES, 16), c = v128.load(LANES, 32), d = v128.load(LANES, 48);
  let e = v128.load(LANES, 64), f = v128.load(LANES, 80), g = v128.load(LANES, 96), h = v128.load(LANES, 112);
  let w0 = i64x2.splat(0), w1 = w0, w2 = w0, w3 = w0, w4 = w0, w5 = w0, w6 = w0, w7 = w0;
  let w8 = w0, w9 = w0, w10 = w0, w11 = w0, w12 = w0, w13 = w0, w14 = w0, w15 = w0;
  if (expands) {
    w0 = word(from, stride, 0);     w1 = word(from, stride, 1);     w2 = word(from, stride, 2);
    w3 = word(from, stride, 3);     w4 = word(from, stride, 4);     w5 = word(from, stride, 5);
    w6 = word(from, stride, 6);     w7 = word(from, stride, 7);     w8 = word(from, stride, 8);
    w9 = word(from, stride, 9);     w10 = word(from, stride, 10);   w11 = word(from, stride, 11);
    w12 = word(from, stride, 12);   w13 = word(from, stride, 13);   w14 = word(from, stride, 14);
    w15 = word(from, stride, 15);
  }
  for (const last = k + 192; ; k += 64) {
    h = first(h, e, f, g, w0, k, 0);   d = add(d, h); h = second(h, a, b, c);
    g = first(g, d, e, f, w1, k, 4);   c = add(c, g); g = second(g, h, a, b);
    f = first(f, c, d, e, w2, k, 8);   b = add(b, f); f = second(f, g, h, a);
    e = first(e, b, c, d, w3, k, 12);  a = add(a, e); e = second(e, f, g, h);
    d = first(d, a, b, c, w4, k, 16);  h = add(h, d); d = second(d, e, f, g);
    c = first(c, h, a, b, w5, k, 20);  g = add(g, c); c = second(c, d, e, f);
    b = first(b, g, h, a, w6, k, 24);  f = add(f, b); b = second(b, c, d, e);
    a = first(a, f, g, h, w7, k, 28);  e = add(e, a); a = second(a, b, c, d);
    h = first(h, e, f, g, w8, k, 32);  d = add(d, h); h = second(h, a, b, c);
    g = first(g, d, e, f, w9, k, 36);  c = add(c, g); g = second(g, h, a, b);
    f = first(f, c, d, e, w10, k, 40); b = add(b, f); f = second(f, g, h, a);
    e = first(e, b, c, d, w11, k, 44); a = add(a, e); e = second(e, f, g, h);
    d = first(d, a, b, c, w12, k, 48); h = add(h, d); d = second(d, e, f, g);
    c = first(c, h, a, b, w13, k, 52); g = add(g, c); c = second(c, d, e, f);
    b = first(b, g, h, a, w14, k, 56); f = add(f, b); b = second(b, c, d, e);
    a = first(a, f, g, h, w15, k, 60); e = add(e, a); a = second(a, b, c, d);
    if (k === last) break;
    if (!expands) continue;
    w0 = following(w0, w1, w9, w14);    w1 = following(w1, w2, w10, w15);
    w2 = following(w2, w3, w11, w0);    w3 = following(w3, w4, w12, w1);
    w4 = following(w4, w5, w13, w2);    w5 = following(w5, w6, w14, w3);
    w6 = following(w6, w7, w15, w4);    w7 = following(w7, w8, w0, w5);
    w8 = following(w8, w9, w1, w6);     w9 = following(w9, w10, w2, w7);
    w10 = following(w10, w11, w3, w8);  w11 = following(w11, w12, w4, w9);
    w12 = following(w12, w13, w5, w10); w13 = following(w13, w14, w6, w11);
    w14 = following(w14, w15, w7, w12); w15 = following(w15, w0, w8, w13);
  }
  addTo(0, a);  addTo(16, b); addTo(32, c); addTo(48, d);
  addTo(64, e); addTo(80, f); addTo(96, g); addTo(112, h);
}

/** Writes the digests of the four messages one after the other to `to`. */
export function storeDigests(to: usize): void {
  for (let half: usize = 0; half < 2; half++) {
    const lanes = LANES + (half << 6);
    const a = v128.load(lanes), b = v128.load(lanes, 16), c = v128.load(lanes, 32), d = v128.load(lanes, 48);
    v128.store(to + (half << 4), swapBytes(column(a, b, c, d, 0)));
    v128.store(to + (half << 4), swapBytes(column(a, b, c, d, 1)), 32);
    v128.store(to + (half << 4), swapBytes(column(a, b, c, d, 2)), 64);
    v128.store(to + (half << 4), swapBytes(column(a, b, c, d, 3)), 96);
  }
}

/** T1 of the round that takes `word`; see there, too, for the order of the sum: sha256-block.ts. */
// @ts-ignore: decorator
@inline
function first(h: v128, e: v128, f: v128, g: v128, word: v128, k: usize, constant: usize): v128 {
  const sum = xor(xor(rotateRight(e, 6), rotateRight(e, 11)), rotateRight(e, 25));
  return add(add(add(h, add(word, v128.load32_splat(k + constant))), v128.bitselect(f, g, e)), sum);
}

/** T1 + Maj(a, b, c) + Σ0(a). */
// @ts-ignore: decorator
@inline
function second(h: v128, a: v128, b: v128, c: v128): v128 {
  const sum = xor(xor(rotateRight(a, 2), rotateRight(a, 13)), rotateRight(a, 22));
  return add(add(h, xor(b, v128.and(xor(a, b), xor(b, c)))), sum);
}

/** W[i] of W[i - 16], W[i - 15], W[i - 7] and W[i - 2]. */
// @ts-ignore: decorator
@inline
function following(w0: v128, w1: v128, w9: v128, w14: v128): v128 {
  const sigma0 = xor(xor(rotateRight(w1, 7), rotateRight(w1, 18)), i32x4.shr_u(w1, 3));
  const sigma1 = xor(xor(rotateRight(w14, 17), rotateRight(w14, 19)), i32x4.shr_u(w14, 10));
  return add(add(w0, w9), add(sigma0, sigma1));
}

/** Word `i` of the block of each message. */
// @ts-ignore: decorator
@inline
function word(from: usize, stride: usize, i: i32): v128 {
  const at = from + ((i & 12) << 2);
  const row0 = v128.load(at), row1 = v128.load(at + stride);
  const row2 = v128.load(at + 2 * stride), row3 = v128.load(at + 3 * stride);
  return swapBytes(column(row0, row1, row2, row3, i & 3));
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, word: v128): void {
  v128.store(LANES + at, add(v128.load(LANES + at), word));
}
