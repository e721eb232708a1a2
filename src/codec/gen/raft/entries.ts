// Generated from raft/entries.ksy by `specwire gen`; do not edit. spec sha256 22e76caf67d717253dcec6671cc10b57c60d0254f0017ec166c8446e001a46a1
/**
 * Raft, entries of the log. Ours: the upstream project names three commands and says no layout. Entries travel in
 * messages and lie in segments of the log in the same form. Integers of eight bytes are at most 2^53 - 1.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, bigPut, bigUnsigned, enter, fail, failBytes,
    failRange, failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, putSafe, raise, refuse, refuseRange,
    requireObject, uint32At, utf8Length, within } from "../../index.js";

export const EntryType = {
  /** The first of each term. */
  noop: 1,
  config: 2,
  command: 3,
  openSession: 4,
  closeSession: 5,
  mark: 6,
  note: 7,
} as const;
export type EntryType = (typeof EntryType)[keyof typeof EntryType];
/** Name and meaning of each EntryType. */
export const ENTRY_TYPE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "noop", doc: "The first of each term." },
  2: { name: "config", doc: "" },
  3: { name: "command", doc: "" },
  4: { name: "openSession", doc: "" },
  5: { name: "closeSession", doc: "" },
  6: { name: "mark", doc: "" },
  7: { name: "note", doc: "" },
};

export const MemberRole = {
  voter: 1,
  learner: 2,
} as const;
export type MemberRole = (typeof MemberRole)[keyof typeof MemberRole];
/** Name and meaning of each MemberRole. */
export const MEMBER_ROLE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "voter", doc: "" },
  2: { name: "learner", doc: "" },
};

