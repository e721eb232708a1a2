/**
 * Linearizability: whether operations that overlapped in time could have happened one after the other (Wing and Gong
 * 1993, with the cache of Lowe 2017 and the partitions of Horn and Kroening 2015).
 */
import { argumentError } from "../errors.js";

/** One operation of a client, as the client saw it. */
export interface Operation<Input, Output> {
  readonly input: Input;
  /** What it returned. Without meaning where `returnedAt` is missing. */
  readonly output?: Output;
  /** When it was called, on the one clock of the history. */
  readonly calledAt: number;
  /**
   * When it returned. Missing if its outcome is unknown: it may have happened at any time since its call, or not at
   * all. Leave out operations that are known not to have happened.
   */
  readonly returnedAt?: number | undefined;
}

/** What operations do when they happen one after the other. States are values: a step never changes one. */
export interface SequentialModel<State, Input, Output> {
  readonly initial: State;
  /** Operations of different partitions do not affect each other, and are checked apart. Default: one partition. */
  partitionOf?(input: Input): string;
  /** True for operations that change nothing: where their outcome is unknown, they say nothing. Default false. */
  isReadOnly?(input: Input): boolean;
  /**
   * The state after an operation, or undefined if it cannot have had this output in this state.
   * @param outcome undefined if the output is unknown: any is possible
   */
  apply(
    state: State,
    input: Input,
    outcome: { readonly output: Output | undefined } | undefined,
  ): { state: State } | undefined;
  /** A text that is the same for equal states, and for no others. */
  keyOf(state: State): string;
}

/** What is known of a history. */
export type LinearizabilityReport<Input, Output> =
  /** There is an order that explains every output. */
  | { readonly verdict: "linearizable"; readonly steps: number }
  /** There is none. */
  | {
      readonly verdict: "violated";
      readonly steps: number;
      readonly partition: string;
      /** The longest order that explains outputs, as far as it goes. */
      readonly explained: readonly Operation<Input, Output>[];
      /** The operations of which one would have to be next, and none can be. */
      readonly stuck: readonly Operation<Input, Output>[];
    }
  /** The search was given up. */
  | { readonly verdict: "undecided"; readonly steps: number; readonly partition: string };

/** Default of `stepsMax`: below half a second for a history with 80 operations of five clients a partition. */
const STEPS_MAX = 200_000;

/**
 * Searches for an order of the operations of a history in which each lies between its call and its return, and in which
 * a sequential model gives the outputs that the clients saw. It trusts nothing but the clients. The time grows
 * exponentially with the number of operations that overlap, above all with unknown outcomes.
 * @param options.stepsMax steps of the search, over all partitions. Default 200,000
 * @throws WireError `argument` for an operation that returned before it was called, or has no time
 */
export function checkLinearizable<State, Input, Output>(
  history: readonly Operation<Input, Output>[],
  model: SequentialModel<State, Input, Output>,
  { stepsMax = STEPS_MAX }: { readonly stepsMax?: number } = {},
): LinearizabilityReport<Input, Output> {
  let steps = 0;
  let undecided: string | undefined;
  for (const [partition, operations] of partitioned(history, model)) {
    const search = new Search(operations, model);
    const verdict = search.run(stepsMax - steps);
    steps += search.steps;
    if (verdict === "violated") return { verdict, steps, partition, ...search.deepest() };
    if (verdict === "undecided") undecided ??= partition;
  }
  return undecided === undefined
    ? { verdict: "linearizable", steps }
    : { verdict: "undecided", steps, partition: undecided };
}

