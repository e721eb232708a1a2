/** The exchanges of a client: each sends one request over TCP or UDP and waits for its reply. */
import type { Result, WireErrorCode, WireIssue } from "../../../errors.js";
import { Status } from "../../../codec/gen/raida/index.js";
import { DeadlineHeap, type LinkId, type Millis } from "../../../machine/index.js";
import { isFailure, RAIDA_COUNT, type RaidaId, type Sink } from "../protocol.js";
import { ReceiveBuffer } from "../receive-buffer.js";
import { C_FIX_MS, NUDGE_MS } from "../server-kinds.js";
import { TRAILER, type ReplyCounter } from "../wire/encryption.js";
import { isFix, type PlainRequest } from "./plain-request.js";
import type { Sealer } from "./seal.js";
import type { Answer, EncryptedRequest } from "./encrypted-request.js";

/**
 * The transport of requests. `auto`: idempotent requests go by datagram if they fit, then over TCP if no reply comes;
 * all others go over TCP. `tcp`: no datagrams. `udp`: a datagram for every request that fits.
 */
export type RaidaTransport = "auto" | "tcp" | "udp";

/** Receives the answer of an exchange, or its error. */
export type Done = (answer: Result<Answer>) => void;

/** What exchanges have the host do. */
export type ExchangeEffect =
  | { readonly type: "connect"; readonly link: LinkId; readonly peer: string }
  | { readonly type: "write"; readonly link: LinkId; readonly bytes: Uint8Array }
  | { readonly type: "shut"; readonly link: LinkId }
  | { readonly type: "datagram"; readonly peer: string; readonly bytes: Uint8Array };

/** What {@link Exchanges} need of the client. */
export interface ExchangesOptions {
  /** "host:port" of each server by its id. */
  readonly servers: readonly string[];
  readonly sealer: Sealer;
  readonly transport: RaidaTransport;
  /** `auto` first probes each server with a version request, whose reply is known to be digits. */
  readonly replyCounter: ReplyCounter | "auto";
  /** The request by which `auto` probes a server. */
  readonly probe: (server: RaidaId) => PlainRequest;
  /** Concurrent requests to one server; a C server loses simultaneous connections. */
  readonly maxConnects: number;
  /** Whether a server counts as a C server. */
  readonly isCServer: (server: RaidaId) => boolean;
  /** A longer reply fails the exchange. */
  readonly replyBytesMax: number;
  readonly nextLink: () => LinkId;
}

/** Longest datagram that every server accepts (seeds/raida, transport). */
const DATAGRAM_BYTES_MAX = 1_400;
/** Waits for a reply to the first, second and third datagram; after the last one, datagrams are given up. */
const RESEND_MS: readonly Millis[] = [400, 800, 1_600];
/** Length of the shorter reply header. */
const REPLY_BYTES_MIN = 32;

/** One request and the state of its journey. */
interface Exchange {
  readonly sealed: EncryptedRequest;
  done: Done;
  /** Called when the exchange holds nothing more, however it ended. */
  readonly onOver: () => void;
  readonly inbox: ReceiveBuffer;
  state: "waiting" | "datagram" | "connecting" | "open" | "over";
  link: LinkId | undefined;
  openedMs: Millis;
  /** Empty connections opened so far, because no answer came. */
  nudges: number;
  /** True once nobody waits for the answer, and the server must not be left yet. */
  isLeft: boolean;
  /** Datagrams sent so far. */
  tries: number;
  /** The status of an unproven reply, reported if no proven one comes. */
  complaint: Status | undefined;
  /** True for the version request that finds the reply counter of a server. */
  readonly isProbe: boolean;
}

/** The exchanges with one server, and what the client knows of that server. */
interface ServerQueue {
  readonly server: RaidaId;
  readonly active: Set<Exchange>;
  readonly waiting: Exchange[];
  counter: ReplyCounter | undefined;
  /** True once the server answered over TCP a request that it had not answered by datagram. */
  udpUnresponsive: boolean;
}

/** A fix that a C server still carries out although its call has ended. */
export interface LeftFix {
  readonly server: RaidaId;
  /** For how long the client stays connected at most. */
  readonly remainingMs: Millis;
}

/** Identifies an exchange to {@link Exchanges.abandon}. */
export type ExchangeHandle = object;

/**
 * Carries out exchanges, one per connection or datagram, at most `maxConnects` at a time with each server. A reply
 * counts if it proves that the server read the request.
 */
