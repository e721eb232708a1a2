/** One value of a disk of segments: its file, read in parts and appended to. */
import { WireError, type WireIssue } from "../../errors.js";
import { diskArgument, type DiskRead, type DiskValue } from "../../machine/index.js";
import type { FileSystem } from "../files.js";
import { isFull } from "../full.js";
import { SECTOR_BYTES } from "./layout.js";
import { nameOf } from "./names.js";
import { isNeverBegun, readSegmentHeader } from "./reader.js";
import { scanFrames, type FileRange, type Scan, type SegmentFlaw, type SegmentFrame } from "./scan.js";
import { SegmentWriter } from "./writer.js";

/** Bytes of a file that are read at a time, or more if a frame is longer. */
const WINDOW_BYTES = 1024 * 1024;
/** A file that is no longer is read at once: most hold one frame, which may be as long as that. */
const SHORT_FILE_BYTES = 5 * 1024 * 1024;
/** A whole value in a file that is no longer is read once, in the room of its file. */
const WHOLE_FILE_BYTES = 64 * 1024 * 1024;
/** Most bytes that one load returns. */
const LOAD_BYTES_MAX = 2 ** 30;
/** A part of a value that is as long is given to whoever loads it: of shorter ones copies cost nothing. */
const GIVEN_BYTES_MIN = 16 * 1024;
/** Distance of the places in a file that are remembered, to find a part of a value. */
const MARK_EVERY_BYTES = 64 * 1024;

/** A frame whose place is remembered. */
interface Mark {
  /** Where its bytes begin in the value. */
  readonly valueAt: number;
  /** Where it begins in the file. */
  readonly at: number;
}

/**
 * The value of one key in a segment file. One call at a time. Its frames are read when something needs them, and with
 * the value where all of that is loaded first: a member starts with a log of 64 MiB in 2.5 times the time to read its
 * files then, and in 4.9 times that where they are read twice (`bench/raft/restart.mjs`).
 */
export class SegmentFile {
  readonly key: string;
  readonly path: string;
  readonly #files: FileSystem;
  /** Whether all frames were read. */
  #isRead = false;
  /** Undefined if there is no segment: the file is missing, or a crash came before its header was synced. */
  #salt: Uint8Array | undefined;
  /** Where the next frame begins. */
  #end = SECTOR_BYTES;
  #fileBytes = 0;
  #frames = 0;
  #size = 0;
  readonly #marks: Mark[] = [];
  #damage: WireIssue | undefined;
  /** A crash has cut its last frame, and nothing was appended since. */
  #isTorn = false;
  /** There is no file. */
  #isMissing = false;
  #isUnsure = false;
  #failure: WireIssue | undefined;
  #writer: SegmentWriter | undefined;

  private constructor(files: FileSystem, key: string) {
    this.key = key;
    this.path = nameOf(key);
    this.#files = files;
  }

  /** Reads the header of a key's file, if there is one. @throws WireError `storage`, also if it is damaged */
  static async find(files: FileSystem, key: string): Promise<SegmentFile> {
    const segment = new SegmentFile(files, key);
    await segment.#readHeader();
    return segment;
  }

  /** Whether anything was stored; reads the first frame. @throws WireError `storage` if the file cannot be read */
  async exists(): Promise<boolean> {
    if (this.#isRead) return this.#hasParts;
    let exists = false;
    const scan = scanFrames(this.#fileBytes, this.#salt!, SECTOR_BYTES, ({ kind }) => {
      exists = kind !== "torn";
      return false;
    });
    await this.#run(scan, MARK_EVERY_BYTES);
    return exists;
  }

  /** Bytes of the value once its frames are read; of a damaged one, those before the damage. */
  get size(): number {
    return this.#size;
  }

  /** Where the frames of the file end, once they are read. */
  get end(): number {
    return this.#end;
  }

  /** Tells this file from others of its key; undefined if there is no segment. */
  get salt(): Uint8Array | undefined {
    return this.#salt;
  }

  /** Whether bytes of a failed store may be in the file. */
  get isUnsure(): boolean {
    return this.#isUnsure;
  }

  get isOpen(): boolean {
    return this.#writer !== undefined;
  }

