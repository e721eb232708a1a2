/** Emits how general types are read: attributes in their order, instances where they are asked for. */
import {
  isMissable,
  isPartial,
  mayBeAbsent,
  mayBeNothing,
  nameOfInstance,
  type Attribute,
  type GeneralContent,
  type GeneralRule,
  type GeneralType,
  type Instance,
  type Kind,
  type Order,
  type Process,
  type Region,
} from "../../general.js";
import { camel, pascal } from "../../names.js";
import { mayLeaveBits, stepsOf, type GeneralBlock } from "../../plan/general.js";
import type { Code } from "../code.js";
import { BlockReader } from "./blocks.js";
import {
  comparedKind,
  emitGeneralExpr,
  emitGeneralNumber,
  emitGeneralOperand,
  emitPerhaps,
  sameTest,
  type ExprPlace,
} from "./expressions.js";
import { emitRule } from "./rules.js";
import { refOf, type GeneralNames } from "./names.js";
import type { GeneralTables } from "./tables.js";

/** Emits `$readT`, `$getT_instance` and `$checkT` of one type. */
export class GeneralReader {
  readonly #names: GeneralNames;
  readonly #tables: GeneralTables;
  readonly #code: Code;
  #locals = 0;
  #place: ExprPlace;

  constructor(type: GeneralType, names: GeneralNames, tables: GeneralTables, code: Code) {
    this.#names = names;
    this.#tables = tables;
    this.#code = code;
    this.#place = { names, type, isSequential: true };
  }

