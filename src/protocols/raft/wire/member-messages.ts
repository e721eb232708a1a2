/** Messages between members as payloads of RPC, and back. */
import {
  APPEND_ANSWER_BODY_SIZE,
  APPEND_BODY_MIN_SIZE,
  DIGEST_ANSWER_BODY_SIZE,
  encodeAppendAnswerBodyInto,
  encodeAppendBodyInto,
  encodeClusterConfig,
  encodeDigestAnswerBodyInto,
  encodeSnapshotAnswerBodyInto,
  encodeSnapshotBodyInto,
  encodeVoteAnswerBodyInto,
  encodeVoteBodyInto,
  MessageKind,
  MESSAGE_HEADER_SIZE,
  SNAPSHOT_ANSWER_BODY_SIZE,
  SNAPSHOT_BODY_MIN_SIZE,
  tryDecodeAppendAnswerBody,
  tryDecodeAppendBody,
  tryDecodeClusterConfig,
  tryDecodeDigestAnswerBody,
  tryDecodeSnapshotAnswerBody,
  tryDecodeSnapshotBody,
  tryDecodeVoteAnswerBody,
  tryDecodeVoteBody,
  VOTE_ANSWER_BODY_SIZE,
  VOTE_BODY_SIZE,
  type AppendAnswerBody,
  type AppendBody,
  type ClusterConfig,
  type DigestAnswerBody,
  type MessageHeader,
} from "../../../codec/gen/raft/index.js";
import { own } from "../../../bytes/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import { Command } from "../../rpc/index.js";
import { codedParts, partsBytes, putCount } from "../core/coded-entries.js";
import { ORIGIN } from "../core/log-image.js";
import type { AppendAnswerMessage, LogPlace, MessageHead, RaftMessage, StateDigest } from "../core/messages.js";
import { messageBytes } from "./message-bytes.js";

/** Flags by their kinds; any other is refused. */
const FIRST = 1;
const SECOND = 2;
const GRANTED = 4;
const REFUSED = 8;
const DISK_TROUBLE = 16;
const DIGEST = 32;

const NO_CONFIG = new Uint8Array(0);
const KINDS = {
  vote: MessageKind.vote,
  preVote: MessageKind.vote,
  voteAnswer: MessageKind.voteAnswer,
  preVoteAnswer: MessageKind.voteAnswer,
  append: MessageKind.append,
  heartbeat: MessageKind.append,
  appendAnswer: MessageKind.appendAnswer,
  snapshot: MessageKind.snapshot,
  snapshotAnswer: MessageKind.snapshotAnswer,
  timeoutNow: MessageKind.timeoutNow,
} as const;
const COMMANDS = {
  vote: Command.REQUEST_VOTE,
  preVote: Command.REQUEST_VOTE,
  voteAnswer: Command.ACK,
  preVoteAnswer: Command.ACK,
  append: Command.APPEND_ENTRIES,
  heartbeat: Command.APPEND_ENTRIES,
  appendAnswer: Command.ACK,
  snapshot: Command.INSTALL_SNAPSHOT,
  snapshotAnswer: Command.ACK,
  timeoutNow: Command.REQUEST_VOTE,
} as const;

/** Whether a message answers one, and so goes back on the link that that came by. */
export function isMemberAnswer({ kind }: RaftMessage): boolean {
  return COMMANDS[kind] === Command.ACK;
}

/** Command of RPC for a message. */
export function commandOf({ kind }: RaftMessage): number {
  return COMMANDS[kind];
}

/** The payload of a message. @throws WireError for a value that no message can say */
export function encodeMember(message: RaftMessage, clusterId: Uint8Array): Uint8Array {
  return own(codeMember(message, clusterId));
}

/** {@link encodeMember} whose payload is borrowed until the next message is coded. */
export function codeMember(message: RaftMessage, clusterId: Uint8Array): Uint8Array {
  const { from, to, term, seq, life, kind } = message;
  const [flags, bodyBytesMax, put, body] = bodyOf(message);
  const header = { messageKind: KINDS[kind], flags, clusterId, from, to, term, seq, life };
  return messageBytes(header, bodyBytesMax, (bytes, at) => put(body as never, bytes, at));
}

/** The flags of a message, how long its body is at most, and what writes it. */
type Writing = readonly [
  flags: number,
  bytesMax: number,
  put: (body: never, bytes: Uint8Array, at: number) => number,
  body: unknown,
];

