import { affine, parseExpression, type Affine } from "../expression.js";
import {
  isConstant,
  type Block,
  type Body,
  type Extent,
  type Field,
  type IntField,
  type Item,
  type Param,
  type Type,
  type Variant,
} from "../ir.js";
import { Keys } from "../keys.js";
import { nameOf, type SpecFile } from "../load.js";
import { Mistakes, SpecError, specError, type Source } from "../source.js";
import { casesOf, checkChoice } from "./choice.js";
import { formsOf } from "./forms.js";
import { closeRests, linkDerived, type Guard, type Rest } from "./ends.js";
import {
  BITS,
  bytesField,
  contentsOf,
  FieldReader,
  INTEGER,
  limitsOf,
  moveStruct,
  paramOf,
  placed,
  textField,
} from "./fields.js";
import { findType, rolesOf } from "./scope.js";

/** A place in a block under construction: sub-byte fields wait until they fill their bytes. */
interface BitRun {
  readonly endian: "be" | "le";
  readonly fields: { readonly keys: Keys; readonly name: string; readonly width: number }[];
  width: number;
}

/** Offsets stay small integers in emitted code. */
const SIZE_MAX = 0x3fff_ffff;

/** What the variants of a choice have from the type that chooses. */
type Shared = Pick<Type, "open" | "cite" | "forms">;

/** Lays out one type. */
export class TypeLowering {
  readonly #spec: SpecFile;
  readonly #name: string;
  readonly #keys: Keys;
  #reader: FieldReader;
  readonly #params: readonly (Param & { readonly line: number })[];
  readonly #around: readonly string[];
  readonly #attributes: readonly Source[];
  readonly #blocks: Block[] = [];
  readonly #mistakes = new Mistakes();
  /** Attributes that could not be laid out; what needs them says nothing of its own. */
  readonly #failed = new Set<string>();
  readonly #used = new Set<string>();
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
    const keys = (this.#keys = new Keys(source));
    const isRoot = spec.hasRoot && name === spec.id;
    const meta = isRoot ? undefined : keys.take("meta");
    const ownMeta = meta === undefined ? undefined : new Keys(meta);
    this.#reader = new FieldReader(spec, ownMeta);
    ownMeta?.close("the 'meta' of a type");
    this.#attributes = keys.take("seq")?.items() ?? source.fail(`'${name}' has no 'seq'`);
    this.#params = (keys.take("params")?.items() ?? []).map((param) => paramOf(new Keys(param)));
    if (isRoot) keys.pass("meta", "types", "enums");
  }

