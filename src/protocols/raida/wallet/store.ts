import { equalBytes } from "../../../bytes/index.js";
import { isWireError, WireError, type WireErrorCode, type WireIssue } from "../../../errors.js";
import { coinFileName, readCoinFile, writeCoinFile, type WalletCoin } from "./coin-file.js";
import type { WalletFiles } from "./files.js";
import { decodeJournal, encodeJournal, type Journal } from "./journal.js";
import { folderOf, WALLET_FOLDERS, type WalletFolder } from "./rules.js";

/** A coin and the file that it lies in. */
export interface WalletEntry {
  readonly folder: WalletFolder;
  readonly name: string;
  readonly coin: WalletCoin;
  readonly bytes: Uint8Array;
  readonly modifiedMs: number;
  /** Its name is a link; a file of its own takes the place of that when the coin is written. */
  readonly isLink?: boolean;
}

/** A file that the wallet leaves alone, and why. */
export interface WalletProblem {
  readonly path: string;
  readonly error: WireIssue;
}

export interface WalletContents {
  readonly entries: readonly WalletEntry[];
  readonly problems: readonly WalletProblem[];
}

/** Holds what is no coin: the journal, and files that are being written. */
export const HIDDEN_FOLDER = ".specwire";
const JOURNAL = `${HIDDEN_FOLDER}/journal.json`;
const DRAFT = `${HIDDEN_FOLDER}/draft`;

/**
 * The files of a wallet. A coin is in one file at any moment: it is written beside the wallet, takes the place of what
 * it was before, and only then moves to another folder.
 */
export class WalletStore {
  readonly #files: WalletFiles;
  readonly #coinId: number;
  /** Under the names that they have on this disk. */
  readonly #folders: Map<WalletFolder, string>;

  private constructor(files: WalletFiles, coinId: number, folders: Map<WalletFolder, string>) {
    this.#files = files;
    this.#coinId = coinId;
    this.#folders = folders;
  }

  /**
   * @throws WireError `argument` when the folder is no wallet, unless `create` makes it one; `storage`, also when
   * anything but a folder has the name of one
   */
  static async open(files: WalletFiles, coinId: number, create: boolean): Promise<WalletStore> {
    const there = await files.list("");
    const folders = new Map<WalletFolder, string>();
    for (const folder of WALLET_FOLDERS) {
      const found = there.filter(({ name }) => name.toUpperCase() === folder);
      if (found.length > 1) refuse(`one folder ${folder}`, found.map(({ name }) => name).join(", "));
      if (found.length === 0) continue;
      const { name, kind } = found[0]!;
      // A coin that moves would leave the wallet through a link.
      if (kind !== "folder") throw new WireError(issueOf("storage", name, "a folder", `a ${kind}`));
      folders.set(folder, name);
    }
    const store = new WalletStore(files, coinId, folders);
    if (create) for (const folder of ["BANK", "FRACKED"] as const) await store.#pathOf(folder);
    else if (!folders.has("BANK") && !folders.has("FRACKED")) refuse("a folder with BANK or FRACKED in it", "neither");
    await files.makeFolder(HIDDEN_FOLDER);
    // Of a process that died; the journal knows the numbers that were in it.
    await files.remove(DRAFT);
    await files.sync();
    return store;
  }

