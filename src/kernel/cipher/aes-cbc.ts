/** AES-CBC. */
import { cbc } from "@noble/ciphers/aes.js";
import { nodeCrypto } from "../engine/builtin.js";
import { requireBytes, requireLength, requireLengthOf } from "../engine/checks.js";
import { AES_CBC_STEPS } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";

const BLOCK_BYTES = 16;

/**
 * AES-CBC (SP 800-38A) of a padded text (PKCS #7): for formats that demand it, and then under a MAC. The key has 16, 24
 * or 32 bytes, the IV 16. @throws WireError `argument`, `length`
 */
export function aesCbcEncrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  requireArguments(key, iv, plaintext);
  return AES_CBC.engineFor(plaintext.length).encrypt(key, iv, plaintext);
}

/**
 * The text of {@link aesCbcEncrypt}; undefined for bytes that are not whole padded blocks. Call it after the MAC was
 * checked: who learns which bytes are padded well learns the text. @throws WireError `argument`, `length`
 */
export function aesCbcTryDecrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  requireArguments(key, iv, ciphertext);
  try {
    return AES_CBC.engineFor(ciphertext.length).decrypt(key, iv, ciphertext);
  } catch {
    return undefined;
  }
}

function requireArguments(key: Uint8Array, iv: Uint8Array, text: Uint8Array): void {
  requireLengthOf("aes-cbc", "key", key, [16, 24, 32]);
  requireLength("aes-cbc", "iv", iv, BLOCK_BYTES);
  requireBytes("aes-cbc", "text", text);
}

/** An engine of AES-CBC. Its arguments are checked. */
interface CbcEngine {
  encrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Throws for bytes that are not whole padded blocks. */
  decrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array;
}

/** The engines of AES-CBC. */
export const AES_CBC = /* @__PURE__ */ new Primitive<CbcEngine>("aes-cbc", AES_CBC_STEPS, {
  node: nodeEngine,
  noble: () => ({
    encrypt: (key, iv, plaintext) => cbc(key, iv).encrypt(plaintext),
    decrypt: (key, iv, ciphertext) => cbc(key, iv).decrypt(ciphertext),
  }),
});

function nodeEngine(): CbcEngine | undefined {
  const crypto = nodeCrypto();
  if (crypto === undefined) return undefined;
  const whole = (cipher: { update(bytes: Uint8Array): Uint8Array; final(): Uint8Array }, text: Uint8Array) => {
    const first = cipher.update(text);
    const last = cipher.final();
    const all = new Uint8Array(first.length + last.length);
    all.set(first);
    all.set(last, first.length);
    return all;
  };
  const name = (key: Uint8Array) => `aes-${8 * key.length}-cbc`;
  return {
    encrypt: (key, iv, plaintext) => whole(crypto.createCipheriv(name(key), key, iv), plaintext),
    decrypt: (key, iv, ciphertext) => whole(crypto.createDecipheriv(name(key), key, iv), ciphertext),
  };
}
