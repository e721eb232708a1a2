/** Which specs need general types: what they say that flat and streamed layouts cannot. */
import type { SpecFile } from "../../load.js";
import type { Source } from "../../source.js";
import { withoutTexts } from "../../text.js";
import { BITS, INTEGER } from "../fields.js";

/** What a spec says that needs general types, and where. */
export interface Need {
  readonly what: string;
  readonly place: string;
}

/** Keys of an attribute that general types alone understand. */
const KEYS = ["terminator", "consume", "include", "eos-error", "pad-right", "process", "parent"];
const EXPRESSIONS = ["if", "size", "repeat-expr", "repeat-until"];
const FAMILIAR = /^(?:ascii|us-ascii|utf-?8)$/i;
const NUMBER = /^(?:[us][1248]|f[48]|b[1-9][0-9]?)(?:be|le)?$/;
const PARAM = /^(?:[us][1248]|bool|b1(?:be|le)?)$/;
/** Names of surroundings, indices, casts, calls, texts with expressions and numbers with a point, outside of texts. */
const WIDE = new RegExp(
  [
    String.raw`(?<![a-z0-9_.])_(?:parent|root|index|is_le|sizeof)\b|\b_io\.(?!size\b)|\._(?:io|sizeof)\b`,
    String.raw`(?<![A-Za-z0-9_])f"|\[|\.as<|\bsizeof<|\.[a-z_]+\(|[0-9]\.[0-9]`,
  ].join("|"),
);
/** Methods whose names attributes have as well. */
const MAYBE = /(?<!_io)\.(?:length|size|first|last|min|max|to_s|to_i|reverse)\b/;

/** The first thing that needs general types, here or in an imported file; undefined where nothing does. */
export function needOf(spec: SpecFile): Need | undefined {
  return found(spec, WIDE);
}

/** What may need them, where the file cannot be laid out otherwise. */
export function perhapsNeedOf(spec: SpecFile): Need | undefined {
  return found(spec, MAYBE);
}

function found(spec: SpecFile, pattern: RegExp): Need | undefined {
  const known = needs.get(spec)?.get(pattern);
  if (known !== undefined) return known.need;
  // Modules of general types stand for themselves, so that none imports the other.
  if (open.has(spec)) return { what: "files that import each other", place: `${spec.file}:1` };
  open.add(spec);
  let need: Need | undefined;
  try {
    need = search(spec, pattern);
  } finally {
    open.delete(spec);
  }
  const all = needs.get(spec) ?? new Map<RegExp, { need: Need | undefined }>();
  needs.set(spec, all.set(pattern, { need }));
  return need;
}

/** Files whose imports are being gone through. */
const open = new Set<SpecFile>();
const needs = new WeakMap<SpecFile, Map<RegExp, { need: Need | undefined }>>();

function search(spec: SpecFile, pattern: RegExp): Need | undefined {
  const scan = new Scan(spec, pattern);
  const { endianSource } = spec;
  if (endianSource?.isMap === true) return at("a byte order that a value decides", endianSource);
  if (spec.hasOpaque) return { what: "types of foreign code", place: `${spec.file}:1` };
  for (const [name, source] of spec.types) {
    const need = scan.type(source, name === spec.id && spec.hasRoot);
    if (need !== undefined) return need;
  }
  for (const imported of spec.imports) {
    const need = found(imported, pattern);
    if (need !== undefined) return need;
  }
  return undefined;
}

function at(what: string, source: Source): Need {
  return { what, place: source.place };
}

/** A choice of one case, whatever it is on, which flat types have on numbers alone. */
function choiceOnNoNumber(attribute: Source, attributes: readonly Source[]): Need | undefined {
  const type = attribute.get("type");
  const on = type?.isMap === true ? type.get("switch-on") : undefined;
  const named = on && attributes.find((each) => each.get("id")?.scalar === on.scalar);
  if (type === undefined || named === undefined) return undefined;
  const ofNamed = String(named.get("type")?.scalar);
  if (INTEGER.test(ofNamed) || BITS.test(ofNamed)) return undefined;
  const isOnlyElse = (type.get("cases")?.entries() ?? []).every(([key]) => key === "_");
  return isOnlyElse ? at("a choice on what is no number", type) : undefined;
}

class Scan {
  readonly #spec: SpecFile;
  readonly #pattern: RegExp;

  constructor(spec: SpecFile, pattern: RegExp) {
    this.#spec = spec;
    this.#pattern = pattern;
  }

  type(source: Source, isRoot: boolean): Need | undefined {
    if (source.get("-varint") !== undefined) return undefined;
    const instances = source.get("instances");
    if (instances !== undefined) return at("instances", instances);
    const seq = source.get("seq");
    if (seq === undefined || (isRoot && seq.isList && seq.items().length === 0))
      return at("a type without 'seq'", source);
    const meta = source.get("meta");
    const endian = meta?.get("endian");
    if (endian?.isMap === true) return at("a byte order that a value decides", endian);
    const text = source.get("to-string");
    if (text !== undefined) return at("'to-string'", text);
    const encoding = meta?.get("encoding");
    if (encoding !== undefined && !FAMILIAR.test(String(encoding.scalar))) return at("an encoding", encoding);
    for (const param of listOf(source.get("params"))) {
      const type = param.get("type");
      if (type !== undefined && !PARAM.test(String(type.scalar))) return at("a parameter of another kind", type);
    }
    const attributes = listOf(seq);
    for (const attribute of attributes) {
      const need = this.#attribute(attribute) ?? choiceOnNoNumber(attribute, attributes);
      if (need !== undefined) return need;
    }
    return this.#bits(attributes, meta);
  }

