/** A world in which a fuzzer plays the peers, the network and the disk of one machine. */
import { POISON } from "../bytes/poison.js";
import type { Result, WireIssue } from "../errors.js";
import type { HttpRequest } from "../http.js";
import {
  flawOfRead,
  flawOfWrites,
  MemoryValues,
  partOf,
  type Disk,
  type DiskRead,
  type DiskValue,
  type DiskWrite,
  type DriverExchanges,
  type ExchangeId,
  type Exchanges,
  type LinkId,
  type Links,
  type World,
} from "../machine/index.js";
import { VirtualClock } from "./clock.js";

/** A link as its peer sees it. */
export interface FuzzLink {
  readonly link: LinkId;
  readonly peer: string;
  /** False while the machine waits for the peer to accept. */
  isOpen: boolean;
  isPaused: boolean;
  /** The machine has sent its end. */
  isShut: boolean;
  queuedBytes: number;
}

/** Bytes that the machine has sent: over a link, or as a datagram, from an address that it bound if it said so. */
export interface SentBytes {
  readonly link?: LinkId;
  readonly peer: string;
  readonly local?: string | undefined;
  readonly bytes: Uint8Array;
}

/** Something that the machine waits for. @param ok whether it succeeds, where it can fail */
type Answer = (ok: boolean) => void;

/** Bytes of a machine that are remembered, to be sent back. */
const SENT_MAX = 16;

/** Links, disk and clock that answer when the fuzzer says so. Bytes are borrowed and given away as agreed. */
export class FuzzWorld implements World {
  readonly clock = new VirtualClock();
  readonly links: Links;
  readonly disk: Disk;
  readonly exchanges: Exchanges;
  /** Requests of the machine that wait for an answer, in order. */
  readonly requests = new Map<ExchangeId, HttpRequest>();
  /** Requests of clients that wait for an answer. */
  readonly clients = new Set<ExchangeId>();
  readonly open = new Map<LinkId, FuzzLink>();
  /** Binds and ends of links that wait, in order. */
  readonly waiting: Answer[] = [];
  /** Operations of the disk that wait, in order. */
  readonly waitingDisk: Answer[] = [];
  /** What the machine has sent lately. */
  readonly sent: SentBytes[] = [];
  readonly bound: string[] = [];
  hasEnded = false;
  /** Writes and datagrams so far. */
  sentCount = 0;
  readonly #values = new MemoryValues();
  readonly #closed: (link: LinkId, error?: WireIssue) => void;
  #ports = 0;

  /** @param closed tells the driver of a link @param over tells it that a client has its answer, or has gone */
  constructor(
    values: Readonly<Record<string, Uint8Array>>,
    closed: FuzzWorld["close"],
    over: DriverExchanges["over"] = () => {},
  ) {
    this.#closed = closed;
    for (const [key, bytes] of Object.entries(values)) this.#values.write({ key, at: 0, bytes });
    this.links = this.#linksOf();
    this.exchanges = this.#exchangesOf(over);
    this.disk = {
      load: (read, done) => this.#load(read, done),
      list: (prefix, done) => this.#onDisk((error) => done(outcome(error, this.#values.keys(prefix)))),
      store: (writes, done) => this.#store(writes, done),
    };
  }

  readonly onEnd = (): void => {
    this.hasEnded = true;
    this.open.clear();
    this.requests.clear();
    this.clients.clear();
    this.waiting.length = 0;
    this.waitingDisk.length = 0;
  };

  /** Bytes that the machine has written and nobody has read. */
  get queuedBytes(): number {
    let sum = 0;
    for (const { queuedBytes } of this.open.values()) sum += queuedBytes;
    return sum;
  }

  /** A peer's end of a link. */
  add(link: LinkId, peer: string, isOpen: boolean): void {
    this.open.set(link, { link, peer, isOpen, isPaused: false, isShut: false, queuedBytes: 0 });
  }

  /** Closes a link, once. */
  close(link: LinkId, error?: WireIssue): void {
    if (this.open.delete(link)) this.#closed(link, error);
  }

  #linksOf(): Links {
    const at = (link: LinkId): FuzzLink | undefined => this.open.get(link);
    const pause = (link: LinkId, isPaused: boolean): void => {
      const found = at(link);
      if (found !== undefined) found.isPaused = isPaused;
    };
    return {
      connect: (link, peer) => this.add(link, peer, false),
      write: (link, bytes) => this.#write(at(link)!, bytes),
      shut: (link) => {
        const found = at(link);
        if (found !== undefined) found.isShut = true;
      },
      abort: (link) => void this.clock.after(0, () => this.close(link)),
      pause: (link) => pause(link, true),
      resume: (link) => pause(link, false),
      datagram: (peer, bytes, local) => this.#remember({ peer, bytes, local }),
      bind: (local, done) => {
        const address = local.replace(/:0$/, () => `:${50_000 + this.#ports++}`);
        this.waiting.push((ok) => {
          if (ok) this.bound.push(address);
          done(ok ? { ok: true, value: address } : { ok: false, error: issue("argument", "EADDRINUSE") });
        });
      },
      release: (local) => {
        const place = this.bound.indexOf(local);
        if (place >= 0) this.bound.splice(place, 1);
      },
    };
  }

  #exchangesOf(over: DriverExchanges["over"]): Exchanges {
    return {
      request: (id, request) => {
        this.sentCount++;
        this.requests.set(id, { ...request, ...(request.body && { body: request.body.slice() }) });
        request.body?.fill(POISON);
      },
      respond: (id, { body }) => {
        this.sentCount++;
        body?.fill(POISON);
        this.clients.delete(id);
        this.clock.after(0, () => over(id));
      },
      abort: (id) => {
        this.requests.delete(id);
        this.clients.delete(id);
      },
    };
  }

  #write(link: FuzzLink, bytes: Uint8Array): number {
    link.queuedBytes += bytes.length;
    this.#remember({ link: link.link, peer: link.peer, bytes });
    return link.queuedBytes;
  }

  /** Bytes that were given away are overwritten: a machine that goes on with them is found out. */
  #remember(sent: SentBytes): void {
    this.sentCount++;
    if (this.sent.length === SENT_MAX) this.sent.shift();
    this.sent.push({ ...sent, bytes: sent.bytes.slice() });
    sent.bytes.fill(POISON);
  }

  #load(read: DiskRead, done: (outcome: Result<DiskValue>) => void): void {
    const flaw = flawOfRead(read);
    this.#onDisk((error) => {
      const { bytes, size } = partOf(this.#values.read(read.key), flaw === undefined ? read : { key: read.key });
      const borrowed = bytes?.slice();
      done(outcome(flaw ?? error, { bytes: borrowed, size }));
      borrowed?.fill(POISON);
    });
  }

  #store(writes: readonly DiskWrite[], done: (outcome: Result<void>) => void): void {
    const flaw = flawOfWrites(writes);
    this.#onDisk((error) => {
      const refusal = flaw ?? error;
      if (refusal === undefined) for (const write of writes) this.#values.write(write);
      done(outcome(refusal, undefined));
    });
  }

  #onDisk(end: (error: WireIssue | undefined) => void): void {
    this.waitingDisk.push((ok) => end(ok ? undefined : issue("storage", "EIO")));
  }
}

function outcome<T>(error: WireIssue | undefined, value: T): Result<T> {
  return error === undefined ? { ok: true, value } : { ok: false, error };
}

function issue(code: "storage" | "argument", actual: string): WireIssue {
  return { code, format: "fuzz", path: "", actual };
}
