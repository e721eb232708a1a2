/** Layouts as parsers of the library `binary-parser`. */
import { createRequire } from "node:module";
import type { Block, Field, Item, Module } from "../../ir.js";
import { camel } from "../../names.js";
import { integerOf, measure, rawFields, readerOf, type Raw } from "./layout.js";

type Params = Readonly<Record<string, number>>;
type Length = number | (() => number);

/** As much of the library as is used. */
interface Parser {
  parse(bytes: Uint8Array): unknown;
  array(name: string, options: { type: Parser; length: Length }): Parser;
  nest(name: string, options: { type: Parser }): Parser;
  buffer(
    name: string,
    options: { length: Length; formatter?: (bytes: Uint8Array) => unknown; assert?: (bytes: Uint8Array) => boolean },
  ): Parser;
}

/**
 * A parser of the library `binary-parser` (an optional peer dependency) for one type, made from the same layout
 * as our codecs. `parse` returns values of the shape of ours; 64-bit integers are bigint. The library checks
 * constants only: rules, checksums, least counts and bytes left over pass it by.
 * @param params values of the type's parameters
 * @throws WireError `argument` when there is no such type
 */
export function asBinaryParser(module: Module, type: string, params: Params = {}): { parse(bytes: Uint8Array): Raw } {
  const { Parser: Library } = createRequire(import.meta.url)("binary-parser") as { Parser: new () => Parser };
  const parse = readerOf(module, type, (blocks) => {
    const build = new Build(Library, params);
    const parser = build.blocks(blocks);
    return (bytes) => {
      build.size = bytes.length;
      return parser.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)) as Raw;
    };
  });
  return { parse };
}

class Build {
  /** Of the input of the parse under way: the library does not tell its functions. */
  size = 0;
  readonly #Library: new () => Parser;
  readonly #params: Params;

  constructor(Library: new () => Parser, params: Params) {
    this.#Library = Library;
    this.#params = params;
  }

  blocks(blocks: readonly Block[]): Parser {
    let parser = new this.#Library();
    blocks.forEach((block, index) => {
      if (block.block === "fixed") {
        parser = this.#fields(parser, block.fields);
        return;
      }
      const input = { size: () => this.size, params: this.#params };
      const length = function (this: unknown): number {
        return measure(blocks, index, this as Raw, input.size(), input.params);
      };
      const name = camel(block.name);
      parser =
        block.block === "items"
          ? parser.array(name, { type: this.#item(block.item), length })
          : parser.buffer(name, { length });
    });
    return parser;
  }

  #item(item: Item): Parser {
    return this.#fields(new this.#Library(), item.fields);
  }

  #fields(start: Parser, fields: readonly Field[]): Parser {
    return [...rawFields(fields)].reduce((parser, [name, field]) => this.#field(parser, name, field), start);
  }

  #field(parser: Parser, name: string, field: Field): Parser {
    switch (field.kind) {
      case "int":
      case "bits": {
        const signed = field.kind === "int" && field.signed;
        const method = `${signed ? "int" : "uint"}${8 * field.size}${field.size === 1 ? "" : field.endian}`;
        if (method in parser) return (parser as unknown as Record<string, (name: string) => Parser>)[method]!(name);
        return parser.buffer(name, {
          length: field.size,
          formatter: (bytes: Uint8Array) => integerOf(bytes, field.endian, signed),
        });
      }
      case "float": {
        const method = `${field.size === 4 ? "float" : "double"}${field.endian}`;
        return (parser as unknown as Record<string, (name: string) => Parser>)[method]!(name);
      }
      case "const": {
        const { bytes } = field;
        return parser.buffer(name, {
          length: field.size,
          assert(read) {
            return bytes.every((byte, i) => read[i] === byte);
          },
        });
      }
      case "struct":
        return parser.nest(name, { type: this.#fields(new this.#Library(), field.fields) });
      case "array":
        return parser.array(name, { type: this.#item(field.item), length: field.count });
      default:
        return parser.buffer(name, { length: field.size });
    }
  }
}
