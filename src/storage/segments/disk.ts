/** The disk of values that are appended to, each in a file of its own: calls in their order, and groups of appends. */
import { isWireError, WireError, type Result, type WireIssue } from "../../errors.js";
import { limitsWith, type Limits } from "../../limits.js";
import {
  diskArgument,
  flawOfRead,
  flawOfWrites,
  isPut,
  type Disk,
  type DiskPut,
  type DiskRead,
  type DiskValue,
  type DiskWrite,
} from "../../machine/index.js";
import { syncFile, type FileSystem, type HeldLock } from "../files.js";
import { isFull } from "../full.js";
import { guardedFiles } from "../guarded-files.js";
import { nodeFiles } from "../node-files.js";
import { flawOfQueue } from "../queue-flaw.js";
import { LOCK, STORE_FOLDER } from "../store-folder.js";
import { keyOf, SEGMENT_KEY } from "./names.js";
import { KeyQueues, type Operation } from "./key-queues.js";
import { Removals } from "./removals.js";
import { SegmentFile } from "./segment-file.js";

/** The options of {@link openSegmentDisk}. */
export interface SegmentDiskOptions {
  /** The folder of the files; created if it is missing. */
  readonly folder: string;
  /** Only `diskQueueBytesMax` applies. */
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

/** A disk that keeps each value in a file to which it appends. */
export interface SegmentDisk extends Disk {
  /** Finishes what was called and releases the folder. The disk refuses everything from then on. */
  close(): Promise<void>;
}

/** Bytes of stores in one frame; a longer store has one of its own. */
const GROUP_BYTES_MAX = 1024 * 1024;
/** Memory of a queued write in addition to its bytes. */
const WRITE_OVERHEAD_BYTES = 512;
/** Files that stay open for appends. */
const OPEN_FILES_MAX = 64;
/** Files that are synced at a time, as many as threads of Node.js that do such work. */
const SYNCS_AT_ONCE = 4;
/** Stores that remove values wait for each other: no key is empty. */
const REMOVALS = "";

/**
 * Opens a folder of segment files, keeps other processes out until the disk is closed, and finishes the removals that a
 * crash left. Files are read when they are first needed.
 * @throws WireError `storage` if the file system fails or another process has the folder
 */
export async function openSegmentDisk(options: SegmentDiskOptions): Promise<SegmentDisk> {
  const { folder, limits, takeLock = false, onLockLost: onLost, files = nodeFiles(folder) } = options;
  await files.makeFolder(STORE_FOLDER);
  await files.syncFolder("");
  const lock = await files.lock(LOCK, { takeLock, ...(onLost && { onLost }) });
  try {
    const disk = new OpenDisk(guardedFiles(files, lock), limitsWith(limits), lock);
    await disk.recover();
    return disk;
  } catch (error) {
    await lock.release().catch(() => {});
    throw error;
  }
}

type Done = (outcome: Result<void>) => void;

/** A store in the queues. */
interface Store extends Operation {
  /** Bytes for one value, side by side; empty for a store that only removes. */
  readonly puts: readonly DiskPut[];
  readonly removed: readonly string[];
  /** Size of `puts`. */
  readonly bytes: number;
  readonly room: number;
  readonly done: Done;
  /** Failed stores of the key when it was called: it stands on none that fails later. */
  readonly failures: number;
}

class OpenDisk implements SegmentDisk {
  readonly #files: FileSystem;
  readonly #limits: Limits;
  readonly #lock: HeldLock;
  readonly #removals: Removals;
  readonly #queues = new KeyQueues(GROUP_BYTES_MAX);
  /** Files that were read, or are being read. */
  readonly #segments = new Map<string, Promise<SegmentFile>>();
  /** Files that may be open for appends, in order of use. */
  readonly #open = new Set<SegmentFile>();
  /** Number of stores that have failed, by key. */
  readonly #failures = new Map<string, number>();
  readonly #lists = new Set<Promise<void>>();
  #queuedBytes = 0;
  #closing: Promise<void> | undefined;

  constructor(files: FileSystem, limits: Limits, lock: HeldLock) {
    this.#files = files;
    this.#limits = limits;
    this.#lock = lock;
    this.#removals = new Removals(files);
  }

  async recover(): Promise<void> {
    if (this.#lock.isTakenOver) await this.#syncAll();
    await this.#removals.recover(async (key) => {
      try {
        const segment = await this.#segment(key);
        await segment.read();
        // A removal stands on what the store has appended, and that store may have failed to sync it.
        if (await segment.exists()) await syncFile(this.#files, segment.path);
        return segment.end;
      } catch (error) {
        // Nobody knows whether the store took effect: what it removes is kept.
        if (isDamage(error)) return 0;
        throw error;
      }
    });
  }

  /** A killed process may have written frames that are there, and gone after a power cut unless they are synced. */
  async #syncAll(): Promise<void> {
    const names = (await this.#files.list("")).filter((name) => keyOf(name) !== undefined).values();
    const syncOneByOne = async (): Promise<void> => {
      for (const name of names) await syncFile(this.#files, name);
    };
    await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, syncOneByOne));
  }

