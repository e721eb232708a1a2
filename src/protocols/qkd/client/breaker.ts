/** The circuit breaker of one KME: after failures in a row it is left alone for a while. */
import type { Millis } from "../../../machine/index.js";
import type { BreakerOptions } from "./options.js";

/** `half-open`: one probe decides whether requests may follow. */
export type BreakerState = "closed" | "open" | "half-open";

/** Counts failures, and says whether a request may be sent. */
export class CircuitBreaker {
  readonly #rules: Required<BreakerOptions>;
  #failures = 0;
  /** How often it has opened without closing. */
  #openings = 0;
  #openUntilMs: Millis = -Infinity;
  #isProbing = false;

  constructor(rules: Required<BreakerOptions>) {
    this.#rules = rules;
  }

  /** `half-open` also while the probe is on its way. */
  stateAt(nowMs: Millis): BreakerState {
    if (this.#openings === 0) return "closed";
    return nowMs < this.#openUntilMs ? "open" : "half-open";
  }

  /** Whether a probe is on its way. */
  get isProbing(): boolean {
    return this.#isProbing;
  }

  /** The next attempt decides. */
  probe(): void {
    this.#isProbing = true;
  }

  /** The probe was given up: the next call sends another one. */
  unprobe(): void {
    this.#isProbing = false;
  }

  /** The KME has answered. @returns whether that has closed it */
  succeeded(): boolean {
    const wasOpen = this.#openings > 0;
    this.#failures = 0;
    this.#openings = 0;
    this.#isProbing = false;
    return wasOpen;
  }

  /** An attempt has failed that counts. @returns whether that has opened it */
  failed(nowMs: Millis): boolean {
    this.#failures++;
    if (this.#isProbing) return this.#open(nowMs);
    // What was sent before it opened may fail later, and does not keep it open for longer.
    return this.#openings === 0 && this.#failures >= this.#rules.failures && this.#open(nowMs);
  }

  #open(nowMs: Millis): true {
    const { openMs, maxOpenMs } = this.#rules;
    this.#openUntilMs = nowMs + Math.min(maxOpenMs, openMs * 2 ** this.#openings);
    this.#openings = Math.min(this.#openings + 1, 64);
    this.#isProbing = false;
    return true;
  }
}
