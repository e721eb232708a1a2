import { parse, TomlError } from "smol-toml";
import { WireError } from "../errors.js";

/** Keys of a table: what each reads, undefined where the value is not what was expected. */
export type Keys = Readonly<Record<string, { readonly expected: string; read(value: unknown): unknown }>>;

/** What a table says, by its keys. */
export type Values<K extends Keys> = { readonly [Key in keyof K]?: NonNullable<ReturnType<K[Key]["read"]>> };

type Table = Readonly<Record<string, unknown>>;

/** A TOML file whose faults are told by their line. No message holds a value of the file: it may be secret. */
export class TomlFile {
  readonly #path: string;
  readonly #text: string;
  readonly #root: Table;

  private constructor(path: string, text: string, root: Table) {
    this.#path = path;
    this.#text = text;
    this.#root = root;
  }

  /** @throws WireError `argument` */
  static parse(path: string, text: string): TomlFile {
    try {
      return new TomlFile(path, text, parse(text));
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      // Behind its first line the message shows the text of the file.
      const [actual] = error.message.split("\n");
      throw issueAt(`${path}:${error.line}`, "", "TOML", actual);
    }
  }

  /** @throws WireError `argument` for a table or key outside of these tables, named with dots */
  checkTables(names: readonly string[]): void {
    for (const key of Object.keys(this.#root)) {
      if (!names.includes(key)) throw this.issue("", key, `one of ${names.join(", ")}`, key);
    }
  }

  /** The keys that a table has; none where it is missing. */
  keysOf(table: string): string[] {
    return Object.keys(this.#table(table) ?? {});
  }

  /** @param others keys that may be there and are not read. @throws WireError `argument` */
  read<K extends Keys>(table: string, keys: K, others: readonly string[] = []): Values<K> {
    const entries = Object.entries(this.#table(table) ?? {}).filter(([key]) => !others.includes(key));
    const values = entries.map(([key, value]) => {
      if (!Object.hasOwn(keys, key)) throw this.issue(table, key, "a key that is known", "an unknown one");
      const { expected, read } = keys[key]!;
      const known = read(value);
      if (known === undefined) throw this.issue(table, key, expected);
      return [key, known] as const;
    });
    return Object.fromEntries(values) as Values<K>;
  }

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

  /** Where a key stands: in its table, else where its table begins; 1 for what is not there at all. */
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

/** The table that a line opens, without quotes and spaces; undefined for any other line. */
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

function issueAt(spec: string, path: string, expected: string, actual?: string): WireError {
  return new WireError({ code: "argument", format: "config", path, offset: 0, expected, actual, spec });
}
