/** Generates files from a user's own spec. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { WireError } from "../../errors.js";
import { compileSpec } from "../compile.js";
import { emitMarkdown } from "../emit-md.js";
import { emitTypeScript } from "../emit-ts/index.js";
import type { CodecForm } from "../ir.js";

/** What the generator can write: TypeScript codecs, Markdown tables, or the layout itself as JSON. */
export const TARGETS = ["ts", "md", "ir"] as const;
export type Target = (typeof TARGETS)[number];

/**
 * Generates from a user's own spec; the files that it imports are generated beside it.
 * @param forms what every codec gets, beside what its type asks for by `-forms`
 * @returns the paths that were written
 * @throws WireError `spec` with file and line
 */
export function generateFiles(spec: string, target: Target, out: string, forms: readonly CodecForm[] = []): string[] {
  const path = resolve(spec).replaceAll("\\", "/");
  if (!existsSync(path))
    throw new WireError({ code: "argument", format: "spec", path: "", offset: 0, expected: "a file", actual: spec });
  const compiled = compileSpec(path, (file) => readFileSync(file, "utf8"));
  mkdirSync(out, { recursive: true });
  return compiled.map(({ module, source }) => {
    const file = join(out, `${module.id}.${target === "ir" ? "json" : target}`);
    writeFileSync(file, textOf(target));
    return file;

    function textOf(kind: Target): string {
      if (kind === "md") return emitMarkdown(module);
      if (kind === "ir") return `${JSON.stringify(module, null, 2)}\n`;
      return emitTypeScript(module, { runtime: "specwire/codec", moduleFile: (id) => `./${id}.js`, source, forms });
    }
  });
}
