import type { Status } from "../../../codec/gen/raida/index.js";
import { coinStatus } from "../protocol.js";

/** Which coins of a request have passed, by their rows: all of them but those of which it is said that they failed. */
export class BatchResult {
  readonly length: number;
  #failed: Set<number> | undefined;

  constructor(length: number) {
    this.length = length;
  }

  /** How many have passed. */
  get count(): number {
    return this.length - (this.#failed?.size ?? 0);
  }

  /** How a command answers that takes coins one by one. */
  get status(): Status {
    return coinStatus(this.count, this.length);
  }

  fail(row: number): void {
    this.#failed ??= new Set();
    this.#failed.add(row);
  }

  has(row: number): boolean {
    return this.#failed?.has(row) !== true;
  }

  /** As the codecs of answers take it. */
  toArray(): boolean[] {
    return Array.from({ length: this.length }, (_, row) => this.has(row));
  }
}
