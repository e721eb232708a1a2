/** The last touch on emitted code: rules are named where they are checked, and lines wrap. */
import type { SiteTable } from "./code.js";

const COLUMNS_MAX = 120;
/** Separators at which an expression may go on in the next line. */
const SEPARATORS = ["; ", ", ", " || ", " && ", " | ", " + "];

/** Names each rule beside its index. `failSpace` takes a size in that place. */
export function withRuleNames(text: string, tables: readonly SiteTable[]): string {
  const byName = new Map(tables.map((table) => [table.name, table]));
  return text.replace(
    /(?<![\w$])([A-Z$][\w$]*), ([0-9]+)(?=[,)])/g,
    (whole, name: string, index: string, at: number) => {
      const label = byName.get(name)?.labelOf(Number(index));
      const isSize = text.slice(at - "failSpace(".length, at) === "failSpace(";
      return label === undefined || isSize ? whole : `${whole} /* ${label} */`;
    },
  );
}

/** Breaks lines that are too long, where the language allows it; texts are not touched. */
export function wrapped(text: string): string {
  return text.split("\n").flatMap(wrapLine).join("\n");
}

function wrapLine(line: string): string[] {
  if (line.length <= COLUMNS_MAX) return [line];
  const indent = /^ */.exec(line)![0];
  const comment = /^ *\/\*\* (.*) \*\/$/.exec(line)?.[1];
  if (comment !== undefined) return wrapComment(comment, indent);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > COLUMNS_MAX) {
    const at = breakOf(rest, indent.length + 4);
    if (at === undefined) break;
    const head = rest.slice(0, at).trimEnd();
    lines.push(head);
    // A statement of its own, or the body of a condition, is not a part of what stands before it.
    const step = head.endsWith(";") ? "" : /^ *(?:if|for) .*\)$/.test(head) ? "  " : "    ";
    rest = `${indent}${step}${rest.slice(at)}`;
  }
  return [...lines, rest];
}

function wrapComment(text: string, indent: string): string[] {
  const lines = [`${indent}/**`];
  let line = `${indent} *`;
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > COLUMNS_MAX && line.length > indent.length + 2) {
      lines.push(line);
      line = `${indent} *`;
    }
    line += ` ${word}`;
  }
  return [...lines, line, `${indent} */`];
}

/**
 * Where a line can be broken before the last column: behind a separator that stands in no text and no comment, in as
 * few brackets as can be; a statement behind a condition goes into the next line.
 */
function breakOf(line: string, least: number): number | undefined {
  let quote = "";
  let depth = 0;
  let best: { readonly at: number; readonly depth: number } | undefined;
  const isHeaded = /^ *(?:if|for|switch) \(/.test(line);
  for (let i = 0; i < line.length && i <= COLUMNS_MAX; i++) {
    const char = line[i]!;
    if (quote === "/*") {
      if (char === "*" && line[i + 1] === "/") quote = "";
      continue;
    }
    if (quote !== "") {
      if (char === "\\") i++;
      else if (char === quote) quote = "";
      continue;
    }
    if (char === '"' || char === "`" || char === "'") quote = char;
    else if (char === "/" && line[i + 1] === "*") quote = "/*";
    else if (char === "/" && line[i + 1] === "/") break;
    if ("([{".includes(char)) depth++;
    if (")]}".includes(char)) depth--;
    const isHead = isHeaded && depth === 0 && char === ")" && line[i + 1] === " " && line[i + 2] !== "{";
    const separator = isHead ? ") " : SEPARATORS.find((each) => line.startsWith(each, i));
    if (separator === undefined || i + separator.trimEnd().length > COLUMNS_MAX) continue;
    const at = i + separator.length;
    if (at > least && (best === undefined || depth <= best.depth)) best = { at, depth };
    // Nothing parts a statement better from its condition.
    if (isHead) return at;
  }
  return best?.at;
}
