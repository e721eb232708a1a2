/** What the levels 3 and 4 do with the keys of members. */
import type { Env } from "../../../machine/index.js";

/** A secret, and what hands it to the owner of a public key. */
export interface WrappedSecret {
  readonly secret: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** What a level does with public keys. */
export interface PublicAlgorithms {
  /** SHA-256 of the key that secrets are wrapped for. */
  readonly encryptionFingerprint: Uint8Array;
  /** SHA-256 of the key that signatures are verified with. */
  readonly signatureFingerprint: Uint8Array;
  /** A new secret for the owner of the key. */
  wrap(flowId: Uint8Array, env: Pick<Env, "random">): Promise<WrappedSecret>;
  verify(message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** What a level does with secret keys. */
export interface SecretAlgorithms {
  /** The secret that was wrapped; undefined, or another one, if it was not wrapped for this key. */
  unwrap(flowId: Uint8Array, wrapped: Uint8Array): Promise<Uint8Array | undefined>;
  sign(message: Uint8Array, env: Pick<Env, "random">): Promise<Uint8Array>;
  wipe(): void;
}
