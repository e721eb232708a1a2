// Generated from dht/payload.ksy by `specwire gen`; do not edit. spec sha256 03b7fb008af839ad19d1be5c0fce2d75d1d768f3a82d294336fa1184425d58c2
/**
 * DHT, what the payload of an RPC holds. Requests and answers of the DHT are messages of RPC; what their fields do not
 * say stands in the payload. The upstream project has none: these layouts are ours, and an empty payload means all
 * defaults. An ACK has the answer_status of RPC.
 */
import { type NewBytes, type Result, type Sites, enter, fail, failBytes, failRange, failSpace, failure, foreign, inside,
    leave, lengthOf, next, raise, refuse, refuseRange, requireObject, uint32At, within } from "../../index.js";

export const ValueKind = {
  /** The key does not depend on the value. */
  opaque: 0,
  /** The key is SHA-1 of the value. */
  content: 1,
  /** The key is SHA-1 of the parent and the index of the chunk. */
  chunk: 2,
} as const;
export type ValueKind = (typeof ValueKind)[keyof typeof ValueKind];
/** Name and meaning of each ValueKind. */
export const VALUE_KIND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "opaque", doc: "The key does not depend on the value." },
  1: { name: "content", doc: "The key is SHA-1 of the value." },
  2: { name: "chunk", doc: "The key is SHA-1 of the parent and the index of the chunk." },
};

