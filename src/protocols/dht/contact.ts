/** Contacts: servers of the DHT under their ids, at their addresses. */
import { addressScope, hostOf, ipBytes, isLoopback } from "../../address.js";
import { wordAt } from "./id-words.js";

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

/** A /24 of IPv4 as a number, a /48 of IPv6, or a name. */
export type AddressGroup = number | string;

/** Bytes of an IPv6 address that count as one group. */
const IPV6_GROUP_BYTES = 6;

/**
 * The group of an address: servers of one group are likely to belong to one owner, and count together. Undefined for
 * loopback addresses, which are not limited. A name is a group of its own.
 */
export function addressGroup(address: string): AddressGroup | undefined {
  const group = ipv4Group(address);
  if (group !== undefined) return group >> 16 === 127 ? undefined : group;
  const host = hostOf(address);
  const ip = ipBytes(host);
  if (ip === undefined) return host;
  if (isLoopback(ip)) return undefined;
  return ip.length === 4 ? wordAt(ip, 0) >>> 8 : ip.subarray(0, IPV6_GROUP_BYTES).join(".");
}

/** A dot, counted from the digit 0. */
const DOT = 0x2e - 0x30;

/**
 * The first three bytes of an IPv4 address, the port behind it or not: each newcomer has one, and all else would take
 * most of the time of its insertion.
 */
function ipv4Group(address: string): number | undefined {
  let group = 0;
  let byte = 0;
  let dots = 0;
  for (let i = 0; i < address.length; i++) {
    const digit = (address.charCodeAt(i) - 0x30) | 0;
    if (digit === DOT) {
      group = (group << 8) | byte;
      if (++dots === 3) return group;
      byte = 0;
    } else {
      byte = 10 * byte + digit;
      if (digit < 0 || digit > 9 || byte > 0xff) return undefined;
    }
  }
  return undefined;
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
