/** Waits for changes of files, also of those that are not there yet. */
import { statSync } from "node:fs";

const INTERVAL_MS = 200;

/** What was on the disk when files were read, and whether that has changed since. */
export class ReadFiles {
  readonly #states = new Map<string, string>();

  get count(): number {
    return this.#states.size;
  }

  /** Adds a file that is about to be read. */
  add(path: string): void {
    this.#states.set(path, stateOf(path));
  }

  /** Settles when one of them is another file than the one that was read, was made or removed. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      // By the state and not by events: editors replace files, and folders come and go.
      const timer = setInterval(() => {
        if ([...this.#states].every(([path, state]) => stateOf(path) === state)) return;
        clearInterval(timer);
        resolve();
      }, INTERVAL_MS);
    });
  }
}

function stateOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? "" : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
