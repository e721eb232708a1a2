// Generated from rpc/frame.ksy by `specwire gen`; do not edit. spec sha256 00a2ca1875d4afc3e2d6d35ef1cc939d64cd56d9afd34786d9344109da1affad
/** Length-prefixed protobuf frames. */
import { type NewBytes, type Result, type Sites, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuse, refuseRange, uint32At } from "../../index.js";

const FRAME_U16_SITES: Sites = {
  format: "rpc_frame_u16",
  file: "rpc/frame.ksy",
  sites: [
    ["short", "", 7, "at least 2 bytes"],
    ["short", "message", 12, ""],
    ["trailing", "", 7, ""],
  ],
};
const FRAME_U16_SITES$WRITTEN: Sites = {
  format: "rpc_frame_u16",
  file: "rpc/frame.ksy",
  sites: [
    ["count", "message", 12, "at least 0 bytes"],
    ["argument", "", 7, "an object"],
    ["range", "message", 11, "length of 0 to 65535"],
  ],
};
/**
 * What the Go peers speak. A message above 65535 bytes does not fit and is refused, never truncated. Source: seeds/dps,
 * framing.
 */
export interface FrameU16 {
  message: Uint8Array;
}
export const FRAME_U16_MIN_SIZE = 2;
function readFrameU16(bytes: Uint8Array, at: number, end: number): FrameU16 | undefined {
  if (end - at < 2 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FRAME_U16_SITES, 0 /* short */, 2, bytes, at, end);
  }
  const $length = ((bytes[at]! << 8) | bytes[at + 1]!);
  const $message$count = $length;
  if ($message$count > end - at - 2)
    return refuse(FRAME_U16_SITES, 1 /* message: short */, end, `${end - at - 2} of ${$message$count} bytes`);
  const $$p1 = at + 2 + $message$count;
  if ($$p1 !== end) return refuse(FRAME_U16_SITES, 2 /* trailing */, $$p1);
  return {
    message: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 2, $message$count),
  };
}
/** @throws WireError when the bytes are no rpc_frame_u16. */
export function decodeFrameU16(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FrameU16 {
  return readFrameU16(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFrameU16(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FrameU16> {
  const value = readFrameU16(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function frameU16Length(value: FrameU16): number {
  const $message = value?.message;
  if (lengthOf($message) < 0) failBytes(FRAME_U16_SITES$WRITTEN, 0 /* message: count */, 0, $message);
  return 2 + $message.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFrameU16(value: FrameU16): NewBytes {
  const bytes = new Uint8Array(frameU16Length(value));
  encodeFrameU16Into(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFrameU16Into(value: FrameU16, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FRAME_U16_SITES$WRITTEN, 1 /* argument */, at, value);
  const $message = value.message, $message$count = lengthOf($message);
  if ($message$count < 0) failBytes(FRAME_U16_SITES$WRITTEN, 0 /* message: count */, at, $message);
  const need = 2 + $message$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FRAME_U16_SITES$WRITTEN, need, bytes, at);
  const $length = $message$count;
  if ($length > 65535) fail(FRAME_U16_SITES$WRITTEN, 2 /* message: range */, at, $length);
  bytes[at] = $length >>> 8; bytes[at + 1] = $length;
  bytes.set($message, at + 2);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFrameU16Length(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FRAME_U16_SITES, bytes, at, end);
  if (end - at < 2) return 0;
  const $length = ((bytes[at]! << 8) | bytes[at + 1]!);
  const $message$count = $length;
  const $$p1 = at + 2 + $message$count;
  return $$p1 - at;
}

const FRAME_U32_SITES: Sites = {
  format: "rpc_frame_u32",
  file: "rpc/frame.ksy",
  sites: [
    ["short", "", 13, "at least 4 bytes"],
    ["short", "message", 18, ""],
    ["trailing", "", 13, ""],
  ],
};
const FRAME_U32_SITES$WRITTEN: Sites = {
  format: "rpc_frame_u32",
  file: "rpc/frame.ksy",
  sites: [
    ["count", "message", 18, "at least 0 bytes"],
    ["argument", "", 13, "an object"],
    ["range", "message", 17, "length of 0 to 4294967295"],
  ],
};
/**
 * Between two peers that have agreed on it; nothing on the wire tells it from the other. Source: seeds/dps, framing.
 */
export interface FrameU32 {
  message: Uint8Array;
}
export const FRAME_U32_MIN_SIZE = 4;
function readFrameU32(bytes: Uint8Array, at: number, end: number): FrameU32 | undefined {
  if (end - at < 4 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FRAME_U32_SITES, 0 /* short */, 4, bytes, at, end);
  }
  const $length = uint32At(bytes, at);
  const $message$count = $length;
  if ($message$count > end - at - 4)
    return refuse(FRAME_U32_SITES, 1 /* message: short */, end, `${end - at - 4} of ${$message$count} bytes`);
  const $$p1 = at + 4 + $message$count;
  if ($$p1 !== end) return refuse(FRAME_U32_SITES, 2 /* trailing */, $$p1);
  return {
    message: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 4, $message$count),
  };
}
/** @throws WireError when the bytes are no rpc_frame_u32. */
export function decodeFrameU32(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FrameU32 {
  return readFrameU32(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFrameU32(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FrameU32> {
  const value = readFrameU32(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function frameU32Length(value: FrameU32): number {
  const $message = value?.message;
  if (lengthOf($message) < 0) failBytes(FRAME_U32_SITES$WRITTEN, 0 /* message: count */, 0, $message);
  return 4 + $message.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFrameU32(value: FrameU32): NewBytes {
  const bytes = new Uint8Array(frameU32Length(value));
  encodeFrameU32Into(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFrameU32Into(value: FrameU32, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FRAME_U32_SITES$WRITTEN, 1 /* argument */, at, value);
  const $message = value.message, $message$count = lengthOf($message);
  if ($message$count < 0) failBytes(FRAME_U32_SITES$WRITTEN, 0 /* message: count */, at, $message);
  const need = 4 + $message$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FRAME_U32_SITES$WRITTEN, need, bytes, at);
  const $length = $message$count;
  if ($length > 4294967295) fail(FRAME_U32_SITES$WRITTEN, 2 /* message: range */, at, $length);
  bytes[at] = $length >>> 24; bytes[at + 1] = $length >>> 16; bytes[at + 2] = $length >>> 8; bytes[at + 3] = $length;
  bytes.set($message, at + 4);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFrameU32Length(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FRAME_U32_SITES, bytes, at, end);
  if (end - at < 4) return 0;
  const $length = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  const $message$count = $length;
  const $$p1 = at + 4 + $message$count;
  return $$p1 - at;
}

