/** TCP transport: `node:net` sockets that carry streams and no datagrams. */
import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";
import { failedLink, ENDPOINT_CLOSED, linkIssue, listenError } from "./failures.js";
import { formatAddress, parseAddress } from "../address.js";
import type { Endpoint, Link, LinkHandler, Receiver, Transport } from "./types.js";

/** Options of {@link tcp}. */
export interface TcpOptions {
  /** Turns Nagle's algorithm off: small writes leave at once. Default true. */
  readonly noDelay?: boolean;
  /** Connections that may wait to be accepted. Default 511, as in Node.js. */
  readonly backlog?: number;
}

/** A transport for streams by `node:net`. Datagrams are dropped. */
export function tcp(options: TcpOptions = {}): Transport {
  const { noDelay = true, backlog = 511 } = options;
  return { open: (receiver) => new TcpEndpoint(receiver, noDelay, backlog) };
}

/** The TCP servers and connections of one host. */
class TcpEndpoint implements Endpoint {
  readonly #receiver: Receiver;
  readonly #noDelay: boolean;
  readonly #backlog: number;
  readonly #servers = new Set<Server>();
  readonly #sockets = new Set<Socket>();
  #dropped = 0;
  #isRefusing = false;
  #closed: Promise<void> | undefined;
  #settled: (() => void) | undefined;

  constructor(receiver: Receiver, noDelay: boolean, backlog: number) {
    this.#receiver = receiver;
    this.#noDelay = noDelay;
    this.#backlog = backlog;
  }

  async listen(at: string): Promise<string> {
    const { host, port } = parseAddress(at);
    const server = createServer({ allowHalfOpen: true, noDelay: this.#noDelay }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listenError("tcp", at, error)));
      server.listen({ host, port, backlog: this.#backlog }, resolve);
    });
    if (this.#isRefusing) {
      server.close();
      throw listenError("tcp", at, new Error(ENDPOINT_CLOSED));
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

  connect(peer: string, handler: LinkHandler): Link {
    try {
      const { host, port } = parseAddress(peer);
      const socket = connect({ host, port, allowHalfOpen: true, noDelay: this.#noDelay });
      const link = new TcpLink(socket, peer);
      this.#adopt(socket);
      link.attach(handler);
      return link;
    } catch (error) {
      return failedLink("tcp", peer, handler, error);
    }
  }

  async bind(local: string): Promise<string> {
    throw listenError("tcp", local, new Error("TCP carries no datagrams"));
  }

  release(): void {}

  send(): void {
    this.#dropped++;
  }

  get droppedDatagrams(): number {
    return this.#dropped;
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
    if (host === undefined || port === undefined) {
      socket.destroy();
      return;
    }
    const link = new TcpLink(socket, formatAddress({ host, port }));
    const handler = this.#receiver.accepted(link);
    if (handler === undefined) socket.destroy();
    else link.attach(handler);
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

/** One TCP connection. */
class TcpLink implements Link {
  readonly peer: string;
  readonly #socket: Socket;
  #shut = false;

  constructor(socket: Socket, peer: string) {
    this.#socket = socket;
    this.peer = peer;
  }

  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  attach(handler: LinkHandler): void {
    const socket = this.#socket;
    let opened = !socket.connecting;
    let failure: NodeJS.ErrnoException | undefined;
    socket.on("connect", () => {
      opened = true;
      handler.opened();
    });
    socket.on("data", (chunk: Buffer) => {
      // A plain Uint8Array: `slice` of a Buffer shares memory instead of copying.
      if (!this.#shut) handler.bytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    });
    socket.on("drain", () => handler.drained());
    socket.on("end", () => {
      if (!this.#shut) handler.ended();
    });
    socket.on("error", (error) => (failure = error));
    socket.on("close", () => handler.closed(failure && linkIssue("tcp", this.peer, opened, failure)));
  }

  write(bytes: Uint8Array): void {
    if (!this.#shut && this.#socket.writable) this.#socket.write(bytes);
  }

  shut(): void {
    if (this.#shut) return;
    this.#shut = true;
    // Nothing was written and nothing will be: the connection is not needed.
    if (this.#socket.connecting && this.#socket.writableLength === 0) {
      this.#socket.destroy();
      return;
    }
    this.#socket.end();
    this.#socket.resume();
  }

  abort(): void {
    this.#shut = true;
    // A reset: the kernel stops sending to a peer that reads nothing.
    if (this.#socket.connecting) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  pause(): void {
    if (!this.#shut) this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}