  #attribute(map: Source): Need | undefined {
    // Looking a key up in a map of YAML goes through all of them.
    const attribute = new Map(map.entries());
    for (const key of KEYS) {
      const given = attribute.get(key);
      if (given !== undefined) return at(`'${key}'`, given);
    }
    const encoding = attribute.get("encoding");
    if (encoding !== undefined && !FAMILIAR.test(String(encoding.scalar))) return at("an encoding", encoding);
    const expressions = EXPRESSIONS.map((key) => attribute.get(key));
    const type = attribute.get("type");
    expressions.push(type?.isMap === true ? type.get("switch-on") : type);
    const cases = type?.isMap === true ? (type.get("cases")?.entries() ?? []) : [];
    const contents = attribute.get("contents");
    // Streamed types take some of these as well.
    if (this.#pattern === MAYBE) {
      const on = [attribute.get("if"), attribute.get("repeat-until"), ...expressions.slice(EXPRESSIONS.length)];
      for (const source of on)
        if (source !== undefined && isPlain(source) && /\b_io\.size\b/.test(withoutTexts(String(source.scalar))))
          return at("the size of a stream", source);
      if (isZero(attribute.get("size")) && attribute.get("valid") === undefined && contents === undefined)
        return at("a size of 0", attribute.get("size")!);
      if (isZero(attribute.get("repeat-expr"))) return at("a list without items", attribute.get("repeat-expr")!);
    }
    if (contents !== undefined && attribute.has("repeat")) return at("constants as items", contents);
    for (const [key, target] of cases) {
      if (this.#pattern.test(withoutTexts(key))) return at("a case of the whole language", target);
      expressions.push(target);
    }
    for (const source of expressions)
      if (source !== undefined && isPlain(source) && this.#pattern.test(withoutTexts(String(source.scalar))))
        return at("an expression of the whole language", source);
    const names = type === undefined ? [] : type.isMap ? cases.map(([, target]) => target) : [type];
    const isMany = attribute.get("repeat") !== undefined || attribute.get("if") !== undefined || type?.isMap === true;
    for (const name of names) {
      if (!isPlain(name)) continue;
      const text = String(name.scalar);
      if (text === "strz") return at("'strz'", name);
      const bits = BITS.exec(text);
      const isBitmap = bits?.[1] === "1" && attribute.get("repeat") !== undefined && attribute.get("if") === undefined;
      if (bits !== null && isMany && Number(bits[1]) % 8 !== 0 && !isBitmap) return at("bits alone", name);
    }
    return this.#valid(attribute, type);
  }

  /** Rules on what is no integer, and rules that are expressions. */
  #valid(attribute: ReadonlyMap<string, Source>, type: Source | undefined): Need | undefined {
    const valid = attribute.get("valid");
    if (valid === undefined || attribute.get("size")?.scalar === 0) return undefined;
    if (attribute.get("contents") !== undefined) return undefined;
    const name = type !== undefined && isPlain(type) ? String(type.scalar) : "";
    if (name === "" || name === "str" || name.startsWith("f4") || name.startsWith("f8")) return at("'valid'", valid);
    if (!NUMBER.test(name)) return undefined;
    if (valid.isMap && valid.get("expr") !== undefined) return at("'valid' with an expression", valid);
    const rules = valid.isMap ? valid.entries().flatMap(([, rule]) => (rule.isList ? rule.items() : [rule])) : [valid];
    const isExpression = rules.some(
      (rule) =>
        isPlain(rule) &&
        (typeof rule.scalar === "string" ||
          (typeof rule.scalar === "number" && Math.abs(rule.scalar) > Number.MAX_SAFE_INTEGER)),
    );
    return isExpression ? at("'valid' with an expression", valid) : undefined;
  }

  /** Runs of bits that are long, or do not fill their bytes. */
  #bits(attributes: readonly Source[], meta: Source | undefined): Need | undefined {
    const endian = String(meta?.get("bit-endian")?.scalar ?? this.#spec.bitEndian);
    let run = { width: 0, order: "", first: undefined as Source | undefined };
    const need = (): Need | undefined => {
      const { width, first } = run;
      run = { width: 0, order: "", first: undefined };
      return first !== undefined && (width % 8 !== 0 || width > 32) ? at("a run of bits", first) : undefined;
    };
    for (const attribute of attributes) {
      const type = attribute.get("type");
      if (type === undefined && run.first === undefined) continue;
      const bits = type !== undefined && isPlain(type) ? BITS.exec(String(type.scalar)) : null;
      if (bits === null && run.first === undefined) continue;
      const isSingle = bits !== null && attribute.get("repeat") === undefined && attribute.get("if") === undefined;
      if (!isSingle) {
        const told = need();
        if (told !== undefined) return told;
        continue;
      }
      const order = bits[2] ?? endian;
      if (run.width % 8 === 0 || (run.order !== "" && run.order !== order)) {
        const told = need();
        if (told !== undefined) return told;
      }
      run = { width: run.width + Number(bits[1]), order, first: run.first ?? attribute };
    }
    return need();
  }
}

function isZero(source: Source | undefined): boolean {
  return source !== undefined && isPlain(source) && source.scalar === 0;
}

function isPlain(source: Source): boolean {
  return !source.isMap && !source.isList;
}

function listOf(source: Source | undefined): Source[] {
  return source?.isList === true ? source.items().filter((item) => item.isMap) : [];
}
