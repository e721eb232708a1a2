import { own } from "../../../bytes/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import { CommandGroup, KeyExchangeCommand, Status, StatusCommand } from "../../../codec/gen/raida/index.js";
import {
  countDown,
  type Env,
  type Event,
  type LinkId,
  type Machine,
  type Millis,
  addressPrefix,
  AmplificationLimit,
} from "../../../machine/index.js";
import { BODY_BYTES_MAX } from "../protocol.js";
import { announcedBodyLength, requestHeaderSize, TYPE_AT } from "../wire/encryption.js";
import { AUTH_COMMANDS } from "./commands/auth.js";
import { HEALING_COMMANDS } from "./commands/healing.js";
import { KEY_EXCHANGE_COMMANDS } from "./commands/key-exchange.js";
import { LOCKER_COMMANDS } from "./commands/locker.js";
import { STATUS_COMMANDS } from "./commands/status.js";
import { Connection } from "./connection.js";
import { ServerContext, type Command, type ServerEffects, type RaidaServerEvent } from "./context.js";
import type { FreeCoins } from "./free-coins.js";
import { Intake, Rooms } from "./intake.js";
import { findKey } from "./keys.js";
import { Lockers } from "./lockers.js";
import { emptyStatus, keyOf, registeredCommands } from "./registered.js";
import { settingsOf, type ServerSettings, type RaidaServerOptions } from "./options.js";
import { Pages } from "./pages.js";
import { Request, type Dialect, type HeaderRules, type Origin } from "./request.js";
import { TicketPool } from "./tickets.js";
import { PendingConnections } from "./pending-connections.js";
import { Votes } from "./votes.js";

/** Of all links, those whose request is not whole. The rest stays free for requests that come in one piece. */
const UNFINISHED_SHARE_MAX = 3 / 4;

/** Commands that are carried out without a body; every other answers that it is empty. */
const BODILESS: ReadonlySet<Command> = new Set(
  [...STATUS_COMMANDS, ...KEY_EXCHANGE_COMMANDS]
    .filter(
      ([group, number]) =>
        (group === CommandGroup.status && number !== StatusCommand.showStats) ||
        // It looks at the length itself.
        (group === CommandGroup.keyExchange && number === KeyExchangeCommand.fixEncryption),
    )
    .map(([, , command]) => command),
);

/** One RAIDA server: coins on pages, tickets, and fixes on the word of the others. One request, one answer. */
export class RaidaServer implements Machine<never, never, RaidaServerEvent> {
  /** A client may close its sending half and still read. */
  readonly halfOpen = true;
  readonly #settings: ServerSettings;
  readonly #dialect: Dialect;
  readonly #rules: HeaderRules;
  readonly #commands: ReadonlyMap<number, Command>;
  readonly #node: ServerContext;
  readonly #connections = new Map<LinkId, Connection>();
  readonly #unfinished = new PendingConnections();
  readonly #amplification: AmplificationLimit;
  readonly #rooms = new Rooms();

