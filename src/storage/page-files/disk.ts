import { isWireError, WireError, type Result, type WireIssue } from "../../errors.js";
import { limitsWith, type Limits } from "../../limits.js";
import type { Disk, DiskWrite } from "../../machine/index.js";
import type { FileSystem, HeldLock } from "../files.js";
import { guardedFiles } from "../guarded-files.js";
import { nodeFiles } from "../node-files.js";
import { HIDDEN_FOLDER, LOCK } from "./hidden.js";
import { damageOf, type LogContent } from "./log-reading.js";
import { GROUP_WRITES_MAX, KEY } from "./log-records.js";
import { Log } from "./log.js";
import type { Page } from "./page-cache.js";
import { PageFiles, type PageLayout } from "./page-files.js";

export interface PageFileDiskOptions {
  /** Where the files are; made if it is not there. */
  readonly folder: string;
  readonly layout: PageLayout;
  /** Those whose names begin with `disk`. */
  readonly limits?: Partial<Limits>;
  /**
   * Opens the folder whoever has it. If its holder is at work after all, acknowledged stores of both can be lost: it
   * notices within a second, or when it writes next after a pause. Default false.
   */
  readonly takeLock?: boolean;
  /** Called once when another process has taken the folder: the disk refuses everything from now on. */
  readonly onLockLost?: (loss: WireError) => void;
  /** For tests. Default: {@link nodeFiles} of the folder. */
  readonly files?: FileSystem;
}

/** A disk of pages that survive. */
export interface PageFileDisk extends Disk {
  /**
   * Finishes what was asked for, brings the page files up to date, and lets other processes in. From now on the disk
   * refuses everything. @throws WireError `storage` when the page files cannot be written: the log keeps what they lack
   */
  close(): Promise<void>;
}

/** Bytes of stores that are committed at a time. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** What a write takes in memory beside its bytes. */
const WRITE_KEEP_BYTES = 512;
/** By how much the log may be longer than wanted before stores wait. */
const LOG_BYTES_FACTOR_MAX = 4;

/**
 * Opens a folder of pages, which no other process can then open until the disk is closed, and carries out what a crash
 * has left in its log.
 * @throws WireError `storage` when the disk or another process is in the way; with format `disk_log`, the file and the
 * byte when the log is damaged, and then nothing has changed: see `repairPageFiles`
 */
export async function openPageFileDisk(options: PageFileDiskOptions): Promise<PageFileDisk> {
  return openUnless(options, ({ losses: [loss] }) => {
    if (loss !== undefined) throw damageOf(loss);
  });
}

