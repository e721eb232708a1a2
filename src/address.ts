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

/** Character codes of "." and "0". */
const DOT = 0x2e;
const ZERO = 0x30;

/** Bytes of an IPv6 address. */
const IPV6_BYTES = 16;

/**
 * The bytes of an IP address: 4, or 16 for IPv6, with or without brackets. An IPv4-mapped IPv6 address has 4.
 * Undefined for names and anything else.
 */
export function ipBytes(host: string): Uint8Array | undefined {
  if (!host.includes(":")) return ipv4Bytes(host);
  const text = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  const [address = "", ...sides] = text.split("%", 1)[0]!.split("::");
  if (sides.length > 1) return undefined;
  const [first, last] = [wordsOf(address, sides.length === 0), wordsOf(sides[0], true)];
  if (first === undefined || last === undefined) return undefined;
  const missing = IPV6_BYTES - first.length - last.length;
  // "::" stands for at least one group.
  if (sides.length === 0 ? missing !== 0 : missing < 2) return undefined;
  const bytes = Uint8Array.from([...first, ...new Uint8Array(missing), ...last]);
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? bytes.slice(12) : bytes;
}

/** The bytes of the groups of one side of "::"; the last group of the whole may be an IPv4 address. */
function wordsOf(part = "", isEnd: boolean): number[] | undefined {
  const bytes: number[] = [];
  const groups = groupsOf(part);
  for (const [i, group] of groups.entries()) {
    if (group.includes(".")) {
      const tail = isEnd && i === groups.length - 1 ? ipv4Bytes(group) : undefined;
      if (tail === undefined) return undefined;
      bytes.push(...tail);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
      const word = Number.parseInt(group, 16);
      bytes.push(word >> 8, word & 0xff);
    }
  }
  return bytes;
}

function ipv4Bytes(host: string): Uint8Array | undefined {
  const ip = ipv4Number(host);
  return ip === undefined ? undefined : Uint8Array.of(ip >> 24, ip >> 16, ip >> 8, ip);
}

/** An IPv4 address as a signed number of 32 bits, without memory for it: peers are judged by theirs all the time. */
function ipv4Number(host: string): number | undefined {
  let [ip, dots, digits, value] = [0, 0, 0, 0];
  for (let i = 0; i <= host.length; i++) {
    const code = i === host.length ? DOT : host.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || dots === 4) return undefined;
      ip = (ip << 8) | value;
      dots++;
      digits = value = 0;
    } else {
      value = value * 10 + code - ZERO;
      if (code < ZERO || code > ZERO + 9 || ++digits > 3 || value > 255) return undefined;
    }
  }
  return dots === 4 ? ip : undefined;
}

/**
 * From where an IP address can be reached: from this machine (`loopback`), from its network (`private`: RFC 1918,
 * 4193, 6598 and link-local addresses), from anywhere (`public`), or from nowhere (`none`: unspecified, multicast,
 * reserved). Undefined for names.
 */
export type AddressScope = "loopback" | "private" | "public" | "none";

/** The {@link AddressScope} of a host, an IPv6 one with or without brackets. */
export function addressScope(host: string): AddressScope | undefined {
  const ipv4 = ipv4Number(host);
  if (ipv4 !== undefined) return ipv4Scope(ipv4 >>> 24, (ipv4 >> 16) & 0xff);
  const ip = ipBytes(host);
  if (ip === undefined) return undefined;
  return ip.length === IPV6_BYTES ? ipv6Scope(ip) : ipv4Scope(ip[0]!, ip[1]!);
}

/** Whether the bytes of an IP address are those of this machine (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopback(ip: Uint8Array): boolean {
  return ip.length === IPV6_BYTES ? ip.every((byte, i) => byte === (i === IPV6_BYTES - 1 ? 1 : 0)) : ip[0] === 127;
}

function ipv4Scope(first: number, second: number): AddressScope {
  if (first === 127) return "loopback";
  if (first === 0 || first >= 224) return "none";
  const isPrivate =
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128);
  return isPrivate ? "private" : "public";
}

function ipv6Scope(ip: Uint8Array): AddressScope {
  const [first, second] = [ip[0]!, ip[1]!];
  if (isLoopback(ip)) return "loopback";
  if (ip.every((byte) => byte === 0)) return "none";
  if (first === 0xff) return "none";
  const isUniqueLocal = (first & 0xfe) === 0xfc;
  const isLinkLocal = first === 0xfe && (second & 0xc0) === 0x80;
  return isUniqueLocal || isLinkLocal ? "private" : "public";
}
