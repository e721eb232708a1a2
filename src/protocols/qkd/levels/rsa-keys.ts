/** The keys of level 4, by WebCrypto: one RSA-4096 pair wraps secrets (OAEP), another one signs (PSS). */
import type { PublicBundleRsa, SecretBundleRsa } from "../../../codec/gen/qkd/index.js";
import { concatBytes } from "../../../bytes/index.js";
import type { NewBytes } from "../../../bytes/new-bytes.js";
import { sha256 } from "../../../kernel/index.js";
import { CONTEXT } from "./layout.js";
import { EXPONENT, importRsaKey, MODULUS_BITS, OAEP, oaepDecrypt, PSS, pssVerify } from "./rsa.js";
import type { PublicAlgorithms, SecretAlgorithms } from "./algorithms.js";

const PSS_SALT_BYTES = 32;
const SESSION_KEY_BYTES = 32;
/** The context and a zero, which what is signed or labelled begins with. */
const CONTEXT_BYTES = new TextEncoder().encode(`${CONTEXT}\0`);

/** What is done with public keys of level 4. @throws WireError `argument` for bytes that are no such key */
export async function rsaPublic({ encryptionKey, signatureKey }: PublicBundleRsa): Promise<PublicAlgorithms> {
  const encryption = await importRsaKey("spki", encryptionKey, OAEP, "encrypt", "encryptionKey");
  const verification = await importRsaKey("spki", signatureKey, PSS, "verify", "signatureKey");
  return {
    encryptionFingerprint: sha256(encryptionKey),
    signatureFingerprint: sha256(signatureKey),
    async wrap(flowId, env) {
      const secret = env.random(SESSION_KEY_BYTES);
      // The label: a wrapped key fits no other envelope.
      const parameters = { name: OAEP.name, label: concatBytes(CONTEXT_BYTES, flowId) };
      const wrapped = await crypto.subtle.encrypt(parameters, encryption, secret as NewBytes);
      return { secret, wrapped: new Uint8Array(wrapped) };
    },
    verify: (message, signature) =>
      pssVerify(verification, signature, concatBytes(CONTEXT_BYTES, message), PSS_SALT_BYTES),
  };
}

/** What is done with secret keys of level 4, and the public keys that they belong to. */
export async function rsaOwner(bundle: SecretBundleRsa): Promise<{
  readonly encryptionKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly algorithms: SecretAlgorithms;
}> {
  const decryption = await importRsaKey("pkcs8", bundle.encryptionKey, OAEP, "decrypt", "encryptionKey");
  const signing = await importRsaKey("pkcs8", bundle.signatureKey, PSS, "sign", "signatureKey");
  return {
    encryptionKey: await publicHalf(bundle.encryptionKey, OAEP, "encrypt"),
    signatureKey: await publicHalf(bundle.signatureKey, PSS, "verify"),
    algorithms: {
      unwrap: (flowId, wrapped) => oaepDecrypt(decryption, wrapped, concatBytes(CONTEXT_BYTES, flowId)),
      async sign(message) {
        const signature = await crypto.subtle.sign(
          { name: PSS.name, saltLength: PSS_SALT_BYTES },
          signing,
          concatBytes(CONTEXT_BYTES, message),
        );
        return new Uint8Array(signature);
      },
      wipe() {},
    },
  };
}

/** Two new pairs as PKCS 8. */
export async function generatePairs(): Promise<{ encryptionKey: Uint8Array; signatureKey: Uint8Array }> {
  return {
    encryptionKey: await newPair(OAEP, ["encrypt", "decrypt"]),
    signatureKey: await newPair(PSS, ["sign", "verify"]),
  };
}

async function newPair(algorithm: typeof OAEP | typeof PSS, usages: readonly KeyUsage[]): Promise<Uint8Array> {
  const parameters = { ...algorithm, modulusLength: MODULUS_BITS, publicExponent: EXPONENT };
  const { privateKey } = (await crypto.subtle.generateKey(parameters, true, usages)) as CryptoKeyPair;
  return new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
}

/** The public half of a secret key as SPKI. Through JWK: WebCrypto has no other way. */
async function publicHalf(
  pkcs8: Uint8Array,
  algorithm: typeof OAEP | typeof PSS,
  usage: KeyUsage,
): Promise<Uint8Array> {
  const secretUsage = usage === "encrypt" ? "decrypt" : "sign";
  const key = await crypto.subtle.importKey("pkcs8", pkcs8 as NewBytes, algorithm, true, [secretUsage]);
  const { kty, n, e, alg } = await crypto.subtle.exportKey("jwk", key);
  const jwk = { kty: kty!, n: n!, e: e!, alg: alg!, ext: true };
  const half = await crypto.subtle.importKey("jwk", jwk, algorithm, true, [usage]);
  return new Uint8Array(await crypto.subtle.exportKey("spki", half));
}
