/** Pseudorandom inputs that are equal in every run and process. */

/** A 32-bit xorshift generator with a fixed state. */
export function makeRandom(state = 0x9e3779b9) {
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    /** A whole number from 0 to `limit - 1`, `limit` at most 2^32. */
    below: (limit) => next() % limit,
    /** A whole number of 53 bits. */
    safeInteger: () => (next() % 0x200000) * 2 ** 32 + next(),
    bytes: (length) => Uint8Array.from({ length }, () => next() & 255),
  };
}
