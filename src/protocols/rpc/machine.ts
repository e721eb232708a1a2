/** A peer as a machine of its own: an endpoint whose requests come from callers and go to them. */
import { own } from "../../bytes/index.js";
import { AnswerCode, Command } from "../../codec/gen/rpc/index.js";
import type { WireIssue } from "../../errors.js";
import {
  DeadlineHeap,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type LinkId,
  type Machine,
  type Millis,
} from "../../machine/index.js";
import { answerIssue, statusBody } from "./answer-status.js";
import type { RpcCounters } from "./counters.js";
import { RpcEndpoint } from "./endpoint.js";
import type { RpcLink } from "./link.js";
import { issueOf } from "./links.js";
import { ownMessage, type RpcBody, type RpcMessage } from "./message.js";
import type { RpcOptions } from "./options.js";
import type { RpcOrigin, RpcRequest } from "./request.js";
import type { RpcTarget } from "./target.js";

/** Options of a peer. */
export interface RpcPeerOptions extends RpcOptions {
  /**
   * Commands whose requests are handed out as events. A PING that is not among them is answered by an ACK with the id;
   * all others by one with the code `unsupported`. Default none.
   */
  readonly commands?: readonly number[];
  /**
   * Whether messages without a RequestID are handed out as events, as Raft wants them. By default they are requests,
   * which are answered without one, as those of Go peers are. Default false.
   */
  readonly plainMessages?: boolean;
}

/** What a caller asks of the machine. */
export type RpcCall =
  /** Asks a peer; settles with its answer, or with `status` where that says that the request was not carried out. */
  | { readonly type: "request"; readonly target: RpcTarget; readonly body: RpcBody }
  /** Sends a message that nobody answers by RequestID. */
  | { readonly type: "send"; readonly target: RpcTarget; readonly body: RpcBody }
  /** Answers a request that came as an event; without a body, leaves it without an answer. */
  | { readonly type: "reply"; readonly request: number; readonly body?: RpcBody }
  /** Closes a link. */
  | { readonly type: "shut"; readonly link: LinkId }
  /** Sets the address that the Sender of each message says. */
  | { readonly type: "setAddress"; readonly address: string }
  /** Takes no more requests and opens no more links; settles when all requests are answered. */
  | { readonly type: "drain" }
  /** Settles with a copy of the counters. */
  | { readonly type: "count" };

/** The answer to a request. */
export interface RpcResponse {
  readonly message: RpcMessage;
  /** "host:port" that it came from. */
  readonly peer: string;
  /** Time from the request to its answer; undefined where the request was sent more than once. */
  readonly rttMs: Millis | undefined;
}

/** What a call settles with. */
export type RpcOutcome = RpcResponse | RpcCounters | undefined;

/** What a peer tells. Its messages are copies. */
export type RpcEvent =
  /** A request to be answered by the call `reply` with its id. */
  | {
      readonly type: "request";
      readonly request: number;
      readonly command: number;
      readonly protocol: number;
      readonly message: RpcMessage;
      readonly origin: RpcOrigin;
    }
  /** A message without a RequestID, with `plainMessages`. */
  | { readonly type: "message"; readonly message: RpcMessage; readonly origin: RpcOrigin }
  | { readonly type: "opened" | "congested" | "drained"; readonly link: RpcLinkInfo }
  | { readonly type: "closed"; readonly link: RpcLinkInfo; readonly issue: WireIssue };

/** A link at one time, as plain data. */
export type RpcLinkInfo = Pick<RpcLink, "id" | "peer" | "identity" | "isOutgoing">;

/** Answers requests of one command inside the machine; undefined for one that is answered later. */
export type RpcHandler = (request: RpcRequest, nowMs: Millis) => RpcBody | undefined;

/** Handlers by command. */
export type RpcHandlers = Readonly<Record<number, RpcHandler>>;

type Out = Effect<RpcOutcome, RpcEvent>[];

/** A peer that asks and answers, as client, server or both. */
export class RpcMachine implements Machine<RpcCall, RpcOutcome, RpcEvent> {
  /** A peer may close its sending half and still read. */
  readonly halfOpen = true;
  readonly endpoint: RpcEndpoint<RpcOutcome, RpcEvent>;
  readonly #handlers: ReadonlyMap<number, RpcHandler>;
  readonly #commands: ReadonlySet<number>;
  /** Requests of callers: their calls by the ids of the host, with those of the endpoint. */
  readonly #asked = new Map<CallId, CallId>();
  /** Deadlines of calls `drain`. */
  readonly #draining = new DeadlineHeap<CallId>();

  /**
   * @param handlers answer inside the machine; what they need must not depend on anything but events and draws
   * @throws WireError `argument` for an invalid option
   */
  constructor(options: RpcPeerOptions, env: Env, handlers: RpcHandlers = {}) {
    this.#commands = new Set(options.commands);
    this.#handlers = new Map(Object.entries(handlers).map(([command, handler]) => [Number(command), handler]));
    const tell = (type: "opened" | "congested" | "drained") => (link: RpcLink, _nowMs: Millis, out: Out) =>
      void out.push({ type: "emit", event: { type, link: infoOf(link) } });
    this.endpoint = new RpcEndpoint<RpcOutcome, RpcEvent>(options, env, {
      request: (request, nowMs, out) => this.#handle(request, nowMs, out),
      message: (message, origin, _nowMs, out) => {
        if (options.plainMessages !== true) return false;
        out.push({ type: "emit", event: { type: "message", message: ownMessage(message), origin } });
        return true;
      },
      opened: tell("opened"),
      congested: tell("congested"),
      drained: tell("drained"),
      closed: (link, issue, _nowMs, out) =>
        void out.push({ type: "emit", event: { type: "closed", link: infoOf(link), issue } }),
    });
  }

