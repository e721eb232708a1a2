/** Calls in progress at a member: at the own core, at the leader, or between two attempts. */
import { isBytes, own } from "../../bytes/index.js";
import type { WireIssue } from "../../errors.js";
import { IdMap } from "../../machine/id-map.js";
import { Calls, countUp, type Millis } from "../../machine/index.js";
import { issueOf } from "./core-outcome.js";
import type { MemberId } from "./core/messages.js";
import type { StateMachine } from "./core/state-machine.js";
import type { CallStatus, CoreCall } from "./core/types.js";
import { commandRequest, RETRIES } from "./requests.js";
import type { ClientAnswer, ClientRequest } from "./wire/client-messages.js";

/** How calls reach the core and the leader. */
export interface CallPort {
  readonly stateMachine: StateMachine;
  /** Gives a call to the core. @returns false if it is refused */
  take(call: CoreCall): boolean;
  /** The bytes of the command that the core has taken last, as the log keeps them. */
  lastCommand(): Uint8Array;
  /** Sends a request to a member. False if that is not possible at present. */
  forward(to: MemberId, request: ClientRequest, seq: number): boolean;
  /** The member that leads, else 0, and its address. */
  leader(): { readonly member: MemberId; readonly address: string };
  /** The state of this member as JSON. */
  status(): Uint8Array;
  /** The state machine has not answered a query. */
  queryFailed(why: string): void;
}

/**
 * How a call ends: an answer, or undefined where its caller has cancelled it.
 * @param issue what is wrong with a call that was not begun
 */
export type Reply = (answer: ClientAnswer | undefined, issue?: WireIssue) => void;

/** What is asked, and where it is. */
interface Asked {
  request: ClientRequest;
  /** The command in it is lent until the turn ends. */
  isLent: boolean;
  /** It may be passed on to the leader, and tried again. */
  readonly mayForward: boolean;
  readonly reply: Reply;
  /** Who has it, so that it may happen yet. */
  at: "core" | MemberId | undefined;
}

type Refusal = Exclude<CallStatus, "ok">;

const NONE = new Uint8Array(0);
/** Why a query is refused. Its asker may be anyone: what was thrown is told to the own log alone. */
const UNANSWERED = new TextEncoder().encode("a query that the state machine answers; it has thrown");
/** Calls end by their `reply`: they have no effects of their own. */
const NO_EFFECTS: never[] = [];

/** Calls by whoever made them, bounded in number. The core and the leader know an attempt by the same number. */
export class MemberCalls {
  readonly #port: CallPort;
  readonly #nextId = countUp();
  readonly #nextNumber = countUp();
  readonly #calls: Calls<Asked, ClientAnswer, number>;
  readonly #attempts = new IdMap<number, Asked>();
  /** Before the core is there, nothing is asked. */
  #hasCore = false;

