/** Emits the writing of pieces, and the number of bytes that they take. */
import { isDerivedFrom, type Content, type Expr, type Field, type PieceBlock, type VarintContent } from "../ir.js";
import { camel } from "../names.js";
import { Code, less, pos, type Cursor, type Origin, type Refuse } from "./code.js";
import { emitExpr, memberText, typeOfExpr } from "./expressions.js";
import { limitsText } from "../plan/rules.js";
import { limitsTest } from "./length.js";
import { contentType, isConstantPiece, isShown, type Form } from "./form.js";
import { localOf, pieceLocal, tagLocal } from "./paths.js";
import { contentReach } from "../reach.js";

/** What the writing of a type lends to that of its pieces. */
export interface WriteHost {
  readonly form: Form;
  readonly code: Code;
  /** The statement that throws. */
  readonly fail: Refuse;
  /** What is watched of a piece that takes all that is left where its value says so. */
  watch(block: PieceBlock): Watch | null;
  /** The same for what may be no bytes at all. */
  failBytes(path: string, origin: Origin, expected: string, at: string, extra: string): string;
  /** Emits the writing of fields. @param from the expression of their value @param item what follows it in a refusal */
  fields(fields: readonly Field[], cursor: Cursor, from: string, prefix: string, item: string): void;
}

/** Which values of a piece take all that is left, and the local for where the first of them ends. */
export interface Watch {
  readonly whole: boolean;
  readonly cases: boolean;
  readonly end: string;
}

export const NOTHING_BEHIND = "nothing behind a value that takes all bytes that are left";

/** A piece, or the item of one, while it is written or measured. */
interface Place {
  readonly block: PieceBlock;
  readonly local: string;
  readonly path: string;
  readonly item: string;
  /** The expression of the value. */
  readonly value: string;
  /** Where it is written. */
  readonly start: string;
}

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

/** Emits how many bytes pieces take, added to a variable. */
export class PieceSizes {
  readonly #form: Form;
  readonly #code: Code;
  readonly #target: string;

  /** @param target the variable that bytes are added to */
  constructor(form: Form, code: Code, target: string) {
    this.#form = form;
    this.#code = code;
    this.#target = target;
  }

  add(block: PieceBlock): void {
    const path = camel(block.name);
    const local = `$${path}`;
    if (!isShown(block)) {
      const size = block.content.content === "field" ? String(block.content.field.size) : this.#varint(block);
      const condition = block.condition === null ? "" : `if (${emitValueExpr(block.condition, this.#form)}) `;
      this.#code.line(`${condition}${this.#target} += ${size};`);
      return;
    }
    const value = `value.${path}`;
    const emit = (): void => {
      if (block.repeat === null) this.#sized(block, value, local, `${path}`, "");
      else this.#list(block, value, local, path);
    };
    if (block.condition === null) emit();
    else this.#code.block(`if (${value} !== undefined)`, emit);
  }

