/** SHA-256. */
import type { NewBytes } from "../../bytes/index.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { digest, digestBatch, digestInto, Hash, HashBatch, HashStream, nobleHash, nodeHash } from "./hash.js";
import { HashArena } from "./hash-arena.js";
import { SHA256_BATCH_STEPS, SHA256_STEPS } from "../engine/crossovers.js";
import { once } from "../engine/engine-choice.js";
import { batchEngine, type BatchFunctions, hashEngine, type HashFunctions, HashKernel } from "./wasm-hash.js";
import { SHA256_WASM } from "../wasm/sha256.js";
import { SHA256_FOUR_WASM } from "../wasm/sha256-four.js";

/** SHA-256 (FIPS 180-4) of `message`, 32 bytes. */
export function sha256(message: Uint8Array): NewBytes {
  return digest(SHA256, message);
}

/** Writes {@link sha256} to `out` at `at`; returns 32, the number of bytes. @throws WireError `argument`, `space` */
export function sha256Into(message: Uint8Array, out: Uint8Array, at = 0): number {
  return digestInto(SHA256, message, out, at);
}

/**
 * {@link sha256} of messages of `messageBytes` bytes each, one after the other in `messages`. Returns the digests in
 * the same order, as a view of the beginning of `out` if it is given.
 * @throws WireError `argument`, `divisible`, `space`
 */
export function sha256Batch<Out extends Uint8Array = NewBytes>(
  messages: Uint8Array,
  messageBytes: number,
  out?: Out,
): Out {
  return digestBatch(SHA256_BATCH, messages, messageBytes, out);
}

/** {@link sha256} of a message that comes in parts: `sha256Stream().update(a).update(b).digest()`. */
export function sha256Stream(): HashStream {
  return new HashStream(SHA256);
}

/** The WASM module, shared with HMAC. */
export const sha256Kernel = /* @__PURE__ */ once(() => HashKernel.make<HmacFunctions & HashFunctions>(SHA256_WASM, 32));

/** The functions of assembly/hmac-sha256.ts; they take addresses of regions. */
export interface HmacFunctions {
  hmac(from: number, length: number, to: number): void;
  hmacBegin(): void;
  hmacEnd(from: number, length: number, totalBytes: number, to: number): void;
  hmacKey(from: number): void;
}

/** An arena for SHA-256, with room for `inputBytes` of messages and for `digests`. */
export class Sha256Arena extends HashArena {
  constructor(inputBytes: number, digests = 1) {
    super(SHA256_BATCH, inputBytes, digests);
  }
}

/** The engines of SHA-256. */
export const SHA256 = /* @__PURE__ */ new Hash("sha256", SHA256_STEPS, 32, {
  wasm: () => hashEngine(sha256Kernel()),
  node: () => nodeHash("sha256"),
  noble: () => nobleHash(nobleSha256),
});

/** The engines of SHA-256 for many messages. */
export const SHA256_BATCH = /* @__PURE__ */ new HashBatch("sha256-batch", SHA256_BATCH_STEPS, SHA256, () =>
  batchEngine(HashKernel.make<BatchFunctions>(SHA256_FOUR_WASM, 32)),
);