  /** @param callsMax calls in progress, and as many that wait beside them; more are refused. Default 4,096 */
  constructor(port: CallPort, callsMax?: number) {
    this.#port = port;
    this.#calls = new Calls<Asked, ClientAnswer, number>({
      format: "raft",
      ...(callsMax !== undefined && { inFlightMax: callsMax, waitingMax: callsMax }),
      attemptsMax: Infinity,
      backoff: RETRIES,
      send: ({ request: asked }) => {
        const key = this.#nextNumber();
        this.#attempts.set(key, asked);
        if (this.#hasCore) this.#ask(key, asked);
        return { key };
      },
      release: ({ key }) => {
        if (this.#attempts.get(key)?.at === "core") this.#port.take({ type: "abandon", tag: key });
        this.#attempts.delete(key);
      },
      settled: ({ request: { reply, at, request } }, outcome) => {
        if (outcome.ok) reply(outcome.value);
        else if (outcome.error.code === "cancelled") reply(undefined);
        else if (at !== undefined && changesState(request)) reply(this.#refusal("uncertain"));
        else reply(this.#refusal(refusalOf(outcome.error)), outcome.error);
      },
    });
  }

  get nextMs(): Millis {
    return this.#calls.nextMs;
  }

  /** The core is there: what waits for it is asked. */
  begin(nowMs: Millis): void {
    this.#hasCore = true;
    for (const [key, asked] of this.#attempts.entries()) {
      const answer = this.#answerHere(asked.request);
      if (answer === undefined) this.#ask(key, asked);
      else this.#settle(key, answer, nowMs);
    }
  }

  /** @returns what gives the call up */
  start(
    request: ClientRequest,
    deadlineMs: Millis,
    nowMs: Millis,
    { mayForward, isLent }: { readonly mayForward: boolean; readonly isLent: boolean },
    reply: Reply,
  ): (nowMs: Millis) => void {
    const answer = this.#hasCore ? this.#answerHere(request) : undefined;
    if (answer !== undefined) {
      reply(answer);
      return () => {};
    }
    const id = this.#nextId();
    const asked: Asked = { request, isLent, mayForward, reply, at: undefined };
    this.#calls.start(id, asked, deadlineMs, nowMs, NO_EFFECTS);
    if (asked.isLent) keepCommand(asked);
    return (atMs) => void this.#calls.cancel(id, atMs, NO_EFFECTS);
  }

  /** Deadlines and attempts that are due. */
  wake(nowMs: Millis): void {
    this.#calls.wake(nowMs, NO_EFFECTS);
  }

  /** What the core says of an attempt. */
  settled(tag: number, status: CallStatus, index: number, result: Uint8Array, nowMs: Millis): void {
    const asked = this.#attempts.get(tag);
    if (asked?.at !== "core") return;
    asked.at = undefined;
    const { request } = asked;
    if (status === "ok") {
      const isQuery = request.type === "read" && request.mode !== "index";
      const found = isQuery ? this.#found(request.query) : result;
      if (found === undefined) return this.#settle(tag, { ...this.#refusal("argument"), result: UNANSWERED }, nowMs);
      const { member: leader, address } = this.#port.leader();
      return this.#settle(tag, { status, index, leader, address, result: found }, nowMs);
    }
    const isElsewhere = status === "notLeader" || status === "unavailable";
    if (!isElsewhere || !asked.mayForward) return this.#settle(tag, { ...this.#refusal(status), result }, nowMs);
    const { member } = this.#port.leader();
    if (status === "notLeader" && member !== 0 && this.#forward(tag, asked, member)) return;
    this.#pause(tag, nowMs);
  }

  /** What a member answers to a request that was passed on. */
  answered(seq: number, answer: ClientAnswer, nowMs: Millis): void {
    const asked = this.#attempts.get(seq);
    if (typeof asked?.at !== "number") return;
    asked.at = undefined;
    const { status, index } = answer;
    if (status === "notLeader" || status === "unavailable") return this.#pause(seq, nowMs);
    if (status === "ok" && asked.request.type === "read") {
      // The leader has told what to wait for: the answer is made here.
      return void this.#atCore(asked, { type: "read", tag: seq, mode: "local", atLeast: index });
    }
    this.#settle(seq, answer, nowMs);
  }

  /**
   * A member cannot be reached, or does not lead any more: nobody knows what has become of what it was asked for.
   * @param isReachable it may still answer
   */
  lost(member: MemberId, nowMs: Millis, isReachable = false): void {
    for (const [key, asked] of this.#attempts.entries()) {
      // A leader that hands over, or removes itself, answers when it leads no more.
      if (asked.at !== member || (isReachable && asked.request.type === "admin")) continue;
      asked.at = undefined;
      if (mayRepeat(asked.request)) this.#pause(key, nowMs);
      else this.#settle(key, this.#refusal("uncertain"), nowMs);
    }
  }

  /** There is a leader: what waits for one is asked for again. */
  resume(nowMs: Millis): void {
    this.#calls.resume(nowMs, NO_EFFECTS);
  }

  /** Gives up all calls: `uncertain` those that the core or a member has, the others `unavailable`. */
  giveUpAll(nowMs: Millis): void {
    this.#calls.giveUpAll(issueOf("unavailable"), nowMs, NO_EFFECTS);
  }

  /** What this member answers by itself. */
  #answerHere(request: ClientRequest): ClientAnswer | undefined {
    if (request.type !== "admin" || request.op !== "status") return undefined;
    return { ...this.#about("ok"), index: 0, result: this.#port.status() };
  }

  #ask(tag: number, asked: Asked): void {
    const { request } = asked;
    if (request.type === "propose") {
      const isTaken = this.#atCore(asked, { type: "propose", tag, proposal: request.proposal });
      if (asked.isLent) keepCommand(asked, isTaken ? this.#port.lastCommand() : undefined);
      return;
    }
    if (request.type === "read") return void this.#atCore(asked, { type: "read", tag, mode: request.mode });
    const { op, member, address } = request;
    switch (op) {
      case "status":
        return;
      case "backup":
        return void this.#atCore(asked, { type: "backup", tag });
      case "snapshot":
        return void this.#atCore(asked, { type: "snapshot", tag });
      case "transfer":
        return void this.#atCore(asked, { type: "transfer", tag, ...(member !== 0 && { to: member }) });
      default:
        return void this.#atCore(asked, { type: "change", tag, op, member, address });
    }
  }

  /** What the state machine answers to a query; undefined where it throws, which changes nothing. */
  #found(query: Uint8Array): Uint8Array | undefined {
    const { stateMachine } = this.#port;
    if (stateMachine.query === undefined) return NONE;
    try {
      const found: unknown = stateMachine.query(query);
      if (isBytes(found)) return found;
      this.#port.queryFailed(`it answered ${typeof found}, expected bytes`);
    } catch (error) {
      this.#port.queryFailed(String(error));
    }
    return undefined;
  }

  #atCore(asked: Asked, call: CoreCall): boolean {
    asked.at = "core";
    return this.#port.take(call);
  }

  #forward(seq: number, asked: Asked, to: MemberId): boolean {
    const { request } = asked;
    const sent: ClientRequest = request.type === "read" ? { ...request, mode: "index", query: NONE } : request;
    if (!this.#port.forward(to, sent, seq)) return false;
    asked.at = to;
    return true;
  }

  /** Nothing has come of an attempt: there is another, if there is time for it. */
  #pause(key: number, nowMs: Millis): void {
    this.#calls.fail(key, issueOf("timeout"), nowMs, NO_EFFECTS);
  }

