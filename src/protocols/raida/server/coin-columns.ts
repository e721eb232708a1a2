import {
  decodeCoinAnColumns,
  decodeCoinAnPanColumns,
  type CoinId,
  type CoinAnColumns,
  type CoinAnPanColumns,
  type CoinIdColumns,
} from "../../../codec/gen/raida/index.js";
import { CHALLENGE_BYTES } from "../wire/encryption.js";
import { difference, viewOf } from "./authenticity-numbers.js";
import { AN_BYTES, offsetOf, PAGE_COINS, type Pages } from "./pages.js";
import { BatchResult } from "./batch-result.js";

/** Of a serial number, those that say which coin of its page it is. */
const PAGE_BITS = Math.log2(PAGE_COINS);
const NONE = new Uint8Array(0);

/** Coins by their names, five bytes each: what a ticket holds, and requests of every form. */
export class CoinNames implements Iterable<CoinId> {
  readonly denomination: Int8Array;
  readonly serial: Uint32Array;
  #runRows: readonly number[] | undefined;

  constructor({ denomination, serial }: Pick<CoinIdColumns, "denomination" | "serial">) {
    this.denomination = denomination;
    this.serial = serial;
  }

  static of(coins: readonly CoinId[]): CoinNames {
    return new CoinNames({
      denomination: Int8Array.from(coins, ({ denomination }) => denomination),
      serial: Uint32Array.from(coins, ({ serial }) => serial),
    });
  }

  get length(): number {
    return this.serial.length;
  }

  at(row: number): CoinId {
    return { denomination: this.denomination[row]!, serial: this.serial[row]! };
  }

  /** Those that have passed; the columns are shared where that is all of them. */
  chosen(passed: BatchResult): CoinNames {
    if (passed.count === this.length) return this;
    return new CoinNames({
      denomination: this.denomination.filter((_, row) => passed.has(row)),
      serial: this.serial.filter((_, row) => passed.has(row)),
    });
  }

  *[Symbol.iterator](): Generator<CoinId> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }

  /** A coin of each run of coins on one page: all that is needed to fetch the pages. */
  runs(): CoinId[] {
    return this.#rowsOfRuns().map((row) => this.at(row));
  }

  /**
   * Which coins have here the number that they have in the column, compared where both lie. The time taken says no more
   * than the answer does. Only inside a task that named the coins.
   */
  authentic({ bytes, at, stride }: CoinAnColumns["an"], pages: Pages): BatchResult {
    const numbers = viewOf(bytes);
    const passed = new BatchResult(this.length);
    const runs = this.#rowsOfRuns();
    for (let run = 0; run < runs.length; run++) {
      const first = runs[run]!;
      const next = runs[run + 1] ?? this.length;
      const page = pages.bytesOf(this.at(first));
      const known = page === null ? undefined : viewOf(page);
      // All coins of a page at once, as nearly always all are right; which of them are not is asked afterwards.
      if (known !== undefined && this.#differences(known, numbers, at, stride, first, next) === 0) continue;
      for (let row = first; row < next; row++) {
        const isRight = known !== undefined && this.#differences(known, numbers, at, stride, row, row + 1) === 0;
        if (!isRight) passed.fail(row);
      }
    }
    return passed;
  }

  /** 0 when the numbers of some rows, all on one page, are the ones on the page. */
  #differences(page: DataView, numbers: DataView, at: number, stride: number, first: number, end: number): number {
    const { serial } = this;
    let differences = 0;
    for (let row = first, from = at + stride * first; row < end; row++, from += stride) {
      differences |= difference(page, offsetOf(serial[row]!), numbers, from);
    }
    return differences;
  }

  /** The first row of each run. */
  #rowsOfRuns(): readonly number[] {
    if (this.#runRows !== undefined) return this.#runRows;
    const { denomination, serial } = this;
    const rows: number[] = [];
    let [lastDenomination, lastPage] = [NaN, NaN];
    for (let row = 0; row < serial.length; row++) {
      const page = serial[row]! >>> PAGE_BITS;
      if (page === lastPage && denomination[row] === lastDenomination) continue;
      rows.push(row);
      lastDenomination = denomination[row]!;
      lastPage = page;
    }
    return (this.#runRows = rows);
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
