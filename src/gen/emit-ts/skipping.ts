/** Emits how the end of a value is found without reading it, from its plan. */
import type { Expr, TypeRef } from "../ir.js";
import { camel } from "../names.js";
import type { ChoicePlan, Way } from "../plan/choice.js";
import { planEnd } from "../plan/end.js";
import type { Amount, Place, Slot, EndStep, Unknown } from "../plan/plan.js";
import { slotKey } from "../plan/unasked.js";
import { emitTagSwitch, labelsOf } from "./choices.js";
import { Code, pos, type Cursor } from "./code.js";
import { emitExpr, typeOfExpr } from "./expressions.js";
import type { Form, Scope } from "./form.js";
import { breachTest, isWide, readBits, readInteger } from "./integers.js";
import { camelPath, localOf, marked, pieceLocal } from "./paths.js";

/** What emitted code returns where the end is not told. */
export type Answers = Readonly<Record<Unknown, string>>;

/** Of a function that answers a position otherwise. */
const SKIPPED: Answers = { more: "-1", never: "-2" };

/**
 * `function $skipT(…): number`: the position behind the value, which may lie behind the bytes that there are; -1 where
 * more bytes are needed to tell, -2 where no value starts so.
 */
export function emitSkip(form: Form, name: string, code: Code): void {
  const body = new Code();
  const { steps, end } = planEnd(form.blocks);
  new StepWriter(form, body, SKIPPED).write(steps);
  body.line(`return ${pos(cursorOf(end))};`);
  const text = String(body);
  const head = `function ${name}(${marked("bytes", text)}: Uint8Array, ${form.paramsOf(text)}at: number, ${marked("end", text)}: number): number`;
  code.block(head, () => code.text(text));
}

/** A position of a plan in emitted code. */
export function cursorOf({ from, plus }: Place): Cursor {
  if (from === "item" || from === "behind") throw new TypeError("what has no place of its own has no cursor");
  return { base: from === "start" ? "at" : from === "end" ? "end" : `$$p${from}`, add: plus };
}

/** Emits steps that find the end of a value. */
export class StepWriter {
  readonly #form: Form;
  readonly #answers: Answers;
  #code: Code;
  /** Marks that steps move, and slots that are set again. */
  readonly #moved = new Set<number>();
  readonly #cleared = new Set<string>();

  constructor(form: Form, code: Code, answers: Answers) {
    this.#form = form;
    this.#code = code;
    this.#answers = answers;
  }

  write(steps: readonly EndStep[]): void {
    this.#note(steps);
    this.#steps(steps);
  }

