/** Worker transport (experimental): sockets in worker processes that share a port. */
import { fileURLToPath } from "node:url";
import { argumentError } from "../../errors.js";
import type { ExpectedServer } from "../../identity.js";
import { DEFAULT_LIMITS } from "../../limits.js";
import { combine } from "../combine.js";
import { ENDPOINT_CLOSED, listenError } from "../failures.js";
import { parseAddress } from "../../address.js";
import { queueBytes } from "../queue.js";
import type { TcpOptions } from "../socket-endpoint.js";
import { tcp } from "../tcp.js";
import type { Endpoint, Link, LinkHandler, Receiver, Transport } from "../types.js";
import { udp, type UdpOptions } from "../udp.js";
import { WorkerPool, type PoolSettings } from "./worker-pool.js";
import { WorkerProxy } from "./worker-proxy.js";

/** Options of {@link workers}. */
export interface WorkersOptions {
  /** Worker processes, which share the listening ports: 1 to 64. */
  readonly count: number;
  /** Options of the TCP of each worker. */
  readonly streams?: TcpOptions;
  /** Options of the UDP of each worker. */
  readonly datagrams?: UdpOptions;
  /** The file that a worker runs, for bundled programs. Default: `specwire/transport/worker`. */
  readonly program?: string;
}

/** The most processes that one endpoint may have. */
export const WORKERS_MAX = 64;
/** Attempts to find a free port, where the port is 0: another process may take a port between choice and use. */
const ATTEMPTS_MAX = 16;
/** Time in which a worker must close its sockets before it is killed. */
const CLOSE_MS = 2_000;

/**
 * TCP and UDP by worker processes. **Experimental**: on two processors it answers 0.69 to 0.87 of the requests that one
 * process answers (measured in the README of transports), and this interface may change.
 *
 * The workers share the listening ports, make the system calls and exchange batches with this process, which alone has
 * the machine and its state, over one pipe each. Links that this process opens and addresses that it binds stay in this
 * process. The workers start with the first `listen`.
 *
 * Needs a system on which processes can share a UDP port by `node:cluster`: any but Windows.
 *
 * @throws WireError `argument` for a count that is not from 1 to 64
 */
export function workers({ count, streams = {}, datagrams = {}, program }: WorkersOptions): Transport {
  if (!Number.isInteger(count) || count < 1 || count > WORKERS_MAX) {
    throw argumentError("workers", "count", `a whole number from 1 to ${WORKERS_MAX}`, String(count));
  }
  return {
    open: (receiver, limits = DEFAULT_LIMITS) =>
      new WorkersEndpoint({ count, streams, datagrams, limits }, program ?? ownProgram, receiver),
  };
}

/** Finds the program by its name in the installed package. */
const ownProgram = (): string => fileURLToPath(import.meta.resolve("specwire/transport/worker"));

/** The owner's endpoint: it starts the workers and spreads datagrams over them. */
class WorkersEndpoint implements Endpoint {
  readonly #settings: PoolSettings;
  readonly #program: string | (() => string);
  readonly #receiver: Receiver;
  readonly #localTransport: Transport;
  /** The sockets of this process: links that it opens, addresses that it binds, datagrams before it listens. */
  readonly #localEndpoint: Endpoint;
  /** One slot for each worker; a slot is empty while its worker is being replaced. */
  readonly #slots: (WorkerProxy | undefined)[] = [];
  #pool: Promise<WorkerPool> | undefined;
  /** Listening addresses of each worker. */
  readonly #addresses: string[] = [];
  #onJoined: () => void = () => {};
  #onLeft: () => void = () => {};
  #dropped = 0;
  #isRefusing = false;
  #closed: Promise<void> | undefined;

  constructor(settings: PoolSettings, program: string | (() => string), receiver: Receiver) {
    this.#settings = settings;
    this.#program = program;
    this.#receiver = receiver;
    this.#localTransport = combine({ streams: tcp(settings.streams), datagrams: udp(settings.datagrams) });
    this.#localEndpoint = this.#localTransport.open(receiver, settings.limits);
  }

  get droppedDatagrams(): number {
    return this.#dropped + this.#localEndpoint.droppedDatagrams;
  }

