/** A pipe whose writes can be held back, for tests of records. */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** A pipe that records writes, and completes them only when they are let go. */
export class Pipe extends Duplex {
  readonly writes: Buffer[] = [];
  readonly #waiting: (() => void)[] = [];
  isHeld = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(Buffer.from(chunk));
    if (this.isHeld) this.#waiting.push(done);
    else done();
  }

  letGo(): void {
    this.isHeld = false;
    for (const done of this.#waiting.splice(0)) done();
  }

  get socket(): Socket {
    return this as unknown as Socket;
  }
}
