/** The coins of a recorded server, as pages of its disk. */
import { createHash } from "node:crypto";
import {
  AN_BYTES,
  offsetOf,
  PAGE_BYTES,
  PAGE_COINS,
  pageKey,
  pageKeyAt,
  PAGES,
  RECORD_BYTES,
} from "../../protocols/raida/server/page-layout.js";
import { differences } from "../verdict.js";
import type { CoinId, State, StoredCoin } from "./vector.js";

/** Number of pages per denomination on a new recorded server. */
const INITIAL_PAGES = 4;

/** The disk of a recorded server: the pages of a new server, overwritten with the coins of the recorded state. */
export class CoinStore {
  readonly #absent: ReadonlySet<string>;
  readonly #pages = new Map<string, Uint8Array>();

  constructor(state: State, coins: readonly StoredCoin[] = state.coinsBefore) {
    this.#absent = new Set(state.nonexistent.map(keyOf));
    for (const coin of coins) this.put(coin);
  }

  /** The bytes of a page; undefined if the server has no such page. */
  load(key: string): Uint8Array | undefined {
    return this.#pages.get(key) ?? this.#initialPage(key);
  }

  /** The keys of the pages that the server has, in ascending order. */
  keys(prefix: string): readonly string[] {
    const all = Array.from({ length: PAGES }, (_, index) => pageKeyAt(index));
    return all.filter((key) => key.startsWith(prefix) && this.load(key) !== undefined).toSorted();
  }

  store(key: string, at: number, bytes: Uint8Array): void {
    this.#pageFor(key).set(bytes, at);
  }

  put(coin: StoredCoin): void {
    const page = this.#pageFor(keyOf(coin));
    page.set(coin.an, offsetOf(coin.serial));
    page[offsetOf(coin.serial) + AN_BYTES] = coin.mfs;
  }

  /** The AN of a coin; undefined if the server has no page for it. */
  anOf(coin: CoinId): Uint8Array | undefined {
    const at = offsetOf(coin.serial);
    return this.load(keyOf(coin))?.slice(at, at + AN_BYTES);
  }

  /** The differences between this store and `expected`, by page and offset. */
  differencesFrom(expected: CoinStore): readonly string[] {
    const keys = new Set([...expected.#pages.keys(), ...this.#pages.keys()]);
    const none = new Uint8Array(0);
    return [...keys].flatMap((key) => differences(`state ${key}`, expected.load(key) ?? none, this.load(key) ?? none));
  }

  #pageFor(key: string): Uint8Array {
    let page = this.#pages.get(key);
    if (page === undefined)
      this.#pages.set(key, (page = this.#initialPage(key)?.slice() ?? new Uint8Array(PAGE_BYTES)));
    return page;
  }

  #initialPage(key: string): Uint8Array | undefined {
    if (this.#absent.has(key)) return undefined;
    const [, denomination, page] = /^coins\/([0-9a-f]{2})\/([0-9a-f]{4})$/.exec(key) ?? [];
    if (denomination === undefined || page === undefined || parseInt(page, 16) >= INITIAL_PAGES) return undefined;
    let bytes = initialPages.get(key);
    if (bytes === undefined) {
      bytes = newPage((parseInt(denomination, 16) << 24) >> 24, parseInt(page, 16));
      initialPages.set(key, bytes);
    }
    return bytes;
  }
}

/** Page content of a new server, the same for every page (seeds/raida, storage). */
const initialPages = new Map<string, Uint8Array>();

function newPage(denomination: number, page: number): Uint8Array {
  const bytes = new Uint8Array(PAGE_BYTES);
  for (let index = 0; index < PAGE_COINS; index++) {
    const text = ["4567", hex(denomination >>> 0, 2), hex(page, 4), hex(index, 2)].join("");
    bytes.set(createHash("md5").update(text, "ascii").digest(), index * RECORD_BYTES);
  }
  return bytes;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** The page of a coin; the server keeps 16 bits of its number. */
function keyOf({ denomination, serial }: CoinId): string {
  return pageKey(denomination, (serial >>> 10) & 0xffff);
}
