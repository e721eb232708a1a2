/** The types of a general spec by their names, and what kind of value each of their members has. */
import { parseExpression, parseTypeReference, type Expression } from "../../expression.js";
import { mayBeNothing, type GeneralExpr, type Kind, type Order } from "../../general.js";
import type { TypeRef } from "../../ir.js";
import { nameOf, type SpecFile } from "../../load.js";
import type { Source } from "../../source.js";
import { findEnum, findType } from "../scope.js";
import { encodingNamed } from "./encodings.js";

export const INT: Kind = { kind: "int", wide: null };
export const FLOAT: Kind = { kind: "float" };
export const BOOL: Kind = { kind: "bool" };
export const TEXT: Kind = { kind: "text" };
export const BYTES: Kind = { kind: "bytes" };
export const IO: Kind = { kind: "io" };
export const ANY: Kind = { kind: "any", of: [] };

const PRIMITIVE = /^(?:([us])([1248])|(f)([48])|(b)([1-9][0-9]?))(be|le)?$/;

/** A type of the language that has a size of its own. */
export interface Primitive {
  readonly is: "int" | "float" | "bits";
  readonly signed: boolean;
  /** Bytes, or bits. */
  readonly size: number;
  readonly order: "be" | "le" | undefined;
}

export function primitiveOf(text: string): Primitive | undefined {
  const match = PRIMITIVE.exec(text);
  if (match === null) return undefined;
  const order = match[7] as "be" | "le" | undefined;
  if (match[3] !== undefined) return { is: "float", signed: true, size: Number(match[4]), order };
  if (match[5] !== undefined) return { is: "bits", signed: false, size: Number(match[6]), order };
  return { is: "int", signed: match[1] === "s", size: Number(match[2]), order };
}

/** Finds what an expression means in a type. */
export type ResolveExpression = (scope: TypeScope, expression: Expression, near: Source) => GeneralExpr;

/** All types of a general spec and of the files that it imports. */
export class SpecScope {
  readonly #types = new Map<string, TypeScope>();
  /** Which types hold each type; `null` among them is one that is not known. */
  #holders = new Map<string, Set<TypeScope | null>>();
  readonly own: SpecFile;
  readonly resolve: ResolveExpression;

