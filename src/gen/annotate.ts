/** Lays a format over bytes, for people. */
import { toHex } from "../bytes/index.js";
import { Layouts } from "./emit-ts/layouts.js";
import { evaluate } from "./evaluate.js";
import type {
  BitField,
  Block,
  Content,
  EnumValue,
  Expr,
  Extent,
  Field,
  IntField,
  Item,
  Module,
  PieceBlock,
  Type,
  VarintContent,
} from "./ir.js";
import { camel } from "./names.js";
import { numberText } from "./text.js";

/** One field of some bytes: where it lies, what it holds, what that means. */
export interface Annotation {
  /** As errors name the field: `coins[17].serial`. */
  readonly path: string;
  readonly offset: number;
  readonly size: number;
  /** Integers as number, or bigint above 2^53-1; bytes as hex; null for a group of fields. */
  readonly value: number | bigint | string | boolean | null;
  /** The name of an enumerated value, or the number as `-display` says, and what the spec says of it. */
  readonly meaning: string;
  readonly children: readonly Annotation[];
}

/** Finds an enumeration by the id of its module and its own name. */
export type FindEnum = (module: string, name: string) => Module["enums"][number] | undefined;

/**
 * Lays a type over bytes, field by field, as far as the bytes go. Nothing is checked: the codec has said
 * what is wrong, this shows where everything lies.
 * @param module that the type is of
 * @param params values of the type's parameters, by name
 */
export function annotate(
  module: Module,
  type: Type,
  bytes: Uint8Array,
  findEnum: FindEnum,
  params: Readonly<Record<string, number | boolean>> = {},
  at = 0,
  end = bytes.length,
): Annotation[] {
  return new Walk(new Layouts(module), bytes, end, findEnum, params, 0).type(type, at);
}

/** Items that are shown of one list, and levels of nesting: a picture of more helps nobody. */
const ITEMS_MAX = 100_000;
const DEPTH_MAX = 100;

/** Goes through one value of one type. */
class Walk {
  readonly #layouts: Layouts;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #findEnum: FindEnum;
  readonly #params: Readonly<Record<string, number | boolean>>;
  readonly #depth: number;
  /** What has been read of the value, for expressions. */
  readonly value: Record<string, unknown> = {};
  /** Where the value ends. */
  at = 0;

  constructor(
    layouts: Layouts,
    bytes: Uint8Array,
    end: number,
    findEnum: FindEnum,
    params: Readonly<Record<string, number | boolean>>,
    depth: number,
  ) {
    this.#layouts = layouts;
    this.#bytes = bytes;
    this.#end = end;
    this.#findEnum = findEnum;
    this.#params = params;
    this.#depth = depth;
  }

