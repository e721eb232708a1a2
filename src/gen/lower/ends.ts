import type { Affine } from "../expression.js";
import { minSize, type Block, type Extent, type Field, type FixedBlock } from "../ir.js";
import { specError, type Source } from "../source.js";

/** An attribute that reaches to the end: the block it became, and its arithmetic where the spec writes it out. */
export interface Rest {
  readonly source: Source;
  readonly at: number;
  readonly affine: Affine | null;
  /** Bytes of one item. */
  readonly divide: number;
}

/** The attribute of size 0 that says how the stream divides into whole items. */
export interface Guard {
  readonly source: Source;
  readonly subtract: number;
  readonly divide: number;
}

/** What reaches to the end must be alone, with fixed layout behind it, and agree with its arithmetic. */
export function closeRests(blocks: Block[], rests: readonly Rest[], guard: Guard | null): void {
  const [rest, second] = rests;
  if (second !== undefined) second.source.fail("only one attribute of a type can reach to the end");
  if (rest === undefined) {
    guard?.source.fail("no attribute of this type reaches to the end");
    return;
  }
  const after = blocks.slice(rest.at + 1);
  if (after.some((block) => block.block !== "fixed"))
    rest.source.fail("only attributes of fixed size may follow one that reaches to the end");
  const tail = after.reduce((size, block) => size + minSize(block), 0);
  const block = blocks[rest.at]!;
  const extent: Extent = { from: "rest", after: tail };
  blocks[rest.at] =
    block.block === "items"
      ? { ...block, count: extent }
      : { ...(block as Block & { block: "bytes" }), length: extent };
  if (rest.affine === null) {
    if (tail > 0) rest.source.fail(`${tail} bytes follow, so this does not reach to the end: use _io.size`);
    return;
  }
  const before = blocks.slice(0, rest.at);
  if (before.some((b) => b.block !== "fixed"))
    rest.source.fail("with attributes of variable size before it, use 'size-eos' or 'repeat: eos'");
  const around = before.reduce((size, b) => size + minSize(b), tail);
  if (rest.affine.subtract !== around)
    rest.source.fail(`${around} bytes stand around this, not ${rest.affine.subtract}`);
  if (rest.affine.divide !== rest.divide)
    rest.source.fail(`an item has ${rest.divide} bytes, not ${rest.affine.divide}`);
  if (rest.divide === 1) return;
  if (guard === null) {
    return rest.source.fail(
      `put an attribute of size 0 with 'valid: {expr: (_io.size - ${around}) % ${rest.divide} == 0}' first, so that every reader refuses half an item`,
    );
  }
  if (guard.subtract !== around || guard.divide !== rest.divide)
    guard.source.fail(`this must say '(_io.size - ${around}) % ${rest.divide} == 0'`);
}

/** A field that gives a size or count is derived from it, whether or not the spec says so. */
export function linkDerived(type: Source, blocks: readonly Block[]): Block[] {
  const extents = new Map<string, { of: string; minus: number }>();
  const names = new Set<string>();
  for (const block of blocks) {
    if (block.block === "fixed") {
      for (const field of block.fields) if (field.kind === "bytes") names.add(field.name);
      continue;
    }
    if (block.block === "bytes") names.add(block.name);
    const extent = block.block === "items" || block.block === "bits" ? block.count : block.length;
    if (extent.from !== "field") continue;
    if (extents.has(extent.field)) type.fail(`'${extent.field}' gives the size of two attributes`);
    extents.set(extent.field, { of: block.name, minus: extent.plus });
  }
  return blocks.map((block): Block => {
    if (block.block !== "fixed") return block;
    const fields = block.fields.map((field): Field => {
      if (field.kind !== "int") return field;
      const extent = extents.get(field.name);
      const derive = field.derive;
      if (derive?.from === "crc32") {
        if (!names.has(derive.of)) failAt(field, `'${derive.of}' is no bytes attribute of this type`);
        if (field.size !== 4 || field.signed) failAt(field, "a CRC-32 has 4 bytes, without a sign");
        if (field.rule !== null) failAt(field, "a checksum takes no rule: nobody can keep it");
        if (extent !== undefined) failAt(field, `this is a checksum, and '${extent.of}' takes its size from it`);
      }
      if (derive?.from === "extent" && (extent?.of !== derive.of || extent.minus !== derive.minus)) {
        failAt(field, `'${derive.of}' does not take its size from this field in this way`);
      }
      if (derive === null && extent === undefined) return field;
      if (field.default !== null) failAt(field, "'-default' has no meaning on a field that is derived");
      if (field.rule?.anyOf || field.enum?.strict === true)
        failAt(field, "'any-of' and 'in-enum' are not supported on a field that is derived; use 'min' and 'max'");
      return extent === undefined ? field : { ...field, derive: { from: "extent", ...extent } };
    });
    return { ...block, fields } satisfies FixedBlock;
  });
}

function failAt(field: Field, message: string): never {
  throw specError(`${field.file}:${field.line}`, message);
}
