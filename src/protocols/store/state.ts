/** What the operations of a store share. */
import { toHex } from "../../bytes/index.js";
import { WireError, type WireErrorCode } from "../../errors.js";
import { sha256 } from "../../kernel/index.js";
import { allKeys, type ChunkStore, type Confirm, type MetadataStore } from "./back-ends.js";
import { Catalogue, type CatalogueEntry } from "./catalogue.js";
import { KeyedLock } from "./keyed-lock.js";
import type { Chunking, ChunkingKind } from "./layout.js";
import { isExpired } from "./record.js";
import type { Spool } from "./source.js";

/** An operation, in logs and in the events of its progress. */
export type StoreOperation = "open" | "put" | "get" | "verify" | "repair" | "delete" | "gc" | "clean" | "copy";

/** A line of the log of a store. */
export interface StoreLogLine {
  readonly level: "info" | "warn";
  readonly operation: StoreOperation;
  readonly message: string;
  /** SHA-256 of the file, in hex. */
  readonly fileHash?: string;
  readonly chunkIndex?: number;
}

/** How far an operation has come. */
export interface StoreProgress {
  /** `hash` is the first pass over a file that is put; it may write the chunks of one that is new. */
  readonly operation: StoreOperation | "hash";
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** How an operation is watched and ended early. */
export interface OperationOptions {
  /** Ends the operation with a WireError `cancelled`; a store is left as if it had not begun. */
  readonly signal?: AbortSignal | undefined;
  /** Is called as the operation goes on. */
  readonly onProgress?: ((progress: StoreProgress) => void) | undefined;
}

/** Options of a store. */
export interface KeyStoreOptions {
  /** Where chunks lie. */
  readonly chunks: ChunkStore;
  /** Where the records of files lie. */
  readonly metadata: MetadataStore;
  /** The time in nanoseconds since 1970. */
  readonly unixNs: () => bigint;
  /** Seconds that files live for if nothing else is said; 0 for ever. Default one day. */
  readonly ttlSeconds?: bigint | number;
  /**
   * How files are cut: `fixed`, into blocks as the Go program does; `content`, by their content, so that files that
   * are alike share chunks; or by content into chunks of other sizes, of at most 4 MiB. Default `fixed`.
   */
  readonly chunking?: Chunking;
  /** Reads each chunk again after it was written. Default false. */
  readonly verifyOnWrite?: boolean;
  /** `reference` finds files by name as the Go program does. Default `strict`. */
  readonly profile?: "strict" | "reference";
  /** The folder of the chunks, for the locations in records. Default none. */
  readonly folder?: string;
  /** SHA-256 of a chunk, perhaps on another thread. Default on this one. */
  readonly hashChunk?: (chunk: Uint8Array) => Promise<Uint8Array>;
  /** Where streams wait until their size is known. Default in memory. */
  readonly spool?: () => Spool;
  /** Takes what the store reports. */
  readonly log?: (line: StoreLogLine) => void;
}

/** A record that cannot be used, and why. It stays where it is. */
export interface UnusableRecord {
  /** Its key in the metadata store. */
  readonly path: string;
  readonly error: WireError;
}

/** The name of the store in errors. */
export const STORE = "store";

/** The shared state. */
export class StoreState {
  readonly options: Required<Omit<KeyStoreOptions, "ttlSeconds">> & { readonly ttlSeconds: bigint };
  readonly catalogue: Catalogue;
  /** Puts that count on a chunk, by key: nobody deletes it meanwhile. */
  readonly #claims = new Map<string, number>();
  /** Serialises work on a file, by hash. */
  readonly fileLock = new KeyedLock();
  /** Serialises work on a chunk, by key. */
  readonly chunkLock = new KeyedLock();
  unusable: UnusableRecord[] = [];
  /** Keys of chunks that files may share and that a copy without its record names: it can be restored. */
  spared: ReadonlySet<string> = new Set();
  /** Hashes of files of which the disk may know something else than the catalogue: see `reconcile`. */
  readonly uncertain = new Set<string>();

  constructor(options: StoreState["options"]) {
    this.options = options;
    this.catalogue = new Catalogue(options.profile === "reference" ? "last-stored" : "newest");
  }

  get chunks(): ChunkStore {
    return this.options.chunks;
  }

  get metadata(): MetadataStore {
    return this.options.metadata;
  }

