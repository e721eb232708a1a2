/** What codecs share: errors, the reader of streams, columns of bytes. A protocol has its codecs in its own subpath. */
export { describeIssue, ERROR_TEXTS, isWireError, WireError } from "../errors.js";
export type { Result, WireErrorCode, WireIssue } from "../errors.js";
export { FrameReader } from "./frame-reader.js";
export {
  asciiBytes,
  bytesColumn,
  bytesOf,
  crc32,
  fail,
  failBytes,
  failRange,
  failRows,
  failSpace,
  failure,
  lengthOf,
  raise,
  readAscii,
  readUtf8,
  refuse,
  refuseRange,
  requireColumn,
  requireNumbers,
  requireRows,
  utf8Bytes,
} from "./runtime.js";
export type { BytesColumn, Site, Sites } from "./runtime.js";
