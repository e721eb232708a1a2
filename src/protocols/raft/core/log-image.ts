/** What the records of a log on the disk amount to: hard state, snapshot and entries. */
import type { ClusterConfig, LogEntry } from "../../../codec/gen/raft/index.js";
import { EntryType, encodeClusterConfig } from "../../../codec/gen/raft/index.js";
import { WireError } from "../../../errors.js";
import type { LogPlace } from "./messages.js";
import type { HardState, LogStore, SnapshotMark } from "./types.js";

/** The place in front of the first entry. */
export const ORIGIN: LogPlace = Object.freeze({ index: 0, term: 0 });

/** The log of one member as its disk has it. A start reads it from records; cores without a disk keep one. */
export class LogImage {
  hard: HardState = { term: 0, vote: 0, commit: 0, abstain: false };
  /** The newest snapshot that is whole. */
  mark: SnapshotMark | undefined;
  /** In front of the first entry. */
  prev: LogPlace = ORIGIN;
  entries: LogEntry[] = [];

  /** Index of the last entry. */
  get last(): number {
    return this.prev.index + this.entries.length;
  }

  /** The last entry, or what lies in front of the first. */
  get end(): LogPlace {
    return { index: this.last, term: this.entries.at(-1)?.term ?? this.prev.term };
  }

  /** @throws WireError `storage` for entries that do not follow those that are there */
  apply({ hard, mark, first, entries = [] }: LogStore): void {
    this.hard = hard;
    if (mark !== undefined) {
      const { dropLog, ...whole } = mark;
      this.mark = whole;
      if (dropLog) {
        this.prev = mark.last;
        this.entries = [];
      }
    }
    if (first === undefined) return;
    if (first <= this.prev.index || first > this.last + 1) {
      const actual = `entries from ${first}`;
      throw new WireError({
        code: "storage",
        format: "raft",
        path: "log",
        expected: `${this.last + 1} at most`,
        actual,
      });
    }
    this.entries.length = first - this.prev.index - 1;
    this.entries.push(...entries);
  }

  /** Drops entries up to `place`. */
  trim(place: LogPlace): void {
    if (place.index <= this.prev.index || place.index > this.last) return;
    this.entries.splice(0, place.index - this.prev.index);
    this.prev = place;
  }
}

/** What each founding member stores on an empty disk before it does anything: the same at all of them. */
export function foundingStore(config: ClusterConfig): LogStore {
  const entry: LogEntry = { term: 1, entryType: EntryType.config, data: encodeClusterConfig(config) };
  return { hard: { term: 1, vote: 0, commit: 0, abstain: false }, first: 1, entries: [entry] };
}