  #note(steps: readonly EndStep[]): void {
    for (const step of steps) {
      if (step.step === "move" || step.step === "varint" || step.step === "call") this.#moved.add(step.mark);
      if (step.step === "clear") this.#cleared.add(slotKey(step.slot));
      if (step.step === "switch") for (const each of step.cases) this.#note(each.steps);
      if ("steps" in step) this.#note(step.steps);
    }
  }

  #steps(steps: readonly EndStep[]): void {
    for (const step of steps) this.#step(step);
  }

  #line(text: string): void {
    this.#code.line(text);
  }

  #step(step: EndStep): void {
    switch (step.step) {
      case "need": {
        const { base } = cursorOf(step.at);
        return this.#line(`if (end - ${base} < ${this.#amount(step.by)}) return ${this.#answers[step.otherwise]};`);
      }
      case "reached":
        this.#code.block(`if (end - at >= ${step.to.plus})`, () => this.#steps(step.steps));
        return;
      case "match": {
        const tests = step.bytes.map((byte, i) => {
          const place = pos(cursorOf(step.at), i);
          return `end > ${place} && bytes[${place}] !== ${byte}`;
        });
        return this.#line(`if (${anyOf(tests)}) return ${this.#answers[step.otherwise]};`);
      }
      case "load":
        return this.#load(step);
      case "clear":
        return this.#line(`let ${this.#local(step.slot)} = 0;`);
      case "let":
        return this.#line(`const ${this.#local(step.slot)} = ${this.#amount(step.amount)};`);
      case "test": {
        const { slot, field, breaches } = step;
        const isTruth = field?.kind === "bits" && field.width === 1 && !this.#cleared.has(slotKey(slot));
        const value = isTruth ? `Number(${this.#local(slot)})` : this.#local(slot);
        const tests = breaches.map((breach) => breachTest(breach, value));
        return this.#line(`if (${anyOf(tests)}) return ${this.#answers[step.otherwise]};`);
      }
      case "mark": {
        const by = step.by === null ? "" : ` + ${this.#amount(step.by)}`;
        const keyword = this.#moved.has(step.mark) ? "let" : "const";
        return this.#line(`${keyword} $$p${step.mark} = ${pos(cursorOf(step.at))}${by};`);
      }
      case "move":
        return this.#line(`$$p${step.mark} += ${this.#amount(step.by)};`);
      case "varint":
        return this.#varint(step);
      case "call": {
        const p = `$$p${step.mark}`;
        const args = step.args.map((arg) => `${this.#expr(arg)}, `).join("");
        this.#line(`${p} = ${this.#form.scope.functionOf("skip", step.type, false)}(bytes, ${args}${p}, end);`);
        return this.#line(`if (${p} < 0) return ${p};`);
      }
      case "when":
        this.#code.block(`if (${this.#expr(step.condition)})`, () => this.#steps(step.steps));
        return;
      case "each":
        this.#code.block(`for (let i = 0; i < ${this.#local(step.count)}; i++)`, () => this.#steps(step.steps));
        return;
      case "until":
        this.#code.block("for (;;)", () => {
          this.#steps(step.steps);
          this.#line(`if (${this.#expr(step.last, this.#local(step.item))}) break;`);
        });
        return;
      case "switch":
        return this.#switch(step);
    }
  }

  #load({ slot, field, at, otherwise }: Extract<EndStep, { step: "load" }>): void {
    const local = this.#local(slot);
    const isSet = this.#cleared.has(slotKey(slot));
    const cursor = cursorOf(at);
    const bits = field.kind === "bits" ? readBits("bytes", field, cursor) : "";
    const value =
      field.kind === "int" ? readInteger("bytes", field, cursor, "number") : isSet ? `Number(${bits})` : bits;
    this.#line(`${isSet ? "" : "const "}${local} = ${value};`);
    if (isWide(field)) this.#line(`if (!Number.isSafeInteger(${local})) return ${this.#answers[otherwise]};`);
  }

  #varint({ mark, slot, name, content, otherwise }: Extract<EndStep, { step: "varint" }>): void {
    const { scope } = this.#form;
    const p = `$$p${mark}`;
    const behind = `$${camel(name)}$e`;
    this.#line(`const ${behind} = ${scope.use("skipVarint")}(bytes, ${p}, end, ${content.maxBytes});`);
    this.#line(`if (${behind} < 0) return ${behind};`);
    if (slot !== null) {
      const local = this.#local(slot);
      const keyword = this.#cleared.has(slotKey(slot)) ? "" : "const ";
      this.#line(
        `${keyword}${local} = ${scope.use("varintAt")}(bytes, ${p}, ${behind}, ${content.order === "leb128"});`,
      );
      this.#line(`if (!Number.isSafeInteger(${local})) return ${this.#answers[otherwise]};`);
    }
    this.#line(`${p} = ${behind};`);
  }

  #switch({ on, cases, otherwise }: Extract<EndStep, { step: "switch" }>): void {
    this.#code.block(`switch (${this.#expr(on)} as ${typeOfExpr(on)})`, () => {
      for (const { values, steps } of cases) {
        const [others, last] = labelsOf(values);
        for (const label of others) this.#line(label);
        this.#code.block(last, () => {
          this.#steps(steps);
          this.#line("break;");
        });
      }
      if (!cases.some(({ values }) => values === "else")) this.#line(`default: return ${this.#answers[otherwise]};`);
    });
  }

  #amount(amount: Amount): string {
    switch (amount.is) {
      case "number":
        return String(amount.value);
      case "expression": {
        const value = this.#expr(amount.of);
        return amount.plus === 0 ? value : `${value} ${amount.plus > 0 ? "+" : "-"} ${Math.abs(amount.plus)}`;
      }
      case "slot":
        return amount.times === 1 ? this.#local(amount.slot) : `${this.#local(amount.slot)} * ${amount.times}`;
      case "bits":
        return `Math.ceil(${this.#local(amount.slot)} / 8)`;
    }
  }

  #isPiece(name: string): boolean {
    return this.#form.blocks.some((block) => block.block === "piece" && block.name === name);
  }

  #local({ of, as }: Slot): string {
    const name = camelPath(of);
    switch (as) {
      case "value":
        return this.#isPiece(of) ? pieceLocal(of) : localOf(name);
      case "count":
        return `$${name}$${this.#isPiece(of) ? "n" : "count"}`;
      case "item":
        return `$${name}$each`;
      default:
        return `$${name}$${as}`;
    }
  }

  #expr(e: Expr, item = ""): string {
    return emitExpr(e, {
      item,
      use: (helper) => this.#form.scope.use(helper),
      field: (path, type) => {
        const local = this.#local({ of: path.join("."), as: "value" });
        // What can be absent is a number here, whatever it is in values.
        return type === "boolean" && this.#cleared.has(slotKey({ of: path.join("."), as: "value" }))
          ? `(${local} === 1)`
          : local;
      },
    });
  }
}

function anyOf(tests: readonly string[]): string {
  return tests.length === 1 ? tests[0]! : tests.map((test) => `(${test})`).join(" || ");
}

/** `$skipT` of a type whose tag decides between layouts. */
export function emitSkipUnion(plan: ChoicePlan, ref: TypeRef, scope: Scope, code: Code): void {
  const name = scope.functionOf("skip", ref, false);
  code.block(`function ${name}(bytes: Uint8Array, at: number, end: number): number`, () => {
    code.line(`if (end - at < ${plan.need}) return ${SKIPPED.more};`);
    const on = readInteger("bytes", plan.tag, { base: "at", add: 0 }, "number");
    const call = ({ type }: Way): string =>
      `${scope.functionOf("skip", { name: type.name, module: ref.module }, false)}(bytes, at, end)`;
    emitTagSwitch(plan, on, code, call, SKIPPED.never);
  });
}