  emit(): void {
    const { names, type } = this.#place;
    const ref = refOf(type);
    const [reader, frame] = [names.use("ByteReader"), names.use("Frame")];
    const head = `function ${names.function("read", ref)}(r: ${reader}, parent: ${frame} | null, root: ${frame} | null, args: readonly unknown[]): ${names.type(ref)}`;
    const { isKept } = names.plan.of(type);
    const shown = type.instances.filter(isShown);
    const isChecked = type.instances.some(isRuled);
    const steps = stepsOf(type);
    const blocks = new BlockReader(this.#place, this.#tables, this.#code);
    this.#code.block(head, () => {
      this.#line("const s = r.session;");
      const first = type.endian === null && isBlock(steps[0]) ? steps[0] : undefined;
      if (steps.some(isBlock)) this.#line("const { bytes } = r;");
      const at = first === undefined ? "" : blocks.begin(first);
      this.#line(`const v = ${blocks.literal(first, at)} as unknown as $Mutable<${names.type(ref)}>;`);
      this.#line("const f = s.frame(parent, root, r, args, v);");
      if (isKept) this.#line("s.keep(f);");
      if (isChecked) this.#line(`s.later(f, ${names.function("check", ref)});`);
      emitOrder(type, this.#place, this.#tables, this.#code);
      let leaves = false;
      for (const step of steps) {
        const attribute = isBlock(step) ? step.fields[0]!.attribute : step;
        // Bits go on in a byte; a choice begins a new one, even if it is of bits.
        if (leaves && attribute.content.content !== "bits") this.#line(`r.align(${type.open});`);
        leaves = mayLeaveBits(attribute.content);
        if (step === first) blocks.check(first, at);
        else if (isBlock(step)) blocks.read(step);
        else this.#attribute(step, `v.${camel(step.name)}`);
      }
      if (leaves) this.#line(`r.align(${type.open});`);
      if (shown.length > 0) this.#line(`${names.function("instances", ref)}.addTo(v);`);
      this.#line("s.leave();").line("return v;");
    });
    this.#place = { names, type, isSequential: false };
    for (const [number, instance] of type.instances.entries()) this.#instance(instance, number);
    if (isChecked)
      this.#code.block(`function ${names.function("check", ref)}(f: ${frame}): void`, () => {
        for (const instance of type.instances.filter(isRuled))
          this.#line(`${names.instance(ref, nameOfInstance(instance))}(f);`);
      });
    if (shown.length > 0) this.#instances();
  }

  #line(text: string): Code {
    return this.#code.line(text);
  }

  #local(name: string): string {
    return `${name}${++this.#locals}`;
  }

  #go(attribute: { name: string; file: string; line: number; secret?: boolean }): void {
    this.#line(`s.place = ${this.#tables.place(attribute, attribute.secret)};`);
  }

  #attribute(attribute: Attribute, target: string): void {
    const { condition } = attribute;
    this.#go(attribute);
    if (condition === null) this.#whole(attribute, target);
    else this.#code.block(`if (${emitGeneralExpr(condition, this.#place)})`, () => this.#whole(attribute, target));
  }

  #whole(attribute: Attribute, target: string): void {
    const { repeat, content, is, rule } = attribute;
    if (repeat === null) {
      // The spec itself says what it is.
      const isConst = content.content === "const";
      const start = this.#start(rule);
      this.#content(content, attribute, (value) => (isConst ? `${value};` : `${target} = ${value};`), null);
      if (rule === null) return;
      if (isPartial(content))
        this.#code.block(`if (${target} !== undefined)`, () => this.#rule(rule, target, is, this.#place, start));
      else this.#rule(rule, target, is, this.#place, start);
      return;
    }
    const [list, i, item] = [this.#local("l"), this.#local("i"), this.#local("x")];
    const outer = this.#place;
    this.#line(`const ${list}: ${this.#names.kind({ kind: "list", of: is })} = [];`);
    // The list is asked for while it grows.
    this.#line(`${target} = ${list};`);
    let test = "!r.eof";
    if (repeat.by === "count") {
      const count = this.#local("n");
      this.#line(`const ${count} = s.count(${emitGeneralNumber(repeat.count, outer)}, r.offset);`);
      test = `${i} < ${count}`;
    } else if (repeat.by === "until") test = "";
    this.#code.block(`for (let ${i} = 0; ${test}; ${i}++)`, () => {
      this.#place = { ...outer, index: i };
      this.#line("s.step();");
      this.#line(`s.index = ${i};`);
      const start = this.#start(rule);
      this.#content(content, attribute, (value) => `const ${item} = ${value};`, item);
      this.#line(`${list}.push(${item});`);
      if (rule !== null) this.#rule(rule, item, is, this.#place, start);
      if (repeat.by !== "until") return;
      this.#line("s.index = -1;");
      this.#line(`if (${emitGeneralExpr(repeat.until, { ...this.#place, item })}) break;`);
    });
    this.#line("s.index = -1;");
    this.#place = outer;
  }

  /**
   * Reads one value.
   * @param assign the statement that takes it
   * @param item the variable of an item, which a choice sets in each of its cases; null: the target itself
   */
  #content(
    content: GeneralContent,
    attribute: Attribute,
    assign: (value: string) => string,
    item: string | null,
  ): void {
    const { names } = this.#place;
    const { repeat, is } = attribute;
    // A number is one of the names only when its rule has been asked.
    const named = is.kind === "enum" && is.strict ? ` as ${names.kind(is)}` : "";
    switch (content.content) {
      case "int": {
        const order = littleOf(content.order);
        const isBig = names.isWide(attribute.is);
        const call =
          content.size === 8
            ? `r.${isBig ? "big" : "long"}(${content.signed}, ${order})`
            : inForm(`r.int(${content.size}, ${content.signed}, ${order})`, isBig);
        this.#line(assign(call + named));
        return;
      }
      case "bits": {
        const { width, isTruth } = content;
        const isBig = names.isWide(attribute.is);
        const form = width <= 53 ? "bits" : isBig ? "bigBits" : "longBits";
        const call = inForm(`r.${form}(${width}, ${content.order === "le"})`, isBig && width <= 53);
        this.#line(assign(`${call}${isTruth ? " === 1" : named}`));
        return;
      }
      case "float":
        this.#line(assign(`r.float(${content.size}, ${littleOf(content.order)})`));
        return;
      case "const":
        this.#line(assign(`r.same(${this.#tables.bytes(content.bytes)})`));
        return;
      case "bytes": {
        const { region, text } = content;
        if (text === null) this.#line(assign(this.#bytes(region)));
        else if (region.process === null) {
          const rule = isPlain(region) ? "null" : this.#tables.region(region);
          const holder = isFilled(region) ? ", v" : "";
          this.#line(assign(`r.string(${this.#size(region)}, ${rule}, ${JSON.stringify(text)}${holder})`));
        } else this.#line(assign(`r.text(${this.#bytes(region)}, ${JSON.stringify(text)})`));
        return;
      }
      case "opaque":
      case "type": {
        const { region } = content;
        const q = region === null ? "r" : this.#local("q");
        if (region !== null)
          this.#line(
            region.process === null && isPlain(region)
              ? `const ${q} = r.part(${this.#size(region)});`
              : `const ${q} = r.sub(${this.#bytes(region)});`,
          );
        const args = names.args(content.args.map((arg) => emitGeneralOperand(arg, this.#place)));
        const call =
          content.content === "opaque"
            ? `$read${pascal(content.name)}(${q}, f, ${args})`
            : `${names.function("read", content.type)}(${q}, ${parentOf(content.parent, this.#place)}, ${content.isForeign ? "null" : "f.root"}, ${args})`;
        const index = repeat === null ? "-1" : this.#place.index!;
        this.#line(`s.path = { up: f.path, name: ${JSON.stringify(camel(attribute.name))}, index: ${index} };`);
        const ending = region === null ? "passed" : endingOf(content, region, names);
        const inner = ending === "noted" ? this.#local("y") : "";
        if (inner !== "") this.#line(`const ${inner} = ${call};`);
        this.#line(assign(inner === "" ? call : inner));
        this.#line("s.path = f.path;");
        // What is inside has places of its own.
        this.#go(attribute);
        if (repeat !== null) this.#line(`s.index = ${index};`);
        if (ending === "refused") this.#line(`${q}.close(false);`);
        if (ending === "noted") this.#line(`${q}.leave(${inner});`);
        return;
      }
      case "choice": {
        const on = this.#local("o");
        if (isAsked(content)) this.#line(`const ${on} = ${emitGeneralExpr(content.on, this.#place)};`);
        const set = item ?? "";
        if (item !== null) this.#line(`let ${set}!: ${names.kind(attribute.is)};`);
        const inner = item === null ? assign : (value: string) => `${set} = ${value};`;
        emitCases(content, on, this.#place, this.#code, mayBeAbsent(attribute), (each) => {
          this.#content(each.content, { ...attribute, is: each.is }, inner, null);
        });
        return;
      }
    }
  }

  /** The bytes of a region, as they are after `process`. */
  #bytes(region: Region): string {
    const { size } = region;
    const taken =
      isPlain(region) && size !== "rest"
        ? `r.take(${this.#size(region)})`
        : `r.region(${this.#size(region)}, ${this.#tables.region(region)}${isFilled(region) ? ", v" : ""})`;
    return region.process === null ? taken : emitProcess(region.process, taken, false, this.#place);
  }

  /** The size of a region, as the runtime takes it. */
  #size({ size }: Region): string {
    return size === null ? "null" : size === "rest" ? "Infinity" : emitGeneralNumber(size, this.#place);
  }

  /** Where a value begins, if a rule may refuse it. */
  #start(rule: GeneralRule | null): string {
    if (rule === null) return "";
    const start = this.#local("a");
    this.#line(`const ${start} = r.at;`);
    return `r.offsetAt(${start})`;
  }

  #rule(rule: GeneralRule, value: string, is: Kind, place: ExprPlace, start: string): void {
    emitRule(rule, value, is, place, start, this.#code);
  }

  #instance(instance: Instance, number: number): void {
    const { names, type } = this.#place;
    const ref = refOf(type);
    const name = nameOfInstance(instance);
    const item = instance.instance === "value" ? instance.is : instance.attribute.is;
    const isList = instance.instance === "position" && instance.attribute.repeat !== null;
    const kind: Kind = isList ? { kind: "list", of: item } : item;
    const condition = instance.instance === "value" ? instance.condition : instance.attribute.condition;
    const isOptional = isMissable(instance);
    // What is not there yet may be there later.
    const isPassing = isOptional && condition === null && instance.instance === "value";
    const result = names.kind(kind) + (isOptional ? " | undefined" : "");
    const frame = names.use("Frame");
    const make = names.maker(ref, name);
    this.#code.block(`function ${names.instance(ref, name)}(f: ${frame}): ${result}`, () => {
      this.#line(`return f.made(${number}, ${make}${isPassing ? ", true" : ""});`);
    });
    this.#code.block(`function ${make}(f: ${frame}): ${result}`, () => {
      this.#line("const s = f.session;");
      this.#line(`const v = f.value as ${names.type(ref)};`);
      if (instance.instance === "value") {
        this.#go(instance);
        if (condition !== null) this.#line(`if (!${emitGeneralExpr(condition, this.#place)}) return undefined;`);
        const isBare = instance.rule === null && mayBeNothing(instance.value);
        const emit = isBare ? emitPerhaps : item.kind === "enum" ? emitGeneralNumber : emitGeneralExpr;
        this.#line(`const x = ${emit(instance.value, this.#place)};`);
        if (instance.rule !== null) this.#rule(instance.rule, "x", item, this.#place, "f.io.pos");
        this.#line("return x;");
        return;
      }
      const { attribute, pos, io } = instance;
      // What is written is given.
      this.#line(`if (s.bytes === null) return v.${camel(name)};`);
      this.#go(attribute);
      if (condition !== null) this.#line(`if (!${emitGeneralExpr(condition, this.#place)}) return undefined;`);
      const stream = io === null ? "f.io" : emitGeneralExpr(io, this.#place);
      this.#line(`const r = ${stream} as ${names.use("ByteReader")};`);
      const at = pos === null ? "null" : emitGeneralNumber(pos, this.#place);
      this.#code.block(
        `return r.within(${at}, () =>`,
        () => {
          this.#line(`let x!: ${names.kind(kind)};`);
          this.#whole(attribute, "x");
          if (mayLeaveBits(attribute.content)) this.#line("r.align(true);");
          this.#line("return x;");
        },
        ");",
      );
    });
  }

  /** The table of the instances that values have. */
  #instances(): void {
    const { names, type } = this.#place;
    const ref = refOf(type);
    this.#line(`const ${names.function("instances", ref)} = /* @__PURE__ */ new ${names.use("Instances")}([`);
    for (const instance of type.instances.filter(isShown)) {
      const name = nameOfInstance(instance);
      const computed = instance.instance === "value" ? ", 1" : "";
      this.#line(`  [${JSON.stringify(camel(name))}, ${names.instance(ref, name)}${computed}],`);
    }
    this.#line("]);");
  }
}

