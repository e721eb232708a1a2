/** The log: its terms, its last entries, and the configurations in it. */
import { decodeClusterConfig, EntryType, type ClusterConfig, type LogEntry } from "../../../codec/gen/raft/index.js";
import { ENTRY_HEAD_BYTES, entryBytes } from "./coded-entries.js";
import { ORIGIN, type LogImage } from "./log-image.js";
import type { LogPlace } from "./messages.js";

/** A configuration, in force from the entry on that holds it. */
export interface PlacedConfig {
  readonly index: number;
  readonly config: ClusterConfig;
}

/** As many entries from the `from`th on as fit into `bytesMax`, at least one if there is one. */
export function fitting(entries: readonly LogEntry[], from: number, bytesMax: number): LogEntry[] {
  const taken: LogEntry[] = [];
  let left = bytesMax;
  for (let at = from; at < entries.length; at++) {
    const entry = entries[at]!;
    left -= entryBytes(entry);
    if (left < 0 && taken.length > 0) break;
    taken.push(entry);
  }
  return taken;
}

/**
 * Entries behind `prev`, each with an index one above that of the one before. Their terms and sizes are in memory, the
 * entries themselves from some place on: what lies in front of it is read from the disk.
 */
export class Log {
  #prev: LogPlace;
  #terms: number[] = [];
  #sizes: number[] = [];
  /** The last ones. */
  #held: LogEntry[] = [];
  #bytes = 0;
  #heldBytes = 0;
  /** Ascending; the first may stand for a snapshot. */
  #configs: PlacedConfig[] = [];

  constructor({ prev, entries, mark }: LogImage) {
    this.#prev = prev;
    const base = mark?.last.index ?? 0;
    if (mark !== undefined) this.#configs.push({ index: base, config: mark.config });
    for (const entry of entries) {
      this.#push(entry);
      if (this.last > base) this.#note(this.last, entry);
    }
  }

  /** In front of the first entry. */
  get prev(): LogPlace {
    return this.#prev;
  }

  get first(): number {
    return this.#prev.index + 1;
  }

  get last(): number {
    return this.#prev.index + this.#terms.length;
  }

  get end(): LogPlace {
    return { index: this.last, term: this.#terms.at(-1) ?? this.#prev.term };
  }

  /** Bytes of all entries. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Terms of all entries. */
  get terms(): number[] {
    return [...this.#terms];
  }

  /** The first entry that is in memory, or the next one. */
  get firstHeld(): number {
    return this.last - this.#held.length + 1;
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
    return this.#terms[index - this.first];
  }

  /** Undefined where the log has no such entry, or not in memory. */
  entryAt(index: number): LogEntry | undefined {
    return this.#held[index - this.firstHeld];
  }

  /** The last entry, if it is in memory. */
  get lastEntry(): LogEntry | undefined {
    return this.#held.at(-1);
  }

  /** Bytes of an entry that the log has. */
  sizeAt(index: number): number {
    return this.#sizes[index - this.first] ?? 0;
  }

  /** Bytes of the data of the entries behind `after` up to `through`. */
  dataBytes(after: number, through: number): number {
    let bytes = 0;
    for (let index = after + 1; index <= through; index++) bytes += this.sizeAt(index) - ENTRY_HEAD_BYTES;
    return bytes;
  }

  has({ index, term }: LogPlace): boolean {
    return this.termAt(index) === term;
  }

  /** Whether the entries from `first` on have at least so many bytes. */
  hasBytes(first: number, bytes: number): boolean {
    let left = bytes;
    for (let index = first; index <= this.last && left > 0; index++) left -= this.sizeAt(index);
    return left <= 0;
  }

  /** As many entries from `first` on, which is in memory, as fit into `bytesMax`. */
  take(first: number, bytesMax: number): LogEntry[] {
    return fitting(this.#held, first - this.firstHeld, bytesMax);
  }

  /** All entries from `first` on, which is in memory. */
  from(first: number): LogEntry[] {
    return this.#held.slice(first - this.firstHeld);
  }

  append(entry: LogEntry): void {
    this.#push(entry);
    this.#note(this.last, entry);
  }

  /** Removes the entries from `first` on; configurations in them were never in force. */
  truncate(first: number): void {
    this.#drop(this.#held.splice(Math.max(0, first - this.firstHeld)));
    this.#terms.length = first - this.first;
    for (const size of this.#sizes.splice(this.#terms.length)) this.#bytes -= size;
    while (this.#configs.length > 0 && this.#configs.at(-1)!.index >= first) this.#configs.pop();
  }

  /** Drops the entries up to an index that a snapshot covers. */
  trim(index: number, { last, config }: { readonly last: LogPlace; readonly config: ClusterConfig }): void {
    const term = this.termAt(index)!;
    if (index >= this.firstHeld) this.#drop(this.#held.splice(0, index + 1 - this.firstHeld));
    this.#terms.splice(0, index - this.#prev.index);
    for (const size of this.#sizes.splice(0, index - this.#prev.index)) this.#bytes -= size;
    this.#prev = { index, term };
    this.#configs = [{ index: last.index, config }, ...this.#configs.filter((placed) => placed.index > last.index)];
  }

  /**
   * Takes entries up to an index, which are on the disk, out of memory, if all that are there have more than `bytesMax`.
   * It takes a quarter more, so that not each entry moves all others.
   */
  evict(through: number, bytesMax: number): void {
    if (this.#heldBytes <= bytesMax) return;
    let left = this.#heldBytes - 0.75 * bytesMax;
    let count = 0;
    for (let index = this.firstHeld; index <= through && left > 0; index++, count++) left -= this.sizeAt(index);
    this.#drop(this.#held.splice(0, count));
  }

  /** A snapshot takes the place of all entries. */
  reset(last: LogPlace, config: ClusterConfig): void {
    this.#prev = last;
    this.#terms = [];
    this.#sizes = [];
    this.#held = [];
    this.#bytes = this.#heldBytes = 0;
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

  #push(entry: LogEntry): void {
    const size = entryBytes(entry);
    this.#terms.push(entry.term);
    this.#sizes.push(size);
    this.#held.push(entry);
    this.#bytes += size;
    this.#heldBytes += size;
  }

  /** Entries have left the memory. */
  #drop(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#heldBytes -= entryBytes(entry);
  }

  #note(index: number, { entryType, data }: LogEntry): void {
    if (entryType === EntryType.config) this.#configs.push({ index, config: decodeClusterConfig(data) });
  }
}
