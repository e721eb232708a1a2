/** Repeatable randomness. */

import type { NewBytes } from "../bytes/index.js";

/**
 * A repeatable generator of random numbers, not a secure one: sfc32 (Chris Doty-Humphrey, PractRand). The same run and
 * stream draw the same numbers on every engine.
 */
export class Random {
  readonly #run: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Streams of one run are independent: draws from one do not change another. */
  constructor(run: number, stream = "") {
    this.#run = run;
    this.#a = run | 0;
    this.#b = Math.floor(run / 2 ** 32) | 0;
    this.#c = hash(stream);
    // As many rounds as PractRand uses to mix the seed into the state.
    for (let i = 0; i < 15; i++) this.u32();
  }

  /** Another stream of the same run. */
  stream(name: string): Random {
    return new Random(this.#run, name);
  }

  /** 0 … 2^32-1. */
  u32(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0;
    return drawn >>> 0;
  }

  /** 0 ≤ x < 1, in steps of 2^-32. */
  unit(): number {
    return this.u32() / 2 ** 32;
  }

  /** 0 … n-1. */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True with a probability of `rate`. */
  chance(rate: number): boolean {
    return this.unit() < rate;
  }

  /** One of the items, each with the same probability. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError("expected items to pick from, got none");
    return items[this.below(items.length)]!;
  }

  bytes(n: number): NewBytes {
    return Uint8Array.from({ length: n }, () => this.u32() >>> 24);
  }
}

/** FNV-1a with 32 bits over UTF-16 units, to tell streams apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}
