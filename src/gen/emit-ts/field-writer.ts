/** Emits the writing of fields of fixed size. */
import { isDerivedFrom, rangeOf, type Derive, type Field, type IntField, type Item } from "../ir.js";
import { camel } from "../names.js";
import { advance, pos, type Code, type Cursor, type Refuse } from "./code.js";
import type { Form } from "./form.js";
import { asInteger, bounds } from "../plan/rules.js";
import { isWide, misfit, ruleTests, wideForm, writeInteger, writeWord, type Medium } from "./integers.js";
import { join, localOf, names, tagLocal } from "./paths.js";
import { wordGroups, writeWordGroup } from "./word-stores.js";

/** Up to this many bytes, single stores beat a call of `set`. */
const STORES_MAX = 16;

/** Statements that tell the fields that a value may leave out. @param text that asks for some of them */
export function tagLines(form: Form, text?: string): string[] {
  return [...form.tags].flatMap(([name, told]) => {
    if (text !== undefined && !names(text, tagLocal(name))) return [];
    return [`const ${tagLocal(name)} = (value.${camel(name)} ?? ${told}) as number;`];
  });
}

/** Writes fields from the expressions of their values, and refuses what does not fit. */
export class FieldWriter {
  readonly #form: Form;
  readonly #code: Code;
  readonly #medium: Medium;
  /** Checksums, to be written when what they cover is. */
  readonly later: { readonly field: IntField; readonly cursor: Cursor }[] = [];

  constructor(form: Form, code: Code, medium: Medium) {
    this.#form = form;
    this.#code = code;
    this.#medium = medium;
  }

  fail(...[code, path, origin, expected, at, extra = "", secret = false]: Parameters<Refuse>): string {
    const site = this.#form.sites.add(code, path, origin, expected, secret);
    return `${this.#form.scope.use("fail")}(${this.#form.sites.name}, ${site}, ${at}${extra});`;
  }

  /** The same for a byte field, whose value may be no bytes at all. */
  failBytes(...[code, path, origin, expected, at, extra = ""]: Parameters<Refuse>): string {
    const site = this.#form.sites.add(code, path, origin, expected);
    return `${this.#form.scope.use("failBytes")}(${this.#form.sites.name}, ${site}, ${at}${extra});`;
  }

