/** Finds types and enumerations by the names that a spec gives them. */
import type { Enum, EnumValue } from "../ir.js";
import { wordOf } from "../import-names.js";
import { Keys } from "../keys.js";
import { nameOf, type SpecFile } from "../load.js";
import { camel } from "../names.js";
import { integerIn, Mistakes, type Source } from "../source.js";

/** An enumeration by the name that a type gives it: `status`, or `codes::status` of an imported file. */
export function findEnum(
  from: SpecFile,
  scope: string | null,
  text: string,
  near: Source,
): { spec: SpecFile; name: string; source: Source } {
  const parts = text.split("::");
  const own = from.declared.findEnum(parts, scope);
  if (own !== undefined) return { spec: from, name: own, source: from.enums.get(own)! };
  const find = (spec: SpecFile, rest: readonly string[]): string | undefined => spec.declared.findEnum(rest, null);
  const { spec, name } = importedBy(from, parts, near, find, `there is no enumeration '${text}'`);
  return { spec, name, source: spec.enums.get(name)! };
}

/** A type by the name that a type gives it: `coin`, `common::coin`, or an imported file's own sequence. */
export function findType(
  from: SpecFile,
  scope: string | null,
  text: string,
  near: Source,
): { spec: SpecFile; name: string; target: Source } {
  const parts = text.split("::");
  const own = from.declared.findType(parts, scope);
  if (own !== undefined) return { spec: from, name: own, target: from.types.get(own)! };
  const reason = Object.entries(UNSUPPORTED).find(([pattern]) => new RegExp(`^(?:${pattern})$`).test(text));
  const none = reason === undefined ? `there is no type '${text}'` : `'${text}' is not supported here: ${reason[1]}`;
  const { spec, name } = importedBy(from, parts, near, typeOfFile, none);
  return { spec, name, target: spec.types.get(name)! };
}

/** The type of an imported file by what follows its name: nothing, for the file's own sequence. */
function typeOfFile(spec: SpecFile, rest: readonly string[]): string | undefined {
  if (rest.length > 0) return spec.declared.findType(rest, null);
  return spec.hasRoot ? spec.id : undefined;
}

/** Types of Kaitai Struct that are not supported: the reason, and the way round. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  strz: "text that a zero ends; use 'str' with a 'size'",
  "b[0-9]+(be|le)?": "bits alone cannot be repeated, chosen or absent; put them into a type",
  "bool|io|struct|any|bytes": "it is for parameters and computed values",
};

/** Finds what a file declares, by what follows its name. */
type FindIn = (spec: SpecFile, rest: readonly string[]) => string | undefined;

/**
 * What a name means that begins with the name of an imported file, or with that and folders in front (`a::common::coin`)
 * where several are called so.
 */
function importedBy(
  from: SpecFile,
  parts: readonly string[],
  near: Source,
  find: FindIn,
  none: string,
): { spec: SpecFile; name: string } {
  const found = foundIn(from, parts, find);
  if (found.length > 1) {
    const files = found.map(({ spec }) => `${spec.file} ('${placeIn(found, spec)}')`).join(" and ");
    near.fail(`'${parts.join("::")}' may be of ${files}: say which, with its folder in front`);
  }
  if (found.length === 1) return found[0]!;
  const isKnown = isNamed(from, parts) || from.declared.findType([parts[0]!], null) !== undefined;
  return near.fail(parts.length > 1 && !isKnown ? `'${parts[0]}' is not imported` : none);
}

/** All that a name with the name of a file in front may mean. */
function foundIn(from: SpecFile, parts: readonly string[], find: FindIn): { spec: SpecFile; name: string }[] {
  const own = parts[0] === from.ownId ? find(from, parts.slice(1)) : undefined;
  if (own !== undefined) return [{ spec: from, name: own }];
  return [...from.imports].flatMap((spec) => {
    const folders = foldersOf(spec);
    for (let count = parts.indexOf(spec.ownId); count >= 0; count = parts.indexOf(spec.ownId, count + 1)) {
      if (!parts.slice(0, count).every((part, i) => part === folders.at(i - count))) continue;
      const name = find(spec, parts.slice(count + 1));
      if (name !== undefined) return [{ spec, name }];
    }
    return [];
  });
}

/** True when a name begins with an imported file, whether or not that declares the rest. */
function isNamed(from: SpecFile, parts: readonly string[]): boolean {
  return parts[0] === from.ownId || foundIn(from, parts, () => "").length > 0;
}

function foldersOf(spec: SpecFile): string[] {
  return spec.path.split("/").slice(0, -1).map(wordOf);
}

/** The shortest name of a file that no other of some has. */
function placeIn(all: readonly { spec: SpecFile }[], spec: SpecFile): string {
  const folders = foldersOf(spec);
  const named = (of: string[], count: number): string => of.slice(of.length - count).join("::");
  for (let count = 1; count <= folders.length; count++) {
    const own = named(folders, count);
    if (all.every((other) => other.spec === spec || named(foldersOf(other.spec), count) !== own))
      return `${own}::${spec.ownId}`;
  }
  return spec.ownId;
}

/** The number of an enumerated value, `status::ok`. */
export function enumValueOf(spec: SpecFile, scope: string, text: string, near: Source): number {
  const parts = text.split("::");
  const value = parts.pop()!;
  const { name, source } = findEnum(spec, scope, parts.join("::"), near);
  const match = lowerEnum(name, source).values.find((each) => each.name === value);
  return match?.value ?? near.fail(`'${text}' is no value of its enumeration`);
}

const enums = new WeakMap<Source, Enum>();

