/** The keys of an envelope at the levels 2 to 4, from what its members share. */
import { concatBytes, wipe } from "../../../bytes/index.js";
import { HkdfSha256Key, hmacSha256, sha256 } from "../../../kernel/index.js";
import { CONTEXT } from "./layout.js";

const KEY_BYTES = 32;
const ENC = new TextEncoder().encode(`${CONTEXT} enc`);
const MAC = new TextEncoder().encode(`${CONTEXT} mac`);

/** The key of the chunks, and the tag of the prefix under another one. */
export interface EnvelopeKeys {
  /** 32 bytes, which the caller wipes. */
  readonly contentKey: Uint8Array;
  readonly headerTag: Uint8Array;
}

/**
 * HKDF-SHA256 of both secrets, each with its length in front, for this prefix alone.
 * @param secret of ML-KEM or RSA; empty at level 2 @param linkKeys joined; empty where none are mixed in
 */
export function deriveKeys(
  secret: Uint8Array,
  linkKeys: Uint8Array,
  salt: Uint8Array,
  prefix: Uint8Array,
): EnvelopeKeys {
  const inputKey = concatBytes(lengthOf(secret), secret, lengthOf(linkKeys), linkKeys);
  const key = new HkdfSha256Key(inputKey, salt);
  wipe(inputKey);
  const prefixHash = sha256(prefix);
  const macKey = key.expand(KEY_BYTES, concatBytes(MAC, prefixHash));
  const headerTag = hmacSha256(macKey, prefix);
  wipe(macKey);
  const contentKey = key.expand(KEY_BYTES, concatBytes(ENC, prefixHash));
  key.wipe();
  return { contentKey, headerTag };
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  return Uint8Array.of(length >> 8, length & 0xff);
}
