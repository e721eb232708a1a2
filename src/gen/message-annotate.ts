/** Lays a protobuf message over bytes, for people. */
import { toHex } from "../bytes/index.js";
import { enumMeaning, textIn, type Annotation, type FindEnum } from "./annotate.js";
import type { Message, MessageField, MessageValue, Module, Scalar } from "./ir.js";
import { entryOf, Messages, WIRE, wireOf } from "./messages.js";

/** Fields that are shown of one message, and levels of nesting: a picture of more helps nobody. */
const FIELDS_MAX = 100_000;
const DEPTH_MAX = 100;

/** Where a field lies, and its tag. */
interface Part {
  readonly number: number;
  readonly wire: number;
  readonly from: number;
  /** Of the value, behind the tag and the length. */
  readonly at: number;
  readonly end: number;
}

/**
 * Lays a message over bytes, field by field, as far as the bytes go. Nothing is checked: the codec has said what is
 * wrong, this shows where everything lies.
 */
export function annotateMessage(
  module: Module,
  message: Message,
  bytes: Uint8Array,
  findEnum: FindEnum,
  at = 0,
  end = bytes.length,
): Annotation[] {
  return new Walk(new Messages(module), bytes, findEnum).message(message, at, end, "", 0);
}

class Walk {
  readonly #messages: Messages;
  readonly #bytes: Uint8Array;
  readonly #findEnum: FindEnum;
  #left = FIELDS_MAX;

  constructor(messages: Messages, bytes: Uint8Array, findEnum: FindEnum) {
    this.#messages = messages;
    this.#bytes = bytes;
    this.#findEnum = findEnum;
  }

  message(message: Message, at: number, end: number, prefix: string, depth: number): Annotation[] {
    const shown: Annotation[] = [];
    const counts = new Map<string, number>();
    while (at < end) {
      const part = this.#left-- > 0 ? this.#part(at, end) : undefined;
      if (part === undefined) {
        shown.push(this.#remainder(`${prefix}?`, at, end));
        break;
      }
      shown.push(this.#field(message, part, prefix, counts, depth));
      at = part.end;
    }
    return shown;
  }

  #field(message: Message, part: Part, prefix: string, counts: Map<string, number>, depth: number): Annotation {
    const field = message.fields.find(({ number }) => number === part.number);
    const { from, at, end } = part;
    const hex = (): string => toHex(this.#bytes.subarray(at, end));
    if (field === undefined) return this.#leaf(`${prefix}${part.number}`, from, end, hex(), "unknown field");
    const isList = field.label === "repeated" || field.label === "map";
    const count = counts.get(field.key) ?? 0;
    const name = `${prefix}${field.key}`;
    const wire = field.label === "map" ? WIRE.bytes : wireOf(field.value);
    if (part.wire !== wire && isList && part.wire === WIRE.bytes) return this.#packed(field, part, name, counts);
    if (part.wire !== wire) return this.#leaf(name, from, end, hex(), "another wire type, so unknown");
    counts.set(field.key, count + 1);
    const path = isList ? `${name}[${count}]` : name;
    const inner =
      field.label === "map"
        ? entryOf(message, field)
        : field.value.is === "message"
          ? this.#messages.get(field.value.message)
          : undefined;
    if (inner === undefined) return this.#value(field, field.value, path, from, at, end);
    const children = depth < DEPTH_MAX ? this.message(inner, at, end, `${path}.`, depth + 1) : [];
    return { path, offset: from, size: end - from, value: null, meaning: field.doc, children };
  }

  #packed(field: MessageField, part: Part, name: string, counts: Map<string, number>): Annotation {
    const children: Annotation[] = [];
    for (let at = part.at; at < part.end;) {
      const end = this.#left-- > 0 ? this.#end(wireOf(field.value), at, part.end, 0) : undefined;
      if (end === undefined) {
        children.push(this.#remainder(`${name}[?]`, at, part.end));
        break;
      }
      const count = counts.get(field.key) ?? 0;
      counts.set(field.key, count + 1);
      children.push(this.#value(field, field.value, `${name}[${count}]`, at, at, end));
      at = end;
    }
    return { path: name, offset: part.from, size: part.end - part.from, value: null, meaning: field.doc, children };
  }

  #value(field: MessageField, value: MessageValue, path: string, from: number, at: number, end: number): Annotation {
    const shown = value.is === "scalar" ? this.#scalar(value.scalar, at, end) : this.#scalar("int32", at, end);
    const named = value.is === "enum" ? this.#findEnum(value.enum.module, value.enum.name) : undefined;
    return this.#leaf(path, from, end, shown, enumMeaning(named?.values, shown, field.doc));
  }

  /** Bytes that are no field, or that are more than are shown. */
  #remainder(path: string, at: number, end: number): Annotation {
    const why = this.#left < 0 ? `more than ${FIELDS_MAX} fields` : "malformed";
    return this.#leaf(path, at, end, toHex(this.#bytes.subarray(at, end)), why);
  }

  #leaf(path: string, from: number, end: number, value: Annotation["value"], meaning: string): Annotation {
    return { path, offset: from, size: end - from, value, meaning, children: [] };
  }

