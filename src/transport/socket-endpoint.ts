/** Endpoints on sockets of `node:net`: what TCP and TLS share. */
import { connect, type Socket } from "node:net";
import { parseAddress, type Address } from "../address.js";
import type { ExpectedServer } from "../identity.js";
import { failedLink } from "./failures.js";
import { SocketListener } from "./socket-listener.js";
import type { StreamLink } from "./stream-link.js";
import type { Endpoint, Link, LinkHandler, Receiver } from "./types.js";

/** Node.js reads each chunk of a socket into a buffer of its own. Of runtimes that are like it this is not known. */
export const SOCKETS_GIVE_CHUNKS = !("bun" in process.versions || "deno" in process.versions);

/** Options of {@link tcp}. */
export interface TcpOptions {
  /** Turns Nagle's algorithm off: small writes leave at once. Default true. */
  readonly noDelay?: boolean;
  /** Connections that may wait to be accepted. Default 511, as in Node.js. */
  readonly backlog?: number;
}

/** {@link TcpOptions}, each of which may be undefined. */
type SocketOptions = { readonly [Name in keyof TcpOptions]: TcpOptions[Name] | undefined };

/** The servers and connections of one host. A subclass makes links of sockets. */
export abstract class SocketEndpoint extends SocketListener implements Endpoint {
  readonly #receiver: Receiver;
  readonly #noDelay: boolean;

  constructor(format: string, receiver: Receiver, { noDelay = true, backlog = 511 }: SocketOptions) {
    super(format, { noDelay, backlog });
    this.#receiver = receiver;
    this.#noDelay = noDelay;
  }

  /** A link over a socket that is being connected; it opens when its peer has proved what it must. */
  protected abstract dial(socket: Socket, peer: string, address: Address, server?: ExpectedServer): StreamLink;

  /** Hands an open link of a peer to the receiver. */
  protected serve(link: StreamLink): void {
    const handler = this.#receiver.accepted(link);
    if (handler === undefined) link.refuse();
    else link.attach(handler);
  }

  connect(peer: string, handler: LinkHandler, server?: ExpectedServer): Link {
    try {
      const address = parseAddress(peer);
      const socket = connect({ ...address, allowHalfOpen: true, noDelay: this.#noDelay });
      this.adopt(socket);
      const link = this.dial(socket, peer, address, server);
      link.attach(handler);
      return link;
    } catch (error) {
      return failedLink(this.format, peer, handler, error);
    }
  }
}
