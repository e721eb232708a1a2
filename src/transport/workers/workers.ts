import { fileURLToPath } from "node:url";
import { argumentError } from "../../errors.js";
import { DEFAULT_LIMITS, type Limits } from "../../limits.js";
import { combine } from "../combine.js";
import { ENDPOINT_CLOSED, listenError } from "../failures.js";
import { parseAddress } from "../../address.js";
import { queueBytes } from "../queue.js";
import { tcp, type TcpOptions } from "../tcp.js";
import type { Endpoint, Link, LinkHandler, Receiver, Transport } from "../types.js";
import { udp, type UdpOptions } from "../udp.js";
import { Crew } from "./crew.js";
import { Worker } from "./worker.js";

export interface WorkersOptions {
  /** Processes that share the ports that are listened at, 1 to 64. */
  readonly count: number;
  readonly streams?: TcpOptions;
  readonly datagrams?: UdpOptions;
  /** The file of the package that a worker runs, for those who bundle. Default: `specwire/transport/worker`. */
  readonly program?: string;
}

/** The most processes that one endpoint may have. */
export const WORKERS_MAX = 64;
/** Ports that are tried where any will do: between its choice and its use somebody else may take one. */
const ATTEMPTS_MAX = 16;
/** What a worker has to end its sockets in before it is ended itself. */
const CLOSE_MS = 2_000;

/**
 * TCP and UDP by worker processes: they share the ports that are listened at, do the system calls, and exchange with
 * this process, which alone has the machine and its state, batches over one pipe each. Links that this process opens
 * and addresses that it binds are its own. Before it listens there are no workers.
 *
 * It needs a system on which processes can share a UDP port by `node:cluster`: any but Windows.
 *
 * @throws WireError `argument` for a count that is none
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

/** Found by name, which holds for the package wherever it is installed. */
const ownProgram = (): string => fileURLToPath(import.meta.resolve("specwire/transport/worker"));

interface Settings {
  readonly count: number;
  readonly streams: TcpOptions;
  readonly datagrams: UdpOptions;
  readonly limits: Limits;
}

class WorkersEndpoint implements Endpoint {
  readonly #settings: Settings;
  readonly #program: string | (() => string);
  readonly #receiver: Receiver;
  readonly #near: Transport;
  /** The sockets of this process: what it opens itself, and where datagrams leave before it listens. */
  readonly #own: Endpoint;
  /** Where each worker of the crew stands; a place is empty while its next worker is being started. */
  readonly #places: (Worker | undefined)[] = [];
  #crew: Promise<Crew> | undefined;
  /** What each worker listens at. */
  readonly #addresses: string[] = [];
  #joined: () => void = () => {};
  #left: () => void = () => {};
  #dropped = 0;
  #isRefusing = false;
  #closed: Promise<void> | undefined;

  constructor(settings: Settings, program: string | (() => string), receiver: Receiver) {
    this.#settings = settings;
    this.#program = program;
    this.#receiver = receiver;
    this.#near = combine({ streams: tcp(settings.streams), datagrams: udp(settings.datagrams) });
    this.#own = this.#near.open(receiver, settings.limits);
  }

  get droppedDatagrams(): number {
    return this.#dropped + this.#own.droppedDatagrams;
  }

  async listen(at: string): Promise<string> {
    const { port } = parseAddress(at);
    for (let attempt = 1; ; attempt++) {
      await this.#started(at);
      const chosen = port === 0 ? await this.#chosen(at) : at;
      try {
        return await this.#listenAt(chosen);
      } catch (error) {
        if (port !== 0 || this.#isRefusing || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  connect(peer: string, handler: LinkHandler): Link {
    return this.#own.connect(peer, handler);
  }

  bind(local: string): Promise<string> {
    return this.#own.bind(local);
  }

  release(local: string): void {
    this.#own.release(local);
  }

  send(peer: string, bytes: Uint8Array, local?: string): void {
    if (local !== undefined || this.#addresses.length === 0) {
      this.#own.send(peer, bytes, local);
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
    this.#joined();
    this.#own.refuse();
    for (const worker of this.#workers) worker.refuse();
  }

  close(): Promise<void> {
    this.refuse();
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    const crew = this.#crew?.catch(() => undefined);
    await Promise.all([this.#own.close(), crew]);
    for (const worker of this.#workers) worker.close();
    const timer = setTimeout(() => this.#workers.forEach((worker) => worker.kill()), CLOSE_MS);
    while (this.#workers.length > 0) {
      await new Promise<void>((resolve) => (this.#left = resolve));
    }
    clearTimeout(timer);
    await (await crew)?.end();
  }

  /** Resolves when the workers run. @throws WireError `argument` */
  async #started(at: string): Promise<void> {
    this.#checkOpen(at);
    const crew = (this.#crew ??= this.#start());
    try {
      await crew;
    } catch (error) {
      if (this.#crew === crew) this.#crew = undefined;
      throw listenError("workers", at, error as Error);
    }
  }

  async #start(): Promise<Crew> {
    const { count } = this.#settings;
    const program = typeof this.#program === "string" ? this.#program : this.#program();
    const crew = new Crew(this.#settings, program, (path) => this.#join(path));
    const broken = crew.broken();
    broken.catch(() => {});
    try {
      while (this.#workers.length < count) {
        if (this.#isRefusing) throw new Error(ENDPOINT_CLOSED);
        await Promise.race([broken, new Promise<void>((resolve) => (this.#joined = resolve))]);
      }
      return crew;
    } catch (error) {
      await crew.end();
      throw error;
    }
  }

  #join(path: string): void {
    if (this.#isRefusing) return;
    const empty = this.#places.findIndex((worker) => worker === undefined);
    const place = empty < 0 ? this.#places.length : empty;
    const worker = new Worker(path, this.#receiver, {
      dropped: (count) => (this.#dropped += count),
      ended: () => {
        this.#places[place] = undefined;
        this.#left();
      },
    });
    this.#places[place] = worker;
    for (const address of this.#addresses) worker.listen(address).catch(() => worker.kill());
    this.#joined();
  }

  /** An address of which both ports are free, for a moment at least. */
  async #chosen(at: string): Promise<string> {
    const nobody: Receiver = { accepted: () => undefined, datagram: () => {} };
    const endpoint = this.#near.open(nobody, this.#settings.limits);
    try {
      return await endpoint.listen(at);
    } finally {
      await endpoint.close();
    }
  }

  /** The first one finds out whether the address can be had; the others share its sockets. */
  async #listenAt(at: string): Promise<string> {
    this.#checkOpen(at);
    const first = this.#workers[0];
    if (first === undefined) throw listenError("workers", at, new Error("the workers have ended"));
    const address = await first.listen(at);
    this.#addresses.push(at);
    // One that cannot is replaced, and the next one tries again.
    const others = this.#workers.filter((worker) => worker !== first);
    await Promise.all(others.map((worker) => worker.listen(at).catch(() => worker.kill())));
    this.#checkOpen(at);
    return address;
  }

  #checkOpen(at: string): void {
    if (this.#isRefusing) throw listenError("workers", at, new Error(ENDPOINT_CLOSED));
  }

  /** The same one for a peer as long as it lives, so that what is sent to it leaves in its order. */
  #workerFor(peer: string): Worker | undefined {
    const places = this.#places;
    let hash = 0;
    for (let i = 0; i < peer.length; i++) hash = (Math.imul(hash, 31) + peer.charCodeAt(i)) | 0;
    const first = (hash >>> 0) % places.length;
    return places[first] ?? this.#workers[0];
  }

  get #workers(): Worker[] {
    return this.#places.filter((worker) => worker !== undefined);
  }
}
