import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";

/** What stands before the 32 bytes of a key (RFC 8410, sections 4 and 7). */
const PRIVATE = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC = Buffer.from("302a300506032b656e032100", "hex");

const privateKeyOf = (key: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE, key]), format: "der", type: "pkcs8" });
const publicKeyOf = (key: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([PUBLIC, key]), format: "der", type: "spki" });

/** X25519 of OpenSSL, in the form of noble's, for thousands of handshakes: `vi.mock("@noble/curves/ed25519.js", …)`. */
export const x25519 = {
  getPublicKey(privateKey: Uint8Array): Uint8Array {
    const exported = createPublicKey(privateKeyOf(privateKey)).export({ format: "der", type: "spki" });
    return Uint8Array.from(exported.subarray(PUBLIC.length));
  },
  /** Throws for a key of low order. */
  getSharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
    const options = { privateKey: privateKeyOf(privateKey), publicKey: publicKeyOf(publicKey) };
    return Uint8Array.from(diffieHellman(options));
  },
};
