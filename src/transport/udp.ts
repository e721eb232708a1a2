/** UDP transport: `node:dgram` sockets that carry datagrams and no streams. */
import { createSocket, type BindOptions, type RemoteInfo, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { DEFAULT_LIMITS, type Limits } from "../limits.js";
import { failedLink, ENDPOINT_CLOSED, listenError } from "./failures.js";
import { queueBytes } from "./queue.js";
import { formatAddress, parseAddress, type Address } from "../address.js";
import type { Endpoint, Link, LinkHandler, Receiver, Transport } from "./types.js";

/** Options of {@link udp}. */
export interface UdpOptions {
  /** Receive buffer of each socket in the kernel, which may grant less. Default: that of the system. */
  readonly receiveBufferBytes?: number;
}

/**
 * A transport for datagrams by `node:dgram`. `connect` ends as `unreachable`. Datagrams leave from the first listening
 * address of the peer's family, else from an ephemeral port, which receives the replies.
 */
export function udp({ receiveBufferBytes }: UdpOptions = {}): Transport {
  return { open: (receiver, limits = DEFAULT_LIMITS) => new UdpEndpoint(receiver, limits, receiveBufferBytes) };
}

type Family = 4 | 6;

/** A peer as text and parsed. An IPv4-mapped IPv6 address counts as IPv4. */
interface Destination extends Address {
  readonly peer: string;
  /** 0 for a host name. */
  readonly family: Family | 0;
}

/** The socket by which datagrams to one address family leave. */
interface Egress {
  readonly socket: Socket;
  /** An IPv6 socket that reaches IPv4 peers by mapped addresses (RFC 4291 §2.5.5.2). */
  readonly isMapped: boolean;
  readonly isListener: boolean;
}

/** A datagram that leaves at the end of this turn of the event loop. */
interface QueuedDatagram {
  readonly egress: Egress;
  readonly to: Address;
  readonly bytes: Uint8Array;
}

/** The UDP sockets of one host. */
class UdpEndpoint implements Endpoint {
  readonly #receiver: Receiver;
  readonly #limits: Limits;
  readonly #receiveBufferBytes: number | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #egresses = new Map<Family, Egress>();
  /** By bound address: the egress of each family. */
  readonly #bound = new Map<string, Readonly<Record<Family, Egress>>>();
  /** Ephemeral sockets that are being bound. */
  readonly #opening = new Map<Family, Promise<Egress>>();
  /** The peer of the last datagram: most datagrams answer it, so that its address need not be parsed again. */
  #lastPeer: Destination | undefined;
  readonly #sendQueue: QueuedDatagram[] = [];
  /** Cost of the datagrams in the send queue, and of those that wait for a name or a socket. */
  #waitingBytes = 0;
  /** Cost of the datagrams that sockets have taken and not sent, of those sockets that do not count them. */
  #unsentBytes = 0;
  #dropped = 0;
  #isRefusing = false;
  #closed: Promise<unknown> | undefined;

  constructor(receiver: Receiver, limits: Limits, receiveBufferBytes: number | undefined) {
    this.#receiver = receiver;
    this.#limits = limits;
    this.#receiveBufferBytes = receiveBufferBytes;
  }

  get droppedDatagrams(): number {
    return this.#dropped;
  }

  async listen(at: string): Promise<string> {
    const { socket, family, address } = await this.#open(at, false);
    this.#setEgress(family, { socket, isMapped: false, isListener: true });
    // A dual-stack socket at `::` receives IPv4 as well.
    if (socket.address().address === "::") this.#setEgress(4, { socket, isMapped: true, isListener: true });
    return address;
  }

  async bind(local: string): Promise<string> {
    const { socket, family, address } = await this.#open(local, true);
    const egress = { socket, isListener: true };
    this.#bound.set(address, { 4: { ...egress, isMapped: family === 6 }, 6: { ...egress, isMapped: false } });
    return address;
  }

  release(local: string): void {
    this.#flush();
    const bound = this.#bound.get(local);
    this.#bound.delete(local);
    if (bound !== undefined) void closeSocket(bound[4].socket);
  }

  connect(peer: string, handler: LinkHandler): Link {
    return failedLink("udp", peer, handler, new Error("UDP carries no streams"));
  }

  send(peer: string, bytes: Uint8Array, local?: string): void {
    const to = this.#lastPeer?.peer === peer ? this.#lastPeer : destinationOf(peer);
    const family = to?.family as Family;
    const egress = local === undefined ? this.#egresses.get(family) : this.#bound.get(local)?.[family];
    const isNowhere = to === undefined || (local !== undefined && egress === undefined);
    if (isNowhere || this.#closed !== undefined || !this.#hasRoomFor(bytes, egress)) this.#dropped++;
    else if (egress === undefined) void this.#sendLater(to, bytes);
    else this.#transmit(egress, to, bytes);
  }

  refuse(): void {
    this.#isRefusing = true;
  }

  async close(): Promise<void> {
    this.#isRefusing = true;
    this.#flush();
    await (this.#closed ??= Promise.all(Array.from(this.#sockets, closeSocket)));
  }

  #hasRoomFor({ length }: Uint8Array, egress: Egress | undefined): boolean {
    const { datagramBytesMax, datagramQueueBytesMax } = this.#limits;
    const allBytes = queuedBytesOf(egress) + this.#unsentBytes + this.#waitingBytes + queueBytes(length, 1);
    return length <= datagramBytesMax && allBytes <= datagramQueueBytesMax;
  }

  /** Queues until the end of this turn of the event loop, so that a receiver wakes once for all of its datagrams. */
  #transmit(egress: Egress, to: Address, bytes: Uint8Array): void {
    if (this.#sendQueue.length === 0) setImmediate(this.#flush);
    this.#sendQueue.push({ egress, to, bytes });
    this.#waitingBytes += queueBytes(bytes.length, 1);
  }

  readonly #flush = (): void => {
    for (const { egress, to, bytes } of this.#sendQueue.splice(0)) {
      this.#waitingBytes -= queueBytes(bytes.length, 1);
      try {
        const { host, port } = to;
        egress.socket.send(bytes, port, egress.isMapped ? `::ffff:${host}` : host, this.#sentOf(egress, bytes));
      } catch {
        // The port is 0, or the socket was closed while the name was looked up.
        this.#dropped++;
      }
    }
  };

  readonly #sent = (error: Error | null): void => {
    // Deno and Bun pass undefined for no error.
    if (error) this.#dropped++;
  };

  /** What is called once a datagram was sent; it counts the datagram until then where its socket does not. */
  #sentOf({ socket }: Egress, { length }: Uint8Array): (error: Error | null) => void {
    if (countsQueue(socket)) return this.#sent;
    const unsentBytes = queueBytes(length, 1);
    this.#unsentBytes += unsentBytes;
    return (error) => {
      this.#unsentBytes -= unsentBytes;
      this.#sent(error);
    };
  }

  async #sendLater({ host, port }: Address, bytes: Uint8Array): Promise<void> {
    const waitingBytes = queueBytes(bytes.length, 1);
    this.#waitingBytes += waitingBytes;
    try {
      const { address, family } = await lookup(host);
      const egress = this.#egresses.get(family as Family) ?? (await this.#openEgress(family as Family));
      this.#transmit(egress, { host: address, port }, bytes);
    } catch {
      this.#dropped++;
    } finally {
      this.#waitingBytes -= waitingBytes;
    }
  }

  /** Binds a socket to a requested address. @throws WireError `argument` */
  async #open(at: string, isBound: boolean): Promise<{ socket: Socket; family: Family; address: string }> {
    const { host, port } = parseAddress(at);
    try {
      const { address, family } = await lookup(unmapped(host));
      if (this.#isRefusing) throw new Error(ENDPOINT_CLOSED);
      const socket = await this.#bind(family as Family, { address, port }, isBound);
      return { socket, family: family as Family, address: addressOf(socket) };
    } catch (error) {
      throw listenError("udp", at, error as Error);
    }
  }

  #openEgress(family: Family): Promise<Egress> {
    let opening = this.#opening.get(family);
    if (opening === undefined) {
      // `exclusive`: workers of a cluster would share the port.
      opening = this.#bind(family, { port: 0, exclusive: true })
        .then((socket) => this.#setEgress(family, { socket, isMapped: false, isListener: false }))
        .finally(() => this.#opening.delete(family));
      this.#opening.set(family, opening);
    }
    return opening;
  }

  /**
   * Sets the egress of a family; the first listener replaces an ephemeral socket and stays. @returns the egress in use
   */
  #setEgress(family: Family, egress: Egress): Egress {
    const current = this.#egresses.get(family);
    if (current?.isListener === true) return current;
    this.#egresses.set(family, egress);
    return egress;
  }

  async #bind(family: Family, where: BindOptions, reportsLocal = false): Promise<Socket> {
    if (this.#closed !== undefined) throw new Error(ENDPOINT_CLOSED);
    const socket = createSocket({
      type: `udp${family}`,
      // Addresses arrive resolved: a lookup inside the socket would queue datagrams that are not counted.
      lookup: (address, _options, done) => done(null, address, family),
      ...(this.#receiveBufferBytes !== undefined && { recvBufferSize: this.#receiveBufferBytes }),
    });
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    let local: string | undefined;
    socket.on("message", (bytes, from) => this.#received(bytes, from, local));
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.once("close", () => reject(new Error(ENDPOINT_CLOSED)));
        socket.bind(where, resolve);
      });
    } catch (error) {
      await closeSocket(socket);
      throw error;
    }
    if (reportsLocal) local = addressOf(socket);
    // Later errors report single datagrams that did not arrive: UDP may lose them.
    socket.on("error", () => {});
    return socket;
  }

  #received(bytes: Buffer, from: RemoteInfo, local: string | undefined): void {
    const { port } = from;
    const host = unmapped(from.address);
    const peer = formatAddress({ host, port });
    this.#lastPeer = { peer, host, port, family: host.includes(":") ? 6 : 4 };
    // A plain Uint8Array: `slice` of a Buffer shares memory instead of copying.
    this.#receiver.datagram(peer, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), local);
  }
}

function addressOf(socket: Socket): string {
  const { address: host, port } = socket.address();
  return formatAddress({ host, port });
}

/** Parses a peer; undefined where the text is not an address. */
function destinationOf(peer: string): Destination | undefined {
  try {
    const { host, port } = parseAddress(peer);
    const plain = unmapped(host);
    return { peer, host: plain, port, family: isIP(plain) as Family | 0 };
  } catch {
    return undefined;
  }
}

/** IPv4 out of an IPv4-mapped IPv6 address; other hosts unchanged. */
function unmapped(host: string): string {
  return host.includes(":") ? host.replace(/^::ffff:(?=\d+\.)/i, "") : host;
}

/** Whether a socket counts the datagrams that it has not sent: those of Node.js do, those of Deno do not. */
function countsQueue(socket: Socket): boolean {
  return typeof socket.getSendQueueCount === "function";
}

function queuedBytesOf(egress: Egress | undefined): number {
  if (egress === undefined || !countsQueue(egress.socket)) return 0;
  const count = egress.socket.getSendQueueCount();
  return count > 0 ? queueBytes(egress.socket.getSendQueueSize(), count) : 0;
}

/** Closes a socket, which may be closed already. */
function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(resolve);
    } catch {
      resolve();
    }
  });
}
