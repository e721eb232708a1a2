/** Emits readers: classes that decode single fields where they lie. */
import type { Field, ItemsBlock } from "../ir.js";
import { extentOf } from "../plan/extents.js";
import { camel, pascal } from "../names.js";
import { advance, type Code, pos, type Cursor } from "./code.js";
import { takesNumbers, valueType, visible, type Form } from "./form.js";
import { paramLocal } from "./paths.js";
import { readBits, readInteger, wideForm } from "./integers.js";

/**
 * Emits `class TReader`: validated once by `wrap`, then each field is read from the bytes when it is
 * asked for, and nothing is copied.
 */
export function emitReader(form: Form, code: Code): void {
  const { name, type, scope } = form;
  code.doc(`Reads the fields of one ${type.format} where they lie. Reusable; holds the bytes it was given.`);
  code.block(`export class ${name}Reader`, () => {
    emitWrap(
      code,
      `${name}Reader`,
      form,
      `check${name}`,
      () => undefined,
      scope.use("raise"),
      scope.use("failure"),
      scope.use("Result"),
      scope.use("lengthOf"),
    );
    let cursor: Cursor = { base: "this.$at", add: 0 };
    for (const block of form.blocks) {
      if (block.block === "fixed") {
        for (const field of visible(block.fields)) emitGetter(form, code, field, cursor);
        for (const field of block.fields) emitExtentGetter(code, field, cursor);
        cursor = advance(cursor, block.size);
        continue;
      }
      if (block.block === "piece") continue;
      const property = camel(block.name);
      const title = pascal(block.name);
      const start = pos(cursor);
      const extent = extentOf(block);
      const unit = block.block === "items" ? block.item.size : 1;
      const count =
        extent.from === "rest"
          ? `(this.$end - (${pos(cursor, extent.after)}))${unit === 1 ? "" : ` / ${unit}`}`
          : extent.from === "param"
            ? `this.$$${camel(extent.param)}${plus(extent.plus)}`
            : `this.$$${camel(extent.field)}${plus(extent.plus)}`;
      if (block.block !== "bytes") {
        code.doc("How many there are.");
        code.line(`get countOf${pascal(block.name)}(): number { return ${count}; }`);
      }
      code.doc("Where they begin in the bytes.");
      code.line(`get startOf${pascal(block.name)}(): number { return ${start}; }`);
      if (block.block === "items") emitItemGetters(form, code, block);
      if (block.block === "bits") {
        const bit = block.order === "lsb" ? "(i & 7)" : "(7 - (i & 7))";
        code.line(
          `${property}(i: number): boolean { return i >>> 0 === i && i < this.countOf${title} && ((this.$bytes[this.startOf${title} + (i >>> 3)]! >>> ${bit}) & 1) === 1; }`,
        );
      }
      if (block.block === "bytes") {
        const slice = `this.startOf${title}, this.startOf${title} + ${count}`;
        if (block.text === null) code.line(`get ${property}(): Uint8Array { return this.$bytes.subarray(${slice}); }`);
        else
          code.line(
            `get ${property}(): string { return ${scope.use(block.text === "ascii" ? "readAscii" : "readUtf8")}(this.$bytes, ${slice})!; }`,
          );
      }
      const length =
        block.block === "bits"
          ? `Math.ceil(${count} / 8)`
          : block.block === "bytes" || unit === 1
            ? count
            : `${unit} * this.countOf${title}`;
      if (extent.from === "rest") {
        cursor = { base: "this.$end", add: -extent.after };
      } else {
        code.line(`protected get endOf${pascal(block.name)}(): number { return ${start} + ${length}; }`);
        cursor = { base: `this.endOf${pascal(block.name)}`, add: 0 };
      }
    }
  });
}

function plus(n: number): string {
  return n === 0 ? "" : n > 0 ? ` + ${n}` : ` - ${-n}`;
}

