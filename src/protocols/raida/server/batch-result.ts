/** Results of a command that checks each coin of a request by itself. */
import type { Status } from "../../../codec/gen/raida/index.js";
import { coinStatus } from "../protocol.js";

/** The results of a request's coins, by row. Every coin passes unless {@link fail} names it. */
export class BatchResult {
  readonly length: number;
  #failed: Set<number> | undefined;

  constructor(length: number) {
    this.length = length;
  }

  /** Number of coins that pass. */
  get passCount(): number {
    return this.length - (this.#failed?.size ?? 0);
  }

  /** The status of the reply. */
  get status(): Status {
    return coinStatus(this.passCount, this.length);
  }

  fail(row: number): void {
    this.#failed ??= new Set();
    this.#failed.add(row);
  }

  passes(row: number): boolean {
    return this.#failed?.has(row) !== true;
  }

  /** The results as the reply codecs take them. */
  toArray(): boolean[] {
    return Array.from({ length: this.length }, (_, row) => this.passes(row));
  }
}
