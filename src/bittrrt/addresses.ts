import { WireError } from "../errors.js";

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

/** @throws WireError `argument` for what is no "host:port" */
export function requireAddress(path: string, address: string): void {
  if (/^[^\s]+:\d{1,5}$/.test(address)) return;
  throw new WireError({ code: "argument", format: "bittrrt", path, offset: 0, expected: "host:port", actual: address });
}
