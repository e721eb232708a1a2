/** The keys of level 4: one RSA-4096 pair wraps secrets (OAEP), another one signs (PSS). */
import type { RsaKeys, RsaSecret } from "../../../codec/gen/qkd/index.js";
import { concatBytes } from "../../../bytes/index.js";
import { sha256 } from "../../../kernel/index.js";
import {
  newRsaKey,
  OAEP,
  oaepDecrypt,
  oaepEncrypt,
  PSS,
  pssSign,
  pssVerify,
  rsaKey,
  rsaPublicHalf,
} from "../../../kernel/rsa/rsa-4096.js";
import type { PublicAlgorithms, SecretAlgorithms } from "./algorithms.js";
import { CONTEXT } from "./layout.js";

const PSS_SALT_BYTES = 32;
const SESSION_KEY_BYTES = 32;
/** The context and a zero, which what is signed or labelled begins with. */
const CONTEXT_BYTES = new TextEncoder().encode(`${CONTEXT}\0`);

/** What is done with public keys of level 4. @throws WireError `argument` for bytes that are no such key */
export async function rsaPublic({ encryptionKey, signatureKey }: RsaKeys): Promise<PublicAlgorithms> {
  const encryption = await rsaKey("spki", encryptionKey, OAEP, "encryptionKey");
  const verification = await rsaKey("spki", signatureKey, PSS, "signatureKey");
  return {
    encryptionFingerprint: sha256(encryptionKey),
    signatureFingerprint: sha256(signatureKey),
    async wrap(flowId, env) {
      const secret = env.random(SESSION_KEY_BYTES);
      // The label: a wrapped key fits no other envelope.
      return { secret, wrapped: await oaepEncrypt(encryption, secret, concatBytes(CONTEXT_BYTES, flowId)) };
    },
    verify: (message, signature) =>
      pssVerify(verification, signature, concatBytes(CONTEXT_BYTES, message), PSS_SALT_BYTES),
  };
}

/** What is done with secret keys of level 4, and the public keys that they belong to. */
export async function rsaOwner(bundle: RsaSecret): Promise<{
  readonly encryptionKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly algorithms: SecretAlgorithms;
}> {
  const decryption = await rsaKey("pkcs8", bundle.encryptionKey, OAEP, "encryptionKey");
  const signing = await rsaKey("pkcs8", bundle.signatureKey, PSS, "signatureKey");
  return {
    encryptionKey: await rsaPublicHalf(bundle.encryptionKey, OAEP),
    signatureKey: await rsaPublicHalf(bundle.signatureKey, PSS),
    algorithms: {
      unwrap: (flowId, wrapped) => oaepDecrypt(decryption, wrapped, concatBytes(CONTEXT_BYTES, flowId)),
      sign: (message) => pssSign(signing, concatBytes(CONTEXT_BYTES, message), PSS_SALT_BYTES),
      wipe() {},
    },
  };
}

/** Two new pairs as PKCS 8. */
export async function generatePairs(): Promise<{ encryptionKey: Uint8Array; signatureKey: Uint8Array }> {
  return { encryptionKey: await newRsaKey(OAEP), signatureKey: await newRsaKey(PSS) };
}
