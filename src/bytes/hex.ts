/** Bytes as hex digits, both ways. */
import type { NewBytes } from "./new-bytes.js";
import { argumentError, WireError } from "../errors.js";
import { kindOf, requireBytes } from "./checks.js";

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Writes lower-case hex, two digits a byte. @throws WireError `argument` */
export function toHex(bytes: Uint8Array): string {
  requireBytes("toHex", "bytes", bytes);
  let text = "";
  for (const byte of bytes) text += DIGITS[byte]!;
  return text;
}

/** Reads hex digits of either case; ignores white space. @throws WireError `argument` with the byte of the bad digit */
export function fromHex(text: string): NewBytes {
  if (typeof text !== "string") {
    throw argumentError("hex", "", "text", kindOf(text));
  }
  const digits = text.replace(/\s+/g, "");
  const bad = /[^0-9a-fA-F]/.exec(digits);
  if (bad !== null || digits.length % 2 !== 0) {
    throw new WireError({
      code: "argument",
      format: "hex",
      path: "",
      offset: bad === null ? digits.length >> 1 : bad.index >> 1,
      expected: "pairs of hex digits",
      actual: bad === null ? `${digits.length} digits` : JSON.stringify(bad[0]),
    });
  }
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
