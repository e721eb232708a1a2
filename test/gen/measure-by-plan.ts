/** Measures values by walking the plan of their type. */
import { lengthOf } from "../../src/bytes/checks.js";
import { DEPTH_MAX } from "../../src/codec/pieces.js";
import type { Layouts } from "../../src/gen/emit-ts/layouts.js";
import { evaluate } from "../../src/gen/evaluate.js";
import type { Expr, PieceBlock, Type, TypeRef } from "../../src/gen/ir.js";
import { someOf } from "../../src/gen/plan/asked.js";
import { planChoice } from "../../src/gen/plan/choice.js";
import type { Amount, Place, Refusal, Slot } from "../../src/gen/plan/plan.js";
import type { Share, WritePart, WriteStep } from "../../src/gen/plan/write-plan.js";
import { planSize, type Written } from "../../src/gen/plan/write.js";
import { isConstantPiece } from "../../src/gen/shown.js";
import { key, Plans } from "./plan-walk.js";
import { encoded, isObject, isOf, lengthIn, memberOf, pathOf, textLength, varintLength } from "./written-values.js";

export type Params = Readonly<Record<string, number | boolean>>;

/** What is refused: the rule, its path, where it is. */
export interface Refused {
  readonly code: string;
  readonly path: string;
  readonly offset: number;
}

/** Ends a walk. */
export class Refusing extends Error {
  readonly refused: Refused;

  constructor(code: string, path: string, offset: number) {
    super(`${code} of ${path} at ${offset}`);
    this.refused = { code, path, offset };
  }
}

/** What walks of one value share. */
export interface Out {
  readonly bytes: number[];
  readonly layouts: Layouts;
  readonly isBig: boolean;
  /** An expression has been worked out over values that are not of its types. */
  isStrange: boolean;
  /** The last value that has been written takes all bytes that are left. */
  toEnd: boolean;
  /** Bytes that have been measured. */
  size: number;
}

export const plans = new Plans();

/** The layout of a value, which its kind decides where there are several. */
export function writtenOf(
  type: Type,
  ref: TypeRef,
  value: unknown,
  { layouts }: Out,
  isAlone: boolean,
  at: number,
): [Written, TypeRef] {
  const isHeld = !isAlone;
  const tellsReach = layouts.tellsReach(ref);
  if (type.body.shape === "plain") return [{ blocks: type.body.blocks, type, isHeld, tellsReach }, ref];
  const { ways, unknown } = plans.of(type, `choice ${isAlone}`, () => planChoice(type, !isAlone));
  const way = ways.find(({ kind }) => kind === memberOf(value, "kind"));
  if (way === undefined) throw new Refusing(unknown.code, pathOf(unknown.path), at);
  return [
    { blocks: way.blocks, type: way.type, isHeld, tellsReach },
    { name: way.type.name, module: ref.module },
  ];
}

/** The bytes that a value takes. */
export function measure(
  type: Type,
  ref: TypeRef,
  value: unknown,
  params: Params,
  out: Out,
  isAlone: boolean,
  depth: number,
): number {
  const [written, own] = writtenOf(type, ref, value, out, isAlone, 0);
  // An encoder that stands alone leaves it to its first step to refuse what is no object.
  if (!isAlone) {
    const isCounted = out.layouts.isRecursive(own);
    if (isCounted && depth >= DEPTH_MAX) throw new Refusing("limit", "", 0);
    const size = sizeOf(written, out);
    if (!isObject(value) && size.steps.length > 0) throw new Refusing("argument", "", 0);
    return new Measuring(out, value, params, 0, written, depth + (isCounted ? 1 : 0)).size(size);
  }
  return new Measuring(out, value, params, 0, written, depth).size(sizeOf(written, out));
}

function sizeOf(written: Written, { layouts }: Out): ReturnType<typeof planSize> {
  return plans.of(written.blocks, `size ${written.isHeld}`, () => planSize(written, (of) => layouts.get(of)));
}

/** Where a part stands, and what it is of. */
export interface Context {
  readonly start: number;
  readonly index: number | null;
  readonly value: unknown;
  readonly block: PieceBlock | null;
}

export type Part<Name extends WritePart["part"]> = Extract<WritePart, { part: Name }>;

export const NOWHERE: Context = { start: 0, index: null, value: undefined, block: null };

/** Measures values. */
export class Measuring {
  protected readonly out: Out;
  protected readonly value: unknown;
  protected readonly params: Params;
  protected readonly at: number;
  protected readonly written: Written;
  protected readonly depth: number;
  protected readonly marks = new Map<number, number>();
  protected readonly slots = new Map<string, unknown>();
  /** What lies behind paths that are no members of the value itself: items, and what tells a field. */
  protected readonly sources = new Map<string, unknown>();
  protected readonly known: Record<string, unknown> = {};
  constructor(out: Out, value: unknown, params: Params, at: number, written: Written, depth: number) {
    this.out = out;
    this.value = value;
    this.params = params;
    this.at = at;
    this.written = written;
    this.depth = depth;
  }

  place({ from, plus }: Place, { start } = NOWHERE): number {
    return (from === "start" ? this.at : from === "item" ? start : this.marks.get(from as number)!) + plus;
  }

