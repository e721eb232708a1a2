/** The messages and enumerations of one `.proto` file as IR. */
import { protobuf } from "./protobufjs.js";
import {
  IR_VERSION,
  type Enum,
  type Message,
  type MessageField,
  type MessageValue,
  type Module,
  type Scalar,
  type TypeRef,
} from "../../ir.js";
import { camel, decapitalised } from "../../names.js";
import { messageReferences } from "../../messages.js";
import { Mistakes, specError } from "../../source.js";
import type { ProtoFile, ProtoTree } from "./parse.js";

const NUMBER_MAX = 2 ** 29 - 1;
/** Numbers that protobuf keeps for itself. */
const KEPT: readonly [first: number, last: number] = [19_000, 19_999];
/** What every object has already: a value that lacks the field would seem to have it. */
const INHERITED = new Set([...Object.getOwnPropertyNames(Object.prototype), "toJSON"]);
/** Scalars of which a list can be written as one run. */
const UNPACKABLE = new Set(["string", "bytes"]);

/** The id of the module that a file becomes. */
export function moduleIdOf({ name }: ProtoFile): string {
  return name.replace(/\.proto$/, "").replace(/\W/g, "_");
}

/**
 * The name of a field in values: `request_id` and `RequestId` → `requestId`. Capitals at the beginning are one word.
 */
export function keyOf(name: string): string {
  const key = wordOf(name);
  return INHERITED.has(key) ? `${key}$` : key;
}

function wordOf(name: string): string {
  const words = camel(name.replace(/(?<!_)_+(?=[A-Z])/g, "")).replace(/^_+/, "");
  const key = decapitalised(words);
  return key === "" || /^\d/.test(key) ? name : key;
}

/** One file of a tree as a module. @throws WireError `spec` with file and line of each mistake */
export function lowerProto(tree: ProtoTree, file: ProtoFile, packageName: string): Module {
  const mistakes = new Mistakes();
  const lowering = new Lowering(tree, mistakes);
  const own = declared(tree, file);
  const messages = own.filter((each) => each instanceof protobuf.Type).map((type) => lowering.message(type));
  const enums = own.filter((each) => each instanceof protobuf.Enum).map((each) => lowering.enumeration(each));
  mistakes.tell();
  const id = moduleIdOf(file);
  const uses = new Map<string, { module: string; message: Message }>();
  const visit = (message: Message): void => {
    for (const { module, name } of messageReferences(message)) {
      if (module === id || uses.has(`${module}::${name}`)) continue;
      const used = lowering.message(lowering.typeOf({ module, name }));
      uses.set(`${module}::${name}`, { module, message: used });
      visit(used);
    }
  };
  messages.forEach(visit);
  mistakes.tell();
  return {
    irVersion: IR_VERSION,
    package: packageName,
    file: file.shown,
    id,
    title: "",
    doc: "",
    types: [],
    uses: [],
    enums,
    proto: { messages, uses: [...uses.values()] },
  };
}

/** The messages and enumerations of a file, those inside others behind them. */
function declared(tree: ProtoTree, file: ProtoFile): (protobuf.Type | protobuf.Enum)[] {
  const found: (protobuf.Type | protobuf.Enum)[] = [];
  const visit = (space: protobuf.NamespaceBase): void => {
    for (const each of space.nestedArray) {
      if ((each instanceof protobuf.Type || each instanceof protobuf.Enum) && tree.fileOf(each) === file)
        found.push(each);
      if (each instanceof protobuf.Namespace) visit(each);
    }
  };
  visit(tree.root);
  return found;
}

/** Makes IR of what the parser has read; a message is made once. */
class Lowering {
  readonly #tree: ProtoTree;
  readonly #mistakes: Mistakes;
  readonly #types = new Map<string, protobuf.Type>();

  constructor(tree: ProtoTree, mistakes: Mistakes) {
    this.#tree = tree;
    this.#mistakes = mistakes;
  }

  /** The message that a reference of this lowering means. */
  typeOf({ module, name }: TypeRef): protobuf.Type {
    return this.#types.get(`${module}::${name}`)!;
  }

