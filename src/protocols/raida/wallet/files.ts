/** One name in a folder. */
export interface WalletFileEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** A file as it is now. */
export interface WalletFileContent {
  readonly bytes: Uint8Array;
  /** When it was last written, Unix milliseconds. */
  readonly modifiedMs: number;
}

/**
 * The disk as a wallet needs it. Paths are relative to the wallet and have `/` between their parts; "" is the wallet
 * itself. Every operation either happens or does not, also when the process or the machine stops in the middle of it,
 * and whatever comes after a `sync` finds all that came before it. Every method rejects with a WireError `storage`.
 */
export interface WalletFiles {
  /** What is in a folder, in any order; links and the like are left out. */
  list(folder: string): Promise<readonly WalletFileEntry[]>;
  /** Undefined where there is no such file. */
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
  /** Does nothing where the folder is there already. */
  makeFolder(path: string): Promise<void>;
  /** All changes so far survive whatever happens from now on. */
  sync(): Promise<void>;
}
