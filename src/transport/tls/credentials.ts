/** Credentials of TLS: authorities, certificate and key, checked as a whole. */
import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { argumentError } from "../../errors.js";

/** PEM text, or its bytes; several certificates may follow each other. */
export type Pem = string | Uint8Array;

/** What one side shows, and whom it trusts. */
export interface TlsCredentials {
  /** Authorities that may certify peers. Default, for servers alone: those of Node.js. */
  readonly authorities?: Pem | readonly Pem[];
  /** The certificate of this side, then those between it and its authority. Without it nobody can be accepted. */
  readonly certificate?: Pem;
  /** The private key of the certificate. */
  readonly key?: Pem;
  /** Decrypts the key. */
  readonly passphrase?: string;
}

/** The oldest version of TLS that is spoken. TLS 1.0 and 1.1 are deprecated (RFC 8996). */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

const MIN_VERSIONS: readonly string[] = ["TLSv1.2", "TLSv1.3"] satisfies TlsVersion[];

/** @throws WireError `argument` */
export function checkMinVersion(format: string, minVersion: string): void {
  if (!MIN_VERSIONS.includes(minVersion))
    throw argumentError(format, "minVersion", MIN_VERSIONS.join(" or "), minVersion);
}

/** Credentials as Node.js takes them. */
export interface LoadedCredentials {
  readonly options: {
    readonly ca?: string[];
    readonly cert?: string;
    readonly key?: string;
    readonly passphrase?: string;
    readonly minVersion: TlsVersion;
  };
  readonly context: SecureContext;
  readonly hasCertificate: boolean;
}

/** Checks credentials. @throws WireError `argument`, which shows nothing of the key */
export function loadCredentials(credentials: TlsCredentials, minVersion: TlsVersion): LoadedCredentials {
  const { authorities, certificate, key, passphrase } = credentials;
  const ca =
    authorities === undefined ? undefined : [authorities].flat().map((pem) => certificatePem(pem, "authorities"));
  if (ca?.length === 0) throw argumentError("tls", "authorities", "at least one certificate", "none");
  if ((certificate === undefined) !== (key === undefined)) {
    throw argumentError(
      "tls",
      certificate === undefined ? "certificate" : "key",
      "a certificate and its key",
      "one of them",
    );
  }
  const options = {
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { cert: certificatePem(certificate, "certificate") }),
    ...(key !== undefined && { key: textOf(key, "key") }),
    ...(passphrase !== undefined && { passphrase }),
    minVersion,
  };
  try {
    return { options, context: createSecureContext(options), hasCertificate: certificate !== undefined };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw argumentError("tls", "key", "the private key of the certificate", code ?? message, { cause: error });
  }
}

/** @throws WireError `argument` for text that begins with no certificate */
function certificatePem(pem: Pem, path: string): string {
  const text = textOf(pem, path);
  try {
    void new X509Certificate(text);
  } catch (error) {
    throw argumentError("tls", path, "a certificate as PEM", undefined, { cause: error });
  }
  return text;
}

function textOf(pem: unknown, path: string): string {
  if (typeof pem === "string") return pem;
  if (pem instanceof Uint8Array) return Buffer.from(pem.buffer, pem.byteOffset, pem.length).toString("latin1");
  throw argumentError("tls", path, "PEM as text or bytes", typeof pem);
}
