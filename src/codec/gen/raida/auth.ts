// Generated from raida/auth.ksy by `specwire gen`; do not edit. spec sha256 27c1ab3421b38e387afbed8f6729d4eaff3203d9ed97bac3c88eb1125917b814
/**
 * RAIDA command group 1: detect and pown coins. Whole plaintext bodies. All-pass and all-fail are answered by a header
 * alone.
 */
import { type NewBytes, type Result, type Sites, crc32, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuse, refuseRange, uint32At } from "../../index.js";
import type { CoinAn, CoinAnPan, CoinId } from "./common.js";

const DETECT_REQUEST_SITES: Sites = {
  format: "raida_detect_request",
  file: "raida/auth.ksy",
  sites: [
    ["short", "", 9, "at least 39 bytes"],
    ["crc", "challengeCrc", 14, "the CRC-32 of challenge"],
    ["divisible", "coins", 15, "a multiple of 21 bytes"],
    ["count", "coins", 15, "at least 1 items"],
    ["constant", "trailer", 16, "3e 3e"],
  ],
};
const DETECT_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_detect_request",
  file: "raida/auth.ksy",
  sites: [
    ["count", "coins", 15, "at least 1 items"],
    ["argument", "", 9, "an object"],
    ["length", "challenge", 13, "12 bytes"],
    ["argument", "coins[*]", 9, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:16", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:17", "0 to 4294967295"],
    ["length", "coins[*].an", "raida/common.ksy:18", "16 bytes"],
  ],
};
/** Source: seeds/raida, command 1/10. */
export interface DetectRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  coins: CoinAn[];
}
export const DETECT_REQUEST_MIN_SIZE = 39;
function readDetectRequest(bytes: Uint8Array, at: number, end: number): DetectRequest | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(DETECT_REQUEST_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(DETECT_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $coins$count = ((end - at - 18) / 21) | 0;
  if ($coins$count * 21 !== end - at - 18)
    return refuse(DETECT_REQUEST_SITES, 2 /* coins: divisible */, at + 16, end - at - 18);
  if ($coins$count < 1) return refuse(DETECT_REQUEST_SITES, 3 /* coins: count */, at + 16, $coins$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(DETECT_REQUEST_SITES, 4 /* trailer: constant */, end - 2);
  const $coins$buffer = bytes.buffer, $coins$base = bytes.byteOffset;
  const $coins = new Array<CoinAn>($coins$count);
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 21)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1),
      an: new Uint8Array($coins$buffer, $coins$base + p + 5, 16) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    coins: $coins,
  };
}
/** @throws WireError when the bytes are no raida_detect_request. */
export function decodeDetectRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): DetectRequest {
  return readDetectRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeDetectRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<DetectRequest> {
  const value = readDetectRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function detectRequestLength(value: DetectRequest): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(DETECT_REQUEST_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 18 + 21 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeDetectRequest(value: DetectRequest): NewBytes {
  const bytes = new Uint8Array(detectRequestLength(value));
  encodeDetectRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeDetectRequestInto(value: DetectRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(DETECT_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 1)
    fail(DETECT_REQUEST_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 18 + 21 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(DETECT_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(DETECT_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 21) {
    const item = $coins[i]!;
    if (!item) fail(DETECT_REQUEST_SITES$WRITTEN, 3 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(DETECT_REQUEST_SITES$WRITTEN,
        4 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(DETECT_REQUEST_SITES$WRITTEN, 5 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
    const $coins$item_an = item.an;
    if (lengthOf($coins$item_an) !== 16)
      failBytes(DETECT_REQUEST_SITES$WRITTEN, 6 /* coins[*].an: length */, p + 5, $coins$item_an, i);
    bytes[p + 5] = $coins$item_an[0]!; bytes[p + 6] = $coins$item_an[1]!; bytes[p + 7] = $coins$item_an[2]!;
    bytes[p + 8] = $coins$item_an[3]!; bytes[p + 9] = $coins$item_an[4]!; bytes[p + 10] = $coins$item_an[5]!;
    bytes[p + 11] = $coins$item_an[6]!; bytes[p + 12] = $coins$item_an[7]!; bytes[p + 13] = $coins$item_an[8]!;
    bytes[p + 14] = $coins$item_an[9]!; bytes[p + 15] = $coins$item_an[10]!; bytes[p + 16] = $coins$item_an[11]!;
    bytes[p + 17] = $coins$item_an[12]!; bytes[p + 18] = $coins$item_an[13]!; bytes[p + 19] = $coins$item_an[14]!;
    bytes[p + 20] = $coins$item_an[15]!;
  }
  const $$p1 = at + 16 + 21 * $coins$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

const DETECT_SUM_REQUEST_SITES: Sites = {
  format: "raida_detect_sum_request",
  file: "raida/auth.ksy",
  sites: [
    ["short", "", 17, "at least 39 bytes"],
    ["crc", "challengeCrc", 22, "the CRC-32 of challenge"],
    ["divisible", "coins", 23, "a multiple of 5 bytes"],
    ["count", "coins", 23, "at least 1 items"],
    ["constant", "trailer", 25, "3e 3e"],
  ],
};
const DETECT_SUM_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_detect_sum_request",
  file: "raida/auth.ksy",
  sites: [
    ["count", "coins", 23, "at least 1 items"],
    ["argument", "", 17, "an object"],
    ["length", "challenge", 21, "12 bytes"],
    ["argument", "coins[*]", 17, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:11", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:12", "0 to 4294967295"],
    ["length", "sum", 24, "16 bytes"],
  ],
};
/** Source: seeds/raida, command 1/11. */
export interface DetectSumRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  coins: CoinId[];
  /** XOR of the coins' authenticity numbers (SU). */
  sum: Uint8Array;
}
export const DETECT_SUM_REQUEST_MIN_SIZE = 39;
function readDetectSumRequest(bytes: Uint8Array, at: number, end: number): DetectSumRequest | undefined {
  if (end - at < 34 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(DETECT_SUM_REQUEST_SITES, 0 /* short */, 34, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(DETECT_SUM_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $coins$count = ((end - at - 34) / 5) | 0;
  if ($coins$count * 5 !== end - at - 34)
    return refuse(DETECT_SUM_REQUEST_SITES, 2 /* coins: divisible */, at + 16, end - at - 34);
  if ($coins$count < 1) return refuse(DETECT_SUM_REQUEST_SITES, 3 /* coins: count */, at + 16, $coins$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(DETECT_SUM_REQUEST_SITES, 4 /* trailer: constant */, end - 2);
  const $coins = new Array<CoinId>($coins$count);
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 5)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    coins: $coins,
    sum: new Uint8Array(bytes.buffer, bytes.byteOffset + end - 18, 16),
  };
}
/** @throws WireError when the bytes are no raida_detect_sum_request. */
export function decodeDetectSumRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): DetectSumRequest {
  return readDetectSumRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeDetectSumRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<DetectSumRequest> {
  const value = readDetectSumRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function detectSumRequestLength(value: DetectSumRequest): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(DETECT_SUM_REQUEST_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 34 + 5 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeDetectSumRequest(value: DetectSumRequest): NewBytes {
  const bytes = new Uint8Array(detectSumRequestLength(value));
  encodeDetectSumRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeDetectSumRequestInto(value: DetectSumRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(DETECT_SUM_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 1)
    fail(DETECT_SUM_REQUEST_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 34 + 5 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(DETECT_SUM_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(DETECT_SUM_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 5) {
    const item = $coins[i]!;
    if (!item) fail(DETECT_SUM_REQUEST_SITES$WRITTEN, 3 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(DETECT_SUM_REQUEST_SITES$WRITTEN,
        4 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(DETECT_SUM_REQUEST_SITES$WRITTEN, 5 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
  }
  const $$p1 = at + 16 + 5 * $coins$count;
  const $sum = value.sum;
  if (lengthOf($sum) !== 16) failBytes(DETECT_SUM_REQUEST_SITES$WRITTEN, 6 /* sum: length */, $$p1, $sum);
  bytes[$$p1] = $sum[0]!; bytes[$$p1 + 1] = $sum[1]!; bytes[$$p1 + 2] = $sum[2]!; bytes[$$p1 + 3] = $sum[3]!;
  bytes[$$p1 + 4] = $sum[4]!; bytes[$$p1 + 5] = $sum[5]!; bytes[$$p1 + 6] = $sum[6]!; bytes[$$p1 + 7] = $sum[7]!;
  bytes[$$p1 + 8] = $sum[8]!; bytes[$$p1 + 9] = $sum[9]!; bytes[$$p1 + 10] = $sum[10]!; bytes[$$p1 + 11] = $sum[11]!;
  bytes[$$p1 + 12] = $sum[12]!; bytes[$$p1 + 13] = $sum[13]!; bytes[$$p1 + 14] = $sum[14]!;
  bytes[$$p1 + 15] = $sum[15]!;
  bytes[$$p1 + 16] = 62; bytes[$$p1 + 17] = 62;
  return at + need;
}

const POWN_REQUEST_SITES: Sites = {
  format: "raida_pown_request",
  file: "raida/auth.ksy",
  sites: [
    ["short", "", 26, "at least 55 bytes"],
    ["crc", "challengeCrc", 31, "the CRC-32 of challenge"],
    ["divisible", "coins", 32, "a multiple of 37 bytes"],
    ["count", "coins", 32, "at least 1 items"],
    ["constant", "trailer", 33, "3e 3e"],
  ],
};
const POWN_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_pown_request",
  file: "raida/auth.ksy",
  sites: [
    ["count", "coins", 32, "at least 1 items"],
    ["argument", "", 26, "an object"],
    ["length", "challenge", 30, "12 bytes"],
    ["argument", "coins[*]", 26, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:22", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:23", "0 to 4294967295"],
    ["length", "coins[*].an", "raida/common.ksy:24", "16 bytes"],
    ["length", "coins[*].pan", "raida/common.ksy:25", "16 bytes"],
  ],
};
/** Source: seeds/raida, command 1/20. */
export interface PownRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  coins: CoinAnPan[];
}
export const POWN_REQUEST_MIN_SIZE = 55;
function readPownRequest(bytes: Uint8Array, at: number, end: number): PownRequest | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(POWN_REQUEST_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(POWN_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $coins$count = ((end - at - 18) / 37) | 0;
  if ($coins$count * 37 !== end - at - 18)
    return refuse(POWN_REQUEST_SITES, 2 /* coins: divisible */, at + 16, end - at - 18);
  if ($coins$count < 1) return refuse(POWN_REQUEST_SITES, 3 /* coins: count */, at + 16, $coins$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(POWN_REQUEST_SITES, 4 /* trailer: constant */, end - 2);
  const $coins$buffer = bytes.buffer, $coins$base = bytes.byteOffset;
  const $coins = new Array<CoinAnPan>($coins$count);
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 37)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1),
      an: new Uint8Array($coins$buffer, $coins$base + p + 5, 16),
      pan: new Uint8Array($coins$buffer, $coins$base + p + 21, 16) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    coins: $coins,
  };
}
/** @throws WireError when the bytes are no raida_pown_request. */
export function decodePownRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): PownRequest {
  return readPownRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePownRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<PownRequest> {
  const value = readPownRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function pownRequestLength(value: PownRequest): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(POWN_REQUEST_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 18 + 37 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodePownRequest(value: PownRequest): NewBytes {
  const bytes = new Uint8Array(pownRequestLength(value));
  encodePownRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePownRequestInto(value: PownRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(POWN_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 1)
    fail(POWN_REQUEST_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 18 + 37 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(POWN_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(POWN_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 37) {
    const item = $coins[i]!;
    if (!item) fail(POWN_REQUEST_SITES$WRITTEN, 3 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(POWN_REQUEST_SITES$WRITTEN,
        4 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(POWN_REQUEST_SITES$WRITTEN, 5 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
    const $coins$item_an = item.an;
    if (lengthOf($coins$item_an) !== 16)
      failBytes(POWN_REQUEST_SITES$WRITTEN, 6 /* coins[*].an: length */, p + 5, $coins$item_an, i);
    bytes[p + 5] = $coins$item_an[0]!; bytes[p + 6] = $coins$item_an[1]!; bytes[p + 7] = $coins$item_an[2]!;
    bytes[p + 8] = $coins$item_an[3]!; bytes[p + 9] = $coins$item_an[4]!; bytes[p + 10] = $coins$item_an[5]!;
    bytes[p + 11] = $coins$item_an[6]!; bytes[p + 12] = $coins$item_an[7]!; bytes[p + 13] = $coins$item_an[8]!;
    bytes[p + 14] = $coins$item_an[9]!; bytes[p + 15] = $coins$item_an[10]!; bytes[p + 16] = $coins$item_an[11]!;
    bytes[p + 17] = $coins$item_an[12]!; bytes[p + 18] = $coins$item_an[13]!; bytes[p + 19] = $coins$item_an[14]!;
    bytes[p + 20] = $coins$item_an[15]!;
    const $coins$item_pan = item.pan;
    if (lengthOf($coins$item_pan) !== 16)
      failBytes(POWN_REQUEST_SITES$WRITTEN, 7 /* coins[*].pan: length */, p + 21, $coins$item_pan, i);
    bytes[p + 21] = $coins$item_pan[0]!; bytes[p + 22] = $coins$item_pan[1]!; bytes[p + 23] = $coins$item_pan[2]!;
    bytes[p + 24] = $coins$item_pan[3]!; bytes[p + 25] = $coins$item_pan[4]!; bytes[p + 26] = $coins$item_pan[5]!;
    bytes[p + 27] = $coins$item_pan[6]!; bytes[p + 28] = $coins$item_pan[7]!; bytes[p + 29] = $coins$item_pan[8]!;
    bytes[p + 30] = $coins$item_pan[9]!; bytes[p + 31] = $coins$item_pan[10]!; bytes[p + 32] = $coins$item_pan[11]!;
    bytes[p + 33] = $coins$item_pan[12]!; bytes[p + 34] = $coins$item_pan[13]!; bytes[p + 35] = $coins$item_pan[14]!;
    bytes[p + 36] = $coins$item_pan[15]!;
  }
  const $$p1 = at + 16 + 37 * $coins$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

const POWN_SUM_REQUEST_SITES: Sites = {
  format: "raida_pown_sum_request",
  file: "raida/auth.ksy",
  sites: [
    ["short", "", 34, "at least 55 bytes"],
    ["crc", "challengeCrc", 39, "the CRC-32 of challenge"],
    ["divisible", "coins", 40, "a multiple of 5 bytes"],
    ["count", "coins", 40, "at least 1 items"],
    ["constant", "trailer", 43, "3e 3e"],
  ],
};
const POWN_SUM_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_pown_sum_request",
  file: "raida/auth.ksy",
  sites: [
    ["count", "coins", 40, "at least 1 items"],
    ["argument", "", 34, "an object"],
    ["length", "challenge", 38, "12 bytes"],
    ["argument", "coins[*]", 34, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:11", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:12", "0 to 4294967295"],
    ["length", "sum", 41, "16 bytes"],
    ["length", "difference", 42, "16 bytes"],
  ],
};
/** Source: seeds/raida, command 1/21. */
export interface PownSumRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  coins: CoinId[];
  /** XOR of the coins' authenticity numbers (SU). */
  sum: Uint8Array;
  /** Every AN becomes its XOR with this (AD). */
  difference: Uint8Array;
}
export const POWN_SUM_REQUEST_MIN_SIZE = 55;
function readPownSumRequest(bytes: Uint8Array, at: number, end: number): PownSumRequest | undefined {
  if (end - at < 50 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(POWN_SUM_REQUEST_SITES, 0 /* short */, 50, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(POWN_SUM_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $coins$count = ((end - at - 50) / 5) | 0;
  if ($coins$count * 5 !== end - at - 50)
    return refuse(POWN_SUM_REQUEST_SITES, 2 /* coins: divisible */, at + 16, end - at - 50);
  if ($coins$count < 1) return refuse(POWN_SUM_REQUEST_SITES, 3 /* coins: count */, at + 16, $coins$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(POWN_SUM_REQUEST_SITES, 4 /* trailer: constant */, end - 2);
  const $coins = new Array<CoinId>($coins$count);
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 5)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    coins: $coins,
    sum: new Uint8Array(bytes.buffer, bytes.byteOffset + end - 34, 16),
    difference: new Uint8Array(bytes.buffer, bytes.byteOffset + end - 18, 16),
  };
}
/** @throws WireError when the bytes are no raida_pown_sum_request. */
export function decodePownSumRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): PownSumRequest {
  return readPownSumRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePownSumRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<PownSumRequest> {
  const value = readPownSumRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function pownSumRequestLength(value: PownSumRequest): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(POWN_SUM_REQUEST_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 50 + 5 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodePownSumRequest(value: PownSumRequest): NewBytes {
  const bytes = new Uint8Array(pownSumRequestLength(value));
  encodePownSumRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePownSumRequestInto(value: PownSumRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(POWN_SUM_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 1)
    fail(POWN_SUM_REQUEST_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 50 + 5 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(POWN_SUM_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(POWN_SUM_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 5) {
    const item = $coins[i]!;
    if (!item) fail(POWN_SUM_REQUEST_SITES$WRITTEN, 3 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(POWN_SUM_REQUEST_SITES$WRITTEN,
        4 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(POWN_SUM_REQUEST_SITES$WRITTEN, 5 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
  }
  const $$p1 = at + 16 + 5 * $coins$count;
  const $sum = value.sum;
  if (lengthOf($sum) !== 16) failBytes(POWN_SUM_REQUEST_SITES$WRITTEN, 6 /* sum: length */, $$p1, $sum);
  bytes[$$p1] = $sum[0]!; bytes[$$p1 + 1] = $sum[1]!; bytes[$$p1 + 2] = $sum[2]!; bytes[$$p1 + 3] = $sum[3]!;
  bytes[$$p1 + 4] = $sum[4]!; bytes[$$p1 + 5] = $sum[5]!; bytes[$$p1 + 6] = $sum[6]!; bytes[$$p1 + 7] = $sum[7]!;
  bytes[$$p1 + 8] = $sum[8]!; bytes[$$p1 + 9] = $sum[9]!; bytes[$$p1 + 10] = $sum[10]!; bytes[$$p1 + 11] = $sum[11]!;
  bytes[$$p1 + 12] = $sum[12]!; bytes[$$p1 + 13] = $sum[13]!; bytes[$$p1 + 14] = $sum[14]!;
  bytes[$$p1 + 15] = $sum[15]!;
  const $difference = value.difference;
  if (lengthOf($difference) !== 16)
    failBytes(POWN_SUM_REQUEST_SITES$WRITTEN, 7 /* difference: length */, $$p1 + 16, $difference);
  bytes[$$p1 + 16] = $difference[0]!; bytes[$$p1 + 17] = $difference[1]!; bytes[$$p1 + 18] = $difference[2]!;
  bytes[$$p1 + 19] = $difference[3]!; bytes[$$p1 + 20] = $difference[4]!; bytes[$$p1 + 21] = $difference[5]!;
  bytes[$$p1 + 22] = $difference[6]!; bytes[$$p1 + 23] = $difference[7]!; bytes[$$p1 + 24] = $difference[8]!;
  bytes[$$p1 + 25] = $difference[9]!; bytes[$$p1 + 26] = $difference[10]!; bytes[$$p1 + 27] = $difference[11]!;
  bytes[$$p1 + 28] = $difference[12]!; bytes[$$p1 + 29] = $difference[13]!; bytes[$$p1 + 30] = $difference[14]!;
  bytes[$$p1 + 31] = $difference[15]!;
  bytes[$$p1 + 32] = 62; bytes[$$p1 + 33] = 62;
  return at + need;
}

const MIXED_REPLY_SITES: Sites = {
  format: "raida_mixed_reply",
  file: "raida/auth.ksy",
  sites: [
    ["short", "", 44, "at least 2 bytes"],
    ["argument", "coinCount", 51, "a count"],
    ["short", "passed", 51, ""],
    ["padding", "passed", 51, "zero bits"],
    ["constant", "trailer", 52, "3e 3e"],
    ["trailing", "", 44, ""],
  ],
};
const MIXED_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_mixed_reply",
  file: "raida/auth.ksy",
  sites: [
    ["count", "passed", 51, "at least 0 items"],
    ["argument", "", 44, "an object"],
    ["argument", "passed[*]", 51, "true or false"],
  ],
};
/** Status 243 of detect, pown and fix. Source: seeds/raida, commands 1/10, 1/20 and 2/80. */
export interface MixedReply {
  /** One bit a coin, lowest bit first (MS). */
  passed: boolean[];
}
export const MIXED_REPLY_MIN_SIZE = 2;
function readMixedReply(bytes: Uint8Array, coinCount: number, at: number, end: number): MixedReply | undefined {
  if (end - at < 2 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(MIXED_REPLY_SITES, 0 /* short */, 2, bytes, at, end);
  }
  const $passed$count = coinCount;
  if ($passed$count >>> 0 !== $passed$count)
    return refuse(MIXED_REPLY_SITES, 1 /* coinCount: argument */, at, $passed$count);
  if (Math.ceil($passed$count / 8) > end - at - 2)
    return refuse(MIXED_REPLY_SITES, 2 /* passed: short */, end,
      `${end - at - 2} of ${Math.ceil($passed$count / 8)} bytes`);
  const $$p1 = at + Math.ceil($passed$count / 8);
  if (($passed$count & 7) !== 0 && (bytes[$$p1 - 1]! >>> ($passed$count & 7)) !== 0)
    return refuse(MIXED_REPLY_SITES, 3 /* passed: padding */, $$p1 - 1);
  if (bytes[$$p1] !== 62 || bytes[$$p1 + 1] !== 62) return refuse(MIXED_REPLY_SITES, 4 /* trailer: constant */, $$p1);
  if ($$p1 + 2 !== end) return refuse(MIXED_REPLY_SITES, 5 /* trailing */, $$p1 + 2);
  const $passed = new Array<boolean>($passed$count);
  for (let i = 0; i < $passed.length; i++) $passed[i] = ((bytes[at + (i >>> 3)]! >>> (i & 7)) & 1) === 1;
  return {
    passed: $passed,
  };
}
/** @throws WireError when the bytes are no raida_mixed_reply. */
export function decodeMixedReply(bytes: Uint8Array, coinCount: number, at = 0,
    end: number = lengthOf(bytes)): MixedReply {
  return readMixedReply(bytes, coinCount, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeMixedReply(bytes: Uint8Array, coinCount: number, at = 0,
    end: number = lengthOf(bytes)): Result<MixedReply> {
  const value = readMixedReply(bytes, coinCount, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function mixedReplyLength(value: MixedReply): number {
  const $passed$count = value?.passed?.length ?? -1;
  if (!Number.isInteger($passed$count) || $passed$count < 0)
    fail(MIXED_REPLY_SITES$WRITTEN, 0 /* passed: count */, 0, $passed$count);
  return 2 + Math.ceil($passed$count / 8);
}
/** @throws WireError when the value does not fit the format. */
export function encodeMixedReply(value: MixedReply): NewBytes {
  const bytes = new Uint8Array(mixedReplyLength(value));
  encodeMixedReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeMixedReplyInto(value: MixedReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(MIXED_REPLY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $passed = value.passed, $passed$count = $passed?.length ?? -1;
  if (!Number.isInteger($passed$count) || $passed$count < 0)
    fail(MIXED_REPLY_SITES$WRITTEN, 0 /* passed: count */, at, $passed$count);
  const need = 2 + Math.ceil($passed$count / 8);
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(MIXED_REPLY_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, byte = 0; i < $passed$count; i++) {
    if ($passed[i] === true) byte |= 1 << (i & 7);
    else if ($passed[i] !== false) fail(MIXED_REPLY_SITES$WRITTEN, 2 /* passed[*]: argument */, at, $passed[i], i);
    if ((i & 7) === 7 || i === $passed$count - 1) {
      bytes[at + (i >>> 3)] = byte;
      byte = 0;
    }
  }
  const $$p1 = at + Math.ceil($passed$count / 8);
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekMixedReplyLength(bytes: Uint8Array, coinCount: number, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(MIXED_REPLY_SITES, bytes, at, end);
  const $passed$count = coinCount;
  if ($passed$count < 0) return -1;
  const $$p1 = at + Math.ceil($passed$count / 8);
  return $$p1 + 2 - at;
}

