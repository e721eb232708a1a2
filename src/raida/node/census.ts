import type { WireIssue } from "../../errors.js";
import type { AuditTotal } from "../../codec/gen/raida/index.js";
import { DENOMINATION_MAX, DENOMINATION_MIN, SERIAL_LIMIT, type Sink } from "../protocol.js";
import { PAGE_COINS, pageKey, RECORD_BYTES, type PageEffect, type PageRead, type Pages } from "./pages.js";

/** Pages that are read at a time. */
const READS_AT_ONCE = 16;
const PAGES_OF_DENOMINATION = SERIAL_LIMIT / PAGE_COINS;
const DENOMINATIONS: readonly number[] = Array.from(
  { length: DENOMINATION_MAX - DENOMINATION_MIN + 1 },
  (_, i) => DENOMINATION_MIN + i,
);
const PAGES = DENOMINATIONS.length * PAGES_OF_DENOMINATION;

/** Coins in use by denomination, -8 first. */
export type Totals = readonly AuditTotal[];
type Taken = (totals: Totals, error?: WireIssue) => void;

/**
 * Counts the coins that are in use: those with a month. All pages are read, a few at a time and none of them kept;
 * whoever asks while a count is under way gets its result.
 */
export class Census {
  readonly #pages: Pages;
  readonly #waiting: Taken[] = [];
  #counts: Uint32Array = new Uint32Array(DENOMINATIONS.length);
  #next = PAGES;
  #reading = 0;
  #error: WireIssue | undefined;

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  take(taken: Taken, out: Sink<PageEffect>): void {
    this.#waiting.push(taken);
    if (this.#waiting.length > 1) return;
    this.#counts = new Uint32Array(DENOMINATIONS.length);
    this.#next = 0;
    this.#error = undefined;
    this.#readOn(out);
    if (this.#reading === 0) this.#finish();
  }

  #readOn(out: Sink<PageEffect>): void {
    while (this.#reading < READS_AT_ONCE && this.#next < PAGES && this.#error === undefined) {
      const index = this.#next++;
      const row = Math.floor(index / PAGES_OF_DENOMINATION);
      const key = pageKey(DENOMINATIONS[row]!, index % PAGES_OF_DENOMINATION);
      const known = this.#pages.peek(key);
      if (known === undefined) this.#read(key, row, out);
      else this.#count(row, known);
    }
  }

  #read(key: string, row: number, out: Sink<PageEffect>): void {
    this.#reading++;
    const done: PageRead = (bytes, error, laterOut) => {
      this.#reading--;
      this.#error ??= error;
      this.#count(row, bytes);
      this.#readOn(laterOut);
      if (this.#reading === 0) this.#finish();
    };
    this.#pages.read(key, done, out);
  }

  #count(row: number, page: Uint8Array | null): void {
    if (page !== null) this.#counts[row]! += coinsInUse(page);
  }

  #finish(): void {
    const totals = DENOMINATIONS.map((denomination, row) => ({ denomination, coins: this.#counts[row]! }));
    for (const taken of this.#waiting.splice(0)) taken(totals, this.#error);
  }
}

function coinsInUse(page: Uint8Array): number {
  let count = 0;
  for (let at = RECORD_BYTES - 1; at < page.length; at += RECORD_BYTES) if (page[at] !== 0) count++;
  return count;
}
