/** Emits the expressions of general types. */
import { isNothingChosen, type GeneralExpr, type GeneralType, type Kind } from "../../general.js";
import { camel } from "../../names.js";
import { magnitudeOf } from "./magnitude.js";
import { refOf, type GeneralNames } from "./names.js";

/** Where an expression stands. */
export interface ExprPlace {
  readonly names: GeneralNames;
  readonly type: GeneralType;
  /** All attributes before it have been read, and it names no others. */
  readonly isSequential: boolean;
  /** What `_` and `_index` are. */
  readonly item?: string;
  readonly index?: string;
}

/** An expression whose operators need no brackets around it. */
export function emitGeneralExpr(e: GeneralExpr, place: ExprPlace): string {
  return new ExprEmitter(place).any(e);
}

/** The same where the result may be that nothing is there. */
export function emitPerhaps(e: GeneralExpr, place: ExprPlace): string {
  return new ExprEmitter(place).perhaps(e);
}

/** The same as a number of the language, exact or refused. */
export function emitGeneralNumber(e: GeneralExpr, place: ExprPlace): string {
  return new ExprEmitter(place).number(e);
}

/** A value that is handed on, as a parameter or to a process: integers of 64 bits are numbers there, or refused. */
export function emitGeneralOperand(e: GeneralExpr, place: ExprPlace): string {
  return new ExprEmitter(place).operand(e);
}

/** The kind by which two values are compared: wide where one of them is. */
export function comparedKind(a: Kind, b: Kind, names: GeneralNames): Kind {
  return names.isWide(b) ? b : a;
}

/** The test that two values are the same. */
export function sameTest(a: string, b: string, kind: Kind, names: GeneralNames): string {
  const isPlain = kind.kind !== "bytes" && kind.kind !== "any" && kind.kind !== "list" && !names.isWide(kind);
  if (!isPlain) return `${names.use("isSame")}(${a}, ${b})`;
  const type = kind.kind === "enum" ? "number" : names.kind(kind);
  // TypeScript shall not conclude from one comparison that another can never hold.
  return `(${a} as ${type}) === (${b} as ${type})`;
}

class ExprEmitter {
  readonly #place: ExprPlace;
  readonly #names: GeneralNames;

  constructor(place: ExprPlace) {
    this.#place = place;
    this.#names = place.names;
  }

  any(e: GeneralExpr): string {
    switch (e.op) {
      case "int":
      case "float":
        return e.value < 0 ? `(${e.value})` : String(e.value);
      case "big":
        return e.value.startsWith("-") ? `(${e.value}n)` : `${e.value}n`;
      case "bool":
        return String(e.value);
      case "text":
        return JSON.stringify(e.value);
      case "bytes":
        return `Uint8Array.of(${e.value.join(", ")})`;
      case "list":
        return `[${e.items.map((item) => this.operand(item)).join(", ")}]`;
      case "head":
        return this.#value(e);
      case "param": {
        const i = this.#place.type.params.findIndex(({ name }) => name === e.name);
        return this.#names.cast(`f.args[${i}]`, e.is);
      }
      case "local":
        if (e.name === "little") return "f.isLittle";
        return (e.name === "item" ? this.#place.item : this.#place.index) ?? "undefined";
      case "get":
        return this.#get(e);
      case "io":
        return `${this.#frame(e.of)}.io`;
      case "stream":
        return `${this.#stream(e.of)}.${e.name}`;
      case "parent":
        return this.#names.cast(`${this.#frame(e.of)}.up(1).value`, e.is);
      case "index": {
        const list = this.any(e.of);
        return `${this.#names.use("itemAt")}(f, ${list}, ${this.number(e.index)})`;
      }
      case "method":
        return this.#method(e);
      case "cast":
        return this.#cast(e);
      case "not":
        return `!${this.any(e.value)}`;
      case "negate":
        return `(0 - ${this.number(e.value)})`;
      case "invert":
        return `(-1 - ${this.number(e.value)})`;
      case "choose":
        return `(${this.any(e.test)} ? ${this.operand(e.yes)} : ${this.operand(e.no)})`;
      default:
        return this.#binary(e);
    }
  }

  /** What may be nothing. */
  perhaps(e: GeneralExpr): string {
    switch (e.op) {
      case "get":
        return this.#get(e, true);
      case "choose":
        return `(${this.any(e.test)} ? ${this.#chosen(e.yes)} : ${this.#chosen(e.no)})`;
      default: {
        const { of, is } = e as GeneralExpr & { op: "cast" };
        return `(${this.perhaps(of)} as unknown as ${this.#names.kind(is)} | undefined)`;
      }
    }
  }

  #chosen(e: GeneralExpr): string {
    return isNothingChosen(e) ? this.perhaps(e) : this.operand(e);
  }

