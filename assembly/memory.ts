/**
 * How a kernel lays out its linear memory. Each kernel is a module of its own with a memory of its own;
 * addresses are constants, nothing is ever allocated or freed.
 *
 *   0              FIRST_REGION
 *   | static data | guard | region | guard | region | guard | … | guard |
 *
 * A kernel exports each region as a pair of constants, NAME (its address) and NAME_BYTES, and places it at
 * the end of the one before plus GUARD_LENGTH. Regions whose size is the caller's choice, such as inputs and
 * results, are added by the host behind those, by the same rule, in a memory that it grows once; the kernel
 * gets their addresses as arguments. The host paints the guards and then starts the module; tests
 * read them back after every call, so that a write past a region cannot go unseen. A kernel that
 * stores whole vectors must have room for the last of them inside its region; one that loads past the end of
 * a region may do so by less than a guard.
 */

/** Bytes of guard between two regions: one cache line, and more than any store is wide. */
export const GUARD_LENGTH: usize = 64;

/** What a guard is filled with. Not 0 and not 0xFF, which a stray store writes most often. */
export const GUARD_VALUE: u8 = 0xa5;

/** Static data (`memory.data`) stays below the guard in front of this address. */
export const FIRST_REGION: usize = 0x1000;

/** Where static data ends: a test holds it below the first guard. */
export function staticEnd(): usize {
  return __heap_base;
}

/** Zeros for the `bytes` bytes at `at`, rounded up to whole vectors. */
export function clear(at: usize, bytes: usize): void {
  const zero = i64x2.splat(0);
  for (const end = at + bytes; at < end; at += 16) v128.store(at, zero);
}
