/** Counting the holders of a value: each is asked for a few bytes of it, at a place that it cannot know before. */
import { encodeFindPayload, tryDecodeValuePayload } from "../../../codec/gen/dht/index.js";
import { Command } from "../../../codec/gen/rpc/index.js";
import { equalBytes, own } from "../../../bytes/index.js";
import { fraction, type Env, type Millis } from "../../../machine/index.js";
import type { RpcMessage } from "../../rpc/index.js";
import type { LookupPeer } from "../lookup/lookup.js";
import { bearsOut } from "../values/facts.js";
import type { Holder } from "../values/holder.js";
import type { HeldValue } from "../values/value-index.js";
import type { Peers } from "./peers.js";
import type { Search, SearchResult, Searches } from "./searches.js";
import type { Counted, DhtEffect } from "./types.js";

/** A value whose holders are counted. */
export interface CountPlan {
  readonly key: Uint8Array;
  readonly dataSha256: Uint8Array;
  readonly sizeBytes: number;
  /** The value, where whoever counts has it: what holders send is compared with it. */
  readonly value?: Uint8Array | undefined;
  readonly deadlineMs: Millis;
  /** @param failure why the lookup has found nobody, or not all */
  readonly done: (counted: Counted, failure: SearchResult["failure"], out: DhtEffect[]) => void;
}

/** Bytes that a holder is asked for: nobody guesses them, and they fit into any datagram. */
const SAMPLE_BYTES = 32;

/** What a server says: the bytes at the place that it was asked for, and how long it keeps the value. */
interface Claim {
  readonly server: LookupPeer;
  readonly sample: Uint8Array;
  readonly leftMs: Millis;
}

/** What a count needs of a server. */
export interface CountingParts {
  readonly peers: Peers;
  readonly searches: Searches;
  readonly holder: Holder;
  readonly env: Env;
  /** Is told of each server whose bytes are not those of the value. */
  bad(server: LookupPeer, out: DhtEffect[]): void;
}

/**
 * Counts holders.
 * @returns the lookup, to end it early; undefined, without calling `done`, where too many are under way
 */
export function countHolders(
  plan: CountPlan,
  parts: CountingParts,
  nowMs: Millis,
  out: DhtEffect[],
): Search | undefined {
  return parts.searches.start(
    {
      target: plan.key,
      kind: "node",
      deadlineMs: plan.deadlineMs,
      done: (found, endMs, effects) => new Count(plan, found, parts).ask(endMs, effects),
    },
    nowMs,
    out,
  );
}

/** One count, from the servers that a lookup has found. */
class Count {
  readonly #plan: CountPlan;
  readonly #servers: readonly LookupPeer[];
  readonly #failure: SearchResult["failure"];
  readonly #parts: CountingParts;
  readonly #place: { readonly at: number; readonly length: number };
  readonly #claims: Claim[] = [];
  /** What is held here. */
  #held: HeldValue | undefined;
  #ownSample: Uint8Array | undefined;
  #left = 0;

  constructor(plan: CountPlan, { servers, failure }: SearchResult, parts: CountingParts) {
    this.#plan = plan;
    this.#servers = servers;
    this.#failure = failure;
    this.#parts = parts;
    const length = Math.min(SAMPLE_BYTES, plan.sizeBytes);
    this.#place = { at: Math.floor(fraction(parts.env.random(4)) * (plan.sizeBytes - length + 1)), length };
  }

