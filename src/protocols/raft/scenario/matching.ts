/** Expectations: how an expected value matches a found one, and the first place where it does not. */
import type { Failure } from "./form.js";

/**
 * The first difference. Objects match if the fields that are expected do; all else has to be equal, lists in length
 * too.
 * @param falseFitsAbsent whether an expected false fits a field that is not there: flags that are not set are left out
 */
export function differenceOf(
  expected: unknown,
  found: unknown,
  path: string,
  { falseFitsAbsent = false }: { readonly falseFitsAbsent?: boolean } = {},
): Failure | undefined {
  if (Object.is(expected, found) || (falseFitsAbsent && expected === false && found === undefined)) return undefined;
  const failure = { path, expected, found: found ?? null };
  if (!isParent(expected) || !isParent(found) || Array.isArray(expected) !== Array.isArray(found)) return failure;
  const isList = Array.isArray(expected);
  if (isList && expected.length !== (found as unknown[]).length) return failure;
  for (const [name, value] of Object.entries(expected)) {
    const place = isList ? `${path}[${name}]` : `${path}.${name}`;
    const field = Object.hasOwn(found, name) ? (found as Record<string, unknown>)[name] : undefined;
    const difference = differenceOf(value, field, place, { falseFitsAbsent });
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isParent(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