  constructor(own: SpecFile, resolve: ResolveExpression) {
    this.own = own;
    this.resolve = resolve;
    const files = new Set<SpecFile>();
    const add = (spec: SpecFile): void => {
      if (files.has(spec)) return;
      files.add(spec);
      for (const [name, source] of spec.types) {
        const scope = new TypeScope(this, spec, name, source);
        this.#types.set(`${spec.id}::${name}`, scope);
      }
      for (const imported of spec.imports) add(imported);
    };
    add(own);
    const chosen: Chosen[] = [];
    for (const scope of this.#types.values()) this.#hold(scope, chosen);
    this.#choose(chosen);
  }

  get all(): readonly TypeScope[] {
    return [...this.#types.values()];
  }

  find({ module, name }: TypeRef): TypeScope {
    return this.#types.get(`${module}::${name}`)!;
  }

  /** The type whose values hold those of another; undefined where none does, or several do. */
  holderOf(scope: TypeScope): TypeScope | undefined {
    const holders = this.#holders.get(scope.key);
    return (holders?.size === 1 ? [...holders][0] : undefined) ?? undefined;
  }

  isHeld(scope: TypeScope): boolean {
    return [...(this.#holders.get(scope.key) ?? [])].some((holder) => holder !== scope);
  }

  /** Notes what a type holds; what is wrong with a name is told where it is laid out. */
  #hold(scope: TypeScope, chosen: Chosen[]): void {
    for (const { source } of scope.members.values()) {
      const type = source.get("type");
      if (type === undefined || type.isList) continue;
      const names = type.isMap ? (type.get("cases")?.entries() ?? []).map(([, target]) => target) : [type];
      for (const name of names) {
        const target =
          name.isMap || name.isList ? undefined : scope.typeIfThere(String(name.scalar).split("(")[0]!.trim());
        if (target === undefined) continue;
        if (type.isMap) target.isCase = true;
        const parent = source.get("parent");
        if (parent === undefined) addTo(this.#holders, target, scope);
        else chosen.push({ scope, target, parent });
      }
    }
  }

  /** A parent that is chosen may stand on another one: each round knows what the last one has found. */
  #choose(chosen: readonly Chosen[]): void {
    const given = this.#holders;
    const sizeOf = (all: ReadonlyMap<string, ReadonlySet<unknown>>): string =>
      [...all].map(([key, { size }]) => `${key} ${size}`).join();
    for (let round = 0; round <= chosen.length; round++) {
      const next = new Map([...given].map(([key, holders]) => [key, new Set(holders)]));
      for (const { scope, target, parent } of chosen) {
        const holder = this.#chosen(scope, parent);
        if (holder !== undefined) addTo(next, target, holder);
      }
      const isSame = sizeOf(next) === sizeOf(this.#holders);
      this.#holders = next;
      if (isSame) return;
    }
  }

  /** @returns null: a value of a type that is not known; undefined: nothing, or nothing yet */
  #chosen(scope: TypeScope, parent: Source): TypeScope | null | undefined {
    if (isNone(parent)) return undefined;
    try {
      const kind = this.resolve(scope, parseExpression(parent), parent).is;
      return kind.kind === "type" ? this.find(kind.type) : kind.kind === "any" ? null : undefined;
    } catch {
      return undefined;
    }
  }
}

/** A type that is held with another parent than the one that holds it. */
interface Chosen {
  readonly scope: TypeScope;
  readonly target: TypeScope;
  readonly parent: Source;
}

function addTo(holders: Map<string, Set<TypeScope | null>>, { key }: TypeScope, holder: TypeScope | null): void {
  holders.set(key, (holders.get(key) ?? new Set<TypeScope | null>()).add(holder));
}

/** `parent: false`, also as the text of an expression: nothing stands around the value. */
export function isNone(parent: Source): boolean {
  return String(parent.scalar).trim() === "false";
}

/** A member of a type: an attribute, an instance or a parameter. */
export interface Member {
  readonly name: string;
  readonly member: "attribute" | "value" | "position" | "param";
  readonly source: Source;
  /** Of an attribute, among the others. */
  readonly index: number;
}

/** One type of a general spec. */
export class TypeScope {
  readonly all: SpecScope;
  readonly spec: SpecFile;
  readonly name: string;
  readonly source: Source;
  readonly members = new Map<string, Member>();
  readonly attributes: readonly Source[];
  /** A choice has it among its cases. */
  isCase = false;
  readonly #kinds = new Map<string, Kind | null>();
  readonly #optional = new Map<string, boolean>();
  readonly #twice: Source | undefined;

  constructor(all: SpecScope, spec: SpecFile, name: string, source: Source) {
    this.all = all;
    this.spec = spec;
    this.name = name;
    this.source = source;
    this.attributes = source.get("seq")?.items() ?? [];
    let twice: Source | undefined;
    const add = (member: Member): void => {
      if (this.members.has(member.name)) twice ??= member.source;
      this.members.set(member.name, member);
    };
    for (const each of source.get("params")?.items() ?? [])
      add({ name: String(each.get("id")?.scalar), member: "param", source: each, index: -1 });
    this.attributes.forEach((each, index) => {
      const id = each.get("id");
      add({ name: id === undefined ? `unnamed_${index}` : nameOf(id), member: "attribute", source: each, index });
    });
    for (const [id, each] of source.get("instances")?.entries() ?? [])
      add({ name: id, member: each.get("value") === undefined ? "position" : "value", source: each, index: -1 });
    this.#twice = twice;
  }

  /** @throws WireError `spec` where two members have one name */
  check(): void {
    this.#twice?.fail("another member of the type has this name");
  }

  get key(): string {
    return `${this.spec.id}::${this.name}`;
  }

  get ref(): TypeRef {
    return { name: this.name, module: this.spec.id };
  }

  get isRoot(): boolean {
    return this.spec.hasRoot && this.name === this.spec.id;
  }

  /** The type of `_root`: the file's own sequence, or the type itself where it stands alone. */
  get root(): TypeScope | undefined {
    return this.spec.hasRoot ? this.all.find({ module: this.spec.id, name: this.spec.id }) : undefined;
  }

  /** What the type or one around it says in its `meta`. */
  #inherited(key: string): { readonly source: Source; readonly isOwn: boolean } | undefined {
    for (let name: string | null = this.name; name !== null; name = this.spec.declared.parentOf(name)) {
      const source = this.spec.types.get(name)!.get("meta")?.get(key);
      if (source !== undefined) return { source, isOwn: name === this.name };
    }
    return undefined;
  }

  /** The expression that decides the byte order, where this type has one. */
  get endianChoice(): Source | undefined {
    const found = this.#inherited("endian") ?? this.#ofFile;
    return found?.isOwn === true && found.source.isMap ? found.source : undefined;
  }

  get #ofFile(): { readonly source: Source; readonly isOwn: boolean } | undefined {
    const source = this.spec.endianSource;
    return source === undefined ? undefined : { source, isOwn: this.isRoot };
  }

  orderOf(primitive: Primitive, near: Source): Order {
    if (primitive.order !== undefined) return primitive.order;
    const found = this.#inherited("endian") ?? this.#ofFile;
    if (found?.source.isMap === true) return "frame";
    const text = found?.source.text;
    if (text === "le" || text === "be") return text;
    if (primitive.size > 1) near.fail("the byte order is not said: set 'meta: {endian: …}'");
    return "be";
  }

  bitOrder(primitive: Primitive): "be" | "le" {
    if (primitive.order !== undefined) return primitive.order;
    const text = this.#inherited("bit-endian")?.source.text ?? this.spec.bitEndian;
    return text === "le" ? "le" : "be";
  }

  encodingOf(own: Source | undefined, near: Source): string {
    const source = own ?? this.#inherited("encoding")?.source;
    const name = source?.text ?? this.spec.encoding;
    if (name === null) return near.fail("a text needs an 'encoding'");
    return encodingNamed(name, source ?? near);
  }

  /** A type by its name; undefined where there is none. */
  typeIfThere(text: string): TypeScope | undefined {
    if (primitiveOf(text) !== undefined || text === "str" || text === "strz") return undefined;
    try {
      return this.typeNamed(text, this.source);
    } catch {
      return undefined;
    }
  }

  typeNamed(text: string, near: Source): TypeScope {
    const { spec, name } = findType(this.spec, this.name, text, near);
    return this.all.find({ module: spec.id, name });
  }

  enumNamed(text: string, near: Source): TypeRef {
    const { spec, name } = findEnum(this.spec, this.name, text, near);
    return { name, module: spec.id };
  }

  /** Types that are no type of the spec are foreign code. */
  isOpaque(text: string): boolean {
    return this.spec.hasOpaque && /^[a-z][a-z0-9_]*$/.test(text) && this.typeIfThere(text) === undefined;
  }

  /** The kind of a member's value; of one item, for an attribute that is repeated, if `single`. */
  kindOf({ name, member, source }: Member, single = false): Kind {
    const key = single ? `${name}[]` : name;
    const known = this.#kinds.get(key);
    if (known === null) return source.fail(`'${name}' needs itself`);
    if (known !== undefined) return known;
    this.#kinds.set(key, null);
    try {
      const item = member === "param" ? this.#paramKind(source) : this.#kindOfSource(source);
      const isList = member !== "param" && !single && source.get("repeat") !== undefined;
      const kind: Kind = isList ? { kind: "list", of: item } : item;
      this.#kinds.set(key, kind);
      return kind;
    } catch (error) {
      this.#kinds.delete(key);
      throw error;
    }
  }

  #paramKind(source: Source): Kind {
    const type = source.get("type");
    const named = source.get("enum");
    if (named !== undefined) return { kind: "enum", enum: this.enumNamed(named.text, named), strict: false };
    return type === undefined ? BYTES : this.kindNamed(type.text, type);
  }

