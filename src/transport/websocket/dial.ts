/** Dialling by WebSocket, by the platform's own: in browsers, and from Node.js 22 on. */
import { parseAddress } from "../../address.js";
import { argumentError, WireError } from "../../errors.js";
import type { ExpectedServer } from "../../identity.js";
import { DEFAULT_LIMITS, type Limits } from "../../limits.js";
import { listenError, unverifiedLink } from "../failures.js";
import { LaterLink } from "../opening-link.js";
import { OpenLinks } from "../open-links.js";
import { StreamsOnly } from "../streams-only.js";
import type { Endpoint, Link, LinkHandler, Transport } from "../types.js";
import { WebSocketLink, type WebSocketLike, type WebSocketLimits } from "./link.js";

/** Makes a WebSocket to a URL. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/** Options of {@link webSocket}. */
export interface WebSocketOptions {
  /** Path of the URL where the peer is "host:port". Default "/". */
  readonly path?: string;
  /** Dials "host:port" over TLS, verified by the rules of the platform. Default false. */
  readonly secure?: boolean;
  /** Subprotocols that a dialled link offers (RFC 6455 §1.9). Default none. */
  readonly protocols?: readonly string[];
  /** Bytes of a message that arrives; a longer one closes the link. Default `frameBytesMax` of the limits. */
  readonly messageBytesMax?: number;
  /** Time from dialling to the open link. Default 10,000. */
  readonly handshakeTimeoutMs?: number;
  /** Default: the one of the platform. */
  readonly WebSocket?: WebSocketConstructor;
}

/** Close code of a connection that has ended without one (RFC 6455 §7.4.1). */
const ABNORMAL = 1006;

/** Loads what makes WebSockets. @throws WireError `argument` where there is none */
export type LoadWebSocket = () => WebSocketConstructor | Promise<WebSocketConstructor>;

/**
 * A transport that dials by WebSocket. A peer is "host:port", or a URL that begins with `ws:` or `wss:`. Binary messages
 * are the bytes of a stream, whose borders mean nothing; a text message closes the link. Datagrams are dropped.
 */
export function webSocket(options: WebSocketOptions = {}): Transport {
  checkOptions(options);
  return { open: (_receiver, limits) => new DialEndpoint(options, limits, () => ownWebSocket(options)) };
}

/** @throws WireError `argument` */
export function checkOptions({ path = "/", messageBytesMax = 1, handshakeTimeoutMs = 1 }: WebSocketOptions): void {
  if (!/^\/[\x21-\x7e]*$/.test(path)) throw argumentError("websocket", "path", "a path that begins with /", path);
  const numbers = { messageBytesMax, handshakeTimeoutMs };
  for (const [name, value] of Object.entries(numbers)) {
    if (!(value > 0)) throw argumentError("websocket", name, "more than 0", String(value));
  }
}

/** The WebSocket that the options name, or that of the platform. @throws WireError `argument` */
function ownWebSocket({ WebSocket }: WebSocketOptions): WebSocketConstructor {
  const own = WebSocket ?? (globalThis as { readonly WebSocket?: WebSocketConstructor }).WebSocket;
  if (own === undefined) throw argumentError("websocket", "WebSocket", "a platform with WebSocket", "none");
  return own;
}

/** Links that one host dials. */
export class DialEndpoint extends StreamsOnly implements Endpoint {
  protected readonly links = new OpenLinks();
  protected readonly limits: Limits;
  protected readonly linkLimits: WebSocketLimits;
  protected readonly handshakeTimeoutMs: number;
  readonly #options: WebSocketOptions;
  readonly #load: LoadWebSocket;

  constructor(options: WebSocketOptions, limits: Limits = DEFAULT_LIMITS, load: LoadWebSocket) {
    super("websocket");
    const { messageBytesMax = limits.frameBytesMax, handshakeTimeoutMs = 10_000 } = options;
    this.#options = options;
    this.#load = load;
    this.limits = limits;
    this.linkLimits = { messageBytesMax, heldBytesMax: limits.writeQueueBytesMax };
    this.handshakeTimeoutMs = handshakeTimeoutMs;
  }

  async listen(at: string): Promise<string> {
    throw listenError("websocket", at, new Error("this transport only dials"));
  }

  connect(peer: string, handler: LinkHandler, server?: ExpectedServer): Link {
    // The platform verifies servers by rules of its own, and does not tell whom it found.
    if (server !== undefined) return unverifiedLink("websocket", peer, handler);
    const link = this.links.add(handler, (watched) => new LaterLink("websocket", peer, watched));
    void this.#open(link);
    return link;
  }

  refuse(): void {}

  close(): Promise<void> {
    return this.links.abort();
  }

  async #open(link: LaterLink): Promise<void> {
    const { peer } = link;
    try {
      const url = urlOf(peer, this.#options);
      const WebSocket = await this.#load();
      if (link.isAborted) return;
      this.#await(new WebSocket(url, [...(this.#options.protocols ?? [])]), link);
    } catch (error) {
      link.fail(error);
    }
  }

  /** Waits until the socket is open, or is not. */
  #await(socket: WebSocketLike, link: LaterLink): void {
    const { peer } = link;
    const giveUp = () => {
      clearTimeout(timer);
      if (socket.terminate === undefined) socket.close();
      else socket.terminate();
    };
    const expire = () => {
      link.fail(new WireError({ code: "timeout", format: "websocket", path: peer, actual: "no handshake in time" }));
      giveUp();
    };
    const timer = setTimeout(expire, this.handshakeTimeoutMs);
    const fail = ({ error }: { readonly error?: { readonly code?: unknown } }) => {
      clearTimeout(timer);
      // A browser does not tell why.
      link.fail(new Error(typeof error?.code === "string" ? error.code : String(ABNORMAL)));
    };
    link.onAbort = giveUp;
    const open = () => {
      clearTimeout(timer);
      const opened = new WebSocketLink(socket, peer, this.linkLimits);
      if (link.begin(opened)) opened.open();
    };
    // Node.js 20 reports either the error or the close.
    Object.assign(socket, { onopen: open, onerror: fail, onclose: fail });
  }
}

/** The URL of a peer. @throws WireError `argument` */
function urlOf(peer: string, { path = "/", secure = false }: WebSocketOptions): string {
  if (!/^wss?:/.test(peer)) {
    parseAddress(peer, "websocket", peer);
    return `${secure ? "wss" : "ws"}://${peer}${path}`;
  }
  try {
    return new URL(peer).href;
  } catch (error) {
    throw argumentError("websocket", peer, "a URL", undefined, { cause: error });
  }
}