  /** A length that follows from another piece, whose own bytes depend on it. */
  #varint(block: PieceBlock): string {
    return `${this.#form.scope.use("varintLength")}(${pieceLocal(block.name)})`;
  }

  #list(block: PieceBlock, value: string, local: string, path: string): void {
    const form = this.#form;
    const site = form.sites.add("argument", path, block, "a list");
    const type = contentType(block.content, form.big, form.scope);
    const list = `${form.scope.use("listOf")}(${form.sites.name}, ${site}, 0, ${value}) as readonly (${type})[]`;
    const constant = this.#constant(block);
    if (constant !== null) {
      this.#code.line(`${this.#target} += ${constant} * (${list}).length;`);
      return;
    }
    this.#code.line(`const ${local}$list = ${list};`);
    const body = new Code();
    new PieceSizes(form, body, this.#target).#sized(block, `${local}$each`, local, `${path}[*]`, ", i");
    this.#code.block(`for (let i = 0; i < ${local}$list.length; i++)`, () => {
      // Where a choice is between fields of fixed size, the items themselves say nothing.
      if (String(body).includes(`${local}$each`)) this.#code.line(`const ${local}$each = ${local}$list[i]!;`);
      this.#code.text(String(body));
    });
  }

  /** The bytes of an item where they are known from the spec. */
  #constant({ size, content }: PieceBlock): number | null {
    if (size !== null && size !== "rest" && size.op === "int") return size.value;
    return content.content === "field" ? content.field.size : null;
  }

  #sized(block: PieceBlock, value: string, local: string, path: string, item: string): void {
    const constant = this.#constant(block);
    if (constant !== null) this.#code.line(`${this.#target} += ${constant};`);
    else if (block.open && block.size !== null && block.size !== "rest") {
      // What is left of the bytes is filled.
      const need = `${local}$need`;
      this.#code.line(`let ${need} = 0;`);
      new PieceSizes(this.#form, this.#code, need).#content(block.content, block, value, local, path, item);
      this.#code.line(`${this.#target} += Math.max(${need}, ${emitValueExpr(block.size, this.#form)});`);
    } else this.#content(block.content, block, value, local, path, item);
  }

  #content(content: Content, block: PieceBlock, value: string, local: string, path: string, item: string): void {
    const { scope, sites, big } = this.#form;
    switch (content.content) {
      case "field":
        this.#code.line(`${this.#target} += ${content.field.size};`);
        return;
      case "bytes": {
        const length = content.text === null ? "bytesLength" : "utf8Length";
        this.#code.line(`${this.#target} += ${scope.use(length)}(${value});`);
        return;
      }
      case "varint":
        this.#code.line(`${this.#target} += ${scope.use("varintLength")}(${value} as number | bigint);`);
        return;
      case "type": {
        const name = scope.functionOf("size", content.type, big && scope.isWide(content.type));
        const args = content.args.map((arg) => `, ${emitValueExpr(arg, this.#form)}`).join("");
        const type = contentType(content, big, scope);
        const site = sites.add("short", path, block, "");
        this.#code.line(
          `try { ${this.#target} += ${name}(${value} as ${type}${args}); } catch (error) { throw ${scope.use("inside")}(error, ${sites.name}, ${site}${item}); }`,
        );
        return;
      }
      case "choice":
        this.#code.block(`switch (${emitValueExpr(content.on, this.#form)} as ${typeOfExpr(content.on)})`, () => {
          for (const { values, content: each } of content.cases) {
            for (const label of values === "else" ? ["default"] : values.map((one) => `case ${JSON.stringify(one)}`))
              this.#code.line(`${label}:`);
            this.#content(each, block, value, local, path, item);
            this.#code.line("break;");
          }
        });
        return;
    }
  }
}

/** Emits the writing of pieces. */
export class PieceWriter {
  readonly #host: WriteHost;
  #watch: Watch | null = null;

  constructor(host: WriteHost) {
    this.#host = host;
  }

  /** Writes a piece at a cursor and sets the local `behind` to where it ends. @param measured its size is known to agree */
  write(block: PieceBlock, cursor: Cursor, behind: string, measured: boolean): void {
    const { code, form } = this.#host;
    const path = camel(block.name);
    const local = `$${path}`;
    const start = pos(cursor);
    const watch = (this.#watch = this.#host.watch(block));
    if (watch !== null) code.line(`let ${watch.end} = -1;`);
    const place = { block, local, path, item: "", value: `value.${path}`, start };
    if (block.condition === null) {
      code.line(`const ${behind} = ${this.#whole(place, measured)};`);
      return;
    }
    const condition = emitValueExpr(block.condition, form);
    code.line(`let ${behind} = ${start};`);
    if (isConstantPiece(block)) {
      code.block(`if (${condition})`, () => code.line(`${behind} = ${this.#whole(place, measured)};`));
      return;
    }
    const refusal = this.#host.fail("argument", path, block, "a value exactly where the spec's condition holds", start);
    code.line(`if (${condition} !== (value.${path} !== undefined)) ${refusal}`);
    code.block(`if (value.${path} !== undefined)`, () => {
      code.line(`${behind} = ${this.#whole(place, measured)};`);
      if (watch?.whole === true) code.line(`if (${watch.end} < 0) ${watch.end} = ${behind};`);
    });
  }

  /** @returns where it ends */
  #whole(place: Place, measured: boolean): string {
    const { block } = place;
    if (block.repeat === null) return this.#sized(place, measured);
    return this.#list(place, measured);
  }

