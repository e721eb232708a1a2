// Generated from dps/files.ksy by `specwire gen`; do not edit. spec sha256 8cf097690abbd06b687d26a2a9c2f7c311b4e829b3d3400dd35f52f1d27a7246
/**
 * DPS, the records of files as state machine. Ours. What the state machine of files takes and answers, and what it
 * writes into snapshots.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigUnsigned, fail, failBytes, failRange, failSpace, failure,
    lengthOf, putSafe, raise, refuse, refuseRange, uint32At } from "../../index.js";

export const FileOp = {
  put: 1,
  page: 2,
  delete: 3,
  touch: 4,
  expire: 5,
} as const;
export type FileOp = (typeof FileOp)[keyof typeof FileOp];
/** Name and meaning of each FileOp. */
export const FILE_OP_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "put", doc: "" },
  2: { name: "page", doc: "" },
  3: { name: "delete", doc: "" },
  4: { name: "touch", doc: "" },
  5: { name: "expire", doc: "" },
};

export const FileQueryOp = {
  get: 1,
  page: 2,
  list: 3,
} as const;
export type FileQueryOp = (typeof FileQueryOp)[keyof typeof FileQueryOp];
/** Name and meaning of each FileQueryOp. */
export const FILE_QUERY_OP_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "get", doc: "" },
  2: { name: "page", doc: "" },
  3: { name: "list", doc: "" },
};

export const FileCode = {
  /** It is as asked. */
  done: 0,
  /** There is no record, or a page of it has not come. */
  missing: 1,
  /** The record has another revision. */
  different: 2,
  /** The request cannot be read. */
  refused: 3,
  /** A limit of the state does not allow it. */
  full: 4,
} as const;
export type FileCode = (typeof FileCode)[keyof typeof FileCode];
/** Name and meaning of each FileCode. */
export const FILE_CODE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "done", doc: "It is as asked." },
  1: { name: "missing", doc: "There is no record, or a page of it has not come." },
  2: { name: "different", doc: "The record has another revision." },
  3: { name: "refused", doc: "The request cannot be read." },
  4: { name: "full", doc: "A limit of the state does not allow it." },
};

export const FileStateKind = {
  clock: 0,
  file: 1,
  staged: 2,
  page: 3,
} as const;
export type FileStateKind = (typeof FileStateKind)[keyof typeof FileStateKind];
/** Name and meaning of each FileStateKind. */
export const FILE_STATE_KIND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "clock", doc: "" },
  1: { name: "file", doc: "" },
  2: { name: "staged", doc: "" },
  3: { name: "page", doc: "" },
};

const FILE_COMMAND_SITES: Sites = {
  format: "dps_file_command",
  file: "dps/files.ksy",
  sites: [
    ["short", "", 8, "at least 90 bytes"],
    ["enum", "op", 12, "one of 1, 2, 3, 4, 5"],
    ["constant", "reserved", 14, "0"],
    ["unsafe-integer", "revision", 16, "at most 2^53-1"],
    ["unsafe-integer", "ttlSeconds", 17, "at most 2^53-1"],
    ["short", "head", 21, ""],
  ],
};
const FILE_COMMAND_SITES$WRITTEN: Sites = {
  format: "dps_file_command",
  file: "dps/files.ksy",
  sites: [
    ["count", "head", 21, "at least 0 bytes"],
    ["count", "references", 22, "at least 0 bytes"],
    ["argument", "", 8, "an object"],
    ["range", "op", 12, "0 to 255"],
    ["enum", "op", 12, "one of 1, 2, 3, 4, 5"],
    ["length", "fileHash", 13, "32 bytes"],
    ["constant", "reserved", 14, "0"],
    ["range", "expectsRevision", 15, "true or false"],
    ["range", "revision", 16, "0 to 2^53-1"],
    ["range", "ttlSeconds", 17, "0 to 2^53-1"],
    ["length", "recordSha256", 18, "32 bytes"],
    ["range", "page", 19, "0 to 4294967295"],
    ["range", "head", 20, "head_length of 0 to 4294967295"],
  ],
};
const FILE_COMMAND_SITES$WRITTEN$BIG: Sites = {
  format: "dps_file_command",
  file: "dps/files.ksy",
  sites: [
    ["range", "revision", 16, "0 to 18446744073709551615"],
    ["range", "ttlSeconds", 17, "0 to 18446744073709551615"],
  ],
};
/**
 * A command. A record that is too long for one entry comes in pages, before its head. Source: seeds/dps, Records of
 * files.
 */
