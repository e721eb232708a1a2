/** Records of the log: stores of the core as bytes of a segment, and back. */
import {
  decodeBeginBody,
  decodeEntriesBody,
  decodeHardBody,
  decodeMarkBody,
  decodeRecordHead,
  encodeBeginBody,
  encodeEntriesBodyInto,
  encodeHardBodyInto,
  encodeMarkBody,
  encodeRecordHead,
  encodeRecordHeadInto,
  ENTRIES_BODY_MIN_SIZE,
  HARD_BODY_SIZE,
  RECORD_HEAD_SIZE,
  RecordType,
  type BeginBody,
  type LogEntry,
  type MarkBody,
} from "../../../codec/gen/raft/index.js";
import { concatBytes, toHex } from "../../../bytes/index.js";
import { WireError } from "../../../errors.js";
import { codedParts, partsBytes, putCount } from "../core/coded-entries.js";
import type { LogImage } from "../core/log-image.js";
import type { LogPlace } from "../core/messages.js";
import type { HardState, LogStore, SnapshotMark } from "../core/types.js";

/** Name of the file of a snapshot, below `raft/snap/`. */
export function snapshotKey({ index, term }: LogPlace, sha256: Uint8Array | undefined): string {
  return `${index}-${term}-${sha256 === undefined ? "own" : toHex(sha256.subarray(0, 8))}`;
}

/** The records of a store, in the order in which they count. */
export function recordsOf(store: LogStore): Uint8Array {
  return concatBytes(...recordPartsOf(store));
}

/** {@link recordsOf} in parts, of which those of the entries are views of what the entries lie in. */
export function recordPartsOf({ hard, mark, first, entries = [] }: LogStore): Uint8Array[] {
  const markBody = mark === undefined ? undefined : encodeMarkBody(codedMarkOf(mark));
  const markBytes = markBody === undefined ? 0 : RECORD_HEAD_SIZE + markBody.length;
  const entriesHeadBytes = first === undefined ? 0 : RECORD_HEAD_SIZE + ENTRIES_BODY_MIN_SIZE;
  const bytes = new Uint8Array(RECORD_HEAD_SIZE + HARD_BODY_SIZE + markBytes + entriesHeadBytes);
  let at = 0;
  const put = (recordType: RecordType, end: number): void => {
    encodeRecordHeadInto({ recordType, bodyLength: end - at - RECORD_HEAD_SIZE }, bytes, at);
    at = end;
  };
  put(RecordType.hard, encodeHardBodyInto({ hard: codedOf(hard) }, bytes, RECORD_HEAD_SIZE));
  if (markBody !== undefined) {
    bytes.set(markBody, at + RECORD_HEAD_SIZE);
    put(RecordType.mark, at + markBytes);
  }
  if (first === undefined) return [bytes];
  // A body without entries ends with their number: all of them follow it as they are.
  encodeEntriesBodyInto({ first, entries: [] }, bytes, at + RECORD_HEAD_SIZE);
  putCount(bytes, bytes.length, entries.length);
  const parts = codedParts(entries);
  const bodyLength = ENTRIES_BODY_MIN_SIZE + partsBytes(parts);
  encodeRecordHeadInto({ recordType: RecordType.entries, bodyLength }, bytes, at);
  return [bytes, ...parts];
}

/** The first record of a segment. */
export function beginOf(segment: number, prevBytes: number, prev: LogPlace, hard: HardState): Uint8Array {
  const body = encodeBeginBody({ segment, prevBytes, prevIndex: prev.index, prevTerm: prev.term, hard: codedOf(hard) });
  return concatBytes(encodeRecordHead({ recordType: RecordType.begin, bodyLength: body.length }), body);
}

/**
 * Reads the first record of a segment alone.
 * @throws WireError if there is none
 */
export function readBegin(bytes: Uint8Array): BeginBody {
  const { type, body } = takeRecord(bytes, 0);
  if (type !== RecordType.begin) throw damage("begin", "the first record of a segment");
  return decodeBeginBody(body);
}

/** What a replay tells of where entries lie. */
export interface ReplayWatch {
  /** A record at a byte replaces all entries from `first` on. */
  replaced(first: number, count: number, at: number, length: number): void;
  /** A snapshot has taken the place of all entries. */
  dropped(): void;
}

