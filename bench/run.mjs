/**
 * Measures our code against rivals: npm run bench -- [GROUP] [options]
 *
 *   --smoke         no times: every candidate makes the same outputs and refuses the same bad inputs
 *   --gate          exit 1 when a must of a group's gates.json is missed
 *   --json          the summaries as JSON instead of tables, by group
 *   --csv           the rows as comma-separated values
 *   --compare FILE  the ratios beside those of an earlier run, which --json wrote
 *   --mib N         the size of the files of transfers, by default 1024
 *   --write-readme  puts the table into bench/MEASURED.md, and the ratios that README.md shows into it
 *
 * Without a group, all of them. Exit 2 when the control, a rival against itself, strays: then the run says nothing.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { json } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { writeBlock } from "../scripts/docs/blocks.mjs";
import { ratiosOf } from "../scripts/docs/ratios.mjs";
import { CSV_HEADER, toComparison, toCsv } from "./lib/compare.mjs";
import { isLive, smokeLive } from "./lib/live.mjs";
import { orphanGates, summarise, toTable } from "./lib/report.mjs";
import { smokeCell } from "./lib/smoke.mjs";
import { subject } from "./lib/subject.mjs";
import { isTransfer, smokeTransfer } from "./lib/transfer.mjs";
import { missing } from "./rivals/optional.mjs";

const PROCESSES = 3;
// Further ones only where the control strays: the best of more processes strays less.
const MOST_PROCESSES = 5;

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const { groups, options } = readArguments();
if (missing.length > 0) console.error(`skipped ${missing.join(", ")}: npm ci --prefix bench/rivals installs them`);
const earlier = options.compare === undefined ? {} : JSON.parse(readFileSync(options.compare, "utf8"));
const summaries = {};
if (options.csv) console.log(CSV_HEADER);
for (const group of groups) await runGroup(group);
if (options.json) console.log(JSON.stringify(summaries, null, 2));

async function runGroup(group) {
  const { cells, absent = [] } = await import(`./${group}/index.mjs`);
  const gates = gatesOf(group);
  // Cells that are left out, since what they need is not installed; a line has said so.
  for (const name of absent) delete gates[name];
  const faults = [];
  for (const cell of cells) faults.push(...(await smoke(cell)));
  faults.push(...orphanGates(cells, gates).map((name) => `bench/${group}/gates.json: no cell ${name}`));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) {
    process.exitCode = 1;
    return;
  }
  if (options.smoke) {
    const candidates = cells.reduce((sum, cell) => sum + cell.candidates.length, 0);
    const refusals = cells.every((cell) => isLive(cell) || isTransfer(cell)) ? "" : ", equal refusals";
    console.log(`${group}: ${cells.length} cells, ${candidates} candidates: equal outputs${refusals}`);
    return;
  }
  const summary = await measure(group, cells, gates);
  summaries[group] = summary;
  if (options.csv) console.log(toCsv(group, summary).join("\n"));
  else if (!options.json) console.log(toTable(summary));
  if (earlier[group] !== undefined) console.error(`\n${toComparison(earlier[group], summary)}`);
  if (!summary.conclusive) process.exitCode ??= 2;
  else if (options.gate && summary.rows.some((row) => row.verdict === "MISSED")) process.exitCode = 1;
  if (options["write-readme"] && summary.conclusive) {
    writeBlock(pathOf("MEASURED.md"), `bench:${group}`, toTable(summary));
    writeBlock(pathOf("../README.md"), "ratios", ratiosOf(readFileSync(pathOf("MEASURED.md"), "utf8")));
  }
}

function smoke(cell) {
  if (isTransfer(cell)) return smokeTransfer(cell);
  return isLive(cell) ? smokeLive(cell) : smokeCell(cell);
}

/** The ratios that a group must reach; a group without gates is only reported. */
function gatesOf(group) {
  const path = pathOf(`${group}/gates.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

/** Folders, at most two deep, whose `index.mjs` has cells. */
function allGroups() {
  return readdirSync(pathOf("."), { recursive: true })
    .filter((path) => /^[\w-]+(\/[\w-]+)?\/index\.mjs$/.test(path))
    .map((path) => path.replace("/index.mjs", ""))
    .sort();
}

function readArguments() {
  const flag = { type: "boolean", default: false };
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: flag,
        csv: flag,
        compare: { type: "string" },
        gate: flag,
        mib: { type: "string" },
        smoke: flag,
        "write-readme": flag,
      },
    });
    if (values.mib !== undefined && !/^[1-9]\d{0,5}$/.test(values.mib)) throw new Error("--mib takes a whole number");
    // The processes of a measurement see it too.
    if (values.mib !== undefined) process.env.SPECWIRE_BENCH_MIB = values.mib;
    const known = allGroups();
    // The last part of a name is enough.
    const asked = positionals.map(
      (name) => known.find((group) => group === name || group.endsWith(`/${name}`)) ?? name,
    );
    const unknown = asked.filter((name) => !known.includes(name));
    if (unknown.length > 0) throw new Error(`no group ${unknown.join(", ")}; there are: ${known.join(", ")}`);
    return { groups: asked.length > 0 ? asked : known, options: values };
  } catch (error) {
    console.error(
      `${error.message}\nusage: npm run bench -- [GROUP] [--json | --csv] [--compare FILE] [--gate] [--mib N] [--smoke] [--write-readme]`,
    );
    return process.exit(64);
  }
}

async function measure(group, cells, gates) {
  const processes = [];
  for (;;) {
    // One after the other: two at once would share caches and turbo.
    processes.push(await measureInProcess(group, processes.length + 1));
    if (processes.length < PROCESSES) continue;
    const summary = summarise(cells, processes, gates, subject());
    if (summary.conclusive || processes.length === MOST_PROCESSES) return summary;
  }
}

/** The medians of one process; a terminal sees how far it is. */
async function measureInProcess(group, number) {
  const child = fork(pathOf("lib/child.mjs"), [group], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const shows = process.stderr.isTTY;
  child.on("message", ({ cell, share }) => {
    if (shows) process.stderr.write(`\r\x1b[K${group}, process ${number}: ${Math.floor(100 * share)} %, ${cell}`);
  });
  const ended = once(child, "exit");
  const medians = await json(child.stdout).catch(() => undefined);
  const [code] = await ended;
  if (shows) process.stderr.write("\r\x1b[K");
  if (medians === undefined || code !== 0) throw new Error(`the measurement of ${group} ended with ${code}`);
  return medians;
}
