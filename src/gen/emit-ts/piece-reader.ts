/** Emits the reading of pieces from their plan: of what may be absent, repeated, bounded or one of several. */
import type { Expr, Field, PieceBlock } from "../ir.js";
import { camel } from "../names.js";
import type { NumberTest, Part, ReadStep, Refusal } from "../plan/plan.js";
import { labelsOf } from "./choices.js";
import { type Code, less, pos, type Cursor } from "./code.js";
import { emitExpr, memberText, typeOfExpr, type ExprNames } from "./expressions.js";
import { isConstantPiece } from "../shown.js";
import { contentType, pieceType, type Form } from "./form.js";
import { breachTest } from "./integers.js";
import { camelPath, pieceLocal } from "./paths.js";
import { sliceOf } from "./value-emitter.js";

/** What the reading of a type lends to that of its pieces. */
export interface ReadHost {
  readonly form: Form;
  readonly code: Code;
  /** The place of a rule in the tables of the format. */
  siteOf(refusal: Refusal): string;
  /** The statement that refuses by a rule. @param extra what follows the position */
  refuseAt(site: string, at: string, extra: string): string;
  /** Emits the tests of a field. @param item what follows the value in a refusal where the field is repeated */
  fieldTests(steps: readonly ReadStep[], cursor: Cursor, item: string): void;
  /** The value of a field that has been tested. */
  value(field: Field, cursor: Cursor, path: string): string;
  /** The expression for a field of a fixed part that a test has left. */
  tested(path: string): string | undefined;
}

/** The value of a part and the position behind it, as expressions. */
interface Read {
  readonly value: string;
  readonly end: string;
}

/** A part while it is read. */
interface Context {
  readonly block: PieceBlock;
  /** As locals are called: `$items$each`. */
  readonly local: string;
  /** Behind the value in a refusal: `, i` for an item. */
  readonly item: string;
  readonly start: string;
  readonly limit: string;
}

type Of<Name extends Part["part"]> = Extract<Part, { part: Name }>;

export class PieceReader {
  readonly #host: ReadHost;
  #matches = 0;

  constructor(host: ReadHost) {
    this.#host = host;
  }

  /** Reads a piece from a cursor into its local, and sets the local `behind` to where it ends. */
  read({ block, part }: Extract<ReadStep, { step: "piece" }>, cursor: Cursor, behind: string): void {
    const { code, form } = this.#host;
    const local = pieceLocal(block.name);
    const start = pos(cursor);
    const context = { block, local: `$${camel(block.name)}`, item: "", start, limit: "end" };
    if (block.condition === null) {
      const { value, end } = this.#part(part, context);
      if (!isConstantPiece(block)) code.line(`const ${local} = ${value};`);
      code.line(`const ${behind} = ${end};`);
      return;
    }
    if (!isConstantPiece(block)) code.line(`let ${local}: ${pieceType(block, form.big, form.scope)} | undefined;`);
    code.line(`let ${behind} = ${start};`);
    code.block(`if (${this.#expr(block.condition)})`, () => {
      const { value, end } = this.#part(part, context);
      if (!isConstantPiece(block)) code.line(`${local} = ${value};`);
      code.line(`${behind} = ${end};`);
    });
  }

  /** @param local as the variables of the part are called */
  #part(part: Part, context: Context, local = context.local): Read {
    switch (part.part) {
      case "list":
        return this.#list(part, context);
      case "sized":
        return this.#sized(part, context);
      case "rest": {
        const { value, end } = this.#part(part.inner, context, local);
        this.#fill(part.fill, context, end, context.limit);
        return { value, end: context.limit };
      }
      case "field":
        return this.#field(part, context);
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

  /** The test of a rule. @param actual what the refusal tells @param end where what stands inside has ended */
  #test(condition: string, refusal: Refusal, context: Context, actual = "", end = ""): void {
    this.#host.code.line(`if (${condition}) ${this.#refuse(refusal, context, actual, end)}`);
  }

