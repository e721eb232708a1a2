/**
 * Poly1305 (RFC 8439 §2.5) in words of 32 bits. WebAssembly multiplies to 64 bits at the most; five limbs of 26 bits
 * would take 25 products a block, and here the clamp of r (§2.5) spares some of them: r₁, r₂ and r₃ are multiples of 4,
 * and all four are below 2²⁸. So with 2¹³⁰ ≡ 5, a product of weight 2¹²⁸ or more comes back as
 *
 *   2¹²⁸ · r = 2¹³⁰ · r/4 ≡ 5 · r/4
 *
 * which is a whole number, except for the last two bits of r₀. 20 products and a small one:
 *
 *   x₀ = h₀r₀ + h₁q₃ + h₂q₂ + h₃q₁ + h₄q₀       q = 5 · ⌊r/4⌋
 *   x₁ = h₀r₁ + h₁r₀ + h₂q₃ + h₃q₂ + h₄q₁
 *   x₂ = h₀r₂ + h₁r₁ + h₂r₀ + h₃q₃ + h₄q₂
 *   x₃ = h₀r₃ + h₁r₂ + h₂r₁ + h₃r₀ + h₄q₃
 *   x₄ = h₄(r₀ mod 4)
 *
 * A word with a block added is below 2³³, h₄ below 8, r below 2²⁸ and q below 5 · 2²⁶: the sums stay below 2⁶⁴.
 *
 * No time depends on a secret: additions, products and shifts by constants only; addresses and branches follow from
 * the length of the text. (A processor whose multiplication is faster for small numbers would break this.)
 */
import { ACCUMULATOR, ACCUMULATOR_BYTES, KEYSTREAM, ONE_TIME_KEY } from "./chacha20-poly1305-memory";
import { clear } from "./memory";

const LOW_WORD: u64 = 0xffffffff;

/** Takes ONE_TIME_KEY from the first 32 bytes of KEYSTREAM (RFC 8439 §2.6), r of it clamped. */
export function beginTag(): void {
  const clamp = i32x4(0x0fffffff, 0x0ffffffc, 0x0ffffffc, 0x0ffffffc);
  v128.store(ONE_TIME_KEY, v128.and(v128.load(KEYSTREAM), clamp));
  v128.store(ONE_TIME_KEY, v128.load(KEYSTREAM, 16), 16);
  clear(ACCUMULATOR, ACCUMULATOR_BYTES);
}

/** Takes the `length` bytes at `from` and as many zeros as fill their last 16; they are a multiple of 16 in memory. */
export function absorb(from: usize, length: usize): void {
  const r0 = <u64>load<u32>(ONE_TIME_KEY), r1 = <u64>load<u32>(ONE_TIME_KEY, 4);
  const r2 = <u64>load<u32>(ONE_TIME_KEY, 8), r3 = <u64>load<u32>(ONE_TIME_KEY, 12);
  const q0 = 5 * (r0 >> 2), q1 = 5 * (r1 >> 2), q2 = 5 * (r2 >> 2), q3 = 5 * (r3 >> 2), last = r0 & 3;
  let h0 = <u64>load<u32>(ACCUMULATOR), h1 = <u64>load<u32>(ACCUMULATOR, 4);
  let h2 = <u64>load<u32>(ACCUMULATOR, 8), h3 = <u64>load<u32>(ACCUMULATOR, 12);
  let h4 = <u64>load<u32>(ACCUMULATOR, 16);
  for (const end = from + length; from < end; from += 16) {
    h0 += <u64>load<u32>(from);
    h1 += <u64>load<u32>(from, 4);
    h2 += <u64>load<u32>(from, 8);
    h3 += <u64>load<u32>(from, 12);
    h4 += 1;
    const x0 = h0 * r0 + h1 * q3 + h2 * q2 + h3 * q1 + h4 * q0;
    const x1 = h0 * r1 + h1 * r0 + h2 * q3 + h3 * q2 + h4 * q1;
    const x2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * q3 + h4 * q2;
    const x3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * q3;
    const top = h4 * last + (x3 >> 32);
    // What is above 2¹³⁰ comes back five times, and the carries go up once.
    h0 = (x0 & LOW_WORD) + 5 * (top >> 2);
    h1 = (x1 & LOW_WORD) + (x0 >> 32) + (h0 >> 32);
    h2 = (x2 & LOW_WORD) + (x1 >> 32) + (h1 >> 32);
    h3 = (x3 & LOW_WORD) + (x2 >> 32) + (h2 >> 32);
    h4 = (top & 3) + (h3 >> 32);
    h0 &= LOW_WORD;
    h1 &= LOW_WORD;
    h2 &= LOW_WORD;
    h3 &= LOW_WORD;
  }
  store<u32>(ACCUMULATOR, <u32>h0);
  store<u32>(ACCUMULATOR, <u32>h1, 4);
  store<u32>(ACCUMULATOR, <u32>h2, 8);
  store<u32>(ACCUMULATOR, <u32>h3, 12);
  store<u32>(ACCUMULATOR, <u32>h4, 16);
}

/** Writes the tag to `to`: what is left modulo 2¹³⁰ - 5, plus s, modulo 2¹²⁸. */
export function endTag(to: usize): void {
  // Below 2¹³¹, and thus two times the modulus at the most: 5 added carries out of 2¹³⁰ as often as it fits.
  let carry: u64 = 5;
  for (let at: usize = 0; at < 16; at += 4) carry = (carry + <u64>load<u32>(ACCUMULATOR + at)) >> 32;
  carry = 5 * ((carry + <u64>load<u32>(ACCUMULATOR, 16)) >> 2);
  for (let at: usize = 0; at < 16; at += 4) {
    carry += <u64>load<u32>(ACCUMULATOR + at) + <u64>load<u32>(ONE_TIME_KEY + at, 16);
    store<u32>(to + at, <u32>carry);
    carry >>= 32;
  }
}
