/** A client machine stepped by hand: its KMEs are a function, and time passes on demand. */
import type { HttpAnswer, HttpRequest } from "../../../src/http.js";
import type { Effect, Event, ExchangeId } from "../../../src/machine/index.js";
import {
  QkdClientMachine,
  type QkdCall,
  type QkdClientOptions,
  type QkdIssue,
  type QkdMetric,
  type QkdValue,
} from "../../../src/protocols/qkd/index.js";

/** What a KME says: a status with a JSON value, or nothing. */
export type Said = readonly [status: number, value: unknown, headers?: Readonly<Record<string, string>>] | "nothing";

/** A request as a KME sees it. */
export interface Seen {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  /** The JSON of the body. */
  readonly body: unknown;
}

/** How a call ended. */
export type Ended = { readonly value: QkdValue } | { readonly error: QkdIssue };

export const STATUS = {
  source_KME_ID: "kme",
  target_KME_ID: "other",
  key_size: 256,
  stored_key_count: 0,
  max_key_count: 100,
  max_key_per_request: 16,
  max_key_size: 4_096,
  min_key_size: 64,
};

/** Random bytes that are 0: every pause is the shortest, 1 ms. */
const env = { random: (n: number) => new Uint8Array(n), unixNs: () => 1_700_000_000_000_000_000n };

let ids = 0;
/** A container of so many new keys. */
export function newKeys(number: number, sizeBytes = 32): { readonly keys: readonly object[] } {
  const key = Buffer.alloc(sizeBytes, 7).toString("base64");
  return { keys: Array.from({ length: number }, () => ({ key_ID: `key ${++ids}`, key })) };
}

export class SteppedClient {
  readonly machine: QkdClientMachine;
  readonly seen: Seen[] = [];
  readonly metrics: QkdMetric[] = [];
  readonly logs: string[] = [];
  readonly aborted: ExchangeId[] = [];
  readonly ended = new Map<number, Ended>();
  nowMs = 0;
  /** Time that each answer takes. */
  answerMs = 0;
  readonly #answer: (seen: Seen) => Said;
  readonly #due: { readonly atMs: number; readonly event: Event<QkdCall> }[] = [];
  #lastCall = 0;

  constructor(options: Partial<QkdClientOptions>, answer: (seen: Seen) => Said) {
    this.#answer = answer;
    const endpoints = [{ url: "https://kme-1" }];
    this.machine = new QkdClientMachine({ saeId: "alice", endpoints, ...options }, env);
  }

  call(request: QkdCall, timeoutMs = 50_000): number {
    const id = ++this.#lastCall;
    this.#step({ type: "call", id, request, deadlineMs: this.nowMs + timeoutMs });
    return id;
  }

  cancel(id: number): void {
    this.#step({ type: "cancel", id });
  }

  stop(): void {
    this.#step({ type: "stop" });
  }

  /** Lets time pass. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      this.#due.sort((a, b) => a.atMs - b.atMs);
      const nextMs = Math.min(this.machine.nextWakeMs(), this.#due[0]?.atMs ?? Infinity);
      if (nextMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, nextMs);
      const due = this.#due[0];
      if (due !== undefined && due.atMs <= this.nowMs) {
        this.#due.shift();
        this.#step(due.event);
      } else this.#step({ type: "wake" });
    }
    this.nowMs = untilMs;
  }

  /** How a call has ended, after enough time for all of it. */
  end(request: QkdCall, timeoutMs = 50_000): Ended {
    const id = this.call(request, timeoutMs);
    this.pass(timeoutMs + 1);
    return this.ended.get(id)!;
  }

  /** Operations that KMEs were asked for. */
  get asked(): string[] {
    return this.seen.map(({ method, path }) => `${method} ${path.replace("/api/v1/keys/", "")}`);
  }

  #step(event: Event<QkdCall>): void {
    const out: Effect<QkdValue, QkdMetric>[] = [];
    this.machine.step(event, this.nowMs, out);
    for (const effect of out) {
      if (effect.type === "request") this.#request(effect.exchange, effect);
      else if (effect.type === "abandon") this.aborted.push(effect.exchange);
      else if (effect.type === "emit") this.metrics.push(effect.event);
      else if (effect.type === "log") this.logs.push(`${effect.message} ${JSON.stringify(effect.fields)}`);
      else if (effect.type === "settle") {
        this.ended.set(effect.id, "value" in effect ? { value: effect.value } : { error: effect.error as QkdIssue });
      }
    }
  }

  #request(exchange: ExchangeId, { origin, method, path, body }: HttpRequest): void {
    const json: unknown = body && JSON.parse(new TextDecoder().decode(body));
    const seen = { origin, method, path, body: json };
    this.seen.push(seen);
    this.#due.push({ atMs: this.nowMs, event: { type: "sent", exchange } });
    const said = this.#answer(seen);
    if (said === "nothing") return;
    const [status, value, headers = {}] = said;
    const answer: HttpAnswer = { status, headers, body: new TextEncoder().encode(JSON.stringify(value)) };
    this.#due.push({ atMs: this.nowMs + this.answerMs, event: { type: "answered", exchange, ...answer } });
  }
}
