/** The server as a machine. */
import { own, toHex } from "../../../bytes/index.js";
import { isWireError, type WireIssue } from "../../../errors.js";
import {
  countUp,
  DeadlineHeap,
  KeyedTokenBuckets,
  TokenBucket,
  type Effect,
  type Env,
  type Event,
  type Machine,
  type Millis,
  type OpId,
} from "../../../machine/index.js";
import { addressPrefix, portOf } from "../../../address.js";
import { PORT_NAMES, type FrameEvent, type PortName } from "../events.js";
import { KeyPair } from "../keys.js";
import { NO_PORTS_MESSAGE, tryReadHandshake, writePorts, type Connect, type Ports } from "../messages.js";
import { frameOptions, sessionRules, unixMs } from "../options.js";
import { PortPool } from "../ports.js";
import { ReplayWindow } from "../replay-window.js";
import { Session } from "../session.js";
import { TokenWriter } from "../token-writer.js";
import { Client } from "./client.js";
import { serverRules, type BittrrtServerOptions, type ServerRules } from "./server-options.js";

/** An event of a server. `peer` is the address of a client's frames or of its `connect`. */
export type BittrrtServerEvent =
  | FrameEvent
  /** The three ports of a client are bound. */
  | { readonly type: "ready"; readonly peer: string; readonly ports: Ports }
  /** A client has sent its first frame. */
  | { readonly type: "established"; readonly peer: string }
  /** There are no ports for a client, which was told so. */
  | { readonly type: "full"; readonly peer: string }
  /** A client was dropped; its ports are free. */
  | { readonly type: "gone"; readonly peer: string }
  /** A datagram that is no frame, with `plainFallback`. */
  | { readonly type: "plain"; readonly peer: string; readonly port: PortName; readonly bytes: Uint8Array };

/** How long a client keeps its ports without a frame while others want them. */
const RECLAIM_AFTER_MS = 3_000;
/** How many of its connects restart that time. */
const CONNECTS_COUNTED = 8;
/** How many used client keys are remembered at least: see `#usedKeys`. */
const USED_KEYS = 16_384;

type Out = Effect<never, BittrrtServerEvent>[];
type ClientName = Pick<Client, "id" | "peer" | "keyHex">;

/** A BittrRt server: answers `connect` where its host listens, and frames at three ports for each client. */
export class BittrrtServer implements Machine<never, never, BittrrtServerEvent> {
  readonly #rules: ServerRules;
  readonly #env: Env;
  readonly #pool: PortPool;
  readonly #tokens: TokenWriter;
  readonly #isStrict: boolean;
  readonly #handshakes: TokenBucket;
  readonly #networkHandshakes: KeyedTokenBuckets;
  readonly #clients = new Map<string, Client>();
  readonly #byLocal = new Map<string, { readonly client: Client; readonly port: PortName }>();
  readonly #byOp = new Map<OpId, Client>();
  readonly #deadlines = new DeadlineHeap<Client>();
  readonly #nextOp = countUp();
  /**
   * Keys of clients that had a session with a permanent server key. The same two keys give the same session key, so a
   * second session would accept replays of the first.
   */
  readonly #usedKeys: ReplayWindow<string> | undefined;

