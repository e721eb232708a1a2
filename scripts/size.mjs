/**
 * What one import costs in a bundle for browsers, with all that it brings: minified by esbuild, compressed by gzip,
 * measured by size-limit. `size/imports.json` lists the imports and their limits.
 *
 *   node scripts/size.mjs                  a table; exit 1 if a row has grown above its limit
 *   node scripts/size.mjs --write-readme   puts the table into bench/MEASURED.md, and sizes into the README
 *
 * Rows `forNode` are of what browsers cannot run: modules of Node.js are left out. Rows `withoutKernels` are limited
 * without `specwire/kernel`, whose parts have rows of their own. A row that misses its limit says so, and fails where it
 * exceeds `holdBytes`, what it has reached.
 */
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { run } from "./check/pack.mjs";
import { readBlock, writeBlock } from "./docs/blocks.mjs";
import { imports, OWN_CODEC } from "./size/checks.mjs";

const FOLDER = dirname(OWN_CODEC);
const OWN_SPEC = "scripts/size/five-fields.ksy";
const HEADER = ["import", "of", "name", "gzip KB", "limit", "verdict", "with kernels"];

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
run(process.execPath, ["dist/cli/main.js", "gen", OWN_SPEC, "--target", "ts", "--out", FOLDER], ".");
const sizes = measured();
const rows = imports.map((row) => ({
  ...row,
  bytes: sizes.shift(),
  wholeBytes: row.withoutKernels ? sizes.shift() : undefined,
}));

const table = toTable(rows);
console.log(table);
if (process.argv.includes("--write-readme")) {
  writeBlock("bench/MEASURED.md", "size", table);
  writeBlock("README.md", "subpaths", subpathsWithSizes(readBlock("README.md", "subpaths")));
}
for (const { name, bytes, limitBytes, holdBytes = limitBytes } of rows) {
  if (bytes <= holdBytes) continue;
  console.error(`${name} is ${bytes} bytes, at most ${holdBytes} are allowed`);
  process.exitCode = 1;
}

/** The size of each check in bytes. */
function measured() {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["node_modules/size-limit/bin.js", "--json", "--config", "scripts/size/checks.mjs"],
    { encoding: "utf8" },
  );
  try {
    return JSON.parse(stdout).map(({ size }) => size);
  } catch (cause) {
    throw new Error(`size-limit failed\n${stdout}${stderr}`, { cause });
  }
}

function toTable(list) {
  const kilobytes = (bytes) => (bytes === undefined ? "" : (bytes / 1000).toFixed(2));
  const body = list.map(({ name, from, import: imported, bytes, limitBytes, wholeBytes }) => [
    `\`${imported}\``,
    from === undefined ? "your own codec" : `\`specwire/${from}\``,
    name,
    kilobytes(bytes),
    kilobytes(limitBytes),
    bytes > limitBytes ? "MISSED" : "kept",
    kilobytes(wholeBytes),
  ]);
  const widths = HEADER.map((title, column) => Math.max(...[HEADER, ...body].map((row) => row[column].length)));
  const padded = (text, column) => (column < 3 ? text.padEnd(widths[column]) : text.padStart(widths[column]));
  const line = (row) => `| ${row.map(padded).join(" | ")} |`;
  const rules = widths.map((width, column) => (column < 3 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(HEADER), `| ${rules.join(" | ")} |`, ...body.map(line)].join("\n");
}

/** The table of subpaths with the largest import of each in its last column; those that are not measured have none. */
function subpathsWithSizes(text) {
  const sizeOf = ({ wholeBytes, bytes }) => wholeBytes ?? bytes;
  return text.replace(/^\| `specwire\/.*$/gm, (row) => {
    const subpaths = Array.from(row.matchAll(/`specwire\/([\w/]+)`/g), ([, subpath]) => subpath);
    const [largest] = rows.filter(({ from }) => subpaths.includes(from)).sort((a, b) => sizeOf(b) - sizeOf(a));
    const cell = largest === undefined ? "" : ` \`${largest.import}\` ${(sizeOf(largest) / 1000).toFixed(1)}`;
    return row.replace(/\|[^|]*\|$/, () => `|${cell} |`);
  });
}
