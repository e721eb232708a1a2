/** Calls of an endpoint: requests that wait for their answers, by RequestID. */
import { formatAddress, parseAddress } from "../../address.js";
import { WireError, type Result, type WireIssue } from "../../errors.js";
import {
  Calls,
  countUp,
  type Attempt,
  type Call,
  type CallId,
  type Effect,
  type LinkId,
  type Millis,
} from "../../machine/index.js";
import type { RpcCounters } from "./counters.js";
import type { LinkState } from "./link.js";
import { issueOf, type RpcLinks } from "./links.js";
import type { RpcMessage } from "./message.js";
import type { RpcRules } from "./options.js";
import type { RpcOrigin } from "./request.js";
import type { RpcTarget } from "./target.js";

/** The answer to a request. */
export interface RpcAnswer {
  /** Borrowed until the callback returns, see `ownMessage`. */
  readonly message: RpcMessage;
  readonly origin: RpcOrigin;
  /** Time from the request to its answer; undefined where the request was sent more than once. */
  readonly rttMs: Millis | undefined;
}

type Done<Value, Emitted> = (outcome: Result<RpcAnswer>, nowMs: Millis, out: Effect<Value, Emitted>[]) => void;

/** A request that is to be sent. */
export interface OutgoingCall<Value, Emitted> {
  readonly target: RpcTarget;
  readonly requestID: string;
  /** In parts, of which the last of several is longer than any datagram. */
  readonly frame: readonly Uint8Array[];
  readonly byDatagram: boolean;
  readonly done: Done<Value, Emitted>;
}

/** A request that was sent. */
interface Pending<Value, Emitted> extends OutgoingCall<Value, Emitted> {
  /** Where its answer comes from: a link, or the source address of a datagram. */
  link: LinkId | undefined;
  peer: string;
  sentMs: Millis;
}

/** At least so many ids of calls that have settled are remembered, to tell late answers from answers to nothing. */
const SETTLED_MAX = 512;

/** The calls of an endpoint, on links and by datagrams. */
export class PendingCalls<Value, Emitted> {
  readonly #rules: RpcRules;
  readonly #counters: RpcCounters;
  readonly #links: RpcLinks<Value, Emitted>;
  readonly #streamed: Calls<Pending<Value, Emitted>, Value, string, Emitted>;
  readonly #datagrams: Calls<Pending<Value, Emitted>, Value, string, Emitted>;
  readonly #nextId = countUp();
  /** RequestIDs of calls that have settled, in two sets: dropping one id for each call takes a microsecond longer. */
  #settled = new Set<string>();
  #settledBefore: ReadonlySet<string> = this.#settled;
  /** RequestIDs by the address that was asked, oldest first, for peers that answer without one. */
  readonly #byPeer: Map<string, Set<string>> | undefined;

