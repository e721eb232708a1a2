/** Emits the reading of pieces: what may be absent, repeated, bounded, of a type or of one of several. */
import { operandOf, type Content, type Expr, type Field, type PieceBlock, type VarintContent } from "../ir.js";
import { camel } from "../names.js";
import { leastContent } from "../sizes.js";
import { sliceOf } from "./value-emitter.js";
import { type Code, less, pos, type Cursor, type Refuse } from "./code.js";
import { emitExpr, memberText, typeOfExpr, type ExprNames } from "./expressions.js";
import { pieceLocal } from "./paths.js";
import { limitsText } from "../plan/rules.js";
import { limitsTest } from "./length.js";
import { contentType, isConstantPiece, pieceType, type Form } from "./form.js";

/** What the reading of a type lends to that of its pieces. */
export interface ReadHost {
  readonly form: Form;
  readonly code: Code;
  /** The statement that refuses. */
  readonly refuse: Refuse;
  /** Emits the tests of a field. @param item what follows the value in a refusal where the field is repeated */
  fieldTests(field: Field, cursor: Cursor, path: string, item: string): void;
  /** The value of a field that has been tested. */
  value(field: Field, cursor: Cursor, path: string): string;
  /** The expression for a field of a fixed part that a test has left. */
  tested(path: string): string | undefined;
}

/** The value of one content and the position behind it, as expressions. */
interface Read {
  readonly value: string;
  readonly end: string;
}

/** A piece, or the item of one, while it is read. */
interface Place {
  readonly block: PieceBlock;
  /** As locals are called: `$items$item`. */
  readonly local: string;
  /** As errors name it: `items[*]`. */
  readonly path: string;
  /** Behind the value in a refusal: `, i` for an item. */
  readonly item: string;
  readonly start: string;
  readonly limit: string;
}

export class PieceReader {
  readonly #host: ReadHost;
  #matches = 0;

  constructor(host: ReadHost) {
    this.#host = host;
  }

  /** Reads a piece from a cursor into its local, and sets the local `behind` to where it ends. */
  read(block: PieceBlock, cursor: Cursor, behind: string): void {
    const { code, form } = this.#host;
    const path = camel(block.name);
    const local = pieceLocal(block.name);
    const start = pos(cursor);
    if (block.condition === null) {
      const { value, end } = this.#whole(block, path, start);
      if (!isConstantPiece(block)) code.line(`const ${local} = ${value};`);
      code.line(`const ${behind} = ${end};`);
      return;
    }
    if (!isConstantPiece(block)) code.line(`let ${local}: ${pieceType(block, form.big, form.scope)} | undefined;`);
    code.line(`let ${behind} = ${start};`);
    code.block(`if (${this.#expr(block.condition)})`, () => {
      const { value, end } = this.#whole(block, path, start);
      if (!isConstantPiece(block)) code.line(`${local} = ${value};`);
      code.line(`${behind} = ${end};`);
    });
  }