  message(type: protobuf.Type): Message {
    const file = this.#tree.fileOf(type);
    const name = this.#localName(type);
    const fields = type.fieldsArray.map((field) => this.#field(type, field)).sort((a, b) => a.number - b.number);
    this.#checkNames(type, fields);
    return {
      name: name.replaceAll(".", "_"),
      format: type.fullName.slice(1),
      file: file.shown,
      line: file.outline.get(name) ?? 1,
      doc: docOf(type.comment),
      fields,
    };
  }

  enumeration(each: protobuf.Enum): Enum {
    const file = this.#tree.fileOf(each);
    const name = this.#localName(each);
    const entries = Object.entries(each.values);
    const place = (value: string): string => `${file.shown}:${file.outline.get(`${name}.${value}`) ?? 1}`;
    const [first] = entries;
    if (first?.[1] !== 0)
      this.#refuse(`${file.shown}:${file.outline.get(name) ?? 1}`, `the first value of '${each.name}' is not 0`);
    for (const [value, number] of entries)
      if (number !== (number | 0)) this.#refuse(place(value), `${number} is no 32-bit integer`);
    return {
      name: name.replaceAll(".", "_"),
      line: file.outline.get(name) ?? 1,
      values: entries.map(([key, value]) => ({ value, name: key, label: "", doc: docOf(each.comments[key] ?? null) })),
    };
  }

  #field(type: protobuf.Type, field: protobuf.Field): MessageField {
    field.resolve();
    const line = this.#lineOf(type, field.name);
    const file = this.#tree.fileOf(type);
    const place = `${file.shown}:${line}`;
    const { id } = field;
    if (id < 1 || id > NUMBER_MAX) this.#refuse(place, `${id} is no field number: they are 1 to ${NUMBER_MAX}`);
    if (id >= KEPT[0] && id <= KEPT[1]) this.#refuse(place, `protobuf keeps ${KEPT[0]} to ${KEPT[1]} for itself`);
    if (type.isReservedId(id)) this.#refuse(place, `the number ${id} is reserved`);
    if (type.isReservedName(field.name)) this.#refuse(place, `the name '${field.name}' is reserved`);
    const value = this.#value(field);
    const isChoice = field.partOf !== null && !field.partOf.isProto3Optional;
    const isOptional = field.partOf?.isProto3Optional === true || (value.is === "message" && !field.repeated);
    const isPackable = value.is !== "message" && !(value.is === "scalar" && UNPACKABLE.has(value.scalar));
    return {
      name: field.name,
      // Cases are no members, so they can have any name.
      key: isChoice ? wordOf(field.name) : keyOf(field.name),
      number: id,
      line,
      doc: docOf(field.comment),
      label: field.map ? "map" : field.repeated ? "repeated" : isOptional ? "optional" : "singular",
      value,
      mapKey: field instanceof protobuf.MapField ? (field.keyType as Scalar) : null,
      packed: field.repeated && isPackable && field.options?.["packed"] !== false,
      oneof: isChoice ? keyOf(field.partOf!.name) : null,
    };
  }

  #value(field: protobuf.Field): MessageValue {
    const to = field.resolvedType;
    if (to === null) return { is: "scalar", scalar: field.type as Scalar };
    const declaring = this.#tree.fileOf(to);
    if (!this.#tree.files.includes(declaring))
      this.#refuse(
        `${this.#tree.fileOf(field).shown}:${this.#lineOf(field.parent!, field.name)}`,
        `'${to.name}' is for options alone`,
      );
    const ref = { name: this.#localName(to).replaceAll(".", "_"), module: moduleIdOf(declaring) };
    if (to instanceof protobuf.Enum) return { is: "enum", enum: ref };
    this.#types.set(`${ref.module}::${ref.name}`, to);
    return { is: "message", message: ref };
  }

  /** Two fields of a message, or a field and a choice, cannot be one member of its values. */
  #checkNames(type: protobuf.Type, fields: readonly MessageField[]): void {
    const taken = new Map<string, string>();
    const take = (key: string, name: string): void => {
      const other = taken.get(key);
      taken.set(key, name);
      if (other === undefined) return;
      const place = `${this.#tree.fileOf(type).shown}:${this.#lineOf(type, name)}`;
      this.#refuse(place, `'${name}' and '${other}' make the same member ${key}`);
    };
    for (const { key, name, oneof } of fields) if (oneof === null) take(key, name);
    for (const { name, isProto3Optional } of type.oneofsArray) if (!isProto3Optional) take(keyOf(name), name);
    for (const one of type.oneofsArray) {
      const keys = one.fieldsArray.map((field) => wordOf(field.name));
      const twice = keys.find((key, i) => keys.indexOf(key) < i);
      if (twice !== undefined)
        this.#refuse(
          `${this.#tree.fileOf(type).shown}:${this.#lineOf(type, one.name)}`,
          `two cases of '${one.name}' are called ${twice}`,
        );
    }
  }

  #lineOf(type: protobuf.ReflectionObject, member: string): number {
    return this.#tree.fileOf(type).outline.get(`${this.#localName(type)}.${member}`) ?? 1;
  }

  /** A name without its package. */
  #localName(of: protobuf.ReflectionObject): string {
    const { package: named } = this.#tree.fileOf(of);
    return of.fullName.slice(named === "" ? 1 : named.length + 2);
  }

  #refuse(place: string, message: string): void {
    this.#mistakes.attempt(() => {
      throw specError(place, message);
    });
  }
}

function docOf(comment: string | null | undefined): string {
  const text = (comment ?? "").replace(/\s+/g, " ").trim();
  return text === "" || /[.!?:]$/.test(text) ? text : `${text}.`;
}
