// Generated from chain/backup.ksy by `specwire gen`; do not edit. spec sha256 661c5fe65c87e9bf78cbf8784ca384994eb298331fea4ded2c41232801498c2e
/**
 * Chain, backups of the state of a cluster. Ours. Two entries of the log of Raft, a mark at which every member freezes
 * its state and a note that names the block of it, and what such a block holds.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigSigned, bigUnsigned, bytesLength, enter, fail, failBytes,
    failRange, failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, raise, refuse, refuseRange,
    requireObject, textAt, uint32At, utf8Bytes, utf8Length, within } from "../../index.js";

export const BackupKind = {
  whole: 1,
  part: 2,
  digest: 3,
} as const;
export type BackupKind = (typeof BackupKind)[keyof typeof BackupKind];
/** Name and meaning of each BackupKind. */
export const BACKUP_KIND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "whole", doc: "" },
  2: { name: "part", doc: "" },
  3: { name: "digest", doc: "" },
};

const BACKUP_MARK_SITES: Sites = {
  format: "chain_backup_mark",
  file: "chain/backup.ksy",
  sites: [
    ["short", "", 10, "16 bytes"],
  ],
};
const BACKUP_MARK_SITES$WRITTEN: Sites = {
  format: "chain_backup_mark",
  file: "chain/backup.ksy",
  sites: [
    ["argument", "", 10, "an object"],
    ["range", "number", 14, "0 to 18446744073709551615"],
    ["range", "atMs", 15, "0 to 18446744073709551615"],
  ],
};
/** Entry 6: every member freezes its state at the index of this entry. Source: seeds/dps, Chain backups. */
export interface BackupMark {
  /** Number of the mark. */
  number: bigint;
  /** Milliseconds since 1970. */
  atMs: bigint;
}
export const BACKUP_MARK_SIZE = 16;
function readBackupMark(bytes: Uint8Array, at: number, end: number): BackupMark | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(BACKUP_MARK_SITES, 0 /* short */, 16, bytes, at, end);
  }
  return {
    number: bigUnsigned(bytes, at),
    atMs: bigUnsigned(bytes, at + 8),
  };
}
/** @throws WireError when the bytes are no chain_backup_mark. */
export function decodeBackupMark(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): BackupMark {
  return readBackupMark(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeBackupMark(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<BackupMark> {
  const value = readBackupMark(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeBackupMark(value: BackupMark): NewBytes {
  const bytes = new Uint8Array(16);
  encodeBackupMarkInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeBackupMarkInto(value: BackupMark, bytes: Uint8Array, at = 0): number {
  if (!value) fail(BACKUP_MARK_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(BACKUP_MARK_SITES$WRITTEN, 16, bytes, at);
  const $number = value.number;
  if (typeof $number !== "bigint" || BigInt.asUintN(64, $number) !== $number)
    fail(BACKUP_MARK_SITES$WRITTEN, 1 /* number: range */, at, $number);
  bigPut(bytes, at, $number);
  const $atMs = value.atMs;
  if (typeof $atMs !== "bigint" || BigInt.asUintN(64, $atMs) !== $atMs)
    fail(BACKUP_MARK_SITES$WRITTEN, 2 /* atMs: range */, at + 8, $atMs);
  bigPut(bytes, at + 8, $atMs);
  return at + 16;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekBackupMarkLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(BACKUP_MARK_SITES, bytes, at, end);
  return 16;
}

const BACKUP_NOTE_SITES: Sites = {
  format: "chain_backup_note",
  file: "chain/backup.ksy",
  sites: [
    ["short", "", 16, "at least 128 bytes"],
    ["constant", "reserved", 23, "0"],
    ["enum", "backupKind", 25, "one of 1, 2, 3"],
    ["short", "hash", 36, ""],
    ["short", "prevHash", 38, ""],
    ["short", "config", 40, ""],
    ["short", "keys", 42, ""],
    ["short", "state", 44, ""],
    ["trailing", "", 16, ""],
  ],
};
const BACKUP_NOTE_SITES$WRITTEN: Sites = {
  format: "chain_backup_note",
  file: "chain/backup.ksy",
  sites: [
    ["count", "hash", 36, "at least 0 bytes"],
    ["count", "prevHash", 38, "at least 0 bytes"],
    ["count", "config", 40, "at least 0 bytes"],
    ["count", "keys", 42, "at least 0 items"],
    ["count", "state", 44, "at least 0 bytes"],
    ["argument", "", 16, "an object"],
    ["range", "number", 20, "0 to 18446744073709551615"],
    ["range", "atMs", 21, "0 to 18446744073709551615"],
    ["range", "member", 22, "0 to 18446744073709551615"],
    ["constant", "reserved", 23, "0"],
    ["range", "isEncrypted", 24, "true or false"],
    ["range", "backupKind", 25, "0 to 255"],
    ["enum", "backupKind", 25, "one of 1, 2, 3"],
    ["range", "part", 26, "0 to 4294967295"],
    ["range", "partCount", 27, "0 to 4294967295"],
    ["range", "partBytes", 28, "0 to 4294967295"],
    ["range", "stateBytes", 29, "0 to 18446744073709551615"],
    ["length", "stateSha256", 30, "32 bytes"],
    ["range", "blockIndex", 31, "0 to 18446744073709551615"],
    ["range", "timeNs", 32, "-9223372036854775808 to 9223372036854775807"],
    ["range", "nonce", 33, "0 to 18446744073709551615"],
    ["length", "iv", 34, "12 bytes"],
    ["range", "hash", 35, "hash_length of 0 to 255"],
    ["range", "prevHash", 37, "prev_hash_length of 0 to 255"],
    ["range", "config", 39, "config_length of 0 to 4294967295"],
    ["range", "keys", 41, "key_count of 0 to 4294967295"],
    ["length", "keys[*]", 42, "20 bytes"],
    ["range", "state", 43, "state_length of 0 to 4294967295"],
  ],
};
/** Entry 7: a block of the state that was frozen at a mark. Source: seeds/dps, Chain backups. */
export interface BackupNote {
  /** That of the mark. */
  number: bigint;
  atMs: bigint;
  /** The leader that wrote it. */
  member: bigint;
  reserved: number;
  isEncrypted: boolean;
  backupKind: BackupKind;
  part: number;
  partCount: number;
  /** Bytes of the state in each part but the last. */
  partBytes: number;
  stateBytes: bigint;
  stateSha256: Uint8Array;
  blockIndex: bigint;
  timeNs: bigint;
  nonce: bigint;
  /** Zeros where nothing is encrypted. */
  iv: Uint8Array;
  hash: Uint8Array;
  prevHash: Uint8Array;
  config: Uint8Array;
  /** Of chunks of files. */
  keys: Uint8Array[];
  /** The state itself where it is short, else empty. */
  state: Uint8Array;
}
export const BACKUP_NOTE_MIN_SIZE = 128;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const BACKUP_NOTE_DEFAULTS = { reserved: 0 } as const;
function readBackupNote(bytes: Uint8Array, at: number, end: number): BackupNote | undefined {
  if (end - at < 128 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(BACKUP_NOTE_SITES, 0 /* short */, 128, bytes, at, end);
  }
  const $reserved = ((bytes[at + 24]! >>> 1) & 127);
  if ($reserved !== 0) return refuse(BACKUP_NOTE_SITES, 1 /* reserved: constant */, at + 24, $reserved);
  const $backupKind = bytes[at + 25]!;
  if (($backupKind < 1 || $backupKind > 3))
    return refuse(BACKUP_NOTE_SITES, 2 /* backupKind: enum */, at + 25, $backupKind);
  const $hashLength = bytes[at + 114]!;
  const $hash$count = $hashLength;
  if ($hash$count > end - at - 128)
    return refuse(BACKUP_NOTE_SITES, 3 /* hash: short */, end, `${end - at - 128} of ${$hash$count} bytes`);
  const $$p1 = at + 115 + $hash$count;
  const $prevHashLength = bytes[$$p1]!;
  const $prevHash$count = $prevHashLength;
  if ($prevHash$count > end - $$p1 - 13)
    return refuse(BACKUP_NOTE_SITES, 4 /* prevHash: short */, end, `${end - $$p1 - 13} of ${$prevHash$count} bytes`);
  const $$p2 = $$p1 + 1 + $prevHash$count;
  const $configLength = uint32At(bytes, $$p2);
  const $config$count = $configLength;
  if ($config$count > end - $$p2 - 12)
    return refuse(BACKUP_NOTE_SITES, 5 /* config: short */, end, `${end - $$p2 - 12} of ${$config$count} bytes`);
  const $$p3 = $$p2 + 4 + $config$count;
  const $keyCount = uint32At(bytes, $$p3);
  const $keys$count = $keyCount;
  if ($keys$count * 20 > end - $$p3 - 8)
    return refuse(BACKUP_NOTE_SITES, 6 /* keys: short */, end, `${end - $$p3 - 8} of ${$keys$count * 20} bytes`);
  const $$p4 = $$p3 + 4 + $keys$count * 20;
  const $stateLength = uint32At(bytes, $$p4);
  const $state$count = $stateLength;
  if ($state$count > end - $$p4 - 4)
    return refuse(BACKUP_NOTE_SITES, 7 /* state: short */, end, `${end - $$p4 - 4} of ${$state$count} bytes`);
  const $$p5 = $$p4 + 4 + $state$count;
  if ($$p5 !== end) return refuse(BACKUP_NOTE_SITES, 8 /* trailing */, $$p5);
  const $keys$buffer = bytes.buffer, $keys$base = bytes.byteOffset;
  const $keys = new Array<Uint8Array>($keys$count);
  for (let i = 0, p = $$p3 + 4; i < $keys$count; i++, p += 20)
    $keys[i] = new Uint8Array($keys$buffer, $keys$base + p, 20);
  return {
    number: bigUnsigned(bytes, at),
    atMs: bigUnsigned(bytes, at + 8),
    member: bigUnsigned(bytes, at + 16),
    reserved: ((bytes[at + 24]! >>> 1) & 127),
    isEncrypted: ((bytes[at + 24]! & 1) === 1),
    backupKind: $backupKind as BackupKind,
    part: uint32At(bytes, at + 26),
    partCount: uint32At(bytes, at + 30),
    partBytes: uint32At(bytes, at + 34),
    stateBytes: bigUnsigned(bytes, at + 38),
    stateSha256: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 46, 32),
    blockIndex: bigUnsigned(bytes, at + 78),
    timeNs: bigSigned(bytes, at + 86),
    nonce: bigUnsigned(bytes, at + 94),
    iv: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 102, 12),
    hash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 115, $hash$count),
    prevHash: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 1, $prevHash$count),
    config: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p2 + 4, $config$count),
    keys: $keys,
    state: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p4 + 4, $state$count),
  };
}
/** @throws WireError when the bytes are no chain_backup_note. */
export function decodeBackupNote(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): BackupNote {
  return readBackupNote(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeBackupNote(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<BackupNote> {
  const value = readBackupNote(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function backupNoteLength(value: BackupNote): number {
  const $hash = value?.hash;
  if (lengthOf($hash) < 0) failBytes(BACKUP_NOTE_SITES$WRITTEN, 0 /* hash: count */, 0, $hash);
  const $prevHash = value?.prevHash;
  if (lengthOf($prevHash) < 0) failBytes(BACKUP_NOTE_SITES$WRITTEN, 1 /* prevHash: count */, 0, $prevHash);
  const $config = value?.config;
  if (lengthOf($config) < 0) failBytes(BACKUP_NOTE_SITES$WRITTEN, 2 /* config: count */, 0, $config);
  const $keys$count = value?.keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(BACKUP_NOTE_SITES$WRITTEN, 3 /* keys: count */, 0, $keys$count);
  const $state = value?.state;
  if (lengthOf($state) < 0) failBytes(BACKUP_NOTE_SITES$WRITTEN, 4 /* state: count */, 0, $state);
  return 128 + $hash.length + $prevHash.length + $config.length + 20 * $keys$count + $state.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeBackupNote(value: BackupNote): NewBytes {
  const bytes = new Uint8Array(backupNoteLength(value));
  encodeBackupNoteInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeBackupNoteInto(value: BackupNote, bytes: Uint8Array, at = 0): number {
  if (!value) fail(BACKUP_NOTE_SITES$WRITTEN, 5 /* argument */, at, value);
  const $hash = value.hash, $hash$count = lengthOf($hash);
  if ($hash$count < 0) failBytes(BACKUP_NOTE_SITES$WRITTEN, 0 /* hash: count */, at, $hash);
  const $prevHash = value.prevHash, $prevHash$count = lengthOf($prevHash);
  if ($prevHash$count < 0) failBytes(BACKUP_NOTE_SITES$WRITTEN, 1 /* prevHash: count */, at, $prevHash);
  const $config = value.config, $config$count = lengthOf($config);
  if ($config$count < 0) failBytes(BACKUP_NOTE_SITES$WRITTEN, 2 /* config: count */, at, $config);
  const $keys = value.keys, $keys$count = $keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(BACKUP_NOTE_SITES$WRITTEN, 3 /* keys: count */, at, $keys$count);
  const $state = value.state, $state$count = lengthOf($state);
  if ($state$count < 0) failBytes(BACKUP_NOTE_SITES$WRITTEN, 4 /* state: count */, at, $state);
  const need = 128 + $hash$count + $prevHash$count + $config$count + 20 * $keys$count + $state$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(BACKUP_NOTE_SITES$WRITTEN, need, bytes, at);
  const $number = value.number;
  if (typeof $number !== "bigint" || BigInt.asUintN(64, $number) !== $number)
    fail(BACKUP_NOTE_SITES$WRITTEN, 6 /* number: range */, at, $number);
  bigPut(bytes, at, $number);
  const $atMs = value.atMs;
  if (typeof $atMs !== "bigint" || BigInt.asUintN(64, $atMs) !== $atMs)
    fail(BACKUP_NOTE_SITES$WRITTEN, 7 /* atMs: range */, at + 8, $atMs);
  bigPut(bytes, at + 8, $atMs);
  const $member = value.member;
  if (typeof $member !== "bigint" || BigInt.asUintN(64, $member) !== $member)
    fail(BACKUP_NOTE_SITES$WRITTEN, 8 /* member: range */, at + 16, $member);
  bigPut(bytes, at + 16, $member);
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 127) !== $reserved || $reserved !== 0)
    fail(BACKUP_NOTE_SITES$WRITTEN, 9 /* reserved: constant */, at + 24, $reserved);
  const $isEncrypted = value.isEncrypted;
  if ($isEncrypted !== true && $isEncrypted !== false)
    fail(BACKUP_NOTE_SITES$WRITTEN, 10 /* isEncrypted: range */, at + 24, $isEncrypted);
  const $isEncrypted$bits = ($reserved << 1) | ($isEncrypted ? 1 : 0);
  bytes[at + 24] = $isEncrypted$bits;
  const $backupKind = value.backupKind;
  if (typeof $backupKind !== "number" || ($backupKind & 255) !== $backupKind)
    fail(BACKUP_NOTE_SITES$WRITTEN, 11 /* backupKind: range */, at + 25, $backupKind);
  if (($backupKind < 1 || $backupKind > 3))
    fail(BACKUP_NOTE_SITES$WRITTEN, 12 /* backupKind: enum */, at + 25, $backupKind);
  bytes[at + 25] = $backupKind;
  const $part = value.part;
  if (typeof $part !== "number" || $part >>> 0 !== $part)
    fail(BACKUP_NOTE_SITES$WRITTEN, 13 /* part: range */, at + 26, $part);
  bytes[at + 26] = $part >>> 24; bytes[at + 27] = $part >>> 16; bytes[at + 28] = $part >>> 8; bytes[at + 29] = $part;
  const $partCount = value.partCount;
  if (typeof $partCount !== "number" || $partCount >>> 0 !== $partCount)
    fail(BACKUP_NOTE_SITES$WRITTEN, 14 /* partCount: range */, at + 30, $partCount);
  bytes[at + 30] = $partCount >>> 24; bytes[at + 31] = $partCount >>> 16; bytes[at + 32] = $partCount >>> 8;
  bytes[at + 33] = $partCount;
  const $partBytes = value.partBytes;
  if (typeof $partBytes !== "number" || $partBytes >>> 0 !== $partBytes)
    fail(BACKUP_NOTE_SITES$WRITTEN, 15 /* partBytes: range */, at + 34, $partBytes);
  bytes[at + 34] = $partBytes >>> 24; bytes[at + 35] = $partBytes >>> 16; bytes[at + 36] = $partBytes >>> 8;
  bytes[at + 37] = $partBytes;
  const $stateBytes = value.stateBytes;
  if (typeof $stateBytes !== "bigint" || BigInt.asUintN(64, $stateBytes) !== $stateBytes)
    fail(BACKUP_NOTE_SITES$WRITTEN, 16 /* stateBytes: range */, at + 38, $stateBytes);
  bigPut(bytes, at + 38, $stateBytes);
  const $stateSha256 = value.stateSha256;
  if (lengthOf($stateSha256) !== 32)
    failBytes(BACKUP_NOTE_SITES$WRITTEN, 17 /* stateSha256: length */, at + 46, $stateSha256);
  bytes.set($stateSha256, at + 46);
  const $blockIndex = value.blockIndex;
  if (typeof $blockIndex !== "bigint" || BigInt.asUintN(64, $blockIndex) !== $blockIndex)
    fail(BACKUP_NOTE_SITES$WRITTEN, 18 /* blockIndex: range */, at + 78, $blockIndex);
  bigPut(bytes, at + 78, $blockIndex);
  const $timeNs = value.timeNs;
  if (typeof $timeNs !== "bigint" || BigInt.asIntN(64, $timeNs) !== $timeNs)
    fail(BACKUP_NOTE_SITES$WRITTEN, 19 /* timeNs: range */, at + 86, $timeNs);
  bigPut(bytes, at + 86, $timeNs);
  const $nonce = value.nonce;
  if (typeof $nonce !== "bigint" || BigInt.asUintN(64, $nonce) !== $nonce)
    fail(BACKUP_NOTE_SITES$WRITTEN, 20 /* nonce: range */, at + 94, $nonce);
  bigPut(bytes, at + 94, $nonce);
  const $iv = value.iv;
  if (lengthOf($iv) !== 12) failBytes(BACKUP_NOTE_SITES$WRITTEN, 21 /* iv: length */, at + 102, $iv);
  bytes[at + 102] = $iv[0]!; bytes[at + 103] = $iv[1]!; bytes[at + 104] = $iv[2]!; bytes[at + 105] = $iv[3]!;
  bytes[at + 106] = $iv[4]!; bytes[at + 107] = $iv[5]!; bytes[at + 108] = $iv[6]!; bytes[at + 109] = $iv[7]!;
  bytes[at + 110] = $iv[8]!; bytes[at + 111] = $iv[9]!; bytes[at + 112] = $iv[10]!; bytes[at + 113] = $iv[11]!;
  const $hashLength = $hash$count;
  if ($hashLength > 255) fail(BACKUP_NOTE_SITES$WRITTEN, 22 /* hash: range */, at + 114, $hashLength);
  bytes[at + 114] = $hashLength;
  bytes.set($hash, at + 115);
  const $$p1 = at + 115 + $hash$count;
  const $prevHashLength = $prevHash$count;
  if ($prevHashLength > 255) fail(BACKUP_NOTE_SITES$WRITTEN, 23 /* prevHash: range */, $$p1, $prevHashLength);
  bytes[$$p1] = $prevHashLength;
  bytes.set($prevHash, $$p1 + 1);
  const $$p2 = $$p1 + 1 + $prevHash$count;
  const $configLength = $config$count;
  if ($configLength > 4294967295) fail(BACKUP_NOTE_SITES$WRITTEN, 24 /* config: range */, $$p2, $configLength);
  bytes[$$p2] = $configLength >>> 24; bytes[$$p2 + 1] = $configLength >>> 16; bytes[$$p2 + 2] = $configLength >>> 8;
  bytes[$$p2 + 3] = $configLength;
  bytes.set($config, $$p2 + 4);
  const $$p3 = $$p2 + 4 + $config$count;
  const $keyCount = $keys$count;
  if ($keyCount > 4294967295) fail(BACKUP_NOTE_SITES$WRITTEN, 25 /* keys: range */, $$p3, $keyCount);
  bytes[$$p3] = $keyCount >>> 24; bytes[$$p3 + 1] = $keyCount >>> 16; bytes[$$p3 + 2] = $keyCount >>> 8;
  bytes[$$p3 + 3] = $keyCount;
  for (let i = 0, p = $$p3 + 4; i < $keys$count; i++, p += 20) {
    const $keys$item = $keys[i]!;
    if (lengthOf($keys$item) !== 20) failBytes(BACKUP_NOTE_SITES$WRITTEN, 26 /* keys[*]: length */, p, $keys$item, i);
    bytes.set($keys$item, p);
  }
  const $$p4 = $$p3 + 4 + 20 * $keys$count;
  const $stateLength = $state$count;
  if ($stateLength > 4294967295) fail(BACKUP_NOTE_SITES$WRITTEN, 27 /* state: range */, $$p4, $stateLength);
  bytes[$$p4] = $stateLength >>> 24; bytes[$$p4 + 1] = $stateLength >>> 16; bytes[$$p4 + 2] = $stateLength >>> 8;
  bytes[$$p4 + 3] = $stateLength;
  bytes.set($state, $$p4 + 4);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekBackupNoteLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(BACKUP_NOTE_SITES, bytes, at, end);
  if (end - at >= 25) {
    const $reserved = ((bytes[at + 24]! >>> 1) & 127);
    if ($reserved !== 0) return -1;
  }
  if (end - at >= 26) {
    const $backupKind = bytes[at + 25]!;
    if (($backupKind < 1 || $backupKind > 3)) return -1;
  }
  if (end - at < 115) return 0;
  const $hashLength = bytes[at + 114]!;
  const $hash$count = $hashLength;
  const $$p1 = at + 115 + $hash$count;
  if (end - $$p1 < 1) return 0;
  const $prevHashLength = bytes[$$p1]!;
  const $prevHash$count = $prevHashLength;
  const $$p2 = $$p1 + 1 + $prevHash$count;
  if (end - $$p2 < 4) return 0;
  const $configLength = (((bytes[$$p2]! << 24) | (bytes[$$p2 + 1]! << 16) | (bytes[$$p2 + 2]! << 8) |
      bytes[$$p2 + 3]!) >>> 0);
  const $config$count = $configLength;
  const $$p3 = $$p2 + 4 + $config$count;
  if (end - $$p3 < 4) return 0;
  const $keyCount = (((bytes[$$p3]! << 24) | (bytes[$$p3 + 1]! << 16) | (bytes[$$p3 + 2]! << 8) |
      bytes[$$p3 + 3]!) >>> 0);
  const $keys$count = $keyCount;
  const $$p4 = $$p3 + 4 + $keys$count * 20;
  if (end - $$p4 < 4) return 0;
  const $stateLength = (((bytes[$$p4]! << 24) | (bytes[$$p4 + 1]! << 16) | (bytes[$$p4 + 2]! << 8) |
      bytes[$$p4 + 3]!) >>> 0);
  const $state$count = $stateLength;
  const $$p5 = $$p4 + 4 + $state$count;
  return $$p5 - at;
}

const BACKUP_DATA_SITES: Sites = {
  format: "chain_backup_data",
  file: "chain/backup.ksy",
  sites: [
    ["short", "", 45, "at least 44 bytes"],
    ["trailing", "", 45, ""],
    ["constant", "magic", 49, "53 57 42 4b"],
    ["constant", "version", 50, "01"],
    ["short", "config", 56, ""],
    ["short", "keys", 58, ""],
    ["short", "content", 59, ""],
    ["kind", "content", 59, "a case of 1, 2, 3"],
    ["short", "metadataLength", 66, "2 bytes"],
    ["short", "metadata", 67, ""],
    ["text", "metadata", 67, "utf-8"],
  ],
};
const BACKUP_DATA_SITES$WRITTEN: Sites = {
  format: "chain_backup_data",
  file: "chain/backup.ksy",
  sites: [
    ["argument", "", 45, "an object"],
    ["count", "config", 56, "at least 0 bytes"],
    ["count", "keys", 58, "at least 0 items"],
    ["text", "metadata", 67, "utf-8"],
    ["count", "metadata", 67, "at least 0 bytes"],
    ["range", "backupKind", 51, "0 to 255"],
    ["range", "lastIndex", 52, "0 to 18446744073709551615"],
    ["range", "lastTerm", 53, "0 to 18446744073709551615"],
    ["range", "atUnixNs", 54, "-9223372036854775808 to 9223372036854775807"],
    ["range", "config", 55, "config_length of 0 to 4294967295"],
    ["range", "keys", 57, "key_count of 0 to 4294967295"],
    ["length", "keys[*]", 58, "20 bytes"],
    ["short", "content", 59, ""],
    ["kind", "content", 59, "a case of the choice"],
    ["range", "metadata", 66, "metadata_length of 0 to 65535"],
    ["argument", "keys", 58, "a list"],
  ],
};
/**
 * The data of a block, before it is encrypted. Nothing in it is of one member alone. Source: seeds/dps, Chain backups.
 */
export interface BackupData {
  /** A writer tells it from the kind. */
  backupKind?: BackupKind | (number & {}) | undefined;
  /** That of the mark. */
  lastIndex: bigint;
  /** That of the mark. */
  lastTerm: bigint;
  /** That of the block. */
  atUnixNs: bigint;
  config: Uint8Array;
  /** Of chunks of files. */
  keys: Uint8Array[];
  content: WholeState | StatePart | StateDigest;
  /** JSON. */
  metadata: string;
}
export const BACKUP_DATA_MIN_SIZE = 44;
function readBackupData(bytes: Uint8Array, at: number, end: number): BackupData | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(BACKUP_DATA_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeBackupData(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(BACKUP_DATA_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no chain_backup_data. */
export function decodeBackupData(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): BackupData {
  return readBackupData(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeBackupData(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<BackupData> {
  const value = readBackupData(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeBackupData(value: BackupData): NewBytes {
  try {
    const bytes = new Uint8Array($sizeBackupData(value));
    $putBackupData(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, BACKUP_DATA_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeBackupDataInto(value: BackupData, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeBackupData(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(BACKUP_DATA_SITES$WRITTEN, need, bytes, at);
    return $putBackupData(value, bytes, at);
  } catch (error) { throw foreign(error, BACKUP_DATA_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekBackupDataLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(BACKUP_DATA_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 66) || (end > at + 3 && bytes[at + 3] !== 75)) return -1;
  if (end > at + 4 && bytes[at + 4] !== 1) return -1;
  next.depth = 0;
  const behind = $skipBackupData(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipBackupData(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 34) return -1;
  const $backupKind = bytes[at + 5]!;
  const $configLength = (((bytes[at + 30]! << 24) | (bytes[at + 31]! << 16) | (bytes[at + 32]! << 8) |
      bytes[at + 33]!) >>> 0);
  const $config$count = $configLength;
  const $$p1 = at + 34 + $config$count;
  if (end - $$p1 < 4) return -1;
  const $keyCount = (((bytes[$$p1]! << 24) | (bytes[$$p1 + 1]! << 16) | (bytes[$$p1 + 2]! << 8) |
      bytes[$$p1 + 3]!) >>> 0);
  const $keys$count = $keyCount;
  const $$p2 = $$p1 + 4 + $keys$count * 20;
  let $$p3 = $$p2;
  switch ($backupKind as number) {
    case 1: {
      $$p3 = $skipWholeState(bytes, $$p3, end);
      if ($$p3 < 0) return $$p3;
      break;
    }
    case 2: {
      $$p3 = $skipStatePart(bytes, $$p3, end);
      if ($$p3 < 0) return $$p3;
      break;
    }
    case 3: {
      $$p3 = $skipStateDigest(bytes, $$p3, end);
      if ($$p3 < 0) return $$p3;
      break;
    }
    default: return -2;
  }
  if (end - $$p3 < 2) return -1;
  const $metadataLength = ((bytes[$$p3]! << 8) | bytes[$$p3 + 1]!);
  const $metadata$count = $metadataLength;
  const $$p4 = $$p3 + 2 + $metadata$count;
  return $$p4;
}
function $takeBackupData(bytes: Uint8Array, at: number, end: number): BackupData | undefined {
  if (end - at < 38) return refuse(BACKUP_DATA_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 66) | (bytes[at + 3]! ^ 75)) !== 0)
    return refuse(BACKUP_DATA_SITES, 2 /* magic: constant */, at);
  if (bytes[at + 4] !== 1) return refuse(BACKUP_DATA_SITES, 3 /* version: constant */, at + 4);
  const $backupKind = bytes[at + 5]!;
  const $configLength = uint32At(bytes, at + 30);
  const $config$count = $configLength;
  if ($config$count > end - at - 38)
    return refuse(BACKUP_DATA_SITES, 4 /* config: short */, end, `${end - at - 38} of ${$config$count} bytes`);
  const $$p1 = at + 34 + $config$count;
  const $keyCount = uint32At(bytes, $$p1);
  const $keys$count = $keyCount;
  if ($keys$count * 20 > end - $$p1 - 4)
    return refuse(BACKUP_DATA_SITES, 5 /* keys: short */, end, `${end - $$p1 - 4} of ${$keys$count * 20} bytes`);
  const $$p2 = $$p1 + 4 + $keys$count * 20;
  const $content$tag = $backupKind as number;
  let $content$c: WholeState | StatePart | StateDigest;
  let $content$ce: number;
  switch ($content$tag) {
    case 1: {
      const $content$0$v = $takeWholeState(bytes, $$p2, end);
      if ($content$0$v === undefined) return within(BACKUP_DATA_SITES, 6 /* content: short */);
      const $content$0$e = next.at;
      $content$c = $content$0$v;
      $content$ce = $content$0$e;
      break;
    }
    case 2: {
      const $content$1$v = $takeStatePart(bytes, $$p2, end);
      if ($content$1$v === undefined) return within(BACKUP_DATA_SITES, 6 /* content: short */);
      const $content$1$e = next.at;
      $content$c = $content$1$v;
      $content$ce = $content$1$e;
      break;
    }
    case 3: {
      const $content$2$v = $takeStateDigest(bytes, $$p2, end);
      if ($content$2$v === undefined) return within(BACKUP_DATA_SITES, 6 /* content: short */);
      const $content$2$e = next.at;
      $content$c = $content$2$v;
      $content$ce = $content$2$e;
      break;
    }
    default: {
      return refuse(BACKUP_DATA_SITES, 7 /* content: kind */, $$p2, $content$tag);
    }
  }
  const $content$is = $content$c;
  const $$p3 = $content$ce;
  if (end - $$p3 < 2) return refuse(BACKUP_DATA_SITES, 8 /* metadataLength: short */, $$p3, `${end - $$p3} bytes`);
  const $metadataLength = ((bytes[$$p3]! << 8) | bytes[$$p3 + 1]!);
  const $metadata$count = $metadataLength;
  if ($metadata$count > end - $$p3 - 2)
    return refuse(BACKUP_DATA_SITES, 9 /* metadata: short */, end, `${end - $$p3 - 2} of ${$metadata$count} bytes`);
  const $$p4 = $$p3 + 2 + $metadata$count;
  const $metadata = textAt(bytes, $$p3 + 2, $$p4);
  if ($metadata === undefined) return refuse(BACKUP_DATA_SITES, 10 /* metadata: text */, $$p3 + 2);
  next.at = $$p4;
  const $keys$buffer = next.buffer, $keys$base = next.base;
  const $keys = new Array<Uint8Array>($keys$count);
  for (let i = 0, p = $$p1 + 4; i < $keys$count; i++, p += 20)
    $keys[i] = new Uint8Array($keys$buffer, $keys$base + p, 20);
  return {
    backupKind: $backupKind,
    lastIndex: bigUnsigned(bytes, at + 6),
    lastTerm: bigUnsigned(bytes, at + 14),
    atUnixNs: bigSigned(bytes, at + 22),
    config: new Uint8Array(next.buffer, next.base + at + 34, $config$count),
    keys: $keys,
    content: $content$is,
    metadata: $metadata,
  };
}
function $putBackupData(value: BackupData, bytes: Uint8Array, at: number): number {
  requireObject(BACKUP_DATA_SITES$WRITTEN, 0 /* argument */, at, value);
  const $backupKind$told = (value.backupKind ?? (value.content?.kind === "whole" ? 1 : value.content?.kind === "part" ? 2 : value.content?.kind === "digest" ? 3 : undefined)) as number;
  const $config = value.config, $config$count = lengthOf($config);
  if ($config$count < 0) failBytes(BACKUP_DATA_SITES$WRITTEN, 1 /* config: count */, at, $config);
  const $keys = value.keys, $keys$count = $keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(BACKUP_DATA_SITES$WRITTEN, 2 /* keys: count */, at, $keys$count);
  const $metadata = utf8Bytes(value.metadata);
  if ($metadata === undefined) fail(BACKUP_DATA_SITES$WRITTEN, 3 /* metadata: text */, at);
  const $metadata$count = $metadata.length;
  if ($metadata$count < 0) fail(BACKUP_DATA_SITES$WRITTEN, 4 /* metadata: count */, at, $metadata$count);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 66; bytes[at + 3] = 75;
  bytes[at + 4] = 1;
  const $backupKind = $backupKind$told;
  if (typeof $backupKind !== "number" || ($backupKind & 255) !== $backupKind)
    fail(BACKUP_DATA_SITES$WRITTEN, 5 /* backupKind: range */, at + 5, $backupKind);
  bytes[at + 5] = $backupKind;
  const $lastIndex = value.lastIndex;
  if (typeof $lastIndex !== "bigint" || BigInt.asUintN(64, $lastIndex) !== $lastIndex)
    fail(BACKUP_DATA_SITES$WRITTEN, 6 /* lastIndex: range */, at + 6, $lastIndex);
  bigPut(bytes, at + 6, $lastIndex);
  const $lastTerm = value.lastTerm;
  if (typeof $lastTerm !== "bigint" || BigInt.asUintN(64, $lastTerm) !== $lastTerm)
    fail(BACKUP_DATA_SITES$WRITTEN, 7 /* lastTerm: range */, at + 14, $lastTerm);
  bigPut(bytes, at + 14, $lastTerm);
  const $atUnixNs = value.atUnixNs;
  if (typeof $atUnixNs !== "bigint" || BigInt.asIntN(64, $atUnixNs) !== $atUnixNs)
    fail(BACKUP_DATA_SITES$WRITTEN, 8 /* atUnixNs: range */, at + 22, $atUnixNs);
  bigPut(bytes, at + 22, $atUnixNs);
  const $configLength = $config$count;
  if ($configLength > 4294967295) fail(BACKUP_DATA_SITES$WRITTEN, 9 /* config: range */, at + 30, $configLength);
  bytes[at + 30] = $configLength >>> 24; bytes[at + 31] = $configLength >>> 16; bytes[at + 32] = $configLength >>> 8;
  bytes[at + 33] = $configLength;
  bytes.set($config, at + 34);
  const $$p1 = at + 34 + $config$count;
  const $keyCount = $keys$count;
  if ($keyCount > 4294967295) fail(BACKUP_DATA_SITES$WRITTEN, 10 /* keys: range */, $$p1, $keyCount);
  bytes[$$p1] = $keyCount >>> 24; bytes[$$p1 + 1] = $keyCount >>> 16; bytes[$$p1 + 2] = $keyCount >>> 8;
  bytes[$$p1 + 3] = $keyCount;
  for (let i = 0, p = $$p1 + 4; i < $keys$count; i++, p += 20) {
    const $keys$item = $keys[i]!;
    if (lengthOf($keys$item) !== 20) failBytes(BACKUP_DATA_SITES$WRITTEN, 11 /* keys[*]: length */, p, $keys$item, i);
    bytes.set($keys$item, p);
  }
  const $$p2 = $$p1 + 4 + 20 * $keys$count;
  let $content$ce: number;
  const $content$tag = $backupKind$told as number;
  switch ($content$tag) {
    case 1: {
      let $content$0$e: number;
      try { $content$0$e = $putWholeState((value.content as WholeState), bytes, $$p2);
      } catch (error) { throw inside(error, BACKUP_DATA_SITES$WRITTEN, 12 /* content: short */); }
      $content$ce = $content$0$e;
      break;
    }
    case 2: {
      let $content$1$e: number;
      try { $content$1$e = $putStatePart((value.content as StatePart), bytes, $$p2);
      } catch (error) { throw inside(error, BACKUP_DATA_SITES$WRITTEN, 12 /* content: short */); }
      $content$ce = $content$1$e;
      break;
    }
    case 3: {
      let $content$2$e: number;
      try { $content$2$e = $putStateDigest((value.content as StateDigest), bytes, $$p2);
      } catch (error) { throw inside(error, BACKUP_DATA_SITES$WRITTEN, 12 /* content: short */); }
      $content$ce = $content$2$e;
      break;
    }
    default: fail(BACKUP_DATA_SITES$WRITTEN, 13 /* content: kind */, $$p2, $content$tag);
  }
  const $$p3 = $content$ce;
  const $metadataLength = $metadata$count;
  if ($metadataLength > 65535) fail(BACKUP_DATA_SITES$WRITTEN, 14 /* metadata: range */, $$p3, $metadataLength);
  bytes[$$p3] = $metadataLength >>> 8; bytes[$$p3 + 1] = $metadataLength;
  bytes.set($metadata, $$p3 + 2);
  const $$p4 = $$p3 + 2 + $metadata$count;
  return $$p4;
}
function $sizeBackupData(value: BackupData): number {
  requireObject(BACKUP_DATA_SITES$WRITTEN, 0 /* argument */, 0, value);
  const $backupKind$told = (value.backupKind ?? (value.content?.kind === "whole" ? 1 : value.content?.kind === "part" ? 2 : value.content?.kind === "digest" ? 3 : undefined)) as number;
  let $$size = 40;
  $$size += bytesLength(value.config);
  $$size += 20 * listOf(BACKUP_DATA_SITES$WRITTEN, 15 /* keys: argument */, 0, value.keys).length;
  switch ($backupKind$told as number) {
    case 1:
    try { $$size += $sizeWholeState(value.content as WholeState);
    } catch (error) { throw inside(error, BACKUP_DATA_SITES$WRITTEN, 12 /* content: short */); }
    break;
    case 2:
    try { $$size += $sizeStatePart(value.content as StatePart);
    } catch (error) { throw inside(error, BACKUP_DATA_SITES$WRITTEN, 12 /* content: short */); }
    break;
    case 3:
    try { $$size += $sizeStateDigest(value.content as StateDigest);
    } catch (error) { throw inside(error, BACKUP_DATA_SITES$WRITTEN, 12 /* content: short */); }
    break;
  }
  $$size += utf8Length(value.metadata);
  return $$size;
}

const WHOLE_STATE_SITES: Sites = {
  format: "chain_whole_state",
  file: "chain/backup.ksy",
  sites: [
    ["short", "", 68, "at least 4 bytes"],
    ["short", "state", 72, ""],
  ],
};
const WHOLE_STATE_SITES$WRITTEN: Sites = {
  format: "chain_whole_state",
  file: "chain/backup.ksy",
  sites: [
    ["argument", "", 68, "an object"],
    ["count", "state", 72, "at least 0 bytes"],
    ["range", "state", 71, "length of 0 to 4294967295"],
  ],
};
export interface WholeState {
  kind: "whole";
  state: Uint8Array;
}
function $skipWholeState(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 4) return -1;
  const $length = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  const $state$count = $length;
  const $$p1 = at + 4 + $state$count;
  return $$p1;
}
function $takeWholeState(bytes: Uint8Array, at: number, end: number): WholeState | undefined {
  if (end - at < 4) return refuse(WHOLE_STATE_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $length = uint32At(bytes, at);
  const $state$count = $length;
  if ($state$count > end - at - 4)
    return refuse(WHOLE_STATE_SITES, 1 /* state: short */, end, `${end - at - 4} of ${$state$count} bytes`);
  const $$p1 = at + 4 + $state$count;
  next.at = $$p1;
  return {
    kind: "whole",
    state: new Uint8Array(next.buffer, next.base + at + 4, $state$count),
  };
}
function $putWholeState(value: WholeState, bytes: Uint8Array, at: number): number {
  requireObject(WHOLE_STATE_SITES$WRITTEN, 0 /* argument */, at, value);
  const $state = value.state, $state$count = lengthOf($state);
  if ($state$count < 0) failBytes(WHOLE_STATE_SITES$WRITTEN, 1 /* state: count */, at, $state);
  const $length = $state$count;
  if ($length > 4294967295) fail(WHOLE_STATE_SITES$WRITTEN, 2 /* state: range */, at, $length);
  bytes[at] = $length >>> 24; bytes[at + 1] = $length >>> 16; bytes[at + 2] = $length >>> 8; bytes[at + 3] = $length;
  bytes.set($state, at + 4);
  const $$p1 = at + 4 + $state$count;
  return $$p1;
}
function $sizeWholeState(value: WholeState): number {
  requireObject(WHOLE_STATE_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 4;
  $$size += bytesLength(value.state);
  return $$size;
}

const STATE_PART_SITES: Sites = {
  format: "chain_state_part",
  file: "chain/backup.ksy",
  sites: [
    ["short", "", 73, "at least 52 bytes"],
    ["short", "bytes", 80, ""],
  ],
};
const STATE_PART_SITES$WRITTEN: Sites = {
  format: "chain_state_part",
  file: "chain/backup.ksy",
  sites: [
    ["argument", "", 73, "an object"],
    ["count", "bytes", 80, "at least 0 bytes"],
    ["range", "totalBytes", 76, "0 to 18446744073709551615"],
    ["range", "offset", 77, "0 to 18446744073709551615"],
    ["length", "stateSha256", 78, "32 bytes"],
    ["range", "bytes", 79, "length of 0 to 4294967295"],
  ],
};
export interface StatePart {
  kind: "part";
  totalBytes: bigint;
  offset: bigint;
  /** Of the whole state. */
  stateSha256: Uint8Array;
  bytes: Uint8Array;
}
function $skipStatePart(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 52) return -1;
  const $length = (((bytes[at + 48]! << 24) | (bytes[at + 49]! << 16) | (bytes[at + 50]! << 8) |
      bytes[at + 51]!) >>> 0);
  const $bytes$count = $length;
  const $$p1 = at + 52 + $bytes$count;
  return $$p1;
}
function $takeStatePart(bytes: Uint8Array, at: number, end: number): StatePart | undefined {
  if (end - at < 52) return refuse(STATE_PART_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $length = uint32At(bytes, at + 48);
  const $bytes$count = $length;
  if ($bytes$count > end - at - 52)
    return refuse(STATE_PART_SITES, 1 /* bytes: short */, end, `${end - at - 52} of ${$bytes$count} bytes`);
  const $$p1 = at + 52 + $bytes$count;
  next.at = $$p1;
  return {
    kind: "part",
    totalBytes: bigUnsigned(bytes, at),
    offset: bigUnsigned(bytes, at + 8),
    stateSha256: new Uint8Array(next.buffer, next.base + at + 16, 32),
    bytes: new Uint8Array(next.buffer, next.base + at + 52, $bytes$count),
  };
}
function $putStatePart(value: StatePart, bytes: Uint8Array, at: number): number {
  requireObject(STATE_PART_SITES$WRITTEN, 0 /* argument */, at, value);
  const $bytes = value.bytes, $bytes$count = lengthOf($bytes);
  if ($bytes$count < 0) failBytes(STATE_PART_SITES$WRITTEN, 1 /* bytes: count */, at, $bytes);
  const $totalBytes = value.totalBytes;
  if (typeof $totalBytes !== "bigint" || BigInt.asUintN(64, $totalBytes) !== $totalBytes)
    fail(STATE_PART_SITES$WRITTEN, 2 /* totalBytes: range */, at, $totalBytes);
  bigPut(bytes, at, $totalBytes);
  const $offset = value.offset;
  if (typeof $offset !== "bigint" || BigInt.asUintN(64, $offset) !== $offset)
    fail(STATE_PART_SITES$WRITTEN, 3 /* offset: range */, at + 8, $offset);
  bigPut(bytes, at + 8, $offset);
  const $stateSha256 = value.stateSha256;
  if (lengthOf($stateSha256) !== 32)
    failBytes(STATE_PART_SITES$WRITTEN, 4 /* stateSha256: length */, at + 16, $stateSha256);
  bytes.set($stateSha256, at + 16);
  const $length = $bytes$count;
  if ($length > 4294967295) fail(STATE_PART_SITES$WRITTEN, 5 /* bytes: range */, at + 48, $length);
  bytes[at + 48] = $length >>> 24; bytes[at + 49] = $length >>> 16; bytes[at + 50] = $length >>> 8;
  bytes[at + 51] = $length;
  bytes.set($bytes, at + 52);
  const $$p1 = at + 52 + $bytes$count;
  return $$p1;
}
function $sizeStatePart(value: StatePart): number {
  requireObject(STATE_PART_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 52;
  $$size += bytesLength(value.bytes);
  return $$size;
}

const STATE_DIGEST_SITES: Sites = {
  format: "chain_state_digest",
  file: "chain/backup.ksy",
  sites: [
    ["short", "", 81, "40 bytes"],
  ],
};
const STATE_DIGEST_SITES$WRITTEN: Sites = {
  format: "chain_state_digest",
  file: "chain/backup.ksy",
  sites: [
    ["argument", "", 81, "an object"],
    ["range", "totalBytes", 85, "0 to 18446744073709551615"],
    ["length", "stateSha256", 86, "32 bytes"],
  ],
};
/** The state itself is kept elsewhere, for example in the DHT. */
export interface StateDigest {
  kind: "digest";
  totalBytes: bigint;
  stateSha256: Uint8Array;
}
function $skipStateDigest(_bytes: Uint8Array, at: number, _end: number): number {
  return at + 40;
}
function $takeStateDigest(bytes: Uint8Array, at: number, end: number): StateDigest | undefined {
  if (end - at < 40) return refuse(STATE_DIGEST_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 40;
  return {
    kind: "digest",
    totalBytes: bigUnsigned(bytes, at),
    stateSha256: new Uint8Array(next.buffer, next.base + at + 8, 32),
  };
}
function $putStateDigest(value: StateDigest, bytes: Uint8Array, at: number): number {
  requireObject(STATE_DIGEST_SITES$WRITTEN, 0 /* argument */, at, value);
  const $totalBytes = value.totalBytes;
  if (typeof $totalBytes !== "bigint" || BigInt.asUintN(64, $totalBytes) !== $totalBytes)
    fail(STATE_DIGEST_SITES$WRITTEN, 1 /* totalBytes: range */, at, $totalBytes);
  bigPut(bytes, at, $totalBytes);
  const $stateSha256 = value.stateSha256;
  if (lengthOf($stateSha256) !== 32)
    failBytes(STATE_DIGEST_SITES$WRITTEN, 2 /* stateSha256: length */, at + 8, $stateSha256);
  bytes.set($stateSha256, at + 8);
  return at + 40;
}
function $sizeStateDigest(_value: StateDigest): number { return 40; }

