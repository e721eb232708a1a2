/** The virtual disk of a simulated host. */
import { POISON } from "../bytes/poison.js";
import type { Result, WireIssue } from "../errors.js";
import {
  flawOfRead,
  flawOfWrites,
  MemoryValues,
  partOf,
  type Clock,
  type Disk,
  type DiskRead,
  type DiskValue,
  type DiskWrite,
} from "../machine/index.js";
import type { Faults } from "./faults.js";
import type { Random } from "./random.js";

/** A load, a list or a store in progress. */
interface Operation {
  readonly keys: readonly string[];
  /** Changes the values; does nothing for a load or a list. */
  readonly apply: () => void;
  readonly tell: () => void;
}

/**
 * A disk with drawn delays. Operations on one key take effect one after the other; those that wait for the same one
 * share the next delay, as the stores of a log share a sync. It keeps its values when its host crashes.
 */
export class VirtualDisk implements Disk {
  faults: Faults;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #values = new MemoryValues();
  /** Operations in progress, in the order of their calls. */
  readonly #operations = new Set<Operation>();
  /** By key: its operations, in the order of their calls. */
  readonly #queues = new Map<string, Operation[]>();

  constructor(clock: Clock, random: Random, faults: Faults) {
    this.#clock = clock;
    this.#random = random;
    this.faults = faults;
  }

  load(read: DiskRead, done: (outcome: Result<DiskValue>) => void): void {
    const flaw = flawOfRead(read);
    if (flaw !== undefined) return this.#refuse(flaw, done);
    const tell = () => {
      const value = partOf(this.read(read.key), read);
      done({ ok: true, value });
      value.bytes?.fill(POISON);
    };
    this.#enqueue({ keys: [read.key], apply: () => {}, tell });
  }

  list(prefix: string, done: (outcome: Result<readonly string[]>) => void): void {
    const tell = () => done({ ok: true, value: this.#values.keys(prefix) });
    this.#enqueue({ keys: [...this.#queues.keys()].filter((key) => key.startsWith(prefix)), apply: () => {}, tell });
  }

  store(writes: readonly DiskWrite[], done: (outcome: Result<void>) => void): void {
    const flaw = flawOfWrites(writes);
    if (flaw !== undefined) return this.#refuse(flaw, done);
    const apply = () => writes.forEach((write) => this.#values.write(write));
    const tell = () => done({ ok: true, value: undefined });
    this.#enqueue({ keys: [...new Set(writes.map(({ key }) => key))], apply, tell });
  }

  /** A copy of the current value, for checks of a scenario. */
  read(key: string): Uint8Array | undefined {
    return this.#values.read(key)?.slice();
  }

  /** Writes at once, for the initial state of a scenario. */
  write(key: string, at: number, bytes: Uint8Array): void {
    this.#values.write({ key, at, bytes });
  }

  /** Power failure: a drawn part of the pending stores takes effect, in order on each key; none of them answers. */
  crash(): void {
    const lost = new Set<string>();
    for (const { keys, apply } of this.#operations) {
      if (keys.some((key) => lost.has(key)) || this.#random.chance(0.5)) keys.forEach((key) => lost.add(key));
      else apply();
    }
    this.#operations.clear();
    this.#queues.clear();
  }

  #refuse(error: WireIssue, done: (outcome: { readonly ok: false; readonly error: WireIssue }) => void): void {
    this.#enqueue({ keys: [], apply: () => {}, tell: () => done({ ok: false, error }) });
  }

  #enqueue(operation: Operation): void {
    this.#operations.add(operation);
    for (const key of operation.keys) {
      const queue = this.#queues.get(key);
      if (queue === undefined) this.#queues.set(key, [operation]);
      else queue.push(operation);
    }
    if (operation.keys.every((key) => this.#queues.get(key)![0] === operation)) this.#start([operation]);
  }

  /** Starts operations that wait for nothing but each other: all of them end after one delay. */
  #start(operations: readonly Operation[]): void {
    this.#clock.after(this.#random.between(0, Math.floor(this.faults.diskDelayMsMax)), () => {
      // A crash has removed them.
      const ended = operations.filter((operation) => this.#operations.delete(operation));
      const next = this.#release(ended);
      if (next.length > 0) this.#start(next);
      for (const { apply, tell } of ended) {
        apply();
        tell();
      }
    });
  }

  /** Removes operations from their queues. @returns those that waited for them and now wait for nothing else */
  #release(ended: readonly Operation[]): readonly Operation[] {
    const keys = new Set(ended.flatMap((operation) => operation.keys));
    const waiting = new Set<Operation>();
    for (const key of keys) {
      const left = this.#queues.get(key)!.filter((operation) => !ended.includes(operation));
      if (left.length === 0) this.#queues.delete(key);
      else this.#queues.set(key, left);
      for (const operation of left) waiting.add(operation);
    }
    const next = new Set<Operation>();
    for (const operation of this.#operations) {
      if (!waiting.has(operation)) continue;
      const isFree = operation.keys.every((key) => {
        const queue = this.#queues.get(key)!;
        return queue.slice(0, queue.indexOf(operation)).every((before) => next.has(before));
      });
      if (isFree) next.add(operation);
    }
    return [...next];
  }
}
