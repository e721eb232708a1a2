/** Layouts as structs of the library `restructure`. */
import { createRequire } from "node:module";
import { isBytes } from "../../../bytes/index.js";
import type { Block, Field, Module } from "../../ir.js";
import { camel } from "../../names.js";
import { integerOf, measure, rawFields, readerOf, type Raw } from "./layout.js";

type Params = Readonly<Record<string, number>>;
type Length = number | ((parent: Raw) => number);

/** As much of the library as is used. */
interface Restructure {
  readonly Struct: new (fields: Record<string, unknown>) => { fromBuffer(bytes: Uint8Array): Raw };
  readonly Array: new (type: unknown, length: Length) => unknown;
  readonly Buffer: new (length: Length) => unknown;
}

/**
 * A struct of the library `restructure` (an optional peer dependency) for one type, made from the same layout as
 * our codecs. `fromBuffer` returns values of the shape of ours; 64-bit integers, which the library does not have,
 * are bigint. It checks nothing but that the bytes suffice.
 * @param params values of the type's parameters
 * @throws WireError `argument` when there is no such type
 */
export function asRestructure(
  module: Module,
  type: string,
  params: Params = {},
): { fromBuffer(bytes: Uint8Array): Raw } {
  const library = createRequire(import.meta.url)("restructure") as Restructure;
  const fromBuffer = readerOf(module, type, (blocks) => {
    const build = new Build(library, params);
    const struct = new library.Struct(build.blocks(blocks));
    return (bytes) => {
      build.size = bytes.length;
      return integers(blocks, struct.fromBuffer(bytes));
    };
  });
  return { fromBuffer };
}

class Build {
  /** Of the input under way. */
  size = 0;
  readonly #library: Restructure;
  readonly #params: Params;

  constructor(library: Restructure, params: Params) {
    this.#library = library;
    this.#params = params;
  }

  blocks(blocks: readonly Block[]): Record<string, unknown> {
    const { Array: List, Buffer: Bytes } = this.#library;
    const fields: Record<string, unknown> = {};
    blocks.forEach((block, index) => {
      if (block.block === "fixed") {
        Object.assign(fields, this.#fields(block.fields));
        return;
      }
      const length = (parent: Raw): number => measure(blocks, index, integers(blocks, parent), this.size, this.#params);
      fields[camel(block.name)] =
        block.block === "items" ? new List(this.#struct(block.item.fields), length) : new Bytes(length);
    });
    return fields;
  }

  #fields(fields: readonly Field[]): Record<string, unknown> {
    return Object.fromEntries([...rawFields(fields)].map(([name, field]) => [name, this.#field(field)]));
  }

  #struct(fields: readonly Field[]): unknown {
    return new this.#library.Struct(this.#fields(fields));
  }

  #field(field: Field): unknown {
    const { Array: List, Buffer: Bytes } = this.#library;
    if (field.kind === "struct") return this.#struct(field.fields);
    if (field.kind === "array") return new List(this.#struct(field.item.fields), field.count);
    const library = this.#library as unknown as Record<string, unknown>;
    if (field.kind === "float") return library[`${field.size === 4 ? "float" : "double"}${field.endian}`];
    if ((field.kind !== "int" && field.kind !== "bits") || field.size === 8) return new Bytes(field.size);
    const signed = field.kind === "int" && field.signed;
    const name = `${signed ? "int" : "uint"}${8 * field.size}${field.endian === "le" && field.size > 1 ? "le" : ""}`;
    return library[name];
  }
}

/** Puts 64-bit integers, which are read as bytes, in the place of those. */
function integers(blocks: readonly Block[], raw: Raw): Raw {
  for (const block of blocks) {
    if (block.block === "fixed") widen(block.fields, raw);
    if (block.block === "items" && Array.isArray(raw[camel(block.name)]))
      for (const item of raw[camel(block.name)] as Raw[]) widen(block.item.fields, item);
  }
  return raw;
}

function widen(fields: readonly Field[], raw: Raw): void {
  for (const [name, field] of rawFields(fields)) {
    const own = raw[name];
    if (field.kind === "int" && field.size === 8 && isBytes(own))
      raw[name] = integerOf(own, field.endian, field.signed);
    if (field.kind === "struct" && own !== undefined) widen(field.fields, own as Raw);
    if (field.kind === "array" && Array.isArray(own)) for (const item of own as Raw[]) widen(field.item.fields, item);
  }
}
