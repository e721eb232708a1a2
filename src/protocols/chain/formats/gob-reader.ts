/** Reads gob: the messages of a stream, their definitions of types, and values of the types that a chain is made of. */
import { WireError } from "../../../errors.js";

/** Kinds of values, as far as a chain has them. */
export type GobType =
  | { readonly kind: "bool" | "int" | "uint" | "float" | "bytes" | "string" | "other" }
  | { readonly kind: "slice"; readonly item: number }
  | { readonly kind: "struct"; readonly fields: readonly GobField[] };

/** A field of a struct. */
export interface GobField {
  readonly name: string;
  readonly type: number;
}

/** Types that every gob knows, by their ids. */
const BUILT_IN: ReadonlyMap<number, GobType> = new Map<number, GobType>([
  [1, { kind: "bool" }],
  [2, { kind: "int" }],
  [3, { kind: "uint" }],
  [4, { kind: "float" }],
  [5, { kind: "bytes" }],
  [6, { kind: "string" }],
]);
/** Fields of a struct and types of a stream: more are no chain. */
const FIELDS_MAX = 64;
/** Values inside values that are skipped: more are no chain. */
const SKIPPED_DEPTH_MAX = 16;

/** Bytes that are read from the front on. Every length is bounded by what is left. */
export class GobReader {
  readonly #bytes: Uint8Array;
  readonly #types = new Map<number, GobType>(BUILT_IN);
  at = 0;
  /** End of the message. */
  end: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.end = bytes.length;
  }

  /** Whether all of the stream was read. */
  get isAtEnd(): boolean {
    return this.at === this.#bytes.length;
  }

  typeOf(id: number): GobType {
    return this.#types.get(id) ?? { kind: "other" };
  }

  /** Goes to the value behind the definitions of types. @returns the id of its type @throws WireError */
  nextValue(): number {
    for (;;) {
      this.end = this.#bytes.length;
      const length = this.size("message");
      this.end = this.at + length;
      const id = this.int("type");
      if (id >= 0n) return this.#id(id, "type");
      if (this.#types.size >= FIELDS_MAX) throw this.refuse("limit", "type", `at most ${FIELDS_MAX} types`);
      const defined = this.#id(-id, "type");
      if (this.#types.has(defined)) throw this.refuse("kind", "type", "each type once", `type ${defined} again`);
      this.#types.set(defined, this.#definition());
      this.requireEnd("type");
    }
  }

  /** @throws WireError `trailing` unless the message ends here */
  requireEnd(path: string): void {
    if (this.at !== this.end) throw this.refuse("trailing", path, `${this.end - this.at} bytes less`);
  }

  byte(path: string): number {
    if (this.at >= this.end) throw this.refuse("short", path);
    return this.#bytes[this.at++]!;
  }

  /** A u64. Any number of bytes up to 8, as Go takes them. */
  uint(path: string): bigint {
    const first = this.byte(path);
    if (first < 128) return BigInt(first);
    const length = 256 - first;
    if (length > 8) throw this.refuse("range", path, "at most 8 bytes", String(length));
    let value = 0n;
    for (let i = 0; i < length; i++) value = (value << 8n) | BigInt(this.byte(path));
    return value;
  }

  /** An i64, with its sign in the lowest bit. */
  int(path: string): bigint {
    const value = this.uint(path);
    return (value & 1n) === 0n ? value >> 1n : ~(value >> 1n);
  }

  /** A length of what follows, in bytes or in items of a byte at least. */
  size(path: string): number {
    const value = this.uint(path);
    const left = this.end - this.at;
    if (value > BigInt(left)) throw this.refuse("short", path, `${value} bytes`, String(left));
    return Number(value);
  }

  /** Bytes, borrowed. */
  bytes(path: string): Uint8Array {
    const length = this.size(path);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  /** Goes through the fields of a struct, by their numbers, to its end. @param read reads the value of each */
  struct(path: string, read: (field: number) => void): void {
    for (let field = -1; ;) {
      const delta = this.uint(path);
      if (delta === 0n) return;
      if (delta > BigInt(FIELDS_MAX)) throw this.refuse("range", path, `a field below ${FIELDS_MAX}`);
      field += Number(delta);
      read(field);
    }
  }

  /** Goes over a value. @throws WireError `kind` for one of a type that gob has and no chain */
  skip(id: number, path: string, depth = 0): void {
    if (depth === SKIPPED_DEPTH_MAX) throw this.refuse("limit", path, `at most ${SKIPPED_DEPTH_MAX} levels`);
    const type = this.typeOf(id);
    switch (type.kind) {
      case "bool":
      case "int":
      case "uint":
      case "float":
        this.uint(path);
        return;
      case "bytes":
      case "string":
        this.bytes(path);
        return;
      case "slice":
        for (let left = this.size(path); left > 0; left--) this.skip(type.item, path, depth + 1);
        return;
      case "struct":
        return this.struct(path, (number) => this.skip(this.fieldOf(type.fields, number, path).type, path, depth + 1));
      default:
        throw this.refuse("kind", path, "a type that can be skipped", `type ${id}`);
    }
  }

  /** A field of a struct by its number. */
  fieldOf(fields: readonly GobField[], number: number, path: string): GobField {
    const field = fields[number];
    if (field === undefined) throw this.refuse("range", path, `a field below ${fields.length}`, String(number));
    return field;
  }

  /** The error of what cannot be read here. */
  refuse(
    code: "short" | "trailing" | "range" | "kind" | "limit",
    path: string,
    expected?: string,
    actual?: string,
  ): WireError {
    return new WireError({ code, format: "chain_gob", path, offset: this.at, expected, actual });
  }

  #id(id: bigint, path: string): number {
    if (id > 0xffff_ffffn) throw this.refuse("range", path, "an id of a type");
    return Number(id);
  }

  #text(path: string): string {
    return String.fromCharCode(...this.bytes(path).subarray(0, 256));
  }

  /** The definition of a type: a slice, a struct; anything else is none of a chain. */
  #definition(): GobType {
    let type: GobType = { kind: "other" };
    this.struct("type", (kind) => {
      if (kind === 1) type = this.#sliceType();
      else if (kind === 2) type = this.#structType();
      else throw this.refuse("kind", "type", "a struct or a slice", `kind ${kind}`);
    });
    return type;
  }

  /** The common part of definitions: name and id. */
  #common(): void {
    this.struct("type", (field) => {
      if (field === 0) this.#text("type");
      else if (field === 1) this.int("type");
      else throw this.refuse("kind", "type");
    });
  }

  #sliceType(): GobType {
    let item = 0;
    this.struct("type", (field) => {
      if (field === 0) this.#common();
      else if (field === 1) item = this.#id(this.int("type"), "type");
      else throw this.refuse("kind", "type");
    });
    return { kind: "slice", item };
  }

  #structType(): GobType {
    const fields: GobField[] = [];
    this.struct("type", (field) => {
      if (field === 0) return this.#common();
      if (field !== 1) throw this.refuse("kind", "type");
      const count = this.size("type");
      if (count > FIELDS_MAX) throw this.refuse("limit", "type", `at most ${FIELDS_MAX} fields`, String(count));
      for (let i = 0; i < count; i++) fields.push(this.#field());
    });
    return { kind: "struct", fields };
  }

  #field(): GobField {
    let name = "";
    let type = 0;
    this.struct("type", (field) => {
      if (field === 0) name = this.#text("type");
      else if (field === 1) type = this.#id(this.int("type"), "type");
      else throw this.refuse("kind", "type");
    });
    return { name, type };
  }
}
