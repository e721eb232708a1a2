/**
 * Packs the package, installs it into an empty project, and checks its types, modules and program there, on this Node
 * and on a newer one. The newer one is installed into the temporary project: a dependency would shadow the system's.
 */
import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleForBrowser } from "./bundle.mjs";
import { root, run, withTarball } from "./pack.mjs";
import { pureSubpaths, subpaths } from "./subpaths.mjs";

const NEWER_NODE = "24";
/** The oldest TypeScript that the README names. */
const OLDEST_TYPESCRIPT = "5.4.5";

await withTarball(async (tarball, project) => {
  writeJson("package.json", { private: true, type: "module" });
  install(tarball);
  for (const file of ["use.ts", "use.mjs"]) copyFileSync(join(root, "test/consumer", file), join(project, file));

  const all = (names) => names.map((name, index) => `export * as _${index} from "specwire/${name}";\n`).join("");
  writeFileSync(join(project, "every.ts"), all(subpaths));
  writeFileSync(join(project, "pure.ts"), all(pureSubpaths));
  typeCheck("use.ts", { module: "NodeNext", moduleResolution: "NodeNext", types: [] });
  typeCheck("use.ts", { module: "ESNext", moduleResolution: "Bundler", types: [] });
  install(`typescript@${OLDEST_TYPESCRIPT}`);
  for (const file of ["use.ts", "pure.ts"]) {
    typeCheck(file, { module: "NodeNext", moduleResolution: "NodeNext", types: [] }, project);
  }
  // What a browser can import needs no declarations of Node.
  typeCheck("pure.ts", { module: "ESNext", moduleResolution: "Bundler", types: [] });
  typeCheck("every.ts", { module: "NodeNext", types: ["node"], typeRoots: [join(root, "node_modules/@types")] });
  for (const subpath of pureSubpaths) await bundleForBrowser(`specwire/${subpath}`, project);
  console.log(`${pureSubpaths.length} pure subpaths bundle for a browser`);
  for (const node of [process.execPath, newerNode()]) {
    console.log(run(node, ["--enable-source-maps", "use.mjs"], project).trimEnd());
    const version = run(node, [join("node_modules", ".bin", "specwire"), "--version"], project).trimEnd();
    console.log(`the program says it is ${version}`);
  }

  function install(...packages) {
    run("npm", ["install", "--no-audit", "--no-fund", ...packages], project);
  }

  /**
   * Type-checks with the strictest options of a user, declarations of the package included, by the TypeScript installed
   * in a folder.
   */
  function typeCheck(file, options, compilerFrom = root) {
    const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
    const platform = { target: "ES2022", lib: ["ES2022", "DOM"], skipLibCheck: false, noEmit: true };
    writeJson("tsconfig.json", { compilerOptions: { ...platform, ...strict, ...options }, files: [file] });
    const compiler = join(compilerFrom, "node_modules/typescript/bin/tsc");
    run(process.execPath, [compiler, "-p", "."], project);
    const version = run(process.execPath, [compiler, "--version"], project).trim();
    console.log(`${file} type-checks (${options.module}, TypeScript ${version.replace("Version ", "")})`);
  }

  function newerNode() {
    install(`node@${NEWER_NODE}`);
    const installed = join(project, "node_modules/node/bin/node");
    if (existsSync(installed)) return installed;
    // If npm runs no install scripts, installs by name the package that the script would fetch.
    const platform = `node-${process.platform}-${process.arch}`;
    install(`${platform}@${NEWER_NODE}`);
    return join(project, "node_modules", platform, "bin/node");
  }

  function writeJson(name, value) {
    writeFileSync(join(project, name), JSON.stringify(value));
  }
});
