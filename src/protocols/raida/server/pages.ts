import { equalRange } from "../../../bytes/index.js";
import type { WireIssue } from "../../../errors.js";
import { countUp, type DiskWrite, type OpId } from "../../../machine/index.js";
import type { RaidaProfile, Sink } from "../protocol.js";
import { FreeCoins } from "./free-coins.js";
import type { Page, PageChanges, PageTask } from "./page.js";
import { AN_BYTES, offsetOf, PAGE_BYTES, pageIndex, pageKeyAt } from "./page-layout.js";

export { AN_BYTES, offsetOf, PAGE_BYTES, PAGE_COINS, pageKey, RECORD_BYTES } from "./page-layout.js";

/** What the pages ask of the disk. */
export type PageEffect =
  | { readonly type: "load"; readonly op: OpId; readonly key: string }
  | { readonly type: "store"; readonly op: OpId; readonly writes: readonly DiskWrite[] };

interface CoinId {
  readonly denomination: number;
  readonly serial: number;
}

/** A store under way. */
interface Store {
  readonly changes: PageChanges;
  readonly pages: ReadonlySet<Page>;
  readonly done: (error?: WireIssue) => void;
}

interface Read {
  readonly index: number;
  readonly done: PageRead;
}

type OnRead = (index: number, bytes: Uint8Array | null) => void;

/** Told when a page that {@link Pages.learn} has asked for is known, or why it is not. */
export type PageRead = (error: WireIssue | undefined, out: Sink<PageEffect>) => void;

/**
 * The coins of a server as pages, read and written through load and store effects. A task gets its pages when
 * all of them are there and none is being stored, so that nothing is answered that a crash could take back. Pages that
 * nobody waits for stay in memory as long as there is room.
 */
export class Pages {
  /** Which coins are free, of the pages that have been read. */
  readonly free = new FreeCoins();
  readonly #pages = new Map<number, Page>();
  readonly #loads = new Map<OpId, Page>();
  readonly #reads = new Map<OpId, Read>();
  readonly #stores = new Map<OpId, Store>();
  readonly #nextOp = countUp();
  /** That have begun. */
  #tasks = 0;
  readonly #profile: RaidaProfile;
  readonly #pagesMax: number;
  readonly #onRead: OnRead;

  /**
   * @param bytesMax of the pages that are kept; those that tasks or stores need come on top
   * @param onRead hears of every page that is read, as the disk has it; null where it has none
   */
  constructor(profile: RaidaProfile, bytesMax: number, onRead: OnRead = () => {}) {
    this.#profile = profile;
    this.#onRead = onRead;
    this.#pagesMax = Math.floor(bytesMax / PAGE_BYTES);
  }

  /** Pages in memory. */
  get size(): number {
    return this.#pages.size;
  }

  /** Runs a task once the pages of all its coins are quiet, perhaps at once. */
  whenReady(coins: Iterable<CoinId>, run: (error?: WireIssue) => void, out: Sink<PageEffect>): void {
    const task = ++this.#tasks;
    const pages: Page[] = [];
    for (const coin of coins) {
      const index = this.#indexOf(coin);
      if (index < 0) continue;
      const page = this.#pages.get(index) ?? this.#load(index, out);
      if (page.lastTask === task) continue;
      page.lastTask = task;
      page.tasks++;
      page.wasUsed = true;
      pages.push(page);
    }
    this.#schedule({ pages, run });
  }

  /** Whether the server has a page for the coin. Only inside a task that named the coin. */
  has(coin: CoinId): boolean {
    return this.bytesOf(coin) !== null;
  }

  /** The page of a coin, undefined where there can be none. Lent for the task that named the coin. */
  pageOf(coin: CoinId): Page | undefined {
    return this.#pages.get(this.#indexOf(coin));
  }

  /** The bytes of a coin's page, null where the server has none. Lent for the task that named the coin. */
  bytesOf(coin: CoinId): Uint8Array | null {
    return this.pageOf(coin)?.bytes ?? null;
  }

  /** Whether a coin's number is `an`; false on an unknown page. The time taken says nothing of the bytes. */
  isAuthentic(coin: CoinId, an: Uint8Array): boolean {
    const page = this.bytesOf(coin);
    return page !== null && equalRange(page, offsetOf(coin.serial), an, 0, AN_BYTES);
  }

  /** A copy of a coin's number; undefined on an unknown page. Only inside a task that named the coin. */
  anOf(coin: CoinId): Uint8Array | undefined {
    const at = offsetOf(coin.serial);
    return this.bytesOf(coin)?.slice(at, at + AN_BYTES);
  }

  /** Reads a page that {@link free} does not know, and keeps no more of it than that. */
  learn(index: number, done: PageRead, out: Sink<PageEffect>): void {
    const op = this.#nextOp();
    this.#reads.set(op, { index, done });
    out.push({ type: "load", op, key: pageKeyAt(index) });
  }

