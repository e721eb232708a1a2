/** The key store: files by hash and by name, in chunks and records of any back end. */
import { isBytes } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { contentSizesOf } from "./chunking.js";
import { copyFiles, type CopiedFiles } from "./copy.js";
import { DEFAULT_TTL_SECONDS, type FileMetadata, type FileRecord } from "./record.js";
import { putFile, ttlOf, type PutOptions, type PutResult } from "./put.js";
import { getFile, recordOf, type FileRead, type GetOptions } from "./read.js";
import { load } from "./recovery.js";
import { bytesSource, memorySpool, spooled, type ByteStream, type FileSource } from "./source.js";
import {
  checkSignal,
  hashHere,
  STORE,
  StoreState,
  type KeyStoreOptions,
  type OperationOptions,
  type UnusableRecord,
} from "./state.js";
import {
  clean,
  collect,
  deleteFile,
  repairFile,
  restoreRecords,
  verifyFiles,
  type CleanDepth,
  type Collected,
  type DamagedChunk,
} from "./upkeep.js";

/** What can be stored: bytes, a source that can be read twice, or a stream of bytes. */
export type Storable = Uint8Array | FileSource | ByteStream;

/** Names a file: a hash of 32 bytes, or a name. */
export type FileId = Uint8Array | string;

/** A file as a list shows it. */
export interface StoredFile extends FileMetadata {
  readonly isExpired: boolean;
}

/**
 * A store of files. Equal bytes are kept once. Several operations may run at once; those on the same bytes take turns.
 * One process at a time uses the same chunks and metadata.
 */
export class KeyStore {
  readonly #state: StoreState;

  private constructor(state: StoreState) {
    this.#state = state;
  }

  /**
   * Opens a store, and cleans up after a crash of an earlier process: chunks of files that were never acknowledged go.
   * @throws WireError `storage`, `argument`
   */
  static async open(options: KeyStoreOptions): Promise<KeyStore> {
    const state = new StoreState({
      chunking: "fixed",
      verifyOnWrite: false,
      profile: "strict",
      folder: "",
      hashChunk: hashHere,
      spool: memorySpool,
      log: () => {},
      ...options,
      ttlSeconds: ttlOf(options.ttlSeconds ?? DEFAULT_TTL_SECONDS),
    });
    contentSizesOf(state.options.chunking);
    await load(state);
    return new KeyStore(state);
  }

  /** Records that cannot be used, each with its reason; {@link restoreRecords} may help. */
  get unusable(): readonly UnusableRecord[] {
    return this.#state.unusable;
  }

  /**
   * Stores a file; once it resolves, the file survives a crash. If it rejects, the store is as it was.
   * @throws WireError `argument`, `cancelled`, `limit`, `storage`
   */
  async put(source: Storable, options: PutOptions): Promise<PutResult> {
    const state = this.#state;
    if (isBytes(source)) return putFile(state, bytesSource(source), options);
    if (isFileSource(source)) return putFile(state, source, options);
    if (!isStream(source)) throw argumentError(STORE, "source", "bytes, a source or a stream", typeof source);
    const spool = state.options.spool();
    try {
      const whole = await spooled(source, spool, () => checkSignal(options.signal));
      return await putFile(state, whole, { permissions: 0o600, ...options });
    } finally {
      await spool.discard();
    }
  }

  /** Opens a file, or a range of it, for reading. @throws WireError `missing`, `expired`, `argument` */
  get(file: FileId, options: GetOptions = {}): Promise<FileRead> {
    return getFile(this.#state, file, options);
  }

  /** What is known of a file, expired or not. @throws WireError `missing` */
  info(file: FileId): Promise<FileRecord> {
    return recordOf(this.#state, this.#state.find(file).metadata);
  }

  /** All files, expired ones too, by ascending hash. */
  list(): readonly StoredFile[] {
    return this.#state.catalogue.files.map((entry) => ({ ...entry.metadata, isExpired: this.#state.isExpired(entry) }));
  }

  /** Reads one file or all, and tells which chunks are damaged. Changes nothing. @throws WireError `missing` */
  verify(file?: FileId, options: OperationOptions = {}): Promise<readonly DamagedChunk[]> {
    const files = file === undefined ? this.#state.catalogue.files : [this.#state.find(file)];
    return verifyFiles(this.#state, files, options);
  }

  /**
   * Writes damaged chunks of a file again from its bytes. @returns how many
   * @throws WireError `missing`, `argument` where the bytes are others
   */
  repair(file: FileId, source: Uint8Array | FileSource, options: OperationOptions = {}): Promise<number> {
    const bytes = isBytes(source) ? bytesSource(source) : source;
    return repairFile(this.#state, this.#state.find(file), bytes, options);
  }

  /** Writes missing and unusable records again from their copies, where all chunks are there. @returns their hashes */
  restoreRecords(): Promise<readonly Uint8Array[]> {
    return restoreRecords(this.#state);
  }

  /**
   * Deletes a file: its record, the copy, and the chunks that nobody else holds. @returns whether it was there
   * @throws WireError `storage`; the file may be gone then, and the next start finishes
   */
  async delete(file: FileId): Promise<boolean> {
    // A hash may name a file that the catalogue does not know of yet, after a refusal of the disk.
    const fileHash = typeof file === "string" ? this.#state.catalogue.named(file)?.metadata.fileHash : file;
    return fileHash !== undefined && deleteFile(this.#state, fileHash);
  }

  /** Deletes expired files, and chunks and copies that belong to no file. */
  gc(options: OperationOptions = {}): Promise<Collected> {
    return collect(this.#state, options);
  }

  /**
   * Copies all files to another store, with the names, times and chunks that they have. What is there is passed over:
   * after an interruption, the same call goes on.
   * @throws WireError `cancelled`, and those of a back end that is out of reach
   */
  copyTo(target: KeyStore, options: OperationOptions = {}): Promise<CopiedFiles> {
    return copyFiles(this.#state, target.#state, options);
  }

  /** Empties the store: of chunks, or of everything. */
  clean(depth: CleanDepth): Promise<{ chunks: number; records: number }> {
    return clean(this.#state, depth);
  }
}

function isFileSource(value: Storable): value is FileSource {
  return typeof value === "object" && value !== null && "sizeBytes" in value && "read" in value;
}

function isStream(value: unknown): value is ByteStream {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}