function partitioned<State, Input, Output>(
  history: readonly Operation<Input, Output>[],
  model: SequentialModel<State, Input, Output>,
): Map<string, Operation<Input, Output>[]> {
  const partitions = new Map<string, Operation<Input, Output>[]>();
  for (const [i, operation] of history.entries()) {
    const { calledAt, returnedAt = Infinity, input } = operation;
    if (!(calledAt <= returnedAt)) {
      const found = `${calledAt} and ${returnedAt}`;
      throw argumentError("history", `[${i}]`, "a call, and a return that is not before it", found);
    }
    if (returnedAt === Infinity && model.isReadOnly?.(input) === true) continue;
    const partition = model.partitionOf?.(input) ?? "";
    const operations = partitions.get(partition);
    if (operations === undefined) partitions.set(partition, [operation]);
    else operations.push(operation);
  }
  return partitions;
}

/** The search over one partition: depth first, over the operations that may come next. */
class Search<State, Input, Output> {
  steps = 0;
  readonly #operations: readonly Operation<Input, Output>[];
  readonly #model: SequentialModel<State, Input, Output>;
  /** Calls and returns in the order of time, as a doubly linked list without the operations that have a place. */
  readonly #events: EventList;
  /** A bit for each operation that has a place. */
  readonly #placed: Uint32Array;
  /** The same bits, as they stand in a key. */
  readonly #placedKey: Uint16Array;
  /** Places and states that were tried. */
  readonly #tried = new Set<string>();
  readonly #order: { readonly index: number; readonly before: State }[] = [];
  #state: State;
  /** Operations that have to find a place: those that returned. */
  #left: number;
  #deepest: { readonly order: readonly number[]; readonly stuck: readonly number[] } | undefined;

  constructor(operations: readonly Operation<Input, Output>[], model: SequentialModel<State, Input, Output>) {
    this.#operations = operations;
    this.#model = model;
    this.#events = new EventList(operations);
    this.#placed = new Uint32Array((operations.length + 31) >> 5);
    this.#placedKey = new Uint16Array(this.#placed.buffer);
    this.#state = model.initial;
    this.#left = operations.filter(isKnown).length;
  }

  run(stepsMax: number): "linearizable" | "violated" | "undecided" {
    let event = this.#events.first;
    while (this.#left > 0) {
      if (++this.steps > stepsMax) return "undecided";
      const index = this.#events.callOf(event);
      if (index >= 0) {
        event = this.#place(index) ? this.#events.first : this.#events.after(event);
        continue;
      }
      // A return: whatever comes before it had to be tried first, and was.
      if (this.#deepest === undefined || this.#order.length > this.#deepest.order.length) {
        const order = this.#order.map(({ index: placed }) => placed);
        this.#deepest = { order, stuck: this.#events.callsBefore(event) };
      }
      const last = this.#order.pop();
      if (last === undefined) return "violated";
      this.#state = last.before;
      this.#mark(last.index, false);
      this.#events.restore(last.index);
      event = this.#events.after(this.#events.eventOfCall(last.index));
    }
    return "linearizable";
  }

