/** The anti-amplification limit of RFC 9000 §8.1, applied to answers of one datagram. */
import type { Limits } from "../limits.js";
import { addressPrefix } from "../address.js";
import { KeyedTokenBuckets } from "./rate-limit.js";
import type { Millis } from "./types.js";

/**
 * Bounds by how many bytes the datagrams to an address prefix may exceed those that came from it, so that a request
 * with a forged source address cannot turn a machine into an amplifier. An answer no longer than its request is free;
 * the excess of a longer one is taken from the token bucket of the prefix.
 *
 * Memory is bounded: full buckets are dropped, and prefixes beyond `amplificationPrefixesMax` share one bucket.
 */
export class AmplificationLimit {
  readonly #buckets: KeyedTokenBuckets;

  constructor(limits: Limits) {
    this.#buckets = new KeyedTokenBuckets({
      perSecond: limits.amplificationBytesPerSecond,
      tokensMax: limits.amplificationBytesMax,
      keysMax: limits.amplificationPrefixesMax,
      overflow: "share",
    });
  }

  /** Prefixes with a bucket of their own. */
  get size(): number {
    return this.#buckets.size;
  }

  /** When the next bucket is full, and {@link expire} drops it. */
  get nextMs(): Millis {
    return this.#buckets.nextMs;
  }

  /** Whether a datagram may leave that is `excessBytes` longer than the one it answers; if so, these are charged. */
  allows(peer: string, excessBytes: number, nowMs: Millis): boolean {
    return excessBytes <= 0 || this.#buckets.take(addressPrefix(peer), nowMs, excessBytes);
  }

  /** Drops the buckets that are full. */
  expire(nowMs: Millis): void {
    this.#buckets.expire(nowMs);
  }
}
