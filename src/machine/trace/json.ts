/** Values of machines as JSON and back. */
import { fromHex, isBytes, toHex } from "../../bytes/index.js";
import { argumentError, isWireError, WireError, type WireIssue } from "../../errors.js";

/**
 * A JSON value. A value that JSON lacks is an object with one key that begins with `$`:
 * `$hex` bytes, `$bigint`, `$number` (NaN, infinities, -0), `$array` (other typed arrays), `$map`, `$set`, `$error`,
 * `$absent` (undefined inside an array) and `$opaque` (a function or symbol, read back as undefined).
 * A key of a user's object that begins with `$` gets a second `$`.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const TYPED_ARRAYS = {
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

/** A value as JSON. */
export function toJson(value: unknown): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? "-0" : String(value) };
    case "bigint":
      return { $bigint: String(value) };
    case "undefined":
      return { $absent: true };
    case "object":
      return value === null ? null : objectToJson(value);
    default:
      return { $opaque: typeof value };
  }
}

function objectToJson(value: object): Json {
  if (isBytes(value)) return { $hex: toHex(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Error) return errorToJson(value);
  if (value instanceof Map) return { $map: Array.from(value, ([key, item]) => [toJson(key), toJson(item)]) };
  if (value instanceof Set) return { $set: Array.from(value, toJson) };
  for (const [name, type] of Object.entries(TYPED_ARRAYS)) {
    if (value instanceof type) return { $array: name, items: Array.from<unknown, Json>(value, toJson) };
  }
  // `toJSON` of an object decides its form: so a secret stays redacted.
  if ("toJSON" in value && typeof value.toJSON === "function") return toJson(value.toJSON());
  return recordToJson(value);
}

function recordToJson(value: object): Json {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key.startsWith("$") ? `$${key}` : key, toJson(field)]));
}

function errorToJson(error: Error): Json {
  if (isWireError(error)) return { $error: recordToJson(error.toJSON()) };
  return { $error: { name: error.name, message: error.message } };
}

/** The inverse of {@link toJson}. @throws WireError `argument` */
export function fromJson(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  const fields = Object.entries(json as { readonly [key: string]: Json });
  const [key, content] = fields[0] ?? [""];
  if (/^\$[^$]/.test(key)) return tagged(key, content, (json as { readonly items?: Json }).items);
  // `fromEntries` defines properties: a key `__proto__` stays a plain key.
  return Object.fromEntries(
    fields.map(([name, field]) => [name.startsWith("$$") ? name.slice(1) : name, fromJson(field)]),
  );
}

function tagged(tag: string, content: Json | undefined, items: Json | undefined): unknown {
  if (tag === "$absent" || tag === "$opaque") return undefined;
  if (tag === "$hex" && typeof content === "string") return fromHex(content);
  if (tag === "$bigint" && typeof content === "string" && /^-?\d+$/.test(content)) return BigInt(content);
  if (tag === "$number" && typeof content === "string") return Number(content);
  if (tag === "$map" && Array.isArray(content)) return new Map(fromJson(content) as [unknown, unknown][]);
  if (tag === "$set" && Array.isArray(content)) return new Set(fromJson(content) as unknown[]);
  if (tag === "$error") return errorFromJson(fromJson(content ?? null));
  if (tag === "$array" && Object.hasOwn(TYPED_ARRAYS, String(content)) && Array.isArray(items)) {
    const type = TYPED_ARRAYS[content as keyof typeof TYPED_ARRAYS] as { from(items: unknown): unknown };
    return type.from(fromJson(items));
  }
  throw argumentError("trace", tag, "content of its type", JSON.stringify(content));
}

function errorFromJson(content: unknown): Error {
  if (typeof content === "object" && content !== null && "code" in content) return new WireError(content as WireIssue);
  const { name = "Error", message = "" } = (content ?? {}) as { name?: string; message?: string };
  return Object.assign(new Error(message), { name });
}

/** Equality of values, regardless of the order of keys. */
export function sameJson(a: Json, b: Json): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as { readonly [key: string]: Json }, b as { readonly [key: string]: Json }];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key]!, right[key]!))
  );
}
