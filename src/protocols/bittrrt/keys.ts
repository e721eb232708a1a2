/** X25519 key pairs, and the session keys that they agree on. */
import { isBytes, wipe } from "../../bytes/index.js";
import { argumentError, WireError } from "../../errors.js";
import { hkdfSha256, X25519Key } from "../../kernel/index.js";
import { Secret } from "../../kernel/engine/key.js";
import { FRAME_KEY_BYTES, FrameKey, type FrameKeyOptions } from "./frame.js";

/** Bytes of a private and of a public key (RFC 7748, section 5). */
export const X25519_BYTES = 32;

/** The HKDF info of a session key, as the reference has it. */
const INFO = /* @__PURE__ */ new TextEncoder().encode("bittrrt-chacha20poly1305");

/** An X25519 key pair, new for each session: `using pair = KeyPair.generate(random)`. Printing it shows no key. */
export class KeyPair extends Secret {
  /** The public half, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly #key: X25519Key;
  #isWiped = false;

  /** Copies `privateKey`, which has 32 bytes. @throws WireError `length` */
  constructor(privateKey: Uint8Array) {
    super("x25519 pair");
    requireKey("privateKey", privateKey);
    this.#key = new X25519Key(privateKey);
    this.publicKey = this.#key.publicKey;
  }

  /** A pair from 32 bytes of `random`, a cryptographic source. */
  static generate(random: (n: number) => Uint8Array): KeyPair {
    return new KeyPair(random(X25519_BYTES));
  }

  /**
   * The session key that this pair shares with a peer: HKDF-SHA256 of the X25519 secret. The top bit of the peer's key
   * is ignored (RFC 7748, section 5).
   * @throws WireError `length`; `argument` for a key of low order, whose secret everybody knows, or for a wiped pair
   */
  agree(peerPublicKey: Uint8Array, options: FrameKeyOptions): FrameKey {
    if (this.#isWiped) throw refusal("privateKey", "a pair that was not wiped");
    const key = agreedKey(this.#key, peerPublicKey);
    try {
      return new FrameKey(key, options);
    } finally {
      wipe(key);
    }
  }

  /** Overwrites the private key. Every later agreement throws. */
  override wipe(): void {
    this.#isWiped = true;
    this.#key.wipe();
  }
}

/** The session key: 32 bytes, which the caller wipes. */
function agreedKey(privateKey: X25519Key, peerPublicKey: Uint8Array): Uint8Array {
  requireKey("publicKey", peerPublicKey);
  const shared = sharedSecret(privateKey, peerPublicKey);
  try {
    return hkdfSha256(shared, { info: INFO, lengthBytes: FRAME_KEY_BYTES });
  } finally {
    wipe(shared);
  }
}

function sharedSecret(privateKey: X25519Key, peerPublicKey: Uint8Array): Uint8Array {
  try {
    return privateKey.agree(peerPublicKey);
  } catch (cause) {
    throw refusal("publicKey", "a public key that is not of low order", cause);
  }
}

function refusal(path: string, expected: string, cause?: unknown): WireError {
  return argumentError("bittrrt", path, expected, undefined, { cause });
}

/** Checks an X25519 key. @throws WireError `argument` for anything but a Uint8Array; `length` */
export function requireKey(path: string, key: Uint8Array): void {
  if (!isBytes(key)) throw refusal(path, "a Uint8Array");
  if (key.length === X25519_BYTES) return;
  const expected = `${X25519_BYTES} bytes`;
  throw new WireError({ code: "length", format: "bittrrt", path, expected, actual: `${key.length}` });
}
