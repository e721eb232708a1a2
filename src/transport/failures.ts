/** Errors of transports, and the link of a connection that could not be tried. */
import { isWireError, WireError, type WireIssue } from "../errors.js";
import type { Link, LinkHandler } from "./types.js";

/** The error of an address at which an endpoint cannot listen. */
export function listenError(format: string, at: string, error: NodeJS.ErrnoException): WireError {
  const actual = `${error.code ?? error.message} at ${at}`;
  return new WireError({ code: "argument", format, path: "listen", actual }, { cause: error });
}

/** The issue of a link that broke, or could not be opened. */
export function linkIssue(format: string, peer: string, opened: boolean, error: NodeJS.ErrnoException): WireIssue {
  if (isWireError(error)) return error.toJSON();
  const code = opened ? "closed" : "unreachable";
  return { code, format, path: peer, actual: error.code ?? error.message };
}

/** A link to a peer that cannot be tried: `closed` follows as a microtask. */
export function failedLink(format: string, peer: string, handler: LinkHandler, error: unknown): Link {
  const issue = linkIssue(format, peer, false, error as Error);
  queueMicrotask(() => handler.closed(issue));
  const ignore = () => {};
  return { peer, queuedBytes: 0, write: ignore, shut: ignore, abort: ignore, pause: ignore, resume: ignore };
}

/** A link that names the server expected, on a transport that cannot verify it: it must not open. */
export function unverifiedLink(format: string, peer: string, handler: LinkHandler): Link {
  return failedLink(format, peer, handler, new WireError(unverified(format, peer)));
}

/** The issue of a link that expects a server on a transport without identities. */
export function unverified(format: string, peer: string): WireIssue {
  return { code: "certificate", format, path: peer, actual: "missing" };
}

/** Reason of calls that come after `refuse` or `close`. */
export const ENDPOINT_CLOSED = "the endpoint is closed";
