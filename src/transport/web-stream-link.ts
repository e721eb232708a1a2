/** A link over a pair of Web Streams. */
import { linkIssue } from "./failures.js";
import type { OpeningLink } from "./opening-link.js";
import type { LinkHandler } from "./types.js";

/** Two Web Streams of bytes, one for each direction, as a stream of WebTransport has them. */
export interface WebDuplex {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** A link over streams that are open already. */
export class WebStreamLink implements OpeningLink {
  readonly peer: string;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #handler: LinkHandler | undefined;
  #queuedBytes = 0;
  #isShut = false;
  #isPaused = false;
  /** The peer has sent its end; this side has sent its own. */
  #hasEnded = false;
  #hasFinished = false;
  #isClosed = false;
  #resumed: () => void = () => {};

  /** @throws TypeError for streams that somebody else reads or writes */
  constructor({ readable, writable }: WebDuplex, peer: string) {
    this.peer = peer;
    this.#reader = readable.getReader();
    this.#writer = writable.getWriter();
    this.#writer.closed.catch((error: unknown) => this.#break(error));
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  attach(handler: LinkHandler): void {
    this.#handler = handler;
    void this.#read();
  }

  open(): void {
    this.#handler?.opened();
  }

  write(bytes: Uint8Array): void {
    if (this.#isShut || this.#isClosed) return;
    this.#queuedBytes += bytes.length;
    const sent = () => {
      this.#queuedBytes -= bytes.length;
      if (this.#queuedBytes === 0 && !this.#isClosed) this.#handler?.drained();
    };
    // A failure is told by `closed` of the writer.
    this.#writer.write(bytes).then(sent, () => {});
  }

  shut(): void {
    if (this.#isShut) return;
    this.#isShut = true;
    this.resume();
    const finished = () => {
      this.#hasFinished = true;
      if (this.#hasEnded) this.#close();
    };
    this.#writer.close().then(finished, () => {});
  }

  abort(): void {
    this.#isShut = true;
    const reset = Object.assign(new Error("the link was aborted"), { code: "ECONNRESET" });
    this.#cancel(reset);
    queueMicrotask(() => this.#close());
  }

  refuse(): void {
    this.abort();
  }

  pause(): void {
    if (!this.#isShut) this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumed();
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        // What was being read when the link was paused waits here.
        while (this.#isPaused) await new Promise<void>((resolve) => (this.#resumed = resolve));
        if (this.#isClosed) return;
        if (done) break;
        if (!(value instanceof Uint8Array)) throw new TypeError("the stream carries other values than bytes");
        if (!this.#isShut) this.#handler!.bytes(value);
      }
    } catch (error) {
      this.#break(error);
      return;
    }
    this.#hasEnded = true;
    if (this.#hasFinished) this.#close();
    else if (!this.#isShut) this.#handler!.ended();
  }

  #break(error: unknown): void {
    if (this.#isClosed) return;
    this.#cancel(error);
    this.#close(error ?? new Error("the stream has failed"));
  }

  #cancel(reason: unknown): void {
    // A stream that has closed refuses to be cancelled.
    this.#reader.cancel(reason).catch(() => {});
    this.#writer.abort(reason).catch(() => {});
  }

  #close(error?: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queuedBytes = 0;
    this.resume();
    this.#handler?.closed(error === undefined ? undefined : linkIssue("duplex", this.peer, true, error as Error));
  }
}
