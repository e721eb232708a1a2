/** The catalogue of a store: its files by hash and by name, and who holds which chunk. */
import { toHex } from "../../bytes/index.js";
import { kindOf, type FileMetadata, type FileRecord } from "./record.js";

/** A file of the catalogue. */
export interface CatalogueEntry {
  readonly metadata: FileMetadata;
  /** Keys of its chunks, in hex and in order. */
  readonly keys: readonly string[];
}

/** The rule by which a name finds one of several files: the newest, or the last by hash as after a restart. */
export type NameRule = "newest" | "last-stored";

/** Files in memory; their references stay in the metadata store. */
export class Catalogue {
  readonly #files = new Map<string, CatalogueEntry>();
  /** Older records of files that have a newer one of the other kind. */
  readonly #twins = new Map<string, CatalogueEntry>();
  /** Hashes of the files that have a name, the one that the name finds last. */
  readonly #names = new Map<string, string[]>();
  /** How many places in files hold a chunk. */
  readonly #holders = new Map<string, number>();
  readonly #rule: NameRule;

  constructor(rule: NameRule) {
    this.#rule = rule;
  }

  /** All files, by ascending hash. */
  get files(): readonly CatalogueEntry[] {
    return [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  }

  get(hash: string): CatalogueEntry | undefined {
    return this.#files.get(hash);
  }

  /** Whether a file has so many bytes: only then can others of as many be known. */
  hasSize(sizeBytes: number): boolean {
    for (const { metadata } of this.#files.values()) if (metadata.totalSize === BigInt(sizeBytes)) return true;
    return false;
  }

  /** The file that a name finds. */
  named(name: string): CatalogueEntry | undefined {
    const hash = this.#names.get(name)?.at(-1);
    return hash === undefined ? undefined : this.#files.get(hash);
  }

  /** Whether a file holds a chunk. */
  holds(key: string): boolean {
    return this.#holders.has(key);
  }

  /** The older record of a file, cut in the other way: another program, or an interrupted put, may leave one. */
  twinOf(hash: string): CatalogueEntry | undefined {
    return this.#twins.get(hash);
  }

  /** All older records. */
  get twins(): readonly CatalogueEntry[] {
    return [...this.#twins.values()];
  }

  removeTwin(hash: string): void {
    const twin = this.#twins.get(hash);
    this.#twins.delete(hash);
    if (twin !== undefined) this.#release(twin);
  }

  /** Adds a file, or replaces its record of the same kind. Of two kinds the newer one is found, the other its twin. */
  add({ metadata, references }: FileRecord): void {
    const hash = toHex(metadata.fileHash);
    const entry = { metadata, keys: references.map(({ key }) => toHex(key)) };
    const [known, twin] = [this.#files.get(hash), this.#twins.get(hash)];
    const others = [known, twin].filter((one) => one !== undefined && kindOf(one.metadata) !== kindOf(metadata));
    this.remove(hash);
    const [older, newer] = [...others.map((one) => one!), entry].sort((a, b) =>
      compare(a.metadata.modifiedNs, b.metadata.modifiedNs),
    ) as [CatalogueEntry, CatalogueEntry?];
    if (newer !== undefined) {
      this.#twins.set(hash, older);
      this.#hold(older);
    }
    this.#addFile(hash, newer ?? older);
  }

  #addFile(hash: string, entry: CatalogueEntry): void {
    const { metadata } = entry;
    this.#files.set(hash, entry);
    this.#hold(entry);
    const others = this.#names.get(metadata.fileName) ?? [];
    others.push(hash);
    // Ties keep the order in which files came.
    if (this.#rule === "newest") others.sort((a, b) => compare(this.#modifiedOf(a), this.#modifiedOf(b)));
    this.#names.set(metadata.fileName, others);
  }

  #hold({ keys }: CatalogueEntry): void {
    for (const key of keys) this.#holders.set(key, (this.#holders.get(key) ?? 0) + 1);
  }

  #release({ keys }: CatalogueEntry): void {
    for (const key of keys) {
      const count = this.#holders.get(key)! - 1;
      if (count === 0) this.#holders.delete(key);
      else this.#holders.set(key, count);
    }
  }

  /** Removes a file, with its twin. */
  remove(hash: string): void {
    this.removeTwin(hash);
    const entry = this.#files.get(hash);
    if (entry === undefined) return;
    this.#files.delete(hash);
    this.#release(entry);
    const { fileName } = entry.metadata;
    // The name may have gone with another of its files.
    const others = (this.#names.get(fileName) ?? []).filter((other) => other !== hash);
    // By the other rule, deleting one file of a name deletes the name until the next start.
    if (others.length === 0 || this.#rule === "last-stored") this.#names.delete(fileName);
    else this.#names.set(fileName, others);
  }

  clear(): void {
    for (const map of [this.#files, this.#twins, this.#names, this.#holders]) map.clear();
  }

  #modifiedOf(hash: string): bigint {
    return this.#files.get(hash)!.metadata.modifiedNs;
  }
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
