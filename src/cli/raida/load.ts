import { Option, type Command } from "commander";
import type { Histogram } from "hdr-histogram-js";
import { isWireError, WireError } from "../../errors.js";
import { RAIDA_COUNT, statusName, type RaidaId } from "../../raida/index.js";
import { parsePeer } from "../../transport/index.js";
import { integer } from "../options.js";
import { loadDatagrams, loadStreams, type LoadResult } from "./load-loop.js";
import { drawnCoins, LOAD_COMMANDS, loadRequests, walletCoins, type LoadCommand } from "./load-requests.js";

/** Every request was answered, whatever the answers say. */
const EXIT_ANSWERED = 0;
/** Some were not. */
const EXIT_SOME = 1;
/** None was, or nothing could be asked. */
const EXIT_NONE = 2;

/** What a C server reads of a datagram. */
const DATAGRAM_BYTES_MAX = 1_440;
/** What a header can announce, and the header. */
const REQUEST_BYTES_MAX = 65_535 + 32;

interface Options {
  readonly id: RaidaId;
  readonly command: LoadCommand;
  readonly coins: number;
  readonly wallet?: string;
  readonly udp?: boolean;
  readonly inFlight?: number;
  readonly duration: number;
  readonly count?: number;
  readonly timeout: number;
  readonly json?: boolean;
}

export function addLoad(raida: Command): void {
  raida
    .command("load")
    .description("ask one RAIDA server as much as it answers, in a closed loop, and measure how long it takes")
    .argument("<host:port>", "any RAIDA server")
    .option("--id <n>", "which of the 25 it is", integer(0, RAIDA_COUNT - 1), 0)
    .addOption(new Option("--command <name>", "what to ask").choices(LOAD_COMMANDS).default("echo"))
    .option("--coins <n>", "coins in each get_ticket and detect", integer(1, 3_119), 1)
    .option("--wallet <dir>", "coins of a wallet; by default drawn ones, which no server knows")
    .option("--udp", "datagrams instead of connections")
    .option("--in-flight <n>", "connections, or the window of datagrams; by default 8, or 64", integer(1, 4_096))
    .option("--duration <seconds>", "how long", integer(1, 3_600), 10)
    .option("--count <n>", "how many requests at most", integer(1, 1e9))
    .option("--timeout <ms>", "what one request may take", integer(1, 60_000), 5_000)
    .option("--json", "one JSON object at the end")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT_ANSWERED : EXIT_NONE))
    .action(async (target: string, options: Options) => {
      process.exitCode = await load(target, options);
    });
}

async function load(target: string, options: Options): Promise<number> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  try {
    const requests = await requestsOf(options);
    const inFlight = options.inFlight ?? (options.udp === true ? 64 : 8);
    const run = options.udp === true ? loadDatagrams : loadStreams;
    const result = await run(parsePeer(target), requests, {
      durationMs: options.duration * 1_000,
      count: options.count ?? Infinity,
      timeoutMs: options.timeout,
      inFlight,
      signal: interrupt.signal,
    });
    const report = reportOf(target, options, inFlight, result);
    if (options.json === true) console.log(JSON.stringify(report, null, 2));
    else print(report);
    if (report.answered === 0) return EXIT_NONE;
    return report.answered === report.requests ? EXIT_ANSWERED : EXIT_SOME;
  } catch (error) {
    if (!isWireError(error)) throw error;
    console.error(`specwire: ${error.message}`);
    return EXIT_NONE;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

async function requestsOf({ id, command, coins: count, wallet, udp }: Options): Promise<Uint8Array[]> {
  const coins = wallet === undefined ? drawnCoins() : await walletCoins(wallet, id);
  if (coins.length === 0) throw refusal("wallet", "coins in BANK or FRACKED", "none");
  const requests = loadRequests(command, id, coins, command === "echo" ? 0 : count);
  const most = udp === true ? DATAGRAM_BYTES_MAX : REQUEST_BYTES_MAX;
  const { length } = requests[0]!;
  if (length > most) throw refusal("coins", `requests of at most ${most} bytes`, `${length} bytes`);
  return requests;
}

function refusal(path: string, expected: string, actual: string): WireError {
  return new WireError({ code: "argument", format: "load", path, offset: 0, expected, actual });
}

type Report = ReturnType<typeof reportOf>;

function reportOf(target: string, { id, command, coins, udp }: Options, inFlight: number, result: LoadResult) {
  const { latencies, statuses, failures, begun, elapsedMs } = result;
  const answered = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  return {
    target,
    id,
    command,
    ...(command !== "echo" && { coins }),
    transport: udp === true ? "udp" : "tcp",
    inFlight,
    elapsedMs: Math.round(elapsedMs),
    requests: begun,
    answered,
    perSecond: elapsedMs === 0 ? 0 : Math.round((1_000 * answered) / elapsedMs),
    statuses: Object.fromEntries(Array.from(statuses, ([status, count]) => [statusName(status), count])),
    failures: Object.fromEntries(failures),
    latencyUs: answered === 0 ? undefined : latenciesOf(latencies),
  };
}

function latenciesOf(latencies: Histogram): Readonly<Record<string, number>> {
  const { minNonZeroValue: min, maxValue: max, mean } = latencies;
  // A histogram rounds up by a thousandth, thus beyond the longest.
  const at = (percentile: number): number => Math.min(max, latencies.getValueAtPercentile(percentile));
  return { min, mean: Math.round(mean), p50: at(50), p90: at(90), p99: at(99), "p99.9": at(99.9), max };
}

function print({ command, target, transport, inFlight, elapsedMs, latencyUs, ...report }: Report): void {
  const { requests, answered, perSecond, statuses, failures } = report;
  console.log(`${command} at ${target} over ${transport}, ${inFlight} in flight, ${elapsedMs} ms`);
  console.log(`${answered} of ${requests} requests answered, ${perSecond} a second`);
  for (const [name, count] of Object.entries(statuses)) console.log(`  ${name} ${count}`);
  for (const [name, count] of Object.entries(failures)) console.log(`  without an answer: ${name} ${count}`);
  if (latencyUs === undefined) return;
  console.log(
    `µs: ${Object.entries(latencyUs)
      .map(([name, us]) => `${name} ${us}`)
      .join(", ")}`,
  );
}
