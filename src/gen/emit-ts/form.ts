/** A type in one form of its 64-bit integers: what the emitters of functions need to know of it. */
import {
  fixedSize,
  isImplied,
  isStreamed,
  type Block,
  type CodecForm,
  type EnumRef,
  type Field,
  type IntField,
  type Item,
  type ItemsBlock,
  type BytesBlock,
  type Content,
  type PieceBlock,
  type Type,
  type TypeRef,
} from "../ir.js";
import { extentOf } from "../plan/extents.js";
import { pascal, upper } from "../names.js";
import type { FormatTables, SiteTable } from "./code.js";
import { paramLocal } from "./paths.js";
import { runSize } from "../plan/read.js";
import type { Way } from "../plan/choice.js";
import { choiceOf, isRuled } from "../plan/rules.js";
import { toldIn } from "../plan/told.js";
import type { Told } from "../plan/write-plan.js";
import { isWide, wideForm } from "./integers.js";
import type { Layouts } from "./layouts.js";
import { hasNumberWide, VARINT_SAFE_BYTES } from "./wide.js";

/** Names from other modules that the emitted code uses. */
export interface Scope {
  /** The name of a part's interface, imported when it is another module's. @param isCase its values say their `kind` */
  typeName(ref: { name: string; module: string }, big: boolean, isCase?: boolean): string;
  enumName(ref: EnumRef): string;
  /** The id of the module that is emitted. */
  readonly module: string;
  /** A helper of the runtime. */
  use(helper: string): string;
  /** The layout of a type that another holds as a piece. */
  layout(ref: TypeRef): Type;
  /** The function that does something with a type that others hold: takes, puts or measures it. */
  functionOf(action: PieceAction, ref: TypeRef, big: boolean): string;
  /** What follows from all types of the module together. */
  readonly layouts: Layouts;
  /** True when something that can be peeked at finds its end by that of this type. */
  isSkipped(ref: TypeRef): boolean;
  /** True when a type has a number of 64 bits somewhere, so that it has a bigint form. */
  isWide(ref: TypeRef): boolean;
}

/** `take` reads a value and tells where it ends, `put` writes one, `size` measures it, `skip` finds its end. */
export type PieceAction = "take" | "put" | "size" | "skip";

/** One type in one form of its 64-bit integers: all that an emitter of functions needs to know. */
export class Form {
  readonly type: Type;
  readonly blocks: readonly Block[];
  readonly big: boolean;
  readonly scope: Scope;
  readonly tables: FormatTables;
  /** Of the interface and in the functions' names. */
  readonly name: string;
  /** Of the constants. */
  readonly constant: string;
  readonly kind: string | null;
  /** One of the layouts of a choice. */
  readonly isVariant: boolean;
  /** The TypeScript type of the values that are read, and of those that are written. */
  readonly typeText: string;
  readonly inputText: string;
  /** Read and written piece after piece. */
  readonly isStreamed: boolean;
  #tags: ReadonlyMap<string, Told> | undefined;
  #named: ReadonlyMap<string, Field | PieceBlock> | undefined;

  constructor(
    type: Type,
    big: boolean,
    scope: Scope,
    tables: FormatTables,
    way: Way | null = null,
    typeText: string = pascal(type.name) + (big ? "Big" : ""),
    inputText: string = typeText,
  ) {
    if (type.body.shape !== "plain") throw new TypeError("a union has no form of its own");
    this.type = type;
    this.blocks = way?.blocks ?? type.body.blocks;
    this.big = big;
    this.scope = scope;
    this.tables = tables;
    this.name = pascal(type.name) + (big ? "Big" : "");
    this.constant = upper(type.name);
    this.kind = way?.kind ?? type.kind;
    this.isVariant = way !== null;
    this.typeText = typeText;
    this.inputText = inputText;
    this.isStreamed = isStreamed(type);
  }

