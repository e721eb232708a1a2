/** Errors of NATS: which of them pass, and how the others are told. */
import { isWireError, type WireErrorCode } from "../../../../errors.js";
import { tlsFailure, verificationIssue } from "../../../../transport/tls/failures.js";
import type { Exchange } from "../../exchange/node.js";

/** There is no such stream. */
export const STREAM_MISSING = 10_059;
/** There is no such message. */
export const MESSAGE_MISSING = 10_037;

/** The server could not keep a message: the stream is full, or the disk refuses. No attempt mends that. */
const STORE_FAILED = 10_077;
/**
 * What passes though its status does not say so: too few servers known yet, no cluster, no leader, an error of Raft, a
 * stream that is being recovered, and an attempt of the same message that is under way.
 */
const PASSING: ReadonlySet<number> = new Set([10_005, 10_006, 10_007, 10_009, 10_041, 10_118, 10_158]);
/** Names of the errors of a server that takes neither this user nor this certificate. */
const UNAUTHORIZED: ReadonlySet<string> = new Set(["AuthorizationError", "UserAuthenticationExpiredError"]);

/** Codes of errors in which a TLS connection is refused by this side, and by either. */
const UNVERIFIED = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;
const OF_TLS = /^(?:EPROTO$|ERR_SSL_)/;

/** An error of JetStream, by its numbers; undefined for another error. */
export function apiErrorOf(error: unknown): { readonly code: number; readonly status: number } | undefined {
  const { code, status } = (error ?? {}) as { readonly code?: unknown; readonly status?: unknown };
  return typeof code === "number" && typeof status === "number" ? { code, status } : undefined;
}

/** A refusal as a WireError; what passes as it is: no leader for the moment, no answer. */
export function failureOf(exchange: Exchange, path: string, error: unknown): unknown {
  if (isWireError(error)) return error;
  const refused = (code: WireErrorCode): unknown => exchange.error(code, path, (error as Error).message, error);
  const { name } = (error ?? {}) as { readonly name?: string };
  if (name !== undefined && UNAUTHORIZED.has(name)) return refused("credentials");
  // The user is known, and may not do this.
  if (name === "PermissionViolationError") return refused("storage");
  const refusal = apiErrorOf(error);
  if (refusal === undefined) return error;
  const { code, status } = refusal;
  const passes = PASSING.has(code) || (status === 503 && code !== STORE_FAILED);
  return passes ? error : refused("storage");
}

/**
 * Refuses an acknowledgement without a number. NATS 2.9 gives one to a repeat of what it was told to store by a leader
 * that is gone, stored or not; newer servers refuse such a repeat ({@link PASSING}).
 */
export function requireStored({ seq }: { readonly seq: number }): void {
  if (seq === 0) throw new Error("an attempt of the same message is under way");
}

/** A refusal of a connection as a WireError; what passes as it is. @param hasCertificate whether this side shows one */
export function connectFailureOf(exchange: Exchange, error: unknown, hasCertificate: boolean): unknown {
  const { message, cause } = error as { readonly message?: string; readonly cause?: unknown };
  const { code = "" } = (cause ?? error) as NodeJS.ErrnoException;
  if (UNVERIFIED.test(code)) {
    return exchange.error("certificate", "tls", verificationIssue("", code).actual ?? "", error);
  }
  if (OF_TLS.test(code)) {
    const issue = tlsFailure("", false, (cause ?? error) as NodeJS.ErrnoException, hasCertificate);
    return exchange.error(issue.code, "tls", issue.actual ?? "", error);
  }
  // The client was told to use TLS, and the server offers none.
  if (message?.includes("not support 'tls'") === true) return exchange.error("negotiation", "tls", message, error);
  return failureOf(exchange, "connect", error);
}
