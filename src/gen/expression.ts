/** The expressions of a spec: their grammar, and the affine form that sizes and counts of fixed layouts take. */
import type { Source } from "./source.js";

/** Operators with two operands, as the language writes them. */
export type Binary =
  "or" | "and" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "|" | "^" | "&" | "<<" | ">>" | "+" | "-" | "*" | "/" | "%";

/** An expression as it is written: names are not resolved yet. */
export type Expression =
  | { readonly op: "int"; readonly value: number }
  /** An integer beyond 2^53-1, in decimal. */
  | { readonly op: "big"; readonly value: string }
  | { readonly op: "float"; readonly value: number }
  | { readonly op: "bool"; readonly value: boolean }
  | { readonly op: "text"; readonly value: string }
  | { readonly op: "name"; readonly name: string; readonly at: number }
  /** `a.b` */
  | { readonly op: "member"; readonly of: Expression; readonly name: string; readonly at: number }
  /** `a.substring(1, 2)` */
  | {
      readonly op: "method";
      readonly of: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly at: number;
    }
  /** `a[i]` */
  | { readonly op: "index"; readonly of: Expression; readonly index: Expression; readonly at: number }
  /** `a.as<header>` */
  | { readonly op: "cast"; readonly of: Expression; readonly type: string; readonly at: number }
  /** `f"{a} of {b}"`: texts, and what stands between them. */
  | { readonly op: "format"; readonly parts: readonly (string | Expression)[]; readonly at: number }
  /** `[1, 2, 3]` */
  | { readonly op: "list"; readonly items: readonly Expression[] }
  /** `sizeof<header>`, `bitsizeof<b4>` */
  | { readonly op: "sizeof"; readonly unit: "bytes" | "bits"; readonly type: string; readonly at: number }
  /** `status::ok` */
  | { readonly op: "enum"; readonly name: string }
  /** `_io.size` */
  | { readonly op: "size" }
  /** `sizeof(a)`; only what `-derive` holds calls anything. */
  | { readonly op: "call"; readonly name: string; readonly arguments: readonly string[] }
  | { readonly op: "not" | "negate" | "invert"; readonly value: Expression }
  | { readonly op: "choose"; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly op: Binary; readonly left: Expression; readonly right: Expression };

/** Numbers, names, texts and signs. They are matched where the last one ended, and nowhere else. */
const TOKENS = [
  String.raw`0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+`,
  String.raw`[0-9][0-9_]*(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|[0-9][0-9_]*`,
  String.raw`_io\.size|[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)*`,
  String.raw`'[^']*'|"(?:[^"\\]|\\.)*"`,
  String.raw`<<|>>|[<>=!]=|[-+*/%()&|^~<>?:.,[\]]`,
];
const TOKEN = new RegExp(String.raw`\s*(${TOKENS.join("|")})`, "y");

/** Letters behind a backslash; those of YAML and of Kaitai Struct. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  '"': '"',
  "\\": "\\",
  "'": "'",
};

/** How tightly an operator binds, as in Python. */
const PRECEDENCE: Readonly<Record<Binary, number>> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "|": 5,
  "^": 6,
  "&": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "%": 10,
};
const NOT_PRECEDENCE = 3;
const UNARY_PRECEDENCE = 11;

/** Expressions nest no deeper than this, so that no spec can exhaust the stack. */
const DEPTH_MAX = 64;
const LENGTH_MAX = 4096;
/** Operators of one expression: those of the same precedence nest to the left, which no parenthesis shows. */
const OPERATORS_MAX = 500;

/** Parses an expression. @throws WireError `spec` */
export function parseExpression(source: Source, text: string = source.expression): Expression {
  return new Parser(source, text).whole();
}

/** Parses the list of arguments of a type: `foo(a, b + 1)` gives its name and two expressions. */
export function parseTypeReference(source: Source): { readonly name: string; readonly args: readonly Expression[] } {
  const text = source.text.trim();
  const open = text.indexOf("(");
  if (open < 0) return { name: text, args: [] };
  if (!text.endsWith(")")) source.fail(`')' is missing in '${text}'`);
  return {
    name: text.slice(0, open).trim(),
    args: new Parser(source, text.slice(open + 1, -1)).list(),
  };
}

