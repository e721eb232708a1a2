/** Arguments that are bytes, texts and parameters. */
import { existsSync, readFileSync, readSync } from "node:fs";
import { fromHex } from "../bytes/index.js";
import { argumentError } from "../errors.js";

/** How long to wait where standard input has nothing yet. */
const STDIN_WAIT_MS = 5;

/**
 * The bytes of an argument: hex, a file, or `-` for standard input. A file of hex alone is read as hex, any other as
 * raw bytes. Hex may have white space, colons and `0x` between its digits.
 */
export function readBytes(argument: string): Uint8Array {
  if (argument === "-") return bytesOfFile(readStdin());
  const digits = hexIn(argument);
  if (digits !== undefined && !existsSync(argument)) return fromHex(digits);
  return bytesOfFile(readFile(argument, "hex digits or a file"));
}

/** The text of an argument: JSON, a file, or `-` for standard input. */
export function readText(argument: string): string {
  if (argument === "-") return textOf(readStdin());
  return /^\s*[[{]/.test(argument) ? argument : textOf(readFile(argument, "JSON or a file"));
}

/** All of standard input. A terminal or a pipe that does not block has nothing to read at times. */
function readStdin(): Uint8Array {
  const parts: Uint8Array[] = [];
  const part = new Uint8Array(65_536);
  for (;;) {
    try {
      const size = readSync(0, part);
      if (size === 0) return Buffer.concat(parts);
      parts.push(part.slice(0, size));
    } catch (cause) {
      const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
      // Windows reports the end of a pipe as an error.
      if (reason === "EOF") return Buffer.concat(parts);
      if (reason !== "EAGAIN") throw argumentError("input", "", "standard input", reason, { cause });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STDIN_WAIT_MS);
    }
  }
}

/**
 * The bytes of a file.
 * @param expected what the user may have given in its place
 * @throws WireError `argument` for a file that cannot be read
 */
export function readFile(path: string, expected = "a file"): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw argumentError("input", "", expected, `${path} (${reason})`, { cause });
  }
}

/** Parses `name=number` options. @throws WireError `argument` */
export function readParams(pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const match = /^([a-zA-Z_][a-zA-Z0-9_]*)=(\d+)$/.exec(pair);
      if (match === null) throw argumentError("input", "param", "name=number", pair);
      return [match[1]!, Number(match[2])];
    }),
  );
}

function bytesOfFile(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0 || !bytes.every(isOfHex)) return bytes;
  const digits = hexIn(textOf(bytes));
  return digits === undefined || digits === "" ? bytes : fromHex(digits);
}

/** Whether a file of hex may have such a byte: digits, white space, colons, `0x`, and byte order marks. */
function isOfHex(b: number): boolean {
  const isDigit = (b >= 0x30 && b <= 0x3a) || (b >= 0x41 && b <= 0x46) || (b >= 0x61 && b <= 0x66);
  return isDigit || b === 0x20 || (b >= 0x09 && b <= 0x0d) || MORE_OF_HEX.has(b);
}

/** `x`, byte order marks, and the zeros of UTF-16. */
const MORE_OF_HEX = new Set([0x58, 0x78, 0xef, 0xbb, 0xbf, 0xfe, 0xff, 0]);

/**
 * The digits of hex as people write it; undefined for any other text.
 * @throws WireError `argument` for a digit that is alone between colons: to some a byte, to others half of one
 */
function hexIn(text: string): string | undefined {
  const groups = text.replace(/(^|[\s:])0x(?=[0-9a-f])/gi, "$1").split(":");
  if (groups.some((group) => /[^0-9a-f\s]/i.test(group))) return undefined;
  if (groups.length === 1) return groups[0]!;
  const digits = groups.map((group) => group.replace(/\s+/g, ""));
  if (digits.every((group) => group === "")) return undefined;
  const odd = digits.find((group) => group.length % 2 !== 0);
  if (odd !== undefined) throw argumentError("hex", "", "pairs of hex digits between colons", odd);
  return digits.join("");
}

/** A text in UTF-8, or in UTF-16 if its byte order mark says so, without the mark. */
function textOf(bytes: Uint8Array): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}
