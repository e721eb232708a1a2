/**
 * What generated codecs share. Nothing here runs unless a codec refuses something, apart from the few
 * helpers for text and bits; the codecs do their own reading and writing.
 */
import { isDataView, isTypedArray, kindOf, lengthOf, requireRange, requireUint32 } from "../bytes/checks.js";
import { WireError, type Result, type WireErrorCode, type WireIssue } from "../errors.js";

export { lengthOf } from "../bytes/checks.js";
export { adler32, crc16, internetChecksum, sum8, xor8 } from "../bytes/checksums.js";
export { crc32 } from "../bytes/crc32.js";
export { longCrc32 } from "./long-crc32.js";
export type { NewBytes } from "../bytes/new-bytes.js";
export type { Result } from "../errors.js";

/** One rule of a format: what is refused, at which field, and where the spec says so (a line, or `file:line`). */
export type Site = readonly [code: WireErrorCode, path: string, line: number | string, expected: string, secret?: 1];

/** The rules of one format; a codec names them by their index. */
export interface Sites {
  readonly format: string;
  readonly file: string;
  readonly sites: readonly Site[];
}

let refused: WireIssue | undefined;

/**
 * Notes why a value is refused and returns undefined, so that a reader can `return refuse(…)`. The note
 * is fetched by the wrapper that called the reader, before anything else can run.
 * @param item index of the item; it takes the place of `*` in the path
 */
export function refuse(sites: Sites, site: number, offset: number, actual?: unknown, item?: number): undefined {
  refused = issueAt(sites, site, offset, actual, item);
  return undefined;
}

/** Puts another note in the place of that of the last refusal. */
export function rewritten(change: (issue: WireIssue) => WireIssue): void {
  if (refused !== undefined) refused = change(refused);
}

/**
 * Refuses a range `[at, end)` that does not suit a format of `size` bytes or more.
 * @param site the rule on the size, which names the line for bytes left over as well
 */
export function refuseRange(
  sites: Sites,
  site: number,
  size: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): undefined {
  const unreadable = rangeIssue(sites, bytes, at, end);
  if (unreadable !== undefined) {
    refused = unreadable;
    return undefined;
  }
  if (end - at < size) return refuse(sites, site, at, `${end - at} bytes`);
  const issue = issueAt(sites, site, at + size, `${end - at - size} bytes`, undefined);
  refused = { ...issue, code: "trailing", expected: undefined };
  return undefined;
}

/** Throws when `bytes` are none, or `[at, end)` is no range within them. */
export function failRange(sites: Sites, bytes: Uint8Array, at: number, end: number): void {
  const issue = rangeIssue(sites, bytes, at, end);
  if (issue !== undefined) throw new WireError(issue);
}

function rangeIssue(sites: Sites, bytes: Uint8Array, at: number, end: number): WireIssue | undefined {
  const length = lengthOf(bytes);
  if (length < 0) return argumentIssue(sites, "", "a Uint8Array", kindOf(bytes));
  if (at >>> 0 === at && end >>> 0 === end && end <= length && at <= end) return undefined;
  return argumentIssue(sites, "", `a range within ${length} bytes`, `${String(at)} to ${String(end)}`);
}

function argumentIssue({ format }: Sites, path: string, expected: string, actual: string): WireIssue {
  return { code: "argument", format, path, offset: 0, expected, actual };
}

/** Throws what a reader has refused. */
export function raise(): never {
  throw new WireError(takeIssue());
}

/** The refusal of a reader as a value. */
export function failure(): Result<never> {
  return { ok: false, error: takeIssue() };
}

function takeIssue(): WireIssue {
  const issue = refused;
  refused = undefined;
  return issue ?? { code: "fault", format: "codec", path: "", offset: 0 };
}

/** Throws on a value that a format cannot hold. */
export function fail(sites: Sites, site: number, offset: number, actual?: unknown, item?: number): never {
  throw new WireError(issueAt(sites, site, offset, actual, item));
}

/**
 * Throws on what stands for a byte field: `argument` where it is no Uint8Array, else the rule on its length.
 */
export function failBytes(sites: Sites, site: number, offset: number, value: unknown, item?: number): never {
  const length = lengthOf(value);
  const issue = issueAt(sites, site, offset, length, item);
  if (length >= 0) throw new WireError(issue);
  throw new WireError({ ...issue, code: "argument", expected: "a Uint8Array", actual: kindOf(value) });
}

