/** Combined transport: streams by one transport and datagrams by another, at one port. */
import { argumentError } from "../errors.js";
import type { ExpectedServer } from "../identity.js";
import type { Limits } from "../limits.js";
import { ENDPOINT_CLOSED, listenError } from "./failures.js";
import { parseAddress } from "../address.js";
import type { Endpoint, Link, LinkHandler, Receiver, Transport } from "./types.js";

/** The transports that {@link combine} joins. */
export interface CombineOptions {
  /** Carries links. */
  readonly streams: Transport;
  /** Carries datagrams. */
  readonly datagrams: Transport;
  /**
   * Which of them listen. Default `both`; `streams` or `datagrams` where the other one only connects or only sends, as
   * a serial line does.
   */
  readonly listens?: "both" | "streams" | "datagrams";
}

const LISTENERS = ["both", "streams", "datagrams"] as const;

/** Attempts to find a port that is free for both, where the port is 0. */
const ATTEMPTS_MAX = 16;

/**
 * One transport of two, such as `combine({ streams: tcp(), datagrams: udp() })`. `listen` takes both at the same
 * address; with port 0, at one port that is free for both.
 * @throws WireError `argument` for another value of `listens`
 */
export function combine({ streams, datagrams, listens = "both" }: CombineOptions): Transport {
  if (!LISTENERS.includes(listens)) throw argumentError("transport", "listens", LISTENERS.join(", "), String(listens));
  return { open: (receiver, limits) => new CombinedEndpoint({ streams, datagrams, listens }, receiver, limits) };
}

/** An endpoint of each transport, as one. */
class CombinedEndpoint implements Endpoint {
  readonly #openStreams: () => Endpoint;
  readonly #datagrams: Endpoint;
  /** The first endpoint connects. Each further one listens at one address, so that it can be closed alone. */
  readonly #streams: Endpoint[] = [];
  readonly #listens: NonNullable<CombineOptions["listens"]>;
  #isRefusing = false;

  constructor(
    { streams, datagrams, listens }: Required<CombineOptions>,
    receiver: Receiver,
    limits: Limits | undefined,
  ) {
    this.#listens = listens;
    this.#openStreams = () => streams.open(receiver, limits);
    this.#streams.push(this.#openStreams());
    this.#datagrams = datagrams.open(receiver, limits);
  }

  get droppedDatagrams(): number {
    return this.#datagrams.droppedDatagrams;
  }

  async listen(at: string): Promise<string> {
    if (this.#listens === "streams") return this.#streams[0]!.listen(at);
    if (this.#listens === "datagrams") return this.#datagrams.listen(at);
    const { port } = parseAddress(at);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#listenAt(at);
      } catch (error) {
        if (port !== 0 || this.#isRefusing || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  connect(peer: string, handler: LinkHandler, server?: ExpectedServer): Link {
    return this.#streams[0]!.connect(peer, handler, server);
  }

  bind(local: string): Promise<string> {
    return this.#datagrams.bind(local);
  }

  release(local: string): void {
    this.#datagrams.release(local);
  }

  send(peer: string, bytes: Uint8Array, local?: string): void {
    this.#datagrams.send(peer, bytes, local);
  }

  refuse(): void {
    this.#isRefusing = true;
    for (const endpoint of [...this.#streams, this.#datagrams]) endpoint.refuse();
  }

  async close(): Promise<void> {
    this.refuse();
    await Promise.all([...this.#streams, this.#datagrams].map((endpoint) => endpoint.close()));
  }

  async #listenAt(at: string): Promise<string> {
    if (this.#isRefusing) throw listenError("transport", at, new Error(ENDPOINT_CLOSED));
    const endpoint = this.#openStreams();
    this.#streams.push(endpoint);
    try {
      const address = await endpoint.listen(at);
      await this.#datagrams.listen(address);
      return address;
    } catch (error) {
      await endpoint.close();
      this.#streams.splice(this.#streams.indexOf(endpoint), 1);
      throw error;
    }
  }
}
