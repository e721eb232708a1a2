/** Emits the reading of a type: every test in the order of the bytes, then the value. */
import { extentOf, type Block, type Derive, type Field, type IntField, type Item } from "../ir.js";
import { camel } from "../names.js";
import { ValueEmitter, sliceOf } from "./value-emitter.js";
import { advance, Code, pos, type Cursor, type Origin, type Refuse } from "./code.js";
import { isChecked, isFree, visible, type Form } from "./form.js";
import { countsOf, limitsTest } from "./length.js";
import { asInteger } from "../plan/rules.js";
import { halves, isWide, readBits, readInteger, ruleTests, wideForm } from "./integers.js";
import { checksumOf, spanOf } from "./checksums.js";
import { join, localOf, marked, paramLocal, wordCounts } from "./paths.js";
import { PieceReader } from "./piece-reader.js";

/** A constant of one byte over and over is compared in a loop from this length on. */
const LOOP_MIN = 8;

/**
 * Emits the reading of one type: first every test in the order of the bytes, then the value. Each fixed
 * block costs no test of its own: the entry test covers all of them.
 */
export class ReadEmitter {
  readonly #form: Form;
  readonly #target: Code;
  readonly #code = new Code();
  /** Locals for each block's count, and where its bytes start. */
  readonly #starts: Cursor[] = [];
  readonly #ends: Cursor[] = [];
  readonly #pieces: PieceReader;
  readonly #values = new Map<string, string>();
  /** Checksums over blocks of variable size: tested once it is known where those lie. */
  readonly #deferred: (() => void)[] = [];
  #nextPosition = 1;
  #wantsValue = false;
  /** The shared state of readers of pieces, where this is one. */
  #next: string | null = null;
  /** Another function has tested the bytes: what remains is to find the values. */
  #isTested = false;

