import type { Result, WireErrorCode, WireIssue } from "../../../errors.js";
import { Status } from "../../../codec/gen/raida/index.js";
import { DeadlineHeap, type LinkId, type Millis } from "../../../machine/index.js";
import { isFailure, RAIDA_COUNT, type RaidaId, type Sink } from "../protocol.js";
import { ReceiveBuffer } from "../receive-buffer.js";
import { TRAILER, type ReplyCounter } from "../wire/encryption.js";
import type { PlainRequest } from "./plain-request.js";
import type { Sealer } from "./seal.js";
import type { Answer, SealedRequest } from "./encrypted-request.js";

/**
 * How requests travel. `auto`: what may be sent again goes as a datagram where it fits, and over TCP where no answer
 * comes; the rest goes over TCP. `udp`: everything that fits.
 */
export type RaidaTransport = "auto" | "tcp" | "udp";

export type Done = (answer: Result<Answer>) => void;

export type ExchangeEffect =
  | { readonly type: "connect"; readonly link: LinkId; readonly peer: string }
  | { readonly type: "write"; readonly link: LinkId; readonly bytes: Uint8Array }
  | { readonly type: "shut"; readonly link: LinkId }
  | { readonly type: "datagram"; readonly peer: string; readonly bytes: Uint8Array };

export interface ExchangesOptions {
  /** "host:port" of each server by its id. */
  readonly servers: readonly string[];
  readonly sealer: Sealer;
  readonly transport: RaidaTransport;
  /** `auto` asks each server for its version first: the answer is known to be digits. */
  readonly replyCounter: ReplyCounter | "auto";
  /** The question by which `auto` finds out. */
  readonly probe: (server: RaidaId) => PlainRequest;
  /** Requests to one server at a time; a C server loses what comes at once. */
  readonly maxConnects: number;
  /** An answer that announces more is refused. */
  readonly replyBytesMax: number;
  readonly nextLink: () => LinkId;
}

/** What one datagram may carry to any server (seeds/raida, transport). */
const DATAGRAM_BYTES_MAX = 1_400;
/** After a datagram without an answer: when it is sent again, and then, when it is given up. */
const RESEND_MS: readonly Millis[] = [400, 800, 1_600];
/** A header, the shorter of the two. */
const REPLY_BYTES_MIN = 32;

interface Exchange {
  readonly sealed: SealedRequest;
  readonly done: Done;
  readonly inbox: ReceiveBuffer;
  state: "waiting" | "datagram" | "connecting" | "open" | "over";
  link: LinkId | undefined;
  /** Datagrams that have been sent. */
  tries: number;
  /** The status of an answer that proves nothing, should there be no other. */
  complaint: Status | undefined;
  /** Asks where the counter of replies begins, for the exchange that waits behind it. */
  readonly isProbe: boolean;
}

/** What is known of one server, and what is under way to it. */
interface ServerQueue {
  readonly server: RaidaId;
  readonly active: Set<Exchange>;
  readonly waiting: Exchange[];
  counter: ReplyCounter | undefined;
  /** It answers over TCP and not by datagram. */
  udpUnresponsive: boolean;
}

/** Handle of an exchange under way. */
export type ExchangeHandle = object;

/**
 * Requests, one a connection or datagram, a few at a time for each server. An answer counts when it proves that the
 * request was read.
 */
export class Exchanges {
  readonly #options: ExchangesOptions;
  readonly #byLink = new Map<LinkId, Exchange>();
  readonly #lanes: readonly ServerQueue[];
  readonly #deadlines = new DeadlineHeap<Exchange>();

