/** Checks of arguments, and copies where input and output overlap. */
import { kindOf } from "../../bytes/checks.js";
import { isBytes, own } from "../../bytes/index.js";
import { WireError, type WireErrorCode } from "../../errors.js";
import type { PrimitiveName } from "./crossovers.js";

/** @throws WireError always */
export function refuse(
  primitive: PrimitiveName,
  code: WireErrorCode,
  path: string,
  expected: string,
  actual: string | number,
): never {
  throw new WireError({ code, format: `kernel.${primitive}`, path, expected, actual: String(actual) });
}

/**
 * Refuses everything but a Uint8Array, of any realm: engines treat strings and arrays differently.
 * @throws WireError `argument`
 */
export function requireBytes(primitive: PrimitiveName, path: string, value: Uint8Array): void {
  if (!isBytes(value)) refuse(primitive, "argument", path, "a Uint8Array", kindOf(value));
}

/** @throws WireError `argument`, `length` */
export function requireLength(primitive: PrimitiveName, path: string, value: Uint8Array, length: number): void {
  requireBytes(primitive, path, value);
  if (value.length !== length) refuse(primitive, "length", path, `${length} bytes`, value.length);
}

/** @throws WireError `argument`, `length` */
export function requireLengthOf(
  primitive: PrimitiveName,
  path: string,
  value: Uint8Array,
  lengths: readonly number[],
): void {
  requireBytes(primitive, path, value);
  if (!lengths.includes(value.length)) refuse(primitive, "length", path, `${lengths.join(" or ")} bytes`, value.length);
}

/** @throws WireError `argument` */
export function requireInteger(primitive: PrimitiveName, path: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    refuse(primitive, "argument", path, `an integer from 0 to ${max}`, value);
  }
}

/** Requires room for `length` bytes in `out` at `at`. @throws WireError `argument`, `space` */
export function requireSpace(primitive: PrimitiveName, out: Uint8Array, at: number, length: number): void {
  requireBytes(primitive, "out", out);
  requireInteger(primitive, "at", at, Number.MAX_SAFE_INTEGER);
  if (at + length > out.length) refuse(primitive, "space", "out", `room for ${length} bytes at ${at}`, out.length);
}

/**
 * Whether two views share memory. The buffers are compared last: V8 creates the buffer of a small array when it is
 * first read, which takes 100 ns.
 */
export function overlap(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return (
    a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength && a.buffer === b.buffer
  );
}

/** `input`, or a copy of it if it shares memory with `out`. */
export function apartFrom(out: Uint8Array, input: Uint8Array): Uint8Array {
  return overlap(out, input) ? own(input) : input;
}

/** The same bytes as a plain Uint8Array: `subarray` of a subclass runs code of the caller. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** As {@link apartFrom}, without a copy if `input` begins where `out` does: each byte is replaced by its own result. */
export function apartOrInPlace(out: Uint8Array, input: Uint8Array): Uint8Array {
  return input.byteOffset === out.byteOffset ? input : apartFrom(out, input);
}

/** Whether `action` returns: libraries throw on a wrong tag, and Node.js on a missing algorithm. */
export function succeeds(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
