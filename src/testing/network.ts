/** The virtual network of a simulation: streams and datagrams with faults. */
import { FIRST_DYNAMIC_PORT, hostOf } from "../address.js";
import { POISON } from "../bytes/poison.js";
import type { Result, WireIssue } from "../errors.js";
import { identityMismatch, type ExpectedServer, type PeerIdentity } from "../identity.js";
import { countUp, type Clock, type Driver, type LinkId, type Links, type Millis } from "../machine/index.js";
import { type Cut, partitionOf } from "./cuts.js";
import type { Faults } from "./faults.js";
import type { Random } from "./random.js";

/** The methods of a driver that the network calls. */
export type Receiver = Pick<
  Driver<unknown, unknown, unknown>,
  "admit" | "opened" | "bytes" | "drained" | "ended" | "closed" | "datagram"
>;

/** A host on the network: it listens at its address, from which its datagrams leave. */
export interface Station {
  readonly host: string;
  readonly address: string;
  readonly receiver: Receiver;
  /** What its certificate says; with one, it accepts streams over TLS. */
  readonly identity: PeerIdentity | undefined;
  /** Longer datagrams are dropped. */
  readonly datagramBytesMax: number;
  /** Its ends of connections. */
  readonly ends: Map<LinkId, LinkEnd>;
  /** Further addresses that receive datagrams. */
  readonly bound: Set<string>;
}

/** One end of a connection, with the bytes in flight to the other end. */
interface LinkEnd {
  readonly station: Station;
  readonly peer: string;
  link: LinkId;
  /** Undefined until the connection is open. */
  other: LinkEnd | undefined;
  readonly queue: Uint8Array[];
  queuedBytes: number;
  paused: boolean;
  shut: boolean;
  endSent: boolean;
  /** A piece of the queue is in flight. */
  moving: boolean;
  closed: boolean;
}

/** Datagrams that a forger remembers. */
const CAPTURED_MAX = 32;
/** Length of a forged datagram of drawn bytes. */
const FORGED_BYTES_MAX = 200;

/** A network on a virtual clock with the given faults. */
export class VirtualNetwork {
  faults: Faults;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #note: (text: string) => void;
  readonly #stations = new Map<string, Station>();
  /** Stations by bound address. */
  readonly #bound = new Map<string, Station>();
  /** Addresses that cannot be bound. */
  readonly #occupied = new Set<string>();
  readonly #nextPort = countUp();
  readonly #lastArrivals = new Map<string, Millis>();
  /** Draws of damage have a stream of their own: a run without damage is the run that it was before. */
  readonly #damage: Random;
  /** Datagrams that were sent lately, for {@link Faults.datagramForgeRate}. */
  readonly #captured: Uint8Array[] = [];
  #cuts: Cut[] = [];
  #stalled: { readonly from: string; readonly to: string; readonly action: () => void }[] = [];

  constructor(clock: Clock, random: Random, faults: Faults, note: (text: string) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#damage = random.stream("damage");
    this.#note = note;
    this.faults = faults;
  }

  /** A new address of a host. */
  freeAddress(host: string): string {
    return `${host}:${FIRST_DYNAMIC_PORT + this.#nextPort()}`;
  }

