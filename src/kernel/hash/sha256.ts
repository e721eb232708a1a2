import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { digest, digestBatch, digestInto, Hash, HashStream, nobleHash, nodeHash } from "./hash.js";
import { HashArena } from "./hash-arena.js";
import { once } from "../engine/engine-choice.js";
import { type HashFunctions, hashEngine, HashKernel } from "./wasm-hash.js";
import { SHA256_WASM } from "../wasm/sha256.js";

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

/** The module, which HMAC uses as well. */
export const sha256Kernel = /* @__PURE__ */ once(() => HashKernel.make<HmacFunctions & HashFunctions>(SHA256_WASM, 32));

/** What assembly/hmac-sha256.ts adds to a hash; the addresses are those of regions. */
export interface HmacFunctions {
  hmac(from: number, length: number, to: number): void;
  hmacBegin(): void;
  hmacEnd(from: number, length: number, totalBytes: number, to: number): void;
  hmacKey(from: number): void;
}

/** An arena for SHA-256: room for messages of `inputBytes` in all and for so many digests. */
export class Sha256Arena extends HashArena {
  constructor(inputBytes: number, digests = 1) {
    super(SHA256, inputBytes, digests);
  }
}

export const SHA256 = /* @__PURE__ */ new Hash(
  "sha256",
  32,
  {
    wasm: () => hashEngine(sha256Kernel()),
    node: () => nodeHash("sha256"),
    noble: () => nobleHash(nobleSha256),
  },
  "sha256-batch",
);
