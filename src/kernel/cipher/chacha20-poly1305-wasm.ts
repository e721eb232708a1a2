/** The WASM engine of ChaCha20-Poly1305. */
import type { AeadCipher } from "./aead.js";
import {
  AAD_BYTES,
  type AeadFunctions,
  type AeadModule,
  openInParts,
  PART_BYTES,
  sealInParts,
  TAG_BYTES,
} from "./aead-chunked.js";
import { putBytes, takerOf } from "../engine/small-copy.js";
import { instantiate, type KernelInstance } from "../engine/instance.js";
import type { KeyedEngine } from "../engine/key.js";
import { CHACHA20_POLY1305_WASM } from "../wasm/chacha20-poly1305.js";

/** The exports of the module, documented in assembly/. */
interface Functions extends AeadFunctions {
  seal(from: number, length: number, aad: number, aadLength: number): void;
  open(from: number, length: number, aad: number, aadLength: number): 0 | 1;
}

const KEY_WORDS = 8;
const NONCE_BYTES = 12;
/** Position of the nonce in STATE. */
const NONCE_AT = 36;

/** The engine; undefined if this machine cannot run the module. */
export function wasmEngine(): KeyedEngine<AeadCipher> | undefined {
  const instance = instantiate<Functions>(CHACHA20_POLY1305_WASM, {
    TEXT: PART_BYTES + TAG_BYTES,
    AAD: AAD_BYTES + TAG_BYTES,
  });
  return instance === undefined ? undefined : engineOf(instance);
}

/** Functions share constants here, for the reason given in aes-ctr-wasm.ts. */
function engineOf(instance: KernelInstance<Functions>): KeyedEngine<AeadCipher> {
  const { clear, open, seal } = instance.functions;
  const [aad, aadAt] = [instance.region("AAD"), instance.addressOf("AAD")];
  const [text, textAt] = [instance.region("TEXT"), instance.addressOf("TEXT")];
  const state = instance.region("STATE");
  const stateWords = new Uint32Array(state.buffer, state.byteOffset, state.length / 4);
  const take = takerOf(text);
  const module: AeadModule = { ...instance.functions, text, textAt, take, aad, aadAt };

  return {
    /** The result holds the key; between calls the module holds nothing of it. */
    prepare(bytes) {
      const key = new Uint32Array(KEY_WORDS);
      new Uint8Array(key.buffer).set(bytes);
      /** Puts key and nonce into STATE. */
      const enter = (nonce: Uint8Array) => {
        for (let i = 0; i < KEY_WORDS; i++) stateWords[i] = key[i]!;
        for (let i = 0; i < NONCE_BYTES; i++) state[NONCE_AT + i] = nonce[i]!;
      };
      return {
        seal(nonce, plaintext, additional, out, at) {
          const { length } = plaintext;
          enter(nonce);
          if (length > PART_BYTES || additional.length > AAD_BYTES) {
            return sealInParts(module, plaintext, additional, out, at);
          }
          putBytes(plaintext, text);
          putBytes(additional, aad);
          seal(textAt, length, aadAt, additional.length);
          take(length + TAG_BYTES, out, at);
          clear(textAt, length + TAG_BYTES);
        },
        open(nonce, sealed, additional, out, at) {
          const length = sealed.length - TAG_BYTES;
          enter(nonce);
          if (length > PART_BYTES || additional.length > AAD_BYTES) {
            return openInParts(module, sealed, additional, out, at);
          }
          putBytes(sealed, text);
          putBytes(additional, aad);
          const genuine = open(textAt, length, aadAt, additional.length) === 1;
          if (genuine) take(length, out, at);
          clear(textAt, length);
          return genuine;
        },
        wipe: () => void key.fill(0),
      };
    },
  };
}
