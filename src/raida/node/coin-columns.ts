import {
  decodeCoinAnColumns,
  decodeCoinAnPanColumns,
  type Coin as CoinName,
  type CoinAnColumns,
  type CoinAnPanColumns,
  type CoinColumns,
} from "../../codec/gen/raida/index.js";
import { CHALLENGE_BYTES } from "../wire/encryption.js";
import { AN_BYTES, offsetOf, PAGE_COINS, type Pages } from "./pages.js";
import { Passed } from "./passed.js";

/** Of a serial number, those that say which coin of its page it is. */
const PAGE_BITS = Math.log2(PAGE_COINS);
const NONE = new Uint8Array(0);

/** Coins by their names, five bytes each: what a ticket holds, and requests of every form. */
export class CoinNames implements Iterable<CoinName> {
  readonly denomination: Int8Array;
  readonly serial: Uint32Array;

  constructor({ denomination, serial }: Pick<CoinColumns, "denomination" | "serial">) {
    this.denomination = denomination;
    this.serial = serial;
  }

  get length(): number {
    return this.serial.length;
  }

  at(row: number): CoinName {
    return { denomination: this.denomination[row]!, serial: this.serial[row]! };
  }

  /** Those that have passed; the columns are shared where that is all of them. */
  chosen(passed: Passed): CoinNames {
    if (passed.count === this.length) return this;
    return new CoinNames({
      denomination: this.denomination.filter((_, row) => passed.has(row)),
      serial: this.serial.filter((_, row) => passed.has(row)),
    });
  }

  *[Symbol.iterator](): Generator<CoinName> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }

  /** A coin of each run of coins on one page: all that is needed to fetch the pages. */
  runs(): CoinName[] {
    const runs: CoinName[] = [];
    for (let row = 0; row < this.length; row++) {
      if (row === 0 || !this.#isOnPageBefore(row)) runs.push(this.at(row));
    }
    return runs;
  }

  /**
   * Which coins have here the number that they have in the column, compared where both lie. The time taken says nothing
   * of the bytes. Only inside a task that named the coins.
   */
  authentic({ bytes, at, stride }: CoinAnColumns["an"], pages: Pages): Passed {
    const numbers = viewOf(bytes);
    const passed = new Passed(this.length);
    let page: DataView | undefined;
    for (let row = 0; row < passed.length; row++) {
      if (row === 0 || !this.#isOnPageBefore(row)) {
        const known = pages.bytesOf(this.at(row));
        page = known === null ? undefined : viewOf(known);
      }
      const offset = offsetOf(this.serial[row]!);
      passed.set(row, page !== undefined && isSameNumber(page, offset, numbers, at + stride * row));
    }
    return passed;
  }

  #isOnPageBefore(row: number): boolean {
    return (
      this.denomination[row] === this.denomination[row - 1] &&
      (this.serial[row]! ^ this.serial[row - 1]!) >>> PAGE_BITS === 0
    );
  }
}

/** The coins of a whole body with their numbers, `count` of them. */
export function readCoinAns(body: Uint8Array, count: number): CoinAnColumns {
  const columns = {
    length: 0,
    denomination: new Int8Array(count),
    serial: new Uint32Array(count),
    an: { bytes: NONE, at: 0, stride: 0, size: AN_BYTES },
  };
  decodeCoinAnColumns(viewOf(body), CHALLENGE_BYTES, count, columns);
  return columns;
}

/** The same of coins with the number that is and the one that shall be. */
export function readCoinPans(body: Uint8Array, count: number): CoinAnPanColumns {
  const columns = {
    length: 0,
    denomination: new Int8Array(count),
    serial: new Uint32Array(count),
    an: { bytes: NONE, at: 0, stride: 0, size: AN_BYTES },
    pan: { bytes: NONE, at: 0, stride: 0, size: AN_BYTES },
  };
  decodeCoinAnPanColumns(viewOf(body), CHALLENGE_BYTES, count, columns);
  return columns;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function isSameNumber(a: DataView, aAt: number, b: DataView, bAt: number): boolean {
  const difference =
    (a.getUint32(aAt) ^ b.getUint32(bAt)) |
    (a.getUint32(aAt + 4) ^ b.getUint32(bAt + 4)) |
    (a.getUint32(aAt + 8) ^ b.getUint32(bAt + 8)) |
    (a.getUint32(aAt + 12) ^ b.getUint32(bAt + 12));
  return difference === 0;
}
