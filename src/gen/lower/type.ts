import { affine, parseExpression, type Affine } from "../expression.js";
import type { Block, Body, Extent, Field, Item, Param, Type, Variant } from "../ir.js";
import { nameOf, type SpecFile } from "../load.js";
import type { Source } from "../source.js";
import { closeRests, linkDerived, type Guard, type Rest } from "./ends.js";
import { BITS, bytesField, contentsOf, FieldReader, INTEGER, moveStruct, placed } from "./fields.js";
import { findEnum, findType, lowerEnum } from "./scope.js";

/** A place in a block under construction: sub-byte fields wait until they fill their bytes. */
interface BitRun {
  readonly endian: "be" | "le";
  readonly fields: { readonly source: Source; readonly name: string; readonly width: number }[];
  width: number;
}

/** Lays out one type. */
export class TypeLowering {
  readonly #spec: SpecFile;
  readonly #name: string;
  readonly #source: Source;
  readonly #reader: FieldReader;
  readonly #params: readonly Param[];
  readonly #around: readonly string[];
  readonly #blocks: Block[] = [];
  #fixed: { size: number; fields: Field[] } = { size: 0, fields: [] };
  #run: BitRun | null = null;
  #guard: Guard | null = null;
  /** Attributes whose size reaches to the end, to be checked once all is laid out. */
  readonly #rests: Rest[] = [];

  /** @param around the types that this one stands inside */
  constructor(spec: SpecFile, name: string, source: Source, around: readonly string[] = []) {
    const place = `${source.file}:${name}`;
    if (around.includes(place)) source.fail(`'${name}' stands inside itself`);
    this.#around = [...around, place];
    this.#spec = spec;
    this.#name = name;
    this.#source = source;
    this.#reader = new FieldReader(spec, source);
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
    closeRests(this.#blocks, this.#rests, this.#guard);
    return { shape: "plain", blocks: linkDerived(this.#source, this.#blocks) };
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
    const { source } = findEnum(this.#spec, parts.join("::"), near);
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
    if (integer !== null) return this.#place(this.#reader.integer(source, name, integer));
    if (type === undefined || type === "str") return this.#bytes(source, name, type === "str");
    if (size !== undefined || source.get("size-eos") !== undefined)
      source.fail("a type inside a size is not supported; give the type alone");
    const { spec, target, name: typeName } = findType(this.#spec, type, source.get("type")!);
    const fields = fixedFields(spec, typeName, target, source, this.#around);
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
    const order = (suffix ?? this.#reader.bitEndian) === "le" ? "lsb" : "msb";
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
          ? this.#reader.integer(source, "", integer)
          : this.#reader.wideBits(source, "", Number(bits![1]), bits![2] as "be" | "le" | undefined);
      return { size: field.size, type: null, fields: [field] };
    }
    const { spec, target, name } = findType(this.#spec, type, source.get("type")!);
    const { size, fields } = fixedFields(spec, name, target, source, this.#around);
    return { size, type: { name, module: spec.id }, fields };
  }

  #bits(source: Source, name: string, width: number, suffix: "be" | "le" | undefined): void {
    const endian = suffix ?? this.#reader.bitEndian;
    if (this.#run === null && width % 8 === 0) return this.#place(this.#reader.wideBits(source, name, width, suffix));
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
        rule: this.#reader.rule(source),
        default: source.get("-default")?.integer ?? null,
      });
    }
    this.#fixed.size += size;
  }

  #bytes(source: Source, name: string, isText: boolean): void {
    const text = isText ? this.#reader.encodingOf(source) : null;
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
}

/** The fields of a type that stands inside another; it must have one size. */
function fixedFields(
  spec: SpecFile,
  name: string,
  target: Source,
  near: Source,
  around: readonly string[],
): { size: number; fields: readonly Field[] } {
  const type = new TypeLowering(spec, name, target, around).type(true);
  const block = type.body.shape === "plain" && type.body.blocks.length === 1 ? type.body.blocks[0]! : undefined;
  if (block?.block !== "fixed") near.fail(`'${name}' has no fixed size, so it cannot stand inside another type`);
  return { size: block.size, fields: block.fields };
}
