/** Finding values: lookups that end with the first value that proves itself, and the copy that they leave behind. */
import { concatBytes, equalBytes, own, toHex } from "../../../bytes/index.js";
import {
  encodeFindPayload,
  tryDecodeValuePayload,
  ValueKind,
  type ValuePayload,
} from "../../../codec/gen/dht/index.js";
import { Command } from "../../../codec/gen/rpc/index.js";
import type { WireErrorCode } from "../../../errors.js";
import { compareXorDistance } from "../../../kernel/index.js";
import type { Millis } from "../../../machine/index.js";
import { ownField, type RpcBody, type RpcMessage } from "../../rpc/index.js";
import type { LookupPeer } from "../lookup/lookup.js";
import { bearsOut, type ValueFacts } from "../values/facts.js";
import type { Holder } from "../values/holder.js";
import type { HeldValue } from "../values/value-index.js";
import type { DhtRules } from "./options.js";
import type { Peers } from "./peers.js";
import type { Publishing } from "./publishing.js";
import type { Search, SearchResult, Searches } from "./searches.js";
import type { DhtEffect, DhtStats, FoundValue } from "./types.js";

/** Shortest time to live of a cached copy, and by how many halvings it is shortened at most. */
const CACHE_SECONDS_MIN = 60;
const CACHE_HALVINGS_MAX = 16;

/** Most bytes of a value that comes with the answer to a lookup; longer ones are asked for where they are. */
const SHORT_BYTES = 1_024;

/** How a search for a value ended: with the value, `missing`, `unreachable`, `timeout`, `limit` or `unproven`. */
export type FoundDone = (found: FoundValue | { readonly code: WireErrorCode }, nowMs: Millis, out: DhtEffect[]) => void;

/** What happens where a value is not here. */
type Otherwise = (nowMs: Millis, out: DhtEffect[]) => void;

/** What is looked for. */
export interface FindPlan {
  readonly key: Uint8Array;
  /** SHA-256 of the value; others under the key are not wanted. */
  readonly dataSha256?: Uint8Array | undefined;
  /** Bytes of the value, where they are known beside its hash. */
  readonly sizeBytes?: number | undefined;
  /** Whether a value has to be proven by its key or by `dataSha256`. */
  readonly requireProof: boolean;
  /** Servers that have to have the same value. */
  readonly quorum: number;
  readonly deadlineMs: Millis;
  readonly done: FoundDone;
}

/** A value that a server has, and what has come of it. */
interface Fetch {
  readonly from: LookupPeer;
  readonly payload: ValuePayload;
  readonly parts: Uint8Array[];
  received: number;
}

/** A value that bears out what is said of it, and the servers that have it. */
interface Agreed {
  readonly value: Uint8Array;
  readonly payload: ValuePayload;
  servers: number;
}

/** Searches for values. */
export class Finding {
  readonly #rules: DhtRules;
  readonly #peers: Peers;
  readonly #searches: Searches;
  readonly #holder: Holder;
  readonly #publishing: Publishing;
  readonly #stats: DhtStats;

  constructor(
    rules: DhtRules,
    parts: {
      readonly peers: Peers;
      readonly searches: Searches;
      readonly holder: Holder;
      readonly publishing: Publishing;
      readonly stats: DhtStats;
    },
  ) {
    this.#rules = rules;
    this.#peers = parts.peers;
    this.#searches = parts.searches;
    this.#holder = parts.holder;
    this.#publishing = parts.publishing;
    this.#stats = parts.stats;
  }

  /** Looks for a value here, and then on the way to its key. @returns the search, to end it early */
  find(plan: FindPlan, nowMs: Millis, out: DhtEffect[]): ValueSearch {
    const search = new ValueSearch(plan, this);
    const held = this.#holder.find(plan.key, nowMs, plan.dataSha256);
    const start = (startMs: Millis, effects: DhtEffect[]): void => search.start(startMs, effects);
    // With a quorum others have to say the same.
    if (held === undefined || held.facts.isCached || plan.quorum > 1) start(nowMs, out);
    else this.#take(search, held, start, out);
    return search;
  }

  /** @internal Ends a search that found nothing elsewhere with the copy that is here, or else as `otherwise` does. */
  fallBack(search: ValueSearch, otherwise: Otherwise, nowMs: Millis, out: DhtEffect[]): void {
    const { key, dataSha256, quorum } = search.plan;
    const held = quorum > 1 ? undefined : this.#holder.find(key, nowMs, dataSha256);
    if (held === undefined) otherwise(nowMs, out);
    else this.#take(search, held, otherwise, out);
  }

