/** Records of files as commands and queries of their state machine, and out of its answers. */
import { concatBytes, equalBytes, own, toHex } from "../../../bytes/index.js";
import {
  decodeFileItem,
  encodeFileCommand,
  encodeFileQuery,
  FileCode,
  FileOp,
  FileQueryOp,
  peekFileItemLength,
  tryDecodeFileAnswer,
  type FileAnswer,
  type FileCommand,
} from "../../../codec/gen/dps/index.js";
import { argumentError, WireError } from "../../../errors.js";
import { sha256 } from "../../../kernel/index.js";
import {
  checkRecord,
  FILE_HASH_BYTES,
  formatRecord,
  parseRecord,
  type FileMetadata,
  type FileRecord,
} from "../../store/index.js";
import { requireWellFormed } from "../../store/text.js";
import { requireList, requireOneOf, requireOptions } from "../checks.js";
import { HEAD_BYTES_MAX } from "./file-state.js";
import { metadataOf } from "./head.js";

/** References of a page. */
const PAGE_REFERENCES = 256;
/** Files of one list. */
export const LIST_FILES_MAX = 1_000;
const NONE = new Uint8Array(0);
const ZEROS = new Uint8Array(FILE_HASH_BYTES);
const encoder = new TextEncoder();

/** What the cluster knows of a file. */
export interface DpsFile {
  /** SHA-256 of the file, 32 bytes. */
  readonly hash: Uint8Array;
  readonly name: string;
  readonly sizeBytes: bigint;
  readonly chunks: number;
  /** Bytes of a chunk but the last. */
  readonly chunkSize: number;
  readonly permissions: number;
  readonly modifiedNs: bigint;
  /** 0 for ever. */
  readonly ttlSeconds: number;
  /** Changes with the record. */
  readonly revision: number;
  /** When it expires, on the clock of the cluster; 0 for never. */
  readonly expiresMs: number;
}

/** A change of a record. */
export type FileChange =
  | { readonly op: "put"; readonly record: FileRecord; readonly ttlSeconds: number }
  | { readonly op: "delete"; readonly hash: Uint8Array }
  | { readonly op: "touch"; readonly hash: Uint8Array; readonly ttlSeconds: number }
  | { readonly op: "expire" };

/** Where a revision is given, the record must have it; 0 for none. */
export interface ChangeOptions {
  readonly revision?: number | undefined;
}

/**
 * The commands of a change, to be proposed in their order: a record longer than a quarter of an entry comes in pages.
 * @throws WireError `argument`, `limit` for a name that is too long
 */
export function commandsOf(change: FileChange, entryBytesMax: number, options: ChangeOptions = {}): Uint8Array[] {
  requireOptions("change", change);
  requireOneOf("change.op", change.op ?? "", ["put", "delete", "touch", "expire"]);
  requireOptions("options", options);
  if (!(typeof entryBytesMax === "number" && entryBytesMax > 0)) {
    throw argumentError("dps", "entryBytesMax", "above 0", String(entryBytesMax));
  }
  if (change.op === "put") requireRecord(change.record);
  const { revision } = options;
  if (revision !== undefined && !(Number.isSafeInteger(revision) && revision >= 0)) {
    throw argumentError("dps", "revision", "0 to 2^53 - 1", String(revision));
  }
  const about: FileCommand = {
    ...NO_COMMAND,
    op: FileOp[change.op],
    fileHash: change.op === "put" ? change.record.metadata.fileHash : "hash" in change ? change.hash : ZEROS,
    expectsRevision: revision !== undefined,
    revision: revision ?? 0,
    ttlSeconds: "ttlSeconds" in change ? requireTtl(change.ttlSeconds) : 0,
  };
  requireHash(about.fileHash);
  if (change.op !== "put") return [encodeFileCommand(about)];
  const { head, pages } = partsOf(change.record, entryBytesMax / 4);
  const recordSha256 = sha256(concatBytes(head, ...pages));
  return putCommands({ ...about, recordSha256, head }, pages);
}

