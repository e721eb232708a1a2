/** What all `load` commands share: options for the bounds, exit codes, and the report. */
import type { Command } from "commander";
import type { Histogram } from "hdr-histogram-js";
import { isWireError } from "../errors.js";
import type { LoadBounds, LoadResult } from "./load-loop.js";
import { integer } from "./options.js";

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
  readonly json?: boolean;
}

/** The counts and latencies of a load. */
export type LoadSummary = ReturnType<typeof summaryOf>;

/** Adds the options of the bounds. @param windowText the description of `--in-flight`, with its default */
export function addBounds(command: Command, windowText: string): Command {
  return command
    .option("--in-flight <n>", windowText, integer(1, 4_096))
    .option("--duration <seconds>", "time of the load", integer(1, 3_600), 10)
    .option("--count <n>", "the most requests", integer(1, 1e9))
    .option("--timeout <ms>", "timeout of one request", integer(1, 60_000), 5_000)
    .option("--json", "report as one JSON object")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT_ANSWERED : EXIT_NONE));
}

/**
 * Runs a load until its bounds or SIGINT, and sets the exit code.
 * @param load sends requests within the bounds, prints its report and returns the summary
 */
export async function runLoad(
  { duration, count = Infinity, timeout }: BoundOptions,
  inFlight: number,
  load: (bounds: LoadBounds) => Promise<LoadSummary>,
): Promise<void> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  try {
    const bounds = { durationMs: duration * 1_000, count, timeoutMs: timeout, inFlight, signal: interrupt.signal };
    const { requests, answered } = await load(bounds);
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
export function summaryOf({ latencies, answers, failures, begun, elapsedMs }: LoadResult) {
  const answered = [...answers.values()].reduce((sum, count) => sum + count, 0);
  return {
    elapsedMs: Math.round(elapsedMs),
    requests: begun,
    answered,
    perSecond: elapsedMs === 0 ? 0 : Math.round((1_000 * answered) / elapsedMs),
    answers: Object.fromEntries(answers),
    failures: Object.fromEntries(failures),
    latencyUs: answered === 0 ? undefined : latenciesOf(latencies),
  };
}

/** Prints a summary. @param what describes the load; `named` is the name of the requests */
export function printSummary(what: string, named: string, summary: LoadSummary): void {
  const { elapsedMs, requests, answered, perSecond, answers, failures, latencyUs } = summary;
  console.log(`${what}, ${elapsedMs} ms`);
  console.log(`${answered} of ${requests} ${named} answered, ${perSecond} a second`);
  for (const [name, count] of Object.entries(answers)) console.log(`  ${name} ${count}`);
  for (const [name, count] of Object.entries(failures)) console.log(`  without an answer: ${name} ${count}`);
  if (latencyUs === undefined) return;
  const latencies = Object.entries(latencyUs).map(([name, us]) => `${name} ${us}`);
  console.log(`µs: ${latencies.join(", ")}`);
}

function latenciesOf(latencies: Histogram): Readonly<Record<string, number>> {
  const { minNonZeroValue: min, maxValue: max, mean } = latencies;
  // A histogram rounds up by up to a thousandth, which may exceed the maximum.
  const at = (percentile: number): number => Math.min(max, latencies.getValueAtPercentile(percentile));
  return { min, mean: Math.round(mean), p50: at(50), p90: at(90), p99: at(99), "p99.9": at(99.9), max };
}
