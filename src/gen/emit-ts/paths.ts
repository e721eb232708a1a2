/** How emitted code calls fields: their paths in errors, and their locals. */
import { camel, RESERVED } from "../names.js";
import type { Refusal } from "../plan/plan.js";
import type { SiteTable } from "./code.js";

/** A field's path as errors and locals name it: `coins[*].serial`. */
export function join(prefix: string, name: string): string {
  if (name === "") return prefix;
  return prefix === "" ? camel(name) : `${prefix}.${camel(name)}`;
}

/** The path of a field of a plan, as errors name it: `coins[*].serial`. */
export function camelPath(path: string): string {
  return path.split(".").map(camel).join(".");
}

/** The place of a rule in the tables of a format: `T_SITES, 4`. */
export function siteOf(sites: SiteTable, { code, path, expected, secret, ...where }: Refusal): string {
  return sites.add(code, camelPath(path), where, expected, secret);
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

/** The local that holds what a writer tells of a field that may be left out. */
export function tagLocal(name: string): string {
  return `$${camel(name)}$told`;
}

/** True when code uses a variable. */
export function names(text: string, variable: string): boolean {
  return variable !== "" && new RegExp(`(?<![\\w$])${variable.replaceAll("$", "\\$")}(?![\\w$])`).test(text);
}

/** A variable of a function, with the mark of those that its text does not name. `bytes` also stands in sentences. */
export function marked(variable: string, text: string): string {
  const isNamed = variable === "bytes" ? /(?<![\w$])bytes[[.,)]/.test(text) : names(text, variable);
  return isNamed ? variable : `_${variable}`;
}

/** Variables of emitted functions that take parameters. */
const VARIABLES: ReadonlySet<string> = new Set([
  "arguments",
  "at",
  "bytes",
  "c",
  "crc32",
  "end",
  "eval",
  "i",
  "isBare",
  "k",
  "p",
  "q",
  "r",
  "s",
  "tag",
  "value",
  "w",
]);
/** Functions of the runtime that emitted functions call. */
const HELPERS = new RegExp(
  `^(?:${[
    "next|enter|leave|foreign|wideBits|within|inside|skipVarint|varintAt|listOf|lengthOf|bytesLength|utf8Length|varintLength|bytesColumn",
    "adler32|sum8|xor8|internetChecksum|crc16|longCrc32|raise",
    "fail\\w*|refuse\\w*|require\\w*",
    "big(?:Put|Signed|Unsigned)(?:Little)?|putSafe(?:Little)?|uint32At(?:Little)?",
    "asciiAt|textAt|readAscii|readUtf8|readFloat|readVarint|asciiBytes|utf8Bytes|writeFloat|writeText|writeVarint",
  ].join("|")})$`,
);

/** What emitted functions call a parameter: its own name, unless they need that for themselves. */
export function paramLocal(name: string): string {
  const own = camel(name);
  return RESERVED.has(own) || VARIABLES.has(own) || HELPERS.test(own) ? `$${own}` : own;
}

/** A list that ends in a comma, `n: number, `, as it stands behind other parameters: `, n: number`. */
export function behind(list: string): string {
  return list === "" ? "" : `, ${list.slice(0, -2)}`;
}

/** How often code has each word. */
function wordCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.split(/[^\w$]+/)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Code without the positions that none of its lines uses. */
export function withoutUnusedMarks(code: string): string {
  let text = code;
  for (let before = ""; before !== text;) {
    before = text;
    const counts = wordCounts(text);
    text = text.replace(/^ *const (\$\$p\d+) = .*\n/gm, (line, name: string) => (counts.get(name)! > 1 ? line : ""));
  }
  return text;
}
