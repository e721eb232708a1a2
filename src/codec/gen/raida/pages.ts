// Generated from raida/pages.ksy by `specwire gen`; do not edit. spec sha256 862582534f89bae88a503fb4a56df8c2a57fe3212f4645ed6f580aecd611eaa3
/**
 * Coins as a RAIDA server keeps them. 1,024 coins of one denomination and consecutive serial numbers, in
 * Data/<denomination>/<page >> 8>/<page>.bin: the denomination as one byte in two hex digits, the page as two and four
 * of them; the page is the serial number / 1,024.
 */
import { type NewBytes, type Result, type Sites, fail, failBytes, failSpace, failure, lengthOf, raise, refuse,
    refuseRange } from "../../index.js";

const COIN_PAGE_SITES: Sites = {
  format: "raida_coin_page",
  file: "raida/pages.ksy",
  sites: [
    ["short", "", 10, "at least 0 bytes"],
    ["divisible", "coins", 14, "a multiple of 17 bytes"],
  ],
};
const COIN_PAGE_SITES$WRITTEN: Sites = {
  format: "raida_coin_page",
  file: "raida/pages.ksy",
  sites: [
    ["count", "coins", 14, "at least 0 items"],
    ["argument", "", 10, "an object"],
    ["argument", "coins[*]", 10, "an object"],
    ["length", "coins[*].an", 18, "16 bytes"],
    ["range", "coins[*].mfs", 19, "0 to 255"],
  ],
};
/** Source: seeds/raida, storage. */
export interface CoinPage {
  /** 1,024, by the last ten bits of their serial numbers. */
  coins: CoinRecord[];
}
export const COIN_PAGE_MIN_SIZE = 0;
function readCoinPage(bytes: Uint8Array, at: number, end: number): CoinPage | undefined {
  if (end - at < 0 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(COIN_PAGE_SITES, 0 /* short */, 0, bytes, at, end);
  }
  const $coins$count = ((end - at) / 17) | 0;
  if ($coins$count * 17 !== end - at) return refuse(COIN_PAGE_SITES, 1 /* coins: divisible */, at, end - at);
  const $coins$buffer = bytes.buffer, $coins$base = bytes.byteOffset;
  const $coins = new Array<CoinRecord>($coins$count);
  for (let i = 0, p = at; i < $coins$count; i++, p += 17)
    $coins[i] = { an: new Uint8Array($coins$buffer, $coins$base + p, 16), mfs: bytes[p + 16]! };
  return {
    coins: $coins,
  };
}
/** @throws WireError when the bytes are no raida_coin_page. */
export function decodeCoinPage(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): CoinPage {
  return readCoinPage(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCoinPage(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<CoinPage> {
  const value = readCoinPage(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function coinPageLength(value: CoinPage): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(COIN_PAGE_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 17 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeCoinPage(value: CoinPage): NewBytes {
  const bytes = new Uint8Array(coinPageLength(value));
  encodeCoinPageInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCoinPageInto(value: CoinPage, bytes: Uint8Array, at = 0): number {
  if (!value) fail(COIN_PAGE_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(COIN_PAGE_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 17 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(COIN_PAGE_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, p = at; i < $coins$count; i++, p += 17) {
    const item = $coins[i]!;
    if (!item) fail(COIN_PAGE_SITES$WRITTEN, 2 /* coins[*]: argument */, p, item, i);
    const $coins$item_an = item.an;
    if (lengthOf($coins$item_an) !== 16)
      failBytes(COIN_PAGE_SITES$WRITTEN, 3 /* coins[*].an: length */, p, $coins$item_an, i);
    bytes[p] = $coins$item_an[0]!; bytes[p + 1] = $coins$item_an[1]!; bytes[p + 2] = $coins$item_an[2]!;
    bytes[p + 3] = $coins$item_an[3]!; bytes[p + 4] = $coins$item_an[4]!; bytes[p + 5] = $coins$item_an[5]!;
    bytes[p + 6] = $coins$item_an[6]!; bytes[p + 7] = $coins$item_an[7]!; bytes[p + 8] = $coins$item_an[8]!;
    bytes[p + 9] = $coins$item_an[9]!; bytes[p + 10] = $coins$item_an[10]!; bytes[p + 11] = $coins$item_an[11]!;
    bytes[p + 12] = $coins$item_an[12]!; bytes[p + 13] = $coins$item_an[13]!; bytes[p + 14] = $coins$item_an[14]!;
    bytes[p + 15] = $coins$item_an[15]!;
    const $coins$item_mfs = item.mfs;
    if (typeof $coins$item_mfs !== "number" || ($coins$item_mfs & 255) !== $coins$item_mfs)
      fail(COIN_PAGE_SITES$WRITTEN, 4 /* coins[*].mfs: range */, p + 16, $coins$item_mfs, i);
    bytes[p + 16] = $coins$item_mfs;
  }
  return at + need;
}

/** Source: seeds/raida, storage. */
export interface CoinRecord {
  /** Authenticity number (AN). */
  an: Uint8Array;
  /** Month in which the number was set, from February 2023; 0 is a free coin (MFS). */
  mfs: number;
}

