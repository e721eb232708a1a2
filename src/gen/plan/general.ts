/** Plans general types: what can be written and why the rest cannot, whose frames are kept, which ends are tested. */
import {
  nameOfInstance,
  partsOf,
  type Attribute,
  type General,
  type GeneralContent,
  type GeneralExpr,
  type GeneralType,
  type Kind,
  type Region,
} from "../general.js";
import type { TypeRef } from "../ir.js";

/** Why a type is read and not written: a sentence, and the place in the spec. */
export interface ReadOnly {
  readonly why: string;
  readonly place: string;
}

/** What is decided about one type. */
export interface GeneralTypePlan {
  readonly readOnly: ReadOnly | null;
  /** It or what it holds has computed values, which are no part of what is written. */
  readonly isComputed: boolean;
  /** Values are asked for their instances, streams or surroundings. */
  readonly isKept: boolean;
  /** Something of it lies at positions of its own stream, so that its end is not where reading stops. */
  readonly isScattered: boolean;
}

/** The size that a writer fills: an expression, all that is left, what the value has, or up to its terminator. */
export type WrittenSize = GeneralExpr | "rest" | "own" | null;

export class GeneralPlan {
  readonly #types: ReadonlyMap<string, GeneralType>;
  readonly #readOnly = new Map<string, ReadOnly | null>();
  readonly #computed = new Map<string, boolean>();
  readonly #kept: ReadonlySet<string>;
  /** A number of 64 bits is in it, so that there is a form with bigints beside the one with numbers. */
  readonly isWide: boolean;

  constructor(general: General) {
    this.#types = new Map(general.types.map((type) => [keyOf(type), type]));
    this.#kept = keptIn(general);
    this.isWide = general.types.some((type) => JSON.stringify(type).includes('"wide":"number"'));
  }

  typeOf({ module, name }: TypeRef): GeneralType {
    return this.#types.get(`${module}::${name}`)!;
  }

  of(type: GeneralType): GeneralTypePlan {
    return {
      readOnly: this.readOnly(type),
      isComputed: this.#isComputed(type),
      isKept: this.#kept.has(keyOf(type)),
      isScattered: type.instances.some((each) => each.instance === "position" && each.pos !== null),
    };
  }

  /** Anything of a value, however deep, may lie anywhere in the stream that it begins in. */
  isScattered(type: GeneralType, seen = new Set<GeneralType>()): boolean {
    if (seen.has(type)) return false;
    seen.add(type);
    if (this.of(type).isScattered) return true;
    return contentsIn(type).some(
      (content) => content.content === "type" && this.isScattered(this.typeOf(content.type), seen),
    );
  }

  #isComputed(type: GeneralType): boolean {
    const known = this.#computed.get(keyOf(type));
    if (known !== undefined) return known;
    // One that holds itself is decided by the rest.
    this.#computed.set(keyOf(type), false);
    const isComputed = (seen: Set<GeneralType>, each: GeneralType): boolean => {
      if (seen.has(each)) return false;
      seen.add(each);
      if (each.instances.some(({ instance }) => instance === "value")) return true;
      return contentsIn(each).some(
        (content) => content.content === "type" && isComputed(seen, this.typeOf(content.type)),
      );
    };
    const result = isComputed(new Set(), type);
    this.#computed.set(keyOf(type), result);
    return result;
  }

  /** Why a type is read and not written; null where it is written. */
  readOnly(type: GeneralType): ReadOnly | null {
    const known = this.#readOnly.get(keyOf(type));
    if (known !== undefined) return known;
    // One that holds itself is decided by the rest.
    this.#readOnly.set(keyOf(type), null);
    const found = this.#reason(type);
    this.#readOnly.set(keyOf(type), found);
    return found;
  }

  #reason(type: GeneralType): ReadOnly | null {
    const placeOf = (spot: { file: string; line: number }): string => `${spot.file}:${spot.line}`;
    if (type.endian !== null) {
      const why = this.#unwritable(type.endian.on);
      if (why !== null) return { why: `its byte order ${why}`, place: placeOf(type) };
    }
    const attributes: Attribute[] = [...type.attributes];
    for (const instance of type.instances) {
      if (instance.instance === "value") continue;
      const { attribute, pos, io } = instance;
      const name = `'${nameOfInstance(instance)}'`;
      if (io !== null && (io.op !== "io" || io.of.op !== "head"))
        return { why: `${name} lies in the stream of another value`, place: placeOf(attribute) };
      if (pos === null && io !== null)
        return { why: `${name} lies where a stream happens to be`, place: placeOf(attribute) };
      const why = pos === null ? null : this.#unwritable(pos);
      if (why !== null) return { why: `the position of ${name} ${why}`, place: placeOf(attribute) };
      attributes.push(attribute);
    }
    for (const attribute of attributes) {
      const why = this.#contentReason(attribute.content);
      if (why !== null) return { why: `'${attribute.name}' ${why}`, place: placeOf(attribute) };
    }
    return null;
  }

  #contentReason(content: GeneralContent): string | null {
    switch (content.content) {
      case "bytes":
        return this.#regionReason(content.region);
      case "opaque":
      case "type": {
        const region = content.region === null ? null : this.#regionReason(content.region);
        if (region !== null) return region;
        for (const arg of content.args) {
          const why = this.#unwritable(arg);
          if (why !== null) return `has a parameter that ${why}`;
        }
        if (content.content === "opaque") return null;
        const target = this.typeOf(content.type);
        const inner = this.readOnly(target);
        return inner === null ? null : `holds '${target.name}', in which ${inner.why} (${inner.place})`;
      }
      case "choice": {
        const why = this.#unwritable(content.on);
        if (why !== null) return `is a choice that ${why}`;
        return content.cases.map((each) => this.#contentReason(each.content)).find((each) => each !== null) ?? null;
      }
      default:
        return null;
    }
  }

  #regionReason({ size, terminator, pad, process }: Region): string | null {
    if (process !== null && process.process !== "zlib") {
      const keys = process.process === "xor" ? [process.key] : process.process === "rol" ? [process.by] : process.args;
      const why = keys.map((key) => this.#unwritable(key)).find((each) => each !== null) ?? null;
      if (why !== null) return `is processed with what ${why}`;
    }
    if (size === null || size === "rest" || (terminator === null && pad === null)) return null;
    const why = this.#unwritable(size);
    return why === null ? null : `has a size that ${why}`;
  }

  /** The size that a writer fills; what it cannot work out, the bytes of the value say. */
  sizeOf({ size, process }: Region): WrittenSize {
    if (size === null || size === "rest") return size;
    return process?.process === "zlib" || this.#unwritable(size) !== null ? "own" : size;
  }

  /** Why an expression has no value before all is written; null where it has one. */
  #unwritable(e: GeneralExpr, seen = new Set<GeneralExpr>()): string | null {
    if (seen.has(e)) return null;
    seen.add(e);
    if (e.op === "stream" && e.name !== "pos")
      return `asks for '_io.${e.name}', which is known only when all is written`;
    if (e.op === "parent") return "asks a value for what is around it";
    if (e.op === "io" && e.of.op !== "head") return "asks for the stream of another value";
    if (e.op === "get" && e.member === "value" && e.of.is.kind === "type") {
      const { instances } = this.typeOf(e.of.is.type);
      const instance = instances.find((each) => nameOfInstance(each) === e.name);
      if (instance?.instance === "value") {
        const why = this.#unwritable(instance.value, seen);
        if (why !== null) return why;
      }
    }
    return (
      partsOf(e)
        .map((part) => this.#unwritable(part, seen))
        .find((why) => why !== null) ?? null
    );
  }
}

