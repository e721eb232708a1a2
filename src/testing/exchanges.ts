/** The HTTP exchanges of a simulation: late, lost, repeated, and cut before and after the server has acted. */
import { POISON } from "../bytes/poison.js";
import type { WireErrorCode, WireIssue } from "../errors.js";
import { parseOrigin, type HttpRequest, type HttpResponse, type IncomingHttpRequest } from "../http.js";
import { identityMismatch, type PeerIdentity } from "../identity.js";
import type { DriverExchanges, ExchangeId, Exchanges } from "../machine/index.js";
import type { Faults } from "./faults.js";
import type { Random } from "./random.js";

/** The methods of a driver that this network calls. */
export type ExchangeReceiver = Pick<
  DriverExchanges,
  "admit" | "requested" | "over" | "sent" | "answered" | "unanswered"
>;

/** A host as a client and as a server of HTTP. */
export interface HttpStation {
  readonly host: string;
  readonly address: string;
  readonly exchanges: ExchangeReceiver;
  /** With one, it is reached by https alone. */
  readonly identity: PeerIdentity | undefined;
  /** Longer bodies are refused, where a request sets no bound of its own. */
  readonly bodyBytesMax: number;
}

/** What an exchange needs of the network. */
export interface HttpNetwork {
  readonly random: Random;
  faults(): Faults;
  /** Runs an action after a delay, or when nothing separates the two hosts any more. */
  later(from: string, to: string, action: () => void): void;
  find(address: string): HttpStation | undefined;
  note(text: string): void;
}

/** A request on its way, or with its server. */
interface Exchange {
  readonly client: HttpStation;
  readonly id: ExchangeId;
  readonly request: HttpRequest;
  /** The client waits for the answer. */
  isOpen: boolean;
}

/** A request as its server has it. A repeated one has no client. */
interface Served {
  readonly server: HttpStation;
  readonly id: ExchangeId;
  readonly exchange: Exchange;
  /** What becomes of the answer. */
  readonly fate: "arrives" | "lost" | "cut" | "repeated";
}

/** Exchanges between the hosts of one simulation. */
export class VirtualExchanges {
  readonly #network: HttpNetwork;
  readonly #open = new Set<Exchange>();
  readonly #served = new Map<HttpStation, Map<ExchangeId, Served>>();
  #clients = 0;

  constructor(network: HttpNetwork) {
    this.#network = network;
  }

  /** The exchanges of a host, for its driver. */
  of(station: HttpStation): Exchanges {
    return {
      request: (id, request) => this.#request({ client: station, id, request, isOpen: true }),
      respond: (id, response) => this.#respond(this.#take(station, id), response),
      abort: (id) => this.#abort(station, id),
    };
  }