/** Throws because the target is of another class, ends too early, or because `at` is no position in it. */
export function failSpace(sites: Sites, size: number, target: Uint8Array | DataView, at: number): never {
  const isView = isDataView(target);
  const room = isView ? target.byteLength : lengthOf(target);
  // A view with room enough was given where an array is asked for.
  if (room < 0 || (room - at >= size && at >>> 0 === at)) {
    throw new WireError(argumentIssue(sites, "", "a Uint8Array with room", kindOf(target)));
  }
  throw new WireError({
    code: "space",
    format: sites.format,
    path: "",
    offset: at,
    expected: `${size} bytes of room`,
    actual: `${Math.max(0, room - at)} bytes`,
  });
}

/**
 * Throws unless a column of numbers is a typed array of its class with `n` rows or more.
 * @param name of the class: `"Uint32Array"`
 */
export function requireNumbers(sites: Sites, path: string, column: ArrayLike<unknown>, name: string, n: number): void {
  if (!isTypedArray(column, name)) throw new WireError(argumentIssue(sites, path, `a ${name}`, kindOf(column)));
  if (column.length < n) failRows(sites, path, column.length, n);
}

/** Throws unless a column of byte fields holds fields of `size` bytes. */
export function requireColumn(sites: Sites, path: string, column: BytesColumn, size: number): void {
  if (column?.size === size) return;
  throw new WireError(argumentIssue(sites, path, `a column of ${size} bytes a field`, String(column?.size)));
}

/** Throws unless a column of byte fields has `n` rows or more to be written. */
export function requireRows(sites: Sites, path: string, column: BytesColumn, n: number): void {
  const { bytes, at, stride, size } = column;
  const length = lengthOf(bytes);
  if (length < 0) throw new WireError(argumentIssue(sites, `${path}.bytes`, "a Uint8Array", kindOf(bytes)));
  const isPlaced = at >>> 0 === at && stride >>> 0 === stride;
  if (!isPlaced)
    throw new WireError(argumentIssue(sites, path, "a place and a stride", `${String(at)}, ${String(stride)}`));
  if (n > 0 && at + (n - 1) * stride + size > length) {
    const fit = at + size > length ? 0 : Math.floor((length - at - size) / stride) + 1;
    failRows(sites, path, fit, n);
  }
}

/** Throws because a batch has fewer rows than asked for. @param path of the column */
export function failRows(sites: Sites, path: string, rows: number, asked: number): never {
  throw new WireError({
    code: "space",
    format: sites.format,
    path,
    offset: 0,
    expected: `columns of ${asked} rows`,
    actual: `${rows} rows`,
  });
}

function issueAt(sites: Sites, site: number, offset: number, actual: unknown, item: number | undefined): WireIssue {
  const [code, path, line, expected, secret] = sites.sites[site]!;
  return {
    code,
    format: sites.format,
    path: item === undefined ? path : path.replace("*", String(item)),
    offset,
    expected: expected === "" ? undefined : expected,
    actual: secret === 1 || actual === undefined ? undefined : describe(actual),
    spec: typeof line === "number" ? `${sites.file}:${line}` : line,
  };
}

function describe(actual: unknown): string {
  if (typeof actual === "bigint") return `${actual}`;
  if (typeof actual === "number" || typeof actual === "string") return String(actual);
  return actual === null ? "null" : typeof actual;
}

/** Text of one byte a character, or undefined where a byte is above 0x7F. @throws WireError `argument` */
export function readAscii(bytes: Uint8Array, at: number, end: number): string | undefined {
  requireRange("readAscii", bytes, at, end);
  return asciiAt(bytes, at, end);
}

/** The same of a range that is known to be one. */
export function asciiAt(bytes: Uint8Array, at: number, end: number): string | undefined {
  const text = textAt(bytes, at, end);
  // A text of other characters has fewer of them than bytes.
  return text?.length === end - at ? text : undefined;
}

/**
 * ASCII, or undefined where a byte is above 0x7F. From an array: 13 characters take 89 ns until they are read, 166 in
 * parts of four that the reader of the text has to put together.
 */
