import type { Millis } from "../../../machine/index.js";
import { addressPrefix } from "../../../address.js";

/** A bucket that fills at `perSecond` up to as much: who finds it empty has to wait. */
export class Rate {
  readonly #perSecond: number;
  #level: number;
  #atMs: Millis | undefined;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#level = perSecond;
  }

  /** False where the bucket is empty. */
  take(nowMs: Millis): boolean {
    this.#level = this.#levelAt(nowMs);
    this.#atMs = nowMs;
    if (this.#level < 1) return false;
    this.#level--;
    return true;
  }

  /** Nothing was taken for so long that the bucket is like a new one. */
  isFull(nowMs: Millis): boolean {
    return this.#levelAt(nowMs) >= this.#perSecond;
  }

  #levelAt(nowMs: Millis): number {
    const passedMs = nowMs - (this.#atMs ?? nowMs);
    return Math.min(this.#perSecond, this.#level + (passedMs * this.#perSecond) / 1_000);
  }
}

/** Networks whose rates are known at a time. With more the one that was quiet for the longest begins anew. */
const NETWORKS_MAX = 4_096;

/** A {@link Rate} for each network, so that a loud one takes nothing from the others. */
export class NetworkRates {
  readonly #perSecond: number;
  /** The ones that were quiet for the longest come first. */
  readonly #rates = new Map<string, Rate>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** False where the network of a peer has taken too much. */
  take(peer: string, nowMs: Millis): boolean {
    const network = addressPrefix(peer);
    const rate = this.#rates.get(network) ?? new Rate(this.#perSecond);
    this.#rates.delete(network);
    this.#forget(nowMs);
    this.#rates.set(network, rate);
    return rate.take(nowMs);
  }

  get size(): number {
    return this.#rates.size;
  }

  #forget(nowMs: Millis): void {
    for (const [network, rate] of this.#rates) {
      if (this.#rates.size < NETWORKS_MAX && !rate.isFull(nowMs)) return;
      this.#rates.delete(network);
    }
  }
}
