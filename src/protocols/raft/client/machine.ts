/** A client of a cluster as a machine: it finds the leader, and has each command executed once. */
import { equalBytes, own } from "../../../bytes/index.js";
import { tryDecodeMessageHeader } from "../../../codec/gen/raft/index.js";
import { argumentError, isWireError, type WireIssue } from "../../../errors.js";
import type { CallId, Effect, Env, Event, Machine, Millis } from "../../../machine/index.js";
import {
  Protocol,
  RpcEndpoint,
  type RpcLink,
  type RpcMessage,
  type RpcOptions,
  type RpcOrigin,
} from "../../rpc/index.js";
import { issueOf } from "../core-outcome.js";
import { outcomeOf, requestOf } from "../requests.js";
import type { RaftCall, RaftOutcome, RaftStatus } from "../types.js";
import { decodeAnswer, encodeRequest, isClientAnswer, type ClientRequest } from "../wire/client-messages.js";
import { ClientRequests, type PendingRequest, type RequestEnd } from "./requests.js";
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
  | { readonly type: "propose"; readonly data: Uint8Array }
  | { readonly type: "snapshot" | "status"; readonly at: string }
  /** Ends the session, if there is one; the next command opens another. */
  | { readonly type: "closeSession" };

type Out = Effect<RaftOutcome, never>[];
type CallEvent = Extract<Event<RaftClientCall>, { readonly type: "call" }>;

/** A command that waits for a session, or for a place in it. */
interface Waiting extends Pick<CallEvent, "id" | "deadlineMs"> {
  readonly data: Uint8Array;
}

/** A client with one session. */
export class RaftClientMachine implements Machine<RaftClientCall, RaftOutcome> {
  readonly halfOpen = true;
  readonly #options: RaftClientOptions;
  readonly #endpoint: RpcEndpoint<RaftOutcome>;
  readonly #requests: ClientRequests;
  readonly #calls = new Map<CallId, PendingRequest>();
  readonly #open = new Set<number>();
  #waiting: Waiting[] = [];
  #session: Serials | undefined;
  #opening: PendingRequest | undefined;
  #isStopped = false;
  #nowMs: Millis = 0;
  #out: Out = [];

