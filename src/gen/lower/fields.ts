/** Lays out attributes that are one field of fixed size, and the rules on it. */
import {
  DISPLAYS,
  isConstant,
  rangeOf,
  type Derive,
  type Display,
  type Encoding,
  type EnumRef,
  type Field,
  type FloatField,
  type IntField,
  type Operand,
  type Param,
  type Rule,
} from "../ir.js";
import { Keys } from "../keys.js";
import { endianOf, nameOf, type SpecFile } from "../load.js";
import type { Source } from "../source.js";
import { deriveOf } from "./derive.js";
import { checkFits, lowerEnum } from "./enums.js";
import { findEnum } from "./scope.js";
import { refusal } from "../refused.js";

export const INTEGER = /^([us])([1248])(be|le)?$/;
export const FLOAT = /^f([48])(be|le)?$/;
const COUNTED = /^[us][1248]$/;
export const BITS = /^b([1-9][0-9]?)(be|le)?$/;

/** Reads the attributes of one type that are single fields, in the byte and bit order of that type. */
export class FieldReader {
  readonly bitEndian: "be" | "le";
  readonly #endian: "be" | "le" | null;
  readonly #encoding: string | null;
  readonly #spec: SpecFile;
  readonly #scope: string;

  /**
   * @param scope the type whose attributes are read
   * @param meta of that type, where it has one; what it does not say is that of the types around it
   */
  constructor(spec: SpecFile, scope: string, meta: Keys | undefined) {
    this.#spec = spec;
    this.#scope = scope;
    const around: (Source | undefined)[] = [];
    for (let type = spec.declared.parentOf(scope); type !== null; type = spec.declared.parentOf(type))
      around.push(spec.types.get(type)!.get("meta"));
    const inherited = (key: string): Source | undefined =>
      around.map((other) => other?.get(key)).find((value) => value !== undefined);
    this.bitEndian = endianOf(meta?.take("bit-endian") ?? inherited("bit-endian")) ?? spec.bitEndian;
    this.#endian = endianOf(meta?.take("endian") ?? inherited("endian")) ?? spec.endian;
    this.#encoding = (meta?.take("encoding") ?? inherited("encoding"))?.text ?? spec.encoding;
  }

  wideBits(keys: Keys, name: string, width: number, suffix: "be" | "le" | undefined): IntField {
    if (width > 32) keys.fail("bit integers are at most 32 bits long; use u8 for 64");
    return this.#intField(keys, name, width / 8, false, suffix ?? this.bitEndian);
  }

  integer(keys: Keys, name: string, match: RegExpExecArray): IntField {
    const size = Number(match[2]);
    return this.#intField(keys, name, size, match[1] === "s", this.#order(keys, match[0], match[3], size));
  }

  float(keys: Keys, name: string, match: RegExpExecArray): FloatField {
    const size = Number(match[1]);
    return { kind: "float", ...placed(keys, name, size), endian: this.#order(keys, match[0], match[2], size) };
  }

  #order(keys: Keys, type: string, suffix: string | undefined, size: number): "be" | "le" {
    const endian = (suffix as "be" | "le" | undefined) ?? this.#endian;
    if (endian === null && size > 1) keys.fail(`the byte order of '${type}' is not said: set 'meta: {endian: …}'`);
    return endian ?? "be";
  }

