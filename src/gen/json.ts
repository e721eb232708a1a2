import { fromHex, isBytes, toHex } from "../bytes/index.js";
import { WireError } from "../errors.js";
import { isImplied, type Block, type Field, type IntField, type Item, type Type } from "./ir.js";
import { camel } from "./names.js";

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A decoded value as JSON: bytes as hex, bigints as decimal text when a number would not be exact. */
export function toJson(value: unknown): Json {
  if (isBytes(value)) return toHex(value);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner)]));
  }
  return value as Json;
}

/**
 * A value for `encodeT` from JSON: bytes from hex, missing fields from the defaults of the spec.
 * @param big 64-bit integers become bigint, for the `encodeTBig` of a type that has one
 * @throws WireError `argument` on an unknown, missing or ill-typed field, with its path
 */
export function fromJson(type: Type, json: Json, big: boolean): Record<string, unknown> {
  if (type.body.shape === "plain") return valueOf(type, type.body.blocks, json, big);
  const given = objectOf(type, "", json);
  const kind = given["kind"];
  const tag = type.body.tag;
  const tagValue = given[camel(tag.name)] ?? tag.default;
  const variants = type.body.variants;
  const variant =
    kind === undefined
      ? (variants.find((v) => v.values !== "else" && v.values.includes(Number(tagValue))) ??
        variants.find((v) => v.values === "else"))
      : variants.find((v) => v.kind === kind);
  if (variant === undefined) refuse(type, "kind", `one of ${variants.map((v) => v.kind).join(", ")}`, kind ?? null);
  const { kind: _, ...fields } = given;
  const value = valueOf(variant.type, variant.type.body.shape === "plain" ? variant.type.body.blocks : [], fields, big);
  return { kind: variant.kind, ...value };
}

function valueOf(type: Type, blocks: readonly Block[], json: Json, big: boolean): Record<string, unknown> {
  const given = objectOf(type, "", json);
  const value: Record<string, unknown> = {};
  for (const block of blocks) {
    if (block.block === "fixed") {
      Object.assign(value, fieldsOf(type, block.fields, given, "", big));
      continue;
    }
    const name = camel(block.name);
    const own = given[name];
    if (own === undefined) refuse(type, name, "a value", null);
    if (block.block === "items") value[name] = itemsOf(type, name, block.item, own, big);
    else if (block.block === "bits")
      value[name] = listOf(type, name, own).map((bit, i) => bitOf(type, `${name}[${i}]`, bit));
    else value[name] = block.text === null ? bytesOf(type, name, own) : textOf(type, name, own);
  }
  refuseUnknown(
    type,
    "",
    given,
    value,
    blocks.flatMap((b) => (b.block === "fixed" ? b.fields : [])),
  );
  return value;
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
  const isNumber = typeof json === "number" && Number.isSafeInteger(json);
  const isText = typeof json === "string" && /^-?(0x[0-9a-fA-F]+|[0-9]+)$/.test(json);
  if (!isNumber && !isText) refuse(type, path, "an integer, as text above 2^53-1", json ?? null);
  const exact = typeof json === "string" && json.startsWith("-0x") ? -BigInt(json.slice(1)) : BigInt(json);
  return field.size === 8 && (big || field.u64 === "bigint") ? exact : Number(exact);
}

function bytesOf(type: Type, path: string, json: Json | undefined): Uint8Array {
  if (typeof json !== "string") refuse(type, path, "bytes as hex", json ?? null);
  try {
    return fromHex(json);
  } catch {
    return refuse(type, path, "bytes as hex", json);
  }
}

function textOf(type: Type, path: string, json: Json | undefined): string {
  return typeof json === "string" ? json : refuse(type, path, "a text", json ?? null);
}

function bitOf(type: Type, path: string, json: Json | undefined): boolean {
  if (json === true || json === 1) return true;
  if (json === false || json === 0) return false;
  return refuse(type, path, "true or false", json ?? null);
}

function listOf(type: Type, path: string, json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? (json as readonly Json[]) : refuse(type, path, "a list", json ?? null);
}

function objectOf(type: Type, path: string, json: Json): Record<string, Json> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) refuse(type, path, "an object", json);
  return json as Record<string, Json>;
}

/** A field that the format implies may be given, as another decoder shows it; any other stranger is a mistake. */
function refuseUnknown(
  type: Type,
  path: string,
  given: Record<string, Json>,
  value: Record<string, unknown>,
  fields: readonly Field[],
): void {
  const implied = new Set(fields.filter(isImplied).map((field) => camel(field.name)));
  for (const key of Object.keys(given)) {
    if (key in value || implied.has(key)) continue;
    refuse(type, path === "" ? key : `${path}.${key}`, "a field of the format", key);
  }
}

function refuse(type: Type, path: string, expected: string, actual: Json): never {
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
    offset: 0,
    expected,
    actual: shown,
    spec: `${type.file}:${type.line}`,
  });
}
