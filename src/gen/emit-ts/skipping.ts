/** Emits how the end of a value is found without reading it, for those who cut a stream into values. */
import type { Content, Expr, Field, PieceBlock, Type, TypeRef } from "../ir.js";
import { camel } from "../names.js";
import { advance, Code, pos, type Cursor } from "./code.js";
import { emitExpr, typeOfExpr } from "./expressions.js";
import { extentOf, type Form, type Scope } from "./form.js";
import { bounds, isWide, readBits, readInteger } from "./integers.js";
import { localOf, marked, paramLocal, pieceLocal, wordCounts } from "./paths.js";

/** What a function that skips answers instead of a position. */
const MORE = "-1";
const NEVER = "-2";

/**
 * True when the end of a value can be found in its own bytes, and what that takes are numbers: nothing reaches to the
 * end of the stream, and no condition asks for a text or for a member of a value that would have to be made.
 */
export function canSkip(type: Type, scope: Scope, seen: Set<Type> = new Set()): boolean {
  // One that is asked about already says no for the whole, or nothing.
  if (seen.has(type)) return true;
  seen.add(type);
  const { body } = type;
  if (body.shape === "union") return body.variants.every((variant) => canSkip(variant.type, scope, seen));
  return body.blocks.every((block) => {
    if (block.block === "fixed") return true;
    if (block.block !== "piece") return extentOf(block).from !== "rest";
    const { condition, repeat, size } = block;
    if (size === "rest" || repeat?.by === "end") return false;
    const asked = [condition, size, repeat?.by === "count" ? repeat.count : null, ...askedBy(block.content)];
    if (repeat?.by === "until" && !isPlain(repeat.until, body.blocks)) return false;
    if (repeat?.by === "until" && block.content.content !== "field" && block.content.content !== "varint") return false;
    if (!asked.every((e) => e === null || isPlain(e, body.blocks))) return false;
    return size !== null || contentCanSkip(block.content, scope, seen);
  });
}

function contentCanSkip(content: Content, scope: Scope, seen: Set<Type>): boolean {
  if (content.content === "type") return canSkip(scope.layout(content.type), scope, seen);
  if (content.content === "choice") return content.cases.every((each) => contentCanSkip(each.content, scope, seen));
  return true;
}

function askedBy(content: Content): Expr[] {
  if (content.content === "type") return [...content.args];
  return content.content === "choice" ? [content.on, ...content.cases.flatMap((each) => askedBy(each.content))] : [];
}

/** True when what an expression names can be read as a number where it lies. */
function isPlain(e: Expr, blocks: Form["blocks"]): boolean {
  switch (e.op) {
    case "text":
      return false;
    case "field": {
      if (e.is.type === "text") return false;
      const piece = blocks.find((block) => block.block === "piece" && block.name === e.path[0]);
      return piece === undefined || e.path.length === 1;
    }
    case "item":
      return e.is.type !== "text" && e.path.length === 0;
    case "not":
    case "negate":
    case "invert":
      return isPlain(e.value, blocks);
    case "choose":
      return [e.test, e.yes, e.no].every((part) => isPlain(part, blocks));
    case "int":
    case "bool":
    case "param":
      return true;
    default:
      return isPlain(e.left, blocks) && isPlain(e.right, blocks);
  }
}

/**
 * `function $skipT(…): number`: the position behind the value, which may lie behind the bytes that there are; -1 where
 * more bytes are needed to tell, -2 where no value starts so.
 */
export function emitSkip(form: Form, name: string, code: Code): void {
  new Skipping(form, name, code).emit();
}

/** Emits the function of one type. */
class Skipping {
  readonly #form: Form;
  readonly #name: string;
  readonly #target: Code;
  #code: Code;
  #next = 1;

  constructor(form: Form, name: string, code: Code) {
    this.#form = form;
    this.#name = name;
    this.#target = code;
    this.#code = code;
  }

  emit(): void {
    const { blocks } = this.#form;
    const body = new Code();
    this.#code = body;
    let cursor: Cursor = { base: "at", add: 0 };
    blocks.forEach((block) => {
      if (block.block === "fixed") {
        this.#fields(block.fields, cursor, block.size);
        cursor = advance(cursor, block.size);
        return;
      }
      const behind = `$$p${this.#next++}`;
      if (block.block === "piece") this.#piece(block, pos(cursor), behind);
      else {
        const extent = extentOf(block);
        const source =
          extent.from === "field"
            ? localOf(camel(extent.field))
            : extent.from === "param"
              ? paramLocal(extent.param)
              : "0";
        const plus = extent.from === "rest" || extent.plus === 0 ? "" : ` + ${extent.plus}`;
        const count = `$${camel(block.name)}$count`;
        this.#line(`const ${count} = ${source}${plus};`);
        const [min, max] = block.block === "bits" ? [0, null] : [block.min, block.max];
        const limits = [`${count} < ${min}`, ...(max === null ? [] : [`${count} > ${max}`])];
        this.#line(`if (${limits.join(" || ")}) return ${NEVER};`);
        const size =
          block.block === "bits"
            ? `Math.ceil(${count} / 8)`
            : block.block === "items"
              ? `${count} * ${block.item.size}`
              : count;
        this.#line(`const ${behind} = ${pos(cursor)} + ${size};`);
      }
      cursor = { base: behind, add: 0 };
    });
    this.#line(`return ${pos(cursor)};`);
    const text = withoutUnused(String(body));
    const head = `function ${this.#name}(${marked("bytes", text)}: Uint8Array, ${this.#form.paramsOf(text)}at: number, ${marked("end", text)}: number): number`;
    this.#target.block(head, () => this.#target.text(text));
  }

