/** The log in memory, with the configurations in it. */
import { decodeClusterConfig, EntryType, type ClusterConfig, type LogEntry } from "../../../codec/gen/raft/index.js";
import { ORIGIN, type LogImage } from "./log-image.js";
import type { LogPlace } from "./messages.js";

/** A configuration, in force from the entry on that holds it. */
export interface PlacedConfig {
  readonly index: number;
  readonly config: ClusterConfig;
}

/** Bytes of an entry in front of its data. */
const ENTRY_HEAD_BYTES = 13;

/** Bytes of an entry in a message and on the disk. */
export function entryBytes({ data }: LogEntry): number {
  return ENTRY_HEAD_BYTES + data.length;
}

/** Entries behind `prev`, each with an index one above that of the one before. */
export class Log {
  #prev: LogPlace;
  #entries: LogEntry[];
  #bytes = 0;
  /** Ascending; the first may stand for a snapshot. */
  #configs: PlacedConfig[] = [];

  constructor({ prev, entries, mark }: LogImage) {
    this.#prev = prev;
    this.#entries = [...entries];
    if (mark !== undefined) this.#configs.push({ index: mark.last.index, config: mark.config });
    const base = mark?.last.index ?? 0;
    entries.forEach((entry, i) => {
      this.#bytes += entryBytes(entry);
      if (prev.index + 1 + i > base) this.#note(prev.index + 1 + i, entry);
    });
  }

  /** In front of the first entry. */
  get prev(): LogPlace {
    return this.#prev;
  }

  get first(): number {
    return this.#prev.index + 1;
  }

  get last(): number {
    return this.#prev.index + this.#entries.length;
  }

  get end(): LogPlace {
    return { index: this.last, term: this.#entries.at(-1)?.term ?? this.#prev.term };
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Terms of all entries. */
  get terms(): number[] {
    return this.#entries.map(({ term }) => term);
  }

  /** The configuration in force: the last one, committed or not. */
  get config(): PlacedConfig | undefined {
    return this.#configs.at(-1);
  }

  /** The configuration in force at an entry that is committed. */
  configAt(index: number): PlacedConfig | undefined {
    return this.#configs.findLast((config) => config.index <= index);
  }

  /** How many configurations lie behind an index. */
  configsAfter(index: number): number {
    return this.#configs.filter((placed) => placed.index > index).length;
  }

  /** Undefined where the log has no such entry any more, or not yet. */
  termAt(index: number): number | undefined {
    if (index === this.#prev.index) return this.#prev.term;
    return this.#entries[index - this.#prev.index - 1]?.term;
  }

  entryAt(index: number): LogEntry | undefined {
    return this.#entries[index - this.#prev.index - 1];
  }

  has({ index, term }: LogPlace): boolean {
    return this.termAt(index) === term;
  }

  /** Entries from `first` on, at least one if there is one, as many as fit into `bytesMax`. */
  take(first: number, bytesMax: number): LogEntry[] {
    const taken: LogEntry[] = [];
    let left = bytesMax;
    for (let at = first - this.first; at < this.#entries.length; at++) {
      const entry = this.#entries[at]!;
      left -= entryBytes(entry);
      if (left < 0 && taken.length > 0) break;
      taken.push(entry);
    }
    return taken;
  }

  /** Whether the entries from `first` on have at least so many bytes. */
  hasBytes(first: number, bytes: number): boolean {
    let left = bytes;
    for (let at = first - this.first; at < this.#entries.length && left > 0; at++)
      left -= entryBytes(this.#entries[at]!);
    return left <= 0;
  }

  /** All entries from `first` on. */
  from(first: number): LogEntry[] {
    return this.#entries.slice(first - this.first);
  }

  append(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#bytes += entryBytes(entry);
    this.#note(this.last, entry);
  }

  /** Removes the entries from `first` on; configurations in them were never in force. */
  truncate(first: number): void {
    for (const entry of this.#entries.splice(first - this.first)) this.#bytes -= entryBytes(entry);
    while (this.#configs.length > 0 && this.#configs.at(-1)!.index >= first) this.#configs.pop();
  }

  /** Drops the entries up to an index that a snapshot covers. */
  trim(index: number, { last, config }: { readonly last: LogPlace; readonly config: ClusterConfig }): void {
    const term = this.termAt(index)!;
    for (const entry of this.#entries.splice(0, index - this.#prev.index)) this.#bytes -= entryBytes(entry);
    this.#prev = { index, term };
    this.#configs = [{ index: last.index, config }, ...this.#configs.filter((placed) => placed.index > last.index)];
  }

  /** A snapshot takes the place of all entries. */
  reset(last: LogPlace, config: ClusterConfig): void {
    this.#prev = last;
    this.#entries = [];
    this.#bytes = 0;
    this.#configs = [{ index: last.index, config }];
  }

  /** Where this log may still equal one that has no entry at `index` of a term above `term`. */
  hintBelow(index: number, term: number): LogPlace {
    for (let at = Math.min(index, this.last); at > this.#prev.index; at--) {
      const found = this.termAt(at)!;
      if (found <= term) return { index: at, term: found };
    }
    return this.#prev.index <= index && this.#prev.term <= term ? this.#prev : ORIGIN;
  }

  #note(index: number, { entryType, data }: LogEntry): void {
    if (entryType === EntryType.config) this.#configs.push({ index, config: decodeClusterConfig(data) });
  }
}
