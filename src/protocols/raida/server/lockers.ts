/** Index of the lockers of a server. */
import { own, toHex } from "../../../bytes/index.js";
import type { CoinId } from "../../../codec/gen/raida/index.js";
import { AN_BYTES, coinAt, PAGE_COINS, RECORD_BYTES } from "./page-layout.js";
import { coinKey } from "./votes.js";

/** Bytes of a key that identify its locker in a request header. */
const PREFIX_BYTES = 5;
/** Last bytes of every locker key, which other ANs do not have (seeds/raida, lockers). */
const KEY_END = [0xff, 0xff, 0xff, 0xff];
const COINS_MAX = 1_048_576;

/** A locker: coins that share one key of 16 bytes as their AN. */
export interface Locker {
  readonly key: Uint8Array;
  /** In the order of arrival. */
  readonly coins: readonly CoinId[];
}

/** Options of the index of lockers. */
export interface LockersOptions {
  /** Coins in all lockers, default 1,048,576. Beyond it the oldest locker leaves the index; its coins keep the key. */
  readonly coinsMax?: number;
  /** Whether a coin that is stored again in its locker is listed again, like on C servers; default false. */
  readonly repeatsCoins?: boolean;
}

/** A locker in the index. */
interface Entry {
  readonly key: Uint8Array;
  readonly coins: CoinId[];
  /** The {@link coinKey} of each coin. */
  readonly coinKeys: Set<string>;
}

/** Whether 16 bytes can be the key of a locker. */
export function isLockerKey(bytes: Uint8Array, at = 0): boolean {
  return KEY_END.every((byte, i) => bytes[at + AN_BYTES - KEY_END.length + i] === byte);
}

/**
 * Index of the lockers by key. The AN of a coin in a locker is the key, so that the index is in memory only and can be
 * rebuilt by reading all pages.
 */
export class Lockers {
  /** By the hex of the full key, oldest first. */
  readonly #lockers = new Map<string, Entry>();
  /** Keys by their first five bytes, in the order of arrival. */
  readonly #keysByPrefix = new Map<string, Set<string>>();
  readonly #coinsMax: number;
  readonly #repeatsCoins: boolean;
  #coins = 0;

  constructor({ coinsMax = COINS_MAX, repeatsCoins = false }: LockersOptions = {}) {
    this.#coinsMax = coinsMax;
    this.#repeatsCoins = repeatsCoins;
  }

  /** Adds coins to the locker of a key, which becomes the newest. */
  put(key: Uint8Array, coins: readonly CoinId[]): void {
    const id = toHex(key);
    const locker = this.#lockers.get(id) ?? this.#open(id, key);
    for (const coin of coins) this.#add(locker, coin);
    this.#lockers.delete(id);
    this.#lockers.set(id, locker);
    for (const oldest of this.#lockers.keys()) {
      if (this.#coins <= this.#coinsMax || oldest === id) break;
      this.#forget(oldest);
    }
  }

  /** Adds the coins of a page that are in lockers. @param bytes null if the server does not have the page */
  addPage(page: number, bytes: Uint8Array | null): void {
    if (bytes === null) return;
    for (let coin = 0; coin < PAGE_COINS; coin++) {
      const at = RECORD_BYTES * coin;
      if (bytes[at + AN_BYTES - 1] !== KEY_END.at(-1) || !isLockerKey(bytes, at)) continue;
      this.put(bytes.subarray(at, at + AN_BYTES), [coinAt(page, coin)]);
    }
  }

  /** The locker of a key. */
  get(key: Uint8Array): Locker | undefined {
    return this.#lockers.get(toHex(key));
  }

  /** The first locker whose key has this prefix of five bytes. */
  findByPrefix(prefix: Uint8Array): Locker | undefined {
    const [first] = this.#keysByPrefix.get(toHex(prefix)) ?? [];
    return first === undefined ? undefined : this.#lockers.get(first);
  }

  #open(id: string, key: Uint8Array): Entry {
    const prefix = id.slice(0, 2 * PREFIX_BYTES);
    const keys = this.#keysByPrefix.get(prefix);
    if (keys === undefined) this.#keysByPrefix.set(prefix, new Set([id]));
    else keys.add(id);
    return { key: own(key), coins: [], coinKeys: new Set() };
  }

  #add(locker: Entry, coin: CoinId): void {
    if (!this.#repeatsCoins) {
      const key = coinKey(coin);
      if (locker.coinKeys.has(key)) return;
      locker.coinKeys.add(key);
    }
    locker.coins.push(coin);
    this.#coins++;
  }

  #forget(id: string): void {
    this.#coins -= this.#lockers.get(id)!.coins.length;
    this.#lockers.delete(id);
    const prefix = id.slice(0, 2 * PREFIX_BYTES);
    const keys = this.#keysByPrefix.get(prefix)!;
    keys.delete(id);
    if (keys.size === 0) this.#keysByPrefix.delete(prefix);
  }
}
