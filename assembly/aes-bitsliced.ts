/**
 * AES of eight blocks at once, bit by bit: eight vectors, each with one bit of all 128 bytes, go through the S-box as a
 * circuit of 115 gates.
 *
 *   b0 to b7: eight blocks      →  rows of each      →  b0: bit 0 of each byte, b1: bit 1, …
 *   each of 16 bytes               (aes-rows.ts)        byte i of b1: bit 1 of byte i of blocks 0 to 7
 *
 * What is secret, the blocks after the first key and the keys, is only ever in vectors and goes through XOR, AND,
 * shifts and moves that are the same for all. Addresses and the one branch depend on the number of rounds alone.
 */
import { BLOCK_BYTES, BLOCKS, FIRST_SLICED_KEY, ROUND_KEYS, SLICED_BYTES, SLICED_KEYS } from "./aes-memory";
import { blockOfShiftedRows, rowsOf, shiftedRows } from "./aes-rows";
import { and, xor } from "./vectors";

/** Encrypts BLOCKS in place. */
export function encryptEight(rounds: usize): void {
  const firstKey = v128.load(FIRST_SLICED_KEY), lastKey = v128.load(ROUND_KEYS + rounds * BLOCK_BYTES);
  for (let at = BLOCKS; at < BLOCKS + SLICED_BYTES; at += BLOCK_BYTES) {
    v128.store(at, rowsOf(xor(v128.load(at), firstKey)));
  }
  transposeBits();
  encryptBits(SLICED_KEYS + (rounds - 1) * SLICED_BYTES);
  transposeBits();
  for (let at = BLOCKS; at < BLOCKS + SLICED_BYTES; at += BLOCK_BYTES) {
    v128.store(at, xor(blockOfShiftedRows(v128.load(at)), lastKey));
  }
}

/** Exchanges blocks and bits, like rows and columns: bit `i` of each byte of block `k` and bit `k` of block `i`. */
function transposeBits(): void {
  const odd = i8x16.splat(0x55), pairs = i8x16.splat(0x33), halves = i8x16.splat(0x0f);
  exchange(0, 1, 1, odd);    exchange(2, 3, 1, odd);    exchange(4, 5, 1, odd);    exchange(6, 7, 1, odd);
  exchange(0, 2, 2, pairs);  exchange(1, 3, 2, pairs);  exchange(4, 6, 2, pairs);  exchange(5, 7, 2, pairs);
  exchange(0, 4, 4, halves); exchange(1, 5, 4, halves); exchange(2, 6, 4, halves); exchange(3, 7, 4, halves);
}

/** Exchanges the bits of `mask` in block `j` and those `shift` further up in block `i`. */
// @ts-ignore: decorator
@inline
function exchange(i: usize, j: usize, shift: i32, mask: v128): void {
  const a = v128.load(BLOCKS + i * BLOCK_BYTES), b = v128.load(BLOCKS + j * BLOCK_BYTES);
  const differing = and(xor(i64x2.shr_u(a, shift), b), mask);
  v128.store(BLOCKS + i * BLOCK_BYTES, xor(a, i64x2.shl(differing, shift)));
  v128.store(BLOCKS + j * BLOCK_BYTES, xor(b, differing));
}