  /** @throws WireError `storage` if the file cannot be read, `argument` for too many bytes */
  async load({ at = 0, length = Infinity }: DiskRead): Promise<DiskValue> {
    if (!this.#isRead && at === 0 && length === Infinity && this.#fileBytes <= WHOLE_FILE_BYTES) {
      const bytes = await this.#readWhole();
      return this.#hasParts ? this.#valueOf(bytes) : { bytes: undefined, size: 0 };
    }
    await this.read();
    if (!this.#hasParts) return { bytes: undefined, size: 0 };
    if (Math.min(length, this.#size - at) > LOAD_BYTES_MAX) {
      throw new WireError(diskArgument("length", `at most ${LOAD_BYTES_MAX} bytes`, `${this.#size - at}`));
    }
    const from = Math.min(at, this.#size);
    const end = from + Math.min(length, this.#size - from);
    let bytes: Uint8Array | undefined;
    const mark = this.#marks.findLast(({ valueAt }) => valueAt <= from);
    let valueAt = mark?.valueAt ?? 0;
    if (end > from) {
      // A crash may have cut the zeros behind the last frame.
      const size = Math.min(this.#end, this.#fileBytes);
      const scan = scanFrames(size, this.#salt!, mark?.at ?? SECTOR_BYTES, (part) => {
        if (part.kind !== "frame") {
          this.#setDamage(part, valueAt);
          return false;
        }
        const first = Math.max(from, valueAt);
        const wanted = part.bytes.subarray(first - valueAt, Math.min(part.bytes.length, end - valueAt));
        if (wanted.length === end - from) bytes = wanted;
        else (bytes ??= new Uint8Array(end - from)).set(wanted, first - from);
        valueAt += part.bytes.length;
        return valueAt < end;
      });
      const isOneFrame = this.#frames === 1;
      await this.#run(scan, isOneFrame ? size : Math.min(WINDOW_BYTES, end - from + 2 * MARK_EVERY_BYTES));
      // Something has changed the file since it was read first.
      if (valueAt < end) bytes = bytes?.slice(0, Math.max(0, valueAt - from));
    }
    return this.#valueOf(bytes ?? new Uint8Array(0));
  }

  #valueOf(bytes: Uint8Array): DiskValue {
    return {
      bytes,
      size: this.#size,
      ...(this.#damage !== undefined && { badAt: this.#size }),
      ...(this.#isTorn && { isTorn: true }),
      ...(bytes.length >= GIVEN_BYTES_MIN && { isGiven: true }),
    };
  }

  /**
   * Once its frames are read: whether the file takes more.
   * @throws WireError `storage` if it is damaged, or could not be written
   */
  checkAppends(): void {
    const obstacle = this.#damage ?? this.#failure;
    if (obstacle !== undefined) throw new WireError(obstacle);
  }

  /**
   * Appends bytes, which survive a crash once this resolves. The frames must be read.
   * @throws WireError `storage`: nothing has changed. Unless the disk was only full, the file takes no more.
   */
  async append(parts: readonly Uint8Array[]): Promise<void> {
    this.checkAppends();
    const writer = (this.#writer ??= await this.#open());
    try {
      await writer.append(parts);
    } catch (error) {
      const isUndone = await writer.rollBack().then(
        () => true,
        () => false,
      );
      this.#isUnsure = !isUndone;
      if (!isFull(error) || !isUndone) await this.fail("an earlier store failed");
      throw error;
    }
    this.#mark(this.#end);
    this.#frames++;
    this.#isTorn = false;
    for (const { length } of parts) this.#size += length;
    this.#end = this.#fileBytes = writer.length;
  }

  get #hasParts(): boolean {
    return this.#frames > 0 || this.#damage !== undefined;
  }

  /** Refuses all later stores: what lies behind the synced bytes is not known. */
  async fail(reason: string): Promise<void> {
    const expected = "a file that the disk has not failed to write since it was opened";
    this.#failure = { code: "storage", format: "disk", path: this.path, expected, actual: reason };
    await this.close();
  }

  async close(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.close();
  }

  async #open(): Promise<SegmentWriter> {
    if (this.#salt !== undefined)
      return SegmentWriter.open(this.#files, this.path, this.#salt, this.#fileBytes, this.#end);
    // In a file that exists already, a crash could leave the old bytes behind a new header.
    if (!this.#isMissing) {
      await this.#files.unlink(this.path);
      await this.#files.syncFolder("");
    }
    // Where it cannot be made, a part of it may be there.
    this.#isMissing = false;
    const writer = await SegmentWriter.create(this.#files, this.path, "", this.key);
    this.#salt = writer.salt;
    return writer;
  }

  async #readHeader(): Promise<void> {
    const size = await this.#files.sizeOf(this.path);
    this.#isMissing = size === undefined;
    const start = size === undefined ? undefined : await this.#files.readAt(this.path, 0, SECTOR_BYTES);
    if (size === undefined || start === undefined || isNeverBegun(start, size)) {
      this.#isRead = true;
      return;
    }
    const header = readSegmentHeader(start, size, this.key);
    if ("kind" in header) throw new WireError(damageOf(this.path, header));
    this.#salt = header.salt;
    this.#fileBytes = size;
  }

  /** Reads all frames, unless that was done. @throws WireError `storage` if the file cannot be read */
  async read(): Promise<void> {
    if (this.#isRead) return;
    await this.#run(this.#scanAll(), this.#fileBytes <= SHORT_FILE_BYTES ? this.#fileBytes : WINDOW_BYTES);
    this.#isRead = true;
  }

  /** Reads all frames of a file that has a header, and gives the bytes of all of them, in the room of the file. */
  async #readWhole(): Promise<Uint8Array> {
    const room = await this.#readPart(0, this.#fileBytes);
    let length = 0;
    const scan = this.#scanAll(({ bytes }) => {
      // In front of what the scan looks at next.
      room.set(bytes, length);
      length += bytes.length;
    });
    let step = scan.next();
    while (!step.done) step = scan.next(room.subarray(step.value.at, step.value.at + step.value.length));
    this.#isRead = true;
    return room.subarray(0, length);
  }

  #scanAll(visit: (frame: SegmentFrame) => void = () => {}): Scan {
    // One that could not read the file may have found some.
    this.#frames = this.#size = this.#marks.length = 0;
    this.#end = SECTOR_BYTES;
    return scanFrames(this.#fileBytes, this.#salt!, SECTOR_BYTES, (part) => {
      if (part.kind !== "frame") {
        if (part.kind === "damaged") this.#setDamage(part, this.#size);
        else this.#isTorn = true;
        return false;
      }
      this.#mark(part.at);
      this.#frames++;
      this.#size += part.bytes.length;
      this.#end = part.end;
      visit(part);
      return true;
    });
  }

  /** Remembers where a frame begins, if the last one that it does remember is far away. */
  #mark(at: number): void {
    const last = this.#marks.at(-1);
    if (last === undefined || at >= last.at + MARK_EVERY_BYTES) this.#marks.push({ valueAt: this.#size, at });
  }

  #setDamage(flaw: SegmentFlaw, size: number): void {
    this.#damage = damageOf(this.path, flaw);
    this.#size = size;
  }

