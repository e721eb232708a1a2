/** The WASM module of AES, which all modes share. */
import { AAD_BYTES, PART_BYTES, TAG_BYTES } from "./aead-chunked.js";
import { instantiate } from "../engine/instance.js";
import { once } from "../engine/engine-choice.js";
import { AES_WASM } from "../wasm/aes.js";

/** The exports of the module, documented in assembly/. They take addresses of regions. */
export interface AesFunctions {
  prepare(keyBytes: number, slices: boolean): void;
  crypt(from: number, length: number, keyBytes: number, counterBits: number, block: number): void;
  cryptOnce(from: number, length: number, keyBytes: number, counterBits: number, block: number): void;
  beginCounter(counterBits: number, block: number): void;
  cryptPart(from: number, length: number, keyBytes: number, counterBits: number): void;
  forget(length: number): void;
  prepareGcm(keyBytes: number, length: number): void;
  seal(from: number, length: number, keyBytes: number, aad: number, aadLength: number): void;
  open(from: number, length: number, keyBytes: number, aad: number, aadLength: number): 0 | 1;
  beginGcm(keyBytes: number): void;
  authenticate(from: number, length: number): void;
  tagInto(aadLength: number, length: number, to: number): void;
  matches(a: number, b: number): 0 | 1;
  forgetGcm(length: number): void;
  clear(at: number, bytes: number): void;
  readonly FEW_BYTES: WebAssembly.Global;
  readonly HASH_TABLE_LENGTH: WebAssembly.Global;
  readonly ROUND_KEYS_LENGTH: WebAssembly.Global;
}

/** The block size of AES. */
export const BLOCK_BYTES = 16;
/** The module may write this much key stream behind a text. */
export const SLACK_BYTES = 64;

/** The instance that all modes use; undefined if this machine has none. */
export const aesInstance = /* @__PURE__ */ once(() =>
  instantiate<AesFunctions>(AES_WASM, {
    // GCM puts a block before the text.
    TEXT: BLOCK_BYTES + PART_BYTES + SLACK_BYTES,
    AAD: AAD_BYTES + TAG_BYTES,
  }),
);
