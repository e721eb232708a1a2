/** Tests bytes by walking the plan of their type: what a plan says to one who writes no code of it. */
import { DEPTH_MAX } from "../../src/codec/pieces.js";
import { Layouts } from "../../src/gen/emit-ts/layouts.js";
import { evaluate } from "../../src/gen/evaluate.js";
import {
  fixedSize,
  isStreamed,
  type BitField,
  type Block,
  type Expr,
  type Field,
  type IntField,
  type Module,
  type Type,
  type VarintContent,
} from "../../src/gen/ir.js";
import { camel } from "../../src/gen/names.js";
import { planChoice, wayOf } from "../../src/gen/plan/choice.js";
import type { Amount, NumberTest, Part, Place, ReadStep, Refusal } from "../../src/gen/plan/plan.js";
import { planRead } from "../../src/gen/plan/read.js";
import { checksum } from "./checksums.js";
import { breaks, keep, key, numberAt, Plans } from "./plan-walk.js";

type Params = Readonly<Record<string, number | boolean>>;
type Value = Record<string, unknown>;

/** What is refused, by its rule, its path and where it is; null where the bytes are a value. */
export type Verdict = { readonly code: string; readonly path: string; readonly offset: number } | null;

class Refused extends Error {
  readonly verdict: { readonly code: string; readonly path: string; readonly offset: number };

  constructor(code: string, path: string, offset: number) {
    super(`${code} of ${path} at ${offset}`);
    this.verdict = { code, path, offset };
  }
}

/** The verdict on bytes as one value of a type. @param isBig integers of 64 bits are exact */
export function judgeByPlan(module: Module, type: Type, bytes: Uint8Array, params: Params, isBig: boolean): Verdict {
  const layouts = plans.of(module, "layouts", () => new Layouts(module));
  const scope = { bytes, layouts, isBig };
  try {
    const chosen = type.body.shape === "plain" ? type : variantOf(type, bytes, 0, false);
    const size = fixedSize(chosen);
    // One test of a known size covers both ends.
    if (size !== null && !isStreamed(chosen) && !chosen.open && bytes.length > size)
      throw new Refused("trailing", "", size);
    const { end } = take(chosen, scope, params, 0, bytes.length, 0);
    if (end !== bytes.length && !chosen.open) throw new Refused("trailing", "", end);
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.verdict;
    throw error;
  }
}

interface Scope {
  readonly bytes: Uint8Array;
  readonly layouts: Layouts;
  readonly isBig: boolean;
}

function take(type: Type, scope: Scope, params: Params, at: number, end: number, depth: number): Read {
  const { body } = type;
  if (body.shape === "union") {
    return take(variantOf(type, scope.bytes.subarray(0, end), at, true), scope, params, at, end, depth);
  }
  const isCounted = scope.layouts.isRecursive({ name: type.name, module: scope.layouts.own[0]!.module });
  if (isCounted && depth >= DEPTH_MAX) throw new Refused("limit", "", at);
  return new Walk(scope, params, at, end, depth + (isCounted ? 1 : 0)).layout(body.blocks);
}

function variantOf(type: Type, bytes: Uint8Array, at: number, isHeld: boolean): Type {
  const plan = plans.of(type, `choice ${isHeld}`, () => planChoice(type, isHeld));
  const { tag, need, short, unknown } = plan;
  if (at + need > bytes.length) throw new Refused(short.code, camel(short.path), at);
  const way = wayOf(plan, Number(numberAt(bytes, at + tag.offset, tag)));
  if (way === undefined) throw new Refused(unknown.code, camel(unknown.path), at + unknown.at.plus);
  return way.type;
}

const plans = new Plans();

/** A value, as far as expressions can ask for it, and where it ends. */
interface Read {
  readonly value: unknown;
  readonly end: number;
}

/** Where a part stands. */
interface Context {
  readonly start: number;
  readonly limit: number;
  readonly index: number | null;
}

class Walk {
  readonly #scope: Scope;
  readonly #params: Params;
  readonly #at: number;
  readonly #end: number;
  readonly #depth: number;
  readonly #marks = new Map<number, number>();
  readonly #slots = new Map<string, number | bigint>();
  readonly #value: Value = {};

  constructor(scope: Scope, params: Params, at: number, end: number, depth: number) {
    this.#scope = scope;
    this.#params = params;
    this.#at = at;
    this.#end = end;
    this.#depth = depth;
  }

