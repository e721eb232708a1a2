import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node as YamlNode } from "yaml";
import { WireError } from "../errors.js";

/** A mistake in a spec, with the place that a person has to open. */
export function specError(place: string, message: string): WireError {
  return new WireError({ code: "spec", format: "spec", path: "", offset: 0, actual: message, spec: place });
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
    const error = document.errors[0];
    if (error !== undefined) {
      throw specError(`${file}:${lines.linePos(error.pos[0]).line}`, error.message.split("\n")[0]!);
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
      return [String(key.value), this.#at(pair.value as YamlNode | null, key)];
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

  /** Refuses every key that is not listed, so that no typing mistake is passed over. */
  onlyKeys(what: string, allowed: readonly string[]): void {
    for (const [key, value] of this.entries()) {
      if (!allowed.includes(key)) value.fail(`'${key}' is not a key of ${what}; allowed are ${allowed.join(", ")}`);
    }
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
    return String(this.scalar);
  }

  get integer(): number {
    const value = this.scalar;
    if (typeof value !== "number" || !Number.isSafeInteger(value)) this.fail("an integer is needed here");
    return value;
  }

  get boolean(): boolean {
    const value = this.scalar;
    if (typeof value !== "boolean") this.fail("true or false is needed here");
    return value;
  }

  #at(node: YamlNode | null, near: YamlNode): Source {
    const position = near.range?.[0] ?? node?.range?.[0] ?? 0;
    return new Source(this.file, node, this.#lines, this.#lines.linePos(position).line);
  }
}
