/** Publishing values: to the servers nearest to their keys, now and again. */
import { encodeStorePayload, type StorePayload } from "../../../codec/gen/dht/index.js";
import { AnswerCode, Command, tryDecodeAnswerStatus } from "../../../codec/gen/rpc/index.js";
import { equalBytes } from "../../../bytes/index.js";
import type { WireErrorCode } from "../../../errors.js";
import { compareXorDistance } from "../../../kernel/index.js";
import { DeadlineHeap, TokenBucket, type Env, type Millis } from "../../../machine/index.js";
import type { RpcMessage, RpcVia } from "../../rpc/index.js";
import type { LookupPeer } from "../lookup/lookup.js";
import type { ValueFacts } from "../values/facts.js";
import type { Holder } from "../values/holder.js";
import type { HeldValue } from "../values/value-index.js";
import { unit } from "./jitter.js";
import type { DhtRules } from "./options.js";
import type { Peers } from "./peers.js";
import type { Search, SearchResult, Searches } from "./searches.js";
import type { DhtEffect } from "./types.js";

/** How the copy of a value at one server ended; undefined without an answer. */
export type SentDone = (code: AnswerCode | undefined, nowMs: Millis, out: DhtEffect[]) => void;

/** How the copies of a value at several servers ended. */
interface Sent {
  readonly servers: readonly LookupPeer[];
  readonly refused: number;
  /** Of these, servers that did not answer. */
  readonly silent: number;
}

/** How a publication ended. */
export interface Published extends Sent {
  /** Why its lookup has found nobody, or not all. */
  readonly failure: SearchResult["failure"];
  /** Why nothing was done. */
  readonly code?: WireErrorCode;
}

/** Attempts to send the parts of a value from where a server says that they have to go on. */
const RESUMES_MAX = 3;
/** By how much the time between replications varies, so that the holders of a value take turns. */
const REPLICATE_JITTER = 0.1;
/** Values that wait to be handed over to newcomers; others come with their next hour. */
const HAND_OVERS_MAX = 1_024;
/** Values that are published again at a time. */
const AT_ONCE = 4;

/** Stores values at other servers. */
export class Publishing {
  readonly #rules: DhtRules;
  readonly #peers: Peers;
  readonly #searches: Searches;
  readonly #holder: Holder;
  readonly #env: Env;
  /** When each value is stored again, by its publisher or by a holder. */
  readonly #due = new DeadlineHeap<HeldValue>();
  readonly #budget: TokenBucket;
  /** Values that newcomers near to their keys have to get, and the newcomers. */
  readonly #handOvers: { readonly value: HeldValue; readonly to: LookupPeer }[] = [];
  #active = 0;
  #notBeforeMs: Millis = -Infinity;

  constructor(rules: DhtRules, peers: Peers, searches: Searches, holder: Holder, env: Env) {
    this.#rules = rules;
    this.#peers = peers;
    this.#searches = searches;
    this.#holder = holder;
    this.#env = env;
    this.#budget = new TokenBucket(rules.republishPerSecond);
  }

  get nextMs(): Millis {
    const dueMs = this.#handOvers.length > 0 ? -Infinity : this.#due.nextMs;
    return this.#active >= AT_ONCE ? Infinity : Math.max(dueMs, this.#notBeforeMs);
  }

