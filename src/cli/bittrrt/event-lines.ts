/** Lines in a second; what strangers send makes one each, and could fill a disk. */
const LINES_PER_SECOND = 200;

/** Prints a line for each event, as long as there are not too many: of the others it says later how many there were. */
export class EventLines {
  readonly #print: (line: string) => void;
  readonly #omitted: (count: number) => string;
  #second = 0;
  #printed = 0;
  #omittedCount = 0;

  /** @param omitted the line that tells of events without one */
  constructor(print: (line: string) => void, omitted: (count: number) => string) {
    this.#print = print;
    this.#omitted = omitted;
  }

  /** @param line makes the line, where it is wanted */
  say(line: () => string, nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.#second) this.#begin(second);
    if (this.#printed >= LINES_PER_SECOND) {
      this.#omittedCount++;
      return;
    }
    this.#printed++;
    this.#print(line());
  }

  /** Tells what is still to be told. */
  close(): void {
    if (this.#omittedCount > 0) this.#print(this.#omitted(this.#omittedCount));
    this.#omittedCount = 0;
  }

  #begin(second: number): void {
    this.close();
    this.#second = second;
    this.#printed = 0;
  }
}
