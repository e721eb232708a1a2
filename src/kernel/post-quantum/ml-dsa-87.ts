/** ML-DSA-87: signatures. */
import { ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import type { NewBytes } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { requireOf } from "./lengths.js";

const FORMAT = "kernel.ml-dsa-87";
const CONTEXT_BYTES_MAX = 255;

/** Lengths in bytes (FIPS 204, table 2); a seed is ξ of §5.1. */
export const ML_DSA_87_BYTES = {
  seed: 32,
  publicKey: 2592,
  secretKey: 4896,
  signature: 4627,
  randomness: 32,
} as const;

/** The key pair of a seed of 32 bytes (FIPS 204 §5.1). @throws WireError `argument`, `length` */
export function mlDsa87KeyPair(seed: Uint8Array): { readonly publicKey: NewBytes; readonly secretKey: NewBytes } {
  requireOf(FORMAT, "seed", seed, ML_DSA_87_BYTES.seed);
  const { publicKey, secretKey } = ml_dsa87.keygen(seed);
  return { publicKey: publicKey as NewBytes, secretKey: secretKey as NewBytes };
}

/**
 * The hedged signature of a message (FIPS 204 §5.2), pure, with 32 random bytes.
 * @param context at most 255 bytes, which name the use of the signature
 * @throws WireError `argument`, `length`
 */
export function mlDsa87Sign(
  message: Uint8Array,
  secretKey: Uint8Array,
  context: Uint8Array,
  randomness: Uint8Array,
): NewBytes {
  requireOf(FORMAT, "secretKey", secretKey, ML_DSA_87_BYTES.secretKey);
  requireOf(FORMAT, "randomness", randomness, ML_DSA_87_BYTES.randomness);
  requireContext(context);
  return ml_dsa87.sign(message, secretKey, { context, extraEntropy: randomness }) as NewBytes;
}

/**
 * Whether a signature is that of a message (FIPS 204 §5.3). False for a signature or key of another length.
 * @throws WireError `argument` for a context that is too long
 */
export function mlDsa87Verify(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
  context: Uint8Array,
): boolean {
  requireContext(context);
  if (signature.length !== ML_DSA_87_BYTES.signature || publicKey.length !== ML_DSA_87_BYTES.publicKey) return false;
  return ml_dsa87.verify(signature, message, publicKey, { context });
}

function requireContext({ length }: Uint8Array): void {
  if (length > CONTEXT_BYTES_MAX)
    throw argumentError(FORMAT, "context", `at most ${CONTEXT_BYTES_MAX} bytes`, `${length}`);
}
