/** How many leading bits each of many ids shares with TARGET: the bucket in which Kademlia keeps it. */
import { prefixOf, sharedBits } from "./xor-id";
import { ID_BYTES, PREFIX_BYTES, TARGET } from "./xor-memory";

/** What the vectors say of a prefix that shares 31 bits or all 32: they cannot tell these apart. */
const UNKNOWN: i8 = <i8>157;

/** Writes one byte for each of `count` ids to `to`, 160 for an id that equals TARGET; their prefixes are prepared. */
export function buckets(ids: usize, prefixes: usize, count: usize, to: usize): void {
  const target = i32x4.splat(prefixOf(TARGET));
  let index: usize = 0;
  for (const whole = count & ~15; index < whole; index += 16) {
    const ab = i16x8.narrow_i32x4_s(exponent(prefixes, target), exponent(prefixes + 16, target));
    const cd = i16x8.narrow_i32x4_s(exponent(prefixes + 32, target), exponent(prefixes + 48, target));
    // 157 minus the exponent, which is 127 for the second lowest bit: 30 shared bits.
    const shared = i8x16.sub(i8x16.splat(UNKNOWN), i8x16.narrow_i16x8_u(ab, cd));
    v128.store(to + index, shared);
    let unknown = <u32>i8x16.bitmask(i8x16.eq(shared, i8x16.splat(UNKNOWN)));
    for (; unknown !== 0; unknown &= unknown - 1) {
      const one = index + <usize>ctz<u32>(unknown);
      store<u8>(to + one, sharedBits(ids + one * ID_BYTES, TARGET));
    }
    prefixes += 16 * PREFIX_BYTES;
  }
  for (; index < count; index++) store<u8>(to + index, sharedBits(ids + index * ID_BYTES, TARGET));
}

/**
 * The place of the highest bit of four distances, as the exponent of a float: 127 where it is the second lowest bit,
 * 157 where it is the highest, 0 where it is the lowest or there is none. Half the distance, which is positive for the
 * conversion, without each bit that has one set next above it: so it is not rounded up to the next power of two.
 */
// @ts-ignore: decorator
@inline
function exponent(prefixes: usize, target: v128): v128 {
  const distance = v128.xor(v128.load(prefixes), target);
  const highest = v128.andnot(i32x4.shr_u(distance, 1), i32x4.shr_u(distance, 2));
  return i32x4.shr_u(f32x4.convert_i32x4_s(highest), 23);
}
