/** What the spec asks of single numbers. */
import { isConstant, isDerivedFrom, type BitField, type IntField, type Rule } from "../ir.js";
import type { Breach } from "./plan.js";

/** In a variant of a choice: the values of the tag that mean this variant, or those that mean the others. */
export interface Choice {
  readonly values: readonly number[];
  readonly isListed: boolean;
}

/** The tag of a choice, in the layout of one variant. */
export interface TagField extends IntField {
  readonly choice: Choice;
}

/** What a choice asks of a field; null where every value is right. */
export function choiceOf(field: IntField): Choice | null {
  const choice = "choice" in field ? (field as TagField).choice : null;
  return choice === null || choice.values.length === 0 ? null : choice;
}

/** True when a tag has this value in its variant. */
export function isChosen({ values, isListed }: Choice, value: number): boolean {
  return values.includes(value) === isListed;
}

/** One thing that is asked of a number: the code of its refusal, what breaks it, and what is expected. */
export interface NumberRule {
  readonly code: "range" | "enum" | "constant" | "kind";
  readonly breach: Breach;
  readonly expected: string;
}

/** The least and the greatest value that the bytes of an integer can hold, as far as a rule does not narrow it. */
export function bounds(field: { size: number; signed: boolean; rule: Rule | null }): { min: bigint; max: bigint } {
  const bits = BigInt(8 * field.size);
  const low = field.signed ? -(1n << (bits - 1n)) : 0n;
  const high = field.signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  const min = field.rule?.min ?? null;
  const max = field.rule?.max ?? null;
  return { min: min === null ? low : BigInt(min), max: max === null ? high : BigInt(max) };
}

/** Bits as an integer of as many bits, for their rules. */
export function asInteger(field: BitField): IntField {
  return { ...field, kind: "int", signed: false, secret: false, u64: null };
}

/** The rules of an integer, in the order in which they are tested; none that its bytes cannot break. */
export function rulesOf(field: IntField): NumberRule[] {
  const { rule } = field;
  if (rule !== null && isConstant(rule))
    return [{ code: "constant", breach: { is: "unlisted", values: [rule.min!] }, expected: String(rule.min) }];
  const rules: NumberRule[] = [];
  if (rule !== null) {
    const free = bounds({ ...field, rule: null });
    const least = rule.min !== null && BigInt(rule.min) > free.min ? rule.min : null;
    const most = rule.max !== null && BigInt(rule.max) < free.max ? rule.max : null;
    const { min, max } = bounds(field);
    if (least !== null || most !== null)
      rules.push({ code: "range", breach: { is: "outside", min: least, max: most }, expected: `${min} to ${max}` });
  }
  const anyOf = rule?.anyOf ?? null;
  const listed = anyOf ?? (field.enum?.strict === true ? field.enum.values : null);
  if (listed !== null)
    rules.push({
      code: anyOf === null ? "enum" : "range",
      breach: { is: "unlisted", values: listed },
      expected: `one of ${listed.join(", ")}`,
    });
  const choice = choiceOf(field);
  if (choice !== null)
    rules.push({
      code: "kind",
      breach: { is: choice.isListed ? "unlisted" : "listed", values: choice.values },
      expected: `${choice.isListed ? "one of" : "none of"} ${choice.values.join(", ")}`,
    });
  return rules;
}

/** True when something is asked of an integer, whatever holds it. */
export function isRuled(field: IntField): boolean {
  return (
    field.rule !== null ||
    choiceOf(field) !== null ||
    field.enum?.strict === true ||
    isDerivedFrom(field, "crc32") ||
    isDerivedFrom(field, "checksum")
  );
}

/** A least and a greatest number, for a message. */
export function limitsText(min: number, max: number | null, unit: "items" | "bytes"): string {
  return max === null ? `at least ${min} ${unit}` : `${min} to ${max} ${unit}`;
}
