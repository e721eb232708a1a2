// Generated from raft/segments.ksy by `specwire gen`; do not edit. spec sha256 5d81d93ef02c0173e53e823e7afc58d21bf861fd368f8f730a149cc0745ea813
/**
 * Raft, what a member keeps on its disk. Ours. The log lies in segments, files of records; a record is a head and a
 * body of its type and length. The last hard state counts, and the last entries of an index.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, bigPut, bigUnsigned, bytesLength, enter, fail,
    failBytes, failRange, failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, putSafe, raise, refuse,
    refuseRange, requireObject, uint32At, utf8Length, within } from "../../index.js";
import type { ClusterConfig, ClusterConfigBig, ClusterMember, ClusterMemberBig, EntryType, LogEntry, LogEntryBig,
    MemberRole } from "./entries.js";

export const RecordType = {
  begin: 1,
  hard: 2,
  entries: 3,
  mark: 4,
} as const;
export type RecordType = (typeof RecordType)[keyof typeof RecordType];
/** Name and meaning of each RecordType. */
export const RECORD_TYPE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "begin", doc: "" },
  2: { name: "hard", doc: "" },
  3: { name: "entries", doc: "" },
  4: { name: "mark", doc: "" },
};

const IDENTITY_RECORD_SITES: Sites = {
  format: "raft_identity_record",
  file: "raft/segments.ksy",
  sites: [
    ["short", "", 11, "25 bytes"],
    ["constant", "version", 15, "01"],
    ["unsafe-integer", "member", 17, "at most 2^53-1"],
  ],
};
const IDENTITY_RECORD_SITES$WRITTEN: Sites = {
  format: "raft_identity_record",
  file: "raft/segments.ksy",
  sites: [
    ["argument", "", 11, "an object"],
    ["length", "clusterId", 16, "8 bytes"],
    ["range", "member", 17, "0 to 2^53-1"],
    ["range", "life", 18, "0 to 18446744073709551615"],
  ],
};
const IDENTITY_RECORD_SITES$WRITTEN$BIG: Sites = {
  format: "raft_identity_record",
  file: "raft/segments.ksy",
  sites: [
    ["range", "member", 17, "0 to 18446744073709551615"],
  ],
};
/** `raft/id`, written first and once. Source: seeds/dps, Raft on disk. */
export interface IdentityRecord {
  clusterId: Uint8Array;
  member: number;
  /** Drawn when the folder is made. */
  life: bigint;
}
export const IDENTITY_RECORD_SIZE = 25;
function readIdentityRecord(bytes: Uint8Array, at: number, end: number): IdentityRecord | undefined {
  if (end - at !== 25 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(IDENTITY_RECORD_SITES, 0 /* short */, 25, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(IDENTITY_RECORD_SITES, 1 /* version: constant */, at);
  const $member$high = uint32At(bytes, at + 9);
  if ($member$high > 0x1fffff) return refuse(IDENTITY_RECORD_SITES, 2 /* member: unsafe-integer */, at + 9);
  return {
    clusterId: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 8),
    member: $member$high * 4294967296 + uint32At(bytes, at + 13),
    life: bigUnsigned(bytes, at + 17),
  };
}
/** @throws WireError when the bytes are no raft_identity_record. */
export function decodeIdentityRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): IdentityRecord {
  return readIdentityRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeIdentityRecord(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<IdentityRecord> {
  const value = readIdentityRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeIdentityRecord(value: IdentityRecord): NewBytes {
  const bytes = new Uint8Array(25);
  encodeIdentityRecordInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeIdentityRecordInto(value: IdentityRecord, bytes: Uint8Array, at = 0): number {
  if (!value) fail(IDENTITY_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 25 || at >>> 0 !== at) failSpace(IDENTITY_RECORD_SITES$WRITTEN, 25, bytes, at);
  bytes[at] = 1;
  const $clusterId = value.clusterId;
  if (lengthOf($clusterId) !== 8)
    failBytes(IDENTITY_RECORD_SITES$WRITTEN, 1 /* clusterId: length */, at + 1, $clusterId);
  bytes[at + 1] = $clusterId[0]!; bytes[at + 2] = $clusterId[1]!; bytes[at + 3] = $clusterId[2]!;
  bytes[at + 4] = $clusterId[3]!; bytes[at + 5] = $clusterId[4]!; bytes[at + 6] = $clusterId[5]!;
  bytes[at + 7] = $clusterId[6]!; bytes[at + 8] = $clusterId[7]!;
  const $member = value.member;
  if (!Number.isSafeInteger($member) || $member < 0)
    fail(IDENTITY_RECORD_SITES$WRITTEN, 2 /* member: range */, at + 9, $member);
  putSafe(bytes, at + 9, $member);
  const $life = value.life;
  if (typeof $life !== "bigint" || BigInt.asUintN(64, $life) !== $life)
    fail(IDENTITY_RECORD_SITES$WRITTEN, 3 /* life: range */, at + 17, $life);
  bigPut(bytes, at + 17, $life);
  return at + 25;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekIdentityRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(IDENTITY_RECORD_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  return 25;
}
/** `raft/id`, written first and once. Source: seeds/dps, Raft on disk. 64-bit integers as bigint. */
export interface IdentityRecordBig {
  clusterId: Uint8Array;
  member: bigint;
  /** Drawn when the folder is made. */
  life: bigint;
}
function readIdentityRecordBig(bytes: Uint8Array, at: number, end: number): IdentityRecordBig | undefined {
  if (end - at !== 25 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(IDENTITY_RECORD_SITES, 0 /* short */, 25, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(IDENTITY_RECORD_SITES, 1 /* version: constant */, at);
  return {
    clusterId: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 8),
    member: bigUnsigned(bytes, at + 9),
    life: bigUnsigned(bytes, at + 17),
  };
}
/** @throws WireError when the bytes are no raft_identity_record. */
export function decodeIdentityRecordBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): IdentityRecordBig {
  return readIdentityRecordBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeIdentityRecordBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<IdentityRecordBig> {
  const value = readIdentityRecordBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeIdentityRecordBig(value: IdentityRecordBig): NewBytes {
  const bytes = new Uint8Array(25);
  encodeIdentityRecordBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeIdentityRecordBigInto(value: IdentityRecordBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(IDENTITY_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 25 || at >>> 0 !== at) failSpace(IDENTITY_RECORD_SITES$WRITTEN, 25, bytes, at);
  bytes[at] = 1;
  const $clusterId = value.clusterId;
  if (lengthOf($clusterId) !== 8)
    failBytes(IDENTITY_RECORD_SITES$WRITTEN, 1 /* clusterId: length */, at + 1, $clusterId);
  bytes[at + 1] = $clusterId[0]!; bytes[at + 2] = $clusterId[1]!; bytes[at + 3] = $clusterId[2]!;
  bytes[at + 4] = $clusterId[3]!; bytes[at + 5] = $clusterId[4]!; bytes[at + 6] = $clusterId[5]!;
  bytes[at + 7] = $clusterId[6]!; bytes[at + 8] = $clusterId[7]!;
  const $member = value.member;
  if (typeof $member !== "bigint" || BigInt.asUintN(64, $member) !== $member)
    fail(IDENTITY_RECORD_SITES$WRITTEN$BIG, 0 /* member: range */, at + 9, $member);
  bigPut(bytes, at + 9, $member);
  const $life = value.life;
  if (typeof $life !== "bigint" || BigInt.asUintN(64, $life) !== $life)
    fail(IDENTITY_RECORD_SITES$WRITTEN, 3 /* life: range */, at + 17, $life);
  bigPut(bytes, at + 17, $life);
  return at + 25;
}

const START_RECORD_SITES: Sites = {
  format: "raft_start_record",
  file: "raft/segments.ksy",
  sites: [
    ["short", "", 19, "at least 10 bytes"],
    ["constant", "version", 23, "01"],
    ["unsafe-integer", "firstSegment", 24, "at most 2^53-1"],
    ["short", "snapshotKey", 26, ""],
    ["text", "snapshotKey", 26, "ascii"],
    ["trailing", "", 19, ""],
  ],
};
const START_RECORD_SITES$WRITTEN: Sites = {
  format: "raft_start_record",
  file: "raft/segments.ksy",
  sites: [
    ["count", "snapshotKey", 26, "at least 0 bytes"],
    ["argument", "", 19, "an object"],
    ["text", "snapshotKey", 26, "ascii"],
    ["range", "firstSegment", 24, "0 to 2^53-1"],
    ["range", "snapshotKey", 25, "key_length of 0 to 255"],
  ],
};
const START_RECORD_SITES$WRITTEN$BIG: Sites = {
  format: "raft_start_record",
  file: "raft/segments.ksy",
  sites: [
    ["range", "firstSegment", 24, "0 to 18446744073709551615"],
  ],
};
/** A record of `raft/meta`: where a start begins. The last one counts. Source: seeds/dps, Raft on disk. */
export interface StartRecord {
  firstSegment: number;
  /** Empty: none. */
  snapshotKey: string;
}
export const START_RECORD_MIN_SIZE = 10;
function readStartRecord(bytes: Uint8Array, at: number, end: number): StartRecord | undefined {
  if (end - at < 10 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(START_RECORD_SITES, 0 /* short */, 10, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(START_RECORD_SITES, 1 /* version: constant */, at);
  const $firstSegment$high = uint32At(bytes, at + 1);
  if ($firstSegment$high > 0x1fffff) return refuse(START_RECORD_SITES, 2 /* firstSegment: unsafe-integer */, at + 1);
  const $keyLength = bytes[at + 9]!;
  const $snapshotKey$count = $keyLength;
  if ($snapshotKey$count > end - at - 10)
    return refuse(START_RECORD_SITES, 3 /* snapshotKey: short */, end,
      `${end - at - 10} of ${$snapshotKey$count} bytes`);
  const $$p1 = at + 10 + $snapshotKey$count;
  const $snapshotKey = asciiAt(bytes, at + 10, $$p1);
  if ($snapshotKey === undefined) return refuse(START_RECORD_SITES, 4 /* snapshotKey: text */, at + 10);
  if ($$p1 !== end) return refuse(START_RECORD_SITES, 5 /* trailing */, $$p1);
  return {
    firstSegment: $firstSegment$high * 4294967296 + uint32At(bytes, at + 5),
    snapshotKey: $snapshotKey,
  };
}
/** @throws WireError when the bytes are no raft_start_record. */
export function decodeStartRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): StartRecord {
  return readStartRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeStartRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<StartRecord> {
  const value = readStartRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function startRecordLength(value: StartRecord): number {
  return 10 + (asciiBytes(value?.snapshotKey)?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeStartRecord(value: StartRecord): NewBytes {
  const bytes = new Uint8Array(startRecordLength(value));
  encodeStartRecordInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeStartRecordInto(value: StartRecord, bytes: Uint8Array, at = 0): number {
  if (!value) fail(START_RECORD_SITES$WRITTEN, 1 /* argument */, at, value);
  const $snapshotKey = asciiBytes(value.snapshotKey);
  if ($snapshotKey === undefined) fail(START_RECORD_SITES$WRITTEN, 2 /* snapshotKey: text */, at);
  const $snapshotKey$count = $snapshotKey.length;
  if ($snapshotKey$count < 0) fail(START_RECORD_SITES$WRITTEN, 0 /* snapshotKey: count */, at, $snapshotKey$count);
  const need = 10 + $snapshotKey$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(START_RECORD_SITES$WRITTEN, need, bytes, at);
  bytes[at] = 1;
  const $firstSegment = value.firstSegment;
  if (!Number.isSafeInteger($firstSegment) || $firstSegment < 0)
    fail(START_RECORD_SITES$WRITTEN, 3 /* firstSegment: range */, at + 1, $firstSegment);
  putSafe(bytes, at + 1, $firstSegment);
  const $keyLength = $snapshotKey$count;
  if ($keyLength > 255) fail(START_RECORD_SITES$WRITTEN, 4 /* snapshotKey: range */, at + 9, $keyLength);
  bytes[at + 9] = $keyLength;
  bytes.set($snapshotKey, at + 10);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekStartRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(START_RECORD_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end - at < 10) return 0;
  const $keyLength = bytes[at + 9]!;
  const $snapshotKey$count = $keyLength;
  const $$p1 = at + 10 + $snapshotKey$count;
  return $$p1 - at;
}
/**
 * A record of `raft/meta`: where a start begins. The last one counts. Source: seeds/dps, Raft on disk. 64-bit integers
 * as bigint.
 */
export interface StartRecordBig {
  firstSegment: bigint;
  /** Empty: none. */
  snapshotKey: string;
}
function readStartRecordBig(bytes: Uint8Array, at: number, end: number): StartRecordBig | undefined {
  if (end - at < 10 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(START_RECORD_SITES, 0 /* short */, 10, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(START_RECORD_SITES, 1 /* version: constant */, at);
  const $keyLength = bytes[at + 9]!;
  const $snapshotKey$count = $keyLength;
  if ($snapshotKey$count > end - at - 10)
    return refuse(START_RECORD_SITES, 3 /* snapshotKey: short */, end,
      `${end - at - 10} of ${$snapshotKey$count} bytes`);
  const $$p1 = at + 10 + $snapshotKey$count;
  const $snapshotKey = asciiAt(bytes, at + 10, $$p1);
  if ($snapshotKey === undefined) return refuse(START_RECORD_SITES, 4 /* snapshotKey: text */, at + 10);
  if ($$p1 !== end) return refuse(START_RECORD_SITES, 5 /* trailing */, $$p1);
  return {
    firstSegment: bigUnsigned(bytes, at + 1),
    snapshotKey: $snapshotKey,
  };
}
/** @throws WireError when the bytes are no raft_start_record. */
export function decodeStartRecordBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): StartRecordBig {
  return readStartRecordBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeStartRecordBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<StartRecordBig> {
  const value = readStartRecordBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function startRecordBigLength(value: StartRecordBig): number {
  return 10 + (asciiBytes(value?.snapshotKey)?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeStartRecordBig(value: StartRecordBig): NewBytes {
  const bytes = new Uint8Array(startRecordBigLength(value));
  encodeStartRecordBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeStartRecordBigInto(value: StartRecordBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(START_RECORD_SITES$WRITTEN, 1 /* argument */, at, value);
  const $snapshotKey = asciiBytes(value.snapshotKey);
  if ($snapshotKey === undefined) fail(START_RECORD_SITES$WRITTEN, 2 /* snapshotKey: text */, at);
  const $snapshotKey$count = $snapshotKey.length;
  if ($snapshotKey$count < 0) fail(START_RECORD_SITES$WRITTEN, 0 /* snapshotKey: count */, at, $snapshotKey$count);
  const need = 10 + $snapshotKey$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(START_RECORD_SITES$WRITTEN, need, bytes, at);
  bytes[at] = 1;
  const $firstSegment = value.firstSegment;
  if (typeof $firstSegment !== "bigint" || BigInt.asUintN(64, $firstSegment) !== $firstSegment)
    fail(START_RECORD_SITES$WRITTEN$BIG, 0 /* firstSegment: range */, at + 1, $firstSegment);
  bigPut(bytes, at + 1, $firstSegment);
  const $keyLength = $snapshotKey$count;
  if ($keyLength > 255) fail(START_RECORD_SITES$WRITTEN, 4 /* snapshotKey: range */, at + 9, $keyLength);
  bytes[at + 9] = $keyLength;
  bytes.set($snapshotKey, at + 10);
  return at + need;
}

const RECORD_HEAD_SITES: Sites = {
  format: "raft_record_head",
  file: "raft/segments.ksy",
  sites: [
    ["short", "", 27, "5 bytes"],
    ["enum", "recordType", 31, "one of 1, 2, 3, 4"],
  ],
};
const RECORD_HEAD_SITES$WRITTEN: Sites = {
  format: "raft_record_head",
  file: "raft/segments.ksy",
  sites: [
    ["argument", "", 27, "an object"],
    ["range", "recordType", 31, "0 to 255"],
    ["enum", "recordType", 31, "one of 1, 2, 3, 4"],
    ["range", "bodyLength", 32, "0 to 4294967295"],
  ],
};
/** Source: seeds/dps, Raft on disk. */
export interface RecordHead {
  recordType: RecordType;
  bodyLength: number;
}
export const RECORD_HEAD_SIZE = 5;
function readRecordHead(bytes: Uint8Array, at: number, end: number): RecordHead | undefined {
  if (end - at < 5 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(RECORD_HEAD_SITES, 0 /* short */, 5, bytes, at, end);
  }
  const $recordType = bytes[at]!;
  if (($recordType < 1 || $recordType > 4)) return refuse(RECORD_HEAD_SITES, 1 /* recordType: enum */, at, $recordType);
  return {
    recordType: $recordType as RecordType,
    bodyLength: uint32At(bytes, at + 1),
  };
}
/** @throws WireError when the bytes are no raft_record_head. */
export function decodeRecordHead(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): RecordHead {
  return readRecordHead(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeRecordHead(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<RecordHead> {
  const value = readRecordHead(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeRecordHead(value: RecordHead): NewBytes {
  const bytes = new Uint8Array(5);
  encodeRecordHeadInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeRecordHeadInto(value: RecordHead, bytes: Uint8Array, at = 0): number {
  if (!value) fail(RECORD_HEAD_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 5 || at >>> 0 !== at) failSpace(RECORD_HEAD_SITES$WRITTEN, 5, bytes, at);
  const $recordType = value.recordType;
  if (typeof $recordType !== "number" || ($recordType & 255) !== $recordType)
    fail(RECORD_HEAD_SITES$WRITTEN, 1 /* recordType: range */, at, $recordType);
  if (($recordType < 1 || $recordType > 4)) fail(RECORD_HEAD_SITES$WRITTEN, 2 /* recordType: enum */, at, $recordType);
  bytes[at] = $recordType;
  const $bodyLength = value.bodyLength;
  if (typeof $bodyLength !== "number" || $bodyLength >>> 0 !== $bodyLength)
    fail(RECORD_HEAD_SITES$WRITTEN, 3 /* bodyLength: range */, at + 1, $bodyLength);
  bytes[at + 1] = $bodyLength >>> 24; bytes[at + 2] = $bodyLength >>> 16; bytes[at + 3] = $bodyLength >>> 8;
  bytes[at + 4] = $bodyLength;
  return at + 5;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekRecordHeadLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(RECORD_HEAD_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $recordType = bytes[at]!;
    if (($recordType < 1 || $recordType > 4)) return -1;
  }
  return 5;
}

const HARD_BODY_SITES: Sites = {
  format: "raft_hard_body",
  file: "raft/segments.ksy",
  sites: [
    ["short", "", 33, "25 bytes"],
    ["unsafe-integer", "hard.term", 39, "at most 2^53-1"],
    ["unsafe-integer", "hard.vote", 40, "at most 2^53-1"],
    ["unsafe-integer", "hard.commit", 41, "at most 2^53-1"],
    ["constant", "hard.reserved", 42, "0"],
  ],
};
const HARD_BODY_SITES$WRITTEN: Sites = {
  format: "raft_hard_body",
  file: "raft/segments.ksy",
  sites: [
    ["argument", "", 33, "an object"],
    ["argument", "hard", 36, "an object"],
    ["range", "hard.term", 39, "0 to 2^53-1"],
    ["range", "hard.vote", 40, "0 to 2^53-1"],
    ["range", "hard.commit", 41, "0 to 2^53-1"],
    ["constant", "hard.reserved", 42, "0"],
    ["range", "hard.isBehind", 43, "true or false"],
    ["range", "hard.abstain", 44, "true or false"],
  ],
};
const HARD_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_hard_body",
  file: "raft/segments.ksy",
  sites: [
    ["range", "hard.term", 39, "0 to 18446744073709551615"],
    ["range", "hard.vote", 40, "0 to 18446744073709551615"],
    ["range", "hard.commit", 41, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft on disk. */
export interface HardBody {
  hard: HardState;
}
export const HARD_BODY_SIZE = 25;
function readHardBody(bytes: Uint8Array, at: number, end: number): HardBody | undefined {
  if (end - at !== 25 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(HARD_BODY_SITES, 0 /* short */, 25, bytes, at, end);
  }
  const $hard_term$high = uint32At(bytes, at);
  if ($hard_term$high > 0x1fffff) return refuse(HARD_BODY_SITES, 1 /* hard.term: unsafe-integer */, at);
  const $hard_vote$high = uint32At(bytes, at + 8);
  if ($hard_vote$high > 0x1fffff) return refuse(HARD_BODY_SITES, 2 /* hard.vote: unsafe-integer */, at + 8);
  const $hard_commit$high = uint32At(bytes, at + 16);
  if ($hard_commit$high > 0x1fffff) return refuse(HARD_BODY_SITES, 3 /* hard.commit: unsafe-integer */, at + 16);
  const $hard_reserved = ((bytes[at + 24]! >>> 2) & 63);
  if ($hard_reserved !== 0) return refuse(HARD_BODY_SITES, 4 /* hard.reserved: constant */, at + 24, $hard_reserved);
  return {
    hard: { term: $hard_term$high * 4294967296 + uint32At(bytes, at + 4), vote: $hard_vote$high * 4294967296 +
        uint32At(bytes, at + 12), commit: $hard_commit$high * 4294967296 + uint32At(bytes, at + 20),
        reserved: ((bytes[at + 24]! >>> 2) & 63), isBehind: (((bytes[at + 24]! >>> 1) & 1) === 1),
        abstain: ((bytes[at + 24]! & 1) === 1) },
  };
}
/** @throws WireError when the bytes are no raft_hard_body. */
export function decodeHardBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): HardBody {
  return readHardBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeHardBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<HardBody> {
  const value = readHardBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeHardBody(value: HardBody): NewBytes {
  const bytes = new Uint8Array(25);
  encodeHardBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeHardBodyInto(value: HardBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(HARD_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 25 || at >>> 0 !== at) failSpace(HARD_BODY_SITES$WRITTEN, 25, bytes, at);
  const $hard = value.hard;
  if (!$hard) fail(HARD_BODY_SITES$WRITTEN, 1 /* hard: argument */, at, $hard);
  const $hard_term = $hard.term;
  if (!Number.isSafeInteger($hard_term) || $hard_term < 0)
    fail(HARD_BODY_SITES$WRITTEN, 2 /* hard.term: range */, at, $hard_term);
  putSafe(bytes, at, $hard_term);
  const $hard_vote = $hard.vote;
  if (!Number.isSafeInteger($hard_vote) || $hard_vote < 0)
    fail(HARD_BODY_SITES$WRITTEN, 3 /* hard.vote: range */, at + 8, $hard_vote);
  putSafe(bytes, at + 8, $hard_vote);
  const $hard_commit = $hard.commit;
  if (!Number.isSafeInteger($hard_commit) || $hard_commit < 0)
    fail(HARD_BODY_SITES$WRITTEN, 4 /* hard.commit: range */, at + 16, $hard_commit);
  putSafe(bytes, at + 16, $hard_commit);
  const $hard_reserved = $hard.reserved;
  if (typeof $hard_reserved !== "number" || ($hard_reserved & 63) !== $hard_reserved || $hard_reserved !== 0)
    fail(HARD_BODY_SITES$WRITTEN, 5 /* hard.reserved: constant */, at + 24, $hard_reserved);
  const $hard_isBehind = $hard.isBehind;
  if ($hard_isBehind !== true && $hard_isBehind !== false)
    fail(HARD_BODY_SITES$WRITTEN, 6 /* hard.isBehind: range */, at + 24, $hard_isBehind);
  const $hard_abstain = $hard.abstain;
  if ($hard_abstain !== true && $hard_abstain !== false)
    fail(HARD_BODY_SITES$WRITTEN, 7 /* hard.abstain: range */, at + 24, $hard_abstain);
  const $hard_abstain$bits = ($hard_reserved << 2) | (($hard_isBehind ? 1 : 0) << 1) | ($hard_abstain ? 1 : 0);
  bytes[at + 24] = $hard_abstain$bits;
  return at + 25;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekHardBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(HARD_BODY_SITES, bytes, at, end);
  if (end - at >= 25) {
    const $hard_reserved = ((bytes[at + 24]! >>> 2) & 63);
    if ($hard_reserved !== 0) return -1;
  }
  return 25;
}
/** Source: seeds/dps, Raft on disk. 64-bit integers as bigint. */
export interface HardBodyBig {
  hard: HardStateBig;
}
function readHardBodyBig(bytes: Uint8Array, at: number, end: number): HardBodyBig | undefined {
  if (end - at !== 25 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(HARD_BODY_SITES, 0 /* short */, 25, bytes, at, end);
  }
  const $hard_reserved = ((bytes[at + 24]! >>> 2) & 63);
  if ($hard_reserved !== 0) return refuse(HARD_BODY_SITES, 4 /* hard.reserved: constant */, at + 24, $hard_reserved);
  return {
    hard: { term: bigUnsigned(bytes, at), vote: bigUnsigned(bytes, at + 8), commit: bigUnsigned(bytes, at + 16),
        reserved: ((bytes[at + 24]! >>> 2) & 63), isBehind: (((bytes[at + 24]! >>> 1) & 1) === 1),
        abstain: ((bytes[at + 24]! & 1) === 1) },
  };
}
/** @throws WireError when the bytes are no raft_hard_body. */
export function decodeHardBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): HardBodyBig {
  return readHardBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeHardBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<HardBodyBig> {
  const value = readHardBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeHardBodyBig(value: HardBodyBig): NewBytes {
  const bytes = new Uint8Array(25);
  encodeHardBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeHardBodyBigInto(value: HardBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(HARD_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 25 || at >>> 0 !== at) failSpace(HARD_BODY_SITES$WRITTEN, 25, bytes, at);
  const $hard = value.hard;
  if (!$hard) fail(HARD_BODY_SITES$WRITTEN, 1 /* hard: argument */, at, $hard);
  const $hard_term = $hard.term;
  if (typeof $hard_term !== "bigint" || BigInt.asUintN(64, $hard_term) !== $hard_term)
    fail(HARD_BODY_SITES$WRITTEN$BIG, 0 /* hard.term: range */, at, $hard_term);
  bigPut(bytes, at, $hard_term);
  const $hard_vote = $hard.vote;
  if (typeof $hard_vote !== "bigint" || BigInt.asUintN(64, $hard_vote) !== $hard_vote)
    fail(HARD_BODY_SITES$WRITTEN$BIG, 1 /* hard.vote: range */, at + 8, $hard_vote);
  bigPut(bytes, at + 8, $hard_vote);
  const $hard_commit = $hard.commit;
  if (typeof $hard_commit !== "bigint" || BigInt.asUintN(64, $hard_commit) !== $hard_commit)
    fail(HARD_BODY_SITES$WRITTEN$BIG, 2 /* hard.commit: range */, at + 16, $hard_commit);
  bigPut(bytes, at + 16, $hard_commit);
  const $hard_reserved = $hard.reserved;
  if (typeof $hard_reserved !== "number" || ($hard_reserved & 63) !== $hard_reserved || $hard_reserved !== 0)
    fail(HARD_BODY_SITES$WRITTEN, 5 /* hard.reserved: constant */, at + 24, $hard_reserved);
  const $hard_isBehind = $hard.isBehind;
  if ($hard_isBehind !== true && $hard_isBehind !== false)
    fail(HARD_BODY_SITES$WRITTEN, 6 /* hard.isBehind: range */, at + 24, $hard_isBehind);
  const $hard_abstain = $hard.abstain;
  if ($hard_abstain !== true && $hard_abstain !== false)
    fail(HARD_BODY_SITES$WRITTEN, 7 /* hard.abstain: range */, at + 24, $hard_abstain);
  const $hard_abstain$bits = ($hard_reserved << 2) | (($hard_isBehind ? 1 : 0) << 1) | ($hard_abstain ? 1 : 0);
  bytes[at + 24] = $hard_abstain$bits;
  return at + 25;
}

export interface HardState {
  term: number;
  vote: number;
  commit: number;
  reserved: number;
  /** Has begun with a torn log, and not caught up since. */
  isBehind: boolean;
  /** Has lost what it had acknowledged. */
  abstain: boolean;
}
/** 64-bit integers as bigint. */
export interface HardStateBig {
  term: bigint;
  vote: bigint;
  commit: bigint;
  reserved: number;
  /** Has begun with a torn log, and not caught up since. */
  isBehind: boolean;
  /** Has lost what it had acknowledged. */
  abstain: boolean;
}

const BEGIN_BODY_SITES: Sites = {
  format: "raft_begin_body",
  file: "raft/segments.ksy",
  sites: [
    ["short", "", 45, "57 bytes"],
    ["unsafe-integer", "segment", 49, "at most 2^53-1"],
    ["unsafe-integer", "prevBytes", 50, "at most 2^53-1"],
    ["unsafe-integer", "prevIndex", 51, "at most 2^53-1"],
    ["unsafe-integer", "prevTerm", 52, "at most 2^53-1"],
    ["unsafe-integer", "hard.term", 39, "at most 2^53-1"],
    ["unsafe-integer", "hard.vote", 40, "at most 2^53-1"],
    ["unsafe-integer", "hard.commit", 41, "at most 2^53-1"],
    ["constant", "hard.reserved", 42, "0"],
  ],
};
const BEGIN_BODY_SITES$WRITTEN: Sites = {
  format: "raft_begin_body",
  file: "raft/segments.ksy",
  sites: [
    ["argument", "", 45, "an object"],
    ["range", "segment", 49, "0 to 2^53-1"],
    ["range", "prevBytes", 50, "0 to 2^53-1"],
    ["range", "prevIndex", 51, "0 to 2^53-1"],
    ["range", "prevTerm", 52, "0 to 2^53-1"],
    ["argument", "hard", 53, "an object"],
    ["range", "hard.term", 39, "0 to 2^53-1"],
    ["range", "hard.vote", 40, "0 to 2^53-1"],
    ["range", "hard.commit", 41, "0 to 2^53-1"],
    ["constant", "hard.reserved", 42, "0"],
    ["range", "hard.isBehind", 43, "true or false"],
    ["range", "hard.abstain", 44, "true or false"],
  ],
};
const BEGIN_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_begin_body",
  file: "raft/segments.ksy",
  sites: [
    ["range", "segment", 49, "0 to 18446744073709551615"],
    ["range", "prevBytes", 50, "0 to 18446744073709551615"],
    ["range", "prevIndex", 51, "0 to 18446744073709551615"],
    ["range", "prevTerm", 52, "0 to 18446744073709551615"],
    ["range", "hard.term", 39, "0 to 18446744073709551615"],
    ["range", "hard.vote", 40, "0 to 18446744073709551615"],
    ["range", "hard.commit", 41, "0 to 18446744073709551615"],
  ],
};
/** The first record of a segment says what the segments before it amount to. Source: seeds/dps, Raft on disk. */
export interface BeginBody {
  segment: number;
  /** Bytes of the segment before that count. */
  prevBytes: number;
  prevIndex: number;
  prevTerm: number;
  hard: HardState;
}
export const BEGIN_BODY_SIZE = 57;
function readBeginBody(bytes: Uint8Array, at: number, end: number): BeginBody | undefined {
  if (end - at !== 57 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(BEGIN_BODY_SITES, 0 /* short */, 57, bytes, at, end);
  }
  const $segment$high = uint32At(bytes, at);
  if ($segment$high > 0x1fffff) return refuse(BEGIN_BODY_SITES, 1 /* segment: unsafe-integer */, at);
  const $prevBytes$high = uint32At(bytes, at + 8);
  if ($prevBytes$high > 0x1fffff) return refuse(BEGIN_BODY_SITES, 2 /* prevBytes: unsafe-integer */, at + 8);
  const $prevIndex$high = uint32At(bytes, at + 16);
  if ($prevIndex$high > 0x1fffff) return refuse(BEGIN_BODY_SITES, 3 /* prevIndex: unsafe-integer */, at + 16);
  const $prevTerm$high = uint32At(bytes, at + 24);
  if ($prevTerm$high > 0x1fffff) return refuse(BEGIN_BODY_SITES, 4 /* prevTerm: unsafe-integer */, at + 24);
  const $hard_term$high = uint32At(bytes, at + 32);
  if ($hard_term$high > 0x1fffff) return refuse(BEGIN_BODY_SITES, 5 /* hard.term: unsafe-integer */, at + 32);
  const $hard_vote$high = uint32At(bytes, at + 40);
  if ($hard_vote$high > 0x1fffff) return refuse(BEGIN_BODY_SITES, 6 /* hard.vote: unsafe-integer */, at + 40);
  const $hard_commit$high = uint32At(bytes, at + 48);
  if ($hard_commit$high > 0x1fffff) return refuse(BEGIN_BODY_SITES, 7 /* hard.commit: unsafe-integer */, at + 48);
  const $hard_reserved = ((bytes[at + 56]! >>> 2) & 63);
  if ($hard_reserved !== 0) return refuse(BEGIN_BODY_SITES, 8 /* hard.reserved: constant */, at + 56, $hard_reserved);
  return {
    segment: $segment$high * 4294967296 + uint32At(bytes, at + 4),
    prevBytes: $prevBytes$high * 4294967296 + uint32At(bytes, at + 12),
    prevIndex: $prevIndex$high * 4294967296 + uint32At(bytes, at + 20),
    prevTerm: $prevTerm$high * 4294967296 + uint32At(bytes, at + 28),
    hard: { term: $hard_term$high * 4294967296 + uint32At(bytes, at + 36), vote: $hard_vote$high * 4294967296 +
        uint32At(bytes, at + 44), commit: $hard_commit$high * 4294967296 + uint32At(bytes, at + 52),
        reserved: ((bytes[at + 56]! >>> 2) & 63), isBehind: (((bytes[at + 56]! >>> 1) & 1) === 1),
        abstain: ((bytes[at + 56]! & 1) === 1) },
  };
}
/** @throws WireError when the bytes are no raft_begin_body. */
export function decodeBeginBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): BeginBody {
  return readBeginBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeBeginBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<BeginBody> {
  const value = readBeginBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeBeginBody(value: BeginBody): NewBytes {
  const bytes = new Uint8Array(57);
  encodeBeginBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeBeginBodyInto(value: BeginBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(BEGIN_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 57 || at >>> 0 !== at) failSpace(BEGIN_BODY_SITES$WRITTEN, 57, bytes, at);
  const $segment = value.segment;
  if (!Number.isSafeInteger($segment) || $segment < 0)
    fail(BEGIN_BODY_SITES$WRITTEN, 1 /* segment: range */, at, $segment);
  putSafe(bytes, at, $segment);
  const $prevBytes = value.prevBytes;
  if (!Number.isSafeInteger($prevBytes) || $prevBytes < 0)
    fail(BEGIN_BODY_SITES$WRITTEN, 2 /* prevBytes: range */, at + 8, $prevBytes);
  putSafe(bytes, at + 8, $prevBytes);
  const $prevIndex = value.prevIndex;
  if (!Number.isSafeInteger($prevIndex) || $prevIndex < 0)
    fail(BEGIN_BODY_SITES$WRITTEN, 3 /* prevIndex: range */, at + 16, $prevIndex);
  putSafe(bytes, at + 16, $prevIndex);
  const $prevTerm = value.prevTerm;
  if (!Number.isSafeInteger($prevTerm) || $prevTerm < 0)
    fail(BEGIN_BODY_SITES$WRITTEN, 4 /* prevTerm: range */, at + 24, $prevTerm);
  putSafe(bytes, at + 24, $prevTerm);
  const $hard = value.hard;
  if (!$hard) fail(BEGIN_BODY_SITES$WRITTEN, 5 /* hard: argument */, at + 32, $hard);
  const $hard_term = $hard.term;
  if (!Number.isSafeInteger($hard_term) || $hard_term < 0)
    fail(BEGIN_BODY_SITES$WRITTEN, 6 /* hard.term: range */, at + 32, $hard_term);
  putSafe(bytes, at + 32, $hard_term);
  const $hard_vote = $hard.vote;
  if (!Number.isSafeInteger($hard_vote) || $hard_vote < 0)
    fail(BEGIN_BODY_SITES$WRITTEN, 7 /* hard.vote: range */, at + 40, $hard_vote);
  putSafe(bytes, at + 40, $hard_vote);
  const $hard_commit = $hard.commit;
  if (!Number.isSafeInteger($hard_commit) || $hard_commit < 0)
    fail(BEGIN_BODY_SITES$WRITTEN, 8 /* hard.commit: range */, at + 48, $hard_commit);
  putSafe(bytes, at + 48, $hard_commit);
  const $hard_reserved = $hard.reserved;
  if (typeof $hard_reserved !== "number" || ($hard_reserved & 63) !== $hard_reserved || $hard_reserved !== 0)
    fail(BEGIN_BODY_SITES$WRITTEN, 9 /* hard.reserved: constant */, at + 56, $hard_reserved);
  const $hard_isBehind = $hard.isBehind;
  if ($hard_isBehind !== true && $hard_isBehind !== false)
    fail(BEGIN_BODY_SITES$WRITTEN, 10 /* hard.isBehind: range */, at + 56, $hard_isBehind);
  const $hard_abstain = $hard.abstain;
  if ($hard_abstain !== true && $hard_abstain !== false)
    fail(BEGIN_BODY_SITES$WRITTEN, 11 /* hard.abstain: range */, at + 56, $hard_abstain);
  const $hard_abstain$bits = ($hard_reserved << 2) | (($hard_isBehind ? 1 : 0) << 1) | ($hard_abstain ? 1 : 0);
  bytes[at + 56] = $hard_abstain$bits;
  return at + 57;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekBeginBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(BEGIN_BODY_SITES, bytes, at, end);
  if (end - at >= 57) {
    const $hard_reserved = ((bytes[at + 56]! >>> 2) & 63);
    if ($hard_reserved !== 0) return -1;
  }
  return 57;
}
/**
 * The first record of a segment says what the segments before it amount to. Source: seeds/dps, Raft on disk. 64-bit
 * integers as bigint.
 */
export interface BeginBodyBig {
  segment: bigint;
  /** Bytes of the segment before that count. */
  prevBytes: bigint;
  prevIndex: bigint;
  prevTerm: bigint;
  hard: HardStateBig;
}
function readBeginBodyBig(bytes: Uint8Array, at: number, end: number): BeginBodyBig | undefined {
  if (end - at !== 57 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(BEGIN_BODY_SITES, 0 /* short */, 57, bytes, at, end);
  }
  const $hard_reserved = ((bytes[at + 56]! >>> 2) & 63);
  if ($hard_reserved !== 0) return refuse(BEGIN_BODY_SITES, 8 /* hard.reserved: constant */, at + 56, $hard_reserved);
  return {
    segment: bigUnsigned(bytes, at),
    prevBytes: bigUnsigned(bytes, at + 8),
    prevIndex: bigUnsigned(bytes, at + 16),
    prevTerm: bigUnsigned(bytes, at + 24),
    hard: { term: bigUnsigned(bytes, at + 32), vote: bigUnsigned(bytes, at + 40), commit: bigUnsigned(bytes, at + 48),
        reserved: ((bytes[at + 56]! >>> 2) & 63), isBehind: (((bytes[at + 56]! >>> 1) & 1) === 1),
        abstain: ((bytes[at + 56]! & 1) === 1) },
  };
}
/** @throws WireError when the bytes are no raft_begin_body. */
export function decodeBeginBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): BeginBodyBig {
  return readBeginBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeBeginBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<BeginBodyBig> {
  const value = readBeginBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeBeginBodyBig(value: BeginBodyBig): NewBytes {
  const bytes = new Uint8Array(57);
  encodeBeginBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeBeginBodyBigInto(value: BeginBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(BEGIN_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 57 || at >>> 0 !== at) failSpace(BEGIN_BODY_SITES$WRITTEN, 57, bytes, at);
  const $segment = value.segment;
  if (typeof $segment !== "bigint" || BigInt.asUintN(64, $segment) !== $segment)
    fail(BEGIN_BODY_SITES$WRITTEN$BIG, 0 /* segment: range */, at, $segment);
  bigPut(bytes, at, $segment);
  const $prevBytes = value.prevBytes;
  if (typeof $prevBytes !== "bigint" || BigInt.asUintN(64, $prevBytes) !== $prevBytes)
    fail(BEGIN_BODY_SITES$WRITTEN$BIG, 1 /* prevBytes: range */, at + 8, $prevBytes);
  bigPut(bytes, at + 8, $prevBytes);
  const $prevIndex = value.prevIndex;
  if (typeof $prevIndex !== "bigint" || BigInt.asUintN(64, $prevIndex) !== $prevIndex)
    fail(BEGIN_BODY_SITES$WRITTEN$BIG, 2 /* prevIndex: range */, at + 16, $prevIndex);
  bigPut(bytes, at + 16, $prevIndex);
  const $prevTerm = value.prevTerm;
  if (typeof $prevTerm !== "bigint" || BigInt.asUintN(64, $prevTerm) !== $prevTerm)
    fail(BEGIN_BODY_SITES$WRITTEN$BIG, 3 /* prevTerm: range */, at + 24, $prevTerm);
  bigPut(bytes, at + 24, $prevTerm);
  const $hard = value.hard;
  if (!$hard) fail(BEGIN_BODY_SITES$WRITTEN, 5 /* hard: argument */, at + 32, $hard);
  const $hard_term = $hard.term;
  if (typeof $hard_term !== "bigint" || BigInt.asUintN(64, $hard_term) !== $hard_term)
    fail(BEGIN_BODY_SITES$WRITTEN$BIG, 4 /* hard.term: range */, at + 32, $hard_term);
  bigPut(bytes, at + 32, $hard_term);
  const $hard_vote = $hard.vote;
  if (typeof $hard_vote !== "bigint" || BigInt.asUintN(64, $hard_vote) !== $hard_vote)
    fail(BEGIN_BODY_SITES$WRITTEN$BIG, 5 /* hard.vote: range */, at + 40, $hard_vote);
  bigPut(bytes, at + 40, $hard_vote);
  const $hard_commit = $hard.commit;
  if (typeof $hard_commit !== "bigint" || BigInt.asUintN(64, $hard_commit) !== $hard_commit)
    fail(BEGIN_BODY_SITES$WRITTEN$BIG, 6 /* hard.commit: range */, at + 48, $hard_commit);
  bigPut(bytes, at + 48, $hard_commit);
  const $hard_reserved = $hard.reserved;
  if (typeof $hard_reserved !== "number" || ($hard_reserved & 63) !== $hard_reserved || $hard_reserved !== 0)
    fail(BEGIN_BODY_SITES$WRITTEN, 9 /* hard.reserved: constant */, at + 56, $hard_reserved);
  const $hard_isBehind = $hard.isBehind;
  if ($hard_isBehind !== true && $hard_isBehind !== false)
    fail(BEGIN_BODY_SITES$WRITTEN, 10 /* hard.isBehind: range */, at + 56, $hard_isBehind);
  const $hard_abstain = $hard.abstain;
  if ($hard_abstain !== true && $hard_abstain !== false)
    fail(BEGIN_BODY_SITES$WRITTEN, 11 /* hard.abstain: range */, at + 56, $hard_abstain);
  const $hard_abstain$bits = ($hard_reserved << 2) | (($hard_isBehind ? 1 : 0) << 1) | ($hard_abstain ? 1 : 0);
  bytes[at + 56] = $hard_abstain$bits;
  return at + 57;
}

const ENTRIES_BODY_SITES: Sites = {
  format: "raft_entries_body",
  file: "raft/segments.ksy",
  sites: [
    ["short", "", 54, "at least 12 bytes"],
    ["trailing", "", 54, ""],
    ["unsafe-integer", "first", 58, "at most 2^53-1"],
    ["short", "entries", 60, ""],
    ["short", "entries[*]", 60, ""],
  ],
};
const ENTRIES_BODY_SITES$WRITTEN: Sites = {
  format: "raft_entries_body",
  file: "raft/segments.ksy",
  sites: [
    ["argument", "", 54, "an object"],
    ["argument", "entries", 60, "a list"],
    ["range", "first", 58, "0 to 2^53-1"],
    ["range", "entries", 59, "entry_count of 0 to 4294967295"],
    ["short", "entries[*]", 60, ""],
  ],
};
const ENTRIES_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_entries_body",
  file: "raft/segments.ksy",
  sites: [
    ["range", "first", 58, "0 to 18446744073709551615"],
  ],
};
/** Replace all entries from the first of them on. Source: seeds/dps, Raft on disk. */
export interface EntriesBody {
  first: number;
  entries: LogEntry[];
}
export const ENTRIES_BODY_MIN_SIZE = 12;
function readEntriesBody(bytes: Uint8Array, at: number, end: number): EntriesBody | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(ENTRIES_BODY_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeEntriesBody(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(ENTRIES_BODY_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_entries_body. */
export function decodeEntriesBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): EntriesBody {
  return readEntriesBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEntriesBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<EntriesBody> {
  const value = readEntriesBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEntriesBody(value: EntriesBody): NewBytes {
  try {
    const bytes = new Uint8Array($sizeEntriesBody(value));
    $putEntriesBody(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, ENTRIES_BODY_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEntriesBodyInto(value: EntriesBody, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeEntriesBody(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ENTRIES_BODY_SITES$WRITTEN, need, bytes, at);
    return $putEntriesBody(value, bytes, at);
  } catch (error) { throw foreign(error, ENTRIES_BODY_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekEntriesBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(ENTRIES_BODY_SITES, bytes, at, end);
  next.depth = 0;
  const behind = $skipEntriesBody(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipEntriesBody(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 12) return -1;
  const $entryCount = (((bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) |
      bytes[at + 11]!) >>> 0);
  let $$p1 = at + 12;
  const $entries$n = $entryCount;
  for (let i = 0; i < $entries$n; i++) {
    $$p1 = $skip$entries_LogEntry(bytes, $$p1, end);
    if ($$p1 < 0) return $$p1;
  }
  return $$p1;
}
function $takeEntriesBody(bytes: Uint8Array, at: number, end: number): EntriesBody | undefined {
  if (end - at < 12) return refuse(ENTRIES_BODY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $first$high = uint32At(bytes, at);
  if ($first$high > 0x1fffff) return refuse(ENTRIES_BODY_SITES, 2 /* first: unsafe-integer */, at);
  const $entryCount = uint32At(bytes, at + 8);
  const $entries$n = $entryCount;
  if (!($entries$n * 13 <= end - (at + 12)))
    return refuse(ENTRIES_BODY_SITES, 3 /* entries: short */, end, `${end - (at + 12)} of ${$entries$n * 13} bytes`);
  const $entries$list: LogEntry[] = new Array($entries$n);
  let $entries$p = at + 12;
  for (let i = 0; i < $entries$n; i++) {
    const $entries$each$v = $take$entries_LogEntry(bytes, $entries$p, end);
    if ($entries$each$v === undefined) return within(ENTRIES_BODY_SITES, 4 /* entries[*]: short */, i);
    const $entries$each$e = next.at;
    const $entries$each = $entries$each$v;
    $entries$list[i] = $entries$each;
    $entries$p = $entries$each$e;
  }
  const $entries$is = $entries$list;
  const $$p1 = $entries$p;
  next.at = $$p1;
  return {
    first: $first$high * 4294967296 + uint32At(bytes, at + 4),
    entries: $entries$is,
  };
}
function $putEntriesBody(value: EntriesBody, bytes: Uint8Array, at: number): number {
  requireObject(ENTRIES_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $entries$count = listOf(ENTRIES_BODY_SITES$WRITTEN, 1 /* entries: argument */, at, value.entries).length;
  const $first = value.first;
  if (!Number.isSafeInteger($first) || $first < 0) fail(ENTRIES_BODY_SITES$WRITTEN, 2 /* first: range */, at, $first);
  putSafe(bytes, at, $first);
  const $entryCount = $entries$count;
  if ($entryCount > 4294967295) fail(ENTRIES_BODY_SITES$WRITTEN, 3 /* entries: range */, at + 8, $entryCount);
  bytes[at + 8] = $entryCount >>> 24; bytes[at + 9] = $entryCount >>> 16; bytes[at + 10] = $entryCount >>> 8;
  bytes[at + 11] = $entryCount;
  const $entries$list = listOf(ENTRIES_BODY_SITES$WRITTEN, 1 /* entries: argument */, at + 12,
      value.entries) as readonly (LogEntry)[];
  let $entries$p = at + 12;
  for (let i = 0; i < $entries$list.length; i++) {
    const $entries$each = $entries$list[i]!;
    let $entries$each$e: number;
    try { $entries$each$e = $put$entries_LogEntry($entries$each, bytes, $entries$p);
    } catch (error) { throw inside(error, ENTRIES_BODY_SITES$WRITTEN, 4 /* entries[*]: short */, i); }
    $entries$p = $entries$each$e;
  }
  const $$p1 = $entries$p;
  return $$p1;
}
function $sizeEntriesBody(value: EntriesBody): number {
  requireObject(ENTRIES_BODY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 12;
  const $entries$list = listOf(ENTRIES_BODY_SITES$WRITTEN, 1 /* entries: argument */, 0,
      value.entries) as readonly (LogEntry)[];
  for (let i = 0; i < $entries$list.length; i++) {
    const $entries$each = $entries$list[i]!;
    try { $$size += $size$entries_LogEntry($entries$each as LogEntry);
    } catch (error) { throw inside(error, ENTRIES_BODY_SITES$WRITTEN, 4 /* entries[*]: short */, i); }
  }
  return $$size;
}
/** Replace all entries from the first of them on. Source: seeds/dps, Raft on disk. 64-bit integers as bigint. */
export interface EntriesBodyBig {
  first: bigint;
  entries: LogEntryBig[];
}
function readEntriesBodyBig(bytes: Uint8Array, at: number, end: number): EntriesBodyBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(ENTRIES_BODY_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeEntriesBodyBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(ENTRIES_BODY_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_entries_body. */
export function decodeEntriesBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): EntriesBodyBig {
  return readEntriesBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEntriesBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<EntriesBodyBig> {
  const value = readEntriesBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEntriesBodyBig(value: EntriesBodyBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeEntriesBodyBig(value));
    $putEntriesBodyBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, ENTRIES_BODY_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEntriesBodyBigInto(value: EntriesBodyBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeEntriesBodyBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ENTRIES_BODY_SITES$WRITTEN, need, bytes, at);
    return $putEntriesBodyBig(value, bytes, at);
  } catch (error) { throw foreign(error, ENTRIES_BODY_SITES$WRITTEN); }
}
function $takeEntriesBodyBig(bytes: Uint8Array, at: number, end: number): EntriesBodyBig | undefined {
  if (end - at < 12) return refuse(ENTRIES_BODY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $entryCount = uint32At(bytes, at + 8);
  const $entries$n = $entryCount;
  if (!($entries$n * 13 <= end - (at + 12)))
    return refuse(ENTRIES_BODY_SITES, 3 /* entries: short */, end, `${end - (at + 12)} of ${$entries$n * 13} bytes`);
  const $entries$list: LogEntryBig[] = new Array($entries$n);
  let $entries$p = at + 12;
  for (let i = 0; i < $entries$n; i++) {
    const $entries$each$v = $take$entries_LogEntryBig(bytes, $entries$p, end);
    if ($entries$each$v === undefined) return within(ENTRIES_BODY_SITES, 4 /* entries[*]: short */, i);
    const $entries$each$e = next.at;
    const $entries$each = $entries$each$v;
    $entries$list[i] = $entries$each;
    $entries$p = $entries$each$e;
  }
  const $entries$is = $entries$list;
  const $$p1 = $entries$p;
  next.at = $$p1;
  return {
    first: bigUnsigned(bytes, at),
    entries: $entries$is,
  };
}
function $putEntriesBodyBig(value: EntriesBodyBig, bytes: Uint8Array, at: number): number {
  requireObject(ENTRIES_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $entries$count = listOf(ENTRIES_BODY_SITES$WRITTEN, 1 /* entries: argument */, at, value.entries).length;
  const $first = value.first;
  if (typeof $first !== "bigint" || BigInt.asUintN(64, $first) !== $first)
    fail(ENTRIES_BODY_SITES$WRITTEN$BIG, 0 /* first: range */, at, $first);
  bigPut(bytes, at, $first);
  const $entryCount = $entries$count;
  if ($entryCount > 4294967295) fail(ENTRIES_BODY_SITES$WRITTEN, 3 /* entries: range */, at + 8, $entryCount);
  bytes[at + 8] = $entryCount >>> 24; bytes[at + 9] = $entryCount >>> 16; bytes[at + 10] = $entryCount >>> 8;
  bytes[at + 11] = $entryCount;
  const $entries$list = listOf(ENTRIES_BODY_SITES$WRITTEN, 1 /* entries: argument */, at + 12,
      value.entries) as readonly (LogEntryBig)[];
  let $entries$p = at + 12;
  for (let i = 0; i < $entries$list.length; i++) {
    const $entries$each = $entries$list[i]!;
    let $entries$each$e: number;
    try { $entries$each$e = $put$entries_LogEntryBig($entries$each, bytes, $entries$p);
    } catch (error) { throw inside(error, ENTRIES_BODY_SITES$WRITTEN, 4 /* entries[*]: short */, i); }
    $entries$p = $entries$each$e;
  }
  const $$p1 = $entries$p;
  return $$p1;
}
function $sizeEntriesBodyBig(value: EntriesBodyBig): number {
  requireObject(ENTRIES_BODY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 12;
  const $entries$list = listOf(ENTRIES_BODY_SITES$WRITTEN, 1 /* entries: argument */, 0,
      value.entries) as readonly (LogEntryBig)[];
  for (let i = 0; i < $entries$list.length; i++) {
    const $entries$each = $entries$list[i]!;
    try { $$size += $size$entries_LogEntryBig($entries$each as LogEntryBig);
    } catch (error) { throw inside(error, ENTRIES_BODY_SITES$WRITTEN, 4 /* entries[*]: short */, i); }
  }
  return $$size;
}

const MARK_BODY_SITES: Sites = {
  format: "raft_mark_body",
  file: "raft/segments.ksy",
  sites: [
    ["short", "", 61, "at least 70 bytes"],
    ["trailing", "", 61, ""],
    ["unsafe-integer", "lastIndex", 65, "at most 2^53-1"],
    ["unsafe-integer", "lastTerm", 66, "at most 2^53-1"],
    ["unsafe-integer", "sizeBytes", 67, "at most 2^53-1"],
    ["constant", "reserved", 69, "0"],
    ["short", "config", 72, ""],
  ],
};
const MARK_BODY_SITES$WRITTEN: Sites = {
  format: "raft_mark_body",
  file: "raft/segments.ksy",
  sites: [
    ["argument", "", 61, "an object"],
    ["range", "lastIndex", 65, "0 to 2^53-1"],
    ["range", "lastTerm", 66, "0 to 2^53-1"],
    ["range", "sizeBytes", 67, "0 to 2^53-1"],
    ["length", "snapshotSha256", 68, "32 bytes"],
    ["constant", "reserved", 69, "0"],
    ["range", "isOwn", 70, "true or false"],
    ["range", "dropLog", 71, "true or false"],
    ["short", "config", 72, ""],
  ],
};
const MARK_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_mark_body",
  file: "raft/segments.ksy",
  sites: [
    ["range", "lastIndex", 65, "0 to 18446744073709551615"],
    ["range", "lastTerm", 66, "0 to 18446744073709551615"],
    ["range", "sizeBytes", 67, "0 to 18446744073709551615"],
  ],
};
/** A snapshot is whole, in a file that its index, term and hash name. Source: seeds/dps, Raft on disk. */
export interface MarkBody {
  lastIndex: number;
  lastTerm: number;
  sizeBytes: number;
  snapshotSha256: Uint8Array;
  reserved: number;
  /** Taken here. */
  isOwn: boolean;
  /** No entry before counts any more. */
  dropLog: boolean;
  config: ClusterConfig;
}
export const MARK_BODY_MIN_SIZE = 70;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const MARK_BODY_DEFAULTS = { reserved: 0 } as const;
function readMarkBody(bytes: Uint8Array, at: number, end: number): MarkBody | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(MARK_BODY_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeMarkBody(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(MARK_BODY_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_mark_body. */
export function decodeMarkBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): MarkBody {
  return readMarkBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeMarkBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<MarkBody> {
  const value = readMarkBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeMarkBody(value: MarkBody): NewBytes {
  try {
    const bytes = new Uint8Array($sizeMarkBody(value));
    $putMarkBody(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, MARK_BODY_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeMarkBodyInto(value: MarkBody, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeMarkBody(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(MARK_BODY_SITES$WRITTEN, need, bytes, at);
    return $putMarkBody(value, bytes, at);
  } catch (error) { throw foreign(error, MARK_BODY_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekMarkBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(MARK_BODY_SITES, bytes, at, end);
  if (end - at >= 57) {
    const $reserved = ((bytes[at + 56]! >>> 2) & 63);
    if ($reserved !== 0) return -1;
  }
  next.depth = 0;
  const behind = $skipMarkBody(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipMarkBody(bytes: Uint8Array, at: number, end: number): number {
  let $$p1 = at + 57;
  $$p1 = $skip$entries_ClusterConfig(bytes, $$p1, end);
  if ($$p1 < 0) return $$p1;
  return $$p1;
}
function $takeMarkBody(bytes: Uint8Array, at: number, end: number): MarkBody | undefined {
  if (end - at < 57) return refuse(MARK_BODY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $lastIndex$high = uint32At(bytes, at);
  if ($lastIndex$high > 0x1fffff) return refuse(MARK_BODY_SITES, 2 /* lastIndex: unsafe-integer */, at);
  const $lastTerm$high = uint32At(bytes, at + 8);
  if ($lastTerm$high > 0x1fffff) return refuse(MARK_BODY_SITES, 3 /* lastTerm: unsafe-integer */, at + 8);
  const $sizeBytes$high = uint32At(bytes, at + 16);
  if ($sizeBytes$high > 0x1fffff) return refuse(MARK_BODY_SITES, 4 /* sizeBytes: unsafe-integer */, at + 16);
  const $reserved = ((bytes[at + 56]! >>> 2) & 63);
  if ($reserved !== 0) return refuse(MARK_BODY_SITES, 5 /* reserved: constant */, at + 56, $reserved);
  const $config$v = $take$entries_ClusterConfig(bytes, at + 57, end);
  if ($config$v === undefined) return within(MARK_BODY_SITES, 6 /* config: short */);
  const $config$e = next.at;
  const $config$is = $config$v;
  const $$p1 = $config$e;
  next.at = $$p1;
  return {
    lastIndex: $lastIndex$high * 4294967296 + uint32At(bytes, at + 4),
    lastTerm: $lastTerm$high * 4294967296 + uint32At(bytes, at + 12),
    sizeBytes: $sizeBytes$high * 4294967296 + uint32At(bytes, at + 20),
    snapshotSha256: new Uint8Array(next.buffer, next.base + at + 24, 32),
    reserved: ((bytes[at + 56]! >>> 2) & 63),
    isOwn: (((bytes[at + 56]! >>> 1) & 1) === 1),
    dropLog: ((bytes[at + 56]! & 1) === 1),
    config: $config$is,
  };
}
function $putMarkBody(value: MarkBody, bytes: Uint8Array, at: number): number {
  requireObject(MARK_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $lastIndex = value.lastIndex;
  if (!Number.isSafeInteger($lastIndex) || $lastIndex < 0)
    fail(MARK_BODY_SITES$WRITTEN, 1 /* lastIndex: range */, at, $lastIndex);
  putSafe(bytes, at, $lastIndex);
  const $lastTerm = value.lastTerm;
  if (!Number.isSafeInteger($lastTerm) || $lastTerm < 0)
    fail(MARK_BODY_SITES$WRITTEN, 2 /* lastTerm: range */, at + 8, $lastTerm);
  putSafe(bytes, at + 8, $lastTerm);
  const $sizeBytes = value.sizeBytes;
  if (!Number.isSafeInteger($sizeBytes) || $sizeBytes < 0)
    fail(MARK_BODY_SITES$WRITTEN, 3 /* sizeBytes: range */, at + 16, $sizeBytes);
  putSafe(bytes, at + 16, $sizeBytes);
  const $snapshotSha256 = value.snapshotSha256;
  if (lengthOf($snapshotSha256) !== 32)
    failBytes(MARK_BODY_SITES$WRITTEN, 4 /* snapshotSha256: length */, at + 24, $snapshotSha256);
  bytes.set($snapshotSha256, at + 24);
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 63) !== $reserved || $reserved !== 0)
    fail(MARK_BODY_SITES$WRITTEN, 5 /* reserved: constant */, at + 56, $reserved);
  const $isOwn = value.isOwn;
  if ($isOwn !== true && $isOwn !== false) fail(MARK_BODY_SITES$WRITTEN, 6 /* isOwn: range */, at + 56, $isOwn);
  const $dropLog = value.dropLog;
  if ($dropLog !== true && $dropLog !== false) fail(MARK_BODY_SITES$WRITTEN, 7 /* dropLog: range */, at + 56, $dropLog);
  const $dropLog$bits = ($reserved << 2) | (($isOwn ? 1 : 0) << 1) | ($dropLog ? 1 : 0);
  bytes[at + 56] = $dropLog$bits;
  let $config$e: number;
  try { $config$e = $put$entries_ClusterConfig(value.config, bytes, at + 57);
  } catch (error) { throw inside(error, MARK_BODY_SITES$WRITTEN, 8 /* config: short */); }
  const $$p1 = $config$e;
  return $$p1;
}
function $sizeMarkBody(value: MarkBody): number {
  requireObject(MARK_BODY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 57;
  try { $$size += $size$entries_ClusterConfig(value.config as ClusterConfig);
  } catch (error) { throw inside(error, MARK_BODY_SITES$WRITTEN, 8 /* config: short */); }
  return $$size;
}
/**
 * A snapshot is whole, in a file that its index, term and hash name. Source: seeds/dps, Raft on disk. 64-bit integers
 * as bigint.
 */
export interface MarkBodyBig {
  lastIndex: bigint;
  lastTerm: bigint;
  sizeBytes: bigint;
  snapshotSha256: Uint8Array;
  reserved: number;
  /** Taken here. */
  isOwn: boolean;
  /** No entry before counts any more. */
  dropLog: boolean;
  config: ClusterConfigBig;
}
function readMarkBodyBig(bytes: Uint8Array, at: number, end: number): MarkBodyBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(MARK_BODY_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeMarkBodyBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(MARK_BODY_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_mark_body. */
export function decodeMarkBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): MarkBodyBig {
  return readMarkBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeMarkBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<MarkBodyBig> {
  const value = readMarkBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeMarkBodyBig(value: MarkBodyBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeMarkBodyBig(value));
    $putMarkBodyBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, MARK_BODY_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeMarkBodyBigInto(value: MarkBodyBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeMarkBodyBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(MARK_BODY_SITES$WRITTEN, need, bytes, at);
    return $putMarkBodyBig(value, bytes, at);
  } catch (error) { throw foreign(error, MARK_BODY_SITES$WRITTEN); }
}
function $takeMarkBodyBig(bytes: Uint8Array, at: number, end: number): MarkBodyBig | undefined {
  if (end - at < 57) return refuse(MARK_BODY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $reserved = ((bytes[at + 56]! >>> 2) & 63);
  if ($reserved !== 0) return refuse(MARK_BODY_SITES, 5 /* reserved: constant */, at + 56, $reserved);
  const $config$v = $take$entries_ClusterConfigBig(bytes, at + 57, end);
  if ($config$v === undefined) return within(MARK_BODY_SITES, 6 /* config: short */);
  const $config$e = next.at;
  const $config$is = $config$v;
  const $$p1 = $config$e;
  next.at = $$p1;
  return {
    lastIndex: bigUnsigned(bytes, at),
    lastTerm: bigUnsigned(bytes, at + 8),
    sizeBytes: bigUnsigned(bytes, at + 16),
    snapshotSha256: new Uint8Array(next.buffer, next.base + at + 24, 32),
    reserved: ((bytes[at + 56]! >>> 2) & 63),
    isOwn: (((bytes[at + 56]! >>> 1) & 1) === 1),
    dropLog: ((bytes[at + 56]! & 1) === 1),
    config: $config$is,
  };
}
function $putMarkBodyBig(value: MarkBodyBig, bytes: Uint8Array, at: number): number {
  requireObject(MARK_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $lastIndex = value.lastIndex;
  if (typeof $lastIndex !== "bigint" || BigInt.asUintN(64, $lastIndex) !== $lastIndex)
    fail(MARK_BODY_SITES$WRITTEN$BIG, 0 /* lastIndex: range */, at, $lastIndex);
  bigPut(bytes, at, $lastIndex);
  const $lastTerm = value.lastTerm;
  if (typeof $lastTerm !== "bigint" || BigInt.asUintN(64, $lastTerm) !== $lastTerm)
    fail(MARK_BODY_SITES$WRITTEN$BIG, 1 /* lastTerm: range */, at + 8, $lastTerm);
  bigPut(bytes, at + 8, $lastTerm);
  const $sizeBytes = value.sizeBytes;
  if (typeof $sizeBytes !== "bigint" || BigInt.asUintN(64, $sizeBytes) !== $sizeBytes)
    fail(MARK_BODY_SITES$WRITTEN$BIG, 2 /* sizeBytes: range */, at + 16, $sizeBytes);
  bigPut(bytes, at + 16, $sizeBytes);
  const $snapshotSha256 = value.snapshotSha256;
  if (lengthOf($snapshotSha256) !== 32)
    failBytes(MARK_BODY_SITES$WRITTEN, 4 /* snapshotSha256: length */, at + 24, $snapshotSha256);
  bytes.set($snapshotSha256, at + 24);
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 63) !== $reserved || $reserved !== 0)
    fail(MARK_BODY_SITES$WRITTEN, 5 /* reserved: constant */, at + 56, $reserved);
  const $isOwn = value.isOwn;
  if ($isOwn !== true && $isOwn !== false) fail(MARK_BODY_SITES$WRITTEN, 6 /* isOwn: range */, at + 56, $isOwn);
  const $dropLog = value.dropLog;
  if ($dropLog !== true && $dropLog !== false) fail(MARK_BODY_SITES$WRITTEN, 7 /* dropLog: range */, at + 56, $dropLog);
  const $dropLog$bits = ($reserved << 2) | (($isOwn ? 1 : 0) << 1) | ($dropLog ? 1 : 0);
  bytes[at + 56] = $dropLog$bits;
  let $config$e: number;
  try { $config$e = $put$entries_ClusterConfigBig(value.config, bytes, at + 57);
  } catch (error) { throw inside(error, MARK_BODY_SITES$WRITTEN, 8 /* config: short */); }
  const $$p1 = $config$e;
  return $$p1;
}
function $sizeMarkBodyBig(value: MarkBodyBig): number {
  requireObject(MARK_BODY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 57;
  try { $$size += $size$entries_ClusterConfigBig(value.config as ClusterConfigBig);
  } catch (error) { throw inside(error, MARK_BODY_SITES$WRITTEN, 8 /* config: short */); }
  return $$size;
}

const $entries_LOG_ENTRY_SITES: Sites = {
  format: "raft_log_entry",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 10, "at least 13 bytes"],
    ["unsafe-integer", "term", 14, "at most 2^53-1"],
    ["enum", "entryType", 15, "one of 1, 2, 3, 4, 5, 6, 7"],
    ["short", "data", 17, ""],
  ],
};
const $entries_LOG_ENTRY_SITES$WRITTEN: Sites = {
  format: "raft_log_entry",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 10, "an object"],
    ["count", "data", 17, "at least 0 bytes"],
    ["range", "term", 14, "0 to 2^53-1"],
    ["range", "entryType", 15, "0 to 255"],
    ["enum", "entryType", 15, "one of 1, 2, 3, 4, 5, 6, 7"],
    ["range", "data", 16, "data_length of 0 to 4294967295"],
  ],
};
const $entries_LOG_ENTRY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_log_entry",
  file: "raft/entries.ksy",
  sites: [
    ["range", "term", 14, "0 to 18446744073709551615"],
  ],
};
function $skip$entries_LogEntry(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 13) return -1;
  const $dataLength = (((bytes[at + 9]! << 24) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 8) |
      bytes[at + 12]!) >>> 0);
  const $data$count = $dataLength;
  const $$p1 = at + 13 + $data$count;
  return $$p1;
}
function $take$entries_LogEntry(bytes: Uint8Array, at: number, end: number): LogEntry | undefined {
  if (end - at < 13) return refuse($entries_LOG_ENTRY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $term$high = uint32At(bytes, at);
  if ($term$high > 0x1fffff) return refuse($entries_LOG_ENTRY_SITES, 1 /* term: unsafe-integer */, at);
  const $entryType = bytes[at + 8]!;
  if (($entryType < 1 || $entryType > 7))
    return refuse($entries_LOG_ENTRY_SITES, 2 /* entryType: enum */, at + 8, $entryType);
  const $dataLength = uint32At(bytes, at + 9);
  const $data$count = $dataLength;
  if ($data$count > end - at - 13)
    return refuse($entries_LOG_ENTRY_SITES, 3 /* data: short */, end, `${end - at - 13} of ${$data$count} bytes`);
  const $$p1 = at + 13 + $data$count;
  next.at = $$p1;
  return {
    term: $term$high * 4294967296 + uint32At(bytes, at + 4),
    entryType: $entryType as EntryType,
    data: new Uint8Array(next.buffer, next.base + at + 13, $data$count),
  };
}
function $put$entries_LogEntry(value: LogEntry, bytes: Uint8Array, at: number): number {
  requireObject($entries_LOG_ENTRY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $data = value.data, $data$count = lengthOf($data);
  if ($data$count < 0) failBytes($entries_LOG_ENTRY_SITES$WRITTEN, 1 /* data: count */, at, $data);
  const $term = value.term;
  if (!Number.isSafeInteger($term) || $term < 0) fail($entries_LOG_ENTRY_SITES$WRITTEN, 2 /* term: range */, at, $term);
  putSafe(bytes, at, $term);
  const $entryType = value.entryType;
  if (typeof $entryType !== "number" || ($entryType & 255) !== $entryType)
    fail($entries_LOG_ENTRY_SITES$WRITTEN, 3 /* entryType: range */, at + 8, $entryType);
  if (($entryType < 1 || $entryType > 7))
    fail($entries_LOG_ENTRY_SITES$WRITTEN, 4 /* entryType: enum */, at + 8, $entryType);
  bytes[at + 8] = $entryType;
  const $dataLength = $data$count;
  if ($dataLength > 4294967295) fail($entries_LOG_ENTRY_SITES$WRITTEN, 5 /* data: range */, at + 9, $dataLength);
  bytes[at + 9] = $dataLength >>> 24; bytes[at + 10] = $dataLength >>> 16; bytes[at + 11] = $dataLength >>> 8;
  bytes[at + 12] = $dataLength;
  bytes.set($data, at + 13);
  const $$p1 = at + 13 + $data$count;
  return $$p1;
}
function $size$entries_LogEntry(value: LogEntry): number {
  requireObject($entries_LOG_ENTRY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 13;
  $$size += bytesLength(value.data);
  return $$size;
}
function $take$entries_LogEntryBig(bytes: Uint8Array, at: number, end: number): LogEntryBig | undefined {
  if (end - at < 13) return refuse($entries_LOG_ENTRY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $entryType = bytes[at + 8]!;
  if (($entryType < 1 || $entryType > 7))
    return refuse($entries_LOG_ENTRY_SITES, 2 /* entryType: enum */, at + 8, $entryType);
  const $dataLength = uint32At(bytes, at + 9);
  const $data$count = $dataLength;
  if ($data$count > end - at - 13)
    return refuse($entries_LOG_ENTRY_SITES, 3 /* data: short */, end, `${end - at - 13} of ${$data$count} bytes`);
  const $$p1 = at + 13 + $data$count;
  next.at = $$p1;
  return {
    term: bigUnsigned(bytes, at),
    entryType: $entryType as EntryType,
    data: new Uint8Array(next.buffer, next.base + at + 13, $data$count),
  };
}
function $put$entries_LogEntryBig(value: LogEntryBig, bytes: Uint8Array, at: number): number {
  requireObject($entries_LOG_ENTRY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $data = value.data, $data$count = lengthOf($data);
  if ($data$count < 0) failBytes($entries_LOG_ENTRY_SITES$WRITTEN, 1 /* data: count */, at, $data);
  const $term = value.term;
  if (typeof $term !== "bigint" || BigInt.asUintN(64, $term) !== $term)
    fail($entries_LOG_ENTRY_SITES$WRITTEN$BIG, 0 /* term: range */, at, $term);
  bigPut(bytes, at, $term);
  const $entryType = value.entryType;
  if (typeof $entryType !== "number" || ($entryType & 255) !== $entryType)
    fail($entries_LOG_ENTRY_SITES$WRITTEN, 3 /* entryType: range */, at + 8, $entryType);
  if (($entryType < 1 || $entryType > 7))
    fail($entries_LOG_ENTRY_SITES$WRITTEN, 4 /* entryType: enum */, at + 8, $entryType);
  bytes[at + 8] = $entryType;
  const $dataLength = $data$count;
  if ($dataLength > 4294967295) fail($entries_LOG_ENTRY_SITES$WRITTEN, 5 /* data: range */, at + 9, $dataLength);
  bytes[at + 9] = $dataLength >>> 24; bytes[at + 10] = $dataLength >>> 16; bytes[at + 11] = $dataLength >>> 8;
  bytes[at + 12] = $dataLength;
  bytes.set($data, at + 13);
  const $$p1 = at + 13 + $data$count;
  return $$p1;
}
function $size$entries_LogEntryBig(value: LogEntryBig): number {
  requireObject($entries_LOG_ENTRY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 13;
  $$size += bytesLength(value.data);
  return $$size;
}

const $entries_CLUSTER_CONFIG_SITES: Sites = {
  format: "raft_cluster_config",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 18, "at least 13 bytes"],
    ["constant", "version", 22, "01"],
    ["range", "driftPermille", 25, "0 to 500"],
    ["range", "memberCount", 26, "0 to 64"],
    ["short", "members", 27, ""],
    ["short", "members[*]", 27, ""],
  ],
};
const $entries_CLUSTER_CONFIG_SITES$WRITTEN: Sites = {
  format: "raft_cluster_config",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 18, "an object"],
    ["argument", "members", 27, "a list"],
    ["range", "electionLoMs", 23, "0 to 4294967295"],
    ["range", "electionHiMs", 24, "0 to 4294967295"],
    ["range", "driftPermille", 25, "0 to 500"],
    ["range", "members", 26, "member_count of 0 to 64"],
    ["short", "members[*]", 27, ""],
  ],
};
function $skip$entries_ClusterConfig(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 13) return -1;
  const $memberCount = ((bytes[at + 11]! << 8) | bytes[at + 12]!);
  if ($memberCount > 64) return -2;
  let $$p1 = at + 13;
  const $members$n = $memberCount;
  for (let i = 0; i < $members$n; i++) {
    $$p1 = $skip$entries_ClusterMember(bytes, $$p1, end);
    if ($$p1 < 0) return $$p1;
  }
  return $$p1;
}
function $take$entries_ClusterConfig(bytes: Uint8Array, at: number, end: number): ClusterConfig | undefined {
  if (end - at < 13) return refuse($entries_CLUSTER_CONFIG_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse($entries_CLUSTER_CONFIG_SITES, 1 /* version: constant */, at);
  const $driftPermille = ((bytes[at + 9]! << 8) | bytes[at + 10]!);
  if ($driftPermille > 500)
    return refuse($entries_CLUSTER_CONFIG_SITES, 2 /* driftPermille: range */, at + 9, $driftPermille);
  const $memberCount = ((bytes[at + 11]! << 8) | bytes[at + 12]!);
  if ($memberCount > 64)
    return refuse($entries_CLUSTER_CONFIG_SITES, 3 /* memberCount: range */, at + 11, $memberCount);
  const $members$n = $memberCount;
  if (!($members$n * 38 <= end - (at + 13)))
    return refuse($entries_CLUSTER_CONFIG_SITES, 4 /* members: short */, end,
      `${end - (at + 13)} of ${$members$n * 38} bytes`);
  const $members$list: ClusterMember[] = new Array($members$n);
  let $members$p = at + 13;
  for (let i = 0; i < $members$n; i++) {
    const $members$each$v = $take$entries_ClusterMember(bytes, $members$p, end);
    if ($members$each$v === undefined) return within($entries_CLUSTER_CONFIG_SITES, 5 /* members[*]: short */, i);
    const $members$each$e = next.at;
    const $members$each = $members$each$v;
    $members$list[i] = $members$each;
    $members$p = $members$each$e;
  }
  const $members$is = $members$list;
  const $$p1 = $members$p;
  next.at = $$p1;
  return {
    electionLoMs: uint32At(bytes, at + 1),
    electionHiMs: uint32At(bytes, at + 5),
    driftPermille: $driftPermille,
    members: $members$is,
  };
}
function $put$entries_ClusterConfig(value: ClusterConfig, bytes: Uint8Array, at: number): number {
  requireObject($entries_CLUSTER_CONFIG_SITES$WRITTEN, 0 /* argument */, at, value);
  const $members$count = listOf($entries_CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, at,
      value.members).length;
  bytes[at] = 1;
  const $electionLoMs = value.electionLoMs;
  if (typeof $electionLoMs !== "number" || $electionLoMs >>> 0 !== $electionLoMs)
    fail($entries_CLUSTER_CONFIG_SITES$WRITTEN, 2 /* electionLoMs: range */, at + 1, $electionLoMs);
  bytes[at + 1] = $electionLoMs >>> 24; bytes[at + 2] = $electionLoMs >>> 16; bytes[at + 3] = $electionLoMs >>> 8;
  bytes[at + 4] = $electionLoMs;
  const $electionHiMs = value.electionHiMs;
  if (typeof $electionHiMs !== "number" || $electionHiMs >>> 0 !== $electionHiMs)
    fail($entries_CLUSTER_CONFIG_SITES$WRITTEN, 3 /* electionHiMs: range */, at + 5, $electionHiMs);
  bytes[at + 5] = $electionHiMs >>> 24; bytes[at + 6] = $electionHiMs >>> 16; bytes[at + 7] = $electionHiMs >>> 8;
  bytes[at + 8] = $electionHiMs;
  const $driftPermille = value.driftPermille;
  if (typeof $driftPermille !== "number" || ($driftPermille & 65535) !== $driftPermille || $driftPermille > 500)
    fail($entries_CLUSTER_CONFIG_SITES$WRITTEN, 4 /* driftPermille: range */, at + 9, $driftPermille);
  bytes[at + 9] = $driftPermille >>> 8; bytes[at + 10] = $driftPermille;
  const $memberCount = $members$count;
  if ($memberCount > 64) fail($entries_CLUSTER_CONFIG_SITES$WRITTEN, 5 /* members: range */, at + 11, $memberCount);
  bytes[at + 11] = $memberCount >>> 8; bytes[at + 12] = $memberCount;
  const $members$list = listOf($entries_CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, at + 13,
      value.members) as readonly (ClusterMember)[];
  let $members$p = at + 13;
  for (let i = 0; i < $members$list.length; i++) {
    const $members$each = $members$list[i]!;
    let $members$each$e: number;
    try { $members$each$e = $put$entries_ClusterMember($members$each, bytes, $members$p);
    } catch (error) { throw inside(error, $entries_CLUSTER_CONFIG_SITES$WRITTEN, 6 /* members[*]: short */, i); }
    $members$p = $members$each$e;
  }
  const $$p1 = $members$p;
  return $$p1;
}
function $size$entries_ClusterConfig(value: ClusterConfig): number {
  requireObject($entries_CLUSTER_CONFIG_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 13;
  const $members$list = listOf($entries_CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, 0,
      value.members) as readonly (ClusterMember)[];
  for (let i = 0; i < $members$list.length; i++) {
    const $members$each = $members$list[i]!;
    try { $$size += $size$entries_ClusterMember($members$each as ClusterMember);
    } catch (error) { throw inside(error, $entries_CLUSTER_CONFIG_SITES$WRITTEN, 6 /* members[*]: short */, i); }
  }
  return $$size;
}
function $take$entries_ClusterConfigBig(bytes: Uint8Array, at: number, end: number): ClusterConfigBig | undefined {
  if (end - at < 13) return refuse($entries_CLUSTER_CONFIG_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse($entries_CLUSTER_CONFIG_SITES, 1 /* version: constant */, at);
  const $driftPermille = ((bytes[at + 9]! << 8) | bytes[at + 10]!);
  if ($driftPermille > 500)
    return refuse($entries_CLUSTER_CONFIG_SITES, 2 /* driftPermille: range */, at + 9, $driftPermille);
  const $memberCount = ((bytes[at + 11]! << 8) | bytes[at + 12]!);
  if ($memberCount > 64)
    return refuse($entries_CLUSTER_CONFIG_SITES, 3 /* memberCount: range */, at + 11, $memberCount);
  const $members$n = $memberCount;
  if (!($members$n * 38 <= end - (at + 13)))
    return refuse($entries_CLUSTER_CONFIG_SITES, 4 /* members: short */, end,
      `${end - (at + 13)} of ${$members$n * 38} bytes`);
  const $members$list: ClusterMemberBig[] = new Array($members$n);
  let $members$p = at + 13;
  for (let i = 0; i < $members$n; i++) {
    const $members$each$v = $take$entries_ClusterMemberBig(bytes, $members$p, end);
    if ($members$each$v === undefined) return within($entries_CLUSTER_CONFIG_SITES, 5 /* members[*]: short */, i);
    const $members$each$e = next.at;
    const $members$each = $members$each$v;
    $members$list[i] = $members$each;
    $members$p = $members$each$e;
  }
  const $members$is = $members$list;
  const $$p1 = $members$p;
  next.at = $$p1;
  return {
    electionLoMs: uint32At(bytes, at + 1),
    electionHiMs: uint32At(bytes, at + 5),
    driftPermille: $driftPermille,
    members: $members$is,
  };
}
function $put$entries_ClusterConfigBig(value: ClusterConfigBig, bytes: Uint8Array, at: number): number {
  requireObject($entries_CLUSTER_CONFIG_SITES$WRITTEN, 0 /* argument */, at, value);
  const $members$count = listOf($entries_CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, at,
      value.members).length;
  bytes[at] = 1;
  const $electionLoMs = value.electionLoMs;
  if (typeof $electionLoMs !== "number" || $electionLoMs >>> 0 !== $electionLoMs)
    fail($entries_CLUSTER_CONFIG_SITES$WRITTEN, 2 /* electionLoMs: range */, at + 1, $electionLoMs);
  bytes[at + 1] = $electionLoMs >>> 24; bytes[at + 2] = $electionLoMs >>> 16; bytes[at + 3] = $electionLoMs >>> 8;
  bytes[at + 4] = $electionLoMs;
  const $electionHiMs = value.electionHiMs;
  if (typeof $electionHiMs !== "number" || $electionHiMs >>> 0 !== $electionHiMs)
    fail($entries_CLUSTER_CONFIG_SITES$WRITTEN, 3 /* electionHiMs: range */, at + 5, $electionHiMs);
  bytes[at + 5] = $electionHiMs >>> 24; bytes[at + 6] = $electionHiMs >>> 16; bytes[at + 7] = $electionHiMs >>> 8;
  bytes[at + 8] = $electionHiMs;
  const $driftPermille = value.driftPermille;
  if (typeof $driftPermille !== "number" || ($driftPermille & 65535) !== $driftPermille || $driftPermille > 500)
    fail($entries_CLUSTER_CONFIG_SITES$WRITTEN, 4 /* driftPermille: range */, at + 9, $driftPermille);
  bytes[at + 9] = $driftPermille >>> 8; bytes[at + 10] = $driftPermille;
  const $memberCount = $members$count;
  if ($memberCount > 64) fail($entries_CLUSTER_CONFIG_SITES$WRITTEN, 5 /* members: range */, at + 11, $memberCount);
  bytes[at + 11] = $memberCount >>> 8; bytes[at + 12] = $memberCount;
  const $members$list = listOf($entries_CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, at + 13,
      value.members) as readonly (ClusterMemberBig)[];
  let $members$p = at + 13;
  for (let i = 0; i < $members$list.length; i++) {
    const $members$each = $members$list[i]!;
    let $members$each$e: number;
    try { $members$each$e = $put$entries_ClusterMemberBig($members$each, bytes, $members$p);
    } catch (error) { throw inside(error, $entries_CLUSTER_CONFIG_SITES$WRITTEN, 6 /* members[*]: short */, i); }
    $members$p = $members$each$e;
  }
  const $$p1 = $members$p;
  return $$p1;
}
function $size$entries_ClusterConfigBig(value: ClusterConfigBig): number {
  requireObject($entries_CLUSTER_CONFIG_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 13;
  const $members$list = listOf($entries_CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, 0,
      value.members) as readonly (ClusterMemberBig)[];
  for (let i = 0; i < $members$list.length; i++) {
    const $members$each = $members$list[i]!;
    try { $$size += $size$entries_ClusterMemberBig($members$each as ClusterMemberBig);
    } catch (error) { throw inside(error, $entries_CLUSTER_CONFIG_SITES$WRITTEN, 6 /* members[*]: short */, i); }
  }
  return $$size;
}

const $entries_CLUSTER_MEMBER_SITES: Sites = {
  format: "raft_cluster_member",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 28, "at least 38 bytes"],
    ["unsafe-integer", "member", 30, "at most 2^53-1"],
    ["enum", "role", 31, "one of 1, 2"],
    ["short", "address", 35, ""],
    ["text", "address", 35, "ascii"],
  ],
};
const $entries_CLUSTER_MEMBER_SITES$WRITTEN: Sites = {
  format: "raft_cluster_member",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 28, "an object"],
    ["text", "address", 35, "ascii"],
    ["count", "address", 35, "at least 0 bytes"],
    ["range", "member", 30, "0 to 2^53-1"],
    ["range", "role", 31, "0 to 255"],
    ["enum", "role", 31, "one of 1, 2"],
    ["range", "life", 32, "0 to 18446744073709551615"],
    ["length", "node", 33, "20 bytes"],
    ["range", "address", 34, "address_length of 0 to 255"],
  ],
};
const $entries_CLUSTER_MEMBER_SITES$WRITTEN$BIG: Sites = {
  format: "raft_cluster_member",
  file: "raft/entries.ksy",
  sites: [
    ["range", "member", 30, "0 to 18446744073709551615"],
  ],
};
function $skip$entries_ClusterMember(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 38) return -1;
  const $addressLength = bytes[at + 37]!;
  const $address$count = $addressLength;
  const $$p1 = at + 38 + $address$count;
  return $$p1;
}
function $take$entries_ClusterMember(bytes: Uint8Array, at: number, end: number): ClusterMember | undefined {
  if (end - at < 38) return refuse($entries_CLUSTER_MEMBER_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $member$high = uint32At(bytes, at);
  if ($member$high > 0x1fffff) return refuse($entries_CLUSTER_MEMBER_SITES, 1 /* member: unsafe-integer */, at);
  const $role = bytes[at + 8]!;
  if (($role < 1 || $role > 2)) return refuse($entries_CLUSTER_MEMBER_SITES, 2 /* role: enum */, at + 8, $role);
  const $addressLength = bytes[at + 37]!;
  const $address$count = $addressLength;
  if ($address$count > end - at - 38)
    return refuse($entries_CLUSTER_MEMBER_SITES, 3 /* address: short */, end,
      `${end - at - 38} of ${$address$count} bytes`);
  const $$p1 = at + 38 + $address$count;
  const $address = asciiAt(bytes, at + 38, $$p1);
  if ($address === undefined) return refuse($entries_CLUSTER_MEMBER_SITES, 4 /* address: text */, at + 38);
  next.at = $$p1;
  return {
    member: $member$high * 4294967296 + uint32At(bytes, at + 4),
    role: $role as MemberRole,
    life: bigUnsigned(bytes, at + 9),
    node: new Uint8Array(next.buffer, next.base + at + 17, 20),
    address: $address,
  };
}
function $put$entries_ClusterMember(value: ClusterMember, bytes: Uint8Array, at: number): number {
  requireObject($entries_CLUSTER_MEMBER_SITES$WRITTEN, 0 /* argument */, at, value);
  const $address = asciiBytes(value.address);
  if ($address === undefined) fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 1 /* address: text */, at);
  const $address$count = $address.length;
  if ($address$count < 0) fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 2 /* address: count */, at, $address$count);
  const $member = value.member;
  if (!Number.isSafeInteger($member) || $member < 0)
    fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 3 /* member: range */, at, $member);
  putSafe(bytes, at, $member);
  const $role = value.role;
  if (typeof $role !== "number" || ($role & 255) !== $role)
    fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 4 /* role: range */, at + 8, $role);
  if (($role < 1 || $role > 2)) fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 5 /* role: enum */, at + 8, $role);
  bytes[at + 8] = $role;
  const $life = value.life;
  if (typeof $life !== "bigint" || BigInt.asUintN(64, $life) !== $life)
    fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 6 /* life: range */, at + 9, $life);
  bigPut(bytes, at + 9, $life);
  const $node = value.node;
  if (lengthOf($node) !== 20) failBytes($entries_CLUSTER_MEMBER_SITES$WRITTEN, 7 /* node: length */, at + 17, $node);
  bytes.set($node, at + 17);
  const $addressLength = $address$count;
  if ($addressLength > 255)
    fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 8 /* address: range */, at + 37, $addressLength);
  bytes[at + 37] = $addressLength;
  bytes.set($address, at + 38);
  const $$p1 = at + 38 + $address$count;
  return $$p1;
}
function $size$entries_ClusterMember(value: ClusterMember): number {
  requireObject($entries_CLUSTER_MEMBER_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 38;
  $$size += utf8Length(value.address);
  return $$size;
}
function $take$entries_ClusterMemberBig(bytes: Uint8Array, at: number, end: number): ClusterMemberBig | undefined {
  if (end - at < 38) return refuse($entries_CLUSTER_MEMBER_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $role = bytes[at + 8]!;
  if (($role < 1 || $role > 2)) return refuse($entries_CLUSTER_MEMBER_SITES, 2 /* role: enum */, at + 8, $role);
  const $addressLength = bytes[at + 37]!;
  const $address$count = $addressLength;
  if ($address$count > end - at - 38)
    return refuse($entries_CLUSTER_MEMBER_SITES, 3 /* address: short */, end,
      `${end - at - 38} of ${$address$count} bytes`);
  const $$p1 = at + 38 + $address$count;
  const $address = asciiAt(bytes, at + 38, $$p1);
  if ($address === undefined) return refuse($entries_CLUSTER_MEMBER_SITES, 4 /* address: text */, at + 38);
  next.at = $$p1;
  return {
    member: bigUnsigned(bytes, at),
    role: $role as MemberRole,
    life: bigUnsigned(bytes, at + 9),
    node: new Uint8Array(next.buffer, next.base + at + 17, 20),
    address: $address,
  };
}
function $put$entries_ClusterMemberBig(value: ClusterMemberBig, bytes: Uint8Array, at: number): number {
  requireObject($entries_CLUSTER_MEMBER_SITES$WRITTEN, 0 /* argument */, at, value);
  const $address = asciiBytes(value.address);
  if ($address === undefined) fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 1 /* address: text */, at);
  const $address$count = $address.length;
  if ($address$count < 0) fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 2 /* address: count */, at, $address$count);
  const $member = value.member;
  if (typeof $member !== "bigint" || BigInt.asUintN(64, $member) !== $member)
    fail($entries_CLUSTER_MEMBER_SITES$WRITTEN$BIG, 0 /* member: range */, at, $member);
  bigPut(bytes, at, $member);
  const $role = value.role;
  if (typeof $role !== "number" || ($role & 255) !== $role)
    fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 4 /* role: range */, at + 8, $role);
  if (($role < 1 || $role > 2)) fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 5 /* role: enum */, at + 8, $role);
  bytes[at + 8] = $role;
  const $life = value.life;
  if (typeof $life !== "bigint" || BigInt.asUintN(64, $life) !== $life)
    fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 6 /* life: range */, at + 9, $life);
  bigPut(bytes, at + 9, $life);
  const $node = value.node;
  if (lengthOf($node) !== 20) failBytes($entries_CLUSTER_MEMBER_SITES$WRITTEN, 7 /* node: length */, at + 17, $node);
  bytes.set($node, at + 17);
  const $addressLength = $address$count;
  if ($addressLength > 255)
    fail($entries_CLUSTER_MEMBER_SITES$WRITTEN, 8 /* address: range */, at + 37, $addressLength);
  bytes[at + 37] = $addressLength;
  bytes.set($address, at + 38);
  const $$p1 = at + 38 + $address$count;
  return $$p1;
}
function $size$entries_ClusterMemberBig(value: ClusterMemberBig): number {
  requireObject($entries_CLUSTER_MEMBER_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 38;
  $$size += utf8Length(value.address);
  return $$size;
}

