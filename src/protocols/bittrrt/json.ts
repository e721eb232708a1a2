/** What messages are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** JSON as Python's `json.dumps` writes it: a space behind commas and colons, and ASCII alone. */
export function writeJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return ascii(JSON.stringify(value));
  const members = Object.entries(value as Readonly<Record<string, Json>>);
  return `{${members.map(([name, member]) => `${writeJson(name)}: ${writeJson(member)}`).join(", ")}}`;
}

/**
 * The members of a JSON object, however it is spaced; undefined for anything else. Python takes NaN, Infinity and
 * -Infinity for numbers: here they are null, which no message has a use for either.
 */
export function readJsonObject(text: string): ReadonlyMap<string, unknown> | undefined {
  const value = parse(text) ?? (NOT_FINITE.test(text) ? parse(withoutNotFinite(text)) : undefined);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? new Map(Object.entries(value as object)) : undefined;
}

const NOT_FINITE = /NaN|Infinity/;

/** Strings stay as they are, also one that does not end: it is no JSON in any case. */
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
