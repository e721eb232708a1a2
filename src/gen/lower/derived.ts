/** Decides which fields follow from what they measure, so that they are no part of a value. */
import {
  isConstant,
  rangeOf,
  type Block,
  type Content,
  type Derive,
  type Expr,
  type Extent,
  type Field,
  type FixedBlock,
  type PieceBlock,
} from "../ir.js";
import { specError, type Source } from "../source.js";
import { sizeOfChecksum } from "./derive.js";
import { fieldsIn, linearOf } from "./resolve.js";

/** How blocks use one field. */
interface Uses {
  /** Sizes and counts that a value of the field can be told from. */
  readonly extents: { readonly of: string; readonly minus: number; readonly times: number }[];
  /** Something else depends on it, so that a value has to say it. */
  isAsked: boolean;
}

/** Links lengths and checksums with what they are of. @param asked names of fields that expressions ask of values */
export function linkDerived(type: Source, blocks: readonly Block[], asked: ReadonlySet<string>): Block[] {
  const uses = usesOf(blocks);
  const fields = fieldsByName(blocks);
  const derived = new Map<string, Derive>();
  for (const [name, { extents, isAsked }] of uses) {
    const [first] = extents;
    const thing = fields.get(name);
    if (first === undefined || isAsked || asked.has(name) || thing === undefined || !canFollow(thing)) continue;
    if (!("block" in thing) && (thing.kind === "int" || thing.kind === "bits") && thing.default !== null)
      failAt(thing, "'-default' has no meaning on a field that is derived");
    derived.set(name, { from: "extent", of: first.of, minus: first.minus, times: first.times });
  }
  const linked = blocks.map((block): Block => {
    if (block.block === "piece") return linkPiece(block, derived);
    if (block.block !== "fixed") return measured(type, block, derived);
    return { ...block, fields: block.fields.map((field) => linkField(field, blocks, derived)) } satisfies FixedBlock;
  });
  const pieces = new Set(linked.flatMap((block) => (block.block === "piece" ? [block.name] : [])));
  return linked.map((block) =>
    block.block === "fixed" ? { ...block, fields: block.fields.map((field) => overPieces(field, pieces)) } : block,
  );
}

/** A CRC-32 of what is a piece is taken from the bytes, as other checksums are. */
function overPieces(field: Field, pieces: ReadonlySet<string>): Field {
  if (field.kind !== "int" || field.derive?.from !== "crc32" || !pieces.has(field.derive.of)) return field;
  const { of } = field.derive;
  return { ...field, derive: { from: "checksum", sum: { name: "crc32" }, first: of, last: of } };
}

function usesOf(blocks: readonly Block[]): Map<string, Uses> {
  const all = new Map<string, Uses>();
  const of = (name: string): Uses => {
    const known = all.get(name) ?? { extents: [], isAsked: false };
    all.set(name, known);
    return known;
  };
  const ask = (e: Expr | null): void => {
    if (e !== null) for (const name of fieldsIn(e)) of(name).isAsked = true;
  };
  /** @param isFree nothing else decides whether or how often the extent is there */
  const measure = (e: Expr, name: string, isFree: boolean): void => {
    const linear = isFree ? linearOf(e) : undefined;
    if (linear === undefined) ask(e);
    else of(linear.name).extents.push({ of: name, minus: linear.plus, times: linear.times });
  };
  const content = (c: Content): void => {
    if (c.content === "type") for (const arg of c.args) ask(arg);
    if (c.content !== "choice") return;
    ask(c.on);
    for (const each of c.cases) content(each.content);
  };
  for (const block of blocks) {
    if (block.block === "fixed") continue;
    if (block.block !== "piece") {
      const extent = block.block === "bytes" ? block.length : block.count;
      if (extent.from === "field") of(extent.field).extents.push({ of: block.name, minus: extent.plus, times: 1 });
      continue;
    }
    const { condition, repeat, size } = block;
    ask(condition);
    if (repeat?.by === "count") measure(repeat.count, block.name, condition === null);
    if (repeat?.by === "until") ask(repeat.until);
    if (size !== null && size !== "rest")
      measure(size, block.name, condition === null && repeat === null && !block.open);
    content(block.content);
  }
  return all;
}

/** Fields and pieces that can give a length, by name. */
function fieldsByName(blocks: readonly Block[]): Map<string, Field | PieceBlock> {
  const all = new Map<string, Field | PieceBlock>();
  for (const block of blocks) {
    if (block.block === "fixed") for (const field of block.fields) all.set(field.name, field);
    if (block.block === "piece") all.set(block.name, block);
  }
  return all;
}

/** True when nothing but what it measures says what a length is. */
function canFollow(thing: Field | PieceBlock): boolean {
  if ("block" in thing) {
    const { content, condition, repeat } = thing;
    return content.content === "varint" && condition === null && repeat === null;
  }
  if (thing.kind !== "int" && thing.kind !== "bits") return false;
  if (thing.kind === "int" && thing.derive !== null && thing.derive.from !== "extent") return false;
  const isNamed = thing.enum?.strict === true;
  return !isNamed && !isConstant(thing.rule) && !thing.rule?.anyOf;
}