  /** An integer alone, or as an item: then it has no name, and `-min`, `-max` count the items. */
  #intField(keys: Keys, name: string, size: number, signed: boolean, endian: "be" | "le"): IntField {
    const u64 = size === 8 ? keys.take("-u64") : undefined;
    const form = u64?.text ?? "number";
    if (form !== "number" && form !== "bigint") return u64!.fail("'-u64' is 'number' or 'bigint'");
    const isItem = name === "";
    const named = this.enum(keys, 8 * size, signed);
    return {
      kind: "int",
      ...placed(keys, name, size),
      signed,
      endian,
      rule: this.rule(keys, named !== null, 8 * size, signed, isItem),
      enum: named,
      derive: isItem ? null : this.#derive(keys),
      default: isItem ? null : (keys.take("-default")?.integer ?? null),
      secret: keys.take("-secret")?.boolean ?? false,
      u64: size === 8 ? form : null,
      display: displayOf(keys),
    };
  }

  /** The names of the values of an integer or of bits. */
  enum(keys: Keys, bits: number, signed: boolean): EnumRef | null {
    const reference = keys.take("enum");
    if (reference === undefined) return null;
    const { spec, name, source: values } = findEnum(this.#spec, this.#scope, reference.text, reference);
    const strict = keys.peek("valid")?.get("in-enum")?.boolean === true;
    checkFits(name, values, bits, signed, reference);
    return { name, module: spec.id, strict, values: lowerEnum(name, values).values.map((v) => v.value) };
  }

  /** What `valid` says, narrowed by `-min` and `-max`. */
  rule(keys: Keys, isNamed: boolean, bits: number, signed: boolean, isItem = false): Rule | null {
    const rule = isItem ? this.#validRule(keys, isNamed, bits) : this.#narrowed(keys, isNamed, bits);
    if (rule === null || isConstant(rule)) return rule;
    // A bound that every value keeps is no rule.
    const [low, high] = rangeOf(bits, signed);
    const min = rule.min === low ? null : rule.min;
    const max = rule.max === high ? null : rule.max;
    return min === null && max === null && rule.anyOf === null ? null : { min, max, anyOf: rule.anyOf };
  }

  #narrowed(keys: Keys, isNamed: boolean, bits: number): Rule | null {
    const valid = this.#validRule(keys, isNamed, bits);
    const [least, most] = [keys.take("-min"), keys.take("-max")];
    const [min, max] = [least?.integer ?? null, most?.integer ?? null];
    if (min === null && max === null) return valid;
    if (valid !== null && isConstant(valid)) (least ?? most)!.fail("'valid' leaves one value already");
    const [low, high] = [valid?.min ?? null, valid?.max ?? null];
    return {
      min: min === null ? low : Math.max(min, low ?? min),
      max: max === null ? high : Math.min(max, high ?? max),
      anyOf: valid?.anyOf ?? null,
    };
  }

  #validRule(keys: Keys, isNamed: boolean, bits: number): Rule | null {
    const source = keys.take("valid");
    if (source === undefined) return null;
    // One bit is true or false to other compilers.
    const number = (near: Source): number =>
      bits === 1 && !near.isMap && typeof near.scalar === "boolean" ? Number(near.scalar) : near.integer;
    if (!source.isMap) return { min: number(source), max: number(source), anyOf: null };
    const valid = new Keys(source);
    const equal = valid.take("eq");
    const eq = equal === undefined ? undefined : number(equal);
    const items = valid.take("any-of")?.items();
    const min = valid.take("min")?.integer;
    const max = valid.take("max")?.integer;
    const inEnum = valid.take("in-enum");
    if (inEnum !== undefined && (!isNamed || !inEnum.boolean))
      inEnum.fail("'in-enum' is true, on an integer with an 'enum'");
    if (valid.peek("expr") !== undefined)
      valid.peek("expr")!.fail("'expr' is understood on an attribute of size 0 only");
    valid.close("'valid'");
    const rules = [eq, items, inEnum, min ?? max].filter((rule) => rule !== undefined);
    if (rules.length > 1) source.fail(refusal("twoRules"));
    if (rules.length === 0) source.fail("'valid' is a rule: a value, 'min' and 'max', 'any-of', or 'in-enum'");
    if (items?.length === 0) source.fail("'any-of' allows no value");
    if (inEnum !== undefined) return null;
    return { min: eq ?? min ?? null, max: eq ?? max ?? null, anyOf: items?.map((item) => item.integer) ?? null };
  }

  #derive(keys: Keys): Derive | null {
    const source = keys.take("-derive");
    return source === undefined ? null : deriveOf(source);
  }

  encodingOf(keys: Keys): Encoding {
    const name = (keys.take("encoding")?.text ?? this.#encoding ?? "").toLowerCase();
    if (name === "ascii" || name === "us-ascii") return "ascii";
    if (name === "utf-8" || name === "utf8") return "utf-8";
    return keys.fail("a text needs 'encoding: ASCII' or 'encoding: UTF-8'");
  }
}

/** How the values of a number are shown. */
export function displayOf(keys: Keys): Display {
  const source = keys.take("-display");
  if (source === undefined) return null;
  return DISPLAYS.find((each) => each === source.text) ?? source.fail(`'-display' is ${DISPLAYS.join(" or ")}`);
}

