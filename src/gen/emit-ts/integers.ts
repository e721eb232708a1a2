/** Emits how integers and bits are read, tested and written. */
import type { BitField, IntField } from "../ir.js";
import type { Breach } from "../plan/plan.js";
import { rulesOf, type NumberRule } from "../plan/rules.js";
import { pos, type Cursor } from "./code.js";

/** Where emitted code reads and writes: single bytes of an array, or a held DataView. */
export type Medium = "bytes" | "view";

/** The form of 64-bit integers. */
export type Wide = "number" | "bigint";

/** An integer, and where it lies. */
export type PlacedInteger = Pick<IntField, "size" | "signed" | "endian" | "offset">;

const TWO_32 = "4294967296";

export function isWide(field: { size: number }): boolean {
  return field.size === 8;
}

export function wideForm(field: IntField, big: boolean): Wide {
  return big || field.u64 === "bigint" ? "bigint" : "number";
}

/** The unsigned 32 bits at a position, or fewer. */
function word(medium: Medium, size: number, endian: "be" | "le", at: Cursor, offset: number, use?: Use): string {
  const little = endian === "le" ? ", true" : "";
  if (medium === "bytes" && size === 4 && use !== undefined)
    return `${helperOf(use, "uint32At", endian)}(bytes, ${pos(at, offset)})`;
  if (medium === "view") {
    if (size === 1) return `view.getUint8(${pos(at, offset)})`;
    if (size === 2) return `view.getUint16(${pos(at, offset)}${little})`;
    if (size === 4) return `view.getUint32(${pos(at, offset)}${little})`;
    const [high, low] = endian === "be" ? [0, 1] : [2, 0];
    return `((view.getUint8(${pos(at, offset + high)}) << 16) | view.getUint16(${pos(at, offset + low)}${little}))`;
  }
  const terms: string[] = [];
  for (let i = 0; i < size; i++) {
    const index = endian === "be" ? i : size - 1 - i;
    const shift = 8 * (size - 1 - i);
    const byte = `bytes[${pos(at, offset + index)}]!`;
    terms.push(shift === 0 ? byte : `(${byte} << ${shift})`);
  }
  if (size === 1) return terms[0]!;
  return size === 4 ? `((${terms.join(" | ")}) >>> 0)` : `(${terms.join(" | ")})`;
}

/** The two halves of a 64-bit integer; the high one carries the sign. */
export function halves(medium: Medium, field: PlacedInteger, at: Cursor, use?: Use): { high: string; low: string } {
  const [high, low] = field.endian === "be" ? [0, 4] : [4, 0];
  const top = word(medium, 4, field.endian, at, field.offset + high, use);
  return { high: field.signed ? `(${top} | 0)` : top, low: word(medium, 4, field.endian, at, field.offset + low, use) };
}

/** What an emitted module calls a helper of the runtime. */
export type Use = (helper: string) => string;

/**
 * An expression for the value of an integer. Number form of 64 bits: the caller has refused unsafe values.
 * @param use for where a bigint can be asked for
 */
export function readInteger(medium: Medium, field: PlacedInteger, at: Cursor, wide: Wide, use?: Use): string {
  const { size, signed, offset, endian } = field;
  if (isWide(field)) {
    if (medium === "view" && wide === "bigint") {
      return `view.getBig${signed ? "Int" : "Uint"}64(${pos(at, offset)}${endian === "le" ? ", true" : ""})`;
    }
    if (wide === "bigint")
      return `${helperOf(use, signed ? "bigSigned" : "bigUnsigned", endian)}(bytes, ${pos(at, offset)})`;
    const { high, low } = halves(medium, field, at, use);
    return `${high} * ${TWO_32} + ${low}`;
  }
  if (!signed) return word(medium, size, endian, at, offset, use);
  if (medium === "view" && size !== 3) {
    return `view.getInt${size * 8}(${pos(at, offset)}${size > 1 && endian === "le" ? ", true" : ""})`;
  }
  const shift = 32 - 8 * size;
  const value = word(medium, size, endian, at, offset, use);
  return shift === 0 ? `(${value} | 0)` : `((${value} << ${shift}) >> ${shift})`;
}

/** What an emitted module calls a helper for one order of the bytes. */
function helperOf(use: Use | undefined, helper: string, endian: "be" | "le"): string {
  if (use === undefined) throw new TypeError("64 bits are read and written by helpers of the runtime");
  return use(`${helper}${endian === "le" ? "Little" : ""}`);
}

export function readBits(medium: Medium, field: BitField, at: Cursor): string {
  const whole = word(medium, field.size, field.endian, at, field.offset);
  const shifted = field.shift === 0 ? whole : `(${whole} >>> ${field.shift})`;
  const mask = field.width === 32 ? `${shifted}` : `(${shifted} & ${2 ** field.width - 1})`;
  return field.width === 1 ? `(${mask} === 1)` : mask;
}

