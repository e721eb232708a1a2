/** Layout of coins on pages, and of pages on the disk. */
import { DENOMINATION_MAX, DENOMINATION_MIN, SERIAL_LIMIT } from "../protocol.js";

/** Coins on a page, and bytes of a record: AN 16, MFS 1 (seeds/raida, storage). */
export const PAGE_COINS = 1024;
export const RECORD_BYTES = 17;
export const PAGE_BYTES = PAGE_COINS * RECORD_BYTES;
export const AN_BYTES = 16;
/** Pages of one denomination, and of all denominations. */
export const PAGES_OF_DENOMINATION = SERIAL_LIMIT / PAGE_COINS;
export const PAGES = (DENOMINATION_MAX - DENOMINATION_MIN + 1) * PAGES_OF_DENOMINATION;

/** The pages of one denomination, or of all. */
export type Scope = number | "all";

/** The key of a page on the disk, for example `coins/01/0003`. */
export function pageKey(denomination: number, page: number): string {
  return `${pagesPrefix(denomination)}${page.toString(16).padStart(4, "0")}`;
}

/** How the keys of pages begin, for example `coins/01/`. */
export function pagesPrefix(scope: Scope): string {
  return scope === "all" ? "coins/" : `coins/${(scope & 0xff).toString(16).padStart(2, "0")}/`;
}

/** Index of a page among all pages, denomination -8 first; -1 for a page that cannot exist. */
export function pageIndex(denomination: number, page: number): number {
  if (denomination < DENOMINATION_MIN || denomination > DENOMINATION_MAX) return -1;
  if (page < 0 || page >= PAGES_OF_DENOMINATION) return -1;
  return (denomination - DENOMINATION_MIN) * PAGES_OF_DENOMINATION + page;
}

/** The coin at a place of a page. @param index the {@link pageIndex} */
export function coinAt(index: number, coin: number): { readonly denomination: number; readonly serial: number } {
  const row = Math.floor(index / PAGES_OF_DENOMINATION);
  const page = index % PAGES_OF_DENOMINATION;
  return { denomination: DENOMINATION_MIN + row, serial: PAGE_COINS * page + coin };
}

/** The {@link pageKey} of a page by index. It is cached, because making it takes longer than finding a page. */
export function pageKeyAt(index: number): string {
  const row = Math.floor(index / PAGES_OF_DENOMINATION);
  return (keys[index] ??= pageKey(DENOMINATION_MIN + row, index % PAGES_OF_DENOMINATION));
}

const keys = new Array<string | undefined>(PAGES);

/** Offset of a coin's record on its page. */
export function offsetOf(serial: number): number {
  return (serial & (PAGE_COINS - 1)) * RECORD_BYTES;
}

/**
 * Layout of the page files for `openPageFileDisk` of specwire/storage, byte for byte that of a C server: the page
 * `coins/01/0003` is Data/01/00/0003.bin, in a folder named by the high byte of the page (spec/raida/pages.ksy).
 */
export const COIN_PAGE_FILES = Object.freeze({
  pageBytes: PAGE_BYTES,
  pathOf(key: string): string | undefined {
    const [, denomination, high, low] = KEY.exec(key) ?? [];
    return denomination === undefined ? undefined : `Data/${denomination}/${high}/${high}${low}.bin`;
  },
  keyOf(path: string): string | undefined {
    const [, denomination, high, page] = PATH.exec(path) ?? [];
    return page?.startsWith(high!) ? `coins/${denomination}/${page}` : undefined;
  },
});

const PATH = /^Data\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{4})\.bin$/;
const KEY = /^coins\/([0-9a-f]{2})\/([0-9a-f]{2})([0-9a-f]{2})$/;
