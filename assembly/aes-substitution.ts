/**
 * The S-box of AES without a table in memory that its input would index: the inversion in GF(2^8) by inversions in
 * GF(2^4), whose 16 entries are one vector and are looked up in a register (`swizzle`), 16 at once. Mike Hamburg,
 * "Accelerating AES with Vector Permute Instructions", CHES 2009. An index above 15 gives 0, which stands for infinity.
 *
 * Bytes come in a basis of their own, in which a nibble is an element of the small field: `toBasis` of a byte.
 */
import { xor } from "./vectors";

// The tables are Hamburg's, of his vpaes, which is in the public domain, under the names that it has there.

/** k_inv: 1/x, and c/x for the constant c of the tower of fields. Infinity is 0x80. */
export const INVERSE: usize = memory.data<u64>([0x0e05060f0d080180, 0x040703090a0b0c02], 16);
export const SCALED_INVERSE: usize = memory.data<u64>([0x01040a060f0b0780, 0x030d0e0c02050809], 16);

/** k_ipt: into the basis, of the low and of the high nibble. */
const BASIS_OF_LOW: usize = memory.data<u64>([0xc2b2e8985a2a7000, 0xcabae09052227808], 16);
const BASIS_OF_HIGH: usize = memory.data<u64>([0x4c01307d317c4d00, 0xcd80b1fcb0fdcc81], 16);

/** k_sbo: from both halves of an inverse to the output of the S-box in the basis of the standard, XOR 0x63. */
export const OUTPUT_U: usize = memory.data<u64>([0xd0d26d176fbdc700, 0x15aabf7ac502a878], 16);
export const OUTPUT_T: usize = memory.data<u64>([0xcfe474a55fbb6a00, 0x8e1e90d1412b35fa], 16);

/** What every S-box here leaves out (FIPS 197 §5.1.1): round keys have it instead. */
export const AFFINE_CONSTANT: u8 = 0x63;

// @ts-ignore: decorator
@inline
export function lookUp(table: v128, indices: v128): v128 {
  return i8x16.swizzle(table, indices);
}

// @ts-ignore: decorator
@inline
export function lowNibbles(bytes: v128): v128 {
  return v128.and(bytes, i8x16.splat(15));
}

// @ts-ignore: decorator
@inline
export function highNibbles(bytes: v128): v128 {
  return v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(15));
}

// @ts-ignore: decorator
@inline
export function toBasis(bytes: v128): v128 {
  const low = lookUp(v128.load(BASIS_OF_LOW), lowNibbles(bytes));
  return xor(low, lookUp(v128.load(BASIS_OF_HIGH), highNibbles(bytes)));
}

/**
 * One half of the inverse of a byte with the nibbles `high` and `low`: 1 / (1 / `nibble` + c / low) + `other`, where
 * `nibble` and `other` are `high` and `sum` = high + low, or the other way round. `scaled` is c / low.
 */
// @ts-ignore: decorator
@inline
export function halfOfInverse(nibble: v128, other: v128, scaled: v128, inverse: v128): v128 {
  return xor(lookUp(inverse, xor(lookUp(inverse, nibble), scaled)), other);
}

/** SubBytes (FIPS 197 §5.1.1), XOR 0x63. */
// @ts-ignore: decorator
@inline
export function substituted(bytes: v128): v128 {
  const inverse = v128.load(INVERSE);
  const x = toBasis(bytes), high = highNibbles(x), low = lowNibbles(x), sum = xor(high, low);
  const scaled = lookUp(v128.load(SCALED_INVERSE), low);
  const u = halfOfInverse(high, sum, scaled, inverse), t = halfOfInverse(sum, high, scaled, inverse);
  return xor(lookUp(v128.load(OUTPUT_U), u), lookUp(v128.load(OUTPUT_T), t));
}
