/** Serials of one session: which are open, and which results are not wanted any more. */
import type { SessionPlace } from "../types.js";

/** Open serials of a session: a member holds the results of so many. */
const WINDOW = 64;

/** Serials in ascending order. */
export class Serials {
  /** Id of the session. */
  readonly client: number;
  readonly #open = new Set<number>();
  #next = 1;

  constructor(client: number) {
    this.client = client;
  }

  /** Results below are not wanted any more. */
  get #ackedBelow(): number {
    // Sets keep the order of insertion, which is ascending.
    const [least] = this.#open;
    return least ?? this.#next;
  }

  /** A further serial would be too far from the oldest open one. */
  get isFull(): boolean {
    return this.#next - this.#ackedBelow >= WINDOW;
  }

  open(): SessionPlace {
    const serial = this.#next++;
    this.#open.add(serial);
    return { client: this.client, serial, ackedBelow: this.#ackedBelow };
  }

  /** The result of a serial has come, or nobody waits for it. */
  close(serial: number): void {
    this.#open.delete(serial);
  }
}
