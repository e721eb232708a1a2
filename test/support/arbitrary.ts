/** Arbitrary values of a format, for property tests. */
import * as fc from "fast-check";
import {
  isImplied,
  rangeOf,
  type Block,
  type Field,
  type IntField,
  type Item,
  type Rule,
  type Type,
} from "../../src/gen/ir.js";
import { camel } from "../../src/gen/names.js";

/** A value of a format, with the parameters that its bytes need to be read. */
export interface Drawn {
  readonly value: Record<string, unknown>;
  readonly params: Readonly<Record<string, number>>;
}

/** Most items, bits or bytes that are drawn, where the format allows more. */
const COUNT_MAX = 40;
const PRINTABLE_MIN = 0x20;
const PRINTABLE_MAX = 0x7e;

/** Values of a format, with edge cases. 64-bit integers are bigints if `big`. */
export function arbitraryOf(type: Type, big: boolean): fc.Arbitrary<Drawn> {
  if (type.body.shape === "plain") return blocksOf(type.body.blocks, big);
  const { tag, variants } = type.body;
  const [lowest, highest] = rangeOf(8 * tag.size, tag.signed);
  const named = variants.flatMap(({ values }) => (values === "else" ? [] : values));
  return fc.oneof(
    ...variants.map(({ kind, values, type: variant }) => {
      const tags =
        values === "else"
          ? fc.integer({ min: lowest, max: highest }).filter((value) => !named.includes(value))
          : fc.constantFrom(...values);
      return fc.tuple(arbitraryOf(variant, big), tags).map(([{ value, params }, chosen]) => {
        return { value: { kind, ...value, [camel(tag.name)]: chosen }, params };
      });
    }),
  );
}

function blocksOf(blocks: readonly Block[], big: boolean): fc.Arbitrary<Drawn> {
  return fc.tuple(...blocks.map((block) => blockOf(block, big, countsOf(block, blocks)))).map((values) => {
    const value: Record<string, unknown> = {};
    const params: Record<string, number> = {};
    for (const [i, block] of blocks.entries()) {
      if (block.block === "fixed") {
        Object.assign(value, values[i]);
        continue;
      }
      if (block.block === "piece") continue;
      value[camel(block.name)] = values[i];
      const extent = block.block === "bytes" ? block.length : block.count;
      if (extent.from === "param") params[extent.param] = (values[i] as { length: number }).length - extent.plus;
    }
    return { value, params };
  });
}

/** Whether the values of a type cannot be drawn here: those of pieces are drawn as bytes, in test/gen/drawn-pieces. */
export function hasPieces({ body }: Type): boolean {
  const types = body.shape === "union" ? body.variants.map(({ type }) => type) : [];
  const blocks = body.shape === "union" ? [] : body.blocks;
  return blocks.some(({ block }) => block === "piece") || types.some(hasPieces);
}

/** How many items, bits or bytes a block may have. The field or parameter with their number limits it. */
function countsOf(block: Block, blocks: readonly Block[]): { min: number; max: number } {
  if (block.block === "fixed" || block.block === "piece") return { min: 0, max: 0 };
  const own = block.block === "bits" ? { min: 0, max: null } : block;
  const extent = block.block === "bytes" ? block.length : block.count;
  let [low, high] = [0, Infinity];
  if (extent.from === "field") {
    const field = blocks
      .flatMap((each) => (each.block === "fixed" ? each.fields : []))
      .find(({ name }) => name === extent.field) as IntField;
    const { min, max } = within(field.rule, 0, 256 ** field.size - 1);
    [low, high] = [min + extent.plus, max + extent.plus];
  } else if (extent.from === "param") low = extent.plus;
  return { min: Math.max(own.min, low, 0), max: Math.min(own.max ?? COUNT_MAX, COUNT_MAX, high) };
}

