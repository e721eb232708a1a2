/** The other servers as one of them knows them: who has proven what, who is asked, and who is in the table. */
import { equalBytes, own } from "../../../bytes/index.js";
import { AnswerCode, Command } from "../../../codec/gen/rpc/index.js";
import { TokenBucket, type Millis } from "../../../machine/index.js";
import { compareXorDistance, ID_BYTES } from "../../../kernel/index.js";
import { answerCodeOf, type RpcBody, type RpcMessage, type RpcPeerInfo, type RpcVia } from "../../rpc/index.js";
import { addressGroup, isReachable, type AddressGroup, type Contact } from "../contact.js";
import type { AddressOf, LookupPeer } from "../lookup/lookup.js";
import { RoutingTable, type TableChange } from "../routing/routing-table.js";
import type { DhtRules } from "./options.js";
import type { DhtAnswer, DhtDone, DhtEffect, DhtPort, DhtRequest, DhtStats } from "./types.js";

/** Whom a request is for: a server by id and address, or by its address alone. */
export interface AskedPeer {
  /** 20 bytes that the answer has to come from; undefined where the id is not known. */
  readonly id?: Uint8Array | undefined;
  readonly address: string;
}

/** What an address says of its server. */
interface Place {
  readonly isReachable: boolean;
  readonly group: AddressGroup | undefined;
}

/** Addresses whose places are remembered. */
const PLACES_MAX = 4_096;

/** Addresses that are asked over streams, and for how long. */
const BY_STREAM_MAX = 1_024;
const BY_STREAM_MS = 60_000;

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
  readonly #places = new Map<string, Place>();
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
        this.#apply(this.table.insert(id, peer.address, endMs, outcome.value.rttMs), endMs, effects);
        if (isTurnedAway(outcome.value.message)) {
          if (by !== "stream") {
            if (this.#byStream.size >= BY_STREAM_MAX) this.#byStream.clear();
            this.#byStream.set(peer.address, endMs + BY_STREAM_MS);
            return send("stream", endMs, effects);
          }
          this.#refuse("busy");
          return done(undefined, endMs, effects);
        }
        this.#stats.answered++;
        if (peer.id !== undefined && !equalBytes(peer.id, id)) {
          // Another server answers there. The one that was meant is not to be reached at this address.
          this.#silent(peer, sentMs, endMs, effects);
          return done(undefined, endMs, effects);
        }
        done({ ...outcome.value, id }, endMs, effects);
      };
      const options = { deadlineMs, done: ended, ...(by !== undefined && { via: by }) };
      this.#port.ask(peer.address, body, options, sentMs, sent);
    };
    send(via ?? this.#viaOf(peer.address, nowMs), nowMs, out);
  }

  /** How to ask an address; undefined leaves it to the length of the message. */
  #viaOf(address: string, nowMs: Millis): RpcVia | undefined {
    const untilMs = this.#byStream.get(address);
    if (untilMs === undefined) return undefined;
    if (untilMs > nowMs) return "stream";
    this.#byStream.delete(address);
    return undefined;
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
    const place = this.#placeOf(address);
    if (!this.#isAcceptable(sender!, place)) return this.#refuse("sender");
    if (!this.table.hasRoomFor(id)) return;
    const group = place.group ?? address;
    if (this.#proving.has(group)) return;
    if (!this.#proves.take(nowMs)) return this.#refuse("rate");
    this.#proving.add(group);
    this.ping({ id: own(id), address }, () => this.#proving.delete(group), nowMs, out);
  }

  /** Picks from one answer those that can be asked: not oneself, nobody out of reach, few of a network. */
  hearing(): AddressOf {
    const groups = new Map<AddressGroup, number>();
    return (node) => {
      const place = this.#placeOf(node.address);
      if (!this.#isAcceptable(node, place)) return undefined;
      const { group } = place;
      if (group !== undefined) {
        const count = (groups.get(group) ?? 0) + 1;
        if (count > this.#rules.perGroupReplyMax) return undefined;
        groups.set(group, count);
      }
      // What this server has proven itself is worth more than what another says.
      return (this.table.find(node.id) ?? node).address;
    };
  }

  /** Whether a server that names itself, or is named, can be asked at all. */
  #isAcceptable({ id, address }: RpcPeerInfo, { isReachable: isInReach }: Place): boolean {
    if (id.length !== ID_BYTES || address === this.#port.address) return false;
    return isInReach && !equalBytes(id, this.table.id);
  }

  /** What an address says of its server. The same few come again and again. */
  #placeOf(address: string): Place {
    let place = this.#places.get(address);
    if (place === undefined) {
      if (this.#places.size >= PLACES_MAX) this.#places.clear();
      place = { isReachable: isReachable(address, this.#rules), group: addressGroup(address) };
      this.#places.set(address, place);
    }
    return place;
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
    if (removed !== undefined) {
      out.push({
        type: "emit",
        event: { type: "contactRemoved", contact: copyOf(removed), bucket: this.table.bucketOf(removed.id) },
      });
    }
    if (added !== undefined) {
      out.push({
        type: "emit",
        event: { type: "contactAdded", contact: copyOf(added), bucket: this.table.bucketOf(added.id) },
      });
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

function copyOf<T extends object>(value: T): T {
  return { ...value };
}

/** Whether an answer says that the request would have to come in another way, or later. */
function isTurnedAway(message: RpcMessage): boolean {
  const code = answerCodeOf(message);
  return code === AnswerCode.unproven || code === AnswerCode.rate;
}

/** The id of the sender of a message, if it says one. */
function idOf(sender: RpcPeerInfo | undefined): Uint8Array | undefined {
  return sender?.id.length === ID_BYTES ? sender.id : undefined;
}
