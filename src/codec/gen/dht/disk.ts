// Generated from dht/disk.ksy by `specwire gen`; do not edit. spec sha256 0b4605db7a75e84e16167edb3419858ba6262461a6ee63bade426aafd7049fc3
/**
 * DHT, what a server keeps on its disk. Ours. Files of records that are appended; the last record of a value counts.
 * The bytes of values stand in files of their own.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, bigPut, bigUnsigned, bytesLength, enter, fail,
    failBytes, failRange, failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, raise, refuse,
    refuseRange, requireObject, uint32At, utf8Length, within } from "../../index.js";

export const RecordType = {
  put: 1,
  drop: 2,
} as const;
export type RecordType = (typeof RecordType)[keyof typeof RecordType];
/** Name and meaning of each RecordType. */
export const RECORD_TYPE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "put", doc: "" },
  2: { name: "drop", doc: "" },
};

const INDEX_RECORD_SITES: Sites = {
  format: "dht_index_record",
  file: "dht/disk.ksy",
  sites: [
    ["short", "", 10, "at least 5 bytes"],
    ["trailing", "", 10, ""],
    ["short", "body", 16, ""],
    ["trailing", "body", 16, ""],
  ],
};
const INDEX_RECORD_SITES$WRITTEN: Sites = {
  format: "dht_index_record",
  file: "dht/disk.ksy",
  sites: [
    ["argument", "", 10, "an object"],
    ["short", "body", 16, ""],
    ["range", "recordType", 14, "0 to 255"],
    ["range", "body", 15, "length of 0 to 4294967295"],
    ["argument", "body", 16, "bytes"],
  ],
};
/** A record of `dht/index/`, in the file of the first byte of the key. Source: seeds/dps, DHT on disk. */
export interface IndexRecord {
  recordType: RecordType | (number & {});
  body: IndexPut | IndexDrop | Uint8Array;
}
export const INDEX_RECORD_MIN_SIZE = 5;
function readIndexRecord(bytes: Uint8Array, at: number, end: number): IndexRecord | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(INDEX_RECORD_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeIndexRecord(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(INDEX_RECORD_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no dht_index_record. */
export function decodeIndexRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): IndexRecord {
  return readIndexRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeIndexRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<IndexRecord> {
  const value = readIndexRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeIndexRecord(value: IndexRecord): NewBytes {
  try {
    const bytes = new Uint8Array($sizeIndexRecord(value));
    $putIndexRecord(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, INDEX_RECORD_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeIndexRecordInto(value: IndexRecord, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeIndexRecord(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(INDEX_RECORD_SITES$WRITTEN, need, bytes, at);
    return $putIndexRecord(value, bytes, at);
  } catch (error) { throw foreign(error, INDEX_RECORD_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekIndexRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(INDEX_RECORD_SITES, bytes, at, end);
  next.depth = 0;
  const behind = $skipIndexRecord(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipIndexRecord(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 5) return -1;
  const $length = (((bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!) >>> 0);
  let $$p1 = at + 5;
  const $body$size = $length;
  $$p1 += $body$size;
  return $$p1;
}
function $takeIndexRecord(bytes: Uint8Array, at: number, end: number): IndexRecord | undefined {
  if (end - at < 5) return refuse(INDEX_RECORD_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $recordType = bytes[at]!;
  const $length = uint32At(bytes, at + 1);
  const $body$size = $length;
  if (!($body$size <= end - (at + 5)))
    return refuse(INDEX_RECORD_SITES, 2 /* body: short */, end, `${end - (at + 5)} of ${$body$size} bytes`);
  const $body$end = at + 5 + $body$size;
  const $body$tag = $recordType as number;
  let $body$c: IndexPut | IndexDrop | Uint8Array;
  let $body$ce: number;
  switch ($body$tag) {
    case 1: {
      const $body$0$v = $takeIndexPut(bytes, at + 5, $body$end);
      if ($body$0$v === undefined) return within(INDEX_RECORD_SITES, 2 /* body: short */);
      const $body$0$e = next.at;
      $body$c = $body$0$v;
      $body$ce = $body$0$e;
      break;
    }
    case 2: {
      const $body$1$v = $takeIndexDrop(bytes, at + 5, $body$end);
      if ($body$1$v === undefined) return within(INDEX_RECORD_SITES, 2 /* body: short */);
      const $body$1$e = next.at;
      $body$c = $body$1$v;
      $body$ce = $body$1$e;
      break;
    }
    default: {
      $body$c = new Uint8Array(next.buffer, next.base + at + 5, $body$end - (at + 5));
      $body$ce = $body$end;
      break;
    }
  }
  if ($body$ce !== $body$end)
    return refuse(INDEX_RECORD_SITES, 3 /* body: trailing */, $body$ce, `${$body$end - $body$ce} bytes`);
  const $body$is = $body$c;
  const $$p1 = $body$end;
  next.at = $$p1;
  return {
    recordType: $recordType,
    body: $body$is,
  };
}
function $putIndexRecord(value: IndexRecord, bytes: Uint8Array, at: number): number {
  requireObject(INDEX_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  let $body$count = 0;
   {
    switch (value.recordType as number) {
      case 1:
      try { $body$count += $sizeIndexPut(value.body as IndexPut);
      } catch (error) { throw inside(error, INDEX_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      break;
      case 2:
      try { $body$count += $sizeIndexDrop(value.body as IndexDrop);
      } catch (error) { throw inside(error, INDEX_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      break;
      default:
      $body$count += bytesLength(value.body);
      break;
    }
  }
  const $recordType = value.recordType;
  if (typeof $recordType !== "number" || ($recordType & 255) !== $recordType)
    fail(INDEX_RECORD_SITES$WRITTEN, 2 /* recordType: range */, at, $recordType);
  bytes[at] = $recordType;
  const $length = $body$count;
  if ($length > 4294967295) fail(INDEX_RECORD_SITES$WRITTEN, 3 /* body: range */, at + 1, $length);
  bytes[at + 1] = $length >>> 24; bytes[at + 2] = $length >>> 16; bytes[at + 3] = $length >>> 8;
  bytes[at + 4] = $length;
  let $body$ce: number;
  const $body$tag = value.recordType as number;
  switch ($body$tag) {
    case 1: {
      let $body$0$e: number;
      try { $body$0$e = $putIndexPut((value.body as IndexPut), bytes, at + 5);
      } catch (error) { throw inside(error, INDEX_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      $body$ce = $body$0$e;
      break;
    }
    case 2: {
      let $body$1$e: number;
      try { $body$1$e = $putIndexDrop((value.body as IndexDrop), bytes, at + 5);
      } catch (error) { throw inside(error, INDEX_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      $body$ce = $body$1$e;
      break;
    }
    default: {
      const $body$2$b = (value.body as Uint8Array);
      if (lengthOf($body$2$b) < 0) failBytes(INDEX_RECORD_SITES$WRITTEN, 4 /* body: argument */, at + 5, $body$2$b);
      bytes.set($body$2$b, at + 5);
      $body$ce = at + 5 + $body$2$b.length;
      break;
    }
  }
  const $$p1 = $body$ce;
  return $$p1;
}
function $sizeIndexRecord(value: IndexRecord): number {
  requireObject(INDEX_RECORD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 5;
  switch (value.recordType as number) {
    case 1:
    try { $$size += $sizeIndexPut(value.body as IndexPut);
    } catch (error) { throw inside(error, INDEX_RECORD_SITES$WRITTEN, 1 /* body: short */); }
    break;
    case 2:
    try { $$size += $sizeIndexDrop(value.body as IndexDrop);
    } catch (error) { throw inside(error, INDEX_RECORD_SITES$WRITTEN, 1 /* body: short */); }
    break;
    default:
    $$size += bytesLength(value.body);
    break;
  }
  return $$size;
}

const INDEX_PUT_SITES: Sites = {
  format: "dht_index_put",
  file: "dht/disk.ksy",
  sites: [
    ["short", "", 23, "at least 94 bytes"],
    ["constant", "reserved", 27, "0"],
    ["range", "valueKind", 30, "0 to 2"],
    ["short", "chunk", 37, ""],
  ],
};
const INDEX_PUT_SITES$WRITTEN: Sites = {
  format: "dht_index_put",
  file: "dht/disk.ksy",
  sites: [
    ["argument", "", 23, "an object"],
    ["length", "key", 26, "20 bytes"],
    ["constant", "reserved", 27, "0"],
    ["range", "isOwn", 28, "true or false"],
    ["range", "isCached", 29, "true or false"],
    ["range", "valueKind", 30, "0 to 2"],
    ["range", "ttlSeconds", 31, "0 to 4294967295"],
    ["range", "ageSeconds", 32, "0 to 4294967295"],
    ["range", "atUnixNs", 33, "0 to 18446744073709551615"],
    ["length", "publisher", 34, "20 bytes"],
    ["length", "dataSha256", 35, "32 bytes"],
    ["range", "totalBytes", 36, "0 to 4294967295"],
    ["argument", "chunk", 37, "a value exactly where the spec's condition holds"],
    ["short", "chunk", 37, ""],
  ],
};
/** A value is held, and its bytes are stored. */
export interface IndexPut {
  kind: "index_put";
  key: Uint8Array;
  reserved: number;
  /** Published here. */
  isOwn: boolean;
  isCached: boolean;
  /** As in the payloads. */
  valueKind: number;
  ttlSeconds: number;
  /** When the record was written. */
  ageSeconds: number;
  /** When the record was written. */
  atUnixNs: bigint;
  publisher: Uint8Array;
  dataSha256: Uint8Array;
  totalBytes: number;
  chunk?: IndexedChunk | undefined;
}
function $takeIndexPut(bytes: Uint8Array, at: number, end: number): IndexPut | undefined {
  if (end - at < 94) return refuse(INDEX_PUT_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $reserved = ((bytes[at + 20]! >>> 2) & 63);
  if ($reserved !== 0) return refuse(INDEX_PUT_SITES, 1 /* reserved: constant */, at + 20, $reserved);
  const $valueKind = bytes[at + 21]!;
  if ($valueKind > 2) return refuse(INDEX_PUT_SITES, 2 /* valueKind: range */, at + 21, $valueKind);
  let $chunk$is: IndexedChunk | undefined;
  let $$p1 = at + 94;
  if ((($valueKind as number) === 2)) {
    const $chunk$v = $takeIndexedChunk(bytes, at + 94, end);
    if ($chunk$v === undefined) return within(INDEX_PUT_SITES, 3 /* chunk: short */);
    const $chunk$e = next.at;
    $chunk$is = $chunk$v;
    $$p1 = $chunk$e;
  }
  next.at = $$p1;
  return {
    kind: "index_put",
    key: new Uint8Array(next.buffer, next.base + at, 20),
    reserved: ((bytes[at + 20]! >>> 2) & 63),
    isOwn: (((bytes[at + 20]! >>> 1) & 1) === 1),
    isCached: ((bytes[at + 20]! & 1) === 1),
    valueKind: $valueKind,
    ttlSeconds: uint32At(bytes, at + 22),
    ageSeconds: uint32At(bytes, at + 26),
    atUnixNs: bigUnsigned(bytes, at + 30),
    publisher: new Uint8Array(next.buffer, next.base + at + 38, 20),
    dataSha256: new Uint8Array(next.buffer, next.base + at + 58, 32),
    totalBytes: uint32At(bytes, at + 90),
    chunk: $chunk$is,
  };
}
function $putIndexPut(value: IndexPut, bytes: Uint8Array, at: number): number {
  requireObject(INDEX_PUT_SITES$WRITTEN, 0 /* argument */, at, value);
  const $key = value.key;
  if (lengthOf($key) !== 20) failBytes(INDEX_PUT_SITES$WRITTEN, 1 /* key: length */, at, $key);
  bytes.set($key, at);
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 63) !== $reserved || $reserved !== 0)
    fail(INDEX_PUT_SITES$WRITTEN, 2 /* reserved: constant */, at + 20, $reserved);
  const $isOwn = value.isOwn;
  if ($isOwn !== true && $isOwn !== false) fail(INDEX_PUT_SITES$WRITTEN, 3 /* isOwn: range */, at + 20, $isOwn);
  const $isCached = value.isCached;
  if ($isCached !== true && $isCached !== false)
    fail(INDEX_PUT_SITES$WRITTEN, 4 /* isCached: range */, at + 20, $isCached);
  const $isCached$bits = ($reserved << 2) | (($isOwn ? 1 : 0) << 1) | ($isCached ? 1 : 0);
  bytes[at + 20] = $isCached$bits;
  const $valueKind = value.valueKind;
  if (typeof $valueKind !== "number" || ($valueKind & 255) !== $valueKind || $valueKind > 2)
    fail(INDEX_PUT_SITES$WRITTEN, 5 /* valueKind: range */, at + 21, $valueKind);
  bytes[at + 21] = $valueKind;
  const $ttlSeconds = value.ttlSeconds;
  if (typeof $ttlSeconds !== "number" || $ttlSeconds >>> 0 !== $ttlSeconds)
    fail(INDEX_PUT_SITES$WRITTEN, 6 /* ttlSeconds: range */, at + 22, $ttlSeconds);
  bytes[at + 22] = $ttlSeconds >>> 24; bytes[at + 23] = $ttlSeconds >>> 16; bytes[at + 24] = $ttlSeconds >>> 8;
  bytes[at + 25] = $ttlSeconds;
  const $ageSeconds = value.ageSeconds;
  if (typeof $ageSeconds !== "number" || $ageSeconds >>> 0 !== $ageSeconds)
    fail(INDEX_PUT_SITES$WRITTEN, 7 /* ageSeconds: range */, at + 26, $ageSeconds);
  bytes[at + 26] = $ageSeconds >>> 24; bytes[at + 27] = $ageSeconds >>> 16; bytes[at + 28] = $ageSeconds >>> 8;
  bytes[at + 29] = $ageSeconds;
  const $atUnixNs = value.atUnixNs;
  if (typeof $atUnixNs !== "bigint" || BigInt.asUintN(64, $atUnixNs) !== $atUnixNs)
    fail(INDEX_PUT_SITES$WRITTEN, 8 /* atUnixNs: range */, at + 30, $atUnixNs);
  bigPut(bytes, at + 30, $atUnixNs);
  const $publisher = value.publisher;
  if (lengthOf($publisher) !== 20) failBytes(INDEX_PUT_SITES$WRITTEN, 9 /* publisher: length */, at + 38, $publisher);
  bytes.set($publisher, at + 38);
  const $dataSha256 = value.dataSha256;
  if (lengthOf($dataSha256) !== 32)
    failBytes(INDEX_PUT_SITES$WRITTEN, 10 /* dataSha256: length */, at + 58, $dataSha256);
  bytes.set($dataSha256, at + 58);
  const $totalBytes = value.totalBytes;
  if (typeof $totalBytes !== "number" || $totalBytes >>> 0 !== $totalBytes)
    fail(INDEX_PUT_SITES$WRITTEN, 11 /* totalBytes: range */, at + 90, $totalBytes);
  bytes[at + 90] = $totalBytes >>> 24; bytes[at + 91] = $totalBytes >>> 16; bytes[at + 92] = $totalBytes >>> 8;
  bytes[at + 93] = $totalBytes;
  let $$p1 = at + 94;
  if (((value.valueKind as number) === 2) !== (value.chunk !== undefined))
    fail(INDEX_PUT_SITES$WRITTEN, 12 /* chunk: argument */, at + 94);
  if (value.chunk !== undefined) {
    let $chunk$e: number;
    try { $chunk$e = $putIndexedChunk(value.chunk, bytes, at + 94);
    } catch (error) { throw inside(error, INDEX_PUT_SITES$WRITTEN, 13 /* chunk: short */); }
    $$p1 = $chunk$e;
  }
  return $$p1;
}
function $sizeIndexPut(value: IndexPut): number {
  requireObject(INDEX_PUT_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 94;
  if (value.chunk !== undefined) {
    try { $$size += $sizeIndexedChunk(value.chunk as IndexedChunk);
    } catch (error) { throw inside(error, INDEX_PUT_SITES$WRITTEN, 13 /* chunk: short */); }
  }
  return $$size;
}

const INDEXED_CHUNK_SITES: Sites = {
  format: "dht_indexed_chunk",
  file: "dht/disk.ksy",
  sites: [
    ["short", "", 38, "36 bytes"],
  ],
};
const INDEXED_CHUNK_SITES$WRITTEN: Sites = {
  format: "dht_indexed_chunk",
  file: "dht/disk.ksy",
  sites: [
    ["argument", "", 38, "an object"],
    ["length", "parent", 40, "32 bytes"],
    ["range", "chunkIndex", 41, "0 to 4294967295"],
  ],
};
export interface IndexedChunk {
  parent: Uint8Array;
  chunkIndex: number;
}
function $takeIndexedChunk(bytes: Uint8Array, at: number, end: number): IndexedChunk | undefined {
  if (end - at < 36) return refuse(INDEXED_CHUNK_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 36;
  return {
    parent: new Uint8Array(next.buffer, next.base + at, 32),
    chunkIndex: uint32At(bytes, at + 32),
  };
}
function $putIndexedChunk(value: IndexedChunk, bytes: Uint8Array, at: number): number {
  requireObject(INDEXED_CHUNK_SITES$WRITTEN, 0 /* argument */, at, value);
  const $parent = value.parent;
  if (lengthOf($parent) !== 32) failBytes(INDEXED_CHUNK_SITES$WRITTEN, 1 /* parent: length */, at, $parent);
  bytes.set($parent, at);
  const $chunkIndex = value.chunkIndex;
  if (typeof $chunkIndex !== "number" || $chunkIndex >>> 0 !== $chunkIndex)
    fail(INDEXED_CHUNK_SITES$WRITTEN, 2 /* chunkIndex: range */, at + 32, $chunkIndex);
  bytes[at + 32] = $chunkIndex >>> 24; bytes[at + 33] = $chunkIndex >>> 16; bytes[at + 34] = $chunkIndex >>> 8;
  bytes[at + 35] = $chunkIndex;
  return at + 36;
}
function $sizeIndexedChunk(_value: IndexedChunk): number { return 36; }

const INDEX_DROP_SITES: Sites = {
  format: "dht_index_drop",
  file: "dht/disk.ksy",
  sites: [
    ["short", "", 42, "52 bytes"],
  ],
};
const INDEX_DROP_SITES$WRITTEN: Sites = {
  format: "dht_index_drop",
  file: "dht/disk.ksy",
  sites: [
    ["argument", "", 42, "an object"],
    ["length", "key", 45, "20 bytes"],
    ["length", "dataSha256", 46, "32 bytes"],
  ],
};
/** A value is not held any more. */
export interface IndexDrop {
  kind: "index_drop";
  key: Uint8Array;
  dataSha256: Uint8Array;
}
function $takeIndexDrop(_bytes: Uint8Array, at: number, end: number): IndexDrop | undefined {
  if (end - at < 52) return refuse(INDEX_DROP_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 52;
  return {
    kind: "index_drop",
    key: new Uint8Array(next.buffer, next.base + at, 20),
    dataSha256: new Uint8Array(next.buffer, next.base + at + 20, 32),
  };
}
function $putIndexDrop(value: IndexDrop, bytes: Uint8Array, at: number): number {
  requireObject(INDEX_DROP_SITES$WRITTEN, 0 /* argument */, at, value);
  const $key = value.key;
  if (lengthOf($key) !== 20) failBytes(INDEX_DROP_SITES$WRITTEN, 1 /* key: length */, at, $key);
  bytes.set($key, at);
  const $dataSha256 = value.dataSha256;
  if (lengthOf($dataSha256) !== 32)
    failBytes(INDEX_DROP_SITES$WRITTEN, 2 /* dataSha256: length */, at + 20, $dataSha256);
  bytes.set($dataSha256, at + 20);
  return at + 52;
}
function $sizeIndexDrop(_value: IndexDrop): number { return 52; }

const SELF_RECORD_SITES: Sites = {
  format: "dht_self_record",
  file: "dht/disk.ksy",
  sites: [
    ["short", "", 47, "21 bytes"],
    ["constant", "version", 51, "01"],
  ],
};
const SELF_RECORD_SITES$WRITTEN: Sites = {
  format: "dht_self_record",
  file: "dht/disk.ksy",
  sites: [
    ["argument", "", 47, "an object"],
    ["length", "id", 52, "20 bytes"],
  ],
};
/** `dht/self`, written once. Source: seeds/dps, DHT on disk. */
export interface SelfRecord {
  id: Uint8Array;
}
export const SELF_RECORD_SIZE = 21;
function readSelfRecord(bytes: Uint8Array, at: number, end: number): SelfRecord | undefined {
  if (end - at !== 21 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SELF_RECORD_SITES, 0 /* short */, 21, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(SELF_RECORD_SITES, 1 /* version: constant */, at);
  return {
    id: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 20),
  };
}
/** @throws WireError when the bytes are no dht_self_record. */
export function decodeSelfRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SelfRecord {
  return readSelfRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSelfRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<SelfRecord> {
  const value = readSelfRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeSelfRecord(value: SelfRecord): NewBytes {
  const bytes = new Uint8Array(21);
  encodeSelfRecordInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSelfRecordInto(value: SelfRecord, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SELF_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 21 || at >>> 0 !== at) failSpace(SELF_RECORD_SITES$WRITTEN, 21, bytes, at);
  bytes[at] = 1;
  const $id = value.id;
  if (lengthOf($id) !== 20) failBytes(SELF_RECORD_SITES$WRITTEN, 1 /* id: length */, at + 1, $id);
  bytes.set($id, at + 1);
  return at + 21;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSelfRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SELF_RECORD_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  return 21;
}

const CONTACTS_RECORD_SITES: Sites = {
  format: "dht_contacts_record",
  file: "dht/disk.ksy",
  sites: [
    ["short", "", 53, "at least 3 bytes"],
    ["trailing", "", 53, ""],
    ["constant", "version", 57, "01"],
    ["short", "contacts", 59, ""],
    ["short", "contacts[*]", 59, ""],
  ],
};
const CONTACTS_RECORD_SITES$WRITTEN: Sites = {
  format: "dht_contacts_record",
  file: "dht/disk.ksy",
  sites: [
    ["argument", "", 53, "an object"],
    ["argument", "contacts", 59, "a list"],
    ["range", "contacts", 58, "contact_count of 0 to 65535"],
    ["short", "contacts[*]", 59, ""],
  ],
};
/**
 * `dht/contacts`: whom to ask first after a restart. Nothing of it is proven any more. Source: seeds/dps, DHT on disk.
 */
export interface ContactsRecord {
  contacts: KeptContact[];
}
export const CONTACTS_RECORD_MIN_SIZE = 3;
function readContactsRecord(bytes: Uint8Array, at: number, end: number): ContactsRecord | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(CONTACTS_RECORD_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeContactsRecord(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(CONTACTS_RECORD_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no dht_contacts_record. */
export function decodeContactsRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ContactsRecord {
  return readContactsRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeContactsRecord(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ContactsRecord> {
  const value = readContactsRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeContactsRecord(value: ContactsRecord): NewBytes {
  try {
    const bytes = new Uint8Array($sizeContactsRecord(value));
    $putContactsRecord(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, CONTACTS_RECORD_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeContactsRecordInto(value: ContactsRecord, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeContactsRecord(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(CONTACTS_RECORD_SITES$WRITTEN, need, bytes, at);
    return $putContactsRecord(value, bytes, at);
  } catch (error) { throw foreign(error, CONTACTS_RECORD_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekContactsRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(CONTACTS_RECORD_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  next.depth = 0;
  const behind = $skipContactsRecord(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipContactsRecord(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 3) return -1;
  const $contactCount = ((bytes[at + 1]! << 8) | bytes[at + 2]!);
  let $$p1 = at + 3;
  const $contacts$n = $contactCount;
  for (let i = 0; i < $contacts$n; i++) {
    $$p1 = $skipKeptContact(bytes, $$p1, end);
    if ($$p1 < 0) return $$p1;
  }
  return $$p1;
}
function $takeContactsRecord(bytes: Uint8Array, at: number, end: number): ContactsRecord | undefined {
  if (end - at < 3) return refuse(CONTACTS_RECORD_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse(CONTACTS_RECORD_SITES, 2 /* version: constant */, at);
  const $contactCount = ((bytes[at + 1]! << 8) | bytes[at + 2]!);
  const $contacts$n = $contactCount;
  if (!($contacts$n * 26 <= end - (at + 3)))
    return refuse(CONTACTS_RECORD_SITES, 3 /* contacts: short */, end,
      `${end - (at + 3)} of ${$contacts$n * 26} bytes`);
  const $contacts$list: KeptContact[] = new Array($contacts$n);
  let $contacts$p = at + 3;
  for (let i = 0; i < $contacts$n; i++) {
    const $contacts$each$v = $takeKeptContact(bytes, $contacts$p, end);
    if ($contacts$each$v === undefined) return within(CONTACTS_RECORD_SITES, 4 /* contacts[*]: short */, i);
    const $contacts$each$e = next.at;
    const $contacts$each = $contacts$each$v;
    $contacts$list[i] = $contacts$each;
    $contacts$p = $contacts$each$e;
  }
  const $contacts$is = $contacts$list;
  const $$p1 = $contacts$p;
  next.at = $$p1;
  return {
    contacts: $contacts$is,
  };
}
function $putContactsRecord(value: ContactsRecord, bytes: Uint8Array, at: number): number {
  requireObject(CONTACTS_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  const $contacts$count = listOf(CONTACTS_RECORD_SITES$WRITTEN, 1 /* contacts: argument */, at, value.contacts).length;
  bytes[at] = 1;
  const $contactCount = $contacts$count;
  if ($contactCount > 65535) fail(CONTACTS_RECORD_SITES$WRITTEN, 2 /* contacts: range */, at + 1, $contactCount);
  bytes[at + 1] = $contactCount >>> 8; bytes[at + 2] = $contactCount;
  const $contacts$list = listOf(CONTACTS_RECORD_SITES$WRITTEN, 1 /* contacts: argument */, at + 3,
      value.contacts) as readonly (KeptContact)[];
  let $contacts$p = at + 3;
  for (let i = 0; i < $contacts$list.length; i++) {
    const $contacts$each = $contacts$list[i]!;
    let $contacts$each$e: number;
    try { $contacts$each$e = $putKeptContact($contacts$each, bytes, $contacts$p);
    } catch (error) { throw inside(error, CONTACTS_RECORD_SITES$WRITTEN, 3 /* contacts[*]: short */, i); }
    $contacts$p = $contacts$each$e;
  }
  const $$p1 = $contacts$p;
  return $$p1;
}
function $sizeContactsRecord(value: ContactsRecord): number {
  requireObject(CONTACTS_RECORD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 3;
  const $contacts$list = listOf(CONTACTS_RECORD_SITES$WRITTEN, 1 /* contacts: argument */, 0,
      value.contacts) as readonly (KeptContact)[];
  for (let i = 0; i < $contacts$list.length; i++) {
    const $contacts$each = $contacts$list[i]!;
    try { $$size += $sizeKeptContact($contacts$each as KeptContact);
    } catch (error) { throw inside(error, CONTACTS_RECORD_SITES$WRITTEN, 3 /* contacts[*]: short */, i); }
  }
  return $$size;
}

const KEPT_CONTACT_SITES: Sites = {
  format: "dht_kept_contact",
  file: "dht/disk.ksy",
  sites: [
    ["short", "", 60, "at least 26 bytes"],
    ["short", "address", 66, ""],
    ["text", "address", 66, "ascii"],
  ],
};
const KEPT_CONTACT_SITES$WRITTEN: Sites = {
  format: "dht_kept_contact",
  file: "dht/disk.ksy",
  sites: [
    ["argument", "", 60, "an object"],
    ["text", "address", 66, "ascii"],
    ["count", "address", 66, "at least 0 bytes"],
    ["length", "id", 62, "20 bytes"],
    ["range", "lastSeenSeconds", 63, "0 to 4294967295"],
    ["range", "failures", 64, "0 to 255"],
    ["range", "address", 65, "address_length of 0 to 255"],
  ],
};
export interface KeptContact {
  id: Uint8Array;
  /** Unix time. */
  lastSeenSeconds: number;
  failures: number;
  address: string;
}
function $skipKeptContact(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 26) return -1;
  const $addressLength = bytes[at + 25]!;
  const $address$count = $addressLength;
  const $$p1 = at + 26 + $address$count;
  return $$p1;
}
function $takeKeptContact(bytes: Uint8Array, at: number, end: number): KeptContact | undefined {
  if (end - at < 26) return refuse(KEPT_CONTACT_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $addressLength = bytes[at + 25]!;
  const $address$count = $addressLength;
  if ($address$count > end - at - 26)
    return refuse(KEPT_CONTACT_SITES, 1 /* address: short */, end, `${end - at - 26} of ${$address$count} bytes`);
  const $$p1 = at + 26 + $address$count;
  const $address = asciiAt(bytes, at + 26, $$p1);
  if ($address === undefined) return refuse(KEPT_CONTACT_SITES, 2 /* address: text */, at + 26);
  next.at = $$p1;
  return {
    id: new Uint8Array(next.buffer, next.base + at, 20),
    lastSeenSeconds: uint32At(bytes, at + 20),
    failures: bytes[at + 24]!,
    address: $address,
  };
}
function $putKeptContact(value: KeptContact, bytes: Uint8Array, at: number): number {
  requireObject(KEPT_CONTACT_SITES$WRITTEN, 0 /* argument */, at, value);
  const $address = asciiBytes(value.address);
  if ($address === undefined) fail(KEPT_CONTACT_SITES$WRITTEN, 1 /* address: text */, at);
  const $address$count = $address.length;
  if ($address$count < 0) fail(KEPT_CONTACT_SITES$WRITTEN, 2 /* address: count */, at, $address$count);
  const $id = value.id;
  if (lengthOf($id) !== 20) failBytes(KEPT_CONTACT_SITES$WRITTEN, 3 /* id: length */, at, $id);
  bytes.set($id, at);
  const $lastSeenSeconds = value.lastSeenSeconds;
  if (typeof $lastSeenSeconds !== "number" || $lastSeenSeconds >>> 0 !== $lastSeenSeconds)
    fail(KEPT_CONTACT_SITES$WRITTEN, 4 /* lastSeenSeconds: range */, at + 20, $lastSeenSeconds);
  bytes[at + 20] = $lastSeenSeconds >>> 24; bytes[at + 21] = $lastSeenSeconds >>> 16;
  bytes[at + 22] = $lastSeenSeconds >>> 8; bytes[at + 23] = $lastSeenSeconds;
  const $failures = value.failures;
  if (typeof $failures !== "number" || ($failures & 255) !== $failures)
    fail(KEPT_CONTACT_SITES$WRITTEN, 5 /* failures: range */, at + 24, $failures);
  bytes[at + 24] = $failures;
  const $addressLength = $address$count;
  if ($addressLength > 255) fail(KEPT_CONTACT_SITES$WRITTEN, 6 /* address: range */, at + 25, $addressLength);
  bytes[at + 25] = $addressLength;
  bytes.set($address, at + 26);
  const $$p1 = at + 26 + $address$count;
  return $$p1;
}
function $sizeKeptContact(value: KeptContact): number {
  requireObject(KEPT_CONTACT_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 26;
  $$size += utf8Length(value.address);
  return $$size;
}

