/** Whom a message is for, and how it travels. */
import type { ExpectedServer } from "../../identity.js";
import type { LinkId } from "../../machine/index.js";

/** How requests travel: over a stream, as a datagram, or as a datagram where one is long enough. */
export type RpcVia = "stream" | "datagram" | "auto";

/** Whom a message is for: a peer by its address, or whoever is at the other end of a link. */
export type RpcTarget =
  | {
      /** "host:port"; for a datagram the host is an IP address, which the answer must come from. */
      readonly peer: string;
      /** Default `via` of the options. */
      readonly via?: RpcVia;
      /** Who the peer must prove to be, on a transport with identities. */
      readonly server?: ExpectedServer;
    }
  | { readonly link: LinkId };
