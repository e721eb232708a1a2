/** Checks of arguments that must be bytes. */
import { argumentError } from "../errors.js";

/** The class name of a typed array of any realm, regardless of its prototype; undefined for anything else. */
const typedArrayName = /* @__PURE__ */ makeTypedArrayName();

// A bound call: V8 inlines it, but not `getter.call` of a variable that may change, to which bundlers turn each
// `const`: 1.4 ns instead of 9 ns.
function makeTypedArrayName(): (value: unknown) => string | undefined {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as object;
  const { get } = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)!;
  return get!.call.bind(get!) as (value: unknown) => string | undefined;
}

/** True for a Uint8Array of any realm, a Buffer included, whose memory was not transferred away; else false. */
export function isBytes(value: unknown): value is Uint8Array {
  return lengthOf(value) >= 0;
}

/** True for a typed array of a class, of any realm: `"Float64Array"`. */
export function isTypedArray(value: unknown, name: string): boolean {
  return typedArrayName(value) === name;
}

/** True for a DataView of any realm. */
export function isDataView(value: unknown): value is DataView {
  return ArrayBuffer.isView(value) && typedArrayName(value) === undefined;
}

/** The length of what {@link isBytes} is true for; -1 for anything else. */
export function lengthOf(value: unknown): number {
  if (typedArrayName(value) !== "Uint8Array") return -1;
  const { length } = value as Uint8Array;
  return length > 0 || isReadable(value as Uint8Array) ? length : -1;
}

const byteAt = /* @__PURE__ */ Function.prototype.call.bind(Uint8Array.prototype.at) as (
  bytes: Uint8Array,
  index: number,
) => number | undefined;

/** What {@link isDetached} denies, of bytes: 12 ns, where asking for their memory takes 27 and makes it at first. */
function isReadable(bytes: Uint8Array): boolean {
  try {
    byteAt(bytes, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the memory of a view was transferred, for example to a worker: it then reads as empty, and its methods throw.
 * `ArrayBuffer.prototype.detached` would tell, but Node.js has it since version 21 only.
 */
function isDetached({ buffer }: ArrayBufferView): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    void new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** The kind of a value in a few words, for messages; never its content. */
export function kindOf(value: unknown): string {
  if (ArrayBuffer.isView(value) && isDetached(value)) return "bytes whose memory was transferred away";
  return typeof value === "object" ? {}.toString.call(value).slice(8, -1) : typeof value;
}

/** @throws WireError `argument` for anything but a Uint8Array @param name of the function */
export function requireBytes(name: string, path: string, value: unknown): void {
  if (!isBytes(value)) refuse(name, path, "a Uint8Array", kindOf(value));
}

/** @throws WireError `argument` unless `[at, end)` is a range within the bytes */
export function requireRange(name: string, bytes: Uint8Array, at: number, end: number): void {
  const length = lengthOf(bytes);
  if (at >>> 0 === at && end >>> 0 === end && at <= end && end <= length) return;
  requireBytes(name, "bytes", bytes);
  refuse(name, "at", `a range within ${length} bytes`, `${String(at)} to ${String(end)}`);
}

/** @throws WireError `argument` for anything but an unsigned 32-bit integer */
export function requireUint32(name: string, path: string, value: number): void {
  if (value >>> 0 !== value) refuse(name, path, "an integer from 0 to 4294967295", String(value));
}

function refuse(name: string, path: string, expected: string, actual: string): never {
  throw argumentError(`bytes.${name}`, path, expected, actual);
}
