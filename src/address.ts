/** Addresses as one string: "host:port", an IPv6 host in brackets. The only parser of them. */
import { argumentError } from "./errors.js";

export interface Address {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
}

const ADDRESS = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^:[\]\s]+)):(\d{1,5})$/;

/**
 * Reads "host:port" or "[v6]:port".
 * @param path what an error says of where the text stands
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

/** Writes an address as one string. An IPv4 address that is mapped into IPv6 is written as IPv4. */
export function formatAddress({ host, port }: Address): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
  return host.includes(":") && v4 === undefined ? `[${host}]:${port}` : `${v4 ?? host}:${port}`;
}

/** The host of an address that a transport has written, as it stands there: IPv6 keeps its brackets. */
export function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":"));
}

/** The port of an address that a transport has written. */
export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** Groups of 16 bits in an IPv6 address, and of those the ones that tell networks apart (RFC 4291 §2.5.4). */
const GROUPS = 8;
const PREFIX_GROUPS = 4;

/**
 * Whose an address is when peers are counted: the host, or the first 64 bits of an IPv6 host, since every subscriber
 * has at least the 64 bits behind them (RFC 6177).
 */
export function addressPrefix(address: string): string {
  const host = hostOf(address);
  if (!host.startsWith("[")) return host;
  const [head, tail] = host.slice(1, -1).split("::");
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: Math.max(0, GROUPS - first.length - last.length) }, () => "0");
  return `${[...first, ...zeros, ...last].slice(0, PREFIX_GROUPS).join(":")}::`;
}

function groupsOf(part = ""): string[] {
  return part === "" ? [] : part.split(":");
}
