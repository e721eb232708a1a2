/** Emits readers: classes that decode single fields where they lie. */
import { isImplied, type BytesBlock, type Field, type ItemsBlock } from "../ir.js";
import { camel, pascal } from "../names.js";
import { extentOf, unitOf, type CountedBlock } from "../plan/extents.js";
import { join } from "../plan/fields.js";
import type { Place } from "../plan/plan.js";
import { planRead } from "../plan/read.js";
import { type Code, pos, type Cursor } from "./code.js";
import { namedValue, valueType, type Form, type Scope } from "./form.js";
import { readBits, readInteger, wideForm } from "./integers.js";
import { paramLocal } from "./paths.js";

/** A field that a reader has a getter for, or, where it is of items, a method that takes their indices. */
export interface Member {
  readonly name: string;
  /** As the spec names it. */
  readonly path: string;
  readonly field: Exclude<Field, { kind: "struct" | "array" | "const" }>;
  /** The lists that it is in, the outermost first. */
  readonly lists: readonly List[];
}

/** Items of one size. */
interface List {
  readonly name: string;
  /** Bytes from the start of the value, or of the item around it. */
  readonly offset: number;
  readonly size: number;
  readonly count: string;
}

/** The members that fields make: those of structs and items are members of their own. @param prefix of their names */
export function membersOf(
  fields: readonly Field[],
  prefix = "",
  path = "",
  lists: readonly List[] = [],
): readonly Member[] {
  // An item without a type is shown also where it is constant.
  const shown = fields.filter((field) => field.name === "" || !isImplied(field));
  return shown.flatMap((field): readonly Member[] => {
    const name = prefix === "" ? camel(field.name) : prefix + pascal(field.name);
    const own = join(path, field.name);
    switch (field.kind) {
      case "struct":
        return membersOf(field.fields, name, own, lists);
      case "array": {
        const { offset, item, count } = field;
        return membersOf(item.fields, name, own, [...lists, { name, offset, size: item.size, count: String(count) }]);
      }
      case "const":
        return [];
      default:
        return [{ name, path: own, field, lists }];
    }
  });
}

/** The members of the items of a block. */
export function membersOfItems({ name, item }: ItemsBlock): readonly Member[] {
  const list: List = { name: camel(name), offset: 0, size: item.size, count: `this.countOf${pascal(name)}` };
  return membersOf(item.fields, camel(name), name, [list]);
}

/** The type of a member in one form of its integers, and the expression for its value in `this.$bytes`. */
export function readMember({ field }: Member, at: Cursor, big: boolean, scope: Scope): { type: string; value: string } {
  const start = pos(at, field.offset);
  const end = pos(at, field.offset + field.size);
  switch (field.kind) {
    case "int":
    case "bits": {
      const type = valueType(field, big, scope);
      const value =
        field.kind === "int"
          ? readInteger("bytes", field, at, wideForm(field, big), (helper) => scope.use(helper))
          : readBits("bytes", field, at);
      return { type, value: namedValue(type, value) };
    }
    case "float":
      return {
        type: "number",
        value: `${scope.use("readFloat")}(this.$bytes, ${start}, ${field.size}, ${field.endian === "le"})`,
      };
    case "bytes":
      return { type: "Uint8Array", value: `this.$bytes.subarray(${start}, ${end})` };
    case "text": {
      const read = scope.use(field.encoding === "ascii" ? "readAscii" : "readUtf8");
      return { type: "string", value: `${read}(this.$bytes, ${start}, ${end})!` };
    }
  }
}

/** The statements that return what a member is. Integers are read byte by byte, of a local. */
export function returned({ field }: Member, value: string): string {
  const isNumber = field.kind === "int" || field.kind === "bits";
  return `${isNumber ? "const bytes = this.$bytes; " : ""}return ${value};`;
}

/**
 * Emits `class TReader`: validated once by `wrap`, then each field is read from the bytes when it is
 * asked for, and nothing is copied.
 */
export function emitReader(form: Form, code: Code): void {
  const { name, blocks, scope } = form;
  code.doc(`Reads the fields of one ${form.type.format} where they lie. Reusable; holds the bytes it was given.`);
  code.block(`export class ${name}Reader`, () => {
    emitWrap(code, `${name}Reader`, form, `check${name}`, () => undefined, scope);
    const { starts, end } = planRead(blocks, (ref) => scope.layout(ref));
    const marks = new Map<number, string>();
    const cursorOf = ({ from, plus }: Place): Cursor => {
      const base = from === "start" ? "this.$at" : from === "end" ? "this.$end" : marks.get(from as number)!;
      return { base, add: plus };
    };
    blocks.forEach((block, i) => {
      const start = cursorOf(starts[i]!);
      if (block.block === "fixed") {
        for (const member of membersOf(block.fields)) emitMember(form, code, member, start);
        for (const field of block.fields) emitExtentGetter(code, field, start);
      } else if (block.block !== "piece") {
        const length = emitCounted(form, code, block, start);
        const behind = starts[i + 1] ?? end;
        if (typeof behind.from !== "number") return;
        const title = pascal(block.name);
        marks.set(behind.from, `this.endOf${title}`);
        code.line(`protected get endOf${title}(): number { return ${pos(start)} + ${length}; }`);
      }
    });
  });
}

