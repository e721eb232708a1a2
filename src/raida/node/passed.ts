import type { Status } from "../../codec/gen/raida/index.js";
import { coinStatus } from "../protocol.js";

/** Which coins of a request have passed: a bit for each, by its row. */
export class Passed {
  readonly length: number;
  readonly #bits: Uint8Array;
  #count = 0;

  constructor(length: number) {
    this.length = length;
    this.#bits = new Uint8Array(Math.ceil(length / 8));
  }

  /** How many have passed. */
  get count(): number {
    return this.#count;
  }

  /** How a command answers that takes coins one by one. */
  get status(): Status {
    return coinStatus(this.#count, this.length);
  }

  /** Says of a row, once, whether it has passed. */
  set(row: number, hasPassed: boolean): void {
    if (!hasPassed) return;
    this.#bits[row >> 3]! |= 1 << (row & 7);
    this.#count++;
  }

  has(row: number): boolean {
    return ((this.#bits[row >> 3]! >> (row & 7)) & 1) === 1;
  }

  /** As the codecs of answers take it. */
  toArray(): boolean[] {
    return Array.from({ length: this.length }, (_, row) => this.has(row));
  }
}
