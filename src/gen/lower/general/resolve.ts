/** Gives every part of an expression of a general type its kind, and finds what its names stand for. */
import type { Binary, Expression } from "../../expression.js";
import type { GeneralExpr, Head, Kind } from "../../general.js";
import type { Source } from "../../source.js";
import { contentsOf } from "../fields.js";
import { enumValueOf } from "../scope.js";
import { encodingNamed } from "./encodings.js";
import { ANY, BOOL, BYTES, combined, FLOAT, INT, IO, isNumber } from "./scope.js";
import { TEXT, type Member, type TypeScope } from "./scope.js";
import { bitsOf, sizeOfMember, sizeOfType } from "./size-of.js";
import { refusal } from "../../refused.js";

/** What an expression may name beside the members of types. */
export interface Locals {
  /** What `_` is. */
  readonly item?: Kind;
  /** `_index` is known. */
  readonly isRepeated?: boolean;
  /** Attributes that have been read where the expression stands; undefined: all. */
  readonly before?: number;
}

const COMPARISONS: readonly string[] = ["<", "<=", ">", ">="];

/** @throws WireError `spec` with the column of what is wrong */
export function resolveGeneral(scope: TypeScope, e: Expression, near: Source, locals: Locals = {}): GeneralExpr {
  return new GeneralResolver(scope, near, locals).typed(e);
}

class GeneralResolver {
  readonly #scope: TypeScope;
  readonly #near: Source;
  readonly #locals: Locals;

  constructor(scope: TypeScope, near: Source, locals: Locals) {
    this.#scope = scope;
    this.#near = near;
    this.#locals = locals;
  }