  #line(text: string): void {
    this.#code.line(text);
  }

  /** Reads the fields that give lengths or are asked for. */
  #fields(fields: readonly Field[], cursor: Cursor, size: number): void {
    const wanted: string[] = [];
    const visit = (field: Field, prefix: string): void => {
      const path = prefix === "" ? camel(field.name) : `${prefix}.${camel(field.name)}`;
      if (field.kind === "struct") for (const inner of field.fields) visit(inner, path);
      const isLength =
        prefix === "" && (field.kind === "int" || field.kind === "bits") && field.derive?.from === "extent";
      if (!isLength && !this.#form.referenced.has(path)) return;
      if (field.kind === "bits") wanted.push(`const ${localOf(path)} = ${readBits("bytes", field, cursor)};`);
      if (field.kind !== "int") return;
      const local = localOf(path);
      wanted.push(`const ${local} = ${readInteger("bytes", field, cursor, "number")};`);
      if (isWide(field)) wanted.push(`if (!Number.isSafeInteger(${local})) return ${NEVER};`);
      const free = bounds({ ...field, rule: null });
      const { min, max } = bounds(field);
      const tests = [
        ...(min > free.min ? [`${local} < ${min}`] : []),
        ...(max < free.max ? [`${local} > ${max}`] : []),
      ];
      if (tests.length > 0) wanted.push(`if (${tests.join(" || ")}) return ${NEVER};`);
    };
    for (const field of fields) visit(field, "");
    if (wanted.length === 0) return;
    this.#line(`if (end < ${pos(cursor, size)}) return ${MORE};`);
    for (const line of wanted) this.#line(line);
  }

  #piece(block: PieceBlock, start: string, behind: string): void {
    const isAsked = this.#isAsked(block.name);
    const local = pieceLocal(block.name);
    if (block.condition === null) {
      this.#line(`let ${behind} = ${start};`);
      if (isAsked) this.#line(`let ${local} = 0;`);
      this.#repeated(block, behind, isAsked ? local : null);
      return;
    }
    this.#line(`let ${behind} = ${start};`);
    if (isAsked) this.#line(`let ${local} = 0;`);
    this.#code.block(`if (${this.#expr(block.condition)})`, () =>
      this.#repeated(block, behind, isAsked ? local : null),
    );
  }

  #repeated(block: PieceBlock, p: string, local: string | null): void {
    const { repeat, content, size } = block;
    const name = `$${camel(block.name)}`;
    if (repeat === null) return this.#sized(block, p, name, local);
    const constant =
      size === null
        ? content.content === "field"
          ? content.field.size
          : null
        : typeof size === "object" && size.op === "int"
          ? size.value
          : null;
    if (repeat.by === "count") {
      this.#line(`const ${name}$n = ${this.#expr(repeat.count)};`);
      const { min, max } = block;
      const limits = [`${name}$n < ${min}`, ...(max === null ? [] : [`${name}$n > ${max}`])];
      this.#line(`if (${limits.join(" || ")}) return ${NEVER};`);
      if (constant !== null) return this.#line(`${p} += ${name}$n * ${constant};`);
      this.#code.block(`for (let i = 0; i < ${name}$n; i++)`, () => this.#sized(block, p, name, null));
      return;
    }
    if (repeat.by !== "until") throw new TypeError("what reaches to the end has no end of its own");
    this.#code.block("for (;;)", () => {
      this.#line(`let ${name}$each = 0;`);
      this.#sized(block, p, name, `${name}$each`);
      this.#line(`if (${this.#expr(repeat.until, `${name}$each`)}) break;`);
    });
  }

  /** @param local the variable that takes the number, where it is asked for */
  #sized(block: PieceBlock, p: string, name: string, local: string | null): void {
    if (block.size === null || block.size === "rest") return this.#content(block.content, p, name, local);
    const size = this.#expr(block.size);
    this.#line(`const ${name}$size = ${size};`);
    this.#line(`if (!(${name}$size >= 0)) return ${NEVER};`);
    this.#line(`${p} += ${name}$size;`);
  }

  #content(content: Content, p: string, name: string, local: string | null): void {
    const { scope } = this.#form;
    switch (content.content) {
      case "field": {
        const { field } = content;
        if (local !== null && (field.kind === "int" || field.kind === "bits")) {
          this.#line(`if (end < ${p} + ${field.size}) return ${MORE};`);
          const cursor: Cursor = { base: p, add: 0 };
          const value =
            field.kind === "int"
              ? readInteger("bytes", field, cursor, "number")
              : `Number(${readBits("bytes", field, cursor)})`;
          this.#line(`${local} = ${value};`);
          if (isWide(field)) this.#line(`if (!Number.isSafeInteger(${local})) return ${NEVER};`);
        }
        this.#line(`${p} += ${field.size};`);
        return;
      }
      case "bytes":
        return;
      case "varint":
        this.#line(`const ${name}$e = ${scope.use("skipVarint")}(bytes, ${p}, end, ${content.maxBytes});`);
        this.#line(`if (${name}$e < 0) return ${name}$e;`);
        if (local !== null) {
          this.#line(`${local} = ${scope.use("varintAt")}(bytes, ${p}, ${name}$e, ${content.order === "leb128"});`);
          this.#line(`if (!Number.isSafeInteger(${local})) return ${NEVER};`);
        }
        this.#line(`${p} = ${name}$e;`);
        return;
      case "type": {
        const args = content.args.map((arg) => `${this.#expr(arg)}, `).join("");
        this.#line(`${p} = ${scope.functionOf("skip", content.type, false)}(bytes, ${args}${p}, end);`);
        this.#line(`if (${p} < 0) return ${p};`);
        return;
      }
      case "choice":
        this.#code.block(`switch (${this.#expr(content.on)} as ${typeOfExpr(content.on)})`, () => {
          content.cases.forEach(({ values, content: each }, index) => {
            const labels = values === "else" ? ["default:"] : values.map((one) => `case ${JSON.stringify(one)}:`);
            for (const label of labels.slice(0, -1)) this.#line(label);
            this.#code.block(labels.at(-1)!, () => {
              this.#content(each, p, `${name}$${index}`, null);
              this.#line("break;");
            });
          });
          if (!content.cases.some(({ values }) => values === "else")) this.#line(`default: return ${NEVER};`);
        });
        return;
    }
  }

  /** True when an expression of the type names a piece. */
  #isAsked(name: string): boolean {
    return this.#form.referencedPieces.has(name);
  }

  #expr(e: Expr, item = ""): string {
    return emitExpr(e, {
      item,
      use: (helper) => this.#form.scope.use(helper),
      field: (path) => {
        const piece = this.#form.blocks.find((block) => block.block === "piece" && block.name === path[0]);
        if (piece?.block !== "piece") return localOf(path.map(camel).join("."));
        const isTruth =
          piece.content.content === "field" && piece.content.field.kind === "bits" && piece.content.field.width === 1;
        return isTruth ? `(${pieceLocal(path[0]!)} === 1)` : pieceLocal(path[0]!);
      },
    });
  }
}

