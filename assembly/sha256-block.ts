/** SHA-256 of one message (FIPS 180-4 §6.2.2): the rounds in scalars, the message schedule four words at a time. */
import { K } from "./sha256-constants";
import { BLOCK_BYTES, SCHEDULE, STATE } from "./sha256-memory";
import { add, rotateRight, swapBytes, xor } from "./vectors";

/** Takes `blocks` blocks at `from` into STATE. */
export function absorb(from: usize, blocks: usize): void {
  for (; blocks > 0; blocks--, from += BLOCK_BYTES) absorbBlock(from, true, SCHEDULE);
}

/** Takes a block that is known beforehand: `schedule` has its 64 words, each with its constant added. */
export function absorbScheduled(schedule: usize): void {
  absorbBlock(0, false, schedule);
}

/** Sixteen rounds a turn, on the sixteen words at `words`; a block that `expands` puts the next ones there. */
// @ts-ignore: decorator
@inline
function absorbBlock(from: usize, expands: bool, words: usize): void {
  let a = load<u32>(STATE), b = load<u32>(STATE, 4), c = load<u32>(STATE, 8), d = load<u32>(STATE, 12);
  let e = load<u32>(STATE, 16), f = load<u32>(STATE, 20), g = load<u32>(STATE, 24), h = load<u32>(STATE, 28);
  let w0 = i64x2.splat(0), w4 = w0, w8 = w0, w12 = w0;
  if (expands) {
    w0 = prepared(0, swapBytes(v128.load(from)), K);
    w4 = prepared(4, swapBytes(v128.load(from, 16)), K);
    w8 = prepared(8, swapBytes(v128.load(from, 32)), K);
    w12 = prepared(12, swapBytes(v128.load(from, 48)), K);
  }
  // Words are prepared sixteen rounds ahead, also in the last turn, where nobody asks for them any more.
  for (let k = K + 64; k <= K + 256; k += 64) {
    h = first(h, e, f, g, words, 0);      d += h; h = second(h, a, b, c);
    g = first(g, d, e, f, words, 1);      c += g; g = second(g, h, a, b);
    f = first(f, c, d, e, words, 2);      b += f; f = second(f, g, h, a);
    e = first(e, b, c, d, words, 3);      a += e; e = second(e, f, g, h);
    if (expands) w0 = prepared(0, following(w0, w4, w8, w12), k);
    d = first(d, a, b, c, words, 4);      h += d; d = second(d, e, f, g);
    c = first(c, h, a, b, words, 5);      g += c; c = second(c, d, e, f);
    b = first(b, g, h, a, words, 6);      f += b; b = second(b, c, d, e);
    a = first(a, f, g, h, words, 7);      e += a; a = second(a, b, c, d);
    if (expands) w4 = prepared(4, following(w4, w8, w12, w0), k);
    h = first(h, e, f, g, words, 8);      d += h; h = second(h, a, b, c);
    g = first(g, d, e, f, words, 9);      c += g; g = second(g, h, a, b);
    f = first(f, c, d, e, words, 10);     b += f; f = second(f, g, h, a);
    e = first(e, b, c, d, words, 11);     a += e; e = second(e, f, g, h);
    if (expands) w8 = prepared(8, following(w8, w12, w0, w4), k);
    d = first(d, a, b, c, words, 12);     h += d; d = second(d, e, f, g);
    c = first(c, h, a, b, words, 13);     g += c; c = second(c, d, e, f);
    b = first(b, g, h, a, words, 14);     f += b; b = second(b, c, d, e);
    a = first(a, f, g, h, words, 15);     e += a; a = second(a, b, c, d);
    if (expands) w12 = prepared(12, following(w12, w0, w4, w8), k);
    if (!expands) words += 64;
  }
  addTo(0, a);  addTo(4, b);  addTo(8, c);  addTo(12, d);
  addTo(16, e); addTo(20, f); addTo(24, g); addTo(28, h);
}

/**
 * T1 = h + word and constant + Ch(e, f, g) + Σ1(e). Added up in this order, because `e` arrives last and takes the
 * longest way through Σ1: added up from the other end, everything is a fifth slower.
 */
// @ts-ignore: decorator
@inline
function first(h: u32, e: u32, f: u32, g: u32, words: usize, word: usize): u32 {
  return h + load<u32>(words + (word << 2)) + (g ^ (e & (f ^ g))) + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25));
}

/**
 * T1 + Maj(a, b, c) + Σ0(a). Nobody waits for Σ0, so that it may be a chain, which takes fewer registers: rotations by
 * 9, 11 and 2, which are rotations by 22, 13 and 2 in all.
 */
// @ts-ignore: decorator
@inline
function second(h: u32, a: u32, b: u32, c: u32): u32 {
  return h + (b ^ ((a ^ b) & (b ^ c))) + rotr(rotr(rotr(a, 9) ^ a, 11) ^ a, 2);
}

/** Puts four words, with the constants of their rounds, to where the rounds look for them. */
// @ts-ignore: decorator
@inline
function prepared(word: usize, words: v128, k: usize): v128 {
  v128.store(SCHEDULE + (word << 2), add(words, v128.load(k + (word << 2))));
  return words;
}

/**
 * The four words after the sixteen given: W[i] = W[i - 16] + σ0(W[i - 15]) + W[i - 7] + σ1(W[i - 2]). The last two of
 * them need the first two.
 */
// @ts-ignore: decorator
@inline
function following(w0: v128, w4: v128, w8: v128, w12: v128): v128 {
  const zero = i64x2.splat(0);
  const w1 = i8x16.shuffle(w0, w4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
  const w9 = i8x16.shuffle(w8, w12, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
  const sum = add(add(w0, w9), xor(xor(rotateRight(w1, 7), rotateRight(w1, 18)), i32x4.shr_u(w1, 3)));
  const lower = add(sum, i64x2.shuffle(sigma1(i32x4.shuffle(w12, w12, 2, 2, 3, 3)), zero, 0, 2));
  return add(lower, i64x2.shuffle(zero, sigma1(i32x4.shuffle(lower, lower, 0, 0, 1, 1)), 0, 2));
}

/** σ1 of two words, in the lower half. Each comes twice, so that 64 bits shifted right are 32 bits rotated. */
// @ts-ignore: decorator
@inline
function sigma1(pairs: v128): v128 {
  const words = xor(xor(i64x2.shr_u(pairs, 17), i64x2.shr_u(pairs, 19)), i32x4.shr_u(pairs, 10));
  return i32x4.shuffle(words, words, 0, 2, 0, 2);
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, word: u32): void {
  store<u32>(STATE + at, load<u32>(STATE + at) + word);
}
