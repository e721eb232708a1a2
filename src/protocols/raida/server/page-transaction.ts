import type { DiskWrite } from "../../../machine/index.js";
import type { FreeCoins } from "./free-coins.js";
import { copyNumber, difference, viewOf } from "./authenticity-numbers.js";
import { AN_BYTES, offsetOf, PAGE_COINS, pageKeyAt, RECORD_BYTES } from "./page-layout.js";
import type { Page, PageChanges } from "./page.js";
import type { Pages } from "./pages.js";

interface CoinId {
  readonly denomination: number;
  readonly serial: number;
}

/**
 * Changes to coins, made at once where they lie, so that what is read later sees what was changed before: as a server
 * does that takes one coin after the other. Nobody else sees them before they are stored, and what the disk refuses is
 * undone. Only inside a task that named the coins, which ends by `Pages.store`.
 */
export class PageTransaction implements PageChanges {
  readonly #pages: Pages;
  readonly #mfs: number;
  /** By change: its page, which record it is of all pages one after the other, and what was there. */
  readonly #changed: Page[] = [];
  readonly #records: number[] = [];
  readonly #before: DataView;
  /** The pages that have changed. */
  readonly #touched = new Set<Page>();
  #isInOrder = true;
  /** Whether a coin came into use by this, or is free again. */
  #changesUse = false;
  /** The last page and the last numbers, which the next ones mostly are. */
  #page: Page | undefined;
  #pageView: DataView = NOTHING;
  #numbers: Uint8Array | undefined;
  #numbersView: DataView = NOTHING;

  /** @param mfs month of the changes @param changesMax how often {@link set} may be called */
  constructor(pages: Pages, mfs: number, changesMax: number) {
    this.#pages = pages;
    this.#mfs = mfs;
    this.#before = new DataView(new ArrayBuffer(RECORD_BYTES * changesMax));
  }

  /**
   * Whether a coin's number is `numbers[at..at + 16)`; false on an unknown page. The time taken says nothing of the
   * bytes.
   */
  isAuthentic(coin: CoinId, numbers: Uint8Array, at = 0): boolean {
    const page = this.#viewOf(coin);
    return page !== undefined && difference(page, offsetOf(coin.serial), this.#viewOfNumbers(numbers), at) === 0;
  }

  /** A copy of a coin's number, 16 bytes; undefined on an unknown page. */
  anOf(coin: CoinId): Uint8Array | undefined {
    return this.#pages.anOf(coin);
  }

  /** Makes `numbers[at..at + 16)` the number of a coin on a known page. */
  set(coin: CoinId, numbers: Uint8Array, at = 0): void {
    const view = this.#viewOf(coin)!;
    const page = this.#page!;
    const offset = offsetOf(coin.serial);
    const before = RECORD_BYTES * this.#changed.length;
    copyRecord(view, offset, this.#before, before);
    this.#changesUse ||= (view.getUint8(offset + AN_BYTES) === 0) !== (this.#mfs === 0);
    copyNumber(this.#viewOfNumbers(numbers), at, view, offset);
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

  /** The pages that have changed, each once. */
  get pages(): ReadonlySet<Page> {
    return this.#touched;
  }

  /** What the disk is to write: each record once, those of a page that lie side by side in one piece. */
  writes(): DiskWrite[] {
    const writes: DiskWrite[] = [];
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

  /** The last first: a coin may have been changed twice, and in `reference` two coins can share a record. */
  undo(): void {
    for (let i = this.#changed.length - 1; i >= 0; i--) {
      const page = viewOf(this.#changed[i]!.bytes!);
      copyRecord(this.#before, RECORD_BYTES * i, page, RECORD_BYTES * (this.#records[i]! % PAGE_COINS));
    }
  }

  /** Tells which coins are in use by now. */
  teach(free: FreeCoins): void {
    if (!this.#changesUse) return;
    for (let i = 0; i < this.#changed.length; i++) {
      const { index, bytes } = this.#changed[i]!;
      const coin = this.#records[i]! % PAGE_COINS;
      free.learnRecord(index, coin, bytes![RECORD_BYTES * coin + AN_BYTES] !== 0);
    }
  }

  /** The page of a coin, which is then the last one; undefined on an unknown page. */
  #viewOf(coin: CoinId): DataView | undefined {
    const page = this.#pages.pageOf(coin);
    if (page === undefined || !page.bytes) return undefined;
    if (page !== this.#page) {
      this.#page = page;
      this.#pageView = viewOf(page.bytes);
    }
    return this.#pageView;
  }

  #viewOfNumbers(numbers: Uint8Array): DataView {
    if (numbers !== this.#numbers) {
      this.#numbers = numbers;
      this.#numbersView = viewOf(numbers);
    }
    return this.#numbersView;
  }
}

const NOTHING: DataView = new DataView(new ArrayBuffer(0));

function copyRecord(from: DataView, at: number, to: DataView, toAt: number): void {
  copyNumber(from, at, to, toAt);
  to.setUint8(toAt + AN_BYTES, from.getUint8(at + AN_BYTES));
}
