/** Token buckets: rate limits for one source of work, and for many by key in bounded memory. */
import { DeadlineHeap } from "./deadlines.js";
import type { Millis } from "./types.js";

/** Token bucket: starts full, refills at `perSecond`, holds at most `tokensMax` tokens (default: `perSecond`). */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #tokensMax: number;
  /** Tokens missing at `#atMs`. 0 is a full bucket. */
  #missing = 0;
  #atMs: Millis = 0;

  constructor(perSecond: number, tokensMax = perSecond) {
    this.#perSecond = perSecond;
    this.#tokensMax = tokensMax;
  }

  /** Takes `tokens`; takes nothing and returns false where the bucket holds fewer. */
  take(nowMs: Millis, tokens = 1): boolean {
    const missing = this.#missingAt(nowMs) + tokens;
    if (missing > this.#tokensMax) return false;
    this.#missing = missing;
    this.#atMs = nowMs;
    return true;
  }

  /** The time at which the bucket is full again, if nothing is taken until then. */
  get fullAtMs(): Millis {
    return this.#missing === 0 ? this.#atMs : this.#atMs + (1_000 * this.#missing) / this.#perSecond;
  }

  #missingAt(nowMs: Millis): number {
    // A new bucket has no time yet, and clocks begin anywhere.
    return this.#missing === 0 ? 0 : Math.max(0, this.#missing - ((nowMs - this.#atMs) * this.#perSecond) / 1_000);
  }
}

/** How buckets by key refill, and how many are kept. */
export interface KeyedTokenBucketsOptions {
  /** Tokens by which each bucket refills in a second. */
  readonly perSecond: number;
  /** Tokens that each bucket holds. Default: `perSecond`. */
  readonly tokensMax?: number;
  /** Keys with a bucket of their own. Default 4096. */
  readonly keysMax?: number;
  /**
   * What happens to a further key: `"evict"` drops the bucket whose last use is the oldest, which is then full again;
   * `"share"` takes from one bucket that all further keys share, so that inventing keys yields no more tokens.
   * Default `"evict"`.
   */
  readonly overflow?: "evict" | "share";
}

/** A {@link TokenBucket} for each key, so that a busy key takes nothing from the others. Full buckets are dropped. */
export class KeyedTokenBuckets {
  readonly #options: Required<KeyedTokenBucketsOptions>;
  /** In the order of their last use. */
  readonly #buckets = new Map<string, TokenBucket>();
  /** When each bucket is full. */
  readonly #deadlines = new DeadlineHeap<string>();
  readonly #shared: TokenBucket;

  constructor(options: KeyedTokenBucketsOptions) {
    this.#options = { tokensMax: options.perSecond, keysMax: 4_096, overflow: "evict", ...options };
    this.#shared = this.#newBucket();
  }

  /** Keys with a bucket of their own. */
  get size(): number {
    return this.#buckets.size;
  }

  /** When the next bucket is full, and {@link expire} drops it; `Infinity` where there is none. */
  get nextMs(): Millis {
    return this.#deadlines.nextMs;
  }

  /** Takes `tokens` from the bucket of `key`; takes nothing and returns false where it holds fewer. */
  take(key: string, nowMs: Millis, tokens = 1): boolean {
    this.expire(nowMs);
    const { keysMax, overflow } = this.#options;
    const known = this.#buckets.get(key);
    if (known === undefined && overflow === "share" && this.#buckets.size >= keysMax) {
      return this.#shared.take(nowMs, tokens);
    }
    const bucket = known ?? this.#newBucket();
    const isTaken = bucket.take(nowMs, tokens);
    // A new bucket that refuses is full: it need not be kept.
    if (known === undefined && !isTaken) return false;
    this.#buckets.delete(key);
    if (this.#buckets.size >= keysMax) this.#drop(this.#buckets.keys().next().value!);
    this.#buckets.set(key, bucket);
    this.#deadlines.set(key, bucket.fullAtMs);
    return isTaken;
  }

  /** Drops the buckets that are full. */
  expire(nowMs: Millis): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      this.#buckets.delete(due);
    }
  }

  #drop(key: string): void {
    this.#buckets.delete(key);
    this.#deadlines.delete(key);
  }

  #newBucket(): TokenBucket {
    return new TokenBucket(this.#options.perSecond, this.#options.tokensMax);
  }
}
