/** The removal of values on a disk of segments: as one with the append of the same store, also across a crash. */
import { randomBytes } from "node:crypto";
import { concatBytes, equalBytes } from "../../bytes/index.js";
import { encodeRemoval, tryDecodeRemoval, type Removal, type RemovedValue } from "../../codec/gen/disk/index.js";
import { WireError, type WireIssue } from "../../errors.js";
import type { FileSystem } from "../files.js";
import { STORE_FOLDER } from "../store-folder.js";
import { frameOf, SALT_BYTES, SECTOR_BYTES, segmentHeader } from "./layout.js";
import { nameOf } from "./names.js";
import { isNeverBegun, readSegment } from "./reader.js";

const PATH = `${STORE_FOLDER}/removal`;
const NEW_PATH = `${PATH}.new`;
const KEY = "removal";
/** Magic, version and length of the key stand in front of the key; the salt behind it. */
const KEY_AT = 7;
/** More than a removal of as many values as a store may have. */
const RECORD_BYTES_MAX = 64 * 1024 * 1024;
const UNDECIDED: WireIssue = Object.freeze({
  code: "storage",
  format: "disk",
  path: PATH,
  expected: "a folder that is opened again",
  actual: "a store that failed and could not be undone",
});

/**
 * What a store has to remove is written down before the store appends; the append makes it binding. Only then are the
 * files removed. There is one such record at a time.
 */
export class Removals {
  readonly #files: FileSystem;
  /** The record that may be in its file: bound, or to be dropped, or what a failed append may have bound. */
  #record:
    | {
        readonly key: string;
        readonly removed: readonly RemovedValue[];
        state: "bound" | "unbound" | "undecided";
      }
    | undefined;
  #finishing: Promise<void> | undefined;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  /** Whether a value is removed although its file may still be there. */
  hides(key: string): boolean {
    return this.#record?.state === "bound" && this.#removes(key);
  }

  /**
   * Whether a value must not grow before {@link finish}: its file has to go first, or its growth would bind a record
   * that is to be dropped, or be removed by it when the folder is opened again.
   */
  stops(key: string): boolean {
    return this.#removes(key) || (this.#record?.key === key && this.#record.state !== "bound");
  }

  #removes(key: string): boolean {
    return this.#record?.removed.some((one) => one.key === key) === true;
  }

  /**
   * Finishes what a crash has left. Call it first. @param endOf where the frames in the file of a key end
   * @throws WireError `storage`
   */
  async recover(endOf: (key: string) => Promise<number>): Promise<void> {
    const file = await this.#files.read(PATH, RECORD_BYTES_MAX);
    if (file !== undefined) {
      const { key, end, removed } = removalIn(file);
      const isBound = key === "" || (await endOf(key)) > end;
      this.#record = { key, removed, state: isBound ? "bound" : "unbound" };
      await this.finish();
    }
    await this.#files.unlink(NEW_PATH);
  }

  /** Of some keys, those that have a file. @throws WireError `storage` */
  async find(keys: readonly string[]): Promise<RemovedValue[]> {
    const found: RemovedValue[] = [];
    for (const key of keys) {
      const salt = await saltIn(this.#files, key);
      if (salt !== undefined) found.push({ key, salt });
    }
    return found;
  }

  /**
   * Writes down what a store removes. Call {@link finish} before.
   * @param key, end the value that the store appends to, and where the frames of its file end; "" and 0 for none: then
   *   the removal is bound at once
   * @throws WireError `storage`: nothing is removed
   */
  async prepare(removed: RemovedValue[], key: string, end: number): Promise<void> {
    const salt = new Uint8Array(randomBytes(SALT_BYTES));
    const record = frameOf([encodeRemoval({ key, end, removed })], salt, SECTOR_BYTES);
    const file = await this.#files.create(NEW_PATH);
    try {
      await file.write(concatBytes(segmentHeader(KEY, salt), record), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    // From here on the record may be in its place, whatever fails.
    this.#record = { key, removed, state: "unbound" };
    await this.#files.rename(NEW_PATH, PATH);
    await this.#files.syncFolder(STORE_FOLDER);
    if (key === "") this.bind();
  }

  /** Removes one value at once, and writes nothing down. @throws WireError `storage` */
  async unlink({ key }: RemovedValue): Promise<void> {
    await this.#files.unlink(nameOf(key));
    await this.#files.syncFolder("");
  }

  /** The append of the store survives a crash. */
  bind(): void {
    if (this.#record !== undefined) this.#record.state = "bound";
  }

  /** The append of the store failed and could not be undone: the record says what belongs to it if it is there. */
  keep(): void {
    if (this.#record !== undefined) this.#record.state = "undecided";
  }

  /**
   * Removes the files of a bound record, and the record. Does nothing without one.
   * @throws WireError `storage`, also where only the folder, opened again, will tell whether it is bound
   */
  finish(): Promise<void> {
    return (this.#finishing ??= this.#finish().finally(() => (this.#finishing = undefined)));
  }

  async #finish(): Promise<void> {
    const record = this.#record;
    if (record === undefined) return;
    if (record.state === "undecided") throw new WireError(UNDECIDED);
    const isBound = record.state === "bound";
    if (isBound) {
      for (const { key, salt } of record.removed) {
        const found = await saltIn(this.#files, key);
        if (found !== undefined && equalBytes(found, salt)) await this.#files.unlink(nameOf(key));
      }
      await this.#files.syncFolder("");
    }
    await this.#files.unlink(PATH);
    // One that is not bound must not come back: its value may grow by another store.
    if (!isBound) await this.#files.syncFolder(STORE_FOLDER);
    this.#record = undefined;
  }
}

/** The salt that the file of a key has; undefined if there is no segment. A damaged header has other bytes there. */
async function saltIn(files: FileSystem, key: string): Promise<Uint8Array | undefined> {
  const size = await files.sizeOf(nameOf(key));
  const start = size === undefined ? undefined : await files.readAt(nameOf(key), 0, SECTOR_BYTES);
  if (size === undefined || start === undefined || isNeverBegun(start, size)) return undefined;
  const salt = new Uint8Array(SALT_BYTES);
  salt.set(start.subarray(KEY_AT + key.length, KEY_AT + key.length + SALT_BYTES));
  return salt;
}

/** @throws WireError `storage` if the record is damaged: it was whole before it got its name */
function removalIn(file: Uint8Array): Removal {
  const [part] = readSegment(file, KEY).parts;
  const removal = part?.kind === "frame" ? tryDecodeRemoval(part.bytes) : undefined;
  if (removal?.ok === true) return removal.value;
  const place = { path: PATH, offset: part?.at ?? 0, spec: "disk/removal.ksy" };
  throw new WireError({
    code: "storage",
    format: "disk_removal",
    ...place,
    expected: "a record",
    actual: "other bytes",
  });
}
