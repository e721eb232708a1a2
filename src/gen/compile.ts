/** From a spec file to checked layouts. */
import { isWireError } from "../errors.js";
import type { Module } from "./ir.js";
import { lintModule } from "./lint.js";
import { checkNames } from "./emit-ts/naming.js";
import type { FileName } from "./import-names.js";
import { loadSpec, type ReadFile, type SpecFile } from "./load.js";
import { lowerGeneral, needOf, perhapsNeedOf, type Need } from "./lower/general/index.js";
import { lowerSpec } from "./lower/index.js";
import { Mistakes, SpecError, specError } from "./source.js";

/** A spec file, laid out and linted, with the text that it was read from. */
export interface Compiled {
  readonly module: Module;
  readonly path: string;
  readonly source: string;
}

/**
 * Compiles a spec file and the files that it imports.
 * @param packageName what stands in front of the formats' names; without it, the file's own id
 * @param folders where imports that begin with a slash are looked for, in this order
 * @param names what files of one base name are called, where others are compiled beside this
 * @returns the file itself first, then its imports
 * @throws WireError `spec` with file and line
 */
export function compileSpec(
  path: string,
  readFile: ReadFile,
  packageName?: string,
  folders: readonly string[] = [],
  names?: ReadonlyMap<string, FileName>,
): Compiled[] {
  const sources = new Map<string, string>();
  const spec = loadSpec(
    path,
    (file) => {
      const text = readFile(file);
      sources.set(file, text);
      return text;
    },
    packageName,
    folders,
    names,
  );
  const all: SpecFile[] = [];
  const visit = (file: SpecFile): void => {
    if (all.includes(file)) return;
    all.push(file);
    for (const imported of file.imports) visit(imported);
  };
  visit(spec);
  const mistakes = new Mistakes();
  const modules = all.map((file) => mistakes.attempt(() => lowered(file)));
  mistakes.tell();
  return all.map((file, i) => ({ module: modules[i]!, path: file.path, source: sources.get(file.path)! }));
}

/** Flat and streamed layouts, which are faster, unless a spec needs the whole language. */
function lowered(file: SpecFile): Module {
  const need = needOf(file);
  if (need !== undefined) return checked(becauseOf(need, () => lowerGeneral(file, need)));
  const perhaps = perhapsNeedOf(file);
  if (perhaps === undefined) return checked(lowerSpec(file));
  try {
    return checked(lowerSpec(file));
  } catch (error) {
    if (!isWireError(error)) throw error;
    try {
      return checked(lowerGeneral(file, perhaps));
    } catch {
      throw error;
    }
  }
}

/** Mistakes that are some in general types alone say why the types are general: nobody asked for it by name. */
function becauseOf<T>({ what, place }: Need, lower: () => T): T {
  try {
    return lower();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const because = `; the spec has general types because of ${what} (${place})`;
    throw new SpecError(
      error.mistakes.map((mistake) =>
        /\bgeneral type\b/.test(mistake.actual ?? "") ? specError(mistake.spec!, mistake.actual + because) : mistake,
      ),
    );
  }
}

function checked(module: Module): Module {
  const mistakes = new Mistakes();
  mistakes.attempt(() => lintModule(module));
  mistakes.attempt(() => checkNames(module));
  mistakes.tell();
  return module;
}
