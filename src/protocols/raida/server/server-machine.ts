/** The machine of a RAIDA server: connections, datagrams, deadlines and the dispatch of commands. */
import { own } from "../../../bytes/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import {
  CommandGroup,
  KeyExchangeCommand,
  RESPONSE_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_MODERN_SIZE,
  Status,
  StatusCommand,
} from "../../../codec/gen/raida/index.js";
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
import { outgoingLinksOf } from "../../../limits.js";
import { BODY_BYTES_MAX, RAIDA_COUNT } from "../protocol.js";
import { announcedBodyLength, requestHeaderSize, TYPE_AT } from "../wire/encryption.js";
import { AUTH_COMMANDS } from "./commands/auth.js";
import { HEALING_COMMANDS } from "./commands/healing.js";
import { KEY_EXCHANGE_COMMANDS } from "./commands/key-exchange.js";
import { LOCKER_COMMANDS } from "./commands/locker.js";
import { STATUS_COMMANDS } from "./commands/status.js";
import { Connection } from "./connection.js";
import { ServerContext, type Command, type DropReason, type ServerEffects, type RaidaServerEvent } from "./context.js";
import { FixQueue } from "./fix-queue.js";
import type { FreeCoins } from "./free-coins.js";
import { PooledBuffer, BufferPool } from "./buffer-pool.js";
import { findKey } from "./keys.js";
import { Lockers } from "./lockers.js";
import { emptyStatus, keyOf, registeredCommands } from "./registered.js";
import { settingsOf, type ServerSettings, type RaidaServerOptions } from "./options.js";
import { Pages } from "./pages.js";
import { Request, type CipherSettings, type HeaderRules, type Origin } from "./request.js";
import { TicketPool } from "./tickets.js";
import { PendingConnections } from "./pending-connections.js";
import { Votes } from "./votes.js";

/** How long a fix waits for its start: clients wait 40 s for a fix, 32 s of which its peers may take. */
const FIX_WAIT_MS = 5_000;

/**
 * Datagrams whose request is not yet answered; more are dropped. Most are answered at once, but while a disk stalls,
 * each that waits for it keeps a few KiB: without a bound, 50,000 a second of one sender would fill the memory.
 */
const DATAGRAMS_MAX = 4_096;

/** Bytes of a refusal, which is a header alone. */
const REFUSAL_SIZES: ReadonlySet<number> = new Set([RESPONSE_HEADER_LEGACY_SIZE, RESPONSE_HEADER_MODERN_SIZE]);

/**
 * What a server finds wrong with a refusal of another server. Two servers that refuse each
 * other's refusals never end, and one datagram with the address of one to the other starts them.
 */
const MISDIRECTED: ReadonlySet<Status | undefined> = new Set([
  Status.errorRouting,
  Status.errorSplitId,
  Status.errorRaidaId,
]);

/** Share of links that may hold incomplete requests; the rest is reserved for complete ones. */
const PENDING_SHARE_MAX = 3 / 4;

/** Commands that are allowed without a body. All others then answer an error. */
const BODILESS: ReadonlySet<Command> = new Set(
  [...STATUS_COMMANDS, ...KEY_EXCHANGE_COMMANDS]
    .filter(
      ([group, number]) =>
        (group === CommandGroup.status && number !== StatusCommand.showStats) ||
        // This command checks the length itself.
        (group === CommandGroup.keyExchange && number === KeyExchangeCommand.fixEncryption),
    )
    .map(([, , command]) => command),
);

const DAMAGED: WireIssue = Object.freeze({
  code: "storage",
  format: "page",
  path: "",
  expected: "a whole page",
  actual: "a damaged one",
});

/** A RAIDA server as a machine: coins on pages, tickets, lockers, and fixes by the votes of other servers. */
export class RaidaServer implements Machine<never, never, RaidaServerEvent> {
  /** A client may close its sending half and still read. */
  readonly halfOpen = true;
  readonly #settings: ServerSettings;
  readonly #ciphers: CipherSettings;
  readonly #rules: HeaderRules;
  readonly #commands: ReadonlyMap<number, Command>;
  readonly #context: ServerContext;
  readonly #connections = new Map<LinkId, Connection>();
  readonly #pending = new PendingConnections();
  readonly #amplification: AmplificationLimit;
  readonly #bufferPool = new BufferPool();
  /** Requests by datagram that are not yet answered. */
  #datagrams = 0;