/** The members of a block whose number of things is known when its bytes are. @returns what it takes */
function emitCounted(form: Form, code: Code, block: CountedBlock, start: Cursor): string {
  const title = pascal(block.name);
  const count = countIn(block, start);
  const [own, first] = [`this.countOf${title}`, `this.startOf${title}`];
  if (block.block !== "bytes")
    code.doc("How many there are.").line(`get countOf${title}(): number { return ${count}; }`);
  code.doc("Where they begin in the bytes.").line(`get startOf${title}(): number { return ${pos(start)}; }`);
  switch (block.block) {
    case "items":
      for (const member of membersOfItems(block)) emitMember(form, code, member, { base: first, add: 0 });
      return block.item.size === 1 ? count : `${block.item.size} * ${own}`;
    case "bits": {
      const bit = block.order === "lsb" ? "(i & 7)" : "(7 - (i & 7))";
      code.line(
        `${camel(block.name)}(i: number): boolean { return i >>> 0 === i && i < ${own} && ((this.$bytes[${first} + (i >>> 3)]! >>> ${bit}) & 1) === 1; }`,
      );
      return `Math.ceil(${count} / 8)`;
    }
    case "bytes":
      emitBytes(form, code, block, first, `${first} + ${count}`);
      return count;
  }
}

function emitBytes({ scope }: Form, code: Code, { name, text }: BytesBlock, start: string, end: string): void {
  if (text === null) code.line(`get ${camel(name)}(): Uint8Array { return this.$bytes.subarray(${start}, ${end}); }`);
  else {
    const read = scope.use(text === "ascii" ? "readAscii" : "readUtf8");
    code.line(`get ${camel(name)}(): string { return ${read}(this.$bytes, ${start}, ${end})!; }`);
  }
}

/** How many items, bits or bytes a block has. */
function countIn(block: CountedBlock, start: Cursor): string {
  const extent = extentOf(block);
  if (extent.from === "rest") {
    const unit = unitOf(block);
    return `(this.$end - (${pos(start, extent.after)}))${unit === 1 ? "" : ` / ${unit}`}`;
  }
  const of = extent.from === "param" ? extent.param : extent.field;
  return pos({ base: `this.$$${camel(of)}`, add: extent.plus });
}

/** The members that every reader has: the bytes, `wrap` and `tryWrap`. */
export function emitWrap(
  code: Code,
  className: string,
  form: { paramList: string; paramNames: string; type: { params: readonly { name: string }[] } },
  check: string,
  after: () => void,
  scope: Scope,
): void {
  const [raise, failure] = [scope.use("raise"), scope.use("failure")];
  const [result, lengthOf] = [scope.use("Result"), scope.use("lengthOf")];
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

/** A getter, or a method `coinsSerial(i)` that takes an index for each list around the field. */
export function emitMember(form: Form, code: Code, member: Member, start: Cursor): void {
  const { name, field, lists } = member;
  const { big, scope, sites } = form;
  let at = start;
  const indices = lists.map((_, n) => (n === 0 ? "i" : `i${n}`));
  const enter = lists.map(({ name: list, offset, size, count }, n) => {
    const [i, p] = [indices[n]!, n === 0 ? "p" : `p${n}`];
    const site = sites.add("argument", `${list}[*]`, form.type, "an index below the count");
    const place = `const ${p} = ${pos(at, offset)} + ${i} * ${size};`;
    at = { base: p, add: 0 };
    return `${place} if (${i} >>> 0 !== ${i} || ${i} >= ${count}) ${scope.use("fail")}(${site}, this.$at, ${i}, ${i}); `;
  });
  const { type, value } = readMember(member, at, big, scope);
  const body = `{ ${enter.join("")}${returned(member, value)} }`;
  if (lists.length === 0) code.doc(field.doc).line(`get ${name}(): ${type} ${body}`);
  else code.line(`${name}(${indices.map((i) => `${i}: number`).join(", ")}): ${type} ${body}`);
}