export class Exchanges {
  readonly #options: ExchangesOptions;
  readonly #byLink = new Map<LinkId, Exchange>();
  readonly #queues: readonly ServerQueue[];
  /** Empty connections that are not yet open, by which a C server accepts the one of an exchange. */
  readonly #nudges = new Map<LinkId, Exchange>();
  readonly #left = new Set<Exchange>();
  readonly #deadlines = new DeadlineHeap<Exchange>();

  constructor(options: ExchangesOptions) {
    this.#options = options;
    const { replyCounter } = options;
    this.#queues = Array.from({ length: RAIDA_COUNT }, (_, server) => ({
      server,
      active: new Set<Exchange>(),
      waiting: [],
      counter: replyCounter === "auto" ? undefined : replyCounter,
      udpUnresponsive: false,
    }));
  }

  get nextMs(): Millis {
    return this.#deadlines.nextMs;
  }

  /** The fixes that C servers still carry out for calls that have ended. */
  leftFixes(nowMs: Millis): LeftFix[] {
    return [...this.#left].map(({ sealed, openedMs }) => ({
      server: sealed.request.server,
      remainingMs: Math.max(0, openedMs + C_FIX_MS - nowMs),
    }));
  }

  /**
   * Queues a request. @throws WireError if it cannot be sent, see {@link Sealer.seal}
   * @param onOver called when the exchange is over, also if it is abandoned
   */
  start(
    request: PlainRequest,
    done: Done,
    nowMs: Millis,
    out: Sink<ExchangeEffect>,
    onOver: () => void = () => {},
  ): ExchangeHandle {
    const exchange = newExchange(this.#options.sealer.seal(request), done, false, onOver);
    const queue = this.#queues[request.server]!;
    queue.waiting.push(exchange);
    this.#advance(queue, nowMs, out);
    return exchange;
  }

  /** Ends an exchange without calling `done`. A fix at a C server goes on: the server would crash if it was left. */
  abandon(handle: ExchangeHandle, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const exchange = handle as Exchange;
    if (exchange.state === "over") return;
    if (exchange.state === "open" && this.#isFixAtC(exchange) && nowMs < exchange.openedMs + C_FIX_MS) {
      exchange.done = () => {};
      exchange.isLeft = true;
      this.#left.add(exchange);
      this.#schedule(exchange);
      return;
    }
    const queue = this.#queueOf(exchange);
    const index = queue.waiting.indexOf(exchange);
    if (index >= 0) queue.waiting.splice(index, 1);
    this.#release(exchange, out);
    this.#abandonProbe(queue, out);
    this.#advance(queue, nowMs, out);
  }

  opened(link: LinkId, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    if (this.#nudges.delete(link)) out.push({ type: "shut", link });
    const exchange = this.#byLink.get(link);
    if (exchange === undefined) return;
    exchange.state = "open";
    exchange.openedMs = nowMs;
    this.#schedule(exchange);
    out.push({ type: "write", link, bytes: exchange.sealed.bytes });
  }

  received(link: LinkId, bytes: Uint8Array, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const exchange = this.#byLink.get(link);
    if (exchange === undefined) return;
    const { replyBytesMax } = this.#options;
    exchange.inbox.push(bytes, replyBytesMax);
    const length = exchange.sealed.replyLength(exchange.inbox.bytes);
    if (length === undefined) return;
    if (length > replyBytesMax) {
      this.#finish(
        exchange,
        refusal(exchange, "limit", `at most ${replyBytesMax} bytes`, `${length} bytes`),
        nowMs,
        out,
      );
    } else if (exchange.inbox.length >= length) {
      this.#answer(exchange, exchange.inbox.bytes.subarray(0, length), nowMs, out);
    }
  }

  /** Fails the exchange of a link. A reset after a whole reply finds no exchange: it has ended by then. */
  closed(link: LinkId, error: WireIssue | undefined, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    this.#nudges.delete(link);
    const exchange = this.#byLink.get(link);
    if (exchange === undefined) return;
    this.#byLink.delete(link);
    const { server } = exchange.sealed.request;
    const issue =
      exchange.state === "open"
        ? refusal(exchange, "closed", "a whole reply", `${exchange.inbox.length} bytes of it`)
        : refusal(
            exchange,
            "unreachable",
            this.#options.servers[server] ?? "a server",
            error?.actual ?? error?.code ?? "no connection",
          );
    this.#finish(exchange, issue, nowMs, out);
  }

  /**
   * Finds the exchange that a datagram answers. The source address proves nothing; the echoed challenge does. Servers
   * send some errors with the challenge of another client: such a reply makes the exchange change to TCP, or, with the
   * transport `udp`, becomes its result if no better reply comes.
   */
  datagram(peer: string, bytes: Uint8Array, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const queue = bytes.length < REPLY_BYTES_MIN ? undefined : this.#queues[bytes[0]!];
    if (queue === undefined) return;
    const pending = [...queue.active].filter((exchange) => exchange.state === "datagram");
    for (const exchange of pending) {
      const length = exchange.sealed.replyLength(bytes);
      if (length === undefined || length > bytes.length) continue;
      // Decoded replies may be views of these bytes and outlive the step, which the datagram's bytes do not.
      const reply = bytes.slice(0, length);
      const read = exchange.sealed.open(reply, queue.counter ?? "restart");
      if (read.ok ? read.value.isProven : read.error.code === "undecryptable") {
        // A probe is opened again under both counters.
        if (exchange.isProbe) return this.#answer(exchange, reply, nowMs, out);
        return this.#finish(exchange, read, nowMs, out);
      }
    }
    if (peer !== this.#options.servers[queue.server] || !isFailure(bytes[2]!)) return;
    for (const exchange of pending) {
      if (this.#options.transport === "auto") this.#connect(exchange, out);
      else exchange.complaint = bytes[2]! as Status;
    }
  }

  wake(nowMs: Millis, out: Sink<ExchangeEffect>): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      if (due.state === "open") this.#wakeOpen(due, nowMs, out);
      else if (due.tries < RESEND_MS.length) this.#send(due, nowMs, out);
      else if (this.#options.transport === "auto") this.#connect(due, out);
      else this.#finish(due, unanswered(due), nowMs, out);
    }
  }

  /** Begins waiting exchanges up to `maxConnects`. */
  #advance(queue: ServerQueue, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    while (queue.active.size < this.#options.maxConnects) {
      const next = queue.waiting[0];
      if (next === undefined) return;
      if (!this.#needsProbe(queue, next)) {
        queue.waiting.shift();
        this.#begin(queue, next, nowMs, out);
        continue;
      }
      if ([...queue.active].some(({ isProbe }) => isProbe)) return;
      const { sealer, probe } = this.#options;
      this.#begin(
        queue,
        newExchange(sealer.seal(probe(queue.server)), () => {}, true),
        nowMs,
        out,
      );
    }
  }

  /** Ends a probe, which has no deadline of its own, once no exchange waits for it. */
  #abandonProbe(queue: ServerQueue, out: Sink<ExchangeEffect>): void {
    if (queue.waiting.some((exchange) => this.#needsProbe(queue, exchange))) return;
    for (const exchange of queue.active) if (exchange.isProbe) this.#release(exchange, out);
  }

  #needsProbe(queue: ServerQueue, { sealed }: Exchange): boolean {
    return queue.counter === undefined && this.#options.sealer.needsReplyCounter && sealed.request.isClear !== true;
  }

  #begin(queue: ServerQueue, exchange: Exchange, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    queue.active.add(exchange);
    if (this.#fitsDatagram(queue, exchange)) this.#send(exchange, nowMs, out);
    else this.#connect(exchange, out);
  }

  #fitsDatagram({ udpUnresponsive }: ServerQueue, { sealed: { bytes, request } }: Exchange): boolean {
    const { transport } = this.#options;
    if (transport === "tcp" || bytes.length > DATAGRAM_BYTES_MAX) return false;
    return transport === "udp" || (request.isIdempotent && !udpUnresponsive);
  }

  #send(exchange: Exchange, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const { bytes, request } = exchange.sealed;
    exchange.state = "datagram";
    // A request that is not idempotent is sent once; the deadline of its call ends the exchange.
    if (request.isIdempotent) this.#deadlines.set(exchange, nowMs + RESEND_MS[exchange.tries]!);
    exchange.tries++;
    out.push({ type: "datagram", peer: this.#options.servers[request.server]!, bytes: bytes.slice() });
  }

  #connect(exchange: Exchange, out: Sink<ExchangeEffect>): void {
    const link = this.#options.nextLink();
    this.#deadlines.delete(exchange);
    exchange.state = "connecting";
    exchange.link = link;
    this.#byLink.set(link, exchange);
    out.push({ type: "connect", link, peer: this.#options.servers[exchange.sealed.request.server]! });
  }

  /** Gives up a fix that nobody waits for, or has the server accept a connection that it may have lost. */
  #wakeOpen(exchange: Exchange, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    if (exchange.isLeft && nowMs >= exchange.openedMs + C_FIX_MS) {
      return this.#finish(exchange, unanswered(exchange), nowMs, out);
    }
    const link = this.#options.nextLink();
    exchange.nudges++;
    this.#nudges.set(link, exchange);
    out.push({ type: "connect", link, peer: this.#options.servers[exchange.sealed.request.server]! });
    this.#schedule(exchange);
  }

  /** Sets the deadline of an open exchange: the next nudge of a C server, or the end of a fix that was left. */
  #schedule(exchange: Exchange): void {
    if (!this.#options.isCServer(exchange.sealed.request.server)) return;
    const nextMs = Math.min(NUDGE_MS[exchange.nudges] ?? Infinity, exchange.isLeft ? C_FIX_MS : Infinity);
    if (nextMs === Infinity) this.#deadlines.delete(exchange);
    else this.#deadlines.set(exchange, exchange.openedMs + nextMs);
  }

  #isFixAtC({ sealed: { request } }: Exchange): boolean {
    return isFix(request) && this.#options.isCServer(request.server);
  }

  /** Ends an exchange with a whole reply. */
  #answer(exchange: Exchange, reply: Uint8Array, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const queue = this.#queueOf(exchange);
    if (exchange.link !== undefined && exchange.tries > 0) queue.udpUnresponsive = true;
    if (exchange.isProbe) queue.counter = this.#probedCounter(exchange, reply);
    this.#finish(exchange, exchange.sealed.open(reply, queue.counter ?? "restart"), nowMs, out);
  }

  /**
   * The counter under which the decrypted version is eight digits; `restart` if neither gives digits. Undefined if the
   * server sent no version: it may send one once its key is healed.
   */
  #probedCounter({ sealed }: Exchange, reply: Uint8Array): ReplyCounter | undefined {
    const counters: readonly ReplyCounter[] = ["restart", "continue"];
    const reads = counters.map((counter) => sealed.open(reply, counter));
    if (reads.some((read) => !read.ok || read.value.status !== Status.success)) return undefined;
    return counters.find((_, i) => isVersion(reads[i]!)) ?? "restart";
  }

  #finish(exchange: Exchange, answer: Result<Answer>, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const queue = this.#queueOf(exchange);
    this.#release(exchange, out);
    if (exchange.isProbe && queue.counter === undefined) {
      // The server refused the probe: it would refuse the exchange that waited for it too.
      const index = queue.waiting.findIndex((waiting) => this.#needsProbe(queue, waiting));
      const [waiting] = index < 0 ? [] : queue.waiting.splice(index, 1);
      if (waiting !== undefined) this.#release(waiting, out);
      waiting?.done(answer);
    }
    this.#advance(queue, nowMs, out);
    exchange.done(answer);
  }

  /** Frees all that an exchange holds: its link, its deadline, its key. */
  #release(exchange: Exchange, out: Sink<ExchangeEffect>): void {
    this.#queueOf(exchange).active.delete(exchange);
    this.#deadlines.delete(exchange);
    this.#left.delete(exchange);
    exchange.state = "over";
    exchange.sealed[Symbol.dispose]();
    for (const [link, nudged] of this.#nudges) {
      if (nudged === exchange && this.#nudges.delete(link)) out.push({ type: "shut", link });
    }
    if (exchange.link !== undefined && this.#byLink.delete(exchange.link)) {
      out.push({ type: "shut", link: exchange.link });
    }
    exchange.onOver();
  }

  #queueOf({ sealed }: Exchange): ServerQueue {
    return this.#queues[sealed.request.server]!;
  }
}

