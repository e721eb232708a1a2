/** A DHT server without links: decoded messages in and out. */
import { parseAddress } from "../../../address.js";
import { equalBytes, isBytes, own } from "../../../bytes/index.js";
import { ValueKind } from "../../../codec/gen/dht/index.js";
import { AnswerCode, Command } from "../../../codec/gen/rpc/index.js";
import { argumentError, isWireError, type WireErrorCode, type WireIssue } from "../../../errors.js";
import { ID_BYTES, sha1, sha256 } from "../../../kernel/index.js";
import { DeadlineHeap, type CallId, type Env, type Event, type Millis } from "../../../machine/index.js";
import { statusBody, type RpcBody } from "../../rpc/index.js";
import { chunkKey } from "../../store/index.js";
import { BUCKETS, type RoutingTable } from "../routing/routing-table.js";
import { DiskOperations } from "../values/disk-operations.js";
import type { ValueFacts } from "../values/facts.js";
import { Holder, type PutDone } from "../values/holder.js";
import { PartBuffers } from "../values/parts.js";
import type { HeldValue } from "../values/value-index.js";
import { countHolders, type CountingParts, type CountPlan } from "./counting.js";
import { Finding, type FoundDone } from "./finding.js";
import { rulesOf, type DhtOptions, type DhtRules } from "./options.js";
import { Peers } from "./peers.js";
import { Publishing, type Published } from "./publishing.js";
import { Searches } from "./searches.js";
import { Serving } from "./serving.js";
import type { DhtCall, DhtEffect, DhtOutcome, DhtPort, DhtRequest, DhtStats } from "./types.js";
import { Upkeep } from "./upkeep.js";

/** Gives a call up. */
type GiveUp = (nowMs: Millis, out: DhtEffect[]) => void;

/** Length of a SHA-256. */
const HASH_BYTES = 32;

/**
 * One server of the DHT. Its owner hands it calls, `cancel` and `wake` by {@link step}, requests of other servers by
 * {@link asked}, and carries its requests as a {@link DhtPort}.
 */
export class DhtCore {
  readonly stats: DhtStats = newStats();
  readonly #rules: DhtRules;
  readonly #port: DhtPort;
  readonly #peers: Peers;
  readonly #searches: Searches;
  readonly #upkeep: Upkeep;
  readonly #disk = new DiskOperations();
  readonly #holder: Holder;
  readonly #parts: PartBuffers;
  readonly #serving: Serving;
  readonly #publishing: Publishing;
  readonly #finding: Finding;
  readonly #counting: CountingParts;
  #isStarted = false;
  /** Calls in progress, with what gives each up. */
  readonly #calls = new Map<CallId, GiveUp | undefined>();
  /** Deadlines of these: a disk or a server may be silent for longer. */
  readonly #deadlines = new DeadlineHeap<CallId>();
  /** Deadlines of calls that wait until the server has joined. */
  readonly #joining = new DeadlineHeap<CallId>();