  type(type: Type, at: number, prefix = ""): Annotation[] {
    this.at = at;
    if (type.body.shape === "plain") return this.#blocks(type.body.blocks, at, prefix);
    const { tag, variants } = type.body;
    if (at + tag.offset + tag.size > this.#end) return [];
    const value = Number(this.#integer(tag, at));
    const variant =
      variants.find((v) => v.values !== "else" && v.values.includes(value)) ??
      variants.find((v) => v.values === "else");
    return variant === undefined ? [] : this.type(variant.type, at, prefix);
  }

  #blocks(blocks: readonly Block[], start: number, prefix: string): Annotation[] {
    const all: Annotation[] = [];
    let at = start;
    for (const block of blocks) {
      // Behind the bytes there is nothing to show.
      if (at > this.#end) break;
      if (block.block === "fixed") {
        all.push(...block.fields.flatMap((field) => this.#field(field, at, prefix, this.value)));
        at += block.size;
        continue;
      }
      const path = under(prefix, block.name);
      const meaning = block.doc;
      if (block.block === "piece") {
        const piece = this.#piece(block, path, at);
        if (piece !== undefined) {
          all.push(piece);
          at = piece.offset + piece.size;
        }
        continue;
      }
      const count = this.#count(block.block === "bytes" ? block.length : block.count, at);
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
        if (block.text !== null) this.value[camel(block.name)] = this.#text(at, size);
        at += size;
      }
    }
    this.at = at;
    return all;
  }

  #evaluate(e: Expr, item?: unknown): number | boolean | string | undefined {
    return evaluate(e, { value: this.value, params: this.#params, item });
  }

  /** A piece where it is there. */
  #piece(block: PieceBlock, path: string, at: number): Annotation | undefined {
    if (block.condition !== null && this.#evaluate(block.condition) !== true) return undefined;
    const name = camel(block.name);
    const { repeat } = block;
    if (repeat === null) {
      const { annotation, value } = this.#sized(block, path, at);
      this.value[name] = value;
      return { ...annotation, meaning: annotation.meaning === "" ? block.doc : annotation.meaning };
    }
    const count = repeat.by === "count" ? Number(this.#evaluate(repeat.count) ?? 0) : Infinity;
    const children: Annotation[] = [];
    let p = at;
    while (children.length < Math.min(count, ITEMS_MAX) && p < this.#end) {
      const { annotation, value } = this.#sized(block, `${path}[${children.length}]`, p);
      children.push(annotation);
      if (annotation.size === 0 && repeat.by !== "count") break;
      p += annotation.size;
      if (repeat.by === "until" && this.#evaluate(repeat.until, value) === true) break;
    }
    return { path, offset: at, size: p - at, value: null, meaning: block.doc, children };
  }

  /** One value, within its own bytes where their number is given. */
  #sized(block: PieceBlock, path: string, at: number): { annotation: Annotation; value: unknown } {
    const { size } = block;
    const own = size === null ? undefined : size === "rest" ? this.#end - at : Number(this.#evaluate(size) ?? 0);
    const end = own === undefined ? this.#end : Math.max(at, Math.min(this.#end, at + own));
    const read = this.#content(block.content, path, at, end);
    if (own === undefined) return read;
    return { ...read, annotation: { ...read.annotation, size: end - at } };
  }

  #content(content: Content, path: string, at: number, end: number): { annotation: Annotation; value: unknown } {
    const place = { path, offset: at, meaning: "", children: [] as Annotation[] };
    switch (content.content) {
      case "field": {
        const values: Record<string, unknown> = {};
        const walk = new Walk(this.#layouts, this.#bytes, end, this.#findEnum, this.#params, this.#depth);
        const [annotation] = walk.#field({ ...content.field, name: "item" }, at, null, values);
        if (annotation === undefined)
          return { annotation: { ...place, size: end - at, value: null }, value: undefined };
        return { annotation: renamed(annotation, path), value: values["item"] };
      }
      case "bytes": {
        const isText = content.text !== null;
        const shown = this.#show(at, end - at, isText, content.secret);
        return {
          annotation: { ...place, size: end - at, value: shown },
          value: isText ? this.#text(at, end - at) : undefined,
        };
      }
      case "varint":
        return this.#varint(content, place, at, end);
      case "type": {
        const type = this.#layouts.get(content.type);
        const args = content.args.map((arg) => this.#evaluate(arg) as number | boolean);
        const params = Object.fromEntries(type.params.map(({ name }, i) => [name, args[i]!]));
        const walk = new Walk(this.#layouts, this.#bytes, end, this.#findEnum, params, this.#depth + 1);
        const children = this.#depth < DEPTH_MAX ? walk.type(type, at, path) : [];
        const size = this.#depth < DEPTH_MAX ? walk.at - at : end - at;
        return { annotation: { ...place, size, value: null, children }, value: walk.value };
      }
      case "choice": {
        const on = this.#evaluate(content.on);
        const chosen =
          content.cases.find(({ values }) => values !== "else" && values.includes(on!)) ??
          content.cases.find(({ values }) => values === "else");
        if (chosen === undefined) return { annotation: { ...place, size: 0, value: null }, value: undefined };
        return this.#content(chosen.content, path, at, end);
      }
    }
  }

  #varint(
    { order }: VarintContent,
    place: Omit<Annotation, "size" | "value">,
    at: number,
    end: number,
  ): { annotation: Annotation; value: unknown } {
    let last = at;
    while (last < end && last - at < 9 && this.#bytes[last]! >= 128) last++;
    const size = Math.min(last + 1, end) - at;
    let exact = 0n;
    for (let i = 0; i < size; i++)
      exact = (exact << 7n) | BigInt(this.#bytes[at + (order === "leb128" ? size - 1 - i : i)]! & 127);
    const value = exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact;
    return { annotation: { ...place, size, value }, value };
  }

  /** A count; bytes that are left where the extent reaches to the end. */
  #count(extent: Extent, at: number): number {
    if (extent.from === "rest") return Math.max(0, this.#end - at - extent.after);
    const value = extent.from === "field" ? this.value[camel(extent.field)] : this.#params[extent.param];
    return Math.max(0, Number(value ?? 0) + extent.plus);
  }

  #items(path: string, item: Item, count: number, at: number, meaning: string): Annotation {
    const children = Array.from({ length: count }, (_, i): Annotation => {
      const offset = at + i * item.size;
      const name = `${path}[${i}]`;
      if (item.type === null) return { ...this.#field(item.fields[0]!, offset, name, {})[0]!, meaning: "" };
      const fields = item.fields.flatMap((field) => this.#field(field, offset, name, {}));
      return { path: name, offset, size: item.size, value: null, meaning: "", children: fields };
    });
    return { path, offset: at, size: count * item.size, value: null, meaning, children };
  }

  /** @param values what is read is noted there, by name */
  #field(field: Field, base: number, prefix: string | null, values: Record<string, unknown>): Annotation[] {
    const path = field.name === "" ? (prefix ?? "") : under(prefix ?? "", field.name);
    const offset = base + field.offset;
    if (offset + field.size > this.#end) return [];
    const place = { path, offset, size: field.size, children: [] };
    switch (field.kind) {
      case "int": {
        const value = this.#integer(field, base);
        values[camel(field.name)] = value;
        const shown = field.secret ? "<secret>" : value;
        return [{ ...place, value: shown, meaning: field.secret ? field.doc : this.#meaning(field, value) }];
      }
      case "bits": {
        const whole = this.#unsigned(offset, field.size, field.endian);
        const value = Number((whole >> BigInt(field.shift)) & ((1n << BigInt(field.width)) - 1n));
        const shown = field.width === 1 ? value === 1 : value;
        values[camel(field.name)] = shown;
        return [{ ...place, value: shown, meaning: this.#meaning(field, value) }];
      }
      case "struct": {
        const own: Record<string, unknown> = {};
        values[camel(field.name)] = own;
        // The fields of a struct count from the same place as the struct itself.
        const children = field.fields.flatMap((inner) => this.#field(inner, base, path, own));
        return [{ ...place, value: null, meaning: field.doc, children }];
      }
      case "float": {
        const bytes = this.#bytes.subarray(offset, offset + field.size);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        const isLittle = field.endian === "le";
        const value = field.size === 4 ? view.getFloat32(0, isLittle) : view.getFloat64(0, isLittle);
        return [{ ...place, value, meaning: field.doc }];
      }
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
        values[camel(field.name)] = this.#text(offset, field.size);
        return [{ ...place, value: this.#show(offset, field.size, true, false), meaning: field.doc }];
    }
  }

  /** What a number is called, or how others write it, and what it says. */
  #meaning({ enum: named, display, doc }: IntField | BitField, value: number | bigint): string {
    const values = named === null ? undefined : this.#findEnum(named.module, named.name)?.values;
    const found = values?.find((each) => BigInt(each.value) === BigInt(value));
    const label = found === undefined ? (display === null ? "" : numberText(value, display)) : shownName(found);
    return [label, found?.doc ?? doc].filter((part) => part !== "").join(": ");
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

  #text(at: number, size: number): string {
    return new TextDecoder().decode(this.#bytes.subarray(at, at + size));
  }

  #show(at: number, size: number, isText: boolean, secret: boolean): string {
    if (secret) return "<secret>";
    const bytes = this.#bytes.subarray(at, at + size);
    return isText ? JSON.stringify(new TextDecoder().decode(bytes)) : toHex(bytes);
  }
}

/** What a number is called, and what that says; without a name what is said of the field. */
export function enumMeaning(values: readonly EnumValue[] | undefined, value: unknown, doc: string): string {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  const found = isNumber ? values?.find((each) => BigInt(each.value) === BigInt(value)) : undefined;
  if (found === undefined) return doc;
  return [shownName(found), found.doc === "" ? doc : found.doc].filter((part) => part !== "").join(": ");
}

function shownName({ name, label }: EnumValue): string {
  return label === "" ? name : label;
}

function under(prefix: string, name: string): string {
  return prefix === "" ? camel(name) : `${prefix}.${camel(name)}`;
}

/** An annotation of a field that was called `item`, under its own path. */
function renamed(annotation: Annotation, path: string): Annotation {
  const children = annotation.children.map((child) => renamed(child, path));
  return { ...annotation, path: path + annotation.path.slice("item".length), children };
}

function fromRest(extent: Extent): boolean {
  return extent.from === "rest";
}
