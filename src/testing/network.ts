import type { WireErrorCode, WireIssue } from "../errors.js";
import type { Driver, LinkId, Links } from "../machine/index.js";
import type { VirtualClock } from "./clock.js";
import type { Faults } from "./faults.js";
import type { Draws } from "./random.js";

/** Overwrites bytes that were only borrowed, so that a machine that kept them is found out. */
const POISON = 0xdb;
/** How often what a partition holds back is tried again. */
const RETRY_MS = 5;

/** One machine's place in the network. */
export interface Station {
  readonly name: string;
  readonly address: string;
  readonly driver: Driver<never, unknown, unknown>;
  /** Off the network: nothing reaches it, nothing answers. */
  isDown: boolean;
}

/** One end of a stream. */
interface End {
  readonly station: Station;
  readonly link: LinkId;
  other: End | undefined;
  /** What has been sent and not arrived, in order; an empty piece is the sender's end. */
  readonly arriving: Uint8Array[];
  isPaused: boolean;
  isShut: boolean;
  isEnded: boolean;
  isClosed: boolean;
  lastMs: number;
}

/** Streams and datagrams between stations, with the faults of the run. */
export class Network {
  faults: Faults;
  readonly #clock: VirtualClock;
  readonly #draws: Draws;
  readonly #stations = new Map<string, Station>();
  readonly #ends = new Map<Station, Map<LinkId, End>>();
  #groups: ReadonlyMap<string, number> = new Map();

  constructor(clock: VirtualClock, draws: Draws, faults: Faults) {
    this.#clock = clock;
    this.#draws = draws;
    this.faults = faults;
  }

  add(station: Station): void {
    this.#stations.set(station.address, station);
    this.#ends.set(station, new Map());
  }

  /** Stations of different groups do not reach each other; those in no group reach everybody. */
  partition(...groups: readonly (readonly string[])[]): void {
    this.#groups = new Map(groups.flatMap((names, group) => names.map((name) => [name, group] as const)));
  }

  /** The links of one station, as its driver asks for them. */
  linksOf(station: () => Station): Links {
    const end = (link: LinkId): End | undefined => this.#ends.get(station())?.get(link);
    return {
      connect: (link, peer) => this.#connect(station(), link, peer),
      write: (link, bytes) => {
        const own = end(link);
        if (own !== undefined) this.#write(own, bytes);
        return own?.other?.arriving.reduce((sum, piece) => sum + piece.length, 0) ?? 0;
      },
      shut: (link) => {
        const own = end(link);
        if (own === undefined) return;
        own.isShut = true;
        this.#send(own, new Uint8Array(0));
      },
      abort: (link) => {
        const own = end(link);
        if (own !== undefined) this.#reset(own, "closed");
      },
      pause: (link) => {
        const own = end(link);
        if (own !== undefined) own.isPaused = true;
      },
      resume: (link) => {
        const own = end(link);
        if (own === undefined) return;
        own.isPaused = false;
        this.#clock.after(0, () => this.#arrive(own));
      },
      datagram: (peer, bytes) => this.#datagram(station(), peer, bytes),
    };
  }

  #connect(from: Station, link: LinkId, peer: string): void {
    const own: End = this.#end(from, link);
    const attempt = (): void => {
      if (own.isClosed) return;
      const to = this.#stations.get(peer);
      if (to !== undefined && (to.isDown || from.isDown || this.#isApart(from, to))) {
        this.#clock.after(RETRY_MS, attempt);
        return;
      }
      const id = to === undefined || this.#draws.chance(this.faults.refuse) ? undefined : to.driver.admit();
      if (to === undefined || id === undefined) {
        this.#close(own, issue("unreachable", peer));
        return;
      }
      const there = this.#end(to, id);
      own.other = there;
      there.other = own;
      to.driver.opened(id, from.address);
      from.driver.opened(link, peer);
    };
    this.#clock.after(this.#delay(), attempt);
  }

