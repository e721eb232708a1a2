/** Ids of 20 bytes as big-endian numbers: two words of 64 bits and one of 32. */
import { TARGET } from "./xor-memory";

// @ts-ignore: decorator
@inline
export function high(id: usize): u64 {
  return bswap<u64>(load<u64>(id));
}

// @ts-ignore: decorator
@inline
export function middle(id: usize): u64 {
  return bswap<u64>(load<u64>(id, 8));
}

// @ts-ignore: decorator
@inline
export function low(id: usize): u32 {
  return bswap<u32>(load<u32>(id, 16));
}

/** The first four bytes of an id. */
// @ts-ignore: decorator
@inline
export function prefixOf(id: usize): u32 {
  return bswap<u32>(load<u32>(id));
}

/** How many leading bits two ids share: 160 where they are the same. */
export function sharedBits(a: usize, b: usize): u32 {
  const first = high(a) ^ high(b);
  if (first !== 0) return <u32>clz<u64>(first);
  const second = middle(a) ^ middle(b);
  if (second !== 0) return 64 + <u32>clz<u64>(second);
  return 128 + clz<u32>(low(a) ^ low(b));
}

/** Whether id `a` is nearer to TARGET than `b` is. */
export function isNearer(a: usize, b: usize): bool {
  const bit = sharedBits(a, b);
  return bit < 160 && bitOf(a, bit) === bitOf(TARGET, bit);
}

/** Whether id `a` is the lesser number. */
export function isLess(a: usize, b: usize): bool {
  const bit = sharedBits(a, b);
  return bit < 160 && bitOf(a, bit) === 0;
}

/** Bit `bit` of an id, counted from the greatest. */
// @ts-ignore: decorator
@inline
export function bitOf(id: usize, bit: u32): u32 {
  return (<u32>load<u8>(id + (bit >> 3)) >> (7 - (bit & 7))) & 1;
}
