/** Arguments that are bytes, texts and parameters. */
import { existsSync, readFileSync } from "node:fs";
import { fromHex } from "../bytes/index.js";
import { argumentError } from "../errors.js";

/**
 * The bytes of an argument: hex, a file, or `-` for standard input. A file of hex digits and white space alone is read
 * as hex, any other as raw bytes.
 */
export function readBytes(argument: string): Uint8Array {
  if (argument === "-") return bytesOfFile(readFileSync(0));
  if (/^[0-9a-fA-F\s]*$/.test(argument) && !existsSync(argument)) return fromHex(argument);
  return bytesOfFile(readFile(argument));
}

/** The text of an argument: JSON, a file, or `-` for standard input. */
export function readText(argument: string): string {
  if (argument === "-") return readFileSync(0, "utf8");
  return /^\s*[[{]/.test(argument) ? argument : new TextDecoder().decode(readFile(argument));
}

/** The bytes of a file. @throws WireError `argument` for a file that cannot be read */
export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw argumentError("input", "", "hex digits or a file", `${path} (${reason})`, { cause });
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
  const isHex =
    bytes.length > 0 &&
    bytes.every(
      (b) =>
        (b >= 0x30 && b <= 0x39) ||
        (b >= 0x41 && b <= 0x46) ||
        (b >= 0x61 && b <= 0x66) ||
        b === 0x20 ||
        (b >= 0x09 && b <= 0x0d),
    );
  return isHex ? fromHex(new TextDecoder().decode(bytes)) : bytes;
}