export function placed(
  keys: Keys,
  name: string,
  size: number,
): { name: string; offset: number; size: number; file: string; line: number; doc: string } {
  keys.pass("id", "doc-ref", "-spec");
  return { name, offset: 0, size, file: keys.file, line: keys.line, doc: keys.take("doc")?.text ?? "" };
}

export function bytesField(keys: Keys, name: string, size: number): Field {
  const secret = keys.take("-secret")?.boolean ?? false;
  return { kind: "bytes", ...placed(keys, name, size), secret, default: null };
}

export function textField(keys: Keys, name: string, size: number, encoding: Encoding): Field {
  const fallback = keys.take("-default");
  const text = fallback?.text ?? null;
  if (text !== null) {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length !== size || (encoding === "ascii" && bytes.some((byte) => byte > 0x7f)) || /\p{Cs}/u.test(text))
      fallback!.fail(`the default must be ${encoding} text of ${size} bytes`);
  }
  return { kind: "text", encoding, default: text, ...placed(keys, name, size) };
}

export function contentsOf(source: Source): number[] {
  const bytes = source.isList ? listed(source) : [...new TextEncoder().encode(source.text)];
  if (bytes.length === 0) source.fail("'contents' of no bytes say nothing");
  return bytes;
}

/** A size beside constant bytes says again how many they are. */
export function checkSize(contents: Source, size: Source | undefined): void {
  const { length } = contentsOf(contents);
  if (size !== undefined && size.scalar !== length) size.fail(`the 'contents' have ${length} bytes`);
}

function listed(source: Source): number[] {
  return source.items().flatMap((item) => {
    const value = item.scalar;
    if (typeof value === "string") return [...new TextEncoder().encode(value)];
    if (typeof value !== "number" || item.integer < 0 || item.integer > 255) item.fail("a byte is 0 to 255");
    return [item.integer];
  });
}

/** A parameter with its line. */
export function paramOf(keys: Keys): Param & { readonly line: number } {
  const name = nameOf(keys.need("id"));
  const type = keys.take("type");
  const isBoolean = type !== undefined && /^(?:bool|b1(?:be|le)?)$/.test(type.text);
  if (type !== undefined && !isBoolean && !COUNTED.test(type.text))
    type.fail("a parameter is an integer (u1 to u8, or s1 to s8) or a 'bool'");
  keys.pass("enum", "doc-ref", "-spec");
  const doc = keys.take("doc")?.text ?? "";
  keys.close("a parameter");
  return { name, doc, type: isBoolean ? "boolean" : "integer", line: keys.line };
}

/** What an expression knows of a parameter. */
export function operandOfParam({ type }: Param): Operand {
  const safe = Number.MAX_SAFE_INTEGER;
  return type === "boolean" ? { type: "bool" } : { type: "int", min: -safe, max: safe };
}

/** True when items of these fields can be read one size after the other: nothing in them is repeated under a rule. */
export function isFlatItem(fields: readonly Field[]): boolean {
  return fields.every((field) => {
    if (field.kind === "struct") return isFlatItem(field.fields);
    return field.kind !== "array" || field.item.fields.every(isUnruled);
  });
}

/** True when any bytes are a value of the field. */
function isUnruled(field: Field): boolean {
  switch (field.kind) {
    case "int":
      return field.rule === null && field.enum?.strict !== true && field.u64 !== "number";
    case "bits":
      return field.rule === null && field.enum?.strict !== true;
    case "bytes":
    case "float":
      return true;
    case "struct":
      return field.fields.every(isUnruled);
    case "array":
    case "const":
    case "text":
      return false;
  }
}

/** The least and the greatest number of items or bytes. */
export function limitsOf(keys: Keys): { min: number; max: number | null } {
  const [least, most] = [keys.take("-min"), keys.take("-max")];
  const min = least?.integer ?? 0;
  const max = most?.integer ?? null;
  if (min < 0) least!.fail("a least number is at least 0");
  if (max !== null && max < min) most!.fail(`nothing is at least ${min} and at most ${max} long`);
  return { min, max };
}

export function moveStruct<S extends Field>(field: S, by: number): S {
  if (field.kind !== "struct") return { ...field, offset: field.offset + by };
  return { ...field, offset: field.offset + by, fields: field.fields.map((inner) => moveStruct(inner, by)) };
}
