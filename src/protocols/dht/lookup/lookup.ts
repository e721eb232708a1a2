/**
 * Iterative lookups of Kademlia: whom to ask next on the way to a target, and when enough have answered (Maymounkov and
 * Mazières 2002, §2.3; disjoint paths: Baumgart and Mies 2007, S/Kademlia §4.4).
 */
import { equalBytes, own } from "../../../bytes/index.js";
import { compareXorDistance, ID_BYTES } from "../../../kernel/index.js";
import { wordAt } from "../id-words.js";

/** A server as it is heard of: nothing of it is proven. */
export interface LookupPeer {
  /** 20 bytes. */
  readonly id: Uint8Array;
  readonly address: string;
}

/** What a lookup keeps of a server that was named, whose bytes are borrowed; undefined for one not to be asked. */
export type PeerFilter = (peer: LookupPeer) => LookupPeer | undefined;

const asNamed: PeerFilter = ({ id, address }) => ({ id: own(id), address });

const asIs: PeerFilter = (peer) => peer;

/** How a {@link Lookup} goes. */
export interface LookupRules {
  /** How many of the nearest have to answer. */
  readonly k: number;
  /** Requests of a path at a time. */
  readonly alpha: number;
  /** Number of paths. Each server is asked by one of them. Default 1. */
  readonly paths?: number;
  /** How many of the nearest have to answer on a path. Default `k`. */
  readonly nearest?: number;
}

/** Servers that a path keeps in mind, as a multiple of k. */
const SHORTLIST_FACTOR = 3;

type PeerState = "heard" | "waiting" | "late" | "answered" | "failed";

/** A server on the shortlist of a path. */
interface Candidate extends LookupPeer {
  /** The first four bytes of its distance. */
  readonly distance: number;
  state: PeerState;
  readonly path: Path;
}

/** The shortlist of one path, nearest first. */
interface Path {
  readonly candidates: Candidate[];
  /** Requests without an answer that take one of the α places. */
  waiting: number;
  /** Candidates that failed. They stay, beyond those that are kept in mind. */
  failed: number;
}

/**
 * One lookup: pure bookkeeping. Its owner sends a request to each peer that {@link next} gives, and reports how that
 * ended. Peers that others name are hearsay: they are asked, and nothing more.
 */
export class Lookup {
  readonly target: Uint8Array;
  readonly #k: number;
  readonly #alpha: number;
  readonly #nearest: number;
  readonly #paths: readonly Path[];
  /** Ids that were asked and that a shortlist has no room for: nobody is asked twice. */
  readonly #dropped: Uint8Array[] = [];
  #asked = 0;
  /** The first four bytes of the target. */
  readonly #head: number;
  #waiting = 0;

