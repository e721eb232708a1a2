/** Operations on a disk, each with the action that its end causes. */
import type { WireIssue } from "../errors.js";
import { IdMap } from "./id-map.js";
import { countUp } from "./ids.js";
import type { DiskRead, DiskValue, DiskWrite, Effect, Event, Millis, OpId } from "./types.js";

/** How a store ended; `issue` says why it failed. */
export type StoreDone<Value, Emitted> = (
  isStored: boolean,
  nowMs: Millis,
  out: Effect<Value, Emitted>[],
  issue?: WireIssue,
) => void;

/** What a load or a list found; undefined where it failed, for the reason in `issue`. */
export type FoundDone<Found, Value, Emitted> = (
  found: Found | undefined,
  nowMs: Millis,
  out: Effect<Value, Emitted>[],
  issue?: WireIssue,
) => void;

type Ended<Value, Emitted> = (event: Event<never>, nowMs: Millis, out: Effect<Value, Emitted>[]) => void;

/** The operations of a machine that are under way. It hands its events to {@link step}. */
export class DiskOperations<Value = unknown, Emitted = unknown> {
  readonly #ends = new IdMap<OpId, Ended<Value, Emitted>>();
  readonly #nextOp: () => OpId;

  /** @param nextOp numbers the operations; two of these in one machine must not share numbers */
  constructor(nextOp: () => OpId = countUp()) {
    this.#nextOp = nextOp;
  }

  /** Operations that have not ended. */
  get size(): number {
    return this.#ends.size;
  }

  /** Takes the event of an operation. @returns false for all other events */
  step(event: Event<unknown>, nowMs: Millis, out: Effect<Value, Emitted>[]): boolean {
    if (!("op" in event)) return false;
    const ended = this.#ends.get(event.op);
    if (ended === undefined) return false;
    this.#ends.delete(event.op);
    ended(event as Event<never>, nowMs, out);
    return true;
  }

  store(writes: readonly DiskWrite[], done: StoreDone<Value, Emitted>, out: Effect<Value, Emitted>[]): void {
    const op = this.#open((event, nowMs, effects) =>
      done(event.type === "stored", nowMs, effects, event.type === "failed" ? event.error : undefined),
    );
    out.push({ type: "store", op, writes });
  }

  /** @param done takes bytes that are borrowed */
  load(read: DiskRead, done: FoundDone<DiskValue, Value, Emitted>, out: Effect<Value, Emitted>[]): void {
    const op = this.#open((event, nowMs, effects) => {
      if (event.type === "loaded") done(event, nowMs, effects);
      else done(undefined, nowMs, effects, event.type === "failed" ? event.error : undefined);
    });
    out.push({ type: "load", op, ...read });
  }

  list(prefix: string, done: FoundDone<readonly string[], Value, Emitted>, out: Effect<Value, Emitted>[]): void {
    const op = this.#open((event, nowMs, effects) => {
      if (event.type === "listed") done(event.keys, nowMs, effects);
      else done(undefined, nowMs, effects, event.type === "failed" ? event.error : undefined);
    });
    out.push({ type: "list", op, prefix });
  }

  #open(ended: Ended<Value, Emitted>): OpId {
    const op = this.#nextOp();
    this.#ends.set(op, ended);
    return op;
  }
}