  #list({ block, local, path, value, start }: Place, measured: boolean): string {
    const { code, form, fail } = this.#host;
    const { repeat, min, max } = block;
    const site = form.sites.add("argument", path, block, "a list");
    const type = contentType(block.content, form.big, form.scope);
    const list = `${local}$list`;
    const count = `${list}.length`;
    const p = `${local}$p`;
    code.line(
      `const ${list} = ${form.scope.use("listOf")}(${form.sites.name}, ${site}, ${start}, ${value}) as readonly (${type})[];`,
    );
    const least = repeat?.by === "until" ? Math.max(1, min) : min;
    const limits = limitsTest(count, least, max);
    const expected = limitsText(least, max, "items");
    if (limits !== "") code.line(`if (${limits}) ${fail("count", path, block, expected, start, `, ${count}`)}`);
    if (repeat?.by === "count" && !measured) {
      const refusal = fail("count", path, block, "as many items as the spec says", start, `, ${count}`);
      code.line(`if (${count} !== ${emitValueExpr(repeat.count, form)}) ${refusal}`);
    }
    code.line(`let ${p} = ${start};`);
    code.block(`for (let i = 0; i < ${count}; i++)`, () => {
      const each = `${local}$each`;
      code.line(`const ${each} = ${list}[i]!;`);
      if (this.#watch?.cases === true) {
        const refusal = fail("argument", `${path}[*]`, block, NOTHING_BEHIND, p, ", undefined, i");
        code.line(`if (${this.#watch.end} >= 0) ${refusal}`);
      }
      const place = { block, local: each, path: `${path}[*]`, item: ", i", value: each, start: p };
      code.line(`${p} = ${this.#sized(place, false)};`);
      if (repeat?.by === "until") {
        const refusal = fail(
          "argument",
          `${path}[*]`,
          block,
          "the condition of 'repeat-until' on the last item alone",
          p,
          ", undefined, i",
        );
        code.line(`if (${emitValueExpr(repeat.until, form, each)} !== (i === ${count} - 1)) ${refusal}`);
      }
    });
    return p;
  }

  #sized(place: Place, measured: boolean): string {
    const { code, form, fail } = this.#host;
    const { block, local, path, item, start } = place;
    if (block.repeat === null && block.content.content === "bytes") this.#lengthTests(place);
    const end = this.#content(place, block.content, local);
    if (block.size === null || block.size === "rest" || measured) return end;
    const size = emitValueExpr(block.size, form);
    code.line(`const ${local}$end = ${end};`);
    const refusal = fail(
      "length",
      path,
      block,
      "as many bytes as the spec says",
      start,
      `, ${less(`${local}$end`, start)}${item}`,
    );
    code.line(`if (${less(`${local}$end`, start)} ${block.open ? ">" : "!=="} ${size}) ${refusal}`);
    if (!block.open) return `${local}$end`;
    code.line(`bytes.fill(0, ${local}$end, ${start} + ${size});`);
    return `${start} + ${size}`;
  }

  #lengthTests({ block, path, value, start, item }: Place): void {
    const { min, max, content } = block;
    if (content.content !== "bytes" || (min === 0 && max === null)) return;
    const { code, form, fail } = this.#host;
    const length = `${form.scope.use(content.text === null ? "bytesLength" : "utf8Length")}(${value})`;
    const limits = limitsTest(length, min, max);
    const expected = limitsText(min, max, "bytes");
    code.line(`if (${limits}) ${fail("count", path, block, expected, start, `, ${length}${item}`)}`);
  }

  /** @returns where it ends */
  #content(place: Place, content: Content, local: string): string {
    const { code, form, fail, failBytes } = this.#host;
    const { block, path, item, value, start } = place;
    const { scope, sites, big } = form;
    switch (content.content) {
      case "field":
        this.#host.fields(
          [{ ...content.field, name: "" } as Field],
          { base: start, add: 0 },
          this.#typed(content, value),
          path,
          item,
        );
        return `${start} + ${content.field.size}`;
      case "bytes": {
        const held = `${local}$b`;
        if (content.text === null) {
          code.line(`const ${held} = ${this.#typed(content, value)};`);
          const refusal = failBytes(path, block, "bytes", start, `, ${held}${item}`);
          code.line(`if (${scope.use("lengthOf")}(${held}) < 0) ${refusal}`);
        } else {
          const behind = `${local}$e`;
          code.line(
            `const ${behind} = ${scope.use("writeText")}(bytes, ${start}, ${value}, ${content.text === "ascii"});`,
          );
          code.line(`if (${behind} < 0) ${fail("text", path, block, content.text, start, `, undefined${item}`)}`);
          return behind;
        }
        code.line(`bytes.set(${held}, ${start});`);
        return `${start} + ${held}.length`;
      }
      case "varint":
        return this.#varint(place, content, local);
      case "type": {
        const name = scope.functionOf("put", content.type, big && scope.isWide(content.type));
        const args = content.args.map((arg) => `${emitValueExpr(arg, form)}, `).join("");
        const site = sites.add("short", path, block, "");
        code.line(`let ${local}$e: number;`);
        code.line(
          `try { ${local}$e = ${name}(${this.#typed(content, value)}, ${args}bytes, ${start}); } catch (error) { throw ${scope.use("inside")}(error, ${sites.name}, ${site}${item}); }`,
        );
        return `${local}$e`;
      }
      case "choice":
        return this.#choice(place, content, local);
    }
  }

  #typed(content: Content, value: string): string {
    const { form } = this.#host;
    const isCase = this.#isChoice;
    return isCase ? `(${value} as ${contentType(content, form.big, form.scope)})` : value;
  }

  /** Inside a choice, the value is of one of several types. */
  #isChoice = false;

  #varint({ block, path, item, value, start }: Place, content: VarintContent, local: string): string {
    const { code, form, fail } = this.#host;
    const shown = content.derive === null ? this.#typed(content, value) : pieceLocal(block.name);
    const end = `${local}$e`;
    code.line(
      `const ${end} = ${form.scope.use("writeVarint")}(bytes, ${start}, ${shown}, ${content.order === "leb128"}, ${content.maxBytes});`,
    );
    const refusal = fail(
      "range",
      path,
      block,
      `an integer of at most ${content.maxBytes} bytes`,
      start,
      `, ${shown}${item}`,
    );
    code.line(`if (${end} < 0) ${refusal}`);
    return end;
  }

  #choice(place: Place, content: Extract<Content, { content: "choice" }>, local: string): string {
    const { code, form, fail } = this.#host;
    const end = `${local}$ce`;
    code.line(`let ${end}: number;`);
    code.line(`const ${local}$tag = ${emitValueExpr(content.on, form)} as ${typeOfExpr(content.on)};`);
    this.#isChoice = true;
    code.block(`switch (${local}$tag)`, () => {
      let hasDefault = false;
      content.cases.forEach(({ values, content: each }, index) => {
        const labels = values === "else" ? ["default:"] : values.map((one) => `case ${JSON.stringify(one)}:`);
        hasDefault ||= values === "else";
        for (const label of labels.slice(0, -1)) code.line(label);
        code.block(labels.at(-1)!, () => {
          code.line(`${end} = ${this.#content(place, each, `${local}$${index}`)};`);
          const watch = this.#watch;
          if (watch?.cases === true && contentReach(each, (ref) => form.scope.layout(ref)) === "always")
            code.line(`if (${watch.end} < 0) ${watch.end} = ${end};`);
          code.line("break;");
        });
      });
      if (!hasDefault)
        code.line(
          `default: ${fail("kind", place.path, place.block, "a case of the choice", place.start, `, ${local}$tag${place.item}`)}`,
        );
    });
    this.#isChoice = false;
    return end;
  }
}
