/** The virtual disk of a simulated host. */
import { POISON } from "../bytes/poison.js";
import type { Result } from "../errors.js";
import { MemoryValues, type Clock, type Disk, type DiskWrite } from "../machine/index.js";
import type { Faults } from "./faults.js";
import type { Random } from "./random.js";

/** A load or a store in progress. */
interface Operation {
  readonly keys: readonly string[];
  /** Changes the values; does nothing for a load. */
  readonly apply: () => void;
  readonly tell: () => void;
}

/** A disk with drawn delays. It keeps its values when its host crashes. */
export class VirtualDisk implements Disk {
  faults: Faults;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #values = new MemoryValues();
  /** Operations in progress, in the order of their calls. */
  readonly #operations = new Set<Operation>();
  /** By key: its operations, which wait for each other. */
  readonly #queues = new Map<string, Operation[]>();

  constructor(clock: Clock, random: Random, faults: Faults) {
    this.#clock = clock;
    this.#random = random;
    this.faults = faults;
  }

  load(key: string, done: (outcome: Result<Uint8Array | undefined>) => void): void {
    const tell = () => {
      const borrowed = this.read(key);
      done({ ok: true, value: borrowed });
      borrowed?.fill(POISON);
    };
    this.#enqueue({ keys: [key], apply: () => {}, tell });
  }

  store(writes: readonly DiskWrite[], done: (outcome: Result<void>) => void): void {
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

  #enqueue(operation: Operation): void {
    this.#operations.add(operation);
    for (const key of operation.keys) {
      const queue = this.#queues.get(key);
      if (queue === undefined) this.#queues.set(key, [operation]);
      else queue.push(operation);
    }
    this.#startIfFirst(operation);
  }

  /** Starts an operation if it is the first on each of its keys. */
  #startIfFirst(operation: Operation): void {
    if (operation.keys.some((key) => this.#queues.get(key)![0] !== operation)) return;
    this.#clock.after(this.#random.between(0, Math.floor(this.faults.diskDelayMsMax)), () => {
      // A crash has removed it.
      if (!this.#operations.delete(operation)) return;
      for (const next of this.#release(operation)) this.#startIfFirst(next);
      operation.apply();
      operation.tell();
    });
  }

  /** Removes an operation from its queues. @returns the operations that are now first of a queue */
  #release({ keys }: Operation): Set<Operation> {
    const next = new Set<Operation>();
    for (const key of keys) {
      const queue = this.#queues.get(key)!;
      queue.shift();
      if (queue[0] === undefined) this.#queues.delete(key);
      else next.add(queue[0]);
    }
    return next;
  }
}