function newExchange(sealed: EncryptedRequest, done: Done, isProbe: boolean, onOver: () => void = () => {}): Exchange {
  return {
    sealed,
    done,
    onOver,
    inbox: new ReceiveBuffer(),
    state: "waiting",
    link: undefined,
    openedMs: 0,
    nudges: 0,
    isLeft: false,
    tries: 0,
    complaint: undefined,
    isProbe,
  };
}

/** The result of an exchange without a proven reply: the status of an unproven one, or `timeout`. */
function unanswered(exchange: Exchange): Result<Answer> {
  const { sealed, tries, complaint } = exchange;
  return complaint === undefined
    ? refusal(exchange, "timeout", "a reply", `none to ${tries} datagrams`)
    : { ok: true, value: sealed.failure(complaint) };
}

/** True if a reply is eight digits, the form of every server's version. */
function isVersion(read: Result<Answer>): boolean {
  if (!read.ok) return false;
  const digits = read.value.body.subarray(0, -TRAILER.length);
  return digits.length === 8 && digits.every((byte) => byte >= 0x30 && byte <= 0x39);
}

function refusal(
  { sealed }: Exchange,
  code: WireErrorCode,
  expected: string,
  actual: string,
): { ok: false; error: WireIssue } {
  const path = `server[${sealed.request.server}]`;
  return { ok: false, error: { code, format: "raida", path, expected, actual } };
}