  layout(blocks: readonly Block[]): Read {
    const plan = plans.of(blocks, "read", () => planRead(blocks, (ref) => this.#scope.layouts.get(ref)));
    const { need, steps, starts, end } = plan;
    const context = { start: this.#at, limit: this.#end, index: null };
    if (this.#end - this.#at < need) throw new Refused("short", "", this.#at);
    for (const step of steps) this.#step(step, context);
    blocks.forEach((block, i) => {
      if (block.block === "fixed") this.#fields(block.fields, this.#place(starts[i]!, context), this.#value);
    });
    return { value: this.#value, end: this.#place(end, context) };
  }

  /** What expressions outside can ask of fields. */
  #fields(fields: readonly Field[], at: number, into: Value): void {
    for (const field of fields) {
      if (field.kind === "struct") this.#fields(field.fields, at, (into[camel(field.name)] = {}));
      if (field.kind === "int" || field.kind === "bits") into[camel(field.name)] = this.#loaded(field, at);
    }
  }

  #loaded(field: IntField | BitField, at: number): number | bigint | boolean {
    const number = numberAt(this.#scope.bytes, at + field.offset, field);
    return field.kind === "bits" && field.width === 1 ? number === 1n : Number(number);
  }

  #place({ from, plus }: Place, { start }: Context): number {
    if (from === "behind") throw new TypeError("only a part has an end of its own");
    const base =
      from === "start" ? this.#at : from === "end" ? this.#end : from === "item" ? start : this.#marks.get(from)!;
    return base + plus;
  }

  #refuse(refusal: Refusal, context: Context, behind = 0): never {
    const { code, at } = refusal;
    throw new Refused(code, pathOf(refusal, context), at.from === "behind" ? behind : this.#place(at, context));
  }

  #step(step: ReadStep, context: Context): void {
    const { bytes } = this.#scope;
    const place = (of: Place): number => this.#place(of, context);
    switch (step.step) {
      case "need":
        if (this.#amount(step.by) > this.#end - place(step.at) - step.after) this.#refuse(step.otherwise, context);
        return;
      case "match":
        if (step.bytes.some((byte, i) => bytes[place(step.at) + i] !== byte)) this.#refuse(step.otherwise, context);
        return;
      case "load": {
        const { field } = step;
        const number = numberAt(bytes, place(step.at) + field.offset, field);
        const isExact = this.#scope.isBig || (field.kind === "int" && field.u64 === "bigint");
        if (!isExact && !Number.isSafeInteger(Number(number))) this.#refuse(step.otherwise, context);
        this.#slots.set(key(step.slot), number);
        keep(this.#value, step.slot, this.#loaded(field, place(step.at)));
        return;
      }
      case "let":
        this.#slots.set(key(step.slot), this.#amount(step.amount));
        return;
      case "test":
        if (step.breaches.some((breach) => breaks(breach, this.#slots.get(key(step.slot))!)))
          this.#refuse(step.otherwise, context);
        return;
      case "mark":
        this.#marks.set(step.mark, place(step.at) + (step.by === null ? 0 : this.#amount(step.by)));
        return;
      case "left": {
        const left = this.#end - place(step.at) - step.after;
        if (left % step.size !== 0) this.#refuse(step.otherwise, context);
        this.#slots.set(key(step.slot), left / step.size);
        return;
      }
      case "whole":
        if (Number(this.#slots.get(key(step.slot))) < 0) this.#refuse(step.otherwise, context);
        return;
      case "bytes":
        return;
      case "text": {
        const text = textOf(bytes.subarray(place(step.at), place(step.to)), step.encoding);
        if (text === undefined) this.#refuse(step.otherwise, context);
        return keep(this.#value, step.slot, text);
      }
      case "rows":
        for (let i = 0; i < this.#amount(step.count); i++)
          for (const inner of step.steps)
            this.#step(inner, { ...context, start: place(step.at) + i * step.size, index: i });
        return;
      case "padding": {
        const used = Number(this.#slots.get(key(step.count))) % 8;
        const last = bytes[place(step.end) - 1]!;
        const unused = step.order === "lsb" ? last >> used : (last << used) & 0xff;
        if (used !== 0 && unused !== 0) this.#refuse(step.otherwise, context);
        return;
      }
      case "sum": {
        const from = place(step.at);
        const to = "as" in step.to ? from + Number(this.#slots.get(key(step.to))) : place(step.to);
        const field = place(step.field);
        // A checksum over itself is taken with zeros in its place.
        const covered = [...bytes.subarray(from, to)].map((byte, i) =>
          step.sum.name === "internet" && from + i >= field && from + i < field + 2 ? 0 : byte,
        );
        if (BigInt(checksum(step.sum, covered)) !== BigInt(this.#slots.get(key(step.slot))!))
          this.#refuse(step.otherwise, context);
        return;
      }
      case "piece": {
        const { block, mark, part } = step;
        const start = place(step.at);
        this.#marks.set(mark, start);
        if (block.condition !== null && this.#evaluate(block.condition) !== true) return;
        const { value, end } = this.#part(part, { start, limit: this.#end, index: null });
        this.#value[camel(block.name)] = value;
        this.#marks.set(mark, end);
      }
    }
  }

  #part(part: Part, context: Context): Read {
    const { start, limit } = context;
    switch (part.part) {
      case "list":
        return this.#list(part, context);
      case "sized": {
        const size = Number(this.#evaluate(part.size));
        this.#tests(part.tests, size, context);
        if (!(size <= limit - start)) this.#refuse(part.short, context);
        const { value, end } = this.#part(part.inner, { ...context, limit: start + size });
        if (part.fill !== null && end !== start + size) this.#refuse(part.fill, context, end);
        return { value, end: start + size };
      }
      case "rest": {
        const { value, end } = this.#part(part.inner, context);
        if (part.fill !== null && end !== limit) this.#refuse(part.fill, context, end);
        return { value, end: limit };
      }
      case "field": {
        const { field } = part;
        if (!part.isCovered && limit - start < field.size) this.#refuse(part.short, context);
        for (const step of part.steps) this.#step(step, context);
        const into: Value = {};
        this.#fields([{ ...field, name: "item" }], start, into);
        const text =
          field.kind === "text" ? textOf(this.#scope.bytes.subarray(start, start + field.size), "utf-8") : null;
        return { value: text ?? into["item"], end: start + field.size };
      }
      case "bytes": {
        this.#tests(part.tests, limit - start, context);
        if (part.text === null) return { value: undefined, end: limit };
        const text = textOf(this.#scope.bytes.subarray(start, limit), part.text);
        if (text === undefined) this.#refuse(part.otherwise, context);
        return { value: text, end: limit };
      }
      case "varint":
        return this.#varint(part, context);
      case "call": {
        const type = this.#scope.layouts.get(part.content.type);
        const args = type.params.map(({ name }, i) => [name, this.#evaluate(part.content.args[i]!)]);
        try {
          return take(type, this.#scope, Object.fromEntries(args) as Params, start, limit, this.#depth);
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          const { code, path, offset } = error.verdict;
          const own = pathOf(part.within, context);
          throw new Refused(code, path === "" || path.startsWith("[") ? own + path : `${own}.${path}`, offset);
        }
      }
      case "choice": {
        const on = this.#evaluate(part.content.on)!;
        const chosen =
          part.cases.find(({ values }) => values !== "else" && values.includes(on)) ??
          part.cases.find(({ values }) => values === "else");
        return chosen === undefined ? this.#refuse(part.otherwise, context) : this.#part(chosen.part, context);
      }
    }
  }

  #list(
    { repeat, tests, least, short, most, item, stays, fewest }: Extract<Part, { part: "list" }>,
    context: Context,
  ): Read {
    let { start } = context;
    let count = Infinity;
    if (repeat.by === "count") {
      count = Number(this.#evaluate(repeat.count));
      this.#tests(tests, count, context);
      if (least > 0 && !(count * least <= this.#end - start)) this.#refuse(short, context);
    }
    let index = 0;
    for (let isLast = false; !isLast && index < count && (repeat.by !== "end" || start < this.#end); index++) {
      const each = { start, limit: this.#end, index };
      if (most !== null && index >= most.max) this.#refuse(most.otherwise, { ...each, index: null });
      const { value, end } = this.#part(item, each);
      isLast = repeat.by === "until" && this.#evaluate(repeat.until, value) === true;
      if (!isLast && stays !== null && end === start) this.#refuse(stays, each);
      start = end;
    }
    if (fewest !== null && index < fewest.min) this.#refuse(fewest.otherwise, context);
    return { value: undefined, end: start };
  }

  #varint({ content, short, range }: Extract<Part, { part: "varint" }>, context: Context): Read {
    const { start, limit } = context;
    const { bytes, isBig } = this.#scope;
    const lowFirst = content.order === "leb128";
    let size = 1;
    for (; start + size <= limit && bytes[start + size - 1]! >= 128; size++)
      if (size === content.maxBytes) this.#refuse(range, context);
    if (start + size > limit) this.#refuse(short, context);
    const groups = [...bytes.subarray(start, start + size)];
    if (size > 1 && (lowFirst ? groups.at(-1) === 0 : groups[0] === 128)) this.#refuse(range, context);
    const exact = (lowFirst ? groups.toReversed() : groups).reduce((sum, one) => (sum << 7n) | BigInt(one & 127), 0n);
    const most = isBigVarint(content, isBig) ? 1n << 64n : 1n << 53n;
    if (exact >= most) this.#refuse(range, context);
    return { value: Number(exact), end: start + size };
  }

  #tests(tests: readonly NumberTest[], number: number, context: Context): void {
    for (const { breach, otherwise } of tests) if (breaks(breach, number)) this.#refuse(otherwise, context);
  }

  #evaluate(e: Expr, item?: unknown): number | boolean | string | undefined {
    return evaluate(e, { value: this.#value, params: this.#params, item });
  }

  #amount(amount: Amount): number {
    switch (amount.is) {
      case "number":
        return amount.value;
      case "expression":
        return Number(this.#evaluate(amount.of)) + amount.plus;
      case "slot":
        return Number(this.#slots.get(key(amount.slot))) * amount.times;
      case "bits":
        return Math.ceil(Number(this.#slots.get(key(amount.slot))) / 8);
    }
  }
}

function isBigVarint({ u64, maxBytes }: VarintContent, isBig: boolean): boolean {
  return u64 === "bigint" || (isBig && maxBytes > 7);
}

function pathOf({ path }: Refusal, { index }: Context): string {
  const own = path.split(".").map(camel).join(".");
  return index === null ? own : own.replace("*", String(index));
}

function textOf(bytes: Uint8Array, encoding: "ascii" | "utf-8"): string | undefined {
  if (encoding === "ascii" && bytes.some((byte) => byte > 127)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
