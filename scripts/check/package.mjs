/**
 * Checks the tarball: its size, for package managers, bundlers and TypeScript with publint and arethetypeswrong, that
 * its source maps name sources in it, and that links of its documents lead to files in it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root, run, withTarball } from "./pack.mjs";

/** For all rooms; with the first two protocols alone it was 1.43 MB. */
const PACKED_BYTES_MAX = 3_400_000;

await withTarball((tarball, folder) => {
  attempt("size", () => {
    const { size } = statSync(tarball);
    if (size > PACKED_BYTES_MAX) throw new Error(`${size} bytes packed, at most ${PACKED_BYTES_MAX}`);
    return `${size} bytes packed`;
  });
  attempt("publint", () => runTool("publint/src/cli.js", "run", tarball, "--strict"));
  // The package has ES modules only, which `require` loads from Node 20.19 on. Resolution as by Node 10 knows no
  // `exports`: the README names the settings that do.
  attempt("are the types wrong", () =>
    runTool("@arethetypeswrong/cli/dist/index.js", tarball, "--profile", "esm-only"),
  );

  run("tar", ["xzf", tarball, "-C", folder], folder);
  const unpacked = join(folder, "package");
  const files = readdirSync(unpacked, { recursive: true, encoding: "utf8" }).map((name) => join(unpacked, name));
  const among = (ending) => files.filter((file) => file.endsWith(ending));
  attempt("source maps", () => checkMaps(among(".map"), among(".js"), unpacked));
  attempt("links", () => checkLinks(among(".md"), unpacked));
});

function attempt(name, check) {
  try {
    console.log(`${name}: ${check() ?? "clean"}`);
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}

function runTool(script, ...args) {
  run(process.execPath, [join(root, "node_modules", script), ...args], root);
}

/** Every map names shipped sources and holds none; the program has no map. */
function checkMaps(maps, modules, folder) {
  const wrong = maps.filter((file) => {
    const { sources, sourcesContent } = JSON.parse(readFileSync(file, "utf8"));
    const isMissing = (source) => !existsSync(join(dirname(file), source));
    return sourcesContent !== undefined || sources.length === 0 || sources.some(isMissing);
  });
  wrong.push(...maps.filter((file) => relative(folder, file).startsWith(join("dist", "cli"))));
  const dangling = (file) => /^\/\/# sourceMappingURL=(.+)$/m.exec(readFileSync(file, "utf8"))?.[1];
  wrong.push(...modules.filter((file) => dangling(file) && !existsSync(join(dirname(file), dangling(file)))));
  if (maps.length === 0 || wrong.length > 0) throw new Error(wrong.join("\n") || "there is none");
  return `${maps.length} name sources in the package`;
}

/** Every relative link leads to a file or a folder of the package. */
function checkLinks(documents, folder) {
  const wrong = documents.flatMap((file) => {
    const links = [...readFileSync(file, "utf8").matchAll(/\]\((?!#|https?:)([^)#\s]+)(?:#[^)]*)?\)/g)];
    const broken = links.map(([, target]) => target).filter((target) => !existsSync(join(dirname(file), target)));
    return broken.map((target) => `${relative(folder, file)} links to ${target}`);
  });
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return `those of ${documents.length} documents lead to files in the package`;
}