/**
 * What becomes of bytes that a value leaves of its region: they are passed over, passed over and noted, since writing
 * would lose them, or refused. What reads at positions does not say where it ends.
 */
export function endingOf(
  content: GeneralContent & { content: "type" | "opaque" },
  region: Region,
  { plan }: GeneralNames,
): "passed" | "noted" | "refused" {
  if (content.content === "opaque") return region.open ? "passed" : "refused";
  const type = plan.typeOf(content.type);
  if (region.closed) return plan.isScattered(type) ? "passed" : "refused";
  return region.open || type.open || plan.isScattered(type) ? "passed" : "noted";
}

/** A number beside integers of 64 bits, in the form of those. */
function inForm(number: string, isBig: boolean): string {
  return isBig ? `BigInt(${number})` : number;
}

/** An instance that a rule may refuse is a part of what makes bytes a value: it is asked for when all else is read. */
function isRuled(instance: Instance): boolean {
  return (instance.instance === "value" ? instance : instance.attribute).rule !== null;
}

/** True where a value has all bytes of its region. */
function isPlain({ size, terminator, pad }: Region): boolean {
  return size !== null && terminator === null && pad === null;
}

/** True where other bytes than those that a writer puts there may lie behind a value, and are noted. */
export function isFilled({ size, terminator, open, closed }: Region): boolean {
  return size !== null && terminator !== null && !open && !closed;
}

