/** Single fields of values: where they are, and values with another in their place. */
import { isBytes } from "../../src/bytes/index.js";

/** The keys and indices that lead to a field. */
export type Path = readonly string[];

/** The fields of a value, at any depth, that are what is asked for. */
export function leavesOf(value: unknown, isMeant: (field: unknown) => boolean, path: Path = []): Path[] {
  if (isMeant(value)) return [path];
  if (typeof value !== "object" || value === null || isBytes(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, isMeant, [...path, key]));
}

/** A path as errors name it: `coins[3].serial`. */
export function nameOf(path: Path): string {
  return path.map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : `${i === 0 ? "" : "."}${part}`)).join("");
}

export function at(value: unknown, path: Path): unknown {
  return path.reduce((inner, key) => (inner as Record<string, unknown>)[key], value);
}

/** The value with another one at a path. */
export function changed(value: unknown, path: Path, to: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = changed(copy[key], rest, to);
  return copy;
}