  #fail(message: string, at = 0): never {
    return this.#near.fail(at === 0 ? message : `column ${at} of the expression: ${message}`);
  }

  typed(e: Expression): GeneralExpr {
    switch (e.op) {
      case "int":
        return { op: "int", value: e.value, is: INT };
      case "big":
        return { op: "big", value: e.value, is: { kind: "int", wide: "bigint" } };
      case "float":
        return { op: "float", value: e.value, is: FLOAT };
      case "bool":
        return { op: "bool", value: e.value, is: BOOL };
      case "text":
        return { op: "text", value: e.value, is: TEXT };
      case "name":
        return this.#name(e.name, e.at);
      case "enum":
        return this.#enum(e.name);
      case "size":
        return { op: "stream", of: this.#io({ up: 0 }), name: "size", is: INT };
      case "call":
        return this.#fail(`'${e.name}(…)' is understood in '-derive' only`);
      case "sizeof": {
        const bits = sizeOfType(this.#scope, e.type, this.#near);
        return { op: "int", value: e.unit === "bits" ? bits : Math.ceil(bits / 8), is: INT };
      }
      case "list":
        return this.#list(e.items);
      case "format":
        return this.#format(e.parts, e.at);
      case "member":
        return this.#member(e.of, e.name, e.at);
      case "method":
        return this.#method(
          this.typed(e.of),
          e.name,
          e.args.map((arg) => this.typed(arg)),
          e.at,
        );
      case "index":
        return this.#index(this.typed(e.of), this.typed(e.index), e.at);
      case "cast": {
        const is = this.#scope.kindNamed(e.type, this.#near);
        return this.#cast(this.typed(e.of), is);
      }
      case "not":
        return { op: "not", value: this.#of(e.value, ["bool"], "true or false"), is: BOOL };
      case "negate": {
        const value = this.#number(e.value);
        return { op: "negate", value, is: value.is.kind === "float" ? FLOAT : INT };
      }
      case "invert":
        return { op: "invert", value: this.#of(e.value, ["int"], "an integer"), is: INT };
      case "choose": {
        const test = this.#of(e.test, ["bool"], "true or false");
        const [yes, no] = [this.typed(e.yes), this.typed(e.no)];
        return { op: "choose", test, yes, no, is: plain(combined([plain(yes.is), plain(no.is)])) };
      }
      default:
        return this.#binary(e.op, e.left, e.right);
    }
  }

  #cast(of: GeneralExpr, is: Kind): GeneralExpr {
    // Small integers in brackets are bytes unless they are called a list.
    if (of.op !== "bytes" || is.kind !== "list") return { op: "cast", of, is };
    const items = of.value.map((value): GeneralExpr => ({ op: "int", value, is: INT }));
    return { op: "cast", of: { op: "list", items, is: { kind: "list", of: INT } }, is };
  }

  #of(e: Expression, kinds: readonly Kind["kind"][], what: string): GeneralExpr {
    return this.#checked(this.typed(e), kinds, what, e);
  }

  #checked(expr: GeneralExpr, kinds: readonly Kind["kind"][], what: string, e: Expression): GeneralExpr {
    if (!kinds.includes(expr.is.kind)) this.#fail(`${what} is needed where ${nameOfKind(expr.is)} stands`, columnOf(e));
    return expr;
  }

  #number(e: Expression): GeneralExpr {
    return this.#of(e, ["int", "float"], "a number");
  }

  #enum(name: string): GeneralExpr {
    const { value } = enumValueOf(this.#scope.spec, this.#scope.name, name, this.#near);
    const named = this.#scope.enumNamed(name.split("::").slice(0, -1).join("::"), this.#near);
    return { op: "int", value, is: { kind: "enum", enum: named, strict: false } };
  }

  /** Texts one behind the other; integers are shown in decimal. */
  #format(parts: readonly (string | Expression)[], at: number): GeneralExpr {
    const texts = parts.map((part): GeneralExpr => {
      if (typeof part === "string") return { op: "text", value: part, is: TEXT };
      const of = this.typed(part);
      if (of.is.kind === "text") return of;
      if (of.is.kind !== "int") this.#fail(refusal("textOf", `${nameOfKind(of.is)} in a text`), at);
      return { op: "method", of, name: "to_s", args: [], is: TEXT };
    });
    const [first = { op: "text", value: "", is: TEXT }, ...others] = texts;
    return others.reduce((left, right): GeneralExpr => ({ op: "+", left, right, is: TEXT }), first);
  }

  /** Bytes where each item is one, as other readers take it; a list otherwise. */
  #list(items: readonly Expression[]): GeneralExpr {
    const all = items.map((item) => this.typed(item));
    if (all.every((item) => item.op === "int" && item.is.kind === "int" && item.value >= 0 && item.value <= 255))
      return { op: "bytes", value: all.map((item) => (item as { value: number }).value), is: BYTES };
    return { op: "list", items: all, is: { kind: "list", of: plain(combined(all.map(({ is }) => plain(is)))) } };
  }

  #name(name: string, at: number): GeneralExpr {
    switch (name) {
      case "_":
        if (this.#locals.item === undefined)
          this.#fail("'_' is the item of 'repeat-until' and the value of 'valid'", at);
        return { op: "local", name: "item", is: this.#locals.item };
      case "_index":
        if (this.#locals.isRepeated !== true) this.#fail("'_index' is known where something is repeated only", at);
        return { op: "local", name: "index", is: INT };
      case "_is_le":
        return { op: "local", name: "little", is: BOOL };
      case "_io":
        return this.#io({ up: 0 });
      case "_parent":
        return this.#head({ up: 1 }, at);
      case "_root":
        return this.#head("root", at);
      case "_sizeof":
        return this.#size(bitsOf(this.#scope, this.#near));
    }
    const member = this.#scope.members.get(name);
    if (member === undefined) return this.#fail(`'${name}' is no attribute, instance or parameter of the type`, at);
    const { before } = this.#locals;
    if (before !== undefined && member.member === "attribute" && member.index >= before)
      this.#fail(`'${name}' is read later`, at);
    return this.#get(this.#self(), this.#scope, member);
  }

  #self(): GeneralExpr {
    return { op: "head", head: { up: 0 }, is: { kind: "type", type: this.#scope.ref } };
  }

  #io(head: Head): GeneralExpr {
    return { op: "io", of: { ...this.#self(), head } as GeneralExpr, is: IO };
  }

  #head(head: Head, at: number): GeneralExpr {
    if (head === "root") {
      const root = this.#scope.root;
      return { op: "head", head, is: root === undefined ? ANY : { kind: "type", type: root.ref } };
    }
    return { op: "head", head, is: this.#holderKind(this.#scope, at) };
  }

  /** What is around the values of a type; any value where several types hold it. */
  #holderKind(scope: TypeScope, at: number): Kind {
    const holder = scope.all.holderOf(scope);
    if (holder !== undefined) return { kind: "type", type: holder.ref };
    if (!scope.all.isHeld(scope)) this.#fail(`nothing stands around '${scope.name}'`, at);
    return ANY;
  }

  #get(of: GeneralExpr, scope: TypeScope, member: Member): GeneralExpr {
    const contents = member.source.get("contents");
    if (contents !== undefined && member.member === "attribute" && member.source.get("repeat") === undefined)
      return { op: "bytes", value: contentsOf(contents), is: BYTES };
    if (member.member === "param" && of.op === "head" && of.head !== "root" && of.head.up === 0)
      return { op: "param", name: member.name, is: scope.kindOf(member) };
    const is = scope.kindOf(member);
    return { op: "get", of, name: member.name, member: member.member, optional: scope.isOptional(member), is };
  }

  #member(e: Expression, name: string, at: number): GeneralExpr {
    if (e.op === "name" && e.name === "_parent" && name === "_parent") return this.#parent(this.typed(e), at);
    const of = this.typed(e);
    switch (name) {
      case "_io":
      case "_io.size": {
        if (of.is.kind !== "type" && of.is.kind !== "any") this.#fail(`${nameOfKind(of.is)} has no stream`, at);
        const io: GeneralExpr = { op: "io", of, is: IO };
        return name === "_io" ? io : { op: "stream", of: io, name: "size", is: INT };
      }
      case "_parent":
        return this.#parent(of, at);
      case "_root":
        if (of.is.kind === "type") return this.#head("root", at);
        break;
      case "_sizeof":
        return this.#sizeOf(of, at);
    }
    if (of.is.kind === "type") {
      const scope = this.#scope.all.find(of.is.type);
      const member = scope.members.get(name);
      if (member === undefined) return this.#fail(`'${scope.name}' has no member '${name}'`, at);
      return this.#get(of, scope, member);
    }
    if (of.is.kind === "io" && (name === "pos" || name === "size" || name === "eof"))
      return { op: "stream", of, name, is: name === "eof" ? BOOL : INT };
    if (of.is.kind === "any") this.#fail(refusal("severalTypes", `'${name}' of a value of several types`), at);
    return this.#method(of, name, [], at);
  }

  #size(bits: number): GeneralExpr {
    return { op: "int", value: Math.ceil(bits / 8), is: INT };
  }

  /** The bytes of a member, or of a value, where every one has as many. */
  #sizeOf(of: GeneralExpr, at: number): GeneralExpr {
    if (of.op === "get" && of.member !== "value" && of.of.is.kind === "type") {
      const holder = this.#scope.all.find(of.of.is.type);
      return this.#size(sizeOfMember(holder, holder.members.get(of.name)!.source, this.#near));
    }
    if (of.op === "bytes") return this.#size(8 * of.value.length);
    if (of.is.kind !== "type") this.#fail(`${nameOfKind(of.is)} has no one size`, at);
    return this.#size(bitsOf(this.#scope.all.find(of.is.type), this.#near));
  }

  #parent(of: GeneralExpr, at: number): GeneralExpr {
    const is = of.is.kind === "type" ? this.#holderKind(this.#scope.all.find(of.is.type), at) : ANY;
    if (of.op === "head" && of.head !== "root") return { op: "head", head: { up: of.head.up + 1 }, is };
    if (of.is.kind !== "type" && of.is.kind !== "any") this.#fail(`${nameOfKind(of.is)} has nothing around it`, at);
    return { op: "parent", of, is };
  }

  #method(of: GeneralExpr, name: string, args: readonly GeneralExpr[], at: number): GeneralExpr {
    const call = (is: Kind, ...kinds: readonly Kind["kind"][]): GeneralExpr => {
      if (args.length !== kinds.length) this.#fail(`'${name}' takes ${kinds.length} values, not ${args.length}`, at);
      args.forEach((arg, i) => {
        if (arg.is.kind !== kinds[i]) this.#fail(`'${name}' does not take ${nameOfKind(arg.is)}`, at);
      });
      return { op: "method", of, name, args, is };
    };
    const key = `${of.is.kind}.${name}`;
    switch (key) {
      case "int.to_s":
        return call(TEXT);
      case "enum.to_i":
      case "bool.to_i":
      case "float.to_i":
        return call(INT);
      case "text.to_i":
        return args.length === 0 ? call(INT) : call(INT, "int");
      case "text.length":
      case "bytes.length":
      case "bytes.size":
      case "list.size":
      case "list.length":
        return call(INT);
      case "text.reverse":
        return call(TEXT);
      case "text.substring":
        return call(TEXT, "int", "int");
      case "bytes.first":
      case "bytes.last":
      case "bytes.min":
      case "bytes.max":
        return call(INT);
      case "bytes.to_s": {
        const [encoding] = args;
        if (encoding?.op !== "text") this.#fail("'to_s' of bytes takes the name of an encoding", at);
        const value = encodingNamed(encoding.value, this.#near);
        return { op: "method", of, name, args: [{ ...encoding, value }], is: TEXT };
      }
      case "list.first":
      case "list.last":
        return call((of.is as { of: Kind }).of);
      case "list.min":
      case "list.max": {
        const { of: item } = of.is as { of: Kind };
        if (!isNumber(item) && item.kind !== "text" && item.kind !== "bytes")
          this.#fail(`'${name}' is of numbers, texts or bytes`, at);
        return call(item);
      }
    }
    return this.#fail(`${nameOfKind(of.is)} has no '${name}'`, at);
  }

  #index(of: GeneralExpr, index: GeneralExpr, at: number): GeneralExpr {
    if (index.is.kind !== "int") this.#fail(`an index is an integer, not ${nameOfKind(index.is)}`, at);
    if (of.is.kind !== "list" && of.is.kind !== "bytes") this.#fail(`${nameOfKind(of.is)} has no items`, at);
    return { op: "index", of, index, is: of.is.kind === "list" ? of.is.of : INT };
  }

  /** An enumerated value is one of its enumeration or another, and none is more than another. */
  #compareNamed(op: Binary, left: GeneralExpr, right: GeneralExpr, at: number): GeneralExpr {
    if (!isOneEnum(left.is, right.is))
      this.#fail(`'${op}' does not compare ${nameOfKind(left.is)} with ${nameOfKind(right.is)}`, at);
    if (COMPARISONS.includes(op)) this.#fail(`'${op}' does not order enumerated values; compare their 'to_i'`, at);
    return { op, left, right, is: BOOL } as GeneralExpr;
  }

  #binary(op: Binary, a: Expression, b: Expression): GeneralExpr {
    if (op === "and" || op === "or")
      return {
        op,
        left: this.#of(a, ["bool"], "true or false"),
        right: this.#of(b, ["bool"], "true or false"),
        is: BOOL,
      };
    if (op === "==" || op === "!=" || COMPARISONS.includes(op)) {
      const [left, right] = [this.typed(a), this.typed(b)];
      if (left.is.kind === "enum" || right.is.kind === "enum") return this.#compareNamed(op, left, right, columnOf(a));
      const isAlike = (isNumber(left.is) && isNumber(right.is)) || left.is.kind === right.is.kind;
      const isOrdered = isNumber(left.is) || left.is.kind === "text" || left.is.kind === "bytes";
      const isBool = left.is.kind === "bool" && !COMPARISONS.includes(op);
      if (!isAlike || (!isOrdered && !isBool))
        this.#fail(`'${op}' does not compare ${nameOfKind(left.is)} with ${nameOfKind(right.is)}`, columnOf(a));
      return { op, left, right, is: BOOL };
    }
    const first = this.typed(a);
    if (op === "+" && first.is.kind === "text")
      return { op, left: first, right: this.#of(b, ["text"], "a text"), is: TEXT };
    const isInt = op === "|" || op === "^" || op === "&" || op === "<<" || op === ">>";
    const kinds: readonly Kind["kind"][] = isInt ? ["int"] : ["int", "float"];
    const what = isInt ? "an integer" : "a number";
    // Typed once, as it may be a long sum itself.
    const left = this.#checked(first, kinds, what, a);
    const right = this.#of(b, kinds, what);
    const isFloat = left.is.kind === "float" || right.is.kind === "float";
    if (op === "%" && isFloat) this.#fail("'%' is of integers", columnOf(a));
    return { op, left, right, is: isFloat ? FLOAT : INT };
  }
}

/** True where two values are of one enumeration. */
export function isOneEnum(a: Kind, b: Kind): boolean {
  return a.kind === "enum" && b.kind === "enum" && a.enum.name === b.enum.name && a.enum.module === b.enum.module;
}

/** The kind that a value has in an expression: integers of 64 bits are numbers there. */
function plain(kind: Kind): Kind {
  return kind.kind === "int" ? INT : kind;
}

function columnOf(e: Expression): number {
  return "at" in e ? e.at : 0;
}

export function nameOfKind(kind: Kind): string {
  switch (kind.kind) {
    case "int":
      return "an integer";
    case "float":
      return "a float";
    case "bool":
      return "true or false";
    case "text":
      return "a text";
    case "bytes":
      return "a run of bytes";
    case "io":
      return "a stream";
    case "enum":
      return `a value of '${kind.enum.name}'`;
    case "list":
      return "a list";
    case "type":
      return `a '${kind.type.name}'`;
    case "opaque":
      return `a '${kind.name}' of foreign code`;
    case "any":
      return "a value of several types";
  }
}
