/** Calls in progress at a member: at the own core, at the leader, or between two attempts. */
import { backoffMs, countUp, DeadlineHeap, type Millis } from "../../machine/index.js";
import type { MemberId } from "./core/messages.js";
import type { StateMachine } from "./core/state-machine.js";
import type { CallStatus, CoreCall } from "./core/types.js";
import { RETRIES } from "./requests.js";
import type { ClientAnswer, ClientRequest } from "./wire/client-messages.js";

/** How calls reach the core and the leader. */
export interface CallPort {
  readonly stateMachine: StateMachine;
  /** Gives a call to the core. */
  take(call: CoreCall): void;
  /** Sends a request to a member. False if that is not possible at present. */
  forward(to: MemberId, request: ClientRequest, seq: number): boolean;
  /** The member that leads, else 0, and its address. */
  leader(): { readonly member: MemberId; readonly address: string };
  /** The state of this member as JSON. */
  status(): Uint8Array;
}

/** How a call ends: an answer, or undefined where its caller has cancelled it. */
export type Reply = (answer: ClientAnswer | undefined) => void;

/** A call. */
interface Call {
  readonly request: ClientRequest;
  readonly deadlineMs: Millis;
  readonly reply: Reply;
  /** It may be passed on to the leader, and tried again. */
  readonly mayForward: boolean;
  attempts: number;
  /** At the own core, under this tag. */
  tag: number | undefined;
  /** At a member, under this number. */
  seq: number | undefined;
  to: MemberId;
}

const NONE = new Uint8Array(0);

/** Calls by whoever made them. */
export class MemberCalls {
  readonly #port: CallPort;
  readonly #nextNumber = countUp();
  readonly #calls = new Set<Call>();
  readonly #byTag = new Map<number, Call>();
  readonly #bySeq = new Map<number, Call>();
  readonly #deadlines = new DeadlineHeap<Call>();
  readonly #retries = new DeadlineHeap<Call>();

  constructor(port: CallPort) {
    this.#port = port;
  }

  get size(): number {
    return this.#calls.size;
  }

