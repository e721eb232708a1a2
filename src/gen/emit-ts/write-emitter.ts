/** Emits the writing of one type: its counts first, then block after block. */
import type { BitsBlock, Block, BytesBlock, Derive, IntField, ItemsBlock, PieceBlock } from "../ir.js";
import { extentOf } from "../plan/extents.js";
import { camel } from "../names.js";
import { checksumOf, spanOf } from "./checksums.js";
import { advance, Code, pos, type Cursor } from "./code.js";
import { FieldWriter } from "./field-writer.js";
import { visible, type Form } from "./form.js";
import { writeInteger, type Medium } from "./integers.js";
import { countsOf, isNoCount } from "./length.js";
import { localOf, marked, paramLocal, pieceLocal } from "./paths.js";
import { NOTHING_BEHIND, PieceSizes, PieceWriter, type Watch } from "./piece-writer.js";
import { watchOf } from "../reach.js";

/** What follows from other blocks. */
function derivesOf(blocks: readonly Block[]): Derive[] {
  return blocks.flatMap((block): Derive[] => {
    if (block.block === "piece")
      return block.content.content === "varint" && block.content.derive ? [block.content.derive] : [];
    if (block.block !== "fixed") return [];
    return block.fields.flatMap((field) =>
      (field.kind === "int" || field.kind === "bits") && field.derive !== null ? [field.derive] : [],
    );
  });
}

/** The functions that write one type, into bytes or into a view. */
export class WriteEmitter {
  readonly #form: Form;
  readonly #target: Code;
  readonly #medium: Medium;
  readonly #code = new Code();
  readonly #writing: FieldWriter;
  #nextPosition = 1;
  /** What blocks are measured for others. */
  readonly #derives: readonly Derive[];
  readonly #starts: Cursor[] = [];
  readonly #ends: Cursor[] = [];

  constructor(form: Form, code: Code, medium: Medium) {
    this.#form = form;
    this.#target = code;
    this.#medium = medium;
    this.#writing = new FieldWriter(form, this.#code, medium);
    this.#derives = derivesOf(form.blocks);
  }

  /** `encodeTInto`, or `encodeTIntoView`. */
  emit(): void {
    const { name } = this.#form;
    this.#body();
    const body = String(this.#code);
    // What holds constants alone asks for no value.
    const value = marked("value", body);
    const head =
      this.#medium === "bytes"
        ? `export function encode${name}Into(${value}: ${name}, bytes: Uint8Array, at = 0): number`
        : `export function encode${name}IntoView(${value}: ${name}, view: DataView, at: number): number`;
    this.#target.block(head, () => this.#target.text(body));
  }

  /** `function $putT(…): number`: writes a value where there is room, and returns the position behind it. */
  emitPut(name: string): void {
    const form = this.#form;
    const site = form.sites.add("argument", "", form.type, "an object");
    this.#code.line(`${form.scope.use("requireObject")}(${form.sites.name}, ${site}, at, value);`);
    this.#writing.tags();
    const lengths = this.#counts();
    for (const block of form.blocks) {
      if (block.block === "piece") this.#measure(block);
      else if (block.block !== "fixed") this.#askedCount(block);
    }
    this.#code.line(`return ${pos(this.#blocks(lengths, true))};`);
    const text = String(this.#code);
    const params = form.paramsOf(text);
    const head = `function ${name}(value: ${form.typeText}, ${params}${marked("bytes", text)}: Uint8Array, at: number): number`;
    this.#target.block(head, () => this.#target.text(text));
  }

  /** Inside another type, an argument says how much there is; alone, the value says it. */
  #askedCount(block: ItemsBlock | BytesBlock | BitsBlock): void {
    const extent = extentOf(block);
    if (extent.from !== "param") return;
    const path = camel(block.name);
    const asked = extent.plus === 0 ? paramLocal(extent.param) : `${paramLocal(extent.param)} + ${extent.plus}`;
    const refusal = this.#writing.fail("count", path, block, "as many as the spec says", "at", `, $${path}$count`);
    this.#code.line(`if ($${path}$count !== ${asked}) ${refusal}`);
  }

  /** The length or count of a piece that a field before it follows from. */
  #measure(block: PieceBlock): void {
    const form = this.#form;
    const isAsked = this.#derives.some((derive) => derive.from === "extent" && derive.of === block.name);
    if (isAsked) {
      const count = `$${camel(block.name)}$count`;
      if (block.repeat !== null) {
        const site = form.sites.add("argument", camel(block.name), block, "a list");
        const list = `${form.scope.use("listOf")}(${form.sites.name}, ${site}, at, value.${camel(block.name)})`;
        this.#code.line(`const ${count} = ${list}.length;`);
      } else {
        this.#code.line(`let ${count} = 0;`);
        this.#code.block("", () => new PieceSizes(form, this.#code, count).add(block));
      }
    }
  }

