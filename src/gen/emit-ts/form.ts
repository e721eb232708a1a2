import {
  fixedSize,
  isConstant,
  isImplied,
  minSize,
  type Block,
  type CodecForm,
  type Body,
  type EnumRef,
  type Field,
  type IntField,
  type Item,
  type ItemsBlock,
  type BitsBlock,
  type BytesBlock,
  type Type,
} from "../ir.js";
import { camel, pascal, upper } from "../names.js";
import type { SiteTable } from "./code.js";
import { choiceOf, isChosen, isWide, wideForm, type TagField } from "./integers.js";

/** Names from other modules that the emitted code uses. */
export interface Scope {
  /** The name of a part's interface, imported when it is another module's. */
  typeName(ref: { name: string; module: string }, big: boolean): string;
  enumName(ref: EnumRef): string;
  /** A helper of the runtime. */
  use(helper: string): string;
}

/** Which variant of which choice a type is. */
export interface VariantOf {
  readonly kind: string;
  readonly tag: TagField;
}

/** The variants of a choice, each with its tag. */
export function variantsOf({ tag, variants }: Extract<Body, { shape: "union" }>): VariantOf[] {
  const named = variants.flatMap(({ values }) => (values === "else" ? [] : values));
  return variants.map(({ kind, values }) => {
    const choice = values === "else" ? { values: named, isListed: false } : { values, isListed: true };
    return { kind, tag: { ...tag, choice, default: defaultTag({ ...tag, choice }) } };
  });
}

/** The only value of a tag, or the default of the spec where the variant has it. */
function defaultTag({ choice, default: common }: TagField): number | null {
  if (choice.isListed && choice.values.length === 1) return choice.values[0]!;
  return common !== null && isChosen(choice, common) ? common : null;
}

/** The blocks of a variant, whose tag can mean no other one. */
function withTag(blocks: readonly Block[], { tag }: VariantOf): readonly Block[] {
  const [first, ...others] = blocks;
  if (first?.block !== "fixed") throw new TypeError("a choice begins with its tag");
  const fields = first.fields.map((field) => (field.name === tag.name ? tag : field));
  return [{ ...first, fields }, ...others];
}

/** One type in one form of its 64-bit integers: all that an emitter of functions needs to know. */
export class Form {
  readonly type: Type;
  readonly blocks: readonly Block[];
  readonly big: boolean;
  readonly scope: Scope;
  readonly sites: SiteTable;
  /** Of the interface and in the functions' names. */
  readonly name: string;
  /** Of the constants. */
  readonly constant: string;
  readonly kind: string | null;

  constructor(type: Type, big: boolean, scope: Scope, sites: SiteTable, variant: VariantOf | null = null) {
    if (type.body.shape !== "plain") throw new TypeError("a union has no form of its own");
    this.type = type;
    this.blocks = variant === null ? type.body.blocks : withTag(type.body.blocks, variant);
    this.big = big;
    this.scope = scope;
    this.sites = sites;
    this.name = pascal(type.name) + (big ? "Big" : "");
    this.constant = upper(type.name);
    this.kind = variant?.kind ?? null;
  }

  /** Whether a form of the codec was asked for. */
  has(form: CodecForm): boolean {
    return this.type.forms.includes(form);
  }

  /** Exact size where there is one. */
  get size(): number | null {
    return fixedSize(this.type);
  }

  /** Bytes without which no value is possible, counts at 0. */
  get baseSize(): number {
    return this.blocks.reduce((size, block) => size + (block.block === "fixed" ? block.size : 0), 0);
  }

  get minSize(): number {
    return this.blocks.reduce((size, block) => size + minSize(block), 0);
  }

  /** The block that takes what others leave. */
  get rest(): ItemsBlock | BytesBlock | null {
    for (const block of this.blocks)
      if (block.block !== "fixed" && extentOf(block).from === "rest") return block as ItemsBlock | BytesBlock;
    return null;
  }

  /** `, coinCount: number` for each parameter. */
  get paramList(): string {
    return this.type.params.map((param) => `${camel(param.name)}: number, `).join("");
  }

  get paramNames(): string {
    return this.type.params.map((param) => `${camel(param.name)}, `).join("");
  }

  /** Rule 0 is the size, rule 1 what is left over; see `refuseRange`. */
  registerRange(): void {
    const size = this.size;
    this.sites.add("short", "", this.type, size === null ? `at least ${this.minSize} bytes` : `${this.baseSize} bytes`);
    this.sites.add("trailing", "", this.type, "");
  }
}

export function extentOf(block: ItemsBlock | BytesBlock | BitsBlock): ItemsBlock["count"] {
  return block.block === "bytes" ? block.length : block.count;
}

/** The fields of a value, in their order: what a block shows of itself. */
export function visible(fields: readonly Field[]): Field[] {
  return fields.filter((field) => !isImplied(field));
}

/** Integers that take part in checks: they have a rule, or are wide in number form. */
export function isChecked(field: IntField, big: boolean): boolean {
  if (isWide(field) && wideForm(field, big) === "number") return true;
  return (
    field.rule !== null || choiceOf(field) !== null || field.enum?.strict === true || field.derive?.from === "crc32"
  );
}

/** True when no item can be refused, so that no loop is needed to check them. */
export function isFree(fields: readonly Field[], big: boolean): boolean {
  return fields.every((field) => {
    switch (field.kind) {
      case "int":
        return !isChecked(field, big);
      case "bits":
        return field.rule === null;
      case "bytes":
        return true;
      case "struct":
        return isFree(field.fields, big);
      case "array":
        return isFree(field.item.fields, big);
      case "const":
      case "text":
        return false;
    }
  });
}

/** True when some value of the type is a 64-bit integer in number form, so that a bigint form stands beside it. */
export function hasNumberWide(fields: readonly Field[]): boolean {
  return fields.some((field) => {
    if (field.kind === "int") return isWide(field) && field.u64 === "number" && !isConstant(field.rule);
    if (field.kind === "struct") return hasNumberWide(field.fields);
    return field.kind === "array" && hasNumberWide(field.item.fields);
  });
}

export function blocksHaveNumberWide(blocks: readonly Block[]): boolean {
  return blocks.some((block) =>
    block.block === "fixed" ? hasNumberWide(block.fields) : block.block === "items" && hasNumberWide(block.item.fields),
  );
}

/** The TypeScript type of a field's value. */
export function valueType(field: Field, big: boolean, scope: Scope): string {
  switch (field.kind) {
    case "int":
      if (isWide(field)) return wideForm(field, big);
      if (choiceOf(field)?.isListed === true) return choiceOf(field)!.values.join(" | ");
      return field.enum?.strict === true ? scope.enumName(field.enum) : "number";
    case "bits":
      return field.width === 1 ? "boolean" : "number";
    case "bytes":
    case "const":
      return "Uint8Array";
    case "text":
      return "string";
    case "struct":
      return scope.typeName(field.type, big && hasNumberWide(field.fields));
    case "array":
      return `${itemType(field.item, big, scope)}[]`;
  }
}

export function itemType(item: Item, big: boolean, scope: Scope): string {
  if (item.type !== null) return scope.typeName(item.type, big && hasNumberWide(item.fields));
  return valueType(item.fields[0]!, big, scope);
}
