/** Values of protobuf messages from JSON. */
import { fromHex } from "../bytes/index.js";
import { argumentError } from "../errors.js";
import type { Json } from "./json.js";
import type { Message, MessageField, MessageValue, Module, Scalar, TypeRef } from "./ir.js";
import { isLong, Messages } from "./messages.js";

type JsonObject = Readonly<Record<string, Json>>;

/**
 * A value for `encodeT` from JSON: bytes from hex, integers above 2^53 from text, enumerated values from their names or
 * numbers, maps from objects, choices from `{case, value}`. Fields have the names of values or those of the spec.
 * @param others modules whose enumerations the fields name
 * @param big 64-bit integers become bigint, for the `encodeTBig` of a message that has one
 * @throws WireError `argument` on an unknown or ill-typed field, with its path
 */
export function messageFromJson(
  module: Module,
  others: readonly Module[],
  message: Message,
  json: Json,
  big: boolean,
): Record<string, unknown> {
  return new Conversion(module, others, message, big).message(message, json, "");
}

class Conversion {
  readonly #messages: Messages;
  readonly #modules: readonly Module[];
  readonly #format: string;
  readonly #big: boolean;

  constructor(module: Module, others: readonly Module[], { format }: Message, big: boolean) {
    this.#messages = new Messages(module);
    this.#modules = [module, ...others];
    this.#format = format;
    this.#big = big;
  }

  message({ fields }: Message, json: Json, path: string): Record<string, unknown> {
    const given = this.#object(json, path);
    const value: Record<string, unknown> = {};
    for (const [name, own] of Object.entries(given)) {
      const place = path === "" ? name : `${path}.${name}`;
      if (name === "$unknown") {
        value[name] = this.#bytes(own, place);
        continue;
      }
      const field = fields.find(({ key, name: other, oneof }) => oneof === null && (key === name || other === name));
      if (field !== undefined) value[field.key] = this.#field(field, own, place);
      else if (fields.some(({ oneof }) => oneof === name)) value[name] = this.#choice(fields, name, own, place);
      else this.#refuse(place, "a field of the message", name);
    }
    return value;
  }

  #choice(fields: readonly MessageField[], oneof: string, json: Json, path: string): unknown {
    const { case: name, value } = this.#object(json, path);
    const cases = fields.filter((field) => field.oneof === oneof);
    const field = cases.find(({ key, name: other }) => key === name || other === name);
    if (field === undefined || value === undefined)
      return this.#refuse(path, `a case of ${cases.map(({ key }) => key).join(", ")} and its value`, json);
    return { case: field.key, value: this.#one(field.value, value, `${path}.value`) };
  }

  #field(field: MessageField, json: Json, path: string): unknown {
    if (field.label === "map") {
      const entries = Object.entries(this.#object(json, path)).map(([key, value]) => {
        const place = `${path}[${JSON.stringify(key)}]`;
        return [this.#key(field.mapKey!, key, place), this.#one(field.value, value, place)] as const;
      });
      return new Map(entries);
    }
    if (field.label !== "repeated") return this.#one(field.value, json, path);
    if (!Array.isArray(json)) return this.#refuse(path, "a list", json);
    return json.map((item: Json, i) => this.#one(field.value, item, `${path}[${i}]`));
  }

  #key(scalar: Scalar, key: string, path: string): unknown {
    if (scalar !== "bool") return this.#scalar(scalar, key, path);
    return key === "true" || key === "false" ? key === "true" : this.#refuse(path, "true or false", key);
  }

  #one(value: MessageValue, json: Json, path: string): unknown {
    switch (value.is) {
      case "message":
        return this.message(this.#messages.get(value.message), json, path);
      case "enum":
        return typeof json === "string" ? this.#named(value.enum, json, path) : this.#scalar("int32", json, path);
      case "scalar":
        return this.#scalar(value.scalar, json, path);
    }
  }

  #named(ref: TypeRef, name: string, path: string): number {
    const { values } = this.#modules
      .find(({ id }) => id === ref.module)
      ?.enums.find((one) => one.name === ref.name) ?? {
      values: [],
    };
    const found = values.find((each) => each.name === name);
    return found?.value ?? this.#refuse(path, `one of ${values.map((each) => each.name).join(", ")}`, name);
  }

  #scalar(scalar: Scalar, json: Json, path: string): unknown {
    switch (scalar) {
      case "string":
        return typeof json === "string" ? json : this.#refuse(path, "a text", json);
      case "bytes":
        return this.#bytes(json, path);
      case "bool":
        return typeof json === "boolean" ? json : this.#refuse(path, "true or false", json);
      case "float":
      case "double":
        if (json === "NaN" || json === "Infinity" || json === "-Infinity") return Number(json);
        return typeof json === "number" ? json : this.#refuse(path, "a number", json);
      default: {
        const isExact = typeof json === "number" && Number.isSafeInteger(json);
        if (!isExact && !(typeof json === "string" && /^-?[0-9]{1,20}$/.test(json)))
          return this.#refuse(path, "an integer, as text above 2^53-1", json);
        return isLong(scalar) && this.#big ? BigInt(json) : Number(json);
      }
    }
  }

  #bytes(json: Json, path: string): Uint8Array {
    try {
      if (typeof json === "string") return fromHex(json);
    } catch {
      // It is told below.
    }
    return this.#refuse(path, "bytes as hex", json);
  }

  #object(json: Json, path: string): JsonObject {
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as JsonObject;
    return this.#refuse(path, "an object", json);
  }

  #refuse(path: string, expected: string, actual: Json): never {
    const shown = Array.isArray(actual) ? "a list" : actual === null ? "nothing" : String(actual).slice(0, 40);
    throw argumentError(
      this.#format,
      path,
      expected,
      typeof actual === "object" && actual !== null ? "an object" : shown,
    );
  }
}
