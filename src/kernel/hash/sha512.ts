/** SHA-512. */
import type { NewBytes } from "../../bytes/index.js";
import { sha512 as nobleSha512 } from "@noble/hashes/sha2.js";
import { SHA512_STEPS } from "../engine/crossovers.js";
import { digest, digestInto, Hash, nobleHash, nodeHash } from "./hash.js";

/** SHA-512 (FIPS 180-4) of `message`, 64 bytes. */
export function sha512(message: Uint8Array): NewBytes {
  return digest(SHA512, message);
}

/** Writes {@link sha512} to `out` at `at`; returns 64, the number of bytes. @throws WireError `argument`, `space` */
export function sha512Into(message: Uint8Array, out: Uint8Array, at = 0): number {
  return digestInto(SHA512, message, out, at);
}

/** The engines of SHA-512. */
export const SHA512 = /* @__PURE__ */ new Hash("sha512", SHA512_STEPS, 64, {
  node: () => nodeHash("sha512"),
  noble: () => nobleHash(nobleSha512),
});
