/**
 * What a disk needs of a file system. Paths are relative to one folder and have `/` between their parts; "" is the
 * folder itself. What a call has done may be lost in a crash, in part and in any order, until what it touched is
 * synced: bytes and lengths by the file, names by the folder that they stand in. A rename happens or does not. Every
 * method rejects with a WireError `storage`.
 */
export interface FileSystem {
  /** Names in a folder, in any order; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** A whole file; undefined where there is none. @throws WireError `storage` also for one of more bytes than that */
  read(path: string, bytesMax?: number): Promise<Uint8Array | undefined>;
  /** A file to be written; one that is there is emptied. */
  create(path: string): Promise<WritableFile>;
  /** Moves a file; one that is there already is replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Does nothing where there is no such file. */
  unlink(path: string): Promise<void>;
  /** Makes a folder with those above it; does nothing where it is there. */
  makeFolder(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  /** Keeps every other process off until what it returns is called; takes over from one that died. */
  lock(path: string): Promise<() => Promise<void>>;
}

/** A file that is open. */
export interface WritableFile {
  /** Writes all of the bytes at byte `at`; when it rejects, any part of them. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}
