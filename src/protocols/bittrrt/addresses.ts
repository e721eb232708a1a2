import { WireError } from "../../errors.js";

/** The host of "host:port", as it was written. */
export function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":"));
}

/** "host:port" of a host as {@link hostOf} gives it. */
export function addressOf(host: string, port: number): string {
  return `${host}:${port}`;
}

/** The port of "host:port". */
export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/**
 * What one user of the Internet has at least: an IPv4 address, or the 64 bits of an IPv6 one that tell networks apart
 * (RFC 4291, section 2.5.4). Takes a host as {@link hostOf} gives it.
 */
export function networkOf(host: string): string {
  if (!host.startsWith("[")) return host;
  const [head = "", tail = ""] = host.slice(1, -1).split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const behind = groups(tail);
  const zeros = new Array<string>(Math.max(0, 8 - groups(head).length - behind.length)).fill("0");
  return `${[...groups(head), ...zeros, ...behind].slice(0, 4).join(":")}::`;
}

/** @throws WireError `argument` for what is no "host:port" */
export function requireAddress(path: string, address: string): void {
  if (/^[^\s]+:\d{1,5}$/.test(address)) return;
  throw new WireError({ code: "argument", format: "bittrrt", path, offset: 0, expected: "host:port", actual: address });
}
