import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";
import { defineConfig } from "tsup";

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;

/** What package.json promises is what is built: dist/machine/index.js comes from src/machine/index.ts. */
function entriesOf(targets: readonly string[]): Record<string, string> {
  const names = targets.map((target) => /^\.\/dist\/(.+)\.js$/.exec(target)?.[1]).filter((name) => name !== undefined);
  return Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));
}

const library = entriesOf(Object.values(manifest.exports).map((e) => (typeof e === "string" ? e : e.default)));
const programs = entriesOf(Object.values(manifest.bin));

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

const WASM = "src/kernel/wasm";

/** The kernels' modules, which the code has as base64, as files as well: for those who compile or serve them apart. */
const wasmFiles: Plugin = {
  name: "wasm-files",
  setup({ initialOptions: { outdir }, onEnd }) {
    onEnd(() => {
      mkdirSync(`${outdir}/kernel`, { recursive: true });
      for (const name of readdirSync(WASM)) {
        const base64 = /"([A-Za-z0-9+/=]+)"/.exec(readFileSync(`${WASM}/${name}`, "utf8"))![1]!;
        writeFileSync(`${outdir}/kernel/${name.replace(/\.ts$/, ".wasm")}`, Buffer.from(base64, "base64"));
      }
    });
  },
};

export default defineConfig({
  entry: { ...library, ...programs },
  // Secrets can be held by `using`, whose types are in no default library of TypeScript yet.
  dts: { entry: library, banner: '/// <reference lib="esnext.disposable" />' },
  format: "esm",
  target: "node20.19",
  // Without a platform's own conditions, a dependency offers its portable ES module, and so do the pure subpaths.
  platform: "neutral",
  removeNodeProtocol: false,
  // What is bundled runs on Node, whatever a package has for browsers.
  esbuildOptions(options) {
    options.mainFields = ["module", "main"];
  },
  splitting: true,
  esbuildPlugins: [builtinsOfCommonJs, wasmFiles],
});
