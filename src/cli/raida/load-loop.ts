import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { connect, isIPv6 } from "node:net";
import { build, type Histogram } from "hdr-histogram-js";
import { responseLength } from "../../raida/protocol.js";
import type { Address } from "../../transport/index.js";

/** What bounds a load: it ends at whichever comes first, when all that is under way is answered or out of time. */
export interface LoadBounds {
  readonly durationMs: number;
  readonly count: number;
  /** What one request may take. */
  readonly timeoutMs: number;
  /** Requests under way at a time. */
  readonly inFlight: number;
  readonly signal: AbortSignal;
}

const MICROSECONDS_MAX = 600_000_000;
const STATUS_AT = 2;
/** Where a request has the two bytes that its answer repeats, and the answer. */
const ECHO_OF_REQUEST_AT = 30;
const ECHO_OF_REPLY_AT = 6;
const SWEEP_MS = 50;

/** What has come of the requests so far. */
export class LoadResult {
  readonly statuses = new Map<number, number>();
  /** Requests without an answer, by what came instead. */
  readonly failures = new Map<string, number>();
  /** Microseconds from a request to the last byte of its answer; over TCP from connecting. */
  readonly latencies: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MICROSECONDS_MAX,
    numberOfSignificantValueDigits: 3,
  });
  readonly startedMs = performance.now();
  begun = 0;
  elapsedMs = 0;

  answered(status: number, beganMs: number): void {
    this.#end(this.statuses, status);
    const us = Math.round((performance.now() - beganMs) * 1_000);
    this.latencies.recordValue(Math.min(MICROSECONDS_MAX, Math.max(1, us)));
  }

  failed(what: string): void {
    this.#end(this.failures, what);
  }

  #end<Key>(counts: Map<Key, number>, key: Key): void {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    this.elapsedMs = performance.now() - this.startedMs;
  }
}

/** A closed loop: each request that has ended makes room for the next. */
abstract class Loop {
  protected readonly result = new LoadResult();
  protected readonly bounds: LoadBounds;
  readonly #requests: readonly Uint8Array[];

  constructor(requests: readonly Uint8Array[], bounds: LoadBounds) {
    this.#requests = requests;
    this.bounds = bounds;
  }

  /** The next request; undefined when it is time to end. */
  protected next(): Uint8Array | undefined {
    const { durationMs, count, signal } = this.bounds;
    const { begun, startedMs } = this.result;
    if (signal.aborted || begun >= count || performance.now() - startedMs >= durationMs) return undefined;
    return this.#requests[this.result.begun++ % this.#requests.length]!;
  }
}

/** Requests over TCP, a connection each. */
export async function loadStreams(
  to: Address,
  requests: readonly Uint8Array[],
  bounds: LoadBounds,
): Promise<LoadResult> {
  return new StreamLoop(to, requests, bounds).run();
}

class StreamLoop extends Loop {
  readonly #to: Address;

  constructor(to: Address, requests: readonly Uint8Array[], bounds: LoadBounds) {
    super(requests, bounds);
    this.#to = to;
  }

  async run(): Promise<LoadResult> {
    await Promise.all(Array.from({ length: this.bounds.inFlight }, () => this.#work()));
    return this.result;
  }

  async #work(): Promise<void> {
    for (let request = this.next(); request !== undefined; request = this.next()) await this.#ask(request);
  }

  #ask(request: Uint8Array): Promise<void> {
    const beganMs = performance.now();
    return new Promise((resolve) => {
      const socket = connect({ ...this.#to, noDelay: true });
      let reply: Uint8Array = new Uint8Array(0);
      let isOver = false;
      const end = (tell: () => void): void => {
        if (isOver) return;
        isOver = true;
        tell();
        socket.destroy();
        resolve();
      };
      socket.setTimeout(this.bounds.timeoutMs, () => end(() => this.result.failed("timeout")));
      socket.on("data", (chunk: Buffer) => {
        reply = reply.length === 0 ? chunk : Buffer.concat([reply, chunk]);
        const length = responseLength(reply);
        if (length !== undefined && reply.length >= length) end(() => this.result.answered(reply[STATUS_AT]!, beganMs));
      });
      socket.on("end", () => end(() => this.result.failed("closed")));
      socket.on("error", (error: NodeJS.ErrnoException) => end(() => this.result.failed(error.code ?? error.message)));
      socket.write(request);
    });
  }
}

/** Requests over UDP from one port, told apart by the two bytes that every answer repeats. */
export async function loadDatagrams(
  to: Address,
  requests: readonly Uint8Array[],
  bounds: LoadBounds,
): Promise<LoadResult> {
  return new DatagramLoop(to, requests, bounds).run();
}

class DatagramLoop extends Loop {
  readonly #to: Address;
  readonly #socket: Socket;
  /** When each request under way was sent, the one that has waited the longest first. */
  readonly #sent = new Map<number, number>();
  #echo = 0;
  #finish: () => void = () => {};

  constructor(to: Address, requests: readonly Uint8Array[], bounds: LoadBounds) {
    super(requests, bounds);
    this.#to = to;
    this.#socket = createSocket(isIPv6(to.host) ? "udp6" : "udp4");
  }

  async run(): Promise<LoadResult> {
    const { host, port } = this.#to;
    const socket = this.#socket;
    const over = new Promise<void>((resolve) => (this.#finish = resolve));
    socket.on("message", (reply) => this.#received(reply));
    socket.on("error", (error: NodeJS.ErrnoException) => this.#refused(error.code ?? error.message));
    socket.connect(port, host);
    await once(socket, "connect");
    const sweep = setInterval(() => this.#sweep(), SWEEP_MS);
    for (let i = 0; i < this.bounds.inFlight; i++) this.#send();
    this.#endIfIdle();
    await over;
    clearInterval(sweep);
    socket.close();
    return this.result;
  }

  #send(): void {
    const request = this.next();
    if (request === undefined) return;
    while (this.#sent.has(this.#echo)) this.#echo = (this.#echo + 1) & 0xffff;
    const echo = this.#echo;
    this.#echo = (echo + 1) & 0xffff;
    // A copy: the socket may send it later than this.
    const bytes = request.slice();
    bytes[ECHO_OF_REQUEST_AT] = echo >>> 8;
    bytes[ECHO_OF_REQUEST_AT + 1] = echo;
    this.#sent.set(echo, performance.now());
    this.#socket.send(bytes);
  }

  #received(reply: Uint8Array): void {
    if (reply.length <= ECHO_OF_REPLY_AT + 1) return;
    const echo = (reply[ECHO_OF_REPLY_AT]! << 8) | reply[ECHO_OF_REPLY_AT + 1]!;
    const beganMs = this.#sent.get(echo);
    // One that has come too late, or twice.
    if (beganMs === undefined) return;
    this.#sent.delete(echo);
    this.result.answered(reply[STATUS_AT]!, beganMs);
    this.#goOn();
  }

  #sweep(): void {
    const dueMs = performance.now() - this.bounds.timeoutMs;
    for (const [echo, beganMs] of this.#sent) {
      if (beganMs > dueMs) break;
      this.#sent.delete(echo);
      this.result.failed("timeout");
      this.#send();
    }
    this.#endIfIdle();
  }

  /** The network says that nobody listens: of which request it does not say. */
  #refused(what: string): void {
    const [oldest] = this.#sent.keys();
    if (oldest === undefined) return;
    this.#sent.delete(oldest);
    this.result.failed(what);
    this.#goOn();
  }

  #goOn(): void {
    this.#send();
    this.#endIfIdle();
  }

  #endIfIdle(): void {
    if (this.#sent.size === 0) this.#finish();
  }
}
