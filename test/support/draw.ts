import { crc32 } from "../../src/bytes/index.js";
import { annotate, type Annotation } from "../../src/gen/annotate.js";
import { isImplied, type Block, type Field, type IntField, type Item, type Type } from "../../src/gen/ir.js";
import { camel } from "../../src/gen/names.js";

/** Random numbers that are the same every time (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to below - 1. */
  integer(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  chance(percent: number): boolean {
    return this.integer(100) < percent;
  }

  bytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.integer(256));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.integer(list.length)]!;
  }
}

export interface Drawn {
  readonly value: Record<string, unknown>;
  readonly params: Readonly<Record<string, number>>;
}

/** A value that the format can hold, edges among them. 64-bit integers are bigint when `big`. */
export function drawValue(type: Type, random: Random, big: boolean): Drawn {
  if (type.body.shape === "union") {
    const { tag, variants } = type.body;
    const variant = random.pick(variants);
    const drawn = drawValue(variant.type, random, big);
    const others = variants.flatMap((v) => (v.values === "else" ? [] : v.values));
    let value = variant.values === "else" ? random.integer(256) : random.pick(variant.values);
    while (variant.values === "else" && others.includes(value)) value = random.integer(256);
    return { ...drawn, value: { kind: variant.kind, ...drawn.value, [camel(tag.name)]: value } };
  }
  const value: Record<string, unknown> = {};
  const params: Record<string, number> = {};
  for (const block of type.body.blocks) {
    if (block.block === "fixed") {
      Object.assign(value, drawFields(block.fields, random, big));
      continue;
    }
    const min = block.block === "bits" ? 0 : block.min;
    const max = Math.min(block.block === "bits" ? 40 : (block.max ?? 40), 40);
    const count = random.chance(25) ? min : min + random.integer(max - min + 1);
    const name = camel(block.name);
    if (block.block === "items") value[name] = Array.from({ length: count }, () => drawItem(block.item, random, big));
    else if (block.block === "bits") value[name] = Array.from({ length: count }, () => random.chance(50));
    else value[name] = block.text === null ? random.bytes(count) : drawText(random, count);
    const extent = block.block === "bytes" ? block.length : block.count;
    if (extent.from === "param") params[extent.param] = count - extent.plus;
  }
  return { value, params };
}

function drawFields(fields: readonly Field[], random: Random, big: boolean): Record<string, unknown> {
  return Object.fromEntries(fields.filter((f) => !isImplied(f)).map((f) => [camel(f.name), drawField(f, random, big)]));
}

function drawItem(item: Item, random: Random, big: boolean): unknown {
  return item.type === null ? drawField(item.fields[0]!, random, big) : drawFields(item.fields, random, big);
}

function drawField(field: Field, random: Random, big: boolean): unknown {
  switch (field.kind) {
    case "int":
      return drawInteger(field, random, big);
    case "bits":
      return field.width === 1 ? random.chance(50) : random.integer(2 ** field.width);
    case "bytes":
      return random.chance(10) ? new Uint8Array(field.size).fill(random.pick([0, 255])) : random.bytes(field.size);
    case "text":
      return drawText(random, field.size);
    case "struct":
      return drawFields(field.fields, random, big);
    case "array":
      return Array.from({ length: field.count }, () => drawItem(field.item, random, big));
    case "const":
      return undefined;
  }
}

function drawInteger(field: IntField, random: Random, big: boolean): number | bigint {
  const listed = field.rule?.anyOf ?? (field.enum?.strict === true ? field.enum.values : null);
  if (listed !== null) return random.pick(listed);
  const bits = BigInt(8 * field.size);
  const min = field.rule?.min ?? null;
  const max = field.rule?.max ?? null;
  const exact = big || field.u64 === "bigint" || field.size < 8;
  const low = min !== null ? BigInt(min) : field.signed ? -(1n << (bits - 1n)) : 0n;
  const top = exact ? (field.signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n) : BigInt(Number.MAX_SAFE_INTEGER);
  const high = max !== null ? BigInt(max) : top;
  const span = high - low + 1n;
  let drawn = 0n;
  for (const byte of random.bytes(8)) drawn = (drawn << 8n) | BigInt(byte);
  const value = random.chance(20) ? random.pick([low, high, low + (span > 1n ? 1n : 0n)]) : low + (drawn % span);
  return field.size === 8 && (big || field.u64 === "bigint") ? value : Number(value);
}

