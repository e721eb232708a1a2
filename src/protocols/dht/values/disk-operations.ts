/** Operations on a disk, each with the action that its end causes. */
import { countUp, type DiskValue, type DiskWrite, type Event, type Millis, type OpId } from "../../../machine/index.js";
import type { DhtEffect } from "../core/types.js";

/** How an operation ended; false if it failed. */
export type StoreDone = (isStored: boolean, nowMs: Millis, out: DhtEffect[]) => void;

type Ended = (event: Event<never>, nowMs: Millis, out: DhtEffect[]) => void;

/** The operations of a server that are under way. */
export class DiskOperations {
  readonly #ends = new Map<OpId, Ended>();
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
  step(event: Event<unknown>, nowMs: Millis, out: DhtEffect[]): boolean {
    if (!("op" in event)) return false;
    const ended = this.#ends.get(event.op);
    if (ended === undefined) return false;
    this.#ends.delete(event.op);
    ended(event as Event<never>, nowMs, out);
    return true;
  }

  store(writes: readonly DiskWrite[], done: StoreDone, out: DhtEffect[]): void {
    const op = this.#open((event, nowMs, effects) => done(event.type === "stored", nowMs, effects));
    out.push({ type: "store", op, writes });
  }

  /** @param done takes undefined where the value could not be loaded; bytes are borrowed */
  load(
    read: { readonly key: string; readonly at?: number; readonly length?: number },
    done: (value: DiskValue | undefined, nowMs: Millis, out: DhtEffect[]) => void,
    out: DhtEffect[],
  ): void {
    const op = this.#open((event, nowMs, effects) => done(event.type === "loaded" ? event : undefined, nowMs, effects));
    out.push({ type: "load", op, ...read });
  }

  /** @param done takes undefined where the keys could not be listed */
  list(
    prefix: string,
    done: (keys: readonly string[] | undefined, nowMs: Millis, out: DhtEffect[]) => void,
    out: DhtEffect[],
  ): void {
    const op = this.#open((event, nowMs, effects) =>
      done(event.type === "listed" ? event.keys : undefined, nowMs, effects),
    );
    out.push({ type: "list", op, prefix });
  }

  #open(ended: Ended): OpId {
    const op = this.#nextOp();
    this.#ends.set(op, ended);
    return op;
  }
}
