/** What AES-CTR asks of an engine. */
import type { KeyedEngine, PreparedKey } from "../engine/key.js";

/** What an engine is asked for, with all of it checked. `out` has room at `at` and may overlap `data`. */
export type Crypt = (
  counter: Uint8Array,
  counterBits: 32 | 128,
  block: number,
  data: Uint8Array,
  out: Uint8Array,
  at: number,
) => void;

export interface CtrCipher extends PreparedKey {
  crypt: Crypt;
}

export interface CtrEngine extends KeyedEngine<CtrCipher> {
  /** With a key for one message. */
  cryptOnce(key: Uint8Array, ...message: Parameters<Crypt>): void;
}
