/** The contract of transports: endpoints, links and their receivers. */
import type { WireIssue } from "../errors.js";
import type { HttpAnswer, HttpRequest, HttpResponse, IncomingHttpRequest } from "../http.js";
import type { ExpectedServer, PeerIdentity } from "../identity.js";
import type { Limits } from "../limits.js";

/**
 * Sockets that carry bytes and know no protocol. A transport can be opened any number of times; each endpoint belongs
 * to one host. Peers are "host:port", IPv6 addresses in brackets.
 *
 * No method of an endpoint or a link calls a handler before it returns. None throws on what a peer or the network
 * does: a link reports that by `closed`.
 */
export interface Transport {
  /** @param limits the endpoint enforces `datagramBytesMax` and `datagramQueueBytesMax`. Default: `DEFAULT_LIMITS` */
  open(receiver: Receiver, limits?: Limits): Endpoint;
}

/** Receives connections and datagrams of an endpoint: the host. */
export interface Receiver {
  /** A peer has connected. Undefined refuses the peer: the connection closes at once. */
  accepted(link: Link): LinkHandler | undefined;
  /**
   * The bytes are borrowed until the call returns. `local` is the receiving address, if {@link Endpoint.bind} gave it.
   */
  datagram(peer: string, bytes: Uint8Array, local?: string): void;
  /**
   * A client has sent a request. The body is borrowed until the call returns. A receiver without it refuses all.
   * @returns what to call, once, when the answer has left or the client has gone. Undefined refuses the request
   */
  requested?(exchange: IncomingExchange): (() => void) | undefined;
}

/** The sockets of one host. */
export interface Endpoint {
  /**
   * Accepts connections, datagrams or both at an address; port 0 chooses a free port.
   * @returns the address in use. @throws WireError `argument`
   */
  listen(at: string): Promise<string>;
  /**
   * Opens a link to a peer.
   * @param server who the peer must prove to be. A transport that cannot verify it closes the link with `certificate`
   */
  connect(peer: string, handler: LinkHandler, server?: ExpectedServer): Link;
  /**
   * Receives datagrams at one more address, from which {@link send} can send; port 0 chooses a free port.
   * @returns the address in use. @throws WireError `argument`
   */
  bind(local: string): Promise<string>;
  /** Frees an address that `bind` returned. */
  release(local: string): void;
  /**
   * Sends a datagram and takes its bytes. A datagram that cannot be sent is dropped: too long, beyond the queue limit,
   * refused by the network, or for a peer that is not an address.
   * @param local an address that `bind` returned; the peer is then an address, not a name. Default: a listening address
   */
  send(peer: string, bytes: Uint8Array, local?: string): void;
  /**
   * Sends an HTTP request. Absent where the transport carries none. A request that cannot be sent fails like one that
   * the network loses.
   */
  request?(request: HttpRequest, handler: ExchangeHandler): OutgoingExchange;
  /** Datagrams that `send` dropped; those that the network lost are not counted. */
  readonly droppedDatagrams: number;
  /** Stops listening and accepting connections; open links and datagrams go on. */
  refuse(): void;
  /** Closes everything at once; resolves when all is closed. */
  close(): Promise<void>;
}

/** One stream connection. */
export interface Link {
  readonly peer: string;
  /** Who the peer proved to be; known from `opened` or `accepted` on, where the transport verifies it. */
  readonly identity?: PeerIdentity | undefined;
  /** Bytes written that the network has not taken yet. */
  readonly queuedBytes: number;
  /**
   * Takes the bytes: the caller must not touch them again. Queues until the connection is open; ignored after `shut`.
   */
  write(bytes: Uint8Array): void;
  /**
   * Sends the queue, then the end. Reads and discards until the peer's end: closing with unread bytes would send a
   * reset, which can destroy the last reply.
   */
  shut(): void;
  /** Closes at once and drops the queue. */
  abort(): void;
  /** Stops reading, so that the peer's sending stalls. */
  pause(): void;
  resume(): void;
}

/** Receives the events of a link, in this order: opened?, (bytes | drained)*, ended?, closed. */
export interface LinkHandler {
  /** The connection is open. Only for links that `connect` made. */
  opened(): void;
  /** The bytes are borrowed until the call returns, unless given: then nobody else holds them and their buffer. */
  bytes(bytes: Uint8Array, isGiven?: boolean): void;
  /** The queue is empty, after the network did not take all at once. */
  drained(): void;
  /** The peer has sent its last byte; it may still read. */
  ended(): void;
  /**
   * Both directions are closed. The error is `unreachable` if the link never opened, else `closed`; `certificate`,
   * `credentials`, `negotiation`, `timeout` and `limit` where the transport knows more.
   */
  closed(error?: WireIssue): void;
}

/** A request that was sent. */
export interface OutgoingExchange {
  /** Gives it up: its handler is not called any more. */
  abort(): void;
}

/** Receives what becomes of a request, in this order: sent?, then answered or failed. */
export interface ExchangeHandler {
  /** The request begins to leave, to a server that has proved who it is. Never called before a failure without it. */
  sent(): void;
  /** The answer is there, whole. Its body is borrowed until the call returns. */
  answered(answer: HttpAnswer): void;
  /**
   * There is no answer: `unreachable`, `timeout`, `certificate`, `credentials`, `negotiation`, `closed`, `limit`, or
   * `argument` for a request that nobody can send.
   */
  failed(error: WireIssue): void;
}

/** A request of a client. */
export interface IncomingExchange {
  readonly peer: string;
  /** Who the client proved to be, where the transport verifies it. */
  readonly identity?: PeerIdentity | undefined;
  readonly request: IncomingHttpRequest;
  /** Answers, once, and takes the body. */
  respond(response: HttpResponse): void;
  /** Closes the connection without an answer. */
  abort(): void;
}
