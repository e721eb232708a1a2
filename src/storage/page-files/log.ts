/** What is promised, in segments. */
import { encodeLogBegin } from "../../codec/gen/disk/index.js";
import { isWireError } from "../../errors.js";
import type { FileSystem } from "../files.js";
import { SegmentWriter } from "../segments/writer.js";
import { HIDDEN_FOLDER, logName, logNumbers, logPath } from "./hidden.js";
import { readLog, type LogContent } from "./log-reading.js";
import { encodeCommit, type Group } from "./log-records.js";

/** The segment that is written to. */
interface Current {
  readonly number: number;
  readonly writer: SegmentWriter;
}

interface Sealed {
  readonly path: string;
  /** That somebody still needs. */
  bytes: number;
  readonly closed: Promise<void>;
}

/** Nothing here runs at the same time as {@link append} but {@link remove}. */
export class Log {
  readonly #files: FileSystem;
  /** Files to which nothing is added any more, the oldest first. */
  readonly #sealed: Sealed[] = [];
  #current: Current | undefined;
  /** The segment in which the next one goes on, and how many bytes of it count. */
  #before = { previous: 0, previousBytes: 0 };
  #nextGroup = 1;
  #nextFile = 1;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  /** Of all files together. */
  get bytes(): number {
    return this.#sealed.reduce((sum, { bytes }) => sum + bytes, this.#current?.writer.length ?? 0);
  }

  /**
   * Reads what is there, once, before all else; it has to be removed before anything is appended, as counting begins
   * again. @throws WireError `storage` when the disk cannot be read
   */
  async read(): Promise<LogContent> {
    const numbers = await logNumbers(this.#files);
    const files = await Promise.all(
      numbers.map(async (number) => ({ number, bytes: await this.#files.read(logPath(number)) })),
    );
    for (const { number } of files) this.#seal(number, 0, Promise.resolve());
    return readLog(files);
  }

  /** All groups, or none of them, survive whatever comes once this resolves. @throws WireError `storage`, then none */
  async append(groups: readonly Group[]): Promise<void> {
    const current = (this.#current ??= await this.#begin());
    try {
      await current.writer.append(encodeCommit({ firstGroup: this.#nextGroup, groups }));
    } catch (error) {
      await this.#takeBack(current, error);
      throw error;
    }
    this.#nextGroup += groups.length;
  }

  /** Nothing is added any more to what is there. @returns the files, the oldest first, to be given to {@link remove} */
  seal(): readonly string[] {
    if (this.#current !== undefined) this.#sealCurrent(this.#current);
    return this.#sealed.map(({ path }) => path);
  }

  /**
   * Removes sealed files: what they promise is kept elsewhere. While the disk is open the youngest stays until there is
   * one that is younger, so that whoever copies the files sees in their numbers whether he has missed one.
   */
  async remove(paths: readonly string[], isOpen: boolean): Promise<void> {
    for (const path of isOpen ? paths.slice(0, -1) : paths) {
      await this.#sealed[0]!.closed;
      await this.#files.unlink(path);
      // One by one: an older file that came back without the newer ones would undo what they say.
      await this.#files.syncFolder(HIDDEN_FOLDER);
      this.#sealed.shift();
    }
    if (isOpen && paths.length > 0) this.#sealed[0]!.bytes = 0;
  }

  async #begin(): Promise<Current> {
    const number = this.#nextFile++;
    let writer: SegmentWriter | undefined;
    try {
      writer = await SegmentWriter.create(this.#files, logPath(number), HIDDEN_FOLDER, logName(number));
      await writer.append(encodeLogBegin({ firstGroup: this.#nextGroup, ...this.#before }));
    } catch (error) {
      // It may be there all the same, and holds nothing: the next one goes on where it would have.
      this.#seal(number, 0, writer?.close() ?? Promise.resolve());
      throw error;
    }
    return { number, writer };
  }

  /**
   * Takes back what a failed append may have written: off the file where the disk was only full, or by a new segment
   * that goes on before it, as nobody can tell what else has failed. When the disk refuses that too, the next segment
   * that it takes will do; until then a crash may bring the groups back.
   */
  async #takeBack(current: Current, error: unknown): Promise<void> {
    try {
      if (isFull(error)) return await current.writer.takeBack();
    } catch {
      // Then by a new segment.
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

/** The disk has refused bytes before it took any harm. */
function isFull(error: unknown): boolean {
  return isWireError(error) && ["ENOSPC", "EDQUOT"].includes(error.actual ?? "");
}
