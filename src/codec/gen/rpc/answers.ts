// Generated from rpc/answers.ksy by `specwire gen`; do not edit. spec sha256 61873056a6830501a58f2867d47eb3020736fc230da65adf498375890759730d
/**
 * How a request ended, as the payload of its answer. Ours; peers of the reference neither send nor read it. An ACK
 * without a payload says the same as code 0.
 */
import { type NewBytes, type Result, type Sites, fail, failRange, failSpace, failure, lengthOf, raise, refuse,
    refuseRange, uint32At } from "../../index.js";

export const AnswerCode = {
  /** The request was carried out. */
  done: 0,
  /** The value was there before. */
  already: 1,
  /** There is no such value. */
  notFound: 2,
  /** There is no room for it. */
  full: 3,
  /** The request is not valid. */
  refused: 4,
  /** Other peers are nearer to the key. */
  tooFar: 5,
  /** Too many requests. */
  rate: 6,
  /** The answer does not fit into a message. */
  tooLong: 7,
  /** Nothing handles the command. */
  unsupported: 8,
  /** The handler failed. */
  failed: 9,
  /** Nothing proves the address of the sender: over a stream it would be taken. */
  unproven: 10,
} as const;
export type AnswerCode = (typeof AnswerCode)[keyof typeof AnswerCode];
/** Name and meaning of each AnswerCode. */
export const ANSWER_CODE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "done", doc: "The request was carried out." },
  1: { name: "already", doc: "The value was there before." },
  2: { name: "notFound", doc: "There is no such value." },
  3: { name: "full", doc: "There is no room for it." },
  4: { name: "refused", doc: "The request is not valid." },
  5: { name: "tooFar", doc: "Other peers are nearer to the key." },
  6: { name: "rate", doc: "Too many requests." },
  7: { name: "tooLong", doc: "The answer does not fit into a message." },
  8: { name: "unsupported", doc: "Nothing handles the command." },
  9: { name: "failed", doc: "The handler failed." },
  10: { name: "unproven", doc: "Nothing proves the address of the sender: over a stream it would be taken." },
};

const ANSWER_STATUS_SITES: Sites = {
  format: "rpc_answer_status",
  file: "rpc/answers.ksy",
  sites: [
    ["short", "", 8, "7 bytes"],
    ["constant", "version", 11, "01"],
    ["constant", "message", 12, "04"],
  ],
};
const ANSWER_STATUS_SITES$WRITTEN: Sites = {
  format: "rpc_answer_status",
  file: "rpc/answers.ksy",
  sites: [
    ["argument", "", 8, "an object"],
    ["range", "code", 13, "0 to 255"],
    ["range", "nextOffset", 14, "0 to 4294967295"],
  ],
};
/** Payload of an ACK. */
export interface AnswerStatus {
  code: AnswerCode | (number & {});
  /** Bytes of a value that the peer has, where it arrives in parts. */
  nextOffset: number;
}
export const ANSWER_STATUS_SIZE = 7;
function readAnswerStatus(bytes: Uint8Array, at: number, end: number): AnswerStatus | undefined {
  if (end - at !== 7 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ANSWER_STATUS_SITES, 0 /* short */, 7, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(ANSWER_STATUS_SITES, 1 /* version: constant */, at);
  if (bytes[at + 1] !== 4) return refuse(ANSWER_STATUS_SITES, 2 /* message: constant */, at + 1);
  return {
    code: bytes[at + 2]!,
    nextOffset: uint32At(bytes, at + 3),
  };
}
/** @throws WireError when the bytes are no rpc_answer_status. */
export function decodeAnswerStatus(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AnswerStatus {
  return readAnswerStatus(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAnswerStatus(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<AnswerStatus> {
  const value = readAnswerStatus(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeAnswerStatus(value: AnswerStatus): NewBytes {
  const bytes = new Uint8Array(7);
  encodeAnswerStatusInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAnswerStatusInto(value: AnswerStatus, bytes: Uint8Array, at = 0): number {
  if (!value) fail(ANSWER_STATUS_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 7 || at >>> 0 !== at) failSpace(ANSWER_STATUS_SITES$WRITTEN, 7, bytes, at);
  bytes[at] = 1;
  bytes[at + 1] = 4;
  const $code = value.code;
  if (typeof $code !== "number" || ($code & 255) !== $code)
    fail(ANSWER_STATUS_SITES$WRITTEN, 1 /* code: range */, at + 2, $code);
  bytes[at + 2] = $code;
  const $nextOffset = value.nextOffset;
  if (typeof $nextOffset !== "number" || $nextOffset >>> 0 !== $nextOffset)
    fail(ANSWER_STATUS_SITES$WRITTEN, 2 /* nextOffset: range */, at + 3, $nextOffset);
  bytes[at + 3] = $nextOffset >>> 24; bytes[at + 4] = $nextOffset >>> 16; bytes[at + 5] = $nextOffset >>> 8;
  bytes[at + 6] = $nextOffset;
  return at + 7;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekAnswerStatusLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(ANSWER_STATUS_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end > at + 1 && bytes[at + 1] !== 4) return -1;
  return 7;
}