  /** @param seeds where to start, nearest first; dealt out to the paths in turn, and kept */
  constructor(target: Uint8Array, { k, alpha, paths = 1, nearest = k }: LookupRules, seeds: readonly LookupPeer[]) {
    this.target = target;
    this.#head = wordAt(target, 0);
    this.#k = k;
    this.#alpha = alpha;
    this.#nearest = nearest;
    this.#paths = Array.from({ length: Math.max(1, Math.min(paths, seeds.length)) }, () => ({
      candidates: [],
      waiting: 0,
      failed: 0,
    }));
    for (const [i, seed] of seeds.entries()) this.#hear(this.#paths[i % this.#paths.length]!, seed, asIs);
  }

  /** Requests so far. */
  get asked(): number {
    return this.#asked;
  }

  /** Requests that are under way, late ones among them. */
  get waiting(): number {
    return this.#waiting;
  }

  /** True once the nearest of every path have answered, or nobody is left to ask or to wait for. */
  get isOver(): boolean {
    return this.#paths.every((path) => this.#isSettled(path));
  }

  /** The next server to ask, or undefined while all places are taken or nobody is left. */
  next(): LookupPeer | undefined {
    for (const path of this.#paths) {
      if (path.waiting >= this.#alpha) continue;
      const candidate = this.#nextOf(path);
      if (candidate === undefined) continue;
      candidate.state = "waiting";
      path.waiting++;
      this.#asked++;
      this.#waiting++;
      return candidate;
    }
    return undefined;
  }

  /** A server takes long: its place is free for another. Its answer still counts. */
  late(id: Uint8Array): void {
    const candidate = this.#find(id);
    if (candidate?.state !== "waiting") return;
    candidate.state = "late";
    candidate.path.waiting--;
  }

  /**
   * A server has answered.
   * @param peers those that it named, of which the first `k` are heard
   * @param filter asked about those that are new and near enough; default takes all
   */
  answered(id: Uint8Array, peers: readonly LookupPeer[], filter = asNamed): void {
    const candidate = this.#find(id);
    if (candidate === undefined || !this.#end(candidate, "answered")) return;
    for (let i = 0; i < peers.length && i < this.#k; i++) this.#hear(candidate.path, peers[i]!, filter);
  }

  /** A server did not answer, or not as it should. */
  failed(id: Uint8Array): void {
    const candidate = this.#find(id);
    if (candidate !== undefined) this.#end(candidate, "failed");
  }

  /** How many servers that did not fail are known to be nearer to the target than this id. */
  nearerThan(id: Uint8Array): number {
    return this.#paths
      .flatMap(({ candidates }) => candidates.slice(0, this.#placeOf(candidates, id)))
      .filter(({ state }) => state !== "failed").length;
  }

  /** The nearest servers that have answered, nearest first, at most `k`. */
  result(): LookupPeer[] {
    return this.#paths
      .flatMap(({ candidates }) => candidates.filter(({ state }) => state === "answered"))
      .sort((a, b) => compareXorDistance(this.target, a.id, b.id))
      .slice(0, this.#k)
      .map(({ id, address }) => ({ id, address }));
  }

  #isSettled(path: Path): boolean {
    let considered = 0;
    for (const { state } of path.candidates) {
      if (state === "failed") continue;
      if (state !== "answered") return false;
      if (++considered === this.#nearest) return true;
    }
    return true;
  }

  /** The nearest server that is not asked yet, among the nearest that did not fail. */
  #nextOf(path: Path): Candidate | undefined {
    let considered = 0;
    for (const candidate of path.candidates) {
      if (candidate.state === "failed") continue;
      if (candidate.state === "heard") return candidate;
      if (++considered === this.#nearest) return undefined;
    }
    return undefined;
  }

  #end(candidate: Candidate, state: "answered" | "failed"): boolean {
    if (candidate.state !== "waiting" && candidate.state !== "late") return false;
    if (candidate.state === "waiting") candidate.path.waiting--;
    this.#waiting--;
    if (state === "failed") candidate.path.failed++;
    candidate.state = state;
    return true;
  }

  #find(id: Uint8Array): Candidate | undefined {
    for (const { candidates } of this.#paths) {
      const candidate = this.#at(candidates, this.#placeOf(candidates, id), id);
      if (candidate !== undefined) return candidate;
    }
    return undefined;
  }

  /** The candidate at a place, if it has that id. */
  #at(candidates: readonly Candidate[], place: number, id: Uint8Array): Candidate | undefined {
    const candidate = candidates[place];
    return candidate !== undefined && equalBytes(candidate.id, id) ? candidate : undefined;
  }

  /** Puts a server on the shortlist of a path, unless a path has it or it is too far away. */
  #hear(path: Path, peer: LookupPeer, filter: PeerFilter): void {
    const { id } = peer;
    if (id.length !== ID_BYTES) return;
    const { candidates } = path;
    const place = this.#placeOf(candidates, id);
    const shortlistMax = SHORTLIST_FACTOR * this.#k + path.failed;
    if (place >= shortlistMax || this.#at(candidates, place, id) !== undefined) return;
    if (this.#paths.length > 1 && this.#find(id) !== undefined) return;
    if (this.#dropped.some((other) => equalBytes(other, id))) return;
    const kept = filter(peer);
    if (kept === undefined) return;
    const { id: ownId, address } = kept;
    candidates.splice(place, 0, { id: ownId, distance: this.#distanceOf(id), address, state: "heard", path });
    if (candidates.length <= shortlistMax) return;
    // The farthest that is not under way goes; those under way are few.
    const last = candidates.findLastIndex(({ state }) => state === "heard" || state === "answered");
    const [dropped] = candidates.splice(last, 1);
    if (dropped?.state === "answered") this.#dropped.push(dropped.id);
  }

  #distanceOf(id: Uint8Array): number {
    return (wordAt(id, 0) ^ this.#head) >>> 0;
  }

  /** The place of an id in a list by distance: before the first that is not nearer. */
  #placeOf(candidates: readonly Candidate[], id: Uint8Array): number {
    const distance = this.#distanceOf(id);
    let [low, high] = [0, candidates.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const candidate = candidates[middle]!;
      // Four bytes decide nearly always.
      const order = candidate.distance - distance || compareXorDistance(this.target, candidate.id, id);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
