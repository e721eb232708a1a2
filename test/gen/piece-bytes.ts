/** Draws bytes for a type by walking over its layout: mostly such that are a value of it. */
import { evaluate } from "../../src/gen/evaluate.js";
import type {
  Block,
  Content,
  Derive,
  Expr,
  Field,
  IntField,
  Module,
  PieceBlock,
  Rule,
  Type,
  TypeRef,
  VarintContent,
} from "../../src/gen/ir.js";
import { linearOf } from "../../src/gen/lower/resolve.js";
import { camel } from "../../src/gen/names.js";
import type { Random } from "../../src/testing/random.js";
import { checksum } from "./checksums.js";

type Params = Readonly<Record<string, number | boolean>>;
type Value = Record<string, unknown>;

/** Deeper values are cut off, and so are no values. */
const DEPTH_MAX = 12;
/** Types that are drawn for one value: those that stand inside themselves twice would go on. */
const TYPES_MAX = 400;
const COUNT_MAX = 12;
const TRIES = 6;

/** Draws bytes of the types of one module. */
export class PieceBytes {
  readonly #types = new Map<string, Type>();
  readonly #random: Random;
  /** Something was cut off or left out in what was drawn last, so that it need be no value. */
  isCut = false;
  #drawn = 0;

  constructor(module: Module, random: Random) {
    this.#random = random;
    for (const type of [...module.types, ...module.uses.map((use) => use.type)]) {
      this.#types.set(type.name, type);
      if (type.body.shape === "union") for (const { type: one } of type.body.variants) this.#types.set(one.name, one);
    }
  }

  draw(type: Type, params: Params): Uint8Array {
    this.isCut = false;
    this.#drawn = 0;
    return Uint8Array.from(this.type(type, params, 0).bytes);
  }

