/** The other servers as one of them knows them: who has proven what, who is asked, and who is in the table. */
import { equalBytes, own } from "../../../bytes/index.js";
import { AnswerCode, Command } from "../../../codec/gen/rpc/index.js";
import { TokenBucket, type Millis } from "../../../machine/index.js";
import { compareXorDistance, ID_BYTES } from "../../../kernel/index.js";
import { answerCodeOf, type RpcBody, type RpcMessage, type RpcPeerInfo, type RpcVia } from "../../rpc/index.js";
import { addressGroup, isReachable, type AddressGroup, type Contact } from "../contact.js";
import type { LookupPeer, PeerFilter } from "../lookup/lookup.js";
import { RoutingTable, type TableChange } from "../routing/routing-table.js";
import type { DhtRules } from "./options.js";
import type { DhtAnswer, DhtDone, DhtEffect, DhtPort, DhtRequest, DhtStats } from "./types.js";

/** Whom a request is for: a server by id and address, or by its address alone. */
export interface AskedPeer {
  /** 20 bytes that the answer has to come from; undefined where the id is not known. */
  readonly id?: Uint8Array | undefined;
  readonly address: string;
}

/** For how long an address is asked over streams, and how many are. */
const BY_STREAM_MS = 60_000;
const BY_STREAM_MAX = 4_096;

/** How a request to a server ended: its answer with its proven id, or not at all. */
export type PeerDone = (
  answer: (DhtAnswer & { readonly id: Uint8Array }) | undefined,
  nowMs: Millis,
  out: DhtEffect[],
) => void;

/**
 * Asks other servers and keeps the table. A server enters it by an answer to a request of ours alone, from the address
 * that was asked and under the id that it says there: the RequestID in the answer proves that it can be reached.
 */
export class Peers {
  readonly table: RoutingTable;
  readonly #rules: DhtRules;
  readonly #port: DhtPort;
  readonly #stats: DhtStats;
  readonly #met: (contact: LookupPeer) => void;
  readonly #proves: TokenBucket;
  /** Groups, or addresses, of servers that are asked back. */
  readonly #proving = new Set<AddressGroup>();
  /** Until when addresses are asked over streams, since a datagram did not do there. */
  readonly #byStream = new Map<string, Millis>();
  /** Addresses that are pinged for the table. */
  readonly #pinged = new Set<string>();

  /** @param met is told of each new contact */
  constructor(rules: DhtRules, port: DhtPort, stats: DhtStats, met: (contact: LookupPeer) => void) {
    this.#met = met;
    this.table = new RoutingTable(rules);
    this.#rules = rules;
    this.#port = port;
    this.#stats = stats;
    this.#proves = new TokenBucket(rules.provesPerSecond);
  }

