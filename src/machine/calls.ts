/** Calls in progress: each settles exactly once, is sent again as its rules say, and ends at its deadline. */
import { isWireError, WireError, type Result, type WireErrorCode, type WireIssue } from "../errors.js";
import { IdMap } from "./id-map.js";
import { checkCallRules, repeatDelayMs, requireTime, type Call, type CallRules } from "./call-rules.js";
import { DeadlineHeap } from "./deadlines.js";
import type { CallId, Effect, Event, LinkId, Millis } from "./types.js";

/** One transmission of a call. */
export interface Attempt<Key> {
  /** By what its answer is found: the id of a request, or a link that carries nothing else. */
  readonly key: Key;
  /** The link that carries it. The attempt fails when the link closes. */
  readonly link?: LinkId;
  /** Why it could not be sent: it has failed, and the rules say whether another follows. */
  readonly failure?: WireIssue;
}

/** What a machine does for its calls, and the rules that they follow. */
export interface CallsOptions<Request, Value, Key, Emitted> extends CallRules<Request> {
  /** Names the protocol in issues. */
  readonly format: string;
  /**
   * Sends a call, for the first time or again. A later attempt may have the key of an earlier one, whose answer then
   * counts too. A WireError that it throws settles the call; any other exception is a fault.
   */
  readonly send: (call: Call<Request>, nowMs: Millis, out: Effect<Value, Emitted>[]) => Attempt<Key>;
  /** Frees what `send` took. Called once for each attempt, however it ended: answered, failed, or given up. */
  readonly release?: (attempt: Attempt<Key>, nowMs: Millis, out: Effect<Value, Emitted>[]) => void;
  /** Takes the outcome of a call, once. Default: an effect `settle` with the id of the call. */
  readonly settled?: (
    call: Call<Request>,
    outcome: Result<Value>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ) => void;
  /** The outcome of a call that is cancelled or at its deadline. Default: the issue, `cancelled` or `timeout`. */
  readonly giveUp?: (call: Call<Request>, issue: WireIssue) => Result<Value>;
}

/** A call, where it stands, and when it has to be looked at. */
interface OpenCall<Request, Key> extends Call<Request> {
  attempts: number;
  state: "waiting" | "sent" | "pausing" | "over";
  attempt: Attempt<Key> | undefined;
  /** When the attempt times out, or the pause before the next one ends. */
  timerMs: Millis;
}

/**
 * The calls that a machine has in progress. It takes `call`, `cancel`, `closed` and `wake` by {@link step}; the machine
 * tells it answers by {@link settle} and failed attempts by {@link fail}, and returns {@link nextMs} from `nextWakeMs`.
 * Calls need not come from a caller: with ids of its own and `settled`, a machine keeps its own queries in one.
 *
 * Each call settles once. Late, duplicate and unknown answers are ignored. Memory is bounded by `inFlightMax` and
 * `waitingMax`; each operation costs O(log n), and the end of a link O(n).
 */
export class Calls<Request, Value, Key = LinkId, Emitted = never> {
  readonly #options: CallsOptions<Request, Value, Key, Emitted>;
  readonly #rules: Required<Pick<CallRules<Request>, "inFlightMax" | "waitingMax" | "attemptsMax">>;
  readonly #calls = new IdMap<CallId, OpenCall<Request, Key>>();
  readonly #byKey = new IdMap<Key, OpenCall<Request, Key>>();
  /** In the order in which they are sent. */
  readonly #waiting = new Set<OpenCall<Request, Key>>();
  /** The deadline of each call, or its timer where that is earlier. */
  readonly #times = new DeadlineHeap<CallId>();
  #inFlight = 0;
  #isAdvancing = false;
  /** What is left of the budget of repetitions. */
  #budget: number;

  /** @throws WireError `argument` for a rule that is no valid time or count */
  constructor(options: CallsOptions<Request, Value, Key, Emitted>) {
    this.#options = options;
    this.#rules = checkCallRules(options.format, options);
    this.#budget = options.repeatBudget?.max ?? Infinity;
  }

