/** What both authenticated ciphers share: sealing and opening, and their engine from Node. */
import { wipe } from "../../bytes/index.js";
import { type Result, WireError, type WireIssue } from "../../errors.js";
import { TAG_BYTES } from "./aead-chunked.js";
import { nodeCrypto } from "../engine/builtin.js";
import { requireBytes, requireLength, requireLengthOf, requireSpace, succeeds } from "../engine/checks.js";
import type { PrimitiveName } from "../engine/crossovers.js";
import { type KeyedEngine, KeyHandle, type PreparedKey, withKey } from "../engine/key.js";
import { type EngineLoaders, Primitive } from "../engine/engine-choice.js";

export interface AeadCipher extends PreparedKey {
  /** Writes ciphertext | tag to `out` at `at`, where there is room for it; what is read may lie there. */
  seal(nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array, out: Uint8Array, at: number): void;
  /**
   * Writes the plaintext to `out` at `at`, where there is room for it; what is read may lie there. False, and nothing
   * written, where the tag does not match. `sealed` has a tag's length at least.
   */
  open(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array, out: Uint8Array, at: number): boolean;
}

export class Aead extends Primitive<KeyedEngine<AeadCipher>> {
  readonly keyBytes: readonly number[];

  constructor(name: PrimitiveName, keyBytes: readonly number[], loaders: EngineLoaders<KeyedEngine<AeadCipher>>) {
    super(name, loaders);
    this.keyBytes = keyBytes;
  }
}

const NONCE_BYTES = 12;
const NOTHING = /* @__PURE__ */ new Uint8Array(0);

/** A key for many messages: `using key = new AesGcmKey(bytes)`. No nonce may ever serve a key twice. */
export abstract class AeadKey extends KeyHandle<AeadCipher> {
  readonly #aead: Aead;

  protected constructor(aead: Aead, key: Uint8Array) {
    requireLengthOf(aead.name, "key", key, aead.keyBytes);
    super(aead, key);
    this.#aead = aead;
  }

