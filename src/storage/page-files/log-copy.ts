import type { FileSystem } from "../files.js";
import { HIDDEN_FOLDER, logNumbers, logPath } from "./hidden.js";

/** A log file as it was when it was read last. */
interface Seen {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** Nothing more will be written to it. */
  readonly isWhole: boolean;
}

const NOTHING = new Uint8Array(0);

/** Copies the log of a disk that goes on writing it: files that grow at their end, come one by one, and go again. */
export class LogCopy {
  readonly #from: FileSystem;
  readonly #to: FileSystem;
  /** The youngest so far; undefined where there was none yet. */
  #last: Seen | undefined;

  constructor(from: FileSystem, to: FileSystem) {
    this.#from = from;
    this.#to = to;
  }

  /** Removes what another attempt has copied. */
  async clear(): Promise<void> {
    for (const number of await logNumbers(this.#to)) await this.#to.unlink(logPath(number));
  }

  /** To be called before the first page is copied. @returns false when all has to begin anew, as below */
  async begin(): Promise<boolean> {
    const numbers = await logNumbers(this.#from);
    for (const number of numbers) {
      const bytes = await this.#from.read(logPath(number));
      // Gone by now, as the pages have what it says: an older one may, and what is left begins with the next.
      if (bytes === undefined) continue;
      if (this.#last !== undefined && number !== this.#last.number + 1) return false;
      await this.#take(number, bytes, number < numbers.at(-1)!);
    }
    return numbers.length === 0 || this.#last?.number === numbers.at(-1);
  }

  /**
   * Copies files that are complete, to be called often while pages are copied; and what there is of the youngest, when
   * all pages are copied. @returns false when something has gone before it was copied
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
    // The youngest file stays until there is one that is younger.
    return newest >= (this.#last?.number ?? 0);
  }

  /** Whether what was there of a file still is: who opens a disk begins with files of the same names. */
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
    await this.#to.syncFolder(HIDDEN_FOLDER);
  }
}
