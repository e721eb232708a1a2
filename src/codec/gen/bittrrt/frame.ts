// Generated from bittrrt/frame.ksy by `specwire gen`; do not edit. spec sha256 b89509b921e4a5b05209318848adf768313252e7f6c1994395f6be3764da0b02
/**
 * BittrRt, what a sealed datagram holds. A datagram is nonce 12, ChaCha20-Poly1305 of header and plaintext, tag 16;
 * these are the headers and payloads inside. The two headers cannot be told apart on the wire: the peer must be known.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigUnsigned, fail, failRange, failRows, failSpace, failure,
    lengthOf, putSafe, raise, refuse, refuseRange, requireNumbers, uint32At } from "../../index.js";

const EMPTY = new Uint8Array(0);

const FRAME_HEADER_SITES: Sites = {
  format: "bittrrt_frame_header",
  file: "bittrrt/frame.ksy",
  sites: [
    ["short", "", 10, "20 bytes"],
    ["unsafe-integer", "sequence", 18, "at most 2^53-1"],
    ["unsafe-integer", "offset", 19, "at most 2^53-1"],
    ["short", "", 10, "20 bytes a row"],
  ],
};
const FRAME_HEADER_SITES$WRITTEN: Sites = {
  format: "bittrrt_frame_header",
  file: "bittrrt/frame.ksy",
  sites: [
    ["argument", "", 10, "an object"],
    ["range", "flags", 16, "0 to 255"],
    ["range", "channel", 17, "0 to 16777215"],
    ["range", "sequence", 18, "0 to 2^53-1"],
    ["range", "offset", 19, "0 to 2^53-1"],
    ["range", "[*].channel", 17, "a value that the field can hold"],
    ["range", "[*].sequence", 18, "a value that the field can hold"],
    ["range", "[*].offset", 19, "a value that the field can hold"],
  ],
};
const FRAME_HEADER_SITES$WRITTEN$BIG: Sites = {
  format: "bittrrt_frame_header",
  file: "bittrrt/frame.ksy",
  sites: [
    ["range", "sequence", 18, "0 to 18446744073709551615"],
    ["range", "offset", 19, "0 to 18446744073709551615"],
  ],
};
/** Header of versions 0.7 and 0.8. Source: seeds/bittrrt, sealed frame. */
export interface FrameHeader {
  /** Bit positions: urgent 0, heartbeat 1, flow control 2, unlossy 3, binary 4, data 5, ack 6. */
  flags: number;
  channel: number;
  /** A message number; in a heartbeat the echoes that are left. */
  sequence: number;
  offset: number;
}
export const FRAME_HEADER_SIZE = 20;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const FRAME_HEADER_DEFAULTS = { flags: 0, channel: 0, sequence: 0, offset: 0 } as const;
function readFrameHeader(bytes: Uint8Array, at: number, end: number): FrameHeader | undefined {
  if (end - at !== 20 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FRAME_HEADER_SITES, 0 /* short */, 20, bytes, at, end);
  }
  const $sequence$high = uint32At(bytes, at + 4);
  if ($sequence$high > 0x1fffff) return refuse(FRAME_HEADER_SITES, 1 /* sequence: unsafe-integer */, at + 4);
  const $offset$high = uint32At(bytes, at + 12);
  if ($offset$high > 0x1fffff) return refuse(FRAME_HEADER_SITES, 2 /* offset: unsafe-integer */, at + 12);
  return {
    flags: bytes[at]!,
    channel: ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!),
    sequence: $sequence$high * 4294967296 + uint32At(bytes, at + 8),
    offset: $offset$high * 4294967296 + uint32At(bytes, at + 16),
  };
}
/** @throws WireError when the bytes are no bittrrt_frame_header. */
export function decodeFrameHeader(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FrameHeader {
  return readFrameHeader(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFrameHeader(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FrameHeader> {
  const value = readFrameHeader(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeFrameHeader(value: FrameHeader): NewBytes {
  const bytes = new Uint8Array(20);
  encodeFrameHeaderInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFrameHeaderInto(value: FrameHeader, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FRAME_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 20 || at >>> 0 !== at) failSpace(FRAME_HEADER_SITES$WRITTEN, 20, bytes, at);
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 255) !== $flags)
    fail(FRAME_HEADER_SITES$WRITTEN, 1 /* flags: range */, at, $flags);
  bytes[at] = $flags;
  const $channel = value.channel;
  if (typeof $channel !== "number" || ($channel & 16777215) !== $channel)
    fail(FRAME_HEADER_SITES$WRITTEN, 2 /* channel: range */, at + 1, $channel);
  bytes[at + 1] = $channel >>> 16; bytes[at + 2] = $channel >>> 8; bytes[at + 3] = $channel;
  const $sequence = value.sequence;
  if (!Number.isSafeInteger($sequence) || $sequence < 0)
    fail(FRAME_HEADER_SITES$WRITTEN, 3 /* sequence: range */, at + 4, $sequence);
  putSafe(bytes, at + 4, $sequence);
  const $offset = value.offset;
  if (!Number.isSafeInteger($offset) || $offset < 0)
    fail(FRAME_HEADER_SITES$WRITTEN, 4 /* offset: range */, at + 12, $offset);
  putSafe(bytes, at + 12, $offset);
  return at + 20;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeFrameHeaderIntoView(value: FrameHeader, view: DataView, at: number): number {
  if (!value) fail(FRAME_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (view.byteLength - at < 20 || at >>> 0 !== at) failSpace(FRAME_HEADER_SITES$WRITTEN, 20, view, at);
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 255) !== $flags)
    fail(FRAME_HEADER_SITES$WRITTEN, 1 /* flags: range */, at, $flags);
  const $channel = value.channel;
  if (typeof $channel !== "number" || ($channel & 16777215) !== $channel)
    fail(FRAME_HEADER_SITES$WRITTEN, 2 /* channel: range */, at + 1, $channel);
  view.setUint32(at, ($flags << 24) | $channel);
  const $sequence = value.sequence;
  if (!Number.isSafeInteger($sequence) || $sequence < 0)
    fail(FRAME_HEADER_SITES$WRITTEN, 3 /* sequence: range */, at + 4, $sequence);
  view.setUint32(at + 4, $sequence / 4294967296);
  view.setUint32(at + 8, $sequence);
  const $offset = value.offset;
  if (!Number.isSafeInteger($offset) || $offset < 0)
    fail(FRAME_HEADER_SITES$WRITTEN, 4 /* offset: range */, at + 12, $offset);
  view.setUint32(at + 12, $offset / 4294967296);
  view.setUint32(at + 16, $offset);
  return at + 20;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFrameHeaderLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(FRAME_HEADER_SITES, bytes, at, end);
  return 20;
}
/** Reads the fields of one bittrrt_frame_header where they lie. Reusable; holds the bytes it was given. */
export class FrameHeaderReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): this {
    if (checkFrameHeader(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FrameHeaderReader> {
    if (checkFrameHeader(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Bit positions: urgent 0, heartbeat 1, flow control 2, unlossy 3, binary 4, data 5, ack 6. */
  get flags(): number { const bytes = this.$bytes; return bytes[this.$at]!; }
  get channel(): number { const bytes = this.$bytes;
  return ((bytes[this.$at + 1]! << 16) | (bytes[this.$at + 2]! << 8) | bytes[this.$at + 3]!); }
  /** A message number; in a heartbeat the echoes that are left. */
  get sequence(): number { const bytes = this.$bytes; return uint32At(bytes, this.$at + 4) * 4294967296 +
      uint32At(bytes, this.$at + 8); }
  get offset(): number { const bytes = this.$bytes; return uint32At(bytes, this.$at + 12) * 4294967296 +
      uint32At(bytes, this.$at + 16); }
}
/** Rows of frame_header, a column a field. */
export interface FrameHeaderColumns {
  length: number;
  /** Bit positions: urgent 0, heartbeat 1, flow control 2, unlossy 3, binary 4, data 5, ack 6. */
  readonly flags: Uint8Array;
  readonly channel: Uint32Array;
  /** A message number; in a heartbeat the echoes that are left. */
  readonly sequence: Float64Array;
  readonly offset: Float64Array;
}
/** Columns with room for `rows` rows. */
export function frameHeaderColumns(rows: number): FrameHeaderColumns {
  return { length: 0, flags: new Uint8Array(rows), channel: new Uint32Array(rows), sequence: new Float64Array(rows),
      offset: new Float64Array(rows) };
}
/**
 * Reads `n` rows that follow each other from `at`. @throws WireError `short`, `space`, or the rule that a row breaks
 */
export function decodeFrameHeaderColumns(view: DataView, at: number, n: number, columns: FrameHeaderColumns): void {
  if (n >>> 0 !== n) failRows(FRAME_HEADER_SITES, "", columns.flags.length, n);
  requireFrameHeaderColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 20)
    fail(FRAME_HEADER_SITES, 3 /* short */, at, `${view.byteLength - at} bytes`);
  const flagsColumn = columns.flags;
  const channelColumn = columns.channel;
  const sequenceColumn = columns.sequence;
  const offsetColumn = columns.offset;
  let bad = 0;
  const start = at;
  for (let i = 0; i < n; i++, at += 20) {
    const word0 = view.getUint32(at);
    flagsColumn[i] = word0 >>> 24;
    channelColumn[i] = word0 & 16777215;
    const $sequence$high = view.getUint32(at + 4);
    bad |= ($sequence$high & 0xffe00000);
    sequenceColumn[i] = $sequence$high * 4294967296 + view.getUint32(at + 8);
    const $offset$high = view.getUint32(at + 12);
    bad |= ($offset$high & 0xffe00000);
    offsetColumn[i] = $offset$high * 4294967296 + view.getUint32(at + 16);
  }
  if (bad !== 0) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let i = 0, p = start; i < n; i++, p += 20) if (checkFrameHeader(bytes, p, p + 20) === undefined) raise();
  }
  columns.length = n;
}
/** Writes the first `n` rows one after the other from `at`. @returns the position behind the last */
export function encodeFrameHeaderColumns(columns: FrameHeaderColumns, n: number, view: DataView, at: number): number {
  if (n >>> 0 !== n) failRows(FRAME_HEADER_SITES$WRITTEN, "", columns.flags.length, n);
  requireFrameHeaderColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 20) failSpace(FRAME_HEADER_SITES$WRITTEN, n * 20, view, at);
  const flagsColumn = columns.flags;
  const channelColumn = columns.channel;
  const sequenceColumn = columns.sequence;
  const offsetColumn = columns.offset;
  for (let i = 0; i < n; i++, at += 20) {
    const $flags = flagsColumn[i]!;
    view.setUint8(at, $flags);
    const $channel = channelColumn[i]!;
    if (($channel & 16777215) !== $channel)
      fail(FRAME_HEADER_SITES$WRITTEN, 5 /* [*].channel: range */, at + 1, $channel, i);
    view.setUint8(at + 1, $channel >>> 16);
    view.setUint16(at + 2, $channel);
    const $sequence = sequenceColumn[i]!;
    if (!Number.isSafeInteger($sequence) || $sequence < 0)
      fail(FRAME_HEADER_SITES$WRITTEN, 6 /* [*].sequence: range */, at + 4, $sequence, i);
    view.setUint32(at + 4, $sequence / 4294967296);
    view.setUint32(at + 8, $sequence);
    const $offset = offsetColumn[i]!;
    if (!Number.isSafeInteger($offset) || $offset < 0)
      fail(FRAME_HEADER_SITES$WRITTEN, 7 /* [*].offset: range */, at + 12, $offset, i);
    view.setUint32(at + 12, $offset / 4294967296);
    view.setUint32(at + 16, $offset);
  }
  return at;
}
function requireFrameHeaderColumns(columns: FrameHeaderColumns, n: number): void {
  requireNumbers(FRAME_HEADER_SITES, "flags", columns.flags, "Uint8Array", n);
  requireNumbers(FRAME_HEADER_SITES, "channel", columns.channel, "Uint32Array", n);
  requireNumbers(FRAME_HEADER_SITES, "sequence", columns.sequence, "Float64Array", n);
  requireNumbers(FRAME_HEADER_SITES, "offset", columns.offset, "Float64Array", n);
}
function checkFrameHeader(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at !== 20 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FRAME_HEADER_SITES, 0 /* short */, 20, bytes, at, end);
  }
  if (bytes[at + 4]! !== 0 || bytes[at + 5]! > 0x1f)
    return refuse(FRAME_HEADER_SITES, 1 /* sequence: unsafe-integer */, at + 4);
  if (bytes[at + 12]! !== 0 || bytes[at + 13]! > 0x1f)
    return refuse(FRAME_HEADER_SITES, 2 /* offset: unsafe-integer */, at + 12);
  return true;
}
/** Header of versions 0.7 and 0.8. Source: seeds/bittrrt, sealed frame. 64-bit integers as bigint. */
export interface FrameHeaderBig {
  /** Bit positions: urgent 0, heartbeat 1, flow control 2, unlossy 3, binary 4, data 5, ack 6. */
  flags: number;
  channel: number;
  /** A message number; in a heartbeat the echoes that are left. */
  sequence: bigint;
  offset: bigint;
}
function readFrameHeaderBig(bytes: Uint8Array, at: number, end: number): FrameHeaderBig | undefined {
  if (end - at !== 20 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FRAME_HEADER_SITES, 0 /* short */, 20, bytes, at, end);
  }
  return {
    flags: bytes[at]!,
    channel: ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!),
    sequence: bigUnsigned(bytes, at + 4),
    offset: bigUnsigned(bytes, at + 12),
  };
}
/** @throws WireError when the bytes are no bittrrt_frame_header. */
export function decodeFrameHeaderBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FrameHeaderBig {
  return readFrameHeaderBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFrameHeaderBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FrameHeaderBig> {
  const value = readFrameHeaderBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeFrameHeaderBig(value: FrameHeaderBig): NewBytes {
  const bytes = new Uint8Array(20);
  encodeFrameHeaderBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFrameHeaderBigInto(value: FrameHeaderBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FRAME_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 20 || at >>> 0 !== at) failSpace(FRAME_HEADER_SITES$WRITTEN, 20, bytes, at);
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 255) !== $flags)
    fail(FRAME_HEADER_SITES$WRITTEN, 1 /* flags: range */, at, $flags);
  bytes[at] = $flags;
  const $channel = value.channel;
  if (typeof $channel !== "number" || ($channel & 16777215) !== $channel)
    fail(FRAME_HEADER_SITES$WRITTEN, 2 /* channel: range */, at + 1, $channel);
  bytes[at + 1] = $channel >>> 16; bytes[at + 2] = $channel >>> 8; bytes[at + 3] = $channel;
  const $sequence = value.sequence;
  if (typeof $sequence !== "bigint" || BigInt.asUintN(64, $sequence) !== $sequence)
    fail(FRAME_HEADER_SITES$WRITTEN$BIG, 0 /* sequence: range */, at + 4, $sequence);
  bigPut(bytes, at + 4, $sequence);
  const $offset = value.offset;
  if (typeof $offset !== "bigint" || BigInt.asUintN(64, $offset) !== $offset)
    fail(FRAME_HEADER_SITES$WRITTEN$BIG, 1 /* offset: range */, at + 12, $offset);
  bigPut(bytes, at + 12, $offset);
  return at + 20;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeFrameHeaderBigIntoView(value: FrameHeaderBig, view: DataView, at: number): number {
  if (!value) fail(FRAME_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (view.byteLength - at < 20 || at >>> 0 !== at) failSpace(FRAME_HEADER_SITES$WRITTEN, 20, view, at);
  const $flags = value.flags;
  if (typeof $flags !== "number" || ($flags & 255) !== $flags)
    fail(FRAME_HEADER_SITES$WRITTEN, 1 /* flags: range */, at, $flags);
  const $channel = value.channel;
  if (typeof $channel !== "number" || ($channel & 16777215) !== $channel)
    fail(FRAME_HEADER_SITES$WRITTEN, 2 /* channel: range */, at + 1, $channel);
  view.setUint32(at, ($flags << 24) | $channel);
  const $sequence = value.sequence;
  if (typeof $sequence !== "bigint" || BigInt.asUintN(64, $sequence) !== $sequence)
    fail(FRAME_HEADER_SITES$WRITTEN$BIG, 0 /* sequence: range */, at + 4, $sequence);
  view.setBigUint64(at + 4, $sequence);
  const $offset = value.offset;
  if (typeof $offset !== "bigint" || BigInt.asUintN(64, $offset) !== $offset)
    fail(FRAME_HEADER_SITES$WRITTEN$BIG, 1 /* offset: range */, at + 12, $offset);
  view.setBigUint64(at + 12, $offset);
  return at + 20;
}
/** Reads the fields of one bittrrt_frame_header where they lie. Reusable; holds the bytes it was given. */
export class FrameHeaderBigReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): this {
    if (checkFrameHeaderBig(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FrameHeaderBigReader> {
    if (checkFrameHeaderBig(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Bit positions: urgent 0, heartbeat 1, flow control 2, unlossy 3, binary 4, data 5, ack 6. */
  get flags(): number { const bytes = this.$bytes; return bytes[this.$at]!; }
  get channel(): number { const bytes = this.$bytes;
  return ((bytes[this.$at + 1]! << 16) | (bytes[this.$at + 2]! << 8) | bytes[this.$at + 3]!); }
  /** A message number; in a heartbeat the echoes that are left. */
  get sequence(): bigint { const bytes = this.$bytes; return bigUnsigned(bytes, this.$at + 4); }
  get offset(): bigint { const bytes = this.$bytes; return bigUnsigned(bytes, this.$at + 12); }
}
/** Rows of frame_header, a column a field. */
export interface FrameHeaderBigColumns {
  length: number;
  /** Bit positions: urgent 0, heartbeat 1, flow control 2, unlossy 3, binary 4, data 5, ack 6. */
  readonly flags: Uint8Array;
  readonly channel: Uint32Array;
  /** A message number; in a heartbeat the echoes that are left. */
  readonly sequence: BigUint64Array;
  readonly offset: BigUint64Array;
}
/** Columns with room for `rows` rows. */
export function frameHeaderBigColumns(rows: number): FrameHeaderBigColumns {
  return { length: 0, flags: new Uint8Array(rows), channel: new Uint32Array(rows), sequence: new BigUint64Array(rows),
      offset: new BigUint64Array(rows) };
}
/**
 * Reads `n` rows that follow each other from `at`. @throws WireError `short`, `space`, or the rule that a row breaks
 */
export function decodeFrameHeaderBigColumns(view: DataView, at: number, n: number,
    columns: FrameHeaderBigColumns): void {
  if (n >>> 0 !== n) failRows(FRAME_HEADER_SITES, "", columns.flags.length, n);
  requireFrameHeaderBigColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 20)
    fail(FRAME_HEADER_SITES, 3 /* short */, at, `${view.byteLength - at} bytes`);
  const flagsColumn = columns.flags;
  const channelColumn = columns.channel;
  const sequenceColumn = columns.sequence;
  const offsetColumn = columns.offset;
  for (let i = 0; i < n; i++, at += 20) {
    const word0 = view.getUint32(at);
    flagsColumn[i] = word0 >>> 24;
    channelColumn[i] = word0 & 16777215;
    sequenceColumn[i] = view.getBigUint64(at + 4);
    offsetColumn[i] = view.getBigUint64(at + 12);
  }
  columns.length = n;
}
/** Writes the first `n` rows one after the other from `at`. @returns the position behind the last */
export function encodeFrameHeaderBigColumns(columns: FrameHeaderBigColumns, n: number, view: DataView,
    at: number): number {
  if (n >>> 0 !== n) failRows(FRAME_HEADER_SITES$WRITTEN, "", columns.flags.length, n);
  requireFrameHeaderBigColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 20) failSpace(FRAME_HEADER_SITES$WRITTEN, n * 20, view, at);
  const flagsColumn = columns.flags;
  const channelColumn = columns.channel;
  const sequenceColumn = columns.sequence;
  const offsetColumn = columns.offset;
  for (let i = 0; i < n; i++, at += 20) {
    const $flags = flagsColumn[i]!;
    view.setUint8(at, $flags);
    const $channel = channelColumn[i]!;
    if (($channel & 16777215) !== $channel)
      fail(FRAME_HEADER_SITES$WRITTEN, 5 /* [*].channel: range */, at + 1, $channel, i);
    view.setUint8(at + 1, $channel >>> 16);
    view.setUint16(at + 2, $channel);
    const $sequence = sequenceColumn[i]!;
    view.setBigUint64(at + 4, $sequence);
    const $offset = offsetColumn[i]!;
    view.setBigUint64(at + 12, $offset);
  }
  return at;
}
function requireFrameHeaderBigColumns(columns: FrameHeaderBigColumns, n: number): void {
  requireNumbers(FRAME_HEADER_SITES, "flags", columns.flags, "Uint8Array", n);
  requireNumbers(FRAME_HEADER_SITES, "channel", columns.channel, "Uint32Array", n);
  requireNumbers(FRAME_HEADER_SITES, "sequence", columns.sequence, "BigUint64Array", n);
  requireNumbers(FRAME_HEADER_SITES, "offset", columns.offset, "BigUint64Array", n);
}
function checkFrameHeaderBig(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at !== 20 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FRAME_HEADER_SITES, 0 /* short */, 20, bytes, at, end);
  }
  return true;
}

const LEGACY_FRAME_HEADER_SITES: Sites = {
  format: "bittrrt_legacy_frame_header",
  file: "bittrrt/frame.ksy",
  sites: [
    ["short", "", 20, "20 bytes"],
    ["unsafe-integer", "sequence", 27, "at most 2^53-1"],
    ["unsafe-integer", "offset", 28, "at most 2^53-1"],
    ["short", "", 20, "20 bytes a row"],
  ],
};
const LEGACY_FRAME_HEADER_SITES$WRITTEN: Sites = {
  format: "bittrrt_legacy_frame_header",
  file: "bittrrt/frame.ksy",
  sites: [
    ["argument", "", 20, "an object"],
    ["range", "channel", 26, "0 to 4294967295"],
    ["range", "sequence", 27, "0 to 2^53-1"],
    ["range", "offset", 28, "0 to 2^53-1"],
    ["range", "[*].sequence", 27, "a value that the field can hold"],
    ["range", "[*].offset", 28, "a value that the field can hold"],
  ],
};
const LEGACY_FRAME_HEADER_SITES$WRITTEN$BIG: Sites = {
  format: "bittrrt_legacy_frame_header",
  file: "bittrrt/frame.ksy",
  sites: [
    ["range", "sequence", 27, "0 to 18446744073709551615"],
    ["range", "offset", 28, "0 to 18446744073709551615"],
  ],
};
/** Header of version 0.6, without flags. Source: seeds/bittrrt, old header. */
export interface LegacyFrameHeader {
  channel: number;
  sequence: number;
  offset: number;
}
export const LEGACY_FRAME_HEADER_SIZE = 20;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const LEGACY_FRAME_HEADER_DEFAULTS = { channel: 0, sequence: 0, offset: 0 } as const;
function readLegacyFrameHeader(bytes: Uint8Array, at: number, end: number): LegacyFrameHeader | undefined {
  if (end - at !== 20 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LEGACY_FRAME_HEADER_SITES, 0 /* short */, 20, bytes, at, end);
  }
  const $sequence$high = uint32At(bytes, at + 4);
  if ($sequence$high > 0x1fffff) return refuse(LEGACY_FRAME_HEADER_SITES, 1 /* sequence: unsafe-integer */, at + 4);
  const $offset$high = uint32At(bytes, at + 12);
  if ($offset$high > 0x1fffff) return refuse(LEGACY_FRAME_HEADER_SITES, 2 /* offset: unsafe-integer */, at + 12);
  return {
    channel: uint32At(bytes, at),
    sequence: $sequence$high * 4294967296 + uint32At(bytes, at + 8),
    offset: $offset$high * 4294967296 + uint32At(bytes, at + 16),
  };
}
/** @throws WireError when the bytes are no bittrrt_legacy_frame_header. */
export function decodeLegacyFrameHeader(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): LegacyFrameHeader {
  return readLegacyFrameHeader(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLegacyFrameHeader(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<LegacyFrameHeader> {
  const value = readLegacyFrameHeader(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeLegacyFrameHeader(value: LegacyFrameHeader): NewBytes {
  const bytes = new Uint8Array(20);
  encodeLegacyFrameHeaderInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLegacyFrameHeaderInto(value: LegacyFrameHeader, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 20 || at >>> 0 !== at) failSpace(LEGACY_FRAME_HEADER_SITES$WRITTEN, 20, bytes, at);
  const $channel = value.channel;
  if (typeof $channel !== "number" || $channel >>> 0 !== $channel)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 1 /* channel: range */, at, $channel);
  bytes[at] = $channel >>> 24; bytes[at + 1] = $channel >>> 16; bytes[at + 2] = $channel >>> 8;
  bytes[at + 3] = $channel;
  const $sequence = value.sequence;
  if (!Number.isSafeInteger($sequence) || $sequence < 0)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 2 /* sequence: range */, at + 4, $sequence);
  putSafe(bytes, at + 4, $sequence);
  const $offset = value.offset;
  if (!Number.isSafeInteger($offset) || $offset < 0)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 3 /* offset: range */, at + 12, $offset);
  putSafe(bytes, at + 12, $offset);
  return at + 20;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeLegacyFrameHeaderIntoView(value: LegacyFrameHeader, view: DataView, at: number): number {
  if (!value) fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (view.byteLength - at < 20 || at >>> 0 !== at) failSpace(LEGACY_FRAME_HEADER_SITES$WRITTEN, 20, view, at);
  const $channel = value.channel;
  if (typeof $channel !== "number" || $channel >>> 0 !== $channel)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 1 /* channel: range */, at, $channel);
  view.setUint32(at, $channel);
  const $sequence = value.sequence;
  if (!Number.isSafeInteger($sequence) || $sequence < 0)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 2 /* sequence: range */, at + 4, $sequence);
  view.setUint32(at + 4, $sequence / 4294967296);
  view.setUint32(at + 8, $sequence);
  const $offset = value.offset;
  if (!Number.isSafeInteger($offset) || $offset < 0)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 3 /* offset: range */, at + 12, $offset);
  view.setUint32(at + 12, $offset / 4294967296);
  view.setUint32(at + 16, $offset);
  return at + 20;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekLegacyFrameHeaderLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(LEGACY_FRAME_HEADER_SITES, bytes, at, end);
  return 20;
}
/** Rows of legacy_frame_header, a column a field. */
export interface LegacyFrameHeaderColumns {
  length: number;
  readonly channel: Uint32Array;
  readonly sequence: Float64Array;
  readonly offset: Float64Array;
}
/** Columns with room for `rows` rows. */
export function legacyFrameHeaderColumns(rows: number): LegacyFrameHeaderColumns {
  return { length: 0, channel: new Uint32Array(rows), sequence: new Float64Array(rows),
      offset: new Float64Array(rows) };
}
/**
 * Reads `n` rows that follow each other from `at`. @throws WireError `short`, `space`, or the rule that a row breaks
 */
export function decodeLegacyFrameHeaderColumns(view: DataView, at: number, n: number,
    columns: LegacyFrameHeaderColumns): void {
  if (n >>> 0 !== n) failRows(LEGACY_FRAME_HEADER_SITES, "", columns.channel.length, n);
  requireLegacyFrameHeaderColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 20)
    fail(LEGACY_FRAME_HEADER_SITES, 3 /* short */, at, `${view.byteLength - at} bytes`);
  const channelColumn = columns.channel;
  const sequenceColumn = columns.sequence;
  const offsetColumn = columns.offset;
  let bad = 0;
  const start = at;
  for (let i = 0; i < n; i++, at += 20) {
    channelColumn[i] = view.getUint32(at);
    const $sequence$high = view.getUint32(at + 4);
    bad |= ($sequence$high & 0xffe00000);
    sequenceColumn[i] = $sequence$high * 4294967296 + view.getUint32(at + 8);
    const $offset$high = view.getUint32(at + 12);
    bad |= ($offset$high & 0xffe00000);
    offsetColumn[i] = $offset$high * 4294967296 + view.getUint32(at + 16);
  }
  if (bad !== 0) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let i = 0, p = start; i < n; i++, p += 20) if (checkLegacyFrameHeader(bytes, p, p + 20) === undefined) raise();
  }
  columns.length = n;
}
/** Writes the first `n` rows one after the other from `at`. @returns the position behind the last */
export function encodeLegacyFrameHeaderColumns(columns: LegacyFrameHeaderColumns, n: number, view: DataView,
    at: number): number {
  if (n >>> 0 !== n) failRows(LEGACY_FRAME_HEADER_SITES$WRITTEN, "", columns.channel.length, n);
  requireLegacyFrameHeaderColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 20) failSpace(LEGACY_FRAME_HEADER_SITES$WRITTEN, n * 20, view, at);
  const channelColumn = columns.channel;
  const sequenceColumn = columns.sequence;
  const offsetColumn = columns.offset;
  for (let i = 0; i < n; i++, at += 20) {
    const $channel = channelColumn[i]!;
    view.setUint32(at, $channel);
    const $sequence = sequenceColumn[i]!;
    if (!Number.isSafeInteger($sequence) || $sequence < 0)
      fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 4 /* [*].sequence: range */, at + 4, $sequence, i);
    view.setUint32(at + 4, $sequence / 4294967296);
    view.setUint32(at + 8, $sequence);
    const $offset = offsetColumn[i]!;
    if (!Number.isSafeInteger($offset) || $offset < 0)
      fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 5 /* [*].offset: range */, at + 12, $offset, i);
    view.setUint32(at + 12, $offset / 4294967296);
    view.setUint32(at + 16, $offset);
  }
  return at;
}
function requireLegacyFrameHeaderColumns(columns: LegacyFrameHeaderColumns, n: number): void {
  requireNumbers(LEGACY_FRAME_HEADER_SITES, "channel", columns.channel, "Uint32Array", n);
  requireNumbers(LEGACY_FRAME_HEADER_SITES, "sequence", columns.sequence, "Float64Array", n);
  requireNumbers(LEGACY_FRAME_HEADER_SITES, "offset", columns.offset, "Float64Array", n);
}
function checkLegacyFrameHeader(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at !== 20 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LEGACY_FRAME_HEADER_SITES, 0 /* short */, 20, bytes, at, end);
  }
  if (bytes[at + 4]! !== 0 || bytes[at + 5]! > 0x1f)
    return refuse(LEGACY_FRAME_HEADER_SITES, 1 /* sequence: unsafe-integer */, at + 4);
  if (bytes[at + 12]! !== 0 || bytes[at + 13]! > 0x1f)
    return refuse(LEGACY_FRAME_HEADER_SITES, 2 /* offset: unsafe-integer */, at + 12);
  return true;
}
/** Header of version 0.6, without flags. Source: seeds/bittrrt, old header. 64-bit integers as bigint. */
export interface LegacyFrameHeaderBig {
  channel: number;
  sequence: bigint;
  offset: bigint;
}
function readLegacyFrameHeaderBig(bytes: Uint8Array, at: number, end: number): LegacyFrameHeaderBig | undefined {
  if (end - at !== 20 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(LEGACY_FRAME_HEADER_SITES, 0 /* short */, 20, bytes, at, end);
  }
  return {
    channel: uint32At(bytes, at),
    sequence: bigUnsigned(bytes, at + 4),
    offset: bigUnsigned(bytes, at + 12),
  };
}
/** @throws WireError when the bytes are no bittrrt_legacy_frame_header. */
export function decodeLegacyFrameHeaderBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): LegacyFrameHeaderBig {
  return readLegacyFrameHeaderBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeLegacyFrameHeaderBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<LegacyFrameHeaderBig> {
  const value = readLegacyFrameHeaderBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeLegacyFrameHeaderBig(value: LegacyFrameHeaderBig): NewBytes {
  const bytes = new Uint8Array(20);
  encodeLegacyFrameHeaderBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeLegacyFrameHeaderBigInto(value: LegacyFrameHeaderBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 20 || at >>> 0 !== at) failSpace(LEGACY_FRAME_HEADER_SITES$WRITTEN, 20, bytes, at);
  const $channel = value.channel;
  if (typeof $channel !== "number" || $channel >>> 0 !== $channel)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 1 /* channel: range */, at, $channel);
  bytes[at] = $channel >>> 24; bytes[at + 1] = $channel >>> 16; bytes[at + 2] = $channel >>> 8;
  bytes[at + 3] = $channel;
  const $sequence = value.sequence;
  if (typeof $sequence !== "bigint" || BigInt.asUintN(64, $sequence) !== $sequence)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN$BIG, 0 /* sequence: range */, at + 4, $sequence);
  bigPut(bytes, at + 4, $sequence);
  const $offset = value.offset;
  if (typeof $offset !== "bigint" || BigInt.asUintN(64, $offset) !== $offset)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN$BIG, 1 /* offset: range */, at + 12, $offset);
  bigPut(bytes, at + 12, $offset);
  return at + 20;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeLegacyFrameHeaderBigIntoView(value: LegacyFrameHeaderBig, view: DataView, at: number): number {
  if (!value) fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  if (view.byteLength - at < 20 || at >>> 0 !== at) failSpace(LEGACY_FRAME_HEADER_SITES$WRITTEN, 20, view, at);
  const $channel = value.channel;
  if (typeof $channel !== "number" || $channel >>> 0 !== $channel)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN, 1 /* channel: range */, at, $channel);
  view.setUint32(at, $channel);
  const $sequence = value.sequence;
  if (typeof $sequence !== "bigint" || BigInt.asUintN(64, $sequence) !== $sequence)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN$BIG, 0 /* sequence: range */, at + 4, $sequence);
  view.setBigUint64(at + 4, $sequence);
  const $offset = value.offset;
  if (typeof $offset !== "bigint" || BigInt.asUintN(64, $offset) !== $offset)
    fail(LEGACY_FRAME_HEADER_SITES$WRITTEN$BIG, 1 /* offset: range */, at + 12, $offset);
  view.setBigUint64(at + 12, $offset);
  return at + 20;
}
/** Rows of legacy_frame_header, a column a field. */
export interface LegacyFrameHeaderBigColumns {
  length: number;
  readonly channel: Uint32Array;
  readonly sequence: BigUint64Array;
  readonly offset: BigUint64Array;
}
/** Columns with room for `rows` rows. */
export function legacyFrameHeaderBigColumns(rows: number): LegacyFrameHeaderBigColumns {
  return { length: 0, channel: new Uint32Array(rows), sequence: new BigUint64Array(rows),
      offset: new BigUint64Array(rows) };
}
/**
 * Reads `n` rows that follow each other from `at`. @throws WireError `short`, `space`, or the rule that a row breaks
 */
