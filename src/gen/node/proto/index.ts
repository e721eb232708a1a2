/** From a `.proto` file to checked layouts. */
import type { Compiled } from "../../compile.js";
import { checkNames } from "../../emit-ts/naming.js";
import type { ReadFile } from "../../load.js";
import { Mistakes, specError } from "../../source.js";
import { lowerProto, moduleIdOf } from "./lower.js";
import { parseProto } from "./parse.js";

/**
 * Compiles a `.proto` file and the files that it imports.
 * @param path with slashes; imports lie beside it or in one of the folders, and those of `google/protobuf` are known
 * @param packageName the folder of a spec of the project; without it, the file's own id
 * @returns the file itself first, then its imports
 * @throws WireError `spec` with file and line
 */
export function compileProto(
  path: string,
  readFile: ReadFile,
  packageName?: string,
  folders: readonly string[] = [],
): Compiled[] {
  const base = path.slice(path.lastIndexOf("/") + 1);
  const tree = parseProto(path, packageName === undefined ? base : `${packageName}/${base}`, readFile, folders);
  const mistakes = new Mistakes();
  const ids = new Map<string, string>();
  for (const file of tree.files) {
    const id = moduleIdOf(file);
    const other = ids.get(id);
    if (other !== undefined)
      throw specError(`${file.shown}:1`, `'${file.name}' and '${other}' make the same module ${id}`);
    ids.set(id, file.name);
  }
  const modules = tree.files.map((file) =>
    mistakes.attempt(() => {
      const module = lowerProto(tree, file, packageName ?? moduleIdOf(tree.files[0]!));
      checkNames(module);
      return module;
    }),
  );
  mistakes.tell();
  return tree.files.map((file, i) => ({ module: modules[i]!, path: file.name, source: file.text }));
}
