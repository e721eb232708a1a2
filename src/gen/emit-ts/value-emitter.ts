/** Emits how a value is made of bytes that have been tested. */
import type { BitField, Field, IntField, Item } from "../ir.js";
import { camel } from "../names.js";
import { advance, type Code, pos, type Cursor } from "./code.js";
import { isShown } from "../shown.js";
import { itemType, namedValue, valueType, visible, type Form } from "./form.js";
import { readBits, readInteger, wideForm } from "./integers.js";
import { join, localOf, pieceLocal } from "./paths.js";

/** Emits how the value of one type is made of bytes that have been tested. */
export class ValueEmitter {
  readonly #form: Form;
  readonly #code: Code;
  readonly #starts: readonly Cursor[];
  readonly #values: ReadonlyMap<string, string>;
  readonly #next: string | null;

  /**
   * @param starts where each block's bytes start
   * @param values expressions for the values that the tests have made available, by the field's path
   * @param next the shared state of readers of pieces, where this is one
   */
  constructor(
    form: Form,
    code: Code,
    starts: readonly Cursor[],
    values: ReadonlyMap<string, string>,
    next: string | null = null,
  ) {
    this.#form = form;
    this.#code = code;
    this.#starts = starts;
    this.#values = values;
    this.#next = next;
  }

  emit(): void {
    const form = this.#form;
    const entries: string[] = [];
    if (form.kind !== null) entries.push(`kind: ${JSON.stringify(form.kind)}`);
    form.blocks.forEach((block, index) => {
      const start = this.#starts[index]!;
      switch (block.block) {
        case "fixed":
          for (const field of visible(block.fields))
            entries.push(`${camel(field.name)}: ${this.#value(field, start, "")}`);
          break;
        case "bytes":
          entries.push(`${camel(block.name)}: ${this.#values.get(camel(block.name))!}`);
          break;
        case "bits":
          entries.push(`${camel(block.name)}: ${this.#bits(block.name, block.order, start)}`);
          break;
        case "piece":
          if (isShown(block)) entries.push(`${camel(block.name)}: ${pieceLocal(block.name)}`);
          break;
        case "items":
          entries.push(
            `${camel(block.name)}: ${this.#items(camel(block.name), block.item, `$${camel(block.name)}$count`, start)}`,
          );
          break;
      }
    });
    this.#code.block(
      "return",
      () => {
        for (const entry of entries) this.#code.line(`${entry},`);
      },
      ";",
    );
  }

  #bits(name: string, order: "lsb" | "msb", start: Cursor): string {
    const local = `$${camel(name)}`;
    const bit = order === "lsb" ? "(i & 7)" : "(7 - (i & 7))";
    this.#code.line(`const ${local} = new Array<boolean>($${camel(name)}$count);`);
    this.#code.line(
      `for (let i = 0; i < ${local}.length; i++) ${local}[i] = ((bytes[${pos(start)} + (i >>> 3)]! >>> ${bit}) & 1) === 1;`,
    );
    return local;
  }

  #items(path: string, item: Item, count: string, start: Cursor): string {
    const local = localOf(path);
    const held = visible(item.fields).some((field) => field.kind === "bytes");
    const [buffer, base] =
      this.#next === null ? ["bytes.buffer", "bytes.byteOffset"] : [`${this.#next}.buffer`, `${this.#next}.base`];
    if (held) this.#code.line(`const ${local}$buffer = ${buffer}, ${local}$base = ${base};`);
    this.#code.line(`const ${local} = new Array<${itemType(item, this.#form.big, this.#form.scope)}>(${count});`);
    const value = this.#itemValue(item, { base: "p", add: 0 }, held ? local : "");
    this.#code.line(`for (let i = 0, p = ${pos(start)}; i < ${count}; i++, p += ${item.size}) ${local}[i] = ${value};`);
    return local;
  }

  #itemValue(item: Item, at: Cursor, held: string): string {
    if (item.type === null) return this.#value(item.fields[0]!, at, held, true);
    return this.#object(item.fields, at, held);
  }

  #object(fields: readonly Field[], at: Cursor, held: string): string {
    return `{ ${visible(fields)
      .map((field) => `${camel(field.name)}: ${this.#value(field, at, held, true)}`)
      .join(", ")} }`;
  }

  /** The value of one field that stands by itself. @param path of the locals that its tests have left */
  field(field: Field, at: Cursor, path: string): string {
    if (field.kind === "array") return this.#items(path, field.item, String(field.count), advance(at, field.offset));
    if (field.kind === "text") return localOf(path);
    return this.#value(field, at, "", true);
  }

  #named(field: IntField | BitField, value: string): string {
    return namedValue(valueType(field, this.#form.big, this.#form.scope), value);
  }

  /** @param held prefix of the locals that hold the buffer and its offset, in a loop over items */
  #value(field: Field, at: Cursor, held: string, inItem = false, prefix = ""): string {
    const known = inItem ? undefined : this.#values.get(join(prefix, field.name));
    if (known !== undefined) return field.kind === "int" || field.kind === "bits" ? this.#named(field, known) : known;
    switch (field.kind) {
      case "int": {
        const value = readInteger("bytes", field, at, wideForm(field, this.#form.big), (helper) =>
          this.#form.scope.use(helper),
        );
        return this.#named(field, value);
      }
      case "bits":
        return this.#named(field, readBits("bytes", field, at));
      case "float":
        return `${this.#form.scope.use("readFloat")}(bytes, ${pos(at, field.offset)}, ${field.size}, ${field.endian === "le"})`;
      case "bytes": {
        const start = pos(at, field.offset);
        if (held !== "") return `new Uint8Array(${held}$buffer, ${held}$base + ${start}, ${field.size})`;
        return sliceOf(start, String(field.size), this.#next);
      }
      case "text":
        return `${this.#form.scope.use(field.encoding === "ascii" ? "asciiAt" : "textAt")}(bytes, ${pos(at, field.offset)}, ${pos(at, field.offset + field.size)})!`;
      case "struct": {
        if (inItem) return this.#object(field.fields, at, held);
        const path = join(prefix, field.name);
        return `{ ${visible(field.fields)
          .map((f) => `${camel(f.name)}: ${this.#value(f, at, held, false, path)}`)
          .join(", ")} }`;
      }
      case "array": {
        if (!inItem)
          return this.#items(join(prefix, field.name), field.item, String(field.count), advance(at, field.offset));
        const value = this.#itemValue(field.item, { base: "q", add: 0 }, "");
        return `Array.from({ length: ${field.count} }, (_, k) => { const q = ${pos(at, field.offset)} + k * ${field.item.size}; return ${value}; })`;
      }
      case "const":
        throw new TypeError("a constant has no value");
    }
  }
}

/** An expression for some of the bytes, where they lie. @param next what readers of pieces share, if this is one */
export function sliceOf(start: string, length: string, next: string | null = null): string {
  const [buffer, base] = next === null ? ["bytes.buffer", "bytes.byteOffset"] : [`${next}.buffer`, `${next}.base`];
  return `new Uint8Array(${buffer}, ${base} + ${start}, ${length})`;
}
