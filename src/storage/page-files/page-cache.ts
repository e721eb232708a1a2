/** A page in memory. */
export interface Page {
  readonly key: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** False of a page that is about to be made. */
  exists: boolean;
  /** Counts changes. */
  version: number;
}

/** Pages in memory: those that their files do not have yet, all of them, and others that were used last. */
export class PageCache {
  readonly #pagesMax: number;
  /** The one that was used longest ago first. */
  readonly #clean = new Map<string, Page>();
  readonly #dirty = new Map<string, Page>();

  constructor(pagesMax: number) {
    this.#pagesMax = pagesMax;
  }

  get size(): number {
    return this.#clean.size + this.#dirty.size;
  }

  /** Pages that their files do not have yet. */
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

  /** The page is as its file is. */
  setClean(page: Page): void {
    this.#dirty.delete(page.key);
    this.#clean.delete(page.key);
    this.#clean.set(page.key, page);
    this.#evict();
  }

  /** The page has changed. */
  setDirty(page: Page): void {
    page.exists = true;
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
