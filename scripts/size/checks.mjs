/**
 * What size-limit measures: each import of `imports.json`; one `withoutKernels` twice, first without `specwire/kernel`,
 * whose parts have rows of their own, then with it.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const KERNELS = resolve(ROOT, "dist/kernel") + sep;
const read = (path) => JSON.parse(readFileSync(resolve(ROOT, path), "utf8"));
const { exports } = read("package.json");

/** Leaves the kernels out under one name, as their path would count and differs from folder to folder. */
const kernelsApart = {
  name: "kernels-apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
      resolve(resolveDir, path).startsWith(KERNELS) ? { path: "specwire/kernel", external: true } : undefined,
    );
  },
};

/** The file that a row without `from` imports of: the generated codec of `five-fields.ksy`. */
export const OWN_CODEC = resolve(ROOT, "build/size/reading.ts");

export const imports = read("scripts/size/imports.json");

export default imports.flatMap((row) =>
  row.withoutKernels ? [toCheck(row, true), toCheck(row, false)] : toCheck(row, false),
);

function toCheck({ from, import: name, forNode = false }, withoutKernels) {
  return {
    path: from === undefined ? OWN_CODEC : resolve(ROOT, exports[`./${from}`].default),
    import: `{ ${name} }`,
    gzip: true,
    modifyEsbuildConfig: (config) => ({
      ...config,
      external: [...(config.external ?? []), ...(forNode ? ["node:*"] : [])],
      plugins: [...(config.plugins ?? []), ...(withoutKernels ? [kernelsApart] : [])],
    }),
  };
}
