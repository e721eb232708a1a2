// Generated from rpc/file_server.ksy by `specwire gen`; do not edit. spec sha256 48bec00ae249b23c5508fc911763bc6638c6df4b20ca5bd8a4a9646d506ba22c
/**
 * The protocol of a small file server. A link carries one request and one reply; then the server closes it. The first
 * byte of a reply is its status. A download of an unknown file is answered by the status alone, a deletion too.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigUnsigned, bytesLength, enter, fail, failBytes, failRange,
    failSpace, failure, foreign, inside, leave, lengthOf, next, putSafe, raise, refuse, refuseRange, requireObject,
    textAt, uint32At, utf8Bytes, utf8Length, within } from "../../index.js";

export const FileCommand = {
  upload: 1,
  download: 2,
  list: 3,
  delete: 4,
} as const;
export type FileCommand = (typeof FileCommand)[keyof typeof FileCommand];
/** Name and meaning of each FileCommand. */
export const FILE_COMMAND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "upload", doc: "" },
  2: { name: "download", doc: "" },
  3: { name: "list", doc: "" },
  4: { name: "delete", doc: "" },
};

export const FileLookup = {
  byHash: 0,
  byName: 1,
} as const;
export type FileLookup = (typeof FileLookup)[keyof typeof FileLookup];
/** Name and meaning of each FileLookup. */
export const FILE_LOOKUP_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "byHash", doc: "" },
  1: { name: "byName", doc: "" },
};

export const FileStatus = {
  done: 0,
  /** Only a download is answered so. */
  missing: 1,
  failed: 2,
} as const;
export type FileStatus = (typeof FileStatus)[keyof typeof FileStatus];
/** Name and meaning of each FileStatus. */
export const FILE_STATUS_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "done", doc: "" },
  1: { name: "missing", doc: "Only a download is answered so." },
  2: { name: "failed", doc: "" },
};

