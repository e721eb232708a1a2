/** ChaCha20-Poly1305. */
import type { NewBytes } from "../../bytes/index.js";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import type { Result } from "../../errors.js";
import { Aead, AeadKey, nobleAead, nodeAead, seal, tryOpen, valueOf } from "./aead.js";
import { CHACHA20_POLY1305_STEPS } from "../engine/crossovers.js";
import { wasmEngine } from "./chacha20-poly1305-wasm.js";

/**
 * ChaCha20-Poly1305 (RFC 8439 §2.8): ciphertext | tag of 16 bytes. The key has 32 bytes, the nonce 12; `aad` is
 * authenticated with the plaintext. Never use a nonce twice with one key.
 * @throws WireError `argument`, `length`
 */
export function chacha20Poly1305Seal(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad?: Uint8Array,
): NewBytes {
  return seal(CHACHA20_POLY1305, key, nonce, plaintext, aad);
}

/** The plaintext of {@link chacha20Poly1305Seal}. @throws WireError `argument`, `length`, `short`, `tag` */
export function chacha20Poly1305Open(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad?: Uint8Array,
): NewBytes {
  return valueOf(tryOpen(CHACHA20_POLY1305, key, nonce, sealed, aad));
}

/** As {@link chacha20Poly1305Open}, but it returns `short` and `tag`. @throws WireError `argument`, `length` */
export function chacha20Poly1305TryOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad?: Uint8Array,
): Result<NewBytes> {
  return tryOpen(CHACHA20_POLY1305, key, nonce, sealed, aad);
}

/** A ChaCha20-Poly1305 key for many messages: `using key = new ChaCha20Poly1305Key(bytes)`. */
export class ChaCha20Poly1305Key extends AeadKey {
  constructor(key: Uint8Array) {
    super(CHACHA20_POLY1305, key);
  }
}

/** The engines of ChaCha20-Poly1305. */
export const CHACHA20_POLY1305 = /* @__PURE__ */ new Aead("chacha20-poly1305", CHACHA20_POLY1305_STEPS, [32], {
  wasm: wasmEngine,
  node: () => nodeAead(() => "chacha20-poly1305"),
  noble: () => nobleAead(chacha20poly1305),
});
