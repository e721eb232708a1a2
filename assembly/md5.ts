/**
 * MD5 (RFC 1321) of one message, whole or in parts. What ends a message clears all that was made of it, except for the
 * digest.
 *
 *   0x1000 STATE  4 words: the hash of the blocks so far
 *   0x1050 TAIL   two blocks: what is left of a message, padded
 *
 * Messages and digests lie wherever the host has added regions for them. Up to 63 bytes behind a message are read,
 * which do not count.
 */
import { A, B, C, D, K } from "./md5-constants";
import { clear, FIRST_REGION, GUARD_LENGTH } from "./memory";
import { pad } from "./padding";

export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";

const BLOCK_BYTES: usize = 64;

export const STATE: usize = FIRST_REGION;
export const STATE_BYTES: usize = 16;
export const TAIL: usize = STATE + STATE_BYTES + GUARD_LENGTH;
export const TAIL_BYTES: usize = 2 * BLOCK_BYTES;

/** Writes the digest of the `length` bytes at `from` to `to`: 16 bytes. Clears the message where it `forgets` it. */
export function digest(from: usize, length: usize, to: usize, forgets: bool): void {
  begin();
  end(from, length, <f64>length, to);
  if (forgets) clear(from, length);
}

/** Writes the digests of `count` messages of `bytes` bytes, one after the other at `from`, to `to` likewise. */
export function digestBatch(from: usize, bytes: usize, count: usize, to: usize): void {
  for (const end = to + count * STATE_BYTES; to < end; to += STATE_BYTES) {
    digest(from, bytes, to, false);
    from += bytes;
  }
}

/** Begins a message, whose whole blocks `absorb` then takes. */
export function begin(): void {
  v128.store(STATE, i32x4(A, B, C, D));
}

/** Takes the last `length` bytes, at `from`, of a message of `totalBytes` in all; writes its digest to `to`. */
export function end(from: usize, length: usize, totalBytes: f64, to: usize): void {
  const blocks = length / BLOCK_BYTES;
  absorb(from, blocks);
  const last = pad(from + blocks * BLOCK_BYTES, length % BLOCK_BYTES, 0, TAIL);
  // RFC 1321 §3.2: the length in bits, which unlike that of SHA has its least byte first.
  store<u64>(TAIL + last * BLOCK_BYTES - 8, (<u64>totalBytes) << 3);
  absorb(TAIL, last);
  v128.store(to, v128.load(STATE));
  clear(STATE, STATE_BYTES);
  clear(TAIL, TAIL_BYTES);
}

/**
 * Takes the `count` blocks at `block`: the 64 steps of RFC 1321 §3.4, four a turn. Each step waits for the one before;
 * so what that does not change is added up first.
 */
export function absorb(block: usize, count: usize): void {
  let a = load<u32>(STATE);
  let b = load<u32>(STATE, 4);
  let c = load<u32>(STATE, 8);
  let d = load<u32>(STATE, 12);
  for (const end = block + count * BLOCK_BYTES; block < end; block += BLOCK_BYTES) {
    const a0 = a;
    const b0 = b;
    const c0 = c;
    const d0 = d;
    for (let i: usize = 0; i < 16; i += 4) {
      a = stepF(a + term(i, block, i), b, c, d, 7);
      d = stepF(d + term(i + 1, block, i + 1), a, b, c, 12);
      c = stepF(c + term(i + 2, block, i + 2), d, a, b, 17);
      b = stepF(b + term(i + 3, block, i + 3), c, d, a, 22);
    }
    for (let i: usize = 16; i < 32; i += 4) {
      a = stepG(a + term(i, block, i + 1), b, c, d, 5);
      d = stepG(d + term(i + 1, block, i + 6), a, b, c, 9);
      c = stepG(c + term(i + 2, block, i + 11), d, a, b, 14);
      b = stepG(b + term(i + 3, block, i), c, d, a, 20);
    }
    for (let i: usize = 32; i < 48; i += 4) {
      a = stepH(a + term(i, block, 5 - i), b, c, d, 4);
      d = stepH(d + term(i + 1, block, 8 - i), a, b, c, 11);
      c = stepH(c + term(i + 2, block, 11 - i), d, a, b, 16);
      b = stepH(b + term(i + 3, block, 14 - i), c, d, a, 23);
    }
    for (let i: usize = 48; i < 64; i += 4) {
      a = stepI(a + term(i, block, 0 - i), b, c, d, 6);
      d = stepI(d + term(i + 1, block, 7 - i), a, b, c, 10);
      c = stepI(c + term(i + 2, block, 14 - i), d, a, b, 15);
      b = stepI(b + term(i + 3, block, 5 - i), c, d, a, 21);
    }
    a += a0;
    b += b0;
    c += c0;
    d += d0;
  }
  store<u32>(STATE, a);
  store<u32>(STATE, b, 4);
  store<u32>(STATE, c, 8);
  store<u32>(STATE, d, 12);
}

/** The constant of a step and the word that it takes; the word is counted modulo 16. */
// @ts-ignore: decorator
@inline
function term(step: usize, block: usize, word: usize): u32 {
  return load<u32>(K + (step << 2)) + load<u32>(block + ((word & 15) << 2));
}

/** F(b, c, d) = bc | ~bd. */
// @ts-ignore: decorator
@inline
function stepF(sum: u32, b: u32, c: u32, d: u32, bits: i32): u32 {
  return b + rotl<u32>(sum + (d ^ (b & (c ^ d))), bits);
}

/** G(b, c, d) = bd | c~d, which have no bit in common. */
// @ts-ignore: decorator
@inline
function stepG(sum: u32, b: u32, c: u32, d: u32, bits: i32): u32 {
  return b + rotl<u32>(sum + (c & ~d) + (b & d), bits);
}

/** H(b, c, d) = b ^ c ^ d. */
// @ts-ignore: decorator
@inline
function stepH(sum: u32, b: u32, c: u32, d: u32, bits: i32): u32 {
  return b + rotl<u32>(sum + (b ^ (c ^ d)), bits);
}

/** I(b, c, d) = c ^ (b | ~d). */
// @ts-ignore: decorator
@inline
function stepI(sum: u32, b: u32, c: u32, d: u32, bits: i32): u32 {
  return b + rotl<u32>(sum + (c ^ (b | ~d)), bits);
}
