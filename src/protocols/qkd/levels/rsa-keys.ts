/** The keys of level 4, by WebCrypto: one RSA-4096 pair wraps secrets (OAEP), another one signs (PSS). */
import type { PublicBundleRsa, SecretBundleRsa } from "../../../codec/gen/qkd/index.js";
import { concatBytes } from "../../../bytes/index.js";
import type { NewBytes } from "../../../bytes/new-bytes.js";
import { argumentError } from "../../../errors.js";
import { sha256 } from "../../../kernel/index.js";
import { CONTEXT } from "./layout.js";
import type { PublicAlgorithms, SecretAlgorithms } from "./member-keys.js";

const OAEP = { name: "RSA-OAEP", hash: "SHA-256" } as const;
const PSS = { name: "RSA-PSS", hash: "SHA-256" } as const;
const PSS_SALT_BYTES = 32;
const MODULUS_BITS = 4096;
/** 65,537. */
const EXPONENT = Uint8Array.of(1, 0, 1);
const SESSION_KEY_BYTES = 32;
/** The context and a zero, which what is signed or labelled begins with. */
const CONTEXT_BYTES = new TextEncoder().encode(`${CONTEXT}\0`);

/** What is done with public keys of level 4. @throws WireError `argument` for bytes that are no such key */
export async function rsaPublic({ encryptionKey, signatureKey }: PublicBundleRsa): Promise<PublicAlgorithms> {
  const encryption = await importKey("spki", encryptionKey, OAEP, "encrypt", "encryptionKey");
  const verification = await importKey("spki", signatureKey, PSS, "verify", "signatureKey");
  return {
    encryptionFingerprint: sha256(encryptionKey),
    signatureFingerprint: sha256(signatureKey),
    async wrap(flowId, env) {
      const secret = env.random(SESSION_KEY_BYTES);
      const wrapped = await crypto.subtle.encrypt(labelled(flowId), encryption, secret as NewBytes);
      return { secret, wrapped: new Uint8Array(wrapped) };
    },
    verify: (message, signature) =>
      crypto.subtle.verify(
        { name: PSS.name, saltLength: PSS_SALT_BYTES },
        verification,
        signature as NewBytes,
        concatBytes(CONTEXT_BYTES, message),
      ),
  };
}

/** What is done with secret keys of level 4, and the public keys that they belong to. */
export async function rsaOwner(bundle: SecretBundleRsa): Promise<{
  readonly encryptionKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly algorithms: SecretAlgorithms;
}> {
  const decryption = await importKey("pkcs8", bundle.encryptionKey, OAEP, "decrypt", "encryptionKey");
  const signing = await importKey("pkcs8", bundle.signatureKey, PSS, "sign", "signatureKey");
  return {
    encryptionKey: await publicHalf(bundle.encryptionKey, OAEP, "encrypt"),
    signatureKey: await publicHalf(bundle.signatureKey, PSS, "verify"),
    algorithms: {
      async unwrap(flowId, wrapped) {
        try {
          return new Uint8Array(await crypto.subtle.decrypt(labelled(flowId), decryption, wrapped as NewBytes));
        } catch {
          // Whatever was wrong with it, the caller hears of nothing but the tag that does not match.
          return undefined;
        }
      },
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

/** RSA-OAEP with the label of an envelope: a wrapped key fits no other one. */
function labelled(flowId: Uint8Array): RsaOaepParams {
  return { name: OAEP.name, label: concatBytes(CONTEXT_BYTES, flowId) };
}

/** @throws WireError `argument` for anything but an RSA-4096 key with the exponent 65,537 */
async function importKey(
  form: "spki" | "pkcs8",
  bytes: Uint8Array,
  algorithm: typeof OAEP | typeof PSS,
  usage: KeyUsage,
  path: string,
): Promise<CryptoKey> {
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey(form, bytes as NewBytes, algorithm, false, [usage]);
  } catch (cause) {
    throw argumentError("qkd.keys", path, "an RSA key as DER", undefined, { cause });
  }
  const { modulusLength, publicExponent } = key.algorithm as RsaHashedKeyAlgorithm;
  if (modulusLength !== MODULUS_BITS || publicExponent.join() !== EXPONENT.join()) {
    throw argumentError("qkd.keys", path, `RSA-${MODULUS_BITS} with the exponent 65537`, `${modulusLength} bits`);
  }
  return key;
}
