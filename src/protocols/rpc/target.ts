/** Whom a message is for, and how it travels. */
import { argumentError } from "../../errors.js";
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

const VIAS: ReadonlySet<unknown> = new Set<RpcVia | undefined>(["stream", "datagram", "auto", undefined]);

/**
 * Checks what a caller without types may get wrong: a target that is none would fault the machine, and with it all
 * other calls. @throws WireError `argument`
 */
export function checkTarget(target: RpcTarget): void {
  const given: unknown = target;
  if (!isObject(given)) throw argumentError("rpc", "target", "a peer or a link", typeName(given));
  if ("link" in given) {
    if (typeof given.link !== "number") throw argumentError("rpc", "target.link", "a link", typeName(given.link));
    return;
  }
  const { peer, via, server }: { peer?: unknown; via?: unknown; server?: unknown } = given;
  if (typeof peer !== "string") throw argumentError("rpc", "target.peer", '"host:port"', typeName(peer));
  if (!VIAS.has(via)) throw argumentError("rpc", "target.via", "stream, datagram or auto", String(via));
  if (server === undefined) return;
  const isServer = isObject(server) && Object.values(server).every((name) => typeof name === "string");
  if (!isServer) throw argumentError("rpc", "target.server", "what the server is known by", typeName(server));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function typeName(value: unknown): string {
  return value === null ? "null" : typeof value;
}
