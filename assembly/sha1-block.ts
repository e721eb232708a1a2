/** SHA-1 of one message (FIPS 180-4 §6.1.2). */
import { K0, K20, K40, K60 } from "./sha1-constants";
import { BLOCK_BYTES, SCHEDULE, STATE } from "./sha1-memory";
import { rotateLeft, swapBytes, xor } from "./vectors";

/** Takes `blocks` blocks at `from` into STATE. */
export function absorb(from: usize, blocks: usize): void {
  for (; blocks > 0; blocks--, from += BLOCK_BYTES) {
    expand(from);
    absorbSchedule();
  }
}

function absorbSchedule(): void {
  let a = load<u32>(STATE), b = load<u32>(STATE, 4), c = load<u32>(STATE, 8), d = load<u32>(STATE, 12);
  let e = load<u32>(STATE, 16);
  let w = SCHEDULE;
  for (const end = w + 20 * 4; w < end; w += 5 * 4) {
    e = round(e, a, choose(b, c, d), K0, w, 0); b = rotl(b, 30);
    d = round(d, e, choose(a, b, c), K0, w, 1); a = rotl(a, 30);
    c = round(c, d, choose(e, a, b), K0, w, 2); e = rotl(e, 30);
    b = round(b, c, choose(d, e, a), K0, w, 3); d = rotl(d, 30);
    a = round(a, b, choose(c, d, e), K0, w, 4); c = rotl(c, 30);
  }
  for (const end = w + 20 * 4; w < end; w += 5 * 4) {
    e = round(e, a, parity(b, c, d), K20, w, 0); b = rotl(b, 30);
    d = round(d, e, parity(a, b, c), K20, w, 1); a = rotl(a, 30);
    c = round(c, d, parity(e, a, b), K20, w, 2); e = rotl(e, 30);
    b = round(b, c, parity(d, e, a), K20, w, 3); d = rotl(d, 30);
    a = round(a, b, parity(c, d, e), K20, w, 4); c = rotl(c, 30);
  }
  for (const end = w + 20 * 4; w < end; w += 5 * 4) {
    e = round(e, a, majority(b, c, d), K40, w, 0); b = rotl(b, 30);
    d = round(d, e, majority(a, b, c), K40, w, 1); a = rotl(a, 30);
    c = round(c, d, majority(e, a, b), K40, w, 2); e = rotl(e, 30);
    b = round(b, c, majority(d, e, a), K40, w, 3); d = rotl(d, 30);
    a = round(a, b, majority(c, d, e), K40, w, 4); c = rotl(c, 30);
  }
  for (const end = w + 20 * 4; w < end; w += 5 * 4) {
    e = round(e, a, parity(b, c, d), K60, w, 0); b = rotl(b, 30);
    d = round(d, e, parity(a, b, c), K60, w, 1); a = rotl(a, 30);
    c = round(c, d, parity(e, a, b), K60, w, 2); e = rotl(e, 30);
    b = round(b, c, parity(d, e, a), K60, w, 3); d = rotl(d, 30);
    a = round(a, b, parity(c, d, e), K60, w, 4); c = rotl(c, 30);
  }
  addTo(0, a);
  addTo(4, b);
  addTo(8, c);
  addTo(12, d);
  addTo(16, e);
}

/** The new `a`, in the place of `e`. Added up in this order, because `a` arrives last. */
// @ts-ignore: decorator
@inline
function round(e: u32, a: u32, mixed: u32, k: u32, words: usize, word: usize): u32 {
  return e + load<u32>(words + (word << 2)) + k + mixed + rotl(a, 5);
}

// @ts-ignore: decorator
@inline
function choose(b: u32, c: u32, d: u32): u32 {
  return d ^ (b & (c ^ d));
}

// @ts-ignore: decorator
@inline
function parity(b: u32, c: u32, d: u32): u32 {
  return b ^ c ^ d;
}

// @ts-ignore: decorator
@inline
function majority(b: u32, c: u32, d: u32): u32 {
  return c ^ ((b ^ c) & (c ^ d));
}

/**
 * Writes the 80 words of a block. W[i] is W[i - 3] ^ W[i - 8] ^ W[i - 14] ^ W[i - 16] rotated by 1. Twice that is
 * W[i - 6] ^ W[i - 16] ^ W[i - 28] ^ W[i - 32] rotated by 2, since what comes twice cancels out: with it, no word of
 * a vector waits for another.
 */
function expand(from: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 16) v128.store(SCHEDULE + i, swapBytes(v128.load(from + i)));
  let w = SCHEDULE + 64;
  for (; w < SCHEDULE + 128; w += 4) {
    store<u32>(w, rotl(load<u32>(w - 12) ^ load<u32>(w - 32) ^ load<u32>(w - 56) ^ load<u32>(w - 64), 1));
  }
  let eighth = v128.load(w - 32), fourth = v128.load(w - 16);
  for (; w < SCHEDULE + 320; w += 16) {
    const sixth = i64x2.shuffle(eighth, fourth, 1, 2);
    const sum = xor(xor(sixth, v128.load(w - 64)), xor(v128.load(w - 112), v128.load(w - 128)));
    eighth = fourth;
    fourth = rotateLeft(sum, 2);
    v128.store(w, fourth);
  }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, word: u32): void {
  store<u32>(STATE + at, load<u32>(STATE + at) + word);
}
