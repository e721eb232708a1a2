/** A development KME as a machine, for simulations: slow, dying, deaf and lying as its rates say. */
import {
  DeadlineHeap,
  type Effect,
  type Env,
  type Event,
  type ExchangeId,
  type Machine,
} from "../../../src/machine/index.js";
import { liedAbout, type KmeFault } from "../../../src/protocols/qkd/kme/faults.js";
import { operationOf, type KeyManager } from "../../../src/protocols/qkd/kme/key-manager.js";
import type { KmeReply } from "../../../src/protocols/qkd/kme/reply.js";
import { json, page } from "../../../src/protocols/qkd/kme/reply.js";

/** How often a KME misbehaves. All are probabilities, 0 to 1. */
export interface KmeRates {
  /** Of an answer that comes after up to 3 s. */
  slow: number;
  /** Of a request that is not answered, carried out or not. */
  deaf: number;
  /** Of an error instead of an answer, carried out or not. */
  broken: number;
  /** Of an answer that is not true. */
  lying: number;
}

/** Who watches what a KME does. */
export interface KmeWatch {
  /** Before a request is carried out. */
  readonly before?: (operation: "status" | "enc_keys" | "dec_keys", body: Uint8Array) => void;
  /** What was done, truly. */
  readonly after?: (operation: "status" | "enc_keys" | "dec_keys", reply: KmeReply) => void;
}

const SLOW_MS_MAX = 3_000;
const LIES = ["short", "extra", "duplicate-id", "wrong-id", "wrong-size", "bad-base64", "no-keys", "reversed"] as const;

/** The rules outlive the machine: a KME that crashes keeps its keys. */
export class KmeMachine implements Machine<never, never, never> {
  readonly #rules: KeyManager;
  readonly #rates: KmeRates;
  readonly #watch: KmeWatch;
  readonly #env: Env;
  readonly #late = new DeadlineHeap<{ readonly exchange: ExchangeId; readonly reply: KmeReply }>();
  /** The last answer with keys, which a liar gives again. */
  #last: KmeReply | undefined;

  constructor(rules: KeyManager, rates: KmeRates, watch: KmeWatch, env: Env) {
    this.#rules = rules;
    this.#rates = rates;
    this.#watch = watch;
    this.#env = env;
  }

  step(event: Event<never>, nowMs: number, out: Effect<never, never>[]): void {
    if (event.type === "requested") this.#requested(event, nowMs, out);
    if (event.type !== "wake") return;
    for (let due = this.#late.popDue(nowMs); due !== undefined; due = this.#late.popDue(nowMs)) {
      this.#respond(due.exchange, due.reply, out);
    }
  }

  nextWakeMs(): number {
    return this.#late.nextMs;
  }

  #requested(event: Extract<Event, { type: "requested" }>, nowMs: number, out: Effect<never, never>[]): void {
    const { exchange, method, path, headers, body } = event;
    const isDone = this.#chance(0.5);
    const isDeaf = this.#chance(this.#rates.deaf);
    const isBroken = !isDeaf && this.#chance(this.#rates.broken);
    if (!isDone && isDeaf) return;
    const operation = operationOf(path);
    const error = isBroken ? this.#error(isDone) : undefined;
    if (!isDone && error !== undefined) return this.#respond(exchange, error, out);
    if (operation !== undefined) this.#watch.before?.(operation, body);
    const reply = this.#rules.handle({ method, path, headers, body: body.slice() }, nowMs);
    if (operation !== undefined) this.#watch.after?.(operation, reply);
    if (isDeaf) return;
    const told = error ?? (this.#chance(this.#rates.lying) ? this.#lie(reply) : reply);
    if (operation === "enc_keys" && reply.status === 200) this.#last = reply;
    if (this.#chance(this.#rates.slow)) this.#late.set({ exchange, reply: told }, nowMs + this.#unit() * SLOW_MS_MAX);
    else this.#respond(exchange, told, out);
  }

  /** An error of a request that was carried out leaves open whether it was. */
  #error(isDone: boolean): KmeReply {
    if (isDone) return page(this.#pick([500, 502, 504]));
    return this.#pick([page(500), page(503), json(503, { message: "Busy." }), json(429, { message: "Slow down." })]);
  }

  #lie(reply: KmeReply): KmeReply {
    if (this.#last !== undefined && reply.status === 200 && this.#chance(0.3)) return this.#last;
    return liedAbout(this.#pick(LIES) as KmeFault["what"], reply);
  }

  #respond(exchange: ExchangeId, { status, headers, body }: KmeReply, out: Effect<never, never>[]): void {
    out.push({ type: "respond", exchange, status, headers, body: body.slice() });
  }

  #unit(): number {
    const [a, b] = this.#env.random(2);
    return (a! * 256 + b!) / 65_536;
  }

  #chance(rate: number): boolean {
    return this.#unit() < rate;
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#unit() * items.length)]!;
  }
}