  /** A kind by its name in a parameter or a cast: `u2`, `str`, `header`, `u1[]`. */
  kindNamed(text: string, near: Source): Kind {
    if (text.endsWith("[]")) return { kind: "list", of: this.kindNamed(text.slice(0, -2), near) };
    switch (text) {
      case "str":
      case "strz":
        return TEXT;
      case "bytes":
        return BYTES;
      case "bool":
        return BOOL;
      case "io":
        return IO;
      case "struct":
      case "any":
        return ANY;
    }
    const primitive = primitiveOf(text);
    if (primitive !== undefined)
      return primitive.is === "float" ? FLOAT : primitive.is === "bits" && primitive.size === 1 ? BOOL : INT;
    return { kind: "type", type: this.typeNamed(text, near).ref };
  }

  /** What a computed instance is worked out by. */
  #valueOf(value: Source): GeneralExpr {
    return this.all.resolve(this, parseExpression(value, expressionOf(value)), value);
  }

  /** The value of a member may be that nothing is there. */
  isOptional({ name, member, source }: Member): boolean {
    if (source.get("if") !== undefined || isPartialChoice(source)) return true;
    if (member !== "value" || source.get("valid") !== undefined) return false;
    const known = this.#optional.get(name);
    if (known !== undefined) return known;
    this.#optional.set(name, false);
    const isOptional = mayBeNothing(this.#valueOf(source.get("value")!));
    this.#optional.set(name, isOptional);
    return isOptional;
  }

  #kindOfSource(source: Source): Kind {
    const named = source.get("enum");
    const strict = source.get("valid")?.isMap === true && source.get("valid")!.get("in-enum") !== undefined;
    if (named !== undefined) return { kind: "enum", enum: this.enumNamed(named.text, named), strict };
    const value = source.get("value");
    if (value !== undefined) return this.#valueOf(value).is;
    if (source.get("contents") !== undefined) return BYTES;
    const type = source.get("type");
    if (type === undefined) return BYTES;
    if (!type.isMap) return this.kindOfType(type, source);
    const cases = type.get("cases")?.entries() ?? type.fail("a choice needs 'cases'");
    const kinds = cases.map(([, target]) => this.kindOfType(target, source));
    if (isSized(source) && !cases.some(([key]) => key === "_")) kinds.push(BYTES);
    return combined(kinds);
  }

  /** The kind of what an attribute or a case is by its type. @param attribute of which keys say more */
  kindOfType(type: Source, attribute: Source): Kind {
    const { name } = parseTypeReference(type);
    const primitive = primitiveOf(name);
    if (primitive === undefined) {
      if (name === "str" || name === "strz") return TEXT;
      if (name === "bytes") return BYTES;
      if (this.isOpaque(name)) return { kind: "opaque", name };
      return { kind: "type", type: this.typeNamed(name, type).ref };
    }
    if (primitive.is === "float") return FLOAT;
    if (primitive.is === "bits" && primitive.size === 1) return BOOL;
    const isWide = primitive.is === "int" ? primitive.size === 8 : primitive.size > 53;
    if (!isWide) return INT;
    const form = attribute.get("-u64");
    if (form !== undefined && form.text !== "number" && form.text !== "bigint")
      form.fail("'-u64' is 'number' or 'bigint'");
    return { kind: "int", wide: form?.text === "bigint" ? "bigint" : "number" };
  }
}

