/** Emits the reading of a type from its plan: every test in the order of the bytes, then the value. */
import type { IntField } from "../ir.js";
import type { Amount, Place, ReadPlan, ReadStep, Refusal, Slot } from "../plan/plan.js";
import { planRead } from "../plan/read.js";
import { isRuled, rulesOf } from "../plan/rules.js";
import { checksumOf, spanOf } from "./checksums.js";
import { Code, pos, type Cursor } from "./code.js";
import type { Form } from "./form.js";
import { breachTest, halves, isWide, readBits, readInteger, wideForm } from "./integers.js";
import { camelPath, localOf, marked, paramLocal, siteOf, withoutUnusedMarks } from "./paths.js";
import { PieceReader } from "./piece-reader.js";
import { cursorOf } from "./skipping.js";
import { ValueEmitter, sliceOf } from "./value-emitter.js";

/** A constant of one byte over and over is compared in a loop from this length on. */
const LOOP_MIN = 8;

type Step<Name extends ReadStep["step"]> = Extract<ReadStep, { step: Name }>;

/** Emits the reading of one type: first every test of its plan, then the value. */
export class ReadEmitter {
  readonly #form: Form;
  readonly #target: Code;
  #code = new Code();
  readonly #plan: ReadPlan;
  readonly #pieces: PieceReader;
  /** Expressions for the values that the tests have made available, by the field's path. */
  readonly #values = new Map<string, string>();
  #wantsValue = false;
  /** The shared state of readers of pieces, where this is one. */
  #next: string | null = null;
  /** Where an item starts, and what follows a value in the refusal of one. */
  #item: Cursor = { base: "p", add: 0 };
  #index = "";

