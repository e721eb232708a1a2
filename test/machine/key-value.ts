/** A key-value server and client as machines, for tests of hosts and simulations. */
import { concatBytes, own } from "../../src/bytes/index.js";
import { FrameReader } from "../../src/codec/frame-reader.js";
import type { WireIssue } from "../../src/errors.js";
import {
  countDown,
  countUp,
  DeadlineHeap,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type LinkId,
  type Machine,
  type Millis,
  type OpId,
} from "../../src/machine/index.js";

// A small protocol with everything that a real one has. A frame is: length of the rest u16 | kind u8 | id u16 | body.
// PUT: key length u8 | key | value, acknowledged (empty PUT) when stored. GET: key, answered by a GET with the value,
// or by NONE. One connection carries any number of requests; answers come in any order.

const PUT = 1;
const GET = 2;
const NONE = 3;
const HEADER_BYTES = 5;

export interface PutRequest {
  readonly kind: "put";
  readonly key: string;
  readonly value: Uint8Array;
}
export type KeyValueRequest = PutRequest | { readonly kind: "get"; readonly key: string };
export type KeyValueAnswer = Uint8Array | undefined;

interface Frame {
  readonly kind: number;
  readonly id: number;
  readonly body: Uint8Array;
}

function encodeFrame({ kind, id, body }: Frame): Uint8Array {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  header.setUint16(0, body.length + 3);
  header.setUint8(2, kind);
  header.setUint16(3, id);
  return concatBytes(new Uint8Array(header.buffer), body);
}

export function peekFrame(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 2) return 0;
  const length = (bytes[at]! << 8) | bytes[at + 1]!;
  return length < 3 ? -1 : length + 2;
}

/** The body is a view: it is borrowed as the bytes are. */
function decodeFrame(bytes: Uint8Array, at: number, end: number): Frame {
  return { kind: bytes[at + 2]!, id: (bytes[at + 3]! << 8) | bytes[at + 4]!, body: bytes.subarray(at + 5, end) };
}

const text = {
  encode: (s: string) => new TextEncoder().encode(s),
  decode: (b: Uint8Array) => new TextDecoder().decode(b),
};

/** Mistakes that a test plants, to see that it would find them. */
export interface Planted {
  /** Acknowledges before the disk has. */
  readonly acknowledgesEarly?: boolean;
  /** Stores a view of the bytes that it was lent. */
  readonly keepsBorrowed?: boolean;
  /** Throws on a value that begins with this byte. */
  readonly breaksOn?: number;
}

interface ServedLink {
  readonly reader: FrameReader;
  /** Requests that wait for the disk. */
  owed: number;
  ended: boolean;
}

/** Keeps values on the host's disk, each behind its length in two bytes. */
export class KeyValueServer implements Machine<never, never, string> {
  readonly halfOpen = true;
  readonly #planted: Planted;
  readonly #idleTimeoutMs: Millis;
  readonly #links = new Map<LinkId, ServedLink>();
  readonly #operations = new Map<OpId, { readonly link: LinkId; readonly request: Frame }>();
  readonly #idle = new DeadlineHeap<LinkId>();
  readonly #nextOp = countUp();
  #stopping = false;

