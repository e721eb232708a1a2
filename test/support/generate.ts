/** Compiles specs and loads the emitted codecs and Kaitai parsers. */
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import KaitaiStruct from "kaitai-struct";
import KaitaiCompiler from "kaitai-struct-compiler";
import { parse } from "yaml";
import { compileSpec, emitTypeScript, type Module } from "../../src/gen/index.js";
import { CODEC_FORMS } from "../../src/gen/ir.js";

export const { KaitaiStream } = KaitaiStruct as unknown as { KaitaiStream: new (buffer: ArrayBuffer) => unknown };

/** Functions of an emitted module by name. */
export type Emitted = Record<string, (...args: unknown[]) => unknown>;

/** Compiles a spec, emits its codecs, and loads them as a user's bundler would. */
export async function loadEmitted(path: string): Promise<{ modules: Module[]; codecs: Emitted; text: string }> {
  const compiled = compileSpec(path, (file) => readFileSync(file, "utf8"));
  const files = new Map(
    compiled.map(({ module, source }) => [
      `./${module.id}.js`,
      emitTypeScript(module, {
        runtime: resolve("src/codec/index.ts"),
        moduleFile: (id) => `./${id}.js`,
        source,
        forms: CODEC_FORMS,
      }),
    ]),
  );
  const entry = `./${compiled[0]!.module.id}.js`;
  const codecs = await loadModules(files, `export * from ${JSON.stringify(entry)};`);
  return { modules: compiled.map(({ module }) => module), codecs: codecs as Emitted, text: files.get(entry)! };
}

/** Loads emitted modules as a user's bundler would. @param entry what a module imports that is beside them */
export async function loadModules(
  files: ReadonlyMap<string, string>,
  entry: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    plugins: [
      {
        name: "emitted",
        setup(builder) {
          builder.onResolve({ filter: /^\.\/[a-z0-9_]+\.js$/ }, (args) =>
            files.has(args.path) ? { path: args.path, namespace: "emitted" } : undefined,
          );
          builder.onLoad({ filter: /^/, namespace: "emitted" }, (args) => ({
            contents: files.get(args.path)!,
            loader: "ts",
            resolveDir: process.cwd(),
          }));
        },
      },
    ],
  });
  return (await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`)) as Record<string, unknown>;
}

/** Classes that the official Kaitai compiler generates from a spec, by name. */
export async function loadKaitai(
  path: string,
  readFile = (file: string): string => readFileSync(file, "utf8"),
): Promise<Record<string, KaitaiClass>> {
  const read = (file: string): unknown => parse(readFile(file));
  const importer = { importYaml: (name: string) => Promise.resolve(read(join(dirname(path), `${name}.ksy`))) };
  const sources = await KaitaiCompiler.compile("javascript", read(path), importer, false);
  const loaded: Record<string, Record<string, KaitaiClass>> = {};
  const load = (name: string): Record<string, KaitaiClass> => {
    if (loaded[name] !== undefined) return loaded[name];
    const exports = (loaded[name] = {});
    const need = (id: string): unknown =>
      id.includes("kaitai-struct") ? { KaitaiStream, default: KaitaiStream, __esModule: false } : load(basename(id));
    const source = sources[`${name}.js`]!;
    // The compiler writes UMD; `exports` and `require` are what it asks for.
    // oxlint-disable-next-line no-new-func
    new Function("exports", "require", "module", source)(
      exports,
      (id: string) => (id.endsWith("KaitaiStream") ? KaitaiStream : need(id)),
      { exports },
    );
    return exports;
  };
  // The file itself may come after those that it imports.
  for (const name of Object.keys(sources)) load(name.replace(/\.js$/, ""));
  return Object.assign({}, ...Object.values(loaded)) as Record<string, KaitaiClass>;
}

/** A class of the official compiler; the types of a file are properties of its root class. */
export interface KaitaiClass {
  new (stream: unknown, parent?: unknown, root?: unknown, ...params: unknown[]): Record<string, unknown>;
  readonly [type: string]: KaitaiClass;
}

export function streamOf(bytes: Uint8Array): unknown {
  return new KaitaiStream(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
}
