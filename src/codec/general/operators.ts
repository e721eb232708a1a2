/** What expressions over general values need beside the operators of the language. Each refuses what has no result. */
import { wideBits } from "../pieces.js";
import { sameBytes } from "./region.js";
import type { Frame } from "./session.js";
import { decodeText } from "./texts.js";

function refuse(frame: Frame, expected: string, actual?: unknown): never {
  return frame.session.fail("range", frame.io.pos, expected, actual);
}

/** A value that may not be there. */
export function present<T>(frame: Frame, value: T | undefined): T {
  return value ?? refuse(frame, "a value where an expression asks for one", "none");
}

/** An integer of 64 bits as a number. */
export function exact(frame: Frame, value: number | bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : frame.session.fail("unsafe-integer", frame.io.pos);
}

/** The whole part of a quotient, rounded down. */
export function divided(frame: Frame, a: number, b: number): number {
  return b === 0 ? refuse(frame, "a divisor other than 0") : Math.floor(a / b);
}

/** What a division leaves, with the sign of the divisor. */
export function modulo(frame: Frame, a: number, b: number): number {
  return b === 0 ? refuse(frame, "a divisor other than 0") : ((a % b) + b) % b;
}

/** Bits, moved to the left; by a negative number to the right. */
export function shifted(a: number, by: number): number {
  return by >= 0 ? a * 2 ** by : Math.floor(a / 2 ** -by);
}

const INT32_MAX = 2 ** 31 - 1;

/** `&`, `|` and `^` of integers of any size. */
export function bitwise(op: "&" | "|" | "^", a: number, b: number): number {
  if (a >= 0 && b >= 0 && a <= INT32_MAX && b <= INT32_MAX) return op === "&" ? a & b : op === "|" ? a | b : a ^ b;
  return wideBits(op, a, b);
}

/** Whether two values are the same: bytes by what they hold. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return sameBytes(a, b);
  if (a === b || a === undefined || b === undefined) return a === b;
  return (typeof a === "bigint" || typeof b === "bigint") && BigInt(a as number) === BigInt(b as number);
}

/** Below 0, 0 or above 0, as one value stands before, at or behind another; bytes like words. */
export function compared(a: number | bigint | string | Uint8Array, b: number | bigint | string | Uint8Array): number {
  // Comparisons take numbers and bigints together.
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return a < b ? -1 : a > b ? 1 : a <= b ? 0 : NaN;
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Integers as the bytes that they are called. */
export function packed(frame: Frame, list: readonly number[]): Uint8Array {
  const bytes = Uint8Array.from(list);
  return list.every((item, i) => item === bytes[i]) ? bytes : refuse(frame, "integers of 0 to 255");
}

/** An item of a list, or a byte of bytes. */
export function itemAt<T>(frame: Frame, list: ArrayLike<T>, index: number): T {
  return index >= 0 && index < list.length && Number.isInteger(index)
    ? list[index]!
    : refuse(frame, `an index below ${list.length}`, index);
}

/** The least or the greatest item. */
export function extreme<T extends number | bigint | string | Uint8Array>(
  frame: Frame,
  list: ArrayLike<T>,
  isLeast: boolean,
): T {
  let found = itemAt(frame, list, 0);
  for (let i = 1; i < list.length; i++) if (isLeast === compared(list[i]!, found) < 0) found = list[i]!;
  return found;
}

/** The integer that a text says. */
export function parsed(frame: Frame, text: string, radix: number): number {
  const value = /^[-+]?[0-9a-z]+$/i.test(text) ? parseInt(text, radix) : NaN;
  const digits = Number.isSafeInteger(value) && radix >= 2 && radix <= 36 ? value.toString(radix) : "";
  const plain = text
    .toLowerCase()
    .replace(/^([-+]?)0+(?=.)/, "$1")
    .replace(/^\+|^-(?=0$)/, "");
  return digits !== "" && digits === plain ? value : refuse(frame, `an integer to the base of ${radix}`, text);
}

export function substring(frame: Frame, text: string, from: number, to: number): string {
  return from >= 0 && from <= to && to <= text.length
    ? text.substring(from, to)
    : refuse(frame, `places of 0 to ${text.length}`, `${from} and ${to}`);
}

/** A text from its last character to its first. */
export function reversed(text: string): string {
  let turned = "";
  for (const char of text) turned = char + turned;
  return turned;
}

/** The text of bytes. */
export function textOf(frame: Frame, bytes: Uint8Array, encoding: string): string {
  return decodeText(bytes, encoding) ?? frame.session.fail("text", frame.io.pos, encoding);
}