/** Statements that write an integer held in the variable `value`. */
export function writeInteger(
  medium: Medium,
  field: IntField,
  at: Cursor,
  value: string,
  wide: Wide,
  use?: Use,
): string[] {
  const { size, signed, offset, endian } = field;
  if (!isWide(field)) return writeWord(medium, size, endian, at, offset, value);
  const little = endian === "le" ? ", true" : "";
  if (wide === "bigint" && medium === "view")
    return [`view.setBig${signed ? "Int" : "Uint"}64(${pos(at, offset)}, ${value}${little});`];
  if (wide === "bigint") return [`${helperOf(use, "bigPut", endian)}(bytes, ${pos(at, offset)}, ${value});`];
  if (medium === "bytes") return [`${helperOf(use, "putSafe", endian)}(bytes, ${pos(at, offset)}, ${value});`];
  const [high, low] = endian === "be" ? [0, 4] : [4, 0];
  const top = signed ? `Math.floor(${value} / ${TWO_32})` : `${value} / ${TWO_32}`;
  return [
    ...writeWord("view", 4, endian, at, offset + high, top),
    ...writeWord("view", 4, endian, at, offset + low, value),
  ];
}

export function writeWord(
  medium: Medium,
  size: number,
  endian: "be" | "le",
  at: Cursor,
  offset: number,
  value: string,
): string[] {
  const little = endian === "le" ? ", true" : "";
  if (medium === "view") {
    if (size === 1) return [`view.setUint8(${pos(at, offset)}, ${value});`];
    if (size === 2) return [`view.setUint16(${pos(at, offset)}, ${value}${little});`];
    if (size === 4) return [`view.setUint32(${pos(at, offset)}, ${value}${little});`];
    const [high, low] = endian === "be" ? [0, 1] : [2, 0];
    return [
      `view.setUint8(${pos(at, offset + high)}, ${value} >>> 16);`,
      `view.setUint16(${pos(at, offset + low)}, ${value}${little});`,
    ];
  }
  const stores: string[] = [];
  for (let i = 0; i < size; i++) {
    const index = endian === "be" ? i : size - 1 - i;
    const shift = 8 * (size - 1 - i);
    stores.push(`bytes[${pos(at, offset + index)}] = ${shift === 0 ? value : `${value} >>> ${shift}`};`);
  }
  return [stores.join(" ")];
}

/** The tests of a field's rules, which are true when a value breaks them. */
export function ruleTests(
  field: IntField,
  value: string,
  wide: Wide,
): { code: NumberRule["code"]; test: string; expected: string }[] {
  const suffix = isWide(field) && wide === "bigint" ? "n" : "";
  return rulesOf(field).map(({ code, breach, expected }) => ({
    code,
    test: breachTest(breach, value, suffix),
    expected,
  }));
}

/** The test that a number breaks a rule. @param suffix of its literals */
export function breachTest(breach: Breach, value: string, suffix = ""): string {
  if (breach.is === "unlisted") return listTest(breach.values, value, suffix);
  if (breach.is === "broken") return `${value} !== Math.floor(${value})`;
  if (breach.is === "listed") return `!(${listTest(breach.values, value, suffix)})`;
  const { min, max } = breach;
  return [
    ...(min === null ? [] : [`${value} < ${min}${suffix}`]),
    ...(max === null ? [] : [`${value} > ${max}${suffix}`]),
  ].join(" || ");
}

/** True when the value is not listed; runs of values become ranges. */
function listTest(values: readonly number[], value: string, suffix: string): string {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const v of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === v - 1) last[1] = v;
    else runs.push([v, v]);
  }
  return runs
    .map(([low, high]) =>
      low === high ? `${value} !== ${low}${suffix}` : `(${value} < ${low}${suffix} || ${value} > ${high}${suffix})`,
    )
    .join(" && ");
}

/** True when a value to be written does not fit the bytes of its field. */
export function misfit(field: IntField, value: string, wide: Wide): string {
  if (isWide(field)) {
    if (wide === "bigint") {
      return `typeof ${value} !== "bigint" || BigInt.as${field.signed ? "Int" : "Uint"}N(64, ${value}) !== ${value}`;
    }
    return `!Number.isSafeInteger(${value})${field.signed ? "" : ` || ${value} < 0`}`;
  }
  const { size, signed } = field;
  if (size === 4) return signed ? `(${value} | 0) !== ${value}` : `${value} >>> 0 !== ${value}`;
  if (signed) return `(${value} << ${32 - 8 * size}) >> ${32 - 8 * size} !== ${value}`;
  return `(${value} & ${2 ** (8 * size) - 1}) !== ${value}`;
}
