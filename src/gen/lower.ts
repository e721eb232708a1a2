import { affine, parseExpression, type Affine } from "./expression.js";
import {
  IR_VERSION,
  minSize,
  type Block,
  type Body,
  type Derive,
  type Encoding,
  type Enum,
  type EnumRef,
  type Extent,
  type Field,
  type FixedBlock,
  type IntField,
  type Item,
  type Module,
  type Param,
  type Rule,
  type Type,
  type Variant,
} from "./ir.js";
import { endianOf, nameOf, type SpecFile } from "./load.js";
import type { Source } from "./source.js";

const INTEGER = /^([us])([1248])(be|le)?$/;
const BITS = /^b([1-9][0-9]?)(be|le)?$/;

/** Lays out every type of a file. @throws WireError `spec` with file and line */
export function lowerSpec(spec: SpecFile): Module {
  const named = namesWithin(spec);
  const types: Type[] = [];
  for (const [name, source] of spec.types) {
    const part = named.has(name);
    types.push(new TypeLowering(spec, name, source).type(part));
  }
  return {
    irVersion: IR_VERSION,
    package: spec.package,
    file: spec.file,
    id: spec.id,
    title: spec.title,
    doc: spec.doc,
    types,
    enums: [...spec.enums].map(([name, source]) => lowerEnum(name, source)),
  };
}

/** The types of a file that another type of the file stands on; an imported file is made of such parts alone. */
function namesWithin(spec: SpecFile): Set<string> {
  const names = new Set<string>();
  for (const type of spec.types.values()) {
    for (const attribute of type.get("seq")?.items() ?? []) {
      const reference = attribute.get("type");
      if (reference === undefined) continue;
      if (reference.isMap) for (const [, name] of reference.get("cases")?.entries() ?? []) names.add(name.text);
      else names.add(reference.text);
    }
  }
  return names;
}

function lowerEnum(name: string, source: Source): Enum {
  const values = source.entries().map(([key, value]) => {
    const number = Number(key);
    if (!Number.isSafeInteger(number)) value.fail(`'${key}' is no integer`);
    if (!value.isMap) return { value: number, name: nameOf(value), doc: "" };
    value.onlyKeys("an enumerated value", ["id", "doc", "doc-ref", "-spec"]);
    return {
      value: number,
      name: nameOf(value.get("id") ?? value.fail("'id' is missing")),
      doc: value.get("doc")?.text ?? "",
    };
  });
  if (new Set(values.map((v) => v.name)).size !== values.length) source.fail(`two values of '${name}' share a name`);
  return { name, line: source.line, values };
}

/** A place in a block under construction: sub-byte fields wait until they fill their bytes. */
interface BitRun {
  readonly endian: "be" | "le";
  readonly fields: { readonly source: Source; readonly name: string; readonly width: number }[];
  width: number;
}

