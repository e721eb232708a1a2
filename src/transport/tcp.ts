/** TCP transport: `node:net` sockets that carry streams and no datagrams. */
import type { Socket } from "node:net";
import type { Address } from "../address.js";
import { WireError } from "../errors.js";
import type { ExpectedServer } from "../identity.js";
import { linkIssue, unverified } from "./failures.js";
import { SocketEndpoint, SOCKETS_GIVE_CHUNKS, type TcpOptions } from "./socket-endpoint.js";
import { StreamLink } from "./stream-link.js";
import type { Transport } from "./types.js";

/** A transport for streams by `node:net`. Datagrams are dropped. */
export function tcp(options: TcpOptions = {}): Transport {
  return { open: (receiver) => new TcpEndpoint("tcp", receiver, options) };
}

/** The TCP servers and connections of one host. */
class TcpEndpoint extends SocketEndpoint {
  protected override dial(socket: Socket, peer: string, _address: Address, server?: ExpectedServer): StreamLink {
    const link = linkOver(socket, peer);
    if (server !== undefined) link.fail(new WireError(unverified("tcp", peer)));
    socket.on("connect", () => link.open());
    return link;
  }

  protected override take(socket: Socket, peer: string): void {
    const link = linkOver(socket, peer);
    link.open();
    this.serve(link);
  }
}

function linkOver(socket: Socket, peer: string): StreamLink {
  return new StreamLink({
    stream: socket,
    peer,
    givesChunks: SOCKETS_GIVE_CHUNKS,
    issueOf: (error, opened) => linkIssue("tcp", peer, opened, error),
    reset: () => socket.resetAndDestroy(),
  });
}
