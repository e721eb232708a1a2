/** A machine that echoes, and its client, for tests of hosts. */
import { concatBytes, own } from "../../src/bytes/index.js";
import type { WireErrorCode } from "../../src/errors.js";
import {
  countDown,
  DeadlineHeap,
  type Effect,
  type Event,
  type Machine,
  type Millis,
} from "../../src/machine/index.js";

/** Sends back whatever comes, as it came. */
export class EchoServer implements Machine<never, never, never> {
  readonly halfOpen = true;

  step(event: Event<never>, _nowMs: Millis, out: Effect<never, never>[]): void {
    if (event.type === "bytes") out.push({ type: "write", link: event.link, bytes: own(event.bytes) });
    else if (event.type === "ended") out.push({ type: "shut", link: event.link });
    else if (event.type === "datagram") out.push({ type: "datagram", peer: event.peer, bytes: own(event.bytes) });
  }

  nextWakeMs(): Millis {
    return Infinity;
  }
}

export interface EchoRequest {
  readonly peer: string;
  readonly bytes: Uint8Array;
}

interface OpenCall {
  readonly request: EchoRequest;
  readonly deadlineMs: Millis;
  /** Undefined where it asks by datagram. */
  readonly link: number | undefined;
  heard: Uint8Array;
}

/** What it has to say it sends as a datagram if it is short, again until it hears an answer; else over a stream. */
export class EchoClient implements Machine<EchoRequest, Uint8Array, never> {
  readonly #datagramBytesMax: number;
  readonly #resendMs: Millis;
  readonly #nextLink = countDown();
  readonly #calls = new Map<number, OpenCall>();
  readonly #deadlines = new DeadlineHeap<number>();

  constructor(datagramBytesMax = 1_400, resendMs = 200) {
    this.#datagramBytesMax = datagramBytesMax;
    this.#resendMs = resendMs;
  }

  step(event: Event<EchoRequest>, nowMs: Millis, out: Effect<Uint8Array, never>[]): void {
    if (event.type === "call") {
      const { id, request, deadlineMs } = event;
      const link = request.bytes.length > this.#datagramBytesMax ? this.#nextLink() : undefined;
      this.#calls.set(id, { request, deadlineMs, link, heard: new Uint8Array(0) });
      this.#ask(id, nowMs, out);
    } else if (event.type === "datagram") {
      // The first byte says which call it answers.
      const found = [...this.#calls].find(([, { link, request }]) => {
        return link === undefined && request.peer === event.peer && request.bytes[0] === event.bytes[0];
      });
      if (found !== undefined) this.#settle(found[0], own(event.bytes), out);
    } else if (event.type === "bytes" || event.type === "closed") {
      const found = [...this.#calls].find(([, { link }]) => link === event.link);
      if (found === undefined) return;
      const [id, call] = found;
      if (event.type === "closed") return this.#settle(id, event.error?.code ?? "closed", out);
      call.heard = concatBytes(call.heard, event.bytes);
      if (call.heard.length >= call.request.bytes.length) this.#settle(id, call.heard, out);
    } else if (event.type === "cancel") {
      this.#settle(event.id, "cancelled", out);
    } else if (event.type === "wake") {
      for (let id = this.#deadlines.popDue(nowMs); id !== undefined; id = this.#deadlines.popDue(nowMs)) {
        if (this.#calls.get(id)!.deadlineMs <= nowMs) this.#settle(id, "timeout", out);
        else this.#ask(id, nowMs, out);
      }
    }
  }

  nextWakeMs(): Millis {
    return this.#deadlines.nextMs;
  }

  #ask(id: number, nowMs: Millis, out: Effect<Uint8Array, never>[]): void {
    const { request, link, deadlineMs } = this.#calls.get(id)!;
    const bytes = own(request.bytes);
    if (link === undefined) {
      out.push({ type: "datagram", peer: request.peer, bytes });
      this.#deadlines.set(id, Math.min(nowMs + this.#resendMs, deadlineMs));
    } else {
      out.push({ type: "connect", link, peer: request.peer }, { type: "write", link, bytes });
      this.#deadlines.set(id, deadlineMs);
    }
  }

  #settle(id: number, outcome: Uint8Array | WireErrorCode, out: Effect<Uint8Array, never>[]): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    this.#deadlines.delete(id);
    if (typeof outcome !== "string") out.push({ type: "settle", id, value: outcome });
    else out.push({ type: "settle", id, error: { code: outcome, format: "echo", path: "" } });
    if (call.link !== undefined) out.push({ type: "shut", link: call.link });
  }
}
