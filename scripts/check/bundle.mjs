import { builtinModules } from "node:module";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";

/** What a module may expect of a page; no `process`, `Buffer`, `require` or `setImmediate` among it. */
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
 * Bundles a module for a page as a user's bundler does, and runs the bundle where a page has what Node has not.
 * Returns its size and what it exports. Throws when it needs a module of Node or a global of Node to load.
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
