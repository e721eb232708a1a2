/** Deadlines by key in a binary heap. */
import { argumentError } from "../errors.js";
import { IdMap } from "./id-map.js";
import type { Millis } from "./types.js";

/** A deadline and its place in the heap. */
interface Entry<Key> {
  readonly key: Key;
  atMs: Millis;
  /** Counts settings: of equal times the first set falls due first, so that runs repeat. */
  order: number;
  index: number;
}

/** Deadlines by key: the earliest is read in O(1); setting, moving and cancelling cost O(log n). */
export class DeadlineHeap<Key> {
  readonly #entries = new IdMap<Key, Entry<Key>>();
  readonly #heap: Entry<Key>[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest deadline, or `Infinity`: a machine returns it from `nextWakeMs`. */
  get nextMs(): Millis {
    return this.#heap.length === 0 ? Infinity : this.#heap[0]!.atMs;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  /**
   * Sets or moves the deadline of `key`. `Infinity` never falls due.
   * @throws WireError `argument` for NaN, which has no place in an order: it would hide the deadlines below it
   */
  set(key: Key, atMs: Millis): void {
    if (!(atMs <= Infinity)) throw argumentError("deadlines", "atMs", "a time", String(atMs));
    const order = this.#order++;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { key, atMs, order, index: this.#heap.length };
      this.#entries.set(key, entry);
      this.#heap.push(entry);
    } else {
      entry.atMs = atMs;
      entry.order = order;
    }
    this.#settle(entry);
  }

  /** Cancels a deadline; false if `key` has none. */
  delete(key: Key): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    const last = this.#heap.pop()!;
    if (last !== entry) {
      this.#place(last, entry.index);
      this.#settle(last);
    }
    return true;
  }

  /**
   * Removes and returns the key of the earliest deadline that is due at `nowMs`. Call it until it returns undefined.
   */
  popDue(nowMs: Millis): Key | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.delete(first.key);
    return first.key;
  }

  #settle(entry: Entry<Key>): void {
    this.#rise(entry);
    this.#sink(entry);
  }

  #rise(entry: Entry<Key>): void {
    while (entry.index > 0) {
      const parent = this.#heap[(entry.index - 1) >> 1]!;
      if (!isBefore(entry, parent)) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Entry<Key>): void {
    for (;;) {
      const left = this.#heap[2 * entry.index + 1];
      if (left === undefined) return;
      const right = this.#heap[2 * entry.index + 2];
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (!isBefore(child, entry)) return;
      this.#swap(child, entry);
    }
  }

  #swap(a: Entry<Key>, b: Entry<Key>): void {
    const index = a.index;
    this.#place(a, b.index);
    this.#place(b, index);
  }

  #place(entry: Entry<Key>, index: number): void {
    this.#heap[index] = entry;
    entry.index = index;
  }
}

function isBefore<Key>(a: Entry<Key>, b: Entry<Key>): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
