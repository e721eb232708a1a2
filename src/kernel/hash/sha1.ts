import { sha1 as nobleSha1 } from "@noble/hashes/legacy.js";
import { digest, digestBatch, digestInto, Hash, nobleHash, nodeHash } from "./hash.js";
import { HashArena } from "./hash-arena.js";
import { hashEngine, HashKernel } from "./wasm-hash.js";
import { SHA1_WASM } from "../wasm/sha1.js";

/** SHA-1 (FIPS 180-4) of `message`, 20 bytes. For formats that demand it: collisions are known. */
export function sha1(message: Uint8Array): Uint8Array {
  return digest(SHA1, message);
}

/** {@link sha1} written to `out` at `at`; returns the 20 bytes' count. @throws WireError `argument`, `space` */
export function sha1Into(message: Uint8Array, out: Uint8Array, at = 0): number {
  return digestInto(SHA1, message, out, at);
}

/**
 * {@link sha1} of each of the messages of `messageBytes` bytes that lie one after the other in `messages`;
 * the digests lie likewise in what is returned, the beginning of `out` where that is given.
 * @throws WireError `argument`, `divisible`, `space`
 */
export function sha1Batch(messages: Uint8Array, messageBytes: number, out?: Uint8Array): Uint8Array {
  return digestBatch(SHA1, messages, messageBytes, out);
}

/** An arena for SHA-1: room for messages of `inputBytes` in all and for so many digests. */
export class Sha1Arena extends HashArena {
  constructor(inputBytes: number, digests = 1) {
    super(SHA1, inputBytes, digests);
  }
}

export const SHA1 = /* @__PURE__ */ new Hash(
  "sha1",
  20,
  {
    wasm: () => hashEngine(HashKernel.make(SHA1_WASM, 20)),
    node: () => nodeHash("sha1"),
    noble: () => nobleHash(nobleSha1),
  },
  "sha1-batch",
);
