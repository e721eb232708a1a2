import { WireError } from "../errors.js";

export interface Address {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Reads "host:port" or "[v6]:port". @throws WireError `argument` */
export function parsePeer(peer: string): Address {
  const match = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(peer);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new WireError({
      code: "argument",
      format: "peer",
      path: "",
      offset: 0,
      expected: '"host:port", an IPv6 address in brackets',
      actual: JSON.stringify(peer),
    });
  }
  return { host: (match[1] ?? match[2])!, port };
}

/** Writes an address as one string. An IPv4 address that is mapped into IPv6 is written as IPv4. */
export function formatPeer({ host, port }: Address): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
  return host.includes(":") && v4 === undefined ? `[${host}]:${port}` : `${v4 ?? host}:${port}`;
}
