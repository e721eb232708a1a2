/** A link over one duplex stream of Node.js: a socket, or any other. */
import { concatBytes } from "../bytes/index.js";
import type { WireIssue } from "../errors.js";
import type { PeerIdentity } from "../identity.js";
import type { OpeningLink } from "./opening-link.js";
import type { LinkHandler } from "./types.js";

/** Mean length up to which parts of one turn are joined. */
const JOINED_BYTES_MAX = 4_096;

/** The parts of a `Duplex` of Node.js that a link uses; this file runs without Node.js. */
export interface NodeDuplex {
  readonly writable: boolean;
  readonly writableLength: number;
  write(bytes: Uint8Array): unknown;
  end(): unknown;
  cork(): void;
  uncork(): void;
  pause(): unknown;
  resume(): unknown;
  destroy(error?: Error): unknown;
  on(event: string, listener: (...args: never[]) => void): unknown;
}

/** An error of a system call; the type of Node.js is not there in a browser. */
export type SystemError = Error & { readonly code?: string | undefined };

/** How a link speaks of its stream. */
export interface StreamLinkOptions {
  readonly stream: NodeDuplex;
  readonly peer: string;
  /** Whether each chunk has a buffer of its own, which the stream forgets. Default false. */
  readonly givesChunks?: boolean;
  /** The issue of an error, before or after the link was open. */
  issueOf(error: SystemError, opened: boolean): WireIssue;
  /** Closes the stream at once, with a reset where its kind has one. Default: `destroy`. */
  reset?(): void;
}

/** A link that is opened by its owner: until then nothing that was written leaves. */
export class StreamLink implements OpeningLink {
  readonly peer: string;
  readonly #stream: NodeDuplex;
  readonly #options: StreamLinkOptions;
  #handler: LinkHandler | undefined;
  #identity: PeerIdentity | undefined;
  #isOpen = false;
  #isShut = false;
  /** What was written in this turn, and how many bytes that is. */
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  /** Whether anybody was told that they wait. */
  #isTold = false;
  #failure: Error | undefined;

  constructor(options: StreamLinkOptions) {
    this.#options = options;
    this.#stream = options.stream;
    this.peer = options.peer;
    this.#stream.cork();
    this.#stream.on("error", (error: Error) => {
      this.#failure ??= error;
      // A TLS socket stays open after some alerts.
      this.#stream.destroy();
    });
  }

  get queuedBytes(): number {
    if (this.#gatheredBytes > 0) this.#isTold = true;
    return this.#stream.writableLength + this.#gatheredBytes;
  }

  get identity(): PeerIdentity | undefined {
    return this.#identity;
  }

  attach(handler: LinkHandler): void {
    this.#handler = handler;
    const { issueOf } = this.#options;
    this.#stream.on("data", (chunk: Uint8Array) => this.#received(chunk));
    this.#stream.on("drain", () => handler.drained());
    this.#stream.on("end", () => {
      if (!this.#isShut && this.#failure === undefined) handler.ended();
    });
    this.#stream.on("close", () => {
      const failure = this.#failure;
      handler.closed(failure && issueOf(failure, this.#isOpen));
    });
  }

  open(identity?: PeerIdentity): void {
    this.#isOpen = true;
    this.#identity = identity;
    this.#handler?.opened();
    this.#stream.uncork();
    if (this.#isShut) this.#end();
  }

  write(bytes: Uint8Array): void {
    if (this.#isShut || !this.#stream.writable) return;
    if (!this.#isOpen) return void this.#stream.write(bytes);
    if (this.#gathered.length === 0) queueMicrotask(() => this.#send());
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
  }

  /**
   * Sends what was written in this turn by one system call: 64 answers to one chunk of requests take one instead of 64,
   * which for calls of 100 B halves the time of the processor (cell `call of 100 B`). Short parts are joined: a stream
   * does more for each part that it is given than copying it costs.
   */
  #send(): void {
    const parts = this.#gathered;
    const bytes = this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    if (parts.length === 0 || !this.#stream.writable) return;
    const isTold = this.#isTold;
    this.#isTold = false;
    // A stream that takes all of it never says that it has drained; who was told that it waits must hear that it went.
    if (this.#flows(parts, bytes) && isTold) this.#handler?.drained();
  }

  /** Gives parts to the stream. @returns false if it says so itself when it has drained */
  #flows(parts: readonly Uint8Array[], bytes: number): boolean {
    if (parts.length === 1) return this.#stream.write(parts[0]!) !== false;
    if (bytes <= parts.length * JOINED_BYTES_MAX) return this.#stream.write(concatBytes(...parts)) !== false;
    let flows = true;
    this.#stream.cork();
    for (const part of parts) flows = this.#stream.write(part) !== false && flows;
    this.#stream.uncork();
    return flows;
  }

  shut(): void {
    if (this.#isShut) return;
    this.#isShut = true;
    if (this.#isOpen) this.#end();
    // Nothing was written and nothing will be: the connection is not needed.
    else if (this.queuedBytes === 0) this.#stream.destroy();
  }

  abort(): void {
    this.#isShut = true;
    // A reset: the kernel stops sending to a peer that reads nothing.
    if (this.#isOpen && this.#options.reset !== undefined) this.#options.reset();
    else this.#stream.destroy();
  }

  refuse(): void {
    this.#stream.destroy();
  }

  /** Closes at once because of an error of this side. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.abort();
  }

  pause(): void {
    if (!this.#isShut) this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  #received(chunk: Uint8Array): void {
    if (this.#isShut) return;
    if (!(chunk instanceof Uint8Array)) return this.fail(new TypeError("the stream carries other values than bytes"));
    // A plain Uint8Array: `slice` of a Buffer shares memory instead of copying.
    this.#handler!.bytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length), this.#options.givesChunks);
  }

  #end(): void {
    this.#send();
    this.#stream.end();
    this.#stream.resume();
  }
}
