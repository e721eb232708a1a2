/** A wall clock that never goes back: where the one below it is set back, it goes on from where it was. */
export class StampClock {
  #aheadMs = 0n;
  #lastMs = 0n;

  /** What it shows when the clock below it shows `wallMs`. */
  at(wallMs: bigint): bigint {
    const stampMs = wallMs + this.#aheadMs;
    if (stampMs >= this.#lastMs) return (this.#lastMs = stampMs);
    this.#aheadMs += this.#lastMs - stampMs;
    return this.#lastMs;
  }
}
