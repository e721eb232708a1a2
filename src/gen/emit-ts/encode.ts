import type { BitsBlock, Field, IntField, Item } from "../ir.js";
import { camel } from "../names.js";
import { advance, Code, pos, type Cursor, type Origin, type SiteTable } from "./code.js";
import { isMovable, names, packed, piecesOf } from "./parts.js";
import { join, localOf } from "./paths.js";
import { countsOf } from "./length.js";
import { itemType, valueType, type Form } from "./form.js";
import { bounds, isWide, misfit, ruleTests, wideForm, writeInteger, writeWord, type Medium } from "./integers.js";
import { weigh, WEIGHT_MAX } from "./weight.js";
import { wordGroups, writeWordGroup } from "./words.js";

/** Up to this many bytes, single stores beat a call of `set`. */
const STORES_MAX = 16;

/** `encodeT`, `encodeTInto`, and `encodeTIntoView` where it was asked for. */
export function emitEncode(form: Form, code: Code): void {
  const lengthOf = `${camel(form.type.name) + (form.big ? "Big" : "")}Length`;
  code.doc("@throws WireError when the value does not fit the format.");
  code.block(`export function encode${form.name}(value: ${form.name}): Uint8Array`, () => {
    code.line(`const bytes = new Uint8Array(${form.size === null ? `${lengthOf}(value)` : form.size});`);
    code.line(`encode${form.name}Into(value, bytes, 0);`);
    code.line("return bytes;");
  });
  code.doc(
    "Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room",
  );
  new Writing(form, code, "bytes").emit();
  if (!form.has("view")) return;
  code.doc("The same into a view that the caller holds: the fastest form.");
  new Writing(form, code, "view").emit();
}

/** Code, path, origin, what is expected, the position, and what follows it. */
type FailArguments = [
  code: Parameters<SiteTable["add"]>[0],
  path: string,
  origin: Origin,
  expected: string,
  at: string,
  extra: string,
];

/** What the fields of one object may weigh before parts take them, tried one after the other. */
const BUDGETS = [Infinity, WEIGHT_MAX, 240, 120, 0];
/** What a part may weigh; the last of its fields may go beyond by half of their weight. */
const PART_MAX = 0.92 * WEIGHT_MAX;

class Writing {
  readonly #form: Form;
  readonly #target: Code;
  readonly #medium: Medium;
  /** Where lines go now: the function itself or one of its parts. */
  #code = new Code();
  /** Functions that each write some of the fields. */
  #parts: { readonly head: string; readonly body: string }[] = [];
  #budget = Infinity;
  #nextPosition = 1;

  constructor(form: Form, code: Code, medium: Medium) {
    this.#form = form;
    this.#target = code;
    this.#medium = medium;
  }

