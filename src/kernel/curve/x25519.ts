/** X25519: the secret that two key pairs share (RFC 7748, section 5). */
import { x25519 } from "@noble/curves/ed25519.js";
import { type NewBytes, wipe } from "../../bytes/index.js";
import { nodeCrypto } from "../engine/builtin.js";
import { succeeds } from "../engine/checks.js";
import { Primitive } from "../engine/engine-choice.js";
import type { KeyedEngine, PreparedKey } from "../engine/key.js";

/** Bytes of a private key, of a public key and of a shared secret. */
export const X25519_BYTES = 32;

/** A prepared private key. Its arguments are checked. */
export interface X25519PrivateKey extends PreparedKey {
  /** The public key, 32 bytes. */
  publicKey(): NewBytes;
  /** The secret shared with the holder of a public key; undefined for a key of low order, whose secret is zero. */
  agree(publicKey: Uint8Array): NewBytes | undefined;
}

/** The engines of X25519. */
export const X25519 = /* @__PURE__ */ new Primitive<KeyedEngine<X25519PrivateKey>>("x25519", {
  node: nodeEngine,
  noble: nobleEngine,
});

/** What stands before a raw private key in PKCS #8 (RFC 8410, section 7). */
const PKCS8 = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20];
/** A public key as a JWK, without its bytes (RFC 8037, section 2). */
const JWK = { kty: "OKP", crv: "X25519" };

function nodeEngine(): KeyedEngine<X25519PrivateKey> | undefined {
  const crypto = nodeCrypto();
  if (crypto === undefined) return undefined;
  const engine: KeyedEngine<X25519PrivateKey> = {
    prepare(key) {
      // A JWK would be imported ten times as fast, in 35 µs, but it is text, which cannot be wiped.
      const container = new Uint8Array(PKCS8.length + key.length);
      container.set(PKCS8);
      container.set(key, PKCS8.length);
      const privateKey = crypto.createPrivateKey({ key: container as Buffer, format: "der", type: "pkcs8" });
      wipe(container);
      return {
        publicKey() {
          const { x } = crypto.createPublicKey(privateKey).export({ format: "jwk" });
          return Uint8Array.from(Buffer.from(x!, "base64url"));
        },
        agree(publicKey) {
          const { buffer, byteOffset, length } = publicKey;
          const x = Buffer.from(buffer, byteOffset, length).toString("base64url");
          const peer = crypto.createPublicKey({ key: { ...JWK, x }, format: "jwk" });
          let secret: Buffer | undefined;
          // OpenSSL refuses the secret zero.
          succeeds(() => (secret = crypto.diffieHellman({ privateKey, publicKey: peer })));
          return secret && new Uint8Array(secret.buffer as ArrayBuffer, secret.byteOffset, secret.length);
        },
        wipe() {},
      };
    },
  };
  // A FIPS build has no X25519.
  return succeeds(() => engine.prepare(new Uint8Array(X25519_BYTES).fill(1)).publicKey()) ? engine : undefined;
}

function nobleEngine(): KeyedEngine<X25519PrivateKey> {
  return {
    prepare: (key) => ({
      publicKey: () => x25519.getPublicKey(key) as NewBytes,
      agree(publicKey) {
        try {
          return x25519.getSharedSecret(key, publicKey) as NewBytes;
        } catch {
          return undefined;
        }
      },
      wipe() {},
    }),
  };
}
