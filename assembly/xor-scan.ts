/** The nearest of ids in any order: a first look at four bytes of each, and at the rest of the few that pass. */
import { prefixOf } from "./xor-id";
import { ID_BYTES, PREFIX_BYTES, TARGET } from "./xor-memory";
import { consider, farthestPrefix } from "./xor-nearest";

/** Writes the prefixes of `count` ids to `prefixes`, a word each. */
export function preparePrefixes(ids: usize, count: usize, prefixes: usize): void {
  for (const end = ids + count * ID_BYTES; ids < end; ids += ID_BYTES) {
    store<u32>(prefixes, prefixOf(ids));
    prefixes += PREFIX_BYTES;
  }
}

/** Considers `count` ids, of which the first has index `first`; their prefixes are prepared. */
export function scan(ids: usize, prefixes: usize, count: usize, first: usize): void {
  const target = i32x4.splat(prefixOf(TARGET));
  let farthest = i32x4.splat(farthestPrefix());
  let done: usize = 0;
  for (const whole = count & ~15; done < whole; done += 16) {
    const a = i32x4.le_u(v128.xor(v128.load(prefixes), target), farthest);
    const b = i32x4.le_u(v128.xor(v128.load(prefixes, 16), target), farthest);
    const c = i32x4.le_u(v128.xor(v128.load(prefixes, 32), target), farthest);
    const d = i32x4.le_u(v128.xor(v128.load(prefixes, 48), target), farthest);
    prefixes += 16 * PREFIX_BYTES;
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    // A bit for each of the sixteen.
    let near = <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
    for (; near !== 0; near &= near - 1) {
      const passing = done + <usize>ctz<u32>(near);
      consider(ids + passing * ID_BYTES, first + passing);
    }
    farthest = i32x4.splat(farthestPrefix());
  }
  for (; done < count; done++) consider(ids + done * ID_BYTES, first + done);
}
