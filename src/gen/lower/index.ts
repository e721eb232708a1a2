import { IR_VERSION, type Module, type Type } from "../ir.js";
import type { SpecFile } from "../load.js";
import { lowerEnum } from "./scope.js";
import { TypeLowering } from "./type.js";

/** Lays out every type of a file. @throws WireError `spec` with file and line */
export function lowerSpec(spec: SpecFile): Module {
  const named = namesWithin(spec);
  const types: Type[] = [];
  for (const [name, source] of spec.types) {
    const part = named.has(name);
    types.push(new TypeLowering(spec, name, source).type(part));
  }
  return {
    irVersion: IR_VERSION,
    package: spec.package,
    file: spec.file,
    id: spec.id,
    title: spec.title,
    doc: spec.doc,
    types,
    enums: [...spec.enums].map(([name, source]) => lowerEnum(name, source)),
  };
}

/** The types of a file that another type of the file stands on; an imported file is made of such parts alone. */
function namesWithin(spec: SpecFile): Set<string> {
  const names = new Set<string>();
  for (const type of spec.types.values()) {
    for (const attribute of type.get("seq")?.items() ?? []) {
      const reference = attribute.get("type");
      if (reference === undefined) continue;
      if (reference.isMap) for (const [, name] of reference.get("cases")?.entries() ?? []) names.add(name.text);
      else names.add(reference.text);
    }
  }
  return names;
}
