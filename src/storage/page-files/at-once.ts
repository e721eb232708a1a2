/** Runs so many pieces of work at a time; the others wait in their order. */
export class AtOnce {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(most: number) {
    this.#free = most;
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
