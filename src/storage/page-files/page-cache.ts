/** Pages in memory. */

/** A page in memory. */
export interface Page {
  readonly key: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** False for a page that its first store will make, and for one that was removed. */
  exists: boolean;
  /** Number of changes. */
  version: number;
}

/** Pages in memory: all dirty ones, which are newer than their files, and the clean ones that were used last. */
export class PageCache {
  readonly #pagesMax: number;
  /** In order of use: the least recently used first. */
  readonly #clean = new Map<string, Page>();
  readonly #dirty = new Map<string, Page>();

  constructor(pagesMax: number) {
    this.#pagesMax = pagesMax;
  }

  get size(): number {
    return this.#clean.size + this.#dirty.size;
  }

  /** Number of pages that are newer than their files. */
  get dirtyPages(): number {
    return this.#dirty.size;
  }

  dirty(): Page[] {
    return [...this.#dirty.values()];
  }

  get(key: string): Page | undefined {
    const dirty = this.#dirty.get(key);
    if (dirty !== undefined) return dirty;
    const page = this.#clean.get(key);
    if (page !== undefined) this.setClean(page);
    return page;
  }

  /** The page equals its file, or has none and does not exist. */
  setClean(page: Page): void {
    this.#dirty.delete(page.key);
    this.#clean.delete(page.key);
    if (!page.exists) return;
    this.#clean.set(page.key, page);
    this.#evict();
  }

  /** The page has changed, or was removed. */
  setDirty(page: Page, exists = true): void {
    page.exists = exists;
    page.version++;
    this.#clean.delete(page.key);
    this.#dirty.set(page.key, page);
    this.#evict();
  }

  #evict(): void {
    for (const key of this.#clean.keys()) {
      if (this.size <= this.#pagesMax) return;
      this.#clean.delete(key);
    }
  }
}
