/** Files and folders in memory: as programs see them, and as a crash leaves them. */
import type { Random } from "./random.js";

/** A name that was set or removed. */
export interface NameChange {
  /** Order of the changes. */
  readonly index: number;
  readonly folder: FaultFolder;
  readonly name: string;
  readonly entry: FaultFile | FaultFolder | undefined;
  /** A change without which this one cannot survive. */
  readonly after: NameChange | undefined;
}

/** A write, or a truncation. */
type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly length: number };

/** Size of a sector, which reaches a disk whole or not at all; counted from the start of a file. */
const SECTOR_BYTES = 512;

/** The bytes of a file: current, and synced with later changes. */
export class FaultFile {
  #bytes: Uint8Array;
  #synced: Uint8Array;
  #changes: Change[] = [];

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.#bytes = bytes;
    this.#synced = bytes;
  }

  /** The current bytes; do not change them. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  write(bytes: Uint8Array, at: number): void {
    this.#change({ at, bytes });
  }

  truncate(length: number): void {
    if (length !== this.#bytes.length) this.#change({ length });
  }

  sync(): void {
    this.#synced = this.#bytes;
    this.#changes = [];
  }

  /**
   * The file after a crash: each sector of each change survives or not, and the length may be any that it grew through.
   */
  crashed(survives: () => boolean, random: Random): FaultFile {
    if (this.#changes.length === 0) return new FaultFile(this.#synced);
    const ends = this.#changes.map((change) => ("length" in change ? change.length : change.at + change.bytes.length));
    const bytes = new Uint8Array(Math.max(this.#synced.length, ...ends));
    bytes.set(this.#synced);
    let { length } = this.#synced;
    let [least, most] = [length, length];
    for (const change of this.#changes) {
      if ("length" in change) {
        if (!survives()) continue;
        length = most = change.length;
        least = Math.min(least, length);
        bytes.fill(0, length);
        continue;
      }
      most = Math.max(most, change.at + change.bytes.length);
      for (const { from, end } of sectorsOf(change.at, change.bytes.length)) {
        if (!survives()) continue;
        bytes.set(change.bytes.subarray(from, end), change.at + from);
        length = Math.max(length, change.at + end);
      }
    }
    // A file system keeps the length by itself: it may cut what is there, or count what is not.
    if (random.chance(1 / 3)) length = random.between(least, most);
    else if (random.chance(1 / 2)) length = most;
    return new FaultFile(bytes.subarray(0, length));
  }

  #change(change: Change): void {
    this.#bytes = changed(this.#bytes, change);
    this.#changes.push(change);
  }
}

/** Splits a write at the sectors of the file. */
function sectorsOf(at: number, length: number): { readonly from: number; readonly end: number }[] {
  const sectors = [];
  for (let from = 0; from < length;) {
    const end = Math.min(length, from + SECTOR_BYTES - ((at + from) % SECTOR_BYTES));
    sectors.push({ from, end });
    from = end;
  }
  return sectors;
}

/** The names of a folder: current and synced. */
export class FaultFolder {
  readonly #entries: Map<string, FaultFile | FaultFolder>;
  readonly #kept: Map<string, FaultFile | FaultFolder>;

  constructor(entries: ReadonlyMap<string, FaultFile | FaultFolder> = new Map()) {
    this.#entries = new Map(entries);
    this.#kept = new Map(entries);
  }

  get entries(): ReadonlyMap<string, FaultFile | FaultFolder> {
    return this.#entries;
  }

  find(path: string): FaultFile | FaultFolder | undefined {
    if (path === "") return this;
    const end = path.indexOf("/");
    if (end < 0) return this.#entries.get(path);
    const entry = this.#entries.get(path.slice(0, end));
    return entry instanceof FaultFolder ? entry.find(path.slice(end + 1)) : undefined;
  }

  change({ name, entry }: NameChange): void {
    apply(this.#entries, name, entry);
  }

  /** Makes a change survive crashes. */
  keep({ name, entry }: NameChange): void {
    apply(this.#kept, name, entry);
  }

  /** The tree after a crash in which these changes of names survive. A file with two names stays one file. */
  crashed(
    names: readonly NameChange[],
    survives: () => boolean,
    random: Random,
    files = new Map<FaultFile, FaultFile>(),
  ): FaultFolder {
    const kept = new Map(this.#kept);
    for (const { folder, name, entry } of names) if (folder === this) apply(kept, name, entry);
    const left = new Map<string, FaultFile | FaultFolder>();
    for (const [name, entry] of kept) {
      if (entry instanceof FaultFolder) {
        left.set(name, entry.crashed(names, survives, random, files));
        continue;
      }
      const file = files.get(entry) ?? entry.crashed(survives, random);
      files.set(entry, file);
      left.set(name, file);
    }
    return new FaultFolder(left);
  }
}

function apply<T>(names: Map<string, T>, name: string, entry: T | undefined): void {
  if (entry === undefined) names.delete(name);
  else names.set(name, entry);
}

/** A changed copy; a gap reads as zeros. */
function changed(bytes: Uint8Array, change: Change): Uint8Array {
  const length = "length" in change ? change.length : Math.max(bytes.length, change.at + change.bytes.length);
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(0, length));
  if ("bytes" in change) copy.set(change.bytes, change.at);
  return copy;
}
