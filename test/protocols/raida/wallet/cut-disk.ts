/** A disk in memory that loses unsynced changes and ends the process on demand. */
import type { WalletFileContent, WalletFileEntry, WalletFiles } from "../../../../src/protocols/raida/index.js";

/** Ends a process in these tests. It is no WireError, so that nothing may catch it. */
export class Cut extends Error {}

type Change = (files: Map<string, WalletFileContent>, folders: Set<string>) => void;

/** When and how a {@link CutDisk} ends the process. */
export interface CutDiskOptions {
  readonly files?: ReadonlyMap<string, WalletFileContent>;
  readonly folders?: Iterable<string>;
  readonly now?: () => number;
  /** The index of the operation at which the process ends. */
  readonly cutAt?: number;
  /** True if a cut creation leaves a truncated file. */
  readonly isTorn?: boolean;
}

/** A disk in memory that loses unsynced changes of names, and ends the process at a given operation. */
export class CutDisk implements WalletFiles {
  readonly #files: Map<string, WalletFileContent>;
  readonly #folders: Set<string>;
  readonly #options: CutDiskOptions;
  /** Unsynced changes, in order. */
  readonly #pending: { readonly isRemoval: boolean; readonly change: Change }[] = [];
  operations = 0;
  isCut = false;
  /** True if the cut operation was a creation. */
  isTorn = false;

  constructor(options: CutDiskOptions = {}) {
    this.#options = options;
    this.#files = new Map(options.files);
    this.#folders = new Set(options.folders);
  }

  /** The files as the process sees them. */
  get live(): { readonly files: Map<string, WalletFileContent>; readonly folders: Set<string> } {
    return this.#after(this.#pending.length);
  }

  /** Number of changes that a loss of power may undo, the last first. */
  get unsynced(): number {
    return this.#pending.length;
  }

  /** The disk after a loss of power of which the first changes survive, and optionally the removals after them. */
  restarted(survivors: number, options: CutDiskOptions & { readonly isReordered?: boolean } = {}): CutDisk {
    const after = this.#after(survivors, options.isReordered);
    return new CutDisk({ ...this.#options, cutAt: Infinity, ...options, ...after });
  }

  async list(folder: string): Promise<WalletFileEntry[]> {
    this.#count();
    const { files, folders } = this.live;
    const inside = (path: string): boolean => parentOf(path) === folder;
    const named = (kind: string) => (path: string) => ({ name: path.slice(path.lastIndexOf("/") + 1), kind });
    const names = [...folders].filter(inside).map(named("folder"));
    return [...[...files.keys()].filter(inside).map(named("file")), ...names];
  }

  async read(path: string): Promise<WalletFileContent | undefined> {
    this.#count();
    const file = this.live.files.get(path);
    return file && { ...file, bytes: file.bytes.slice() };
  }

  async create(path: string, bytes: Uint8Array): Promise<void> {
    const content = { bytes: bytes.slice(), modifiedMs: this.#options.now?.() ?? 0 };
    const part = { ...content, bytes: content.bytes.subarray(0, content.bytes.length >> 1) };
    this.#count(() => {
      this.isTorn = true;
      if (this.#options.isTorn === true) this.#changes((files) => files.set(path, part));
    });
    if (!this.live.folders.has(parentOf(path))) throw new Error(`no folder for ${path}`);
    this.#changes((files) => files.set(path, content));
  }

  async rename(from: string, to: string): Promise<void> {
    this.#count();
    const { files, folders } = this.live;
    if (!files.has(from) || !folders.has(parentOf(to))) throw new Error(`cannot move ${from} to ${to}`);
    this.#changes((all) => {
      const content = all.get(from)!;
      all.delete(from);
      all.set(to, content);
    });
  }

  async remove(path: string): Promise<void> {
    this.#count();
    this.#changes((files) => files.delete(path), true);
  }

  async makeFolder(path: string): Promise<void> {
    this.#count();
    this.#changes((_, folders) => folders.add(path));
  }

  async sync(): Promise<void> {
    this.#count();
    for (const { change } of this.#pending.splice(0)) change(this.#files, this.#folders);
  }

  #count(atCut = (): void => {}): void {
    if (this.isCut) throw new Cut("after the end");
    if (this.operations++ !== this.#options.cutAt) return;
    this.isCut = true;
    atCut();
    throw new Cut();
  }

  #changes(change: Change, isRemoval = false): void {
    this.#pending.push({ change, isRemoval });
  }

  #after(changes: number, isReordered = false): { files: Map<string, WalletFileContent>; folders: Set<string> } {
    const [files, folders] = [new Map(this.#files), new Set(this.#folders)];
    this.#pending.forEach(({ change, isRemoval }, i) => {
      if (i < changes || (isReordered && isRemoval)) change(files, folders);
    });
    return { files, folders };
  }
}

function parentOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}