  attach(station: Station): void {
    if (this.#stations.has(station.address)) throw new RangeError(`expected a free address, got ${station.address}`);
    this.#stations.set(station.address, station);
  }

  /** Removes a host: its address refuses connections, its peers get resets. */
  detach(station: Station): void {
    this.#stations.delete(station.address);
    for (const local of station.bound) this.#bound.delete(local);
    station.bound.clear();
    for (const end of station.ends.values()) this.#abort(end);
  }

  /** Separates these hosts from all others, and ends every other cut. Without hosts all are connected. */
  partition(hosts: Iterable<string>): void {
    const cutOff = new Set(hosts);
    if (cutOff.size === 0) this.setCuts([], "all connected");
    else this.setCuts([partitionOf(cutOff)], `cut off: ${[...cutOff].join(", ")}`);
  }

  /** Adds a cut to those that are in force. */
  addCut(cut: Cut, text: string): void {
    this.setCuts([...this.#cuts, cut], text);
  }

  /** Replaces all cuts, and lets streams go on that are no longer cut. */
  setCuts(cuts: Cut[], text: string): void {
    this.#cuts = cuts;
    this.#note(text);
    const stalled = this.#stalled;
    this.#stalled = [];
    for (const { from, to, action } of stalled) this.#later(from, to, action);
  }

  /** Makes binds of these addresses fail, until the next call. */
  occupy(addresses: Iterable<string>): void {
    this.#occupied.clear();
    for (const address of addresses) this.#occupied.add(address);
  }

  /** The links of a host, for its driver. */
  linksOf(station: Station): Links {
    /** A paused host does not know yet that a link has closed: what it does to one that is gone does nothing. */
    const on = (link: LinkId, act: (end: LinkEnd) => void): void => {
      const end = station.ends.get(link);
      if (end !== undefined) act(end);
    };
    return {
      connect: (link, peer, server) => this.#connect(station, link, peer, server),
      write: (link, bytes) => {
        on(link, (end) => this.#write(end, bytes));
        return station.ends.get(link)?.queuedBytes ?? 0;
      },
      shut: (link) => on(link, (end) => this.#shut(end)),
      abort: (link) => on(link, (end) => this.#abort(end)),
      pause: (link) => on(link, (end) => void (end.paused = true)),
      resume: (link) => on(link, (end) => this.#resume(end)),
      datagram: (peer, bytes, local) => this.#datagram(station, peer, bytes, local),
      bind: (local, done) => this.#bind(station, local, done),
      release: (local) => {
        station.bound.delete(local);
        this.#bound.delete(local);
      },
    };
  }

  // Streams

  #connect(station: Station, link: LinkId, peer: string, server: ExpectedServer | undefined): void {
    const own = newEnd(station, link, peer);
    station.ends.set(link, own);
    this.#later(station.host, hostOf(peer), () => {
      if (own.closed) return;
      const target = this.#stations.get(peer);
      if (target === undefined) return this.#close(own, issue("unreachable", peer, "ECONNREFUSED"));
      const mismatch = mismatchOf(target, peer, server);
      if (mismatch !== undefined) return this.#close(own, issue("certificate", peer, mismatch));
      const address = this.freeAddress(station.host);
      const theirLink = target.receiver.admit(address);
      if (theirLink === undefined) {
        // A listener at its limit accepts the connection and closes it.
        station.receiver.opened(link, peer, target.identity);
        return this.#close(own, issue("closed", peer, "ECONNRESET"));
      }
      const theirs = newEnd(target, theirLink, address);
      target.ends.set(theirLink, theirs);
      own.other = theirs;
      theirs.other = own;
      target.receiver.opened(theirLink, theirs.peer, target.identity && station.identity);
      station.receiver.opened(link, peer, target.identity);
      // Send what was written while the connection was being opened.
      this.#move(own);
    });
  }

  #write(end: LinkEnd, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    end.queue.push(bytes);
    end.queuedBytes += bytes.length;
    this.#move(end);
  }

  #shut(end: LinkEnd): void {
    // Nothing was written and nothing will be: the connection is not needed.
    if (end.other === undefined && end.queuedBytes === 0) return this.#abort(end);
    end.shut = true;
    this.#resume(end);
    this.#move(end);
  }

  #resume(end: LinkEnd): void {
    end.paused = false;
    if (end.other !== undefined) this.#move(end.other);
  }

  /** Closes this end, and the other end with a reset after a delay. */
  #abort(end: LinkEnd): void {
    const { other } = end;
    end.shut = true;
    this.#clock.after(0, () => this.#close(end));
    if (other === undefined) return;
    const { host } = other.station;
    this.#later(end.station.host, host, () => this.#close(other, issue("closed", other.peer, "ECONNRESET")));
  }

