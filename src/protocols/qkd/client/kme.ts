/** The requests of a client to one KME: attempts and their timeouts, retries, breaker, budget and latencies. */
import type { Result, WireIssue } from "../../../errors.js";
import type { HttpAnswer } from "../../../http.js";
import {
  Calls,
  countUp,
  DeadlineHeap,
  type Call,
  type Effect,
  type Env,
  type Event,
  type ExchangeId,
  type LogFields,
  type LogLevel,
  type Millis,
} from "../../../machine/index.js";
import { qkdIssue, QkdError, type QkdIssue } from "../errors.js";
import { askStatus, type Ask, type Reading } from "./ask.js";
import { CircuitBreaker } from "./breaker.js";
import { Latencies } from "./latencies.js";
import type { QkdMetric } from "./metrics.js";
import type { KmeAddress, QkdOperation, QkdSettings } from "./options.js";
import { isCounted, judgeAnswer, judgeFailure, judgeTimeout, type Verdict } from "./verdict.js";

/** The effects of the client machine. */
export type Out = Effect<unknown, QkdMetric>[];

/** Takes how a request ended: once, after the call that began it has returned, and never after it was cancelled. */
export type Done<Value> = (
  outcome: { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: QkdIssue },
  nowMs: Millis,
  out: Out,
) => void;

/** A request in progress, over all its attempts. */
export interface Operation<Value = unknown> {
  readonly id: number;
  readonly ask: Ask<Value>;
  readonly startedMs: Millis;
  readonly done: Done<Value>;
  /** Asks whether the KME is back. */
  readonly isProbe: boolean;
  method: "GET" | "POST";
  attempts: number;
  /** An attempt is under way that the KME may act on. */
  isSent: boolean;
  /** What the last attempt has come to. */
  last: Verdict | undefined;
  /** A lost answer may have held keys. */
  mayBeConsumed: boolean;
  lostAttempts: number;
  isCancelled: boolean;
}

/** Something that is under way, to be given up. Its `done` is not called after that. */
export interface Pending {
  cancel(nowMs: Millis, out: Out): void;
  /** The issue of a call that is given up now. */
  issueOf(reason: QkdIssue["reason"]): QkdIssue;
}

/** What the KMEs of a client share. */
export interface KmeContext {
  readonly settings: QkdSettings;
  readonly env: Env;
  readonly nextExchange: () => ExchangeId;
  /** Runs an action at the end of the present step. */
  readonly later: (action: (nowMs: Millis, out: Out) => void) => void;
}

/** Pause between attempts at most. */
const RETRY_DELAY_MS_MAX = 10_000;

/** One KME as a client sees it. */
export class Kme {
  readonly address: KmeAddress;
  readonly #context: KmeContext;
  readonly #calls: Calls<Operation, unknown, ExchangeId, QkdMetric>;
  readonly #breaker: CircuitBreaker;
  readonly #latencies = new Map<QkdOperation, Latencies>();
  readonly #nextId = countUp();
  /** Attempts under way. */
  readonly #attempts = new Map<ExchangeId, { readonly operation: Operation; readonly startedMs: Millis }>();
  readonly #timeouts = new DeadlineHeap<ExchangeId>();
  /** Operations that wait for a probe. */
  readonly #probes = new Map<Operation, Operation>();
  /** The request that decides whether the breaker closes. */
  #prober: Operation | undefined;
  /** The time of the present step, for rules that are asked without it. */
  #lastMs: Millis = 0;

  constructor(address: KmeAddress, context: KmeContext) {
    const { settings, env } = context;
    this.address = address;
    this.#context = context;
    this.#breaker = new CircuitBreaker(settings.breaker);
    const { burst, ratio } = settings.retryBudget;
    this.#calls = new Calls<Operation, unknown, ExchangeId, QkdMetric>({
      format: "qkd",
      inFlightMax: settings.poolMaxSize,
      attemptsMax: settings.retryAttempts + 1,
      backoff: { firstMs: settings.retryDelayMs, maxMs: RETRY_DELAY_MS_MAX, random: (n) => env.random(n) },
      repeatBudget: { max: burst, perCall: ratio },
      mayRepeat: (_, { request }) => this.#mayRepeat(request),
      send: ({ request }, nowMs, out) => ({ key: this.#send(request, nowMs, out) }),
      release: ({ key }, _nowMs, out) => this.#release(key, out),
      settled: (call, outcome) => this.#settled(call, outcome),
    });
  }

