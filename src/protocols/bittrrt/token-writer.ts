/** The tokens of one sender. */
import type { Env } from "../../machine/index.js";
import { writeHandshake, type HandshakeMessage } from "./messages.js";
import { unixSeconds } from "./options.js";
import { TOKEN_IV_BYTES, type TokenKey } from "./token.js";

/** Seals handshake messages as tokens and counts them. */
export class TokenWriter {
  readonly #key: TokenKey;
  readonly #env: Env;
  readonly #step: bigint;
  #counter = 0n;

  /** @param step the increment of the counter: the reference's client encrypts twice for each token that it sends */
  constructor(key: TokenKey, env: Env, step = 1n) {
    this.#key = key;
    this.#env = env;
    this.#step = step;
  }

  /** The datagram of a message. */
  write(message: HandshakeMessage): Uint8Array {
    const counter = this.#counter;
    this.#counter = BigInt.asUintN(64, counter + this.#step);
    const time = unixSeconds(this.#env);
    const iv = this.#env.random(TOKEN_IV_BYTES);
    return this.#key.seal({ counter, unixSeconds: time, iv, text: writeHandshake(message) });
  }
}
