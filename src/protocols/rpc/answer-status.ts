/** How a request ended: what an ACK says beside that it came. */
import type { NewBytes } from "../../bytes/index.js";
import { AnswerCode, Command, encodeAnswerStatus, tryDecodeAnswerStatus } from "../../codec/gen/rpc/index.js";
import type { WireIssue } from "../../errors.js";
import type { RpcBody, RpcMessage } from "./message.js";

/** An ACK that says how a request ended. */
export function statusBody(code: number, nextOffset = 0): RpcBody & { readonly payload: NewBytes } {
  return { command: Command.ACK, payload: encodeAnswerStatus({ code: code as AnswerCode, nextOffset }) };
}

/**
 * The code of an answer. Those without one, and those of peers that put something else into their payload, say that the
 * request was carried out.
 */
export function answerCodeOf({ meta, payload }: RpcMessage): number {
  if ((meta?.command ?? Command.PING) !== Command.ACK || payload.length === 0) return AnswerCode.done;
  const status = tryDecodeAnswerStatus(payload);
  return status.ok ? status.value.code : AnswerCode.done;
}

/** The issue of an answer that says that the request was not carried out: `status`, with the name of its code. */
export function answerIssue(message: RpcMessage): WireIssue | undefined {
  const code = answerCodeOf(message);
  if (code === AnswerCode.done || code === AnswerCode.already) return undefined;
  // The table of the codes has a sentence on each as well, 250 bytes of a bundle.
  const [name = String(code)] = Object.entries(AnswerCode).find(([, value]) => value === code) ?? [];
  return { code: "status", format: "rpc", path: "", expected: "a request that is carried out", actual: name };
}