  #cast({ of, is }: GeneralExpr & { op: "cast" }): string {
    if (is.kind === "bytes" && of.is.kind === "list") return `${this.#names.use("packed")}(f, ${this.operand(of)})`;
    if (is.kind === "list" && of.is.kind === "bytes") return `Array.from(${this.any(of)})`;
    if (is.kind !== "int") return `(${this.any(of)} as unknown as ${this.#names.kind(is)})`;
    if (of.is.kind === "int") return this.number(of);
    // What a choice holds may be a number in one of two forms.
    return `${this.#names.use("exact")}(f, ${this.any(of)} as unknown as number)`;
  }

  number(e: GeneralExpr): string {
    const text = this.any(e);
    return this.#names.isWide(e.is) ? `${this.#names.use("exact")}(f, ${text})` : text;
  }

  /** A value as others are beside which it stands: integers are numbers. */
  operand(e: GeneralExpr): string {
    if (e.is.kind === "list" && this.#names.isWide(e.is.of))
      return `${this.any(e)}.map((x) => ${this.#names.use("exact")}(f, x))`;
    return e.is.kind === "int" ? this.number(e) : this.any(e);
  }

  /** What is known of the value around an expression names, or of one. */
  #value(e: GeneralExpr): string {
    if (e.op !== "head") return this.any(e);
    if (e.head !== "root" && e.head.up === 0) return "v";
    return this.#names.cast(`${this.#frame(e)}.value`, e.is);
  }

  #frame(e: GeneralExpr): string {
    if (e.op !== "head") return `f.session.frameOf(${this.any(e)} as object, f)`;
    if (e.head === "root") return "f.root";
    return e.head.up === 0 ? "f" : `f.up(${e.head.up})`;
  }

  #stream(e: GeneralExpr): string {
    const text = this.any(e);
    return e.op === "io" ? text : `(${text} as ${this.#names.use("Frame")}["io"])`;
  }

  /** A side of `==`, to which what may be absent is unequal then. */
  #compared(e: GeneralExpr, isWide: boolean): string {
    const isOptional = e.op === "get" && e.optional;
    if (isOptional && (isWide || !this.#names.isWide(e.is))) return this.#get(e, true);
    return isWide ? this.any(e) : this.operand(e);
  }

  /** @param isBare it may be undefined */
  #get(e: GeneralExpr & { op: "get" }, isBare = false): string {
    const { of, name, member } = e;
    const optional = e.optional && !isBare;
    const ref = of.is.kind === "type" ? of.is.type : refOf(this.#place.type);
    const wrap = (text: string): string => `${this.#names.use("present")}(f, ${text})`;
    if (member === "param") {
      const i = this.#names.plan.typeOf(ref).params.findIndex((each) => each.name === name);
      return this.#names.cast(`${this.#frame(of)}.args[${i}]`, e.is);
    }
    if (member !== "attribute") {
      const text = `${this.#names.instance(ref, name)}(${this.#frame(of)})`;
      return optional ? wrap(text) : text;
    }
    const text = `${this.#value(of)}.${camel(name)}`;
    // What is around a value is not complete while it is read.
    const isIncomplete =
      !isBare && of.op === "head" && !(this.#place.isSequential && of.head !== "root" && of.head.up === 0);
    return optional || isIncomplete ? wrap(text) : text;
  }

  #method({ of, name, args }: GeneralExpr & { op: "method" }): string {
    const { kind } = of.is;
    const text = this.any(of);
    switch (name) {
      case "to_s":
        if (kind === "int") return `String(${text})`;
        return `${this.#names.use("textOf")}(f, ${text}, ${this.any(args[0]!)})`;
      case "to_i":
        if (kind === "bool") return `Number(${text})`;
        if (kind === "float") return `${this.#names.use("exact")}(f, Math.trunc(${text}))`;
        if (kind === "enum") return `(${text} as number)`;
        return `${this.#names.use("parsed")}(f, ${text}, ${args[0] === undefined ? 10 : this.number(args[0])})`;
      case "length":
      case "size":
        return `${text}.length`;
      case "reverse":
        return `${this.#names.use("reversed")}(${text})`;
      case "substring":
        return `${this.#names.use("substring")}(f, ${text}, ${this.number(args[0]!)}, ${this.number(args[1]!)})`;
      case "first":
        return `${this.#names.use("itemAt")}(f, ${text}, 0)`;
      case "last":
        return `${this.#names.use("itemAt")}(f, ${text}, ${text}.length - 1)`;
      default:
        return `${this.#names.use("extreme")}(f, ${text}, ${name === "min"})`;
    }
  }

  #binary(e: Extract<GeneralExpr, { left: GeneralExpr }>): string {
    const { left, right, op } = e;
    switch (op) {
      case "and":
      case "or":
        return `(${this.any(left)} ${op === "and" ? "&&" : "||"} ${this.any(right)})`;
      case "==":
      case "!=": {
        const isFloat = left.is.kind === "float" || right.is.kind === "float";
        const kind: Kind = isFloat ? { kind: "float" } : comparedKind(left.is, right.is, this.#names);
        const isWide = this.#names.isWide(kind);
        const [a, b] = [left, right].map((side) => this.#compared(side, isWide)) as [string, string];
        const test = sameTest(a, b, kind, this.#names);
        return op === "==" ? `(${test})` : `!(${test})`;
      }
      case "<":
      case "<=":
      case ">":
      case ">=": {
        // Numbers and bigints are compared as they are.
        const [a, b] = [this.any(left), this.any(right)];
        if (left.is.kind === "bytes") return `(${this.#names.use("compared")}(${a}, ${b}) ${op} 0)`;
        return `(${a} ${op} ${b})`;
      }
      case "+":
        if (e.is.kind === "text") return `(${this.any(left)} + ${this.any(right)})`;
    }
    const [a, b] = [this.number(left), this.number(right)];
    switch (op) {
      case "/":
      case "%":
        if (e.is.kind === "float") return `(${a} ${op} ${b})`;
        return `${this.#names.use(op === "/" ? "divided" : "modulo")}(f, ${a}, ${b})`;
      case "<<":
        return this.#exact(e, `${this.#names.use("shifted")}(${a}, ${b})`);
      case ">>":
        return `${this.#names.use("shifted")}(${a}, -${b})`;
      case "&":
      case "|":
      case "^":
        return `${this.#names.use("bitwise")}("${op}", ${a}, ${b})`;
      default:
        return this.#exact(e, `(${a} ${op} ${b})`);
    }
  }

  /** What can leave the integers that a number holds is refused there. */
  #exact(e: GeneralExpr, text: string): string {
    const isSafe = e.is.kind !== "int" || magnitudeOf(e, this.#names.plan) <= Number.MAX_SAFE_INTEGER;
    return isSafe ? text : `${this.#names.use("exact")}(f, ${text})`;
  }
}