  constructor(form: Form, code: Code) {
    this.#form = form;
    this.#target = code;
    this.#pieces = new PieceReader({
      form,
      code: this.#code,
      refuse: (...args) => this.#refuse(...args),
      fieldTests: (fields, cursor, prefix, item) => this.#fieldTests(fields, cursor, prefix, item),
      value: (field, cursor, path) =>
        new ValueEmitter(form, this.#code, [], new Map(), form.scope.use("next")).field(field, cursor, path),
      tested: (path) => this.#values.get(path),
    });
  }

  /** Hands the lines over, but for positions that none of them uses. */
  #close(): void {
    this.#target.text(this.#text());
  }

  #text(): string {
    let text = String(this.#code);
    for (let before = ""; before !== text;) {
      before = text;
      const counts = wordCounts(text);
      text = text.replace(/^ *const (\$\$p\d+) = .*\n/gm, (line, name: string) => (counts.get(name)! > 1 ? line : ""));
    }
    return text;
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
    this.#close();
  }

  /** The lines that test the bytes and make the value. */
  emitTestsAndValue(): void {
    this.#wantsValue = true;
    this.#tests();
    new ValueEmitter(this.#form, this.#code, this.#starts, this.#values).emit();
    this.#close();
  }

  /** The lines that leave the tests to the check. */
  emitValue(): void {
    const form = this.#form;
    this.#wantsValue = true;
    this.#isTested = true;
    this.#code.line(`if (check${form.name}(bytes, ${form.paramNames}at, end) === undefined) return undefined;`);
    this.#walk();
    new ValueEmitter(this.#form, this.#code, this.#starts, this.#values).emit();
    this.#close();
  }

  /**
   * `function $takeT(…): T | undefined`: reads a value that others may follow, and sets `next.at` behind it.
   * @param name of the function
   */
  emitTake(name: string): void {
    const form = this.#form;
    const { scope, sites, baseSize } = form;
    this.#wantsValue = true;
    this.#next = scope.use("next");
    if (baseSize > 0)
      this.#code.line(
        `if (end - at < ${baseSize}) return ${scope.use("refuse")}(${sites.name}, 0, at, \`\${end - at} bytes\`);`,
      );
    const cursor = this.#walk();
    for (const test of this.#deferred) test();
    this.#code.line(`${scope.use("next")}.at = ${pos(cursor)};`);
    new ValueEmitter(form, this.#code, this.#starts, this.#values, this.#next).emit();
    const text = this.#text();
    const head = `function ${name}(${marked("bytes", text)}: Uint8Array, ${form.paramsOf(text)}at: number, ${marked("end", text)}: number): ${form.typeText} | undefined`;
    this.#target.block(head, () => this.#target.text(text));
  }

  /** A test, unless it has been done. */
  #test(condition: string, refusal: string): void {
    if (!this.#isTested) this.#code.line(`if (${condition}) ${refusal}`);
  }

  #refuse(...[code, path, origin, expected, at, extra = "", secret = false]: Parameters<Refuse>): string {
    const site = this.#form.sites.add(code, path, origin, expected, secret);
    return `return ${this.#form.scope.use("refuse")}(${this.#form.sites.name}, ${site}, ${at}${extra});`;
  }

  #tests(): void {
    const { type, baseSize, size, sites, scope } = this.#form;
    const exact = size !== null && !type.open;
    // An exact size behind a whole `at` leaves `end` no choice but to be whole as well.
    const ends = exact ? `end - at !== ${baseSize}` : `end - at < ${baseSize} || end >>> 0 !== end`;
    this.#code.block(`if (${ends} || end > ${scope.use("lengthOf")}(bytes) || at >>> 0 !== at)`, () => {
      this.#code.line(`return ${scope.use("refuseRange")}(${sites.name}, 0, ${baseSize}, bytes, at, end);`);
    });
    const cursor = this.#walk();
    for (const test of this.#deferred) test();
    const closed = size !== null || cursor.base === "end" || type.open;
    if (!closed)
      this.#code.line(`if (${pos(cursor)} !== end) return ${scope.use("refuse")}(${sites.name}, 1, ${pos(cursor)});`);
  }

  /** Goes through the blocks, tests them and finds where they start. @returns where they end */
  #walk(): Cursor {
    let cursor: Cursor = { base: "at", add: 0 };
    this.#form.blocks.forEach((block, index) => {
      this.#starts.push(cursor);
      if (block.block === "fixed") {
        this.#fieldTests(block.fields, cursor, "", "");
        cursor = advance(cursor, block.size);
      } else if (block.block === "piece") {
        const local = `$$p${this.#nextPosition++}`;
        this.#pieces.read(block, cursor, local);
        cursor = { base: local, add: 0 };
        this.#needBehind(index, cursor);
      } else {
        cursor = this.#variableTests(block, cursor, index);
      }
      this.#ends.push(cursor);
    });
    return cursor;
  }

  /** Tests for the fixed blocks behind a piece, which the tests before it could not see. */
  #needBehind(index: number, cursor: Cursor): void {
    const size = this.#form.runSize(index + 1);
    if (size === 0) return;
    const first = this.#form.blocks.slice(index + 1).find((block) => block.block === "fixed")!;
    const field = first.fields[0]!;
    const room = roomIn(cursor, 0);
    const refusal = this.#refuse(
      "short",
      camel(field.name),
      field,
      `${size} bytes`,
      pos(cursor),
      `, \`\${${room}} bytes\``,
    );
    this.#code.line(`if (${room} < ${size}) ${refusal}`);
  }

  /** Bytes that the blocks behind one need at least. */
  #tailSize(index: number): number {
    return this.#form.runSize(index + 1);
  }

  #hasValuesBehind(index: number): boolean {
    return this.#form.blocks
      .slice(index + 1)
      .some(
        (block) =>
          block.block !== "fixed" ||
          visible(block.fields).length > 0 ||
          block.fields.some((field) => field.kind === "int" && field.derive?.from === "extent"),
      );
  }

  #variableTests(block: VariableBlock, cursor: Cursor, index: number): Cursor {
    const count = `$${camel(block.name)}$count`;
    const itemSize = block.block === "items" ? block.item.size : 1;
    const extent = extentOf(block);
    if (extent.from === "rest") {
      // The entry test and the test before this block have left room for all that is fixed.
      const room = roomIn(cursor, extent.after);
      if (itemSize === 1) {
        const isUsed =
          this.#wantsValue ||
          (block.block === "items" && !isFree(block.item.fields, this.#form.big)) ||
          (block.block === "bytes" && block.text !== null) ||
          (block.block !== "bits" && (block.min > 0 || block.max !== null));
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
        this.#test(`${count} * ${itemSize} !== ${room}`, refusal);
      }
    } else {
      const source = extent.from === "field" ? this.#values.get(camel(extent.field))! : paramLocal(extent.param);
      const plus = extent.plus === 0 ? "" : extent.plus > 0 ? ` + ${extent.plus}` : ` - ${-extent.plus}`;
      this.#code.line(`const ${count} = ${source}${plus};`);
      if (extent.from === "param")
        this.#test(
          `${count} >>> 0 !== ${count}`,
          this.#refuse("argument", camel(extent.param), block, "a count", pos(cursor), `, ${count}`),
        );
      else if (extent.plus < 0)
        this.#test(
          `${count} < 0`,
          this.#refuse("range", camel(extent.field), block, `at least ${-extent.plus}`, pos(cursor), `, ${source}`),
        );
    }
    this.#countTests(block, count, cursor);
    return this.#end(block, count, itemSize, cursor, index);
  }

  #countTests(block: VariableBlock, count: string, cursor: Cursor): void {
    if (block.block === "bits") return;
    const test = limitsTest(count, block.min, block.max);
    if (test === "") return;
    const refusal = this.#refuse("count", camel(block.name), block, countsOf(block), pos(cursor), `, ${count}`);
    this.#test(test, refusal);
  }

  /** Where the next block starts, after a test that the bytes reach there; then the tests on the block's own bytes. */
  #end(block: VariableBlock, count: string, itemSize: number, cursor: Cursor, index: number): Cursor {
    const extent = extentOf(block);
    const whole = itemSize === 1 ? count : `${count} * ${itemSize}`;
    const bytes = block.block === "bits" ? `Math.ceil(${count} / 8)` : whole;
    let next: Cursor;
    if (extent.from === "rest") {
      next = { base: "end", add: -extent.after };
    } else {
      const room = roomIn(cursor, this.#tailSize(index));
      this.#test(
        `${bytes} > ${room}`,
        this.#refuse("short", camel(block.name), block, "", "end", `, \`\${${room}} of \${${bytes}} bytes\``),
      );
      const start = `$$p${this.#nextPosition++}`;
      const isText = block.block === "bytes" && block.text !== null;
      if (!this.#isTested || isText || this.#hasValuesBehind(index))
        this.#code.line(`const ${start} = ${pos(cursor)} + ${bytes};`);
      next = { base: start, add: 0 };
    }
    if (block.block === "items") this.#itemTests(camel(block.name), block.item, count, cursor);
    if (block.block === "bits") {
      const unused =
        block.order === "lsb"
          ? `bytes[${pos(next)} - 1]! >>> (${count} & 7)`
          : `(bytes[${pos(next)} - 1]! << (${count} & 7)) & 0xff`;
      this.#test(
        `(${count} & 7) !== 0 && (${unused}) !== 0`,
        this.#refuse("padding", camel(block.name), block, "zero bits", `${pos(next)} - 1`),
      );
    }
    if (block.block === "bytes") {
      const path = camel(block.name);
      if (block.text === null) {
        this.#values.set(path, sliceOf(pos(cursor), bytes, this.#next));
      } else {
        const local = `$${camel(block.name)}`;
        const read = this.#form.scope.use(block.text === "ascii" ? "readAscii" : "readUtf8");
        this.#code.line(`const ${local} = ${read}(bytes, ${pos(cursor)}, ${pos(next)});`);
        this.#test(`${local} === undefined`, this.#refuse("text", path, block, block.text, pos(cursor)));
        this.#values.set(path, this.#isTested ? `${local}!` : local);
      }
    }
    return next;
  }

  #itemTests(path: string, item: Item, count: string, cursor: Cursor): void {
    if (this.#isTested || isFree(item.fields, this.#form.big)) return;
    this.#code.block(`for (let i = 0, p = ${pos(cursor)}; i < ${count}; i++, p += ${item.size})`, () => {
      this.#fieldTests(item.fields, { base: "p", add: 0 }, `${path}[*]`, ", i");
    });
  }

  /** Tests of the fields of a block or item. Values of a fixed block are kept for the building. */
  #fieldTests(fields: readonly Field[], cursor: Cursor, prefix: string, item: string): void {
    const inItem = item !== "";
    for (const field of fields) {
      // The value of what has been tested is read where it is needed; only what gives a size is needed before.
      if (this.#isTested && !(field.kind === "int" && field.derive?.from === "extent")) continue;
      const path = join(prefix, field.name);
      const at = pos(cursor, field.offset);
      switch (field.kind) {
        case "const":
          this.#constTest(field.bytes, path, field, cursor, field.offset, item);
          break;
        case "int": {
          const wide = wideForm(field, this.#form.big);
          const isExtent = field.derive?.from === "extent";
          const isKept = isExtent || (!inItem && this.#form.referenced.has(path));
          if (!isChecked(field, this.#form.big) && !isKept) break;
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
              const keepsHigh = rules.length > 0 || (this.#wantsValue && !inItem);
              if (keepsHigh) this.#code.line(`const ${local}$high = ${high};`);
              const [first, second] = field.endian === "be" ? [0, 1] : [7, 6];
              const byteAt = (i: number): string => `bytes[${pos(cursor, field.offset + i)}]!`;
              this.#test(
                keepsHigh ? `${local}$high > 0x1fffff` : `${byteAt(first)} !== 0 || ${byteAt(second)} > 0x1f`,
                this.#refuse(
                  "unsafe-integer",
                  path,
                  field,
                  expected,
                  at,
                  inItem ? `, undefined${item}` : "",
                  field.secret,
                ),
              );
              if (rules.length > 0) this.#code.line(`const ${local} = ${local}$high * 4294967296 + ${low};`);
              else value = `${local}$high * 4294967296 + ${low}`;
            }
          } else {
            this.#code.line(`const ${local} = ${readInteger("bytes", field, cursor, wide)};`);
          }
          if (!inItem) this.#values.set(path, value);
          for (const { code, test, expected } of rules) {
            this.#test(test, this.#refuse(code, path, field, expected, at, extra(local), field.secret));
          }
          if (field.derive?.from === "crc32") this.#crcTest(field, fields, path, cursor, item);
          if (field.derive?.from === "checksum") this.#checksumTest(field, field.derive, path, cursor);
          break;
        }
        case "bits": {
          const isKept = !inItem && (field.derive !== null || this.#form.referenced.has(path));
          if (field.rule === null && field.enum?.strict !== true && !isKept) break;
          const local = localOf(path);
          this.#code.line(`const ${local} = ${readBits("bytes", field, cursor)};`);
          if (isKept) this.#values.set(path, local);
          const number = field.width === 1 ? `Number(${local})` : local;
          for (const { code, test, expected } of ruleTests(asInteger(field), number, "number")) {
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
            this.#itemTests(path, field.item, String(field.count), advance(cursor, field.offset));
          break;
        case "bytes":
        case "float":
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
    const expected = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const actual = item === "" ? "" : `, undefined${item}`;
    const refusal = this.#refuse("constant", path, origin, expected, pos(cursor, offset), actual);
    const place = (i: number): string => `bytes[${pos(cursor, offset + i)}]`;
    if (bytes.length <= 2) {
      this.#code.line(`if (${bytes.map((byte, i) => `${place(i)} !== ${byte}`).join(" || ")}) ${refusal}`);
    } else if (bytes.length >= LOOP_MIN && bytes.every((byte) => byte === bytes[0])) {
      const [start, end] = [pos(cursor, offset), pos(cursor, offset + bytes.length)];
      this.#code.line(`for (let c = ${start}; c < ${end}; c++) if (bytes[c] !== ${bytes[0]}) ${refusal}`);
    } else {
      const differences = bytes.map((byte, i) => (byte === 0 ? `${place(i)}!` : `(${place(i)}! ^ ${byte})`));
      this.#code.line(`if ((${differences.join(" | ")}) !== 0) ${refusal}`);
    }
  }

  /** Tests a checksum once it is known where the bytes lie that it covers. */
  #checksumTest(field: IntField, derive: Extract<Derive, { from: "checksum" }>, path: string, cursor: Cursor): void {
    const local = localOf(path);
    this.#deferred.push(() => {
      const [start, end] = spanOf(this.#form.blocks, derive, field, this.#starts, this.#ends);
      const sum = checksumOf(derive.sum, this.#form.scope, pos(start), pos(end), pos(cursor, field.offset));
      const refusal = this.#refuse(
        "crc",
        path,
        field,
        `the ${derive.sum.name} checksum`,
        pos(cursor, field.offset),
        `, ${local}`,
      );
      this.#code.line(`if (${sum} !== ${local}) ${refusal}`);
    });
  }

  #crcTest(field: IntField, siblings: readonly Field[], path: string, cursor: Cursor, item: string): void {
    const of = (field.derive as Extract<Derive, { from: "crc32" }>).of;
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
      this.#code.line(`if (${this.#form.scope.use("crc32")}(bytes, 0, ${range}) !== ${local}) ${refusal}`);
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
      else test(`${pos(start)}, ${pos(start)} + $${camel(of)}$count`);
    });
  }
}

/** A block whose number of bytes a field, a parameter or the end decides. */
type VariableBlock = Exclude<Block, { block: "fixed" } | { block: "piece" }>;

/** The bytes between a position and the last `after` bytes. */
function roomIn(cursor: Cursor, after: number): string {
  const fixed = cursor.add + after;
  return fixed === 0 ? `end - ${cursor.base}` : `end - ${cursor.base} - ${fixed}`;
}
