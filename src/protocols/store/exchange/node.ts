/** What back ends at a distance share: deadlines, attempts, and the errors in which calls end. */
import { isWireError, WireError, type WireErrorCode } from "../../../errors.js";
import { requireTime } from "../../../machine/call-rules.js";

/** How long calls to a back end at a distance take, and what ends them. */
export interface ExchangeOptions {
  /** Time for a call with all its attempts, from 1 to 3,600,000; then it ends with `timeout`. Default 15,000. */
  readonly timeoutMs?: number;
  /**
   * Time for the first attempt, from 1 to 3,600,000; then another server is asked. Each further one has twice as long,
   * so that servers under load are not asked again and again for what they are about to do. Default 3,000.
   */
  readonly attemptTimeoutMs?: number;
  /** Ends all calls, those to come too, with `cancelled`. */
  readonly signal?: AbortSignal;
}

const TIME_MS_MAX = 3_600_000;
/** Pauses between attempts grow from one to the other: a cluster that lost its leader needs about a second. */
const [PAUSE_MS_MIN, PAUSE_MS_MAX] = [50, 500];

/** Carries calls out: attempts one after the other until one succeeds, or the time is over. */
export class Exchange {
  readonly #format: string;
  /** Time for a call with all its attempts. */
  readonly timeoutMs: number;
  /** Time for the first attempt. */
  readonly attemptTimeoutMs: number;
  #ending: WireError | undefined;
  /** Ends the attempts and pauses under way. A signal would warn of a leak where more than ten listen to it. */
  readonly #stops = new Set<(error: WireError) => void>();
  readonly #leaveSignal: () => void;

  /** @throws WireError `argument` for times out of range, `cancelled` */
  constructor(format: string, { timeoutMs = 15_000, attemptTimeoutMs = 3_000, signal }: ExchangeOptions) {
    requireTime(format, "timeoutMs", timeoutMs, 1, TIME_MS_MAX);
    requireTime(format, "attemptTimeoutMs", attemptTimeoutMs, 1, TIME_MS_MAX);
    this.#format = format;
    this.timeoutMs = timeoutMs;
    this.attemptTimeoutMs = attemptTimeoutMs;
    const cancel = (): void => this.end(this.error("cancelled", "", String(signal?.reason ?? "aborted")));
    if (signal?.aborted === true) throw this.error("cancelled", "", String(signal.reason ?? "aborted"));
    signal?.addEventListener("abort", cancel, { once: true });
    this.#leaveSignal = () => signal?.removeEventListener("abort", cancel);
  }

  /** An error of this back end. */
  error(code: WireErrorCode, path: string, actual: string, cause?: unknown): WireError {
    const issue = { code, format: this.#format, path, actual };
    return new WireError(issue, cause === undefined ? {} : { cause });
  }

  /** Ends all calls under way and to come with this error. */
  end(error: WireError = this.error("closed", "", "the back end was closed")): void {
    this.#leaveSignal();
    this.#ending ??= error;
    for (const stop of this.#stops) stop(this.#ending);
  }

  /**
   * Makes attempts until one resolves. One that rejects with a WireError is the last; others lead to the next.
   * @param path what is called, for errors
   * @param attempt is given up when its signal says so, whether it looks at that or not
   * @throws WireError `timeout` or, if the last attempt failed before the time was over, `unreachable`; `cancelled`,
   *   `closed`
   */
  async run<T>(path: string, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const endMs = performance.now() + this.timeoutMs;
    let attemptMs = this.attemptTimeoutMs;
    for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
      const leftMs = Math.max(1, endMs - performance.now());
      let failure: unknown;
      try {
        return await this.#bounded(Math.min(leftMs, attemptMs), attempt);
      } catch (error) {
        if (isWireError(error)) throw error;
        failure = error;
      }
      if (performance.now() + pauseMs >= endMs) {
        const code = failure === TIMED_OUT ? "timeout" : "unreachable";
        throw this.error(code, path, `${reasonOf(failure)}, for ${this.timeoutMs} ms`, failure);
      }
      // Its own bound is never reached: what ends a call ends the pause as well.
      await this.#bounded(TIME_MS_MAX, () => new Promise<void>((resolve) => void setTimeout(resolve, pauseMs)));
      attemptMs *= 2;
    }
  }

  /** Work that ends when its time is over, or the back end is. */
  async #bounded<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#ending !== undefined) throw this.#ending;
    const controller = new AbortController();
    const { signal } = controller;
    const stop = (error: unknown): void => controller.abort(error);
    const timer = setTimeout(stop, ms, TIMED_OUT);
    this.#stops.add(stop);
    try {
      return await new Promise<T>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        work(signal).then(resolve, reject);
      });
    } finally {
      clearTimeout(timer);
      this.#stops.delete(stop);
    }
  }
}

/** The reason of an attempt that took too long. */
const TIMED_OUT = new Error("no answer");

/** What failed, in a few words: the code of a system error before its text. */
function reasonOf(error: unknown): string {
  const { cause, code, message } = (error ?? {}) as { cause?: unknown; code?: unknown; message?: unknown };
  if (typeof code === "string" && code !== "") return code;
  return cause === undefined ? String(message ?? error) : reasonOf(cause);
}