export interface FileCommand {
  op: FileOp;
  /** SHA-256 of the file; of expire zeros. */
  fileHash: Uint8Array;
  reserved: number;
  /** The record must have this revision; 0 for none. */
  expectsRevision: boolean;
  revision: number;
  /** Of put and touch: from the clock of the entry on; 0 for ever. */
  ttlSeconds: number;
  /** Of put and page: of the whole record. */
  recordSha256: Uint8Array;
  /** Of page: its number; of put: how many pages came before. */
  page: number;
  /** Of put: the record up to its references. */
  head: Uint8Array;
  /** Of page, and of put without pages. */
  references: Uint8Array;
}
export const FILE_COMMAND_MIN_SIZE = 90;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const FILE_COMMAND_DEFAULTS = { reserved: 0 } as const;
function readFileCommand(bytes: Uint8Array, at: number, end: number): FileCommand | undefined {
  if (end - at < 90 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_COMMAND_SITES, 0 /* short */, 90, bytes, at, end);
  }
  const $op = bytes[at]!;
  if (($op < 1 || $op > 5)) return refuse(FILE_COMMAND_SITES, 1 /* op: enum */, at, $op);
  const $reserved = ((bytes[at + 33]! >>> 1) & 127);
  if ($reserved !== 0) return refuse(FILE_COMMAND_SITES, 2 /* reserved: constant */, at + 33, $reserved);
  const $revision$high = uint32At(bytes, at + 34);
  if ($revision$high > 0x1fffff) return refuse(FILE_COMMAND_SITES, 3 /* revision: unsafe-integer */, at + 34);
  const $ttlSeconds$high = uint32At(bytes, at + 42);
  if ($ttlSeconds$high > 0x1fffff) return refuse(FILE_COMMAND_SITES, 4 /* ttlSeconds: unsafe-integer */, at + 42);
  const $headLength = uint32At(bytes, at + 86);
  const $head$count = $headLength;
  if ($head$count > end - at - 90)
    return refuse(FILE_COMMAND_SITES, 5 /* head: short */, end, `${end - at - 90} of ${$head$count} bytes`);
  const $$p1 = at + 90 + $head$count;
  const $references$count = end - $$p1;
  return {
    op: $op as FileOp,
    fileHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 32),
    reserved: ((bytes[at + 33]! >>> 1) & 127),
    expectsRevision: ((bytes[at + 33]! & 1) === 1),
    revision: $revision$high * 4294967296 + uint32At(bytes, at + 38),
    ttlSeconds: $ttlSeconds$high * 4294967296 + uint32At(bytes, at + 46),
    recordSha256: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 50, 32),
    page: uint32At(bytes, at + 82),
    head: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 90, $head$count),
    references: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1, $references$count),
  };
}
/** @throws WireError when the bytes are no dps_file_command. */
export function decodeFileCommand(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileCommand {
  return readFileCommand(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileCommand(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileCommand> {
  const value = readFileCommand(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fileCommandLength(value: FileCommand): number {
  const $head = value?.head;
  if (lengthOf($head) < 0) failBytes(FILE_COMMAND_SITES$WRITTEN, 0 /* head: count */, 0, $head);
  const $references = value?.references;
  if (lengthOf($references) < 0) failBytes(FILE_COMMAND_SITES$WRITTEN, 1 /* references: count */, 0, $references);
  return 90 + $head.length + $references.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileCommand(value: FileCommand): NewBytes {
  const bytes = new Uint8Array(fileCommandLength(value));
  encodeFileCommandInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileCommandInto(value: FileCommand, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_COMMAND_SITES$WRITTEN, 2 /* argument */, at, value);
  const $head = value.head, $head$count = lengthOf($head);
  if ($head$count < 0) failBytes(FILE_COMMAND_SITES$WRITTEN, 0 /* head: count */, at, $head);
  const $references = value.references, $references$count = lengthOf($references);
  if ($references$count < 0) failBytes(FILE_COMMAND_SITES$WRITTEN, 1 /* references: count */, at, $references);
  const need = 90 + $head$count + $references$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_COMMAND_SITES$WRITTEN, need, bytes, at);
  const $op = value.op;
  if (typeof $op !== "number" || ($op & 255) !== $op) fail(FILE_COMMAND_SITES$WRITTEN, 3 /* op: range */, at, $op);
  if (($op < 1 || $op > 5)) fail(FILE_COMMAND_SITES$WRITTEN, 4 /* op: enum */, at, $op);
  bytes[at] = $op;
  const $fileHash = value.fileHash;
  if (lengthOf($fileHash) !== 32) failBytes(FILE_COMMAND_SITES$WRITTEN, 5 /* fileHash: length */, at + 1, $fileHash);
  bytes.set($fileHash, at + 1);
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 127) !== $reserved || $reserved !== 0)
    fail(FILE_COMMAND_SITES$WRITTEN, 6 /* reserved: constant */, at + 33, $reserved);
  const $expectsRevision = value.expectsRevision;
  if ($expectsRevision !== true && $expectsRevision !== false)
    fail(FILE_COMMAND_SITES$WRITTEN, 7 /* expectsRevision: range */, at + 33, $expectsRevision);
  const $expectsRevision$bits = ($reserved << 1) | ($expectsRevision ? 1 : 0);
  bytes[at + 33] = $expectsRevision$bits;
  const $revision = value.revision;
  if (!Number.isSafeInteger($revision) || $revision < 0)
    fail(FILE_COMMAND_SITES$WRITTEN, 8 /* revision: range */, at + 34, $revision);
  putSafe(bytes, at + 34, $revision);
  const $ttlSeconds = value.ttlSeconds;
  if (!Number.isSafeInteger($ttlSeconds) || $ttlSeconds < 0)
    fail(FILE_COMMAND_SITES$WRITTEN, 9 /* ttlSeconds: range */, at + 42, $ttlSeconds);
  putSafe(bytes, at + 42, $ttlSeconds);
  const $recordSha256 = value.recordSha256;
  if (lengthOf($recordSha256) !== 32)
    failBytes(FILE_COMMAND_SITES$WRITTEN, 10 /* recordSha256: length */, at + 50, $recordSha256);
  bytes.set($recordSha256, at + 50);
  const $page = value.page;
  if (typeof $page !== "number" || $page >>> 0 !== $page)
    fail(FILE_COMMAND_SITES$WRITTEN, 11 /* page: range */, at + 82, $page);
  bytes[at + 82] = $page >>> 24; bytes[at + 83] = $page >>> 16; bytes[at + 84] = $page >>> 8; bytes[at + 85] = $page;
  const $headLength = $head$count;
  if ($headLength > 4294967295) fail(FILE_COMMAND_SITES$WRITTEN, 12 /* head: range */, at + 86, $headLength);
  bytes[at + 86] = $headLength >>> 24; bytes[at + 87] = $headLength >>> 16; bytes[at + 88] = $headLength >>> 8;
  bytes[at + 89] = $headLength;
  bytes.set($head, at + 90);
  const $$p1 = at + 90 + $head$count;
  bytes.set($references, $$p1);
  return at + need;
}
/**
 * A command. A record that is too long for one entry comes in pages, before its head. Source: seeds/dps, Records of
 * files. 64-bit integers as bigint.
 */
export interface FileCommandBig {
  op: FileOp;
  /** SHA-256 of the file; of expire zeros. */
  fileHash: Uint8Array;
  reserved: number;
  /** The record must have this revision; 0 for none. */
  expectsRevision: boolean;
  revision: bigint;
  /** Of put and touch: from the clock of the entry on; 0 for ever. */
  ttlSeconds: bigint;
  /** Of put and page: of the whole record. */
  recordSha256: Uint8Array;
  /** Of page: its number; of put: how many pages came before. */
  page: number;
  /** Of put: the record up to its references. */
  head: Uint8Array;
  /** Of page, and of put without pages. */
  references: Uint8Array;
}
function readFileCommandBig(bytes: Uint8Array, at: number, end: number): FileCommandBig | undefined {
  if (end - at < 90 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_COMMAND_SITES, 0 /* short */, 90, bytes, at, end);
  }
  const $op = bytes[at]!;
  if (($op < 1 || $op > 5)) return refuse(FILE_COMMAND_SITES, 1 /* op: enum */, at, $op);
  const $reserved = ((bytes[at + 33]! >>> 1) & 127);
  if ($reserved !== 0) return refuse(FILE_COMMAND_SITES, 2 /* reserved: constant */, at + 33, $reserved);
  const $headLength = uint32At(bytes, at + 86);
  const $head$count = $headLength;
  if ($head$count > end - at - 90)
    return refuse(FILE_COMMAND_SITES, 5 /* head: short */, end, `${end - at - 90} of ${$head$count} bytes`);
  const $$p1 = at + 90 + $head$count;
  const $references$count = end - $$p1;
  return {
    op: $op as FileOp,
    fileHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 32),
    reserved: ((bytes[at + 33]! >>> 1) & 127),
    expectsRevision: ((bytes[at + 33]! & 1) === 1),
    revision: bigUnsigned(bytes, at + 34),
    ttlSeconds: bigUnsigned(bytes, at + 42),
    recordSha256: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 50, 32),
    page: uint32At(bytes, at + 82),
    head: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 90, $head$count),
    references: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1, $references$count),
  };
}
/** @throws WireError when the bytes are no dps_file_command. */
export function decodeFileCommandBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileCommandBig {
  return readFileCommandBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileCommandBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FileCommandBig> {
  const value = readFileCommandBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fileCommandBigLength(value: FileCommandBig): number {
  const $head = value?.head;
  if (lengthOf($head) < 0) failBytes(FILE_COMMAND_SITES$WRITTEN, 0 /* head: count */, 0, $head);
  const $references = value?.references;
  if (lengthOf($references) < 0) failBytes(FILE_COMMAND_SITES$WRITTEN, 1 /* references: count */, 0, $references);
  return 90 + $head.length + $references.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileCommandBig(value: FileCommandBig): NewBytes {
  const bytes = new Uint8Array(fileCommandBigLength(value));
  encodeFileCommandBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileCommandBigInto(value: FileCommandBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_COMMAND_SITES$WRITTEN, 2 /* argument */, at, value);
  const $head = value.head, $head$count = lengthOf($head);
  if ($head$count < 0) failBytes(FILE_COMMAND_SITES$WRITTEN, 0 /* head: count */, at, $head);
  const $references = value.references, $references$count = lengthOf($references);
  if ($references$count < 0) failBytes(FILE_COMMAND_SITES$WRITTEN, 1 /* references: count */, at, $references);
  const need = 90 + $head$count + $references$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_COMMAND_SITES$WRITTEN, need, bytes, at);
  const $op = value.op;
  if (typeof $op !== "number" || ($op & 255) !== $op) fail(FILE_COMMAND_SITES$WRITTEN, 3 /* op: range */, at, $op);
  if (($op < 1 || $op > 5)) fail(FILE_COMMAND_SITES$WRITTEN, 4 /* op: enum */, at, $op);
  bytes[at] = $op;
  const $fileHash = value.fileHash;
  if (lengthOf($fileHash) !== 32) failBytes(FILE_COMMAND_SITES$WRITTEN, 5 /* fileHash: length */, at + 1, $fileHash);
  bytes.set($fileHash, at + 1);
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 127) !== $reserved || $reserved !== 0)
    fail(FILE_COMMAND_SITES$WRITTEN, 6 /* reserved: constant */, at + 33, $reserved);
  const $expectsRevision = value.expectsRevision;
  if ($expectsRevision !== true && $expectsRevision !== false)
    fail(FILE_COMMAND_SITES$WRITTEN, 7 /* expectsRevision: range */, at + 33, $expectsRevision);
  const $expectsRevision$bits = ($reserved << 1) | ($expectsRevision ? 1 : 0);
  bytes[at + 33] = $expectsRevision$bits;
  const $revision = value.revision;
  if (typeof $revision !== "bigint" || BigInt.asUintN(64, $revision) !== $revision)
    fail(FILE_COMMAND_SITES$WRITTEN$BIG, 0 /* revision: range */, at + 34, $revision);
  bigPut(bytes, at + 34, $revision);
  const $ttlSeconds = value.ttlSeconds;
  if (typeof $ttlSeconds !== "bigint" || BigInt.asUintN(64, $ttlSeconds) !== $ttlSeconds)
    fail(FILE_COMMAND_SITES$WRITTEN$BIG, 1 /* ttlSeconds: range */, at + 42, $ttlSeconds);
  bigPut(bytes, at + 42, $ttlSeconds);
  const $recordSha256 = value.recordSha256;
  if (lengthOf($recordSha256) !== 32)
    failBytes(FILE_COMMAND_SITES$WRITTEN, 10 /* recordSha256: length */, at + 50, $recordSha256);
  bytes.set($recordSha256, at + 50);
  const $page = value.page;
  if (typeof $page !== "number" || $page >>> 0 !== $page)
    fail(FILE_COMMAND_SITES$WRITTEN, 11 /* page: range */, at + 82, $page);
  bytes[at + 82] = $page >>> 24; bytes[at + 83] = $page >>> 16; bytes[at + 84] = $page >>> 8; bytes[at + 85] = $page;
  const $headLength = $head$count;
  if ($headLength > 4294967295) fail(FILE_COMMAND_SITES$WRITTEN, 12 /* head: range */, at + 86, $headLength);
  bytes[at + 86] = $headLength >>> 24; bytes[at + 87] = $headLength >>> 16; bytes[at + 88] = $headLength >>> 8;
  bytes[at + 89] = $headLength;
  bytes.set($head, at + 90);
  const $$p1 = at + 90 + $head$count;
  bytes.set($references, $$p1);
  return at + need;
}