  #close(end: LinkEnd, error?: WireIssue): void {
    if (end.closed) return;
    end.closed = true;
    end.station.ends.delete(end.link);
    end.station.receiver.closed(end.link, error);
  }

  /** Starts sending the queue, one piece at a time, then the end. */
  #move(end: LinkEnd): void {
    const { other } = end;
    const isIdle = end.queuedBytes === 0 && (!end.shut || end.endSent);
    if (isIdle || end.moving || other === undefined) return;
    end.moving = true;
    this.#later(end.station.host, other.station.host, () => {
      end.moving = false;
      if (end.closed || other.closed || other.paused) return;
      if (this.#random.chance(this.faults.linkResetRate)) return this.#reset(end, other);
      if (end.queuedBytes > 0) this.#arrive(end, other);
      else this.#arriveEnd(end, other);
      this.#move(end);
    });
  }

  #arrive(end: LinkEnd, other: LinkEnd): void {
    const piece = take(end, this.#pieceBytes(end.queuedBytes));
    if (!other.shut) other.station.receiver.bytes(other.link, piece);
    piece.fill(POISON);
    if (end.queuedBytes === 0 && !end.closed) end.station.receiver.drained(end.link);
  }

  #arriveEnd(end: LinkEnd, other: LinkEnd): void {
    end.endSent = true;
    if (other.endSent) {
      this.#close(end);
      this.#close(other);
    } else if (!other.shut) {
      other.station.receiver.ended(other.link);
    }
  }

  #reset(end: LinkEnd, other: LinkEnd): void {
    this.#note(`reset between ${end.station.host} and ${other.station.host}`);
    this.#close(end, issue("closed", end.peer, "ECONNRESET"));
    this.#close(other, issue("closed", other.peer, "ECONNRESET"));
  }

  /**
   * Length of the next piece. Half of the cuts fall into the first 48 bytes, where headers are; the others anywhere.
   */
  #pieceBytes(availableBytes: number): number {
    if (!this.#random.chance(this.faults.splitRate)) return availableBytes;
    const reach = this.#random.chance(0.5) ? Math.min(availableBytes, 48) : availableBytes;
    return this.#random.between(1, reach);
  }

  // Datagrams

  #bind(station: Station, local: string, done: (outcome: Result<string>) => void): void {
    this.#clock.after(0, () => {
      if (this.#stations.get(station.address) !== station) return;
      const address = local.endsWith(":0") ? this.freeAddress(hostOf(local)) : local;
      const isTaken = [this.#stations, this.#bound, this.#occupied].some((taken) => taken.has(address));
      const reason = hostOf(local) === station.host ? isTaken && "EADDRINUSE" : "EADDRNOTAVAIL";
      if (reason !== false) {
        this.#note(`${reason}: ${address}`);
        return done({ ok: false, error: issue("argument", address, reason) });
      }
      station.bound.add(address);
      this.#bound.set(address, station);
      done({ ok: true, value: address });
    });
  }

  #datagram(from: Station, peer: string, bytes: Uint8Array, local: string | undefined): void {
    if (local !== undefined && !from.bound.has(local)) return this.#note(`dropped: a datagram from ${local}`);
    if (bytes.length > from.datagramBytesMax) return this.#note(`dropped: a datagram of ${bytes.length} bytes`);
    if (this.#random.chance(this.faults.datagramLossRate)) return this.#note(`lost: a datagram for ${peer}`);
    const copies = this.#random.chance(this.faults.datagramDuplicateRate) ? 2 : 1;
    const source = local ?? from.address;
    for (let i = 0; i < copies; i++) this.#deliver(from.host, source, peer, this.#damaged(bytes, peer));
    this.#capture(bytes);
    if (this.#damage.chance(this.faults.datagramForgeRate)) this.#forge(peer);
  }

  #deliver(fromHost: string | undefined, source: string, peer: string, bytes: Uint8Array): void {
    this.#clock.after(this.#arrivalDelayMs(source, peer), () => {
      const bound = this.#bound.get(peer);
      const target = bound ?? this.#stations.get(peer);
      if (target === undefined || (fromHost !== undefined && !this.#reaches(fromHost, target.host))) return;
      const borrowed = bytes.slice();
      target.receiver.datagram(source, borrowed, bound && peer);
      borrowed.fill(POISON);
    });
  }

  /** The bytes, or a copy with some bits changed or without its end. */
  #damaged(bytes: Uint8Array, peer: string): Uint8Array {
    let damaged = bytes;
    if (this.#damage.chance(this.faults.datagramTruncateRate)) {
      damaged = bytes.slice(0, this.#damage.below(bytes.length + 1));
      this.#note(`truncated: a datagram for ${peer}, to ${damaged.length} bytes`);
    }
    if (damaged.length === 0 || !this.#damage.chance(this.faults.datagramCorruptRate)) return damaged;
    damaged = damaged.slice();
    for (let i = this.#damage.between(1, 3); i > 0; i--) {
      damaged[this.#damage.below(damaged.length)]! ^= 1 << this.#damage.below(8);
    }
    this.#note(`corrupted: a datagram for ${peer}`);
    return damaged;
  }

  #capture(bytes: Uint8Array): void {
    if (this.faults.datagramForgeRate === 0) return;
    if (this.#captured.length === CAPTURED_MAX) this.#captured.shift();
    this.#captured.push(bytes.slice());
  }

  /** Sends a copy of an earlier datagram or drawn bytes, in the name of another host or of nobody. */
  #forge(peer: string): void {
    const source = this.#damage.chance(0.5) ? this.#damage.pick([...this.#stations.keys()]) : "mallory:1";
    const bytes = this.#damage.chance(0.7)
      ? this.#damage.pick(this.#captured)
      : this.#damage.bytes(this.#damage.below(FORGED_BYTES_MAX));
    this.#note(`forged: a datagram of ${bytes.length} bytes for ${peer} from ${source}`);
    this.#deliver(undefined, source, peer, this.#damage.chance(0.3) ? this.#damaged(bytes, peer) : bytes);
  }

  #arrivalDelayMs(from: string, to: string): Millis {
    const nowMs = this.#clock.nowMs();
    const atMs = nowMs + this.#delayMs();
    if (this.#random.chance(this.faults.datagramReorderRate)) return atMs - nowMs + this.#delayMs();
    const pair = `${from} ${to}`;
    const inOrderMs = Math.max(atMs, this.#lastArrivals.get(pair) ?? 0);
    this.#lastArrivals.set(pair, inOrderMs);
    return inOrderMs - nowMs;
  }

  // Time and reach

  #delayMs(): Millis {
    return this.#random.between(1, Math.max(1, Math.floor(this.faults.delayMsMax)));
  }

  #reaches(from: string, to: string): boolean {
    return !this.#cuts.some((isCut) => isCut(from, to));
  }

  /** Runs an action of a stream after a delay, or when the partition between the two hosts has ended. */
  #later(from: string, to: string, action: () => void): void {
    this.#clock.after(this.#delayMs(), () => {
      // A stream needs both directions: what arrives is acknowledged.
      if (this.#reaches(from, to) && this.#reaches(to, from)) action();
      else this.#stalled.push({ from, to, action });
    });
  }
}

/** What a host lacks to be the server that a link expects: as `tls()`, by default the host of the address. */
function mismatchOf({ identity }: Station, peer: string, server?: ExpectedServer): string | undefined {
  if (identity !== undefined) return identityMismatch(identity, server ?? { hostName: hostOf(peer) });
  return server === undefined ? undefined : "missing";
}

function newEnd(station: Station, link: LinkId, peer: string): LinkEnd {
  const still = { paused: false, shut: false, endSent: false, moving: false, closed: false };
  return { station, link, peer, other: undefined, queue: [], queuedBytes: 0, ...still };
}

function take(end: LinkEnd, length: number): Uint8Array {
  const piece = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const first = end.queue[0]!;
    const part = first.subarray(0, length - at);
    piece.set(part, at);
    at += part.length;
    if (part.length === first.length) end.queue.shift();
    else end.queue[0] = first.subarray(part.length);
  }
  end.queuedBytes -= length;
  return piece;
}

function issue(code: "unreachable" | "closed" | "certificate" | "argument", path: string, actual: string): WireIssue {
  return { code, format: "simulation", path, actual };
}
