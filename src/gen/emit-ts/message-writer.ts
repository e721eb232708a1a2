/** Emits what checks and writes a protobuf message: fields in ascending number, defaults left out. */
import type { MessageField, MessageValue } from "../ir.js";
import { tagOf, wireOf, WIRE } from "../messages.js";
import type { Code } from "./code.js";
import { classOf, type MessageForm } from "./message-form.js";

/**
 * Emits `$putT`, which writes a message and returns the position behind it. Bytes that do not fit are counted and not
 * written, so that the same function measures.
 */
export class MessageWriter {
  readonly #form: MessageForm;
  readonly #code: Code;

  constructor(form: MessageForm, code: Code) {
    this.#form = form;
    this.#code = code;
  }

  emit(): void {
    const form = this.#form;
    const init = this.#init();
    const head = `function ${form.functionOf("put")}(value: ${init}, bytes: Uint8Array, at: number): number`;
    this.#code.block(head, () => {
      this.#line(
        `if (typeof value !== "object" || value === null) ${this.#use("failKind")}(${this.#sites}, 0, "an object", value);`,
      );
      if (form.isRecursive) {
        this.#line(
          `if (${this.#cursor}.depth >= ${this.#use("DEPTH_MAX")}) ${this.#use("failDepth")}(${this.#sites});`,
        );
        this.#line(`${this.#cursor}.depth++;`);
      }
      for (const field of form.message.fields) this.#field(field);
      if (form.isRecursive) this.#line(`${this.#cursor}.depth--;`);
      if (form.isEntry) this.#line("return at;");
      else {
        this.#line("const $unknown = value.$unknown;");
        this.#line(
          `return $unknown === undefined ? at : ${this.#use("putUnknown")}(${this.#sites}, bytes, at, $unknown);`,
        );
      }
    });
  }

  /** The TypeScript type of what is written. */
  #init(): string {
    const form = this.#form;
    if (!form.isEntry) return `${this.#use("MessageInit")}<${form.typeText}>`;
    const [key, value] = form.message.fields.map((each) => form.valueType(each.value));
    return `{ readonly key: ${key}; readonly value: ${this.#use("MessageInit")}<${value}> }`;
  }

  get #sites(): string {
    return this.#form.sites.name;
  }

  get #cursor(): string {
    return this.#form.scope.use("cursor");
  }

  #line(text: string): this {
    this.#code.line(text);
    return this;
  }

  #use(helper: string): string {
    return this.#form.scope.use(helper);
  }

  #field(field: MessageField): void {
    const local = `$${field.number}`;
    const site = this.#form.site(field);
    if (field.oneof !== null) {
      this.#case(field, local, site);
      return;
    }
    this.#line(`const ${local} = value.${field.key};`);
    // An entry of a map has both of its fields.
    if (this.#form.isEntry) return this.#one(field.value, local, site, undefined, tagBytes(field));
    this.#code.block(`if (${this.#isThere(field, local)})`, () => {
      if (field.label === "map") this.#map(field, local, site);
      else if (field.label === "repeated") this.#list(field, local, site);
      else this.#one(field.value, local, site, undefined, tagBytes(field));
    });
  }

  /** A case of a choice; the first one looks the choice up, and the last one refuses a case that there is not. */
  #case(field: MessageField, local: string, site: number): void {
    const choice = `$${field.oneof}`;
    const cases = this.#form.message.fields.filter(({ oneof }) => oneof === field.oneof);
    if (cases[0] === field) {
      this.#line(`const ${choice} = value.${field.oneof};`);
      const isNone = cases.map(({ key }) => `${choice}.case !== ${JSON.stringify(key)}`).join(" && ");
      const expected = JSON.stringify(`a case of ${cases.map(({ key }) => key).join(", ")}`);
      this.#line(
        `if (${choice} !== undefined && (${choice} === null || ${isNone})) ${this.#use("failKind")}(${this.#sites}, ${site}, ${expected}, ${choice});`,
      );
    }
    this.#code.block(`if (${choice} !== undefined && ${choice}.case === ${JSON.stringify(field.key)})`, () => {
      this.#line(`const ${local} = ${choice}.value;`);
      this.#one(field.value, local, site, undefined, tagBytes(field));
    });
  }

  /** What tells a value from a default, which is left out. */
  #isThere({ value, label }: MessageField, local: string): string {
    const there = `${local} !== undefined`;
    if (label !== "singular") return there;
    const kind = classOf(value);
    if (kind === "text") return `${there} && ${local} !== ""`;
    // What is no Uint8Array has some other length, or none.
    if (kind === "bytes")
      return `${there} && (${local} === null || ${local}.length !== 0 || ${this.#use("lengthOf")}(${local}) < 0)`;
    if (value.is === "scalar" && (value.scalar === "float" || value.scalar === "double"))
      return `${there} && ${this.#use("isSet")}(${local})`;
    return `${there} && ${local} !== ${this.#form.defaultOf(value)}`;
  }

  #tag(bytes: readonly number[]): void {
    if (bytes.length > 0) this.#line(bytes.map((byte) => `bytes[at++] = ${byte};`).join(" "));
  }

  /** Checks one value and writes it behind its tag. */
  #one(value: MessageValue, local: string, site: number, item: string | undefined, tag: readonly number[]): void {
    this.#tag(tag);
    const more = item === undefined ? "" : `, ${item}`;
    switch (classOf(value)) {
      case "text":
        this.#checked("putText", "failText", local, site, more);
        return;
      case "bytes":
        this.#checked("putBytes", "failView", local, site, more);
        return;
      case "message": {
        if (value.is !== "message") return;
        const put = `${this.#form.heldFunction("put", value.message)}(${local}, bytes, at + 1)`;
        this.#inside(put, site, more);
        return;
      }
      default:
        this.#number(value, local, site, more);
    }
  }

  #checked(put: string, fail: string, local: string, site: number, more: string): void {
    this.#line(
      `if ((at = ${this.#use(put)}(bytes, at, ${local})) < 0) ${this.#use(fail)}(${this.#sites}, ${site}, ${local}${more});`,
    );
  }

  /** A message inside: its length is known when it is written. */
  #inside(put: string, site: number, more: string): void {
    const inside = `throw ${this.#use("inside")}(error, ${this.#sites}, ${site}${more});`;
    this.#line(`try { at = ${this.#use("putLength")}(bytes, at, ${put}); } catch (error) { ${inside} }`);
  }

  #list(field: MessageField, local: string, site: number): void {
    this.#line(`if (!Array.isArray(${local})) ${this.#use("failKind")}(${this.#sites}, ${site}, "a list", ${local});`);
    const loop = (tag: readonly number[]): void => {
      this.#code.block(`for (let i = 0; i < ${local}.length; i++)`, () => {
        this.#line(`const item = ${local}[i]!;`);
        this.#one(field.value, "item", site, "i", tag);
      });
    };
    if (!field.packed) return loop(tagBytes(field));
    this.#code.block(`if (${local}.length > 0)`, () => {
      this.#tag(tagBytes(field));
      this.#line("const from = at++;");
      loop([]);
      this.#line(`at = ${this.#use("putLength")}(bytes, from, at);`);
    });
  }

  #map(field: MessageField, local: string, site: number): void {
    const { ref } = this.#form.entry(field);
    const put = this.#form.scope.functionOf("put", ref, this.#form.isBigEntry(field));
    this.#line(`if (!(${local} instanceof Map)) ${this.#use("failKind")}(${this.#sites}, ${site}, "a Map", ${local});`);
    this.#line("let i = 0;");
    this.#code.block(`for (const [key, item] of ${local})`, () => {
      this.#tag(tagBytes(field));
      this.#inside(`${put}({ key, value: item }, bytes, at + 1)`, site, ", i");
      this.#line("i++;");
    });
  }

  #number(value: MessageValue, local: string, site: number, more: string): void {
    const scalar = value.is === "scalar" ? value.scalar : "int32";
    const check = (isWrong: string): this =>
      this.#line(`if (${isWrong}) ${this.#use("failNumber")}(${this.#sites}, ${site}, ${local}${more});`);
    const put = (helper: string, given: string): void => {
      this.#line(`at = ${this.#use(helper)}(bytes, at${given});`);
    };
    switch (classOf(value)) {
      case "bool":
        check(`typeof ${local} !== "boolean"`).#line(`bytes[at++] = ${local} ? 1 : 0;`);
        return;
      case "fixed32":
        check(scalar === "float" ? `typeof ${local} !== "number"` : outside(scalar, local));
        put(scalar === "float" ? "putFloat" : "putFixed32", `, ${local}`);
        return;
      case "fixed64":
        if (scalar === "double") {
          check(`typeof ${local} !== "number"`);
          put("putDouble", `, ${local}`);
        } else {
          check(`!${this.#split(scalar, local)}`);
          put("putFixed64", "");
        }
        return;
      case "long":
        check(`!${this.#split(scalar, local)}`);
        if (scalar === "sint64") this.#line(`${this.#use("zigzag")}();`);
        put("putLong", "");
        return;
      default:
        check(outside(scalar, local));
        if (scalar === "sint32") put("putSize", `, ((${local} << 1) ^ (${local} >> 31)) >>> 0`);
        else put(scalar === "uint32" ? "putSize" : "putInt", `, ${local}`);
    }
  }

  #split(scalar: string, local: string): string {
    const isSigned = scalar !== "uint64" && scalar !== "fixed64";
    return `${this.#use(this.#form.big ? "splitBig" : "splitNumber")}(${local}, ${isSigned})`;
  }
}

/** The test for what is no integer of 32 bits. */
function outside(scalar: string, local: string): string {
  const isSigned = scalar !== "uint32" && scalar !== "fixed32";
  return `${local} !== (${local} ${isSigned ? "| 0" : ">>> 0"})`;
}

/** The bytes of the tag under which a field is written. */
function tagBytes(field: MessageField): number[] {
  const isBytes = field.packed || field.label === "map";
  const bytes: number[] = [];
  let rest = tagOf(field, isBytes ? WIRE.bytes : wireOf(field.value));
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