  /** @param role whether another type names this one, and whether it closes a choice */
  type(role: { part: boolean; tail: boolean }): Type {
    const keys = this.#keys;
    const last = this.#attributes.at(-1);
    const isUnion = last?.get("type")?.isMap === true;
    const common = isUnion ? this.#attributes.slice(0, -1) : this.#attributes;
    this.#lay(common);
    const doc = keys.take("doc")?.text.trim() ?? "";
    const cite = keys.take("-spec")?.text ?? "";
    keys.pass("doc-ref");
    if (role.tail) keys.take("-kind");
    const open = role.part ? undefined : keys.take("-open");
    const columns = isUnion || role.tail ? undefined : keys.take("-columns");
    const forms = role.part || role.tail ? [] : formsOf(keys.take("-forms"));
    const what = role.tail
      ? "a type that closes a choice"
      : role.part
        ? "a type that stands inside others"
        : isUnion
          ? "a type with a choice"
          : "a type";
    this.#mistakes.attempt(() => keys.close(what));
    this.#mistakes.tell();
    const body = isUnion
      ? this.#union(new Keys(last!), common, { open: open?.boolean ?? false, cite, forms })
      : this.#plain();
    for (const { name, line } of this.#params) {
      if (!this.#used.has(name))
        throw specError(`${keys.file}:${line}`, `nothing takes its size or count from '${name}'`);
    }
    return {
      name: this.#name,
      format: this.#format(),
      file: this.#spec.file,
      line: keys.line,
      doc,
      cite,
      part: role.part,
      open: open?.boolean ?? false,
      columns: columns?.boolean ?? false,
      forms,
      params: this.#params.map(({ name, doc: meaning }) => ({ name, doc: meaning })),
      body,
    };
  }

  /** The fields of a type that stands inside another; it must have one size. */
  fields(near: Source): { size: number; fields: readonly Field[] } {
    if (this.#params.length > 0)
      near.fail(`'${this.#name}' takes parameters, which is not supported on a type inside another`);
    const { body } = this.type({ part: true, tail: false });
    const block = body.shape === "plain" && body.blocks.length === 1 ? body.blocks[0]! : undefined;
    if (block?.block !== "fixed")
      near.fail(`'${this.#name}' has no fixed size, so it cannot stand inside another type`);
    const derived = block.fields.find((field) => field.kind === "int" && field.derive !== null);
    if (derived !== undefined) near.fail(`'${derived.name}' is a checksum, which is not supported inside another type`);
    return block;
  }

  #lay(attributes: readonly Source[]): void {
    for (const source of attributes) {
      const laid = this.#mistakes.attempt(() => {
        const keys = new Keys(source);
        const what = this.#attribute(keys);
        if (what !== null) keys.close(what);
        return true;
      });
      if (laid === undefined) this.#failed.add(source.get("id")!.text);
    }
  }

  #format(): string {
    const isRoot = this.#spec.hasRoot && this.#name === this.#spec.id;
    return isRoot && this.#spec.package === this.#spec.id ? this.#name : `${this.#spec.package}_${this.#name}`;
  }

  #plain(): Body {
    this.#mistakes.attempt(() => this.#closeRun());
    this.#mistakes.tell();
    this.#closeFixed();
    closeRests(this.#blocks, this.#rests, this.#guard);
    return { shape: "plain", blocks: linkDerived(this.#keys.source, this.#blocks) };
  }

  /** `type: {switch-on, cases}` as the last attribute: one flat layout a case. */
  #union(attribute: Keys, common: readonly Source[], shared: Shared): Body {
    const source = attribute.need("type");
    const choice = new Keys(source);
    attribute.pass("id", "doc", "doc-ref", "-spec");
    attribute.close("a choice");
    this.#closeRun();
    const on = choice.need("switch-on");
    const cases = choice.need("cases");
    choice.close("a choice");
    const tag = this.#fixed.fields.find((field) => field.name === on.expression);
    if (tag === undefined || tag.kind !== "int" || this.#blocks.length > 0)
      return on.fail(`'${on.expression}' is no integer of the fixed part before the choice`);
    if (tag.size === 8) on.fail("a choice on an integer of 8 bytes is not supported; take one of 4");
    if (isConstant(tag.rule)) on.fail(`'${tag.name}' has one value, which leaves no choice`);
    const byType = casesOf(this.#spec, cases, tag);
    const variants = [...byType].flatMap(([name, { source: near, values }]) => {
      const variant = this.#mistakes.attempt(() => this.#variant(name, near, common, tag, shared));
      return variant === undefined ? [] : [{ kind: variant.kind, values, type: variant.type }];
    });
    this.#mistakes.tell();
    for (const [i, { kind }] of variants.entries()) {
      if (variants.findIndex((other) => other.kind === kind) < i)
        cases.fail(`two types of this choice are of the kind '${kind}'`);
    }
    return { shape: "union", tag, variants };
  }

  #variant(
    name: string,
    near: Source,
    common: readonly Source[],
    tag: IntField,
    shared: Shared,
  ): Omit<Variant, "values"> {
    const target = this.#spec.types.get(name) ?? near.fail(`there is no type '${name}' in this file`);
    const lowering = new TypeLowering(this.#spec, this.#name, target);
    if (lowering.#params.length > 0)
      near.fail(`'${name}' takes parameters, which is not supported on a type that closes a choice`);
    // What all share is read in the byte order of the type around, what follows in the type's own.
    const own = lowering.#reader;
    lowering.#reader = this.#reader;
    lowering.#lay(common);
    lowering.#closeRun();
    lowering.#reader = own;
    lowering.#lay(lowering.#attributes);
    const named = target.get("-kind");
    const kind = named === undefined ? name : nameOf(named);
    const body = lowering.#plain();
    if (body.shape === "plain") checkChoice(body.blocks, tag, near);
    const type: Type = {
      name: `${this.#name}_${kind}`,
      format: `${this.#format()}_${kind}`,
      file: this.#spec.file,
      line: target.line,
      doc: target.get("doc")?.text.trim() ?? "",
      part: false,
      columns: false,
      ...shared,
      params: [],
      body,
    };
    return { kind, type };
  }

  /** Lays an attribute out. @returns what it is, or null when it is closed later */
  #attribute(keys: Keys): string | null {
    const name = keys.peek("id")!.text;
    if (keys.peek("size")?.scalar === 0) return this.#zeroSize(keys);
    if (keys.peek("type")?.isMap) keys.fail("a choice must be the last attribute of its type");
    const type = keys.peek("contents") === undefined ? keys.take("type")?.text : undefined;
    if (keys.peek("repeat") !== undefined) return this.#repeat(keys, name, type);

    const bits = type === undefined ? null : BITS.exec(type);
    if (bits !== null) return this.#bits(keys, name, Number(bits[1]), bits[2] as "be" | "le" | undefined);
    this.#closeRun();

    const contents = keys.take("contents");
    if (contents !== undefined) {
      const bytes = contentsOf(contents);
      this.#place({ kind: "const", bytes, ...placed(keys, name, bytes.length) });
      return "constant bytes";
    }
    const integer = type === undefined ? null : INTEGER.exec(type);
    if (integer !== null) {
      this.#place(this.#reader.integer(keys, name, integer));
      return "an integer";
    }
    if (type === undefined || type === "str") return this.#bytes(keys, name, type === "str");
    if (keys.peek("size") !== undefined || keys.peek("size-eos") !== undefined)
      keys.fail("a type inside a size is not supported; give the type alone");
    const { fields, size, reference } = this.#inner(type, keys);
    this.#place({ kind: "struct", type: reference, fields, ...placed(keys, name, size) });
    return "a type inside another";
  }

  /** The fields of a type by the name that the spec gives it. */
  #inner(
    type: string,
    keys: Keys,
  ): { size: number; fields: readonly Field[]; reference: { name: string; module: string } } {
    const near = keys.peek("type")!;
    const { spec, target, name } = findType(this.#spec, type, near);
    if (rolesOf(spec).tails.has(name))
      near.fail(`'${name}' closes a choice, so it cannot stand inside another type; make one for each`);
    const lowering = new TypeLowering(spec, name, target, this.#around);
    return { ...lowering.fields(near), reference: { name, module: spec.id } };
  }

  /** An attribute without bytes: it may say that the stream divides into whole items. */
  #zeroSize(keys: Keys): string {
    const source = keys.source;
    const valid = keys.take("valid");
    const rule = valid?.isMap === true ? new Keys(valid) : undefined;
    const text =
      rule?.take("expr") ?? keys.fail("an attribute of size 0 needs 'valid: {expr: (_io.size - a) % k == 0}'");
    rule!.close("'valid' on an attribute of size 0");
    keys.pass("id", "size", "doc", "doc-ref", "-spec");
    if (this.#guard !== null) keys.fail("a type says once how its bytes divide into items");
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
        return "an attribute of size 0";
      }
    }
    return text.fail("only '(_io.size - a) % k == 0' is understood here");
  }

  #repeat(keys: Keys, name: string, type: string | undefined): string {
    this.#closeRun();
    const how = keys.take("repeat")!;
    if (how.text !== "expr" && how.text !== "eos")
      how.fail(`'${how.text}' is not supported: 'repeat' is 'expr' or 'eos'`);
    const expression = how.text === "expr" ? keys.need("repeat-expr") : undefined;
    const bit = type === undefined ? null : BITS.exec(type);
    if (bit !== null && Number(bit[1]) === 1)
      return this.#bitmap(keys, name, bit[2] as "be" | "le" | undefined, expression);
    const item = this.#item(keys, type);
    const base = { name, file: keys.file, line: keys.line, doc: keys.take("doc")?.text ?? "" };
    const count = expression === undefined ? null : affine(expression, parseExpression(expression));
    if (expression !== undefined && count?.of === "nothing") {
      const n = -count.subtract;
      if (n < 1) expression.fail("at least one item is needed");
      this.#place({ kind: "array", count: n, item, ...placed(keys, name, n * item.size) });
      return "a fixed number of items";
    }
    keys.pass("id", "doc-ref", "-spec");
    const limits = limitsOf(keys);
    this.#closeFixed();
    if (count === null || count.of === "size")
      this.#rests.push({
        source: expression ?? keys.source,
        at: this.#blocks.length,
        affine: count,
        divide: item.size,
      });
    const extent: Extent = count === null ? { from: "rest", after: 0 } : this.#extent(count, expression!);
    this.#blocks.push({ block: "items", ...base, count: extent, item, ...limits });
    return "items";
  }

  #bitmap(keys: Keys, name: string, suffix: "be" | "le" | undefined, expression: Source | undefined): string {
    if (expression === undefined)
      return keys.fail("bits to the end are not supported; give their number by 'repeat-expr'");
    this.#checkAligned(keys);
    const count = affine(expression, parseExpression(expression));
    if (count.of === "size" || count.of === "nothing")
      expression.fail("the number of bits must be a parameter or an earlier field");
    this.#closeFixed();
    const order = (suffix ?? this.#reader.bitEndian) === "le" ? "lsb" : "msb";
    keys.pass("id", "doc-ref", "-spec");
    this.#blocks.push({
      block: "bits",
      name,
      file: keys.file,
      line: keys.line,
      doc: keys.take("doc")?.text ?? "",
      order,
      count: this.#extent(count, expression),
    });
    return "a bitmap";
  }

  /** Other readers go on in the byte where a bitmap has ended. */
  #checkAligned(keys: Keys): void {
    if (this.#fixed.size === 0 && this.#blocks.at(-1)?.block === "bits")
      keys.fail("bits right behind a bitmap are not supported, as it need not fill its last byte");
  }

  #item(keys: Keys, type: string | undefined): Item {
    if (type === undefined) {
      const source = keys.take("size") ?? keys.fail("items need a type or a size");
      const size = source.integer;
      if (size < 1) source.fail("a size is at least 1");
      return { size, type: null, fields: [bytesField(keys, "", size)] };
    }
    const bits = BITS.exec(type);
    const integer = INTEGER.exec(type);
    if (integer !== null || (bits !== null && Number(bits[1]) % 8 === 0)) {
      if (bits !== null) this.#checkAligned(keys);
      const field =
        integer !== null
          ? this.#reader.integer(keys, "", integer)
          : this.#reader.wideBits(keys, "", Number(bits![1]), bits![2] as "be" | "le" | undefined);
      return { size: field.size, type: null, fields: [field] };
    }
    const { size, fields, reference } = this.#inner(type, keys);
    return { size, type: reference, fields };
  }

  #bits(keys: Keys, name: string, width: number, suffix: "be" | "le" | undefined): string | null {
    const endian = suffix ?? this.#reader.bitEndian;
    if (this.#run === null) this.#checkAligned(keys);
    if (this.#run === null && width % 8 === 0) {
      this.#place(this.#reader.wideBits(keys, name, width, suffix));
      return "an integer";
    }
    if (this.#run !== null && this.#run.endian !== endian)
      keys.fail("the bits before do not fill their byte, and this has the other bit order");
    this.#run ??= { endian, fields: [], width: 0 };
    this.#run.fields.push({ keys, name, width });
    this.#run.width += width;
    if (this.#run.width > 32) {
      this.#run = null;
      keys.fail("a run of bit fields is at most 32 bits long");
    }
    if (this.#run.width % 8 === 0) this.#closeRun();
    return null;
  }

  #closeRun(): void {
    const run = this.#run;
    if (run === null) return;
    this.#run = null;
    if (run.width % 8 !== 0)
      run.fields[0]!.keys.fail(`the bit fields from here on make ${run.width} bits, which do not fill whole bytes`);
    const size = run.width / 8;
    let used = 0;
    const offset = this.#fixed.size;
    for (const { keys, name, width } of run.fields) {
      const shift = run.endian === "be" ? run.width - used - width : used;
      used += width;
      this.#fixed.fields.push({
        kind: "bits",
        ...placed(keys, name, size),
        offset,
        endian: run.endian,
        shift,
        width,
        rule: this.#reader.rule(keys, false, width, false),
        default: keys.take("-default")?.integer ?? null,
      });
      this.#mistakes.attempt(() => keys.close("a bit field"));
    }
    this.#fixed.size += size;
  }

  #bytes(keys: Keys, name: string, isText: boolean): string {
    const text = isText ? this.#reader.encodingOf(keys) : null;
    const size = keys.take("size");
    const eos = keys.take("size-eos")?.boolean ?? false;
    if ((size === undefined) === !eos) keys.fail("bytes need either 'size' or 'size-eos: true'");
    const length = size === undefined ? null : affine(size, parseExpression(size));
    if (length?.of === "nothing") {
      const n = -length.subtract;
      if (n < 1) size!.fail("a size is at least 1");
      this.#place(text === null ? bytesField(keys, name, n) : textField(keys, name, n, text));
      return text === null ? "bytes of a fixed size" : "text of a fixed size";
    }
    keys.pass("id", "doc-ref", "-spec");
    const limits = limitsOf(keys);
    this.#closeFixed();
    if (length === null || length.of === "size") {
      this.#rests.push({ source: size ?? keys.source, at: this.#blocks.length, affine: length, divide: 1 });
    }
    this.#blocks.push({
      block: "bytes",
      name,
      file: keys.file,
      line: keys.line,
      doc: keys.take("doc")?.text ?? "",
      length: length === null ? { from: "rest", after: 0 } : this.#extent(length, size!),
      text,
      secret: keys.take("-secret")?.boolean ?? false,
      ...limits,
      proto: keys.take("-proto")?.text ?? "",
    });
    return text === null ? "bytes" : "text";
  }

  #extent(value: Affine, near: Source): Extent {
    if (value.of === "size") return { from: "rest", after: 0 };
    const { name } = value.of as { name: string };
    if (value.divide !== 1) near.fail("only a size or count that reaches to the end may be divided");
    if (this.#params.some((param) => param.name === name)) {
      if (this.#used.has(name)) return near.fail(`'${name}' gives the size of two attributes`);
      this.#used.add(name);
      return { from: "param", param: name, plus: -value.subtract };
    }
    const field = this.#blocks.flatMap((b) => (b.block === "fixed" ? b.fields : [])).find((f) => f.name === name);
    // The mistake in that field is told already.
    if (field === undefined && this.#failed.has(name)) throw new SpecError([]);
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
    if (this.#fixed.size > SIZE_MAX)
      throw specError(`${field.file}:${field.line}`, `fields of fixed size end beyond ${SIZE_MAX} bytes`);
  }

  #closeFixed(): void {
    if (this.#fixed.size > 0) this.#blocks.push({ block: "fixed", ...this.#fixed });
    this.#fixed = { size: 0, fields: [] };
  }
}