  /** Plans when a held value is stored again. Cached copies are not. */
  plan(value: HeldValue, nowMs: Millis): void {
    if (value.facts.isCached) return;
    const { republishMs, replicateMs } = this.#rules;
    const afterMs = value.isOwn ? republishMs : replicateMs * (1 + REPLICATE_JITTER * unit(this.#env));
    this.#due.set(value, nowMs + afterMs);
  }

  /** Forgets a value that is not held any more. */
  forget(value: HeldValue): void {
    this.#due.delete(value);
  }

  /**
   * Hands over to a new contact the values of keys to which it is among the nearest. The nearest of the other holders
   * does it alone: all of them know the newcomer soon.
   */
  met(newcomer: LookupPeer): void {
    const { table } = this.#peers;
    for (const value of this.#holder.values()) {
      const { key, facts } = value;
      if (facts.isCached || this.#handOvers.length >= HAND_OVERS_MAX) continue;
      const nearest = table.closest(key);
      const rival = nearest.find(({ id }) => !equalBytes(id, newcomer.id));
      const isNearest = rival === undefined || compareXorDistance(key, table.id, rival.id) < 0;
      if (isNearest && nearest.some(({ id }) => equalBytes(id, newcomer.id))) {
        this.#handOvers.push({ value, to: newcomer });
      }
    }
  }

  /** Hands values over, and stores those again whose time has come, as many as the budget allows. */
  wake(nowMs: Millis, out: DhtEffect[]): void {
    while (this.#active < AT_ONCE && (this.#handOvers.length > 0 || this.#due.nextMs <= nowMs)) {
      if (!this.#budget.take(nowMs)) {
        this.#notBeforeMs = nowMs + 1000 / this.#rules.republishPerSecond;
        return;
      }
      const handOver = this.#handOvers.shift();
      if (handOver !== undefined) this.#handOver(handOver.value, handOver.to, nowMs, out);
      else this.#again(this.#due.popDue(nowMs)!, nowMs, out);
    }
  }

  #handOver(value: HeldValue, to: LookupPeer, nowMs: Millis, out: DhtEffect[]): void {
    if (!this.#holder.holds(value) || value.expiresMs <= nowMs) return;
    this.#active++;
    this.#holder.read(
      value,
      0,
      value.totalBytes,
      (bytes, endMs, effects) => {
        const ended = (): void => void this.#active--;
        if (bytes === undefined) return ended();
        const ageSeconds = Math.ceil((endMs - value.publishedMs) / 1000);
        this.send(to, value.key, bytes, { ...value.facts, ageSeconds }, ended, endMs, effects);
      },
      out,
    );
  }

  #again(value: HeldValue, nowMs: Millis, out: DhtEffect[]): void {
    if (value.expiresMs <= nowMs && !value.isOwn) return;
    // Who got it within the hour from another holder leaves this hour's turn to that one.
    const isFresh = !value.isOwn && nowMs - value.storedMs < this.#rules.replicateMs * (1 - REPLICATE_JITTER);
    if (isFresh || (!value.isOwn && !this.#peers.isAmongNearest(value.key))) return this.plan(value, nowMs);
    this.#active++;
    this.#holder.read(
      value,
      0,
      value.totalBytes,
      (bytes, endMs, effects) => {
        if (bytes === undefined) {
          this.#active--;
          // A disk that fails once may have it the next time.
          if (this.#holder.holds(value)) this.plan(value, endMs);
          return;
        }
        const { facts, key, isOwn, publishedMs } = value;
        // The publisher makes it young again; a holder says its age, rounded up.
        const ageSeconds = isOwn ? 0 : Math.ceil((endMs - publishedMs) / 1000);
        const done = (_: Published, lateMs: Millis): void => {
          this.#active--;
          this.plan(value, lateMs);
        };
        if (isOwn) {
          this.#holder.put(key, bytes, { ...facts, ageSeconds }, { isOwn: true }, () => {}, endMs, effects);
        }
        this.publish(key, bytes, { ...facts, ageSeconds }, Infinity, done, endMs, effects);
      },
      out,
    );
  }

  /**
   * Stores a value at the servers nearest to its key, without oneself. Its age is counted on while that takes.
   * @param value which nobody changes any more
   * @returns the lookup, to end it early; undefined, after `done`, where too many are under way
   */
  publish(
    key: Uint8Array,
    value: Uint8Array,
    facts: ValueFacts,
    deadlineMs: Millis,
    done: (published: Published, nowMs: Millis, out: DhtEffect[]) => void,
    nowMs: Millis,
    out: DhtEffect[],
  ): Search | undefined {
    const search = this.#searches.start(
      {
        target: key,
        kind: "store",
        deadlineMs,
        done: ({ servers, failure }, endMs, effects) => {
          const others = servers.filter(({ id }) => !equalBytes(id, this.#peers.table.id));
          const aged = { ...facts, ageSeconds: facts.ageSeconds + Math.ceil((endMs - nowMs) / 1000) };
          const ended = (sent: Sent, lateMs: Millis, more: DhtEffect[]): void =>
            done({ ...sent, failure }, lateMs, more);
          this.#sendAll(others, key, value, aged, ended, endMs, effects);
        },
      },
      nowMs,
      out,
    );
    if (search === undefined)
      done({ servers: [], refused: 0, silent: 0, failure: undefined, code: "limit" }, nowMs, out);
    return search;
  }

  #sendAll(
    servers: readonly LookupPeer[],
    key: Uint8Array,
    value: Uint8Array,
    facts: ValueFacts,
    done: (sent: Sent, nowMs: Millis, out: DhtEffect[]) => void,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    const stored: LookupPeer[] = [];
    let silent = 0;
    let left = servers.length;
    const ended = (endMs: Millis, effects: DhtEffect[]): void =>
      done({ servers: stored, refused: servers.length - stored.length, silent }, endMs, effects);
    if (left === 0) return ended(nowMs, out);
    for (const server of servers) {
      const sent: SentDone = (code, endMs, effects) => {
        if (code === AnswerCode.done || code === AnswerCode.already)
          stored.push({ id: server.id, address: server.address });
        if (code === undefined) silent++;
        if (--left === 0) ended(endMs, effects);
      };
      this.send(server, key, value, facts, sent, nowMs, out);
    }
  }

  /** Stores a value, which nobody changes any more, at one server, in parts where one message does not take it. */
  send(
    server: LookupPeer,
    key: Uint8Array,
    value: Uint8Array,
    facts: ValueFacts,
    done: SentDone,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    const about: Omit<StorePayload, "isPart" | "isFinal" | "part"> = { reserved: 0, ...facts };
    if (value.length <= this.#rules.partBytes) {
      const payload = encodeStorePayload({ ...about, isPart: false, isFinal: true, part: undefined });
      const body = { key, value, payload };
      const ended = (message: RpcMessage | undefined, endMs: Millis, effects: DhtEffect[]): void =>
        done(codeOf(message), endMs, effects);
      return this.#ask(server, body, this.#rules.isClient ? "stream" : undefined, ended, nowMs, out);
    }
    let resumes = 0;
    const sendFrom = (offset: number, sentMs: Millis, effects: DhtEffect[]): void => {
      const end = Math.min(value.length, offset + this.#rules.partBytes);
      const part = { totalBytes: value.length, offset };
      const payload = encodeStorePayload({ ...about, isPart: true, isFinal: end === value.length, part });
      const body = { key, value: value.subarray(offset, end), payload };
      this.#ask(
        server,
        body,
        "stream",
        (message, endMs, more) => {
          const code = codeOf(message);
          const nextOffset = message === undefined ? 0 : nextOffsetOf(message);
          if (code !== AnswerCode.done) return done(code, endMs, more);
          if (nextOffset === end) return end === value.length ? done(code, endMs, more) : sendFrom(end, endMs, more);
          // A server that has lost what it had says where to go on.
          if (nextOffset < value.length && ++resumes <= RESUMES_MAX) return sendFrom(nextOffset, endMs, more);
          done(undefined, endMs, more);
        },
        sentMs,
        effects,
      );
    };
    sendFrom(0, nowMs, out);
  }

  #ask(
    server: LookupPeer,
    body: { readonly key: Uint8Array; readonly value: Uint8Array; readonly payload: Uint8Array },
    via: RpcVia | undefined,
    done: (message: RpcMessage | undefined, nowMs: Millis, out: DhtEffect[]) => void,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    const timeoutMs = this.#rules.storeTimeoutMs;
    this.#peers.ask(
      server,
      { command: Command.STORE, isGiven: true, ...body },
      { timeoutMs, ...(via !== undefined && { via }) },
      (answer, endMs, effects) => done(answer?.message, endMs, effects),
      nowMs,
      out,
    );
  }
}

/** The code of an answer to a STORE: an ACK without a payload says that it is stored. */
function codeOf(message: RpcMessage | undefined): AnswerCode | undefined {
  if (message?.meta?.command !== Command.ACK) return undefined;
  if (message.payload.length === 0) return AnswerCode.done;
  const status = tryDecodeAnswerStatus(message.payload);
  return status.ok ? (status.value.code as AnswerCode) : undefined;
}

function nextOffsetOf({ payload }: RpcMessage): number {
  const status = tryDecodeAnswerStatus(payload);
  return status.ok ? status.value.nextOffset : 0;
}
