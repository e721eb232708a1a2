/** SHA-1. */
import type { NewBytes } from "../../bytes/index.js";
import { sha1 as nobleSha1 } from "@noble/hashes/legacy.js";
import { digest, digestBatch, digestInto, Hash, HashBatch, nobleHash, nodeHash } from "./hash.js";
import { HashArena } from "./hash-arena.js";
import { SHA1_BATCH_STEPS, SHA1_STEPS } from "../engine/crossovers.js";
import { once } from "../engine/engine-choice.js";
import { batchEngine, type BatchFunctions, hashEngine, HashKernel } from "./wasm-hash.js";
import { SHA1_WASM } from "../wasm/sha1.js";

/** SHA-1 (FIPS 180-4) of `message`, 20 bytes. For formats that demand it: collisions are known. */
export function sha1(message: Uint8Array): NewBytes {
  return digest(SHA1, message);
}

/** Writes {@link sha1} to `out` at `at`; returns 20, the number of bytes. @throws WireError `argument`, `space` */
export function sha1Into(message: Uint8Array, out: Uint8Array, at = 0): number {
  return digestInto(SHA1, message, out, at);
}

/**
 * {@link sha1} of messages of `messageBytes` bytes each, one after the other in `messages`. Returns the digests in the
 * same order, as a view of the beginning of `out` if it is given.
 * @throws WireError `argument`, `divisible`, `space`
 */
export function sha1Batch<Out extends Uint8Array = NewBytes>(
  messages: Uint8Array,
  messageBytes: number,
  out?: Out,
): Out {
  return digestBatch(SHA1_BATCH, messages, messageBytes, out);
}

/** An arena for SHA-1, with room for `inputBytes` of messages and for `digests`. */
export class Sha1Arena extends HashArena {
  constructor(inputBytes: number, digests = 1) {
    super(SHA1_BATCH, inputBytes, digests);
  }
}

const kernel = /* @__PURE__ */ once(() => HashKernel.make<BatchFunctions>(SHA1_WASM, 20));

/** The engines of SHA-1. */
export const SHA1 = /* @__PURE__ */ new Hash("sha1", SHA1_STEPS, 20, {
  wasm: () => hashEngine(kernel()),
  node: () => nodeHash("sha1"),
  noble: () => nobleHash(nobleSha1),
});

/** The engines of SHA-1 for many messages. */
export const SHA1_BATCH = /* @__PURE__ */ new HashBatch("sha1-batch", SHA1_BATCH_STEPS, SHA1, () =>
  batchEngine(kernel()),
);