  /** How far the search came. */
  deepest() {
    const named = (indices: readonly number[]) => indices.map((index) => this.#operations[index]!);
    return { explained: named(this.#deepest?.order ?? []), stuck: named(this.#deepest?.stuck ?? []) };
  }

  /** Lets an operation happen next, if it can, and if that was not tried. */
  #place(index: number): boolean {
    const operation = this.#operations[index]!;
    const outcome = isKnown(operation) ? { output: operation.output } : undefined;
    const next = this.#model.apply(this.#state, operation.input, outcome);
    if (next === undefined) return false;
    this.#mark(index, true);
    const tried = String.fromCharCode(...this.#placedKey) + this.#model.keyOf(next.state);
    if (this.#tried.has(tried)) {
      this.#mark(index, false);
      return false;
    }
    this.#tried.add(tried);
    this.#order.push({ index, before: this.#state });
    this.#state = next.state;
    this.#events.remove(index);
    return true;
  }

  #mark(index: number, isPlaced: boolean): void {
    this.#placed[index >> 5]! ^= 1 << (index & 31);
    if (isKnown(this.#operations[index]!)) this.#left += isPlaced ? -1 : 1;
  }
}

function isKnown({ returnedAt = Infinity }: Operation<unknown, unknown>): boolean {
  return returnedAt !== Infinity;
}

/** The calls and returns of operations in the order of time, from which operations are taken out and put back. */
class EventList {
  /** Of each event: the index of its operation if it is a call, else -1. The last one is the end. */
  readonly #calls: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #callEvents: Int32Array;
  readonly #returnEvents: Int32Array;

  constructor(operations: readonly Operation<unknown, unknown>[]) {
    const events = operations
      .flatMap(({ calledAt, returnedAt = Infinity }, index) => [
        { at: calledAt, index, isCall: true },
        { at: returnedAt, index, isCall: false },
      ])
      // What begins when another ends overlaps it.
      .sort((a, b) => (a.at === b.at ? Number(b.isCall) - Number(a.isCall) : a.at - b.at));
    const size = events.length + 2;
    this.#calls = new Int32Array(size).fill(-1);
    this.#next = Int32Array.from({ length: size }, (_, i) => i + 1);
    this.#previous = Int32Array.from({ length: size }, (_, i) => i - 1);
    this.#callEvents = new Int32Array(operations.length);
    this.#returnEvents = new Int32Array(operations.length);
    for (const [i, { index, isCall }] of events.entries()) {
      if (isCall) this.#calls[i + 1] = index;
      (isCall ? this.#callEvents : this.#returnEvents)[index] = i + 1;
    }
  }

  get first(): number {
    return this.#next[0]!;
  }

  after(event: number): number {
    return this.#next[event]!;
  }

  callOf(event: number): number {
    return this.#calls[event]!;
  }

  eventOfCall(index: number): number {
    return this.#callEvents[index]!;
  }

  /** The operations whose calls are left in front of an event. */
  callsBefore(event: number): number[] {
    const found: number[] = [];
    for (let at = this.first; at !== event; at = this.after(at)) {
      if (this.callOf(at) >= 0) found.push(this.callOf(at));
    }
    return found;
  }

  remove(index: number): void {
    for (const event of [this.#callEvents[index]!, this.#returnEvents[index]!]) {
      this.#next[this.#previous[event]!] = this.#next[event]!;
      this.#previous[this.#next[event]!] = this.#previous[event]!;
    }
  }

  /** Undoes the latest removal that is not undone. */
  restore(index: number): void {
    for (const event of [this.#returnEvents[index]!, this.#callEvents[index]!]) {
      this.#next[this.#previous[event]!] = event;
      this.#previous[this.#next[event]!] = event;
    }
  }
}

/** An operation on a store of keys. */
export type RegisterInput =
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "put"; readonly key: string; readonly value: string }
  /** Puts `value` if the key has the value `expected`; undefined for a key without one. */
  | { readonly kind: "cas"; readonly key: string; readonly expected: string | undefined; readonly value: string }
  | { readonly kind: "delete"; readonly key: string };

/** The value of a `get`, undefined for none; whether a `cas` has put its value; nothing else. */
export type RegisterOutput = string | boolean | undefined;

/** Registers: a value a key, or none. */
export const REGISTERS: SequentialModel<string | undefined, RegisterInput, RegisterOutput> = Object.freeze({
  initial: undefined,
  partitionOf: ({ key }: RegisterInput) => key,
  isReadOnly: ({ kind }: RegisterInput) => kind === "get",
  apply(
    state: string | undefined,
    input: RegisterInput,
    outcome: { readonly output: RegisterOutput } | undefined,
  ): { state: string | undefined } | undefined {
    switch (input.kind) {
      case "get":
        return outcome === undefined || outcome.output === state ? { state } : undefined;
      case "put":
        return { state: input.value };
      case "delete":
        return { state: undefined };
      case "cas": {
        const isPut = state === input.expected;
        if (outcome !== undefined && outcome.output !== isPut) return undefined;
        return { state: isPut ? input.value : state };
      }
    }
  },
  keyOf: (state: string | undefined) => (state === undefined ? "" : `=${state}`),
});
