import { isConstant, rangeOf, type Block, type Field, type IntField } from "../ir.js";
import type { SpecFile } from "../load.js";
import { integerIn, type Source } from "../source.js";
import { findEnum, lowerEnum } from "./scope.js";

/** Where a choice names a type, and the values of the tag that choose it; `else` stands for all others. */
export interface Case {
  readonly source: Source;
  values: number[] | "else";
}

/** The types of a choice by their names. */
export function casesOf(spec: SpecFile, cases: Source, tag: IntField): Map<string, Case> {
  const byType = new Map<string, Case>();
  const seen = new Set<number>();
  for (const [key, name] of cases.entries()) {
    const value = key === "_" ? "else" : valueOf(spec, key, name);
    if (value !== "else") {
      const [low, high] = rangeOf(8 * tag.size, tag.signed);
      if (value < low || value > high) name.fail(`${value} does not fit into ${low} to ${high}`);
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

function valueOf(spec: SpecFile, key: string, near: Source): number {
  const number = integerIn(key);
  if (number !== undefined) return number;
  const parts = key.split("::");
  const value = parts.pop()!;
  if (parts.length === 0) near.fail(`'${key}' is no integer, and no value of an enumeration`);
  const { source } = findEnum(spec, parts.join("::"), near);
  const match = lowerEnum(parts.at(-1) ?? "", source).values.find((v) => v.name === value);
  return match?.value ?? near.fail(`'${key}' is no value of its enumeration`);
}

/** Refuses what a choice cannot hold yet: its tag has to be free, and 64-bit integers to have one form. */
export function checkChoice(blocks: readonly Block[], tag: IntField, near: Source): void {
  const first = blocks[0]?.block === "fixed" ? blocks[0].fields : [];
  if (first.some((field) => field.kind === "int" && field.name === tag.name && field.derive !== null))
    near.fail(`'${tag.name}' follows from another field, so it cannot choose a type`);
  const fields = blocks.flatMap((block) =>
    block.block === "fixed" ? block.fields : block.block === "items" ? block.item.fields : [],
  );
  if (hasSafeIntegers(fields))
    near.fail("an integer of 8 bytes in a choice is not supported as a number; make it '-u64: bigint'");
}

function hasSafeIntegers(fields: readonly Field[]): boolean {
  return fields.some((field) => {
    if (field.kind === "struct") return hasSafeIntegers(field.fields);
    if (field.kind === "array") return hasSafeIntegers(field.item.fields);
    return field.kind === "int" && field.u64 === "number" && !isConstant(field.rule);
  });
}
