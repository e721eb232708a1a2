/** Checks of arguments and options: callers without types may pass anything. */
import { isBytes } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";

/** @throws WireError `argument` for what has no fields */
export function requireOptions(path: string, value: unknown): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !isBytes(value)) return;
  throw argumentError("dps", path, "an object", kindOf(value));
}

/** @throws WireError `argument` for an object that lacks one of these methods */
export function requireMethods(path: string, value: unknown, names: readonly string[]): void {
  const methods = Object(value) as Readonly<Record<string, unknown>>;
  const missing = names.find((name) => typeof methods[name] !== "function");
  if (missing !== undefined) throw argumentError("dps", path, `a method ${missing}`, kindOf(value));
}

/** @throws WireError `argument` for what is given, and no list */
export function requireList(path: string, value: unknown): void {
  if (value !== undefined && !Array.isArray(value)) throw argumentError("dps", path, "a list", kindOf(value));
}

/** @throws WireError `argument` for what is given, and no text, or an empty one */
export function requireText(path: string, value: unknown): void {
  if (value === undefined || (typeof value === "string" && value !== "")) return;
  throw argumentError("dps", path, "a text", kindOf(value));
}

/** @throws WireError `argument` for what is given, and none of these */
export function requireOneOf(path: string, value: unknown, names: readonly string[]): void {
  if (value === undefined || names.includes(value as string)) return;
  throw argumentError("dps", path, names.join(" or "), typeof value === "string" ? value : kindOf(value));
}

/** @throws WireError `argument` for anything but a whole number of 1 or more */
export function requireWhole(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw argumentError("dps", name, "a whole number of 1 or more", String(value));
}

/** @throws WireError `argument` for a key of backups that is given, and of no length of AES; it is not shown */
export function requireKey(path: string, key: unknown): void {
  if (key === undefined || (isBytes(key) && [16, 24, 32].includes(key.length))) return;
  throw argumentError("dps", path, "16, 24 or 32 bytes", isBytes(key) ? `${key.length} bytes` : kindOf(key));
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return isBytes(value) ? "bytes" : typeof value;
}
