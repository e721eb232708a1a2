import { parseExpression } from "../expression.js";
import {
  isConstant,
  rangeOf,
  type Derive,
  type Encoding,
  type EnumRef,
  type Field,
  type IntField,
  type Param,
  type Rule,
} from "../ir.js";
import { Keys } from "../keys.js";
import { endianOf, nameOf, type SpecFile } from "../load.js";
import type { Source } from "../source.js";
import { findEnum, lowerEnum } from "./scope.js";

export const INTEGER = /^([us])([1248])(be|le)?$/;
const COUNTED = /^[us][1248]$/;
export const BITS = /^b([1-9][0-9]?)(be|le)?$/;

/** Reads the attributes of one type that are single fields, in the byte and bit order of that type. */
export class FieldReader {
  readonly bitEndian: "be" | "le";
  readonly #endian: "be" | "le" | null;
  readonly #encoding: string | null;
  readonly #spec: SpecFile;

  /** @param meta of the type, where it has one */
  constructor(spec: SpecFile, meta: Keys | undefined) {
    this.#spec = spec;
    this.bitEndian = endianOf(meta?.take("bit-endian")) ?? spec.bitEndian;
    this.#endian = endianOf(meta?.take("endian")) ?? spec.endian;
    this.#encoding = meta?.take("encoding")?.text ?? spec.encoding;
  }

  wideBits(keys: Keys, name: string, width: number, suffix: "be" | "le" | undefined): IntField {
    if (width > 32) keys.fail("bit integers are at most 32 bits long; use u8 for 64");
    return this.#intField(keys, name, width / 8, false, suffix ?? this.bitEndian);
  }

  integer(keys: Keys, name: string, match: RegExpExecArray): IntField {
    const size = Number(match[2]);
    const endian = (match[3] as "be" | "le" | undefined) ?? this.#endian;
    if (endian === null && size > 1) keys.fail(`the byte order of '${match[0]}' is not said: set 'meta: {endian: …}'`);
    return this.#intField(keys, name, size, match[1] === "s", endian ?? "be");
  }

  /** An integer alone, or as an item: then it has no name, and `-min`, `-max` count the items. */
  #intField(keys: Keys, name: string, size: number, signed: boolean, endian: "be" | "le"): IntField {
    const u64 = size === 8 ? keys.take("-u64") : undefined;
    const form = u64?.text ?? "number";
    if (form !== "number" && form !== "bigint") return u64!.fail("'-u64' is 'number' or 'bigint'");
    const isItem = name === "";
    const named = this.#enum(keys);
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
    };
  }

  #enum(keys: Keys): EnumRef | null {
    const reference = keys.take("enum");
    if (reference === undefined) return null;
    const { spec, name, source: values } = findEnum(this.#spec, reference.text, reference);
    const strict = keys.peek("valid")?.get("in-enum")?.boolean === true;
    return { name, module: spec.id, strict, values: lowerEnum(name, values).values.map((v) => v.value) };
  }

  /** What `valid` says, narrowed by `-min` and `-max`. */
  rule(keys: Keys, isNamed: boolean, bits: number, signed: boolean, isItem = false): Rule | null {
    const rule = isItem ? this.#validRule(keys, isNamed) : this.#narrowed(keys, isNamed);
    if (rule === null || isConstant(rule)) return rule;
    // A bound that every value keeps is no rule.
    const [low, high] = rangeOf(bits, signed);
    const min = rule.min === low ? null : rule.min;
    const max = rule.max === high ? null : rule.max;
    return min === null && max === null && rule.anyOf === null ? null : { min, max, anyOf: rule.anyOf };
  }

  #narrowed(keys: Keys, isNamed: boolean): Rule | null {
    const valid = this.#validRule(keys, isNamed);
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

  #validRule(keys: Keys, isNamed: boolean): Rule | null {
    const source = keys.take("valid");
    if (source === undefined) return null;
    if (!source.isMap) return { min: source.integer, max: source.integer, anyOf: null };
    const valid = new Keys(source);
    const eq = valid.take("eq")?.integer;
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
    if (rules.length !== 1) source.fail("'valid' is one rule: a value, 'min' and 'max', 'any-of', or 'in-enum'");
    if (items?.length === 0) source.fail("'any-of' allows no value");
    if (inEnum !== undefined) return null;
    return { min: eq ?? min ?? null, max: eq ?? max ?? null, anyOf: items?.map((item) => item.integer) ?? null };
  }

  #derive(keys: Keys): Derive | null {
    const text = keys.take("-derive");
    if (text === undefined) return null;
    const e = parseExpression(text);
    if (e.op === "call" && e.name === "crc32") return { from: "crc32", of: e.argument };
    if (e.op === "call" && e.name === "sizeof") return { from: "extent", of: e.argument, minus: 0 };
    if ((e.op === "+" || e.op === "-") && e.left.op === "call" && e.left.name === "sizeof" && e.right.op === "int") {
      return { from: "extent", of: e.left.argument, minus: e.op === "+" ? -e.right.value : e.right.value };
    }
    return text.fail("'-derive' is sizeof(field), sizeof(field) + number, or crc32(field)");
  }

  encodingOf(keys: Keys): Encoding {
    const name = (keys.take("encoding")?.text ?? this.#encoding ?? "").toLowerCase();
    if (name === "ascii" || name === "us-ascii") return "ascii";
    if (name === "utf-8" || name === "utf8") return "utf-8";
    return keys.fail("a text needs 'encoding: ASCII' or 'encoding: UTF-8'");
  }
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
  if (type !== undefined && !COUNTED.test(type.text)) type.fail("a parameter is an integer: u1 to u8, or s1 to s8");
  const param = { name, doc: keys.take("doc")?.text ?? "", line: keys.line };
  keys.pass("doc-ref", "-spec");
  keys.close("a parameter");
  return param;
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
