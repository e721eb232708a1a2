/** Checks of the lengths of keys and ciphertexts. */
import { kindOf } from "../../bytes/checks.js";
import { isBytes } from "../../bytes/index.js";
import { argumentError, WireError } from "../../errors.js";

/** @throws WireError `argument` for anything but bytes, `length` for bytes of another length */
export function requireOf(format: string, path: string, value: Uint8Array, length: number): void {
  if (!isBytes(value)) throw argumentError(format, path, "a Uint8Array", kindOf(value));
  if (value.length === length) return;
  throw new WireError({ code: "length", format, path, expected: `${length} bytes`, actual: `${value.length}` });
}
