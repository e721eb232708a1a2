/** Duplex transport: any stream of bytes with two directions, of Node.js or the Web, as a link. */
import type { ExpectedServer } from "../identity.js";
import { ENDPOINT_CLOSED, failedLink, linkIssue, listenError, unverifiedLink } from "./failures.js";
import { OpenLinks } from "./open-links.js";
import { LaterLink, type OpeningLink } from "./opening-link.js";
import { StreamLink, type NodeDuplex } from "./stream-link.js";
import { StreamsOnly } from "./streams-only.js";
import type { Endpoint, Link, LinkHandler, Receiver, Transport } from "./types.js";
import { WebStreamLink, type WebDuplex } from "./web-stream-link.js";

/** A stream of bytes with two directions: a `Duplex` of Node.js, or a pair of Web Streams. */
export type DuplexStream = NodeDuplex | WebDuplex;

/** A place at which streams are accepted. */
export interface DuplexListener {
  /** The address in use. */
  readonly address: string;
  /** Accepts no more streams; accepted ones go on. */
  close(): void | Promise<void>;
}

/** Options of {@link duplex}: where streams come from. */
export interface DuplexOptions {
  /** Opens a stream to a peer. May throw; its `WireError` closes the link as it is. Default: no peer can be reached. */
  connect?(peer: string): DuplexStream | Promise<DuplexStream>;
  /** Accepts streams at an address. May throw. Default: none are accepted. */
  listen?(at: string, accept: (stream: DuplexStream, peer: string) => void): DuplexListener | Promise<DuplexListener>;
}

/**
 * A transport for streams that come from elsewhere: a serial port, a pipe, a Unix socket, a stream of WebTransport.
 * A stream must be open when it is handed over, and belongs to its link from then on. Nobody proves an identity, and
 * datagrams are dropped.
 */
export function duplex(options: DuplexOptions): Transport {
  return { open: (receiver) => new DuplexEndpoint(receiver, options) };
}

/** The streams of one host. */
class DuplexEndpoint extends StreamsOnly implements Endpoint {
  readonly #receiver: Receiver;
  readonly #options: DuplexOptions;
  readonly #listeners = new Set<DuplexListener>();
  readonly #links = new OpenLinks();
  #isRefusing = false;

  constructor(receiver: Receiver, options: DuplexOptions) {
    super("duplex");
    this.#receiver = receiver;
    this.#options = options;
  }

  async listen(at: string): Promise<string> {
    let listener: DuplexListener;
    try {
      if (this.#isRefusing) throw new Error(ENDPOINT_CLOSED);
      if (this.#options.listen === undefined) throw new Error("the transport accepts no streams");
      listener = await this.#options.listen(at, (stream, peer) => this.#accept(stream, peer));
    } catch (error) {
      throw listenError("duplex", at, error as Error);
    }
    if (this.#isRefusing) {
      await listener.close();
      throw listenError("duplex", at, new Error(ENDPOINT_CLOSED));
    }
    this.#listeners.add(listener);
    return listener.address;
  }

  connect(peer: string, handler: LinkHandler, server?: ExpectedServer): Link {
    const { connect } = this.#options;
    if (server !== undefined) return unverifiedLink("duplex", peer, handler);
    if (connect === undefined) return failedLink("duplex", peer, handler, new Error("the transport opens no streams"));
    const link = this.#links.add(handler, (watched) => new LaterLink("duplex", peer, watched));
    void this.#open(link, connect);
    return link;
  }

  refuse(): void {
    this.#isRefusing = true;
    for (const listener of this.#listeners) void listener.close();
  }

  async close(): Promise<void> {
    this.#isRefusing = true;
    await Promise.all([this.#links.abort(), ...Array.from(this.#listeners, (listener) => listener.close())]);
  }

  async #open(link: LaterLink, connect: NonNullable<DuplexOptions["connect"]>): Promise<void> {
    let over: OpeningLink;
    try {
      // Not at once: no handler is called before `connect` of the endpoint returns.
      await undefined;
      over = linkOver(await connect(link.peer), link.peer);
    } catch (error) {
      link.fail(error);
      return;
    }
    if (link.begin(over)) over.open();
    else over.refuse();
  }

  #accept(stream: DuplexStream, peer: string): void {
    const link = linkOver(stream, peer);
    link.open();
    const handler = this.#isRefusing ? undefined : this.#receiver.accepted(link);
    if (handler === undefined) return link.refuse();
    this.#links.add(handler, (watched) => {
      link.attach(watched);
      return link;
    });
  }
}

function linkOver(stream: DuplexStream, peer: string): OpeningLink {
  if ("readable" in stream && typeof stream.readable === "object") return new WebStreamLink(stream, peer);
  const issueOf = (error: Error, opened: boolean) => linkIssue("duplex", peer, opened, error);
  return new StreamLink({ stream: stream as NodeDuplex, peer, issueOf });
}
