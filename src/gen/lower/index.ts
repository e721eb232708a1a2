/** Lays out the types and enumerations of a spec file. */
import { refusedAs } from "../refused.js";
import { IR_VERSION, type Block, type Module, type Type, type TypeRef } from "../ir.js";
import type { SpecFile } from "../load.js";
import { camel } from "../names.js";
import { holdsItself, keyOf, referencesOf } from "../references.js";
import { leastSizes } from "../sizes.js";
import { Mistakes, specError } from "../source.js";
import { kindOf } from "./choice.js";
import { Lowering } from "./context.js";
import { withTags } from "./tags.js";
import { lowerEnum } from "./enums.js";
import { rolesOf } from "./scope.js";
import { TypeLowering } from "./type.js";

/** Lays out every type of a file. @throws WireError `spec` with file and line of each mistake */
export function lowerSpec(spec: SpecFile): Module {
  const mistakes = new Mistakes();
  const context = new Lowering((lowering, file, name, source) => {
    const { parts, cases } = rolesOf(file);
    return new TypeLowering(lowering, file, name, source).type({ part: parts.has(name), isCase: cases.has(name) });
  });
  const enums = [...spec.enums].map(([name, source]) => mistakes.attempt(() => lowerEnum(name, source)));
  const types = [...spec.types]
    .filter(([, source]) => source.get("-varint") === undefined)
    .map(([name]) => mistakes.attempt(() => context.layoutOf(spec, name)))
    .filter((type) => type !== undefined);
  mistakes.tell();
  const uses = usedBy(types, spec.id, context);
  for (const file of new Set(uses.map(({ module }) => context.specOf(module)))) findCasesOf(file, context);
  const sizes = leastSizes([...types.map((type) => ({ module: spec.id, type })), ...uses]);
  const finish = (file: SpecFile, type: Type): Type => settled(type, file, context, sizes);
  return {
    irVersion: IR_VERSION,
    package: spec.package,
    file: spec.file,
    id: spec.id,
    title: spec.title,
    doc: spec.doc,
    types: types.map((type) => finish(spec, type)),
    uses: uses.map(({ module, type }) => ({ module, type: finish(context.specOf(module), type) })),
    enums: enums.filter((each) => each !== undefined),
  };
}

/** The types of other files that some types hold as pieces, and those that these hold. */
function usedBy(types: readonly Type[], own: string, context: Lowering): { module: string; type: Type }[] {
  const found = new Map<string, { module: string; type: Type }>();
  const visit = (ref: TypeRef): void => {
    const key = keyOf(ref);
    if (ref.module === own || found.has(key)) return;
    const type = context.find(ref)!;
    found.set(key, { module: ref.module, type });
    referencesOf(type).forEach(visit);
  };
  for (const type of types) referencesOf(type).forEach(visit);
  return [...found.values()];
}

/** Finds what the choices of another file have among their cases: the values of these say their kind wherever. */
function findCasesOf(file: SpecFile, context: Lowering): void {
  // Its mistakes are told where it is compiled itself.
  const mistakes = new Mistakes();
  for (const [name, source] of file.types)
    if (source.get("-varint") === undefined) mistakes.attempt(() => context.layoutOf(file, name));
}

/** A type with what is known only when all are laid out. */
function settled(type: Type, spec: SpecFile, context: Lowering, sizes: (ref: TypeRef) => number): Type {
  const ref = { name: type.name, module: spec.id };
  const minSize = sizes(ref);
  // What merely holds such a type is not to blame.
  if (minSize === Infinity && holdsItself(ref, (inner) => context.find(inner)!))
    throw specError(
      `${type.file}:${type.line}`,
      refusedAs("endless", `'${type.name}' stands inside itself, whatever the bytes`),
    );
  const kind = kindIn(spec, type, context);
  const kindAt = (held: TypeRef): string | null => kindIn(context.specOf(held.module), context.find(held)!, context);
  if (type.body.shape === "plain")
    return { ...type, kind, minSize, body: { ...type.body, blocks: withTags(type.body.blocks, kindAt) } };
  const variants = type.body.variants.map((variant) => {
    return { ...variant, type: { ...variant.type, minSize: sizes({ name: variant.type.name, module: spec.id }) } };
  });
  return { ...type, kind, minSize, body: { ...type.body, variants } };
}

/** What values of a type say of themselves as `kind`. */
function kindIn(spec: SpecFile, type: Type, context: Lowering): string | null {
  if (!context.isCase(spec, type.name) || hasKind(type)) return null;
  return kindOf(localName(spec, type.name), spec.types.get(type.name)!);
}

/** A type that has a field of that name says for itself what it is; so does a choice. */
function hasKind({ body }: Type): boolean {
  if (body.shape === "union") return true;
  const names = (block: Block): string[] =>
    block.block === "fixed" ? block.fields.map(({ name }) => name) : [block.name];
  return body.blocks.flatMap(names).some((name) => camel(name) === "kind");
}

/** The name that a type has where it is declared. */
function localName(spec: SpecFile, name: string): string {
  const parent = spec.declared.parentOf(name);
  return parent === null ? name : name.slice(parent.length + 1);
}
