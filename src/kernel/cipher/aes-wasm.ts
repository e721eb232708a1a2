/** What the WASM modules of AES share. */
import { PART_BYTES } from "./aead-chunked.js";

/** The exports of every module, documented in assembly/. They take addresses of regions. */
export interface AesFunctions {
  cryptPart(from: number, length: number, keyBytes: number, counterBits: number): void;
  clear(at: number, bytes: number): void;
  readonly FEW_BYTES: WebAssembly.Global;
  readonly HASH_TABLE_LENGTH: WebAssembly.Global;
  readonly ROUND_KEYS_LENGTH: WebAssembly.Global;
}

/** The block size of AES. */
export const BLOCK_BYTES = 16;
/** A module may write this much key stream behind a text. */
export const SLACK_BYTES = 64;
/** The region for texts; GCM puts a block before them. */
export const TEXT_BYTES = BLOCK_BYTES + PART_BYTES + SLACK_BYTES;
