import { DeadlineHeap, type Clock, type Millis } from "../machine/index.js";

/** Time that passes when it is told to. What is due at one time happens in the order in which it was asked for. */
export class VirtualClock implements Clock {
  readonly #actions = new DeadlineHeap<{ readonly run: () => void }>();
  #nowMs: Millis = 0;

  nowMs(): Millis {
    return this.#nowMs;
  }

  /** When the next action is due; `Infinity` when nothing waits. */
  get nextMs(): Millis {
    return this.#actions.nextMs;
  }

  after(delayMs: Millis, action: () => void): () => void {
    const entry = { run: action };
    this.#actions.set(entry, this.#nowMs + delayMs);
    return () => void this.#actions.delete(entry);
  }

  /** Goes to the next action and does it; false when nothing waits. */
  step(): boolean {
    const { nextMs } = this;
    if (nextMs === Infinity) return false;
    this.#nowMs = Math.max(this.#nowMs, nextMs);
    this.#actions.popDue(nextMs)!.run();
    return true;
  }

  /** Does everything that is due up to `atMs`, and stands there. */
  runTo(atMs: Millis): void {
    while (this.nextMs <= atMs && this.step());
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }
}
