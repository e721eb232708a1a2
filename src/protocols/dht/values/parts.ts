/** Values that arrive in parts: put together in memory, in order, and few at a time. */
import { concatBytes, own, toHex } from "../../../bytes/index.js";
import { DeadlineHeap, type Millis } from "../../../machine/index.js";

/** Values under way, of all sources and of one, and how long one may pause. */
const PENDING_MAX = 4;
const PENDING_PER_SOURCE_MAX = 2;
const IDLE_MS = 30_000;

/** A part of a value. */
export interface ValuePart {
  readonly key: Uint8Array;
  readonly dataSha256: Uint8Array;
  /** Bytes of the whole value. */
  readonly totalBytes: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What became of a part. */
export type PartTaken =
  /** The next part has to begin there; where it did not, it was not taken. */
  | { readonly outcome: "more"; readonly nextOffset: number }
  | { readonly outcome: "whole"; readonly value: Uint8Array }
  /** It does not fit to those before it, or too many values are under way. */
  | { readonly outcome: "refused" | "full" };

interface Pending {
  readonly source: string;
  readonly name: string;
  readonly totalBytes: number;
  readonly parts: Uint8Array[];
  nextOffset: number;
}

/** The values under way. Memory grows with what has arrived, not with what is announced. */
export class PartBuffers {
  readonly #pending = new Map<string, Pending>();
  readonly #idle = new DeadlineHeap<string>();
  readonly #valueBytesMax: number;

  constructor(valueBytesMax: number) {
    this.#valueBytesMax = valueBytesMax;
  }

  get size(): number {
    return this.#pending.size;
  }

  get nextMs(): Millis {
    return this.#idle.nextMs;
  }

  /** Forgets values whose parts have stopped coming. */
  wake(nowMs: Millis): void {
    for (let due = this.#idle.popDue(nowMs); due !== undefined; due = this.#idle.popDue(nowMs)) {
      this.#pending.delete(due);
    }
  }

  /** Takes a part, whose bytes are borrowed, from a source. */
  take(source: string, part: ValuePart, nowMs: Millis): PartTaken {
    const { key, dataSha256, totalBytes, offset, bytes } = part;
    const isWithin = totalBytes <= this.#valueBytesMax && offset + bytes.length <= totalBytes && bytes.length > 0;
    if (!isWithin) return { outcome: "refused" };
    const name = `${source} ${toHex(key)} ${toHex(dataSha256)}`;
    let pending = this.#pending.get(name);
    if (pending === undefined) {
      if (offset !== 0) return { outcome: "more", nextOffset: 0 };
      const ofSource = [...this.#pending.values()].filter((other) => other.source === source).length;
      if (this.#pending.size >= PENDING_MAX || ofSource >= PENDING_PER_SOURCE_MAX) return { outcome: "full" };
      pending = { source, name, totalBytes, parts: [], nextOffset: 0 };
      this.#pending.set(name, pending);
    }
    if (totalBytes !== pending.totalBytes) return { outcome: "refused" };
    this.#idle.set(name, nowMs + IDLE_MS);
    if (offset !== pending.nextOffset) return { outcome: "more", nextOffset: pending.nextOffset };
    pending.parts.push(own(bytes));
    pending.nextOffset += bytes.length;
    if (pending.nextOffset < totalBytes) return { outcome: "more", nextOffset: pending.nextOffset };
    this.#pending.delete(name);
    this.#idle.delete(name);
    return { outcome: "whole", value: concatBytes(...pending.parts) };
  }
}