/** What only bytes of a given number ask for is not needed where these are passed over as a whole. */
function withoutUnused(text: string): string {
  let kept = text;
  for (let before = ""; before !== kept;) {
    before = kept;
    const counts = wordCounts(kept);
    const sets = new Map<string, number>();
    for (const [, name] of kept.matchAll(SET)) sets.set(name!, (sets.get(name!) ?? 0) + 1);
    // What is set and never asked; a constant is set once.
    kept = kept.replace(SET, (line, name: string) => (counts.get(name)! > sets.get(name)! ? line : ""));
  }
  return kept;
}

/** A line that sets a variable which nothing else than expressions of the spec asks for. */
const SET = /^ *(?:const (?=\$)|(?:let )?(?=\$[\w$]+\$is = ))(\$[\w$]+) = .*\n/gm;

/** `$skipT` of a type whose tag decides between layouts. */
export function emitSkipUnion(
  ref: TypeRef,
  union: Extract<Type["body"], { shape: "union" }>,
  scope: Scope,
  code: Code,
): void {
  const { tag, variants } = union;
  const tagEnd = tag.offset + tag.size;
  code.block(
    `function ${scope.functionOf("skip", ref, false)}(bytes: Uint8Array, at: number, end: number): number`,
    () => {
      code.line(`if (end - at < ${tagEnd}) return ${MORE};`);
      code.block(`switch (${readInteger("bytes", tag, { base: "at", add: 0 }, "number")})`, () => {
        const call = (type: Type): string =>
          `return ${scope.functionOf("skip", { name: type.name, module: ref.module }, false)}(bytes, at, end);`;
        for (const { values, type } of variants)
          if (values !== "else") {
            for (const value of values.slice(0, -1)) code.line(`case ${value}:`);
            code.line(`case ${values.at(-1)!}: ${call(type)}`);
          }
        const otherwise = variants.find(({ values }) => values === "else");
        code.line(`default: ${otherwise === undefined ? `return ${NEVER};` : call(otherwise.type)}`);
      });
    },
  );
}
