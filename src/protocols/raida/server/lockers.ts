import { equalBytes, own, toHex } from "../../../bytes/index.js";
import type { Coin as CoinName } from "../../../codec/gen/raida/index.js";
import { AN_BYTES, coinAt, PAGE_COINS, RECORD_BYTES } from "./page-layout.js";
import { coinName } from "./votes.js";

/** Bytes of a key that name its locker in a request's header. */
const NAME_BYTES = 5;
/** What tells a locker's key from other numbers: its last bytes (seeds/raida, lockers). */
const KEY_END = [0xff, 0xff, 0xff, 0xff];
const COINS_MAX = 1_048_576;

/** Coins under one key of 16 bytes. */
export interface Locker {
  readonly key: Uint8Array;
  /** In the order in which they came, by their names. */
  readonly coins: ReadonlyMap<string, CoinName>;
}

/** Whether 16 bytes can be the key of a locker. */
export function isLockerKey(bytes: Uint8Array, at = 0): boolean {
  return KEY_END.every((byte, i) => bytes[at + AN_BYTES - KEY_END.length + i] === byte);
}

/**
 * The lockers by the first five bytes of their keys: an index of what the pages say, as the number of a coin in a
 * locker is the key. In memory alone; whoever has read all pages has it whole again.
 */
export class Lockers {
  readonly #lockers = new Map<string, { readonly key: Uint8Array; readonly coins: Map<string, CoinName> }>();
  readonly #coinsMax: number;
  #coins = 0;

  /** @param coinsMax remembered in all; then the oldest locker is forgotten, and its coins keep the key */
  constructor(coinsMax: number = COINS_MAX) {
    this.#coinsMax = coinsMax;
  }

  /** Adds coins to the locker of a key. One of another key that has the same name is forgotten. */
  put(key: Uint8Array, coins: readonly CoinName[]): void {
    const name = nameOf(key);
    const before = this.#lockers.get(name);
    const locker = before !== undefined && equalBytes(before.key, key) ? before : { key: own(key), coins: new Map() };
    this.#forget(name);
    for (const coin of coins) locker.coins.set(coinName(coin), coin);
    // The youngest is the last.
    this.#lockers.set(name, locker);
    this.#coins += locker.coins.size;
    for (const oldest of this.#lockers.keys()) {
      if (this.#coins <= this.#coinsMax || oldest === name) break;
      this.#forget(oldest);
    }
  }

  /** Adds the coins of a page that are in lockers. What is known of another key with the same name stays. */
  learn(page: number, bytes: Uint8Array | null): void {
    if (bytes === null) return;
    for (let coin = 0; coin < PAGE_COINS; coin++) {
      const at = RECORD_BYTES * coin;
      if (bytes[at + AN_BYTES - 1] !== KEY_END.at(-1) || !isLockerKey(bytes, at)) continue;
      const key = bytes.subarray(at, at + AN_BYTES);
      const known = this.#lockers.get(nameOf(key));
      if (known === undefined || equalBytes(known.key, key)) this.put(key, [coinAt(page, coin)]);
    }
  }

  /** @param name the first five bytes of a key */
  find(name: Uint8Array): Locker | undefined {
    return this.#lockers.get(toHex(name));
  }

  #forget(name: string): void {
    this.#coins -= this.#lockers.get(name)?.coins.size ?? 0;
    this.#lockers.delete(name);
  }
}

function nameOf(key: Uint8Array): string {
  return toHex(key.subarray(0, NAME_BYTES));
}
