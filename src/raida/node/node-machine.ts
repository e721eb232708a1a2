import { equalBytes } from "../../bytes/index.js";
import type { WireIssue } from "../../errors.js";
import {
  AuthCommand,
  CommandGroup,
  decodeDetectRequest,
  decodeFindRequest,
  decodeFixRequest,
  decodeGetTicketRequest,
  decodePownRequest,
  decodeValidateTicketRequest,
  encodeFindMixedReply,
  encodeGetTicketMixedReply,
  encodeGetTicketReply,
  encodeMixedReply,
  encodeValidateTicketReply,
  encodeVersionReply,
  FindResult,
  HealingCommand,
  Status,
  StatusCommand,
  type Coin as CoinName,
} from "../../codec/gen/raida/index.js";
import { md5Pans } from "../../kernel/index.js";
import { DEFAULT_LIMITS, type Limits } from "../../limits.js";
import {
  countDown,
  DeadlineHeap,
  type Effect,
  type Env,
  type Event,
  type LinkId,
  type Machine,
  type Millis,
} from "../../machine/index.js";
import {
  COIN_ID,
  coinStatus,
  monthFromStart,
  QUORUM_OTHERS,
  RAIDA_COUNT,
  statusName,
  type Profile,
  type RaidaId,
} from "../protocol.js";
import { Connection, takesNoBody, type HeaderRules } from "./connection.js";
import { Pages, type Write } from "./pages.js";
import { TicketPool } from "./tickets.js";
import { coinName, Votes } from "./votes.js";

export interface RaidaNodeOptions {
  /** 0 to 24. */
  readonly raidaId: RaidaId;
  /** "host:port" of all 25 servers by their id, this one included. */
  readonly peers: readonly string[];
  /** Default `strict`. */
  readonly profile?: Profile;
  /** Kind of coin; default 6. */
  readonly coinId?: number;
  /** Release, eight ASCII digits. */
  readonly version?: string;
  /** Default 512. */
  readonly ticketSlots?: number;
  /** Default 300,000; in `reference` tickets never expire. */
  readonly ticketLifeMs?: Millis;
  /** What one peer may take to validate a ticket; default 32,000. */
  readonly peerTimeoutMs?: Millis;
  /** Servers that must agree, this one included, before a coin is fixed; default 14. */
  readonly threshold?: number;
  readonly limits?: Partial<Limits>;
}

/** What a node tells of itself. */
export interface RaidaNodeEvent {
  readonly type: "answered";
  readonly group: number;
  readonly command: number;
  readonly status: Status;
}

type Out = Effect<never, RaidaNodeEvent>[];
type Handler = (connection: Connection) => void;

/** Release of the recorded server. */
const REFERENCE_VERSION = "20250323";
const TRAILER_BYTES = 2;

/** One RAIDA server: requests in clear over streams, coins on pages, tickets, and fixes on the word of the others. */
export class RaidaNode implements Machine<never, never, RaidaNodeEvent> {
  /** A client may close its sending half and still read. */
  readonly halfOpen = true;
  readonly #raidaId: RaidaId;
  readonly #env: Env;
  readonly #profile: Profile;
  readonly #version: string;
  readonly #threshold: number;
  readonly #limits: Limits;
  readonly #pages: Pages;
  readonly #votes: Votes;
  readonly #connections = new Map<LinkId, Connection>();
  readonly #deadlines = new DeadlineHeap<LinkId>();
  readonly #rules: HeaderRules;
  readonly #handlers: ReadonlyMap<number, Handler>;
  /** Of the step under way: what waits for a disk or a peer goes on in a later one. */
  #out: Out = [];
  #nowMs: Millis = 0;
  /** The pool, open so that a state can be restored. */
  readonly tickets: TicketPool;

