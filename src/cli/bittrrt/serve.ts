import type { Command } from "commander";
import { startBittrrtServer, type BittrrtServerEvent } from "../../bittrrt/node.js";
import { readFile } from "../input.js";
import { readConfig } from "./config.js";

interface Options {
  readonly bindAddr?: string;
  readonly bindPort?: string;
  readonly portRanges?: string;
  readonly config?: string;
  readonly reference?: boolean;
  readonly json?: boolean;
}

/** What the reference listens at when nobody says otherwise. */
const DEFAULTS = { bindHost: "0.0.0.0", bindPort: 6_711, portRanges: "6712-6720" };

export function addServe(bittrrt: Command): void {
  bittrrt
    .command("serve")
    .description("a server, until SIGINT or SIGTERM")
    .option("--bind-addr <host>", `where all ports are bound (default "${DEFAULTS.bindHost}")`)
    .option("--bind-port <n>", `the main port, 0 for any (default ${DEFAULTS.bindPort})`)
    .option("--port-ranges <ranges>", `ports of clients, three for each (default "${DEFAULTS.portRanges}")`)
    .option("--config <file>", "lines of key=value, as the reference has them; options win")
    .option("--reference", "do what the reference does, its faults included")
    .option("--json", "one JSON object a line for each event")
    .action(serve);
}

async function serve(options: Options): Promise<void> {
  const config = options.config === undefined ? {} : readConfig(new TextDecoder().decode(readFile(options.config)));
  const given = {
    ...(options.bindAddr !== undefined && { bindHost: options.bindAddr }),
    ...(options.bindPort !== undefined && { bindPort: options.bindPort }),
    ...(options.portRanges !== undefined && { portRanges: options.portRanges }),
  };
  const { bindHost, bindPort, portRanges } = { ...DEFAULTS, ...config, ...given };
  const server = await startBittrrtServer({
    listen: `${bindHost}:${bindPort}`,
    portRanges,
    profile: options.reference === true ? "reference" : "strict",
  });
  const say = options.json === true ? sayJson : sayLine;
  console.log(
    options.json === true
      ? JSON.stringify({ type: "listening", address: server.address })
      : `listening at ${server.address}`,
  );
  server.subscribe(say);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.stop();
}

function sayJson(event: BittrrtServerEvent): void {
  const hexed = (_: string, value: unknown): unknown => {
    if (typeof value === "bigint") return `${value}`;
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  };
  console.log(JSON.stringify(event, hexed));
}

function sayLine(event: BittrrtServerEvent): void {
  console.log(`${event.peer} ${detailOf(event)}`);
}

function detailOf(event: BittrrtServerEvent): string {
  switch (event.type) {
    case "ready":
      return `has ports ${event.ports.ctrl}, ${event.ports.up}, ${event.ports.down}`;
    case "timing":
      return `${event.port}: client ${event.clientLatencyMs} ms, server ${event.serverLatencyMs} ms`;
    case "control":
      // What a peer wrote is shown as JSON, so that it cannot speak to the terminal.
      return `${event.port}: ${JSON.stringify(new TextDecoder().decode(event.frame.plaintext))}`;
    case "refused":
      return `${event.port}: refused, ${event.issue.actual ?? event.issue.code}`;
    case "full":
      return "was told that there are no ports left";
    default:
      return event.type;
  }
}
