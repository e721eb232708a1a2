/** Emits the writing of pieces from their plan. */
import { isDerivedFrom, type Content, type Expr } from "../ir.js";
import { camel } from "../names.js";
import type { NumberTest, Place, Refusal } from "../plan/plan.js";
import type { WritePart, WriteStep } from "../plan/write-plan.js";
import { isConstantPiece } from "../shown.js";
import { labelsOf } from "./choices.js";
import { less, pos, type Code, type Cursor } from "./code.js";
import { emitExpr, memberText, typeOfExpr } from "./expressions.js";
import { contentType, type Form } from "./form.js";
import { breachTest } from "./integers.js";
import { localOf, pieceLocal, siteOf, tagLocal } from "./paths.js";

/** What the writing of a type lends to that of its pieces. */
export interface WriteHost {
  readonly form: Form;
  readonly code: Code;
  /** The statement that refuses. @param extra what follows the position: `, actual, item` */
  fail(refusal: Refusal, at: string, extra: string): string;
  /** The same for what may be no bytes at all. */
  failBytes(refusal: Refusal, at: string, extra: string): string;
  /**
   * Emits the writing of a field.
   * @param source the expression of its value
   * @param index what follows it in a refusal
   */
  field(path: string, source: string, start: string, index: string, steps: readonly WriteStep[]): void;
  cursor(place: Place): Cursor;
}

/** A part while it is written. */
interface Context {
  readonly piece: Extract<WriteStep, { step: "piece" }>;
  readonly local: string;
  /** Behind the value in a refusal: `, i` for an item. */
  readonly item: string;
  /** The expression of the value. */
  readonly value: string;
  /** The value is of one of several types. */
  readonly isCase: boolean;
  readonly start: string;
}

type Of<Name extends WritePart["part"]> = Extract<WritePart, { part: Name }>;

/** An expression over the value that is written. */
export function emitValueExpr(e: Expr, form: Form, item = ""): string {
  return emitExpr(e, {
    item,
    use: (helper) => form.scope.use(helper),
    field: (path, type) => {
      const [first, ...members] = path;
      let optional = false;
      if (form.tags.has(first!)) return tagLocal(first!);
      for (const block of form.blocks) {
        if (block.block === "fixed") {
          const field = block.fields.find((each) => each.name === first);
          if (field !== undefined && isDerivedFrom(field, "extent")) return localOf(camel(first!));
        } else if (block.name === first && block.block === "piece") {
          if (block.content.content === "varint" && block.content.derive !== null) return pieceLocal(first);
          optional = block.condition !== null;
        }
      }
      const text = memberText(`value.${camel(first!)}`, members, optional, form.isBigint(path) ? "bigint" : type);
      return form.isBigint(path) ? `Number(${text})` : text;
    },
  });
}

/** Emits the writing of pieces. */
export class PieceWriter {
  readonly #host: WriteHost;

  constructor(host: WriteHost) {
    this.#host = host;
  }

  /** Writes a piece at a cursor and sets its mark to where it ends. */
  write(piece: Extract<WriteStep, { step: "piece" }>, cursor: Cursor): void {
    const { code, form, fail } = this.#host;
    const { block, mark, agrees, part, isWatched, isGreedy } = piece;
    const behind = `$$p${mark}`;
    const value = `value.${camel(block.name)}`;
    const start = pos(cursor);
    const context = { piece, local: `$${camel(block.name)}`, item: "", value, isCase: false, start };
    if (isWatched) code.line(`let ${toEnd(context)} = -1;`);
    if (block.condition === null) {
      code.line(`const ${behind} = ${this.#part(part, context)};`);
      return;
    }
    const condition = emitValueExpr(block.condition, form);
    code.line(`let ${behind} = ${start};`);
    if (agrees !== null) code.line(`if (${condition} !== (${value} !== undefined)) ${fail(agrees, start, "")}`);
    code.block(`if (${isConstantPiece(block) ? condition : `${value} !== undefined`})`, () => {
      code.line(`${behind} = ${this.#part(part, context)};`);
      if (isGreedy) code.line(`if (${toEnd(context)} < 0) ${toEnd(context)} = ${behind};`);
    });
  }

