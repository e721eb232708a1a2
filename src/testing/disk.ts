/** The virtual disk of a simulated host. */
import { POISON } from "../bytes/poison.js";
import type { Result, WireIssue } from "../errors.js";
import {
  flawOfRead,
  flawOfWrites,
  isPut,
  MemoryValues,
  partOf,
  type Clock,
  type Disk,
  type DiskRead,
  type DiskValue,
  type DiskWrite,
  type Millis,
} from "../machine/index.js";
import type { Faults } from "./faults.js";
import type { Random } from "./random.js";

/** Options of a {@link VirtualDisk}. */
export interface VirtualDiskOptions {
  /** Draws of failures. Default: a stream of the run that all disks share. */
  readonly failures?: Random;
  /** Whether a crash may undo the last store that was acknowledged, with `diskLossRate`. */
  readonly isLossy?: boolean;
}

/** A load, a list or a store in progress. */
interface Operation {
  readonly keys: readonly string[];
  /** Changes the values; does nothing for a load or a list. */
  readonly apply: () => void;
  readonly tell: () => void;
}

/**
 * A disk with drawn delays. Operations on one key take effect one after the other; those that wait for the same one
 * share the next delay, as the stores of a log share a sync. It keeps its values when its host crashes. It may fail, be
 * full, stall, forget and rot.
 */
export class VirtualDisk implements Disk {
  #faults: Faults;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #values = new MemoryValues();
  /** Operations in progress, in the order of their calls. */
  readonly #operations = new Set<Operation>();
  /** By key: its operations, in the order of their calls. */
  readonly #queues = new Map<string, Operation[]>();
  /** Draws of failures have a stream of their own: a run without failures is the run that it was before. */
  readonly #failures: Random;
  readonly #isLossy: boolean;
  /** Damaged keys. */
  readonly #rotten = new Set<string>();
  /** Keys whose end is said to be cut. */
  readonly #torn = new Set<string>();
  /** Operations that stall, to be ended early. */
  readonly #stalls = new Set<() => void>();
  #fullUntilMs: Millis = -Infinity;
  /** Undoes the last store that was acknowledged. */
  #undo: (() => void) | undefined;

  constructor(
    clock: Clock,
    random: Random,
    faults: Faults,
    { failures = random.stream("failures"), isLossy = false }: VirtualDiskOptions = {},
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#failures = failures;
    this.#isLossy = isLossy;
    this.#faults = faults;
  }

  get faults(): Faults {
    return this.#faults;
  }

