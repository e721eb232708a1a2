/** A text of TOML and the place up to which it is read: blanks, comments and strings. */
import type { WireError } from "../../../errors.js";

const BLANK = /[ \t]+/y;
const COMMENT = /#[^\n]*/y;
/** Control characters that no comment and no string may have; those of a line end are judged apart. */
// eslint-disable-next-line no-control-regex -- TOML forbids exactly these.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const CARRIAGE_RETURN = /\r(?!\n)/;
const DELIMITERS = new Set([" ", "\t", "\r", "\n", ",", "]", "}", "#"]);
const PLAIN_IN_BASIC = /[^"\\\r\n]+/y;
const PLAIN_IN_LITERAL = /[^'\r\n]+/y;

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\u001b",
  '"': '"',
  "\\": "\\",
};
/** Digits of the escapes by number. */
const ESCAPE_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads a text from its beginning to its end. */
export class TomlText {
  readonly #text: string;
  readonly #issue: (expected: string) => WireError;
  readonly #file: string;
  #at = 0;
  /** The line of the last count, and where it was taken. */
  #line = 1;
  #counted = 0;

  constructor(text: string, issue: (expected: string) => WireError, file: string) {
    this.#text = text;
    this.#issue = issue;
    this.#file = file;
  }

  /** The line of the current place, from 1. */
  get line(): number {
    for (let at = this.#text.indexOf("\n", this.#counted); at >= 0 && at < this.#at;) {
      this.#line++;
      this.#counted = at + 1;
      at = this.#text.indexOf("\n", this.#counted);
    }
    return this.#line;
  }

  /** The current place as `<file>:<line>`. */
  get spec(): string {
    return `${this.#file}:${this.line}`;
  }

  /** What stands at the current place, for errors. */
  get shown(): string {
    return this.atEnd ? "the end of the text" : JSON.stringify(this.#text.slice(this.#at, this.#at + 12));
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Whether a value may end here. */
  get atDelimiter(): boolean {
    return this.atEnd || DELIMITERS.has(this.#text[this.#at]!);
  }

  /** Whether `word` stood here; goes behind it. */
  take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  /** What a sticky expression matches here; goes behind it. */
  match(expression: RegExp): string | undefined {
    const from = this.#at;
    expression.lastIndex = from;
    if (!expression.test(this.#text)) return undefined;
    this.#at = expression.lastIndex;
    return this.#text.slice(from, this.#at);
  }

  /** Skips blanks and comments, and line ends if asked to. */
  skipBlank(lines: boolean): void {
    for (;;) {
      this.#skipSpace();
      if (lines) this.#skipComment();
      if (!lines || !(this.take("\n") || this.take("\r\n"))) return;
    }
  }

  /** Goes to the end of a line on which nothing but a comment may stand. */
  endLine(): void {
    this.#skipSpace();
    this.#skipComment();
    if (!this.atEnd && !this.take("\n") && !this.take("\r\n")) throw this.#issue("the end of the line");
  }

  /** A string in double quotes on one line; undefined if none is here. */
  takeBasicString(): string | undefined {
    if (!this.take('"')) return undefined;
    let value = "";
    for (;;) {
      value += this.#plain(PLAIN_IN_BASIC);
      if (this.take('"')) return value;
      if (!this.take("\\")) throw this.#issue("the end of the string");
      value += this.#escape();
    }
  }

  /** A string in single quotes on one line; undefined if none is here. */
  takeLiteralString(): string | undefined {
    if (!this.take("'")) return undefined;
    const value = this.#plain(PLAIN_IN_LITERAL);
    if (!this.take("'")) throw this.#issue("the end of the string");
    return value;
  }

  /** A string in three quotes of either kind; undefined if none is here. */
  takeMultilineString(): string | undefined {
    const quote = this.take('"""') ? '"' : this.take("'''") ? "'" : undefined;
    if (quote === undefined) return undefined;
    // A line end directly behind the quotes belongs to them.
    if (!this.take("\n")) this.take("\r\n");
    const end = quote.repeat(3);
    const parts: string[] = [];
    for (;;) {
      if (this.take(end)) {
        // Up to two quotes may stand before the closing ones.
        for (let more = 0; more < 2 && this.take(quote); more++) parts.push(quote);
        return parts.join("");
      }
      if (this.atEnd) throw this.#issue("the end of the string");
      if (quote === '"' && this.take("\\")) parts.push(this.#lineContinuation() ?? this.#escape());
      else if (this.take("\r\n") || this.take("\n")) parts.push("\n");
      else if (this.take(quote)) parts.push(quote);
      else parts.push(this.#plainOrRefuse(quote === '"' ? PLAIN_IN_BASIC : PLAIN_IN_LITERAL));
    }
  }

  /** Blanks up to the next text, if a backslash ends a line; undefined if it does not. */
  #lineContinuation(): string | undefined {
    const before = this.#at;
    this.match(BLANK);
    if (this.take("\n") || this.take("\r\n")) {
      while (this.match(BLANK) !== undefined || this.take("\n") || this.take("\r\n"));
      return "";
    }
    this.#at = before;
    return undefined;
  }

  #escape(): string {
    const kind = this.#text[this.#at] ?? "";
    if (Object.hasOwn(ESCAPES, kind)) {
      this.#at++;
      return ESCAPES[kind]!;
    }
    const digits = Object.hasOwn(ESCAPE_DIGITS, kind) ? ESCAPE_DIGITS[kind]! : 0;
    const hex = this.#text.slice(this.#at + 1, this.#at + 1 + digits);
    const code = /^[0-9A-Fa-f]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : Infinity;
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw this.#issue("an escape of TOML");
    this.#at += 1 + digits;
    return String.fromCodePoint(code);
  }

  #plainOrRefuse(expression: RegExp): string {
    const found = this.#plain(expression);
    if (found === "") throw this.#issue("no control character");
    return found;
  }

  /** Characters that stand for themselves. */
  #plain(expression: RegExp): string {
    const from = this.#at;
    const found = this.match(expression) ?? "";
    this.#refuseControls(found, from);
    return found;
  }

  /** As {@link BLANK}, without an expression: records are lists of numbers, with spaces before each. */
  #skipSpace(): void {
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at++;
  }

  #skipComment(): void {
    if (this.#text[this.#at] !== "#") return;
    const from = this.#at;
    const found = this.match(COMMENT)?.replace(/\r$/, "");
    if (found === undefined) return;
    this.#at = from + found.length;
    this.#refuseControls(found, from);
  }

  #refuseControls(text: string, from: number): void {
    const at = Math.max(text.search(CONTROL), text.search(CARRIAGE_RETURN));
    if (at < 0) return;
    this.#at = from + at;
    throw this.#issue("no control character");
  }
}