/** Lays out an enumeration. @throws WireError `spec` */
export function lowerEnum(name: string, source: Source): Enum {
  const known = enums.get(source);
  if (known !== undefined) return known;
  const mistakes = new Mistakes();
  const values: EnumValue[] = [];
  const names = new Map<string, string>();
  const taken = new Set<number>();
  for (const [key, entry] of source.entries()) {
    mistakes.attempt(() => {
      const value = integerIn(key) ?? entry.fail(`'${key}' is no integer`);
      if (taken.has(value)) entry.fail(`the value ${value} is named already`);
      const named = enumValue(entry);
      taken.add(value);
      const other = names.get(camel(named.name));
      if (other === named.name) entry.fail(`two values of '${name}' share the name '${other}'`);
      if (other !== undefined) entry.fail(`'${other}' and '${named.name}' make the same name ${camel(other)}`);
      names.set(camel(named.name), named.name);
      values.push({ value, ...named });
    });
  }
  mistakes.tell();
  if (values.length === 0) source.fail(`'${name}' names no value`);
  const lowered = { name, line: source.line, values };
  enums.set(source, lowered);
  return lowered;
}

function enumValue(source: Source): Omit<EnumValue, "value"> {
  if (!source.isMap) {
    // `true` and `false` are names here, as every other word is.
    const { scalar } = source;
    return { name: typeof scalar === "boolean" ? String(scalar) : nameOf(source), label: "", doc: "" };
  }
  const keys = new Keys(source);
  const name = nameOf(keys.need("id"));
  const value = { name, label: keys.take("-display")?.text ?? "", doc: keys.take("doc")?.text ?? "" };
  keys.pass("doc-ref", "-spec");
  keys.close("an enumerated value");
  return value;
}

/** What the types of a file are to each other. */
export interface Roles {
  /** Types that another type of the file stands on. */
  readonly parts: ReadonlySet<string>;
  /** Types that are cases of a choice. */
  readonly cases: ReadonlySet<string>;
  /** What else its choices name, as they name it: types of other files among it. */
  readonly foreign: ReadonlySet<string>;
}

/**
 * The types that stand inside others only. The file's own sequence is none of them, though types inside it may hold it
 * again, and of types that hold each other in a circle the first is none.
 * @param named the types that each type names
 */
function partsOf(named: ReadonlyMap<string, ReadonlySet<string>>, root: string | null): ReadonlySet<string> {
  const held = new Set([...named].flatMap(([scope, names]) => [...names].filter((name) => name !== scope)));
  const reached = new Set<string>();
  const wholes = new Set<string>();
  const reach = (from: string): void => {
    wholes.add(from);
    const pending = [from];
    for (let name = pending.pop(); name !== undefined; name = pending.pop())
      for (const inner of named.get(name) ?? [])
        if (!reached.has(inner)) {
          reached.add(inner);
          pending.push(inner);
        }
  };
  for (const name of named.keys()) if (name === root || !held.has(name)) reach(name);
  for (const name of named.keys()) if (!wholes.has(name) && !reached.has(name)) reach(name);
  return new Set([...held].filter((name) => !wholes.has(name)));
}

/** True when a choice of `from`, or of the file that the type `name` is declared in, has it among its cases. */
export function isCaseOf(from: SpecFile, spec: SpecFile, name: string): boolean {
  if (rolesOf(spec).cases.has(name)) return true;
  const { foreign } = rolesOf(from);
  return [...foreign].some((text) =>
    foundIn(from, text.split("::"), typeOfFile).some((found) => found.spec === spec && found.name === name),
  );
}

/** Finds out what the types of a file are to each other, by the names alone. */
export function rolesOf(spec: SpecFile): Roles {
  const known = roles.get(spec);
  if (known !== undefined) return known;
  const named = new Map<string, Set<string>>();
  const cases = new Set<string>();
  const foreign = new Set<string>();
  for (const [scope, type] of spec.types) {
    const holds = new Set<string>();
    named.set(scope, holds);
    const find = (text: string): string | undefined =>
      spec.declared.findType(text.split("(")[0]!.trim().split("::"), scope);
    for (const attribute of type.get("seq")?.items() ?? []) {
      const reference = attribute.get("type");
      if (reference === undefined) continue;
      if (!reference.isMap) {
        const name = find(String(reference.scalar));
        if (name !== undefined) holds.add(name);
        continue;
      }
      for (const [, target] of reference.get("cases")?.entries() ?? []) {
        const text = String(target.scalar);
        const name = find(text);
        if (name === undefined) {
          foreign.add(text.split("(")[0]!.trim());
          continue;
        }
        holds.add(name);
        cases.add(name);
      }
    }
  }
  const found = { parts: partsOf(named, spec.hasRoot ? spec.id : null), cases, foreign };
  roles.set(spec, found);
  return found;
}

/**
 * The members that expressions of a file ask of values inside others (`_.length`, `header.count`), by their last names. A
 * field of such a name is a part of its value, though it could be told from what it measures.
 */
export function membersAskedIn(spec: SpecFile): ReadonlySet<string> {
  const known = asked.get(spec);
  if (known !== undefined) return known;
  const found = new Set<string>();
  const look = (source: Source | undefined): void => {
    if (source === undefined || source.isMap || source.isList) return;
    for (const [, name] of String(source.scalar).matchAll(/\.([a-z][a-z0-9_]*)/g)) found.add(name!);
  };
  for (const type of spec.types.values())
    for (const attribute of type.get("seq")?.items() ?? []) {
      for (const key of ["if", "size", "repeat-expr", "repeat-until", "type"]) look(attribute.get(key));
      look(attribute.get("type")?.get("switch-on"));
      for (const [, target] of attribute.get("type")?.get("cases")?.entries() ?? []) look(target);
    }
  asked.set(spec, found);
  return found;
}

const asked = new WeakMap<SpecFile, ReadonlySet<string>>();
const roles = new WeakMap<SpecFile, Roles>();
