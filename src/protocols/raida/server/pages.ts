/** The pages of coins in memory, and their reads and writes. */
import { equalRange } from "../../../bytes/index.js";
import type { CoinId } from "../../../codec/gen/raida/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import { countUp, type DiskPut, type OpId } from "../../../machine/index.js";
import type { RaidaProfile, Sink } from "../protocol.js";
import { FreeCoins } from "./free-coins.js";
import { Page, type NamedCoins, type PageChanges, type PageTask } from "./page.js";
import { AN_BYTES, offsetOf, PAGE_BYTES, PAGE_COINS, pageIndex, pageKeyAt } from "./page-layout.js";

export { AN_BYTES, offsetOf, PAGE_BYTES, PAGE_COINS, pageKey, RECORD_BYTES } from "./page-layout.js";

/** Operations that the pages request from the disk. */
export type PageEffect =
  | { readonly type: "load"; readonly op: OpId; readonly key: string }
  | { readonly type: "list"; readonly op: OpId; readonly prefix: string }
  | { readonly type: "store"; readonly op: OpId; readonly writes: readonly DiskPut[] };

/** A store in progress. */
interface Store {
  readonly changes: PageChanges;
  readonly pages: ReadonlySet<Page>;
  readonly done: (error?: WireIssue) => void;
}

/** A page that is being read for the index of free coins. */
interface Scan {
  readonly index: number;
  readonly done: PageScanned;
}

type OnRead = (index: number, bytes: Uint8Array | null) => void;

/** Called when {@link Pages.scan} has read a page, or failed to. */
export type PageScanned = (error: WireIssue | undefined, out: Sink<PageEffect>) => void;

/** Called when {@link Pages.list} has the keys, or failed to get them. */
export type PagesListed = (outcome: Result<readonly string[]>, out: Sink<PageEffect>) => void;

/**
 * The coins of a server as pages, which load and store effects read and write. A task runs when all its pages are
 * loaded and no store of its coins is in progress, so that no reply depends on bytes that a crash could lose, and a
 * failed store has nothing to undo but its own coins. Stores of other coins of the same pages do not hold it up.
 * Unused pages stay cached while there is room.
 */
export class Pages {
  /** Index of the free coins on the pages that were read. */
  readonly free = new FreeCoins();
  readonly #pages = new Map<number, Page>();
  readonly #loads = new Map<OpId, Page>();
  readonly #scans = new Map<OpId, Scan>();
  readonly #lists = new Map<OpId, PagesListed>();
  readonly #stores = new Map<OpId, Store>();
  readonly #nextOp = countUp();
  /** Number of tasks so far. */
  #tasks = 0;
  readonly #profile: RaidaProfile;
  readonly #pagesMax: number;
  readonly #onRead: OnRead;

  /**
   * @param bytesMax size of the cache; pages that tasks or stores need may exceed it
   * @param onRead called with every page that is read from the disk; null if the disk does not have it
   */
  constructor(profile: RaidaProfile, bytesMax: number, onRead: OnRead = () => {}) {
    this.#profile = profile;
    this.#onRead = onRead;
    this.#pagesMax = Math.floor(bytesMax / PAGE_BYTES);
  }

  /** Number of pages in memory. */
  get size(): number {
    return this.#pages.size;
  }

  /** Runs a task once the pages of its coins are loaded and none of the coins is being stored, possibly at once. */
  whenReady(coins: NamedCoins, run: (error?: WireIssue) => void, out: Sink<PageEffect>): void {
    const task = ++this.#tasks;
    const pages: Page[] = [];
    for (const coin of coins.runs?.() ?? coins) {
      const index = this.#indexOf(coin);
      if (index < 0) continue;
      const page = this.#pages.get(index) ?? this.#load(index, out);
      if (page.lastTask === task) continue;
      page.lastTask = task;
      page.tasks++;
      page.wasUsed = true;
      pages.push(page);
    }
    this.#schedule({ pages, coins, run });
  }

  /** Whether the server has a coin's page. Call it only in a task that has named the coin. */
  has(coin: CoinId): boolean {
    return this.bytesOf(coin) !== null;
  }

  /** Whether the server has the pages of all coins of a task. */
  hasAll(coins: NamedCoins): boolean {
    for (const coin of coins.runs?.() ?? coins) if (!this.has(coin)) return false;
    return true;
  }

  /** The page of a coin, undefined if it cannot exist. Lent to the task that has named the coin. */
  pageOf(coin: CoinId): Page | undefined {
    return this.#pages.get(this.#indexOf(coin));
  }

  /** The bytes of a coin's page, null if the server does not have it. Lent to the task that has named the coin. */
  bytesOf(coin: CoinId): Uint8Array | null {
    return this.pageOf(coin)?.bytes ?? null;
  }

  /** Whether a coin's AN is `an`, compared in constant time; false on an unknown page. */
  isAuthentic(coin: CoinId, an: Uint8Array): boolean {
    const page = this.bytesOf(coin);
    return page !== null && equalRange(page, offsetOf(coin.serial), an, 0, AN_BYTES);
  }

  /** A copy of a coin's AN; undefined on an unknown page. Call it only in a task that has named the coin. */
  anOf(coin: CoinId): Uint8Array | undefined {
    const at = offsetOf(coin.serial);
    return this.bytesOf(coin)?.slice(at, at + AN_BYTES);
  }

  /** Reads a page for the index of free coins, without caching it. */
  scan(index: number, done: PageScanned, out: Sink<PageEffect>): void {
    const op = this.#nextOp();
    this.#scans.set(op, { index, done });
    out.push({ type: "load", op, key: pageKeyAt(index) });
  }

