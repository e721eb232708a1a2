/** YAML values that know their file and line, and the mistakes that are found in them. */
import type { Node as YamlNode } from "yaml";
import { WireError } from "../errors.js";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "./yaml.js";
import { refusal } from "./refused.js";

/** A mistake in a spec, with the place that a person has to open. */
export function specError(place: string, message: string): WireError {
  return new WireError({ code: "spec", format: "spec", path: "", offset: 0, actual: message, spec: place });
}

/** Several mistakes: the first, with the others in its text. */
export class SpecError extends WireError {
  readonly mistakes: readonly WireError[];

  constructor(mistakes: readonly WireError[]) {
    const [first, ...others] = mistakes;
    const actual = [first?.actual, ...others.map(lineOf)].join("\n");
    super({ code: "spec", format: "spec", path: "", offset: 0, actual, spec: first?.spec });
    if (others.length > 0) this.message = `${mistakes.length} mistakes\n${mistakes.map(lineOf).join("\n")}`;
    this.mistakes = mistakes;
  }
}

function lineOf(mistake: WireError): string {
  return `${mistake.spec} ${mistake.actual}`;
}

/** The mistakes of a spec, so that all are told and not the first alone. */
export class Mistakes {
  readonly #found = new Map<string, WireError>();

  /** Does something that may find mistakes; undefined when it did. */
  attempt<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof WireError) || error.code !== "spec") throw error;
      for (const each of error instanceof SpecError ? error.mistakes : [error]) this.#found.set(lineOf(each), each);
      return undefined;
    }
  }

  /** @throws SpecError when there were mistakes */
  tell(): void {
    if (this.#found.size > 0) throw new SpecError([...this.#found.values()]);
  }
}

/** Integers whose value every YAML reader agrees on: no leading zero, no exponent. */
const INTEGER = /^[-+]?(?:0|[1-9][0-9]*|0x[0-9a-fA-F]+)$/;

const BIG = /^-?(?:[1-9][0-9]{15,19}|0x[0-9a-fA-F]{14,16})$/;

/** An integer that is written in a text, undefined when it is none. */
export function integerIn(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = text.startsWith("-") ? -Number(text.slice(1)) : Number(text);
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

/** A YAML value that knows its file and line. */
export class Source {
  readonly #node: YamlNode | null;
  readonly #lines: LineCounter;

  readonly file: string;
  readonly line: number;

  private constructor(file: string, node: YamlNode | null, lines: LineCounter, line: number) {
    this.file = file;
    this.#node = node;
    this.#lines = lines;
    this.line = line;
  }

  /** @throws WireError `spec` when the text is no YAML. */
  static parse(file: string, text: string): Source {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines });
    const error = document.errors[0] ?? document.warnings[0];
    if (error !== undefined) {
      // The reader of YAML catches the end of its stack.
      const message = error.message.startsWith("Maximum call stack") ? "nests too deeply" : error.message;
      const [first] = message.split("\n");
      const { line } = lines.linePos(error.pos[0]);
      const told = first!.replace(/ at line \d+, column \d+:$/, "");
      // YAML takes these signs of an expression for its own.
      const isExpression = /\?[^?]*: |[\w)]\[/.test(text.split("\n")[line - 1] ?? "");
      const hint = "; an expression with ': ' or '[' in it stands in quotes";
      throw specError(`${file}:${line}`, isExpression ? told + hint : told);
    }
    return new Source(file, document.contents, lines, 1);
  }

  get place(): string {
    return `${this.file}:${this.line}`;
  }

  fail(message: string): never {
    throw specError(this.place, message);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  /** The entries of a map in their order; the line of an entry is the line of its key. */
  entries(): [string, Source][] {
    if (!isMap(this.#node)) this.fail("a map is needed here");
    return this.#node.items.map((pair) => {
      const key = pair.key as YamlNode;
      if (!isScalar(key)) this.fail("a key must be a plain word");
      const value = this.#at(pair.value as YamlNode | null, key);
      if (typeof key.value === "number") value.#plainInteger(key);
      return [String(key.value), value];
    });
  }

  items(): Source[] {
    if (!isSeq(this.#node)) this.fail("a list is needed here");
    return this.#node.items.map((item) => this.#at(item as YamlNode | null, item as YamlNode));
  }

  get(key: string): Source | undefined {
    if (!isMap(this.#node)) return undefined;
    return this.entries().find(([name]) => name === key)?.[1];
  }

  get scalar(): string | number | boolean | null {
    if (!isScalar(this.#node)) this.fail("a single value is needed here");
    return this.#node.value as string | number | boolean | null;
  }

  get text(): string {
    const value = this.scalar;
    if (typeof value !== "string") this.fail(`a text is needed here, not ${JSON.stringify(value)}`);
    return value;
  }

  /** The value as an expression is written: numbers and booleans are expressions too. */
  get expression(): string {
    if (typeof this.scalar !== "number") return String(this.scalar);
    const text = isScalar(this.#node) ? (this.#node.source ?? "") : "";
    // An expression may be an integer of any size.
    return BIG.test(text) && integerIn(text) === undefined ? text : String(this.integer);
  }

  get integer(): number {
    const value = this.scalar;
    if (typeof value !== "number") this.fail("an integer is needed here");
    return this.#plainInteger(this.#node);
  }

  get boolean(): boolean {
    const value = this.scalar;
    if (typeof value !== "boolean") this.fail("true or false is needed here");
    return value;
  }

  #plainInteger(node: YamlNode | null): number {
    const text = isScalar(node) ? (node.source ?? "") : "";
    const value = integerIn(text);
    if (value !== undefined) return value;
    if (BIG.test(text)) this.fail(refusal("bigInteger", `'${text}', which is beyond 2^53-1,`));
    return this.fail(refusal("unclearInteger", `'${text}' as an integer`));
  }

  #at(node: YamlNode | null, near: YamlNode): Source {
    const position = near.range?.[0] ?? node?.range?.[0] ?? 0;
    return new Source(this.file, node, this.#lines, this.#lines.linePos(position).line);
  }
}
