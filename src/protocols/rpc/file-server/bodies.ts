/** The bytes of a file on their way between a link and somebody who takes or gives them part by part. */
import { own } from "../../../bytes/index.js";
import type { WireIssue } from "../../../errors.js";
import { Calls, type CallId, type Effect, type LinkId, type Millis } from "../../../machine/index.js";
import { FORMAT, issueOf } from "./rules.js";

/** Bytes that are held for a reader; from then on the link is not read. */
export const HELD_BYTES_MAX = 256 * 1024;

/** Calls that wait for a part, or for room, one for each link. */
export type BodyCalls<Value, Emitted> = Calls<LinkId, Value | Uint8Array | undefined, LinkId, Emitted>;

type Out<Value, Emitted> = Effect<Value | Uint8Array | undefined, Emitted>[];

/** The calls of bodies. */
export function bodyCalls<Value, Emitted>(): BodyCalls<Value, Emitted> {
  return new Calls<LinkId, Value | Uint8Array | undefined, LinkId, Emitted>({
    format: FORMAT,
    send: ({ request }) => ({ key: request }),
  });
}

/** A body that arrives. It holds at most {@link HELD_BYTES_MAX} and what one event brings; then it pauses its link. */
export class Inflow<Value, Emitted> {
  readonly #link: LinkId;
  readonly #reads: BodyCalls<Value, Emitted>;
  readonly #parts: Uint8Array[] = [];
  readonly #sizeBytes: number;
  #receivedBytes = 0;
  #heldBytes = 0;
  #isPaused = false;
  /** Set once no part follows those that are held. */
  #end: { readonly failure: WireIssue | undefined } | undefined;

  constructor(link: LinkId, sizeBytes: number, reads: BodyCalls<Value, Emitted>) {
    this.#link = link;
    this.#sizeBytes = sizeBytes;
    this.#reads = reads;
  }

  /** Bytes that have come. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Bytes that have not come. */
  get missingBytes(): number {
    return this.#sizeBytes - this.#receivedBytes;
  }

  /** Whether the link is not read, because nobody takes what is there. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Takes borrowed bytes; what goes beyond the body is passed over. */
  receive(bytes: Uint8Array, nowMs: Millis, out: Out<Value, Emitted>): void {
    const part = bytes.subarray(0, this.missingBytes);
    if (part.length === 0 || this.#end !== undefined) return;
    this.#receivedBytes += part.length;
    const kept = own(part);
    if (this.#reads.settle(this.#link, { ok: true, value: kept }, nowMs, out)) return;
    this.#parts.push(kept);
    this.#heldBytes += kept.length;
    if (this.#heldBytes >= HELD_BYTES_MAX && !this.#isPaused) {
      this.#isPaused = true;
      out.push({ type: "pause", link: this.#link });
    }
  }

  /** No part follows. */
  end(nowMs: Millis, out: Out<Value, Emitted>): void {
    if (this.#end !== undefined) return;
    this.#end = { failure: undefined };
    this.#reads.settle(this.#link, { ok: true, value: undefined }, nowMs, out);
  }

  /** The body cannot be received; what is held is dropped. */
  fail(failure: WireIssue, nowMs: Millis, out: Out<Value, Emitted>): void {
    if (this.#end !== undefined) return;
    this.#end = { failure };
    this.#parts.length = 0;
    this.#reads.settle(this.#link, { ok: false, error: failure }, nowMs, out);
  }

  /** Answers a call with the next part, undefined after the last, or the failure. @returns whether it is over */
  read(id: CallId, deadlineMs: Millis, nowMs: Millis, out: Out<Value, Emitted>): boolean {
    const part = this.#parts.shift();
    if (part !== undefined) {
      this.#heldBytes -= part.length;
      if (this.#isPaused && this.#heldBytes < HELD_BYTES_MAX) {
        this.#isPaused = false;
        out.push({ type: "resume", link: this.#link });
      }
      out.push({ type: "settle", id, value: part });
      return false;
    }
    if (this.#end !== undefined) {
      const { failure } = this.#end;
      out.push(
        failure === undefined ? { type: "settle", id, value: undefined } : { type: "settle", id, error: failure },
      );
      return true;
    }
    wait(this.#reads, id, this.#link, deadlineMs, nowMs, out);
    return false;
  }
}

/** A body that is sent. A call that gives a part settles when the link has room for the next. */
export class Outflow<Value, Emitted> {
  readonly #link: LinkId;
  readonly #writes: BodyCalls<Value, Emitted>;
  #missingBytes: number;
  #isCongested = false;

  constructor(link: LinkId, sizeBytes: number, writes: BodyCalls<Value, Emitted>) {
    this.#link = link;
    this.#missingBytes = sizeBytes;
    this.#writes = writes;
  }

  /** Bytes that were not given. */
  get missingBytes(): number {
    return this.#missingBytes;
  }

  get isCongested(): boolean {
    return this.#isCongested;
  }

  /** Sends a part; more than the body has is refused. @returns whether it was sent */
  write(id: CallId, bytes: Uint8Array, deadlineMs: Millis, nowMs: Millis, out: Out<Value, Emitted>): boolean {
    if (bytes.length > this.#missingBytes) {
      const expected = `at most ${this.#missingBytes} bytes more`;
      const error = issueOf("length", { path: "bytes", expected, actual: String(bytes.length) });
      out.push({ type: "settle", id, error });
      return false;
    }
    if (this.#writes.get(this.#link) !== undefined) {
      out.push({ type: "settle", id, error: oneAtATime() });
      return false;
    }
    this.#missingBytes -= bytes.length;
    // The bytes of a call belong to the machine.
    out.push({ type: "write", link: this.#link, bytes });
    // Behind the last part no room is needed.
    if (this.#isCongested && this.#missingBytes > 0) wait(this.#writes, id, this.#link, deadlineMs, nowMs, out);
    else out.push({ type: "settle", id, value: undefined });
    return true;
  }

  congested(): void {
    this.#isCongested = true;
  }

  drained(nowMs: Millis, out: Out<Value, Emitted>): void {
    this.#isCongested = false;
    this.#writes.settle(this.#link, { ok: true, value: undefined }, nowMs, out);
  }

  /** Nothing more can be sent. */
  fail(error: WireIssue, nowMs: Millis, out: Out<Value, Emitted>): void {
    this.#writes.settle(this.#link, { ok: false, error }, nowMs, out);
  }
}

function wait<Value, Emitted>(
  calls: BodyCalls<Value, Emitted>,
  id: CallId,
  link: LinkId,
  deadlineMs: Millis,
  nowMs: Millis,
  out: Out<Value, Emitted>,
): void {
  if (calls.get(link) === undefined) calls.start(id, link, deadlineMs, nowMs, out);
  else out.push({ type: "settle", id, error: oneAtATime() });
}

function oneAtATime(): WireIssue {
  return issueOf("argument", { expected: "one call for the same body at a time" });
}
