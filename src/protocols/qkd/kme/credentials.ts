/** Credentials of a pair of development KMEs and their clients; who makes certificates hands them over. */
import type { KmeIds } from "./pair.js";

/** A certificate and its private key, as PEM. */
export interface KmeCredentials {
  readonly certificate: string;
  readonly key: string;
}

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

/** Makes certificates on the spot. */
export type MakeKmeCertificates = (options: KmeCertificateOptions) => Promise<KmeCertificates>;
