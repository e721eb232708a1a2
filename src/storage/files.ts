/** What a disk needs of a file system, and of a lock on a folder. */
import type { WireError } from "../errors.js";

/**
 * What a disk needs of a file system. Paths are relative to one folder and have `/` between their parts; "" is the
 * folder itself. What a call has done may be lost in a crash, in part and in any order, until what it touched is
 * synced: bytes and lengths by the file, names by the folder that they stand in. A rename happens or does not. Every
 * method rejects with a WireError `storage`.
 */
export interface FileSystem {
  /** Names in a folder, in any order; none where there is nothing. @throws WireError `storage` for what is no folder */
  list(folder: string): Promise<readonly string[]>;
  /** What lies under a name; undefined for nothing. @throws WireError `storage` for what is neither file nor folder */
  kindOf(path: string): Promise<"file" | "folder" | undefined>;
  /**
   * A whole regular file, maybe behind a link; undefined where there is nothing.
   * @throws WireError `storage` also for anything else, and for one of more bytes than that
   */
  read(path: string, bytesMax?: number): Promise<Uint8Array | undefined>;
  /** A file to be written; one that is there is emptied. @throws WireError `storage` where anything else is there */
  create(path: string): Promise<WritableFile>;
  /** Moves a file; one that is there already is replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Does nothing where there is no such file. */
  unlink(path: string): Promise<void>;
  /** Makes a folder with those above it; does nothing where it is there. */
  makeFolder(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  /** Keeps every other process off until it is released; takes over from one that died. */
  lock(path: string, options?: LockOptions): Promise<HeldLock>;
}

/** How a lock is taken. */
export interface LockOptions {
  /**
   * Takes the lock whoever has it. If its holder is at work after all, what it stores until it notices, within a second
   * as long as it runs, can destroy stores of this process, and is itself lost.
   */
  readonly takeLock?: boolean;
  /** Called once, when the lock is another's before it was released. */
  readonly onLost?: (loss: WireError) => void;
}

/** A lock that somebody has taken. */
export interface HeldLock {
  /** Why it is not held any more; undefined as long as nothing else is known. */
  readonly loss: WireError | undefined;
  /**
   * Resolves when the lock is held; to be called before each write. Looks when the last look is 3 s ago.
   * @throws WireError `storage` when it is another's, or cannot be read
   */
  check(): Promise<void>;
  /** Lets others in. Does nothing when the lock is not held any more. @throws WireError `storage` */
  release(): Promise<void>;
}

/** A file that is open. */
export interface WritableFile {
  /** Writes all of the bytes at byte `at`; when it rejects, any part of them. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}
