/** The key store in a folder of this machine. */
import type { NewBytes } from "../../bytes/new-bytes.js";
import { basename } from "node:path";
import type { WireError } from "../../errors.js";
import { systemEnv } from "../../host/index.js";
import { guardedFiles } from "../../storage/guarded-files.js";
import { nodeFiles, type FileSystem, type HeldLock } from "../../storage/index.js";
import { fileChunks, fileMetadata, fileSpool, StoreFiles } from "./files/node.js";
import type { ChunkStore, MetadataStore } from "./back-ends.js";
import { KeyStore, type FileId } from "./key-store.js";
import { FOLDERS } from "./layout.js";
import { openSource, writeWhole } from "./paths/node.js";
import { hashSource, type PutOptions, type PutResult } from "./put.js";
import type { FileRead, GetOptions } from "./read.js";
import type { Spool } from "./source.js";
import { hashHere, type KeyStoreOptions } from "./state.js";

export { fileChunks, fileMetadata, StoreFiles } from "./files/node.js";

/** Chunks from which another thread hashes faster, its hand-over included. */
const HASH_ELSEWHERE_BYTES_MIN = 64 * 1024;
const LOCK = ".lock";

/** Options of {@link openKeyStore}. */
export interface FolderStoreOptions extends Omit<
  KeyStoreOptions,
  "chunks" | "metadata" | "unixNs" | "spool" | "hashChunk"
> {
  /** The folder; made if it is missing. */
  readonly folder: string;
  /** Where chunks lie instead of the folder. */
  readonly chunks?: ChunkStore;
  /** Where records lie instead of the folder. */
  readonly metadata?: MetadataStore;
  /** Takes the folder from another process. */
  readonly takeLock?: boolean;
  /** Called once, if another process takes the folder; from then on every operation fails. */
  readonly onLockLost?: (loss: WireError) => void;
  /** Another file system, for tests; `folder` is then only the text in the locations. */
  readonly files?: FileSystem;
  /** Another clock, for tests. */
  readonly unixNs?: () => bigint;
}

/** A {@link KeyStore} in a folder, which no other process uses meanwhile. */
export interface FolderStore {
  readonly store: KeyStore;
  /** Where a stream waits in the folder until its size is known. */
  spool(): Spool;
  /** Lets other processes in. */
  close(): Promise<void>;
}

/**
 * Opens a folder, makes it where it is missing, locks it, and cleans up after a crash. A folder that the Go program
 * wrote is one; that program knows no lock, so they take turns.
 * @throws WireError `storage`, with path `lock` if another process has the folder
 */
export async function openKeyStore(options: FolderStoreOptions): Promise<FolderStore> {
  const { folder, takeLock = false, onLockLost, unixNs = systemEnv.unixNs, ...rest } = options;
  const files = options.files ?? nodeFiles(folder, { fileMode: 0o644, folderMode: 0o755 });
  await files.makeFolder("");
  const lock = await files.lock(LOCK, { takeLock, ...(onLockLost && { onLost: onLockLost }) });
  try {
    return await openLocked(files, lock, { ...rest, folder, unixNs });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

type LockedOptions = Omit<KeyStoreOptions, "chunks" | "metadata"> & Partial<KeyStoreOptions>;

async function openLocked(files: FileSystem, lock: HeldLock, options: LockedOptions): Promise<FolderStore> {
  const storeFiles = new StoreFiles(guardedFiles(files, lock));
  if (options.chunks === undefined) await storeFiles.makeFolder(FOLDERS.chunks);
  if (options.metadata === undefined) await storeFiles.makeFolder(FOLDERS.records);
  await storeFiles.removeTemporary();
  if (lock.isTakenOver) await storeFiles.syncNames();
  let spools = 0;
  const spool = (): Spool => fileSpool(storeFiles, ++spools);
  const store = await KeyStore.open({
    chunks: fileChunks(storeFiles),
    metadata: { ...fileMetadata(storeFiles), confirm: () => lock.check() },
    ...options,
    hashChunk: hashElsewhere,
    spool,
  });
  return { store, spool, close: () => lock.release() };
}

/** SHA-256 on a thread of the pool, so that this one can hash the whole file meanwhile. */
async function hashElsewhere(chunk: Uint8Array): Promise<Uint8Array> {
  if (chunk.length < HASH_ELSEWHERE_BYTES_MIN) return hashHere(chunk);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", chunk as NewBytes));
}

/** Options of {@link putPath}. */
export type PutPathOptions = Omit<PutOptions, "name" | "permissions"> & { readonly name?: string };

/**
 * Stores a file of this machine, under its own name and with its permissions unless the options say otherwise. The file
 * may not change meanwhile.
 * @throws WireError `storage` if it cannot be read, and those of {@link KeyStore.put}
 */
export async function putPath(store: KeyStore, path: string, options: PutPathOptions = {}): Promise<PutResult> {
  const { file, source } = await openSource(path);
  try {
    const { mode } = await file.stat();
    return await store.put(source, { name: basename(path), ...options, permissions: mode & 0o777 });
  } finally {
    await file.close();
  }
}

/**
 * Writes damaged chunks again of the stored file that has the bytes of a file of this machine. @returns how many
 * @throws WireError `missing` if no stored file has them
 */
export async function repairFromPath(store: KeyStore, path: string): Promise<number> {
  const { file, source } = await openSource(path);
  try {
    return await store.repair(await hashSource(source), source);
  } finally {
    await file.close();
  }
}

/**
 * Writes a stored file, or a range of it, to a file of this machine: beside its place, synced, then renamed, so that a
 * file that is there is replaced by a whole one or not at all. It gets the stored permissions.
 * @throws WireError `storage` if it cannot be written, and those of {@link KeyStore.get}
 */
export async function getToPath(
  store: KeyStore,
  id: FileId,
  path: string,
  options: GetOptions = {},
): Promise<FileRead> {
  const read = await store.get(id, options);
  await writeWhole(path, read.bytes, read.metadata.permissions & 0o777);
  return read;
}