  /** Calls `done` when all changes are stored; if the disk refuses, all is as before. */
  store(changes: PageChanges, done: (error?: WireIssue) => void, out: Sink<PageEffect>): void {
    if (changes.isEmpty) return done();
    const { pages } = changes;
    for (const page of pages) page.storing++;
    const op = this.#nextOp();
    this.#stores.set(op, { changes, pages, done });
    out.push({ type: "store", op, writes: changes.writes() });
  }

  loaded(op: OpId, bytes: Uint8Array | undefined, out: Sink<PageEffect>): void {
    const read = this.#reads.get(op);
    if (this.#reads.delete(op)) {
      // A page that has come into memory meanwhile is known already, with changes that this one may lack.
      if (this.free.countInUse(read!.index) === undefined) this.#learn(read!.index, bytes ?? null);
      return read!.done(undefined, out);
    }
    const page = this.#takeLoad(op);
    if (page === undefined) return;
    page.bytes = bytes === undefined ? null : pageOf(bytes);
    this.#learn(page.index, page.bytes);
    this.#wake(page);
  }

  stored(op: OpId): void {
    this.#finish(op, undefined);
  }

  failed(op: OpId, error: WireIssue, out: Sink<PageEffect>): void {
    const read = this.#reads.get(op);
    if (this.#reads.delete(op)) return read!.done(error, out);
    const page = this.#takeLoad(op);
    if (page === undefined) return this.#finish(op, error);
    page.error = error;
    page.bytes = null;
    // The next who needs it asks again.
    this.#pages.delete(page.index);
    this.#wake(page);
  }

  #finish(op: OpId, error: WireIssue | undefined): void {
    const store = this.#stores.get(op);
    if (store === undefined) return;
    this.#stores.delete(op);
    const { changes, pages, done } = store;
    if (error === undefined) changes.teach(this.free);
    else changes.undo();
    for (const page of pages) page.storing--;
    done(error);
    for (const page of pages) this.#wake(page);
    this.#evict();
  }

  #load(index: number, out: Sink<PageEffect>): Page {
    const page: Page = { index, bytes: undefined, storing: 0, waiting: [], lastTask: 0, tasks: 0, wasUsed: true };
    this.#pages.set(index, page);
    const op = this.#nextOp();
    this.#loads.set(op, page);
    out.push({ type: "load", op, key: pageKeyAt(index) });
    return page;
  }

  #learn(index: number, bytes: Uint8Array | null): void {
    this.free.learn(index, bytes);
    this.#onRead(index, bytes);
  }

  #takeLoad(op: OpId): Page | undefined {
    const page = this.#loads.get(op);
    this.#loads.delete(op);
    return page;
  }

  #wake(page: Page): void {
    while (page.bytes !== undefined && page.storing === 0) {
      const task = page.waiting.shift();
      if (task === undefined) return;
      this.#schedule(task);
    }
  }

  /** Runs a task, or lets it wait at the first page that is not quiet. */
  #schedule(task: PageTask): void {
    for (const page of task.pages) {
      if (page.error !== undefined) return this.#run(task, page.error);
      if (page.bytes !== undefined && page.storing === 0) continue;
      page.waiting.push(task);
      return;
    }
    this.#run(task);
  }

  #run({ pages, run }: PageTask, error?: WireIssue): void {
    run(error);
    for (const page of pages) page.tasks--;
    this.#evict();
  }

  /** Forgets pages that nobody needs, until there are no more than allowed; those used lately get a second chance. */
  #evict(): void {
    if (this.#pages.size <= this.#pagesMax) return;
    let looks = 2 * this.#pages.size;
    for (const [index, page] of this.#pages) {
      if (this.#pages.size <= this.#pagesMax || looks-- === 0) return;
      this.#pages.delete(index);
      const isNeeded = page.bytes === undefined || page.storing > 0 || page.tasks > 0;
      // Again at the end, where the loop comes by once more.
      if (isNeeded || page.wasUsed) this.#pages.set(index, page);
      page.wasUsed = false;
    }
  }

  /** -1 where there can be no page. The C server keeps 16 bits of the page number; `reference` does too. */
  #indexOf({ denomination, serial }: CoinId): number {
    const page = this.#profile === "reference" ? (serial >>> 10) & 0xffff : serial >>> 10;
    return pageIndex(denomination, page);
  }
}

/** A page of its own size: a short file reads as zeros behind its end, which no coin has for a number. */
function pageOf(bytes: Uint8Array): Uint8Array {
  const page = new Uint8Array(PAGE_BYTES);
  page.set(bytes.subarray(0, PAGE_BYTES));
  return page;
}
