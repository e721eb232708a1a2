/** What of the tree is generated from the specs. */
import { readdirSync, readFileSync } from "node:fs";
import { OWN_KEYS } from "../keys.js";
import { REFUSED as FEATURES } from "../refused.js";
import { specSchema } from "../spec-schema.js";
import { compileSpec, type Compiled } from "../compile.js";
import { compileProto } from "./proto/index.js";
import { REFUSED, UNDERSTOOD } from "./proto/support.js";
import { emitTypeScript } from "../emit-ts/index.js";

/** A file that follows from the specs: its path from the root of the project, and its text. */
export interface Derived {
  readonly path: string;
  readonly text: string;
}

/**
 * Everything that is generated from `spec/`, where each folder is a package of codecs.
 * @param root the root of the project
 */
export function deriveProject(root: string): Derived[] {
  const derived: Derived[] = [];
  const all: Compiled[] = [];
  const packages = readdirSync(`${root}/spec`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const name of packages.map((entry) => entry.name).sort()) {
    const folder = `${root}/spec/${name}`;
    const files = readdirSync(folder)
      .filter((file) => /\.(ksy|proto)$/.test(file))
      .sort();
    const compiled = files.map((file) => {
      const compile = file.endsWith(".proto") ? compileProto : compileSpec;
      return compile(`${folder}/${file}`, (path) => readFileSync(path, "utf8"), name)[0]!;
    });
    all.push(...compiled);
    for (const { module, source } of compiled) {
      const text = emitTypeScript(module, { runtime: "../../index.js", moduleFile: (id) => `./${id}.js`, source });
      derived.push({ path: `src/codec/gen/${name}/${module.id}.ts`, text });
    }
    const exports = compiled.map(({ module }) => `export * from "./${module.id}.js";`);
    derived.push({
      path: `src/codec/gen/${name}/index.ts`,
      text: `// Generated from spec/${name} by \`specwire gen\`; do not edit.\n${exports.join("\n")}\n`,
    });
  }
  derived.push({
    path: "src/gen/catalogue/modules.json",
    text: `${JSON.stringify(all.map(({ module }) => module))}\n`,
  });
  const keys = readFileSync(`${root}/spec/KEYS.md`, "utf8");
  derived.push({ path: "spec/KEYS.md", text: withTables(keys) });
  derived.push({ path: "spec/ksy.schema.json", text: `${JSON.stringify(specSchema(), null, 2)}\n` });
  const proto = readFileSync(`${root}/spec/PROTO.md`, "utf8");
  derived.push({ path: "spec/PROTO.md", text: withProtoTables(proto) });
  return derived;
}

/** The page of keys with the tables that the generator goes by. */
function withTables(page: string): string {
  const own = Object.entries(OWN_KEYS).map(
    ([key, { on, says, example }]) => `| \`${key}\` | ${on} | ${says} | \`${example}\` |`,
  );
  const refused = Object.values(FEATURES).map(({ what, because, instead }) => `| ${what} | ${because} | ${instead} |`);
  return between(between(page, "own keys", ["| key | on | says | example |", "|---|---|---|---|", ...own]), "refused", [
    "| not supported | because | instead |",
    "|---|---|---|",
    ...refused,
  ]);
}

/** The page of protobuf with the tables that the generator goes by. */
function withProtoTables(page: string): string {
  const understood = Object.entries(UNDERSTOOD).map(([what, becomes]) => `| ${what} | ${becomes} |`);
  const refused = Object.entries(REFUSED).map(([what, way]) => `| \`${what}\` | ${way} |`);
  return between(between(page, "understood", ["| what | becomes |", "|---|---|", ...understood]), "refused", [
    "| what | why, and the way round |",
    "|---|---|",
    ...refused,
  ]);
}

/** A page whose lines between two marks are replaced. */
function between(page: string, mark: string, lines: readonly string[]): string {
  const [open, close] = [`<!-- ${mark} -->`, `<!-- end of ${mark} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start < 0 || end < start) throw new TypeError(`a page lacks the mark '${mark}'`);
  return `${page.slice(0, start + open.length)}\n\n${lines.join("\n")}\n\n${page.slice(end)}`;
}
