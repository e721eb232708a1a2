import type { Enum } from "../ir.js";
import { Keys } from "../keys.js";
import { nameOf, type SpecFile } from "../load.js";
import { camel } from "../names.js";
import { integerIn, Mistakes, type Source } from "../source.js";

/** An enumeration by the name that a spec gives it: `status`, or `codes::status` of an imported file. */
export function findEnum(from: SpecFile, text: string, near: Source): { spec: SpecFile; name: string; source: Source } {
  const parts = text.split("::");
  const name = parts.pop()!;
  const spec = parts.length === 0 ? from : imported(from, parts.join("::"), near);
  return { spec, name, source: spec.enums.get(name) ?? near.fail(`there is no enumeration '${text}'`) };
}

/** A type by the name that a spec gives it: `coin`, `common::coin`, or an imported file's own sequence. */
export function findType(from: SpecFile, text: string, near: Source): { spec: SpecFile; name: string; target: Source } {
  const parts = text.split("::");
  const name = parts.pop()!;
  const spec =
    parts.length > 0
      ? imported(from, parts.join("::"), near)
      : from.types.has(name)
        ? from
        : (from.imports.get(name) ?? from);
  const target = spec.types.get(name);
  if (target === undefined) {
    const reason = Object.entries(UNSUPPORTED).find(([pattern]) => new RegExp(`^(?:${pattern})$`).test(text));
    near.fail(reason === undefined ? `there is no type '${text}'` : `'${text}' is not supported here: ${reason[1]}`);
  }
  return { spec, name, target };
}

/** Types of Kaitai Struct that are not supported at all, or not as items: the reason, and the way round. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  "f[48](be|le)?": "floats cannot be read; take 'size: 4' or 'size: 8' and a DataView",
  str: "items cannot be text; put it into a type",
  strz: "text cannot end with a zero; use 'str' with a 'size'",
  "b[0-9]+(be|le)?": "items are whole bytes; put the bits into a type",
  "[a-z0-9_:]+\\(.*\\)": "types inside others take no parameters; write the type out",
  "bool|io|struct|any|bytes": "it is for parameters and computed values",
};

function imported(from: SpecFile, id: string, near: Source): SpecFile {
  if (id === from.id) return from;
  return from.imports.get(id) ?? near.fail(`'${id}' is not imported`);
}

export function lowerEnum(name: string, source: Source): Enum {
  const mistakes = new Mistakes();
  const values: { value: number; name: string; doc: string }[] = [];
  const names = new Map<string, string>();
  for (const [key, entry] of source.entries()) {
    mistakes.attempt(() => {
      const value = integerIn(key) ?? entry.fail(`'${key}' is no integer`);
      if (values.some((other) => other.value === value)) entry.fail(`the value ${value} is named already`);
      const named = enumValue(entry);
      const taken = names.get(camel(named.name));
      if (taken === named.name) entry.fail(`two values of '${name}' share the name '${taken}'`);
      if (taken !== undefined) entry.fail(`'${taken}' and '${named.name}' make the same name ${camel(taken)}`);
      names.set(camel(named.name), named.name);
      values.push({ value, ...named });
    });
  }
  mistakes.tell();
  if (values.length === 0) source.fail(`'${name}' names no value`);
  return { name, line: source.line, values };
}

function enumValue(source: Source): { name: string; doc: string } {
  if (!source.isMap) return { name: nameOf(source), doc: "" };
  const keys = new Keys(source);
  const value = { name: nameOf(keys.need("id")), doc: keys.take("doc")?.text ?? "" };
  keys.pass("doc-ref", "-spec");
  keys.close("an enumerated value");
  return value;
}

/** The types of a file that another type of the file stands on: all of them, and those that close a choice. */
export function rolesOf(spec: SpecFile): { parts: ReadonlySet<string>; tails: ReadonlySet<string> } {
  const parts = new Set<string>();
  const tails = new Set<string>();
  for (const type of spec.types.values()) {
    for (const attribute of type.get("seq")?.items() ?? []) {
      const reference = attribute.get("type");
      if (reference === undefined) continue;
      const cases = reference.isMap ? (reference.get("cases")?.entries() ?? []) : [];
      for (const [, name] of cases) tails.add(name.text);
      if (!reference.isMap) parts.add(reference.text);
    }
  }
  return { parts: new Set([...parts, ...tails]), tails };
}