  /** One function where V8 would inline it; else one that leaves the fields to parts which are inlined each. */
  emit(): void {
    const { name } = this.#form;
    const head = (body: string): string => {
      // What holds constants alone asks for no value.
      const value = names(body, "value") ? "value" : "_value";
      return this.#medium === "bytes"
        ? `export function encode${name}Into(${value}: ${name}, bytes: Uint8Array, at = 0): number`
        : `export function encode${name}IntoView(${value}: ${name}, view: DataView, at: number): number`;
    };
    for (const budget of BUDGETS) {
      this.#budget = budget;
      this.#parts = [];
      this.#nextPosition = 1;
      const body = this.#within(() => this.#body());
      if (weigh(body) > WEIGHT_MAX && budget > 0) continue;
      this.#target.block(head(body), () => this.#target.text(body));
      for (const part of this.#parts) this.#target.block(part.head, () => this.#target.text(part.body));
      return;
    }
  }

  /** The lines that `emit` makes. */
  #within(emit: () => void): string {
    const outer = this.#code;
    const inner = (this.#code = new Code());
    emit();
    this.#code = outer;
    return inner.toString();
  }

  #body(): void {
    const { blocks, sites, scope } = this.#form;
    const room = this.#medium === "bytes" ? `${scope.use("lengthOf")}(bytes)` : "view.byteLength";
    const lengths: string[] = [];
    for (const block of blocks) {
      if (block.block === "fixed") continue;
      const local = `$${camel(block.name)}`;
      const count = `${local}$count`;
      const isText = block.block === "bytes" && block.text !== null;
      const isBytes = block.block === "bytes" && block.text === null;
      if (isText) {
        this.#code.line(
          `const ${local} = ${scope.use(block.text === "ascii" ? "asciiBytes" : "utf8Bytes")}(value.${camel(block.name)});`,
        );
        this.#code.line(
          `if (${local} === undefined) ${this.#fail("text", camel(block.name), block, block.text!, "at")}`,
        );
        this.#code.line(`const ${count} = ${local}.length;`);
      } else {
        const counted = isBytes ? `${scope.use("lengthOf")}(${local})` : `${local}?.length ?? -1`;
        this.#code.line(`const ${local} = value.${camel(block.name)}, ${count} = ${counted};`);
      }
      const min = block.block === "bits" ? 0 : block.min;
      const max = block.block === "bits" ? null : block.max;
      const refusal = isBytes
        ? this.#failBytes("count", camel(block.name), block, countsOf(block), "at", `, ${local}`)
        : this.#fail("count", camel(block.name), block, countsOf(block), "at", `, ${count}`);
      this.#code.line(`if (${count} < ${min}${max === null ? "" : ` || ${count} > ${max}`}) ${refusal}`);
      lengths.push(
        block.block === "bits"
          ? `Math.ceil(${count} / 8)`
          : block.block === "items" && block.item.size !== 1
            ? `${block.item.size} * ${count}`
            : count,
      );
    }
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

    let cursor: Cursor = { base: "at", add: 0 };
    blocks.forEach((block, index) => {
      if (block.block === "fixed") {
        this.#object(block.fields, cursor, "value", "", "", this.#form.name);
        cursor = advance(cursor, block.size);
        return;
      }
      const local = `$${camel(block.name)}`;
      const count = `${local}$count`;
      if (block.block === "items") this.#items(block.name, block.item, count, cursor);
      if (block.block === "bits") this.#bits(block, cursor);
      if (block.block === "bytes") this.#code.line(`bytes.set(${local}, ${pos(cursor)});`);
      if (index < blocks.length - 1) {
        const start = `$$p${this.#nextPosition++}`;
        this.#code.line(`const ${start} = ${pos(cursor)} + ${lengths.shift()!};`);
        cursor = { base: start, add: 0 };
      } else {
        lengths.shift();
      }
    });
    this.#code.line(`return at + ${needed};`);
  }

  #fail(
    code: Parameters<Form["sites"]["add"]>[0],
    path: string,
    origin: Origin,
    expected: string,
    at: string,
    extra = "",
    secret = false,
  ): string {
    const site = this.#form.sites.add(code, path, origin, expected, secret);
    return `${this.#form.scope.use("fail")}(${this.#form.sites.name}, ${site}, ${at}${extra});`;
  }

  /** The same for a byte field, whose value may be no bytes at all. */
  #failBytes(...[code, path, origin, expected, at, extra]: FailArguments): string {
    const site = this.#form.sites.add(code, path, origin, expected);
    return `${this.#form.scope.use("failBytes")}(${this.#form.sites.name}, ${site}, ${at}${extra});`;
  }

  /**
   * Writes the fields of a block, struct or item whose value is the expression `from` of the type `type`: here, or in
   * parts where they weigh more than the budget.
   */
  #object(fields: readonly Field[], cursor: Cursor, from: string, prefix: string, item: string, type: string): void {
    const known = this.#parts.length;
    const here: Cursor = { base: "at", add: cursor.add };
    const pieces = piecesOf(fields, this.#medium).map((piece) => {
      const text = this.#within(() => this.#fields(piece, here, "value", prefix, item));
      return { piece, text, weight: weigh(text), movable: isMovable(text) };
    });
    if (pieces.reduce((sum, { weight }) => sum + weight, 0) <= this.#budget) {
      this.#parts.length = known;
      this.#fields(fields, cursor, from, prefix, item);
      return;
    }
    const [suffix, target] = this.#medium === "bytes" ? ["Into", "bytes: Uint8Array"] : ["IntoView", "view: DataView"];
    for (const run of packed(pieces, PART_MAX)) {
      const body = run.map(({ text }) => text).join("");
      if (!run[0]!.movable || !names(body, "value")) {
        for (const { piece } of run) this.#fields(piece, cursor, from, prefix, item);
        continue;
      }
      const name = `encode${this.#form.name}${suffix}Part${this.#parts.length + 1}`;
      const index = names(body, item.slice(2)) ? item : "";
      const types = `value: ${type}, ${target}, at: number${index === "" ? "" : `${index}: number`}`;
      this.#parts.push({ head: `function ${name}(${types}): void`, body });
      this.#code.line(`${name}(${from}, ${this.#medium}, ${cursor.base}${index});`);
    }
  }

  /** Writes fields that need no variable of others. */
  #fields(fields: readonly Field[], cursor: Cursor, from: string, prefix: string, item: string): void {
    const groups = new Map<number, string[]>();
    const words = this.#medium === "view" ? wordGroups(fields) : [];
    for (const field of fields) {
      const path = join(prefix, field.name);
      const local = localOf(path);
      const source = field.name === "" ? from : `${from}.${camel(field.name)}`;
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
          this.#code.line(`const ${local} = ${source};`);
          const as = {
            ...field,
            kind: "int" as const,
            signed: false,
            derive: null,
            enum: null,
            secret: false,
            u64: null,
          };
          const test = boolean
            ? `${local} !== true && ${local} !== false`
            : [
                `(${local} & ${2 ** field.width - 1}) !== ${local}`,
                ...ruleTests(as, local, "number").map((t) => t.test),
              ].join(" || ");
          const expected = boolean ? "true or false" : `0 to ${2 ** field.width - 1}`;
          this.#code.line(
            `if (${test}) ${this.#fail("range", path, field, expected, pos(cursor, field.offset), `, ${local}${item}`)}`,
          );
          if (boolean && field.rule !== null) {
            for (const { code, test: rule, expected: want } of ruleTests(as, `Number(${local})`, "number")) {
              this.#code.line(
                `if (${rule}) ${this.#fail(code, path, field, want, pos(cursor, field.offset), `, Number(${local})${item}`)}`,
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
            this.#lines(writeWord(this.#medium, field.size, field.endian, cursor, field.offset, word));
          }
          break;
        }
        case "bytes":
          this.#code.line(`const ${local} = ${source};`);
          this.#code.line(
            `if (${this.#form.scope.use("lengthOf")}(${local}) !== ${field.size}) ${this.#failBytes("length", path, field, `${field.size} bytes`, pos(cursor, field.offset), `, ${local}${item}`)}`,
          );
          this.#copy(local, field.size, cursor, field.offset);
          break;
        case "text": {
          const bytes = this.#form.scope.use(field.encoding === "ascii" ? "asciiBytes" : "utf8Bytes");
          this.#code.line(`const ${local} = ${bytes}(${source});`);
          this.#code.line(
            `if (${local}?.length !== ${field.size}) ${this.#fail("length", path, field, `${field.encoding} text of ${field.size} bytes`, pos(cursor, field.offset), `, ${local}?.length${item}`)}`,
          );
          this.#copy(local, field.size, cursor, field.offset);
          break;
        }
        case "struct":
          this.#code.line(`const ${local} = ${source};`);
          this.#code.line(
            `if (!${local}) ${this.#fail("argument", path, field, "an object", pos(cursor, field.offset), `, ${local}${item}`)}`,
          );
          this.#object(field.fields, cursor, local, path, item, valueType(field, this.#form.big, this.#form.scope));
          break;
        case "array":
          this.#code.line(`const ${local} = ${source};`);
          this.#code.line(
            `if (${local}?.length !== ${field.count}) ${this.#fail("count", path, field, `${field.count} items`, pos(cursor, field.offset), `, ${local}?.length${item}`)}`,
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
      const { of, minus } = field.derive;
      this.#code.line(
        `const ${local} = $${camel(of)}$count${minus === 0 ? "" : minus > 0 ? ` - ${minus}` : ` + ${-minus}`};`,
      );
      const { min, max } = bounds(field);
      this.#code.line(
        `if (${min > 0n ? `${local} < ${min} || ` : minus > 0 ? `${local} < 0 || ` : ""}${local} > ${max}) ${this.#fail("range", camel(of), field, `${field.name} of ${min} to ${max}`, at, `, ${local}`)}`,
      );
    } else if (field.rule !== null && field.rule.min !== null && field.rule.min === field.rule.max) {
      this.#code.line(`const ${local} = ${field.rule.min}${suffix};`);
    } else {
      this.#code.line(`const ${local} = ${source};`);
      const { min, max } = bounds(field);
      const rules = ruleTests(field, local, wide);
      const range = rules.filter((rule) => rule.code === "range" && (field.rule?.anyOf ?? null) === null);
      const expected =
        isWide(field) && wide === "number" ? (field.signed ? "within ±(2^53-1)" : "0 to 2^53-1") : `${min} to ${max}`;
      const test = [misfit(field, local, wide), ...range.map((rule) => rule.test)].join(" || ");
      this.#code.line(
        `if (${test}) ${this.#fail("range", path, field, expected, at, `, ${local}${item}`, field.secret)}`,
      );
      for (const rule of rules.filter((r) => !range.includes(r))) {
        this.#code.line(
          `if (${rule.test}) ${this.#fail(rule.code, path, field, rule.expected, at, `, ${local}${item}`, field.secret)}`,
        );
      }
    }
  }

  /** Writes an integer that is in its variable; one of a `group` waits for the last of them. */
  #store(field: IntField, group: readonly IntField[] | undefined, cursor: Cursor, prefix: string): void {
    const localOfField = (each: IntField): string => localOf(join(prefix, each.name));
    if (group === undefined) {
      const wide = wideForm(field, this.#form.big);
      this.#lines(writeInteger(this.#medium, field, cursor, localOfField(field), wide));
    } else if (group.at(-1) === field) {
      this.#code.line(writeWordGroup(group, cursor, group.map(localOfField)));
    }
  }

  /** The value that a checksum covers, checked; it is taken from the value, not from what was written. */
  #covered(field: IntField, siblings: readonly Field[], cursor: Cursor): string {
    const { of } = field.derive!;
    const isBefore = siblings.some(
      ({ name, kind }, i) => name === of && kind === "bytes" && i < siblings.indexOf(field),
    );
    if (isBefore) return localOf(camel(of));
    if (this.#form.blocks.some((block) => block.block === "bytes" && block.name === of)) return `$${camel(of)}`;
    const fixed = this.#form.blocks.flatMap((block) => (block.block === "fixed" ? block.fields : []));
    const covered = fixed.find(({ name }) => name === of)!;
    const source = `value.${camel(of)}`;
    const expected = `${covered.size} bytes`;
    const refusal = this.#failBytes("length", camel(of), covered, expected, pos(cursor, field.offset), `, ${source}`);
    this.#code.line(`if (${this.#form.scope.use("lengthOf")}(${source}) !== ${covered.size}) ${refusal}`);
    return source;
  }

  #items(name: string, item: Item, count: string, cursor: Cursor): void {
    this.#itemLoop(`$${camel(name)}`, item, count, cursor, `${camel(name)}[*]`, true);
  }

  #itemLoop(local: string, item: Item, count: string, cursor: Cursor, path: string, outer: boolean): void {
    const [index, p] = outer ? ["i", "p"] : ["k", "q"];
    this.#code.block(
      `for (let ${index} = 0, ${p} = ${pos(cursor)}; ${index} < ${count}; ${index}++, ${p} += ${item.size})`,
      () => {
        const at: Cursor = { base: p, add: 0 };
        const extra = `, ${index}`;
        const type = itemType(item, this.#form.big, this.#form.scope);
        if (item.type === null) {
          this.#object(item.fields, at, `${local}[${index}]!`, path, extra, type);
          return;
        }
        const value = outer ? "item" : "inner";
        this.#code.line(`const ${value} = ${local}[${index}]!;`);
        this.#code.line(
          `if (!${value}) ${this.#fail("argument", path, this.#form.type, "an object", p, `, ${value}${extra}`)}`,
        );
        this.#object(item.fields, at, value, path, extra, type);
      },
    );
  }

  #bits(block: BitsBlock, cursor: Cursor): void {
    const { name, order } = block;
    const local = `$${camel(name)}`;
    const bit = order === "lsb" ? "(i & 7)" : "(7 - (i & 7))";
    this.#code.block(`for (let i = 0, byte = 0; i < ${local}$count; i++)`, () => {
      const refusal = this.#fail(
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

  #lines(lines: readonly string[]): void {
    for (const line of lines) this.#code.line(line);
  }
}
