import * as fc from "fast-check";
import { isImplied, type Block, type Field, type IntField, type Item, type Rule, type Type } from "../../src/gen/ir.js";
import { camel } from "../../src/gen/names.js";

/** A value of a format, with the parameters that its bytes need to be read. */
export interface Drawn {
  readonly value: Record<string, unknown>;
  readonly params: Readonly<Record<string, number>>;
}

/** At most so many items, bits or bytes where a format sets no narrower limit. */
const COUNT_MAX = 40;
const PRINTABLE_MIN = 0x20;
const PRINTABLE_MAX = 0x7e;

/** The values that a format can hold, edges among them. 64-bit integers are bigint when `big`. */
export function arbitraryOf(type: Type, big: boolean): fc.Arbitrary<Drawn> {
  if (type.body.shape === "plain") return blocksOf(type.body.blocks, big);
  const { tag, variants } = type.body;
  const named = variants.flatMap(({ values }) => (values === "else" ? [] : values));
  return fc.oneof(
    ...variants.map(({ kind, values, type: variant }) => {
      const tags =
        values === "else"
          ? fc.integer({ min: 0, max: 256 ** tag.size - 1 }).filter((value) => !named.includes(value))
          : fc.constantFrom(...values);
      return fc.tuple(arbitraryOf(variant, big), tags).map(([{ value, params }, chosen]) => {
        return { value: { kind, ...value, [camel(tag.name)]: chosen }, params };
      });
    }),
  );
}

function blocksOf(blocks: readonly Block[], big: boolean): fc.Arbitrary<Drawn> {
  return fc.tuple(...blocks.map((block) => blockOf(block, big))).map((values) => {
    const value: Record<string, unknown> = {};
    const params: Record<string, number> = {};
    for (const [i, block] of blocks.entries()) {
      if (block.block === "fixed") {
        Object.assign(value, values[i]);
        continue;
      }
      value[camel(block.name)] = values[i];
      const extent = block.block === "bytes" ? block.length : block.count;
      if (extent.from === "param") params[extent.param] = (values[i] as { length: number }).length - extent.plus;
    }
    return { value, params };
  });
}

function blockOf(block: Block, big: boolean): fc.Arbitrary<unknown> {
  if (block.block === "fixed") return fieldsOf(block.fields, big);
  if (block.block === "bits") return fc.array(fc.boolean(), { maxLength: COUNT_MAX, size: "max" });
  const counts = { min: block.min, max: Math.min(block.max ?? COUNT_MAX, COUNT_MAX) };
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
      return field.width === 1 ? fc.boolean() : fc.integer(within(field.rule, 0, 2 ** field.width - 1));
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
  const listed = rule?.anyOf ?? (named?.strict === true ? named.values : null);
  if (listed !== null) return fc.constantFrom(...listed);
  if (size < 8) {
    const span = 256 ** size;
    return fc.integer(signed ? within(rule, -span / 2, span / 2 - 1) : within(rule, 0, span - 1));
  }
  if (!big && u64 !== "bigint") return fc.maxSafeNat();
  const min = signed ? -(1n << 63n) : 0n;
  return fc.bigInt({ min, max: min + (1n << 64n) - 1n });
}

function within(rule: Rule | null, min: number, max: number): { min: number; max: number } {
  return { min: rule?.min ?? min, max: rule?.max ?? max };
}

/** Any bytes of one length, spread from one number: all zero and all ones are its ends, and it shrinks at once. */
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
