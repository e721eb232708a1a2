/** A machine that a test steps by hand: what it does is kept, and what its world answers comes back to it. */
import { POISON } from "../bytes/poison.js";
import type { Result } from "../errors.js";
import { guard, type CallId, type Effect, type Env, type Event, type Machine, type Millis } from "../machine/index.js";
import { Random } from "./random.js";
import { EPOCH_NS } from "./simulated-host.js";

/** The world of a machine that is stepped by hand. */
export interface SteppedMachineOptions<Request, Value, Emitted> {
  /** Where its clock begins. Default 0. */
  readonly nowMs?: Millis;
  /** Its random bytes. By default they follow from a seed, the same each time. */
  readonly random?: (n: number) => Uint8Array;
  /** Its wall clock. Default: 2026-01-01 and the time that has passed. */
  readonly unixNs?: () => bigint;
  /**
   * Carries out an effect. The events that it returns are given to the machine after all effects of the step, as no
   * socket and no disk answers within one.
   */
  readonly carryOut?: (effect: Effect<Value, Emitted>) => Event<Request> | readonly Event<Request>[] | undefined | void;
}

/**
 * Steps one machine on a clock that stands still until {@link pass} or {@link wake}. The machine is guarded: a broken
 * contract, such as a call that settles twice, throws, and so does an exception of the machine. Bytes of events are
 * overwritten after their step, because they are lent.
 */
export class SteppedMachine<
  Request,
  Value,
  Emitted,
  M extends Machine<Request, Value, Emitted> = Machine<Request, Value, Emitted>,
> {
  readonly machine: M;
  nowMs: Millis;
  /** All that the machine has done, in order. Empty it to forget. */
  readonly effects: Effect<Value, Emitted>[] = [];
  /** What it has emitted. */
  readonly events: Emitted[] = [];
  /** How calls have settled. */
  readonly outcomes: Map<CallId, Result<Value>> = new Map();
  readonly #guarded: ReturnType<typeof guard<Request, Value, Emitted>>;
  readonly #options: SteppedMachineOptions<Request, Value, Emitted>;
  readonly #waiting: Event<Request>[] = [];
  #isStepping = false;
  #lastCall: CallId = 0;

  constructor(build: (env: Env) => M, options: SteppedMachineOptions<Request, Value, Emitted> = {}) {
    const drawn = new Random(1, "stepped");
    const { nowMs = 0, random = (n) => drawn.bytes(n) } = options;
    const { unixNs = () => EPOCH_NS + BigInt(Math.round(this.nowMs * 1e6)) } = options;
    this.nowMs = nowMs;
    this.#options = options;
    this.machine = build({ random, unixNs });
    this.#guarded = guard(this.machine);
  }

  /**
   * Gives an event to the machine, and then what its world answers to the effects. From within `carryOut`, the event
   * waits for its turn.
   * @throws WireError `fault` if the machine throws or breaks its contract; the `cause` is what it has thrown
   */
  step(event: Event<Request>): void {
    this.#waiting.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#stepOnce(next);
    } finally {
      this.#isStepping = false;
      this.#waiting.length = 0;
    }
  }

  /** Begins a call. */
  call(request: Request, deadlineMs: Millis = Infinity): CallId {
    const id = ++this.#lastCall;
    this.step({ type: "call", id, request, deadlineMs });
    return id;
  }

  /** Lets time pass, with every wake that the machine asks for. */
  pass(ms: Millis): void {
    const untilMs = this.nowMs + ms;
    while (this.#guarded.nextWakeMs() <= untilMs) this.wake();
    this.nowMs = untilMs;
  }

  /** Lets time pass up to the next wake that the machine asks for. @throws Error if it asks for none */
  wake(): void {
    const nextMs = this.#guarded.nextWakeMs();
    if (nextMs === Infinity) throw new Error("the machine waits for nothing");
    this.nowMs = Math.max(this.nowMs, nextMs);
    this.step({ type: "wake" });
  }

  /** What `carryOut` of the options does, for classes that extend this one. */
  protected carryOut(effect: Effect<Value, Emitted>): Event<Request> | readonly Event<Request>[] | undefined | void {
    return this.#options.carryOut?.(effect);
  }

  #stepOnce(event: Event<Request>): void {
    const out: Effect<Value, Emitted>[] = [];
    this.#guarded.step(event, this.nowMs, out);
    if (this.#guarded.fault !== undefined) throw this.#guarded.fault;
    if ("bytes" in event) event.bytes?.fill(POISON);
    if ("body" in event) event.body.fill(POISON);
    for (const effect of out) {
      this.effects.push(effect);
      if (effect.type === "emit") this.events.push(effect.event);
      if (effect.type === "settle") this.outcomes.set(effect.id, outcomeOf(effect));
      this.#waiting.push(...[this.carryOut(effect) ?? []].flat());
    }
  }
}

function outcomeOf<Value>(effect: Extract<Effect<Value>, { readonly type: "settle" }>): Result<Value> {
  return "error" in effect ? { ok: false, error: effect.error } : { ok: true, value: effect.value };
}
