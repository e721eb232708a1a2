/** Finds the end of a value by walking its plan: what a plan says to one who writes no code of it. */
import { DEPTH_MAX } from "../../src/codec/pieces.js";
import { Layouts } from "../../src/gen/emit-ts/layouts.js";
import { evaluate } from "../../src/gen/evaluate.js";
import type { Expr, Module, Type, VarintContent } from "../../src/gen/ir.js";
import { planChoice, wayOf } from "../../src/gen/plan/choice.js";
import { planEnd } from "../../src/gen/plan/end.js";
import { planFront } from "../../src/gen/plan/front.js";
import type { Amount, Place, Slot, EndStep, Unknown } from "../../src/gen/plan/plan.js";
import { breaks, keep, key, numberAt, Plans } from "./plan-walk.js";

const plans = new Plans();

type Params = Readonly<Record<string, number | boolean>>;

/** The bytes of the value that bytes begin with, or why that is not told. */
export function findLength(module: Module, type: Type, bytes: Uint8Array, params: Params): number | Unknown {
  const layouts = plans.of(module, "layouts", () => new Layouts(module));
  try {
    front(type, bytes, layouts, params);
    return endOf(type, bytes, layouts, params, 0, 0);
  } catch (told) {
    if (told === "more" || told === "never") return told;
    throw told;
  }
}

function front(type: Type, bytes: Uint8Array, layouts: Layouts, params: Params): void {
  if (type.body.shape === "plain") new Walk(bytes, 0, params, layouts, 0).steps(planFront(type.body.blocks));
  else front(variantOf(type, bytes, 0), bytes, layouts, params);
}

function endOf(type: Type, bytes: Uint8Array, layouts: Layouts, params: Params, at: number, depth: number): number {
  if (type.body.shape === "union") return endOf(variantOf(type, bytes, at), bytes, layouts, params, at, depth);
  const isCounted = layouts.isRecursive({ name: type.name, module: layouts.own[0]!.module });
  if (isCounted && depth >= DEPTH_MAX) throw "never";
  const walk = new Walk(bytes, at, params, layouts, depth + (isCounted ? 1 : 0));
  const { blocks } = type.body;
  const { steps, end } = plans.of(type, "end", () => planEnd(blocks));
  walk.steps(steps);
  return walk.place(end);
}

function variantOf(type: Type, bytes: Uint8Array, at: number): Type {
  const plan = plans.of(type, "choice", () => planChoice(type, true));
  if (at + plan.need > bytes.length) throw "more";
  const way = wayOf(plan, Number(numberAt(bytes, at + plan.tag.offset, plan.tag)));
  if (way === undefined) throw "never";
  return way.type;
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #at: number;
  readonly #params: Params;
  readonly #layouts: Layouts;
  readonly #depth: number;
  readonly #marks = new Map<number, number>();
  readonly #numbers = new Map<string, number>();
  readonly #value: Record<string, unknown> = {};

  constructor(bytes: Uint8Array, at: number, params: Params, layouts: Layouts, depth: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#params = params;
    this.#layouts = layouts;
    this.#depth = depth;
  }

  place({ from, plus }: Place): number {
    if (from === "item" || from === "behind") throw new TypeError("an end is in no item");
    const base = from === "start" ? this.#at : from === "end" ? this.#bytes.length : this.#marks.get(from)!;
    return base + plus;
  }

  steps(steps: readonly EndStep[]): void {
    for (const step of steps) this.#step(step);
  }

  #step(step: EndStep): void {
    const bytes = this.#bytes;
    switch (step.step) {
      case "need":
        if (this.place(step.at) + this.#amount(step.by) + step.after > bytes.length) throw step.otherwise;
        return;
      case "reached":
        if (this.place(step.to) <= bytes.length) this.steps(step.steps);
        return;
      case "match":
        step.bytes.forEach((byte, i) => {
          const there = bytes[this.place(step.at) + i];
          if (there !== undefined && there !== byte) throw step.otherwise;
        });
        return;
      case "load": {
        const number = Number(numberAt(bytes, this.place(step.at) + step.field.offset, step.field));
        if (step.field.kind === "int" && !Number.isSafeInteger(number)) throw step.otherwise;
        const isTruth = step.field.kind === "bits" && step.field.width === 1;
        return this.#keep(step.slot, number, isTruth ? number === 1 : number);
      }
      case "clear":
        return this.#keep(step.slot, 0, 0);
      case "let":
        return this.#keep(step.slot, this.#amount(step.amount));
      case "test":
        if (step.breaches.some((breach) => breaks(breach, this.#numbers.get(key(step.slot))!))) throw step.otherwise;
        return;
      case "mark":
        this.#marks.set(step.mark, this.place(step.at) + (step.by === null ? 0 : this.#amount(step.by)));
        return;
      case "move":
        this.#marks.set(step.mark, this.#marks.get(step.mark)! + this.#amount(step.by));
        return;
      case "varint": {
        const at = this.#marks.get(step.mark)!;
        const size = sizeOfVarint(bytes, at, step.content);
        this.#marks.set(step.mark, at + size);
        if (step.slot === null) return;
        const number = varintAt(bytes.subarray(at, at + size), step.content);
        if (!Number.isSafeInteger(number)) throw step.otherwise;
        return this.#keep(step.slot, number);
      }
      case "call": {
        const type = this.#layouts.get(step.type);
        const args = type.params.map(({ name }, i) => [name, this.#evaluate(step.args[i]!) as number | boolean]);
        const at = this.#marks.get(step.mark)!;
        const end = endOf(type, bytes, this.#layouts, Object.fromEntries(args) as Params, at, this.#depth);
        this.#marks.set(step.mark, end);
        return;
      }
      case "when":
        if (this.#evaluate(step.condition) === true) this.steps(step.steps);
        return;
      case "each":
        for (let n = this.#numbers.get(key(step.count))!; n > 0; n--) this.steps(step.steps);
        return;
      case "until":
        do this.steps(step.steps);
        while (this.#evaluate(step.last, this.#numbers.get(key(step.item))) !== true);
        return;
      case "switch": {
        const on = this.#evaluate(step.on);
        const chosen =
          step.cases.find(({ values }) => values !== "else" && values.includes(on!)) ??
          step.cases.find(({ values }) => values === "else");
        if (chosen === undefined) throw step.otherwise;
        return this.steps(chosen.steps);
      }
    }
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
        return this.#numbers.get(key(amount.slot))! * amount.times;
      case "bits":
        return Math.ceil(this.#numbers.get(key(amount.slot))! / 8);
    }
  }

  #keep(slot: Slot, number: number, value: number | boolean = number): void {
    this.#numbers.set(key(slot), number);
    if (slot.as === "value") keep(this.#value, slot, value);
  }
}

function sizeOfVarint(bytes: Uint8Array, at: number, { maxBytes }: VarintContent): number {
  for (let size = 1; size <= maxBytes; size++) {
    if (at + size > bytes.length) throw "more";
    if (bytes[at + size - 1]! < 128) return size;
  }
  throw "never";
}

function varintAt(bytes: Uint8Array, { order }: VarintContent): number {
  const groups = order === "leb128" ? [...bytes].toReversed() : [...bytes];
  return Number(groups.reduce((sum, group) => (sum << 7n) | BigInt(group & 127), 0n));
}