/** A record as the state machine has it. */
export interface HeldRecord {
  readonly fileHash: Uint8Array;
  readonly expiresMs: number;
  readonly recordSha256: Uint8Array;
  readonly head: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

/** The commands that give another cluster a record, for as long as it had left at a time of its own. */
export function restoreCommands(held: HeldRecord, clockMs: number): Uint8Array[] {
  const { fileHash, expiresMs, recordSha256, head, parts } = held;
  const ttlSeconds = expiresMs === 0 ? 0 : Math.max(1, Math.ceil((expiresMs - clockMs) / 1000));
  return putCommands({ ...NO_COMMAND, fileHash, ttlSeconds, recordSha256, head }, parts);
}

const NO_COMMAND: FileCommand = {
  op: FileOp.put,
  fileHash: ZEROS,
  reserved: 0,
  expectsRevision: false,
  revision: 0,
  ttlSeconds: 0,
  recordSha256: ZEROS,
  page: 0,
  head: NONE,
  references: NONE,
};

function requireRecord(record: FileRecord): void {
  requireOptions("change.record", record);
  requireOptions("change.record.metadata", record.metadata);
  requireList("change.record.references", record.references ?? "");
}

/** A put, in front of which its pages come where there are several. */
function putCommands(put: FileCommand, pages: readonly Uint8Array[]): Uint8Array[] {
  if (pages.length <= 1) return [encodeFileCommand({ ...put, references: pages[0] ?? NONE })];
  const { fileHash, recordSha256 } = put;
  const staged = pages.map((references, page) =>
    encodeFileCommand({ ...NO_COMMAND, op: FileOp.page, fileHash, recordSha256, page, references }),
  );
  return [...staged, encodeFileCommand({ ...put, page: pages.length })];
}

/** The text of a record, cut where references begin, and into pages of so many of them, and of so many bytes. */
function partsOf(record: FileRecord, bytesMax: number): { readonly head: Uint8Array; readonly pages: Uint8Array[] } {
  const textOf = (references: FileRecord["references"]): Uint8Array =>
    encoder.encode(formatRecord({ ...record, references }));
  const head = textOf([]);
  if (head.length > Math.min(HEAD_BYTES_MAX, bytesMax)) throw tooLong(head.length, Math.min(HEAD_BYTES_MAX, bytesMax));
  const { references } = record;
  if (references.length <= PAGE_REFERENCES) {
    const whole = textOf(references).subarray(head.length);
    if (head.length + whole.length <= bytesMax) return { head, pages: references.length === 0 ? [] : [whole] };
  }
  const pages: Uint8Array[] = [];
  let page: Uint8Array[] = [];
  let bytes = 0;
  for (const reference of references) {
    const text = textOf([reference]).subarray(head.length);
    if (text.length > bytesMax) throw tooLong(text.length, bytesMax);
    if (page.length === PAGE_REFERENCES || bytes + text.length > bytesMax) {
      pages.push(concatBytes(...page));
      [page, bytes] = [[], 0];
    }
    page.push(text);
    bytes += text.length;
  }
  return { head, pages: [...pages, concatBytes(...page)] };
}

/** Nearly all of a head, and of a reference, is the name of the file. */
function tooLong(bytes: number, bytesMax: number): WireError {
  const about = { expected: `${bytesMax} bytes with it`, actual: `${bytes} bytes` };
  return new WireError({ code: "limit", format: "dps", path: "name", ...about });
}

/** The query for a record; of a paged one its head alone comes. */
export function getQuery(hash: Uint8Array): Uint8Array {
  return encodeFileQuery({ op: FileQueryOp.get, fileHash: requireHash(hash), count: 0, prefix: NONE });
}

/** The query for a page of a record. */
export function pageQuery(hash: Uint8Array, page: number): Uint8Array {
  return encodeFileQuery({ op: FileQueryOp.page, fileHash: requireHash(hash), count: page, prefix: NONE });
}

/** What files are listed. */
export interface ListOptions {
  /** How their names begin. Default any. */
  readonly prefix?: string;
  /** Hash of the last file of the list before. */
  readonly after?: Uint8Array;
  /** Files at most, 1 to 1,000; fewer come where their records are long. Default 100. */
  readonly limit?: number;
}

/** The query for files by ascending hash. @throws WireError `argument` */
export function listQuery({ prefix = "", after = ZEROS, limit = 100 }: ListOptions): Uint8Array {
  if (!Number.isInteger(limit) || limit < 1 || limit > LIST_FILES_MAX) {
    throw argumentError("dps", "limit", `1 to ${LIST_FILES_MAX}`, String(limit));
  }
  requireWellFormed("dps", "prefix", prefix);
  const begin = encoder.encode(prefix);
  // No name is longer, and what no message can carry would be tried until the time is up.
  if (begin.length > HEAD_BYTES_MAX) {
    throw argumentError("dps", "prefix", `at most ${HEAD_BYTES_MAX} bytes`, `${begin.length} bytes`);
  }
  return encodeFileQuery({ op: FileQueryOp.list, fileHash: requireHash(after, "after"), count: limit, prefix: begin });
}

/** What the state machine answered. @throws WireError */
export function answerOf(bytes: Uint8Array): FileAnswer {
  const decoded = tryDecodeFileAnswer(bytes);
  if (!decoded.ok) throw new WireError(decoded.error);
  return decoded.value;
}

/** Refuses what was not done: `missing`, `status` for another revision, `limit`, `argument`. @throws WireError */
export function requireDone({ code }: Pick<FileAnswer, "code">, hash?: Uint8Array): void {
  const issue = { format: "dps", path: hash === undefined ? "" : toHex(hash) };
  switch (code) {
    case FileCode.done:
      return;
    case FileCode.missing:
      throw new WireError({ code: "missing", ...issue, actual: "there is no such record" });
    case FileCode.different:
      throw new WireError({ code: "status", ...issue, actual: "the record has another revision" });
    case FileCode.full:
      throw new WireError({ code: "limit", ...issue, actual: "the records of the cluster take too much" });
    case FileCode.refused:
      throw new WireError({ code: "argument", ...issue, actual: "no member can read it" });
  }
}

/** The files of the answer to a list. Records whose head nobody can read are left out. @throws WireError */
export function filesOf(body: Uint8Array): DpsFile[] {
  const files: DpsFile[] = [];
  for (let at = 0; at < body.length;) {
    const length = peekFileItemLength(body, at, body.length);
    const item = decodeFileItem(body, at, length > 0 ? Math.min(body.length, at + length) : body.length);
    const metadata = metadataOf(item.head);
    if (metadata !== undefined) files.push(fileOf(own(item.fileHash), metadata, item));
    at += length;
  }
  return files;
}

/** A file out of its record and the answer that it came with. */
export function fileOf(
  hash: Uint8Array,
  metadata: FileMetadata,
  { revision, expiresMs, ttlSeconds }: Pick<FileAnswer, "revision" | "expiresMs" | "ttlSeconds">,
): DpsFile {
  const { fileName: name, totalSize: sizeBytes, totalChunks: chunks, chunkSize, permissions, modifiedNs } = metadata;
  return { hash, name, sizeBytes, chunks, chunkSize, permissions, modifiedNs, ttlSeconds, revision, expiresMs };
}

/** A record of a file whose chunks are in the DHT: where one lies follows from its key. */
export function distributed({ metadata, references }: FileRecord): FileRecord {
  return { metadata, references: references.map((one) => ({ ...one, location: "", protocol: "dht" })) };
}

/** A record out of its text. Its parts agree, and it is that of the file. @throws WireError */
export function recordOf(hash: Uint8Array, text: Uint8Array): FileRecord {
  const record = parseRecord(text, toHex(hash));
  checkRecord(record);
  if (equalBytes(record.metadata.fileHash, hash)) return record;
  const actual = toHex(record.metadata.fileHash);
  throw new WireError({ code: "constant", format: "dps", path: "file_hash", expected: toHex(hash), actual });
}

/** @throws WireError `argument` */
export function requireHash(hash: Uint8Array, path = "hash"): Uint8Array {
  if (hash instanceof Uint8Array && hash.length === FILE_HASH_BYTES) return hash;
  const actual = hash instanceof Uint8Array ? `${hash.length} bytes` : typeof hash;
  throw argumentError("dps", path, `${FILE_HASH_BYTES} bytes`, actual);
}

/** @throws WireError `argument` */
export function requireTtl(ttlSeconds: number): number {
  if (Number.isSafeInteger(ttlSeconds) && ttlSeconds >= 0) return ttlSeconds;
  throw argumentError("dps", "ttlSeconds", "0 to 2^53 - 1", String(ttlSeconds));
}
