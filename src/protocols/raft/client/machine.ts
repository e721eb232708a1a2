/** A client of a cluster as a machine: it finds the leader, and has each command executed once. */
import { parseAddress } from "../../../address.js";
import { equalBytes, isBytes } from "../../../bytes/index.js";
import { tryDecodeMessageHeader } from "../../../codec/gen/raft/index.js";
import { argumentError, isWireError, type WireIssue } from "../../../errors.js";
import {
  Calls,
  countDown,
  type Call,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type Machine,
  type Millis,
} from "../../../machine/index.js";
import {
  Protocol,
  RpcEndpoint,
  type RpcLink,
  type RpcMessage,
  type RpcOptions,
  type RpcOrigin,
} from "../../rpc/index.js";
import { roomOf } from "../frame-room.js";
import { commandRequest, FRAMING, keptCommand, outcomeOf, requestOf } from "../requests.js";
import type { GivenCommand, RaftCall, RaftOutcome, RaftStatus, SessionPlace } from "../types.js";
import { decodeAnswer, codeRequest, type ClientRequest } from "../wire/client-messages.js";
import { CANCELLED, ClientRequests, NO_EFFECTS, type RequestEnd } from "./requests.js";
import { Serials } from "./serials.js";

/** Options of a client. */
export interface RaftClientOptions extends Omit<RpcOptions, "via" | "datagramBytesMax"> {
  /** 8 bytes. */
  readonly clusterId: Uint8Array;
  /** Addresses of members; others are learned from answers. */
  readonly members: readonly string[];
  /** `none` for commands that may be executed twice: they need no session, and are not repeated. Default `once`. */
  readonly session?: "once" | "none";
  /** Time after which a member that does not answer is passed over; default 3,000. */
  readonly attemptTimeoutMs?: Millis;
}

/**
 * What a caller asks the cluster for. Commands are proposed within the session of the client. `at` is the address of
 * the one member that is asked.
 */
export type RaftClientCall =
  | Exclude<RaftCall, { readonly type: "openSession" | "closeSession" | "propose" | "snapshot" | "status" }>
  | ({ readonly type: "propose" } & GivenCommand)
  | { readonly type: "snapshot" | "status"; readonly at: string }
  /** Ends the session, if there is one; the next command opens another. */
  | { readonly type: "closeSession" };

type Out = Effect<RaftOutcome, never>[];
type CallEvent = Extract<Event<RaftClientCall>, { readonly type: "call" }>;

/** A client with one session. */
export class RaftClientMachine implements Machine<RaftClientCall, RaftOutcome> {
  readonly halfOpen = true;
  readonly #options: RaftClientOptions;
  /** Of a command or query. */
  readonly #bytesMax: number;
  readonly #endpoint: RpcEndpoint<RaftOutcome>;
  readonly #requests: ClientRequests;
  /** Commands that wait for a place in a session. The first of them is the one under way. */
  readonly #waiting: Calls<Uint8Array, SessionPlace, CallId>;
  readonly #open = new Set<number>();
  readonly #nextOwnId = countDown();
  #first: Call<Uint8Array> | undefined;
  #session: Serials | undefined;
  #isOpening = false;
  #isStopped = false;
  #nowMs: Millis = 0;
  #out: Out = [];