/** The kind of what is one of several. */
export function combined(kinds: readonly Kind[]): Kind {
  const all = [...new Map(kinds.map((kind) => [JSON.stringify(kind), kind])).values()];
  const [first] = all;
  if (first === undefined) return ANY;
  if (all.length === 1) return first;
  const wide = all.flatMap((kind) => (kind.kind === "int" && kind.wide !== null ? [kind.wide] : []));
  // Integers of 64 bits beside others: all are of the one form.
  if (wide.length > 0 && all.every(({ kind }) => kind === "int"))
    return { kind: "int", wide: wide.includes("bigint") ? "bigint" : "number" };
  if (all.every((kind) => isNumber(kind)) && wide.length === 0)
    return all.every(({ kind }) => kind === "int" || kind === "enum") ? INT : FLOAT;
  return { kind: "any", of: all };
}

export function isNumber({ kind }: Kind): boolean {
  return kind === "int" || kind === "float" || kind === "enum";
}

/** An attribute that is nothing where its choice has no case. */
export function isPartialChoice(source: Source): boolean {
  const type = source.get("type");
  if (type?.isMap !== true || source.get("repeat") !== undefined || isSized(source)) return false;
  const keys = (type.get("cases")?.entries() ?? []).map(([key]) => key);
  return !keys.includes("_") && !(keys.includes("true") && keys.includes("false"));
}

/** Bytes that no case is for are bytes there. */
function isSized(source: Source): boolean {
  return source.get("size") !== undefined || source.get("size-eos") !== undefined;
}

/** A value as an expression is written; numbers with a point are expressions too. */
export function expressionOf(source: Source): string {
  const { scalar } = source;
  return typeof scalar === "number" && !Number.isInteger(scalar) ? String(scalar) : source.expression;
}
