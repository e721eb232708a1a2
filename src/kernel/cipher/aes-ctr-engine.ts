/** The interface of the engines of AES-CTR. */
import type { KeyedEngine, PreparedKey } from "../engine/key.js";

/** Encrypts or decrypts. The arguments are checked; `out` has room at `at` and may overlap `data`. */
export type Crypt = (
  counter: Uint8Array,
  counterBits: 32 | 128,
  block: number,
  data: Uint8Array,
  out: Uint8Array,
  at: number,
) => void;

/** A prepared key of AES-CTR. */
export interface CtrCipher extends PreparedKey {
  crypt: Crypt;
}

/** An engine of AES-CTR. */
export interface CtrEngine extends KeyedEngine<CtrCipher> {
  /** Uses a key for one message. */
  cryptOnce(key: Uint8Array, ...message: Parameters<Crypt>): void;
}
