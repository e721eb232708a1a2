// Generated from raida/framing.ksy by `specwire gen`; do not edit. spec sha256 c90f454f2bf5e7f34ec7cbfae87cdc8ebe96cd5d442d0a0e2a638511128572bc
/**
 * What stands around the payload of a RAIDA body. Encryption types 0, 1 and 2 put a challenge of 12 random bytes and
 * its CRC-32 before the payload; what these types encrypt is all but the trailer. Types 4 and 5 have no challenge and
 * put an HMAC-SHA256 of the ciphertext after it. The two bytes 3E 3E end every body that is not empty, always in clear.
 */
import { type NewBytes, type Result, type Sites, crc32, fail, failBytes, failSpace, failure, lengthOf, raise, refuse,
    refuseRange, uint32At } from "../../index.js";

const ENVELOPE_SITES: Sites = {
  format: "raida_envelope",
  file: "raida/framing.ksy",
  sites: [
    ["short", "", 11, "at least 18 bytes"],
    ["crc", "challengeCrc", 15, "the CRC-32 of challenge"],
    ["constant", "trailer", 17, "3e 3e"],
  ],
};
const ENVELOPE_SITES$WRITTEN: Sites = {
  format: "raida_envelope",
  file: "raida/framing.ksy",
  sites: [
    ["count", "payload", 16, "at least 0 bytes"],
    ["argument", "", 11, "an object"],
    ["length", "challenge", 14, "12 bytes"],
  ],
};
/** Source: seeds/raida, body framing. */
export interface Envelope {
  /** Random; proves in the response that the server read the request. */
  challenge: Uint8Array;
  /** What the command carries. */
  payload: Uint8Array;
}
export const ENVELOPE_MIN_SIZE = 18;
function readEnvelope(bytes: Uint8Array, at: number, end: number): Envelope | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ENVELOPE_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(ENVELOPE_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $payload$count = end - at - 18;
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62) return refuse(ENVELOPE_SITES, 2 /* trailer: constant */, end - 2);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    payload: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, $payload$count),
  };
}
/** @throws WireError when the bytes are no raida_envelope. */
export function decodeEnvelope(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Envelope {
  return readEnvelope(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEnvelope(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<Envelope> {
  const value = readEnvelope(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function envelopeLength(value: Envelope): number {
  const $payload = value?.payload;
  if (lengthOf($payload) < 0) failBytes(ENVELOPE_SITES$WRITTEN, 0 /* payload: count */, 0, $payload);
  return 18 + $payload.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeEnvelope(value: Envelope): NewBytes {
  const bytes = new Uint8Array(envelopeLength(value));
  encodeEnvelopeInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEnvelopeInto(value: Envelope, bytes: Uint8Array, at = 0): number {
  if (!value) fail(ENVELOPE_SITES$WRITTEN, 1 /* argument */, at, value);
  const $payload = value.payload, $payload$count = lengthOf($payload);
  if ($payload$count < 0) failBytes(ENVELOPE_SITES$WRITTEN, 0 /* payload: count */, at, $payload);
  const need = 18 + $payload$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ENVELOPE_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(ENVELOPE_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  bytes.set($payload, at + 16);
  const $$p1 = at + 16 + $payload$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

const HMAC_ENVELOPE_SITES: Sites = {
  format: "raida_hmac_envelope",
  file: "raida/framing.ksy",
  sites: [
    ["short", "", 18, "at least 34 bytes"],
    ["constant", "trailer", 23, "3e 3e"],
  ],
};
const HMAC_ENVELOPE_SITES$WRITTEN: Sites = {
  format: "raida_hmac_envelope",
  file: "raida/framing.ksy",
  sites: [
    ["count", "ciphertext", 21, "at least 0 bytes"],
    ["argument", "", 18, "an object"],
    ["length", "hmac", 22, "32 bytes"],
  ],
};
/** Source: seeds/raida, body framing. */
export interface HmacEnvelope {
  /** AES-256-CTR of the payload. */
  ciphertext: Uint8Array;
  /** HMAC-SHA256 of the ciphertext under the same key. */
  hmac: Uint8Array;
}
export const HMAC_ENVELOPE_MIN_SIZE = 34;
function readHmacEnvelope(bytes: Uint8Array, at: number, end: number): HmacEnvelope | undefined {
  if (end - at < 34 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(HMAC_ENVELOPE_SITES, 0 /* short */, 34, bytes, at, end);
  }
  const $ciphertext$count = end - at - 34;
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(HMAC_ENVELOPE_SITES, 1 /* trailer: constant */, end - 2);
  return {
    ciphertext: new Uint8Array(bytes.buffer, bytes.byteOffset + at, $ciphertext$count),
    hmac: new Uint8Array(bytes.buffer, bytes.byteOffset + end - 34, 32),
  };
}
/** @throws WireError when the bytes are no raida_hmac_envelope. */
export function decodeHmacEnvelope(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): HmacEnvelope {
  return readHmacEnvelope(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeHmacEnvelope(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<HmacEnvelope> {
  const value = readHmacEnvelope(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function hmacEnvelopeLength(value: HmacEnvelope): number {
  const $ciphertext = value?.ciphertext;
  if (lengthOf($ciphertext) < 0) failBytes(HMAC_ENVELOPE_SITES$WRITTEN, 0 /* ciphertext: count */, 0, $ciphertext);
  return 34 + $ciphertext.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeHmacEnvelope(value: HmacEnvelope): NewBytes {
  const bytes = new Uint8Array(hmacEnvelopeLength(value));
  encodeHmacEnvelopeInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeHmacEnvelopeInto(value: HmacEnvelope, bytes: Uint8Array, at = 0): number {
  if (!value) fail(HMAC_ENVELOPE_SITES$WRITTEN, 1 /* argument */, at, value);
  const $ciphertext = value.ciphertext, $ciphertext$count = lengthOf($ciphertext);
  if ($ciphertext$count < 0) failBytes(HMAC_ENVELOPE_SITES$WRITTEN, 0 /* ciphertext: count */, at, $ciphertext);
  const need = 34 + $ciphertext$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(HMAC_ENVELOPE_SITES$WRITTEN, need, bytes, at);
  bytes.set($ciphertext, at);
  const $$p1 = at + $ciphertext$count;
  const $hmac = value.hmac;
  if (lengthOf($hmac) !== 32) failBytes(HMAC_ENVELOPE_SITES$WRITTEN, 2 /* hmac: length */, $$p1, $hmac);
  bytes.set($hmac, $$p1);
  bytes[$$p1 + 32] = 62; bytes[$$p1 + 33] = 62;
  return at + need;
}

const REPLY_ENVELOPE_SITES: Sites = {
  format: "raida_reply_envelope",
  file: "raida/framing.ksy",
  sites: [
    ["short", "", 24, "at least 2 bytes"],
    ["constant", "trailer", 28, "3e 3e"],
  ],
};
const REPLY_ENVELOPE_SITES$WRITTEN: Sites = {
  format: "raida_reply_envelope",
  file: "raida/framing.ksy",
  sites: [
    ["count", "payload", 27, "at least 0 bytes"],
    ["argument", "", 24, "an object"],
  ],
};
/** Source: seeds/raida, body framing. */
export interface ReplyEnvelope {
  /** What the command answers. */
  payload: Uint8Array;
}
export const REPLY_ENVELOPE_MIN_SIZE = 2;
function readReplyEnvelope(bytes: Uint8Array, at: number, end: number): ReplyEnvelope | undefined {
  if (end - at < 2 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(REPLY_ENVELOPE_SITES, 0 /* short */, 2, bytes, at, end);
  }
  const $payload$count = end - at - 2;
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(REPLY_ENVELOPE_SITES, 1 /* trailer: constant */, end - 2);
  return {
    payload: new Uint8Array(bytes.buffer, bytes.byteOffset + at, $payload$count),
  };
}
/** @throws WireError when the bytes are no raida_reply_envelope. */
export function decodeReplyEnvelope(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ReplyEnvelope {
  return readReplyEnvelope(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeReplyEnvelope(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ReplyEnvelope> {
  const value = readReplyEnvelope(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function replyEnvelopeLength(value: ReplyEnvelope): number {
  const $payload = value?.payload;
  if (lengthOf($payload) < 0) failBytes(REPLY_ENVELOPE_SITES$WRITTEN, 0 /* payload: count */, 0, $payload);
  return 2 + $payload.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeReplyEnvelope(value: ReplyEnvelope): NewBytes {
  const bytes = new Uint8Array(replyEnvelopeLength(value));
  encodeReplyEnvelopeInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeReplyEnvelopeInto(value: ReplyEnvelope, bytes: Uint8Array, at = 0): number {
  if (!value) fail(REPLY_ENVELOPE_SITES$WRITTEN, 1 /* argument */, at, value);
  const $payload = value.payload, $payload$count = lengthOf($payload);
  if ($payload$count < 0) failBytes(REPLY_ENVELOPE_SITES$WRITTEN, 0 /* payload: count */, at, $payload);
  const need = 2 + $payload$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(REPLY_ENVELOPE_SITES$WRITTEN, need, bytes, at);
  bytes.set($payload, at);
  const $$p1 = at + $payload$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

