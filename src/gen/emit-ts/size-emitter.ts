/** Emits how many bytes values take, from their plan. */
import type { PieceBlock } from "../ir.js";
import { camel } from "../names.js";
import type { Refusal } from "../plan/plan.js";
import type { Measure, SizeStep, WritePart } from "../plan/write-plan.js";
import { isConstantPiece } from "../shown.js";
import { labelsOf } from "./choices.js";
import { Code, shareOf } from "./code.js";
import { typeOfExpr } from "./expressions.js";
import { contentType, type Form } from "./form.js";
import { camelPath, names, siteOf } from "./paths.js";
import { emitValueExpr, insideText, listText } from "./piece-writer.js";

/** A part while it is measured. */
interface Context {
  readonly block: PieceBlock;
  /** The expression of the value. */
  readonly value: string;
  readonly item: string;
}

/** Emits how many bytes the members of a value take. */
export class SizeEmitter {
  readonly #form: Form;
  readonly #code: Code;
  readonly #at: string;
  readonly #target: string;

  /** @param at what refusals tell as their place @param target the variable that bytes are added to */
  constructor(form: Form, code: Code, at: string, target = "$$size") {
    this.#form = form;
    this.#code = code;
    this.#at = at;
    this.#target = target;
  }

  add(step: SizeStep): void {
    const { scope } = this.#form;
    switch (step.step) {
      case "object": {
        const { slot, otherwise } = step;
        const value = slot.of === "" ? "value" : memberOf(slot.of);
        this.#code.line(`${this.#call("requireObject", otherwise, value)};`);
        return;
      }
      case "bytes":
        return this.#add(`${scope.use(step.text === null ? "bytesLength" : "utf8Length")}(${memberOf(step.slot.of)})`);
      case "items": {
        const count = `${this.#call("listOf", step.otherwise, memberOf(step.slot.of))}.length`;
        return this.#add(step.size === "bit" ? `Math.ceil(${count} / 8)` : `${step.size} * ${count}`);
      }
      case "measure":
        return this.measure(step);
      case "measured":
        return this.#add(countOf(step.slot.of));
      case "varint": {
        const { slot, minus, by } = step.amount;
        return this.#add(`${scope.use("varintLength")}(${shareOf(countOf(slot.of), minus, by)})`);
      }
      case "piece":
        return this.#piece(step.block, step.part);
    }
  }

  /** Sets the local for the bytes or items of a piece. */
  measure({ block, part }: Measure): void {
    const count = countOf(block.name);
    if (part.part === "list") {
      const list = this.#call("listOf", part.mistaken, memberOf(block.name));
      this.#code.line(`const ${count} = ${list}.length;`);
      return;
    }
    this.#code.line(`let ${count} = 0;`);
    this.#code.block("", () => new SizeEmitter(this.#form, this.#code, this.#at, count).#piece(block, part));
  }

  #add(bytes: string | number): void {
    this.#code.line(`${this.#target} += ${bytes};`);
  }

  #call(helper: string, refusal: Refusal, value: string): string {
    const { scope, written } = this.#form;
    return `${scope.use(helper)}(${siteOf(written, refusal)}, ${this.#at}, ${value})`;
  }

  #piece(block: PieceBlock, part: WritePart): void {
    if (isConstantPiece(block)) {
      const condition = block.condition === null ? "" : `if (${emitValueExpr(block.condition, this.#form)}) `;
      this.#code.line(`${condition}${this.#target} += ${constantOf(part)};`);
      return;
    }
    const value = memberOf(block.name);
    const emit = (): void => this.#part(part, { block, value, item: "" });
    if (block.condition === null) emit();
    else this.#code.block(`if (${value} !== undefined)`, emit);
  }

  #part(part: WritePart, context: Context): void {
    const { scope, big } = this.#form;
    const { value } = context;
    const constant = constantOf(part);
    if (constant !== null) return this.#add(constant);
    switch (part.part) {
      case "list":
        return this.#list(part, context);
      case "sized":
        return this.#sized(part, context);
      case "field":
        return this.#add(part.field.size);
      case "bytes":
        return this.#add(`${scope.use(part.content.text === null ? "bytesLength" : "utf8Length")}(${value})`);
      case "varint":
        return this.#add(`${scope.use("varintLength")}(${value} as number | bigint)`);
      case "call": {
        const { content, within } = part;
        const name = scope.functionOf("size", content.type, big && scope.isWide(content.type));
        const args = content.args.map((arg) => `, ${emitValueExpr(arg, this.#form)}`).join("");
        const type = contentType(content, big, scope);
        const call = `${this.#target} += ${name}(${value} as ${type}${args});`;
        this.#code.line(insideText(call, this.#form, within, context.item));
        return;
      }
      case "choice": {
        const { content, cases } = part;
        this.#code.block(`switch (${emitValueExpr(content.on, this.#form)} as ${typeOfExpr(content.on)})`, () => {
          for (const { values, part: each } of cases) {
            const [others, last] = labelsOf(values);
            for (const label of [...others, last]) this.#code.line(label);
            this.#part(each, context);
            this.#code.line("break;");
          }
        });
        return;
      }
    }
  }

  #list({ mistaken, item }: Extract<WritePart, { part: "list" }>, { block, value }: Context): void {
    const list = listText(this.#form, mistaken, this.#at, value, block.content);
    const constant = constantOf(item);
    if (constant !== null) return this.#add(`${constant} * (${list}).length`);
    const local = `$${camel(block.name)}`;
    const each = `${local}$each`;
    this.#code.line(`const ${local}$list = ${list};`);
    const body = new Code();
    new SizeEmitter(this.#form, body, this.#at, this.#target).#part(item, { block, value: each, item: ", i" });
    this.#code.block(`for (let i = 0; i < ${local}$list.length; i++)`, () => {
      // Where a choice is between fields of fixed size, the items themselves say nothing.
      if (names(String(body), each)) this.#code.line(`const ${each} = ${local}$list[i]!;`);
      this.#code.text(String(body));
    });
  }

  #sized({ size, isOpen, inner }: Extract<WritePart, { part: "sized" }>, context: Context): void {
    if (!isOpen) return this.#part(inner, context);
    // What is left of the bytes is filled.
    const need = `$${camel(context.block.name)}$need`;
    this.#code.line(`let ${need} = 0;`);
    new SizeEmitter(this.#form, this.#code, this.#at, need).#part(inner, context);
    this.#add(`Math.max(${need}, ${emitValueExpr(size, this.#form)})`);
  }
}

/** The bytes of a part where they are known from the spec. */
function constantOf(part: WritePart): number | null {
  if (part.part === "field") return part.field.size;
  if (part.part !== "sized") return null;
  return part.size.op === "int" ? part.size.value : constantOf(part.inner);
}

function memberOf(path: string): string {
  return `value.${camelPath(path)}`;
}

/** The local for the bytes or items of a piece. */
function countOf(name: string): string {
  return `$${camel(name)}$count`;
}
