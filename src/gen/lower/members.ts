/** Finds what an expression names: a field that stands before, or a member of what such a field holds. */
import {
  isConstant,
  rangeOf,
  type Block,
  type Content,
  type Field,
  type Operand,
  type Type,
  type TypeRef,
} from "../ir.js";
import type { Source } from "../source.js";
import { enumKeyOf } from "./enums.js";
import type { Named } from "./resolve.js";

/** The layout of a type by a reference to it; undefined while it is under way. */
export type FindType = (ref: TypeRef) => Type | undefined;

/** Something that has a name: a field of a fixed part, or a block. */
type Thing = Field | Exclude<Block, { block: "fixed" }>;

/** What blocks call `name`. */
export function thingIn(blocks: readonly Block[], name: string): Thing | undefined {
  for (const block of blocks) {
    if (block.block !== "fixed") {
      if (block.name === name) return block;
      continue;
    }
    const field = block.fields.find((each) => each.name === name);
    if (field !== undefined) return field;
  }
  return undefined;
}

/** A member that every value of a type has. */
function memberOf({ body }: Type, name: string): Thing | undefined {
  if (body.shape === "plain") return thingIn(body.blocks, name);
  const found = body.variants.map((variant) => memberOf(variant.type, name));
  const [first] = found;
  // What all variants share is of one line.
  const isShared = found.every((thing) => thing?.line === first?.line && thing?.file === first?.file);
  return isShared ? first : undefined;
}

/** Follows the members of what has been found. */
export class Members {
  readonly #find: FindType;

  constructor(find: FindType) {
    this.#find = find;
  }

  /** @param own the thing is of the type that asks, whose derived fields it knows */
  of(thing: Thing, rest: readonly string[], near: Source, own: boolean): Named {
    if ("kind" in thing) return this.#field(thing, rest, near, own);
    if (thing.block === "piece") {
      if (thing.repeat !== null) near.fail(`'${thing.name}' is repeated, and expressions name single values only`);
      return this.content(thing.content, rest, near, thing.name, own);
    }
    if (thing.block === "bytes" && thing.text !== null && rest.length === 0) return { is: { type: "text" } };
    return near.fail(`'${thing.name}' is no number, text or truth that an expression can take`);
  }

  content(content: Content, rest: readonly string[], near: Source, name: string, own: boolean): Named {
    switch (content.content) {
      case "field":
        return this.#field(content.field, rest, near, own);
      case "varint": {
        if (rest.length > 0 && (rest.length > 1 || rest[0] !== content.member)) break;
        const is: Operand = {
          type: "int",
          min: content.rule?.min ?? 0,
          max: content.rule?.max ?? Number.MAX_SAFE_INTEGER,
        };
        return { is, path: rest.length };
      }
      case "bytes":
        if (content.text !== null && rest.length === 0) return { is: { type: "text" } };
        break;
      case "type": {
        const [member, ...more] = rest;
        if (member === undefined) break;
        const type = this.#find(content.type);
        if (type === undefined)
          near.fail(`'${name}' is of a type that stands inside itself; its members are not known here`);
        const thing = memberOf(type, member);
        if (thing === undefined || ("condition" in thing && thing.condition !== null))
          near.fail(`'${name}' has no member '${member}' that is always there`);
        return this.of(thing, more, near, false);
      }
      case "choice":
        return near.fail(`'${name}' can be of several types, so that its members are not known here`);
    }
    return near.fail(`'${[name, ...rest].join(".")}' is no number, text or truth that an expression can take`);
  }

  #field(field: Field, rest: readonly string[], near: Source, own: boolean): Named {
    if (field.kind === "struct") {
      const [member, ...more] = rest;
      const inner = field.fields.find(({ name }) => name === member);
      if (inner === undefined)
        near.fail(
          member === undefined ? `'${field.name}' is no single value` : `'${field.name}' has no member '${member}'`,
        );
      return this.#field(inner, more, near, own);
    }
    if (rest.length === 0) {
      if (field.kind === "text") return { is: { type: "text" } };
      if (field.kind === "int" || field.kind === "bits") {
        const named = field.enum === null ? {} : { enum: enumKeyOf(field.enum) };
        if (field.rule !== null && isConstant(field.rule)) return { constant: field.rule.min!, ...named };
        if (field.derive !== null && !own)
          near.fail(`'${field.name}' follows from other fields, so that it is no part of a value`);
        if (field.kind === "int")
          return {
            is: integerOperand(field.size, field.signed, field.rule?.min ?? null, field.rule?.max ?? null),
            ...named,
          };
        if (field.width === 1) return { is: { type: "bool" } };
        const [low, high] = rangeOf(field.width, false);
        return { is: { type: "int", min: field.rule?.min ?? low, max: field.rule?.max ?? high }, ...named };
      }
    }
    return near.fail(`'${[field.name, ...rest].join(".")}' is no number, text or truth that an expression can take`);
  }
}

/** The bounds of an integer of so many bytes. */
function integerOperand(size: number, signed: boolean, min: number | null, max: number | null): Operand {
  const [low, high] = rangeOf(8 * size, signed);
  const safe = Number.MAX_SAFE_INTEGER;
  return { type: "int", min: Math.max(min ?? low, -safe), max: Math.min(max ?? high, safe) };
}
