/** Requests of a client in progress: at a member, or between two attempts. */
import { backoffMs, countUp, DeadlineHeap, type Millis } from "../../../machine/index.js";
import type { CallStatus } from "../core/types.js";
import { RETRIES } from "../requests.js";
import type { ClientAnswer, ClientRequest } from "../wire/client-messages.js";

/** How requests reach members. */
export interface ClientPort {
  /** Sends a request to a member. False if that is not possible. */
  send(address: string, request: ClientRequest, seq: number): boolean;
}

/** How a request ends. */
export type RequestEnd =
  | { readonly status: "ok"; readonly answer: ClientAnswer }
  | { readonly status: Exclude<CallStatus, "ok"> | "cancelled"; readonly address: string };

/** A request and what is allowed with it. */
export interface RequestStart {
  readonly request: ClientRequest;
  /** Asks this member and no other. */
  readonly at?: string;
  readonly deadlineMs: Millis;
  /** A second execution does nothing: it is asked for again where nobody knows what has become of the first. */
  readonly mayRepeat: boolean;
  readonly done: (end: RequestEnd) => void;
}

/** A request in progress. */
export interface PendingRequest extends RequestStart {
  attempts: number;
  /** An attempt has left and was not refused: it may have taken effect, or still do. */
  mayHaveHappened: boolean;
  /** Where it is, and under which number; 0 between two attempts. */
  peer: string;
  seq: number;
}

/** Requests, each at the member that is taken for the leader. */
export class ClientRequests {
  readonly #port: ClientPort;
  readonly #members: readonly string[];
  readonly #attemptTimeoutMs: Millis;
  readonly #nextSeq = countUp();
  readonly #pending = new Set<PendingRequest>();
  readonly #bySeq = new Map<number, PendingRequest>();
  readonly #deadlines = new DeadlineHeap<PendingRequest>();
  readonly #retries = new DeadlineHeap<PendingRequest>();
  /** Attempts that are given up if no answer comes. */
  readonly #attempts = new DeadlineHeap<PendingRequest>();
  #target: string;
  #lastMember = 0;

  /** @param members addresses, one or more */
  constructor(members: readonly string[], attemptTimeoutMs: Millis, port: ClientPort) {
    this.#members = members;
    this.#attemptTimeoutMs = attemptTimeoutMs;
    this.#port = port;
    this.#target = members[0]!;
  }

  get nextMs(): Millis {
    return Math.min(this.#deadlines.nextMs, this.#retries.nextMs, this.#attempts.nextMs);
  }

  /** Requests in progress. */
  get size(): number {
    return this.#pending.size;
  }

  start(start: RequestStart, nowMs: Millis): PendingRequest {
    const pending = { ...start, attempts: 0, mayHaveHappened: false, peer: "", seq: 0 };
    this.#pending.add(pending);
    this.#deadlines.set(pending, start.deadlineMs);
    this.#try(pending, nowMs);
    return pending;
  }

  /** Nobody waits for a request any more. */
  cancel(pending: PendingRequest): void {
    if (this.#pending.has(pending)) this.#end(pending, { status: "cancelled", address: "" });
  }

  /** Deadlines and attempts that are due. */
  wake(nowMs: Millis): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      this.#left(due);
      this.#fail(due, "timeout");
    }
    for (let due = this.#attempts.popDue(nowMs); due !== undefined; due = this.#attempts.popDue(nowMs)) {
      this.#passOver(due.peer);
      this.#left(due);
      this.#try(due, nowMs);
    }
    for (let due = this.#retries.popDue(nowMs); due !== undefined; due = this.#retries.popDue(nowMs)) {
      this.#try(due, nowMs);
    }
  }

  /** What a member answers. */
  answered(seq: number, answer: ClientAnswer, nowMs: Millis): void {
    const pending = this.#bySeq.get(seq);
    if (pending === undefined) return;
    const { status, address } = answer;
    const { peer } = pending;
    this.#away(pending);
    if (status === "ok") {
      if (address !== "" && pending.at === undefined) this.#target = address;
      return this.#end(pending, { status, answer });
    }
    if (status === "uncertain") {
      pending.mayHaveHappened = true;
      if (pending.mayRepeat) return this.#pause(pending, nowMs);
      return this.#fail(pending, status);
    }
    const isElsewhere = status === "notLeader" || status === "unavailable" || status === "timeout";
    if (!isElsewhere || pending.at !== undefined) return this.#fail(pending, status, address);
    // Refused: nothing has happened by this attempt.
    if (status === "notLeader" && address !== "" && address !== peer) {
      this.#target = address;
      if (pending.attempts === 1) return this.#try(pending, nowMs);
    } else this.#passOver(peer);
    this.#pause(pending, nowMs);
  }

  /** A link has closed. @param wasOpen false if nothing can have left by it */
  lost(peer: string, wasOpen: boolean, nowMs: Millis): void {
    this.#passOver(peer);
    for (const pending of this.#bySeq.values()) {
      if (pending.peer !== peer) continue;
      if (wasOpen) this.#left(pending);
      else this.#away(pending);
      if (wasOpen && changesState(pending) && !pending.mayRepeat) this.#fail(pending, "uncertain");
      else if (pending.at !== undefined) this.#fail(pending, "unavailable");
      else this.#pause(pending, nowMs);
    }
  }

  /** Gives up all requests. */
  giveUpAll(): void {
    for (const pending of this.#pending) {
      this.#left(pending);
      this.#end(pending, { status: isUnclear(pending) ? "uncertain" : "cancelled", address: "" });
    }
  }

  #try(pending: PendingRequest, nowMs: Millis): void {
    pending.attempts++;
    pending.peer = pending.at ?? this.#target;
    const seq = this.#nextSeq();
    if (!this.#port.send(pending.peer, pending.request, seq)) {
      this.#passOver(pending.peer);
      return this.#pause(pending, nowMs);
    }
    pending.seq = seq;
    this.#bySeq.set(seq, pending);
    if (pending.mayRepeat && pending.at === undefined) this.#attempts.set(pending, nowMs + this.#attemptTimeoutMs);
  }

  #pause(pending: PendingRequest, nowMs: Millis): void {
    this.#retries.set(pending, nowMs + backoffMs(RETRIES, pending.attempts));
  }

  /** The next member, unless another request has gone on to one already. */
  #passOver(peer: string): void {
    if (peer !== this.#target) return;
    this.#lastMember = (this.#lastMember + 1) % this.#members.length;
    this.#target = this.#members[this.#lastMember]!;
  }

  /** An attempt is over of which nobody knows what has become. */
  #left(pending: PendingRequest): void {
    if (pending.seq !== 0) pending.mayHaveHappened = true;
    this.#away(pending);
  }

  #away(pending: PendingRequest): void {
    this.#bySeq.delete(pending.seq);
    this.#attempts.delete(pending);
    pending.seq = 0;
  }

  #fail(pending: PendingRequest, status: Exclude<CallStatus, "ok">, address = ""): void {
    // Refusing one attempt says nothing of those before it.
    this.#end(pending, { status: isUnclear(pending) ? "uncertain" : status, address });
  }

  #end(pending: PendingRequest, end: RequestEnd): void {
    this.#away(pending);
    this.#pending.delete(pending);
    this.#deadlines.delete(pending);
    this.#retries.delete(pending);
    pending.done(end);
  }
}

function isUnclear(pending: PendingRequest): boolean {
  return pending.mayHaveHappened && changesState(pending);
}

function changesState({ request }: PendingRequest): boolean {
  if (request.type === "admin") return request.op !== "status" && request.op !== "snapshot";
  return request.type !== "read";
}
