/** Decoded values as JSON, and back. */
import { fromHex, isBytes, toHex } from "../bytes/index.js";
import { WireError } from "../errors.js";
import { VARINT_SAFE_BYTES } from "./emit-ts/wide.js";
import { isShown } from "./shown.js";
import { Layouts } from "./emit-ts/layouts.js";
import { argumentsOf, evaluate, type Environment } from "./evaluate.js";
import {
  isImplied,
  type Block,
  type Content,
  type Field,
  type IntField,
  type Item,
  type Module,
  type PieceBlock,
  type Type,
} from "./ir.js";
import { camel } from "./names.js";
import { caseOf, planChoice, wayOf } from "./plan/choice.js";
import { toldIn } from "./plan/told.js";

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A decoded value as JSON: bytes as hex, bigints as decimal text when a number would not be exact, maps as objects. */
export function toJson(value: unknown): Json {
  return jsonOf(value, []);
}

/** @param around what the value stands in; a computed one of these, `_root` for example, is left out */
function jsonOf(value: unknown, around: readonly unknown[]): Json {
  if (isBytes(value)) return toHex(value);
  // JSON has no word for them.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  const within = [...around, value];
  if (Array.isArray(value)) return value.map((each) => jsonOf(each, within));
  if (value instanceof Map) return jsonOf(Object.fromEntries(value), around);
  if (typeof value === "object" && value !== null) {
    const present = Object.entries(value).filter(([, inner]) => inner !== undefined && !within.includes(inner));
    return Object.fromEntries(present.map(([key, inner]) => [key, jsonOf(inner, within)]));
  }
  return value as Json;
}

/**
 * A value for `encodeT` from JSON: bytes from hex, missing fields from the defaults of the spec.
 * @param module that the type is of
 * @param big 64-bit integers become bigint, for the `encodeTBig` of a type that has one
 * @param params values of the type's parameters, where a choice depends on them
 * @throws WireError `argument` on an unknown, missing or ill-typed field, with its path
 */
export function fromJson(
  module: Module,
  type: Type,
  json: Json,
  big: boolean,
  params: Readonly<Record<string, number | boolean>> = {},
): Record<string, unknown> {
  return new Conversion(module, type, big).type(type, json, "", params);
}

/** What errors name: the format, and its place in the spec. */
export interface Named {
  readonly format: string;
  readonly file: string;
  readonly line: number;
}

/** Makes the value of one format, the values of types inside it included. */
class Conversion {
  readonly #layouts: Layouts;
  /** The format that errors name. */
  readonly #format: Type;
  readonly #big: boolean;

  constructor(module: Module, format: Type, big: boolean) {
    this.#layouts = new Layouts(module);
    this.#format = format;
    this.#big = big;
  }

