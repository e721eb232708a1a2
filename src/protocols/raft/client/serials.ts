/** Serials of one session: which are open, and which results are not wanted any more. */
import type { SessionPlace } from "../types.js";

/** Open serials of a session: a member holds the results of so many. */
const WINDOW = 64;

/** Serials in ascending order. */
export class Serials {
  /** Id of the session. */
  readonly client: number;
  /** By serial modulo the window. */
  readonly #open = new Uint8Array(WINDOW);
  /** The least open serial, or the next one. */
  #least = 1;
  #next = 1;

  constructor(client: number) {
    this.client = client;
  }

  /** A further serial would be too far from the oldest open one. */
  get isFull(): boolean {
    return this.#next - this.#least >= WINDOW;
  }

  open(): SessionPlace {
    const serial = this.#next++;
    this.#open[serial % WINDOW] = 1;
    // Results below the least open one are not wanted any more.
    return { client: this.client, serial, ackedBelow: this.#least };
  }

  /** The result of a serial has come, or nobody waits for it. */
  close(serial: number): void {
    if (serial < this.#least) return;
    this.#open[serial % WINDOW] = 0;
    while (this.#least < this.#next && this.#open[this.#least % WINDOW] === 0) this.#least++;
  }
}
