// Generated from raft/snapshots.ksy by `specwire gen`; do not edit. spec sha256 4c28989f24e8ba55461f9abe7167358288c0065d1cc966f37e2bbfd39e1f6625
/**
 * Raft, how the bytes of a snapshot begin. Ours. A snapshot is its head, its sessions by client, with a chain its
 * backups, and the bytes of the state machine up to the end.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigUnsigned, bytesLength, enter, fail, failBytes, failRange,
    failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, putSafe, raise, refuse, refuseRange,
    requireObject, uint32At, within } from "../../index.js";

const SNAPSHOT_HEAD_SITES: Sites = {
  format: "raft_snapshot_head",
  file: "raft/snapshots.ksy",
  sites: [
    ["short", "", 10, "at least 42 bytes"],
    ["constant", "magic", 13, "53 57 53 4e"],
    ["constant", "version", 14, "01"],
    ["unsafe-integer", "atMs", 15, "at most 2^53-1"],
    ["unsafe-integer", "markNumber", 16, "at most 2^53-1"],
    ["unsafe-integer", "markIndex", 17, "at most 2^53-1"],
    ["unsafe-integer", "tipIndex", 18, "at most 2^53-1"],
    ["short", "tipHash", 20, ""],
    ["trailing", "", 10, ""],
  ],
};
const SNAPSHOT_HEAD_SITES$WRITTEN: Sites = {
  format: "raft_snapshot_head",
  file: "raft/snapshots.ksy",
  sites: [
    ["count", "tipHash", 20, "at least 0 bytes"],
    ["argument", "", 10, "an object"],
    ["range", "atMs", 15, "0 to 2^53-1"],
    ["range", "markNumber", 16, "0 to 2^53-1"],
    ["range", "markIndex", 17, "0 to 2^53-1"],
    ["range", "tipIndex", 18, "0 to 2^53-1"],
    ["range", "tipHash", 19, "hash_length of 0 to 255"],
    ["range", "sessionCount", 21, "0 to 4294967295"],
  ],
};
const SNAPSHOT_HEAD_SITES$WRITTEN$BIG: Sites = {
  format: "raft_snapshot_head",
  file: "raft/snapshots.ksy",
  sites: [
    ["range", "atMs", 15, "0 to 18446744073709551615"],
    ["range", "markNumber", 16, "0 to 18446744073709551615"],
    ["range", "markIndex", 17, "0 to 18446744073709551615"],
    ["range", "tipIndex", 18, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft snapshots. */
