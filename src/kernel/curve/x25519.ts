/** X25519: the secret that two key pairs share. */
import { x25519 } from "@noble/curves/ed25519.js";
import { type NewBytes, wipe } from "../../bytes/index.js";
import { WireError } from "../../errors.js";
import { nodeCrypto } from "../engine/builtin.js";
import { requireLength, succeeds } from "../engine/checks.js";
import { X25519_STEPS } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";
import { type KeyedEngine, KeyHandle, type PreparedKey } from "../engine/key.js";

/** Bytes of a private key, of a public key and of a shared secret (RFC 7748 §5). */
const KEY_BYTES = 32;

/** A private key of X25519 (RFC 7748 §6.1), 32 random bytes: `using key = new X25519Key(bytes)`. */
export class X25519Key extends KeyHandle<Agreement> {
  /** The public half, 32 bytes. */
  readonly publicKey: Uint8Array;

  /** Copies `privateKey`. @throws WireError `argument`, `length` */
  constructor(privateKey: Uint8Array) {
    requireLength("x25519", "privateKey", privateKey, KEY_BYTES);
    super(X25519, privateKey);
    this.publicKey = this.preparedFor(0).publicKey();
  }

  /**
   * The secret that this key shares with the owner of a public key, 32 bytes, which the caller wipes. The top bit of
   * the public key is ignored (RFC 7748 §5).
   * @throws WireError `length`; `argument` for a key of low order, whose secret everybody knows, or after `wipe()`
   */
  agree(publicKey: Uint8Array): NewBytes {
    requireLength("x25519", "publicKey", publicKey, KEY_BYTES);
    const agreement = this.preparedFor(0);
    try {
      return agreement.secretWith(publicKey);
    } catch (cause) {
      const [path, expected] = ["publicKey", "a public key that is not of low order"];
      throw new WireError({ code: "argument", format: "kernel.x25519", path, expected }, { cause });
    }
  }
}

/** A prepared private key. */
interface Agreement extends PreparedKey {
  publicKey(): NewBytes;
  /** Throws for a public key of low order. */
  secretWith(publicKey: Uint8Array): NewBytes;
}

/** The engines of X25519. */
export const X25519 = /* @__PURE__ */ new Primitive<KeyedEngine<Agreement>>("x25519", X25519_STEPS, {
  node: nodeEngine,
  noble: nobleEngine,
});

/** What stands before a raw private key in PKCS #8 (RFC 8410 §7). */
const PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];
/** A public key as a JWK, without its bytes (RFC 8037 §2). */
const JWK = { kty: "OKP", crv: "X25519" };

/** The engine of node:crypto; undefined where it lacks the curve. A private key is parsed once. */
function nodeEngine(): KeyedEngine<Agreement> | undefined {
  const crypto = nodeCrypto();
  const { Buffer } = globalThis;
  if (crypto === undefined || Buffer === undefined || !succeeds(() => crypto.generateKeyPairSync("x25519")))
    return undefined;
  return {
    prepare(key) {
      // A JWK would be imported ten times as fast, in 35 µs, but it is text, which cannot be wiped.
      const der = new Uint8Array(PKCS8.length + key.length);
      der.set(PKCS8);
      der.set(key, PKCS8.length);
      const privateKey = crypto.createPrivateKey({ key: der as Buffer, format: "der", type: "pkcs8" });
      wipe(der);
      return {
        publicKey() {
          const { x } = crypto.createPublicKey(privateKey).export({ format: "jwk" });
          return Uint8Array.from(Buffer.from(x!, "base64url"));
        },
        secretWith(theirs) {
          const { buffer, byteOffset, length } = theirs;
          const x = Buffer.from(buffer, byteOffset, length).toString("base64url");
          const publicKey = crypto.createPublicKey({ key: { ...JWK, x }, format: "jwk" });
          const secret = crypto.diffieHellman({ privateKey, publicKey });
          return new Uint8Array(secret.buffer as ArrayBuffer, secret.byteOffset, secret.length);
        },
        wipe() {},
      };
    },
  };
}

/** The private key is borrowed: it stays unchanged until it is wiped. */
function nobleEngine(): KeyedEngine<Agreement> {
  return {
    prepare: (key) => ({
      publicKey: () => x25519.getPublicKey(key) as NewBytes,
      secretWith: (theirs) => x25519.getSharedSecret(key, theirs) as NewBytes,
      wipe() {},
    }),
  };
}