  constructor(rules: RpcRules, counters: RpcCounters, links: RpcLinks<Value, Emitted>) {
    const { inFlightMax, resendMs } = rules;
    this.#rules = rules;
    this.#counters = counters;
    this.#links = links;
    if (rules.profile === "reference") this.#byPeer = new Map();
    const settled = (
      { request, attempts }: Call<Pending<Value, Emitted>>,
      outcome: Result<Value>,
      nowMs: Millis,
      out: Effect<Value, Emitted>[],
    ): void => this.#settle(request, attempts, outcome as unknown as Result<RpcAnswer>, nowMs, out);
    this.#streamed = new Calls({
      format: "rpc",
      inFlightMax,
      send: (call, nowMs, out) => this.#sendOnLink(call.request, nowMs, out),
      release: ({ link }, nowMs, out) => this.#release(link!, nowMs, out),
      settled,
    });
    this.#datagrams = new Calls({
      format: "rpc",
      inFlightMax,
      attemptsMax: resendMs.length + 1,
      attemptTimeoutMs: (attempt) => resendMs[attempt - 1] ?? Infinity,
      send: ({ request }, nowMs, out) => this.#sendDatagram(request, nowMs, out),
      settled,
    });
  }

  /** Calls that have not settled. */
  get size(): number {
    return this.#streamed.size + this.#datagrams.size;
  }

  get nextMs(): Millis {
    return Math.min(this.#streamed.nextMs, this.#datagrams.nextMs);
  }

  start(call: OutgoingCall<Value, Emitted>, deadlineMs: Millis, nowMs: Millis, out: Effect<Value, Emitted>[]): CallId {
    const id = this.#nextId();
    const peer = "peer" in call.target ? call.target.peer : (this.#links.get(call.target.link)?.peer ?? "");
    const { target, requestID, frame, byDatagram, done } = call;
    const pending: Pending<Value, Emitted> = {
      target,
      requestID,
      frame,
      byDatagram,
      done,
      link: undefined,
      peer,
      sentMs: nowMs,
    };
    const calls = call.byDatagram ? this.#datagrams : this.#streamed;
    calls.start(id, pending, deadlineMs, nowMs, out);
    return id;
  }

  /** A call that is over before it began. */
  refuse(issue: WireIssue, done: Done<Value, Emitted>, nowMs: Millis, out: Effect<Value, Emitted>[]): CallId {
    done({ ok: false, error: issue }, nowMs, out);
    return this.#nextId();
  }

  cancel(id: CallId, nowMs: Millis, out: Effect<Value, Emitted>[]): boolean {
    return this.#streamed.cancel(id, nowMs, out) || this.#datagrams.cancel(id, nowMs, out);
  }

  wake(nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#streamed.wake(nowMs, out);
    this.#datagrams.wake(nowMs, out);
  }

  /** Fails the calls that a link carries. */
  closed(link: LinkState, issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (link.calls > 0) this.#streamed.closed(link.id, issue, nowMs, out);
  }

  /** Settles the call that a message answers. One that answers none is dropped and counted. */
  answered(message: RpcMessage, origin: RpcOrigin, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const key = message.requestID === "" ? this.#oldestTo(message, origin) : message.requestID;
    const call = key === undefined ? undefined : (this.#streamed.get(key) ?? this.#datagrams.get(key));
    if (call === undefined) {
      if (key !== undefined && (this.#settled.has(key) || this.#settledBefore.has(key))) this.#counters.lateAnswers++;
      else this.#counters.unknownAnswers++;
      return;
    }
    const { link, peer, byDatagram, sentMs } = call.request;
    const isAsked = byDatagram ? origin.link === undefined && origin.peer === peer : origin.link === link;
    if (!isAsked && message.requestID !== "") return void this.#counters.strayAnswers++;
    this.#counters.answers++;
    const rttMs = call.attempts === 1 ? nowMs - sentMs : undefined;
    const answer: RpcAnswer = { message, origin, rttMs };
    const calls = byDatagram ? this.#datagrams : this.#streamed;
    // The outcome passes through to `settled`, which knows what it is.
    calls.settle(key!, { ok: true, value: answer as unknown as Value }, nowMs, out);
  }

  /** For a peer that answers without RequestID: that of the oldest request to its address. */
  #oldestTo({ sender }: RpcMessage, { peer, link }: RpcOrigin): string | undefined {
    // A Go peer answers over a link of its own, on which only its Sender says who it is.
    const isOwn = link === undefined || this.#links.get(link)?.isOutgoing === true;
    const [oldest] = this.#byPeer?.get(isOwn ? peer : (sender?.address ?? "")) ?? [];
    return oldest;
  }

  #sendOnLink(
    pending: Pending<Value, Emitted>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): Attempt<string> & { readonly link: LinkId } {
    const { target, requestID, frame } = pending;
    const link =
      "link" in target ? this.#links.get(target.link) : this.#links.to(target.peer, target.server, nowMs, out);
    if (link === undefined || link.isRetired) throw new WireError(issueOf("closed"));
    this.#links.write(link, frame, nowMs, out);
    link.calls++;
    pending.link = link.id;
    this.#note(pending, nowMs);
    return { key: requestID, link: link.id };
  }

  #sendDatagram(pending: Pending<Value, Emitted>, nowMs: Millis, out: Effect<Value, Emitted>[]): Attempt<string> {
    const { frame, requestID } = pending;
    const { datagramBytesMax } = this.#rules;
    const bytes = frame.at(-1)!;
    if (bytes.length > datagramBytesMax) {
      const expected = `a datagram of at most ${datagramBytesMax} bytes`;
      throw new WireError({ ...issueOf("limit"), expected, actual: `${bytes.length} bytes` });
    }
    // The source of the answer is compared with it, so one spelling has to do for both.
    pending.peer = formatAddress(parseAddress(pending.peer, "rpc", "peer"));
    out.push({ type: "datagram", peer: pending.peer, bytes: bytes.slice() });
    this.#note(pending, nowMs);
    return { key: requestID };
  }

  #note(pending: Pending<Value, Emitted>, nowMs: Millis): void {
    pending.sentMs = nowMs;
    if (this.#byPeer === undefined) return;
    const { peer, requestID } = pending;
    this.#byPeer.set(peer, (this.#byPeer.get(peer) ?? new Set()).add(requestID));
  }

  #release(id: LinkId, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    link.calls--;
    this.#links.relieved(link, nowMs, out);
  }

  #settle(
    { requestID, peer, link: id, sentMs, done }: Pending<Value, Emitted>,
    attempts: number,
    outcome: Result<RpcAnswer>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    if (attempts > 0) this.#remember(requestID);
    const requests = this.#byPeer?.get(peer);
    if (requests?.delete(requestID) === true && requests.size === 0) this.#byPeer!.delete(peer);
    const link = id === undefined ? undefined : this.#links.get(id);
    // Nothing came since the request left: the link may be dead, and the next call goes over another one.
    const isSuspect =
      !outcome.ok && outcome.error.code === "timeout" && link !== undefined && link.lastReceivedMs <= sentMs;
    if (isSuspect && link.isOutgoing) this.#links.retire(link, nowMs, out);
    done(outcome, nowMs, out);
  }

  #remember(requestID: string): void {
    if (this.#settled.size === SETTLED_MAX) {
      this.#settledBefore = this.#settled;
      this.#settled = new Set();
    }
    this.#settled.add(requestID);
  }
}