  get nextMs(): Millis {
    return Math.min(this.#calls.nextMs, this.#timeouts.nextMs);
  }

  /** Whether an exchange is one of this KME. */
  has(exchange: ExchangeId): boolean {
    return this.#attempts.has(exchange);
  }

  /** Begins a request. */
  start<Value>(ask: Ask<Value>, deadlineMs: Millis, done: Done<Value>, nowMs: Millis, out: Out): Operation<Value> {
    const operation = this.#operation(ask, done, nowMs, false);
    const state = this.#breaker.stateAt(nowMs);
    const isProbed = state === "half-open" && !this.#breaker.isProbing && ask.op !== "status";
    if (isProbed) this.#probe(operation as Operation, deadlineMs, nowMs, out);
    else this.#calls.start(operation.id, operation as Operation, deadlineMs, nowMs, out);
    return operation;
  }

  /** Gives up a request, wherever it stands. */
  cancel(operation: Operation, nowMs: Millis, out: Out): void {
    if (operation.isCancelled) return;
    operation.isCancelled = true;
    const probe = this.#probes.get(operation);
    if (probe !== undefined) this.#calls.cancel(probe.id, nowMs, out);
    else this.#calls.cancel(operation.id, nowMs, out);
    this.#probes.delete(operation);
  }

  /** {@link start}, to be given up. */
  begin<Value>(ask: Ask<Value>, deadlineMs: Millis, done: Done<Value>, nowMs: Millis, out: Out): Pending {
    const operation = this.start(ask, deadlineMs, done, nowMs, out) as Operation;
    return {
      cancel: (atMs, effects) => this.cancel(operation, atMs, effects),
      issueOf: (reason) => this.issueOf(operation, reason),
    };
  }

  /** Takes the events of exchanges, and `wake`. */
  step(event: Event<unknown>, nowMs: Millis, out: Out): void {
    this.#lastMs = nowMs;
    if (event.type === "wake") return this.#wake(nowMs, out);
    if (event.type !== "sent" && event.type !== "answered" && event.type !== "unanswered") return;
    const { exchange } = event;
    const attempt = this.#attempts.get(exchange);
    if (attempt === undefined) return;
    const { operation } = attempt;
    if (event.type === "sent") operation.isSent = true;
    else if (event.type === "answered") this.#answered(exchange, operation, event, nowMs, out);
    else this.#failed(exchange, judgeFailure(operation.ask.op, event.error, event.sent), nowMs, out);
  }

  #operation<Value>(ask: Ask<Value>, done: Done<Value>, nowMs: Millis, isProbe: boolean): Operation<Value> {
    const { method } = ask;
    const still = {
      attempts: 0,
      isSent: false,
      last: undefined,
      mayBeConsumed: false,
      lostAttempts: 0,
      isCancelled: false,
    };
    return { id: this.#nextId(), ask, startedMs: nowMs, done, isProbe, method, ...still };
  }

  /** Asks for the status of the peer first: only if the KME answers that, the request follows. */
  #probe(operation: Operation, deadlineMs: Millis, nowMs: Millis, out: Out): void {
    const { maxBodyBytes } = this.#context.settings;
    const done: Done<unknown> = (_, atMs, effects) => {
      this.#probes.delete(operation);
      if (operation.isCancelled) return;
      if (this.#breaker.stateAt(atMs) === "closed") {
        return this.#calls.start(operation.id, operation, deadlineMs, atMs, effects);
      }
      operation.done({ ok: false, error: this.issueOf(operation, "CIRCUIT_OPEN") }, atMs, effects);
    };
    const probe = this.#operation(askStatus(operation.ask.peer, maxBodyBytes), done, nowMs, true) as Operation;
    this.#probes.set(operation, probe);
    this.#beginProbe(probe);
    this.#calls.start(probe.id, probe, deadlineMs, nowMs, out);
  }

