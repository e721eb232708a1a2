/** Rules of calls: how many at a time, how often, how long, and the pauses between attempts. */
import { argumentError, type WireIssue } from "../errors.js";
import { DEFAULT_LIMITS } from "../limits.js";
import type { CallId, Millis } from "./types.js";

/** A call in progress. */
export interface Call<Request> {
  readonly id: CallId;
  readonly request: Request;
  /** `Infinity` for none. */
  readonly deadlineMs: Millis;
  /** How often it was sent, the attempt under way included. */
  readonly attempts: number;
}

/** Pauses that grow: `firstMs · factor^(n-1)` after attempt n, at most `maxMs`. Each is 1 ms at least. */
export interface Backoff {
  readonly firstMs: Millis;
  /** Default 2. */
  readonly factor?: number;
  /** Default 30,000. */
  readonly maxMs?: Millis;
  /** `random` of the machine's `Env` makes each pause random between 0 and its length ("full jitter"). */
  readonly random?: (n: number) => Uint8Array;
}

/** How calls are bounded and sent again. */
export interface CallRules<Request> {
  /** Calls of which an attempt is under way. Default `callsMax` of the limits. */
  readonly inFlightMax?: number;
  /** Calls that wait beside them, also for their next attempt; more settle with `limit`. Default `callsMax`. */
  readonly waitingMax?: number;
  /** How often a call is sent; `Infinity` until its deadline. Default 1. */
  readonly attemptsMax?: number;
  /** Time for the answer to one attempt, 1 ms or more; of each by its number from 1 and its call. Default `Infinity`. */
  readonly attemptTimeoutMs?: Millis | ((attempt: number, call: Call<Request>) => Millis);
  /**
   * Pauses between attempts. Without it, an attempt that timed out is repeated at once, as datagrams are, and one that
   * failed is not repeated: it could fail again in no time.
   */
  readonly backoff?: Backoff;
  /** Repeats an attempt that timed out without the pause of `backoff`: its wait was pause enough. Default false. */
  readonly repeatsTimeoutAtOnce?: boolean;
  /** Whether an attempt that ended so may be repeated. Default true. */
  readonly mayRepeat?: (issue: WireIssue, call: Call<Request>) => boolean;
  /**
   * A budget of repetitions for all calls together: `max` at first; each call adds `perCall`, each repetition costs 1.
   * So a peer that is down gets a fraction more calls, not several times as many. Default unlimited.
   */
  readonly repeatBudget?: { readonly max: number; readonly perCall: number };
}

const BACKOFF_MS_MAX = 30_000;

/** Checks rules and adds the defaults of counts. @throws WireError `argument` with the name of the bad rule */
export function checkCallRules<Request>(
  format: string,
  rules: CallRules<Request>,
): Required<Pick<CallRules<Request>, "inFlightMax" | "waitingMax" | "attemptsMax">> {
  const { callsMax } = DEFAULT_LIMITS;
  const { inFlightMax = callsMax, waitingMax = callsMax, attemptsMax = 1, attemptTimeoutMs, backoff } = rules;
  requireCount(format, "inFlightMax", inFlightMax, 1);
  requireCount(format, "waitingMax", waitingMax, 0);
  requireCount(format, "attemptsMax", attemptsMax, 1);
  if (attemptTimeoutMs !== undefined && typeof attemptTimeoutMs !== "function") {
    requireTime(format, "attemptTimeoutMs", attemptTimeoutMs, 1, Infinity);
  }
  if (backoff !== undefined) {
    const { firstMs, factor = 2, maxMs = BACKOFF_MS_MAX } = backoff;
    requireTime(format, "backoff.firstMs", firstMs, 1, Number.MAX_VALUE);
    requireTime(format, "backoff.factor", factor, 1, Number.MAX_VALUE);
    requireTime(format, "backoff.maxMs", maxMs, 1, Number.MAX_VALUE);
  }
  if (rules.repeatBudget !== undefined) {
    requireTime(format, "repeatBudget.max", rules.repeatBudget.max, 0, Infinity);
    requireTime(format, "repeatBudget.perCall", rules.repeatBudget.perCall, 0, Infinity);
  }
  return { inFlightMax, waitingMax, attemptsMax };
}

/** The pause before the next attempt, `Infinity` if there is none. */
export function repeatDelayMs<Request>(
  { backoff, repeatsTimeoutAtOnce = backoff === undefined, mayRepeat }: CallRules<Request>,
  call: Call<Request>,
  issue: WireIssue,
  { isTimeout, repeatAfterMs }: { readonly isTimeout: boolean; readonly repeatAfterMs?: Millis | undefined },
): Millis {
  if (mayRepeat?.(issue, call) === false) return Infinity;
  // 1 ms at least: an attempt that fails at once, such as a refused link, must not fail for ever in one step.
  if (repeatAfterMs !== undefined) return Math.max(1, repeatAfterMs);
  if (isTimeout && repeatsTimeoutAtOnce) return 0;
  if (backoff === undefined) return Infinity;
  const pauseMs = backoffMs(backoff, call.attempts);
  return Math.max(1, backoff.random === undefined ? pauseMs : pauseMs * fraction(backoff.random(4)));
}

/** The length of the pause after attempt n, counted from 1, before `random` makes it shorter. */
export function backoffMs({ firstMs, factor = 2, maxMs = BACKOFF_MS_MAX }: Backoff, n: number): Millis {
  return Math.min(maxMs, firstMs * factor ** (n - 1));
}

/** @throws WireError `argument` for anything but a number from `min` to `max` */
export function requireTime(format: string, path: string, value: number, min: number, max: number): void {
  if (typeof value === "number" && value >= min && value <= max) return;
  throw argumentError(
    format,
    path,
    max === Infinity ? `${min} or more` : `a finite number, ${min} or more`,
    String(value),
  );
}

function requireCount(format: string, path: string, value: number, min: number): void {
  if ((Number.isSafeInteger(value) || value === Infinity) && value >= min) return;
  throw argumentError(format, path, `an integer, ${min} or more`, String(value));
}

/** A number from 0 to below 1 of four random bytes. */
export function fraction(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}
