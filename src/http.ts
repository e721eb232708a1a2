/** HTTP exchanges as plain data: requests and answers, whoever carries them. */
import type { ExpectedServer } from "./identity.js";

/** Header fields by their names in lower case; repeated ones are joined by ", ". */
export type HttpHeaders = Readonly<Record<string, string>>;

/** A request to a server. */
export interface HttpRequest {
  /** `https://host:port` or `http://host:port`, without a path; an IPv6 host in brackets. */
  readonly origin: string;
  readonly method: string;
  /** Path and query, sent as they are: what has to be percent-encoded already is. */
  readonly path: string;
  /** Default none. The carrier adds `host` and `content-length`. */
  readonly headers?: HttpHeaders;
  /** Default none. */
  readonly body?: Uint8Array;
  /** Who the server must prove to be. Default: the host of the origin. Only for `https`. */
  readonly server?: ExpectedServer;
  /** Most bytes of the answer's body; a longer one ends the exchange with `limit`. Default `frameBytesMax`. */
  readonly bodyBytesMax?: number;
}

/** The answer of a server, whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

/** A request of a client, whole. */
export interface IncomingHttpRequest {
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly path: string;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

/** An answer to a client. */
export interface HttpResponse {
  /** 200 to 599. */
  readonly status: number;
  /** Default none. The carrier adds `content-length` and `date`. */
  readonly headers?: HttpHeaders;
  /** Default none. */
  readonly body?: Uint8Array;
}

/** Host and port of an origin, and whether it is reached by TLS. */
export interface HttpOrigin {
  readonly isSecure: boolean;
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

const ORIGIN = /^(https?):\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s:/?#@[\]]+))(?::(\d{1,5}))?$/;

/** Reads an origin; undefined for text that is none. A port of 0 is none. */
export function parseOrigin(origin: string): HttpOrigin | undefined {
  const match = typeof origin === "string" ? ORIGIN.exec(origin) : null;
  if (match === null) return undefined;
  const isSecure = match[1] === "https";
  const port = match[4] === undefined ? (isSecure ? 443 : 80) : Number(match[4]);
  if (port === 0 || port > 65_535) return undefined;
  return { isSecure, host: (match[2] ?? match[3])!, port };
}
