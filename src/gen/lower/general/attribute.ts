/** Lays out the attributes and instances of general types. */
import { parseExpression, parseTypeReference, type Expression } from "../../expression.js";
import type {
  Attribute,
  GeneralContent,
  GeneralExpr,
  GeneralRepeat,
  GeneralRule,
  Instance,
  Kind,
  Process,
  Region,
  Spot,
} from "../../general.js";
import { Keys } from "../../keys.js";
import { integerIn, type Source } from "../../source.js";
import { checkSize, contentsOf } from "../fields.js";
import { checkFits, lowerEnum } from "../enums.js";
import { findEnum } from "../scope.js";
import { isOneEnum, nameOfKind, resolveGeneral, type Locals } from "./resolve.js";
import {
  BYTES,
  combined,
  expressionOf,
  INT,
  isNone,
  primitiveOf,
  TEXT,
  type Member,
  type Primitive,
  type TypeScope,
} from "./scope.js";
import { refusal, refusedAs } from "../../refused.js";

/** The most bits of one attribute. */
const BITS_MAX = 64;

/** Lays out what the members of one type say. */
export class AttributeLowering {
  readonly #scope: TypeScope;
  readonly #open: boolean;
  /** The type says that nothing is passed over. */
  readonly #closed: boolean;
  /** Names of functions that a caller hands in. */
  readonly #processors: Set<string>;

  /** @param isOpen what the type says of bytes that no value has, if anything */
  constructor(scope: TypeScope, isOpen: boolean | undefined, processors: Set<string>) {
    this.#scope = scope;
    this.#open = isOpen ?? false;
    this.#closed = isOpen === false;
    this.#processors = processors;
  }

  attribute(member: Member): Attribute {
    const keys = new Keys(member.source);
    const attribute = this.#attribute(keys, member, { before: member.index });
    keys.close("an attribute of a general type");
    return attribute;
  }

  instance(member: Member): Instance {
    const keys = new Keys(member.source);
    if (member.member === "value") {
      const condition = keys.take("if");
      const named = keys.take("enum");
      const value = this.#typed(keys.need("value"), {});
      if (named !== undefined && value.is.kind !== "int") named.fail(noInteger(nameOfKind(value.is)));
      const is = this.#scope.kindOf(member);
      const instance: Instance = {
        instance: "value",
        ...this.#spot(keys, member.name),
        condition: condition === undefined ? null : this.#expect(condition, "bool", {}),
        value,
        rule: this.#rule(keys, is),
        is,
      };
      keys.close("a computed instance");
      return instance;
    }
    const [pos, io] = [keys.take("pos"), keys.take("io")];
    const attribute = this.#attribute(keys, member, {});
    if (pos === undefined && io === undefined && !this.#isEmpty(attribute.content)) keys.fail(refusal("whereStreamIs"));
    keys.close("an instance at a position");
    return {
      instance: "position",
      attribute,
      pos: pos === undefined ? null : this.#expect(pos, "int", {}),
      io: io === undefined ? null : this.#expect(io, "io", {}),
    };
  }

  /** Nothing is read where the stream is, so that it does not matter where that is. */
  #isEmpty(content: GeneralContent): boolean {
    switch (content.content) {
      case "choice":
        return content.cases.every((each) => this.#isEmpty(each.content));
      case "type":
        return content.region === null && this.#scope.all.find(content.type).attributes.length === 0;
      case "bytes":
        return (
          typeof content.region.size === "object" &&
          content.region.size?.op === "int" &&
          content.region.size.value === 0
        );
      default:
        return false;
    }
  }

  /** An expression, with what its names stand for. */
  #typed(source: Source, locals: Locals): GeneralExpr {
    return resolveGeneral(this.#scope, parseExpression(source, expressionOf(source)), source, locals);
  }

  #expect(source: Source, kind: "int" | "bool" | "io", locals: Locals): GeneralExpr {
    const expr = this.#typed(source, locals);
    const what = { int: "a number", bool: "true or false", io: "a stream" }[kind];
    if (expr.is.kind !== kind) source.fail(`${what} is needed here, not ${nameOfKind(expr.is)}`);
    return expr;
  }

