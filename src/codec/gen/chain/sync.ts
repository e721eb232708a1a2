// Generated from chain/sync.ksy by `specwire gen`; do not edit. spec sha256 7249e6a755a1de9ce959dd66536d33a9dc30ac4c10843cc8010d43490f76d6a7
/**
 * Chain, what members ask each other for. Ours. Payloads of GET and VALUE of the protocol Raft, by which a member
 * fetches the blocks that it lacks.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigUnsigned, bytesLength, enter, fail, failBytes, failRange,
    failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, raise, refuse, refuseRange, requireObject,
    uint32At, within } from "../../index.js";

const SYNC_REQUEST_SITES: Sites = {
  format: "chain_sync_request",
  file: "chain/sync.ksy",
  sites: [
    ["short", "", 9, "14 bytes"],
    ["constant", "version", 13, "01"],
    ["constant", "payloadType", 14, "20"],
  ],
};
const SYNC_REQUEST_SITES$WRITTEN: Sites = {
  format: "chain_sync_request",
  file: "chain/sync.ksy",
  sites: [
    ["argument", "", 9, "an object"],
    ["range", "fromIndex", 15, "0 to 18446744073709551615"],
    ["range", "blockCountMax", 16, "0 to 4294967295"],
  ],
};
/** Payload of GET. Source: seeds/dps, Chain sync. */
export interface SyncRequest {
  fromIndex: bigint;
  blockCountMax: number;
}
export const SYNC_REQUEST_SIZE = 14;
function readSyncRequest(bytes: Uint8Array, at: number, end: number): SyncRequest | undefined {
  if (end - at !== 14 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SYNC_REQUEST_SITES, 0 /* short */, 14, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(SYNC_REQUEST_SITES, 1 /* version: constant */, at);
  if (bytes[at + 1] !== 32) return refuse(SYNC_REQUEST_SITES, 2 /* payloadType: constant */, at + 1);
  return {
    fromIndex: bigUnsigned(bytes, at + 2),
    blockCountMax: uint32At(bytes, at + 10),
  };
}
/** @throws WireError when the bytes are no chain_sync_request. */
export function decodeSyncRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SyncRequest {
  return readSyncRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSyncRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<SyncRequest> {
  const value = readSyncRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeSyncRequest(value: SyncRequest): NewBytes {
  const bytes = new Uint8Array(14);
  encodeSyncRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSyncRequestInto(value: SyncRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SYNC_REQUEST_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 14 || at >>> 0 !== at) failSpace(SYNC_REQUEST_SITES$WRITTEN, 14, bytes, at);
  bytes[at] = 1;
  bytes[at + 1] = 32;
  const $fromIndex = value.fromIndex;
  if (typeof $fromIndex !== "bigint" || BigInt.asUintN(64, $fromIndex) !== $fromIndex)
    fail(SYNC_REQUEST_SITES$WRITTEN, 1 /* fromIndex: range */, at + 2, $fromIndex);
  bigPut(bytes, at + 2, $fromIndex);
  const $blockCountMax = value.blockCountMax;
  if (typeof $blockCountMax !== "number" || $blockCountMax >>> 0 !== $blockCountMax)
    fail(SYNC_REQUEST_SITES$WRITTEN, 2 /* blockCountMax: range */, at + 10, $blockCountMax);
  bytes[at + 10] = $blockCountMax >>> 24; bytes[at + 11] = $blockCountMax >>> 16; bytes[at + 12] = $blockCountMax >>> 8;
  bytes[at + 13] = $blockCountMax;
  return at + 14;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSyncRequestLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SYNC_REQUEST_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end > at + 1 && bytes[at + 1] !== 32) return -1;
  return 14;
}

const SYNC_ANSWER_SITES: Sites = {
  format: "chain_sync_answer",
  file: "chain/sync.ksy",
  sites: [
    ["short", "", 17, "at least 6 bytes"],
    ["trailing", "", 17, ""],
    ["constant", "version", 21, "01"],
    ["constant", "payloadType", 22, "21"],
    ["short", "blocks", 24, ""],
    ["short", "blocks[*]", 24, ""],
  ],
};
const SYNC_ANSWER_SITES$WRITTEN: Sites = {
  format: "chain_sync_answer",
  file: "chain/sync.ksy",
  sites: [
    ["argument", "", 17, "an object"],
    ["argument", "blocks", 24, "a list"],
    ["range", "blocks", 23, "block_count of 0 to 4294967295"],
    ["short", "blocks[*]", 24, ""],
  ],
};
/** Payload of VALUE. As many whole blocks as fit; none where the chain ends before. Source: seeds/dps, Chain sync. */
export interface SyncAnswer {
  blocks: SyncBlock[];
}
export const SYNC_ANSWER_MIN_SIZE = 6;
function readSyncAnswer(bytes: Uint8Array, at: number, end: number): SyncAnswer | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(SYNC_ANSWER_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeSyncAnswer(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(SYNC_ANSWER_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no chain_sync_answer. */
export function decodeSyncAnswer(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SyncAnswer {
  return readSyncAnswer(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSyncAnswer(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<SyncAnswer> {
  const value = readSyncAnswer(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeSyncAnswer(value: SyncAnswer): NewBytes {
  try {
    const bytes = new Uint8Array($sizeSyncAnswer(value));
    $putSyncAnswer(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, SYNC_ANSWER_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSyncAnswerInto(value: SyncAnswer, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeSyncAnswer(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SYNC_ANSWER_SITES$WRITTEN, need, bytes, at);
    return $putSyncAnswer(value, bytes, at);
  } catch (error) { throw foreign(error, SYNC_ANSWER_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSyncAnswerLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SYNC_ANSWER_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end > at + 1 && bytes[at + 1] !== 33) return -1;
  next.depth = 0;
  const behind = $skipSyncAnswer(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipSyncAnswer(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 6) return -1;
  const $blockCount = (((bytes[at + 2]! << 24) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) |
      bytes[at + 5]!) >>> 0);
  let $$p1 = at + 6;
  const $blocks$n = $blockCount;
  for (let i = 0; i < $blocks$n; i++) {
    $$p1 = $skipSyncBlock(bytes, $$p1, end);
    if ($$p1 < 0) return $$p1;
  }
  return $$p1;
}
function $takeSyncAnswer(bytes: Uint8Array, at: number, end: number): SyncAnswer | undefined {
  if (end - at < 6) return refuse(SYNC_ANSWER_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse(SYNC_ANSWER_SITES, 2 /* version: constant */, at);
  if (bytes[at + 1] !== 33) return refuse(SYNC_ANSWER_SITES, 3 /* payloadType: constant */, at + 1);
  const $blockCount = uint32At(bytes, at + 2);
  const $blocks$n = $blockCount;
  if (!($blocks$n * 4 <= end - (at + 6)))
    return refuse(SYNC_ANSWER_SITES, 4 /* blocks: short */, end, `${end - (at + 6)} of ${$blocks$n * 4} bytes`);
  const $blocks$list: SyncBlock[] = new Array($blocks$n);
  let $blocks$p = at + 6;
  for (let i = 0; i < $blocks$n; i++) {
    const $blocks$each$v = $takeSyncBlock(bytes, $blocks$p, end);
    if ($blocks$each$v === undefined) return within(SYNC_ANSWER_SITES, 5 /* blocks[*]: short */, i);
    const $blocks$each$e = next.at;
    const $blocks$each = $blocks$each$v;
    $blocks$list[i] = $blocks$each;
    $blocks$p = $blocks$each$e;
  }
  const $blocks$is = $blocks$list;
  const $$p1 = $blocks$p;
  next.at = $$p1;
  return {
    blocks: $blocks$is,
  };
}
function $putSyncAnswer(value: SyncAnswer, bytes: Uint8Array, at: number): number {
  requireObject(SYNC_ANSWER_SITES$WRITTEN, 0 /* argument */, at, value);
  const $blocks$count = listOf(SYNC_ANSWER_SITES$WRITTEN, 1 /* blocks: argument */, at, value.blocks).length;
  bytes[at] = 1;
  bytes[at + 1] = 33;
  const $blockCount = $blocks$count;
  if ($blockCount > 4294967295) fail(SYNC_ANSWER_SITES$WRITTEN, 2 /* blocks: range */, at + 2, $blockCount);
  bytes[at + 2] = $blockCount >>> 24; bytes[at + 3] = $blockCount >>> 16; bytes[at + 4] = $blockCount >>> 8;
  bytes[at + 5] = $blockCount;
  const $blocks$list = listOf(SYNC_ANSWER_SITES$WRITTEN, 1 /* blocks: argument */, at + 6,
      value.blocks) as readonly (SyncBlock)[];
  let $blocks$p = at + 6;
  for (let i = 0; i < $blocks$list.length; i++) {
    const $blocks$each = $blocks$list[i]!;
    let $blocks$each$e: number;
    try { $blocks$each$e = $putSyncBlock($blocks$each, bytes, $blocks$p);
    } catch (error) { throw inside(error, SYNC_ANSWER_SITES$WRITTEN, 3 /* blocks[*]: short */, i); }
    $blocks$p = $blocks$each$e;
  }
  const $$p1 = $blocks$p;
  return $$p1;
}
function $sizeSyncAnswer(value: SyncAnswer): number {
  requireObject(SYNC_ANSWER_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 6;
  const $blocks$list = listOf(SYNC_ANSWER_SITES$WRITTEN, 1 /* blocks: argument */, 0,
      value.blocks) as readonly (SyncBlock)[];
  for (let i = 0; i < $blocks$list.length; i++) {
    const $blocks$each = $blocks$list[i]!;
    try { $$size += $sizeSyncBlock($blocks$each as SyncBlock);
    } catch (error) { throw inside(error, SYNC_ANSWER_SITES$WRITTEN, 3 /* blocks[*]: short */, i); }
  }
  return $$size;
}

const SYNC_BLOCK_SITES: Sites = {
  format: "chain_sync_block",
  file: "chain/sync.ksy",
  sites: [
    ["short", "", 25, "at least 4 bytes"],
    ["short", "record", 28, ""],
  ],
};
const SYNC_BLOCK_SITES$WRITTEN: Sites = {
  format: "chain_sync_block",
  file: "chain/sync.ksy",
  sites: [
    ["argument", "", 25, "an object"],
    ["count", "record", 28, "at least 0 bytes"],
    ["range", "record", 27, "length of 0 to 4294967295"],
  ],
};
export interface SyncBlock {
  /** A block as it stands in the file, with type and length. */
  record: Uint8Array;
}
function $skipSyncBlock(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 4) return -1;
  const $length = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  const $record$count = $length;
  const $$p1 = at + 4 + $record$count;
  return $$p1;
}
function $takeSyncBlock(bytes: Uint8Array, at: number, end: number): SyncBlock | undefined {
  if (end - at < 4) return refuse(SYNC_BLOCK_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $length = uint32At(bytes, at);
  const $record$count = $length;
  if ($record$count > end - at - 4)
    return refuse(SYNC_BLOCK_SITES, 1 /* record: short */, end, `${end - at - 4} of ${$record$count} bytes`);
  const $$p1 = at + 4 + $record$count;
  next.at = $$p1;
  return {
    record: new Uint8Array(next.buffer, next.base + at + 4, $record$count),
  };
}
function $putSyncBlock(value: SyncBlock, bytes: Uint8Array, at: number): number {
  requireObject(SYNC_BLOCK_SITES$WRITTEN, 0 /* argument */, at, value);
  const $record = value.record, $record$count = lengthOf($record);
  if ($record$count < 0) failBytes(SYNC_BLOCK_SITES$WRITTEN, 1 /* record: count */, at, $record);
  const $length = $record$count;
  if ($length > 4294967295) fail(SYNC_BLOCK_SITES$WRITTEN, 2 /* record: range */, at, $length);
  bytes[at] = $length >>> 24; bytes[at + 1] = $length >>> 16; bytes[at + 2] = $length >>> 8; bytes[at + 3] = $length;
  bytes.set($record, at + 4);
  const $$p1 = at + 4 + $record$count;
  return $$p1;
}
function $sizeSyncBlock(value: SyncBlock): number {
  requireObject(SYNC_BLOCK_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 4;
  $$size += bytesLength(value.record);
  return $$size;
}

const PIECE_REQUEST_SITES: Sites = {
  format: "chain_piece_request",
  file: "chain/sync.ksy",
  sites: [
    ["short", "", 29, "18 bytes"],
    ["constant", "version", 33, "01"],
    ["constant", "payloadType", 34, "22"],
  ],
};
const PIECE_REQUEST_SITES$WRITTEN: Sites = {
  format: "chain_piece_request",
  file: "chain/sync.ksy",
  sites: [
    ["argument", "", 29, "an object"],
    ["range", "index", 35, "0 to 18446744073709551615"],
    ["range", "offset", 36, "0 to 4294967295"],
    ["range", "length", 37, "0 to 4294967295"],
  ],
};
/** Payload of GET, for a block that fits in no answer. Source: seeds/dps, Chain sync. */
export interface PieceRequest {
  index: bigint;
  offset: number;
  length: number;
}
export const PIECE_REQUEST_SIZE = 18;
function readPieceRequest(bytes: Uint8Array, at: number, end: number): PieceRequest | undefined {
  if (end - at !== 18 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(PIECE_REQUEST_SITES, 0 /* short */, 18, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(PIECE_REQUEST_SITES, 1 /* version: constant */, at);
  if (bytes[at + 1] !== 34) return refuse(PIECE_REQUEST_SITES, 2 /* payloadType: constant */, at + 1);
  return {
    index: bigUnsigned(bytes, at + 2),
    offset: uint32At(bytes, at + 10),
    length: uint32At(bytes, at + 14),
  };
}
/** @throws WireError when the bytes are no chain_piece_request. */
export function decodePieceRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): PieceRequest {
  return readPieceRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePieceRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<PieceRequest> {
  const value = readPieceRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodePieceRequest(value: PieceRequest): NewBytes {
  const bytes = new Uint8Array(18);
  encodePieceRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePieceRequestInto(value: PieceRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(PIECE_REQUEST_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 18 || at >>> 0 !== at) failSpace(PIECE_REQUEST_SITES$WRITTEN, 18, bytes, at);
  bytes[at] = 1;
  bytes[at + 1] = 34;
  const $index = value.index;
  if (typeof $index !== "bigint" || BigInt.asUintN(64, $index) !== $index)
    fail(PIECE_REQUEST_SITES$WRITTEN, 1 /* index: range */, at + 2, $index);
  bigPut(bytes, at + 2, $index);
  const $offset = value.offset;
  if (typeof $offset !== "number" || $offset >>> 0 !== $offset)
    fail(PIECE_REQUEST_SITES$WRITTEN, 2 /* offset: range */, at + 10, $offset);
  bytes[at + 10] = $offset >>> 24; bytes[at + 11] = $offset >>> 16; bytes[at + 12] = $offset >>> 8;
  bytes[at + 13] = $offset;
  const $length = value.length;
  if (typeof $length !== "number" || $length >>> 0 !== $length)
    fail(PIECE_REQUEST_SITES$WRITTEN, 3 /* length: range */, at + 14, $length);
  bytes[at + 14] = $length >>> 24; bytes[at + 15] = $length >>> 16; bytes[at + 16] = $length >>> 8;
  bytes[at + 17] = $length;
  return at + 18;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekPieceRequestLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(PIECE_REQUEST_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end > at + 1 && bytes[at + 1] !== 34) return -1;
  return 18;
}

const PIECE_ANSWER_SITES: Sites = {
  format: "chain_piece_answer",
  file: "chain/sync.ksy",
  sites: [
    ["short", "", 38, "at least 10 bytes"],
    ["constant", "version", 42, "01"],
    ["constant", "payloadType", 43, "23"],
  ],
};
const PIECE_ANSWER_SITES$WRITTEN: Sites = {
  format: "chain_piece_answer",
  file: "chain/sync.ksy",
  sites: [
    ["count", "bytes", 46, "at least 0 bytes"],
    ["argument", "", 38, "an object"],
    ["range", "totalBytes", 44, "0 to 4294967295"],
    ["range", "offset", 45, "0 to 4294967295"],
  ],
};
/** Payload of VALUE. A part of the record of a block. Source: seeds/dps, Chain sync. */
export interface PieceAnswer {
  totalBytes: number;
  offset: number;
  bytes: Uint8Array;
}
export const PIECE_ANSWER_MIN_SIZE = 10;
function readPieceAnswer(bytes: Uint8Array, at: number, end: number): PieceAnswer | undefined {
  if (end - at < 10 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(PIECE_ANSWER_SITES, 0 /* short */, 10, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(PIECE_ANSWER_SITES, 1 /* version: constant */, at);
  if (bytes[at + 1] !== 35) return refuse(PIECE_ANSWER_SITES, 2 /* payloadType: constant */, at + 1);
  const $bytes$count = end - at - 10;
  return {
    totalBytes: uint32At(bytes, at + 2),
    offset: uint32At(bytes, at + 6),
    bytes: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 10, $bytes$count),
  };
}
/** @throws WireError when the bytes are no chain_piece_answer. */
export function decodePieceAnswer(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): PieceAnswer {
  return readPieceAnswer(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePieceAnswer(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<PieceAnswer> {
  const value = readPieceAnswer(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function pieceAnswerLength(value: PieceAnswer): number {
  const $bytes = value?.bytes;
  if (lengthOf($bytes) < 0) failBytes(PIECE_ANSWER_SITES$WRITTEN, 0 /* bytes: count */, 0, $bytes);
  return 10 + $bytes.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodePieceAnswer(value: PieceAnswer): NewBytes {
  const bytes = new Uint8Array(pieceAnswerLength(value));
  encodePieceAnswerInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePieceAnswerInto(value: PieceAnswer, bytes: Uint8Array, at = 0): number {
  if (!value) fail(PIECE_ANSWER_SITES$WRITTEN, 1 /* argument */, at, value);
  const $bytes = value.bytes, $bytes$count = lengthOf($bytes);
  if ($bytes$count < 0) failBytes(PIECE_ANSWER_SITES$WRITTEN, 0 /* bytes: count */, at, $bytes);
  const need = 10 + $bytes$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(PIECE_ANSWER_SITES$WRITTEN, need, bytes, at);
  bytes[at] = 1;
  bytes[at + 1] = 35;
  const $totalBytes = value.totalBytes;
  if (typeof $totalBytes !== "number" || $totalBytes >>> 0 !== $totalBytes)
    fail(PIECE_ANSWER_SITES$WRITTEN, 2 /* totalBytes: range */, at + 2, $totalBytes);
  bytes[at + 2] = $totalBytes >>> 24; bytes[at + 3] = $totalBytes >>> 16; bytes[at + 4] = $totalBytes >>> 8;
  bytes[at + 5] = $totalBytes;
  const $offset = value.offset;
  if (typeof $offset !== "number" || $offset >>> 0 !== $offset)
    fail(PIECE_ANSWER_SITES$WRITTEN, 3 /* offset: range */, at + 6, $offset);
  bytes[at + 6] = $offset >>> 24; bytes[at + 7] = $offset >>> 16; bytes[at + 8] = $offset >>> 8;
  bytes[at + 9] = $offset;
  bytes.set($bytes, at + 10);
  return at + need;
}