  type(type: Type, json: Json, path: string, params: Environment["params"]): Record<string, unknown> {
    if (type.body.shape === "plain") return this.#blocks(type, type.body.blocks, json, path, params);
    const given = objectOf(this.#format, path, json);
    const plan = planChoice(type, false);
    const { kind, ...fields } = given;
    const way =
      kind === undefined
        ? wayOf(plan, Number(given[camel(plan.tag.name)] ?? plan.tag.default))
        : plan.ways.find((each) => each.kind === kind);
    if (way === undefined) return refuse(this.#format, under(path, "kind"), plan.unknown.expected, kind ?? null);
    return { kind: way.kind, ...this.#blocks(way.type, way.blocks, fields, path, params) };
  }

  #blocks(
    type: Type,
    blocks: readonly Block[],
    json: Json,
    path: string,
    params: Environment["params"],
  ): Record<string, unknown> {
    const format = this.#format;
    const said = objectOf(format, path, json);
    const given = { ...said, ...this.#told(blocks, said) };
    const value: Record<string, unknown> = type.kind === null ? {} : { kind: type.kind };
    for (const block of blocks) {
      if (block.block === "fixed") {
        Object.assign(value, fieldsOf(format, block.fields, given, path, this.#big));
        continue;
      }
      const name = camel(block.name);
      const own = given[name];
      const place = under(path, name);
      if (block.block === "piece") {
        if (!isShown(block)) continue;
        if (own === undefined && block.condition !== null) continue;
        if (own === undefined) refuse(format, place, "a value", null);
        value[name] = this.#piece(block, own, place, { value, params });
        continue;
      }
      if (own === undefined) refuse(format, place, "a value", null);
      if (block.block === "items") value[name] = itemsOf(format, place, block.item, own, this.#big);
      else if (block.block === "bits")
        value[name] = listOf(format, place, own).map((bit, i) => bitOf(format, `${place}[${i}]`, bit));
      else value[name] = block.text === null ? bytesOf(format, place, own) : textOf(format, place, own);
    }
    refuseUnknown(
      format,
      path,
      given,
      value,
      blocks.flatMap((b) => (b.block === "fixed" ? b.fields : [])),
      blocks.flatMap((b) => (isShown(b) || b.block !== "piece" ? [] : [camel(b.name)])),
    );
    return value;
  }

  /** Fields that are left out, because the kind of a choice tells them. */
  #told(blocks: readonly Block[], given: Record<string, Json>): Record<string, Json> {
    const told: Record<string, Json> = {};
    for (const [name, by] of toldIn(blocks, (ref) => this.#layouts.get(ref))) {
      if (given[camel(name)] !== undefined) continue;
      const held = by.by === "kind" ? given[camel(by.of)] : undefined;
      const kind = isObject(held) ? held["kind"] : undefined;
      const value = by.by === "number" ? by.value : by.kinds.find((each) => each.kind === kind)?.value;
      if (value !== undefined) told[camel(name)] = value;
    }
    return told;
  }

  #piece(block: PieceBlock, json: Json, path: string, env: Environment): unknown {
    if (block.repeat === null) return this.#content(block.content, json, path, env);
    return listOf(this.#format, path, json).map((one, i) => this.#content(block.content, one, `${path}[${i}]`, env));
  }

  #content(content: Content, json: Json, path: string, env: Environment): unknown {
    const format = this.#format;
    switch (content.content) {
      case "field":
        return fieldOf(format, content.field, json, path, this.#big);
      case "bytes":
        return content.text === null ? bytesOf(format, path, json) : textOf(format, path, json);
      case "varint": {
        const isBig = content.u64 === "bigint" || (this.#big && content.maxBytes > VARINT_SAFE_BYTES);
        return exactOf(format, json, path, isBig);
      }
      case "type": {
        const type = this.#layouts.get(content.type);
        return this.type(type, json, path, argumentsOf(type, content.args, env));
      }
      case "choice": {
        const chosen = caseOf(content.cases, evaluate(content.on, env));
        if (chosen === undefined) return refuse(format, path, "a case of the choice", null);
        return this.#content(chosen.content, json, path, env);
      }
    }
  }
}

export function under(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function fieldsOf(
  type: Type,
  fields: readonly Field[],
  given: Record<string, Json>,
  prefix: string,
  big: boolean,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of fields) {
    if (isImplied(field)) continue;
    const name = camel(field.name);
    value[name] = fieldOf(type, field, given[name], prefix === "" ? name : `${prefix}.${name}`, big);
  }
  return value;
}

function fieldOf(type: Type, field: Field, json: Json | undefined, path: string, big: boolean): unknown {
  switch (field.kind) {
    case "int":
      return integerOf(type, field, json ?? field.default ?? undefined, path, big);
    case "bits":
      if (field.width === 1) return bitOf(type, path, json ?? field.default ?? undefined);
      return integerOf(
        type,
        { ...field, kind: "int", signed: false } as unknown as IntField,
        json ?? field.default ?? undefined,
        path,
        false,
      );
    case "float":
      return floatOf(type, path, json);
    case "bytes":
      return bytesOf(type, path, json ?? (field.default === null ? undefined : toHex(Uint8Array.from(field.default))));
    case "text":
      return textOf(type, path, json ?? field.default ?? undefined);
    case "struct": {
      const given = objectOf(type, path, json ?? {});
      const value = fieldsOf(type, field.fields, given, path, big);
      refuseUnknown(type, path, given, value, field.fields);
      return value;
    }
    case "array":
      return itemsOf(type, path, field.item, json, big);
    case "const":
      return undefined;
  }
}

function itemsOf(type: Type, path: string, item: Item, json: Json | undefined, big: boolean): unknown[] {
  return listOf(type, path, json).map((one, i) => {
    const own = `${path}[${i}]`;
    if (item.type === null) return fieldOf(type, item.fields[0]!, one, own, big);
    const given = objectOf(type, own, one);
    const value = fieldsOf(type, item.fields, given, own, big);
    refuseUnknown(type, own, given, value, item.fields);
    return value;
  });
}

function integerOf(type: Type, field: IntField, json: Json | undefined, path: string, big: boolean): number | bigint {
  return exactOf(type, json, path, field.size === 8 && (big || field.u64 === "bigint"));
}

export function exactOf(type: Named, json: Json | undefined, path: string, isBig: boolean): number | bigint {
  const isNumber = typeof json === "number" && Number.isSafeInteger(json);
  const isText = typeof json === "string" && /^-?(0x[0-9a-fA-F]+|[0-9]+)$/.test(json);
  if (!isNumber && !isText) refuse(type, path, "an integer, as text above 2^53-1", json ?? null);
  const exact = typeof json === "string" && json.startsWith("-0x") ? -BigInt(json.slice(1)) : BigInt(json);
  return isBig ? exact : Number(exact);
}

export function bytesOf(type: Named, path: string, json: Json | undefined): Uint8Array {
  if (typeof json !== "string") refuse(type, path, "bytes as hex", json ?? null);
  try {
    return fromHex(json);
  } catch {
    return refuse(type, path, "bytes as hex", json);
  }
}

export function floatOf(type: Named, path: string, json: Json | undefined): number {
  if (typeof json === "number") return json;
  if (json === "NaN" || json === "Infinity" || json === "-Infinity") return Number(json);
  return refuse(type, path, "a number", json ?? null);
}

export function textOf(type: Named, path: string, json: Json | undefined): string {
  return typeof json === "string" ? json : refuse(type, path, "a text", json ?? null);
}

export function bitOf(type: Named, path: string, json: Json | undefined): boolean {
  if (json === true || json === 1) return true;
  if (json === false || json === 0) return false;
  return refuse(type, path, "true or false", json ?? null);
}

export function listOf(type: Named, path: string, json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? (json as readonly Json[]) : refuse(type, path, "a list", json ?? null);
}

export function objectOf(type: Named, path: string, json: Json): Record<string, Json> {
  return isObject(json) ? json : refuse(type, path, "an object", json);
}

function isObject(json: Json | undefined): json is Record<string, Json> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** A field that the format implies may be given, as another decoder shows it; any other stranger is a mistake. */
function refuseUnknown(
  type: Type,
  path: string,
  given: Record<string, Json>,
  value: Record<string, unknown>,
  fields: readonly Field[],
  others: readonly string[] = [],
): void {
  const implied = new Set([...fields.filter(isImplied).map((field) => camel(field.name)), ...others]);
  for (const key of Object.keys(given)) {
    if (key in value || implied.has(key)) continue;
    refuse(type, path === "" ? key : `${path}.${key}`, "a field of the format", key);
  }
}

export function refuse(type: Named, path: string, expected: string, actual: Json): never {
  const shown =
    actual === null
      ? "nothing"
      : typeof actual === "object"
        ? Array.isArray(actual)
          ? "a list"
          : "an object"
        : typeof actual;
  throw new WireError({
    code: "argument",
    format: type.format,
    path,
    expected,
    actual: shown,
    spec: `${type.file}:${type.line}`,
  });
}
