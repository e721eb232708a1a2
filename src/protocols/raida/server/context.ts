import type { WireIssue } from "../../../errors.js";
import { encodeMixedReply, Status, type CoinId } from "../../../codec/gen/raida/index.js";
import type { Effect, Env, Millis } from "../../../machine/index.js";
import { DENOMINATION_MAX, DENOMINATION_MIN, monthFromStart } from "../protocol.js";
import { TRAILER } from "../wire/encryption.js";
import { CoinCount } from "./coin-count.js";
import type { PageTransaction } from "./page-transaction.js";
import type { Locker, Lockers } from "./lockers.js";
import type { ServerSettings } from "./options.js";
import type { Pages } from "./pages.js";
import type { BatchResult } from "./batch-result.js";
import type { Origin, ReplyForm, Request } from "./request.js";
import type { TicketPool } from "./tickets.js";
import type { Votes } from "./votes.js";

/** What a node tells of itself. */
export type RaidaServerEvent =
  | { readonly type: "answered"; readonly group: number; readonly command: number; readonly status: Status }
  /** An answer that was not sent: by datagram the source has had too much that it did not pay for by its requests. */
  | { readonly type: "suppressed"; readonly peer: string; readonly sizeBytes: number }
  /** A connection that was closed before its request was whole: too slow, or too many like it. */
  | { readonly type: "dropped"; readonly reason: "slow" | "crowded" };

export type ServerEffects = Effect<never, RaidaServerEvent>[];

/** What carries out one command; its request has a body unless the command needs none. */
export type Command = (request: Request, node: ServerContext) => void;

/** Commands by their group and number. */
export type CommandTable = readonly (readonly [group: number, number: number, command: Command])[];

/** Counted since the start. */
export interface Statistics {
  echoes: number;
  /** By denomination, -8 first. */
  readonly powns: number[];
  udpRequests: number;
}

interface Parts {
  readonly settings: ServerSettings;
  readonly env: Env;
  readonly pages: Pages;
  readonly tickets: TicketPool;
  readonly votes: Votes;
  readonly lockers: Lockers;
  /** Sends an answer to where its request came from, if somebody is still there. */
  readonly send: (origin: Origin, bytes: Uint8Array) => void;
}

/** What the commands of a node share. */
export class ServerContext {
  readonly settings: ServerSettings;
  readonly env: Env;
  readonly pages: Pages;
  readonly tickets: TicketPool;
  readonly votes: Votes;
  readonly lockers: Lockers;
  readonly census: CoinCount;
  readonly statistics: Statistics = {
    echoes: 0,
    powns: Array.from({ length: DENOMINATION_MAX - DENOMINATION_MIN + 1 }, () => 0),
    udpRequests: 0,
  };
  /** Of the step under way: what waits for a disk or a peer goes on in a later one. */
  out: ServerEffects = [];
  nowMs: Millis = 0;
  /** True once every page has been read. */
  #knowsAllPages = false;
  readonly #send: Parts["send"];

  constructor({ settings, env, pages, tickets, votes, lockers, send }: Parts) {
    this.settings = settings;
    this.env = env;
    this.pages = pages;
    this.tickets = tickets;
    this.votes = votes;
    this.lockers = lockers;
    this.census = new CoinCount(pages);
    this.#send = send;
  }

  /** MFS of what is changed now. */
  month(): number {
    return monthFromStart(this.env.unixNs());
  }

  /** Answers a request, unless it is over; a payload that no datagram may carry is left out, and the status says so. */
  answer(request: Request, status: Status, payload?: Uint8Array, form?: ReplyForm): void {
    if (request.isOver) return;
    const { profile, datagramBytesMax } = this.settings;
    if (payload !== undefined && "peer" in request.origin && profile === "strict") {
      if (request.replyLength(payload) > datagramBytesMax) return this.answer(request, Status.errorPacketLength);
    }
    const { group, command } = request;
    this.#send(request.origin, request.answer(status, payload, this.nowMs, form));
    this.out.push({ type: "emit", event: { type: "answered", group, command, status } });
  }

  /** The answer of commands that take coins one by one. */
  answerCoins(request: Request, passed: BatchResult): void {
    const { status } = passed;
    const payload = status === Status.mixed ? payloadOf(encodeMixedReply({ passed: passed.toArray() })) : undefined;
    this.answer(request, status, payload);
  }

  /**
   * The two checks on length that every command with coins makes: at least one, and whole ones.
   * @param around bytes of the body that belong to no coin @returns 0 if one fails, which is answered
   */
  countOfCoins(request: Request, around: number, coinBytes: number): number {
    const rest = request.body.length - around;
    if (rest >= coinBytes && rest % coinBytes === 0) return rest / coinBytes;
    this.answer(request, rest < coinBytes ? Status.errorPacketLength : Status.errorCoinsNotDivisible);
    return 0;
  }

  /** Goes on when the pages of the coins are there and quiet. */
  withPages(request: Request, coins: readonly CoinId[], then: () => void): void {
    const run = (error?: WireIssue): void => (error === undefined ? then() : this.reportDisk(request, error));
    this.pages.whenReady(coins, run, this.out);
  }

  /** The same, for commands that refuse a coin on a page that the server does not have. */
  withKnownPages(request: Request, coins: readonly CoinId[], then: () => void): void {
    this.withPages(request, coins, () => {
      if (coins.every((coin) => this.pages.has(coin))) then();
      else this.answer(request, Status.errorSerialOrDenomination);
    });
  }

  /**
   * Goes on with a locker, if there is one. The first time that one is not known all pages are read that were not read
   * before: what a start has forgotten they still say.
   */
  withLocker(request: Request, find: () => Locker | undefined, then: (locker: Locker | undefined) => void): void {
    const locker = find();
    if (locker !== undefined || this.#knowsAllPages || this.settings.profile === "reference") return then(locker);
    this.census.take((_, error) => {
      if (error !== undefined) return this.reportDisk(request, error);
      this.#knowsAllPages = true;
      then(find());
    }, this.out);
  }

  /** Goes on when all changes are stored: only then may they be acknowledged. */
  store(request: Request, draft: PageTransaction, then: () => void): void {
    const done = (error?: WireIssue): void => (error === undefined ? then() : this.reportDisk(request, error));
    this.pages.store(draft, done, this.out);
  }

  reportDisk(request: Request, error: WireIssue): void {
    this.out.push({
      type: "log",
      level: "error",
      message: "the disk failed",
      fields: { code: error.code, actual: error.actual ?? "" },
    });
    this.answer(request, Status.errorFilesystem);
  }
}

/** A reply without the trailer, which stands behind what encryption covers. */
export function payloadOf(reply: Uint8Array): Uint8Array {
  return reply.subarray(0, reply.length - TRAILER.length);
}
