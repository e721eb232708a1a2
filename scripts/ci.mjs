/**
 * Checks that must pass before a change is merged. Every step runs, also after one that failed.
 *
 *   node scripts/ci.mjs               all steps
 *   node scripts/ci.mjs lint test     these steps
 *
 * The last line is the total; it counts each test, and every other step as one.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const TEST_REPORT = "build/tests.json";
const TEST_REPORTERS = ["--reporter=default", "--reporter=json", `--outputFile.json=${TEST_REPORT}`];

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
  test: ["npm", "test", "--", ...TEST_REPORTERS],
  simulate: ["npm", "run", "simulate"],
  soak: ["npm", "run", "soak"],
  bench: ["npm", "run", "bench", "--", "--smoke"],
  size: ["npm", "run", "size"],
  browser: ["npm", "run", "check:browser"],
  package: ["npm", "run", "check:package"],
  consumer: ["npm", "run", "check:consumer"],
  runtimes: ["npm", "run", "check:runtimes", "--", "--chromium"],
};

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
mkdirSync("build", { recursive: true });
rmSync(TEST_REPORT, { force: true });

const env = { ...process.env, CI: "true", ...wycheproof() };
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(STEPS);
const outcomes = names.map(runStep);

console.log("");
for (const { name, passed, failed, seconds } of outcomes) {
  console.log(
    `${failed === 0 ? "passed" : "FAILED"}  ${name.padEnd(10)} ${passed} passed, ${failed} failed, ${seconds} s`,
  );
}
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
  const counts =
    name === "test" ? countTests(status === 0) : { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  return { name, seconds, ...counts };
}

/** Counts the tests. A file that does not load is one failure, and so is a failed run without a failed test. */
function countTests(succeeded) {
  if (!existsSync(TEST_REPORT)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(TEST_REPORT, "utf8"));
  const notLoaded = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  return { passed: numPassedTests, failed: Math.max(numFailedTests + notLoaded, succeeded ? 0 : 1) };
}

/** The folder of the Wycheproof vectors, which are too large for the repository; without it their tests skip. */
function wycheproof() {
  const folder = resolve("../shared/vectors/wycheproof");
  return process.env.SPECWIRE_WYCHEPROOF === undefined && existsSync(folder) ? { SPECWIRE_WYCHEPROOF: folder } : {};
}
