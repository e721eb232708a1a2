/** Looks up the types that a module declares or holds, and what follows from all of them together. */
import type { Module, Type, TypeRef } from "../ir.js";
import { typeReach } from "../reach.js";
import { holdsItself, keyOf, referencesOf } from "../references.js";
import { blocksHaveNumberWide } from "./wide.js";

/** The types of a module by reference. */
export class Layouts {
  readonly #types = new Map<string, Type>();
  readonly #wide = new Map<string, boolean>();
  readonly #recursive = new Map<string, boolean>();
  readonly #own: readonly TypeRef[];
  readonly #held = new Map<string, TypeRef>();
  #telling: ReadonlySet<string> | undefined;

  constructor(module: Module) {
    const add = (id: string, type: Type): void => {
      this.#types.set(keyOf({ name: type.name, module: id }), type);
      if (type.body.shape === "union") for (const variant of type.body.variants) add(id, variant.type);
    };
    for (const type of module.types) add(module.id, type);
    this.#own = [...this.#types.values()].map(({ name }) => ({ name, module: module.id }));
    for (const { module: id, type } of module.uses) add(id, type);
    const hold = (ref: TypeRef): void => {
      if (this.#held.has(keyOf(ref))) return;
      this.#held.set(keyOf(ref), ref);
      const type = this.get(ref);
      if (type.body.shape === "union")
        for (const variant of type.body.variants) hold({ name: variant.type.name, module: ref.module });
      referencesOf(type).forEach(hold);
    };
    for (const type of module.types) referencesOf(type).forEach(hold);
  }

  /** The types that the module declares, and the layouts of their choices. */
  get own(): readonly TypeRef[] {
    return this.#own;
  }

  get(ref: TypeRef): Type {
    const type = this.#types.get(keyOf(ref));
    if (type === undefined) throw new TypeError(`no layout of ${keyOf(ref)}`);
    return type;
  }

  /** The types that others hold as pieces, and those that these hold. */
  get held(): readonly TypeRef[] {
    return [...this.#held.values()];
  }

  isHeld(ref: TypeRef): boolean {
    return this.#held.has(keyOf(ref));
  }

  /** True when a type has an integer of 64 bits in number form somewhere. */
  isWide(ref: TypeRef): boolean {
    const key = keyOf(ref);
    const known = this.#wide.get(key);
    if (known !== undefined) return known;
    // A type that stands inside itself is asked for again while its answer is under way.
    this.#wide.set(key, false);
    const { body } = this.get(ref);
    const isWide = (inner: TypeRef): boolean => this.isWide(inner);
    const wide =
      body.shape === "plain"
        ? blocksHaveNumberWide(body.blocks, isWide)
        : body.variants.some((variant) => this.isWide({ name: variant.type.name, module: ref.module }));
    this.#wide.set(key, wide);
    return wide;
  }

  /** True when values of a type, or of the choice that it is a layout of, take all bytes that are left sometimes. */
  tellsReach(ref: TypeRef): boolean {
    this.#telling ??= new Set(this.held.flatMap((held) => this.#tellersOf(held)));
    return this.#telling.has(keyOf(ref));
  }

  #tellersOf(ref: TypeRef): string[] {
    const type = this.get(ref);
    if (typeReach(type, (inner) => this.get(inner)) !== "sometimes") return [];
    const variants = type.body.shape === "union" ? type.body.variants.map((one) => one.type) : [];
    return [type, ...variants].map(({ name }) => keyOf({ name, module: ref.module }));
  }

  /** True when a type can stand inside itself. */
  isRecursive(ref: TypeRef): boolean {
    const key = keyOf(ref);
    const known = this.#recursive.get(key);
    if (known !== undefined) return known;
    const recursive = holdsItself(ref, (inner) => this.get(inner));
    this.#recursive.set(key, recursive);
    return recursive;
  }
}
