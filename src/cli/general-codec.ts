/** Codecs of general types: what a spec that needs the whole language makes, by the readers of the runtime. */
import * as runtime from "../codec/index.js";
import { toHex } from "../bytes/index.js";
import { argumentError, type Result } from "../errors.js";
import { enumMeaning, type Annotation, type FindEnum } from "../gen/annotate.js";
import type { Attribute, General, GeneralType } from "../gen/general.js";
import { generalFromJson, Undecided } from "../gen/general-json.js";
import type { Module } from "../gen/ir.js";
import { camel, pascal } from "../gen/names.js";
import { GeneralPlan } from "../gen/plan/general.js";
import { paramsOf, type Codec, type Params } from "./codecs.js";
import { TracedReader, traced, type Note } from "./traced-reader.js";

/** Writes what JSON left open as the case that is written says. */
class DecidingWriter extends runtime.ByteWriter {
  override bytesOf(value: unknown): Uint8Array {
    return super.bytesOf(value instanceof Undecided ? value.as("bytes") : value);
  }

  override text(value: unknown, encoding: string): Uint8Array {
    return super.text(value instanceof Undecided ? value.as("text") : value, encoding);
  }

  override long(value: unknown, isSigned: boolean, isLittle: boolean): void {
    super.long(value instanceof Undecided ? value.as("int") : value, isSigned, isLittle);
  }

  override float(value: unknown, size: 4 | 8, isLittle: boolean): void {
    super.float(value instanceof Undecided ? value.as("float") : value, size, isLittle);
  }

  override sub(size: number | null): runtime.ByteWriter {
    return new DecidingWriter(this.session, super.sub(size).known);
  }
}

/** The runtime that codecs of general types have in this program. */
export const GENERAL_RUNTIME: Readonly<Record<string, unknown>> = {
  ByteReader: TracedReader,
  ByteWriter: DecidingWriter,
  requireReadable: (format: string, value: unknown, read: () => unknown) =>
    runtime.requireReadable(format, decided(value), read),
};

/** A value with what its writing has decided. */
function decided(value: unknown): unknown {
  if (value instanceof Undecided) return value.value;
  if (Array.isArray(value)) return value.map(decided);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decided(inner)]));
}

/** Kinds of parameters that a command line can say. */
const NUMBERS: readonly string[] = ["int", "enum", "float", "bool"];

/** A general type that a command is about. @throws WireError `argument` for what only programs can hand in */
export function generalCodec(
  module: Module,
  type: GeneralType,
  functions: Readonly<Record<string, unknown>>,
  modules: readonly Module[],
): Codec {
  const general = module.general!;
  const name = pascal(type.name);
  const big = `decode${name}Big` in functions;
  const form = name + (big ? "Big" : "");
  const decode = functions[`decode${form}`] as (...args: unknown[]) => unknown;
  // A command shows all of a value, so that it refuses what cannot be read when it is asked for.
  const tryDecode = (...args: unknown[]): Result<unknown> =>
    runtime.attempted(() => runtime.withInstances(decode(...args)));
  const encode = functions[`encode${form}`] as ((...args: unknown[]) => Uint8Array) | undefined;
  const listOf = (params: Params): unknown[] => type.params.map((param) => params[param.name]);
  const known = type.params.map(({ name: each, is: { kind } }) => {
    if (!NUMBERS.includes(kind)) throw argumentError(type.format, camel(each), "a parameter that is a number", kind);
    return { name: each, type: kind === "bool" ? ("boolean" as const) : ("integer" as const) };
  });
  const enums: FindEnum = (id, each) => modules.find((one) => one.id === id)?.enums.find((one) => one.name === each);
  return {
    format: type.format,
    big,
    asksToWrite: true,
    paramsOf: (given) => paramsOf(type.format, known, given),
    tryDecode: (bytes, params) => tryDecode(bytes, ...listOf(params)),
    encode: (value, params = {}) => {
      if (encode !== undefined) return encode(value, ...listOf(params));
      const { why, place } = new GeneralPlan(general).readOnly(type)!;
      throw argumentError(type.format, "", "a type that can be written", `one that is only read: ${why} (${place})`);
    },
    annotate: (bytes, params) => new Picture(general, enums).of(traced(() => tryDecode(bytes, ...listOf(params)))),
    fromJson: (json) => generalFromJson(general, type, json, big),
  };
}