  size({ size, steps }: ReturnType<typeof planSize>): number {
    let sum = size;
    for (const step of steps) {
      switch (step.step) {
        case "object":
          if (!isObject(this.source(step.slot.of))) this.refuse(step.otherwise, NOWHERE);
          break;
        case "bytes": {
          const value = this.source(step.slot.of);
          const length = step.text === null ? lengthOf(value) : textLength(value);
          if (step.text === null && length < 0 && !this.written.isHeld)
            throw new Refusing("argument", pathOf(step.otherwise.path), 0);
          // Alone, a text that cannot be encoded has no length; its writer refuses it.
          const isEncoded = step.text === null || this.written.isHeld || encoded(value, step.text) !== undefined;
          sum += isEncoded ? Math.max(0, length) : 0;
          break;
        }
        case "items": {
          const list = this.source(step.slot.of);
          const count = this.written.isHeld ? (Array.isArray(list) ? list.length : -1) : lengthIn(list);
          if (!Number.isInteger(count) || count < 0) this.refuse(step.otherwise, NOWHERE);
          sum += step.size === "bit" ? Math.ceil(count / 8) : step.size * count;
          break;
        }
        case "measure":
          this.measureOf(step);
          break;
        case "measured":
          sum += this.slots.get(key(step.slot)) as number;
          break;
        case "varint":
          sum += varintLength(this.amount(step.amount));
          break;
        case "piece":
          sum += this.pieceSize(step.block, step.part);
      }
    }
    return sum;
  }

  protected measureOf({ slot, block, part }: Extract<WriteStep, { step: "measure" }>): void {
    const value = this.source(block.name);
    if (part.part === "list" && !Array.isArray(value)) this.refuse(part.mistaken, NOWHERE);
    const count = part.part === "list" ? (value as unknown[]).length : this.pieceSize(block, part);
    this.slots.set(key(slot), count);
  }

  protected pieceSize(block: PieceBlock, part: WritePart): number {
    const value = this.source(block.name);
    const isThere =
      block.condition === null ||
      (isConstantPiece(block) ? this.evaluate(block.condition) === true : value !== undefined);
    return isThere ? this.partSize(part, { ...NOWHERE, value, block }) : 0;
  }

  protected partSize(part: WritePart, context: Context): number {
    const { value } = context;
    switch (part.part) {
      case "list":
        if (!Array.isArray(value)) return this.refuse(part.mistaken, context);
        return [...(value as unknown[])].reduce<number>(
          (sum, item, index) => sum + this.partSize(part.item, { ...context, value: item, index }),
          0,
        );
      case "sized":
        if (part.size.op === "int") return part.size.value;
        if (!part.isOpen || part.inner.part === "field") return this.partSize(part.inner, context);
        return Math.max(this.partSize(part.inner, context), Number(this.evaluate(part.size)));
      case "field":
        return part.field.size;
      case "bytes":
        return Math.max(0, part.content.text === null ? lengthOf(value) : textLength(value));
      case "varint":
        return varintLength(value);
      case "call":
        return this.called(part, context, (type, ref, params) =>
          measure(type, ref, value, params, this.out, false, this.depth),
        );
      case "choice": {
        const chosen = this.caseOf(part);
        return chosen === undefined ? 0 : this.partSize(chosen.part, context);
      }
    }
  }

  protected called(
    { content, within }: Part<"call">,
    context: Context,
    act: (type: Type, ref: TypeRef, params: Params) => number,
  ): number {
    const type = this.out.layouts.get(content.type);
    const args = type.params.map(({ name }, i) => [name, this.evaluate(content.args[i]!)]);
    try {
      return act(type, content.type, Object.fromEntries(args) as Params);
    } catch (error) {
      if (!(error instanceof Refusing)) throw error;
      const { code, path, offset } = error.refused;
      const own = pathOf(within.path, context.index);
      throw new Refusing(code, path === "" || path.startsWith("[") ? own + path : `${own}.${path}`, offset);
    }
  }

  protected caseOf({ content, cases }: Part<"choice">): Part<"choice">["cases"][number] | undefined {
    const on = this.evaluate(content.on)!;
    return (
      cases.find(({ values }) => values !== "else" && values.includes(on)) ??
      cases.find(({ values }) => values === "else")
    );
  }

  protected refuse({ code, path, at }: Refusal, context: Context): never {
    throw new Refusing(code, pathOf(path, context.index), this.place(at, context));
  }

  protected source(path: string): unknown {
    if (path === "") return this.value;
    if (this.sources.has(path)) return this.sources.get(path);
    const dot = path.lastIndexOf(".");
    return memberOf(dot < 0 ? this.value : this.source(path.slice(0, dot)), path.slice(dot + 1));
  }

  /** @param item of `repeat-until` */
  protected evaluate(e: Expr, item?: unknown): number | boolean | string | undefined {
    const own = isObject(this.value) ? (this.value as Record<string, unknown>) : {};
    const value = { ...own, ...this.known };
    const isStrange = someOf(e, (part) => {
      if (part.op !== "field" && part.op !== "item") return false;
      return !isOf(part.is, part.path.reduce<unknown>(memberOf, part.op === "item" ? item : value));
    });
    this.out.isStrange ||= isStrange;
    return evaluate(e, { value, params: this.params, item });
  }

  protected amount(amount: Amount | Share): number {
    const slot = (of: Slot): number => Number(this.slots.get(key(of)));
    switch (amount.is) {
      case "number":
        return amount.value;
      case "expression":
        return Number(this.evaluate(amount.of)) + amount.plus;
      case "slot":
        return slot(amount.slot) * amount.times;
      case "bits":
        return Math.ceil(slot(amount.slot) / 8);
      case "share":
        return (slot(amount.slot) - amount.minus) / amount.by;
    }
  }
}
