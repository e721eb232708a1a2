/** Texts that can be written as UTF-8. */
import { WireError } from "../../errors.js";

/** @throws WireError `text` for half of a surrogate pair, which has no UTF-8 */
export function requireWellFormed(format: string, path: string, text: string): void {
  const at = text.search(/\p{Surrogate}/u);
  if (at < 0) return;
  const actual = `half of a surrogate pair at character ${at}`;
  throw new WireError({ code: "text", format, path, expected: "Unicode", actual });
}
