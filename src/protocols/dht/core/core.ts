/** A DHT server without links: decoded messages in and out. */
import { parseAddress } from "../../../address.js";
import { equalBytes } from "../../../bytes/index.js";
import { AnswerCode, Command } from "../../../codec/gen/rpc/index.js";
import { isWireError, type WireErrorCode, type WireIssue } from "../../../errors.js";
import { ID_BYTES } from "../../../kernel/index.js";
import { DeadlineHeap, type CallId, type Env, type Event, type Millis } from "../../../machine/index.js";
import { statusBody, type RpcBody } from "../../rpc/index.js";
import { BUCKETS, type RoutingTable } from "../routing/routing-table.js";
import { rulesOf, type DhtOptions, type DhtRules } from "./options.js";
import { Peers, requireId } from "./peers.js";
import { Searches, type Search } from "./searches.js";
import type { DhtCall, DhtEffect, DhtOutcome, DhtPort, DhtRequest, DhtStats } from "./types.js";
import { Upkeep } from "./upkeep.js";

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
  /** Calls that wait for the end of a lookup. */
  readonly #calls = new Map<CallId, Search | undefined>();
  /** Deadlines of calls that wait until the server has joined. */
  readonly #joining = new DeadlineHeap<CallId>();

  /** @throws WireError `argument` for an invalid option */
  constructor(options: DhtOptions, port: DhtPort, env: Env) {
    const rules = rulesOf(options);
    this.#rules = rules;
    this.#port = port;
    this.#peers = new Peers(rules, port, this.stats);
    this.#searches = new Searches(rules, this.#peers, this.stats);
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

  /** When {@link step} needs its next `wake`. */
  get nextMs(): Millis {
    return Math.min(this.#searches.nextMs, this.#upkeep.nextMs, this.#joining.nextMs);
  }

  /** Takes calls, `cancel` and `wake`; ignores all other events. */
  step(event: Event<DhtCall>, nowMs: Millis, out: DhtEffect[]): void {
    if (event.type === "wake") {
      this.#searches.wake(nowMs, out);
      this.#upkeep.wake(nowMs, out);
      for (let due = this.#joining.popDue(nowMs); due !== undefined; due = this.#joining.popDue(nowMs)) {
        this.#fail(due, "timeout", out);
      }
    } else if (event.type === "call") this.#call(event, nowMs, out);
    else if (event.type === "cancel") this.#cancel(event.id, nowMs, out);
  }

  /** Takes a request of another server, whose bytes are borrowed. */
  asked(request: DhtRequest, nowMs: Millis, out: DhtEffect[]): void {
    this.stats.requests++;
    const { sender } = request.message;
    const isOwnId = sender !== undefined && equalBytes(sender.id, this.table.id);
    const body = isOwnId ? statusBody(AnswerCode.refused) : this.#answerTo(request);
    this.#port.reply(request, body, nowMs, out);
    if (!isOwnId) this.#peers.heardFrom(request, nowMs, out);
  }

  #answerTo({ command, message }: DhtRequest): RpcBody {
    switch (command) {
      case Command.PING:
        return { command: Command.ACK, key: this.table.id };
      case Command.FIND_NODE:
        return message.key.length === ID_BYTES ? this.#nearestTo(message) : statusBody(AnswerCode.refused);
      default:
        return statusBody(AnswerCode.unsupported);
    }
  }

  /** The contacts nearest to the key, without the one who asks. */
  #nearestTo({ key, sender }: DhtRequest["message"]): RpcBody {
    const nodes = this.table
      .closest(key, this.table.k + 1)
      .filter(({ id }) => sender === undefined || !equalBytes(id, sender.id))
      .slice(0, this.table.k)
      .map(({ id, address }) => ({ id, address, time: 0n }));
    return { command: Command.NODES, key, nodes };
  }

  // Calls

  #call({ id, request, deadlineMs }: Extract<Event<DhtCall>, { type: "call" }>, nowMs: Millis, out: DhtEffect[]): void {
    try {
      this.#begin(id, request, deadlineMs, nowMs, out);
    } catch (error) {
      if (!isWireError(error)) throw error;
      out.push({ type: "settle", id, error: error.toJSON() });
    }
  }

  #begin(id: CallId, call: DhtCall, deadlineMs: Millis, nowMs: Millis, out: DhtEffect[]): void {
    switch (call.type) {
      case "ping":
        return this.#ping(id, call.address, deadlineMs, nowMs, out);
      case "findNode":
        return this.#findNode(id, call.target, deadlineMs, nowMs, out);
      case "join":
        this.#joining.set(id, deadlineMs);
        return this.#upkeep.join(nowMs, out);
      case "contacts":
        return this.#settle(id, { type: "contacts", buckets: this.#buckets() }, out);
      case "stats":
        this.stats.contacts = this.table.size;
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
        if (!this.#calls.delete(id)) return;
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
        done: ({ servers, isCut, rpcs, ms }, endMs, effects) => {
          if (!this.#calls.delete(id)) return;
          if (isCut && deadlineMs <= endMs) return this.#fail(id, "timeout", effects);
          this.#settle(id, { type: "found", servers, rpcs, ms }, effects);
        },
      },
      nowMs,
      out,
    );
    if (search === undefined) {
      this.#calls.delete(id);
      this.#fail(id, "limit", out);
    } else if (this.#calls.has(id)) this.#calls.set(id, search);
  }

  #cancel(id: CallId, nowMs: Millis, out: DhtEffect[]): void {
    const search = this.#calls.get(id);
    if (!this.#calls.delete(id) && !this.#joining.delete(id)) return;
    this.#fail(id, "cancelled", out);
    if (search !== undefined) this.#searches.end(search, nowMs, out);
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
  return { contacts: 0, asked: 0, answered: 0, timedOut: 0, requests: 0, refused: {}, lookups: 0, lookupsFailed: 0 };
}
