/** What walks over plans of writing know of values. */
import type { BitField, Encoding, IntField, Operand } from "../../src/gen/ir.js";
import { camel } from "../../src/gen/names.js";

/** A path as errors name it. */
export function pathOf(path: string, index: number | null = null): string {
  const own = path.split(".").map(camel).join(".");
  return index === null ? own : own.replace("*", String(index));
}

/** True for what can have members of its own. */
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** Whether a value is of the type that an expression takes it for. */
export function isOf(operand: Operand, value: unknown): boolean {
  if (operand.type !== "int") return typeof value === (operand.type === "bool" ? "boolean" : "string");
  // Only what has more than 32 bits can be a bigint.
  return Number.isInteger(value) || (typeof value === "bigint" && operand.max > 2 ** 32);
}

/** A member by the name that the spec gives it. */
export function memberOf(value: unknown, name: string): unknown {
  return value === undefined || value === null ? undefined : (value as Record<string, unknown>)[camel(name)];
}

/** What a value says of its length; -1 where it says nothing. */
export function lengthIn(value: unknown): number {
  return (memberOf(value, "length") ?? -1) as number;
}

/** The bytes of a text; half a pair of surrogates counts as two, as if the other stood there. */
export function textLength(value: unknown): number {
  if (typeof value !== "string") return 0;
  return value.split("").reduce((sum, unit) => sum + (/[\ud800-\udfff]/.test(unit) ? 2 : Buffer.byteLength(unit)), 0);
}

/** The bytes of a text; undefined where it has none. */
export function encoded(value: unknown, encoding: Encoding): Uint8Array | undefined {
  if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) return undefined;
  const bytes = new TextEncoder().encode(value);
  return encoding === "ascii" && bytes.some((byte) => byte > 127) ? undefined : bytes;
}

/** Whether bytes of a field can hold a value. */
export function isFit(value: unknown, field: IntField | BitField, isBig: boolean): boolean {
  if (field.kind === "bits") {
    if (field.width === 1) return typeof value === "boolean";
    return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** field.width;
  }
  const isBigint = field.size === 8 && (isBig || field.u64 === "bigint");
  if (isBigint ? typeof value !== "bigint" : !Number.isSafeInteger(value)) return false;
  const number = BigInt(value as number);
  return (field.signed ? BigInt.asIntN(8 * field.size, number) : BigInt.asUintN(8 * field.size, number)) === number;
}

/** A number in the bytes of its field. */
export function bytesOf(number: bigint, { size, endian }: IntField | BitField): number[] {
  const bytes = Array.from({ length: size }, (_, i) => Number((number >> BigInt(8 * i)) & 255n));
  return endian === "le" ? bytes : bytes.toReversed();
}

/** The groups of seven bits of a number, the lowest first. */
export function groupsOf(number: bigint): number[] {
  const groups: number[] = [];
  for (let rest = number; groups.length === 0 || rest > 0n; rest >>= 7n) groups.push(Number(rest & 127n));
  return groups;
}

/** Bytes of a number in groups of seven bits, ten at most; 1 where it is none. What no group holds is refused later. */
export function varintLength(value: unknown): number {
  if (typeof value !== "bigint" && typeof value !== "number") return 1;
  if (!(value >= 0x80)) return 1;
  return value >= 2 ** 63 ? 10 : groupsOf(BigInt(typeof value === "number" ? Math.floor(value) : value)).length;
}
