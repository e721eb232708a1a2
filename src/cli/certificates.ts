/** Certificates made on the spot: authorities, servers and clients, good ones and bad ones. */
import { webcrypto } from "node:crypto";
// oxlint-disable-next-line no-unassigned-import -- x509 needs the reflection that it adds to the globals
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto as Crypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

/** What a certificate says. */
export interface Subject {
  readonly commonName: string;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly uri?: readonly string[];
  /** Days from now: of the start and the end of its time. Default: yesterday to tomorrow. */
  readonly days?: readonly [from: number, until: number];
  /** What it may be used for. Default: both. */
  readonly usage?: "server" | "client";
}

/** A certificate and its private key, as PEM. */
export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that issues certificates. */
export interface Authority extends Credentials {
  issue(subject: Subject): Promise<Credentials>;
}

type KeyPair = webcrypto.CryptoKeyPair;
const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as Promise<KeyPair>;

async function pemOf(certificate: x509.X509Certificate, keys: KeyPair): Promise<Credentials> {
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { certificate: certificate.toString("pem"), key: x509.PemConverter.encode(key, "PRIVATE KEY") };
}

function validity([from, until]: readonly [number, number] = [-1, 1]): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() + from * DAY_MS), notAfter: new Date(Date.now() + until * DAY_MS) };
}

function extensionsOf({ dns = [], ip = [], uri = [], usage }: Subject): x509.Extension[] {
  const names: x509.JsonGeneralNames = [
    ...dns.map((value) => ({ type: "dns" as const, value })),
    ...ip.map((value) => ({ type: "ip" as const, value })),
    ...uri.map((value) => ({ type: "url" as const, value })),
  ];
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  const usages = usage === undefined ? [serverAuth, clientAuth] : [usage === "server" ? serverAuth : clientAuth];
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.ExtendedKeyUsageExtension(usages),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

/** A new authority. @param days from now until its end */
export async function newAuthority(commonName: string, days = 1): Promise<Authority> {
  const keys = await newKeys();
  const name = `CN=${commonName}`;
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity([-2, days]),
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    ...(await pemOf(own, keys)),
    async issue(subject) {
      const subjectKeys = await newKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${subject.commonName}`,
        issuer: own.subject,
        publicKey: subjectKeys.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        ...validity(subject.days),
        extensions: extensionsOf(subject),
      });
      return pemOf(certificate, subjectKeys);
    },
  };
}

/** A certificate that no authority has signed. */
export async function selfSigned(subject: Subject): Promise<Credentials> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${subject.commonName}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(subject.days),
    extensions: extensionsOf(subject),
  });
  return pemOf(certificate, keys);
}
