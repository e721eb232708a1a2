/** Choices: which type stands there, as a tag before it says. */
import { isConstant, rangeOf, type Block, type Field, type IntField } from "../ir.js";
import { Keys } from "../keys.js";
import { nameOf, type SpecFile } from "../load.js";
import { integerIn, type Source } from "../source.js";
import { enumValueOf } from "./scope.js";
import { refusal, refusedAs } from "../refused.js";

/** Where a choice names a type, and the values of the tag that choose it; `else` stands for all others. */
export interface Case {
  readonly source: Source;
  values: number[] | "else";
}

/** The types of a choice by their names. */
export function casesOf(spec: SpecFile, scope: string, cases: Source, tag: IntField): Map<string, Case> {
  const byType = new Map<string, Case>();
  const seen = new Set<number>();
  for (const [key, name] of cases.entries()) {
    const value = key === "_" ? "else" : valueOf(spec, scope, key, name);
    if (value !== "else") {
      const [low, high] = rangeOf(8 * tag.size, tag.signed);
      if (value < low || value > high)
        name.fail(refusedAs("impossible", `${value} does not fit into ${low} to ${high}`));
      if (seen.has(value)) name.fail(`the value ${value} has a case already`);
      seen.add(value);
    }
    const known = byType.get(name.text);
    if (known === undefined) byType.set(name.text, { source: name, values: value === "else" ? value : [value] });
    else if (known.values === "else" || value === "else") known.values = "else";
    else known.values.push(value);
  }
  if (byType.size === 0) cases.fail("a choice needs cases");
  return byType;
}

function valueOf(spec: SpecFile, scope: string, key: string, near: Source): number {
  const number = integerIn(key);
  if (number !== undefined) return number;
  if (!key.includes("::")) near.fail(`'${key}' is no integer, and no value of an enumeration`);
  return enumValueOf(spec, scope, key, near).value;
}

/** A choice whose fields stand beside the common ones: its attribute, and the integer that chooses. */
export interface Merged {
  readonly attribute: Keys;
  readonly tag: IntField;
}

/**
 * The last attribute of a type, if it is a choice on an integer at a known place between types of this file. Any other
 * choice is a piece, and its value a field of its own.
 * @param leading the fields whose places are known before anything is read
 */
export function mergedChoice(
  source: Source,
  leading: readonly Field[],
  spec: SpecFile,
  scope: string,
): Merged | undefined {
  const attribute = new Keys(source);
  if (["if", "repeat", "size", "size-eos"].some((key) => attribute.peek(key) !== undefined)) return undefined;
  const choice = attribute.peek("type")!;
  const on = choice.get("switch-on");
  const cases = choice.get("cases");
  const tag = on === undefined ? undefined : leading.find((field) => field.name === on.expression);
  if (tag?.kind !== "int" || tag.size === 8 || tag.derive !== null || cases?.isMap !== true) return undefined;
  const isPlain = ([, name]: [string, Source]): boolean => {
    const type = spec.declared.findType(name.text.split("::"), scope);
    const target = type === undefined ? undefined : spec.types.get(type);
    return target !== undefined && target.get("params") === undefined && target.get("-varint") === undefined;
  };
  return cases.entries().every(isPlain) ? { attribute, tag } : undefined;
}

/** What the values of a type call it in a choice: its `-kind`, or its own name. */
export function kindOf(text: string, target: Source): string {
  const named = target.get("-kind");
  return named === undefined ? text.split("::").at(-1)! : nameOf(named);
}

/** Refuses what a choice cannot hold yet: its tag has to be free, and 64-bit integers to have one form. */
export function checkChoice(blocks: readonly Block[], tag: IntField, near: Source): void {
  const first = blocks[0]?.block === "fixed" ? blocks[0].fields : [];
  if (first.some((field) => field.kind === "int" && field.name === tag.name && field.derive !== null))
    near.fail(refusal("derivedTag", `a choice on '${tag.name}', which follows from another field,`));
  const fields = blocks.flatMap((block) =>
    block.block === "fixed" ? block.fields : block.block === "items" ? block.item.fields : [],
  );
  if (hasSafeIntegers(fields)) near.fail(refusal("mergedWide"));
}

function hasSafeIntegers(fields: readonly Field[]): boolean {
  return fields.some((field) => {
    if (field.kind === "struct") return hasSafeIntegers(field.fields);
    if (field.kind === "array") return hasSafeIntegers(field.item.fields);
    return field.kind === "int" && field.u64 === "number" && !isConstant(field.rule);
  });
}
