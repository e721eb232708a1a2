/** JSON as Python writes and reads it. */

/** A value of a message. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Encodes JSON as Python's `json.dumps` does: a space behind commas and colons, ASCII alone. */
export function writeJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return ascii(JSON.stringify(value));
  const members = Object.entries(value as Readonly<Record<string, Json>>);
  return `{${members.map(([name, member]) => `${writeJson(name)}: ${writeJson(member)}`).join(", ")}}`;
}

/**
 * The members of a JSON object; undefined for any other text. Python accepts NaN, Infinity and -Infinity as numbers:
 * here they become null, which no message uses either.
 */
export function readJsonObject(text: string): ReadonlyMap<string, unknown> | undefined {
  const value = parse(text) ?? (NOT_FINITE.test(text) ? parse(withoutNotFinite(text)) : undefined);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? new Map(Object.entries(value as object)) : undefined;
}

const NOT_FINITE = /NaN|Infinity/;

/** The text with null for numbers that are not finite. Strings stay, even one that does not end, which is no JSON. */
function withoutNotFinite(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[^])*"?|NaN|-?Infinity/g, (part) => (part.startsWith('"') ? part : "null"));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