function blockOf(block: Block, big: boolean, counts: { min: number; max: number }): fc.Arbitrary<unknown> {
  if (block.block === "fixed") return fieldsOf(block.fields, big);
  if (block.block === "piece") throw new TypeError(`values of the piece ${block.name} are drawn as bytes`);
  if (block.block === "bits")
    return fc.array(fc.boolean(), { minLength: counts.min, maxLength: counts.max, size: "max" });
  if (block.block === "items")
    return fc.array(itemOf(block.item, big), { minLength: counts.min, maxLength: counts.max });
  const drawn = block.text === null ? bytesOf : textOf;
  return fc.integer(counts).chain((length) => drawn(length) as fc.Arbitrary<unknown>);
}

function fieldsOf(fields: readonly Field[], big: boolean): fc.Arbitrary<Record<string, unknown>> {
  const held = fields.filter((field) => !isImplied(field));
  const names = held.map(({ name }) => camel(name));
  return fc
    .tuple(...held.map((field) => fieldOf(field, big)))
    .map((values) => Object.fromEntries(names.map((name, i) => [name, values[i]])));
}

function itemOf(item: Item, big: boolean): fc.Arbitrary<unknown> {
  return item.type === null ? fieldOf(item.fields[0]!, big) : fieldsOf(item.fields, big);
}

function fieldOf(field: Field, big: boolean): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "int":
      return integerOf(field, big);
    case "bits":
      if (field.width === 1) return fc.boolean();
      if (field.rule?.anyOf) return fc.constantFrom(...field.rule.anyOf);
      if (field.enum?.strict === true)
        return fc.constantFrom(...field.enum.values.filter((value) => value >= 0 && value < 2 ** field.width));
      return fc.integer(within(field.rule, 0, 2 ** field.width - 1));
    case "float":
      return fc.double({ noNaN: true }).map((value) => (field.size === 4 ? Math.fround(value) : value));
    case "bytes":
      return bytesOf(field.size);
    case "text":
      return textOf(field.size);
    case "struct":
      return fieldsOf(field.fields, big);
    case "array":
      return fc.array(itemOf(field.item, big), { minLength: field.count, maxLength: field.count });
    case "const":
      throw new Error(`${field.name} is implied`);
  }
}

function integerOf({ size, signed, rule, enum: named, u64 }: IntField, big: boolean): fc.Arbitrary<number | bigint> {
  const isBig = size === 8 && (big || u64 === "bigint");
  const span = 2n ** BigInt(8 * size);
  const low = signed ? -span / 2n : 0n;
  const safe = BigInt(Number.MAX_SAFE_INTEGER);
  const [least, most] = size === 8 && !isBig ? [signed ? -safe : 0n, safe] : [low, low + span - 1n];
  const min = BigInt(rule?.min ?? least);
  const max = BigInt(rule?.max ?? most);
  const listed = rule?.anyOf ?? (named?.strict === true ? named.values : null);
  const allowed = listed?.map(BigInt).filter((value) => value >= min && value <= max);
  const values = allowed === undefined ? fc.bigInt({ min, max }) : fc.constantFrom(...allowed);
  return isBig ? values : values.map(Number);
}

function within(rule: Rule | null, min: number, max: number): { min: number; max: number } {
  return { min: rule?.min ?? min, max: rule?.max ?? max };
}

/** Bytes derived from one number, so that they shrink in one step. Its ends give all zeros and all ones. */
function bytesOf(length: number): fc.Arbitrary<Uint8Array> {
  return fc.integer({ min: 0, max: 0xffff_ffff }).map((seed) => {
    const bytes = new Uint8Array(length);
    let state = seed;
    for (let i = 0; i < length; i++) {
      bytes[i] = state >>> 24;
      if (seed !== 0 && seed !== 0xffff_ffff) state = (Math.imul(state, 0x915f77f5) + 1) >>> 0;
    }
    return bytes;
  });
}

function textOf(length: number): fc.Arbitrary<string> {
  const span = PRINTABLE_MAX - PRINTABLE_MIN + 1;
  return bytesOf(length).map((bytes) => String.fromCharCode(...bytes.map((byte) => PRINTABLE_MIN + (byte % span))));
}
