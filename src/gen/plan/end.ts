/** Plans how the end of a value is found without reading it, for those who cut a stream into values. */
import {
  isStreamed,
  operandOf,
  type BitField,
  type Block,
  type Content,
  type Expr,
  type Field,
  type IntField,
  type PieceBlock,
  type Type,
  type TypeRef,
} from "../ir.js";
import { bytesBy, extentOf, type CountedBlock } from "./extents.js";
import { expressionsIn, pathsAskedBy, someOf } from "./asked.js";
import type { Amount, EndPlan, Mark, Place, Slot, EndStep } from "./plan.js";
import { behind } from "./fields.js";
import { asInteger, rulesOf } from "./rules.js";
import { withoutUnasked } from "./unasked.js";

/** True when the bytes of a value tell where it ends. @param find the layout of a type */
export function tellsItsEnd(type: Type, find: (ref: TypeRef) => Type): boolean {
  return (!isStreamed(type) || type.minSize > 0) && canFindEnd(type, find);
}

/**
 * True when the end of a value can be found in its own bytes, and what that takes are numbers: nothing reaches to the
 * end of the stream, and no condition asks for a text or for a member of a value that would have to be made.
 */
function canFindEnd(type: Type, find: (ref: TypeRef) => Type, seen: Set<Type> = new Set()): boolean {
  // One that is asked about already says no for the whole, or nothing.
  if (seen.has(type)) return true;
  seen.add(type);
  const { body } = type;
  if (body.shape === "union") return body.variants.every((variant) => canFindEnd(variant.type, find, seen));
  const contentCan = (content: Content): boolean => {
    if (content.content === "type") return canFindEnd(find(content.type), find, seen);
    return content.content !== "choice" || content.cases.every((each) => contentCan(each.content));
  };
  return body.blocks.every((block) => {
    if (block.block === "fixed") return true;
    if (block.block !== "piece") return extentOf(block).from !== "rest";
    const { condition, repeat, size, content } = block;
    if (size === "rest" || repeat?.by === "end") return false;
    if (repeat?.by === "until" && content.content !== "field" && content.content !== "varint") return false;
    const asked = [
      ...(condition === null ? [] : [condition]),
      ...(size === null ? [] : [size]),
      ...(repeat === null ? [] : [repeat.by === "count" ? repeat.count : repeat.until]),
      ...expressionsIn(content),
    ];
    return asked.every((e) => isPlain(e, body.blocks)) && (size !== null || contentCan(content));
  });
}

/** True when what an expression names can be read as a number where it lies. */
function isPlain(e: Expr, blocks: readonly Block[]): boolean {
  return !someOf(e, (part) => {
    if (part.op === "text") return true;
    if (part.op === "item") return part.is.type === "text" || part.path.length > 0;
    if (part.op !== "field") return false;
    return part.is.type === "text" || (part.path.length > 1 && pieceNamed(part.path[0]!, blocks) !== undefined);
  });
}

function pieceNamed(name: string, blocks: readonly Block[]): PieceBlock | undefined {
  return blocks.find((block): block is PieceBlock => block.block === "piece" && block.name === name);
}

/** The plan of one layout whose end can be found. */
export function planEnd(blocks: readonly Block[]): EndPlan {
  return new EndPlanner(blocks).plan();
}

