/** The command `raft simulate`: what it counts, and how it tells a violation. */
import { Command } from "commander";
import { afterEach, describe, expect, test, vi } from "vitest";
import { raft as protocol } from "../../../src/cli/raft/index.js";
import { CLIMATES } from "../../../src/cli/raft/simulated/climate.js";
import { Storm } from "../../../src/cli/raft/simulated/storm.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs the command: what it prints. */
async function simulate(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const commands = new Command();
  await addCommands(commands, loadersOf(protocol));
  await commands.parseAsync(["raft", "simulate", ...args], { from: "user" });
  return lines;
}

describe("raft simulate", () => {
  test.each(CLIMATES)("plays runs in the climate %s, the same ones each time", async (climate) => {
    const play = async () => JSON.parse((await simulate("--runs", "4", "--climate", climate, "--json"))[0]!) as object;
    const report = await play();
    expect(report).toMatchObject({ runs: 4, climate, violations: [], undecided: 0 });
    expect(await play()).toEqual({ ...report, seconds: expect.any(Number) });
    expect(process.exitCode).toBeUndefined();
  });

  test("calm has fewer elections than crashes", async () => {
    const elections = async (climate: string): Promise<number> => {
      const [line] = await simulate("--runs", "6", "--climate", climate, "--json");
      return (JSON.parse(line!) as { elections: number }).elections;
    };
    expect(await elections("calm")).toBeLessThan(await elections("crashes"));
  });

  test("exits with 1 on a violation, and prints the command that plays its run again", async () => {
    vi.spyOn(Storm.prototype, "play").mockImplementationOnce(() => {
      throw new Error("S1: two leaders");
    });
    const lines = await simulate("--runs", "2", "--run", "7");
    expect(lines).toContain("1 violations");
    expect(lines).toContain("run 7: S1: two leaders");
    expect(lines).toContain("  specwire raft simulate --climate drawn --run 7 --runs 1");
    expect(process.exitCode).toBe(1);
  });
});
