/**
 * Makes a clone ready to run: installs the packages of package-lock.json, then builds what is older than its inputs.
 * Takes a fraction of a second if nothing is stale. It has no dependencies: perhaps nothing is installed yet.
 *
 *   node scripts/ready.mjs             all stale steps
 *   node scripts/ready.mjs install     of these steps the stale ones
 *
 * Each step prints one line on standard error: standard output belongs to the program that runs afterwards.
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
requireNode(JSON.parse(readFileSync("package.json", "utf8")).engines.node);

// Imported after the check, so that an old Node prints its message instead of a syntax error.
const { steps } = await import("./ready/steps.mjs");
const { withLock } = await import("./ready/lock.mjs");

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
const chosen = asked.length === 0 ? steps : steps.filter((step) => asked.includes(step.name));

try {
  if (unknown.length > 0) throw new Error(`no step ${unknown.join(", ")}`);
  if (chosen.some((step) => step.staleBecause() !== undefined)) await withLock("build/ready.lock", say, runStale);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}

async function runStale() {
  for (const step of chosen) {
    // Checked again: the previous holder of the lock may have run this step.
    const reason = step.staleBecause();
    if (reason === undefined) continue;
    say(`${step.doing} (${reason})`);
    await step.run();
  }
}

function requireNode(range) {
  const numbers = (version) => version.replace(/^\D+/, "").split(".").map(Number);
  const [major, minor] = numbers(process.version);
  const [leastMajor, leastMinor] = numbers(range);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  say(`specwire needs Node ${range}; this is ${process.version}`);
  process.exit(1);
}

function say(line) {
  process.stderr.write(`ready: ${line}\n`);
}
