/** Configuration files in TOML. */
import { parse, TomlError } from "smol-toml";
import { WireError } from "../errors.js";
import { readFile } from "./input.js";

/** The keys of a table. `read` returns undefined for a value that is not as expected. */
export type Keys = Readonly<Record<string, { readonly expected: string; read(value: unknown): unknown }>>;

/** The values of a table, by key. */
export type Values<K extends Keys> = { readonly [Key in keyof K]?: NonNullable<ReturnType<K[Key]["read"]>> };

type Table = Readonly<Record<string, unknown>>;

/** A parsed TOML file. Its errors name a line, and never a value of the file, which may be secret. */
export class TomlFile {
  readonly #path: string;
  readonly #text: string;
  readonly #root: Table;

  private constructor(path: string, text: string, root: Table) {
    this.#path = path;
    this.#text = text;
    this.#root = root;
  }

  /**
   * Reads and parses a file. @param expected what the user may have given in its place
   * @throws WireError `argument`, with the line where it is no TOML
   */
  static open(path: string, expected?: string): TomlFile {
    const bytes = readFile(path, expected);
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      // Wherever it stands: what a comment shows may be what was meant.
      throw issueAt(`${path}:${lineOfBadText(bytes)}`, "", "UTF-8");
    }
    try {
      return new TomlFile(path, text, parse(text));
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      // Only the first line of the message: the others quote the file.
      const [actual] = error.message.split("\n");
      throw issueAt(`${path}:${error.line}`, "", "TOML", actual);
    }
  }

  /** Checks the top level. @throws WireError `argument` for any other key or table */
  checkTables(names: readonly string[]): void {
    for (const key of Object.keys(this.#root)) {
      if (!names.includes(key)) throw this.issue("", key, `one of ${names.join(", ")}`, key);
    }
  }

  /** The keys of a table; none for a missing table. */
  keysOf(table: string): string[] {
    return Object.keys(this.#table(table) ?? {});
  }

  /** Reads a table. @param others keys that are allowed and ignored. @throws WireError `argument` */
  read<K extends Keys>(table: string, keys: K, others: readonly string[] = []): Values<K> {
    const entries = Object.entries(this.#table(table) ?? {}).filter(([key]) => !others.includes(key));
    const values = entries.map(([key, value]) => {
      if (!Object.hasOwn(keys, key)) throw this.issue(table, key, "a known key", "an unknown one");
      const { expected, read } = keys[key]!;
      const known = read(value);
      if (known === undefined) throw this.issue(table, key, expected);
      return [key, known] as const;
    });
    return Object.fromEntries(values) as Values<K>;
  }

  /** An error at the line of a key. */
  issue(table: string, key: string, expected: string, actual?: string): WireError {
    return issueAt(
      `${this.#path}:${this.#lineOf(table, key)}`,
      table === "" ? key : `${table}.${key}`,
      expected,
      actual,
    );
  }

  #table(name: string): Table | undefined {
    let table: Table = this.#root;
    for (const [depth, key] of name.split(".").entries()) {
      const next = table[key];
      if (next === undefined) return undefined;
      if (typeof next !== "object" || next === null || Array.isArray(next)) {
        throw this.issue(name.split(".").slice(0, depth).join("."), key, "a table");
      }
      table = next as Table;
    }
    return table;
  }

  /** The line of a key; of its table for a missing key; 1 for a missing table. */
  #lineOf(table: string, key: string): number {
    let current = "";
    let header = 1;
    for (const [index, line] of this.#text.split("\n").entries()) {
      const opened = openedBy(line);
      if (opened !== undefined) current = opened;
      if (opened === table || opened === (table === "" ? key : `${table}.${key}`)) header = index + 1;
      if (current === table && /^\s*["']?([\w-]+)["']?\s*[=.]/.exec(line)?.[1] === key) return index + 1;
    }
    return header;
  }
}

/** The name of the table that a line opens, without quotes and spaces; undefined for any other line. */
function openedBy(line: string): string | undefined {
  const text = line.trimStart();
  const end = text.indexOf("]");
  if (!text.startsWith("[") || end < 0) return undefined;
  const name = text
    .slice(0, end)
    .replace(/^\[+/, "")
    .replaceAll(/["'\s]/g, "");
  return name === "" ? undefined : name;
}

/** The first line that is no UTF-8: no character reaches over the end of a line. */
function lineOfBadText(bytes: Uint8Array): number {
  for (let [line, from] = [1, 0]; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(from, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    from = end + 1;
  }
}

function issueAt(spec: string, path: string, expected: string, actual?: string): WireError {
  return new WireError({ code: "argument", format: "config", path, expected, actual, spec });
}
