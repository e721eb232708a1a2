/** A scanner of JSON over bytes (RFC 8259), which makes no text of what it skips: a reply holds keys. */
import { WireError, type WireErrorCode } from "../../../errors.js";

/** Depth of arrays and objects in a reply; replies of ETSI GS QKD 014 need 4 and extensions of vendors a few more. */
export const DEPTH_MAX = 8;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Names that are compared are short; a longer name is unknown whatever it says. */
const NAME_UNITS_MAX = 64;

/** Where the content of a string lies, without its quotes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Reads one JSON text from its start to its end. Every error has the offset of the byte that is wrong. */
export class Scanner {
  readonly bytes: Uint8Array;
  readonly #format: string;
  #at = 0;
  #depth = 0;

  /** @param bytes borrowed, never changed @param format the name of the reply in errors */
  constructor(bytes: Uint8Array, format: string) {
    this.bytes = bytes;
    this.#format = format;
  }

  /** The offset of the next byte. */
  get at(): number {
    return this.#at;
  }

  /** The error of a value that is not what it should be, for the caller to throw. */
  refusal(code: WireErrorCode, path: string, at: number, expected: string, actual?: string): WireError {
    return new WireError({ code, format: this.#format, path, offset: at, expected, actual });
  }

  /** The next byte that is not blank, without taking it; -1 at the end. */
  peek(): number {
    const { bytes } = this;
    for (; this.#at < bytes.length; this.#at++) {
      const byte = bytes[this.#at]!;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
    }
    return -1;
  }

  /** Refuses whatever follows the value but blanks. */
  end(): void {
    if (this.peek() !== -1) throw this.refusal("trailing", "", this.#at, "the end of the reply");
  }

  /**
   * Reads an object; `member` is called for each of its names and reads the value or lets {@link skip} do so.
   * @param member `name` is its text, empty for one of more than 64 characters; `at` its offset
   */
  object(path: string, member: (name: string, at: number) => void): void {
    this.#open("{", path);
    if (this.#closes("}")) return;
    do {
      if (this.peek() !== QUOTE) throw this.#wrong(path, "the name of a member");
      const at = this.#at;
      const name = this.#name(path);
      this.#take(":", path);
      member(name, at);
    } while (this.#goesOn("}", path));
  }

  /** Reads an array; `item` is called for each item and reads it. @param item `at` is its offset */
  array(path: string, item: (index: number, at: number) => void): void {
    this.#open("[", path);
    if (this.#closes("]")) return;
    let index = 0;
    do {
      this.peek();
      item(index++, this.#at);
    } while (this.#goesOn("]", path));
  }

  /** Checks a string and says where its content lies, without making a text of it. */
  span(path: string): Span {
    if (this.peek() !== QUOTE) throw this.#wrong(path, "a string");
    const { bytes } = this;
    const start = ++this.#at;
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at]!;
      if (byte === QUOTE) return { start, end: this.#at++ };
      if (byte === BACKSLASH) this.#at += escapeLength(bytes, this.#at) || this.#badString(path);
      else if (byte >= 0x80) this.#at += utf8Length(bytes, this.#at) || this.#badString(path);
      else if (byte < 0x20) this.#badString(path);
      else this.#at++;
    }
    throw this.#wrong(path, "the end of a string");
  }

  /** A string as text: only for what is no secret. @param unitsMax a longer string is cut there */
  text(path: string, unitsMax: number): string {
    const { start, end } = this.span(path);
    let text = "";
    let at = start;
    while (at < end && text.length <= unitsMax) {
      // More bytes than that are more characters than asked for; the last may be half a one, which is cut off.
      const piece = this.bytes.subarray(at, Math.min(end, at + 4 * unitsMax + 4));
      const escape = piece.indexOf(BACKSLASH);
      const length = escape < 0 ? piece.length : escape;
      text += UTF8.decode(piece.subarray(0, length));
      at += length;
      if (escape < 0) continue;
      text += String.fromCharCode(unitOf(this.bytes, at));
      at += escapeLength(this.bytes, at);
    }
    return text.slice(0, unitsMax);
  }

  /** A whole number from 0 to 2^53 - 1, in any form of JSON: 256, 256.0 and 2.56e2 are the same. */
  count(path: string): number {
    this.peek();
    const at = this.#at;
    const value = Number(this.#number(path));
    if (Number.isSafeInteger(value) && value >= 0) return Math.abs(value);
    throw this.refusal("range", path, at, "a whole number from 0 to 2^53-1");
  }

  /** Checks a value of any kind and passes over it. */
  skip(path: string): void {
    const first = this.peek();
    if (first === QUOTE) this.span(path);
    else if (first === 0x7b) this.object(path, () => this.skip(path));
    else if (first === 0x5b) this.array(path, () => this.skip(path));
    else if (first === 0x2d || (first >= 0x30 && first <= 0x39)) this.#number(path);
    else this.#literal(path);
  }

  /** The text of a number, checked. */
  #number(path: string): string {
    this.peek();
    const { bytes } = this;
    const start = this.#at;
    let end = start;
    while (end < bytes.length && isNumeric(bytes[end]!)) end++;
    const text = UTF8.decode(bytes.subarray(start, end));
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) throw this.#wrong(path, "a number");
    this.#at = end;
    return text;
  }

  #literal(path: string): void {
    const word = ["true", "false", "null"].find((each) => this.#startsWith(each));
    if (word === undefined) throw this.#wrong(path, "a value");
    this.#at += word.length;
  }

  #startsWith(word: string): boolean {
    for (let i = 0; i < word.length; i++) if (this.bytes[this.#at + i] !== word.charCodeAt(i)) return false;
    return true;
  }

  #name(path: string): string {
    const name = this.text(path, NAME_UNITS_MAX + 1);
    return name.length > NAME_UNITS_MAX ? "" : name;
  }

  #open(bracket: string, path: string): void {
    this.#take(bracket, path, bracket === "{" ? "an object" : "an array");
    if (++this.#depth > DEPTH_MAX) {
      throw this.refusal("limit", path, this.#at - 1, `at most ${DEPTH_MAX} arrays and objects in each other`);
    }
  }

  /** Takes the closing bracket if it comes next. */
  #closes(bracket: string): boolean {
    if (this.peek() !== bracket.charCodeAt(0)) return false;
    this.#at++;
    this.#depth--;
    return true;
  }

  /** Takes a comma, after which another item has to come, or the closing bracket. */
  #goesOn(bracket: string, path: string): boolean {
    if (this.#closes(bracket)) return false;
    this.#take(",", path, `a comma or ${bracket}`);
    return true;
  }

  #take(character: string, path: string, expected = character): void {
    if (this.peek() !== character.charCodeAt(0)) throw this.#wrong(path, expected);
    this.#at++;
  }

  /** The error of the next byte, which is not shown: it may be one of a key. */
  #wrong(path: string, expected: string): WireError {
    const isShort = this.#at >= this.bytes.length;
    return this.refusal(isShort ? "short" : "text", path, Math.min(this.#at, this.bytes.length), expected);
  }

  #badString(path: string): never {
    throw this.refusal("text", path, this.#at, "a string of valid characters and escapes");
  }
}

const UTF8 = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

function isNumeric(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e || (byte | 0x20) === 0x65;
}

/** The bytes of an escape at `at`; 0 for none that JSON knows. */
export function escapeLength(bytes: Uint8Array, at: number): number {
  const kind = bytes[at + 1];
  if (kind === undefined) return 0;
  if (kind !== 0x75) return Object.hasOwn(ESCAPES, String.fromCharCode(kind)) ? 2 : 0;
  for (let i = 2; i < 6; i++) if (hexDigit(bytes[at + i] ?? 0) < 0) return 0;
  return 6;
}

/** The UTF-16 code unit of a valid escape at `at`. */
export function unitOf(bytes: Uint8Array, at: number): number {
  const kind = bytes[at + 1]!;
  if (kind !== 0x75) return ESCAPES[String.fromCharCode(kind)]!.charCodeAt(0);
  let unit = 0;
  for (let i = 2; i < 6; i++) unit = unit * 16 + hexDigit(bytes[at + i]!);
  return unit;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** The bytes of the character above U+007F at `at`; 0 if they are not valid UTF-8 (RFC 3629 §4). */
function utf8Length(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  const isBad =
    (first === 0xe0 && second < 0xa0) ||
    (first === 0xed && second > 0x9f) ||
    (first === 0xf0 && second < 0x90) ||
    (first === 0xf4 && second > 0x8f);
  return isBad ? 0 : length;
}
