/** How many leading bits each of many ids shares with TARGET: the bucket in which Kademlia keeps it. */
import { prefixOf, sharedBits } from "./xor-id";
import { ID_BYTES, PREFIX_BYTES, TARGET } from "./xor-memory";

/** The exponent of a float of which only the highest bit of 32 is set. */
const HIGHEST: u8 = 127 + 31;
/** What the vectors say of a prefix that shares all its 32 bits: more than they say of any other. */
const UNKNOWN = HIGHEST;
/** In memory, since a constant vector would be made anew with each turn. */
const IN_MEMORY = memory.data<u8>([HIGHEST]);

/** Writes one byte for each of `count` ids to `to`, 160 for an id that equals TARGET; their prefixes are prepared. */
export function buckets(ids: usize, prefixes: usize, count: usize, to: usize): void {
  const target = i32x4.splat(prefixOf(TARGET));
  const highest = v128.load8_splat(IN_MEMORY);
  let most = i32x4.splat(0);
  let done: usize = 0;
  for (; done + 16 <= count; done += 16) {
    const at = prefixes + done * PREFIX_BYTES;
    const ab = i16x8.narrow_i32x4_s(exponent(at, target), exponent(at + 16, target));
    const cd = i16x8.narrow_i32x4_s(exponent(at + 32, target), exponent(at + 48, target));
    // Exponents with a sign saturate twice: to 255, and to no shared bit.
    const shared = i8x16.sub_sat_u(highest, i8x16.narrow_i16x8_u(ab, cd));
    most = i8x16.max_u(most, shared);
    v128.store(to + done, shared);
    // The last sixteen may begin among those that are done.
    if (done + 16 < count && count < done + 32) done = count - 32;
  }
  if (v128.any_true(i8x16.eq(most, highest))) resolve(ids, to, done);
  for (; done < count; done++) store<u8>(to + done, sharedBits(ids + done * ID_BYTES, TARGET));
}

/** Counts the bits of those of `count` ids that are still unknown. */
function resolve(ids: usize, to: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    if (load<u8>(to + i) === UNKNOWN) store<u8>(to + i, sharedBits(ids + i * ID_BYTES, TARGET));
  }
}

/**
 * The place of the highest bit of four distances: the exponent of the distance as a float, 0 where there is no
 * distance. Each bit that has one set next above it is left out, so that nothing is rounded up to the next power of
 * two. With its highest bit set a distance counts as negative; then the sign, above the exponent, makes this more than
 * any exponent.
 */
// @ts-ignore: decorator
@inline
function exponent(prefixes: usize, target: v128): v128 {
  const distance = v128.xor(v128.load(prefixes), target);
  return i32x4.shr_u(f32x4.convert_i32x4_s(v128.andnot(distance, i32x4.shr_u(distance, 1))), 23);
}
