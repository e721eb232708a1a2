import type { Limits } from "../limits.js";
import { DeadlineHeap } from "./deadlines.js";
import { sourceOf } from "./source.js";
import type { Millis } from "./types.js";

/** What one source has had beyond what it sent, less what time has made up for since. */
interface Account {
  bytes: number;
  atMs: Millis;
}

/**
 * Bounds by how many bytes the datagrams to a source may exceed those that came from it. Whoever sends requests in
 * somebody else's name thus cannot make of a machine an amplifier: answers no longer than their requests are free, the
 * rest of a longer one is charged to its source, and time refills it.
 *
 * What is kept is bounded too: an account lasts until it is made up for, and sources beyond `surplusSourcesMax` share
 * one.
 */
export class SurplusMeter {
  readonly #limits: Limits;
  readonly #accounts = new Map<string, Account>();
  /** When each account is made up for. */
  readonly #deadlines = new DeadlineHeap<string>();
  readonly #shared: Account = { bytes: 0, atMs: 0 };

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Sources that are known one by one. */
  get size(): number {
    return this.#accounts.size;
  }

  /** When the first account is made up for, and `expire` has something to forget. */
  get nextMs(): Millis {
    return this.#deadlines.nextMs;
  }

  /** Whether a datagram may go that is so many bytes longer than what it answers; if so, they are charged. */
  allows(peer: string, surplusBytes: number, nowMs: Millis): boolean {
    if (surplusBytes <= 0) return true;
    const source = sourceOf(peer);
    this.expire(nowMs);
    const known = this.#accounts.get(source);
    const isFull = known === undefined && this.#accounts.size >= this.#limits.surplusSourcesMax;
    const account = known ?? (isFull ? this.#shared : { bytes: 0, atMs: nowMs });
    const bytes = this.#left(account, nowMs) + surplusBytes;
    if (bytes > this.#limits.surplusBytesMax) return false;
    account.bytes = bytes;
    account.atMs = nowMs;
    if (isFull) return true;
    this.#accounts.set(source, account);
    this.#deadlines.set(source, nowMs + (1_000 * bytes) / this.#limits.surplusBytesPerSecond);
    return true;
  }

  /** Forgets accounts that are made up for. */
  expire(nowMs: Millis): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      this.#accounts.delete(due);
    }
  }

  #left({ bytes, atMs }: Account, nowMs: Millis): number {
    return Math.max(0, bytes - ((nowMs - atMs) * this.#limits.surplusBytesPerSecond) / 1_000);
  }
}
