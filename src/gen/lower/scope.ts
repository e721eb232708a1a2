import type { Enum } from "../ir.js";
import { nameOf, type SpecFile } from "../load.js";
import type { Source } from "../source.js";

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
  return { spec, name, target: spec.types.get(name) ?? near.fail(`there is no type '${text}'`) };
}

function imported(from: SpecFile, id: string, near: Source): SpecFile {
  if (id === from.id) return from;
  return from.imports.get(id) ?? near.fail(`'${id}' is not imported`);
}

export function lowerEnum(name: string, source: Source): Enum {
  const values = source.entries().map(([key, value]) => {
    const number = Number(key);
    if (!Number.isSafeInteger(number)) value.fail(`'${key}' is no integer`);
    if (!value.isMap) return { value: number, name: nameOf(value), doc: "" };
    value.onlyKeys("an enumerated value", ["id", "doc", "doc-ref", "-spec"]);
    return {
      value: number,
      name: nameOf(value.get("id") ?? value.fail("'id' is missing")),
      doc: value.get("doc")?.text ?? "",
    };
  });
  if (new Set(values.map((v) => v.name)).size !== values.length) source.fail(`two values of '${name}' share a name`);
  return { name, line: source.line, values };
}
