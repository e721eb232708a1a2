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

/** Length of the longest reply: a header and the coins of one ticket, which fit into one request. */
const REPLY_BYTES_MAX = 32 + 65_535;

/** Options of the votes. */
export interface VotesOptions {
  readonly raidaId: RaidaId;
  readonly coinId: number;
  /** "host:port" of each server by id. */
  readonly peers: readonly string[];
  readonly peerTimeoutMs: Millis;
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
}

/**
 * Validates tickets at all other servers concurrently, with one connection for each. A peer that misbehaves loses its
 * vote and has no other effect.
 */
export class Votes {
  readonly #options: VotesOptions;
  readonly #checks = new Map<LinkId, PeerCheck>();
  readonly #deadlines = new DeadlineHeap<LinkId>();

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
    for (const peer of asked) {
      const link = this.#options.nextLink();
      this.#checks.set(link, { poll, peer, request: this.#request(peer, tickets[peer]!), buffer: new ReceiveBuffer() });
      this.#deadlines.set(link, nowMs + this.#options.peerTimeoutMs);
      out.push({ type: "connect", link, peer: this.#options.peers[peer]! });
    }
  }

  /** Handles `opened`. @returns whether the link is one to a peer */
  opened(link: LinkId, out: Sink<VoteEffect>): boolean {
    const check = this.#checks.get(link);
    if (check === undefined) return link < 0;
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
    if (length > REPLY_BYTES_MAX) this.#close(link, [], out);
    else if (check.buffer.length >= length) this.#close(link, this.#coinsOf(check, length), out);
    return true;
  }

  /** Handles `closed`. @returns whether the link is one to a peer */
  closed(link: LinkId, out: Sink<VoteEffect>): boolean {
    if (this.#checks.has(link)) this.#close(link, [], out);
    return link < 0;
  }

  /** Gives up peers whose time has passed. */
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

  #coinsOf({ peer, request, buffer }: PeerCheck, length: number): readonly CoinId[] {
    const { bytes } = buffer;
    const header = tryDecodeResponseHeaderLegacy(bytes, 0, RESPONSE_HEADER_LEGACY_SIZE);
    if (!header.ok || header.value.raidaId !== peer || header.value.status !== Status.success) return [];
    if (!equalBytes(header.value.challengeHash, challengeOf(request))) return [];
    const body = tryDecodeValidateTicketReply(bytes, RESPONSE_HEADER_LEGACY_SIZE, length);
    return body.ok ? body.value.coins : [];
  }

  #close(link: LinkId, coins: readonly CoinId[], out: Sink<VoteEffect>): void {
    const { poll } = this.#checks.get(link)!;
    this.#checks.delete(link);
    this.#deadlines.delete(link);
    out.push({ type: "shut", link });
    for (const key of new Set(coins.map(coinKey))) poll.votes.set(key, (poll.votes.get(key) ?? 0) + 1);
    poll.left--;
    if (poll.left === 0) poll.done(poll.votes);
  }
}

/** The key of a coin in maps: `denomination:serial`. */
export function coinKey({ denomination, serial }: CoinId): string {
  return `${denomination}:${serial}`;
}