/** A note with those of what it holds. */
interface Branch {
  readonly path: string;
  note: Note | null;
  readonly inner: Map<string | number, Branch>;
}

/** Makes a tree of notes. */
class Picture {
  readonly #attributes = new Map<string, Attribute>();
  readonly #enums: FindEnum;

  constructor(general: General, enums: FindEnum) {
    this.#enums = enums;
    for (const { attributes, instances } of general.types)
      for (const attribute of [
        ...attributes,
        ...instances.flatMap((each) => (each.instance === "position" ? [each.attribute] : [])),
      ])
        this.#attributes.set(keyOf(`${attribute.file}:${attribute.line}`, camel(attribute.name)), attribute);
  }

  of(notes: readonly Note[]): Annotation[] {
    const root: Branch = { path: "", note: null, inner: new Map() };
    for (const note of notes) {
      let at = root;
      for (const part of note.path) {
        const path = typeof part === "number" ? `${at.path}[${part}]` : at.path === "" ? part : `${at.path}.${part}`;
        const next = at.inner.get(part) ?? { path, note: null, inner: new Map() };
        at.inner.set(part, next);
        at = next;
      }
      at.note = note;
    }
    return [...root.inner.values()].map((branch) => this.#annotation(branch));
  }

  #annotation({ path, note, inner }: Branch): Annotation {
    const children = [...inner.values()].map((branch) => this.#annotation(branch));
    if (note === null || (note.value === null && children.length > 0)) {
      const [offset, size] = note === null ? spanOf(children) : [note.offset, note.size];
      return { path, offset, size, value: null, meaning: "", children };
    }
    const { offset, size, isSecret } = note;
    const name = note.path.findLast((part) => typeof part === "string") as string;
    const attribute = this.#attributes.get(keyOf(note.spec, name));
    const named = attribute?.is.kind === "enum" ? attribute.is.enum : undefined;
    const values = named === undefined ? undefined : this.#enums(named.module, named.name)?.values;
    const value = isSecret ? "<secret>" : shown(note.value, attribute);
    return {
      path,
      offset,
      size,
      value,
      meaning: enumMeaning(values, value, attribute === undefined ? "" : docOf(attribute)),
      children,
    };
  }
}

function keyOf(spec: string, name: string): string {
  return `${spec} ${name}`;
}

function docOf({ doc, content }: Attribute): string {
  return doc === "" && content.content === "const" ? "constant" : doc;
}

function shown(value: Note["value"], attribute: Attribute | undefined): Annotation["value"] {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  const isTruth = attribute?.content.content === "bits" && attribute.content.isTruth;
  return isTruth ? value === 1 : value;
}

/** Where values that lie one behind the other do so; others may lie anywhere. */
function spanOf(values: readonly Annotation[]): [offset: number, size: number] {
  const offset = values[0]?.offset ?? 0;
  let end = offset;
  for (const value of values)
    if (value.offset >= offset && value.offset <= end) end = Math.max(end, value.offset + value.size);
  return [offset, end - offset];
}

/** What a command can do nothing with, since programs alone hand it in. @throws WireError `argument` */
export function requireNoCode({ processors, opaque }: General): void {
  const [what, names] =
    processors.length > 0 ? ["processes", processors] : opaque.length > 0 ? ["types", opaque] : ["", []];
  if (names.length > 0) throw argumentError("type", "", `a spec without ${what} of foreign code`, names.join(", "));
}
