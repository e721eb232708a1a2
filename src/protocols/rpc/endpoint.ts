/** The endpoint: asks peers and answers them, inside a machine of any protocol. */
import { formatAddress, parseAddress } from "../../address.js";
import { AnswerCode, Command, Protocol, type RPCBig } from "../../codec/gen/rpc/index.js";
import type { MessageInit } from "../../codec/index.js";
import { argumentError, isWireError, type Result, type WireIssue } from "../../errors.js";
import {
  addressPrefix,
  AmplificationLimit,
  countUp,
  DeadlineHeap,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type KeyedTokenBuckets,
  type LinkId,
  type Millis,
} from "../../machine/index.js";
import { statusBody } from "./answer-status.js";
import { newCounters, type RpcCounters } from "./counters.js";
import type { LinkState, RpcLink } from "./link.js";
import { bucketsOf, issueOf, RpcLinks } from "./links.js";
import { checkBody, isAnswer, type RpcBody, type RpcMessage } from "./message.js";
import { rulesOf, type RpcOptions, type RpcRules } from "./options.js";
import { PendingCalls, type RpcAnswer } from "./pending-calls.js";
import { RpcRequest, type RpcOrigin } from "./request.js";
import { RequestIds } from "./request-ids.js";
import { checkTarget, type RpcTarget } from "./target.js";

