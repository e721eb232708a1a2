/** The command `raft simulate`: simulated clusters in storms, every invariant checked after every turn. */
import { Option, type Command } from "commander";
import { EXIT_NO } from "../exit-codes.js";
import { integer } from "../options.js";
import { progressOf, type Progress } from "../progress.js";
import { CLIMATES, type ClimateName } from "./simulated/climate.js";
import { Storm, type Weather } from "./simulated/storm.js";

interface Options {
  readonly runs: number;
  readonly run: number;
  readonly climate: ClimateName;
  readonly json?: boolean;
}

/** A run in which something did not hold. */
interface Violation {
  readonly run: number;
  readonly reason: string;
  /** The command that plays it again. */
  readonly replay: string;
}

/** What the runs have come to. */
interface Report {
  readonly runs: number;
  readonly climate: ClimateName;
  readonly violations: readonly Violation[];
  readonly elections: number;
  readonly commits: number;
  /** Calls of clients, each checked against the log and, in every fourth run, as clients see them. */
  readonly operations: number;
  /** Runs in which the search for an order of the calls was given up. */
  readonly undecided: number;
  readonly seconds: number;
}

/** Violations that are told in full; more are counted. */
const TOLD_MAX = 10;

const EXAMPLE = `
Examples:
  specwire raft simulate --runs 1000
  specwire raft simulate --climate disks --run 17 --runs 1     # one run, again`;

/** Adds the command. */
export function addSimulate(group: Command): void {
  group
    .command("simulate")
    .description("play clusters in storms on virtual time, and check them after every turn; exit 1 on a violation")
    .option("--runs <n>", "how many runs", integer(1, 100_000_000), 200)
    .option("--run <n>", "number of the first, from which every draw of it follows", integer(1, 2 ** 31 - 1), 1)
    .addOption(
      new Option("--climate <name>", "drawn anew for each run, or of one kind of trouble alone")
        .choices(CLIMATES)
        .default("drawn"),
    )
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLE)
    .action((options: Options) => {
      const progress = progressOf(options);
      const report = simulated(options, progress);
      progress.clear();
      if (options.json === true) console.log(JSON.stringify(report));
      else for (const line of linesOf(report)) console.log(line);
      if (report.violations.length > 0) process.exitCode = EXIT_NO;
    });
}

function simulated({ runs, run: first, climate }: Options, progress: Progress): Report {
  const startedMs = performance.now();
  const violations: Violation[] = [];
  const weathers: Weather[] = [];
  for (let run = first; run < first + runs; run++) {
    progress.show(`${run - first} of ${runs} runs, ${violations.length} violations`);
    try {
      weathers.push(new Storm(run, climate).play());
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const replay = `specwire raft simulate --climate ${climate} --run ${run} --runs 1`;
      violations.push({ run, reason: error.message, replay });
    }
  }
  const sum = (of: (weather: Weather) => number): number => weathers.reduce((total, one) => total + of(one), 0);
  return {
    runs,
    climate,
    violations,
    elections: sum(({ elections }) => elections),
    commits: sum(({ commits }) => commits),
    operations: sum(({ operations }) => operations),
    undecided: weathers.filter(({ isUndecided }) => isUndecided).length,
    seconds: (performance.now() - startedMs) / 1_000,
  };
}

function linesOf({ runs, climate, violations, elections, commits, operations, undecided, seconds }: Report): string[] {
  return [
    `${runs} runs, climate ${climate}, ${seconds.toFixed(1)} s`,
    `${elections} elections, ${commits} commits, ${operations} calls of clients`,
    ...(undecided > 0 ? [`${undecided} runs whose calls were too many to search for an order`] : []),
    `${violations.length} violations`,
    ...violations.slice(0, TOLD_MAX).flatMap(({ run, reason, replay }) => [`run ${run}: ${reason}`, `  ${replay}`]),
    ...(violations.length > TOLD_MAX ? [`and ${violations.length - TOLD_MAX} more`] : []),
  ];
}
