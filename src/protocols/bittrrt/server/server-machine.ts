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
import { serverRules, type BittrrtServerOptions, type ServerRules } from "./options.js";

/** What a server tells. `peer` is where a client's frames or its `connect` come from. */
export type BittrrtServerEvent =
  | FrameEvent
  /** A client has got three ports. */
  | { readonly type: "ready"; readonly peer: string; readonly ports: Ports }
  /** The first frame of a client has come. */
  | { readonly type: "established"; readonly peer: string }
  /** A client was told that there are no ports left. */
  | { readonly type: "full"; readonly peer: string }
  /** A client has gone, for whatever reason; its ports are free. */
  | { readonly type: "gone"; readonly peer: string }
  /** What came in clear, with `plainFallback`. */
  | { readonly type: "plain"; readonly peer: string; readonly port: PortName; readonly bytes: Uint8Array };

/** What a client has to come for its ports while there are others who want them. */
const RECLAIM_AFTER_MS = 3_000;
/** How often it may ask again for its ports and have that time anew. */
const CONNECTS_COUNTED = 8;
/** Keys of clients that are remembered where the server's own stays: see `#spent`. */
const SPENT_KEYS = 16_384;

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
  readonly #handshakesOf: KeyedTokenBuckets;
  readonly #clients = new Map<string, Client>();
  readonly #byLocal = new Map<string, { readonly client: Client; readonly port: PortName }>();
  readonly #byOp = new Map<OpId, Client>();
  readonly #deadlines = new DeadlineHeap<Client>();
  readonly #nextOp = countUp();
  /**
   * A server key that stays has the same session key with each of the client's keys: a session of the same two would
   * take the frames of the one before as new.
   */
  readonly #spent: ReplayWindow<string> | undefined;

  /** @throws WireError `argument` for an option that no server can work with */
  constructor(options: BittrrtServerOptions, env: Env) {
    this.#rules = serverRules(options);
    this.#env = env;
    this.#pool = new PortPool(this.#rules.ranges, this.#rules.profile);
    this.#tokens = new TokenWriter(this.#rules.tokenKey, env);
    this.#isStrict = this.#rules.profile === "strict";
    this.#handshakes = new TokenBucket(this.#rules.handshakesPerSecond);
    this.#handshakesOf = new KeyedTokenBuckets({ perSecond: this.#rules.networkHandshakesPerSecond });
    if (this.#isStrict && this.#rules.privateKey !== undefined) this.#spent = new ReplayWindow(SPENT_KEYS);
  }

  /** Ports that are free. */
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
    if (message.value.command !== "connect") return refuse(peer, "main", issue("no connect"), out);
    const keyHex = toHex(message.value.publicKey);
    const name = { id: `${peer} ${keyHex}`, peer, keyHex };
    const known = this.#clients.get(name.id);
    if (known !== undefined) this.#answer(known, nowMs, out);
    else this.#admit(name, message.value, nowMs, out);
  }

  /** A new client: all of its ports at once, or none. */
  #admit(name: ClientName, { publicKey }: Connect, nowMs: Millis, out: Out): void {
    const { peer, keyHex } = name;
    if (this.#isStrict) {
      if (this.#spent?.has(keyHex) === true) return refuse(peer, "main", issue("the key of an earlier session"), out);
      const isAllowed = this.#handshakesOf.take(addressPrefix(peer), nowMs) && this.#handshakes.take(nowMs);
      if (!isAllowed) return refuse(peer, "main", issue("too many handshakes"), out);
    }
    const isFull = this.#clients.size >= this.#rules.clientsMax;
    const take = (): Ports | undefined => this.#pool.reserve();
    const ports = isFull ? undefined : (take() ?? this.#reclaim(peer, nowMs, out, take));
    if (ports === undefined) return this.#turnAway(peer, out);
    const client = this.#agree(name, publicKey, nowMs, out);
    if (client === undefined) return PORT_NAMES.forEach((port) => this.#pool.release(ports[port]));
    this.#clients.set(client.id, client);
    this.#expect(client);
    for (const port of PORT_NAMES) this.#bind(client, port, ports[port], out);
    this.#answer(client, nowMs, out);
  }

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

  /** Every `connect` is answered; with the ports as well, once they are there. */
  #answer(client: Client, nowMs: Millis, out: Out): void {
    if (this.#isStrict && !client.answers.take(nowMs)) return refuse(client.peer, "main", issue("too often"), out);
    // It is there and waits. Whoever only repeats what it said is not waited for much longer.
    if (!client.isEstablished && client.connects++ < CONNECTS_COUNTED) client.heardMs = nowMs;
    const bytes = this.#tokens.write({ command: "connected", publicKey: client.publicKey });
    out.push({ type: "datagram", peer: client.peer, bytes });
    if (client.isReady) this.#tellPorts(client, out);
  }

  #tellPorts({ peer, session, locals }: Client, out: Out): void {
    out.push({ type: "datagram", peer, bytes: session.seal(writePorts(portsOf(locals)), {}) });
  }

  #turnAway(peer: string, out: Out): void {
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
    // A client that has gone while its port was on the way.
    if (client === undefined) return void out.push({ type: "release", local });
    const port = client.binding.get(op)!.name;
    client.binding.delete(op);
    client.locals.set(port, local);
    this.#byLocal.set(local, { client, port });
    if (!client.isReady) return;
    const { peer, locals } = client;
    client.heardMs = client.homeMs = nowMs;
    this.#expect(client);
    this.#releaseSpare(client);
    out.push({ type: "emit", event: { type: "ready", peer, ports: portsOf(locals) } });
    // The reference waits for the next connect.
    if (this.#isStrict) this.#tellPorts(client, out);
  }

  /** A port that somebody else has is kept from the pool until this client has got all of its own, or none. */
  #failed(op: OpId, nowMs: Millis, out: Out): void {
    const client = this.#byOp.get(op);
    this.#byOp.delete(op);
    if (client === undefined) return;
    const { name } = client.binding.get(op)!;
    client.binding.delete(op);
    const take = (): number | undefined => this.#pool.take();
    const other = take() ?? this.#reclaim(client.peer, nowMs, out, take, client);
    if (other !== undefined) return this.#bind(client, name, other, out);
    this.#turnAway(client.peer, out);
    this.#drop(client, out);
  }

  /**
   * Takes ports from a client that has sent no frame yet: anybody can ask for ports in any name, and who does not come
   * for them has to leave them to others. Who asks for many has to leave some at once to those who have fewer.
   */
  #reclaim<T>(peer: string, nowMs: Millis, out: Out, take: () => T | undefined, asking?: Client): T | undefined {
    const waiting = [...this.#clients.values()].filter((client) => !client.isEstablished && client !== asking);
    const held = new Map<string, number>();
    for (const { network } of waiting) held.set(network, (held.get(network) ?? 0) + 1);
    const fair = (held.get(addressPrefix(peer)) ?? 0) + 1;
    const victim =
      waiting.find(({ heardMs }) => heardMs + RECLAIM_AFTER_MS <= nowMs) ??
      waiting.find(({ network }) => held.get(network)! > fair);
    if (victim === undefined) return undefined;
    this.#drop(victim, out);
    return take();
  }

  /** Gives everything back that a client has. */
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
    const place = this.#byLocal.get(local);
    // What was under way when the port was given back.
    if (place === undefined) return;
    const { client, port } = place;
    if (this.#isStrict && !client.isExpectedFrom(peer, this.#rules.rebindAfterMs, nowMs)) {
      return refuse(peer, port, issue("another host than the client's"), out);
    }
    const received = client.session.receive(bytes, unixMs(this.#env));
    if (received.type === "refused") {
      const isPlain = this.#rules.plainFallback && !received.isAuthentic;
      if (!isPlain) return refuse(peer, port, received.issue, out);
      return void out.push({ type: "emit", event: { type: "plain", peer, port, bytes: own(bytes) } });
    }
    // A frame that was held back, or one that says nothing of its age, does not tell that anybody is there.
    if ("isLatest" in received && received.isLatest) this.#heard(client, peer, nowMs, out);
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

  #heard(client: Client, peer: string, nowMs: Millis, out: Out): void {
    client.heard(peer, nowMs);
    if (client.isEstablished) return;
    client.isEstablished = true;
    out.push({ type: "emit", event: { type: "established", peer } });
    if (this.#spent === undefined) return;
    this.#spent.note(client.keyHex);
    for (const other of this.#clients.values()) {
      if (other.keyHex === client.keyHex && other !== client) this.#drop(other, out);
    }
  }

  /** Ports that were in use elsewhere may be free by now: another client can try them. */
  #releaseSpare(client: Client): void {
    const used = new Set(Array.from(client.locals.values(), portOf));
    for (const port of client.ports) {
      if (used.has(port)) continue;
      client.ports.delete(port);
      this.#pool.release(port);
    }
  }

  // Time

  #expect(client: Client): void {
    this.#deadlines.set(client, this.#deadlineOf(client));
  }

  #deadlineOf({ heardMs, isEstablished }: Client): Millis {
    return heardMs + (isEstablished ? this.#rules.staleAfterMs : this.#rules.establishTimeoutMs);
  }

  #wake(nowMs: Millis, out: Out): void {
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      // Frames only note when they came: the deadline moves here.
      if (this.#deadlineOf(due) > nowMs) {
        this.#expect(due);
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
  return { code: "argument", format: "bittrrt", path: "", offset: 0, actual };
}
