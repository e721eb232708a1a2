/** How layouts name types: by the module that declares them, since files share names. */

/** A type by its name, and the id of the module that declares it. */
export interface TypeRef {
  readonly name: string;
  readonly module: string;
}
