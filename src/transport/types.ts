import type { WireIssue } from "../errors.js";
import type { Limits } from "../limits.js";

/**
 * Sockets that carry bytes and know no protocol. A transport may be opened any number of times; each endpoint belongs
 * to one host. Peers are written "host:port", IPv6 addresses in brackets.
 *
 * No method of an endpoint or a link calls a handler before it returns, and none throws on what a peer or the network
 * does: that arrives as `closed`.
 */
export interface Transport {
  /** @param limits `datagramBytesMax` and `datagramQueueBytesMax` are kept here. Default: `DEFAULT_LIMITS` */
  open(receiver: Receiver, limits?: Limits): Endpoint;
}

/** What an endpoint tells its host. */
export interface Receiver {
  /** A peer has connected. Undefined refuses it: the connection is closed at once. */
  accepted(link: Link): LinkHandler | undefined;
  /** The bytes are borrowed until the call returns. `local` is where they arrived, if {@link Endpoint.bind} gave it. */
  datagram(peer: string, bytes: Uint8Array, local?: string): void;
}

export interface Endpoint {
  /**
   * Takes connections, datagrams or both at an address; port 0 chooses a free one.
   * @returns the address in use. @throws WireError `argument`
   */
  listen(at: string): Promise<string>;
  connect(peer: string, handler: LinkHandler): Link;
  /**
   * Takes datagrams, and sends them where {@link send} is told to, at one more address; port 0 chooses a free one.
   * @returns the address in use. @throws WireError `argument`
   */
  bind(local: string): Promise<string>;
  /** Gives back what `bind` gave. */
  release(local: string): void;
  /**
   * Takes the bytes. What cannot be sent is lost, as datagrams are: too long, beyond what may wait, refused by the
   * network, for a peer that is none.
   * @param local one that `bind` gave, and the peer is an address, not a name; default: what is listened at
   */
  send(peer: string, bytes: Uint8Array, local?: string): void;
  /** How many datagrams were lost in `send`, rather than on their way. */
  readonly droppedDatagrams: number;
  /** Listens no more and takes no more connections; links live on, datagrams too. */
  refuse(): void;
  /** Closes everything at once and resolves when nothing is left open. */
  close(): Promise<void>;
}

/** One stream connection. */
export interface Link {
  readonly peer: string;
  /** Bytes that have been written and not yet handed to the network. */
  readonly queuedBytes: number;
  /** Takes the bytes: the caller does not touch them again. Waits for the connection; ignored after `shut`. */
  write(bytes: Uint8Array): void;
  /** Sends what is queued, then the end; reads on and discards until the peer's end, so that no reset eats a reply. */
  shut(): void;
  /** Closes at once, whatever is queued. */
  abort(): void;
  /** Stops reading, so that the peer's sending stalls. */
  pause(): void;
  resume(): void;
}

/** What a link tells its owner, in this order: opened?, (bytes | drained)*, ended?, closed. */
export interface LinkHandler {
  /** The connection stands. Only for links that `connect` made. */
  opened(): void;
  /** The bytes are borrowed until the call returns. */
  bytes(bytes: Uint8Array): void;
  /** Nothing is queued any more, after more was queued than the network took at once. */
  drained(): void;
  /** The peer has sent its last byte; it may still read. */
  ended(): void;
  /** Both directions are closed. An error is `unreachable` before the link was open, and `closed` after. */
  closed(error?: WireIssue): void;
}
