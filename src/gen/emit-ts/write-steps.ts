/** Emits the steps of plans that write values. */
import { camel } from "../names.js";
import type { Amount, Place, Refusal, Slot } from "../plan/plan.js";
import type { Share, Told, WriteStep } from "../plan/write-plan.js";
import { checksumOf, crc32Of, spanOf } from "./checksums.js";
import { pos, shareOf, type Code, type Cursor } from "./code.js";
import type { Form } from "./form.js";
import { breachTest, isWide, misfit, wideForm, writeInteger, writeWord, type Medium } from "./integers.js";
import { camelPath, localOf, paramLocal, pieceLocal, siteOf, tagLocal } from "./paths.js";
import { PieceWriter } from "./piece-writer.js";
import { SizeEmitter } from "./size-emitter.js";
import { cursorOf } from "./skipping.js";
import { storeGroups, writeWordGroup } from "./word-stores.js";

/** Up to this many bytes, single stores beat a call of `set`. */
const STORES_MAX = 16;

type Step<Name extends WriteStep["step"]> = Extract<WriteStep, { step: Name }>;

/** The statement that takes a field which a value may leave out. */
export function toldLine(name: string, told: Told): string {
  return `const ${tagLocal(name)} = (value.${camel(name)} ?? ${toldText(told)}) as number;`;
}

function toldText(told: Told): string {
  if (told.by === "number") return String(told.value);
  const kind = `value.${camel(told.of)}?.kind`;
  const cases = told.kinds.map((each) => `${kind} === ${JSON.stringify(each.kind)} ? ${String(each.value)} : `);
  return `(${cases.join("")}undefined)`;
}

/** Writes values by steps, and refuses what does not fit. */
export class WriteSteps {
  readonly #form: Form;
  readonly #code: Code;
  readonly #medium: Medium;
  readonly #isHeld: boolean;
  readonly #pieces: PieceWriter;
  /** The expressions of what has members, and of items, by their paths. */
  readonly #sources = new Map<string, string>();
  /** Where an item starts, and what follows a value in the refusal of one. */
  #item: Cursor = { base: "p", add: 0 };
  #index = "";

