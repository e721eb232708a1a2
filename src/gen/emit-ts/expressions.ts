/** Emits expressions over what has been read, or over the value that is written. */
import { operandOf, type Expr } from "../ir.js";
import { camel } from "../names.js";
import { paramLocal } from "./paths.js";

/** How emitted code names what an expression names. */
export interface ExprNames {
  field(path: readonly string[], type: "number" | "boolean" | "string"): string;
  /** A helper of the runtime. */
  use(helper: string): string;
  /** The item of `repeat-until`. */
  readonly item: string;
}

const INT32_MAX = 2 ** 31 - 1;
const UINT32_MAX = 2 ** 32 - 1;

/** An expression whose operators need no brackets around it. */
export function emitExpr(e: Expr, names: ExprNames): string {
  switch (e.op) {
    case "int":
      return e.value < 0 ? `(${e.value})` : String(e.value);
    case "bool":
      return String(e.value);
    case "text":
      return JSON.stringify(e.value);
    case "field":
      return names.field(e.path, typeOfExpr(e));
    case "param":
      return paramLocal(e.name);
    case "item":
      return [names.item, ...e.path.map(camel)].join(".");
    case "not":
      return `!${emitExpr(e.value, names)}`;
    case "negate":
      return `(0 - ${emitExpr(e.value, names)})`;
    case "invert":
      return `(-1 - ${emitExpr(e.value, names)})`;
    case "choose":
      return `(${emitExpr(e.test, names)} ? ${emitExpr(e.yes, names)} : ${emitExpr(e.no, names)})`;
    default:
      return binary(e, names);
  }
}

/** The TypeScript type of the value of an expression. */
export function typeOfExpr(e: Expr): "number" | "boolean" | "string" {
  const { type } = operandOf(e);
  return type === "int" ? "number" : type === "bool" ? "boolean" : "string";
}

/** A member of something that is held. @param optional it may not be there, and then its members are not */
export function memberText(
  held: string,
  members: readonly string[],
  optional: boolean,
  type: "number" | "boolean" | "string" | "bigint",
): string {
  if (!optional) return [held, ...members.map(camel)].join(".");
  return members.length === 0 ? `${held}!` : `(${held}?.${members.map(camel).join(".")} as ${type})`;
}

/** One side of a comparison, of which TypeScript shall not conclude from another one that it can never hold. */
function widened(e: Expr, text: string): string {
  const isName = e.op === "field" || e.op === "param" || e.op === "item";
  const isLiteral = e.op === "int" || e.op === "bool" || e.op === "text" || e.op === "choose";
  return isName || isLiteral ? `(${text} as ${typeOfExpr(e)})` : text;
}

function binary(e: Extract<Expr, { left: Expr }>, names: ExprNames): string {
  const [a, b] = [emitExpr(e.left, names), emitExpr(e.right, names)];
  const within = (max: number): boolean =>
    [e.left, e.right].every((side) => {
      const is = operandOf(side);
      return is.type === "int" && is.min >= 0 && is.max <= max;
    });
  switch (e.op) {
    case "and":
      return `(${a} && ${b})`;
    case "or":
      return `(${a} || ${b})`;
    case "==":
      return `(${widened(e.left, a)} === ${b})`;
    case "!=":
      return `(${widened(e.left, a)} !== ${b})`;
    case "&":
    case "|":
    case "^":
      // JavaScript's own operators have 32 bits with a sign.
      if (within(INT32_MAX)) return `(${a} ${e.op} ${b})`;
      return within(UINT32_MAX) ? `((${a} ${e.op} ${b}) >>> 0)` : `${names.use("wideBits")}("${e.op}", ${a}, ${b})`;
    case "<<":
      return `(${a} * 2 ** ${b})`;
    case ">>":
      return within(UINT32_MAX) ? `(${a} >>> ${b})` : `Math.floor(${a} / 2 ** ${b})`;
    case "/":
      return `Math.floor(${a} / ${b})`;
    case "%": {
      const is = operandOf(e.left);
      return is.type === "int" && is.min >= 0 ? `(${a} % ${b})` : `(((${a} % ${b}) + ${b}) % ${b})`;
    }
    default:
      return `(${a} ${e.op} ${b})`;
  }
}
