/** Limits how many pieces of work run at a time. */

/** Runs up to `slots` pieces of work at a time; the others wait in order. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(slots: number) {
    this.#free = slots;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      const go = this.#waiting.shift();
      if (go === undefined) this.#free++;
      else go();
    }
  }
}
