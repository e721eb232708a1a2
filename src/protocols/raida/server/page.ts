/** A page of coins in memory, and what waits for it or changes it. */
import type { WireIssue } from "../../../errors.js";
import type { DiskWrite } from "../../../machine/index.js";
import type { FreeCoins } from "./free-coins.js";

/** A page that somebody has named. */
export interface Page {
  readonly index: number;
  /** Undefined while it is being loaded; null where the server has no such page. */
  bytes: Uint8Array | null | undefined;
  /** Why it could not be read. */
  error?: WireIssue;
  /** Stores under way. While there are any, nobody reads the page: what it says is not yet kept. */
  storing: number;
  readonly waiting: PageTask[];
  /** The number of the last task that has named it. */
  lastTask: number;
  /** Tasks that have named it and are not over. */
  tasks: number;
  /** Named since it was last considered for eviction. */
  wasUsed: boolean;
}

/** What waits for pages. */
export interface PageTask {
  /** By themselves: one that could not be read is no longer known by its index when the others are there. */
  readonly pages: readonly Page[];
  /** `error` when a page could not be read. */
  readonly run: (error?: WireIssue) => void;
}

/** Changes that were made to pages and are not stored yet. */
export interface PageChanges {
  readonly isEmpty: boolean;
  /** The pages that have changed, each once. */
  readonly pages: ReadonlySet<Page>;
  /** What the disk is to write. */
  writes(): DiskWrite[];
  /** Takes all of them back. */
  undo(): void;
  /** Tells which coins are in use after them. */
  teach(free: FreeCoins): void;
}