  /** Ends a search with a value that is here, unless the disk has lost it. */
  #take(search: ValueSearch, held: HeldValue, otherwise: Otherwise, out: DhtEffect[]): void {
    this.#holder.read(
      held,
      0,
      held.totalBytes,
      (bytes, nowMs, effects) => {
        if (bytes === undefined) return otherwise(nowMs, effects);
        if (!bearsOut(held.key, bytes, held.facts)) {
          // A disk that gives other bytes than it was given: another server has them.
          this.#holder.drop(held, nowMs, effects);
          return otherwise(nowMs, effects);
        }
        const ageSeconds = Math.ceil((nowMs - held.publishedMs) / 1000);
        search.found(bytes, { ...held.facts, ageSeconds }, this.#peers.self, nowMs, effects);
      },
      out,
    );
  }

  /** @internal */
  begin(search: ValueSearch, nowMs: Millis, out: DhtEffect[]): Search | undefined {
    const { key, deadlineMs } = search.plan;
    return this.#searches.start(
      {
        target: key,
        kind: "value",
        body: this.#request(search.plan, search.lookupOffset),
        deadlineMs,
        answered: (message, from, endMs, effects) => search.answered(message, from, endMs, effects),
        done: (result, endMs, effects) => search.ended(result, endMs, effects),
      },
      nowMs,
      out,
    );
  }

  /** @internal Ends the lookup of a search that is over. */
  end(search: Search, nowMs: Millis, out: DhtEffect[]): void {
    this.#searches.end(search, nowMs, out);
  }

  /** @internal Asks a server for the rest of a value, from where it ends here. */
  more(search: ValueSearch, fetch: Fetch, nowMs: Millis, out: DhtEffect[]): void {
    const body = this.#request({ ...search.plan, dataSha256: fetch.payload.dataSha256 }, fetch.received);
    this.#peers.ask(
      fetch.from,
      body,
      // As many bytes as a STORE carries.
      { via: "stream", timeoutMs: this.#rules.storeTimeoutMs },
      (answer, endMs, effects) => search.continued(fetch, answer?.message, endMs, effects),
      nowMs,
      out,
    );
  }

  /** @internal The value in an answer, as far as it can be what is looked for. */
  read({ plan }: ValueSearch, { key, value, payload }: RpcMessage): ValuePayload | undefined {
    const said = tryDecodeValuePayload(payload);
    if (!said.ok || !equalBytes(key, plan.key)) return undefined;
    const { totalBytes, offset, dataSha256, ttlSeconds, ageSeconds } = said.value;
    const isWanted = plan.dataSha256 === undefined || equalBytes(dataSha256, plan.dataSha256);
    const isWithin = totalBytes <= this.#rules.valueBytesMax && offset + value.length <= totalBytes;
    return isWanted && isWithin && ageSeconds < ttlSeconds ? said.value : undefined;
  }

  /** @internal Notes a server that handed out something that is not what it said. */
  bad({ address }: LookupPeer, out: DhtEffect[]): void {
    this.#stats.refused["value"] = (this.#stats.refused["value"] ?? 0) + 1;
    out.push({ type: "emit", event: { type: "badValue", from: address } });
  }

  /** @internal Leaves a copy at the nearest server that had none, for a time that halves with each nearer one. */
  cache(
    key: Uint8Array,
    value: Uint8Array,
    facts: ValueFacts,
    at: LookupPeer,
    nearer: number,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    const left = facts.ttlSeconds - facts.ageSeconds;
    const share = Math.floor(left / 2 ** Math.min(CACHE_HALVINGS_MAX, nearer));
    const ttlSeconds = facts.ageSeconds + Math.min(left, Math.max(CACHE_SECONDS_MIN, share));
    // Whoever looked for it has it now.
    this.#publishing.send(at, key, own(value), { ...facts, isCached: true, ttlSeconds }, () => {}, nowMs, out);
  }

  #request({ key, dataSha256 }: Pick<FindPlan, "key" | "dataSha256">, offset: number): RpcBody {
    if (dataSha256 === undefined && offset === 0) return { command: Command.FIND_VALUE, key };
    const payload = encodeFindPayload({
      reserved: 0,
      hasSha256: dataSha256 !== undefined,
      offset,
      length: 0,
      dataSha256,
    });
    return { command: Command.FIND_VALUE, key, payload };
  }
}

