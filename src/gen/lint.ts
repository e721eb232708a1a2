import { fixedSize, type Block, type Field, type Module, type Type } from "./ir.js";
import { camel, pascal, RESERVED } from "./names.js";
import { specError } from "./source.js";

/** Mistakes that a layout can have though each part of it is right. @throws WireError `spec` */
export function lintModule(module: Module): void {
  const names = new Map<string, number>();
  for (const { name, line } of [...module.enums, ...module.types]) {
    const known = names.get(pascal(name));
    if (known !== undefined)
      throw specError(`${module.file}:${line}`, `'${name}' and line ${known} make the same name ${pascal(name)}`);
    names.set(pascal(name), line);
  }
  for (const type of module.types) lintType(module, type);
}

function lintType(module: Module, type: Type): void {
  if (type.body.shape === "union") {
    for (const { type: variant, kind } of type.body.variants) {
      const names = topNames(blocksOf(variant));
      if (names.includes("kind"))
        throw specError(`${module.file}:${variant.line}`, `'kind' names the variant '${kind}' already`);
      lintType(module, variant);
    }
    return;
  }
  const place = (line: number): string => `${module.file}:${line}`;
  checkNames(
    topFields(type.body.blocks),
    type.params.map((param) => param.name),
    place,
  );
  for (const block of type.body.blocks) {
    if (block.block === "fixed") for (const field of block.fields) lintNested(field, place);
    if (block.block === "items") {
      checkNames(block.item.fields, [], place);
      for (const field of block.item.fields) lintNested(field, place);
      if (block.item.size === 0) throw specError(place(block.line), "an item has no bytes");
      if (block.max !== null && block.max < block.min)
        throw specError(place(block.line), `at least ${block.min} and at most ${block.max} items`);
    }
  }
  if (type.columns) lintColumns(module, type);
}

function lintNested(field: Field, place: (line: number) => string): void {
  if (field.kind === "struct") checkNames(field.fields, [], place);
  if (field.kind === "struct") for (const inner of field.fields) lintNested(inner, place);
  if (field.kind === "array") checkNames(field.item.fields, [], place);
  if (
    field.kind === "int" &&
    field.rule !== null &&
    field.rule.min !== null &&
    field.rule.max !== null &&
    field.rule.min > field.rule.max
  ) {
    throw specError(place(field.line), `no number is at least ${field.rule.min} and at most ${field.rule.max}`);
  }
  if (field.kind !== "int" && field.kind !== "bits") return;
  const width = field.kind === "int" ? 8 * field.size : field.width;
  const signed = field.kind === "int" && field.signed;
  const low = signed ? -(2 ** (width - 1)) : 0;
  const high = signed ? 2 ** (width - 1) - 1 : 2 ** width - 1;
  for (const value of [field.rule?.min, field.rule?.max, field.default, ...(field.rule?.anyOf ?? [])]) {
    if (value !== null && value !== undefined && (value < low || value > high))
      throw specError(place(field.line), `${value} does not fit into ${low} to ${high}`);
  }
}

function checkNames(
  fields: readonly { readonly name: string; readonly line: number }[],
  taken: readonly string[],
  place: (line: number) => string,
): void {
  const seen = new Set(taken.map(camel));
  for (const { name, line } of fields) {
    if (name === "") continue;
    if (RESERVED.has(name))
      throw specError(place(line), `'${name}' is a reserved word in a language that specs are compiled to`);
    if (seen.has(camel(name))) throw specError(place(line), `the name '${name}' is taken`);
    seen.add(camel(name));
  }
}

function lintColumns(module: Module, type: Type): void {
  const where = `${module.file}:${type.line}`;
  if (fixedSize(type) === null) throw specError(where, "'-columns' needs a type of one size");
  for (const block of blocksOf(type)) {
    if (block.block !== "fixed") continue;
    for (const field of block.fields) {
      if (field.kind !== "int" && field.kind !== "bytes" && field.kind !== "const")
        throw specError(`${module.file}:${field.line}`, "columns hold integers and bytes only");
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

function topNames(blocks: readonly Block[]): string[] {
  return topFields(blocks).map((field) => field.name);
}
