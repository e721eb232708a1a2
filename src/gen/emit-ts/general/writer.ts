/** Emits how general types are written. What the values say of each other is proved by reading what was written. */
import {
  mayBeAbsent,
  nameOfInstance,
  type Attribute,
  type GeneralContent,
  type GeneralType,
  type Kind,
  type Region,
} from "../../general.js";
import { camel, pascal } from "../../names.js";
import { mayLeaveBits } from "../../plan/general.js";
import type { Code } from "../code.js";
import { emitGeneralExpr, emitGeneralNumber, emitGeneralOperand, type ExprPlace } from "./expressions.js";
import { refOf, type GeneralNames } from "./names.js";
import { emitCases, emitOrder, endingOf, emitProcess, isAsked, isFilled, littleOf, parentOf } from "./reader.js";
import type { GeneralTables } from "./tables.js";

/** Emits `$writeT` of one type. */
export class GeneralWriter {
  readonly #names: GeneralNames;
  readonly #tables: GeneralTables;
  readonly #code: Code;
  #place: ExprPlace;
  #locals = 0;
  /** The writer that attributes go to. */
  #w = "w";

  constructor(type: GeneralType, names: GeneralNames, tables: GeneralTables, code: Code) {
    this.#names = names;
    this.#tables = tables;
    this.#code = code;
    this.#place = { names, type, isSequential: false };
  }

