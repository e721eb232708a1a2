/** Authenticated ciphers of node:crypto, the reference of the tests. */
import { createCipheriv, type KeyObject } from "node:crypto";
import { concatBytes } from "../../../src/bytes/index.js";

/** Ciphertext | tag of 16 bytes. @param name the cipher, as node:crypto names it */
export function nodeSeal(
  name: string,
  key: KeyObject | Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv(name as "aes-256-gcm", key, nonce, { authTagLength: 16 });
  cipher.setAAD(aad, { plaintextLength: plaintext.length });
  return concatBytes(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}
