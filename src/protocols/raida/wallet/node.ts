/** A wallet in a folder of the local file system. */
import { lstat, open, readdir, rename, rmdir, unlink } from "node:fs/promises";
import { join, posix, resolve } from "node:path";
import { WireError } from "../../../errors.js";
import { systemEnv } from "../../../host/index.js";
import { kindOf, lockFile, openRegular, type HeldLock, type LockOptions } from "../../../storage/index.js";
import { makeFolders } from "../../../storage/make-folders.js";
import { syncFolder } from "../../../storage/sync-folder.js";
import type { WalletFileContent, WalletFileEntry, WalletFiles } from "./files.js";
import { HIDDEN_FOLDER } from "./store.js";
import { Wallet, type WalletOptions } from "./wallet.js";

/** The options of {@link openWallet}. */
export interface OpenWalletOptions extends Pick<WalletOptions, "coinId" | "create">, Pick<LockOptions, "takeLock"> {
  /** Replaces the file system in tests. Default {@link diskFiles} of the folder. */
  readonly files?: WalletFiles;
}

/**
 * Opens a wallet and locks it against other processes until {@link Wallet.close}. If another process takes the lock by
 * force, every call rejects with `storage`.
 * @throws WireError `argument` if the folder is no wallet; `storage` if the disk fails or another process has the lock
 */
export async function openWallet(folder: string, options: OpenWalletOptions = {}): Promise<Wallet> {
  const { files = diskFiles(folder), takeLock = false, ...rest } = options;
  const hidden = join(resolve(folder), HIDDEN_FOLDER);
  if (options.create === true) await attempt(folder, () => makeFolders(folder, 0o700));
  // Fails before anything is made in a folder that may be no wallet.
  else await files.list("");
  await attempt(hidden, () => makeFolder(hidden));
  const lock = await lockFile(join(hidden, "lock"), "a wallet", { takeLock });
  try {
    const system = { now: Date.now, random: systemEnv.random };
    return await Wallet.open(guarded(files, lock), { ...rest, ...system }, () => lock.release());
  } catch (error) {
    await lock.release();
    // Leaves nothing behind in a folder that is no wallet.
    await rmdir(hidden).catch(() => {});
    throw error;
  }
}

/** The same files; each method checks the lock before it does anything. */
function guarded(files: WalletFiles, lock: HeldLock): WalletFiles {
  const held = <T>(work: () => Promise<T>): Promise<T> => lock.check().then(work);
  return {
    list: (folder) => held(() => files.list(folder)),
    read: (path) => held(() => files.read(path)),
    create: (path, bytes) => held(() => files.create(path, bytes)),
    rename: (from, to) => held(() => files.rename(from, to)),
    remove: (path) => held(() => files.remove(path)),
    makeFolder: (path) => held(() => files.makeFolder(path)),
    sync: () => held(() => files.sync()),
  };
}

/** A folder of the local file system. Only the owner may read its files and folders. */
export function diskFiles(root: string): WalletFiles {
  return new DiskFiles(resolve(root));
}

/** {@link WalletFiles} on node:fs. */
class DiskFiles implements WalletFiles {
  readonly #root: string;
  /** Folders whose entries have changed since the last sync. */
  readonly #changed = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  list(folder: string): Promise<WalletFileEntry[]> {
    const path = this.#at(folder);
    return attempt(path, async () => {
      if (folder !== "") await checkFolder(path);
      const entries = await readdir(path, { withFileTypes: true });
      const kinds = entries.map(async (entry): Promise<WalletFileEntry[]> => {
        const { name } = entry;
        if (entry.isFile() || entry.isDirectory()) return [{ name, kind: entry.isFile() ? "file" : "folder" }];
        const kind = await kindOf(join(path, name));
        return kind === undefined ? [] : [{ name, kind }];
      });
      return (await Promise.all(kinds)).flat();
    });
  }

  read(path: string): Promise<WalletFileContent | undefined> {
    return attempt(this.#at(path), async () => {
      const file = await openRegular(this.#at(path));
      if (file === undefined) return undefined;
      try {
        const { mtimeMs } = await file.stat();
        const isLink = (await lstat(this.#at(path))).isSymbolicLink();
        return { bytes: new Uint8Array(await file.readFile()), modifiedMs: mtimeMs, ...(isLink && { isLink }) };
      } finally {
        await file.close();
      }
    });
  }

  async create(path: string, bytes: Uint8Array): Promise<void> {
    await this.remove(path);
    await attempt(this.#at(path), async () => {
      const file = await open(this.#at(path), "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
    });
    this.#hasChanged(path);
  }

  async rename(from: string, to: string): Promise<void> {
    await attempt(this.#at(to), () => rename(this.#at(from), this.#at(to)));
    this.#hasChanged(from);
    this.#hasChanged(to);
  }

  async remove(path: string): Promise<void> {
    await attempt(this.#at(path), () => unlinkIfThere(this.#at(path)));
    this.#hasChanged(path);
  }

  async makeFolder(path: string): Promise<void> {
    await attempt(this.#at(path), () => makeFolder(this.#at(path)));
    this.#hasChanged(path);
  }

  async sync(): Promise<void> {
    for (const folder of this.#changed) await attempt(this.#at(folder), () => syncFolder(this.#at(folder)));
    this.#changed.clear();
  }

  #at(path: string): string {
    return join(this.#root, path);
  }

  #hasChanged(path: string): void {
    const folder = posix.dirname(path);
    this.#changed.add(folder === "." ? "" : folder);
  }
}

async function makeFolder(path: string): Promise<void> {
  await makeFolders(path, 0o700);
  await checkFolder(path);
}

/** Refuses links too: the folder behind one may belong to another wallet with a lock of its own. */
async function checkFolder(path: string): Promise<void> {
  const kind = await kindOf(path);
  const code = kind === undefined ? "ENOENT" : `a ${kind}`;
  if (kind !== "folder") throw Object.assign(new Error(`no folder: ${path}`), { code });
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(path, error);
  }
}

function storageError(path: string, cause: unknown): WireError {
  return new WireError({ code: "storage", format: FORMAT, path, actual: codeOf(cause) }, { cause });
}

const FORMAT = "raida_wallet";

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