const FILE_REQUEST_SITES: Sites = {
  format: "rpc_file_request",
  file: "rpc/file_server.ksy",
  sites: [
    ["short", "", 24, "at least 5 bytes"],
    ["trailing", "", 24, ""],
    ["range", "request", 30, "at least 0 bytes"],
    ["short", "request", 30, ""],
    ["trailing", "request", 30, ""],
  ],
};
const FILE_REQUEST_SITES$WRITTEN: Sites = {
  format: "rpc_file_request",
  file: "rpc/file_server.ksy",
  sites: [
    ["argument", "", 24, "an object"],
    ["short", "request", 30, ""],
    ["range", "request", 28, "length of 0 to 4294967295"],
    ["range", "command", 29, "0 to 255"],
    ["argument", "request", 30, "bytes"],
  ],
};
/** A whole frame. The bytes of an upload may also follow it. Source: seeds/dps, file server. */
export interface FileRequest {
  command: FileCommand | (number & {});
  request: FileUpload | FileDownload | FileListing | FileDeletion | Uint8Array;
}
export const FILE_REQUEST_MIN_SIZE = 5;
function readFileRequest(bytes: Uint8Array, at: number, end: number): FileRequest | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(FILE_REQUEST_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeFileRequest(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(FILE_REQUEST_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no rpc_file_request. */
export function decodeFileRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileRequest {
  return readFileRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileRequest> {
  const value = readFileRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileRequest(value: FileRequest): NewBytes {
  try {
    const bytes = new Uint8Array($sizeFileRequest(value));
    $putFileRequest(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, FILE_REQUEST_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileRequestInto(value: FileRequest, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeFileRequest(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_REQUEST_SITES$WRITTEN, need, bytes, at);
    return $putFileRequest(value, bytes, at);
  } catch (error) { throw foreign(error, FILE_REQUEST_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFileRequestLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FILE_REQUEST_SITES, bytes, at, end);
  next.depth = 0;
  const behind = $skipFileRequest(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipFileRequest(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 5) return -1;
  const $length = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  let $$p1 = at + 5;
  const $request$size = ($length - 1);
  if ($request$size < 0) return -2;
  $$p1 += $request$size;
  return $$p1;
}
function $takeFileRequest(bytes: Uint8Array, at: number, end: number): FileRequest | undefined {
  if (end - at < 5) return refuse(FILE_REQUEST_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $length = uint32At(bytes, at);
  const $command = bytes[at + 4]!;
  const $request$size = ($length - 1);
  if ($request$size < 0) return refuse(FILE_REQUEST_SITES, 2 /* request: range */, at + 5, $request$size);
  if (!($request$size <= end - (at + 5)))
    return refuse(FILE_REQUEST_SITES, 3 /* request: short */, end, `${end - (at + 5)} of ${$request$size} bytes`);
  const $request$end = at + 5 + $request$size;
  const $request$tag = $command as number;
  let $request$c: FileUpload | FileDownload | FileListing | FileDeletion | Uint8Array;
  let $request$ce: number;
  switch ($request$tag) {
    case 1: {
      const $request$0$v = $takeFileUpload(bytes, at + 5, $request$end);
      if ($request$0$v === undefined) return within(FILE_REQUEST_SITES, 3 /* request: short */);
      const $request$0$e = next.at;
      $request$c = $request$0$v;
      $request$ce = $request$0$e;
      break;
    }
    case 2: {
      const $request$1$v = $takeFileDownload(bytes, at + 5, $request$end);
      if ($request$1$v === undefined) return within(FILE_REQUEST_SITES, 3 /* request: short */);
      const $request$1$e = next.at;
      $request$c = $request$1$v;
      $request$ce = $request$1$e;
      break;
    }
    case 3: {
      const $request$2$v = $takeFileListing(bytes, at + 5, $request$end);
      if ($request$2$v === undefined) return within(FILE_REQUEST_SITES, 3 /* request: short */);
      const $request$2$e = next.at;
      $request$c = $request$2$v;
      $request$ce = $request$2$e;
      break;
    }
    case 4: {
      const $request$3$v = $takeFileDeletion(bytes, at + 5, $request$end);
      if ($request$3$v === undefined) return within(FILE_REQUEST_SITES, 3 /* request: short */);
      const $request$3$e = next.at;
      $request$c = $request$3$v;
      $request$ce = $request$3$e;
      break;
    }
    default: {
      $request$c = new Uint8Array(next.buffer, next.base + at + 5, $request$end - (at + 5));
      $request$ce = $request$end;
      break;
    }
  }
  if ($request$ce !== $request$end)
    return refuse(FILE_REQUEST_SITES, 4 /* request: trailing */, $request$ce, `${$request$end - $request$ce} bytes`);
  const $request$is = $request$c;
  const $$p1 = $request$end;
  next.at = $$p1;
  return {
    command: $command,
    request: $request$is,
  };
}
function $putFileRequest(value: FileRequest, bytes: Uint8Array, at: number): number {
  requireObject(FILE_REQUEST_SITES$WRITTEN, 0 /* argument */, at, value);
  let $request$count = 0;
   {
    switch (value.command as number) {
      case 1:
      try { $request$count += $sizeFileUpload(value.request as FileUpload);
      } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
      break;
      case 2:
      try { $request$count += $sizeFileDownload(value.request as FileDownload);
      } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
      break;
      case 3:
      try { $request$count += $sizeFileListing(value.request as FileListing);
      } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
      break;
      case 4:
      try { $request$count += $sizeFileDeletion(value.request as FileDeletion);
      } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
      break;
      default:
      $request$count += bytesLength(value.request);
      break;
    }
  }
  const $length = $request$count + 1;
  if ($length > 4294967295) fail(FILE_REQUEST_SITES$WRITTEN, 2 /* request: range */, at, $length);
  bytes[at] = $length >>> 24; bytes[at + 1] = $length >>> 16; bytes[at + 2] = $length >>> 8; bytes[at + 3] = $length;
  const $command = value.command;
  if (typeof $command !== "number" || ($command & 255) !== $command)
    fail(FILE_REQUEST_SITES$WRITTEN, 3 /* command: range */, at + 4, $command);
  bytes[at + 4] = $command;
  let $request$ce: number;
  const $request$tag = value.command as number;
  switch ($request$tag) {
    case 1: {
      let $request$0$e: number;
      try { $request$0$e = $putFileUpload((value.request as FileUpload), bytes, at + 5);
      } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
      $request$ce = $request$0$e;
      break;
    }
    case 2: {
      let $request$1$e: number;
      try { $request$1$e = $putFileDownload((value.request as FileDownload), bytes, at + 5);
      } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
      $request$ce = $request$1$e;
      break;
    }
    case 3: {
      let $request$2$e: number;
      try { $request$2$e = $putFileListing((value.request as FileListing), bytes, at + 5);
      } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
      $request$ce = $request$2$e;
      break;
    }
    case 4: {
      let $request$3$e: number;
      try { $request$3$e = $putFileDeletion((value.request as FileDeletion), bytes, at + 5);
      } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
      $request$ce = $request$3$e;
      break;
    }
    default: {
      const $request$4$b = (value.request as Uint8Array);
      if (lengthOf($request$4$b) < 0)
        failBytes(FILE_REQUEST_SITES$WRITTEN, 4 /* request: argument */, at + 5, $request$4$b);
      bytes.set($request$4$b, at + 5);
      $request$ce = at + 5 + $request$4$b.length;
      break;
    }
  }
  const $$p1 = $request$ce;
  return $$p1;
}
function $sizeFileRequest(value: FileRequest): number {
  requireObject(FILE_REQUEST_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 5;
  switch (value.command as number) {
    case 1:
    try { $$size += $sizeFileUpload(value.request as FileUpload);
    } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
    break;
    case 2:
    try { $$size += $sizeFileDownload(value.request as FileDownload);
    } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
    break;
    case 3:
    try { $$size += $sizeFileListing(value.request as FileListing);
    } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
    break;
    case 4:
    try { $$size += $sizeFileDeletion(value.request as FileDeletion);
    } catch (error) { throw inside(error, FILE_REQUEST_SITES$WRITTEN, 1 /* request: short */); }
    break;
    default:
    $$size += bytesLength(value.request);
    break;
  }
  return $$size;
}

const FILE_UPLOAD_SITES: Sites = {
  format: "rpc_file_upload",
  file: "rpc/file_server.ksy",
  sites: [
    ["short", "", 39, "at least 10 bytes"],
    ["short", "name", 43, ""],
    ["text", "name", 43, "utf-8"],
  ],
};
const FILE_UPLOAD_SITES$WRITTEN: Sites = {
  format: "rpc_file_upload",
  file: "rpc/file_server.ksy",
  sites: [
    ["argument", "", 39, "an object"],
    ["text", "name", 43, "utf-8"],
    ["count", "name", 43, "at least 0 bytes"],
    ["count", "body", 45, "at least 0 bytes"],
    ["range", "name", 42, "name_length of 0 to 65535"],
    ["range", "sizeBytes", 44, "0 to 18446744073709551615"],
  ],
};
export interface FileUpload {
  kind: "upload";
  name: string;
  /** Bytes of the file. */
  sizeBytes: bigint;
  /** The first of these bytes. What goes beyond the size is passed over. */
  body: Uint8Array;
}
function $takeFileUpload(bytes: Uint8Array, at: number, end: number): FileUpload | undefined {
  if (end - at < 10) return refuse(FILE_UPLOAD_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $nameLength = ((bytes[at]! << 8) | bytes[at + 1]!);
  const $name$count = $nameLength;
  if ($name$count > end - at - 10)
    return refuse(FILE_UPLOAD_SITES, 1 /* name: short */, end, `${end - at - 10} of ${$name$count} bytes`);
  const $$p1 = at + 2 + $name$count;
  const $name = textAt(bytes, at + 2, $$p1);
  if ($name === undefined) return refuse(FILE_UPLOAD_SITES, 2 /* name: text */, at + 2);
  const $body$count = end - $$p1 - 8;
  next.at = end;
  return {
    kind: "upload",
    name: $name,
    sizeBytes: bigUnsigned(bytes, $$p1),
    body: new Uint8Array(next.buffer, next.base + $$p1 + 8, $body$count),
  };
}
function $putFileUpload(value: FileUpload, bytes: Uint8Array, at: number): number {
  requireObject(FILE_UPLOAD_SITES$WRITTEN, 0 /* argument */, at, value);
  const $name = utf8Bytes(value.name);
  if ($name === undefined) fail(FILE_UPLOAD_SITES$WRITTEN, 1 /* name: text */, at);
  const $name$count = $name.length;
  if ($name$count < 0) fail(FILE_UPLOAD_SITES$WRITTEN, 2 /* name: count */, at, $name$count);
  const $body = value.body, $body$count = lengthOf($body);
  if ($body$count < 0) failBytes(FILE_UPLOAD_SITES$WRITTEN, 3 /* body: count */, at, $body);
  const $nameLength = $name$count;
  if ($nameLength > 65535) fail(FILE_UPLOAD_SITES$WRITTEN, 4 /* name: range */, at, $nameLength);
  bytes[at] = $nameLength >>> 8; bytes[at + 1] = $nameLength;
  bytes.set($name, at + 2);
  const $$p1 = at + 2 + $name$count;
  const $sizeBytes = value.sizeBytes;
  if (typeof $sizeBytes !== "bigint" || BigInt.asUintN(64, $sizeBytes) !== $sizeBytes)
    fail(FILE_UPLOAD_SITES$WRITTEN, 5 /* sizeBytes: range */, $$p1, $sizeBytes);
  bigPut(bytes, $$p1, $sizeBytes);
  bytes.set($body, $$p1 + 8);
  const $$p2 = $$p1 + 8 + $body$count;
  return $$p2;
}
function $sizeFileUpload(value: FileUpload): number {
  requireObject(FILE_UPLOAD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 10;
  $$size += utf8Length(value.name);
  $$size += bytesLength(value.body);
  return $$size;
}

const FILE_DOWNLOAD_SITES: Sites = {
  format: "rpc_file_download",
  file: "rpc/file_server.ksy",
  sites: [
    ["short", "", 46, "at least 1 bytes"],
  ],
};
const FILE_DOWNLOAD_SITES$WRITTEN: Sites = {
  format: "rpc_file_download",
  file: "rpc/file_server.ksy",
  sites: [
    ["argument", "", 46, "an object"],
    ["count", "file", 50, "at least 0 bytes"],
    ["range", "lookup", 49, "0 to 255"],
  ],
};
export interface FileDownload {
  kind: "download";
  lookup: FileLookup | (number & {});
  /** SHA-256 of the file, or its name in UTF-8. */
  file: Uint8Array;
}
function $takeFileDownload(bytes: Uint8Array, at: number, end: number): FileDownload | undefined {
  if (end - at < 1) return refuse(FILE_DOWNLOAD_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $file$count = end - at - 1;
  next.at = end;
  return {
    kind: "download",
    lookup: bytes[at]!,
    file: new Uint8Array(next.buffer, next.base + at + 1, $file$count),
  };
}
function $putFileDownload(value: FileDownload, bytes: Uint8Array, at: number): number {
  requireObject(FILE_DOWNLOAD_SITES$WRITTEN, 0 /* argument */, at, value);
  const $file = value.file, $file$count = lengthOf($file);
  if ($file$count < 0) failBytes(FILE_DOWNLOAD_SITES$WRITTEN, 1 /* file: count */, at, $file);
  const $lookup = value.lookup;
  if (typeof $lookup !== "number" || ($lookup & 255) !== $lookup)
    fail(FILE_DOWNLOAD_SITES$WRITTEN, 2 /* lookup: range */, at, $lookup);
  bytes[at] = $lookup;
  bytes.set($file, at + 1);
  const $$p1 = at + 1 + $file$count;
  return $$p1;
}
function $sizeFileDownload(value: FileDownload): number {
  requireObject(FILE_DOWNLOAD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 1;
  $$size += bytesLength(value.file);
  return $$size;
}

const FILE_LISTING_SITES$WRITTEN: Sites = {
  format: "rpc_file_listing",
  file: "rpc/file_server.ksy",
  sites: [
    ["argument", "", 51, "an object"],
    ["count", "rest", 54, "at least 0 bytes"],
  ],
};
export interface FileListing {
  kind: "list";
  /** Nothing; servers pass it over. */
  rest: Uint8Array;
}
function $takeFileListing(_bytes: Uint8Array, at: number, end: number): FileListing | undefined {
  const $rest$count = end - at;
  next.at = end;
  return {
    kind: "list",
    rest: new Uint8Array(next.buffer, next.base + at, $rest$count),
  };
}
function $putFileListing(value: FileListing, bytes: Uint8Array, at: number): number {
  requireObject(FILE_LISTING_SITES$WRITTEN, 0 /* argument */, at, value);
  const $rest = value.rest, $rest$count = lengthOf($rest);
  if ($rest$count < 0) failBytes(FILE_LISTING_SITES$WRITTEN, 1 /* rest: count */, at, $rest);
  bytes.set($rest, at);
  const $$p1 = at + $rest$count;
  return $$p1;
}
function $sizeFileListing(value: FileListing): number {
  requireObject(FILE_LISTING_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 0;
  $$size += bytesLength(value.rest);
  return $$size;
}

const FILE_DELETION_SITES: Sites = {
  format: "rpc_file_deletion",
  file: "rpc/file_server.ksy",
  sites: [
    ["short", "", 55, "32 bytes"],
  ],
};
const FILE_DELETION_SITES$WRITTEN: Sites = {
  format: "rpc_file_deletion",
  file: "rpc/file_server.ksy",
  sites: [
    ["argument", "", 55, "an object"],
    ["length", "hash", 58, "32 bytes"],
  ],
};
export interface FileDeletion {
  kind: "delete";
  /** SHA-256 of the file. */
  hash: Uint8Array;
}
function $takeFileDeletion(_bytes: Uint8Array, at: number, end: number): FileDeletion | undefined {
  if (end - at < 32) return refuse(FILE_DELETION_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 32;
  return {
    kind: "delete",
    hash: new Uint8Array(next.buffer, next.base + at, 32),
  };
}
function $putFileDeletion(value: FileDeletion, bytes: Uint8Array, at: number): number {
  requireObject(FILE_DELETION_SITES$WRITTEN, 0 /* argument */, at, value);
  const $hash = value.hash;
  if (lengthOf($hash) !== 32) failBytes(FILE_DELETION_SITES$WRITTEN, 1 /* hash: length */, at, $hash);
  bytes.set($hash, at);
  return at + 32;
}
function $sizeFileDeletion(_value: FileDeletion): number { return 32; }

const FILE_UPLOAD_HEAD_SITES: Sites = {
  format: "rpc_file_upload_head",
  file: "rpc/file_server.ksy",
  sites: [
    ["short", "", 59, "at least 15 bytes"],
    ["constant", "command", 64, "01"],
    ["short", "name", 66, ""],
    ["text", "name", 66, "utf-8"],
    ["trailing", "", 59, ""],
  ],
};
const FILE_UPLOAD_HEAD_SITES$WRITTEN: Sites = {
  format: "rpc_file_upload_head",
  file: "rpc/file_server.ksy",
  sites: [
    ["count", "name", 66, "at least 0 bytes"],
    ["argument", "", 59, "an object"],
    ["text", "name", 66, "utf-8"],
    ["range", "length", 63, "0 to 4294967295"],
    ["range", "name", 65, "name_length of 0 to 65535"],
    ["range", "sizeBytes", 67, "0 to 18446744073709551615"],
  ],
};
/** An upload up to the bytes of its file, for those who read it as it comes. Source: seeds/dps, file server. */
export interface FileUploadHead {
  /** Bytes of the frame behind this field. */
  length: number;
  name: string;
  /** Bytes of the file. */
  sizeBytes: bigint;
}
export const FILE_UPLOAD_HEAD_MIN_SIZE = 15;
function readFileUploadHead(bytes: Uint8Array, at: number, end: number): FileUploadHead | undefined {
  if (end - at < 15 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_UPLOAD_HEAD_SITES, 0 /* short */, 15, bytes, at, end);
  }
  if (bytes[at + 4] !== 1) return refuse(FILE_UPLOAD_HEAD_SITES, 1 /* command: constant */, at + 4);
  const $nameLength = ((bytes[at + 5]! << 8) | bytes[at + 6]!);
  const $name$count = $nameLength;
  if ($name$count > end - at - 15)
    return refuse(FILE_UPLOAD_HEAD_SITES, 2 /* name: short */, end, `${end - at - 15} of ${$name$count} bytes`);
  const $$p1 = at + 7 + $name$count;
  const $name = textAt(bytes, at + 7, $$p1);
  if ($name === undefined) return refuse(FILE_UPLOAD_HEAD_SITES, 3 /* name: text */, at + 7);
  if ($$p1 + 8 !== end) return refuse(FILE_UPLOAD_HEAD_SITES, 4 /* trailing */, $$p1 + 8);
  return {
    length: uint32At(bytes, at),
    name: $name,
    sizeBytes: bigUnsigned(bytes, $$p1),
  };
}
/** @throws WireError when the bytes are no rpc_file_upload_head. */
export function decodeFileUploadHead(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileUploadHead {
  return readFileUploadHead(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileUploadHead(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FileUploadHead> {
  const value = readFileUploadHead(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function fileUploadHeadLength(value: FileUploadHead): number {
  return 15 + (utf8Bytes(value?.name)?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileUploadHead(value: FileUploadHead): NewBytes {
  const bytes = new Uint8Array(fileUploadHeadLength(value));
  encodeFileUploadHeadInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileUploadHeadInto(value: FileUploadHead, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_UPLOAD_HEAD_SITES$WRITTEN, 1 /* argument */, at, value);
  const $name = utf8Bytes(value.name);
  if ($name === undefined) fail(FILE_UPLOAD_HEAD_SITES$WRITTEN, 2 /* name: text */, at);
  const $name$count = $name.length;
  if ($name$count < 0) fail(FILE_UPLOAD_HEAD_SITES$WRITTEN, 0 /* name: count */, at, $name$count);
  const need = 15 + $name$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_UPLOAD_HEAD_SITES$WRITTEN, need, bytes, at);
  const $length = value.length;
  if (typeof $length !== "number" || $length >>> 0 !== $length)
    fail(FILE_UPLOAD_HEAD_SITES$WRITTEN, 3 /* length: range */, at, $length);
  bytes[at] = $length >>> 24; bytes[at + 1] = $length >>> 16; bytes[at + 2] = $length >>> 8; bytes[at + 3] = $length;
  bytes[at + 4] = 1;
  const $nameLength = $name$count;
  if ($nameLength > 65535) fail(FILE_UPLOAD_HEAD_SITES$WRITTEN, 4 /* name: range */, at + 5, $nameLength);
  bytes[at + 5] = $nameLength >>> 8; bytes[at + 6] = $nameLength;
  bytes.set($name, at + 7);
  const $$p1 = at + 7 + $name$count;
  const $sizeBytes = value.sizeBytes;
  if (typeof $sizeBytes !== "bigint" || BigInt.asUintN(64, $sizeBytes) !== $sizeBytes)
    fail(FILE_UPLOAD_HEAD_SITES$WRITTEN, 5 /* sizeBytes: range */, $$p1, $sizeBytes);
  bigPut(bytes, $$p1, $sizeBytes);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFileUploadHeadLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FILE_UPLOAD_HEAD_SITES, bytes, at, end);
  if (end > at + 4 && bytes[at + 4] !== 1) return -1;
  if (end - at < 7) return 0;
  const $nameLength = ((bytes[at + 5]! << 8) | bytes[at + 6]!);
  const $name$count = $nameLength;
  const $$p1 = at + 7 + $name$count;
  return $$p1 + 8 - at;
}

const FILE_STORED_SITES: Sites = {
  format: "rpc_file_stored",
  file: "rpc/file_server.ksy",
  sites: [
    ["short", "", 68, "33 bytes"],
    ["constant", "status", 72, "00"],
  ],
};
const FILE_STORED_SITES$WRITTEN: Sites = {
  format: "rpc_file_stored",
  file: "rpc/file_server.ksy",
  sites: [
    ["argument", "", 68, "an object"],
    ["length", "hash", 73, "32 bytes"],
  ],
};
/** The reply to an upload. Source: seeds/dps, file server. */
export interface FileStored {
  /** SHA-256 of the file. */
  hash: Uint8Array;
}
export const FILE_STORED_SIZE = 33;
function readFileStored(bytes: Uint8Array, at: number, end: number): FileStored | undefined {
  if (end - at !== 33 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_STORED_SITES, 0 /* short */, 33, bytes, at, end);
  }
  if (bytes[at] !== 0) return refuse(FILE_STORED_SITES, 1 /* status: constant */, at);
  return {
    hash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 32),
  };
}
/** @throws WireError when the bytes are no rpc_file_stored. */
export function decodeFileStored(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileStored {
  return readFileStored(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileStored(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileStored> {
  const value = readFileStored(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileStored(value: FileStored): NewBytes {
  const bytes = new Uint8Array(33);
  encodeFileStoredInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileStoredInto(value: FileStored, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_STORED_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 33 || at >>> 0 !== at) failSpace(FILE_STORED_SITES$WRITTEN, 33, bytes, at);
  bytes[at] = 0;
  const $hash = value.hash;
  if (lengthOf($hash) !== 32) failBytes(FILE_STORED_SITES$WRITTEN, 1 /* hash: length */, at + 1, $hash);
  bytes.set($hash, at + 1);
  return at + 33;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFileStoredLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FILE_STORED_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 0) return -1;
  return 33;
}

const FILE_FOUND_SITES: Sites = {
  format: "rpc_file_found",
  file: "rpc/file_server.ksy",
  sites: [
    ["short", "", 74, "9 bytes"],
    ["constant", "status", 78, "00"],
    ["unsafe-integer", "sizeBytes", 79, "at most 2^53-1"],
  ],
};
const FILE_FOUND_SITES$WRITTEN: Sites = {
  format: "rpc_file_found",
  file: "rpc/file_server.ksy",
  sites: [
    ["argument", "", 74, "an object"],
    ["range", "sizeBytes", 79, "0 to 2^53-1"],
  ],
};
const FILE_FOUND_SITES$WRITTEN$BIG: Sites = {
  format: "rpc_file_found",
  file: "rpc/file_server.ksy",
  sites: [
    ["range", "sizeBytes", 79, "0 to 18446744073709551615"],
  ],
};
/** The reply to a download. The bytes of the file follow. Source: seeds/dps, file server. */
export interface FileFound {
  /** Bytes of the file. */
  sizeBytes: number;
}
export const FILE_FOUND_SIZE = 9;
function readFileFound(bytes: Uint8Array, at: number, end: number): FileFound | undefined {
  if (end - at !== 9 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_FOUND_SITES, 0 /* short */, 9, bytes, at, end);
  }
  if (bytes[at] !== 0) return refuse(FILE_FOUND_SITES, 1 /* status: constant */, at);
  const $sizeBytes$high = uint32At(bytes, at + 1);
  if ($sizeBytes$high > 0x1fffff) return refuse(FILE_FOUND_SITES, 2 /* sizeBytes: unsafe-integer */, at + 1);
  return {
    sizeBytes: $sizeBytes$high * 4294967296 + uint32At(bytes, at + 5),
  };
}
/** @throws WireError when the bytes are no rpc_file_found. */
export function decodeFileFound(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileFound {
  return readFileFound(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileFound(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileFound> {
  const value = readFileFound(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileFound(value: FileFound): NewBytes {
  const bytes = new Uint8Array(9);
  encodeFileFoundInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileFoundInto(value: FileFound, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_FOUND_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 9 || at >>> 0 !== at) failSpace(FILE_FOUND_SITES$WRITTEN, 9, bytes, at);
  bytes[at] = 0;
  const $sizeBytes = value.sizeBytes;
  if (!Number.isSafeInteger($sizeBytes) || $sizeBytes < 0)
    fail(FILE_FOUND_SITES$WRITTEN, 1 /* sizeBytes: range */, at + 1, $sizeBytes);
  putSafe(bytes, at + 1, $sizeBytes);
  return at + 9;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFileFoundLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FILE_FOUND_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 0) return -1;
  return 9;
}
/** The reply to a download. The bytes of the file follow. Source: seeds/dps, file server. 64-bit integers as bigint. */
export interface FileFoundBig {
  /** Bytes of the file. */
  sizeBytes: bigint;
}
function readFileFoundBig(bytes: Uint8Array, at: number, end: number): FileFoundBig | undefined {
  if (end - at !== 9 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_FOUND_SITES, 0 /* short */, 9, bytes, at, end);
  }
  if (bytes[at] !== 0) return refuse(FILE_FOUND_SITES, 1 /* status: constant */, at);
  return {
    sizeBytes: bigUnsigned(bytes, at + 1),
  };
}
/** @throws WireError when the bytes are no rpc_file_found. */
export function decodeFileFoundBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileFoundBig {
  return readFileFoundBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileFoundBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileFoundBig> {
  const value = readFileFoundBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileFoundBig(value: FileFoundBig): NewBytes {
  const bytes = new Uint8Array(9);
  encodeFileFoundBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileFoundBigInto(value: FileFoundBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_FOUND_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 9 || at >>> 0 !== at) failSpace(FILE_FOUND_SITES$WRITTEN, 9, bytes, at);
  bytes[at] = 0;
  const $sizeBytes = value.sizeBytes;
  if (typeof $sizeBytes !== "bigint" || BigInt.asUintN(64, $sizeBytes) !== $sizeBytes)
    fail(FILE_FOUND_SITES$WRITTEN$BIG, 0 /* sizeBytes: range */, at + 1, $sizeBytes);
  bigPut(bytes, at + 1, $sizeBytes);
  return at + 9;
}

const FILE_LIST_SITES: Sites = {
  format: "rpc_file_list",
  file: "rpc/file_server.ksy",
  sites: [
    ["short", "", 80, "at least 5 bytes"],
    ["constant", "status", 84, "00"],
    ["short", "json", 86, ""],
    ["text", "json", 86, "utf-8"],
    ["trailing", "", 80, ""],
  ],
};
const FILE_LIST_SITES$WRITTEN: Sites = {
  format: "rpc_file_list",
  file: "rpc/file_server.ksy",
  sites: [
    ["count", "json", 86, "at least 0 bytes"],
    ["argument", "", 80, "an object"],
    ["text", "json", 86, "utf-8"],
    ["range", "json", 85, "json_length of 0 to 4294967295"],
  ],
};
/** The reply to a list. Source: seeds/dps, file server. */
export interface FileList {
  /** A list of `{"name", "hash", "size"}`. */
  json: string;
}
export const FILE_LIST_MIN_SIZE = 5;
function readFileList(bytes: Uint8Array, at: number, end: number): FileList | undefined {
  if (end - at < 5 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_LIST_SITES, 0 /* short */, 5, bytes, at, end);
  }
  if (bytes[at] !== 0) return refuse(FILE_LIST_SITES, 1 /* status: constant */, at);
  const $jsonLength = uint32At(bytes, at + 1);
  const $json$count = $jsonLength;
  if ($json$count > end - at - 5)
    return refuse(FILE_LIST_SITES, 2 /* json: short */, end, `${end - at - 5} of ${$json$count} bytes`);
  const $$p1 = at + 5 + $json$count;
  const $json = textAt(bytes, at + 5, $$p1);
  if ($json === undefined) return refuse(FILE_LIST_SITES, 3 /* json: text */, at + 5);
  if ($$p1 !== end) return refuse(FILE_LIST_SITES, 4 /* trailing */, $$p1);
  return {
    json: $json,
  };
}
/** @throws WireError when the bytes are no rpc_file_list. */
export function decodeFileList(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileList {
  return readFileList(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileList(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileList> {
  const value = readFileList(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function fileListLength(value: FileList): number {
  return 5 + (utf8Bytes(value?.json)?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileList(value: FileList): NewBytes {
  const bytes = new Uint8Array(fileListLength(value));
  encodeFileListInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileListInto(value: FileList, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_LIST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $json = utf8Bytes(value.json);
  if ($json === undefined) fail(FILE_LIST_SITES$WRITTEN, 2 /* json: text */, at);
  const $json$count = $json.length;
  if ($json$count < 0) fail(FILE_LIST_SITES$WRITTEN, 0 /* json: count */, at, $json$count);
  const need = 5 + $json$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_LIST_SITES$WRITTEN, need, bytes, at);
  bytes[at] = 0;
  const $jsonLength = $json$count;
  if ($jsonLength > 4294967295) fail(FILE_LIST_SITES$WRITTEN, 3 /* json: range */, at + 1, $jsonLength);
  bytes[at + 1] = $jsonLength >>> 24; bytes[at + 2] = $jsonLength >>> 16; bytes[at + 3] = $jsonLength >>> 8;
  bytes[at + 4] = $jsonLength;
  bytes.set($json, at + 5);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFileListLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FILE_LIST_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 0) return -1;
  if (end - at < 5) return 0;
  const $jsonLength = (((bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) |
      bytes[at + 4]!) >>> 0);
  const $json$count = $jsonLength;
  const $$p1 = at + 5 + $json$count;
  return $$p1 - at;
}

const FILE_FAILURE_SITES: Sites = {
  format: "rpc_file_failure",
  file: "rpc/file_server.ksy",
  sites: [
    ["short", "", 87, "at least 5 bytes"],
    ["constant", "status", 91, "02"],
    ["short", "message", 93, ""],
    ["text", "message", 93, "utf-8"],
    ["trailing", "", 87, ""],
  ],
};
const FILE_FAILURE_SITES$WRITTEN: Sites = {
  format: "rpc_file_failure",
  file: "rpc/file_server.ksy",
  sites: [
    ["count", "message", 93, "at least 0 bytes"],
    ["argument", "", 87, "an object"],
    ["text", "message", 93, "utf-8"],
    ["range", "message", 92, "message_length of 0 to 4294967295"],
  ],
};
/** Why a request failed. Source: seeds/dps, file server. */
export interface FileFailure {
  message: string;
}
export const FILE_FAILURE_MIN_SIZE = 5;
function readFileFailure(bytes: Uint8Array, at: number, end: number): FileFailure | undefined {
  if (end - at < 5 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FILE_FAILURE_SITES, 0 /* short */, 5, bytes, at, end);
  }
  if (bytes[at] !== 2) return refuse(FILE_FAILURE_SITES, 1 /* status: constant */, at);
  const $messageLength = uint32At(bytes, at + 1);
  const $message$count = $messageLength;
  if ($message$count > end - at - 5)
    return refuse(FILE_FAILURE_SITES, 2 /* message: short */, end, `${end - at - 5} of ${$message$count} bytes`);
  const $$p1 = at + 5 + $message$count;
  const $message = textAt(bytes, at + 5, $$p1);
  if ($message === undefined) return refuse(FILE_FAILURE_SITES, 3 /* message: text */, at + 5);
  if ($$p1 !== end) return refuse(FILE_FAILURE_SITES, 4 /* trailing */, $$p1);
  return {
    message: $message,
  };
}
/** @throws WireError when the bytes are no rpc_file_failure. */
export function decodeFileFailure(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FileFailure {
  return readFileFailure(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFileFailure(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FileFailure> {
  const value = readFileFailure(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function fileFailureLength(value: FileFailure): number {
  return 5 + (utf8Bytes(value?.message)?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeFileFailure(value: FileFailure): NewBytes {
  const bytes = new Uint8Array(fileFailureLength(value));
  encodeFileFailureInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFileFailureInto(value: FileFailure, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FILE_FAILURE_SITES$WRITTEN, 1 /* argument */, at, value);
  const $message = utf8Bytes(value.message);
  if ($message === undefined) fail(FILE_FAILURE_SITES$WRITTEN, 2 /* message: text */, at);
  const $message$count = $message.length;
  if ($message$count < 0) fail(FILE_FAILURE_SITES$WRITTEN, 0 /* message: count */, at, $message$count);
  const need = 5 + $message$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FILE_FAILURE_SITES$WRITTEN, need, bytes, at);
  bytes[at] = 2;
  const $messageLength = $message$count;
  if ($messageLength > 4294967295) fail(FILE_FAILURE_SITES$WRITTEN, 3 /* message: range */, at + 1, $messageLength);
  bytes[at + 1] = $messageLength >>> 24; bytes[at + 2] = $messageLength >>> 16; bytes[at + 3] = $messageLength >>> 8;
  bytes[at + 4] = $messageLength;
  bytes.set($message, at + 5);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFileFailureLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FILE_FAILURE_SITES, bytes, at, end);
  if (end > at && bytes[at] !== 2) return -1;
  if (end - at < 5) return 0;
  const $messageLength = (((bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) |
      bytes[at + 4]!) >>> 0);
  const $message$count = $messageLength;
  const $$p1 = at + 5 + $message$count;
  return $$p1 - at;
}