  step(event: Event<RpcCall>, nowMs: Millis, out: Out): void {
    if (event.type === "call") this.#call(event, nowMs, out);
    else if (event.type === "cancel") this.#cancel(event.id, nowMs, out);
    else this.endpoint.step(event, nowMs, out);
    if (this.#draining.size > 0) this.#drain(nowMs, out);
  }

  nextWakeMs(): Millis {
    return Math.min(this.endpoint.nextMs, this.#draining.nextMs);
  }

  #call(
    { id, request, deadlineMs }: Extract<Event<RpcCall>, { readonly type: "call" }>,
    nowMs: Millis,
    out: Out,
  ): void {
    switch (request.type) {
      case "request":
        return this.#request(id, request, deadlineMs, nowMs, out);
      case "send":
        return settle(id, this.endpoint.send(request.target, request.body, nowMs, out), out);
      case "reply":
        return settle(id, this.#reply(request.request, request.body, nowMs, out), out);
      case "shut":
        this.endpoint.shut(request.link, nowMs, out);
        return settle(id, undefined, out);
      case "setAddress":
        this.endpoint.address = request.address;
        return settle(id, undefined, out);
      case "drain":
        this.#draining.set(id, deadlineMs);
        return this.endpoint.stop(nowMs, out);
      case "count":
        return void out.push({ type: "settle", id, value: { ...this.endpoint.counters } });
    }
  }

  #request(
    id: CallId,
    { target, body }: Extract<RpcCall, { readonly type: "request" }>,
    deadlineMs: Millis,
    nowMs: Millis,
    out: Out,
  ): void {
    let isOver = false;
    const asked = this.endpoint.request(
      target,
      body,
      {
        deadlineMs,
        done: (outcome, _nowMs, effects) => {
          isOver = true;
          this.#asked.delete(id);
          if (!outcome.ok) return settle(id, outcome.error, effects);
          const { message, origin, rttMs } = outcome.value;
          const issue = answerIssue(message);
          if (issue !== undefined) return settle(id, issue, effects);
          const value = { message: ownMessage(message), peer: origin.peer, rttMs };
          effects.push({ type: "settle", id, value });
        },
      },
      nowMs,
      out,
    );
    if (!isOver) this.#asked.set(id, asked);
  }

  #cancel(id: CallId, nowMs: Millis, out: Out): void {
    if (this.#draining.delete(id)) return settle(id, issueOf("cancelled"), out);
    const asked = this.#asked.get(id);
    if (asked !== undefined) this.endpoint.cancel(asked, nowMs, out);
  }

  #drain(nowMs: Millis, out: Out): void {
    const isDone = this.endpoint.requestCount === 0;
    const pop = (): CallId | undefined => this.#draining.popDue(isDone ? Infinity : nowMs);
    for (let id = pop(); id !== undefined; id = pop()) settle(id, isDone ? undefined : issueOf("timeout"), out);
  }

  #handle(request: RpcRequest, nowMs: Millis, out: Out): void {
    const { command, protocol, message, origin, id } = request;
    const handler = this.#handlers.get(command);
    if (handler !== undefined) {
      const body = handler(request, nowMs);
      if (body !== undefined) this.#answer(request, body, nowMs, out);
    } else if (this.#commands.has(command)) {
      const event = { type: "request", request: id, command, protocol, message: ownMessage(message), origin } as const;
      out.push({ type: "emit", event });
    } else if (command === Command.PING) {
      this.#answer(request, { command: Command.ACK, key: own(this.endpoint.id) }, nowMs, out);
    } else this.#answer(request, statusBody(AnswerCode.unsupported), nowMs, out);
  }

  #reply(request: number, body: RpcBody | undefined, nowMs: Millis, out: Out): WireIssue | undefined {
    const open = this.endpoint.requestOf(request);
    if (open === undefined) return { code: "closed", format: "rpc", path: "request", actual: "it is over" };
    if (body === undefined) this.endpoint.dismiss(open, nowMs, out);
    else return this.#answer(open, body, nowMs, out);
    return undefined;
  }

  /** Answers, or says why not. */
  #answer(request: RpcRequest, body: RpcBody, nowMs: Millis, out: Out): WireIssue | undefined {
    const issue = this.endpoint.reply(request, body, nowMs, out);
    if (issue === undefined) return undefined;
    const code = issue.code === "limit" ? AnswerCode.tooLong : AnswerCode.failed;
    this.endpoint.reply(request, statusBody(code), nowMs, out);
    this.endpoint.dismiss(request, nowMs, out);
    return issue;
  }
}

function settle(id: CallId, error: WireIssue | undefined, out: Out): void {
  out.push(error === undefined ? { type: "settle", id, value: undefined } : { type: "settle", id, error });
}

function infoOf({ id, peer, identity, isOutgoing }: RpcLink): RpcLinkInfo {
  return { id, peer, identity, isOutgoing };
}
