/** Lays out one type: its attributes become blocks. */
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
  type TypeRef,
  type Variant,
} from "../ir.js";
import { Keys } from "../keys.js";
import type { SpecFile } from "../load.js";
import { Mistakes, SpecError, specError, type Source } from "../source.js";
import { BitRun } from "./bit-run.js";
import { casesOf, checkChoice, kindOf, mergedChoice, type Merged } from "./choice.js";
import type { Lowering } from "./context.js";
import { linkDerived } from "./derived.js";
import { closeRests, guardOf, type Guard, type Rest } from "./ends.js";
import {
  BITS,
  bytesField,
  checkSize,
  contentsOf,
  FieldReader,
  FLOAT,
  INTEGER,
  limitsOf,
  moveStruct,
  paramOf,
  placed,
  textField,
} from "./fields.js";
import { formsOf } from "./forms.js";
import { lowerPiece } from "./pieces.js";
import { membersAskedIn } from "./scope.js";
import { Surroundings } from "./surroundings.js";
import { refusal } from "../refused.js";

/** Offsets stay small integers in emitted code. */
const SIZE_MAX = 0x3fff_ffff;

/** What the variants of a choice have from the type that chooses. */
type Shared = Pick<Type, "open" | "cite" | "forms">;

/** Lays out one type. */
export class TypeLowering {
  readonly #spec: SpecFile;
  readonly #name: string;
  /** The type in whose place names are looked up. */
  #scope: string;
  readonly #keys: Keys;
  #reader: FieldReader;
  readonly #params: readonly (Param & { readonly line: number })[];
  readonly #context: Lowering;
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