const STORE_PAYLOAD_SITES: Sites = {
  format: "dht_store_payload",
  file: "dht/payload.ksy",
  sites: [
    ["short", "", 10, "at least 64 bytes"],
    ["trailing", "", 10, ""],
    ["constant", "version", 14, "01"],
    ["constant", "payloadType", 15, "01"],
    ["constant", "reserved", 16, "0"],
    ["enum", "valueKind", 20, "one of 0, 1, 2"],
    ["short", "chunk", 25, ""],
    ["short", "part", 26, ""],
  ],
};
const STORE_PAYLOAD_SITES$WRITTEN: Sites = {
  format: "dht_store_payload",
  file: "dht/payload.ksy",
  sites: [
    ["argument", "", 10, "an object"],
    ["constant", "reserved", 16, "0"],
    ["range", "isPart", 17, "true or false"],
    ["range", "isFinal", 18, "true or false"],
    ["range", "isCached", 19, "true or false"],
    ["range", "valueKind", 20, "0 to 255"],
    ["enum", "valueKind", 20, "one of 0, 1, 2"],
    ["range", "ttlSeconds", 21, "0 to 4294967295"],
    ["range", "ageSeconds", 22, "0 to 4294967295"],
    ["length", "publisher", 23, "20 bytes"],
    ["length", "dataSha256", 24, "32 bytes"],
    ["argument", "chunk", 25, "a value exactly where the spec's condition holds"],
    ["short", "chunk", 25, ""],
    ["argument", "part", 26, "a value exactly where the spec's condition holds"],
    ["short", "part", 26, ""],
  ],
};
/** Payload of STORE. The key and the value are fields of the message. Source: seeds/dps, DHT payloads. */
export interface StorePayload {
  reserved: number;
  /** The value of the message is a part of the whole. */
  isPart: boolean;
  /** No part follows; always set for a whole value. */
  isFinal: boolean;
  /** A copy near the way to the key: expires sooner, and is not stored on. */
  isCached: boolean;
  valueKind: ValueKind;
  /** From the time of publication on. */
  ttlSeconds: number;
  /** Since the publication, rounded up. */
  ageSeconds: number;
  publisher: Uint8Array;
  /** SHA-256 of the whole value. */
  dataSha256: Uint8Array;
  chunk?: ChunkPlace | undefined;
  part?: PartPlace | undefined;
}
export const STORE_PAYLOAD_MIN_SIZE = 64;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const STORE_PAYLOAD_DEFAULTS = { reserved: 0 } as const;
function readStorePayload(bytes: Uint8Array, at: number, end: number): StorePayload | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(STORE_PAYLOAD_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeStorePayload(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(STORE_PAYLOAD_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no dht_store_payload. */
export function decodeStorePayload(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): StorePayload {
  return readStorePayload(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeStorePayload(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<StorePayload> {
  const value = readStorePayload(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeStorePayload(value: StorePayload): NewBytes {
  try {
    const bytes = new Uint8Array($sizeStorePayload(value));
    $putStorePayload(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, STORE_PAYLOAD_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeStorePayloadInto(value: StorePayload, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeStorePayload(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(STORE_PAYLOAD_SITES$WRITTEN, need, bytes, at);
    return $putStorePayload(value, bytes, at);
  } catch (error) { throw foreign(error, STORE_PAYLOAD_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekStorePayloadLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(STORE_PAYLOAD_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end > at + 1 && bytes[at + 1] !== 1) return -1;
  if (end - at >= 3) {
    const $reserved = ((bytes[at + 2]! >>> 3) & 31);
    if ($reserved !== 0) return -1;
  }
  if (end - at >= 4) {
    const $valueKind = bytes[at + 3]!;
    if (($valueKind < 0 || $valueKind > 2)) return -1;
  }
  next.depth = 0;
  const behind = $skipStorePayload(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipStorePayload(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 64) return -1;
  const $isPart = (((bytes[at + 2]! >>> 2) & 1) === 1);
  const $valueKind = bytes[at + 3]!;
  if (($valueKind < 0 || $valueKind > 2)) return -2;
  let $$p1 = at + 64;
  if ((($valueKind as number) === 2)) {
    $$p1 = $skipChunkPlace(bytes, $$p1, end);
    if ($$p1 < 0) return $$p1;
  }
  let $$p2 = $$p1;
  if ($isPart) {
    $$p2 = $skipPartPlace(bytes, $$p2, end);
    if ($$p2 < 0) return $$p2;
  }
  return $$p2;
}
function $takeStorePayload(bytes: Uint8Array, at: number, end: number): StorePayload | undefined {
  if (end - at < 64) return refuse(STORE_PAYLOAD_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse(STORE_PAYLOAD_SITES, 2 /* version: constant */, at);
  if (bytes[at + 1] !== 1) return refuse(STORE_PAYLOAD_SITES, 3 /* payloadType: constant */, at + 1);
  const $reserved = ((bytes[at + 2]! >>> 3) & 31);
  if ($reserved !== 0) return refuse(STORE_PAYLOAD_SITES, 4 /* reserved: constant */, at + 2, $reserved);
  const $isPart = (((bytes[at + 2]! >>> 2) & 1) === 1);
  const $valueKind = bytes[at + 3]!;
  if (($valueKind < 0 || $valueKind > 2))
    return refuse(STORE_PAYLOAD_SITES, 5 /* valueKind: enum */, at + 3, $valueKind);
  let $chunk$is: ChunkPlace | undefined;
  let $$p1 = at + 64;
  if ((($valueKind as number) === 2)) {
    const $chunk$v = $takeChunkPlace(bytes, at + 64, end);
    if ($chunk$v === undefined) return within(STORE_PAYLOAD_SITES, 6 /* chunk: short */);
    const $chunk$e = next.at;
    $chunk$is = $chunk$v;
    $$p1 = $chunk$e;
  }
  let $part$is: PartPlace | undefined;
  let $$p2 = $$p1;
  if ($isPart) {
    const $part$v = $takePartPlace(bytes, $$p1, end);
    if ($part$v === undefined) return within(STORE_PAYLOAD_SITES, 7 /* part: short */);
    const $part$e = next.at;
    $part$is = $part$v;
    $$p2 = $part$e;
  }
  next.at = $$p2;
  return {
    reserved: ((bytes[at + 2]! >>> 3) & 31),
    isPart: $isPart,
    isFinal: (((bytes[at + 2]! >>> 1) & 1) === 1),
    isCached: ((bytes[at + 2]! & 1) === 1),
    valueKind: $valueKind as ValueKind,
    ttlSeconds: uint32At(bytes, at + 4),
    ageSeconds: uint32At(bytes, at + 8),
    publisher: new Uint8Array(next.buffer, next.base + at + 12, 20),
    dataSha256: new Uint8Array(next.buffer, next.base + at + 32, 32),
    chunk: $chunk$is,
    part: $part$is,
  };
}
function $putStorePayload(value: StorePayload, bytes: Uint8Array, at: number): number {
  requireObject(STORE_PAYLOAD_SITES$WRITTEN, 0 /* argument */, at, value);
  bytes[at] = 1;
  bytes[at + 1] = 1;
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 31) !== $reserved || $reserved !== 0)
    fail(STORE_PAYLOAD_SITES$WRITTEN, 1 /* reserved: constant */, at + 2, $reserved);
  const $isPart = value.isPart;
  if ($isPart !== true && $isPart !== false) fail(STORE_PAYLOAD_SITES$WRITTEN, 2 /* isPart: range */, at + 2, $isPart);
  const $isFinal = value.isFinal;
  if ($isFinal !== true && $isFinal !== false)
    fail(STORE_PAYLOAD_SITES$WRITTEN, 3 /* isFinal: range */, at + 2, $isFinal);
  const $isCached = value.isCached;
  if ($isCached !== true && $isCached !== false)
    fail(STORE_PAYLOAD_SITES$WRITTEN, 4 /* isCached: range */, at + 2, $isCached);
  const $isCached$bits = ($reserved << 3) | (($isPart ? 1 : 0) << 2) | (($isFinal ? 1 : 0) << 1) | ($isCached ? 1 : 0);
  bytes[at + 2] = $isCached$bits;
  const $valueKind = value.valueKind;
  if (typeof $valueKind !== "number" || ($valueKind & 255) !== $valueKind)
    fail(STORE_PAYLOAD_SITES$WRITTEN, 5 /* valueKind: range */, at + 3, $valueKind);
  if (($valueKind < 0 || $valueKind > 2))
    fail(STORE_PAYLOAD_SITES$WRITTEN, 6 /* valueKind: enum */, at + 3, $valueKind);
  bytes[at + 3] = $valueKind;
  const $ttlSeconds = value.ttlSeconds;
  if (typeof $ttlSeconds !== "number" || $ttlSeconds >>> 0 !== $ttlSeconds)
    fail(STORE_PAYLOAD_SITES$WRITTEN, 7 /* ttlSeconds: range */, at + 4, $ttlSeconds);
  bytes[at + 4] = $ttlSeconds >>> 24; bytes[at + 5] = $ttlSeconds >>> 16; bytes[at + 6] = $ttlSeconds >>> 8;
  bytes[at + 7] = $ttlSeconds;
  const $ageSeconds = value.ageSeconds;
  if (typeof $ageSeconds !== "number" || $ageSeconds >>> 0 !== $ageSeconds)
    fail(STORE_PAYLOAD_SITES$WRITTEN, 8 /* ageSeconds: range */, at + 8, $ageSeconds);
  bytes[at + 8] = $ageSeconds >>> 24; bytes[at + 9] = $ageSeconds >>> 16; bytes[at + 10] = $ageSeconds >>> 8;
  bytes[at + 11] = $ageSeconds;
  const $publisher = value.publisher;
  if (lengthOf($publisher) !== 20)
    failBytes(STORE_PAYLOAD_SITES$WRITTEN, 9 /* publisher: length */, at + 12, $publisher);
  bytes.set($publisher, at + 12);
  const $dataSha256 = value.dataSha256;
  if (lengthOf($dataSha256) !== 32)
    failBytes(STORE_PAYLOAD_SITES$WRITTEN, 10 /* dataSha256: length */, at + 32, $dataSha256);
  bytes.set($dataSha256, at + 32);
  let $$p1 = at + 64;
  if (((value.valueKind as number) === 2) !== (value.chunk !== undefined))
    fail(STORE_PAYLOAD_SITES$WRITTEN, 11 /* chunk: argument */, at + 64);
  if (value.chunk !== undefined) {
    let $chunk$e: number;
    try { $chunk$e = $putChunkPlace(value.chunk, bytes, at + 64);
    } catch (error) { throw inside(error, STORE_PAYLOAD_SITES$WRITTEN, 12 /* chunk: short */); }
    $$p1 = $chunk$e;
  }
  let $$p2 = $$p1;
  if (value.isPart !== (value.part !== undefined)) fail(STORE_PAYLOAD_SITES$WRITTEN, 13 /* part: argument */, $$p1);
  if (value.part !== undefined) {
    let $part$e: number;
    try { $part$e = $putPartPlace(value.part, bytes, $$p1);
    } catch (error) { throw inside(error, STORE_PAYLOAD_SITES$WRITTEN, 14 /* part: short */); }
    $$p2 = $part$e;
  }
  return $$p2;
}
function $sizeStorePayload(value: StorePayload): number {
  requireObject(STORE_PAYLOAD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 64;
  if (value.chunk !== undefined) {
    try { $$size += $sizeChunkPlace(value.chunk as ChunkPlace);
    } catch (error) { throw inside(error, STORE_PAYLOAD_SITES$WRITTEN, 12 /* chunk: short */); }
  }
  if (value.part !== undefined) {
    try { $$size += $sizePartPlace(value.part as PartPlace);
    } catch (error) { throw inside(error, STORE_PAYLOAD_SITES$WRITTEN, 14 /* part: short */); }
  }
  return $$size;
}

const FIND_PAYLOAD_SITES: Sites = {
  format: "dht_find_payload",
  file: "dht/payload.ksy",
  sites: [
    ["short", "", 27, "at least 11 bytes"],
    ["trailing", "", 27, ""],
    ["constant", "version", 31, "01"],
    ["constant", "payloadType", 32, "02"],
    ["constant", "reserved", 33, "0"],
    ["short", "dataSha256", 37, ""],
  ],
};
const FIND_PAYLOAD_SITES$WRITTEN: Sites = {
  format: "dht_find_payload",
  file: "dht/payload.ksy",
  sites: [
    ["argument", "", 27, "an object"],
    ["constant", "reserved", 33, "0"],
    ["range", "hasSha256", 34, "true or false"],
    ["range", "offset", 35, "0 to 4294967295"],
    ["range", "length", 36, "0 to 4294967295"],
    ["argument", "dataSha256", 37, "a value exactly where the spec's condition holds"],
    ["argument", "dataSha256", 37, "bytes"],
    ["length", "dataSha256", 37, "as many bytes as the spec says"],
  ],
};
/** Payload of FIND_VALUE and GET. Source: seeds/dps, DHT payloads. */
export interface FindPayload {
  reserved: number;
  hasSha256: boolean;
  /** Where in the value the answer begins. */
  offset: number;
  /** 0 for all that fits. */
  length: number;
  /** Other values under the key are not wanted. */
  dataSha256?: Uint8Array | undefined;
}
export const FIND_PAYLOAD_MIN_SIZE = 11;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const FIND_PAYLOAD_DEFAULTS = { reserved: 0 } as const;
function readFindPayload(bytes: Uint8Array, at: number, end: number): FindPayload | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(FIND_PAYLOAD_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeFindPayload(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(FIND_PAYLOAD_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no dht_find_payload. */
export function decodeFindPayload(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FindPayload {
  return readFindPayload(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFindPayload(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FindPayload> {
  const value = readFindPayload(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeFindPayload(value: FindPayload): NewBytes {
  try {
    const bytes = new Uint8Array($sizeFindPayload(value));
    $putFindPayload(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, FIND_PAYLOAD_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFindPayloadInto(value: FindPayload, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeFindPayload(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FIND_PAYLOAD_SITES$WRITTEN, need, bytes, at);
    return $putFindPayload(value, bytes, at);
  } catch (error) { throw foreign(error, FIND_PAYLOAD_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFindPayloadLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FIND_PAYLOAD_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end > at + 1 && bytes[at + 1] !== 2) return -1;
  if (end - at >= 3) {
    const $reserved = ((bytes[at + 2]! >>> 1) & 127);
    if ($reserved !== 0) return -1;
  }
  next.depth = 0;
  const behind = $skipFindPayload(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipFindPayload(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 11) return -1;
  const $hasSha256 = ((bytes[at + 2]! & 1) === 1);
  let $$p1 = at + 11;
  if ($hasSha256) {
    const $dataSha256$size = 32;
    $$p1 += $dataSha256$size;
  }
  return $$p1;
}
function $takeFindPayload(bytes: Uint8Array, at: number, end: number): FindPayload | undefined {
  if (end - at < 11) return refuse(FIND_PAYLOAD_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse(FIND_PAYLOAD_SITES, 2 /* version: constant */, at);
  if (bytes[at + 1] !== 2) return refuse(FIND_PAYLOAD_SITES, 3 /* payloadType: constant */, at + 1);
  const $reserved = ((bytes[at + 2]! >>> 1) & 127);
  if ($reserved !== 0) return refuse(FIND_PAYLOAD_SITES, 4 /* reserved: constant */, at + 2, $reserved);
  const $hasSha256 = ((bytes[at + 2]! & 1) === 1);
  let $dataSha256$is: Uint8Array | undefined;
  let $$p1 = at + 11;
  if ($hasSha256) {
    const $dataSha256$size = 32;
    if (!($dataSha256$size <= end - (at + 11)))
      return refuse(FIND_PAYLOAD_SITES, 5 /* dataSha256: short */, end,
        `${end - (at + 11)} of ${$dataSha256$size} bytes`);
    const $dataSha256$end = at + 11 + $dataSha256$size;
    $dataSha256$is = new Uint8Array(next.buffer, next.base + at + 11, $dataSha256$end - (at + 11));
    $$p1 = $dataSha256$end;
  }
  next.at = $$p1;
  return {
    reserved: ((bytes[at + 2]! >>> 1) & 127),
    hasSha256: $hasSha256,
    offset: uint32At(bytes, at + 3),
    length: uint32At(bytes, at + 7),
    dataSha256: $dataSha256$is,
  };
}
function $putFindPayload(value: FindPayload, bytes: Uint8Array, at: number): number {
  requireObject(FIND_PAYLOAD_SITES$WRITTEN, 0 /* argument */, at, value);
  bytes[at] = 1;
  bytes[at + 1] = 2;
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 127) !== $reserved || $reserved !== 0)
    fail(FIND_PAYLOAD_SITES$WRITTEN, 1 /* reserved: constant */, at + 2, $reserved);
  const $hasSha256 = value.hasSha256;
  if ($hasSha256 !== true && $hasSha256 !== false)
    fail(FIND_PAYLOAD_SITES$WRITTEN, 2 /* hasSha256: range */, at + 2, $hasSha256);
  const $hasSha256$bits = ($reserved << 1) | ($hasSha256 ? 1 : 0);
  bytes[at + 2] = $hasSha256$bits;
  const $offset = value.offset;
  if (typeof $offset !== "number" || $offset >>> 0 !== $offset)
    fail(FIND_PAYLOAD_SITES$WRITTEN, 3 /* offset: range */, at + 3, $offset);
  bytes[at + 3] = $offset >>> 24; bytes[at + 4] = $offset >>> 16; bytes[at + 5] = $offset >>> 8;
  bytes[at + 6] = $offset;
  const $length = value.length;
  if (typeof $length !== "number" || $length >>> 0 !== $length)
    fail(FIND_PAYLOAD_SITES$WRITTEN, 4 /* length: range */, at + 7, $length);
  bytes[at + 7] = $length >>> 24; bytes[at + 8] = $length >>> 16; bytes[at + 9] = $length >>> 8;
  bytes[at + 10] = $length;
  let $$p1 = at + 11;
  if (value.hasSha256 !== (value.dataSha256 !== undefined))
    fail(FIND_PAYLOAD_SITES$WRITTEN, 5 /* dataSha256: argument */, at + 11);
  if (value.dataSha256 !== undefined) {
    const $dataSha256$b = value.dataSha256;
    if (lengthOf($dataSha256$b) < 0)
      failBytes(FIND_PAYLOAD_SITES$WRITTEN, 6 /* dataSha256: argument */, at + 11, $dataSha256$b);
    bytes.set($dataSha256$b, at + 11);
    const $dataSha256$end = at + 11 + $dataSha256$b.length;
    if ($dataSha256$end - (at + 11) !== 32)
      fail(FIND_PAYLOAD_SITES$WRITTEN, 7 /* dataSha256: length */, at + 11, $dataSha256$end - (at + 11));
    $$p1 = $dataSha256$end;
  }
  return $$p1;
}
function $sizeFindPayload(value: FindPayload): number {
  requireObject(FIND_PAYLOAD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 11;
  if (value.dataSha256 !== undefined) {
    $$size += 32;
  }
  return $$size;
}

const VALUE_PAYLOAD_SITES: Sites = {
  format: "dht_value_payload",
  file: "dht/payload.ksy",
  sites: [
    ["short", "", 38, "at least 72 bytes"],
    ["trailing", "", 38, ""],
    ["constant", "version", 42, "01"],
    ["constant", "payloadType", 43, "03"],
    ["constant", "reserved", 44, "0"],
    ["enum", "valueKind", 49, "one of 0, 1, 2"],
    ["short", "chunk", 54, ""],
  ],
};
const VALUE_PAYLOAD_SITES$WRITTEN: Sites = {
  format: "dht_value_payload",
  file: "dht/payload.ksy",
  sites: [
    ["argument", "", 38, "an object"],
    ["constant", "reserved", 44, "0"],
    ["range", "isFinal", 45, "true or false"],
    ["range", "isCached", 46, "true or false"],
    ["range", "totalBytes", 47, "0 to 4294967295"],
    ["range", "offset", 48, "0 to 4294967295"],
    ["range", "valueKind", 49, "0 to 255"],
    ["enum", "valueKind", 49, "one of 0, 1, 2"],
    ["range", "ttlSeconds", 50, "0 to 4294967295"],
    ["range", "ageSeconds", 51, "0 to 4294967295"],
    ["length", "publisher", 52, "20 bytes"],
    ["length", "dataSha256", 53, "32 bytes"],
    ["argument", "chunk", 54, "a value exactly where the spec's condition holds"],
    ["short", "chunk", 54, ""],
  ],
};
/** Payload of VALUE. The key and the bytes are fields of the message. Source: seeds/dps, DHT payloads. */
export interface ValuePayload {
  reserved: number;
  /** The bytes reach to the end of the value. */
  isFinal: boolean;
  isCached: boolean;
  totalBytes: number;
  offset: number;
  valueKind: ValueKind;
  ttlSeconds: number;
  ageSeconds: number;
  publisher: Uint8Array;
  dataSha256: Uint8Array;
  chunk?: ChunkPlace | undefined;
}
export const VALUE_PAYLOAD_MIN_SIZE = 72;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const VALUE_PAYLOAD_DEFAULTS = { reserved: 0 } as const;
function readValuePayload(bytes: Uint8Array, at: number, end: number): ValuePayload | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(VALUE_PAYLOAD_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeValuePayload(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(VALUE_PAYLOAD_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no dht_value_payload. */
export function decodeValuePayload(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ValuePayload {
  return readValuePayload(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeValuePayload(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<ValuePayload> {
  const value = readValuePayload(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeValuePayload(value: ValuePayload): NewBytes {
  try {
    const bytes = new Uint8Array($sizeValuePayload(value));
    $putValuePayload(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, VALUE_PAYLOAD_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeValuePayloadInto(value: ValuePayload, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeValuePayload(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(VALUE_PAYLOAD_SITES$WRITTEN, need, bytes, at);
    return $putValuePayload(value, bytes, at);
  } catch (error) { throw foreign(error, VALUE_PAYLOAD_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekValuePayloadLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(VALUE_PAYLOAD_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end > at + 1 && bytes[at + 1] !== 3) return -1;
  if (end - at >= 3) {
    const $reserved = ((bytes[at + 2]! >>> 2) & 63);
    if ($reserved !== 0) return -1;
  }
  if (end - at >= 12) {
    const $valueKind = bytes[at + 11]!;
    if (($valueKind < 0 || $valueKind > 2)) return -1;
  }
  next.depth = 0;
  const behind = $skipValuePayload(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipValuePayload(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 72) return -1;
  const $valueKind = bytes[at + 11]!;
  if (($valueKind < 0 || $valueKind > 2)) return -2;
  let $$p1 = at + 72;
  if ((($valueKind as number) === 2)) {
    $$p1 = $skipChunkPlace(bytes, $$p1, end);
    if ($$p1 < 0) return $$p1;
  }
  return $$p1;
}
function $takeValuePayload(bytes: Uint8Array, at: number, end: number): ValuePayload | undefined {
  if (end - at < 72) return refuse(VALUE_PAYLOAD_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse(VALUE_PAYLOAD_SITES, 2 /* version: constant */, at);
  if (bytes[at + 1] !== 3) return refuse(VALUE_PAYLOAD_SITES, 3 /* payloadType: constant */, at + 1);
  const $reserved = ((bytes[at + 2]! >>> 2) & 63);
  if ($reserved !== 0) return refuse(VALUE_PAYLOAD_SITES, 4 /* reserved: constant */, at + 2, $reserved);
  const $valueKind = bytes[at + 11]!;
  if (($valueKind < 0 || $valueKind > 2))
    return refuse(VALUE_PAYLOAD_SITES, 5 /* valueKind: enum */, at + 11, $valueKind);
  let $chunk$is: ChunkPlace | undefined;
  let $$p1 = at + 72;
  if ((($valueKind as number) === 2)) {
    const $chunk$v = $takeChunkPlace(bytes, at + 72, end);
    if ($chunk$v === undefined) return within(VALUE_PAYLOAD_SITES, 6 /* chunk: short */);
    const $chunk$e = next.at;
    $chunk$is = $chunk$v;
    $$p1 = $chunk$e;
  }
  next.at = $$p1;
  return {
    reserved: ((bytes[at + 2]! >>> 2) & 63),
    isFinal: (((bytes[at + 2]! >>> 1) & 1) === 1),
    isCached: ((bytes[at + 2]! & 1) === 1),
    totalBytes: uint32At(bytes, at + 3),
    offset: uint32At(bytes, at + 7),
    valueKind: $valueKind as ValueKind,
    ttlSeconds: uint32At(bytes, at + 12),
    ageSeconds: uint32At(bytes, at + 16),
    publisher: new Uint8Array(next.buffer, next.base + at + 20, 20),
    dataSha256: new Uint8Array(next.buffer, next.base + at + 40, 32),
    chunk: $chunk$is,
  };
}
function $putValuePayload(value: ValuePayload, bytes: Uint8Array, at: number): number {
  requireObject(VALUE_PAYLOAD_SITES$WRITTEN, 0 /* argument */, at, value);
  bytes[at] = 1;
  bytes[at + 1] = 3;
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 63) !== $reserved || $reserved !== 0)
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 1 /* reserved: constant */, at + 2, $reserved);
  const $isFinal = value.isFinal;
  if ($isFinal !== true && $isFinal !== false)
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 2 /* isFinal: range */, at + 2, $isFinal);
  const $isCached = value.isCached;
  if ($isCached !== true && $isCached !== false)
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 3 /* isCached: range */, at + 2, $isCached);
  const $isCached$bits = ($reserved << 2) | (($isFinal ? 1 : 0) << 1) | ($isCached ? 1 : 0);
  bytes[at + 2] = $isCached$bits;
  const $totalBytes = value.totalBytes;
  if (typeof $totalBytes !== "number" || $totalBytes >>> 0 !== $totalBytes)
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 4 /* totalBytes: range */, at + 3, $totalBytes);
  bytes[at + 3] = $totalBytes >>> 24; bytes[at + 4] = $totalBytes >>> 16; bytes[at + 5] = $totalBytes >>> 8;
  bytes[at + 6] = $totalBytes;
  const $offset = value.offset;
  if (typeof $offset !== "number" || $offset >>> 0 !== $offset)
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 5 /* offset: range */, at + 7, $offset);
  bytes[at + 7] = $offset >>> 24; bytes[at + 8] = $offset >>> 16; bytes[at + 9] = $offset >>> 8;
  bytes[at + 10] = $offset;
  const $valueKind = value.valueKind;
  if (typeof $valueKind !== "number" || ($valueKind & 255) !== $valueKind)
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 6 /* valueKind: range */, at + 11, $valueKind);
  if (($valueKind < 0 || $valueKind > 2))
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 7 /* valueKind: enum */, at + 11, $valueKind);
  bytes[at + 11] = $valueKind;
  const $ttlSeconds = value.ttlSeconds;
  if (typeof $ttlSeconds !== "number" || $ttlSeconds >>> 0 !== $ttlSeconds)
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 8 /* ttlSeconds: range */, at + 12, $ttlSeconds);
  bytes[at + 12] = $ttlSeconds >>> 24; bytes[at + 13] = $ttlSeconds >>> 16; bytes[at + 14] = $ttlSeconds >>> 8;
  bytes[at + 15] = $ttlSeconds;
  const $ageSeconds = value.ageSeconds;
  if (typeof $ageSeconds !== "number" || $ageSeconds >>> 0 !== $ageSeconds)
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 9 /* ageSeconds: range */, at + 16, $ageSeconds);
  bytes[at + 16] = $ageSeconds >>> 24; bytes[at + 17] = $ageSeconds >>> 16; bytes[at + 18] = $ageSeconds >>> 8;
  bytes[at + 19] = $ageSeconds;
  const $publisher = value.publisher;
  if (lengthOf($publisher) !== 20)
    failBytes(VALUE_PAYLOAD_SITES$WRITTEN, 10 /* publisher: length */, at + 20, $publisher);
  bytes.set($publisher, at + 20);
  const $dataSha256 = value.dataSha256;
  if (lengthOf($dataSha256) !== 32)
    failBytes(VALUE_PAYLOAD_SITES$WRITTEN, 11 /* dataSha256: length */, at + 40, $dataSha256);
  bytes.set($dataSha256, at + 40);
  let $$p1 = at + 72;
  if (((value.valueKind as number) === 2) !== (value.chunk !== undefined))
    fail(VALUE_PAYLOAD_SITES$WRITTEN, 12 /* chunk: argument */, at + 72);
  if (value.chunk !== undefined) {
    let $chunk$e: number;
    try { $chunk$e = $putChunkPlace(value.chunk, bytes, at + 72);
    } catch (error) { throw inside(error, VALUE_PAYLOAD_SITES$WRITTEN, 13 /* chunk: short */); }
    $$p1 = $chunk$e;
  }
  return $$p1;
}
function $sizeValuePayload(value: ValuePayload): number {
  requireObject(VALUE_PAYLOAD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 72;
  if (value.chunk !== undefined) {
    try { $$size += $sizeChunkPlace(value.chunk as ChunkPlace);
    } catch (error) { throw inside(error, VALUE_PAYLOAD_SITES$WRITTEN, 13 /* chunk: short */); }
  }
  return $$size;
}

const CHUNK_PLACE_SITES: Sites = {
  format: "dht_chunk_place",
  file: "dht/payload.ksy",
  sites: [
    ["short", "", 55, "36 bytes"],
  ],
};
const CHUNK_PLACE_SITES$WRITTEN: Sites = {
  format: "dht_chunk_place",
  file: "dht/payload.ksy",
  sites: [
    ["argument", "", 55, "an object"],
    ["length", "parent", 58, "32 bytes"],
    ["range", "chunkIndex", 59, "0 to 4294967295"],
  ],
};
/** Of which file a chunk is a part. */
export interface ChunkPlace {
  /** SHA-256 of the file. */
  parent: Uint8Array;
  chunkIndex: number;
}
function $skipChunkPlace(_bytes: Uint8Array, at: number, _end: number): number {
  return at + 36;
}
function $takeChunkPlace(bytes: Uint8Array, at: number, end: number): ChunkPlace | undefined {
  if (end - at < 36) return refuse(CHUNK_PLACE_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 36;
  return {
    parent: new Uint8Array(next.buffer, next.base + at, 32),
    chunkIndex: uint32At(bytes, at + 32),
  };
}
function $putChunkPlace(value: ChunkPlace, bytes: Uint8Array, at: number): number {
  requireObject(CHUNK_PLACE_SITES$WRITTEN, 0 /* argument */, at, value);
  const $parent = value.parent;
  if (lengthOf($parent) !== 32) failBytes(CHUNK_PLACE_SITES$WRITTEN, 1 /* parent: length */, at, $parent);
  bytes.set($parent, at);
  const $chunkIndex = value.chunkIndex;
  if (typeof $chunkIndex !== "number" || $chunkIndex >>> 0 !== $chunkIndex)
    fail(CHUNK_PLACE_SITES$WRITTEN, 2 /* chunkIndex: range */, at + 32, $chunkIndex);
  bytes[at + 32] = $chunkIndex >>> 24; bytes[at + 33] = $chunkIndex >>> 16; bytes[at + 34] = $chunkIndex >>> 8;
  bytes[at + 35] = $chunkIndex;
  return at + 36;
}
function $sizeChunkPlace(_value: ChunkPlace): number { return 36; }

const PART_PLACE_SITES: Sites = {
  format: "dht_part_place",
  file: "dht/payload.ksy",
  sites: [
    ["short", "", 60, "8 bytes"],
  ],
};
const PART_PLACE_SITES$WRITTEN: Sites = {
  format: "dht_part_place",
  file: "dht/payload.ksy",
  sites: [
    ["argument", "", 60, "an object"],
    ["range", "totalBytes", 62, "0 to 4294967295"],
    ["range", "offset", 63, "0 to 4294967295"],
  ],
};
export interface PartPlace {
  /** Bytes of the whole value. */
  totalBytes: number;
  offset: number;
}
function $skipPartPlace(_bytes: Uint8Array, at: number, _end: number): number {
  return at + 8;
}
function $takePartPlace(bytes: Uint8Array, at: number, end: number): PartPlace | undefined {
  if (end - at < 8) return refuse(PART_PLACE_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 8;
  return {
    totalBytes: uint32At(bytes, at),
    offset: uint32At(bytes, at + 4),
  };
}
function $putPartPlace(value: PartPlace, bytes: Uint8Array, at: number): number {
  requireObject(PART_PLACE_SITES$WRITTEN, 0 /* argument */, at, value);
  const $totalBytes = value.totalBytes;
  if (typeof $totalBytes !== "number" || $totalBytes >>> 0 !== $totalBytes)
    fail(PART_PLACE_SITES$WRITTEN, 1 /* totalBytes: range */, at, $totalBytes);
  bytes[at] = $totalBytes >>> 24; bytes[at + 1] = $totalBytes >>> 16; bytes[at + 2] = $totalBytes >>> 8;
  bytes[at + 3] = $totalBytes;
  const $offset = value.offset;
  if (typeof $offset !== "number" || $offset >>> 0 !== $offset)
    fail(PART_PLACE_SITES$WRITTEN, 2 /* offset: range */, at + 4, $offset);
  bytes[at + 4] = $offset >>> 24; bytes[at + 5] = $offset >>> 16; bytes[at + 6] = $offset >>> 8;
  bytes[at + 7] = $offset;
  return at + 8;
}
function $sizePartPlace(_value: PartPlace): number { return 8; }

