/** WebSocket transport for Node.js: dials by the platform or by `ws`, and accepts by `ws`. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type * as Ws from "ws";
import { formatAddress, parseAddress } from "../../address.js";
import { argumentError } from "../../errors.js";
import type { PeerIdentity } from "../../identity.js";
import { DEFAULT_LIMITS, type Limits } from "../../limits.js";
import { ENDPOINT_CLOSED, listenError } from "../failures.js";
import { PendingCounts } from "../pending-counts.js";
import { identityOf } from "../tls/identity.js";
import type { Receiver, Transport } from "../types.js";
import { checkOptions, DialEndpoint, type WebSocketConstructor, type WebSocketOptions } from "./dial.js";
import { WebSocketLink, type WebSocketLike } from "./link.js";

/** Options of {@link webSocket} on Node.js. */
export interface WebSocketServerOptions extends WebSocketOptions {
  /**
   * Pages that may connect, as `https://app.example`, or "any". Browsers name the page (RFC 6454); other programs name
   * none and may connect. Default: no page.
   */
  readonly origins?: readonly string[] | "any";
  /** Makes the server of an address, such as one of `node:https`. Default: `createServer` of `node:http`. */
  readonly createServer?: () => Server;
}

/**
 * A transport for streams by WebSocket. A peer is "host:port", or a URL that begins with `ws:` or `wss:`. Binary messages
 * are the bytes of a stream, whose borders mean nothing; a text message closes the link. Datagrams are dropped.
 *
 * Dials by the WebSocket of the platform, which Node.js has from version 22 on, else by the package `ws`; accepts by
 * `ws`. It is loaded when it is needed.
 */
export function webSocket(options: WebSocketServerOptions = {}): Transport {
  checkOptions(options);
  return { open: (receiver, limits = DEFAULT_LIMITS) => new WebSocketEndpoint(receiver, options, limits) };
}

/** Loads the package. @throws WireError `argument` where it is not installed */
async function loadWs(): Promise<typeof Ws> {
  try {
    return await import("ws");
  } catch (error) {
    throw argumentError("websocket", "ws", "the package ws, which is not installed (npm install ws)", undefined, {
      cause: error,
    });
  }
}

/** Makes WebSockets by the package, which bounds messages before it reads them. */
async function wsConstructor(maxPayload: number): Promise<WebSocketConstructor> {
  const { WebSocket } = await loadWs();
  // Compression costs memory for each link, and lets a short message become a long one.
  const options = { maxPayload, perMessageDeflate: false, rejectUnauthorized: true };
  return class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, options);
    }
  } as unknown as WebSocketConstructor;
}

/** Accepts sockets that have upgraded. */
interface Upgrades {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (socket: unknown) => void): void;
}

/** The servers and connections of one host. */
class WebSocketEndpoint extends DialEndpoint {
  readonly #receiver: Receiver;
  readonly #options: WebSocketServerOptions;
  readonly #pending: PendingCounts;
  readonly #servers = new Set<Server>();
  /** Accepted connections by peer, with what ends the count of those that have not upgraded. */
  readonly #connections = new Map<string, { readonly socket: Socket; readonly over: () => void }>();
  #isRefusing = false;
  #settled: () => void = () => {};

  constructor(receiver: Receiver, options: WebSocketServerOptions, limits: Limits) {
    const platform = (globalThis as { readonly WebSocket?: WebSocketConstructor }).WebSocket;
    const messageBytesMax = options.messageBytesMax ?? limits.frameBytesMax;
    super(options, limits, () => options.WebSocket ?? platform ?? wsConstructor(messageBytesMax));
    this.#receiver = receiver;
    this.#options = options;
    this.#pending = new PendingCounts(limits);
  }

  override async listen(at: string): Promise<string> {
    const { host, port } = parseAddress(at);
    const { WebSocketServer } = await loadWs();
    const maxPayload = this.linkLimits.messageBytesMax;
    const upgrades = new WebSocketServer({
      noServer: true,
      maxPayload,
      perMessageDeflate: false,
      clientTracking: false,
    });
    const timeouts = { headersTimeout: this.handshakeTimeoutMs, requestTimeout: this.handshakeTimeoutMs };
    // Node.js looks for expired connections every 30 s by default.
    const checks = { connectionsCheckingInterval: Math.min(1_000, this.handshakeTimeoutMs) };
    const server = this.#options.createServer?.() ?? createServer({ ...timeouts, ...checks });
    server.on("connection", (socket: Socket) => this.#connected(socket));
    server.on("request", (_request, response) =>
      response.writeHead(426, { Upgrade: "websocket", Connection: "close" }).end(),
    );
    server.on("upgrade", (request, socket, head) => this.#upgrade(upgrades as Upgrades, request, socket, head));
    server.on("clientError", (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listenError("websocket", at, error)));
      server.listen({ host, port }, resolve);
    });
    if (this.#isRefusing) {
      server.close();
      throw listenError("websocket", at, new Error(ENDPOINT_CLOSED));
    }
    server.on("error", () => {});
    this.#servers.add(server);
    server.once("close", () => {
      this.#servers.delete(server);
      this.#settled();
    });
    const { address, port: chosen } = server.address() as AddressInfo;
    return formatAddress({ host: address, port: chosen });
  }

  override refuse(): void {
    this.#isRefusing = true;
    for (const server of this.#servers) server.close();
  }

  override async close(): Promise<void> {
    this.refuse();
    const links = this.links.abort();
    for (const { socket } of this.#connections.values()) socket.destroy();
    while (this.#connections.size > 0 || this.#servers.size > 0) {
      await new Promise<void>((resolve) => (this.#settled = resolve));
    }
    await links;
  }

  #connected(socket: Socket): void {
    const peer = peerOf(socket);
    const over = peer === undefined ? undefined : this.#pending.begin(peer);
    if (peer === undefined || over === undefined) {
      socket.destroy();
      return;
    }
    this.#connections.set(peer, { socket, over });
    socket.once("close", () => {
      over();
      this.#connections.delete(peer);
      this.#settled();
    });
  }

  #upgrade(upgrades: Upgrades, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => {});
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
      return;
    }
    upgrades.handleUpgrade(request, socket, head, (upgraded) =>
      this.#accept(upgraded as WebSocketLike, request.socket),
    );
  }

  #refusalOf({ url = "", headers: { origin } }: IncomingMessage): string | undefined {
    const { path = "/", origins = [] } = this.#options;
    if (this.#isRefusing) return "503 Service Unavailable";
    if (url !== path && !url.startsWith(`${path}?`)) return "404 Not Found";
    return origin === undefined || origins === "any" || origins.includes(origin) ? undefined : "403 Forbidden";
  }

  #accept(upgraded: WebSocketLike, socket: Socket): void {
    const peer = peerOf(socket);
    if (peer === undefined) {
      upgraded.terminate!();
      return;
    }
    this.#connections.get(peer)?.over();
    const link = new WebSocketLink(upgraded, peer, this.linkLimits, identityOn(socket));
    const handler = this.#receiver.accepted(link);
    if (handler === undefined) return link.refuse();
    this.links.add(handler, (watched) => {
      link.attach(watched);
      return link;
    });
  }
}

/** The address of a peer; undefined if it has left already. */
function peerOf({ remoteAddress: host, remotePort: port }: Socket): string | undefined {
  return host === undefined || port === undefined ? undefined : formatAddress({ host, port });
}

/** Who a client proved to be, to a server of `node:https` that asks for certificates. */
function identityOn(socket: Socket): PeerIdentity | undefined {
  const certificate = socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
  return certificate && identityOf(certificate);
}
