/**
 * The codecs of all built-in formats, emitted with every optional form. The codecs of the package have fewer forms but
 * come from the same emitter, so that tests of these apply to them.
 */
import { resolve } from "node:path";
import { MODULES } from "../../src/gen/catalogue/index.js";
import { emitTypeScript } from "../../src/gen/emit-ts/index.js";
import { CODEC_FORMS } from "../../src/gen/ir.js";
import { loadModules } from "./generate.js";

/** Emitted functions by package of the formats, then by name. */
export const ALL_FORMS = (await load()) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

async function load(): Promise<Readonly<Record<string, unknown>>> {
  const runtime = resolve("src/codec/index.ts");
  const files = new Map<string, string>();
  const packages = new Map<string, string>();
  for (const module of MODULES) {
    const fileOf = (id: string): string => `./${module.package}_${id}.js`;
    files.set(
      fileOf(module.id),
      emitTypeScript(module, { runtime, moduleFile: fileOf, source: "", forms: CODEC_FORMS }),
    );
    const before = packages.get(module.package) ?? "";
    packages.set(module.package, `${before}export * from "${fileOf(module.id)}";`);
  }
  for (const [name, text] of packages) files.set(`./${name}.js`, text);
  return loadModules(files, [...packages.keys()].map((name) => `export * as ${name} from "./${name}.js";`).join("\n"));
}