class TypeLowering {
  readonly #spec: SpecFile;
  readonly #name: string;
  readonly #source: Source;
  readonly #bitEndian: "be" | "le";
  readonly #endian: "be" | "le" | null;
  readonly #params: readonly Param[];
  readonly #blocks: Block[] = [];
  #fixed: { size: number; fields: Field[] } = { size: 0, fields: [] };
  #run: BitRun | null = null;
  #guard: { readonly source: Source; readonly subtract: number; readonly divide: number } | null = null;
  /** Attributes whose size reaches to the end, to be checked once all is laid out. */
  readonly #rests: {
    readonly source: Source;
    readonly at: number;
    readonly affine: Affine | null;
    readonly divide: number;
  }[] = [];

  constructor(spec: SpecFile, name: string, source: Source) {
    this.#spec = spec;
    this.#name = name;
    this.#source = source;
    const meta = source.get("meta");
    this.#bitEndian = endianOf(meta?.get("bit-endian")) ?? spec.bitEndian;
    this.#endian = endianOf(meta?.get("endian")) ?? spec.endian;
    this.#params = (source.get("params")?.items() ?? []).map((param) => {
      param.onlyKeys("a parameter", ["id", "type", "doc"]);
      return { name: nameOf(param.get("id") ?? param.fail("'id' is missing")), doc: param.get("doc")?.text ?? "" };
    });
  }

  type(part: boolean): Type {
    const source = this.#source;
    const attributes = source.get("seq")?.items() ?? source.fail(`'${this.#name}' has no 'seq'`);
    const last = attributes.at(-1);
    const isUnion = last?.get("type")?.isMap === true;
    for (const attribute of isUnion ? attributes.slice(0, -1) : attributes) this.#attribute(attribute);
    return {
      name: this.#name,
      format: this.#format(),
      file: this.#spec.file,
      line: source.line,
      doc: source.get("doc")?.text.trim() ?? "",
      cite: source.get("-spec")?.text ?? "",
      part,
      open: source.get("-open")?.boolean ?? false,
      columns: source.get("-columns")?.boolean ?? false,
      params: this.#params,
      body: isUnion ? this.#union(last!, attributes.slice(0, -1)) : this.#plain(),
    };
  }

  #format(): string {
    const isRoot = this.#spec.hasRoot && this.#name === this.#spec.id;
    return isRoot && this.#spec.package === this.#spec.id ? this.#name : `${this.#spec.package}_${this.#name}`;
  }

  #plain(): Body {
    this.#closeRun();
    this.#closeFixed();
    this.#checkRests();
    return { shape: "plain", blocks: this.#linkDerived(this.#blocks) };
  }

  /** `type: {switch-on, cases}` as the last attribute: one flat layout a case. */
  #union(attribute: Source, common: readonly Source[]): Body {
    const choice = attribute.get("type")!;
    choice.onlyKeys("a choice", ["switch-on", "cases"]);
    this.#closeRun();
    const on = choice.get("switch-on") ?? choice.fail("'switch-on' is missing");
    const tag = this.#fixed.fields.find((field) => field.name === on.text);
    if (tag === undefined || tag.kind !== "int" || this.#blocks.length > 0)
      return on.fail(`'${on.text}' is no integer of the fixed part before the choice`);
    const byType = new Map<string, { source: Source; values: number[] | "else" }>();
    for (const [key, name] of choice.get("cases")?.entries() ?? choice.fail("'cases' is missing")) {
      const value = key === "_" ? "else" : this.#caseValue(key, name);
      const known = byType.get(name.text);
      if (known === undefined) byType.set(name.text, { source: name, values: value === "else" ? value : [value] });
      else if (known.values === "else" || value === "else") known.values = "else";
      else known.values.push(value);
    }
    const variants: Variant[] = [...byType].map(([name, { source, values }]) => {
      const target = this.#spec.types.get(name) ?? source.fail(`there is no type '${name}' in this file`);
      const lowering = new TypeLowering(this.#spec, this.#name, target);
      for (const own of common) lowering.#attribute(own);
      for (const own of target.get("seq")?.items() ?? []) lowering.#attribute(own);
      const kind = target.get("-kind")?.text ?? name;
      const body = lowering.#plain();
      const type: Type = {
        name: `${this.#name}_${kind}`,
        format: `${this.#format()}_${kind}`,
        file: this.#spec.file,
        line: target.line,
        doc: target.get("doc")?.text.trim() ?? "",
        cite: this.#source.get("-spec")?.text ?? "",
        part: false,
        open: this.#source.get("-open")?.boolean ?? false,
        columns: false,
        params: this.#params,
        body,
      };
      return { kind, values, type };
    });
    return { shape: "union", tag, variants };
  }

  #caseValue(key: string, near: Source): number {
    if (/^(0x)?[0-9a-fA-F]+$/.test(key)) return Number(key);
    const parts = key.split("::");
    const value = parts.pop()!;
    const { source } = this.#findEnum(parts.join("::"), near);
    const match = lowerEnum(parts.at(-1) ?? "", source).values.find((v) => v.name === value);
    return match?.value ?? near.fail(`'${key}' is no value of its enumeration`);
  }

  #attribute(source: Source): void {
    const name = source.get("id")!.text;
    const size = source.get("size");
    if (size?.scalar === 0) return this.#zeroSize(source);
    const type = source.get("type")?.isMap
      ? source.fail("a choice must be the last attribute of its type")
      : source.get("type")?.text;
    if (source.get("repeat") !== undefined) return this.#repeat(source, name, type);

    const bits = type === undefined ? null : BITS.exec(type);
    if (bits !== null) return this.#bits(source, name, Number(bits[1]), bits[2] as "be" | "le" | undefined);
    this.#closeRun();

    if (source.get("contents") !== undefined) {
      const bytes = contentsOf(source.get("contents")!);
      return this.#place({ kind: "const", bytes, ...placed(source, name, bytes.length) });
    }
    const integer = type === undefined ? null : INTEGER.exec(type);
    if (integer !== null) return this.#place(this.#integer(source, name, integer));
    if (type === undefined || type === "str") return this.#bytes(source, name, type === "str");
    if (size !== undefined || source.get("size-eos") !== undefined)
      source.fail("a type inside a size is not supported; give the type alone");
    const { spec, target, name: typeName } = this.#findType(type, source.get("type")!);
    const fields = fixedFields(spec, typeName, target, source);
    this.#place({
      kind: "struct",
      type: { name: typeName, module: spec.id },
      fields: fields.fields,
      ...placed(source, name, fields.size),
    });
  }

  /** An attribute without bytes: it may say that the stream divides into whole items. */
  #zeroSize(source: Source): void {
    const text =
      source.get("valid")?.get("expr") ??
      source.fail("an attribute of size 0 needs 'valid: {expr: (_io.size - a) % k == 0}'");
    const e = parseExpression(text);
    if (
      e.op === "==" &&
      e.left.op === "%" &&
      e.right.op === "int" &&
      e.right.value === 0 &&
      e.left.right.op === "int"
    ) {
      const stream = affine(text, e.left.left);
      if (stream.of === "size" && stream.divide === 1) {
        this.#guard = { source, subtract: stream.subtract, divide: e.left.right.value };
        return;
      }
    }
    text.fail("only '(_io.size - a) % k == 0' is understood here");
  }

  #repeat(source: Source, name: string, type: string | undefined): void {
    this.#closeRun();
    const how = source.get("repeat")!;
    const bit = type === undefined ? null : BITS.exec(type);
    if (bit !== null && Number(bit[1]) === 1) return this.#bitmap(source, name, bit[2] as "be" | "le" | undefined);
    const item = this.#item(source, type);
    const base = { name, file: source.file, line: source.line, doc: source.get("doc")?.text ?? "" };
    const min = source.get("-min")?.integer ?? 0;
    const max = source.get("-max")?.integer ?? null;
    if (how.text === "eos") {
      this.#closeFixed();
      this.#rests.push({ source, at: this.#blocks.length, affine: null, divide: item.size });
      this.#blocks.push({ block: "items", ...base, count: { from: "rest", after: 0 }, item, min, max });
      return;
    }
    if (how.text !== "expr") how.fail("'repeat' is 'expr' or 'eos'");
    const expression = source.get("repeat-expr") ?? source.fail("'repeat-expr' is missing");
    const count = affine(expression, parseExpression(expression));
    if (count.of === "nothing") {
      const n = -count.subtract;
      if (n < 1) expression.fail("at least one item is needed");
      return this.#place({ kind: "array", count: n, item, ...placed(source, name, n * item.size) });
    }
    this.#closeFixed();
    if (count.of === "size")
      this.#rests.push({ source: expression, at: this.#blocks.length, affine: count, divide: item.size });
    this.#blocks.push({ block: "items", ...base, count: this.#extent(count, expression), item, min, max });
  }

  #bitmap(source: Source, name: string, suffix: "be" | "le" | undefined): void {
    const expression = source.get("repeat-expr") ?? source.fail("'repeat-expr' is missing");
    const count = affine(expression, parseExpression(expression));
    if (count.of === "size" || count.of === "nothing")
      expression.fail("the number of bits must be a parameter or an earlier field");
    this.#closeFixed();
    const order = (suffix ?? this.#bitEndian) === "le" ? "lsb" : "msb";
    this.#blocks.push({
      block: "bits",
      name,
      file: source.file,
      line: source.line,
      doc: source.get("doc")?.text ?? "",
      order,
      count: this.#extent(count, expression),
    });
  }

  #item(source: Source, type: string | undefined): Item {
    if (type === undefined) {
      const size = source.get("size")?.integer ?? source.fail("items need a type or a size");
      return { size, type: null, fields: [bytesField(source, "", size)] };
    }
    const bits = BITS.exec(type);
    const integer = INTEGER.exec(type);
    if (integer !== null || (bits !== null && Number(bits[1]) % 8 === 0)) {
      const field =
        integer !== null
          ? this.#integer(source, "", integer)
          : this.#wideBits(source, "", Number(bits![1]), bits![2] as "be" | "le" | undefined);
      return { size: field.size, type: null, fields: [field] };
    }
    const { spec, target, name } = this.#findType(type, source.get("type")!);
    const { size, fields } = fixedFields(spec, name, target, source);
    return { size, type: { name, module: spec.id }, fields };
  }

  #bits(source: Source, name: string, width: number, suffix: "be" | "le" | undefined): void {
    const endian = suffix ?? this.#bitEndian;
    if (this.#run === null && width % 8 === 0) return this.#place(this.#wideBits(source, name, width, suffix));
    if (this.#run !== null && this.#run.endian !== endian)
      source.fail("the bits before do not fill their byte, and this has the other bit order");
    this.#run ??= { endian, fields: [], width: 0 };
    this.#run.fields.push({ source, name, width });
    this.#run.width += width;
    if (this.#run.width > 32) source.fail("a run of bit fields is at most 32 bits long");
    if (this.#run.width % 8 === 0) this.#closeRun();
  }

  #closeRun(): void {
    const run = this.#run;
    if (run === null) return;
    const first = run.fields[0]!.source;
    if (run.width % 8 !== 0)
      first.fail(`the bit fields from here on make ${run.width} bits, which do not fill whole bytes`);
    this.#run = null;
    const size = run.width / 8;
    let used = 0;
    const offset = this.#fixed.size;
    for (const { source, name, width } of run.fields) {
      const shift = run.endian === "be" ? run.width - used - width : used;
      used += width;
      this.#fixed.fields.push({
        kind: "bits",
        ...placed(source, name, size),
        offset,
        endian: run.endian,
        shift,
        width,
        rule: this.#rule(source),
        default: source.get("-default")?.integer ?? null,
      });
    }
    this.#fixed.size += size;
  }

  #wideBits(source: Source, name: string, width: number, suffix: "be" | "le" | undefined): IntField {
    if (width > 32) source.fail("bit integers are at most 32 bits long; use u8 for 64");
    return this.#intField(source, name, width / 8, false, suffix ?? this.#bitEndian);
  }

  #integer(source: Source, name: string, match: RegExpExecArray): IntField {
    const size = Number(match[2]);
    const endian = (match[3] as "be" | "le" | undefined) ?? this.#endian;
    if (endian === null && size > 1)
      source.fail(`the byte order of '${match[0]}' is not said: set 'meta: {endian: …}'`);
    return this.#intField(source, name, size, match[1] === "s", endian ?? "be");
  }

  #intField(source: Source, name: string, size: number, signed: boolean, endian: "be" | "le"): IntField {
    const u64 = source.get("-u64")?.text;
    if (u64 !== undefined && (size !== 8 || (u64 !== "number" && u64 !== "bigint"))) {
      source.get("-u64")!.fail("'-u64' is 'number' or 'bigint', on an integer of 8 bytes");
    }
    return {
      kind: "int",
      ...placed(source, name, size),
      signed,
      endian,
      rule: source.get("repeat") === undefined ? this.#rule(source) : this.#validRule(source),
      enum: this.#enum(source),
      derive: this.#derive(source),
      default: source.get("-default")?.integer ?? null,
      secret: source.get("-secret")?.boolean ?? false,
      u64: size === 8 ? ((u64 as "number" | "bigint" | undefined) ?? "number") : null,
    };
  }

  #enum(source: Source): EnumRef | null {
    const reference = source.get("enum");
    if (reference === undefined) return null;
    const { spec, name, source: values } = this.#findEnum(reference.text, reference);
    const strict = source.get("valid")?.isMap === true && source.get("valid")!.get("in-enum")?.boolean === true;
    return { name, module: spec.id, strict, values: lowerEnum(name, values).values.map((v) => v.value) };
  }

  #findEnum(text: string, near: Source): { spec: SpecFile; name: string; source: Source } {
    const parts = text.split("::");
    const name = parts.pop()!;
    const spec = parts.length === 0 ? this.#spec : this.#imported(parts.join("::"), near);
    return { spec, name, source: spec.enums.get(name) ?? near.fail(`there is no enumeration '${text}'`) };
  }

  #findType(text: string, near: Source): { spec: SpecFile; name: string; target: Source } {
    const parts = text.split("::");
    const name = parts.pop()!;
    const spec =
      parts.length > 0
        ? this.#imported(parts.join("::"), near)
        : this.#spec.types.has(name)
          ? this.#spec
          : (this.#spec.imports.get(name) ?? this.#spec);
    return { spec, name, target: spec.types.get(name) ?? near.fail(`there is no type '${text}'`) };
  }

  #imported(id: string, near: Source): SpecFile {
    if (id === this.#spec.id) return this.#spec;
    return this.#spec.imports.get(id) ?? near.fail(`'${id}' is not imported`);
  }

  /** What `valid` says, narrowed by `-min` and `-max`. */
  #rule(source: Source): Rule | null {
    const valid = this.#validRule(source);
    const min = source.get("-min")?.integer ?? null;
    const max = source.get("-max")?.integer ?? null;
    if (min === null && max === null) return valid;
    return { min: min ?? valid?.min ?? null, max: max ?? valid?.max ?? null, anyOf: valid?.anyOf ?? null };
  }

  #validRule(source: Source): Rule | null {
    const valid = source.get("valid");
    if (valid === undefined) return null;
    if (!valid.isMap) return { min: valid.integer, max: valid.integer, anyOf: null };
    valid.onlyKeys("valid", ["eq", "min", "max", "any-of", "in-enum", "expr"]);
    if (valid.get("expr") !== undefined) valid.get("expr")!.fail("'expr' is understood on an attribute of size 0 only");
    const eq = valid.get("eq")?.integer;
    const anyOf =
      valid
        .get("any-of")
        ?.items()
        .map((item) => item.integer) ?? null;
    const min = eq ?? valid.get("min")?.integer ?? null;
    const max = eq ?? valid.get("max")?.integer ?? null;
    return min === null && max === null && anyOf === null ? null : { min, max, anyOf };
  }

  #derive(source: Source): Derive | null {
    const text = source.get("-derive");
    if (text === undefined) return null;
    const e = parseExpression(text);
    if (e.op === "call" && e.name === "crc32") return { from: "crc32", of: e.argument };
    if (e.op === "call" && e.name === "sizeof") return { from: "extent", of: e.argument, minus: 0 };
    if ((e.op === "+" || e.op === "-") && e.left.op === "call" && e.left.name === "sizeof" && e.right.op === "int") {
      return { from: "extent", of: e.left.argument, minus: e.op === "+" ? -e.right.value : e.right.value };
    }
    return text.fail("'-derive' is sizeof(field), sizeof(field) + number, or crc32(field)");
  }

  #bytes(source: Source, name: string, isText: boolean): void {
    const text = isText ? this.#encodingOf(source) : null;
    const size = source.get("size");
    const eos = source.get("size-eos")?.boolean ?? false;
    if ((size === undefined) === !eos) source.fail("bytes need either 'size' or 'size-eos: true'");
    const length = size === undefined ? null : affine(size, parseExpression(size));
    if (length?.of === "nothing") {
      const n = -length.subtract;
      if (n < 1) size!.fail("a size is at least 1");
      if (text === null) return this.#place(bytesField(source, name, n));
      return this.#place({
        kind: "text",
        encoding: text,
        default: source.get("-default")?.text ?? null,
        ...placed(source, name, n),
      });
    }
    this.#closeFixed();
    if (length === null || length.of === "size") {
      this.#rests.push({ source: size ?? source, at: this.#blocks.length, affine: length, divide: 1 });
    }
    this.#blocks.push({
      block: "bytes",
      name,
      file: source.file,
      line: source.line,
      doc: source.get("doc")?.text ?? "",
      length: length === null ? { from: "rest", after: 0 } : this.#extent(length, size!),
      text,
      secret: source.get("-secret")?.boolean ?? false,
      min: source.get("-min")?.integer ?? 0,
      max: source.get("-max")?.integer ?? null,
      proto: source.get("-proto")?.text ?? "",
    });
  }

  #encodingOf(source: Source): Encoding {
    const name = (source.get("encoding")?.text ?? this.#spec.encoding ?? "").toLowerCase();
    if (name === "ascii" || name === "us-ascii") return "ascii";
    if (name === "utf-8" || name === "utf8") return "utf-8";
    return source.fail("a text needs 'encoding: ASCII' or 'encoding: UTF-8'");
  }

  #extent(value: Affine, near: Source): Extent {
    if (value.of === "size") return { from: "rest", after: 0 };
    const { name } = value.of as { name: string };
    if (value.divide !== 1) near.fail("only a size or count that reaches to the end may be divided");
    if (this.#params.some((param) => param.name === name)) return { from: "param", param: name, plus: -value.subtract };
    const field = this.#blocks.flatMap((b) => (b.block === "fixed" ? b.fields : [])).find((f) => f.name === name);
    if (field === undefined) return near.fail(`'${name}' is no earlier field and no parameter`);
    if (field.kind !== "int" || field.size > 4 || field.signed)
      near.fail(`'${name}' must be an unsigned integer of at most 4 bytes`);
    return { from: "field", field: name, plus: -value.subtract };
  }

  #place(field: Field): void {
    this.#fixed.fields.push(
      field.kind === "struct" ? { ...moveStruct(field, this.#fixed.size) } : { ...field, offset: this.#fixed.size },
    );
    this.#fixed.size += field.size;
  }

  #closeFixed(): void {
    if (this.#fixed.size > 0) this.#blocks.push({ block: "fixed", ...this.#fixed });
    this.#fixed = { size: 0, fields: [] };
  }

  /** What reaches to the end must be alone, with fixed layout behind it, and agree with its arithmetic. */
  #checkRests(): void {
    const [rest, second] = this.#rests;
    if (second !== undefined) second.source.fail("only one attribute of a type can reach to the end");
    if (rest === undefined) {
      this.#guard?.source.fail("no attribute of this type reaches to the end");
      return;
    }
    const after = this.#blocks.slice(rest.at + 1);
    if (after.some((block) => block.block !== "fixed"))
      rest.source.fail("only attributes of fixed size may follow one that reaches to the end");
    const tail = after.reduce((size, block) => size + minSize(block), 0);
    const block = this.#blocks[rest.at]!;
    const extent: Extent = { from: "rest", after: tail };
    this.#blocks[rest.at] =
      block.block === "items"
        ? { ...block, count: extent }
        : { ...(block as Block & { block: "bytes" }), length: extent };
    if (rest.affine === null) {
      if (tail > 0) rest.source.fail(`${tail} bytes follow, so this does not reach to the end: use _io.size`);
      return;
    }
    const before = this.#blocks.slice(0, rest.at);
    if (before.some((b) => b.block !== "fixed"))
      rest.source.fail("with attributes of variable size before it, use 'size-eos' or 'repeat: eos'");
    const around = before.reduce((size, b) => size + minSize(b), tail);
    if (rest.affine.subtract !== around)
      rest.source.fail(`${around} bytes stand around this, not ${rest.affine.subtract}`);
    if (rest.affine.divide !== rest.divide)
      rest.source.fail(`an item has ${rest.divide} bytes, not ${rest.affine.divide}`);
    if (rest.divide === 1) return;
    const guard = this.#guard;
    if (guard === null) {
      return rest.source.fail(
        `put an attribute of size 0 with 'valid: {expr: (_io.size - ${around}) % ${rest.divide} == 0}' first, so that every reader refuses half an item`,
      );
    }
    if (guard.subtract !== around || guard.divide !== rest.divide)
      guard.source.fail(`this must say '(_io.size - ${around}) % ${rest.divide} == 0'`);
  }

  /** A field that gives a size or count is derived from it, whether or not the spec says so. */
  #linkDerived(blocks: readonly Block[]): Block[] {
    const extents = new Map<string, { of: string; minus: number }>();
    const names = new Set<string>();
    for (const block of blocks) {
      if (block.block === "fixed") {
        for (const field of block.fields) if (field.kind === "bytes") names.add(field.name);
        continue;
      }
      if (block.block === "bytes") names.add(block.name);
      const extent = block.block === "items" || block.block === "bits" ? block.count : block.length;
      if (extent.from !== "field") continue;
      if (extents.has(extent.field)) this.#source.fail(`'${extent.field}' gives the size of two attributes`);
      extents.set(extent.field, { of: block.name, minus: extent.plus });
    }
    return blocks.map((block): Block => {
      if (block.block !== "fixed") return block;
      const fields = block.fields.map((field): Field => {
        if (field.kind !== "int") return field;
        const extent = extents.get(field.name);
        const derive = field.derive;
        if (derive?.from === "crc32") {
          if (!names.has(derive.of)) this.#failAt(field, `'${derive.of}' is no bytes attribute of this type`);
          if (field.size !== 4) this.#failAt(field, "a CRC-32 has 4 bytes");
        }
        if (derive?.from === "extent" && (extent?.of !== derive.of || extent.minus !== derive.minus)) {
          this.#failAt(field, `'${derive.of}' does not take its size from this field in this way`);
        }
        return extent === undefined ? field : { ...field, derive: { from: "extent", ...extent } };
      });
      return { ...block, fields } satisfies FixedBlock;
    });
  }

  #failAt(field: Field, message: string): never {
    const attribute = this.#source
      .get("seq")
      ?.items()
      .find((item) => item.get("id")?.text === field.name);
    return (attribute ?? this.#source).fail(message);
  }
}

