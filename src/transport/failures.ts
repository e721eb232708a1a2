import { isWireError, WireError, type WireIssue } from "../errors.js";
import type { Link, LinkHandler } from "./types.js";

/** Why an address cannot be listened at. */
export function listenError(format: string, at: string, error: NodeJS.ErrnoException): WireError {
  const actual = `${error.code ?? error.message} at ${at}`;
  return new WireError({ code: "argument", format, path: "listen", actual }, { cause: error });
}

/** What has ended a link, or kept it from being opened. */
export function linkIssue(format: string, peer: string, opened: boolean, error: NodeJS.ErrnoException): WireIssue {
  const code = opened ? "closed" : "unreachable";
  return { code, format, path: peer, actual: error.code ?? error.message };
}

/** For a peer that cannot even be tried: the link says so as soon as its owner is ready to hear it. */
export function failedLink(format: string, peer: string, handler: LinkHandler, error: unknown): Link {
  const issue = isWireError(error) ? error.toJSON() : linkIssue(format, peer, false, error as Error);
  queueMicrotask(() => handler.closed(issue));
  const ignore = () => {};
  return { peer, queuedBytes: 0, write: ignore, shut: ignore, abort: ignore, pause: ignore, resume: ignore };
}

/** What is asked of an endpoint that has been told to refuse or to close. */
export const ENDPOINT_CLOSED = "the endpoint is closed";
