import type { Millis } from "../../machine/index.js";

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
    const passedMs = nowMs - (this.#atMs ?? nowMs);
    this.#atMs = nowMs;
    this.#level = Math.min(this.#perSecond, this.#level + (passedMs * this.#perSecond) / 1_000);
    if (this.#level < 1) return false;
    this.#level--;
    return true;
  }
}