  /** @throws WireError `argument` */
  constructor(options: RaidaServerOptions, env: Env) {
    const settings = settingsOf(options);
    const { raidaId, coinId, peers, peerTimeoutMs, ticketSlots, ticketLifeMs, ticketsPerPrefixMax } = settings;
    const { kinds, fixesMax, fixesPerPrefixMax } = settings;
    const random = (n: number): Uint8Array => env.random(n);
    this.#settings = settings;
    this.#amplification = new AmplificationLimit(settings.limits);
    this.#ciphers = {
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
    // The C server forgets its lockers when it restarts.
    const onRead = isReference ? undefined : lockers.addPage.bind(lockers);
    this.#context = new ServerContext({
      settings,
      env,
      pages: new Pages(settings.profile, settings.limits.cacheBytesMax, onRead),
      tickets: new TicketPool({
        slots: ticketSlots,
        lifeMs: ticketLifeMs,
        // The pool of a C server has no bounds within it.
        perSourceMax: isReference ? Infinity : ticketsPerPrefixMax,
        random,
      }),
      votes: new Votes({ raidaId, coinId, peers, peerTimeoutMs, kinds, random, nextLink: countDown() }),
      fixes: new FixQueue({
        fixesMax: Math.min(fixesMax, Math.max(1, Math.floor(outgoingLinksOf(settings.limits) / (RAIDA_COUNT - 1)))),
        fixesPerSourceMax: fixesPerPrefixMax,
        waitMs: FIX_WAIT_MS,
      }),
      lockers,
      send: (origin, bytes) => this.#send(origin, bytes),
    });
  }

  /** The pool of tickets, public so that a state can be restored. */
  get tickets(): TicketPool {
    return this.#context.tickets;
  }

  /** The index of lockers, public so that a state can be restored. */
  get lockers(): Lockers {
    return this.#context.lockers;
  }

  /** Index of the free coins on the pages that were read; after an audit, on all pages. */
  get freeCoins(): FreeCoins {
    return this.#context.pages.free;
  }

  /** Finds the free coins of a denomination, in ascending order. Reads its pages that were not read before. */
  findFreeSerials(denomination: number, done: (outcome: Result<number[]>) => void, out: ServerEffects): void {
    const counted = (_: unknown, error?: WireIssue): void =>
      done(error === undefined ? { ok: true, value: this.freeCoins.freeSerials(denomination) } : { ok: false, error });
    this.#context.coinCount.count(denomination, counted, out);
  }

  /** Finds out whether a coin is free; false if the server does not have it. Reads its page if necessary. */
  findFree(denomination: number, serial: number, done: (outcome: Result<boolean>) => void, out: ServerEffects): void {
    const run = (error?: WireIssue): void =>
      done(
        error === undefined
          ? { ok: true, value: this.freeCoins.isFree(denomination, serial) === true }
          : { ok: false, error },
      );
    this.#context.pages.whenReady([{ denomination, serial }], run, out);
  }

  step(event: Event<never>, nowMs: Millis, out: ServerEffects): void {
    const context = this.#context;
    context.nowMs = nowMs;
    context.out = out;
    switch (event.type) {
      case "opened":
        if (context.votes.opened(event.link, nowMs, out)) return;
        return this.#accept(event.link, event.peer);
      case "bytes":
        if (!context.votes.received(event.link, event.bytes, out)) this.#receive(event.link, event.bytes);
        return;
      case "datagram":
        return this.#receiveDatagram(event.peer, event.bytes);
      case "ended":
        // The sender will not complete the request. It still waits for the reply to a complete one.
        if (this.#connections.get(event.link)?.isComplete === false) this.#close(event.link);
        return;
      case "closed":
        if (context.votes.closed(event.link, out)) return;
        this.#forget(event.link);
        return;
      case "loaded":
        if (event.badAt === undefined) return context.pages.loaded(event.op, event.bytes, out);
        return context.pages.failed(event.op, DAMAGED, out);
      case "listed":
        return context.pages.listed(event.op, { ok: true, value: event.keys }, out);
      case "stored":
        return context.pages.stored(event.op);
      case "failed":
        return context.pages.failed(event.op, event.error, out);
      case "wake":
        context.votes.wake(nowMs, out);
        context.fixes.wake(nowMs);
        context.tickets.expire(nowMs);
        this.#amplification.expire(nowMs);
        for (let link = this.#pending.popDue(nowMs); link !== undefined; link = this.#pending.popDue(nowMs))
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
    const { votes, fixes, tickets } = this.#context;
    return Math.min(this.#pending.nextMs, votes.nextMs, fixes.nextMs, tickets.nextMs, this.#amplification.nextMs);
  }

  #accept(link: LinkId, peer: string): void {
    const { linksMax, idleTimeoutMs } = this.#settings.limits;
    const { nowMs } = this.#context;
    const prefix = addressPrefix(peer);
    this.#connections.set(link, new Connection(link, prefix, nowMs, this.#bufferPool));
    this.#pending.add(link, prefix, nowMs + idleTimeoutMs);
    if (this.#pending.size <= linksMax * PENDING_SHARE_MAX) return;
    const victim = this.#pending.pickVictim();
    if (victim !== undefined) this.#drop(victim, "crowded");
  }

  #receive(link: LinkId, bytes: Uint8Array): void {
    const connection = this.#connections.get(link);
    if (connection === undefined || connection.isComplete) return;
    const { frameBytesMax, headerTimeoutMs, frameTimeoutMs } = this.#settings.limits;
    const { nowMs } = this.#context;
    if (connection.isEmpty) {
      connection.firstByteMs = nowMs;
      this.#pending.setDeadline(link, nowMs + Math.min(headerTimeoutMs, frameTimeoutMs));
    }
    connection.push(bytes);
    if (connection.request === undefined) {
      const header = connection.header();
      if (header === undefined) return;
      this.#pending.setDeadline(link, connection.firstByteMs + frameTimeoutMs);
      connection.request = new Request({ link, prefix: connection.prefix }, header, connection.openedMs, this.#ciphers);
      const isTooLong = header.length + announcedBodyLength(header) > frameBytesMax;
      this.#begin(connection.request, isTooLong ? Status.errorPacketLength : undefined);
      if (!this.#connections.has(link)) return;
    }
    if (!connection.tryComplete(connection.request)) return;
    this.#pending.delete(link);
    this.#proceed(connection.request);
  }

  /**
   * Handles a datagram as one request. Without a complete header it gets no reply; bytes after the body are ignored.
   */
  #receiveDatagram(peer: string, datagram: Uint8Array): void {
    this.#context.statistics.udpRequests++;
    const length = Math.min(datagram.length, this.#settings.datagramBytesMax);
    if (length <= TYPE_AT) return;
    const at = requestHeaderSize(datagram[TYPE_AT]!);
    if (length < at) return;
    if (this.#datagrams >= DATAGRAMS_MAX) return this.#emitDropped("crowded");
    const origin = { peer, sizeBytes: datagram.length };
    const request = new Request(origin, own(datagram.subarray(0, at)), this.#context.nowMs, this.#ciphers);
    if (REFUSAL_SIZES.has(datagram.length) && MISDIRECTED.has(request.checkHeader(this.#rules))) {
      return this.#emitDropped("reply");
    }
    this.#datagrams++;
    const end = at + announcedBodyLength(request.header);
    if (length >= end) {
      const buffer = new PooledBuffer(this.#bufferPool);
      buffer.push(datagram.subarray(at, end), BODY_BYTES_MAX);
      request.takeBody(buffer.bytes, buffer);
    }
    this.#begin(request, length < end ? Status.errorPacketLength : undefined);
    this.#proceed(request);
  }

  /**
   * Checks a complete header and looks up its key.
   * @param lengthError status for a wrong length, which is answered after the checks of header and key
   */
  #begin(request: Request, lengthError?: Status): void {
    const failed = request.checkHeader(this.#rules);
    if (failed !== undefined) return this.#context.answer(request, failed);
    findKey(request, this.#context, (key) => {
      if (typeof key === "number") return this.#context.answer(request, key);
      request.takeKey(key);
      if (lengthError !== undefined) return this.#context.answer(request, lengthError);
      this.#proceed(request);
    });
  }

  /** Carries out a request once both body and key are available. */
  #proceed(request: Request): void {
    if (!request.becomesReady()) return;
    const refused = request.open();
    if (refused !== undefined) return this.#context.answer(request, refused);
    const command = this.#commands.get(keyOf(request.group, request.command));
    if (request.body.length === 0 && (command === undefined || !BODILESS.has(command)))
      return this.#context.answer(request, emptyStatus(request, this.#settings));
    if (command === undefined) return this.#context.answer(request, Status.errorCommand);
    command(request, this.#context);
  }

  #send(origin: Origin, bytes: Uint8Array): void {
    const { out, nowMs } = this.#context;
    if ("peer" in origin) {
      this.#datagrams--;
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

  #drop(link: LinkId, reason: DropReason): void {
    this.#close(link);
    this.#emitDropped(reason);
  }

  #emitDropped(reason: DropReason): void {
    this.#context.out.push({ type: "emit", event: { type: "dropped", reason } });
  }

  #close(link: LinkId): void {
    this.#forget(link);
    this.#context.out.push({ type: "shut", link });
  }

  #forget(link: LinkId): void {
    const connection = this.#connections.get(link);
    // A complete request may still be in progress and needs its key.
    if (connection?.isComplete === false) connection.request?.[Symbol.dispose]();
    this.#remove(link);
  }

  #remove(link: LinkId): void {
    this.#connections.get(link)?.[Symbol.dispose]();
    this.#connections.delete(link);
    this.#pending.delete(link);
  }
}