function drawText(random: Random, length: number): string {
  return String.fromCharCode(...Array.from({ length }, () => 0x20 + random.integer(0x5f)));
}

/**
 * Changes one or two fields of a value's bytes, or what stands around. Mostly the new bytes are those of another
 * value, and checksums are mended more often than not, so that a good part of the mutations is acceptable.
 * @param other the bytes of another value, with what it was drawn with
 */
export function mutate(
  bytes: Uint8Array,
  type: Type,
  drawn: Drawn,
  other: { readonly bytes: Uint8Array; readonly drawn: Drawn },
  random: Random,
): Uint8Array {
  let changed: Uint8Array = bytes.slice();
  const all = leavesOf(annotate(type, bytes, () => undefined, drawn.params)).filter(({ size }) => size > 0);
  const free = all.filter(({ path, meaning }) => meaning !== "constant" && !impliedNames(type).has(path));
  const others = new Map(
    leavesOf(annotate(type, other.bytes, () => undefined, other.drawn.params)).map((leaf) => [leaf.path, leaf]),
  );
  for (let times = 1 + random.integer(2); times > 0 && all.length > 0; times--) {
    const { path, offset, size, value } = random.pick(free.length > 0 && random.chance(85) ? free : all);
    if (offset + size > changed.length) continue;
    const like = others.get(path);
    const how = random.integer(20);
    if (typeof value === "string" && /^[01]+$/.test(value) && how < 14)
      changed[offset + ((value.length - 1) >> 4)]! ^= 1;
    else if (how < 12 && like?.size === size)
      changed.set(other.bytes.subarray(like.offset, like.offset + size), offset);
    else if (how < 16) changed.set(bytesLike(changed.subarray(offset, offset + size), random), offset);
    else if (how < 18) changed[offset + random.integer(size)]! ^= 1 << random.integer(8);
    else if (how < 19) changed = joined(changed.subarray(0, offset), changed.subarray(offset + size));
    else
      changed = joined(
        changed.subarray(0, offset),
        random.bytes(random.pick([1, size, 5, 21])),
        changed.subarray(offset),
      );
  }
  if (random.chance(4)) changed = changed.subarray(0, random.integer(changed.length + 1));
  if (random.chance(4)) changed = joined(changed, random.bytes(1 + random.integer(4)));
  return random.chance(80) ? mended(changed, type, drawn) : changed;
}

/** Fields that follow from others: to change one alone is to break the value. */
function impliedNames(type: Type): Set<string> {
  if (type.body.shape !== "plain") return new Set([camel(type.body.tag.name)]);
  const fields = type.body.blocks.flatMap((block) => (block.block === "fixed" ? block.fields : []));
  return new Set(fields.filter(isImplied).map((field) => camel(field.name)));
}

/** Other bytes of the same sort: text stays text, so that a good part of the mutations is acceptable. */
function bytesLike(bytes: Uint8Array, random: Random): Uint8Array {
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return Uint8Array.from(bytes, () =>
    isText ? 0x20 + random.integer(0x5f) : random.pick([0, 1, 255, random.integer(256)]),
  );
}

/** The same bytes with their checksums made right. */
function mended(bytes: Uint8Array, type: Type, drawn: Drawn): Uint8Array {
  if (type.body.shape !== "plain") return bytes;
  const fields = leavesOf(annotate(type, bytes, () => undefined, drawn.params));
  for (const block of type.body.blocks as readonly Block[]) {
    if (block.block !== "fixed") continue;
    for (const field of block.fields) {
      if (field.kind !== "int" || field.derive?.from !== "crc32") continue;
      const covered = fields.find((leaf) => leaf.path === camel(field.derive!.of));
      const own = fields.find((leaf) => leaf.path === camel(field.name));
      if (covered === undefined || own === undefined) continue;
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(
        own.offset,
        crc32(bytes, covered.offset, covered.offset + covered.size),
      );
    }
  }
  return bytes;
}

/** The fields that hold bytes of their own. */
export function leavesOf(fields: readonly Annotation[]): Annotation[] {
  return fields.flatMap((field) => (field.children.length > 0 ? leavesOf(field.children) : [field]));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
