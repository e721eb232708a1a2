import { toHex } from "../bytes/index.js";
import type { Block, Extent, Field, Item, Module, Type } from "./ir.js";
import { camel } from "./names.js";

/** One field of some bytes: where it lies, what it holds, what that means. */
export interface Annotation {
  /** As errors name the field: `coins[17].serial`. */
  readonly path: string;
  readonly offset: number;
  readonly size: number;
  /** Integers as number, or bigint above 2^53-1; bytes as hex; null for a group of fields. */
  readonly value: number | bigint | string | boolean | null;
  /** The name of an enumerated value, otherwise what the spec says of the field. */
  readonly meaning: string;
  readonly children: readonly Annotation[];
}

/** Finds an enumeration by the id of its module and its own name. */
export type FindEnum = (module: string, name: string) => Module["enums"][number] | undefined;

/**
 * Lays a type over bytes, field by field, as far as the bytes go. Nothing is checked: the codec has said
 * what is wrong, this shows where everything lies.
 * @param params values of the type's parameters, by name
 */
export function annotate(
  type: Type,
  bytes: Uint8Array,
  findEnum: FindEnum,
  params: Readonly<Record<string, number>> = {},
  at = 0,
  end = bytes.length,
): Annotation[] {
  return new Walk(bytes, end, findEnum, params).type(type, at);
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #findEnum: FindEnum;
  readonly #params: Readonly<Record<string, number>>;
  /** Values of integers that give sizes and counts. */
  readonly #integers = new Map<string, number>();

  constructor(bytes: Uint8Array, end: number, findEnum: FindEnum, params: Readonly<Record<string, number>>) {
    this.#bytes = bytes;
    this.#end = end;
    this.#findEnum = findEnum;
    this.#params = params;
  }

  type(type: Type, at: number): Annotation[] {
    if (type.body.shape === "plain") return this.#blocks(type.body.blocks, at);
    const { tag, variants } = type.body;
    if (at + tag.offset + tag.size > this.#end) return [];
    const value = Number(this.#integer(tag, at));
    const variant =
      variants.find((v) => v.values !== "else" && v.values.includes(value)) ??
      variants.find((v) => v.values === "else");
    return variant === undefined ? [] : this.type(variant.type, at);
  }

  #blocks(blocks: readonly Block[], start: number): Annotation[] {
    const all: Annotation[] = [];
    let at = start;
    for (const block of blocks) {
      if (block.block === "fixed") {
        all.push(...block.fields.flatMap((field) => this.#field(field, at, "")));
        at += block.size;
        continue;
      }
      const count = this.#count(block.block === "bytes" ? block.length : block.count, at);
      const path = camel(block.name);
      const meaning = block.doc;
      if (block.block === "items") {
        const whole = Math.max(
          0,
          Math.min(
            Math.floor(count / (fromRest(block.count) ? block.item.size : 1)),
            Math.floor((this.#end - at) / block.item.size),
          ),
        );
        all.push(this.#items(path, block.item, whole, at, meaning));
        at += whole * block.item.size;
      } else if (block.block === "bits") {
        const size = Math.min(Math.ceil(count / 8), this.#end - at);
        const bits = Array.from({ length: Math.min(count, size * 8) }, (_, i) => {
          const byte = this.#bytes[at + (i >> 3)]!;
          return (block.order === "lsb" ? byte >> (i & 7) : byte >> (7 - (i & 7))) & 1;
        });
        all.push({ path, offset: at, size, value: bits.join(""), meaning, children: [] });
        at += size;
      } else {
        const size = Math.max(0, Math.min(count, this.#end - at));
        all.push({
          path,
          offset: at,
          size,
          value: this.#show(at, size, block.text !== null, block.secret),
          meaning,
          children: [],
        });
        at += size;
      }
    }
    return all;
  }

  /** A count; bytes that are left where the extent reaches to the end. */
  #count(extent: Extent, at: number): number {
    if (extent.from === "rest") return Math.max(0, this.#end - at - extent.after);
    const value = extent.from === "field" ? this.#integers.get(extent.field) : this.#params[extent.param];
    return Math.max(0, (value ?? 0) + extent.plus);
  }

  #items(path: string, item: Item, count: number, at: number, meaning: string): Annotation {
    const children = Array.from({ length: count }, (_, i): Annotation => {
      const offset = at + i * item.size;
      const name = `${path}[${i}]`;
      if (item.type === null) return { ...this.#field(item.fields[0]!, offset, name)[0]!, meaning: "" };
      const fields = item.fields.flatMap((field) => this.#field(field, offset, name));
      return { path: name, offset, size: item.size, value: null, meaning: "", children: fields };
    });
    return { path, offset: at, size: count * item.size, value: null, meaning, children };
  }

  #field(field: Field, base: number, prefix: string): Annotation[] {
    const path = field.name === "" ? prefix : prefix === "" ? camel(field.name) : `${prefix}.${camel(field.name)}`;
    const offset = base + field.offset;
    if (offset + field.size > this.#end) return [];
    const place = { path, offset, size: field.size, children: [] };
    switch (field.kind) {
      case "int": {
        const value = this.#integer(field, base);
        if (prefix === "") this.#integers.set(field.name, Number(value));
        const named =
          field.enum === null
            ? undefined
            : this.#findEnum(field.enum.module, field.enum.name)?.values.find((v) => BigInt(v.value) === BigInt(value));
        const shown = field.secret ? "<secret>" : value;
        return [
          {
            ...place,
            value: shown,
            meaning: named === undefined ? field.doc : named.doc === "" ? named.name : `${named.name}: ${named.doc}`,
          },
        ];
      }
      case "bits": {
        const whole = this.#unsigned(offset, field.size, field.endian);
        const value = Number((whole >> BigInt(field.shift)) & ((1n << BigInt(field.width)) - 1n));
        return [{ ...place, value: field.width === 1 ? value === 1 : value, meaning: field.doc }];
      }
      case "struct":
        return [
          {
            ...place,
            value: null,
            meaning: field.doc,
            children: field.fields.flatMap((inner) => this.#field(inner, base, path)),
          },
        ];
      case "array":
        return [this.#items(path, field.item, field.count, offset, field.doc)];
      case "const":
        return [
          {
            ...place,
            value: toHex(this.#bytes.subarray(offset, offset + field.size)),
            meaning: field.doc === "" ? "constant" : field.doc,
          },
        ];
      case "bytes":
        return [{ ...place, value: this.#show(offset, field.size, false, field.secret), meaning: field.doc }];
      case "text":
        return [{ ...place, value: this.#show(offset, field.size, true, false), meaning: field.doc }];
    }
  }

  #integer(field: Field & { kind: "int" }, base: number): number | bigint {
    const bits = 8 * field.size;
    const unsigned = this.#unsigned(base + field.offset, field.size, field.endian);
    const value = field.signed ? BigInt.asIntN(bits, unsigned) : unsigned;
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  #unsigned(at: number, size: number, endian: "be" | "le"): bigint {
    let value = 0n;
    for (let i = 0; i < size; i++)
      value = (value << 8n) | BigInt(this.#bytes[at + (endian === "be" ? i : size - 1 - i)]!);
    return value;
  }

  #show(at: number, size: number, isText: boolean, secret: boolean): string {
    if (secret) return "<secret>";
    const bytes = this.#bytes.subarray(at, at + size);
    return isText ? JSON.stringify(new TextDecoder().decode(bytes)) : toHex(bytes);
  }
}

function fromRest(extent: Extent): boolean {
  return extent.from === "rest";
}
