import { equalRange } from "../../bytes/index.js";
import type { WireIssue } from "../../errors.js";
import { countUp, type DiskWrite, type OpId } from "../../machine/index.js";
import { DENOMINATION_MAX, DENOMINATION_MIN, SERIAL_LIMIT, type Profile, type Sink } from "../protocol.js";

/** Coins on a page, and bytes a coin: AN 16, MFS 1 (seeds/raida, storage). */
export const PAGE_COINS = 1024;
export const RECORD_BYTES = 17;
export const PAGE_BYTES = PAGE_COINS * RECORD_BYTES;
export const AN_BYTES = 16;
const PAGES_OF_DENOMINATION = SERIAL_LIMIT / PAGE_COINS;
const PAGES = (DENOMINATION_MAX - DENOMINATION_MIN + 1) * PAGES_OF_DENOMINATION;

/** What the pages ask of the disk. */
export type PageEffect =
  | { readonly type: "load"; readonly op: OpId; readonly key: string }
  | { readonly type: "store"; readonly op: OpId; readonly writes: readonly DiskWrite[] };

/** A coin's new number. */
export interface Write {
  readonly denomination: number;
  readonly serial: number;
  readonly an: Uint8Array;
  readonly mfs: number;
}

interface Page {
  /** Undefined while it is being loaded; null where the server has no such page. */
  bytes: Uint8Array | null | undefined;
  /** Why it could not be read. */
  error?: WireIssue;
  /** Stores under way. While there are any, nobody reads the page: what it says is not yet kept. */
  storing: number;
  readonly waiting: Task[];
}

interface Task {
  /** By themselves: one that could not be read is no longer known by its key when the others are there. */
  readonly pages: readonly Page[];
  /** `error` when a page could not be read. */
  readonly run: (error?: WireIssue) => void;
}

/** A store under way. */
interface Store {
  readonly writes: readonly DiskWrite[];
  /** What the records were, in the same order. */
  readonly previous: readonly Uint8Array[];
  readonly done: (error?: WireIssue) => void;
}

/** `bytes` is null where the server has no such page, or cannot read it. */
export type PageRead = (bytes: Uint8Array | null, error: WireIssue | undefined, out: Sink<PageEffect>) => void;

/**
 * The coins of a server as pages, read and written through load and store effects. A task gets its pages when
 * all of them are there and none is being stored, so that nothing is answered that a crash could take back.
 */
