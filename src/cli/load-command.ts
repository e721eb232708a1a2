/** What all `load` commands share: options for the bounds, exit codes, and the report. */
import type { Command } from "commander";
import type { Histogram } from "hdr-histogram-js";
import { isWireError } from "../errors.js";
import type { LoadBounds, LoadResult } from "./load-loop.js";
import { integer } from "./options.js";
import { progressOn } from "./progress.js";

/** Exit code: all requests were answered, whatever the answers say. */
const EXIT_ANSWERED = 0;
/** Exit code: some requests were not answered. */
const EXIT_SOME = 1;
/** Exit code: no request was answered, or none could be sent. */
const EXIT_NONE = 2;

/** The options that {@link addBounds} adds. */
export interface BoundOptions {
  readonly inFlight?: number;
  readonly duration: number;
  readonly count?: number;
  readonly timeout: number;
  readonly rate?: number;
  readonly histogram?: boolean;
  readonly json?: boolean;
}

/** Requests of an open loop in flight at a time, without `--in-flight`. */
const OPEN_IN_FLIGHT = 4_096;

/** The counts and latencies of a load. */
export type LoadSummary = ReturnType<typeof summaryOf>;

/** Adds the options of the bounds. @param windowText the description of `--in-flight`, with its default */
export function addBounds(command: Command, windowText: string): Command {
  return command
    .option("--in-flight <n>", windowText, integer(1, 4_096))
    .option("--duration <seconds>", "time of the load", integer(1, 3_600), 10)
    .option("--count <n>", "the most requests", integer(1, 1e9))
    .option("--timeout <ms>", "timeout of one request", integer(1, 60_000), 5_000)
    .option("--rate <n>", "open loop: so many requests a second, whatever comes back", integer(1, 1_000_000))
    .option("--histogram", "show the latencies as a histogram as well")
    .option("--json", "report as one JSON object")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT_ANSWERED : EXIT_NONE));
}

/**
 * Runs a load until its bounds or SIGINT, and sets the exit code.
 * @param inFlight requests in flight of a closed loop
 * @param load sends requests within the bounds, prints its report and returns the summary
 */
export async function runLoad(
  { duration, count = Infinity, timeout, rate, inFlight: asked }: BoundOptions,
  inFlight: number,
  load: (bounds: LoadBounds) => Promise<LoadSummary>,
): Promise<void> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  try {
    const room = rate === undefined ? inFlight : (asked ?? OPEN_IN_FLIGHT);
    const times = { durationMs: duration * 1_000, timeoutMs: timeout, ratePerSecond: rate };
    const progress = progressOn(process.stderr);
    const onProgress = ({ begun, runningMs }: LoadResult): void => {
      const seconds = Math.round(runningMs / 1_000);
      const time = seconds > duration ? `${seconds} s, waiting for answers` : `${seconds} of at most ${duration} s`;
      progress.show(`${time}, ${begun} requests`);
    };
    const bounds = { ...times, count, inFlight: room, signal: interrupt.signal, onProgress };
    const { requests, answered } = await load(bounds).finally(() => progress.clear());
    process.exitCode = answered === 0 ? EXIT_NONE : answered === requests ? EXIT_ANSWERED : EXIT_SOME;
  } catch (error) {
    if (!isWireError(error)) throw error;
    console.error(`specwire: ${error.message}`);
    process.exitCode = EXIT_NONE;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

/** Sums up the result of a load. */
export function summaryOf({ latencies, doublings, answers, failures, begun, elapsedMs }: LoadResult) {
  const answered = [...answers.values()].reduce((sum, count) => sum + count, 0);
  return {
    elapsedMs: Math.round(elapsedMs),
    requests: begun,
    answered,
    perSecond: elapsedMs === 0 ? 0 : Math.round((1_000 * answered) / elapsedMs),
    answers: Object.fromEntries(answers),
    failures: Object.fromEntries(failures),
    latencyUs: answered === 0 ? undefined : latenciesOf(latencies),
    histogramUs: doublings.map((count, doubling) => ({ toUs: 2 ** doubling, count })),
  };
}

/**
 * Prints a summary.
 * @param what describes the load; `named` is the name of the requests
 */
export function printSummary(
  what: string,
  named: string,
  summary: LoadSummary,
  { rate, histogram }: Pick<BoundOptions, "rate" | "histogram"> = {},
): void {
  const { elapsedMs, requests, answered, perSecond, answers, failures, latencyUs } = summary;
  console.log(`${what}${rate === undefined ? "" : `, ${rate} due a second`}, ${elapsedMs} ms`);
  console.log(`${answered} of ${requests} ${named} answered, ${perSecond} a second`);
  for (const [name, count] of Object.entries(answers)) console.log(`  ${name} ${count}`);
  for (const [name, count] of Object.entries(failures)) console.log(`  without an answer: ${name} ${count}`);
  if (latencyUs === undefined) return;
  const latencies = Object.entries(latencyUs).map(([name, us]) => `${name} ${us}`);
  console.log(`µs: ${latencies.join(", ")}`);
  if (histogram === true) for (const line of histogramLines(summary.histogramUs)) console.log(line);
}

const BAR_CHARACTERS = 40;

/** A row for each doubling of the latency: its share as a bar and in percent, and that of all up to there. */
function histogramLines(rows: LoadSummary["histogramUs"]): string[] {
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(...rows.map(({ count }) => count));
  let upTo = 0;
  const first = rows.findIndex(({ count }) => count > 0);
  return rows.slice(first).map(({ toUs, count }) => {
    upTo += count;
    const bar = "█".repeat(Math.ceil((BAR_CHARACTERS * count) / most)).padEnd(BAR_CHARACTERS);
    const percent = (share: number): string => `${((100 * share) / total).toFixed(2)} %`.padStart(8);
    return `${`≤ ${toUs} µs`.padStart(14)} ${bar} ${percent(count)} ${percent(upTo)}`;
  });
}

function latenciesOf(latencies: Histogram): Readonly<Record<string, number>> {
  const { minNonZeroValue: min, maxValue: max, mean } = latencies;
  // A histogram rounds up by up to a thousandth, which may exceed the maximum.
  const at = (percentile: number): number => Math.min(max, latencies.getValueAtPercentile(percentile));
  return { min, mean: Math.round(mean), p50: at(50), p90: at(90), p99: at(99), "p99.9": at(99.9), max };
}
