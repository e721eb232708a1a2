/** RSA-4096 by WebCrypto: OAEP that wraps secrets, and PSS that signs. */
import type { NewBytes } from "../../../bytes/new-bytes.js";
import { argumentError } from "../../../errors.js";

/** RSA-OAEP with SHA-256, also in its mask (RFC 8017 §7.1). */
export const OAEP = { name: "RSA-OAEP", hash: "SHA-256" } as const;
/** RSA-PSS with SHA-256, also in its mask (RFC 8017 §8.1). */
export const PSS = { name: "RSA-PSS", hash: "SHA-256" } as const;
export const MODULUS_BITS = 4096;
/** 65,537. */
export const EXPONENT = Uint8Array.of(1, 0, 1);

/** A key as DER. @throws WireError `argument` for anything but RSA-4096 with the exponent 65,537 */
export async function importRsaKey(
  form: "spki" | "pkcs8",
  der: Uint8Array,
  algorithm: typeof OAEP | typeof PSS,
  usage: KeyUsage,
  path: string,
): Promise<CryptoKey> {
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey(form, der as NewBytes, algorithm, false, [usage]);
  } catch (cause) {
    throw argumentError("qkd.keys", path, "an RSA key as DER", undefined, { cause });
  }
  const { modulusLength, publicExponent } = key.algorithm as RsaHashedKeyAlgorithm;
  if (modulusLength !== MODULUS_BITS || publicExponent.join() !== EXPONENT.join()) {
    throw argumentError("qkd.keys", path, `RSA-${MODULUS_BITS} with the exponent 65537`, `${modulusLength} bits`);
  }
  return key;
}

/** What was wrapped under a label; undefined if it is not for this key and label, whatever was wrong with it. */
export async function oaepDecrypt(
  key: CryptoKey,
  wrapped: Uint8Array,
  label: Uint8Array = new Uint8Array(0),
): Promise<NewBytes | undefined> {
  try {
    const parameters = { name: OAEP.name, label: label as NewBytes };
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, wrapped as NewBytes));
  } catch {
    return undefined;
  }
}

/** Whether a signature with a salt of that length is that of a message. */
export function pssVerify(
  key: CryptoKey,
  signature: Uint8Array,
  message: Uint8Array,
  saltBytes: number,
): Promise<boolean> {
  const parameters = { name: PSS.name, saltLength: saltBytes };
  return crypto.subtle.verify(parameters, key, signature as NewBytes, message as NewBytes);
}
