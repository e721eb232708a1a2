/** The command that repeats a failing run, run in a shell. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readTrace } from "../../src/machine/index.js";

const root = new URL("../../", import.meta.url).pathname;

/** A test as a user writes it, with names that a shell and a regular expression would both take apart. */
const FAILING_TEST = `
import { it } from "vitest";
import { simulate } from "${root}src/testing/index.ts";

const name = 'the "ledger" keeps $HOME (100%)';
it(name, () => simulate(name, { runs: 50, file: import.meta.url }, (simulation) => {
  simulation.host("only", () => ({ step() {}, nextWakeMs: () => Infinity }));
  const drawn = simulation.random.below(1_000_000);
  console.log("played run " + simulation.run);
  if (drawn % 7 === 5) throw new Error("drew " + drawn);
}));
it("another test", () => console.log("played another"));
`;

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "replay command-")));
  mkdirSync(join(folder, "my tests"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "my tests/ledger's.test.ts"), FAILING_TEST);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a command prints in the folder of the failing test. */
function outputOf(
  command: string,
  env: Readonly<Record<string, string>> = {},
): { text: string; status: number | null } {
  // What this test runner tells its own workers is not for the inner one.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|VITE_|NODE_ENV|TEST|SPECWIRE_)/.test(name),
  );
  const { stdout, stderr, status } = spawnSync("sh", ["-c", command], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...env },
    encoding: "utf8",
  });
  return { text: stdout + stderr, status };
}

it("a failing run prints the command that repeats this run alone", () => {
  const first = outputOf("npx vitest run");
  expect(first.status).toBe(1);
  const [, drawn] = /drew (\d+)/.exec(first.text)!;
  const [, command, run] = /this run again: (SPECWIRE_RUN=(\d+) .+)$/m.exec(first.text)!;
  expect(Number(run)).toBeGreaterThan(1);

  const trace = join(folder, "trace.jsonl");
  const again = outputOf(command!, { SPECWIRE_TRACE: trace });
  expect(again.status).toBe(1);
  expect(again.text).toContain(`drew ${drawn}`);
  expect(again.text.match(/^played .+$/gm)).toEqual([`played run ${run}`]);
  expect(readTrace(readFileSync(trace, "utf8")).header.run).toBe(Number(run));
});