/** A block of a fixed layout whose length a value has to say after all is read and written as a piece. */
function measured(
  type: Source,
  block: Exclude<Block, { block: "fixed" } | { block: "piece" }>,
  derived: ReadonlyMap<string, Derive>,
): Block {
  const extent = block.block === "bytes" ? block.length : block.count;
  if (extent.from !== "field") return block;
  const derive = derived.get(extent.field);
  if (derive?.from === "extent" && derive.of === block.name) return block;
  if (block.block === "bits")
    return type.fail(
      `'${extent.field}' is the number of bits of '${block.name}' and something else; the bits alone must follow from it`,
    );
  return asPiece(block, extent);
}

function asPiece(
  block: Extract<Block, { block: "items" | "bytes" }>,
  extent: Extract<Extent, { from: "field" }>,
): PieceBlock {
  const { name, file, line, doc, min, max } = block;
  const base = { block: "piece", name, file, line, doc, min, max, condition: null, open: false } as const;
  const [, high] = rangeOf(32, false);
  const field: Expr = { op: "field", path: [extent.field], is: { type: "int", min: 0, max: high } };
  const plus: Expr = { op: "int", value: extent.plus };
  const sum: Expr =
    extent.plus === 0
      ? field
      : { op: "+", left: field, right: plus, is: { type: "int", min: extent.plus, max: high + extent.plus } };
  if (block.block === "bytes") {
    const content: Content = { content: "bytes", text: block.text, secret: block.secret };
    return { ...base, repeat: null, size: sum, content };
  }
  const { item } = block;
  const place = { name: "", offset: 0, size: item.size, file, line, doc: "" };
  const own: Field =
    item.type === null ? item.fields[0]! : { kind: "struct", ...place, type: item.type, fields: item.fields };
  return { ...base, repeat: { by: "count", count: sum }, size: null, content: { content: "field", field: own } };
}

function linkPiece(block: PieceBlock, derived: ReadonlyMap<string, Derive>): PieceBlock {
  const derive = derived.get(block.name);
  if (derive === undefined || block.content.content !== "varint") return block;
  return { ...block, content: { ...block.content, derive } };
}

function linkField(field: Field, blocks: readonly Block[], derived: ReadonlyMap<string, Derive>): Field {
  if (field.kind === "bits") {
    const derive = derived.get(field.name);
    return derive === undefined ? field : { ...field, derive };
  }
  if (field.kind !== "int") return field;
  const extent = derived.get(field.name);
  const { derive } = field;
  if (derive?.from === "crc32" || derive?.from === "checksum") checkChecksum(field, derive, blocks);
  if (
    derive?.from === "extent" &&
    !(extent?.from === "extent" && extent.of === derive.of && extent.minus === derive.minus)
  )
    failAt(
      field,
      `'${derive.of}' does not take its size from this field in this way; '-derive: sizeof(…)' ` +
        "says again what a 'size' or 'repeat-expr' says",
    );
  if (derive !== null && derive.from !== "extent" && field.default !== null)
    failAt(field, "'-default' has no meaning on a field that is derived");
  return extent === undefined ? field : { ...field, derive: extent };
}

function checkChecksum(
  field: Field & { kind: "int" },
  derive: Extract<Derive, { from: "crc32" | "checksum" }>,
  blocks: readonly Block[],
): void {
  const names = blocks.flatMap((block) =>
    block.block === "fixed" ? block.fields.map(({ name }) => name) : [block.name],
  );
  const size = derive.from === "crc32" ? 4 : sizeOfChecksum(derive.sum);
  const label = derive.from === "crc32" ? "CRC-32" : derive.sum.name;
  if (field.size !== size || field.signed) failAt(field, `a ${label} has ${size} bytes, without a sign`);
  if (field.rule !== null) failAt(field, "a checksum takes no rule: nobody can keep it");
  if (derive.from === "crc32") {
    const isBytes = blocks.some((block) =>
      block.block === "fixed"
        ? block.fields.some(({ kind, name }) => kind === "bytes" && name === derive.of)
        : block.name === derive.of && (block.block === "bytes" || block.block === "piece"),
    );
    if (!isBytes) failAt(field, `'${derive.of}' is no bytes attribute of this type`);
    return;
  }
  const own = names.indexOf(field.name);
  const index = (name: string | null, otherwise: number): number =>
    name === null
      ? otherwise
      : names.indexOf(name) >= 0
        ? names.indexOf(name)
        : failAt(field, `there is no field '${name}'`);
  const [first, last] = [index(derive.first, 0), index(derive.last, own - 1)];
  if (last < first) failAt(field, "the checksum is of no bytes");
  if (first <= own && own <= last && derive.sum.name !== "internet") failAt(field, `a ${label} cannot be over itself`);
}

function failAt(field: Field, message: string): never {
  throw specError(`${field.file}:${field.line}`, message);
}
