// Generated from qkd/envelope_headers.ksy by `specwire gen`; do not edit. spec sha256 e492fb2cc37db646a0b7c34a72458b2224729c433fc97bb7dd2211b71ad1c9b7
/**
 * What stands in front of the content of an envelope. A prefix in clear, its tag, and at the levels 3 and 4 a signature
 * of both. The level decides what the prefix ends with, and the sizes of tag and signature. What they are made of, and
 * the order in which they are checked, is told in src/protocols/qkd/levels/README.md.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, bigPut, bigUnsigned, bytesLength, enter, fail,
    failBytes, failRange, failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, putSafe, raise, refuse,
    refuseRange, requireObject, textAt, uint32At, utf8Bytes, utf8Length, within } from "../../index.js";

const ENVELOPE_HEADER_SITES: Sites = {
  format: "qkd_envelope_header",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 11, "at least 12 bytes"],
    ["trailing", "", 11, ""],
    ["constant", "magic", 13, "53 57 51 4d"],
    ["constant", "version", 14, "2"],
    ["range", "level", 15, "1 to 4"],
    ["range", "flags", 16, "0 to 1"],
    ["range", "chunkLog2", 17, "12 to 20"],
    ["range", "lenPrefix", 18, "0 to 1048576"],
    ["range", "fields", 19, "at least 0 bytes"],
    ["short", "fields", 19, ""],
    ["trailing", "fields", 19, ""],
    ["short", "headerTag", 20, ""],
    ["short", "signature", 21, ""],
  ],
};
const ENVELOPE_HEADER_SITES$WRITTEN: Sites = {
  format: "qkd_envelope_header",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["argument", "", 11, "an object"],
    ["short", "fields", 19, ""],
    ["range", "level", 15, "1 to 4"],
    ["range", "flags", 16, "0 to 1"],
    ["range", "chunkLog2", 17, "12 to 20"],
    ["range", "fields", 18, "len_prefix of 0 to 1048576"],
    ["argument", "headerTag", 20, "bytes"],
    ["length", "headerTag", 20, "as many bytes as the spec says"],
    ["argument", "signature", 21, "bytes"],
    ["length", "signature", 21, "as many bytes as the spec says"],
  ],
};
export interface EnvelopeHeader {
  /** 1 one-time pad, 2 AES-256-GCM, 3 ML-KEM-1024 with ML-DSA-87, 4 RSA-4096. */
  level: number;
  /** Bit 0 where keys of a quantum link are mixed in at level 3 or 4. */
  flags: number;
  /** Size of a full chunk as a power of two. */
  chunkLog2: number;
  fields: HeaderFields;
  /** Of all bytes before it: Poly1305 at level 1, else HMAC-SHA256. */
  headerTag: Uint8Array;
  /** Of all bytes before it; ML-DSA-87 at level 3, RSA-PSS at level 4, none below. */
  signature: Uint8Array;
}
export const ENVELOPE_HEADER_MIN_SIZE = 12;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const ENVELOPE_HEADER_DEFAULTS = { flags: 0, chunkLog2: 16 } as const;
function readEnvelopeHeader(bytes: Uint8Array, at: number, end: number): EnvelopeHeader | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(ENVELOPE_HEADER_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeEnvelopeHeader(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(ENVELOPE_HEADER_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no qkd_envelope_header. */
export function decodeEnvelopeHeader(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): EnvelopeHeader {
  return readEnvelopeHeader(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEnvelopeHeader(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<EnvelopeHeader> {
  const value = readEnvelopeHeader(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEnvelopeHeader(value: EnvelopeHeader): NewBytes {
  try {
    const bytes = new Uint8Array($sizeEnvelopeHeader(value));
    $putEnvelopeHeader(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, ENVELOPE_HEADER_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEnvelopeHeaderInto(value: EnvelopeHeader, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeEnvelopeHeader(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ENVELOPE_HEADER_SITES$WRITTEN, need, bytes, at);
    return $putEnvelopeHeader(value, bytes, at);
  } catch (error) { throw foreign(error, ENVELOPE_HEADER_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekEnvelopeHeaderLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(ENVELOPE_HEADER_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 81) || (end > at + 3 && bytes[at + 3] !== 77)) return -1;
  if (end - at >= 5) {
    const $version = bytes[at + 4]!;
    if ($version !== 2) return -1;
  }
  if (end - at >= 6) {
    const $level = bytes[at + 5]!;
    if ($level < 1 || $level > 4) return -1;
  }
  if (end - at >= 7) {
    const $flags = bytes[at + 6]!;
    if ($flags > 1) return -1;
  }
  if (end - at >= 8) {
    const $chunkLog2 = bytes[at + 7]!;
    if ($chunkLog2 < 12 || $chunkLog2 > 20) return -1;
  }
  if (end - at >= 12) {
    const $lenPrefix = (((bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) |
        bytes[at + 11]!) >>> 0);
    if ($lenPrefix > 1048576) return -1;
  }
  next.depth = 0;
  const behind = $skipEnvelopeHeader(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipEnvelopeHeader(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 12) return -1;
  const $level = bytes[at + 5]!;
  if ($level < 1 || $level > 4) return -2;
  const $lenPrefix = (((bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) |
      bytes[at + 11]!) >>> 0);
  if ($lenPrefix > 1048576) return -2;
  let $$p1 = at + 12;
  const $fields$size = ($lenPrefix - 12);
  if ($fields$size < 0) return -2;
  $$p1 += $fields$size;
  let $$p2 = $$p1;
  const $headerTag$size = ((($level as number) === 1) ? 16 : 32);
  $$p2 += $headerTag$size;
  let $$p3 = $$p2;
  const $signature$size = ((($level as number) === 3) ? 4627 : ((($level as number) === 4) ? 512 : 0));
  $$p3 += $signature$size;
  return $$p3;
}
function $takeEnvelopeHeader(bytes: Uint8Array, at: number, end: number): EnvelopeHeader | undefined {
  if (end - at < 12) return refuse(ENVELOPE_HEADER_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 77)) !== 0)
    return refuse(ENVELOPE_HEADER_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 2) return refuse(ENVELOPE_HEADER_SITES, 3 /* version: constant */, at + 4, $version);
  const $level = bytes[at + 5]!;
  if ($level < 1 || $level > 4) return refuse(ENVELOPE_HEADER_SITES, 4 /* level: range */, at + 5, $level);
  const $flags = bytes[at + 6]!;
  if ($flags > 1) return refuse(ENVELOPE_HEADER_SITES, 5 /* flags: range */, at + 6, $flags);
  const $chunkLog2 = bytes[at + 7]!;
  if ($chunkLog2 < 12 || $chunkLog2 > 20)
    return refuse(ENVELOPE_HEADER_SITES, 6 /* chunkLog2: range */, at + 7, $chunkLog2);
  const $lenPrefix = uint32At(bytes, at + 8);
  if ($lenPrefix > 1048576) return refuse(ENVELOPE_HEADER_SITES, 7 /* lenPrefix: range */, at + 8, $lenPrefix);
  const $fields$size = ($lenPrefix - 12);
  if ($fields$size < 0) return refuse(ENVELOPE_HEADER_SITES, 8 /* fields: range */, at + 12, $fields$size);
  if (!($fields$size <= end - (at + 12)))
    return refuse(ENVELOPE_HEADER_SITES, 9 /* fields: short */, end, `${end - (at + 12)} of ${$fields$size} bytes`);
  const $fields$end = at + 12 + $fields$size;
  const $fields$v = $takeHeaderFields(bytes, $level, at + 12, $fields$end);
  if ($fields$v === undefined) return within(ENVELOPE_HEADER_SITES, 9 /* fields: short */);
  const $fields$e = next.at;
  if ($fields$e !== $fields$end)
    return refuse(ENVELOPE_HEADER_SITES, 10 /* fields: trailing */, $fields$e, `${$fields$end - $fields$e} bytes`);
  const $fields$is = $fields$v;
  const $$p1 = $fields$end;
  const $headerTag$size = ((($level as number) === 1) ? 16 : 32);
  if (!($headerTag$size <= end - $$p1))
    return refuse(ENVELOPE_HEADER_SITES, 11 /* headerTag: short */, end, `${end - $$p1} of ${$headerTag$size} bytes`);
  const $headerTag$end = $$p1 + $headerTag$size;
  const $headerTag$is = new Uint8Array(next.buffer, next.base + $$p1, $headerTag$end - $$p1);
  const $$p2 = $headerTag$end;
  const $signature$size = ((($level as number) === 3) ? 4627 : ((($level as number) === 4) ? 512 : 0));
  if (!($signature$size <= end - $$p2))
    return refuse(ENVELOPE_HEADER_SITES, 12 /* signature: short */, end, `${end - $$p2} of ${$signature$size} bytes`);
  const $signature$end = $$p2 + $signature$size;
  const $signature$is = new Uint8Array(next.buffer, next.base + $$p2, $signature$end - $$p2);
  const $$p3 = $signature$end;
  next.at = $$p3;
  return {
    level: $level,
    flags: $flags,
    chunkLog2: $chunkLog2,
    fields: $fields$is,
    headerTag: $headerTag$is,
    signature: $signature$is,
  };
}
function $putEnvelopeHeader(value: EnvelopeHeader, bytes: Uint8Array, at: number): number {
  requireObject(ENVELOPE_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  let $fields$count = 0;
   {
    try { $fields$count += $sizeHeaderFields(value.fields as HeaderFields, value.level);
    } catch (error) { throw inside(error, ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  }
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 77;
  const $version = 2;
  bytes[at + 4] = $version;
  const $level = value.level;
  if (typeof $level !== "number" || ($level & 255) !== $level || $level < 1 || $level > 4)
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 2 /* level: range */, at + 5, $level);
  bytes[at + 5] = $level;
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 255) !== $flags || $flags > 1)
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 3 /* flags: range */, at + 6, $flags);
  bytes[at + 6] = $flags;
  const $chunkLog2 = value.chunkLog2;
  if (typeof $chunkLog2 !== "number" || ($chunkLog2 & 255) !== $chunkLog2 || $chunkLog2 < 12 || $chunkLog2 > 20)
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 4 /* chunkLog2: range */, at + 7, $chunkLog2);
  bytes[at + 7] = $chunkLog2;
  const $lenPrefix = $fields$count + 12;
  if ($lenPrefix > 1048576) fail(ENVELOPE_HEADER_SITES$WRITTEN, 5 /* fields: range */, at + 8, $lenPrefix);
  bytes[at + 8] = $lenPrefix >>> 24; bytes[at + 9] = $lenPrefix >>> 16; bytes[at + 10] = $lenPrefix >>> 8;
  bytes[at + 11] = $lenPrefix;
  let $fields$e: number;
  try { $fields$e = $putHeaderFields(value.fields, value.level, bytes, at + 12);
  } catch (error) { throw inside(error, ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  const $$p1 = $fields$e;
  const $headerTag$b = value.headerTag;
  if (lengthOf($headerTag$b) < 0)
    failBytes(ENVELOPE_HEADER_SITES$WRITTEN, 6 /* headerTag: argument */, $$p1, $headerTag$b);
  bytes.set($headerTag$b, $$p1);
  const $headerTag$end = $$p1 + $headerTag$b.length;
  if ($headerTag$end - $$p1 !== (((value.level as number) === 1) ? 16 : 32))
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 7 /* headerTag: length */, $$p1, $headerTag$end - $$p1);
  const $$p2 = $headerTag$end;
  const $signature$b = value.signature;
  if (lengthOf($signature$b) < 0)
    failBytes(ENVELOPE_HEADER_SITES$WRITTEN, 8 /* signature: argument */, $$p2, $signature$b);
  bytes.set($signature$b, $$p2);
  const $signature$end = $$p2 + $signature$b.length;
  if ($signature$end - $$p2 !== (((value.level as number) === 3) ? 4627 : (((value.level as number) === 4) ? 512 : 0)))
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 9 /* signature: length */, $$p2, $signature$end - $$p2);
  const $$p3 = $signature$end;
  return $$p3;
}
function $sizeEnvelopeHeader(value: EnvelopeHeader): number {
  requireObject(ENVELOPE_HEADER_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 12;
  try { $$size += $sizeHeaderFields(value.fields as HeaderFields, value.level);
  } catch (error) { throw inside(error, ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  $$size += bytesLength(value.headerTag);
  $$size += bytesLength(value.signature);
  return $$size;
}
/** 64-bit integers as bigint. */
export interface EnvelopeHeaderBig {
  /** 1 one-time pad, 2 AES-256-GCM, 3 ML-KEM-1024 with ML-DSA-87, 4 RSA-4096. */
  level: number;
  /** Bit 0 where keys of a quantum link are mixed in at level 3 or 4. */
  flags: number;
  /** Size of a full chunk as a power of two. */
  chunkLog2: number;
  fields: HeaderFieldsBig;
  /** Of all bytes before it: Poly1305 at level 1, else HMAC-SHA256. */
  headerTag: Uint8Array;
  /** Of all bytes before it; ML-DSA-87 at level 3, RSA-PSS at level 4, none below. */
  signature: Uint8Array;
}
function readEnvelopeHeaderBig(bytes: Uint8Array, at: number, end: number): EnvelopeHeaderBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(ENVELOPE_HEADER_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeEnvelopeHeaderBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(ENVELOPE_HEADER_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no qkd_envelope_header. */
export function decodeEnvelopeHeaderBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): EnvelopeHeaderBig {
  return readEnvelopeHeaderBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEnvelopeHeaderBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<EnvelopeHeaderBig> {
  const value = readEnvelopeHeaderBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEnvelopeHeaderBig(value: EnvelopeHeaderBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeEnvelopeHeaderBig(value));
    $putEnvelopeHeaderBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, ENVELOPE_HEADER_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEnvelopeHeaderBigInto(value: EnvelopeHeaderBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeEnvelopeHeaderBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ENVELOPE_HEADER_SITES$WRITTEN, need, bytes, at);
    return $putEnvelopeHeaderBig(value, bytes, at);
  } catch (error) { throw foreign(error, ENVELOPE_HEADER_SITES$WRITTEN); }
}
function $takeEnvelopeHeaderBig(bytes: Uint8Array, at: number, end: number): EnvelopeHeaderBig | undefined {
  if (end - at < 12) return refuse(ENVELOPE_HEADER_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 77)) !== 0)
    return refuse(ENVELOPE_HEADER_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 2) return refuse(ENVELOPE_HEADER_SITES, 3 /* version: constant */, at + 4, $version);
  const $level = bytes[at + 5]!;
  if ($level < 1 || $level > 4) return refuse(ENVELOPE_HEADER_SITES, 4 /* level: range */, at + 5, $level);
  const $flags = bytes[at + 6]!;
  if ($flags > 1) return refuse(ENVELOPE_HEADER_SITES, 5 /* flags: range */, at + 6, $flags);
  const $chunkLog2 = bytes[at + 7]!;
  if ($chunkLog2 < 12 || $chunkLog2 > 20)
    return refuse(ENVELOPE_HEADER_SITES, 6 /* chunkLog2: range */, at + 7, $chunkLog2);
  const $lenPrefix = uint32At(bytes, at + 8);
  if ($lenPrefix > 1048576) return refuse(ENVELOPE_HEADER_SITES, 7 /* lenPrefix: range */, at + 8, $lenPrefix);
  const $fields$size = ($lenPrefix - 12);
  if ($fields$size < 0) return refuse(ENVELOPE_HEADER_SITES, 8 /* fields: range */, at + 12, $fields$size);
  if (!($fields$size <= end - (at + 12)))
    return refuse(ENVELOPE_HEADER_SITES, 9 /* fields: short */, end, `${end - (at + 12)} of ${$fields$size} bytes`);
  const $fields$end = at + 12 + $fields$size;
  const $fields$v = $takeHeaderFieldsBig(bytes, $level, at + 12, $fields$end);
  if ($fields$v === undefined) return within(ENVELOPE_HEADER_SITES, 9 /* fields: short */);
  const $fields$e = next.at;
  if ($fields$e !== $fields$end)
    return refuse(ENVELOPE_HEADER_SITES, 10 /* fields: trailing */, $fields$e, `${$fields$end - $fields$e} bytes`);
  const $fields$is = $fields$v;
  const $$p1 = $fields$end;
  const $headerTag$size = ((($level as number) === 1) ? 16 : 32);
  if (!($headerTag$size <= end - $$p1))
    return refuse(ENVELOPE_HEADER_SITES, 11 /* headerTag: short */, end, `${end - $$p1} of ${$headerTag$size} bytes`);
  const $headerTag$end = $$p1 + $headerTag$size;
  const $headerTag$is = new Uint8Array(next.buffer, next.base + $$p1, $headerTag$end - $$p1);
  const $$p2 = $headerTag$end;
  const $signature$size = ((($level as number) === 3) ? 4627 : ((($level as number) === 4) ? 512 : 0));
  if (!($signature$size <= end - $$p2))
    return refuse(ENVELOPE_HEADER_SITES, 12 /* signature: short */, end, `${end - $$p2} of ${$signature$size} bytes`);
  const $signature$end = $$p2 + $signature$size;
  const $signature$is = new Uint8Array(next.buffer, next.base + $$p2, $signature$end - $$p2);
  const $$p3 = $signature$end;
  next.at = $$p3;
  return {
    level: $level,
    flags: $flags,
    chunkLog2: $chunkLog2,
    fields: $fields$is,
    headerTag: $headerTag$is,
    signature: $signature$is,
  };
}
function $putEnvelopeHeaderBig(value: EnvelopeHeaderBig, bytes: Uint8Array, at: number): number {
  requireObject(ENVELOPE_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  let $fields$count = 0;
   {
    try { $fields$count += $sizeHeaderFieldsBig(value.fields as HeaderFieldsBig, value.level);
    } catch (error) { throw inside(error, ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  }
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 77;
  const $version = 2;
  bytes[at + 4] = $version;
  const $level = value.level;
  if (typeof $level !== "number" || ($level & 255) !== $level || $level < 1 || $level > 4)
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 2 /* level: range */, at + 5, $level);
  bytes[at + 5] = $level;
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 255) !== $flags || $flags > 1)
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 3 /* flags: range */, at + 6, $flags);
  bytes[at + 6] = $flags;
  const $chunkLog2 = value.chunkLog2;
  if (typeof $chunkLog2 !== "number" || ($chunkLog2 & 255) !== $chunkLog2 || $chunkLog2 < 12 || $chunkLog2 > 20)
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 4 /* chunkLog2: range */, at + 7, $chunkLog2);
  bytes[at + 7] = $chunkLog2;
  const $lenPrefix = $fields$count + 12;
  if ($lenPrefix > 1048576) fail(ENVELOPE_HEADER_SITES$WRITTEN, 5 /* fields: range */, at + 8, $lenPrefix);
  bytes[at + 8] = $lenPrefix >>> 24; bytes[at + 9] = $lenPrefix >>> 16; bytes[at + 10] = $lenPrefix >>> 8;
  bytes[at + 11] = $lenPrefix;
  let $fields$e: number;
  try { $fields$e = $putHeaderFieldsBig(value.fields, value.level, bytes, at + 12);
  } catch (error) { throw inside(error, ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  const $$p1 = $fields$e;
  const $headerTag$b = value.headerTag;
  if (lengthOf($headerTag$b) < 0)
    failBytes(ENVELOPE_HEADER_SITES$WRITTEN, 6 /* headerTag: argument */, $$p1, $headerTag$b);
  bytes.set($headerTag$b, $$p1);
  const $headerTag$end = $$p1 + $headerTag$b.length;
  if ($headerTag$end - $$p1 !== (((value.level as number) === 1) ? 16 : 32))
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 7 /* headerTag: length */, $$p1, $headerTag$end - $$p1);
  const $$p2 = $headerTag$end;
  const $signature$b = value.signature;
  if (lengthOf($signature$b) < 0)
    failBytes(ENVELOPE_HEADER_SITES$WRITTEN, 8 /* signature: argument */, $$p2, $signature$b);
  bytes.set($signature$b, $$p2);
  const $signature$end = $$p2 + $signature$b.length;
  if ($signature$end - $$p2 !== (((value.level as number) === 3) ? 4627 : (((value.level as number) === 4) ? 512 : 0)))
    fail(ENVELOPE_HEADER_SITES$WRITTEN, 9 /* signature: length */, $$p2, $signature$end - $$p2);
  const $$p3 = $signature$end;
  return $$p3;
}
function $sizeEnvelopeHeaderBig(value: EnvelopeHeaderBig): number {
  requireObject(ENVELOPE_HEADER_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 12;
  try { $$size += $sizeHeaderFieldsBig(value.fields as HeaderFieldsBig, value.level);
  } catch (error) { throw inside(error, ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  $$size += bytesLength(value.headerTag);
  $$size += bytesLength(value.signature);
  return $$size;
}

const HEADER_FIELDS_SITES: Sites = {
  format: "qkd_header_fields",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 24, "at least 39 bytes"],
    ["unsafe-integer", "createdMs", 29, "at most 2^53-1"],
    ["range", "lenSender", 30, "1 to 255"],
    ["short", "sender", 31, ""],
    ["text", "sender", 31, "utf-8"],
    ["range", "lenRecipient", 32, "1 to 255"],
    ["short", "recipient", 33, ""],
    ["text", "recipient", 33, "utf-8"],
    ["short", "masterSae", 35, ""],
    ["text", "masterSae", 35, "utf-8"],
    ["short", "slaveSae", 37, ""],
    ["text", "slaveSae", 37, "utf-8"],
    ["short", "kmeId", 39, ""],
    ["text", "kmeId", 39, "utf-8"],
    ["range", "numKeys", 40, "0 to 16384"],
    ["short", "keys", 41, ""],
    ["short", "keys[*]", 41, ""],
    ["short", "parameters", 42, ""],
    ["kind", "parameters", 42, "a case of 1, 2, 3, 4"],
  ],
};
const HEADER_FIELDS_SITES$WRITTEN: Sites = {
  format: "qkd_header_fields",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["argument", "", 24, "an object"],
    ["text", "sender", 31, "utf-8"],
    ["count", "sender", 31, "at least 0 bytes"],
    ["text", "recipient", 33, "utf-8"],
    ["count", "recipient", 33, "at least 0 bytes"],
    ["text", "masterSae", 35, "utf-8"],
    ["count", "masterSae", 35, "at least 0 bytes"],
    ["text", "slaveSae", 37, "utf-8"],
    ["count", "slaveSae", 37, "at least 0 bytes"],
    ["text", "kmeId", 39, "utf-8"],
    ["count", "kmeId", 39, "at least 0 bytes"],
    ["argument", "keys", 41, "a list"],
    ["length", "flowId", 28, "16 bytes"],
    ["range", "createdMs", 29, "0 to 2^53-1"],
    ["range", "sender", 30, "len_sender of 1 to 255"],
    ["range", "recipient", 32, "len_recipient of 1 to 255"],
    ["range", "masterSae", 34, "len_master_sae of 0 to 255"],
    ["range", "slaveSae", 36, "len_slave_sae of 0 to 255"],
    ["range", "kmeId", 38, "len_kme_id of 0 to 255"],
    ["range", "keys", 40, "num_keys of 0 to 16384"],
    ["short", "keys[*]", 41, ""],
    ["short", "parameters", 42, ""],
    ["kind", "parameters", 42, "a case of the choice"],
  ],
};
const HEADER_FIELDS_SITES$WRITTEN$BIG: Sites = {
  format: "qkd_header_fields",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["range", "createdMs", 29, "0 to 18446744073709551615"],
  ],
};
export interface HeaderFields {
  /** Random; no two envelopes of a sender have the same. */
  flowId: Uint8Array;
  /** Milliseconds since 1970 in UTC. */
  createdMs: number;
  sender: string;
  recipient: string;
  /** Whom the recipient names when it fetches the keys; empty without keys. */
  masterSae: string;
  /** The recipient's own SAE id; empty without keys. */
  slaveSae: string;
  /** Where the keys come from; may be empty. */
  kmeId: string;
  /** In the order in which their bytes are joined. */
  keys: KeyName[];
  parameters: PadParameters | CipherParameters | KemParameters | RsaParameters;
}
function $takeHeaderFields(bytes: Uint8Array, level: number, at: number, end: number): HeaderFields | undefined {
  if (end - at < 31) return refuse(HEADER_FIELDS_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $createdMs$high = uint32At(bytes, at + 16);
  if ($createdMs$high > 0x1fffff) return refuse(HEADER_FIELDS_SITES, 1 /* createdMs: unsafe-integer */, at + 16);
  const $lenSender = bytes[at + 24]!;
  if ($lenSender < 1) return refuse(HEADER_FIELDS_SITES, 2 /* lenSender: range */, at + 24, $lenSender);
  const $sender$count = $lenSender;
  if ($sender$count > end - at - 31)
    return refuse(HEADER_FIELDS_SITES, 3 /* sender: short */, end, `${end - at - 31} of ${$sender$count} bytes`);
  const $$p1 = at + 25 + $sender$count;
  const $sender = textAt(bytes, at + 25, $$p1);
  if ($sender === undefined) return refuse(HEADER_FIELDS_SITES, 4 /* sender: text */, at + 25);
  const $lenRecipient = bytes[$$p1]!;
  if ($lenRecipient < 1) return refuse(HEADER_FIELDS_SITES, 5 /* lenRecipient: range */, $$p1, $lenRecipient);
  const $recipient$count = $lenRecipient;
  if ($recipient$count > end - $$p1 - 6)
    return refuse(HEADER_FIELDS_SITES, 6 /* recipient: short */, end, `${end - $$p1 - 6} of ${$recipient$count} bytes`);
  const $$p2 = $$p1 + 1 + $recipient$count;
  const $recipient = textAt(bytes, $$p1 + 1, $$p2);
  if ($recipient === undefined) return refuse(HEADER_FIELDS_SITES, 7 /* recipient: text */, $$p1 + 1);
  const $lenMasterSae = bytes[$$p2]!;
  const $masterSae$count = $lenMasterSae;
  if ($masterSae$count > end - $$p2 - 5)
    return refuse(HEADER_FIELDS_SITES, 8 /* masterSae: short */, end, `${end - $$p2 - 5} of ${$masterSae$count} bytes`);
  const $$p3 = $$p2 + 1 + $masterSae$count;
  const $masterSae = textAt(bytes, $$p2 + 1, $$p3);
  if ($masterSae === undefined) return refuse(HEADER_FIELDS_SITES, 9 /* masterSae: text */, $$p2 + 1);
  const $lenSlaveSae = bytes[$$p3]!;
  const $slaveSae$count = $lenSlaveSae;
  if ($slaveSae$count > end - $$p3 - 4)
    return refuse(HEADER_FIELDS_SITES, 10 /* slaveSae: short */, end, `${end - $$p3 - 4} of ${$slaveSae$count} bytes`);
  const $$p4 = $$p3 + 1 + $slaveSae$count;
  const $slaveSae = textAt(bytes, $$p3 + 1, $$p4);
  if ($slaveSae === undefined) return refuse(HEADER_FIELDS_SITES, 11 /* slaveSae: text */, $$p3 + 1);
  const $lenKmeId = bytes[$$p4]!;
  const $kmeId$count = $lenKmeId;
  if ($kmeId$count > end - $$p4 - 3)
    return refuse(HEADER_FIELDS_SITES, 12 /* kmeId: short */, end, `${end - $$p4 - 3} of ${$kmeId$count} bytes`);
  const $$p5 = $$p4 + 1 + $kmeId$count;
  const $kmeId = textAt(bytes, $$p4 + 1, $$p5);
  if ($kmeId === undefined) return refuse(HEADER_FIELDS_SITES, 13 /* kmeId: text */, $$p4 + 1);
  const $numKeys = ((bytes[$$p5]! << 8) | bytes[$$p5 + 1]!);
  if ($numKeys > 16384) return refuse(HEADER_FIELDS_SITES, 14 /* numKeys: range */, $$p5, $numKeys);
  const $keys$n = $numKeys;
  if (!($keys$n * 3 <= end - ($$p5 + 2)))
    return refuse(HEADER_FIELDS_SITES, 15 /* keys: short */, end, `${end - ($$p5 + 2)} of ${$keys$n * 3} bytes`);
  const $keys$list: KeyName[] = new Array($keys$n);
  let $keys$p = $$p5 + 2;
  for (let i = 0; i < $keys$n; i++) {
    const $keys$each$v = $takeKeyName(bytes, $keys$p, end);
    if ($keys$each$v === undefined) return within(HEADER_FIELDS_SITES, 16 /* keys[*]: short */, i);
    const $keys$each$e = next.at;
    const $keys$each = $keys$each$v;
    $keys$list[i] = $keys$each;
    $keys$p = $keys$each$e;
  }
  const $keys$is = $keys$list;
  const $$p6 = $keys$p;
  const $parameters$tag = level as number;
  let $parameters$c: PadParameters | CipherParameters | KemParameters | RsaParameters;
  let $parameters$ce: number;
  switch ($parameters$tag) {
    case 1: {
      const $parameters$0$v = $takePadParameters(bytes, $$p6, end);
      if ($parameters$0$v === undefined) return within(HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$0$e = next.at;
      $parameters$c = $parameters$0$v;
      $parameters$ce = $parameters$0$e;
      break;
    }
    case 2: {
      const $parameters$1$v = $takeCipherParameters(bytes, $$p6, end);
      if ($parameters$1$v === undefined) return within(HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$1$e = next.at;
      $parameters$c = $parameters$1$v;
      $parameters$ce = $parameters$1$e;
      break;
    }
    case 3: {
      const $parameters$2$v = $takeKemParameters(bytes, $$p6, end);
      if ($parameters$2$v === undefined) return within(HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$2$e = next.at;
      $parameters$c = $parameters$2$v;
      $parameters$ce = $parameters$2$e;
      break;
    }
    case 4: {
      const $parameters$3$v = $takeRsaParameters(bytes, $$p6, end);
      if ($parameters$3$v === undefined) return within(HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$3$e = next.at;
      $parameters$c = $parameters$3$v;
      $parameters$ce = $parameters$3$e;
      break;
    }
    default: {
      return refuse(HEADER_FIELDS_SITES, 18 /* parameters: kind */, $$p6, $parameters$tag);
    }
  }
  const $parameters$is = $parameters$c;
  const $$p7 = $parameters$ce;
  next.at = $$p7;
  return {
    flowId: new Uint8Array(next.buffer, next.base + at, 16),
    createdMs: $createdMs$high * 4294967296 + uint32At(bytes, at + 20),
    sender: $sender,
    recipient: $recipient,
    masterSae: $masterSae,
    slaveSae: $slaveSae,
    kmeId: $kmeId,
    keys: $keys$is,
    parameters: $parameters$is,
  };
}
function $putHeaderFields(value: HeaderFields, level: number, bytes: Uint8Array, at: number): number {
  requireObject(HEADER_FIELDS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $sender = utf8Bytes(value.sender);
  if ($sender === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 1 /* sender: text */, at);
  const $sender$count = $sender.length;
  if ($sender$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 2 /* sender: count */, at, $sender$count);
  const $recipient = utf8Bytes(value.recipient);
  if ($recipient === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 3 /* recipient: text */, at);
  const $recipient$count = $recipient.length;
  if ($recipient$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 4 /* recipient: count */, at, $recipient$count);
  const $masterSae = utf8Bytes(value.masterSae);
  if ($masterSae === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 5 /* masterSae: text */, at);
  const $masterSae$count = $masterSae.length;
  if ($masterSae$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 6 /* masterSae: count */, at, $masterSae$count);
  const $slaveSae = utf8Bytes(value.slaveSae);
  if ($slaveSae === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 7 /* slaveSae: text */, at);
  const $slaveSae$count = $slaveSae.length;
  if ($slaveSae$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 8 /* slaveSae: count */, at, $slaveSae$count);
  const $kmeId = utf8Bytes(value.kmeId);
  if ($kmeId === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 9 /* kmeId: text */, at);
  const $kmeId$count = $kmeId.length;
  if ($kmeId$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 10 /* kmeId: count */, at, $kmeId$count);
  const $keys$count = listOf(HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, at, value.keys).length;
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16) failBytes(HEADER_FIELDS_SITES$WRITTEN, 12 /* flowId: length */, at, $flowId);
  bytes[at] = $flowId[0]!; bytes[at + 1] = $flowId[1]!; bytes[at + 2] = $flowId[2]!; bytes[at + 3] = $flowId[3]!;
  bytes[at + 4] = $flowId[4]!; bytes[at + 5] = $flowId[5]!; bytes[at + 6] = $flowId[6]!; bytes[at + 7] = $flowId[7]!;
  bytes[at + 8] = $flowId[8]!; bytes[at + 9] = $flowId[9]!; bytes[at + 10] = $flowId[10]!;
  bytes[at + 11] = $flowId[11]!; bytes[at + 12] = $flowId[12]!; bytes[at + 13] = $flowId[13]!;
  bytes[at + 14] = $flowId[14]!; bytes[at + 15] = $flowId[15]!;
  const $createdMs = value.createdMs;
  if (!Number.isSafeInteger($createdMs) || $createdMs < 0)
    fail(HEADER_FIELDS_SITES$WRITTEN, 13 /* createdMs: range */, at + 16, $createdMs);
  putSafe(bytes, at + 16, $createdMs);
  const $lenSender = $sender$count;
  if ($lenSender < 1 || $lenSender > 255)
    fail(HEADER_FIELDS_SITES$WRITTEN, 14 /* sender: range */, at + 24, $lenSender);
  bytes[at + 24] = $lenSender;
  bytes.set($sender, at + 25);
  const $$p1 = at + 25 + $sender$count;
  const $lenRecipient = $recipient$count;
  if ($lenRecipient < 1 || $lenRecipient > 255)
    fail(HEADER_FIELDS_SITES$WRITTEN, 15 /* recipient: range */, $$p1, $lenRecipient);
  bytes[$$p1] = $lenRecipient;
  bytes.set($recipient, $$p1 + 1);
  const $$p2 = $$p1 + 1 + $recipient$count;
  const $lenMasterSae = $masterSae$count;
  if ($lenMasterSae > 255) fail(HEADER_FIELDS_SITES$WRITTEN, 16 /* masterSae: range */, $$p2, $lenMasterSae);
  bytes[$$p2] = $lenMasterSae;
  bytes.set($masterSae, $$p2 + 1);
  const $$p3 = $$p2 + 1 + $masterSae$count;
  const $lenSlaveSae = $slaveSae$count;
  if ($lenSlaveSae > 255) fail(HEADER_FIELDS_SITES$WRITTEN, 17 /* slaveSae: range */, $$p3, $lenSlaveSae);
  bytes[$$p3] = $lenSlaveSae;
  bytes.set($slaveSae, $$p3 + 1);
  const $$p4 = $$p3 + 1 + $slaveSae$count;
  const $lenKmeId = $kmeId$count;
  if ($lenKmeId > 255) fail(HEADER_FIELDS_SITES$WRITTEN, 18 /* kmeId: range */, $$p4, $lenKmeId);
  bytes[$$p4] = $lenKmeId;
  bytes.set($kmeId, $$p4 + 1);
  const $$p5 = $$p4 + 1 + $kmeId$count;
  const $numKeys = $keys$count;
  if ($numKeys > 16384) fail(HEADER_FIELDS_SITES$WRITTEN, 19 /* keys: range */, $$p5, $numKeys);
  bytes[$$p5] = $numKeys >>> 8; bytes[$$p5 + 1] = $numKeys;
  const $keys$list = listOf(HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, $$p5 + 2,
      value.keys) as readonly (KeyName)[];
  let $keys$p = $$p5 + 2;
  for (let i = 0; i < $keys$list.length; i++) {
    const $keys$each = $keys$list[i]!;
    let $keys$each$e: number;
    try { $keys$each$e = $putKeyName($keys$each, bytes, $keys$p);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 20 /* keys[*]: short */, i); }
    $keys$p = $keys$each$e;
  }
  const $$p6 = $keys$p;
  let $parameters$ce: number;
  const $parameters$tag = level as number;
  switch ($parameters$tag) {
    case 1: {
      let $parameters$0$e: number;
      try { $parameters$0$e = $putPadParameters((value.parameters as PadParameters), bytes, $$p6);
      } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$0$e;
      break;
    }
    case 2: {
      let $parameters$1$e: number;
      try { $parameters$1$e = $putCipherParameters((value.parameters as CipherParameters), bytes, $$p6);
      } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$1$e;
      break;
    }
    case 3: {
      let $parameters$2$e: number;
      try { $parameters$2$e = $putKemParameters((value.parameters as KemParameters), bytes, $$p6);
      } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$2$e;
      break;
    }
    case 4: {
      let $parameters$3$e: number;
      try { $parameters$3$e = $putRsaParameters((value.parameters as RsaParameters), bytes, $$p6);
      } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$3$e;
      break;
    }
    default: fail(HEADER_FIELDS_SITES$WRITTEN, 22 /* parameters: kind */, $$p6, $parameters$tag);
  }
  const $$p7 = $parameters$ce;
  return $$p7;
}
function $sizeHeaderFields(value: HeaderFields, level: number): number {
  requireObject(HEADER_FIELDS_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 31;
  $$size += utf8Length(value.sender);
  $$size += utf8Length(value.recipient);
  $$size += utf8Length(value.masterSae);
  $$size += utf8Length(value.slaveSae);
  $$size += utf8Length(value.kmeId);
  const $keys$list = listOf(HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, 0,
      value.keys) as readonly (KeyName)[];
  for (let i = 0; i < $keys$list.length; i++) {
    const $keys$each = $keys$list[i]!;
    try { $$size += $sizeKeyName($keys$each as KeyName);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 20 /* keys[*]: short */, i); }
  }
  switch (level as number) {
    case 1:
    try { $$size += $sizePadParameters(value.parameters as PadParameters);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 2:
    try { $$size += $sizeCipherParameters(value.parameters as CipherParameters);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 3:
    try { $$size += $sizeKemParameters(value.parameters as KemParameters);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 4:
    try { $$size += $sizeRsaParameters(value.parameters as RsaParameters);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
  }
  return $$size;
}
/** 64-bit integers as bigint. */
export interface HeaderFieldsBig {
  /** Random; no two envelopes of a sender have the same. */
  flowId: Uint8Array;
  /** Milliseconds since 1970 in UTC. */
  createdMs: bigint;
  sender: string;
  recipient: string;
  /** Whom the recipient names when it fetches the keys; empty without keys. */
  masterSae: string;
  /** The recipient's own SAE id; empty without keys. */
  slaveSae: string;
  /** Where the keys come from; may be empty. */
  kmeId: string;
  /** In the order in which their bytes are joined. */
  keys: KeyName[];
  parameters: PadParametersBig | CipherParameters | KemParameters | RsaParameters;
}
function $takeHeaderFieldsBig(bytes: Uint8Array, level: number, at: number, end: number): HeaderFieldsBig | undefined {
  if (end - at < 31) return refuse(HEADER_FIELDS_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $lenSender = bytes[at + 24]!;
  if ($lenSender < 1) return refuse(HEADER_FIELDS_SITES, 2 /* lenSender: range */, at + 24, $lenSender);
  const $sender$count = $lenSender;
  if ($sender$count > end - at - 31)
    return refuse(HEADER_FIELDS_SITES, 3 /* sender: short */, end, `${end - at - 31} of ${$sender$count} bytes`);
  const $$p1 = at + 25 + $sender$count;
  const $sender = textAt(bytes, at + 25, $$p1);
  if ($sender === undefined) return refuse(HEADER_FIELDS_SITES, 4 /* sender: text */, at + 25);
  const $lenRecipient = bytes[$$p1]!;
  if ($lenRecipient < 1) return refuse(HEADER_FIELDS_SITES, 5 /* lenRecipient: range */, $$p1, $lenRecipient);
  const $recipient$count = $lenRecipient;
  if ($recipient$count > end - $$p1 - 6)
    return refuse(HEADER_FIELDS_SITES, 6 /* recipient: short */, end, `${end - $$p1 - 6} of ${$recipient$count} bytes`);
  const $$p2 = $$p1 + 1 + $recipient$count;
  const $recipient = textAt(bytes, $$p1 + 1, $$p2);
  if ($recipient === undefined) return refuse(HEADER_FIELDS_SITES, 7 /* recipient: text */, $$p1 + 1);
  const $lenMasterSae = bytes[$$p2]!;
  const $masterSae$count = $lenMasterSae;
  if ($masterSae$count > end - $$p2 - 5)
    return refuse(HEADER_FIELDS_SITES, 8 /* masterSae: short */, end, `${end - $$p2 - 5} of ${$masterSae$count} bytes`);
  const $$p3 = $$p2 + 1 + $masterSae$count;
  const $masterSae = textAt(bytes, $$p2 + 1, $$p3);
  if ($masterSae === undefined) return refuse(HEADER_FIELDS_SITES, 9 /* masterSae: text */, $$p2 + 1);
  const $lenSlaveSae = bytes[$$p3]!;
  const $slaveSae$count = $lenSlaveSae;
  if ($slaveSae$count > end - $$p3 - 4)
    return refuse(HEADER_FIELDS_SITES, 10 /* slaveSae: short */, end, `${end - $$p3 - 4} of ${$slaveSae$count} bytes`);
  const $$p4 = $$p3 + 1 + $slaveSae$count;
  const $slaveSae = textAt(bytes, $$p3 + 1, $$p4);
  if ($slaveSae === undefined) return refuse(HEADER_FIELDS_SITES, 11 /* slaveSae: text */, $$p3 + 1);
  const $lenKmeId = bytes[$$p4]!;
  const $kmeId$count = $lenKmeId;
  if ($kmeId$count > end - $$p4 - 3)
    return refuse(HEADER_FIELDS_SITES, 12 /* kmeId: short */, end, `${end - $$p4 - 3} of ${$kmeId$count} bytes`);
  const $$p5 = $$p4 + 1 + $kmeId$count;
  const $kmeId = textAt(bytes, $$p4 + 1, $$p5);
  if ($kmeId === undefined) return refuse(HEADER_FIELDS_SITES, 13 /* kmeId: text */, $$p4 + 1);
  const $numKeys = ((bytes[$$p5]! << 8) | bytes[$$p5 + 1]!);
  if ($numKeys > 16384) return refuse(HEADER_FIELDS_SITES, 14 /* numKeys: range */, $$p5, $numKeys);
  const $keys$n = $numKeys;
  if (!($keys$n * 3 <= end - ($$p5 + 2)))
    return refuse(HEADER_FIELDS_SITES, 15 /* keys: short */, end, `${end - ($$p5 + 2)} of ${$keys$n * 3} bytes`);
  const $keys$list: KeyName[] = new Array($keys$n);
  let $keys$p = $$p5 + 2;
  for (let i = 0; i < $keys$n; i++) {
    const $keys$each$v = $takeKeyName(bytes, $keys$p, end);
    if ($keys$each$v === undefined) return within(HEADER_FIELDS_SITES, 16 /* keys[*]: short */, i);
    const $keys$each$e = next.at;
    const $keys$each = $keys$each$v;
    $keys$list[i] = $keys$each;
    $keys$p = $keys$each$e;
  }
  const $keys$is = $keys$list;
  const $$p6 = $keys$p;
  const $parameters$tag = level as number;
  let $parameters$c: PadParametersBig | CipherParameters | KemParameters | RsaParameters;
  let $parameters$ce: number;
  switch ($parameters$tag) {
    case 1: {
      const $parameters$0$v = $takePadParametersBig(bytes, $$p6, end);
      if ($parameters$0$v === undefined) return within(HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$0$e = next.at;
      $parameters$c = $parameters$0$v;
      $parameters$ce = $parameters$0$e;
      break;
    }
    case 2: {
      const $parameters$1$v = $takeCipherParameters(bytes, $$p6, end);
      if ($parameters$1$v === undefined) return within(HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$1$e = next.at;
      $parameters$c = $parameters$1$v;
      $parameters$ce = $parameters$1$e;
      break;
    }
    case 3: {
      const $parameters$2$v = $takeKemParameters(bytes, $$p6, end);
      if ($parameters$2$v === undefined) return within(HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$2$e = next.at;
      $parameters$c = $parameters$2$v;
      $parameters$ce = $parameters$2$e;
      break;
    }
    case 4: {
      const $parameters$3$v = $takeRsaParameters(bytes, $$p6, end);
      if ($parameters$3$v === undefined) return within(HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$3$e = next.at;
      $parameters$c = $parameters$3$v;
      $parameters$ce = $parameters$3$e;
      break;
    }
    default: {
      return refuse(HEADER_FIELDS_SITES, 18 /* parameters: kind */, $$p6, $parameters$tag);
    }
  }
  const $parameters$is = $parameters$c;
  const $$p7 = $parameters$ce;
  next.at = $$p7;
  return {
    flowId: new Uint8Array(next.buffer, next.base + at, 16),
    createdMs: bigUnsigned(bytes, at + 16),
    sender: $sender,
    recipient: $recipient,
    masterSae: $masterSae,
    slaveSae: $slaveSae,
    kmeId: $kmeId,
    keys: $keys$is,
    parameters: $parameters$is,
  };
}
function $putHeaderFieldsBig(value: HeaderFieldsBig, level: number, bytes: Uint8Array, at: number): number {
  requireObject(HEADER_FIELDS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $sender = utf8Bytes(value.sender);
  if ($sender === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 1 /* sender: text */, at);
  const $sender$count = $sender.length;
  if ($sender$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 2 /* sender: count */, at, $sender$count);
  const $recipient = utf8Bytes(value.recipient);
  if ($recipient === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 3 /* recipient: text */, at);
  const $recipient$count = $recipient.length;
  if ($recipient$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 4 /* recipient: count */, at, $recipient$count);
  const $masterSae = utf8Bytes(value.masterSae);
  if ($masterSae === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 5 /* masterSae: text */, at);
  const $masterSae$count = $masterSae.length;
  if ($masterSae$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 6 /* masterSae: count */, at, $masterSae$count);
  const $slaveSae = utf8Bytes(value.slaveSae);
  if ($slaveSae === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 7 /* slaveSae: text */, at);
  const $slaveSae$count = $slaveSae.length;
  if ($slaveSae$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 8 /* slaveSae: count */, at, $slaveSae$count);
  const $kmeId = utf8Bytes(value.kmeId);
  if ($kmeId === undefined) fail(HEADER_FIELDS_SITES$WRITTEN, 9 /* kmeId: text */, at);
  const $kmeId$count = $kmeId.length;
  if ($kmeId$count < 0) fail(HEADER_FIELDS_SITES$WRITTEN, 10 /* kmeId: count */, at, $kmeId$count);
  const $keys$count = listOf(HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, at, value.keys).length;
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16) failBytes(HEADER_FIELDS_SITES$WRITTEN, 12 /* flowId: length */, at, $flowId);
  bytes[at] = $flowId[0]!; bytes[at + 1] = $flowId[1]!; bytes[at + 2] = $flowId[2]!; bytes[at + 3] = $flowId[3]!;
  bytes[at + 4] = $flowId[4]!; bytes[at + 5] = $flowId[5]!; bytes[at + 6] = $flowId[6]!; bytes[at + 7] = $flowId[7]!;
  bytes[at + 8] = $flowId[8]!; bytes[at + 9] = $flowId[9]!; bytes[at + 10] = $flowId[10]!;
  bytes[at + 11] = $flowId[11]!; bytes[at + 12] = $flowId[12]!; bytes[at + 13] = $flowId[13]!;
  bytes[at + 14] = $flowId[14]!; bytes[at + 15] = $flowId[15]!;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(HEADER_FIELDS_SITES$WRITTEN$BIG, 0 /* createdMs: range */, at + 16, $createdMs);
  bigPut(bytes, at + 16, $createdMs);
  const $lenSender = $sender$count;
  if ($lenSender < 1 || $lenSender > 255)
    fail(HEADER_FIELDS_SITES$WRITTEN, 14 /* sender: range */, at + 24, $lenSender);
  bytes[at + 24] = $lenSender;
  bytes.set($sender, at + 25);
  const $$p1 = at + 25 + $sender$count;
  const $lenRecipient = $recipient$count;
  if ($lenRecipient < 1 || $lenRecipient > 255)
    fail(HEADER_FIELDS_SITES$WRITTEN, 15 /* recipient: range */, $$p1, $lenRecipient);
  bytes[$$p1] = $lenRecipient;
  bytes.set($recipient, $$p1 + 1);
  const $$p2 = $$p1 + 1 + $recipient$count;
  const $lenMasterSae = $masterSae$count;
  if ($lenMasterSae > 255) fail(HEADER_FIELDS_SITES$WRITTEN, 16 /* masterSae: range */, $$p2, $lenMasterSae);
  bytes[$$p2] = $lenMasterSae;
  bytes.set($masterSae, $$p2 + 1);
  const $$p3 = $$p2 + 1 + $masterSae$count;
  const $lenSlaveSae = $slaveSae$count;
  if ($lenSlaveSae > 255) fail(HEADER_FIELDS_SITES$WRITTEN, 17 /* slaveSae: range */, $$p3, $lenSlaveSae);
  bytes[$$p3] = $lenSlaveSae;
  bytes.set($slaveSae, $$p3 + 1);
  const $$p4 = $$p3 + 1 + $slaveSae$count;
  const $lenKmeId = $kmeId$count;
  if ($lenKmeId > 255) fail(HEADER_FIELDS_SITES$WRITTEN, 18 /* kmeId: range */, $$p4, $lenKmeId);
  bytes[$$p4] = $lenKmeId;
  bytes.set($kmeId, $$p4 + 1);
  const $$p5 = $$p4 + 1 + $kmeId$count;
  const $numKeys = $keys$count;
  if ($numKeys > 16384) fail(HEADER_FIELDS_SITES$WRITTEN, 19 /* keys: range */, $$p5, $numKeys);
  bytes[$$p5] = $numKeys >>> 8; bytes[$$p5 + 1] = $numKeys;
  const $keys$list = listOf(HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, $$p5 + 2,
      value.keys) as readonly (KeyName)[];
  let $keys$p = $$p5 + 2;
  for (let i = 0; i < $keys$list.length; i++) {
    const $keys$each = $keys$list[i]!;
    let $keys$each$e: number;
    try { $keys$each$e = $putKeyName($keys$each, bytes, $keys$p);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 20 /* keys[*]: short */, i); }
    $keys$p = $keys$each$e;
  }
  const $$p6 = $keys$p;
  let $parameters$ce: number;
  const $parameters$tag = level as number;
  switch ($parameters$tag) {
    case 1: {
      let $parameters$0$e: number;
      try { $parameters$0$e = $putPadParametersBig((value.parameters as PadParametersBig), bytes, $$p6);
      } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$0$e;
      break;
    }
    case 2: {
      let $parameters$1$e: number;
      try { $parameters$1$e = $putCipherParameters((value.parameters as CipherParameters), bytes, $$p6);
      } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$1$e;
      break;
    }
    case 3: {
      let $parameters$2$e: number;
      try { $parameters$2$e = $putKemParameters((value.parameters as KemParameters), bytes, $$p6);
      } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$2$e;
      break;
    }
    case 4: {
      let $parameters$3$e: number;
      try { $parameters$3$e = $putRsaParameters((value.parameters as RsaParameters), bytes, $$p6);
      } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$3$e;
      break;
    }
    default: fail(HEADER_FIELDS_SITES$WRITTEN, 22 /* parameters: kind */, $$p6, $parameters$tag);
  }
  const $$p7 = $parameters$ce;
  return $$p7;
}
function $sizeHeaderFieldsBig(value: HeaderFieldsBig, level: number): number {
  requireObject(HEADER_FIELDS_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 31;
  $$size += utf8Length(value.sender);
  $$size += utf8Length(value.recipient);
  $$size += utf8Length(value.masterSae);
  $$size += utf8Length(value.slaveSae);
  $$size += utf8Length(value.kmeId);
  const $keys$list = listOf(HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, 0,
      value.keys) as readonly (KeyName)[];
  for (let i = 0; i < $keys$list.length; i++) {
    const $keys$each = $keys$list[i]!;
    try { $$size += $sizeKeyName($keys$each as KeyName);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 20 /* keys[*]: short */, i); }
  }
  switch (level as number) {
    case 1:
    try { $$size += $sizePadParametersBig(value.parameters as PadParametersBig);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 2:
    try { $$size += $sizeCipherParameters(value.parameters as CipherParameters);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 3:
    try { $$size += $sizeKemParameters(value.parameters as KemParameters);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 4:
    try { $$size += $sizeRsaParameters(value.parameters as RsaParameters);
    } catch (error) { throw inside(error, HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
  }
  return $$size;
}

const KEY_NAME_SITES: Sites = {
  format: "qkd_key_name",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 50, "at least 3 bytes"],
    ["range", "lenKeyId", 52, "1 to 255"],
    ["short", "keyId", 53, ""],
    ["text", "keyId", 53, "ascii"],
    ["range", "keyBytes", 54, "1 to 65535"],
  ],
};
const KEY_NAME_SITES$WRITTEN: Sites = {
  format: "qkd_key_name",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["argument", "", 50, "an object"],
    ["text", "keyId", 53, "ascii"],
    ["count", "keyId", 53, "at least 0 bytes"],
    ["range", "keyId", 52, "len_key_id of 1 to 255"],
    ["range", "keyBytes", 54, "1 to 65535"],
  ],
};
export interface KeyName {
  keyId: string;
  /** Length of the key. */
  keyBytes: number;
}
function $takeKeyName(bytes: Uint8Array, at: number, end: number): KeyName | undefined {
  if (end - at < 3) return refuse(KEY_NAME_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $lenKeyId = bytes[at]!;
  if ($lenKeyId < 1) return refuse(KEY_NAME_SITES, 1 /* lenKeyId: range */, at, $lenKeyId);
  const $keyId$count = $lenKeyId;
  if ($keyId$count > end - at - 3)
    return refuse(KEY_NAME_SITES, 2 /* keyId: short */, end, `${end - at - 3} of ${$keyId$count} bytes`);
  const $$p1 = at + 1 + $keyId$count;
  const $keyId = asciiAt(bytes, at + 1, $$p1);
  if ($keyId === undefined) return refuse(KEY_NAME_SITES, 3 /* keyId: text */, at + 1);
  const $keyBytes = ((bytes[$$p1]! << 8) | bytes[$$p1 + 1]!);
  if ($keyBytes < 1) return refuse(KEY_NAME_SITES, 4 /* keyBytes: range */, $$p1, $keyBytes);
  next.at = $$p1 + 2;
  return {
    keyId: $keyId,
    keyBytes: $keyBytes,
  };
}
function $putKeyName(value: KeyName, bytes: Uint8Array, at: number): number {
  requireObject(KEY_NAME_SITES$WRITTEN, 0 /* argument */, at, value);
  const $keyId = asciiBytes(value.keyId);
  if ($keyId === undefined) fail(KEY_NAME_SITES$WRITTEN, 1 /* keyId: text */, at);
  const $keyId$count = $keyId.length;
  if ($keyId$count < 0) fail(KEY_NAME_SITES$WRITTEN, 2 /* keyId: count */, at, $keyId$count);
  const $lenKeyId = $keyId$count;
  if ($lenKeyId < 1 || $lenKeyId > 255) fail(KEY_NAME_SITES$WRITTEN, 3 /* keyId: range */, at, $lenKeyId);
  bytes[at] = $lenKeyId;
  bytes.set($keyId, at + 1);
  const $$p1 = at + 1 + $keyId$count;
  const $keyBytes = value.keyBytes;
  if (typeof $keyBytes !== "number" || ($keyBytes & 65535) !== $keyBytes || $keyBytes < 1)
    fail(KEY_NAME_SITES$WRITTEN, 4 /* keyBytes: range */, $$p1, $keyBytes);
  bytes[$$p1] = $keyBytes >>> 8; bytes[$$p1 + 1] = $keyBytes;
  return $$p1 + 2;
}
function $sizeKeyName(value: KeyName): number {
  requireObject(KEY_NAME_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 3;
  $$size += utf8Length(value.keyId);
  return $$size;
}

const PAD_PARAMETERS_SITES: Sites = {
  format: "qkd_pad_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 55, "8 bytes"],
    ["unsafe-integer", "contentBytes", 58, "at most 2^53-1"],
  ],
};
const PAD_PARAMETERS_SITES$WRITTEN: Sites = {
  format: "qkd_pad_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["argument", "", 55, "an object"],
    ["range", "contentBytes", 58, "0 to 2^53-1"],
  ],
};
const PAD_PARAMETERS_SITES$WRITTEN$BIG: Sites = {
  format: "qkd_pad_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["range", "contentBytes", 58, "0 to 18446744073709551615"],
  ],
};
export interface PadParameters {
  kind: "pad";
  /** Length of the content. */
  contentBytes: number;
}
function $takePadParameters(bytes: Uint8Array, at: number, end: number): PadParameters | undefined {
  if (end - at < 8) return refuse(PAD_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $contentBytes$high = uint32At(bytes, at);
  if ($contentBytes$high > 0x1fffff) return refuse(PAD_PARAMETERS_SITES, 1 /* contentBytes: unsafe-integer */, at);
  next.at = at + 8;
  return {
    kind: "pad",
    contentBytes: $contentBytes$high * 4294967296 + uint32At(bytes, at + 4),
  };
}
function $putPadParameters(value: PadParameters, bytes: Uint8Array, at: number): number {
  requireObject(PAD_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $contentBytes = value.contentBytes;
  if (!Number.isSafeInteger($contentBytes) || $contentBytes < 0)
    fail(PAD_PARAMETERS_SITES$WRITTEN, 1 /* contentBytes: range */, at, $contentBytes);
  putSafe(bytes, at, $contentBytes);
  return at + 8;
}
function $sizePadParameters(_value: PadParameters): number { return 8; }
/** 64-bit integers as bigint. */
export interface PadParametersBig {
  kind: "pad";
  /** Length of the content. */
  contentBytes: bigint;
}
function $takePadParametersBig(bytes: Uint8Array, at: number, end: number): PadParametersBig | undefined {
  if (end - at < 8) return refuse(PAD_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 8;
  return {
    kind: "pad",
    contentBytes: bigUnsigned(bytes, at),
  };
}
function $putPadParametersBig(value: PadParametersBig, bytes: Uint8Array, at: number): number {
  requireObject(PAD_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $contentBytes = value.contentBytes;
  if (typeof $contentBytes !== "bigint" || BigInt.asUintN(64, $contentBytes) !== $contentBytes)
    fail(PAD_PARAMETERS_SITES$WRITTEN$BIG, 0 /* contentBytes: range */, at, $contentBytes);
  bigPut(bytes, at, $contentBytes);
  return at + 8;
}
function $sizePadParametersBig(_value: PadParametersBig): number { return 8; }

const CIPHER_PARAMETERS_SITES: Sites = {
  format: "qkd_cipher_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 59, "32 bytes"],
  ],
};
const CIPHER_PARAMETERS_SITES$WRITTEN: Sites = {
  format: "qkd_cipher_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["argument", "", 59, "an object"],
    ["length", "salt", 62, "32 bytes"],
  ],
};
export interface CipherParameters {
  kind: "cipher";
  salt: Uint8Array;
}
function $takeCipherParameters(_bytes: Uint8Array, at: number, end: number): CipherParameters | undefined {
  if (end - at < 32) return refuse(CIPHER_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 32;
  return {
    kind: "cipher",
    salt: new Uint8Array(next.buffer, next.base + at, 32),
  };
}
function $putCipherParameters(value: CipherParameters, bytes: Uint8Array, at: number): number {
  requireObject(CIPHER_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $salt = value.salt;
  if (lengthOf($salt) !== 32) failBytes(CIPHER_PARAMETERS_SITES$WRITTEN, 1 /* salt: length */, at, $salt);
  bytes.set($salt, at);
  return at + 32;
}
function $sizeCipherParameters(_value: CipherParameters): number { return 32; }

const KEM_PARAMETERS_SITES: Sites = {
  format: "qkd_kem_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 63, "1664 bytes"],
  ],
};
const KEM_PARAMETERS_SITES$WRITTEN: Sites = {
  format: "qkd_kem_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["argument", "", 63, "an object"],
    ["length", "salt", 66, "32 bytes"],
    ["length", "senderFingerprint", 67, "32 bytes"],
    ["length", "recipientFingerprint", 68, "32 bytes"],
    ["length", "kemCiphertext", 69, "1568 bytes"],
  ],
};
export interface KemParameters {
  kind: "kem";
  salt: Uint8Array;
  /** SHA-256 of the sender's ML-DSA-87 public key. */
  senderFingerprint: Uint8Array;
  /** SHA-256 of the recipient's ML-KEM-1024 public key. */
  recipientFingerprint: Uint8Array;
  kemCiphertext: Uint8Array;
}
function $takeKemParameters(_bytes: Uint8Array, at: number, end: number): KemParameters | undefined {
  if (end - at < 1664) return refuse(KEM_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 1664;
  return {
    kind: "kem",
    salt: new Uint8Array(next.buffer, next.base + at, 32),
    senderFingerprint: new Uint8Array(next.buffer, next.base + at + 32, 32),
    recipientFingerprint: new Uint8Array(next.buffer, next.base + at + 64, 32),
    kemCiphertext: new Uint8Array(next.buffer, next.base + at + 96, 1568),
  };
}
function $putKemParameters(value: KemParameters, bytes: Uint8Array, at: number): number {
  requireObject(KEM_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $salt = value.salt;
  if (lengthOf($salt) !== 32) failBytes(KEM_PARAMETERS_SITES$WRITTEN, 1 /* salt: length */, at, $salt);
  bytes.set($salt, at);
  const $senderFingerprint = value.senderFingerprint;
  if (lengthOf($senderFingerprint) !== 32)
    failBytes(KEM_PARAMETERS_SITES$WRITTEN, 2 /* senderFingerprint: length */, at + 32, $senderFingerprint);
  bytes.set($senderFingerprint, at + 32);
  const $recipientFingerprint = value.recipientFingerprint;
  if (lengthOf($recipientFingerprint) !== 32)
    failBytes(KEM_PARAMETERS_SITES$WRITTEN, 3 /* recipientFingerprint: length */, at + 64, $recipientFingerprint);
  bytes.set($recipientFingerprint, at + 64);
  const $kemCiphertext = value.kemCiphertext;
  if (lengthOf($kemCiphertext) !== 1568)
    failBytes(KEM_PARAMETERS_SITES$WRITTEN, 4 /* kemCiphertext: length */, at + 96, $kemCiphertext);
  bytes.set($kemCiphertext, at + 96);
  return at + 1664;
}
function $sizeKemParameters(_value: KemParameters): number { return 1664; }

const RSA_PARAMETERS_SITES: Sites = {
  format: "qkd_rsa_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 70, "608 bytes"],
  ],
};
const RSA_PARAMETERS_SITES$WRITTEN: Sites = {
  format: "qkd_rsa_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["argument", "", 70, "an object"],
    ["length", "salt", 73, "32 bytes"],
    ["length", "senderFingerprint", 74, "32 bytes"],
    ["length", "recipientFingerprint", 75, "32 bytes"],
    ["length", "wrappedKey", 76, "512 bytes"],
  ],
};
export interface RsaParameters {
  kind: "rsa";
  salt: Uint8Array;
  /** SHA-256 of the sender's public key for signatures as SPKI DER. */
  senderFingerprint: Uint8Array;
  /** SHA-256 of the recipient's public key for encryption as SPKI DER. */
  recipientFingerprint: Uint8Array;
  /** A session key of 32 bytes under RSA-OAEP. */
  wrappedKey: Uint8Array;
}
function $takeRsaParameters(_bytes: Uint8Array, at: number, end: number): RsaParameters | undefined {
  if (end - at < 608) return refuse(RSA_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 608;
  return {
    kind: "rsa",
    salt: new Uint8Array(next.buffer, next.base + at, 32),
    senderFingerprint: new Uint8Array(next.buffer, next.base + at + 32, 32),
    recipientFingerprint: new Uint8Array(next.buffer, next.base + at + 64, 32),
    wrappedKey: new Uint8Array(next.buffer, next.base + at + 96, 512),
  };
}
function $putRsaParameters(value: RsaParameters, bytes: Uint8Array, at: number): number {
  requireObject(RSA_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $salt = value.salt;
  if (lengthOf($salt) !== 32) failBytes(RSA_PARAMETERS_SITES$WRITTEN, 1 /* salt: length */, at, $salt);
  bytes.set($salt, at);
  const $senderFingerprint = value.senderFingerprint;
  if (lengthOf($senderFingerprint) !== 32)
    failBytes(RSA_PARAMETERS_SITES$WRITTEN, 2 /* senderFingerprint: length */, at + 32, $senderFingerprint);
  bytes.set($senderFingerprint, at + 32);
  const $recipientFingerprint = value.recipientFingerprint;
  if (lengthOf($recipientFingerprint) !== 32)
    failBytes(RSA_PARAMETERS_SITES$WRITTEN, 3 /* recipientFingerprint: length */, at + 64, $recipientFingerprint);
  bytes.set($recipientFingerprint, at + 64);
  const $wrappedKey = value.wrappedKey;
  if (lengthOf($wrappedKey) !== 512)
    failBytes(RSA_PARAMETERS_SITES$WRITTEN, 4 /* wrappedKey: length */, at + 96, $wrappedKey);
  bytes.set($wrappedKey, at + 96);
  return at + 608;
}
function $sizeRsaParameters(_value: RsaParameters): number { return 608; }

