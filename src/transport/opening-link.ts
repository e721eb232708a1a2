/** Links that are opened by their endpoint, also before their stream is there. */
import { failedLink } from "./failures.js";
import type { PeerIdentity } from "../identity.js";
import type { Link, LinkHandler } from "./types.js";

/** A link over a stream that is there; its endpoint opens it. */
export interface OpeningLink extends Link {
  /** Reports its events from now on. */
  attach(handler: LinkHandler): void;
  /** Reports `opened` to an attached handler, and lets leave what was written. */
  open(identity?: PeerIdentity): void;
  /** Closes a link that nobody takes. */
  refuse(): void;
}

/** A link whose stream comes later: it keeps what is asked of it until then. */
export class LaterLink implements Link {
  readonly peer: string;
  /** Called when the link is aborted before its stream is there. */
  onAbort: () => void = () => {};
  readonly #format: string;
  readonly #handler: LinkHandler;
  #link: Link | undefined;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #isPaused = false;
  #isShut = false;
  #isAborted = false;

  constructor(format: string, peer: string, handler: LinkHandler) {
    this.#format = format;
    this.peer = peer;
    this.#handler = handler;
  }

  get queuedBytes(): number {
    return this.#link?.queuedBytes ?? this.#queuedBytes;
  }

  /** Aborted before its stream was there. */
  get isAborted(): boolean {
    return this.#isAborted;
  }

  get identity(): PeerIdentity | undefined {
    return this.#link?.identity;
  }

  write(bytes: Uint8Array): void {
    if (this.#link !== undefined) return this.#link.write(bytes);
    if (this.#isShut) return;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
  }

  shut(): void {
    if (this.#link !== undefined) return this.#link.shut();
    // Nothing was written and nothing will be: the connection is not needed.
    if (this.#queuedBytes === 0) this.abort();
    else this.#isShut = true;
  }

  abort(): void {
    if (this.#link !== undefined) return this.#link.abort();
    if (this.#isAborted) return;
    this.#isAborted = this.#isShut = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    queueMicrotask(() => this.#handler.closed());
    this.onAbort();
  }

  pause(): void {
    this.#isPaused = true;
    this.#link?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#link?.resume();
  }

  /** The stream is there. @returns false if the link was aborted meanwhile */
  begin(link: OpeningLink): boolean {
    if (this.#isAborted || this.#link !== undefined) return false;
    this.#link = link;
    link.attach(this.#handler);
    if (this.#isPaused) link.pause();
    for (const bytes of this.#queue.splice(0)) link.write(bytes);
    if (this.#isShut) link.shut();
    return true;
  }

  /** There will be no stream, if there is none yet. */
  fail(error: unknown): void {
    if (this.#isAborted || this.#link !== undefined) return;
    this.#link = failedLink(this.#format, this.peer, this.#handler, error);
  }
}
