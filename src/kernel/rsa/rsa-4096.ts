/** RSA-4096 by WebCrypto: OAEP that wraps secrets, and PSS that signs. It is no part of `specwire/kernel`. */
import type { NewBytes } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";

/** RSA-OAEP with SHA-256, also in its mask (RFC 8017 §7.1). */
export const OAEP = { name: "RSA-OAEP", hash: "SHA-256" } as const;
/** RSA-PSS with SHA-256, also in its mask (RFC 8017 §8.1). */
export const PSS = { name: "RSA-PSS", hash: "SHA-256" } as const;

/** What a pair is for. */
export type RsaScheme = typeof OAEP | typeof PSS;
/** A key that was read, for one operation. */
export type RsaKey = CryptoKey;

const FORMAT = "kernel.rsa-4096";
const MODULUS_BITS = 4096;
/** 65,537. */
const EXPONENT = Uint8Array.of(1, 0, 1);
const NOTHING = new Uint8Array(0);

const isOaep = (scheme: RsaScheme): scheme is typeof OAEP => scheme.name === OAEP.name;
const publicUsage = (scheme: RsaScheme): KeyUsage => (isOaep(scheme) ? "encrypt" : "verify");
const secretUsage = (scheme: RsaScheme): KeyUsage => (isOaep(scheme) ? "decrypt" : "sign");

/**
 * A key as DER, SPKI or PKCS 8. @param path the argument, for the error
 * @throws WireError `argument` for anything but RSA-4096 with the exponent 65,537
 */
export async function rsaKey(
  form: "spki" | "pkcs8",
  der: Uint8Array,
  scheme: RsaScheme,
  path: string,
): Promise<RsaKey> {
  const usage = form === "spki" ? publicUsage(scheme) : secretUsage(scheme);
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey(form, der as NewBytes, scheme, false, [usage]);
  } catch (cause) {
    throw argumentError(FORMAT, path, "an RSA key as DER", undefined, { cause });
  }
  const { modulusLength, publicExponent } = key.algorithm as RsaHashedKeyAlgorithm;
  if (modulusLength !== MODULUS_BITS || publicExponent.join() !== EXPONENT.join()) {
    throw argumentError(FORMAT, path, `RSA-${MODULUS_BITS} with the exponent 65537`, `${modulusLength} bits`);
  }
  return key;
}

/** A new secret key as PKCS 8; it takes seconds. */
export async function newRsaKey(scheme: RsaScheme): Promise<NewBytes> {
  const parameters = { ...scheme, modulusLength: MODULUS_BITS, publicExponent: EXPONENT };
  const usages = [publicUsage(scheme), secretUsage(scheme)];
  const { privateKey } = (await crypto.subtle.generateKey(parameters, true, usages)) as CryptoKeyPair;
  return new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
}

/** The public half of a secret key as SPKI. Through JWK: WebCrypto has no other way. */
export async function rsaPublicHalf(pkcs8: Uint8Array, scheme: RsaScheme): Promise<NewBytes> {
  const key = await crypto.subtle.importKey("pkcs8", pkcs8 as NewBytes, scheme, true, [secretUsage(scheme)]);
  const { kty, n, e, alg } = await crypto.subtle.exportKey("jwk", key);
  const jwk = { kty: kty!, n: n!, e: e!, alg: alg!, ext: true };
  const half = await crypto.subtle.importKey("jwk", jwk, scheme, true, [publicUsage(scheme)]);
  return new Uint8Array(await crypto.subtle.exportKey("spki", half));
}

/** A secret for the owner of a key, 512 bytes. @param label binds it to a use */
export async function oaepEncrypt(key: RsaKey, secret: Uint8Array, label: Uint8Array): Promise<NewBytes> {
  const parameters = { name: OAEP.name, label: label as NewBytes };
  return new Uint8Array(await crypto.subtle.encrypt(parameters, key, secret as NewBytes));
}

/** What was wrapped under a label; undefined if it is not for this key and label, whatever was wrong with it. */
export async function oaepDecrypt(
  key: RsaKey,
  wrapped: Uint8Array,
  label: Uint8Array = NOTHING,
): Promise<NewBytes | undefined> {
  try {
    const parameters = { name: OAEP.name, label: label as NewBytes };
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, wrapped as NewBytes));
  } catch {
    return undefined;
  }
}

/** The signature of a message, 512 bytes, with a salt of that length. */
export async function pssSign(key: RsaKey, message: Uint8Array, saltBytes: number): Promise<NewBytes> {
  const parameters = { name: PSS.name, saltLength: saltBytes };
  return new Uint8Array(await crypto.subtle.sign(parameters, key, message as NewBytes));
}

/** Whether a signature with a salt of that length is that of a message. */
export function pssVerify(
  key: RsaKey,
  signature: Uint8Array,
  message: Uint8Array,
  saltBytes: number,
): Promise<boolean> {
  const parameters = { name: PSS.name, saltLength: saltBytes };
  return crypto.subtle.verify(parameters, key, signature as NewBytes, message as NewBytes);
}
