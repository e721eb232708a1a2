/** Index of the free coins of a server. */
import { AN_BYTES, PAGE_COINS, pageIndex, PAGES, PAGES_OF_DENOMINATION, RECORD_BYTES } from "./page-layout.js";

const PAGE_BITS_BYTES = PAGE_COINS / 8;

/** States of a page. */
const UNREAD = 0;
const ABSENT = 1;
const READ = 2;

/**
 * Index of the free coins, whose month is 0, on the pages that were read. It keeps one bit for each coin, set if the
 * coin is in use, and follows every store, so that each page is read once.
 */
export class FreeCoins {
  readonly #states = new Uint8Array(PAGES);
  /** Number of coins in use by page. */
  readonly #counts = new Uint16Array(PAGES);
  /** Bits of a page, from the first coin in use on: 2 MB if every page has one. */
  readonly #used = new Array<Uint8Array | undefined>(PAGES);

  /** Whether a coin is free; false if the server does not have it, undefined if its page was not read. */
  isFree(denomination: number, serial: number): boolean | undefined {
    const page = pageIndex(denomination, Math.floor(serial / PAGE_COINS));
    if (page < 0) return false;
    if (this.#states[page] !== READ) return this.#states[page] === UNREAD ? undefined : false;
    return !isSet(this.#used[page], serial % PAGE_COINS);
  }

  /** Serial numbers of the free coins of a denomination on the pages that were read, in ascending order. */
  freeSerials(denomination: number): number[] {
    const serials: number[] = [];
    const first = pageIndex(denomination, 0);
    if (first < 0) return serials;
    for (let page = 0; page < PAGES_OF_DENOMINATION; page++) {
      if (this.#states[first + page] !== READ) continue;
      const used = this.#used[first + page];
      for (let coin = 0; coin < PAGE_COINS; coin++) if (!isSet(used, coin)) serials.push(page * PAGE_COINS + coin);
    }
    return serials;
  }

  /** Number of coins in use on a page; undefined if it was not read. @param page its {@link pageIndex} */
  countInUse(page: number): number | undefined {
    return this.#states[page] === UNREAD ? undefined : this.#counts[page]!;
  }

  /** Records a page that was read. @param bytes the stored page; null if the server has none */
  addPage(page: number, bytes: Uint8Array | null): void {
    this.#states[page] = bytes === null ? ABSENT : READ;
    this.#counts[page] = 0;
    this.#used[page] = undefined;
    if (bytes === null) return;
    for (let coin = 0; coin < PAGE_COINS; coin++) {
      // Bytes past the end of a short page count as zeros.
      if ((bytes[coin * RECORD_BYTES + AN_BYTES] ?? 0) !== 0) this.setUsed(page, coin, true);
    }
  }

  /** Records that a coin was stored. @param coin its place on the page */
  setUsed(page: number, coin: number, isUsed: boolean): void {
    const used = (this.#used[page] ??= new Uint8Array(PAGE_BITS_BYTES));
    if (isSet(used, coin) === isUsed) return;
    used[coin >> 3]! ^= 1 << (coin & 7);
    this.#counts[page]! += isUsed ? 1 : -1;
  }
}

function isSet(bits: Uint8Array | undefined, index: number): boolean {
  return bits !== undefined && ((bits[index >> 3]! >> (index & 7)) & 1) === 1;
}
