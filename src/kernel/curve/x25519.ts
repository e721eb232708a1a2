/** X25519. */
import { x25519 } from "@noble/curves/ed25519.js";
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
  agree(publicKey: Uint8Array): Uint8Array {
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
  publicKey(): Uint8Array;
  /** Throws for a public key of low order. */
  secretWith(publicKey: Uint8Array): Uint8Array;
}

/** The engines of X25519. */
export const X25519 = /* @__PURE__ */ new Primitive<KeyedEngine<Agreement>>("x25519", X25519_STEPS, {
  node: nodeEngine,
  noble: nobleEngine,
});

/** What stands before a raw key in the containers of node:crypto (RFC 8410 §7 and §4). */
const PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];
const SPKI = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 3, 0x21, 0];

/** The engine of node:crypto; undefined where it lacks the curve. A private key is parsed once. */
function nodeEngine(): KeyedEngine<Agreement> | undefined {
  const crypto = nodeCrypto();
  const { Buffer } = globalThis;
  if (crypto === undefined || Buffer === undefined || !succeeds(() => crypto.generateKeyPairSync("x25519")))
    return undefined;
  return {
    prepare(key) {
      const der = Buffer.from([...PKCS8, ...key]);
      const privateKey = crypto.createPrivateKey({ key: der, format: "der", type: "pkcs8" });
      der.fill(0);
      return {
        publicKey() {
          const spki = crypto.createPublicKey(privateKey).export({ format: "der", type: "spki" });
          return Uint8Array.from(spki.subarray(SPKI.length));
        },
        secretWith(theirs) {
          const spki = Buffer.from([...SPKI, ...theirs]);
          const publicKey = crypto.createPublicKey({ key: spki, format: "der", type: "spki" });
          const secret = crypto.diffieHellman({ privateKey, publicKey });
          const copy = Uint8Array.from(secret);
          secret.fill(0);
          return copy;
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
      publicKey: () => x25519.getPublicKey(key),
      secretWith: (theirs) => x25519.getSharedSecret(key, theirs),
      wipe() {},
    }),
  };
}