function bodyOf(message: RaftMessage): Writing {
  switch (message.kind) {
    case "vote":
    case "preVote": {
      const flags = (message.kind === "preVote" ? FIRST : 0) | (message.transfer ? SECOND : 0);
      const body = { lastIndex: message.last.index, lastTerm: message.last.term };
      return [flags, VOTE_BODY_SIZE, encodeVoteBodyInto, body];
    }
    case "voteAnswer":
    case "preVoteAnswer": {
      const flags = (message.kind === "preVoteAnswer" ? FIRST : 0) | (message.refused ? 0 : GRANTED);
      const { leader } = message;
      return [flags, VOTE_ANSWER_BODY_SIZE, encodeVoteAnswerBodyInto, { leader }];
    }
    case "append":
    case "heartbeat": {
      const { prev, commit, round, entries } = message;
      const flags = (message.kind === "heartbeat" ? FIRST : 0) | (message.lostData ? SECOND : 0);
      const body = { prevIndex: prev.index, prevTerm: prev.term, commit, round, entries: [] };
      if (entries.length === 0) return [flags, APPEND_BODY_MIN_SIZE, encodeAppendBodyInto, body];
      const parts = codedParts(entries);
      return [flags, APPEND_BODY_MIN_SIZE + partsBytes(parts), putAppend, { body, count: entries.length, parts }];
    }
    case "appendAnswer": {
      const { index, hint, round, digest } = message;
      const flags = (message.refused ? REFUSED : 0) | (message.diskTrouble ? DISK_TROUBLE : 0);
      const body = { index, hintIndex: hint.index, hintTerm: hint.term, round };
      if (digest === undefined) {
        return [flags, APPEND_ANSWER_BODY_SIZE, encodeAppendAnswerBodyInto, body];
      }
      const digestBody = { ...body, markNumber: digest.number, stateSha256: digest.sha256 };
      return [flags | DIGEST, DIGEST_ANSWER_BODY_SIZE, encodeDigestAnswerBodyInto, digestBody];
    }
    case "snapshot": {
      const { last, totalBytes, offset, sha256: snapshotSha256, bytes: part } = message;
      const config = message.config === undefined ? NO_CONFIG : encodeClusterConfig(message.config);
      const place = { lastIndex: last.index, lastTerm: last.term };
      const body = { ...place, totalBytes, offset, snapshotSha256, config, part };
      const bytesMax = SNAPSHOT_BODY_MIN_SIZE + config.length + part.length;
      return [message.isFinal ? FIRST : 0, bytesMax, encodeSnapshotBodyInto, body];
    }
    case "snapshotAnswer": {
      const { last, nextOffset } = message;
      const flags = (message.installed ? FIRST : 0) | (message.refused ? REFUSED : 0);
      const body = { lastIndex: last.index, lastTerm: last.term, nextOffset };
      return [flags, SNAPSHOT_ANSWER_BODY_SIZE, encodeSnapshotAnswerBodyInto, body];
    }
    case "timeoutNow":
      return [0, 0, (_body, _bytes, at) => at, undefined];
  }
}

/** An append and the bytes of its entries. */
interface CodedAppend {
  readonly body: AppendBody;
  readonly count: number;
  readonly parts: readonly Uint8Array[];
}

/** Writes a body without entries, which ends with their number, and then all of them as they are. */
function putAppend({ body, count, parts }: CodedAppend, bytes: Uint8Array, at: number): number {
  let end = encodeAppendBodyInto(body, bytes, at);
  putCount(bytes, end, count);
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return end;
}

/** A body and the flags that its kind may have. */
interface Reading {
  readonly flags: number;
  read(bytes: Uint8Array, head: MessageHead, flags: number): Result<RaftMessage>;
}

