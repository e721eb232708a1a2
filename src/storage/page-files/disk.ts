/** The disk of pages in files: stores and loads in their order, batches and checkpoints. */
import { isWireError, WireError, type Result, type WireIssue } from "../../errors.js";
import { limitsWith, type Limits } from "../../limits.js";
import {
  diskArgument,
  flawOfRead,
  flawOfWrites,
  isPut,
  partOf,
  type Disk,
  type DiskRead,
  type DiskValue,
  type DiskWrite,
} from "../../machine/index.js";
import type { FileSystem, HeldLock } from "../files.js";
import { guardedFiles } from "../guarded-files.js";
import { nodeFiles } from "../node-files.js";
import { flawOfQueue } from "../queue-flaw.js";
import { LOCK, STORE_FOLDER } from "../store-folder.js";
import { damageOf, type LogContent } from "./log-reader.js";
import { GROUP_WRITES_MAX, KEY } from "./log-records.js";
import { Log } from "./log.js";
import type { Page } from "./page-cache.js";
import { PageFiles, type PageLayout } from "./page-files.js";

/** The options of {@link openPageFileDisk}. */
export interface PageFileDiskOptions {
  /** The folder of the files; created if it is missing. */
  readonly folder: string;
  /** Which file a page lies in, and where in it. */
  readonly layout: PageLayout;
  /** Only limits that begin with `disk` apply. */
  readonly limits?: Partial<Limits>;
  /**
   * Takes the folder from any holder. If that holder is still at work, acknowledged stores of both can be lost until it
   * notices: within a second, or at its next write after a pause. Default false.
   */
  readonly takeLock?: boolean;
  /** Called once, if another process takes the folder: the disk refuses everything from then on. */
  readonly onLockLost?: (loss: WireError) => void;
  /** Replaces the file system in tests. Default: {@link nodeFiles} of the folder. */
  readonly files?: FileSystem;
}

/** A disk that keeps pages in files. */
export interface PageFileDisk extends Disk {
  /**
   * Finishes pending stores and loads, updates the page files and releases the folder. The disk refuses everything from
   * then on. @throws WireError `storage` if the page files cannot be written: the log keeps what they lack
   */
  close(): Promise<void>;
}

/** Bytes of stores in one commit. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** Memory of a queued write in addition to its bytes. */
const WRITE_OVERHEAD_BYTES = 512;
/** Stores wait while the log is longer than `diskLogBytesMax` times this. */
const LOG_BYTES_FACTOR_MAX = 4;

/**
 * Opens a folder of pages, keeps other processes out until the disk is closed, and applies the log that a crash left.
 * @throws WireError `storage` if the file system fails or another process has the folder; with format `disk_log`, the
 * file and the byte if the log is damaged, and then nothing has changed: see `repairPageFiles`
 */
export async function openPageFileDisk(options: PageFileDiskOptions): Promise<PageFileDisk> {
  return openUnless(options, ({ losses: [loss] }) => {
    if (loss !== undefined) throw damageOf(loss);
  });
}

/** Opens a folder whose log may be damaged. @param check throws if the disk must not be opened */
export async function openUnless(
  options: PageFileDiskOptions,
  check: (content: LogContent) => void,
): Promise<PageFileDisk> {
  const { folder, layout, limits, takeLock = false, onLockLost: onLost, files = nodeFiles(folder) } = options;
  await files.makeFolder(STORE_FOLDER);
  await files.syncFolder("");
  const lock = await files.lock(LOCK, { takeLock, ...(onLost && { onLost }) });
  try {
    const disk = new OpenDisk(guardedFiles(files, lock), layout, limitsWith(limits), lock);
    await disk.recover(check);
    return disk;
  } catch (error) {
    await lock.release().catch(() => {});
    throw error;
  }
}

type Done = (outcome: Result<void>) => void;
type Loaded = (outcome: Result<DiskValue>) => void;
type Listed = (outcome: Result<readonly string[]>) => void;

/** A store in the queue. */
interface Store {
  readonly writes: readonly DiskWrite[];
  readonly bytes: number;
  readonly done: Done;
}

