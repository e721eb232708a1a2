/** The log of a disk: acknowledged stores, in segments. */
import { encodeLogBegin } from "../../codec/gen/disk/index.js";
import type { FileSystem } from "../files.js";
import { isFull } from "../full.js";
import { SegmentWriter } from "../segments/writer.js";
import { STORE_FOLDER } from "../store-folder.js";
import { logName, logNumbers, logPath } from "./store-layout.js";
import { readLog, type LogContent } from "./log-reader.js";
import { encodeCommit, type Group } from "./log-records.js";

/** The segment that is being written. */
interface Current {
  readonly number: number;
  readonly writer: SegmentWriter;
}

/** A segment that is complete. */
interface Sealed {
  readonly path: string;
  /** Number of bytes that the pages still need. */
  bytes: number;
  readonly closed: Promise<void>;
}

/** The log of a disk. Only {@link remove} may run while {@link append} runs. */
export class Log {
  readonly #files: FileSystem;
  /** Complete files, the oldest first. */
  readonly #sealed: Sealed[] = [];
  #current: Current | undefined;
  /** The segment before the next one, and how many of its bytes count. */
  #before = { previous: 0, previousBytes: 0 };
  #nextGroup = 1;
  #nextFile = 1;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  /** Total length of all files. */
  get bytes(): number {
    return this.#sealed.reduce((sum, { bytes }) => sum + bytes, this.#current?.writer.length ?? 0);
  }

  /**
   * Reads all files. Call this first and once, and remove the files before the first append: numbers begin at 1 again.
   * @throws WireError `storage`
   */
  async read(): Promise<LogContent> {
    const numbers = await logNumbers(this.#files);
    const files = await Promise.all(
      numbers.map(async (number) => ({ number, bytes: await this.#files.read(logPath(number)) })),
    );
    for (const { number } of files) this.#seal(number, 0, Promise.resolve());
    return readLog(files);
  }

  /** Once this resolves, all groups survive a crash. @throws WireError `storage`; then none of them does */
  async append(groups: readonly Group[]): Promise<void> {
    const current = (this.#current ??= await this.#begin());
    try {
      await current.writer.append(encodeCommit({ firstGroup: this.#nextGroup, groups }));
    } catch (error) {
      await this.#rollBack(current, error);
      throw error;
    }
    this.#nextGroup += groups.length;
  }

  /** Ends the current segment. @returns all files, the oldest first, for {@link remove} */
  seal(): readonly string[] {
    if (this.#current !== undefined) this.#sealCurrent(this.#current);
    return this.#sealed.map(({ path }) => path);
  }

  /**
   * Removes sealed files whose stores the page files hold. While the disk is open, the newest file stays until a newer
   * one exists, so that a backup can tell by the numbers whether it missed a file.
   */
  async remove(paths: readonly string[], isOpen: boolean): Promise<void> {
    for (const path of isOpen ? paths.slice(0, -1) : paths) {
      await this.#sealed[0]!.closed;
      await this.#files.unlink(path);
      // One by one: if a crash brought back an older file without the newer ones, it would undo their stores.
      await this.#files.syncFolder(STORE_FOLDER);
      this.#sealed.shift();
    }
    if (isOpen && paths.length > 0) this.#sealed[0]!.bytes = 0;
  }

  async #begin(): Promise<Current> {
    const number = this.#nextFile++;
    let writer: SegmentWriter | undefined;
    try {
      writer = await SegmentWriter.create(this.#files, logPath(number), STORE_FOLDER, logName(number));
      await writer.append(encodeLogBegin({ firstGroup: this.#nextGroup, ...this.#before }));
    } catch (error) {
      // The file may exist, without stores: the next segment replaces it.
      this.#seal(number, 0, writer?.close() ?? Promise.resolve());
      throw error;
    }
    return { number, writer };
  }

  /**
   * Undoes a failed append. If the disk was only full, it cuts the file; after any other failure, a new segment says
   * that the old one ends before the append. If that fails too, a later segment does so; a crash before it may bring
   * the groups back.
   */
  async #rollBack(current: Current, error: unknown): Promise<void> {
    try {
      if (isFull(error)) return await current.writer.rollBack();
    } catch {
      // A new segment undoes it.
    }
    this.#sealCurrent(current);
    this.#current = await this.#begin().catch(() => undefined);
  }

  #sealCurrent({ number, writer }: Current): void {
    this.#current = undefined;
    this.#before = { previous: number, previousBytes: writer.length };
    this.#seal(number, writer.length, writer.close());
  }

  #seal(number: number, bytes: number, closed: Promise<void>): void {
    this.#sealed.push({ path: logPath(number), bytes, closed });
  }
}
