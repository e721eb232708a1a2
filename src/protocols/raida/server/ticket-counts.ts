/** How many live tickets name each coin. */
import type { CoinIdColumns } from "../../../codec/gen/raida/index.js";
import { PAGE_COINS } from "./page-layout.js";

/** The coins of a ticket as two columns. */
export type TicketCoins = Pick<CoinIdColumns, "denomination" | "serial">;

/** The counts of the coins on one page. */
interface PageCounts {
  /** A coin that a ticket names twice counts twice. A bounded pool stays far below 65,536. */
  readonly ofCoins: Uint16Array;
  /** Their sum. */
  total: number;
}

const PAGE_BITS = Math.log2(PAGE_COINS);
const PAGE_MASK = PAGE_COINS - 1;

/** Counts by page of 1,024 coins: 2 KiB for each page of which a ticket names a coin. */
export class TicketCounts {
  readonly #pages = new Map<number, PageCounts>();

  /** The first coin from a row on that `max` tickets name; -1 if there is none. */
  findFull({ denomination, serial }: TicketCoins, from: number, max: number): number {
    let key = NaN;
    let counts: Uint16Array | undefined;
    for (let row = from; row < serial.length; row++) {
      const sn = serial[row]!;
      const rowKey = keyOf(denomination[row]!, sn);
      // The coins of a request often lie on one page.
      if (rowKey !== key) counts = this.#pages.get((key = rowKey))?.ofCoins;
      if (counts !== undefined && counts[sn & PAGE_MASK]! >= max) return row;
    }
    return -1;
  }

  /** Adds `change` to each of the first `count` coins. */
  add({ denomination, serial }: TicketCoins, count: number, change: 1 | -1): void {
    let key = NaN;
    let page: PageCounts | undefined;
    for (let row = 0; row < count; row++) {
      const sn = serial[row]!;
      const rowKey = keyOf(denomination[row]!, sn);
      if (rowKey !== key || page === undefined) page = this.#pageAt((key = rowKey));
      page.ofCoins[sn & PAGE_MASK]! += change;
      page.total += change;
      if (page.total > 0) continue;
      this.#pages.delete(key);
      page = undefined;
    }
  }

  #pageAt(key: number): PageCounts {
    let page = this.#pages.get(key);
    if (page === undefined) this.#pages.set(key, (page = { ofCoins: new Uint16Array(PAGE_COINS), total: 0 }));
    return page;
  }
}

/** A number for each page. */
function keyOf(denomination: number, serial: number): number {
  return ((denomination & 0xff) << 22) | (serial >>> PAGE_BITS);
}
