/** Votes of other servers on the coins of a fix. */
import { concatBytes, equalBytes, own } from "../../../bytes/index.js";
import {
  CommandGroup,
  encodeRequestHeader,
  encodeValidateTicketRequest,
  HealingCommand,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  RESPONSE_HEADER_LEGACY_SIZE,
  Status,
  tryDecodeResponseHeaderLegacy,
  tryDecodeValidateTicketReply,
  VALIDATE_TICKET_REQUEST_SIZE,
  type CoinId,
} from "../../../codec/gen/raida/index.js";
import { DeadlineHeap, type LinkId, type Millis } from "../../../machine/index.js";
import { challengeOf, responseLength, type RaidaId, type Sink } from "../protocol.js";
import { ReceiveBuffer } from "../receive-buffer.js";
import { isCServer, NUDGE_MS, type ServerKinds } from "../server-kinds.js";

/** Length of the longest reply: a header and the coins of one ticket, which fit into one request. */
const REPLY_BYTES_MAX = 32 + 65_535;

/** Options of the votes. */
export interface VotesOptions {
  readonly raidaId: RaidaId;
  readonly coinId: number;
  /** "host:port" of each server by id. */
  readonly peers: readonly string[];
  readonly peerTimeoutMs: Millis;
  /** What the peers run. */
  readonly kinds: ServerKinds | undefined;
  readonly random: (n: number) => Uint8Array;
  readonly nextLink: () => LinkId;
}

/** Effects that the votes need: connections to peers. */
export type VoteEffect =
  | { readonly type: "connect"; readonly link: LinkId; readonly peer: string }
  | { readonly type: "write"; readonly link: LinkId; readonly bytes: Uint8Array }
  | { readonly type: "shut"; readonly link: LinkId };

/** The poll of one fix. */
interface Poll {
  /** Peers that have not yet answered. */
  left: number;
  /**
   * Number of other servers that vouch for each {@link coinKey}. A server counts once, even if it lists a coin twice.
   */
  readonly votes: Map<string, number>;
  readonly done: (votes: ReadonlyMap<string, number>) => void;
}

/** A pending check of a ticket at a peer. */
interface PeerCheck {
  readonly poll: Poll;
  readonly peer: RaidaId;
  readonly request: Uint8Array;
  readonly buffer: ReceiveBuffer;
  readonly untilMs: Millis;
  /** Undefined while it waits for another check at the same C server. */
  link: LinkId | undefined;
  openedMs: Millis;
  /** The empty connections opened so far, because no answer came. */
  readonly nudges: LinkId[];
}

/**
 * Validates tickets at all other servers concurrently, with one connection for each. A peer that misbehaves loses its
 * vote and has no other effect. A C server gets one connection at a time, because it loses those that arrive at once.
 */
export class Votes {
  readonly #options: VotesOptions;
  readonly #checks = new Map<LinkId, PeerCheck>();
  readonly #deadlines = new DeadlineHeap<PeerCheck>();
  /** By C server: its checks, of which the first is connected. */
  readonly #queues = new Map<RaidaId, PeerCheck[]>();
  /** Empty connections that are not yet open. */
  readonly #nudges = new Set<LinkId>();

  constructor(options: VotesOptions) {
    this.#options = options;
  }

  get nextMs(): Millis {
    return this.#deadlines.nextMs;
  }

  /**
   * Validates tickets at peers. `done` gets the votes when all peers have answered or failed.
   * @param tickets the ticket of each server by id
   * @param asked ids of the servers to ask
   */
  start(
    tickets: readonly number[],
    asked: readonly RaidaId[],
    nowMs: Millis,
    done: Poll["done"],
    out: Sink<VoteEffect>,
  ): void {
    const poll: Poll = { left: asked.length, votes: new Map(), done };
    if (asked.length === 0) return done(poll.votes);
    const untilMs = nowMs + this.#options.peerTimeoutMs;
    for (const peer of asked) {
      const request = this.#request(peer, tickets[peer]!);
      const buffer = new ReceiveBuffer();
      this.#begin({ poll, peer, request, buffer, untilMs, link: undefined, openedMs: 0, nudges: [] }, out);
    }
  }