/** The members that every reader has: the bytes, `wrap` and `tryWrap`. */
export function emitWrap(
  code: Code,
  className: string,
  form: { paramList: string; paramNames: string; type: { params: readonly { name: string }[] } },
  check: string,
  after: () => void,
  raise: string,
  failure: string,
  result: string,
  lengthOf: string,
): void {
  code.line("protected $bytes: Uint8Array = EMPTY;").line("protected $at = 0;").line("protected $end = 0;");
  for (const param of form.type.params) code.line(`protected $$${camel(param.name)} = 0;`);
  code.line();
  const accept = (): void => {
    code.line("this.$bytes = bytes;").line("this.$at = at;").line("this.$end = end;");
    for (const param of form.type.params) code.line(`this.$$${camel(param.name)} = ${paramLocal(param.name)};`);
    after();
  };
  code.doc("@throws WireError when the bytes are not of the format; what was wrapped before stays.");
  code.block(`wrap(bytes: Uint8Array, ${form.paramList}at = 0, end: number = ${lengthOf}(bytes)): this`, () => {
    code.line(`if (${check}(bytes, ${form.paramNames}at, end) === undefined) ${raise}();`);
    accept();
    code.line("return this;");
  });
  code.block(
    `tryWrap(bytes: Uint8Array, ${form.paramList}at = 0, end: number = ${lengthOf}(bytes)): ${result}<${className}>`,
    () => {
      code.line(`if (${check}(bytes, ${form.paramNames}at, end) === undefined) return ${failure}();`);
      accept();
      code.line("return { ok: true, value: this };");
    },
  );
}

/** What gives a size or count is no part of the value, but the getters behind it need it. */
function emitExtentGetter(code: Code, field: Field, cursor: Cursor): void {
  if (field.kind !== "int" || field.derive?.from !== "extent") return;
  const value = readInteger("bytes", field, cursor, "number");
  code.line(`protected get $$${camel(field.name)}(): number { const bytes = this.$bytes; return ${value}; }`);
}

export function emitGetter(form: Form, code: Code, field: Field, cursor: Cursor, prefix = ""): void {
  const property = prefix === "" ? camel(field.name) : prefix + pascal(field.name);
  switch (field.kind) {
    case "int":
    case "bits": {
      const type = valueType(field, form.big, form.scope);
      const value =
        field.kind === "int"
          ? readInteger("bytes", field, cursor, wideForm(field, form.big))
          : readBits("bytes", field, cursor);
      const cast = field.kind === "int" && !takesNumbers(type) && type !== "bigint" ? ` as ${type}` : "";
      code.doc(field.doc);
      code.line(`get ${property}(): ${type} { const bytes = this.$bytes; return ${value}${cast}; }`);
      return;
    }
    case "bytes":
      code.doc(field.doc);
      code.line(
        `get ${property}(): Uint8Array { return this.$bytes.subarray(${pos(cursor, field.offset)}, ${pos(cursor, field.offset + field.size)}); }`,
      );
      return;
    case "text": {
      const read = form.scope.use(field.encoding === "ascii" ? "readAscii" : "readUtf8");
      code.doc(field.doc);
      code.line(
        `get ${property}(): string { return ${read}(this.$bytes, ${pos(cursor, field.offset)}, ${pos(cursor, field.offset + field.size)})!; }`,
      );
      return;
    }
    case "struct":
      for (const inner of visible(field.fields)) emitGetter(form, code, inner, cursor, property);
      return;
    case "array":
      emitRowGetters(
        form,
        code,
        property,
        field.item.fields,
        pos(cursor, field.offset),
        field.item.size,
        String(field.count),
      );
      return;
    case "const":
      return;
  }
}

function emitItemGetters(form: Form, code: Code, block: ItemsBlock): void {
  const property = camel(block.name);
  const title = pascal(block.name);
  emitRowGetters(
    form,
    code,
    property,
    block.item.fields,
    `this.startOf${title}`,
    block.item.size,
    `this.countOf${title}`,
  );
}

/** `coinsSerial(i)` for each field of an item. */
function emitRowGetters(
  form: Form,
  code: Code,
  property: string,
  fields: readonly Field[],
  start: string,
  size: number,
  count: string,
): void {
  const row: Cursor = { base: "p", add: 0 };
  const site = form.sites.add("argument", `${property}[*]`, form.type, "an index below the count");
  const enter = `const p = ${start} + i * ${size}; if (i >>> 0 !== i || i >= ${count}) ${form.scope.use("fail")}(${form.sites.name}, ${site}, this.$at, i, i);`;
  for (const field of visible(fields)) {
    const method = field.name === "" ? property : property + pascal(field.name);
    if (field.kind === "int" || field.kind === "bits") {
      const type = valueType(field, form.big, form.scope);
      const value =
        field.kind === "int"
          ? readInteger("bytes", field, row, wideForm(field, form.big))
          : readBits("bytes", field, row);
      const cast = field.kind === "int" && !takesNumbers(type) && type !== "bigint" ? ` as ${type}` : "";
      code.line(`${method}(i: number): ${type} { ${enter} const bytes = this.$bytes; return ${value}${cast}; }`);
    } else if (field.kind === "bytes") {
      code.line(
        `${method}(i: number): Uint8Array { ${enter} return this.$bytes.subarray(${pos(row, field.offset)}, ${pos(row, field.offset + field.size)}); }`,
      );
    }
  }
}