  constructor(planted: Planted = {}, idleTimeoutMs: Millis = 30_000) {
    this.#planted = planted;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  step(event: Event<never>, nowMs: Millis, out: Effect<never, string>[]): void {
    switch (event.type) {
      case "opened":
        this.#links.set(event.link, { reader: new FrameReader(peekFrame, 4_096, "kv"), owed: 0, ended: false });
        this.#idle.set(event.link, nowMs + this.#idleTimeoutMs);
        return;
      case "bytes":
        this.#idle.set(event.link, nowMs + this.#idleTimeoutMs);
        return this.#read(event.link, event.bytes, out);
      case "ended":
        this.#links.get(event.link)!.ended = true;
        return this.#shutWhenDone(event.link, out);
      case "closed":
        this.#links.delete(event.link);
        this.#idle.delete(event.link);
        return;
      case "stored":
      case "loaded":
      case "failed":
        return this.#answer(event, out);
      case "wake":
        for (let due = this.#idle.popDue(nowMs); due !== undefined; due = this.#idle.popDue(nowMs)) {
          out.push({ type: "shut", link: due });
        }
        return;
      case "stop":
        this.#stopping = true;
        for (const link of this.#links.keys()) this.#shutWhenDone(link, out);
        return;
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    return this.#idle.nextMs;
  }

  #read(link: LinkId, bytes: Uint8Array, out: Effect<never, string>[]): void {
    const served = this.#links.get(link)!;
    const refusal = served.reader.read(bytes, (frames, at, end) => this.#request(link, frames, at, end, out));
    if (refusal === undefined) return;
    out.push({ type: "log", level: "info", message: "refused a frame", fields: { code: refusal.code } });
    out.push({ type: "shut", link });
  }

  #request(link: LinkId, bytes: Uint8Array, at: number, end: number, out: Effect<never, string>[]): void {
    const request = decodeFrame(bytes, at, end);
    const op = this.#nextOp();
    const body = this.#planted.keepsBorrowed ? request.body : own(request.body);
    this.#operations.set(op, { link, request: { ...request, body } });
    this.#links.get(link)!.owed++;
    if (request.kind === GET) {
      out.push({ type: "load", op, key: text.decode(request.body) });
      return;
    }
    const keyBytes = body[0]!;
    const value = body.subarray(1 + keyBytes);
    if (this.#planted.breaksOn !== undefined && value[0] === this.#planted.breaksOn) throw new Error("planted");
    const key = text.decode(request.body.subarray(1, 1 + keyBytes));
    if (this.#planted.acknowledgesEarly) this.#reply(link, { kind: PUT, id: request.id, body: NOTHING }, out);
    const stored = this.#planted.keepsBorrowed
      ? value
      : concatBytes(Uint8Array.of(value.length >> 8, value.length & 255), value);
    out.push({ type: "store", op, writes: [{ key, at: this.#planted.keepsBorrowed ? 2 : 0, bytes: stored }] });
  }

  #answer(event: Event<never> & { readonly op: OpId }, out: Effect<never, string>[]): void {
    const { link, request } = this.#operations.get(event.op)!;
    this.#operations.delete(event.op);
    const served = this.#links.get(link);
    if (served !== undefined) served.owed--;
    if (event.type === "stored") {
      if (!this.#planted.acknowledgesEarly) this.#reply(link, { kind: PUT, id: request.id, body: NOTHING }, out);
      out.push({ type: "emit", event: text.decode(request.body.subarray(1, 1 + request.body[0]!)) });
    } else if (event.type === "loaded" && event.bytes !== undefined) {
      const length = (event.bytes[0]! << 8) | event.bytes[1]!;
      this.#reply(link, { kind: GET, id: request.id, body: event.bytes.subarray(2, 2 + length) }, out);
    } else {
      this.#reply(link, { kind: NONE, id: request.id, body: NOTHING }, out);
    }
    if (served !== undefined) this.#shutWhenDone(link, out);
  }

  #reply(link: LinkId, frame: Frame, out: Effect<never, string>[]): void {
    if (this.#links.has(link)) out.push({ type: "write", link, bytes: encodeFrame(frame) });
  }

  #shutWhenDone(link: LinkId, out: Effect<never, string>[]): void {
    const { owed, ended } = this.#links.get(link)!;
    if (owed === 0 && (ended || this.#stopping)) out.push({ type: "shut", link });
  }
}

const NOTHING = new Uint8Array(0);

interface Pending {
  readonly call: CallId;
  readonly link: LinkId;
}

/** Asks one server over one connection, opened when it is needed. */
export class KeyValueClient implements Machine<KeyValueRequest, KeyValueAnswer, never> {
  readonly #peer: string;
  readonly #nextLink = countDown();
  readonly #calls = new DeadlineHeap<CallId>();
  readonly #pending = new Map<number, Pending>();
  #link: LinkId | undefined;
  #reader = new FrameReader(peekFrame, 4_096, "kv");
  /** Begins anywhere, so that a trace has a draw to record. */
  #lastId: number;

  constructor(peer: string, env: Env) {
    this.#peer = peer;
    this.#lastId = env.random(1)[0]!;
  }

  step(event: Event<KeyValueRequest>, nowMs: Millis, out: Effect<KeyValueAnswer, never>[]): void {
    switch (event.type) {
      case "call":
        return this.#ask(event.id, event.request, event.deadlineMs, out);
      case "cancel":
        return this.#give(event.id, { code: "cancelled", format: "kv", path: "" }, out);
      case "bytes":
        this.#reader.read(event.bytes, (bytes, at, end) => this.#take(decodeFrame(bytes, at, end), out));
        return;
      case "closed":
        return this.#closed(event.link, event.error, out);
      case "wake":
        for (let due = this.#calls.popDue(nowMs); due !== undefined; due = this.#calls.popDue(nowMs)) {
          this.#give(due, { code: "timeout", format: "kv", path: "" }, out);
        }
        return;
      case "stop":
        if (this.#link !== undefined && this.#pending.size === 0) out.push({ type: "shut", link: this.#link });
        return;
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    return this.#calls.nextMs;
  }

  #ask(call: CallId, request: KeyValueRequest, deadlineMs: Millis, out: Effect<KeyValueAnswer, never>[]): void {
    if (this.#link === undefined) {
      this.#link = this.#nextLink();
      this.#reader = new FrameReader(peekFrame, 4_096, "kv");
      out.push({ type: "connect", link: this.#link, peer: this.#peer });
    }
    this.#lastId = (this.#lastId + 1) & 0xffff;
    this.#pending.set(this.#lastId, { call, link: this.#link });
    this.#calls.set(call, deadlineMs);
    const key = text.encode(request.key);
    const frame =
      request.kind === "get"
        ? { kind: GET, id: this.#lastId, body: key }
        : { kind: PUT, id: this.#lastId, body: concatBytes(Uint8Array.of(key.length), key, request.value) };
    out.push({ type: "write", link: this.#link, bytes: encodeFrame(frame) });
  }

  #take({ kind, id, body }: Frame, out: Effect<KeyValueAnswer, never>[]): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    this.#calls.delete(pending.call);
    out.push({ type: "settle", id: pending.call, value: kind === GET ? own(body) : undefined });
  }

  #give(call: CallId, error: WireIssue, out: Effect<KeyValueAnswer, never>[]): void {
    for (const [id, pending] of this.#pending) if (pending.call === call) this.#pending.delete(id);
    this.#calls.delete(call);
    out.push({ type: "settle", id: call, error });
  }

  #closed(link: LinkId, error: WireIssue | undefined, out: Effect<KeyValueAnswer, never>[]): void {
    if (link === this.#link) this.#link = undefined;
    const why = error ?? { code: "closed", format: "kv", path: "" };
    for (const { call, link: used } of this.#pending.values()) if (used === link) this.#give(call, why, out);
  }
}
