import { equalRange } from "../../bytes/index.js";
import type { Coin as CoinName } from "../../codec/gen/raida/index.js";
import { AN_BYTES, offsetOf, PAGE_COINS, type Pages } from "./pages.js";

/** Bytes of DN and SN, behind which a coin has its number. */
const NAME_BYTES = 5;

/** The coins of a request where they lie in its body, as the generated readers have them. */
export interface CoinRows {
  readonly countOfCoins: number;
  readonly startOfCoins: number;
  coinsDenomination(row: number): number;
  coinsSerial(row: number): number;
}

/** A coin of each run of coins that lie on one page: all that is needed to fetch the pages. */
export function runsOf(rows: CoinRows): CoinName[] {
  const runs: CoinName[] = [];
  for (let row = 0; row < rows.countOfCoins; row++) {
    const denomination = rows.coinsDenomination(row);
    const serial = rows.coinsSerial(row);
    if (!isOnPageOf(runs.at(-1), denomination, serial)) runs.push({ denomination, serial });
  }
  return runs;
}

/**
 * Which coins are authentic, their numbers compared where they lie. Only inside a task that named the coins.
 * @param rowBytes bytes from one coin to the next
 */
export function authenticRows(rows: CoinRows, body: Uint8Array, rowBytes: number, pages: Pages): boolean[] {
  const passed = new Array<boolean>(rows.countOfCoins);
  let first: CoinName | undefined;
  let page: Uint8Array | null = null;
  for (let row = 0, at = rows.startOfCoins + NAME_BYTES; row < passed.length; row++, at += rowBytes) {
    const denomination = rows.coinsDenomination(row);
    const serial = rows.coinsSerial(row);
    if (!isOnPageOf(first, denomination, serial)) page = pages.bytesOf((first = { denomination, serial }));
    passed[row] = page !== null && equalRange(page, offsetOf(serial), body, at, AN_BYTES);
  }
  return passed;
}

/** The coins of some rows. */
export function namesOf(rows: CoinRows, chosen: readonly boolean[]): CoinName[] {
  const names: CoinName[] = [];
  for (let row = 0; row < chosen.length; row++) {
    if (chosen[row]!) names.push({ denomination: rows.coinsDenomination(row), serial: rows.coinsSerial(row) });
  }
  return names;
}

function isOnPageOf(coin: CoinName | undefined, denomination: number, serial: number): boolean {
  return (
    coin?.denomination === denomination && Math.floor(coin.serial / PAGE_COINS) === Math.floor(serial / PAGE_COINS)
  );
}
