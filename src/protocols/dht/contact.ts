/** Contacts: servers of the DHT under their ids, at their addresses. */
import { addressScope, hostOf, ipBytes } from "../../address.js";

/** A server that has proven its id at its address. */
export interface Contact {
  /** 20 bytes. */
  readonly id: Uint8Array;
  /** "host:port". */
  readonly address: string;
  /** Round-trip time of the latest answer that was timed, in milliseconds. */
  readonly rttMs: number | undefined;
  /** When it last answered. */
  readonly lastSeenMs: number;
  /** Requests in a row that it did not answer. */
  readonly failures: number;
}

/** From which addresses contacts are taken, besides public ones. */
export interface ReachOptions {
  /** Addresses of this machine. Default false. */
  readonly allowLoopback?: boolean;
  /** Addresses of a private network (RFC 1918, 4193, 6598, link-local). Default false. */
  readonly allowPrivate?: boolean;
}

/** Longest address of a contact. */
export const ADDRESS_CHARACTERS_MAX = 64;

/** Bytes of an IP address that count as one group: a /24 of IPv4, a /48 of IPv6. */
const IPV4_GROUP_BYTES = 3;
const IPV6_GROUP_BYTES = 6;

/**
 * The group of an address: servers of one group are likely to belong to one owner, and count together. Undefined for
 * loopback addresses, which are not limited. A name is a group of its own.
 */
export function addressGroup(address: string): string | undefined {
  const host = hostOf(address);
  const ip = ipBytes(host);
  if (ip === undefined) return host;
  if (addressScope(host) === "loopback") return undefined;
  return ip.subarray(0, ip.length === 4 ? IPV4_GROUP_BYTES : IPV6_GROUP_BYTES).join(".");
}

/**
 * True if a well-formed address can be that of a contact: a short one, with a port, of an IP address in reach. A name
 * that a stranger gave is not resolved.
 */
export function isReachable(address: string, { allowLoopback = false, allowPrivate = false }: ReachOptions): boolean {
  if (address.length > ADDRESS_CHARACTERS_MAX || address.endsWith(":0")) return false;
  const scope = addressScope(hostOf(address));
  return scope === "public" || (scope === "loopback" && allowLoopback) || (scope === "private" && allowPrivate);
}
