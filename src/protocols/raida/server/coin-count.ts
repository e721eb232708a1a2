import type { WireIssue } from "../../../errors.js";
import type { AuditTotal } from "../../../codec/gen/raida/index.js";
import { DENOMINATION_MAX, DENOMINATION_MIN, type Sink } from "../protocol.js";
import { PAGES, PAGES_OF_DENOMINATION } from "./page-layout.js";
import type { PageEffect, PageRead, Pages } from "./pages.js";

/** Pages that are read at a time. */
const READS_AT_ONCE = 16;
const DENOMINATIONS: readonly number[] = Array.from(
  { length: DENOMINATION_MAX - DENOMINATION_MIN + 1 },
  (_, i) => DENOMINATION_MIN + i,
);

/** Coins in use by denomination, -8 first. */
export type Totals = readonly AuditTotal[];
type Taken = (totals: Totals, error?: WireIssue) => void;

/**
 * Counts the coins that are in use: those with a month. Pages that were never read are read once, a few at a time, and
 * not kept; whoever asks while that is under way gets its result.
 */
export class CoinCount {
  readonly #pages: Pages;
  readonly #waiting: Taken[] = [];
  #next = PAGES;
  #reading = 0;
  #error: WireIssue | undefined;

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  take(taken: Taken, out: Sink<PageEffect>): void {
    this.#waiting.push(taken);
    if (this.#waiting.length > 1) return;
    this.#next = 0;
    this.#error = undefined;
    this.#readOn(out);
    if (this.#reading === 0) this.#finish();
  }

  #readOn(out: Sink<PageEffect>): void {
    while (this.#reading < READS_AT_ONCE && this.#next < PAGES && this.#error === undefined) {
      const index = this.#next++;
      if (this.#pages.free.countInUse(index) === undefined) this.#read(index, out);
    }
  }

  #read(index: number, out: Sink<PageEffect>): void {
    this.#reading++;
    const done: PageRead = (error, laterOut) => {
      this.#reading--;
      this.#error ??= error;
      this.#readOn(laterOut);
      if (this.#reading === 0) this.#finish();
    };
    this.#pages.learn(index, done, out);
  }

  #finish(): void {
    const totals = DENOMINATIONS.map((denomination, row) => ({ denomination, coins: this.#coinsOf(row) }));
    for (const taken of this.#waiting.splice(0)) taken(totals, this.#error);
  }

  #coinsOf(row: number): number {
    let coins = 0;
    for (let page = 0; page < PAGES_OF_DENOMINATION; page++) {
      coins += this.#pages.free.countInUse(row * PAGES_OF_DENOMINATION + page) ?? 0;
    }
    return coins;
  }
}
