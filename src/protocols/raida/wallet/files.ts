/** The interface between a wallet and the disk that holds its files. */

/** One entry of a folder. */
export interface WalletFileEntry {
  readonly name: string;
  /** `file` (also a link to a file), `folder`, or a description of anything else, such as `FIFO` or `link to a folder`. */
  readonly kind: string;
}

/** The current content of a file. */
export interface WalletFileContent {
  readonly bytes: Uint8Array;
  /** Time of the last write, Unix milliseconds. */
  readonly modifiedMs: number;
  /** True if the name is a link, so that the bytes lie elsewhere. Default false. */
  readonly isLink?: boolean;
}

/**
 * The disk of a wallet. Paths are relative to the wallet with `/` between their parts; "" is the wallet itself. Every
 * operation is atomic, also if the process or the machine stops in the middle of it. After a `sync`, all earlier
 * operations survive such a stop. Every method rejects with a WireError `storage`.
 */
export interface WalletFiles {
  /** The entries of a folder, in any order. @throws WireError `storage` if it is no folder, also for a link to one */
  list(folder: string): Promise<readonly WalletFileEntry[]>;
  /** Undefined if the path does not exist. @throws WireError `storage` for anything but a regular file or a link to one */
  read(path: string): Promise<WalletFileContent | undefined>;
  /**
   * Creates a file that only its owner may read, in place of any that exists. Its bytes are durable once this resolves;
   * a stop before may leave it truncated.
   */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Moves a file and replaces any that exists at the target. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file. Does nothing if it does not exist. */
  remove(path: string): Promise<void>;
  /** Makes a folder. Does nothing if it exists. @throws WireError `storage` if the path is anything but a folder */
  makeFolder(path: string): Promise<void>;
  /** Makes all earlier operations durable. */
  sync(): Promise<void>;
}
