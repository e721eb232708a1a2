// Generated from raida/status.ksy by `specwire gen`; do not edit. spec sha256 7640acb237d4e80b7566b637096ba3fc2340cff2a1c26a35e68ca53693b70b9d
/**
 * RAIDA command group 0: is the server there, and which is it. Whole plaintext bodies. An echo is answered by a header
 * alone.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, bigPutLittle, bigUnsignedLittle, crc32, fail,
    failBytes, failRange, failSpace, failure, lengthOf, putSafeLittle, raise, refuse, refuseRange, uint32At,
    uint32AtLittle } from "../../index.js";

const ECHO_REQUEST_SITES: Sites = {
  format: "raida_echo_request",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 8, "at least 18 bytes"],
    ["crc", "challengeCrc", 12, "the CRC-32 of challenge"],
    ["constant", "trailer", 14, "3e 3e"],
  ],
};
const ECHO_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_echo_request",
  file: "raida/status.ksy",
  sites: [
    ["count", "payload", 13, "at least 0 bytes"],
    ["argument", "", 8, "an object"],
    ["length", "challenge", 11, "12 bytes"],
  ],
};
/** Source: seeds/raida, command 0/0. */
export interface EchoRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** Anything; the server does not look. */
  payload: Uint8Array;
}
export const ECHO_REQUEST_MIN_SIZE = 18;
function readEchoRequest(bytes: Uint8Array, at: number, end: number): EchoRequest | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ECHO_REQUEST_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(ECHO_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $payload$count = end - at - 18;
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(ECHO_REQUEST_SITES, 2 /* trailer: constant */, end - 2);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    payload: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, $payload$count),
  };
}
/** @throws WireError when the bytes are no raida_echo_request. */
export function decodeEchoRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): EchoRequest {
  return readEchoRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEchoRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<EchoRequest> {
  const value = readEchoRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function echoRequestLength(value: EchoRequest): number {
  const $payload = value?.payload;
  if (lengthOf($payload) < 0) failBytes(ECHO_REQUEST_SITES$WRITTEN, 0 /* payload: count */, 0, $payload);
  return 18 + $payload.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeEchoRequest(value: EchoRequest): NewBytes {
  const bytes = new Uint8Array(echoRequestLength(value));
  encodeEchoRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEchoRequestInto(value: EchoRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(ECHO_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $payload = value.payload, $payload$count = lengthOf($payload);
  if ($payload$count < 0) failBytes(ECHO_REQUEST_SITES$WRITTEN, 0 /* payload: count */, at, $payload);
  const need = 18 + $payload$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ECHO_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(ECHO_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
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

const VERSION_REQUEST_SITES: Sites = {
  format: "raida_version_request",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 15, "at least 18 bytes"],
    ["crc", "challengeCrc", 19, "the CRC-32 of challenge"],
    ["constant", "trailer", 21, "3e 3e"],
  ],
};
const VERSION_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_version_request",
  file: "raida/status.ksy",
  sites: [
    ["count", "payload", 20, "at least 0 bytes"],
    ["argument", "", 15, "an object"],
    ["length", "challenge", 18, "12 bytes"],
  ],
};
/** Source: seeds/raida, command 0/1. */
export interface VersionRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** Anything; the server does not look. */
  payload: Uint8Array;
}
export const VERSION_REQUEST_MIN_SIZE = 18;
function readVersionRequest(bytes: Uint8Array, at: number, end: number): VersionRequest | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(VERSION_REQUEST_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(VERSION_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $payload$count = end - at - 18;
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(VERSION_REQUEST_SITES, 2 /* trailer: constant */, end - 2);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    payload: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, $payload$count),
  };
}
/** @throws WireError when the bytes are no raida_version_request. */
export function decodeVersionRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): VersionRequest {
  return readVersionRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeVersionRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<VersionRequest> {
  const value = readVersionRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function versionRequestLength(value: VersionRequest): number {
  const $payload = value?.payload;
  if (lengthOf($payload) < 0) failBytes(VERSION_REQUEST_SITES$WRITTEN, 0 /* payload: count */, 0, $payload);
  return 18 + $payload.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeVersionRequest(value: VersionRequest): NewBytes {
  const bytes = new Uint8Array(versionRequestLength(value));
  encodeVersionRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeVersionRequestInto(value: VersionRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(VERSION_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $payload = value.payload, $payload$count = lengthOf($payload);
  if ($payload$count < 0) failBytes(VERSION_REQUEST_SITES$WRITTEN, 0 /* payload: count */, at, $payload);
  const need = 18 + $payload$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(VERSION_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(VERSION_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
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

const VERSION_REPLY_SITES: Sites = {
  format: "raida_version_reply",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 22, "10 bytes"],
    ["text", "version", 25, "ascii"],
    ["constant", "trailer", 26, "3e 3e"],
  ],
};
const VERSION_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_version_reply",
  file: "raida/status.ksy",
  sites: [
    ["argument", "", 22, "an object"],
    ["length", "version", 25, "ascii text of 8 bytes"],
  ],
};
/** Source: seeds/raida, command 0/1. */
export interface VersionReply {
  /** Release of the server as eight digits, year first. */
  version: string;
}
export const VERSION_REPLY_SIZE = 10;
function readVersionReply(bytes: Uint8Array, at: number, end: number): VersionReply | undefined {
  if (end - at !== 10 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(VERSION_REPLY_SITES, 0 /* short */, 10, bytes, at, end);
  }
  const $version = asciiAt(bytes, at, at + 8);
  if ($version === undefined) return refuse(VERSION_REPLY_SITES, 1 /* version: text */, at);
  if (bytes[at + 8] !== 62 || bytes[at + 9] !== 62)
    return refuse(VERSION_REPLY_SITES, 2 /* trailer: constant */, at + 8);
  return {
    version: $version,
  };
}
/** @throws WireError when the bytes are no raida_version_reply. */
export function decodeVersionReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): VersionReply {
  return readVersionReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeVersionReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<VersionReply> {
  const value = readVersionReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeVersionReply(value: VersionReply): NewBytes {
  const bytes = new Uint8Array(10);
  encodeVersionReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeVersionReplyInto(value: VersionReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(VERSION_REPLY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 10 || at >>> 0 !== at) failSpace(VERSION_REPLY_SITES$WRITTEN, 10, bytes, at);
  const $version = asciiBytes(value.version);
  if ($version?.length !== 8) fail(VERSION_REPLY_SITES$WRITTEN, 1 /* version: length */, at, $version?.length);
  bytes[at] = $version[0]!; bytes[at + 1] = $version[1]!; bytes[at + 2] = $version[2]!; bytes[at + 3] = $version[3]!;
  bytes[at + 4] = $version[4]!; bytes[at + 5] = $version[5]!; bytes[at + 6] = $version[6]!;
  bytes[at + 7] = $version[7]!;
  bytes[at + 8] = 62; bytes[at + 9] = 62;
  return at + 10;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekVersionReplyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(VERSION_REPLY_SITES, bytes, at, end);
  if ((end > at + 8 && bytes[at + 8] !== 62) || (end > at + 9 && bytes[at + 9] !== 62)) return -1;
  return 10;
}

const SHOW_STATS_REQUEST_SITES: Sites = {
  format: "raida_show_stats_request",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 27, "34 bytes"],
    ["crc", "challengeCrc", 31, "the CRC-32 of challenge"],
    ["constant", "trailer", 33, "3e 3e"],
  ],
};
const SHOW_STATS_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_show_stats_request",
  file: "raida/status.ksy",
  sites: [
    ["argument", "", 27, "an object"],
    ["length", "challenge", 30, "12 bytes"],
    ["length", "adminKey", 32, "16 bytes"],
  ],
};
/** Source: seeds/raida, command 0/2. */
export interface ShowStatsRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** The key of the server's administrator. */
  adminKey: Uint8Array;
}
export const SHOW_STATS_REQUEST_SIZE = 34;
function readShowStatsRequest(bytes: Uint8Array, at: number, end: number): ShowStatsRequest | undefined {
  if (end - at !== 34 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SHOW_STATS_REQUEST_SITES, 0 /* short */, 34, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(SHOW_STATS_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  if (bytes[at + 32] !== 62 || bytes[at + 33] !== 62)
    return refuse(SHOW_STATS_REQUEST_SITES, 2 /* trailer: constant */, at + 32);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    adminKey: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, 16),
  };
}
/** @throws WireError when the bytes are no raida_show_stats_request. */
export function decodeShowStatsRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ShowStatsRequest {
  return readShowStatsRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeShowStatsRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ShowStatsRequest> {
  const value = readShowStatsRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeShowStatsRequest(value: ShowStatsRequest): NewBytes {
  const bytes = new Uint8Array(34);
  encodeShowStatsRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeShowStatsRequestInto(value: ShowStatsRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SHOW_STATS_REQUEST_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 34 || at >>> 0 !== at) failSpace(SHOW_STATS_REQUEST_SITES$WRITTEN, 34, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(SHOW_STATS_REQUEST_SITES$WRITTEN, 1 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  const $adminKey = value.adminKey;
  if (lengthOf($adminKey) !== 16)
    failBytes(SHOW_STATS_REQUEST_SITES$WRITTEN, 2 /* adminKey: length */, at + 16, $adminKey);
  bytes[at + 16] = $adminKey[0]!; bytes[at + 17] = $adminKey[1]!; bytes[at + 18] = $adminKey[2]!;
  bytes[at + 19] = $adminKey[3]!; bytes[at + 20] = $adminKey[4]!; bytes[at + 21] = $adminKey[5]!;
  bytes[at + 22] = $adminKey[6]!; bytes[at + 23] = $adminKey[7]!; bytes[at + 24] = $adminKey[8]!;
  bytes[at + 25] = $adminKey[9]!; bytes[at + 26] = $adminKey[10]!; bytes[at + 27] = $adminKey[11]!;
  bytes[at + 28] = $adminKey[12]!; bytes[at + 29] = $adminKey[13]!; bytes[at + 30] = $adminKey[14]!;
  bytes[at + 31] = $adminKey[15]!;
  bytes[at + 32] = 62; bytes[at + 33] = 62;
  return at + 34;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekShowStatsRequestLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(SHOW_STATS_REQUEST_SITES, bytes, at, end);
  if ((end > at + 32 && bytes[at + 32] !== 62) || (end > at + 33 && bytes[at + 33] !== 62)) return -1;
  return 34;
}

const SHOW_STATS_REPLY_SITES: Sites = {
  format: "raida_show_stats_reply",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 34, "34 bytes"],
    ["unsafe-integer", "echoes", 38, "at most 2^53-1"],
    ["unsafe-integer", "powns", 39, "at most 2^53-1"],
    ["unsafe-integer", "pownedValue", 40, "at most 2^53-1"],
    ["unsafe-integer", "udpRequests", 41, "at most 2^53-1"],
    ["constant", "trailer", 42, "3e 3e"],
  ],
};
const SHOW_STATS_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_show_stats_reply",
  file: "raida/status.ksy",
  sites: [
    ["argument", "", 34, "an object"],
    ["range", "echoes", 38, "0 to 2^53-1"],
    ["range", "powns", 39, "0 to 2^53-1"],
    ["range", "pownedValue", 40, "0 to 2^53-1"],
    ["range", "udpRequests", 41, "0 to 2^53-1"],
  ],
};
const SHOW_STATS_REPLY_SITES$WRITTEN$BIG: Sites = {
  format: "raida_show_stats_reply",
  file: "raida/status.ksy",
  sites: [
    ["range", "echoes", 38, "0 to 18446744073709551615"],
    ["range", "powns", 39, "0 to 18446744073709551615"],
    ["range", "pownedValue", 40, "0 to 18446744073709551615"],
    ["range", "udpRequests", 41, "0 to 18446744073709551615"],
  ],
};
/** The only little-endian numbers of the protocol. Source: seeds/raida, command 0/2. */
export interface ShowStatsReply {
  /** Echoes answered since the start. */
  echoes: number;
  /** Coins powned since the start. */
  powns: number;
  /** Their value. */
  pownedValue: number;
  /** Requests that came by UDP. */
  udpRequests: number;
}
export const SHOW_STATS_REPLY_SIZE = 34;
function readShowStatsReply(bytes: Uint8Array, at: number, end: number): ShowStatsReply | undefined {
  if (end - at !== 34 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SHOW_STATS_REPLY_SITES, 0 /* short */, 34, bytes, at, end);
  }
  const $echoes$high = uint32AtLittle(bytes, at + 4);
  if ($echoes$high > 0x1fffff) return refuse(SHOW_STATS_REPLY_SITES, 1 /* echoes: unsafe-integer */, at);
  const $powns$high = uint32AtLittle(bytes, at + 12);
  if ($powns$high > 0x1fffff) return refuse(SHOW_STATS_REPLY_SITES, 2 /* powns: unsafe-integer */, at + 8);
  const $pownedValue$high = uint32AtLittle(bytes, at + 20);
  if ($pownedValue$high > 0x1fffff) return refuse(SHOW_STATS_REPLY_SITES, 3 /* pownedValue: unsafe-integer */, at + 16);
  const $udpRequests$high = uint32AtLittle(bytes, at + 28);
  if ($udpRequests$high > 0x1fffff) return refuse(SHOW_STATS_REPLY_SITES, 4 /* udpRequests: unsafe-integer */, at + 24);
  if (bytes[at + 32] !== 62 || bytes[at + 33] !== 62)
    return refuse(SHOW_STATS_REPLY_SITES, 5 /* trailer: constant */, at + 32);
  return {
    echoes: $echoes$high * 4294967296 + uint32AtLittle(bytes, at),
    powns: $powns$high * 4294967296 + uint32AtLittle(bytes, at + 8),
    pownedValue: $pownedValue$high * 4294967296 + uint32AtLittle(bytes, at + 16),
    udpRequests: $udpRequests$high * 4294967296 + uint32AtLittle(bytes, at + 24),
  };
}
/** @throws WireError when the bytes are no raida_show_stats_reply. */
export function decodeShowStatsReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ShowStatsReply {
  return readShowStatsReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeShowStatsReply(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ShowStatsReply> {
  const value = readShowStatsReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeShowStatsReply(value: ShowStatsReply): NewBytes {
  const bytes = new Uint8Array(34);
  encodeShowStatsReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeShowStatsReplyInto(value: ShowStatsReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SHOW_STATS_REPLY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 34 || at >>> 0 !== at) failSpace(SHOW_STATS_REPLY_SITES$WRITTEN, 34, bytes, at);
  const $echoes = value.echoes;
  if (!Number.isSafeInteger($echoes) || $echoes < 0)
    fail(SHOW_STATS_REPLY_SITES$WRITTEN, 1 /* echoes: range */, at, $echoes);
  putSafeLittle(bytes, at, $echoes);
  const $powns = value.powns;
  if (!Number.isSafeInteger($powns) || $powns < 0)
    fail(SHOW_STATS_REPLY_SITES$WRITTEN, 2 /* powns: range */, at + 8, $powns);
  putSafeLittle(bytes, at + 8, $powns);
  const $pownedValue = value.pownedValue;
  if (!Number.isSafeInteger($pownedValue) || $pownedValue < 0)
    fail(SHOW_STATS_REPLY_SITES$WRITTEN, 3 /* pownedValue: range */, at + 16, $pownedValue);
  putSafeLittle(bytes, at + 16, $pownedValue);
  const $udpRequests = value.udpRequests;
  if (!Number.isSafeInteger($udpRequests) || $udpRequests < 0)
    fail(SHOW_STATS_REPLY_SITES$WRITTEN, 4 /* udpRequests: range */, at + 24, $udpRequests);
  putSafeLittle(bytes, at + 24, $udpRequests);
  bytes[at + 32] = 62; bytes[at + 33] = 62;
  return at + 34;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekShowStatsReplyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SHOW_STATS_REPLY_SITES, bytes, at, end);
  if ((end > at + 32 && bytes[at + 32] !== 62) || (end > at + 33 && bytes[at + 33] !== 62)) return -1;
  return 34;
}
/** The only little-endian numbers of the protocol. Source: seeds/raida, command 0/2. 64-bit integers as bigint. */
export interface ShowStatsReplyBig {
  /** Echoes answered since the start. */
  echoes: bigint;
  /** Coins powned since the start. */
  powns: bigint;
  /** Their value. */
  pownedValue: bigint;
  /** Requests that came by UDP. */
  udpRequests: bigint;
}
function readShowStatsReplyBig(bytes: Uint8Array, at: number, end: number): ShowStatsReplyBig | undefined {
  if (end - at !== 34 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SHOW_STATS_REPLY_SITES, 0 /* short */, 34, bytes, at, end);
  }
  if (bytes[at + 32] !== 62 || bytes[at + 33] !== 62)
    return refuse(SHOW_STATS_REPLY_SITES, 5 /* trailer: constant */, at + 32);
  return {
    echoes: bigUnsignedLittle(bytes, at),
    powns: bigUnsignedLittle(bytes, at + 8),
    pownedValue: bigUnsignedLittle(bytes, at + 16),
    udpRequests: bigUnsignedLittle(bytes, at + 24),
  };
}
/** @throws WireError when the bytes are no raida_show_stats_reply. */
export function decodeShowStatsReplyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ShowStatsReplyBig {
  return readShowStatsReplyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeShowStatsReplyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ShowStatsReplyBig> {
  const value = readShowStatsReplyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeShowStatsReplyBig(value: ShowStatsReplyBig): NewBytes {
  const bytes = new Uint8Array(34);
  encodeShowStatsReplyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeShowStatsReplyBigInto(value: ShowStatsReplyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SHOW_STATS_REPLY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 34 || at >>> 0 !== at) failSpace(SHOW_STATS_REPLY_SITES$WRITTEN, 34, bytes, at);
  const $echoes = value.echoes;
  if (typeof $echoes !== "bigint" || BigInt.asUintN(64, $echoes) !== $echoes)
    fail(SHOW_STATS_REPLY_SITES$WRITTEN$BIG, 0 /* echoes: range */, at, $echoes);
  bigPutLittle(bytes, at, $echoes);
  const $powns = value.powns;
  if (typeof $powns !== "bigint" || BigInt.asUintN(64, $powns) !== $powns)
    fail(SHOW_STATS_REPLY_SITES$WRITTEN$BIG, 1 /* powns: range */, at + 8, $powns);
  bigPutLittle(bytes, at + 8, $powns);
  const $pownedValue = value.pownedValue;
  if (typeof $pownedValue !== "bigint" || BigInt.asUintN(64, $pownedValue) !== $pownedValue)
    fail(SHOW_STATS_REPLY_SITES$WRITTEN$BIG, 2 /* pownedValue: range */, at + 16, $pownedValue);
  bigPutLittle(bytes, at + 16, $pownedValue);
  const $udpRequests = value.udpRequests;
  if (typeof $udpRequests !== "bigint" || BigInt.asUintN(64, $udpRequests) !== $udpRequests)
    fail(SHOW_STATS_REPLY_SITES$WRITTEN$BIG, 3 /* udpRequests: range */, at + 24, $udpRequests);
  bigPutLittle(bytes, at + 24, $udpRequests);
  bytes[at + 32] = 62; bytes[at + 33] = 62;
  return at + 34;
}

const AUDIT_REQUEST_SITES: Sites = {
  format: "raida_audit_request",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 43, "at least 18 bytes"],
    ["crc", "challengeCrc", 47, "the CRC-32 of challenge"],
    ["constant", "trailer", 49, "3e 3e"],
  ],
};
const AUDIT_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_audit_request",
  file: "raida/status.ksy",
  sites: [
    ["count", "payload", 48, "at least 0 bytes"],
    ["argument", "", 43, "an object"],
    ["length", "challenge", 46, "12 bytes"],
  ],
};
/** Source: seeds/raida, command 0/3. */
export interface AuditRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** Anything; the server does not look. */
  payload: Uint8Array;
}
export const AUDIT_REQUEST_MIN_SIZE = 18;
function readAuditRequest(bytes: Uint8Array, at: number, end: number): AuditRequest | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(AUDIT_REQUEST_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(AUDIT_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $payload$count = end - at - 18;
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(AUDIT_REQUEST_SITES, 2 /* trailer: constant */, end - 2);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    payload: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, $payload$count),
  };
}
/** @throws WireError when the bytes are no raida_audit_request. */
export function decodeAuditRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AuditRequest {
  return readAuditRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAuditRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<AuditRequest> {
  const value = readAuditRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function auditRequestLength(value: AuditRequest): number {
  const $payload = value?.payload;
  if (lengthOf($payload) < 0) failBytes(AUDIT_REQUEST_SITES$WRITTEN, 0 /* payload: count */, 0, $payload);
  return 18 + $payload.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeAuditRequest(value: AuditRequest): NewBytes {
  const bytes = new Uint8Array(auditRequestLength(value));
  encodeAuditRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAuditRequestInto(value: AuditRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(AUDIT_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $payload = value.payload, $payload$count = lengthOf($payload);
  if ($payload$count < 0) failBytes(AUDIT_REQUEST_SITES$WRITTEN, 0 /* payload: count */, at, $payload);
  const need = 18 + $payload$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(AUDIT_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(AUDIT_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
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

const AUDIT_REPLY_SITES: Sites = {
  format: "raida_audit_reply",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 50, "77 bytes"],
    ["constant", "trailer", 54, "3e 3e"],
  ],
};
const AUDIT_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_audit_reply",
  file: "raida/status.ksy",
  sites: [
    ["argument", "", 50, "an object"],
    ["count", "totals", 53, "15 items"],
    ["argument", "totals[*]", 50, "an object"],
    ["range", "totals[*].denomination", 57, "-128 to 127"],
    ["range", "totals[*].coins", 58, "0 to 4294967295"],
  ],
};
/** Source: seeds/raida, command 0/3. */
export interface AuditReply {
  /** By denomination, -8 first. */
  totals: AuditTotal[];
}
export const AUDIT_REPLY_SIZE = 77;
function readAuditReply(bytes: Uint8Array, at: number, end: number): AuditReply | undefined {
  if (end - at !== 77 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(AUDIT_REPLY_SITES, 0 /* short */, 77, bytes, at, end);
  }
  if (bytes[at + 75] !== 62 || bytes[at + 76] !== 62)
    return refuse(AUDIT_REPLY_SITES, 1 /* trailer: constant */, at + 75);
  const $totals = new Array<AuditTotal>(15);
  for (let i = 0, p = at; i < 15; i++, p += 5)
    $totals[i] = { denomination: ((bytes[p]! << 24) >> 24), coins: uint32At(bytes, p + 1) };
  return {
    totals: $totals,
  };
}
/** @throws WireError when the bytes are no raida_audit_reply. */
export function decodeAuditReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AuditReply {
  return readAuditReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAuditReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<AuditReply> {
  const value = readAuditReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeAuditReply(value: AuditReply): NewBytes {
  const bytes = new Uint8Array(77);
  encodeAuditReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAuditReplyInto(value: AuditReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(AUDIT_REPLY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 77 || at >>> 0 !== at) failSpace(AUDIT_REPLY_SITES$WRITTEN, 77, bytes, at);
  const $totals = value.totals;
  if ($totals?.length !== 15) fail(AUDIT_REPLY_SITES$WRITTEN, 1 /* totals: count */, at, $totals?.length);
  for (let i = 0, p = at; i < 15; i++, p += 5) {
    const item = $totals[i]!;
    if (!item) fail(AUDIT_REPLY_SITES$WRITTEN, 2 /* totals[*]: argument */, p, item, i);
    const $totals$item_denomination = item.denomination;
    if (typeof $totals$item_denomination !== "number" ||
        ($totals$item_denomination << 24) >> 24 !== $totals$item_denomination) fail(AUDIT_REPLY_SITES$WRITTEN,
        3 /* totals[*].denomination: range */, p, $totals$item_denomination, i);
    bytes[p] = $totals$item_denomination;
    const $totals$item_coins = item.coins;
    if (typeof $totals$item_coins !== "number" || $totals$item_coins >>> 0 !== $totals$item_coins)
      fail(AUDIT_REPLY_SITES$WRITTEN, 4 /* totals[*].coins: range */, p + 1, $totals$item_coins, i);
    bytes[p + 1] = $totals$item_coins >>> 24; bytes[p + 2] = $totals$item_coins >>> 16;
    bytes[p + 3] = $totals$item_coins >>> 8; bytes[p + 4] = $totals$item_coins;
  }
  bytes[at + 75] = 62; bytes[at + 76] = 62;
  return at + 77;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekAuditReplyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(AUDIT_REPLY_SITES, bytes, at, end);
  if ((end > at + 75 && bytes[at + 75] !== 62) || (end > at + 76 && bytes[at + 76] !== 62)) return -1;
  return 77;
}

export interface AuditTotal {
  /** Denomination (DN). */
  denomination: number;
  /** Coins in use. */
  coins: number;
}

const AUDIT_TOTAL_REPLY_SITES: Sites = {
  format: "raida_audit_total_reply",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 59, "8 bytes"],
    ["constant", "trailer", 65, "3e 3e"],
  ],
};
const AUDIT_TOTAL_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_audit_total_reply",
  file: "raida/status.ksy",
  sites: [
    ["argument", "", 59, "an object"],
    ["range", "coinsHigh", 63, "0 to 65535"],
    ["range", "coinsLow", 64, "0 to 4294967295"],
  ],
};
/** The answer that the protocol's own pages give. Source: seeds/raida, contradiction 33. */
export interface AuditTotalReply {
  /** Coins in use of all denominations: the upper 16 of 48 bits. */
  coinsHigh: number;
  /** The lower 32 bits. */
  coinsLow: number;
}
export const AUDIT_TOTAL_REPLY_SIZE = 8;
function readAuditTotalReply(bytes: Uint8Array, at: number, end: number): AuditTotalReply | undefined {
  if (end - at !== 8 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(AUDIT_TOTAL_REPLY_SITES, 0 /* short */, 8, bytes, at, end);
  }
  if (bytes[at + 6] !== 62 || bytes[at + 7] !== 62)
    return refuse(AUDIT_TOTAL_REPLY_SITES, 1 /* trailer: constant */, at + 6);
  return {
    coinsHigh: ((bytes[at]! << 8) | bytes[at + 1]!),
    coinsLow: uint32At(bytes, at + 2),
  };
}
/** @throws WireError when the bytes are no raida_audit_total_reply. */
export function decodeAuditTotalReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AuditTotalReply {
  return readAuditTotalReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAuditTotalReply(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<AuditTotalReply> {
  const value = readAuditTotalReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeAuditTotalReply(value: AuditTotalReply): NewBytes {
  const bytes = new Uint8Array(8);
  encodeAuditTotalReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAuditTotalReplyInto(value: AuditTotalReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(AUDIT_TOTAL_REPLY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 8 || at >>> 0 !== at) failSpace(AUDIT_TOTAL_REPLY_SITES$WRITTEN, 8, bytes, at);
  const $coinsHigh = value.coinsHigh;
  if (typeof $coinsHigh !== "number" || ($coinsHigh & 65535) !== $coinsHigh)
    fail(AUDIT_TOTAL_REPLY_SITES$WRITTEN, 1 /* coinsHigh: range */, at, $coinsHigh);
  bytes[at] = $coinsHigh >>> 8; bytes[at + 1] = $coinsHigh;
  const $coinsLow = value.coinsLow;
  if (typeof $coinsLow !== "number" || $coinsLow >>> 0 !== $coinsLow)
    fail(AUDIT_TOTAL_REPLY_SITES$WRITTEN, 2 /* coinsLow: range */, at + 2, $coinsLow);
  bytes[at + 2] = $coinsLow >>> 24; bytes[at + 3] = $coinsLow >>> 16; bytes[at + 4] = $coinsLow >>> 8;
  bytes[at + 5] = $coinsLow;
  bytes[at + 6] = 62; bytes[at + 7] = 62;
  return at + 8;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekAuditTotalReplyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(AUDIT_TOTAL_REPLY_SITES, bytes, at, end);
  if ((end > at + 6 && bytes[at + 6] !== 62) || (end > at + 7 && bytes[at + 7] !== 62)) return -1;
  return 8;
}

