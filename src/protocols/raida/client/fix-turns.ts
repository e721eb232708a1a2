/** The order in which the servers of a client carry out fixes. */

/** A fix that waits for its turn. */
interface WaitingFix {
  /** What identifies the call. */
  readonly call: object;
  readonly start: () => void;
}

/**
 * Lets a bounded number of servers carry out a fix at a time, in the order in which the calls ask. Each server that
 * fixes opens a connection to all others, and C servers lose connections that arrive at once.
 */
export class FixTurns {
  readonly #fixersMax: number;
  #running = 0;
  #waiting: WaitingFix[] = [];

  constructor(fixersMax: number) {
    this.#fixersMax = fixersMax;
  }

  /** Starts a fix of a call at once or later. Call {@link end} once for each that was started. */
  take(call: object, start: () => void): void {
    this.#waiting.push({ call, start });
    this.#advance();
  }

  end(): void {
    this.#running--;
    this.#advance();
  }

  /** Forgets the fixes of a call that have not started. */
  drop(call: object): void {
    this.#waiting = this.#waiting.filter((fix) => fix.call !== call);
  }

  #advance(): void {
    while (this.#running < this.#fixersMax) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running++;
      next.start();
    }
  }
}
