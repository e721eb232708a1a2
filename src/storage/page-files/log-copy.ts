/** Copies a log that a disk is writing. */
import type { FileSystem } from "../files.js";
import { STORE_FOLDER } from "../store-folder.js";
import { logNumbers, logPath } from "./store-layout.js";

/** A log file as it was last read. */
interface Seen {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** The disk writes no more to it. */
  readonly isWhole: boolean;
}

const NOTHING = new Uint8Array(0);

/** Copies a log whose files grow at their end, follow each other, and are removed by the disk. */
export class LogCopy {
  readonly #from: FileSystem;
  readonly #to: FileSystem;
  /** The newest file so far; undefined before the first. */
  #last: Seen | undefined;

  constructor(from: FileSystem, to: FileSystem) {
    this.#from = from;
    this.#to = to;
  }

  /** Removes what an earlier attempt copied. */
  async clear(): Promise<void> {
    for (const number of await logNumbers(this.#to)) await this.#to.unlink(logPath(number));
  }

  /** Call this before the first page is copied. @returns false if the backup must start again */
  async begin(): Promise<boolean> {
    const numbers = await logNumbers(this.#from);
    for (const number of numbers) {
      const bytes = await this.#from.read(logPath(number));
      // A checkpoint removed it: the pages hold its stores, and the copy begins with the next file.
      if (bytes === undefined) continue;
      if (this.#last !== undefined && number !== this.#last.number + 1) return false;
      await this.#take(number, bytes, number < numbers.at(-1)!);
    }
    return numbers.length === 0 || this.#last?.number === numbers.at(-1);
  }

  /**
   * Copies complete files; call it often while pages are copied. @param isEnd all pages are copied: copies the newest
   * file too, as far as it is written @returns false if the disk removed a file before it was copied
   */
  async follow(isEnd: boolean): Promise<boolean> {
    const numbers = await logNumbers(this.#from);
    const newest = numbers.at(-1) ?? 0;
    for (const number of numbers) {
      const { number: last = 0, isWhole = true } = this.#last ?? {};
      if (number < last || (number === last && isWhole) || (number === newest && !isEnd)) continue;
      if (number !== (isWhole ? last + 1 : last)) return false;
      const bytes = await this.#from.read(logPath(number));
      if (bytes === undefined || !this.#goesOnIn(number, bytes)) return false;
      await this.#take(number, bytes, number < newest);
    }
    // A disk removes its newest file only when it has begun a newer one.
    return newest >= (this.#last?.number ?? 0);
  }

  /** Whether a file still begins with what was copied of it: opening a disk uses the same names again. */
  #goesOnIn(number: number, bytes: Uint8Array): boolean {
    const before = this.#last?.number === number ? this.#last.bytes : NOTHING;
    return before.every((byte, i) => bytes[i] === byte);
  }

  async #take(number: number, bytes: Uint8Array, isWhole: boolean): Promise<void> {
    this.#last = { number, bytes, isWhole };
    await this.#write(logPath(number), bytes);
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const file = await this.#to.create(path);
    try {
      await file.write(bytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#to.syncFolder(STORE_FOLDER);
  }
}