  #scalar(scalar: Scalar, at: number, end: number): Annotation["value"] {
    const bytes = this.#bytes.subarray(at, end);
    if (scalar === "bytes") return toHex(bytes);
    if (scalar === "string") return JSON.stringify(textIn(bytes));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    switch (scalar) {
      case "float":
        return view.getFloat32(0, true);
      case "double":
        return view.getFloat64(0, true);
      case "fixed32":
        return view.getUint32(0, true);
      case "sfixed32":
        return view.getInt32(0, true);
      case "fixed64":
        return numberOf(view.getBigUint64(0, true));
      case "sfixed64":
        return numberOf(view.getBigInt64(0, true));
    }
    let whole = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) whole = (whole << 7n) | BigInt(bytes[i]! & 127);
    switch (scalar) {
      case "bool":
        return whole !== 0n;
      case "uint32":
        return Number(BigInt.asUintN(32, whole));
      case "int32":
        return Number(BigInt.asIntN(32, whole));
      case "sint32":
        return Number(BigInt.asIntN(32, unzigzagged(BigInt.asUintN(32, whole))));
      case "sint64":
        return numberOf(unzigzagged(BigInt.asUintN(64, whole)));
      case "uint64":
        return numberOf(BigInt.asUintN(64, whole));
      default:
        return numberOf(BigInt.asIntN(64, whole));
    }
  }

  /** The field that begins at a position, undefined where it is cut off or none. */
  #part(from: number, end: number): Part | undefined {
    const behind = this.#varintEnd(from, end);
    if (behind === undefined) return undefined;
    const tag = this.#number(from, behind);
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    if (number < 1) return undefined;
    if (wire !== WIRE.bytes) {
      const stop = this.#end(wire, behind, end, 0);
      return stop === undefined ? undefined : { number, wire, from, at: behind, end: stop };
    }
    const at = this.#varintEnd(behind, end);
    if (at === undefined) return undefined;
    const stop = at + this.#number(behind, at);
    return stop > end ? undefined : { number, wire, from, at, end: stop };
  }

  /** Where a value of a wire type ends. */
  #end(wire: number, at: number, end: number, depth: number): number | undefined {
    const within = (stop: number): number | undefined => (stop > end ? undefined : stop);
    switch (wire) {
      case WIRE.varint:
        return this.#varintEnd(at, end);
      case WIRE.fixed64:
        return within(at + 8);
      case WIRE.fixed32:
        return within(at + 4);
      case WIRE.bytes: {
        const from = this.#varintEnd(at, end);
        return from === undefined ? undefined : within(from + this.#number(at, from));
      }
      case 3:
        return depth < DEPTH_MAX ? this.#groupEnd(at, end, depth) : undefined;
      default:
        return undefined;
    }
  }

  #groupEnd(at: number, end: number, depth: number): number | undefined {
    for (;;) {
      const behind = this.#varintEnd(at, end);
      if (behind === undefined) return undefined;
      const wire = this.#number(at, behind) % 8;
      if (wire === 4) return behind;
      const next = this.#end(wire, behind, end, depth + 1);
      if (next === undefined) return undefined;
      at = next;
    }
  }

  #varintEnd(at: number, end: number): number | undefined {
    for (let i = at; i < end && i < at + 10; i++) if (this.#bytes[i]! < 128) return i + 1;
    return undefined;
  }

  #number(at: number, end: number): number {
    let value = 0;
    for (let i = end - 1; i >= at; i--) value = value * 128 + (this.#bytes[i]! & 127);
    return value;
  }
}

function unzigzagged(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}

function numberOf(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