/** What the machine around an endpoint does. Messages are borrowed until the hook returns, see `ownMessage`. */
export interface RpcHooks<Value, Emitted> {
  /** A peer asks. Answer by {@link RpcEndpoint.reply}, now or later, or {@link RpcEndpoint.dismiss} the request. */
  request(request: RpcRequest, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  /**
   * A message without a RequestID. @returns false to leave it to the endpoint, which takes it for a request that cannot
   * be told from others, or for an answer
   */
  message?(message: RpcMessage, origin: RpcOrigin, nowMs: Millis, out: Effect<Value, Emitted>[]): boolean;
  /** A link is open, in either direction. */
  opened?(link: RpcLink, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  /** A link carries nothing any more; also one that could not be opened. */
  closed?(link: RpcLink, issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  /** More than `writeQueueBytesMax` is queued on a link: send no more until `drained`. */
  congested?(link: RpcLink, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  /** The queue of a link is empty again. */
  drained?(link: RpcLink, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
}

/** What a caller wants to be told, and by when. */
export interface RpcCallOptions<Value, Emitted> {
  /** `Infinity` for never. */
  readonly deadlineMs: Millis;
  /** Takes the outcome, once. The message of an answer is borrowed until it returns. */
  readonly done: (outcome: Result<RpcAnswer>, nowMs: Millis, out: Effect<Value, Emitted>[]) => void;
}

/**
 * Requests and answers over links and datagrams, for a machine that has one: it hands its events to {@link step},
 * returns {@link nextMs} from `nextWakeMs`, and sets `halfOpen`. Requests are answered by their RequestID, in any order,
 * any number at a time, on links that are pooled by peer; on one link both ends may ask.
 */
export class RpcEndpoint<Value = never, Emitted = never> {
  readonly counters: RpcCounters = newCounters();
  /** "host:port" that the Sender of each message says. */
  address: string;
  readonly #rules: RpcRules;
  readonly #env: Env;
  readonly #hooks: RpcHooks<Value, Emitted>;
  readonly #ids: RequestIds;
  readonly #links: RpcLinks<Value, Emitted>;
  readonly #calls: PendingCalls<Value, Emitted>;
  readonly #amplification: AmplificationLimit;
  readonly #rates: KeyedTokenBuckets | undefined;
  readonly #requests = new Map<number, RpcRequest>();
  readonly #requestTimes = new DeadlineHeap<RpcRequest>();
  readonly #nextRequest = countUp();
  #requestBytes = 0;
  #isStopping = false;

  /** @throws WireError `argument` for an invalid option */
  constructor(options: RpcOptions, env: Env, hooks: RpcHooks<Value, Emitted>) {
    const rules = rulesOf(options);
    this.#rules = rules;
    this.#env = env;
    this.#hooks = hooks;
    this.address = rules.address;
    this.#ids = new RequestIds((n) => env.random(n));
    this.#amplification = new AmplificationLimit(rules.limits);
    this.#rates = bucketsOf(rules.requestsPerSecond, 2 * rules.requestsPerSecond);
    this.#links = new RpcLinks(rules, this.counters, {
      frame: (link, message, sizeBytes, nowMs, out) => this.#frame(link, message, sizeBytes, nowMs, out),
      opened: (link, nowMs, out) => hooks.opened?.(link, nowMs, out),
      congested: (link, nowMs, out) => hooks.congested?.(link, nowMs, out),
      drained: (link, nowMs, out) => hooks.drained?.(link, nowMs, out),
      ended: (link, nowMs, out) => this.#calls.closed(link, issueOf("closed"), nowMs, out),
      gone: (link, issue, nowMs, out) => this.#gone(link, issue, nowMs, out),
    });
    this.#calls = new PendingCalls(rules, this.counters, this.#links);
  }

  /** Id that the Sender of each message says; empty for none. */
  get id(): Uint8Array {
    return this.#rules.id;
  }

  /** Calls that have not settled. */
  get callCount(): number {
    return this.#calls.size;
  }

  /** Requests of peers that are not answered. */
  get requestCount(): number {
    return this.#requests.size;
  }

  /** Links that are open or being opened. */
  get linkCount(): number {
    return this.#links.size;
  }

  /** Bytes of incomplete frames on all links. */
  get heldBytes(): number {
    return this.#links.heldBytes;
  }

  /** When {@link step} needs its next `wake`. */
  get nextMs(): Millis {
    const rates = this.#rates?.nextMs ?? Infinity;
    return Math.min(
      this.#links.nextMs,
      this.#calls.nextMs,
      this.#requestTimes.nextMs,
      this.#amplification.nextMs,
      rates,
    );
  }

  /** Takes the events of links, datagrams and time, and `stop`, at which it finishes what is in progress. */
  step(event: Event<unknown>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (this.#links.step(event, nowMs, out)) return;
    if (event.type === "datagram") this.#datagram(event, nowMs, out);
    else if (event.type === "stop") this.stop(nowMs, out);
    else if (event.type === "wake") {
      this.#links.wake(nowMs, out);
      this.#calls.wake(nowMs, out);
      this.#amplification.expire(nowMs);
      this.#rates?.expire(nowMs);
      for (let due = this.#requestTimes.popDue(nowMs); due !== undefined; due = this.#requestTimes.popDue(nowMs)) {
        this.counters.expiredRequests++;
        this.dismiss(due, nowMs, out);
      }
    }
  }

  /**
   * Takes no more requests and opens no more links. Links close as soon as nothing is in progress on them; requests
   * that were handed out can still be answered. The event `stop` does the same.
   */
  stop(nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#isStopping = true;
    this.#links.stop(nowMs, out);
  }

  /**
   * Asks a peer. The outcome is an answer, whatever it says, or an issue: `timeout`, `cancelled`, `limit` for a message
   * that does not fit or too many calls, `unreachable` or `closed` for the link, `argument`.
   * @returns the id by which it can be cancelled
   */
  request(
    target: RpcTarget,
    body: RpcBody,
    { deadlineMs, done }: RpcCallOptions<Value, Emitted>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): CallId {
    const requestID = this.#ids.next();
    let frame: readonly Uint8Array[];
    try {
      checkTarget(target);
      frame = this.#encode(body, requestID);
      if (isAnswer(body.command)) {
        throw argumentError("rpc", "body.command", "a command that asks", String(body.command));
      }
    } catch (error) {
      if (!isWireError(error)) throw error;
      return this.#calls.refuse(error.toJSON(), done, nowMs, out);
    }
    const via = "link" in target ? "stream" : (target.via ?? this.#rules.via);
    const byDatagram = via === "datagram" || (via === "auto" && frame.at(-1)!.length <= this.#rules.datagramBytesMax);
    return this.#calls.start({ target, requestID, frame, byDatagram, done }, deadlineMs, nowMs, out);
  }

  /** Gives up a request of ours with `cancelled`. @returns false if it has settled */
  cancel(id: CallId, nowMs: Millis, out: Effect<Value, Emitted>[]): boolean {
    return this.#calls.cancel(id, nowMs, out);
  }

  /**
   * Sends a message that nobody answers by RequestID, which is empty. A link opens where there is none.
   * @returns why it was not sent: `limit`, `closed`, `cancelled`, `argument`
   */
  send(target: RpcTarget, body: RpcBody, nowMs: Millis, out: Effect<Value, Emitted>[]): WireIssue | undefined {
    return attempt(() => {
      checkTarget(target);
      const frame = this.#encode(body, "");
      const via = "link" in target ? "stream" : (target.via ?? this.#rules.via);
      const isShort = frame.at(-1)!.length <= this.#rules.datagramBytesMax;
      if (via === "datagram" && !isShort) return this.#tooLong(frame.at(-1)!.length);
      if ("peer" in target && (via === "datagram" || (via === "auto" && isShort))) {
        const peer = formatAddress(parseAddress(target.peer, "rpc", "target.peer"));
        return void out.push({ type: "datagram", peer, bytes: frame[0]! });
      }
      const link =
        "link" in target ? this.#links.get(target.link) : this.#links.to(target.peer, target.server, nowMs, out);
      if (link === undefined) return issueOf("closed");
      return this.#links.write(link, frame, nowMs, out);
    });
  }

  /**
   * Answers a request of a peer, which is then over. Over the anti-amplification limit, a datagram is replaced by an
   * ACK with the code `rate`, or dropped.
   * @returns why the answer was not sent: `closed` where nobody waits for it any more, or does not read. After `limit`,
   * when it does not fit, the request can still be answered
   */
  reply(
    request: RpcRequest | number,
    body: RpcBody,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): WireIssue | undefined {
    const open = typeof request === "number" ? this.#requests.get(request) : request;
    if (open === undefined || !open.isOpen) return issueOf("closed");
    return attempt(() => {
      const frame = this.#encode(body, open.requestID, open);
      const { link: id } = open.origin;
      if (id === undefined) {
        if (frame.at(-1)!.length > this.#rules.datagramBytesMax) return this.#tooLong(frame.at(-1)!.length);
        this.#close(open);
        this.#answerByDatagram(open, frame[0]!, nowMs, out);
      } else {
        const link = this.#links.get(id);
        if (link === undefined) return issueOf("closed");
        const issue = attempt(() => this.#links.write(link, frame, nowMs, out));
        if (issue !== undefined) {
          // The peer asks and does not read: with this answer missing, nothing on the link is worth keeping.
          this.#links.drop(link, issue, nowMs, out);
          return issueOf("closed");
        }
        this.#close(open);
        this.#relieve(link, nowMs, out);
      }
      this.counters.replies++;
      return undefined;
    });
  }

  /** Leaves a request without an answer. */
  dismiss(request: RpcRequest | number, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const open = typeof request === "number" ? this.#requests.get(request) : request;
    if (open === undefined || !open.isOpen) return;
    this.#close(open);
    const link = open.origin.link === undefined ? undefined : this.#links.get(open.origin.link);
    if (link !== undefined) this.#relieve(link, nowMs, out);
  }

  /** A request that can still be answered. */
  requestOf(id: number): RpcRequest | undefined {
    return this.#requests.get(id);
  }

  /** A link that is open or being opened. */
  linkOf(id: LinkId): RpcLink | undefined {
    return this.#links.get(id);
  }

  /** Closes a link, for example of a peer that breaks the rules of the machine. What was sent on it still arrives. */
  shut(id: LinkId, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const link = this.#links.get(id);
    if (link !== undefined) this.#links.close(link, issueOf("closed"), nowMs, out);
  }

  // What comes in

  #frame(
    link: LinkState,
    message: Result<RpcMessage>,
    sizeBytes: number,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    if (!message.ok) {
      this.counters.badFrames++;
      return this.#links.close(link, message.error, nowMs, out);
    }
    link.lastReceivedMs = nowMs;
    const { peer, id, identity } = link;
    this.#take(message.value, { peer, link: id, identity, local: undefined, sizeBytes }, nowMs, out);
  }

  #datagram(
    { peer, bytes, local }: Extract<Event, { readonly type: "datagram" }>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    const isLong = bytes.length > this.#rules.datagramBytesMax;
    const message = isLong ? undefined : this.#rules.frames.tryDecodeDatagram(bytes);
    if (message?.ok !== true) return void this.counters.badDatagrams++;
    const origin = { peer, link: undefined, identity: undefined, local, sizeBytes: bytes.length };
    this.#take(message.value, origin, nowMs, out);
  }

  #take(message: RpcMessage, origin: RpcOrigin, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.counters.received++;
    if (message.meta === undefined && this.#rules.profile === "strict") return void this.counters.withoutMeta++;
    const isPlain = message.requestID === "";
    if (isPlain && this.#hooks.message?.(message, origin, nowMs, out) === true) return;
    if (isAnswer(message.meta?.command ?? Command.PING)) this.#calls.answered(message, origin, nowMs, out);
    else this.#asked(message, origin, nowMs, out);
  }

  #asked(message: RpcMessage, origin: RpcOrigin, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (this.#isStopping) return void this.counters.refusedRequests++;
    const request = new RpcRequest(this.#nextRequest(), message, origin);
    const link = origin.link === undefined ? undefined : this.#links.get(origin.link);
    if (link !== undefined) link.requests++;
    this.#requestBytes += origin.sizeBytes;
    const refusal = this.#refusal(link, origin, nowMs);
    if (refusal !== undefined) {
      if (refusal === AnswerCode.rate) this.counters.limitedRequests++;
      else this.counters.refusedRequests++;
      if (this.reply(request, statusBody(refusal), nowMs, out) !== undefined) this.dismiss(request, nowMs, out);
      return;
    }
    this.counters.requests++;
    this.#hooks.request(request, nowMs, out);
    if (!request.isOpen) return;
    // The hook may have closed the link.
    if (link?.isGone === true) return this.#close(request);
    this.#requests.set(request.id, request);
    this.#requestTimes.set(request, nowMs + this.#rules.requestTimeoutMs);
  }

  #refusal(link: LinkState | undefined, { peer, sizeBytes }: RpcOrigin, nowMs: Millis): AnswerCode | undefined {
    const { requestsMax, requestsPerLinkMax, requestBytesMax } = this.#rules;
    if (this.#rates?.take(addressPrefix(peer), nowMs) === false) return AnswerCode.rate;
    // A single request fits however long it is: its frame was within the limit.
    const isFull = this.#requests.size >= requestsMax || (link?.requests ?? 0) > requestsPerLinkMax;
    return isFull || (this.#requestBytes > requestBytesMax && this.#requestBytes > sizeBytes)
      ? AnswerCode.full
      : undefined;
  }

  // What is over

  #gone(link: LinkState, issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#calls.closed(link, issue, nowMs, out);
    if (link.requests > 0) {
      for (const request of this.#requests.values()) if (request.origin.link === link.id) this.#close(request);
    }
    this.#hooks.closed?.(link, issue, nowMs, out);
  }

  /** Takes a request out of the books. */
  #close(request: RpcRequest): void {
    request.isOpen = false;
    this.#requestBytes -= request.origin.sizeBytes;
    if (this.#requests.delete(request.id)) this.#requestTimes.delete(request);
  }

  #relieve(link: LinkState, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    link.requests--;
    this.#links.relieved(link, nowMs, out);
  }

  // What goes out

  /**
   * A frame of a body, in parts, of which the last of several is longer than any datagram.
   * @param request whose protocol and trace its answer has
   */
  #encode(body: RpcBody, requestID: string, request?: RpcRequest): readonly Uint8Array[] {
    checkBody(body);
    const { payload, key, value, nodes } = body;
    const protocol = body.protocol ?? request?.protocol ?? Protocol.Kademlia;
    // A copy of the body and these fields takes a microsecond longer.
    const message: MessageInit<RPCBig> = {
      meta: { command: body.command as Command, protocol: protocol as Protocol },
      sender: { address: this.address, id: this.#rules.id, time: this.#env.unixNs() },
      payload,
      key,
      value,
      nodes,
      requestID,
      traceID: body.traceID ?? request?.traceID,
    };
    return this.#rules.frames.encodeParts(message, body.isGiven);
  }

  #answerByDatagram(request: RpcRequest, frame: Uint8Array, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const { peer, local, sizeBytes } = request.origin;
    const send = (bytes: Uint8Array): boolean => {
      if (!this.#amplification.allows(peer, bytes.length - sizeBytes, nowMs)) return false;
      out.push({ type: "datagram", peer, bytes, ...(local !== undefined && { local }) });
      return true;
    };
    if (send(frame)) return;
    this.counters.suppressed++;
    send(this.#encode(statusBody(AnswerCode.rate), request.requestID, request)[0]!);
  }

  #tooLong(sizeBytes: number): WireIssue {
    const expected = `a datagram of at most ${this.#rules.datagramBytesMax} bytes`;
    return { ...issueOf("limit"), expected, actual: `${sizeBytes} bytes` };
  }
}

/** What an action returns or is refused with. */
function attempt(action: () => WireIssue | undefined | void): WireIssue | undefined {
  try {
    return action() ?? undefined;
  } catch (error) {
    if (!isWireError(error)) throw error;
    return error.toJSON();
  }
}
