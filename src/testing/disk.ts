import type { Result } from "../errors.js";
import { MemoryValues, type Clock, type Disk } from "../machine/index.js";
import type { Faults } from "./faults.js";
import { POISON } from "./network.js";
import type { Random } from "./random.js";

interface Operation {
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
    this.#enqueue(key, { apply: () => {}, tell });
  }

  store(key: string, at: number, bytes: Uint8Array, done: (outcome: Result<void>) => void): void {
    const apply = () => this.#values.write(key, at, bytes);
    this.#enqueue(key, { apply, tell: () => done({ ok: true, value: undefined }) });
  }

  /** A copy of what is stored at this moment, for a scenario to look at. */
  read(key: string): Uint8Array | undefined {
    return this.#values.read(key)?.slice();
  }

  /** Stores at once, for a scenario that begins with something. */
  write(key: string, at: number, bytes: Uint8Array): void {
    this.#values.write(key, at, bytes);
  }

  /** The power goes: of what was under way on each key, a drawn number of first operations took effect, untold. */
  crash(): void {
    for (const queue of this.#queues.values()) {
      for (const { apply } of queue.slice(0, this.#random.between(0, queue.length))) apply();
    }
    this.#queues.clear();
  }

  #enqueue(key: string, operation: Operation): void {
    const queue = this.#queues.get(key) ?? [];
    this.#queues.set(key, queue);
    if (queue.push(operation) === 1) this.#work(key, queue);
  }

  #work(key: string, queue: Operation[]): void {
    this.#clock.after(this.#random.between(0, Math.floor(this.faults.diskDelayMsMax)), () => {
      // Another queue or none in its place: the power went in between.
      if (this.#queues.get(key) !== queue) return;
      const operation = queue.shift()!;
      if (queue.length > 0) this.#work(key, queue);
      else this.#queues.delete(key);
      operation.apply();
      operation.tell();
    });
  }
}
