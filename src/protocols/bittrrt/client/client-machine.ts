/** The client as a machine. */
import { isBytes, own } from "../../../bytes/index.js";
import type { Result, WireErrorCode, WireIssue } from "../../../errors.js";
import {
  Calls,
  countUp,
  type Call,
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
import { clientRules, type BittrrtClientOptions, type ClientRules } from "./client-options.js";

/** A call of a client. */
export type BittrrtCall =
  /** Settles with the ports when a session begins. */
  | { readonly command: "connect" }
  /** Settles when the server acknowledges the payload, which may be any bytes. */
  | { readonly command: "control"; readonly payload: Uint8Array }
  /** Ends the session. The protocol has no message that would tell the server. */
  | { readonly command: "close" };

/** An established session. */
export interface Connection {
  readonly ports: Ports;
  /** The public key of the server, 32 bytes. A later client can pin it. */
  readonly serverKey: Uint8Array;
}

/** The outcome of a control message. */
export interface Acknowledgement {
  /** How often it was sent before it was acknowledged. */
  readonly transmissions: number;
}

/** The value of a settled call. */
export type BittrrtOutcome = Connection | Acknowledgement | undefined;

/** An event of a client. */
export type BittrrtClientEvent =
  | FrameEvent
  /** An attempt to shake hands begins, from a new local address. */
  | { readonly type: "attempt"; readonly peer: string; readonly number: number; readonly local: string }
  /** The server has no ports, by a message that anybody can forge. */
  | { readonly type: "serverFull"; readonly peer: string; readonly message: string }
  | ({ readonly type: "connected"; readonly peer: string } & Connection)
  /** A heartbeat was sent. */
  | { readonly type: "heartbeat"; readonly peer: string; readonly port: PortName };

type Out = Effect<BittrrtOutcome, BittrrtClientEvent>[];

/** The addresses of one port, and its count of heartbeats. */
interface Path {
  readonly name: PortName;
  readonly peer: string;
  local: string | undefined;
  heartbeats: number;
}

/** The phase of a client. */
type State =
  | { readonly type: "idle" }
  | { readonly type: "attempting"; readonly attempt: Attempt }
  /** `opening` binds local ports, `probing` waits for the first frame of the server at one of them. */
  | { readonly type: "opening" | "probing" | "connected"; readonly session: Session; readonly connection: Connection };

/** A control message that waits for its acknowledgement. */
interface Control {
  readonly payload: Uint8Array;
  readonly sequence: bigint;
}

/** The first sequence of control messages has seven random digits, as in the reference. */
const SEQUENCE_MIN = 1_000_000;
const SEQUENCES = 9_000_000;
/** The longest time between two transmissions of a control message. */
const RESEND_MS_MAX = 8_000;

/** Heartbeats without an answer, at most one each `connectMs`, before an attempt fails. */
const PROBES_MAX = 10;

/** The channel of a text heartbeat at each port. */
const PATH_CHANNELS: Readonly<Record<PortName, number>> = { ctrl: 0, up: 1, down: 2 };

/** A BittrRt client of one server: connects, keeps its three ports alive, and sends control messages. */
export class BittrrtClient implements Machine<BittrrtCall, BittrrtOutcome, BittrrtClientEvent> {
  readonly #rules: ClientRules;
  readonly #env: Env;
  readonly #tokens: TokenWriter;
  readonly #nextOp = countUp();
  readonly #connects: Calls<void, BittrrtOutcome, CallId, BittrrtClientEvent>;
  readonly #controls: Calls<Control, BittrrtOutcome, bigint, BittrrtClientEvent>;
  #nextSequence: bigint | undefined;
  /** When to check whether the server is stale. It is moved only when it falls due. */
  #staleCheckMs: Millis = Infinity;
  #lastFrameMs: Millis = 0;
  /** When the last heartbeats were sent, and when the next ones are due. */
  #lastHeartbeatMs: Millis = 0;
  #nextHeartbeatMs: Millis = Infinity;
  #state: State = { type: "idle" };
  #attempts = 0;
  /** Why the last attempt failed. */
  #reason: WireIssue | undefined;
  #paths: readonly Path[] = [];
  readonly #binding = new Map<OpId, Path | Attempt>();
  /** The effects and the time of the current step. */
  #out: Out = [];
  #nowMs: Millis = 0;

  /** @throws WireError `argument`, `length` for an invalid option */
  constructor(options: BittrrtClientOptions, env: Env) {
    this.#rules = clientRules(options);
    this.#env = env;
    this.#tokens = new TokenWriter(this.#rules.tokenKey, env, this.#rules.profile === "reference" ? 2n : 1n);
    const { resendMs } = this.#rules;
    this.#connects = new Calls({
      format: "bittrrt",
      // All wait for the one handshake in progress.
      send: ({ id }) => ({ key: id }),
      giveUp: (_call, error) => ({ ok: false, error: error.code === "timeout" ? (this.#reason ?? error) : error }),
      settled: (call, outcome) => this.#connectSettled(call, outcome),
    });
    this.#controls = new Calls({
      format: "bittrrt",
      attemptsMax: Infinity,
      attemptTimeoutMs: (n) => Math.min(resendMs * 2 ** (n - 1), Math.max(resendMs, RESEND_MS_MAX)),
      send: ({ request }) => this.#sendControl(request),
    });
  }

  step(event: Event<BittrrtCall>, nowMs: Millis, out: Out): void {
    this.#out = out;
    this.#nowMs = nowMs;
    switch (event.type) {
      case "call":
        return this.#call(event.id, event.request, event.deadlineMs);
      case "cancel":
        this.#connects.cancel(event.id, nowMs, out);
        this.#controls.cancel(event.id, nowMs, out);
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
    return Math.min(this.#connects.nextMs, this.#controls.nextMs, this.#staleCheckMs, this.#nextHeartbeatMs, connectMs);
  }

  // Calls

  #call(id: CallId, request: BittrrtCall, deadlineMs: Millis): void {
    const [nowMs, out] = [this.#nowMs, this.#out];
    const invalid = checkCall(request, deadlineMs);
    if (invalid !== undefined) return void out.push({ type: "settle", id, error: invalid });
    switch (request.command) {
      case "close":
        this.#close(issue("cancelled"));
        return void out.push({ type: "settle", id, value: undefined });
      case "connect":
        if (this.#state.type === "connected") {
          return void out.push({ type: "settle", id, value: this.#state.connection });
        }
        this.#connects.start(id, undefined, deadlineMs, nowMs, out);
        if (this.#state.type === "idle" && this.#connects.size > 0) this.#begin();
        return;
      case "control": {
        if (this.#state.type !== "connected") {
          return void out.push({ type: "settle", id, error: issue("closed", "not connected") });
        }
        // A copy: the message may be sent again after the caller has reused its buffer.
        const control = { payload: own(request.payload), sequence: this.#takeSequence() };
        return this.#controls.start(id, control, deadlineMs, nowMs, out);
      }
    }
  }

  /** Ends the handshake with the last call that waits for it. */
  #connectSettled({ id }: Call<void>, outcome: Result<BittrrtOutcome>): void {
    if (outcome.ok) return void this.#out.push({ type: "settle", id, value: outcome.value });
    this.#out.push({ type: "settle", id, error: outcome.error });
    if (this.#connects.size === 0 && this.#state.type !== "connected") this.#reset();
  }

  /** A sequence above all before it, so that the server can tell replays. */
  #takeSequence(): bigint {
    const sequence = (this.#nextSequence ??= this.#drawSequence());
    this.#nextSequence++;
    return sequence;
  }

  #drawSequence(): bigint {
    const drawn = this.#env.random(4);
    const number = new DataView(drawn.buffer, drawn.byteOffset, 4).getUint32(0);
    return BigInt(SEQUENCE_MIN + (number % SEQUENCES));
  }

  #sendControl({ payload, sequence }: Control): { readonly key: bigint } {
    const { session } = this.#state as Extract<State, { session: Session }>;
    this.#send(this.#paths[0]!, session.seal(payload, { flags: CONTROL_FLAGS, sequence }));
    return { key: sequence };
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
      case "serverFull":
        // Anybody can forge this message, so it ends nothing. It is the reason if the attempt fails.
        this.#reason = issue("status", step.message.slice(0, 200));
        return this.#emit({ type: "serverFull", peer, message: step.message });
      case "failed":
        return this.#fail(step.issue);
      case "ports":
        return this.#open(step);
    }
  }

  /** Ends an attempt: begins the next one, or fails the waiting calls after the last. */
  #fail(error: WireIssue): void {
    this.#reset();
    if (this.#attempts < this.#rules.attemptsMax && this.#connects.size > 0) {
      this.#reason = error;
      return this.#attempt();
    }
    this.#connects.settleAll({ ok: false, error }, this.#nowMs, this.#out);
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
    // The attempt ended while the address was being bound.
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

  /** Probes the ports, which the server may have released by now. The reference does not wait for an answer. */
  #opened(): void {
    if (this.#state.type !== "opening") return;
    const { session, connection } = this.#state;
    this.#state = { type: "probing", session, connection };
    if (this.#rules.profile === "reference") this.#connected(session, connection);
    this.#sendHeartbeats(session);
  }

  #connected(session: Session, connection: Connection): void {
    this.#state = { type: "connected", session, connection };
    this.#lastFrameMs = this.#nowMs;
    this.#staleCheckMs = this.#nowMs + this.#rules.staleAfterMs;
    this.#nextHeartbeatMs = this.#lastHeartbeatMs + this.#rules.heartbeatMs;
    this.#emit({ type: "connected", peer: this.#rules.server, ...connection });
    this.#connects.settleAll({ ok: true, value: connection }, this.#nowMs, this.#out);
  }

  #sendHeartbeats(session: Session): void {
    const { heartbeatMs, connectMs } = this.#rules;
    const isProbing = this.#state.type === "probing";
    if (isProbing && this.#paths[0]!.heartbeats >= PROBES_MAX) {
      return this.#fail(issue("unreachable", "no answer at any port"));
    }
    this.#lastHeartbeatMs = this.#nowMs;
    this.#nextHeartbeatMs = this.#nowMs + (isProbing ? Math.min(heartbeatMs, connectMs) : heartbeatMs);
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
        return this.#emit({
          type: "refused",
          peer,
          port: "main",
          issue: issue("argument", "another address than the server's"),
        });
      }
      return this.#handshake(this.#state.attempt.receive(bytes));
    }
    const path = this.#paths.find((one) => one.local !== undefined && one.local === local);
    if (this.#state.type === "idle" || path === undefined) return;
    const port = path.name;
    // The reference connects this socket, so it too receives nothing from elsewhere.
    if (peer !== path.peer) {
      return this.#emit({ type: "refused", peer, port, issue: issue("argument", "another address than the server's") });
    }
    this.#frame(this.#state, path, bytes);
  }

  /** Handles a frame. Signs of life are answers to heartbeats and awaited acknowledgements: nobody can replay them. */
  #frame({ type, session, connection }: Extract<State, { session: Session }>, path: Path, bytes: Uint8Array): void {
    const { peer, name: port } = path;
    const received = session.receive(bytes, unixMs(this.#env));
    switch (received.type) {
      case "refused":
        return this.#emit({ type: "refused", peer, port, issue: received.issue });
      case "heartbeat": {
        const { reply, timing, mode, acknowledged } = received;
        if (received.isLatest) this.#lastFrameMs = this.#nowMs;
        if (acknowledged !== undefined) this.#acknowledge(port, acknowledged);
        if (type === "probing") this.#connected(session, connection);
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

  /** Settles a control message, which is sent and acknowledged at the port `ctrl`. */
  #acknowledge(port: PortName, sequence: bigint): void {
    const control = port === "ctrl" ? this.#controls.get(sequence) : undefined;
    if (control === undefined) return;
    this.#lastFrameMs = this.#nowMs;
    const value = { transmissions: control.attempts };
    this.#controls.settle(sequence, { ok: true, value }, this.#nowMs, this.#out);
  }

  // Time and the end

  #wake(): void {
    const nowMs = this.#nowMs;
    this.#connects.wake(nowMs, this.#out);
    if (this.#state.type === "attempting") {
      const { attempt } = this.#state;
      if (attempt.nextConnectMs <= nowMs) this.#connect(attempt);
      return;
    }
    if (this.#state.type === "idle") return;
    const { session } = this.#state;
    if (this.#staleCheckMs <= nowMs) {
      this.#staleCheckMs = this.#lastFrameMs + this.#rules.staleAfterMs;
      if (this.#staleCheckMs <= nowMs) {
        this.#emit({ type: "stale", peer: this.#rules.server });
        return this.#close(issue("closed", "a silent server"));
      }
    }
    this.#controls.wake(nowMs, this.#out);
    if (this.#nextHeartbeatMs <= nowMs) this.#sendHeartbeats(session);
  }

  /** Ends the session and every call. */
  #close(error: WireIssue): void {
    this.#reset();
    for (const calls of [this.#connects, this.#controls]) {
      calls.settleAll({ ok: false, error }, this.#nowMs, this.#out);
    }
  }

  /** Releases the local addresses and wipes the keys. */
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
    this.#staleCheckMs = Infinity;
    this.#nextHeartbeatMs = Infinity;
  }

  #send({ peer, local }: Path, bytes: Uint8Array): void {
    this.#out.push({ type: "datagram", peer, bytes, ...(local !== undefined && { local }) });
  }

  #emit(event: BittrrtClientEvent): void {
    this.#out.push({ type: "emit", event });
  }
}

/** The error of an invalid call; undefined for a valid one. Callers without types may pass anything. */
function checkCall(request: BittrrtCall, deadlineMs: Millis): WireIssue | undefined {
  const refusal = (path: string, expected: string): WireIssue => ({ ...issue("argument"), path, expected });
  if (Number.isNaN(deadlineMs)) return refusal("deadlineMs", "a time");
  const { command, payload }: { command?: unknown; payload?: unknown } = request ?? {};
  if (command === "connect" || command === "close") return undefined;
  if (command !== "control") return refusal("command", "connect, control or close");
  return isBytes(payload) ? undefined : refusal("payload", "a Uint8Array");
}

function issue(code: WireErrorCode, actual?: string): WireIssue {
  return { code, format: "bittrrt", path: "", ...(actual !== undefined && { actual }) };
}