  /** Calls that have not settled. */
  get size(): number {
    return this.#calls.size;
  }

  /** Calls of which an attempt is under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** When the next call has to be looked at, `Infinity` for never. */
  get nextMs(): Millis {
    return this.#times.nextMs;
  }

  /** The call that waits for the answer with this key. */
  get(key: Key): Call<Request> | undefined {
    return this.#byKey.get(key);
  }

  /** Takes the events that concern calls, and ignores all others. `stop` is left to the machine: see {@link giveUpAll}. */
  step(event: Event<Request>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (event.type === "call") this.start(event.id, event.request, event.deadlineMs, nowMs, out);
    else if (event.type === "cancel") this.cancel(event.id, nowMs, out);
    else if (event.type === "closed") this.closed(event.link, event.error, nowMs, out);
    else if (event.type === "wake") this.wake(nowMs, out);
  }

  /**
   * Begins a call. It settles at once with `argument` where the deadline is no time, `timeout` where it has passed, and
   * `limit` where `inFlightMax` and `waitingMax` are reached.
   * @throws WireError `fault` for the id of a call in progress
   */
  start(id: CallId, request: Request, deadlineMs: Millis, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (this.#calls.has(id)) throw this.#fault("id", "an id that is not in use", String(id));
    const call: OpenCall<Request, Key> = {
      id,
      request,
      deadlineMs,
      attempts: 0,
      state: "waiting",
      attempt: undefined,
      timerMs: Infinity,
    };
    const refusal = this.#refusal(deadlineMs, nowMs);
    if (refusal !== undefined) {
      call.state = "over";
      return this.#report(call, failure(refusal), nowMs, out);
    }
    this.#calls.set(id, call);
    this.#enqueue(call, nowMs, out);
  }

  /** Settles the call that waits for the answer with this key. @returns false if there is none */
  settle(key: Key, outcome: Result<Value>, nowMs: Millis, out: Effect<Value, Emitted>[]): boolean {
    const call = this.#byKey.get(key);
    if (call !== undefined) this.#settle(call, outcome, nowMs, out);
    return call !== undefined;
  }

  /**
   * Ends the attempt with this key as failed. The call is sent again if its rules allow that, else it settles with the
   * issue. @param repeatAfterMs the pause that the peer has asked for; it replaces that of `backoff`
   * @returns false if no call waits for this key. @throws WireError `argument` for a pause that is no duration
   */
  fail(key: Key, issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[], repeatAfterMs?: Millis): boolean {
    if (repeatAfterMs !== undefined) requireTime(this.#options.format, "repeatAfterMs", repeatAfterMs, 0, Infinity);
    const call = this.#byKey.get(key);
    if (call !== undefined) this.#failed(call, issue, { isTimeout: false, repeatAfterMs }, nowMs, out);
    return call !== undefined;
  }

  /** Fails each attempt that the link carries, with its error or with `closed`. */
  closed(link: LinkId, error: WireIssue | undefined, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const carried = this.#byKey.entries().filter(([, { attempt }]) => attempt?.link === link);
    for (const [key] of carried) this.fail(key, error ?? this.#issue("closed"), nowMs, out);
  }

  /** Gives up a call with `cancelled`. @returns false if it has settled */
  cancel(id: CallId, nowMs: Millis, out: Effect<Value, Emitted>[]): boolean {
    const call = this.#calls.get(id);
    if (call !== undefined) this.#giveUp(call, this.#issue("cancelled"), nowMs, out);
    return call !== undefined;
  }

  /** Settles every call in progress with one outcome. */
  settleAll(outcome: Result<Value>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#endAll(() => outcome, nowMs, out);
  }

  /** Gives up every call in progress, for example with `cancelled` at `stop`. */
  giveUpAll(issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#endAll((call) => this.#outcomeOf(call, issue), nowMs, out);
  }

  /** Looks at the calls whose time has come: at a deadline, a timeout, or the end of a pause. */
  wake(nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    for (let id = this.#times.popDue(nowMs); id !== undefined; id = this.#times.popDue(nowMs)) {
      const due = this.#calls.get(id)!;
      if (due.deadlineMs <= nowMs) this.#giveUp(due, this.#issue("timeout"), nowMs, out);
      else if (due.state === "sent") this.#failed(due, this.#issue("timeout"), { isTimeout: true }, nowMs, out);
      else this.#enqueue(due, nowMs, out);
    }
  }

  /** Ends the pauses between attempts: what they wait for is there. */
  resume(nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    for (const call of this.#calls.values()) if (call.state === "pausing") this.#enqueue(call, nowMs, out);
  }

  #refusal(deadlineMs: Millis, nowMs: Millis): WireIssue | undefined {
    const { inFlightMax, waitingMax } = this.#rules;
    // Callers without types may pass anything. A heap that held NaN would lose its order.
    if (typeof deadlineMs !== "number" || !(deadlineMs > -Infinity)) {
      return { ...this.#issue("argument"), path: "deadlineMs", expected: "a time", actual: String(deadlineMs) };
    }
    if (deadlineMs <= nowMs) return this.#issue("timeout");
    if (this.#calls.size < inFlightMax + waitingMax) return undefined;
    return { ...this.#issue("limit"), expected: `at most ${inFlightMax + waitingMax} calls in progress` };
  }

  #enqueue(call: OpenCall<Request, Key>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    call.state = "waiting";
    call.timerMs = Infinity;
    this.#arm(call);
    const mustWait = this.#isAdvancing || this.#waiting.size > 0 || this.#inFlight >= this.#rules.inFlightMax;
    if (mustWait) this.#waiting.add(call);
    this.#advance(nowMs, out, mustWait ? undefined : call);
  }

  /** Sends `first`, which need not wait, and calls that wait, as many as may be in flight. */
  #advance(nowMs: Millis, out: Effect<Value, Emitted>[], first?: OpenCall<Request, Key>): void {
    // A call that cannot be sent settles and comes here again: the loop that runs goes on, so that no stack grows.
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    for (let next = first ?? this.#nextWaiting(); next !== undefined; next = this.#nextWaiting()) {
      // Its deadline may have come with the event that made room for it.
      if (next.deadlineMs <= nowMs) this.#giveUp(next, this.#issue("timeout"), nowMs, out);
      else this.#send(next, nowMs, out);
    }
    this.#isAdvancing = false;
  }

  #nextWaiting(): OpenCall<Request, Key> | undefined {
    if (this.#waiting.size === 0 || this.#inFlight >= this.#rules.inFlightMax) return undefined;
    const next: OpenCall<Request, Key> = this.#waiting.values().next().value!;
    this.#waiting.delete(next);
    return next;
  }

  #send(call: OpenCall<Request, Key>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const { format, attemptTimeoutMs = Infinity, repeatBudget, send } = this.#options;
    call.state = "sent";
    call.attempts++;
    this.#inFlight++;
    if (repeatBudget !== undefined && call.attempts === 1) {
      this.#budget = Math.min(repeatBudget.max, this.#budget + repeatBudget.perCall);
    }
    let attempt: Attempt<Key>;
    try {
      attempt = send(call, nowMs, out);
    } catch (error) {
      if (!isWireError(error)) throw error;
      return this.#settle(call, failure(error.toJSON()), nowMs, out);
    }
    // The call may have been given up from within `send`.
    if (this.#calls.get(call.id) !== call) return void this.#options.release?.(attempt, nowMs, out);
    if (this.#byKey.has(attempt.key)) throw this.#fault("key", "a key that is not in use", String(attempt.key));
    this.#byKey.set(attempt.key, call);
    call.attempt = attempt;
    const timeoutMs = typeof attemptTimeoutMs === "number" ? attemptTimeoutMs : attemptTimeoutMs(call.attempts, call);
    requireTime(format, "attemptTimeoutMs", timeoutMs, 1, Infinity);
    call.timerMs = nowMs + timeoutMs;
    this.#arm(call);
    if (attempt.failure !== undefined) this.#failed(call, attempt.failure, { isTimeout: false }, nowMs, out);
  }

  #failed(
    call: OpenCall<Request, Key>,
    issue: WireIssue,
    how: { readonly isTimeout: boolean; readonly repeatAfterMs?: Millis | undefined },
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    const delayMs =
      call.attempts < this.#rules.attemptsMax && this.#budget >= 1
        ? repeatDelayMs(this.#options, call, issue, how)
        : Infinity;
    // A repetition that could not begin before the deadline would only delay the bad news.
    if (!(nowMs + delayMs < call.deadlineMs)) return this.#settle(call, failure(issue), nowMs, out);
    this.#budget--;
    this.#endAttempt(call, nowMs, out);
    // The call may have been given up from within `release`.
    if (this.#calls.get(call.id) !== call) return;
    if (delayMs === 0) {
      if (this.#inFlight < this.#rules.inFlightMax) return this.#send(call, nowMs, out);
      return this.#enqueue(call, nowMs, out);
    }
    call.state = "pausing";
    call.timerMs = nowMs + delayMs;
    this.#arm(call);
    this.#advance(nowMs, out);
  }

  #giveUp(call: OpenCall<Request, Key>, issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#settle(call, this.#outcomeOf(call, issue), nowMs, out);
  }

  #outcomeOf(call: Call<Request>, issue: WireIssue): Result<Value> {
    return this.#options.giveUp?.(call, issue) ?? failure(issue);
  }

  #settle(call: OpenCall<Request, Key>, outcome: Result<Value>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    // A `giveUp` of the machine may have settled it.
    if (this.#calls.get(call.id) !== call) return;
    this.#forget(call);
    this.#endAttempt(call, nowMs, out);
    this.#report(call, outcome, nowMs, out);
    this.#advance(nowMs, out);
  }

  #endAll(outcomeOf: (call: Call<Request>) => Result<Value>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const calls = this.#calls.values();
    // All leave before the first hook runs, so that no end sends a call that is about to end too.
    for (const call of calls) this.#forget(call);
    for (const call of calls) {
      this.#endAttempt(call, nowMs, out);
      this.#report(call, outcomeOf(call), nowMs, out);
    }
    this.#advance(nowMs, out);
  }

  #forget(call: OpenCall<Request, Key>): void {
    this.#calls.delete(call.id);
    if (this.#waiting.size > 0) this.#waiting.delete(call);
    this.#times.delete(call.id);
  }

  #endAttempt(call: OpenCall<Request, Key>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (call.state === "sent") this.#inFlight--;
    call.state = "over";
    const { attempt } = call;
    if (attempt === undefined) return;
    call.attempt = undefined;
    this.#byKey.delete(attempt.key);
    this.#options.release?.(attempt, nowMs, out);
  }

  #report(call: Call<Request>, outcome: Result<Value>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const { settled } = this.#options;
    const { id } = call;
    if (settled !== undefined) settled(call, outcome, nowMs, out);
    else if (outcome.ok) out.push({ type: "settle", id, value: outcome.value });
    else out.push({ type: "settle", id, error: outcome.error });
  }

  #arm(call: OpenCall<Request, Key>): void {
    const atMs = Math.min(call.deadlineMs, call.timerMs);
    if (atMs === Infinity) this.#times.delete(call.id);
    else this.#times.set(call.id, atMs);
  }

  #issue(code: WireErrorCode): WireIssue {
    return { code, format: this.#options.format, path: "" };
  }

  #fault(path: string, expected: string, actual: string): WireError {
    return new WireError({ ...this.#issue("fault"), path, expected, actual });
  }
}

function failure(error: WireIssue): { readonly ok: false; readonly error: WireIssue } {
  return { ok: false, error };
}