export function decodeLegacyFrameHeaderBigColumns(view: DataView, at: number, n: number,
    columns: LegacyFrameHeaderBigColumns): void {
  if (n >>> 0 !== n) failRows(LEGACY_FRAME_HEADER_SITES, "", columns.channel.length, n);
  requireLegacyFrameHeaderBigColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 20)
    fail(LEGACY_FRAME_HEADER_SITES, 3 /* short */, at, `${view.byteLength - at} bytes`);
  const channelColumn = columns.channel;
  const sequenceColumn = columns.sequence;
  const offsetColumn = columns.offset;
  for (let i = 0; i < n; i++, at += 20) {
    channelColumn[i] = view.getUint32(at);
    sequenceColumn[i] = view.getBigUint64(at + 4);
    offsetColumn[i] = view.getBigUint64(at + 12);
  }
  columns.length = n;
}
/** Writes the first `n` rows one after the other from `at`. @returns the position behind the last */
export function encodeLegacyFrameHeaderBigColumns(columns: LegacyFrameHeaderBigColumns, n: number, view: DataView,
    at: number): number {
  if (n >>> 0 !== n) failRows(LEGACY_FRAME_HEADER_SITES$WRITTEN, "", columns.channel.length, n);
  requireLegacyFrameHeaderBigColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 20) failSpace(LEGACY_FRAME_HEADER_SITES$WRITTEN, n * 20, view, at);
  const channelColumn = columns.channel;
  const sequenceColumn = columns.sequence;
  const offsetColumn = columns.offset;
  for (let i = 0; i < n; i++, at += 20) {
    const $channel = channelColumn[i]!;
    view.setUint32(at, $channel);
    const $sequence = sequenceColumn[i]!;
    view.setBigUint64(at + 4, $sequence);
    const $offset = offsetColumn[i]!;
    view.setBigUint64(at + 12, $offset);
  }
  return at;
}
function requireLegacyFrameHeaderBigColumns(columns: LegacyFrameHeaderBigColumns, n: number): void {
  requireNumbers(LEGACY_FRAME_HEADER_SITES, "channel", columns.channel, "Uint32Array", n);
  requireNumbers(LEGACY_FRAME_HEADER_SITES, "sequence", columns.sequence, "BigUint64Array", n);
  requireNumbers(LEGACY_FRAME_HEADER_SITES, "offset", columns.offset, "BigUint64Array", n);
}