  /** @param local as the variables of the part are called @returns where it ends */
  #part(part: WritePart, context: Context, local = context.local): string {
    switch (part.part) {
      case "list":
        return this.#list(part, context);
      case "sized":
        return this.#sized(part, context);
      case "field": {
        const { block } = context.piece;
        const path = block.repeat === null ? block.name : `${block.name}[*]`;
        const source = this.#typed({ content: "field", field: part.field }, context);
        this.#host.field(path, source, context.start, context.item, part.steps);
        return `${context.start} + ${part.field.size}`;
      }
      case "bytes":
        return this.#bytes(part, context, local);
      case "varint":
        return this.#varint(part, context, local);
      case "call":
        return this.#call(part, context, local);
      case "choice":
        return this.#choice(part, context, local);
    }
  }

  /** The test of a rule. @param actual what the refusal tells */
  #test(condition: string, refusal: Refusal, { start, item }: Context, actual: string): void {
    const told = actual === "" && item !== "" ? "undefined" : actual;
    const extra = told === "" ? "" : `, ${told}${item}`;
    this.#host.code.line(`if (${condition}) ${this.#host.fail(refusal, start, extra)}`);
  }

  #tests(tests: readonly NumberTest[], number: string, context: Context): void {
    for (const { breach, otherwise } of tests) this.#test(breachTest(breach, number), otherwise, context, number);
  }

  #list({ repeat, mistaken, tests, agrees, behind, item, last }: Of<"list">, context: Context): string {
    const { code, form } = this.#host;
    const { local, start } = context;
    const list = `${local}$list`;
    const count = `${list}.length`;
    const p = `${local}$p`;
    code.line(`const ${list} = ${listText(form, mistaken, start, context.value, context.piece.block.content)};`);
    this.#tests(tests, count, context);
    if (repeat.by === "count" && agrees !== null)
      this.#test(`${count} !== ${emitValueExpr(repeat.count, form)}`, agrees, context, count);
    code.line(`let ${p} = ${start};`);
    code.block(`for (let i = 0; i < ${count}; i++)`, () => {
      const each = `${local}$each`;
      code.line(`const ${each} = ${list}[i]!;`);
      const inner = { ...context, local: each, item: ", i", value: each, start: p };
      if (behind !== null) this.#test(`${toEnd(context)} >= 0`, behind, inner, "");
      code.line(`${p} = ${this.#part(item, inner)};`);
      if (repeat.by === "until" && last !== null)
        this.#test(`${emitValueExpr(repeat.until, form, each)} !== (i === ${count} - 1)`, last, inner, "");
    });
    return p;
  }

  #sized({ size, isOpen, inner, otherwise }: Of<"sized">, context: Context): string {
    const { code, form } = this.#host;
    const { start, local } = context;
    const behind = this.#part(inner, context);
    const bytes = emitValueExpr(size, form);
    const end = `${local}$end`;
    code.line(`const ${end} = ${behind};`);
    const written = less(end, start);
    this.#test(`${written} ${isOpen ? ">" : "!=="} ${bytes}`, otherwise, context, written);
    if (!isOpen) return end;
    code.line(`bytes.fill(0, ${end}, ${start} + ${bytes});`);
    return `${start} + ${bytes}`;
  }

  #bytes({ content, tests, otherwise }: Of<"bytes">, context: Context, local: string): string {
    const { code, form, failBytes } = this.#host;
    const { scope } = form;
    const { start, value, item } = context;
    if (tests.length > 0)
      this.#tests(tests, `${scope.use(content.text === null ? "bytesLength" : "utf8Length")}(${value})`, context);
    if (content.text !== null) {
      const behind = `${local}$e`;
      const isAscii = content.text === "ascii";
      code.line(`const ${behind} = ${scope.use("writeText")}(bytes, ${start}, ${value}, ${isAscii});`);
      code.line(`if (${behind} < 0) ${this.#host.fail(otherwise, start, `, undefined${item}`)}`);
      return behind;
    }
    const held = `${local}$b`;
    code.line(`const ${held} = ${this.#typed(content, context)};`);
    const refusal = failBytes(otherwise, start, `, ${held}${item}`);
    code.line(`if (${scope.use("lengthOf")}(${held}) < 0) ${refusal}`);
    code.line(`bytes.set(${held}, ${start});`);
    return `${start} + ${held}.length`;
  }

  #varint({ content, amount, otherwise }: Of<"varint">, context: Context, local: string): string {
    const { code, form } = this.#host;
    const { start } = context;
    const shown = amount === null ? this.#typed(content, context) : pieceLocal(context.piece.block.name);
    const end = `${local}$e`;
    const args = `${start}, ${shown}, ${content.order === "leb128"}, ${content.maxBytes}`;
    code.line(`const ${end} = ${form.scope.use("writeVarint")}(bytes, ${args});`);
    this.#test(`${end} < 0`, otherwise, context, shown);
    return end;
  }

  #call({ content, within, tellsReach }: Of<"call">, context: Context, local: string): string {
    const { code, form } = this.#host;
    const { scope } = form;
    const name = scope.functionOf("put", content.type, form.big && scope.isWide(content.type));
    const args = content.args.map((arg) => `${emitValueExpr(arg, form)}, `).join("");
    code.line(`let ${local}$e: number;`);
    const call = `${local}$e = ${name}(${this.#typed(content, context)}, ${args}bytes, ${context.start});`;
    code.line(insideText(call, form, within, context.item));
    const end = `${local}$e`;
    if (tellsReach) code.line(`if (${scope.use("next")}.toEnd && ${toEnd(context)} < 0) ${toEnd(context)} = ${end};`);
    return end;
  }

  #choice({ content, cases, otherwise }: Of<"choice">, context: Context, local: string): string {
    const { code, form } = this.#host;
    const end = `${local}$ce`;
    code.line(`let ${end}: number;`);
    code.line(`const ${local}$tag = ${emitValueExpr(content.on, form)} as ${typeOfExpr(content.on)};`);
    code.block(`switch (${local}$tag)`, () => {
      cases.forEach(({ values, part, isGreedy }, index) => {
        const [others, last] = labelsOf(values);
        for (const label of others) code.line(label);
        code.block(last, () => {
          code.line(`${end} = ${this.#part(part, { ...context, isCase: true }, `${local}$${index}`)};`);
          if (isGreedy) code.line(`if (${toEnd(context)} < 0) ${toEnd(context)} = ${end};`);
          code.line("break;");
        });
      });
      if (!cases.some(({ values }) => values === "else"))
        code.line(`default: ${this.#host.fail(otherwise, context.start, `, ${local}$tag${context.item}`)}`);
    });
    return end;
  }

  #typed(content: Content, { isCase, value }: Context): string {
    const { form } = this.#host;
    return isCase ? `(${value} as ${contentType(content, form.big, form.scope, true)})` : value;
  }
}

/** The local for where the first value that takes all bytes that are left ends. */
function toEnd({ piece }: Context): string {
  return `$${camel(piece.block.name)}$toEnd`;
}

/** The items of what has to be a list. */
export function listText(form: Form, mistaken: Refusal, at: string, value: string, content: Content): string {
  const { scope, written, big } = form;
  const type = contentType(content, big, scope);
  return `${scope.use("listOf")}(${siteOf(written, mistaken)}, ${at}, ${value}) as readonly (${type})[]`;
}

/** A statement whose refusals get the path of what holds the value. */
export function insideText(statement: string, { scope, written }: Form, within: Refusal, item: string): string {
  const path = `${siteOf(written, within)}${item}`;
  return `try { ${statement} } catch (error) { throw ${scope.use("inside")}(error, ${path}); }`;
}
