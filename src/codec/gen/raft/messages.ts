// Generated from raft/messages.ksy by `specwire gen`; do not edit. spec sha256 c5f1353a46fe9ff9cf533818b003a02d7c8dfca2fad30caccf00eb26df6d0cca
/**
 * Raft, messages in the payload of RPC. Ours. Each payload is a header and the body of its kind. Kinds 1 to 7 go
 * between members, kinds 8 to 13 from a client, or from a member on behalf of one, to a member. Flags that a kind does
 * not have are refused.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, bigPut, bigUnsigned, bytesLength, enter, fail,
    failBytes, failRange, failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, putSafe, raise, refuse,
    refuseRange, requireObject, uint32At, within } from "../../index.js";
import type { EntryType, LogEntry, LogEntryBig } from "./entries.js";

export const MessageKind = {
  vote: 1,
  voteAnswer: 2,
  append: 3,
  appendAnswer: 4,
  snapshot: 5,
  snapshotAnswer: 6,
  timeoutNow: 7,
  propose: 8,
  proposeAnswer: 9,
  read: 10,
  readAnswer: 11,
  admin: 12,
  adminAnswer: 13,
} as const;
export type MessageKind = (typeof MessageKind)[keyof typeof MessageKind];
/** Name and meaning of each MessageKind. */
export const MESSAGE_KIND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "vote", doc: "" },
  2: { name: "voteAnswer", doc: "" },
  3: { name: "append", doc: "" },
  4: { name: "appendAnswer", doc: "" },
  5: { name: "snapshot", doc: "" },
  6: { name: "snapshotAnswer", doc: "" },
  7: { name: "timeoutNow", doc: "" },
  8: { name: "propose", doc: "" },
  9: { name: "proposeAnswer", doc: "" },
  10: { name: "read", doc: "" },
  11: { name: "readAnswer", doc: "" },
  12: { name: "admin", doc: "" },
  13: { name: "adminAnswer", doc: "" },
};

export const MessageFlag = {
  /** Pre-vote; heartbeat; last part; installed. */
  first: 1,
  /** Transfer; lost data. */
  second: 2,
  granted: 4,
  refused: 8,
  diskTrouble: 16,
  /** The digest of a state that is frozen. */
  digest: 32,
  forwarded: 64,
} as const;
export type MessageFlag = (typeof MessageFlag)[keyof typeof MessageFlag];
/** Name and meaning of each MessageFlag. */
export const MESSAGE_FLAG_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "first", doc: "Pre-vote; heartbeat; last part; installed." },
  2: { name: "second", doc: "Transfer; lost data." },
  4: { name: "granted", doc: "" },
  8: { name: "refused", doc: "" },
  16: { name: "diskTrouble", doc: "" },
  32: { name: "digest", doc: "The digest of a state that is frozen." },
  64: { name: "forwarded", doc: "" },
};

export const ReadMode = {
  readIndex: 0,
  lease: 1,
  local: 2,
  index: 3,
} as const;
export type ReadMode = (typeof ReadMode)[keyof typeof ReadMode];
/** Name and meaning of each ReadMode. */
export const READ_MODE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "readIndex", doc: "" },
  1: { name: "lease", doc: "" },
  2: { name: "local", doc: "" },
  3: { name: "index", doc: "" },
};

export const AdminOp = {
  status: 1,
  addLearner: 2,
  promote: 3,
  demote: 4,
  remove: 5,
  transfer: 6,
  snapshot: 7,
  backup: 8,
} as const;
export type AdminOp = (typeof AdminOp)[keyof typeof AdminOp];
/** Name and meaning of each AdminOp. */
export const ADMIN_OP_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "status", doc: "" },
  2: { name: "addLearner", doc: "" },
  3: { name: "promote", doc: "" },
  4: { name: "demote", doc: "" },
  5: { name: "remove", doc: "" },
  6: { name: "transfer", doc: "" },
  7: { name: "snapshot", doc: "" },
  8: { name: "backup", doc: "" },
};

export const AnswerStatus = {
  ok: 0,
  /** Nothing has happened. */
  notLeader: 1,
  /** It may happen yet. */
  uncertain: 2,
  limit: 3,
  sessionExpired: 4,
  pendingChange: 5,
  argument: 6,
  /** There is no leader. */
  unavailable: 7,
  timeout: 8,
} as const;
export type AnswerStatus = (typeof AnswerStatus)[keyof typeof AnswerStatus];
/** Name and meaning of each AnswerStatus. */
export const ANSWER_STATUS_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "ok", doc: "" },
  1: { name: "notLeader", doc: "Nothing has happened." },
  2: { name: "uncertain", doc: "It may happen yet." },
  3: { name: "limit", doc: "" },
  4: { name: "sessionExpired", doc: "" },
  5: { name: "pendingChange", doc: "" },
  6: { name: "argument", doc: "" },
  7: { name: "unavailable", doc: "There is no leader." },
  8: { name: "timeout", doc: "" },
};