  /** Asks the metadata, where others could take it, whether this process may still delete chunks. */
  readonly confirm: Confirm = async () => this.metadata.confirm?.();

  /** Keeps chunks from being deleted. @returns ends that */
  claim(keys: readonly string[]): () => void {
    for (const key of keys) this.#claims.set(key, (this.#claims.get(key) ?? 0) + 1);
    return () => {
      for (const key of keys) {
        const count = this.#claims.get(key)! - 1;
        if (count === 0) this.#claims.delete(key);
        else this.#claims.set(key, count);
      }
    };
  }

  /**
   * {@link deleteUnclaimed} of a chunk that no file holds. A chunk that files may share stays while a record cannot be
   * read, which may be what holds it; `gc` removes it later.
   */
  deleteUnheld(key: string, kind: ChunkingKind): Promise<boolean> {
    const mayBeHeld = (): boolean => kind === "content" && (this.unusable.length > 0 || this.spared.has(key));
    return this.deleteUnclaimed(key, () => !this.catalogue.holds(key) && !mayBeHeld());
  }

  /** Deletes a chunk unless a put has claimed it. @returns whether it was deleted */
  deleteUnclaimed(key: string, isFree = (): boolean => true): Promise<boolean> {
    // The test and the deletion are one step for whoever looks whether the chunk is there.
    return this.chunkLock.run(key, async () => {
      if (this.#claims.has(key) || !isFree()) return false;
      await this.chunks.delete(key, this.confirm);
      return true;
    });
  }

  /** Whether a chunk is there, once nobody is about to delete it. */
  hasChunk(key: string): Promise<boolean> {
    return this.chunkLock.run(key, () => this.chunks.has(key));
  }

  allChunks(): AsyncGenerator<string> {
    return allKeys((after) => this.chunks.list(after));
  }

  allMetadata(prefix: string): AsyncGenerator<string> {
    return allKeys((after) => this.metadata.list(prefix, after));
  }

  /**
   * The file that a hash or a name finds, expired or not.
   * @throws WireError `missing`
   */
  find(file: Uint8Array | string): CatalogueEntry {
    const found = typeof file === "string" ? this.catalogue.named(file) : this.catalogue.get(toHex(file));
    if (found === undefined)
      throw storeError("missing", "file", typeof file === "string" ? JSON.stringify(file) : toHex(file));
    return found;
  }

  /** {@link find}, for those who want the bytes. @throws WireError `missing`, `expired` */
  findLive(file: Uint8Array | string): CatalogueEntry {
    const entry = this.find(file);
    const { fileName, ttlSeconds } = entry.metadata;
    if (this.isExpired(entry))
      throw storeError("expired", "file", `${JSON.stringify(fileName)} with a TTL of ${ttlSeconds} s`);
    return entry;
  }

  isExpired({ metadata }: CatalogueEntry): boolean {
    return isExpired(metadata, this.options.unixNs());
  }

  log(
    operation: StoreOperation,
    message: string,
    more: { fileHash?: string; chunkIndex?: number; warn?: true } = {},
  ): void {
    const { warn, ...place } = more;
    this.options.log({ level: warn ? "warn" : "info", operation, message, ...place });
  }
}

/** SHA-256 on this thread. */
export async function hashHere(chunk: Uint8Array): Promise<Uint8Array> {
  return sha256(chunk);
}

/** An error of the store, without an expectation. */
export function storeError(code: WireErrorCode, path: string, actual: string, cause?: unknown): WireError {
  return new WireError({ code, format: STORE, path, actual }, cause === undefined ? {} : { cause });
}

/** @throws WireError `cancelled` if a signal says so */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw storeError("cancelled", "", String(signal.reason ?? "aborted"), signal.reason);
}

/**
 * Runs `work` on each item, at most `width` at a time: item i waits for the work on item i - width. Waits for all; throws
 * the first error.
 */
export async function eachOf<T>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
) {
  const slots: Promise<void>[] = [];
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  try {
    for (let at = 0; ; at++) {
      // Before the next item is made: it may use what the work in its slot uses.
      await slots[at % width];
      const item = await iterator.next();
      if (item.done === true) break;
      const running = work(item.value);
      // Its failure is seen when its slot is used again, or at the end.
      running.catch(() => {});
      slots[at % width] = running;
    }
    await Promise.all(slots);
  } finally {
    await Promise.allSettled(slots);
  }
}