function placed(
  source: Source,
  name: string,
  size: number,
): { name: string; offset: number; size: number; file: string; line: number; doc: string } {
  return { name, offset: 0, size, file: source.file, line: source.line, doc: source.get("doc")?.text ?? "" };
}

function bytesField(source: Source, name: string, size: number): Field {
  const fallback = source.get("-default");
  const bytes = fallback?.items().map((item) => item.integer) ?? null;
  if (bytes !== null && bytes.length !== size) fallback!.fail(`the default must have ${size} bytes`);
  if (source.get("valid") !== undefined)
    source.get("valid")!.fail("'valid' is for integers; use 'contents' for constant bytes");
  return {
    kind: "bytes",
    ...placed(source, name, size),
    secret: source.get("-secret")?.boolean ?? false,
    default: bytes,
  };
}

function contentsOf(source: Source): number[] {
  if (!source.isList) return [...new TextEncoder().encode(source.text)];
  return source.items().flatMap((item) => {
    const value = item.scalar;
    if (typeof value === "string") return [...new TextEncoder().encode(value)];
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 255) item.fail("a byte is 0 to 255");
    return [value as number];
  });
}

function moveStruct<S extends Field>(field: S, by: number): S {
  if (field.kind !== "struct") return { ...field, offset: field.offset + by };
  return { ...field, offset: field.offset + by, fields: field.fields.map((inner) => moveStruct(inner, by)) };
}

/** The fields of a type that stands inside another; it must have one size. */
function fixedFields(
  spec: SpecFile,
  name: string,
  target: Source,
  near: Source,
): { size: number; fields: readonly Field[] } {
  const type = new TypeLowering(spec, name, target).type(true);
  const block = type.body.shape === "plain" && type.body.blocks.length === 1 ? type.body.blocks[0]! : undefined;
  if (block?.block !== "fixed") near.fail(`'${name}' has no fixed size, so it cannot stand inside another type`);
  return { size: block.size, fields: block.fields };
}
