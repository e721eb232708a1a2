/** The types and enumerations that a spec file declares, those inside other types included. */
import { refusedAs } from "./refused.js";
import type { Mistakes, Source } from "./source.js";

/** Names that mean something else where a type is named. */
export const BUILT_IN =
  /^(?:[us][1248](?:be|le)?|b[0-9]+(?:be|le)?|f[48](?:be|le)?|str|strz|bool|bytes|struct|io|any)$/;
export const ID = /^[a-z][a-z0-9_]*$/;

/** A name as specs have them. @throws WireError `spec` */
export function checkName(name: string, near: Source): string {
  return ID.test(name) ? name : near.fail(`'${name}' is no name: small letters, digits and _, a letter first`);
}

/** Types nest no deeper than this. */
const NESTING_MAX = 32;

/** A type or enumeration: its text, and the type that it stands inside (`null`: the file itself). */
interface Declared {
  readonly source: Source;
  readonly parent: string | null;
}

/** What a file declares. A type inside another is called after both: `header` in `packet` is `packet_header`. */
export class Declarations {
  readonly types = new Map<string, Source>();
  readonly enums = new Map<string, Source>();
  readonly #parents = new Map<string, string | null>();
  readonly #typesIn = new Map<string | null, Map<string, string>>();
  readonly #enumsIn = new Map<string | null, Map<string, string>>();
  readonly #mistakes: Mistakes;
  readonly #taken: (name: string) => boolean;

  /** @param taken says whether a name at the top belongs to something else, an import for example */
  constructor(mistakes: Mistakes, taken: (name: string) => boolean) {
    this.#mistakes = mistakes;
    this.#taken = taken;
  }

  /** The file's own sequence, which is a type like others. @param ownId what the file calls it */
  addRoot(id: string, ownId: string, root: Source): void {
    this.types.set(id, root);
    this.#parents.set(id, null);
    this.#typesIn.set(null, new Map([[ownId, id]]));
  }

  /** Adds what a map declares under `types` and `enums`. @param parent the type that it is, null for the file */
  add(map: Source, parent: string | null, depth = 0): void {
    for (const [name, source] of map.get("enums")?.entries() ?? [])
      this.#mistakes.attempt(() => {
        checkName(name, source);
        this.#declare(this.enums, this.#enumsIn, name, { source, parent });
      });
    const types = map.get("types");
    if (types !== undefined && depth >= NESTING_MAX) types.fail(`types nest deeper than ${NESTING_MAX}`);
    for (const [name, source] of types?.entries() ?? [])
      this.#mistakes.attempt(() => {
        checkName(name, source);
        if (BUILT_IN.test(name)) source.fail(`'${name}' is a type of the language`);
        if (parent === null && this.#taken(name)) source.fail(refusedAs("oneName", `the name '${name}' is taken`));
        if (!source.isMap) source.fail("a type is a map with at least 'seq'");
        const full = this.#declare(this.types, this.#typesIn, name, { source, parent });
        this.add(source, full, depth + 1);
      });
  }

  /**
   * Gives enumerations that are called as a type another name, when all is declared: emitted code has one name for
   * both. Specs go on to call them by their own.
   */
  setEnumsApart(): void {
    for (const [parent, names] of this.#enumsIn)
      for (const [name, full] of names) {
        const apart = `${full}_enum`;
        if (!this.types.has(full) || this.types.has(apart) || this.enums.has(apart)) continue;
        this.enums.set(apart, this.enums.get(full)!);
        this.enums.delete(full);
        this.#enumsIn.set(parent, names.set(name, apart));
      }
  }

  #declare(
    all: Map<string, Source>,
    within: Map<string | null, Map<string, string>>,
    name: string,
    { source, parent }: Declared,
  ): string {
    const full = parent === null ? name : `${parent}_${name}`;
    if (all.has(full)) source.fail(refusedAs("oneName", `the name '${full}' is taken`));
    all.set(full, source);
    if (all === this.types) this.#parents.set(full, parent);
    const scope = within.get(parent) ?? new Map<string, string>();
    within.set(parent, scope.set(name, full));
    return full;
  }

  /** The type that a type stands inside, null where it stands in the file itself. */
  parentOf(type: string): string | null {
    return this.#parents.get(type) ?? null;
  }

  /** The full name of a type that `scope` calls by `parts`: its own, or that of a type around it. */
  findType(parts: readonly string[], scope: string | null): string | undefined {
    return this.#find(this.#typesIn, parts, scope);
  }

  /** The full name of an enumeration; only the last of `parts` is one. */
  findEnum(parts: readonly string[], scope: string | null): string | undefined {
    return this.#find(this.#enumsIn, parts, scope);
  }

  #find(
    last: ReadonlyMap<string | null, ReadonlyMap<string, string>>,
    parts: readonly string[],
    scope: string | null,
  ): string | undefined {
    const [first, ...others] = parts;
    for (let around: string | null | undefined = scope; around !== undefined; around = this.#around(around)) {
      let found = (others.length === 0 ? last : this.#typesIn).get(around)?.get(first!);
      others.forEach((name, i) => {
        if (found !== undefined) found = (i === others.length - 1 ? last : this.#typesIn).get(found)?.get(name);
      });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The scope around one; undefined around the file. */
  #around(scope: string | null): string | null | undefined {
    return scope === null ? undefined : this.parentOf(scope);
  }
}