  #end(station: Station, link: LinkId): End {
    const end: End = {
      station,
      link,
      other: undefined,
      arriving: [],
      isPaused: false,
      isShut: false,
      isEnded: false,
      isClosed: false,
      lastMs: 0,
    };
    this.#ends.get(station)!.set(link, end);
    return end;
  }

  #write(from: End, bytes: Uint8Array): void {
    if (from.isShut || bytes.length === 0) return;
    if (this.#draws.chance(this.faults.reset)) {
      this.#clock.after(this.#delay(), () => this.#reset(from, "closed"));
      return;
    }
    let at = 0;
    while (at < bytes.length) {
      const left = bytes.length - at;
      const take = this.#draws.chance(this.faults.cut) ? 1 + this.#draws.integer(left) : left;
      this.#send(from, bytes.slice(at, at + take));
      at += take;
    }
  }

  #send(from: End, piece: Uint8Array): void {
    const to = from.other;
    if (to === undefined || to.isClosed) return;
    to.lastMs = Math.max(to.lastMs, this.#clock.nowMs() + this.#delay());
    to.arriving.push(piece);
    this.#clock.after(to.lastMs - this.#clock.nowMs(), () => this.#arrive(to));
  }

  /** Hands over one piece, unless the receiver has paused or cannot be reached. */
  #arrive(to: End): void {
    if (to.isClosed || to.isPaused || to.arriving.length === 0) return;
    const from = to.other!;
    if (to.station.isDown || from.station.isDown || this.#isApart(from.station, to.station)) {
      this.#clock.after(RETRY_MS, () => this.#arrive(to));
      return;
    }
    const piece = to.arriving.shift()!;
    if (piece.length > 0) {
      if (!to.isShut) to.station.driver.bytes(to.link, piece);
      piece.fill(POISON);
    } else {
      to.isEnded = true;
      to.station.driver.ended(to.link);
      if (to.isShut && to.isEnded) this.#finish(to);
    }
    if (to.arriving.length > 0) this.#clock.after(0, () => this.#arrive(to));
  }

  /** Both sides have sent their end: the stream is over for whoever has heard the other's. */
  #finish(end: End): void {
    this.#close(end);
    const { other } = end;
    if (other !== undefined && other.isShut && other.isEnded) this.#close(other);
    else if (other !== undefined) this.#clock.after(this.#delay(), () => other.isShut && this.#close(other));
  }

  #reset(end: End, code: WireErrorCode): void {
    this.#close(end, issue(code, "reset"));
    if (end.other !== undefined) this.#close(end.other, issue(code, "reset"));
  }

  #close(end: End, error?: WireIssue): void {
    if (end.isClosed) return;
    end.isClosed = true;
    this.#ends.get(end.station)!.delete(end.link);
    end.station.driver.closed(end.link, error);
  }

  #datagram(from: Station, peer: string, bytes: Uint8Array): void {
    const to = this.#stations.get(peer);
    if (to === undefined || this.#draws.chance(this.faults.loss)) return;
    const copies = this.#draws.chance(this.faults.duplicate) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const late = this.#draws.chance(this.faults.reorder) ? this.#draws.between(1, 10) : 1;
      const copy = bytes.slice();
      this.#clock.after(this.#delay() * late, () => {
        if (to.isDown || from.isDown || this.#isApart(from, to)) return;
        to.driver.datagram(from.address, copy);
        copy.fill(POISON);
      });
    }
  }

  #isApart(a: Station, b: Station): boolean {
    const [one, other] = [this.#groups.get(a.name), this.#groups.get(b.name)];
    return one !== undefined && other !== undefined && one !== other;
  }

  #delay(): number {
    return this.#draws.between(...this.faults.delayMs);
  }
}

function issue(code: WireErrorCode, actual: string): WireIssue {
  return { code, format: "simulation", path: "", offset: 0, actual };
}
