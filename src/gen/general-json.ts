/** Values of general types from JSON. */
import { camel } from "./names.js";
import { mayBeAbsent, nameOfInstance, type Attribute, type General, type GeneralType, type Kind } from "./general.js";
import { bytesOf, exactOf, floatOf, listOf, objectOf, refuse, textOf, under, type Json, type Named } from "./json.js";
import { GeneralPlan } from "./plan/general.js";

/** A text in JSON that may be bytes, a text or an integer: the case of a choice that is written decides. */
export class Undecided {
  readonly #format: Named;
  readonly #path: string;
  readonly #json: Json;
  value: unknown = undefined;

  constructor(format: Named, path: string, json: Json) {
    this.#format = format;
    this.#path = path;
    this.#json = json;
  }

  as(kind: "bytes" | "text" | "int" | "float"): unknown {
    this.value = plainOf(this.#format, { kind, wide: "bigint" } as Kind, this.#json, this.#path, true);
    return this.value;
  }
}

/**
 * A value for `encodeT` of a general type from JSON: bytes from hex; what is computed may be there, and is passed over.
 * What JSON leaves open is {@link Undecided}.
 * @param big 64-bit integers become bigint
 * @throws WireError `argument` on an unknown, missing or ill-typed field, with its path
 */
export function generalFromJson(general: General, type: GeneralType, json: Json, big: boolean): object {
  return new Conversion(general, type, big).type(type, json, "");
}

class Conversion {
  readonly #plan: GeneralPlan;
  readonly #format: Named;
  readonly #big: boolean;

  constructor(general: General, format: GeneralType, big: boolean) {
    this.#plan = new GeneralPlan(general);
    this.#format = format;
    this.#big = big;
  }

  type(type: GeneralType, json: Json, path: string): object {
    const given = objectOf(this.#format, path, json);
    const value: Record<string, unknown> = type.kind === null ? {} : { kind: type.kind };
    const passed = new Set(type.kind === null ? [] : ["kind"]);
    const add = (attribute: Attribute, isOptional: boolean): void => {
      const name = camel(attribute.name);
      passed.add(name);
      if (attribute.content.content === "const") return;
      const own = given[name];
      if (own === undefined && isOptional) return;
      if (own === undefined) return refuse(this.#format, under(path, name), "a value", null);
      const { is, repeat } = attribute;
      value[name] = this.#kind(repeat === null ? is : { kind: "list", of: is }, own, under(path, name));
    };
    for (const attribute of type.attributes) add(attribute, mayBeAbsent(attribute));
    for (const instance of type.instances) {
      if (instance.instance === "position") add(instance.attribute, mayBeAbsent(instance.attribute));
      else passed.add(camel(nameOfInstance(instance)));
    }
    for (const key of Object.keys(given))
      if (!passed.has(key)) refuse(this.#format, under(path, key), "a field of the format", key);
    return value;
  }

  #kind(kind: Kind, json: Json, path: string): unknown {
    switch (kind.kind) {
      case "list":
        return listOf(this.#format, path, json).map((one, i) => this.#kind(kind.of, one, `${path}[${i}]`));
      case "type":
        return this.type(this.#plan.typeOf(kind.type), json, path);
      case "any":
        return this.#any(kind.of, json, path);
      default:
        return plainOf(this.#format, kind, json, path, this.#big);
    }
  }

  /** The value of a choice: of the kind that JSON tells. */
  #any(kinds: readonly Kind[], json: Json, path: string): unknown {
    if (typeof json === "object" && json !== null && !Array.isArray(json)) {
      const types = kinds.flatMap((kind) => (kind.kind === "type" ? [this.#plan.typeOf(kind.type)] : []));
      const given = json as Record<string, Json>;
      const named = types.filter(({ kind }) => kind !== null && kind === given["kind"]);
      const fitting = (named.length > 0 ? named : types).filter((type) => hasFields(type, given));
      const found = fitting[0] ?? named[0];
      if (found !== undefined) return this.type(found, json, path);
      const names = types.flatMap((type) => type.kind ?? []).join(", ");
      return refuse(this.#format, under(path, "kind"), `one of ${names}`, given["kind"] ?? null);
    }
    const fitting = kinds.filter((kind) => isFitting(kind, json));
    const [first] = fitting;
    if (first === undefined) return refuse(this.#format, path, "a value of a case of the choice", json);
    const isClear = typeof json !== "string" || fitting.length === 1;
    return isClear ? this.#kind(first, json, path) : new Undecided(this.#format, path, json);
  }
}

function plainOf(format: Named, kind: Kind, json: Json, path: string, big: boolean): unknown {
  switch (kind.kind) {
    case "int":
      return exactOf(format, json, path, kind.wide === "bigint" || (kind.wide === "number" && big));
    case "enum":
      return exactOf(format, json, path, false);
    case "float":
      return floatOf(format, path, json);
    case "bool":
      return typeof json === "boolean" ? json : refuse(format, path, "true or false", json);
    case "bytes":
      return bytesOf(format, path, json);
    case "text":
      return textOf(format, path, json);
    default:
      return json;
  }
}

function isFitting(kind: Kind, json: Json): boolean {
  switch (kind.kind) {
    case "int":
    case "enum":
    case "float":
      return typeof json === "number" || (typeof json === "string" && /^-?\d+$|^-?Infinity$|^NaN$/.test(json));
    case "bool":
      return typeof json === "boolean";
    case "bytes":
    case "text":
      return typeof json === "string";
    default:
      return kind.kind === "opaque";
  }
}

/** Whether an object has what every value of a type has. */
function hasFields(type: GeneralType, given: Record<string, Json>): boolean {
  return type.attributes.every(
    (attribute) =>
      mayBeAbsent(attribute) || attribute.content.content === "const" || given[camel(attribute.name)] !== undefined,
  );
}
