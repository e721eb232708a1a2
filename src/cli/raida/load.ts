/** The command `raida load`, which measures a RAIDA server under load. */
import { Option, type Command } from "commander";
import { argumentError } from "../../errors.js";
import { RAIDA_COUNT, type RaidaId } from "../../protocols/raida/index.js";
import { parseAddress } from "../../transport/index.js";
import { addBounds, printSummary, runLoad, summaryOf, type BoundOptions, type LoadSummary } from "../load-command.js";
import type { LoadBounds } from "../load-loop.js";
import { integer } from "../options.js";
import { loadDatagrams, loadStreams } from "./load-sockets.js";
import { drawnCoins, LOAD_COMMANDS, loadRequests, walletCoins, type LoadCommand } from "./load-requests.js";

/** Longest datagram that a C server reads. */
const DATAGRAM_BYTES_MAX = 1_440;
/** Longest request: the body that a header can announce, and the header. */
const REQUEST_BYTES_MAX = 65_535 + 32;

/** The options of the command. */
interface Options extends BoundOptions {
  readonly id: RaidaId;
  readonly command: LoadCommand;
  readonly coins: number;
  readonly wallet?: string;
  readonly udp?: boolean;
}

export function addLoad(raida: Command): void {
  const command = raida
    .command("load")
    .description("send requests to one RAIDA server again and again, and measure throughput and latency")
    .argument("<host:port>", "any RAIDA server")
    .option("--id <n>", "which of the 25 it is", integer(0, RAIDA_COUNT - 1), 0)
    .addOption(new Option("--command <name>", "the command to send").choices(LOAD_COMMANDS).default("echo"))
    .option("--coins <n>", "coins in each request but echo", integer(1, 3_119), 1)
    .option("--wallet <dir>", "coins of a wallet; by default random ones, which no server knows")
    .option("--udp", "datagrams instead of connections");
  addBounds(command, "concurrent connections, by default 8, or datagrams, by default 64").action(
    (target: string, options: Options) => {
      const inFlight = options.inFlight ?? (options.udp === true ? 64 : 8);
      return runLoad(options, inFlight, (bounds) => load(target, options, bounds));
    },
  );
}

async function load(target: string, options: Options, bounds: LoadBounds): Promise<LoadSummary> {
  const { id, command, coins, udp, json } = options;
  const requests = await requestsOf(options);
  const run = udp === true ? loadDatagrams : loadStreams;
  const summary = summaryOf(await run(parseAddress(target), requests, bounds));
  const transport = udp === true ? "udp" : "tcp";
  const { inFlight } = bounds;
  if (json === true) {
    const sent = { target, id, command, ...(command !== "echo" && { coins }), transport, inFlight };
    const { answers: statuses, failures, latencyUs, histogramUs, ...counts } = summary;
    console.log(JSON.stringify({ ...sent, ...counts, statuses, failures, latencyUs, histogramUs }, null, 2));
  } else printSummary(`${command} at ${target} over ${transport}, ${inFlight} in flight`, "requests", summary, options);
  return summary;
}

async function requestsOf({ id, command, coins: count, wallet, udp }: Options): Promise<Uint8Array[]> {
  const coins = wallet === undefined ? drawnCoins() : await walletCoins(wallet, id);
  if (coins.length === 0) throw argumentError("load", "wallet", "coins in BANK or FRACKED", "none");
  const requests = loadRequests(command, id, coins, command === "echo" ? 0 : count);
  const most = udp === true ? DATAGRAM_BYTES_MAX : REQUEST_BYTES_MAX;
  const { length } = requests[0]!;
  if (length > most) throw argumentError("load", "coins", `requests of at most ${most} bytes`, `${length} bytes`);
  return requests;
}
