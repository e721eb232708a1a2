import { own, toHex } from "../../../bytes/index.js";
import type { CoinId } from "../../../codec/gen/raida/index.js";
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
  /** In the order in which they came. */
  readonly coins: readonly CoinId[];
}

export interface LockersOptions {
  /** Remembered in all, default 1,048,576; then the oldest locker is forgotten, and its coins keep the key. */
  readonly coinsMax?: number;
  /** Whether a coin that is put into its locker again is listed again, as C servers do; default false. */
  readonly repeatsCoins?: boolean;
}

interface Entry {
  readonly key: Uint8Array;
  readonly coins: CoinId[];
  /** Of the coins. */
  readonly names: Set<string>;
}

/** Whether 16 bytes can be the key of a locker. */
export function isLockerKey(bytes: Uint8Array, at = 0): boolean {
  return KEY_END.every((byte, i) => bytes[at + AN_BYTES - KEY_END.length + i] === byte);
}

/**
 * The lockers by their keys: an index of what the pages say, as the number of a coin in a locker is the key. In memory
 * alone; whoever has read all pages has it whole again.
 */
export class Lockers {
  /** By all of the key, the oldest first. */
  readonly #lockers = new Map<string, Entry>();
  /** The keys that begin with the same five bytes, in the order in which they came. */
  readonly #keysOf = new Map<string, Set<string>>();
  readonly #coinsMax: number;
  readonly #repeatsCoins: boolean;
  #coins = 0;

  constructor({ coinsMax = COINS_MAX, repeatsCoins = false }: LockersOptions = {}) {
    this.#coinsMax = coinsMax;
    this.#repeatsCoins = repeatsCoins;
  }

  /** Adds coins to the locker of a key, which becomes the youngest. */
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

  /** Adds the coins of a page that are in lockers. */
  learn(page: number, bytes: Uint8Array | null): void {
    if (bytes === null) return;
    for (let coin = 0; coin < PAGE_COINS; coin++) {
      const at = RECORD_BYTES * coin;
      if (bytes[at + AN_BYTES - 1] !== KEY_END.at(-1) || !isLockerKey(bytes, at)) continue;
      this.put(bytes.subarray(at, at + AN_BYTES), [coinAt(page, coin)]);
    }
  }

  /** The locker of a key. */
  of(key: Uint8Array): Locker | undefined {
    return this.#lockers.get(toHex(key));
  }

  /** The first locker whose key begins so. @param name five bytes */
  find(name: Uint8Array): Locker | undefined {
    const [first] = this.#keysOf.get(toHex(name)) ?? [];
    return first === undefined ? undefined : this.#lockers.get(first);
  }

  #open(id: string, key: Uint8Array): Entry {
    const name = id.slice(0, 2 * NAME_BYTES);
    const keys = this.#keysOf.get(name);
    if (keys === undefined) this.#keysOf.set(name, new Set([id]));
    else keys.add(id);
    return { key: own(key), coins: [], names: new Set() };
  }

  #add(locker: Entry, coin: CoinId): void {
    if (!this.#repeatsCoins) {
      const name = coinName(coin);
      if (locker.names.has(name)) return;
      locker.names.add(name);
    }
    locker.coins.push(coin);
    this.#coins++;
  }

  #forget(id: string): void {
    this.#coins -= this.#lockers.get(id)!.coins.length;
    this.#lockers.delete(id);
    const name = id.slice(0, 2 * NAME_BYTES);
    const keys = this.#keysOf.get(name)!;
    keys.delete(id);
    if (keys.size === 0) this.#keysOf.delete(name);
  }
}