  #whole(block: PieceBlock, path: string, start: string): Read {
    const local = `$${path}`;
    if (block.repeat !== null) return this.#list(block, path, local, start);
    return this.#sized({ block, local, path, item: "", start, limit: "end" });
  }

  #list(block: PieceBlock, path: string, local: string, start: string): Read {
    const { code, form } = this.#host;
    const repeat = block.repeat!;
    const p = `${local}$p`;
    const item = { block, local: `${local}$each`, path: `${path}[*]`, item: ", i", start: p, limit: "end" };
    let count = "";
    if (repeat.by === "count") {
      count = `${local}$n`;
      code.line(`const ${count} = ${this.#expr(repeat.count)};`);
      this.#countTests(block, path, repeat.count, count, start);
    }
    const list = `${local}$list`;
    code.line(`const ${list}: ${pieceType(block, form.big, form.scope)} = [];`);
    code.line(`let ${p} = ${start};`);
    const head =
      repeat.by === "count"
        ? `for (let i = 0; i < ${count}; i++)`
        : repeat.by === "end"
          ? `for (let i = 0; ${p} < end; i++)`
          : "for (let i = 0; ; i++)";
    code.block(head, () => {
      if (repeat.by !== "count" && block.max !== null)
        code.line(
          `if (i >= ${block.max}) ${this.#host.refuse("count", path, block, `at most ${block.max} items`, p, ", i + 1")}`,
        );
      const { value, end } = this.#sized(item);
      code.line(`const ${item.local} = ${value};`);
      code.line(`${list}.push(${item.local});`);
      // Items without bytes would go on for ever.
      const canStay = repeat.by !== "count" && this.#leastItem(block) === 0;
      if (canStay) code.line(`const ${local}$at = ${p};`);
      code.line(`${p} = ${end};`);
      if (repeat.by === "until") code.line(`if (${this.#expr(repeat.until, item.local)}) break;`);
      const refusal = this.#host.refuse("short", item.path, block, "at least 1 byte", p, ", 0, i");
      if (canStay) code.line(`if (${p} === ${local}$at) ${refusal}`);
    });
    if (repeat.by !== "count" && block.min > 0)
      code.line(
        `if (${list}.length < ${block.min}) ${this.#host.refuse("count", path, block, `at least ${block.min} items`, start, `, ${list}.length`)}`,
      );
    return { value: list, end: p };
  }

  #leastItem({ size, content }: PieceBlock): number {
    if (size !== null) return size !== "rest" && size.op === "int" ? size.value : 0;
    return leastContent(content, (ref) => this.#host.form.scope.layout(ref).minSize);
  }

  /** A count is tested against the bytes that there are, so that nothing is allocated on its word. */
  #countTests(block: PieceBlock, path: string, e: Expr, count: string, start: string): void {
    const { code, refuse } = this.#host;
    const is = operandOf(e);
    const { min, max } = block;
    if (is.type === "int" && is.min < 0)
      code.line(`if (${count} < 0) ${refuse("range", path, block, "at least 0 items", start, `, ${count}`)}`);
    const limits = limitsTest(count, min, max);
    if (limits !== "") {
      const expected = limitsText(min, max, "items");
      code.line(`if (${limits}) ${refuse("count", path, block, expected, start, `, ${count}`)}`);
    }
    const least = this.#leastItem(block);
    if (least === 0) return;
    const need = least === 1 ? count : `${count} * ${least}`;
    const room = less("end", start);
    code.line(
      `if (!(${need} <= ${room})) ${refuse("short", path, block, "", "end", `, \`\${${room}} of \${${need}} bytes\``)}`,
    );
  }

  /** One value within its own bytes, where their number is given. */
  #sized(place: Place): Read {
    const { code, refuse } = this.#host;
    const { block, local, path, item, start, limit } = place;
    if (block.size === null || block.size === "rest") {
      const read = this.#content(place, block.content, local);
      if (block.size === "rest" && block.content.content !== "bytes") this.#fillTest(place, read.end, limit);
      return block.size === "rest" ? { value: read.value, end: limit } : read;
    }
    const size = `${local}$size`;
    const end = `${local}$end`;
    const is = operandOf(block.size);
    code.line(`const ${size} = ${this.#expr(block.size)};`);
    const actual = (value: string): string => `, ${value}${item}`;
    if (is.type === "int" && is.min < 0)
      code.line(`if (${size} < 0) ${refuse("range", path, block, "at least 0 bytes", start, actual(size))}`);
    if (block.repeat === null && block.content.content === "bytes") {
      const { min, max } = block;
      const limits = limitsTest(size, min, max);
      const expected = limitsText(min, max, "bytes");
      if (limits !== "") code.line(`if (${limits}) ${refuse("count", path, block, expected, start, actual(size))}`);
    }
    const room = less(limit, start);
    const short = refuse("short", path, block, "", "end", actual(`\`\${${room}} of \${${size}} bytes\``));
    code.line(`if (!(${size} <= ${room})) ${short}`);
    code.line(`const ${end} = ${start} + ${size};`);
    const read = this.#content({ ...place, limit: end }, block.content, local);
    if (block.content.content !== "bytes") this.#fillTest(place, read.end, end);
    return { value: read.value, end };
  }

  /** What stands in bytes of its own has to fill them. */
  #fillTest({ block, path, item }: Place, at: string, end: string): void {
    if (block.open || at === end) return;
    const { code, refuse } = this.#host;
    code.line(
      `if (${at} !== ${end}) ${refuse("trailing", path, block, "", at, `, \`\${${less(end, at)}} bytes\`${item}`)}`,
    );
  }

  #content(place: Place, content: Content, local: string): Read {
    const { form } = this.#host;
    switch (content.content) {
      case "field":
        return this.#field(place, content.field);
      case "bytes":
        return this.#bytes(place, content.text, local);
      case "varint":
        return this.#varint(place, content, local);
      case "type": {
        const { code } = this.#host;
        const big = form.big && form.scope.isWide(content.type);
        const args = content.args.map((arg) => `${this.#expr(arg)}, `).join("");
        const call = `${form.scope.functionOf("take", content.type, big)}(bytes, ${args}${place.start}, ${place.limit})`;
        const site = this.#siteOf(place);
        code.line(`const ${local}$v = ${call};`);
        code.line(
          `if (${local}$v === undefined) return ${form.scope.use("within")}(${form.sites.name}, ${site}${place.item});`,
        );
        return { value: `${local}$v`, end: this.#behind(place, local) };
      }
      case "choice":
        return this.#choice(place, content, local);
    }
  }

  /** Where the reader of a type has ended. Nobody asks where what follows is passed over. */
  #behind({ block }: Place, local: string): string {
    const { code, form } = this.#host;
    if (block.open) return "";
    code.line(`const ${local}$e = ${form.scope.use("next")}.at;`);
    return `${local}$e`;
  }

  /** The rule whose path the refusals of nested types are put behind. */
  #siteOf({ block, path }: Place): number {
    return this.#host.form.sites.add("short", path, block, "");
  }

  #field({ block, path, item, start, limit }: Place, field: Field): Read {
    const { code, refuse } = this.#host;
    const cursor: Cursor = { base: start, add: 0 };
    const room = less(limit, start);
    const short = refuse("short", path, block, `${field.size} bytes`, start, `, \`\${${room}} bytes\`${item}`);
    code.line(`if (${room} < ${field.size}) ${short}`);
    // The prefix is the whole path, so that the field needs no name of its own.
    const own = { ...field, name: "" } as Field;
    this.#host.fieldTests(field, cursor, path, item);
    if (field.kind === "const") return { value: "undefined", end: `${start} + ${field.size}` };
    return { value: this.#host.value(own, cursor, path), end: `${start} + ${field.size}` };
  }

  #bytes({ block, path, item, start, limit }: Place, text: string | null, local: string): Read {
    const { code, form, refuse } = this.#host;
    if (block.size === "rest" && block.repeat === null && (block.min > 0 || block.max !== null)) {
      const { min, max } = block;
      const room = less(limit, start);
      const limits = limitsTest(room, min, max);
      const expected = limitsText(min, max, "bytes");
      code.line(`if (${limits}) ${refuse("count", path, block, expected, start, `, ${room}`)}`);
    }
    if (text === null) return { value: sliceOf(start, less(limit, start), form.scope.use("next")), end: limit };
    const read = form.scope.use(text === "ascii" ? "readAscii" : "readUtf8");
    code.line(`const ${local}$t = ${read}(bytes, ${start}, ${limit});`);
    const actual = item === "" ? "" : `, undefined${item}`;
    code.line(`if (${local}$t === undefined) ${refuse("text", path, block, text, start, actual)}`);
    return { value: `${local}$t`, end: limit };
  }

  #varint(place: Place, content: VarintContent, local: string): Read {
    const { block, path, item, start, limit } = place;
    const { code, form } = this.#host;
    const isBig = contentType(content, form.big, form.scope) === "bigint";
    const { sites, scope } = form;
    // The runtime names the rule behind this one where the number is too large or too long.
    const site = sites.addPair(
      ["short", path, block, "a byte without its top bit"],
      ["range", path, block, `an integer of at most ${content.maxBytes} bytes, in its shortest form`],
    );
    const call = `${scope.use("readVarint")}(bytes, ${start}, ${limit}, ${isBig}, ${content.order === "leb128"}, ${content.maxBytes}, ${sites.name}, ${site}${item})`;
    code.line(`const ${local}$v = ${call};`);
    code.line(`if (${local}$v === undefined) return undefined;`);
    return { value: `${local}$v`, end: this.#behind(place, local) };
  }

  #choice(place: Place, content: Extract<Content, { content: "choice" }>, local: string): Read {
    const { code, form, refuse } = this.#host;
    const id = this.#matches++ === 0 ? "" : String(this.#matches);
    const tag = `${local}$tag${id}`;
    const value = `${local}$c${id}`;
    const end = `${local}$ce${id}`;
    code.line(`const ${tag} = ${this.#expr(content.on)} as ${typeOfExpr(content.on)};`);
    code.line(`let ${value}: ${contentType(content, form.big, form.scope)};`);
    if (!place.block.open) code.line(`let ${end}: number;`);
    const body = (each: Content, index: number): void => {
      const read = this.#content(place, each, `${local}$${index}`);
      code.line(`${value} = ${read.value};`);
      if (!place.block.open) code.line(`${end} = ${read.end};`);
    };
    code.block(`switch (${tag})`, () => {
      content.cases.forEach(({ values, content: each }, index) => {
        if (values === "else") return;
        const labels = values.map((one) => `case ${JSON.stringify(one)}:`);
        for (const label of labels.slice(0, -1)) code.line(label);
        code.block(labels.at(-1)!, () => {
          body(each, index);
          code.line("break;");
        });
      });
      const otherwise = content.cases.findIndex(({ values }) => values === "else");
      code.block("default:", () => {
        if (otherwise >= 0) {
          body(content.cases[otherwise]!.content, otherwise);
          code.line("break;");
        } else {
          const known = content.cases.flatMap(({ values }) => (values === "else" ? [] : values));
          const expected = `a case of ${known.map((one) => JSON.stringify(one)).join(", ")}`;
          code.line(refuse("kind", place.path, place.block, expected, place.start, `, ${tag}${place.item}`));
        }
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
