/** Endpoints on sockets of `node:net`: what TCP and TLS share. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { formatAddress, parseAddress, type Address } from "../address.js";
import type { ExpectedServer } from "../identity.js";
import { ENDPOINT_CLOSED, failedLink, listenError } from "./failures.js";
import type { StreamLink } from "./stream-link.js";
import { StreamsOnly } from "./streams-only.js";
import type { Endpoint, Link, LinkHandler, Receiver } from "./types.js";

/** Options of {@link tcp}. */
export interface TcpOptions {
  /** Turns Nagle's algorithm off: small writes leave at once. Default true. */
  readonly noDelay?: boolean;
  /** Connections that may wait to be accepted. Default 511, as in Node.js. */
  readonly backlog?: number;
}

/** {@link TcpOptions}, each of which may be undefined. */
type SocketOptions = { readonly [Name in keyof TcpOptions]: TcpOptions[Name] | undefined };

/** The servers and connections of one host. A subclass makes links of sockets. */
export abstract class SocketEndpoint extends StreamsOnly implements Endpoint {
  readonly #receiver: Receiver;
  readonly #noDelay: boolean;
  readonly #backlog: number;
  readonly #servers = new Set<Server>();
  readonly #sockets = new Set<Socket>();
  #isRefusing = false;
  #closed: Promise<void> | undefined;
  #settled: (() => void) | undefined;

  constructor(format: string, receiver: Receiver, { noDelay = true, backlog = 511 }: SocketOptions) {
    super(format);
    this.#receiver = receiver;
    this.#noDelay = noDelay;
    this.#backlog = backlog;
  }

  /** A link over a socket that is being connected; it opens when its peer has proved what it must. */
  protected abstract dial(socket: Socket, peer: string, address: Address, server?: ExpectedServer): StreamLink;

  /** Takes a socket that a peer has connected; `serve` follows when the peer has proved what it must. */
  protected abstract take(socket: Socket, peer: string): void;

  /** Hands an open link of a peer to the receiver. */
  protected serve(link: StreamLink): void {
    const handler = this.#receiver.accepted(link);
    if (handler === undefined) link.refuse();
    else link.attach(handler);
  }

  async listen(at: string): Promise<string> {
    const { host, port } = parseAddress(at);
    const server = createServer({ allowHalfOpen: true, noDelay: this.#noDelay }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listenError(this.format, at, error)));
      server.listen({ host, port, backlog: this.#backlog }, resolve);
    });
    if (this.#isRefusing) {
      server.close();
      throw listenError(this.format, at, new Error(ENDPOINT_CLOSED));
    }
    // Later errors report single connections that could not be accepted: no link exists to report them to.
    server.on("error", () => {});
    this.#servers.add(server);
    server.once("close", () => {
      this.#servers.delete(server);
      this.#settle();
    });
    const { address, port: chosen } = server.address() as AddressInfo;
    return formatAddress({ host: address, port: chosen });
  }

  connect(peer: string, handler: LinkHandler, server?: ExpectedServer): Link {
    try {
      const address = parseAddress(peer);
      const socket = connect({ ...address, allowHalfOpen: true, noDelay: this.#noDelay });
      this.#adopt(socket);
      const link = this.dial(socket, peer, address, server);
      link.attach(handler);
      return link;
    } catch (error) {
      return failedLink(this.format, peer, handler, error);
    }
  }

  refuse(): void {
    this.#isRefusing = true;
    for (const server of this.#servers) server.close();
  }

  close(): Promise<void> {
    this.refuse();
    for (const socket of this.#sockets) socket.destroy();
    this.#closed ??= new Promise((resolve) => (this.#settled = resolve));
    this.#settle();
    return this.#closed;
  }

  #accept(socket: Socket): void {
    const { remoteAddress: host, remotePort: port } = socket;
    this.#adopt(socket);
    socket.on("error", () => {});
    // The peer has already reset the connection.
    if (host === undefined || port === undefined) socket.destroy();
    else this.take(socket, formatAddress({ host, port }));
  }

  #adopt(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#settle();
    });
  }

  #settle(): void {
    if (this.#sockets.size === 0 && this.#servers.size === 0) this.#settled?.();
  }
}
