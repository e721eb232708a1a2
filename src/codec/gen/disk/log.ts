// Generated from disk/log.ksy by `specwire gen`; do not edit. spec sha256 c5b900a086fed36ad0d35719a564b4e19ad3a30096ecdbb59cea58466381812d
/** The log of a disk that keeps pages in files. What has been promised and may not be in the page files yet. A log file is a header and records behind each other, one for each write; the writes of one group bear its number and take effect together, once the last of them is there. The first record that is cut short or whose checksum is wrong ends the file. Groups count up by one from file to file; those that a later file begins with again were refused, and count no more. */
import { type Result, type Sites, asciiBytes, crc32, fail, failBytes, failRange, failSpace, failure, lengthOf, raise, readAscii, refuse, refuseRange } from "../../runtime.js";

const EMPTY = new Uint8Array(0);

const LOG_HEADER_SITES: Sites = {
  format: "disk_log_header",
  file: "disk/log.ksy",
  sites: [
    ["short", "", 12, "14 bytes"],
    ["trailing", "", 12, ""],
    ["constant", "magic", 15, "53 57 4c 47"],
    ["constant", "version", 16, "1"],
    ["unsafe-integer", "firstGroup", 17, "at most 2^53-1"],
    ["range", "firstGroup", 17, "0 to 2^53-1"],
    ["range", "firstGroup", 17, "0 to 18446744073709551615"],
  ],
};
/** Opens a log file. */
export interface LogHeader {
  /** Number of the first group in this file. */
  firstGroup: number;
}
export const LOG_HEADER_SIZE = 14;
function readLogHeader(bytes: Uint8Array, at: number, end: number): LogHeader | undefined {
  if (end - at !== 14 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_HEADER_SITES, 0, 14, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 76) | (bytes[at + 3]! ^ 71)) !== 0) return refuse(LOG_HEADER_SITES, 2, at);
  const $version = ((bytes[at + 4]! << 8) | bytes[at + 5]!);
  if ($version !== 1) return refuse(LOG_HEADER_SITES, 3, at + 4, $version);
  const $firstGroupHigh = (((bytes[at + 6]! << 24) | (bytes[at + 7]! << 16) | (bytes[at + 8]! << 8) | bytes[at + 9]!) >>> 0);
  if ($firstGroupHigh > 0x1fffff) return refuse(LOG_HEADER_SITES, 4, at + 6);
  return {
    firstGroup: $firstGroupHigh * 4294967296 + (((bytes[at + 10]! << 24) | (bytes[at + 11]! << 16) | (bytes[at + 12]! << 8) | bytes[at + 13]!) >>> 0),
  };
}
/** @throws WireError when the bytes are no disk_log_header. */
export function decodeLogHeader(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): LogHeader {
  return readLogHeader(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogHeader(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogHeader> {
  const value = readLogHeader(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
export function logHeaderLength(_value: LogHeader): number {
  return 14;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogHeader(value: LogHeader): Uint8Array {
  const bytes = new Uint8Array(14);
  encodeLogHeaderInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogHeaderInto(value: LogHeader, bytes: Uint8Array, at = 0): number {
  if (lengthOf(bytes) - at < 14 || at >>> 0 !== at) failSpace(LOG_HEADER_SITES, 14, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 76; bytes[at + 3] = 71;
  const $version = 1;
  bytes[at + 4] = $version >>> 8; bytes[at + 5] = $version;
  const $firstGroup = value.firstGroup;
  if (!Number.isSafeInteger($firstGroup) || $firstGroup < 0) fail(LOG_HEADER_SITES, 5, at + 6, $firstGroup);
  const $firstGroupHigh = ($firstGroup / 4294967296) | 0, $firstGroupLow = $firstGroup | 0;
  bytes[at + 6] = $firstGroupHigh >>> 24; bytes[at + 7] = $firstGroupHigh >>> 16; bytes[at + 8] = $firstGroupHigh >>> 8; bytes[at + 9] = $firstGroupHigh;
  bytes[at + 10] = $firstGroupLow >>> 24; bytes[at + 11] = $firstGroupLow >>> 16; bytes[at + 12] = $firstGroupLow >>> 8; bytes[at + 13] = $firstGroupLow;
  return at + 14;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeLogHeaderIntoView(value: LogHeader, view: DataView, at: number): number {
  if (view.byteLength - at < 14 || at >>> 0 !== at) failSpace(LOG_HEADER_SITES, 14, view, at);
  view.setUint32(at, 1398230087);
  const $version = 1;
  view.setUint16(at + 4, $version);
  const $firstGroup = value.firstGroup;
  if (!Number.isSafeInteger($firstGroup) || $firstGroup < 0) fail(LOG_HEADER_SITES, 5, at + 6, $firstGroup);
  view.setUint32(at + 6, $firstGroup / 4294967296);
  view.setUint32(at + 10, $firstGroup);
  return at + 14;
}
/** How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value starts so. @throws WireError `argument` */
export function peekLogHeaderLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(LOG_HEADER_SITES, bytes, at, end);
  return 14;
}
function checkLogHeader(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at !== 14 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_HEADER_SITES, 0, 14, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 76) | (bytes[at + 3]! ^ 71)) !== 0) return refuse(LOG_HEADER_SITES, 2, at);
  const $version = ((bytes[at + 4]! << 8) | bytes[at + 5]!);
  if ($version !== 1) return refuse(LOG_HEADER_SITES, 3, at + 4, $version);
  if (bytes[at + 6]! !== 0 || bytes[at + 7]! > 0x1f) return refuse(LOG_HEADER_SITES, 4, at + 6);
  return true;
}
/** Reads the fields of one disk_log_header where they lie. Reusable; holds the bytes it was given. */
export class LogHeaderReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): this {
    if (checkLogHeader(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogHeaderReader> {
    if (checkLogHeader(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Number of the first group in this file. */
  get firstGroup(): number { const bytes = this.$bytes; return (((bytes[this.$at + 6]! << 24) | (bytes[this.$at + 7]! << 16) | (bytes[this.$at + 8]! << 8) | bytes[this.$at + 9]!) >>> 0) * 4294967296 + (((bytes[this.$at + 10]! << 24) | (bytes[this.$at + 11]! << 16) | (bytes[this.$at + 12]! << 8) | bytes[this.$at + 13]!) >>> 0); }
}
/** Opens a log file. 64-bit integers as bigint. */
export interface LogHeaderBig {
  /** Number of the first group in this file. */
  firstGroup: bigint;
}
function readLogHeaderBig(bytes: Uint8Array, at: number, end: number): LogHeaderBig | undefined {
  if (end - at !== 14 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_HEADER_SITES, 0, 14, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 76) | (bytes[at + 3]! ^ 71)) !== 0) return refuse(LOG_HEADER_SITES, 2, at);
  const $version = ((bytes[at + 4]! << 8) | bytes[at + 5]!);
  if ($version !== 1) return refuse(LOG_HEADER_SITES, 3, at + 4, $version);
  return {
    firstGroup: ((BigInt((((bytes[at + 6]! << 24) | (bytes[at + 7]! << 16) | (bytes[at + 8]! << 8) | bytes[at + 9]!) >>> 0)) << 32n) | BigInt((((bytes[at + 10]! << 24) | (bytes[at + 11]! << 16) | (bytes[at + 12]! << 8) | bytes[at + 13]!) >>> 0))),
  };
}
/** @throws WireError when the bytes are no disk_log_header. */
export function decodeLogHeaderBig(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): LogHeaderBig {
  return readLogHeaderBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogHeaderBig(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogHeaderBig> {
  const value = readLogHeaderBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
export function logHeaderBigLength(_value: LogHeaderBig): number {
  return 14;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogHeaderBig(value: LogHeaderBig): Uint8Array {
  const bytes = new Uint8Array(14);
  encodeLogHeaderBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogHeaderBigInto(value: LogHeaderBig, bytes: Uint8Array, at = 0): number {
  if (lengthOf(bytes) - at < 14 || at >>> 0 !== at) failSpace(LOG_HEADER_SITES, 14, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 76; bytes[at + 3] = 71;
  const $version = 1;
  bytes[at + 4] = $version >>> 8; bytes[at + 5] = $version;
  const $firstGroup = value.firstGroup;
  if (typeof $firstGroup !== "bigint" || BigInt.asUintN(64, $firstGroup) !== $firstGroup) fail(LOG_HEADER_SITES, 6, at + 6, $firstGroup);
  const $firstGroupHigh = (Number(BigInt.asIntN(32, $firstGroup >> 32n))) | 0, $firstGroupLow = Number(BigInt.asIntN(32, $firstGroup));
  bytes[at + 6] = $firstGroupHigh >>> 24; bytes[at + 7] = $firstGroupHigh >>> 16; bytes[at + 8] = $firstGroupHigh >>> 8; bytes[at + 9] = $firstGroupHigh;
  bytes[at + 10] = $firstGroupLow >>> 24; bytes[at + 11] = $firstGroupLow >>> 16; bytes[at + 12] = $firstGroupLow >>> 8; bytes[at + 13] = $firstGroupLow;
  return at + 14;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeLogHeaderBigIntoView(value: LogHeaderBig, view: DataView, at: number): number {
  if (view.byteLength - at < 14 || at >>> 0 !== at) failSpace(LOG_HEADER_SITES, 14, view, at);
  view.setUint32(at, 1398230087);
  const $version = 1;
  view.setUint16(at + 4, $version);
  const $firstGroup = value.firstGroup;
  if (typeof $firstGroup !== "bigint" || BigInt.asUintN(64, $firstGroup) !== $firstGroup) fail(LOG_HEADER_SITES, 6, at + 6, $firstGroup);
  view.setBigUint64(at + 6, $firstGroup);
  return at + 14;
}
function checkLogHeaderBig(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at !== 14 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_HEADER_SITES, 0, 14, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 76) | (bytes[at + 3]! ^ 71)) !== 0) return refuse(LOG_HEADER_SITES, 2, at);
  const $version = ((bytes[at + 4]! << 8) | bytes[at + 5]!);
  if ($version !== 1) return refuse(LOG_HEADER_SITES, 3, at + 4, $version);
  return true;
}
/** Reads the fields of one disk_log_header where they lie. Reusable; holds the bytes it was given. */
export class LogHeaderBigReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): this {
    if (checkLogHeaderBig(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogHeaderBigReader> {
    if (checkLogHeaderBig(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Number of the first group in this file. */
  get firstGroup(): bigint { const bytes = this.$bytes; return ((BigInt((((bytes[this.$at + 6]! << 24) | (bytes[this.$at + 7]! << 16) | (bytes[this.$at + 8]! << 8) | bytes[this.$at + 9]!) >>> 0)) << 32n) | BigInt((((bytes[this.$at + 10]! << 24) | (bytes[this.$at + 11]! << 16) | (bytes[this.$at + 12]! << 8) | bytes[this.$at + 13]!) >>> 0))); }
}

const LOG_RECORD_SITES: Sites = {
  format: "disk_log_record",
  file: "disk/log.ksy",
  sites: [
    ["short", "", 18, "at least 8 bytes"],
    ["trailing", "", 18, ""],
    ["short", "write", 23, ""],
    ["crc", "crc", 22, "the CRC-32 of write"],
    ["count", "write", 23, "at least 0 bytes"],
    ["range", "write", 21, "length of 0 to 4294967295"],
  ],
};
/** A write with what tells whether it is whole. */
export interface LogRecord {
  /** A log_write. */
  write: Uint8Array;
}
export const LOG_RECORD_MIN_SIZE = 8;
function readLogRecord(bytes: Uint8Array, at: number, end: number): LogRecord | undefined {
  if (end - at < 8 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_RECORD_SITES, 0, 8, bytes, at, end);
  }
  const $length = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  const $crc = (((bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!) >>> 0);
  const $writeCount = $length;
  if ($writeCount > end - at - 8) return refuse(LOG_RECORD_SITES, 2, end, `${end - at - 8} of ${$writeCount} bytes`);
  const $p1 = at + 8 + $writeCount;
  if (crc32(bytes, 0, at + 8, at + 8 + $writeCount) !== $crc) return refuse(LOG_RECORD_SITES, 3, at + 4, $crc);
  if ($p1 !== end) return refuse(LOG_RECORD_SITES, 1, $p1);
  return {
    write: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 8, $writeCount),
  };
}
/** @throws WireError when the bytes are no disk_log_record. */
export function decodeLogRecord(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): LogRecord {
  return readLogRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogRecord(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogRecord> {
  const value = readLogRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError `argument` */
export function logRecordLength(value: LogRecord): number {
  const $write = value.write;
  if (lengthOf($write) < 0) failBytes(LOG_RECORD_SITES, 4, 0, $write);
  return 8 + $write.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogRecord(value: LogRecord): Uint8Array {
  const bytes = new Uint8Array(logRecordLength(value));
  encodeLogRecordInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogRecordInto(value: LogRecord, bytes: Uint8Array, at = 0): number {
  const $write = value.write, $writeCount = lengthOf($write);
  if ($writeCount < 0) failBytes(LOG_RECORD_SITES, 4, at, $write);
  const need = 8 + $writeCount;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(LOG_RECORD_SITES, need, bytes, at);
  const $length = $writeCount;
  if ($length > 4294967295) fail(LOG_RECORD_SITES, 5, at, $length);
  bytes[at] = $length >>> 24; bytes[at + 1] = $length >>> 16; bytes[at + 2] = $length >>> 8; bytes[at + 3] = $length;
  const $crc = crc32($write);
  bytes[at + 4] = $crc >>> 24; bytes[at + 5] = $crc >>> 16; bytes[at + 6] = $crc >>> 8; bytes[at + 7] = $crc;
  bytes.set($write, at + 8);
  return at + need;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeLogRecordIntoView(value: LogRecord, view: DataView, at: number): number {
  const $write = value.write, $writeCount = lengthOf($write);
  if ($writeCount < 0) failBytes(LOG_RECORD_SITES, 4, at, $write);
  const need = 8 + $writeCount;
  if (view.byteLength - at < need || at >>> 0 !== at) failSpace(LOG_RECORD_SITES, need, view, at);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const $length = $writeCount;
  if ($length > 4294967295) fail(LOG_RECORD_SITES, 5, at, $length);
  view.setUint32(at, $length);
  const $crc = crc32($write);
  view.setUint32(at + 4, $crc);
  bytes.set($write, at + 8);
  return at + need;
}
/** How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value starts so. @throws WireError `argument` */
export function peekLogRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(LOG_RECORD_SITES, bytes, at, end);
  if (end - at < 8) return 0;
  const $length = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  const $writeCount = $length;
  const $p1 = at + 8 + $writeCount;
  return $p1 - at;
}
function checkLogRecord(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at < 8 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_RECORD_SITES, 0, 8, bytes, at, end);
  }
  const $length = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  const $crc = (((bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!) >>> 0);
  const $writeCount = $length;
  if ($writeCount > end - at - 8) return refuse(LOG_RECORD_SITES, 2, end, `${end - at - 8} of ${$writeCount} bytes`);
  const $p1 = at + 8 + $writeCount;
  if (crc32(bytes, 0, at + 8, at + 8 + $writeCount) !== $crc) return refuse(LOG_RECORD_SITES, 3, at + 4, $crc);
  if ($p1 !== end) return refuse(LOG_RECORD_SITES, 1, $p1);
  return true;
}
/** Reads the fields of one disk_log_record where they lie. Reusable; holds the bytes it was given. */
export class LogRecordReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): this {
    if (checkLogRecord(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogRecordReader> {
    if (checkLogRecord(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  protected get $length(): number { const bytes = this.$bytes; return (((bytes[this.$at]! << 24) | (bytes[this.$at + 1]! << 16) | (bytes[this.$at + 2]! << 8) | bytes[this.$at + 3]!) >>> 0); }
  /** Where they begin in the bytes. */
  get startOfWrite(): number { return this.$at + 8; }
  get write(): Uint8Array { return this.$bytes.subarray(this.startOfWrite, this.startOfWrite + this.$length); }
  protected get endOfWrite(): number { return this.$at + 8 + this.$length; }
}

const LOG_WRITE_SITES: Sites = {
  format: "disk_log_write",
  file: "disk/log.ksy",
  sites: [
    ["short", "", 24, "at least 15 bytes"],
    ["trailing", "", 24, ""],
    ["unsafe-integer", "group", 26, "at most 2^53-1"],
    ["short", "key", 30, ""],
    ["text", "key", 30, "ascii"],
    ["count", "bytes", 31, "at least 0 bytes"],
    ["count", "key", 30, "at least 0 bytes"],
    ["range", "group", 26, "0 to 2^53-1"],
    ["range", "left", 27, "0 to 65535"],
    ["range", "at", 28, "0 to 4294967295"],
    ["range", "key", 29, "key_length of 0 to 255"],
    ["range", "group", 26, "0 to 18446744073709551615"],
  ],
};
export interface LogWrite {
  /** Number of the group. */
  group: number;
  /** Writes of the group that follow this one; 0 completes it. */
  left: number;
  /** Where the bytes begin in the value of the key. */
  at: number;
  key: string;
  /** What is written there. */
  bytes: Uint8Array;
}
export const LOG_WRITE_MIN_SIZE = 15;
function readLogWrite(bytes: Uint8Array, at: number, end: number): LogWrite | undefined {
  if (checkLogWrite(bytes, at, end) === undefined) return undefined;
  const $keyLength = bytes[at + 14]!;
  const $keyCount = $keyLength;
  const $p1 = at + 15 + $keyCount;
  const $key = readAscii(bytes, at + 15, $p1);
  const $bytesCount = end - $p1;
  return {
    group: (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0) * 4294967296 + (((bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!) >>> 0),
    left: ((bytes[at + 8]! << 8) | bytes[at + 9]!),
    at: (((bytes[at + 10]! << 24) | (bytes[at + 11]! << 16) | (bytes[at + 12]! << 8) | bytes[at + 13]!) >>> 0),
    key: $key!,
    bytes: new Uint8Array(bytes.buffer, bytes.byteOffset + $p1, $bytesCount),
  };
}
/** @throws WireError when the bytes are no disk_log_write. */
export function decodeLogWrite(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): LogWrite {
  return readLogWrite(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogWrite(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogWrite> {
  const value = readLogWrite(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError `argument` */
export function logWriteLength(value: LogWrite): number {
  const $bytes = value.bytes;
  if (lengthOf($bytes) < 0) failBytes(LOG_WRITE_SITES, 5, 0, $bytes);
  return 15 + (asciiBytes(value.key)?.length ?? 0) + $bytes.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogWrite(value: LogWrite): Uint8Array {
  const bytes = new Uint8Array(logWriteLength(value));
  encodeLogWriteInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogWriteInto(value: LogWrite, bytes: Uint8Array, at = 0): number {
  const $key = asciiBytes(value.key);
  if ($key === undefined) fail(LOG_WRITE_SITES, 4, at);
  const $keyCount = $key.length;
  if ($keyCount < 0) fail(LOG_WRITE_SITES, 6, at, $keyCount);
  const $bytes = value.bytes, $bytesCount = lengthOf($bytes);
  if ($bytesCount < 0) failBytes(LOG_WRITE_SITES, 5, at, $bytes);
  const need = 15 + $keyCount + $bytesCount;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(LOG_WRITE_SITES, need, bytes, at);
  encodeLogWriteIntoPart1(value, bytes, at);
  const $keyLength = $keyCount;
  if ($keyLength > 255) fail(LOG_WRITE_SITES, 10, at + 14, $keyLength);
  bytes[at + 14] = $keyLength;
  bytes.set($key, at + 15);
  const $p1 = at + 15 + $keyCount;
  bytes.set($bytes, $p1);
  return at + need;
}
function encodeLogWriteIntoPart1(value: LogWrite, bytes: Uint8Array, at: number): void {
  const $group = value.group;
  if (!Number.isSafeInteger($group) || $group < 0) fail(LOG_WRITE_SITES, 7, at, $group);
  const $groupHigh = ($group / 4294967296) | 0, $groupLow = $group | 0;
  bytes[at] = $groupHigh >>> 24; bytes[at + 1] = $groupHigh >>> 16; bytes[at + 2] = $groupHigh >>> 8; bytes[at + 3] = $groupHigh;
  bytes[at + 4] = $groupLow >>> 24; bytes[at + 5] = $groupLow >>> 16; bytes[at + 6] = $groupLow >>> 8; bytes[at + 7] = $groupLow;
  const $left = value.left;
  if (($left & 65535) !== $left) fail(LOG_WRITE_SITES, 8, at + 8, $left);
  bytes[at + 8] = $left >>> 8; bytes[at + 9] = $left;
  const $at = value.at;
  if ($at >>> 0 !== $at) fail(LOG_WRITE_SITES, 9, at + 10, $at);
  bytes[at + 10] = $at >>> 24; bytes[at + 11] = $at >>> 16; bytes[at + 12] = $at >>> 8; bytes[at + 13] = $at;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeLogWriteIntoView(value: LogWrite, view: DataView, at: number): number {
  const $key = asciiBytes(value.key);
  if ($key === undefined) fail(LOG_WRITE_SITES, 4, at);
  const $keyCount = $key.length;
  if ($keyCount < 0) fail(LOG_WRITE_SITES, 6, at, $keyCount);
  const $bytes = value.bytes, $bytesCount = lengthOf($bytes);
  if ($bytesCount < 0) failBytes(LOG_WRITE_SITES, 5, at, $bytes);
  const need = 15 + $keyCount + $bytesCount;
  if (view.byteLength - at < need || at >>> 0 !== at) failSpace(LOG_WRITE_SITES, need, view, at);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  encodeLogWriteIntoViewPart1(value, view, at);
  const $keyLength = $keyCount;
  if ($keyLength > 255) fail(LOG_WRITE_SITES, 10, at + 14, $keyLength);
  view.setUint8(at + 14, $keyLength);
  bytes.set($key, at + 15);
  const $p1 = at + 15 + $keyCount;
  bytes.set($bytes, $p1);
  return at + need;
}
function encodeLogWriteIntoViewPart1(value: LogWrite, view: DataView, at: number): void {
  const $group = value.group;
  if (!Number.isSafeInteger($group) || $group < 0) fail(LOG_WRITE_SITES, 7, at, $group);
  view.setUint32(at, $group / 4294967296);
  view.setUint32(at + 4, $group);
  const $left = value.left;
  if (($left & 65535) !== $left) fail(LOG_WRITE_SITES, 8, at + 8, $left);
  view.setUint16(at + 8, $left);
  const $at = value.at;
  if ($at >>> 0 !== $at) fail(LOG_WRITE_SITES, 9, at + 10, $at);
  view.setUint32(at + 10, $at);
}
function checkLogWrite(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at < 15 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_WRITE_SITES, 0, 15, bytes, at, end);
  }
  if (bytes[at]! !== 0 || bytes[at + 1]! > 0x1f) return refuse(LOG_WRITE_SITES, 2, at);
  const $keyLength = bytes[at + 14]!;
  const $keyCount = $keyLength;
  if ($keyCount > end - at - 15) return refuse(LOG_WRITE_SITES, 3, end, `${end - at - 15} of ${$keyCount} bytes`);
  const $p1 = at + 15 + $keyCount;
  const $key = readAscii(bytes, at + 15, $p1);
  if ($key === undefined) return refuse(LOG_WRITE_SITES, 4, at + 15);
  return true;
}
/** Reads the fields of one disk_log_write where they lie. Reusable; holds the bytes it was given. */
export class LogWriteReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): this {
    if (checkLogWrite(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogWriteReader> {
    if (checkLogWrite(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Number of the group. */
  get group(): number { const bytes = this.$bytes; return (((bytes[this.$at]! << 24) | (bytes[this.$at + 1]! << 16) | (bytes[this.$at + 2]! << 8) | bytes[this.$at + 3]!) >>> 0) * 4294967296 + (((bytes[this.$at + 4]! << 24) | (bytes[this.$at + 5]! << 16) | (bytes[this.$at + 6]! << 8) | bytes[this.$at + 7]!) >>> 0); }
  /** Writes of the group that follow this one; 0 completes it. */
  get left(): number { const bytes = this.$bytes; return ((bytes[this.$at + 8]! << 8) | bytes[this.$at + 9]!); }
  /** Where the bytes begin in the value of the key. */
  get at(): number { const bytes = this.$bytes; return (((bytes[this.$at + 10]! << 24) | (bytes[this.$at + 11]! << 16) | (bytes[this.$at + 12]! << 8) | bytes[this.$at + 13]!) >>> 0); }
  protected get $keyLength(): number { const bytes = this.$bytes; return bytes[this.$at + 14]!; }
  /** Where they begin in the bytes. */
  get startOfKey(): number { return this.$at + 15; }
  get key(): string { return readAscii(this.$bytes, this.startOfKey, this.startOfKey + this.$keyLength)!; }
  protected get endOfKey(): number { return this.$at + 15 + this.$keyLength; }
  /** Where they begin in the bytes. */
  get startOfBytes(): number { return this.endOfKey; }
  get bytes(): Uint8Array { return this.$bytes.subarray(this.startOfBytes, this.startOfBytes + (this.$end - (this.endOfKey))); }
}
/** 64-bit integers as bigint. */
export interface LogWriteBig {
  /** Number of the group. */
  group: bigint;
  /** Writes of the group that follow this one; 0 completes it. */
  left: number;
  /** Where the bytes begin in the value of the key. */
  at: number;
  key: string;
  /** What is written there. */
  bytes: Uint8Array;
}
function readLogWriteBig(bytes: Uint8Array, at: number, end: number): LogWriteBig | undefined {
  if (checkLogWriteBig(bytes, at, end) === undefined) return undefined;
  const $keyLength = bytes[at + 14]!;
  const $keyCount = $keyLength;
  const $p1 = at + 15 + $keyCount;
  const $key = readAscii(bytes, at + 15, $p1);
  const $bytesCount = end - $p1;
  return {
    group: ((BigInt((((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0)) << 32n) | BigInt((((bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!) >>> 0))),
    left: ((bytes[at + 8]! << 8) | bytes[at + 9]!),
    at: (((bytes[at + 10]! << 24) | (bytes[at + 11]! << 16) | (bytes[at + 12]! << 8) | bytes[at + 13]!) >>> 0),
    key: $key!,
    bytes: new Uint8Array(bytes.buffer, bytes.byteOffset + $p1, $bytesCount),
  };
}
/** @throws WireError when the bytes are no disk_log_write. */
export function decodeLogWriteBig(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): LogWriteBig {
  return readLogWriteBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogWriteBig(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogWriteBig> {
  const value = readLogWriteBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError `argument` */
export function logWriteBigLength(value: LogWriteBig): number {
  const $bytes = value.bytes;
  if (lengthOf($bytes) < 0) failBytes(LOG_WRITE_SITES, 5, 0, $bytes);
  return 15 + (asciiBytes(value.key)?.length ?? 0) + $bytes.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogWriteBig(value: LogWriteBig): Uint8Array {
  const bytes = new Uint8Array(logWriteBigLength(value));
  encodeLogWriteBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogWriteBigInto(value: LogWriteBig, bytes: Uint8Array, at = 0): number {
  const $key = asciiBytes(value.key);
  if ($key === undefined) fail(LOG_WRITE_SITES, 4, at);
  const $keyCount = $key.length;
  if ($keyCount < 0) fail(LOG_WRITE_SITES, 6, at, $keyCount);
  const $bytes = value.bytes, $bytesCount = lengthOf($bytes);
  if ($bytesCount < 0) failBytes(LOG_WRITE_SITES, 5, at, $bytes);
  const need = 15 + $keyCount + $bytesCount;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(LOG_WRITE_SITES, need, bytes, at);
  encodeLogWriteBigIntoPart1(value, bytes, at);
  encodeLogWriteBigIntoPart2(value, bytes, at);
  const $keyLength = $keyCount;
  if ($keyLength > 255) fail(LOG_WRITE_SITES, 10, at + 14, $keyLength);
  bytes[at + 14] = $keyLength;
  bytes.set($key, at + 15);
  const $p1 = at + 15 + $keyCount;
  bytes.set($bytes, $p1);
  return at + need;
}
function encodeLogWriteBigIntoPart1(value: LogWriteBig, bytes: Uint8Array, at: number): void {
  const $group = value.group;
  if (typeof $group !== "bigint" || BigInt.asUintN(64, $group) !== $group) fail(LOG_WRITE_SITES, 11, at, $group);
  const $groupHigh = (Number(BigInt.asIntN(32, $group >> 32n))) | 0, $groupLow = Number(BigInt.asIntN(32, $group));
  bytes[at] = $groupHigh >>> 24; bytes[at + 1] = $groupHigh >>> 16; bytes[at + 2] = $groupHigh >>> 8; bytes[at + 3] = $groupHigh;
  bytes[at + 4] = $groupLow >>> 24; bytes[at + 5] = $groupLow >>> 16; bytes[at + 6] = $groupLow >>> 8; bytes[at + 7] = $groupLow;
}
function encodeLogWriteBigIntoPart2(value: LogWriteBig, bytes: Uint8Array, at: number): void {
  const $left = value.left;
  if (($left & 65535) !== $left) fail(LOG_WRITE_SITES, 8, at + 8, $left);
  bytes[at + 8] = $left >>> 8; bytes[at + 9] = $left;
  const $at = value.at;
  if ($at >>> 0 !== $at) fail(LOG_WRITE_SITES, 9, at + 10, $at);
  bytes[at + 10] = $at >>> 24; bytes[at + 11] = $at >>> 16; bytes[at + 12] = $at >>> 8; bytes[at + 13] = $at;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeLogWriteBigIntoView(value: LogWriteBig, view: DataView, at: number): number {
  const $key = asciiBytes(value.key);
  if ($key === undefined) fail(LOG_WRITE_SITES, 4, at);
  const $keyCount = $key.length;
  if ($keyCount < 0) fail(LOG_WRITE_SITES, 6, at, $keyCount);
  const $bytes = value.bytes, $bytesCount = lengthOf($bytes);
  if ($bytesCount < 0) failBytes(LOG_WRITE_SITES, 5, at, $bytes);
  const need = 15 + $keyCount + $bytesCount;
  if (view.byteLength - at < need || at >>> 0 !== at) failSpace(LOG_WRITE_SITES, need, view, at);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  encodeLogWriteBigIntoViewPart1(value, view, at);
  const $keyLength = $keyCount;
  if ($keyLength > 255) fail(LOG_WRITE_SITES, 10, at + 14, $keyLength);
  view.setUint8(at + 14, $keyLength);
  bytes.set($key, at + 15);
  const $p1 = at + 15 + $keyCount;
  bytes.set($bytes, $p1);
  return at + need;
}
function encodeLogWriteBigIntoViewPart1(value: LogWriteBig, view: DataView, at: number): void {
  const $group = value.group;
  if (typeof $group !== "bigint" || BigInt.asUintN(64, $group) !== $group) fail(LOG_WRITE_SITES, 11, at, $group);
  view.setBigUint64(at, $group);
  const $left = value.left;
  if (($left & 65535) !== $left) fail(LOG_WRITE_SITES, 8, at + 8, $left);
  view.setUint16(at + 8, $left);
  const $at = value.at;
  if ($at >>> 0 !== $at) fail(LOG_WRITE_SITES, 9, at + 10, $at);
  view.setUint32(at + 10, $at);
}
function checkLogWriteBig(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at < 15 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_WRITE_SITES, 0, 15, bytes, at, end);
  }
  const $keyLength = bytes[at + 14]!;
  const $keyCount = $keyLength;
  if ($keyCount > end - at - 15) return refuse(LOG_WRITE_SITES, 3, end, `${end - at - 15} of ${$keyCount} bytes`);
  const $p1 = at + 15 + $keyCount;
  const $key = readAscii(bytes, at + 15, $p1);
  if ($key === undefined) return refuse(LOG_WRITE_SITES, 4, at + 15);
  return true;
}
/** Reads the fields of one disk_log_write where they lie. Reusable; holds the bytes it was given. */
export class LogWriteBigReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): this {
    if (checkLogWriteBig(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end = lengthOf(bytes)): Result<LogWriteBigReader> {
    if (checkLogWriteBig(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Number of the group. */
  get group(): bigint { const bytes = this.$bytes; return ((BigInt((((bytes[this.$at]! << 24) | (bytes[this.$at + 1]! << 16) | (bytes[this.$at + 2]! << 8) | bytes[this.$at + 3]!) >>> 0)) << 32n) | BigInt((((bytes[this.$at + 4]! << 24) | (bytes[this.$at + 5]! << 16) | (bytes[this.$at + 6]! << 8) | bytes[this.$at + 7]!) >>> 0))); }
  /** Writes of the group that follow this one; 0 completes it. */
  get left(): number { const bytes = this.$bytes; return ((bytes[this.$at + 8]! << 8) | bytes[this.$at + 9]!); }
  /** Where the bytes begin in the value of the key. */
  get at(): number { const bytes = this.$bytes; return (((bytes[this.$at + 10]! << 24) | (bytes[this.$at + 11]! << 16) | (bytes[this.$at + 12]! << 8) | bytes[this.$at + 13]!) >>> 0); }
  protected get $keyLength(): number { const bytes = this.$bytes; return bytes[this.$at + 14]!; }
  /** Where they begin in the bytes. */
  get startOfKey(): number { return this.$at + 15; }
  get key(): string { return readAscii(this.$bytes, this.startOfKey, this.startOfKey + this.$keyLength)!; }
  protected get endOfKey(): number { return this.$at + 15 + this.$keyLength; }
  /** Where they begin in the bytes. */
  get startOfBytes(): number { return this.endOfKey; }
  get bytes(): Uint8Array { return this.$bytes.subarray(this.startOfBytes, this.startOfBytes + (this.$end - (this.endOfKey))); }
}

