/** A page of coins in memory, the coins on it that are being stored, and the tasks that wait for either. */
import type { CoinId } from "../../../codec/gen/raida/index.js";
import type { WireIssue } from "../../../errors.js";
import type { DiskPut } from "../../../machine/index.js";
import type { FreeCoins } from "./free-coins.js";
import { PAGE_COINS } from "./page-layout.js";

/** A page in memory. */
export class Page {
  readonly index: number;
  /** Undefined while it is loading; null if the server does not have the page. */
  bytes: Uint8Array | null | undefined;
  /** The error of a failed load. */
  error: WireIssue | undefined;
  /** Stores in progress. */
  storing = 0;
  /** Tasks that wait until the page is loaded. */
  readonly loading: PageTask[] = [];
  /** Number of the last task that named the page. */
  lastTask = 0;
  /** Tasks that named the page and have not ended. */
  tasks = 0;
  /** Whether a task named the page since it was last considered for eviction. */
  wasUsed = true;
  /** By place: 1 for a coin that is being stored. Most pages are never changed and have none. */
  #held: Uint8Array | undefined;
  /** By place of a coin: the tasks that wait until it is stored. */
  readonly #waiting = new Map<number, PageTask[]>();

  constructor(index: number) {
    this.index = index;
  }

  /** Whether a store of the coin at a place is in progress: its record in memory is not yet on the disk. */
  isHeld(place: number): boolean {
    return this.#held?.[place] === 1;
  }

  /** Marks a coin as being stored, until {@link free}. */
  hold(place: number): void {
    this.#held ??= new Uint8Array(PAGE_COINS);
    this.#held[place] = 1;
  }

  free(place: number): void {
    this.#held![place] = 0;
  }

  /** Queues a task until the coin at a place is stored. */
  wait(place: number, task: PageTask): void {
    const tasks = this.#waiting.get(place);
    if (tasks === undefined) this.#waiting.set(place, [task]);
    else tasks.push(task);
  }

  /** Removes the task that has waited longest for a coin that is not being stored; undefined if there is none. */
  nextWaiting(place: number): PageTask | undefined {
    const tasks = this.#waiting.get(place);
    if (tasks === undefined || this.isHeld(place)) return undefined;
    const task = tasks.shift();
    if (tasks.length === 0) this.#waiting.delete(place);
    return task;
  }
}

/** The coins that a task names. */
export interface NamedCoins extends Iterable<CoinId> {
  /** The first coin of each run of coins on one page; absent if nobody has found the runs. */
  runs?(): readonly CoinId[];
}

/** A task that waits for pages, or for coins on them. */
export interface PageTask {
  /** The pages themselves, because a page that failed to load can no longer be found by its index. */
  readonly pages: readonly Page[];
  readonly coins: NamedCoins;
  /** Runs the task. `error` says that a page could not be read. */
  readonly run: (error?: WireIssue) => void;
}

/** Changes to pages that are not yet on the disk. */
export interface PageChanges {
  readonly isEmpty: boolean;
  /** The changed pages, each once. */
  readonly pages: ReadonlySet<Page>;
  /** Calls `visit` with the page and the place of each changed coin. */
  forEachCoin(visit: (page: Page, place: number) => void): void;
  /** The writes for the disk. */
  writes(): DiskPut[];
  /** Reverts all changes. */
  undo(): void;
  /** Updates the index of free coins. */
  updateFreeCoins(free: FreeCoins): void;
}
