/** Readers of JSON that name the place of what is wrong: `steps[4].id: expected a whole number from 1, got "x"`. */
import { argumentError } from "../../../errors.js";

/** Takes a value as it should be. @throws WireError `argument` with the path */
export type Reader<T> = (value: unknown, path: string) => T;

/** Most characters of JSON that an error shows. */
const CHARACTERS_SHOWN = 60;

/** Refuses a value. */
export function refuse(path: string, expected: string, found: unknown): never {
  const text = JSON.stringify(found) ?? "nothing";
  const shown = text.length > CHARACTERS_SHOWN ? `${text.slice(0, CHARACTERS_SHOWN)}…` : text;
  throw argumentError("scenario", path, expected, shown);
}

/** The path of a field. */
export function fieldPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

export const anything: Reader<unknown> = (value) => value;

export const text: Reader<string> = (value, path) =>
  typeof value === "string" ? value : refuse(path, "a text", value);

export const flag: Reader<boolean> = (value, path) =>
  typeof value === "boolean" ? value : refuse(path, "true or false", value);

/** A whole number, both ends included. */
export function whole(low: number, high = Number.MAX_SAFE_INTEGER): Reader<number> {
  const expected = high === Number.MAX_SAFE_INTEGER ? `a whole number from ${low}` : `a whole number ${low}–${high}`;
  return (value, path) =>
    Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high
      ? (value as number)
      : refuse(path, expected, value);
}

/** One of a few texts. */
export function oneOf<Choice extends string>(choices: readonly Choice[]): Reader<Choice> {
  return (value, path) =>
    choices.includes(value as Choice) ? (value as Choice) : refuse(path, `one of ${choices.join(", ")}`, value);
}

/** A list of items of one kind, of any length or of the length given. */
export function list<T>(item: Reader<T>, length?: number): Reader<readonly T[]> {
  const expected = length === undefined ? "a list" : `a list of ${length}`;
  return (value, path) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length))
      return refuse(path, expected, value);
    return value.map((each, i) => item(each, `${path}[${i}]`));
  };
}

/** An object with these fields and no others. A name that ends in a question mark is of a field that may be missing. */
export function object<T>(fields: Readonly<Record<string, Reader<unknown>>>): Reader<T> {
  const known = Object.entries(fields).map(([key, reader]) => {
    const isOptional = key.endsWith("?");
    return { name: isOptional ? key.slice(0, -1) : key, isOptional, reader };
  });
  const names = known.map(({ name }) => name);
  return (value, path) => {
    const given = entries(value, path);
    for (const [name] of given) {
      if (!names.includes(name)) refuse(fieldPath(path, name), `a field of ${names.join(", ")}`, name);
    }
    const found = new Map(given);
    const read: Record<string, unknown> = {};
    for (const { name, isOptional, reader } of known) {
      const field = found.get(name);
      if (field === undefined && isOptional) continue;
      read[name] = reader(field, fieldPath(path, name));
    }
    return read as T;
  };
}

/** An object of which each key and each value is of one kind. */
export function record<T>(key: (name: string) => boolean, expected: string, item: Reader<T>) {
  return (value: unknown, path: string): Readonly<Record<string, T>> =>
    Object.fromEntries(
      entries(value, path).map(([name, each]) => {
        if (!key(name)) refuse(fieldPath(path, name), expected, name);
        return [name, item(each, fieldPath(path, name))];
      }),
    );
}

function entries(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(path, "an object", value);
  return Object.entries(value);
}
