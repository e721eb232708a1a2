/** The shared parts of the authenticated ciphers (AEAD): sealing, opening, and the engines of Node.js and noble. */
import { isBytes, type NewBytes, wipe } from "../../bytes/index.js";
import { type Result, WireError, type WireIssue } from "../../errors.js";
import { TAG_BYTES } from "./aead-chunked.js";
import { inNodeParts, NODE_PART_BYTES, nodeCrypto } from "../engine/builtin.js";
import { requireBytes, requireLength, requireLengthOf, requireSpace, succeeds } from "../engine/checks.js";
import type { Crossovers, PrimitiveName } from "../engine/crossovers.js";
import { type KeyedEngine, KeyHandle, type PreparedKey, withKey } from "../engine/key.js";
import { type EngineLoaders, Primitive } from "../engine/engine-choice.js";

/** A prepared key of an authenticated cipher. Its arguments are checked. */
export interface AeadCipher extends PreparedKey {
  /** Writes ciphertext | tag to `out` at `at`; the inputs may overlap it. */
  seal(nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array, out: Uint8Array, at: number): void;
  /**
   * Writes the plaintext to `out` at `at`; the inputs may overlap it. If the tag does not match, returns false and
   * writes nothing. `sealed` is at least as long as a tag.
   */
  open(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array, out: Uint8Array, at: number): boolean;
  /**
   * The plaintext of at most NODE_PART_BYTES in an array of the engine, which spares a copy; undefined if the tag does
   * not match.
   */
  openNew?(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): NewBytes | undefined;
}

/** An authenticated cipher: its engines and the lengths of its keys. */
export class Aead extends Primitive<KeyedEngine<AeadCipher>> {
  readonly keyBytes: readonly number[];

  constructor(
    name: PrimitiveName,
    crossovers: Crossovers,
    keyBytes: readonly number[],
    loaders: EngineLoaders<KeyedEngine<AeadCipher>>,
  ) {
    super(name, crossovers, loaders);
    this.keyBytes = keyBytes;
  }
}

const NONCE_BYTES = 12;
const NOTHING = /* @__PURE__ */ new Uint8Array(0);

/** A key for many messages: `using key = new AesGcmKey(bytes)`. Never use a nonce twice with one key. */
export abstract class AeadKey extends KeyHandle<AeadCipher> {
  readonly #aead: Aead;

  protected constructor(aead: Aead, key: Uint8Array) {
    requireLengthOf(aead.name, "key", key, aead.keyBytes);
    super(aead, key);
    this.#aead = aead;
  }

