/** Works out expressions over values, for what walks layouts without emitting code. */
import type { Expr, Type } from "./ir.js";
import { camel } from "./names.js";
import { extentOf, unitOf, type CountedBlock } from "./plan/extents.js";

/** What an expression can be worked out from. */
export interface Environment {
  /** The value of the type, as far as it is known, by the names of decoded values. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, number | boolean>>;
  /** The item that `repeat-until` asks. */
  readonly item?: unknown;
}

/** The value of an expression; undefined where something that it names is not there. */
export function evaluate(e: Expr, env: Environment): number | boolean | string | undefined {
  switch (e.op) {
    case "int":
    case "bool":
    case "text":
      return e.value;
    case "field":
      return plain(e.path.reduce<unknown>((at, name) => member(at, name), env.value));
    case "item":
      return plain(e.path.reduce<unknown>((at, name) => member(at, name), env.item));
    case "param":
      return env.params[e.name] ?? env.params[camel(e.name)];
    case "not":
      return !evaluate(e.value, env);
    case "negate":
      return 0 - Number(evaluate(e.value, env));
    case "invert":
      return -1 - Number(evaluate(e.value, env));
    case "choose":
      return evaluate(evaluate(e.test, env) === true ? e.yes : e.no, env);
    default:
      return binary(e, env);
  }
}

/** The parameters of a type that is held, from what it is given where it stands. */
export function argumentsOf(type: Type, args: readonly Expr[], env: Environment): Environment["params"] {
  return Object.fromEntries(type.params.map(({ name }, i) => [name, evaluate(args[i]!, env) as number | boolean]));
}

/** How many items, bytes or bits a block has, whole or not and below 0 or not. @param left bytes from its start on */
export function countOf(block: CountedBlock, left: number, env: Environment): number {
  const extent = extentOf(block);
  if (extent.from === "rest") return (left - extent.after) / unitOf(block);
  const value = extent.from === "field" ? env.value[camel(extent.field)] : env.params[extent.param];
  return Number(value ?? 0) + extent.plus;
}

function member(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? (of as Record<string, unknown>)[camel(name)] : undefined;
}

function plain(value: unknown): number | boolean | string | undefined {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string" ? value : undefined;
}

function binary(e: Extract<Expr, { left: Expr }>, env: Environment): number | boolean | undefined {
  const left = evaluate(e.left, env);
  if (e.op === "and") return left === true && evaluate(e.right, env) === true;
  if (e.op === "or") return left === true || evaluate(e.right, env) === true;
  const right = evaluate(e.right, env);
  if (left === undefined || right === undefined) return undefined;
  const [a, b] = [Number(left), Number(right)];
  switch (e.op) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "|":
    case "^":
    case "&":
      return bits(e.op, a, b);
    case "<<":
      return a * 2 ** b;
    case ">>":
      return Math.floor(a / 2 ** b);
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return Math.floor(a / b);
    case "%":
      return ((a % b) + b) % b;
  }
}

/** An operator on bits; NaN where one of the numbers is none. */
function bits(op: "|" | "^" | "&", a: number, b: number): number {
  if (!Number.isInteger(a) || !Number.isInteger(b)) return NaN;
  const [left, right] = [BigInt(a), BigInt(b)];
  return Number(op === "&" ? left & right : op === "|" ? left | right : left ^ right);
}