  /** Handles `opened`. @returns whether the link is one to a peer */
  opened(link: LinkId, nowMs: Millis, out: Sink<VoteEffect>): boolean {
    if (this.#nudges.delete(link)) out.push({ type: "shut", link });
    const check = this.#checks.get(link);
    if (check === undefined) return link < 0;
    check.openedMs = nowMs;
    this.#schedule(check);
    out.push({ type: "write", link, bytes: check.request });
    return true;
  }

  /** Handles `bytes`. @returns whether the link is one to a peer */
  received(link: LinkId, bytes: Uint8Array, out: Sink<VoteEffect>): boolean {
    const check = this.#checks.get(link);
    if (check === undefined) return link < 0;
    check.buffer.push(bytes, REPLY_BYTES_MAX);
    const length = responseLength(check.buffer.bytes);
    if (length === undefined) return true;
    if (length > REPLY_BYTES_MAX) this.#end(check, [], out);
    else if (check.buffer.length >= length) this.#end(check, this.#coinsOf(check, length), out);
    return true;
  }

  /** Handles `closed`. @returns whether the link is one to a peer */
  closed(link: LinkId, out: Sink<VoteEffect>): boolean {
    this.#nudges.delete(link);
    const check = this.#checks.get(link);
    if (check !== undefined) this.#end(check, [], out);
    return link < 0;
  }

  /** Gives up peers whose time has passed, and nudges those that may have lost a connection. */
  wake(nowMs: Millis, out: Sink<VoteEffect>): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      if (nowMs >= due.untilMs) this.#end(due, [], out);
      else this.#nudge(due, out);
    }
  }

  /** Connects to a peer; to a C server when the checks before this one are over. */
  #begin(check: PeerCheck, out: Sink<VoteEffect>): void {
    const { peer, untilMs } = check;
    this.#deadlines.set(check, untilMs);
    if (!isCServer(this.#options.kinds, peer)) return this.#connect(check, out);
    const queue = this.#queues.get(peer);
    if (queue !== undefined) return void queue.push(check);
    this.#queues.set(peer, [check]);
    this.#connect(check, out);
  }

  #connect(check: PeerCheck, out: Sink<VoteEffect>): void {
    check.link = this.#options.nextLink();
    this.#checks.set(check.link, check);
    out.push({ type: "connect", link: check.link, peer: this.#options.peers[check.peer]! });
  }

  /** Has a C server accept a connection that it may have lost, by an empty one. */
  #nudge(check: PeerCheck, out: Sink<VoteEffect>): void {
    const link = this.#options.nextLink();
    check.nudges.push(link);
    this.#nudges.add(link);
    out.push({ type: "connect", link, peer: this.#options.peers[check.peer]! });
    this.#schedule(check);
  }

  /** Sets the deadline of an open check: its end, or before that the next nudge of a C server. */
  #schedule(check: PeerCheck): void {
    const { peer, openedMs, nudges, untilMs } = check;
    if (!isCServer(this.#options.kinds, peer)) return;
    this.#deadlines.set(check, Math.min(untilMs, openedMs + (NUDGE_MS[nudges.length] ?? Infinity)));
  }

  #request(peer: RaidaId, ticket: number): Uint8Array {
    const { coinId, raidaId, random } = this.#options;
    const challenge = own(random(12));
    const header = encodeRequestHeader({
      ...REQUEST_HEADER_LEGACY_DEFAULTS,
      raidaId: peer,
      commandGroup: CommandGroup.healing,
      command: HealingCommand.validateTicket,
      coinId,
      bodyLength: VALIDATE_TICKET_REQUEST_SIZE,
      nonce: new Uint8Array(8),
    });
    return concatBytes(header, encodeValidateTicketRequest({ challenge, claimerId: raidaId, ticket }));
  }

  #coinsOf({ peer, request, buffer }: PeerCheck, length: number): readonly CoinId[] {
    const { bytes } = buffer;
    const header = tryDecodeResponseHeaderLegacy(bytes, 0, RESPONSE_HEADER_LEGACY_SIZE);
    if (!header.ok || header.value.raidaId !== peer || header.value.status !== Status.success) return [];
    if (!equalBytes(header.value.challengeHash, challengeOf(request))) return [];
    const body = tryDecodeValidateTicketReply(bytes, RESPONSE_HEADER_LEGACY_SIZE, length);
    return body.ok ? body.value.coins : [];
  }

  #end(check: PeerCheck, coins: readonly CoinId[], out: Sink<VoteEffect>): void {
    const { poll, link, nudges } = check;
    this.#deadlines.delete(check);
    if (link !== undefined) {
      this.#checks.delete(link);
      out.push({ type: "shut", link });
    }
    for (const nudge of nudges) if (this.#nudges.delete(nudge)) out.push({ type: "shut", link: nudge });
    this.#advance(check, out);
    for (const key of new Set(coins.map(coinKey))) poll.votes.set(key, (poll.votes.get(key) ?? 0) + 1);
    poll.left--;
    if (poll.left === 0) poll.done(poll.votes);
  }

  /** Connects the next check at a C server, if this one was connected. */
  #advance(check: PeerCheck, out: Sink<VoteEffect>): void {
    const queue = this.#queues.get(check.peer);
    const at = queue?.indexOf(check) ?? -1;
    if (queue === undefined || at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(check.peer);
    else if (at === 0) this.#connect(queue[0]!, out);
  }
}

/** The key of a coin in maps: `denomination:serial`. */
export function coinKey({ denomination, serial }: CoinId): string {
  return `${denomination}:${serial}`;
}
