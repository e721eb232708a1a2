/** Failures of HTTP exchanges as issues, whose code and reason are closed sets. */
import type { WireErrorCode, WireIssue } from "../../errors.js";
import { isWireError } from "../../errors.js";
import { linkIssue } from "../failures.js";
import { tlsFailure, verificationIssue } from "../tls/failures.js";

/** An error of a request, with what is known of its connection. */
export interface RequestFailure {
  readonly origin: string;
  readonly error: NodeJS.ErrnoException & { readonly reason?: string };
  /** The request has begun to leave. */
  readonly isSent: boolean;
  /** What OpenSSL says of the server's certificate; null where it accepts it. */
  readonly verification: string | null | undefined;
  /** Whether this side has a certificate to show. */
  readonly hasCertificate: boolean;
}

/** The issue of a request that failed. */
export function requestIssue({ origin, error, isSent, verification, hasCertificate }: RequestFailure): WireIssue {
  if (isWireError(error)) return error.toJSON();
  if (verification && !isSent) return verificationIssue(origin, verification);
  const { code = "" } = error;
  // The parser of Node.js, llhttp, prefixes its codes so.
  if (code === "HPE_HEADER_OVERFLOW") return httpIssue("limit", origin, "headers");
  if (code.startsWith("HPE_")) return httpIssue("negotiation", origin, "not-http");
  if (code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) {
    return tlsFailure(origin, isSent, error, hasCertificate);
  }
  return linkIssue("http", origin, isSent, error);
}

/** An issue of this transport. */
export function httpIssue(code: WireErrorCode, origin: string, actual: string): WireIssue {
  return { code, format: "http", path: origin, actual };
}