const FILE_QUERY_SITES: Sites = {
  format: "dps_file_query",
  file: "dps/files.ksy",
  sites: [
    ["short", "", 23, "at least 37 bytes"],
    ["enum", "op", 26, "one of 1, 2, 3"],
  ],
};
const FILE_QUERY_SITES$WRITTEN: Sites = {
  format: "dps_file_query",
  file: "dps/files.ksy",
  sites: [
    ["count", "prefix", 29, "at least 0 bytes"],
    ["argument", "", 23, "an object"],
    ["range", "op", 26, "0 to 255"],
    ["enum", "op", 26, "one of 1, 2, 3"],
    ["length", "fileHash", 27, "32 bytes"],
    ["range", "count", 28, "0 to 4294967295"],
  ],
};
/** Source: seeds/dps, Records of files. */
export interface FileQuery {
  op: FileQueryOp;
  /** Of list: the last one of the list before, else zeros. */
  fileHash: Uint8Array;
  /** Of page: its number; of list: how many files at most. */
  count: number;
  /** Of list: how the names begin, UTF-8. */
  prefix: Uint8Array;
}
export const FILE_QUERY_MIN_SIZE = 37;
function readFileQuery(bytes: Uint8Array, at: number, end: number): FileQuery | undefined {
  if (end - at < 37 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_QUERY_SITES, 0 /* short */, 37, bytes, at, end);
  }
  const $op = bytes[at]!;
  if (($op < 1 || $op > 3)) return refuse(FILE_QUERY_SITES, 1 /* op: enum */, at, $op);
  const $prefix$count = end - at - 37;
  return {
    op: $op as FileQueryOp,
    fileHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 32),
    count: uint32At(bytes, at + 33),
    prefix: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 37, $prefix$count),
  };
}
/** @throws WireError when the bytes are no dps_file_query. */
export function decodeFileQuery(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileQuery {
  return readFileQuery(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileQuery(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileQuery> {
  const value = readFileQuery(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fileQueryLength(value: FileQuery): number {
  const $prefix = value?.prefix;
  if (lengthOf($prefix) < 0) failBytes(FILE_QUERY_SITES$WRITTEN, 0 /* prefix: count */, 0, $prefix);
  return 37 + $prefix.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileQuery(value: FileQuery): NewBytes {
  const bytes = new Uint8Array(fileQueryLength(value));
  encodeFileQueryInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileQueryInto(value: FileQuery, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_QUERY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $prefix = value.prefix, $prefix$count = lengthOf($prefix);
  if ($prefix$count < 0) failBytes(FILE_QUERY_SITES$WRITTEN, 0 /* prefix: count */, at, $prefix);
  const need = 37 + $prefix$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_QUERY_SITES$WRITTEN, need, bytes, at);
  const $op = value.op;
  if (typeof $op !== "number" || ($op & 255) !== $op) fail(FILE_QUERY_SITES$WRITTEN, 2 /* op: range */, at, $op);
  if (($op < 1 || $op > 3)) fail(FILE_QUERY_SITES$WRITTEN, 3 /* op: enum */, at, $op);
  bytes[at] = $op;
  const $fileHash = value.fileHash;
  if (lengthOf($fileHash) !== 32) failBytes(FILE_QUERY_SITES$WRITTEN, 4 /* fileHash: length */, at + 1, $fileHash);
  bytes.set($fileHash, at + 1);
  const $count = value.count;
  if (typeof $count !== "number" || $count >>> 0 !== $count)
    fail(FILE_QUERY_SITES$WRITTEN, 5 /* count: range */, at + 33, $count);
  bytes[at + 33] = $count >>> 24; bytes[at + 34] = $count >>> 16; bytes[at + 35] = $count >>> 8;
  bytes[at + 36] = $count;
  bytes.set($prefix, at + 37);
  return at + need;
}

const FILE_ANSWER_SITES: Sites = {
  format: "dps_file_answer",
  file: "dps/files.ksy",
  sites: [
    ["short", "", 30, "at least 29 bytes"],
    ["enum", "code", 33, "one of 0, 1, 2, 3, 4"],
    ["unsafe-integer", "revision", 34, "at most 2^53-1"],
    ["unsafe-integer", "expiresMs", 35, "at most 2^53-1"],
    ["unsafe-integer", "ttlSeconds", 36, "at most 2^53-1"],
  ],
};
const FILE_ANSWER_SITES$WRITTEN: Sites = {
  format: "dps_file_answer",
  file: "dps/files.ksy",
  sites: [
    ["count", "body", 38, "at least 0 bytes"],
    ["argument", "", 30, "an object"],
    ["range", "code", 33, "0 to 255"],
    ["enum", "code", 33, "one of 0, 1, 2, 3, 4"],
    ["range", "revision", 34, "0 to 2^53-1"],
    ["range", "expiresMs", 35, "0 to 2^53-1"],
    ["range", "ttlSeconds", 36, "0 to 2^53-1"],
    ["range", "pageCount", 37, "0 to 4294967295"],
  ],
};
const FILE_ANSWER_SITES$WRITTEN$BIG: Sites = {
  format: "dps_file_answer",
  file: "dps/files.ksy",
  sites: [
    ["range", "revision", 34, "0 to 18446744073709551615"],
    ["range", "expiresMs", 35, "0 to 18446744073709551615"],
    ["range", "ttlSeconds", 36, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/dps, Records of files. */
export interface FileAnswer {
  code: FileCode;
  /** Of the record; 0 for none. */
  revision: number;
  /** On the clock of the cluster; 0 for never. */
  expiresMs: number;
  ttlSeconds: number;
  /** Pages that have to be asked for. */
  pageCount: number;
  /** Of get: the head, and the references unless there are pages; of page: these. */
  body: Uint8Array;
}
export const FILE_ANSWER_MIN_SIZE = 29;
function readFileAnswer(bytes: Uint8Array, at: number, end: number): FileAnswer | undefined {
  if (end - at < 29 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_ANSWER_SITES, 0 /* short */, 29, bytes, at, end);
  }
  const $code = bytes[at]!;
  if (($code < 0 || $code > 4)) return refuse(FILE_ANSWER_SITES, 1 /* code: enum */, at, $code);
  const $revision$high = uint32At(bytes, at + 1);
  if ($revision$high > 0x1fffff) return refuse(FILE_ANSWER_SITES, 2 /* revision: unsafe-integer */, at + 1);
  const $expiresMs$high = uint32At(bytes, at + 9);
  if ($expiresMs$high > 0x1fffff) return refuse(FILE_ANSWER_SITES, 3 /* expiresMs: unsafe-integer */, at + 9);
  const $ttlSeconds$high = uint32At(bytes, at + 17);
  if ($ttlSeconds$high > 0x1fffff) return refuse(FILE_ANSWER_SITES, 4 /* ttlSeconds: unsafe-integer */, at + 17);
  const $body$count = end - at - 29;
  return {
    code: $code as FileCode,
    revision: $revision$high * 4294967296 + uint32At(bytes, at + 5),
    expiresMs: $expiresMs$high * 4294967296 + uint32At(bytes, at + 13),
    ttlSeconds: $ttlSeconds$high * 4294967296 + uint32At(bytes, at + 21),
    pageCount: uint32At(bytes, at + 25),
    body: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 29, $body$count),
  };
}
/** @throws WireError when the bytes are no dps_file_answer. */
export function decodeFileAnswer(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileAnswer {
  return readFileAnswer(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileAnswer(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileAnswer> {
  const value = readFileAnswer(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fileAnswerLength(value: FileAnswer): number {
  const $body = value?.body;
  if (lengthOf($body) < 0) failBytes(FILE_ANSWER_SITES$WRITTEN, 0 /* body: count */, 0, $body);
  return 29 + $body.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileAnswer(value: FileAnswer): NewBytes {
  const bytes = new Uint8Array(fileAnswerLength(value));
  encodeFileAnswerInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileAnswerInto(value: FileAnswer, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_ANSWER_SITES$WRITTEN, 1 /* argument */, at, value);
  const $body = value.body, $body$count = lengthOf($body);
  if ($body$count < 0) failBytes(FILE_ANSWER_SITES$WRITTEN, 0 /* body: count */, at, $body);
  const need = 29 + $body$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_ANSWER_SITES$WRITTEN, need, bytes, at);
  const $code = value.code;
  if (typeof $code !== "number" || ($code & 255) !== $code)
    fail(FILE_ANSWER_SITES$WRITTEN, 2 /* code: range */, at, $code);
  if (($code < 0 || $code > 4)) fail(FILE_ANSWER_SITES$WRITTEN, 3 /* code: enum */, at, $code);
  bytes[at] = $code;
  const $revision = value.revision;
  if (!Number.isSafeInteger($revision) || $revision < 0)
    fail(FILE_ANSWER_SITES$WRITTEN, 4 /* revision: range */, at + 1, $revision);
  putSafe(bytes, at + 1, $revision);
  const $expiresMs = value.expiresMs;
  if (!Number.isSafeInteger($expiresMs) || $expiresMs < 0)
    fail(FILE_ANSWER_SITES$WRITTEN, 5 /* expiresMs: range */, at + 9, $expiresMs);
  putSafe(bytes, at + 9, $expiresMs);
  const $ttlSeconds = value.ttlSeconds;
  if (!Number.isSafeInteger($ttlSeconds) || $ttlSeconds < 0)
    fail(FILE_ANSWER_SITES$WRITTEN, 6 /* ttlSeconds: range */, at + 17, $ttlSeconds);
  putSafe(bytes, at + 17, $ttlSeconds);
  const $pageCount = value.pageCount;
  if (typeof $pageCount !== "number" || $pageCount >>> 0 !== $pageCount)
    fail(FILE_ANSWER_SITES$WRITTEN, 7 /* pageCount: range */, at + 25, $pageCount);
  bytes[at + 25] = $pageCount >>> 24; bytes[at + 26] = $pageCount >>> 16; bytes[at + 27] = $pageCount >>> 8;
  bytes[at + 28] = $pageCount;
  bytes.set($body, at + 29);
  return at + need;
}
/** Source: seeds/dps, Records of files. 64-bit integers as bigint. */
export interface FileAnswerBig {
  code: FileCode;
  /** Of the record; 0 for none. */
  revision: bigint;
  /** On the clock of the cluster; 0 for never. */
  expiresMs: bigint;
  ttlSeconds: bigint;
  /** Pages that have to be asked for. */
  pageCount: number;
  /** Of get: the head, and the references unless there are pages; of page: these. */
  body: Uint8Array;
}
function readFileAnswerBig(bytes: Uint8Array, at: number, end: number): FileAnswerBig | undefined {
  if (end - at < 29 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_ANSWER_SITES, 0 /* short */, 29, bytes, at, end);
  }
  const $code = bytes[at]!;
  if (($code < 0 || $code > 4)) return refuse(FILE_ANSWER_SITES, 1 /* code: enum */, at, $code);
  const $body$count = end - at - 29;
  return {
    code: $code as FileCode,
    revision: bigUnsigned(bytes, at + 1),
    expiresMs: bigUnsigned(bytes, at + 9),
    ttlSeconds: bigUnsigned(bytes, at + 17),
    pageCount: uint32At(bytes, at + 25),
    body: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 29, $body$count),
  };
}
/** @throws WireError when the bytes are no dps_file_answer. */
export function decodeFileAnswerBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileAnswerBig {
  return readFileAnswerBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileAnswerBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FileAnswerBig> {
  const value = readFileAnswerBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fileAnswerBigLength(value: FileAnswerBig): number {
  const $body = value?.body;
  if (lengthOf($body) < 0) failBytes(FILE_ANSWER_SITES$WRITTEN, 0 /* body: count */, 0, $body);
  return 29 + $body.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileAnswerBig(value: FileAnswerBig): NewBytes {
  const bytes = new Uint8Array(fileAnswerBigLength(value));
  encodeFileAnswerBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileAnswerBigInto(value: FileAnswerBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_ANSWER_SITES$WRITTEN, 1 /* argument */, at, value);
  const $body = value.body, $body$count = lengthOf($body);
  if ($body$count < 0) failBytes(FILE_ANSWER_SITES$WRITTEN, 0 /* body: count */, at, $body);
  const need = 29 + $body$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_ANSWER_SITES$WRITTEN, need, bytes, at);
  const $code = value.code;
  if (typeof $code !== "number" || ($code & 255) !== $code)
    fail(FILE_ANSWER_SITES$WRITTEN, 2 /* code: range */, at, $code);
  if (($code < 0 || $code > 4)) fail(FILE_ANSWER_SITES$WRITTEN, 3 /* code: enum */, at, $code);
  bytes[at] = $code;
  const $revision = value.revision;
  if (typeof $revision !== "bigint" || BigInt.asUintN(64, $revision) !== $revision)
    fail(FILE_ANSWER_SITES$WRITTEN$BIG, 0 /* revision: range */, at + 1, $revision);
  bigPut(bytes, at + 1, $revision);
  const $expiresMs = value.expiresMs;
  if (typeof $expiresMs !== "bigint" || BigInt.asUintN(64, $expiresMs) !== $expiresMs)
    fail(FILE_ANSWER_SITES$WRITTEN$BIG, 1 /* expiresMs: range */, at + 9, $expiresMs);
  bigPut(bytes, at + 9, $expiresMs);
  const $ttlSeconds = value.ttlSeconds;
  if (typeof $ttlSeconds !== "bigint" || BigInt.asUintN(64, $ttlSeconds) !== $ttlSeconds)
    fail(FILE_ANSWER_SITES$WRITTEN$BIG, 2 /* ttlSeconds: range */, at + 17, $ttlSeconds);
  bigPut(bytes, at + 17, $ttlSeconds);
  const $pageCount = value.pageCount;
  if (typeof $pageCount !== "number" || $pageCount >>> 0 !== $pageCount)
    fail(FILE_ANSWER_SITES$WRITTEN, 7 /* pageCount: range */, at + 25, $pageCount);
  bytes[at + 25] = $pageCount >>> 24; bytes[at + 26] = $pageCount >>> 16; bytes[at + 27] = $pageCount >>> 8;
  bytes[at + 28] = $pageCount;
  bytes.set($body, at + 29);
  return at + need;
}

const FILE_ITEM_SITES: Sites = {
  format: "dps_file_item",
  file: "dps/files.ksy",
  sites: [
    ["short", "", 39, "at least 60 bytes"],
    ["unsafe-integer", "revision", 44, "at most 2^53-1"],
    ["unsafe-integer", "expiresMs", 45, "at most 2^53-1"],
    ["unsafe-integer", "ttlSeconds", 46, "at most 2^53-1"],
    ["short", "head", 48, ""],
    ["trailing", "", 39, ""],
  ],
};
const FILE_ITEM_SITES$WRITTEN: Sites = {
  format: "dps_file_item",
  file: "dps/files.ksy",
  sites: [
    ["count", "head", 48, "at least 0 bytes"],
    ["argument", "", 39, "an object"],
    ["length", "fileHash", 43, "32 bytes"],
    ["range", "revision", 44, "0 to 2^53-1"],
    ["range", "expiresMs", 45, "0 to 2^53-1"],
    ["range", "ttlSeconds", 46, "0 to 2^53-1"],
    ["range", "head", 47, "head_length of 0 to 4294967295"],
  ],
};
const FILE_ITEM_SITES$WRITTEN$BIG: Sites = {
  format: "dps_file_item",
  file: "dps/files.ksy",
  sites: [
    ["range", "revision", 44, "0 to 18446744073709551615"],
    ["range", "expiresMs", 45, "0 to 18446744073709551615"],
    ["range", "ttlSeconds", 46, "0 to 18446744073709551615"],
  ],
};
/** A file of a list. Source: seeds/dps, Records of files. */
export interface FileItem {
  fileHash: Uint8Array;
  revision: number;
  expiresMs: number;
  ttlSeconds: number;
  head: Uint8Array;
}
export const FILE_ITEM_MIN_SIZE = 60;
function readFileItem(bytes: Uint8Array, at: number, end: number): FileItem | undefined {
  if (end - at < 60 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_ITEM_SITES, 0 /* short */, 60, bytes, at, end);
  }
  const $revision$high = uint32At(bytes, at + 32);
  if ($revision$high > 0x1fffff) return refuse(FILE_ITEM_SITES, 1 /* revision: unsafe-integer */, at + 32);
  const $expiresMs$high = uint32At(bytes, at + 40);
  if ($expiresMs$high > 0x1fffff) return refuse(FILE_ITEM_SITES, 2 /* expiresMs: unsafe-integer */, at + 40);
  const $ttlSeconds$high = uint32At(bytes, at + 48);
  if ($ttlSeconds$high > 0x1fffff) return refuse(FILE_ITEM_SITES, 3 /* ttlSeconds: unsafe-integer */, at + 48);
  const $headLength = uint32At(bytes, at + 56);
  const $head$count = $headLength;
  if ($head$count > end - at - 60)
    return refuse(FILE_ITEM_SITES, 4 /* head: short */, end, `${end - at - 60} of ${$head$count} bytes`);
  const $$p1 = at + 60 + $head$count;
  if ($$p1 !== end) return refuse(FILE_ITEM_SITES, 5 /* trailing */, $$p1);
  return {
    fileHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 32),
    revision: $revision$high * 4294967296 + uint32At(bytes, at + 36),
    expiresMs: $expiresMs$high * 4294967296 + uint32At(bytes, at + 44),
    ttlSeconds: $ttlSeconds$high * 4294967296 + uint32At(bytes, at + 52),
    head: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 60, $head$count),
  };
}
/** @throws WireError when the bytes are no dps_file_item. */
export function decodeFileItem(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileItem {
  return readFileItem(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileItem(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileItem> {
  const value = readFileItem(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fileItemLength(value: FileItem): number {
  const $head = value?.head;
  if (lengthOf($head) < 0) failBytes(FILE_ITEM_SITES$WRITTEN, 0 /* head: count */, 0, $head);
  return 60 + $head.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileItem(value: FileItem): NewBytes {
  const bytes = new Uint8Array(fileItemLength(value));
  encodeFileItemInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileItemInto(value: FileItem, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_ITEM_SITES$WRITTEN, 1 /* argument */, at, value);
  const $head = value.head, $head$count = lengthOf($head);
  if ($head$count < 0) failBytes(FILE_ITEM_SITES$WRITTEN, 0 /* head: count */, at, $head);
  const need = 60 + $head$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_ITEM_SITES$WRITTEN, need, bytes, at);
  const $fileHash = value.fileHash;
  if (lengthOf($fileHash) !== 32) failBytes(FILE_ITEM_SITES$WRITTEN, 2 /* fileHash: length */, at, $fileHash);
  bytes.set($fileHash, at);
  const $revision = value.revision;
  if (!Number.isSafeInteger($revision) || $revision < 0)
    fail(FILE_ITEM_SITES$WRITTEN, 3 /* revision: range */, at + 32, $revision);
  putSafe(bytes, at + 32, $revision);
  const $expiresMs = value.expiresMs;
  if (!Number.isSafeInteger($expiresMs) || $expiresMs < 0)
    fail(FILE_ITEM_SITES$WRITTEN, 4 /* expiresMs: range */, at + 40, $expiresMs);
  putSafe(bytes, at + 40, $expiresMs);
  const $ttlSeconds = value.ttlSeconds;
  if (!Number.isSafeInteger($ttlSeconds) || $ttlSeconds < 0)
    fail(FILE_ITEM_SITES$WRITTEN, 5 /* ttlSeconds: range */, at + 48, $ttlSeconds);
  putSafe(bytes, at + 48, $ttlSeconds);
  const $headLength = $head$count;
  if ($headLength > 4294967295) fail(FILE_ITEM_SITES$WRITTEN, 6 /* head: range */, at + 56, $headLength);
  bytes[at + 56] = $headLength >>> 24; bytes[at + 57] = $headLength >>> 16; bytes[at + 58] = $headLength >>> 8;
  bytes[at + 59] = $headLength;
  bytes.set($head, at + 60);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFileItemLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FILE_ITEM_SITES, bytes, at, end);
  if (end - at < 60) return 0;
  const $headLength = (((bytes[at + 56]! << 24) | (bytes[at + 57]! << 16) | (bytes[at + 58]! << 8) |
      bytes[at + 59]!) >>> 0);
  const $head$count = $headLength;
  const $$p1 = at + 60 + $head$count;
  return $$p1 - at;
}
/** A file of a list. Source: seeds/dps, Records of files. 64-bit integers as bigint. */
export interface FileItemBig {
  fileHash: Uint8Array;
  revision: bigint;
  expiresMs: bigint;
  ttlSeconds: bigint;
  head: Uint8Array;
}
function readFileItemBig(bytes: Uint8Array, at: number, end: number): FileItemBig | undefined {
  if (end - at < 60 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_ITEM_SITES, 0 /* short */, 60, bytes, at, end);
  }
  const $headLength = uint32At(bytes, at + 56);
  const $head$count = $headLength;
  if ($head$count > end - at - 60)
    return refuse(FILE_ITEM_SITES, 4 /* head: short */, end, `${end - at - 60} of ${$head$count} bytes`);
  const $$p1 = at + 60 + $head$count;
  if ($$p1 !== end) return refuse(FILE_ITEM_SITES, 5 /* trailing */, $$p1);
  return {
    fileHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 32),
    revision: bigUnsigned(bytes, at + 32),
    expiresMs: bigUnsigned(bytes, at + 40),
    ttlSeconds: bigUnsigned(bytes, at + 48),
    head: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 60, $head$count),
  };
}
/** @throws WireError when the bytes are no dps_file_item. */
export function decodeFileItemBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileItemBig {
  return readFileItemBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileItemBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileItemBig> {
  const value = readFileItemBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fileItemBigLength(value: FileItemBig): number {
  const $head = value?.head;
  if (lengthOf($head) < 0) failBytes(FILE_ITEM_SITES$WRITTEN, 0 /* head: count */, 0, $head);
  return 60 + $head.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileItemBig(value: FileItemBig): NewBytes {
  const bytes = new Uint8Array(fileItemBigLength(value));
  encodeFileItemBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileItemBigInto(value: FileItemBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_ITEM_SITES$WRITTEN, 1 /* argument */, at, value);
  const $head = value.head, $head$count = lengthOf($head);
  if ($head$count < 0) failBytes(FILE_ITEM_SITES$WRITTEN, 0 /* head: count */, at, $head);
  const need = 60 + $head$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_ITEM_SITES$WRITTEN, need, bytes, at);
  const $fileHash = value.fileHash;
  if (lengthOf($fileHash) !== 32) failBytes(FILE_ITEM_SITES$WRITTEN, 2 /* fileHash: length */, at, $fileHash);
  bytes.set($fileHash, at);
  const $revision = value.revision;
  if (typeof $revision !== "bigint" || BigInt.asUintN(64, $revision) !== $revision)
    fail(FILE_ITEM_SITES$WRITTEN$BIG, 0 /* revision: range */, at + 32, $revision);
  bigPut(bytes, at + 32, $revision);
  const $expiresMs = value.expiresMs;
  if (typeof $expiresMs !== "bigint" || BigInt.asUintN(64, $expiresMs) !== $expiresMs)
    fail(FILE_ITEM_SITES$WRITTEN$BIG, 1 /* expiresMs: range */, at + 40, $expiresMs);
  bigPut(bytes, at + 40, $expiresMs);
  const $ttlSeconds = value.ttlSeconds;
  if (typeof $ttlSeconds !== "bigint" || BigInt.asUintN(64, $ttlSeconds) !== $ttlSeconds)
    fail(FILE_ITEM_SITES$WRITTEN$BIG, 2 /* ttlSeconds: range */, at + 48, $ttlSeconds);
  bigPut(bytes, at + 48, $ttlSeconds);
  const $headLength = $head$count;
  if ($headLength > 4294967295) fail(FILE_ITEM_SITES$WRITTEN, 6 /* head: range */, at + 56, $headLength);
  bytes[at + 56] = $headLength >>> 24; bytes[at + 57] = $headLength >>> 16; bytes[at + 58] = $headLength >>> 8;
  bytes[at + 59] = $headLength;
  bytes.set($head, at + 60);
  return at + need;
}

const FILE_STATE_SITES: Sites = {
  format: "dps_file_state",
  file: "dps/files.ksy",
  sites: [
    ["short", "", 49, "at least 97 bytes"],
    ["enum", "part", 53, "one of 0, 1, 2, 3"],
    ["unsafe-integer", "revision", 56, "at most 2^53-1"],
    ["unsafe-integer", "expiresMs", 57, "at most 2^53-1"],
    ["unsafe-integer", "ttlSeconds", 58, "at most 2^53-1"],
    ["short", "text", 61, ""],
    ["trailing", "", 49, ""],
  ],
};
const FILE_STATE_SITES$WRITTEN: Sites = {
  format: "dps_file_state",
  file: "dps/files.ksy",
  sites: [
    ["count", "text", 61, "at least 0 bytes"],
    ["argument", "", 49, "an object"],
    ["range", "part", 53, "0 to 255"],
    ["enum", "part", 53, "one of 0, 1, 2, 3"],
    ["length", "fileHash", 54, "32 bytes"],
    ["length", "recordSha256", 55, "32 bytes"],
    ["range", "revision", 56, "0 to 2^53-1"],
    ["range", "expiresMs", 57, "0 to 2^53-1"],
    ["range", "ttlSeconds", 58, "0 to 2^53-1"],
    ["range", "page", 59, "0 to 4294967295"],
    ["range", "text", 60, "length of 0 to 4294967295"],
  ],
};
const FILE_STATE_SITES$WRITTEN$BIG: Sites = {
  format: "dps_file_state",
  file: "dps/files.ksy",
  sites: [
    ["range", "revision", 56, "0 to 18446744073709551615"],
    ["range", "expiresMs", 57, "0 to 18446744073709551615"],
    ["range", "ttlSeconds", 58, "0 to 18446744073709551615"],
  ],
};
/**
 * A part of a snapshot: the clock, then each record with its pages behind it, then pages without a record. Source:
 * seeds/dps, Records of files.
 */
export interface FileState {
  part: FileStateKind;
  fileHash: Uint8Array;
  recordSha256: Uint8Array;
  revision: number;
  /** Of clock: what it says. */
  expiresMs: number;
  ttlSeconds: number;
  /** Of page: its number; else how many come behind. */
  page: number;
  /** Of file: the head; of page: references. */
  text: Uint8Array;
}
export const FILE_STATE_MIN_SIZE = 97;
function readFileState(bytes: Uint8Array, at: number, end: number): FileState | undefined {
  if (end - at < 97 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_STATE_SITES, 0 /* short */, 97, bytes, at, end);
  }
  const $part = bytes[at]!;
  if (($part < 0 || $part > 3)) return refuse(FILE_STATE_SITES, 1 /* part: enum */, at, $part);
  const $revision$high = uint32At(bytes, at + 65);
  if ($revision$high > 0x1fffff) return refuse(FILE_STATE_SITES, 2 /* revision: unsafe-integer */, at + 65);
  const $expiresMs$high = uint32At(bytes, at + 73);
  if ($expiresMs$high > 0x1fffff) return refuse(FILE_STATE_SITES, 3 /* expiresMs: unsafe-integer */, at + 73);
  const $ttlSeconds$high = uint32At(bytes, at + 81);
  if ($ttlSeconds$high > 0x1fffff) return refuse(FILE_STATE_SITES, 4 /* ttlSeconds: unsafe-integer */, at + 81);
  const $length = uint32At(bytes, at + 93);
  const $text$count = $length;
  if ($text$count > end - at - 97)
    return refuse(FILE_STATE_SITES, 5 /* text: short */, end, `${end - at - 97} of ${$text$count} bytes`);
  const $$p1 = at + 97 + $text$count;
  if ($$p1 !== end) return refuse(FILE_STATE_SITES, 6 /* trailing */, $$p1);
  return {
    part: $part as FileStateKind,
    fileHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 32),
    recordSha256: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 33, 32),
    revision: $revision$high * 4294967296 + uint32At(bytes, at + 69),
    expiresMs: $expiresMs$high * 4294967296 + uint32At(bytes, at + 77),
    ttlSeconds: $ttlSeconds$high * 4294967296 + uint32At(bytes, at + 85),
    page: uint32At(bytes, at + 89),
    text: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 97, $text$count),
  };
}
/** @throws WireError when the bytes are no dps_file_state. */
export function decodeFileState(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileState {
  return readFileState(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileState(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileState> {
  const value = readFileState(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fileStateLength(value: FileState): number {
  const $text = value?.text;
  if (lengthOf($text) < 0) failBytes(FILE_STATE_SITES$WRITTEN, 0 /* text: count */, 0, $text);
  return 97 + $text.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileState(value: FileState): NewBytes {
  const bytes = new Uint8Array(fileStateLength(value));
  encodeFileStateInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileStateInto(value: FileState, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_STATE_SITES$WRITTEN, 1 /* argument */, at, value);
  const $text = value.text, $text$count = lengthOf($text);
  if ($text$count < 0) failBytes(FILE_STATE_SITES$WRITTEN, 0 /* text: count */, at, $text);
  const need = 97 + $text$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_STATE_SITES$WRITTEN, need, bytes, at);
  const $part = value.part;
  if (typeof $part !== "number" || ($part & 255) !== $part)
    fail(FILE_STATE_SITES$WRITTEN, 2 /* part: range */, at, $part);
  if (($part < 0 || $part > 3)) fail(FILE_STATE_SITES$WRITTEN, 3 /* part: enum */, at, $part);
  bytes[at] = $part;
  const $fileHash = value.fileHash;
  if (lengthOf($fileHash) !== 32) failBytes(FILE_STATE_SITES$WRITTEN, 4 /* fileHash: length */, at + 1, $fileHash);
  bytes.set($fileHash, at + 1);
  const $recordSha256 = value.recordSha256;
  if (lengthOf($recordSha256) !== 32)
    failBytes(FILE_STATE_SITES$WRITTEN, 5 /* recordSha256: length */, at + 33, $recordSha256);
  bytes.set($recordSha256, at + 33);
  const $revision = value.revision;
  if (!Number.isSafeInteger($revision) || $revision < 0)
    fail(FILE_STATE_SITES$WRITTEN, 6 /* revision: range */, at + 65, $revision);
  putSafe(bytes, at + 65, $revision);
  const $expiresMs = value.expiresMs;
  if (!Number.isSafeInteger($expiresMs) || $expiresMs < 0)
    fail(FILE_STATE_SITES$WRITTEN, 7 /* expiresMs: range */, at + 73, $expiresMs);
  putSafe(bytes, at + 73, $expiresMs);
  const $ttlSeconds = value.ttlSeconds;
  if (!Number.isSafeInteger($ttlSeconds) || $ttlSeconds < 0)
    fail(FILE_STATE_SITES$WRITTEN, 8 /* ttlSeconds: range */, at + 81, $ttlSeconds);
  putSafe(bytes, at + 81, $ttlSeconds);
  const $page = value.page;
  if (typeof $page !== "number" || $page >>> 0 !== $page)
    fail(FILE_STATE_SITES$WRITTEN, 9 /* page: range */, at + 89, $page);
  bytes[at + 89] = $page >>> 24; bytes[at + 90] = $page >>> 16; bytes[at + 91] = $page >>> 8; bytes[at + 92] = $page;
  const $length = $text$count;
  if ($length > 4294967295) fail(FILE_STATE_SITES$WRITTEN, 10 /* text: range */, at + 93, $length);
  bytes[at + 93] = $length >>> 24; bytes[at + 94] = $length >>> 16; bytes[at + 95] = $length >>> 8;
  bytes[at + 96] = $length;
  bytes.set($text, at + 97);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFileStateLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FILE_STATE_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $part = bytes[at]!;
    if (($part < 0 || $part > 3)) return -1;
  }
  if (end - at < 97) return 0;
  const $length = (((bytes[at + 93]! << 24) | (bytes[at + 94]! << 16) | (bytes[at + 95]! << 8) |
      bytes[at + 96]!) >>> 0);
  const $text$count = $length;
  const $$p1 = at + 97 + $text$count;
  return $$p1 - at;
}
/**
 * A part of a snapshot: the clock, then each record with its pages behind it, then pages without a record. Source:
 * seeds/dps, Records of files. 64-bit integers as bigint.
 */
export interface FileStateBig {
  part: FileStateKind;
  fileHash: Uint8Array;
  recordSha256: Uint8Array;
  revision: bigint;
  /** Of clock: what it says. */
  expiresMs: bigint;
  ttlSeconds: bigint;
  /** Of page: its number; else how many come behind. */
  page: number;
  /** Of file: the head; of page: references. */
  text: Uint8Array;
}
function readFileStateBig(bytes: Uint8Array, at: number, end: number): FileStateBig | undefined {
  if (end - at < 97 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_STATE_SITES, 0 /* short */, 97, bytes, at, end);
  }
  const $part = bytes[at]!;
  if (($part < 0 || $part > 3)) return refuse(FILE_STATE_SITES, 1 /* part: enum */, at, $part);
  const $length = uint32At(bytes, at + 93);
  const $text$count = $length;
  if ($text$count > end - at - 97)
    return refuse(FILE_STATE_SITES, 5 /* text: short */, end, `${end - at - 97} of ${$text$count} bytes`);
  const $$p1 = at + 97 + $text$count;
  if ($$p1 !== end) return refuse(FILE_STATE_SITES, 6 /* trailing */, $$p1);
  return {
    part: $part as FileStateKind,
    fileHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 32),
    recordSha256: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 33, 32),
    revision: bigUnsigned(bytes, at + 65),
    expiresMs: bigUnsigned(bytes, at + 73),
    ttlSeconds: bigUnsigned(bytes, at + 81),
    page: uint32At(bytes, at + 89),
    text: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 97, $text$count),
  };
}
/** @throws WireError when the bytes are no dps_file_state. */
export function decodeFileStateBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileStateBig {
  return readFileStateBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileStateBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileStateBig> {
  const value = readFileStateBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fileStateBigLength(value: FileStateBig): number {
  const $text = value?.text;
  if (lengthOf($text) < 0) failBytes(FILE_STATE_SITES$WRITTEN, 0 /* text: count */, 0, $text);
  return 97 + $text.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileStateBig(value: FileStateBig): NewBytes {
  const bytes = new Uint8Array(fileStateBigLength(value));
  encodeFileStateBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileStateBigInto(value: FileStateBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_STATE_SITES$WRITTEN, 1 /* argument */, at, value);
  const $text = value.text, $text$count = lengthOf($text);
  if ($text$count < 0) failBytes(FILE_STATE_SITES$WRITTEN, 0 /* text: count */, at, $text);
  const need = 97 + $text$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_STATE_SITES$WRITTEN, need, bytes, at);
  const $part = value.part;
  if (typeof $part !== "number" || ($part & 255) !== $part)
    fail(FILE_STATE_SITES$WRITTEN, 2 /* part: range */, at, $part);
  if (($part < 0 || $part > 3)) fail(FILE_STATE_SITES$WRITTEN, 3 /* part: enum */, at, $part);
  bytes[at] = $part;
  const $fileHash = value.fileHash;
  if (lengthOf($fileHash) !== 32) failBytes(FILE_STATE_SITES$WRITTEN, 4 /* fileHash: length */, at + 1, $fileHash);
  bytes.set($fileHash, at + 1);
  const $recordSha256 = value.recordSha256;
  if (lengthOf($recordSha256) !== 32)
    failBytes(FILE_STATE_SITES$WRITTEN, 5 /* recordSha256: length */, at + 33, $recordSha256);
  bytes.set($recordSha256, at + 33);
  const $revision = value.revision;
  if (typeof $revision !== "bigint" || BigInt.asUintN(64, $revision) !== $revision)
    fail(FILE_STATE_SITES$WRITTEN$BIG, 0 /* revision: range */, at + 65, $revision);
  bigPut(bytes, at + 65, $revision);
  const $expiresMs = value.expiresMs;
  if (typeof $expiresMs !== "bigint" || BigInt.asUintN(64, $expiresMs) !== $expiresMs)
    fail(FILE_STATE_SITES$WRITTEN$BIG, 1 /* expiresMs: range */, at + 73, $expiresMs);
  bigPut(bytes, at + 73, $expiresMs);
  const $ttlSeconds = value.ttlSeconds;
  if (typeof $ttlSeconds !== "bigint" || BigInt.asUintN(64, $ttlSeconds) !== $ttlSeconds)
    fail(FILE_STATE_SITES$WRITTEN$BIG, 2 /* ttlSeconds: range */, at + 81, $ttlSeconds);
  bigPut(bytes, at + 81, $ttlSeconds);
  const $page = value.page;
  if (typeof $page !== "number" || $page >>> 0 !== $page)
    fail(FILE_STATE_SITES$WRITTEN, 9 /* page: range */, at + 89, $page);
  bytes[at + 89] = $page >>> 24; bytes[at + 90] = $page >>> 16; bytes[at + 91] = $page >>> 8; bytes[at + 92] = $page;
  const $length = $text$count;
  if ($length > 4294967295) fail(FILE_STATE_SITES$WRITTEN, 10 /* text: range */, at + 93, $length);
  bytes[at + 93] = $length >>> 24; bytes[at + 94] = $length >>> 16; bytes[at + 95] = $length >>> 8;
  bytes[at + 96] = $length;
  bytes.set($text, at + 97);
  return at + need;
}

