/** What endpoints share that carry streams and no datagrams. */
import { listenError } from "./failures.js";

/** The datagrams of an endpoint without them: none arrive, and all are dropped. */
export abstract class StreamsOnly {
  protected readonly format: string;
  #dropped = 0;

  constructor(format: string) {
    this.format = format;
  }

  get droppedDatagrams(): number {
    return this.#dropped;
  }

  async bind(local: string): Promise<string> {
    throw listenError(this.format, local, new Error("the transport carries no datagrams"));
  }

  release(): void {}

  send(): void {
    this.#dropped++;
  }
}