/** One search for a value. */
export class ValueSearch {
  readonly plan: FindPlan;
  /**
   * Of which byte on the lookup asks for the value: its end where it is long. Whoever has it says so without reading
   * it, and one of them is asked for all of it: each of `alpha` servers would read 4 MiB to send the first 1,080 bytes.
   */
  readonly lookupOffset: number;
  readonly #finding: Finding;
  #search: Search | undefined;
  #isOver = false;
  /** The value that is being fetched, and those that other servers offer meanwhile. */
  #fetch: Fetch | undefined;
  readonly #offers: Fetch[] = [];
  /** Values that have proven to be what is said of them, by hash, and who has them. */
  readonly #agreed = new Map<string, Agreed>();
  /** Servers that have answered without a value. */
  readonly #without: LookupPeer[] = [];
  /** How the lookup ended. */
  #ended: SearchResult | undefined;

  constructor(plan: FindPlan, finding: Finding) {
    this.plan = plan;
    const { dataSha256, sizeBytes = 0, quorum } = plan;
    // Of several servers each has to show that it has the value.
    const isAtEnd = dataSha256 !== undefined && quorum === 1 && sizeBytes > SHORT_BYTES;
    this.lookupOffset = isAtEnd ? sizeBytes : 0;
    this.#finding = finding;
  }