  /** @throws WireError `argument`, `length` for an invalid option */
  constructor(options: BittrrtServerOptions, env: Env) {
    this.#rules = serverRules(options);
    this.#env = env;
    this.#pool = new PortPool(this.#rules.ranges, this.#rules.profile);
    this.#tokens = new TokenWriter(this.#rules.tokenKey, env);
    this.#isStrict = this.#rules.profile === "strict";
    this.#handshakes = new TokenBucket(this.#rules.handshakesPerSecond);
    this.#networkHandshakes = new KeyedTokenBuckets({ perSecond: this.#rules.networkHandshakesPerSecond });
    if (this.#isStrict && this.#rules.privateKey !== undefined) this.#usedKeys = new ReplayWindow(USED_KEYS);
  }

  /** How many ports are free. */
  get freePorts(): number {
    return this.#pool.freeCount;
  }

  step(event: Event<never>, nowMs: Millis, out: Out): void {
    switch (event.type) {
      case "datagram":
        if (event.local === undefined) return this.#handshake(event.peer, event.bytes, nowMs, out);
        return this.#frame(event.peer, event.bytes, event.local, nowMs, out);
      case "bound":
        return this.#bound(event.op, event.local, nowMs, out);
      case "failed":
        return this.#failed(event.op, nowMs, out);
      case "wake":
        return this.#wake(nowMs, out);
      case "stop":
        for (const client of this.#clients.values()) this.#drop(client, out);
        return;
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    return this.#deadlines.nextMs;
  }

  // The main port

  #handshake(peer: string, bytes: Uint8Array, nowMs: Millis, out: Out): void {
    const token = this.#rules.tokenKey.tryOpen(bytes);
    if (!token.ok) return refuse(peer, "main", token.error, out);
    const message = tryReadHandshake(token.value.text);
    if (!message.ok) return refuse(peer, "main", message.error, out);
    if (message.value.command !== "connect") return refuse(peer, "main", issue("another command than connect"), out);
    const keyHex = toHex(message.value.publicKey);
    const name = { id: `${peer} ${keyHex}`, peer, keyHex };
    const known = this.#clients.get(name.id);
    if (known !== undefined) this.#answer(known, nowMs, out);
    else this.#admit(name, message.value, nowMs, out);
  }

  /** Admits a new client, with all three ports or not at all. */
  #admit(name: ClientName, { publicKey }: Connect, nowMs: Millis, out: Out): void {
    const { peer, keyHex } = name;
    if (this.#isStrict) {
      if (this.#usedKeys?.has(keyHex) === true)
        return refuse(peer, "main", issue("the key of an earlier session"), out);
      const isAllowed = this.#networkHandshakes.take(addressPrefix(peer), nowMs) && this.#handshakes.take(nowMs);
      if (!isAllowed) return refuse(peer, "main", issue("too many handshakes"), out);
    }
    const isFull = this.#clients.size >= this.#rules.clientsMax;
    const take = (): Ports | undefined => this.#pool.reserve();
    const ports = isFull ? undefined : (take() ?? this.#reclaim(peer, nowMs, out, take));
    if (ports === undefined) return this.#rejectFull(peer, out);
    const client = this.#agree(name, publicKey, nowMs, out);
    if (client === undefined) return PORT_NAMES.forEach((port) => this.#pool.release(ports[port]));
    this.#clients.set(client.id, client);
    this.#schedule(client);
    for (const port of PORT_NAMES) this.#bind(client, port, ports[port], out);
    this.#answer(client, nowMs, out);
  }

  /** The session with a new client; undefined for a key that no session can have. */
  #agree(name: ClientName, publicKey: Uint8Array, nowMs: Millis, out: Out): Client | undefined {
    const { privateKey, answersPerSecond } = this.#rules;
    const pair = privateKey === undefined ? KeyPair.generate((n) => this.#env.random(n)) : new KeyPair(privateKey);
    try {
      const key = pair.agree(publicKey, frameOptions(this.#rules, this.#env));
      const session = new Session({ key, ...sessionRules(this.#rules, "server") });
      return new Client(name, pair.publicKey, session, answersPerSecond, nowMs);
    } catch (error) {
      if (!isWireError(error)) throw error;
      refuse(name.peer, "main", error.toJSON(), out);
      return undefined;
    } finally {
      pair.wipe();
    }
  }

  /** Answers a `connect`; with the ports too, when they are bound. */
  #answer(client: Client, nowMs: Millis, out: Out): void {
    if (this.#isStrict && !client.answers.take(nowMs))
      return refuse(client.peer, "main", issue("too many connects"), out);
    // The client is waiting. The count bounds how long replays of its connect can keep the ports.
    if (!client.isEstablished && client.connects++ < CONNECTS_COUNTED) client.lastFrameMs = nowMs;
    const bytes = this.#tokens.write({ command: "connected", publicKey: client.publicKey });
    out.push({ type: "datagram", peer: client.peer, bytes });
    if (client.isReady) this.#tellPorts(client, out);
  }

  #tellPorts({ peer, session, locals }: Client, out: Out): void {
    out.push({ type: "datagram", peer, bytes: session.seal(writePorts(portsOf(locals)), {}) });
  }

  #rejectFull(peer: string, out: Out): void {
    const bytes = this.#tokens.write({ command: "error", message: NO_PORTS_MESSAGE });
    out.push({ type: "datagram", peer, bytes }, { type: "emit", event: { type: "full", peer } });
  }

  // Ports

  #bind(client: Client, name: PortName, port: number, out: Out): void {
    const op = this.#nextOp();
    client.ports.add(port);
    client.binding.set(op, { name, port });
    this.#byOp.set(op, client);
    out.push({ type: "bind", op, local: `${this.#rules.bindHost}:${port}` });
  }

  #bound(op: OpId, local: string, nowMs: Millis, out: Out): void {
    const client = this.#byOp.get(op);
    this.#byOp.delete(op);
    // The client was dropped while its port was being bound.
    if (client === undefined) return void out.push({ type: "release", local });
    const port = client.binding.get(op)!.name;
    client.binding.delete(op);
    client.locals.set(port, local);
    this.#byLocal.set(local, { client, port });
    if (!client.isReady) return;
    const { peer, locals } = client;
    client.lastFrameMs = client.lastHomeFrameMs = nowMs;
    this.#schedule(client);
    this.#releaseSpare(client);
    out.push({ type: "emit", event: { type: "ready", peer, ports: portsOf(locals) } });
    // The reference sends them in answer to the next connect.
    if (this.#isStrict) this.#tellPorts(client, out);
  }

  /** Tries another port. The one in use stays out of the pool until this client has all of its ports or none. */
  #failed(op: OpId, nowMs: Millis, out: Out): void {
    const client = this.#byOp.get(op);
    this.#byOp.delete(op);
    if (client === undefined) return;
    const { name } = client.binding.get(op)!;
    client.binding.delete(op);
    const take = (): number | undefined => this.#pool.take();
    const other = take() ?? this.#reclaim(client.peer, nowMs, out, take, client);
    if (other !== undefined) return this.#bind(client, name, other, out);
    this.#rejectFull(client.peer, out);
    this.#drop(client, out);
  }

  /**
   * Drops a client that has sent no frame, for the sake of another: anybody can ask for ports with any key. A client
   * loses them after a while; at once if its network holds more waiting clients than the network of the peer.
   */
  #reclaim<T>(peer: string, nowMs: Millis, out: Out, take: () => T | undefined, asking?: Client): T | undefined {
    const waiting = [...this.#clients.values()].filter((client) => !client.isEstablished && client !== asking);
    const held = new Map<string, number>();
    for (const { network } of waiting) held.set(network, (held.get(network) ?? 0) + 1);
    const fairShare = (held.get(addressPrefix(peer)) ?? 0) + 1;
    const victim =
      waiting.find(({ lastFrameMs }) => lastFrameMs + RECLAIM_AFTER_MS <= nowMs) ??
      waiting.find(({ network }) => held.get(network)! > fairShare);
    if (victim === undefined) return undefined;
    this.#drop(victim, out);
    return take();
  }

  /** Releases everything that a client has. */
  #drop(client: Client, out: Out): void {
    this.#clients.delete(client.id);
    this.#deadlines.delete(client);
    for (const op of client.binding.keys()) this.#byOp.delete(op);
    for (const local of client.locals.values()) {
      this.#byLocal.delete(local);
      out.push({ type: "release", local });
    }
    for (const port of client.ports) this.#pool.release(port);
    client.session.wipe();
    out.push({ type: "emit", event: { type: "gone", peer: client.peer } });
  }

  // Frames

  #frame(peer: string, bytes: Uint8Array, local: string, nowMs: Millis, out: Out): void {
    const owner = this.#byLocal.get(local);
    // The datagram arrived after the port was released.
    if (owner === undefined) return;
    const { client, port } = owner;
    if (this.#isStrict && !client.acceptsFrom(peer, this.#rules.rebindAfterMs, nowMs)) {
      return refuse(peer, port, issue("another host than the client's"), out);
    }
    const received = client.session.receive(bytes, unixMs(this.#env));
    if (received.type === "refused") {
      const isPlain = this.#rules.plainFallback && !received.isAuthentic;
      if (!isPlain) return refuse(peer, port, received.issue, out);
      return void out.push({ type: "emit", event: { type: "plain", peer, port, bytes: own(bytes) } });
    }
    // A delayed frame, or one without an order, is no sign of life.
    if ("isLatest" in received && received.isLatest) this.#noteFrame(client, peer, nowMs, out);
    switch (received.type) {
      case "heartbeat": {
        const { reply, timing, mode } = received;
        if (reply !== undefined) out.push({ type: "datagram", peer, bytes: reply, local });
        const isTold = Object.keys(timing).length > 0;
        if (isTold) out.push({ type: "emit", event: { type: "timing", peer, port, mode, ...timing } });
        return;
      }
      case "control": {
        const { ack, frame, isNew } = received;
        if (ack !== undefined) out.push({ type: "datagram", peer, bytes: ack, local });
        if (isNew) out.push({ type: "emit", event: { type: "control", peer, port, frame } });
        return;
      }
      case "frame":
        return void out.push({ type: "emit", event: { type: "frame", peer, port, frame: received.frame } });
      default:
        return;
    }
  }

  /** Notes a sign of life. The first one establishes the client. */
  #noteFrame(client: Client, peer: string, nowMs: Millis, out: Out): void {
    client.noteFrame(peer, nowMs);
    if (client.isEstablished) return;
    client.isEstablished = true;
    out.push({ type: "emit", event: { type: "established", peer } });
    if (this.#usedKeys === undefined) return;
    this.#usedKeys.record(client.keyHex);
    for (const other of this.#clients.values()) {
      if (other.keyHex === client.keyHex && other !== client) this.#drop(other, out);
    }
  }

  /** Returns ports that were in use elsewhere to the pool: another client may try them. */
  #releaseSpare(client: Client): void {
    const used = new Set(Array.from(client.locals.values(), portOf));
    for (const port of client.ports) {
      if (used.has(port)) continue;
      client.ports.delete(port);
      this.#pool.release(port);
    }
  }

  // Time

  #schedule(client: Client): void {
    this.#deadlines.set(client, this.#deadlineOf(client));
  }

  #deadlineOf({ lastFrameMs, isEstablished }: Client): Millis {
    return lastFrameMs + (isEstablished ? this.#rules.staleAfterMs : this.#rules.establishTimeoutMs);
  }

  #wake(nowMs: Millis, out: Out): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      // A frame only notes its time, so the deadline is moved here.
      if (this.#deadlineOf(due) > nowMs) {
        this.#schedule(due);
        continue;
      }
      if (due.isEstablished) out.push({ type: "emit", event: { type: "stale", peer: due.peer } });
      this.#drop(due, out);
    }
  }
}

function portsOf(locals: ReadonlyMap<PortName, string>): Ports {
  const port = (name: PortName): number => portOf(locals.get(name)!);
  return { ctrl: port("ctrl"), up: port("up"), down: port("down") };
}

function refuse(peer: string, port: PortName | "main", why: WireIssue, out: Out): void {
  out.push({ type: "emit", event: { type: "refused", peer, port, issue: why } });
}

function issue(actual: string): WireIssue {
  return { code: "argument", format: "bittrrt", path: "", actual };
}
