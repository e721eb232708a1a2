/** Uncommitted changes to coins on pages. */
import type { CoinId } from "../../../codec/gen/raida/index.js";
import type { DiskPut } from "../../../machine/index.js";
import type { FreeCoins } from "./free-coins.js";
import { copyAn, difference, viewOf } from "./authenticity-numbers.js";
import { AN_BYTES, offsetOf, PAGE_COINS, pageKeyAt, RECORD_BYTES } from "./page-layout.js";
import type { Page, PageChanges } from "./page.js";
import type { Pages } from "./pages.js";

/**
 * Uncommitted changes to coins. They are made in place, so that later reads of the same request see earlier changes. No
 * other request sees them before they are stored, and they are undone if the disk fails. Use it only in a task that has
 * named the coins and ends with `Pages.store`.
 */
export class PageTransaction implements PageChanges {
  readonly #pages: Pages;
  readonly #mfs: number;
  /** For each change: its page, the index of its record among all pages, and the old record. */
  readonly #changed: Page[] = [];
  readonly #records: number[] = [];
  readonly #before: DataView;
  /** The changed pages. */
  readonly #touched = new Set<Page>();
  #isInOrder = true;
  /** Whether the changes make a free coin used or a used coin free. */
  #changesUse = false;
  /** The last page and the last ANs, cached because the next call mostly has the same. */
  #page: Page | undefined;
  #pageView: DataView = EMPTY;
  #ans: Uint8Array | undefined;
  #ansView: DataView = EMPTY;

  /** @param mfs month of the changes @param changesMax limit of calls of {@link set} */
  constructor(pages: Pages, mfs: number, changesMax: number) {
    this.#pages = pages;
    this.#mfs = mfs;
    this.#before = new DataView(new ArrayBuffer(RECORD_BYTES * changesMax));
  }

  /**
   * Whether a coin's AN is `ans[at..at + 16)`, compared in constant time; false on an unknown page.
   */
  isAuthentic(coin: CoinId, ans: Uint8Array, at = 0): boolean {
    const page = this.#viewOf(coin);
    return page !== undefined && difference(page, offsetOf(coin.serial), this.#viewOfAns(ans), at) === 0;
  }

  /** A copy of a coin's AN, 16 bytes; undefined on an unknown page. */
  anOf(coin: CoinId): Uint8Array | undefined {
    return this.#pages.anOf(coin);
  }

  /** Sets the AN of a coin on a known page to `ans[at..at + 16)`. */
  set(coin: CoinId, ans: Uint8Array, at = 0): void {
    const view = this.#viewOf(coin)!;
    const page = this.#page!;
    const offset = offsetOf(coin.serial);
    const before = RECORD_BYTES * this.#changed.length;
    copyRecord(view, offset, this.#before, before);
    this.#changesUse ||= (view.getUint8(offset + AN_BYTES) === 0) !== (this.#mfs === 0);
    copyAn(this.#viewOfAns(ans), at, view, offset);
    view.setUint8(offset + AN_BYTES, this.#mfs);
    const record = PAGE_COINS * page.index + (coin.serial % PAGE_COINS);
    this.#isInOrder &&= this.#records.length === 0 || this.#records.at(-1)! <= record;
    if (page !== this.#changed.at(-1)) this.#touched.add(page);
    this.#changed.push(page);
    this.#records.push(record);
  }

  get isEmpty(): boolean {
    return this.#changed.length === 0;
  }

  /** The changed pages, each once. */
  get pages(): ReadonlySet<Page> {
    return this.#touched;
  }

  forEachCoin(visit: (page: Page, place: number) => void): void {
    for (let i = 0; i < this.#changed.length; i++) visit(this.#changed[i]!, this.#records[i]! % PAGE_COINS);
  }

  /** The writes for the disk: each record once, adjacent records of a page in one write. */
  writes(): DiskPut[] {
    const writes: DiskPut[] = [];
    const records = this.#records;
    const rows = records.map((_, row) => row);
    if (!this.#isInOrder) rows.sort((a, b) => records[a]! - records[b]!);
    for (let i = 0; i < rows.length;) {
      const page = this.#changed[rows[i]!]!;
      const first = records[rows[i]!]!;
      let end = first;
      for (; i < rows.length && this.#changed[rows[i]!] === page && records[rows[i]!]! <= end; i++) {
        end = records[rows[i]!]! + 1;
      }
      const at = RECORD_BYTES * (first % PAGE_COINS);
      const bytes = page.bytes!.slice(at, at + RECORD_BYTES * (end - first));
      writes.push({ key: pageKeyAt(page.index), at, bytes });
    }
    return writes;
  }

  /** Reverts the changes, last first: a coin may change twice, and in `reference` two coins may share a record. */
  undo(): void {
    for (let i = this.#changed.length - 1; i >= 0; i--) {
      const page = viewOf(this.#changed[i]!.bytes!);
      copyRecord(this.#before, RECORD_BYTES * i, page, RECORD_BYTES * (this.#records[i]! % PAGE_COINS));
    }
  }

  /** Updates the index of free coins. */
  updateFreeCoins(free: FreeCoins): void {
    if (!this.#changesUse) return;
    for (let i = 0; i < this.#changed.length; i++) {
      const { index, bytes } = this.#changed[i]!;
      const coin = this.#records[i]! % PAGE_COINS;
      free.setUsed(index, coin, bytes![RECORD_BYTES * coin + AN_BYTES] !== 0);
    }
  }

  /** A view of a coin's page, which becomes the last page; undefined on an unknown page. */
  #viewOf(coin: CoinId): DataView | undefined {
    const page = this.#pages.pageOf(coin);
    if (page === undefined || !page.bytes) return undefined;
    if (page !== this.#page) {
      this.#page = page;
      this.#pageView = viewOf(page.bytes);
    }
    return this.#pageView;
  }

  #viewOfAns(ans: Uint8Array): DataView {
    if (ans !== this.#ans) {
      this.#ans = ans;
      this.#ansView = viewOf(ans);
    }
    return this.#ansView;
  }
}

const EMPTY: DataView = new DataView(new ArrayBuffer(0));

function copyRecord(from: DataView, at: number, to: DataView, toAt: number): void {
  copyAn(from, at, to, toAt);
  to.setUint8(toAt + AN_BYTES, from.getUint8(at + AN_BYTES));
}