const HEARTBEAT_SITES: Sites = {
  format: "bittrrt_heartbeat",
  file: "bittrrt/frame.ksy",
  sites: [
    ["short", "", 29, "at least 0 bytes"],
    ["divisible", "stampsMs", 33, "a multiple of 8 bytes"],
    ["unsafe-integer", "stampsMs[*]", 33, "at most 2^53-1"],
  ],
};
const HEARTBEAT_SITES$WRITTEN: Sites = {
  format: "bittrrt_heartbeat",
  file: "bittrrt/frame.ksy",
  sites: [
    ["count", "stampsMs", 33, "at least 0 items"],
    ["argument", "", 29, "an object"],
    ["range", "stampsMs[*]", 33, "0 to 2^53-1"],
  ],
};
const HEARTBEAT_SITES$WRITTEN$BIG: Sites = {
  format: "bittrrt_heartbeat",
  file: "bittrrt/frame.ksy",
  sites: [
    ["range", "stampsMs[*]", 33, "0 to 18446744073709551615"],
  ],
};
/** The stamps of client and server in turn, each appended by its sender. Source: seeds/bittrrt, heartbeat. */
export interface Heartbeat {
  /** Milliseconds since 1970-01-01 UTC. */
  stampsMs: number[];
}
export const HEARTBEAT_MIN_SIZE = 0;
function readHeartbeat(bytes: Uint8Array, at: number, end: number): Heartbeat | undefined {
  if (end - at < 0 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(HEARTBEAT_SITES, 0 /* short */, 0, bytes, at, end);
  }
  const $stampsMs$count = ((end - at) / 8) | 0;
  if ($stampsMs$count * 8 !== end - at) return refuse(HEARTBEAT_SITES, 1 /* stampsMs: divisible */, at, end - at);
  for (let i = 0, p = at; i < $stampsMs$count; i++, p += 8) {
    if (bytes[p]! !== 0 || bytes[p + 1]! > 0x1f)
      return refuse(HEARTBEAT_SITES, 2 /* stampsMs[*]: unsafe-integer */, p, undefined, i);
  }
  const $stampsMs = new Array<number>($stampsMs$count);
  for (let i = 0, p = at; i < $stampsMs$count; i++, p += 8)
    $stampsMs[i] = uint32At(bytes, p) * 4294967296 + uint32At(bytes, p + 4);
  return {
    stampsMs: $stampsMs,
  };
}
/** @throws WireError when the bytes are no bittrrt_heartbeat. */
export function decodeHeartbeat(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Heartbeat {
  return readHeartbeat(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeHeartbeat(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<Heartbeat> {
  const value = readHeartbeat(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function heartbeatLength(value: Heartbeat): number {
  const $stampsMs$count = value?.stampsMs?.length ?? -1;
  if (!Number.isInteger($stampsMs$count) || $stampsMs$count < 0)
    fail(HEARTBEAT_SITES$WRITTEN, 0 /* stampsMs: count */, 0, $stampsMs$count);
  return 8 * $stampsMs$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeHeartbeat(value: Heartbeat): NewBytes {
  const bytes = new Uint8Array(heartbeatLength(value));
  encodeHeartbeatInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeHeartbeatInto(value: Heartbeat, bytes: Uint8Array, at = 0): number {
  if (!value) fail(HEARTBEAT_SITES$WRITTEN, 1 /* argument */, at, value);
  const $stampsMs = value.stampsMs, $stampsMs$count = $stampsMs?.length ?? -1;
  if (!Number.isInteger($stampsMs$count) || $stampsMs$count < 0)
    fail(HEARTBEAT_SITES$WRITTEN, 0 /* stampsMs: count */, at, $stampsMs$count);
  const need = 8 * $stampsMs$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(HEARTBEAT_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, p = at; i < $stampsMs$count; i++, p += 8) {
    const $stampsMs$item = $stampsMs[i]!;
    if (!Number.isSafeInteger($stampsMs$item) || $stampsMs$item < 0)
      fail(HEARTBEAT_SITES$WRITTEN, 2 /* stampsMs[*]: range */, p, $stampsMs$item, i);
    putSafe(bytes, p, $stampsMs$item);
  }
  return at + need;
}
/**
 * The stamps of client and server in turn, each appended by its sender. Source: seeds/bittrrt, heartbeat. 64-bit
 * integers as bigint.
 */
export interface HeartbeatBig {
  /** Milliseconds since 1970-01-01 UTC. */
  stampsMs: bigint[];
}
function readHeartbeatBig(bytes: Uint8Array, at: number, end: number): HeartbeatBig | undefined {
  if (end - at < 0 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(HEARTBEAT_SITES, 0 /* short */, 0, bytes, at, end);
  }
  const $stampsMs$count = ((end - at) / 8) | 0;
  if ($stampsMs$count * 8 !== end - at) return refuse(HEARTBEAT_SITES, 1 /* stampsMs: divisible */, at, end - at);
  const $stampsMs = new Array<bigint>($stampsMs$count);
  for (let i = 0, p = at; i < $stampsMs$count; i++, p += 8) $stampsMs[i] = bigUnsigned(bytes, p);
  return {
    stampsMs: $stampsMs,
  };
}
/** @throws WireError when the bytes are no bittrrt_heartbeat. */
export function decodeHeartbeatBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): HeartbeatBig {
  return readHeartbeatBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeHeartbeatBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<HeartbeatBig> {
  const value = readHeartbeatBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function heartbeatBigLength(value: HeartbeatBig): number {
  const $stampsMs$count = value?.stampsMs?.length ?? -1;
  if (!Number.isInteger($stampsMs$count) || $stampsMs$count < 0)
    fail(HEARTBEAT_SITES$WRITTEN, 0 /* stampsMs: count */, 0, $stampsMs$count);
  return 8 * $stampsMs$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeHeartbeatBig(value: HeartbeatBig): NewBytes {
  const bytes = new Uint8Array(heartbeatBigLength(value));
  encodeHeartbeatBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeHeartbeatBigInto(value: HeartbeatBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(HEARTBEAT_SITES$WRITTEN, 1 /* argument */, at, value);
  const $stampsMs = value.stampsMs, $stampsMs$count = $stampsMs?.length ?? -1;
  if (!Number.isInteger($stampsMs$count) || $stampsMs$count < 0)
    fail(HEARTBEAT_SITES$WRITTEN, 0 /* stampsMs: count */, at, $stampsMs$count);
  const need = 8 * $stampsMs$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(HEARTBEAT_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, p = at; i < $stampsMs$count; i++, p += 8) {
    const $stampsMs$item = $stampsMs[i]!;
    if (typeof $stampsMs$item !== "bigint" || BigInt.asUintN(64, $stampsMs$item) !== $stampsMs$item)
      fail(HEARTBEAT_SITES$WRITTEN$BIG, 0 /* stampsMs[*]: range */, p, $stampsMs$item, i);
    bigPut(bytes, p, $stampsMs$item);
  }
  return at + need;
}

const SEQUENCE_SPANS_SITES: Sites = {
  format: "bittrrt_sequence_spans",
  file: "bittrrt/frame.ksy",
  sites: [
    ["short", "", 34, "at least 4 bytes"],
    ["short", "spans", 39, ""],
    ["unsafe-integer", "spans[*].begin", 42, "at most 2^53-1"],
    ["unsafe-integer", "spans[*].end", 43, "at most 2^53-1"],
    ["trailing", "", 34, ""],
  ],
};
const SEQUENCE_SPANS_SITES$WRITTEN: Sites = {
  format: "bittrrt_sequence_spans",
  file: "bittrrt/frame.ksy",
  sites: [
    ["count", "spans", 39, "at least 0 items"],
    ["argument", "", 34, "an object"],
    ["range", "spans", 38, "span_count of 0 to 4294967295"],
    ["argument", "spans[*]", 34, "an object"],
    ["range", "spans[*].begin", 42, "0 to 2^53-1"],
    ["range", "spans[*].end", 43, "0 to 2^53-1"],
  ],
};
const SEQUENCE_SPANS_SITES$WRITTEN$BIG: Sites = {
  format: "bittrrt_sequence_spans",
  file: "bittrrt/frame.ksy",
  sites: [
    ["range", "spans[*].begin", 42, "0 to 18446744073709551615"],
    ["range", "spans[*].end", 43, "0 to 18446744073709551615"],
  ],
};
/** Ranges of sequence numbers, sorted by their begin. Source: seeds/bittrrt, sequence spans. */
export interface SequenceSpans {
  spans: SequenceSpan[];
}
export const SEQUENCE_SPANS_MIN_SIZE = 4;
function readSequenceSpans(bytes: Uint8Array, at: number, end: number): SequenceSpans | undefined {
  if (end - at < 4 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SEQUENCE_SPANS_SITES, 0 /* short */, 4, bytes, at, end);
  }
  const $spanCount = uint32At(bytes, at);
  const $spans$count = $spanCount;
  if ($spans$count * 16 > end - at - 4)
    return refuse(SEQUENCE_SPANS_SITES, 1 /* spans: short */, end, `${end - at - 4} of ${$spans$count * 16} bytes`);
  const $$p1 = at + 4 + $spans$count * 16;
  for (let i = 0, p = at + 4; i < $spans$count; i++, p += 16) {
    if (bytes[p]! !== 0 || bytes[p + 1]! > 0x1f)
      return refuse(SEQUENCE_SPANS_SITES, 2 /* spans[*].begin: unsafe-integer */, p, undefined, i);
    if (bytes[p + 8]! !== 0 || bytes[p + 9]! > 0x1f)
      return refuse(SEQUENCE_SPANS_SITES, 3 /* spans[*].end: unsafe-integer */, p + 8, undefined, i);
  }
  if ($$p1 !== end) return refuse(SEQUENCE_SPANS_SITES, 4 /* trailing */, $$p1);
  const $spans = new Array<SequenceSpan>($spans$count);
  for (let i = 0, p = at + 4; i < $spans$count; i++, p += 16)
    $spans[i] = { begin: uint32At(bytes, p) * 4294967296 + uint32At(bytes, p + 4),
      end: uint32At(bytes, p + 8) * 4294967296 + uint32At(bytes, p + 12) };
  return {
    spans: $spans,
  };
}
/** @throws WireError when the bytes are no bittrrt_sequence_spans. */
export function decodeSequenceSpans(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SequenceSpans {
  return readSequenceSpans(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSequenceSpans(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SequenceSpans> {
  const value = readSequenceSpans(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function sequenceSpansLength(value: SequenceSpans): number {
  const $spans$count = value?.spans?.length ?? -1;
  if (!Number.isInteger($spans$count) || $spans$count < 0)
    fail(SEQUENCE_SPANS_SITES$WRITTEN, 0 /* spans: count */, 0, $spans$count);
  return 4 + 16 * $spans$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeSequenceSpans(value: SequenceSpans): NewBytes {
  const bytes = new Uint8Array(sequenceSpansLength(value));
  encodeSequenceSpansInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSequenceSpansInto(value: SequenceSpans, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SEQUENCE_SPANS_SITES$WRITTEN, 1 /* argument */, at, value);
  const $spans = value.spans, $spans$count = $spans?.length ?? -1;
  if (!Number.isInteger($spans$count) || $spans$count < 0)
    fail(SEQUENCE_SPANS_SITES$WRITTEN, 0 /* spans: count */, at, $spans$count);
  const need = 4 + 16 * $spans$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SEQUENCE_SPANS_SITES$WRITTEN, need, bytes, at);
  const $spanCount = $spans$count;
  if ($spanCount > 4294967295) fail(SEQUENCE_SPANS_SITES$WRITTEN, 2 /* spans: range */, at, $spanCount);
  bytes[at] = $spanCount >>> 24; bytes[at + 1] = $spanCount >>> 16; bytes[at + 2] = $spanCount >>> 8;
  bytes[at + 3] = $spanCount;
  for (let i = 0, p = at + 4; i < $spans$count; i++, p += 16) {
    const item = $spans[i]!;
    if (!item) fail(SEQUENCE_SPANS_SITES$WRITTEN, 3 /* spans[*]: argument */, p, item, i);
    const $spans$item_begin = item.begin;
    if (!Number.isSafeInteger($spans$item_begin) || $spans$item_begin < 0)
      fail(SEQUENCE_SPANS_SITES$WRITTEN, 4 /* spans[*].begin: range */, p, $spans$item_begin, i);
    putSafe(bytes, p, $spans$item_begin);
    const $spans$item_end = item.end;
    if (!Number.isSafeInteger($spans$item_end) || $spans$item_end < 0)
      fail(SEQUENCE_SPANS_SITES$WRITTEN, 5 /* spans[*].end: range */, p + 8, $spans$item_end, i);
    putSafe(bytes, p + 8, $spans$item_end);
  }
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSequenceSpansLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SEQUENCE_SPANS_SITES, bytes, at, end);
  if (end - at < 4) return 0;
  const $spanCount = (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0);
  const $spans$count = $spanCount;
  const $$p1 = at + 4 + $spans$count * 16;
  return $$p1 - at;
}
/**
 * Ranges of sequence numbers, sorted by their begin. Source: seeds/bittrrt, sequence spans. 64-bit integers as bigint.
 */
export interface SequenceSpansBig {
  spans: SequenceSpanBig[];
}
function readSequenceSpansBig(bytes: Uint8Array, at: number, end: number): SequenceSpansBig | undefined {
  if (end - at < 4 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SEQUENCE_SPANS_SITES, 0 /* short */, 4, bytes, at, end);
  }
  const $spanCount = uint32At(bytes, at);
  const $spans$count = $spanCount;
  if ($spans$count * 16 > end - at - 4)
    return refuse(SEQUENCE_SPANS_SITES, 1 /* spans: short */, end, `${end - at - 4} of ${$spans$count * 16} bytes`);
  const $$p1 = at + 4 + $spans$count * 16;
  if ($$p1 !== end) return refuse(SEQUENCE_SPANS_SITES, 4 /* trailing */, $$p1);
  const $spans = new Array<SequenceSpanBig>($spans$count);
  for (let i = 0, p = at + 4; i < $spans$count; i++, p += 16)
    $spans[i] = { begin: bigUnsigned(bytes, p), end: bigUnsigned(bytes, p + 8) };
  return {
    spans: $spans,
  };
}
/** @throws WireError when the bytes are no bittrrt_sequence_spans. */
export function decodeSequenceSpansBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SequenceSpansBig {
  return readSequenceSpansBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSequenceSpansBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SequenceSpansBig> {
  const value = readSequenceSpansBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function sequenceSpansBigLength(value: SequenceSpansBig): number {
  const $spans$count = value?.spans?.length ?? -1;
  if (!Number.isInteger($spans$count) || $spans$count < 0)
    fail(SEQUENCE_SPANS_SITES$WRITTEN, 0 /* spans: count */, 0, $spans$count);
  return 4 + 16 * $spans$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeSequenceSpansBig(value: SequenceSpansBig): NewBytes {
  const bytes = new Uint8Array(sequenceSpansBigLength(value));
  encodeSequenceSpansBigInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSequenceSpansBigInto(value: SequenceSpansBig, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SEQUENCE_SPANS_SITES$WRITTEN, 1 /* argument */, at, value);
  const $spans = value.spans, $spans$count = $spans?.length ?? -1;
  if (!Number.isInteger($spans$count) || $spans$count < 0)
    fail(SEQUENCE_SPANS_SITES$WRITTEN, 0 /* spans: count */, at, $spans$count);
  const need = 4 + 16 * $spans$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SEQUENCE_SPANS_SITES$WRITTEN, need, bytes, at);
  const $spanCount = $spans$count;
  if ($spanCount > 4294967295) fail(SEQUENCE_SPANS_SITES$WRITTEN, 2 /* spans: range */, at, $spanCount);
  bytes[at] = $spanCount >>> 24; bytes[at + 1] = $spanCount >>> 16; bytes[at + 2] = $spanCount >>> 8;
  bytes[at + 3] = $spanCount;
  for (let i = 0, p = at + 4; i < $spans$count; i++, p += 16) {
    const item = $spans[i]!;
    if (!item) fail(SEQUENCE_SPANS_SITES$WRITTEN, 3 /* spans[*]: argument */, p, item, i);
    const $spans$item_begin = item.begin;
    if (typeof $spans$item_begin !== "bigint" || BigInt.asUintN(64, $spans$item_begin) !== $spans$item_begin)
      fail(SEQUENCE_SPANS_SITES$WRITTEN$BIG, 0 /* spans[*].begin: range */, p, $spans$item_begin, i);
    bigPut(bytes, p, $spans$item_begin);
    const $spans$item_end = item.end;
    if (typeof $spans$item_end !== "bigint" || BigInt.asUintN(64, $spans$item_end) !== $spans$item_end)
      fail(SEQUENCE_SPANS_SITES$WRITTEN$BIG, 1 /* spans[*].end: range */, p + 8, $spans$item_end, i);
    bigPut(bytes, p + 8, $spans$item_end);
  }
  return at + need;
}

export interface SequenceSpan {
  /** First number of the span. */
  begin: number;
  /** Last number of the span, as the reference counts. */
  end: number;
}
/** 64-bit integers as bigint. */
export interface SequenceSpanBig {
  /** First number of the span. */
  begin: bigint;
  /** Last number of the span, as the reference counts. */
  end: bigint;
}

