/** Lays a format over bytes, for people. */
import { toHex } from "../bytes/index.js";
import { Layouts } from "./emit-ts/layouts.js";
import { argumentsOf, countOf, evaluate, type Environment } from "./evaluate.js";
import type {
  BitField,
  Block,
  Content,
  EnumValue,
  Expr,
  Field,
  IntField,
  Item,
  Module,
  PieceBlock,
  Repeat,
  Type,
  VarintContent,
} from "./ir.js";
import { camel } from "./names.js";
import { caseOf, planChoice, wayOf, type ChoicePlan } from "./plan/choice.js";
import { bytesFor, type CountedBlock } from "./plan/extents.js";
import { leastItem } from "./plan/pieces.js";
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
  return new Walk({ layouts: new Layouts(module), bytes, findEnum, choices: new Map() }, at, end, params, 0).type(
    type,
    "",
  );
}

/** Items that are shown of one list: a picture of more helps nobody. */
const ITEMS_MAX = 100_000;
/** Levels of types that stand inside themselves, as many as codecs read. */
const DEPTH_MAX = 100;

/** What all walks through one picture share. */
interface Scope {
  readonly layouts: Layouts;
  readonly bytes: Uint8Array;
  readonly findEnum: FindEnum;
  /** Plans are made once: lists hold many values of one type. */
  readonly choices: Map<Type, ChoicePlan>;
}

/** What lies somewhere, and what expressions can ask of it. */
interface Shown {
  readonly row: Annotation;
  readonly value?: unknown;
}

/** Goes through one value of one type. */
class Walk {
  readonly #scope: Scope;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #params: Environment["params"];
  readonly #depth: number;
  /** What has been read of the value, for expressions. */
  readonly value: Record<string, unknown> = {};
  /** Where the value ends, or the bytes do. */
  at: number;

  constructor(scope: Scope, at: number, end: number, params: Environment["params"], depth: number) {
    this.#scope = scope;
    this.#bytes = scope.bytes;
    this.at = at;
    this.#end = end;
    this.#params = params;
    this.#depth = depth;
  }

