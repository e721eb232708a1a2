/** Proves that what was written is read as the value that was given. */
import { isBytes, kindOf } from "../../bytes/checks.js";
import { isWireError, WireError } from "../../errors.js";
import { isSame } from "./operators.js";
import { COMPUTED } from "./session.js";

/**
 * Throws unless bytes are read as the value that they were written from: a value whose counts, conditions or constants
 * contradict each other, or whose positions overlap, has no bytes.
 * @param read reads what bytes hold, without computed values
 */
export function requireReadable(format: string, value: unknown, read: () => unknown): void {
  let path: { path: string; what: string } | undefined;
  try {
    path = difference(value, read(), "");
  } catch (error) {
    if (!isWireError(error)) throw error;
    throw new WireError({ ...error.toJSON(), actual: `${error.actual ?? ""} in what would be written`.trim() });
  }
  if (path === undefined) return;
  const expected = "a value that its own bytes are read as";
  throw new WireError({ code: "argument", format, path: path.path, expected, actual: path.what });
}

/** Where a value that was given differs from one that was read. */
function difference(given: unknown, read: unknown, path: string): { path: string; what: string } | undefined {
  if (isBytes(read) && isBytes(given))
    return isSame(given, read) ? undefined : { path, what: "bytes that are read otherwise" };
  if (Array.isArray(read)) {
    if (!Array.isArray(given) || given.length !== read.length)
      return { path, what: `a list of which ${read.length} items are read` };
    for (const [i, each] of read.entries()) {
      const found = difference(given[i], each, `${path}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (typeof read === "object" && read !== null) {
    if (typeof given !== "object" || given === null) return { path, what: kindOf(given) };
    for (const key of new Set([...Object.keys(read), ...Object.keys(given)])) {
      const inner = (read as Record<string, unknown>)[key];
      // What is computed need not have a result.
      if (inner === COMPUTED) continue;
      const found = difference((given as Record<string, unknown>)[key], inner, path === "" ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const isNumber = (value: unknown): boolean => typeof value === "number" || typeof value === "bigint";
  // A number is rounded to what a float of four bytes holds.
  const isRounded = typeof given === "number" && Object.is(Math.fround(given), read);
  const same = isRounded || Object.is(given, read) || (isNumber(given) && isNumber(read) && isSame(given, read));
  return same ? undefined : { path, what: read === undefined ? "what is not read" : `what is read as ${String(read)}` };
}