class Parser {
  readonly #source: Source;
  readonly #text: string;
  readonly #tokens: readonly string[];
  /** The column of each token, from 1. */
  readonly #columns: readonly number[];
  #at = 0;
  #depth = 0;
  #operators = 0;

  constructor(source: Source, text: string) {
    if (text.length > LENGTH_MAX) source.fail(`an expression has at most ${LENGTH_MAX} characters`);
    this.#source = source;
    this.#text = text.trim();
    const tokens = tokenize(source, text);
    this.#tokens = tokens.map(({ token }) => token);
    this.#columns = tokens.map(({ column }) => column);
  }

  whole(): Expression {
    const expression = this.#ternary();
    this.#end();
    return expression;
  }

  list(): Expression[] {
    const all = this.#until(undefined);
    this.#end();
    return all;
  }

  /** Expressions with commas between them, up to a token that stays. */
  #until(close: string | undefined): Expression[] {
    if (this.#tokens[this.#at] === close) return [];
    const all = [this.#ternary()];
    while (this.#tokens[this.#at] === ",") {
      this.#at++;
      all.push(this.#ternary());
    }
    return all;
  }

  #end(): void {
    const left = this.#tokens[this.#at];
    if (left !== undefined) this.#source.fail(`'${left}' is left over in '${this.#text}'`);
  }

  #take(token: string): void {
    if (this.#tokens[this.#at] !== token) this.#source.fail(`'${token}' is missing in '${this.#text}'`);
    this.#at++;
  }

  #ternary(): Expression {
    if (++this.#depth > DEPTH_MAX) this.#source.fail(`'${this.#text.slice(0, 40)}…' nests deeper than ${DEPTH_MAX}`);
    const test = this.#binary(1);
    let whole = test;
    if (this.#tokens[this.#at] === "?") {
      this.#at++;
      const yes = this.#ternary();
      this.#take(":");
      whole = { op: "choose", test, yes, no: this.#ternary() };
    }
    this.#depth--;
    return whole;
  }

  #binary(level: number): Expression {
    let left = this.#unary();
    for (;;) {
      const operator = this.#tokens[this.#at] as Binary | undefined;
      const precedence = operator === undefined || !Object.hasOwn(PRECEDENCE, operator) ? 0 : PRECEDENCE[operator];
      if (operator === undefined || precedence < level) return left;
      this.#at++;
      if (++this.#operators > OPERATORS_MAX) this.#source.fail(`an expression has at most ${OPERATORS_MAX} operators`);
      left = { op: operator, left, right: this.#binary(precedence + 1) };
    }
  }

  #unary(): Expression {
    if (++this.#depth > DEPTH_MAX) this.#source.fail(`'${this.#text.slice(0, 40)}…' nests deeper than ${DEPTH_MAX}`);
    const token = this.#tokens[this.#at];
    let value: Expression;
    if (token === "not") {
      this.#at++;
      value = { op: "not", value: this.#binary(NOT_PRECEDENCE) };
    } else if (token === "-" || token === "~") {
      this.#at++;
      const operand = this.#binary(UNARY_PRECEDENCE);
      if (token === "-" && operand.op === "int") value = { op: "int", value: -operand.value };
      else if (token === "-" && operand.op === "big") value = { op: "big", value: String(-BigInt(operand.value)) };
      else value = { op: token === "-" ? "negate" : "invert", value: operand };
    } else if (token === "+") {
      this.#at++;
      const operand = this.#binary(UNARY_PRECEDENCE);
      // Of what is no number, it is refused as a sum is.
      value = operand.op === "int" ? operand : { op: "+", left: { op: "int", value: 0 }, right: operand };
    } else value = this.#postfix();
    this.#depth--;
    return value;
  }

  #postfix(): Expression {
    let value = this.#atom();
    for (;;) {
      const at = this.#columns[this.#at] ?? 0;
      if (this.#tokens[this.#at] === "[") {
        this.#at++;
        value = { op: "index", of: value, index: this.#ternary(), at };
        this.#take("]");
        continue;
      }
      if (this.#tokens[this.#at] !== ".") return value;
      this.#at++;
      const name = this.#tokens[this.#at++];
      if (name === undefined || !/^[a-z_]/i.test(name)) this.#source.fail(`a name is missing in '${this.#text}'`);
      if (name === "as" && this.#tokens[this.#at] === "<") {
        value = { op: "cast", of: value, type: this.#typeName(), at };
      } else if (this.#tokens[this.#at] === "(") {
        this.#at++;
        value = { op: "method", of: value, name, args: this.#until(")"), at };
        this.#take(")");
      } else value = { op: "member", of: value, name, at };
    }
  }

  /** `<foo::bar>`, `<u2le[]>` */
  #typeName(): string {
    this.#take("<");
    let name = "";
    for (let token = this.#tokens[this.#at++]; token !== ">"; token = this.#tokens[this.#at++]) {
      if (token === undefined) this.#source.fail(`'>' is missing in '${this.#text}'`);
      name += token;
    }
    return name;
  }

  #atom(): Expression {
    const at = this.#columns[this.#at] ?? 0;
    const token = this.#tokens[this.#at++];
    if (token === undefined) return this.#source.fail(`'${this.#text}' ends too early`);
    if (token === "[") {
      const items = this.#until("]");
      this.#take("]");
      return { op: "list", items };
    }
    if (token === "(") {
      const inner = this.#ternary();
      this.#take(")");
      return inner;
    }
    if (/^[0-9][0-9_]*(?:\.|[eE])/.test(token)) return { op: "float", value: Number(token.replaceAll("_", "")) };
    if (/^[0-9]/.test(token)) return integerOf(token);
    if (token === "_io.size") return { op: "size" };
    if (token === "true" || token === "false") return { op: "bool", value: token === "true" };
    if (token.startsWith("'")) return { op: "text", value: token.slice(1, -1) };
    if (token.startsWith('"')) return { op: "text", value: this.#unescaped(token.slice(1, -1)) };
    if (token.startsWith('f"')) return { op: "format", parts: this.#parts(token.slice(2, -1)), at };
    if (!/^[a-z_]/i.test(token)) this.#source.fail(`'${token}' is out of place in '${this.#text}'`);
    if (token.includes("::")) return { op: "enum", name: token };
    if ((token === "sizeof" || token === "bitsizeof") && this.#tokens[this.#at] === "<")
      return { op: "sizeof", unit: token === "sizeof" ? "bytes" : "bits", type: this.#typeName(), at };
    if (this.#tokens[this.#at] !== "(") return { op: "name", name: token, at };
    this.#at++;
    const names: string[] = [];
    while (this.#tokens[this.#at] !== ")") {
      if (names.length > 0) this.#take(",");
      const argument = this.#tokens[this.#at++];
      if (argument === undefined || !/^[a-z_]/.test(argument))
        this.#source.fail(`${token}(…) needs the name of a field`);
      names.push(argument);
    }
    this.#at++;
    return { op: "call", name: token, arguments: names };
  }

  /** What stands in a text with expressions in braces. */
  #parts(text: string): (string | Expression)[] {
    if (++this.#depth > DEPTH_MAX) this.#source.fail(`'${this.#text.slice(0, 40)}…' nests deeper than ${DEPTH_MAX}`);
    const parts: (string | Expression)[] = [];
    for (let at = 0; at < text.length;) {
      if (text[at] === "{") {
        const end = endOfBraces(text, at);
        if (end < 0) this.#source.fail(`'}' is missing in '${this.#text}'`);
        const inner = new Parser(this.#source, text.slice(at + 1, end - 1));
        inner.#depth = this.#depth;
        parts.push(inner.whole());
        at = end;
        continue;
      }
      const plain = /^(?:[^{\\]|\\.)+/.exec(text.slice(at))?.[0] ?? text.slice(at);
      parts.push(this.#unescaped(plain));
      at += plain.length;
    }
    this.#depth--;
    return parts;
  }

  #unescaped(text: string): string {
    if (!text.includes("\\")) return text;
    return text.replace(
      /\\(?:u([0-9a-fA-F]{4})|([0-7]{1,3})|(.))/gs,
      (_, hex?: string, octal?: string, letter?: string) => {
        if (letter === undefined) return String.fromCharCode(parseInt((hex ?? octal)!, hex === undefined ? 8 : 16));
        return ESCAPES[letter] ?? this.#source.fail(`'\\${letter}' is not understood in a text`);
      },
    );
  }
}

function integerOf(token: string): Expression {
  const text = token.replaceAll("_", "").toLowerCase();
  const value = Number(text);
  return Number.isSafeInteger(value) ? { op: "int", value } : { op: "big", value: String(BigInt(text)) };
}

/** Behind the closing quotation mark of a text with expressions, whose first mark is at `at`; -1 where there is none. */
function endOfFormatted(text: string, at: number): number {
  for (let i = at + 1; i < text.length;) {
    if (text[i] === '"') return i + 1;
    if (text[i] === "{") {
      i = endOfBraces(text, i);
      if (i < 0) return -1;
    } else i += text[i] === "\\" ? 2 : 1;
  }
  return -1;
}

/** Behind the brace that closes the one at `at`, texts inside passed over; -1 where there is none. */
function endOfBraces(text: string, at: number): number {
  for (let i = at + 1; i < text.length;) {
    const char = text[i]!;
    if (char === "}") return i + 1;
    if (char === "'" || char === '"') {
      i = char === '"' && text[i - 1] === "f" ? endOfFormatted(text, i) : endOfText(text, i);
      if (i < 0) return -1;
    } else i++;
  }
  return -1;
}

/** Behind a text, whose first mark is at `at`. */
function endOfText(text: string, at: number): number {
  const mark = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === mark) return i + 1;
    if (text[i] === "\\" && mark === '"') i++;
  }
  return -1;
}

function tokenize(source: Source, text: string): { token: string; column: number }[] {
  const tokens: { token: string; column: number }[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const formatted = /^\s*f(?=")/.exec(text.slice(start, start + 64))?.[0];
    if (formatted !== undefined) {
      const behind = endOfFormatted(text, start + formatted.length);
      if (behind < 0) return source.fail(`column ${start + 1} of the expression: '"' is missing`);
      const first = start + formatted.length - 1;
      tokens.push({ token: text.slice(first, behind), column: first + 1 });
      TOKEN.lastIndex = behind;
      continue;
    }
    const match = TOKEN.exec(text);
    if (match === null)
      return source.fail(
        `column ${start + 1} of the expression: '${text.slice(start).trim().slice(0, 40)}' is not understood in an expression`,
      );
    tokens.push({ token: match[1]!, column: TOKEN.lastIndex - match[1]!.length + 1 });
  }
  return tokens;
}

/** `(of - subtract) / divide`, where `of` is the size of the stream, a field, a parameter or 0 (a plain number). */
export interface Affine {
  readonly of: "size" | "nothing" | { readonly name: string };
  readonly subtract: number;
  readonly divide: number;
}

/** Brings an expression to the form that fixed layouts can invert; undefined when it has none. */
export function affine(expression: Expression): Affine | undefined {
  switch (expression.op) {
    case "int":
      return { of: "nothing", subtract: 0 - expression.value, divide: 1 };
    case "size":
      return { of: "size", subtract: 0, divide: 1 };
    case "name":
      return { of: { name: expression.name }, subtract: 0, divide: 1 };
    case "+":
    case "-":
    case "*":
    case "/": {
      const left = affine(expression.left);
      const right = affine(expression.right);
      return left === undefined || right === undefined ? undefined : joined(expression.op, left, right);
    }
    default:
      return undefined;
  }
}

function joined(op: "+" | "-" | "*" | "/", left: Affine, right: Affine): Affine | undefined {
  const added = left.subtract + (op === "-" ? 0 - right.subtract : right.subtract);
  if (op === "+" || op === "-") {
    if (left.of !== "nothing" && right.of === "nothing" && left.divide === 1) return { ...left, subtract: added };
    if (left.of === "nothing" && right.of === "nothing") return { of: "nothing", subtract: added, divide: 1 };
    if (op === "+" && left.of === "nothing" && right.divide === 1) return { ...right, subtract: added };
    return undefined;
  }
  if (right.of !== "nothing") return undefined;
  if (op === "*")
    return left.of === "nothing"
      ? { of: "nothing", subtract: 0 - left.subtract * right.subtract, divide: 1 }
      : undefined;
  if (right.subtract >= 0 || left.divide !== 1 || left.of === "nothing") return undefined;
  return { ...left, divide: -right.subtract };
}
