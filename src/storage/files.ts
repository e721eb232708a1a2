/** The file system and the folder lock that a disk uses. */
import type { WireError } from "../errors.js";

/**
 * The file operations of a disk. Paths are relative to one folder, with `/` between their parts; "" is the folder
 * itself. A crash can lose the effects of calls, in part and in any order, until they are synced: bytes and lengths
 * with the file, names with their folder. A rename is atomic. Every method rejects with a WireError `storage`.
 */
export interface FileSystem {
  /** Names in a folder, in any order; none if it is missing. @throws WireError `storage` if the path is no folder */
  list(folder: string): Promise<readonly string[]>;
  /** What a path names; undefined if nothing. @throws WireError `storage` if it is neither file nor folder */
  kindOf(path: string): Promise<"file" | "folder" | undefined>;
  /**
   * Reads a whole regular file, or the one that a link points to; undefined if it is missing.
   * @throws WireError `storage` also if the path names anything else, or a file longer than `bytesMax`
   */
  read(path: string, bytesMax?: number): Promise<Uint8Array | undefined>;
  /** Size in bytes of a regular file, or of the one that a link points to; undefined if it is missing. */
  sizeOf(path: string): Promise<number | undefined>;
  /**
   * Reads a part of a regular file, as far as the file has it; undefined if it is missing. The bytes belong to the
   * caller, who may change them.
   */
  readAt(path: string, at: number, length: number): Promise<Uint8Array | undefined>;
  /** Opens an existing file for writing. @throws WireError `storage` also if it is missing or anything else */
  open(path: string): Promise<WritableFile>;
  /** Creates a file, or empties an existing one. @throws WireError `storage` also if the path names anything else */
  create(path: string): Promise<WritableFile>;
  /** Moves a file; replaces an existing one. */
  rename(from: string, to: string): Promise<void>;
  /** Does nothing if the file is missing. */
  unlink(path: string): Promise<void>;
  /** Makes a folder and its parents; does nothing if it exists. */
  makeFolder(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  /** Keeps every other process out until it is released; takes over from a dead process. */
  lock(path: string, options?: LockOptions): Promise<HeldLock>;
}

/** The folder of a path of a {@link FileSystem}. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** Syncs what others have written into a file. @throws WireError `storage` also if it is missing */
export async function syncFile(files: FileSystem, path: string): Promise<void> {
  const file = await files.open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** How a lock is taken. */
export interface LockOptions {
  /**
   * Takes the lock from any holder. A holder that is still at work notices within a second while it runs; until then
   * its stores can destroy stores of this process, and are lost themselves.
   */
  readonly takeLock?: boolean;
  /** Called once, if another process takes the lock before it is released. */
  readonly onLost?: (loss: WireError) => void;
}

/** A lock that this process has taken. */
export interface HeldLock {
  /** How the lock was lost; undefined while no loss is known. */
  readonly loss: WireError | undefined;
  /** Whether a holder before it ended without releasing it: what that one wrote last may not be synced. */
  readonly isTakenOver: boolean;
  /**
   * Resolves if the lock is held; call it before each write. Reads the lock if the last renewal is 3 s old.
   * @throws WireError `storage` if another process has the lock, or it cannot be read
   */
  check(): Promise<void>;
  /** Lets others in; does nothing if the lock is lost. @throws WireError `storage` */
  release(): Promise<void>;
}

/** A file open for writing. */
export interface WritableFile {
  /** Writes all bytes at byte `at`. If it rejects, any part of them may be written. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Writes and syncs, as {@link write} and {@link sync} do, in one call of the system where it has one. */
  writeSynced(bytes: Uint8Array, at: number): Promise<void>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}
