/** What codecs share: errors, the reader of streams, columns of bytes. A protocol has its codecs in its own subpath. */
export { describeIssue, ERROR_TEXTS, isWireError, WireError } from "../errors.js";
export type { Result, WireErrorCode, WireIssue } from "../errors.js";
export { FrameReader } from "./frame-reader.js";
export {
  bytesLength,
  DEPTH_MAX,
  foreign,
  inside,
  listOf,
  next,
  readFloat,
  readVarint,
  requireObject,
  utf8Length,
  varintLength,
  wideBits,
  within,
  writeFloat,
  writeVarint,
} from "./pieces.js";
export {
  adler32,
  asciiBytes,
  bytesColumn,
  bytesOf,
  crc16,
  crc32,
  fail,
  failBytes,
  failRange,
  failRows,
  failSpace,
  failure,
  internetChecksum,
  lengthOf,
  raise,
  readAscii,
  readUtf8,
  refuse,
  refuseRange,
  requireColumn,
  requireNumbers,
  requireRows,
  sum8,
  utf8Bytes,
  xor8,
} from "./runtime.js";
export type { BytesColumn, Site, Sites } from "./runtime.js";