export interface SnapshotHead {
  /** Clock of the cluster. */
  atMs: number;
  /** Last mark of a chain; 0: none. */
  markNumber: number;
  markIndex: number;
  tipIndex: number;
  /** Empty: no chain. */
  tipHash: Uint8Array;
  sessionCount: number;
}
export const SNAPSHOT_HEAD_MIN_SIZE = 42;
function readSnapshotHead(bytes: Uint8Array, at: number, end: number): SnapshotHead | undefined {
  if (end - at < 42 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SNAPSHOT_HEAD_SITES, 0 /* short */, 42, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 83) | (bytes[at + 3]! ^ 78)) !== 0)
    return refuse(SNAPSHOT_HEAD_SITES, 1 /* magic: constant */, at);
  if (bytes[at + 4] !== 1) return refuse(SNAPSHOT_HEAD_SITES, 2 /* version: constant */, at + 4);
  const $atMs$high = uint32At(bytes, at + 5);
  if ($atMs$high > 0x1fffff) return refuse(SNAPSHOT_HEAD_SITES, 3 /* atMs: unsafe-integer */, at + 5);
  const $markNumber$high = uint32At(bytes, at + 13);
  if ($markNumber$high > 0x1fffff) return refuse(SNAPSHOT_HEAD_SITES, 4 /* markNumber: unsafe-integer */, at + 13);
  const $markIndex$high = uint32At(bytes, at + 21);
  if ($markIndex$high > 0x1fffff) return refuse(SNAPSHOT_HEAD_SITES, 5 /* markIndex: unsafe-integer */, at + 21);
  const $tipIndex$high = uint32At(bytes, at + 29);
  if ($tipIndex$high > 0x1fffff) return refuse(SNAPSHOT_HEAD_SITES, 6 /* tipIndex: unsafe-integer */, at + 29);
  const $hashLength = bytes[at + 37]!;
  const $tipHash$count = $hashLength;
  if ($tipHash$count > end - at - 42)
    return refuse(SNAPSHOT_HEAD_SITES, 7 /* tipHash: short */, end, `${end - at - 42} of ${$tipHash$count} bytes`);
  const $$p1 = at + 38 + $tipHash$count;
  if ($$p1 + 4 !== end) return refuse(SNAPSHOT_HEAD_SITES, 8 /* trailing */, $$p1 + 4);
  return {
    atMs: $atMs$high * 4294967296 + uint32At(bytes, at + 9),
    markNumber: $markNumber$high * 4294967296 + uint32At(bytes, at + 17),
    markIndex: $markIndex$high * 4294967296 + uint32At(bytes, at + 25),
    tipIndex: $tipIndex$high * 4294967296 + uint32At(bytes, at + 33),
    tipHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 38, $tipHash$count),
    sessionCount: uint32At(bytes, $$p1),
  };
}
/** @throws WireError when the bytes are no raft_snapshot_head. */
export function decodeSnapshotHead(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SnapshotHead {
  return readSnapshotHead(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSnapshotHead(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<SnapshotHead> {
  const value = readSnapshotHead(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function snapshotHeadLength(value: SnapshotHead): number {
  const $tipHash = value?.tipHash;
  if (lengthOf($tipHash) < 0) failBytes(SNAPSHOT_HEAD_SITES$WRITTEN, 0 /* tipHash: count */, 0, $tipHash);
  return 42 + $tipHash.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeSnapshotHead(value: SnapshotHead): NewBytes {
  const bytes = new Uint8Array(snapshotHeadLength(value));
  encodeSnapshotHeadInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSnapshotHeadInto(value: SnapshotHead, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SNAPSHOT_HEAD_SITES$WRITTEN, 1 /* argument */, at, value);
  const $tipHash = value.tipHash, $tipHash$count = lengthOf($tipHash);
  if ($tipHash$count < 0) failBytes(SNAPSHOT_HEAD_SITES$WRITTEN, 0 /* tipHash: count */, at, $tipHash);
  const need = 42 + $tipHash$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SNAPSHOT_HEAD_SITES$WRITTEN, need, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 83; bytes[at + 3] = 78;
  bytes[at + 4] = 1;
  const $atMs = value.atMs;
  if (!Number.isSafeInteger($atMs) || $atMs < 0) fail(SNAPSHOT_HEAD_SITES$WRITTEN, 2 /* atMs: range */, at + 5, $atMs);
  putSafe(bytes, at + 5, $atMs);
  const $markNumber = value.markNumber;
  if (!Number.isSafeInteger($markNumber) || $markNumber < 0)
    fail(SNAPSHOT_HEAD_SITES$WRITTEN, 3 /* markNumber: range */, at + 13, $markNumber);
  putSafe(bytes, at + 13, $markNumber);
  const $markIndex = value.markIndex;
  if (!Number.isSafeInteger($markIndex) || $markIndex < 0)
    fail(SNAPSHOT_HEAD_SITES$WRITTEN, 4 /* markIndex: range */, at + 21, $markIndex);
  putSafe(bytes, at + 21, $markIndex);
  const $tipIndex = value.tipIndex;
  if (!Number.isSafeInteger($tipIndex) || $tipIndex < 0)
    fail(SNAPSHOT_HEAD_SITES$WRITTEN, 5 /* tipIndex: range */, at + 29, $tipIndex);
  putSafe(bytes, at + 29, $tipIndex);
  const $hashLength = $tipHash$count;
  if ($hashLength > 255) fail(SNAPSHOT_HEAD_SITES$WRITTEN, 6 /* tipHash: range */, at + 37, $hashLength);
  bytes[at + 37] = $hashLength;
  bytes.set($tipHash, at + 38);
  const $$p1 = at + 38 + $tipHash$count;
  const $sessionCount = value.sessionCount;
  if (typeof $sessionCount !== "number" || $sessionCount >>> 0 !== $sessionCount)
    fail(SNAPSHOT_HEAD_SITES$WRITTEN, 7 /* sessionCount: range */, $$p1, $sessionCount);
  bytes[$$p1] = $sessionCount >>> 24; bytes[$$p1 + 1] = $sessionCount >>> 16; bytes[$$p1 + 2] = $sessionCount >>> 8;
  bytes[$$p1 + 3] = $sessionCount;
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSnapshotHeadLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SNAPSHOT_HEAD_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 83) || (end > at + 3 && bytes[at + 3] !== 78)) return -1;
  if (end > at + 4 && bytes[at + 4] !== 1) return -1;
  if (end - at < 38) return 0;
  const $hashLength = bytes[at + 37]!;
  const $tipHash$count = $hashLength;
  const $$p1 = at + 38 + $tipHash$count;
  return $$p1 + 4 - at;
}
/** Source: seeds/dps, Raft snapshots. 64-bit integers as bigint. */
export interface SnapshotHeadBig {
  /** Clock of the cluster. */
  atMs: bigint;
  /** Last mark of a chain; 0: none. */
  markNumber: bigint;
  markIndex: bigint;
  tipIndex: bigint;
  /** Empty: no chain. */
  tipHash: Uint8Array;
  sessionCount: number;
}
function readSnapshotHeadBig(bytes: Uint8Array, at: number, end: number): SnapshotHeadBig | undefined {
  if (end - at < 42 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SNAPSHOT_HEAD_SITES, 0 /* short */, 42, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 83) | (bytes[at + 3]! ^ 78)) !== 0)
    return refuse(SNAPSHOT_HEAD_SITES, 1 /* magic: constant */, at);
  if (bytes[at + 4] !== 1) return refuse(SNAPSHOT_HEAD_SITES, 2 /* version: constant */, at + 4);
  const $hashLength = bytes[at + 37]!;
  const $tipHash$count = $hashLength;
  if ($tipHash$count > end - at - 42)
    return refuse(SNAPSHOT_HEAD_SITES, 7 /* tipHash: short */, end, `${end - at - 42} of ${$tipHash$count} bytes`);
  const $$p1 = at + 38 + $tipHash$count;
  if ($$p1 + 4 !== end) return refuse(SNAPSHOT_HEAD_SITES, 8 /* trailing */, $$p1 + 4);
  return {
    atMs: bigUnsigned(bytes, at + 5),
    markNumber: bigUnsigned(bytes, at + 13),
    markIndex: bigUnsigned(bytes, at + 21),
    tipIndex: bigUnsigned(bytes, at + 29),
    tipHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 38, $tipHash$count),
    sessionCount: uint32At(bytes, $$p1),
  };
}
/** @throws WireError when the bytes are no raft_snapshot_head. */
export function decodeSnapshotHeadBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SnapshotHeadBig {
  return readSnapshotHeadBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSnapshotHeadBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SnapshotHeadBig> {
  const value = readSnapshotHeadBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function snapshotHeadBigLength(value: SnapshotHeadBig): number {
  const $tipHash = value?.tipHash;
  if (lengthOf($tipHash) < 0) failBytes(SNAPSHOT_HEAD_SITES$WRITTEN, 0 /* tipHash: count */, 0, $tipHash);
  return 42 + $tipHash.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeSnapshotHeadBig(value: SnapshotHeadBig): NewBytes {
  const bytes = new Uint8Array(snapshotHeadBigLength(value));
  encodeSnapshotHeadBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSnapshotHeadBigInto(value: SnapshotHeadBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SNAPSHOT_HEAD_SITES$WRITTEN, 1 /* argument */, at, value);
  const $tipHash = value.tipHash, $tipHash$count = lengthOf($tipHash);
  if ($tipHash$count < 0) failBytes(SNAPSHOT_HEAD_SITES$WRITTEN, 0 /* tipHash: count */, at, $tipHash);
  const need = 42 + $tipHash$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SNAPSHOT_HEAD_SITES$WRITTEN, need, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 83; bytes[at + 3] = 78;
  bytes[at + 4] = 1;
  const $atMs = value.atMs;
  if (typeof $atMs !== "bigint" || BigInt.asUintN(64, $atMs) !== $atMs)
    fail(SNAPSHOT_HEAD_SITES$WRITTEN$BIG, 0 /* atMs: range */, at + 5, $atMs);
  bigPut(bytes, at + 5, $atMs);
  const $markNumber = value.markNumber;
  if (typeof $markNumber !== "bigint" || BigInt.asUintN(64, $markNumber) !== $markNumber)
    fail(SNAPSHOT_HEAD_SITES$WRITTEN$BIG, 1 /* markNumber: range */, at + 13, $markNumber);
  bigPut(bytes, at + 13, $markNumber);
  const $markIndex = value.markIndex;
  if (typeof $markIndex !== "bigint" || BigInt.asUintN(64, $markIndex) !== $markIndex)
    fail(SNAPSHOT_HEAD_SITES$WRITTEN$BIG, 2 /* markIndex: range */, at + 21, $markIndex);
  bigPut(bytes, at + 21, $markIndex);
  const $tipIndex = value.tipIndex;
  if (typeof $tipIndex !== "bigint" || BigInt.asUintN(64, $tipIndex) !== $tipIndex)
    fail(SNAPSHOT_HEAD_SITES$WRITTEN$BIG, 3 /* tipIndex: range */, at + 29, $tipIndex);
  bigPut(bytes, at + 29, $tipIndex);
  const $hashLength = $tipHash$count;
  if ($hashLength > 255) fail(SNAPSHOT_HEAD_SITES$WRITTEN, 6 /* tipHash: range */, at + 37, $hashLength);
  bytes[at + 37] = $hashLength;
  bytes.set($tipHash, at + 38);
  const $$p1 = at + 38 + $tipHash$count;
  const $sessionCount = value.sessionCount;
  if (typeof $sessionCount !== "number" || $sessionCount >>> 0 !== $sessionCount)
    fail(SNAPSHOT_HEAD_SITES$WRITTEN, 7 /* sessionCount: range */, $$p1, $sessionCount);
  bytes[$$p1] = $sessionCount >>> 24; bytes[$$p1 + 1] = $sessionCount >>> 16; bytes[$$p1 + 2] = $sessionCount >>> 8;
  bytes[$$p1 + 3] = $sessionCount;
  return at + need;
}

const SESSION_RECORD_SITES: Sites = {
  format: "raft_session_record",
  file: "raft/snapshots.ksy",
  sites: [
    ["short", "", 22, "at least 25 bytes"],
    ["trailing", "", 22, ""],
    ["unsafe-integer", "client", 26, "at most 2^53-1"],
    ["unsafe-integer", "ackedBelow", 27, "at most 2^53-1"],
    ["unsafe-integer", "lastMs", 28, "at most 2^53-1"],
    ["short", "results", 30, ""],
    ["short", "results[*]", 30, ""],
  ],
};
const SESSION_RECORD_SITES$WRITTEN: Sites = {
  format: "raft_session_record",
  file: "raft/snapshots.ksy",
  sites: [
    ["argument", "", 22, "an object"],
    ["argument", "results", 30, "a list"],
    ["range", "client", 26, "0 to 2^53-1"],
    ["range", "ackedBelow", 27, "0 to 2^53-1"],
    ["range", "lastMs", 28, "0 to 2^53-1"],
    ["range", "results", 29, "result_count of 0 to 255"],
    ["short", "results[*]", 30, ""],
  ],
};
const SESSION_RECORD_SITES$WRITTEN$BIG: Sites = {
  format: "raft_session_record",
  file: "raft/snapshots.ksy",
  sites: [
    ["range", "client", 26, "0 to 18446744073709551615"],
    ["range", "ackedBelow", 27, "0 to 18446744073709551615"],
    ["range", "lastMs", 28, "0 to 18446744073709551615"],
  ],
};
/** A session, with the results that its client has not acknowledged. Source: seeds/dps, Raft snapshots. */
export interface SessionRecord {
  client: number;
  ackedBelow: number;
  /** When it was last used. */
  lastMs: number;
  /** By serial, ascending. */
  results: SessionResult[];
}
export const SESSION_RECORD_MIN_SIZE = 25;
function readSessionRecord(bytes: Uint8Array, at: number, end: number): SessionRecord | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(SESSION_RECORD_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeSessionRecord(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(SESSION_RECORD_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_session_record. */
export function decodeSessionRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SessionRecord {
  return readSessionRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSessionRecord(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SessionRecord> {
  const value = readSessionRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeSessionRecord(value: SessionRecord): NewBytes {
  try {
    const bytes = new Uint8Array($sizeSessionRecord(value));
    $putSessionRecord(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, SESSION_RECORD_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSessionRecordInto(value: SessionRecord, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeSessionRecord(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SESSION_RECORD_SITES$WRITTEN, need, bytes, at);
    return $putSessionRecord(value, bytes, at);
  } catch (error) { throw foreign(error, SESSION_RECORD_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSessionRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SESSION_RECORD_SITES, bytes, at, end);
  next.depth = 0;
  const behind = $skipSessionRecord(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipSessionRecord(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 25) return -1;
  const $resultCount = bytes[at + 24]!;
  let $$p1 = at + 25;
  const $results$n = $resultCount;
  for (let i = 0; i < $results$n; i++) {
    $$p1 = $skipSessionResult(bytes, $$p1, end);
    if ($$p1 < 0) return $$p1;
  }
  return $$p1;
}
function $takeSessionRecord(bytes: Uint8Array, at: number, end: number): SessionRecord | undefined {
  if (end - at < 25) return refuse(SESSION_RECORD_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $client$high = uint32At(bytes, at);
  if ($client$high > 0x1fffff) return refuse(SESSION_RECORD_SITES, 2 /* client: unsafe-integer */, at);
  const $ackedBelow$high = uint32At(bytes, at + 8);
  if ($ackedBelow$high > 0x1fffff) return refuse(SESSION_RECORD_SITES, 3 /* ackedBelow: unsafe-integer */, at + 8);
  const $lastMs$high = uint32At(bytes, at + 16);
  if ($lastMs$high > 0x1fffff) return refuse(SESSION_RECORD_SITES, 4 /* lastMs: unsafe-integer */, at + 16);
  const $resultCount = bytes[at + 24]!;
  const $results$n = $resultCount;
  if (!($results$n * 12 <= end - (at + 25)))
    return refuse(SESSION_RECORD_SITES, 5 /* results: short */, end, `${end - (at + 25)} of ${$results$n * 12} bytes`);
  const $results$list: SessionResult[] = new Array($results$n);
  let $results$p = at + 25;
  for (let i = 0; i < $results$n; i++) {
    const $results$each$v = $takeSessionResult(bytes, $results$p, end);
    if ($results$each$v === undefined) return within(SESSION_RECORD_SITES, 6 /* results[*]: short */, i);
    const $results$each$e = next.at;
    const $results$each = $results$each$v;
    $results$list[i] = $results$each;
    $results$p = $results$each$e;
  }
  const $results$is = $results$list;
  const $$p1 = $results$p;
  next.at = $$p1;
  return {
    client: $client$high * 4294967296 + uint32At(bytes, at + 4),
    ackedBelow: $ackedBelow$high * 4294967296 + uint32At(bytes, at + 12),
    lastMs: $lastMs$high * 4294967296 + uint32At(bytes, at + 20),
    results: $results$is,
  };
}
function $putSessionRecord(value: SessionRecord, bytes: Uint8Array, at: number): number {
  requireObject(SESSION_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  const $results$count = listOf(SESSION_RECORD_SITES$WRITTEN, 1 /* results: argument */, at, value.results).length;
  const $client = value.client;
  if (!Number.isSafeInteger($client) || $client < 0)
    fail(SESSION_RECORD_SITES$WRITTEN, 2 /* client: range */, at, $client);
  putSafe(bytes, at, $client);
  const $ackedBelow = value.ackedBelow;
  if (!Number.isSafeInteger($ackedBelow) || $ackedBelow < 0)
    fail(SESSION_RECORD_SITES$WRITTEN, 3 /* ackedBelow: range */, at + 8, $ackedBelow);
  putSafe(bytes, at + 8, $ackedBelow);
  const $lastMs = value.lastMs;
  if (!Number.isSafeInteger($lastMs) || $lastMs < 0)
    fail(SESSION_RECORD_SITES$WRITTEN, 4 /* lastMs: range */, at + 16, $lastMs);
  putSafe(bytes, at + 16, $lastMs);
  const $resultCount = $results$count;
  if ($resultCount > 255) fail(SESSION_RECORD_SITES$WRITTEN, 5 /* results: range */, at + 24, $resultCount);
  bytes[at + 24] = $resultCount;
  const $results$list = listOf(SESSION_RECORD_SITES$WRITTEN, 1 /* results: argument */, at + 25,
      value.results) as readonly (SessionResult)[];
  let $results$p = at + 25;
  for (let i = 0; i < $results$list.length; i++) {
    const $results$each = $results$list[i]!;
    let $results$each$e: number;
    try { $results$each$e = $putSessionResult($results$each, bytes, $results$p);
    } catch (error) { throw inside(error, SESSION_RECORD_SITES$WRITTEN, 6 /* results[*]: short */, i); }
    $results$p = $results$each$e;
  }
  const $$p1 = $results$p;
  return $$p1;
}
function $sizeSessionRecord(value: SessionRecord): number {
  requireObject(SESSION_RECORD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 25;
  const $results$list = listOf(SESSION_RECORD_SITES$WRITTEN, 1 /* results: argument */, 0,
      value.results) as readonly (SessionResult)[];
  for (let i = 0; i < $results$list.length; i++) {
    const $results$each = $results$list[i]!;
    try { $$size += $sizeSessionResult($results$each as SessionResult);
    } catch (error) { throw inside(error, SESSION_RECORD_SITES$WRITTEN, 6 /* results[*]: short */, i); }
  }
  return $$size;
}
/**
 * A session, with the results that its client has not acknowledged. Source: seeds/dps, Raft snapshots. 64-bit integers
 * as bigint.
 */
export interface SessionRecordBig {
  client: bigint;
  ackedBelow: bigint;
  /** When it was last used. */
  lastMs: bigint;
  /** By serial, ascending. */
  results: SessionResultBig[];
}
function readSessionRecordBig(bytes: Uint8Array, at: number, end: number): SessionRecordBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(SESSION_RECORD_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeSessionRecordBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(SESSION_RECORD_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_session_record. */
export function decodeSessionRecordBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SessionRecordBig {
  return readSessionRecordBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSessionRecordBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SessionRecordBig> {
  const value = readSessionRecordBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeSessionRecordBig(value: SessionRecordBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeSessionRecordBig(value));
    $putSessionRecordBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, SESSION_RECORD_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSessionRecordBigInto(value: SessionRecordBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeSessionRecordBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SESSION_RECORD_SITES$WRITTEN, need, bytes, at);
    return $putSessionRecordBig(value, bytes, at);
  } catch (error) { throw foreign(error, SESSION_RECORD_SITES$WRITTEN); }
}
function $takeSessionRecordBig(bytes: Uint8Array, at: number, end: number): SessionRecordBig | undefined {
  if (end - at < 25) return refuse(SESSION_RECORD_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $resultCount = bytes[at + 24]!;
  const $results$n = $resultCount;
  if (!($results$n * 12 <= end - (at + 25)))
    return refuse(SESSION_RECORD_SITES, 5 /* results: short */, end, `${end - (at + 25)} of ${$results$n * 12} bytes`);
  const $results$list: SessionResultBig[] = new Array($results$n);
  let $results$p = at + 25;
  for (let i = 0; i < $results$n; i++) {
    const $results$each$v = $takeSessionResultBig(bytes, $results$p, end);
    if ($results$each$v === undefined) return within(SESSION_RECORD_SITES, 6 /* results[*]: short */, i);
    const $results$each$e = next.at;
    const $results$each = $results$each$v;
    $results$list[i] = $results$each;
    $results$p = $results$each$e;
  }
  const $results$is = $results$list;
  const $$p1 = $results$p;
  next.at = $$p1;
  return {
    client: bigUnsigned(bytes, at),
    ackedBelow: bigUnsigned(bytes, at + 8),
    lastMs: bigUnsigned(bytes, at + 16),
    results: $results$is,
  };
}
function $putSessionRecordBig(value: SessionRecordBig, bytes: Uint8Array, at: number): number {
  requireObject(SESSION_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  const $results$count = listOf(SESSION_RECORD_SITES$WRITTEN, 1 /* results: argument */, at, value.results).length;
  const $client = value.client;
  if (typeof $client !== "bigint" || BigInt.asUintN(64, $client) !== $client)
    fail(SESSION_RECORD_SITES$WRITTEN$BIG, 0 /* client: range */, at, $client);
  bigPut(bytes, at, $client);
  const $ackedBelow = value.ackedBelow;
  if (typeof $ackedBelow !== "bigint" || BigInt.asUintN(64, $ackedBelow) !== $ackedBelow)
    fail(SESSION_RECORD_SITES$WRITTEN$BIG, 1 /* ackedBelow: range */, at + 8, $ackedBelow);
  bigPut(bytes, at + 8, $ackedBelow);
  const $lastMs = value.lastMs;
  if (typeof $lastMs !== "bigint" || BigInt.asUintN(64, $lastMs) !== $lastMs)
    fail(SESSION_RECORD_SITES$WRITTEN$BIG, 2 /* lastMs: range */, at + 16, $lastMs);
  bigPut(bytes, at + 16, $lastMs);
  const $resultCount = $results$count;
  if ($resultCount > 255) fail(SESSION_RECORD_SITES$WRITTEN, 5 /* results: range */, at + 24, $resultCount);
  bytes[at + 24] = $resultCount;
  const $results$list = listOf(SESSION_RECORD_SITES$WRITTEN, 1 /* results: argument */, at + 25,
      value.results) as readonly (SessionResultBig)[];
  let $results$p = at + 25;
  for (let i = 0; i < $results$list.length; i++) {
    const $results$each = $results$list[i]!;
    let $results$each$e: number;
    try { $results$each$e = $putSessionResultBig($results$each, bytes, $results$p);
    } catch (error) { throw inside(error, SESSION_RECORD_SITES$WRITTEN, 6 /* results[*]: short */, i); }
    $results$p = $results$each$e;
  }
  const $$p1 = $results$p;
  return $$p1;
}
function $sizeSessionRecordBig(value: SessionRecordBig): number {
  requireObject(SESSION_RECORD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 25;
  const $results$list = listOf(SESSION_RECORD_SITES$WRITTEN, 1 /* results: argument */, 0,
      value.results) as readonly (SessionResultBig)[];
  for (let i = 0; i < $results$list.length; i++) {
    const $results$each = $results$list[i]!;
    try { $$size += $sizeSessionResultBig($results$each as SessionResultBig);
    } catch (error) { throw inside(error, SESSION_RECORD_SITES$WRITTEN, 6 /* results[*]: short */, i); }
  }
  return $$size;
}

const SESSION_RESULT_SITES: Sites = {
  format: "raft_session_result",
  file: "raft/snapshots.ksy",
  sites: [
    ["short", "", 31, "at least 12 bytes"],
    ["unsafe-integer", "serial", 33, "at most 2^53-1"],
    ["short", "result", 35, ""],
  ],
};
const SESSION_RESULT_SITES$WRITTEN: Sites = {
  format: "raft_session_result",
  file: "raft/snapshots.ksy",
  sites: [
    ["argument", "", 31, "an object"],
    ["count", "result", 35, "at least 0 bytes"],
    ["range", "serial", 33, "0 to 2^53-1"],
    ["range", "result", 34, "result_length of 0 to 4294967295"],
  ],
};
const SESSION_RESULT_SITES$WRITTEN$BIG: Sites = {
  format: "raft_session_result",
  file: "raft/snapshots.ksy",
  sites: [
    ["range", "serial", 33, "0 to 18446744073709551615"],
  ],
};
export interface SessionResult {
  serial: number;
  result: Uint8Array;
}
function $skipSessionResult(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 12) return -1;
  const $resultLength = (((bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) |
      bytes[at + 11]!) >>> 0);
  const $result$count = $resultLength;
  const $$p1 = at + 12 + $result$count;
  return $$p1;
}
function $takeSessionResult(bytes: Uint8Array, at: number, end: number): SessionResult | undefined {
  if (end - at < 12) return refuse(SESSION_RESULT_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $serial$high = uint32At(bytes, at);
  if ($serial$high > 0x1fffff) return refuse(SESSION_RESULT_SITES, 1 /* serial: unsafe-integer */, at);
  const $resultLength = uint32At(bytes, at + 8);
  const $result$count = $resultLength;
  if ($result$count > end - at - 12)
    return refuse(SESSION_RESULT_SITES, 2 /* result: short */, end, `${end - at - 12} of ${$result$count} bytes`);
  const $$p1 = at + 12 + $result$count;
  next.at = $$p1;
  return {
    serial: $serial$high * 4294967296 + uint32At(bytes, at + 4),
    result: new Uint8Array(next.buffer, next.base + at + 12, $result$count),
  };
}
function $putSessionResult(value: SessionResult, bytes: Uint8Array, at: number): number {
  requireObject(SESSION_RESULT_SITES$WRITTEN, 0 /* argument */, at, value);
  const $result = value.result, $result$count = lengthOf($result);
  if ($result$count < 0) failBytes(SESSION_RESULT_SITES$WRITTEN, 1 /* result: count */, at, $result);
  const $serial = value.serial;
  if (!Number.isSafeInteger($serial) || $serial < 0)
    fail(SESSION_RESULT_SITES$WRITTEN, 2 /* serial: range */, at, $serial);
  putSafe(bytes, at, $serial);
  const $resultLength = $result$count;
  if ($resultLength > 4294967295) fail(SESSION_RESULT_SITES$WRITTEN, 3 /* result: range */, at + 8, $resultLength);
  bytes[at + 8] = $resultLength >>> 24; bytes[at + 9] = $resultLength >>> 16; bytes[at + 10] = $resultLength >>> 8;
  bytes[at + 11] = $resultLength;
  bytes.set($result, at + 12);
  const $$p1 = at + 12 + $result$count;
  return $$p1;
}
function $sizeSessionResult(value: SessionResult): number {
  requireObject(SESSION_RESULT_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 12;
  $$size += bytesLength(value.result);
  return $$size;
}
/** 64-bit integers as bigint. */
export interface SessionResultBig {
  serial: bigint;
  result: Uint8Array;
}
function $takeSessionResultBig(bytes: Uint8Array, at: number, end: number): SessionResultBig | undefined {
  if (end - at < 12) return refuse(SESSION_RESULT_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $resultLength = uint32At(bytes, at + 8);
  const $result$count = $resultLength;
  if ($result$count > end - at - 12)
    return refuse(SESSION_RESULT_SITES, 2 /* result: short */, end, `${end - at - 12} of ${$result$count} bytes`);
  const $$p1 = at + 12 + $result$count;
  next.at = $$p1;
  return {
    serial: bigUnsigned(bytes, at),
    result: new Uint8Array(next.buffer, next.base + at + 12, $result$count),
  };
}
function $putSessionResultBig(value: SessionResultBig, bytes: Uint8Array, at: number): number {
  requireObject(SESSION_RESULT_SITES$WRITTEN, 0 /* argument */, at, value);
  const $result = value.result, $result$count = lengthOf($result);
  if ($result$count < 0) failBytes(SESSION_RESULT_SITES$WRITTEN, 1 /* result: count */, at, $result);
  const $serial = value.serial;
  if (typeof $serial !== "bigint" || BigInt.asUintN(64, $serial) !== $serial)
    fail(SESSION_RESULT_SITES$WRITTEN$BIG, 0 /* serial: range */, at, $serial);
  bigPut(bytes, at, $serial);
  const $resultLength = $result$count;
  if ($resultLength > 4294967295) fail(SESSION_RESULT_SITES$WRITTEN, 3 /* result: range */, at + 8, $resultLength);
  bytes[at + 8] = $resultLength >>> 24; bytes[at + 9] = $resultLength >>> 16; bytes[at + 10] = $resultLength >>> 8;
  bytes[at + 11] = $resultLength;
  bytes.set($result, at + 12);
  const $$p1 = at + 12 + $result$count;
  return $$p1;
}
function $sizeSessionResultBig(value: SessionResultBig): number {
  requireObject(SESSION_RESULT_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 12;
  $$size += bytesLength(value.result);
  return $$size;
}

const BACKUPS_RECORD_SITES: Sites = {
  format: "raft_backups_record",
  file: "raft/snapshots.ksy",
  sites: [
    ["short", "", 36, "at least 4 bytes"],
    ["short", "backups", 41, ""],
    ["trailing", "", 36, ""],
  ],
};
const BACKUPS_RECORD_SITES$WRITTEN: Sites = {
  format: "raft_backups_record",
  file: "raft/snapshots.ksy",
  sites: [
    ["count", "backups", 41, "at least 0 bytes"],
    ["argument", "", 36, "an object"],
    ["range", "backups", 40, "backups_length of 0 to 4294967295"],
  ],
};
/** What marks and notes have come to, where the head has a hash. Source: seeds/dps, Raft snapshots. */
export interface BackupsRecord {
  /** As the chain encodes it. */
  backups: Uint8Array;
}
export const BACKUPS_RECORD_MIN_SIZE = 4;
function readBackupsRecord(bytes: Uint8Array, at: number, end: number): BackupsRecord | undefined {
  if (end - at < 4 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(BACKUPS_RECORD_SITES, 0 /* short */, 4, bytes, at, end);
  }
  const $backupsLength = uint32At(bytes, at);
  const $backups$count = $backupsLength;
  if ($backups$count > end - at - 4)
    return refuse(BACKUPS_RECORD_SITES, 1 /* backups: short */, end, `${end - at - 4} of ${$backups$count} bytes`);
  const $$p1 = at + 4 + $backups$count;
  if ($$p1 !== end) return refuse(BACKUPS_RECORD_SITES, 2 /* trailing */, $$p1);
  return {
    backups: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 4, $backups$count),
  };
}
/** @throws WireError when the bytes are no raft_backups_record. */
export function decodeBackupsRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): BackupsRecord {
  return readBackupsRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeBackupsRecord(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<BackupsRecord> {
  const value = readBackupsRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function backupsRecordLength(value: BackupsRecord): number {
  const $backups = value?.backups;
  if (lengthOf($backups) < 0) failBytes(BACKUPS_RECORD_SITES$WRITTEN, 0 /* backups: count */, 0, $backups);
  return 4 + $backups.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeBackupsRecord(value: BackupsRecord): NewBytes {
  const bytes = new Uint8Array(backupsRecordLength(value));
  encodeBackupsRecordInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeBackupsRecordInto(value: BackupsRecord, bytes: Uint8Array, at = 0): number {
  if (!value) fail(BACKUPS_RECORD_SITES$WRITTEN, 1 /* argument */, at, value);
  const $backups = value.backups, $backups$count = lengthOf($backups);
  if ($backups$count < 0) failBytes(BACKUPS_RECORD_SITES$WRITTEN, 0 /* backups: count */, at, $backups);
  const need = 4 + $backups$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(BACKUPS_RECORD_SITES$WRITTEN, need, bytes, at);
  const $backupsLength = $backups$count;
  if ($backupsLength > 4294967295) fail(BACKUPS_RECORD_SITES$WRITTEN, 2 /* backups: range */, at, $backupsLength);
  bytes[at] = $backupsLength >>> 24; bytes[at + 1] = $backupsLength >>> 16; bytes[at + 2] = $backupsLength >>> 8;
  bytes[at + 3] = $backupsLength;
  bytes.set($backups, at + 4);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekBackupsRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(BACKUPS_RECORD_SITES, bytes, at, end);
  if (end - at < 4) return 0;
  const $backupsLength = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  const $backups$count = $backupsLength;
  const $$p1 = at + 4 + $backups$count;
  return $$p1 - at;
}

