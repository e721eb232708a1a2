/** ChaCha20-Poly1305 as a module of assembly/ computes it. */
import type { AeadCipher } from "./aead.js";
import { plain } from "./checks.js";
import { putBytes, takerOf } from "./few-bytes.js";
import { instantiate, type KernelInstance } from "./instance.js";
import type { KeyedEngine } from "./key.js";
import { CHACHA20_POLY1305_WASM } from "./wasm/chacha20-poly1305.js";

/** What the module exports; the addresses are those of regions. Each says there what it does. */
interface Functions {
  seal(from: number, length: number, aad: number, aadLength: number): void;
  open(from: number, length: number, aad: number, aadLength: number): 0 | 1;
  begin(): void;
  crypt(from: number, length: number): void;
  authenticate(from: number, length: number): void;
  tagInto(aadLength: number, length: number, to: number): void;
  matches(a: number, b: number): 0 | 1;
  forget(): void;
  clear(at: number, bytes: number): void;
}

const TAG_BYTES = 16;
/** A text up to here is sealed or opened in one call, a longer one in parts of this size. */
const PART_BYTES = 64 * 1024;
/** Likewise additional data, which a longer text shares its parts with. */
const AAD_BYTES = 1024;

export function wasmEngine(): KeyedEngine<AeadCipher> | undefined {
  const instance = instantiate<Functions>(CHACHA20_POLY1305_WASM, {
    TEXT: PART_BYTES + TAG_BYTES,
    AAD: AAD_BYTES + TAG_BYTES,
  });
  if (instance === undefined) return undefined;
  const take = takerOf(instance.region("TEXT"));
  return { prepare: (key) => new WasmCipher(instance, take, key) };
}

/** A key. Between calls it is here, and nothing of it in the module. */
class WasmCipher implements AeadCipher {
  readonly #functions: Functions;
  readonly #text: Uint8Array;
  /** The first `length` bytes of the text to `out` at `at`. */
  readonly #take: ReturnType<typeof takerOf>;
  readonly #textAt: number;
  readonly #aad: Uint8Array;
  readonly #aadAt: number;
  readonly #state: Uint8Array;
  readonly #stateWords: Uint32Array;
  readonly #key: Uint32Array;

  constructor(instance: KernelInstance<Functions>, take: ReturnType<typeof takerOf>, key: Uint8Array) {
    this.#functions = instance.functions;
    this.#text = instance.region("TEXT");
    this.#take = take;
    this.#textAt = instance.addressOf("TEXT");
    this.#aad = instance.region("AAD");
    this.#aadAt = instance.addressOf("AAD");
    this.#state = instance.region("STATE");
    this.#stateWords = new Uint32Array(this.#state.buffer, this.#state.byteOffset, this.#state.length / 4);
    this.#key = new Uint32Array(8);
    new Uint8Array(this.#key.buffer).set(key);
  }

  seal(nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array, out: Uint8Array): void {
    const { length } = plaintext;
    this.#enter(nonce);
    if (length > PART_BYTES || aad.length > AAD_BYTES) return this.#sealInParts(plain(plaintext), plain(aad), out);
    putBytes(plaintext, this.#text);
    putBytes(aad, this.#aad);
    this.#functions.seal(this.#textAt, length, this.#aadAt, aad.length);
    this.#take(length + TAG_BYTES, out, 0);
    this.#functions.clear(this.#textAt, length + TAG_BYTES);
  }

  open(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array, out: Uint8Array): boolean {
    const length = sealed.length - TAG_BYTES;
    this.#enter(nonce);
    if (length > PART_BYTES || aad.length > AAD_BYTES) return this.#openInParts(plain(sealed), plain(aad), out);
    putBytes(sealed, this.#text);
    putBytes(aad, this.#aad);
    const genuine = this.#functions.open(this.#textAt, length, this.#aadAt, aad.length) === 1;
    if (genuine) this.#take(length, out, 0);
    this.#functions.clear(this.#textAt, length);
    return genuine;
  }

  wipe(): void {
    this.#key.fill(0);
  }

  #sealInParts(plaintext: Uint8Array, aad: Uint8Array, out: Uint8Array): void {
    const functions = this.#functions;
    functions.begin();
    this.#eachPart(aad, (length) => functions.authenticate(this.#textAt, length));
    this.#eachPart(plaintext, (length, from) => {
      functions.crypt(this.#textAt, length);
      functions.authenticate(this.#textAt, length);
      this.#take(length, out, from);
    });
    functions.tagInto(aad.length, plaintext.length, this.#textAt);
    this.#take(TAG_BYTES, out, plaintext.length);
    this.#leave();
  }

  /** Twice through the ciphertext: nothing is decrypted before its tag was found to match. */
  #openInParts(sealed: Uint8Array, aad: Uint8Array, out: Uint8Array): boolean {
    const functions = this.#functions;
    const ciphertext = sealed.subarray(0, sealed.length - TAG_BYTES);
    functions.begin();
    for (const authenticated of [aad, ciphertext]) {
      this.#eachPart(authenticated, (length) => functions.authenticate(this.#textAt, length));
    }
    functions.tagInto(aad.length, ciphertext.length, this.#textAt);
    putBytes(sealed.subarray(ciphertext.length), this.#aad);
    const genuine = functions.matches(this.#textAt, this.#aadAt) === 1;
    if (genuine) {
      this.#eachPart(ciphertext, (length, from) => {
        functions.crypt(this.#textAt, length);
        this.#take(length, out, from);
      });
    }
    functions.clear(this.#aadAt, TAG_BYTES);
    this.#leave();
    return genuine;
  }

  /** Key and nonce, as the module has them in STATE. */
  #enter(nonce: Uint8Array): void {
    const [key, words, state] = [this.#key, this.#stateWords, this.#state];
    for (let i = 0; i < 8; i++) words[i] = key[i]!;
    for (let i = 0; i < 12; i++) state[36 + i] = nonce[i]!;
  }

  #leave(): void {
    this.#functions.forget();
    this.#functions.clear(this.#textAt, this.#text.length);
  }

  /** Calls `use` with the length of each part of `bytes`, which then lies in the text, and where it begins. */
  #eachPart(bytes: Uint8Array, use: (length: number, from: number) => void): void {
    for (let from = 0; from < bytes.length; from += PART_BYTES) {
      const part = bytes.subarray(from, from + PART_BYTES);
      this.#text.set(part);
      use(part.length, from);
    }
  }
}
