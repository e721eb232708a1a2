/** Operations of a member on its disk; their effects are collected, as what asks for them knows of no effects. */
import { own } from "../../../bytes/index.js";
import {
  DiskOperations as Operations,
  type DiskRead,
  type DiskValue,
  type DiskWrite,
  type Effect,
  type Event,
} from "../../../machine/index.js";

type DiskEffects = Effect<never, never>[];

/** What disks say that have no room. */
const FULL: readonly string[] = ["ENOSPC", "EDQUOT"];

/** Bytes of a load that stay: those that it has given, or a copy of those that it has lent. */
export function keptBytes(bytes: Uint8Array, isGiven = false): Uint8Array {
  return isGiven ? bytes : own(bytes);
}

/** The operations that are under way. */
export class DiskOperations {
  readonly #operations = new Operations<never, never>();
  #effects: DiskEffects = [];

  /** Takes the end of an operation. @returns false for any other event */
  step(event: Event<unknown>): boolean {
    return this.#operations.step(event, 0, this.#effects);
  }

  /** The effects since the last time. */
  take(): DiskEffects {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** @param done takes whether it was stored, and if not, whether the disk was full */
  store(writes: readonly DiskWrite[], done: (isStored: boolean, isFull: boolean) => void): void {
    this.#operations.store(
      writes,
      (isStored, _nowMs, _out, issue) => done(isStored, FULL.includes(issue?.actual ?? "")),
      this.#effects,
    );
  }

  /** @param done takes undefined where the value could not be loaded; its bytes are borrowed */
  load(read: DiskRead, done: (value: DiskValue | undefined) => void): void {
    this.#operations.load(read, done, this.#effects);
  }

  /** @param done takes undefined where the keys could not be listed */
  list(prefix: string, done: (keys: readonly string[] | undefined) => void): void {
    this.#operations.list(prefix, done, this.#effects);
  }
}
