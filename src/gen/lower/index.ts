import { IR_VERSION, type Module } from "../ir.js";
import type { SpecFile } from "../load.js";
import { Mistakes } from "../source.js";
import { lowerEnum, rolesOf } from "./scope.js";
import { TypeLowering } from "./type.js";

/** Lays out every type of a file. @throws WireError `spec` with file and line of each mistake */
export function lowerSpec(spec: SpecFile): Module {
  const { parts, tails } = rolesOf(spec);
  const mistakes = new Mistakes();
  const enums = [...spec.enums].map(([name, source]) => mistakes.attempt(() => lowerEnum(name, source)));
  const types = [...spec.types].map(([name, source]) =>
    mistakes.attempt(() => new TypeLowering(spec, name, source).type({ part: parts.has(name), tail: tails.has(name) })),
  );
  mistakes.tell();
  return {
    irVersion: IR_VERSION,
    package: spec.package,
    file: spec.file,
    id: spec.id,
    title: spec.title,
    doc: spec.doc,
    types: types.filter((type) => type !== undefined),
    enums: enums.filter((each) => each !== undefined),
  };
}
