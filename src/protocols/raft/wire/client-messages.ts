/** Requests of clients, and answers to them, as payloads of RPC and back. */
import { own } from "../../../bytes/index.js";
import {
  ADMIN_BODY_MIN_SIZE,
  AdminOp,
  ANSWER_BODY_MIN_SIZE,
  AnswerStatus,
  encodeAdminBodyInto,
  encodeAnswerBodyInto,
  encodeProposeBodyInto,
  encodeReadBodyInto,
  EntryType,
  MessageKind,
  MESSAGE_HEADER_SIZE,
  PROPOSE_BODY_MIN_SIZE,
  READ_BODY_MIN_SIZE,
  ReadMode,
  tryDecodeAdminBody,
  tryDecodeAnswerBody,
  tryDecodeProposeBody,
  tryDecodeReadBody,
  type AnswerBody,
  type MessageHeader,
} from "../../../codec/gen/raft/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import { Command } from "../../rpc/index.js";
import type { MemberId } from "../core/messages.js";
import type { CallStatus, Proposal, ReadSafety as CoreReadMode } from "../core/types.js";
import { messageBytes } from "./message-bytes.js";

/** A member asks on behalf of a client: it is not passed on again. */
const FORWARDED = 64;

/** What a client asks a member for. */
export type ClientRequest =
  | { readonly type: "propose"; readonly proposal: Proposal }
  | { readonly type: "read"; readonly mode: CoreReadMode; readonly query: Uint8Array }
  | { readonly type: "admin"; readonly op: keyof typeof AdminOp; readonly member: MemberId; readonly address: string };

/** What it is answered. */
export interface ClientAnswer {
  readonly status: CallStatus;
  readonly index: number;
  readonly leader: MemberId;
  /** That of the leader, where it is known. */
  readonly address: string;
  readonly result: Uint8Array;
}

/** Who asks whom. */
export interface ClientHead {
  readonly clusterId: Uint8Array;
  /** A member that forwards, else 0. */
  readonly from: MemberId;
  readonly life: bigint;
  /** 0 for any member. */
  readonly to: MemberId;
  readonly seq: number;
}

const NONE = new Uint8Array(0);
const REQUESTS = {
  propose: [MessageKind.propose, Command.STORE],
  read: [MessageKind.read, Command.GET],
  admin: [MessageKind.admin, Command.FIND_NODE],
} as const;
const ANSWERS = {
  propose: [MessageKind.proposeAnswer, Command.VALUE],
  read: [MessageKind.readAnswer, Command.VALUE],
  admin: [MessageKind.adminAnswer, Command.NODES],
} as const;
const READ_MODES = ["readIndex", "lease", "local", "index"] as const;
/** By their codes. */
const STATUSES: CallStatus[] = [];
for (const [status, code] of Object.entries(AnswerStatus)) STATUSES[code] = status as CallStatus;
/** Most bytes of UTF-8 for one unit of a string. */
const UNIT_BYTES_MAX = 3;

/** Command and payload of a request. A member's is one that it forwards. */
export function encodeRequest(request: ClientRequest, head: ClientHead): { command: number; payload: Uint8Array } {
  const { command, payload } = codeRequest(request, head);
  return { command, payload: own(payload) };
}

/** {@link encodeRequest} with a payload that is borrowed until the next message is coded. */
export function codeRequest(request: ClientRequest, head: ClientHead): { command: number; payload: Uint8Array } {
  const [messageKind, command] = REQUESTS[request.type];
  const flags = head.from === 0 || request.type === "admin" ? 0 : FORWARDED;
  return { command, payload: requestBytes(headerOf(messageKind, flags, head), request) };
}

/** Command and payload of an answer. */
export function encodeAnswer(
  type: ClientRequest["type"],
  answer: ClientAnswer,
  head: ClientHead,
): { command: number; payload: Uint8Array } {
  const { command, payload } = codeAnswer(type, answer, head);
  return { command, payload: own(payload) };
}

/** {@link encodeAnswer} with a payload that is borrowed until the next message is coded. */
export function codeAnswer(
  type: ClientRequest["type"],
  { status, index, leader, address, result }: ClientAnswer,
  head: ClientHead,
): { command: number; payload: Uint8Array } {
  const [messageKind, command] = ANSWERS[type];
  const body = { status: AnswerStatus[status], index, leader, address, result };
  const bytesMax = ANSWER_BODY_MIN_SIZE + UNIT_BYTES_MAX * address.length + result.length;
  const put = (bytes: Uint8Array, at: number): number => encodeAnswerBodyInto(body, bytes, at);
  return { command, payload: messageBytes(headerOf(messageKind, 0, head), bytesMax, put) };
}