  /** Locals of the fields that may be left out. */
  tags(): void {
    for (const line of tagLines(this.#form)) this.#code.line(line);
  }

  /** Writes fields that need no variable of others. */
  fields(fields: readonly Field[], cursor: Cursor, from: string, prefix: string, item: string): void {
    const groups = new Map<number, string[]>();
    const words = this.#medium === "view" ? wordGroups(fields) : [];
    for (const field of fields) {
      const path = join(prefix, field.name);
      const local = localOf(path);
      const isTag = prefix === "" && field.name !== "" && this.#form.tags.has(field.name);
      const source = isTag ? tagLocal(field.name) : field.name === "" ? from : `${from}.${camel(field.name)}`;
      switch (field.kind) {
        case "const":
          this.#constant(field.bytes, cursor, field.offset);
          break;
        case "int":
          this.#integer(field, fields, cursor, source, path, item);
          this.#store(
            field,
            words.find((group) => group.includes(field)),
            cursor,
            prefix,
          );
          break;
        case "bits": {
          const boolean = field.width === 1;
          if (isDerivedFrom(field, "extent")) this.#derived(asInteger(field), field.width, local, cursor);
          else this.#code.line(`const ${local} = ${source};`);
          const as = asInteger(field);
          const test = boolean
            ? `${local} !== true && ${local} !== false`
            : [
                `typeof ${local} !== "number"`,
                `(${local} & ${2 ** field.width - 1}) !== ${local}`,
                ...ruleTests(as, local, "number").map((t) => t.test),
              ].join(" || ");
          const expected = boolean ? "true or false" : `0 to ${2 ** field.width - 1}`;
          this.#code.line(
            `if (${test}) ${this.fail("range", path, field, expected, pos(cursor, field.offset), `, ${local}${item}`)}`,
          );
          if (boolean && field.rule !== null) {
            for (const { code, test: rule, expected: want } of ruleTests(as, `Number(${local})`, "number")) {
              this.#code.line(
                `if (${rule}) ${this.fail(code, path, field, want, pos(cursor, field.offset), `, Number(${local})${item}`)}`,
              );
            }
          }
          const terms = groups.get(field.offset) ?? [];
          const number = boolean ? `(${local} ? 1 : 0)` : local;
          terms.push(field.shift === 0 ? number : `(${number} << ${field.shift})`);
          groups.set(field.offset, terms);
          const isLast = !fields.some(
            (other) =>
              other !== field &&
              other.kind === "bits" &&
              other.offset === field.offset &&
              fields.indexOf(other) > fields.indexOf(field),
          );
          if (isLast) {
            const word = `${local}$bits`;
            this.#code.line(`const ${word} = ${terms.join(" | ")};`);
            this.lines(writeWord(this.#medium, field.size, field.endian, cursor, field.offset, word));
          }
          break;
        }
        case "float":
          this.#code.line(`const ${local} = ${source};`);
          this.#code.line(
            `if (typeof ${local} !== "number") ${this.fail("argument", path, field, "a number", pos(cursor, field.offset), `, ${local}${item}`)}`,
          );
          this.#code.line(
            this.#medium === "bytes"
              ? `${this.#form.scope.use("writeFloat")}(bytes, ${pos(cursor, field.offset)}, ${field.size}, ${field.endian === "le"}, ${local});`
              : `view.setFloat${8 * field.size}(${pos(cursor, field.offset)}, ${local}, ${field.endian === "le"});`,
          );
          break;
        case "bytes":
          this.#code.line(`const ${local} = ${source};`);
          this.#code.line(
            `if (${this.#form.scope.use("lengthOf")}(${local}) !== ${field.size}) ${this.failBytes("length", path, field, `${field.size} bytes`, pos(cursor, field.offset), `, ${local}${item}`)}`,
          );
          this.#copy(local, field.size, cursor, field.offset);
          break;
        case "text": {
          const bytes = this.#form.scope.use(field.encoding === "ascii" ? "asciiBytes" : "utf8Bytes");
          this.#code.line(`const ${local} = ${bytes}(${source});`);
          this.#code.line(
            `if (${local}?.length !== ${field.size}) ${this.fail("length", path, field, `${field.encoding} text of ${field.size} bytes`, pos(cursor, field.offset), `, ${local}?.length${item}`)}`,
          );
          this.#copy(local, field.size, cursor, field.offset);
          break;
        }
        case "struct":
          this.#code.line(`const ${local} = ${source};`);
          this.#code.line(
            `if (!${local}) ${this.fail("argument", path, field, "an object", pos(cursor, field.offset), `, ${local}${item}`)}`,
          );
          this.fields(field.fields, cursor, local, path, item);
          break;
        case "array":
          this.#code.line(`const ${local} = ${source};`);
          this.#code.line(
            `if (${local}?.length !== ${field.count}) ${this.fail("count", path, field, `${field.count} items`, pos(cursor, field.offset), `, ${local}?.length${item}`)}`,
          );
          this.#itemLoop(
            local,
            field.item,
            String(field.count),
            advance(cursor, field.offset),
            `${path}[*]`,
            item === "",
          );
          break;
      }
    }
  }

  #integer(
    field: IntField,
    siblings: readonly Field[],
    cursor: Cursor,
    source: string,
    path: string,
    item: string,
  ): void {
    const local = localOf(path);
    const wide = wideForm(field, this.#form.big);
    const at = pos(cursor, field.offset);
    const suffix = isWide(field) && wide === "bigint" ? "n" : "";
    if (field.derive?.from === "crc32") {
      const covered = this.#covered(field, siblings, cursor);
      this.#code.line(`const ${local} = ${this.#form.scope.use("crc32")}(${covered});`);
    } else if (field.derive?.from === "extent") {
      this.#derived(field, 8 * field.size, local, cursor);
    } else if (field.derive?.from === "checksum") {
      // Written when what it covers is; until then the checksum over itself sees zeros.
      this.later.push({ field, cursor });
      this.#code.line(`const ${local} = 0;`);
    } else if (field.rule !== null && field.rule.min !== null && field.rule.min === field.rule.max) {
      this.#code.line(`const ${local} = ${field.rule.min}${suffix};`);
    } else {
      this.#code.line(`const ${local} = ${source};`);
      const { min, max } = bounds(field);
      const rules = ruleTests(field, local, wide);
      const range = rules.filter((rule) => rule.code === "range" && (field.rule?.anyOf ?? null) === null);
      const expected =
        isWide(field) && wide === "number" ? (field.signed ? "within ±(2^53-1)" : "0 to 2^53-1") : `${min} to ${max}`;
      // Operators on bits throw errors of their own at a bigint, a symbol, or an object without a number.
      const typed = isWide(field) ? [] : [`typeof ${local} !== "number"`];
      const test = [...typed, misfit(field, local, wide), ...range.map((rule) => rule.test)].join(" || ");
      this.#code.line(
        `if (${test}) ${this.fail("range", path, field, expected, at, `, ${local}${item}`, field.secret)}`,
      );
      for (const rule of rules.filter((r) => !range.includes(r))) {
        this.#code.line(
          `if (${rule.test}) ${this.fail(rule.code, path, field, rule.expected, at, `, ${local}${item}`, field.secret)}`,
        );
      }
    }
  }

  /** The local of a length that follows from a block. @param bits that it has */
  #derived(field: IntField, bits: number, local: string, cursor: Cursor): void {
    const { of, minus, times } = field.derive as Extract<Derive, { from: "extent" }>;
    const at = pos(cursor, field.offset);
    const count = `$${camel(of)}$count`;
    const less = minus === 0 ? count : minus > 0 ? `${count} - ${minus}` : `${count} + ${-minus}`;
    const value = times === 1 ? less : `(${less}) / ${times}`;
    this.#code.line(`const ${local} = ${value};`);
    const rule = field.rule;
    const [low, high] = rangeOf(bits, field.signed);
    const [min, max] = [rule?.min ?? low, rule?.max ?? high];
    const below = (0 - minus) / times < min ? `${local} < ${min} || ` : "";
    const broken = times === 1 ? "" : `${local} !== Math.floor(${local}) || `;
    const expected = `${field.name} of ${min} to ${max}${times === 1 ? "" : `, a multiple of ${times}`}`;
    this.#code.line(
      `if (${broken}${below}${local} > ${max}) ${this.fail("range", camel(of), field, expected, at, `, ${local}`)}`,
    );
  }

  /** Writes an integer that is in its variable; one of a `group` waits for the last of them. */
  #store(field: IntField, group: readonly IntField[] | undefined, cursor: Cursor, prefix: string): void {
    const localOfField = (each: IntField): string => localOf(join(prefix, each.name));
    if (group === undefined) {
      // A length that follows from something is a count, whatever the form of the value.
      const wide = field.derive === null ? wideForm(field, this.#form.big) : "number";
      this.lines(writeInteger(this.#medium, field, cursor, localOfField(field), wide));
    } else if (group.at(-1) === field) {
      this.#code.line(writeWordGroup(group, cursor, group.map(localOfField)));
    }
  }

  /** The value that a checksum covers, checked; it is taken from the value, not from what was written. */
  #covered(field: IntField, siblings: readonly Field[], cursor: Cursor): string {
    const { of } = field.derive as Extract<Derive, { from: "crc32" }>;
    const isBefore = siblings.some(
      ({ name, kind }, i) => name === of && kind === "bytes" && i < siblings.indexOf(field),
    );
    if (isBefore) return localOf(camel(of));
    if (this.#form.blocks.some((block) => block.block === "bytes" && block.name === of)) return `$${camel(of)}`;
    const fixed = this.#form.blocks.flatMap((block) => (block.block === "fixed" ? block.fields : []));
    const covered = fixed.find(({ name }) => name === of)!;
    const source = `value.${camel(of)}`;
    const expected = `${covered.size} bytes`;
    const refusal = this.failBytes("length", camel(of), covered, expected, pos(cursor, field.offset), `, ${source}`);
    this.#code.line(`if (${this.#form.scope.use("lengthOf")}(${source}) !== ${covered.size}) ${refusal}`);
    return source;
  }

  items(name: string, item: Item, count: string, cursor: Cursor): void {
    this.#itemLoop(`$${camel(name)}`, item, count, cursor, `${camel(name)}[*]`, true);
  }

  #itemLoop(local: string, item: Item, count: string, cursor: Cursor, path: string, outer: boolean): void {
    const [index, p] = outer ? ["i", "p"] : ["k", "q"];
    this.#code.block(
      `for (let ${index} = 0, ${p} = ${pos(cursor)}; ${index} < ${count}; ${index}++, ${p} += ${item.size})`,
      () => {
        const at: Cursor = { base: p, add: 0 };
        const extra = `, ${index}`;
        if (item.type === null) {
          this.fields(item.fields, at, `${local}[${index}]!`, path, extra);
          return;
        }
        const value = outer ? "item" : "inner";
        this.#code.line(`const ${value} = ${local}[${index}]!;`);
        this.#code.line(
          `if (!${value}) ${this.fail("argument", path, this.#form.type, "an object", p, `, ${value}${extra}`)}`,
        );
        this.fields(item.fields, at, value, path, extra);
      },
    );
  }

  #constant(bytes: readonly number[], cursor: Cursor, offset: number): void {
    if (this.#medium === "bytes") {
      this.#code.line(bytes.map((byte, i) => `bytes[${pos(cursor, offset + i)}] = ${byte};`).join(" "));
      return;
    }
    for (let i = 0; i < bytes.length;) {
      const width = [4, 2, 1].find((each) => i + each <= bytes.length)!;
      const value = bytes.slice(i, i + width).reduce((sum, byte) => sum * 256 + byte, 0);
      this.#code.line(`view.setUint${width * 8}(${pos(cursor, offset + i)}, ${value});`);
      i += width;
    }
  }

  #copy(local: string, size: number, cursor: Cursor, offset: number): void {
    if (this.#medium === "bytes") {
      if (size > STORES_MAX) return void this.#code.line(`bytes.set(${local}, ${pos(cursor, offset)});`);
      const stores = Array.from({ length: size }, (_, i) => `bytes[${pos(cursor, offset + i)}] = ${local}[${i}]!;`);
      this.#code.line(stores.join(" "));
      return;
    }
    if (size > STORES_MAX) {
      this.#code.line(`for (let b = 0; b < ${size}; b++) view.setUint8(${pos(cursor, offset)} + b, ${local}[b]!);`);
      return;
    }
    const stores: string[] = [];
    let i = 0;
    for (; i + 4 <= size; i += 4) {
      stores.push(
        `view.setUint32(${pos(cursor, offset + i)}, (${local}[${i}]! << 24) | (${local}[${i + 1}]! << 16) | (${local}[${i + 2}]! << 8) | ${local}[${i + 3}]!);`,
      );
    }
    for (; i < size; i++) stores.push(`view.setUint8(${pos(cursor, offset + i)}, ${local}[${i}]!);`);
    for (const store of stores) this.#code.line(store);
  }

  lines(lines: readonly string[]): void {
    for (const line of lines) this.#code.line(line);
  }
}
