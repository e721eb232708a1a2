import { DENOMINATION_MAX, DENOMINATION_MIN, SERIAL_LIMIT } from "../protocol.js";

/** Coins on a page, and bytes a coin: AN 16, MFS 1 (seeds/raida, storage). */
export const PAGE_COINS = 1024;
export const RECORD_BYTES = 17;
export const PAGE_BYTES = PAGE_COINS * RECORD_BYTES;
export const AN_BYTES = 16;
/** Pages of one denomination, and of all. */
export const PAGES_OF_DENOMINATION = SERIAL_LIMIT / PAGE_COINS;
export const PAGES = (DENOMINATION_MAX - DENOMINATION_MIN + 1) * PAGES_OF_DENOMINATION;

/** The name of a page on the disk: `coins/01/0003`. */
export function pageKey(denomination: number, page: number): string {
  return `coins/${(denomination & 0xff).toString(16).padStart(2, "0")}/${page.toString(16).padStart(4, "0")}`;
}

/** All pages in one row, -8 first; -1 where there can be none. */
export function pageIndex(denomination: number, page: number): number {
  if (denomination < DENOMINATION_MIN || denomination > DENOMINATION_MAX) return -1;
  if (page < 0 || page >= PAGES_OF_DENOMINATION) return -1;
  return (denomination - DENOMINATION_MIN) * PAGES_OF_DENOMINATION + page;
}

/** The name of a coin by its page, see {@link pageIndex}, and its place there. */
export function coinAt(index: number, coin: number): { readonly denomination: number; readonly serial: number } {
  const row = Math.floor(index / PAGES_OF_DENOMINATION);
  const page = index % PAGES_OF_DENOMINATION;
  return { denomination: DENOMINATION_MIN + row, serial: PAGE_COINS * page + coin };
}

/** {@link pageKey} of the page with this index; made once, for it takes longer than to find a page. */
export function pageKeyAt(index: number): string {
  const row = Math.floor(index / PAGES_OF_DENOMINATION);
  return (keys[index] ??= pageKey(DENOMINATION_MIN + row, index % PAGES_OF_DENOMINATION));
}

const keys = new Array<string | undefined>(PAGES);

/** Where a coin's record lies on its page. */
export function offsetOf(serial: number): number {
  return (serial & (PAGE_COINS - 1)) * RECORD_BYTES;
}

/**
 * The page files of a C server, byte for byte: `coins/01/0003` is Data/01/00/0003.bin, with the high byte of the page
 * as a folder (spec/raida/pages.ksy). What `openPageFileDisk` of specwire/host is to be told.
 */
export const COIN_PAGE_FILES = Object.freeze({
  pageBytes: PAGE_BYTES,
  pathOf(key: string): string | undefined {
    const [, denomination, high, low] = KEY.exec(key) ?? [];
    return denomination === undefined ? undefined : `Data/${denomination}/${high}/${high}${low}.bin`;
  },
});

const KEY = /^coins\/([0-9a-f]{2})\/([0-9a-f]{2})([0-9a-f]{2})$/;
