/** FIPS 180-4 §4.2.1: the constant of each twenty rounds. */
export const K0: u32 = 0x5a827999;
export const K20: u32 = 0x6ed9eba1;
export const K40: u32 = 0x8f1bbcdc;
export const K60: u32 = 0xca62c1d6;

/** FIPS 180-4 §5.3.1; then three words that are read and not used. */
export const INITIAL_STATE: usize = memory.data<u32>([
  0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0, 0, 0, 0,
], 16);
