/** Count of the coins in use, for the audit and for free coins. */
import type { WireIssue } from "../../../errors.js";
import type { AuditTotal } from "../../../codec/gen/raida/index.js";
import { DENOMINATION_MAX, DENOMINATION_MIN, type Sink } from "../protocol.js";
import { PAGES, PAGES_OF_DENOMINATION } from "./page-layout.js";
import type { PageEffect, PageScanned, Pages } from "./pages.js";

/** Pages that are read concurrently. */
const CONCURRENT_READS_MAX = 16;
const DENOMINATIONS: readonly number[] = Array.from(
  { length: DENOMINATION_MAX - DENOMINATION_MIN + 1 },
  (_, i) => DENOMINATION_MIN + i,
);

/** Number of coins in use by denomination, -8 first. */
export type Totals = readonly AuditTotal[];
type Done = (totals: Totals, error?: WireIssue) => void;

/**
 * Counts the coins in use, which have a month. It reads each page that was never read once, 16 at a time, and does not
 * cache it. Calls during a count share its result.
 */
export class CoinCount {
  readonly #pages: Pages;
  readonly #waiting: Done[] = [];
  #next = PAGES;
  #reading = 0;
  #error: WireIssue | undefined;

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  /** Counts, reading pages where necessary. `done` gets partial totals with an error. */
  count(done: Done, out: Sink<PageEffect>): void {
    this.#waiting.push(done);
    if (this.#waiting.length > 1) return;
    this.#next = 0;
    this.#error = undefined;
    this.#readMore(out);
    if (this.#reading === 0) this.#finish();
  }

  #readMore(out: Sink<PageEffect>): void {
    while (this.#reading < CONCURRENT_READS_MAX && this.#next < PAGES && this.#error === undefined) {
      const index = this.#next++;
      if (this.#pages.free.countInUse(index) === undefined) this.#read(index, out);
    }
  }

  #read(index: number, out: Sink<PageEffect>): void {
    this.#reading++;
    const done: PageScanned = (error, laterOut) => {
      this.#reading--;
      this.#error ??= error;
      this.#readMore(laterOut);
      if (this.#reading === 0) this.#finish();
    };
    this.#pages.scan(index, done, out);
  }

  #finish(): void {
    const totals = DENOMINATIONS.map((denomination, row) => ({ denomination, coins: this.#coinsOf(row) }));
    for (const done of this.#waiting.splice(0)) done(totals, this.#error);
  }

  #coinsOf(row: number): number {
    let coins = 0;
    for (let page = 0; page < PAGES_OF_DENOMINATION; page++) {
      coins += this.#pages.free.countInUse(row * PAGES_OF_DENOMINATION + page) ?? 0;
    }
    return coins;
  }
}
