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
import { challengeOf, Inbox, responseLength, type RaidaId, type Sink } from "../protocol.js";

/** A peer's answer is a list of coins; a ticket cannot hold more than fit into one request. */
const REPLY_BYTES_MAX = 32 + 65_535;

export interface VotesOptions {
  readonly raidaId: RaidaId;
  readonly coinId: number;
  /** "host:port" of each server, by its id. */
  readonly peers: readonly string[];
  readonly peerTimeoutMs: Millis;
  readonly random: (n: number) => Uint8Array;
  readonly nextLink: () => LinkId;
}

export type VoteEffect =
  | { readonly type: "connect"; readonly link: LinkId; readonly peer: string }
  | { readonly type: "write"; readonly link: LinkId; readonly bytes: Uint8Array }
  | { readonly type: "shut"; readonly link: LinkId };

/** One fix that waits for its peers. */
interface Poll {
  left: number;
  /** Other servers that vouch for a coin, by its name; a server counts once, however often it lists the coin. */
  readonly votes: Map<string, number>;
  readonly done: (votes: ReadonlyMap<string, number>) => void;
}

interface PeerCheck {
  readonly poll: Poll;
  readonly peer: RaidaId;
  readonly request: Uint8Array;
  readonly inbox: Inbox;
}

/**
 * Asks other servers for the coins of tickets, all at once, one connection a server. What a peer does wrong costs
 * its vote and nothing else.
 */
export class Votes {
  readonly #options: VotesOptions;
  readonly #ballots = new Map<LinkId, PeerCheck>();
  readonly #deadlines = new DeadlineHeap<LinkId>();

  constructor(options: VotesOptions) {
    this.#options = options;
  }

  get nextMs(): Millis {
    return this.#deadlines.nextMs;
  }

  /**
   * @param tickets of each server by its id
   * @param asked the servers to ask
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
    for (const peer of asked) {
      const link = this.#options.nextLink();
      this.#ballots.set(link, { poll, peer, request: this.#request(peer, tickets[peer]!), inbox: new Inbox() });
      this.#deadlines.set(link, nowMs + this.#options.peerTimeoutMs);
      out.push({ type: "connect", link, peer: this.#options.peers[peer]! });
    }
  }

  /** True when the link is one of ours. */
  opened(link: LinkId, out: Sink<VoteEffect>): boolean {
    const ballot = this.#ballots.get(link);
    if (ballot === undefined) return link < 0;
    out.push({ type: "write", link, bytes: ballot.request });
    return true;
  }

  received(link: LinkId, bytes: Uint8Array, out: Sink<VoteEffect>): boolean {
    const ballot = this.#ballots.get(link);
    if (ballot === undefined) return link < 0;
    ballot.inbox.push(bytes, REPLY_BYTES_MAX);
    const length = responseLength(ballot.inbox.bytes);
    if (length === undefined) return true;
    if (length > REPLY_BYTES_MAX) this.#close(link, [], out);
    else if (ballot.inbox.length >= length) this.#close(link, this.#coinsOf(ballot, length), out);
    return true;
  }

  closed(link: LinkId, out: Sink<VoteEffect>): boolean {
    if (this.#ballots.has(link)) this.#close(link, [], out);
    return link < 0;
  }

  wake(nowMs: Millis, out: Sink<VoteEffect>): void {
    for (let link = this.#deadlines.popDue(nowMs); link !== undefined; link = this.#deadlines.popDue(nowMs)) {
      this.#close(link, [], out);
    }
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

  #coinsOf({ peer, request, inbox }: PeerCheck, length: number): readonly CoinId[] {
    const { bytes } = inbox;
    const header = tryDecodeResponseHeaderLegacy(bytes, 0, RESPONSE_HEADER_LEGACY_SIZE);
    if (!header.ok || header.value.raidaId !== peer || header.value.status !== Status.success) return [];
    if (!equalBytes(header.value.challengeHash, challengeOf(request))) return [];
    const body = tryDecodeValidateTicketReply(bytes, RESPONSE_HEADER_LEGACY_SIZE, length);
    return body.ok ? body.value.coins : [];
  }

  #close(link: LinkId, coins: readonly CoinId[], out: Sink<VoteEffect>): void {
    const { poll } = this.#ballots.get(link)!;
    this.#ballots.delete(link);
    this.#deadlines.delete(link);
    out.push({ type: "shut", link });
    for (const name of new Set(coins.map(coinName))) poll.votes.set(name, (poll.votes.get(name) ?? 0) + 1);
    poll.left--;
    if (poll.left === 0) poll.done(poll.votes);
  }
}

/** A coin's name within a network. */
export function coinName({ denomination, serial }: { readonly denomination: number; readonly serial: number }): string {
  return `${denomination}:${serial}`;
}
