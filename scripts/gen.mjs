/**
 * Writes what follows from spec/ into the tree, or with --check compares it with what is there. The generator is
 * bundled from its source on the fly, so that it never depends on a build.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { createGenerator } from "ts-json-schema-generator";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes("--check");

const bundle = join(root, "node_modules", `.specwire-gen-${process.pid}.mjs`);
await build({
  entryPoints: [join(root, "src/gen/node/project.ts")],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
});
let derived;
try {
  ({ deriveProject: derived } = await import(pathToFileURL(bundle).href));
} finally {
  rmSync(bundle, { force: true });
}

/** The layout of specs as JSON, by its types: readers of `specwire gen --target json` can hold it against this. */
function schemaOfLayouts() {
  const schema = createGenerator({
    path: join(root, "src/gen/ir.ts"),
    tsconfig: join(root, "tsconfig.json"),
    skipTypeCheck: true,
    topRef: false,
    additionalProperties: false,
  }).createSchema("Module");
  return { path: "spec/ir.schema.json", text: `${JSON.stringify(schema, null, 2)}\n` };
}

const changed = [];
for (const { path, text } of [...derived(root), schemaOfLayouts()]) {
  const file = join(root, path);
  let current;
  try {
    current = readFileSync(file, "utf8");
  } catch {
    current = undefined;
  }
  if (current === text) continue;
  changed.push(path);
  if (!check) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
for (const path of changed) console.log(`${check ? "differs" : "wrote"} ${path}`);
if (changed.length === 0) console.log("generated code is up to date");
process.exitCode = check && changed.length > 0 ? 1 : 0;
