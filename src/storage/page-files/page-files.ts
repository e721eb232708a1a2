import { WireError } from "../../errors.js";
import type { FileSystem } from "../files.js";
import { AtOnce } from "./at-once.js";
import { PageCache, type Page } from "./page-cache.js";

/** Where pages are: what a protocol says of its files. */
export interface PageLayout {
  /** Of every page; a file is one page. */
  readonly pageBytes: number;
  /** The file of a key, relative to the folder, with `/` between its parts; undefined where a key names no page. */
  pathOf(key: string): string | undefined;
}

/** Files that are written before they take the place of others; what a crash leaves of them is removed. */
const NEW = /^\d+\.new$/;
/** Files that are open at a time. */
const READS_AT_ONCE = 32;
const WRITES_AT_ONCE = 4;

/** Pages in their files, each of which is replaced whole, and in memory while they are used. */
export class PageFiles {
  readonly cache: PageCache;
  readonly #files: FileSystem;
  readonly #layout: PageLayout;
  readonly #newFolder: string;
  readonly #reads = new Map<string, Promise<Page | undefined>>();
  readonly #readsAtOnce = new AtOnce(READS_AT_ONCE);
  readonly #writesAtOnce = new AtOnce(WRITES_AT_ONCE);
  #lastNew = 0;

  /** @param newFolder for files that are being written, on the same volume */
  constructor(files: FileSystem, layout: PageLayout, newFolder: string, pagesMax: number) {
    this.cache = new PageCache(pagesMax);
    this.#files = files;
    this.#layout = layout;
    this.#newFolder = newFolder;
  }

  /** Removes what a crash has left. */
  async tidy(): Promise<void> {
    for (const name of await this.#files.list(this.#newFolder)) {
      if (NEW.test(name)) await this.#files.unlink(`${this.#newFolder}/${name}`);
    }
  }

  /** Undefined where there is no such page. @throws WireError `storage` */
  async get(key: string): Promise<Page | undefined> {
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const reading = this.#reads.get(key) ?? this.#read(key).finally(() => this.#reads.delete(key));
    this.#reads.set(key, reading);
    return reading;
  }

  /** The same; a page that does not exist is full of zeros, and exists once it is set dirty. */
  async getOrMake(key: string): Promise<Page> {
    const page = await this.get(key);
    if (page !== undefined) return page;
    const bytes = new Uint8Array(this.#layout.pageBytes);
    return { key, path: this.#layout.pathOf(key)!, bytes, exists: false, version: 0 };
  }

  /** Brings the files of pages up to date; once it resolves they survive. @throws WireError `storage` */
  async write(pages: readonly Page[]): Promise<void> {
    const folders = new Set<string>();
    const versions = new Map<Page, number>();
    const work = async (page: Page): Promise<void> => {
      versions.set(page, page.version);
      await this.#replace(page);
      for (let name = page.path; name !== "";) folders.add((name = parentOf(name)));
    };
    const outcomes = await Promise.allSettled(pages.map((page) => this.#writesAtOnce.run(() => work(page))));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    for (const folder of folders) await this.#files.syncFolder(folder);
    // What has changed meanwhile stays dirty.
    for (const [page, version] of versions) if (page.version === version) this.cache.setClean(page);
  }

  async #read(key: string): Promise<Page | undefined> {
    const { pageBytes } = this.#layout;
    const path = this.#layout.pathOf(key);
    const bytes = path === undefined ? undefined : await this.#readsAtOnce.run(() => this.#files.read(path, pageBytes));
    if (path === undefined || bytes === undefined) return undefined;
    if (bytes.length !== pageBytes) {
      const sizes = { expected: `${pageBytes} bytes`, actual: `${bytes.length}` };
      throw new WireError({ code: "storage", format: "page", path, offset: 0, ...sizes });
    }
    const page = { key, path, bytes, exists: true, version: 0 };
    this.cache.setClean(page);
    return page;
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

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
