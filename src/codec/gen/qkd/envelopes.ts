// Generated from qkd/envelopes.ksy by `specwire gen`; do not edit. spec sha256 5ca47edfeee4e8e27278a6ac26d64e049aef0d9ec93306c99bf1d26c3765337b
/**
 * The envelope of a message, sealed at one of four levels with keys of a quantum link. A header in clear and the
 * content in chunks. Every chunk but the last is full, the last alone may be empty if it is the only one, and nothing
 * follows it.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, bigPut, bigUnsigned, bytesLength, enter, fail,
    failBytes, failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, putSafe, raise, refuse, refuseRange,
    requireObject, textAt, uint32At, utf8Bytes, utf8Length, within } from "../../index.js";
import type { CipherParameters, EnvelopeHeader, EnvelopeHeaderBig, HeaderFields, HeaderFieldsBig, KemParameters,
    KeyName, PadParameters, PadParametersBig, RsaParameters } from "./envelope_headers.js";

const ENVELOPE_SITES: Sites = {
  format: "qkd_envelope",
  file: "qkd/envelopes.ksy",
  sites: [
    ["short", "", 11, "at least 32 bytes"],
    ["trailing", "", 11, ""],
    ["short", "header", 13, ""],
    ["short", "chunks[*]", 14, ""],
    ["count", "chunks", 14, "at least 1 items"],
  ],
};
const ENVELOPE_SITES$WRITTEN: Sites = {
  format: "qkd_envelope",
  file: "qkd/envelopes.ksy",
  sites: [
    ["argument", "", 11, "an object"],
    ["short", "header", 13, ""],
    ["argument", "chunks", 14, "a list"],
    ["count", "chunks", 14, "at least 1 items"],
    ["short", "chunks[*]", 14, ""],
  ],
};
export interface Envelope {
  header: EnvelopeHeader;
  chunks: Chunk[];
}
export const ENVELOPE_MIN_SIZE = 32;
function readEnvelope(bytes: Uint8Array, at: number, end: number): Envelope | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(ENVELOPE_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeEnvelope(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(ENVELOPE_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no qkd_envelope. */
export function decodeEnvelope(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Envelope {
  return readEnvelope(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEnvelope(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<Envelope> {
  const value = readEnvelope(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEnvelope(value: Envelope): NewBytes {
  try {
    const bytes = new Uint8Array($sizeEnvelope(value));
    $putEnvelope(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, ENVELOPE_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEnvelopeInto(value: Envelope, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeEnvelope(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ENVELOPE_SITES$WRITTEN, need, bytes, at);
    return $putEnvelope(value, bytes, at);
  } catch (error) { throw foreign(error, ENVELOPE_SITES$WRITTEN); }
}
function $takeEnvelope(bytes: Uint8Array, at: number, end: number): Envelope | undefined {
  const $header$v = $take$envelope_headers_EnvelopeHeader(bytes, at, end);
  if ($header$v === undefined) return within(ENVELOPE_SITES, 2 /* header: short */);
  const $header$e = next.at;
  const $header$is = $header$v;
  const $$p1 = $header$e;
  const $chunks$list: Chunk[] = [];
  let $chunks$p = $$p1;
  for (let i = 0; $chunks$p < end; i++) {
    const $chunks$each$v = $takeChunk(bytes, $chunks$p, end);
    if ($chunks$each$v === undefined) return within(ENVELOPE_SITES, 3 /* chunks[*]: short */, i);
    const $chunks$each$e = next.at;
    const $chunks$each = $chunks$each$v;
    $chunks$list.push($chunks$each);
    $chunks$p = $chunks$each$e;
  }
  if ($chunks$list.length < 1) return refuse(ENVELOPE_SITES, 4 /* chunks: count */, $$p1, $chunks$list.length);
  const $chunks$is = $chunks$list;
  const $$p2 = $chunks$p;
  next.at = $$p2;
  return {
    header: $header$is,
    chunks: $chunks$is,
  };
}
function $putEnvelope(value: Envelope, bytes: Uint8Array, at: number): number {
  requireObject(ENVELOPE_SITES$WRITTEN, 0 /* argument */, at, value);
  let $header$e: number;
  try { $header$e = $put$envelope_headers_EnvelopeHeader(value.header, bytes, at);
  } catch (error) { throw inside(error, ENVELOPE_SITES$WRITTEN, 1 /* header: short */); }
  const $$p1 = $header$e;
  const $chunks$list = listOf(ENVELOPE_SITES$WRITTEN, 2 /* chunks: argument */, $$p1,
      value.chunks) as readonly (Chunk)[];
  if ($chunks$list.length < 1) fail(ENVELOPE_SITES$WRITTEN, 3 /* chunks: count */, $$p1, $chunks$list.length);
  let $chunks$p = $$p1;
  for (let i = 0; i < $chunks$list.length; i++) {
    const $chunks$each = $chunks$list[i]!;
    let $chunks$each$e: number;
    try { $chunks$each$e = $putChunk($chunks$each, bytes, $chunks$p);
    } catch (error) { throw inside(error, ENVELOPE_SITES$WRITTEN, 4 /* chunks[*]: short */, i); }
    $chunks$p = $chunks$each$e;
  }
  const $$p2 = $chunks$p;
  return $$p2;
}
function $sizeEnvelope(value: Envelope): number {
  requireObject(ENVELOPE_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 0;
  try { $$size += $size$envelope_headers_EnvelopeHeader(value.header as EnvelopeHeader);
  } catch (error) { throw inside(error, ENVELOPE_SITES$WRITTEN, 1 /* header: short */); }
  const $chunks$list = listOf(ENVELOPE_SITES$WRITTEN, 2 /* chunks: argument */, 0, value.chunks) as readonly (Chunk)[];
  for (let i = 0; i < $chunks$list.length; i++) {
    const $chunks$each = $chunks$list[i]!;
    try { $$size += $sizeChunk($chunks$each as Chunk);
    } catch (error) { throw inside(error, ENVELOPE_SITES$WRITTEN, 4 /* chunks[*]: short */, i); }
  }
  return $$size;
}
/** 64-bit integers as bigint. */
export interface EnvelopeBig {
  header: EnvelopeHeaderBig;
  chunks: Chunk[];
}
function readEnvelopeBig(bytes: Uint8Array, at: number, end: number): EnvelopeBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(ENVELOPE_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeEnvelopeBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(ENVELOPE_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no qkd_envelope. */
export function decodeEnvelopeBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): EnvelopeBig {
  return readEnvelopeBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEnvelopeBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<EnvelopeBig> {
  const value = readEnvelopeBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEnvelopeBig(value: EnvelopeBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeEnvelopeBig(value));
    $putEnvelopeBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, ENVELOPE_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEnvelopeBigInto(value: EnvelopeBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeEnvelopeBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ENVELOPE_SITES$WRITTEN, need, bytes, at);
    return $putEnvelopeBig(value, bytes, at);
  } catch (error) { throw foreign(error, ENVELOPE_SITES$WRITTEN); }
}
function $takeEnvelopeBig(bytes: Uint8Array, at: number, end: number): EnvelopeBig | undefined {
  const $header$v = $take$envelope_headers_EnvelopeHeaderBig(bytes, at, end);
  if ($header$v === undefined) return within(ENVELOPE_SITES, 2 /* header: short */);
  const $header$e = next.at;
  const $header$is = $header$v;
  const $$p1 = $header$e;
  const $chunks$list: Chunk[] = [];
  let $chunks$p = $$p1;
  for (let i = 0; $chunks$p < end; i++) {
    const $chunks$each$v = $takeChunk(bytes, $chunks$p, end);
    if ($chunks$each$v === undefined) return within(ENVELOPE_SITES, 3 /* chunks[*]: short */, i);
    const $chunks$each$e = next.at;
    const $chunks$each = $chunks$each$v;
    $chunks$list.push($chunks$each);
    $chunks$p = $chunks$each$e;
  }
  if ($chunks$list.length < 1) return refuse(ENVELOPE_SITES, 4 /* chunks: count */, $$p1, $chunks$list.length);
  const $chunks$is = $chunks$list;
  const $$p2 = $chunks$p;
  next.at = $$p2;
  return {
    header: $header$is,
    chunks: $chunks$is,
  };
}
function $putEnvelopeBig(value: EnvelopeBig, bytes: Uint8Array, at: number): number {
  requireObject(ENVELOPE_SITES$WRITTEN, 0 /* argument */, at, value);
  let $header$e: number;
  try { $header$e = $put$envelope_headers_EnvelopeHeaderBig(value.header, bytes, at);
  } catch (error) { throw inside(error, ENVELOPE_SITES$WRITTEN, 1 /* header: short */); }
  const $$p1 = $header$e;
  const $chunks$list = listOf(ENVELOPE_SITES$WRITTEN, 2 /* chunks: argument */, $$p1,
      value.chunks) as readonly (Chunk)[];
  if ($chunks$list.length < 1) fail(ENVELOPE_SITES$WRITTEN, 3 /* chunks: count */, $$p1, $chunks$list.length);
  let $chunks$p = $$p1;
  for (let i = 0; i < $chunks$list.length; i++) {
    const $chunks$each = $chunks$list[i]!;
    let $chunks$each$e: number;
    try { $chunks$each$e = $putChunk($chunks$each, bytes, $chunks$p);
    } catch (error) { throw inside(error, ENVELOPE_SITES$WRITTEN, 4 /* chunks[*]: short */, i); }
    $chunks$p = $chunks$each$e;
  }
  const $$p2 = $chunks$p;
  return $$p2;
}
function $sizeEnvelopeBig(value: EnvelopeBig): number {
  requireObject(ENVELOPE_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 0;
  try { $$size += $size$envelope_headers_EnvelopeHeaderBig(value.header as EnvelopeHeaderBig);
  } catch (error) { throw inside(error, ENVELOPE_SITES$WRITTEN, 1 /* header: short */); }
  const $chunks$list = listOf(ENVELOPE_SITES$WRITTEN, 2 /* chunks: argument */, 0, value.chunks) as readonly (Chunk)[];
  for (let i = 0; i < $chunks$list.length; i++) {
    const $chunks$each = $chunks$list[i]!;
    try { $$size += $sizeChunk($chunks$each as Chunk);
    } catch (error) { throw inside(error, ENVELOPE_SITES$WRITTEN, 4 /* chunks[*]: short */, i); }
  }
  return $$size;
}

const CHUNK_SITES: Sites = {
  format: "qkd_chunk",
  file: "qkd/envelopes.ksy",
  sites: [
    ["short", "", 15, "at least 20 bytes"],
    ["short", "ciphertext", 19, ""],
    ["short", "tag", 20, "16 bytes"],
  ],
};
const CHUNK_SITES$WRITTEN: Sites = {
  format: "qkd_chunk",
  file: "qkd/envelopes.ksy",
  sites: [
    ["argument", "", 15, "an object"],
    ["range", "isLast", 17, "true or false"],
    ["range", "ciphertext", 18, "len_ciphertext of 0 to 2147483647"],
    ["argument", "ciphertext", 19, "bytes"],
    ["length", "tag", 20, "16 bytes"],
  ],
};
export interface Chunk {
  isLast: boolean;
  ciphertext: Uint8Array;
  tag: Uint8Array;
}
function $takeChunk(bytes: Uint8Array, at: number, end: number): Chunk | undefined {
  if (end - at < 4) return refuse(CHUNK_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $lenCiphertext = ((((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) |
      bytes[at + 3]!) >>> 0) & 2147483647);
  const $ciphertext$size = $lenCiphertext;
  if (!($ciphertext$size <= end - (at + 4)))
    return refuse(CHUNK_SITES, 1 /* ciphertext: short */, end, `${end - (at + 4)} of ${$ciphertext$size} bytes`);
  const $ciphertext$end = at + 4 + $ciphertext$size;
  const $ciphertext$is = new Uint8Array(next.buffer, next.base + at + 4, $ciphertext$end - (at + 4));
  const $$p1 = $ciphertext$end;
  if (end - $$p1 < 16) return refuse(CHUNK_SITES, 2 /* tag: short */, $$p1, `${end - $$p1} bytes`);
  next.at = $$p1 + 16;
  return {
    isLast: ((((((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) |
        bytes[at + 3]!) >>> 0) >>> 31) & 1) === 1),
    ciphertext: $ciphertext$is,
    tag: new Uint8Array(next.buffer, next.base + $$p1, 16),
  };
}
function $putChunk(value: Chunk, bytes: Uint8Array, at: number): number {
  requireObject(CHUNK_SITES$WRITTEN, 0 /* argument */, at, value);
  let $ciphertext$count = 0;
   {
    $ciphertext$count += bytesLength(value.ciphertext);
  }
  const $isLast = value.isLast;
  if ($isLast !== true && $isLast !== false) fail(CHUNK_SITES$WRITTEN, 1 /* isLast: range */, at, $isLast);
  const $lenCiphertext = $ciphertext$count;
  if ($lenCiphertext > 2147483647) fail(CHUNK_SITES$WRITTEN, 2 /* ciphertext: range */, at, $lenCiphertext);
  const $lenCiphertext$bits = (($isLast ? 1 : 0) << 31) | $lenCiphertext;
  bytes[at] = $lenCiphertext$bits >>> 24; bytes[at + 1] = $lenCiphertext$bits >>> 16;
  bytes[at + 2] = $lenCiphertext$bits >>> 8; bytes[at + 3] = $lenCiphertext$bits;
  const $ciphertext$b = value.ciphertext;
  if (lengthOf($ciphertext$b) < 0) failBytes(CHUNK_SITES$WRITTEN, 3 /* ciphertext: argument */, at + 4, $ciphertext$b);
  bytes.set($ciphertext$b, at + 4);
  const $$p1 = at + 4 + $ciphertext$b.length;
  const $tag = value.tag;
  if (lengthOf($tag) !== 16) failBytes(CHUNK_SITES$WRITTEN, 4 /* tag: length */, $$p1, $tag);
  bytes[$$p1] = $tag[0]!; bytes[$$p1 + 1] = $tag[1]!; bytes[$$p1 + 2] = $tag[2]!; bytes[$$p1 + 3] = $tag[3]!;
  bytes[$$p1 + 4] = $tag[4]!; bytes[$$p1 + 5] = $tag[5]!; bytes[$$p1 + 6] = $tag[6]!; bytes[$$p1 + 7] = $tag[7]!;
  bytes[$$p1 + 8] = $tag[8]!; bytes[$$p1 + 9] = $tag[9]!; bytes[$$p1 + 10] = $tag[10]!; bytes[$$p1 + 11] = $tag[11]!;
  bytes[$$p1 + 12] = $tag[12]!; bytes[$$p1 + 13] = $tag[13]!; bytes[$$p1 + 14] = $tag[14]!;
  bytes[$$p1 + 15] = $tag[15]!;
  return $$p1 + 16;
}
function $sizeChunk(value: Chunk): number {
  requireObject(CHUNK_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 20;
  $$size += bytesLength(value.ciphertext);
  return $$size;
}

const $envelope_headers_ENVELOPE_HEADER_SITES: Sites = {
  format: "qkd_envelope_header",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 11, "at least 12 bytes"],
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
const $envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN: Sites = {
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
function $take$envelope_headers_EnvelopeHeader(bytes: Uint8Array, at: number, end: number): EnvelopeHeader | undefined {
  if (end - at < 12) return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 77)) !== 0)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 1 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 2)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 2 /* version: constant */, at + 4, $version);
  const $level = bytes[at + 5]!;
  if ($level < 1 || $level > 4)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 3 /* level: range */, at + 5, $level);
  const $flags = bytes[at + 6]!;
  if ($flags > 1) return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 4 /* flags: range */, at + 6, $flags);
  const $chunkLog2 = bytes[at + 7]!;
  if ($chunkLog2 < 12 || $chunkLog2 > 20)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 5 /* chunkLog2: range */, at + 7, $chunkLog2);
  const $lenPrefix = uint32At(bytes, at + 8);
  if ($lenPrefix > 1048576)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 6 /* lenPrefix: range */, at + 8, $lenPrefix);
  const $fields$size = ($lenPrefix - 12);
  if ($fields$size < 0)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 7 /* fields: range */, at + 12, $fields$size);
  if (!($fields$size <= end - (at + 12)))
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 8 /* fields: short */, end,
      `${end - (at + 12)} of ${$fields$size} bytes`);
  const $fields$end = at + 12 + $fields$size;
  const $fields$v = $take$envelope_headers_HeaderFields(bytes, $level, at + 12, $fields$end);
  if ($fields$v === undefined) return within($envelope_headers_ENVELOPE_HEADER_SITES, 8 /* fields: short */);
  const $fields$e = next.at;
  if ($fields$e !== $fields$end)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 9 /* fields: trailing */, $fields$e,
      `${$fields$end - $fields$e} bytes`);
  const $fields$is = $fields$v;
  const $$p1 = $fields$end;
  const $headerTag$size = ((($level as number) === 1) ? 16 : 32);
  if (!($headerTag$size <= end - $$p1))
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 10 /* headerTag: short */, end,
      `${end - $$p1} of ${$headerTag$size} bytes`);
  const $headerTag$end = $$p1 + $headerTag$size;
  const $headerTag$is = new Uint8Array(next.buffer, next.base + $$p1, $headerTag$end - $$p1);
  const $$p2 = $headerTag$end;
  const $signature$size = ((($level as number) === 3) ? 4627 : ((($level as number) === 4) ? 512 : 0));
  if (!($signature$size <= end - $$p2))
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 11 /* signature: short */, end,
      `${end - $$p2} of ${$signature$size} bytes`);
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
function $put$envelope_headers_EnvelopeHeader(value: EnvelopeHeader, bytes: Uint8Array, at: number): number {
  requireObject($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  let $fields$count = 0;
   {
    try { $fields$count += $size$envelope_headers_HeaderFields(value.fields as HeaderFields, value.level);
    } catch (error) { throw inside(error, $envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  }
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 77;
  const $version = 2;
  bytes[at + 4] = $version;
  const $level = value.level;
  if (typeof $level !== "number" || ($level & 255) !== $level || $level < 1 || $level > 4)
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 2 /* level: range */, at + 5, $level);
  bytes[at + 5] = $level;
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 255) !== $flags || $flags > 1)
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 3 /* flags: range */, at + 6, $flags);
  bytes[at + 6] = $flags;
  const $chunkLog2 = value.chunkLog2;
  if (typeof $chunkLog2 !== "number" || ($chunkLog2 & 255) !== $chunkLog2 || $chunkLog2 < 12 || $chunkLog2 > 20)
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 4 /* chunkLog2: range */, at + 7, $chunkLog2);
  bytes[at + 7] = $chunkLog2;
  const $lenPrefix = $fields$count + 12;
  if ($lenPrefix > 1048576)
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 5 /* fields: range */, at + 8, $lenPrefix);
  bytes[at + 8] = $lenPrefix >>> 24; bytes[at + 9] = $lenPrefix >>> 16; bytes[at + 10] = $lenPrefix >>> 8;
  bytes[at + 11] = $lenPrefix;
  let $fields$e: number;
  try { $fields$e = $put$envelope_headers_HeaderFields(value.fields, value.level, bytes, at + 12);
  } catch (error) { throw inside(error, $envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  const $$p1 = $fields$e;
  const $headerTag$b = value.headerTag;
  if (lengthOf($headerTag$b) < 0)
    failBytes($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 6 /* headerTag: argument */, $$p1, $headerTag$b);
  bytes.set($headerTag$b, $$p1);
  const $headerTag$end = $$p1 + $headerTag$b.length;
  if ($headerTag$end - $$p1 !== (((value.level as number) === 1) ? 16 : 32))
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 7 /* headerTag: length */, $$p1, $headerTag$end - $$p1);
  const $$p2 = $headerTag$end;
  const $signature$b = value.signature;
  if (lengthOf($signature$b) < 0)
    failBytes($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 8 /* signature: argument */, $$p2, $signature$b);
  bytes.set($signature$b, $$p2);
  const $signature$end = $$p2 + $signature$b.length;
  if ($signature$end - $$p2 !== (((value.level as number) === 3) ? 4627 : (((value.level as number) === 4) ? 512 : 0)))
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 9 /* signature: length */, $$p2, $signature$end - $$p2);
  const $$p3 = $signature$end;
  return $$p3;
}
function $size$envelope_headers_EnvelopeHeader(value: EnvelopeHeader): number {
  requireObject($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 12;
  try { $$size += $size$envelope_headers_HeaderFields(value.fields as HeaderFields, value.level);
  } catch (error) { throw inside(error, $envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  $$size += bytesLength(value.headerTag);
  $$size += bytesLength(value.signature);
  return $$size;
}
function $take$envelope_headers_EnvelopeHeaderBig(bytes: Uint8Array, at: number, end: number): EnvelopeHeaderBig |
    undefined {
  if (end - at < 12) return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 77)) !== 0)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 1 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 2)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 2 /* version: constant */, at + 4, $version);
  const $level = bytes[at + 5]!;
  if ($level < 1 || $level > 4)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 3 /* level: range */, at + 5, $level);
  const $flags = bytes[at + 6]!;
  if ($flags > 1) return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 4 /* flags: range */, at + 6, $flags);
  const $chunkLog2 = bytes[at + 7]!;
  if ($chunkLog2 < 12 || $chunkLog2 > 20)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 5 /* chunkLog2: range */, at + 7, $chunkLog2);
  const $lenPrefix = uint32At(bytes, at + 8);
  if ($lenPrefix > 1048576)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 6 /* lenPrefix: range */, at + 8, $lenPrefix);
  const $fields$size = ($lenPrefix - 12);
  if ($fields$size < 0)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 7 /* fields: range */, at + 12, $fields$size);
  if (!($fields$size <= end - (at + 12)))
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 8 /* fields: short */, end,
      `${end - (at + 12)} of ${$fields$size} bytes`);
  const $fields$end = at + 12 + $fields$size;
  const $fields$v = $take$envelope_headers_HeaderFieldsBig(bytes, $level, at + 12, $fields$end);
  if ($fields$v === undefined) return within($envelope_headers_ENVELOPE_HEADER_SITES, 8 /* fields: short */);
  const $fields$e = next.at;
  if ($fields$e !== $fields$end)
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 9 /* fields: trailing */, $fields$e,
      `${$fields$end - $fields$e} bytes`);
  const $fields$is = $fields$v;
  const $$p1 = $fields$end;
  const $headerTag$size = ((($level as number) === 1) ? 16 : 32);
  if (!($headerTag$size <= end - $$p1))
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 10 /* headerTag: short */, end,
      `${end - $$p1} of ${$headerTag$size} bytes`);
  const $headerTag$end = $$p1 + $headerTag$size;
  const $headerTag$is = new Uint8Array(next.buffer, next.base + $$p1, $headerTag$end - $$p1);
  const $$p2 = $headerTag$end;
  const $signature$size = ((($level as number) === 3) ? 4627 : ((($level as number) === 4) ? 512 : 0));
  if (!($signature$size <= end - $$p2))
    return refuse($envelope_headers_ENVELOPE_HEADER_SITES, 11 /* signature: short */, end,
      `${end - $$p2} of ${$signature$size} bytes`);
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
function $put$envelope_headers_EnvelopeHeaderBig(value: EnvelopeHeaderBig, bytes: Uint8Array, at: number): number {
  requireObject($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  let $fields$count = 0;
   {
    try { $fields$count += $size$envelope_headers_HeaderFieldsBig(value.fields as HeaderFieldsBig, value.level);
    } catch (error) { throw inside(error, $envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  }
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 77;
  const $version = 2;
  bytes[at + 4] = $version;
  const $level = value.level;
  if (typeof $level !== "number" || ($level & 255) !== $level || $level < 1 || $level > 4)
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 2 /* level: range */, at + 5, $level);
  bytes[at + 5] = $level;
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 255) !== $flags || $flags > 1)
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 3 /* flags: range */, at + 6, $flags);
  bytes[at + 6] = $flags;
  const $chunkLog2 = value.chunkLog2;
  if (typeof $chunkLog2 !== "number" || ($chunkLog2 & 255) !== $chunkLog2 || $chunkLog2 < 12 || $chunkLog2 > 20)
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 4 /* chunkLog2: range */, at + 7, $chunkLog2);
  bytes[at + 7] = $chunkLog2;
  const $lenPrefix = $fields$count + 12;
  if ($lenPrefix > 1048576)
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 5 /* fields: range */, at + 8, $lenPrefix);
  bytes[at + 8] = $lenPrefix >>> 24; bytes[at + 9] = $lenPrefix >>> 16; bytes[at + 10] = $lenPrefix >>> 8;
  bytes[at + 11] = $lenPrefix;
  let $fields$e: number;
  try { $fields$e = $put$envelope_headers_HeaderFieldsBig(value.fields, value.level, bytes, at + 12);
  } catch (error) { throw inside(error, $envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  const $$p1 = $fields$e;
  const $headerTag$b = value.headerTag;
  if (lengthOf($headerTag$b) < 0)
    failBytes($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 6 /* headerTag: argument */, $$p1, $headerTag$b);
  bytes.set($headerTag$b, $$p1);
  const $headerTag$end = $$p1 + $headerTag$b.length;
  if ($headerTag$end - $$p1 !== (((value.level as number) === 1) ? 16 : 32))
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 7 /* headerTag: length */, $$p1, $headerTag$end - $$p1);
  const $$p2 = $headerTag$end;
  const $signature$b = value.signature;
  if (lengthOf($signature$b) < 0)
    failBytes($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 8 /* signature: argument */, $$p2, $signature$b);
  bytes.set($signature$b, $$p2);
  const $signature$end = $$p2 + $signature$b.length;
  if ($signature$end - $$p2 !== (((value.level as number) === 3) ? 4627 : (((value.level as number) === 4) ? 512 : 0)))
    fail($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 9 /* signature: length */, $$p2, $signature$end - $$p2);
  const $$p3 = $signature$end;
  return $$p3;
}
function $size$envelope_headers_EnvelopeHeaderBig(value: EnvelopeHeaderBig): number {
  requireObject($envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 12;
  try { $$size += $size$envelope_headers_HeaderFieldsBig(value.fields as HeaderFieldsBig, value.level);
  } catch (error) { throw inside(error, $envelope_headers_ENVELOPE_HEADER_SITES$WRITTEN, 1 /* fields: short */); }
  $$size += bytesLength(value.headerTag);
  $$size += bytesLength(value.signature);
  return $$size;
}

const $envelope_headers_HEADER_FIELDS_SITES: Sites = {
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
const $envelope_headers_HEADER_FIELDS_SITES$WRITTEN: Sites = {
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
const $envelope_headers_HEADER_FIELDS_SITES$WRITTEN$BIG: Sites = {
  format: "qkd_header_fields",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["range", "createdMs", 29, "0 to 18446744073709551615"],
  ],
};
function $take$envelope_headers_HeaderFields(bytes: Uint8Array, level: number, at: number, end: number): HeaderFields |
    undefined {
  if (end - at < 31) return refuse($envelope_headers_HEADER_FIELDS_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $createdMs$high = uint32At(bytes, at + 16);
  if ($createdMs$high > 0x1fffff)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 1 /* createdMs: unsafe-integer */, at + 16);
  const $lenSender = bytes[at + 24]!;
  if ($lenSender < 1)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 2 /* lenSender: range */, at + 24, $lenSender);
  const $sender$count = $lenSender;
  if ($sender$count > end - at - 31)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 3 /* sender: short */, end,
      `${end - at - 31} of ${$sender$count} bytes`);
  const $$p1 = at + 25 + $sender$count;
  const $sender = textAt(bytes, at + 25, $$p1);
  if ($sender === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 4 /* sender: text */, at + 25);
  const $lenRecipient = bytes[$$p1]!;
  if ($lenRecipient < 1)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 5 /* lenRecipient: range */, $$p1, $lenRecipient);
  const $recipient$count = $lenRecipient;
  if ($recipient$count > end - $$p1 - 6)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 6 /* recipient: short */, end,
      `${end - $$p1 - 6} of ${$recipient$count} bytes`);
  const $$p2 = $$p1 + 1 + $recipient$count;
  const $recipient = textAt(bytes, $$p1 + 1, $$p2);
  if ($recipient === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 7 /* recipient: text */, $$p1 + 1);
  const $lenMasterSae = bytes[$$p2]!;
  const $masterSae$count = $lenMasterSae;
  if ($masterSae$count > end - $$p2 - 5)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 8 /* masterSae: short */, end,
      `${end - $$p2 - 5} of ${$masterSae$count} bytes`);
  const $$p3 = $$p2 + 1 + $masterSae$count;
  const $masterSae = textAt(bytes, $$p2 + 1, $$p3);
  if ($masterSae === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 9 /* masterSae: text */, $$p2 + 1);
  const $lenSlaveSae = bytes[$$p3]!;
  const $slaveSae$count = $lenSlaveSae;
  if ($slaveSae$count > end - $$p3 - 4)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 10 /* slaveSae: short */, end,
      `${end - $$p3 - 4} of ${$slaveSae$count} bytes`);
  const $$p4 = $$p3 + 1 + $slaveSae$count;
  const $slaveSae = textAt(bytes, $$p3 + 1, $$p4);
  if ($slaveSae === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 11 /* slaveSae: text */, $$p3 + 1);
  const $lenKmeId = bytes[$$p4]!;
  const $kmeId$count = $lenKmeId;
  if ($kmeId$count > end - $$p4 - 3)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 12 /* kmeId: short */, end,
      `${end - $$p4 - 3} of ${$kmeId$count} bytes`);
  const $$p5 = $$p4 + 1 + $kmeId$count;
  const $kmeId = textAt(bytes, $$p4 + 1, $$p5);
  if ($kmeId === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 13 /* kmeId: text */, $$p4 + 1);
  const $numKeys = ((bytes[$$p5]! << 8) | bytes[$$p5 + 1]!);
  if ($numKeys > 16384) return refuse($envelope_headers_HEADER_FIELDS_SITES, 14 /* numKeys: range */, $$p5, $numKeys);
  const $keys$n = $numKeys;
  if (!($keys$n * 3 <= end - ($$p5 + 2)))
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 15 /* keys: short */, end,
      `${end - ($$p5 + 2)} of ${$keys$n * 3} bytes`);
  const $keys$list: KeyName[] = new Array($keys$n);
  let $keys$p = $$p5 + 2;
  for (let i = 0; i < $keys$n; i++) {
    const $keys$each$v = $take$envelope_headers_KeyName(bytes, $keys$p, end);
    if ($keys$each$v === undefined) return within($envelope_headers_HEADER_FIELDS_SITES, 16 /* keys[*]: short */, i);
    const $keys$each$e = next.at;
    const $keys$each = $keys$each$v;
    $keys$list[i] = $keys$each;
    $keys$p = $keys$each$e;
  }
  const $keys$is = $keys$list;
  const $$p6 = $keys$p;
  const $parameters$tag = level as number;
  let $parameters$c: ({ kind: "pad" } & PadParameters) | ({ kind: "cipher" } & CipherParameters) |
      ({ kind: "kem" } & KemParameters) | ({ kind: "rsa" } & RsaParameters);
  let $parameters$ce: number;
  switch ($parameters$tag) {
    case 1: {
      const $parameters$0$v = $take$envelope_headers_PadParameters(bytes, $$p6, end);
      if ($parameters$0$v === undefined)
        return within($envelope_headers_HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$0$e = next.at;
      $parameters$c = $parameters$0$v;
      $parameters$ce = $parameters$0$e;
      break;
    }
    case 2: {
      const $parameters$1$v = $take$envelope_headers_CipherParameters(bytes, $$p6, end);
      if ($parameters$1$v === undefined)
        return within($envelope_headers_HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$1$e = next.at;
      $parameters$c = $parameters$1$v;
      $parameters$ce = $parameters$1$e;
      break;
    }
    case 3: {
      const $parameters$2$v = $take$envelope_headers_KemParameters(bytes, $$p6, end);
      if ($parameters$2$v === undefined)
        return within($envelope_headers_HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$2$e = next.at;
      $parameters$c = $parameters$2$v;
      $parameters$ce = $parameters$2$e;
      break;
    }
    case 4: {
      const $parameters$3$v = $take$envelope_headers_RsaParameters(bytes, $$p6, end);
      if ($parameters$3$v === undefined)
        return within($envelope_headers_HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$3$e = next.at;
      $parameters$c = $parameters$3$v;
      $parameters$ce = $parameters$3$e;
      break;
    }
    default: {
      return refuse($envelope_headers_HEADER_FIELDS_SITES, 18 /* parameters: kind */, $$p6, $parameters$tag);
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
function $put$envelope_headers_HeaderFields(value: HeaderFields, level: number, bytes: Uint8Array, at: number): number {
  requireObject($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $sender = utf8Bytes(value.sender);
  if ($sender === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 1 /* sender: text */, at);
  const $sender$count = $sender.length;
  if ($sender$count < 0) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 2 /* sender: count */, at, $sender$count);
  const $recipient = utf8Bytes(value.recipient);
  if ($recipient === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 3 /* recipient: text */, at);
  const $recipient$count = $recipient.length;
  if ($recipient$count < 0)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 4 /* recipient: count */, at, $recipient$count);
  const $masterSae = utf8Bytes(value.masterSae);
  if ($masterSae === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 5 /* masterSae: text */, at);
  const $masterSae$count = $masterSae.length;
  if ($masterSae$count < 0)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 6 /* masterSae: count */, at, $masterSae$count);
  const $slaveSae = utf8Bytes(value.slaveSae);
  if ($slaveSae === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 7 /* slaveSae: text */, at);
  const $slaveSae$count = $slaveSae.length;
  if ($slaveSae$count < 0)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 8 /* slaveSae: count */, at, $slaveSae$count);
  const $kmeId = utf8Bytes(value.kmeId);
  if ($kmeId === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 9 /* kmeId: text */, at);
  const $kmeId$count = $kmeId.length;
  if ($kmeId$count < 0) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 10 /* kmeId: count */, at, $kmeId$count);
  const $keys$count = listOf($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, at,
      value.keys).length;
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16)
    failBytes($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 12 /* flowId: length */, at, $flowId);
  bytes[at] = $flowId[0]!; bytes[at + 1] = $flowId[1]!; bytes[at + 2] = $flowId[2]!; bytes[at + 3] = $flowId[3]!;
  bytes[at + 4] = $flowId[4]!; bytes[at + 5] = $flowId[5]!; bytes[at + 6] = $flowId[6]!; bytes[at + 7] = $flowId[7]!;
  bytes[at + 8] = $flowId[8]!; bytes[at + 9] = $flowId[9]!; bytes[at + 10] = $flowId[10]!;
  bytes[at + 11] = $flowId[11]!; bytes[at + 12] = $flowId[12]!; bytes[at + 13] = $flowId[13]!;
  bytes[at + 14] = $flowId[14]!; bytes[at + 15] = $flowId[15]!;
  const $createdMs = value.createdMs;
  if (!Number.isSafeInteger($createdMs) || $createdMs < 0)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 13 /* createdMs: range */, at + 16, $createdMs);
  putSafe(bytes, at + 16, $createdMs);
  const $lenSender = $sender$count;
  if ($lenSender < 1 || $lenSender > 255)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 14 /* sender: range */, at + 24, $lenSender);
  bytes[at + 24] = $lenSender;
  bytes.set($sender, at + 25);
  const $$p1 = at + 25 + $sender$count;
  const $lenRecipient = $recipient$count;
  if ($lenRecipient < 1 || $lenRecipient > 255)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 15 /* recipient: range */, $$p1, $lenRecipient);
  bytes[$$p1] = $lenRecipient;
  bytes.set($recipient, $$p1 + 1);
  const $$p2 = $$p1 + 1 + $recipient$count;
  const $lenMasterSae = $masterSae$count;
  if ($lenMasterSae > 255)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 16 /* masterSae: range */, $$p2, $lenMasterSae);
  bytes[$$p2] = $lenMasterSae;
  bytes.set($masterSae, $$p2 + 1);
  const $$p3 = $$p2 + 1 + $masterSae$count;
  const $lenSlaveSae = $slaveSae$count;
  if ($lenSlaveSae > 255)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 17 /* slaveSae: range */, $$p3, $lenSlaveSae);
  bytes[$$p3] = $lenSlaveSae;
  bytes.set($slaveSae, $$p3 + 1);
  const $$p4 = $$p3 + 1 + $slaveSae$count;
  const $lenKmeId = $kmeId$count;
  if ($lenKmeId > 255) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 18 /* kmeId: range */, $$p4, $lenKmeId);
  bytes[$$p4] = $lenKmeId;
  bytes.set($kmeId, $$p4 + 1);
  const $$p5 = $$p4 + 1 + $kmeId$count;
  const $numKeys = $keys$count;
  if ($numKeys > 16384) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 19 /* keys: range */, $$p5, $numKeys);
  bytes[$$p5] = $numKeys >>> 8; bytes[$$p5 + 1] = $numKeys;
  const $keys$list = listOf($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, $$p5 + 2,
      value.keys) as readonly (KeyName)[];
  let $keys$p = $$p5 + 2;
  for (let i = 0; i < $keys$list.length; i++) {
    const $keys$each = $keys$list[i]!;
    let $keys$each$e: number;
    try { $keys$each$e = $put$envelope_headers_KeyName($keys$each, bytes, $keys$p);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 20 /* keys[*]: short */, i); }
    $keys$p = $keys$each$e;
  }
  const $$p6 = $keys$p;
  let $parameters$ce: number;
  const $parameters$tag = level as number;
  switch ($parameters$tag) {
    case 1: {
      let $parameters$0$e: number;
      try { $parameters$0$e = $put$envelope_headers_PadParameters((value.parameters as ({ kind: "pad" } & PadParameters)), bytes, $$p6); } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$0$e;
      break;
    }
    case 2: {
      let $parameters$1$e: number;
      try { $parameters$1$e = $put$envelope_headers_CipherParameters((value.parameters as ({ kind: "cipher" } & CipherParameters)), bytes, $$p6); } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$1$e;
      break;
    }
    case 3: {
      let $parameters$2$e: number;
      try { $parameters$2$e = $put$envelope_headers_KemParameters((value.parameters as ({ kind: "kem" } & KemParameters)), bytes, $$p6); } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$2$e;
      break;
    }
    case 4: {
      let $parameters$3$e: number;
      try { $parameters$3$e = $put$envelope_headers_RsaParameters((value.parameters as ({ kind: "rsa" } & RsaParameters)), bytes, $$p6); } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$3$e;
      break;
    }
    default: fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 22 /* parameters: kind */, $$p6, $parameters$tag);
  }
  const $$p7 = $parameters$ce;
  return $$p7;
}
function $size$envelope_headers_HeaderFields(value: HeaderFields, level: number): number {
  requireObject($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 31;
  $$size += utf8Length(value.sender);
  $$size += utf8Length(value.recipient);
  $$size += utf8Length(value.masterSae);
  $$size += utf8Length(value.slaveSae);
  $$size += utf8Length(value.kmeId);
  const $keys$list = listOf($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, 0,
      value.keys) as readonly (KeyName)[];
  for (let i = 0; i < $keys$list.length; i++) {
    const $keys$each = $keys$list[i]!;
    try { $$size += $size$envelope_headers_KeyName($keys$each as KeyName);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 20 /* keys[*]: short */, i); }
  }
  switch (level as number) {
    case 1:
    try { $$size += $size$envelope_headers_PadParameters(value.parameters as PadParameters);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 2:
    try { $$size += $size$envelope_headers_CipherParameters(value.parameters as CipherParameters);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 3:
    try { $$size += $size$envelope_headers_KemParameters(value.parameters as KemParameters);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 4:
    try { $$size += $size$envelope_headers_RsaParameters(value.parameters as RsaParameters);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
  }
  return $$size;
}
function $take$envelope_headers_HeaderFieldsBig(bytes: Uint8Array, level: number, at: number,
    end: number): HeaderFieldsBig | undefined {
  if (end - at < 31) return refuse($envelope_headers_HEADER_FIELDS_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $lenSender = bytes[at + 24]!;
  if ($lenSender < 1)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 2 /* lenSender: range */, at + 24, $lenSender);
  const $sender$count = $lenSender;
  if ($sender$count > end - at - 31)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 3 /* sender: short */, end,
      `${end - at - 31} of ${$sender$count} bytes`);
  const $$p1 = at + 25 + $sender$count;
  const $sender = textAt(bytes, at + 25, $$p1);
  if ($sender === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 4 /* sender: text */, at + 25);
  const $lenRecipient = bytes[$$p1]!;
  if ($lenRecipient < 1)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 5 /* lenRecipient: range */, $$p1, $lenRecipient);
  const $recipient$count = $lenRecipient;
  if ($recipient$count > end - $$p1 - 6)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 6 /* recipient: short */, end,
      `${end - $$p1 - 6} of ${$recipient$count} bytes`);
  const $$p2 = $$p1 + 1 + $recipient$count;
  const $recipient = textAt(bytes, $$p1 + 1, $$p2);
  if ($recipient === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 7 /* recipient: text */, $$p1 + 1);
  const $lenMasterSae = bytes[$$p2]!;
  const $masterSae$count = $lenMasterSae;
  if ($masterSae$count > end - $$p2 - 5)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 8 /* masterSae: short */, end,
      `${end - $$p2 - 5} of ${$masterSae$count} bytes`);
  const $$p3 = $$p2 + 1 + $masterSae$count;
  const $masterSae = textAt(bytes, $$p2 + 1, $$p3);
  if ($masterSae === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 9 /* masterSae: text */, $$p2 + 1);
  const $lenSlaveSae = bytes[$$p3]!;
  const $slaveSae$count = $lenSlaveSae;
  if ($slaveSae$count > end - $$p3 - 4)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 10 /* slaveSae: short */, end,
      `${end - $$p3 - 4} of ${$slaveSae$count} bytes`);
  const $$p4 = $$p3 + 1 + $slaveSae$count;
  const $slaveSae = textAt(bytes, $$p3 + 1, $$p4);
  if ($slaveSae === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 11 /* slaveSae: text */, $$p3 + 1);
  const $lenKmeId = bytes[$$p4]!;
  const $kmeId$count = $lenKmeId;
  if ($kmeId$count > end - $$p4 - 3)
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 12 /* kmeId: short */, end,
      `${end - $$p4 - 3} of ${$kmeId$count} bytes`);
  const $$p5 = $$p4 + 1 + $kmeId$count;
  const $kmeId = textAt(bytes, $$p4 + 1, $$p5);
  if ($kmeId === undefined) return refuse($envelope_headers_HEADER_FIELDS_SITES, 13 /* kmeId: text */, $$p4 + 1);
  const $numKeys = ((bytes[$$p5]! << 8) | bytes[$$p5 + 1]!);
  if ($numKeys > 16384) return refuse($envelope_headers_HEADER_FIELDS_SITES, 14 /* numKeys: range */, $$p5, $numKeys);
  const $keys$n = $numKeys;
  if (!($keys$n * 3 <= end - ($$p5 + 2)))
    return refuse($envelope_headers_HEADER_FIELDS_SITES, 15 /* keys: short */, end,
      `${end - ($$p5 + 2)} of ${$keys$n * 3} bytes`);
  const $keys$list: KeyName[] = new Array($keys$n);
  let $keys$p = $$p5 + 2;
  for (let i = 0; i < $keys$n; i++) {
    const $keys$each$v = $take$envelope_headers_KeyName(bytes, $keys$p, end);
    if ($keys$each$v === undefined) return within($envelope_headers_HEADER_FIELDS_SITES, 16 /* keys[*]: short */, i);
    const $keys$each$e = next.at;
    const $keys$each = $keys$each$v;
    $keys$list[i] = $keys$each;
    $keys$p = $keys$each$e;
  }
  const $keys$is = $keys$list;
  const $$p6 = $keys$p;
  const $parameters$tag = level as number;
  let $parameters$c: ({ kind: "pad" } & PadParametersBig) | ({ kind: "cipher" } & CipherParameters) |
      ({ kind: "kem" } & KemParameters) | ({ kind: "rsa" } & RsaParameters);
  let $parameters$ce: number;
  switch ($parameters$tag) {
    case 1: {
      const $parameters$0$v = $take$envelope_headers_PadParametersBig(bytes, $$p6, end);
      if ($parameters$0$v === undefined)
        return within($envelope_headers_HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$0$e = next.at;
      $parameters$c = $parameters$0$v;
      $parameters$ce = $parameters$0$e;
      break;
    }
    case 2: {
      const $parameters$1$v = $take$envelope_headers_CipherParameters(bytes, $$p6, end);
      if ($parameters$1$v === undefined)
        return within($envelope_headers_HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$1$e = next.at;
      $parameters$c = $parameters$1$v;
      $parameters$ce = $parameters$1$e;
      break;
    }
    case 3: {
      const $parameters$2$v = $take$envelope_headers_KemParameters(bytes, $$p6, end);
      if ($parameters$2$v === undefined)
        return within($envelope_headers_HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$2$e = next.at;
      $parameters$c = $parameters$2$v;
      $parameters$ce = $parameters$2$e;
      break;
    }
    case 4: {
      const $parameters$3$v = $take$envelope_headers_RsaParameters(bytes, $$p6, end);
      if ($parameters$3$v === undefined)
        return within($envelope_headers_HEADER_FIELDS_SITES, 17 /* parameters: short */);
      const $parameters$3$e = next.at;
      $parameters$c = $parameters$3$v;
      $parameters$ce = $parameters$3$e;
      break;
    }
    default: {
      return refuse($envelope_headers_HEADER_FIELDS_SITES, 18 /* parameters: kind */, $$p6, $parameters$tag);
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
function $put$envelope_headers_HeaderFieldsBig(value: HeaderFieldsBig, level: number, bytes: Uint8Array,
    at: number): number {
  requireObject($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $sender = utf8Bytes(value.sender);
  if ($sender === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 1 /* sender: text */, at);
  const $sender$count = $sender.length;
  if ($sender$count < 0) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 2 /* sender: count */, at, $sender$count);
  const $recipient = utf8Bytes(value.recipient);
  if ($recipient === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 3 /* recipient: text */, at);
  const $recipient$count = $recipient.length;
  if ($recipient$count < 0)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 4 /* recipient: count */, at, $recipient$count);
  const $masterSae = utf8Bytes(value.masterSae);
  if ($masterSae === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 5 /* masterSae: text */, at);
  const $masterSae$count = $masterSae.length;
  if ($masterSae$count < 0)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 6 /* masterSae: count */, at, $masterSae$count);
  const $slaveSae = utf8Bytes(value.slaveSae);
  if ($slaveSae === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 7 /* slaveSae: text */, at);
  const $slaveSae$count = $slaveSae.length;
  if ($slaveSae$count < 0)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 8 /* slaveSae: count */, at, $slaveSae$count);
  const $kmeId = utf8Bytes(value.kmeId);
  if ($kmeId === undefined) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 9 /* kmeId: text */, at);
  const $kmeId$count = $kmeId.length;
  if ($kmeId$count < 0) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 10 /* kmeId: count */, at, $kmeId$count);
  const $keys$count = listOf($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, at,
      value.keys).length;
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16)
    failBytes($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 12 /* flowId: length */, at, $flowId);
  bytes[at] = $flowId[0]!; bytes[at + 1] = $flowId[1]!; bytes[at + 2] = $flowId[2]!; bytes[at + 3] = $flowId[3]!;
  bytes[at + 4] = $flowId[4]!; bytes[at + 5] = $flowId[5]!; bytes[at + 6] = $flowId[6]!; bytes[at + 7] = $flowId[7]!;
  bytes[at + 8] = $flowId[8]!; bytes[at + 9] = $flowId[9]!; bytes[at + 10] = $flowId[10]!;
  bytes[at + 11] = $flowId[11]!; bytes[at + 12] = $flowId[12]!; bytes[at + 13] = $flowId[13]!;
  bytes[at + 14] = $flowId[14]!; bytes[at + 15] = $flowId[15]!;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN$BIG, 0 /* createdMs: range */, at + 16, $createdMs);
  bigPut(bytes, at + 16, $createdMs);
  const $lenSender = $sender$count;
  if ($lenSender < 1 || $lenSender > 255)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 14 /* sender: range */, at + 24, $lenSender);
  bytes[at + 24] = $lenSender;
  bytes.set($sender, at + 25);
  const $$p1 = at + 25 + $sender$count;
  const $lenRecipient = $recipient$count;
  if ($lenRecipient < 1 || $lenRecipient > 255)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 15 /* recipient: range */, $$p1, $lenRecipient);
  bytes[$$p1] = $lenRecipient;
  bytes.set($recipient, $$p1 + 1);
  const $$p2 = $$p1 + 1 + $recipient$count;
  const $lenMasterSae = $masterSae$count;
  if ($lenMasterSae > 255)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 16 /* masterSae: range */, $$p2, $lenMasterSae);
  bytes[$$p2] = $lenMasterSae;
  bytes.set($masterSae, $$p2 + 1);
  const $$p3 = $$p2 + 1 + $masterSae$count;
  const $lenSlaveSae = $slaveSae$count;
  if ($lenSlaveSae > 255)
    fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 17 /* slaveSae: range */, $$p3, $lenSlaveSae);
  bytes[$$p3] = $lenSlaveSae;
  bytes.set($slaveSae, $$p3 + 1);
  const $$p4 = $$p3 + 1 + $slaveSae$count;
  const $lenKmeId = $kmeId$count;
  if ($lenKmeId > 255) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 18 /* kmeId: range */, $$p4, $lenKmeId);
  bytes[$$p4] = $lenKmeId;
  bytes.set($kmeId, $$p4 + 1);
  const $$p5 = $$p4 + 1 + $kmeId$count;
  const $numKeys = $keys$count;
  if ($numKeys > 16384) fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 19 /* keys: range */, $$p5, $numKeys);
  bytes[$$p5] = $numKeys >>> 8; bytes[$$p5 + 1] = $numKeys;
  const $keys$list = listOf($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, $$p5 + 2,
      value.keys) as readonly (KeyName)[];
  let $keys$p = $$p5 + 2;
  for (let i = 0; i < $keys$list.length; i++) {
    const $keys$each = $keys$list[i]!;
    let $keys$each$e: number;
    try { $keys$each$e = $put$envelope_headers_KeyName($keys$each, bytes, $keys$p);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 20 /* keys[*]: short */, i); }
    $keys$p = $keys$each$e;
  }
  const $$p6 = $keys$p;
  let $parameters$ce: number;
  const $parameters$tag = level as number;
  switch ($parameters$tag) {
    case 1: {
      let $parameters$0$e: number;
      try { $parameters$0$e = $put$envelope_headers_PadParametersBig((value.parameters as ({ kind: "pad" } & PadParametersBig)), bytes, $$p6); } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$0$e;
      break;
    }
    case 2: {
      let $parameters$1$e: number;
      try { $parameters$1$e = $put$envelope_headers_CipherParameters((value.parameters as ({ kind: "cipher" } & CipherParameters)), bytes, $$p6); } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$1$e;
      break;
    }
    case 3: {
      let $parameters$2$e: number;
      try { $parameters$2$e = $put$envelope_headers_KemParameters((value.parameters as ({ kind: "kem" } & KemParameters)), bytes, $$p6); } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$2$e;
      break;
    }
    case 4: {
      let $parameters$3$e: number;
      try { $parameters$3$e = $put$envelope_headers_RsaParameters((value.parameters as ({ kind: "rsa" } & RsaParameters)), bytes, $$p6); } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
      $parameters$ce = $parameters$3$e;
      break;
    }
    default: fail($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 22 /* parameters: kind */, $$p6, $parameters$tag);
  }
  const $$p7 = $parameters$ce;
  return $$p7;
}
function $size$envelope_headers_HeaderFieldsBig(value: HeaderFieldsBig, level: number): number {
  requireObject($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 31;
  $$size += utf8Length(value.sender);
  $$size += utf8Length(value.recipient);
  $$size += utf8Length(value.masterSae);
  $$size += utf8Length(value.slaveSae);
  $$size += utf8Length(value.kmeId);
  const $keys$list = listOf($envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 11 /* keys: argument */, 0,
      value.keys) as readonly (KeyName)[];
  for (let i = 0; i < $keys$list.length; i++) {
    const $keys$each = $keys$list[i]!;
    try { $$size += $size$envelope_headers_KeyName($keys$each as KeyName);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 20 /* keys[*]: short */, i); }
  }
  switch (level as number) {
    case 1:
    try { $$size += $size$envelope_headers_PadParametersBig(value.parameters as PadParametersBig);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 2:
    try { $$size += $size$envelope_headers_CipherParameters(value.parameters as CipherParameters);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 3:
    try { $$size += $size$envelope_headers_KemParameters(value.parameters as KemParameters);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
    case 4:
    try { $$size += $size$envelope_headers_RsaParameters(value.parameters as RsaParameters);
    } catch (error) { throw inside(error, $envelope_headers_HEADER_FIELDS_SITES$WRITTEN, 21 /* parameters: short */); }
    break;
  }
  return $$size;
}

const $envelope_headers_KEY_NAME_SITES: Sites = {
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
const $envelope_headers_KEY_NAME_SITES$WRITTEN: Sites = {
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
function $take$envelope_headers_KeyName(bytes: Uint8Array, at: number, end: number): KeyName | undefined {
  if (end - at < 3) return refuse($envelope_headers_KEY_NAME_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $lenKeyId = bytes[at]!;
  if ($lenKeyId < 1) return refuse($envelope_headers_KEY_NAME_SITES, 1 /* lenKeyId: range */, at, $lenKeyId);
  const $keyId$count = $lenKeyId;
  if ($keyId$count > end - at - 3)
    return refuse($envelope_headers_KEY_NAME_SITES, 2 /* keyId: short */, end,
      `${end - at - 3} of ${$keyId$count} bytes`);
  const $$p1 = at + 1 + $keyId$count;
  const $keyId = asciiAt(bytes, at + 1, $$p1);
  if ($keyId === undefined) return refuse($envelope_headers_KEY_NAME_SITES, 3 /* keyId: text */, at + 1);
  const $keyBytes = ((bytes[$$p1]! << 8) | bytes[$$p1 + 1]!);
  if ($keyBytes < 1) return refuse($envelope_headers_KEY_NAME_SITES, 4 /* keyBytes: range */, $$p1, $keyBytes);
  next.at = $$p1 + 2;
  return {
    keyId: $keyId,
    keyBytes: $keyBytes,
  };
}
function $put$envelope_headers_KeyName(value: KeyName, bytes: Uint8Array, at: number): number {
  requireObject($envelope_headers_KEY_NAME_SITES$WRITTEN, 0 /* argument */, at, value);
  const $keyId = asciiBytes(value.keyId);
  if ($keyId === undefined) fail($envelope_headers_KEY_NAME_SITES$WRITTEN, 1 /* keyId: text */, at);
  const $keyId$count = $keyId.length;
  if ($keyId$count < 0) fail($envelope_headers_KEY_NAME_SITES$WRITTEN, 2 /* keyId: count */, at, $keyId$count);
  const $lenKeyId = $keyId$count;
  if ($lenKeyId < 1 || $lenKeyId > 255)
    fail($envelope_headers_KEY_NAME_SITES$WRITTEN, 3 /* keyId: range */, at, $lenKeyId);
  bytes[at] = $lenKeyId;
  bytes.set($keyId, at + 1);
  const $$p1 = at + 1 + $keyId$count;
  const $keyBytes = value.keyBytes;
  if (typeof $keyBytes !== "number" || ($keyBytes & 65535) !== $keyBytes || $keyBytes < 1)
    fail($envelope_headers_KEY_NAME_SITES$WRITTEN, 4 /* keyBytes: range */, $$p1, $keyBytes);
  bytes[$$p1] = $keyBytes >>> 8; bytes[$$p1 + 1] = $keyBytes;
  return $$p1 + 2;
}
function $size$envelope_headers_KeyName(value: KeyName): number {
  requireObject($envelope_headers_KEY_NAME_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 3;
  $$size += utf8Length(value.keyId);
  return $$size;
}

const $envelope_headers_PAD_PARAMETERS_SITES: Sites = {
  format: "qkd_pad_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 55, "8 bytes"],
    ["unsafe-integer", "contentBytes", 58, "at most 2^53-1"],
  ],
};
const $envelope_headers_PAD_PARAMETERS_SITES$WRITTEN: Sites = {
  format: "qkd_pad_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["argument", "", 55, "an object"],
    ["range", "contentBytes", 58, "0 to 2^53-1"],
  ],
};
const $envelope_headers_PAD_PARAMETERS_SITES$WRITTEN$BIG: Sites = {
  format: "qkd_pad_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["range", "contentBytes", 58, "0 to 18446744073709551615"],
  ],
};
function $take$envelope_headers_PadParameters(bytes: Uint8Array, at: number,
    end: number): ({ kind: "pad" } & PadParameters) | undefined {
  if (end - at < 8) return refuse($envelope_headers_PAD_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $contentBytes$high = uint32At(bytes, at);
  if ($contentBytes$high > 0x1fffff)
    return refuse($envelope_headers_PAD_PARAMETERS_SITES, 1 /* contentBytes: unsafe-integer */, at);
  next.at = at + 8;
  return {
    kind: "pad",
    contentBytes: $contentBytes$high * 4294967296 + uint32At(bytes, at + 4),
  };
}
function $put$envelope_headers_PadParameters(value: PadParameters, bytes: Uint8Array, at: number): number {
  requireObject($envelope_headers_PAD_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $contentBytes = value.contentBytes;
  if (!Number.isSafeInteger($contentBytes) || $contentBytes < 0)
    fail($envelope_headers_PAD_PARAMETERS_SITES$WRITTEN, 1 /* contentBytes: range */, at, $contentBytes);
  putSafe(bytes, at, $contentBytes);
  return at + 8;
}
function $size$envelope_headers_PadParameters(_value: PadParameters): number { return 8; }
function $take$envelope_headers_PadParametersBig(bytes: Uint8Array, at: number,
    end: number): ({ kind: "pad" } & PadParametersBig) | undefined {
  if (end - at < 8) return refuse($envelope_headers_PAD_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 8;
  return {
    kind: "pad",
    contentBytes: bigUnsigned(bytes, at),
  };
}
function $put$envelope_headers_PadParametersBig(value: PadParametersBig, bytes: Uint8Array, at: number): number {
  requireObject($envelope_headers_PAD_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $contentBytes = value.contentBytes;
  if (typeof $contentBytes !== "bigint" || BigInt.asUintN(64, $contentBytes) !== $contentBytes)
    fail($envelope_headers_PAD_PARAMETERS_SITES$WRITTEN$BIG, 0 /* contentBytes: range */, at, $contentBytes);
  bigPut(bytes, at, $contentBytes);
  return at + 8;
}
function $size$envelope_headers_PadParametersBig(_value: PadParametersBig): number { return 8; }

const $envelope_headers_CIPHER_PARAMETERS_SITES: Sites = {
  format: "qkd_cipher_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 59, "32 bytes"],
  ],
};
const $envelope_headers_CIPHER_PARAMETERS_SITES$WRITTEN: Sites = {
  format: "qkd_cipher_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["argument", "", 59, "an object"],
    ["length", "salt", 62, "32 bytes"],
  ],
};
function $take$envelope_headers_CipherParameters(_bytes: Uint8Array, at: number,
    end: number): ({ kind: "cipher" } & CipherParameters) | undefined {
  if (end - at < 32) return refuse($envelope_headers_CIPHER_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 32;
  return {
    kind: "cipher",
    salt: new Uint8Array(next.buffer, next.base + at, 32),
  };
}
function $put$envelope_headers_CipherParameters(value: CipherParameters, bytes: Uint8Array, at: number): number {
  requireObject($envelope_headers_CIPHER_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $salt = value.salt;
  if (lengthOf($salt) !== 32)
    failBytes($envelope_headers_CIPHER_PARAMETERS_SITES$WRITTEN, 1 /* salt: length */, at, $salt);
  bytes.set($salt, at);
  return at + 32;
}
function $size$envelope_headers_CipherParameters(_value: CipherParameters): number { return 32; }

const $envelope_headers_KEM_PARAMETERS_SITES: Sites = {
  format: "qkd_kem_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 63, "1664 bytes"],
  ],
};
const $envelope_headers_KEM_PARAMETERS_SITES$WRITTEN: Sites = {
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
function $take$envelope_headers_KemParameters(_bytes: Uint8Array, at: number,
    end: number): ({ kind: "kem" } & KemParameters) | undefined {
  if (end - at < 1664) return refuse($envelope_headers_KEM_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 1664;
  return {
    kind: "kem",
    salt: new Uint8Array(next.buffer, next.base + at, 32),
    senderFingerprint: new Uint8Array(next.buffer, next.base + at + 32, 32),
    recipientFingerprint: new Uint8Array(next.buffer, next.base + at + 64, 32),
    kemCiphertext: new Uint8Array(next.buffer, next.base + at + 96, 1568),
  };
}
function $put$envelope_headers_KemParameters(value: KemParameters, bytes: Uint8Array, at: number): number {
  requireObject($envelope_headers_KEM_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $salt = value.salt;
  if (lengthOf($salt) !== 32)
    failBytes($envelope_headers_KEM_PARAMETERS_SITES$WRITTEN, 1 /* salt: length */, at, $salt);
  bytes.set($salt, at);
  const $senderFingerprint = value.senderFingerprint;
  if (lengthOf($senderFingerprint) !== 32)
    failBytes($envelope_headers_KEM_PARAMETERS_SITES$WRITTEN, 2 /* senderFingerprint: length */, at + 32,
      $senderFingerprint);
  bytes.set($senderFingerprint, at + 32);
  const $recipientFingerprint = value.recipientFingerprint;
  if (lengthOf($recipientFingerprint) !== 32)
    failBytes($envelope_headers_KEM_PARAMETERS_SITES$WRITTEN, 3 /* recipientFingerprint: length */, at + 64,
      $recipientFingerprint);
  bytes.set($recipientFingerprint, at + 64);
  const $kemCiphertext = value.kemCiphertext;
  if (lengthOf($kemCiphertext) !== 1568)
    failBytes($envelope_headers_KEM_PARAMETERS_SITES$WRITTEN, 4 /* kemCiphertext: length */, at + 96, $kemCiphertext);
  bytes.set($kemCiphertext, at + 96);
  return at + 1664;
}
function $size$envelope_headers_KemParameters(_value: KemParameters): number { return 1664; }

const $envelope_headers_RSA_PARAMETERS_SITES: Sites = {
  format: "qkd_rsa_parameters",
  file: "qkd/envelope_headers.ksy",
  sites: [
    ["short", "", 70, "608 bytes"],
  ],
};
const $envelope_headers_RSA_PARAMETERS_SITES$WRITTEN: Sites = {
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
function $take$envelope_headers_RsaParameters(_bytes: Uint8Array, at: number,
    end: number): ({ kind: "rsa" } & RsaParameters) | undefined {
  if (end - at < 608) return refuse($envelope_headers_RSA_PARAMETERS_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 608;
  return {
    kind: "rsa",
    salt: new Uint8Array(next.buffer, next.base + at, 32),
    senderFingerprint: new Uint8Array(next.buffer, next.base + at + 32, 32),
    recipientFingerprint: new Uint8Array(next.buffer, next.base + at + 64, 32),
    wrappedKey: new Uint8Array(next.buffer, next.base + at + 96, 512),
  };
}
function $put$envelope_headers_RsaParameters(value: RsaParameters, bytes: Uint8Array, at: number): number {
  requireObject($envelope_headers_RSA_PARAMETERS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $salt = value.salt;
  if (lengthOf($salt) !== 32)
    failBytes($envelope_headers_RSA_PARAMETERS_SITES$WRITTEN, 1 /* salt: length */, at, $salt);
  bytes.set($salt, at);
  const $senderFingerprint = value.senderFingerprint;
  if (lengthOf($senderFingerprint) !== 32)
    failBytes($envelope_headers_RSA_PARAMETERS_SITES$WRITTEN, 2 /* senderFingerprint: length */, at + 32,
      $senderFingerprint);
  bytes.set($senderFingerprint, at + 32);
  const $recipientFingerprint = value.recipientFingerprint;
  if (lengthOf($recipientFingerprint) !== 32)
    failBytes($envelope_headers_RSA_PARAMETERS_SITES$WRITTEN, 3 /* recipientFingerprint: length */, at + 64,
      $recipientFingerprint);
  bytes.set($recipientFingerprint, at + 64);
  const $wrappedKey = value.wrappedKey;
  if (lengthOf($wrappedKey) !== 512)
    failBytes($envelope_headers_RSA_PARAMETERS_SITES$WRITTEN, 4 /* wrappedKey: length */, at + 96, $wrappedKey);
  bytes.set($wrappedKey, at + 96);
  return at + 608;
}
function $size$envelope_headers_RsaParameters(_value: RsaParameters): number { return 608; }

