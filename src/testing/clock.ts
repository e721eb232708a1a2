/** The virtual clock of a simulation. */
import { DeadlineHeap, type Clock, type Millis } from "../machine/index.js";

/** A clock that advances on demand. Actions due at the same time run in the order of their `after` calls. */
export class VirtualClock implements Clock {
  readonly #actions = new DeadlineHeap<{ readonly run: () => void }>();
  #nowMs: Millis = 0;

  nowMs(): Millis {
    return this.#nowMs;
  }

  /** Time of the next action; `Infinity` for none. */
  get nextMs(): Millis {
    return this.#actions.nextMs;
  }

  after(delayMs: Millis, action: () => void): () => void {
    const entry = { run: action };
    this.#actions.set(entry, this.#nowMs + delayMs);
    return () => void this.#actions.delete(entry);
  }

  /** Advances to the next action and runs it; false if there is none. */
  step(): boolean {
    const { nextMs } = this;
    if (nextMs === Infinity) return false;
    this.#nowMs = Math.max(this.#nowMs, nextMs);
    this.#actions.popDue(nextMs)!.run();
    return true;
  }

  /** Runs every action due up to `atMs`, and stops at that time. */
  runTo(atMs: Millis): void {
    while (this.nextMs <= atMs && this.step());
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }
}
