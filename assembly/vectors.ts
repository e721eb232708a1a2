/** What kernels share: operations on vectors, mostly on four 32-bit lanes. */

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
export function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b);
}

// @ts-ignore: decorator
@inline
export function and(a: v128, b: v128): v128 {
  return v128.and(a, b);
}

/** All of `a` and all of `b`, at once. */
// @ts-ignore: decorator
@inline
export function equal(a: v128, b: v128): bool {
  return !v128.any_true(v128.xor(a, b));
}

// @ts-ignore: decorator
@inline
export function rotateLeft(lanes: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(lanes, bits), i32x4.shr_u(lanes, 32 - bits));
}

// @ts-ignore: decorator
@inline
export function rotateRight(lanes: v128, bits: i32): v128 {
  return rotateLeft(lanes, 32 - bits);
}

/** Four words with the bytes of each in the other order. */
// @ts-ignore: decorator
@inline
export function swapBytes(words: v128): v128 {
  return i8x16.shuffle(words, words, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/**
 * One column of a matrix of four rows; `column` is known when this is compiled, and what several columns have in
 * common is then computed once. A message is a row, a vector of the kernel is a column:
 *
 *   a  b  c  d        a a' a" a*
 *   a' b' c' d'   →   b b' b" b*
 *   a" b" c" d"       c c' c" c*
 *   a* b* c* d*       d d' d" d*
 */
// @ts-ignore: decorator
@inline
export function column(row0: v128, row1: v128, row2: v128, row3: v128, column: i32): v128 {
  if (column < 2) {
    const ab01 = i32x4.shuffle(row0, row1, 0, 4, 1, 5);
    const ab23 = i32x4.shuffle(row2, row3, 0, 4, 1, 5);
    return column === 0 ? i64x2.shuffle(ab01, ab23, 0, 2) : i64x2.shuffle(ab01, ab23, 1, 3);
  }
  const cd01 = i32x4.shuffle(row0, row1, 2, 6, 3, 7);
  const cd23 = i32x4.shuffle(row2, row3, 2, 6, 3, 7);
  return column === 2 ? i64x2.shuffle(cd01, cd23, 0, 2) : i64x2.shuffle(cd01, cd23, 1, 3);
}