  /** @throws WireError `argument` for an invalid option */
  constructor(options: RaftClientOptions, env: Env) {
    const { clusterId, members, attemptTimeoutMs = 3_000 } = options;
    if (!isBytes(clusterId) || clusterId.length !== 8) {
      throw argumentError(
        "raft",
        "clusterId",
        "8 bytes",
        isBytes(clusterId) ? `${clusterId.length}` : typeof clusterId,
      );
    }
    if (!Array.isArray(members) || members.length === 0)
      throw argumentError("raft", "members", "one address or more", "none");
    for (const [i, address] of members.entries()) parseAddress(address, "raft", `members[${i}]`);
    const { session = "once" } = options;
    if (session !== "once" && session !== "none")
      throw argumentError("raft", "session", "once or none", String(session));
    this.#options = options;
    this.#bytesMax = roomOf(options);
    this.#endpoint = new RpcEndpoint<RaftOutcome>({ framing: FRAMING, ...options, via: "stream" }, env, {
      request: (request, nowMs, out) => this.#endpoint.dismiss(request, nowMs, out),
      message: (message, origin) => this.#received(message, origin),
      opened: (link) => void this.#open.add(link.id),
      closed: (link) => this.#closed(link),
    });
    const callsMax = options.limits?.callsMax;
    this.#requests = new ClientRequests(
      members,
      attemptTimeoutMs,
      {
        send: (address, request, seq) => this.#send(address, request, seq),
      },
      callsMax,
    );
    this.#waiting = new Calls<Uint8Array, SessionPlace, CallId>({
      format: "raft",
      inFlightMax: 1,
      ...(callsMax !== undefined && { waitingMax: callsMax }),
      send: (call) => ({ key: (this.#first = call).id }),
      release: () => (this.#first = undefined),
      settled: (call, outcome) => {
        if (outcome.ok) this.#propose(call, outcome.value);
        else this.#settle(call.id, outcome.error);
      },
    });
  }

  nextWakeMs(): Millis {
    return Math.min(this.#endpoint.nextMs, this.#requests.nextMs, this.#waiting.nextMs);
  }

  step(event: Event<RaftClientCall>, nowMs: Millis, out: Out): void {
    this.#nowMs = nowMs;
    this.#out = out;
    if (event.type === "stop") {
      this.#isStopped = true;
      this.#waiting.giveUpAll(CANCELLED, nowMs, NO_EFFECTS);
      this.#requests.giveUpAll(nowMs);
    }
    this.#endpoint.step(event, nowMs, out);
    if (event.type === "call") this.#call(event);
    else if (event.type === "cancel") this.#cancel(event.id);
    else if (event.type === "wake") {
      this.#requests.wake(nowMs);
      this.#waiting.wake(nowMs, NO_EFFECTS);
    }
    if (!this.#isStopped) this.#proposeWaiting();
  }

  // Calls

  #call({ id, request, deadlineMs }: CallEvent): void {
    if (this.#isStopped) return this.#settle(id, CANCELLED);
    if (request.type === "closeSession") return this.#closeSession(id, deadlineMs);
    const call: RaftCall = request;
    const refusal = this.#refusal(request);
    if (refusal !== undefined) return this.#settle(id, refusal);
    if (request.type === "propose" && this.#options.session !== "none" && isBytes(request.data)) {
      return this.#waiting.start(id, keptCommand(request), deadlineMs, this.#nowMs, NO_EFFECTS);
    }
    let asked: ClientRequest;
    try {
      asked = requestOf(call);
    } catch (error) {
      if (!isWireError(error)) throw error;
      return this.#settle(id, error.toJSON());
    }
    const mayRepeat = request.type === "read" || request.type === "status";
    const at = "at" in request && { at: request.at };
    const done = (end: RequestEnd): void => this.#ended(id, call, end);
    this.#requests.start(id, { request: asked, ...at, mayRepeat, done }, deadlineMs, this.#nowMs);
  }

  /** What is wrong with a call that no member could be asked for. */
  #refusal(request: RaftClientCall): WireIssue | undefined {
    const bytes = request.type === "propose" ? request.data : request.type === "read" ? request.query : undefined;
    if (isBytes(bytes) && bytes.length > this.#bytesMax) {
      const path = request.type === "propose" ? "data" : "query";
      return argumentError("raft", path, `at most ${this.#bytesMax} bytes`, `${bytes.length}`).toJSON();
    }
    if (!("at" in request)) return undefined;
    try {
      parseAddress(request.at, "raft", "address");
    } catch (error) {
      if (!isWireError(error)) throw error;
      return error.toJSON();
    }
    return undefined;
  }

  #cancel(id: CallId): void {
    if (!this.#waiting.cancel(id, this.#nowMs, NO_EFFECTS)) this.#requests.cancel(id, this.#nowMs);
  }

  #ended(id: CallId, call: RaftCall, end: RequestEnd): void {
    if (end.status !== "ok") return this.#settle(id, end.issue);
    if (call.type !== "status") {
      return void this.#out.push({ type: "settle", id, value: outcomeOf(call, end.answer) });
    }
    const status = statusIn(end.answer.result);
    if (status === undefined) return this.#settle(id, { code: "kind", format: "raft", path: "status" });
    this.#out.push({ type: "settle", id, value: { type: "status", status } });
  }

  #settle(id: CallId, error: WireIssue): void {
    this.#out.push({ type: "settle", id, error });
  }

  // The session

  #proposeWaiting(): void {
    while (this.#first !== undefined) {
      const session = this.#session;
      if (session === undefined) return this.#openSession(this.#first.deadlineMs);
      if (session.isFull) return;
      this.#waiting.settle(this.#first.id, { ok: true, value: session.open() }, this.#nowMs, NO_EFFECTS);
    }
  }

  #propose({ id, request: data, deadlineMs }: Call<Uint8Array>, place: SessionPlace): void {
    const session = this.#session!;
    const call = { type: "propose", data } as const;
    const done = (end: RequestEnd): void => {
      session.close(place.serial);
      if (end.status !== "sessionExpired") return this.#ended(id, call, end);
      // Refused by every attempt: it has not happened, and may in another session.
      if (this.#session === session) this.#session = undefined;
      this.#waiting.start(id, data, deadlineMs, this.#nowMs, NO_EFFECTS);
    };
    this.#repeat(id, commandRequest(data, place), deadlineMs, done);
  }

  /** Asks until there is an answer: a second execution does nothing. */
  #repeat(id: CallId, request: ClientRequest, deadlineMs: Millis, done: (end: RequestEnd) => void): void {
    this.#requests.start(id, { request, mayRepeat: true, done }, deadlineMs, this.#nowMs);
  }

  #openSession(deadlineMs: Millis): void {
    if (this.#isOpening) return;
    this.#isOpening = true;
    const done = (end: RequestEnd): void => {
      this.#isOpening = false;
      if (end.status === "ok") this.#session = new Serials(end.answer.index);
      else if (end.status !== "cancelled" && end.status !== "uncertain" && end.status !== "timeout") {
        this.#waiting.settleAll({ ok: false, error: end.issue }, this.#nowMs, NO_EFFECTS);
      }
    };
    // A session that nobody learns of ends by itself: so that may be repeated.
    this.#repeat(this.#nextOwnId(), requestOf({ type: "openSession" }), deadlineMs, done);
  }

  #closeSession(id: CallId, deadlineMs: Millis): void {
    const session = this.#session;
    if (session === undefined) return void this.#out.push({ type: "settle", id, value: { type: "sessionClosed" } });
    this.#session = undefined;
    const call: RaftCall = { type: "closeSession", client: session.client };
    const done = (end: RequestEnd): void => {
      // One that is not there any more is closed.
      if (end.status === "sessionExpired") this.#out.push({ type: "settle", id, value: { type: "sessionClosed" } });
      else this.#ended(id, call, end);
    };
    this.#repeat(id, requestOf(call), deadlineMs, done);
  }

  // Links

  #send(peer: string, request: ClientRequest, seq: number): boolean {
    const head = { clusterId: this.#options.clusterId, from: 0, life: 0n, to: 0, seq };
    const { command, payload } = codeRequest(request, head);
    const body = { command, payload, protocol: Protocol.Raft };
    return this.#endpoint.send({ peer, via: "stream" }, body, this.#nowMs, this.#out) === undefined;
  }

  #received({ meta, payload }: RpcMessage, { link }: RpcOrigin): boolean {
    if ((meta?.protocol ?? Protocol.Raft) !== Protocol.Raft || link === undefined) return false;
    // What is kept of an answer is copied by `outcomeOf`.
    const header = tryDecodeMessageHeader(payload);
    const isOurs = header.ok && equalBytes(header.value.clusterId, this.#options.clusterId) && header.value.to === 0;
    const answer = isOurs ? decodeAnswer(payload, header.value) : undefined;
    if (header.ok && answer?.ok === true) this.#requests.answered(header.value.seq, answer.value, this.#nowMs);
    else this.#endpoint.shut(link, this.#nowMs, this.#out);
    return true;
  }

  #closed(link: RpcLink): void {
    const wasOpen = this.#open.delete(link.id);
    if (link.isOutgoing) this.#requests.lost(link.peer, wasOpen, this.#nowMs);
  }
}

const decoder = new TextDecoder();

/** The status that a member tells. */
function statusIn(json: Uint8Array): RaftStatus | undefined {
  try {
    const status = JSON.parse(decoder.decode(json)) as RaftStatus | null;
    return typeof status?.member === "number" && typeof status.role === "string" ? status : undefined;
  } catch {
    return undefined;
  }
}
