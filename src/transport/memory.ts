/** Memory transport: streams and datagrams between endpoints of one process. */
import { WireError, type WireIssue } from "../errors.js";
import type { ExpectedServer } from "../identity.js";
import { DEFAULT_LIMITS, type Limits } from "../limits.js";
import { ENDPOINT_CLOSED, unverifiedLink } from "./failures.js";
import { FIRST_DYNAMIC_PORT, parseAddress } from "../address.js";
import { POISON } from "../bytes/poison.js";
import { queueBytes } from "./queue.js";
import type { Endpoint, Link, LinkHandler, Receiver, Transport } from "./types.js";

/** Options of {@link memory}. */
export interface MemoryOptions {
  /**
   * Calls `action` after this call has returned, in the order of the calls. Default: a microtask. With `after` of a
   * virtual clock every run is the same.
   */
  readonly later?: (action: () => void) => void;
  /** Bytes of the next piece, at least 1, given the bytes in flight. Default: all of them. */
  readonly segmentBytes?: (availableBytes: number) => number;
}

/**
 * A network inside this process; each endpoint reaches every other endpoint of the same transport. Bytes arrive in
 * order and in any segmentation, and are overwritten with 0xDB when the receiver returns.
 */
export function memory({ later = queueMicrotask, segmentBytes = (n) => n }: MemoryOptions = {}): Transport {
  const network = new Network(later, segmentBytes);
  return { open: (receiver, limits = DEFAULT_LIMITS) => new MemoryEndpoint(network, receiver, limits) };
}

/** The addresses of all endpoints. */
class Network {
  readonly later: (action: () => void) => void;
  readonly segmentBytes: (availableBytes: number) => number;
  /** Receivers of connections and of datagrams, by address. */
  readonly streams = new Map<string, MemoryEndpoint>();
  readonly datagrams = new Map<string, MemoryEndpoint>();
  #port = FIRST_DYNAMIC_PORT;

  constructor(later: (action: () => void) => void, segmentBytes: (availableBytes: number) => number) {
    this.later = later;
    this.segmentBytes = segmentBytes;
  }

  nextPort(): number {
    return this.#port++;
  }
}

/** One host on the network. */
class MemoryEndpoint implements Endpoint {
  readonly receiver: Receiver;
  readonly links = new Set<MemoryLink>();
  readonly #network: Network;
  /** Listening addresses. Datagrams leave from the first, or from `#ownAddress` where there is none. */
  readonly #addresses: string[] = [];
  /** Bound addresses, for datagrams alone. */
  readonly #bound = new Set<string>();
  #ownAddress: string | undefined;
  readonly #limits: Limits;
  #queuedBytes = 0;
  #dropped = 0;
  #refusing = false;
  #isClosed = false;

  constructor(network: Network, receiver: Receiver, limits: Limits) {
    this.#network = network;
    this.receiver = receiver;
    this.#limits = limits;
  }

  get droppedDatagrams(): number {
    return this.#dropped;
  }

  async listen(at: string): Promise<string> {
    const address = this.#take(at);
    this.#addresses.push(address);
    this.#network.streams.set(address, this);
    return address;
  }

  async bind(local: string): Promise<string> {
    const address = this.#take(local);
    this.#bound.add(address);
    return address;
  }

