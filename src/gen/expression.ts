import type { Source } from "./source.js";

/**
 * The expressions that a spec may hold: integers, names, `_io.size`, `sizeof(name)`, `crc32(name)`,
 * `+ - * / %`, comparison and parentheses. Anything that cannot be inverted when writing is refused.
 */
export type Expression =
  | { readonly op: "int"; readonly value: number }
  | { readonly op: "name"; readonly name: string }
  | { readonly op: "size" }
  | { readonly op: "call"; readonly name: string; readonly argument: string }
  | { readonly op: "+" | "-" | "*" | "/" | "%" | "=="; readonly left: Expression; readonly right: Expression };

type Operator = "+" | "-" | "*" | "/" | "%" | "==";

const TOKEN = /\s*(0x[0-9a-fA-F_]+|[0-9][0-9_]*|_io\.size|[a-z_][a-z0-9_]*|==|[-+*/%()])/y;
const PRECEDENCE: Readonly<Record<Operator, number>> = { "==": 1, "+": 2, "-": 2, "*": 3, "/": 3, "%": 3 };

export function parseExpression(source: Source, text: string = source.expression): Expression {
  const tokens = tokenize(source, text);
  let at = 0;

  const take = (token: string): void => {
    if (tokens[at] !== token) source.fail(`'${token}' is missing in '${text}'`);
    at++;
  };

  const atom = (): Expression => {
    const token = tokens[at++];
    if (token === undefined) source.fail(`'${text}' ends too early`);
    if (token === "(") {
      const inner = binary(1);
      take(")");
      return inner;
    }
    if (/^[0-9]/.test(token)) return { op: "int", value: Number(token.replaceAll("_", "")) };
    if (token === "_io.size") return { op: "size" };
    if (!/^[a-z_]/.test(token)) source.fail(`'${token}' is out of place in '${text}'`);
    if (tokens[at] !== "(") return { op: "name", name: token };
    take("(");
    const argument = tokens[at++];
    if (argument === undefined || !/^[a-z_]/.test(argument)) source.fail(`${token}(…) needs the name of a field`);
    take(")");
    return { op: "call", name: token, argument };
  };

  const binary = (level: number): Expression => {
    let left = atom();
    for (;;) {
      const operator = tokens[at] as Operator | undefined;
      const precedence = operator === undefined ? undefined : PRECEDENCE[operator];
      if (operator === undefined || precedence === undefined || precedence < level) return left;
      at++;
      left = { op: operator, left, right: binary(precedence + 1) };
    }
  };

  const whole = binary(1);
  if (at < tokens.length) source.fail(`'${tokens[at]}' is left over in '${text}'`);
  return whole;
}

function tokenize(source: Source, text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) source.fail(`'${text.slice(start).trim()}' is not understood in an expression`);
    tokens.push(match[1]!);
  }
  return tokens;
}

/** `(of - subtract) / divide`, where `of` is the size of the stream, a field, a parameter or 0 (a plain number). */
export interface Affine {
  readonly of: "size" | "nothing" | { readonly name: string };
  readonly subtract: number;
  readonly divide: number;
}

/** Brings an expression to the one form that can be inverted, or refuses it. */
export function affine(source: Source, expression: Expression): Affine {
  const refuse = (): never =>
    source.fail("a size or count must be a number, a name, or (name - number) / number, so that it can be written");

  const walk = (e: Expression): Affine => {
    switch (e.op) {
      case "int":
        return { of: "nothing", subtract: -e.value, divide: 1 };
      case "size":
        return { of: "size", subtract: 0, divide: 1 };
      case "name":
        return { of: { name: e.name }, subtract: 0, divide: 1 };
      case "+":
      case "-": {
        const left = walk(e.left);
        const right = walk(e.right);
        if (left.of !== "nothing" && right.of === "nothing" && left.divide === 1) {
          return { ...left, subtract: left.subtract + (e.op === "-" ? -right.subtract : right.subtract) };
        }
        if (left.of === "nothing" && right.of === "nothing") {
          return {
            of: "nothing",
            subtract: left.subtract + (e.op === "-" ? -right.subtract : right.subtract),
            divide: 1,
          };
        }
        if (e.op === "+" && left.of === "nothing" && right.divide === 1) {
          return { ...right, subtract: right.subtract + left.subtract };
        }
        return refuse();
      }
      case "/": {
        const left = walk(e.left);
        const right = walk(e.right);
        if (right.of !== "nothing" || right.subtract >= 0 || left.divide !== 1 || left.of === "nothing")
          return refuse();
        return { ...left, divide: -right.subtract };
      }
      case "*": {
        const left = walk(e.left);
        const right = walk(e.right);
        if (left.of !== "nothing" || right.of !== "nothing") return refuse();
        return { of: "nothing", subtract: -(left.subtract * right.subtract), divide: 1 };
      }
      default:
        return refuse();
    }
  };
  return walk(expression);
}
