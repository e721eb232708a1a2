/** The files of a wallet: coins in their folders, and the journal. */
import { equalBytes } from "../../../bytes/index.js";
import { isWireError, WireError, type WireErrorCode, type WireIssue } from "../../../errors.js";
import { coinFileName, readCoinFile, writeCoinFile, type WalletCoin } from "./coin-file.js";
import type { WalletFiles } from "./files.js";
import { decodeJournal, encodeJournal, type Journal } from "./journal.js";
import { folderOf, WALLET_FOLDERS, type WalletFolder } from "./rules.js";

/** A coin and its file. */
export interface WalletEntry {
  readonly folder: WalletFolder;
  readonly name: string;
  readonly coin: WalletCoin;
  readonly bytes: Uint8Array;
  readonly modifiedMs: number;
  /** True if the name is a link; a regular file replaces it when the coin is written. */
  readonly isLink?: boolean;
}

/** A file that the wallet does not touch, and the reason. */
export interface WalletProblem {
  readonly path: string;
  readonly error: WireIssue;
}

/** All coins of a wallet, and the files that are no usable coins. */
export interface WalletContents {
  readonly entries: readonly WalletEntry[];
  readonly problems: readonly WalletProblem[];
}

/** The folder of the journal, the lock and the file that is being written. */
export const HIDDEN_FOLDER = ".specwire";
const JOURNAL = `${HIDDEN_FOLDER}/journal.json`;
const DRAFT = `${HIDDEN_FOLDER}/draft`;

/**
 * The files of a wallet. A coin is in exactly one file at any moment: a new version is written to a draft, replaces the
 * old version by a rename, and only then moves to another folder.
 */
export class WalletStore {
  readonly #files: WalletFiles;
  readonly #coinId: number;
  /** The names of the folders on this disk, which may be in lower case. */
  readonly #folders: Map<WalletFolder, string>;

  private constructor(files: WalletFiles, coinId: number, folders: Map<WalletFolder, string>) {
    this.#files = files;
    this.#coinId = coinId;
    this.#folders = folders;
  }

  /**
   * Opens a wallet, or makes one if `create` is true.
   * @throws WireError `argument` if the folder is no wallet; `storage`, also if BANK or another is no folder
   */
  static async open(files: WalletFiles, coinId: number, create: boolean): Promise<WalletStore> {
    const there = await files.list("");
    const folders = new Map<WalletFolder, string>();
    for (const folder of WALLET_FOLDERS) {
      const found = there.filter(({ name }) => name.toUpperCase() === folder);
      if (found.length > 1) refuse(`one folder ${folder}`, found.map(({ name }) => name).join(", "));
      if (found.length === 0) continue;
      const { name, kind } = found[0]!;
      // A folder that is a link is refused: coins would leave the wallet through it.
      if (kind !== "folder") throw new WireError(issueOf("storage", name, "a folder", `a ${kind}`));
      folders.set(folder, name);
    }
    const store = new WalletStore(files, coinId, folders);
    if (create) for (const folder of ["BANK", "FRACKED"] as const) await store.#pathOf(folder);
    else if (!folders.has("BANK") && !folders.has("FRACKED")) refuse("a folder with BANK or FRACKED in it", "neither");
    await files.makeFolder(HIDDEN_FOLDER);
    // A draft here is of a process that died; its numbers follow from the journal.
    await files.remove(DRAFT);
    await files.sync();
    return store;
  }

  /** Loads all coins. A coin with two files is reported as a problem, because one of them is wrong. */
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

  /** Writes a coin if it has changed, and moves it to its folder. @returns its new entry */
  async put(entry: WalletEntry, coin: WalletCoin): Promise<WalletEntry> {
    const here = `${await this.#pathOf(entry.folder)}/${entry.name}`;
    const bytes = writeCoinFile(coin, entry.bytes, this.#coinId);
    const folder = folderOf(coin, entry.folder);
    // A relative link would lead elsewhere after a move: a regular file replaces it.
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

  /** Writes new coins into a folder. */
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

  /** The journal of an interrupted change, undefined if there is none. @throws WireError `storage` if it is damaged */
  async readJournal(): Promise<Journal | undefined> {
    const file = await this.#files.read(JOURNAL);
    return file === undefined ? undefined : decodeJournal(file.bytes);
  }

  /** Writes the journal; it is durable once this resolves. */
  async writeJournal(journal: Journal): Promise<void> {
    await this.#files.create(DRAFT, encodeJournal(journal));
    await this.#files.rename(DRAFT, JOURNAL);
    await this.#files.sync();
  }

  /** Removes the journal. All its coins must be durable before. */
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

  /** A free name: `1.600.bin`, or `1.600 (2).bin` if that is taken. */
  async #freeName(path: string, name: string): Promise<string> {
    const stem = name.replace(/\.bin$/i, "");
    for (let count = 2; await this.#isTaken(path, name); count++) name = `${stem} (${count}).bin`;
    return name;
  }

  /** True if the name is taken by a file or by anything else. */
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
    // A counterfeit coin may have the name of an authentic one.
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
  return { code, format: FORMAT, path, expected, actual };
}
