/** Rate limits of a server, for all clients and for each network. */
import type { Millis } from "../../../machine/index.js";
import { addressPrefix } from "../../../address.js";

/** A token bucket: it refills at `perSecond` and holds at most `perSecond` tokens. */
export class RateLimit {
  readonly #perSecond: number;
  #level: number;
  #atMs: Millis | undefined;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#level = perSecond;
  }

  /** Takes a token; false when there is none. */
  take(nowMs: Millis): boolean {
    this.#level = this.#levelAt(nowMs);
    this.#atMs = nowMs;
    if (this.#level < 1) return false;
    this.#level--;
    return true;
  }

  /** Whether the bucket is full, thus equal to a new one. */
  isFull(nowMs: Millis): boolean {
    return this.#levelAt(nowMs) >= this.#perSecond;
  }

  #levelAt(nowMs: Millis): number {
    const passedMs = nowMs - (this.#atMs ?? nowMs);
    return Math.min(this.#perSecond, this.#level + (passedMs * this.#perSecond) / 1_000);
  }
}

/** The most buckets at a time. Beyond it the least recently used one is dropped. */
const NETWORKS_MAX = 4_096;

/** A {@link RateLimit} for each network, so that a busy one takes nothing from the others. */
export class NetworkRateLimits {
  readonly #perSecond: number;
  /** The least recently used bucket comes first. */
  readonly #limits = new Map<string, RateLimit>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Takes a token of the network of a peer; false when there is none. */
  take(peer: string, nowMs: Millis): boolean {
    const network = addressPrefix(peer);
    const limit = this.#limits.get(network) ?? new RateLimit(this.#perSecond);
    this.#limits.delete(network);
    this.#forget(nowMs);
    this.#limits.set(network, limit);
    return limit.take(nowMs);
  }

  /** How many networks are remembered. */
  get size(): number {
    return this.#limits.size;
  }

  #forget(nowMs: Millis): void {
    for (const [network, limit] of this.#limits) {
      if (this.#limits.size < NETWORKS_MAX && !limit.isFull(nowMs)) return;
      this.#limits.delete(network);
    }
  }
}
