/** A page of coins in memory, the tasks that wait for it, and changes to it. */
import type { WireIssue } from "../../../errors.js";
import type { DiskWrite } from "../../../machine/index.js";
import type { FreeCoins } from "./free-coins.js";

/** A page in memory. */
export interface Page {
  readonly index: number;
  /** Undefined while it is loading; null if the server does not have the page. */
  bytes: Uint8Array | null | undefined;
  /** The error of a failed load. */
  error?: WireIssue;
  /** Stores in progress. Until they end nobody reads the page, because its bytes are not yet on the disk. */
  storing: number;
  readonly waiting: PageTask[];
  /** Number of the last task that named the page. */
  lastTask: number;
  /** Tasks that named the page and have not ended. */
  tasks: number;
  /** Whether a task named the page since it was last considered for eviction. */
  wasUsed: boolean;
}

/** A task that waits for pages. */
export interface PageTask {
  /** The pages themselves, because a page that failed to load can no longer be found by its index. */
  readonly pages: readonly Page[];
  /** Runs the task. `error` says that a page could not be read. */
  readonly run: (error?: WireIssue) => void;
}

/** Changes to pages that are not yet on the disk. */
export interface PageChanges {
  readonly isEmpty: boolean;
  /** The changed pages, each once. */
  readonly pages: ReadonlySet<Page>;
  /** The writes for the disk. */
  writes(): DiskWrite[];
  /** Reverts all changes. */
  undo(): void;
  /** Updates the index of free coins. */
  updateFreeCoins(free: FreeCoins): void;
}
