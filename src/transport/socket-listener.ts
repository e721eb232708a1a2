/** Listening sockets of `node:net`: what TCP, TLS and HTTP share. */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { formatAddress, parseAddress } from "../address.js";
import { ENDPOINT_CLOSED, listenError } from "./failures.js";
import { StreamsOnly } from "./streams-only.js";

/** How sockets listen, and are opened. */
export interface SocketRules {
  readonly noDelay: boolean;
  readonly backlog: number;
}

/** The servers of one host, and its sockets of either direction. A subclass takes those that peers connect. */
export abstract class SocketListener extends StreamsOnly {
  readonly #rules: SocketRules;
  readonly #servers = new Set<Server>();
  readonly #sockets = new Set<Socket>();
  #isRefusing = false;
  #closed: Promise<void> | undefined;
  #settled: (() => void) | undefined;

  constructor(format: string, rules: SocketRules) {
    super(format);
    this.#rules = rules;
  }

  /** Takes a socket that a peer has connected. */
  protected abstract take(socket: Socket, peer: string): void;

  async listen(at: string): Promise<string> {
    const { host, port } = parseAddress(at);
    const { noDelay, backlog } = this.#rules;
    const server = createServer({ allowHalfOpen: true, noDelay }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listenError(this.format, at, error)));
      server.listen({ host, port, backlog }, resolve);
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

  /** Closes the socket with the endpoint. */
  protected adopt(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#settle();
    });
  }

  #accept(socket: Socket): void {
    const { remoteAddress: host, remotePort: port } = socket;
    this.adopt(socket);
    socket.on("error", () => {});
    // The peer has already reset the connection.
    if (host === undefined || port === undefined) socket.destroy();
    else this.take(socket, formatAddress({ host, port }));
  }

  #settle(): void {
    if (this.#sockets.size === 0 && this.#servers.size === 0) this.#settled?.();
  }
}
