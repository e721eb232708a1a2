/** Connections that have not yet become links, counted by address prefix. */
import { addressPrefix } from "../address.js";
import type { Limits } from "../limits.js";

/** A bound on handshakes in progress: as many as links, in total and from one prefix. */
export class PendingCounts {
  readonly #limits: Limits;
  readonly #byPrefix = new Map<string, number>();
  #total = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Counts a connection. @returns the function that ends it, once; undefined where there are too many */
  begin(peer: string): (() => void) | undefined {
    const prefix = addressPrefix(peer);
    const { linksMax, linksPerPrefixMax } = this.#limits;
    if (this.#total >= linksMax || (this.#byPrefix.get(prefix) ?? 0) >= linksPerPrefixMax) return undefined;
    this.#add(prefix, 1);
    let isOver = false;
    return () => {
      if (!isOver) this.#add(prefix, -1);
      isOver = true;
    };
  }

  #add(prefix: string, change: 1 | -1): void {
    const count = (this.#byPrefix.get(prefix) ?? 0) + change;
    this.#total += change;
    if (count === 0) this.#byPrefix.delete(prefix);
    else this.#byPrefix.set(prefix, count);
  }
}
