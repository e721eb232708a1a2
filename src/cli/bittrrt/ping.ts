/** The command `bittrrt ping`: heartbeats of one client, as a person reads them. */
import type { Command } from "commander";
import {
  createBittrrtClient,
  type BittrrtClientEvent,
  type RunningBittrrtClient,
} from "../../protocols/bittrrt/node.js";
import { integer } from "../options.js";
import { CONFIG_OPTION, loadConfig } from "./config.js";
import { readServerKey, SERVER_KEY_OPTION } from "./server-key.js";

interface Options {
  readonly count?: number;
  readonly interval?: number;
  readonly config?: string;
  readonly timeout: number;
  readonly serverKey?: Uint8Array;
  readonly text?: boolean;
  readonly json?: boolean;
}

/** Default of `--interval`. */
const INTERVAL_MS = 1_000;
/** How long to wait for the last answers. */
const LAST_ANSWER_MS = 1_000;

/** Adds the command to its group. */
export function addPing(bittrrt: Command): void {
  bittrrt
    .command("ping")
    .description("connect to a server, and measure latency and clock offset at all three ports")
    .argument("<host:port>", "the main port of a server")
    .option("-c, --count <n>", "heartbeats at each port; by default until SIGINT", integer(1, 1_000_000))
    .option("-i, --interval <ms>", `time between heartbeats (default ${INTERVAL_MS})`, integer(10, 3_600_000))
    .option(...CONFIG_OPTION)
    .option("-W, --timeout <ms>", "timeout of the handshake", integer(1, 3_600_000), 60_000)
    .option(...SERVER_KEY_OPTION, readServerKey)
    .option("--text", "send the text heartbeat of the document, which no running peer of the reference answers")
    .option("--json", "one JSON object at the end")
    .action(async (server: string, options: Options) => {
      process.exitCode = await ping(server, options);
    });
}

async function ping(server: string, options: Options): Promise<number> {
  const heartbeat = options.text === true ? "text" : "binary";
  const { serverKey } = options;
  const heartbeatMs = options.interval ?? loadConfig(options.config).heartbeatMs ?? INTERVAL_MS;
  const client = await createBittrrtClient({ server, heartbeat, heartbeatMs, ...(serverKey && { serverKey }) });
  const statistics = new Statistics(options.text === true);
  try {
    const ended = measure(client, statistics, options);
    await client.connect({ timeoutMs: options.timeout });
    await ended;
  } finally {
    await client.stop();
  }
  const summary = statistics.summary();
  if (options.json === true) console.log(JSON.stringify({ address: server, ...summary }));
  else for (const line of linesOf(summary)) console.log(line);
  return summary.answered > 0 ? 0 : 1;
}

/** Prints answers; resolves after the last one, when the server is stale, or at SIGINT. */
function measure(client: RunningBittrrtClient, statistics: Statistics, { count, json }: Options): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    client.subscribe((event) => {
      statistics.add(event);
      if (json !== true && event.type === "connected") {
        console.log(`connected: ports ${event.ports.ctrl}, ${event.ports.up}, ${event.ports.down}`);
      }
      if (json !== true && event.type === "timing") console.log(lineOf(event));
      if (event.type === "stale") resolve();
      if (count === undefined || statistics.sent < 3 * count) return;
      if (statistics.isComplete) resolve();
      else if (event.type === "heartbeat") setTimeout(resolve, LAST_ANSWER_MS);
    });
  });
}

function lineOf({
  port,
  clientLatencyMs,
  serverLatencyMs,
  offsetMs,
}: Extract<BittrrtClientEvent, { type: "timing" }>): string {
  const parts = [
    clientLatencyMs !== undefined && `client ${clientLatencyMs} ms`,
    serverLatencyMs !== undefined && `server ${serverLatencyMs} ms`,
    offsetMs !== undefined && `offset ${offsetMs} ms`,
  ];
  return `${port}: ${parts.filter((part) => part !== false).join(", ")}`;
}

/** The extent of a measurement. */
interface Range {
  readonly minMs: number;
  readonly avgMs: number;
  readonly maxMs: number;
}

/** What all heartbeats came to. */
interface Summary {
  readonly sent: number;
  readonly answered: number;
  readonly lossPercent: number;
  readonly client: Range | undefined;
  readonly server: Range | undefined;
  readonly offset: Range | undefined;
}

/** Counts heartbeats and collects what they measure. */
class Statistics {
  readonly #isText: boolean;
  readonly #client: number[] = [];
  readonly #server: number[] = [];
  readonly #offset: number[] = [];
  sent = 0;

  constructor(isText: boolean) {
    this.#isText = isText;
  }

  /** Whether every heartbeat is complete. A text heartbeat is complete with its first answer. */
  get isComplete(): boolean {
    return (this.#isText ? this.#client : this.#server).length >= this.sent;
  }

  add(event: BittrrtClientEvent): void {
    if (event.type === "heartbeat") this.sent++;
    if (event.type !== "timing") return;
    if (event.clientLatencyMs !== undefined) this.#client.push(event.clientLatencyMs);
    if (event.serverLatencyMs !== undefined) this.#server.push(event.serverLatencyMs);
    if (event.offsetMs !== undefined) this.#offset.push(event.offsetMs);
  }

  summary(): Summary {
    const answered = this.#client.length;
    const lossPercent = this.sent === 0 ? 0 : Math.max(0, 100 * (1 - answered / this.sent));
    const [client, server, offset] = [this.#client, this.#server, this.#offset].map(rangeOf);
    return { sent: this.sent, answered, lossPercent, client, server, offset };
  }
}

function rangeOf(values: readonly number[]): Range | undefined {
  if (values.length === 0) return undefined;
  let [minMs, maxMs, sumMs] = [Infinity, -Infinity, 0];
  for (const value of values) {
    minMs = Math.min(minMs, value);
    maxMs = Math.max(maxMs, value);
    sumMs += value;
  }
  return { minMs, avgMs: sumMs / values.length, maxMs };
}

function linesOf({ sent, answered, lossPercent, ...ranges }: Summary): string[] {
  const lines = [`${sent} heartbeats sent, ${answered} answered, ${lossPercent.toFixed(1)} % lost`];
  for (const [name, range] of Object.entries(ranges)) {
    if (range === undefined) continue;
    const { minMs, avgMs, maxMs } = range;
    lines.push(`${name} min/avg/max ${minMs}/${avgMs.toFixed(2)}/${maxMs} ms`);
  }
  return lines;
}
