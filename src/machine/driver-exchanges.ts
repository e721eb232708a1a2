/** The HTTP exchanges of the machine of a driver. */
import type { WireIssue } from "../errors.js";
import type { HttpAnswer, HttpRequest, HttpResponse, IncomingHttpRequest } from "../http.js";
import type { PeerIdentity } from "../identity.js";
import type { Limits } from "../limits.js";
import { driverIssue } from "./driver-issues.js";
import { countUp } from "./ids.js";
import type { Event, ExchangeId } from "./types.js";
import type { Exchanges } from "./world.js";

/** Keeps which exchanges are open, within their limit in each direction. What comes for another one is ignored. */
export class DriverExchanges {
  readonly #world: Exchanges | undefined;
  readonly #limits: Limits;
  readonly #deliver: (event: Event<never>) => void;
  readonly #accepts: () => boolean;
  readonly #ended: () => void;
  /** Requests of the machine; true once one was sent. */
  readonly #own = new Map<ExchangeId, boolean>();
  /** Requests of clients; true while the answer leaves. */
  readonly #incoming = new Map<ExchangeId, boolean>();
  readonly #nextId = countUp();

  /**
   * @param accepts whether clients are served now
   * @param ended called when an exchange ends of which the machine does not hear
   */
  constructor(
    world: Exchanges | undefined,
    limits: Limits,
    deliver: (event: Event<never>) => void,
    accepts: () => boolean,
    ended: () => void,
  ) {
    this.#world = world;
    this.#limits = limits;
    this.#deliver = deliver;
    this.#accepts = accepts;
    this.#ended = ended;
  }

  /** Exchanges in progress, in either direction. */
  get open(): number {
    return this.#own.size + this.#incoming.size;
  }

  // Effects of the machine

  request({ exchange, ...rest }: { readonly exchange: ExchangeId } & HttpRequest): void {
    const { type: _, ...request } = rest as HttpRequest & { readonly type?: unknown };
    const error =
      this.#world === undefined
        ? driverIssue("unreachable", "the host has no HTTP")
        : this.#own.size >= this.#limits.exchangesMax
          ? driverIssue("limit", `${this.#own.size} exchanges are open`)
          : undefined;
    if (error !== undefined) return this.#deliver({ type: "unanswered", exchange, error, sent: false });
    this.#own.set(exchange, false);
    this.#world!.request(exchange, request);
  }

  respond({ exchange, status, headers, body }: { readonly exchange: ExchangeId } & HttpResponse): void {
    if (this.#incoming.get(exchange) !== false) return;
    this.#incoming.set(exchange, true);
    this.#world!.respond(exchange, { status, ...(headers && { headers }), ...(body && { body }) });
  }

  abort(exchange: ExchangeId): void {
    if (this.#own.delete(exchange) || this.#incoming.delete(exchange)) this.#world!.abort(exchange);
  }

  // Events of the world

  /** Assigns an id to a request of a client; call `requested` next. Undefined refuses it. */
  admit(): ExchangeId | undefined {
    if (!this.#accepts() || this.#incoming.size >= this.#limits.exchangesMax) return undefined;
    const exchange = this.#nextId();
    this.#incoming.set(exchange, false);
    return exchange;
  }

  /** The body may be overwritten as soon as this returns. @param identity who the client proved to be */
  requested(exchange: ExchangeId, peer: string, request: IncomingHttpRequest, identity?: PeerIdentity): void {
    if (this.#incoming.get(exchange) !== false) return;
    const { method, path, headers, body } = request;
    const about = { method, path, headers, body };
    this.#deliver({ type: "requested", exchange, peer, ...(identity && { identity }), ...about });
  }

  /** The answer has left, or the client has gone. */
  over(exchange: ExchangeId): void {
    const isAnswered = this.#incoming.get(exchange);
    if (!this.#incoming.delete(exchange)) return;
    if (isAnswered === true) this.#ended();
    else this.#deliver({ type: "abandoned", exchange });
  }

  /** The request begins to leave. */
  sent(exchange: ExchangeId): void {
    if (this.#own.get(exchange) !== false) return;
    this.#own.set(exchange, true);
    this.#deliver({ type: "sent", exchange });
  }

  /** The body may be overwritten as soon as this returns. */
  answered(exchange: ExchangeId, { status, headers, body }: HttpAnswer): void {
    if (this.#own.delete(exchange)) this.#deliver({ type: "answered", exchange, status, headers, body });
  }

  unanswered(exchange: ExchangeId, error: WireIssue): void {
    const sent = this.#own.get(exchange);
    if (!this.#own.delete(exchange)) return;
    this.#deliver({ type: "unanswered", exchange, error, sent: sent! });
  }
}