/** Appends and their answers are put together field by field, see `State.send`. */
const READINGS: Partial<Record<MessageKind, Reading>> = {
  [MessageKind.vote]: {
    flags: FIRST | SECOND,
    read: (bytes, head, flags) =>
      map(tryDecodeVoteBody(bytes, MESSAGE_HEADER_SIZE), ({ lastIndex, lastTerm }) => {
        const kind = has(flags, FIRST) ? "preVote" : "vote";
        return { ...head, kind, last: placeOf(lastIndex, lastTerm), transfer: has(flags, SECOND) };
      }),
  },
  [MessageKind.voteAnswer]: {
    flags: FIRST | GRANTED,
    read: (bytes, head, flags) =>
      map(tryDecodeVoteAnswerBody(bytes, MESSAGE_HEADER_SIZE), ({ leader }) => {
        const kind = has(flags, FIRST) ? "preVoteAnswer" : "voteAnswer";
        return { ...head, kind, refused: !has(flags, GRANTED), leader };
      }),
  },
  [MessageKind.append]: {
    flags: FIRST | SECOND,
    read: (bytes, head, flags) => {
      const body = tryDecodeAppendBody(bytes, MESSAGE_HEADER_SIZE);
      if (body.ok && has(flags, FIRST) && body.value.entries.length > 0)
        return refused("entries", "none in a heartbeat");
      if (!body.ok) return body;
      const { from, to, term, seq, life, node } = head;
      const { prevIndex, prevTerm, commit, round, entries } = body.value;
      const kind = has(flags, FIRST) ? "heartbeat" : "append";
      const prev = placeOf(prevIndex, prevTerm);
      const lostData = has(flags, SECOND);
      return { ok: true, value: { kind, from, to, term, seq, life, node, prev, commit, round, entries, lostData } };
    },
  },
  [MessageKind.appendAnswer]: {
    flags: REFUSED | DISK_TROUBLE | DIGEST,
    read: (bytes, head, flags) => {
      const hasDigest = has(flags, DIGEST);
      const body = (hasDigest ? tryDecodeDigestAnswerBody : tryDecodeAppendAnswerBody)(bytes, MESSAGE_HEADER_SIZE);
      if (!body.ok) return body;
      const { from, to, term, seq, life, node } = head;
      const { index, hintIndex, hintTerm, round } = body.value;
      const value: AppendAnswerMessage = {
        kind: "appendAnswer",
        from,
        to,
        term,
        seq,
        life,
        node,
        index,
        refused: has(flags, REFUSED),
        hint: placeOf(hintIndex, hintTerm),
        round,
        diskTrouble: has(flags, DISK_TROUBLE),
        digest: digestIn(body.value),
      };
      return { ok: true, value };
    },
  },
  [MessageKind.snapshot]: { flags: FIRST, read: readSnapshot },
  [MessageKind.snapshotAnswer]: {
    flags: FIRST | REFUSED,
    read: (bytes, head, flags) =>
      map(tryDecodeSnapshotAnswerBody(bytes, MESSAGE_HEADER_SIZE), ({ lastIndex, lastTerm, nextOffset }) => {
        const said = { installed: has(flags, FIRST), refused: has(flags, REFUSED) };
        return { ...head, kind: "snapshotAnswer", last: placeOf(lastIndex, lastTerm), nextOffset, ...said };
      }),
  },
  [MessageKind.timeoutNow]: {
    flags: 0,
    read: (bytes, head) =>
      bytes.length > MESSAGE_HEADER_SIZE
        ? refused("body", "no bytes")
        : { ok: true, value: { ...head, kind: "timeoutNow" } },
  },
};

/** A message of kinds 1 to 7, whose bytes are views of the payload. */
export function decodeMember(
  bytes: Uint8Array,
  header: MessageHeader,
  node: Uint8Array | undefined,
): Result<RaftMessage> {
  const { messageKind, flags, from, to, term, seq, life } = header;
  const reading = READINGS[messageKind];
  if (reading === undefined) return refused("messageKind", "a kind of members");
  if (from === 0 || to === 0 || from === to) return refused("from", "two members");
  if ((flags & ~reading.flags) !== 0) return refused("flags", `those of kind ${messageKind}`);
  return reading.read(bytes, { from, to, term, seq, life, node }, flags);
}

function readSnapshot(bytes: Uint8Array, head: MessageHead, flags: number): Result<RaftMessage> {
  const body = tryDecodeSnapshotBody(bytes, MESSAGE_HEADER_SIZE);
  if (!body.ok) return body;
  const { lastIndex, lastTerm, totalBytes, offset, snapshotSha256, config: coded, part } = body.value;
  if ((offset === 0) !== coded.length > 0) return refused("config", "one at offset 0, none behind");
  let config: ClusterConfig | undefined;
  if (offset === 0) {
    const decoded = tryDecodeClusterConfig(coded);
    if (!decoded.ok) return decoded;
    config = decoded.value;
  }
  const last = placeOf(lastIndex, lastTerm);
  const isFinal = has(flags, FIRST);
  const value = { ...head, kind: "snapshot" as const, last, totalBytes, offset, sha256: snapshotSha256, config };
  return { ok: true, value: { ...value, bytes: part, isFinal } };
}

function digestIn(body: AppendAnswerBody | DigestAnswerBody): StateDigest | undefined {
  return "stateSha256" in body ? { number: body.markNumber, sha256: body.stateSha256 } : undefined;
}

function placeOf(index: number, term: number): LogPlace {
  return index === 0 && term === 0 ? ORIGIN : { index, term };
}

function has(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}

function map<Body>(result: Result<Body>, message: (body: Body) => RaftMessage): Result<RaftMessage> {
  return result.ok ? { ok: true, value: message(result.value) } : result;
}

function refused(path: string, expected: string): { readonly ok: false; readonly error: WireIssue } {
  return { ok: false, error: { code: "kind", format: "raft_message", path, expected } };
}
