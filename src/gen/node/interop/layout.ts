/** What parsers of other libraries have in common: raw records, and their shape as our values. */
import { WireError } from "../../../errors.js";
import {
  isImplied,
  type Block,
  type Extent,
  type Field,
  type Item,
  type Module,
  type Type,
  type Variant,
} from "../../ir.js";
import { camel } from "../../names.js";

/** What a parser of another library has read: integers, bytes, lists and records, by the names of {@link rawName}. */
export type Raw = Record<string, unknown>;

/**
 * A reader of one type, made of those of its layouts.
 * @param make a reader of one layout, in raw records
 * @throws WireError `argument` when there is no such type, or it has places that depend on more than lengths
 */
export function readerOf(
  module: Module,
  name: string,
  make: (blocks: readonly Block[]) => (bytes: Uint8Array) => Raw,
): (bytes: Uint8Array) => Raw {
  const type = typeOf(module, name);
  requireFlat(type);
  const shaped = ({ body }: Type): ((bytes: Uint8Array) => Raw) => {
    const blocks = body.shape === "plain" ? body.blocks : [];
    const read = make(blocks);
    return (bytes) => {
      const raw = read(bytes);
      requireBytes(blocks, raw, bytes.length);
      return shapeBlocks(blocks, raw);
    };
  };
  if (type.body.shape === "plain") return shaped(type);
  const { tag, variants } = type.body;
  const readers = new Map(variants.map((variant) => [variant.kind, shaped(variant.type)]));
  return (bytes) => {
    const value = integerOf(bytes.subarray(tag.offset, tag.offset + tag.size), tag.endian, tag.signed);
    const variant = variantFor(variants, Number(value));
    if (bytes.length < tag.offset + tag.size || variant === undefined) throw new RangeError(`no variant for ${value}`);
    return { kind: variant.kind, ...readers.get(variant.kind)!(bytes) };
  };
}

/** The types of a module by name. @throws WireError `argument` */
function typeOf(module: Module, name: string): Type {
  const type = module.types.find((each) => each.name === name);
  if (type !== undefined) return type;
  throw new WireError({
    code: "argument",
    format: module.id,
    path: "type",
    offset: 0,
    expected: module.types.map((each) => each.name).join(", "),
    actual: name,
  });
}

/** Other libraries are handed layouts whose places depend on nothing but lengths. */
function unsupported(name: string): WireError {
  return new WireError({
    code: "argument",
    format: "interop",
    path: name,
    expected: "attributes without conditions, choices inside, and types of variable size",
  });
}

/** Refuses types that hold pieces. @throws WireError `argument` */
function requireFlat(type: Type): void {
  const blocks = type.body.shape === "plain" ? type.body.blocks : [];
  const piece = blocks.find((block) => block.block === "piece");
  if (piece?.block === "piece") throw unsupported(piece.name);
  if (type.body.shape === "union") for (const variant of type.body.variants) requireFlat(variant.type);
}

/** The key of a field in a raw record: bit fields that share bytes are one integer. */
export function rawName(field: Field): string {
  if (field.kind === "bits") return `bits${field.offset}`;
  return field.name === "" ? "item" : camel(field.name);
}

