import { equalBytes, own, toHex } from "../../bytes/index.js";
import type { Coin as CoinName } from "../../codec/gen/raida/index.js";
import { coinName } from "./votes.js";

/** Bytes of a key that name its locker in a request's header. */
const NAME_BYTES = 5;
const COINS_MAX = 1_048_576;

/** Coins under one key of 16 bytes. */
export interface Locker {
  readonly key: Uint8Array;
  readonly coins: readonly CoinName[];
}

/** The lockers by the first five bytes of their keys. Kept in memory alone, as by the C server. */
export class Lockers {
  readonly #lockers = new Map<string, Locker>();
  readonly #coinsMax: number;
  #coins = 0;

  /** @param coinsMax remembered in all; then the oldest locker is forgotten, and its coins keep the key */
  constructor(coinsMax: number = COINS_MAX) {
    this.#coinsMax = coinsMax;
  }

  /** Adds coins to the locker of a key. One of another key that has the same name is forgotten. */
  put(key: Uint8Array, coins: readonly CoinName[]): void {
    const name = toHex(key.subarray(0, NAME_BYTES));
    const before = this.#lockers.get(name);
    const known = before !== undefined && equalBytes(before.key, key) ? before.coins : [];
    const all = [...new Map([...known, ...coins].map((coin) => [coinName(coin), coin])).values()];
    this.#forget(name);
    this.#lockers.set(name, { key: own(key), coins: all });
    this.#coins += all.length;
    for (const oldest of this.#lockers.keys()) {
      if (this.#coins <= this.#coinsMax || oldest === name) break;
      this.#forget(oldest);
    }
  }

  /** @param name the first five bytes of a key */
  find(name: Uint8Array): Locker | undefined {
    return this.#lockers.get(toHex(name));
  }

  #forget(name: string): void {
    this.#coins -= this.#lockers.get(name)?.coins.length ?? 0;
    this.#lockers.delete(name);
  }
}
