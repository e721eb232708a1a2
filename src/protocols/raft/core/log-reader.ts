/** Reading the log on from some place: from memory, or from the disk where the entries have left that. */
import type { LogEntry } from "../../../codec/gen/raft/index.js";
import type { Files } from "./files.js";
import type { EntryReader } from "./leadership.js";
import { fitting } from "./log.js";
import type { State } from "./state.js";

/** What a load has brought, as long as the next read begins within it. */
interface Loaded {
  readonly first: number;
  readonly entries: readonly LogEntry[];
}

/** One reader. It holds what one load brings, and no more. */
export class LogReader implements EntryReader {
  readonly #state: State;
  readonly #files: Files;
  readonly #failed: () => void;
  #loaded: Loaded | undefined;
  #isLoading = false;

  /** @param failed is told when the disk has not given what was asked for; the next read asks again */
  constructor(state: State, files: Files, failed: () => void) {
    this.#state = state;
    this.#files = files;
    this.#failed = failed;
  }

  /**
   * As many entries from `first` on as fit into `bytesMax`, at least one; the log has `first`.
   * @returns undefined while they are read: a turn of the core follows
   */
  take(first: number, bytesMax: number): LogEntry[] | undefined {
    const { log } = this.#state;
    if (first >= log.firstHeld) {
      this.#loaded = undefined;
      return log.take(first, bytesMax);
    }
    const loaded = this.#loaded;
    if (loaded !== undefined && first >= loaded.first && first < loaded.first + loaded.entries.length) {
      return fitting(loaded.entries, first - loaded.first, bytesMax);
    }
    if (!this.#isLoading) this.#load(first);
    return undefined;
  }

  #load(first: number): void {
    this.#isLoading = true;
    this.#loaded = undefined;
    this.#files.loadEntries(first, (entries = []) => {
      this.#isLoading = false;
      const { log } = this.#state;
      // What was replaced or dropped meanwhile is nobody's.
      const isOurs = entries.every(({ term }, i) => log.termAt(first + i) === term);
      if (entries.length > 0 && isOurs) this.#loaded = { first, entries };
      else this.#failed();
    });
  }
}