  type(type: Type, params: Params, depth: number): { bytes: number[]; value: Value } {
    if (depth > DEPTH_MAX || ++this.#drawn > TYPES_MAX) {
      this.isCut = true;
      return { bytes: [], value: {} };
    }
    if (type.body.shape === "union") return this.type(this.#random.pick(type.body.variants).type, params, depth);
    return new Walk(this, this.#random, type.body.blocks, params, depth).whole();
  }

  find(ref: TypeRef): Type {
    return this.#types.get(ref.name)!;
  }
}

/** Where something lies in the bytes of its type. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** Goes through one value of one type. */
class Walk {
  readonly #owner: PieceBytes;
  readonly #random: Random;
  readonly #blocks: readonly Block[];
  readonly #params: Params;
  readonly #depth: number;
  readonly #bytes: number[] = [];
  readonly #value: Value = {};
  readonly #places = new Map<string, Place>();
  /** Fields whose values say how long something is, and may still be set. */
  readonly #open = new Map<string, Field>();

  constructor(owner: PieceBytes, random: Random, blocks: readonly Block[], params: Params, depth: number) {
    this.#owner = owner;
    this.#random = random;
    this.#blocks = blocks;
    this.#params = params;
    this.#depth = depth;
  }

  whole(): { bytes: number[]; value: Value } {
    for (const block of this.#blocks) {
      const start = this.#bytes.length;
      if (block.block === "fixed") this.#fixed(block.fields, block.size);
      else {
        if (block.block === "piece") this.#piece(block);
        else this.#flat(block);
        this.#places.set(block.name, { start, end: this.#bytes.length });
      }
    }
    for (const block of this.#blocks)
      if (block.block === "fixed")
        for (const field of block.fields)
          if (field.kind === "int" && field.derive !== null && field.derive.from !== "extent")
            this.#sum(field, field.derive);
    return { bytes: this.#bytes, value: this.#value };
  }

  #fixed(fields: readonly Field[], size: number): void {
    const base = this.#bytes.length;
    const own = new Uint8Array(size);
    for (const field of fields) {
      this.#value[camel(field.name)] = this.#field(field, own, 0);
      this.#places.set(field.name, { start: base + field.offset, end: base + field.offset + field.size });
      if ((field.kind === "int" || field.kind === "bits") && field.derive?.from === "extent")
        this.#open.set(field.name, { ...field, offset: base + field.offset });
    }
    this.#bytes.push(...own);
  }

  /** Puts a value of a field into bytes. @returns what expressions take it for */
  #field(field: Field, bytes: Uint8Array, base: number): unknown {
    const random = this.#random;
    const at = base + field.offset;
    switch (field.kind) {
      case "const":
        bytes.set(field.bytes, at);
        return undefined;
      case "int": {
        const value = this.#number(field.rule, field.enum?.strict === true ? field.enum.values : null, 8 * field.size);
        const drawn = field.signed && field.rule === null && random.chance(0.1) ? -value : value;
        const signed = field.signed ? Number(BigInt.asIntN(8 * field.size, BigInt(drawn))) : drawn;
        putInteger(bytes, at, field.size, field.endian, BigInt(signed));
        return signed;
      }
      case "bits": {
        const value = this.#number(field.rule, field.enum?.strict === true ? field.enum.values : null, field.width);
        putBits(bytes, at, field, value);
        return field.width === 1 ? value === 1 : value;
      }
      case "float": {
        const value = random.pick([0, -0, 1.5, -2, 1e30, Infinity, NaN, random.unit()]);
        const view = new DataView(bytes.buffer);
        if (field.size === 4) view.setFloat32(at, value, field.endian === "le");
        else view.setFloat64(at, value, field.endian === "le");
        return undefined;
      }
      case "bytes":
        bytes.set(random.bytes(field.size), at);
        return undefined;
      case "text": {
        const text = this.#text(field.size);
        bytes.set(new TextEncoder().encode(text), at);
        return text;
      }
      case "struct":
        return Object.fromEntries(field.fields.map((inner) => [camel(inner.name), this.#field(inner, bytes, base)]));
      case "array":
        for (let i = 0; i < field.count; i++)
          for (const inner of field.item.fields) this.#field(inner, bytes, at + i * field.item.size);
        return undefined;
    }
  }

  #text(length: number): string {
    const random = this.#random;
    if (length === 2 && random.chance(0.7)) return random.pick(["ab", "AB", "  "]);
    return Array.from({ length }, () => random.pick(["a", "b", "A", " ", "~", "0"])).join("");
  }

  /** Mostly a small one, so that what depends on it is small as well. */
  #number(rule: Rule | null, listed: readonly number[] | null, bits: number): number {
    const random = this.#random;
    const allowed = rule?.anyOf ?? listed;
    if (allowed !== null && random.chance(0.97)) return random.pick(allowed);
    const high = Math.min(rule?.max ?? Infinity, 2 ** Math.min(bits, 31) - 1);
    const low = Math.max(rule?.min ?? 0, 0);
    if (random.chance(0.9)) return Math.min(high, low + random.below(7));
    return random.chance(0.5) ? high : random.between(low, Math.max(low, high));
  }

  #flat(block: Exclude<Block, { block: "fixed" | "piece" }>): void {
    const extent = block.block === "bytes" ? block.length : block.count;
    const limits = block.block === "bits" ? { min: 0, max: null } : block;
    const wanted = Math.min(limits.max ?? Infinity, limits.min + this.#random.below(5));
    const count =
      extent.from === "rest"
        ? wanted
        : extent.from === "param"
          ? Number(this.#params[extent.param] ?? this.#params[camel(extent.param)]) + extent.plus
          : this.#length(extent.field, extent.plus, 1, Number(this.#value[camel(extent.field)]) + extent.plus, wanted);
    const most = Math.max(0, Math.min(count, COUNT_MAX));
    if (most !== count) this.#owner.isCut = true;
    if (block.block === "bits") {
      const bits = Array.from({ length: most }, () => this.#random.below(2));
      const bytes = new Uint8Array(Math.ceil(most / 8));
      bits.forEach((bit, i) => (bytes[i >> 3]! |= bit << (block.order === "lsb" ? i & 7 : 7 - (i & 7))));
      this.#bytes.push(...bytes);
    } else if (block.block === "bytes") {
      const text = this.#text(most);
      this.#bytes.push(...(block.text === null ? this.#random.bytes(most) : new TextEncoder().encode(text)));
      if (block.text !== null) this.#value[camel(block.name)] = text;
    } else {
      for (let i = 0; i < most; i++) {
        const own = new Uint8Array(block.item.size);
        for (const field of block.item.fields) this.#field(field, own, 0);
        this.#bytes.push(...own);
      }
    }
  }

  #piece(block: PieceBlock): void {
    if (block.condition !== null && this.#evaluate(block.condition) !== true) return;
    const { repeat, min, max } = block;
    if (repeat === null) {
      const { bytes, value } = this.#sized(block);
      this.#value[camel(block.name)] = value;
      if (block.content.content === "varint" && block.content.derive?.from === "extent")
        this.#open.set(block.name, { kind: "const", size: bytes.length, offset: this.#bytes.length } as Field);
      this.#bytes.push(...bytes);
      return;
    }
    const wanted = Math.min(max ?? Infinity, min + this.#random.below(4));
    const asked = repeat.by === "count" ? this.#extent(repeat.count, wanted) : repeat.by === "end" ? wanted : COUNT_MAX;
    const most = Math.min(asked, COUNT_MAX, max ?? Infinity);
    if (repeat.by === "count" && most !== asked) this.#owner.isCut = true;
    for (let i = 0; i < most; i++) {
      const { bytes, value } = this.#sized(block);
      this.#bytes.push(...bytes);
      if (repeat.by !== "until") continue;
      if (this.#evaluate(repeat.until, value) === true) return;
      if (i === most - 1) this.#owner.isCut = true;
    }
  }

  #sized(block: PieceBlock): { bytes: number[]; value: unknown } {
    const { size, content, min, max, repeat } = block;
    const wanted = repeat === null ? Math.min(max ?? Infinity, min + this.#random.below(5)) : this.#random.below(4);
    if (size === null || size === "rest") return this.#content(content, wanted);
    if (content.content === "bytes") return this.#content(content, Math.max(0, this.#extent(size, wanted)));
    let made = this.#content(content, 0);
    for (let tries = 0; tries < TRIES; tries++) {
      const asked = Number(this.#evaluate(size));
      if (made.bytes.length === asked) break;
      made = this.#content(content, Math.max(0, Math.min(asked, COUNT_MAX)));
    }
    const asked = this.#extent(size, made.bytes.length);
    if (asked !== made.bytes.length) this.#owner.isCut = true;
    if (!(asked >= 0 && asked <= 1000)) return made;
    if (asked > made.bytes.length)
      return { ...made, bytes: [...made.bytes, ...this.#random.bytes(asked - made.bytes.length)] };
    return { ...made, bytes: made.bytes.slice(0, asked) };
  }

  #content(content: Content, length: number): { bytes: number[]; value: unknown } {
    switch (content.content) {
      case "field": {
        const own = new Uint8Array(content.field.size);
        const value = this.#field({ ...content.field, offset: 0 }, own, 0);
        return { bytes: [...own], value };
      }
      case "bytes": {
        const most = Math.min(length, 1000);
        if (most !== length) this.#owner.isCut = true;
        if (content.text === null) return { bytes: [...this.#random.bytes(most)], value: undefined };
        const value = this.#text(most);
        return { bytes: [...new TextEncoder().encode(value)], value };
      }
      case "varint": {
        const value = this.#random.pick([0, 1, 2, 3, 127, 128, 300, 2 ** 27, 2 ** 40, this.#random.below(5)]);
        return { bytes: groups(content, BigInt(value)), value };
      }
      case "type": {
        const type = this.#owner.find(content.type);
        const params = type.params.map(({ name }, i) => [name, this.#evaluate(content.args[i]!)] as const);
        return this.#owner.type(type, Object.fromEntries(params) as Params, this.#depth + 1);
      }
      case "choice": {
        const on = this.#evaluate(content.on);
        const chosen =
          content.cases.find(({ values }) => values !== "else" && values.includes(on!)) ??
          content.cases.find(({ values }) => values === "else");
        if (chosen !== undefined) return this.#content(chosen.content, length);
        this.#owner.isCut = true;
        return { bytes: [], value: undefined };
      }
    }
  }

  #evaluate(e: Expr, item?: unknown): number | boolean | string | undefined {
    return evaluate(e, { value: this.#value, params: this.#params, item });
  }

  /** A size or count: what the expression says, or what is wanted where a field can be made to say so. */
  #extent(e: Expr, wanted: number): number {
    const linear = linearOf(e);
    const now = Number(this.#evaluate(e) ?? 0);
    return linear === undefined ? now : this.#length(linear.name, linear.plus, linear.times, now, wanted);
  }

  #length(name: string, plus: number, times: number, now: number, wanted: number): number {
    const field = this.#open.get(name);
    this.#open.delete(name);
    if (field === undefined || now === wanted) return now;
    // What is to be a multiple is asked for as one; where that cannot be, the length is left as it is.
    const value = (wanted - plus) / times;
    const near = Math.max(0, Math.ceil(value));
    const isExact = near === value;
    if (!isExact && now >= 0 && now <= COUNT_MAX) return now;
    if (!this.#set(name, field, near)) return now;
    return near * times + plus;
  }

  #set(name: string, field: Field, value: number): boolean {
    const bytes = Uint8Array.from(this.#bytes);
    const block = this.#blocks.find((each) => each.block === "piece" && each.name === name);
    if (block?.block === "piece") {
      const made = groups(block.content as VarintContent, BigInt(value));
      if (made.length !== field.size) return false;
      bytes.set(made, field.offset);
    } else if (field.kind === "bits") {
      if (value >= 2 ** field.width) return false;
      putBits(bytes, field.offset, field, value);
    } else {
      const { size, endian } = field as IntField;
      if (value >= 2 ** (8 * size)) return false;
      putInteger(bytes, field.offset, size, endian, BigInt(value));
    }
    this.#value[camel(name)] = value;
    bytes.forEach((byte, i) => (this.#bytes[i] = byte));
    return true;
  }

  #sum(field: IntField, derive: Exclude<Derive, { from: "extent" }>): void {
    const own = this.#places.get(field.name)!;
    const [first, last] = derive.from === "crc32" ? [derive.of, derive.of] : [derive.first, derive.last];
    const start = first === null ? 0 : this.#places.get(first)!.start;
    const end = last === null ? own.start : this.#places.get(last)!.end;
    const covered = this.#bytes.map((byte, i) => (i >= own.start && i < own.end ? 0 : byte)).slice(start, end);
    const bytes = Uint8Array.from(this.#bytes);
    const sum = checksum(derive.from === "crc32" ? { name: "crc32" } : derive.sum, covered);
    putInteger(bytes, own.start, field.size, field.endian, BigInt(sum));
    bytes.forEach((byte, i) => (this.#bytes[i] = byte));
  }
}

function putInteger(bytes: Uint8Array, at: number, size: number, endian: "be" | "le", value: bigint): void {
  for (let i = 0; i < size; i++)
    bytes[at + (endian === "le" ? i : size - 1 - i)] = Number(BigInt.asUintN(64, value >> BigInt(8 * i)) & 255n);
}

function putBits(
  bytes: Uint8Array,
  at: number,
  { size, endian, shift, width }: { size: number; endian: "be" | "le"; shift: number; width: number },
  value: number,
): void {
  let word = 0n;
  const place = (i: number): number => at + (endian === "le" ? i : size - 1 - i);
  for (let i = 0; i < size; i++) word |= BigInt(bytes[place(i)]!) << BigInt(8 * i);
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(shift);
  word = (word & ~mask) | ((BigInt(value) << BigInt(shift)) & mask);
  for (let i = 0; i < size; i++) bytes[place(i)] = Number((word >> BigInt(8 * i)) & 255n);
}

/** An integer in groups of seven bits. */
function groups({ order }: VarintContent, value: bigint): number[] {
  const low: number[] = [];
  for (let rest = value; low.length === 0 || rest > 0n; rest >>= 7n) low.push(Number(rest & 127n));
  const all = order === "leb128" ? low : low.toReversed();
  return all.map((group, i) => (i < all.length - 1 ? group | 128 : group));
}
