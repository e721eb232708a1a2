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

/** An attempt, as its work sees it: somebody waits for it until it is given up. */
export class Attempt {
  #isGivenUp = false;
  #reason: unknown;
  #listener: ((reason: unknown) => void) | undefined;
  #controller: AbortController | undefined;

  /** An attempt that is given up after a time, unless the process has ended. */
  static within(ms: number): Attempt {
    const attempt = new Attempt();
    setTimeout(() => attempt.giveUp(TIMED_OUT), ms).unref();
    return attempt;
  }

  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** For those who know no other way: made where it is asked for, since most attempts need none. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isGivenUp) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Has `listener` called when the attempt is given up, in place of an earlier one. */
  onGivenUp(listener: ((reason: unknown) => void) | undefined): void {
    if (this.#isGivenUp) listener?.(this.#reason);
    else this.#listener = listener;
  }

  giveUp(reason: unknown): void {
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    this.#reason = reason;
    this.#listener?.(reason);
    this.#controller?.abort(reason);
  }
}

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
   * @param work makes an attempt, which may be given up whether it looks at that or not
   * @throws WireError `timeout` or, if the last attempt failed before the time was over, `unreachable`; `cancelled`,
   *   `closed`
   */
  async run<T>(path: string, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    const endMs = performance.now() + this.timeoutMs;
    let attemptMs = this.attemptTimeoutMs;
    for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
      const leftMs = Math.max(1, endMs - performance.now());
      let failure: unknown;
      try {
        return await this.#bounded(Math.min(leftMs, attemptMs), work);
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
  async #bounded<T>(ms: number, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    if (this.#ending !== undefined) throw this.#ending;
    const attempt = new Attempt();
    return new Promise<T>((resolve, reject) => {
      const stop = (error: unknown): void => {
        end();
        reject(error as Error);
        attempt.giveUp(error);
      };
      const timer = setTimeout(stop, ms, TIMED_OUT);
      const end = (): void => {
        clearTimeout(timer);
        this.#stops.delete(stop);
      };
      this.#stops.add(stop);
      const result = async (): Promise<T> => {
        try {
          return await work(attempt);
        } finally {
          end();
        }
      };
      result().then(resolve, reject);
    });
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