  release(local: string): void {
    if (this.#bound.delete(local)) this.#network.datagrams.delete(local);
  }

  /** Receives a datagram at `to`, an address of this endpoint. */
  datagram(from: string, to: string, bytes: Uint8Array): void {
    this.receiver.datagram(from, bytes, this.#bound.has(to) ? to : undefined);
  }

  connect(peer: string, handler: LinkHandler, server?: ExpectedServer): Link {
    if (server !== undefined) return unverifiedLink("memory", peer, handler);
    const own = new MemoryLink(this.#network, this, peer);
    own.handler = handler;
    try {
      parseAddress(peer);
      this.#network.later(() => this.#establish(own, handler));
    } catch (error) {
      this.#network.later(() => own.close((error as WireError).toJSON()));
    }
    return own;
  }

  send(peer: string, bytes: Uint8Array, local?: string): void {
    const { datagramBytesMax, datagramQueueBytesMax } = this.#limits;
    const cost = queueBytes(bytes.length, 1);
    const isHome = local === undefined || this.#bound.has(local);
    const hasRoom = bytes.length <= datagramBytesMax && this.#queuedBytes + cost <= datagramQueueBytesMax;
    if (this.#isClosed || !isHome || !hasRoom) {
      this.#dropped++;
      return;
    }
    const from = local ?? this.#addresses[0] ?? this.#bindOwn();
    this.#queuedBytes += cost;
    this.#network.later(() => {
      this.#queuedBytes -= cost;
      const borrowed = Uint8Array.from(bytes);
      this.#network.datagrams.get(peer)?.datagram(from, peer, borrowed);
      borrowed.fill(POISON);
    });
  }

  refuse(): void {
    this.#refusing = true;
  }

  async close(): Promise<void> {
    this.#refusing = true;
    this.#isClosed = true;
    for (const address of this.#addresses) this.#network.streams.delete(address);
    for (const address of [...this.#addresses, ...this.#bound]) this.#network.datagrams.delete(address);
    if (this.#ownAddress !== undefined) this.#network.datagrams.delete(this.#ownAddress);
    for (const link of this.links) link.abort();
    while (this.links.size > 0) await new Promise<void>((resolve) => this.#network.later(resolve));
  }

  /** Claims an address for datagrams. @throws WireError `argument` */
  #take(at: string): string {
    const { host, port } = parseAddress(at);
    if (this.#refusing) throw new WireError(issue("argument", "listen", `${ENDPOINT_CLOSED} at ${at}`));
    const address = port === 0 ? `${host}:${this.#network.nextPort()}` : at;
    if (this.#network.datagrams.has(address)) {
      throw new WireError(issue("argument", "listen", `EADDRINUSE at ${address}`));
    }
    this.#network.datagrams.set(address, this);
    return address;
  }

  /** Claims an address that receives replies and refuses connections. */
  #bindOwn(): string {
    if (this.#ownAddress === undefined) {
      this.#ownAddress = `memory:${this.#network.nextPort()}`;
      this.#network.datagrams.set(this.#ownAddress, this);
    }
    return this.#ownAddress;
  }

  #establish(own: MemoryLink, handler: LinkHandler): void {
    if (own.aborted) return;
    const target = this.#network.streams.get(own.peer);
    if (target === undefined || target.#refusing) return own.close(issue("unreachable", own.peer, "ECONNREFUSED"));
    const theirs = new MemoryLink(this.#network, target, `memory:${this.#network.nextPort()}`);
    own.other = theirs;
    theirs.other = own;
    theirs.handler = target.receiver.accepted(theirs);
    handler.opened();
    // Send what was written while the connection was being opened.
    own.move();
    if (theirs.handler === undefined) theirs.abort();
  }
}

/** One end of a connection, with the bytes in flight to the other end. */
class MemoryLink implements Link {
  readonly peer: string;
  /** Undefined until the connection is open. */
  other: MemoryLink | undefined;
  handler: LinkHandler | undefined;
  aborted = false;
  readonly #network: Network;
  readonly #owner: MemoryEndpoint;
  readonly #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #paused = false;
  #shut = false;
  #endSent = false;
  #moving = false;
  #closed = false;

  constructor(network: Network, owner: MemoryEndpoint, peer: string) {
    this.#network = network;
    this.#owner = owner;
    this.peer = peer;
    owner.links.add(this);
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  write(bytes: Uint8Array): void {
    if (this.#shut || this.#closed || bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.move();
  }

  shut(): void {
    // Nothing was written and nothing will be: the connection is not needed.
    if (this.other === undefined && this.#queuedBytes === 0) return this.abort();
    this.#shut = true;
    this.resume();
    this.move();
  }

  abort(): void {
    if (this.aborted || this.#closed) return;
    this.aborted = true;
    this.#shut = true;
    this.#network.later(() => {
      this.close();
      this.other?.close(issue("closed", this.other.peer, "ECONNRESET"));
    });
  }

  pause(): void {
    if (!this.#shut) this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.other?.move();
  }

  close(error?: WireIssue): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#owner.links.delete(this);
    this.handler?.closed(error);
  }

  /** Starts sending the queue, one piece at a time, then the end. */
  move(): void {
    const isIdle = this.#queuedBytes === 0 && (!this.#shut || this.#endSent);
    if (isIdle || this.#moving || this.other === undefined) return;
    this.#moving = true;
    this.#network.later(() => {
      this.#moving = false;
      if (this.#closed || this.other === undefined || this.other.#paused) return;
      if (this.#queuedBytes > 0) this.#sendPiece(this.other);
      else this.#sendEnd(this.other);
      this.move();
    });
  }

  #sendPiece(other: MemoryLink): void {
    const piece = this.#take(Math.min(this.#queuedBytes, Math.max(1, this.#network.segmentBytes(this.#queuedBytes))));
    if (!other.#shut && !other.#closed) other.handler?.bytes(piece);
    piece.fill(POISON);
    if (this.#queuedBytes === 0) this.handler?.drained();
  }

  #sendEnd(other: MemoryLink): void {
    this.#endSent = true;
    if (other.#endSent) {
      this.close();
      other.close();
    } else if (!other.#shut) {
      other.handler?.ended();
    }
  }

  #take(length: number): Uint8Array {
    const piece = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const first = this.#queue[0]!;
      const part = first.subarray(0, length - at);
      piece.set(part, at);
      at += part.length;
      if (part.length === first.length) this.#queue.shift();
      else this.#queue[0] = first.subarray(part.length);
    }
    this.#queuedBytes -= length;
    return piece;
  }
}

function issue(code: "argument" | "unreachable" | "closed", path: string, actual: string): WireIssue {
  return { code, format: "memory", path, actual };
}
