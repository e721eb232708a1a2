/** Our client machine on recorded replies: one call at a time, on a clock that runs when it waits. */
import type { Result } from "../../errors.js";
import type { Effect, Event } from "../../machine/index.js";
import { QkdClientMachine, type QkdCall, type QkdClientOptions, type QkdValue } from "../../protocols/qkd/index.js";
import type { RecordedReply } from "./vector.js";

/** A request of the machine. */
export type SentRequest = Extract<Effect, { readonly type: "request" }>;

/** How a call has ended. */
export interface Played {
  readonly outcome: Result<QkdValue>;
  readonly sent: readonly SentRequest[];
}

const DEADLINE_MS = 50_000;
/** Steps after which a machine is taken to run for ever. */
const STEPS_MAX = 10_000;

/** The client of one SAE. */
export class ReplayedClient {
  readonly #machine: QkdClientMachine;
  #nowMs = 0;
  #nextId = 1;
  #draw = 1;

  constructor(options: QkdClientOptions) {
    this.#machine = new QkdClientMachine(options, {
      random: (length) => Uint8Array.from({ length }, () => (this.#draw = (this.#draw * 75 + 74) % 65_537) & 0xff),
      unixNs: () => 0n,
    });
  }

  /** Makes a call. @param answer gives the reply to each request that it sends @throws if it never ends */
  call(request: QkdCall, answer: (request: SentRequest) => RecordedReply): Played {
    const id = this.#nextId++;
    const sent: SentRequest[] = [];
    const events: Event<QkdCall>[] = [{ type: "call", id, request, deadlineMs: this.#nowMs + DEADLINE_MS }];
    for (let step = 0; step < STEPS_MAX; step++) {
      const event = events.shift() ?? this.#wait();
      const out: Effect<QkdValue>[] = [];
      this.#machine.step(event, this.#nowMs, out as never);
      for (const effect of out) {
        if (effect.type === "settle" && effect.id === id) return { outcome: outcomeOf(effect), sent };
        if (effect.type !== "request") continue;
        const { exchange } = effect;
        sent.push(effect);
        events.push({ type: "sent", exchange }, { type: "answered", exchange, ...answer(effect) });
      }
    }
    throw new Error("the call does not end");
  }

  /** Lets time pass until the machine wants to wake. */
  #wait(): Event<QkdCall> {
    const wakeMs = this.#machine.nextWakeMs();
    if (!Number.isFinite(wakeMs)) throw new Error("the machine waits for nothing");
    this.#nowMs = Math.max(this.#nowMs, wakeMs);
    return { type: "wake" };
  }
}

function outcomeOf(effect: Extract<Effect<QkdValue>, { readonly type: "settle" }>): Result<QkdValue> {
  return "error" in effect && effect.error !== undefined
    ? { ok: false, error: effect.error }
    : { ok: true, value: (effect as { readonly value: QkdValue }).value };
}
