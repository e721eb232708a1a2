/** Identities: who the peer of a link proved to be, and which server a link expects. */

/** Who a peer proved to be, by a certificate that was verified. Plain data: it stands in traces. */
export interface PeerIdentity {
  /** Common name of the subject (RFC 5280 §4.1.2.6). Absent if there is none, or more than one. */
  readonly commonName?: string;
  /** Subject alternative names (RFC 5280 §4.2.1.6) that are DNS names. */
  readonly dnsNames: readonly string[];
  /** Subject alternative names that are IP addresses, in their shortest form: `::1`. */
  readonly ipAddresses: readonly string[];
  /** Subject alternative names that are URIs. */
  readonly uris: readonly string[];
  /** SHA-256 of the certificate's DER: 64 lower-case hex digits. */
  readonly sha256: string;
}

/**
 * The server that a link expects, beside a certificate that a trusted authority has issued:
 *
 * - `hostName`: a DNS name or IP address among its subject alternative names (RFC 9525)
 * - `commonName`: exactly this common name, and no subject alternative names
 * - `sha256`: the SHA-256 of its certificate, in hex of either case, colons allowed
 */
export type ExpectedServer =
  { readonly hostName: string } | { readonly commonName: string } | { readonly sha256: string };

/** What an identity lacks to be the expected server. */
export type IdentityMismatch = "wrong-name" | "wrong-fingerprint";

/**
 * Compares an identity with the expected server; undefined where it is that server. An expectation of unknown form
 * matches nobody.
 */
export function identityMismatch(identity: PeerIdentity, expected: ExpectedServer): IdentityMismatch | undefined {
  if ("sha256" in expected) {
    return sameDigest(identity.sha256, expected.sha256) ? undefined : "wrong-fingerprint";
  }
  const isNamed = "commonName" in expected ? hasCommonName(identity, expected.commonName) : hasHost(identity, expected);
  return isNamed ? undefined : "wrong-name";
}

function sameDigest(digest: string, expected: unknown): boolean {
  return typeof expected === "string" && expected.replaceAll(":", "").toLowerCase() === digest;
}

/** A certificate with alternative names is not named by its subject (RFC 9525 §2). */
function hasCommonName({ commonName, dnsNames, ipAddresses, uris }: PeerIdentity, expected: unknown): boolean {
  const hasOthers = dnsNames.length + ipAddresses.length + uris.length > 0;
  return !hasOthers && typeof expected === "string" && commonName === expected;
}

function hasHost({ dnsNames, ipAddresses }: PeerIdentity, { hostName }: { readonly hostName?: unknown }): boolean {
  if (typeof hostName !== "string" || hostName === "") return false;
  const ip = shortestIp(hostName);
  if (ip !== undefined) return ipAddresses.includes(ip);
  const name = hostName.toLowerCase().replace(/\.$/, "");
  return dnsNames.some((pattern) => matchesName(pattern.toLowerCase(), name));
}

/** A wildcard stands for one whole label, the leftmost, before at least two others (RFC 9525 §6.3). */
function matchesName(pattern: string, name: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === name;
  const rest = pattern.slice(1);
  const dot = name.indexOf(".");
  return dot > 0 && name.slice(dot) === rest && rest.slice(1).includes(".") && !rest.includes("*");
}

/** The shortest text of an IP address (RFC 5952), without a zone; undefined for other text. */
export function shortestIp(text: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) return text.split(".").every(isByte) ? text : undefined;
  const [host = ""] = text.replace(/^\[(.*)\]$/, "$1").split("%");
  if (!host.includes(":")) return undefined;
  try {
    return new URL(`http://[${host}]`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
}

function isByte(digits: string): boolean {
  return Number(digits) <= 255 && String(Number(digits)) === digits;
}
