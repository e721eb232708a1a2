/** Texts that can be written as UTF-8. */
import { argumentError, WireError } from "../../errors.js";

/** @throws WireError `text` for half of a surrogate pair, which has no UTF-8; `argument` for what is no text */
export function requireWellFormed(format: string, path: string, text: string): void {
  // Callers without types may pass anything.
  if (typeof text !== "string") throw argumentError(format, path, "text", typeof text);
  const at = text.search(/\p{Surrogate}/u);
  if (at < 0) return;
  const actual = `half of a surrogate pair at character ${at}`;
  throw new WireError({ code: "text", format, path, expected: "Unicode", actual });
}
