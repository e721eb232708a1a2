/** What layouts of protobuf messages say beyond their fields. */
import type { Message, MessageField, MessageValue, Module, Scalar, TypeRef } from "./ir.js";

/** The messages that a message holds, each once. */
export function messageReferences({ fields }: Message): TypeRef[] {
  const found = new Map<string, TypeRef>();
  for (const { value } of fields)
    if (value.is === "message") found.set(`${value.message.module}::${value.message.name}`, value.message);
  return [...found.values()];
}

/** How a value lies in the bytes: the lowest three bits of its tag. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** The wire type of one value. */
export function wireOf(value: MessageValue): number {
  if (value.is === "message") return WIRE.bytes;
  return value.is === "enum" ? WIRE.varint : wireOfScalar(value.scalar);
}

export function wireOfScalar(scalar: Scalar): number {
  switch (scalar) {
    case "string":
    case "bytes":
      return WIRE.bytes;
    case "fixed64":
    case "sfixed64":
    case "double":
      return WIRE.fixed64;
    case "fixed32":
    case "sfixed32":
    case "float":
      return WIRE.fixed32;
    default:
      return WIRE.varint;
  }
}

/** The tag of a field with a wire type. */
export function tagOf({ number }: MessageField, wire: number): number {
  return number * 8 + wire;
}

export function isLong(scalar: Scalar): boolean {
  return scalar.endsWith("64");
}

/** What stands for one entry of a map: a message of a key and a value. */
export function entryOf(message: Message, field: MessageField): Message {
  const { line, doc } = field;
  const common = { line, doc: "", packed: false, oneof: null, mapKey: null };
  const key: MessageField = {
    ...common,
    name: "key",
    key: "key",
    number: 1,
    label: "singular",
    value: { is: "scalar", scalar: field.mapKey! },
  };
  const label = field.value.is === "message" ? "optional" : "singular";
  const value: MessageField = { ...common, name: "value", key: "value", number: 2, label, value: field.value };
  const name = `${message.name}$${field.name}`;
  return { name, format: `${message.format}.${field.name}`, file: message.file, line, doc, fields: [key, value] };
}

/** The messages of a module by reference, and what follows from all of them together. */
export class Messages {
  readonly #messages = new Map<string, Message>();
  readonly #wide = new Map<string, boolean>();

  constructor(module: Module) {
    for (const message of module.proto?.messages ?? [])
      this.#messages.set(keyOf({ name: message.name, module: module.id }), message);
    for (const { module: id, message } of module.proto?.uses ?? [])
      this.#messages.set(keyOf({ name: message.name, module: id }), message);
  }

  get(ref: TypeRef): Message {
    const message = this.#messages.get(keyOf(ref));
    if (message === undefined) throw new TypeError(`no message ${keyOf(ref)}`);
    return message;
  }

  /** True when a message has an integer of 64 bits somewhere, so that it has a bigint form. */
  isWide(ref: TypeRef): boolean {
    const known = this.#wide.get(keyOf(ref));
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const reaches = (from: TypeRef): boolean => {
      if (seen.has(keyOf(from))) return false;
      seen.add(keyOf(from));
      const message = this.get(from);
      return message.fields.some(hasLong) || messageReferences(message).some(reaches);
    };
    const wide = reaches(ref);
    this.#wide.set(keyOf(ref), wide);
    return wide;
  }

  /** True when a message stands where two are merged into one: in a field that is not repeated, or in a map. */
  isMerged(ref: TypeRef): boolean {
    return [...this.#messages.values()].some(({ fields }) =>
      fields.some(
        ({ label, value }) => label !== "repeated" && value.is === "message" && keyOf(value.message) === keyOf(ref),
      ),
    );
  }

  /** True when a message can stand inside itself. */
  isRecursive(ref: TypeRef): boolean {
    const seen = new Set<string>();
    const reaches = (from: TypeRef): boolean =>
      messageReferences(this.get(from)).some((to) => {
        if (keyOf(to) === keyOf(ref)) return true;
        if (seen.has(keyOf(to))) return false;
        seen.add(keyOf(to));
        return reaches(to);
      });
    return reaches(ref);
  }
}

function hasLong({ value, mapKey }: MessageField): boolean {
  return (value.is === "scalar" && isLong(value.scalar)) || (mapKey !== null && isLong(mapKey));
}

function keyOf({ name, module }: TypeRef): string {
  return `${module}::${name}`;
}
