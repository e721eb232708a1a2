/** AES-GCM. */
import type { NewBytes } from "../../bytes/index.js";
import { gcm } from "@noble/ciphers/aes.js";
import type { Result } from "../../errors.js";
import {
  Aead,
  AeadKey,
  type AeadCipher,
  nobleAead,
  nodeAead,
  seal,
  sealInto,
  tryOpen,
  tryOpenInto,
  valueOf,
} from "./aead.js";
import { AES_GCM_ONCE_STEPS, AES_GCM_STEPS } from "../engine/crossovers.js";
import { onceEach, Primitive } from "../engine/engine-choice.js";
import type { KeyedEngine } from "../engine/key.js";
import { wasmEngine } from "./aes-gcm-wasm.js";

/**
 * AES-GCM (SP 800-38D): ciphertext | tag of 16 bytes. The key has 16, 24 or 32 bytes, the nonce 12; `aad` is
 * authenticated with the plaintext. Never use a nonce twice with one key.
 * @throws WireError `argument`, `length`
 */
export function aesGcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad?: Uint8Array): NewBytes {
  return seal(AES_GCM, key, nonce, plaintext, aad, AES_GCM_ONCE);
}

/** The plaintext of {@link aesGcmSeal}. @throws WireError `argument`, `length`, `short`, `tag` */
export function aesGcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad?: Uint8Array): NewBytes {
  return valueOf(tryOpen(AES_GCM, key, nonce, sealed, aad, AES_GCM_ONCE));
}

/** As {@link aesGcmOpen}, but it returns the errors `short` and `tag`. @throws WireError `argument`, `length` */
export function aesGcmTryOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad?: Uint8Array,
): Result<NewBytes> {
  return tryOpen(AES_GCM, key, nonce, sealed, aad, AES_GCM_ONCE);
}

/** An AES-GCM key for many messages: `using key = new AesGcmKey(bytes)`. */
export class AesGcmKey extends AeadKey {
  constructor(key: Uint8Array) {
    super(AES_GCM, key);
  }
}

/** Writes {@link aesGcmSeal} to `out` at `at`, possibly over `plaintext`. It is no part of `specwire/kernel`. */
export function aesGcmSealInto(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  out: Uint8Array,
  at: number,
  aad: Uint8Array,
): void {
  sealInto(AES_GCM, key, nonce, plaintext, out, at, aad, AES_GCM_ONCE);
}

/**
 * Writes {@link aesGcmOpen} to `out` at `at`, possibly over `sealed`; if the tag does not match, returns false and writes
 * nothing. It is no part of `specwire/kernel`.
 */
export function aesGcmTryOpenInto(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  out: Uint8Array,
  at: number,
  aad: Uint8Array,
): boolean {
  return tryOpenInto(AES_GCM, key, nonce, sealed, out, at, aad, AES_GCM_ONCE);
}

const ENGINES = /* @__PURE__ */ onceEach<KeyedEngine<AeadCipher>>({
  wasm: wasmEngine,
  node: () => nodeAead((bits) => `aes-${bits}-gcm`),
  noble: () => nobleAead(gcm),
});

/** The same engines, chosen for a key of one message. */
export const AES_GCM_ONCE = /* @__PURE__ */ new Primitive("aes-gcm-once", AES_GCM_ONCE_STEPS, ENGINES);
/** The engines of AES-GCM. */
export const AES_GCM = /* @__PURE__ */ new Aead("aes-gcm", AES_GCM_STEPS, [16, 24, 32], ENGINES);