  constructor(options: ExchangesOptions) {
    this.#options = options;
    const { replyCounter } = options;
    this.#lanes = Array.from({ length: RAIDA_COUNT }, (_, server) => ({
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

  /** @throws WireError when the question cannot be asked, see {@link Sealer.seal} */
  start(question: PlainRequest, done: Done, nowMs: Millis, out: Sink<ExchangeEffect>): ExchangeHandle {
    const exchange = newExchange(this.#options.sealer.seal(question), done, false);
    const lane = this.#lanes[question.server]!;
    lane.waiting.push(exchange);
    this.#advance(lane, nowMs, out);
    return exchange;
  }

  /** Gives up; `done` is not called. */
  abandon(handle: ExchangeHandle, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const exchange = handle as Exchange;
    if (exchange.state === "over") return;
    const lane = this.#laneOf(exchange);
    const index = lane.waiting.indexOf(exchange);
    if (index >= 0) lane.waiting.splice(index, 1);
    this.#release(exchange, out);
    this.#abandonProbe(lane, out);
    this.#advance(lane, nowMs, out);
  }

  opened(link: LinkId, out: Sink<ExchangeEffect>): void {
    const exchange = this.#byLink.get(link);
    if (exchange === undefined) return;
    exchange.state = "open";
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

  /** A reset after the whole answer is nothing: the answer has been read and the link forgotten by then. */
  closed(link: LinkId, error: WireIssue | undefined, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const exchange = this.#byLink.get(link);
    if (exchange === undefined) return;
    this.#byLink.delete(link);
    const { server } = exchange.sealed.question;
    const issue =
      exchange.state === "open"
        ? refusal(exchange, "closed", "a whole answer", `${exchange.inbox.length} bytes of it`)
        : refusal(
            exchange,
            "unreachable",
            this.#options.servers[server] ?? "a server",
            error?.actual ?? error?.code ?? "no connection",
          );
    this.#finish(exchange, issue, nowMs, out);
  }

  /**
   * Who has sent a datagram proves nothing; what it repeats does. Servers answer some errors with what they remember
   * of somebody else: such an answer only says that it is time to ask over TCP, or, where that is not wanted, why
   * there will be no better one.
   */
  datagram(peer: string, bytes: Uint8Array, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const lane = bytes.length < REPLY_BYTES_MIN ? undefined : this.#lanes[bytes[0]!];
    if (lane === undefined) return;
    const asked = [...lane.active].filter((exchange) => exchange.state === "datagram");
    for (const exchange of asked) {
      const length = exchange.sealed.replyLength(bytes);
      if (length === undefined || length > bytes.length) continue;
      // Copied: what the answer is read into may be a part of it, and outlive the step.
      const reply = bytes.slice(0, length);
      const read = exchange.sealed.open(reply, lane.counter ?? "restart");
      if (read.ok ? read.value.isProven : read.error.code === "undecryptable") {
        // A probe is read again, under either counter.
        if (exchange.isProbe) return this.#answer(exchange, reply, nowMs, out);
        return this.#finish(exchange, read, nowMs, out);
      }
    }
    if (peer !== this.#options.servers[lane.server] || !isFailure(bytes[2]!)) return;
    for (const exchange of asked) {
      if (this.#options.transport === "auto") this.#connect(exchange, out);
      else exchange.complaint = bytes[2]! as Status;
    }
  }

  wake(nowMs: Millis, out: Sink<ExchangeEffect>): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      if (due.tries < RESEND_MS.length) this.#send(due, nowMs, out);
      else if (this.#options.transport === "auto") this.#connect(due, out);
      else this.#finish(due, unanswered(due), nowMs, out);
    }
  }

  /** Begins what waits for a server, as long as it may have more. */
  #advance(lane: ServerQueue, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    while (lane.active.size < this.#options.maxConnects) {
      const next = lane.waiting[0];
      if (next === undefined) return;
      if (!this.#needsProbe(lane, next)) {
        lane.waiting.shift();
        this.#begin(lane, next, nowMs, out);
        continue;
      }
      if ([...lane.active].some(({ isProbe }) => isProbe)) return;
      const { sealer, probe } = this.#options;
      this.#begin(
        lane,
        newExchange(sealer.seal(probe(lane.server)), () => {}, true),
        nowMs,
        out,
      );
    }
  }

  /** A probe has no deadline of its own: it ends with the last that waits for it. */
  #abandonProbe(lane: ServerQueue, out: Sink<ExchangeEffect>): void {
    if (lane.waiting.some((exchange) => this.#needsProbe(lane, exchange))) return;
    for (const exchange of lane.active) if (exchange.isProbe) this.#release(exchange, out);
  }

  #needsProbe(lane: ServerQueue, { sealed }: Exchange): boolean {
    return lane.counter === undefined && this.#options.sealer.needsReplyCounter && sealed.question.isClear !== true;
  }

  #begin(lane: ServerQueue, exchange: Exchange, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    lane.active.add(exchange);
    if (this.#fitsDatagram(lane, exchange)) this.#send(exchange, nowMs, out);
    else this.#connect(exchange, out);
  }

  #fitsDatagram({ udpUnresponsive }: ServerQueue, { sealed: { bytes, question } }: Exchange): boolean {
    const { transport } = this.#options;
    if (transport === "tcp" || bytes.length > DATAGRAM_BYTES_MAX) return false;
    return transport === "udp" || (question.isIdempotent && !udpUnresponsive);
  }

