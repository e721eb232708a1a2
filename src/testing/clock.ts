import type { Clock, Millis } from "../machine/index.js";
import { DeadlineHeap } from "../machine/index.js";

/** Time that passes when it is told to. What is due at the same time happens in the order in which it was set. */
export class VirtualClock implements Clock {
  readonly #due = new DeadlineHeap<{ readonly action: () => void }>();
  #nowMs: Millis = 0;

  nowMs(): Millis {
    return this.#nowMs;
  }

  after(delayMs: Millis, action: () => void): () => void {
    if (delayMs === Infinity) return () => {};
    const entry = { action };
    this.#due.set(entry, this.#nowMs + Math.max(delayMs, 0.001));
    return () => void this.#due.delete(entry);
  }

  /** Does what is due next, at its time, unless that is after `untilMs`. @returns whether there was anything */
  advance(untilMs: Millis): boolean {
    const atMs = this.#due.nextMs;
    if (atMs > untilMs) {
      if (untilMs !== Infinity) this.#nowMs = Math.max(this.#nowMs, untilMs);
      return false;
    }
    this.#nowMs = atMs;
    this.#due.popDue(atMs)!.action();
    return true;
  }
}
