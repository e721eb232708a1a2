/** Lookups in progress: each asks its way to a target, within its time and its number of requests. */
import { Command } from "../../../codec/gen/rpc/index.js";
import { compareXorDistance } from "../../../kernel/index.js";
import { DeadlineHeap, type Millis } from "../../../machine/index.js";
import type { RpcBody, RpcMessage } from "../../rpc/index.js";
import { Lookup, type LookupPeer } from "../lookup/lookup.js";
import type { DhtRules } from "./options.js";
import type { Peers } from "./peers.js";
import type { DhtEffect, DhtServerInfo, DhtStats, LookupCost, LookupKind } from "./types.js";

/** What a lookup found. */
export interface SearchResult extends LookupCost {
  /** The nearest servers that have answered, nearest first; oneself stands among them where it is nearer. */
  readonly servers: readonly DhtServerInfo[];
  /** Whether any server has answered, be it with something wrong. */
  readonly isAnswered: boolean;
  /**
   * `timeout` at the deadline of its owner, `unreachable` where nobody has answered although there are others: the
   * first server of a network is all of it at first.
   */
  readonly failure: "timeout" | "unreachable" | undefined;
}

/** What a lookup asks for, and who takes what it finds. */
export interface SearchPlan {
  readonly target: Uint8Array;
  readonly kind: LookupKind;
  /** Default: FIND_NODE for the target. */
  readonly body?: RpcBody;
  readonly deadlineMs: Millis;
  /**
   * Looks at an answer before the servers in it are heard of.
   * @returns "more" to go on, "bad" to take the server for a silent one, "enough" to end the lookup
   */
  readonly answered?: (
    message: RpcMessage,
    from: LookupPeer,
    nowMs: Millis,
    out: DhtEffect[],
  ) => "more" | "bad" | "enough";
  readonly done: (result: SearchResult, nowMs: Millis, out: DhtEffect[]) => void;
}

/** A lookup that is under way. */
export class Search {
  readonly plan: SearchPlan;
  readonly lookup: Lookup;
  readonly startMs: Millis;
  isOver = false;
  isAnswered = false;

  constructor(plan: SearchPlan, lookup: Lookup, startMs: Millis) {
    this.plan = plan;
    this.lookup = lookup;
    this.startMs = startMs;
  }
}

/** A request of a lookup that takes one of its places. */
interface Place {
  readonly search: Search;
  readonly peer: LookupPeer;
}

/** All lookups of a server. */
export class Searches {
  readonly #rules: DhtRules;
  readonly #peers: Peers;
  readonly #stats: DhtStats;
  readonly #open = new Set<Search>();
  readonly #deadlines = new DeadlineHeap<Search>();
  /** When each place is given to another server. */
  readonly #places = new DeadlineHeap<Place>();

  constructor(rules: DhtRules, peers: Peers, stats: DhtStats) {
    this.#rules = rules;
    this.#peers = peers;
    this.#stats = stats;
  }

  /** Lookups under way. */
  get size(): number {
    return this.#open.size;
  }

  get nextMs(): Millis {
    return Math.min(this.#deadlines.nextMs, this.#places.nextMs);
  }

  /** Begins a lookup. @returns undefined, without calling `done`, where too many are under way */
  start(plan: SearchPlan, nowMs: Millis, out: DhtEffect[]): Search | undefined {
    if (this.#open.size >= this.#rules.lookupsMax) return undefined;
    const { table } = this.#peers;
    const { paths } = this.#rules;
    const seeds = table.closest(plan.target);
    table.touch(plan.target, nowMs);
    const lookup = new Lookup(plan.target, { k: table.k, alpha: table.alpha, paths }, seeds);
    const search = new Search(plan, lookup, nowMs);
    this.#open.add(search);
    this.#deadlines.set(search, Math.min(plan.deadlineMs, nowMs + this.#rules.lookupTimeoutMs));
    this.#advance(search, nowMs, out);
    return search;
  }

  /** Gives places to other servers, and ends lookups whose time has come. */
  wake(nowMs: Millis, out: DhtEffect[]): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      this.end(due, nowMs, out);
    }
    for (let due = this.#places.popDue(nowMs); due !== undefined; due = this.#places.popDue(nowMs)) {
      due.search.lookup.late(due.peer.id);
      this.#advance(due.search, nowMs, out);
    }
  }