  /** @throws WireError `argument` for an invalid option */
  constructor(options: RaftClientOptions, env: Env) {
    const { clusterId, members, attemptTimeoutMs = 3_000 } = options;
    if (clusterId.length !== 8) throw argumentError("raft", "clusterId", "8 bytes", `${clusterId.length}`);
    if (members.length === 0) throw argumentError("raft", "members", "one address or more", "none");
    this.#options = options;
    this.#endpoint = new RpcEndpoint<RaftOutcome>({ ...options, via: "stream" }, env, {
      request: (request, nowMs, out) => this.#endpoint.dismiss(request, nowMs, out),
      message: (message, origin) => this.#received(message, origin),
      opened: (link) => void this.#open.add(link.id),
      closed: (link) => this.#closed(link),
    });
    this.#requests = new ClientRequests(members, attemptTimeoutMs, {
      send: (address, request, seq) => this.#send(address, request, seq),
    });
  }

  nextWakeMs(): Millis {
    const waiting = Math.min(Infinity, ...this.#waiting.map(({ deadlineMs }) => deadlineMs));
    return Math.min(this.#endpoint.nextMs, this.#requests.nextMs, waiting);
  }

  step(event: Event<RaftClientCall>, nowMs: Millis, out: Out): void {
    this.#nowMs = nowMs;
    this.#out = out;
    if (event.type === "stop") {
      this.#isStopped = true;
      for (const { id } of this.#waiting.splice(0)) this.#settle(id, CANCELLED);
      this.#requests.giveUpAll();
    }
    this.#endpoint.step(event, nowMs, out);
    if (event.type === "call") this.#call(event);
    else if (event.type === "cancel") this.#cancel(event.id);
    else if (event.type === "wake") {
      this.#requests.wake(nowMs);
      const due = this.#waiting.filter(({ deadlineMs }) => deadlineMs <= nowMs);
      this.#waiting = this.#waiting.filter(({ deadlineMs }) => deadlineMs > nowMs);
      for (const { id } of due) this.#settle(id, issueOf("timeout"));
    }
    if (!this.#isStopped) this.#proposeWaiting();
  }

  // Calls

  #call({ id, request, deadlineMs }: CallEvent): void {
    if (this.#isStopped) return this.#settle(id, CANCELLED);
    if (request.type === "closeSession") return this.#closeSession(id, deadlineMs);
    const call: RaftCall = request;
    let asked: ClientRequest;
    try {
      asked = requestOf(call);
    } catch (error) {
      if (!isWireError(error)) throw error;
      return this.#settle(id, error.toJSON());
    }
    if (request.type === "propose" && this.#options.session !== "none") {
      return void this.#waiting.push({ id, data: own(request.data), deadlineMs });
    }
    const mayRepeat = request.type === "read" || request.type === "status";
    const at = "at" in request && { at: request.at };
    this.#start(id, { request: asked, ...at, deadlineMs, mayRepeat }, (end) => this.#ended(id, call, end));
  }

  #cancel(id: CallId): void {
    const pending = this.#calls.get(id);
    if (pending !== undefined) return this.#requests.cancel(pending);
    if (!this.#waiting.some((call) => call.id === id)) return;
    this.#waiting = this.#waiting.filter((call) => call.id !== id);
    this.#settle(id, CANCELLED);
  }

  #start(
    id: CallId,
    start: Pick<PendingRequest, "request" | "at" | "deadlineMs" | "mayRepeat">,
    done: (end: RequestEnd) => void,
  ): void {
    const pending = this.#requests.start(
      {
        ...start,
        done: (end) => {
          this.#calls.delete(id);
          done(end);
        },
      },
      this.#nowMs,
    );
    this.#calls.set(id, pending);
  }

  #ended(id: CallId, call: RaftCall, end: RequestEnd): void {
    if (end.status === "cancelled") return this.#settle(id, CANCELLED);
    if (end.status !== "ok") return this.#settle(id, issueOf(end.status, end.address));
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
    while (this.#waiting.length > 0) {
      const session = this.#session;
      if (session === undefined) return this.#openSession();
      if (session.isFull) return;
      const { id, data, deadlineMs } = this.#waiting.shift()!;
      const place = session.open();
      const call: RaftCall = { type: "propose", data, session: place };
      this.#start(id, { request: requestOf(call), deadlineMs, mayRepeat: true }, (end) => {
        session.close(place.serial);
        if (end.status !== "sessionExpired") return this.#ended(id, call, end);
        // Refused by every attempt: it has not happened, and may in another session.
        if (this.#session === session) this.#session = undefined;
        this.#waiting.unshift({ id, data, deadlineMs });
      });
    }
  }

  #openSession(): void {
    if (this.#opening !== undefined) return;
    const request = requestOf({ type: "openSession" });
    // A session that nobody learns of ends by itself: so that may be repeated.
    const start = {
      request,
      deadlineMs: Math.max(...this.#waiting.map(({ deadlineMs }) => deadlineMs)),
      mayRepeat: true,
    };
    const done = (end: RequestEnd): void => {
      this.#opening = undefined;
      if (end.status === "ok") this.#session = new Serials(end.answer.index);
      else if (end.status !== "cancelled" && end.status !== "uncertain" && end.status !== "timeout") {
        for (const { id } of this.#waiting.splice(0)) this.#settle(id, issueOf(end.status, end.address));
      }
    };
    this.#opening = this.#requests.start({ ...start, done }, this.#nowMs);
  }

  #closeSession(id: CallId, deadlineMs: Millis): void {
    const session = this.#session;
    if (session === undefined) return void this.#out.push({ type: "settle", id, value: { type: "sessionClosed" } });
    this.#session = undefined;
    const call: RaftCall = { type: "closeSession", client: session.client };
    this.#start(id, { request: requestOf(call), deadlineMs, mayRepeat: true }, (end) => {
      // One that is not there any more is closed.
      if (end.status === "sessionExpired") this.#out.push({ type: "settle", id, value: { type: "sessionClosed" } });
      else this.#ended(id, call, end);
    });
  }

  // Links

  #send(peer: string, request: ClientRequest, seq: number): boolean {
    const head = { clusterId: this.#options.clusterId, from: 0, life: 0n, to: 0, seq };
    const body = { ...encodeRequest(request, head), protocol: Protocol.Raft };
    return this.#endpoint.send({ peer, via: "stream" }, body, this.#nowMs, this.#out) === undefined;
  }

  #received({ meta, payload }: RpcMessage, { link }: RpcOrigin): boolean {
    if ((meta?.protocol ?? Protocol.Raft) !== Protocol.Raft || link === undefined) return false;
    const bytes = own(payload);
    const header = tryDecodeMessageHeader(bytes);
    const isOurs =
      header.ok &&
      equalBytes(header.value.clusterId, this.#options.clusterId) &&
      header.value.to === 0 &&
      isClientAnswer(header.value.messageKind);
    const answer = isOurs ? decodeAnswer(bytes, header.value) : undefined;
    if (header.ok && answer?.ok === true) this.#requests.answered(header.value.seq, answer.value, this.#nowMs);
    else this.#endpoint.shut(link, this.#nowMs, this.#out);
    return true;
  }

  #closed(link: RpcLink): void {
    const wasOpen = this.#open.delete(link.id);
    if (link.isOutgoing) this.#requests.lost(link.peer, wasOpen, this.#nowMs);
  }
}

const CANCELLED: WireIssue = Object.freeze({ code: "cancelled", format: "raft", path: "" });

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
