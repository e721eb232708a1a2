import { own } from "../../bytes/index.js";
import { CommandGroup, KeyExchangeCommand, Status, StatusCommand } from "../../codec/gen/raida/index.js";
import {
  countDown,
  DeadlineHeap,
  type Env,
  type Event,
  type LinkId,
  type Machine,
  type Millis,
} from "../../machine/index.js";
import { announcedBodyLength, requestHeaderSize, TYPE_AT } from "../wire/encryption.js";
import { AUTH_COMMANDS } from "./commands/auth.js";
import { HEALING_COMMANDS } from "./commands/healing.js";
import { KEY_EXCHANGE_COMMANDS } from "./commands/key-exchange.js";
import { LOCKER_COMMANDS } from "./commands/locker.js";
import { STATUS_COMMANDS } from "./commands/status.js";
import { Connection } from "./connection.js";
import { NodeContext, type Command, type NodeEffects, type RaidaNodeEvent } from "./context.js";
import { findKey } from "./keys.js";
import { Lockers } from "./lockers.js";
import { settingsOf, type NodeSettings, type RaidaNodeOptions } from "./options.js";
import { Pages } from "./pages.js";
import { Request, type Dialect, type HeaderRules, type Origin } from "./request.js";
import { TicketPool } from "./tickets.js";
import { Votes } from "./votes.js";

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
export class RaidaNode implements Machine<never, never, RaidaNodeEvent> {
  /** A client may close its sending half and still read. */
  readonly halfOpen = true;
  readonly #settings: NodeSettings;
  readonly #dialect: Dialect;
  readonly #rules: HeaderRules;
  readonly #commands: ReadonlyMap<number, Command>;
  readonly #node: NodeContext;
  readonly #connections = new Map<LinkId, Connection>();
  readonly #deadlines = new DeadlineHeap<LinkId>();

  /** @throws WireError `argument` */
  constructor(options: RaidaNodeOptions, env: Env) {
    const settings = settingsOf(options);
    const { raidaId, coinId, peers, peerTimeoutMs, ticketSlots, ticketLifeMs } = settings;
    const random = (n: number): Uint8Array => env.random(n);
    this.#settings = settings;
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
    this.#rules = { raidaId, coinId, serves: (group, command) => this.#commands.has(keyOf(group, command)) };
    this.#node = new NodeContext({
      settings,
      env,
      pages: new Pages(settings.profile),
      tickets: new TicketPool(ticketSlots, ticketLifeMs, random),
      votes: new Votes({ raidaId, coinId, peers, peerTimeoutMs, random, nextLink: countDown() }),
      lockers: new Lockers(),
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

  step(event: Event<never>, nowMs: Millis, out: NodeEffects): void {
    const node = this.#node;
    node.nowMs = nowMs;
    node.out = out;
    switch (event.type) {
      case "opened":
        if (node.votes.opened(event.link, out)) return;
        this.#connections.set(event.link, new Connection(event.link, nowMs));
        this.#deadlines.set(event.link, nowMs + this.#settings.limits.idleTimeoutMs);
        return;
      case "bytes":
        if (!node.votes.received(event.link, event.bytes, out)) this.#receive(event.link, event.bytes);
        return;
      case "datagram":
        return this.#receiveDatagram(event.peer, event.bytes);
      case "ended":
        // Nobody will complete the request; an answer that is being prepared is still wanted.
        if (this.#connections.get(event.link)?.isComplete === false) this.#drop(event.link);
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
    return Math.min(this.#deadlines.nextMs, this.#node.votes.nextMs, this.#node.tickets.nextMs);
  }

  #receive(link: LinkId, bytes: Uint8Array): void {
    const connection = this.#connections.get(link);
    if (connection === undefined || connection.isComplete) return;
    if (connection.isEmpty) this.#deadlines.set(link, this.#node.nowMs + this.#settings.limits.frameTimeoutMs);
    connection.push(bytes);
    if (connection.request === undefined) {
      const header = connection.header();
      if (header === undefined) return;
      connection.request = new Request({ link }, header, connection.openedMs, this.#dialect);
      this.#begin(connection.request);
      if (!this.#connections.has(link)) return;
    }
    const body = connection.takeBody(connection.request.header);
    if (body === undefined) return;
    this.#deadlines.delete(link);
    connection.request.takeBody(body);
    this.#proceed(connection.request);
  }

  /** One datagram is one request. What has no whole header gets no answer; what follows the body is passed over. */
  #receiveDatagram(peer: string, datagram: Uint8Array): void {
    this.#node.statistics.udpRequests++;
    const bytes = own(datagram.subarray(0, this.#settings.datagramBytesMax));
    if (bytes.length <= TYPE_AT) return;
    const headerBytes = requestHeaderSize(bytes[TYPE_AT]!);
    if (bytes.length < headerBytes) return;
    const request = new Request({ peer }, bytes.subarray(0, headerBytes), this.#node.nowMs, this.#dialect);
    const end = headerBytes + announcedBodyLength(request.header);
    if (bytes.length >= end) request.takeBody(bytes.subarray(headerBytes, end));
    this.#begin(request, bytes.length < end ? Status.errorPacketLength : undefined);
    this.#proceed(request);
  }

  /** A header is whole: is it sound, and under which key is the body? @param flaw what is wrong with a sound header */
  #begin(request: Request, flaw?: Status): void {
    const failed = request.checkHeader(this.#rules) ?? flaw;
    if (failed !== undefined) return this.#node.answer(request, failed);
    findKey(request, this.#node, (key) => {
      if (typeof key === "number") return this.#node.answer(request, key);
      request.takeKey(key);
      this.#proceed(request);
    });
  }

  /** Carries out a request once body and key are there, whichever came last. */
  #proceed(request: Request): void {
    if (!request.becomesWhole()) return;
    const refused = request.open();
    if (refused !== undefined) return this.#node.answer(request, refused);
    const command = this.#commands.get(keyOf(request.group, request.command))!;
    if (request.body.length === 0 && !BODILESS.has(command))
      return this.#node.answer(request, Status.errorEmptyRequest);
    command(request, this.#node);
  }

  #send(origin: Origin, bytes: Uint8Array): void {
    const { out } = this.#node;
    if ("peer" in origin) {
      out.push({ type: "datagram", peer: origin.peer, bytes });
      return;
    }
    const { link } = origin;
    if (!this.#connections.delete(link)) return;
    this.#deadlines.delete(link);
    out.push({ type: "write", link, bytes }, { type: "shut", link });
  }

  #drop(link: LinkId): void {
    this.#forget(link);
    this.#node.out.push({ type: "shut", link });
  }

  #forget(link: LinkId): void {
    const connection = this.#connections.get(link);
    // Of a whole request something may still be under way that needs its key.
    if (connection?.isComplete === false) connection.request?.[Symbol.dispose]();
    this.#connections.delete(link);
    this.#deadlines.delete(link);
  }
}

function keyOf(group: number, command: number): number {
  return (group << 8) | command;
}
