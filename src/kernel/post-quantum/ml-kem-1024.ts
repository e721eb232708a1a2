/** ML-KEM-1024: a secret for the owner of a public key. */
import { ml_kem1024 } from "@noble/post-quantum/ml-kem.js";
import type { NewBytes } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { requireOf } from "./lengths.js";

const FORMAT = "kernel.ml-kem-1024";

/** Lengths in bytes (FIPS 203, table 3); a seed is d | z of §7.1. */
export const ML_KEM_1024_BYTES = {
  seed: 64,
  publicKey: 1568,
  secretKey: 3168,
  ciphertext: 1568,
  sharedSecret: 32,
  randomness: 32,
} as const;

/** A secret, and the ciphertext that hands it over. */
export interface MlKemEncapsulation {
  readonly ciphertext: NewBytes;
  readonly sharedSecret: NewBytes;
}

/** The key pair of a seed of 64 bytes (FIPS 203 §7.1). @throws WireError `argument`, `length` */
export function mlKem1024KeyPair(seed: Uint8Array): { readonly publicKey: NewBytes; readonly secretKey: NewBytes } {
  requireOf(FORMAT, "seed", seed, ML_KEM_1024_BYTES.seed);
  const { publicKey, secretKey } = ml_kem1024.keygen(seed);
  return { publicKey: publicKey as NewBytes, secretKey: secretKey as NewBytes };
}

/**
 * A secret for the owner of a public key, from 32 random bytes (FIPS 203 §7.2).
 * @throws WireError `length`; `argument` for a key with a coefficient that is not reduced
 */
export function mlKem1024Encapsulate(publicKey: Uint8Array, randomness: Uint8Array): MlKemEncapsulation {
  requireOf(FORMAT, "publicKey", publicKey, ML_KEM_1024_BYTES.publicKey);
  requireOf(FORMAT, "randomness", randomness, ML_KEM_1024_BYTES.randomness);
  try {
    const { cipherText, sharedSecret } = ml_kem1024.encapsulate(publicKey, randomness);
    return { ciphertext: cipherText as NewBytes, sharedSecret: sharedSecret as NewBytes };
  } catch (cause) {
    throw argumentError(FORMAT, "publicKey", "a valid encapsulation key", undefined, { cause });
  }
}

/**
 * The secret of a ciphertext; of a forged one, another secret that nobody knows (FIPS 203 §7.3).
 * @throws WireError `length`; `argument` for a secret key that is not consistent
 */
export function mlKem1024Decapsulate(ciphertext: Uint8Array, secretKey: Uint8Array): NewBytes {
  requireOf(FORMAT, "ciphertext", ciphertext, ML_KEM_1024_BYTES.ciphertext);
  requireOf(FORMAT, "secretKey", secretKey, ML_KEM_1024_BYTES.secretKey);
  try {
    return ml_kem1024.decapsulate(ciphertext, secretKey) as NewBytes;
  } catch (cause) {
    throw argumentError(FORMAT, "secretKey", "a valid decapsulation key", undefined, { cause });
  }
}
