/** Where chunks of given sizes may be cut, and how often. */

/** How far a chunk goes, and by which masks of the gear hash it ends. */
export interface CutPlan {
  readonly minBytes: number;
  /** From this length on, cuts are sixteen times as frequent. */
  readonly normalBytes: number;
  readonly maxBytes: number;
  /** The mask up to `normalBytes`; {@link manyCuts} from there on. */
  readonly fewCuts: number;
  readonly manyCuts: number;
}

/** Bits that masks have more, and fewer, than the mean asks for: the second level of normalisation of FastCDC, §3.3. */
const LEVEL = 2;

/**
 * The plan of checked sizes. With masks for a mean of a = 2^k alone, at the end of a distance d behind the least size,
 *
 *   mean = min + 4a (1 - e^(-d / 4a)) + a/4 e^(-d / 4a)
 *
 * and to the second power of u = d / a, mean = min + a/4 + 15/16 a (u - u²/8). Solved for the mean that is asked for, d
 * takes a square root: IEEE 754 rounds it in one way, whereas engines may differ in powers and logarithms.
 */
export function cutPlan(minBytes: number, avgBytes: number, maxBytes: number): CutPlan {
  // The nearest power of two: from 4/3 of one on, the next.
  const k = 31 - Math.clz32(avgBytes + (avgBytes >> 1));
  const scale = 2 ** k;
  const w = ((avgBytes - minBytes) / scale - 1 / 4) * (16 / 15);
  const u = w <= 0 ? 0 : 4 * (1 - Math.sqrt(1 - w / 2));
  const normalBytes = Math.min(maxBytes, minBytes + Math.round(u * scale));
  return { minBytes, normalBytes, maxBytes, fewCuts: maskOf(k + LEVEL), manyCuts: maskOf(k - LEVEL) };
}

/** Bits of a mask in the lower half of a hash, which vectors test; those below depend on few bytes. */
const LOWER_BITS = 11;

/**
 * A mask of so many bits, up to 32. The first of them are bits 15 to 5, which depend on 16 to 6 bytes; then come 31 to
 * 16, which depend on up to 32; the others last.
 */
export function maskOf(bits: number): number {
  let mask = 0;
  for (let i = 0; i < bits; i++) {
    const isLower = i < LOWER_BITS;
    const bit = isLower ? 15 - i : i < LOWER_BITS + 16 ? 31 - (i - LOWER_BITS) : 31 - i;
    mask |= 1 << bit;
  }
  return mask >>> 0;
}
