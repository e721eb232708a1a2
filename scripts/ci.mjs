/**
 * Checks that must pass before a change is merged. Every step runs, also after one that failed, and beside others where
 * the machine has room: a line of output begins with the name of its step.
 *
 *   node scripts/ci.mjs               all steps
 *   node scripts/ci.mjs lint test     these steps
 *
 * The last line is the total; it counts each test of the steps `test` and `simulate`, and every other step as one. Failed
 * tests are named above it, where the end of a long log shows them. What `simulate` plays, with more runs, is left to it
 * by `test`, where both are asked for.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { runSteps } from "./ci/schedule.mjs";

const REPORTS = "build/reports";
/** Steps wait too, for disks, servers and timers: with so many more than there are cores, none is idle. */
const CORES = availableParallelism() + 1;

/** Steps whose tests are counted one by one. */
const COUNTED = ["test", "simulate"];

/**
 * The steps, those first that others wait for. `workers` are files of tests at the same time: they wait as well, and so
 * there are more than cores that their step counts for.
 */
const STEPS = {
  install: { command: ["node", "scripts/ready.mjs", "install"] },
  // These two come before `build`, which would write missing files and so hide that they were not committed.
  codecs: { command: ["npm", "run", "gen", "--", "--check"], after: ["install"] },
  kernels: { command: ["npm", "run", "kernels", "--", "--check"], after: ["install"] },
  // It compiles programs and declarations side by side.
  build: { command: ["node", "scripts/ready.mjs"], after: ["codecs", "kernels"], cores: 2 },
  // Tests and measurements start them; where they cannot be had, a line says so here and there.
  servers: { command: ["node", "scripts/servers/install.mjs"], after: ["install"] },
  test: { command: ["npm", "test", "--", ...reporters("test")], after: ["build", "servers"], cores: 2, workers: 3 },
  simulate: {
    command: ["npm", "run", "simulate", "--", ...reporters("simulate")],
    after: ["build", "servers"],
    cores: 2,
    workers: 3,
  },
  // Not with more files at once: servers that crowds keep busy would be asked less.
  soak: {
    command: ["npm", "run", "soak", "--", ...reporters("soak")],
    after: ["test", "simulate"],
    cores: 2,
  },
  lint: { command: ["npm", "run", "lint"], after: ["install"] },
  typecheck: { command: ["npm", "run", "typecheck"], after: ["install"] },
  api: { command: ["node", "scripts/api.mjs", "--check"], after: ["build"] },
  size: { command: ["npm", "run", "size"], after: ["build"] },
  browser: { command: ["npm", "run", "check:browser"], after: ["build"] },
  package: { command: ["npm", "run", "check:package"], after: ["build"] },
  consumer: { command: ["npm", "run", "check:consumer"], after: ["build"] },
  bench: { command: ["npm", "run", "bench", "--", "--smoke"], after: ["build", "servers"] },
  // It installs into test/, whose files some tests read.
  runtimes: { command: ["npm", "run", "check:runtimes", "--", "--chromium"], after: ["test"] },
};

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

const env = { ...process.env, CI: "true", ...wycheproof() };
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(STEPS);
const unknown = names.filter((name) => STEPS[name] === undefined);
if (unknown.length > 0) throw new Error(`no step ${unknown.join(", ")}; there are ${Object.keys(STEPS).join(", ")}`);
const chosen = Object.fromEntries(names.map((name) => [name, STEPS[name]]));
const widest = Math.max(...names.map((name) => name.length));
if (chosen.test !== undefined && chosen.simulate !== undefined) chosen.test.command.push(...withoutSimulated());
const outcomes = await runSteps(chosen, CORES, runStep);

console.log("");
for (const { name, passed, failed, seconds } of outcomes) {
  console.log(
    `${failed === 0 ? "passed" : "FAILED"}  ${name.padEnd(10)} ${passed} passed, ${failed} failed, ${seconds} s`,
  );
}
for (const { name, failures } of outcomes) for (const failure of failures) console.log(`${name}: ${failure}`);
const total = (key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
console.log(`${total("passed")} passed, ${total("failed")} failed`);
process.exitCode = total("failed") === 0 ? 0 : 1;

async function runStep(name, { command, workers }) {
  const say = (line) => console.log(`${name.padEnd(widest)} | ${line}`);
  say(`== ${command.join(" ")}`);
  const startMs = performance.now();
  const child = spawn(command[0], command.slice(1), {
    stdio: ["ignore", "pipe", "pipe"],
    env: workers === undefined ? env : { ...env, VITEST_MAX_WORKERS: String(workers) },
  });
  for (const output of [child.stdout, child.stderr]) createInterface({ input: output }).on("line", say);
  const [status] = await once(child, "close");
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  say(`== ended with ${status} after ${seconds} s`);
  const report = readReport(name);
  const failures = failedTests(report);
  if (COUNTED.includes(name) && report !== undefined) {
    // A failed run without a failed test is one failure.
    const failed = Math.max(failures.length, status === 0 ? 0 : 1);
    return { name, seconds, failures, passed: report.numPassedTests, failed };
  }
  return { name, seconds, failures, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
}

/** The options that leave out what `npm run simulate` names: files whose paths have one of its words in them. */
function withoutSimulated() {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const words = scripts.simulate.split(" vitest run ")[1].split(" ");
  return words.flatMap((word) => [`--exclude=**/*${word}*`, `--exclude=**/*${word}*/**`]);
}

/** The options that make vitest write a report for a step, beside what it prints. */
function reporters(name) {
  return ["--reporter=default", "--reporter=json", `--outputFile.json=${REPORTS}/${name}.json`];
}

/** What vitest reported of a step; undefined for steps without tests, and where it ended before it could. */
function readReport(name) {
  const path = `${REPORTS}/${name}.json`;
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** One line for each test that failed, and for each file that did not load, or whose process ended before it did. */
function failedTests(report) {
  const line = (path, name, message = "") =>
    `${relative(".", path)} > ${name}: ${message.split("\n", 1)[0].slice(0, 200)}`;
  return (report?.testResults ?? []).flatMap((file) => {
    if (file.status === "failed" && file.assertionResults.length === 0) {
      return [line(file.name, "does not load", file.message)];
    }
    const left = file.assertionResults.filter((test) => test.status === "pending").length;
    if (left > 0) return [line(file.name, "ended early", `${left} of its tests were not run`)];
    return file.assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => line(file.name, test.fullName, test.failureMessages[0]));
  });
}

/** The folder of the Wycheproof vectors, which are too large for the repository; without it their tests skip. */
function wycheproof() {
  const folder = resolve("../shared/vectors/wycheproof");
  return process.env.SPECWIRE_WYCHEPROOF === undefined && existsSync(folder) ? { SPECWIRE_WYCHEPROOF: folder } : {};
}
