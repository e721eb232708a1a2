/** Emitted code: its lines, positions in the bytes, and the table of rules. */
import type { WireErrorCode } from "../../errors.js";

/** Lines of emitted code with their indentation. */
export class Code {
  readonly #lines: string[] = [];
  #depth = 0;

  line(text = ""): this {
    this.#lines.push(text === "" ? "" : "  ".repeat(this.#depth) + text);
    return this;
  }

  /** Lines that another code has made. */
  text(lines: string): this {
    for (const line of lines.split("\n")) if (line !== "") this.line(line);
    return this;
  }

  /** `head {`, the body one step in, `}` and `tail`. */
  block(head: string, body: () => void, tail = ""): this {
    this.line(`${head} {`);
    this.#depth++;
    body();
    this.#depth--;
    return this.line(`}${tail}`);
  }

  /** A doc comment; nothing when there is nothing to say. */
  doc(...sentences: string[]): this {
    const text = sentences
      .filter((sentence) => sentence !== "")
      .join(" ")
      .replace(/\s+/g, " ")
      .replaceAll("*/", "* /");
    if (text !== "") this.line(`/** ${text} */`);
    return this;
  }

  toString(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}

/** A position in the bytes: a variable and a number of bytes from it. */
export interface Cursor {
  readonly base: string;
  readonly add: number;
}

export function pos(cursor: Cursor, more = 0): string {
  const add = cursor.add + more;
  if (add === 0) return cursor.base;
  return add > 0 ? `${cursor.base} + ${add}` : `${cursor.base} - ${-add}`;
}

/** One position or number less another. */
export function less(from: string, by: string): string {
  return `${from} - ${by.includes(" ") ? `(${by})` : by}`;
}

/** A number less another, divided. */
export function shareOf(number: string, minus: number, by: number): string {
  const rest = minus === 0 ? number : minus > 0 ? `${number} - ${minus}` : `${number} + ${-minus}`;
  return by === 1 ? rest : `(${rest}) / ${by}`;
}

export function advance(cursor: Cursor, by: number): Cursor {
  return { base: cursor.base, add: cursor.add + by };
}

export interface Origin {
  readonly file: string;
  readonly line: number;
}

/** A rule: its code, the path, where the spec says so, what is expected, whether the value is secret. */
export type RuleArguments = [code: WireErrorCode, path: string, origin: Origin, expected: string, secret?: boolean];

/** The statement that refuses by a rule. @param extra what follows the position: `, actual, item` */
export type Refuse = (
  code: WireErrorCode,
  path: string,
  origin: Origin,
  expected: string,
  at: string,
  extra?: string,
  secret?: boolean,
) => string;

function labelOf([code, path]: RuleArguments): string {
  return path === "" ? code : `${path}: ${code}`;
}

/** Rules of one format, collected while its code is emitted; the code names them by table and index. */
export class SiteTable {
  readonly name: string;
  readonly #file: string;
  readonly #base: SiteTable | undefined;
  readonly #rows: string[] = [];
  readonly #labels: string[] = [];
  readonly #index = new Map<string, number>();

  readonly #label: (rule: RuleArguments) => string;

  /**
   * @param label what a rule is called where it is checked
   * @param base another table of the format; what it has is not added again
   */
  constructor(name: string, file: string, label = labelOf, base?: SiteTable) {
    this.name = name;
    this.#file = file;
    this.#label = label;
    this.#base = base;
  }

  /** Adds a rule, or finds it. The rule of a shared part names its own file. @returns `T_SITES, 4` */
  add(...rule: RuleArguments): string {
    const row = this.#row(...rule);
    const known = this.#find(row);
    if (known !== undefined) return known;
    this.#index.set(row, this.#rows.length);
    this.#labels.push(this.#label(rule));
    return this.#placeOf(this.#rows.push(row) - 1);
  }

  #find(row: string): string | undefined {
    const index = this.#index.get(row);
    if (index !== undefined) return this.#placeOf(index);
    return this.#base === undefined ? undefined : this.#base.#find(row);
  }

  #placeOf(index: number): string {
    return `${this.name}, ${index}`;
  }

  /** What a rule is called where it is checked. */
  labelOf(index: number): string | undefined {
    return this.#labels[index];
  }

  #row(...[code, path, origin, expected, secret = false]: RuleArguments): string {
    const line = origin.file === this.#file ? origin.line : JSON.stringify(`${origin.file}:${origin.line}`);
    return `[${JSON.stringify(code)}, ${JSON.stringify(path)}, ${line}, ${JSON.stringify(expected)}${secret ? ", 1" : ""}]`;
  }

  /** Adds two rules one behind the other. @returns the place of the first */
  addPair(...pair: [first: RuleArguments, second: RuleArguments]): string {
    const rows = pair.map((rule) => this.#row(...rule));
    for (let i = 0; i + 1 < this.#rows.length; i++)
      if (this.#rows[i] === rows[0] && this.#rows[i + 1] === rows[1]) return this.#placeOf(i);
    this.#labels.push(...pair.map(this.#label));
    return this.#placeOf(this.#rows.push(...rows) - 2);
  }

  /** @param type what the emitted module calls the type of the table */
  emit(code: Code, format: string, type: string): void {
    code.block(
      `const ${this.name}: ${type} =`,
      () => {
        code
          .line(`format: ${JSON.stringify(format)},`)
          .line(`file: ${JSON.stringify(this.#file)},`)
          .line("sites: [");
        for (const row of this.#rows) code.line(`  ${row},`);
        code.line("],");
      },
      ";",
    );
  }
}

/**
 * The tables of one format: a bundle that only reads it, or only writes it, or has no bigint, brings the rules of what
 * it does and no others.
 */
export class FormatTables {
  readonly all: readonly SiteTable[];
  readonly #format: string;

  /** @param name of the table of what reads */
  constructor(name: string, file: string, format: string) {
    this.#format = format;
    const [reading, writing] = [name, `${name}$WRITTEN`].map((each) => new SiteTable(each, file));
    // No name of a spec has a `$`.
    const big = [reading!, writing!].map((base) => new SiteTable(`${base.name}$BIG`, file, undefined, base));
    this.all = [reading!, writing!, ...big];
  }

  /** The rules of what reads. @param big with 64-bit integers as bigint */
  reading(big: boolean): SiteTable {
    return this.all[big ? 2 : 0]!;
  }

  /** The rules of what writes. */
  writing(big: boolean): SiteTable {
    return this.all[big ? 3 : 1]!;
  }

  /** @param type what the emitted module calls the type of a table */
  emit(code: Code, type: string): void {
    for (const table of this.all) table.emit(code, this.#format, type);
  }
}
