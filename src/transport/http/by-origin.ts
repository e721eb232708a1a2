/** HTTP requests over several transports, such as one with other credentials for each server. */
import { argumentError } from "../../errors.js";
import type { HttpRequest } from "../../http.js";
import { failedLink } from "../failures.js";
import { StreamsOnly } from "../streams-only.js";
import type { Endpoint, ExchangeHandler, Link, LinkHandler, OutgoingExchange, Transport } from "../types.js";
import { httpIssue } from "./failures.js";

/** A transport that sends each request over the one of its origin, and none to other origins. It cannot listen. */
export function httpByOrigin(transports: ReadonlyMap<string, Transport>): Transport {
  return {
    open(receiver, limits) {
      const opened = new Map([...new Set(transports.values())].map((each) => [each, each.open(receiver, limits)]));
      return new RoutingEndpoint(new Map([...transports].map(([origin, each]) => [origin, opened.get(each)!])));
    },
  };
}

class RoutingEndpoint extends StreamsOnly implements Endpoint {
  readonly #endpoints: ReadonlyMap<string, Endpoint>;

  constructor(endpoints: ReadonlyMap<string, Endpoint>) {
    super("http");
    this.#endpoints = endpoints;
  }

  async listen(at: string): Promise<string> {
    throw argumentError("http", "listen", "a transport of one identity", at);
  }

  connect(peer: string, handler: LinkHandler): Link {
    return failedLink("http", peer, handler, new Error("the transport carries no links"));
  }

  request(request: HttpRequest, handler: ExchangeHandler): OutgoingExchange {
    const endpoint = this.#endpoints.get(request.origin);
    if (endpoint?.request !== undefined) return endpoint.request(request, handler);
    let isOver = false;
    queueMicrotask(
      () => isOver || handler.failed(httpIssue("argument", request.origin, "an origin without a transport")),
    );
    return { abort: () => void (isOver = true) };
  }

  refuse(): void {
    for (const endpoint of this.#endpoints.values()) endpoint.refuse();
  }

  async close(): Promise<void> {
    await Promise.all([...new Set(this.#endpoints.values())].map((endpoint) => endpoint.close()));
  }
}