const LOG_ENTRY_SITES: Sites = {
  format: "raft_log_entry",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 10, "at least 13 bytes"],
    ["unsafe-integer", "term", 14, "at most 2^53-1"],
    ["enum", "entryType", 15, "one of 1, 2, 3, 4, 5, 6, 7"],
    ["short", "data", 17, ""],
    ["trailing", "", 10, ""],
  ],
};
const LOG_ENTRY_SITES$WRITTEN: Sites = {
  format: "raft_log_entry",
  file: "raft/entries.ksy",
  sites: [
    ["count", "data", 17, "at least 0 bytes"],
    ["argument", "", 10, "an object"],
    ["range", "term", 14, "0 to 2^53-1"],
    ["range", "entryType", 15, "0 to 255"],
    ["enum", "entryType", 15, "one of 1, 2, 3, 4, 5, 6, 7"],
    ["range", "data", 16, "data_length of 0 to 4294967295"],
  ],
};
const LOG_ENTRY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_log_entry",
  file: "raft/entries.ksy",
  sites: [
    ["range", "term", 14, "0 to 18446744073709551615"],
  ],
};
/** One entry. Its index follows from its place. Source: seeds/dps, Raft entries. */
export interface LogEntry {
  term: number;
  entryType: EntryType;
  data: Uint8Array;
}
export const LOG_ENTRY_MIN_SIZE = 13;
function readLogEntry(bytes: Uint8Array, at: number, end: number): LogEntry | undefined {
  if (end - at < 13 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_ENTRY_SITES, 0 /* short */, 13, bytes, at, end);
  }
  const $term$high = uint32At(bytes, at);
  if ($term$high > 0x1fffff) return refuse(LOG_ENTRY_SITES, 1 /* term: unsafe-integer */, at);
  const $entryType = bytes[at + 8]!;
  if (($entryType < 1 || $entryType > 7)) return refuse(LOG_ENTRY_SITES, 2 /* entryType: enum */, at + 8, $entryType);
  const $dataLength = uint32At(bytes, at + 9);
  const $data$count = $dataLength;
  if ($data$count > end - at - 13)
    return refuse(LOG_ENTRY_SITES, 3 /* data: short */, end, `${end - at - 13} of ${$data$count} bytes`);
  const $$p1 = at + 13 + $data$count;
  if ($$p1 !== end) return refuse(LOG_ENTRY_SITES, 4 /* trailing */, $$p1);
  return {
    term: $term$high * 4294967296 + uint32At(bytes, at + 4),
    entryType: $entryType as EntryType,
    data: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 13, $data$count),
  };
}
/** @throws WireError when the bytes are no raft_log_entry. */
export function decodeLogEntry(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): LogEntry {
  return readLogEntry(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogEntry(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<LogEntry> {
  const value = readLogEntry(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function logEntryLength(value: LogEntry): number {
  const $data = value?.data;
  if (lengthOf($data) < 0) failBytes(LOG_ENTRY_SITES$WRITTEN, 0 /* data: count */, 0, $data);
  return 13 + $data.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogEntry(value: LogEntry): NewBytes {
  const bytes = new Uint8Array(logEntryLength(value));
  encodeLogEntryInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogEntryInto(value: LogEntry, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LOG_ENTRY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $data = value.data, $data$count = lengthOf($data);
  if ($data$count < 0) failBytes(LOG_ENTRY_SITES$WRITTEN, 0 /* data: count */, at, $data);
  const need = 13 + $data$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(LOG_ENTRY_SITES$WRITTEN, need, bytes, at);
  const $term = value.term;
  if (!Number.isSafeInteger($term) || $term < 0) fail(LOG_ENTRY_SITES$WRITTEN, 2 /* term: range */, at, $term);
  putSafe(bytes, at, $term);
  const $entryType = value.entryType;
  if (typeof $entryType !== "number" || ($entryType & 255) !== $entryType)
    fail(LOG_ENTRY_SITES$WRITTEN, 3 /* entryType: range */, at + 8, $entryType);
  if (($entryType < 1 || $entryType > 7)) fail(LOG_ENTRY_SITES$WRITTEN, 4 /* entryType: enum */, at + 8, $entryType);
  bytes[at + 8] = $entryType;
  const $dataLength = $data$count;
  if ($dataLength > 4294967295) fail(LOG_ENTRY_SITES$WRITTEN, 5 /* data: range */, at + 9, $dataLength);
  bytes[at + 9] = $dataLength >>> 24; bytes[at + 10] = $dataLength >>> 16; bytes[at + 11] = $dataLength >>> 8;
  bytes[at + 12] = $dataLength;
  bytes.set($data, at + 13);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekLogEntryLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(LOG_ENTRY_SITES, bytes, at, end);
  if (end - at >= 9) {
    const $entryType = bytes[at + 8]!;
    if (($entryType < 1 || $entryType > 7)) return -1;
  }
  if (end - at < 13) return 0;
  const $dataLength = (((bytes[at + 9]! << 24) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 8) |
      bytes[at + 12]!) >>> 0);
  const $data$count = $dataLength;
  const $$p1 = at + 13 + $data$count;
  return $$p1 - at;
}
/** One entry. Its index follows from its place. Source: seeds/dps, Raft entries. 64-bit integers as bigint. */
export interface LogEntryBig {
  term: bigint;
  entryType: EntryType;
  data: Uint8Array;
}
function readLogEntryBig(bytes: Uint8Array, at: number, end: number): LogEntryBig | undefined {
  if (end - at < 13 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LOG_ENTRY_SITES, 0 /* short */, 13, bytes, at, end);
  }
  const $entryType = bytes[at + 8]!;
  if (($entryType < 1 || $entryType > 7)) return refuse(LOG_ENTRY_SITES, 2 /* entryType: enum */, at + 8, $entryType);
  const $dataLength = uint32At(bytes, at + 9);
  const $data$count = $dataLength;
  if ($data$count > end - at - 13)
    return refuse(LOG_ENTRY_SITES, 3 /* data: short */, end, `${end - at - 13} of ${$data$count} bytes`);
  const $$p1 = at + 13 + $data$count;
  if ($$p1 !== end) return refuse(LOG_ENTRY_SITES, 4 /* trailing */, $$p1);
  return {
    term: bigUnsigned(bytes, at),
    entryType: $entryType as EntryType,
    data: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 13, $data$count),
  };
}
/** @throws WireError when the bytes are no raft_log_entry. */
export function decodeLogEntryBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): LogEntryBig {
  return readLogEntryBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLogEntryBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<LogEntryBig> {
  const value = readLogEntryBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function logEntryBigLength(value: LogEntryBig): number {
  const $data = value?.data;
  if (lengthOf($data) < 0) failBytes(LOG_ENTRY_SITES$WRITTEN, 0 /* data: count */, 0, $data);
  return 13 + $data.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeLogEntryBig(value: LogEntryBig): NewBytes {
  const bytes = new Uint8Array(logEntryBigLength(value));
  encodeLogEntryBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLogEntryBigInto(value: LogEntryBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LOG_ENTRY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $data = value.data, $data$count = lengthOf($data);
  if ($data$count < 0) failBytes(LOG_ENTRY_SITES$WRITTEN, 0 /* data: count */, at, $data);
  const need = 13 + $data$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(LOG_ENTRY_SITES$WRITTEN, need, bytes, at);
  const $term = value.term;
  if (typeof $term !== "bigint" || BigInt.asUintN(64, $term) !== $term)
    fail(LOG_ENTRY_SITES$WRITTEN$BIG, 0 /* term: range */, at, $term);
  bigPut(bytes, at, $term);
  const $entryType = value.entryType;
  if (typeof $entryType !== "number" || ($entryType & 255) !== $entryType)
    fail(LOG_ENTRY_SITES$WRITTEN, 3 /* entryType: range */, at + 8, $entryType);
  if (($entryType < 1 || $entryType > 7)) fail(LOG_ENTRY_SITES$WRITTEN, 4 /* entryType: enum */, at + 8, $entryType);
  bytes[at + 8] = $entryType;
  const $dataLength = $data$count;
  if ($dataLength > 4294967295) fail(LOG_ENTRY_SITES$WRITTEN, 5 /* data: range */, at + 9, $dataLength);
  bytes[at + 9] = $dataLength >>> 24; bytes[at + 10] = $dataLength >>> 16; bytes[at + 11] = $dataLength >>> 8;
  bytes[at + 12] = $dataLength;
  bytes.set($data, at + 13);
  return at + need;
}

const CLUSTER_CONFIG_SITES: Sites = {
  format: "raft_cluster_config",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 18, "at least 13 bytes"],
    ["trailing", "", 18, ""],
    ["constant", "version", 22, "01"],
    ["range", "driftPermille", 25, "0 to 500"],
    ["range", "memberCount", 26, "0 to 64"],
    ["short", "members", 27, ""],
    ["short", "members[*]", 27, ""],
  ],
};
const CLUSTER_CONFIG_SITES$WRITTEN: Sites = {
  format: "raft_cluster_config",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 18, "an object"],
    ["argument", "members", 27, "a list"],
    ["range", "electionLoMs", 23, "0 to 4294967295"],
    ["range", "electionHiMs", 24, "0 to 4294967295"],
    ["range", "driftPermille", 25, "0 to 500"],
    ["range", "members", 26, "member_count of 0 to 64"],
    ["short", "members[*]", 27, ""],
  ],
};
/**
 * Data of a config entry. The head is that of the whole cluster, and never changes. Source: seeds/dps, Raft
 * configuration.
 */
export interface ClusterConfig {
  /** Least election timeout. */
  electionLoMs: number;
  /** Greatest election timeout. */
  electionHiMs: number;
  /** How much the rate of a clock may differ from true. */
  driftPermille: number;
  /** By member, ascending. */
  members: ClusterMember[];
}
export const CLUSTER_CONFIG_MIN_SIZE = 13;
function readClusterConfig(bytes: Uint8Array, at: number, end: number): ClusterConfig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(CLUSTER_CONFIG_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeClusterConfig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(CLUSTER_CONFIG_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_cluster_config. */
export function decodeClusterConfig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ClusterConfig {
  return readClusterConfig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeClusterConfig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ClusterConfig> {
  const value = readClusterConfig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeClusterConfig(value: ClusterConfig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeClusterConfig(value));
    $putClusterConfig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, CLUSTER_CONFIG_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeClusterConfigInto(value: ClusterConfig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeClusterConfig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(CLUSTER_CONFIG_SITES$WRITTEN, need, bytes, at);
    return $putClusterConfig(value, bytes, at);
  } catch (error) { throw foreign(error, CLUSTER_CONFIG_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekClusterConfigLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(CLUSTER_CONFIG_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end - at >= 11) {
    const $driftPermille = ((bytes[at + 9]! << 8) | bytes[at + 10]!);
    if ($driftPermille > 500) return -1;
  }
  if (end - at >= 13) {
    const $memberCount = ((bytes[at + 11]! << 8) | bytes[at + 12]!);
    if ($memberCount > 64) return -1;
  }
  next.depth = 0;
  const behind = $skipClusterConfig(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipClusterConfig(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 13) return -1;
  const $memberCount = ((bytes[at + 11]! << 8) | bytes[at + 12]!);
  if ($memberCount > 64) return -2;
  let $$p1 = at + 13;
  const $members$n = $memberCount;
  for (let i = 0; i < $members$n; i++) {
    $$p1 = $skipClusterMember(bytes, $$p1, end);
    if ($$p1 < 0) return $$p1;
  }
  return $$p1;
}
function $takeClusterConfig(bytes: Uint8Array, at: number, end: number): ClusterConfig | undefined {
  if (end - at < 13) return refuse(CLUSTER_CONFIG_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse(CLUSTER_CONFIG_SITES, 2 /* version: constant */, at);
  const $driftPermille = ((bytes[at + 9]! << 8) | bytes[at + 10]!);
  if ($driftPermille > 500) return refuse(CLUSTER_CONFIG_SITES, 3 /* driftPermille: range */, at + 9, $driftPermille);
  const $memberCount = ((bytes[at + 11]! << 8) | bytes[at + 12]!);
  if ($memberCount > 64) return refuse(CLUSTER_CONFIG_SITES, 4 /* memberCount: range */, at + 11, $memberCount);
  const $members$n = $memberCount;
  if (!($members$n * 38 <= end - (at + 13)))
    return refuse(CLUSTER_CONFIG_SITES, 5 /* members: short */, end, `${end - (at + 13)} of ${$members$n * 38} bytes`);
  const $members$list: ClusterMember[] = new Array($members$n);
  let $members$p = at + 13;
  for (let i = 0; i < $members$n; i++) {
    const $members$each$v = $takeClusterMember(bytes, $members$p, end);
    if ($members$each$v === undefined) return within(CLUSTER_CONFIG_SITES, 6 /* members[*]: short */, i);
    const $members$each$e = next.at;
    const $members$each = $members$each$v;
    $members$list[i] = $members$each;
    $members$p = $members$each$e;
  }
  const $members$is = $members$list;
  const $$p1 = $members$p;
  next.at = $$p1;
  return {
    electionLoMs: uint32At(bytes, at + 1),
    electionHiMs: uint32At(bytes, at + 5),
    driftPermille: $driftPermille,
    members: $members$is,
  };
}
function $putClusterConfig(value: ClusterConfig, bytes: Uint8Array, at: number): number {
  requireObject(CLUSTER_CONFIG_SITES$WRITTEN, 0 /* argument */, at, value);
  const $members$count = listOf(CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, at, value.members).length;
  bytes[at] = 1;
  const $electionLoMs = value.electionLoMs;
  if (typeof $electionLoMs !== "number" || $electionLoMs >>> 0 !== $electionLoMs)
    fail(CLUSTER_CONFIG_SITES$WRITTEN, 2 /* electionLoMs: range */, at + 1, $electionLoMs);
  bytes[at + 1] = $electionLoMs >>> 24; bytes[at + 2] = $electionLoMs >>> 16; bytes[at + 3] = $electionLoMs >>> 8;
  bytes[at + 4] = $electionLoMs;
  const $electionHiMs = value.electionHiMs;
  if (typeof $electionHiMs !== "number" || $electionHiMs >>> 0 !== $electionHiMs)
    fail(CLUSTER_CONFIG_SITES$WRITTEN, 3 /* electionHiMs: range */, at + 5, $electionHiMs);
  bytes[at + 5] = $electionHiMs >>> 24; bytes[at + 6] = $electionHiMs >>> 16; bytes[at + 7] = $electionHiMs >>> 8;
  bytes[at + 8] = $electionHiMs;
  const $driftPermille = value.driftPermille;
  if (typeof $driftPermille !== "number" || ($driftPermille & 65535) !== $driftPermille || $driftPermille > 500)
    fail(CLUSTER_CONFIG_SITES$WRITTEN, 4 /* driftPermille: range */, at + 9, $driftPermille);
  bytes[at + 9] = $driftPermille >>> 8; bytes[at + 10] = $driftPermille;
  const $memberCount = $members$count;
  if ($memberCount > 64) fail(CLUSTER_CONFIG_SITES$WRITTEN, 5 /* members: range */, at + 11, $memberCount);
  bytes[at + 11] = $memberCount >>> 8; bytes[at + 12] = $memberCount;
  const $members$list = listOf(CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, at + 13,
      value.members) as readonly (ClusterMember)[];
  let $members$p = at + 13;
  for (let i = 0; i < $members$list.length; i++) {
    const $members$each = $members$list[i]!;
    let $members$each$e: number;
    try { $members$each$e = $putClusterMember($members$each, bytes, $members$p);
    } catch (error) { throw inside(error, CLUSTER_CONFIG_SITES$WRITTEN, 6 /* members[*]: short */, i); }
    $members$p = $members$each$e;
  }
  const $$p1 = $members$p;
  return $$p1;
}
function $sizeClusterConfig(value: ClusterConfig): number {
  requireObject(CLUSTER_CONFIG_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 13;
  const $members$list = listOf(CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, 0,
      value.members) as readonly (ClusterMember)[];
  for (let i = 0; i < $members$list.length; i++) {
    const $members$each = $members$list[i]!;
    try { $$size += $sizeClusterMember($members$each as ClusterMember);
    } catch (error) { throw inside(error, CLUSTER_CONFIG_SITES$WRITTEN, 6 /* members[*]: short */, i); }
  }
  return $$size;
}
/**
 * Data of a config entry. The head is that of the whole cluster, and never changes. Source: seeds/dps, Raft
 * configuration. 64-bit integers as bigint.
 */
export interface ClusterConfigBig {
  /** Least election timeout. */
  electionLoMs: number;
  /** Greatest election timeout. */
  electionHiMs: number;
  /** How much the rate of a clock may differ from true. */
  driftPermille: number;
  /** By member, ascending. */
  members: ClusterMemberBig[];
}
function readClusterConfigBig(bytes: Uint8Array, at: number, end: number): ClusterConfigBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(CLUSTER_CONFIG_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeClusterConfigBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(CLUSTER_CONFIG_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_cluster_config. */
export function decodeClusterConfigBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ClusterConfigBig {
  return readClusterConfigBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeClusterConfigBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ClusterConfigBig> {
  const value = readClusterConfigBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeClusterConfigBig(value: ClusterConfigBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeClusterConfigBig(value));
    $putClusterConfigBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, CLUSTER_CONFIG_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeClusterConfigBigInto(value: ClusterConfigBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeClusterConfigBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(CLUSTER_CONFIG_SITES$WRITTEN, need, bytes, at);
    return $putClusterConfigBig(value, bytes, at);
  } catch (error) { throw foreign(error, CLUSTER_CONFIG_SITES$WRITTEN); }
}
function $takeClusterConfigBig(bytes: Uint8Array, at: number, end: number): ClusterConfigBig | undefined {
  if (end - at < 13) return refuse(CLUSTER_CONFIG_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse(CLUSTER_CONFIG_SITES, 2 /* version: constant */, at);
  const $driftPermille = ((bytes[at + 9]! << 8) | bytes[at + 10]!);
  if ($driftPermille > 500) return refuse(CLUSTER_CONFIG_SITES, 3 /* driftPermille: range */, at + 9, $driftPermille);
  const $memberCount = ((bytes[at + 11]! << 8) | bytes[at + 12]!);
  if ($memberCount > 64) return refuse(CLUSTER_CONFIG_SITES, 4 /* memberCount: range */, at + 11, $memberCount);
  const $members$n = $memberCount;
  if (!($members$n * 38 <= end - (at + 13)))
    return refuse(CLUSTER_CONFIG_SITES, 5 /* members: short */, end, `${end - (at + 13)} of ${$members$n * 38} bytes`);
  const $members$list: ClusterMemberBig[] = new Array($members$n);
  let $members$p = at + 13;
  for (let i = 0; i < $members$n; i++) {
    const $members$each$v = $takeClusterMemberBig(bytes, $members$p, end);
    if ($members$each$v === undefined) return within(CLUSTER_CONFIG_SITES, 6 /* members[*]: short */, i);
    const $members$each$e = next.at;
    const $members$each = $members$each$v;
    $members$list[i] = $members$each;
    $members$p = $members$each$e;
  }
  const $members$is = $members$list;
  const $$p1 = $members$p;
  next.at = $$p1;
  return {
    electionLoMs: uint32At(bytes, at + 1),
    electionHiMs: uint32At(bytes, at + 5),
    driftPermille: $driftPermille,
    members: $members$is,
  };
}
function $putClusterConfigBig(value: ClusterConfigBig, bytes: Uint8Array, at: number): number {
  requireObject(CLUSTER_CONFIG_SITES$WRITTEN, 0 /* argument */, at, value);
  const $members$count = listOf(CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, at, value.members).length;
  bytes[at] = 1;
  const $electionLoMs = value.electionLoMs;
  if (typeof $electionLoMs !== "number" || $electionLoMs >>> 0 !== $electionLoMs)
    fail(CLUSTER_CONFIG_SITES$WRITTEN, 2 /* electionLoMs: range */, at + 1, $electionLoMs);
  bytes[at + 1] = $electionLoMs >>> 24; bytes[at + 2] = $electionLoMs >>> 16; bytes[at + 3] = $electionLoMs >>> 8;
  bytes[at + 4] = $electionLoMs;
  const $electionHiMs = value.electionHiMs;
  if (typeof $electionHiMs !== "number" || $electionHiMs >>> 0 !== $electionHiMs)
    fail(CLUSTER_CONFIG_SITES$WRITTEN, 3 /* electionHiMs: range */, at + 5, $electionHiMs);
  bytes[at + 5] = $electionHiMs >>> 24; bytes[at + 6] = $electionHiMs >>> 16; bytes[at + 7] = $electionHiMs >>> 8;
  bytes[at + 8] = $electionHiMs;
  const $driftPermille = value.driftPermille;
  if (typeof $driftPermille !== "number" || ($driftPermille & 65535) !== $driftPermille || $driftPermille > 500)
    fail(CLUSTER_CONFIG_SITES$WRITTEN, 4 /* driftPermille: range */, at + 9, $driftPermille);
  bytes[at + 9] = $driftPermille >>> 8; bytes[at + 10] = $driftPermille;
  const $memberCount = $members$count;
  if ($memberCount > 64) fail(CLUSTER_CONFIG_SITES$WRITTEN, 5 /* members: range */, at + 11, $memberCount);
  bytes[at + 11] = $memberCount >>> 8; bytes[at + 12] = $memberCount;
  const $members$list = listOf(CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, at + 13,
      value.members) as readonly (ClusterMemberBig)[];
  let $members$p = at + 13;
  for (let i = 0; i < $members$list.length; i++) {
    const $members$each = $members$list[i]!;
    let $members$each$e: number;
    try { $members$each$e = $putClusterMemberBig($members$each, bytes, $members$p);
    } catch (error) { throw inside(error, CLUSTER_CONFIG_SITES$WRITTEN, 6 /* members[*]: short */, i); }
    $members$p = $members$each$e;
  }
  const $$p1 = $members$p;
  return $$p1;
}
function $sizeClusterConfigBig(value: ClusterConfigBig): number {
  requireObject(CLUSTER_CONFIG_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 13;
  const $members$list = listOf(CLUSTER_CONFIG_SITES$WRITTEN, 1 /* members: argument */, 0,
      value.members) as readonly (ClusterMemberBig)[];
  for (let i = 0; i < $members$list.length; i++) {
    const $members$each = $members$list[i]!;
    try { $$size += $sizeClusterMemberBig($members$each as ClusterMemberBig);
    } catch (error) { throw inside(error, CLUSTER_CONFIG_SITES$WRITTEN, 6 /* members[*]: short */, i); }
  }
  return $$size;
}

const CLUSTER_MEMBER_SITES: Sites = {
  format: "raft_cluster_member",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 28, "at least 38 bytes"],
    ["unsafe-integer", "member", 30, "at most 2^53-1"],
    ["enum", "role", 31, "one of 1, 2"],
    ["short", "address", 35, ""],
    ["text", "address", 35, "ascii"],
  ],
};
const CLUSTER_MEMBER_SITES$WRITTEN: Sites = {
  format: "raft_cluster_member",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 28, "an object"],
    ["text", "address", 35, "ascii"],
    ["count", "address", 35, "at least 0 bytes"],
    ["range", "member", 30, "0 to 2^53-1"],
    ["range", "role", 31, "0 to 255"],
    ["enum", "role", 31, "one of 1, 2"],
    ["range", "life", 32, "0 to 18446744073709551615"],
    ["length", "node", 33, "20 bytes"],
    ["range", "address", 34, "address_length of 0 to 255"],
  ],
};
const CLUSTER_MEMBER_SITES$WRITTEN$BIG: Sites = {
  format: "raft_cluster_member",
  file: "raft/entries.ksy",
  sites: [
    ["range", "member", 30, "0 to 18446744073709551615"],
  ],
};
export interface ClusterMember {
  member: number;
  role: MemberRole;
  /** Drawn when the disk of the member was made; 0 not known yet. */
  life: bigint;
  /** Id in messages of RPC; zeros: not known yet. */
  node: Uint8Array;
  address: string;
}
function $skipClusterMember(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 38) return -1;
  const $addressLength = bytes[at + 37]!;
  const $address$count = $addressLength;
  const $$p1 = at + 38 + $address$count;
  return $$p1;
}
function $takeClusterMember(bytes: Uint8Array, at: number, end: number): ClusterMember | undefined {
  if (end - at < 38) return refuse(CLUSTER_MEMBER_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $member$high = uint32At(bytes, at);
  if ($member$high > 0x1fffff) return refuse(CLUSTER_MEMBER_SITES, 1 /* member: unsafe-integer */, at);
  const $role = bytes[at + 8]!;
  if (($role < 1 || $role > 2)) return refuse(CLUSTER_MEMBER_SITES, 2 /* role: enum */, at + 8, $role);
  const $addressLength = bytes[at + 37]!;
  const $address$count = $addressLength;
  if ($address$count > end - at - 38)
    return refuse(CLUSTER_MEMBER_SITES, 3 /* address: short */, end, `${end - at - 38} of ${$address$count} bytes`);
  const $$p1 = at + 38 + $address$count;
  const $address = asciiAt(bytes, at + 38, $$p1);
  if ($address === undefined) return refuse(CLUSTER_MEMBER_SITES, 4 /* address: text */, at + 38);
  next.at = $$p1;
  return {
    member: $member$high * 4294967296 + uint32At(bytes, at + 4),
    role: $role as MemberRole,
    life: bigUnsigned(bytes, at + 9),
    node: new Uint8Array(next.buffer, next.base + at + 17, 20),
    address: $address,
  };
}
function $putClusterMember(value: ClusterMember, bytes: Uint8Array, at: number): number {
  requireObject(CLUSTER_MEMBER_SITES$WRITTEN, 0 /* argument */, at, value);
  const $address = asciiBytes(value.address);
  if ($address === undefined) fail(CLUSTER_MEMBER_SITES$WRITTEN, 1 /* address: text */, at);
  const $address$count = $address.length;
  if ($address$count < 0) fail(CLUSTER_MEMBER_SITES$WRITTEN, 2 /* address: count */, at, $address$count);
  const $member = value.member;
  if (!Number.isSafeInteger($member) || $member < 0)
    fail(CLUSTER_MEMBER_SITES$WRITTEN, 3 /* member: range */, at, $member);
  putSafe(bytes, at, $member);
  const $role = value.role;
  if (typeof $role !== "number" || ($role & 255) !== $role)
    fail(CLUSTER_MEMBER_SITES$WRITTEN, 4 /* role: range */, at + 8, $role);
  if (($role < 1 || $role > 2)) fail(CLUSTER_MEMBER_SITES$WRITTEN, 5 /* role: enum */, at + 8, $role);
  bytes[at + 8] = $role;
  const $life = value.life;
  if (typeof $life !== "bigint" || BigInt.asUintN(64, $life) !== $life)
    fail(CLUSTER_MEMBER_SITES$WRITTEN, 6 /* life: range */, at + 9, $life);
  bigPut(bytes, at + 9, $life);
  const $node = value.node;
  if (lengthOf($node) !== 20) failBytes(CLUSTER_MEMBER_SITES$WRITTEN, 7 /* node: length */, at + 17, $node);
  bytes.set($node, at + 17);
  const $addressLength = $address$count;
  if ($addressLength > 255) fail(CLUSTER_MEMBER_SITES$WRITTEN, 8 /* address: range */, at + 37, $addressLength);
  bytes[at + 37] = $addressLength;
  bytes.set($address, at + 38);
  const $$p1 = at + 38 + $address$count;
  return $$p1;
}
function $sizeClusterMember(value: ClusterMember): number {
  requireObject(CLUSTER_MEMBER_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 38;
  $$size += utf8Length(value.address);
  return $$size;
}
/** 64-bit integers as bigint. */
export interface ClusterMemberBig {
  member: bigint;
  role: MemberRole;
  /** Drawn when the disk of the member was made; 0 not known yet. */
  life: bigint;
  /** Id in messages of RPC; zeros: not known yet. */
  node: Uint8Array;
  address: string;
}
function $takeClusterMemberBig(bytes: Uint8Array, at: number, end: number): ClusterMemberBig | undefined {
  if (end - at < 38) return refuse(CLUSTER_MEMBER_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $role = bytes[at + 8]!;
  if (($role < 1 || $role > 2)) return refuse(CLUSTER_MEMBER_SITES, 2 /* role: enum */, at + 8, $role);
  const $addressLength = bytes[at + 37]!;
  const $address$count = $addressLength;
  if ($address$count > end - at - 38)
    return refuse(CLUSTER_MEMBER_SITES, 3 /* address: short */, end, `${end - at - 38} of ${$address$count} bytes`);
  const $$p1 = at + 38 + $address$count;
  const $address = asciiAt(bytes, at + 38, $$p1);
  if ($address === undefined) return refuse(CLUSTER_MEMBER_SITES, 4 /* address: text */, at + 38);
  next.at = $$p1;
  return {
    member: bigUnsigned(bytes, at),
    role: $role as MemberRole,
    life: bigUnsigned(bytes, at + 9),
    node: new Uint8Array(next.buffer, next.base + at + 17, 20),
    address: $address,
  };
}
function $putClusterMemberBig(value: ClusterMemberBig, bytes: Uint8Array, at: number): number {
  requireObject(CLUSTER_MEMBER_SITES$WRITTEN, 0 /* argument */, at, value);
  const $address = asciiBytes(value.address);
  if ($address === undefined) fail(CLUSTER_MEMBER_SITES$WRITTEN, 1 /* address: text */, at);
  const $address$count = $address.length;
  if ($address$count < 0) fail(CLUSTER_MEMBER_SITES$WRITTEN, 2 /* address: count */, at, $address$count);
  const $member = value.member;
  if (typeof $member !== "bigint" || BigInt.asUintN(64, $member) !== $member)
    fail(CLUSTER_MEMBER_SITES$WRITTEN$BIG, 0 /* member: range */, at, $member);
  bigPut(bytes, at, $member);
  const $role = value.role;
  if (typeof $role !== "number" || ($role & 255) !== $role)
    fail(CLUSTER_MEMBER_SITES$WRITTEN, 4 /* role: range */, at + 8, $role);
  if (($role < 1 || $role > 2)) fail(CLUSTER_MEMBER_SITES$WRITTEN, 5 /* role: enum */, at + 8, $role);
  bytes[at + 8] = $role;
  const $life = value.life;
  if (typeof $life !== "bigint" || BigInt.asUintN(64, $life) !== $life)
    fail(CLUSTER_MEMBER_SITES$WRITTEN, 6 /* life: range */, at + 9, $life);
  bigPut(bytes, at + 9, $life);
  const $node = value.node;
  if (lengthOf($node) !== 20) failBytes(CLUSTER_MEMBER_SITES$WRITTEN, 7 /* node: length */, at + 17, $node);
  bytes.set($node, at + 17);
  const $addressLength = $address$count;
  if ($addressLength > 255) fail(CLUSTER_MEMBER_SITES$WRITTEN, 8 /* address: range */, at + 37, $addressLength);
  bytes[at + 37] = $addressLength;
  bytes.set($address, at + 38);
  const $$p1 = at + 38 + $address$count;
  return $$p1;
}
function $sizeClusterMemberBig(value: ClusterMemberBig): number {
  requireObject(CLUSTER_MEMBER_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 38;
  $$size += utf8Length(value.address);
  return $$size;
}

const COMMAND_DATA_SITES: Sites = {
  format: "raft_command_data",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 36, "at least 32 bytes"],
    ["unsafe-integer", "client", 40, "at most 2^53-1"],
    ["unsafe-integer", "serial", 41, "at most 2^53-1"],
    ["unsafe-integer", "ackedBelow", 42, "at most 2^53-1"],
    ["unsafe-integer", "atMs", 43, "at most 2^53-1"],
  ],
};
const COMMAND_DATA_SITES$WRITTEN: Sites = {
  format: "raft_command_data",
  file: "raft/entries.ksy",
  sites: [
    ["count", "command", 44, "at least 0 bytes"],
    ["argument", "", 36, "an object"],
    ["range", "client", 40, "0 to 2^53-1"],
    ["range", "serial", 41, "0 to 2^53-1"],
    ["range", "ackedBelow", 42, "0 to 2^53-1"],
    ["range", "atMs", 43, "0 to 2^53-1"],
  ],
};
const COMMAND_DATA_SITES$WRITTEN$BIG: Sites = {
  format: "raft_command_data",
  file: "raft/entries.ksy",
  sites: [
    ["range", "client", 40, "0 to 18446744073709551615"],
    ["range", "serial", 41, "0 to 18446744073709551615"],
    ["range", "ackedBelow", 42, "0 to 18446744073709551615"],
    ["range", "atMs", 43, "0 to 18446744073709551615"],
  ],
};
/** Data of a command entry. Source: seeds/dps, Raft entries. */
export interface CommandData {
  /** 0: without a session. */
  client: number;
  serial: number;
  /** Results of lesser serials are not wanted any more. */
  ackedBelow: number;
  /** Clock of the cluster. */
  atMs: number;
  command: Uint8Array;
}
export const COMMAND_DATA_MIN_SIZE = 32;
function readCommandData(bytes: Uint8Array, at: number, end: number): CommandData | undefined {
  if (end - at < 32 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(COMMAND_DATA_SITES, 0 /* short */, 32, bytes, at, end);
  }
  const $client$high = uint32At(bytes, at);
  if ($client$high > 0x1fffff) return refuse(COMMAND_DATA_SITES, 1 /* client: unsafe-integer */, at);
  const $serial$high = uint32At(bytes, at + 8);
  if ($serial$high > 0x1fffff) return refuse(COMMAND_DATA_SITES, 2 /* serial: unsafe-integer */, at + 8);
  const $ackedBelow$high = uint32At(bytes, at + 16);
  if ($ackedBelow$high > 0x1fffff) return refuse(COMMAND_DATA_SITES, 3 /* ackedBelow: unsafe-integer */, at + 16);
  const $atMs$high = uint32At(bytes, at + 24);
  if ($atMs$high > 0x1fffff) return refuse(COMMAND_DATA_SITES, 4 /* atMs: unsafe-integer */, at + 24);
  const $command$count = end - at - 32;
  return {
    client: $client$high * 4294967296 + uint32At(bytes, at + 4),
    serial: $serial$high * 4294967296 + uint32At(bytes, at + 12),
    ackedBelow: $ackedBelow$high * 4294967296 + uint32At(bytes, at + 20),
    atMs: $atMs$high * 4294967296 + uint32At(bytes, at + 28),
    command: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 32, $command$count),
  };
}
/** @throws WireError when the bytes are no raft_command_data. */
export function decodeCommandData(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): CommandData {
  return readCommandData(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCommandData(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<CommandData> {
  const value = readCommandData(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function commandDataLength(value: CommandData): number {
  const $command = value?.command;
  if (lengthOf($command) < 0) failBytes(COMMAND_DATA_SITES$WRITTEN, 0 /* command: count */, 0, $command);
  return 32 + $command.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeCommandData(value: CommandData): NewBytes {
  const bytes = new Uint8Array(commandDataLength(value));
  encodeCommandDataInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCommandDataInto(value: CommandData, bytes: Uint8Array, at = 0): number {
  if (!value) fail(COMMAND_DATA_SITES$WRITTEN, 1 /* argument */, at, value);
  const $command = value.command, $command$count = lengthOf($command);
  if ($command$count < 0) failBytes(COMMAND_DATA_SITES$WRITTEN, 0 /* command: count */, at, $command);
  const need = 32 + $command$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(COMMAND_DATA_SITES$WRITTEN, need, bytes, at);
  const $client = value.client;
  if (!Number.isSafeInteger($client) || $client < 0)
    fail(COMMAND_DATA_SITES$WRITTEN, 2 /* client: range */, at, $client);
  putSafe(bytes, at, $client);
  const $serial = value.serial;
  if (!Number.isSafeInteger($serial) || $serial < 0)
    fail(COMMAND_DATA_SITES$WRITTEN, 3 /* serial: range */, at + 8, $serial);
  putSafe(bytes, at + 8, $serial);
  const $ackedBelow = value.ackedBelow;
  if (!Number.isSafeInteger($ackedBelow) || $ackedBelow < 0)
    fail(COMMAND_DATA_SITES$WRITTEN, 4 /* ackedBelow: range */, at + 16, $ackedBelow);
  putSafe(bytes, at + 16, $ackedBelow);
  const $atMs = value.atMs;
  if (!Number.isSafeInteger($atMs) || $atMs < 0) fail(COMMAND_DATA_SITES$WRITTEN, 5 /* atMs: range */, at + 24, $atMs);
  putSafe(bytes, at + 24, $atMs);
  bytes.set($command, at + 32);
  return at + need;
}
/** Data of a command entry. Source: seeds/dps, Raft entries. 64-bit integers as bigint. */
export interface CommandDataBig {
  /** 0: without a session. */
  client: bigint;
  serial: bigint;
  /** Results of lesser serials are not wanted any more. */
  ackedBelow: bigint;
  /** Clock of the cluster. */
  atMs: bigint;
  command: Uint8Array;
}
function readCommandDataBig(bytes: Uint8Array, at: number, end: number): CommandDataBig | undefined {
  if (end - at < 32 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(COMMAND_DATA_SITES, 0 /* short */, 32, bytes, at, end);
  }
  const $command$count = end - at - 32;
  return {
    client: bigUnsigned(bytes, at),
    serial: bigUnsigned(bytes, at + 8),
    ackedBelow: bigUnsigned(bytes, at + 16),
    atMs: bigUnsigned(bytes, at + 24),
    command: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 32, $command$count),
  };
}
/** @throws WireError when the bytes are no raft_command_data. */
export function decodeCommandDataBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): CommandDataBig {
  return readCommandDataBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCommandDataBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<CommandDataBig> {
  const value = readCommandDataBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function commandDataBigLength(value: CommandDataBig): number {
  const $command = value?.command;
  if (lengthOf($command) < 0) failBytes(COMMAND_DATA_SITES$WRITTEN, 0 /* command: count */, 0, $command);
  return 32 + $command.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeCommandDataBig(value: CommandDataBig): NewBytes {
  const bytes = new Uint8Array(commandDataBigLength(value));
  encodeCommandDataBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCommandDataBigInto(value: CommandDataBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(COMMAND_DATA_SITES$WRITTEN, 1 /* argument */, at, value);
  const $command = value.command, $command$count = lengthOf($command);
  if ($command$count < 0) failBytes(COMMAND_DATA_SITES$WRITTEN, 0 /* command: count */, at, $command);
  const need = 32 + $command$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(COMMAND_DATA_SITES$WRITTEN, need, bytes, at);
  const $client = value.client;
  if (typeof $client !== "bigint" || BigInt.asUintN(64, $client) !== $client)
    fail(COMMAND_DATA_SITES$WRITTEN$BIG, 0 /* client: range */, at, $client);
  bigPut(bytes, at, $client);
  const $serial = value.serial;
  if (typeof $serial !== "bigint" || BigInt.asUintN(64, $serial) !== $serial)
    fail(COMMAND_DATA_SITES$WRITTEN$BIG, 1 /* serial: range */, at + 8, $serial);
  bigPut(bytes, at + 8, $serial);
  const $ackedBelow = value.ackedBelow;
  if (typeof $ackedBelow !== "bigint" || BigInt.asUintN(64, $ackedBelow) !== $ackedBelow)
    fail(COMMAND_DATA_SITES$WRITTEN$BIG, 2 /* ackedBelow: range */, at + 16, $ackedBelow);
  bigPut(bytes, at + 16, $ackedBelow);
  const $atMs = value.atMs;
  if (typeof $atMs !== "bigint" || BigInt.asUintN(64, $atMs) !== $atMs)
    fail(COMMAND_DATA_SITES$WRITTEN$BIG, 3 /* atMs: range */, at + 24, $atMs);
  bigPut(bytes, at + 24, $atMs);
  bytes.set($command, at + 32);
  return at + need;
}

const OPEN_SESSION_DATA_SITES: Sites = {
  format: "raft_open_session_data",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 45, "8 bytes"],
    ["unsafe-integer", "atMs", 47, "at most 2^53-1"],
  ],
};
const OPEN_SESSION_DATA_SITES$WRITTEN: Sites = {
  format: "raft_open_session_data",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 45, "an object"],
    ["range", "atMs", 47, "0 to 2^53-1"],
  ],
};
const OPEN_SESSION_DATA_SITES$WRITTEN$BIG: Sites = {
  format: "raft_open_session_data",
  file: "raft/entries.ksy",
  sites: [
    ["range", "atMs", 47, "0 to 18446744073709551615"],
  ],
};
export interface OpenSessionData {
  atMs: number;
}
export const OPEN_SESSION_DATA_SIZE = 8;
function readOpenSessionData(bytes: Uint8Array, at: number, end: number): OpenSessionData | undefined {
  if (end - at !== 8 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(OPEN_SESSION_DATA_SITES, 0 /* short */, 8, bytes, at, end);
  }
  const $atMs$high = uint32At(bytes, at);
  if ($atMs$high > 0x1fffff) return refuse(OPEN_SESSION_DATA_SITES, 1 /* atMs: unsafe-integer */, at);
  return {
    atMs: $atMs$high * 4294967296 + uint32At(bytes, at + 4),
  };
}
/** @throws WireError when the bytes are no raft_open_session_data. */
export function decodeOpenSessionData(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): OpenSessionData {
  return readOpenSessionData(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeOpenSessionData(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<OpenSessionData> {
  const value = readOpenSessionData(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeOpenSessionData(value: OpenSessionData): NewBytes {
  const bytes = new Uint8Array(8);
  encodeOpenSessionDataInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeOpenSessionDataInto(value: OpenSessionData, bytes: Uint8Array, at = 0): number {
  if (!value) fail(OPEN_SESSION_DATA_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 8 || at >>> 0 !== at) failSpace(OPEN_SESSION_DATA_SITES$WRITTEN, 8, bytes, at);
  const $atMs = value.atMs;
  if (!Number.isSafeInteger($atMs) || $atMs < 0) fail(OPEN_SESSION_DATA_SITES$WRITTEN, 1 /* atMs: range */, at, $atMs);
  putSafe(bytes, at, $atMs);
  return at + 8;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekOpenSessionDataLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(OPEN_SESSION_DATA_SITES, bytes, at, end);
  return 8;
}
/** 64-bit integers as bigint. */
export interface OpenSessionDataBig {
  atMs: bigint;
}
function readOpenSessionDataBig(bytes: Uint8Array, at: number, end: number): OpenSessionDataBig | undefined {
  if (end - at !== 8 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(OPEN_SESSION_DATA_SITES, 0 /* short */, 8, bytes, at, end);
  }
  return {
    atMs: bigUnsigned(bytes, at),
  };
}
/** @throws WireError when the bytes are no raft_open_session_data. */
export function decodeOpenSessionDataBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): OpenSessionDataBig {
  return readOpenSessionDataBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeOpenSessionDataBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<OpenSessionDataBig> {
  const value = readOpenSessionDataBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeOpenSessionDataBig(value: OpenSessionDataBig): NewBytes {
  const bytes = new Uint8Array(8);
  encodeOpenSessionDataBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeOpenSessionDataBigInto(value: OpenSessionDataBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(OPEN_SESSION_DATA_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 8 || at >>> 0 !== at) failSpace(OPEN_SESSION_DATA_SITES$WRITTEN, 8, bytes, at);
  const $atMs = value.atMs;
  if (typeof $atMs !== "bigint" || BigInt.asUintN(64, $atMs) !== $atMs)
    fail(OPEN_SESSION_DATA_SITES$WRITTEN$BIG, 0 /* atMs: range */, at, $atMs);
  bigPut(bytes, at, $atMs);
  return at + 8;
}

const CLOSE_SESSION_DATA_SITES: Sites = {
  format: "raft_close_session_data",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 48, "16 bytes"],
    ["unsafe-integer", "client", 50, "at most 2^53-1"],
    ["unsafe-integer", "atMs", 51, "at most 2^53-1"],
  ],
};
const CLOSE_SESSION_DATA_SITES$WRITTEN: Sites = {
  format: "raft_close_session_data",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 48, "an object"],
    ["range", "client", 50, "0 to 2^53-1"],
    ["range", "atMs", 51, "0 to 2^53-1"],
  ],
};
const CLOSE_SESSION_DATA_SITES$WRITTEN$BIG: Sites = {
  format: "raft_close_session_data",
  file: "raft/entries.ksy",
  sites: [
    ["range", "client", 50, "0 to 18446744073709551615"],
    ["range", "atMs", 51, "0 to 18446744073709551615"],
  ],
};
export interface CloseSessionData {
  client: number;
  atMs: number;
}
export const CLOSE_SESSION_DATA_SIZE = 16;
function readCloseSessionData(bytes: Uint8Array, at: number, end: number): CloseSessionData | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(CLOSE_SESSION_DATA_SITES, 0 /* short */, 16, bytes, at, end);
  }
  const $client$high = uint32At(bytes, at);
  if ($client$high > 0x1fffff) return refuse(CLOSE_SESSION_DATA_SITES, 1 /* client: unsafe-integer */, at);
  const $atMs$high = uint32At(bytes, at + 8);
  if ($atMs$high > 0x1fffff) return refuse(CLOSE_SESSION_DATA_SITES, 2 /* atMs: unsafe-integer */, at + 8);
  return {
    client: $client$high * 4294967296 + uint32At(bytes, at + 4),
    atMs: $atMs$high * 4294967296 + uint32At(bytes, at + 12),
  };
}
/** @throws WireError when the bytes are no raft_close_session_data. */
export function decodeCloseSessionData(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): CloseSessionData {
  return readCloseSessionData(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCloseSessionData(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<CloseSessionData> {
  const value = readCloseSessionData(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeCloseSessionData(value: CloseSessionData): NewBytes {
  const bytes = new Uint8Array(16);
  encodeCloseSessionDataInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCloseSessionDataInto(value: CloseSessionData, bytes: Uint8Array, at = 0): number {
  if (!value) fail(CLOSE_SESSION_DATA_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(CLOSE_SESSION_DATA_SITES$WRITTEN, 16, bytes, at);
  const $client = value.client;
  if (!Number.isSafeInteger($client) || $client < 0)
    fail(CLOSE_SESSION_DATA_SITES$WRITTEN, 1 /* client: range */, at, $client);
  putSafe(bytes, at, $client);
  const $atMs = value.atMs;
  if (!Number.isSafeInteger($atMs) || $atMs < 0)
    fail(CLOSE_SESSION_DATA_SITES$WRITTEN, 2 /* atMs: range */, at + 8, $atMs);
  putSafe(bytes, at + 8, $atMs);
  return at + 16;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekCloseSessionDataLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(CLOSE_SESSION_DATA_SITES, bytes, at, end);
  return 16;
}
/** 64-bit integers as bigint. */
export interface CloseSessionDataBig {
  client: bigint;
  atMs: bigint;
}
function readCloseSessionDataBig(bytes: Uint8Array, at: number, end: number): CloseSessionDataBig | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(CLOSE_SESSION_DATA_SITES, 0 /* short */, 16, bytes, at, end);
  }
  return {
    client: bigUnsigned(bytes, at),
    atMs: bigUnsigned(bytes, at + 8),
  };
}
/** @throws WireError when the bytes are no raft_close_session_data. */
export function decodeCloseSessionDataBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): CloseSessionDataBig {
  return readCloseSessionDataBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCloseSessionDataBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<CloseSessionDataBig> {
  const value = readCloseSessionDataBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeCloseSessionDataBig(value: CloseSessionDataBig): NewBytes {
  const bytes = new Uint8Array(16);
  encodeCloseSessionDataBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCloseSessionDataBigInto(value: CloseSessionDataBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(CLOSE_SESSION_DATA_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(CLOSE_SESSION_DATA_SITES$WRITTEN, 16, bytes, at);
  const $client = value.client;
  if (typeof $client !== "bigint" || BigInt.asUintN(64, $client) !== $client)
    fail(CLOSE_SESSION_DATA_SITES$WRITTEN$BIG, 0 /* client: range */, at, $client);
  bigPut(bytes, at, $client);
  const $atMs = value.atMs;
  if (typeof $atMs !== "bigint" || BigInt.asUintN(64, $atMs) !== $atMs)
    fail(CLOSE_SESSION_DATA_SITES$WRITTEN$BIG, 1 /* atMs: range */, at + 8, $atMs);
  bigPut(bytes, at + 8, $atMs);
  return at + 16;
}

const MARK_DATA_SITES: Sites = {
  format: "raft_mark_data",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 52, "16 bytes"],
    ["unsafe-integer", "number", 56, "at most 2^53-1"],
    ["unsafe-integer", "atMs", 57, "at most 2^53-1"],
  ],
};
const MARK_DATA_SITES$WRITTEN: Sites = {
  format: "raft_mark_data",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 52, "an object"],
    ["range", "number", 56, "0 to 2^53-1"],
    ["range", "atMs", 57, "0 to 2^53-1"],
  ],
};
const MARK_DATA_SITES$WRITTEN$BIG: Sites = {
  format: "raft_mark_data",
  file: "raft/entries.ksy",
  sites: [
    ["range", "number", 56, "0 to 18446744073709551615"],
    ["range", "atMs", 57, "0 to 18446744073709551615"],
  ],
};
/** Data of a mark: every member freezes its state there. Source: seeds/dps, Chain backups. */
export interface MarkData {
  /** One above that of the mark before. */
  number: number;
  atMs: number;
}
export const MARK_DATA_SIZE = 16;
function readMarkData(bytes: Uint8Array, at: number, end: number): MarkData | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(MARK_DATA_SITES, 0 /* short */, 16, bytes, at, end);
  }
  const $number$high = uint32At(bytes, at);
  if ($number$high > 0x1fffff) return refuse(MARK_DATA_SITES, 1 /* number: unsafe-integer */, at);
  const $atMs$high = uint32At(bytes, at + 8);
  if ($atMs$high > 0x1fffff) return refuse(MARK_DATA_SITES, 2 /* atMs: unsafe-integer */, at + 8);
  return {
    number: $number$high * 4294967296 + uint32At(bytes, at + 4),
    atMs: $atMs$high * 4294967296 + uint32At(bytes, at + 12),
  };
}
/** @throws WireError when the bytes are no raft_mark_data. */
export function decodeMarkData(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): MarkData {
  return readMarkData(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeMarkData(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<MarkData> {
  const value = readMarkData(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeMarkData(value: MarkData): NewBytes {
  const bytes = new Uint8Array(16);
  encodeMarkDataInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeMarkDataInto(value: MarkData, bytes: Uint8Array, at = 0): number {
  if (!value) fail(MARK_DATA_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(MARK_DATA_SITES$WRITTEN, 16, bytes, at);
  const $number = value.number;
  if (!Number.isSafeInteger($number) || $number < 0) fail(MARK_DATA_SITES$WRITTEN, 1 /* number: range */, at, $number);
  putSafe(bytes, at, $number);
  const $atMs = value.atMs;
  if (!Number.isSafeInteger($atMs) || $atMs < 0) fail(MARK_DATA_SITES$WRITTEN, 2 /* atMs: range */, at + 8, $atMs);
  putSafe(bytes, at + 8, $atMs);
  return at + 16;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekMarkDataLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(MARK_DATA_SITES, bytes, at, end);
  return 16;
}
/**
 * Data of a mark: every member freezes its state there. Source: seeds/dps, Chain backups. 64-bit integers as bigint.
 */
export interface MarkDataBig {
  /** One above that of the mark before. */
  number: bigint;
  atMs: bigint;
}
function readMarkDataBig(bytes: Uint8Array, at: number, end: number): MarkDataBig | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(MARK_DATA_SITES, 0 /* short */, 16, bytes, at, end);
  }
  return {
    number: bigUnsigned(bytes, at),
    atMs: bigUnsigned(bytes, at + 8),
  };
}
/** @throws WireError when the bytes are no raft_mark_data. */
export function decodeMarkDataBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): MarkDataBig {
  return readMarkDataBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeMarkDataBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<MarkDataBig> {
  const value = readMarkDataBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeMarkDataBig(value: MarkDataBig): NewBytes {
  const bytes = new Uint8Array(16);
  encodeMarkDataBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeMarkDataBigInto(value: MarkDataBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(MARK_DATA_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(MARK_DATA_SITES$WRITTEN, 16, bytes, at);
  const $number = value.number;
  if (typeof $number !== "bigint" || BigInt.asUintN(64, $number) !== $number)
    fail(MARK_DATA_SITES$WRITTEN$BIG, 0 /* number: range */, at, $number);
  bigPut(bytes, at, $number);
  const $atMs = value.atMs;
  if (typeof $atMs !== "bigint" || BigInt.asUintN(64, $atMs) !== $atMs)
    fail(MARK_DATA_SITES$WRITTEN$BIG, 1 /* atMs: range */, at + 8, $atMs);
  bigPut(bytes, at + 8, $atMs);
  return at + 16;
}

const NOTE_HEAD_SITES: Sites = {
  format: "raft_note_head",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 58, "16 bytes"],
    ["unsafe-integer", "number", 63, "at most 2^53-1"],
    ["unsafe-integer", "atMs", 64, "at most 2^53-1"],
  ],
};
const NOTE_HEAD_SITES$WRITTEN: Sites = {
  format: "raft_note_head",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 58, "an object"],
    ["range", "number", 63, "0 to 2^53-1"],
    ["range", "atMs", 64, "0 to 2^53-1"],
  ],
};
const NOTE_HEAD_SITES$WRITTEN$BIG: Sites = {
  format: "raft_note_head",
  file: "raft/entries.ksy",
  sites: [
    ["range", "number", 63, "0 to 18446744073709551615"],
    ["range", "atMs", 64, "0 to 18446744073709551615"],
  ],
};
/** How the data of a note begins; the rest is that of the chain. Source: seeds/dps, Chain backups. */
export interface NoteHead {
  /** That of the mark. */
  number: number;
  atMs: number;
}
export const NOTE_HEAD_SIZE = 16;
function readNoteHead(bytes: Uint8Array, at: number, end: number): NoteHead | undefined {
  if (end - at < 16 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(NOTE_HEAD_SITES, 0 /* short */, 16, bytes, at, end);
  }
  const $number$high = uint32At(bytes, at);
  if ($number$high > 0x1fffff) return refuse(NOTE_HEAD_SITES, 1 /* number: unsafe-integer */, at);
  const $atMs$high = uint32At(bytes, at + 8);
  if ($atMs$high > 0x1fffff) return refuse(NOTE_HEAD_SITES, 2 /* atMs: unsafe-integer */, at + 8);
  return {
    number: $number$high * 4294967296 + uint32At(bytes, at + 4),
    atMs: $atMs$high * 4294967296 + uint32At(bytes, at + 12),
  };
}
/** @throws WireError when the bytes are no raft_note_head. */
export function decodeNoteHead(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): NoteHead {
  return readNoteHead(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeNoteHead(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<NoteHead> {
  const value = readNoteHead(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeNoteHead(value: NoteHead): NewBytes {
  const bytes = new Uint8Array(16);
  encodeNoteHeadInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeNoteHeadInto(value: NoteHead, bytes: Uint8Array, at = 0): number {
  if (!value) fail(NOTE_HEAD_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(NOTE_HEAD_SITES$WRITTEN, 16, bytes, at);
  const $number = value.number;
  if (!Number.isSafeInteger($number) || $number < 0) fail(NOTE_HEAD_SITES$WRITTEN, 1 /* number: range */, at, $number);
  putSafe(bytes, at, $number);
  const $atMs = value.atMs;
  if (!Number.isSafeInteger($atMs) || $atMs < 0) fail(NOTE_HEAD_SITES$WRITTEN, 2 /* atMs: range */, at + 8, $atMs);
  putSafe(bytes, at + 8, $atMs);
  return at + 16;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekNoteHeadLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(NOTE_HEAD_SITES, bytes, at, end);
  return 16;
}
/**
 * How the data of a note begins; the rest is that of the chain. Source: seeds/dps, Chain backups. 64-bit integers as
 * bigint.
 */
export interface NoteHeadBig {
  /** That of the mark. */
  number: bigint;
  atMs: bigint;
}
function readNoteHeadBig(bytes: Uint8Array, at: number, end: number): NoteHeadBig | undefined {
  if (end - at < 16 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(NOTE_HEAD_SITES, 0 /* short */, 16, bytes, at, end);
  }
  return {
    number: bigUnsigned(bytes, at),
    atMs: bigUnsigned(bytes, at + 8),
  };
}
/** @throws WireError when the bytes are no raft_note_head. */
export function decodeNoteHeadBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): NoteHeadBig {
  return readNoteHeadBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeNoteHeadBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<NoteHeadBig> {
  const value = readNoteHeadBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeNoteHeadBig(value: NoteHeadBig): NewBytes {
  const bytes = new Uint8Array(16);
  encodeNoteHeadBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeNoteHeadBigInto(value: NoteHeadBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(NOTE_HEAD_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(NOTE_HEAD_SITES$WRITTEN, 16, bytes, at);
  const $number = value.number;
  if (typeof $number !== "bigint" || BigInt.asUintN(64, $number) !== $number)
    fail(NOTE_HEAD_SITES$WRITTEN$BIG, 0 /* number: range */, at, $number);
  bigPut(bytes, at, $number);
  const $atMs = value.atMs;
  if (typeof $atMs !== "bigint" || BigInt.asUintN(64, $atMs) !== $atMs)
    fail(NOTE_HEAD_SITES$WRITTEN$BIG, 1 /* atMs: range */, at + 8, $atMs);
  bigPut(bytes, at + 8, $atMs);
  return at + 16;
}