  #send(exchange: Exchange, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const { bytes, question } = exchange.sealed;
    exchange.state = "datagram";
    // What must not be done twice is sent once: the call's own deadline ends it.
    if (question.isIdempotent) this.#deadlines.set(exchange, nowMs + RESEND_MS[exchange.tries]!);
    exchange.tries++;
    out.push({ type: "datagram", peer: this.#options.servers[question.server]!, bytes: bytes.slice() });
  }

  #connect(exchange: Exchange, out: Sink<ExchangeEffect>): void {
    const link = this.#options.nextLink();
    this.#deadlines.delete(exchange);
    exchange.state = "connecting";
    exchange.link = link;
    this.#byLink.set(link, exchange);
    out.push({ type: "connect", link, peer: this.#options.servers[exchange.sealed.question.server]! });
  }

  /** A whole answer is there. */
  #answer(exchange: Exchange, reply: Uint8Array, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const lane = this.#laneOf(exchange);
    if (exchange.link !== undefined && exchange.tries > 0) lane.udpUnresponsive = true;
    if (exchange.isProbe) lane.counter = this.#probedCounter(exchange, reply);
    this.#finish(exchange, exchange.sealed.open(reply, lane.counter ?? "restart"), nowMs, out);
  }

  /**
   * The counter under which the version is eight digits; where it is under neither, the usual one. Undefined where the
   * server has told no version: perhaps it will, once its key is healed.
   */
  #probedCounter({ sealed }: Exchange, reply: Uint8Array): ReplyCounter | undefined {
    const counters: readonly ReplyCounter[] = ["restart", "continue"];
    const reads = counters.map((counter) => sealed.open(reply, counter));
    if (reads.some((read) => !read.ok || read.value.status !== Status.success)) return undefined;
    return counters.find((_, i) => isVersion(reads[i]!)) ?? "restart";
  }

  #finish(exchange: Exchange, answer: Result<Answer>, nowMs: Millis, out: Sink<ExchangeEffect>): void {
    const lane = this.#laneOf(exchange);
    this.#release(exchange, out);
    if (exchange.isProbe && lane.counter === undefined) {
      // The server tells nothing: neither would it tell what has waited for the probe.
      const index = lane.waiting.findIndex((waiting) => this.#needsProbe(lane, waiting));
      const [waiting] = index < 0 ? [] : lane.waiting.splice(index, 1);
      if (waiting !== undefined) this.#release(waiting, out);
      waiting?.done(answer);
    }
    this.#advance(lane, nowMs, out);
    exchange.done(answer);
  }

  /** Nothing of the exchange is left: its link, its datagram, its key. */
  #release(exchange: Exchange, out: Sink<ExchangeEffect>): void {
    this.#laneOf(exchange).active.delete(exchange);
    this.#deadlines.delete(exchange);
    exchange.state = "over";
    exchange.sealed[Symbol.dispose]();
    if (exchange.link === undefined || !this.#byLink.delete(exchange.link)) return;
    out.push({ type: "shut", link: exchange.link });
  }

  #laneOf({ sealed }: Exchange): ServerQueue {
    return this.#lanes[sealed.question.server]!;
  }
}

function newExchange(sealed: SealedRequest, done: Done, isProbe: boolean): Exchange {
  return {
    sealed,
    done,
    inbox: new ReceiveBuffer(),
    state: "waiting",
    link: undefined,
    tries: 0,
    complaint: undefined,
    isProbe,
  };
}

/** What an exchange ends with that no datagram has answered, but perhaps with a status that proves nothing. */
function unanswered(exchange: Exchange): Result<Answer> {
  const { sealed, tries, complaint } = exchange;
  return complaint === undefined
    ? refusal(exchange, "timeout", "an answer", `${tries} datagrams without one`)
    : { ok: true, value: sealed.failure(complaint) };
}

/** Eight digits, as the version is everywhere. */
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
  const path = `server[${sealed.question.server}]`;
  return { ok: false, error: { code, format: "raida", path, offset: 0, expected, actual } };
}
