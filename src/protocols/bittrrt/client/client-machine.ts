import { isBytes, own } from "../../../bytes/index.js";
import { isWireError, type WireErrorCode, type WireIssue } from "../../../errors.js";
import {
  countUp,
  DeadlineHeap,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type Machine,
  type Millis,
  type OpId,
} from "../../../machine/index.js";
import { hostOf } from "../../../address.js";
import { PORT_NAMES, type FrameEvent, type PortName } from "../events.js";
import { BINARY_HEARTBEAT_FLAGS, CONTROL_FLAGS, TEXT_HEARTBEAT_FLAGS } from "../flags.js";
import { beginBinary, ECHOES } from "../heartbeat-binary.js";
import { beginText } from "../heartbeat-text.js";
import type { Ports } from "../messages.js";
import { unixMs } from "../options.js";
import type { Session } from "../session.js";
import { TokenWriter } from "../token-writer.js";
import { Attempt, type AttemptStep } from "./attempt.js";
import { Controls } from "./controls.js";
import { clientRules, type BittrrtClientOptions, type ClientRules } from "./options.js";

export type BittrrtCall =
  /** Settles with the ports, once there is a session. */
  | { readonly command: "connect" }
  /** Settles once the server has acknowledged the payload, which is anything. */
  | { readonly command: "control"; readonly payload: Uint8Array }
  /** Ends the session. The server is not told: the protocol has no word for it. */
  | { readonly command: "close" };

/** What a client has when it is connected. */
export interface Connection {
  readonly ports: Ports;
  /** 32 bytes; whoever wants to meet the same server again pins it. */
  readonly serverKey: Uint8Array;
}

export interface Acknowledged {
  /** How often it was sent until the acknowledgement came. */
  readonly sendings: number;
}

export type BittrrtOutcome = Connection | Acknowledged | undefined;

export type BittrrtClientEvent =
  | FrameEvent
  /** A handshake begins, from an address of its own. */
  | { readonly type: "attempt"; readonly peer: string; readonly number: number; readonly local: string }
  /** The server says that it has no ports. Anybody could say so. */
  | { readonly type: "turnedAway"; readonly peer: string; readonly message: string }
  | ({ readonly type: "connected"; readonly peer: string } & Connection)
  /** A heartbeat was sent. */
  | { readonly type: "heartbeat"; readonly peer: string; readonly port: PortName };

type Out = Effect<BittrrtOutcome, BittrrtClientEvent>[];

/** Where the frames of one port go, and where they come from. */
interface Path {
  readonly name: PortName;
  readonly peer: string;
  local: string | undefined;
  heartbeats: number;
}

/** What the client is about. */
type State =
  | { readonly type: "idle" }
  | { readonly type: "attempting"; readonly attempt: Attempt }
  /** Its ports are being bound; then, while it is proving, no frame of the server has come to them yet. */
  | { readonly type: "opening" | "proving" | "connected"; readonly session: Session; readonly connection: Connection };

/** Heartbeats, one each `connectMs`, that may stay without an answer before an attempt has failed. */
const PROOFS_MAX = 10;

const PATH_CHANNELS: Readonly<Record<PortName, number>> = { ctrl: 0, up: 1, down: 2 };

/** A BittrRt client of one server: connects, keeps its three ports alive, and sends control messages. */
export class BittrrtClient implements Machine<BittrrtCall, BittrrtOutcome, BittrrtClientEvent> {
  readonly #rules: ClientRules;
  readonly #env: Env;
  readonly #tokens: TokenWriter;
  readonly #controls: Controls;
  readonly #nextOp = countUp();
  readonly #connects = new Set<CallId>();
  readonly #deadlines = new DeadlineHeap<CallId>();
  /** When the session has been silent for too long; moved when it falls due. */
  #staleMs: Millis = Infinity;
  #heardMs: Millis = 0;
  /** When the last heartbeats were sent, and when the next are due. */
  #beatMs: Millis = 0;
  #heartbeatMs: Millis = Infinity;
  #state: State = { type: "idle" };
  #attempts = 0;
  /** Why the last attempt came to nothing. */
  #reason: WireIssue | undefined;
  #paths: readonly Path[] = [];
  readonly #binding = new Map<OpId, Path | Attempt>();
  /** Of the step under way. */
  #out: Out = [];
  #nowMs: Millis = 0;

  /** @throws WireError `argument`, `length` for an option that no client can work with */
  constructor(options: BittrrtClientOptions, env: Env) {
    this.#rules = clientRules(options);
    this.#env = env;
    this.#tokens = new TokenWriter(this.#rules.tokenKey, env, this.#rules.profile === "reference" ? 2n : 1n);
    this.#controls = new Controls(this.#rules.resendMs, (n) => env.random(n));
  }

