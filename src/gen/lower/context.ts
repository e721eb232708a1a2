/** What the layouts of one compilation have in common: each type is laid out once, whoever asks for it. */
import type { Field, Type, TypeRef } from "../ir.js";
import type { SpecFile } from "../load.js";
import type { Source } from "../source.js";

/** Lays out one type. */
export type LowerType = (context: Lowering, spec: SpecFile, name: string, source: Source) => Type;

/** Types stand inside each other no deeper than this, so that no spec can exhaust the stack. */
const DEPTH_MAX = 200;

/** The layouts of one compilation. */
export class Lowering {
  readonly #lower: LowerType;
  readonly #known = new Map<SpecFile, Map<string, { type?: Type; error?: unknown }>>();
  /** Types that are cases of choices inside others. */
  readonly #cases = new Map<SpecFile, Set<string>>();
  readonly #specs = new Map<string, SpecFile>();
  #depth = 0;

  constructor(lower: LowerType) {
    this.#lower = lower;
  }

  /** The layout of a type; undefined while it is under way, because the type stands inside itself. */
  layoutOf(spec: SpecFile, name: string): Type | undefined {
    this.#specs.set(spec.id, spec);
    const types = this.#known.get(spec) ?? new Map<string, { type?: Type; error?: unknown }>();
    this.#known.set(spec, types);
    let entry = types.get(name);
    if (entry === undefined) {
      entry = {};
      types.set(name, entry);
      const source = spec.types.get(name)!;
      if (this.#depth >= DEPTH_MAX) source.fail(`types stand inside each other deeper than ${DEPTH_MAX}`);
      this.#depth++;
      try {
        entry.type = this.#lower(this, spec, name, source);
      } catch (error) {
        entry.error = error;
      }
      this.#depth--;
    }
    if (entry.error !== undefined) throw entry.error;
    return entry.type;
  }

  /** The layout of a type that has been asked for before; undefined while it is under way. */
  find({ name, module }: TypeRef): Type | undefined {
    return this.layoutOf(this.#specs.get(module)!, name);
  }

  /** The file of a module whose types have been asked for. */
  specOf(module: string): SpecFile {
    return this.#specs.get(module)!;
  }

  /** Notes that a type is a case of a choice inside another, so that its values say which. */
  addCase(spec: SpecFile, name: string): void {
    const cases = this.#cases.get(spec) ?? new Set<string>();
    this.#cases.set(spec, cases.add(name));
  }

  isCase(spec: SpecFile, name: string): boolean {
    return this.#cases.get(spec)?.has(name) === true;
  }
}

/** The number of fields that a layout of fixed size has, those inside others included. */
export function fieldsIn(fields: readonly Field[]): number {
  let count = 0;
  for (const field of fields) {
    count++;
    if (field.kind === "struct") count += fieldsIn(field.fields);
    if (field.kind === "array") count += fieldsIn(field.item.fields);
  }
  return count;
}