  /** The rules of what reads. */
  get sites(): SiteTable {
    return this.tables.reading(this.big);
  }

  /** The rules of what writes. */
  get written(): SiteTable {
    return this.tables.writing(this.big);
  }

  /** The tables that stand for the format where no rule of it is broken. */
  get formatRead(): string {
    return this.tables.reading(false).name;
  }

  get formatWritten(): string {
    return this.tables.writing(false).name;
  }

  /** Whether a form of the codec was asked for. */
  has(form: CodecForm): boolean {
    return this.type.forms.includes(form);
  }

  /** Exact size where there is one. */
  get size(): number | null {
    return fixedSize(this.type);
  }

  /** Bytes that the first test asks for: without them no value is possible, counts at 0. */
  get baseSize(): number {
    return runSize(this.blocks, 0);
  }

  /** What tells the fields that a value may leave out. */
  get tags(): ReadonlyMap<string, Told> {
    return (this.#tags ??= toldIn(this.blocks, (ref) => this.scope.layout(ref)));
  }

  get minSize(): number {
    return this.type.minSize;
  }

  /** The block that takes what others leave. */
  get rest(): ItemsBlock | BytesBlock | null {
    for (const block of this.blocks)
      if ((block.block === "items" || block.block === "bytes") && extentOf(block).from === "rest") return block;
    return null;
  }

  /** `coinCount: number, ` for each parameter. */
  get paramList(): string {
    return this.type.params
      .map((param) => `${paramLocal(param.name)}: ${param.type === "boolean" ? "boolean" : "number"}, `)
      .join("");
  }

  /** The same for a function whose text is known: what it does not name has a mark for the compiler. */
  paramsOf(text: string): string {
    return this.type.params
      .map(({ name, type }) => {
        const local = paramLocal(name);
        const isUsed = text.split(/[^\w$.]+/).includes(local);
        return `${isUsed ? "" : "_"}${local}: ${type === "boolean" ? "boolean" : "number"}, `;
      })
      .join("");
  }

  /** The same for functions that write: a flat layout tells its parameters from the value. */
  get writeParams(): string {
    return this.isStreamed ? this.paramList : "";
  }

  get writeParamNames(): string {
    return this.isStreamed ? this.paramNames : "";
  }

  get paramNames(): string {
    return this.type.params.map((param) => `${paramLocal(param.name)}, `).join("");
  }

  /** True when the value at a path is a bigint in this form. */
  isBigint(path: readonly string[]): boolean {
    const [first = "", ...rest] = path;
    this.#named ??= namedIn(this.blocks);
    const named = this.#named.get(first);
    if (named === undefined) return false;
    return "block" in named ? this.#isBigintContent(named.content, rest) : isBigintField(named, rest, this.big);
  }

  #isBigintContent(content: Content, rest: readonly string[]): boolean {
    if (content.content === "field") return isBigintField(content.field, rest, this.big);
    if (content.content === "varint") return contentType(content, this.big, this.scope) === "bigint";
    if (content.content !== "type" || rest.length === 0) return false;
    const type = this.scope.layout(content.type);
    if (type.body.shape === "union") return false;
    return new Form(type, this.big && this.scope.isWide(content.type), this.scope, this.tables).isBigint(rest);
  }

  /** The rule on the size. */
  get tooShort(): string {
    const expected = this.size === null ? `at least ${this.minSize} bytes` : `${this.baseSize} bytes`;
    return this.sites.add("short", "", this.type, expected);
  }

  /** The rule on bytes left over, which `refuseRange` makes of that on the size. */
  get tooLong(): string {
    return this.sites.add("trailing", "", this.type, "");
  }
}

function isBigintField(field: Field, rest: readonly string[], big: boolean): boolean {
  if (field.kind === "struct") {
    const inner = field.fields.find((each) => each.name === rest[0]);
    return inner !== undefined && isBigintField(inner, rest.slice(1), big);
  }
  return field.kind === "int" && isWide(field) && wideForm(field, big) === "bigint";
}

