/** Emits how integers and constants of general types are read that stand in a row. */
import { mayBeAbsent, type Attribute, type GeneralContent } from "../../general.js";
import { camel } from "../../names.js";
import type { GeneralBlock } from "../../plan/general.js";
import type { Code } from "../code.js";
import { readInteger } from "../integers.js";
import type { ExprPlace } from "./expressions.js";
import { emitRule } from "./rules.js";
import type { GeneralTables } from "./tables.js";

/** Emits the blocks of one type, and the literal that makes its value. */
export class BlockReader {
  readonly #place: ExprPlace;
  readonly #tables: GeneralTables;
  readonly #code: Code;
  #blocks = 0;

  constructor(place: ExprPlace, tables: GeneralTables, code: Code) {
    this.#place = place;
    this.#tables = tables;
    this.#code = code;
  }

  /**
   * The value before the rest is read: its members up to the first that can be missing, so that it keeps one shape.
   * @param first what is read already, and where it lies
   */
  literal(first: GeneralBlock | undefined, at: string): string {
    const { attributes, kind } = this.#place.type;
    const end = attributes.findIndex(mayBeAbsent);
    const members = attributes.slice(0, end < 0 ? undefined : end).flatMap((attribute, i) => {
      if (attribute.content.content === "const") return [];
      const field = first?.fields[i];
      return [`${camel(attribute.name)}: ${field === undefined ? "undefined" : this.#field(field, at)}`];
    });
    if (kind !== null) members.unshift(`kind: ${JSON.stringify(kind)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }

  /** Begins fields that one test covers. @returns where they lie */
  begin(block: GeneralBlock): string {
    const at = `p${++this.#blocks}`;
    this.#line(`const ${at} = r.block(${this.#tables.block(block)});`);
    return at;
  }

  /** Reads a block of fields that is not the first. */
  read(block: GeneralBlock): void {
    const at = this.begin(block);
    for (const field of block.fields) {
      const { content, name, is } = field.attribute;
      const named = is.kind === "enum" && is.strict ? ` as ${this.#place.names.kind(is)}` : "";
      if (content.content !== "const") this.#line(`v.${camel(name)} = ${this.#field(field, at)}${named};`);
    }
    this.check(block, at);
  }

  /** The number that lies in a block. */
  #field({ attribute, offset }: GeneralBlock["fields"][number], at: string): string {
    const { size, signed, order } = attribute.content as GeneralContent & { content: "int" };
    const wide = this.#place.names.isWide(attribute.is) ? "bigint" : "number";
    return readInteger(
      "bytes",
      { size, signed, endian: order === "le" ? "le" : "be", offset },
      { base: at, add: 0 },
      wide,
      (helper) => this.#place.names.use(helper),
    );
  }

  /** What is asked of the fields of a block. */
  check({ fields }: GeneralBlock, at: string): void {
    for (const { attribute, size, offset } of fields) {
      const { content, rule, is, name } = attribute;
      const place = offset === 0 ? at : `${at} + ${offset}`;
      const value = `v.${camel(name)}`;
      if (content.content === "const") {
        const tests = content.bytes.map(
          (byte, i) => `bytes[${offset + i === 0 ? at : `${at} + ${offset + i}`}] !== ${byte}`,
        );
        const shown = content.bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
        this.#code.block(`if (${tests.join(" || ")})`, () => {
          this.#go(attribute);
          this.#line(`s.fail("constant", r.offsetAt(${place}), "${shown}");`);
        });
      } else if (size === 8 && !this.#place.names.isWide(is))
        this.#code.block(`if (!Number.isSafeInteger(${value}))`, () => {
          this.#go(attribute);
          this.#line(`s.fail("unsafe-integer", r.offsetAt(${place}));`);
        });
      if (rule === null) continue;
      this.#go(attribute);
      emitRule(rule, value, is, this.#place, `r.offsetAt(${place})`, this.#code);
    }
  }

  #line(text: string): void {
    this.#code.line(text);
  }

  #go(attribute: Attribute): void {
    this.#line(`s.place = ${this.#tables.place(attribute, attribute.secret)};`);
  }
}
