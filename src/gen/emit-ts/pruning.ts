/** Leaves out of an emitted module what nothing in it asks for. */

/** A declaration that the module keeps for itself. */
const DECLARATION = /^(?:function|const) ([\w$]+)/;
const NAME = /[\w$]+/g;

interface Part {
  /** Null for what stands there in any case. */
  readonly name: string | null;
  readonly lines: string[];
}

/** Drops functions and tables that neither what is exported nor anything that it calls names. */
export function pruned(text: string): string {
  const parts = partsOf(text);
  const byName = new Map(parts.flatMap((part) => (part.name === null ? [] : [[part.name, part] as const])));
  const kept = new Set<Part>(parts.filter(({ name }) => name === null));
  // What is added while the set is gone through is gone through as well.
  for (const part of kept)
    for (const line of part.lines)
      for (const [name] of line.matchAll(NAME)) {
        const named = byName.get(name);
        if (named !== undefined) kept.add(named);
      }
  if (kept.size === parts.length) return text;
  return parts
    .filter((part) => kept.has(part))
    .flatMap(({ lines }) => lines)
    .join("\n");
}

function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let own: Part | undefined;
  for (const line of text.split("\n")) {
    const match = own === undefined ? DECLARATION.exec(line) : null;
    if (match !== null) own = { name: match[1]!, lines: [] };
    if (own === undefined) {
      if (parts.at(-1)?.name !== null) parts.push({ name: null, lines: [] });
      parts.at(-1)!.lines.push(line);
      continue;
    }
    own.lines.push(line);
    // A declaration ends on its own line, or where a line begins with its closing bracket.
    const isWhole = match === null ? /^[}\]]/.test(line) : !/[{[]$/.test(line);
    if (!isWhole) continue;
    parts.push(own);
    own = undefined;
  }
  return parts;
}

/** What code names; not members, and no words of texts and comments. */
export function namesIn(text: string): ReadonlySet<string> {
  // From left to right, so that a quotation mark in a comment opens nothing.
  const code = text.replace(/\/\*.*?(?:\*\/|$)|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|$)/gs, '""');
  return new Set(code.match(/(?<![\w$.])[\w$]+(?![\w$?:])/g));
}