  load(read: DiskRead, done: (outcome: Result<DiskValue>) => void): void {
    const flaw = this.#refusal() ?? flawOfRead(read);
    if (flaw !== undefined) return later(done, flaw);
    const run = async (): Promise<DiskValue> => {
      if (this.#isMissing(read.key)) return { bytes: undefined, size: 0 };
      return (await this.#segment(read.key)).load(read);
    };
    this.#queues.add({ keys: [read.key], run: () => settle(run, done) });
  }

  list(prefix: string, done: (outcome: Result<readonly string[]>) => void): void {
    const flaw = this.#refusal();
    if (flaw !== undefined) return later(done, flaw);
    const run = async (): Promise<readonly string[]> => {
      const before = this.#queues.keys().filter((key) => key.startsWith(prefix));
      await new Promise<void>((resolve) => this.#queues.add({ keys: before, run: async () => resolve() }));
      const keys: string[] = [];
      for (const name of await this.#files.list("")) {
        const key = keyOf(name);
        if (key?.startsWith(prefix) === true && (await this.#inTurn(key, () => this.#exists(key)))) keys.push(key);
      }
      return keys.sort();
    };
    const listing = settle(run, done).finally(() => this.#lists.delete(listing));
    this.#lists.add(listing);
  }

  store(writes: readonly DiskWrite[], done: Done): void {
    const puts = writes.every(isPut) ? writes : writes.filter(isPut);
    const removed = puts === writes ? NO_KEYS : [...new Set(writes.filter((one) => !isPut(one)).map(({ key }) => key))];
    let bytes = 0;
    for (const put of puts) bytes += put.bytes.length;
    const room = bytes + WRITE_OVERHEAD_BYTES * writes.length;
    const flaw =
      this.#refusal() ??
      flawOf(writes, puts, removed) ??
      flawOfQueue(this.#queuedBytes + room, this.#limits.diskQueueBytesMax);
    if (flaw !== undefined) return later(done, flaw);
    this.#queuedBytes += room;
    const key = puts[0]?.key;
    const failures = (key !== undefined && this.#failures.get(key)) || 0;
    if (key !== undefined && removed.length === 0) {
      const run = this.#appendAll;
      const store: Store = { keys: [key], run, groupBytes: bytes, puts, removed, bytes, room, done, failures };
      this.#queues.add(store);
    } else {
      const keys = [...removed, ...(key === undefined ? [] : [key]), ...(removed.length > 0 ? [REMOVALS] : [])];
      const store: Store = { keys, run: this.#removeAll, puts, removed, bytes, room, done, failures };
      this.#queues.add(store);
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.all(this.#lists);
    await this.#queues.whenEmpty();
    await this.#removals.finish().catch(() => {});
    for (const segment of this.#open) await segment.close();
    await this.#lock.release();
  }

  /** Appends the bytes of several stores to one value, in one frame. */
  readonly #appendAll = async (operations: readonly Operation[]): Promise<void> => {
    const group = operations as readonly Store[];
    const chosen: Store[] = [];
    const flaws: (WireIssue | undefined)[] = [];
    let failure: WireIssue | undefined;
    try {
      const segment = await this.#toAppend(group[0]!.puts[0]!.key);
      let { size } = segment;
      for (const one of group) {
        const flaw = this.#flawOfPlace(one, size);
        flaws.push(flaw);
        if (flaw !== undefined) continue;
        chosen.push(one);
        size += one.bytes;
      }
      if (chosen.length > 0) await segment.append(partsOf(chosen));
    } catch (error) {
      failure = issueOf(error);
    }
    for (let i = 0; i < group.length; i++) this.#settle(group[i]!, flaws[i] ?? failure);
  };

  readonly #removeAll = async ([operation]: readonly Operation[]): Promise<void> => {
    let failure: WireIssue | undefined;
    try {
      await this.#remove(operation as Store);
    } catch (error) {
      failure = issueOf(error);
    }
    this.#settle(operation as Store, failure);
  };

  #settle({ puts, room, done }: Store, failure: WireIssue | undefined): void {
    this.#queuedBytes -= room;
    if (failure === undefined) return done(SUCCESS);
    const key = puts[0]?.key;
    if (key !== undefined) this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
    done({ ok: false, error: failure });
  }

  /** Removes values, and appends to another one: all or nothing. */
  async #remove(store: Store): Promise<void> {
    const { removed } = store;
    const key = store.puts[0]?.key;
    const segment = key === undefined ? undefined : await this.#toAppend(key);
    const flaw = segment && this.#flawOfPlace(store, segment.size);
    if (flaw !== undefined) throw new WireError(flaw);
    await this.#removals.finish();
    const found = await this.#removals.find(removed);
    if (found.length === 0) return segment?.append(partsOf([store]));
    try {
      await this.#removals.prepare(found, key ?? "", segment?.end ?? 0);
      await segment?.append(partsOf([store]));
    } catch (error) {
      if (segment?.isUnsure === true) this.#removals.keep();
      // As long as the record may be there, none of its values grows.
      await this.#removals.finish().catch(() => {});
      // A full disk has no room for a record, and one value alone is removed without.
      if (segment !== undefined || found.length > 1 || !isFull(error)) throw error;
      await this.#removals.unlink(found[0]!);
    }
    this.#removals.bind();
    for (const one of removed) await this.#forget(one);
    // What cannot be removed now is removed before the next store that needs it, or when the folder is opened again.
    await this.#removals.finish().catch(() => {});
  }

  async #forget(key: string): Promise<void> {
    const segment = await this.#segments.get(key)?.catch(() => undefined);
    this.#segments.delete(key);
    this.#failures.delete(key);
    if (segment === undefined) return;
    this.#open.delete(segment);
    await segment.close();
  }

  /** The value of a key, to append to it. @throws WireError `storage` */
  async #toAppend(key: string): Promise<SegmentFile> {
    if (this.#removals.stops(key)) await this.#removals.finish();
    const segment = await this.#segment(key);
    await segment.read();
    segment.checkAppends();
    this.#open.delete(segment);
    this.#open.add(segment);
    for (const one of this.#open) {
      if (this.#open.size <= OPEN_FILES_MAX) break;
      if (this.#queues.has(one.key)) continue;
      this.#open.delete(one);
      await one.close();
    }
    return segment;
  }

  #segment(key: string): Promise<SegmentFile> {
    let segment = this.#segments.get(key);
    if (segment !== undefined) return segment;
    segment = SegmentFile.find(this.#files, key);
    this.#segments.set(key, segment);
    // What could not be read is read again the next time.
    segment.catch(() => this.#segments.delete(key));
    return segment;
  }

  /** Runs work when all earlier calls on a key have ended. */
  #inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#queues.add({ keys: [key], run: () => work().then(resolve, reject) });
    });
  }

  /** Whether a value was stored; true if its file is damaged. */
  async #exists(key: string): Promise<boolean> {
    if (this.#isMissing(key)) return false;
    try {
      return await (await this.#segment(key)).exists();
    } catch (error) {
      if (isDamage(error)) return true;
      throw error;
    }
  }

  #isMissing(key: string): boolean {
    return !SEGMENT_KEY.test(key) || this.#removals.hides(key);
  }

  #flawOfPlace({ puts, failures }: Store, size: number): WireIssue | undefined {
    const { key, at } = puts[0]!;
    if (at === size) return undefined;
    if (failures === (this.#failures.get(key) ?? 0))
      return diskArgument("at", `${size}, the end of the value`, `${at}`);
    return { code: "storage", format: "disk", path: "at", expected: `${size}`, actual: "a store before it failed" };
  }

  /** Why the disk accepts nothing more: it is closed, or another process may have changed the files. */
  #refusal(): WireIssue | undefined {
    return this.#closing === undefined ? this.#lock.loss?.toJSON() : CLOSED;
  }
}

/** What a disk of segments can never store. */
function flawOf(
  writes: readonly DiskWrite[],
  puts: readonly DiskPut[],
  removed: readonly string[],
): WireIssue | undefined {
  let checked: string | undefined;
  for (const { key } of writes) {
    if (key === checked) continue;
    checked = key;
    if (!SEGMENT_KEY.test(key)) return diskArgument("key", "1 to 80 characters of ASCII", JSON.stringify(key));
  }
  const flaw = flawOfWrites(writes);
  if (flaw !== undefined || puts.length === 0) return flaw;
  const { key, at } = puts[0]!;
  if (removed.includes(key)) return diskArgument("writes", "removals of other values", `one of ${key}`);
  let end = at;
  for (const put of puts) {
    if (put.key !== key) return diskArgument("writes", `bytes for ${key} alone`, `bytes for ${put.key}`);
    if (put.at !== end) return diskArgument("at", `${end}, where the write before ends`, `${put.at}`);
    end += put.bytes.length;
  }
  return undefined;
}

function partsOf(stores: readonly Store[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const { puts } of stores) for (const { bytes } of puts) parts.push(bytes);
  return parts;
}

/** Whether a file is no segment of its key. */
function isDamage(error: unknown): boolean {
  return isWireError(error) && error.format === "disk_segment";
}

async function settle<T>(run: () => Promise<T>, done: (outcome: Result<T>) => void): Promise<void> {
  let outcome: Result<T>;
  try {
    outcome = { ok: true, value: await run() };
  } catch (error) {
    outcome = { ok: false, error: issueOf(error) };
  }
  done(outcome);
}

function later(done: (outcome: { readonly ok: false; readonly error: WireIssue }) => void, error: WireIssue): void {
  queueMicrotask(() => done({ ok: false, error }));
}

const NO_KEYS: readonly string[] = [];
const SUCCESS: Result<void> = Object.freeze({ ok: true, value: undefined });
const CLOSED: WireIssue = Object.freeze({ code: "storage", format: "disk", path: "", expected: "an open disk" });

/** The issue of a file system's WireError; rethrows anything else, which is a bug. */
function issueOf(error: unknown): WireIssue {
  if (isWireError(error)) return error.toJSON();
  throw error;
}
