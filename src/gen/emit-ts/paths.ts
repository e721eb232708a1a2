/** How emitted code calls fields: their paths in errors, and their locals. */
import { camel } from "../names.js";

/** A field's path as errors and locals name it: `coins[*].serial`. */
export function join(prefix: string, name: string): string {
  if (name === "") return prefix;
  return prefix === "" ? camel(name) : `${prefix}.${camel(name)}`;
}

/**
 * The local variable that holds a field in emitted code. What else is kept of the field ends in `$` and a word, which
 * no name of a spec can hold; variables that belong to no field begin with `$$`.
 */
export function localOf(path: string): string {
  return `$${path.replaceAll("[*]", "$item").replaceAll(".", "_")}`;
}

/** The local that holds a piece. */
export function pieceLocal(name: string): string {
  return `$${camel(name)}$is`;
}

/** True when code uses a variable. */
export function names(text: string, variable: string): boolean {
  return variable !== "" && new RegExp(`(?<![\\w$])${variable}(?![\\w$])`).test(text);
}
