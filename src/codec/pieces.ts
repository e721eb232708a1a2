/** What codecs share that read and write piece after piece: positions, paths of nested refusals, varints, floats. */
import { kindOf, lengthOf } from "../bytes/checks.js";
import { isWireError, WireError } from "../errors.js";
import { refuse, rewritten, type Sites } from "./runtime.js";

/** Values nest no deeper than this in formats whose types can stand inside themselves. */
export const DEPTH_MAX = 100;

const NO_BUFFER = /* @__PURE__ */ new ArrayBuffer(0);

/** What readers of pieces share while one value is read; nothing else can run before it is done. */
export const next = {
  /** Where the reader of a piece has ended, for the caller that goes on from there. */
  at: 0,
  /** Whether the value that has been written takes all bytes that are left, for a caller that writes on. */
  toEnd: false,
  /** How deep the value under way is nested. */
  depth: 0,
  /** The memory of the bytes, which is dear to ask for: 20 ns for each byte field. */
  buffer: NO_BUFFER as ArrayBufferLike,
  /** Where the bytes begin in it. */
  base: 0,
};

/** Begins the reading of a value. */
export function enter(bytes: Uint8Array): void {
  next.depth = 0;
  next.buffer = bytes.buffer;
  next.base = bytes.byteOffset;
}

/** Ends it, so that the memory is not held. */
export function leave(): void {
  next.buffer = NO_BUFFER;
}

/**
 * Puts the path of what holds a piece in front of the path that its reader has refused.
 * @param site the rule on the piece
 * @param item index of the item, where the piece is repeated
 */
export function within(sites: Sites, site: number, item?: number): undefined {
  rewritten((issue) => ({
    ...issue,
    format: sites.format,
    path: joined(sites.sites[site]![1], issue.path, item),
  }));
  return undefined;
}

/** The same for an error that the writer of a piece has thrown. */
export function inside(error: unknown, sites: Sites, site: number, item?: number): unknown {
  const issue = foreign(error, sites);
  const path = joined(sites.sites[site]![1], issue.path, item);
  return new WireError({ ...issue.toJSON(), format: sites.format, path }, { cause: issue.cause });
}

/** What a writer throws: values of wrong types make the language itself refuse, whose words name no format. */
export function foreign(error: unknown, { format }: Sites): WireError {
  if (isWireError(error)) return error;
  const expected = "values of the types of the format";
  const actual = error instanceof Error ? error.message : "others";
  return new WireError({ code: "argument", format, path: "", offset: 0, expected, actual }, { cause: error });
}

function joined(own: string, inner: string, item: number | undefined): string {
  const place = item === undefined ? own : own.replace("*", String(item));
  return inner === "" || inner.startsWith("[") ? place + inner : `${place}.${inner}`;
}

/** The items of what stands for a list. @throws WireError `argument` where it is none */
export function listOf(sites: Sites, site: number, offset: number, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw mistyped(sites, site, offset, "a list", value);
}

/** Throws unless a value is an object. */
export function requireObject(sites: Sites, site: number, offset: number, value: unknown): void {
  if (typeof value !== "object" || value === null) throw mistyped(sites, site, offset, "an object", value);
}

function mistyped(
  { format, sites, file }: Sites,
  site: number,
  offset: number,
  expected: string,
  value: unknown,
): WireError {
  const [, path, line] = sites[site]!;
  const spec = typeof line === "number" ? `${file}:${line}` : line;
  return new WireError({ code: "argument", format, path, offset, expected, actual: kindOf(value), spec });
}

/** An operator on the bits of numbers of more than 32 of them; NaN where one of them is none, as other operators do. */
export function wideBits(op: "&" | "|" | "^", a: number, b: number): number {
  if (!Number.isInteger(a) || !Number.isInteger(b)) return NaN;
  const [left, right] = [BigInt(a), BigInt(b)];
  return Number(op === "&" ? left & right : op === "|" ? left | right : left ^ right);
}

/** The bytes of a byte field, 0 where the value is none: then its writer refuses it. */
export function bytesLength(value: unknown): number {
  return Math.max(0, lengthOf(value as Uint8Array));
}

/** The bytes of a text in UTF-8, 0 where the value is none. */
export function utf8Length(value: unknown): number {
  if (typeof value !== "string") return 0;
  let length = value.length;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    // Each half of a pair of surrogates is a unit, and two of its four bytes.
    if (unit > 0x7f) length += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return length;
}

const scratch = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/** A float of 4 or 8 bytes. */
export function readFloat(bytes: Uint8Array, at: number, size: 4 | 8, isLittle: boolean): number {
  for (let i = 0; i < size; i++) scratch.setUint8(i, bytes[at + i]!);
  return size === 4 ? scratch.getFloat32(0, isLittle) : scratch.getFloat64(0, isLittle);
}