  #refuse(refusal: Refusal, { start, item }: Context, actual: string, end = ""): string {
    const { from } = refusal.at;
    const at = from === "end" ? "end" : from === "behind" ? end : start;
    const told = actual === "" && item !== "" ? "undefined" : actual;
    return this.#host.refuseAt(this.#host.siteOf(refusal), at, told === "" ? "" : `, ${told}${item}`);
  }

  #tests(tests: readonly NumberTest[], number: string, context: Context): void {
    for (const { breach, otherwise } of tests) this.#test(breachTest(breach, number), otherwise, context, number);
  }

  #list({ repeat, tests, least, short, most, item, stays, fewest }: Of<"list">, context: Context): Read {
    const { code, form } = this.#host;
    const { block, local, start } = context;
    const p = `${local}$p`;
    const each = { ...context, local: `${local}$each`, item: ", i", start: p };
    const count = `${local}$n`;
    if (repeat.by === "count") {
      code.line(`const ${count} = ${this.#expr(repeat.count)};`);
      this.#tests(tests, count, context);
      // A count is tested against the bytes that there are, so that nothing is allocated on its word.
      const need = least === 1 ? count : `${count} * ${least}`;
      const room = less("end", start);
      if (least > 0) this.#test(`!(${need} <= ${room})`, short, context, `\`\${${room}} of \${${need}} bytes\``);
    }
    const list = `${local}$list`;
    const type = pieceType(block, form.big, form.scope);
    const isKnown = repeat.by === "count" && least > 0;
    code.line(`const ${list}: ${type} = ${isKnown ? `new Array(${count})` : "[]"};`);
    code.line(`let ${p} = ${start};`);
    const end = repeat.by === "count" ? `i < ${count}` : repeat.by === "end" ? `${p} < end` : "";
    code.block(`for (let i = 0; ${end}; i++)`, () => {
      if (most !== null)
        code.line(`if (i >= ${most.max}) ${this.#refuse(most.otherwise, { ...each, item: "" }, "i + 1")}`);
      const { value, end: behind } = this.#part(item, each);
      code.line(`const ${each.local} = ${value};`);
      code.line(isKnown ? `${list}[i] = ${each.local};` : `${list}.push(${each.local});`);
      if (stays !== null) code.line(`const ${local}$at = ${p};`);
      code.line(`${p} = ${behind};`);
      if (repeat.by === "until") code.line(`if (${this.#expr(repeat.until, each.local)}) break;`);
      if (stays !== null) this.#test(`${p} === ${local}$at`, stays, each, "0");
    });
    if (fewest !== null) this.#test(`${list}.length < ${fewest.min}`, fewest.otherwise, context, `${list}.length`);
    return { value: list, end: p };
  }

  #sized({ size, tests, short, inner, fill }: Of<"sized">, context: Context): Read {
    const { code } = this.#host;
    const { local, start, limit } = context;
    const bytes = `${local}$size`;
    const end = `${local}$end`;
    code.line(`const ${bytes} = ${this.#expr(size)};`);
    this.#tests(tests, bytes, context);
    const room = less(limit, start);
    this.#test(`!(${bytes} <= ${room})`, short, context, `\`\${${room}} of \${${bytes}} bytes\``);
    code.line(`const ${end} = ${start} + ${bytes};`);
    const read = this.#part(inner, { ...context, limit: end });
    this.#fill(fill, context, read.end, end);
    return { value: read.value, end };
  }

  #fill(fill: Refusal | null, context: Context, at: string, end: string): void {
    if (fill !== null) this.#test(`${at} !== ${end}`, fill, context, `\`\${${less(end, at)}} bytes\``, at);
  }

  #field({ field, isCovered, short, steps }: Of<"field">, context: Context): Read {
    const { start, limit, item } = context;
    const room = less(limit, start);
    if (!isCovered) this.#test(`${room} < ${field.size}`, short, context, `\`\${${room}} bytes\``);
    const cursor: Cursor = { base: start, add: 0 };
    this.#host.fieldTests(steps, cursor, item);
    const end = `${start} + ${field.size}`;
    if (field.kind === "const") return { value: "undefined", end };
    return { value: this.#host.value({ ...field, name: "" } as Field, cursor, camelPath(short.path)), end };
  }

  #bytes({ tests, text, otherwise }: Of<"bytes">, context: Context, local: string): Read {
    const { code, form } = this.#host;
    const { start, limit } = context;
    this.#tests(tests, less(limit, start), context);
    if (text === null) return { value: sliceOf(start, less(limit, start), form.scope.use("next")), end: limit };
    const read = form.scope.use(text === "ascii" ? "asciiAt" : "textAt");
    code.line(`const ${local}$t = ${read}(bytes, ${start}, ${limit});`);
    this.#test(`${local}$t === undefined`, otherwise, context);
    return { value: `${local}$t`, end: limit };
  }

  #varint({ content, short, range }: Of<"varint">, context: Context, local: string): Read {
    const { code, form } = this.#host;
    const { start, limit, item } = context;
    const isBig = contentType(content, form.big, form.scope) === "bigint";
    const { sites, scope } = form;
    // The runtime names the rule behind this one where the number is too large or too long.
    const path = camelPath(short.path);
    const site = sites.addPair([short.code, path, short, short.expected], [range.code, path, range, range.expected]);
    const call = `${scope.use("readVarint")}(bytes, ${start}, ${limit}, ${isBig}, ${content.order === "leb128"}, ${content.maxBytes}, ${site}${item})`;
    code.line(`const ${local}$v = ${call};`);
    code.line(`if (${local}$v === undefined) return undefined;`);
    return { value: `${local}$v`, end: this.#behind(context, local) };
  }

  #call({ content, within }: Of<"call">, context: Context, local: string): Read {
    const { code, form } = this.#host;
    const { scope } = form;
    const big = form.big && scope.isWide(content.type);
    const args = content.args.map((arg) => `${this.#expr(arg)}, `).join("");
    const call = `${scope.functionOf("take", content.type, big)}(bytes, ${args}${context.start}, ${context.limit})`;
    code.line(`const ${local}$v = ${call};`);
    code.line(
      `if (${local}$v === undefined) return ${scope.use("within")}(${this.#host.siteOf(within)}${context.item});`,
    );
    return { value: `${local}$v`, end: this.#behind(context, local) };
  }

  /** Where the reader of a type has ended. Nobody asks where what follows is passed over. */
  #behind({ block }: Context, local: string): string {
    const { code, form } = this.#host;
    if (block.open) return "";
    code.line(`const ${local}$e = ${form.scope.use("next")}.at;`);
    return `${local}$e`;
  }

  #choice({ content, cases, otherwise }: Of<"choice">, context: Context, local: string): Read {
    const { code, form } = this.#host;
    const isOpen = context.block.open;
    const id = this.#matches++ === 0 ? "" : String(this.#matches);
    const tag = `${local}$tag${id}`;
    const value = `${local}$c${id}`;
    const end = `${local}$ce${id}`;
    code.line(`const ${tag} = ${this.#expr(content.on)} as ${typeOfExpr(content.on)};`);
    code.line(`let ${value}: ${contentType(content, form.big, form.scope)};`);
    if (!isOpen) code.line(`let ${end}: number;`);
    const body = (part: Part, index: number): void => {
      const read = this.#part(part, context, `${local}$${index}`);
      code.line(`${value} = ${read.value};`);
      if (!isOpen) code.line(`${end} = ${read.end};`);
      code.line("break;");
    };
    code.block(`switch (${tag})`, () => {
      cases.forEach(({ values, part }, index) => {
        if (values === "else") return;
        const [others, last] = labelsOf(values);
        for (const label of others) code.line(label);
        code.block(last, () => body(part, index));
      });
      const other = cases.findIndex(({ values }) => values === "else");
      code.block("default:", () => {
        if (other >= 0) body(cases[other]!.part, other);
        else code.line(this.#refuse(otherwise, context, tag));
      });
    });
    return { value, end };
  }

  #expr(e: Expr, item = ""): string {
    return emitExpr(e, this.#names(item));
  }

  #names(item: string): ExprNames {
    const { form, tested } = this.#host;
    return {
      item,
      use: (helper) => form.scope.use(helper),
      field: (path, type) => {
        const [first, ...members] = path;
        const piece = form.blocks.find((block) => block.block === "piece" && block.name === first);
        if (piece?.block === "piece") {
          return numeric(
            memberText(pieceLocal(first!), members, piece.condition !== null, form.isBigint(path) ? "bigint" : type),
            path,
            form,
          );
        }
        const known = tested(path.map(camel).join(".")) ?? `$${path.map(camel).join("_")}`;
        return /^[\w$]+$/.test(known) ? numeric(known, path, form) : `(${known})`;
      },
    };
  }
}

/** A number where the form has a bigint. */
function numeric(text: string, path: readonly string[], form: Form): string {
  return form.isBigint(path) ? `Number(${text})` : text;
}
