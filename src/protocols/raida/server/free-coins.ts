import { AN_BYTES, PAGE_COINS, pageIndex, PAGES, PAGES_OF_DENOMINATION, RECORD_BYTES } from "./page-layout.js";

const PAGE_BITS_BYTES = PAGE_COINS / 8;

/** What is known of a page. */
const UNREAD = 0;
const ABSENT = 1;
const READ = 2;

/**
 * Which coins are free: those whose month is 0, on the pages that have been read so far. A bit for each coin, set where
 * it is in use, so that a page needs to be read once; the bits follow what is stored from then on.
 */
export class FreeCoins {
  readonly #states = new Uint8Array(PAGES);
  /** Coins in use, by page. */
  readonly #counts = new Uint16Array(PAGES);
  /** By page as far as any coin of it is in use: 2 MB if all are. */
  readonly #used = new Array<Uint8Array | undefined>(PAGES);

  /** Whether nobody has a coin yet; false where the server has no such coin, undefined where its page is not read. */
  isFree(denomination: number, serial: number): boolean | undefined {
    const page = pageIndex(denomination, Math.floor(serial / PAGE_COINS));
    if (page < 0) return false;
    if (this.#states[page] !== READ) return this.#states[page] === UNREAD ? undefined : false;
    return !isSet(this.#used[page], serial % PAGE_COINS);
  }

  /** The free coins of a denomination on the pages that have been read, in their order. */
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

  /** Coins in use on a page; undefined where it has not been read. @param page by its {@link pageIndex} */
  countInUse(page: number): number | undefined {
    return this.#states[page] === UNREAD ? undefined : this.#counts[page]!;
  }

  /** @param bytes of a page as it is stored; null where the server has none */
  learn(page: number, bytes: Uint8Array | null): void {
    this.#states[page] = bytes === null ? ABSENT : READ;
    this.#counts[page] = 0;
    this.#used[page] = undefined;
    if (bytes === null) return;
    for (let coin = 0; coin < PAGE_COINS; coin++) {
      // Behind the end of a short page are zeros.
      if ((bytes[coin * RECORD_BYTES + AN_BYTES] ?? 0) !== 0) this.learnRecord(page, coin, true);
    }
  }

  /** A record of a page that has been read is stored. @param coin its place on the page */
  learnRecord(page: number, coin: number, isUsed: boolean): void {
    const used = (this.#used[page] ??= new Uint8Array(PAGE_BITS_BYTES));
    if (isSet(used, coin) === isUsed) return;
    used[coin >> 3]! ^= 1 << (coin & 7);
    this.#counts[page]! += isUsed ? 1 : -1;
  }
}

function isSet(bits: Uint8Array | undefined, index: number): boolean {
  return bits !== undefined && ((bits[index >> 3]! >> (index & 7)) & 1) === 1;
}
