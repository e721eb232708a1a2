import { equalBytes } from "../../bytes/index.js";
import type { Pages, Write } from "./pages.js";

interface CoinName {
  readonly denomination: number;
  readonly serial: number;
}

/**
 * Changes to some coins as a server makes them one after the other: what is read later sees what was written before,
 * and each record is written once. By record, not by coin: in `reference` several serial numbers share one.
 */
export class Draft {
  readonly #pages: Pages;
  readonly #mfs: number;
  readonly #writes = new Map<number, Write>();

  /** Only inside a task that named the coins. @param mfs month of the changes */
  constructor(pages: Pages, mfs: number) {
    this.#pages = pages;
    this.#mfs = mfs;
  }

  get writes(): Write[] {
    return [...this.#writes.values()];
  }

  /** Whether a coin's number is `an`, in a time that says nothing of the bytes; false on an unknown page. */
  isAuthentic(coin: CoinName, an: Uint8Array): boolean {
    const written = this.#writes.get(this.#pages.recordOf(coin));
    return written === undefined ? this.#pages.isAuthentic(coin, an) : equalBytes(written.an, an);
  }

  /** A coin's number, 16 bytes; undefined on an unknown page. */
  anOf(coin: CoinName): Uint8Array | undefined {
    return this.#writes.get(this.#pages.recordOf(coin))?.an ?? this.#pages.anOf(coin);
  }

  set({ denomination, serial }: CoinName, an: Uint8Array): void {
    const write = { denomination, serial, an, mfs: this.#mfs };
    this.#writes.set(this.#pages.recordOf(write), write);
  }
}
