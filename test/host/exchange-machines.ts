/** A server and a client of HTTP as machines, for the contract of exchanges. */
import type { WireIssue } from "../../src/errors.js";
import type { PeerIdentity } from "../../src/identity.js";
import {
  Calls,
  countDown,
  type Effect,
  type Event,
  type ExchangeId,
  type HttpHeaders,
  type HttpRequest,
  type Machine,
} from "../../src/machine/index.js";

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const read = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Answers as the path says: `/echo`, `/status/418`, `/bytes/10`, `/coded`, `/moved`, `/hang`, `/cut`, `/fault`. */
export class WebServer implements Machine<never, never, never> {
  /** What came, a line each: `POST /echo body`. */
  readonly seen: string[] = [];
  readonly headers: HttpHeaders[] = [];
  readonly identities: (PeerIdentity | undefined)[] = [];
  readonly bodies: Uint8Array[] = [];
  readonly hanging: ExchangeId[] = [];
  abandoned = 0;

  step(event: Event<never>, _nowMs: number, out: Effect<never, never>[]): void {
    if (event.type === "abandoned") this.abandoned++;
    if (event.type === "stop") {
      for (const exchange of this.hanging) out.push({ type: "respond", exchange, status: 200, body: text("late") });
    }
    if (event.type !== "requested") return;
    const { exchange, method, path, headers, body, identity } = event;
    this.seen.push(`${method} ${path} ${read(body)}`.trim());
    this.headers.push(headers);
    this.identities.push(identity);
    this.bodies.push(body);
    const [, what, value] = path.split(/[/?]/);
    if (what === "cut") out.push({ type: "abandon", exchange });
    else if (what === "hang") this.hanging.push(exchange);
    else if (what === "fault") throw new RangeError("a bug");
    else if (what === "status") out.push({ type: "respond", exchange, status: Number(value) });
    else if (what === "moved") out.push({ type: "respond", exchange, status: 302, headers: { location: "/echo" } });
    else if (what === "bytes")
      out.push({ type: "respond", exchange, status: 200, body: new Uint8Array(Number(value)) });
    else if (what === "coded") {
      out.push({ type: "respond", exchange, status: 200, headers: { "content-encoding": "gzip" }, body: text("?") });
    } else {
      const answer = { "content-type": "text/plain", "x-echo": headers["x-echo"] ?? "none" };
      out.push({ type: "respond", exchange, status: 200, headers: answer, body: text(`echo ${read(body)}`) });
    }
  }

  nextWakeMs(): number {
    return Infinity;
  }
}

/** Settles with the status of the answer; gives the exchange up at the deadline. */
export class WebStatus implements Machine<HttpRequest, number, never> {
  readonly #next = countDown();
  readonly #calls = new Calls<HttpRequest, number, ExchangeId>({
    format: "web",
    send: ({ request }, _nowMs, out) => {
      const exchange = this.#next();
      // The body is given away with each attempt.
      out.push({ type: "request", exchange, ...request, ...(request.body && { body: request.body.slice() }) });
      return { key: exchange };
    },
    release: ({ key }, _nowMs, out) => out.push({ type: "abandon", exchange: key }),
  });

  step(event: Event<HttpRequest>, nowMs: number, out: Effect<number, never>[]): void {
    this.#calls.step(event, nowMs, out);
    if (event.type === "answered") this.#calls.settle(event.exchange, { ok: true, value: event.status }, nowMs, out);
    if (event.type === "unanswered") this.#calls.fail(event.exchange, event.error, nowMs, out);
  }

  nextWakeMs(): number {
    return this.#calls.nextMs;
  }
}

/** A request, and when to give it up. */
export interface WebCall extends HttpRequest {
  readonly abort?: "at once" | "when sent";
}

/** How a request ended. */
export interface WebOutcome {
  /** The events, in order. */
  readonly log: readonly string[];
  readonly status?: number;
  readonly headers?: HttpHeaders;
  readonly body?: string;
  readonly error?: WireIssue;
}

/** Settles with all that happened to its request; one that it aborts settles 200 ms later. */
export class WebClient implements Machine<WebCall, WebOutcome, never> {
  /** A view of the last body, which must not stay as it was. */
  kept: Uint8Array | undefined;
  readonly #next = countDown();
  readonly #calls = new Map<ExchangeId, { id: number; abort: WebCall["abort"]; log: string[]; dueMs: number }>();

  step(event: Event<WebCall>, nowMs: number, out: Effect<WebOutcome, never>[]): void {
    if (event.type === "call") {
      const { abort, ...request } = event.request;
      const exchange = this.#next();
      this.#calls.set(exchange, { id: event.id, abort, log: [], dueMs: Infinity });
      out.push({ type: "request", exchange, ...request });
      if (abort === "at once") this.#abort(exchange, nowMs, out);
    } else if (event.type === "sent") {
      const call = this.#calls.get(event.exchange)!;
      call.log.push("sent");
      if (call.abort === "when sent") this.#abort(event.exchange, nowMs, out);
    } else if (event.type === "answered") {
      const { exchange, status, headers, body } = event;
      this.kept = body;
      this.#settle(exchange, "answered", { status, headers, body: read(body) }, out);
    } else if (event.type === "unanswered") {
      const { exchange, error, sent } = event;
      this.#settle(exchange, sent ? "unanswered, sent" : "unanswered, not sent", { error }, out);
    } else if (event.type === "wake") {
      for (const [exchange, { dueMs }] of this.#calls) if (dueMs <= nowMs) this.#settle(exchange, "aborted", {}, out);
    }
  }

  nextWakeMs(): number {
    return Math.min(Infinity, ...[...this.#calls.values()].map(({ dueMs }) => dueMs));
  }

  #abort(exchange: ExchangeId, nowMs: number, out: Effect<WebOutcome, never>[]): void {
    this.#calls.get(exchange)!.dueMs = nowMs + 200;
    out.push({ type: "abandon", exchange });
  }

  #settle(exchange: ExchangeId, last: string, rest: Partial<WebOutcome>, out: Effect<WebOutcome, never>[]): void {
    const { id, log } = this.#calls.get(exchange)!;
    this.#calls.delete(exchange);
    out.push({ type: "settle", id, value: { log: [...log, last], ...rest } });
  }
}