  #settle(key: number, value: ClientAnswer, nowMs: Millis): void {
    this.#calls.settle(key, { ok: true, value }, nowMs, NO_EFFECTS);
  }

  #refusal(status: Refusal): ClientAnswer {
    return { ...this.#about(status), index: 0, result: NONE };
  }

  #about(status: CallStatus): Pick<ClientAnswer, "status" | "leader" | "address"> {
    const { member: leader, address } = this.#port.leader();
    return { status, leader, address };
  }
}

/** Keeps a command that was lent: as the log does, or as a copy. */
function keepCommand(asked: Asked, kept?: Uint8Array): void {
  const { request } = asked;
  asked.isLent = false;
  if (request.type !== "propose" || request.proposal.type !== "command") return;
  const { client, serial, ackedBelow, data } = request.proposal;
  asked.request = commandRequest(kept ?? own(data), { client, serial, ackedBelow });
}

function refusalOf({ code }: WireIssue): Refusal {
  if (code === "limit" || code === "argument" || code === "timeout") return code;
  return "unavailable";
}

function changesState(request: ClientRequest): boolean {
  return request.type !== "read";
}

/** Whether asking once more does nothing twice. */
function mayRepeat(request: ClientRequest): boolean {
  if (request.type === "propose") return request.proposal.type === "command" && request.proposal.client !== 0;
  return request.type === "read" || request.op === "status";
}
