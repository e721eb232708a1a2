/**
 * ChaCha20 (RFC 8439 §2.3), four blocks at a time. A block is a matrix of sixteen words; here a vector is one word
 * of it, in four blocks that differ in their counters alone:
 *
 *   constants    a  b  c  d        "expa" "nd 3" "2-by" "te k"
 *   key          e  f  g  h        STATE
 *   key          i  j  k  l        STATE + 16
 *   counter …    m  n  o  p        STATE + 32, m = counter, counter + 1, counter + 2, counter + 3
 *
 * No time depends on a secret: additions, rotations by constants and exclusive ors only; addresses and branches follow
 * from the length of the text.
 */
import { KEYSTREAM, STATE } from "./chacha20-poly1305-memory";
import { add, column, rotateLeft, xor } from "./vectors";

/** RFC 8439 §2.3: "expand 32-byte k", as little-endian words. */
const EXPA: u32 = 0x61707865;
const ND_3: u32 = 0x3320646e;
const BY_2: u32 = 0x79622d32;
const TE_K: u32 = 0x6b206574;

const COUNTER: usize = STATE + 32;

/** Where KEYSTREAM was used up to. */
let used: usize = 0;

/** Begins a message. The first block makes the one-time key of Poly1305 (RFC 8439 §2.6), the second begins the text. */
export function beginKeystream(): void {
  store<u32>(COUNTER, 0);
  nextFourBlocks();
  used = 64;
}

/**
 * Encrypts or decrypts the `length` bytes at `from` in place, whole vectors of them; a multiple of 16 unless they are
 * the last of the text.
 */
export function crypt(from: usize, length: usize): void {
  for (const end = from + length; from < end; from += 16, used += 16) {
    if (used === 256) {
      nextFourBlocks();
      used = 0;
    }
    v128.store(from, xor(v128.load(from), v128.load(KEYSTREAM + used)));
  }
}

/** RFC 8439 §2.3.1 of four counters, and the next counter. */
function nextFourBlocks(): void {
  const counters = add(word(8), i32x4(0, 1, 2, 3));
  let a = i32x4.splat(EXPA), b = i32x4.splat(ND_3), c = i32x4.splat(BY_2), d = i32x4.splat(TE_K);
  let e = word(0), f = word(1), g = word(2), h = word(3);
  let i = word(4), j = word(5), k = word(6), l = word(7);
  let m = counters, n = word(9), o = word(10), p = word(11);
  // Two rounds a turn, of four quarter rounds each (§2.1), column by column and diagonal by diagonal, side by side.
  for (let turn = 0; turn < 10; turn++) {
    a = add(a, e);  b = add(b, f);  c = add(c, g);  d = add(d, h);
    m = by16(m, a); n = by16(n, b); o = by16(o, c); p = by16(p, d);
    i = add(i, m);  j = add(j, n);  k = add(k, o);  l = add(l, p);
    e = by12(e, i); f = by12(f, j); g = by12(g, k); h = by12(h, l);
    a = add(a, e);  b = add(b, f);  c = add(c, g);  d = add(d, h);
    m = by8(m, a);  n = by8(n, b);  o = by8(o, c);  p = by8(p, d);
    i = add(i, m);  j = add(j, n);  k = add(k, o);  l = add(l, p);
    e = by7(e, i);  f = by7(f, j);  g = by7(g, k);  h = by7(h, l);

    a = add(a, f);  b = add(b, g);  c = add(c, h);  d = add(d, e);
    p = by16(p, a); m = by16(m, b); n = by16(n, c); o = by16(o, d);
    k = add(k, p);  l = add(l, m);  i = add(i, n);  j = add(j, o);
    f = by12(f, k); g = by12(g, l); h = by12(h, i); e = by12(e, j);
    a = add(a, f);  b = add(b, g);  c = add(c, h);  d = add(d, e);
    p = by8(p, a);  m = by8(m, b);  n = by8(n, c);  o = by8(o, d);
    k = add(k, p);  l = add(l, m);  i = add(i, n);  j = add(j, o);
    f = by7(f, k);  g = by7(g, l);  h = by7(h, i);  e = by7(e, j);
  }
  const constants0 = i32x4.splat(EXPA), constants1 = i32x4.splat(ND_3);
  const constants2 = i32x4.splat(BY_2), constants3 = i32x4.splat(TE_K);
  storeRows(0, add(a, constants0), add(b, constants1), add(c, constants2), add(d, constants3));
  storeRows(16, add(e, word(0)), add(f, word(1)), add(g, word(2)), add(h, word(3)));
  storeRows(32, add(i, word(4)), add(j, word(5)), add(k, word(6)), add(l, word(7)));
  storeRows(48, add(m, counters), add(n, word(9)), add(o, word(10)), add(p, word(11)));
  store<u32>(COUNTER, load<u32>(COUNTER) + 4);
}

/** A word of STATE for each of the four blocks. */
// @ts-ignore: decorator
@inline
function word(index: usize): v128 {
  return v128.load32_splat(STATE + (index << 2));
}

/** A row of the matrix, of which each vector is one word, to its place in the four blocks. */
// @ts-ignore: decorator
@inline
function storeRows(at: usize, w0: v128, w1: v128, w2: v128, w3: v128): void {
  v128.store(KEYSTREAM + at, column(w0, w1, w2, w3, 0));
  v128.store(KEYSTREAM + at, column(w0, w1, w2, w3, 1), 64);
  v128.store(KEYSTREAM + at, column(w0, w1, w2, w3, 2), 128);
  v128.store(KEYSTREAM + at, column(w0, w1, w2, w3, 3), 192);
}

/** The halves of each lane change places. */
// @ts-ignore: decorator
@inline
function by16(x: v128, y: v128): v128 {
  const z = xor(x, y);
  return i16x8.shuffle(z, z, 1, 0, 3, 2, 5, 4, 7, 6);
}

// @ts-ignore: decorator
@inline
function by12(x: v128, y: v128): v128 {
  return rotateLeft(xor(x, y), 12);
}

// @ts-ignore: decorator
@inline
function by8(x: v128, y: v128): v128 {
  return rotateLeft(xor(x, y), 8);
}

// @ts-ignore: decorator
@inline
function by7(x: v128, y: v128): v128 {
  return rotateLeft(xor(x, y), 7);
}
