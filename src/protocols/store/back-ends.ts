/** What a store is kept in: chunks and metadata, behind an interface each. */
import type { WireError, WireErrorCode } from "../../errors.js";

/** The most keys that one call of `list` gives. */
export const LIST_KEYS_MAX = 1000;

/**
 * Keeps chunks under keys of 40 hex digits. What calls did survives a crash once a later `sync` has resolved; until then
 * a crash may keep or lose each. Bytes given are borrowed until a call resolves; bytes returned belong to the caller.
 * Every method rejects with a WireError `storage`; where the chunks are at a distance, with `timeout`, `unreachable`,
 * `cancelled`, `closed`, `certificate`, `credentials` or `negotiation` as well.
 */
export interface ChunkStore {
  /**
   * Keeps bytes whose key is not known yet, so that a file can be written in the pass that hashes it. A crash forgets
   * them. Absent where it would gain nothing.
   */
  stage?(bytes: Uint8Array): Promise<StagedChunk>;
  /** Keeps a chunk, whole or not at all; replaces another of the same key. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * The bytes of a chunk; undefined if it is missing.
   * @throws WireError `limit` if it is longer than `bytesMax`; `crc` if the back end knows that it is damaged
   */
  get(key: string, bytesMax: number): Promise<Uint8Array | undefined>;
  /** Whether there is a chunk, whatever its bytes. */
  has(key: string): Promise<boolean>;
  /**
   * Does nothing if the chunk is missing.
   * @param confirm is called once, before anything goes, and rejects where the caller may no longer delete: then nothing
   *   goes. Where several processes reach the chunks, it says that what was there before is the caller's to delete; what
   *   others put from then on stays, however late the deletion arrives, if the back end can tell one put from another.
   */
  delete(key: string, confirm?: Confirm): Promise<void>;
  /**
   * The first keys behind `after`, at most {@link LIST_KEYS_MAX}, in ascending order; none behind the last. Among them
   * may be keys of what a writer that was cut off has left, which `delete` removes.
   */
  list(after: string): Promise<readonly string[]>;
  /**
   * Deletes what other programs left among the chunks, named like a chunk but without a key.
   * @param confirm as that of `delete` @returns how many
   */
  sweep(confirm?: Confirm): Promise<number>;
  /** Makes what earlier calls did survive a crash. */
  sync(): Promise<void>;
}

/** Resolves if the caller may still delete. @throws WireError `storage` if another process has taken its place */
export type Confirm = () => Promise<void>;

/** Bytes of a chunk without a key. */
export interface StagedChunk {
  /** Gives them their key, as `put` does. */
  keep(key: string): Promise<void>;
  /** Does nothing once they are kept. */
  discard(): Promise<void>;
}

/** A value and its revision, which changes with the value. */
export interface MetadataEntry {
  readonly bytes: Uint8Array;
  readonly revision: string;
}

/** A key that was put or deleted. */
export interface MetadataChange {
  readonly key: string;
  /** Undefined if it was deleted. */
  readonly revision: string | undefined;
}

/**
 * Keeps small values under keys such as `metadata/<64 hex>.toml`: those that `layout.ts` makes. What a call did survives
 * a crash once it has resolved. Every method rejects with the errors of a {@link ChunkStore}, and with `argument` for
 * another key.
 */
export interface MetadataStore {
  /** @throws WireError `limit` if the value is longer than any of a store */
  get(key: string): Promise<MetadataEntry | undefined>;
  /** Keeps a value, whole or not at all. @returns its revision */
  put(key: string, bytes: Uint8Array): Promise<string>;
  /**
   * {@link put}, if the value still has this revision; undefined stands for no value.
   * @returns the new revision; undefined if the value has another
   */
  cas(key: string, bytes: Uint8Array, revision: string | undefined): Promise<string | undefined>;
  /** Does nothing if there is no value. */
  delete(key: string): Promise<void>;
  /** The first keys that begin with `prefix` behind `after`, at most {@link LIST_KEYS_MAX}, in ascending order. */
  list(prefix: string, after: string): Promise<readonly string[]>;
  /**
   * Resolves if no other process may write, at some moment of this call; absent where none ever can.
   * @throws WireError `storage` if another process has taken the metadata
   */
  confirm?(): Promise<void>;
  /** Calls `listener` for every change through this object. @returns ends that */
  watch(prefix: string, listener: (change: MetadataChange) => void): () => void;
}

const OF_BACK_END: ReadonlySet<WireErrorCode> = new Set([
  "storage",
  "timeout",
  "unreachable",
  "cancelled",
  "closed",
  "certificate",
  "credentials",
  "negotiation",
]);

/** Whether an error says that a back end cannot answer just now, and nothing of what it holds. */
export function isOfBackEnd({ code }: WireError): boolean {
  return OF_BACK_END.has(code);
}

/** All keys that `list` gives, page by page. */
export async function* allKeys(list: (after: string) => Promise<readonly string[]>): AsyncGenerator<string> {
  for (let page = await list(""); page.length > 0; page = await list(page.at(-1)!)) yield* page;
}

/** The page of {@link LIST_KEYS_MAX} behind `after` among keys in any order. */
export function pageOf(keys: Iterable<string>, after: string): readonly string[] {
  return [...keys]
    .filter((key) => key > after)
    .sort()
    .slice(0, LIST_KEYS_MAX);
}