function isBlock(step: GeneralBlock | Attribute | undefined): step is GeneralBlock {
  return step !== undefined && "fields" in step;
}

/** Streams are for expressions; they are no part of a value. */
export function isShown(instance: Instance): boolean {
  return instance.instance === "position" || instance.is.kind !== "io";
}

export function littleOf(order: Order): string {
  return order === "frame" ? "f.isLittle" : String(order === "le");
}

/** The frame that a value inside calls its parent. */
export function parentOf(parent: (GeneralContent & { content: "type" })["parent"], place: ExprPlace): string {
  if (parent === null) return "f";
  if (parent === "none") return "null";
  if (parent.op === "head") {
    if (parent.head === "root") return "f.root";
    return parent.head.up === 0 ? "f" : `f.up(${parent.head.up})`;
  }
  return `f.session.frameOf(${emitGeneralExpr(parent, place)} as object, f)`;
}

/** Sets the byte order of a frame by what decides it. */
export function emitOrder(type: GeneralType, place: ExprPlace, tables: GeneralTables, code: Code): void {
  const { endian } = type;
  if (endian === null) return;
  code.line(`s.place = ${tables.place({ ...type, name: "" })};`);
  code.line(`const order = ${emitGeneralExpr(endian.on, { ...place, isSequential: true })};`);
  let head = "if";
  for (const { values, endian: order } of endian.cases) {
    const set = `f.isLittle = ${order === "le"};`;
    if (values === "else") continue;
    const tests = values.map((value) => sameTest("order", emitGeneralExpr(value, place), endian.on.is, place.names));
    code.line(`${head} (${tests.join(" || ")}) ${set}`);
    head = "else if";
  }
  const other = endian.cases.find(({ values }) => values === "else");
  const last =
    other === undefined
      ? `s.fail("kind", f.io.pos, "a case of the byte order", order);`
      : `f.isLittle = ${other.endian === "le"};`;
  code.line(head === "if" ? last : `else ${last}`);
}

