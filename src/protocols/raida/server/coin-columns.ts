/** Coins of requests and tickets as columns, and the comparison of their ANs with the pages. */
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

/** Low bits of a serial number, which give the place on the page. */
const PAGE_BITS = Math.log2(PAGE_COINS);
const NONE = new Uint8Array(0);

/** Denominations and serial numbers of coins as two columns. */
export class CoinColumns implements Iterable<CoinId> {
  readonly denomination: Int8Array;
  readonly serial: Uint32Array;
  #runRows: readonly number[] | undefined;

  constructor({ denomination, serial }: Pick<CoinIdColumns, "denomination" | "serial">) {
    this.denomination = denomination;
    this.serial = serial;
  }

  static of(coins: readonly CoinId[]): CoinColumns {
    return new CoinColumns({
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

  /** The coins that pass; shares the columns if all pass. */
  passing(results: BatchResult): CoinColumns {
    if (results.passCount === this.length) return this;
    return new CoinColumns({
      denomination: this.denomination.filter((_, row) => results.passes(row)),
      serial: this.serial.filter((_, row) => results.passes(row)),
    });
  }

  *[Symbol.iterator](): Generator<CoinId> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }

  /** The first coin of each run of coins on one page, which is enough to load the pages. */
  runs(): CoinId[] {
    return this.#rowsOfRuns().map((row) => this.at(row));
  }

  /**
   * Compares the ANs of a column with those on the pages, in place. The time taken reveals no more than the result.
   * Call it only in a task that has named the coins.
   */
  authentic({ bytes, at, stride }: CoinAnColumns["an"], pages: Pages): BatchResult {
    const ans = viewOf(bytes);
    const results = new BatchResult(this.length);
    const runs = this.#rowsOfRuns();
    for (let run = 0; run < runs.length; run++) {
      const first = runs[run]!;
      const next = runs[run + 1] ?? this.length;
      const page = pages.bytesOf(this.at(first));
      const known = page === null ? undefined : viewOf(page);
      // Compares all coins of a page at once, because nearly always all pass; finds the failing ones only if not.
      if (known !== undefined && this.#differences(known, ans, at, stride, first, next) === 0) continue;
      for (let row = first; row < next; row++) {
        const isRight = known !== undefined && this.#differences(known, ans, at, stride, row, row + 1) === 0;
        if (!isRight) results.fail(row);
      }
    }
    return results;
  }

  /** 0 if the ANs of some rows, all on one page, equal those on the page. */
  #differences(page: DataView, ans: DataView, at: number, stride: number, first: number, end: number): number {
    const { serial } = this;
    let differences = 0;
    for (let row = first, from = at + stride * first; row < end; row++, from += stride) {
      differences |= difference(page, offsetOf(serial[row]!), ans, from);
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

/** Decodes `count` coins with their ANs from a body. */
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

/** Decodes `count` coins with their ANs and proposed ANs (PANs) from a body. */
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
