/** Pages in their files and in memory. */
import { WireError } from "../../errors.js";
import { parentOf, type FileSystem } from "../files.js";
import { PageCache, type Page } from "./page-cache.js";
import { Semaphore } from "./semaphore.js";

/** The page files of a protocol: their size and their paths. */
export interface PageLayout {
  /** Size of every page; a file holds one page. */
  readonly pageBytes: number;
  /** The file of a key, relative to the folder, with `/` between its parts; undefined if the key names no page. */
  pathOf(key: string): string | undefined;
  /** The key of a file, the reverse of `pathOf`; undefined for any other file. A disk without it cannot list keys. */
  keyOf?(path: string): string | undefined;
}

/** Names of files that are written before they replace a page file. */
const NEW = /^\d+\.new$/;
/** Files open for reading at a time. */
const READ_SLOTS = 32;
/** Files open for writing at a time. */
const WRITE_SLOTS = 4;

/** Pages in their files, which are replaced whole, and in a cache. */
export class PageFiles {
  readonly cache: PageCache;
  readonly #files: FileSystem;
  readonly #layout: PageLayout;
  readonly #newFolder: string;
  readonly #reads = new Map<string, Promise<Page | undefined>>();
  readonly #readSlots = new Semaphore(READ_SLOTS);
  readonly #writeSlots = new Semaphore(WRITE_SLOTS);
  #lastNew = 0;

  /** @param newFolder folder of unfinished files, on the same volume */
  constructor(files: FileSystem, layout: PageLayout, newFolder: string, pagesMax: number) {
    this.cache = new PageCache(pagesMax);
    this.#files = files;
    this.#layout = layout;
    this.#newFolder = newFolder;
  }

  /** Removes unfinished files that a crash left. */
  async tidy(): Promise<void> {
    for (const name of await this.#files.list(this.#newFolder)) {
      if (NEW.test(name)) await this.#files.unlink(`${this.#newFolder}/${name}`);
    }
  }

  /** Undefined if the page does not exist. @throws WireError `storage` */
  async get(key: string): Promise<Page | undefined> {
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const reading = this.#reads.get(key) ?? this.#read(key).finally(() => this.#reads.delete(key));
    this.#reads.set(key, reading);
    return reading;
  }

  /** As {@link get}; a page that does not exist is full of zeros, and exists once it is set dirty. */
  async getOrMake(key: string): Promise<Page> {
    const page = await this.get(key);
    if (page !== undefined) return page;
    const bytes = new Uint8Array(this.#layout.pageBytes);
    return { key, path: this.#layout.pathOf(key)!, bytes, exists: false, version: 0 };
  }

  /** Writes pages to their files, which survive a crash once this resolves. @throws WireError `storage` */
  async write(pages: readonly Page[]): Promise<void> {
    const folders = new Set<string>();
    const versions = new Map<Page, number>();
    const work = async (page: Page): Promise<void> => {
      versions.set(page, page.version);
      if (!page.exists) return this.#remove(page, folders);
      await this.#replace(page);
      for (let name = page.path; name !== "";) folders.add((name = parentOf(name)));
    };
    const outcomes = await Promise.allSettled(pages.map((page) => this.#writeSlots.run(() => work(page))));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    for (const folder of folders) await this.#files.syncFolder(folder);
    // A page that changed meanwhile stays dirty.
    for (const [page, version] of versions) if (page.version === version) this.cache.setClean(page);
  }

  async #read(key: string): Promise<Page | undefined> {
    const { pageBytes } = this.#layout;
    const path = this.#layout.pathOf(key);
    const bytes = path === undefined ? undefined : await this.#readSlots.run(() => this.#files.read(path, pageBytes));
    if (path === undefined || bytes === undefined) return undefined;
    if (bytes.length !== pageBytes) {
      const sizes = { expected: `${pageBytes} bytes`, actual: `${bytes.length}` };
      throw new WireError({ code: "storage", format: "page", path, ...sizes });
    }
    const page = { key, path, bytes, exists: true, version: 0 };
    this.cache.setClean(page);
    return page;
  }

  /** The keys of all files. @throws WireError `storage` */
  async keys(): Promise<string[]> {
    const keys: string[] = [];
    const folders = [""];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const name of await this.#files.list(folder)) {
        const path = folder === "" ? name : `${folder}/${name}`;
        if (path === this.#newFolder) continue;
        const key = this.#layout.keyOf?.(path);
        if (key !== undefined && this.#layout.pathOf(key) === path) keys.push(key);
        else if ((await this.#files.kindOf(path)) === "folder") folders.push(path);
      }
    }
    return keys;
  }

  async #remove({ path }: Page, folders: Set<string>): Promise<void> {
    await this.#files.unlink(path);
    const folder = parentOf(path);
    // A page that was never written may have no folder.
    if ((await this.#files.kindOf(folder)) === "folder") folders.add(folder);
  }

  async #replace({ path, bytes }: Page): Promise<void> {
    await this.#files.makeFolder(parentOf(path));
    const fresh = `${this.#newFolder}/${++this.#lastNew}.new`;
    try {
      const file = await this.#files.create(fresh);
      try {
        // A copy: the page may change while it is written.
        await file.write(bytes.slice(), 0);
        await file.sync();
      } finally {
        await file.close();
      }
      await this.#files.rename(fresh, path);
    } catch (error) {
      await this.#files.unlink(fresh).catch(() => {});
      throw error;
    }
  }
}
