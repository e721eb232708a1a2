/**
 * Writes what documents take from the sources: error codes, limits, engines, events and effects, programs of
 * `examples/`, and the ratios of the README. They stand in blocks, `<!-- name -->` to `<!-- /name -->`.
 *
 *   node scripts/docs.mjs            rewrites them
 *   node scripts/docs.mjs --check    fails if one differs. Needs a build, whose declarations have the options
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { namesOfBlocks, readBlock, writeBlock } from "./docs/blocks.mjs";
import { optionLimitTables } from "./docs/option-limits.mjs";
import { ratiosOf } from "./docs/ratios.mjs";
import { contractTable, engineTable, errorTables, limitTable } from "./docs/tables.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const check = process.argv.includes("--check");

const blocks = [
  { path: "README.md", name: "ratios", text: ratiosOf(readFileSync("bench/MEASURED.md", "utf8")) },
  { path: "docs/errors.md", name: "errors", text: await errorTables() },
  { path: "docs/limits.md", name: "limits", text: await limitTable() },
  { path: "docs/limits.md", name: "options", text: optionLimitTables(root) },
  { path: "docs/machines.md", name: "events", text: contractTable("Event") },
  { path: "docs/machines.md", name: "effects", text: contractTable("Effect") },
  { path: "docs/performance.md", name: "engines", text: await engineTable() },
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => programsIn(`docs/${name}`)),
];

/** The programs that a document shows: a block is called after the file. */
function programsIn(path) {
  return namesOfBlocks(path, "examples/").map((name) => {
    const language = name.endsWith(".ksy") ? "yaml" : "js";
    return { path, name, text: `\`\`\`${language}\n${readFileSync(name, "utf8")}\`\`\`` };
  });
}

let changed = 0;
for (const { path, name, text } of blocks) {
  const isOther = check ? readBlock(path, name) !== text.trim() : writeBlock(path, name, text);
  if (!isOther) continue;
  changed++;
  console.log(`${check ? "differs" : "wrote"} ${path}: ${name}`);
}
if (changed === 0) console.log(`${blocks.length} blocks of documents are up to date`);
else if (check) {
  console.error("node scripts/docs.mjs writes them anew");
  process.exitCode = 1;
}