  get nextMs(): Millis {
    return Math.min(this.#deadlines.nextMs, this.#retries.nextMs);
  }

  /** @returns what gives the call up */
  start(request: ClientRequest, deadlineMs: Millis, mayForward: boolean, reply: Reply): () => void {
    const call: Call = {
      request,
      deadlineMs,
      reply,
      mayForward,
      attempts: 0,
      tag: undefined,
      seq: undefined,
      to: 0,
    };
    this.#calls.add(call);
    this.#deadlines.set(call, deadlineMs);
    this.#try(call);
    return () => {
      if (this.#calls.has(call)) this.#end(call, undefined);
    };
  }

  /** Deadlines and attempts that are due. */
  wake(nowMs: Millis): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      this.#fail(due, isUnderWay(due) && changesState(due) ? "uncertain" : "timeout");
    }
    for (let due = this.#retries.popDue(nowMs); due !== undefined; due = this.#retries.popDue(nowMs)) this.#try(due);
  }

  /** What the core says of a call. */
  settled(tag: number, status: CallStatus, index: number, result: Uint8Array, nowMs: Millis): void {
    const call = this.#byTag.get(tag);
    if (call === undefined) return;
    this.#byTag.delete(tag);
    call.tag = undefined;
    const { request } = call;
    if (status === "ok") {
      const isQuery = request.type === "read" && request.mode !== "index";
      const found = isQuery ? this.#port.stateMachine.query?.(request.query) : result;
      return this.#end(call, { ...this.#about("ok"), index, result: found ?? NONE });
    }
    const isElsewhere = status === "notLeader" || status === "unavailable";
    if (!isElsewhere || !call.mayForward) return this.#fail(call, status);
    const { member } = this.#port.leader();
    if (status === "notLeader" && member !== 0 && this.#forward(call, member)) return;
    this.#pause(call, nowMs);
  }

  /** What a member answers to a request that was passed on. */
  answered(seq: number, answer: ClientAnswer, nowMs: Millis): void {
    const call = this.#bySeq.get(seq);
    if (call === undefined) return;
    this.#bySeq.delete(seq);
    call.seq = undefined;
    const { status, index } = answer;
    if (status === "notLeader" || status === "unavailable") return this.#pause(call, nowMs);
    if (status === "ok" && call.request.type === "read") {
      // The leader has told what to wait for: the answer is made here.
      return this.#atCore(call, { type: "read", tag: 0, mode: "local", atLeast: index });
    }
    this.#end(call, answer);
  }

  /**
   * A member cannot be reached, or does not lead any more: nobody knows what has become of what it was asked for.
   * @param isReachable it may still answer
   */
  lost(member: MemberId, nowMs: Millis, isReachable = false): void {
    for (const call of this.#bySeq.values()) {
      if (call.to !== member || call.seq === undefined) continue;
      // A leader that hands over, or removes itself, answers when it leads no more.
      if (isReachable && call.request.type === "admin") continue;
      this.#bySeq.delete(call.seq);
      call.seq = undefined;
      if (mayRepeat(call.request)) this.#pause(call, nowMs);
      else this.#fail(call, "uncertain");
    }
  }

  /** Gives up all calls. */
  giveUpAll(status: Exclude<CallStatus, "ok">): void {
    for (const call of this.#calls) {
      this.#fail(call, isUnderWay(call) && changesState(call) ? "uncertain" : status);
    }
  }

  #try(call: Call): void {
    const { request } = call;
    call.attempts++;
    if (request.type === "propose") {
      return this.#atCore(call, { type: "propose", tag: 0, proposal: request.proposal });
    }
    if (request.type === "read") return this.#atCore(call, { type: "read", tag: 0, mode: request.mode });
    const { op, member, address } = request;
    switch (op) {
      case "status":
        return this.#end(call, { ...this.#about("ok"), index: 0, result: this.#port.status() });
      case "backup":
        return this.#atCore(call, { type: "backup", tag: 0 });
      case "snapshot":
        return this.#atCore(call, { type: "snapshot", tag: 0 });
      case "transfer":
        return this.#atCore(call, { type: "transfer", tag: 0, ...(member !== 0 && { to: member }) });
      default:
        return this.#atCore(call, { type: "change", tag: 0, op, member, address });
    }
  }

  #atCore(call: Call, input: CoreCall): void {
    const tag = this.#nextNumber();
    call.tag = tag;
    this.#byTag.set(tag, call);
    this.#port.take({ ...input, tag });
  }

  #forward(call: Call, to: MemberId): boolean {
    const { request } = call;
    const seq = this.#nextNumber();
    const asked: ClientRequest = request.type === "read" ? { ...request, mode: "index", query: NONE } : request;
    if (!this.#port.forward(to, asked, seq)) return false;
    call.seq = seq;
    call.to = to;
    this.#bySeq.set(seq, call);
    return true;
  }

  #pause(call: Call, nowMs: Millis): void {
    this.#retries.set(call, nowMs + backoffMs(RETRIES, call.attempts + 1));
  }

  #fail(call: Call, status: Exclude<CallStatus, "ok">): void {
    this.#end(call, { ...this.#about(status), index: 0, result: NONE });
  }

  #about(status: CallStatus): Pick<ClientAnswer, "status" | "leader" | "address"> {
    const { member: leader, address } = this.#port.leader();
    return { status, leader, address };
  }

  #end(call: Call, answer: ClientAnswer | undefined): void {
    this.#calls.delete(call);
    this.#deadlines.delete(call);
    this.#retries.delete(call);
    if (call.seq !== undefined) this.#bySeq.delete(call.seq);
    if (call.tag !== undefined) {
      this.#byTag.delete(call.tag);
      this.#port.take({ type: "abandon", tag: call.tag });
    }
    call.reply(answer);
  }
}

/** The core or a member has it, so it may happen yet. */
function isUnderWay({ tag, seq }: Call): boolean {
  return tag !== undefined || seq !== undefined;
}

function changesState({ request }: Call): boolean {
  return request.type !== "read";
}

/** Whether asking once more does nothing twice. */
function mayRepeat(request: ClientRequest): boolean {
  if (request.type === "propose") return request.proposal.type === "command" && request.proposal.client !== 0;
  return request.type === "read" || request.op === "status";
}
