/** Refuses what is wrong in a layout though each part of it is right. */
import {
  fixedSize,
  isImplied,
  rangeOf,
  isStreamed,
  type BitField,
  type Block,
  type Field,
  type IntField,
  type Item,
  type Module,
  type PieceBlock,
  type Type,
  type TypeRef,
} from "./ir.js";
import { leastContent } from "./sizes.js";
import { camel } from "./names.js";
import { contentReach, reachOf } from "./reach.js";
import { keyOf } from "./references.js";
import { Mistakes, specError } from "./source.js";
import { refusal, refusedAs } from "./refused.js";

/** Mistakes that a layout can have though each part of it is right. @throws WireError `spec` with all of them */
export function lintModule(module: Module): void {
  const mistakes = new Mistakes();
  for (const type of module.types) mistakes.attempt(() => lintType(module, type, mistakes));
  mistakes.tell();
}

function lintType(module: Module, type: Type, mistakes: Mistakes): void {
  if (type.body.shape === "union") {
    for (const { type: variant, kind } of type.body.variants) {
      const own = topFields(blocksOf(variant)).find(({ name }) => camel(name) === "kind");
      if (own !== undefined)
        throw specError(
          `${module.file}:${own.line}`,
          refusedAs("kindField", `'kind' names the variant '${kind}' already`),
        );
      lintType(module, variant, mistakes);
    }
    return;
  }
  const check = (line: number, action: (place: string) => void): void => {
    mistakes.attempt(() => action(`${module.file}:${line}`));
  };
  const taken = type.params.map((param) => param.name);
  if (new Set(taken.map(camel)).size < taken.length)
    throw specError(`${module.file}:${type.line}`, "two parameters share a name");
  for (const name of taken) check(type.line, (place) => lintName(name, place));
  lintNames(topFields(type.body.blocks), taken, check);
  for (const block of type.body.blocks) {
    if (block.block === "fixed") for (const field of block.fields) lintField(field, check);
    if (block.block === "items") {
      if (block.item.size === 0) check(block.line, (place) => refuse(place, "an item has no bytes"));
      lintItem(block.item, check);
    }
    if (block.block === "piece") check(block.line, (place) => lintPiece(block, place, module, check));
  }
  lintEnds(type.body.blocks, module, check);
  if (type.columns) lintColumns(module, type);
  const isReadInPlace = type.forms.includes("reader");
  if (isReadInPlace && isStreamed(type))
    check(type.line, (place) =>
      refuse(place, "a 'reader' needs places that are known before anything is read; leave it out of '-forms'"),
    );
}

function lintPiece(block: PieceBlock, place: string, module: Module, check: Check): void {
  const { content, repeat, max, size } = block;
  const find = finderIn(module);
  if (content.content === "field") lintField(content.field, check);
  if (content.content === "choice") {
    // One type with other arguments is of the same kind; what the choice is on tells the cases apart.
    const types = new Map(
      content.cases.flatMap(({ content: each }) =>
        each.content === "type" ? [[keyOf(each.type), find(each.type).kind] as const] : [],
      ),
    );
    const kinds = [...types.values()].filter((kind) => kind !== null);
    const twice = kinds.find((kind, i) => kinds.indexOf(kind) < i);
    if (twice !== undefined)
      refuse(place, `two types of this choice are of the kind '${twice}'; give one of them a '-kind' of its own`);
  }
  const canBeEmpty =
    size === null ? leastContent(content, (ref) => find(ref).minSize) === 0 : size === "rest" || size.op !== "int";
  if (repeat?.by === "count" && repeat.count.op !== "int" && canBeEmpty && max === null)
    refuse(place, refusal("emptyItems", `'${block.name}', whose items can be without bytes,`));
}

/** Refuses what would be written behind something that takes all that is left when it is read. */
function lintEnds(blocks: readonly Block[], module: Module, check: Check): void {
  const find = finderIn(module);
  blocks.forEach((block, i) => {
    if (block.block !== "piece") return;
    const { name, repeat, size, content, line } = block;
    if (repeat !== null && (size === "rest" || (size === null && contentReach(content, find) === "always")))
      return check(line, (place) =>
        refuse(place, refusal("behindEnd", `an item of '${name}' behind one that takes all bytes that are left`)),
      );
    const next = blocks[i + 1];
    if (next === undefined || reachOf(block, find) !== "always") return;
    const behind = next.block === "fixed" ? next.fields[0]!.name : next.name;
    check(line, (place) =>
      refuse(place, refusal("behindEnd", `'${behind}' behind '${name}', which takes all bytes that are left,`)),
    );
  });
}