/** Fields in the order of their bytes, each group of bit fields once. */
export function rawFields(fields: readonly Field[]): Field[] {
  const seen = new Set<string>();
  return fields.filter((field) => {
    const name = rawName(field);
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/**
 * The bytes or items of a block of variable size, worked out while a parser of another library runs.
 * @param record what has been read of the type so far; what the blocks before have taken is noted in it
 * @param size bytes of the whole input
 * @throws RangeError when the input is too short for it
 */
export function measure(
  blocks: readonly Block[],
  index: number,
  record: Raw,
  size: number,
  params: Readonly<Record<string, number>>,
): number {
  const block = blocks[index]!;
  if (block.block === "fixed") return block.size;
  if (block.block === "piece") throw unsupported(block.name);
  const before = blocks.slice(0, index).reduce((sum, b) => sum + taken(b, record), 0);
  const unit = block.block === "items" ? block.item.size : 1;
  const n = countFrom(block.block === "bytes" ? block.length : block.count, unit, before, size, record, params);
  const length = block.block === "bits" ? Math.ceil(n / 8) : n;
  const name = camel(block.name);
  if (!(n >= 0) || before + length * unit > size) throw new RangeError(`${name}: ${n} do not fit`);
  // No field has such a name.
  record[`${name}$bytes`] = length * unit;
  if (block.block === "bits") record[`${name}$count`] = n;
  return length;
}

/** Libraries read past the end without a word: a value whose blocks need more than there is was never there. */
function requireBytes(blocks: readonly Block[], record: Raw, size: number): void {
  const needed = blocks.reduce((sum, block) => sum + taken(block, record), 0);
  if (needed > size) throw new RangeError(`${needed} bytes are needed, there are ${size}`);
}

function taken(block: Block, record: Raw): number {
  return block.block === "fixed" ? block.size : Number(record[`${camel(block.name)}$bytes`] ?? 0);
}

function countFrom(
  extent: Extent,
  unit: number,
  before: number,
  size: number,
  record: Raw,
  params: Readonly<Record<string, number>>,
): number {
  if (extent.from === "rest") return Math.floor((size - before - extent.after) / unit);
  const value = extent.from === "field" ? Number(record[camel(extent.field)]) : (params[extent.param] ?? 0);
  return value + extent.plus;
}

/** The variant that a tag chooses. */
function variantFor(variants: readonly Variant[], tag: number): Variant | undefined {
  return (
    variants.find((v) => v.values !== "else" && v.values.includes(tag)) ?? variants.find((v) => v.values === "else")
  );
}

/** A raw record in the shape of our decoded values. */
function shapeBlocks(blocks: readonly Block[], raw: Raw): Raw {
  const value: Raw = {};
  for (const block of blocks) {
    if (block.block === "fixed") Object.assign(value, shapeFields(block.fields, raw));
    else if (block.block === "piece") throw unsupported(block.name);
    else {
      const name = camel(block.name);
      const own = raw[name];
      if (block.block === "items") value[name] = (own as Raw[]).map((one) => shapeItem(block.item, one));
      else if (block.block === "bits")
        value[name] = bitsOf(own as Uint8Array, Number(raw[`${name}$count`]), block.order);
      else value[name] = block.text === null ? plain(own as Uint8Array) : textOf(own as Uint8Array);
    }
  }
  return value;
}

function shapeFields(fields: readonly Field[], raw: Raw): Raw {
  const value: Raw = {};
  for (const field of fields) if (!isImplied(field)) value[camel(field.name)] = shapeField(field, raw[rawName(field)]);
  return value;
}

function shapeItem(item: Item, raw: Raw): unknown {
  return item.type === null ? shapeField(item.fields[0]!, raw["item"]) : shapeFields(item.fields, raw);
}

function shapeField(field: Field, raw: unknown): unknown {
  switch (field.kind) {
    case "bits": {
      const value = Number((BigInt(raw as number) >> BigInt(field.shift)) & ((1n << BigInt(field.width)) - 1n));
      return field.width === 1 ? value === 1 : value;
    }
    case "struct":
      return shapeFields(field.fields, raw as Raw);
    case "array":
      return (raw as Raw[]).map((one) => shapeItem(field.item, one));
    case "text":
      return textOf(raw as Uint8Array);
    case "bytes":
      return plain(raw as Uint8Array);
    default:
      return raw;
  }
}

function bitsOf(bytes: Uint8Array, count: number, order: "lsb" | "msb"): boolean[] {
  return Array.from(
    { length: count },
    (_, i) => ((bytes[i >> 3]! >> (order === "lsb" ? i & 7 : 7 - (i & 7))) & 1) === 1,
  );
}

function plain(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** An integer from its bytes; bigint for eight of them. */
export function integerOf(bytes: Uint8Array, endian: "be" | "le", signed: boolean): number | bigint {
  let value = 0n;
  for (let i = 0; i < bytes.length; i++)
    value = (value << 8n) | BigInt(bytes[endian === "be" ? i : bytes.length - 1 - i]!);
  if (signed) value = BigInt.asIntN(8 * bytes.length, value);
  return bytes.length === 8 ? value : Number(value);
}
