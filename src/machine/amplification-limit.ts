/** The anti-amplification limit of RFC 9000 §8.1, applied to answers of one datagram. */
import type { Limits } from "../limits.js";
import { DeadlineHeap } from "./deadlines.js";
import { addressPrefix } from "../address.js";
import type { Millis } from "./types.js";

/** Bytes that went to one address prefix beyond those that came from it, less what time has refilled. */
interface Account {
  bytes: number;
  atMs: Millis;
}

/**
 * Bounds by how many bytes the datagrams to an address prefix may exceed those that came from it, so that a request
 * with a forged source address cannot turn a machine into an amplifier. An answer no longer than its request is free;
 * the excess of a longer one is charged to the prefix, and refills over time.
 *
 * Memory is bounded too: an account is dropped once it has refilled, and prefixes beyond `amplificationPrefixesMax`
 * share one.
 */
export class AmplificationLimit {
  readonly #limits: Limits;
  readonly #accounts = new Map<string, Account>();
  /** When each account has refilled. */
  readonly #deadlines = new DeadlineHeap<string>();
  readonly #shared: Account = { bytes: 0, atMs: 0 };

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Prefixes with an account of their own. */
  get size(): number {
    return this.#accounts.size;
  }

  /** When the first account has refilled, and `expire` has something to drop. */
  get nextMs(): Millis {
    return this.#deadlines.nextMs;
  }

  /** Whether a datagram may leave that is `excessBytes` longer than what it answers; if so, they are charged. */
  allows(peer: string, excessBytes: number, nowMs: Millis): boolean {
    if (excessBytes <= 0) return true;
    const prefix = addressPrefix(peer);
    this.expire(nowMs);
    const known = this.#accounts.get(prefix);
    const isFull = known === undefined && this.#accounts.size >= this.#limits.amplificationPrefixesMax;
    const account = known ?? (isFull ? this.#shared : { bytes: 0, atMs: nowMs });
    const bytes = this.#left(account, nowMs) + excessBytes;
    if (bytes > this.#limits.amplificationBytesMax) return false;
    account.bytes = bytes;
    account.atMs = nowMs;
    if (isFull) return true;
    this.#accounts.set(prefix, account);
    this.#deadlines.set(prefix, nowMs + (1_000 * bytes) / this.#limits.amplificationBytesPerSecond);
    return true;
  }

  /** Drops accounts that have refilled. */
  expire(nowMs: Millis): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      this.#accounts.delete(due);
    }
  }

  #left({ bytes, atMs }: Account, nowMs: Millis): number {
    return Math.max(0, bytes - ((nowMs - atMs) * this.#limits.amplificationBytesPerSecond) / 1_000);
  }
}