/** A load in the queue: a store before it may change its page. */
interface Load {
  readonly read: DiskRead;
  readonly done: Loaded;
}

/** A list in the queue. */
interface List {
  readonly prefix: string;
  readonly done: Listed;
}

type Operation = Store | Load | List;

/** Logs and syncs stores in batches, then changes the pages in memory and reports the stores as done. */
class OpenDisk implements PageFileDisk {
  readonly #layout: PageLayout;
  readonly #limits: Limits;
  readonly #dirtyPagesMax: number;
  readonly #pages: PageFiles;
  readonly #log: Log;
  readonly #lock: HeldLock;
  #queue: Operation[] = [];
  #queuedBytes = 0;
  /** Number of pending stores by key. */
  readonly #pendingStores = new Map<string, number>();
  #committing: Promise<void> | undefined;
  #checkpoint: Promise<WireIssue | undefined> | undefined;
  /** Length of the log at which the next checkpoint is due. */
  #dueBytes: number;
  #closing: Promise<void> | undefined;

  constructor(files: FileSystem, layout: PageLayout, limits: Limits, lock: HeldLock) {
    const pagesMax = Math.max(2, Math.floor(limits.diskCacheBytesMax / layout.pageBytes));
    this.#layout = layout;
    this.#limits = limits;
    this.#dirtyPagesMax = Math.floor(pagesMax / 2);
    this.#dueBytes = limits.diskLogBytesMax;
    this.#pages = new PageFiles(files, layout, STORE_FOLDER, pagesMax);
    this.#log = new Log(files);
    this.#lock = lock;
  }

