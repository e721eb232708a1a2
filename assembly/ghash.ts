/**
 * GHASH, the hash of AES-GCM (SP 800-38D §6.4): of each block, the sum so far plus the block, times H, in GF(2^128).
 * The standard's lowest power, x⁰, is the highest bit of the first byte. Here the bytes of a block are reversed, so
 * that the sum is a number of which x⁰ is the highest bit, and times x is a shift to the right.
 *
 * A product is the sum of what each of the 32 nibbles of the one factor adds to it. As H is the same all through a key,
 * the bytes of that are looked up, those of 16 nibbles at once, in vectors made of H: `swizzle` looks up in a register.
 * Nothing secret is an address, or decides a branch.
 */
import { highNibbles, lookUp, lowNibbles } from "./aes-substitution";
import { reversed } from "./aes-counter";
import { HASH_TABLE, HASH_TABLE_LENGTH, SUM } from "./aes-memory";
import { and, xor } from "./vectors";

/** Of one byte of a product, the two vectors in HASH_TABLE: by low nibbles, by high nibbles. */
const ENTRY_BYTES: usize = 32;
/** x¹²⁸ = 1 + x + x² + x⁷, of which these are the highest eight bits. */
const REDUCTION: u64 = 0xe1 << 56;

/**
 * Makes HASH_TABLE of H: for each of the 16 bytes of a product, what each low nibble adds to it, and each high nibble.
 * The high nibble of a byte has the lower powers: what the low one adds is that times x⁴, its bytes shifted by four.
 */
export function makeHashTable(hashKey: v128): void {
  const h0 = reversed(hashKey), h1 = timesX(h0), h2 = timesX(h1), h3 = timesX(h2);
  const last = HASH_TABLE + HASH_TABLE_LENGTH - ENTRY_BYTES;
  let byte = i8x16.splat(0), high = addedByNibbles(h0, h1, h2, h3, byte);
  const lost = lowNibbles(high);
  for (let entry = HASH_TABLE; entry < last; entry += ENTRY_BYTES) {
    byte = i8x16.add(byte, i8x16.splat(1));
    const next = addedByNibbles(h0, h1, h2, h3, byte);
    v128.store(entry, v128.or(i8x16.shr_u(high, 4), i8x16.shl(next, 4)));
    v128.store(entry, high, 16);
    high = next;
  }
  // What was shifted out comes back times x¹²⁸ = 1 + x + x² + x⁷, and reaches into the byte before.
  const below8 = xor(xor(i8x16.shl(lost, 4), i8x16.shl(lost, 3)), xor(i8x16.shl(lost, 2), i8x16.shr_u(lost, 3)));
  v128.store(last, xor(i8x16.shr_u(high, 4), below8));
  v128.store(last, high, 16);
  v128.store(last - ENTRY_BYTES, xor(v128.load(last - ENTRY_BYTES), i8x16.shl(lost, 5)));
}

/**
 * Takes the `length` bytes at `from` and as many zeros as fill their last 16; they are a multiple of 16 in memory.
 */
export function absorb(from: usize, length: usize): void {
  let sum = v128.load(SUM);
  for (const end = from + length; from < end; from += 16) sum = timesH(xor(sum, reversed(v128.load(from))));
  v128.store(SUM, sum);
}

/** Takes the last block, the lengths of additional data and text, which come in bytes. SUM is then the hash. */
export function absorbLengths(aadLength: f64, length: f64): void {
  const lengths = i64x2.replace_lane(i64x2.splat(<u64>length << 3), 1, <u64>aadLength << 3);
  v128.store(SUM, timesH(xor(v128.load(SUM), lengths)));
}

/** Of the 16 nibbles, whose bits stand for 1, x, x², x³ from the highest on, that byte of the product with H. */
// @ts-ignore: decorator
@inline
function addedByNibbles(h0: v128, h1: v128, h2: v128, h3: v128, byte: v128): v128 {
  const of0 = and(i8x16(0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1), lookUp(h0, byte));
  const of1 = and(i8x16(0, 0, 0, 0, -1, -1, -1, -1, 0, 0, 0, 0, -1, -1, -1, -1), lookUp(h1, byte));
  const of2 = and(i8x16(0, 0, -1, -1, 0, 0, -1, -1, 0, 0, -1, -1, 0, 0, -1, -1), lookUp(h2, byte));
  const of3 = and(i8x16(0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1), lookUp(h3, byte));
  return xor(xor(of0, of1), xor(of2, of3));
}

// @ts-ignore: decorator
@inline
function timesX(a: v128): v128 {
  const low = <u64>i64x2.extract_lane(a, 0), high = <u64>i64x2.extract_lane(a, 1);
  const halved = i64x2.splat((low >> 1) | (high << 63));
  return i64x2.replace_lane(halved, 1, (high >> 1) ^ (REDUCTION & (0 - (low & 1))));
}

/** By the bytes of the product: what is above the 16 that there is room for comes back at the end. */
// @ts-ignore: decorator
@inline
function timesH(a: v128): v128 {
  const low = lowNibbles(a), high = highNibbles(a), zero = i64x2.splat(0);
  let product = zero, above = zero;
  for (let entry = HASH_TABLE; ; entry += ENTRY_BYTES) {
    product = xor(product, xor(lookUp(v128.load(entry), low), lookUp(v128.load(entry, 16), high)));
    if (entry === HASH_TABLE + HASH_TABLE_LENGTH - ENTRY_BYTES) break;
    above = i8x16.shuffle(above, product, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    product = i8x16.shuffle(product, zero, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
  }
  return xor(product, reduced(above));
}

/** Times x¹²⁸ = 1 + x + x² + x⁷. That fits: `a` is a byte below 128 bits. */
// @ts-ignore: decorator
@inline
function reduced(a: v128): v128 {
  const shifted = xor(xor(i64x2.shr_u(a, 1), i64x2.shr_u(a, 2)), i64x2.shr_u(a, 7));
  const lost = xor(xor(i64x2.shl(a, 63), i64x2.shl(a, 62)), i64x2.shl(a, 57));
  return xor(xor(a, shifted), i64x2.shuffle(lost, i64x2.splat(0), 1, 2));
}