  /**
   * Asks a server; the answer, or that there was none, has changed the table when `done` is called. Where a datagram
   * does not do, since its sender is not proven there or too many bytes have gone to it, a stream is tried, and taken
   * at once for the next minute.
   */
  ask(
    peer: AskedPeer,
    body: RpcBody,
    { via, timeoutMs = this.#rules.rpcTimeoutMs }: { readonly via?: RpcVia; readonly timeoutMs?: Millis },
    done: PeerDone,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    this.#stats.asked++;
    const deadlineMs = nowMs + timeoutMs;
    const send = (by: RpcVia | undefined, sentMs: Millis, sent: DhtEffect[]): void => {
      const ended: DhtDone = (outcome, endMs, effects) => {
        const id = outcome.ok ? idOf(outcome.value.message.sender) : undefined;
        if (!outcome.ok || id === undefined) {
          if (outcome.ok) this.table.heard(endMs);
          else this.#byStream.delete(peer.address);
          this.#silent(peer, sentMs, endMs, effects);
          return done(undefined, endMs, effects);
        }
        const isMeant = peer.id === undefined || equalBytes(peer.id, id);
        // The id that was asked for is kept already: a table of copies would be twice as large.
        const ownId = isMeant && peer.id !== undefined ? peer.id : this.#own(id);
        this.#apply(this.table.insert(ownId, peer.address, endMs, outcome.value.rttMs), endMs, effects);
        const turned = turnedAway(outcome.value.message, body.command);
        if (turned !== undefined) {
          if (turned === "stream" && by !== "stream") {
            if (this.#byStream.size >= BY_STREAM_MAX) this.#byStream.clear();
            this.#byStream.set(peer.address, endMs + BY_STREAM_MS);
            return send("stream", endMs, effects);
          }
          this.#refuse("busy");
          return done(undefined, endMs, effects);
        }
        this.#stats.answered++;
        if (!isMeant) {
          // Another server answers there. The one that was meant is not to be reached at this address.
          this.#silent(peer, sentMs, endMs, effects);
          return done(undefined, endMs, effects);
        }
        const { message, rttMs } = outcome.value;
        done({ message, rttMs, id }, endMs, effects);
      };
      const options = { deadlineMs, done: ended, ...(by !== undefined && { via: by }) };
      this.#port.ask(peer.address, body, options, sentMs, sent);
    };
    const isByStream = (this.#byStream.get(peer.address) ?? -Infinity) > nowMs;
    send(via ?? (isByStream ? "stream" : undefined), nowMs, out);
  }

  /** Pings a server, and takes it into the table if it answers. */
  ping(peer: AskedPeer, done: PeerDone, nowMs: Millis, out: DhtEffect[]): void {
    this.ask(peer, { command: Command.PING }, {}, done, nowMs, out);
  }

  /**
   * Hears of a server by its own request, which proves nothing: where its bucket has room, it is asked back. Where the
   * table is full, those that lookups meet are enough.
   */
  heardFrom({ message }: DhtRequest, nowMs: Millis, out: DhtEffect[]): void {
    this.table.heard(nowMs);
    const { sender } = message;
    const id = idOf(sender);
    if (id === undefined) return this.#refuse("sender");
    const { address } = sender!;
    if (!this.#isAcceptable(sender!)) return this.#refuse("sender");
    if (!this.table.hasRoomFor(id)) return;
    const group = addressGroup(address) ?? address;
    if (this.#proving.has(group)) return;
    if (!this.#proves.take(nowMs)) return this.#refuse("rate");
    this.#proving.add(group);
    this.ping({ id: this.#own(id), address }, () => this.#proving.delete(group), nowMs, out);
  }

  /** Picks from one answer those that can be asked: not oneself, nobody out of reach, few of a network. */
  hearing(): PeerFilter {
    const groups = new Map<AddressGroup, number>();
    return (node) => {
      if (!this.#isAcceptable(node)) return undefined;
      const group = addressGroup(node.address);
      if (group !== undefined) {
        const count = (groups.get(group) ?? 0) + 1;
        if (count > this.#rules.perGroupReplyMax) return undefined;
        groups.set(group, count);
      }
      // What this server has proven itself is worth more than what another says.
      return this.table.find(node.id) ?? { id: this.#own(node.id), address: node.address };
    };
  }

  /** Whether a server that names itself, or is named, can be asked at all. */
  #isAcceptable({ id, address }: RpcPeerInfo): boolean {
    if (id.length !== ID_BYTES || address === this.#port.address) return false;
    return isReachable(address, this.#rules) && !equalBytes(id, this.table.id);
  }

  /** The bytes of a message, to be kept. */
  #own(id: Uint8Array): Uint8Array {
    return this.#port.isLasting === true ? id : own(id);
  }

  /** The contact of an id, if it is one. */
  contactOf(id: Uint8Array): Contact | undefined {
    return id.length === ID_BYTES ? this.table.find(id) : undefined;
  }

  /** Whether fewer than k contacts, of which none has failed of late, are nearer to a key than oneself. */
  isAmongNearest(key: Uint8Array): boolean {
    const nearest = this.table.closest(key).filter(({ failures }) => failures === 0);
    if (nearest.length < this.table.k) return true;
    return compareXorDistance(key, this.table.id, nearest.at(-1)!.id) < 0;
  }

  /** The table entry of oneself, for lists of servers. */
  get self(): LookupPeer {
    return { id: this.table.id, address: this.#port.address };
  }

  #silent({ id }: AskedPeer, sentMs: Millis, nowMs: Millis, out: DhtEffect[]): void {
    this.#stats.timedOut++;
    if (id !== undefined) this.#apply(this.table.timedOut(id, sentMs), nowMs, out);
  }

  #apply({ added, removed, ping, refused }: TableChange, nowMs: Millis, out: DhtEffect[]): void {
    const tell = (type: "contactAdded" | "contactRemoved", contact: Contact): void =>
      void out.push({
        type: "emit",
        event: { type, contact: { ...contact }, bucket: this.table.bucketOf(contact.id) },
      });
    if (removed !== undefined) tell("contactRemoved", removed);
    if (added !== undefined) {
      tell("contactAdded", added);
      this.#met({ id: added.id, address: added.address });
    }
    if (refused !== undefined) this.#refuse(refused);
    if (ping === undefined || this.#pinged.has(ping.address)) return;
    const { id, address } = ping;
    this.#pinged.add(address);
    this.ping({ id, address }, () => this.#pinged.delete(address), nowMs, out);
  }

  #refuse(reason: string): void {
    this.#stats.refused[reason] = (this.#stats.refused[reason] ?? 0) + 1;
  }
}

/**
 * Whether an answer says that the request has to come over a stream, or later. A STORE is longer than its answer, so
 * the limit against amplification never holds that back: over the rate of requests a stream does not help it.
 */
function turnedAway(message: RpcMessage, command: number): "stream" | "later" | undefined {
  const code = answerCodeOf(message);
  if (code === AnswerCode.unproven) return "stream";
  if (code !== AnswerCode.rate) return undefined;
  return command === Command.STORE ? "later" : "stream";
}

/** The id of the sender of a message, if it says one. */
function idOf(sender: RpcPeerInfo | undefined): Uint8Array | undefined {
  return sender?.id.length === ID_BYTES ? sender.id : undefined;
}
