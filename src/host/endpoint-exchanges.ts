/** The HTTP exchanges of one driver on the endpoint of a transport. */
import type { DriverExchanges, ExchangeId, Exchanges, HttpRequest, HttpResponse } from "../machine/index.js";
import type { Endpoint, IncomingExchange, OutgoingExchange } from "../transport/types.js";

/** Joins a driver, which knows exchanges by id, to those of an endpoint. Set `driver` before anything happens. */
export class EndpointExchanges implements Exchanges {
  driver!: DriverExchanges;
  readonly #request: NonNullable<Endpoint["request"]>;
  readonly #outgoing = new Map<ExchangeId, OutgoingExchange>();
  readonly #incoming = new Map<ExchangeId, IncomingExchange>();

  constructor(request: NonNullable<Endpoint["request"]>) {
    this.#request = request;
  }

  /** A client has sent a request. @returns undefined to refuse it */
  requested(incoming: IncomingExchange): (() => void) | undefined {
    const { driver } = this;
    const id = driver.admit();
    if (id === undefined) return undefined;
    this.#incoming.set(id, incoming);
    driver.requested(id, incoming.peer, incoming.request, incoming.identity);
    return () => {
      this.#incoming.delete(id);
      driver.over(id);
    };
  }

  request(id: ExchangeId, request: HttpRequest): void {
    const { driver } = this;
    const outgoing = this.#request(request, {
      sent: () => driver.sent(id),
      answered: (answer) => {
        this.#outgoing.delete(id);
        driver.answered(id, answer);
      },
      failed: (error) => {
        this.#outgoing.delete(id);
        driver.unanswered(id, error);
      },
    });
    this.#outgoing.set(id, outgoing);
  }

  respond(id: ExchangeId, response: HttpResponse): void {
    this.#incoming.get(id)?.respond(response);
  }

  abort(id: ExchangeId): void {
    this.#outgoing.get(id)?.abort();
    this.#incoming.get(id)?.abort();
    this.#outgoing.delete(id);
    this.#incoming.delete(id);
  }
}