  /** @internal */
  start(nowMs: Millis, out: DhtEffect[]): void {
    if (this.#isOver) return;
    this.#search = this.#finding.begin(this, nowMs, out);
    if (this.#search === undefined) this.#end({ code: "limit" }, nowMs, out);
  }

  /** Gives the search up: `done` is not called any more. */
  abandon(nowMs: Millis, out: DhtEffect[]): void {
    this.#isOver = true;
    if (this.#search !== undefined) this.#finding.end(this.#search, nowMs, out);
  }

  /** @internal Looks at an answer on the way. */
  answered(message: RpcMessage, from: LookupPeer, nowMs: Millis, out: DhtEffect[]): "more" | "bad" | "enough" {
    if (message.meta?.command !== Command.VALUE) {
      this.#without.push(from);
      return "more";
    }
    const payload = this.#finding.read(this, message);
    const { lookupOffset } = this;
    if (payload?.offset !== lookupOffset) {
      this.#finding.bad(from, out);
      return "bad";
    }
    if (lookupOffset > 0 && payload.totalBytes !== lookupOffset) {
      this.#without.push(from);
      return "more";
    }
    const { publisher, dataSha256, chunk } = payload;
    const agreed = this.#agreed.get(toHex(dataSha256));
    if (agreed !== undefined) {
      if (!agreesWith(agreed, message.value)) return "bad";
      agreed.servers++;
      return this.#conclude(agreed, from, nowMs, out) ? "enough" : "more";
    }
    const copy: ValuePayload = {
      ...payload,
      publisher: own(publisher),
      dataSha256: own(dataSha256),
      chunk: chunk && { ...chunk, parent: own(chunk.parent) },
    };
    const parts = lookupOffset > 0 ? [] : [ownField(message, message.value)];
    const fetch: Fetch = { from, payload: copy, parts, received: message.value.length };
    if (this.#fetch !== undefined) this.#offers.push(fetch);
    else if (this.#take(fetch, nowMs, out)) return "enough";
    return this.#isOver ? "enough" : "more";
  }

  /** @internal More of a value has come, or nothing. */
  continued(fetch: Fetch, message: RpcMessage | undefined, nowMs: Millis, out: DhtEffect[]): void {
    if (this.#isOver || this.#fetch !== fetch) return;
    const payload = message?.meta?.command === Command.VALUE ? this.#finding.read(this, message) : undefined;
    const isNext =
      payload?.offset === fetch.received &&
      payload.totalBytes === fetch.payload.totalBytes &&
      message!.value.length > 0 &&
      equalBytes(payload.dataSha256, fetch.payload.dataSha256);
    if (isNext) {
      fetch.parts.push(ownField(message!, message!.value));
      fetch.received += message!.value.length;
      if (this.#take(fetch, nowMs, out)) return;
    } else if (!this.#next(nowMs, out)) this.#endIfNothingIsLeft(nowMs, out);
  }

  /** @internal The lookup is over. */
  ended(result: SearchResult, nowMs: Millis, out: DhtEffect[]): void {
    this.#ended = result;
    this.#endIfNothingIsLeft(nowMs, out);
  }

  /** @internal The value is here. */
  found(value: Uint8Array, facts: ValueFacts, from: LookupPeer, nowMs: Millis, out: DhtEffect[]): void {
    const isProven = facts.valueKind === ValueKind.content || this.plan.dataSha256 !== undefined;
    if (!isProven && this.plan.requireProof) return this.#end({ code: "unproven" }, nowMs, out);
    this.#end({ value, facts, from: { id: from.id, address: from.address }, isProven }, nowMs, out);
  }

  /** Goes on with a fetch. @returns true if that ended the search */
  #take(fetch: Fetch, nowMs: Millis, out: DhtEffect[]): boolean {
    this.#fetch = fetch;
    const { payload, received, parts, from } = fetch;
    if (received < payload.totalBytes) {
      this.#finding.more(this, fetch, nowMs, out);
      return false;
    }
    const value = parts.length === 1 ? parts[0]! : concatBytes(...parts);
    if (!bearsOut(this.plan.key, value, payload)) {
      this.#finding.bad(from, out);
      if (!this.#next(nowMs, out)) this.#endIfNothingIsLeft(nowMs, out);
      return this.#isOver;
    }
    const agreed: Agreed = { value, payload, servers: 1 };
    this.#agreed.set(toHex(payload.dataSha256), agreed);
    if (this.#conclude(agreed, from, nowMs, out)) return true;
    if (!this.#next(nowMs, out)) this.#endIfNothingIsLeft(nowMs, out);
    return this.#isOver;
  }

  /** Ends the search with a value that enough servers have, and leaves a copy of it. @returns false for too few */
  #conclude({ value, payload, servers }: Agreed, from: LookupPeer, nowMs: Millis, out: DhtEffect[]): boolean {
    const { key, quorum } = this.plan;
    if (servers < quorum) return false;
    const [nearest] = this.#without.toSorted((a, b) => compareXorDistance(key, a.id, b.id));
    const nearer = nearest === undefined ? 0 : this.#search!.lookup.nearerThan(nearest.id);
    this.found(value, payload, from, nowMs, out);
    if (nearest !== undefined) this.#finding.cache(key, value, payload, nearest, nearer, nowMs, out);
    return true;
  }

  /** Takes the next offer up. @returns false if there is none */
  #next(nowMs: Millis, out: DhtEffect[]): boolean {
    this.#fetch = undefined;
    for (let offer = this.#offers.shift(); offer !== undefined; offer = this.#offers.shift()) {
      const agreed = this.#agreed.get(toHex(offer.payload.dataSha256));
      if (agreed === undefined) {
        this.#take(offer, nowMs, out);
        return true;
      }
      // It came while the same value was fetched from another server.
      if (!agreesWith(agreed, offer.parts[0]!)) this.#finding.bad(offer.from, out);
      else {
        agreed.servers++;
        if (this.#conclude(agreed, offer.from, nowMs, out)) return true;
      }
    }
    return false;
  }

  #endIfNothingIsLeft(nowMs: Millis, out: DhtEffect[]): void {
    if (this.#isOver || this.#ended === undefined || this.#fetch !== undefined) return;
    const { failure, isAnswered } = this.#ended;
    if (failure === "timeout") return this.#end({ code: failure }, nowMs, out);
    // It is there, and too few have it.
    if (this.#agreed.size > 0) return this.#end({ code: "unproven" }, nowMs, out);
    // Where nobody has answered, nobody has said that it is not there.
    const code = isAnswered ? "missing" : "unreachable";
    this.#finding.fallBack(this, (endMs, effects) => this.#end({ code }, endMs, effects), nowMs, out);
  }

  #end(found: FoundValue | { readonly code: WireErrorCode }, nowMs: Millis, out: DhtEffect[]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#search !== undefined) this.#finding.end(this.#search, nowMs, out);
    this.plan.done(found, nowMs, out);
  }
}

/** Whether a value begins with these bytes; the hash of the rest is the same. */
function agreesWith({ value }: Agreed, bytes: Uint8Array): boolean {
  return equalBytes(bytes, value.subarray(0, bytes.length));
}