  type(type: Type, prefix: string): Annotation[] {
    if (type.body.shape === "plain") return this.#blocks(type.body.blocks, prefix);
    const plan = this.#scope.choices.get(type) ?? planChoice(type, true);
    this.#scope.choices.set(type, plan);
    if (this.at + plan.need > this.#end) return [];
    const way = wayOf(plan, Number(this.#integer(plan.tag, this.at)));
    return way === undefined ? [] : this.#blocks(way.blocks, prefix);
  }

  #blocks(blocks: readonly Block[], prefix: string): Annotation[] {
    const rows: Annotation[] = [];
    for (const block of blocks) {
      const { at } = this;
      if (block.block === "fixed") {
        rows.push(...block.fields.flatMap((field) => this.#field(field, at, this.#end, prefix, this.value)));
        this.at = Math.min(at + block.size, this.#end);
        // Behind the bytes there is nothing to show.
        if (this.at < at + block.size) break;
        continue;
      }
      const path = under(prefix, block.name);
      const row = block.block === "piece" ? this.#piece(block, path) : this.#counted(block, path);
      if (row === undefined) continue;
      rows.push(row);
      this.at = at + row.size;
    }
    return rows;
  }

  /** A block of as many items, bits or bytes as are there of those that it should have. */
  #counted(block: CountedBlock, path: string): Annotation {
    const { at } = this;
    const left = this.#end - at;
    const count = Math.max(0, countOf(block, left, { value: this.value, params: this.#params }));
    if (block.block === "items") return this.#items(path, block.item, count, at, this.#end, block.doc);
    const size = Math.min(bytesFor(block, count), left);
    const place = { path, offset: at, size, meaning: block.doc, children: [] };
    if (block.block === "bytes") {
      if (block.text !== null) this.value[camel(block.name)] = this.#text(at, size);
      return { ...place, value: this.#show(at, size, block.text !== null, block.secret) };
    }
    const bits = Array.from({ length: Math.min(count, size * 8) }, (_, i) => {
      const byte = this.#bytes[at + (i >> 3)]!;
      return (block.order === "lsb" ? byte >> (i & 7) : byte >> (7 - (i & 7))) & 1;
    });
    return { ...place, value: bits.join("") };
  }

  #evaluate(e: Expr, item?: unknown): number | boolean | string | undefined {
    return evaluate(e, { value: this.value, params: this.#params, item });
  }

  /** A number of items or bytes; 0 where what is asked for it is not there. */
  #number(e: Expr): number {
    const number = Number(this.#evaluate(e) ?? 0);
    return number > 0 ? number : 0;
  }

  /** A piece where it is there. */
  #piece(block: PieceBlock, path: string): Annotation | undefined {
    const { condition, repeat, doc, name } = block;
    if (condition !== null && this.#evaluate(condition) !== true) return undefined;
    if (repeat !== null) return this.#list(block, repeat, path);
    const { row, value } = this.#sized(block, path, this.at, doc);
    this.value[camel(name)] = value;
    return row;
  }

  #list(block: PieceBlock, repeat: Repeat, path: string): Annotation {
    const start = this.at;
    const least = leastItem(block, (ref) => this.#scope.layouts.get(ref));
    const count = repeat.by === "count" ? this.#number(repeat.count) : Infinity;
    // Only items without bytes can stand where the bytes have ended; a spec limits how many these are.
    const most = least > 0 ? (this.#end - start) / least : (block.max ?? count);
    const children: Annotation[] = [];
    let [at, n] = [start, 0];
    let hidden = start;
    for (let isLast = false; !isLast && n < Math.min(count, most) && (at < this.#end || repeat.by === "count"); n++) {
      const { row, value } = this.#sized(block, `${path}[${n}]`, at, "");
      if (n < ITEMS_MAX) {
        children.push(row);
        hidden = at + row.size;
      }
      at += row.size;
      isLast = repeat.by === "until" ? this.#evaluate(repeat.until, value) === true : false;
      if (row.size === 0 && repeat.by !== "count") break;
    }
    if (n > ITEMS_MAX) children.push(this.#more(path, hidden, at));
    return { path, offset: start, size: at - start, value: null, meaning: block.doc, children };
  }

  /** The row of items that have none of their own. */
  #more(path: string, at: number, end: number): Annotation {
    return { path: `${path}[${ITEMS_MAX}…]`, offset: at, size: end - at, value: null, meaning: "", children: [] };
  }

  /** One value, within its own bytes where their number is given. @param doc of what it stands in */
  #sized({ size, content }: PieceBlock, path: string, at: number, doc: string): Shown {
    if (size === null) return this.#content(content, path, at, this.#end, doc);
    const end = size === "rest" ? this.#end : Math.min(this.#end, at + this.#number(size));
    const { row, value } = this.#content(content, path, at, end, doc);
    return { row: { ...row, size: end - at }, value };
  }

  #content(content: Content, path: string, at: number, end: number, doc: string): Shown {
    const row = { path, offset: at, size: end - at, value: null, meaning: doc, children: [] };
    switch (content.content) {
      case "field": {
        const values: Record<string, unknown> = {};
        const [own] = this.#field({ ...content.field, name: "", doc }, at, end, path, values);
        return own === undefined ? { row } : { row: own, value: values[""] };
      }
      case "bytes": {
        const isText = content.text !== null;
        const shown = { ...row, value: this.#show(at, end - at, isText, content.secret) };
        return isText ? { row: shown, value: this.#text(at, end - at) } : { row: shown };
      }
      case "varint": {
        const { size, value } = this.#varint(content, at, end);
        return { row: { ...row, size, value }, value };
      }
      case "type": {
        const { layouts } = this.#scope;
        const isCounted = layouts.isRecursive(content.type);
        if (isCounted && this.#depth >= DEPTH_MAX) return { row };
        const type = layouts.get(content.type);
        const params = argumentsOf(type, content.args, { value: this.value, params: this.#params });
        const walk = new Walk(this.#scope, at, end, params, this.#depth + (isCounted ? 1 : 0));
        const children = walk.type(type, path);
        return { row: { ...row, size: walk.at - at, children }, value: walk.value };
      }
      case "choice": {
        const chosen = caseOf(content.cases, this.#evaluate(content.on));
        return chosen === undefined ? { row: { ...row, size: 0 } } : this.#content(chosen.content, path, at, end, doc);
      }
    }
  }

  #varint({ order, maxBytes }: VarintContent, at: number, end: number): { size: number; value: number | bigint } {
    let last = at;
    while (last < end && last - at < maxBytes - 1 && this.#bytes[last]! >= 128) last++;
    const size = Math.min(last + 1, end) - at;
    let exact = 0n;
    for (let i = 0; i < size; i++)
      exact = (exact << 7n) | BigInt(this.#bytes[at + (order === "leb128" ? size - 1 - i : i)]! & 127);
    return { size, value: exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact };
  }

  /** As many items as there are bytes for. */
  #items(path: string, item: Item, count: number, at: number, end: number, meaning: string): Annotation {
    const whole = Math.floor(Math.min(count, (end - at) / item.size));
    const children = Array.from({ length: Math.min(whole, ITEMS_MAX) }, (_, i): Annotation => {
      const offset = at + i * item.size;
      const name = `${path}[${i}]`;
      // What is said of the items is said of the list.
      if (item.type === null) return this.#field({ ...item.fields[0]!, doc: "" }, offset, end, name, {})[0]!;
      const fields = item.fields.flatMap((field) => this.#field(field, offset, end, name, {}));
      return { path: name, offset, size: item.size, value: null, meaning: "", children: fields };
    });
    if (whole > ITEMS_MAX) children.push(this.#more(path, at + ITEMS_MAX * item.size, at + whole * item.size));
    return { path, offset: at, size: whole * item.size, value: null, meaning, children };
  }

  /**
   * The row of a field, or none where the bytes do not hold it.
   * @param values what is read is noted there, by name
   */
  #field(
    field: Field,
    base: number,
    end: number,
    prefix: string,
    values: Record<string, unknown>,
  ): readonly Annotation[] {
    const path = field.name === "" ? prefix : under(prefix, field.name);
    const name = camel(field.name);
    const offset = base + field.offset;
    const meaning = field.doc;
    if (field.kind === "struct") {
      const own: Record<string, unknown> = {};
      values[name] = own;
      // The fields of a struct count from the same place as the struct itself.
      const children = field.fields.flatMap((inner) => this.#field(inner, base, end, path, own));
      const size = Math.min(field.size, end - offset);
      return size < 0 ? [] : [{ path, offset, size, value: null, meaning, children }];
    }
    if (field.kind === "array")
      return offset > end ? [] : [this.#items(path, field.item, field.count, offset, end, meaning)];
    if (offset + field.size > end) return [];
    const place = { path, offset, size: field.size, children: [] };
    switch (field.kind) {
      case "int": {
        const value = this.#integer(field, base);
        values[name] = value;
        return field.secret
          ? [{ ...place, value: "<secret>", meaning }]
          : [{ ...place, value, meaning: this.#meaning(field, value) }];
      }
      case "bits": {
        const whole = this.#unsigned(offset, field.size, field.endian);
        const value = Number((whole >> BigInt(field.shift)) & ((1n << BigInt(field.width)) - 1n));
        const shown = field.width === 1 ? value === 1 : value;
        values[name] = shown;
        return [{ ...place, value: shown, meaning: this.#meaning(field, value) }];
      }
      case "float": {
        const bytes = this.#bytes.subarray(offset, offset + field.size);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        const isLittle = field.endian === "le";
        return [
          { ...place, value: field.size === 4 ? view.getFloat32(0, isLittle) : view.getFloat64(0, isLittle), meaning },
        ];
      }
      case "const": {
        const value = toHex(this.#bytes.subarray(offset, offset + field.size));
        return [{ ...place, value, meaning: meaning === "" ? "constant" : meaning }];
      }
      case "bytes":
        return [{ ...place, value: this.#show(offset, field.size, false, field.secret), meaning }];
      case "text":
        values[name] = this.#text(offset, field.size);
        return [{ ...place, value: this.#show(offset, field.size, true, false), meaning }];
    }
  }

  /** What a number is called, or how others write it, and what it says. */
  #meaning({ enum: named, display, doc }: IntField | BitField, value: number | bigint): string {
    const values = named === null ? undefined : this.#scope.findEnum(named.module, named.name)?.values;
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
    return textIn(this.#bytes.subarray(at, at + size));
  }

  #show(at: number, size: number, isText: boolean, secret: boolean): string {
    if (secret) return "<secret>";
    const bytes = this.#bytes.subarray(at, at + size);
    return isText ? JSON.stringify(textIn(bytes)) : toHex(bytes);
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

/** A text as far as it is one. A byte order mark is a character like any other, as in codecs. */
export function textIn(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
