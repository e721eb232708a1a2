// Generated from raida/status.ksy by `specwire gen`; do not edit. spec sha256 f53743624290496b6342d88ac312170a1befb7fdfca279848b52d7f904e082af
/** RAIDA command group 0: is the server there, and which is it. Whole plaintext bodies. An echo is answered by a header alone. */
import { type Result, type Sites, asciiBytes, crc32, fail, failSpace, failure, raise, readAscii, refuse, refuseRange } from "../../runtime.js";

const EMPTY = new Uint8Array(0);

const ECHO_REQUEST_SITES: Sites = {
  format: "raida_echo_request",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 8, "at least 18 bytes"],
    ["trailing", "", 8, ""],
    ["crc", "challengeCrc", 12, "the CRC-32 of challenge"],
    ["constant", "trailer", 14, "3e 3e"],
    ["count", "payload", 13, "at least 0 bytes"],
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
  if (end - at < 18 || end >>> 0 !== end || end > bytes.length || at >>> 0 !== at) {
    return refuseRange(ECHO_REQUEST_SITES, 0, 18, bytes, at, end);
  }
  const $challengeCrc = (((bytes[at + 12]! << 24) | (bytes[at + 13]! << 16) | (bytes[at + 14]! << 8) | bytes[at + 15]!) >>> 0);
  if (crc32(bytes, at, at + 12) !== $challengeCrc) return refuse(ECHO_REQUEST_SITES, 2, at + 12, $challengeCrc);
  const $payloadCount = end - at - 18;
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62) return refuse(ECHO_REQUEST_SITES, 3, end - 2);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    payload: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, $payloadCount),
  };
}
/** @throws WireError when the bytes are no raida_echo_request. */
export function decodeEchoRequest(bytes: Uint8Array, at = 0, end = bytes.length): EchoRequest {
  return readEchoRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEchoRequest(bytes: Uint8Array, at = 0, end = bytes.length): Result<EchoRequest> {
  const value = readEchoRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
export function echoRequestLength(value: EchoRequest): number {
  return 18 + (value.payload?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeEchoRequest(value: EchoRequest): Uint8Array {
  const bytes = new Uint8Array(echoRequestLength(value));
  encodeEchoRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEchoRequestInto(value: EchoRequest, bytes: Uint8Array, at = 0): number {
  const $payload = value.payload, $payloadCount = $payload?.length ?? -1;
  if ($payloadCount < 0) fail(ECHO_REQUEST_SITES, 4, at, $payloadCount);
  const need = 18 + $payloadCount;
  if (bytes.length - at < need || at >>> 0 !== at) failSpace(ECHO_REQUEST_SITES, need, bytes.length - at, at);
  const $challenge = value.challenge;
  if ($challenge?.length !== 12) fail(ECHO_REQUEST_SITES, 5, at, $challenge?.length);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!; bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!; bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!; bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8; bytes[at + 15] = $challengeCrc;
  bytes.set($payload, at + 16);
  const $p1 = at + 16 + $payloadCount;
  bytes[$p1] = 62; bytes[$p1 + 1] = 62;
  return at + need;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeEchoRequestIntoView(value: EchoRequest, view: DataView, at: number): number {
  const $payload = value.payload, $payloadCount = $payload?.length ?? -1;
  if ($payloadCount < 0) fail(ECHO_REQUEST_SITES, 4, at, $payloadCount);
  const need = 18 + $payloadCount;
  if (view.byteLength - at < need || at >>> 0 !== at) failSpace(ECHO_REQUEST_SITES, need, view.byteLength - at, at);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const $challenge = value.challenge;
  if ($challenge?.length !== 12) fail(ECHO_REQUEST_SITES, 5, at, $challenge?.length);
  view.setUint32(at, ($challenge[0]! << 24) | ($challenge[1]! << 16) | ($challenge[2]! << 8) | $challenge[3]!);
  view.setUint32(at + 4, ($challenge[4]! << 24) | ($challenge[5]! << 16) | ($challenge[6]! << 8) | $challenge[7]!);
  view.setUint32(at + 8, ($challenge[8]! << 24) | ($challenge[9]! << 16) | ($challenge[10]! << 8) | $challenge[11]!);
  const $challengeCrc = crc32($challenge);
  view.setUint32(at + 12, $challengeCrc);
  bytes.set($payload, at + 16);
  const $p1 = at + 16 + $payloadCount;
  view.setUint16($p1, 15934);
  return at + need;
}
function checkEchoRequest(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > bytes.length || at >>> 0 !== at) {
    return refuseRange(ECHO_REQUEST_SITES, 0, 18, bytes, at, end);
  }
  const $challengeCrc = (((bytes[at + 12]! << 24) | (bytes[at + 13]! << 16) | (bytes[at + 14]! << 8) | bytes[at + 15]!) >>> 0);
  if (crc32(bytes, at, at + 12) !== $challengeCrc) return refuse(ECHO_REQUEST_SITES, 2, at + 12, $challengeCrc);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62) return refuse(ECHO_REQUEST_SITES, 3, end - 2);
  return true;
}
/** Reads the fields of one raida_echo_request where they lie. Reusable; holds the bytes it was given. */
export class EchoRequestReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end = bytes.length): this {
    if (checkEchoRequest(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end = bytes.length): Result<EchoRequestReader> {
    if (checkEchoRequest(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Random bytes (CH). */
  get challenge(): Uint8Array { return this.$bytes.subarray(this.$at, this.$at + 12); }
  /** Where they begin in the bytes. */
  get startOfPayload(): number { return this.$at + 16; }
  get payload(): Uint8Array { return this.$bytes.subarray(this.startOfPayload, this.startOfPayload + (this.$end - (this.$at + 18))); }
}

const VERSION_REQUEST_SITES: Sites = {
  format: "raida_version_request",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 15, "at least 18 bytes"],
    ["trailing", "", 15, ""],
    ["crc", "challengeCrc", 19, "the CRC-32 of challenge"],
    ["constant", "trailer", 21, "3e 3e"],
    ["count", "payload", 20, "at least 0 bytes"],
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
  if (end - at < 18 || end >>> 0 !== end || end > bytes.length || at >>> 0 !== at) {
    return refuseRange(VERSION_REQUEST_SITES, 0, 18, bytes, at, end);
  }
  const $challengeCrc = (((bytes[at + 12]! << 24) | (bytes[at + 13]! << 16) | (bytes[at + 14]! << 8) | bytes[at + 15]!) >>> 0);
  if (crc32(bytes, at, at + 12) !== $challengeCrc) return refuse(VERSION_REQUEST_SITES, 2, at + 12, $challengeCrc);
  const $payloadCount = end - at - 18;
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62) return refuse(VERSION_REQUEST_SITES, 3, end - 2);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    payload: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, $payloadCount),
  };
}
/** @throws WireError when the bytes are no raida_version_request. */
export function decodeVersionRequest(bytes: Uint8Array, at = 0, end = bytes.length): VersionRequest {
  return readVersionRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeVersionRequest(bytes: Uint8Array, at = 0, end = bytes.length): Result<VersionRequest> {
  const value = readVersionRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
export function versionRequestLength(value: VersionRequest): number {
  return 18 + (value.payload?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeVersionRequest(value: VersionRequest): Uint8Array {
  const bytes = new Uint8Array(versionRequestLength(value));
  encodeVersionRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeVersionRequestInto(value: VersionRequest, bytes: Uint8Array, at = 0): number {
  const $payload = value.payload, $payloadCount = $payload?.length ?? -1;
  if ($payloadCount < 0) fail(VERSION_REQUEST_SITES, 4, at, $payloadCount);
  const need = 18 + $payloadCount;
  if (bytes.length - at < need || at >>> 0 !== at) failSpace(VERSION_REQUEST_SITES, need, bytes.length - at, at);
  const $challenge = value.challenge;
  if ($challenge?.length !== 12) fail(VERSION_REQUEST_SITES, 5, at, $challenge?.length);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!; bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!; bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!; bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8; bytes[at + 15] = $challengeCrc;
  bytes.set($payload, at + 16);
  const $p1 = at + 16 + $payloadCount;
  bytes[$p1] = 62; bytes[$p1 + 1] = 62;
  return at + need;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeVersionRequestIntoView(value: VersionRequest, view: DataView, at: number): number {
  const $payload = value.payload, $payloadCount = $payload?.length ?? -1;
  if ($payloadCount < 0) fail(VERSION_REQUEST_SITES, 4, at, $payloadCount);
  const need = 18 + $payloadCount;
  if (view.byteLength - at < need || at >>> 0 !== at) failSpace(VERSION_REQUEST_SITES, need, view.byteLength - at, at);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const $challenge = value.challenge;
  if ($challenge?.length !== 12) fail(VERSION_REQUEST_SITES, 5, at, $challenge?.length);
  view.setUint32(at, ($challenge[0]! << 24) | ($challenge[1]! << 16) | ($challenge[2]! << 8) | $challenge[3]!);
  view.setUint32(at + 4, ($challenge[4]! << 24) | ($challenge[5]! << 16) | ($challenge[6]! << 8) | $challenge[7]!);
  view.setUint32(at + 8, ($challenge[8]! << 24) | ($challenge[9]! << 16) | ($challenge[10]! << 8) | $challenge[11]!);
  const $challengeCrc = crc32($challenge);
  view.setUint32(at + 12, $challengeCrc);
  bytes.set($payload, at + 16);
  const $p1 = at + 16 + $payloadCount;
  view.setUint16($p1, 15934);
  return at + need;
}
function checkVersionRequest(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > bytes.length || at >>> 0 !== at) {
    return refuseRange(VERSION_REQUEST_SITES, 0, 18, bytes, at, end);
  }
  const $challengeCrc = (((bytes[at + 12]! << 24) | (bytes[at + 13]! << 16) | (bytes[at + 14]! << 8) | bytes[at + 15]!) >>> 0);
  if (crc32(bytes, at, at + 12) !== $challengeCrc) return refuse(VERSION_REQUEST_SITES, 2, at + 12, $challengeCrc);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62) return refuse(VERSION_REQUEST_SITES, 3, end - 2);
  return true;
}
/** Reads the fields of one raida_version_request where they lie. Reusable; holds the bytes it was given. */
export class VersionRequestReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end = bytes.length): this {
    if (checkVersionRequest(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end = bytes.length): Result<VersionRequestReader> {
    if (checkVersionRequest(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Random bytes (CH). */
  get challenge(): Uint8Array { return this.$bytes.subarray(this.$at, this.$at + 12); }
  /** Where they begin in the bytes. */
  get startOfPayload(): number { return this.$at + 16; }
  get payload(): Uint8Array { return this.$bytes.subarray(this.startOfPayload, this.startOfPayload + (this.$end - (this.$at + 18))); }
}

const VERSION_REPLY_SITES: Sites = {
  format: "raida_version_reply",
  file: "raida/status.ksy",
  sites: [
    ["short", "", 22, "10 bytes"],
    ["trailing", "", 22, ""],
    ["text", "version", 25, "ascii"],
    ["constant", "trailer", 26, "3e 3e"],
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
  if (end - at !== 10 || end > bytes.length || at >>> 0 !== at) {
    return refuseRange(VERSION_REPLY_SITES, 0, 10, bytes, at, end);
  }
  const $version = readAscii(bytes, at, at + 8);
  if ($version === undefined) return refuse(VERSION_REPLY_SITES, 2, at);
  if (bytes[at + 8] !== 62 || bytes[at + 9] !== 62) return refuse(VERSION_REPLY_SITES, 3, at + 8);
  return {
    version: $version,
  };
}
/** @throws WireError when the bytes are no raida_version_reply. */
export function decodeVersionReply(bytes: Uint8Array, at = 0, end = bytes.length): VersionReply {
  return readVersionReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeVersionReply(bytes: Uint8Array, at = 0, end = bytes.length): Result<VersionReply> {
  const value = readVersionReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
export function versionReplyLength(_value: VersionReply): number {
  return 10;
}
/** @throws WireError when the value does not fit the format. */
export function encodeVersionReply(value: VersionReply): Uint8Array {
  const bytes = new Uint8Array(10);
  encodeVersionReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeVersionReplyInto(value: VersionReply, bytes: Uint8Array, at = 0): number {
  if (bytes.length - at < 10 || at >>> 0 !== at) failSpace(VERSION_REPLY_SITES, 10, bytes.length - at, at);
  const $version = asciiBytes(value.version);
  if ($version?.length !== 8) fail(VERSION_REPLY_SITES, 4, at, $version?.length);
  bytes[at] = $version[0]!; bytes[at + 1] = $version[1]!; bytes[at + 2] = $version[2]!; bytes[at + 3] = $version[3]!; bytes[at + 4] = $version[4]!; bytes[at + 5] = $version[5]!; bytes[at + 6] = $version[6]!; bytes[at + 7] = $version[7]!;
  bytes[at + 8] = 62; bytes[at + 9] = 62;
  return at + 10;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeVersionReplyIntoView(value: VersionReply, view: DataView, at: number): number {
  if (view.byteLength - at < 10 || at >>> 0 !== at) failSpace(VERSION_REPLY_SITES, 10, view.byteLength - at, at);
  const $version = asciiBytes(value.version);
  if ($version?.length !== 8) fail(VERSION_REPLY_SITES, 4, at, $version?.length);
  view.setUint32(at, ($version[0]! << 24) | ($version[1]! << 16) | ($version[2]! << 8) | $version[3]!);
  view.setUint32(at + 4, ($version[4]! << 24) | ($version[5]! << 16) | ($version[6]! << 8) | $version[7]!);
  view.setUint16(at + 8, 15934);
  return at + 10;
}
/** How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value starts so. */
export function peekVersionReplyLength(_bytes: Uint8Array, _at: number, _end: number): number { return 10; }
function checkVersionReply(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at !== 10 || end > bytes.length || at >>> 0 !== at) {
    return refuseRange(VERSION_REPLY_SITES, 0, 10, bytes, at, end);
  }
  const $version = readAscii(bytes, at, at + 8);
  if ($version === undefined) return refuse(VERSION_REPLY_SITES, 2, at);
  if (bytes[at + 8] !== 62 || bytes[at + 9] !== 62) return refuse(VERSION_REPLY_SITES, 3, at + 8);
  return true;
}
/** Reads the fields of one raida_version_reply where they lie. Reusable; holds the bytes it was given. */
export class VersionReplyReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end = bytes.length): this {
    if (checkVersionReply(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end = bytes.length): Result<VersionReplyReader> {
    if (checkVersionReply(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Release of the server as eight digits, year first. */
  get version(): string { return readAscii(this.$bytes, this.$at, this.$at + 8)!; }
}