  /** Other faults from now on; the disk is no longer full, and nothing stalls. */
  set faults(faults: Faults) {
    this.#faults = faults;
    this.#fullUntilMs = -Infinity;
    for (const end of this.#stalls) end();
  }

  /** Bytes that all values may have: stores for which there is no room fail. Default: no limit. */
  capacityBytes: number = Infinity;

  /** Whether the disk is full. */
  get isFull(): boolean {
    return this.#clock.nowMs() < this.#fullUntilMs;
  }

  /** Makes every store that puts bytes fail for so long. */
  fill(durationMs: Millis): void {
    this.#fullUntilMs = Math.max(this.#fullUntilMs, this.#clock.nowMs() + durationMs);
  }

  /** Says of a value that a crash has cut its end, until it is stored to again. */
  tear(key: string): void {
    this.#torn.add(key);
  }

  load(read: DiskRead, done: (outcome: Result<DiskValue>) => void): void {
    const flaw = flawOfRead(read);
    if (flaw !== undefined) return this.#refuse(flaw, done);
    const tell = () => {
      const error = this.#flawOfLoad(read.key);
      if (error !== undefined) return done({ ok: false, error });
      const value = { ...partOf(this.read(read.key), read), ...(this.#torn.has(read.key) && { isTorn: true }) };
      done({ ok: true, value });
      value.bytes?.fill(POISON);
    };
    this.#enqueue({ keys: [read.key], apply: () => {}, tell });
  }

  list(prefix: string, done: (outcome: Result<readonly string[]>) => void): void {
    const tell = () => {
      const error = this.#failure();
      done(error === undefined ? { ok: true, value: this.#values.keys(prefix) } : { ok: false, error });
    };
    this.#enqueue({ keys: [...this.#queues.keys()].filter((key) => key.startsWith(prefix)), apply: () => {}, tell });
  }

  store(writes: readonly DiskWrite[], done: (outcome: Result<void>) => void): void {
    const flaw = flawOfWrites(writes);
    if (flaw !== undefined) return this.#refuse(flaw, done);
    let error: WireIssue | undefined;
    let undo: (() => void) | undefined;
    const apply = () => {
      error = this.#hasRoomFor(writes) ? this.#failure() : storageIssue("ENOSPC");
      if (error !== undefined) return;
      if (this.#isLossy) undo = this.#undoing(writes);
      for (const write of writes) this.#values.write(write);
      for (const { key } of writes) {
        this.#rotten.delete(key);
        this.#torn.delete(key);
      }
    };
    const tell = () => {
      this.#undo = undo ?? this.#undo;
      done(error === undefined ? { ok: true, value: undefined } : { ok: false, error });
    };
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

  /**
   * Power failure: a drawn part of the pending stores takes effect, in order on each key; none of them answers. A lossy
   * disk may lose them all, and the last one that was acknowledged.
   */
  crash(): void {
    const lost = new Set<string>();
    if (this.#undo !== undefined && this.#failures.chance(this.#faults.diskLossRate)) {
      this.#operations.clear();
      this.#undo();
    }
    this.#undo = undefined;
    this.#stalls.clear();
    for (const { keys, apply } of this.#operations) {
      if (keys.some((key) => lost.has(key)) || this.#random.chance(0.5)) keys.forEach((key) => lost.add(key));
      else apply();
    }
    this.#operations.clear();
    this.#queues.clear();
  }

  /** What a store removes makes room for those behind it alone. */
  #hasRoomFor(writes: readonly DiskWrite[]): boolean {
    const puts = writes.filter(isPut);
    if (puts.length === 0) return true;
    if (this.isFull) return false;
    if (this.capacityBytes === Infinity) return true;
    const sizeOf = (key: string): number => this.#values.read(key)?.length ?? 0;
    const used = this.#values.keys("").reduce((sum, key) => sum + sizeOf(key), 0);
    const grown = puts.reduce((sum, { key, at, bytes }) => sum + Math.max(0, at + bytes.length - sizeOf(key)), 0);
    return used + grown <= this.capacityBytes;
  }

  #failure(): WireIssue | undefined {
    return this.#failures.chance(this.#faults.diskFailRate) ? storageIssue("EIO") : undefined;
  }

  #flawOfLoad(key: string): WireIssue | undefined {
    const { diskRotRate } = this.#faults;
    if (this.#failures.chance(diskRotRate)) this.#rotten.add(key);
    // A healed disk has no damage.
    return diskRotRate > 0 && this.#rotten.has(key) ? storageIssue("the value is damaged") : this.#failure();
  }

  /** What puts the keys of a store back as they are now. */
  #undoing(writes: readonly DiskWrite[]): () => void {
    const before = [...new Set(writes.map(({ key }) => key))].map((key) => ({ key, bytes: this.read(key) }));
    return () => {
      for (const { key, bytes } of before) {
        this.#values.write({ key, remove: true });
        if (bytes !== undefined) this.#values.write({ key, at: 0, bytes });
      }
    };
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
    const delayMs = this.#random.between(0, Math.floor(this.#faults.diskDelayMsMax));
    if (!this.#failures.chance(this.#faults.diskStallRate)) {
      this.#clock.after(delayMs, () => this.#end(operations));
      return;
    }
    const end = (waitMs: Millis) =>
      this.#clock.after(waitMs, () => {
        this.#stalls.delete(endNow);
        this.#end(operations);
      });
    const cancel = end(this.#faults.diskStallMsMax * this.#failures.unit());
    const endNow = (): void => {
      cancel();
      this.#stalls.delete(endNow);
      end(delayMs);
    };
    this.#stalls.add(endNow);
  }

  #end(operations: readonly Operation[]): void {
    // A crash has removed them.
    const ended = operations.filter((operation) => this.#operations.delete(operation));
    const next = this.#release(ended);
    if (next.length > 0) this.#start(next);
    for (const { apply, tell } of ended) {
      apply();
      tell();
    }
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

function storageIssue(actual: string): WireIssue {
  return { code: "storage", format: "disk", path: "", actual };
}
