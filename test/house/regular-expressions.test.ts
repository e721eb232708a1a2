/** Every regular expression of `src/` searches in linear time. */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesOf, root } from "./tree.js";

/**
 * The lengths of the texts. A linear search of 20,000 characters takes 0.1 ms, a quadratic one 500 ms. An exponential
 * search is seen at 24 characters, before it hangs.
 */
const LENGTHS = [24, 20_000];
/** The longest time of a search. */
const MS_MAX = 60;
/** Searches are repeated, since one may be slow because of load. */
const TRIES = 2;

/** A regular expression in a source file. */
interface Found {
  readonly file: string;
  readonly literal: string;
}

function literalsOf(url: URL): Found[] {
  const found: Found[] = [];
  const file = url.pathname.slice(root.pathname.length);
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push({ file, literal: node.text });
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(file, readFileSync(url, "utf8"), ts.ScriptTarget.Latest));
  return found;
}

function expressionOf(literal: string): RegExp {
  const end = literal.lastIndexOf("/");
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
}

/** Characters to try: those in the source of an expression, and one of each class. */
function charactersOf({ source }: RegExp): string[] {
  return [...new Set([...source.replace(/\\[a-zA-Z]/g, ""), "0", "a", " ", "\n", "\t"])];
}

/** Texts of many repeated characters whose end matches nothing. */
function* attacks(expression: RegExp): Generator<string> {
  const characters = charactersOf(expression);
  for (const length of LENGTHS) {
    for (const one of characters) {
      for (const other of characters) {
        yield `${other}${one.repeat(length)}\n\u0001`;
        if (one < other) yield `${(one + other).repeat(length / 2)}\n\u0001`;
      }
    }
  }
}

function takesLong(expression: RegExp, text: string): boolean {
  for (let i = 0; i < TRIES; i++) {
    expression.lastIndex = 0;
    const began = performance.now();
    if (expression.global) text.replace(expression, "");
    else expression.exec(text);
    if (performance.now() - began < MS_MAX) return false;
  }
  return true;
}

/** The beginning of a text that makes an expression slow; undefined if none does. */
function weakness(expression: RegExp): string | undefined {
  for (const text of attacks(expression)) if (takesLong(expression, text)) return JSON.stringify(text.slice(0, 8));
  return undefined;
}

describe("regular expressions", () => {
  const literals = filesOf(new URL("src/", root))
    .filter(({ pathname }) => pathname.endsWith(".ts"))
    .flatMap(literalsOf);

  it("are found", () => {
    expect(literals.length).toBeGreaterThan(50);
  });

  it("take time that grows linearly with the text", { timeout: 120_000 }, () => {
    const weak = literals.flatMap(({ file, literal }) => {
      const why = weakness(expressionOf(literal));
      return why === undefined ? [] : [`${file} ${literal}: ${why}`];
    });
    expect(weak).toEqual([]);
  });

  it.each([/(-?\d+)ms/g, /[?#].*$/, /_+([a-z0-9])/g, /^\s*\[+\s*([^\]]+?)\s*\]/, /^(?:a+)+$/])(
    "%s is found to be slow",
    (weak) => {
      expect(weakness(weak)).toBeDefined();
    },
  );
});
