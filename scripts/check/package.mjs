/** Checks the tarball for package managers, bundlers and TypeScript, with publint and arethetypeswrong. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { root, run, withTarball } from "./pack.mjs";

await withTarball((tarball) => {
  console.log(`${(statSync(tarball).size / 1024).toFixed(0)} KiB packed`);
  attempt("publint", ["publint/src/cli.js", "run", tarball, "--strict"]);
  // The package has ES modules only; `require` loads them from Node 20.19 on.
  attempt("are the types wrong", ["@arethetypeswrong/cli/dist/index.js", tarball, "--profile", "esm-only"]);
});

function attempt(name, [script, ...args]) {
  try {
    run(process.execPath, [join(root, "node_modules", script), ...args], root);
    console.log(`${name}: clean`);
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