  /** Finds the keys of the pages that the disk has. */
  list(prefix: string, done: PagesListed, out: Sink<PageEffect>): void {
    const op = this.#nextOp();
    this.#lists.set(op, done);
    out.push({ type: "list", op, prefix });
  }

  /** Stores changes in one atomic operation, then calls `done`. Undoes all of them if the disk fails. */
  store(changes: PageChanges, done: (error?: WireIssue) => void, out: Sink<PageEffect>): void {
    if (changes.isEmpty) return done();
    const { pages } = changes;
    for (const page of pages) page.storing++;
    changes.forEachCoin((page, place) => page.hold(place));
    const op = this.#nextOp();
    this.#stores.set(op, { changes, pages, done });
    out.push({ type: "store", op, writes: changes.writes() });
  }

  loaded(op: OpId, bytes: Uint8Array | undefined, out: Sink<PageEffect>): void {
    const scan = this.#scans.get(op);
    if (this.#scans.delete(op)) {
      // A page that was loaded meanwhile is already indexed, with changes that these bytes may lack.
      if (this.free.countInUse(scan!.index) === undefined) this.#index(scan!.index, bytes ?? null);
      return scan!.done(undefined, out);
    }
    const page = this.#takeLoad(op);
    if (page === undefined) return;
    page.bytes = bytes === undefined ? null : pageOf(bytes);
    this.#index(page.index, page.bytes);
    this.#loaded(page);
  }

  listed(op: OpId, outcome: Result<readonly string[]>, out: Sink<PageEffect>): void {
    const done = this.#lists.get(op);
    this.#lists.delete(op);
    done?.(outcome, out);
  }

  stored(op: OpId): void {
    this.#finish(op, undefined);
  }

  failed(op: OpId, error: WireIssue, out: Sink<PageEffect>): void {
    const scan = this.#scans.get(op);
    if (this.#scans.delete(op)) return scan!.done(error, out);
    if (this.#lists.has(op)) return this.listed(op, { ok: false, error }, out);
    const page = this.#takeLoad(op);
    if (page === undefined) return this.#finish(op, error);
    page.error = error;
    page.bytes = null;
    // The next task that needs the page loads it again.
    this.#pages.delete(page.index);
    this.#loaded(page);
  }

  #finish(op: OpId, error: WireIssue | undefined): void {
    const store = this.#stores.get(op);
    if (store === undefined) return;
    this.#stores.delete(op);
    const { changes, pages, done } = store;
    if (error === undefined) changes.updateFreeCoins(this.free);
    else changes.undo();
    for (const page of pages) page.storing--;
    changes.forEachCoin((page, place) => page.free(place));
    done(error);
    changes.forEachCoin((page, place) => {
      let task = page.nextWaiting(place);
      for (; task !== undefined; task = page.nextWaiting(place)) this.#schedule(task);
    });
    this.#evict();
  }

  #load(index: number, out: Sink<PageEffect>): Page {
    const page = new Page(index);
    this.#pages.set(index, page);
    const op = this.#nextOp();
    this.#loads.set(op, page);
    out.push({ type: "load", op, key: pageKeyAt(index) });
    return page;
  }

  #index(index: number, bytes: Uint8Array | null): void {
    this.free.addPage(index, bytes);
    this.#onRead(index, bytes);
  }

  #takeLoad(op: OpId): Page | undefined {
    const page = this.#loads.get(op);
    this.#loads.delete(op);
    return page;
  }

  #loaded(page: Page): void {
    for (const task of page.loading.splice(0)) this.#schedule(task);
  }

  /** Runs a task, or queues it at the first page that is loading or the first coin that is being stored. */
  #schedule(task: PageTask): void {
    let storing = 0;
    for (const page of task.pages) {
      if (page.error !== undefined) return this.#run(task, page.error);
      if (page.bytes === undefined) return void page.loading.push(task);
      storing += page.storing;
    }
    if (storing > 0) {
      for (const coin of task.coins) {
        const page = this.pageOf(coin);
        const place = coin.serial % PAGE_COINS;
        if (page?.isHeld(place) === true) return page.wait(place, task);
      }
    }
    this.#run(task);
  }

  #run({ pages, run }: PageTask, error?: WireIssue): void {
    run(error);
    for (const page of pages) page.tasks--;
    this.#evict();
  }

  /** Evicts unused pages down to the limit. Recently used pages get a second chance. */
  #evict(): void {
    if (this.#pages.size <= this.#pagesMax) return;
    let looks = 2 * this.#pages.size;
    for (const [index, page] of this.#pages) {
      if (this.#pages.size <= this.#pagesMax || looks-- === 0) return;
      this.#pages.delete(index);
      const isNeeded = page.bytes === undefined || page.storing > 0 || page.tasks > 0;
      // Moves the page to the end of the map, where the loop reaches it again.
      if (isNeeded || page.wasUsed) this.#pages.set(index, page);
      page.wasUsed = false;
    }
  }

  /** -1 if the page cannot exist. `reference` keeps 16 bits of the page number, like the C server. */
  #indexOf({ denomination, serial }: CoinId): number {
    const page = this.#profile === "reference" ? (serial >>> 10) & 0xffff : serial >>> 10;
    return pageIndex(denomination, page);
  }
}

/** Extends the bytes of a short file to a full page with zeros, which are no coin's AN. */
function pageOf(bytes: Uint8Array): Uint8Array {
  const page = new Uint8Array(PAGE_BYTES);
  page.set(bytes.subarray(0, PAGE_BYTES));
  return page;
}
