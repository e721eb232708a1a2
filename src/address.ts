/** Addresses as text: "host:port", an IPv6 host in brackets. */
import { argumentError } from "./errors.js";

/** Host and port of an address. */
export interface Address {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
}

/** First port of the dynamic range (RFC 6335 §6). */
export const FIRST_DYNAMIC_PORT = 49_152;

const ADDRESS = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^:[\]\s]+)):(\d{1,5})$/;

/**
 * Reads "host:port" or "[v6]:port".
 * @param format format of an error, such as `ping`
 * @param path path of an error: the place of the text, such as `servers[3]`
 * @throws WireError `argument`
 */
export function parseAddress(address: string, format = "address", path = ""): Address {
  // A caller without types may give anything.
  const match = typeof address === "string" ? ADDRESS.exec(address) : null;
  const port = Number(match?.[3]);
  if (match !== null && port <= 65_535) return { host: (match[1] ?? match[2])!, port };
  const actual = typeof address === "string" ? JSON.stringify(address) : typeof address;
  throw argumentError(format, path, '"host:port", an IPv6 address in brackets', actual);
}

/** Writes an address. An IPv4-mapped IPv6 host is written as IPv4. */
export function formatAddress({ host, port }: Address): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
  return host.includes(":") && v4 === undefined ? `[${host}]:${port}` : `${v4 ?? host}:${port}`;
}

/** The host of a well-formed address; an IPv6 host keeps its brackets. */
export function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":"));
}

/** The port of a well-formed address. */
export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** Groups of 16 bits in an IPv6 address, and in its 64-bit prefix (RFC 4291 §2.5.4). */
const GROUPS = 8;
const PREFIX_GROUPS = 4;

/**
 * The key under which peers are counted: the host of an address, or its /64 if it is IPv6, since a subscriber has at
 * least one /64 (RFC 6177).
 */
export function addressPrefix(address: string): string {
  const host = hostOf(address);
  if (!host.startsWith("[")) return host;
  const [head, tail] = host.slice(1, -1).split("::");
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: Math.max(0, GROUPS - first.length - last.length) }, () => "0");
  return `${[...first, ...zeros, ...last].slice(0, PREFIX_GROUPS).join(":")}::`;
}

/** The groups of one side of "::". */
function groupsOf(part = ""): string[] {
  return part === "" ? [] : part.split(":");
}
