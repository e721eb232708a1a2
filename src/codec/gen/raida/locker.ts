// Generated from raida/locker.ksy by `specwire gen`; do not edit. spec sha256 9a6614a8b41ea70cc18db57b9581876484f00b53a73936bd8eb8d0f392417989
/**
 * RAIDA command group 8: coins under one key. Whole plaintext bodies. A locker is the coins whose AN is its key.
 * Encryption type 2 names the key of a request by its first five bytes; that is how the request is encrypted, and says
 * nothing of the locker that it is about.
 */
import { type NewBytes, type Result, type Sites, crc32, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuse, refuseRange, uint32At } from "../../index.js";
import type { CoinId } from "./common.js";

const STORE_SUM_REQUEST_SITES: Sites = {
  format: "raida_store_sum_request",
  file: "raida/locker.ksy",
  sites: [
    ["short", "", 11, "at least 55 bytes"],
    ["crc", "challengeCrc", 16, "the CRC-32 of challenge"],
    ["divisible", "coins", 17, "a multiple of 5 bytes"],
    ["count", "coins", 17, "at least 1 items"],
    ["constant", "trailer", 20, "3e 3e"],
  ],
};
const STORE_SUM_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_store_sum_request",
  file: "raida/locker.ksy",
  sites: [
    ["count", "coins", 17, "at least 1 items"],
    ["argument", "", 11, "an object"],
    ["length", "challenge", 15, "12 bytes"],
    ["argument", "coins[*]", 11, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:11", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:12", "0 to 4294967295"],
    ["length", "sum", 18, "16 bytes"],
    ["length", "lockerKey", 19, "16 bytes"],
  ],
};
/** Source: seeds/raida, command 8/82. */
export interface StoreSumRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  coins: CoinId[];
  /** XOR of the coins' authenticity numbers (SU). */
  sum: Uint8Array;
  /** The new AN of every coin; ends in FF FF FF FF. */
  lockerKey: Uint8Array;
}
export const STORE_SUM_REQUEST_MIN_SIZE = 55;
function readStoreSumRequest(bytes: Uint8Array, at: number, end: number): StoreSumRequest | undefined {
  if (end - at < 50 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(STORE_SUM_REQUEST_SITES, 0 /* short */, 50, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(STORE_SUM_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $coins$count = ((end - at - 50) / 5) | 0;
  if ($coins$count * 5 !== end - at - 50)
    return refuse(STORE_SUM_REQUEST_SITES, 2 /* coins: divisible */, at + 16, end - at - 50);
  if ($coins$count < 1) return refuse(STORE_SUM_REQUEST_SITES, 3 /* coins: count */, at + 16, $coins$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(STORE_SUM_REQUEST_SITES, 4 /* trailer: constant */, end - 2);
  const $coins = new Array<CoinId>($coins$count);
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 5)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    coins: $coins,
    sum: new Uint8Array(bytes.buffer, bytes.byteOffset + end - 34, 16),
    lockerKey: new Uint8Array(bytes.buffer, bytes.byteOffset + end - 18, 16),
  };
}
/** @throws WireError when the bytes are no raida_store_sum_request. */
export function decodeStoreSumRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): StoreSumRequest {
  return readStoreSumRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeStoreSumRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<StoreSumRequest> {
  const value = readStoreSumRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function storeSumRequestLength(value: StoreSumRequest): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(STORE_SUM_REQUEST_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 50 + 5 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeStoreSumRequest(value: StoreSumRequest): NewBytes {
  const bytes = new Uint8Array(storeSumRequestLength(value));
  encodeStoreSumRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeStoreSumRequestInto(value: StoreSumRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(STORE_SUM_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 1)
    fail(STORE_SUM_REQUEST_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 50 + 5 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(STORE_SUM_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(STORE_SUM_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 5) {
    const item = $coins[i]!;
    if (!item) fail(STORE_SUM_REQUEST_SITES$WRITTEN, 3 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(STORE_SUM_REQUEST_SITES$WRITTEN,
        4 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(STORE_SUM_REQUEST_SITES$WRITTEN, 5 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
  }
  const $$p1 = at + 16 + 5 * $coins$count;
  const $sum = value.sum;
  if (lengthOf($sum) !== 16) failBytes(STORE_SUM_REQUEST_SITES$WRITTEN, 6 /* sum: length */, $$p1, $sum);
  bytes[$$p1] = $sum[0]!; bytes[$$p1 + 1] = $sum[1]!; bytes[$$p1 + 2] = $sum[2]!; bytes[$$p1 + 3] = $sum[3]!;
  bytes[$$p1 + 4] = $sum[4]!; bytes[$$p1 + 5] = $sum[5]!; bytes[$$p1 + 6] = $sum[6]!; bytes[$$p1 + 7] = $sum[7]!;
  bytes[$$p1 + 8] = $sum[8]!; bytes[$$p1 + 9] = $sum[9]!; bytes[$$p1 + 10] = $sum[10]!; bytes[$$p1 + 11] = $sum[11]!;
  bytes[$$p1 + 12] = $sum[12]!; bytes[$$p1 + 13] = $sum[13]!; bytes[$$p1 + 14] = $sum[14]!;
  bytes[$$p1 + 15] = $sum[15]!;
  const $lockerKey = value.lockerKey;
  if (lengthOf($lockerKey) !== 16)
    failBytes(STORE_SUM_REQUEST_SITES$WRITTEN, 7 /* lockerKey: length */, $$p1 + 16, $lockerKey);
  bytes[$$p1 + 16] = $lockerKey[0]!; bytes[$$p1 + 17] = $lockerKey[1]!; bytes[$$p1 + 18] = $lockerKey[2]!;
  bytes[$$p1 + 19] = $lockerKey[3]!; bytes[$$p1 + 20] = $lockerKey[4]!; bytes[$$p1 + 21] = $lockerKey[5]!;
  bytes[$$p1 + 22] = $lockerKey[6]!; bytes[$$p1 + 23] = $lockerKey[7]!; bytes[$$p1 + 24] = $lockerKey[8]!;
  bytes[$$p1 + 25] = $lockerKey[9]!; bytes[$$p1 + 26] = $lockerKey[10]!; bytes[$$p1 + 27] = $lockerKey[11]!;
  bytes[$$p1 + 28] = $lockerKey[12]!; bytes[$$p1 + 29] = $lockerKey[13]!; bytes[$$p1 + 30] = $lockerKey[14]!;
  bytes[$$p1 + 31] = $lockerKey[15]!;
  bytes[$$p1 + 32] = 62; bytes[$$p1 + 33] = 62;
  return at + need;
}

const PEEK_REQUEST_SITES: Sites = {
  format: "raida_peek_request",
  file: "raida/locker.ksy",
  sites: [
    ["short", "", 21, "34 bytes"],
    ["crc", "challengeCrc", 25, "the CRC-32 of challenge"],
    ["constant", "trailer", 27, "3e 3e"],
  ],
};
const PEEK_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_peek_request",
  file: "raida/locker.ksy",
  sites: [
    ["argument", "", 21, "an object"],
    ["length", "challenge", 24, "12 bytes"],
    ["length", "lockerKey", 26, "16 bytes"],
  ],
};
/** Source: seeds/raida, command 8/83. */
export interface PeekRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** The key of the locker to look into. */
  lockerKey: Uint8Array;
}
export const PEEK_REQUEST_SIZE = 34;
function readPeekRequest(bytes: Uint8Array, at: number, end: number): PeekRequest | undefined {
  if (end - at !== 34 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(PEEK_REQUEST_SITES, 0 /* short */, 34, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(PEEK_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  if (bytes[at + 32] !== 62 || bytes[at + 33] !== 62)
    return refuse(PEEK_REQUEST_SITES, 2 /* trailer: constant */, at + 32);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    lockerKey: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, 16),
  };
}
/** @throws WireError when the bytes are no raida_peek_request. */
export function decodePeekRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): PeekRequest {
  return readPeekRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePeekRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<PeekRequest> {
  const value = readPeekRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodePeekRequest(value: PeekRequest): NewBytes {
  const bytes = new Uint8Array(34);
  encodePeekRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePeekRequestInto(value: PeekRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(PEEK_REQUEST_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 34 || at >>> 0 !== at) failSpace(PEEK_REQUEST_SITES$WRITTEN, 34, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(PEEK_REQUEST_SITES$WRITTEN, 1 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  const $lockerKey = value.lockerKey;
  if (lengthOf($lockerKey) !== 16)
    failBytes(PEEK_REQUEST_SITES$WRITTEN, 2 /* lockerKey: length */, at + 16, $lockerKey);
  bytes[at + 16] = $lockerKey[0]!; bytes[at + 17] = $lockerKey[1]!; bytes[at + 18] = $lockerKey[2]!;
  bytes[at + 19] = $lockerKey[3]!; bytes[at + 20] = $lockerKey[4]!; bytes[at + 21] = $lockerKey[5]!;
  bytes[at + 22] = $lockerKey[6]!; bytes[at + 23] = $lockerKey[7]!; bytes[at + 24] = $lockerKey[8]!;
  bytes[at + 25] = $lockerKey[9]!; bytes[at + 26] = $lockerKey[10]!; bytes[at + 27] = $lockerKey[11]!;
  bytes[at + 28] = $lockerKey[12]!; bytes[at + 29] = $lockerKey[13]!; bytes[at + 30] = $lockerKey[14]!;
  bytes[at + 31] = $lockerKey[15]!;
  bytes[at + 32] = 62; bytes[at + 33] = 62;
  return at + 34;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekPeekRequestLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(PEEK_REQUEST_SITES, bytes, at, end);
  if ((end > at + 32 && bytes[at + 32] !== 62) || (end > at + 33 && bytes[at + 33] !== 62)) return -1;
  return 34;
}

const PEEK_REPLY_SITES: Sites = {
  format: "raida_peek_reply",
  file: "raida/locker.ksy",
  sites: [
    ["short", "", 28, "at least 2 bytes"],
    ["divisible", "coins", 32, "a multiple of 5 bytes"],
    ["constant", "trailer", 33, "3e 3e"],
  ],
};
const PEEK_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_peek_reply",
  file: "raida/locker.ksy",
  sites: [
    ["count", "coins", 32, "at least 0 items"],
    ["argument", "", 28, "an object"],
    ["argument", "coins[*]", 28, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:11", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:12", "0 to 4294967295"],
  ],
};
/** Source: seeds/raida, command 8/83. */
export interface PeekReply {
  coins: CoinId[];
}
export const PEEK_REPLY_MIN_SIZE = 2;
function readPeekReply(bytes: Uint8Array, at: number, end: number): PeekReply | undefined {
  if (end - at < 2 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(PEEK_REPLY_SITES, 0 /* short */, 2, bytes, at, end);
  }
  const $coins$count = ((end - at - 2) / 5) | 0;
  if ($coins$count * 5 !== end - at - 2) return refuse(PEEK_REPLY_SITES, 1 /* coins: divisible */, at, end - at - 2);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(PEEK_REPLY_SITES, 2 /* trailer: constant */, end - 2);
  const $coins = new Array<CoinId>($coins$count);
  for (let i = 0, p = at; i < $coins$count; i++, p += 5)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1) };
  return {
    coins: $coins,
  };
}
/** @throws WireError when the bytes are no raida_peek_reply. */
export function decodePeekReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): PeekReply {
  return readPeekReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePeekReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<PeekReply> {
  const value = readPeekReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function peekReplyLength(value: PeekReply): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(PEEK_REPLY_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 2 + 5 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodePeekReply(value: PeekReply): NewBytes {
  const bytes = new Uint8Array(peekReplyLength(value));
  encodePeekReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePeekReplyInto(value: PeekReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(PEEK_REPLY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(PEEK_REPLY_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 2 + 5 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(PEEK_REPLY_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, p = at; i < $coins$count; i++, p += 5) {
    const item = $coins[i]!;
    if (!item) fail(PEEK_REPLY_SITES$WRITTEN, 2 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(PEEK_REPLY_SITES$WRITTEN,
        3 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(PEEK_REPLY_SITES$WRITTEN, 4 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
  }
  const $$p1 = at + 5 * $coins$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