/** The same for a log that may be damaged. @param check throws where the disk is not to be opened, after all */
export async function openUnless(
  options: PageFileDiskOptions,
  check: (content: LogContent) => void,
): Promise<PageFileDisk> {
  const { folder, layout, limits, takeLock = false, onLockLost: onLost, files = nodeFiles(folder) } = options;
  await files.makeFolder(HIDDEN_FOLDER);
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
type Loaded = (outcome: Result<Uint8Array | undefined>) => void;

interface Store {
  readonly writes: readonly DiskWrite[];
  readonly bytes: number;
  readonly done: Done;
}

/** A load of a page that a store before it may change. */
interface Load {
  readonly key: string;
  readonly done: Loaded;
}

/** Stores are logged and synced in batches, then they change the pages in memory, and are done. */
class OpenDisk implements PageFileDisk {
  readonly #layout: PageLayout;
  readonly #limits: Limits;
  readonly #dirtyPagesMax: number;
  readonly #pages: PageFiles;
  readonly #log: Log;
  readonly #lock: HeldLock;
  #queue: (Store | Load)[] = [];
  #queuedBytes = 0;
  /** Stores that are not over, by their keys. */
  readonly #unfinished = new Map<string, number>();
  #committing: Promise<void> | undefined;
  #checkpoint: Promise<WireIssue | undefined> | undefined;
  /** Bytes of log at which the next checkpoint is due. */
  #dueBytes: number;
  #closing: Promise<void> | undefined;

  constructor(files: FileSystem, layout: PageLayout, limits: Limits, lock: HeldLock) {
    const pagesMax = Math.max(2, Math.floor(limits.diskCacheBytesMax / layout.pageBytes));
    this.#layout = layout;
    this.#limits = limits;
    this.#dirtyPagesMax = Math.floor(pagesMax / 2);
    this.#dueBytes = limits.diskLogBytesMax;
    this.#pages = new PageFiles(files, layout, HIDDEN_FOLDER, pagesMax);
    this.#log = new Log(files);
    this.#lock = lock;
  }

  /** Carries out what the log says, and empties it. @param check throws where nothing is to be changed */
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

  load(key: string, done: Loaded): void {
    const obstacle = this.#refusal();
    if (obstacle !== undefined) return later(done, obstacle);
    if (this.#unfinished.has(key)) this.#queue.push({ key, done });
    else void this.#load(key, done);
  }

  store(writes: readonly DiskWrite[], done: Done): void {
    const bytes = writes.reduce((sum, write) => sum + write.bytes.length + WRITE_KEEP_BYTES, 0);
    const flaw = this.#refusal() ?? this.#flawOfAll(writes, bytes);
    if (flaw !== undefined) return later(done, flaw);
    for (const { key } of writes) this.#unfinished.set(key, (this.#unfinished.get(key) ?? 0) + 1);
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

  async #load(key: string, done: Loaded): Promise<void> {
    let outcome: Result<Uint8Array | undefined>;
    try {
      outcome = loaded(await this.#pages.get(key));
    } catch (error) {
      outcome = failed(error);
    }
    done(outcome);
  }

  /** Goes on until nothing is asked for. */
  async #commitAll(): Promise<void> {
    // What comes in the same turn belongs to the same batch.
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

  #takeBatch(): (Store | Load)[] {
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

  /** The pages that a batch needs, or why they cannot be had. */
  async #pagesOf(batch: readonly (Store | Load)[]): Promise<Map<string, Page | WireIssue>> {
    const keys = new Set(batch.flatMap((one) => ("writes" in one ? one.writes.map(({ key }) => key) : [])));
    const pages = [...keys].map(async (key) => [key, await this.#pages.getOrMake(key).catch(issueOf)] as const);
    return new Map(await Promise.all(pages));
  }

  /** Logs the stores of a batch whose pages can be had. @returns why that failed */
  async #commit(
    batch: readonly (Store | Load)[],
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

  /** Waits while log or memory hold more than they should. @returns why they have to go on doing so */
  async #makeRoom(): Promise<WireIssue | undefined> {
    const isFull = (): boolean =>
      this.#log.bytes >= LOG_BYTES_FACTOR_MAX * this.#limits.diskLogBytesMax ||
      this.#pages.cache.dirtyPages >= 2 * this.#dirtyPagesMax;
    if (isFull()) await this.#checkpoint;
    return isFull() ? this.#beginCheckpoint() : undefined;
  }

  /** Changes pages, answers loads, and tells everybody, in the order in which they asked. */
  #finish(
    batch: readonly (Store | Load)[],
    pages: ReadonlyMap<string, Page | WireIssue>,
    failure: WireIssue | undefined,
  ): void {
    for (const operation of batch) {
      if (!("writes" in operation)) {
        const page = pages.get(operation.key);
        // Of a store that an earlier batch has finished, or of one that could not have the page.
        if (page === undefined || isIssue(page)) void this.#load(operation.key, operation.done);
        else operation.done(loaded(page));
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
        const left = this.#unfinished.get(key)! - 1;
        if (left > 0) this.#unfinished.set(key, left);
        else this.#unfinished.delete(key);
      }
      done(obstacle === undefined ? { ok: true, value: undefined } : { ok: false, error: obstacle });
    }
  }

  #change(page: Page, { at, bytes }: DiskWrite): void {
    page.bytes.set(bytes, at);
    this.#pages.cache.setDirty(page);
  }

  #isCheckpointDue(): boolean {
    return this.#log.bytes >= this.#dueBytes || this.#pages.cache.dirtyPages >= this.#dirtyPagesMax;
  }

  /**
   * Brings the page files up to date and removes the log that they no longer need. Begins between two batches, so that
   * the pages hold all that the sealed log says. @returns why it failed, with nothing lost
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

  /** Why nothing more can be asked for: the folder may hold other pages by now. */
  #refusal(): WireIssue | undefined {
    return this.#closing === undefined ? this.#lock.loss?.toJSON() : CLOSED;
  }

  #flawOfAll(writes: readonly DiskWrite[], bytes: number): WireIssue | undefined {
    if (writes.length > GROUP_WRITES_MAX) return refusal("writes", `at most ${GROUP_WRITES_MAX}`, `${writes.length}`);
    const most = this.#limits.diskQueueBytesMax;
    if (this.#queuedBytes + bytes > most) return refusal("queue", `at most ${most} bytes`, "more");
    for (const write of writes) {
      const flaw = this.#flawOf(write);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  }

  #flawOf({ key, at, bytes }: DiskWrite): WireIssue | undefined {
    const { pageBytes } = this.#layout;
    if (this.#layout.pathOf(key) === undefined || !KEY.test(key)) return refusal("key", "the name of a page", key);
    const fits = Number.isInteger(at) && at >= 0 && at + bytes.length <= pageBytes;
    return fits ? undefined : refusal("at", `within ${pageBytes} bytes`, `${bytes.length} bytes at ${at}`);
  }
}

/** A copy: whoever is lent the bytes cannot change the page. */
function loaded(page: Page | undefined): Result<Uint8Array | undefined> {
  return { ok: true, value: page?.exists === true ? page.bytes.slice() : undefined };
}

/** Why a store cannot have one of its pages. */
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

function refusal(path: string, expected: string, actual: string): WireIssue {
  return { code: "storage", format: "disk", path, offset: 0, expected, actual };
}

const CLOSED: WireIssue = Object.freeze({
  code: "storage",
  format: "disk",
  path: "",
  offset: 0,
  expected: "a disk that is open",
});

function failed(error: unknown): { readonly ok: false; readonly error: WireIssue } {
  return { ok: false, error: issueOf(error) };
}

/** A file system rejects with a WireError; anything else is a mistake, and is not hidden. */
function issueOf(error: unknown): WireIssue {
  if (isWireError(error)) return error.toJSON();
  throw error;
}
