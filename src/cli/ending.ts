/** What ends a program that serves. */

/** Waits for what ends a server: a signal, a fault, or the loss of its folder. A second signal kills the process. */
export class Ending {
  readonly reached: Promise<string>;
  end: (reason: string) => void = () => {};
  readonly #onSignal = (signal: string): void => {
    this.forget();
    this.end(signal);
  };

  constructor() {
    this.reached = new Promise((resolve) => (this.end = resolve));
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, this.#onSignal);
  }

  forget(): void {
    for (const signal of ["SIGINT", "SIGTERM"]) process.removeListener(signal, this.#onSignal);
  }
}
