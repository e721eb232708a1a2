/** What a wallet needs of a disk. */

/** One name in a folder. */
export interface WalletFileEntry {
  readonly name: string;
  /** `file`, also for a link to one; `folder`; or in words what else it is, for example `FIFO` or `link to a folder`. */
  readonly kind: string;
}

/** A file as it is now. */
export interface WalletFileContent {
  readonly bytes: Uint8Array;
  /** When it was last written, Unix milliseconds. */
  readonly modifiedMs: number;
  /** Its name is a link: the bytes lie elsewhere. Default false. */
  readonly isLink?: boolean;
}

/**
 * The disk as a wallet needs it. Paths are relative to the wallet and have `/` between their parts; "" is the wallet
 * itself. Every operation either happens or does not, also when the process or the machine stops in the middle of it,
 * and whatever comes after a `sync` finds all that came before it. Every method rejects with a WireError `storage`.
 */
export interface WalletFiles {
  /** What is in a folder, in any order. @throws WireError `storage` when it is anything else, a link to one too */
  list(folder: string): Promise<readonly WalletFileEntry[]>;
  /** Undefined where there is nothing. @throws WireError `storage` for what is no regular file, nor a link to one */
  read(path: string): Promise<WalletFileContent | undefined>;
  /**
   * A file that only the owner may read; one that is there is removed. Its bytes need no sync once this resolves, and
   * may be cut short by what stops it before.
   */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Moves a file; one that is there already is replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Does nothing where there is no such file. */
  remove(path: string): Promise<void>;
  /** Does nothing where the folder is there already. @throws WireError `storage` also where anything else is there */
  makeFolder(path: string): Promise<void>;
  /** All changes so far survive whatever happens from now on. */
  sync(): Promise<void>;
}
