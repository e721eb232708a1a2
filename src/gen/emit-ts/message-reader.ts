/** Emits what reads a protobuf message: one loop over its tags, then the value. */
import type { MessageField, MessageValue } from "../ir.js";
import { isLong } from "../messages.js";
import type { Code } from "./code.js";
import { classOf, type MessageForm } from "./message-form.js";

/** Emits `$takeT`, which reads a message from `at` to `end`, merged into an earlier one if there is one. */
export class MessageReader {
  readonly #form: MessageForm;
  readonly #code: Code;

  constructor(form: MessageForm, code: Code) {
    this.#form = form;
    this.#code = code;
  }

  emit(): void {
    const form = this.#form;
    const { typeText: type } = form;
    const prior = form.isMerged ? `, prior?: ${type}` : "";
    const head = `function ${form.functionOf("take")}(bytes: Uint8Array, at: number, end: number${prior}): ${type} | undefined`;
    this.#code.block(head, () => {
      if (form.isRecursive) {
        const { cursor } = this;
        this.#line(
          `if (${cursor}.depth >= ${form.scope.use("DEPTH_MAX")}) return ${form.scope.use("refuseDepth")}(${this.sites}, at);`,
        );
        this.#line(`${cursor}.depth++;`);
      }
      this.#line("const first = at;").#line("let strange = 0;");
      for (const field of form.message.fields) if (this.#isFirstOfChoice(field)) this.#declare(field);
      this.#loop();
      this.#value();
    });
  }

  get sites(): string {
    return this.#form.sites.name;
  }

  get cursor(): string {
    return this.#form.scope.use("cursor");
  }

  #line(text: string): this {
    this.#code.line(text);
    return this;
  }

  #use(helper: string): string {
    return this.#form.scope.use(helper);
  }

  /** A choice has one local, however many cases. */
  #isFirstOfChoice(field: MessageField): boolean {
    return field.oneof === null || this.#form.message.fields.find(({ oneof }) => oneof === field.oneof) === field;
  }

  #local(field: MessageField): string {
    const { fields } = this.#form.message;
    const first = field.oneof === null ? field : fields.find(({ oneof }) => oneof === field.oneof)!;
    return `$${first.number}`;
  }

  /** Text, bytes and wide integers are made when the message is read: of two, the first would be made in vain. */
  #isLate(field: MessageField): "range" | "long" | undefined {
    if (field.oneof !== null || field.label === "repeated" || field.label === "map") return undefined;
    const kind = classOf(field.value);
    if (kind === "text" || kind === "bytes") return "range";
    const isWide = field.value.is === "scalar" && isLong(field.value.scalar) && this.#form.big;
    return isWide ? "long" : undefined;
  }

  /** What a field is before anything of it is read. */
  #initial(field: MessageField): string {
    return this.#orPrior(field.label === "optional" ? "undefined" : this.#form.defaultOf(field.value), field.key);
  }

  /** A value, or the member of the earlier message that this one is merged into. */
  #orPrior(empty: string, key: string): string {
    return this.#form.isMerged ? `prior === undefined ? ${empty} : prior.${key}` : empty;
  }

  #declare(field: MessageField): void {
    const local = this.#local(field);
    const form = this.#form;
    const late = this.#isLate(field);
    if (late === "range") this.#line(`let ${local} = 0, ${local}end = 0;`);
    else if (late === "long") this.#line(`let ${local}low = 0, ${local}high = 0, ${local}set = false;`);
    else if (field.oneof !== null) {
      const prior = form.isMerged ? ` = prior?.${field.oneof}` : "";
      this.#line(`let ${local}: ${form.typeText}[${JSON.stringify(field.oneof)}]${prior};`);
    } else if (field.label === "repeated") {
      const type = form.fieldType(field).replace(/^readonly /, "");
      this.#line(`const ${local} = ${this.#orPrior(`[] as ${type}`, `${field.key} as ${type}`)};`);
    } else if (field.label === "map") {
      const type = form.fieldType(field).replace(/^Readonly/, "");
      this.#line(`const ${local} = ${this.#orPrior(`new Map() as ${type}`, `${field.key} as ${type}`)};`);
    } else {
      const type = form.valueType(field.value) + (field.label === "optional" ? " | undefined" : "");
      this.#line(`let ${local}: ${type} = ${this.#initial(field)};`);
    }
  }

  #loop(): void {
    const form = this.#form;
    const { cursor } = this;
    this.#code.block("while (at < end)", () => {
      this.#line("const from = at;").#line("let tag = bytes[at++]!;");
      this.#code.block("if (tag > 127)", () => {
        this.#line(`tag = ${this.#use("readTag")}(bytes, from, end);`);
        this.#line(`if (tag < 0) return ${this.#use("refuseFault")}(${this.sites}, 0);`).#line(`at = ${cursor}.at;`);
      });
      this.#line("let stop = at;");
      this.#code.block("if ((tag & 7) === 2)", () => {
        this.#line("let size = at < end ? bytes[at]! : 128;").#line("if (size < 128) at++;");
        this.#code.block("else", () => {
          this.#line(`size = ${this.#use("readSize")}(bytes, at, end);`);
          this.#line(`if (size < 0) ${this.#refuseTag()}`).#line(`at = ${cursor}.at;`);
        });
        this.#line("stop = at + size;");
        this.#line(`if (stop > end) return ${this.#use("refuseShort")}(${this.sites}, ${form.numbers}, tag, at, end);`);
      });
      this.#code.block("switch (tag)", () => {
        for (const field of form.message.fields) {
          for (const { tag, packed } of form.tags(field)) {
            this.#code.block(`case ${tag}:`, () => {
              if (packed) this.#packed(field);
              else this.#field(field);
              this.#line("break;");
            });
          }
        }
        this.#code.block("default:", () => {
          this.#line("if ((tag & 7) === 2 && tag > 7) at = stop;");
          this.#line(`else if ((at = ${this.#use("skipField")}(bytes, at, end, tag)) < 0) ${this.#refuseTag()}`);
          this.#line("strange += at - from;");
        });
      });
    });
  }

  #refuseTag(): string {
    return `return ${this.#use("refuseTagged")}(${this.sites}, ${this.#form.numbers}, tag);`;
  }

  #packed(field: MessageField): void {
    const item = `${this.#local(field)}.length`;
    this.#code.block("while (at < stop)", () => {
      this.#number(
        field.value,
        "stop",
        this.#form.site(field),
        item,
        (value) => `${this.#local(field)}.push(${value});`,
      );
    });
  }

  #field(field: MessageField): void {
    const local = this.#local(field);
    const site = this.#form.site(field);
    if (field.label === "map") return this.#entry(field);
    if (field.label === "repeated") return this.#item(field);
    if (field.oneof !== null) return this.#case(field);
    const late = this.#isLate(field);
    if (late === "range") {
      if (classOf(field.value) === "text") {
        this.#line(
          `if (${local}end !== 0 && !${this.#use("isText")}(bytes, ${local}, ${local}end)) return ${this.#use("refuseText")}(${this.sites}, ${site}, ${local});`,
        );
      }
      this.#line(`${local} = at; ${local}end = stop; at = stop;`);
    } else if (late === "long") {
      this.#long(
        field.value,
        "end",
        () => {
          this.#line(`${local}low = ${this.cursor}.low; ${local}high = ${this.cursor}.high; ${local}set = true;`);
        },
        `${local}low = low; ${local}high = 0; ${local}set = true;`,
      );
    } else if (field.value.is === "message") {
      this.#line(
        `if (${local} !== undefined && !${this.#use("canMerge")}(${local})) return ${this.#use("refuseItems")}(${this.sites}, ${site}, from);`,
      );
      this.#line(`${local} = ${this.#form.heldFunction("take", field.value.message)}(bytes, at, stop, ${local});`);
      this.#line(`if (${local} === undefined) return ${this.#use("within")}(${this.sites}, ${site});`).#line(
        "at = stop;",
      );
    } else this.#number(field.value, "end", site, undefined, (value) => `${local} = ${value};`);
  }

  #takeItem(site: number, item?: string): void {
    const more = item === undefined ? "" : `, ${item}`;
    this.#line(
      `if (--${this.cursor}.items < 0) return ${this.#use("refuseItems")}(${this.sites}, ${site}, from${more});`,
    );
  }

  #item(field: MessageField): void {
    const local = this.#local(field);
    const item = `${local}.length`;
    const site = this.#form.site(field);
    switch (classOf(field.value)) {
      case "text":
        this.#takeItem(site, item);
        this.#line(`const text = ${this.#use("textAt")}(bytes, at, stop);`);
        this.#line(`if (text === undefined) return ${this.#use("refuseText")}(${this.sites}, ${site}, at, ${item});`);
        this.#line(`${local}.push(text);`).#line("at = stop;");
        break;
      case "bytes":
        this.#takeItem(site, item);
        this.#line(`${local}.push(${this.#use("viewAt")}(at, stop));`).#line("at = stop;");
        break;
      case "message": {
        if (field.value.is !== "message") break;
        this.#takeItem(site, item);
        this.#line(`const item = ${this.#form.heldFunction("take", field.value.message)}(bytes, at, stop);`);
        this.#line(`if (item === undefined) return ${this.#use("within")}(${this.sites}, ${site}, ${item});`);
        this.#line(`${local}.push(item);`).#line("at = stop;");
        break;
      }
      default:
        this.#number(field.value, "end", site, item, (value) => `${local}.push(${value});`);
    }
  }

  #entry(field: MessageField): void {
    const local = this.#local(field);
    const site = this.#form.site(field);
    const { scope } = this.#form;
    const { ref } = this.#form.entry(field);
    this.#takeItem(site, `${local}.size`);
    this.#line(`const entry = ${scope.functionOf("take", ref, this.#form.isBigEntry(field))}(bytes, at, stop);`);
    this.#line(`if (entry === undefined) return ${this.#use("within")}(${this.sites}, ${site}, ${local}.size);`);
    // A message that an entry lacks is one without fields.
    const value =
      field.value.is === "message"
        ? `entry.value ?? ${this.#form.heldFunction("take", field.value.message)}(bytes, stop, stop)!`
        : "entry.value";
    this.#line(`${local}.set(entry.key, ${value});`).#line("at = stop;");
  }

  /** A case of a choice; one that replaces another is made in vain, so it counts as an item. */
  #case(field: MessageField): void {
    const local = this.#local(field);
    const site = this.#form.site(field);
    const name = JSON.stringify(field.key);
    const set = (value: string): string => `${local} = { case: ${name}, value: ${value} };`;
    if (field.value.is === "message") {
      this.#line(`const before = ${local} !== undefined && ${local}.case === ${name} ? ${local}.value : undefined;`);
      this.#line(
        `if (before !== undefined ? !${this.#use("canMerge")}(before) : ${local} !== undefined && --${this.cursor}.items < 0) return ${this.#use("refuseItems")}(${this.sites}, ${site}, from);`,
      );
      this.#line(`const merged = ${this.#form.heldFunction("take", field.value.message)}(bytes, at, stop, before);`);
      this.#line(`if (merged === undefined) return ${this.#use("within")}(${this.sites}, ${site});`);
      this.#line(set("merged")).#line("at = stop;");
      return;
    }
    this.#line(
      `if (${local} !== undefined && --${this.cursor}.items < 0) return ${this.#use("refuseItems")}(${this.sites}, ${site}, from);`,
    );
    switch (classOf(field.value)) {
      case "text":
        this.#line(`const text = ${this.#use("textAt")}(bytes, at, stop);`);
        this.#line(`if (text === undefined) return ${this.#use("refuseText")}(${this.sites}, ${site}, at);`);
        this.#line(set("text")).#line("at = stop;");
        break;
      case "bytes":
        this.#line(set(`${this.#use("viewAt")}(at, stop)`)).#line("at = stop;");
        break;
      default:
        this.#number(field.value, "end", site, undefined, set);
    }
  }

  /** A number, which `set` makes a statement of; `at` moves behind it. */
  #number(
    value: MessageValue,
    end: string,
    site: number,
    item: string | undefined,
    set: (value: string) => string,
  ): void {
    const { cursor } = this;
    const kind = classOf(value);
    const scalar = value.is === "scalar" ? value.scalar : "int32";
    const more = item === undefined ? "" : `, ${item}`;
    const isWide = isLong(scalar);
    if (isWide || scalar === "double") {
      const isSigned = scalar !== "uint64" && scalar !== "fixed64";
      const slow = (): void => {
        if (scalar === "double") this.#line(set(`${this.#use("doubleOf")}()`));
        else if (this.#form.big) {
          this.#line(set(`${this.#use(isSigned ? "bigOf" : "unsignedBigOf")}(${cursor}.low, ${cursor}.high)`));
        } else {
          this.#line(`const safe = ${this.#use(isSigned ? "safeOf" : "unsignedSafeOf")}();`);
          this.#line(`if (safe !== safe) return ${this.#use("refuseUnsafe")}(${this.sites}, ${site}, from${more});`);
          this.#line(set("safe"));
        }
      };
      const quick = set(this.#form.big ? "BigInt(low)" : "low");
      this.#long(value, end, slow, quick);
      return;
    }
    if (kind === "fixed32") {
      this.#read("readFixed32", end);
      const low = `${cursor}.low`;
      this.#line(set(scalar === "float" ? `${this.#use("floatOf")}()` : scalar === "fixed32" ? `${low} >>> 0` : low));
      return;
    }
    this.#line(`let low = at < ${end} ? bytes[at]! : 128;`).#line("if (low < 128) at++;");
    const whole = scalar === "bool" ? `${cursor}.low | ${cursor}.high` : `${cursor}.low`;
    this.#code.block("else", () => {
      this.#read("readLong", end);
      this.#line(`low = ${whole};`);
    });
    const shown =
      scalar === "bool"
        ? "low !== 0"
        : scalar === "uint32"
          ? "low >>> 0"
          : scalar === "sint32"
            ? "(low >>> 1) ^ -(low & 1)"
            : "low";
    this.#line(set(shown));
  }

  /** A position behind what a helper reads. */
  #read(helper: string, end: string): void {
    this.#line(`if ((at = ${this.#use(helper)}(bytes, at, ${end})) < 0) ${this.#refuseTag()}`);
  }

  /** 64 bits: `slow` takes them from the cursor, `quick` is for one byte in `low`. */
  #long(value: MessageValue, end: string, slow: () => void, quick: string): void {
    const scalar = value.is === "scalar" ? value.scalar : "int64";
    if (classOf(value) === "fixed64") {
      this.#read("readFixed64", end);
      slow();
      return;
    }
    if (scalar === "sint64") {
      this.#read("readLong", end);
      this.#line(`${this.#use("unzigzag")}();`);
      slow();
      return;
    }
    this.#line(`const low = at < ${end} ? bytes[at]! : 128;`);
    this.#line(`if (low < 128) { at++; ${quick} }`);
    this.#code.block("else", () => {
      this.#read("readLong", end);
      slow();
    });
  }

  #value(): void {
    const form = this.#form;
    const members: string[] = [];
    for (const field of form.message.fields) {
      if (!this.#isFirstOfChoice(field)) continue;
      const local = this.#local(field);
      const late = this.#isLate(field);
      const name = field.oneof ?? field.key;
      if (late === undefined) members.push(`${name}: ${local},`);
      else if (late === "long") {
        const isSigned = field.value.is === "scalar" && !["uint64", "fixed64"].includes(field.value.scalar);
        const made = `${this.#use(isSigned ? "bigOf" : "unsignedBigOf")}(${local}low, ${local}high)`;
        members.push(`${name}: ${local}set ? ${made} : ${this.#initial(field)},`);
      } else if (classOf(field.value) === "bytes") {
        members.push(
          `${name}: ${local}end === 0 ? ${this.#initial(field)} : ${this.#use("viewAt")}(${local}, ${local}end),`,
        );
      } else {
        this.#line(
          `const ${local}text = ${local}end === 0 ? "" : ${this.#use("textAt")}(bytes, ${local}, ${local}end);`,
        );
        this.#line(
          `if (${local}text === undefined) return ${this.#use("refuseText")}(${this.sites}, ${form.site(field)}, ${local});`,
        );
        members.push(`${name}: ${local}end === 0 ? ${this.#initial(field)} : ${local}text,`);
      }
    }
    if (form.isRecursive) this.#line(`${this.cursor}.depth--;`);
    const prior = form.isMerged ? "prior?.$unknown" : "undefined";
    const unknown = `${this.#use("unknownIn")}(bytes, first, end, ${form.knows}, strange, ${prior})`;
    this.#code.block(
      "return",
      () => {
        for (const member of members) this.#line(member);
        this.#line(`$unknown: strange === 0 ? ${prior} : ${unknown},`);
      },
      ";",
    );
  }
}
