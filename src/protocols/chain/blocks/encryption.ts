/** Encryption of the data of blocks: AES-GCM as the Go program does it. */
import type { NewBytes } from "../../../bytes/index.js";
import { argumentError } from "../../../errors.js";
import { aesGcmOpen, aesGcmSeal } from "../../../kernel/index.js";
import { IV_BYTES, type Block } from "./block.js";

/**
 * The data of a block as it is stored: ciphertext | tag of 16 bytes, without additional data (seed, section Chain).
 * @param key 16, 24 or 32 bytes; 32 are advised
 * @param iv 12 bytes that no other block under this key has; they go to the block as they are
 * @throws WireError `argument`, `length`
 */
export function encryptData(plaintext: Uint8Array, key: Uint8Array, iv: Uint8Array): NewBytes {
  return aesGcmSeal(key, iv, plaintext);
}

/** The plaintext of a block. @throws WireError `argument` for one without an IV, `short`, `tag` for another key */
export function decryptBlock({ data: { data, iv } }: Block, key: Uint8Array): NewBytes {
  // Go panics at an IV of another length.
  if (iv.length !== IV_BYTES) throw argumentError("chain", "data.iv", `${IV_BYTES} bytes`, String(iv.length));
  return aesGcmOpen(key, iv, data);
}
