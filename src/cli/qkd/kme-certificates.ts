/** Certificates of a pair of development KMEs: its authority, servers and clients, and bad ones to try. */
import { createHash, X509Certificate } from "node:crypto";
import type { KmeIds } from "../../protocols/qkd/kme/pair.js";
import type { KmeCredentials } from "../../protocols/qkd/kme/node.js";
import { newAuthority } from "../certificates.js";

/** The credentials that SAEs show. */
export interface SaeCredentials {
  /** What the KME knows. */
  readonly good: KmeCredentials;
  /** Of the same name and authority, made later: the KME does not know it. */
  readonly reissued: KmeCredentials;
  /** Its time is over. */
  readonly expired: KmeCredentials;
  /** Of the same name, from an authority that nobody trusts. */
  readonly rogue: KmeCredentials;
}

/** All that a pair of KMEs and their clients need. */
export interface KmeCertificates {
  /** The authority of servers and clients, as PEM. */
  readonly authority: string;
  /** An authority that certifies nobody here. */
  readonly otherAuthority: string;
  readonly servers: readonly [KmeCredentials, KmeCredentials];
  readonly saes: readonly [SaeCredentials, SaeCredentials];
  /** A SAE that belongs to neither KME. */
  readonly stranger: KmeCredentials;
}

/** How the certificates of servers are made. */
export interface KmeCertificateOptions {
  readonly ids: readonly [KmeIds, KmeIds];
  /** Names and addresses of the servers; none for certificates that have a common name alone, the ID of the KME. */
  readonly hosts: readonly string[];
  /** Days for which they are valid. Default 1. */
  readonly days?: number;
}

/** Makes all of them on the spot. */
export async function makeKmeCertificates({ ids, hosts, days = 1 }: KmeCertificateOptions): Promise<KmeCertificates> {
  const [authority, other] = [await newAuthority("Development KMEs", days), await newAuthority("Somebody else", days)];
  const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);
  const names = { dns: hosts.filter((host) => !isAddress(host)), ip: hosts.filter(isAddress) };
  const serverOf = ({ kmeId }: KmeIds): Promise<KmeCredentials> =>
    authority.issue({ commonName: kmeId, ...names, days: [-1, days], usage: "server" });
  const saeOf = async ({ saeId }: KmeIds): Promise<SaeCredentials> => {
    const subject = { commonName: saeId, days: [-1, days], usage: "client" } as const;
    return {
      good: await authority.issue(subject),
      reissued: await authority.issue(subject),
      expired: await authority.issue({ ...subject, days: [-2, -1] }),
      rogue: await other.issue(subject),
    };
  };
  return {
    authority: authority.certificate,
    otherAuthority: other.certificate,
    servers: [await serverOf(ids[0]), await serverOf(ids[1])],
    saes: [await saeOf(ids[0]), await saeOf(ids[1])],
    stranger: await authority.issue({ commonName: "stranger", days: [-1, days], usage: "client" }),
  };
}

/** SHA-256 of a certificate in hex, as KMEs pin it. */
export function sha256Of(certificate: string): string {
  return createHash("sha256").update(new X509Certificate(certificate).raw).digest("hex");
}

/** The IDs of KMEs with their SAEs pinned to the certificates that they know. */
export function pinned(ids: readonly [KmeIds, KmeIds], { saes }: KmeCertificates): readonly [KmeIds, KmeIds] {
  const pin = (own: KmeIds, { good }: SaeCredentials): KmeIds => ({ ...own, saeSha256: sha256Of(good.certificate) });
  return [pin(ids[0], saes[0]), pin(ids[1], saes[1])];
}
