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