/** The entries in whole records that follow each other. @throws WireError for bytes that are none */
export function readEntries(bytes: Uint8Array): { readonly first: number; readonly entries: LogEntry[] } {
  let found: { readonly first: number; readonly entries: LogEntry[] } | undefined;
  for (let at = 0; at < bytes.length;) {
    const { type, body, end } = takeRecord(bytes, at);
    at = end;
    if (type !== RecordType.entries) continue;
    const { first, entries } = decodeEntriesBody(body);
    found ??= { first, entries: [] };
    found.entries.length = first - found.first;
    found.entries.push(...entries);
  }
  if (found === undefined) throw damage("entries", "entries of the log");
  return found;
}

/**
 * Applies the records of a segment.
 * @throws WireError `storage` for a segment that does not continue the one before, or codes of the codec for damage
 */
export function replay(
  bytes: Uint8Array,
  image: LogImage,
  segment: number,
  isFirst: boolean,
  watch?: ReplayWatch,
): void {
  const begin = readBegin(bytes);
  if (begin.segment !== segment) throw damage("segment", `segment ${segment}`, String(begin.segment));
  const prev = { index: begin.prevIndex, term: begin.prevTerm };
  if (isFirst) {
    image.prev = prev;
    image.hard = hardOf(begin.hard);
  } else {
    const { index, term } = image.end;
    if (index !== prev.index || term !== prev.term) {
      throw damage("prev", `entry ${prev.index} of term ${prev.term}`, `${index} of term ${term}`);
    }
  }
  for (let at = takeRecord(bytes, 0).end; at < bytes.length;) {
    const { type, body, end } = takeRecord(bytes, at);
    const length = end - at;
    at = end;
    if (type === RecordType.hard) image.apply({ hard: hardOf(decodeHardBody(body).hard) });
    else if (type === RecordType.entries) {
      const { first, entries } = decodeEntriesBody(body);
      image.apply({ hard: image.hard, first, entries });
      watch?.replaced(first, entries.length, end - length, length);
    } else if (type === RecordType.mark) {
      const mark = markOf(body);
      image.apply({ hard: image.hard, mark });
      if (mark.dropLog) watch?.dropped();
    } else throw damage("record", "a segment that begins once");
  }
}

/** The snapshot that a record of the log names. */
export function markOf(body: Uint8Array): SnapshotMark & { readonly dropLog: boolean } {
  const { lastIndex, lastTerm, sizeBytes, snapshotSha256: sha256, isOwn, dropLog, config } = decodeMarkBody(body);
  const last = { index: lastIndex, term: lastTerm };
  return { last, key: snapshotKey(last, isOwn ? undefined : sha256), sizeBytes, sha256, config, dropLog };
}

function hardOf({ term, vote, commit, abstain, isBehind }: HardState): HardState {
  return { term, vote, commit, abstain, ...(isBehind && { isBehind }) };
}

function codedOf({ term, vote, commit, abstain, isBehind = false }: HardState): BeginBody["hard"] {
  return { term, vote, commit, abstain, isBehind, reserved: 0 };
}

function codedMarkOf({ last, sizeBytes, sha256, key, config, dropLog }: NonNullable<LogStore["mark"]>): MarkBody {
  const isOwn = key === snapshotKey(last, undefined);
  const place = { lastIndex: last.index, lastTerm: last.term, reserved: 0 };
  return { ...place, sizeBytes, snapshotSha256: sha256, isOwn, dropLog, config };
}

/** The record at a byte. @throws WireError `storage` where there is no whole one */
export function takeRecord(bytes: Uint8Array, at: number): { type: RecordType; body: Uint8Array; end: number } {
  const { recordType: type, bodyLength } = decodeRecordHead(bytes, at);
  const end = at + RECORD_HEAD_SIZE + bodyLength;
  if (end > bytes.length) throw damage("record", `${bodyLength} bytes`, `${bytes.length - at - RECORD_HEAD_SIZE}`);
  return { type, body: bytes.subarray(at + RECORD_HEAD_SIZE, end), end };
}

/** What lies on the disk cannot be what was stored there. */
export function damage(path: string, expected: string, actual?: string): WireError {
  return new WireError({ code: "storage", format: "raft_log", path, expected, actual });
}