  constructor(options: RaidaNodeOptions, env: Env) {
    const profile = options.profile ?? "strict";
    this.#raidaId = options.raidaId;
    this.#env = env;
    this.#profile = profile;
    this.#version = options.version ?? REFERENCE_VERSION;
    this.#threshold = options.threshold ?? QUORUM_OTHERS + 1;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#pages = new Pages(profile);
    const lifeMs = options.ticketLifeMs ?? (profile === "reference" ? Infinity : 300_000);
    const random = (n: number): Uint8Array => env.random(n);
    this.tickets = new TicketPool(options.ticketSlots ?? 512, lifeMs, random);
    const coinId = options.coinId ?? COIN_ID;
    this.#votes = new Votes({
      raidaId: options.raidaId,
      coinId,
      peers: options.peers,
      peerTimeoutMs: options.peerTimeoutMs ?? 32_000,
      random,
      nextLink: countDown(),
    });
    this.#handlers = new Map<number, Handler>([
      [key(CommandGroup.status, StatusCommand.echo), (c) => this.#answer(c, Status.success)],
      [key(CommandGroup.status, StatusCommand.version), (c) => this.#reportVersion(c)],
      [key(CommandGroup.auth, AuthCommand.detect), (c) => this.#detect(c)],
      [key(CommandGroup.auth, AuthCommand.pown), (c) => this.#pown(c)],
      [key(CommandGroup.healing, HealingCommand.getTicket), (c) => this.#getTicket(c)],
      [key(CommandGroup.healing, HealingCommand.validateTicket), (c) => this.#validateTicket(c)],
      [key(CommandGroup.healing, HealingCommand.find), (c) => this.#find(c)],
      [key(CommandGroup.healing, HealingCommand.fix), (c) => this.#fix(c)],
    ]);
    this.#rules = {
      raidaId: options.raidaId,
      coinId,
      serves: (group, command) => this.#handlers.has(key(group, command)),
      random,
    };
  }

  step(event: Event<never>, nowMs: Millis, out: Out): void {
    this.#nowMs = nowMs;
    this.#out = out;
    switch (event.type) {
      case "opened":
        if (this.#votes.opened(event.link, out)) return;
        this.#connections.set(event.link, new Connection(event.link, nowMs, this.#raidaId));
        this.#deadlines.set(event.link, nowMs + this.#limits.idleTimeoutMs);
        return;
      case "bytes":
        if (!this.#votes.received(event.link, event.bytes, out)) this.#receive(event.link, event.bytes);
        return;
      case "ended":
        // Nobody will complete the request; an answer that is being prepared is still wanted.
        if (this.#connections.get(event.link)?.isComplete === false) this.#drop(event.link);
        return;
      case "closed":
        if (this.#votes.closed(event.link, out)) return;
        this.#connections.delete(event.link);
        this.#deadlines.delete(event.link);
        return;
      case "loaded":
        return this.#pages.loaded(event.op, event.bytes);
      case "stored":
        return this.#pages.stored(event.op);
      case "failed":
        return this.#pages.failed(event.op, event.error);
      case "wake":
        this.#votes.wake(nowMs, out);
        this.tickets.expire(nowMs);
        for (let link = this.#deadlines.popDue(nowMs); link !== undefined; link = this.#deadlines.popDue(nowMs))
          this.#drop(link);
        return;
      case "stop":
        for (const { link, isComplete } of this.#connections.values()) if (!isComplete) this.#drop(link);
        return;
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    return Math.min(this.#deadlines.nextMs, this.#votes.nextMs, this.tickets.nextMs);
  }

  #receive(link: LinkId, bytes: Uint8Array): void {
    const connection = this.#connections.get(link);
    if (connection === undefined) return;
    if (connection.isEmpty) this.#deadlines.set(link, this.#nowMs + this.#limits.frameTimeoutMs);
    const outcome = connection.receive(bytes, this.#nowMs, this.#rules);
    if (outcome === undefined) return;
    this.#deadlines.delete(link);
    if (outcome !== "ready") return this.#send(connection, outcome);
    const { group, command, body } = connection;
    if (body.length === 0 && !takesNoBody(group)) return this.#answer(connection, Status.errorEmptyRequest);
    this.#handlers.get(key(group, command))!(connection);
  }

  #reportVersion(connection: Connection): void {
    this.#answer(connection, Status.success, payloadOf(encodeVersionReply({ version: this.#version })));
  }

  #detect(connection: Connection): void {
    if (!this.#hasWholeCoins(connection, 18, 21)) return;
    const { coins } = decodeDetectRequest(connection.body);
    this.#withPages(connection, coins, () => {
      const passed = coins.map((coin) => this.#pages.isAuthentic(coin, coin.an));
      this.#answerCoins(connection, passed);
    });
  }

  #pown(connection: Connection): void {
    if (!this.#hasWholeCoins(connection, 18, 37)) return;
    const { coins } = decodePownRequest(connection.body);
    this.#withPages(connection, coins, () => {
      const mfs = monthFromStart(this.#env.unixNs());
      // By record, not by coin: in `reference` several serial numbers share one. A coin that stands twice has its
      // new number by the second time, as when the server takes one after the other, and is written once.
      const writes = new Map<string, Write>();
      const passed = coins.map(({ denomination, serial, an, pan }) => {
        const coin = { denomination, serial };
        const record = this.#pages.recordOf(coin);
        const current = writes.get(record)?.an;
        const isRight = current === undefined ? this.#pages.isAuthentic(coin, an) : equalBytes(current, an);
        if (isRight) writes.set(record, { ...coin, an: pan, mfs });
        return isRight;
      });
      this.#store(connection, [...writes.values()], () => this.#answerCoins(connection, passed));
    });
  }

  #getTicket(connection: Connection): void {
    if (!this.#hasWholeCoins(connection, 18, 21)) return;
    const { coins } = decodeGetTicketRequest(connection.body);
    this.#withPages(connection, coins, () => {
      if (!coins.every((coin) => this.#pages.has(coin)))
        return this.#answer(connection, Status.errorSerialOrDenomination);
      const passed = coins.map((coin) => this.#pages.isAuthentic(coin, coin.an));
      const named = coins.filter((_, i) => passed[i]).map(({ denomination, serial }) => ({ denomination, serial }));
      if (named.length === 0) return this.#answer(connection, Status.allFail);
      const ticket = this.tickets.issue(named, this.#nowMs);
      if (ticket === undefined) return this.#answer(connection, Status.errorNoTicketSlot);
      const all = named.length === coins.length;
      const reply = all ? encodeGetTicketReply({ ticket }) : encodeGetTicketMixedReply({ passed, ticket });
      this.#answer(connection, coinStatus(passed), payloadOf(reply));
    });
  }

  #validateTicket(connection: Connection): void {
    const { body } = connection;
    if (body.length !== 23) return this.#answer(connection, Status.errorPacketLength);
    if (body[16]! >= RAIDA_COUNT) return this.#answer(connection, Status.errorWrongRaida);
    const { claimerId, ticket } = decodeValidateTicketRequest(body);
    const coins = this.tickets.claim(ticket, claimerId, this.#nowMs);
    if (coins === "unknown") return this.#answer(connection, Status.errorNoTicketFound);
    if (coins === "claimed") return this.#answer(connection, Status.errorTicketClaimedAlready);
    this.#answer(connection, Status.success, payloadOf(encodeValidateTicketReply({ coins: [...coins] })));
  }

  #find(connection: Connection): void {
    if (!this.#hasWholeCoins(connection, 18, 37)) return;
    const { coins } = decodeFindRequest(connection.body);
    this.#withPages(connection, coins, () => {
      if (!coins.every((coin) => this.#pages.has(coin)))
        return this.#answer(connection, Status.errorSerialOrDenomination);
      const results = coins.map((coin): FindResult => {
        if (this.#pages.isAuthentic(coin, coin.an)) return FindResult.an;
        return this.#pages.isAuthentic(coin, coin.pan) ? FindResult.pan : FindResult.neither;
      });
      const status = findStatus(results);
      this.#answer(
        connection,
        status,
        status === Status.findMixed ? payloadOf(encodeFindMixedReply({ results })) : undefined,
      );
    });
  }

  #fix(connection: Connection): void {
    if (!this.#hasWholeCoins(connection, 134, 5)) return;
    const { coins, panGenerator, tickets } = decodeFixRequest(connection.body);
    this.#withPages(connection, coins, () => {
      if (!coins.every((coin) => this.#pages.has(coin)))
        return this.#answer(connection, Status.errorSerialOrDenomination);
      // Ticket 0 names nothing. The reference asks with it all the same.
      const asked = tickets
        .map((_, id) => id)
        .filter((id) => id !== this.#raidaId && (this.#profile === "reference" || tickets[id] !== 0));
      this.#votes.start(
        tickets,
        asked,
        this.#nowMs,
        (votes) => this.#applyVotes(connection, coins, panGenerator, votes),
        this.#out,
      );
    });
  }

  /** Gives new numbers to the coins that enough servers vouch for. This server's own voice counts as one. */
  #applyVotes(
    connection: Connection,
    coins: readonly CoinName[],
    pg: Uint8Array,
    votes: ReadonlyMap<string, number>,
  ): void {
    const seen = new Set<string>();
    const passed = coins.map((coin) => {
      const name = coinName(coin);
      const isFirst = !seen.has(name);
      seen.add(name);
      return isFirst && 1 + (votes.get(name) ?? 0) >= this.#threshold;
    });
    const fixed = coins.filter((_, i) => passed[i]);
    const pans = md5Pans({
      raidaId: this.#raidaId,
      denominations: Int8Array.from(fixed, (coin) => coin.denomination),
      serials: Uint32Array.from(fixed, (coin) => coin.serial),
      pg,
    });
    const mfs = monthFromStart(this.#env.unixNs());
    const writes = fixed.map(({ denomination, serial }, i): Write => ({
      denomination,
      serial,
      an: pans.subarray(16 * i, 16 * i + 16),
      mfs,
    }));
    this.#withPages(connection, coins, () => {
      this.#store(connection, writes, () => this.#answerCoins(connection, passed));
    });
  }

  /** Goes on when the pages of the coins are there and quiet. */
  #withPages(connection: Connection, coins: readonly CoinName[], then: () => void): void {
    const run = (error?: WireIssue): void => (error === undefined ? then() : this.#reportDisk(connection, error));
    this.#pages.whenReady(coins, run, this.#out);
  }

  /** Goes on when all changes are stored: only then may they be acknowledged. */
  #store(connection: Connection, writes: readonly Write[], then: () => void): void {
    const done = (error?: WireIssue): void => (error === undefined ? then() : this.#reportDisk(connection, error));
    this.#pages.write(writes, done, this.#out);
  }

  #reportDisk(connection: Connection, error: WireIssue): void {
    this.#out.push({
      type: "log",
      level: "error",
      message: "the disk failed",
      fields: { code: error.code, actual: error.actual ?? "" },
    });
    this.#answer(connection, Status.errorFilesystem);
  }

  /** The two checks on length that every command with coins makes: at least one coin, and whole ones. */
  #hasWholeCoins(connection: Connection, around: number, coinBytes: number): boolean {
    const rest = connection.body.length - around;
    if (rest >= coinBytes && rest % coinBytes === 0) return true;
    this.#answer(connection, rest < coinBytes ? Status.errorPacketLength : Status.errorCoinsNotDivisible);
    return false;
  }

  #answerCoins(connection: Connection, passed: readonly boolean[]): void {
    const status = coinStatus(passed);
    this.#answer(
      connection,
      status,
      status === Status.mixed ? payloadOf(encodeMixedReply({ passed: [...passed] })) : undefined,
    );
  }

  #answer(connection: Connection, status: Status, payload?: Uint8Array): void {
    const { group, command } = connection;
    this.#send(connection, connection.answer(status, payload, this.#nowMs));
    this.#out.push({
      type: "log",
      level: "debug",
      message: "answered",
      fields: { group, command, status: statusName(status) },
    });
    this.#out.push({ type: "emit", event: { type: "answered", group, command, status } });
  }

  #send(connection: Connection, bytes: Uint8Array): void {
    if (!this.#connections.delete(connection.link)) return;
    this.#deadlines.delete(connection.link);
    this.#out.push({ type: "write", link: connection.link, bytes }, { type: "shut", link: connection.link });
  }

  #drop(link: LinkId): void {
    this.#connections.delete(link);
    this.#deadlines.delete(link);
    this.#out.push({ type: "shut", link });
  }
}

function key(group: number, command: number): number {
  return (group << 8) | command;
}

/** A reply without the trailer, which the connection puts behind every payload. */
function payloadOf(reply: Uint8Array): Uint8Array {
  return reply.subarray(0, reply.length - TRAILER_BYTES);
}

function findStatus(results: readonly FindResult[]): Status {
  const first = results[0];
  if (results.some((result) => result !== first)) return Status.findMixed;
  if (first === FindResult.an) return Status.findAllAn;
  return first === FindResult.pan ? Status.findAllPan : Status.findNeither;
}