  constructor(form: Form, code: Code) {
    this.#form = form;
    this.#target = code;
    this.#plan = planRead(form.blocks, (ref) => form.scope.layout(ref));
    this.#pieces = new PieceReader({
      form,
      code: this.#code,
      siteOf: (refusal) => this.#siteOf(refusal),
      refuseAt: (site, at, extra) => this.#refuseAt(site, at, extra),
      fieldTests: (steps, cursor, index) => this.#within(cursor, index, steps),
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
    return withoutUnusedMarks(String(this.#code));
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
    this.#value();
    this.#close();
  }

  /** The lines that leave the tests to the check; only of a layout whose size is known. */
  emitValue(): void {
    const form = this.#form;
    this.#code.line(`if (check${form.name}(bytes, ${form.paramNames}at, end) === undefined) return undefined;`);
    this.#value();
    this.#close();
  }

  /**
   * `function $takeT(…): T | undefined`: reads a value that others may follow, and sets `next.at` behind it.
   * @param name of the function
   */
  emitTake(name: string): void {
    const form = this.#form;
    const { scope } = form;
    const { need, end } = this.#plan;
    this.#wantsValue = true;
    this.#next = scope.use("next");
    if (need > 0)
      this.#code.line(
        `if (end - at < ${need}) return ${scope.use("refuse")}(${form.tooShort}, at, \`\${end - at} bytes\`);`,
      );
    this.#steps(this.#plan.steps);
    this.#code.line(`${scope.use("next")}.at = ${pos(cursorOf(end))};`);
    this.#value();
    const text = this.#text();
    const head = `function ${name}(${marked("bytes", text)}: Uint8Array, ${form.paramsOf(text)}at: number, ${marked("end", text)}: number): ${form.typeText} | undefined`;
    this.#target.block(head, () => this.#target.text(text));
  }

  #value(): void {
    const starts = this.#plan.starts.map(cursorOf);
    new ValueEmitter(this.#form, this.#code, starts, this.#values, this.#next).emit();
  }

  #tests(): void {
    const { type, size, scope } = this.#form;
    const { need, steps, end } = this.#plan;
    const exact = size !== null && !type.open;
    // An exact size behind a whole `at` leaves `end` no choice but to be whole as well.
    const ends = exact ? `end - at !== ${need}` : `end - at < ${need} || end >>> 0 !== end`;
    this.#code.block(`if (${ends} || end > ${scope.use("lengthOf")}(bytes) || at >>> 0 !== at)`, () => {
      this.#code.line(`return ${scope.use("refuseRange")}(${this.#form.tooShort}, ${need}, bytes, at, end);`);
    });
    this.#steps(steps);
    const closed = size !== null || end.from === "end" || type.open;
    const behind = pos(cursorOf(end));
    if (!closed)
      this.#code.line(`if (${behind} !== end) return ${scope.use("refuse")}(${this.#form.tooLong}, ${behind});`);
  }

  /** Takes the steps of an item. @param index what follows the value in a refusal */
  #within(item: Cursor, index: string, steps: readonly ReadStep[]): void {
    const outer = { item: this.#item, index: this.#index };
    this.#item = item;
    this.#index = index;
    this.#steps(steps);
    this.#item = outer.item;
    this.#index = outer.index;
  }

  #steps(steps: readonly ReadStep[]): void {
    for (const step of steps) this.#step(step);
  }

  #step(step: ReadStep): void {
    switch (step.step) {
      case "need":
        return this.#need(step);
      case "match":
        return this.#match(step);
      case "load":
        return this.#load(step);
      case "test":
        return this.#breach(step);
      case "let":
        return this.#line(`const ${this.#local(step.slot)} = ${this.#amount(step.amount)};`);
      case "mark": {
        const by = step.by === null ? "" : ` + ${this.#amount(step.by)}`;
        return this.#line(`const $$p${step.mark} = ${pos(this.#cursor(step.at))}${by};`);
      }
      case "left":
        return this.#left(step);
      case "whole": {
        const count = this.#local(step.slot);
        return this.#test(`${count} >>> 0 !== ${count}`, step.otherwise, count);
      }
      case "bytes": {
        const value = sliceOf(pos(this.#cursor(step.at)), this.#local(step.count), this.#next);
        this.#values.set(camelPath(step.slot.of), value);
        return;
      }
      case "text":
        return this.#readText(step);
      case "rows":
        return this.#rows(step);
      case "padding":
        return this.#padding(step);
      case "sum":
        return this.#sum(step);
      case "piece":
        return this.#pieces.read(step, this.#cursor(step.at), `$$p${step.mark}`);
    }
  }

  #line(text: string): void {
    this.#code.line(text);
  }

  /** @param actual what the refusal tells */
  #test(condition: string, refusal: Refusal, actual = ""): void {
    this.#line(`if (${condition}) ${this.#refuse(refusal, actual)}`);
  }

  #refuse(refusal: Refusal, actual = ""): string {
    const told = actual === "" && this.#index !== "" ? "undefined" : actual;
    const at = pos(this.#cursor(refusal.at));
    return this.#refuseAt(this.#siteOf(refusal), at, told === "" ? "" : `, ${told}${this.#index}`);
  }

  /** The place of a rule in the tables of the format. */
  #siteOf(refusal: Refusal): string {
    return siteOf(this.#form.sites, refusal);
  }

  #refuseAt(site: string, at: string, extra: string): string {
    return `return ${this.#form.scope.use("refuse")}(${site}, ${at}${extra});`;
  }

  #cursor(place: Place): Cursor {
    if (place.from === "item") return { base: this.#item.base, add: this.#item.add + place.plus };
    return cursorOf(place);
  }

  #local({ of, as }: Slot): string {
    return as === "value" ? localOf(camelPath(of)) : `$${camelPath(of)}$count`;
  }

  #amount(amount: Amount): string {
    switch (amount.is) {
      case "number":
        return String(amount.value);
      case "slot":
        return amount.times === 1 ? this.#local(amount.slot) : `${this.#local(amount.slot)} * ${amount.times}`;
      case "bits":
        return `Math.ceil(${this.#local(amount.slot)} / 8)`;
      case "expression": {
        const { of, plus } = amount;
        const source =
          of.op === "param" ? paramLocal(of.name) : of.op === "field" ? this.#sourceOf(of.path.join(".")) : "";
        return plus === 0 ? source : `${source} ${plus > 0 ? "+" : "-"} ${Math.abs(plus)}`;
      }
    }
  }

  /** The expression of a value that a test has left. */
  #sourceOf(path: string): string {
    return this.#values.get(camelPath(path))!;
  }

  #need({ at, by, after, otherwise }: Step<"need">): void {
    const room = roomIn(this.#cursor(at), after);
    const bytes = this.#amount(by);
    if (by.is === "number") this.#test(`${room} < ${bytes}`, otherwise, `\`\${${room}} bytes\``);
    else this.#test(`${bytes} > ${room}`, otherwise, `\`\${${room}} of \${${bytes}} bytes\``);
  }

  #left({ slot, at, after, size, otherwise }: Step<"left">): void {
    const count = this.#local(slot);
    const room = roomIn(this.#cursor(at), after);
    if (size === 1) {
      if ((this.#wantsValue && !this.#isText(slot)) || this.#isAsked(slot)) this.#line(`const ${count} = ${room};`);
      return;
    }
    this.#line(`const ${count} = ((${room}) / ${size}) | 0;`);
    this.#test(`${count} * ${size} !== ${room}`, otherwise, room);
  }

  /** Whether a test asks for a count. */
  #isAsked(slot: Slot): boolean {
    const isCount = (other: Slot | null): boolean => other !== null && other.of === slot.of && other.as === slot.as;
    return this.#plan.steps.some(
      (step) =>
        (step.step === "test" && isCount(step.slot)) ||
        (step.step === "rows" && step.count.is === "slot" && isCount(step.count.slot) && this.#hasTests(step.steps)) ||
        (step.step === "sum" && "as" in step.to && isCount(step.to)),
    );
  }

  /** Whether a count is that of a text, which is read up to where it ends. */
  #isText({ of }: Slot): boolean {
    return this.#plan.steps.some((step) => step.step === "text" && step.slot.of === of);
  }

  /** Whether anything comes of the steps of items: an integer of 64 bits has no test in its bigint form. */
  #hasTests(steps: readonly ReadStep[]): boolean {
    return steps.some((step) => step.step !== "load" || this.#isLoaded(step));
  }

  #isLoaded({ field, isKept }: Step<"load">): boolean {
    if (isKept || field.kind === "bits" || isRuled(field)) return true;
    return isWide(field) && wideForm(field, this.#form.big) === "number";
  }

  #load(step: Step<"load">): void {
    const { slot, field, at } = step;
    if (!this.#isLoaded(step)) return;
    const local = this.#local(slot);
    const cursor = this.#cursor(at);
    if (field.kind === "bits") {
      this.#line(`const ${local} = ${readBits("bytes", field, cursor)};`);
      if (step.isKept) this.#keep(slot, local);
      return;
    }
    const wide = wideForm(field, this.#form.big);
    if (isWide(field) && wide === "number") return this.#loadWide(step, field, cursor);
    this.#line(
      `const ${local} = ${readInteger("bytes", field, cursor, wide, (helper) => this.#form.scope.use(helper))};`,
    );
    this.#keep(slot, local);
  }

  /** An integer of 64 bits whose value is refused where a number would not be exact. */
  #loadWide({ slot, otherwise }: Step<"load">, field: IntField, cursor: Cursor): void {
    const local = this.#local(slot);
    const { high, low } = halves("bytes", field, cursor, (helper) => this.#form.scope.use(helper));
    if (field.signed) {
      this.#line(`const ${local} = ${high} * 4294967296 + ${low};`);
      this.#test(`!Number.isSafeInteger(${local})`, otherwise);
      return this.#keep(slot, local);
    }
    const hasRules = rulesOf(field).length > 0;
    if (hasRules || (this.#wantsValue && this.#index === "")) {
      this.#line(`const ${local}$high = ${high};`);
      this.#test(`${local}$high > 0x1fffff`, otherwise);
    } else {
      const [first, second] = field.endian === "be" ? [0, 1] : [7, 6];
      const byteAt = (i: number): string => `bytes[${pos(cursor, field.offset + i)}]!`;
      this.#test(`${byteAt(first)} !== 0 || ${byteAt(second)} > 0x1f`, otherwise);
    }
    if (hasRules) this.#line(`const ${local} = ${local}$high * 4294967296 + ${low};`);
    this.#keep(slot, hasRules ? local : `${local}$high * 4294967296 + ${low}`);
  }

  /** Notes the value of a field for those who ask for it; of an item nobody does. */
  #keep(slot: Slot, value: string): void {
    if (this.#index === "") this.#values.set(camelPath(slot.of), value);
  }

  #breach({ slot, field, breaches, told, otherwise }: Step<"test">): void {
    const local = this.#local(slot);
    const value = field?.kind === "bits" && field.width === 1 ? `Number(${local})` : local;
    const isBigint = field?.kind === "int" && isWide(field) && wideForm(field, this.#form.big) === "bigint";
    const tests = breaches.map((breach) => breachTest(breach, value, isBigint ? "n" : ""));
    const isSelf = told.of === slot.of && told.as === slot.as;
    this.#test(tests.join(" || "), otherwise, isSelf ? value : this.#sourceOf(told.of));
  }

  #readText({ slot, at, to, encoding, otherwise }: Step<"text">): void {
    const local = this.#local(slot);
    const read = this.#form.scope.use(encoding === "ascii" ? "asciiAt" : "textAt");
    this.#line(`const ${local} = ${read}(bytes, ${pos(this.#cursor(at))}, ${pos(this.#cursor(to))});`);
    this.#test(`${local} === undefined`, otherwise);
    this.#keep(slot, local);
  }

  #rows({ count, at, size, steps }: Step<"rows">): void {
    if (!this.#hasTests(steps)) return;
    const start = pos(this.#cursor(at));
    this.#code.block(`for (let i = 0, p = ${start}; i < ${this.#amount(count)}; i++, p += ${size})`, () =>
      this.#within({ base: "p", add: 0 }, ", i", steps),
    );
  }

  #padding({ count, order, end, otherwise }: Step<"padding">): void {
    const bits = `(${this.#local(count)} & 7)`;
    const last = `bytes[${pos(this.#cursor(end))} - 1]!`;
    const unused = order === "lsb" ? `${last} >>> ${bits}` : `(${last} << ${bits}) & 0xff`;
    this.#test(`${bits} !== 0 && (${unused}) !== 0`, otherwise);
  }

  #match({ at, bytes, otherwise }: Step<"match">): void {
    const cursor = this.#cursor(at);
    const place = (i: number): string => `bytes[${pos(cursor, i)}]`;
    if (bytes.length <= 2) {
      this.#test(bytes.map((byte, i) => `${place(i)} !== ${byte}`).join(" || "), otherwise);
    } else if (bytes.length >= LOOP_MIN && bytes.every((byte) => byte === bytes[0])) {
      const head = `for (let c = ${pos(cursor)}; c < ${pos(cursor, bytes.length)}; c++)`;
      this.#line(`${head} if (bytes[c] !== ${bytes[0]}) ${this.#refuse(otherwise)}`);
    } else {
      const differences = bytes.map((byte, i) => (byte === 0 ? `${place(i)}!` : `(${place(i)}! ^ ${byte})`));
      this.#test(`(${differences.join(" | ")}) !== 0`, otherwise);
    }
  }

  #sum({ slot, sum, at, to, field, otherwise }: Step<"sum">): void {
    const from = this.#cursor(at);
    const span =
      "as" in to
        ? { start: pos(from), end: `${pos(from)} + ${this.#local(to)}`, size: this.#local(to) }
        : spanOf(from, this.#cursor(to));
    const value = checksumOf(sum, this.#form.scope, span, pos(this.#cursor(field)));
    this.#test(`${value} !== ${this.#local(slot)}`, otherwise, this.#local(slot));
  }
}

/** The bytes between a position and the last `after` bytes. */
function roomIn(cursor: Cursor, after: number): string {
  const fixed = cursor.add + after;
  return fixed === 0 ? `end - ${cursor.base}` : `end - ${cursor.base} - ${fixed}`;
}