  /** @param isHeld the type stands inside another, whose writer has measured it */
  constructor(form: Form, code: Code, medium: Medium, isHeld: boolean) {
    this.#form = form;
    this.#code = code;
    this.#medium = medium;
    this.#isHeld = isHeld;
    this.#pieces = new PieceWriter({
      form,
      code,
      fail: (refusal, at, extra) => this.#failAt(refusal, at, extra),
      failBytes: (refusal, at, extra) => this.#failAt(refusal, at, extra, "failBytes"),
      field: (path, source, start, index, steps) => {
        const outer = { item: this.#item, index: this.#index };
        this.#sources.set(path, source);
        this.#within({ base: start, add: 0 }, index, steps);
        this.#item = outer.item;
        this.#index = outer.index;
      },
      cursor: (place) => this.#cursor(place),
    });
  }

  write(steps: readonly WriteStep[]): void {
    const groups = this.#medium === "view" ? storeGroups(steps) : [];
    for (const step of steps) {
      const group = groups.find((each) => step.step === "store" && each.includes(step));
      if (group === undefined) this.#step(step);
      // One of a group waits for the last of them.
      else if (group.at(-1) === step) {
        const fields = group.map(({ field }) => field);
        const locals = group.map(({ slot }) => this.#local(slot));
        this.#line(writeWordGroup(fields, this.#cursor(group[0]!.at), locals));
      }
    }
  }

  /** The bytes of what has been counted. */
  amount(amount: Amount | Share): string {
    switch (amount.is) {
      case "number":
        return String(amount.value);
      case "slot":
        return amount.times === 1 ? this.#local(amount.slot) : `${amount.times} * ${this.#local(amount.slot)}`;
      case "bits":
        return `Math.ceil(${this.#local(amount.slot)} / 8)`;
      case "share":
        return shareOf(this.#local(amount.slot), amount.minus, amount.by);
      case "expression": {
        const { of, plus } = amount;
        if (of.op !== "param") throw new TypeError("a writer is told how much there is by parameters alone");
        const param = paramLocal(of.name);
        return plus === 0 ? param : `${param} ${plus > 0 ? "+" : "-"} ${Math.abs(plus)}`;
      }
    }
  }

  #within(item: Cursor, index: string, steps: readonly WriteStep[]): void {
    this.#item = item;
    this.#index = index;
    this.write(steps);
  }

  readonly #use = (helper: string): string => this.#form.scope.use(helper);

  #line(text: string): void {
    this.#code.line(text);
  }

  #lines(lines: readonly string[]): void {
    for (const line of lines) this.#code.line(line);
  }

  #failAt(refusal: Refusal, at: string, extra: string, helper = "fail"): string {
    const { written, scope } = this.#form;
    return `${scope.use(helper)}(${siteOf(written, refusal)}, ${at}${extra});`;
  }

  /** The test of a rule. @param actual what the refusal tells */
  #test(condition: string, refusal: Refusal, actual: string, helper = "fail"): void {
    const extra = actual === "" && this.#index === "" ? "" : `, ${actual}${this.#index}`;
    this.#line(`if (${condition}) ${this.#failAt(refusal, pos(this.#cursor(refusal.at)), extra, helper)}`);
  }

  #cursor(place: Place): Cursor {
    if (place.from === "item") return { base: this.#item.base, add: this.#item.add + place.plus };
    return cursorOf(place);
  }

  #local({ of, as }: Slot): string {
    const local = localOf(camelPath(of));
    if (as === "told") return tagLocal(of);
    return as === "value" ? local : `${local}$${as}`;
  }

  /** A piece whose number has been worked out is called as one that has been read. */
  #letLocal(slot: Slot): string {
    const isPiece = this.#form.blocks.some((block) => block.block === "piece" && block.name === slot.of);
    return isPiece ? pieceLocal(slot.of) : this.#local(slot);
  }

  /** The expression of a member of the value. */
  #source(path: string): string {
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    if (this.#form.tags.has(path)) return tagLocal(path);
    const dot = path.lastIndexOf(".");
    return `${dot < 0 ? "value" : this.#source(path.slice(0, dot))}.${camel(path.slice(dot + 1))}`;
  }

  /** The local of a slot, which holds what the value says. */
  #take({ of, as }: Slot): string {
    const local = this.#local({ of, as });
    this.#line(`const ${local} = ${this.#source(of)};`);
    return local;
  }

  #step(step: WriteStep): void {
    switch (step.step) {
      case "object":
        return this.#object(step);
      case "tell":
        return this.#line(toldLine(step.slot.of, step.told));
      case "count":
        return this.#count(step);
      case "agree": {
        const count = this.#local(step.slot);
        return this.#test(`${count} !== ${this.amount(step.amount)}`, step.otherwise, count);
      }
      case "measure":
        return new SizeEmitter(this.#form, this.#code, "at").measure(step);
      case "let":
        return this.#line(`const ${this.#letLocal(step.slot)} = ${this.amount(step.amount)};`);
      case "mark": {
        const by = step.by === null ? "" : ` + ${this.amount(step.by)}`;
        return this.#line(`const $$p${step.mark} = ${pos(this.#cursor(step.at))}${by};`);
      }
      case "take":
        return this.#number(step);
      case "test": {
        const { slot, field, breaches, otherwise } = step;
        const local = this.#local(slot);
        const value = field?.kind === "bits" && field.width === 1 ? `Number(${local})` : local;
        const suffix = this.#suffix(field);
        return this.#test(breaches.map((breach) => breachTest(breach, value, suffix)).join(" || "), otherwise, value);
      }
      case "constant":
        return this.#line(`const ${this.#local(step.slot)} = ${step.value}${this.#suffix(step.field)};`);
      case "crc32":
        return this.#crc32(step);
      case "sum": {
        const span = spanOf(this.#cursor(step.at), this.#cursor(step.to));
        const sum = checksumOf(step.sum, this.#form.scope, span, pos(this.#cursor(step.field)));
        return this.#line(`const ${this.#local(step.slot)} = ${sum};`);
      }
      case "put":
        return this.#put(step.bytes, this.#cursor(step.at));
      case "store": {
        const { slot, field, at } = step;
        // A length that follows from something is a count, whatever the form of the value.
        const wide = field.derive === null ? wideForm(field, this.#form.big) : "number";
        return this.#lines(writeInteger(this.#medium, field, this.#cursor(at), this.#local(slot), wide, this.#use));
      }
      case "word":
        return this.#word(step);
      case "float":
        return this.#float(step);
      case "bytes":
        return this.#bytes(step);
      case "copy":
        return this.#line(`bytes.set(${this.#local(step.slot)}, ${pos(this.#cursor(step.at))});`);
      case "list": {
        const length = `${this.#take(step.slot)}?.length`;
        return this.#test(`${length} !== ${step.count}`, step.otherwise, length);
      }
      case "rows":
        return this.#rows(step);
      case "flags":
        return this.#flags(step);
      case "piece":
        return this.#pieces.write(step, this.#cursor(step.at));
      case "reach": {
        const { of } = step;
        const isWhole = typeof of === "boolean" ? String(of) : `$${camel(of)}$toEnd >= 0`;
        return this.#line(`${this.#form.scope.use("next")}.toEnd = ${isWhole};`);
      }
      case "last": {
        const toEnd = `$${camel(step.of)}$toEnd`;
        const refusal = this.#failAt(step.otherwise, toEnd, "");
        return this.#line(`if (${toEnd} >= 0 && ${toEnd} !== ${pos(this.#cursor(step.end))}) ${refusal}`);
      }
    }
  }

  #suffix(field: { readonly kind: string; readonly size: number } | null): string {
    const isBig = field?.kind === "int" && isWide(field) && wideForm(field as never, this.#form.big) === "bigint";
    return isBig ? "n" : "";
  }

  #object({ slot, otherwise, steps }: Step<"object">): void {
    if (slot.of !== "") {
      const local = this.#take(slot);
      this.#test(`!${local}`, otherwise, local);
      this.#sources.set(slot.of, local);
      return this.write(steps);
    }
    if (!this.#isHeld) return this.#test("!value", otherwise, "value");
    const { scope, written } = this.#form;
    this.#line(`${scope.use("requireObject")}(${siteOf(written, otherwise)}, at, value);`);
  }

  #count({ slot, counted, min, max, mistaken, otherwise }: Step<"count">): void {
    const { scope } = this.#form;
    const local = localOf(camelPath(slot.of));
    const count = this.#local(slot);
    const member = this.#source(slot.of);
    const limits = `${count} < ${min}${max === null ? "" : ` || ${count} > ${max}`}`;
    if (counted === "bytes") {
      this.#line(`const ${local} = ${member}, ${count} = ${scope.use("lengthOf")}(${local});`);
      return this.#test(limits, otherwise, local, "failBytes");
    }
    if (counted === "items") {
      this.#line(`const ${local} = ${member}, ${count} = ${local}?.length ?? -1;`);
      return this.#test(`${isNoCount(count)} || ${limits}`, otherwise, count);
    }
    this.#line(`const ${local} = ${scope.use(counted === "ascii" ? "asciiBytes" : "utf8Bytes")}(${member});`);
    this.#test(`${local} === undefined`, mistaken, "");
    this.#line(`const ${count} = ${local}.length;`);
    this.#test(limits, otherwise, count);
  }

  #number({ slot, field, breaches, otherwise, unsafe }: Step<"take">): void {
    const local = this.#take(slot);
    if (field.kind === "bits" && field.width === 1)
      return this.#test(`${local} !== true && ${local} !== false`, otherwise, local);
    const rules = breaches.map((breach) => breachTest(breach, local, this.#suffix(field)));
    // Operators on bits throw errors of their own at a bigint, a symbol, or an object without a number.
    const isNumber = `typeof ${local} !== "number"`;
    if (field.kind === "bits") {
      const fit = `(${local} & ${2 ** field.width - 1}) !== ${local}`;
      return this.#test([isNumber, fit, ...rules].join(" || "), otherwise, local);
    }
    const wide = wideForm(field, this.#form.big);
    const tests = [...(isWide(field) ? [] : [isNumber]), misfit(field, local, wide), ...rules];
    this.#test(tests.join(" || "), isWide(field) && wide === "number" ? unsafe : otherwise, local);
  }

  #crc32({ slot, of, bytes, otherwise }: Step<"crc32">): void {
    const { scope } = this.#form;
    const covered = otherwise === null ? localOf(camelPath(of.of)) : this.#source(of.of);
    if (otherwise !== null)
      this.#test(`${scope.use("lengthOf")}(${covered}) !== ${bytes}`, otherwise, covered, "failBytes");
    this.#line(`const ${this.#local(slot)} = ${crc32Of(scope, bytes ?? `${covered}.length`, covered)};`);
  }

  #word({ at, parts }: Step<"word">): void {
    const terms = parts.map(({ slot, field }) => {
      const local = this.#local(slot);
      const number = field.width === 1 ? `(${local} ? 1 : 0)` : local;
      return field.shift === 0 ? number : `(${number} << ${field.shift})`;
    });
    const { slot, field } = parts.at(-1)!;
    const word = `${this.#local(slot)}$bits`;
    this.#line(`const ${word} = ${terms.join(" | ")};`);
    this.#lines(writeWord(this.#medium, field.size, field.endian, this.#cursor(at), field.offset, word));
  }

  #float({ slot, field, at, otherwise }: Step<"float">): void {
    const local = this.#take(slot);
    this.#test(`typeof ${local} !== "number"`, otherwise, local);
    const place = pos(this.#cursor(at));
    const isLittle = field.endian === "le";
    this.#line(
      this.#medium === "bytes"
        ? `${this.#form.scope.use("writeFloat")}(bytes, ${place}, ${field.size}, ${isLittle}, ${local});`
        : `view.setFloat${8 * field.size}(${place}, ${local}, ${isLittle});`,
    );
  }

  #bytes({ slot, text, size, at, otherwise }: Step<"bytes">): void {
    const { scope } = this.#form;
    if (text === null) {
      const local = this.#take(slot);
      this.#test(`${scope.use("lengthOf")}(${local}) !== ${size}`, otherwise, local, "failBytes");
      return this.#copy(local, size, this.#cursor(at));
    }
    const local = this.#local(slot);
    const encoded = scope.use(text === "ascii" ? "asciiBytes" : "utf8Bytes");
    this.#line(`const ${local} = ${encoded}(${this.#source(slot.of)});`);
    this.#test(`${local}?.length !== ${size}`, otherwise, `${local}?.length`);
    this.#copy(local, size, this.#cursor(at));
  }

  #rows({ slot, count, at, size, object, steps }: Step<"rows">): void {
    const outer = { item: this.#item, index: this.#index };
    const isInner = outer.index !== "";
    const [index, p] = isInner ? ["k", "q"] : ["i", "p"];
    const list = this.#local(slot);
    const start = pos(this.#cursor(at));
    const head = `for (let ${index} = 0, ${p} = ${start}; ${index} < ${this.amount(count)}; ${index}++, ${p} += ${size})`;
    this.#code.block(head, () => {
      this.#item = { base: p!, add: 0 };
      this.#index = `, ${index}`;
      const item = object === null ? `${list}[${index}]!` : isInner ? "inner" : "item";
      this.#sources.set(`${slot.of}[*]`, item);
      if (object !== null) {
        this.#line(`const ${item} = ${list}[${index}]!;`);
        this.#test(`!${item}`, object, item);
      }
      this.write(steps);
    });
    this.#item = outer.item;
    this.#index = outer.index;
  }

  #flags({ slot, order, at, otherwise }: Step<"flags">): void {
    const local = this.#local(slot);
    const start = pos(this.#cursor(at));
    const bit = order === "lsb" ? "(i & 7)" : "(7 - (i & 7))";
    this.#code.block(`for (let i = 0, byte = 0; i < ${local}$count; i++)`, () => {
      const refusal = this.#failAt(otherwise, start, `, ${local}[i], i`);
      this.#line(`if (${local}[i] === true) byte |= 1 << ${bit};`);
      this.#line(`else if (${local}[i] !== false) ${refusal}`);
      this.#code.block(`if ((i & 7) === 7 || i === ${local}$count - 1)`, () => {
        const target = `${start} + (i >>> 3)`;
        this.#line(this.#medium === "bytes" ? `bytes[${target}] = byte;` : `view.setUint8(${target}, byte);`);
        this.#line("byte = 0;");
      });
    });
  }

  #put(bytes: readonly number[], cursor: Cursor): void {
    if (this.#medium === "bytes")
      return this.#line(bytes.map((byte, i) => `bytes[${pos(cursor, i)}] = ${byte};`).join(" "));
    for (let i = 0; i < bytes.length;) {
      const width = [4, 2, 1].find((each) => i + each <= bytes.length)!;
      const value = bytes.slice(i, i + width).reduce((sum, byte) => sum * 256 + byte, 0);
      this.#line(`view.setUint${width * 8}(${pos(cursor, i)}, ${value});`);
      i += width;
    }
  }

  #copy(local: string, size: number, cursor: Cursor): void {
    const byteAt = (i: number): string => `${local}[${i}]!`;
    if (size > STORES_MAX) {
      if (this.#medium === "bytes") return this.#line(`bytes.set(${local}, ${pos(cursor)});`);
      return this.#line(`for (let b = 0; b < ${size}; b++) view.setUint8(${pos(cursor)} + b, ${local}[b]!);`);
    }
    if (this.#medium === "bytes") {
      const stores = Array.from({ length: size }, (_, i) => `bytes[${pos(cursor, i)}] = ${byteAt(i)};`);
      return this.#line(stores.join(" "));
    }
    let i = 0;
    for (; i + 4 <= size; i += 4) {
      const word = `(${byteAt(i)} << 24) | (${byteAt(i + 1)} << 16) | (${byteAt(i + 2)} << 8) | ${byteAt(i + 3)}`;
      this.#line(`view.setUint32(${pos(cursor, i)}, ${word});`);
    }
    for (; i < size; i++) this.#line(`view.setUint8(${pos(cursor, i)}, ${byteAt(i)});`);
  }
}

/** The test that a length is none: what has one need not be a list. */
export function isNoCount(count: string): string {
  return `!Number.isInteger(${count})`;
}