  constructor(context: Lowering, spec: SpecFile, name: string, source: Source) {
    this.#context = context;
    this.#spec = spec;
    this.#name = name;
    this.#scope = name;
    const keys = (this.#keys = new Keys(source));
    const isRoot = spec.hasRoot && name === spec.id;
    const meta = isRoot ? undefined : keys.take("meta");
    const ownMeta = meta === undefined ? undefined : new Keys(meta);
    this.#reader = new FieldReader(spec, name, ownMeta);
    ownMeta?.close("the 'meta' of a type");
    this.#attributes = keys.take("seq")?.items() ?? source.fail(`'${name}' has no 'seq'`);
    this.#params = (keys.take("params")?.items() ?? []).map((param) => paramOf(new Keys(param)));
    if (isRoot) keys.pass("meta");
    keys.pass("types", "enums");
  }

  /** @param role whether another type names this one, and whether it is a case of a choice */
  type(role: { part: boolean; isCase: boolean }): Type {
    const keys = this.#keys;
    const last = this.#attributes.at(-1);
    const common = last?.get("type")?.isMap === true ? this.#attributes.slice(0, -1) : this.#attributes;
    this.#lay(common);
    const doc = keys.take("doc")?.text.trim() ?? "";
    const cite = keys.take("-spec")?.text ?? "";
    keys.pass("doc-ref");
    if (role.isCase) keys.take("-kind");
    const open = keys.take("-open")?.boolean ?? false;
    const merged =
      last === undefined || common === this.#attributes
        ? undefined
        : mergedChoice(last, this.#leading(), this.#spec, this.#name);
    const columns = merged !== undefined ? undefined : keys.take("-columns");
    const forms = role.part ? [] : formsOf(keys.take("-forms"));
    const what = role.isCase
      ? "a type that closes a choice"
      : role.part
        ? "a type that stands inside others"
        : merged !== undefined
          ? "a type with a choice"
          : "a type";
    this.#mistakes.attempt(() => keys.close(what));
    if (merged === undefined && common !== this.#attributes) this.#lay([last!]);
    this.#mistakes.tell();
    const body = merged === undefined ? this.#plain() : this.#union(merged, common, { open, cite, forms });
    for (const { name, line } of this.#params) {
      if (!this.#used.has(name)) throw specError(`${keys.file}:${line}`, `nothing depends on '${name}'`);
    }
    return {
      name: this.#name,
      format: this.#format(),
      file: this.#spec.file,
      line: keys.line,
      doc,
      cite,
      part: role.part,
      open,
      columns: columns?.boolean ?? false,
      forms,
      params: this.#params.map(({ name, doc: meaning, type }) => ({ name, doc: meaning, type })),
      kind: null,
      minSize: 0,
      body,
    };
  }

  #lay(attributes: readonly Source[]): void {
    for (const [index, source] of attributes.entries()) {
      // The official compiler numbers attributes without a name as well.
      const name = source.get("id")?.text ?? `unnamed_${index}`;
      const laid = this.#mistakes.attempt(() => {
        const keys = new Keys(source);
        const what = this.#attribute(keys, name);
        if (what !== null) keys.close(what);
        return true;
      });
      if (laid === undefined) this.#failed.add(name);
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
    return { shape: "plain", blocks: linkDerived(this.#keys.source, this.#blocks, membersAskedIn(this.#spec)) };
  }

  /** The fields whose places are known before anything is read. */
  #leading(): readonly Field[] {
    const first = this.#blocks[0];
    if (first === undefined) return this.#fixed.fields;
    return first.block === "fixed" ? first.fields : [];
  }

  /** One flat layout a case. */
  #union({ attribute, tag }: Merged, common: readonly Source[], shared: Shared): Body {
    const choice = new Keys(attribute.need("type"));
    attribute.pass("id", "doc", "doc-ref", "-spec");
    attribute.close("a choice");
    this.#closeRun();
    const on = choice.need("switch-on");
    const cases = choice.need("cases");
    choice.close("a choice");
    if (isConstant(tag.rule)) on.fail(`'${tag.name}' has one value, which leaves no choice`);
    const byType = casesOf(this.#spec, this.#name, cases, tag);
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
    text: string,
    near: Source,
    common: readonly Source[],
    tag: IntField,
    shared: Shared,
  ): Omit<Variant, "values"> {
    const name = this.#spec.declared.findType(text.split("::"), this.#name)!;
    const target = this.#spec.types.get(name)!;
    const lowering = new TypeLowering(this.#context, this.#spec, name, target);
    // What all share is read in the byte order of the type around, what follows in the type's own.
    const own = lowering.#reader;
    lowering.#reader = this.#reader;
    lowering.#scope = this.#name;
    lowering.#lay(common);
    lowering.#closeRun();
    lowering.#reader = own;
    lowering.#scope = name;
    lowering.#lay(lowering.#attributes);
    const kind = kindOf(text, target);
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
      kind: null,
      minSize: 0,
      body,
    };
    return { kind, type };
  }

  /** Lays an attribute out. @returns what it is, or null when it is closed later */
  #attribute(keys: Keys, name: string): string | null {
    if (keys.peek("size")?.scalar === 0 && keys.peek("valid") !== undefined) return this.#zeroSize(keys);
    const isBits = BITS.test(keys.peek("type")?.isMap === false ? keys.peek("type")!.expression : "");
    if (!isBits) this.#mistakes.attempt(() => this.#closeRun());
    if (this.#surroundings().isPiece(keys)) return this.#piece(keys, name);
    const type = keys.peek("contents") === undefined ? keys.take("type")?.text : undefined;
    if (keys.peek("repeat") !== undefined) return this.#repeat(keys, name, type);

    const bits = type === undefined ? null : BITS.exec(type);
    if (bits !== null) return this.#bits(keys, name, Number(bits[1]), bits[2] as "be" | "le" | undefined);
    this.#closeRun();

    const contents = keys.take("contents");
    if (contents !== undefined) {
      const bytes = contentsOf(contents);
      checkSize(contents, keys.take("size"));
      this.#place({ kind: "const", bytes, ...placed(keys, name, bytes.length) });
      return "constant bytes";
    }
    const integer = type === undefined ? null : INTEGER.exec(type);
    if (integer !== null) {
      this.#place(this.#reader.integer(keys, name, integer));
      return "an integer";
    }
    const float = type === undefined ? null : FLOAT.exec(type);
    if (float !== null) {
      this.#place(this.#reader.float(keys, name, float));
      return "a float";
    }
    if (type === undefined || type === "str") return this.#bytes(keys, name, type === "str");
    const { fields, size, reference } = this.#mergedType(type, keys.peek("type")!);
    this.#place({ kind: "struct", type: reference, fields, ...placed(keys, name, size) });
    return "a type inside another";
  }

  /** An attribute whose presence, kind or size is known only while reading. */
  #piece(keys: Keys, name: string): string {
    this.#closeRun();
    const piece = lowerPiece(keys, name, this.#surroundings().host());
    this.#closeFixed();
    this.#blocks.push(piece);
    return piece.content.content === "choice"
      ? "a choice"
      : piece.condition === null
        ? "a piece"
        : "an attribute with 'if'";
  }

  #surroundings(): Surroundings {
    return new Surroundings({
      context: this.#context,
      spec: this.#spec,
      scope: this.#scope,
      reader: this.#reader,
      blocks: [...this.#blocks, { block: "fixed", ...this.#fixed }],
      params: this.#params,
      used: this.#used,
      failed: this.#failed,
    });
  }

  #mergedType(text: string, near: Source): { size: number; fields: readonly Field[]; reference: TypeRef } {
    const { type, block, spec } = this.#surroundings().mergeable(text, near, false)!;
    return { size: block.size, fields: block.fields, reference: { name: type.name, module: spec.id } };
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
    const guard = guardOf(parseExpression(text));
    if (guard === undefined) return text.fail("only '(_io.size - a) % k == 0' is understood here");
    this.#guard = { source, ...guard };
    return "an attribute of size 0";
  }

  #repeat(keys: Keys, name: string, type: string | undefined): string {
    this.#closeRun();
    const how = keys.take("repeat")!;
    if (how.text !== "expr" && how.text !== "eos")
      how.fail(`'${how.text}' is no way to repeat: 'repeat' is 'expr', 'eos' or 'until'`);
    const expression = how.text === "expr" ? keys.need("repeat-expr") : undefined;
    const bit = type === undefined ? null : BITS.exec(type);
    if (bit !== null && Number(bit[1]) === 1)
      return this.#bitmap(keys, name, bit[2] as "be" | "le" | undefined, expression);
    const item = this.#item(keys, type);
    const base = { name, file: keys.file, line: keys.line, doc: keys.take("doc")?.text ?? "" };
    const count = expression === undefined ? null : affine(parseExpression(expression))!;
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
    if (expression === undefined) return keys.fail(refusal("bitmapToEnd"));
    this.#checkAligned(keys);
    const count = affine(parseExpression(expression));
    if (count === undefined || count.of === "size" || count.of === "nothing")
      return expression.fail("the number of bits must be a parameter or an earlier field");
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
    if (this.#fixed.size === 0 && this.#blocks.at(-1)?.block === "bits") keys.fail(refusal("behindBitmap"));
  }

  #item(keys: Keys, type: string | undefined): Item {
    if (type === undefined) {
      const source = keys.take("size") ?? keys.fail("items need a type or a size");
      const value = affine(parseExpression(source));
      const size = value?.of === "nothing" ? 0 - value.subtract : source.integer;
      if (size < 1) source.fail("a size is at least 1");
      return { size, type: null, fields: [bytesField(keys, "", size)] };
    }
    const bits = BITS.exec(type);
    const integer = INTEGER.exec(type);
    const float = FLOAT.exec(type);
    if (bits !== null && Number(bits[1]) % 8 !== 0) keys.fail(refusal("bitItems"));
    if (integer !== null || float !== null || bits !== null) {
      if (bits !== null) this.#checkAligned(keys);
      const field =
        integer !== null
          ? this.#reader.integer(keys, "", integer)
          : float !== null
            ? this.#reader.float(keys, "", float)
            : this.#reader.wideBits(keys, "", Number(bits![1]), bits![2] as "be" | "le" | undefined);
      return { size: field.size, type: null, fields: [field] };
    }
    const { size, fields, reference } = this.#mergedType(type, keys.peek("type")!);
    return { size, type: reference, fields };
  }

  #bits(keys: Keys, name: string, width: number, suffix: "be" | "le" | undefined): string | null {
    const endian = suffix ?? this.#reader.bitEndian;
    if (this.#run === null) this.#checkAligned(keys);
    if (this.#run === null && width % 8 === 0) {
      this.#place(this.#reader.wideBits(keys, name, width, suffix));
      return "an integer";
    }
    if (this.#run !== null && this.#run.endian !== endian) keys.fail(refusal("bitOrders"));
    const run = (this.#run ??= new BitRun(endian));
    try {
      run.add(keys, name, width);
    } catch (error) {
      this.#run = null;
      throw error;
    }
    if (run.isWhole) this.#closeRun();
    return null;
  }

  #closeRun(): void {
    const run = this.#run;
    if (run === null) return;
    this.#run = null;
    // One mistake in a run keeps all of it from being laid out.
    for (const name of run.names) this.#failed.add(name);
    const { size, fields } = run.fields(this.#fixed.size, this.#reader, (keys) => {
      this.#mistakes.attempt(() => keys.close("a bit field"));
    });
    for (const name of run.names) this.#failed.delete(name);
    this.#fixed.fields.push(...fields);
    this.#fixed.size += size;
  }

  #bytes(keys: Keys, name: string, isText: boolean): string {
    const text = isText ? this.#reader.encodingOf(keys) : null;
    const size = keys.take("size");
    const eos = keys.take("size-eos")?.boolean ?? false;
    if ((size === undefined) === !eos) keys.fail("bytes need either 'size' or 'size-eos: true'");
    const length = size === undefined ? null : affine(parseExpression(size))!;
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
