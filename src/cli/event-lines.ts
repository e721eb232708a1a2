/** Lines of events at a bounded rate. */

/** Most lines in a second: every datagram of a stranger makes an event, and a log of all could fill a disk. */
const LINES_PER_SECOND = 200;

/** Prints a line for each event up to a rate, and later the count of the omitted ones. */
export class EventLines {
  readonly #write: (line: string) => void;
  readonly #omitted: (count: number) => string;
  #second = 0;
  #printed = 0;
  #omittedCount = 0;

  /** @param omitted makes the line that counts omitted events */
  constructor(write: (line: string) => void, omitted: (count: number) => string) {
    this.#write = write;
    this.#omitted = omitted;
  }

  /** Prints a line, or counts it. @param line makes the line; it is not called for an omitted one */
  print(line: () => string, nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.#second) this.#begin(second);
    if (this.#printed >= LINES_PER_SECOND) {
      this.#omittedCount++;
      return;
    }
    this.#printed++;
    this.#write(line());
  }

  /** Prints the count of omitted events that is still open. */
  close(): void {
    if (this.#omittedCount > 0) this.#write(this.#omitted(this.#omittedCount));
    this.#omittedCount = 0;
  }

  #begin(second: number): void {
    this.close();
    this.#second = second;
    this.#printed = 0;
  }
}
