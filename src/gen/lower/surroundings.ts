/** What stands around an attribute: whether it is flat there, and what it can name. */
import { affine, parseExpression } from "../expression.js";
import { isConstant, type Block, type Field, type FixedBlock, type Param, type Type } from "../ir.js";
import { Keys } from "../keys.js";
import type { SpecFile } from "../load.js";
import { SpecError, type Source } from "../source.js";
import { fieldsIn, type Lowering } from "./context.js";
import { BITS, FLOAT, INTEGER, isFlatItem, operandOfParam, paramOf, type FieldReader } from "./fields.js";
import { Members, thingIn } from "./members.js";
import type { PieceHost, Reference } from "./pieces.js";
import { enumValueOf, findType, isCaseOf } from "./scope.js";
import { varintOf } from "./varint.js";

/** A type of more fields is not merged into those around it, so that nested types cannot multiply. */
const MERGED_FIELDS_MAX = 256;

/** A place in a type. */
export interface PlaceInType {
  readonly context: Lowering;
  readonly spec: SpecFile;
  /** The type in whose place names are looked up. */
  readonly scope: string;
  readonly reader: FieldReader;
  /** What stands before. */
  readonly blocks: readonly Block[];
  readonly params: readonly Param[];
  /** Names of parameters that something depends on. */
  readonly used: Set<string>;
  /** Attributes that could not be laid out. */
  readonly failed: ReadonlySet<string>;
}

export class Surroundings {
  readonly #at: PlaceInType;

  constructor(at: PlaceInType) {
    this.#at = at;
  }

  /** True when an attribute has no place or size that is known before what stands before it is read. */
  isPiece(keys: Keys): boolean {
    if (keys.peek("if") !== undefined || keys.peek("type")?.isMap === true) return true;
    if (keys.peek("contents") !== undefined) return false;
    const type = keys.peek("type")?.text;
    const repeat = keys.peek("repeat")?.text;
    if (repeat === "until") return true;
    const size = keys.peek("size");
    if (type === undefined || type === "str") {
      if (repeat !== undefined) {
        if (type === "str" || size === undefined) return true;
        return affine(parseExpression(size))?.of !== "nothing" || !this.#isFlatExtent(keys.peek("repeat-expr"));
      }
      return !this.#isFlatExtent(size);
    }
    if (INTEGER.test(type) || FLOAT.test(type) || BITS.test(type)) {
      if (size !== undefined || keys.peek("size-eos") !== undefined) return !BITS.test(type);
      const isBitmap = /^b1(?:be|le)?$/.test(type);
      return repeat !== undefined && !isBitmap && !this.#isFlatExtent(keys.peek("repeat-expr"));
    }
    if (size !== undefined || keys.peek("size-eos") !== undefined) return true;
    if (!this.#isFlatExtent(keys.peek("repeat-expr"))) return true;
    return this.mergeable(type, keys.peek("type")!, repeat !== undefined) === undefined;
  }

  /** True when a size or count is a number, reaches to the end, or follows from one field. */
  #isFlatExtent(source: Source | undefined): boolean {
    if (source === undefined) return true;
    const value = affine(parseExpression(source));
    if (value === undefined) return false;
    if (value.of === "nothing" || value.of === "size") return true;
    const { name } = value.of;
    if (value.divide !== 1) return false;
    if (this.#at.params.some((param) => param.name === name)) return !this.#at.used.has(name);
    const fields = this.#at.blocks.flatMap((block) => (block.block === "fixed" ? block.fields : []));
    const field = fields.find((each) => each.name === name);
    // What is wrong with a name is told where it is looked up.
    if (field === undefined) return this.#at.failed.has(name);
    const isLength = field.kind === "int" && field.size <= 4 && !field.signed && field.derive?.from !== "crc32";
    return isLength && !isConstant(field.rule) && !field.rule?.anyOf && field.enum?.strict !== true;
  }

  /** What a piece at this place can name. */
  host(): PieceHost {
    const members = new Members((ref) => this.#at.context.find(ref));
    return {
      spec: this.#at.spec,
      reader: this.#at.reader,
      names: {
        field: (path, near) => {
          const [first, ...rest] = path;
          // The mistake in that field is told already.
          if (this.#at.failed.has(first!)) throw new SpecError([]);
          const thing = thingIn(this.#at.blocks, first!);
          return thing === undefined ? undefined : members.of(thing, rest, near, true);
        },
        param: (name) => {
          const param = this.#at.params.find((each) => each.name === name);
          if (param === undefined) return undefined;
          this.#at.used.add(name);
          return operandOfParam(param);
        },
        item: null,
        enumValue: (name, near) => enumValueOf(this.#at.spec, this.#at.scope, name, near),
      },
      membersOf: (content) => (path, near) => members.content(content, path, near, "_", false),
      reference: (name, near, isCase) => this.#reference(name, near, isCase),
    };
  }

  /** What a name of a type means to a piece. */
  #reference(text: string, near: Source, isCase: boolean): Reference {
    const { spec, target, name } = findType(this.#at.spec, this.#at.scope, text, near);
    const varint = target.get("-varint");
    if (varint !== undefined) return { content: varintOf(target), params: [] };
    const params = (target.get("params")?.items() ?? []).map((param) => operandOfParam(paramOf(new Keys(param))));
    // Laid out now, so that its mistakes are told; one that is under way stands inside itself.
    this.#at.context.layoutOf(spec, name);
    if (isCase) this.#at.context.addCase(spec, name);
    return { content: { content: "type", type: { name, module: spec.id }, args: [] }, params };
  }

  /** A type whose fields can be merged into those around: it has one size, and follows from nothing. */
  mergeable(
    text: string,
    near: Source,
    asItem: boolean,
  ): { type: Type; block: FixedBlock; spec: SpecFile } | undefined {
    if (text.includes("(")) return undefined;
    const { spec, name, target } = findType(this.#at.spec, this.#at.scope, text, near);
    // The value of a case says of what kind it is, wherever it stands.
    if (target.get("-varint") !== undefined || isCaseOf(this.#at.spec, spec, name)) return undefined;
    const type = this.#at.context.layoutOf(spec, name);
    if (type?.body.shape !== "plain" || type.params.length > 0 || type.body.blocks.length > 1) return undefined;
    const block = type.body.blocks[0] ?? { block: "fixed", size: 0, fields: [] };
    if (block.block !== "fixed" || fieldsIn(block.fields) > MERGED_FIELDS_MAX) return undefined;
    const isDerived = (field: Field): boolean =>
      (field.kind === "int" || field.kind === "bits") && field.derive !== null;
    if (block.fields.some(isDerived) || (asItem && (block.size === 0 || !isFlatItem(block.fields)))) return undefined;
    return { type, block, spec };
  }
}
