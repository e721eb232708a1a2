/** Requests of a client in progress: at a member, or between two attempts. */
import type { WireIssue } from "../../../errors.js";
import { IdMap } from "../../../machine/id-map.js";
import { Calls, countUp, requireTime, type CallId, type Millis } from "../../../machine/index.js";
import { issueOf } from "../core-outcome.js";
import type { CallStatus } from "../core/types.js";
import { RETRIES } from "../requests.js";
import type { ClientAnswer, ClientRequest } from "../wire/client-messages.js";

/** How requests reach members. */
export interface ClientPort {
  /** Sends a request to a member. False if that is not possible. */
  send(address: string, request: ClientRequest, seq: number): boolean;
}

/** How a request ends: with an answer, with what a member or the time has refused it for, or with an issue. */
export type RequestEnd =
  | { readonly status: "ok"; readonly answer: ClientAnswer }
  | { readonly status: Exclude<CallStatus, "ok"> | "cancelled"; readonly issue: WireIssue };

/** A request and what is allowed with it. */
export interface RequestStart {
  readonly request: ClientRequest;
  /** Asks this member and no other. */
  readonly at?: string | undefined;
  /** A second execution does nothing: it is asked for again where nobody knows what has become of the first. */
  readonly mayRepeat: boolean;
  readonly done: (end: RequestEnd) => void;
}

/** A request and what has become of its attempts. */
interface Pending extends RequestStart {
  /** Attempts of which nobody knows what has become, the one under way included. */
  unclear: number;
  /** Where the attempt under way is. */
  peer: string | undefined;
}

/** Ends a request that was cancelled. */
export const CANCELLED: WireIssue = Object.freeze({ code: "cancelled", format: "raft", path: "" });
/** Ends a request that fails when there is no time for another attempt. */
const NO_TIME: WireIssue = issueOf("timeout");
/** Longest pause of a request: how late it may learn that there is a leader again. */
const PAUSE_MS_MAX = 160;
/** Pause of a request whose first member has named the leader. */
const REDIRECT_MS = 1;
/** Requests end by `done`: they have no effects of their own. */
export const NO_EFFECTS: never[] = [];

/** Requests, each at the member that is taken for the leader. */
export class ClientRequests {
  readonly #port: ClientPort;
  readonly #members: readonly string[];
  readonly #nextSeq = countUp();
  readonly #calls: Calls<Pending, RequestEnd, number>;
  readonly #attempts = new IdMap<number, Pending>();
  #target: string;
  #lastMember = 0;

