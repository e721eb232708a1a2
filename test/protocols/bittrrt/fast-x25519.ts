/** X25519 by OpenSSL, for simulations with thousands of handshakes. */
import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** A public key, imported as a JWK (RFC 8037, section 2). */
function publicKeyOf(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "X25519", x: textOf(bytes) }, format: "jwk" });
}

/** A private key. A JWK must have a public half too, which OpenSSL ignores. */
function privateKeyOf(bytes: Uint8Array): KeyObject {
  const text = textOf(bytes);
  return createPrivateKey({ key: { kty: "OKP", crv: "X25519", d: text, x: text }, format: "jwk" });
}

/** OpenSSL's X25519 with the interface of noble: `vi.mock("@noble/curves/ed25519.js", …)`. */
export const x25519 = {
  getPublicKey(privateKey: Uint8Array): Uint8Array {
    const { x } = createPublicKey(privateKeyOf(privateKey)).export({ format: "jwk" });
    return Uint8Array.from(Buffer.from(x!, "base64url"));
  },
  /** Throws for a key of low order. */
  getSharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
    const options = { privateKey: privateKeyOf(privateKey), publicKey: publicKeyOf(publicKey) };
    return Uint8Array.from(diffieHellman(options));
  },
};
