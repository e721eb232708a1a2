/** Count of the coins in use, for the audit and for free coins. */
import type { WireIssue } from "../../../errors.js";
import type { AuditTotal } from "../../../codec/gen/raida/index.js";
import { DENOMINATION_MAX, DENOMINATION_MIN, type Sink } from "../protocol.js";
import { pageIndex, pageKeyAt, PAGES, PAGES_OF_DENOMINATION, pagesPrefix, type Scope } from "./page-layout.js";
import type { PageEffect, Pages, PageScanned, PagesListed } from "./pages.js";

/** Pages that are read concurrently. */
const CONCURRENT_READS_MAX = 16;
const DENOMINATIONS: readonly number[] = Array.from(
  { length: DENOMINATION_MAX - DENOMINATION_MIN + 1 },
  (_, i) => DENOMINATION_MIN + i,
);

/** Number of coins in use by denomination, -8 first. */
export type Totals = readonly AuditTotal[];
type Done = (totals: Totals, error?: WireIssue) => void;

/** A count in progress of some pages. */
interface Count {
  /** The pages to read. */
  unread: readonly number[];
  /** How many of them were read, or are being read. */
  next: number;
  reading: number;
  error: WireIssue | undefined;
  readonly waiting: Done[];
}

/**
 * Counts the coins in use, which have a month. It reads each page that the disk has and that was never read once, 16 at
 * a time, and does not cache it. Calls during a count of the same pages share its result.
 */
export class CoinCount {
  readonly #pages: Pages;
  readonly #counts = new Map<Scope, Count>();

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  /** Counts, reading pages where necessary. `done` gets partial totals with an error. */
  count(scope: Scope, done: Done, out: Sink<PageEffect>): void {
    const running = this.#counts.get(scope);
    if (running !== undefined) return void running.waiting.push(done);
    const count: Count = { unread: [], next: 0, reading: 0, error: undefined, waiting: [done] };
    this.#counts.set(scope, count);
    if (pagesOf(scope).every((index) => this.#isRead(index))) return this.#finish(scope, count);
    // A list costs less than the loads of pages that do not exist: up to 15,000.
    const listed: PagesListed = (outcome, laterOut) => {
      if (!outcome.ok) count.error = outcome.error;
      else count.unread = this.#unreadOf(scope, new Set(outcome.value));
      this.#readMore(scope, count, laterOut);
      if (count.reading === 0) this.#finish(scope, count);
    };
    this.#pages.list(pagesPrefix(scope), listed, out);
  }

  /** The pages that are to be read. Those that the disk does not have are absent from now on. */
  #unreadOf(scope: Scope, keys: ReadonlySet<string>): readonly number[] {
    const unread = pagesOf(scope).filter((index) => !this.#isRead(index));
    for (const index of unread) if (!keys.has(pageKeyAt(index))) this.#pages.free.addPage(index, null);
    return unread.filter((index) => !this.#isRead(index));
  }

  #isRead(index: number): boolean {
    return this.#pages.free.countInUse(index) !== undefined;
  }

  #readMore(scope: Scope, count: Count, out: Sink<PageEffect>): void {
    const { unread } = count;
    while (count.reading < CONCURRENT_READS_MAX && count.next < unread.length && count.error === undefined) {
      const index = unread[count.next++]!;
      if (!this.#isRead(index)) this.#read(index, scope, count, out);
    }
  }

  #read(index: number, scope: Scope, count: Count, out: Sink<PageEffect>): void {
    count.reading++;
    const done: PageScanned = (error, laterOut) => {
      count.reading--;
      count.error ??= error;
      this.#readMore(scope, count, laterOut);
      if (count.reading === 0) this.#finish(scope, count);
    };
    this.#pages.scan(index, done, out);
  }

  #finish(scope: Scope, count: Count): void {
    this.#counts.delete(scope);
    const totals = DENOMINATIONS.map((denomination, row) => ({ denomination, coins: this.#coinsOf(row) }));
    for (const done of count.waiting) done(totals, count.error);
  }

  #coinsOf(row: number): number {
    let coins = 0;
    for (let page = 0; page < PAGES_OF_DENOMINATION; page++) {
      coins += this.#pages.free.countInUse(row * PAGES_OF_DENOMINATION + page) ?? 0;
    }
    return coins;
  }
}

function pagesOf(scope: Scope): number[] {
  const first = scope === "all" ? 0 : pageIndex(scope, 0);
  const length = scope === "all" ? PAGES : first < 0 ? 0 : PAGES_OF_DENOMINATION;
  return Array.from({ length }, (_, i) => first + i);
}