const MESSAGE_HEADER_SITES: Sites = {
  format: "raft_message_header",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 11, "52 bytes"],
    ["constant", "version", 15, "01"],
    ["enum", "messageKind", 16, "one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"],
    ["unsafe-integer", "from", 19, "at most 2^53-1"],
    ["unsafe-integer", "to", 20, "at most 2^53-1"],
    ["unsafe-integer", "term", 21, "at most 2^53-1"],
    ["unsafe-integer", "seq", 22, "at most 2^53-1"],
  ],
};
const MESSAGE_HEADER_SITES$WRITTEN: Sites = {
  format: "raft_message_header",
  file: "raft/messages.ksy",
  sites: [
    ["argument", "", 11, "an object"],
    ["range", "messageKind", 16, "0 to 255"],
    ["enum", "messageKind", 16, "one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"],
    ["range", "flags", 17, "0 to 65535"],
    ["length", "clusterId", 18, "8 bytes"],
    ["range", "from", 19, "0 to 2^53-1"],
    ["range", "to", 20, "0 to 2^53-1"],
    ["range", "term", 21, "0 to 2^53-1"],
    ["range", "seq", 22, "0 to 2^53-1"],
    ["range", "life", 23, "0 to 18446744073709551615"],
  ],
};
const MESSAGE_HEADER_SITES$WRITTEN$BIG: Sites = {
  format: "raft_message_header",
  file: "raft/messages.ksy",
  sites: [
    ["range", "from", 19, "0 to 18446744073709551615"],
    ["range", "to", 20, "0 to 18446744073709551615"],
    ["range", "term", 21, "0 to 18446744073709551615"],
    ["range", "seq", 22, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface MessageHeader {
  messageKind: MessageKind;
  /** By kind, see message_flag. */
  flags: number;
  clusterId: Uint8Array;
  /** A member; 0: a client. */
  from: number;
  /** A member; 0, of kinds 8 to 13 alone: any. */
  to: number;
  /** 0 for kinds 8 to 13. */
  term: number;
  /** An answer has that of its request. */
  seq: number;
  /** Drawn when the disk of the sender was made; of a client 0. */
  life: bigint;
}
export const MESSAGE_HEADER_SIZE = 52;
function readMessageHeader(bytes: Uint8Array, at: number, end: number): MessageHeader | undefined {
  if (end - at < 52 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(MESSAGE_HEADER_SITES, 0 /* short */, 52, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(MESSAGE_HEADER_SITES, 1 /* version: constant */, at);
  const $messageKind = bytes[at + 1]!;
  if (($messageKind < 1 || $messageKind > 13))
    return refuse(MESSAGE_HEADER_SITES, 2 /* messageKind: enum */, at + 1, $messageKind);
  const $from$high = uint32At(bytes, at + 12);
  if ($from$high > 0x1fffff) return refuse(MESSAGE_HEADER_SITES, 3 /* from: unsafe-integer */, at + 12);
  const $to$high = uint32At(bytes, at + 20);
  if ($to$high > 0x1fffff) return refuse(MESSAGE_HEADER_SITES, 4 /* to: unsafe-integer */, at + 20);
  const $term$high = uint32At(bytes, at + 28);
  if ($term$high > 0x1fffff) return refuse(MESSAGE_HEADER_SITES, 5 /* term: unsafe-integer */, at + 28);
  const $seq$high = uint32At(bytes, at + 36);
  if ($seq$high > 0x1fffff) return refuse(MESSAGE_HEADER_SITES, 6 /* seq: unsafe-integer */, at + 36);
  return {
    messageKind: $messageKind as MessageKind,
    flags: ((bytes[at + 2]! << 8) | bytes[at + 3]!),
    clusterId: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 4, 8),
    from: $from$high * 4294967296 + uint32At(bytes, at + 16),
    to: $to$high * 4294967296 + uint32At(bytes, at + 24),
    term: $term$high * 4294967296 + uint32At(bytes, at + 32),
    seq: $seq$high * 4294967296 + uint32At(bytes, at + 40),
    life: bigUnsigned(bytes, at + 44),
  };
}
/** @throws WireError when the bytes are no raft_message_header. */
export function decodeMessageHeader(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): MessageHeader {
  return readMessageHeader(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeMessageHeader(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<MessageHeader> {
  const value = readMessageHeader(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeMessageHeader(value: MessageHeader): NewBytes {
  const bytes = new Uint8Array(52);
  encodeMessageHeaderInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeMessageHeaderInto(value: MessageHeader, bytes: Uint8Array, at = 0): number {
  if (!value) fail(MESSAGE_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 52 || at >>> 0 !== at) failSpace(MESSAGE_HEADER_SITES$WRITTEN, 52, bytes, at);
  bytes[at] = 1;
  const $messageKind = value.messageKind;
  if (typeof $messageKind !== "number" || ($messageKind & 255) !== $messageKind)
    fail(MESSAGE_HEADER_SITES$WRITTEN, 1 /* messageKind: range */, at + 1, $messageKind);
  if (($messageKind < 1 || $messageKind > 13))
    fail(MESSAGE_HEADER_SITES$WRITTEN, 2 /* messageKind: enum */, at + 1, $messageKind);
  bytes[at + 1] = $messageKind;
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 65535) !== $flags)
    fail(MESSAGE_HEADER_SITES$WRITTEN, 3 /* flags: range */, at + 2, $flags);
  bytes[at + 2] = $flags >>> 8; bytes[at + 3] = $flags;
  const $clusterId = value.clusterId;
  if (lengthOf($clusterId) !== 8)
    failBytes(MESSAGE_HEADER_SITES$WRITTEN, 4 /* clusterId: length */, at + 4, $clusterId);
  bytes[at + 4] = $clusterId[0]!; bytes[at + 5] = $clusterId[1]!; bytes[at + 6] = $clusterId[2]!;
  bytes[at + 7] = $clusterId[3]!; bytes[at + 8] = $clusterId[4]!; bytes[at + 9] = $clusterId[5]!;
  bytes[at + 10] = $clusterId[6]!; bytes[at + 11] = $clusterId[7]!;
  const $from = value.from;
  if (!Number.isSafeInteger($from) || $from < 0)
    fail(MESSAGE_HEADER_SITES$WRITTEN, 5 /* from: range */, at + 12, $from);
  putSafe(bytes, at + 12, $from);
  const $to = value.to;
  if (!Number.isSafeInteger($to) || $to < 0) fail(MESSAGE_HEADER_SITES$WRITTEN, 6 /* to: range */, at + 20, $to);
  putSafe(bytes, at + 20, $to);
  const $term = value.term;
  if (!Number.isSafeInteger($term) || $term < 0)
    fail(MESSAGE_HEADER_SITES$WRITTEN, 7 /* term: range */, at + 28, $term);
  putSafe(bytes, at + 28, $term);
  const $seq = value.seq;
  if (!Number.isSafeInteger($seq) || $seq < 0) fail(MESSAGE_HEADER_SITES$WRITTEN, 8 /* seq: range */, at + 36, $seq);
  putSafe(bytes, at + 36, $seq);
  const $life = value.life;
  if (typeof $life !== "bigint" || BigInt.asUintN(64, $life) !== $life)
    fail(MESSAGE_HEADER_SITES$WRITTEN, 9 /* life: range */, at + 44, $life);
  bigPut(bytes, at + 44, $life);
  return at + 52;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekMessageHeaderLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(MESSAGE_HEADER_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 1) return -1;
  if (end - at >= 2) {
    const $messageKind = bytes[at + 1]!;
    if (($messageKind < 1 || $messageKind > 13)) return -1;
  }
  return 52;
}
/** Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface MessageHeaderBig {
  messageKind: MessageKind;
  /** By kind, see message_flag. */
  flags: number;
  clusterId: Uint8Array;
  /** A member; 0: a client. */
  from: bigint;
  /** A member; 0, of kinds 8 to 13 alone: any. */
  to: bigint;
  /** 0 for kinds 8 to 13. */
  term: bigint;
  /** An answer has that of its request. */
  seq: bigint;
  /** Drawn when the disk of the sender was made; of a client 0. */
  life: bigint;
}
function readMessageHeaderBig(bytes: Uint8Array, at: number, end: number): MessageHeaderBig | undefined {
  if (end - at < 52 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(MESSAGE_HEADER_SITES, 0 /* short */, 52, bytes, at, end);
  }
  if (bytes[at] !== 1) return refuse(MESSAGE_HEADER_SITES, 1 /* version: constant */, at);
  const $messageKind = bytes[at + 1]!;
  if (($messageKind < 1 || $messageKind > 13))
    return refuse(MESSAGE_HEADER_SITES, 2 /* messageKind: enum */, at + 1, $messageKind);
  return {
    messageKind: $messageKind as MessageKind,
    flags: ((bytes[at + 2]! << 8) | bytes[at + 3]!),
    clusterId: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 4, 8),
    from: bigUnsigned(bytes, at + 12),
    to: bigUnsigned(bytes, at + 20),
    term: bigUnsigned(bytes, at + 28),
    seq: bigUnsigned(bytes, at + 36),
    life: bigUnsigned(bytes, at + 44),
  };
}
/** @throws WireError when the bytes are no raft_message_header. */
export function decodeMessageHeaderBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): MessageHeaderBig {
  return readMessageHeaderBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeMessageHeaderBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<MessageHeaderBig> {
  const value = readMessageHeaderBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeMessageHeaderBig(value: MessageHeaderBig): NewBytes {
  const bytes = new Uint8Array(52);
  encodeMessageHeaderBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeMessageHeaderBigInto(value: MessageHeaderBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(MESSAGE_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 52 || at >>> 0 !== at) failSpace(MESSAGE_HEADER_SITES$WRITTEN, 52, bytes, at);
  bytes[at] = 1;
  const $messageKind = value.messageKind;
  if (typeof $messageKind !== "number" || ($messageKind & 255) !== $messageKind)
    fail(MESSAGE_HEADER_SITES$WRITTEN, 1 /* messageKind: range */, at + 1, $messageKind);
  if (($messageKind < 1 || $messageKind > 13))
    fail(MESSAGE_HEADER_SITES$WRITTEN, 2 /* messageKind: enum */, at + 1, $messageKind);
  bytes[at + 1] = $messageKind;
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 65535) !== $flags)
    fail(MESSAGE_HEADER_SITES$WRITTEN, 3 /* flags: range */, at + 2, $flags);
  bytes[at + 2] = $flags >>> 8; bytes[at + 3] = $flags;
  const $clusterId = value.clusterId;
  if (lengthOf($clusterId) !== 8)
    failBytes(MESSAGE_HEADER_SITES$WRITTEN, 4 /* clusterId: length */, at + 4, $clusterId);
  bytes[at + 4] = $clusterId[0]!; bytes[at + 5] = $clusterId[1]!; bytes[at + 6] = $clusterId[2]!;
  bytes[at + 7] = $clusterId[3]!; bytes[at + 8] = $clusterId[4]!; bytes[at + 9] = $clusterId[5]!;
  bytes[at + 10] = $clusterId[6]!; bytes[at + 11] = $clusterId[7]!;
  const $from = value.from;
  if (typeof $from !== "bigint" || BigInt.asUintN(64, $from) !== $from)
    fail(MESSAGE_HEADER_SITES$WRITTEN$BIG, 0 /* from: range */, at + 12, $from);
  bigPut(bytes, at + 12, $from);
  const $to = value.to;
  if (typeof $to !== "bigint" || BigInt.asUintN(64, $to) !== $to)
    fail(MESSAGE_HEADER_SITES$WRITTEN$BIG, 1 /* to: range */, at + 20, $to);
  bigPut(bytes, at + 20, $to);
  const $term = value.term;
  if (typeof $term !== "bigint" || BigInt.asUintN(64, $term) !== $term)
    fail(MESSAGE_HEADER_SITES$WRITTEN$BIG, 2 /* term: range */, at + 28, $term);
  bigPut(bytes, at + 28, $term);
  const $seq = value.seq;
  if (typeof $seq !== "bigint" || BigInt.asUintN(64, $seq) !== $seq)
    fail(MESSAGE_HEADER_SITES$WRITTEN$BIG, 3 /* seq: range */, at + 36, $seq);
  bigPut(bytes, at + 36, $seq);
  const $life = value.life;
  if (typeof $life !== "bigint" || BigInt.asUintN(64, $life) !== $life)
    fail(MESSAGE_HEADER_SITES$WRITTEN, 9 /* life: range */, at + 44, $life);
  bigPut(bytes, at + 44, $life);
  return at + 52;
}

const VOTE_BODY_SITES: Sites = {
  format: "raft_vote_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 24, "16 bytes"],
    ["unsafe-integer", "lastIndex", 27, "at most 2^53-1"],
    ["unsafe-integer", "lastTerm", 28, "at most 2^53-1"],
  ],
};
const VOTE_BODY_SITES$WRITTEN: Sites = {
  format: "raft_vote_body",
  file: "raft/messages.ksy",
  sites: [
    ["argument", "", 24, "an object"],
    ["range", "lastIndex", 27, "0 to 2^53-1"],
    ["range", "lastTerm", 28, "0 to 2^53-1"],
  ],
};
const VOTE_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_vote_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "lastIndex", 27, "0 to 18446744073709551615"],
    ["range", "lastTerm", 28, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface VoteBody {
  lastIndex: number;
  lastTerm: number;
}
export const VOTE_BODY_SIZE = 16;
function readVoteBody(bytes: Uint8Array, at: number, end: number): VoteBody | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(VOTE_BODY_SITES, 0 /* short */, 16, bytes, at, end);
  }
  const $lastIndex$high = uint32At(bytes, at);
  if ($lastIndex$high > 0x1fffff) return refuse(VOTE_BODY_SITES, 1 /* lastIndex: unsafe-integer */, at);
  const $lastTerm$high = uint32At(bytes, at + 8);
  if ($lastTerm$high > 0x1fffff) return refuse(VOTE_BODY_SITES, 2 /* lastTerm: unsafe-integer */, at + 8);
  return {
    lastIndex: $lastIndex$high * 4294967296 + uint32At(bytes, at + 4),
    lastTerm: $lastTerm$high * 4294967296 + uint32At(bytes, at + 12),
  };
}
/** @throws WireError when the bytes are no raft_vote_body. */
export function decodeVoteBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): VoteBody {
  return readVoteBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeVoteBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<VoteBody> {
  const value = readVoteBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeVoteBody(value: VoteBody): NewBytes {
  const bytes = new Uint8Array(16);
  encodeVoteBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeVoteBodyInto(value: VoteBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(VOTE_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(VOTE_BODY_SITES$WRITTEN, 16, bytes, at);
  const $lastIndex = value.lastIndex;
  if (!Number.isSafeInteger($lastIndex) || $lastIndex < 0)
    fail(VOTE_BODY_SITES$WRITTEN, 1 /* lastIndex: range */, at, $lastIndex);
  putSafe(bytes, at, $lastIndex);
  const $lastTerm = value.lastTerm;
  if (!Number.isSafeInteger($lastTerm) || $lastTerm < 0)
    fail(VOTE_BODY_SITES$WRITTEN, 2 /* lastTerm: range */, at + 8, $lastTerm);
  putSafe(bytes, at + 8, $lastTerm);
  return at + 16;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekVoteBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(VOTE_BODY_SITES, bytes, at, end);
  return 16;
}
/** Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface VoteBodyBig {
  lastIndex: bigint;
  lastTerm: bigint;
}
function readVoteBodyBig(bytes: Uint8Array, at: number, end: number): VoteBodyBig | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(VOTE_BODY_SITES, 0 /* short */, 16, bytes, at, end);
  }
  return {
    lastIndex: bigUnsigned(bytes, at),
    lastTerm: bigUnsigned(bytes, at + 8),
  };
}
/** @throws WireError when the bytes are no raft_vote_body. */
export function decodeVoteBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): VoteBodyBig {
  return readVoteBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeVoteBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<VoteBodyBig> {
  const value = readVoteBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeVoteBodyBig(value: VoteBodyBig): NewBytes {
  const bytes = new Uint8Array(16);
  encodeVoteBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeVoteBodyBigInto(value: VoteBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(VOTE_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(VOTE_BODY_SITES$WRITTEN, 16, bytes, at);
  const $lastIndex = value.lastIndex;
  if (typeof $lastIndex !== "bigint" || BigInt.asUintN(64, $lastIndex) !== $lastIndex)
    fail(VOTE_BODY_SITES$WRITTEN$BIG, 0 /* lastIndex: range */, at, $lastIndex);
  bigPut(bytes, at, $lastIndex);
  const $lastTerm = value.lastTerm;
  if (typeof $lastTerm !== "bigint" || BigInt.asUintN(64, $lastTerm) !== $lastTerm)
    fail(VOTE_BODY_SITES$WRITTEN$BIG, 1 /* lastTerm: range */, at + 8, $lastTerm);
  bigPut(bytes, at + 8, $lastTerm);
  return at + 16;
}

const VOTE_ANSWER_BODY_SITES: Sites = {
  format: "raft_vote_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 29, "8 bytes"],
    ["unsafe-integer", "leader", 32, "at most 2^53-1"],
  ],
};
const VOTE_ANSWER_BODY_SITES$WRITTEN: Sites = {
  format: "raft_vote_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["argument", "", 29, "an object"],
    ["range", "leader", 32, "0 to 2^53-1"],
  ],
};
const VOTE_ANSWER_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_vote_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "leader", 32, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface VoteAnswerBody {
  /** 0 for unknown. */
  leader: number;
}
export const VOTE_ANSWER_BODY_SIZE = 8;
function readVoteAnswerBody(bytes: Uint8Array, at: number, end: number): VoteAnswerBody | undefined {
  if (end - at !== 8 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(VOTE_ANSWER_BODY_SITES, 0 /* short */, 8, bytes, at, end);
  }
  const $leader$high = uint32At(bytes, at);
  if ($leader$high > 0x1fffff) return refuse(VOTE_ANSWER_BODY_SITES, 1 /* leader: unsafe-integer */, at);
  return {
    leader: $leader$high * 4294967296 + uint32At(bytes, at + 4),
  };
}
/** @throws WireError when the bytes are no raft_vote_answer_body. */
export function decodeVoteAnswerBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): VoteAnswerBody {
  return readVoteAnswerBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeVoteAnswerBody(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<VoteAnswerBody> {
  const value = readVoteAnswerBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeVoteAnswerBody(value: VoteAnswerBody): NewBytes {
  const bytes = new Uint8Array(8);
  encodeVoteAnswerBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeVoteAnswerBodyInto(value: VoteAnswerBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(VOTE_ANSWER_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 8 || at >>> 0 !== at) failSpace(VOTE_ANSWER_BODY_SITES$WRITTEN, 8, bytes, at);
  const $leader = value.leader;
  if (!Number.isSafeInteger($leader) || $leader < 0)
    fail(VOTE_ANSWER_BODY_SITES$WRITTEN, 1 /* leader: range */, at, $leader);
  putSafe(bytes, at, $leader);
  return at + 8;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekVoteAnswerBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(VOTE_ANSWER_BODY_SITES, bytes, at, end);
  return 8;
}
/** Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface VoteAnswerBodyBig {
  /** 0 for unknown. */
  leader: bigint;
}
function readVoteAnswerBodyBig(bytes: Uint8Array, at: number, end: number): VoteAnswerBodyBig | undefined {
  if (end - at !== 8 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(VOTE_ANSWER_BODY_SITES, 0 /* short */, 8, bytes, at, end);
  }
  return {
    leader: bigUnsigned(bytes, at),
  };
}
/** @throws WireError when the bytes are no raft_vote_answer_body. */
export function decodeVoteAnswerBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): VoteAnswerBodyBig {
  return readVoteAnswerBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeVoteAnswerBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<VoteAnswerBodyBig> {
  const value = readVoteAnswerBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeVoteAnswerBodyBig(value: VoteAnswerBodyBig): NewBytes {
  const bytes = new Uint8Array(8);
  encodeVoteAnswerBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeVoteAnswerBodyBigInto(value: VoteAnswerBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(VOTE_ANSWER_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 8 || at >>> 0 !== at) failSpace(VOTE_ANSWER_BODY_SITES$WRITTEN, 8, bytes, at);
  const $leader = value.leader;
  if (typeof $leader !== "bigint" || BigInt.asUintN(64, $leader) !== $leader)
    fail(VOTE_ANSWER_BODY_SITES$WRITTEN$BIG, 0 /* leader: range */, at, $leader);
  bigPut(bytes, at, $leader);
  return at + 8;
}

const APPEND_BODY_SITES: Sites = {
  format: "raft_append_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 33, "at least 36 bytes"],
    ["trailing", "", 33, ""],
    ["unsafe-integer", "prevIndex", 36, "at most 2^53-1"],
    ["unsafe-integer", "prevTerm", 37, "at most 2^53-1"],
    ["unsafe-integer", "commit", 38, "at most 2^53-1"],
    ["unsafe-integer", "round", 39, "at most 2^53-1"],
    ["short", "entries", 41, ""],
    ["short", "entries[*]", 41, ""],
  ],
};
const APPEND_BODY_SITES$WRITTEN: Sites = {
  format: "raft_append_body",
  file: "raft/messages.ksy",
  sites: [
    ["argument", "", 33, "an object"],
    ["argument", "entries", 41, "a list"],
    ["range", "prevIndex", 36, "0 to 2^53-1"],
    ["range", "prevTerm", 37, "0 to 2^53-1"],
    ["range", "commit", 38, "0 to 2^53-1"],
    ["range", "round", 39, "0 to 2^53-1"],
    ["range", "entries", 40, "entry_count of 0 to 4294967295"],
    ["short", "entries[*]", 41, ""],
  ],
};
const APPEND_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_append_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "prevIndex", 36, "0 to 18446744073709551615"],
    ["range", "prevTerm", 37, "0 to 18446744073709551615"],
    ["range", "commit", 38, "0 to 18446744073709551615"],
    ["range", "round", 39, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface AppendBody {
  prevIndex: number;
  prevTerm: number;
  commit: number;
  round: number;
  entries: LogEntry[];
}
export const APPEND_BODY_MIN_SIZE = 36;
function readAppendBody(bytes: Uint8Array, at: number, end: number): AppendBody | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(APPEND_BODY_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeAppendBody(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(APPEND_BODY_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_append_body. */
export function decodeAppendBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AppendBody {
  return readAppendBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAppendBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<AppendBody> {
  const value = readAppendBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeAppendBody(value: AppendBody): NewBytes {
  try {
    const bytes = new Uint8Array($sizeAppendBody(value));
    $putAppendBody(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, APPEND_BODY_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAppendBodyInto(value: AppendBody, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeAppendBody(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(APPEND_BODY_SITES$WRITTEN, need, bytes, at);
    return $putAppendBody(value, bytes, at);
  } catch (error) { throw foreign(error, APPEND_BODY_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekAppendBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(APPEND_BODY_SITES, bytes, at, end);
  next.depth = 0;
  const behind = $skipAppendBody(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipAppendBody(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 36) return -1;
  const $entryCount = (((bytes[at + 32]! << 24) | (bytes[at + 33]! << 16) | (bytes[at + 34]! << 8) |
      bytes[at + 35]!) >>> 0);
  let $$p1 = at + 36;
  const $entries$n = $entryCount;
  for (let i = 0; i < $entries$n; i++) {
    $$p1 = $skip$entries_LogEntry(bytes, $$p1, end);
    if ($$p1 < 0) return $$p1;
  }
  return $$p1;
}
function $takeAppendBody(bytes: Uint8Array, at: number, end: number): AppendBody | undefined {
  if (end - at < 36) return refuse(APPEND_BODY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $prevIndex$high = uint32At(bytes, at);
  if ($prevIndex$high > 0x1fffff) return refuse(APPEND_BODY_SITES, 2 /* prevIndex: unsafe-integer */, at);
  const $prevTerm$high = uint32At(bytes, at + 8);
  if ($prevTerm$high > 0x1fffff) return refuse(APPEND_BODY_SITES, 3 /* prevTerm: unsafe-integer */, at + 8);
  const $commit$high = uint32At(bytes, at + 16);
  if ($commit$high > 0x1fffff) return refuse(APPEND_BODY_SITES, 4 /* commit: unsafe-integer */, at + 16);
  const $round$high = uint32At(bytes, at + 24);
  if ($round$high > 0x1fffff) return refuse(APPEND_BODY_SITES, 5 /* round: unsafe-integer */, at + 24);
  const $entryCount = uint32At(bytes, at + 32);
  const $entries$n = $entryCount;
  if (!($entries$n * 13 <= end - (at + 36)))
    return refuse(APPEND_BODY_SITES, 6 /* entries: short */, end, `${end - (at + 36)} of ${$entries$n * 13} bytes`);
  const $entries$list: LogEntry[] = new Array($entries$n);
  let $entries$p = at + 36;
  for (let i = 0; i < $entries$n; i++) {
    const $entries$each$v = $take$entries_LogEntry(bytes, $entries$p, end);
    if ($entries$each$v === undefined) return within(APPEND_BODY_SITES, 7 /* entries[*]: short */, i);
    const $entries$each$e = next.at;
    const $entries$each = $entries$each$v;
    $entries$list[i] = $entries$each;
    $entries$p = $entries$each$e;
  }
  const $entries$is = $entries$list;
  const $$p1 = $entries$p;
  next.at = $$p1;
  return {
    prevIndex: $prevIndex$high * 4294967296 + uint32At(bytes, at + 4),
    prevTerm: $prevTerm$high * 4294967296 + uint32At(bytes, at + 12),
    commit: $commit$high * 4294967296 + uint32At(bytes, at + 20),
    round: $round$high * 4294967296 + uint32At(bytes, at + 28),
    entries: $entries$is,
  };
}
function $putAppendBody(value: AppendBody, bytes: Uint8Array, at: number): number {
  requireObject(APPEND_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $entries$count = listOf(APPEND_BODY_SITES$WRITTEN, 1 /* entries: argument */, at, value.entries).length;
  const $prevIndex = value.prevIndex;
  if (!Number.isSafeInteger($prevIndex) || $prevIndex < 0)
    fail(APPEND_BODY_SITES$WRITTEN, 2 /* prevIndex: range */, at, $prevIndex);
  putSafe(bytes, at, $prevIndex);
  const $prevTerm = value.prevTerm;
  if (!Number.isSafeInteger($prevTerm) || $prevTerm < 0)
    fail(APPEND_BODY_SITES$WRITTEN, 3 /* prevTerm: range */, at + 8, $prevTerm);
  putSafe(bytes, at + 8, $prevTerm);
  const $commit = value.commit;
  if (!Number.isSafeInteger($commit) || $commit < 0)
    fail(APPEND_BODY_SITES$WRITTEN, 4 /* commit: range */, at + 16, $commit);
  putSafe(bytes, at + 16, $commit);
  const $round = value.round;
  if (!Number.isSafeInteger($round) || $round < 0)
    fail(APPEND_BODY_SITES$WRITTEN, 5 /* round: range */, at + 24, $round);
  putSafe(bytes, at + 24, $round);
  const $entryCount = $entries$count;
  if ($entryCount > 4294967295) fail(APPEND_BODY_SITES$WRITTEN, 6 /* entries: range */, at + 32, $entryCount);
  bytes[at + 32] = $entryCount >>> 24; bytes[at + 33] = $entryCount >>> 16; bytes[at + 34] = $entryCount >>> 8;
  bytes[at + 35] = $entryCount;
  const $entries$list = listOf(APPEND_BODY_SITES$WRITTEN, 1 /* entries: argument */, at + 36,
      value.entries) as readonly (LogEntry)[];
  let $entries$p = at + 36;
  for (let i = 0; i < $entries$list.length; i++) {
    const $entries$each = $entries$list[i]!;
    let $entries$each$e: number;
    try { $entries$each$e = $put$entries_LogEntry($entries$each, bytes, $entries$p);
    } catch (error) { throw inside(error, APPEND_BODY_SITES$WRITTEN, 7 /* entries[*]: short */, i); }
    $entries$p = $entries$each$e;
  }
  const $$p1 = $entries$p;
  return $$p1;
}
function $sizeAppendBody(value: AppendBody): number {
  requireObject(APPEND_BODY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 36;
  const $entries$list = listOf(APPEND_BODY_SITES$WRITTEN, 1 /* entries: argument */, 0,
      value.entries) as readonly (LogEntry)[];
  for (let i = 0; i < $entries$list.length; i++) {
    const $entries$each = $entries$list[i]!;
    try { $$size += $size$entries_LogEntry($entries$each as LogEntry);
    } catch (error) { throw inside(error, APPEND_BODY_SITES$WRITTEN, 7 /* entries[*]: short */, i); }
  }
  return $$size;
}
/** Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface AppendBodyBig {
  prevIndex: bigint;
  prevTerm: bigint;
  commit: bigint;
  round: bigint;
  entries: LogEntryBig[];
}
function readAppendBodyBig(bytes: Uint8Array, at: number, end: number): AppendBodyBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(APPEND_BODY_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeAppendBodyBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(APPEND_BODY_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no raft_append_body. */
export function decodeAppendBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AppendBodyBig {
  return readAppendBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAppendBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<AppendBodyBig> {
  const value = readAppendBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeAppendBodyBig(value: AppendBodyBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeAppendBodyBig(value));
    $putAppendBodyBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, APPEND_BODY_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAppendBodyBigInto(value: AppendBodyBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeAppendBodyBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(APPEND_BODY_SITES$WRITTEN, need, bytes, at);
    return $putAppendBodyBig(value, bytes, at);
  } catch (error) { throw foreign(error, APPEND_BODY_SITES$WRITTEN); }
}
function $takeAppendBodyBig(bytes: Uint8Array, at: number, end: number): AppendBodyBig | undefined {
  if (end - at < 36) return refuse(APPEND_BODY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $entryCount = uint32At(bytes, at + 32);
  const $entries$n = $entryCount;
  if (!($entries$n * 13 <= end - (at + 36)))
    return refuse(APPEND_BODY_SITES, 6 /* entries: short */, end, `${end - (at + 36)} of ${$entries$n * 13} bytes`);
  const $entries$list: LogEntryBig[] = new Array($entries$n);
  let $entries$p = at + 36;
  for (let i = 0; i < $entries$n; i++) {
    const $entries$each$v = $take$entries_LogEntryBig(bytes, $entries$p, end);
    if ($entries$each$v === undefined) return within(APPEND_BODY_SITES, 7 /* entries[*]: short */, i);
    const $entries$each$e = next.at;
    const $entries$each = $entries$each$v;
    $entries$list[i] = $entries$each;
    $entries$p = $entries$each$e;
  }
  const $entries$is = $entries$list;
  const $$p1 = $entries$p;
  next.at = $$p1;
  return {
    prevIndex: bigUnsigned(bytes, at),
    prevTerm: bigUnsigned(bytes, at + 8),
    commit: bigUnsigned(bytes, at + 16),
    round: bigUnsigned(bytes, at + 24),
    entries: $entries$is,
  };
}
function $putAppendBodyBig(value: AppendBodyBig, bytes: Uint8Array, at: number): number {
  requireObject(APPEND_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $entries$count = listOf(APPEND_BODY_SITES$WRITTEN, 1 /* entries: argument */, at, value.entries).length;
  const $prevIndex = value.prevIndex;
  if (typeof $prevIndex !== "bigint" || BigInt.asUintN(64, $prevIndex) !== $prevIndex)
    fail(APPEND_BODY_SITES$WRITTEN$BIG, 0 /* prevIndex: range */, at, $prevIndex);
  bigPut(bytes, at, $prevIndex);
  const $prevTerm = value.prevTerm;
  if (typeof $prevTerm !== "bigint" || BigInt.asUintN(64, $prevTerm) !== $prevTerm)
    fail(APPEND_BODY_SITES$WRITTEN$BIG, 1 /* prevTerm: range */, at + 8, $prevTerm);
  bigPut(bytes, at + 8, $prevTerm);
  const $commit = value.commit;
  if (typeof $commit !== "bigint" || BigInt.asUintN(64, $commit) !== $commit)
    fail(APPEND_BODY_SITES$WRITTEN$BIG, 2 /* commit: range */, at + 16, $commit);
  bigPut(bytes, at + 16, $commit);
  const $round = value.round;
  if (typeof $round !== "bigint" || BigInt.asUintN(64, $round) !== $round)
    fail(APPEND_BODY_SITES$WRITTEN$BIG, 3 /* round: range */, at + 24, $round);
  bigPut(bytes, at + 24, $round);
  const $entryCount = $entries$count;
  if ($entryCount > 4294967295) fail(APPEND_BODY_SITES$WRITTEN, 6 /* entries: range */, at + 32, $entryCount);
  bytes[at + 32] = $entryCount >>> 24; bytes[at + 33] = $entryCount >>> 16; bytes[at + 34] = $entryCount >>> 8;
  bytes[at + 35] = $entryCount;
  const $entries$list = listOf(APPEND_BODY_SITES$WRITTEN, 1 /* entries: argument */, at + 36,
      value.entries) as readonly (LogEntryBig)[];
  let $entries$p = at + 36;
  for (let i = 0; i < $entries$list.length; i++) {
    const $entries$each = $entries$list[i]!;
    let $entries$each$e: number;
    try { $entries$each$e = $put$entries_LogEntryBig($entries$each, bytes, $entries$p);
    } catch (error) { throw inside(error, APPEND_BODY_SITES$WRITTEN, 7 /* entries[*]: short */, i); }
    $entries$p = $entries$each$e;
  }
  const $$p1 = $entries$p;
  return $$p1;
}
function $sizeAppendBodyBig(value: AppendBodyBig): number {
  requireObject(APPEND_BODY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 36;
  const $entries$list = listOf(APPEND_BODY_SITES$WRITTEN, 1 /* entries: argument */, 0,
      value.entries) as readonly (LogEntryBig)[];
  for (let i = 0; i < $entries$list.length; i++) {
    const $entries$each = $entries$list[i]!;
    try { $$size += $size$entries_LogEntryBig($entries$each as LogEntryBig);
    } catch (error) { throw inside(error, APPEND_BODY_SITES$WRITTEN, 7 /* entries[*]: short */, i); }
  }
  return $$size;
}

const APPEND_ANSWER_BODY_SITES: Sites = {
  format: "raft_append_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 42, "32 bytes"],
    ["unsafe-integer", "index", 45, "at most 2^53-1"],
    ["unsafe-integer", "hintIndex", 46, "at most 2^53-1"],
    ["unsafe-integer", "hintTerm", 47, "at most 2^53-1"],
    ["unsafe-integer", "round", 48, "at most 2^53-1"],
  ],
};
const APPEND_ANSWER_BODY_SITES$WRITTEN: Sites = {
  format: "raft_append_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["argument", "", 42, "an object"],
    ["range", "index", 45, "0 to 2^53-1"],
    ["range", "hintIndex", 46, "0 to 2^53-1"],
    ["range", "hintTerm", 47, "0 to 2^53-1"],
    ["range", "round", 48, "0 to 2^53-1"],
  ],
};
const APPEND_ANSWER_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_append_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "index", 45, "0 to 18446744073709551615"],
    ["range", "hintIndex", 46, "0 to 18446744073709551615"],
    ["range", "hintTerm", 47, "0 to 18446744073709551615"],
    ["range", "round", 48, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface AppendAnswerBody {
  /** What the member has; the prev_index that was asked where refused. */
  index: number;
  hintIndex: number;
  hintTerm: number;
  round: number;
}
export const APPEND_ANSWER_BODY_SIZE = 32;
function readAppendAnswerBody(bytes: Uint8Array, at: number, end: number): AppendAnswerBody | undefined {
  if (end - at !== 32 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(APPEND_ANSWER_BODY_SITES, 0 /* short */, 32, bytes, at, end);
  }
  const $index$high = uint32At(bytes, at);
  if ($index$high > 0x1fffff) return refuse(APPEND_ANSWER_BODY_SITES, 1 /* index: unsafe-integer */, at);
  const $hintIndex$high = uint32At(bytes, at + 8);
  if ($hintIndex$high > 0x1fffff) return refuse(APPEND_ANSWER_BODY_SITES, 2 /* hintIndex: unsafe-integer */, at + 8);
  const $hintTerm$high = uint32At(bytes, at + 16);
  if ($hintTerm$high > 0x1fffff) return refuse(APPEND_ANSWER_BODY_SITES, 3 /* hintTerm: unsafe-integer */, at + 16);
  const $round$high = uint32At(bytes, at + 24);
  if ($round$high > 0x1fffff) return refuse(APPEND_ANSWER_BODY_SITES, 4 /* round: unsafe-integer */, at + 24);
  return {
    index: $index$high * 4294967296 + uint32At(bytes, at + 4),
    hintIndex: $hintIndex$high * 4294967296 + uint32At(bytes, at + 12),
    hintTerm: $hintTerm$high * 4294967296 + uint32At(bytes, at + 20),
    round: $round$high * 4294967296 + uint32At(bytes, at + 28),
  };
}
/** @throws WireError when the bytes are no raft_append_answer_body. */
export function decodeAppendAnswerBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AppendAnswerBody {
  return readAppendAnswerBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAppendAnswerBody(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<AppendAnswerBody> {
  const value = readAppendAnswerBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeAppendAnswerBody(value: AppendAnswerBody): NewBytes {
  const bytes = new Uint8Array(32);
  encodeAppendAnswerBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAppendAnswerBodyInto(value: AppendAnswerBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(APPEND_ANSWER_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 32 || at >>> 0 !== at) failSpace(APPEND_ANSWER_BODY_SITES$WRITTEN, 32, bytes, at);
  const $index = value.index;
  if (!Number.isSafeInteger($index) || $index < 0)
    fail(APPEND_ANSWER_BODY_SITES$WRITTEN, 1 /* index: range */, at, $index);
  putSafe(bytes, at, $index);
  const $hintIndex = value.hintIndex;
  if (!Number.isSafeInteger($hintIndex) || $hintIndex < 0)
    fail(APPEND_ANSWER_BODY_SITES$WRITTEN, 2 /* hintIndex: range */, at + 8, $hintIndex);
  putSafe(bytes, at + 8, $hintIndex);
  const $hintTerm = value.hintTerm;
  if (!Number.isSafeInteger($hintTerm) || $hintTerm < 0)
    fail(APPEND_ANSWER_BODY_SITES$WRITTEN, 3 /* hintTerm: range */, at + 16, $hintTerm);
  putSafe(bytes, at + 16, $hintTerm);
  const $round = value.round;
  if (!Number.isSafeInteger($round) || $round < 0)
    fail(APPEND_ANSWER_BODY_SITES$WRITTEN, 4 /* round: range */, at + 24, $round);
  putSafe(bytes, at + 24, $round);
  return at + 32;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekAppendAnswerBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(APPEND_ANSWER_BODY_SITES, bytes, at, end);
  return 32;
}
/** Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface AppendAnswerBodyBig {
  /** What the member has; the prev_index that was asked where refused. */
  index: bigint;
  hintIndex: bigint;
  hintTerm: bigint;
  round: bigint;
}
function readAppendAnswerBodyBig(bytes: Uint8Array, at: number, end: number): AppendAnswerBodyBig | undefined {
  if (end - at !== 32 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(APPEND_ANSWER_BODY_SITES, 0 /* short */, 32, bytes, at, end);
  }
  return {
    index: bigUnsigned(bytes, at),
    hintIndex: bigUnsigned(bytes, at + 8),
    hintTerm: bigUnsigned(bytes, at + 16),
    round: bigUnsigned(bytes, at + 24),
  };
}
/** @throws WireError when the bytes are no raft_append_answer_body. */
export function decodeAppendAnswerBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): AppendAnswerBodyBig {
  return readAppendAnswerBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAppendAnswerBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<AppendAnswerBodyBig> {
  const value = readAppendAnswerBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeAppendAnswerBodyBig(value: AppendAnswerBodyBig): NewBytes {
  const bytes = new Uint8Array(32);
  encodeAppendAnswerBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAppendAnswerBodyBigInto(value: AppendAnswerBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(APPEND_ANSWER_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 32 || at >>> 0 !== at) failSpace(APPEND_ANSWER_BODY_SITES$WRITTEN, 32, bytes, at);
  const $index = value.index;
  if (typeof $index !== "bigint" || BigInt.asUintN(64, $index) !== $index)
    fail(APPEND_ANSWER_BODY_SITES$WRITTEN$BIG, 0 /* index: range */, at, $index);
  bigPut(bytes, at, $index);
  const $hintIndex = value.hintIndex;
  if (typeof $hintIndex !== "bigint" || BigInt.asUintN(64, $hintIndex) !== $hintIndex)
    fail(APPEND_ANSWER_BODY_SITES$WRITTEN$BIG, 1 /* hintIndex: range */, at + 8, $hintIndex);
  bigPut(bytes, at + 8, $hintIndex);
  const $hintTerm = value.hintTerm;
  if (typeof $hintTerm !== "bigint" || BigInt.asUintN(64, $hintTerm) !== $hintTerm)
    fail(APPEND_ANSWER_BODY_SITES$WRITTEN$BIG, 2 /* hintTerm: range */, at + 16, $hintTerm);
  bigPut(bytes, at + 16, $hintTerm);
  const $round = value.round;
  if (typeof $round !== "bigint" || BigInt.asUintN(64, $round) !== $round)
    fail(APPEND_ANSWER_BODY_SITES$WRITTEN$BIG, 3 /* round: range */, at + 24, $round);
  bigPut(bytes, at + 24, $round);
  return at + 32;
}

const DIGEST_ANSWER_BODY_SITES: Sites = {
  format: "raft_digest_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 49, "72 bytes"],
    ["unsafe-integer", "index", 53, "at most 2^53-1"],
    ["unsafe-integer", "hintIndex", 54, "at most 2^53-1"],
    ["unsafe-integer", "hintTerm", 55, "at most 2^53-1"],
    ["unsafe-integer", "round", 56, "at most 2^53-1"],
    ["unsafe-integer", "markNumber", 57, "at most 2^53-1"],
  ],
};
const DIGEST_ANSWER_BODY_SITES$WRITTEN: Sites = {
  format: "raft_digest_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["argument", "", 49, "an object"],
    ["range", "index", 53, "0 to 2^53-1"],
    ["range", "hintIndex", 54, "0 to 2^53-1"],
    ["range", "hintTerm", 55, "0 to 2^53-1"],
    ["range", "round", 56, "0 to 2^53-1"],
    ["range", "markNumber", 57, "0 to 2^53-1"],
    ["length", "stateSha256", 58, "32 bytes"],
  ],
};
const DIGEST_ANSWER_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_digest_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "index", 53, "0 to 18446744073709551615"],
    ["range", "hintIndex", 54, "0 to 18446744073709551615"],
    ["range", "hintTerm", 55, "0 to 18446744073709551615"],
    ["range", "round", 56, "0 to 18446744073709551615"],
    ["range", "markNumber", 57, "0 to 18446744073709551615"],
  ],
};
/** The same with the flag digest, of a member that has frozen its state. Source: seeds/dps, Raft messages. */
export interface DigestAnswerBody {
  /** What the member has; the prev_index that was asked where refused. */
  index: number;
  hintIndex: number;
  hintTerm: number;
  round: number;
  markNumber: number;
  stateSha256: Uint8Array;
}
export const DIGEST_ANSWER_BODY_SIZE = 72;
function readDigestAnswerBody(bytes: Uint8Array, at: number, end: number): DigestAnswerBody | undefined {
  if (end - at !== 72 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(DIGEST_ANSWER_BODY_SITES, 0 /* short */, 72, bytes, at, end);
  }
  const $index$high = uint32At(bytes, at);
  if ($index$high > 0x1fffff) return refuse(DIGEST_ANSWER_BODY_SITES, 1 /* index: unsafe-integer */, at);
  const $hintIndex$high = uint32At(bytes, at + 8);
  if ($hintIndex$high > 0x1fffff) return refuse(DIGEST_ANSWER_BODY_SITES, 2 /* hintIndex: unsafe-integer */, at + 8);
  const $hintTerm$high = uint32At(bytes, at + 16);
  if ($hintTerm$high > 0x1fffff) return refuse(DIGEST_ANSWER_BODY_SITES, 3 /* hintTerm: unsafe-integer */, at + 16);
  const $round$high = uint32At(bytes, at + 24);
  if ($round$high > 0x1fffff) return refuse(DIGEST_ANSWER_BODY_SITES, 4 /* round: unsafe-integer */, at + 24);
  const $markNumber$high = uint32At(bytes, at + 32);
  if ($markNumber$high > 0x1fffff) return refuse(DIGEST_ANSWER_BODY_SITES, 5 /* markNumber: unsafe-integer */, at + 32);
  return {
    index: $index$high * 4294967296 + uint32At(bytes, at + 4),
    hintIndex: $hintIndex$high * 4294967296 + uint32At(bytes, at + 12),
    hintTerm: $hintTerm$high * 4294967296 + uint32At(bytes, at + 20),
    round: $round$high * 4294967296 + uint32At(bytes, at + 28),
    markNumber: $markNumber$high * 4294967296 + uint32At(bytes, at + 36),
    stateSha256: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 40, 32),
  };
}
/** @throws WireError when the bytes are no raft_digest_answer_body. */
export function decodeDigestAnswerBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): DigestAnswerBody {
  return readDigestAnswerBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeDigestAnswerBody(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<DigestAnswerBody> {
  const value = readDigestAnswerBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeDigestAnswerBody(value: DigestAnswerBody): NewBytes {
  const bytes = new Uint8Array(72);
  encodeDigestAnswerBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeDigestAnswerBodyInto(value: DigestAnswerBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(DIGEST_ANSWER_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 72 || at >>> 0 !== at) failSpace(DIGEST_ANSWER_BODY_SITES$WRITTEN, 72, bytes, at);
  const $index = value.index;
  if (!Number.isSafeInteger($index) || $index < 0)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN, 1 /* index: range */, at, $index);
  putSafe(bytes, at, $index);
  const $hintIndex = value.hintIndex;
  if (!Number.isSafeInteger($hintIndex) || $hintIndex < 0)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN, 2 /* hintIndex: range */, at + 8, $hintIndex);
  putSafe(bytes, at + 8, $hintIndex);
  const $hintTerm = value.hintTerm;
  if (!Number.isSafeInteger($hintTerm) || $hintTerm < 0)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN, 3 /* hintTerm: range */, at + 16, $hintTerm);
  putSafe(bytes, at + 16, $hintTerm);
  const $round = value.round;
  if (!Number.isSafeInteger($round) || $round < 0)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN, 4 /* round: range */, at + 24, $round);
  putSafe(bytes, at + 24, $round);
  const $markNumber = value.markNumber;
  if (!Number.isSafeInteger($markNumber) || $markNumber < 0)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN, 5 /* markNumber: range */, at + 32, $markNumber);
  putSafe(bytes, at + 32, $markNumber);
  const $stateSha256 = value.stateSha256;
  if (lengthOf($stateSha256) !== 32)
    failBytes(DIGEST_ANSWER_BODY_SITES$WRITTEN, 6 /* stateSha256: length */, at + 40, $stateSha256);
  bytes.set($stateSha256, at + 40);
  return at + 72;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekDigestAnswerBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(DIGEST_ANSWER_BODY_SITES, bytes, at, end);
  return 72;
}
/**
 * The same with the flag digest, of a member that has frozen its state. Source: seeds/dps, Raft messages. 64-bit
 * integers as bigint.
 */
export interface DigestAnswerBodyBig {
  /** What the member has; the prev_index that was asked where refused. */
  index: bigint;
  hintIndex: bigint;
  hintTerm: bigint;
  round: bigint;
  markNumber: bigint;
  stateSha256: Uint8Array;
}
function readDigestAnswerBodyBig(bytes: Uint8Array, at: number, end: number): DigestAnswerBodyBig | undefined {
  if (end - at !== 72 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(DIGEST_ANSWER_BODY_SITES, 0 /* short */, 72, bytes, at, end);
  }
  return {
    index: bigUnsigned(bytes, at),
    hintIndex: bigUnsigned(bytes, at + 8),
    hintTerm: bigUnsigned(bytes, at + 16),
    round: bigUnsigned(bytes, at + 24),
    markNumber: bigUnsigned(bytes, at + 32),
    stateSha256: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 40, 32),
  };
}
/** @throws WireError when the bytes are no raft_digest_answer_body. */
export function decodeDigestAnswerBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): DigestAnswerBodyBig {
  return readDigestAnswerBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeDigestAnswerBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<DigestAnswerBodyBig> {
  const value = readDigestAnswerBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeDigestAnswerBodyBig(value: DigestAnswerBodyBig): NewBytes {
  const bytes = new Uint8Array(72);
  encodeDigestAnswerBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeDigestAnswerBodyBigInto(value: DigestAnswerBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(DIGEST_ANSWER_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 72 || at >>> 0 !== at) failSpace(DIGEST_ANSWER_BODY_SITES$WRITTEN, 72, bytes, at);
  const $index = value.index;
  if (typeof $index !== "bigint" || BigInt.asUintN(64, $index) !== $index)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN$BIG, 0 /* index: range */, at, $index);
  bigPut(bytes, at, $index);
  const $hintIndex = value.hintIndex;
  if (typeof $hintIndex !== "bigint" || BigInt.asUintN(64, $hintIndex) !== $hintIndex)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN$BIG, 1 /* hintIndex: range */, at + 8, $hintIndex);
  bigPut(bytes, at + 8, $hintIndex);
  const $hintTerm = value.hintTerm;
  if (typeof $hintTerm !== "bigint" || BigInt.asUintN(64, $hintTerm) !== $hintTerm)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN$BIG, 2 /* hintTerm: range */, at + 16, $hintTerm);
  bigPut(bytes, at + 16, $hintTerm);
  const $round = value.round;
  if (typeof $round !== "bigint" || BigInt.asUintN(64, $round) !== $round)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN$BIG, 3 /* round: range */, at + 24, $round);
  bigPut(bytes, at + 24, $round);
  const $markNumber = value.markNumber;
  if (typeof $markNumber !== "bigint" || BigInt.asUintN(64, $markNumber) !== $markNumber)
    fail(DIGEST_ANSWER_BODY_SITES$WRITTEN$BIG, 4 /* markNumber: range */, at + 32, $markNumber);
  bigPut(bytes, at + 32, $markNumber);
  const $stateSha256 = value.stateSha256;
  if (lengthOf($stateSha256) !== 32)
    failBytes(DIGEST_ANSWER_BODY_SITES$WRITTEN, 6 /* stateSha256: length */, at + 40, $stateSha256);
  bytes.set($stateSha256, at + 40);
  return at + 72;
}

const SNAPSHOT_BODY_SITES: Sites = {
  format: "raft_snapshot_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 59, "at least 68 bytes"],
    ["unsafe-integer", "lastIndex", 62, "at most 2^53-1"],
    ["unsafe-integer", "lastTerm", 63, "at most 2^53-1"],
    ["unsafe-integer", "totalBytes", 64, "at most 2^53-1"],
    ["unsafe-integer", "offset", 65, "at most 2^53-1"],
    ["short", "config", 68, ""],
  ],
};
const SNAPSHOT_BODY_SITES$WRITTEN: Sites = {
  format: "raft_snapshot_body",
  file: "raft/messages.ksy",
  sites: [
    ["count", "config", 68, "at least 0 bytes"],
    ["count", "part", 69, "at least 0 bytes"],
    ["argument", "", 59, "an object"],
    ["range", "lastIndex", 62, "0 to 2^53-1"],
    ["range", "lastTerm", 63, "0 to 2^53-1"],
    ["range", "totalBytes", 64, "0 to 2^53-1"],
    ["range", "offset", 65, "0 to 2^53-1"],
    ["length", "snapshotSha256", 66, "32 bytes"],
    ["range", "config", 67, "config_length of 0 to 4294967295"],
  ],
};
const SNAPSHOT_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_snapshot_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "lastIndex", 62, "0 to 18446744073709551615"],
    ["range", "lastTerm", 63, "0 to 18446744073709551615"],
    ["range", "totalBytes", 64, "0 to 18446744073709551615"],
    ["range", "offset", 65, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface SnapshotBody {
  lastIndex: number;
  lastTerm: number;
  totalBytes: number;
  offset: number;
  /** Of the whole snapshot. */
  snapshotSha256: Uint8Array;
  /** A cluster_config at offset 0, else empty. */
  config: Uint8Array;
  part: Uint8Array;
}
export const SNAPSHOT_BODY_MIN_SIZE = 68;
function readSnapshotBody(bytes: Uint8Array, at: number, end: number): SnapshotBody | undefined {
  if (end - at < 68 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SNAPSHOT_BODY_SITES, 0 /* short */, 68, bytes, at, end);
  }
  const $lastIndex$high = uint32At(bytes, at);
  if ($lastIndex$high > 0x1fffff) return refuse(SNAPSHOT_BODY_SITES, 1 /* lastIndex: unsafe-integer */, at);
  const $lastTerm$high = uint32At(bytes, at + 8);
  if ($lastTerm$high > 0x1fffff) return refuse(SNAPSHOT_BODY_SITES, 2 /* lastTerm: unsafe-integer */, at + 8);
  const $totalBytes$high = uint32At(bytes, at + 16);
  if ($totalBytes$high > 0x1fffff) return refuse(SNAPSHOT_BODY_SITES, 3 /* totalBytes: unsafe-integer */, at + 16);
  const $offset$high = uint32At(bytes, at + 24);
  if ($offset$high > 0x1fffff) return refuse(SNAPSHOT_BODY_SITES, 4 /* offset: unsafe-integer */, at + 24);
  const $configLength = uint32At(bytes, at + 64);
  const $config$count = $configLength;
  if ($config$count > end - at - 68)
    return refuse(SNAPSHOT_BODY_SITES, 5 /* config: short */, end, `${end - at - 68} of ${$config$count} bytes`);
  const $$p1 = at + 68 + $config$count;
  const $part$count = end - $$p1;
  return {
    lastIndex: $lastIndex$high * 4294967296 + uint32At(bytes, at + 4),
    lastTerm: $lastTerm$high * 4294967296 + uint32At(bytes, at + 12),
    totalBytes: $totalBytes$high * 4294967296 + uint32At(bytes, at + 20),
    offset: $offset$high * 4294967296 + uint32At(bytes, at + 28),
    snapshotSha256: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 32, 32),
    config: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 68, $config$count),
    part: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1, $part$count),
  };
}
/** @throws WireError when the bytes are no raft_snapshot_body. */
export function decodeSnapshotBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SnapshotBody {
  return readSnapshotBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSnapshotBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<SnapshotBody> {
  const value = readSnapshotBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function snapshotBodyLength(value: SnapshotBody): number {
  const $config = value?.config;
  if (lengthOf($config) < 0) failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 0 /* config: count */, 0, $config);
  const $part = value?.part;
  if (lengthOf($part) < 0) failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 1 /* part: count */, 0, $part);
  return 68 + $config.length + $part.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeSnapshotBody(value: SnapshotBody): NewBytes {
  const bytes = new Uint8Array(snapshotBodyLength(value));
  encodeSnapshotBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSnapshotBodyInto(value: SnapshotBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SNAPSHOT_BODY_SITES$WRITTEN, 2 /* argument */, at, value);
  const $config = value.config, $config$count = lengthOf($config);
  if ($config$count < 0) failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 0 /* config: count */, at, $config);
  const $part = value.part, $part$count = lengthOf($part);
  if ($part$count < 0) failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 1 /* part: count */, at, $part);
  const need = 68 + $config$count + $part$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SNAPSHOT_BODY_SITES$WRITTEN, need, bytes, at);
  const $lastIndex = value.lastIndex;
  if (!Number.isSafeInteger($lastIndex) || $lastIndex < 0)
    fail(SNAPSHOT_BODY_SITES$WRITTEN, 3 /* lastIndex: range */, at, $lastIndex);
  putSafe(bytes, at, $lastIndex);
  const $lastTerm = value.lastTerm;
  if (!Number.isSafeInteger($lastTerm) || $lastTerm < 0)
    fail(SNAPSHOT_BODY_SITES$WRITTEN, 4 /* lastTerm: range */, at + 8, $lastTerm);
  putSafe(bytes, at + 8, $lastTerm);
  const $totalBytes = value.totalBytes;
  if (!Number.isSafeInteger($totalBytes) || $totalBytes < 0)
    fail(SNAPSHOT_BODY_SITES$WRITTEN, 5 /* totalBytes: range */, at + 16, $totalBytes);
  putSafe(bytes, at + 16, $totalBytes);
  const $offset = value.offset;
  if (!Number.isSafeInteger($offset) || $offset < 0)
    fail(SNAPSHOT_BODY_SITES$WRITTEN, 6 /* offset: range */, at + 24, $offset);
  putSafe(bytes, at + 24, $offset);
  const $snapshotSha256 = value.snapshotSha256;
  if (lengthOf($snapshotSha256) !== 32)
    failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 7 /* snapshotSha256: length */, at + 32, $snapshotSha256);
  bytes.set($snapshotSha256, at + 32);
  const $configLength = $config$count;
  if ($configLength > 4294967295) fail(SNAPSHOT_BODY_SITES$WRITTEN, 8 /* config: range */, at + 64, $configLength);
  bytes[at + 64] = $configLength >>> 24; bytes[at + 65] = $configLength >>> 16; bytes[at + 66] = $configLength >>> 8;
  bytes[at + 67] = $configLength;
  bytes.set($config, at + 68);
  const $$p1 = at + 68 + $config$count;
  bytes.set($part, $$p1);
  return at + need;
}
/** Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface SnapshotBodyBig {
  lastIndex: bigint;
  lastTerm: bigint;
  totalBytes: bigint;
  offset: bigint;
  /** Of the whole snapshot. */
  snapshotSha256: Uint8Array;
  /** A cluster_config at offset 0, else empty. */
  config: Uint8Array;
  part: Uint8Array;
}
function readSnapshotBodyBig(bytes: Uint8Array, at: number, end: number): SnapshotBodyBig | undefined {
  if (end - at < 68 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SNAPSHOT_BODY_SITES, 0 /* short */, 68, bytes, at, end);
  }
  const $configLength = uint32At(bytes, at + 64);
  const $config$count = $configLength;
  if ($config$count > end - at - 68)
    return refuse(SNAPSHOT_BODY_SITES, 5 /* config: short */, end, `${end - at - 68} of ${$config$count} bytes`);
  const $$p1 = at + 68 + $config$count;
  const $part$count = end - $$p1;
  return {
    lastIndex: bigUnsigned(bytes, at),
    lastTerm: bigUnsigned(bytes, at + 8),
    totalBytes: bigUnsigned(bytes, at + 16),
    offset: bigUnsigned(bytes, at + 24),
    snapshotSha256: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 32, 32),
    config: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 68, $config$count),
    part: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1, $part$count),
  };
}
/** @throws WireError when the bytes are no raft_snapshot_body. */
export function decodeSnapshotBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SnapshotBodyBig {
  return readSnapshotBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSnapshotBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SnapshotBodyBig> {
  const value = readSnapshotBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function snapshotBodyBigLength(value: SnapshotBodyBig): number {
  const $config = value?.config;
  if (lengthOf($config) < 0) failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 0 /* config: count */, 0, $config);
  const $part = value?.part;
  if (lengthOf($part) < 0) failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 1 /* part: count */, 0, $part);
  return 68 + $config.length + $part.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeSnapshotBodyBig(value: SnapshotBodyBig): NewBytes {
  const bytes = new Uint8Array(snapshotBodyBigLength(value));
  encodeSnapshotBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSnapshotBodyBigInto(value: SnapshotBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SNAPSHOT_BODY_SITES$WRITTEN, 2 /* argument */, at, value);
  const $config = value.config, $config$count = lengthOf($config);
  if ($config$count < 0) failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 0 /* config: count */, at, $config);
  const $part = value.part, $part$count = lengthOf($part);
  if ($part$count < 0) failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 1 /* part: count */, at, $part);
  const need = 68 + $config$count + $part$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SNAPSHOT_BODY_SITES$WRITTEN, need, bytes, at);
  const $lastIndex = value.lastIndex;
  if (typeof $lastIndex !== "bigint" || BigInt.asUintN(64, $lastIndex) !== $lastIndex)
    fail(SNAPSHOT_BODY_SITES$WRITTEN$BIG, 0 /* lastIndex: range */, at, $lastIndex);
  bigPut(bytes, at, $lastIndex);
  const $lastTerm = value.lastTerm;
  if (typeof $lastTerm !== "bigint" || BigInt.asUintN(64, $lastTerm) !== $lastTerm)
    fail(SNAPSHOT_BODY_SITES$WRITTEN$BIG, 1 /* lastTerm: range */, at + 8, $lastTerm);
  bigPut(bytes, at + 8, $lastTerm);
  const $totalBytes = value.totalBytes;
  if (typeof $totalBytes !== "bigint" || BigInt.asUintN(64, $totalBytes) !== $totalBytes)
    fail(SNAPSHOT_BODY_SITES$WRITTEN$BIG, 2 /* totalBytes: range */, at + 16, $totalBytes);
  bigPut(bytes, at + 16, $totalBytes);
  const $offset = value.offset;
  if (typeof $offset !== "bigint" || BigInt.asUintN(64, $offset) !== $offset)
    fail(SNAPSHOT_BODY_SITES$WRITTEN$BIG, 3 /* offset: range */, at + 24, $offset);
  bigPut(bytes, at + 24, $offset);
  const $snapshotSha256 = value.snapshotSha256;
  if (lengthOf($snapshotSha256) !== 32)
    failBytes(SNAPSHOT_BODY_SITES$WRITTEN, 7 /* snapshotSha256: length */, at + 32, $snapshotSha256);
  bytes.set($snapshotSha256, at + 32);
  const $configLength = $config$count;
  if ($configLength > 4294967295) fail(SNAPSHOT_BODY_SITES$WRITTEN, 8 /* config: range */, at + 64, $configLength);
  bytes[at + 64] = $configLength >>> 24; bytes[at + 65] = $configLength >>> 16; bytes[at + 66] = $configLength >>> 8;
  bytes[at + 67] = $configLength;
  bytes.set($config, at + 68);
  const $$p1 = at + 68 + $config$count;
  bytes.set($part, $$p1);
  return at + need;
}

const SNAPSHOT_ANSWER_BODY_SITES: Sites = {
  format: "raft_snapshot_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 70, "24 bytes"],
    ["unsafe-integer", "lastIndex", 73, "at most 2^53-1"],
    ["unsafe-integer", "lastTerm", 74, "at most 2^53-1"],
    ["unsafe-integer", "nextOffset", 75, "at most 2^53-1"],
  ],
};
const SNAPSHOT_ANSWER_BODY_SITES$WRITTEN: Sites = {
  format: "raft_snapshot_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["argument", "", 70, "an object"],
    ["range", "lastIndex", 73, "0 to 2^53-1"],
    ["range", "lastTerm", 74, "0 to 2^53-1"],
    ["range", "nextOffset", 75, "0 to 2^53-1"],
  ],
};
const SNAPSHOT_ANSWER_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_snapshot_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "lastIndex", 73, "0 to 18446744073709551615"],
    ["range", "lastTerm", 74, "0 to 18446744073709551615"],
    ["range", "nextOffset", 75, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface SnapshotAnswerBody {
  lastIndex: number;
  lastTerm: number;
  /** Bytes that the member has stored. */
  nextOffset: number;
}
export const SNAPSHOT_ANSWER_BODY_SIZE = 24;
function readSnapshotAnswerBody(bytes: Uint8Array, at: number, end: number): SnapshotAnswerBody | undefined {
  if (end - at !== 24 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SNAPSHOT_ANSWER_BODY_SITES, 0 /* short */, 24, bytes, at, end);
  }
  const $lastIndex$high = uint32At(bytes, at);
  if ($lastIndex$high > 0x1fffff) return refuse(SNAPSHOT_ANSWER_BODY_SITES, 1 /* lastIndex: unsafe-integer */, at);
  const $lastTerm$high = uint32At(bytes, at + 8);
  if ($lastTerm$high > 0x1fffff) return refuse(SNAPSHOT_ANSWER_BODY_SITES, 2 /* lastTerm: unsafe-integer */, at + 8);
  const $nextOffset$high = uint32At(bytes, at + 16);
  if ($nextOffset$high > 0x1fffff)
    return refuse(SNAPSHOT_ANSWER_BODY_SITES, 3 /* nextOffset: unsafe-integer */, at + 16);
  return {
    lastIndex: $lastIndex$high * 4294967296 + uint32At(bytes, at + 4),
    lastTerm: $lastTerm$high * 4294967296 + uint32At(bytes, at + 12),
    nextOffset: $nextOffset$high * 4294967296 + uint32At(bytes, at + 20),
  };
}
/** @throws WireError when the bytes are no raft_snapshot_answer_body. */
export function decodeSnapshotAnswerBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SnapshotAnswerBody {
  return readSnapshotAnswerBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSnapshotAnswerBody(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SnapshotAnswerBody> {
  const value = readSnapshotAnswerBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeSnapshotAnswerBody(value: SnapshotAnswerBody): NewBytes {
  const bytes = new Uint8Array(24);
  encodeSnapshotAnswerBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSnapshotAnswerBodyInto(value: SnapshotAnswerBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 24 || at >>> 0 !== at) failSpace(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN, 24, bytes, at);
  const $lastIndex = value.lastIndex;
  if (!Number.isSafeInteger($lastIndex) || $lastIndex < 0)
    fail(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN, 1 /* lastIndex: range */, at, $lastIndex);
  putSafe(bytes, at, $lastIndex);
  const $lastTerm = value.lastTerm;
  if (!Number.isSafeInteger($lastTerm) || $lastTerm < 0)
    fail(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN, 2 /* lastTerm: range */, at + 8, $lastTerm);
  putSafe(bytes, at + 8, $lastTerm);
  const $nextOffset = value.nextOffset;
  if (!Number.isSafeInteger($nextOffset) || $nextOffset < 0)
    fail(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN, 3 /* nextOffset: range */, at + 16, $nextOffset);
  putSafe(bytes, at + 16, $nextOffset);
  return at + 24;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSnapshotAnswerBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(SNAPSHOT_ANSWER_BODY_SITES, bytes, at, end);
  return 24;
}
/** Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface SnapshotAnswerBodyBig {
  lastIndex: bigint;
  lastTerm: bigint;
  /** Bytes that the member has stored. */
  nextOffset: bigint;
}
function readSnapshotAnswerBodyBig(bytes: Uint8Array, at: number, end: number): SnapshotAnswerBodyBig | undefined {
  if (end - at !== 24 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SNAPSHOT_ANSWER_BODY_SITES, 0 /* short */, 24, bytes, at, end);
  }
  return {
    lastIndex: bigUnsigned(bytes, at),
    lastTerm: bigUnsigned(bytes, at + 8),
    nextOffset: bigUnsigned(bytes, at + 16),
  };
}
/** @throws WireError when the bytes are no raft_snapshot_answer_body. */
export function decodeSnapshotAnswerBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): SnapshotAnswerBodyBig {
  return readSnapshotAnswerBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSnapshotAnswerBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SnapshotAnswerBodyBig> {
  const value = readSnapshotAnswerBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeSnapshotAnswerBodyBig(value: SnapshotAnswerBodyBig): NewBytes {
  const bytes = new Uint8Array(24);
  encodeSnapshotAnswerBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSnapshotAnswerBodyBigInto(value: SnapshotAnswerBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 24 || at >>> 0 !== at) failSpace(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN, 24, bytes, at);
  const $lastIndex = value.lastIndex;
  if (typeof $lastIndex !== "bigint" || BigInt.asUintN(64, $lastIndex) !== $lastIndex)
    fail(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN$BIG, 0 /* lastIndex: range */, at, $lastIndex);
  bigPut(bytes, at, $lastIndex);
  const $lastTerm = value.lastTerm;
  if (typeof $lastTerm !== "bigint" || BigInt.asUintN(64, $lastTerm) !== $lastTerm)
    fail(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN$BIG, 1 /* lastTerm: range */, at + 8, $lastTerm);
  bigPut(bytes, at + 8, $lastTerm);
  const $nextOffset = value.nextOffset;
  if (typeof $nextOffset !== "bigint" || BigInt.asUintN(64, $nextOffset) !== $nextOffset)
    fail(SNAPSHOT_ANSWER_BODY_SITES$WRITTEN$BIG, 2 /* nextOffset: range */, at + 16, $nextOffset);
  bigPut(bytes, at + 16, $nextOffset);
  return at + 24;
}

const PROPOSE_BODY_SITES: Sites = {
  format: "raft_propose_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 76, "at least 25 bytes"],
    ["unsafe-integer", "client", 79, "at most 2^53-1"],
    ["unsafe-integer", "serial", 80, "at most 2^53-1"],
    ["unsafe-integer", "ackedBelow", 81, "at most 2^53-1"],
    ["range", "entryType", 82, "3 to 5"],
  ],
};
const PROPOSE_BODY_SITES$WRITTEN: Sites = {
  format: "raft_propose_body",
  file: "raft/messages.ksy",
  sites: [
    ["count", "command", 83, "at least 0 bytes"],
    ["argument", "", 76, "an object"],
    ["range", "client", 79, "0 to 2^53-1"],
    ["range", "serial", 80, "0 to 2^53-1"],
    ["range", "ackedBelow", 81, "0 to 2^53-1"],
    ["range", "entryType", 82, "3 to 5"],
  ],
};
const PROPOSE_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_propose_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "client", 79, "0 to 18446744073709551615"],
    ["range", "serial", 80, "0 to 18446744073709551615"],
    ["range", "ackedBelow", 81, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface ProposeBody {
  client: number;
  serial: number;
  ackedBelow: number;
  /** Of entries::entry_type: command, open_session or close_session. */
  entryType: number;
  command: Uint8Array;
}
export const PROPOSE_BODY_MIN_SIZE = 25;
function readProposeBody(bytes: Uint8Array, at: number, end: number): ProposeBody | undefined {
  if (end - at < 25 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(PROPOSE_BODY_SITES, 0 /* short */, 25, bytes, at, end);
  }
  const $client$high = uint32At(bytes, at);
  if ($client$high > 0x1fffff) return refuse(PROPOSE_BODY_SITES, 1 /* client: unsafe-integer */, at);
  const $serial$high = uint32At(bytes, at + 8);
  if ($serial$high > 0x1fffff) return refuse(PROPOSE_BODY_SITES, 2 /* serial: unsafe-integer */, at + 8);
  const $ackedBelow$high = uint32At(bytes, at + 16);
  if ($ackedBelow$high > 0x1fffff) return refuse(PROPOSE_BODY_SITES, 3 /* ackedBelow: unsafe-integer */, at + 16);
  const $entryType = bytes[at + 24]!;
  if ($entryType < 3 || $entryType > 5)
    return refuse(PROPOSE_BODY_SITES, 4 /* entryType: range */, at + 24, $entryType);
  const $command$count = end - at - 25;
  return {
    client: $client$high * 4294967296 + uint32At(bytes, at + 4),
    serial: $serial$high * 4294967296 + uint32At(bytes, at + 12),
    ackedBelow: $ackedBelow$high * 4294967296 + uint32At(bytes, at + 20),
    entryType: $entryType,
    command: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 25, $command$count),
  };
}
/** @throws WireError when the bytes are no raft_propose_body. */
export function decodeProposeBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ProposeBody {
  return readProposeBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeProposeBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<ProposeBody> {
  const value = readProposeBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function proposeBodyLength(value: ProposeBody): number {
  const $command = value?.command;
  if (lengthOf($command) < 0) failBytes(PROPOSE_BODY_SITES$WRITTEN, 0 /* command: count */, 0, $command);
  return 25 + $command.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeProposeBody(value: ProposeBody): NewBytes {
  const bytes = new Uint8Array(proposeBodyLength(value));
  encodeProposeBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeProposeBodyInto(value: ProposeBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(PROPOSE_BODY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $command = value.command, $command$count = lengthOf($command);
  if ($command$count < 0) failBytes(PROPOSE_BODY_SITES$WRITTEN, 0 /* command: count */, at, $command);
  const need = 25 + $command$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(PROPOSE_BODY_SITES$WRITTEN, need, bytes, at);
  const $client = value.client;
  if (!Number.isSafeInteger($client) || $client < 0)
    fail(PROPOSE_BODY_SITES$WRITTEN, 2 /* client: range */, at, $client);
  putSafe(bytes, at, $client);
  const $serial = value.serial;
  if (!Number.isSafeInteger($serial) || $serial < 0)
    fail(PROPOSE_BODY_SITES$WRITTEN, 3 /* serial: range */, at + 8, $serial);
  putSafe(bytes, at + 8, $serial);
  const $ackedBelow = value.ackedBelow;
  if (!Number.isSafeInteger($ackedBelow) || $ackedBelow < 0)
    fail(PROPOSE_BODY_SITES$WRITTEN, 4 /* ackedBelow: range */, at + 16, $ackedBelow);
  putSafe(bytes, at + 16, $ackedBelow);
  const $entryType = value.entryType;
  if (typeof $entryType !== "number" || ($entryType & 255) !== $entryType || $entryType < 3 || $entryType > 5)
    fail(PROPOSE_BODY_SITES$WRITTEN, 5 /* entryType: range */, at + 24, $entryType);
  bytes[at + 24] = $entryType;
  bytes.set($command, at + 25);
  return at + need;
}
/** Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface ProposeBodyBig {
  client: bigint;
  serial: bigint;
  ackedBelow: bigint;
  /** Of entries::entry_type: command, open_session or close_session. */
  entryType: number;
  command: Uint8Array;
}
function readProposeBodyBig(bytes: Uint8Array, at: number, end: number): ProposeBodyBig | undefined {
  if (end - at < 25 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(PROPOSE_BODY_SITES, 0 /* short */, 25, bytes, at, end);
  }
  const $entryType = bytes[at + 24]!;
  if ($entryType < 3 || $entryType > 5)
    return refuse(PROPOSE_BODY_SITES, 4 /* entryType: range */, at + 24, $entryType);
  const $command$count = end - at - 25;
  return {
    client: bigUnsigned(bytes, at),
    serial: bigUnsigned(bytes, at + 8),
    ackedBelow: bigUnsigned(bytes, at + 16),
    entryType: $entryType,
    command: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 25, $command$count),
  };
}
/** @throws WireError when the bytes are no raft_propose_body. */
export function decodeProposeBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ProposeBodyBig {
  return readProposeBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeProposeBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ProposeBodyBig> {
  const value = readProposeBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function proposeBodyBigLength(value: ProposeBodyBig): number {
  const $command = value?.command;
  if (lengthOf($command) < 0) failBytes(PROPOSE_BODY_SITES$WRITTEN, 0 /* command: count */, 0, $command);
  return 25 + $command.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeProposeBodyBig(value: ProposeBodyBig): NewBytes {
  const bytes = new Uint8Array(proposeBodyBigLength(value));
  encodeProposeBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeProposeBodyBigInto(value: ProposeBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(PROPOSE_BODY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $command = value.command, $command$count = lengthOf($command);
  if ($command$count < 0) failBytes(PROPOSE_BODY_SITES$WRITTEN, 0 /* command: count */, at, $command);
  const need = 25 + $command$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(PROPOSE_BODY_SITES$WRITTEN, need, bytes, at);
  const $client = value.client;
  if (typeof $client !== "bigint" || BigInt.asUintN(64, $client) !== $client)
    fail(PROPOSE_BODY_SITES$WRITTEN$BIG, 0 /* client: range */, at, $client);
  bigPut(bytes, at, $client);
  const $serial = value.serial;
  if (typeof $serial !== "bigint" || BigInt.asUintN(64, $serial) !== $serial)
    fail(PROPOSE_BODY_SITES$WRITTEN$BIG, 1 /* serial: range */, at + 8, $serial);
  bigPut(bytes, at + 8, $serial);
  const $ackedBelow = value.ackedBelow;
  if (typeof $ackedBelow !== "bigint" || BigInt.asUintN(64, $ackedBelow) !== $ackedBelow)
    fail(PROPOSE_BODY_SITES$WRITTEN$BIG, 2 /* ackedBelow: range */, at + 16, $ackedBelow);
  bigPut(bytes, at + 16, $ackedBelow);
  const $entryType = value.entryType;
  if (typeof $entryType !== "number" || ($entryType & 255) !== $entryType || $entryType < 3 || $entryType > 5)
    fail(PROPOSE_BODY_SITES$WRITTEN, 5 /* entryType: range */, at + 24, $entryType);
  bytes[at + 24] = $entryType;
  bytes.set($command, at + 25);
  return at + need;
}

const READ_BODY_SITES: Sites = {
  format: "raft_read_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 84, "at least 1 bytes"],
    ["enum", "mode", 87, "one of 0, 1, 2, 3"],
  ],
};
const READ_BODY_SITES$WRITTEN: Sites = {
  format: "raft_read_body",
  file: "raft/messages.ksy",
  sites: [
    ["count", "query", 88, "at least 0 bytes"],
    ["argument", "", 84, "an object"],
    ["range", "mode", 87, "0 to 255"],
    ["enum", "mode", 87, "one of 0, 1, 2, 3"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface ReadBody {
  mode: ReadMode;
  query: Uint8Array;
}
export const READ_BODY_MIN_SIZE = 1;
function readReadBody(bytes: Uint8Array, at: number, end: number): ReadBody | undefined {
  if (end - at < 1 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(READ_BODY_SITES, 0 /* short */, 1, bytes, at, end);
  }
  const $mode = bytes[at]!;
  if (($mode < 0 || $mode > 3)) return refuse(READ_BODY_SITES, 1 /* mode: enum */, at, $mode);
  const $query$count = end - at - 1;
  return {
    mode: $mode as ReadMode,
    query: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, $query$count),
  };
}
/** @throws WireError when the bytes are no raft_read_body. */
export function decodeReadBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ReadBody {
  return readReadBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeReadBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<ReadBody> {
  const value = readReadBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function readBodyLength(value: ReadBody): number {
  const $query = value?.query;
  if (lengthOf($query) < 0) failBytes(READ_BODY_SITES$WRITTEN, 0 /* query: count */, 0, $query);
  return 1 + $query.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeReadBody(value: ReadBody): NewBytes {
  const bytes = new Uint8Array(readBodyLength(value));
  encodeReadBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeReadBodyInto(value: ReadBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(READ_BODY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $query = value.query, $query$count = lengthOf($query);
  if ($query$count < 0) failBytes(READ_BODY_SITES$WRITTEN, 0 /* query: count */, at, $query);
  const need = 1 + $query$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(READ_BODY_SITES$WRITTEN, need, bytes, at);
  const $mode = value.mode;
  if (typeof $mode !== "number" || ($mode & 255) !== $mode)
    fail(READ_BODY_SITES$WRITTEN, 2 /* mode: range */, at, $mode);
  if (($mode < 0 || $mode > 3)) fail(READ_BODY_SITES$WRITTEN, 3 /* mode: enum */, at, $mode);
  bytes[at] = $mode;
  bytes.set($query, at + 1);
  return at + need;
}

const ADMIN_BODY_SITES: Sites = {
  format: "raft_admin_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 89, "at least 10 bytes"],
    ["enum", "op", 92, "one of 1, 2, 3, 4, 5, 6, 7, 8"],
    ["unsafe-integer", "member", 93, "at most 2^53-1"],
    ["short", "address", 95, ""],
    ["text", "address", 95, "ascii"],
    ["trailing", "", 89, ""],
  ],
};
const ADMIN_BODY_SITES$WRITTEN: Sites = {
  format: "raft_admin_body",
  file: "raft/messages.ksy",
  sites: [
    ["count", "address", 95, "at least 0 bytes"],
    ["argument", "", 89, "an object"],
    ["text", "address", 95, "ascii"],
    ["range", "op", 92, "0 to 255"],
    ["enum", "op", 92, "one of 1, 2, 3, 4, 5, 6, 7, 8"],
    ["range", "member", 93, "0 to 2^53-1"],
    ["range", "address", 94, "address_length of 0 to 255"],
  ],
};
const ADMIN_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_admin_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "member", 93, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Raft messages. */
export interface AdminBody {
  op: AdminOp;
  /** 0 for none. */
  member: number;
  address: string;
}
export const ADMIN_BODY_MIN_SIZE = 10;
function readAdminBody(bytes: Uint8Array, at: number, end: number): AdminBody | undefined {
  if (end - at < 10 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ADMIN_BODY_SITES, 0 /* short */, 10, bytes, at, end);
  }
  const $op = bytes[at]!;
  if (($op < 1 || $op > 8)) return refuse(ADMIN_BODY_SITES, 1 /* op: enum */, at, $op);
  const $member$high = uint32At(bytes, at + 1);
  if ($member$high > 0x1fffff) return refuse(ADMIN_BODY_SITES, 2 /* member: unsafe-integer */, at + 1);
  const $addressLength = bytes[at + 9]!;
  const $address$count = $addressLength;
  if ($address$count > end - at - 10)
    return refuse(ADMIN_BODY_SITES, 3 /* address: short */, end, `${end - at - 10} of ${$address$count} bytes`);
  const $$p1 = at + 10 + $address$count;
  const $address = asciiAt(bytes, at + 10, $$p1);
  if ($address === undefined) return refuse(ADMIN_BODY_SITES, 4 /* address: text */, at + 10);
  if ($$p1 !== end) return refuse(ADMIN_BODY_SITES, 5 /* trailing */, $$p1);
  return {
    op: $op as AdminOp,
    member: $member$high * 4294967296 + uint32At(bytes, at + 5),
    address: $address,
  };
}
/** @throws WireError when the bytes are no raft_admin_body. */
export function decodeAdminBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AdminBody {
  return readAdminBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAdminBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<AdminBody> {
  const value = readAdminBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function adminBodyLength(value: AdminBody): number {
  return 10 + (asciiBytes(value?.address)?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeAdminBody(value: AdminBody): NewBytes {
  const bytes = new Uint8Array(adminBodyLength(value));
  encodeAdminBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAdminBodyInto(value: AdminBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(ADMIN_BODY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $address = asciiBytes(value.address);
  if ($address === undefined) fail(ADMIN_BODY_SITES$WRITTEN, 2 /* address: text */, at);
  const $address$count = $address.length;
  if ($address$count < 0) fail(ADMIN_BODY_SITES$WRITTEN, 0 /* address: count */, at, $address$count);
  const need = 10 + $address$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ADMIN_BODY_SITES$WRITTEN, need, bytes, at);
  const $op = value.op;
  if (typeof $op !== "number" || ($op & 255) !== $op) fail(ADMIN_BODY_SITES$WRITTEN, 3 /* op: range */, at, $op);
  if (($op < 1 || $op > 8)) fail(ADMIN_BODY_SITES$WRITTEN, 4 /* op: enum */, at, $op);
  bytes[at] = $op;
  const $member = value.member;
  if (!Number.isSafeInteger($member) || $member < 0)
    fail(ADMIN_BODY_SITES$WRITTEN, 5 /* member: range */, at + 1, $member);
  putSafe(bytes, at + 1, $member);
  const $addressLength = $address$count;
  if ($addressLength > 255) fail(ADMIN_BODY_SITES$WRITTEN, 6 /* address: range */, at + 9, $addressLength);
  bytes[at + 9] = $addressLength;
  bytes.set($address, at + 10);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekAdminBodyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(ADMIN_BODY_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $op = bytes[at]!;
    if (($op < 1 || $op > 8)) return -1;
  }
  if (end - at < 10) return 0;
  const $addressLength = bytes[at + 9]!;
  const $address$count = $addressLength;
  const $$p1 = at + 10 + $address$count;
  return $$p1 - at;
}
/** Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface AdminBodyBig {
  op: AdminOp;
  /** 0 for none. */
  member: bigint;
  address: string;
}
function readAdminBodyBig(bytes: Uint8Array, at: number, end: number): AdminBodyBig | undefined {
  if (end - at < 10 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ADMIN_BODY_SITES, 0 /* short */, 10, bytes, at, end);
  }
  const $op = bytes[at]!;
  if (($op < 1 || $op > 8)) return refuse(ADMIN_BODY_SITES, 1 /* op: enum */, at, $op);
  const $addressLength = bytes[at + 9]!;
  const $address$count = $addressLength;
  if ($address$count > end - at - 10)
    return refuse(ADMIN_BODY_SITES, 3 /* address: short */, end, `${end - at - 10} of ${$address$count} bytes`);
  const $$p1 = at + 10 + $address$count;
  const $address = asciiAt(bytes, at + 10, $$p1);
  if ($address === undefined) return refuse(ADMIN_BODY_SITES, 4 /* address: text */, at + 10);
  if ($$p1 !== end) return refuse(ADMIN_BODY_SITES, 5 /* trailing */, $$p1);
  return {
    op: $op as AdminOp,
    member: bigUnsigned(bytes, at + 1),
    address: $address,
  };
}
/** @throws WireError when the bytes are no raft_admin_body. */
export function decodeAdminBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AdminBodyBig {
  return readAdminBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAdminBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<AdminBodyBig> {
  const value = readAdminBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function adminBodyBigLength(value: AdminBodyBig): number {
  return 10 + (asciiBytes(value?.address)?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeAdminBodyBig(value: AdminBodyBig): NewBytes {
  const bytes = new Uint8Array(adminBodyBigLength(value));
  encodeAdminBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAdminBodyBigInto(value: AdminBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(ADMIN_BODY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $address = asciiBytes(value.address);
  if ($address === undefined) fail(ADMIN_BODY_SITES$WRITTEN, 2 /* address: text */, at);
  const $address$count = $address.length;
  if ($address$count < 0) fail(ADMIN_BODY_SITES$WRITTEN, 0 /* address: count */, at, $address$count);
  const need = 10 + $address$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ADMIN_BODY_SITES$WRITTEN, need, bytes, at);
  const $op = value.op;
  if (typeof $op !== "number" || ($op & 255) !== $op) fail(ADMIN_BODY_SITES$WRITTEN, 3 /* op: range */, at, $op);
  if (($op < 1 || $op > 8)) fail(ADMIN_BODY_SITES$WRITTEN, 4 /* op: enum */, at, $op);
  bytes[at] = $op;
  const $member = value.member;
  if (typeof $member !== "bigint" || BigInt.asUintN(64, $member) !== $member)
    fail(ADMIN_BODY_SITES$WRITTEN$BIG, 0 /* member: range */, at + 1, $member);
  bigPut(bytes, at + 1, $member);
  const $addressLength = $address$count;
  if ($addressLength > 255) fail(ADMIN_BODY_SITES$WRITTEN, 6 /* address: range */, at + 9, $addressLength);
  bytes[at + 9] = $addressLength;
  bytes.set($address, at + 10);
  return at + need;
}

const ANSWER_BODY_SITES: Sites = {
  format: "raft_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["short", "", 96, "at least 18 bytes"],
    ["enum", "status", 100, "one of 0, 1, 2, 3, 4, 5, 6, 7, 8"],
    ["unsafe-integer", "index", 101, "at most 2^53-1"],
    ["unsafe-integer", "leader", 102, "at most 2^53-1"],
    ["short", "address", 104, ""],
    ["text", "address", 104, "ascii"],
  ],
};
const ANSWER_BODY_SITES$WRITTEN: Sites = {
  format: "raft_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["count", "address", 104, "at least 0 bytes"],
    ["count", "result", 105, "at least 0 bytes"],
    ["argument", "", 96, "an object"],
    ["text", "address", 104, "ascii"],
    ["range", "status", 100, "0 to 255"],
    ["enum", "status", 100, "one of 0, 1, 2, 3, 4, 5, 6, 7, 8"],
    ["range", "index", 101, "0 to 2^53-1"],
    ["range", "leader", 102, "0 to 2^53-1"],
    ["range", "address", 103, "address_length of 0 to 255"],
  ],
};
const ANSWER_BODY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_answer_body",
  file: "raft/messages.ksy",
  sites: [
    ["range", "index", 101, "0 to 18446744073709551615"],
    ["range", "leader", 102, "0 to 18446744073709551615"],
  ],
};
/** The answer to kinds 8, 10 and 12. Source: seeds/dps, Raft messages. */
export interface AnswerBody {
  status: AnswerStatus;
  index: number;
  leader: number;
  /** That of the leader. */
  address: string;
  result: Uint8Array;
}
export const ANSWER_BODY_MIN_SIZE = 18;
function readAnswerBody(bytes: Uint8Array, at: number, end: number): AnswerBody | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ANSWER_BODY_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $status = bytes[at]!;
  if (($status < 0 || $status > 8)) return refuse(ANSWER_BODY_SITES, 1 /* status: enum */, at, $status);
  const $index$high = uint32At(bytes, at + 1);
  if ($index$high > 0x1fffff) return refuse(ANSWER_BODY_SITES, 2 /* index: unsafe-integer */, at + 1);
  const $leader$high = uint32At(bytes, at + 9);
  if ($leader$high > 0x1fffff) return refuse(ANSWER_BODY_SITES, 3 /* leader: unsafe-integer */, at + 9);
  const $addressLength = bytes[at + 17]!;
  const $address$count = $addressLength;
  if ($address$count > end - at - 18)
    return refuse(ANSWER_BODY_SITES, 4 /* address: short */, end, `${end - at - 18} of ${$address$count} bytes`);
  const $$p1 = at + 18 + $address$count;
  const $address = asciiAt(bytes, at + 18, $$p1);
  if ($address === undefined) return refuse(ANSWER_BODY_SITES, 5 /* address: text */, at + 18);
  const $result$count = end - $$p1;
  return {
    status: $status as AnswerStatus,
    index: $index$high * 4294967296 + uint32At(bytes, at + 5),
    leader: $leader$high * 4294967296 + uint32At(bytes, at + 13),
    address: $address,
    result: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1, $result$count),
  };
}
/** @throws WireError when the bytes are no raft_answer_body. */
export function decodeAnswerBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AnswerBody {
  return readAnswerBody(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAnswerBody(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<AnswerBody> {
  const value = readAnswerBody(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function answerBodyLength(value: AnswerBody): number {
  const $result = value?.result;
  if (lengthOf($result) < 0) failBytes(ANSWER_BODY_SITES$WRITTEN, 1 /* result: count */, 0, $result);
  return 18 + (asciiBytes(value?.address)?.length ?? 0) + $result.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeAnswerBody(value: AnswerBody): NewBytes {
  const bytes = new Uint8Array(answerBodyLength(value));
  encodeAnswerBodyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAnswerBodyInto(value: AnswerBody, bytes: Uint8Array, at = 0): number {
  if (!value) fail(ANSWER_BODY_SITES$WRITTEN, 2 /* argument */, at, value);
  const $address = asciiBytes(value.address);
  if ($address === undefined) fail(ANSWER_BODY_SITES$WRITTEN, 3 /* address: text */, at);
  const $address$count = $address.length;
  if ($address$count < 0) fail(ANSWER_BODY_SITES$WRITTEN, 0 /* address: count */, at, $address$count);
  const $result = value.result, $result$count = lengthOf($result);
  if ($result$count < 0) failBytes(ANSWER_BODY_SITES$WRITTEN, 1 /* result: count */, at, $result);
  const need = 18 + $address$count + $result$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ANSWER_BODY_SITES$WRITTEN, need, bytes, at);
  const $status = value.status;
  if (typeof $status !== "number" || ($status & 255) !== $status)
    fail(ANSWER_BODY_SITES$WRITTEN, 4 /* status: range */, at, $status);
  if (($status < 0 || $status > 8)) fail(ANSWER_BODY_SITES$WRITTEN, 5 /* status: enum */, at, $status);
  bytes[at] = $status;
  const $index = value.index;
  if (!Number.isSafeInteger($index) || $index < 0)
    fail(ANSWER_BODY_SITES$WRITTEN, 6 /* index: range */, at + 1, $index);
  putSafe(bytes, at + 1, $index);
  const $leader = value.leader;
  if (!Number.isSafeInteger($leader) || $leader < 0)
    fail(ANSWER_BODY_SITES$WRITTEN, 7 /* leader: range */, at + 9, $leader);
  putSafe(bytes, at + 9, $leader);
  const $addressLength = $address$count;
  if ($addressLength > 255) fail(ANSWER_BODY_SITES$WRITTEN, 8 /* address: range */, at + 17, $addressLength);
  bytes[at + 17] = $addressLength;
  bytes.set($address, at + 18);
  const $$p1 = at + 18 + $address$count;
  bytes.set($result, $$p1);
  return at + need;
}
/** The answer to kinds 8, 10 and 12. Source: seeds/dps, Raft messages. 64-bit integers as bigint. */
export interface AnswerBodyBig {
  status: AnswerStatus;
  index: bigint;
  leader: bigint;
  /** That of the leader. */
  address: string;
  result: Uint8Array;
}
function readAnswerBodyBig(bytes: Uint8Array, at: number, end: number): AnswerBodyBig | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ANSWER_BODY_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $status = bytes[at]!;
  if (($status < 0 || $status > 8)) return refuse(ANSWER_BODY_SITES, 1 /* status: enum */, at, $status);
  const $addressLength = bytes[at + 17]!;
  const $address$count = $addressLength;
  if ($address$count > end - at - 18)
    return refuse(ANSWER_BODY_SITES, 4 /* address: short */, end, `${end - at - 18} of ${$address$count} bytes`);
  const $$p1 = at + 18 + $address$count;
  const $address = asciiAt(bytes, at + 18, $$p1);
  if ($address === undefined) return refuse(ANSWER_BODY_SITES, 5 /* address: text */, at + 18);
  const $result$count = end - $$p1;
  return {
    status: $status as AnswerStatus,
    index: bigUnsigned(bytes, at + 1),
    leader: bigUnsigned(bytes, at + 9),
    address: $address,
    result: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1, $result$count),
  };
}
/** @throws WireError when the bytes are no raft_answer_body. */
export function decodeAnswerBodyBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): AnswerBodyBig {
  return readAnswerBodyBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAnswerBodyBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<AnswerBodyBig> {
  const value = readAnswerBodyBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function answerBodyBigLength(value: AnswerBodyBig): number {
  const $result = value?.result;
  if (lengthOf($result) < 0) failBytes(ANSWER_BODY_SITES$WRITTEN, 1 /* result: count */, 0, $result);
  return 18 + (asciiBytes(value?.address)?.length ?? 0) + $result.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeAnswerBodyBig(value: AnswerBodyBig): NewBytes {
  const bytes = new Uint8Array(answerBodyBigLength(value));
  encodeAnswerBodyBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAnswerBodyBigInto(value: AnswerBodyBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(ANSWER_BODY_SITES$WRITTEN, 2 /* argument */, at, value);
  const $address = asciiBytes(value.address);
  if ($address === undefined) fail(ANSWER_BODY_SITES$WRITTEN, 3 /* address: text */, at);
  const $address$count = $address.length;
  if ($address$count < 0) fail(ANSWER_BODY_SITES$WRITTEN, 0 /* address: count */, at, $address$count);
  const $result = value.result, $result$count = lengthOf($result);
  if ($result$count < 0) failBytes(ANSWER_BODY_SITES$WRITTEN, 1 /* result: count */, at, $result);
  const need = 18 + $address$count + $result$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ANSWER_BODY_SITES$WRITTEN, need, bytes, at);
  const $status = value.status;
  if (typeof $status !== "number" || ($status & 255) !== $status)
    fail(ANSWER_BODY_SITES$WRITTEN, 4 /* status: range */, at, $status);
  if (($status < 0 || $status > 8)) fail(ANSWER_BODY_SITES$WRITTEN, 5 /* status: enum */, at, $status);
  bytes[at] = $status;
  const $index = value.index;
  if (typeof $index !== "bigint" || BigInt.asUintN(64, $index) !== $index)
    fail(ANSWER_BODY_SITES$WRITTEN$BIG, 0 /* index: range */, at + 1, $index);
  bigPut(bytes, at + 1, $index);
  const $leader = value.leader;
  if (typeof $leader !== "bigint" || BigInt.asUintN(64, $leader) !== $leader)
    fail(ANSWER_BODY_SITES$WRITTEN$BIG, 1 /* leader: range */, at + 9, $leader);
  bigPut(bytes, at + 9, $leader);
  const $addressLength = $address$count;
  if ($addressLength > 255) fail(ANSWER_BODY_SITES$WRITTEN, 8 /* address: range */, at + 17, $addressLength);
  bytes[at + 17] = $addressLength;
  bytes.set($address, at + 18);
  const $$p1 = at + 18 + $address$count;
  bytes.set($result, $$p1);
  return at + need;
}

const $entries_LOG_ENTRY_SITES: Sites = {
  format: "raft_log_entry",
  file: "raft/entries.ksy",
  sites: [
    ["short", "", 10, "at least 13 bytes"],
    ["unsafe-integer", "term", 14, "at most 2^53-1"],
    ["enum", "entryType", 15, "one of 1, 2, 3, 4, 5, 6, 7"],
    ["short", "data", 17, ""],
  ],
};
const $entries_LOG_ENTRY_SITES$WRITTEN: Sites = {
  format: "raft_log_entry",
  file: "raft/entries.ksy",
  sites: [
    ["argument", "", 10, "an object"],
    ["count", "data", 17, "at least 0 bytes"],
    ["range", "term", 14, "0 to 2^53-1"],
    ["range", "entryType", 15, "0 to 255"],
    ["enum", "entryType", 15, "one of 1, 2, 3, 4, 5, 6, 7"],
    ["range", "data", 16, "data_length of 0 to 4294967295"],
  ],
};
const $entries_LOG_ENTRY_SITES$WRITTEN$BIG: Sites = {
  format: "raft_log_entry",
  file: "raft/entries.ksy",
  sites: [
    ["range", "term", 14, "0 to 18446744073709551615"],
  ],
};
function $skip$entries_LogEntry(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 13) return -1;
  const $dataLength = (((bytes[at + 9]! << 24) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 8) |
      bytes[at + 12]!) >>> 0);
  const $data$count = $dataLength;
  const $$p1 = at + 13 + $data$count;
  return $$p1;
}
function $take$entries_LogEntry(bytes: Uint8Array, at: number, end: number): LogEntry | undefined {
  if (end - at < 13) return refuse($entries_LOG_ENTRY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $term$high = uint32At(bytes, at);
  if ($term$high > 0x1fffff) return refuse($entries_LOG_ENTRY_SITES, 1 /* term: unsafe-integer */, at);
  const $entryType = bytes[at + 8]!;
  if (($entryType < 1 || $entryType > 7))
    return refuse($entries_LOG_ENTRY_SITES, 2 /* entryType: enum */, at + 8, $entryType);
  const $dataLength = uint32At(bytes, at + 9);
  const $data$count = $dataLength;
  if ($data$count > end - at - 13)
    return refuse($entries_LOG_ENTRY_SITES, 3 /* data: short */, end, `${end - at - 13} of ${$data$count} bytes`);
  const $$p1 = at + 13 + $data$count;
  next.at = $$p1;
  return {
    term: $term$high * 4294967296 + uint32At(bytes, at + 4),
    entryType: $entryType as EntryType,
    data: new Uint8Array(next.buffer, next.base + at + 13, $data$count),
  };
}
function $put$entries_LogEntry(value: LogEntry, bytes: Uint8Array, at: number): number {
  requireObject($entries_LOG_ENTRY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $data = value.data, $data$count = lengthOf($data);
  if ($data$count < 0) failBytes($entries_LOG_ENTRY_SITES$WRITTEN, 1 /* data: count */, at, $data);
  const $term = value.term;
  if (!Number.isSafeInteger($term) || $term < 0) fail($entries_LOG_ENTRY_SITES$WRITTEN, 2 /* term: range */, at, $term);
  putSafe(bytes, at, $term);
  const $entryType = value.entryType;
  if (typeof $entryType !== "number" || ($entryType & 255) !== $entryType)
    fail($entries_LOG_ENTRY_SITES$WRITTEN, 3 /* entryType: range */, at + 8, $entryType);
  if (($entryType < 1 || $entryType > 7))
    fail($entries_LOG_ENTRY_SITES$WRITTEN, 4 /* entryType: enum */, at + 8, $entryType);
  bytes[at + 8] = $entryType;
  const $dataLength = $data$count;
  if ($dataLength > 4294967295) fail($entries_LOG_ENTRY_SITES$WRITTEN, 5 /* data: range */, at + 9, $dataLength);
  bytes[at + 9] = $dataLength >>> 24; bytes[at + 10] = $dataLength >>> 16; bytes[at + 11] = $dataLength >>> 8;
  bytes[at + 12] = $dataLength;
  bytes.set($data, at + 13);
  const $$p1 = at + 13 + $data$count;
  return $$p1;
}
function $size$entries_LogEntry(value: LogEntry): number {
  requireObject($entries_LOG_ENTRY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 13;
  $$size += bytesLength(value.data);
  return $$size;
}
function $take$entries_LogEntryBig(bytes: Uint8Array, at: number, end: number): LogEntryBig | undefined {
  if (end - at < 13) return refuse($entries_LOG_ENTRY_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $entryType = bytes[at + 8]!;
  if (($entryType < 1 || $entryType > 7))
    return refuse($entries_LOG_ENTRY_SITES, 2 /* entryType: enum */, at + 8, $entryType);
  const $dataLength = uint32At(bytes, at + 9);
  const $data$count = $dataLength;
  if ($data$count > end - at - 13)
    return refuse($entries_LOG_ENTRY_SITES, 3 /* data: short */, end, `${end - at - 13} of ${$data$count} bytes`);
  const $$p1 = at + 13 + $data$count;
  next.at = $$p1;
  return {
    term: bigUnsigned(bytes, at),
    entryType: $entryType as EntryType,
    data: new Uint8Array(next.buffer, next.base + at + 13, $data$count),
  };
}
function $put$entries_LogEntryBig(value: LogEntryBig, bytes: Uint8Array, at: number): number {
  requireObject($entries_LOG_ENTRY_SITES$WRITTEN, 0 /* argument */, at, value);
  const $data = value.data, $data$count = lengthOf($data);
  if ($data$count < 0) failBytes($entries_LOG_ENTRY_SITES$WRITTEN, 1 /* data: count */, at, $data);
  const $term = value.term;
  if (typeof $term !== "bigint" || BigInt.asUintN(64, $term) !== $term)
    fail($entries_LOG_ENTRY_SITES$WRITTEN$BIG, 0 /* term: range */, at, $term);
  bigPut(bytes, at, $term);
  const $entryType = value.entryType;
  if (typeof $entryType !== "number" || ($entryType & 255) !== $entryType)
    fail($entries_LOG_ENTRY_SITES$WRITTEN, 3 /* entryType: range */, at + 8, $entryType);
  if (($entryType < 1 || $entryType > 7))
    fail($entries_LOG_ENTRY_SITES$WRITTEN, 4 /* entryType: enum */, at + 8, $entryType);
  bytes[at + 8] = $entryType;
  const $dataLength = $data$count;
  if ($dataLength > 4294967295) fail($entries_LOG_ENTRY_SITES$WRITTEN, 5 /* data: range */, at + 9, $dataLength);
  bytes[at + 9] = $dataLength >>> 24; bytes[at + 10] = $dataLength >>> 16; bytes[at + 11] = $dataLength >>> 8;
  bytes[at + 12] = $dataLength;
  bytes.set($data, at + 13);
  const $$p1 = at + 13 + $data$count;
  return $$p1;
}
function $size$entries_LogEntryBig(value: LogEntryBig): number {
  requireObject($entries_LOG_ENTRY_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 13;
  $$size += bytesLength(value.data);
  return $$size;
}

