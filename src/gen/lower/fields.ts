import { parseExpression } from "../expression.js";
import type { Derive, Encoding, EnumRef, Field, IntField, Rule } from "../ir.js";
import { endianOf, type SpecFile } from "../load.js";
import type { Source } from "../source.js";
import { findEnum, lowerEnum } from "./scope.js";

export const INTEGER = /^([us])([1248])(be|le)?$/;
export const BITS = /^b([1-9][0-9]?)(be|le)?$/;

/** Reads the attributes of one type that are single fields, in the byte and bit order of that type. */
export class FieldReader {
  readonly bitEndian: "be" | "le";
  readonly #endian: "be" | "le" | null;
  readonly #spec: SpecFile;

  constructor(spec: SpecFile, type: Source) {
    const meta = type.get("meta");
    this.#spec = spec;
    this.bitEndian = endianOf(meta?.get("bit-endian")) ?? spec.bitEndian;
    this.#endian = endianOf(meta?.get("endian")) ?? spec.endian;
  }

  wideBits(source: Source, name: string, width: number, suffix: "be" | "le" | undefined): IntField {
    if (width > 32) source.fail("bit integers are at most 32 bits long; use u8 for 64");
    return this.#intField(source, name, width / 8, false, suffix ?? this.bitEndian);
  }

  integer(source: Source, name: string, match: RegExpExecArray): IntField {
    const size = Number(match[2]);
    const endian = (match[3] as "be" | "le" | undefined) ?? this.#endian;
    if (endian === null && size > 1)
      source.fail(`the byte order of '${match[0]}' is not said: set 'meta: {endian: …}'`);
    return this.#intField(source, name, size, match[1] === "s", endian ?? "be");
  }

  #intField(source: Source, name: string, size: number, signed: boolean, endian: "be" | "le"): IntField {
    const u64 = source.get("-u64")?.text;
    if (u64 !== undefined && (size !== 8 || (u64 !== "number" && u64 !== "bigint"))) {
      source.get("-u64")!.fail("'-u64' is 'number' or 'bigint', on an integer of 8 bytes");
    }
    return {
      kind: "int",
      ...placed(source, name, size),
      signed,
      endian,
      rule: source.get("repeat") === undefined ? this.rule(source) : this.#validRule(source),
      enum: this.#enum(source),
      derive: this.#derive(source),
      default: source.get("-default")?.integer ?? null,
      secret: source.get("-secret")?.boolean ?? false,
      u64: size === 8 ? ((u64 as "number" | "bigint" | undefined) ?? "number") : null,
    };
  }

  #enum(source: Source): EnumRef | null {
    const reference = source.get("enum");
    if (reference === undefined) return null;
    const { spec, name, source: values } = findEnum(this.#spec, reference.text, reference);
    const strict = source.get("valid")?.isMap === true && source.get("valid")!.get("in-enum")?.boolean === true;
    return { name, module: spec.id, strict, values: lowerEnum(name, values).values.map((v) => v.value) };
  }

  /** What `valid` says, narrowed by `-min` and `-max`. */
  rule(source: Source): Rule | null {
    const valid = this.#validRule(source);
    const min = source.get("-min")?.integer ?? null;
    const max = source.get("-max")?.integer ?? null;
    if (min === null && max === null) return valid;
    return { min: min ?? valid?.min ?? null, max: max ?? valid?.max ?? null, anyOf: valid?.anyOf ?? null };
  }

  #validRule(source: Source): Rule | null {
    const valid = source.get("valid");
    if (valid === undefined) return null;
    if (!valid.isMap) return { min: valid.integer, max: valid.integer, anyOf: null };
    valid.onlyKeys("valid", ["eq", "min", "max", "any-of", "in-enum", "expr"]);
    if (valid.get("expr") !== undefined) valid.get("expr")!.fail("'expr' is understood on an attribute of size 0 only");
    const eq = valid.get("eq")?.integer;
    const anyOf =
      valid
        .get("any-of")
        ?.items()
        .map((item) => item.integer) ?? null;
    const min = eq ?? valid.get("min")?.integer ?? null;
    const max = eq ?? valid.get("max")?.integer ?? null;
    return min === null && max === null && anyOf === null ? null : { min, max, anyOf };
  }

  #derive(source: Source): Derive | null {
    const text = source.get("-derive");
    if (text === undefined) return null;
    const e = parseExpression(text);
    if (e.op === "call" && e.name === "crc32") return { from: "crc32", of: e.argument };
    if (e.op === "call" && e.name === "sizeof") return { from: "extent", of: e.argument, minus: 0 };
    if ((e.op === "+" || e.op === "-") && e.left.op === "call" && e.left.name === "sizeof" && e.right.op === "int") {
      return { from: "extent", of: e.left.argument, minus: e.op === "+" ? -e.right.value : e.right.value };
    }
    return text.fail("'-derive' is sizeof(field), sizeof(field) + number, or crc32(field)");
  }

  encodingOf(source: Source): Encoding {
    const name = (source.get("encoding")?.text ?? this.#spec.encoding ?? "").toLowerCase();
    if (name === "ascii" || name === "us-ascii") return "ascii";
    if (name === "utf-8" || name === "utf8") return "utf-8";
    return source.fail("a text needs 'encoding: ASCII' or 'encoding: UTF-8'");
  }
}

export function placed(
  source: Source,
  name: string,
  size: number,
): { name: string; offset: number; size: number; file: string; line: number; doc: string } {
  return { name, offset: 0, size, file: source.file, line: source.line, doc: source.get("doc")?.text ?? "" };
}

export function bytesField(source: Source, name: string, size: number): Field {
  const fallback = source.get("-default");
  const bytes = fallback?.items().map((item) => item.integer) ?? null;
  if (bytes !== null && bytes.length !== size) fallback!.fail(`the default must have ${size} bytes`);
  if (source.get("valid") !== undefined)
    source.get("valid")!.fail("'valid' is for integers; use 'contents' for constant bytes");
  return {
    kind: "bytes",
    ...placed(source, name, size),
    secret: source.get("-secret")?.boolean ?? false,
    default: bytes,
  };
}

export function contentsOf(source: Source): number[] {
  if (!source.isList) return [...new TextEncoder().encode(source.text)];
  return source.items().flatMap((item) => {
    const value = item.scalar;
    if (typeof value === "string") return [...new TextEncoder().encode(value)];
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 255) item.fail("a byte is 0 to 255");
    return [value as number];
  });
}

export function moveStruct<S extends Field>(field: S, by: number): S {
  if (field.kind !== "struct") return { ...field, offset: field.offset + by };
  return { ...field, offset: field.offset + by, fields: field.fields.map((inner) => moveStruct(inner, by)) };
}
