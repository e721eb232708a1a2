/** Ids as numbers: four bytes of two ids tell most of them apart at once. */

/** Where the last four bytes of an id begin. */
export const TAIL_AT = 16;

/** Four bytes of an id as a signed number. */
export function wordAt(id: Uint8Array, at: number): number {
  return (id[at]! << 24) | (id[at + 1]! << 16) | (id[at + 2]! << 8) | id[at + 3]!;
}
