/** The command `bittrrt serve`: a server that prints its events. */
import { isBytes, toHex } from "../../bytes/index.js";
import { Option, type Command } from "commander";
import { startBittrrtServer, type BittrrtServerEvent } from "../../protocols/bittrrt/node.js";
import { EXIT_UNUSABLE } from "../exit-codes.js";
import { integer } from "../options.js";
import { openOutput } from "../server-output.js";
import { CONFIG_OPTION, loadConfig } from "./config.js";
import { EventLines } from "../event-lines.js";

interface Options {
  readonly bindAddr?: string;
  readonly bindPort?: string;
  readonly portRanges?: string;
  readonly config?: string;
  readonly heartbeat: "binary" | "text";
  readonly reference?: boolean;
  readonly handshakes?: number;
  readonly json?: boolean;
}

/** Exit code after a fault of the server. */
const EXIT_BROKEN = 1;

/** The defaults of the reference. */
const DEFAULTS = { bindHost: "0.0.0.0", bindPort: 6_711, portRanges: "6712-6720" };

/** Adds the command to its group. */
export function addServe(bittrrt: Command): void {
  bittrrt
    .command("serve")
    .description("run a server until SIGINT, SIGTERM or a fault")
    .option("--bind-addr <host>", `the host at which all ports are bound (default "${DEFAULTS.bindHost}")`)
    .option("--bind-port <n>", `the main port, 0 for any free one (default ${DEFAULTS.bindPort})`)
    .option("--port-ranges <ranges>", `ports of clients, three for each (default "${DEFAULTS.portRanges}")`)
    .option(...CONFIG_OPTION)
    .addOption(
      new Option(
        "--heartbeat <form>",
        "the form of heartbeats that --reference reads; without it both are told apart and answered",
      )
        .choices(["binary", "text"])
        .default("binary"),
    )
    .option("--reference", "behave as the reference does, faults included")
    .option(
      "--handshakes <n>",
      "new clients a second, in all and from one network (default 100 and 20)",
      integer(1, 1e6),
    )
    .option("--json", "print each event as a line of JSON")
    .action(serve);
}

async function serve(options: Options): Promise<void> {
  const config = loadConfig(options.config);
  const given = {
    ...(options.bindAddr !== undefined && { bindHost: options.bindAddr }),
    ...(options.bindPort !== undefined && { bindPort: options.bindPort }),
    ...(options.portRanges !== undefined && { portRanges: options.portRanges }),
  };
  const { bindHost, bindPort, portRanges } = { ...DEFAULTS, ...config, ...given };
  const { handshakes, json: isJson = false } = options;
  let end = (): void => {};
  // Before anyone can hear that it listens, and stop it.
  const stopped = new Promise<void>((resolve) => {
    end = resolve;
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const server = await startBittrrtServer({
    listen: `${bindHost}:${bindPort}`,
    portRanges,
    heartbeat: options.heartbeat,
    profile: options.reference === true ? "reference" : "strict",
    // A server that answers nobody would look like one that runs: a supervisor can start it again.
    onFault: (fault) => {
      console.error(`specwire: ${fault.message}`);
      process.exitCode = EXIT_BROKEN;
      end();
    },
    ...(handshakes !== undefined && { handshakesPerSecond: handshakes, networkHandshakesPerSecond: handshakes }),
  });
  const { address } = server;
  const output = await openOutput();
  const print = (line: string): void => output.write(`${line}\n`);
  const first = isJson ? JSON.stringify({ type: "listening", address }) : `listening at ${address}`;
  const refused = output.writeFirst(`${first}\n`);
  if (refused !== undefined) {
    console.error(`specwire: standard output cannot be written: ${refused}`);
    process.exitCode = EXIT_UNUSABLE;
    return server.stop();
  }
  const lines = new EventLines(print, (count) =>
    isJson ? JSON.stringify({ type: "omitted", count }) : `${count} more events, omitted`,
  );
  server.subscribe((event) => lines.print(() => (isJson ? jsonOf(event) : lineOf(event)), performance.now()));
  await stopped;
  await server.stop();
  lines.close();
  await output.close();
}

function jsonOf(event: BittrrtServerEvent): string {
  const hexed = (_: string, value: unknown): unknown => {
    if (typeof value === "bigint") return `${value}`;
    return isBytes(value) ? toHex(value) : value;
  };
  return JSON.stringify(event, hexed);
}

function lineOf(event: BittrrtServerEvent): string {
  return `${event.peer} ${detailOf(event)}`;
}

function detailOf(event: BittrrtServerEvent): string {
  switch (event.type) {
    case "ready":
      return `has ports ${event.ports.ctrl}, ${event.ports.up}, ${event.ports.down}`;
    case "timing":
      return `${event.port}: client ${event.clientLatencyMs} ms, server ${event.serverLatencyMs} ms`;
    case "control":
      // As JSON, so that a payload cannot control the terminal.
      return `${event.port}: ${JSON.stringify(new TextDecoder().decode(event.frame.plaintext))}`;
    case "refused":
      return `${event.port}: refused, ${event.issue.actual ?? event.issue.code}`;
    case "full":
      return "finds no free ports";
    default:
      return event.type;
  }
}