  /** @throws WireError `argument` for an invalid option */
  constructor(options: DhtOptions, port: DhtPort, env: Env) {
    const rules = rulesOf(options);
    this.#rules = rules;
    this.#port = port;
    this.#peers = new Peers(rules, port, this.stats, (contact) => this.#publishing.met(contact));
    this.#searches = new Searches(rules, this.#peers, this.stats);
    this.#holder = new Holder(rules, this.#disk, env, (value, nowMs) => this.#publishing.plan(value, nowMs));
    this.#parts = new PartBuffers(rules.valueBytesMax);
    this.#serving = new Serving(rules, port, this.#peers, this.#holder, this.#parts);
    this.#publishing = new Publishing(rules, this.#peers, this.#searches, this.#holder, env);
    this.#finding = new Finding(rules, {
      peers: this.#peers,
      searches: this.#searches,
      holder: this.#holder,
      publishing: this.#publishing,
      stats: this.stats,
    });
    this.#counting = {
      peers: this.#peers,
      searches: this.#searches,
      holder: this.#holder,
      env,
      bad: (server, out) => this.#finding.bad(server, out),
    };
    this.#upkeep = new Upkeep(rules, this.#peers, this.#searches, env, (nowMs, out) => this.#joined(nowMs, out));
  }

  /** Who is known. */
  get table(): RoutingTable {
    return this.#peers.table;
  }

  /** Lookups under way. */
  get searchCount(): number {
    return this.#searches.size;
  }

  /** What is stored here for others, and published here. */
  get holder(): Holder {
    return this.#holder;
  }

  /** When {@link step} needs its next `wake`; at first at once, to read the disk. */
  get nextMs(): Millis {
    if (!this.#isStarted) return -Infinity;
    return Math.min(
      this.#searches.nextMs,
      this.#upkeep.nextMs,
      this.#joining.nextMs,
      this.#deadlines.nextMs,
      this.#holder.nextMs,
      this.#parts.nextMs,
      this.#publishing.nextMs,
    );
  }

  /** Takes calls, `cancel`, `wake` and the events of the disk; ignores all others. */
  step(event: Event<DhtCall>, nowMs: Millis, out: DhtEffect[]): void {
    if (!this.#isStarted) this.#start(nowMs, out);
    if (this.#disk.step(event, nowMs, out)) return;
    if (event.type === "wake") {
      this.#parts.wake(nowMs);
      this.#holder.wake(nowMs, out, (value) => this.#expired(value, out));
      this.#publishing.wake(nowMs, out);
      this.#searches.wake(nowMs, out);
      this.#upkeep.wake(nowMs, out);
      for (let due = this.#joining.popDue(nowMs); due !== undefined; due = this.#joining.popDue(nowMs)) {
        this.#fail(due, "timeout", out);
      }
      for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
        this.#giveUp(due, "timeout", nowMs, out);
      }
    } else if (event.type === "call") this.#call(event, nowMs, out);
    else if (event.type === "cancel") this.#cancel(event.id, nowMs, out);
  }

  /** Takes a request of another server, whose bytes are borrowed. */
  asked(request: DhtRequest, nowMs: Millis, out: DhtEffect[]): void {
    this.stats.requests++;
    const { sender } = request.message;
    const isOwnId = sender !== undefined && equalBytes(sender.id, this.table.id);
    if (isOwnId) return void this.#port.reply(request, statusBody(AnswerCode.refused), nowMs, out);
    this.#answer(request, nowMs, out);
    this.#peers.heardFrom(request, nowMs, out);
  }

  #answer(request: DhtRequest, nowMs: Millis, out: DhtEffect[]): void {
    const { command, message } = request;
    const reply = (body: RpcBody): void => void this.#port.reply(request, body, nowMs, out);
    switch (command) {
      case Command.PING:
        return reply({ command: Command.ACK, key: this.table.id });
      case Command.FIND_NODE:
        return reply(
          message.key.length === ID_BYTES ? this.#nearestTo(message.key, message) : statusBody(AnswerCode.refused),
        );
      case Command.STORE:
        return this.#serving.store(request, nowMs, out);
      case Command.FIND_VALUE:
      case Command.GET: {
        if (message.key.length !== ID_BYTES) return reply(statusBody(AnswerCode.refused));
        // The message may be overwritten while the disk is read.
        const nearest =
          command === Command.GET ? statusBody(AnswerCode.notFound) : this.#nearestTo(own(message.key), message);
        return this.#serving.find(request, () => nearest, nowMs, out);
      }
      default:
        return reply(statusBody(AnswerCode.unsupported));
    }
  }

  #start(startMs: Millis, out: DhtEffect[]): void {
    this.#isStarted = true;
    // The first server has nobody to join, and buckets to keep fresh all the same.
    if (this.#rules.bootstrap.length === 0) this.#upkeep.join(startMs, out);
    this.#holder.open(out);
  }

  #expired(value: HeldValue, out: DhtEffect[]): void {
    this.#publishing.forget(value);
    out.push({ type: "emit", event: { type: "expired", key: value.key } });
  }

  /** The contacts nearest to a key, without the one who asks. */
  #nearestTo(key: Uint8Array, { sender }: DhtRequest["message"]): RpcBody {
    const nodes = this.table.closest(key, this.table.k, sender && this.#peers.contactOf(sender.id));
    return { command: Command.NODES, key, nodes };
  }

  // Calls

  #call({ id, request, deadlineMs }: Extract<Event<DhtCall>, { type: "call" }>, nowMs: Millis, out: DhtEffect[]): void {
    try {
      this.#begin(id, request, deadlineMs, nowMs, out);
      if (this.#calls.has(id)) this.#deadlines.set(id, deadlineMs);
    } catch (error) {
      if (!isWireError(error)) throw error;
      out.push({ type: "settle", id, error: error.toJSON() });
    }
  }

  #begin(id: CallId, call: DhtCall, deadlineMs: Millis, nowMs: Millis, out: DhtEffect[]): void {
    switch (call.type) {
      case "ping":
        return this.#ping(id, call.address, deadlineMs, nowMs, out);
      case "findValue":
        return this.#findValue(id, call, deadlineMs, nowMs, out);
      case "store":
        return this.#store(id, call, deadlineMs, nowMs, out);
      case "count":
        return this.#count(id, call, deadlineMs, nowMs, out);
      case "findNode":
        return this.#findNode(id, call.target, deadlineMs, nowMs, out);
      case "join":
        this.#joining.set(id, deadlineMs);
        return this.#upkeep.join(nowMs, out);
      case "setAddress":
        this.#port.address = this.#rules.isClient ? "" : call.address;
        return this.#settle(id, { type: "addressSet", id: this.table.id }, out);
      case "contacts":
        return this.#settle(id, { type: "contacts", buckets: this.#buckets() }, out);
      case "stats":
        Object.assign(this.stats, { contacts: this.table.size, values: this.#holder.size, bytes: this.#holder.bytes });
        return this.#settle(id, { type: "stats", stats: structuredClone(this.stats) }, out);
    }
  }

  #ping(id: CallId, address: string, deadlineMs: Millis, nowMs: Millis, out: DhtEffect[]): void {
    parseAddress(address, "dht", "address");
    this.#calls.set(id, undefined);
    const timeoutMs = Math.max(1, Math.min(this.#rules.rpcTimeoutMs, deadlineMs - nowMs));
    this.#peers.ask(
      { address },
      { command: Command.PING },
      { timeoutMs },
      (answer, endMs, effects) => {
        if (!this.#forget(id)) return;
        if (answer === undefined) return this.#fail(id, "timeout", effects);
        const rttMs = answer.rttMs ?? endMs - nowMs;
        this.#settle(id, { type: "pinged", id: answer.id.slice(), rttMs }, effects);
      },
      nowMs,
      out,
    );
  }

  #findNode(id: CallId, target: Uint8Array, deadlineMs: Millis, nowMs: Millis, out: DhtEffect[]): void {
    requireId("target", target);
    this.#calls.set(id, undefined);
    const search = this.#searches.start(
      {
        target,
        kind: "node",
        deadlineMs,
        done: ({ servers, rpcs, ms, failure }, _endMs, effects) => {
          if (!this.#forget(id)) return;
          if (failure !== undefined) return this.#fail(id, failure, effects);
          this.#settle(id, { type: "found", servers, rpcs, ms }, effects);
        },
      },
      nowMs,
      out,
    );
    if (search === undefined) {
      this.#forget(id);
      this.#fail(id, "limit", out);
    } else if (this.#calls.has(id)) this.#calls.set(id, (endMs, effects) => this.#searches.end(search, endMs, effects));
  }

  #count(
    id: CallId,
    { key, sha256: dataSha256, sizeBytes, value }: Extract<DhtCall, { type: "count" }>,
    deadlineMs: Millis,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    requireId("key", key);
    requireLength("sha256", dataSha256, HASH_BYTES);
    requireSize(sizeBytes, this.#rules.valueBytesMax);
    if (value !== undefined) requireLength("value", value, sizeBytes);
    this.#calls.set(id, undefined);
    const done: CountPlan["done"] = (counted, failure, effects) => {
      if (!this.#forget(id)) return;
      if (failure !== undefined && counted.holders.length === 0) this.#fail(id, failure, effects);
      else this.#settle(id, { type: "counted", ...counted }, effects);
    };
    const search = countHolders({ key, dataSha256, sizeBytes, value, deadlineMs, done }, this.#counting, nowMs, out);
    if (search === undefined) {
      this.#forget(id);
      this.#fail(id, "limit", out);
    } else if (this.#calls.has(id)) this.#calls.set(id, (endMs, effects) => this.#searches.end(search, endMs, effects));
  }

  #findValue(
    id: CallId,
    { key, sha256: dataSha256, sizeBytes, requireProof = false, quorum = 1 }: Extract<DhtCall, { type: "findValue" }>,
    deadlineMs: Millis,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    requireId("key", key);
    if (dataSha256 !== undefined) requireLength("sha256", dataSha256, HASH_BYTES);
    if (sizeBytes !== undefined) requireSize(sizeBytes, this.#rules.valueBytesMax);
    if (!Number.isInteger(quorum) || quorum < 1) throw argumentError("dht", "quorum", "1 or more", String(quorum));
    this.#calls.set(id, undefined);
    const done: FoundDone = (found, _endMs, effects) => {
      if (!this.#forget(id)) return;
      if ("code" in found) this.#fail(id, found.code, effects);
      else this.#settle(id, { type: "value", ...found }, effects);
    };
    const plan = { key, dataSha256, sizeBytes, requireProof, quorum, deadlineMs, done };
    const search = this.#finding.find(plan, nowMs, out);
    if (this.#calls.has(id)) this.#calls.set(id, (endMs, effects) => search.abandon(endMs, effects));
  }

  #store(
    id: CallId,
    call: Extract<DhtCall, { type: "store" }>,
    deadlineMs: Millis,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    const { chunk, ttlSeconds = this.#rules.ttlSeconds, copiesMin, republishes = true } = call;
    const { valueBytesMax, ttlSecondsMax } = this.#rules;
    if (!isBytes(call.value) || call.value.length > valueBytesMax) {
      throw argumentError("dht", "value", `at most ${valueBytesMax} bytes`);
    }
    if (call.sha256 !== undefined) requireLength("sha256", call.sha256, HASH_BYTES);
    const value = call.isGiven === true ? call.value : own(call.value);
    if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > ttlSecondsMax) {
      throw argumentError("dht", "ttlSeconds", `1 to ${ttlSecondsMax}`, String(ttlSeconds));
    }
    const key = call.key ?? (chunk === undefined ? sha1(value) : chunkKey(chunk.parent, chunk.chunkIndex));
    requireId("key", key);
    const valueKind =
      chunk !== undefined ? ValueKind.chunk : call.key === undefined ? ValueKind.content : ValueKind.opaque;
    const about = { valueKind, chunk, ttlSeconds, ageSeconds: 0, isCached: false };
    const facts: ValueFacts = { ...about, publisher: this.table.id, dataSha256: call.sha256 ?? sha256(value) };
    this.#calls.set(id, undefined);
    const known = this.table.closest(key).length;
    const stored = (published: Published, isHere: boolean, effects: DhtEffect[]): void => {
      if (!this.#forget(id)) return;
      const servers = isHere ? [this.#peers.self, ...published.servers] : published.servers;
      const refused = published.refused + (isHere || this.#rules.isClient ? 0 : 1);
      if (published.code !== undefined) return this.#fail(id, published.code, effects);
      // Contacts that were silent on the way could have stored it as well.
      const couldStore = Math.max(servers.length + refused, known);
      // A copy here alone is none for the others, unless that is what was asked for.
      const failure = copiesMin === undefined ? published.failure : undefined;
      if (failure === "timeout") return this.#fail(id, failure, effects);
      const needed = copiesMin ?? Math.ceil(couldStore / 2);
      if (servers.length < needed || failure !== undefined) {
        const actual = `${servers.length} of ${couldStore} servers`;
        const expected = failure !== undefined ? "an answer of any server" : `${needed} copies`;
        const error: WireIssue = { code: "unreachable", format: "dht", path: "", expected, actual };
        return void effects.push({ type: "settle", id, error });
      }
      const { silent } = published;
      this.#settle(id, { type: "stored", key, stored: servers.length, refused, silent, servers }, effects);
    };
    const publish = (isHere: boolean, sentMs: Millis, effects: DhtEffect[]): void => {
      if (!this.#calls.has(id)) return;
      const done = (published: Published, _endMs: Millis, more: DhtEffect[]): void => stored(published, isHere, more);
      const search = this.#publishing.publish(key, value, facts, deadlineMs, done, sentMs, effects);
      if (search === undefined || !this.#calls.has(id)) return;
      this.#calls.set(id, (endMs, more) => this.#searches.end(search, endMs, more));
    };
    if (this.#rules.isClient) return publish(false, nowMs, out);
    const held: PutDone = (code, endMs, effects) => {
      const isHere = code === AnswerCode.done || code === AnswerCode.already;
      publish(isHere, endMs, effects);
    };
    const source = republishes ? { isOwn: true } : { isPublisher: true };
    this.#holder.put(key, value, facts, source, held, nowMs, out);
  }

  #cancel(id: CallId, nowMs: Millis, out: DhtEffect[]): void {
    if (this.#calls.has(id)) this.#giveUp(id, "cancelled", nowMs, out);
    else if (this.#joining.delete(id)) this.#fail(id, "cancelled", out);
  }

  #giveUp(id: CallId, code: WireErrorCode, nowMs: Millis, out: DhtEffect[]): void {
    const giveUp = this.#calls.get(id);
    if (!this.#forget(id)) return;
    this.#fail(id, code, out);
    giveUp?.(nowMs, out);
  }

  /** Forgets a call. @returns false if it has ended already */
  #forget(id: CallId): boolean {
    this.#deadlines.delete(id);
    return this.#calls.delete(id);
  }

  #joined(_nowMs: Millis, out: DhtEffect[]): void {
    const contacts = this.table.size;
    out.push({ type: "emit", event: { type: "joined", contacts } });
    for (let id = this.#joining.popDue(Infinity); id !== undefined; id = this.#joining.popDue(Infinity)) {
      this.#settle(id, { type: "joined", contacts }, out);
    }
  }

  #buckets() {
    return Array.from({ length: BUCKETS }, (_, index) => ({ index, live: this.table.bucket(index).live }))
      .filter(({ live }) => live.length > 0)
      .map(({ index, live }) => ({ index, live: live.map((contact) => ({ ...contact })) }));
  }

  #settle(id: CallId, value: DhtOutcome, out: DhtEffect[]): void {
    out.push({ type: "settle", id, value });
  }

  #fail(id: CallId, code: WireErrorCode, out: DhtEffect[]): void {
    const error: WireIssue = { code, format: "dht", path: "" };
    out.push({ type: "settle", id, error });
  }
}

function newStats(): DhtStats {
  return {
    contacts: 0,
    asked: 0,
    answered: 0,
    timedOut: 0,
    requests: 0,
    refused: {},
    lookups: 0,
    lookupsFailed: 0,
    values: 0,
    bytes: 0,
  };
}

function requireId(path: string, id: unknown): void {
  requireLength(path, id, ID_BYTES);
}

/** @throws WireError `argument` */
function requireSize(sizeBytes: unknown, valueBytesMax: number): void {
  if (Number.isInteger(sizeBytes) && (sizeBytes as number) >= 0 && (sizeBytes as number) <= valueBytesMax) return;
  throw argumentError("dht", "sizeBytes", `0 to ${valueBytesMax}`, String(sizeBytes));
}

/** @throws WireError `argument` */
function requireLength(path: string, bytes: unknown, length: number): void {
  if (isBytes(bytes) && bytes.length === length) return;
  throw argumentError("dht", path, `${length} bytes`, isBytes(bytes) ? `${bytes.length}` : typeof bytes);
}