  /** Applies the log and empties it. @param check throws if nothing may be changed */
  async recover(check: (content: LogContent) => void): Promise<void> {
    const content = await this.#log.read();
    check(content);
    for (const write of content.groups.flat()) {
      const flaw = this.#flawOf(write);
      if (flaw !== undefined) throw new WireError(flaw);
    }
    await this.#pages.tidy();
    for (const group of content.groups) {
      for (const write of group) this.#change(await this.#pages.getOrMake(write.key), write);
      if (this.#pages.cache.dirtyPages >= this.#dirtyPagesMax) await this.#pages.write(this.#pages.cache.dirty());
    }
    await this.#pages.write(this.#pages.cache.dirty());
    await this.#log.remove(this.#log.seal(), false);
  }

  load(read: DiskRead, done: Loaded): void {
    const obstacle = this.#refusal() ?? flawOfRead(read);
    if (obstacle !== undefined) return later(done, obstacle);
    if (this.#pendingStores.has(read.key)) this.#queue.push({ read, done });
    else void this.#load(read, done);
  }

  list(prefix: string, done: Listed): void {
    const obstacle = this.#refusal() ?? (this.#layout.keyOf === undefined ? NO_KEYS : undefined);
    if (obstacle !== undefined) return later(done, obstacle);
    if (this.#pendingStores.size > 0) this.#queue.push({ prefix, done });
    else void this.#list(prefix, done);
  }

  store(writes: readonly DiskWrite[], done: Done): void {
    const bytes = writes.reduce(
      (sum, write) => sum + (isPut(write) ? write.bytes.length : 0) + WRITE_OVERHEAD_BYTES,
      0,
    );
    const flaw = this.#refusal() ?? this.#flawOfAll(writes, bytes);
    if (flaw !== undefined) return later(done, flaw);
    for (const { key } of writes) this.#pendingStores.set(key, (this.#pendingStores.get(key) ?? 0) + 1);
    this.#queue.push({ writes, bytes, done });
    this.#queuedBytes += bytes;
    this.#committing ??= this.#commitAll();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#committing;
    await this.#checkpoint;
    const failure = await this.#beginCheckpoint();
    await this.#lock.release();
    if (failure !== undefined) throw new WireError(failure);
  }

  async #load(read: DiskRead, done: Loaded): Promise<void> {
    let outcome: Result<DiskValue>;
    try {
      outcome = loaded(await this.#pages.get(read.key), read);
    } catch (error) {
      outcome = failed(error);
    }
    done(outcome);
  }

  /** Lists the pages that have files, without those that were removed since, and with those that have none yet. */
  async #list(prefix: string, done: Listed): Promise<void> {
    const dirty = new Map(this.#pages.cache.dirty().map(({ key, exists }) => [key, exists]));
    let outcome: Result<readonly string[]>;
    try {
      const keys = new Set(await this.#pages.keys());
      for (const [key, exists] of dirty) if (exists) keys.add(key);
      const isThere = (key: string): boolean => key.startsWith(prefix) && dirty.get(key) !== false;
      outcome = { ok: true, value: [...keys].filter(isThere).sort() };
    } catch (error) {
      outcome = failed(error);
    }
    done(outcome);
  }

  /** Commits batches until the queue is empty. */
  async #commitAll(): Promise<void> {
    // Stores of the same turn belong to one batch.
    await undefined;
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      const pages = await this.#pagesOf(batch);
      const outcome = await this.#commit(batch, pages);
      this.#finish(batch, pages, outcome);
      if (this.#checkpoint === undefined && this.#isCheckpointDue()) void this.#beginCheckpoint();
    }
    this.#committing = undefined;
  }

  #takeBatch(): Operation[] {
    let bytes = 0;
    let count = 0;
    for (const operation of this.#queue) {
      const more = "writes" in operation ? operation.bytes : 0;
      if (count > 0 && bytes + more > BATCH_BYTES_MAX) break;
      bytes += more;
      count++;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    return batch;
  }

  /** The pages that a batch needs; an issue for each that cannot be read. */
  async #pagesOf(batch: readonly Operation[]): Promise<Map<string, Page | WireIssue>> {
    const keys = new Set(batch.flatMap((one) => ("writes" in one ? one.writes.map(({ key }) => key) : [])));
    const pages = [...keys].map(async (key) => [key, await this.#pages.getOrMake(key).catch(issueOf)] as const);
    return new Map(await Promise.all(pages));
  }

  /** Logs the stores of a batch whose pages could be read. @returns the failure */
  async #commit(
    batch: readonly Operation[],
    pages: ReadonlyMap<string, Page | WireIssue>,
  ): Promise<WireIssue | undefined> {
    const groups = batch
      .filter((one) => "writes" in one)
      .filter((store) => store.writes.length > 0 && obstacleOf(store, pages) === undefined)
      .map(({ writes }) => writes);
    if (groups.length === 0) return undefined;
    try {
      const failure = await this.#makeRoom();
      if (failure !== undefined) return failure;
      await this.#log.append(groups);
      return undefined;
    } catch (error) {
      return issueOf(error);
    }
  }

  /** Waits for a checkpoint while the log or the memory is full. @returns the failure of the checkpoint */
  async #makeRoom(): Promise<WireIssue | undefined> {
    const isFull = (): boolean =>
      this.#log.bytes >= LOG_BYTES_FACTOR_MAX * this.#limits.diskLogBytesMax ||
      this.#pages.cache.dirtyPages >= 2 * this.#dirtyPagesMax;
    if (isFull()) await this.#checkpoint;
    return isFull() ? this.#beginCheckpoint() : undefined;
  }

  /** Changes pages and settles the stores and loads of a batch, in their order. */
  #finish(
    batch: readonly Operation[],
    pages: ReadonlyMap<string, Page | WireIssue>,
    failure: WireIssue | undefined,
  ): void {
    for (const operation of batch) {
      if ("prefix" in operation) {
        void this.#list(operation.prefix, operation.done);
        continue;
      }
      if ("read" in operation) {
        const page = pages.get(operation.read.key);
        // The store that it waited for was in an earlier batch, or could not read the page.
        if (page === undefined || isIssue(page)) void this.#load(operation.read, operation.done);
        else operation.done(loaded(page, operation.read));
        continue;
      }
      const { writes, bytes, done } = operation;
      const obstacle = obstacleOf(operation, pages) ?? failure;
      if (obstacle === undefined) {
        for (const write of writes) {
          this.#change(pages.get(write.key) as Page, write);
        }
      }
      this.#queuedBytes -= bytes;
      for (const { key } of writes) {
        const left = this.#pendingStores.get(key)! - 1;
        if (left > 0) this.#pendingStores.set(key, left);
        else this.#pendingStores.delete(key);
      }
      done(obstacle === undefined ? { ok: true, value: undefined } : { ok: false, error: obstacle });
    }
  }

  #change(page: Page, write: DiskWrite): void {
    if (isPut(write)) page.bytes.set(write.bytes, write.at);
    else page.bytes.fill(0);
    this.#pages.cache.setDirty(page, isPut(write));
  }