/** The fields of a value, in their order: what a block shows of itself. */
export function visible(fields: readonly Field[]): Field[] {
  return fields.filter((field) => !isImplied(field));
}

/** Integers that take part in checks: they have a rule, or are wide in number form. */
export function isChecked(field: IntField, big: boolean): boolean {
  return isRuled(field) || (isWide(field) && wideForm(field, big) === "number");
}

/** True when no item can be refused, so that no loop is needed to check them. */
export function isFree(fields: readonly Field[], big: boolean): boolean {
  return fields.every((field) => {
    switch (field.kind) {
      case "int":
        return !isChecked(field, big);
      case "bits":
        return field.rule === null && field.enum?.strict !== true;
      case "bytes":
      case "float":
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

/** The TypeScript type of a piece, as far as it is there. */
export function pieceType(block: PieceBlock, big: boolean, scope: Scope): string {
  const item = contentType(block.content, big, scope);
  if (block.repeat === null) return item;
  return listOf(item);
}

/** The type of a list of values of a type. */
export function listOf(item: string): string {
  return /^\w+$/.test(item) ? `${item}[]` : `(${item})[]`;
}

/** True when TypeScript takes any number for a value of the type. */
export function takesNumbers(type: string): boolean {
  return type === "number" || type.endsWith("(number & {})");
}

/** A tested value of an enumeration or of a tag has its type. */
export function namedValue(type: string, value: string): string {
  return takesNumbers(type) || type === "bigint" || type === "boolean" ? value : `${value} as ${type}`;
}

/** @param isCase it is a case of a choice */
export function contentType(content: Content, big: boolean, scope: Scope, isCase = false): string {
  switch (content.content) {
    case "field":
      return valueType(content.field, big, scope);
    case "bytes":
      return content.text === null ? "Uint8Array" : "string";
    case "varint":
      return content.u64 === "bigint" || (big && content.maxBytes > VARINT_SAFE_BYTES) ? "bigint" : "number";
    case "type":
      return scope.typeName(content.type, big && scope.isWide(content.type), isCase);
    case "choice":
      return [...new Set(content.cases.map((each) => contentType(each.content, big, scope, true)))].join(" | ");
  }
}

/** A number, by the names that it may have; one without a name keeps them in sight. */
function namedType(named: EnumRef | null, scope: Scope): string {
  if (named === null) return "number";
  const name = scope.enumName(named);
  return named.strict ? name : `${name} | (number & {})`;
}

/** The TypeScript type of a field's value. */
export function valueType(field: Field, big: boolean, scope: Scope): string {
  switch (field.kind) {
    case "int":
      if (isWide(field)) return wideForm(field, big);
      if (choiceOf(field)?.isListed === true) return choiceOf(field)!.values.join(" | ");
      return namedType(field.enum, scope);
    case "bits":
      return field.width === 1 ? "boolean" : namedType(field.enum, scope);
    case "float":
      return "number";
    case "bytes":
    case "const":
      return "Uint8Array";
    case "text":
      return "string";
    case "struct":
      return scope.typeName(field.type, big && hasNumberWide(field.fields));
    case "array":
      return listOf(itemType(field.item, big, scope));
  }
}

export function itemType(item: Item, big: boolean, scope: Scope): string {
  if (item.type !== null) return scope.typeName(item.type, big && hasNumberWide(item.fields));
  return valueType(item.fields[0]!, big, scope);
}

/** The fields of fixed parts and the pieces by their names. */
function namedIn(blocks: readonly Block[]): ReadonlyMap<string, Field | PieceBlock> {
  const named = blocks.flatMap((block): readonly (Field | PieceBlock)[] => {
    if (block.block === "fixed") return block.fields;
    return block.block === "piece" ? [block] : [];
  });
  return new Map(named.map((each) => [each.name, each]));
}