  step(event: Event<BittrrtCall>, nowMs: Millis, out: Out): void {
    this.#out = out;
    this.#nowMs = nowMs;
    switch (event.type) {
      case "call":
        return this.#call(event.id, event.request, event.deadlineMs);
      case "cancel":
        if (this.#deadlines.has(event.id)) this.#giveUp(event.id, issue("cancelled"));
        return;
      case "bound":
        return this.#bound(event.op, event.local);
      case "failed":
        return this.#unbound(event.op, event.error);
      case "datagram":
        return this.#datagram(event.peer, event.bytes, event.local);
      case "wake":
        return this.#wake();
      case "stop":
        return this.#close(issue("cancelled"));
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    const { attempt } = this.#state.type === "attempting" ? this.#state : {};
    const connectMs = attempt?.nextConnectMs ?? Infinity;
    return Math.min(this.#deadlines.nextMs, this.#controls.nextMs, this.#staleMs, this.#heartbeatMs, connectMs);
  }

  // Calls

  #call(id: CallId, request: BittrrtCall, deadlineMs: Millis): void {
    const flaw = flawOf(request, deadlineMs);
    if (flaw !== undefined) return void this.#out.push({ type: "settle", id, error: flaw });
    if (request.command === "close") {
      this.#close(issue("cancelled"));
      return void this.#out.push({ type: "settle", id, value: undefined });
    }
    if (request.command === "connect") {
      if (this.#state.type === "connected") {
        return void this.#out.push({ type: "settle", id, value: this.#state.connection });
      }
      this.#connects.add(id);
      this.#deadlines.set(id, deadlineMs);
      if (this.#state.type === "idle") this.#begin();
      return;
    }
    if (this.#state.type !== "connected") {
      return void this.#out.push({ type: "settle", id, error: issue("closed", "not connected") });
    }
    this.#deadlines.set(id, deadlineMs);
    try {
      // Copied: it is sent again, whatever its caller does with it meanwhile.
      this.#sendControl(this.#state.session, this.#controls.add(id, own(request.payload), this.#nowMs));
    } catch (error) {
      if (!isWireError(error)) throw error;
      this.#giveUp(id, error.toJSON());
    }
  }

  #giveUp(id: CallId, error: WireIssue): void {
    this.#deadlines.delete(id);
    const wasConnecting = this.#connects.delete(id);
    this.#controls.abandon(id);
    this.#out.push({ type: "settle", id, error });
    if (wasConnecting && this.#connects.size === 0 && this.#state.type !== "connected") this.#reset();
  }

  #sendControl(session: Session, { payload, sequence }: { payload: Uint8Array; sequence: bigint }): void {
    this.#send(this.#paths[0]!, session.seal(payload, { flags: CONTROL_FLAGS, sequence }));
  }

  // The handshake

  #begin(): void {
    this.#attempts = 0;
    this.#reason = undefined;
    this.#attempt();
  }

  #attempt(): void {
    this.#attempts++;
    const attempt = new Attempt(this.#rules, this.#env);
    this.#state = { type: "attempting", attempt };
    this.#bind(attempt);
  }

  #connect(attempt: Attempt): void {
    if (attempt.connects >= this.#rules.connectsMax) return this.#fail(this.#reason ?? issue("unreachable"));
    const { server } = this.#rules;
    const bytes = attempt.connect(this.#tokens, this.#nowMs);
    this.#out.push({
      type: "datagram",
      peer: server,
      bytes,
      ...(attempt.local !== undefined && { local: attempt.local }),
    });
  }

