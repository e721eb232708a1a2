/** SHA-256 of one message (FIPS 180-4 §6.2.2): the rounds in scalars, the message schedule four words at a time. */
import { K } from "./sha256-constants";
import { BLOCK_BYTES, SCHEDULE, STATE } from "./sha256-memory";
import { add, rotateRight, swapBytes, xor } from "./vectors";

/** Takes `blocks` blocks at `from` into STATE. */
export function absorb(from: usize, blocks: usize): void {
  let a = load<u32>(STATE), b = load<u32>(STATE, 4), c = load<u32>(STATE, 8), d = load<u32>(STATE, 12);
  let e = load<u32>(STATE, 16), f = load<u32>(STATE, 20), g = load<u32>(STATE, 24), h = load<u32>(STATE, 28);
  for (; blocks > 0; blocks--, from += BLOCK_BYTES) {
    let w0 = swapBytes(v128.load(from)), w4 = swapBytes(v128.load(from, 16));
    let w8 = swapBytes(v128.load(from, 32)), w12 = swapBytes(v128.load(from, 48));
    prepare(0, w0, K);
    prepare(4, w4, K);
    prepare(8, w8, K);
    prepare(12, w12, K);
    // Words are prepared 16 rounds ahead, also in the last turn, where nobody asks for them any more.
    for (let k = K + 64; k <= K + 256; k += 64) {
      h = first(h, e, f, g, 0);  d += h; h = second(h, a, b, c);
      g = first(g, d, e, f, 1);  c += g; g = second(g, h, a, b);
      f = first(f, c, d, e, 2);  b += f; f = second(f, g, h, a);
      e = first(e, b, c, d, 3);  a += e; e = second(e, f, g, h);
      w0 = following(w0, w4, w8, w12);
      prepare(0, w0, k);
      d = first(d, a, b, c, 4);  h += d; d = second(d, e, f, g);
      c = first(c, h, a, b, 5);  g += c; c = second(c, d, e, f);
      b = first(b, g, h, a, 6);  f += b; b = second(b, c, d, e);
      a = first(a, f, g, h, 7);  e += a; a = second(a, b, c, d);
      w4 = following(w4, w8, w12, w0);
      prepare(4, w4, k);
      h = first(h, e, f, g, 8);  d += h; h = second(h, a, b, c);
      g = first(g, d, e, f, 9);  c += g; g = second(g, h, a, b);
      f = first(f, c, d, e, 10); b += f; f = second(f, g, h, a);
      e = first(e, b, c, d, 11); a += e; e = second(e, f, g, h);
      w8 = following(w8, w12, w0, w4);
      prepare(8, w8, k);
      d = first(d, a, b, c, 12); h += d; d = second(d, e, f, g);
      c = first(c, h, a, b, 13); g += c; c = second(c, d, e, f);
      b = first(b, g, h, a, 14); f += b; b = second(b, c, d, e);
      a = first(a, f, g, h, 15); e += a; a = second(a, b, c, d);
      w12 = following(w12, w0, w4, w8);
      prepare(12, w12, k);
    }
    a += load<u32>(STATE);      b += load<u32>(STATE, 4);  c += load<u32>(STATE, 8);  d += load<u32>(STATE, 12);
    e += load<u32>(STATE, 16);  f += load<u32>(STATE, 20); g += load<u32>(STATE, 24); h += load<u32>(STATE, 28);
    store<u32>(STATE, a);       store<u32>(STATE, b, 4);   store<u32>(STATE, c, 8);   store<u32>(STATE, d, 12);
    store<u32>(STATE, e, 16);   store<u32>(STATE, f, 20);  store<u32>(STATE, g, 24);  store<u32>(STATE, h, 28);
  }
}

/**
 * T1 = h + word and constant + Ch(e, f, g) + Σ1(e). Added up in this order, because `e` arrives last and takes the
 * longest way through Σ1: added up from the other end, everything is a fifth slower.
 */
// @ts-ignore: decorator
@inline
function first(h: u32, e: u32, f: u32, g: u32, word: usize): u32 {
  return h + load<u32>(SCHEDULE + (word << 2)) + (g ^ (e & (f ^ g))) + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25));
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
function prepare(word: usize, words: v128, k: usize): void {
  v128.store(SCHEDULE + (word << 2), add(words, v128.load(k + (word << 2))));
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
