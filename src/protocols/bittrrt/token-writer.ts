import type { Env } from "../../machine/index.js";
import { writeHandshake, type HandshakeMessage } from "./messages.js";
import { unixSeconds } from "./options.js";
import { TOKEN_IV_BYTES, type TokenKey } from "./token.js";

/** Writes the tokens of one sender, each with the next count. */
export class TokenWriter {
  readonly #key: TokenKey;
  readonly #env: Env;
  readonly #step: bigint;
  #counter = 0n;

  /** @param step what the count grows by: the client of the reference encrypts twice for each token that it sends */
  constructor(key: TokenKey, env: Env, step = 1n) {
    this.#key = key;
    this.#env = env;
    this.#step = step;
  }

  write(message: HandshakeMessage): Uint8Array {
    const counter = this.#counter;
    this.#counter = BigInt.asUintN(64, counter + this.#step);
    const time = unixSeconds(this.#env);
    const iv = this.#env.random(TOKEN_IV_BYTES);
    return this.#key.seal({ counter, unixSeconds: time, iv, text: writeHandshake(message) });
  }
}