/** Whether a choice depends on anything: one of a single case for all does not. */
export function isAsked({ cases }: GeneralContent & { content: "choice" }): boolean {
  return cases.some(({ values }) => values !== "else");
}

/** The cases of a choice, one behind the other. @param isOptional without one there is nothing */
export function emitCases(
  { cases, on: decided }: GeneralContent & { content: "choice" },
  on: string,
  place: ExprPlace,
  code: Code,
  isOptional: boolean,
  body: (each: (GeneralContent & { content: "choice" })["cases"][number]) => void,
): void {
  let head = "if";
  for (const each of cases) {
    if (each.values === "else") continue;
    const tests = each.values.map((value) =>
      sameTest(on, emitGeneralExpr(value, place), comparedKind(decided.is, value.is, place.names), place.names),
    );
    code.block(`${head} (${tests.join(" || ")})`, () => body(each));
    head = "else if";
  }
  const other = cases.find(({ values }) => values === "else");
  if (other === undefined) {
    if (isOptional) return;
    const fail = `s.fail("kind", f.io.pos, "a case of the choice", ${on});`;
    code.line(head === "if" ? fail : `else ${fail}`);
  } else if (head === "if") code.block("", () => body(other));
  else code.block("else", () => body(other));
}

/** Bytes after a process, or before it. @param isWritten the other direction */
export function emitProcess(process: Process, bytes: string, isWritten: boolean, place: ExprPlace): string {
  const { names } = place;
  switch (process.process) {
    case "zlib":
      return isWritten ? `${names.use("zlibBytes")}(${bytes})` : `${names.use("unzlibBytes")}(s, ${bytes})`;
    case "xor":
      return `${names.use("xorBytes")}(${bytes}, ${emitGeneralOperand(process.key, place)})`;
    case "rol": {
      const by = emitGeneralNumber(process.by, place);
      return `${names.use("rotateBytes")}(${bytes}, ${process.isLeft === isWritten ? `-${by}` : by})`;
    }
    case "custom": {
      const args = process.args.map((arg) => emitGeneralOperand(arg, place)).join(", ");
      const name = camel(process.name);
      return `(s.processors as $Processors).${name}(${args}).${isWritten ? "encode" : "decode"}(${bytes})`;
    }
  }
}