/** A request, whose bytes are views of the payload, and whether it may be passed on. */
export function decodeRequest(
  bytes: Uint8Array,
  { messageKind, flags, term, from, life }: MessageHeader,
): Result<{ readonly request: ClientRequest; readonly isForwarded: boolean }> {
  const may = messageKind === MessageKind.admin ? 0 : FORWARDED;
  if ((flags & ~may) !== 0 || term !== 0) return refused("flags", "those of a client");
  if (from === 0 && life !== 0n) return refused("life", "0 of a client");
  const isForwarded = (flags & FORWARDED) !== 0;
  const request = readRequest(bytes, messageKind);
  return request.ok ? { ok: true, value: { request: request.value, isForwarded } } : request;
}

/** An answer, whose bytes are views of the payload. */
export function decodeAnswer(bytes: Uint8Array, { messageKind, flags, term }: MessageHeader): Result<ClientAnswer> {
  if (!isClientAnswer(messageKind) || flags !== 0 || term !== 0) return refused("messageKind", "an answer");
  const body = tryDecodeAnswerBody(bytes, MESSAGE_HEADER_SIZE);
  if (!body.ok) return body;
  const { index, leader, address, result } = body.value;
  return { ok: true, value: { status: statusOf(body.value), index, leader, address, result } };
}

/** Whether a kind is one of clients. */
export function isOfClients(kind: MessageKind): boolean {
  return kind >= MessageKind.propose;
}

/** Whether a kind answers another, of members or of clients. */
export function isAnswer(kind: MessageKind): boolean {
  const { voteAnswer, appendAnswer, snapshotAnswer } = MessageKind;
  return kind === appendAnswer || kind === voteAnswer || kind === snapshotAnswer || isClientAnswer(kind);
}

/** Whether a kind answers a request of a client. */
export function isClientAnswer(kind: MessageKind): boolean {
  return kind === MessageKind.proposeAnswer || kind === MessageKind.readAnswer || kind === MessageKind.adminAnswer;
}

function readRequest(bytes: Uint8Array, kind: MessageKind): Result<ClientRequest> {
  if (kind === MessageKind.propose) {
    const body = tryDecodeProposeBody(bytes, MESSAGE_HEADER_SIZE);
    if (!body.ok) return body;
    const { client, serial, ackedBelow, entryType, command: data } = body.value;
    const proposal: Proposal =
      entryType === EntryType.command
        ? { type: "command", client, serial, ackedBelow, data }
        : entryType === EntryType.openSession
          ? { type: "openSession" }
          : { type: "closeSession", client };
    return { ok: true, value: { type: "propose", proposal } };
  }
  if (kind === MessageKind.read) {
    const body = tryDecodeReadBody(bytes, MESSAGE_HEADER_SIZE);
    if (!body.ok) return body;
    return { ok: true, value: { type: "read", mode: READ_MODES[body.value.mode], query: body.value.query } };
  }
  if (kind !== MessageKind.admin) return refused("messageKind", "a request of a client");
  const body = tryDecodeAdminBody(bytes, MESSAGE_HEADER_SIZE);
  if (!body.ok) return body;
  const { op: code, member, address } = body.value;
  const [op] = (Object.entries(AdminOp) as [keyof typeof AdminOp, AdminOp][]).find(([, value]) => value === code)!;
  return { ok: true, value: { type: "admin", op, member, address } };
}

function requestBytes(header: MessageHeader, request: ClientRequest): Uint8Array {
  if (request.type === "read") {
    const { mode, query } = request;
    return messageBytes(header, READ_BODY_MIN_SIZE + query.length, (bytes, at) =>
      encodeReadBodyInto({ mode: ReadMode[mode], query }, bytes, at),
    );
  }
  if (request.type === "admin") {
    const { op, member, address } = request;
    return messageBytes(header, ADMIN_BODY_MIN_SIZE + UNIT_BYTES_MAX * address.length, (bytes, at) =>
      encodeAdminBodyInto({ op: AdminOp[op], member, address }, bytes, at),
    );
  }
  const { proposal } = request;
  const { client, serial, ackedBelow, data } =
    proposal.type === "command"
      ? proposal
      : { client: proposal.type === "closeSession" ? proposal.client : 0, serial: 0, ackedBelow: 0, data: NONE };
  const body = { client, serial, ackedBelow, entryType: EntryType[proposal.type], command: data };
  return messageBytes(header, PROPOSE_BODY_MIN_SIZE + data.length, (bytes, at) =>
    encodeProposeBodyInto(body, bytes, at),
  );
}

function headerOf(
  messageKind: MessageKind,
  flags: number,
  { clusterId, from, to, seq, life }: ClientHead,
): MessageHeader {
  return { messageKind, flags, clusterId, from, to, term: 0, seq, life };
}

function statusOf({ status }: AnswerBody): CallStatus {
  return STATUSES[status]!;
}

function refused(path: string, expected: string): { readonly ok: false; readonly error: WireIssue } {
  return { ok: false, error: { code: "kind", format: "raft_message", path, expected } };
}
