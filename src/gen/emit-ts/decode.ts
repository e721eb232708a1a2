import type { Block, Field, IntField, Item } from "../ir.js";
import { camel } from "../names.js";
import { advance, type Code, pos, type Cursor, type Origin } from "./code.js";
import { extentOf, isChecked, isFree, itemType, visible, type Form } from "./form.js";
import { halves, isWide, readBits, readInteger, ruleTests, wideForm } from "./integers.js";
import { join, localOf } from "./paths.js";

/** Expressions for the values that a walk over the bytes has made available, by the field's path. */
type Values = Map<string, string>;

/**
 * Emits the reading of one type: first every test in the order of the bytes, then the value. Each fixed
 * block costs no test of its own: the entry test covers all of them.
 */
export class Reading {
  readonly #form: Form;
  readonly #code: Code;
  /** Locals for each block's count, and where its bytes start. */
  readonly #starts: Cursor[] = [];
  readonly #values: Values = new Map();
  /** Checksums over blocks of variable size: tested once it is known where those lie. */
  readonly #deferred: (() => void)[] = [];
  #nextPosition = 1;
  #wantsValue = false;

  constructor(form: Form, code: Code) {
    this.#form = form;
    this.#code = code;
  }

  /** `function readT(…): T | undefined` */
  emitRead(): void {
    const form = this.#form;
    this.#wantsValue = true;
    this.#code.block(
      `function read${form.name}(bytes: Uint8Array, ${form.paramList}at: number, end: number): ${form.name} | undefined`,
      () => {
        if (this.#isTestedApart()) this.#testApart();
        else this.#tests();
        this.#build();
      },
    );
  }

