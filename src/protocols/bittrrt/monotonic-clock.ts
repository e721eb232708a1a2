/** The clock of stamps. */

/** A wall clock that never goes back: when the system clock is set back, it continues from its last reading. */
export class MonotonicClock {
  #aheadMs = 0n;
  #lastMs = 0n;

  /** The reading while the system clock shows `wallMs`. */
  at(wallMs: bigint): bigint {
    const stampMs = wallMs + this.#aheadMs;
    if (stampMs >= this.#lastMs) return (this.#lastMs = stampMs);
    this.#aheadMs += this.#lastMs - stampMs;
    return this.#lastMs;
  }
}
