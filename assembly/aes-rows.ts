/**
 * The 16 bytes of a block are the columns of a matrix, one after the other (FIPS 197 §3.4); here, its rows:
 *
 *   0  4  8 12
 *   1  5  9 13      block: 0 1 2 3 | 4 5 6 7 | …      rows: 0 4 8 12 | 1 5 9 13 | …
 *   2  6 10 14
 *   3  7 11 15
 *
 * With a row in each 32-bit lane, MixColumns moves whole lanes.
 */

// @ts-ignore: decorator
@inline
export function rowsOf(block: v128): v128 {
  return i8x16.swizzle(block, i8x16(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
}

/** ShiftRows (FIPS 197 §5.1.2) of rows. */
// @ts-ignore: decorator
@inline
export function shiftedRows(rows: v128): v128 {
  return i8x16.swizzle(rows, i8x16(0, 1, 2, 3, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14));
}

/** ShiftRows of rows, as a block. */
// @ts-ignore: decorator
@inline
export function blockOfShiftedRows(rows: v128): v128 {
  return i8x16.swizzle(rows, i8x16(0, 5, 10, 15, 1, 6, 11, 12, 2, 7, 8, 13, 3, 4, 9, 14));
}
