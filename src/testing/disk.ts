import type { Result } from "../errors.js";
import { MemoryValues, type Clock, type Disk, type DiskWrite } from "../machine/index.js";
import type { Faults } from "./faults.js";
import { POISON } from "./network.js";
import type { Random } from "./random.js";

interface Operation {
  readonly keys: readonly string[];
  /** Changes the disk; loads do not. */
  readonly apply: () => void;
  readonly tell: () => void;
}

/** A disk that takes its time, and that outlives the machines that crash on it. */
export class VirtualDisk implements Disk {
  faults: Faults;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #values = new MemoryValues();
  /** What is under way, in the order in which it was asked for. */
  readonly #operations = new Set<Operation>();
  /** Operations on one key wait for each other; keys do not. */
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
    this.#ask({ keys: [key], apply: () => {}, tell });
  }

  store(writes: readonly DiskWrite[], done: (outcome: Result<void>) => void): void {
    const apply = () => writes.forEach((write) => this.#values.write(write));
    const tell = () => done({ ok: true, value: undefined });
    this.#ask({ keys: [...new Set(writes.map(({ key }) => key))], apply, tell });
  }

  /** A copy of what is stored at this moment, for a scenario to look at. */
  read(key: string): Uint8Array | undefined {
    return this.#values.read(key)?.slice();
  }

  /** Stores at once, for a scenario that begins with something. */
  write(key: string, at: number, bytes: Uint8Array): void {
    this.#values.write({ key, at, bytes });
  }

  /** The power goes: of what was under way, a drawn part took effect, untold, in its order on each key. */
  crash(): void {
    const lost = new Set<string>();
    for (const { keys, apply } of this.#operations) {
      if (keys.some((key) => lost.has(key)) || this.#random.chance(0.5)) keys.forEach((key) => lost.add(key));
      else apply();
    }
    this.#operations.clear();
    this.#queues.clear();
  }

  #ask(operation: Operation): void {
    this.#operations.add(operation);
    for (const key of operation.keys) {
      const queue = this.#queues.get(key);
      if (queue === undefined) this.#queues.set(key, [operation]);
      else queue.push(operation);
    }
    this.#workWhenFirst(operation);
  }

  /** Begins an operation that is the first on each of its keys. */
  #workWhenFirst(operation: Operation): void {
    if (operation.keys.some((key) => this.#queues.get(key)![0] !== operation)) return;
    this.#clock.after(this.#random.between(0, Math.floor(this.faults.diskDelayMsMax)), () => {
      // The power went in between.
      if (!this.#operations.delete(operation)) return;
      for (const next of this.#release(operation)) this.#workWhenFirst(next);
      operation.apply();
      operation.tell();
    });
  }

  /** Takes an operation from its queues. @returns those that have become the first somewhere */
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
