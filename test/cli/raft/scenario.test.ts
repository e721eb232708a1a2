/** The command `raft scenario`: what it prints, and its exit codes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { bundleProgram, runProgram } from "../../support/program.js";

const folder = mkdtempSync(join(tmpdir(), "specwire-raft-"));
const main = await bundleProgram();
afterAll(() => rmSync(folder, { recursive: true }));

/** Plays a text as a file. */
function play(text: string) {
  const file = join(folder, "scenario.json");
  writeFileSync(file, text);
  return runProgram(main, ["raft", "scenario", file]);
}

describe("raft scenario", () => {
  const members = [{ id: 1, role: "voter" }];
  const three = [1, 2, 3].map((id) => ({ id, role: "voter" }));
  const campaign = { do: "campaign", id: 1 };

  test("prints an observation a line, and exits with 0 where all holds", () => {
    const steps = [campaign, { do: "settle", id: 1, expect: { 1: { role: "Leader", term: 1 } } }];
    const { code, output, errors } = play(JSON.stringify({ members, steps }));
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    const observations = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(observations).toMatchObject([
      { step: 1, refused: false, members: { 1: { role: "Candidate", storing: true } }, messages: [] },
      { step: 2, members: { 1: { role: "Leader", commit: 1, applied: 1, progress: {} } }, messages: [] },
    ]);
    expect(observations[1]).not.toHaveProperty("refused");
  });

  test("exits with 1 where an expectation fails, and ends there", () => {
    const steps = [campaign, { expect: { 1: { role: "Leader" } } }, campaign];
    const { code, output, errors } = play(JSON.stringify({ members, steps }));
    expect(code).toBe(1);
    expect(output.trim().split("\n")).toHaveLength(2);
    expect(errors).toBe(`step 2, expect.1.role: expected "Leader", got "Candidate"\n`);
  });

  test("exits with 1 where a core faults", () => {
    const append = (from: number) => ({
      do: "inject",
      message: { kind: "append", from, to: 1, term: 1, prev: [0, 0], commit: 0 },
    });
    const { code, errors } = play(JSON.stringify({ members: three, steps: [append(2), append(3)] }));
    expect({ code, errors }).toEqual({ code: 1, errors: "step 2, fault: expected null, got 1\n" });
  });

  test.each([
    ["a wrong file", JSON.stringify({ members, steps: [campaign, { do: "tick", id: 2, ms: 1 }] }), "steps[1].id"],
    ["no JSON", "{", "scenario.json"],
    [
      "options that no cluster with this start has",
      JSON.stringify({
        members,
        steps: [
          { do: "crash", id: 1 },
          { do: "restart", id: 1, options: { heartbeatMs: 20, electionMs: [60, 90] } },
        ],
      }),
      "steps[1].options.electionMs",
    ],
  ])("exits with 2 for %s", (_, text, place) => {
    const { code, output, errors } = play(text);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain(place);
  });
});
