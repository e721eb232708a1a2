/** A link over one open WebSocket: its binary messages are the bytes of a stream. */
import type { NewBytes } from "../../bytes/new-bytes.js";
import type { WireErrorCode, WireIssue } from "../../errors.js";
import type { PeerIdentity } from "../../identity.js";
import type { OpeningLink } from "../opening-link.js";
import type { LinkHandler } from "../types.js";

/** The parts of a WebSocket that a link uses: those of the platform, and three more of the package `ws`. */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  send(bytes: NewBytes): void;
  close(code?: number): void;
  // Handlers of events, whose types differ between platforms.
  onopen: unknown;
  onmessage: unknown;
  onerror: unknown;
  onclose: unknown;
  terminate?(): void;
  pause?(): void;
  resume?(): void;
}

/** Ceilings of a link. */
export interface WebSocketLimits {
  /** Bytes of a message that arrives; a longer one closes the link. */
  readonly messageBytesMax: number;
  /** Bytes that arrive while the link is paused, which the platform cannot stop; more close the link. */
  readonly heldBytesMax: number;
}

/** Close codes of RFC 6455 §7.4.1. */
const NORMAL = 1000;
const UNSUPPORTED = 1003;
const NO_STATUS = 1005;
const TOO_BIG = 1009;
/** The platform sends no code of the protocol but 1000: ours lie this much higher, where codes are private (§7.4.2). */
const PRIVATE_CODES = 3000;

/** Bytes of a message that is sent: long writes are cut, so that peers can limit messages. */
const SENT_BYTES_MAX = 65_536;
/** Time between looks at a queue, of whose end a WebSocket does not tell. */
const QUEUE_MS = 4;

/** Time in which a peer must answer the close of a message that was refused. */
const REFUSED_MS = 1_000;

/** What waits while a link is paused: a message, or the end. */
type Held = Uint8Array | "end";

