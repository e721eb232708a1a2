/** MD5. */
import type { NewBytes } from "../../bytes/index.js";
import { md5 as nobleMd5 } from "@noble/hashes/legacy.js";
import { digest, digestBatch, digestInto, Hash, HashBatch, nobleHash, nodeHash } from "./hash.js";
import { MD5_STEPS } from "../engine/crossovers.js";
import { once } from "../engine/engine-choice.js";
import { batchEngine, type BatchFunctions, hashEngine, HashKernel } from "./wasm-hash.js";
import { MD5_WASM } from "../wasm/md5.js";

/** MD5 (RFC 1321) of `message`, 16 bytes. For formats that demand it: collisions are easy to make. */
export function md5(message: Uint8Array): NewBytes {
  return digest(MD5, message);
}

/** Writes {@link md5} to `out` at `at`; returns 16, the number of bytes. @throws WireError `argument`, `space` */
export function md5Into(message: Uint8Array, out: Uint8Array, at = 0): number {
  return digestInto(MD5, message, out, at);
}

/**
 * {@link md5} of messages of `messageBytes` bytes each, one after the other in `messages`. Returns the digests in the
 * same order, as a view of the beginning of `out` if it is given.
 * @throws WireError `argument`, `divisible`, `space`
 */
export function md5Batch<Out extends Uint8Array = NewBytes>(
  messages: Uint8Array,
  messageBytes: number,
  out?: Out,
): Out {
  return digestBatch(MD5_BATCH, messages, messageBytes, out);
}

const kernel = /* @__PURE__ */ once(() => HashKernel.make<BatchFunctions>(MD5_WASM, 16));

/** The engines of MD5. */
export const MD5 = /* @__PURE__ */ new Hash("md5", MD5_STEPS, 16, {
  wasm: () => hashEngine(kernel()),
  node: () => nodeHash("md5"),
  noble: () => nobleHash(nobleMd5),
});

/** The engines of MD5 for many messages. */
export const MD5_BATCH = /* @__PURE__ */ new HashBatch("md5", MD5_STEPS, MD5, () => batchEngine(kernel()));