  #isCheckpointDue(): boolean {
    return this.#log.bytes >= this.#dueBytes || this.#pages.cache.dirtyPages >= this.#dirtyPagesMax;
  }

  /**
   * Updates the page files and removes the log that they no longer need. It begins between two batches, so that the
   * pages hold all stores of the sealed log. @returns the failure; nothing is lost then
   */
  #beginCheckpoint(): Promise<WireIssue | undefined> {
    const paths = this.#log.seal();
    const work = async (): Promise<WireIssue | undefined> => {
      try {
        await this.#pages.write(this.#pages.cache.dirty());
        await this.#log.remove(paths, this.#closing === undefined);
        this.#dueBytes = this.#limits.diskLogBytesMax;
        return undefined;
      } catch (error) {
        this.#dueBytes = this.#log.bytes + this.#limits.diskLogBytesMax / 2;
        return issueOf(error);
      } finally {
        this.#checkpoint = undefined;
      }
    };
    return (this.#checkpoint = work());
  }

  /** Why the disk accepts nothing more: it is closed, or another process may have changed the pages. */
  #refusal(): WireIssue | undefined {
    return this.#closing === undefined ? this.#lock.loss?.toJSON() : CLOSED;
  }

  #flawOfAll(writes: readonly DiskWrite[], bytes: number): WireIssue | undefined {
    if (writes.length > GROUP_WRITES_MAX) {
      return diskArgument("writes", `at most ${GROUP_WRITES_MAX}`, `${writes.length}`);
    }
    const full = flawOfQueue(this.#queuedBytes + bytes, this.#limits.diskQueueBytesMax);
    if (full !== undefined) return full;
    for (const write of writes) {
      const flaw = this.#flawOf(write);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  }

  #flawOf(write: DiskWrite): WireIssue | undefined {
    const { key } = write;
    const { pageBytes } = this.#layout;
    if (this.#layout.pathOf(key) === undefined || !KEY.test(key)) return diskArgument("key", "the key of a page", key);
    const flaw = flawOfWrites([write]);
    if (flaw !== undefined || !isPut(write) || write.at + write.bytes.length <= pageBytes) return flaw;
    return diskArgument("at", `a range within ${pageBytes} bytes`, `${write.bytes.length} bytes at ${write.at}`);
  }
}

/** Returns a copy: the caller cannot change the page. */
function loaded(page: Page | undefined, read: DiskRead): Result<DiskValue> {
  const value = partOf(page?.exists === true ? page.bytes : undefined, read);
  return { ok: true, value: value.bytes === undefined ? value : { ...value, bytes: value.bytes.slice() } };
}

/** Why one of the pages of a store cannot be read. */
function obstacleOf({ writes }: Store, pages: ReadonlyMap<string, Page | WireIssue>): WireIssue | undefined {
  for (const { key } of writes) {
    const page = pages.get(key)!;
    if (isIssue(page)) return page;
  }
  return undefined;
}

function isIssue(page: Page | WireIssue): page is WireIssue {
  return "code" in page;
}

function later(done: (outcome: { readonly ok: false; readonly error: WireIssue }) => void, error: WireIssue): void {
  queueMicrotask(() => done({ ok: false, error }));
}

const NO_KEYS: WireIssue = Object.freeze(diskArgument("layout", "keyOf, to list keys", "none"));
const CLOSED: WireIssue = Object.freeze({ code: "storage", format: "disk", path: "", expected: "an open disk" });

function failed(error: unknown): { readonly ok: false; readonly error: WireIssue } {
  return { ok: false, error: issueOf(error) };
}

/** The issue of a file system's WireError; rethrows anything else, which is a bug. */
function issueOf(error: unknown): WireIssue {
  if (isWireError(error)) return error.toJSON();
  throw error;
}