/** All rounds but the first key; of the last one, which ends at `end`, the S-box alone. */
function encryptBits(end: usize): void {
  let b0 = bitOf(0), b1 = bitOf(1), b2 = bitOf(2), b3 = bitOf(3);
  let b4 = bitOf(4), b5 = bitOf(5), b6 = bitOf(6), b7 = bitOf(7);
  for (let key = SLICED_KEYS; ; key += SLICED_BYTES) {
    // The S-box XOR 0x63, x0 and s0 its highest bits, by J. Boyar and R. Peralta, "A New Combinational Logic
    // Minimization Technique with Applications to Cryptology", https://eprint.iacr.org/2009/191, with their names.
    const x0 = b7, x1 = b6, x2 = b5, x3 = b4, x4 = b3, x5 = b2, x6 = b1, x7 = b0;
    const y14 = xor(x3, x5), y13 = xor(x0, x6), y9 = xor(x0, x3), y8 = xor(x0, x5), t0 = xor(x1, x2);
    const y1 = xor(t0, x7), y4 = xor(y1, x3), y12 = xor(y13, y14), y2 = xor(y1, x0), y5 = xor(y1, x6);
    const y3 = xor(y5, y8), t1 = xor(x4, y12), y15 = xor(t1, x5), y20 = xor(t1, x1), y6 = xor(y15, x7);
    const y10 = xor(y15, t0), y11 = xor(y20, y9), y7 = xor(x7, y11), y17 = xor(y10, y11), y19 = xor(y10, y8);
    const y16 = xor(t0, y11), y21 = xor(y13, y16), y18 = xor(x0, y16);
    // In the middle, the inversion in GF(2^4).
    const t2 = and(y12, y15), t3 = and(y3, y6), t4 = xor(t3, t2), t5 = and(y4, x7), t6 = xor(t5, t2);
    const t7 = and(y13, y16), t8 = and(y5, y1), t9 = xor(t8, t7), t10 = and(y2, y7), t11 = xor(t10, t7);
    const t12 = and(y9, y11), t13 = and(y14, y17), t14 = xor(t13, t12), t15 = and(y8, y10), t16 = xor(t15, t12);
    const t17 = xor(t4, t14), t18 = xor(t6, t16), t19 = xor(t9, t14), t20 = xor(t11, t16), t21 = xor(t17, y20);
    const t22 = xor(t18, y19), t23 = xor(t19, y21), t24 = xor(t20, y18), t25 = xor(t21, t22), t26 = and(t21, t23);
    const t27 = xor(t24, t26), t28 = and(t25, t27), t29 = xor(t28, t22), t30 = xor(t23, t24), t31 = xor(t22, t26);
    const t32 = and(t31, t30), t33 = xor(t32, t24), t34 = xor(t23, t33), t35 = xor(t27, t33), t36 = and(t24, t35);
    const t37 = xor(t36, t34), t38 = xor(t27, t36), t39 = and(t29, t38), t40 = xor(t25, t39), t41 = xor(t40, t37);
    const t42 = xor(t29, t33), t43 = xor(t29, t40), t44 = xor(t33, t37), t45 = xor(t42, t41);
    const z0 = and(t44, y15), z1 = and(t37, y6), z2 = and(t33, x7), z3 = and(t43, y16), z4 = and(t40, y1);
    const z5 = and(t29, y7), z6 = and(t42, y11), z7 = and(t45, y17), z8 = and(t41, y10), z9 = and(t44, y12);
    const z10 = and(t37, y3), z11 = and(t33, y4), z12 = and(t43, y13), z13 = and(t40, y5), z14 = and(t29, y2);
    const z15 = and(t42, y9), z16 = and(t45, y14), z17 = and(t41, y8);
    const t46 = xor(z15, z16), t47 = xor(z10, z11), t48 = xor(z5, z13), t49 = xor(z9, z10), t50 = xor(z2, z12);
    const t51 = xor(z2, z5), t52 = xor(z7, z8), t53 = xor(z0, z3), t54 = xor(z6, z7), t55 = xor(z16, z17);
    const t56 = xor(z12, t48), t57 = xor(t50, t53), t58 = xor(z4, t46), t59 = xor(z3, t54), t60 = xor(t46, t57);
    const t61 = xor(z14, t57), t62 = xor(t52, t58), t63 = xor(t49, t58), t64 = xor(z4, t59), t65 = xor(t61, t62);
    const t66 = xor(z1, t63), s0 = xor(t59, t63), s6 = xor(t56, t62), s7 = xor(t48, t60), t67 = xor(t64, t65);
    const s3 = xor(t53, t66), s4 = xor(t51, t66), s5 = xor(t47, t65), s1 = xor(t64, s3), s2 = xor(t55, t67);
    if (key === end) {
      setBit(0, s7); setBit(1, s6); setBit(2, s5); setBit(3, s4);
      setBit(4, s3); setBit(5, s2); setBit(6, s1); setBit(7, s0);
      return;
    }
    b0 = shiftedRows(s7); b1 = shiftedRows(s6); b2 = shiftedRows(s5); b3 = shiftedRows(s4);
    b4 = shiftedRows(s3); b5 = shiftedRows(s2); b6 = shiftedRows(s1); b7 = shiftedRows(s0);
    // MixColumns: of each byte and the three below it, 2·(v0 + v1) + v1 + (v2 + v3), where a sum u of two neighbours
    // doubled is the next lower bit, and bit 7 comes back as 0x1b, bits 0, 1, 3 and 4.
    const v0 = below(b0), v1 = below(b1), v2 = below(b2), v3 = below(b3);
    const v4 = below(b4), v5 = below(b5), v6 = below(b6), v7 = below(b7);
    const u0 = xor(b0, v0), u1 = xor(b1, v1), u2 = xor(b2, v2), u3 = xor(b3, v3);
    const u4 = xor(b4, v4), u5 = xor(b5, v5), u6 = xor(b6, v6), u7 = xor(b7, v7);
    b0 = mixed(u7, v0, u0, key, 0);
    b1 = mixed(xor(u0, u7), v1, u1, key, 1);
    b2 = mixed(u1, v2, u2, key, 2);
    b3 = mixed(xor(u2, u7), v3, u3, key, 3);
    b4 = mixed(xor(u3, u7), v4, u4, key, 4);
    b5 = mixed(u4, v5, u5, key, 5);
    b6 = mixed(u5, v6, u6, key, 6);
    b7 = mixed(u6, v7, u7, key, 7);
  }
}

// @ts-ignore: decorator
@inline
function bitOf(bit: usize): v128 {
  return v128.load(BLOCKS + bit * BLOCK_BYTES);
}

// @ts-ignore: decorator
@inline
function setBit(bit: usize, bits: v128): void {
  v128.store(BLOCKS + bit * BLOCK_BYTES, bits);
}

/** The row below each; below the last, the first. */
// @ts-ignore: decorator
@inline
function below(rows: v128): v128 {
  return i32x4.shuffle(rows, rows, 1, 2, 3, 0);
}

/** One bit of MixColumns, and its key: `sum` is of each row and the one below, two rows further down of the others. */
// @ts-ignore: decorator
@inline
function mixed(doubled: v128, next: v128, sum: v128, key: usize, bit: usize): v128 {
  const others = i32x4.shuffle(sum, sum, 2, 3, 0, 1);
  return xor(xor(doubled, next), xor(others, v128.load(key + bit * BLOCK_BYTES)));
}