  /** Ciphertext | tag of 16 bytes. The nonce has 12 bytes; `aad` is authenticated beside the plaintext. */
  seal(nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array = NOTHING): Uint8Array {
    requireText(this.#aead, "plaintext", nonce, plaintext, aad);
    const out = new Uint8Array(plaintext.length + TAG_BYTES);
    this.preparedFor(plaintext.length).seal(nonce, plaintext, aad, out, 0);
    return out;
  }

  /**
   * {@link seal} written to `out` at `at`, which may be where `plaintext` is; returns how many bytes.
   * @throws WireError `argument`, `length`, `space`
   */
  sealInto(nonce: Uint8Array, plaintext: Uint8Array, out: Uint8Array, at = 0, aad: Uint8Array = NOTHING): number {
    requireText(this.#aead, "plaintext", nonce, plaintext, aad);
    const length = plaintext.length + TAG_BYTES;
    requireSpace(this.#aead.name, out, at, length);
    this.preparedFor(plaintext.length).seal(nonce, plaintext, aad, out, at);
    return length;
  }

  /** The plaintext. @throws WireError `short`, `tag` */
  open(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array = NOTHING): Uint8Array {
    return valueOf(this.tryOpen(nonce, sealed, aad));
  }

  /**
   * {@link open} written to `out` at `at`, which may be where `sealed` is; returns how many bytes. Where the tag
   * does not match, `out` keeps what it held.
   * @throws WireError `argument`, `length`, `short`, `space`, `tag`
   */
  openInto(nonce: Uint8Array, sealed: Uint8Array, out: Uint8Array, at = 0, aad: Uint8Array = NOTHING): number {
    requireText(this.#aead, "sealed", nonce, sealed, aad);
    if (sealed.length < TAG_BYTES) throw new WireError(shortIssue(this.#aead.name, sealed));
    const length = sealed.length - TAG_BYTES;
    requireSpace(this.#aead.name, out, at, length);
    if (this.preparedFor(length).open(nonce, sealed, aad, out, at)) return length;
    throw new WireError(tagIssue(this.#aead.name, length));
  }

  /** {@link open} that does not throw on what a peer sent, but on a nonce of the wrong length. */
  tryOpen(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array = NOTHING): Result<Uint8Array> {
    return tryOpenWith(this.#aead, nonce, sealed, aad, (use) => use(this.preparedFor(sealed.length)));
  }
}

export function seal(
  aead: Aead,
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array = NOTHING,
): Uint8Array {
  requireLengthOf(aead.name, "key", key, aead.keyBytes);
  requireText(aead, "plaintext", nonce, plaintext, aad);
  const out = new Uint8Array(plaintext.length + TAG_BYTES);
  withKey(aead, key, plaintext.length, (cipher) => cipher.seal(nonce, plaintext, aad, out, 0));
  return out;
}

export function tryOpen(
  aead: Aead,
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array = NOTHING,
): Result<Uint8Array> {
  requireLengthOf(aead.name, "key", key, aead.keyBytes);
  return tryOpenWith(aead, nonce, sealed, aad, (use) => withKey(aead, key, sealed.length, use));
}

/** @throws WireError with the issue of a result that has no value */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new WireError(result.error);
}

/** Node's cipher of that name for a key of `bits` bits. */
export function nodeAead(nameFor: (bits: number) => string): KeyedEngine<AeadCipher> | undefined {
  const crypto = nodeCrypto();
  // Electron and FIPS builds have no ChaCha20-Poly1305.
  if (crypto?.getCipherInfo(nameFor(256)) === undefined) return undefined;
  const options = { authTagLength: TAG_BYTES };
  return {
    prepare(key) {
      // A KeyObject is as fast as raw bytes everywhere, and ten times as fast on Node 24.
      const keyObject = crypto.createSecretKey(key);
      // The declarations tell the ciphers apart by name; what is called here, all of them have.
      const name = nameFor(key.length * 8) as "aes-256-gcm";
      return {
        seal(nonce, plaintext, aad, out, at) {
          const cipher = crypto.createCipheriv(name, keyObject, nonce, options);
          cipher.setAAD(aad, { plaintextLength: plaintext.length });
          const { length } = plaintext;
          out.set(cipher.update(plaintext), at);
          cipher.final();
          out.set(cipher.getAuthTag(), at + length);
        },
        open(nonce, sealed, aad, out, at) {
          const decipher = crypto.createDecipheriv(name, keyObject, nonce, options);
          const length = sealed.length - TAG_BYTES;
          decipher.setAuthTag(sealed.subarray(length));
          decipher.setAAD(aad, { plaintextLength: length });
          const plaintext = decipher.update(sealed.subarray(0, length));
          const genuine = succeeds(() => decipher.final());
          if (genuine) out.set(plaintext, at);
          wipe(plaintext);
          return genuine;
        },
        wipe() {},
      };
    },
  };
}

/** noble's cipher of a key, a nonce and additional data. */
export function nobleAead(
  cipherOf: (
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
  ) => { encrypt(plaintext: Uint8Array): Uint8Array; decrypt(sealed: Uint8Array): Uint8Array },
): KeyedEngine<AeadCipher> {
  return {
    prepare: (key) => ({
      seal: (nonce, plaintext, aad, out, at) => out.set(cipherOf(key, nonce, aad).encrypt(plaintext), at),
      open: (nonce, sealed, aad, out, at) =>
        succeeds(() => {
          const plaintext = cipherOf(key, nonce, aad).decrypt(sealed);
          out.set(plaintext, at);
          wipe(plaintext);
        }),
      wipe() {},
    }),
  };
}

function tryOpenWith(
  aead: Aead,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array,
  withCipher: (use: (cipher: AeadCipher) => boolean) => boolean,
): Result<Uint8Array> {
  requireText(aead, "sealed", nonce, sealed, aad);
  if (sealed.length < TAG_BYTES) return { ok: false, error: shortIssue(aead.name, sealed) };
  const out = new Uint8Array(sealed.length - TAG_BYTES);
  if (withCipher((cipher) => cipher.open(nonce, sealed, aad, out, 0))) return { ok: true, value: out };
  return { ok: false, error: tagIssue(aead.name, out.length) };
}

function requireText(aead: Aead, path: string, nonce: Uint8Array, text: Uint8Array, aad: Uint8Array): void {
  requireLength(aead.name, "nonce", nonce, NONCE_BYTES);
  requireBytes(aead.name, path, text);
  requireBytes(aead.name, "aad", aad);
}

function shortIssue(name: PrimitiveName, sealed: Uint8Array): WireIssue {
  const expected = `at least ${TAG_BYTES} bytes`;
  return {
    code: "short",
    format: `kernel.${name}`,
    path: "sealed",
    offset: 0,
    expected,
    actual: String(sealed.length),
  };
}

function tagIssue(name: PrimitiveName, offset: number): WireIssue {
  return { code: "tag", format: `kernel.${name}`, path: "tag", offset };
}
