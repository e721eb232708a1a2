/** The WASM engine of AES-GCM. */
import type { AeadCipher } from "./aead.js";
import { AAD_BYTES, type AeadModule, openInParts, PART_BYTES, sealInParts, TAG_BYTES } from "./aead-chunked.js";
import { type AesFunctions, BLOCK_BYTES, SLACK_BYTES, TEXT_BYTES } from "./aes-wasm.js";
import { putBytes, takerOf } from "../engine/small-copy.js";
import { instantiate, type KernelInstance } from "../engine/instance.js";
import type { KeyedEngine } from "../engine/key.js";
import { AES_AEAD_WASM } from "../wasm/aes-aead.js";

/** The exports of the module, documented in assembly/. */
interface GcmFunctions extends AesFunctions {
  prepareGcm(keyBytes: number, length: number): void;
  seal(from: number, length: number, keyBytes: number, aad: number, aadLength: number): void;
  open(from: number, length: number, keyBytes: number, aad: number, aadLength: number): 0 | 1;
  beginGcm(keyBytes: number): void;
  authenticate(from: number, length: number): void;
  tagInto(aadLength: number, length: number, to: number): void;
  matches(a: number, b: number): 0 | 1;
  forgetGcm(length: number): void;
}

const NONCE_BYTES = 12;
const COUNTER_BITS = 32;

/** The engine; undefined if this machine cannot run the module. */
export function wasmEngine(): KeyedEngine<AeadCipher> | undefined {
  const instance = instantiate<GcmFunctions>(AES_AEAD_WASM, { TEXT: TEXT_BYTES, AAD: AAD_BYTES + TAG_BYTES });
  return instance === undefined ? undefined : engineOf(instance);
}

/** Functions share constants here, for the reason given in aes-ctr-wasm.ts. */
function engineOf(instance: KernelInstance<GcmFunctions>): KeyedEngine<AeadCipher> {
  const { functions } = instance;
  const { authenticate, clear, matches, open, prepareGcm, seal, tagInto } = functions;
  const number = (constant: WebAssembly.Global) => constant.value as number;
  const fewBytes = number(functions.FEW_BYTES) - BLOCK_BYTES;
  const fewKeysLength = number(functions.HASH_TABLE_LENGTH) + number(functions.ROUND_KEYS_LENGTH);
  const [keyRegion, preparedRegion] = [instance.region("KEY"), instance.region("PREPARED_KEY")];
  const counterRegion = instance.region("COUNTER");
  const [aad, aadAt] = [instance.region("AAD"), instance.addressOf("AAD")];
  const [text, textAt] = [instance.region("TEXT").subarray(BLOCK_BYTES), instance.addressOf("TEXT") + BLOCK_BYTES];
  const take = takerOf(text);

  /** Sets the counter to its first block (SP 800-38D §7.1, J₀). */
  function enterNonce(nonce: Uint8Array): void {
    for (let i = 0; i < NONCE_BYTES; i++) counterRegion[i] = nonce[i]!;
    counterRegion[NONCE_BYTES + 3] = 1;
  }

  /** A prepared key. Between calls the module holds nothing of it. */
  abstract class Cipher implements AeadCipher {
    readonly #keyBytes: number;

    constructor(keyBytes: number) {
      this.#keyBytes = keyBytes;
    }

    abstract wipe(): void;

    /** Puts into the module the parts of the prepared key that a text of `length` bytes needs. */
    protected abstract enter(length: number): void;

    seal(nonce: Uint8Array, plaintext: Uint8Array, additional: Uint8Array, out: Uint8Array, at: number): void {
      const { length } = plaintext;
      if (length > PART_BYTES || additional.length > AAD_BYTES) {
        return sealInParts(this.#moduleFor(nonce), plaintext, additional, out, at);
      }
      this.enter(length);
      enterNonce(nonce);
      putBytes(plaintext, text);
      putBytes(additional, aad);
      seal(textAt, length, this.#keyBytes, aadAt, additional.length);
      take(length + TAG_BYTES, out, at);
      clear(textAt, length + SLACK_BYTES);
    }

    open(nonce: Uint8Array, sealed: Uint8Array, additional: Uint8Array, out: Uint8Array, at: number): boolean {
      const length = sealed.length - TAG_BYTES;
      if (length > PART_BYTES || additional.length > AAD_BYTES) {
        return openInParts(this.#moduleFor(nonce), sealed, additional, out, at);
      }
      this.enter(length);
      enterNonce(nonce);
      putBytes(sealed, text);
      putBytes(additional, aad);
      const genuine = open(textAt, length, this.#keyBytes, aadAt, additional.length) === 1;
      if (genuine) take(length, out, at);
      clear(textAt, length + SLACK_BYTES);
      return genuine;
    }

    #moduleFor(nonce: Uint8Array): AeadModule {
      const keyBytes = this.#keyBytes;
      this.enter(PART_BYTES);
      enterNonce(nonce);
      return {
        text,
        textAt,
        take,
        aad,
        aadAt,
        authenticate,
        tagInto,
        matches,
        clear,
        begin: () => functions.beginGcm(keyBytes),
        crypt: (from, length) => functions.cryptPart(from, length, keyBytes, COUNTER_BITS),
        forget: () => functions.forgetGcm(PART_BYTES),
      };
    }
  }

  /** A key for many messages, prepared once. */
  class HeldKey extends Cipher {
    readonly #prepared: Uint8Array;
    /** The part that a text of up to `fewBytes` needs. */
    readonly #forFew: Uint8Array;

    constructor(key: Uint8Array) {
      super(key.length);
      putBytes(key, keyRegion);
      prepareGcm(key.length, PART_BYTES);
      this.#prepared = preparedRegion.slice();
      this.#forFew = this.#prepared.subarray(0, fewKeysLength);
      preparedRegion.fill(0);
    }

    protected override enter(length: number): void {
      preparedRegion.set(length > fewBytes ? this.#prepared : this.#forFew);
    }

    override wipe(): void {
      this.#prepared.fill(0);
    }
  }

  /** A key for one message, prepared as far as that message needs. */
  class OneTimeKey extends Cipher {
    readonly #key: Uint8Array;

    constructor(key: Uint8Array) {
      super(key.length);
      this.#key = key;
    }

    protected override enter(length: number): void {
      putBytes(this.#key, keyRegion);
      prepareGcm(this.#key.length, length);
    }

    override wipe(): void {}
  }

  return { prepare: (key) => new HeldKey(key), prepareOnce: (key) => new OneTimeKey(key) };
}
