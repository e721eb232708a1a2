// Generated from disk/segment.ksy by `specwire gen`; do not edit. spec sha256 73e1483eceb90a97ef26f8531528e939166d3e651587195c46df643b307664ba
/**
 * Files of a log that are only ever written at their end. A segment is one sector of 512 bytes, the header, and frames
 * behind each other, each at a multiple of 16 bytes. A frame is its header and `length` bytes, with one stamp A5 (not
 * counted) at the beginning of each further sector of the file that it goes on into, and zeros up to the next multiple
 * of 16. One frame is written and synced before the next begins. So no sector of a whole frame is all zero, and a
 * sector of the last one that is was never written.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, fail, failBytes, failRange, failSpace, failure,
    lengthOf, raise, refuse, refuseRange, uint32At } from "../../index.js";

const SEGMENT_HEADER_SITES: Sites = {
  format: "disk_segment_header",
  file: "disk/segment.ksy",
  sites: [
    ["short", "", 12, "at least 19 bytes"],
    ["constant", "magic", 15, "53 57 53 31"],
    ["constant", "version", 16, "1"],
    ["short", "key", 18, ""],
    ["text", "key", 18, "ascii"],
  ],
};
const SEGMENT_HEADER_SITES$WRITTEN: Sites = {
  format: "disk_segment_header",
  file: "disk/segment.ksy",
  sites: [
    ["count", "key", 18, "at least 0 bytes"],
    ["count", "fill", 21, "at least 0 bytes"],
    ["argument", "", 12, "an object"],
    ["text", "key", 18, "ascii"],
    ["range", "key", 17, "key_length of 0 to 65535"],
    ["length", "salt", 19, "8 bytes"],
    ["range", "crc", 20, "0 to 4294967295"],
  ],
};
/** The first sector, written and synced before anything else. */
export interface SegmentHeader {
  /** What the segment is called. */
  key: string;
  /** Drawn for each segment. */
  salt: Uint8Array;
  /** CRC-32 of all bytes before it. */
  crc: number;
  /** FF up to the end of the sector. */
  fill: Uint8Array;
}
export const SEGMENT_HEADER_MIN_SIZE = 19;
function readSegmentHeader(bytes: Uint8Array, at: number, end: number): SegmentHeader | undefined {
  if (end - at < 19 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SEGMENT_HEADER_SITES, 0 /* short */, 19, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 83) | (bytes[at + 3]! ^ 49)) !== 0)
    return refuse(SEGMENT_HEADER_SITES, 1 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 1) return refuse(SEGMENT_HEADER_SITES, 2 /* version: constant */, at + 4, $version);
  const $keyLength = ((bytes[at + 5]! << 8) | bytes[at + 6]!);
  const $key$count = $keyLength;
  if ($key$count > end - at - 19)
    return refuse(SEGMENT_HEADER_SITES, 3 /* key: short */, end, `${end - at - 19} of ${$key$count} bytes`);
  const $$p1 = at + 7 + $key$count;
  const $key = asciiAt(bytes, at + 7, $$p1);
  if ($key === undefined) return refuse(SEGMENT_HEADER_SITES, 4 /* key: text */, at + 7);
  const $fill$count = end - $$p1 - 12;
  return {
    key: $key,
    salt: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1, 8),
    crc: uint32At(bytes, $$p1 + 8),
    fill: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 12, $fill$count),
  };
}
/** @throws WireError when the bytes are no disk_segment_header. */
export function decodeSegmentHeader(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SegmentHeader {
  return readSegmentHeader(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSegmentHeader(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SegmentHeader> {
  const value = readSegmentHeader(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function segmentHeaderLength(value: SegmentHeader): number {
  const $fill = value?.fill;
  if (lengthOf($fill) < 0) failBytes(SEGMENT_HEADER_SITES$WRITTEN, 1 /* fill: count */, 0, $fill);
  return 19 + (asciiBytes(value?.key)?.length ?? 0) + $fill.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeSegmentHeader(value: SegmentHeader): NewBytes {
  const bytes = new Uint8Array(segmentHeaderLength(value));
  encodeSegmentHeaderInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSegmentHeaderInto(value: SegmentHeader, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SEGMENT_HEADER_SITES$WRITTEN, 2 /* argument */, at, value);
  const $key = asciiBytes(value.key);
  if ($key === undefined) fail(SEGMENT_HEADER_SITES$WRITTEN, 3 /* key: text */, at);
  const $key$count = $key.length;
  if ($key$count < 0) fail(SEGMENT_HEADER_SITES$WRITTEN, 0 /* key: count */, at, $key$count);
  const $fill = value.fill, $fill$count = lengthOf($fill);
  if ($fill$count < 0) failBytes(SEGMENT_HEADER_SITES$WRITTEN, 1 /* fill: count */, at, $fill);
  const need = 19 + $key$count + $fill$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SEGMENT_HEADER_SITES$WRITTEN, need, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 83; bytes[at + 3] = 49;
  const $version = 1;
  bytes[at + 4] = $version;
  const $keyLength = $key$count;
  if ($keyLength > 65535) fail(SEGMENT_HEADER_SITES$WRITTEN, 4 /* key: range */, at + 5, $keyLength);
  bytes[at + 5] = $keyLength >>> 8; bytes[at + 6] = $keyLength;
  bytes.set($key, at + 7);
  const $$p1 = at + 7 + $key$count;
  const $salt = value.salt;
  if (lengthOf($salt) !== 8) failBytes(SEGMENT_HEADER_SITES$WRITTEN, 5 /* salt: length */, $$p1, $salt);
  bytes[$$p1] = $salt[0]!; bytes[$$p1 + 1] = $salt[1]!; bytes[$$p1 + 2] = $salt[2]!; bytes[$$p1 + 3] = $salt[3]!;
  bytes[$$p1 + 4] = $salt[4]!; bytes[$$p1 + 5] = $salt[5]!; bytes[$$p1 + 6] = $salt[6]!; bytes[$$p1 + 7] = $salt[7]!;
  const $crc = value.crc;
  if (typeof $crc !== "number" || $crc >>> 0 !== $crc)
    fail(SEGMENT_HEADER_SITES$WRITTEN, 6 /* crc: range */, $$p1 + 8, $crc);
  bytes[$$p1 + 8] = $crc >>> 24; bytes[$$p1 + 9] = $crc >>> 16; bytes[$$p1 + 10] = $crc >>> 8; bytes[$$p1 + 11] = $crc;
  bytes.set($fill, $$p1 + 12);
  return at + need;
}

const FRAME_HEADER_SITES: Sites = {
  format: "disk_frame_header",
  file: "disk/segment.ksy",
  sites: [
    ["short", "", 22, "16 bytes"],
    ["constant", "magic", 25, "53 57 53 47"],
  ],
};
const FRAME_HEADER_SITES$WRITTEN: Sites = {
  format: "disk_frame_header",
  file: "disk/segment.ksy",
  sites: [
    ["argument", "", 22, "an object"],
    ["range", "length", 26, "0 to 4294967295"],
    ["range", "headerCrc", 27, "0 to 4294967295"],
    ["range", "bytesCrc", 28, "0 to 4294967295"],
  ],
};
/** Opens a frame; it never crosses the border of a sector. */
export interface FrameHeader {
  /** Bytes, without stamps. */
  length: number;
  /**
   * CRC-32 of the salt, the place of the frame in the file as u8, and the 8 bytes before: in other bytes there is no
   * header.
   */
  headerCrc: number;
  /** CRC-32 of the bytes, without stamps. */
  bytesCrc: number;
}
export const FRAME_HEADER_SIZE = 16;
function readFrameHeader(bytes: Uint8Array, at: number, end: number): FrameHeader | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FRAME_HEADER_SITES, 0 /* short */, 16, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 83) | (bytes[at + 3]! ^ 71)) !== 0)
    return refuse(FRAME_HEADER_SITES, 1 /* magic: constant */, at);
  return {
    length: uint32At(bytes, at + 4),
    headerCrc: uint32At(bytes, at + 8),
    bytesCrc: uint32At(bytes, at + 12),
  };
}
/** @throws WireError when the bytes are no disk_frame_header. */
export function decodeFrameHeader(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FrameHeader {
  return readFrameHeader(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFrameHeader(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FrameHeader> {
  const value = readFrameHeader(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeFrameHeader(value: FrameHeader): NewBytes {
  const bytes = new Uint8Array(16);
  encodeFrameHeaderInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFrameHeaderInto(value: FrameHeader, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FRAME_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(FRAME_HEADER_SITES$WRITTEN, 16, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 83; bytes[at + 3] = 71;
  const $length = value.length;
  if (typeof $length !== "number" || $length >>> 0 !== $length)
    fail(FRAME_HEADER_SITES$WRITTEN, 1 /* length: range */, at + 4, $length);
  bytes[at + 4] = $length >>> 24; bytes[at + 5] = $length >>> 16; bytes[at + 6] = $length >>> 8;
  bytes[at + 7] = $length;
  const $headerCrc = value.headerCrc;
  if (typeof $headerCrc !== "number" || $headerCrc >>> 0 !== $headerCrc)
    fail(FRAME_HEADER_SITES$WRITTEN, 2 /* headerCrc: range */, at + 8, $headerCrc);
  bytes[at + 8] = $headerCrc >>> 24; bytes[at + 9] = $headerCrc >>> 16; bytes[at + 10] = $headerCrc >>> 8;
  bytes[at + 11] = $headerCrc;
  const $bytesCrc = value.bytesCrc;
  if (typeof $bytesCrc !== "number" || $bytesCrc >>> 0 !== $bytesCrc)
    fail(FRAME_HEADER_SITES$WRITTEN, 3 /* bytesCrc: range */, at + 12, $bytesCrc);
  bytes[at + 12] = $bytesCrc >>> 24; bytes[at + 13] = $bytesCrc >>> 16; bytes[at + 14] = $bytesCrc >>> 8;
  bytes[at + 15] = $bytesCrc;
  return at + 16;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFrameHeaderLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FRAME_HEADER_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 83) || (end > at + 3 && bytes[at + 3] !== 71)) return -1;
  return 16;
}

