/** Plans how a tag near the start of a value decides between layouts. */
import type { Block, IntField, Type } from "../ir.js";
import { refusal } from "./fields.js";
import type { Refusal } from "./plan.js";
import { isChosen, type TagField } from "./rules.js";

/** One of the layouts. */
export interface Way {
  readonly kind: string;
  /** Values of the tag; `else` stands for all that no other way names. */
  readonly values: readonly number[] | "else";
  readonly type: Type;
  /** Its tag can mean no other layout. */
  readonly blocks: readonly Block[];
}

/** How bytes are read by their tag, and values written by their kind. */
export interface ChoicePlan {
  /** Bytes that are asked for before the tag is read. */
  readonly need: number;
  readonly short: Refusal;
  readonly tag: IntField;
  readonly ways: readonly Way[];
  /** Refuses a tag, or a kind, of which there is no layout. */
  readonly unknown: Refusal;
}

/** @param isHeld the value stands inside another */
export function planChoice(type: Type, isHeld: boolean): ChoicePlan {
  if (type.body.shape !== "union") throw new TypeError("a plain type is no choice");
  const { tag, variants } = type.body;
  const need = tag.offset + tag.size;
  const start = { from: "start", plus: 0 } as const;
  const short = isHeld
    ? refusal("short", "", type, `at least ${need} bytes`, start)
    : refusal("short", tag.name, tag, `at least ${need} bytes`, start);
  const kinds = variants.map(({ kind }) => kind).join(", ");
  const unknown = refusal("kind", tag.name, tag, `one of ${kinds}`, { from: "start", plus: tag.offset });
  const named = variants.flatMap(({ values }) => (values === "else" ? [] : values));
  const ways = variants.map(({ kind, values, type: one }): Way => {
    const choice = values === "else" ? { values: named, isListed: false } : { values, isListed: true };
    const own: TagField = { ...tag, choice, default: defaultTag({ ...tag, choice }) };
    return { kind, values, type: one, blocks: withTag(one, own) };
  });
  return { need, short, tag, ways, unknown };
}

/** The way of a value of the tag. */
export function wayOf({ ways }: ChoicePlan, tag: number): Way | undefined {
  return caseOf(ways, tag);
}

/** The one of some cases that a value chooses: that which lists it, or that of all other values. */
export function caseOf<Case extends { readonly values: readonly unknown[] | "else" }>(
  cases: readonly Case[],
  value: unknown,
): Case | undefined {
  return (
    cases.find(({ values }) => values !== "else" && values.includes(value)) ??
    cases.find(({ values }) => values === "else")
  );
}

/** The only value of a tag, or the default of the spec where the variant has it. */
function defaultTag({ choice, default: common }: TagField): number | null {
  if (choice.isListed && choice.values.length === 1) return choice.values[0]!;
  return common !== null && isChosen(choice, common) ? common : null;
}

function withTag({ body }: Type, tag: TagField): readonly Block[] {
  const [first, ...others] = body.shape === "plain" ? body.blocks : [];
  if (first?.block !== "fixed") throw new TypeError("a choice begins with its tag");
  const fields = first.fields.map((field) => (field.name === tag.name ? tag : field));
  return [{ ...first, fields }, ...others];
}