export class Pages {
  readonly #pages = new Map<string, Page>();
  /** Names of pages as far as they were needed: to make one takes longer than to find its page. */
  readonly #keys = new Array<string | undefined>(PAGES);
  readonly #loads = new Map<OpId, string>();
  readonly #reads = new Map<OpId, PageRead>();
  readonly #stores = new Map<OpId, Store>();
  readonly #nextOp = countUp();
  readonly #profile: Profile;

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** Runs a task once the pages of all its coins are quiet, perhaps at once. */
  whenReady(
    coins: Iterable<{ denomination: number; serial: number }>,
    run: (error?: WireIssue) => void,
    out: Sink<PageEffect>,
  ): void {
    const keys = new Set<string>();
    for (const coin of coins) {
      const key = this.#keyOf(coin);
      if (key !== undefined) keys.add(key);
    }
    const pages = Array.from(keys, (key) => this.#pages.get(key) ?? this.#load(key, out));
    this.#schedule({ pages, run });
  }

  /** Whether the server has a page for the coin. Only inside a task that named the coin. */
  has(coin: { denomination: number; serial: number }): boolean {
    return this.bytesOf(coin) !== null;
  }

  /** The page of a coin, null where the server has none. Lent for the task that named the coin. */
  bytesOf(coin: { denomination: number; serial: number }): Uint8Array | null {
    const key = this.#keyOf(coin);
    return key === undefined ? null : (this.#pages.get(key)?.bytes ?? null);
  }

  /** Names the record of a coin; -1 where there can be none. */
  recordOf(coin: { denomination: number; serial: number }): number {
    const page = this.#pageOf(coin);
    return page < 0
      ? -1
      : (coin.denomination - DENOMINATION_MIN) * SERIAL_LIMIT + page * PAGE_COINS + (coin.serial % PAGE_COINS);
  }

  /** Whether a coin's number is `an`; false on an unknown page. The time taken says nothing of the bytes. */
  isAuthentic(coin: { denomination: number; serial: number }, an: Uint8Array): boolean {
    const page = this.bytesOf(coin);
    return page !== null && equalRange(page, offsetOf(coin.serial), an, 0, AN_BYTES);
  }

  /** A copy of a coin's number; undefined on an unknown page. Only inside a task that named the coin. */
  anOf(coin: { denomination: number; serial: number }): Uint8Array | undefined {
    const at = offsetOf(coin.serial);
    return this.bytesOf(coin)?.slice(at, at + AN_BYTES);
  }

  /** A page as it is in memory, null where the server has none; undefined where only the disk knows. */
  peek(key: string): Uint8Array | null | undefined {
    return this.#pages.get(key)?.bytes;
  }

  /** Reads a page from the disk and does not keep it. The bytes are lent for the call. */
  read(key: string, done: PageRead, out: Sink<PageEffect>): void {
    const op = this.#nextOp();
    this.#reads.set(op, done);
    out.push({ type: "load", op, key });
  }

  /** Changes records, each once, and calls `done` when all are stored; if the disk refuses, all are as before. */
  write(writes: readonly Write[], done: (error?: WireIssue) => void, out: Sink<PageEffect>): void {
    if (writes.length === 0) return done();
    const changes = writes.map((write): DiskWrite => {
      const bytes = new Uint8Array(RECORD_BYTES);
      bytes.set(write.an);
      bytes[AN_BYTES] = write.mfs;
      return { key: this.#keyOf(write)!, at: offsetOf(write.serial), bytes };
    });
    const previous = changes.map(({ key, at, bytes }) => {
      const page = this.#pages.get(key)!;
      const before = page.bytes!.slice(at, at + RECORD_BYTES);
      page.bytes!.set(bytes, at);
      page.storing++;
      return before;
    });
    const op = this.#nextOp();
    this.#stores.set(op, { writes: changes, previous, done });
    out.push({ type: "store", op, writes: changes });
  }

  loaded(op: OpId, bytes: Uint8Array | undefined, out: Sink<PageEffect>): void {
    const read = this.#reads.get(op);
    if (this.#reads.delete(op)) return read!(bytes ?? null, undefined, out);
    const page = this.#takeLoad(op);
    if (page === undefined) return;
    page.bytes = bytes === undefined ? null : pageOf(bytes);
    this.#wake(page);
  }

  stored(op: OpId): void {
    this.#finish(op, undefined);
  }

  failed(op: OpId, error: WireIssue, out: Sink<PageEffect>): void {
    const read = this.#reads.get(op);
    if (this.#reads.delete(op)) return read!(null, error, out);
    const page = this.#takeLoad(op);
    if (page !== undefined) {
      page.error = error;
      page.bytes = null;
      this.#wake(page);
      // The next who needs it asks again.
      for (const [key, other] of this.#pages) if (other === page) this.#pages.delete(key);
      return;
    }
    this.#finish(op, error);
  }

  #finish(op: OpId, error: WireIssue | undefined): void {
    const store = this.#stores.get(op);
    if (store === undefined) return;
    this.#stores.delete(op);
    const pages = store.writes.map(({ key }) => this.#pages.get(key)!);
    if (error !== undefined) {
      // The last first: in `reference` two coins can share a record.
      for (let i = pages.length - 1; i >= 0; i--) pages[i]!.bytes!.set(store.previous[i]!, store.writes[i]!.at);
    }
    for (const page of pages) page.storing--;
    store.done(error);
    for (const page of pages) this.#wake(page);
  }

  #load(key: string, out: Sink<PageEffect>): Page {
    const page: Page = { bytes: undefined, storing: 0, waiting: [] };
    this.#pages.set(key, page);
    const op = this.#nextOp();
    this.#loads.set(op, key);
    out.push({ type: "load", op, key });
    return page;
  }

  #takeLoad(op: OpId): Page | undefined {
    const key = this.#loads.get(op);
    if (key === undefined) return undefined;
    this.#loads.delete(op);
    return this.#pages.get(key);
  }

  #wake(page: Page): void {
    while (page.bytes !== undefined && page.storing === 0) {
      const task = page.waiting.shift();
      if (task === undefined) return;
      this.#schedule(task);
    }
  }

  /** Runs a task, or lets it wait at the first page that is not quiet. */
  #schedule(task: Task): void {
    for (const page of task.pages) {
      if (page.error !== undefined) return task.run(page.error);
      if (page.bytes !== undefined && page.storing === 0) continue;
      page.waiting.push(task);
      return;
    }
    task.run();
  }

  /** Undefined where there can be no page. */
  #keyOf(coin: { denomination: number; serial: number }): string | undefined {
    const page = this.#pageOf(coin);
    if (page < 0) return undefined;
    const { denomination } = coin;
    return (this.#keys[(denomination - DENOMINATION_MIN) * PAGES_OF_DENOMINATION + page] ??= pageKey(
      denomination,
      page,
    ));
  }

  /** -1 where there can be no page. The C server keeps 16 bits of the page number; `reference` does too. */
  #pageOf({ denomination, serial }: { denomination: number; serial: number }): number {
    if (denomination < DENOMINATION_MIN || denomination > DENOMINATION_MAX) return -1;
    const page = this.#profile === "reference" ? (serial >>> 10) & 0xffff : serial >>> 10;
    return page < PAGES_OF_DENOMINATION ? page : -1;
  }
}

/** The name of a page on the disk: `coins/01/0003`. */
export function pageKey(denomination: number, page: number): string {
  return `coins/${(denomination & 0xff).toString(16).padStart(2, "0")}/${page.toString(16).padStart(4, "0")}`;
}

/** Where a coin's record lies on its page. */
export function offsetOf(serial: number): number {
  return (serial & (PAGE_COINS - 1)) * RECORD_BYTES;
}

/** A page of its own size: a short file reads as zeros behind its end, which no coin has for a number. */
function pageOf(bytes: Uint8Array): Uint8Array {
  const page = new Uint8Array(PAGE_BYTES);
  page.set(bytes.subarray(0, PAGE_BYTES));
  return page;
}
