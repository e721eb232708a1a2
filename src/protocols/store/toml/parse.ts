/** Reads TOML: everything that other stores accept in a record, and nothing that they refuse. */
import { WireError } from "../../../errors.js";
import { OtherValue, Table, TableList, type TomlValue } from "./tables.js";
import { TomlText } from "./toml-text.js";

/** Values inside values; deeper ones are refused, so that a text cannot exhaust the stack. */
const DEPTH_MAX = 64;

const BARE_KEY = /[A-Za-z0-9_-]+/y;
/** What most values of a record are, up to a delimiter: a number that is safe for sure. */
const SMALL = /(?:0|[1-9]\d{0,14})(?=[ \t\r\n,\]}#])/y;
const DATE =
  /(?:\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d(?::\d\d(?:\.\d+)?)?)/y;
const FLOAT = /[+-]?(?:inf|nan|(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|[eE][+-]?\d(?:_?\d)*))/y;
const INTEGER = /(?:0x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*|[+-]?(?:0|[1-9](?:_?\d)*))/y;
const BOOLEAN = /(?:true|false)/y;
const INT64_MAX = (1n << 63n) - 1n;

/** The tables of a text. @throws WireError `text` with the line in `spec`, `<file>:<line>`, and the key in `path` */
export function parseToml(text: string, file: string): Table {
  return new TomlParser(text, file).parse();
}

/** One pass over a text. */
class TomlParser {
  readonly #text: TomlText;
  readonly #root = new Table(1, "header");
  #table = this.#root;
  /** The key that is being read, for errors. */
  #path = "";

  constructor(text: string, file: string) {
    this.#text = new TomlText(text, (expected) => this.#issue(expected), file);
  }

  parse(): Table {
    const text = this.#text;
    for (text.skipBlank(true); !text.atEnd; text.skipBlank(true)) {
      this.#path = "";
      if (text.take("[[")) this.#openList();
      else if (text.take("[")) this.#openTable();
      else this.#readEntry(this.#table, 0);
      text.endLine();
    }
    return this.#root;
  }

  #openTable(): void {
    const { line } = this.#text;
    const keys = this.#readKey("]");
    const name = keys.pop()!;
    const parent = this.#walk(this.#root, keys, "implied");
    const found = parent.entries.get(name)?.value;
    if (found === undefined) {
      this.#table = new Table(line, "header");
      parent.entries.set(name, { value: this.#table, line });
      return;
    }
    if (!(found instanceof Table) || found.origin !== "implied") throw this.#duplicate();
    found.origin = "header";
    this.#table = found;
  }

  #openList(): void {
    const { line } = this.#text;
    const keys = this.#readKey("]]");
    const name = keys.pop()!;
    const parent = this.#walk(this.#root, keys, "implied");
    let list = parent.entries.get(name)?.value;
    if (list === undefined) {
      list = new TableList();
      parent.entries.set(name, { value: list, line });
    }
    if (!(list instanceof TableList)) throw this.#duplicate();
    this.#table = new Table(line, "header");
    list.tables.push(this.#table);
  }

  #readEntry(table: Table, depth: number): void {
    const { line } = this.#text;
    const keys = this.#readKey("=");
    const name = keys.pop()!;
    const parent = this.#walk(table, keys, "dotted");
    if (parent.entries.has(name)) throw this.#duplicate();
    this.#text.skipBlank(false);
    const path = this.#path;
    const value = this.#readValue(depth);
    this.#path = path;
    parent.entries.set(name, { value, line });
  }

  /** The parts of a dotted key, up to and with `end`. */
  #readKey(end: string): string[] {
    const text = this.#text;
    const keys: string[] = [];
    this.#path = "";
    do {
      text.skipBlank(false);
      const key = text.takeBasicString() ?? text.takeLiteralString() ?? text.match(BARE_KEY);
      if (key === undefined) throw this.#issue("a key");
      keys.push(key);
      this.#path = keys.join(".");
      text.skipBlank(false);
    } while (text.take("."));
    if (!text.take(end)) throw this.#issue(`"${end}" after the key`);
    return keys;
  }

  /** The table that keys lead to; missing ones are made. */
  #walk(from: Table, keys: readonly string[], origin: "implied" | "dotted"): Table {
    let table = from;
    for (const key of keys) {
      const found = table.entries.get(key)?.value;
      if (found === undefined) {
        const made = new Table(this.#text.line, origin);
        table.entries.set(key, { value: made, line: this.#text.line });
        table = made;
      } else if (origin === "implied" && found instanceof TableList) table = found.tables.at(-1)!;
      else if (
        found instanceof Table &&
        (found.origin === origin || (origin === "implied" && found.origin !== "inline"))
      )
        table = found;
      else throw this.#duplicate();
    }
    return table;
  }

  #readValue(depth: number): TomlValue {
    const text = this.#text;
    if (depth > DEPTH_MAX) throw this.#issue(`values nested at most ${DEPTH_MAX} deep`);
    if (text.take("[")) return this.#readArray(depth);
    if (text.take("{")) return this.#readInlineTable(depth);
    const string = text.takeMultilineString() ?? text.takeBasicString() ?? text.takeLiteralString();
    if (string !== undefined) return string;
    const scalar = this.#readScalar();
    if (scalar === undefined || !text.atDelimiter) throw this.#issue("a value of TOML");
    return scalar;
  }

  #readScalar(): TomlValue | undefined {
    const text = this.#text;
    const few = text.match(SMALL);
    if (few !== undefined) return Number(few);
    if (text.match(DATE) !== undefined) return new OtherValue("a date");
    if (text.match(FLOAT) !== undefined) return new OtherValue("a float");
    if (text.match(BOOLEAN) !== undefined) return new OtherValue("a boolean");
    const digits = text.match(INTEGER);
    if (digits === undefined) return undefined;
    const plain = digits.replaceAll("_", "");
    const small = Number(plain);
    if (Number.isSafeInteger(small)) return small === 0 ? 0 : small;
    const value = plain.startsWith("-") ? -BigInt(plain.slice(1)) : BigInt(plain.replace("+", ""));
    if (value > INT64_MAX || value < -INT64_MAX - 1n) throw this.#issue("an integer of 64 bits");
    return value;
  }

  #readArray(depth: number): readonly TomlValue[] {
    const text = this.#text;
    const values: TomlValue[] = [];
    for (;;) {
      text.skipBlank(true);
      if (text.take("]")) return values;
      values.push(this.#readValue(depth + 1));
      text.skipBlank(true);
      if (!text.take(",")) {
        if (text.take("]")) return values;
        throw this.#issue('"," or "]"');
      }
    }
  }

  #readInlineTable(depth: number): Table {
    const text = this.#text;
    const table = new Table(text.line, "inline");
    for (;;) {
      text.skipBlank(true);
      if (text.take("}")) break;
      this.#readEntry(table, depth + 1);
      text.skipBlank(true);
      if (text.take(",")) continue;
      if (text.take("}")) break;
      throw this.#issue('"," or "}"');
    }
    sealDotted(table);
    return table;
  }

  #duplicate(): WireError {
    return this.#issue("a key that was not given before");
  }

  #issue(expected: string): WireError {
    const { spec, shown } = this.#text;
    return new WireError({ code: "text", format: "toml", path: this.#path, expected, actual: shown, spec });
  }
}

/** Nothing extends an inline table from outside. */
function sealDotted(table: Table): void {
  for (const { value } of table.entries.values()) {
    if (!(value instanceof Table) || value.origin !== "dotted") continue;
    value.origin = "inline";
    sealDotted(value);
  }
}
