import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { digest, digestBatch, digestInto, Hash, HashStream, nobleHash, nodeHash } from "./hash.js";

/** SHA-256 (FIPS 180-4) of `message`, 32 bytes. */
export function sha256(message: Uint8Array): Uint8Array {
  return digest(SHA256, message);
}

/** {@link sha256} written to `out` at `at`; returns the 32 bytes' count. @throws WireError `argument`, `space` */
export function sha256Into(message: Uint8Array, out: Uint8Array, at = 0): number {
  return digestInto(SHA256, message, out, at);
}

/**
 * {@link sha256} of each of the messages of `messageBytes` bytes that lie one after the other in `messages`;
 * the digests lie likewise in what is returned, the beginning of `out` where that is given.
 * @throws WireError `argument`, `divisible`, `space`
 */
export function sha256Batch(messages: Uint8Array, messageBytes: number, out?: Uint8Array): Uint8Array {
  return digestBatch(SHA256, messages, messageBytes, out);
}

/** {@link sha256} of a message that comes in parts: `sha256Stream().update(a).update(b).digest()`. */
export function sha256Stream(): HashStream {
  return new HashStream(SHA256);
}

export const SHA256 = /* @__PURE__ */ new Hash("sha256", 32, {
  node: () => nodeHash("sha256"),
  noble: () => nobleHash(nobleSha256),
});
