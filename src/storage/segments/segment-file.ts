/** One value of a disk of segments: its file, read in parts and appended to. */
import { WireError, type WireIssue } from "../../errors.js";
import type { DiskRead, DiskValue } from "../../machine/index.js";
import type { FileSystem } from "../files.js";
import { isFull } from "../full.js";
import { SECTOR_BYTES } from "./layout.js";
import { nameOf } from "./names.js";
import { isNeverBegun, readSegmentHeader } from "./reader.js";
import { scanFrames, type FileRange, type Scan, type SegmentFlaw } from "./scan.js";
import { SegmentWriter } from "./writer.js";

/** Bytes of a file that are read at a time, or more if a frame is longer. */
const WINDOW_BYTES = 1024 * 1024;
/** A file that is no longer is read at once: most hold one frame, which may be as long as that. */
const SHORT_FILE_BYTES = 5 * 1024 * 1024;
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

/** The value of one key in a segment file. One call at a time. */
export class SegmentFile {
  readonly key: string;
  readonly path: string;
  readonly #files: FileSystem;
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

  /** Reads the file of a key, if there is one. @throws WireError `storage`, also if its header is damaged */
  static async find(files: FileSystem, key: string): Promise<SegmentFile> {
    const segment = new SegmentFile(files, key);
    await segment.#read();
    return segment;
  }

  /** Whether anything was stored. */
  get exists(): boolean {
    return this.#frames > 0 || this.#damage !== undefined;
  }

  /** Bytes of the value; of a damaged one, those before the damage. */
  get size(): number {
    return this.#size;
  }

  /** Where the frames of the file end. */
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

  /** @throws WireError `storage` if the file cannot be read */
  async load({ at = 0, length = Infinity }: DiskRead): Promise<DiskValue> {
    if (!this.exists) return { bytes: undefined, size: 0 };
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
    bytes ??= new Uint8Array(0);
    return {
      bytes,
      size: this.#size,
      ...(this.#damage !== undefined && { badAt: this.#size }),
      ...(this.#isTorn && { isTorn: true }),
      ...(bytes.length >= GIVEN_BYTES_MIN && { isGiven: true }),
    };
  }

  /** @throws WireError `storage` if the file takes no more: it is damaged, or could not be written */
  checkAppends(): void {
    const obstacle = this.#damage ?? this.#failure;
    if (obstacle !== undefined) throw new WireError(obstacle);
  }

  /**
   * Appends bytes, which survive a crash once this resolves.
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

  async #read(): Promise<void> {
    const size = await this.#files.sizeOf(this.path);
    this.#isMissing = size === undefined;
    const start = size === undefined ? undefined : await this.#files.readAt(this.path, 0, SECTOR_BYTES);
    if (size === undefined || start === undefined || isNeverBegun(start, size)) return;
    const header = readSegmentHeader(start, size, this.key);
    if ("kind" in header) throw new WireError(damageOf(this.path, header));
    this.#salt = header.salt;
    this.#fileBytes = size;
    this.#end = size;
    let end = SECTOR_BYTES;
    const scan = scanFrames(size, header.salt, SECTOR_BYTES, (part) => {
      if (part.kind !== "frame") {
        if (part.kind === "damaged") this.#setDamage(part, this.#size);
        else this.#isTorn = true;
        return false;
      }
      this.#mark(part.at);
      this.#frames++;
      this.#size += part.bytes.length;
      end = part.end;
      return true;
    });
    await this.#run(scan, size <= SHORT_FILE_BYTES ? size : WINDOW_BYTES);
    this.#end = end;
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
        const bytes = await this.#files.readAt(this.path, at, Math.max(length, windowBytes));
        if (bytes === undefined || bytes.length < length) {
          const actual = bytes === undefined ? "no file" : "a shorter one";
          throw new WireError({ ...damageOf(this.path, { at, expected: "the file as it was", actual }) });
        }
        window = { at, bytes };
      }
      return window.bytes.subarray(at - window.at, at - window.at + length);
    };
    let step = scan.next();
    while (!step.done) step = scan.next(await read(step.value));
  }
}

function damageOf(path: string, { at, expected, actual }: Pick<SegmentFlaw, "at" | "expected" | "actual">): WireIssue {
  return { code: "storage", format: "disk_segment", path, offset: at, expected, actual, spec: "disk/segment.ksy" };
}
