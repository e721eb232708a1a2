/** The keys of level 3: ML-KEM-1024 wraps secrets, ML-DSA-87 signs. */
import type { PostQuantumPublic, PostQuantumSecret } from "../../../codec/gen/qkd/index.js";
import { wipe } from "../../../bytes/index.js";
import { sha256 } from "../../../kernel/index.js";
import {
  mlDsa87KeyPair,
  mlDsa87Sign,
  mlDsa87Verify,
  mlKem1024Decapsulate,
  mlKem1024Encapsulate,
  mlKem1024KeyPair,
} from "../../../kernel/post-quantum/index.js";
import { CONTEXT } from "./layout.js";
import type { PublicAlgorithms, SecretAlgorithms } from "./algorithms.js";

const RANDOM_BYTES = 32;
const CONTEXT_BYTES = new TextEncoder().encode(CONTEXT);

/** What is done with public keys of level 3. */
export function postQuantumPublic({ kemKey, signatureKey }: PostQuantumPublic): PublicAlgorithms {
  return {
    encryptionFingerprint: sha256(kemKey),
    signatureFingerprint: sha256(signatureKey),
    async wrap(_flowId, env) {
      const randomness = env.random(RANDOM_BYTES);
      const { ciphertext, sharedSecret } = mlKem1024Encapsulate(kemKey, randomness);
      wipe(randomness);
      return { secret: sharedSecret, wrapped: ciphertext };
    },
    verify: async (message, signature) => mlDsa87Verify(signature, message, signatureKey, CONTEXT_BYTES),
  };
}

/** What is done with secret keys of level 3, and the public keys that they belong to. */
export function postQuantumOwner({ kemSeed, signatureSeed }: PostQuantumSecret): {
  readonly kemKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly algorithms: SecretAlgorithms;
} {
  const kem = mlKem1024KeyPair(kemSeed);
  const signing = mlDsa87KeyPair(signatureSeed);
  return {
    kemKey: kem.publicKey,
    signatureKey: signing.publicKey,
    algorithms: {
      unwrap: async (_flowId, wrapped) => mlKem1024Decapsulate(wrapped, kem.secretKey),
      async sign(message, env) {
        const randomness = env.random(RANDOM_BYTES);
        const signature = mlDsa87Sign(message, signing.secretKey, CONTEXT_BYTES, randomness);
        wipe(randomness);
        return signature;
      },
      wipe() {
        wipe(kem.secretKey);
        wipe(signing.secretKey);
      },
    },
  };
}
