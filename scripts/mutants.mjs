/**
 * Breaks kernels, generator, HTTP and protocols on purpose. Each patch of test/mutants/ plants one fault, and names the
 * tests that must catch it.
 *
 *   node scripts/mutants.mjs             every mutant
 *   node scripts/mutants.mjs crc32 md5   those whose names begin with one of these
 *
 * Works on a copy in the folder for temporary files. Exit code 1 if a mutant lives, does not apply or does not compile,
 * or if the tests fail without a mutant.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MUTANTS = join(ROOT, "test", "mutants");
/** The files that are broken, and their tests. */
const COPIED = [
  "asconfig.json",
  "assembly",
  "package.json",
  "scripts/embed-wasm.mjs",
  "seeds/dps",
  "src",
  "test/differential",
  "examples/specs",
  "spec",
  "test/gen",
  "test/host",
  "test/kernel",
  "test/protocols/chain",
  "test/protocols/dht",
  "test/protocols/qkd",
  "test/protocols/raft",
  "test/protocols/rpc",
  "test/storage",
  "test/support",
  "test/transport",
  "tsconfig.json",
  "vitest.config.ts",
];

const names = readdirSync(MUTANTS)
  .filter((name) => name.endsWith(".patch"))
  .filter((name) => process.argv.length === 2 || process.argv.slice(2).some((start) => name.startsWith(start)));
if (names.length === 0) throw new Error(`no mutant ${process.argv.slice(2).join(", ")} in test/mutants/`);

const copy = mkdtempSync(join(tmpdir(), "mutants-"));
try {
  for (const path of COPIED) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "junction");
  const mutants = names.map((name) => ({ name, patch: join(MUTANTS, name), tests: testsOf(join(MUTANTS, name)) }));
  report("the tests without any", healthy([...new Set(mutants.flatMap(({ tests }) => tests))]));
  for (const { name, patch, tests } of mutants) report(name, verdictOn(patch, tests));
} finally {
  rmSync(copy, { recursive: true });
}

/** The test files that the line `Tests:` of a patch names. */
function testsOf(patch) {
  const tests = /^Tests: (.+)$/m.exec(readFileSync(patch, "utf8"))?.[1].split(" ");
  if (tests === undefined) throw new Error(`${patch} has no line "Tests: FILE..."`);
  return tests;
}

function healthy(tests) {
  if (!succeeds(process.execPath, "scripts/embed-wasm.mjs", "--check")) return "NOT EMBEDDED";
  return passes(tests) ? "pass" : "FAIL";
}

function verdictOn(patch, tests) {
  if (!succeeds("git", "apply", patch)) return "DOES NOT APPLY";
  try {
    if (!succeeds(process.execPath, "scripts/embed-wasm.mjs")) return "DOES NOT COMPILE";
    return passes(tests) ? "LIVES" : "caught";
  } finally {
    succeeds("git", "apply", "--reverse", patch);
  }
}

function passes(tests) {
  return succeeds(process.execPath, "node_modules/vitest/vitest.mjs", "run", "--bail=1", ...tests);
}

function succeeds(command, ...args) {
  // Keeps git from finding a repository above the copy.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() };
  return spawnSync(command, args, { cwd: copy, env, stdio: "ignore" }).status === 0;
}

function report(name, verdict) {
  console.log(`${verdict.padEnd(8)} ${name}`);
  if (verdict !== "caught" && verdict !== "pass") process.exitCode = 1;
}
