/** What is generated from a user's own spec, read from a disk and written to it. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { WireError } from "../../errors.js";
import { makeFoldersSync } from "../../storage/make-folders.js";
import { compileSpec, type Compiled } from "../compile.js";
import { emitMarkdown } from "../emit-md.js";
import { emitTypeScript } from "../emit-ts/index.js";
import type { CodecForm } from "../ir.js";
import { compileProto } from "./proto/index.js";

/** What the generator can write: TypeScript codecs, Markdown tables, or the layout itself as JSON. */
export const TARGETS = ["ts", "md", "ir"] as const;
export type Target = (typeof TARGETS)[number];

/**
 * Compiles a user's own spec and the files that it imports.
 * @param folders where imports that begin with a slash are looked for
 * @returns the file itself first
 * @throws WireError `spec` with file and line
 */
export function compileFile(spec: string, folders: readonly string[] = []): Compiled[] {
  const path = pathOf(spec);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new WireError({ code: "argument", format: "spec", path: "", expected: "a file", actual: spec });
  const compile = path.endsWith(".proto") ? compileProto : compileSpec;
  return compile(path, (file) => readFileSync(file, "utf8"), undefined, folders.map(pathOf));
}

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
}

/**
 * Generates from a user's own spec; the files that it imports are generated beside it.
 * @returns the paths that were written
 * @throws WireError `spec` with file and line; `storage` if the folder cannot be made, or a file not be written
 */
export function generateFiles(spec: string, target: Target, out: string, options: GenerateOptions = {}): string[] {
  const { forms = [], folders = [] } = options;
  const compiled = compileFile(spec, folders);
  attempt(out, "a folder", () => makeFoldersSync(out));
  return compiled.map(({ module, source }) => {
    const file = join(out, `${module.id}.${target === "ir" ? "json" : target}`);
    attempt(file, "a file that can be written", () => writeFileSync(file, textOf(target)));
    return file;

    function textOf(kind: Target): string {
      if (kind === "md") return emitMarkdown(module);
      if (kind === "ir") return `${JSON.stringify(module, null, 2)}\n`;
      return emitTypeScript(module, { runtime: "specwire/codec", moduleFile: (id) => `./${id}.js`, source, forms });
    }
  });
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
