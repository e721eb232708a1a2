/**
 * Checks that must pass before a change is merged. Every step runs, also after one that failed.
 *
 *   node scripts/ci.mjs               all steps
 *   node scripts/ci.mjs lint test     these steps
 *
 * The last line is the total; it counts each test of the step `test`, and every other step as one. Failed tests are
 * named above it, where the end of a long log shows them.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const REPORTS = "build/reports";

const STEPS = {
  install: ["node", "scripts/ready.mjs", "install"],
  // These two come before `build`, which would write missing files and so hide that they were not committed.
  codecs: ["npm", "run", "gen", "--", "--check"],
  kernels: ["npm", "run", "kernels", "--", "--check"],
  build: ["node", "scripts/ready.mjs"],
  lint: ["npm", "run", "lint"],
  typecheck: ["npm", "run", "typecheck"],
  api: ["node", "scripts/api.mjs", "--check"],
  // Tests and measurements start them; where they cannot be had, a line says so here and there.
  servers: ["node", "scripts/servers/install.mjs"],
  test: ["npm", "test", "--", ...reporters("test")],
  simulate: ["npm", "run", "simulate", "--", ...reporters("simulate")],
  soak: ["npm", "run", "soak", "--", ...reporters("soak")],
  bench: ["npm", "run", "bench", "--", "--smoke"],
  size: ["npm", "run", "size"],
  browser: ["npm", "run", "check:browser"],
  package: ["npm", "run", "check:package"],
  consumer: ["npm", "run", "check:consumer"],
  runtimes: ["npm", "run", "check:runtimes", "--", "--chromium"],
};

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

const env = { ...process.env, CI: "true", ...wycheproof() };
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(STEPS);
const outcomes = names.map(runStep);

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

function runStep(name) {
  const command = STEPS[name];
  if (command === undefined) throw new Error(`no step ${name}; there are ${Object.keys(STEPS).join(", ")}`);
  console.log(`\n== ${name}: ${command.join(" ")}`);
  const startMs = performance.now();
  const { status } = spawnSync(command[0], command.slice(1), { stdio: ["ignore", "inherit", "inherit"], env });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  const report = readReport(name);
  const failures = failedTests(report);
  if (name === "test" && report !== undefined) {
    // A failed run without a failed test is one failure.
    const failed = Math.max(failures.length, status === 0 ? 0 : 1);
    return { name, seconds, failures, passed: report.numPassedTests, failed };
  }
  return { name, seconds, failures, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
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