  /** @throws WireError `argument` */
  constructor(options: RaidaServerOptions, env: Env) {
    const settings = settingsOf(options);
    const { raidaId, coinId, peers, peerTimeoutMs, ticketSlots, ticketLifeMs } = settings;
    const random = (n: number): Uint8Array => env.random(n);
    this.#settings = settings;
    this.#amplification = new AmplificationLimit(settings.limits);
    this.#dialect = {
      raidaId,
      layout: settings.type45Layout,
      replyCounter: settings.replyCounter,
      counterBits: settings.counterBits,
      random,
    };
    const tables = [STATUS_COMMANDS, AUTH_COMMANDS, HEALING_COMMANDS, LOCKER_COMMANDS].flat();
    this.#commands = new Map([
      ...tables.map(([group, number, command]) => [keyOf(group, number), command] as const),
      ...KEY_EXCHANGE_COMMANDS.map(
        ([, number, command]) => [keyOf(settings.keyExchangeGroup, number), command] as const,
      ),
    ]);
    const registered = registeredCommands(settings.keyExchangeGroup);
    this.#rules = { raidaId, coinId, hasCommand: (group, command) => registered.has(keyOf(group, command)) };
    const isReference = settings.profile === "reference";
    const lockers = new Lockers({ repeatsCoins: isReference });
    // The reference forgets its lockers when it restarts.
    const onRead = isReference ? undefined : lockers.learn.bind(lockers);
    this.#node = new ServerContext({
      settings,
      env,
      pages: new Pages(settings.profile, settings.limits.cacheBytesMax, onRead),
      tickets: new TicketPool(ticketSlots, ticketLifeMs, random),
      votes: new Votes({ raidaId, coinId, peers, peerTimeoutMs, random, nextLink: countDown() }),
      lockers,
      send: (origin, bytes) => this.#send(origin, bytes),
    });
  }

  /** The pool, open so that a state can be restored. */
  get tickets(): TicketPool {
    return this.#node.tickets;
  }

  /** The index of lockers, open so that a state can be restored. */
  get lockers(): Lockers {
    return this.#node.lockers;
  }

  /** Which coins nobody has yet, of the pages that have been read: all of them after an audit. */
  get freeCoins(): FreeCoins {
    return this.#node.pages.free;
  }

  /** The coins of a denomination that nobody has yet, in their order. Reads pages that were not read before. */
  findFreeSerials(denomination: number, done: (outcome: Result<number[]>) => void, out: ServerEffects): void {
    this.#node.census.take((_, error) => {
      done(error === undefined ? { ok: true, value: this.freeCoins.freeSerials(denomination) } : { ok: false, error });
    }, out);
  }

  /** Whether nobody has a coin yet; false where the server has no such coin. Reads its page if need be. */
  findFree(denomination: number, serial: number, done: (outcome: Result<boolean>) => void, out: ServerEffects): void {
    const run = (error?: WireIssue): void =>
      done(
        error === undefined
          ? { ok: true, value: this.freeCoins.isFree(denomination, serial) === true }
          : { ok: false, error },
      );
    this.#node.pages.whenReady([{ denomination, serial }], run, out);
  }

  step(event: Event<never>, nowMs: Millis, out: ServerEffects): void {
    const node = this.#node;
    node.nowMs = nowMs;
    node.out = out;
    switch (event.type) {
      case "opened":
        if (node.votes.opened(event.link, out)) return;
        return this.#accept(event.link, event.peer);
      case "bytes":
        if (!node.votes.received(event.link, event.bytes, out)) this.#receive(event.link, event.bytes);
        return;
      case "datagram":
        return this.#receiveDatagram(event.peer, event.bytes);
      case "ended":
        // Nobody will complete the request; an answer that is being prepared is still wanted.
        if (this.#connections.get(event.link)?.isComplete === false) this.#close(event.link);
        return;
      case "closed":
        if (node.votes.closed(event.link, out)) return;
        this.#forget(event.link);
        return;
      case "loaded":
        return node.pages.loaded(event.op, event.bytes, out);
      case "stored":
        return node.pages.stored(event.op);
      case "failed":
        return node.pages.failed(event.op, event.error, out);
      case "wake":
        node.votes.wake(nowMs, out);
        node.tickets.expire(nowMs);
        this.#amplification.expire(nowMs);
        for (let link = this.#unfinished.popDue(nowMs); link !== undefined; link = this.#unfinished.popDue(nowMs))
          this.#drop(link, "slow");
        return;
      case "stop":
        for (const { link, isComplete } of this.#connections.values()) if (!isComplete) this.#close(link);
        return;
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    const { votes, tickets } = this.#node;
    return Math.min(this.#unfinished.nextMs, votes.nextMs, tickets.nextMs, this.#amplification.nextMs);
  }

  #accept(link: LinkId, peer: string): void {
    const { linksMax, idleTimeoutMs } = this.#settings.limits;
    const { nowMs } = this.#node;
    this.#connections.set(link, new Connection(link, nowMs, this.#rooms));
    this.#unfinished.add(link, addressPrefix(peer), nowMs + idleTimeoutMs);
    if (this.#unfinished.size <= linksMax * UNFINISHED_SHARE_MAX) return;
    const crowded = this.#unfinished.pickVictim();
    if (crowded !== undefined) this.#drop(crowded, "crowded");
  }

  #receive(link: LinkId, bytes: Uint8Array): void {
    const connection = this.#connections.get(link);
    if (connection === undefined || connection.isComplete) return;
    const { frameBytesMax, headerTimeoutMs, frameTimeoutMs } = this.#settings.limits;
    const { nowMs } = this.#node;
    if (connection.isEmpty) {
      connection.firstByteMs = nowMs;
      this.#unfinished.setDeadline(link, nowMs + Math.min(headerTimeoutMs, frameTimeoutMs));
    }
    connection.push(bytes);
    if (connection.request === undefined) {
      const header = connection.header();
      if (header === undefined) return;
      this.#unfinished.setDeadline(link, connection.firstByteMs + frameTimeoutMs);
      connection.request = new Request({ link }, header, connection.openedMs, this.#dialect);
      const isTooLong = header.length + announcedBodyLength(header) > frameBytesMax;
      this.#begin(connection.request, isTooLong ? Status.errorPacketLength : undefined);
      if (!this.#connections.has(link)) return;
    }
    if (!connection.completes(connection.request)) return;
    this.#unfinished.delete(link);
    this.#proceed(connection.request);
  }

  /** One datagram is one request. What has no whole header gets no answer; what follows the body is passed over. */
  #receiveDatagram(peer: string, datagram: Uint8Array): void {
    this.#node.statistics.udpRequests++;
    const length = Math.min(datagram.length, this.#settings.datagramBytesMax);
    if (length <= TYPE_AT) return;
    const at = requestHeaderSize(datagram[TYPE_AT]!);
    if (length < at) return;
    const origin = { peer, sizeBytes: datagram.length };
    const request = new Request(origin, own(datagram.subarray(0, at)), this.#node.nowMs, this.#dialect);
    const end = at + announcedBodyLength(request.header);
    if (length >= end) {
      const intake = new Intake(this.#rooms);
      intake.push(datagram.subarray(at, end), BODY_BYTES_MAX);
      request.takeBody(intake.bytes, intake);
    }
    this.#begin(request, length < end ? Status.errorPacketLength : undefined);
    this.#proceed(request);
  }

  /**
   * A header is whole: is it sound, and under which key is the body?
   * @param flaw what is wrong with the length, which a missing key precedes
   */
  #begin(request: Request, flaw?: Status): void {
    const failed = request.checkHeader(this.#rules);
    if (failed !== undefined) return this.#node.answer(request, failed);
    findKey(request, this.#node, (key) => {
      if (typeof key === "number") return this.#node.answer(request, key);
      request.takeKey(key);
      if (flaw !== undefined) return this.#node.answer(request, flaw);
      this.#proceed(request);
    });
  }

  /** Carries out a request once body and key are there, whichever came last. */
  #proceed(request: Request): void {
    if (!request.becomesWhole()) return;
    const refused = request.open();
    if (refused !== undefined) return this.#node.answer(request, refused);
    const command = this.#commands.get(keyOf(request.group, request.command));
    if (request.body.length === 0 && (command === undefined || !BODILESS.has(command)))
      return this.#node.answer(request, emptyStatus(request, this.#settings));
    if (command === undefined) return this.#node.answer(request, Status.errorCommand);
    command(request, this.#node);
  }

  #send(origin: Origin, bytes: Uint8Array): void {
    const { out, nowMs } = this.#node;
    if ("peer" in origin) {
      const { peer } = origin;
      if (this.#amplification.allows(peer, bytes.length - origin.sizeBytes, nowMs)) {
        out.push({ type: "datagram", peer, bytes });
      } else {
        out.push({ type: "emit", event: { type: "suppressed", peer, sizeBytes: bytes.length } });
      }
      return;
    }
    const { link } = origin;
    if (!this.#connections.has(link)) return;
    this.#remove(link);
    out.push({ type: "write", link, bytes }, { type: "shut", link });
  }

  #drop(link: LinkId, reason: "slow" | "crowded"): void {
    this.#close(link);
    this.#node.out.push({ type: "emit", event: { type: "dropped", reason } });
  }

  #close(link: LinkId): void {
    this.#forget(link);
    this.#node.out.push({ type: "shut", link });
  }

  #forget(link: LinkId): void {
    const connection = this.#connections.get(link);
    // Of a whole request something may still be under way that needs its key.
    if (connection?.isComplete === false) connection.request?.[Symbol.dispose]();
    this.#remove(link);
  }

  #remove(link: LinkId): void {
    this.#connections.get(link)?.[Symbol.dispose]();
    this.#connections.delete(link);
    this.#unfinished.delete(link);
  }
}