/** Writes a float; 4 bytes hold the nearest number that they can. */
export function writeFloat(bytes: Uint8Array, at: number, size: 4 | 8, isLittle: boolean, value: number): void {
  if (size === 4) scratch.setFloat32(0, value, isLittle);
  else scratch.setFloat64(0, value, isLittle);
  for (let i = 0; i < size; i++) bytes[at + i] = scratch.getUint8(i);
}

const GROUP = 128;
/** 2^53. */
const SAFE_LIMIT = 9_007_199_254_740_992;

/**
 * Reads an integer in groups of seven bits and sets `next.at` behind it.
 * @param sites rule `site` is for bytes that end too early, `site + 1` for a number that is too large or too long
 * @returns undefined where it is refused
 */
export function readVarint(
  bytes: Uint8Array,
  at: number,
  end: number,
  isBig: false,
  lowFirst: boolean,
  bytesMax: number,
  sites: Sites,
  site: number,
  item?: number,
): number | undefined;
export function readVarint(
  bytes: Uint8Array,
  at: number,
  end: number,
  isBig: true,
  lowFirst: boolean,
  bytesMax: number,
  sites: Sites,
  site: number,
  item?: number,
): bigint | undefined;
export function readVarint(
  bytes: Uint8Array,
  at: number,
  end: number,
  isBig: boolean,
  lowFirst: boolean,
  bytesMax: number,
  sites: Sites,
  site: number,
  item?: number,
): number | bigint | undefined {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < bytesMax; i++) {
    if (at + i >= end) return refuse(sites, site, at, `${end - at} bytes`, item);
    const byte = bytes[at + i]!;
    if (lowFirst) {
      value += (byte & 127) * scale;
      scale *= GROUP;
    } else value = value * GROUP + (byte & 127);
    if (byte < 128) {
      // A number has one form: the shortest.
      if (i > 0 && (lowFirst ? byte === 0 : bytes[at] === 128))
        return refuse(sites, site + 1, at, "a longer form", item);
      next.at = at + i + 1;
      if (!isBig) return value < SAFE_LIMIT ? value : refuse(sites, site + 1, at, value, item);
      if (value < SAFE_LIMIT) return BigInt(value);
      const exact = exactVarint(bytes, at, i, lowFirst);
      return exact < 1n << 64n ? exact : refuse(sites, site + 1, at, exact, item);
    }
  }
  return refuse(sites, site + 1, at, `more than ${bytesMax} bytes`, item);
}

function exactVarint(bytes: Uint8Array, at: number, last: number, lowFirst: boolean): bigint {
  let value = 0n;
  for (let i = 0; i <= last; i++) value = (value << 7n) | BigInt(bytes[at + (lowFirst ? last - i : i)]! & 127);
  return value;
}

/** Where an integer in groups of seven bits ends; -1 where more bytes are needed to tell, -2 where it is too long. */
export function skipVarint(bytes: Uint8Array, at: number, end: number, bytesMax: number): number {
  for (let i = at; i < at + bytesMax; i++) {
    if (i >= end) return -1;
    if (bytes[i]! < 128) return i + 1;
  }
  return -2;
}

/** The integer in groups of seven bits that fills the bytes from `at` to `end`. */
export function varintAt(bytes: Uint8Array, at: number, end: number, lowFirst: boolean): number {
  let value = 0;
  if (lowFirst) for (let i = end - 1; i >= at; i--) value = value * GROUP + (bytes[i]! & 127);
  else for (let i = at; i < end; i++) value = value * GROUP + (bytes[i]! & 127);
  return value;
}

/** The bytes of an integer in groups of seven bits; 1 where it is none, which its writer refuses. */
export function varintLength(value: number | bigint): number {
  let length = 1;
  if (typeof value !== "bigint" && typeof value !== "number") return length;
  if (typeof value === "bigint") for (let rest = value >> 7n; rest > 0n && length < 10; rest >>= 7n) length++;
  else for (let rest = value; rest >= GROUP && length < 10; rest = Math.floor(rest / GROUP)) length++;
  return length;
}

/** Writes an integer in groups of seven bits, the shortest way. @returns the position behind it, or -1 */
export function writeVarint(
  bytes: Uint8Array,
  at: number,
  value: number | bigint,
  lowFirst: boolean,
  bytesMax: number,
): number {
  const isFit =
    typeof value === "bigint" ? value >= 0n && value < 1n << 64n : Number.isSafeInteger(value) && value >= 0;
  const length = isFit ? varintLength(value) : bytesMax + 1;
  if (length > bytesMax) return -1;
  let rest = value;
  for (let i = 0; i < length; i++) {
    let group: number;
    if (typeof rest === "bigint") {
      group = Number(rest & 127n);
      rest >>= 7n;
    } else {
      group = rest % GROUP;
      rest = Math.floor(rest / GROUP);
    }
    const isLast = lowFirst ? i === length - 1 : i === 0;
    bytes[lowFirst ? at + i : at + length - 1 - i] = isLast ? group : group | 128;
  }
  return at + length;
}
