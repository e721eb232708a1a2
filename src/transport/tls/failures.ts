/** Failures of TLS as issues, whose code and reason are closed sets. */
import type { WireErrorCode, WireIssue } from "../../errors.js";
import { linkIssue } from "../failures.js";

/** Why the certificate of the peer was not accepted: codes of OpenSSL's verification (`verify(1)`, Diagnostics). */
const VERIFICATION: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not-yet-valid",
  DEPTH_ZERO_SELF_SIGNED_CERT: "self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown-authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown-authority",
  CERT_UNTRUSTED: "unknown-authority",
  INVALID_PURPOSE: "wrong-purpose",
  CERT_REVOKED: "revoked",
};

/** What a text of OpenSSL means. The first match counts; alerts are those of RFC 8446 §6.2. */
const TEXTS: readonly (readonly [RegExp, WireErrorCode, string])[] = [
  [/alert certificate required/, "credentials", "missing"],
  [/alert certificate expired/, "credentials", "expired"],
  [/alert unknown ca/, "credentials", "unknown-authority"],
  [/alert certificate revoked/, "credentials", "revoked"],
  [/alert (bad certificate|unsupported certificate|certificate unknown|decrypt error)/, "credentials", "invalid"],
  [/alert access denied/, "credentials", "refused"],
  [/peer did not return a certificate/, "certificate", "missing"],
  [/no application protocol/, "negotiation", "application-protocol"],
  [/protocol version|unsupported protocol|no protocols available|unsupported version/, "negotiation", "version"],
  [
    /wrong version number|http request|packet length too long|bad record type|unexpected message/,
    "negotiation",
    "not-tls",
  ],
  [/no shared cipher|no ciphers available|no suitable|unsupported elliptic curve/, "negotiation", "cipher"],
];

/** The issue of a certificate that OpenSSL does not accept, by the code of its verification. */
export function verificationIssue(peer: string, code: string): WireIssue {
  return tlsIssue("certificate", peer, VERIFICATION[code] ?? "invalid");
}

/** The issue of a connection that broke. @param hasCertificate whether this side has one to show */
export function tlsFailure(
  peer: string,
  opened: boolean,
  error: NodeJS.ErrnoException & { readonly reason?: string },
  hasCertificate: boolean,
): WireIssue {
  const { code = "", reason = "", message } = error;
  if (code === "ERR_TLS_HANDSHAKE_TIMEOUT") return tlsIssue("timeout", peer, "no handshake in time");
  if (code !== "EPROTO" && !code.startsWith("ERR_SSL_")) return linkIssue("tls", peer, opened, error);
  const text = `${reason} ${message}`.toLowerCase();
  const known = TEXTS.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return tlsIssue(known[1], peer, known[2]);
  // TLS 1.2 says so where a certificate is missing, and where no cipher is shared.
  if (/alert handshake failure/.test(text))
    return tlsIssue("credentials", peer, hasCertificate ? "refused" : "missing");
  return opened ? linkIssue("tls", peer, opened, error) : tlsIssue("negotiation", peer, "failed");
}

/** An issue of this transport. */
export function tlsIssue(code: WireErrorCode, peer: string, actual: string): WireIssue {
  return { code, format: "tls", path: peer, actual };
}