  /** Carries out a scan with as many bytes of the file at a time. */
  async #run(scan: Scan, windowBytes: number): Promise<void> {
    let window: { readonly at: number; readonly bytes: Uint8Array } = { at: 0, bytes: new Uint8Array(0) };
    const read = async ({ at, length }: FileRange): Promise<Uint8Array> => {
      if (at < window.at || at + length > window.at + window.bytes.length) {
        window = { at, bytes: await this.#readPart(at, length, windowBytes) };
      }
      return window.bytes.subarray(at - window.at, at - window.at + length);
    };
    let step = scan.next();
    while (!step.done) step = scan.next(await read(step.value));
  }

  /** So many bytes of the file, or more. @throws WireError `storage` where it has become shorter */
  async #readPart(at: number, lengthMin: number, length = lengthMin): Promise<Uint8Array> {
    const bytes = await this.#files.readAt(this.path, at, Math.max(lengthMin, length));
    if (bytes !== undefined && bytes.length >= lengthMin) return bytes;
    const actual = bytes === undefined ? "no file" : "a shorter one";
    throw new WireError(damageOf(this.path, { at, expected: "the file as it was", actual }));
  }
}

function damageOf(path: string, { at, expected, actual }: Pick<SegmentFlaw, "at" | "expected" | "actual">): WireIssue {
  return { code: "storage", format: "disk_segment", path, offset: at, expected, actual, spec: "disk/segment.ksy" };
}