  #beginProbe(operation: Operation): void {
    this.#prober = operation;
    this.#breaker.probe();
  }

  /** @throws QkdError CIRCUIT_OPEN */
  #send(operation: Operation, nowMs: Millis, out: Out): ExchangeId {
    const { ask } = operation;
    const state = this.#breaker.stateAt(nowMs);
    if (state === "half-open" && ask.op === "status" && !this.#breaker.isProbing) this.#beginProbe(operation);
    else if (state !== "closed" && !operation.isProbe) throw new QkdError(this.issueOf(operation, "CIRCUIT_OPEN"));
    const { settings, nextExchange } = this.#context;
    const { origin, base, server, isSecure } = this.address;
    const { path, body } = ask.target(operation.method);
    const exchange = nextExchange();
    const isPost = body !== undefined;
    operation.attempts++;
    operation.isSent = false;
    if (operation.attempts > 1) this.#retried(operation, out);
    this.#attempts.set(exchange, { operation, startedMs: nowMs });
    this.#timeouts.set(exchange, nowMs + this.#timeoutMs(ask.op));
    out.push({
      type: "request",
      exchange,
      origin,
      method: operation.method,
      path: base + path,
      headers: {
        accept: "application/json",
        ...(isPost && { "content-type": "application/json" }),
        ...(settings.sendSaeHeaders && { "x-sae-id": encodeURIComponent(settings.saeId) }),
      },
      ...(isPost && { body: new TextEncoder().encode(body) }),
      ...(isSecure && server && { server }),
      bodyBytesMax: ask.bodyBytesMax,
    });
    return exchange;
  }

  #timeoutMs(op: QkdOperation): Millis {
    const { adaptiveTimeout, timeoutMs } = this.#context.settings;
    const adapts = adaptiveTimeout === "all" || (adaptiveTimeout && op !== "enc_keys");
    return adapts ? (this.#latencies.get(op)?.timeoutMs(timeoutMs) ?? timeoutMs) : timeoutMs;
  }

  #answered(exchange: ExchangeId, operation: Operation, answer: HttpAnswer, nowMs: Millis, out: Out): void {
    const reading = this.#read(operation, answer);
    if (!reading.ok) return this.#failed(exchange, reading.verdict, nowMs, out);
    const { op } = operation.ask;
    const { startedMs } = this.#attempts.get(exchange)!;
    const latencies = this.#latencies.get(op) ?? new Latencies();
    this.#latencies.set(op, latencies);
    latencies.add(nowMs - startedMs);
    this.#report(operation, "ok", nowMs - startedMs, out);
    if (this.#breaker.succeeded()) this.#breakerChanged("closed", out);
    this.#calls.settle(exchange, { ok: true, value: reading.value }, nowMs, out);
  }

  #read({ ask, lostAttempts }: Operation, answer: HttpAnswer): Reading<unknown> {
    const { settings, env } = this.#context;
    if (answer.status === 200) return ask.read(answer.body);
    const context = {
      dialect: settings.dialect,
      unixMs: () => Number(env.unixNs() / 1_000_000n),
      fitsStore: ask.fitsStore,
      wasLost: lostAttempts > 0,
    };
    const verdict = judgeAnswer(ask.op, answer, context);
    if (verdict.reason !== "PARTIAL" || ask.partial === undefined) return { ok: false, verdict };
    return { ok: false, verdict: { ...verdict, details: ask.partial(answer.body) } };
  }

  /** An attempt has failed: tells breaker, log and metrics, and repeats it if that may be. */
  #failed(exchange: ExchangeId, verdict: Verdict, nowMs: Millis, out: Out): void {
    const { operation, startedMs } = this.#attempts.get(exchange)!;
    operation.last = verdict;
    operation.isSent = false;
    operation.mayBeConsumed ||= verdict.keyMayBeConsumed;
    if (verdict.retry === "lost") operation.lostAttempts++;
    this.#report(operation, verdict.reason, nowMs - startedMs, out);
    this.#count(verdict, nowMs, out);
    const delayMs = verdict.retry === "other method" ? 0 : verdict.retryAfterMs;
    this.#calls.fail(exchange, this.issueOf(operation, verdict.reason), nowMs, out, delayMs);
  }

  #count(verdict: Verdict, nowMs: Millis, out: Out): void {
    const breaker = this.#breaker;
    if (verdict.isReply && !isCounted(verdict)) {
      if (breaker.succeeded()) this.#breakerChanged("closed", out);
    } else if (isCounted(verdict) || breaker.isProbing) {
      if (breaker.failed(nowMs)) this.#breakerChanged("open", out);
    }
  }

  #mayRepeat(operation: Operation): boolean {
    const { settings } = this.#context;
    const { ask, last, lostAttempts, isProbe, startedMs } = operation;
    if (last === undefined || isProbe) return false;
    switch (last.retry) {
      case "always":
        return true;
      case "lost":
        return lostAttempts <= (ask.op === "dec_keys" ? settings.retryLostDec : Number(settings.retryUnsafe));
      case "warm-up":
        return this.#lastMs - startedMs < settings.warmUpMs;
      case "other method":
        if (!ask.hasOtherMethod || operation.method !== ask.method) return false;
        operation.method = ask.method === "GET" ? "POST" : "GET";
        return true;
      default:
        return false;
    }
  }

  #wake(nowMs: Millis, out: Out): void {
    for (let due = this.#timeouts.popDue(nowMs); due !== undefined; due = this.#timeouts.popDue(nowMs)) {
      const { ask, isSent } = this.#attempts.get(due)!.operation;
      this.#failed(due, judgeTimeout(ask.op, isSent), nowMs, out);
    }
    this.#calls.wake(nowMs, out);
  }

  /** An attempt is over, however it ended. */
  #release(exchange: ExchangeId, out: Out): void {
    this.#attempts.delete(exchange);
    this.#timeouts.delete(exchange);
    out.push({ type: "abandon", exchange });
  }

  #settled({ request }: Call<Operation>, outcome: Result<unknown>): void {
    if (request === this.#prober) {
      this.#prober = undefined;
      this.#breaker.unprobe();
    }
    const ended = outcome.ok ? outcome : { ok: false as const, error: this.#asQkd(request, outcome.error) };
    this.#context.later((atMs, effects) => {
      if (!request.isCancelled) request.done(ended, atMs, effects);
      else if (ended.ok) request.ask.discard?.(ended.value);
    });
  }

  /** The issue of `Calls` itself as one of QKD. */
  #asQkd(operation: Operation, issue: WireIssue): QkdIssue {
    if ("reason" in issue) return issue as QkdIssue;
    if (issue.code === "timeout") return this.issueOf(operation, "DEADLINE");
    return this.issueOf(operation, issue.code === "cancelled" ? "ABORTED" : "INVALID_ARGUMENT");
  }

  /** The issue of a request that ends for this reason. */
  issueOf(operation: Operation, reason: QkdIssue["reason"]): QkdIssue {
    const { ask, last, attempts } = operation;
    const isLast = last?.reason === reason;
    return qkdIssue(reason, ask.op, isLast ? last.actual : last?.reason, {
      httpStatus: last?.httpStatus,
      kmeMessage: last?.kmeMessage,
      details: isLast ? last.details : undefined,
      retryable: isLast ? last.retry === "always" || last.retry === "warm-up" : reason === "CIRCUIT_OPEN",
      keyMayBeConsumed: mayBeConsumed(operation, reason),
      attempts,
      endpoint: this.address.url,
    });
  }

  // Reports

  #retried({ ask, attempts, last }: Operation, out: Out): void {
    const kme = this.address.url;
    const reason = last?.reason ?? "";
    log(out, "info", "qkd.retry", { kme, op: ask.op, code: reason, attempt: attempts });
    metric(out, "qkd_retries_total", 1, { kme, reason });
  }

  #report({ ask, attempts, last }: Operation, outcome: string, ms: Millis, out: Out): void {
    const kme = this.address.url;
    const { op } = ask;
    const status = outcome === "ok" ? 200 : (last?.httpStatus ?? 0);
    const level = outcome === "ok" ? "debug" : "warn";
    log(out, level, "qkd.request", { kme, op, status, code: outcome, attempt: attempts, ms: Math.round(ms) });
    metric(out, "qkd_requests_total", 1, { kme, op, outcome });
    metric(out, "qkd_request_duration_ms", ms, { kme, op });
  }

  #breakerChanged(state: "open" | "closed", out: Out): void {
    const kme = this.address.url;
    log(out, state === "open" ? "warn" : "info", "qkd.breaker", { kme, state });
    metric(out, "qkd_breaker_state", state === "open" ? 1 : 0, { kme });
  }
}

/** Whether keys may be gone that were asked for and did not come. */
export function mayBeConsumed({ ask, isSent, mayBeConsumed: wasLost }: Operation, reason: QkdIssue["reason"]): boolean {
  const isCutOff = (reason === "ABORTED" || reason === "DEADLINE") && isSent;
  return wasLost || (isCutOff && (ask.op === "enc_keys" || ask.op === "dec_keys"));
}

/** Pushes an entry of the log. */
export function log(out: Out, level: LogLevel, message: string, fields: LogFields): void {
  out.push({ type: "log", level, message, fields });
}

/** Pushes a measurement. */
export function metric(out: Out, name: QkdMetric["name"], value: number, labels: QkdMetric["labels"] = {}): void {
  out.push({ type: "emit", event: { name, value, labels } });
}