  /** Ciphertext | tag of 16 bytes. The nonce has 12 bytes; `aad` is authenticated with the plaintext. */
  seal(nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array = NOTHING): NewBytes {
    requireText(this.#aead, "plaintext", nonce, plaintext, aad);
    const out = new Uint8Array(plaintext.length + TAG_BYTES);
    this.preparedFor(plaintext.length).seal(nonce, plaintext, aad, out, 0);
    return out;
  }

  /**
   * Writes {@link seal} to `out` at `at`, possibly over `plaintext`; returns the number of bytes.
   * @throws WireError `argument`, `length`, `space`
   */
  sealInto(nonce: Uint8Array, plaintext: Uint8Array, out: Uint8Array, at = 0, aad: Uint8Array = NOTHING): number {
    requireText(this.#aead, "plaintext", nonce, plaintext, aad);
    const length = plaintext.length + TAG_BYTES;
    requireSpace(this.#aead.name, out, at, length);
    this.preparedFor(plaintext.length).seal(nonce, plaintext, aad, out, at);
    return length;
  }

  /** The plaintext. @throws WireError `argument`, `length`, `short`, `tag` */
  open(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array = NOTHING): NewBytes {
    return valueOf(this.tryOpen(nonce, sealed, aad));
  }

  /**
   * Writes {@link open} to `out` at `at`, possibly over `sealed`; returns the number of bytes. If the tag does not
   * match, `out` stays unchanged.
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

  /** As {@link open}, but it returns the errors `short` and `tag`. @throws WireError `argument`, `length` */
  tryOpen(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array = NOTHING): Result<NewBytes> {
    return tryOpenWith(this.#aead, nonce, sealed, aad, (use) => use(this.preparedFor(sealed.length)));
  }
}

/**
 * Seals one message.
 * @param once the choice of an engine for a key of one message
 * @throws WireError `argument`, `length`
 */
export function seal(
  aead: Aead,
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array = NOTHING,
  once: Primitive<KeyedEngine<AeadCipher>> = aead,
): NewBytes {
  const out = new Uint8Array((isBytes(plaintext) ? plaintext.length : 0) + TAG_BYTES);
  sealInto(aead, key, nonce, plaintext, out, 0, aad, once);
  return out;
}

/** Seals one message as {@link AeadKey.sealInto}. @throws WireError `argument`, `length`, `space` */
export function sealInto(
  aead: Aead,
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  out: Uint8Array,
  at: number,
  aad: Uint8Array,
  once: Primitive<KeyedEngine<AeadCipher>>,
): void {
  requireLengthOf(aead.name, "key", key, aead.keyBytes);
  requireText(aead, "plaintext", nonce, plaintext, aad);
  requireSpace(aead.name, out, at, plaintext.length + TAG_BYTES);
  withKey(once, key, plaintext.length, (cipher) => cipher.seal(nonce, plaintext, aad, out, at));
}

/**
 * Opens one message as {@link AeadKey.openInto}, but returns whether the tag matches.
 * @throws WireError `argument`, `length`, `short`, `space`
 */
export function tryOpenInto(
  aead: Aead,
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  out: Uint8Array,
  at: number,
  aad: Uint8Array,
  once: Primitive<KeyedEngine<AeadCipher>>,
): boolean {
  requireLengthOf(aead.name, "key", key, aead.keyBytes);
  requireText(aead, "sealed", nonce, sealed, aad);
  if (sealed.length < TAG_BYTES) throw new WireError(shortIssue(aead.name, sealed));
  const length = sealed.length - TAG_BYTES;
  requireSpace(aead.name, out, at, length);
  return withKey(once, key, length, (cipher) => cipher.open(nonce, sealed, aad, out, at));
}

/** Opens one message; returns the errors `short` and `tag`. @throws WireError `argument`, `length` */
export function tryOpen(
  aead: Aead,
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array = NOTHING,
  once: Primitive<KeyedEngine<AeadCipher>> = aead,
): Result<NewBytes> {
  requireLengthOf(aead.name, "key", key, aead.keyBytes);
  return tryOpenWith(aead, nonce, sealed, aad, (use) => withKey(once, key, sealed.length, use));
}

/** The value of a result. @throws WireError with its issue */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new WireError(result.error);
}

/** The engine of node:crypto; undefined where it lacks the cipher. @param nameFor its name for a key of `bits` bits */
export function nodeAead(nameFor: (bits: number) => string): KeyedEngine<AeadCipher> | undefined {
  const crypto = nodeCrypto();
  // Electron and FIPS builds have no ChaCha20-Poly1305.
  if (crypto?.getCipherInfo(nameFor(256)) === undefined) return undefined;
  const options = { authTagLength: TAG_BYTES };
  return {
    prepare(key) {
      // For its first message, raw bytes: a KeyObject takes 4 µs of the 9 for 1 KB, and most keys see no second one.
      let keyObject: ReturnType<typeof crypto.createSecretKey> | undefined;
      let messages = 0;
      const keyForNext = () => (messages++ === 0 ? key : (keyObject ??= crypto.createSecretKey(key)));
      // The declarations differ by name; every cipher has the methods that are called here.
      const name = nameFor(key.length * 8) as "aes-256-gcm";
      const openParts = (nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): NewBytes[] | undefined => {
        const decipher = crypto.createDecipheriv(name, keyForNext(), nonce, options);
        const length = sealed.length - TAG_BYTES;
        decipher.setAuthTag(sealed.subarray(length));
        decipher.setAAD(aad, { plaintextLength: length });
        const parts: NewBytes[] = [];
        inNodeParts(sealed.subarray(0, length), (part) => void parts.push(decipher.update(part)));
        if (succeeds(() => decipher.final())) return parts;
        parts.forEach(wipe);
        return undefined;
      };
      return {
        seal(nonce, plaintext, aad, out, at) {
          const cipher = crypto.createCipheriv(name, keyForNext(), nonce, options);
          cipher.setAAD(aad, { plaintextLength: plaintext.length });
          let end = at;
          inNodeParts(plaintext, (part) => {
            const { length } = part;
            out.set(cipher.update(part), end);
            end += length;
          });
          cipher.final();
          out.set(cipher.getAuthTag(), end);
        },
        open(nonce, sealed, aad, out, at) {
          const parts = openParts(nonce, sealed, aad);
          let end = at;
          parts?.forEach((part) => {
            out.set(part, end);
            end += part.length;
            wipe(part);
          });
          return parts !== undefined;
        },
        openNew(nonce, sealed, aad) {
          const part = openParts(nonce, sealed, aad)?.[0];
          // A Buffer would have other methods than the Uint8Array that callers are promised.
          return part && new Uint8Array(part.buffer, part.byteOffset, part.length);
        },
        wipe() {},
      };
    },
  };
}

/** The engine of a cipher of noble. */
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
  withCipher: (use: (cipher: AeadCipher) => NewBytes | undefined) => NewBytes | undefined,
): Result<NewBytes> {
  requireText(aead, "sealed", nonce, sealed, aad);
  if (sealed.length < TAG_BYTES) return { ok: false, error: shortIssue(aead.name, sealed) };
  const length = sealed.length - TAG_BYTES;
  const value = withCipher((cipher) => {
    if (cipher.openNew !== undefined && length <= NODE_PART_BYTES) return cipher.openNew(nonce, sealed, aad);
    const out = new Uint8Array(length);
    return cipher.open(nonce, sealed, aad, out, 0) ? out : undefined;
  });
  return value === undefined ? { ok: false, error: tagIssue(aead.name, length) } : { ok: true, value };
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
