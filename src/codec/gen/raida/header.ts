// Generated from raida/header.ksy by `specwire gen`; do not edit. spec sha256 1b57e433da27f6759600b9ed05d3bbe558b97a2f5c2a476b173942e52c6236d6
/**
 * RAIDA request and response headers. Byte 16 of a request, the encryption type, decides the length of its header and
 * of the header of the answer: 32 bytes for the types 0, 1 and 2, 48 bytes for every other value, known or not. A
 * server answers a bad header with a status, in an order of its own; see seeds/raida/README.md.
 */
import { type NewBytes, type Result, type Sites, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuse, refuseRange, uint32At } from "../../index.js";
import type { CommandGroup, EncryptionType, Status } from "./codes.js";

const EMPTY = new Uint8Array(0);

const REQUEST_HEADER_LEGACY_SITES: Sites = {
  format: "raida_request_header_legacy",
  file: "raida/header.ksy",
  sites: [
    ["short", "", 38, "32 bytes"],
    ["constant", "version", 16, "1"],
    ["constant", "splitId", 17, "0"],
    ["range", "raidaId", 18, "0 to 24"],
    ["range", "shardId", 19, "0 to 3"],
    ["kind", "encryptionType", 29, "one of 0, 1, 2"],
  ],
};
const REQUEST_HEADER_LEGACY_SITES$WRITTEN: Sites = {
  format: "raida_request_header_legacy",
  file: "raida/header.ksy",
  sites: [
    ["argument", "", 38, "an object"],
    ["range", "raidaId", 18, "0 to 24"],
    ["range", "shardId", 19, "0 to 3"],
    ["range", "commandGroup", 20, "0 to 255"],
    ["range", "command", 21, "0 to 255"],
    ["range", "coinId", 22, "0 to 65535"],
    ["range", "presentationVersion", 23, "0 to 255"],
    ["range", "application", 24, "0 to 65535"],
    ["range", "compression", 25, "0 to 255"],
    ["range", "translation", 26, "0 to 255"],
    ["range", "aiTranslation", 27, "0 to 255"],
    ["range", "reserved", 28, "0 to 65535"],
    ["range", "encryptionType", 29, "0 to 255"],
    ["kind", "encryptionType", 29, "one of 0, 1, 2"],
    ["range", "denomination", 41, "-128 to 127"],
    ["range", "serial", 42, "0 to 4294967295"],
    ["range", "bodyLength", 43, "0 to 65535"],
    ["length", "nonce", 44, "8 bytes"],
  ],
};
const REQUEST_HEADER_MODERN_SITES: Sites = {
  format: "raida_request_header_modern",
  file: "raida/header.ksy",
  sites: [
    ["short", "", 45, "48 bytes"],
    ["constant", "version", 16, "1"],
    ["constant", "splitId", 17, "0"],
    ["range", "raidaId", 18, "0 to 24"],
    ["range", "shardId", 19, "0 to 3"],
    ["kind", "encryptionType", 29, "none of 0, 1, 2"],
  ],
};
const REQUEST_HEADER_MODERN_SITES$WRITTEN: Sites = {
  format: "raida_request_header_modern",
  file: "raida/header.ksy",
  sites: [
    ["argument", "", 45, "an object"],
    ["range", "raidaId", 18, "0 to 24"],
    ["range", "shardId", 19, "0 to 3"],
    ["range", "commandGroup", 20, "0 to 255"],
    ["range", "command", 21, "0 to 255"],
    ["range", "coinId", 22, "0 to 65535"],
    ["range", "presentationVersion", 23, "0 to 255"],
    ["range", "application", 24, "0 to 65535"],
    ["range", "compression", 25, "0 to 255"],
    ["range", "translation", 26, "0 to 255"],
    ["range", "aiTranslation", 27, "0 to 255"],
    ["range", "reserved", 28, "0 to 65535"],
    ["range", "encryptionType", 29, "0 to 255"],
    ["kind", "encryptionType", 29, "none of 0, 1, 2"],
    ["range", "bodyLength", 48, "0 to 65535"],
    ["range", "denomination", 49, "-128 to 127"],
    ["range", "serial", 50, "0 to 4294967295"],
    ["length", "nonce", 51, "24 bytes"],
  ],
};
const REQUEST_HEADER_SITES: Sites = {
  format: "raida_request_header",
  file: "raida/header.ksy",
  sites: [
    ["short", "encryptionType", 29, "at least 17 bytes"],
    ["kind", "encryptionType", 29, "one of legacy, modern"],
  ],
};
const REQUEST_HEADER_SITES$WRITTEN: Sites = {
  format: "raida_request_header",
  file: "raida/header.ksy",
  sites: [
    ["kind", "encryptionType", 29, "one of legacy, modern"],
  ],
};
/** Source: seeds/raida, request header. */
export interface RequestHeaderLegacy {
  kind: "legacy";
  /** The server that is meant (RI). */
  raidaId: number;
  /** Shard (SH). */
  shardId: number;
  /** Command group (CG). */
  commandGroup: CommandGroup | (number & {});
  /** Command within its group (CM). */
  command: number;
  /** Kind of coin (ID); CloudCoin is 6. */
  coinId: number;
  /** Presentation part (VR); servers ignore it. */
  presentationVersion: number;
  /** Application (AP). */
  application: number;
  /** Compression (CP). */
  compression: number;
  /** Translation (TR). */
  translation: number;
  /** AI translation (AI). */
  aiTranslation: number;
  /** Reserved (RE). */
  reserved: number;
  /** Encryption type (EN). */
  encryptionType: 0 | 1 | 2;
  /** Coin whose AN is the key (type 1), or byte 0 of a locker key (type 2). */
  denomination: number;
  /** Serial of that coin (type 1), or bytes 1 to 4 of a locker key (type 2). */
  serial: number;
  /** Bytes that follow the header (BL). */
  bodyLength: number;
  /** Nonce (NO); its last two bytes are the echo (EC), which the response repeats. */
  nonce: Uint8Array;
}
export const REQUEST_HEADER_LEGACY_SIZE = 32;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const REQUEST_HEADER_LEGACY_DEFAULTS = { kind: "legacy", shardId: 0, coinId: 6, presentationVersion: 0,
    application: 0, compression: 0, translation: 0, aiTranslation: 0, reserved: 0, encryptionType: 0, denomination: 0,
    serial: 0 } as const;