  #parent(source: Source, locals: Locals): GeneralExpr | "none" {
    if (isNone(source)) return "none";
    const expr = this.#typed(source, locals);
    if (expr.is.kind !== "type" && expr.is.kind !== "any")
      source.fail(`a value of a type is needed here, or 'false', not ${nameOfKind(expr.is)}`);
    return expr;
  }

  #spot(keys: Keys, name: string): Spot {
    keys.pass("id", "doc-ref", "-spec");
    return { name, file: keys.file, line: keys.line, doc: keys.take("doc")?.text ?? "" };
  }

  #attribute(keys: Keys, member: Member, locals: Locals): Attribute {
    const spot = this.#spot(keys, member.name);
    const condition = keys.take("if");
    const repeat = keys.take("repeat");
    const is = this.#scope.kindOf(member, true);
    keys.take("-u64");
    // The list itself can be asked as far as it is read.
    const before = locals.before === undefined ? {} : { before: locals.before + 1 };
    const here: Locals = repeat === undefined ? locals : { ...locals, ...before, isRepeated: true };
    const contents = keys.take("contents");
    if (contents !== undefined) checkSize(contents, keys.take("size"));
    // Of items, a value has the number; of what lies elsewhere, whether it is there.
    const isListed = contents !== undefined && (repeat !== undefined || member.member === "position");
    const content = contents === undefined ? this.#content(keys, here) : constantOf(contents, isListed);
    return {
      ...spot,
      condition: condition === undefined ? null : this.#expect(condition, "bool", locals),
      repeat: repeat === undefined ? null : this.#repeat(repeat, keys, is, locals, here),
      content,
      rule: isListed
        ? { rule: "eq", value: this.#bytes(contents) }
        : content.content === "const"
          ? null
          : this.#rule(keys, is),
      is,
      secret: keys.take("-secret")?.boolean ?? false,
    };
  }

  #repeat(how: Source, keys: Keys, item: Kind, locals: Locals, here: Locals): GeneralRepeat {
    switch (how.text) {
      case "expr":
        return { by: "count", count: this.#expect(keys.need("repeat-expr"), "int", locals) };
      case "eos":
        return { by: "end" };
      case "until":
        return { by: "until", until: this.#expect(keys.need("repeat-until"), "bool", { ...here, item }) };
      default:
        return how.fail(`'${how.text}' is no way to repeat: 'repeat' is 'expr', 'eos' or 'until'`);
    }
  }

  #content(keys: Keys, locals: Locals): GeneralContent {
    const type = keys.take("type");
    if (type?.isMap === true) return this.#choice(type, keys, locals);
    const named = keys.take("enum");
    const encoding = keys.take("encoding");
    const name = type === undefined ? "bytes" : parseTypeReference(type).name;
    const isStrz = name === "strz";
    const isText = isStrz || name === "str";
    const region = this.#region(keys, isStrz, isText ? this.#scope.encodingOf(encoding, keys.source) : "", locals);
    return this.#named(name, type, keys, region, named, encoding, locals);
  }

  /** What a name of a type stands for. @param region the bytes that it has for itself */
  #named(
    name: string,
    type: Source | undefined,
    keys: Keys,
    region: Region | null,
    named: Source | undefined,
    encoding: Source | undefined,
    locals: Locals,
  ): GeneralContent {
    const near = type ?? keys.source;
    const primitive = primitiveOf(name);
    if (named !== undefined) this.#checkNamed(named, type === undefined ? "a run of bytes" : `'${name}'`, primitive);
    if (name === "str" || name === "strz" || name === "bytes") {
      if (region === null) return near.fail(`'${name}' needs 'size', 'size-eos: true' or 'terminator'`);
      if (name !== "bytes" && region.process !== null) near.fail(refusal("textProcess"));
      const text = name === "bytes" ? null : this.#scope.encodingOf(encoding, keys.source);
      const closed = region.closed || (this.#closed && !region.open);
      return { content: "bytes", region: { ...region, closed }, text };
    }
    if (primitive !== undefined) {
      if (region !== null) near.fail(refusedAs("noMeaning", `'${name}' has a size of its own`));
      if (primitive.is === "bits") {
        if (primitive.size > BITS_MAX) near.fail(refusal("longBits"));
        const order = this.#scope.bitOrder(primitive);
        return { content: "bits", width: primitive.size, order, isTruth: primitive.size === 1 && named === undefined };
      }
      const order = this.#scope.orderOf(primitive, near);
      if (primitive.is === "float") return { content: "float", size: primitive.size as 4 | 8, order };
      return { content: "int", size: primitive.size, signed: primitive.signed, order };
    }
    const args = parseTypeReference(type!).args;
    if (this.#scope.isOpaque(name))
      return { content: "opaque", name, args: args.map((arg) => this.#arg(arg, near, locals)), region };
    const target = this.#scope.typeNamed(name, near);
    const params = [...target.members.values()].filter(({ member }) => member === "param");
    if (args.length !== params.length) near.fail(`'${name}' takes ${params.length} parameters, not ${args.length}`);
    const parent = keys.take("parent");
    const isOpen = target.source.get("-open")?.boolean;
    return {
      content: "type",
      type: target.ref,
      args: args.map((arg, i) => {
        const expr = this.#arg(arg, near, locals);
        const needed = target.kindOf(params[i]!);
        const isAny = needed.kind === "any" || expr.is.kind === "any";
        const isNumber = needed.kind === "float" && expr.is.kind === "int";
        if (!isAny && !isNumber && !isAlike(needed, expr.is))
          near.fail(`'${params[i]!.name}' is ${nameOfKind(needed)}, not ${nameOfKind(expr.is)}`);
        return expr;
      }),
      region:
        region === null || isOpen === undefined
          ? region
          : { ...region, open: region.open || isOpen, closed: region.closed || !isOpen },
      parent: parent === undefined ? null : this.#parent(parent, locals),
      isForeign: target.spec !== this.#scope.spec,
    };
  }

  /** An `enum` names the values of an integer, and of none that its type has not. */
  #checkNamed(named: Source, what: string, primitive: Primitive | undefined): void {
    if (primitive?.is !== "int" && primitive?.is !== "bits") return named.fail(noInteger(what));
    const { name, source } = findEnum(this.#scope.spec, this.#scope.name, named.text, named);
    const bits = primitive.is === "int" ? 8 * primitive.size : primitive.size;
    checkFits(name, source, bits, primitive.signed, named);
  }

  #arg(arg: Expression, near: Source, locals: Locals): GeneralExpr {
    return resolveGeneral(this.#scope, arg, near, locals);
  }

  #choice(source: Source, keys: Keys, locals: Locals): GeneralContent {
    const choice = new Keys(source);
    const on = this.#typed(choice.need("switch-on"), locals);
    const cases = choice.need("cases");
    choice.close("a choice");
    const encoding = keys.take("encoding");
    const named = keys.take("enum");
    const hasStrz = cases.entries().some(([, target]) => target.text === "strz");
    const textOf = hasStrz ? this.#scope.encodingOf(encoding, keys.source) : "";
    // A terminator that nobody has written ends the texts alone.
    const region = this.#region(keys, false, "", locals);
    const ofStrz = hasStrz ? this.#region(keys, true, textOf, locals) : null;
    const parent = keys.take("parent");
    const all = cases.entries().map(([key, target]) => {
      const { name } = parseTypeReference(target);
      const own = name === "strz" ? ofStrz : primitiveOf(name) === undefined ? region : null;
      const caseKeys = new Keys(target, parent === undefined ? [] : [["parent", parent]]);
      const content = this.#named(name, target, caseKeys, own, named, encoding, locals);
      const values = key === "_" ? ("else" as const) : [this.#caseValue(key, on, target)];
      return { values, content, is: this.#scope.kindOfType(target, keys.source) };
    });
    if (all.length === 0) cases.fail("a choice needs cases");
    // Integers of several sizes are of one form.
    const whole = combined(all.map(({ is }) => is));
    const forms = all.map((each) => (whole.kind === "int" && each.is.kind === "int" ? { ...each, is: whole } : each));
    if (region !== null && region.size !== null && !forms.some(({ values }) => values === "else"))
      forms.push({ values: "else", content: { content: "bytes", region: allOf(region), text: null }, is: BYTES });
    return { content: "choice", on, cases: forms };
  }

  #caseValue(key: string, on: GeneralExpr, near: Source): GeneralExpr {
    const integer = integerIn(key);
    const expr =
      integer === undefined
        ? resolveGeneral(this.#scope, parseExpression(near, key), near)
        : ({ op: "int", value: integer, is: INT } as const);
    if (!isAlike(on.is, expr.is)) near.fail(`a case of ${nameOfKind(on.is)} is not ${nameOfKind(expr.is)}`);
    return expr;
  }

  #region(keys: Keys, isStrz: boolean, encoding: string, locals: Locals): Region | null {
    const size = keys.take("size");
    const toEnd = keys.take("size-eos")?.boolean ?? false;
    const term = keys.take("terminator");
    const [include, consume, eosError] = ["include", "consume", "eos-error"].map((key) => keys.take(key));
    const pad = keys.take("pad-right");
    const process = keys.take("process");
    const open = keys.take("-open");
    if (size !== undefined && toEnd) keys.fail("'size' and 'size-eos' exclude each other");
    const zeros = new Array<number>(unitOf(encoding)).fill(0);
    const terminator = term === undefined ? (isStrz ? zeros : null) : bytesIn(term);
    for (const key of [include, consume, eosError])
      if (terminator === null && key !== undefined)
        key.fail(refusedAs("noMeaning", "this is about a 'terminator', and there is none"));
    const isKnown = size !== undefined || toEnd;
    if (!isKnown && terminator === null) {
      for (const key of [pad, process, open]) key?.fail("this needs 'size', 'size-eos: true' or 'terminator'");
      return null;
    }
    if (!isKnown && pad !== undefined) pad.fail(refusedAs("noMeaning", "padding needs a 'size'"));
    return {
      size: size === undefined ? (toEnd ? "rest" : null) : this.#expect(size, "int", locals),
      terminator,
      unit: terminator !== null && terminator.length > 1 ? unitOf(encoding) : 1,
      include: include?.boolean ?? false,
      consume: consume?.boolean ?? true,
      eosError: eosError?.boolean ?? true,
      pad: pad === undefined ? null : byteIn(pad),
      process: process === undefined ? null : this.#process(process, locals),
      open: open?.boolean ?? this.#open,
      closed: open?.boolean === false,
    };
  }

  #process(source: Source, locals: Locals): Process {
    const { name, args: given } = parseTypeReference(source);
    const args = given.map((arg) => this.#arg(arg, source, locals));
    const [first] = args;
    switch (name) {
      case "zlib":
        if (args.length > 0) source.fail("'zlib' takes nothing");
        return { process: "zlib" };
      case "xor":
        if (args.length !== 1 || (first!.is.kind !== "int" && first!.is.kind !== "bytes"))
          source.fail("'xor' takes a number or bytes");
        return { process: "xor", key: first! };
      case "rol":
      case "ror":
        if (args.length !== 1 || first!.is.kind !== "int") source.fail(`'${name}' takes a number of bits`);
        return { process: "rol", by: first!, isLeft: name === "rol" };
    }
    if (!/^[a-z][a-z0-9_.]*$/.test(name)) source.fail(`'${name}' is no name of a process`);
    const plain = name.replaceAll(".", "_");
    this.#processors.add(plain);
    return { process: "custom", name: plain, args };
  }

  /** What `valid` asks. */
  #rule(keys: Keys, is: Kind): GeneralRule | null {
    const source = keys.take("valid");
    if (source === undefined) return is.kind === "int" && keys.peek("repeat") === undefined ? limitsIn(keys) : null;
    const value = (near: Source): GeneralExpr => {
      const expr = near.isList ? this.#bytes(near) : this.#typed(near, { item: is });
      // One bit is true or false to other compilers, and a number to YAML.
      if (!isAlike(is, expr.is)) near.fail(`${nameOfKind(is)} is not compared with ${nameOfKind(expr.is)}`);
      return expr;
    };
    if (!source.isMap) return { rule: "eq", value: value(source) };
    const valid = new Keys(source);
    const [eq, min, max] = [valid.take("eq"), valid.take("min"), valid.take("max")];
    const [anyOf, inEnum, expr] = [valid.take("any-of"), valid.take("in-enum"), valid.take("expr")];
    valid.close("'valid'");
    const rules = [eq, min ?? max, anyOf, inEnum, expr].filter((rule) => rule !== undefined);
    if (rules.length > 1) source.fail(refusal("twoRules"));
    if (rules.length === 0) source.fail("'valid' is a rule: a value, 'min' and 'max', 'any-of', 'in-enum' or 'expr'");
    if (eq !== undefined) return { rule: "eq", value: value(eq) };
    if (anyOf !== undefined) return { rule: "any-of", values: anyOf.items().map(value) };
    if (expr !== undefined) return { rule: "expr", test: this.#expect(expr, "bool", { item: is }) };
    if (inEnum !== undefined) {
      if (is.kind !== "enum" || !inEnum.boolean) return inEnum.fail("'in-enum' is true, on a value with an 'enum'");
      const text = keys.peek("enum")!.text;
      const { name, source: values } = findEnum(this.#scope.spec, this.#scope.name, text, inEnum);
      return { rule: "in-enum", values: lowerEnum(name, values).values.map((each) => each.value) };
    }
    return {
      rule: "range",
      min: min === undefined ? null : value(min),
      max: max === undefined ? null : value(max),
    };
  }

  #bytes(source: Source): GeneralExpr {
    return { op: "bytes", value: contentsOf(source), is: BYTES };
  }
}

/** The least and the greatest value of an integer, as flat types say them. */
function limitsIn(keys: Keys): GeneralRule | null {
  const limit = (key: string): GeneralExpr | null => {
    const source = keys.take(key);
    return source === undefined ? null : { op: "int", value: source.integer, is: INT };
  };
  const [min, max] = [limit("-min"), limit("-max")];
  return min === null && max === null ? null : { rule: "range", min, max };
}

function noInteger(what: string): string {
  return `an 'enum' names integers, and ${what} is none`;
}

/** Bytes that the spec says itself. @param isListed they are a part of the value, and a rule compares them */
function constantOf(contents: Source, isListed: boolean): GeneralContent {
  const bytes = contentsOf(contents);
  if (!isListed) return { content: "const", bytes };
  const size: GeneralExpr = { op: "int", value: bytes.length, is: INT };
  const rest = { terminator: null, unit: 1, include: false, consume: true, eosError: true, pad: null } as const;
  return { content: "bytes", region: { size, ...rest, process: null, open: false, closed: true }, text: null };
}

/** Bytes that no case is for are all of them, as other readers take them: nobody knows that a terminator ends these. */
function allOf(region: Region): Region {
  return { ...region, terminator: null, unit: 1, include: false, consume: true, eosError: true, pad: null };
}

/** Bytes of the units that characters of an encoding are made of. */
function unitOf(encoding: string): number {
  return encoding.startsWith("UTF-32") ? 4 : encoding.startsWith("UTF-16") ? 2 : 1;
}

/** A terminator: a byte, or several. */
function bytesIn(source: Source): number[] {
  if (!source.isList) return [byteIn(source)];
  const bytes = source.items().map(byteIn);
  return bytes.length > 0 ? bytes : source.fail("a terminator has bytes");
}

function byteIn(source: Source): number {
  const byte = source.integer;
  return byte >= 0 && byte <= 255 ? byte : source.fail("a byte is 0 to 255");
}

/** True where a value of one kind can stand for one of another. */
function isAlike(a: Kind, b: Kind): boolean {
  const isInt = (kind: Kind): boolean => kind.kind === "int" || kind.kind === "enum";
  if (a.kind === "enum" || b.kind === "enum") return isOneEnum(a, b);
  if (a.kind === "float" && b.kind === "int") return true;
  if (a.kind === "list" && b.kind === "bytes") return isInt(a.of);
  if (a.kind === "list" && b.kind === "list") return a.of.kind === "any" || b.of.kind === "any" || isAlike(a.of, b.of);
  if (a.kind === "type" && b.kind === "type") return a.type.name === b.type.name && a.type.module === b.type.module;
  return a.kind === b.kind || (a.kind === "any" && b.kind === "type") || (a === TEXT && b === TEXT);
}
