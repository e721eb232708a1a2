/** How long a KME takes for an operation, and the timeout that follows from it. */
import type { Millis } from "../../../machine/index.js";

const KEPT = 50;
const NEEDED = 10;
const FACTOR = 4;
const LEAST_MS = 2_000;

/** The last successful exchanges of one operation. */
export class Latencies {
  readonly #ms: number[] = [];
  #next = 0;

  add(ms: Millis): void {
    this.#ms[this.#next] = ms;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Four times the 95th percentile, from 2 s to `timeoutMs`; `timeoutMs` while too few are known. */
  timeoutMs(timeoutMs: Millis): Millis {
    if (this.#ms.length < NEEDED) return timeoutMs;
    const sorted = this.#ms.toSorted((a, b) => a - b);
    const p95 = sorted[Math.ceil(0.95 * sorted.length) - 1]!;
    return Math.min(timeoutMs, Math.max(LEAST_MS, FACTOR * p95));
  }
}