  ask(nowMs: Millis, out: DhtEffect[]): void {
    const { key, dataSha256 } = this.#plan;
    const { peers, holder } = this.#parts;
    const { at: offset, length } = this.#place;
    const others = this.#servers.filter(({ id }) => !equalBytes(id, peers.table.id));
    const held = holder.find(key, nowMs, dataSha256);
    this.#left = others.length + 1;
    if (held === undefined || held.facts.isCached) this.#ended(nowMs, out);
    else {
      holder.read(
        held,
        offset,
        length,
        (bytes, endMs, effects) => {
          if (bytes !== undefined) {
            this.#held = held;
            this.#ownSample = own(bytes);
          }
          this.#ended(endMs, effects);
        },
        out,
      );
    }
    const payload = encodeFindPayload({ reserved: 0, hasSha256: true, offset, length, dataSha256 });
    for (const server of others) {
      peers.ask(
        server,
        { command: Command.GET, key, payload },
        {},
        (answer, endMs, effects) => {
          const claim = answer && this.#claimOf(server, answer.message);
          if (claim !== undefined) this.#claims.push(claim);
          this.#ended(endMs, effects);
        },
        nowMs,
        out,
      );
    }
  }

  #ended(nowMs: Millis, out: DhtEffect[]): void {
    if (--this.#left === 0) this.#judge(nowMs, out);
  }

  /** Compares what servers have sent with what is known of the value. */
  #judge(nowMs: Millis, out: DhtEffect[]): void {
    const { value } = this.#plan;
    const { at, length } = this.#place;
    if (value !== undefined) return this.#settle(value.subarray(at, at + length), nowMs, out);
    const [first] = this.#claims;
    const sample = this.#ownSample ?? first?.sample;
    if (sample === undefined || this.#claims.every((claim) => equalBytes(claim.sample, sample))) {
      return this.#settle(sample, nowMs, out);
    }
    if (this.#held === undefined) return this.#settleUnproven(out);
    // Others say otherwise: a disk may give other bytes than it was given.
    const held = this.#held;
    const { holder } = this.#parts;
    holder.read(
      held,
      0,
      held.totalBytes,
      (bytes, endMs, effects) => {
        if (bytes !== undefined && bearsOut(held.key, bytes, held.facts)) return this.#settle(sample, endMs, effects);
        if (bytes !== undefined) holder.drop(held, endMs, effects);
        this.#settleUnproven(effects);
      },
      out,
    );
  }

  /** Ends with those whose sample is right; a server that is shown to have said something else counts for nothing. */
  #settle(sample: Uint8Array | undefined, nowMs: Millis, out: DhtEffect[]): void {
    const { peers } = this.#parts;
    const proven = this.#claims.filter((claim) => equalBytes(claim.sample, sample!));
    const liars = this.#claims.filter((claim) => !proven.includes(claim));
    for (const { server } of liars) this.#parts.bad(server, out);
    const holders = proven.map(({ server }) => ({ id: server.id, address: server.address }));
    let leftMs = Math.min(...proven.map((claim) => claim.leftMs));
    if (this.#held !== undefined && equalBytes(this.#ownSample!, sample!)) {
      holders.unshift(peers.self);
      leftMs = Math.min(leftMs, this.#held.expiresMs - nowMs);
    }
    this.#plan.done({ holders, servers: this.#servers.length - liars.length, leftMs }, this.#failure, out);
  }

  /** Ends without knowing who is right: whoever needs copies stores them again. */
  #settleUnproven(out: DhtEffect[]): void {
    this.#plan.done({ holders: [], servers: this.#servers.length, leftMs: 0 }, this.#failure, out);
  }

  /** What the sender of an answer claims; undefined if it does not have the value, or a cached copy alone. */
  #claimOf(server: LookupPeer, { meta, payload, value }: RpcMessage): Claim | undefined {
    const said = meta?.command === Command.VALUE ? tryDecodeValuePayload(payload) : undefined;
    if (said?.ok !== true) return undefined;
    const { dataSha256, sizeBytes } = this.#plan;
    const { isCached, totalBytes, ttlSeconds, ageSeconds, offset } = said.value;
    const isIt = totalBytes === sizeBytes && equalBytes(said.value.dataSha256, dataSha256) && !isCached;
    if (!isIt || offset !== this.#place.at) return undefined;
    return { server, sample: own(value), leftMs: 1000 * Math.max(0, ttlSeconds - ageSeconds) };
  }
}