  async listen(at: string): Promise<string> {
    const { port } = parseAddress(at);
    for (let attempt = 1; ; attempt++) {
      await this.#ensureStarted(at);
      const chosen = port === 0 ? await this.#chooseAddress(at) : at;
      try {
        return await this.#listenAt(chosen);
      } catch (error) {
        if (port !== 0 || this.#isRefusing || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  connect(peer: string, handler: LinkHandler, server?: ExpectedServer): Link {
    return this.#localEndpoint.connect(peer, handler, server);
  }

  bind(local: string): Promise<string> {
    return this.#localEndpoint.bind(local);
  }

  release(local: string): void {
    this.#localEndpoint.release(local);
  }

  send(peer: string, bytes: Uint8Array, local?: string): void {
    if (local !== undefined || this.#addresses.length === 0) {
      this.#localEndpoint.send(peer, bytes, local);
      return;
    }
    const { datagramBytesMax, datagramQueueBytesMax } = this.#settings.limits;
    const out = this.#closed === undefined ? this.#workerFor(peer)?.out : undefined;
    const hasRoom =
      out !== undefined &&
      bytes.length <= datagramBytesMax &&
      out.queuedDatagramBytes + queueBytes(bytes.length, 1) <= datagramQueueBytesMax;
    if (!hasRoom || !out.putDatagram(peer, bytes)) this.#dropped++;
  }

  refuse(): void {
    if (this.#isRefusing) return;
    this.#isRefusing = true;
    this.#onJoined();
    this.#localEndpoint.refuse();
    for (const worker of this.#workers) worker.refuse();
  }

  close(): Promise<void> {
    this.refuse();
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    const pool = this.#pool?.catch(() => undefined);
    await Promise.all([this.#localEndpoint.close(), pool]);
    for (const worker of this.#workers) worker.close();
    const timer = setTimeout(() => this.#workers.forEach((worker) => worker.kill()), CLOSE_MS);
    while (this.#workers.length > 0) {
      await new Promise<void>((resolve) => (this.#onLeft = resolve));
    }
    clearTimeout(timer);
    await (await pool)?.end();
  }

  /** Starts the workers once; resolves when all run. @throws WireError `argument` */
  async #ensureStarted(at: string): Promise<void> {
    this.#checkOpen(at);
    const pool = (this.#pool ??= this.#start());
    try {
      await pool;
    } catch (error) {
      if (this.#pool === pool) this.#pool = undefined;
      throw listenError("workers", at, error as Error);
    }
  }

  async #start(): Promise<WorkerPool> {
    const { count } = this.#settings;
    const program = typeof this.#program === "string" ? this.#program : this.#program();
    const pool = new WorkerPool(this.#settings, program, (path) => this.#addWorker(path));
    const broken = pool.broken();
    broken.catch(() => {});
    try {
      while (this.#workers.length < count) {
        if (this.#isRefusing) throw new Error(ENDPOINT_CLOSED);
        await Promise.race([broken, new Promise<void>((resolve) => (this.#onJoined = resolve))]);
      }
      return pool;
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  #addWorker(path: string): void {
    if (this.#isRefusing) return;
    const empty = this.#slots.findIndex((worker) => worker === undefined);
    const slot = empty < 0 ? this.#slots.length : empty;
    const worker = new WorkerProxy(path, this.#receiver, {
      dropped: (count) => (this.#dropped += count),
      ended: () => {
        this.#slots[slot] = undefined;
        this.#onLeft();
      },
    });
    this.#slots[slot] = worker;
    for (const address of this.#addresses) worker.listen(address).catch(() => worker.kill());
    this.#onJoined();
  }

  /** Chooses an address whose port is free for TCP and UDP at this moment. */
  async #chooseAddress(at: string): Promise<string> {
    const nobody: Receiver = { accepted: () => undefined, datagram: () => {} };
    const endpoint = this.#localTransport.open(nobody, this.#settings.limits);
    try {
      return await endpoint.listen(at);
    } finally {
      await endpoint.close();
    }
  }

  /** Listens in the first worker, which shows whether the address is free; the others share its sockets. */
  async #listenAt(at: string): Promise<string> {
    this.#checkOpen(at);
    const first = this.#workers[0];
    if (first === undefined) throw listenError("workers", at, new Error("the workers have ended"));
    const address = await first.listen(at);
    this.#addresses.push(at);
    // A worker that cannot listen is replaced, and its successor tries again.
    const others = this.#workers.filter((worker) => worker !== first);
    await Promise.all(others.map((worker) => worker.listen(at).catch(() => worker.kill())));
    this.#checkOpen(at);
    return address;
  }

  #checkOpen(at: string): void {
    if (this.#isRefusing) throw listenError("workers", at, new Error(ENDPOINT_CLOSED));
  }

  /** The worker of a peer: the same one while it lives, so that datagrams to the peer keep their order. */
  #workerFor(peer: string): WorkerProxy | undefined {
    const slots = this.#slots;
    let hash = 0;
    for (let i = 0; i < peer.length; i++) hash = (Math.imul(hash, 31) + peer.charCodeAt(i)) | 0;
    const first = (hash >>> 0) % slots.length;
    return slots[first] ?? this.#workers[0];
  }

  get #workers(): WorkerProxy[] {
    return this.#slots.filter((worker) => worker !== undefined);
  }
}