function readRequestHeaderLegacy(bytes: Uint8Array, at: number, end: number): RequestHeaderLegacy | undefined {
  if (checkRequestHeaderLegacy(bytes, at, end) === undefined) return undefined;
  return {
    kind: "legacy",
    raidaId: bytes[at + 2]!,
    shardId: bytes[at + 3]!,
    commandGroup: bytes[at + 4]!,
    command: bytes[at + 5]!,
    coinId: ((bytes[at + 6]! << 8) | bytes[at + 7]!),
    presentationVersion: bytes[at + 8]!,
    application: ((bytes[at + 9]! << 8) | bytes[at + 10]!),
    compression: bytes[at + 11]!,
    translation: bytes[at + 12]!,
    aiTranslation: bytes[at + 13]!,
    reserved: ((bytes[at + 14]! << 8) | bytes[at + 15]!),
    encryptionType: bytes[at + 16]! as 0 | 1 | 2,
    denomination: ((bytes[at + 17]! << 24) >> 24),
    serial: uint32At(bytes, at + 18),
    bodyLength: ((bytes[at + 22]! << 8) | bytes[at + 23]!),
    nonce: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 24, 8),
  };
}
/** @throws WireError when the bytes are no raida_request_header_legacy. */
export function decodeRequestHeaderLegacy(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): RequestHeaderLegacy {
  return readRequestHeaderLegacy(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeRequestHeaderLegacy(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<RequestHeaderLegacy> {
  const value = readRequestHeaderLegacy(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function requestHeaderLegacyLength(_value: RequestHeaderLegacy): number {
  return 32;
}
/** @throws WireError when the value does not fit the format. */
export function encodeRequestHeaderLegacy(value: RequestHeaderLegacy): NewBytes {
  const bytes = new Uint8Array(32);
  encodeRequestHeaderLegacyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeRequestHeaderLegacyInto(value: RequestHeaderLegacy, bytes: Uint8Array, at = 0): number {
  if (!value) fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 32 || at >>> 0 !== at) failSpace(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 32, bytes, at);
  const $version = 1;
  bytes[at] = $version;
  const $splitId = 0;
  bytes[at + 1] = $splitId;
  const $raidaId = value.raidaId;
  if (typeof $raidaId !== "number" || ($raidaId & 255) !== $raidaId || $raidaId > 24)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 1 /* raidaId: range */, at + 2, $raidaId);
  bytes[at + 2] = $raidaId;
  const $shardId = value.shardId;
  if (typeof $shardId !== "number" || ($shardId & 255) !== $shardId || $shardId > 3)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 2 /* shardId: range */, at + 3, $shardId);
  bytes[at + 3] = $shardId;
  const $commandGroup = value.commandGroup;
  if (typeof $commandGroup !== "number" || ($commandGroup & 255) !== $commandGroup)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 3 /* commandGroup: range */, at + 4, $commandGroup);
  bytes[at + 4] = $commandGroup;
  const $command = value.command;
  if (typeof $command !== "number" || ($command & 255) !== $command)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 4 /* command: range */, at + 5, $command);
  bytes[at + 5] = $command;
  const $coinId = value.coinId;
  if (typeof $coinId !== "number" || ($coinId & 65535) !== $coinId)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 5 /* coinId: range */, at + 6, $coinId);
  bytes[at + 6] = $coinId >>> 8; bytes[at + 7] = $coinId;
  const $presentationVersion = value.presentationVersion;
  if (typeof $presentationVersion !== "number" || ($presentationVersion & 255) !== $presentationVersion)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 6 /* presentationVersion: range */, at + 8, $presentationVersion);
  bytes[at + 8] = $presentationVersion;
  const $application = value.application;
  if (typeof $application !== "number" || ($application & 65535) !== $application)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 7 /* application: range */, at + 9, $application);
  bytes[at + 9] = $application >>> 8; bytes[at + 10] = $application;
  const $compression = value.compression;
  if (typeof $compression !== "number" || ($compression & 255) !== $compression)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 8 /* compression: range */, at + 11, $compression);
  bytes[at + 11] = $compression;
  const $translation = value.translation;
  if (typeof $translation !== "number" || ($translation & 255) !== $translation)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 9 /* translation: range */, at + 12, $translation);
  bytes[at + 12] = $translation;
  const $aiTranslation = value.aiTranslation;
  if (typeof $aiTranslation !== "number" || ($aiTranslation & 255) !== $aiTranslation)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 10 /* aiTranslation: range */, at + 13, $aiTranslation);
  bytes[at + 13] = $aiTranslation;
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 65535) !== $reserved)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 11 /* reserved: range */, at + 14, $reserved);
  bytes[at + 14] = $reserved >>> 8; bytes[at + 15] = $reserved;
  const $encryptionType = value.encryptionType;
  if (typeof $encryptionType !== "number" || ($encryptionType & 255) !== $encryptionType)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 12 /* encryptionType: range */, at + 16, $encryptionType);
  if (($encryptionType < 0 || $encryptionType > 2))
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 13 /* encryptionType: kind */, at + 16, $encryptionType);
  bytes[at + 16] = $encryptionType;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 14 /* denomination: range */, at + 17, $denomination);
  bytes[at + 17] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 15 /* serial: range */, at + 18, $serial);
  bytes[at + 18] = $serial >>> 24; bytes[at + 19] = $serial >>> 16; bytes[at + 20] = $serial >>> 8;
  bytes[at + 21] = $serial;
  const $bodyLength = value.bodyLength;
  if (typeof $bodyLength !== "number" || ($bodyLength & 65535) !== $bodyLength)
    fail(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 16 /* bodyLength: range */, at + 22, $bodyLength);
  bytes[at + 22] = $bodyLength >>> 8; bytes[at + 23] = $bodyLength;
  const $nonce = value.nonce;
  if (lengthOf($nonce) !== 8) failBytes(REQUEST_HEADER_LEGACY_SITES$WRITTEN, 17 /* nonce: length */, at + 24, $nonce);
  bytes[at + 24] = $nonce[0]!; bytes[at + 25] = $nonce[1]!; bytes[at + 26] = $nonce[2]!; bytes[at + 27] = $nonce[3]!;
  bytes[at + 28] = $nonce[4]!; bytes[at + 29] = $nonce[5]!; bytes[at + 30] = $nonce[6]!; bytes[at + 31] = $nonce[7]!;
  return at + 32;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekRequestHeaderLegacyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(REQUEST_HEADER_LEGACY_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $version = bytes[at]!;
    if ($version !== 1) return -1;
  }
  if (end - at >= 2) {
    const $splitId = bytes[at + 1]!;
    if ($splitId !== 0) return -1;
  }
  if (end - at >= 3) {
    const $raidaId = bytes[at + 2]!;
    if ($raidaId > 24) return -1;
  }
  if (end - at >= 4) {
    const $shardId = bytes[at + 3]!;
    if ($shardId > 3) return -1;
  }
  if (end - at >= 17) {
    const $encryptionType = bytes[at + 16]!;
    if (($encryptionType < 0 || $encryptionType > 2)) return -1;
  }
  return 32;
}
/** Reads the fields of one raida_request_header_legacy where they lie. Reusable; holds the bytes it was given. */
export class RequestHeaderLegacyReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): this {
    if (checkRequestHeaderLegacy(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<RequestHeaderLegacyReader> {
    if (checkRequestHeaderLegacy(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** The server that is meant (RI). */
  get raidaId(): number { const bytes = this.$bytes; return bytes[this.$at + 2]!; }
  /** Shard (SH). */
  get shardId(): number { const bytes = this.$bytes; return bytes[this.$at + 3]!; }
  /** Command group (CG). */
  get commandGroup(): CommandGroup | (number & {}) { const bytes = this.$bytes; return bytes[this.$at + 4]!; }
  /** Command within its group (CM). */
  get command(): number { const bytes = this.$bytes; return bytes[this.$at + 5]!; }
  /** Kind of coin (ID); CloudCoin is 6. */
  get coinId(): number { const bytes = this.$bytes; return ((bytes[this.$at + 6]! << 8) | bytes[this.$at + 7]!); }
  /** Presentation part (VR); servers ignore it. */
  get presentationVersion(): number { const bytes = this.$bytes; return bytes[this.$at + 8]!; }
  /** Application (AP). */
  get application(): number { const bytes = this.$bytes; return ((bytes[this.$at + 9]! << 8) | bytes[this.$at + 10]!); }
  /** Compression (CP). */
  get compression(): number { const bytes = this.$bytes; return bytes[this.$at + 11]!; }
  /** Translation (TR). */
  get translation(): number { const bytes = this.$bytes; return bytes[this.$at + 12]!; }
  /** AI translation (AI). */
  get aiTranslation(): number { const bytes = this.$bytes; return bytes[this.$at + 13]!; }
  /** Reserved (RE). */
  get reserved(): number { const bytes = this.$bytes; return ((bytes[this.$at + 14]! << 8) | bytes[this.$at + 15]!); }
  /** Encryption type (EN). */
  get encryptionType(): 0 | 1 | 2 { const bytes = this.$bytes; return bytes[this.$at + 16]! as 0 | 1 | 2; }
  /** Coin whose AN is the key (type 1), or byte 0 of a locker key (type 2). */
  get denomination(): number { const bytes = this.$bytes; return ((bytes[this.$at + 17]! << 24) >> 24); }
  /** Serial of that coin (type 1), or bytes 1 to 4 of a locker key (type 2). */
  get serial(): number { const bytes = this.$bytes; return uint32At(bytes, this.$at + 18); }
  /** Bytes that follow the header (BL). */
  get bodyLength(): number { const bytes = this.$bytes; return ((bytes[this.$at + 22]! << 8) | bytes[this.$at + 23]!); }
  /** Nonce (NO); its last two bytes are the echo (EC), which the response repeats. */
  get nonce(): Uint8Array { return this.$bytes.subarray(this.$at + 24, this.$at + 32); }
}
function checkRequestHeaderLegacy(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at !== 32 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(REQUEST_HEADER_LEGACY_SITES, 0 /* short */, 32, bytes, at, end);
  }
  const $version = bytes[at]!;
  if ($version !== 1) return refuse(REQUEST_HEADER_LEGACY_SITES, 1 /* version: constant */, at, $version);
  const $splitId = bytes[at + 1]!;
  if ($splitId !== 0) return refuse(REQUEST_HEADER_LEGACY_SITES, 2 /* splitId: constant */, at + 1, $splitId);
  const $raidaId = bytes[at + 2]!;
  if ($raidaId > 24) return refuse(REQUEST_HEADER_LEGACY_SITES, 3 /* raidaId: range */, at + 2, $raidaId);
  const $shardId = bytes[at + 3]!;
  if ($shardId > 3) return refuse(REQUEST_HEADER_LEGACY_SITES, 4 /* shardId: range */, at + 3, $shardId);
  const $encryptionType = bytes[at + 16]!;
  if (($encryptionType < 0 || $encryptionType > 2))
    return refuse(REQUEST_HEADER_LEGACY_SITES, 5 /* encryptionType: kind */, at + 16, $encryptionType);
  return true;
}
/** Source: seeds/raida, request header. */
export interface RequestHeaderModern {
  kind: "modern";
  /** The server that is meant (RI). */
  raidaId: number;
  /** Shard (SH). */
  shardId: number;
  /** Command group (CG). */
  commandGroup: CommandGroup | (number & {});
  /** Command within its group (CM). */
  command: number;
  /** Kind of coin (ID); CloudCoin is 6. */
  coinId: number;
  /** Presentation part (VR); servers ignore it. */
  presentationVersion: number;
  /** Application (AP). */
  application: number;
  /** Compression (CP). */
  compression: number;
  /** Translation (TR). */
  translation: number;
  /** AI translation (AI). */
  aiTranslation: number;
  /** Reserved (RE). */
  reserved: number;
  /** Encryption type (EN). */
  encryptionType: EncryptionType | (number & {});
  /** Bytes that follow the header (BL). */
  bodyLength: number;
  /** First coin whose AN makes the key. */
  denomination: number;
  /** Serial of the first coin. */
  serial: number;
  /**
   * Bytes 0 to 15 are the initial counter block; with type 5, bytes 0 to 4 are the second coin; bytes 22 and 23 are
   * repeated in the response.
   */
  nonce: Uint8Array;
}
export const REQUEST_HEADER_MODERN_SIZE = 48;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const REQUEST_HEADER_MODERN_DEFAULTS = { kind: "modern", shardId: 0, coinId: 6, presentationVersion: 0,
    application: 0, compression: 0, translation: 0, aiTranslation: 0, reserved: 0, denomination: 0,
    serial: 0 } as const;
function readRequestHeaderModern(bytes: Uint8Array, at: number, end: number): RequestHeaderModern | undefined {
  if (checkRequestHeaderModern(bytes, at, end) === undefined) return undefined;
  return {
    kind: "modern",
    raidaId: bytes[at + 2]!,
    shardId: bytes[at + 3]!,
    commandGroup: bytes[at + 4]!,
    command: bytes[at + 5]!,
    coinId: ((bytes[at + 6]! << 8) | bytes[at + 7]!),
    presentationVersion: bytes[at + 8]!,
    application: ((bytes[at + 9]! << 8) | bytes[at + 10]!),
    compression: bytes[at + 11]!,
    translation: bytes[at + 12]!,
    aiTranslation: bytes[at + 13]!,
    reserved: ((bytes[at + 14]! << 8) | bytes[at + 15]!),
    encryptionType: bytes[at + 16]!,
    bodyLength: ((bytes[at + 17]! << 8) | bytes[at + 18]!),
    denomination: ((bytes[at + 19]! << 24) >> 24),
    serial: uint32At(bytes, at + 20),
    nonce: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 24, 24),
  };
}
/** @throws WireError when the bytes are no raida_request_header_modern. */
export function decodeRequestHeaderModern(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): RequestHeaderModern {
  return readRequestHeaderModern(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeRequestHeaderModern(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<RequestHeaderModern> {
  const value = readRequestHeaderModern(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function requestHeaderModernLength(_value: RequestHeaderModern): number {
  return 48;
}
/** @throws WireError when the value does not fit the format. */
export function encodeRequestHeaderModern(value: RequestHeaderModern): NewBytes {
  const bytes = new Uint8Array(48);
  encodeRequestHeaderModernInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeRequestHeaderModernInto(value: RequestHeaderModern, bytes: Uint8Array, at = 0): number {
  if (!value) fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 48 || at >>> 0 !== at) failSpace(REQUEST_HEADER_MODERN_SITES$WRITTEN, 48, bytes, at);
  const $version = 1;
  bytes[at] = $version;
  const $splitId = 0;
  bytes[at + 1] = $splitId;
  const $raidaId = value.raidaId;
  if (typeof $raidaId !== "number" || ($raidaId & 255) !== $raidaId || $raidaId > 24)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 1 /* raidaId: range */, at + 2, $raidaId);
  bytes[at + 2] = $raidaId;
  const $shardId = value.shardId;
  if (typeof $shardId !== "number" || ($shardId & 255) !== $shardId || $shardId > 3)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 2 /* shardId: range */, at + 3, $shardId);
  bytes[at + 3] = $shardId;
  const $commandGroup = value.commandGroup;
  if (typeof $commandGroup !== "number" || ($commandGroup & 255) !== $commandGroup)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 3 /* commandGroup: range */, at + 4, $commandGroup);
  bytes[at + 4] = $commandGroup;
  const $command = value.command;
  if (typeof $command !== "number" || ($command & 255) !== $command)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 4 /* command: range */, at + 5, $command);
  bytes[at + 5] = $command;
  const $coinId = value.coinId;
  if (typeof $coinId !== "number" || ($coinId & 65535) !== $coinId)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 5 /* coinId: range */, at + 6, $coinId);
  bytes[at + 6] = $coinId >>> 8; bytes[at + 7] = $coinId;
  const $presentationVersion = value.presentationVersion;
  if (typeof $presentationVersion !== "number" || ($presentationVersion & 255) !== $presentationVersion)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 6 /* presentationVersion: range */, at + 8, $presentationVersion);
  bytes[at + 8] = $presentationVersion;
  const $application = value.application;
  if (typeof $application !== "number" || ($application & 65535) !== $application)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 7 /* application: range */, at + 9, $application);
  bytes[at + 9] = $application >>> 8; bytes[at + 10] = $application;
  const $compression = value.compression;
  if (typeof $compression !== "number" || ($compression & 255) !== $compression)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 8 /* compression: range */, at + 11, $compression);
  bytes[at + 11] = $compression;
  const $translation = value.translation;
  if (typeof $translation !== "number" || ($translation & 255) !== $translation)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 9 /* translation: range */, at + 12, $translation);
  bytes[at + 12] = $translation;
  const $aiTranslation = value.aiTranslation;
  if (typeof $aiTranslation !== "number" || ($aiTranslation & 255) !== $aiTranslation)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 10 /* aiTranslation: range */, at + 13, $aiTranslation);
  bytes[at + 13] = $aiTranslation;
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 65535) !== $reserved)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 11 /* reserved: range */, at + 14, $reserved);
  bytes[at + 14] = $reserved >>> 8; bytes[at + 15] = $reserved;
  const $encryptionType = value.encryptionType;
  if (typeof $encryptionType !== "number" || ($encryptionType & 255) !== $encryptionType)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 12 /* encryptionType: range */, at + 16, $encryptionType);
  if (!(($encryptionType < 0 || $encryptionType > 2)))
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 13 /* encryptionType: kind */, at + 16, $encryptionType);
  bytes[at + 16] = $encryptionType;
  const $bodyLength = value.bodyLength;
  if (typeof $bodyLength !== "number" || ($bodyLength & 65535) !== $bodyLength)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 14 /* bodyLength: range */, at + 17, $bodyLength);
  bytes[at + 17] = $bodyLength >>> 8; bytes[at + 18] = $bodyLength;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 15 /* denomination: range */, at + 19, $denomination);
  bytes[at + 19] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(REQUEST_HEADER_MODERN_SITES$WRITTEN, 16 /* serial: range */, at + 20, $serial);
  bytes[at + 20] = $serial >>> 24; bytes[at + 21] = $serial >>> 16; bytes[at + 22] = $serial >>> 8;
  bytes[at + 23] = $serial;
  const $nonce = value.nonce;
  if (lengthOf($nonce) !== 24) failBytes(REQUEST_HEADER_MODERN_SITES$WRITTEN, 17 /* nonce: length */, at + 24, $nonce);
  bytes.set($nonce, at + 24);
  return at + 48;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekRequestHeaderModernLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(REQUEST_HEADER_MODERN_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $version = bytes[at]!;
    if ($version !== 1) return -1;
  }
  if (end - at >= 2) {
    const $splitId = bytes[at + 1]!;
    if ($splitId !== 0) return -1;
  }
  if (end - at >= 3) {
    const $raidaId = bytes[at + 2]!;
    if ($raidaId > 24) return -1;
  }
  if (end - at >= 4) {
    const $shardId = bytes[at + 3]!;
    if ($shardId > 3) return -1;
  }
  if (end - at >= 17) {
    const $encryptionType = bytes[at + 16]!;
    if (!(($encryptionType < 0 || $encryptionType > 2))) return -1;
  }
  return 48;
}
/** Reads the fields of one raida_request_header_modern where they lie. Reusable; holds the bytes it was given. */
export class RequestHeaderModernReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): this {
    if (checkRequestHeaderModern(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<RequestHeaderModernReader> {
    if (checkRequestHeaderModern(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** The server that is meant (RI). */
  get raidaId(): number { const bytes = this.$bytes; return bytes[this.$at + 2]!; }
  /** Shard (SH). */
  get shardId(): number { const bytes = this.$bytes; return bytes[this.$at + 3]!; }
  /** Command group (CG). */
  get commandGroup(): CommandGroup | (number & {}) { const bytes = this.$bytes; return bytes[this.$at + 4]!; }
  /** Command within its group (CM). */
  get command(): number { const bytes = this.$bytes; return bytes[this.$at + 5]!; }
  /** Kind of coin (ID); CloudCoin is 6. */
  get coinId(): number { const bytes = this.$bytes; return ((bytes[this.$at + 6]! << 8) | bytes[this.$at + 7]!); }
  /** Presentation part (VR); servers ignore it. */
  get presentationVersion(): number { const bytes = this.$bytes; return bytes[this.$at + 8]!; }
  /** Application (AP). */
  get application(): number { const bytes = this.$bytes; return ((bytes[this.$at + 9]! << 8) | bytes[this.$at + 10]!); }
  /** Compression (CP). */
  get compression(): number { const bytes = this.$bytes; return bytes[this.$at + 11]!; }
  /** Translation (TR). */
  get translation(): number { const bytes = this.$bytes; return bytes[this.$at + 12]!; }
  /** AI translation (AI). */
  get aiTranslation(): number { const bytes = this.$bytes; return bytes[this.$at + 13]!; }
  /** Reserved (RE). */
  get reserved(): number { const bytes = this.$bytes; return ((bytes[this.$at + 14]! << 8) | bytes[this.$at + 15]!); }
  /** Encryption type (EN). */
  get encryptionType(): EncryptionType | (number & {}) { const bytes = this.$bytes; return bytes[this.$at + 16]!; }
  /** Bytes that follow the header (BL). */
  get bodyLength(): number { const bytes = this.$bytes; return ((bytes[this.$at + 17]! << 8) | bytes[this.$at + 18]!); }
  /** First coin whose AN makes the key. */
  get denomination(): number { const bytes = this.$bytes; return ((bytes[this.$at + 19]! << 24) >> 24); }
  /** Serial of the first coin. */
  get serial(): number { const bytes = this.$bytes; return uint32At(bytes, this.$at + 20); }
  /**
   * Bytes 0 to 15 are the initial counter block; with type 5, bytes 0 to 4 are the second coin; bytes 22 and 23 are
   * repeated in the response.
   */
  get nonce(): Uint8Array { return this.$bytes.subarray(this.$at + 24, this.$at + 48); }
}
function checkRequestHeaderModern(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at !== 48 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(REQUEST_HEADER_MODERN_SITES, 0 /* short */, 48, bytes, at, end);
  }
  const $version = bytes[at]!;
  if ($version !== 1) return refuse(REQUEST_HEADER_MODERN_SITES, 1 /* version: constant */, at, $version);
  const $splitId = bytes[at + 1]!;
  if ($splitId !== 0) return refuse(REQUEST_HEADER_MODERN_SITES, 2 /* splitId: constant */, at + 1, $splitId);
  const $raidaId = bytes[at + 2]!;
  if ($raidaId > 24) return refuse(REQUEST_HEADER_MODERN_SITES, 3 /* raidaId: range */, at + 2, $raidaId);
  const $shardId = bytes[at + 3]!;
  if ($shardId > 3) return refuse(REQUEST_HEADER_MODERN_SITES, 4 /* shardId: range */, at + 3, $shardId);
  const $encryptionType = bytes[at + 16]!;
  if (!(($encryptionType < 0 || $encryptionType > 2)))
    return refuse(REQUEST_HEADER_MODERN_SITES, 5 /* encryptionType: kind */, at + 16, $encryptionType);
  return true;
}

export type RequestHeader = RequestHeaderLegacy | RequestHeaderModern;
export const REQUEST_HEADER_MIN_SIZE = 32;
function readRequestHeader(bytes: Uint8Array, at: number, end: number): RequestHeader | undefined {
  if (end - at < 17 || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(REQUEST_HEADER_SITES, 0 /* encryptionType: short */, 17, bytes, at, end);
  const tag = bytes[at + 16]!;
  switch (tag) {
    case 0:
    case 1:
    case 2: return readRequestHeaderLegacy(bytes, at, end);
    default: return readRequestHeaderModern(bytes, at, end);
  }
}
function checkRequestHeader(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at < 17 || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(REQUEST_HEADER_SITES, 0 /* encryptionType: short */, 17, bytes, at, end);
  const tag = bytes[at + 16]!;
  switch (tag) {
    case 0:
    case 1:
    case 2: return checkRequestHeaderLegacy(bytes, at, end);
    default: return checkRequestHeaderModern(bytes, at, end);
  }
}
/** @throws WireError when the bytes are no raida_request_header. */
export function decodeRequestHeader(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): RequestHeader {
  return readRequestHeader(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeRequestHeader(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<RequestHeader> {
  const value = readRequestHeader(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function requestHeaderLength(value: RequestHeader): number {
  switch (value?.kind) {
    case "legacy": return requestHeaderLegacyLength(value);
    case "modern": return requestHeaderModernLength(value);
    default: return 0;
  }
}
/** @throws WireError when the value does not fit the format. */
export function encodeRequestHeader(value: RequestHeader): NewBytes {
  const bytes = new Uint8Array(requestHeaderLength(value));
  encodeRequestHeaderInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it */
export function encodeRequestHeaderInto(value: RequestHeader, bytes: Uint8Array, at = 0): number {
  switch (value?.kind) {
    case "legacy": return encodeRequestHeaderLegacyInto(value, bytes, at);
    case "modern": return encodeRequestHeaderModernInto(value, bytes, at);
    default: return fail(REQUEST_HEADER_SITES$WRITTEN, 0 /* encryptionType: kind */, at,
        (value as { kind?: unknown } | undefined)?.kind);
  }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so.
 */
export function peekRequestHeaderLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(REQUEST_HEADER_SITES, bytes, at, end);
  if (end - at < 17) return 0;
  const tag = bytes[at + 16]!;
  switch (tag) {
    case 0:
    case 1:
    case 2: return peekRequestHeaderLegacyLength(bytes, at, end);
    default: return peekRequestHeaderModernLength(bytes, at, end);
  }
}
/** Reads the fields that every kind of raida_request_header has where they lie; `kind` says which it is. */
export class RequestHeaderReader {
  protected $kind: "legacy" | "modern" = "legacy";
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): this {
    if (checkRequestHeader(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    this.$kind = kindOfRequestHeader(bytes[at + 16]!);
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<RequestHeaderReader> {
    if (checkRequestHeader(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    this.$kind = kindOfRequestHeader(bytes[at + 16]!);
    return { ok: true, value: this };
  }
  get kind(): "legacy" | "modern" { return this.$kind; }
  /** The server that is meant (RI). */
  get raidaId(): number { const bytes = this.$bytes; return bytes[this.$at + 2]!; }
  /** Shard (SH). */
  get shardId(): number { const bytes = this.$bytes; return bytes[this.$at + 3]!; }
  /** Command group (CG). */
  get commandGroup(): CommandGroup | (number & {}) { const bytes = this.$bytes; return bytes[this.$at + 4]!; }
  /** Command within its group (CM). */
  get command(): number { const bytes = this.$bytes; return bytes[this.$at + 5]!; }
  /** Kind of coin (ID); CloudCoin is 6. */
  get coinId(): number { const bytes = this.$bytes; return ((bytes[this.$at + 6]! << 8) | bytes[this.$at + 7]!); }
  /** Presentation part (VR); servers ignore it. */
  get presentationVersion(): number { const bytes = this.$bytes; return bytes[this.$at + 8]!; }
  /** Application (AP). */
  get application(): number { const bytes = this.$bytes; return ((bytes[this.$at + 9]! << 8) | bytes[this.$at + 10]!); }
  /** Compression (CP). */
  get compression(): number { const bytes = this.$bytes; return bytes[this.$at + 11]!; }
  /** Translation (TR). */
  get translation(): number { const bytes = this.$bytes; return bytes[this.$at + 12]!; }
  /** AI translation (AI). */
  get aiTranslation(): number { const bytes = this.$bytes; return bytes[this.$at + 13]!; }
  /** Reserved (RE). */
  get reserved(): number { const bytes = this.$bytes; return ((bytes[this.$at + 14]! << 8) | bytes[this.$at + 15]!); }
  /** Encryption type (EN). */
  get encryptionType(): EncryptionType | (number & {}) { const bytes = this.$bytes; return bytes[this.$at + 16]!; }
  /** Coin whose AN is the key (type 1), or byte 0 of a locker key (type 2). */
  get denomination(): number { const bytes = this.$bytes;
  return this.$kind === "legacy" ? ((bytes[this.$at + 17]! << 24) >> 24) : ((bytes[this.$at + 19]! << 24) >> 24); }
  /** Serial of that coin (type 1), or bytes 1 to 4 of a locker key (type 2). */
  get serial(): number { const bytes = this.$bytes;
  return this.$kind === "legacy" ? uint32At(bytes, this.$at + 18) : uint32At(bytes, this.$at + 20); }
  /** Bytes that follow the header (BL). */
  get bodyLength(): number { const bytes = this.$bytes;
  return this.$kind === "legacy" ? ((bytes[this.$at + 22]! << 8) |
      bytes[this.$at + 23]!) : ((bytes[this.$at + 17]! << 8) | bytes[this.$at + 18]!); }
}
function kindOfRequestHeader(tag: number): "legacy" | "modern" {
  switch (tag) {
    case 0:
    case 1:
    case 2: return "legacy";
    default: return "modern";
  }
}

export interface RequestTailLegacy {
  /** Coin whose AN is the key (type 1), or byte 0 of a locker key (type 2). */
  denomination: number;
  /** Serial of that coin (type 1), or bytes 1 to 4 of a locker key (type 2). */
  serial: number;
  /** Bytes that follow the header (BL). */
  bodyLength: number;
  /** Nonce (NO); its last two bytes are the echo (EC), which the response repeats. */
  nonce: Uint8Array;
}

export interface RequestTailModern {
  /** Bytes that follow the header (BL). */
  bodyLength: number;
  /** First coin whose AN makes the key. */
  denomination: number;
  /** Serial of the first coin. */
  serial: number;
  /**
   * Bytes 0 to 15 are the initial counter block; with type 5, bytes 0 to 4 are the second coin; bytes 22 and 23 are
   * repeated in the response.
   */
  nonce: Uint8Array;
}

const RESPONSE_HEADER_LEGACY_SITES: Sites = {
  format: "raida_response_header_legacy",
  file: "raida/header.ksy",
  sites: [
    ["short", "", 52, "32 bytes"],
    ["range", "raidaId", 55, "0 to 24"],
  ],
};
const RESPONSE_HEADER_LEGACY_SITES$WRITTEN: Sites = {
  format: "raida_response_header_legacy",
  file: "raida/header.ksy",
  sites: [
    ["argument", "", 52, "an object"],
    ["range", "raidaId", 55, "0 to 24"],
    ["range", "shardId", 56, "0 to 255"],
    ["range", "status", 57, "0 to 255"],
    ["range", "commandGroup", 58, "0 to 255"],
    ["range", "udpFrameCount", 59, "0 to 65535"],
    ["range", "echo", 60, "0 to 65535"],
    ["range", "reserved", 61, "0 to 255"],
    ["range", "bodyLength", 62, "0 to 16777215"],
    ["range", "executionTimeUs", 63, "0 to 4294967295"],
    ["length", "challengeHash", 64, "16 bytes"],
  ],
};
/** Source: seeds/raida, response header. */
export interface ResponseHeaderLegacy {
  /** The server that answers (RI). */
  raidaId: number;
  /** Shard (SH). */
  shardId: number;
  /** Outcome (SS). */
  status: Status | (number & {});
  /** Group of the request (CG); 0 when the failure came before it was read. */
  commandGroup: number;
  /** Always 1 (UF). */
  udpFrameCount: number;
  /** Bytes 30 and 31 of the request (EC). */
  echo: number;
  /** Reserved (RE). */
  reserved: number;
  /** Bytes that follow, trailer included; 0 when there is no payload (SZ). */
  bodyLength: number;
  /** Microseconds since the server accepted the request (EX). */
  executionTimeUs: number;
  /** The challenge of the request, in clear for type 0, XOR the key for types 1 and 2 (HS). */
  challengeHash: Uint8Array;
}
export const RESPONSE_HEADER_LEGACY_SIZE = 32;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const RESPONSE_HEADER_LEGACY_DEFAULTS = { shardId: 0, udpFrameCount: 1, reserved: 0 } as const;
function readResponseHeaderLegacy(bytes: Uint8Array, at: number, end: number): ResponseHeaderLegacy | undefined {
  if (end - at !== 32 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(RESPONSE_HEADER_LEGACY_SITES, 0 /* short */, 32, bytes, at, end);
  }
  const $raidaId = bytes[at]!;
  if ($raidaId > 24) return refuse(RESPONSE_HEADER_LEGACY_SITES, 1 /* raidaId: range */, at, $raidaId);
  return {
    raidaId: $raidaId,
    shardId: bytes[at + 1]!,
    status: bytes[at + 2]!,
    commandGroup: bytes[at + 3]!,
    udpFrameCount: ((bytes[at + 4]! << 8) | bytes[at + 5]!),
    echo: ((bytes[at + 6]! << 8) | bytes[at + 7]!),
    reserved: bytes[at + 8]!,
    bodyLength: ((bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!),
    executionTimeUs: uint32At(bytes, at + 12),
    challengeHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, 16),
  };
}
/** @throws WireError when the bytes are no raida_response_header_legacy. */
export function decodeResponseHeaderLegacy(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): ResponseHeaderLegacy {
  return readResponseHeaderLegacy(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeResponseHeaderLegacy(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ResponseHeaderLegacy> {
  const value = readResponseHeaderLegacy(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeResponseHeaderLegacy(value: ResponseHeaderLegacy): NewBytes {
  const bytes = new Uint8Array(32);
  encodeResponseHeaderLegacyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeResponseHeaderLegacyInto(value: ResponseHeaderLegacy, bytes: Uint8Array, at = 0): number {
  if (!value) fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 32 || at >>> 0 !== at) failSpace(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 32, bytes, at);
  const $raidaId = value.raidaId;
  if (typeof $raidaId !== "number" || ($raidaId & 255) !== $raidaId || $raidaId > 24)
    fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 1 /* raidaId: range */, at, $raidaId);
  bytes[at] = $raidaId;
  const $shardId = value.shardId;
  if (typeof $shardId !== "number" || ($shardId & 255) !== $shardId)
    fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 2 /* shardId: range */, at + 1, $shardId);
  bytes[at + 1] = $shardId;
  const $status = value.status;
  if (typeof $status !== "number" || ($status & 255) !== $status)
    fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 3 /* status: range */, at + 2, $status);
  bytes[at + 2] = $status;
  const $commandGroup = value.commandGroup;
  if (typeof $commandGroup !== "number" || ($commandGroup & 255) !== $commandGroup)
    fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 4 /* commandGroup: range */, at + 3, $commandGroup);
  bytes[at + 3] = $commandGroup;
  const $udpFrameCount = value.udpFrameCount;
  if (typeof $udpFrameCount !== "number" || ($udpFrameCount & 65535) !== $udpFrameCount)
    fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 5 /* udpFrameCount: range */, at + 4, $udpFrameCount);
  bytes[at + 4] = $udpFrameCount >>> 8; bytes[at + 5] = $udpFrameCount;
  const $echo = value.echo;
  if (typeof $echo !== "number" || ($echo & 65535) !== $echo)
    fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 6 /* echo: range */, at + 6, $echo);
  bytes[at + 6] = $echo >>> 8; bytes[at + 7] = $echo;
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 255) !== $reserved)
    fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 7 /* reserved: range */, at + 8, $reserved);
  bytes[at + 8] = $reserved;
  const $bodyLength = value.bodyLength;
  if (typeof $bodyLength !== "number" || ($bodyLength & 16777215) !== $bodyLength)
    fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 8 /* bodyLength: range */, at + 9, $bodyLength);
  bytes[at + 9] = $bodyLength >>> 16; bytes[at + 10] = $bodyLength >>> 8; bytes[at + 11] = $bodyLength;
  const $executionTimeUs = value.executionTimeUs;
  if (typeof $executionTimeUs !== "number" || $executionTimeUs >>> 0 !== $executionTimeUs)
    fail(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 9 /* executionTimeUs: range */, at + 12, $executionTimeUs);
  bytes[at + 12] = $executionTimeUs >>> 24; bytes[at + 13] = $executionTimeUs >>> 16;
  bytes[at + 14] = $executionTimeUs >>> 8; bytes[at + 15] = $executionTimeUs;
  const $challengeHash = value.challengeHash;
  if (lengthOf($challengeHash) !== 16)
    failBytes(RESPONSE_HEADER_LEGACY_SITES$WRITTEN, 10 /* challengeHash: length */, at + 16, $challengeHash);
  bytes[at + 16] = $challengeHash[0]!; bytes[at + 17] = $challengeHash[1]!; bytes[at + 18] = $challengeHash[2]!;
  bytes[at + 19] = $challengeHash[3]!; bytes[at + 20] = $challengeHash[4]!; bytes[at + 21] = $challengeHash[5]!;
  bytes[at + 22] = $challengeHash[6]!; bytes[at + 23] = $challengeHash[7]!; bytes[at + 24] = $challengeHash[8]!;
  bytes[at + 25] = $challengeHash[9]!; bytes[at + 26] = $challengeHash[10]!; bytes[at + 27] = $challengeHash[11]!;
  bytes[at + 28] = $challengeHash[12]!; bytes[at + 29] = $challengeHash[13]!; bytes[at + 30] = $challengeHash[14]!;
  bytes[at + 31] = $challengeHash[15]!;
  return at + 32;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekResponseHeaderLegacyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(RESPONSE_HEADER_LEGACY_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $raidaId = bytes[at]!;
    if ($raidaId > 24) return -1;
  }
  return 32;
}

const RESPONSE_HEADER_MODERN_SITES: Sites = {
  format: "raida_response_header_modern",
  file: "raida/header.ksy",
  sites: [
    ["short", "", 65, "48 bytes"],
    ["range", "raidaId", 68, "0 to 24"],
  ],
};
const RESPONSE_HEADER_MODERN_SITES$WRITTEN: Sites = {
  format: "raida_response_header_modern",
  file: "raida/header.ksy",
  sites: [
    ["argument", "", 65, "an object"],
    ["range", "raidaId", 68, "0 to 24"],
    ["range", "shardId", 69, "0 to 255"],
    ["range", "status", 70, "0 to 255"],
    ["range", "commandGroup", 71, "0 to 255"],
    ["range", "executionTimeUs", 72, "0 to 4294967295"],
    ["range", "reserved", 73, "0 to 255"],
    ["range", "bodyLength", 74, "0 to 16777215"],
    ["range", "reserved2", 75, "0 to 4294967295"],
    ["range", "encryptionType", 76, "0 to 255"],
    ["range", "denomination", 77, "-128 to 127"],
    ["range", "serial", 78, "0 to 4294967295"],
    ["range", "reserved3", 79, "0 to 65535"],
    ["length", "nonce", 80, "22 bytes"],
    ["range", "echo", 81, "0 to 65535"],
  ],
};
/** Source: seeds/raida, response header. */
export interface ResponseHeaderModern {
  /** The server that answers (RI). */
  raidaId: number;
  /** Shard (SH). */
  shardId: number;
  /** Outcome (SS). */
  status: Status | (number & {});
  /** Group of the request (CG). */
  commandGroup: number;
  /** Microseconds since the server accepted the request (EX). */
  executionTimeUs: number;
  /** Reserved. */
  reserved: number;
  /** Bytes that follow, HMAC and trailer included; 0 when there is no payload (SZ). */
  bodyLength: number;
  /** Reserved. */
  reserved2: number;
  /** Encryption type of the request (EN). */
  encryptionType: EncryptionType | (number & {});
  /** First coin of the request. */
  denomination: number;
  /** Serial of the first coin. */
  serial: number;
  /** Reserved. */
  reserved3: number;
  /** Bytes 0 to 21 of the response nonce; with type 5, bytes 0 to 4 hold the second coin instead. */
  nonce: Uint8Array;
  /** Bytes 22 and 23 of the request's nonce (EC). */
  echo: number;
}
export const RESPONSE_HEADER_MODERN_SIZE = 48;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const RESPONSE_HEADER_MODERN_DEFAULTS = { shardId: 0, reserved: 0, reserved2: 0, reserved3: 0 } as const;
function readResponseHeaderModern(bytes: Uint8Array, at: number, end: number): ResponseHeaderModern | undefined {
  if (end - at !== 48 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(RESPONSE_HEADER_MODERN_SITES, 0 /* short */, 48, bytes, at, end);
  }
  const $raidaId = bytes[at]!;
  if ($raidaId > 24) return refuse(RESPONSE_HEADER_MODERN_SITES, 1 /* raidaId: range */, at, $raidaId);
  return {
    raidaId: $raidaId,
    shardId: bytes[at + 1]!,
    status: bytes[at + 2]!,
    commandGroup: bytes[at + 3]!,
    executionTimeUs: uint32At(bytes, at + 4),
    reserved: bytes[at + 8]!,
    bodyLength: ((bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!),
    reserved2: uint32At(bytes, at + 12),
    encryptionType: bytes[at + 16]!,
    denomination: ((bytes[at + 17]! << 24) >> 24),
    serial: uint32At(bytes, at + 18),
    reserved3: ((bytes[at + 22]! << 8) | bytes[at + 23]!),
    nonce: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 24, 22),
    echo: ((bytes[at + 46]! << 8) | bytes[at + 47]!),
  };
}
/** @throws WireError when the bytes are no raida_response_header_modern. */
export function decodeResponseHeaderModern(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): ResponseHeaderModern {
  return readResponseHeaderModern(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeResponseHeaderModern(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ResponseHeaderModern> {
  const value = readResponseHeaderModern(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeResponseHeaderModern(value: ResponseHeaderModern): NewBytes {
  const bytes = new Uint8Array(48);
  encodeResponseHeaderModernInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeResponseHeaderModernInto(value: ResponseHeaderModern, bytes: Uint8Array, at = 0): number {
  if (!value) fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 48 || at >>> 0 !== at) failSpace(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 48, bytes, at);
  const $raidaId = value.raidaId;
  if (typeof $raidaId !== "number" || ($raidaId & 255) !== $raidaId || $raidaId > 24)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 1 /* raidaId: range */, at, $raidaId);
  bytes[at] = $raidaId;
  const $shardId = value.shardId;
  if (typeof $shardId !== "number" || ($shardId & 255) !== $shardId)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 2 /* shardId: range */, at + 1, $shardId);
  bytes[at + 1] = $shardId;
  const $status = value.status;
  if (typeof $status !== "number" || ($status & 255) !== $status)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 3 /* status: range */, at + 2, $status);
  bytes[at + 2] = $status;
  const $commandGroup = value.commandGroup;
  if (typeof $commandGroup !== "number" || ($commandGroup & 255) !== $commandGroup)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 4 /* commandGroup: range */, at + 3, $commandGroup);
  bytes[at + 3] = $commandGroup;
  const $executionTimeUs = value.executionTimeUs;
  if (typeof $executionTimeUs !== "number" || $executionTimeUs >>> 0 !== $executionTimeUs)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 5 /* executionTimeUs: range */, at + 4, $executionTimeUs);
  bytes[at + 4] = $executionTimeUs >>> 24; bytes[at + 5] = $executionTimeUs >>> 16;
  bytes[at + 6] = $executionTimeUs >>> 8; bytes[at + 7] = $executionTimeUs;
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 255) !== $reserved)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 6 /* reserved: range */, at + 8, $reserved);
  bytes[at + 8] = $reserved;
  const $bodyLength = value.bodyLength;
  if (typeof $bodyLength !== "number" || ($bodyLength & 16777215) !== $bodyLength)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 7 /* bodyLength: range */, at + 9, $bodyLength);
  bytes[at + 9] = $bodyLength >>> 16; bytes[at + 10] = $bodyLength >>> 8; bytes[at + 11] = $bodyLength;
  const $reserved2 = value.reserved2;
  if (typeof $reserved2 !== "number" || $reserved2 >>> 0 !== $reserved2)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 8 /* reserved2: range */, at + 12, $reserved2);
  bytes[at + 12] = $reserved2 >>> 24; bytes[at + 13] = $reserved2 >>> 16; bytes[at + 14] = $reserved2 >>> 8;
  bytes[at + 15] = $reserved2;
  const $encryptionType = value.encryptionType;
  if (typeof $encryptionType !== "number" || ($encryptionType & 255) !== $encryptionType)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 9 /* encryptionType: range */, at + 16, $encryptionType);
  bytes[at + 16] = $encryptionType;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 10 /* denomination: range */, at + 17, $denomination);
  bytes[at + 17] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 11 /* serial: range */, at + 18, $serial);
  bytes[at + 18] = $serial >>> 24; bytes[at + 19] = $serial >>> 16; bytes[at + 20] = $serial >>> 8;
  bytes[at + 21] = $serial;
  const $reserved3 = value.reserved3;
  if (typeof $reserved3 !== "number" || ($reserved3 & 65535) !== $reserved3)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 12 /* reserved3: range */, at + 22, $reserved3);
  bytes[at + 22] = $reserved3 >>> 8; bytes[at + 23] = $reserved3;
  const $nonce = value.nonce;
  if (lengthOf($nonce) !== 22) failBytes(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 13 /* nonce: length */, at + 24, $nonce);
  bytes.set($nonce, at + 24);
  const $echo = value.echo;
  if (typeof $echo !== "number" || ($echo & 65535) !== $echo)
    fail(RESPONSE_HEADER_MODERN_SITES$WRITTEN, 14 /* echo: range */, at + 46, $echo);
  bytes[at + 46] = $echo >>> 8; bytes[at + 47] = $echo;
  return at + 48;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekResponseHeaderModernLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(RESPONSE_HEADER_MODERN_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $raidaId = bytes[at]!;
    if ($raidaId > 24) return -1;
  }
  return 48;
}

