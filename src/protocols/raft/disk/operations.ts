/** Operations on the disk, each with the action that its end causes. */
import {
  countUp,
  type DiskRead,
  type DiskValue,
  type DiskWrite,
  type Effect,
  type Event,
  type OpId,
} from "../../../machine/index.js";

/** Effects on a disk, by whatever machine. */
export type DiskEffects = Extract<Effect<never, never>, { readonly type: "load" | "list" | "store" }>[];

type Ended = (event: Event<never>) => void;

/** The operations that are under way. Their effects are collected, and taken by {@link take}. */
export class DiskOperations {
  readonly #ends = new Map<OpId, Ended>();
  readonly #nextOp = countUp();
  #effects: DiskEffects = [];

  /** Takes the event of an operation. @returns false for all other events */
  step(event: Event<unknown>): boolean {
    if (!("op" in event)) return false;
    const ended = this.#ends.get(event.op);
    if (ended === undefined) return false;
    this.#ends.delete(event.op);
    ended(event as Event<never>);
    return true;
  }

  /** The effects since the last time. */
  take(): DiskEffects {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** @param done takes whether it was stored */
  store(writes: readonly DiskWrite[], done: (isStored: boolean) => void): void {
    this.#effects.push({ type: "store", op: this.#open((event) => done(event.type === "stored")), writes });
  }

  /** @param done takes undefined where the value could not be loaded; its bytes are borrowed */
  load(read: DiskRead, done: (value: DiskValue | undefined) => void): void {
    const op = this.#open((event) => done(event.type === "loaded" ? event : undefined));
    this.#effects.push({ type: "load", op, ...read });
  }

  /** @param done takes undefined where the keys could not be listed */
  list(prefix: string, done: (keys: readonly string[] | undefined) => void): void {
    const op = this.#open((event) => done(event.type === "listed" ? event.keys : undefined));
    this.#effects.push({ type: "list", op, prefix });
  }

  #open(ended: Ended): OpId {
    const op = this.#nextOp();
    this.#ends.set(op, ended);
    return op;
  }
}