  /** Ends a lookup with what it has found so far. */
  end(search: Search, nowMs: Millis, out: DhtEffect[]): void {
    if (!this.#open.delete(search)) return;
    search.isOver = true;
    this.#deadlines.delete(search);
    const { plan, lookup, startMs } = search;
    const found = lookup.result();
    const servers = this.#nearest(plan.target, found);
    const cost = { rpcs: lookup.asked, ms: nowMs - startMs };
    this.#stats.lookups++;
    if (found.length === 0) this.#stats.lookupsFailed++;
    const { target, kind } = plan;
    out.push({ type: "emit", event: { type: "lookup", target, kind, ...cost, found: found.length } });
    const { isAnswered } = search;
    const failure = !lookup.isOver && plan.deadlineMs <= nowMs ? "timeout" : this.#silenceOf(search);
    plan.done({ servers, isAnswered, failure, ...cost }, nowMs, out);
  }

  #silenceOf({ isAnswered, lookup }: Search): "unreachable" | undefined {
    const isAlone = lookup.asked === 0 && this.#rules.bootstrap.length === 0 && !this.#rules.isClient;
    return isAnswered || isAlone ? undefined : "unreachable";
  }

  /** Sends as many requests as the lookup allows, and ends it when it is over. */
  #advance(search: Search, nowMs: Millis, out: DhtEffect[]): void {
    const { lookup, plan } = search;
    const { lookupRpcsMax } = this.#rules;
    while (!search.isOver && lookup.asked < lookupRpcsMax) {
      const peer = lookup.next();
      if (peer === undefined) break;
      this.#ask(search, peer, nowMs, out);
    }
    if (search.isOver) return;
    const isSpent = lookup.asked >= lookupRpcsMax && lookup.waiting === 0;
    if (lookup.isOver || isSpent || plan.deadlineMs <= nowMs) this.end(search, nowMs, out);
  }

  #ask(search: Search, peer: LookupPeer, nowMs: Millis, out: DhtEffect[]): void {
    const { plan, lookup } = search;
    const body = plan.body ?? { command: Command.FIND_NODE, key: plan.target };
    const place: Place = { search, peer };
    const { rpcSoftMs, rpcTimeoutMs } = this.#rules;
    this.#places.set(place, nowMs + rpcSoftMs);
    // Others go on naming a server that has gone: each lookup that met it would take the whole time for an answer.
    const timeoutMs = this.#peers.table.isSilent(peer.id) ? Math.min(rpcSoftMs, rpcTimeoutMs) : rpcTimeoutMs;
    this.#peers.ask(
      peer,
      body,
      { timeoutMs },
      (answer, endMs, effects) => {
        this.#places.delete(place);
        if (search.isOver) return;
        search.isAnswered ||= answer !== undefined;
        const verdict =
          answer === undefined ? "bad" : (plan.answered?.(answer.message, peer, endMs, effects) ?? "more");
        // Whoever looked at the answer may have ended the lookup.
        if (search.isOver) return;
        if (verdict === "bad") lookup.failed(peer.id);
        else lookup.answered(peer.id, namedIn(answer!.message), this.#peers.hearing());
        if (verdict === "enough") return this.end(search, endMs, effects);
        this.#advance(search, endMs, effects);
      },
      nowMs,
      out,
    );
  }

  /** The nearest of those that answered, and of oneself unless it is a client. */
  #nearest(target: Uint8Array, found: readonly LookupPeer[]): DhtServerInfo[] {
    const { self, table } = this.#peers;
    const all = this.#rules.isClient ? [...found] : [...found, self];
    return all
      .sort((a, b) => compareXorDistance(target, a.id, b.id))
      .slice(0, table.k)
      .map(({ id, address }) => ({ id, address, rttMs: table.find(id)?.rttMs }));
  }
}

/** The servers that an answer names. */
function namedIn({ meta, nodes }: RpcMessage): readonly LookupPeer[] {
  return meta?.command === Command.NODES ? nodes : [];
}