  #body(): void {
    const { blocks, sites, scope } = this.#form;
    const room = this.#medium === "bytes" ? `${scope.use("lengthOf")}(bytes)` : "view.byteLength";
    // What is no object has none of the fields, unless there is nothing to ask for them.
    const fields = blocks.some((block) => block.block !== "fixed" || visible(block.fields).length > 0);
    const refusal = this.#writing.fail("argument", "", this.#form.type, "an object", "at", ", value");
    if (fields) this.#code.line(`if (!value) ${refusal}`);
    this.#writing.tags();
    const lengths = this.#counts();
    const need = [
      ...(this.#form.baseSize > 0 || lengths.length === 0 ? [String(this.#form.baseSize)] : []),
      ...lengths,
    ].join(" + ");
    const needed = lengths.length === 0 ? need : "need";
    if (lengths.length > 0) this.#code.line(`const need = ${need};`);
    this.#code.line(
      `if (${room} - at < ${needed} || at >>> 0 !== at) ${scope.use("failSpace")}(${sites.name}, ${needed}, ${this.#medium}, at);`,
    );
    if (this.#medium === "view" && blocks.some((block) => block.block === "bytes")) {
      this.#code.line("const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);");
    }
    this.#blocks(lengths, false);
    this.#code.line(`return at + ${needed};`);
  }

  /** Locals for what is of variable size, and their counts. @returns the bytes of each block */
  #counts(): string[] {
    const { blocks, scope } = this.#form;
    const lengths: string[] = [];
    for (const block of blocks) {
      if (block.block === "fixed" || block.block === "piece") continue;
      const local = `$${camel(block.name)}`;
      const count = `${local}$count`;
      const isText = block.block === "bytes" && block.text !== null;
      const isBytes = block.block === "bytes" && block.text === null;
      if (isText) {
        this.#code.line(
          `const ${local} = ${scope.use(block.text === "ascii" ? "asciiBytes" : "utf8Bytes")}(value.${camel(block.name)});`,
        );
        this.#code.line(
          `if (${local} === undefined) ${this.#writing.fail("text", camel(block.name), block, block.text!, "at")}`,
        );
        this.#code.line(`const ${count} = ${local}.length;`);
      } else {
        const counted = isBytes ? `${scope.use("lengthOf")}(${local})` : `${local}?.length ?? -1`;
        this.#code.line(`const ${local} = value.${camel(block.name)}, ${count} = ${counted};`);
      }
      const min = block.block === "bits" ? 0 : block.min;
      const max = block.block === "bits" ? null : block.max;
      const refusal = isBytes
        ? this.#writing.failBytes("count", camel(block.name), block, countsOf(block), "at", `, ${local}`)
        : this.#writing.fail("count", camel(block.name), block, countsOf(block), "at", `, ${count}`);
      const typed = isText || isBytes ? "" : `${isNoCount(count)} || `;
      this.#code.line(`if (${typed}${count} < ${min}${max === null ? "" : ` || ${count} > ${max}`}) ${refusal}`);
      lengths.push(
        block.block === "bits"
          ? `Math.ceil(${count} / 8)`
          : block.block === "items" && block.item.size !== 1
            ? `${block.item.size} * ${count}`
            : count,
      );
    }
    return lengths;
  }

  /** Writes the blocks one after the other. @returns where they end */
  #blocks(lengths: string[], isPut: boolean): Cursor {
    const { blocks } = this.#form;
    let cursor: Cursor = { base: "at", add: 0 };
    blocks.forEach((block, index) => {
      this.#starts.push(cursor);
      if (block.block === "fixed") {
        this.#writing.fields(block.fields, cursor, "value", "", "");
        cursor = advance(cursor, block.size);
      } else if (block.block === "piece") {
        const behind = `$$p${this.#nextPosition++}`;
        this.#piece(block, cursor, behind);
        cursor = { base: behind, add: 0 };
      } else {
        const local = `$${camel(block.name)}`;
        const count = `${local}$count`;
        if (block.block === "items") this.#writing.items(block.name, block.item, count, cursor);
        if (block.block === "bits") this.#bits(block, cursor);
        if (block.block === "bytes") this.#code.line(`bytes.set(${local}, ${pos(cursor)});`);
        const length = lengths.shift()!;
        if (index < blocks.length - 1 || isPut) {
          const start = `$$p${this.#nextPosition++}`;
          this.#code.line(`const ${start} = ${pos(cursor)} + ${length};`);
          cursor = { base: start, add: 0 };
        }
      }
      this.#ends.push(cursor);
    });
    for (const { field, cursor: at } of this.#writing.later) this.#checksum(field, at);
    for (const block of blocks) {
      const watch = block.block === "piece" ? this.#watch(block) : null;
      if (block.block !== "piece" || watch === null) continue;
      const refusal = this.#writing.fail("argument", camel(block.name), block, NOTHING_BEHIND, watch.end);
      this.#code.line(`if (${watch.end} >= 0 && ${watch.end} !== ${pos(cursor)}) ${refusal}`);
    }
    return cursor;
  }

  /** Where a condition or a choice says whether a piece takes all that is left, its writer sees what follows. */
  #watch(block: PieceBlock): Watch | null {
    const { blocks, scope } = this.#form;
    const watch = watchOf(block, block === blocks.at(-1), (ref) => scope.layout(ref));
    return watch.whole || watch.cases ? { ...watch, end: `$${camel(block.name)}$toEnd` } : null;
  }

  #piece(block: PieceBlock, cursor: Cursor, behind: string): void {
    const { content } = block;
    if (content.content === "varint" && content.derive?.from === "extent") {
      const { of, minus, times } = content.derive;
      const less = minus === 0 ? `$${camel(of)}$count` : `$${camel(of)}$count - ${minus}`;
      this.#code.line(`const ${pieceLocal(block.name)} = ${times === 1 ? less : `(${less}) / ${times}`};`);
    }
    const measured = this.#derives.some((d) => d.from === "extent" && d.of === block.name);
    new PieceWriter({
      form: this.#form,
      code: this.#code,
      fail: (...args) => this.#writing.fail(...args),
      watch: (one) => this.#watch(one),
      failBytes: (path, origin, expected, at, extra) =>
        this.#writing.failBytes("argument", path, origin, expected, at, extra),
      fields: (fields, at, from, prefix, item) => this.#writing.fields(fields, at, from, prefix, item),
    }).write(block, cursor, behind, measured);
  }

  #checksum(field: IntField, cursor: Cursor): void {
    const derive = field.derive as Extract<Derive, { from: "checksum" }>;
    const [start, end] = spanOf(this.#form.blocks, derive, field, this.#starts, this.#ends);
    const local = `${localOf(camel(field.name))}$sum`;
    const sum = checksumOf(derive.sum, this.#form.scope, pos(start), pos(end), pos(cursor, field.offset));
    this.#code.line(`const ${local} = ${sum};`);
    this.#writing.lines(writeInteger("bytes", field, cursor, local, "number"));
  }

  #bits(block: BitsBlock, cursor: Cursor): void {
    const { name, order } = block;
    const local = `$${camel(name)}`;
    const bit = order === "lsb" ? "(i & 7)" : "(7 - (i & 7))";
    this.#code.block(`for (let i = 0, byte = 0; i < ${local}$count; i++)`, () => {
      const refusal = this.#writing.fail(
        "argument",
        `${camel(name)}[*]`,
        block,
        "true or false",
        pos(cursor),
        `, ${local}[i], i`,
      );
      this.#code.line(`if (${local}[i] === true) byte |= 1 << ${bit};`);
      this.#code.line(`else if (${local}[i] !== false) ${refusal}`);
      this.#code.block(`if ((i & 7) === 7 || i === ${local}$count - 1)`, () => {
        const target = `${pos(cursor)} + (i >>> 3)`;
        this.#code.line(this.#medium === "bytes" ? `bytes[${target}] = byte;` : `view.setUint8(${target}, byte);`);
        this.#code.line("byte = 0;");
      });
    });
  }
}