  #handshake(step: AttemptStep): void {
    const { server: peer } = this.#rules;
    switch (step.type) {
      case "waiting":
        return;
      case "refused":
        return this.#emit({ type: "refused", peer, port: "main", issue: step.issue });
      case "turnedAway":
        // What anybody can say ends nothing; it is why the attempt fails, if it does.
        this.#reason = issue("status", step.message.slice(0, 200));
        return this.#emit({ type: "turnedAway", peer, message: step.message });
      case "failed":
        return this.#fail(step.issue);
      case "ports":
        return this.#open(step);
    }
  }

  /** An attempt has failed: another, from another port, or the end of the calls that wait. */
  #fail(error: WireIssue): void {
    this.#reset();
    if (this.#attempts < this.#rules.attemptsMax && this.#connects.size > 0) {
      this.#reason = error;
      return this.#attempt();
    }
    for (const id of this.#connects) {
      this.#deadlines.delete(id);
      this.#out.push({ type: "settle", id, error });
    }
    this.#connects.clear();
  }

  #open({ ports, session, serverKey }: Extract<AttemptStep, { type: "ports" }>): void {
    if (this.#state.type !== "attempting") return;
    const { attempt } = this.#state;
    attempt.end(session);
    if (attempt.local !== undefined) this.#out.push({ type: "release", local: attempt.local });
    this.#state = { type: "opening", session, connection: { ports, serverKey } };
    const host = hostOf(this.#rules.server);
    this.#paths = PORT_NAMES.map((name) => {
      return { name, peer: `${host}:${ports[name]}`, local: undefined, heartbeats: 0 };
    });
    for (const path of this.#paths) this.#bind(path);
  }

  // Addresses

  #bind(owner: Attempt | Path): void {
    const op = this.#nextOp();
    this.#binding.set(op, owner);
    this.#out.push({ type: "bind", op, local: `${this.#rules.bindHost}:0` });
  }

  #bound(op: OpId, local: string): void {
    const owner = this.#binding.get(op);
    this.#binding.delete(op);
    // Given up while it was on its way.
    if (owner === undefined) return void this.#out.push({ type: "release", local });
    owner.local = local;
    if (owner instanceof Attempt) {
      this.#emit({ type: "attempt", peer: this.#rules.server, number: this.#attempts, local });
      this.#connect(owner);
    } else if (this.#paths.every((path) => path.local !== undefined)) this.#opened();
  }

  #unbound(op: OpId, error: WireIssue): void {
    if (this.#binding.delete(op)) this.#fail(error);
  }

  // The session

  /** Ports that were told may be gone by now: the server has to answer at one of them. The reference does not wait. */
  #opened(): void {
    if (this.#state.type !== "opening") return;
    const { session, connection } = this.#state;
    this.#state = { type: "proving", session, connection };
    if (this.#rules.profile === "reference") this.#connected(session, connection);
    this.#beat(session);
  }

  #connected(session: Session, connection: Connection): void {
    this.#state = { type: "connected", session, connection };
    this.#heardMs = this.#nowMs;
    this.#staleMs = this.#nowMs + this.#rules.staleAfterMs;
    this.#heartbeatMs = this.#beatMs + this.#rules.heartbeatMs;
    this.#emit({ type: "connected", peer: this.#rules.server, ...connection });
    for (const id of this.#connects) {
      this.#deadlines.delete(id);
      this.#out.push({ type: "settle", id, value: connection });
    }
    this.#connects.clear();
  }

  #beat(session: Session): void {
    const { heartbeatMs, connectMs } = this.#rules;
    const isProving = this.#state.type === "proving";
    if (isProving && this.#paths[0]!.heartbeats >= PROOFS_MAX) {
      return this.#fail(issue("unreachable", "no answer at the ports"));
    }
    this.#beatMs = this.#nowMs;
    this.#heartbeatMs = this.#nowMs + (isProving ? Math.min(heartbeatMs, connectMs) : heartbeatMs);
    const isText = this.#rules.heartbeat === "text";
    for (const path of this.#paths) {
      const nowMs = session.stampMs(unixMs(this.#env));
      const fields = isText
        ? { flags: TEXT_HEARTBEAT_FLAGS, channel: PATH_CHANNELS[path.name], sequence: BigInt(path.heartbeats) }
        : { flags: BINARY_HEARTBEAT_FLAGS, sequence: ECHOES };
      this.#send(path, session.seal(isText ? beginText(nowMs) : beginBinary(nowMs), fields));
      path.heartbeats++;
      this.#emit({ type: "heartbeat", peer: path.peer, port: path.name });
    }
  }

  #datagram(peer: string, bytes: Uint8Array, local: string | undefined): void {
    if (this.#state.type === "attempting") {
      if (local !== this.#state.attempt.local) return;
      if (this.#rules.profile === "strict" && peer !== this.#rules.server) {
        return this.#emit({ type: "refused", peer, port: "main", issue: issue("argument", "not from the server") });
      }
      return this.#handshake(this.#state.attempt.receive(bytes));
    }
    const path = this.#paths.find((one) => one.local !== undefined && one.local === local);
    if (this.#state.type === "idle" || path === undefined) return;
    const port = path.name;
    // Its socket is a connected one in the reference too.
    if (peer !== path.peer) {
      return this.#emit({ type: "refused", peer, port, issue: issue("argument", "not from the server") });
    }
    this.#frame(this.#state, path, bytes);
  }

  /** Life is what nobody can repeat: an answer to a heartbeat of ours, or an acknowledgement that was waited for. */
  #frame({ type, session, connection }: Extract<State, { session: Session }>, path: Path, bytes: Uint8Array): void {
    const { peer, name: port } = path;
    const received = session.receive(bytes, unixMs(this.#env));
    switch (received.type) {
      case "refused":
        return this.#emit({ type: "refused", peer, port, issue: received.issue });
      case "heartbeat": {
        const { reply, timing, mode, acknowledged } = received;
        if (received.isLatest) this.#heardMs = this.#nowMs;
        if (acknowledged !== undefined) this.#acknowledge(port, acknowledged);
        if (type === "proving") this.#connected(session, connection);
        if (reply !== undefined) this.#send(path, reply);
        if (Object.keys(timing).length > 0) this.#emit({ type: "timing", peer, port, mode, ...timing });
        return;
      }
      case "control":
        if (received.isNew) this.#emit({ type: "control", peer, port, frame: received.frame });
        return;
      case "ack":
        return this.#acknowledge(port, received.sequence);
      case "frame":
        return this.#emit({ type: "frame", peer, port, frame: received.frame });
    }
  }

  /** Control messages go out at one port, and are acknowledged there. */
  #acknowledge(port: PortName, sequence: bigint): void {
    const control = port === "ctrl" ? this.#controls.acknowledge(sequence) : undefined;
    if (control === undefined) return;
    this.#heardMs = this.#nowMs;
    this.#deadlines.delete(control.call);
    this.#out.push({ type: "settle", id: control.call, value: { sendings: control.sendings } });
  }

  // Time and the end

  #wake(): void {
    const nowMs = this.#nowMs;
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      this.#giveUp(due, this.#connects.has(due) && this.#reason !== undefined ? this.#reason : issue("timeout"));
    }
    if (this.#state.type === "attempting") {
      const { attempt } = this.#state;
      if (attempt.nextConnectMs <= nowMs) this.#connect(attempt);
      return;
    }
    if (this.#state.type === "idle") return;
    const { session } = this.#state;
    if (this.#staleMs <= nowMs) {
      this.#staleMs = this.#heardMs + this.#rules.staleAfterMs;
      if (this.#staleMs <= nowMs) {
        this.#emit({ type: "stale", peer: this.#rules.server });
        return this.#close(issue("closed", "the server is silent"));
      }
    }
    for (const control of this.#controls.due(nowMs)) this.#sendControl(session, control);
    if (this.#heartbeatMs <= nowMs) this.#beat(session);
  }

  /** Ends the session and every call. */
  #close(error: WireIssue): void {
    this.#reset();
    this.#connects.clear();
    for (let id = this.#deadlines.popDue(Infinity); id !== undefined; id = this.#deadlines.popDue(Infinity)) {
      this.#controls.abandon(id);
      this.#out.push({ type: "settle", id, error });
    }
  }

  /** Gives back the addresses and forgets the keys. */
  #reset(): void {
    if (this.#state.type === "attempting") {
      this.#state.attempt.end();
      if (this.#state.attempt.local !== undefined)
        this.#out.push({ type: "release", local: this.#state.attempt.local });
    } else if (this.#state.type !== "idle") this.#state.session.wipe();
    for (const { local } of this.#paths) if (local !== undefined) this.#out.push({ type: "release", local });
    this.#paths = [];
    this.#binding.clear();
    this.#state = { type: "idle" };
    this.#staleMs = Infinity;
    this.#heartbeatMs = Infinity;
  }

  #send({ peer, local }: Path, bytes: Uint8Array): void {
    this.#out.push({ type: "datagram", peer, bytes, ...(local !== undefined && { local }) });
  }

  #emit(event: BittrrtClientEvent): void {
    this.#out.push({ type: "emit", event });
  }
}

/** What is wrong with a call, if something is: its values may be of any type. */
function flawOf(request: BittrrtCall, deadlineMs: Millis): WireIssue | undefined {
  const refusal = (path: string, expected: string): WireIssue => ({ ...issue("argument"), path, expected });
  if (Number.isNaN(deadlineMs)) return refusal("deadlineMs", "a time");
  const { command, payload }: { command?: unknown; payload?: unknown } = request ?? {};
  if (command === "connect" || command === "close") return undefined;
  if (command !== "control") return refusal("command", "connect, control or close");
  return isBytes(payload) ? undefined : refusal("payload", "a Uint8Array");
}

function issue(code: WireErrorCode, actual?: string): WireIssue {
  return { code, format: "bittrrt", path: "", offset: 0, ...(actual !== undefined && { actual }) };
}
