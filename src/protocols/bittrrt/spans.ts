/** Sets of numbers as spans, in memory and in binary form. */
import { decodeSequenceSpansBig, encodeSequenceSpansBig } from "../../codec/gen/bittrrt/index.js";

/** A range of numbers, both ends included. */
export interface Span {
  readonly begin: bigint;
  readonly end: bigint;
}

/**
 * Spans, sorted by their begin: the lowest number can be taken, and any number added. Reversed and overlapping spans
 * stay as they are, as in the reference.
 */
export class SequenceSpanSet {
  #spans: { begin: bigint; end: bigint }[];

  constructor(spans: Iterable<Span> = []) {
    this.#spans = Array.from(spans, ({ begin, end }) => ({ begin, end }));
    this.#sort();
  }

  /** Reads the binary form: count u32, then begin u64 and end u64 of each. @throws WireError */
  static decode(bytes: Uint8Array): SequenceSpanSet {
    return new SequenceSpanSet(decodeSequenceSpansBig(bytes).spans);
  }

  /** Writes the binary form. */
  encode(): Uint8Array {
    return encodeSequenceSpansBig({ spans: this.#spans });
  }

  /** Copies of the spans, sorted by begin. */
  get spans(): readonly Span[] {
    return this.#spans.map(({ begin, end }) => ({ begin, end }));
  }

  /** How many numbers the spans hold; a reversed span counts negatively. */
  get size(): bigint {
    return this.#spans.reduce((sum, { begin, end }) => sum + end - begin + 1n, 0n);
  }

  /** Whether a span holds a number. */
  has(value: bigint): boolean {
    return this.#spans.some(({ begin, end }) => begin <= value && value <= end);
  }

  /** Removes and returns the first number of the first span; undefined for an empty set. */
  takeFirst(): bigint | undefined {
    const first = this.#spans[0];
    if (first === undefined) return undefined;
    const taken = first.begin++;
    if (taken === first.end) this.#spans.shift();
    return taken;
  }

  /** Adds a number and joins the spans beside it. False for a number that a span holds already. */
  add(value: bigint): boolean {
    if (this.has(value)) return false;
    const below = this.#spans.find(({ end }) => end === value - 1n);
    const above = this.#spans.find(({ begin }) => begin === value + 1n);
    const joined = { begin: below?.begin ?? value, end: above?.end ?? value };
    this.#spans = this.#spans.filter((span) => span !== below && span !== above);
    this.#spans.push(joined);
    this.#sort();
    return true;
  }

  #sort(): void {
    this.#spans.sort((a, b) => (a.begin < b.begin ? -1 : a.begin > b.begin ? 1 : 0));
  }
}
