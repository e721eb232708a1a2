// Generated from disk/log.ksy by `specwire gen`; do not edit. spec sha256 4bae812791200d405fcae0a24dcbfdd08fbb4b79e17a6cc780c053ad9a233527
/**
 * The log of a disk that keeps pages in files. What has been promised and may not be in the page files yet, in the
 * frames of segments (segment.ksy). The first frame of a segment says where it goes on, each other one holds the stores
 * that were synced together. A store is a group of writes that take effect together. Groups count up by one from
 * segment to segment; those with which a later segment begins again were refused, and count no more.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, bigPut, bigUnsigned, fail, failBytes, failRange,
    failSpace, failure, lengthOf, putSafe, raise, refuse, refuseRange, uint32At } from "../../index.js";

const LOG_BEGIN_SITES: Sites = {
  format: "disk_log_begin",
  file: "disk/log.ksy",
  sites: [
    ["short", "", 12, "21 bytes"],
    ["constant", "kind", 15, "1"],
    ["unsafe-integer", "firstGroup", 16, "at most 2^53-1"],
    ["unsafe-integer", "previousBytes", 18, "at most 2^53-1"],
  ],
};
const LOG_BEGIN_SITES$WRITTEN: Sites = {
  format: "disk_log_begin",
  file: "disk/log.ksy",
  sites: [
    ["argument", "", 12, "an object"],
    ["range", "firstGroup", 16, "0 to 2^53-1"],
    ["range", "previous", 17, "0 to 4294967295"],
    ["range", "previousBytes", 18, "0 to 2^53-1"],
  ],
};
const LOG_BEGIN_SITES$WRITTEN$BIG: Sites = {
  format: "disk_log_begin",
  file: "disk/log.ksy",
  sites: [
    ["range", "firstGroup", 16, "0 to 18446744073709551615"],
    ["range", "previousBytes", 18, "0 to 18446744073709551615"],
  ],
};
/** The first frame of each segment. */
export interface LogBegin {
  /** Number of the first group in this segment. */
  firstGroup: number;
  /** Number of the segment before; 0 for none. Segments between the two hold nothing. */
  previous: number;
  /** Bytes of it that count; what lies behind them was refused. */
  previousBytes: number;
}
export const LOG_BEGIN_SIZE = 21;
function readLogBegin(bytes: Uint8Array, at: number, end: number): LogBegin | undefined {
  if (end - at !== 21 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_BEGIN_SITES, 0 /* short */, 21, bytes, at, end);
  }
  const $kind = bytes[at]!;
  if ($kind !== 1) return refuse(LOG_BEGIN_SITES, 1 /* kind: constant */, at, $kind);
  const $firstGroup$high = uint32At(bytes, at + 1);
  if ($firstGroup$high > 0x1fffff) return refuse(LOG_BEGIN_SITES, 2 /* firstGroup: unsafe-integer */, at + 1);
  const $previousBytes$high = uint32At(bytes, at + 13);
  if ($previousBytes$high > 0x1fffff) return refuse(LOG_BEGIN_SITES, 3 /* previousBytes: unsafe-integer */, at + 13);
  return {
    firstGroup: $firstGroup$high * 4294967296 + uint32At(bytes, at + 5),
    previous: uint32At(bytes, at + 9),
    previousBytes: $previousBytes$high * 4294967296 + uint32At(bytes, at + 17),
  };
}
/** @throws WireError when the bytes are no disk_log_begin. */
export function decodeLogBegin(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): LogBegin {
  return readLogBegin(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogBegin(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<LogBegin> {
  const value = readLogBegin(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogBegin(value: LogBegin): NewBytes {
  const bytes = new Uint8Array(21);
  encodeLogBeginInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogBeginInto(value: LogBegin, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LOG_BEGIN_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 21 || at >>> 0 !== at) failSpace(LOG_BEGIN_SITES$WRITTEN, 21, bytes, at);
  const $kind = 1;
  bytes[at] = $kind;
  const $firstGroup = value.firstGroup;
  if (!Number.isSafeInteger($firstGroup) || $firstGroup < 0)
    fail(LOG_BEGIN_SITES$WRITTEN, 1 /* firstGroup: range */, at + 1, $firstGroup);
  putSafe(bytes, at + 1, $firstGroup);
  const $previous = value.previous;
  if (typeof $previous !== "number" || $previous >>> 0 !== $previous)
    fail(LOG_BEGIN_SITES$WRITTEN, 2 /* previous: range */, at + 9, $previous);
  bytes[at + 9] = $previous >>> 24; bytes[at + 10] = $previous >>> 16; bytes[at + 11] = $previous >>> 8;
  bytes[at + 12] = $previous;
  const $previousBytes = value.previousBytes;
  if (!Number.isSafeInteger($previousBytes) || $previousBytes < 0)
    fail(LOG_BEGIN_SITES$WRITTEN, 3 /* previousBytes: range */, at + 13, $previousBytes);
  putSafe(bytes, at + 13, $previousBytes);
  return at + 21;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekLogBeginLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(LOG_BEGIN_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $kind = bytes[at]!;
    if ($kind !== 1) return -1;
  }
  return 21;
}
/** The first frame of each segment. 64-bit integers as bigint. */
export interface LogBeginBig {
  /** Number of the first group in this segment. */
  firstGroup: bigint;
  /** Number of the segment before; 0 for none. Segments between the two hold nothing. */
  previous: number;
  /** Bytes of it that count; what lies behind them was refused. */
  previousBytes: bigint;
}
function readLogBeginBig(bytes: Uint8Array, at: number, end: number): LogBeginBig | undefined {
  if (end - at !== 21 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_BEGIN_SITES, 0 /* short */, 21, bytes, at, end);
  }
  const $kind = bytes[at]!;
  if ($kind !== 1) return refuse(LOG_BEGIN_SITES, 1 /* kind: constant */, at, $kind);
  return {
    firstGroup: bigUnsigned(bytes, at + 1),
    previous: uint32At(bytes, at + 9),
    previousBytes: bigUnsigned(bytes, at + 13),
  };
}
/** @throws WireError when the bytes are no disk_log_begin. */
export function decodeLogBeginBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): LogBeginBig {
  return readLogBeginBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogBeginBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<LogBeginBig> {
  const value = readLogBeginBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogBeginBig(value: LogBeginBig): NewBytes {
  const bytes = new Uint8Array(21);
  encodeLogBeginBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogBeginBigInto(value: LogBeginBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LOG_BEGIN_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 21 || at >>> 0 !== at) failSpace(LOG_BEGIN_SITES$WRITTEN, 21, bytes, at);
  const $kind = 1;
  bytes[at] = $kind;
  const $firstGroup = value.firstGroup;
  if (typeof $firstGroup !== "bigint" || BigInt.asUintN(64, $firstGroup) !== $firstGroup)
    fail(LOG_BEGIN_SITES$WRITTEN$BIG, 0 /* firstGroup: range */, at + 1, $firstGroup);
  bigPut(bytes, at + 1, $firstGroup);
  const $previous = value.previous;
  if (typeof $previous !== "number" || $previous >>> 0 !== $previous)
    fail(LOG_BEGIN_SITES$WRITTEN, 2 /* previous: range */, at + 9, $previous);
  bytes[at + 9] = $previous >>> 24; bytes[at + 10] = $previous >>> 16; bytes[at + 11] = $previous >>> 8;
  bytes[at + 12] = $previous;
  const $previousBytes = value.previousBytes;
  if (typeof $previousBytes !== "bigint" || BigInt.asUintN(64, $previousBytes) !== $previousBytes)
    fail(LOG_BEGIN_SITES$WRITTEN$BIG, 1 /* previousBytes: range */, at + 13, $previousBytes);
  bigPut(bytes, at + 13, $previousBytes);
  return at + 21;
}

const LOG_COMMIT_SITES: Sites = {
  format: "disk_log_commit",
  file: "disk/log.ksy",
  sites: [
    ["short", "", 19, "at least 9 bytes"],
    ["constant", "kind", 22, "2"],
    ["unsafe-integer", "firstGroup", 23, "at most 2^53-1"],
  ],
};
const LOG_COMMIT_SITES$WRITTEN: Sites = {
  format: "disk_log_commit",
  file: "disk/log.ksy",
  sites: [
    ["count", "records", 24, "at least 0 bytes"],
    ["argument", "", 19, "an object"],
    ["range", "firstGroup", 23, "0 to 2^53-1"],
  ],
};
const LOG_COMMIT_SITES$WRITTEN$BIG: Sites = {
  format: "disk_log_commit",
  file: "disk/log.ksy",
  sites: [
    ["range", "firstGroup", 23, "0 to 18446744073709551615"],
  ],
};
/** Stores that were synced together. */
export interface LogCommit {
  /** Number of the first store. */
  firstGroup: number;
  /** A log_record for each write. */
  records: Uint8Array;
}
export const LOG_COMMIT_MIN_SIZE = 9;
function readLogCommit(bytes: Uint8Array, at: number, end: number): LogCommit | undefined {
  if (end - at < 9 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_COMMIT_SITES, 0 /* short */, 9, bytes, at, end);
  }
  const $kind = bytes[at]!;
  if ($kind !== 2) return refuse(LOG_COMMIT_SITES, 1 /* kind: constant */, at, $kind);
  const $firstGroup$high = uint32At(bytes, at + 1);
  if ($firstGroup$high > 0x1fffff) return refuse(LOG_COMMIT_SITES, 2 /* firstGroup: unsafe-integer */, at + 1);
  const $records$count = end - at - 9;
  return {
    firstGroup: $firstGroup$high * 4294967296 + uint32At(bytes, at + 5),
    records: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 9, $records$count),
  };
}
/** @throws WireError when the bytes are no disk_log_commit. */
export function decodeLogCommit(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): LogCommit {
  return readLogCommit(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogCommit(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<LogCommit> {
  const value = readLogCommit(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function logCommitLength(value: LogCommit): number {
  const $records = value?.records;
  if (lengthOf($records) < 0) failBytes(LOG_COMMIT_SITES$WRITTEN, 0 /* records: count */, 0, $records);
  return 9 + $records.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogCommit(value: LogCommit): NewBytes {
  const bytes = new Uint8Array(logCommitLength(value));
  encodeLogCommitInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogCommitInto(value: LogCommit, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LOG_COMMIT_SITES$WRITTEN, 1 /* argument */, at, value);
  const $records = value.records, $records$count = lengthOf($records);
  if ($records$count < 0) failBytes(LOG_COMMIT_SITES$WRITTEN, 0 /* records: count */, at, $records);
  const need = 9 + $records$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(LOG_COMMIT_SITES$WRITTEN, need, bytes, at);
  const $kind = 2;
  bytes[at] = $kind;
  const $firstGroup = value.firstGroup;
  if (!Number.isSafeInteger($firstGroup) || $firstGroup < 0)
    fail(LOG_COMMIT_SITES$WRITTEN, 2 /* firstGroup: range */, at + 1, $firstGroup);
  putSafe(bytes, at + 1, $firstGroup);
  bytes.set($records, at + 9);
  return at + need;
}
/** Stores that were synced together. 64-bit integers as bigint. */
export interface LogCommitBig {
  /** Number of the first store. */
  firstGroup: bigint;
  /** A log_record for each write. */
  records: Uint8Array;
}
function readLogCommitBig(bytes: Uint8Array, at: number, end: number): LogCommitBig | undefined {
  if (end - at < 9 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_COMMIT_SITES, 0 /* short */, 9, bytes, at, end);
  }
  const $kind = bytes[at]!;
  if ($kind !== 2) return refuse(LOG_COMMIT_SITES, 1 /* kind: constant */, at, $kind);
  const $records$count = end - at - 9;
  return {
    firstGroup: bigUnsigned(bytes, at + 1),
    records: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 9, $records$count),
  };
}
/** @throws WireError when the bytes are no disk_log_commit. */
export function decodeLogCommitBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): LogCommitBig {
  return readLogCommitBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogCommitBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<LogCommitBig> {
  const value = readLogCommitBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function logCommitBigLength(value: LogCommitBig): number {
  const $records = value?.records;
  if (lengthOf($records) < 0) failBytes(LOG_COMMIT_SITES$WRITTEN, 0 /* records: count */, 0, $records);
  return 9 + $records.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogCommitBig(value: LogCommitBig): NewBytes {
  const bytes = new Uint8Array(logCommitBigLength(value));
  encodeLogCommitBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogCommitBigInto(value: LogCommitBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LOG_COMMIT_SITES$WRITTEN, 1 /* argument */, at, value);
  const $records = value.records, $records$count = lengthOf($records);
  if ($records$count < 0) failBytes(LOG_COMMIT_SITES$WRITTEN, 0 /* records: count */, at, $records);
  const need = 9 + $records$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(LOG_COMMIT_SITES$WRITTEN, need, bytes, at);
  const $kind = 2;
  bytes[at] = $kind;
  const $firstGroup = value.firstGroup;
  if (typeof $firstGroup !== "bigint" || BigInt.asUintN(64, $firstGroup) !== $firstGroup)
    fail(LOG_COMMIT_SITES$WRITTEN$BIG, 0 /* firstGroup: range */, at + 1, $firstGroup);
  bigPut(bytes, at + 1, $firstGroup);
  bytes.set($records, at + 9);
  return at + need;
}

const LOG_RECORD_SITES: Sites = {
  format: "disk_log_record",
  file: "disk/log.ksy",
  sites: [
    ["short", "", 25, "at least 4 bytes"],
    ["short", "write", 28, ""],
    ["trailing", "", 25, ""],
  ],
};
const LOG_RECORD_SITES$WRITTEN: Sites = {
  format: "disk_log_record",
  file: "disk/log.ksy",
  sites: [
    ["count", "write", 28, "at least 0 bytes"],
    ["argument", "", 25, "an object"],
    ["range", "write", 27, "length of 0 to 4294967295"],
  ],
};
export interface LogRecord {
  /** A log_write. */
  write: Uint8Array;
}
export const LOG_RECORD_MIN_SIZE = 4;
function readLogRecord(bytes: Uint8Array, at: number, end: number): LogRecord | undefined {
  if (end - at < 4 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_RECORD_SITES, 0 /* short */, 4, bytes, at, end);
  }
  const $length = uint32At(bytes, at);
  const $write$count = $length;
  if ($write$count > end - at - 4)
    return refuse(LOG_RECORD_SITES, 1 /* write: short */, end, `${end - at - 4} of ${$write$count} bytes`);
  const $$p1 = at + 4 + $write$count;
  if ($$p1 !== end) return refuse(LOG_RECORD_SITES, 2 /* trailing */, $$p1);
  return {
    write: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 4, $write$count),
  };
}
/** @throws WireError when the bytes are no disk_log_record. */
export function decodeLogRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): LogRecord {
  return readLogRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<LogRecord> {
  const value = readLogRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function logRecordLength(value: LogRecord): number {
  const $write = value?.write;
  if (lengthOf($write) < 0) failBytes(LOG_RECORD_SITES$WRITTEN, 0 /* write: count */, 0, $write);
  return 4 + $write.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogRecord(value: LogRecord): NewBytes {
  const bytes = new Uint8Array(logRecordLength(value));
  encodeLogRecordInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogRecordInto(value: LogRecord, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LOG_RECORD_SITES$WRITTEN, 1 /* argument */, at, value);
  const $write = value.write, $write$count = lengthOf($write);
  if ($write$count < 0) failBytes(LOG_RECORD_SITES$WRITTEN, 0 /* write: count */, at, $write);
  const need = 4 + $write$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(LOG_RECORD_SITES$WRITTEN, need, bytes, at);
  const $length = $write$count;
  if ($length > 4294967295) fail(LOG_RECORD_SITES$WRITTEN, 2 /* write: range */, at, $length);
  bytes[at] = $length >>> 24; bytes[at + 1] = $length >>> 16; bytes[at + 2] = $length >>> 8; bytes[at + 3] = $length;
  bytes.set($write, at + 4);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekLogRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(LOG_RECORD_SITES, bytes, at, end);
  if (end - at < 4) return 0;
  const $length = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  const $write$count = $length;
  const $$p1 = at + 4 + $write$count;
  return $$p1 - at;
}

const LOG_WRITE_SITES: Sites = {
  format: "disk_log_write",
  file: "disk/log.ksy",
  sites: [
    ["short", "", 29, "at least 7 bytes"],
    ["short", "key", 34, ""],
    ["text", "key", 34, "ascii"],
  ],
};
const LOG_WRITE_SITES$WRITTEN: Sites = {
  format: "disk_log_write",
  file: "disk/log.ksy",
  sites: [
    ["count", "key", 34, "at least 0 bytes"],
    ["count", "bytes", 35, "at least 0 bytes"],
    ["argument", "", 29, "an object"],
    ["text", "key", 34, "ascii"],
    ["range", "left", 31, "0 to 65535"],
    ["range", "at", 32, "0 to 4294967295"],
    ["range", "key", 33, "key_length of 0 to 255"],
  ],
};
export interface LogWrite {
  /** Writes of the group that follow this one; 0 completes it. */
  left: number;
  /** Where the bytes begin in the value of the key; FFFFFFFF, with no bytes, where it is removed. */
  at: number;
  key: string;
  /** What is written there. */
  bytes: Uint8Array;
}
export const LOG_WRITE_MIN_SIZE = 7;
function readLogWrite(bytes: Uint8Array, at: number, end: number): LogWrite | undefined {
  if (end - at < 7 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_WRITE_SITES, 0 /* short */, 7, bytes, at, end);
  }
  const $keyLength = bytes[at + 6]!;
  const $key$count = $keyLength;
  if ($key$count > end - at - 7)
    return refuse(LOG_WRITE_SITES, 1 /* key: short */, end, `${end - at - 7} of ${$key$count} bytes`);
  const $$p1 = at + 7 + $key$count;
  const $key = asciiAt(bytes, at + 7, $$p1);
  if ($key === undefined) return refuse(LOG_WRITE_SITES, 2 /* key: text */, at + 7);
  const $bytes$count = end - $$p1;
  return {
    left: ((bytes[at]! << 8) | bytes[at + 1]!),
    at: uint32At(bytes, at + 2),
    key: $key,
    bytes: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1, $bytes$count),
  };
}
/** @throws WireError when the bytes are no disk_log_write. */
export function decodeLogWrite(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): LogWrite {
  return readLogWrite(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogWrite(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<LogWrite> {
  const value = readLogWrite(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function logWriteLength(value: LogWrite): number {
  const $bytes = value?.bytes;
  if (lengthOf($bytes) < 0) failBytes(LOG_WRITE_SITES$WRITTEN, 1 /* bytes: count */, 0, $bytes);
  return 7 + (asciiBytes(value?.key)?.length ?? 0) + $bytes.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogWrite(value: LogWrite): NewBytes {
  const bytes = new Uint8Array(logWriteLength(value));
  encodeLogWriteInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogWriteInto(value: LogWrite, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LOG_WRITE_SITES$WRITTEN, 2 /* argument */, at, value);
  const $key = asciiBytes(value.key);
  if ($key === undefined) fail(LOG_WRITE_SITES$WRITTEN, 3 /* key: text */, at);
  const $key$count = $key.length;
  if ($key$count < 0) fail(LOG_WRITE_SITES$WRITTEN, 0 /* key: count */, at, $key$count);
  const $bytes = value.bytes, $bytes$count = lengthOf($bytes);
  if ($bytes$count < 0) failBytes(LOG_WRITE_SITES$WRITTEN, 1 /* bytes: count */, at, $bytes);
  const need = 7 + $key$count + $bytes$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(LOG_WRITE_SITES$WRITTEN, need, bytes, at);
  const $left = value.left;
  if (typeof $left !== "number" || ($left & 65535) !== $left)
    fail(LOG_WRITE_SITES$WRITTEN, 4 /* left: range */, at, $left);
  bytes[at] = $left >>> 8; bytes[at + 1] = $left;
  const $at = value.at;
  if (typeof $at !== "number" || $at >>> 0 !== $at) fail(LOG_WRITE_SITES$WRITTEN, 5 /* at: range */, at + 2, $at);
  bytes[at + 2] = $at >>> 24; bytes[at + 3] = $at >>> 16; bytes[at + 4] = $at >>> 8; bytes[at + 5] = $at;
  const $keyLength = $key$count;
  if ($keyLength > 255) fail(LOG_WRITE_SITES$WRITTEN, 6 /* key: range */, at + 6, $keyLength);
  bytes[at + 6] = $keyLength;
  bytes.set($key, at + 7);
  const $$p1 = at + 7 + $key$count;
  bytes.set($bytes, $$p1);
  return at + need;
}

