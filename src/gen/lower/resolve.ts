/** Resolves the names of expressions, and gives every part of them a type. */
import type { Binary, Expression } from "../expression.js";
import { operandOf, type Expr, type Operand } from "../ir.js";
import type { Source } from "../source.js";
import { refusal } from "../refused.js";

/** What a name or a member stands for: a value, or a number that the spec fixes. */
export type Named = (
  | /** @param path how many of the last names of the path say nothing more: `len.value` where `len` is the number */
    { readonly is: Operand; readonly path?: number }
  | { readonly constant: number }
) & {
  /** The enumeration that names its values, as `enumKeyOf` has it. */
  readonly enum?: string;
};

/** What an expression may name at the place where it stands. */
export interface Names {
  /** A field of the type that stands before, or members of it. Refuses what is no single value. */
  field(path: readonly string[], near: Source): Named | undefined;
  param(name: string): Operand | undefined;
  /** The item that `_` is, or members of it; null where there is none. */
  readonly item: ((path: readonly string[], near: Source) => Named) | null;
  /** The number of an enumerated value, and the enumeration that it is of. */
  enumValue(name: string, near: Source): { readonly value: number; readonly enum: string };
}

const SAFE = Number.MAX_SAFE_INTEGER;

/** @throws WireError `spec` where a name is unknown, types do not fit, or a value can leave the exact integers */
export function resolve(expression: Expression, names: Names, near: Source): Expr {
  return new Resolver(names, near).typed(expression);
}

class Resolver {
  readonly #names: Names;
  readonly #near: Source;
  /** The enumerations of parts whose values have names. */
  readonly #enums = new WeakMap<Expr, string>();

  constructor(names: Names, near: Source) {
    this.#names = names;
    this.#near = near;
  }

  typed(e: Expression): Expr {
    switch (e.op) {
      case "int":
      case "bool":
      case "text":
        return e;
      case "name":
      case "member":
        return this.#reference(e);
      case "enum":
        return this.#enumerated(e.name);
      case "size":
        return this.#fail("'_io.size' is understood only where an attribute reaches to the end");
      case "call":
        return this.#fail(`'${e.name}(…)' is understood in '-derive' only`);
      case "big":
        return this.#fail(`${e.value} is beyond 2^53-1`);
      case "float":
      case "format":
      case "list":
      case "index":
      case "cast":
      case "method":
      case "sizeof":
        return this.#fail("this is understood in specs of general types only");
      case "not":
        return { op: "not", value: this.#bool(e.value) };
      case "negate":
      case "invert": {
        const [value, { min, max }] = this.#int(e.value);
        const less = e.op === "invert" ? 1 : 0;
        return { op: e.op, value, is: { type: "int", min: 0 - max - less, max: 0 - min - less } };
      }
      case "choose": {
        const test = this.#bool(e.test);
        const [yes, no] = [this.typed(e.yes), this.typed(e.no)];
        const is = either(operandOf(yes), operandOf(no)) ?? this.#fail("both sides of ':' must be of one kind");
        return { op: "choose", test, yes, no, is };
      }
      default:
        return this.#binary(e.op, e.left, e.right);
    }
  }

  #fail(message: string): never {
    return this.#near.fail(message);
  }

  #reference(e: Expression): Expr {
    const path = pathOf(e) ?? this.#fail("only fields have members");
    const [first] = path;
    if (first === "_") {
      if (this.#names.item === null) this.#fail("'_' is the item of 'repeat-until' only");
      const named = this.#names.item(path.slice(1), this.#near);
      return this.#of(named.enum, reference("item", path.slice(1), named));
    }
    if (first === "_parent" || first === "_root") this.#fail(refusal("around", `'${first}'`));
    if (first === "_io" || first === "_index") this.#fail(refusal("stream", `'${path.join(".")}'`));
    const param = path.length === 1 ? this.#names.param(first!) : undefined;
    if (param !== undefined) return { op: "param", name: first!, is: param };
    const named =
      this.#names.field(path, this.#near) ?? this.#fail(`'${path.join(".")}' is no earlier field and no parameter`);
    return this.#of(named.enum, reference("field", path, named));
  }