  /**
   * @param members addresses, one or more
   * @param callsMax requests in progress, and as many that wait beside them; more are refused. Default 4,096
   * @throws WireError `argument` for a time or a count that is none
   */
  constructor(members: readonly string[], attemptTimeoutMs: Millis, port: ClientPort, callsMax?: number) {
    requireTime("raft", "attemptTimeoutMs", attemptTimeoutMs, 1, Infinity);
    this.#members = members;
    this.#port = port;
    this.#target = members[0]!;
    this.#calls = new Calls<Pending, RequestEnd, number>({
      format: "raft",
      ...(callsMax !== undefined && { inFlightMax: callsMax, waitingMax: callsMax }),
      attemptsMax: Infinity,
      attemptTimeoutMs: (_attempt, { request: { mayRepeat, at } }) =>
        mayRepeat && at === undefined ? attemptTimeoutMs : Infinity,
      backoff: { ...RETRIES, maxMs: PAUSE_MS_MAX },
      repeatsTimeoutAtOnce: true,
      send: ({ request: pending }) => this.#send(pending),
      release: ({ key }) => void this.#attempts.delete(key),
      settled: ({ request: pending }, outcome) =>
        pending.done(outcome.ok ? outcome.value : endOf(pending, outcome.error)),
    });
  }

  get nextMs(): Millis {
    return this.#calls.nextMs;
  }

  start(id: CallId, { request, at, mayRepeat, done }: RequestStart, deadlineMs: Millis, nowMs: Millis): void {
    const pending = { request, at, mayRepeat, done, unclear: 0, peer: undefined };
    this.#calls.start(id, pending, deadlineMs, nowMs, NO_EFFECTS);
  }

  /** Nobody waits for a request any more. @returns false if there is none */
  cancel(id: CallId, nowMs: Millis): boolean {
    return this.#calls.cancel(id, nowMs, NO_EFFECTS);
  }

  /** Deadlines and attempts that are due. */
  wake(nowMs: Millis): void {
    this.#calls.wake(nowMs, NO_EFFECTS);
  }

  /** What a member answers. */
  answered(seq: number, answer: ClientAnswer, nowMs: Millis): void {
    const pending = this.#attempts.get(seq);
    if (pending === undefined) return;
    const { status, address, result } = answer;
    const peer = pending.peer!;
    pending.peer = undefined;
    if (status === "ok") {
      if (address !== "" && pending.at === undefined) this.#target = address;
      return this.#settle(seq, { status, answer }, nowMs);
    }
    if (status === "uncertain" && pending.mayRepeat) return this.#pause(seq, nowMs);
    // Refused: nothing has happened by this attempt.
    if (status !== "uncertain") pending.unclear--;
    const isElsewhere = status === "notLeader" || status === "unavailable" || status === "timeout";
    if (!isElsewhere || pending.at !== undefined)
      return this.#fail(seq, pending, nowMs, status, issueOf(status, address, result));
    if (status === "notLeader" && address !== "" && address !== peer) {
      this.#target = address;
      if (this.#calls.get(seq)?.attempts === 1) return this.#pause(seq, nowMs, REDIRECT_MS);
    } else this.#passOver(peer);
    this.#pause(seq, nowMs);
  }

  /** A link has closed. @param wasOpen false if nothing can have left by it */
  lost(peer: string, wasOpen: boolean, nowMs: Millis): void {
    this.#passOver(peer);
    for (const [seq, pending] of this.#attempts.entries()) {
      if (pending.peer !== peer) continue;
      pending.peer = undefined;
      if (!wasOpen) pending.unclear--;
      if (wasOpen && changesState(pending) && !pending.mayRepeat) this.#fail(seq, pending, nowMs, "uncertain");
      else if (pending.at !== undefined) this.#fail(seq, pending, nowMs, "unavailable", unreachable(peer));
      else this.#pause(seq, nowMs);
    }
  }

  /** Gives up all requests: `uncertain` those that may have changed something, the others `cancelled`. */
  giveUpAll(nowMs: Millis): void {
    this.#calls.giveUpAll(issueOf("unavailable"), nowMs, NO_EFFECTS);
  }

  #send(pending: Pending): { readonly key: number; readonly failure?: WireIssue } {
    // The attempt before this one has timed out.
    if (pending.peer !== undefined) this.#passOver(pending.peer);
    const peer = pending.at ?? this.#target;
    const key = this.#nextSeq();
    if (!this.#port.send(peer, pending.request, key)) {
      pending.peer = undefined;
      this.#passOver(peer);
      return { key, failure: NO_TIME };
    }
    pending.peer = peer;
    pending.unclear++;
    this.#attempts.set(key, pending);
    return { key };
  }

  /** Nothing has come of an attempt: there is another, if there is time for it. */
  #pause(seq: number, nowMs: Millis, pauseMs?: Millis): void {
    this.#calls.fail(seq, NO_TIME, nowMs, NO_EFFECTS, pauseMs);
  }

  /** The next member, unless another request has gone on to one already. */
  #passOver(peer: string): void {
    if (peer !== this.#target) return;
    this.#lastMember = (this.#lastMember + 1) % this.#members.length;
    this.#target = this.#members[this.#lastMember]!;
  }

  #fail(
    seq: number,
    pending: Pending,
    nowMs: Millis,
    status: Exclude<CallStatus, "ok">,
    issue: WireIssue = issueOf(status),
  ): void {
    // Refusing one attempt says nothing of those before it.
    if (isUnclear(pending)) this.#settle(seq, { status: "uncertain", issue: issueOf("uncertain") }, nowMs);
    else this.#settle(seq, { status, issue }, nowMs);
  }

  #settle(seq: number, value: RequestEnd, nowMs: Millis): void {
    this.#calls.settle(seq, { ok: true, value }, nowMs, NO_EFFECTS);
  }
}

/** Ends a request for one member alone. */
function unreachable(peer: string): WireIssue {
  return { ...issueOf("unavailable"), actual: `no member answers at ${peer}` };
}

/** How a request ends that is given up, or for which there was no room. */
function endOf(pending: Pending, issue: WireIssue): RequestEnd {
  const { code } = issue;
  if (code !== "cancelled" && isUnclear(pending)) return { status: "uncertain", issue: issueOf("uncertain") };
  if (code === "limit" || code === "argument" || code === "timeout") return { status: code, issue };
  return { status: "cancelled", issue: CANCELLED };
}

function isUnclear(pending: Pending): boolean {
  return pending.unclear > 0 && changesState(pending);
}

function changesState({ request }: Pending): boolean {
  if (request.type === "admin") return request.op !== "status" && request.op !== "snapshot";
  return request.type !== "read";
}
