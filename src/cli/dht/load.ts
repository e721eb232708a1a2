/** The command `dht load`: loops of lookups, or of values that are stored and found again. */
import { Option, type Command } from "commander";
import { isWireError } from "../../errors.js";
import type { RunningDhtServer } from "../../protocols/dht/node.js";
import { addBounds, printSummary, runLoad, summaryOf, type BoundOptions, type LoadSummary } from "../load-command.js";
import { LoadWindow, type LoadBounds, type LoadResult } from "../load-loop.js";
import { integer } from "../options.js";
import { addQueryOptions, asServer, jsonOf, type QueryOptions } from "./common.js";

interface Options extends Omit<QueryOptions, "timeout">, BoundOptions {
  readonly command: LoadCommand;
  readonly size: number;
}

const LOAD_COMMANDS = ["find-node", "store", "find-value"] as const;
type LoadCommand = (typeof LOAD_COMMANDS)[number];

/** Default of `--in-flight`. */
const IN_FLIGHT = 8;
const ID_BYTES = 20;
const JOIN_TIMEOUT_MS = 30_000;

/** Adds the command to its group. */
export function addLoad(group: Command): void {
  const command = addQueryOptions(
    group
      .command("load")
      .description("look up ids, store values, or find one again and again, and measure throughput and latency")
      .addOption(
        new Option("--command <name>", "find other ids, store other values, or find one value")
          .choices(LOAD_COMMANDS)
          .default("find-node"),
      )
      .option("--size <bytes>", "bytes of a value", integer(1, 4 * 1024 * 1024), 1_000),
    { hasBounds: true },
  );
  addBounds(command, `calls in flight (default ${IN_FLIGHT})`).action((options: Options) =>
    runLoad(options, options.inFlight ?? IN_FLIGHT, (bounds) => load(options, bounds)),
  );
}

async function load(options: Options, bounds: LoadBounds): Promise<LoadSummary> {
  const { command, size, json } = options;
  return asServer({ ...options, timeout: JOIN_TIMEOUT_MS }, async (server) => {
    const summary = summaryOf(await callAll(server, options, bounds));
    const { inFlight } = bounds;
    if (json === true) console.log(jsonOf({ command, size, inFlight, ...summary }));
    else printSummary(`${command}, ${inFlight} in flight`, "calls", summary, options);
    return summary;
  });
}

async function callAll(server: RunningDhtServer, { command, size }: Options, bounds: LoadBounds): Promise<LoadResult> {
  const { timeoutMs } = bounds;
  const random = (bytes: number): Uint8Array => {
    const drawn = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(drawn.subarray(at, at + 65_536));
    return drawn;
  };
  const key = command === "find-value" ? (await server.store(random(size))).key : new Uint8Array(ID_BYTES);
  const call = (): Promise<unknown> => {
    if (command === "store") return server.store(random(size), { timeoutMs });
    if (command === "find-value") return server.findValue(key, { timeoutMs });
    return server.findNode(random(ID_BYTES), { timeoutMs });
  };
  const window = new LoadWindow(bounds, {
    ids: Number.MAX_SAFE_INTEGER,
    send(id) {
      call().then(
        () => window.answered(id, "ok"),
        (error: unknown) => window.failed(id, isWireError(error) ? error.code : String(error)),
      );
    },
  });
  return window.run();
}