  #enumerated(name: string): Expr {
    const { value, enum: key } = this.#names.enumValue(name, this.#near);
    return this.#of(key, { op: "int", value });
  }

  /** Notes which enumeration a part is of. */
  #of(key: string | undefined, expr: Expr): Expr {
    if (key !== undefined) this.#enums.set(expr, key);
    return expr;
  }

  /** An enumerated value is one of its enumeration or another, and none is more than another. */
  #compareNamed(op: Binary, left: Expr, right: Expr): void {
    const [one, other] = [this.#enums.get(left), this.#enums.get(right)];
    // What a parameter is of, the one knows who hands it in.
    if ((one === undefined && other === undefined) || left.op === "param" || right.op === "param") return;
    if (one !== other) this.#fail(`'${op}' compares a value of an enumeration with what is none of it`);
    if (op !== "==" && op !== "!=") this.#fail(`'${op}' does not order values of an enumeration`);
  }

  #bool(e: Expression): Expr {
    const expr = this.typed(e);
    const { type } = operandOf(expr);
    if (type !== "bool") this.#fail(`true or false is needed where ${type === "int" ? "a number" : "a text"} stands`);
    return expr;
  }

  #int(e: Expression): [Expr, Range] {
    const expr = this.typed(e);
    const is = operandOf(expr);
    if (is.type !== "int")
      this.#fail(`a number is needed where ${is.type === "bool" ? "true or false" : "a text"} stands`);
    return [expr, is];
  }

  #binary(op: Binary, a: Expression, b: Expression): Expr {
    if (op === "and" || op === "or") return { op, left: this.#bool(a), right: this.#bool(b), is: { type: "bool" } };
    if (op === "==" || op === "!=" || op === "<" || op === "<=" || op === ">" || op === ">=") {
      const [left, right] = [this.typed(a), this.typed(b)];
      const kind = operandOf(left).type;
      if (kind !== operandOf(right).type) this.#fail(`'${op}' compares values of different kinds`);
      if (kind === "bool" && op !== "==" && op !== "!=") this.#fail(`'${op}' does not compare true and false`);
      this.#compareNamed(op, left, right);
      return { op, left, right, is: { type: "bool" } };
    }
    const [left, leftIs] = this.#int(a);
    const [right, rightIs] = this.#int(b);
    const [min, max] = this.#bounds(op, leftIs, rightIs);
    if (!Number.isFinite(min) || !Number.isFinite(max)) this.#fail(`'${op}' leaves the numbers`);
    return { op, left, right, is: { type: "int", min, max } };
  }

  #bounds(op: Binary, a: Range, b: Range): [number, number] {
    switch (op) {
      case "+":
        return [a.min + b.min, a.max + b.max];
      case "-":
        return [a.min - b.max, a.max - b.min];
      case "*": {
        const products = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max].map((n) => n + 0);
        return [Math.min(...products), Math.max(...products)];
      }
      case "/":
      case "%":
        if (b.min !== b.max || b.min <= 0) this.#fail(refusal("divisor", `'${op}' by anything but a number above 0`));
        return op === "%" ? [0, b.max - 1] : [Math.floor(a.min / b.min), Math.floor(a.max / b.min)];
      case "<<":
      case ">>":
        if (b.min < 0 || b.max > 31) this.#fail(refusal("shift", `'${op}' by anything but 0 to 31 bits`));
        return op === "<<"
          ? [Math.min(a.min * 2 ** b.min, a.min * 2 ** b.max), Math.max(a.max * 2 ** b.min, a.max * 2 ** b.max)]
          : [
              Math.floor(Math.min(a.min / 2 ** b.min, a.min / 2 ** b.max)),
              Math.floor(Math.max(a.max / 2 ** b.min, a.max / 2 ** b.max)),
            ];
      default: {
        // Bits of what is not negative stay below the next power of two.
        if (a.min < 0 || b.min < 0) return [-SAFE, SAFE];
        const most = op === "&" ? Math.min(a.max, b.max) : Math.max(a.max, b.max);
        return [0, op === "&" ? most : 2 ** Math.ceil(Math.log2(most + 1)) - 1];
      }
    }
  }
}

type Range = Operand & { type: "int" };

function reference(op: "field" | "item", path: readonly string[], named: Named): Expr {
  if ("constant" in named) return { op: "int", value: named.constant };
  return { op, path: path.slice(0, path.length - (named.path ?? 0)), is: named.is };
}

function either(a: Operand, b: Operand): Operand | undefined {
  if (a.type !== b.type) return undefined;
  return a.type === "int" && b.type === "int"
    ? { type: "int", min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }
    : a;
}

/** `a.b.c` as its names. */
function pathOf(e: Expression): string[] | undefined {
  if (e.op === "name") return [e.name];
  if (e.op !== "member") return undefined;
  const before = pathOf(e.of);
  return before === undefined ? undefined : [...before, e.name];
}

/** `path * times + plus`, the form of a size or count from which a field can be told; undefined for any other. */
export function linearOf(
  e: Expr,
): { readonly name: string; readonly times: number; readonly plus: number } | undefined {
  const walk = (x: Expr): { name: string | null; times: number; plus: number } | undefined => {
    if (x.op === "int") return { name: null, times: 0, plus: x.value };
    if (x.op === "field") return x.path.length === 1 ? { name: x.path[0]!, times: 1, plus: 0 } : undefined;
    if (x.op !== "+" && x.op !== "-" && x.op !== "*") return undefined;
    const [a, b] = [walk(x.left), walk(x.right)];
    if (a === undefined || b === undefined || (a.name !== null && b.name !== null)) return undefined;
    const name = a.name ?? b.name;
    if (x.op === "+") return { name, times: a.times + b.times, plus: a.plus + b.plus };
    if (x.op === "-") return { name, times: a.times - b.times, plus: a.plus - b.plus };
    const [n, factor] = a.name === null ? [b, a.plus] : [a, b.plus];
    return { name, times: n.times * factor, plus: n.plus * factor };
  };
  const found = walk(e);
  if (found === undefined || found.name === null || found.times < 1) return undefined;
  return { name: found.name, times: found.times, plus: found.plus };
}

/** The fields of the type that an expression names, by the first name of each. */
export function fieldsIn(e: Expr): string[] {
  switch (e.op) {
    case "int":
    case "bool":
    case "text":
    case "param":
    case "item":
      return [];
    case "field":
      return [e.path[0]!];
    case "not":
    case "negate":
    case "invert":
      return fieldsIn(e.value);
    case "choose":
      return [...fieldsIn(e.test), ...fieldsIn(e.yes), ...fieldsIn(e.no)];
    default:
      return [...fieldsIn(e.left), ...fieldsIn(e.right)];
  }
}
