/** Deadlines in a binary heap: by key, or by what their setting returns. */
import { argumentError } from "../errors.js";
import type { Millis } from "./types.js";

/** A deadline that a {@link DeadlineQueue} holds, or held: what moves and cancels it. */
export interface Deadline<Item> {
  readonly item: Item;
  readonly atMs: Millis;
}

/** A deadline and its place in the heap. */
interface Entry<Item> extends Deadline<Item> {
  atMs: Millis;
  /** Counts settings: of equal times the first set falls due first, so that runs repeat. */
  order: number;
  /** -1 for one that is not in the heap. */
  index: number;
}

/** Deadlines of items: the earliest is read in O(1); adding, moving and cancelling cost O(log n). */
export class DeadlineQueue<Item> {
  readonly #heap: Entry<Item>[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest deadline, or `Infinity`. */
  get nextMs(): Millis {
    return this.#heap.length === 0 ? Infinity : this.#heap[0]!.atMs;
  }

  /**
   * Adds the deadline of an item. `Infinity` never falls due.
   * @throws WireError `argument` for NaN, which has no place in an order: it would hide the deadlines below it
   */
  add(item: Item, atMs: Millis): Deadline<Item> {
    requireTime(atMs);
    const entry: Entry<Item> = { item, atMs, order: this.#order++, index: this.#heap.length };
    this.#heap.push(entry);
    this.#rise(entry);
    return entry;
  }

  /** Moves a deadline that has not fallen due. @throws WireError `argument` as {@link add} does */
  move(deadline: Deadline<Item>, atMs: Millis): void {
    requireTime(atMs);
    const entry = deadline as Entry<Item>;
    entry.atMs = atMs;
    entry.order = this.#order++;
    this.#rise(entry);
    this.#sink(entry);
  }

  /** Cancels a deadline; false if it has fallen due or was cancelled. */
  delete(deadline: Deadline<Item>): boolean {
    const { index } = deadline as Entry<Item>;
    if (index < 0) return false;
    (deadline as Entry<Item>).index = -1;
    const last = this.#heap.pop()!;
    if (last !== deadline) {
      this.#place(last, index);
      this.#rise(last);
      this.#sink(last);
    }
    return true;
  }

  /** Removes and returns the earliest deadline that is due at `nowMs`. Call it until it returns undefined. */
  popDue(nowMs: Millis): Deadline<Item> | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.delete(first);
    return first;
  }

  #rise(entry: Entry<Item>): void {
    while (entry.index > 0) {
      const parent = this.#heap[(entry.index - 1) >> 1]!;
      if (!isBefore(entry, parent)) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Entry<Item>): void {
    for (;;) {
      const left = this.#heap[2 * entry.index + 1];
      if (left === undefined) return;
      const right = this.#heap[2 * entry.index + 2];
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (!isBefore(child, entry)) return;
      this.#swap(child, entry);
    }
  }

  #swap(a: Entry<Item>, b: Entry<Item>): void {
    const index = a.index;
    this.#place(a, b.index);
    this.#place(b, index);
  }

  #place(entry: Entry<Item>, index: number): void {
    this.#heap[index] = entry;
    entry.index = index;
  }
}

/** Deadlines by key. */
export class DeadlineHeap<Key> {
  readonly #deadlines = new Map<Key, Deadline<Key>>();
  readonly #queue = new DeadlineQueue<Key>();

  get size(): number {
    return this.#queue.size;
  }

  /** The earliest deadline, or `Infinity`: a machine returns it from `nextWakeMs`. */
  get nextMs(): Millis {
    return this.#queue.nextMs;
  }

  has(key: Key): boolean {
    return this.#deadlines.has(key);
  }

  /** Sets or moves the deadline of `key`. `Infinity` never falls due. @throws WireError `argument` for NaN */
  set(key: Key, atMs: Millis): void {
    const deadline = this.#deadlines.get(key);
    if (deadline === undefined) this.#deadlines.set(key, this.#queue.add(key, atMs));
    else this.#queue.move(deadline, atMs);
  }

  /** Cancels a deadline; false if `key` has none. */
  delete(key: Key): boolean {
    const deadline = this.#deadlines.get(key);
    if (deadline === undefined) return false;
    this.#deadlines.delete(key);
    return this.#queue.delete(deadline);
  }

  /** Removes and returns the key of the earliest deadline that is due at `nowMs`. Call it until it returns undefined. */
  popDue(nowMs: Millis): Key | undefined {
    const due = this.#queue.popDue(nowMs);
    if (due === undefined) return undefined;
    this.#deadlines.delete(due.item);
    return due.item;
  }
}

function requireTime(atMs: Millis): void {
  if (!(atMs <= Infinity)) throw argumentError("deadlines", "atMs", "a time", String(atMs));
}

function isBefore<Item>(a: Entry<Item>, b: Entry<Item>): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