class EndPlanner {
  readonly #blocks: readonly Block[];
  /** Of fixed parts, by name. */
  readonly #byName: ReadonlyMap<string, Field>;
  readonly #asked: ReadonlySet<string>;
  #marks: Mark = 0;

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
    const fields = blocks.flatMap((block) => (block.block === "fixed" ? block.fields : []));
    this.#byName = new Map(fields.map((field) => [field.name, field]));
    this.#asked = pathsAskedBy(blocks);
  }

  plan(): EndPlan {
    const steps: EndStep[] = [];
    let place: Place = { from: "start", plus: 0 };
    for (const block of this.#blocks) {
      if (block.block === "fixed") {
        steps.push(...this.#fields(block.fields, place, behind(place, block.size)));
        place = behind(place, block.size);
        continue;
      }
      const mark = ++this.#marks;
      steps.push(...(block.block === "piece" ? this.#piece(block, place, mark) : this.#counted(block, place, mark)));
      place = { from: mark, plus: 0 };
    }
    return { steps: withoutUnasked(steps), end: place };
  }

  /** Reads the fields that give lengths or are asked for. */
  #fields(fields: readonly Field[], at: Place, to: Place): EndStep[] {
    const loads: EndStep[] = [];
    const visit = (field: Field, prefix: string): void => {
      const of = prefix + field.name;
      if (field.kind === "struct") for (const inner of field.fields) visit(inner, `${of}.`);
      if ((field.kind !== "int" && field.kind !== "bits") || !this.#asked.has(of)) return;
      loads.push(...loadOf(field, { of, as: "value" }, at));
    };
    for (const field of fields) visit(field, "");
    return loads.length === 0 ? [] : [needUpTo(to), ...loads];
  }

  /** A block of as many bytes, items or bits as a field or a parameter says. */
  #counted(block: CountedBlock, at: Place, mark: Mark): EndStep[] {
    const extent = extentOf(block);
    if (extent.from === "rest") throw new TypeError("what reaches to the end has no end of its own");
    const of =
      extent.from === "param"
        ? ({ op: "param", name: extent.param, is: UNKNOWN } as const)
        : ({ op: "field", path: [extent.field], is: this.#boundsOf(extent.field) } as const);
    const count: Slot = { of: block.name, as: "count" };
    const amount: Amount = { is: "expression", of, plus: extent.plus };
    const [min, max] = block.block === "bits" ? [0, null] : [block.min, block.max];
    return [
      { step: "let", slot: count, amount },
      ...this.#limits(count, amount, min, max),
      { step: "mark", mark, at, by: bytesBy(block, count) },
    ];
  }

  #boundsOf(name: string): { readonly type: "int"; readonly min: number; readonly max: number } {
    const field = this.#byName.get(name);
    if (field?.kind === "int") return { ...UNKNOWN, min: field.rule?.min ?? (field.signed ? UNKNOWN.min : 0) };
    return field?.kind === "bits" ? { ...UNKNOWN, min: field.rule?.min ?? 0 } : UNKNOWN;
  }

  /** The test of a number that has to be in a range; none where it is in any case. */
  #limits(slot: Slot, amount: Amount, min: number, max: number | null): EndStep[] {
    const least = this.#leastOf(amount) >= min ? null : min;
    if (least === null && max === null) return [];
    return [
      {
        step: "test",
        slot,
        field: null,
        breaches: [{ is: "outside", min: least, max }],
        told: slot,
        otherwise: "never",
      },
    ];
  }

  /** The least that an amount can be, where nothing that it asks for can be absent. */
  #leastOf(amount: Amount): number {
    if (amount.is === "number") return amount.value;
    if (amount.is !== "expression") return 0;
    const isSure = !someOf(
      amount.of,
      (part) =>
        part.op === "param" ||
        (part.op === "field" && (pieceNamed(part.path[0]!, this.#blocks)?.condition ?? null) !== null),
    );
    const is = operandOf(amount.of);
    return isSure && is.type === "int" ? is.min + amount.plus : -Infinity;
  }

  #piece(block: PieceBlock, at: Place, mark: Mark): EndStep[] {
    const slot: Slot | null = this.#asked.has(block.name) ? { of: block.name, as: "value" } : null;
    const steps = this.#repeated(block, mark, slot);
    const start: EndStep = { step: "mark", mark, at, by: null };
    if (block.condition === null) return [start, ...steps];
    const absent: EndStep[] = slot === null ? [] : [{ step: "clear", slot }];
    return [start, ...absent, { step: "when", condition: block.condition, steps }];
  }

  #repeated(block: PieceBlock, mark: Mark, slot: Slot | null): EndStep[] {
    const { repeat, content, size, min, max } = block;
    if (repeat === null) return this.#sized(block, mark, slot);
    if (repeat.by === "end") throw new TypeError("what reaches to the end has no end of its own");
    if (repeat.by === "until") {
      const item: Slot = { of: block.name, as: "item" };
      return [{ step: "until", last: repeat.until, item, steps: this.#sized(block, mark, item) }];
    }
    const count: Slot = { of: block.name, as: "count" };
    const amount: Amount = { is: "expression", of: repeat.count, plus: 0 };
    const each = size === null ? (content.content === "field" ? content.field.size : null) : constantOf(size);
    return [
      { step: "let", slot: count, amount },
      ...this.#limits(count, amount, min, max),
      each === null
        ? { step: "each", count, steps: this.#sized(block, mark, null) }
        : { step: "move", mark, by: { is: "slot", slot: count, times: each } },
    ];
  }

  /** @param slot that takes the number, where it is asked for */
  #sized(block: PieceBlock, mark: Mark, slot: Slot | null): EndStep[] {
    if (block.size === null || block.size === "rest") return this.#content(block.content, mark, block.name, slot);
    const size: Slot = { of: block.name, as: "size" };
    const amount: Amount = { is: "expression", of: block.size, plus: 0 };
    return [
      { step: "let", slot: size, amount },
      ...this.#limits(size, amount, 0, null),
      { step: "move", mark, by: { is: "slot", slot: size, times: 1 } },
    ];
  }

  #content(content: Content, mark: Mark, name: string, slot: Slot | null): EndStep[] {
    switch (content.content) {
      case "field": {
        const { field } = content;
        const at: Place = { from: mark, plus: 0 };
        const move: EndStep = { step: "move", mark, by: { is: "number", value: field.size } };
        if (slot === null || (field.kind !== "int" && field.kind !== "bits")) return [move];
        return [needUpTo(behind(at, field.size)), ...loadOf(field, slot, at), move];
      }
      case "bytes":
        return [];
      case "varint":
        return [{ step: "varint", mark, slot, name, content, otherwise: "never" }];
      case "type":
        return [{ step: "call", mark, type: content.type, args: content.args }];
      case "choice": {
        const cases = content.cases.map(({ values, content: each }, index) => ({
          values,
          steps: this.#content(each, mark, `${name}$${index}`, null),
        }));
        return [{ step: "switch", on: content.on, cases, otherwise: "never" }];
      }
    }
  }
}

const UNKNOWN = { type: "int", min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER } as const;

function constantOf(size: PieceBlock["size"]): number | null {
  return size !== null && size !== "rest" && size.op === "int" ? size.value : null;
}

function loadOf(field: IntField | BitField, slot: Slot, at: Place): EndStep[] {
  const breaches = rulesOf(field.kind === "int" ? field : asInteger(field)).map(({ breach }) => breach);
  const load: EndStep = { step: "load", slot, field, at, isKept: true, otherwise: "never" };
  return breaches.length === 0
    ? [load]
    : [load, { step: "test", slot, field, breaches, told: slot, otherwise: "never" }];
}

function needUpTo({ from, plus }: Place): EndStep {
  return { step: "need", at: { from, plus: 0 }, by: { is: "number", value: plus }, after: 0, otherwise: "more" };
}
