/** What parsers of other libraries have in common: raw records, and their shape as our values. */
import { WireError } from "../../../errors.js";
import { textIn } from "../../annotate.js";
import { countOf } from "../../evaluate.js";
import { isImplied, type Block, type Field, type Item, type Module, type Type } from "../../ir.js";
import { camel } from "../../names.js";
import { planChoice, wayOf } from "../../plan/choice.js";
import { bytesFor } from "../../plan/extents.js";

/** What a parser of another library has read: integers, bytes, lists and records, by the names of {@link rawFields}. */
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
  const plan = planChoice(type, false);
  const { tag, need } = plan;
  const readers = new Map(plan.ways.map((way) => [way, shaped(way.type)]));
  return (bytes) => {
    if (bytes.length < need) throw new RangeError(`${need} bytes are needed, there are ${bytes.length}`);
    const value = Number(integerOf(bytes.subarray(tag.offset, need), tag.endian, tag.signed));
    const way = wayOf(plan, value);
    if (way === undefined) throw new RangeError(`no variant for ${value}`);
    return { kind: way.kind, ...readers.get(way)!(bytes) };
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

/** Fields by their keys in a raw record, in the order of their bytes. Bit fields that share bytes are one integer. */
export function rawFields(fields: readonly Field[]): ReadonlyMap<string, Field> {
  const all = new Map<string, Field>();
  for (const field of fields) {
    const name = rawName(field, fields);
    if (!all.has(name)) all.set(name, field);
  }
  return all;
}

/** @param fields those beside it. No field has a name with `$`. */
function rawName(field: Field, fields: readonly Field[]): string {
  if (field.name === "") return "item";
  if (field.kind !== "bits") return camel(field.name);
  const first = fields.find(({ kind, offset }) => kind === "bits" && offset === field.offset)!;
  return `${camel(first.name)}$bits`;
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
  const left = size - blocks.slice(0, index).reduce((sum, b) => sum + taken(b, record), 0);
  // The libraries know no rule that the bytes divide into whole items.
  const count = Math.floor(countOf(block, left, { value: record, params }));
  const bytes = bytesFor(block, count);
  const name = camel(block.name);
  if (!(count >= 0) || bytes > left) throw new RangeError(`${name}: ${count} do not fit`);
  record[`${name}$bytes`] = bytes;
  if (block.block === "bits") record[`${name}$count`] = count;
  return block.block === "items" ? count : bytes;
}

/** Libraries read past the end without a word: a value whose blocks need more than there is was never there. */
function requireBytes(blocks: readonly Block[], record: Raw, size: number): void {
  const needed = blocks.reduce((sum, block) => sum + taken(block, record), 0);
  if (needed > size) throw new RangeError(`${needed} bytes are needed, there are ${size}`);
}

function taken(block: Block, record: Raw): number {
  return block.block === "fixed" ? block.size : Number(record[`${camel(block.name)}$bytes`] ?? 0);
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
      else value[name] = block.text === null ? plain(own as Uint8Array) : textIn(own as Uint8Array);
    }
  }
  return value;
}

function shapeFields(fields: readonly Field[], raw: Raw): Raw {
  const value: Raw = {};
  for (const field of fields)
    if (!isImplied(field)) value[camel(field.name)] = shapeField(field, raw[rawName(field, fields)]);
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
      return textIn(raw as Uint8Array);
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

/** An integer from its bytes; bigint for eight of them. */
export function integerOf(bytes: Uint8Array, endian: "be" | "le", signed: boolean): number | bigint {
  let value = 0n;
  for (let i = 0; i < bytes.length; i++)
    value = (value << 8n) | BigInt(bytes[endian === "be" ? i : bytes.length - 1 - i]!);
  if (signed) value = BigInt.asIntN(8 * bytes.length, value);
  return bytes.length === 8 ? value : Number(value);
}