/** Attributes whose places follow from each other, so that one test covers their bytes. */
export interface GeneralBlock {
  readonly size: number;
  readonly fields: readonly { readonly attribute: Attribute; readonly size: number; readonly offset: number }[];
}

/** The longest constant that is compared within a block. */
const CONSTANT_MAX = 16;

/** The attributes of a type in their order: blocks, and those that are read alone. */
export function stepsOf({ attributes, endian }: GeneralType): (GeneralBlock | Attribute)[] {
  const steps: (GeneralBlock | Attribute)[] = [];
  for (let i = 0; i < attributes.length;) {
    const fields: GeneralBlock["fields"][number][] = [];
    let offset = 0;
    for (let size = 0; i + fields.length < attributes.length; offset += size) {
      const attribute = attributes[i + fields.length]!;
      size = fixedSizeOf(attribute);
      if (size === 0) break;
      fields.push({ attribute, size, offset });
    }
    // At the beginning even one is worth it: the value is made with its number.
    const isWorth = fields.length > 1 || (fields.length === 1 && i === 0 && endian === null);
    steps.push(isWorth ? { size: offset, fields } : attributes[i]!);
    i += isWorth ? fields.length : 1;
  }
  return steps;
}

/** The bytes of an integer or a constant whose rule asks nothing of the stream; 0 for all else. */
function fixedSizeOf({ condition, repeat, content, rule }: Attribute): number {
  if (condition !== null || repeat !== null || !isOfMembers(rule)) return 0;
  if (content.content === "const") return content.bytes.length > CONSTANT_MAX ? 0 : content.bytes.length;
  if (content.content !== "int" || (content.order === "frame" && content.size > 1)) return 0;
  return content.size === 3 ? 0 : content.size;
}

/** What a rule needs beside the members that were read may depend on where the stream is. */
function isOfMembers(rule: Attribute["rule"]): boolean {
  return !/"op":"(?:io|stream)"|"member":"(?:value|position)"/.test(JSON.stringify(rule));
}

/** The contents of the attributes and positions of a type, those of choices included. */
export function contentsIn(type: GeneralType): GeneralContent[] {
  const attributes = [
    ...type.attributes,
    ...type.instances.flatMap((each) => (each.instance === "position" ? [each.attribute] : [])),
  ];
  return attributes.flatMap(({ content }) => flat(content));
}

function flat(content: GeneralContent): GeneralContent[] {
  return content.content === "choice" ? content.cases.flatMap((each) => flat(each.content)) : [content];
}

export function keyOf({ module, name }: TypeRef): string {
  return `${module}::${name}`;
}

/** The types whose values have instances, or are asked for what is not in them. */
function keptIn({ types }: General): ReadonlySet<string> {
  const kept = new Set<string>();
  const keep = (kind: Kind): void => {
    if (kind.kind === "type") kept.add(keyOf(kind.type));
    else if (kind.kind === "any") for (const type of types) kept.add(keyOf(type));
  };
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const e = value as GeneralExpr;
    const isAsked = e.op === "io" || e.op === "parent" || (e.op === "get" && e.member === "param");
    if (isAsked && e.of.op !== "head") keep(e.of.is);
    const { content, parent } = value as { content?: unknown; parent?: GeneralExpr | "none" | null };
    if (content === "type" && typeof parent === "object" && parent !== null && parent.op !== "head") keep(parent.is);
    Object.values(value).forEach(visit);
  };
  for (const type of types) if (type.instances.length > 0) kept.add(keyOf(type));
  visit(types);
  return kept;
}

/** True where a content can leave bits of a byte to what follows. */
export function mayLeaveBits(content: GeneralContent): boolean {
  return flat(content).some((each) => each.content === "bits");
}
