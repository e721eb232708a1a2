/** Counting the holders of a value, without its bytes: whoever has it is asked for those behind its end. */
import { encodeFindPayload, tryDecodeValuePayload } from "../../../codec/gen/dht/index.js";
import { Command } from "../../../codec/gen/rpc/index.js";
import { equalBytes } from "../../../bytes/index.js";
import type { Millis } from "../../../machine/index.js";
import type { RpcMessage } from "../../rpc/index.js";
import type { LookupPeer } from "../lookup/lookup.js";
import type { Holder } from "../values/holder.js";
import type { Peers } from "./peers.js";
import type { Search, Searches } from "./searches.js";
import type { Counted, DhtEffect } from "./types.js";

/** A value whose holders are counted. */
export interface CountPlan {
  readonly key: Uint8Array;
  readonly dataSha256: Uint8Array;
  readonly sizeBytes: number;
  readonly deadlineMs: Millis;
  readonly done: (counted: Counted, nowMs: Millis, out: DhtEffect[]) => void;
}

/** Counts holders. */
export class Counting {
  readonly #peers: Peers;
  readonly #searches: Searches;
  readonly #holder: Holder;

  constructor(peers: Peers, searches: Searches, holder: Holder) {
    this.#peers = peers;
    this.#searches = searches;
    this.#holder = holder;
  }

  /** @returns the lookup, to end it early; undefined, without calling `done`, where too many are under way */
  count(plan: CountPlan, nowMs: Millis, out: DhtEffect[]): Search | undefined {
    const { key, deadlineMs } = plan;
    return this.#searches.start(
      {
        target: key,
        kind: "node",
        deadlineMs,
        done: ({ servers }, endMs, effects) => this.#ask(plan, servers, endMs, effects),
      },
      nowMs,
      out,
    );
  }

  #ask(plan: CountPlan, servers: readonly LookupPeer[], nowMs: Millis, out: DhtEffect[]): void {
    const { key, dataSha256, sizeBytes } = plan;
    const holders: LookupPeer[] = [];
    let leftMs: Millis = Infinity;
    const held = this.#holder.find(key, nowMs, dataSha256);
    if (held !== undefined && !held.facts.isCached) {
      holders.push(this.#peers.self);
      leftMs = held.expiresMs - nowMs;
    }
    const others = servers.filter(({ id }) => !equalBytes(id, this.#peers.table.id));
    let left = others.length;
    const ended = (endMs: Millis, effects: DhtEffect[]): void =>
      plan.done({ holders, servers: servers.length, leftMs }, endMs, effects);
    if (left === 0) return ended(nowMs, out);
    const payload = encodeFindPayload({ reserved: 0, hasSha256: true, offset: sizeBytes, length: 0, dataSha256 });
    for (const server of others) {
      this.#peers.ask(
        server,
        { command: Command.GET, key, payload },
        {},
        (answer, endMs, effects) => {
          const seconds = answer && secondsLeft(answer.message, plan);
          if (seconds !== undefined) {
            holders.push({ id: server.id, address: server.address });
            leftMs = Math.min(leftMs, 1000 * seconds);
          }
          if (--left === 0) ended(endMs, effects);
        },
        nowMs,
        out,
      );
    }
  }
}

/** How long the sender of an answer keeps the value; undefined if it does not have it, or a cached copy alone. */
function secondsLeft({ meta, payload }: RpcMessage, { dataSha256, sizeBytes }: CountPlan): number | undefined {
  const said = meta?.command === Command.VALUE ? tryDecodeValuePayload(payload) : undefined;
  if (said?.ok !== true) return undefined;
  const { isCached, totalBytes, ttlSeconds, ageSeconds } = said.value;
  const isIt = totalBytes === sizeBytes && equalBytes(said.value.dataSha256, dataSha256);
  return isIt && !isCached ? Math.max(0, ttlSeconds - ageSeconds) : undefined;
}
