/** Several machines as one: each has its own links, operations and calls, under ids that do not meet. */
import {
  countDown,
  type CallId,
  type Effect,
  type Event,
  type LinkId,
  type Machine,
  type Millis,
  type OpId,
} from "../../machine/index.js";

/** A machine of any protocol. */
export type AnyMachine = Machine<never, unknown, unknown>;

/** What a machine of a group does that is for its owner. */
export interface GroupHooks<Out> {
  /** A call is settled; ids of callers are above 0, those of the owner below. */
  settled(slot: number, effect: Extract<Effect, { readonly type: "settle" }>, nowMs: Millis, out: Out[]): void;
  emitted(slot: number, event: unknown, nowMs: Millis, out: Out[]): void;
}

/** A link of a machine, under the id that this machine has for it. */
interface LinkPlace {
  readonly slot: number;
  readonly inner: LinkId;
}

/**
 * The machines of a group, told apart by their slot. A link that a machine opens gets the next id of the group, as
 * drivers demand; one that a peer opens keeps its id, and belongs to one machine. The id of an operation becomes one
 * that says the slot as well: id × machines + slot.
 */
export class MachineGroup<Out extends Effect> {
  readonly #machines: readonly AnyMachine[];
  readonly #hooks: GroupHooks<Out>;
  readonly #places = new Map<LinkId, LinkPlace>();
  /** Ids of the group for the links that machines have opened, by slot and the machine's id. */
  readonly #opened: readonly Map<LinkId, LinkId>[];
  readonly #nextLink = countDown();
  /** Steps that effects of others have led to: effects keep their order, and no machine is stepped within a step. */
  readonly #waiting: (() => void)[] = [];
  #isStepping = false;

  constructor(machines: readonly AnyMachine[], hooks: GroupHooks<Out>) {
    this.#machines = machines;
    this.#hooks = hooks;
    this.#opened = machines.map(() => new Map());
  }

  nextWakeMs(): Millis {
    return Math.min(...this.#machines.map((machine) => machine.nextWakeMs()));
  }

  /** Gives a link that a peer has opened to a machine. */
  assign(link: LinkId, slot: number): void {
    this.#places.set(link, { slot, inner: link });
  }

  /** Takes an event of a link or an operation, whose machine is known by its id. */
  route(event: Event<unknown>, nowMs: Millis, out: Out[]): void {
    if ("link" in event) {
      const place = this.#places.get(event.link);
      if (place === undefined) return;
      const { slot, inner } = place;
      if (event.type === "closed") {
        this.#places.delete(event.link);
        this.#opened[slot]!.delete(inner);
      }
      this.step(slot, { ...event, link: inner }, nowMs, out);
    } else if ("op" in event) {
      const slot = this.#slotOf(event.op);
      this.step(slot, { ...event, op: (event.op - slot) / this.#machines.length }, nowMs, out);
    }
  }

  /** Wakes the machines whose time has come. */
  wake(nowMs: Millis, out: Out[]): void {
    for (const [slot, machine] of this.#machines.entries()) {
      if (machine.nextWakeMs() <= nowMs) this.step(slot, { type: "wake" }, nowMs, out);
    }
  }

  /** Steps one machine, and carries its effects over; at once, unless another is being stepped. */
  step(slot: number, event: Event<unknown>, nowMs: Millis, out: Out[]): void {
    const run = (): void => {
      const effects: Effect[] = [];
      this.#machines[slot]!.step(event as Event<never>, nowMs, effects);
      for (const effect of effects) this.#carry(slot, effect, nowMs, out);
    };
    if (this.#isStepping) return void this.#waiting.push(run);
    this.#isStepping = true;
    try {
      run();
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
    } finally {
      this.#isStepping = false;
    }
  }

  /** Calls a machine. */
  call(slot: number, id: CallId, request: unknown, deadlineMs: Millis, nowMs: Millis, out: Out[]): void {
    this.step(slot, { type: "call", id, request, deadlineMs }, nowMs, out);
  }

  #carry(slot: number, effect: Effect, nowMs: Millis, out: Out[]): void {
    switch (effect.type) {
      case "settle":
        return this.#hooks.settled(slot, effect, nowMs, out);
      case "emit":
        return this.#hooks.emitted(slot, effect.event, nowMs, out);
      case "connect": {
        const link = this.#nextLink();
        this.#places.set(link, { slot, inner: effect.link });
        this.#opened[slot]!.set(effect.link, link);
        return void out.push({ ...effect, link } as Out);
      }
      case "write":
      case "shut":
      case "abort":
      case "pause":
      case "resume":
        return this.#carryLink(slot, effect, out);
      case "load":
      case "list":
      case "store":
      case "bind":
        return void out.push({ ...effect, op: effect.op * this.#machines.length + slot } as Out);
      default:
        // Machines of RPC have no exchanges over HTTP.
        return void out.push(effect as Out);
    }
  }

  /** Effects on a link that is closed are ignored, as those of a machine alone are. */
  #carryLink(slot: number, effect: Extract<Effect, { readonly link: LinkId }>, out: Out[]): void {
    const link = effect.link > 0 ? effect.link : this.#opened[slot]!.get(effect.link);
    if (link !== undefined) out.push({ ...effect, link } as Out);
  }

  #slotOf(op: OpId): number {
    const count = this.#machines.length;
    return ((op % count) + count) % count;
  }
}
