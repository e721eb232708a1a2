/** The identity in a certificate that was verified. */
import type { X509Certificate } from "node:crypto";
import { shortestIp, type PeerIdentity } from "../../identity.js";

/** Reads the identity of a certificate. */
export function identityOf(certificate: X509Certificate): PeerIdentity {
  const names = alternativeNames(certificate.subjectAltName ?? "");
  const of = (kind: string) => names.filter(([name]) => name === kind).map(([, value]) => value);
  const commonName: unknown = certificate.toLegacyObject().subject?.CN;
  return {
    ...(typeof commonName === "string" && { commonName }),
    dnsNames: of("DNS"),
    ipAddresses: of("IP Address").map((text) => shortestIp(text) ?? text),
    uris: of("URI"),
    sha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

/**
 * Splits the text of alternative names: `DNS:a, URI:"…"`. Node.js writes a value with special characters as a JSON
 * string, so that a name cannot forge another one (CVE-2021-44532).
 */
function alternativeNames(text: string): [kind: string, value: string][] {
  const names: [string, string][] = [];
  for (const [, kind, quoted, plain] of text.matchAll(/([^:,"]+):(?:("(?:[^"\\]|\\.)*")|([^,"]*))(?:, |$)/gy)) {
    names.push([kind!, quoted === undefined ? plain! : (JSON.parse(quoted) as string)]);
  }
  return names;
}
