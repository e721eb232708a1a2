/** The command `raft simulate`: what it counts, and how it tells a violation. */
import { Command } from "commander";
import { afterEach, describe, expect, test, vi } from "vitest";
import { raft as protocol } from "../../../src/cli/raft/index.js";
import { CLIMATES } from "../../../src/cli/raft/simulated/climate.js";
import { Storm } from "../../../src/cli/raft/simulated/storm.js";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs the command: what it prints. */
function simulate(...args: string[]): string[] {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const commands = new Command();
  protocol.addCommands!(commands);
  commands.parse(["raft", "simulate", ...args], { from: "user" });
  return lines;
}

describe("raft simulate", () => {
  test.each(CLIMATES)("plays runs in the climate %s, the same ones each time", (climate) => {
    const play = () => JSON.parse(simulate("--runs", "4", "--climate", climate, "--json")[0]!) as object;
    const report = play();
    expect(report).toMatchObject({ runs: 4, climate, violations: [], undecided: 0 });
    expect(play()).toEqual({ ...report, seconds: expect.any(Number) });
    expect(process.exitCode).toBeUndefined();
  });

  test("calm has fewer elections than crashes", () => {
    const elections = (climate: string): number =>
      (JSON.parse(simulate("--runs", "6", "--climate", climate, "--json")[0]!) as { elections: number }).elections;
    expect(elections("calm")).toBeLessThan(elections("crashes"));
  });

  test("exits with 1 on a violation, and prints the command that plays its run again", () => {
    vi.spyOn(Storm.prototype, "play").mockImplementationOnce(() => {
      throw new Error("S1: two leaders");
    });
    const lines = simulate("--runs", "2", "--run", "7");
    expect(lines).toContain("1 violations");
    expect(lines).toContain("run 7: S1: two leaders");
    expect(lines).toContain("  specwire raft simulate --climate drawn --run 7 --runs 1");
    expect(process.exitCode).toBe(1);
  });
});
