/**
 * Iterative lookups of Kademlia: whom to ask next on the way to a target, and when enough have answered (Maymounkov and
 * Mazières 2002, §2.3; disjoint paths: Baumgart and Mies 2007, S/Kademlia §4.4).
 */
import { own, toHex } from "../../../bytes/index.js";
import { compareXorDistance } from "../../../kernel/index.js";

/** A server as it is heard of: nothing of it is proven. */
export interface LookupPeer {
  /** 20 bytes. */
  readonly id: Uint8Array;
  readonly address: string;
}

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
  address: string;
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
  /** Ids of those that were asked: nobody is asked twice, even where a shortlist has forgotten it. */
  readonly #askedIds = new Set<string>();
  #waiting = 0;

  /** @param seeds where to start, nearest first; dealt out to the paths in turn */
  constructor(target: Uint8Array, { k, alpha, paths = 1, nearest = k }: LookupRules, seeds: readonly LookupPeer[]) {
    this.target = target;
    this.#k = k;
    this.#alpha = alpha;
    this.#nearest = nearest;
    this.#paths = Array.from({ length: Math.max(1, Math.min(paths, seeds.length)) }, () => ({
      candidates: [],
      waiting: 0,
      failed: 0,
    }));
    for (const [i, seed] of seeds.entries()) this.#hear(this.#paths[i % this.#paths.length]!, seed);
  }

  /** Requests so far. */
  get asked(): number {
    return this.#askedIds.size;
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
      this.#askedIds.add(toHex(candidate.id));
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

  /** A server has answered. @param peers those that it named, of which the first `k` are heard */
  answered(id: Uint8Array, peers: readonly LookupPeer[]): void {
    const candidate = this.#find(id);
    if (candidate === undefined || !this.#end(candidate, "answered")) return;
    for (const peer of peers.slice(0, this.#k)) this.#hear(candidate.path, peer);
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
      const place = this.#placeOf(candidates, id);
      const candidate = candidates[place];
      if (candidate !== undefined && compareXorDistance(this.target, candidate.id, id) === 0) return candidate;
    }
    return undefined;
  }

  /** Puts a server on the shortlist of a path, unless a path has it or it is too far away. */
  #hear(path: Path, { id, address }: LookupPeer): void {
    if (this.#find(id) !== undefined) return;
    const { candidates } = path;
    const place = this.#placeOf(candidates, id);
    const shortlistMax = SHORTLIST_FACTOR * this.#k + path.failed;
    if (place >= shortlistMax || this.#askedIds.has(toHex(id))) return;
    candidates.splice(place, 0, { id: own(id), address, state: "heard", path });
    if (candidates.length <= shortlistMax) return;
    // The farthest that is not under way goes; those under way are few.
    const last = candidates.findLastIndex(({ state }) => state === "heard" || state === "answered");
    candidates.splice(last, 1);
  }

  /** The place of an id in a list by distance: before the first that is not nearer. */
  #placeOf(candidates: readonly Candidate[], id: Uint8Array): number {
    let [low, high] = [0, candidates.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareXorDistance(this.target, candidates[middle]!.id, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
