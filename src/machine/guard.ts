/** Fault containment: exceptions and broken contracts of a machine become faults. */
import { WireError, type WireIssue } from "../errors.js";
import type { CallId, Effect, Event, ExchangeId, LinkId, Machine, Millis } from "./types.js";

/** Wakes at the same time after which a machine counts as asking for a time that has passed. */
const IDLE_WAKES_MAX = 1_000;

/**
 * Contains the faults of a machine. An exception out of `step`, or an effect that breaks the contract, becomes a fault:
 * it is logged, every link is shut, every exchange aborted, and every open call settles with `fault`. Then it is out of
 * service: new calls settle with the fault, and new links are shut.
 */
export class GuardedMachine<Request, Value, Emitted> implements Machine<Request, Value, Emitted> {
  readonly #machine: Machine<Request, Value, Emitted>;
  readonly #links = new Set<LinkId>();
  readonly #exchanges = new Set<ExchangeId>();
  readonly #calls = new Set<CallId>();
  #lastNamed: LinkId = 0;
  #lastExchange: ExchangeId = 0;
  #wokenAtMs: Millis = -Infinity;
  #wakes = 0;
  #thrown: { readonly error: unknown } | undefined;
  #fault: WireError | undefined;

  constructor(machine: Machine<Request, Value, Emitted>) {
    this.#machine = machine;
  }

  /** The fault that ended the machine; its `cause` is the exception. */
  get fault(): WireError | undefined {
    return this.#fault;
  }

  get halfOpen(): boolean {
    return this.#machine.halfOpen === true;
  }

  step(event: Event<Request>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    let checked = out.length;
    if (event.type === "opened") this.#links.add(event.link);
    else if (event.type === "closed") this.#links.delete(event.link);
    else if (event.type === "call") this.#calls.add(event.id);
    else if (event.type === "requested") this.#exchanges.add(event.exchange);
    else if (isLastOfExchange(event)) this.#exchanges.delete(event.exchange);
    if (this.#fault === undefined) {
      try {
        this.#checkWaking(event, nowMs);
        this.#machine.step(event, nowMs, out);
        for (; checked < out.length; checked++) this.#check(out[checked]!);
        return;
      } catch (error) {
        // Drops the effects of the step: they may be wrong too.
        out.length = checked;
        this.#fail(event.type, error, out);
      }
    }
    this.#settleAll(out);
  }

  nextWakeMs(): Millis {
    if (this.#fault !== undefined) return Infinity;
    try {
      const wakeMs = this.#machine.nextWakeMs();
      if (Number.isNaN(wakeMs)) throw broken("nextWakeMs", "a time or Infinity", "NaN");
      return wakeMs;
    } catch (error) {
      // Effects need a step: the wake that follows at once reports the fault.
      this.#thrown = { error };
      return -Infinity;
    }
  }

  #checkWaking(event: Event<Request>, nowMs: Millis): void {
    if (this.#thrown !== undefined) throw this.#thrown.error;
    if (event.type !== "wake") return;
    this.#wakes = nowMs > this.#wokenAtMs ? 1 : this.#wakes + 1;
    this.#wokenAtMs = nowMs;
    if (this.#wakes > IDLE_WAKES_MAX)
      throw broken("nextWakeMs", "a time that is not past", `${this.#wakes} wakes at once`);
  }

  #check(effect: Effect<Value, Emitted>): void {
    if (effect.type === "connect") {
      if (effect.link >= this.#lastNamed) throw broken("connect.link", `below ${this.#lastNamed}`, String(effect.link));
      this.#lastNamed = effect.link;
      this.#links.add(effect.link);
    } else if (effect.type === "request") {
      const { exchange } = effect;
      if (exchange >= this.#lastExchange) {
        throw broken("request.exchange", `below ${this.#lastExchange}`, String(exchange));
      }
      this.#lastExchange = exchange;
      this.#exchanges.add(exchange);
    } else if (effect.type === "respond") {
      if (effect.exchange < 0) throw broken("respond.exchange", "a request of a client", String(effect.exchange));
      this.#exchanges.delete(effect.exchange);
    } else if (effect.type === "abandon") {
      this.#exchanges.delete(effect.exchange);
    } else if (effect.type === "settle") {
      if (!this.#calls.delete(effect.id)) throw broken("settle.id", "an open call", String(effect.id));
    }
  }

  #fail(eventType: string, error: unknown, out: Effect<Value, Emitted>[]): void {
    const actual = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#fault = new WireError({ code: "fault", format: "machine", path: eventType, actual }, { cause: error });
    out.push({
      type: "log",
      level: "error",
      message: "the machine faulted and is out of service",
      fields: { error: actual },
    });
  }

  /** Shuts every link, aborts every exchange and settles every call: at the fault, and at each later event. */
  #settleAll(out: Effect<Value, Emitted>[]): void {
    const error: WireIssue = this.#fault!.toJSON();
    for (const link of this.#links) out.push({ type: "shut", link });
    for (const exchange of this.#exchanges) out.push({ type: "abandon", exchange });
    for (const id of this.#calls) out.push({ type: "settle", id, error });
    this.#links.clear();
    this.#exchanges.clear();
    this.#calls.clear();
  }
}

/** Wraps a machine in a {@link GuardedMachine}. */
export function guard<Request, Value, Emitted>(
  machine: Machine<Request, Value, Emitted>,
): GuardedMachine<Request, Value, Emitted> {
  return new GuardedMachine(machine);
}

function isLastOfExchange(
  event: Event,
): event is Extract<Event, { readonly type: "answered" | "unanswered" | "abandoned" }> {
  return event.type === "answered" || event.type === "unanswered" || event.type === "abandoned";
}

function broken(path: string, expected: string, actual: string): WireError {
  return new WireError({ code: "fault", format: "machine", path, expected, actual });
}