  /** All coins, and the files that are none. A coin that lies in two places is left alone: one of them is wrong. */
  async load(): Promise<WalletContents> {
    const entries: WalletEntry[] = [];
    const problems: WalletProblem[] = [];
    for (const [folder, path] of this.#folders) {
      const found = (await this.#files.list(path)).filter(({ name }) => /\.bin$/i.test(name));
      for (const { name, kind } of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (kind !== "file") {
          problems.push({ path: `${path}/${name}`, error: issueOf("storage", "", "a regular file", `a ${kind}`) });
          continue;
        }
        const file = await this.#files.read(`${path}/${name}`);
        if (file === undefined) continue;
        try {
          entries.push({ folder, name, coin: readCoinFile(name, file.bytes, this.#coinId), ...file });
        } catch (error) {
          if (!isWireError(error)) throw error;
          problems.push({ path: `${path}/${name}`, error: error.toJSON() });
        }
      }
    }
    return this.#withoutTwins(entries, problems);
  }

  /** Writes a coin that may have changed, and moves it to where it belongs. @returns where it lies now */
  async put(entry: WalletEntry, coin: WalletCoin): Promise<WalletEntry> {
    const here = `${await this.#pathOf(entry.folder)}/${entry.name}`;
    const bytes = writeCoinFile(coin, entry.bytes, this.#coinId);
    const folder = folderOf(coin, entry.folder);
    // A link that moves may lead elsewhere.
    if (!equalBytes(bytes, entry.bytes) || (entry.isLink === true && folder !== entry.folder)) {
      await this.#files.create(DRAFT, bytes);
      await this.#files.rename(DRAFT, here);
      entry = { ...entry, isLink: false };
    }
    if (folder === entry.folder) return { ...entry, coin, bytes };
    const path = await this.#pathOf(folder);
    const name = await this.#freeName(path, entry.name);
    await this.#files.rename(here, `${path}/${name}`);
    return { ...entry, folder, name, coin, bytes };
  }

  /** Puts new coins into a folder. */
  async add(coins: readonly WalletCoin[], folder: WalletFolder): Promise<void> {
    const files = coins.map((coin) => [coinFileName(coin), writeCoinFile(coin, undefined, this.#coinId)] as const);
    const path = await this.#pathOf(folder);
    for (const [name, bytes] of files) {
      const free = await this.#freeName(path, name);
      await this.#files.create(DRAFT, bytes);
      await this.#files.rename(DRAFT, `${path}/${free}`);
    }
    await this.#files.sync();
  }

  /** Undefined when nothing was interrupted. @throws WireError `storage` when it cannot be read */
  async readJournal(): Promise<Journal | undefined> {
    const file = await this.#files.read(JOURNAL);
    return file === undefined ? undefined : decodeJournal(file.bytes);
  }

  /** Written for good when this resolves. */
  async writeJournal(journal: Journal): Promise<void> {
    await this.#files.create(DRAFT, encodeJournal(journal));
    await this.#files.rename(DRAFT, JOURNAL);
    await this.#files.sync();
  }

  /** After every coin of it has been written for good. */
  async removeJournal(): Promise<void> {
    await this.#files.remove(JOURNAL);
    await this.#files.sync();
  }

  sync(): Promise<void> {
    return this.#files.sync();
  }

  async #pathOf(folder: WalletFolder): Promise<string> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    await this.#files.makeFolder(folder);
    this.#folders.set(folder, folder);
    return folder;
  }

  /** `1.600.bin`, or `1.600 (2).bin` where that is taken. */
  async #freeName(path: string, name: string): Promise<string> {
    const stem = name.replace(/\.bin$/i, "");
    for (let count = 2; await this.#isTaken(path, name); count++) name = `${stem} (${count}).bin`;
    return name;
  }

  /** By a file, or by what cannot be read because it is none. */
  async #isTaken(path: string, name: string): Promise<boolean> {
    try {
      return (await this.#files.read(`${path}/${name}`)) !== undefined;
    } catch (error) {
      const found = (await this.#files.list(path)).find((entry) => entry.name === name);
      if (found === undefined || found.kind === "file") throw error;
      return true;
    }
  }

  #withoutTwins(entries: readonly WalletEntry[], problems: WalletProblem[]): WalletContents {
    const counts = new Map<string, number>();
    const nameOf = ({ coin }: WalletEntry): string => `${coin.denomination}:${coin.serial}`;
    // What is counterfeit may bear the name of a coin that is not.
    const isCounted = ({ folder }: WalletEntry): boolean => folder !== "COUNTERFEIT";
    for (const entry of entries.filter(isCounted)) counts.set(nameOf(entry), (counts.get(nameOf(entry)) ?? 0) + 1);
    const isTwin = (entry: WalletEntry): boolean => isCounted(entry) && counts.get(nameOf(entry))! > 1;
    for (const entry of entries.filter(isTwin)) {
      problems.push({
        path: `${this.#folders.get(entry.folder)}/${entry.name}`,
        error: issueOf("count", "", "each coin once", `${counts.get(nameOf(entry))} files of ${nameOf(entry)}`),
      });
    }
    return { entries: entries.filter((entry) => !isTwin(entry)), problems };
  }
}

const FORMAT = "raida_wallet";

function refuse(expected: string, actual: string): never {
  throw new WireError(issueOf("argument", "", expected, actual));
}

function issueOf(code: WireErrorCode, path: string, expected: string, actual: string): WireIssue {
  return { code, format: FORMAT, path, offset: 0, expected, actual };
}
