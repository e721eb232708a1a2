/** The outline of a `.proto` file: what is declared at which line, and what of it no codec can be made of. */
import { protobuf } from "./protobufjs.js";
import { Mistakes, specError } from "../../source.js";
import { REFUSED, type Refused } from "./support.js";

/** Lines of declarations by their names inside the package: `Outer.Inner.field`. */
export type Outline = ReadonlyMap<string, number>;

interface Word {
  readonly text: string;
  readonly line: number;
}

/** Declarations whose names are part of the names of what they hold. */
const NAMED = ["message", "enum", "service"];

/**
 * Reads a file as far as names and lines go; the parser, which knows no lines of what it accepts, reads the rest.
 * @throws WireError `spec` for what is not supported, with file and line of each
 */
export function outlineOf(file: string, text: string): Outline {
  const mistakes = new Mistakes();
  const lines = new Map<string, number>();
  const scopes: string[] = [];
  let hasSyntax = false;
  let statement: Word[] = [];
  const refuse = (kind: Refused, { line, text: found }: Word): void => {
    mistakes.attempt(() => {
      throw specError(`${file}:${line}`, `'${found}' is not supported: ${REFUSED[kind]}`);
    });
  };
  const declare = ({ text: name, line }: Word): void => {
    if (name === "__proto__") refuse("__proto__", { text: name, line });
    lines.set([...scopes, name].filter((scope) => scope !== "").join("."), line);
  };
  const close = (opens: boolean): void => {
    const [first, second, third] = statement;
    const equals = statement.findIndex((word) => word.text === "=");
    const label = first?.text ?? "";
    if (label === "syntax" || label === "edition") {
      const version = statement.at(-1)!;
      hasSyntax = true;
      if (label === "edition") refuse("edition", { text: `edition ${version.text}`, line: version.line });
      else if (version.text !== "proto3") refuse("proto2", { text: version.text, line: version.line });
    }
    if (label === "required" || label === "extensions") refuse(label, first!);
    if (label === "extend" && !(second?.text ?? "").replace(/^\./, "").startsWith("google.protobuf.")) {
      refuse("extend", first!);
    }
    if (label === "group") refuse("group", first!);
    else if (second?.text === "group" && third?.text !== "=") refuse("group", second);
    if (NAMED.includes(label) && second !== undefined && opens) declare(second);
    else if (label === "oneof" && second !== undefined && opens) declare(second);
    else if (equals > 0 && label !== "option" && label !== "syntax" && label !== "edition") {
      declare(statement[equals - 1]!);
    }
    if (opens) scopes.push(NAMED.includes(label) && second !== undefined ? second.text : "");
    statement = [];
  };
  for (const word of wordsOf(file, text)) {
    if (word.text === "{") close(true);
    else if (word.text === ";") close(false);
    else if (word.text === "}") {
      statement = [];
      scopes.pop();
    } else statement.push(word);
  }
  if (!hasSyntax) refuse("proto2", { text: 'a file without syntax = "proto3"', line: 1 });
  mistakes.tell();
  return lines;
}

/** The words of a file; a quoted text is one word. */
function wordsOf(file: string, text: string): Word[] {
  const { next, ...tokens } = tokenizerOf(text);
  const words: Word[] = [];
  try {
    for (let token = next(); token !== null; token = next()) {
      const line = tokens.at();
      if (token !== '"' && token !== "'") {
        words.push({ text: token, line });
        continue;
      }
      words.push({ text: next() ?? "", line });
      next();
    }
  } catch (error) {
    throw parserError(file, error);
  }
  return words;
}

function tokenizerOf(text: string): { readonly next: () => string | null; readonly at: () => number } {
  const tokens = protobuf.tokenize(text, true);
  return { next: () => tokens.next(), at: () => tokens.line };
}

/** What the parser says, with its line where it tells one. */
export function parserError(file: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const line = /line (\d+)\)$/.exec(message)?.[1];
  const what = line === undefined ? message : message.slice(0, message.lastIndexOf(" ("));
  // The parser catches the end of its stack, or counts.
  const told = /call stack|max depth/.test(message) ? "nests too deeply" : what;
  return specError(`${file}:${line ?? 1}`, told);
}