  emit(): void {
    const { names, type } = this.#place;
    const ref = refOf(type);
    const frame = names.use("Frame");
    const head = `function ${names.function("write", ref)}(w: ${names.use("ByteWriter")}, parent: ${frame} | null, root: ${frame} | null, args: readonly unknown[], value: ${names.input(ref)}): void`;
    this.#code.block(head, () => {
      this.#line("const s = w.session;");
      this.#line("const f = s.frame(parent, root, w, args, w.objectOf(value));");
      this.#line(`const v = value as ${names.type(ref)};`);
      if (names.plan.of(type).isKept) this.#line("s.note(f);");
      emitOrder(type, this.#place, this.#tables, this.#code);
      let leaves = false;
      for (const attribute of type.attributes) {
        if (leaves && attribute.content.content !== "bits") this.#line("w.align();");
        leaves = mayLeaveBits(attribute.content);
        this.#attribute(attribute);
      }
      if (leaves) this.#line("w.align();");
      for (const instance of type.instances) {
        if (instance.instance === "value") continue;
        const { attribute, pos, io } = instance;
        const held = this.#local("x");
        this.#line(`const ${held} = value.${camel(nameOfInstance(instance))};`);
        this.#code.block(`if (${held} !== undefined)`, () => {
          const stream = io === null ? "w" : `(${emitGeneralExpr(io, this.#place)} as ${names.use("ByteWriter")})`;
          const q = this.#local("w");
          this.#line(`const ${q} = ${stream};`);
          const at = pos === null ? "null" : emitGeneralNumber(pos, this.#place);
          this.#code.block(
            `${q}.within(${at}, () =>`,
            () => {
              this.#w = q;
              this.#attribute({ ...attribute, condition: null }, held);
              if (mayLeaveBits(attribute.content)) this.#line(`${q}.align();`);
              this.#w = "w";
            },
            ");",
          );
        });
      }
      this.#line("s.leave();");
    });
  }

  #line(text: string): void {
    this.#code.line(text);
  }

  #local(name: string): string {
    return `${name}${++this.#locals}`;
  }

  #go(attribute: Attribute): void {
    this.#line(`s.place = ${this.#tables.place(attribute, attribute.secret)};`);
  }

  #attribute(attribute: Attribute, value = `value.${camel(attribute.name)}`): void {
    const { condition, repeat, content } = attribute;
    this.#go(attribute);
    if (content.content === "const") return this.#const(attribute);
    const emit = (): void => {
      if (repeat === null) return this.#content(content, attribute, value, attribute.is);
      const i = this.#local("i");
      const list = this.#local("l");
      this.#line(`const ${list} = ${this.#w}.listOf(${value});`);
      const outer = this.#place;
      this.#code.block(`for (let ${i} = 0; ${i} < ${list}.length; ${i}++)`, () => {
        this.#place = { ...outer, index: i };
        this.#line(`s.index = ${i};`);
        this.#content(content, attribute, `${list}[${i}]!`, attribute.is);
      });
      this.#line("s.index = -1;");
      this.#place = outer;
    };
    if (condition === null) emit();
    else this.#code.block(`if (${value} !== undefined)`, emit);
  }

  /** Constant bytes are no part of the value: the spec itself says whether they are there. */
  #const({ condition, content }: Attribute): void {
    const bytes = this.#tables.bytes((content as GeneralContent & { content: "const" }).bytes);
    const put = (): void => this.#line(`${this.#w}.put(${bytes});`);
    if (condition === null) put();
    else this.#code.block(`if (${emitGeneralExpr(condition, this.#place)})`, put);
  }

  #content(content: GeneralContent, attribute: Attribute, value: string, is: Kind): void {
    const { names } = this.#place;
    const w = this.#w;
    switch (content.content) {
      case "int": {
        const order = littleOf(content.order);
        this.#line(
          content.size === 8
            ? `${w}.long(${value}, ${content.signed}, ${order});`
            : `${w}.int(${names.isWide(is) ? `Number(${value})` : value}, ${content.size}, ${content.signed}, ${order});`,
        );
        return;
      }
      case "bits":
        this.#line(`${w}.bits(${value}, ${content.width}, ${content.order === "le"}, ${content.isTruth});`);
        return;
      case "float":
        this.#line(`${w}.float(${value}, ${content.size}, ${littleOf(content.order)});`);
        return;
      case "const":
        this.#line(`${w}.put(${this.#tables.bytes(content.bytes)});`);
        return;
      case "bytes": {
        const bytes =
          content.text === null ? `${w}.bytesOf(${value})` : `${w}.text(${value}, ${JSON.stringify(content.text)})`;
        this.#region(content.region, bytes);
        return;
      }
      case "opaque":
      case "type": {
        const { region } = content;
        const q = region === null ? w : this.#local("q");
        if (region !== null)
          this.#line(`const ${q} = ${w}.sub(${isWhole(region) ? this.#size(region, "null") : "null"});`);
        const args = names.args(content.args.map((arg) => emitGeneralOperand(arg, this.#place)));
        const index = attribute.repeat === null ? "-1" : this.#place.index!;
        this.#line(`s.path = { up: f.path, name: ${JSON.stringify(camel(attribute.name))}, index: ${index} };`);
        const held = `${value} as ${names.kind(is, true)}`;
        this.#line(
          content.content === "opaque"
            ? `$write${pascal(content.name)}(${q}, f, ${args}, ${held});`
            : `${names.function("write", content.type)}(${q}, ${parentOf(content.parent, this.#place)}, ${content.isForeign ? "null" : "f.root"}, ${args}, ${held});`,
        );
        this.#line("s.path = f.path;");
        this.#go(attribute);
        if (attribute.repeat !== null) this.#line(`s.index = ${index};`);
        if (region === null) return;
        if (endingOf(content, region, names) === "noted") this.#line(`${w}.whole(${value});`);
        this.#region(region, `${q}.toBytes()`);
        return;
      }
      case "choice": {
        const on = this.#local("o");
        if (isAsked(content)) this.#line(`const ${on} = ${emitGeneralExpr(content.on, this.#place)};`);
        emitCases(content, on, this.#place, this.#code, mayBeAbsent(attribute), (each) =>
          this.#content(each.content, attribute, value, each.is),
        );
        return;
      }
    }
  }

  #region(region: Region, bytes: string): void {
    const made = region.process === null ? bytes : emitProcess(region.process, bytes, true, this.#place);
    const size = this.#names.plan.sizeOf(region);
    const isPlain = region.terminator === null && region.pad === null && !region.open;
    if (size === "own" || (isPlain && size !== null && region.process !== null)) {
      this.#line(`${this.#w}.put(${made});`);
      return;
    }
    const holder = isFilled(region) ? ", v" : "";
    this.#line(`${this.#w}.region(${made}, ${this.#size(region, "null")}, ${this.#tables.region(region)}${holder});`);
  }

  /** The size that is filled, as the runtime takes it. */
  #size(region: Region, own: string): string {
    const size = this.#names.plan.sizeOf(region);
    if (size === null) return "null";
    if (size === "own") return own;
    return size === "rest" ? "Infinity" : emitGeneralNumber(size, this.#place);
  }
}

/** True where a value inside has all bytes of the region, and knows their number. */
function isWhole({ process, terminator, pad }: Region): boolean {
  return process === null && terminator === null && pad === null;
}
