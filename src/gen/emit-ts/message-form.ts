/** One protobuf message in one form of its 64-bit integers: what the emitters of its functions need to know. */
import { entryOf, isLong, wireOf, wireOfScalar, WIRE, type Messages } from "../messages.js";
import type { Message, MessageField, MessageValue, Scalar, TypeRef } from "../ir.js";
import type { SiteTable } from "./code.js";
import type { Scope } from "./form.js";

/** Rule 0 is of the message itself, rule i of its field i - 1. */
export class MessageForm {
  readonly message: Message;
  readonly ref: TypeRef;
  readonly big: boolean;
  readonly scope: Scope;
  readonly messages: Messages;
  readonly sites: SiteTable;
  /** Of the numbers of its fields, in the order of their rules. */
  readonly numbers: string;
  /** The TypeScript type of its values. */
  readonly typeText: string;
  /** An entry of a map, whose fields are written in any case. */
  readonly isEntry: boolean;

  constructor(
    message: Message,
    ref: TypeRef,
    big: boolean,
    scope: Scope,
    messages: Messages,
    sites: SiteTable,
    isEntry = false,
  ) {
    this.message = message;
    this.ref = ref;
    this.big = big;
    this.scope = scope;
    this.messages = messages;
    this.sites = sites;
    this.isEntry = isEntry;
    this.numbers = sites.name.replace(/_SITES$/, "_NUMBERS");
    this.typeText = isEntry ? `$${scope.functionOf("take", ref, big).slice("$take".length)}` : scope.typeName(ref, big);
  }

  get isRecursive(): boolean {
    return !this.isEntry && this.messages.isRecursive(this.ref);
  }

  /** Two of them can be merged into one. */
  get isMerged(): boolean {
    return !this.isEntry && this.messages.isMerged(this.ref);
  }

  /** The name of a function of this message. */
  functionOf(action: "take" | "put"): string {
    return this.scope.functionOf(action, this.ref, this.big);
  }

  /** The name of a function of a message that a field holds. */
  heldFunction(action: "take" | "put", ref: TypeRef): string {
    return this.scope.functionOf(action, ref, this.big && this.messages.isWide(ref));
  }

  /** The name of the predicate on the tags that the message knows. */
  get knows(): string {
    return `${this.scope.functionOf("take", this.ref, false)}$knows`;
  }

  /** The index of the rule of a field. */
  site(field: MessageField): number {
    return this.message.fields.indexOf(field) + 1;
  }

  registerSites(): void {
    // No two fields have the same path, so that no two rules are one.
    this.sites.add("short", "", this.message, "");
    for (const field of this.message.fields) {
      const isList = field.label === "repeated" || field.label === "map";
      const path = `${field.oneof === null ? "" : `${field.oneof}.`}${field.key}${isList ? "[*]" : ""}`;
      this.sites.add("short", path, { file: this.message.file, line: field.line }, expectationOf(field));
    }
  }

  /** The message that an entry of a map is. */
  entry(field: MessageField): { readonly message: Message; readonly ref: TypeRef } {
    const message = entryOf(this.message, field);
    return { message, ref: { name: message.name, module: this.ref.module } };
  }

  isBigEntry(field: MessageField): boolean {
    return this.big && isWideField(field, this.messages);
  }

  /** The tags under which a field is read. */
  tags(field: MessageField): readonly { readonly tag: number; readonly packed: boolean }[] {
    const base = field.number * 8;
    if (field.label === "map") return [{ tag: base + WIRE.bytes, packed: false }];
    const wire = wireOf(field.value);
    const own = { tag: base + wire, packed: false };
    if (field.label !== "repeated" || wire === WIRE.bytes) return [own];
    return [own, { tag: base + WIRE.bytes, packed: true }];
  }

  valueType(value: MessageValue): string {
    switch (value.is) {
      case "scalar":
        return this.scalarType(value.scalar);
      case "enum":
        return `${this.scope.enumName({ ...value.enum, strict: false, values: [] })} | (number & {})`;
      case "message":
        return this.scope.typeName(value.message, this.big && this.messages.isWide(value.message));
    }
  }

  scalarType(scalar: Scalar): string {
    if (scalar === "string") return "string";
    if (scalar === "bytes") return "Uint8Array";
    if (scalar === "bool") return "boolean";
    return isLong(scalar) && this.big ? "bigint" : "number";
  }

  /** The type of a whole field, as far as it is there. */
  fieldType(field: MessageField): string {
    const value = this.valueType(field.value);
    if (field.label === "map") return `ReadonlyMap<${this.scalarType(field.mapKey!)}, ${value}>`;
    if (field.label !== "repeated") return value;
    return /^[\w$]+$/.test(value) ? `readonly ${value}[]` : `readonly (${value})[]`;
  }

  /** What a field without a value is in TypeScript. */
  defaultOf(value: MessageValue): string {
    if (value.is === "message") return "undefined";
    if (value.is === "enum") return "0";
    switch (value.scalar) {
      case "string":
        return '""';
      case "bytes":
        return this.scope.use("NO_BYTES");
      case "bool":
        return "false";
      default:
        return isLong(value.scalar) && this.big ? "0n" : "0";
    }
  }
}

function isWideField({ value, mapKey }: MessageField, messages: Messages): boolean {
  if (mapKey !== null && isLong(mapKey)) return true;
  return value.is === "message" ? messages.isWide(value.message) : value.is === "scalar" && isLong(value.scalar);
}

const RANGES: Readonly<Partial<Record<Scalar, string>>> = {
  int32: "-2147483648 to 2147483647",
  sint32: "-2147483648 to 2147483647",
  sfixed32: "-2147483648 to 2147483647",
  uint32: "0 to 4294967295",
  fixed32: "0 to 4294967295",
  int64: "a signed integer of 64 bits",
  sint64: "a signed integer of 64 bits",
  sfixed64: "a signed integer of 64 bits",
  uint64: "an unsigned integer of 64 bits",
  fixed64: "an unsigned integer of 64 bits",
  float: "a number",
  double: "a number",
  bool: "true or false",
};

function expectationOf({ value, label }: MessageField): string {
  if (label === "map") return "";
  if (value.is === "message") return "";
  return value.is === "enum" ? RANGES.int32! : (RANGES[value.scalar] ?? "");
}

/** Whether a scalar is a varint of 32 bits, of 64, or of a fixed size. */
export function classOf(
  value: MessageValue,
): "int" | "long" | "bool" | "fixed32" | "fixed64" | "text" | "bytes" | "message" {
  if (value.is === "message") return "message";
  if (value.is === "enum") return "int";
  const { scalar } = value;
  if (scalar === "string") return "text";
  if (scalar === "bytes" || scalar === "bool") return scalar;
  const wire = wireOfScalar(scalar);
  if (wire === WIRE.fixed32) return "fixed32";
  if (wire === WIRE.fixed64) return "fixed64";
  return isLong(scalar) ? "long" : "int";
}
