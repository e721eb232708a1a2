import { own, toHex } from "../../bytes/index.js";
import type { Coin as CoinName } from "../../codec/gen/raida/index.js";

/** Bytes of a key that name its locker in a request's header. */
const NAME_BYTES = 5;
/** Lockers that are remembered; the oldest is forgotten first. Its coins keep the key as their number. */
const LOCKERS_MAX = 65_536;

/** Coins under one key of 16 bytes. */
export interface Locker {
  readonly key: Uint8Array;
  readonly coins: readonly CoinName[];
}

/** The lockers by the first five bytes of their keys. Kept in memory alone, as by the C server. */
export class Lockers {
  readonly #lockers = new Map<string, Locker>();

  put(key: Uint8Array, coins: readonly CoinName[]): void {
    const name = toHex(key.subarray(0, NAME_BYTES));
    this.#lockers.delete(name);
    if (this.#lockers.size >= LOCKERS_MAX) this.#lockers.delete(this.#lockers.keys().next().value!);
    this.#lockers.set(name, { key: own(key), coins });
  }

  /** @param name the first five bytes of a key */
  find(name: Uint8Array): Locker | undefined {
    return this.#lockers.get(toHex(name));
  }
}
