import { mkdir, open, readdir, readFile, rename, rmdir, stat, unlink } from "node:fs/promises";
import { join, posix, resolve } from "node:path";
import { WireError } from "../../../errors.js";
import { systemEnv } from "../../../host/index.js";
import { lockFile } from "../../../storage/index.js";
import type { WalletFileContent, WalletFileEntry, WalletFiles } from "./files.js";
import { HIDDEN_FOLDER } from "./store.js";
import { Wallet, type WalletOptions } from "./wallet.js";

export interface OpenWalletOptions extends Pick<WalletOptions, "coinId" | "create"> {
  /** Where the files are; for tests. Default {@link diskFiles} of the folder. */
  readonly files?: WalletFiles;
}

/**
 * Opens a folder of coins, which no other process can then open until {@link Wallet.close}.
 * @throws WireError `argument` when the folder is no wallet; `storage` when the disk or another process is in the way
 */
export async function openWallet(folder: string, options: OpenWalletOptions = {}): Promise<Wallet> {
  const { files = diskFiles(folder), ...rest } = options;
  const hidden = join(resolve(folder), HIDDEN_FOLDER);
  if (options.create === true) await attempt(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  // Before anything is made in what may be no wallet.
  else await files.list("");
  await attempt(hidden, () => mkdir(hidden, { recursive: true, mode: 0o700 }));
  const release = await lockFile(join(hidden, "lock"), "a wallet");
  try {
    return await Wallet.open(files, { ...rest, now: Date.now, random: systemEnv.random }, release);
  } catch (error) {
    await release();
    // Of a folder that is no wallet.
    await rmdir(hidden).catch(() => {});
    throw error;
  }
}

/** A folder of this machine. Files are for their owner alone, folders too. */
export function diskFiles(root: string): WalletFiles {
  return new DiskFiles(resolve(root));
}

class DiskFiles implements WalletFiles {
  readonly #root: string;
  /** Folders in which names have changed since the last sync. */
  readonly #changed = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  async list(folder: string): Promise<WalletFileEntry[]> {
    const entries = await attempt(this.#at(folder), () => readdir(this.#at(folder), { withFileTypes: true }));
    return entries
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  }

  async read(path: string): Promise<WalletFileContent | undefined> {
    return attempt(this.#at(path), async () => {
      try {
        const { mtimeMs } = await stat(this.#at(path));
        return { bytes: new Uint8Array(await readFile(this.#at(path))), modifiedMs: mtimeMs };
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
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
    await attempt(this.#at(path), () => mkdir(this.#at(path), { recursive: true, mode: 0o700 }));
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

/** The names in a folder survive a loss of power. Windows cannot be asked for that. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
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
  return new WireError({ code: "storage", format: FORMAT, path, offset: 0, actual: codeOf(cause) }, { cause });
}

const FORMAT = "raida_wallet";

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
