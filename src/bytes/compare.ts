/** Comparison, copies and wiping of whole byte arrays. */
import type { NewBytes } from "./new-bytes.js";
import { lengthOf, requireBytes, requireUint32 } from "./checks.js";

/**
 * Equality in a time that depends on the lengths alone. The code has no branch and no early exit on a byte; JavaScript
 * gives no guarantee about machine code. @throws WireError `argument`
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  const length = lengthOf(a);
  if (length < 0 || length !== lengthOf(b)) return refuseOrDiffer("equalBytes", a, b);
  let difference = 0;
  for (let i = 0; i < length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/**
 * {@link equalBytes} of `length` bytes inside two larger buffers; false when one of the ranges does not exist.
 * @throws WireError `argument`
 */
export function equalRange(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): boolean {
  requireUint32("equalRange", "length", length);
  if (!Number.isInteger(aAt)) requireUint32("equalRange", "aAt", aAt);
  if (!Number.isInteger(bAt)) requireUint32("equalRange", "bAt", bAt);
  if (aAt < 0 || bAt < 0 || aAt + length > lengthOf(a) || bAt + length > lengthOf(b)) {
    return refuseOrDiffer("equalRange", a, b);
  }
  let difference = 0;
  for (let i = 0; i < length; i++) difference |= a[aAt + i]! ^ b[bAt + i]!;
  return difference === 0;
}

/** False for bytes of different lengths. @throws WireError `argument` for values that are not bytes */
function refuseOrDiffer(name: string, a: unknown, b: unknown): false {
  requireBytes(name, "a", a);
  requireBytes(name, "b", b);
  return false;
}

/** A copy of borrowed bytes. @throws WireError `argument` */
export function own(bytes: Uint8Array): NewBytes {
  requireBytes("own", "bytes", bytes);
  return Uint8Array.prototype.slice.call(bytes);
}

/** All parts in one new array. @throws WireError `argument` */
export function concatBytes(...parts: readonly Uint8Array[]): NewBytes {
  let length = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    // The path is built where it is needed alone.
    if (lengthOf(part) < 0) requireBytes("concatBytes", `parts[${i}]`, part);
    length += part.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Overwrites a secret with zeros. The engine may hold further copies.
 * @throws WireError `argument`
 */
export function wipe(bytes: Uint8Array): void {
  requireBytes("wipe", "bytes", bytes);
  bytes.fill(0);
}