  /** Ends every exchange of a host that is gone. */
  detach(station: HttpStation): void {
    for (const exchange of this.#open) if (exchange.client === station) this.#give(exchange);
    for (const served of this.#served.get(station)?.values() ?? []) this.#reset(served);
    this.#served.delete(station);
  }

  #request(exchange: Exchange): void {
    const { client, request } = exchange;
    const origin = parseOrigin(request.origin);
    this.#open.add(exchange);
    if (origin === undefined) {
      const error = { ...issue("argument", request.origin, request.origin), expected: "an origin" };
      return this.#network.later(client.host, client.host, () => this.#fail(exchange, error));
    }
    const { host, port, isSecure } = origin;
    this.#network.later(client.host, host, () => {
      if (!exchange.isOpen) return;
      const server = this.#network.find(`${host}:${port}`);
      const error = this.#refusal(server, request, host, isSecure);
      if (error !== undefined) return this.#fail(exchange, error);
      client.exchanges.sent(exchange.id);
      if (exchange.isOpen) this.#send(exchange, server!);
    });
  }

  /** Why a connection does not come about, or with nobody who would read the request. */
  #refusal(
    server: HttpStation | undefined,
    { origin, server: expected }: HttpRequest,
    host: string,
    isSecure: boolean,
  ): WireIssue | undefined {
    const { random } = this.#network;
    if (server === undefined) return issue("unreachable", origin, "ECONNREFUSED");
    if (random.chance(this.#network.faults().exchangeRefuseRate)) {
      this.#network.note(`refused: a request for ${origin}`);
      return issue("unreachable", origin, "ECONNRESET");
    }
    if (!isSecure && expected !== undefined) return issue("certificate", origin, "missing");
    if (isSecure !== (server.identity !== undefined)) {
      return isSecure ? issue("negotiation", origin, "not-tls") : issue("unreachable", origin, "ECONNRESET");
    }
    if (server.identity === undefined) return undefined;
    const mismatch = identityMismatch(server.identity, expected ?? { hostName: host });
    return mismatch && issue("certificate", origin, mismatch);
  }

  #send(exchange: Exchange, server: HttpStation): void {
    const { client, request } = exchange;
    const { random } = this.#network;
    const { exchangeLossRate, exchangeCutRate, exchangeRepeatRate } = this.#network.faults();
    const before = random.chance(0.5);
    if (random.chance(exchangeLossRate)) {
      this.#network.note(`lost: ${before ? "a request" : "an answer"} for ${request.origin}`);
      if (!before) this.#deliver(exchange, server, "lost");
      return;
    }
    if (random.chance(exchangeCutRate)) {
      this.#network.note(`cut ${before ? "before" : "after"} the server acted: a request for ${request.origin}`);
      if (!before) return this.#deliver(exchange, server, "cut");
      const error = issue("closed", request.origin, "ECONNRESET");
      return this.#network.later(server.host, client.host, () => this.#fail(exchange, error));
    }
    this.#deliver(exchange, server, "arrives");
    if (random.chance(exchangeRepeatRate)) {
      this.#network.note(`repeated: a request for ${request.origin}`);
      this.#deliver(exchange, server, "repeated");
    }
  }

  #deliver(exchange: Exchange, server: HttpStation, fate: Served["fate"]): void {
    const { client, request } = exchange;
    this.#network.later(client.host, server.host, () => {
      // What was given up on its way may arrive all the same.
      if (!exchange.isOpen && fate !== "repeated" && this.#network.random.chance(0.5)) return;
      if (this.#network.find(server.address) !== server) {
        return this.#fail(exchange, issue("closed", request.origin, "ECONNRESET"));
      }
      const { method, path, headers = {}, body = new Uint8Array(0) } = request;
      if (body.length > server.bodyBytesMax) return this.#answer(exchange, server, { status: 413 });
      const id = server.exchanges.admit();
      if (id === undefined) return this.#answer(exchange, server, { status: 503 });
      const served: Served = { server, id, exchange, fate };
      const all = this.#served.get(server) ?? new Map<ExchangeId, Served>();
      this.#served.set(server, all.set(id, served));
      const borrowed: IncomingHttpRequest = { method, path, headers, body: body.slice() };
      const peer = `${client.host}:${50_000 + this.#clients++}`;
      server.exchanges.requested(id, peer, borrowed, server.identity && client.identity);
      borrowed.body.fill(POISON);
    });
  }

  #take(server: HttpStation, id: ExchangeId): Served | undefined {
    const served = this.#served.get(server)?.get(id);
    this.#served.get(server)?.delete(id);
    return served;
  }

  #respond(served: Served | undefined, response: HttpResponse): void {
    if (served === undefined) return;
    const { server, id, exchange, fate } = served;
    const { client } = exchange;
    if (fate === "arrives") return this.#answer(exchange, server, response, () => server.exchanges.over(id));
    this.#network.later(server.host, client.host, () => {
      server.exchanges.over(id);
      if (fate === "cut") this.#fail(exchange, issue("closed", exchange.request.origin, "ECONNRESET"));
    });
  }

  #answer(exchange: Exchange, server: HttpStation, response: HttpResponse, over: () => void = () => {}): void {
    const { client, request, id } = exchange;
    this.#network.later(server.host, client.host, () => {
      over();
      if (!exchange.isOpen) return;
      const { status, headers = {}, body = new Uint8Array(0) } = response;
      const coding = headers["content-encoding"];
      if (coding !== undefined && coding !== "identity") {
        return this.#fail(exchange, issue("negotiation", request.origin, "coded"));
      }
      if (body.length > (request.bodyBytesMax ?? client.bodyBytesMax)) {
        return this.#fail(exchange, issue("limit", request.origin, "body"));
      }
      this.#close(exchange);
      const borrowed = body.slice();
      client.exchanges.answered(id, { status, headers, body: borrowed });
      borrowed.fill(POISON);
    });
  }

  #abort(station: HttpStation, id: ExchangeId): void {
    if (id > 0) return this.#reset(this.#served.get(station)?.get(id));
    for (const exchange of this.#open) {
      if (exchange.client === station && exchange.id === id) return this.#give(exchange);
    }
  }

  /** The client gives up: its server hears of that later. */
  #give(exchange: Exchange): void {
    this.#close(exchange);
    for (const all of this.#served.values()) {
      for (const served of all.values()) {
        if (served.exchange !== exchange || served.fate === "repeated") continue;
        const { server, id } = served;
        this.#network.later(exchange.client.host, server.host, () => {
          if (this.#take(server, id) !== undefined) server.exchanges.over(id);
        });
      }
    }
  }

  /** The server closes the connection without an answer. */
  #reset(served: Served | undefined): void {
    if (served === undefined) return;
    const { server, id, exchange, fate } = served;
    this.#take(server, id);
    if (fate === "repeated") return;
    const error = issue("closed", exchange.request.origin, "ECONNRESET");
    this.#network.later(server.host, exchange.client.host, () => this.#fail(exchange, error));
  }

  #fail(exchange: Exchange, error: WireIssue): void {
    if (!exchange.isOpen) return;
    this.#close(exchange);
    exchange.client.exchanges.unanswered(exchange.id, error);
  }

  #close(exchange: Exchange): void {
    exchange.isOpen = false;
    this.#open.delete(exchange);
  }
}

function issue(code: WireErrorCode, path: string, actual: string): WireIssue {
  return { code, format: "simulation", path, actual };
}
