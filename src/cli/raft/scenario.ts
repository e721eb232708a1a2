/** The command `raft scenario`: plays a scenario of cores, and prints what is seen after each step. */
import type { Command } from "commander";
import { argumentError } from "../../errors.js";
import { runRaftScenario } from "../../protocols/raft/scenario/index.js";
import { EXIT_NO } from "../exit-codes.js";
import { readText } from "../input.js";

/** Adds the command. */
export function addScenario(group: Command): void {
  group
    .command("scenario")
    .description("play a scenario on cores that are driven by hand, and print an observation a line")
    .argument("<file>", "a scenario as JSON, a file of one, or - for standard input")
    .action((file: string) => {
      process.exitCode = play(file);
    });
}

function play(file: string): number {
  const observations = runRaftScenario(parse(readText(file), file));
  for (const observation of observations) console.log(JSON.stringify(observation));
  const last = observations.at(-1);
  if (last?.failure === undefined) return 0;
  const { path, expected, found } = last.failure;
  console.error(`step ${last.step}, ${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(found)}`);
  return EXIT_NO;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "no JSON";
    throw argumentError("scenario", "", `JSON in ${file}`, reason, { cause });
  }
}
