/** The state and helpers that the commands of a server share, and the events that it emits. */
import type { WireIssue } from "../../../errors.js";
import { encodeMixedReply, Status } from "../../../codec/gen/raida/index.js";
import type { Effect, Env, Millis } from "../../../machine/index.js";
import { DENOMINATION_MAX, DENOMINATION_MIN, monthFromStart } from "../protocol.js";
import { TRAILER } from "../wire/encryption.js";
import { CoinCount } from "./coin-count.js";
import type { NamedCoins } from "./page.js";
import type { PageTransaction } from "./page-transaction.js";
import type { Locker, Lockers } from "./lockers.js";
import type { ServerSettings } from "./options.js";
import type { Pages } from "./pages.js";
import type { BatchResult } from "./batch-result.js";
import type { FixQueue } from "./fix-queue.js";
import type { Origin, ReplyForm, Request } from "./request.js";
import type { TicketPool } from "./tickets.js";
import type { Votes } from "./votes.js";

/** Events that a server emits. */
export type RaidaServerEvent =
  | { readonly type: "answered"; readonly group: number; readonly command: number; readonly status: Status }
  /** The anti-amplification limit suppressed a reply by datagram. */
  | { readonly type: "suppressed"; readonly peer: string; readonly sizeBytes: number }
  /** The server closed a connection or dropped a datagram. */
  | { readonly type: "dropped"; readonly reason: DropReason };

/**
 * `slow`: a connection was too slow. `crowded`: a connection or a datagram was one too many. `reply`: a datagram has
 * the form of another server's refusal.
 */
export type DropReason = "slow" | "crowded" | "reply";

/** The effects of one step of a server. */
export type ServerEffects = Effect<never, RaidaServerEvent>[];

/** Carries out one command. The request has a body unless the command is allowed without one. */
export type Command = (request: Request, server: ServerContext) => void;

/** Commands by group and number. */
export type CommandTable = readonly (readonly [group: number, number: number, command: Command])[];

/** Counters since the start of the server. */
export interface Statistics {
  echoes: number;
  /** Coins with new ANs by denomination, -8 first. */
  readonly powns: number[];
  udpRequests: number;
}

/** The parts of a server that a context joins. */
interface Parts {
  readonly settings: ServerSettings;
  readonly env: Env;
  readonly pages: Pages;
  readonly tickets: TicketPool;
  readonly votes: Votes;
  readonly fixes: FixQueue;
  readonly lockers: Lockers;
  /** Sends a reply to the origin of its request, if the connection is still open. */
  readonly send: (origin: Origin, bytes: Uint8Array) => void;
}

/** The state and helpers that the commands of a server share. */
export class ServerContext {
  readonly settings: ServerSettings;
  readonly env: Env;
  readonly pages: Pages;
  readonly tickets: TicketPool;
  readonly votes: Votes;
  readonly fixes: FixQueue;
  readonly lockers: Lockers;
  readonly coinCount: CoinCount;
  readonly statistics: Statistics = {
    echoes: 0,
    powns: Array.from({ length: DENOMINATION_MAX - DENOMINATION_MIN + 1 }, () => 0),
    udpRequests: 0,
  };
  /** Effects of the current step. Work that waits for a disk or a peer continues in a later step. */
  out: ServerEffects = [];
  nowMs: Millis = 0;
  /** True once every page has been read. */
  #knowsAllPages = false;
  readonly #send: Parts["send"];

  constructor({ settings, env, pages, tickets, votes, fixes, lockers, send }: Parts) {
    this.settings = settings;
    this.env = env;
    this.pages = pages;
    this.tickets = tickets;
    this.votes = votes;
    this.fixes = fixes;
    this.lockers = lockers;
    this.coinCount = new CoinCount(pages);
    this.#send = send;
  }

  /** The month (MFS) of changes made now. */
  month(): number {
    return monthFromStart(this.env.unixNs());
  }

  /** Answers a request unless it is over. A reply that exceeds the datagram limit becomes status 16 without payload. */
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

  /** Answers a command that checks each coin by itself. */
  answerCoins(request: Request, results: BatchResult): void {
    const { status } = results;
    const payload = status === Status.mixed ? payloadOf(encodeMixedReply({ passed: results.toArray() })) : undefined;
    this.answer(request, status, payload);
  }

  /**
   * Checks that a body contains at least one coin and no partial coin, and answers the request if not.
   * @param otherBytes bytes of the body around the coins @returns the number of coins, or 0 if a check fails
   */
  countOfCoins(request: Request, otherBytes: number, coinBytes: number): number {
    const rest = request.body.length - otherBytes;
    if (rest >= coinBytes && rest % coinBytes === 0) return rest / coinBytes;
    this.answer(request, rest < coinBytes ? Status.errorPacketLength : Status.errorCoinsNotDivisible);
    return 0;
  }

  /** Continues when the pages of the coins are loaded and no store of the coins is in progress. */
  withPages(request: Request, coins: NamedCoins, then: () => void): void {
    const run = (error?: WireIssue): void => (error === undefined ? then() : this.reportDisk(request, error));
    this.pages.whenReady(coins, run, this.out);
  }

  /** Like {@link withPages}, but refuses a coin on a page that the server does not have. */
  withKnownPages(request: Request, coins: NamedCoins, then: () => void): void {
    this.withPages(request, coins, () => {
      if (this.pages.hasAll(coins)) then();
      else this.answer(request, Status.errorSerialOrDenomination);
    });
  }

  /**
   * Continues with a locker, or undefined if it does not exist. The first lookup that fails reads all pages that were
   * never read, because the index of lockers does not survive a restart and the pages do.
   */
  withLocker(request: Request, find: () => Locker | undefined, then: (locker: Locker | undefined) => void): void {
    const locker = find();
    if (locker !== undefined || this.#knowsAllPages || this.settings.profile === "reference") return then(locker);
    this.coinCount.count(
      "all",
      (_, error) => {
        if (error !== undefined) return this.reportDisk(request, error);
        this.#knowsAllPages = true;
        then(find());
      },
      this.out,
    );
  }

  /** Continues when all changes are on the disk. Only then may they be acknowledged. */
  store(request: Request, changes: PageTransaction, then: () => void): void {
    const done = (error?: WireIssue): void => (error === undefined ? then() : this.reportDisk(request, error));
    this.pages.store(changes, done, this.out);
  }

  /** Logs a disk error, with the file that it is about, and answers 194. */
  reportDisk(request: Request, error: WireIssue): void {
    const { code, path, actual = "" } = error;
    this.out.push({
      type: "log",
      level: "error",
      message: "the disk failed",
      fields: { code, ...(path !== "" && { path }), actual },
    });
    this.answer(request, Status.errorFilesystem);
  }
}

/** A reply without its trailer, which is not encrypted. */
export function payloadOf(reply: Uint8Array): Uint8Array {
  return reply.subarray(0, reply.length - TRAILER.length);
}
