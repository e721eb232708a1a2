/** Tables of TOML while a text is read: what a key names, and which keys are taken. */

/** A value of TOML. Dates, floats and booleans are kept as what they are called: no record has any. */
export type TomlValue = number | bigint | string | readonly TomlValue[] | Table | TableList | OtherValue;

/** A value of a type that no record uses. */
export class OtherValue {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** The tables of an array `[[name]]`. */
export class TableList {
  readonly tables: Table[] = [];
}

/** How a table came to be: a header opens only an implied one later, and dotted keys extend only dotted ones. */
export type TableOrigin = "implied" | "header" | "dotted" | "inline";

/** A table. */
export class Table {
  readonly entries = new Map<string, { readonly value: TomlValue; readonly line: number }>();
  readonly line: number;
  origin: TableOrigin;

  constructor(line: number, origin: TableOrigin) {
    this.line = line;
    this.origin = origin;
  }
}

/** What a value is called in errors. */
export function describe(value: TomlValue): string {
  if (typeof value === "string") return "a string";
  if (typeof value === "number" || typeof value === "bigint") return "an integer";
  if (value instanceof OtherValue) return value.what;
  if (value instanceof Table) return "a table";
  return value instanceof TableList ? "an array of tables" : "an array";
}