  /** `function checkT(…): true | undefined`, the same tests without a value. */
  emitCheck(): void {
    const form = this.#form;
    this.#code.block(
      `function check${form.name}(bytes: Uint8Array, ${form.paramList}at: number, end: number): true | undefined`,
      () => {
        this.#tests();
        this.#code.line("return true;");
      },
    );
  }

  #refuse(
    code: Parameters<Form["sites"]["add"]>[0],
    path: string,
    origin: Origin,
    expected: string,
    at: string,
    extra = "",
    secret = false,
  ): string {
    const site = this.#form.sites.add(code, path, origin, expected, secret);
    return `return ${this.#form.scope.use("refuse")}(${this.#form.sites.name}, ${site}, ${at}${extra});`;
  }

  #tests(): void {
    const { type, baseSize, size, sites, scope } = this.#form;
    const exact = size !== null && !type.open;
    // An exact size behind a whole `at` leaves `end` no choice but to be whole as well.
    const ends = exact ? `end - at !== ${baseSize}` : `end - at < ${baseSize} || end >>> 0 !== end`;
    this.#code.block(`if (${ends} || end > bytes.length || at >>> 0 !== at)`, () => {
      this.#code.line(`return ${scope.use("refuseRange")}(${sites.name}, 0, ${baseSize}, bytes, at, end);`);
    });
    let cursor: Cursor = { base: "at", add: 0 };
    this.#form.blocks.forEach((block, index) => {
      this.#starts.push(cursor);
      if (block.block === "fixed") {
        this.#fieldTests(block.fields, cursor, "", "");
        cursor = advance(cursor, block.size);
      } else {
        cursor = this.#variableTests(block, cursor, this.#tailSize(index));
      }
    });
    for (const test of this.#deferred) test();
    const closed = size !== null || cursor.base === "end" || type.open;
    if (!closed)
      this.#code.line(`if (${pos(cursor)} !== end) return ${scope.use("refuse")}(${sites.name}, 1, ${pos(cursor)});`);
  }

  /**
   * True when the tests are on a byte or two each and are better left to the check: to read those again costs next
   * to nothing, and the reading stays small enough for V8 to inline it.
   */
  #isTestedApart(): boolean {
    const [block] = this.#form.blocks;
    if (this.#form.blocks.length !== 1 || block?.block !== "fixed") return false;
    const tested = block.fields.filter((field) => !isFree([field], this.#form.big));
    return tested.length > 1 && tested.every((field) => field.kind === "int" && field.size <= 2 && !field.derive);
  }

  #testApart(): void {
    this.#code.line(
      `if (check${this.#form.name}(bytes, ${this.#form.paramNames}at, end) === undefined) return undefined;`,
    );
    this.#starts.push({ base: "at", add: 0 });
  }

  /** Bytes that the blocks behind one need at least. */
  #tailSize(index: number): number {
    return this.#form.blocks
      .slice(index + 1)
      .reduce((size, block) => size + (block.block === "fixed" ? block.size : 0), 0);
  }

  #variableTests(block: Exclude<Block, { block: "fixed" }>, cursor: Cursor, tail: number): Cursor {
    const count = `$${camel(block.name)}Count`;
    const itemSize = block.block === "items" ? block.item.size : 1;
    const extent = extentOf(block);
    if (extent.from === "rest") {
      // The entry test and the test before this block have left room for all that is fixed.
      const room = roomIn(cursor, extent.after);
      if (itemSize === 1) {
        const isUsed =
          this.#wantsValue ||
          (block.block === "bytes" ? block.text !== null || block.min > 0 || block.max !== null : true);
        if (isUsed) this.#code.line(`const ${count} = ${room};`);
      } else {
        this.#code.line(`const ${count} = ((${room}) / ${itemSize}) | 0;`);
        const refusal = this.#refuse(
          "divisible",
          camel(block.name),
          block,
          `a multiple of ${itemSize} bytes`,
          pos(cursor),
          `, ${room}`,
        );
        this.#code.line(`if (${count} * ${itemSize} !== ${room}) ${refusal}`);
      }
    } else {
      const source = extent.from === "field" ? this.#values.get(camel(extent.field))! : camel(extent.param);
      const plus = extent.plus === 0 ? "" : extent.plus > 0 ? ` + ${extent.plus}` : ` - ${-extent.plus}`;
      this.#code.line(`const ${count} = ${source}${plus};`);
      if (extent.from === "param")
        this.#code.line(
          `if (${count} >>> 0 !== ${count}) ${this.#refuse("argument", camel(extent.param), block, "a count", pos(cursor), `, ${count}`)}`,
        );
      else if (extent.plus < 0)
        this.#code.line(
          `if (${count} < 0) ${this.#refuse("range", camel(extent.field), block, `at least ${-extent.plus}`, pos(cursor), `, ${source}`)}`,
        );
    }
    this.#countTests(block, count, cursor);
    return this.#end(block, count, itemSize, cursor, tail);
  }

  #countTests(block: Exclude<Block, { block: "fixed" }>, count: string, cursor: Cursor): void {
    if (block.block === "bits") return;
    const parts: string[] = [];
    if (block.min > 0) parts.push(`${count} < ${block.min}`);
    if (block.max !== null) parts.push(`${count} > ${block.max}`);
    if (parts.length === 0) return;
    const unit = block.block === "items" ? "items" : "bytes";
    const expected = block.max === null ? `at least ${block.min} ${unit}` : `${block.min} to ${block.max} ${unit}`;
    this.#code.line(
      `if (${parts.join(" || ")}) ${this.#refuse("count", camel(block.name), block, expected, pos(cursor), `, ${count}`)}`,
    );
  }

  /** Where the next block starts, after a test that the bytes reach there; then the tests on the block's own bytes. */
  #end(
    block: Exclude<Block, { block: "fixed" }>,
    count: string,
    itemSize: number,
    cursor: Cursor,
    tail: number,
  ): Cursor {
    const extent = extentOf(block);
    const bytes = block.block === "bits" ? `((${count} + 7) >>> 3)` : itemSize === 1 ? count : `${count} * ${itemSize}`;
    let next: Cursor;
    if (extent.from === "rest") {
      next = { base: "end", add: -extent.after };
    } else {
      const room = roomIn(cursor, tail);
      this.#code.line(
        `if (${bytes} > ${room}) ${this.#refuse("short", camel(block.name), block, "", "end", `, \`\${${room}} of \${${bytes}} bytes\``)}`,
      );
      const start = `$p${this.#nextPosition++}`;
      this.#code.line(`const ${start} = ${pos(cursor)} + ${bytes};`);
      next = { base: start, add: 0 };
    }
    if (block.block === "items") this.#itemTests(block.name, block.item, count, cursor);
    if (block.block === "bits") {
      const unused =
        block.order === "lsb"
          ? `bytes[${pos(next)} - 1]! >>> (${count} & 7)`
          : `(bytes[${pos(next)} - 1]! << (${count} & 7)) & 0xff`;
      this.#code.line(
        `if ((${count} & 7) !== 0 && (${unused}) !== 0) ${this.#refuse("padding", camel(block.name), block, "zero bits", `${pos(next)} - 1`)}`,
      );
    }
    if (block.block === "bytes") {
      const path = camel(block.name);
      if (block.text === null) {
        this.#values.set(path, this.#slice(pos(cursor), bytes));
      } else {
        const local = `$${camel(block.name)}`;
        const read = this.#form.scope.use(block.text === "ascii" ? "readAscii" : "readUtf8");
        this.#code.line(`const ${local} = ${read}(bytes, ${pos(cursor)}, ${pos(next)});`);
        this.#code.line(`if (${local} === undefined) ${this.#refuse("text", path, block, block.text, pos(cursor))}`);
        this.#values.set(path, local);
      }
    }
    return next;
  }

  #itemTests(name: string, item: Item, count: string, cursor: Cursor): void {
    if (isFree(item.fields, this.#form.big)) return;
    this.#code.block(`for (let i = 0, p = ${pos(cursor)}; i < ${count}; i++, p += ${item.size})`, () => {
      this.#fieldTests(item.fields, { base: "p", add: 0 }, `${camel(name)}[*]`, ", i");
    });
  }

  /** Tests of the fields of a block or item. Values of a fixed block are kept for the building. */
  #fieldTests(fields: readonly Field[], cursor: Cursor, prefix: string, item: string): void {
    const inItem = item !== "";
    for (const field of fields) {
      const path = join(prefix, field.name);
      const at = pos(cursor, field.offset);
      switch (field.kind) {
        case "const":
          this.#constTest(field.bytes, path, field, cursor, field.offset, item);
          break;
        case "int": {
          const wide = wideForm(field, this.#form.big);
          const isExtent = field.derive?.from === "extent";
          if (!isChecked(field, this.#form.big) && !isExtent) break;
          const local = localOf(path);
          const rules = ruleTests(field, local, wide);
          let value = local;
          const extra = (actual: string): string => (inItem ? `, ${actual}${item}` : `, ${actual}`);
          if (isWide(field) && wide === "number") {
            const { high, low } = halves("bytes", field, cursor);
            const expected = "at most 2^53-1";
            if (field.signed) {
              this.#code.line(`const ${local} = ${high} * 4294967296 + ${low};`);
              this.#code.line(
                `if (!Number.isSafeInteger(${local})) ${this.#refuse("unsafe-integer", path, field, "within ±(2^53-1)", at, inItem ? `, undefined${item}` : "", field.secret)}`,
              );
            } else {
              this.#code.line(`const ${local}High = ${high};`);
              this.#code.line(
                `if (${local}High > 0x1fffff) ${this.#refuse("unsafe-integer", path, field, expected, at, inItem ? `, undefined${item}` : "", field.secret)}`,
              );
              if (rules.length > 0) this.#code.line(`const ${local} = ${local}High * 4294967296 + ${low};`);
              else value = `${local}High * 4294967296 + ${low}`;
            }
          } else {
            this.#code.line(`const ${local} = ${readInteger("bytes", field, cursor, wide)};`);
          }
          if (!inItem) this.#values.set(path, value);
          for (const { code, test, expected } of rules) {
            this.#code.line(
              `if (${test}) ${this.#refuse(code, path, field, expected, at, extra(local), field.secret)}`,
            );
          }
          if (field.derive?.from === "crc32") this.#crcTest(field, fields, path, cursor, item);
          break;
        }
        case "bits": {
          if (field.rule === null) break;
          const local = localOf(path);
          this.#code.line(`const ${local} = ${readBits("bytes", field, cursor)};`);
          const number = field.width === 1 ? `Number(${local})` : local;
          const as = {
            ...field,
            kind: "int" as const,
            signed: false,
            derive: null,
            enum: null,
            secret: false,
            u64: null,
          };
          for (const { code, test, expected } of ruleTests(as, number, "number")) {
            this.#code.line(`if (${test}) ${this.#refuse(code, path, field, expected, at, `, ${number}${item}`)}`);
          }
          break;
        }
        case "text": {
          const local = localOf(path);
          const read = this.#form.scope.use(field.encoding === "ascii" ? "readAscii" : "readUtf8");
          this.#code.line(`const ${local} = ${read}(bytes, ${at}, ${pos(cursor, field.offset + field.size)});`);
          this.#code.line(
            `if (${local} === undefined) ${this.#refuse("text", path, field, field.encoding, at, inItem ? `, undefined${item}` : "")}`,
          );
          if (!inItem) this.#values.set(path, local);
          break;
        }
        case "struct":
          this.#fieldTests(field.fields, cursor, path, item);
          break;
        case "array":
          if (!inItem && !isFree(field.item.fields, this.#form.big))
            this.#itemTests(field.name, field.item, String(field.count), advance(cursor, field.offset));
          break;
        case "bytes":
          break;
      }
    }
  }

  #constTest(
    bytes: readonly number[],
    path: string,
    origin: Origin,
    cursor: Cursor,
    offset: number,
    item: string,
  ): void {
    const test = bytes.map((byte, i) => `bytes[${pos(cursor, offset + i)}] !== ${byte}`).join(" || ");
    const expected = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    this.#code.line(
      `if (${test}) ${this.#refuse("constant", path, origin, expected, pos(cursor, offset), item === "" ? "" : `, undefined${item}`)}`,
    );
  }

  #crcTest(field: IntField, siblings: readonly Field[], path: string, cursor: Cursor, item: string): void {
    const of = field.derive!.of;
    const local = localOf(path);
    const test = (range: string): void => {
      const refusal = this.#refuse(
        "crc",
        path,
        field,
        `the CRC-32 of ${of}`,
        pos(cursor, field.offset),
        `, ${local}${item}`,
      );
      this.#code.line(`if (${this.#form.scope.use("crc32")}(bytes, ${range}) !== ${local}) ${refusal}`);
    };
    const sibling = siblings.find((other) => other.kind === "bytes" && other.name === of);
    if (sibling !== undefined)
      return test(`${pos(cursor, sibling.offset)}, ${pos(cursor, sibling.offset + sibling.size)}`);
    this.#deferred.push(() => {
      const index = this.#form.blocks.findIndex((block) =>
        block.block === "fixed" ? block.fields.some((f) => f.name === of) : block.name === of,
      );
      const block = this.#form.blocks[index]!;
      const start = this.#starts[index]!;
      const inner = block.block === "fixed" ? block.fields.find((f) => f.name === of) : undefined;
      if (inner !== undefined) test(`${pos(start, inner.offset)}, ${pos(start, inner.offset + inner.size)}`);
      else test(`${pos(start)}, ${pos(start)} + $${camel(of)}Count`);
    });
  }

  #slice(start: string, length: string): string {
    return `new Uint8Array(bytes.buffer, bytes.byteOffset + ${start}, ${length})`;
  }

  #build(): void {
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
        case "items":
          entries.push(
            `${camel(block.name)}: ${this.#items(block.name, block.item, `$${camel(block.name)}Count`, start)}`,
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
    this.#code.line(`const ${local} = new Array<boolean>($${camel(name)}Count);`);
    this.#code.line(
      `for (let i = 0; i < ${local}.length; i++) ${local}[i] = ((bytes[${pos(start)} + (i >>> 3)]! >>> ${bit}) & 1) === 1;`,
    );
    return local;
  }

  #items(name: string, item: Item, count: string, start: Cursor): string {
    const local = `$${camel(name)}`;
    const held = visible(item.fields).some((field) => field.kind === "bytes");
    if (held) this.#code.line(`const ${local}Buffer = bytes.buffer, ${local}Base = bytes.byteOffset;`);
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

  /** A tested value of an enumeration has its type. */
  #named(field: IntField, value: string): string {
    return field.enum?.strict === true ? `${value} as ${this.#form.scope.enumName(field.enum)}` : value;
  }

  /** @param held prefix of the locals that hold the buffer and its offset, in a loop over items */
  #value(field: Field, at: Cursor, held: string, inItem = false, prefix = ""): string {
    const known = inItem ? undefined : this.#values.get(join(prefix, field.name));
    if (known !== undefined) return field.kind === "int" ? this.#named(field, known) : known;
    switch (field.kind) {
      case "int": {
        const value = readInteger("bytes", field, at, wideForm(field, this.#form.big));
        return this.#named(field, value);
      }
      case "bits":
        return readBits("bytes", field, at);
      case "bytes": {
        const start = pos(at, field.offset);
        if (held !== "") return `new Uint8Array(${held}Buffer, ${held}Base + ${start}, ${field.size})`;
        return this.#slice(start, String(field.size));
      }
      case "text":
        return `${this.#form.scope.use(field.encoding === "ascii" ? "readAscii" : "readUtf8")}(bytes, ${pos(at, field.offset)}, ${pos(at, field.offset + field.size)})!`;
      case "struct": {
        if (inItem) return this.#object(field.fields, at, held);
        const path = join(prefix, field.name);
        return `{ ${visible(field.fields)
          .map((f) => `${camel(f.name)}: ${this.#value(f, at, held, false, path)}`)
          .join(", ")} }`;
      }
      case "array": {
        if (!inItem) return this.#items(field.name, field.item, String(field.count), advance(at, field.offset));
        const value = this.#itemValue(field.item, { base: "q", add: 0 }, "");
        return `Array.from({ length: ${field.count} }, (_, k) => { const q = ${pos(at, field.offset)} + k * ${field.item.size}; return ${value}; })`;
      }
      case "const":
        throw new TypeError("a constant has no value");
    }
  }
}

/** Wrappers that throw, and that do not. */
export function emitDecode(form: Form, code: Code): void {
  const { name, scope, paramList, paramNames } = form;
  code.doc(`@throws WireError when the bytes are no ${form.type.format}.`);
  code.block(
    `export function decode${name}(bytes: Uint8Array, ${paramList}at = 0, end = bytes.length): ${name}`,
    () => {
      code.line(`return read${name}(bytes, ${paramNames}at, end) ?? ${scope.use("raise")}();`);
    },
  );
  code.doc("The same without throwing, for hot and hostile paths.");
  code.block(
    `export function tryDecode${name}(bytes: Uint8Array, ${paramList}at = 0, end = bytes.length): ${scope.use("Result")}<${name}>`,
    () => {
      code.line(`const value = read${name}(bytes, ${paramNames}at, end);`);
      code.line(`return value === undefined ? ${scope.use("failure")}() : { ok: true, value };`);
    },
  );
}

/** The bytes between a position and the last `after` bytes. */
function roomIn(cursor: Cursor, after: number): string {
  const fixed = cursor.add + after;
  return fixed === 0 ? `end - ${cursor.base}` : `end - ${cursor.base} - ${fixed}`;
}
