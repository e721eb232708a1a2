/** STORE and GET, served by three functions. */
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

/** Answers a STORE. */
export async function answerStore({ key, value }: RpcMessage, values: RpcValues): Promise<RpcBody> {
  if (await values.has(key)) return statusBody(AnswerCode.already);
  await values.put(key, value);
  return statusBody(AnswerCode.done);
}

/** Answers a GET. */
export async function answerGet({ key }: RpcMessage, values: RpcValues): Promise<RpcBody> {
  const value = await values.get(key);
  return value === undefined ? statusBody(AnswerCode.notFound) : { command: Command.VALUE, key, value };
}

/** What a handler that throws answers: `full`, `refused`, or `failed` for anything but a WireError of these. */
export function failureBody(error: unknown): RpcBody {
  const code = isWireError(error) ? error.code : undefined;
  if (code === "limit") return statusBody(AnswerCode.full);
  return statusBody(code === "argument" ? AnswerCode.refused : AnswerCode.failed);
}