function finderIn(module: Module): (ref: TypeRef) => Type {
  return (ref) =>
    ref.module === module.id
      ? module.types.find(({ name }) => name === ref.name)!
      : module.uses.find((use) => use.module === ref.module && use.type.name === ref.name)!.type;
}

type Check = (line: number, action: (place: string) => void) => void;

function refuse(place: string, message: string): never {
  throw specError(place, message);
}

function lintItem(item: Item, check: Check): void {
  lintNames(item.fields, [], check);
  for (const field of item.fields) lintField(field, check);
}

function lintField(field: Field, check: Check): void {
  if (field.kind === "struct") {
    lintNames(field.fields, [], check);
    for (const inner of field.fields) lintField(inner, check);
  }
  if (field.kind === "array") lintItem(field.item, check);
  if (field.kind === "int" || field.kind === "bits") check(field.line, (place) => lintNumber(field, place));
}

function lintNumber(field: IntField | BitField, place: string): void {
  const { rule } = field;
  const [least, most] = [rule?.min ?? null, rule?.max ?? null];
  if (least !== null && most !== null && least > most)
    refuse(place, refusedAs("impossible", `no number is at least ${least} and at most ${most}`));
  const signed = field.kind === "int" && field.signed;
  const [low, high] = rangeOf(field.kind === "int" ? 8 * field.size : field.width, signed);
  const isOutside = (value: number | null): value is number => value !== null && (value < low || value > high);
  for (const value of [least, most, ...(rule?.anyOf ?? [])])
    if (isOutside(value)) refuse(place, refusedAs("impossible", `${value} does not fit into ${low} to ${high}`));
  if (isOutside(field.default)) refuse(place, `${field.default} does not fit into ${low} to ${high}`);
  const [from, to] = [least ?? low, most ?? high];
  const strict = field.enum?.strict === true ? field.enum.values : null;
  const listed = rule?.anyOf ?? strict;
  const isAllowed = (value: number): boolean =>
    value >= from && value <= to && (listed === null || listed.includes(value));
  if (listed !== null && !listed.some(isAllowed)) refuse(place, refusedAs("impossible", "no value is allowed"));
  if (field.default !== null && !isAllowed(field.default))
    refuse(place, `the default ${field.default} is not allowed by the field's own rule`);
}

function lintNames(
  fields: readonly { readonly name: string; readonly line: number }[],
  taken: readonly string[],
  check: Check,
): void {
  const seen = new Map(taken.map((name) => [camel(name), name]));
  for (const { name, line } of fields) {
    if (name === "") continue;
    check(line, (place) => {
      lintName(name, place);
      const other = seen.get(camel(name));
      const isTaken = `the name '${name}' is taken`;
      if (other !== undefined) refuse(place, other === name ? isTaken : refusedAs("oneName", isTaken));
      seen.set(camel(name), name);
    });
  }
}

function lintName(name: string, place: string): void {
  if (camel(name) in {}) refuse(place, refusal("inherited", `the name '${name}'`));
}

function lintColumns(module: Module, type: Type): void {
  const where = `${module.file}:${type.line}`;
  if (fixedSize(type) === null) throw specError(where, refusal("columns", `'-columns' of '${type.name}'`));
  for (const block of blocksOf(type)) {
    if (block.block !== "fixed") continue;
    if (block.fields.every(isImplied)) throw specError(where, "columns need a field that is no constant");
    for (const field of block.fields) {
      if (field.kind !== "int" && field.kind !== "bytes" && field.kind !== "const")
        throw specError(`${module.file}:${field.line}`, refusal("columns", `a column of '${field.name}'`));
      if (field.kind === "int" && field.derive !== null)
        throw specError(`${module.file}:${field.line}`, "a derived field cannot stand in columns");
    }
  }
}

function blocksOf(type: Type): readonly Block[] {
  return type.body.shape === "plain" ? type.body.blocks : [];
}

function topFields(blocks: readonly Block[]): { name: string; line: number }[] {
  return blocks.flatMap((block) =>
    block.block === "fixed"
      ? block.fields.map(({ name, line }) => ({ name, line }))
      : [{ name: block.name, line: block.line }],
  );
}