/** A link over a WebSocket that is open. */
export class WebSocketLink implements OpeningLink {
  readonly peer: string;
  readonly identity: PeerIdentity | undefined;
  readonly #socket: WebSocketLike;
  readonly #limits: WebSocketLimits;
  #handler: LinkHandler | undefined;
  #held: Held[] = [];
  #heldBytes = 0;
  #isPaused = false;
  #isShut = false;
  /** Reported as closed. */
  #isClosed = false;
  /** Aborted by this side: its close is no error. */
  #isAborted = false;
  /** The closing handshake is over. */
  #hasEnded = false;
  #cause: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refused: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: WebSocketLike, peer: string, limits: WebSocketLimits, identity?: PeerIdentity) {
    this.#socket = socket;
    this.#limits = limits;
    this.peer = peer;
    this.identity = identity;
    socket.binaryType = "arraybuffer";
    // These replace the handlers of whoever opened the socket.
    Object.assign(socket, {
      onmessage: ({ data }: { readonly data: unknown }) => this.#received(data),
      onerror: (event: object) => this.#failed(event),
      onclose: ({ code }: { readonly code: number }) => this.#ended(code),
    });
  }

  get queuedBytes(): number {
    return this.#isClosed || this.#hasEnded ? 0 : this.#socket.bufferedAmount;
  }

  attach(handler: LinkHandler): void {
    this.#handler = handler;
  }

  open(): void {
    this.#handler?.opened();
  }

  write(bytes: Uint8Array): void {
    if (this.#isShut || this.#hasEnded) return;
    for (let at = 0; at < bytes.length; at += SENT_BYTES_MAX) {
      // Bytes that are written are given away, and never shared between threads.
      this.#socket.send(bytes.subarray(at, at + SENT_BYTES_MAX) as NewBytes);
    }
    this.#timer ??= setTimeout(this.#lookAtQueue, QUEUE_MS);
  }

  shut(): void {
    if (this.#isShut) return;
    this.#isShut = true;
    this.#held = [];
    this.resume();
    if (this.#hasEnded) queueMicrotask(() => this.#close());
    else this.#socket.close(NORMAL);
  }

  abort(): void {
    this.#isShut = this.#isAborted = true;
    if (this.#hasEnded || this.#socket.terminate === undefined) {
      this.#socket.close();
      queueMicrotask(() => this.#close());
    } else {
      this.#socket.terminate();
    }
  }

  refuse(): void {
    this.abort();
  }

  pause(): void {
    if (this.#isShut) return;
    this.#isPaused = true;
    this.#socket.pause?.();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume?.();
    if (this.#held.length > 0) queueMicrotask(() => this.#release());
  }

  #received(data: unknown): void {
    if (this.#isShut) return;
    if (!(data instanceof ArrayBuffer)) return this.#refuse(UNSUPPORTED, "closed", "text-message");
    const { messageBytesMax, heldBytesMax } = this.#limits;
    if (data.byteLength > messageBytesMax)
      return this.#refuse(TOO_BIG, "limit", `a message of ${data.byteLength} bytes`);
    const bytes = new Uint8Array(data);
    if (bytes.length === 0) return;
    if (!this.#isPaused && this.#held.length === 0) return this.#handler?.bytes(bytes);
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    // A socket that can be paused has stopped by itself.
    if (this.#heldBytes > heldBytesMax && this.#socket.pause === undefined) {
      this.#refuse(TOO_BIG, "limit", `${this.#heldBytes} bytes arrived while the link was paused`);
    }
  }

  #release(): void {
    while (!this.#isPaused && !this.#isShut) {
      const next = this.#held.shift();
      if (next === undefined) return;
      if (next === "end") this.#handler?.ended();
      else {
        this.#heldBytes -= next.length;
        this.#handler?.bytes(next);
      }
    }
  }

  #failed(event: { readonly error?: { readonly code?: unknown } }): void {
    const code = event.error?.code;
    if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") {
      this.#closeLater("limit", `a message above ${this.#limits.messageBytesMax} bytes`);
    } else if (typeof code === "string") {
      this.#cause ??= code;
    }
  }

  #ended(code: number): void {
    this.#hasEnded = true;
    clearTimeout(this.#refused);
    const isClean = code === NORMAL || code === NO_STATUS;
    if (this.#isAborted) this.#close();
    else if (!isClean) this.#close(this.#issue("closed", this.#cause ?? String(code)));
    else if (this.#isShut) this.#close();
    // The link stays until this side shuts it, as one does whose peer can still read.
    else if (this.#isPaused || this.#held.length > 0) this.#held.push("end");
    else this.#handler?.ended();
  }

  /** Closes with a code that tells the peer why. */
  #refuse(closeCode: number, code: WireErrorCode, actual: string): void {
    this.#socket.close(this.#socket.terminate === undefined ? PRIVATE_CODES + closeCode : closeCode);
    this.#closeLater(code, actual);
  }

  #closeLater(code: WireErrorCode, actual: string): void {
    this.#isShut = true;
    // The package waits 30 s for the answer of a peer, which keeps the process alive.
    this.#refused ??= setTimeout(() => this.#socket.terminate?.(), REFUSED_MS);
    queueMicrotask(() => this.#close(this.#issue(code, actual)));
  }

  #close(issue?: WireIssue): void {
    if (this.#isClosed) return;
    this.#isClosed = this.#isShut = true;
    this.#held = [];
    clearTimeout(this.#timer);
    this.#handler?.closed(issue);
  }

  #issue(code: WireErrorCode, actual: string): WireIssue {
    return { code, format: "websocket", path: this.peer, actual };
  }

  readonly #lookAtQueue = (): void => {
    this.#timer = undefined;
    if (this.#isClosed || this.#hasEnded) return;
    if (this.#socket.bufferedAmount === 0) this.#handler?.drained();
    else this.#timer = setTimeout(this.#lookAtQueue, QUEUE_MS);
  };
}
