/** Bundles a module for a browser and runs it without the globals of Node. */
import { builtinModules } from "node:module";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";

/** Globals of a page that a module may use. `process`, `Buffer`, `require` and `setImmediate` are missing. */
const PAGE = {
  AbortController,
  AbortSignal,
  EventTarget,
  TextDecoder,
  TextEncoder,
  URL,
  WebAssembly,
  atob,
  btoa,
  clearTimeout,
  console,
  crypto,
  performance,
  queueMicrotask,
  setTimeout,
  structuredClone,
};

/**
 * Bundles a module as a user's bundler does, and runs the bundle with the globals of a page. Returns its size and the
 * names that it exports. Throws if it imports a module of Node, or needs a global of Node to load.
 */
export async function bundleForBrowser(module, resolveDir) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(module)};`, resolveDir },
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "bundle",
    minify: true,
    write: false,
    logLevel: "silent",
    plugins: [refuseNode],
  });
  const code = outputFiles[0].text;
  const page = createContext({ ...PAGE });
  runInContext("globalThis.self = globalThis", page);
  runInContext(code, page);
  return { sizeBytes: outputFiles[0].contents.length, names: runInContext("Object.keys(bundle)", page) };
}

const refuseNode = {
  name: "refuse-node",
  setup({ onResolve }) {
    onResolve({ filter: /^/ }, ({ path, importer }) => {
      if (!path.startsWith("node:") && !builtinModules.includes(path)) return undefined;
      return { errors: [{ text: `${importer} imports ${path}` }] };
    });
  },
};
