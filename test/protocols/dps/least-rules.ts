/** Rules of a put, for tests. */

/** They ask for as little as they can: what is tried ends before them. */
export const LEAST_RULES = {
  copiesMin: 1,
  chunkTtlSeconds: 1,
  ttlSeconds: 1,
  entryBytesMax: 1 << 20,
  unixNs: () => 0n,
  nowMs: () => 0,
};
