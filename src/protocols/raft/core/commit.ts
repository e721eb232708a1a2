/** What is committed, and applied in its order. */
import { EntryType, type LogEntry } from "../../../codec/gen/raft/index.js";
import { reachedByMajority } from "./config.js";
import { entryBytes } from "./coded-entries.js";
import type { State } from "./state.js";

/** Commits as a leader, and applies as any member. */
export class Commit {
  readonly #state: State;
  /** Takes marks and notes. */
  readonly #backup: (index: number, entry: LogEntry) => void;
  /** Entries and bytes that were applied since the last snapshot. */
  entriesSince = 0;
  bytesSince = 0;
  /** Of the last entry that was applied. */
  #term: number;

  constructor(state: State, backup: (index: number, entry: LogEntry) => void) {
    this.#state = state;
    this.#backup = backup;
    const { log, appliedIndex } = state;
    this.entriesSince = appliedIndex - log.prev.index;
    this.#term = log.termAt(appliedIndex) ?? 0;
  }

  /** Commits what a majority of the voters in force has on its disk, if it is of the own term. */
  advance(): void {
    const state = this.#state;
    if (state.lead === undefined) return;
    const index = reachedByMajority(state.amongVoters(state.stored, ({ match }) => match));
    if (index > state.commit && state.log.termAt(index) === state.term) state.setCommit(index);
  }

  /** Whether there is more to apply than one turn does. */
  get isBehind(): boolean {
    const { appliedIndex, commit, stored } = this.#state;
    return appliedIndex < Math.min(commit, stored);
  }

  /** Applies what is committed and on the own disk, as much as one turn may. */
  apply(): void {
    const state = this.#state;
    const { rules, log, applied } = state;
    let bytes = 0;
    for (let entries = 0; this.isBehind && entries < rules.applyBatch && bytes < rules.applyBytes; entries++) {
      const index = state.appliedIndex + 1;
      const entry = log.entryAt(index);
      if (entry === undefined) return state.fail("A5", `no entry ${index} to apply`);
      const done = applied.apply(index, entry);
      state.appliedIndex = index;
      bytes += entryBytes(entry);
      state.out.push({ type: "applied", index, entry });
      if (entry.entryType === EntryType.config) {
        const placed = log.configAt(index);
        if (placed !== undefined) state.emit({ type: "configChanged", ...placed });
      } else if (entry.entryType === EntryType.mark || entry.entryType === EntryType.note) {
        this.#backup(index, entry);
        if (state.fault !== undefined) return;
      }
      const waiting = state.takeWaiting(index);
      for (let i = 0; i < waiting.length; i++) {
        const { tag, term } = waiting[i]!;
        // Another entry is committed in its place: it is lost for sure.
        if (term !== entry.term) state.settle(tag, "notLeader");
        else state.settle(tag, done?.status ?? "ok", index, done?.result);
      }
      if (entry.term > this.#term) state.settleLost((this.#term = entry.term));
    }
    this.entriesSince = state.appliedIndex - (state.mark?.last.index ?? 0);
    this.bytesSince += bytes;
  }
}
