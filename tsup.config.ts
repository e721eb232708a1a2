import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { transformSync, type Metafile, type OutputFile, type Plugin } from "esbuild";
import { defineConfig, type Options } from "tsup";
import { firstOfEachLine } from "./scripts/build/line-maps.mjs";

const SOURCE = resolve("src");
/** Folders of `src/` that only the program needs. */
const PROGRAM_ONLY = /^(cli|conformance)\//;

const slashed = (path: string) => path.replaceAll("\\", "/");
/** The path of a source file inside `src/`. */
const inSource = (path: string) => slashed(relative(SOURCE, path));

/** Every module of the library: dist/machine/index.js comes from src/machine/index.ts. */
const library = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .map(slashed)
  .filter((path) => path.endsWith(".ts") && !PROGRAM_ONLY.test(path))
  .sort();

/**
 * Leaves the modules of the library apart, as they are in `src/`: the bundler of a user takes what an import needs, a
 * stack trace names a file that can be read, and the program needs no second copy. A package that is no dependency is
 * bundled into the module that imports it.
 */
const modulesApart: Plugin = {
  name: "modules-apart",
  setup({ onEnd, onResolve }) {
    onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, importer, kind, resolveDir }) => {
      if (kind === "entry-point" || !importer.startsWith(SOURCE)) return undefined;
      const target = inSource(resolve(resolveDir, path));
      if (PROGRAM_ONLY.test(target)) return undefined;
      // All of the program lies in dist/cli, however deep its sources are.
      return { path: PROGRAM_ONLY.test(inSource(importer)) ? `../${target}` : path, external: true };
    });
    onEnd((result) => {
      result.outputFiles = result.outputFiles?.flatMap(shipped) ?? [];
    });
  },
};

/** Code that says nothing which its declarations and its specs do not: its sources would be a twentieth of the package. */
const GENERATED = /\/codec\/gen\//;
/** A module that a package was bundled into: nobody steps through that, and its spaces would be 41 KB of what is shipped. */
const BUNDLED = /^\/\/ node_modules\//m;

/** A built file as it is shipped; nothing of a module of types alone, or of a source map of files that are not. */
function shipped(file: OutputFile): OutputFile[] {
  if (!file.path.endsWith(".map")) {
    const isBundled = BUNDLED.test(file.text);
    const isMapped = !isBundled && !GENERATED.test(slashed(file.path));
    const readable = isMapped ? file.text : file.text.replace(/\/\/# sourceMappingURL=.*\n$/, "");
    const text = isBundled ? transformSync(readable, { minifySyntax: true, minifyWhitespace: true }).code : readable;
    return text === "" ? [] : [{ ...file, text, contents: new TextEncoder().encode(text) }];
  }
  const { sources, ...map } = JSON.parse(file.text) as { sources: string[]; mappings: string };
  if (
    sources.length === 0 ||
    !sources.every((source) => /^(\.\.\/)+src\/(?!kernel\/wasm\/|codec\/gen\/).+\.ts$/.test(source))
  )
    return [];
  const text = JSON.stringify({ ...map, sources, mappings: firstOfEachLine(map.mappings) });
  return [{ ...file, text, contents: new TextEncoder().encode(text) }];
}

/** A bundled CommonJS package calls `require`, which an ES module lacks; Node hands out its own modules without. */
const builtinsOfCommonJs: Plugin = {
  name: "builtins-of-commonjs",
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === "require-call" ? { path, namespace: "builtin" } : { path, external: true },
    );
    // Older packages leave the prefix out.
    build.onResolve({ filter: /^[a-z_]+$/ }, ({ path, kind }) =>
      kind === "require-call" && isBuiltin(path) ? { path, namespace: "builtin" } : undefined,
    );
    build.onLoad({ filter: /^/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = globalThis.process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** The licences of the packages that are bundled, in one file: each asks that its text goes along. */
const licences = (file: string): Plugin => ({
  name: "licences",
  setup({ initialOptions, onEnd }) {
    initialOptions.metafile = true;
    onEnd(({ metafile }) => {
      const inputs = Object.keys(metafile?.inputs ?? {});
      const packages = new Set(
        inputs.flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []),
      );
      const texts = [...packages].sort().map((folder) => {
        const name = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
        const { name: title, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Package;
        return `${title} ${version} (${license})\n\n${name === undefined ? "" : readFileSync(`${folder}/${name}`, "utf8")}`;
      });
      if (texts.length === 0) return undefined;
      mkdirSync(dirname(`${initialOptions.outdir}/${file}`), { recursive: true });
      writeFileSync(`${initialOptions.outdir}/${file}`, texts.join(`\n${"-".repeat(80)}\n\n`));
      return { errors: bundledTwice(metafile!) };
    });
  },
});

/** A second copy of a package would be another package: its classes and its symbols differ. */
function bundledTwice({ outputs }: Metafile): { text: string }[] {
  const owners = new Map<string, string>();
  return Object.entries(outputs).flatMap(([output, { inputs }]) =>
    Object.keys(inputs).flatMap((input) => {
      const owner = owners.get(input) ?? output;
      owners.set(input, owner);
      return owner === output || !input.includes("node_modules")
        ? []
        : [{ text: `${output} has ${input}, as ${owner} has` }];
    }),
  );
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

const WASM = "src/kernel/wasm";

/** The kernels' modules, which the code has in hex, as files as well: for those who compile or serve them apart. */
const wasmFiles: Plugin = {
  name: "wasm-files",
  setup({ initialOptions: { outdir }, onEnd }) {
    onEnd(() => {
      mkdirSync(`${outdir}/kernel`, { recursive: true });
      for (const name of readdirSync(WASM)) {
        const hex = /"([0-9a-f]+)"/.exec(readFileSync(`${WASM}/${name}`, "utf8"))![1]!;
        writeFileSync(`${outdir}/kernel/${name.replace(/\.ts$/, ".wasm")}`, Buffer.from(hex, "hex"));
      }
    });
  },
};

const shared: Options = {
  format: "esm",
  target: "node20.19",
  // Without a platform's own conditions, a dependency offers its portable ES module, and so do the pure subpaths.
  platform: "neutral",
  removeNodeProtocol: false,
};

export default defineConfig([
  {
    ...shared,
    name: "library",
    entry: Object.fromEntries(library.map((path) => [path.replace(/\.ts$/, ""), `src/${path}`])),
    external: [/^node:/],
    splitting: false,
    sourcemap: true,
    esbuildPlugins: [modulesApart, wasmFiles, licences("gen/LICENCES.txt")],
    esbuildOptions(options) {
      // The package has the sources.
      options.sourcesContent = false;
    },
  },
  {
    ...shared,
    name: "program",
    entry: { "cli/main": "src/cli/main.ts" },
    splitting: true,
    esbuildPlugins: [modulesApart, builtinsOfCommonJs, licences("cli/LICENCES.txt")],
    esbuildOptions(options) {
      options.chunkNames = "cli/[name]-[hash]";
      // What is bundled runs on Node, whatever a package has for browsers.
      options.mainFields = ["module", "main"];
      options.minifySyntax = true;
      options.minifyWhitespace = true;
    },
  },
]);
