/** STORE and GET, served by three functions. */
import { toHex } from "../../bytes/index.js";
import { isWireError } from "../../errors.js";
import { AnswerCode, Command } from "../../codec/gen/rpc/index.js";
import { statusBody } from "./answer-status.js";
import type { RpcBody, RpcMessage } from "./message.js";

/** Where values are kept, by their keys; in memory, in files, or elsewhere. */
export interface RpcValues {
  /** Whether there is a value. One that is there is not stored again: keys name their values. */
  has(key: Uint8Array): boolean | Promise<boolean>;
  /** The value; undefined for an unknown key. */
  get(key: Uint8Array): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Keeps a value. @throws WireError `limit` where there is no room, `argument` for a key or value that is none */
  put(key: Uint8Array, value: Uint8Array): void | Promise<void>;
}

/** Answers STORE and GET from values. */
export class ValueHandlers {
  readonly #values: RpcValues;
  /** The last STORE of each key that is under way. */
  readonly #storing = new Map<string, Promise<RpcBody>>();

  constructor(values: RpcValues) {
    this.#values = values;
  }

  /** Answers a STORE. Those of one key follow each other: between `has` and `put` another one would be overwritten. */
  store({ key, value }: RpcMessage): Promise<RpcBody> {
    const name = toHex(key);
    const store = (): Promise<RpcBody> => this.#store(key, value);
    const before = this.#storing.get(name);
    const answer = before === undefined ? store() : before.then(store, store);
    this.#storing.set(name, answer);
    return answer.finally(() => {
      if (this.#storing.get(name) === answer) this.#storing.delete(name);
    });
  }

  /** Answers a GET. */
  async get({ key }: RpcMessage): Promise<RpcBody> {
    const value = await this.#values.get(key);
    return value === undefined ? statusBody(AnswerCode.notFound) : { command: Command.VALUE, key, value };
  }

  async #store(key: Uint8Array, value: Uint8Array): Promise<RpcBody> {
    if (await this.#values.has(key)) return statusBody(AnswerCode.already);
    await this.#values.put(key, value);
    return statusBody(AnswerCode.done);
  }
}

/** What a handler that throws answers: `full`, `refused`, or `failed` for anything but a WireError of these. */
export function failureCode(error: unknown): AnswerCode {
  const code = isWireError(error) ? error.code : undefined;
  if (code === "limit") return AnswerCode.full;
  return code === "argument" ? AnswerCode.refused : AnswerCode.failed;
}