export function shortAscii(bytes: Uint8Array, at: number, end: number): string | undefined {
  const length = end - at;
  if (length <= 4) return tinyAscii(bytes, at, length);
  const units = new Array<number>(length);
  for (let i = 0; i < length; i++) {
    const unit = bytes[at + i]!;
    if (unit > 0x7f) return undefined;
    units[i] = unit;
  }
  return String.fromCharCode(...units);
}

/** Up to four characters: 20 ns, where an array takes 37. */
function tinyAscii(bytes: Uint8Array, at: number, length: number): string | undefined {
  if (length === 0) return "";
  const a = bytes[at]!;
  const b = length > 1 ? bytes[at + 1]! : 0;
  const c = length > 2 ? bytes[at + 2]! : 0;
  const d = length > 3 ? bytes[at + 3]! : 0;
  if ((a | b | c | d) > 0x7f) return undefined;
  if (length < 3) return length < 2 ? String.fromCharCode(a) : String.fromCharCode(a, b);
  return length < 4 ? String.fromCharCode(a, b, c) : String.fromCharCode(a, b, c, d);
}

let decoder: TextDecoder | undefined;
let encoder: TextEncoder | undefined;

/** A text up to this long is read as ASCII first: the decoder takes as long for a few characters as that for 40. */
export const SHORT_TEXT_BYTES = 40;
/** ASCII up to this long is written in a loop, at 1 ns a character; the encoder takes 90 ns with its view. */
const WRITE_LOOP_CHARS = 48;

/**
 * UTF-8 text, or undefined where the bytes are none. A byte order mark is a character like any other.
 * @throws WireError `argument`
 */
export function readUtf8(bytes: Uint8Array, at: number, end: number): string | undefined {
  requireRange("readUtf8", bytes, at, end);
  return textAt(bytes, at, end);
}

/** The same of a range that is known to be one. */
export function textAt(bytes: Uint8Array, at: number, end: number): string | undefined {
  const ascii = end - at <= SHORT_TEXT_BYTES ? shortAscii(bytes, at, end) : undefined;
  if (ascii !== undefined) return ascii;
  decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes.subarray(at, end));
  } catch {
    return undefined;
  }
}

/** The bytes of an ASCII text, or undefined where it has other characters or is no text. */
export function asciiBytes(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

/** The bytes of a UTF-8 text, or undefined where it has half a surrogate pair or is no text. */
export function utf8Bytes(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  const ascii = text.length <= WRITE_LOOP_CHARS ? asciiBytes(text) : undefined;
  if (ascii !== undefined) return ascii;
  if (/\p{Surrogate}/u.test(text)) return undefined;
  encoder ??= new TextEncoder();
  return encoder.encode(text);
}

/** Writes a text where there is room for it. @returns the position behind it, -1 where it cannot be encoded */
export function writeText(bytes: Uint8Array, at: number, text: unknown, isAscii: boolean): number {
  if (typeof text !== "string") return -1;
  const end = at + text.length;
  if (isAscii || text.length <= WRITE_LOOP_CHARS) {
    let i = 0;
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) break;
      bytes[at + i] = unit;
    }
    if (i === text.length) return end;
    if (isAscii) return -1;
  }
  if (/\p{Surrogate}/u.test(text)) return -1;
  encoder ??= new TextEncoder();
  return at + encoder.encodeInto(text, bytes.subarray(at)).written;
}

/** A column of byte fields of one length that lie `stride` bytes apart; nothing is copied when one is read. */
export interface BytesColumn {
  bytes: Uint8Array;
  /** Of the first field. */
  at: number;
  stride: number;
  /** Bytes a field. */
  readonly size: number;
}

/** Field `row` of a column, as a view of the bytes it was read from. @throws WireError `argument` */
export function bytesOf(column: BytesColumn, row: number): Uint8Array {
  requireUint32("bytesOf", "row", row);
  const start = column.at + row * column.stride;
  requireRange("bytesOf", column.bytes, start, start + column.size);
  return column.bytes.subarray(start, start + column.size);
}

/** A column with room of its own. @throws WireError `argument` */
export function bytesColumn(size: number, rows: number): BytesColumn {
  requireUint32("bytesColumn", "size", size);
  requireUint32("bytesColumn", "rows", rows);
  return { bytes: new Uint8Array(size * rows), at: 0, stride: size, size };
}
