/** What is generated from a user's own spec, read from a disk and written to it. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { argumentError, WireError } from "../../errors.js";
import { makeFoldersSync } from "../../storage/make-folders.js";
import { compileSpec, type Compiled } from "../compile.js";
import { emitMarkdown } from "../emit-md.js";
import { emitTypeScript } from "../emit-ts/index.js";
import type { FileName } from "../import-names.js";
import type { CodecForm } from "../ir.js";
import { namesOf } from "../load.js";
import { Mistakes } from "../source.js";
import { javaScriptOf } from "./javascript/index.js";
import { compileProto } from "./proto/index.js";

/** What the generator can write. */
export const TARGETS = ["ts", "js", "mjs", "md", "json"] as const;
/**
 * TypeScript codecs, JavaScript codecs with declarations, the same by names that make them ES modules in every package,
 * Markdown tables, or the layout itself as JSON.
 */
export type Target = (typeof TARGETS)[number];

/**
 * Compiles a user's own spec and the files that it imports.
 * @param folders where imports that begin with a slash are looked for
 * @param onRead is told each path that is read or looked for
 * @param names what files of one base name are called, where other specs are compiled beside this
 * @returns the file itself first
 * @throws WireError `spec` with file and line
 */
export function compileFile(
  spec: string,
  folders: readonly string[] = [],
  onRead: (path: string) => void = () => {},
  names?: Names,
): Compiled[] {
  const path = pathOf(spec);
  onRead(path);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new WireError({ code: "argument", format: "spec", path: "", expected: "a file", actual: spec });
  const read = (file: string): string => {
    onRead(file);
    return readFileSync(file, "utf8");
  };
  if (path.endsWith(".proto")) return compileProto(path, read, undefined, folders.map(pathOf));
  return compileSpec(path, read, undefined, folders.map(pathOf), names);
}

type Names = ReadonlyMap<string, FileName>;

/** A path from the working directory, with the slashes that imports have. */
function pathOf(path: string): string {
  return resolve(path).replaceAll("\\", "/");
}

/** What `generateFiles` may be told. */
export interface GenerateOptions {
  /** What every codec gets, beside what its type asks for by `-forms`. */
  readonly forms?: readonly CodecForm[];
  /** Where imports that begin with a slash are looked for. */
  readonly folders?: readonly string[];
  /** Is told each path that is read or looked for, so that a change of any can be watched for. */
  readonly onRead?: (path: string) => void;
}

/** A file that was generated. */
export interface GeneratedFile {
  readonly path: string;
  /** Whether it was written: one that has this text already is left alone. */
  readonly isChanged: boolean;
}

/**
 * Generates from a user's own specs; the files that they import are generated beside them. Nothing is written where one
 * of the specs has a mistake.
 * @returns the files, each once
 * @throws WireError `spec` with file and line, the mistakes of all specs in it; `argument` for a spec that is no file, or
 *   two specs of one id; `storage` if the folder cannot be made, or a file not be written
 */
export async function generateFiles(
  specs: string | readonly string[],
  target: Target,
  out: string,
  options: GenerateOptions = {},
): Promise<GeneratedFile[]> {
  const modules = compileAll(typeof specs === "string" ? [specs] : specs, options);
  const files: [name: string, text: string][] = [];
  for (const compiled of modules) {
    const texts = await textsOf(compiled, target, options.forms ?? []);
    for (const [extension, text] of texts) files.push([`${compiled.module.id}.${extension}`, text]);
  }
  attempt(out, "a folder", () => makeFoldersSync(out));
  return files.map(([name, text]) => {
    const path = join(out, name);
    const isChanged = textIn(path) !== text;
    if (isChanged) attempt(path, "a file that can be written", () => writeFileSync(path, text));
    return { path, isChanged };
  });
}

/** All specs and what they import, each module once. */
function compileAll(specs: readonly string[], options: GenerateOptions, names?: Names): Compiled[] {
  const { folders = [], onRead } = options;
  const mistakes = new Mistakes();
  const trees = specs.map((spec) => mistakes.attempt(() => compileFile(spec, folders, onRead, names)) ?? []);
  mistakes.tell();
  const modules = new Map<string, Compiled>();
  // A spec itself before what another takes from it.
  for (const compiled of [...trees.flatMap((tree) => tree.slice(0, 1)), ...trees.flat()]) {
    const { id } = compiled.module;
    const other = modules.get(id) ?? compiled;
    // A file goes by one name in all specs, so that each is generated once.
    if (other.path !== compiled.path && names === undefined) return compileAll(specs, options, namesIn(trees, folders));
    if (other.source !== compiled.source)
      throw argumentError("spec", "", "specs of different ids", `${other.path} and ${compiled.path}, both '${id}'`);
    modules.set(id, other);
  }
  return [...modules.values()];
}

/** What files of one base name are called, of all that several specs import. */
function namesIn(trees: readonly (readonly Compiled[])[], folders: readonly string[]): Names {
  const sources = new Map(trees.flat().map(({ path, source }) => [path, source]));
  return namesOf(
    trees.map(([first]) => first!.path),
    (path) => sources.get(path) ?? missing(path),
    folders.map(pathOf),
  );
}

function missing(path: string): never {
  throw Object.assign(new Error(path), { code: "ENOENT" });
}

/** What is generated from one module: the text of each file by its extension. */
async function textsOf(
  { module, source }: Compiled,
  target: Target,
  forms: readonly CodecForm[],
): Promise<[extension: string, text: string][]> {
  if (target === "md") return [["md", emitMarkdown(module)]];
  if (target === "json") return [["json", `${JSON.stringify(module, null, 2)}\n`]];
  const extension = target === "mjs" ? "mjs" : "js";
  const moduleFile = (id: string): string => `./${id}.${extension}`;
  const text = emitTypeScript(module, { runtime: "specwire/codec", moduleFile, source, forms });
  if (target === "ts") return [["ts", text]];
  const { code, typings } = await javaScriptOf(text);
  return [
    [extension, code],
    [target === "mjs" ? "d.mts" : "d.ts", typings],
  ];
}

/** The text of a file, undefined where it cannot be read. */
function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Runs a call of the file system; names the path that it refuses. */
function attempt(path: string, expected: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) throw cause;
    throw new WireError({ code: "storage", format: "file", path, expected, actual: code }, { cause });
  }
}
