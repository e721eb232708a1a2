/** The command `raft load`: loops of commands and reads on a cluster that `raft serve` runs. */
import type { Command } from "commander";
import { isWireError } from "../../errors.js";
import { encodeKv } from "../../protocols/raft/index.js";
import type { RaftClient } from "../../protocols/raft/node.js";
import { addBounds, printSummary, runLoad, summaryOf, type BoundOptions, type LoadSummary } from "../load-command.js";
import { LoadWindow, type LoadBounds } from "../load-loop.js";
import { integer } from "../options.js";
import { addReach, asClient, type ReachOptions } from "./common.js";

interface Options extends BoundOptions, ReachOptions {
  readonly size: number;
  readonly reads: number;
  readonly keys: number;
}

/** Default of `--in-flight`. */
const IN_FLIGHT = 16;
const encoder = new TextEncoder();

/** Adds the command. */
export function addLoad(group: Command): void {
  const command = addReach(
    group.command("load").description("set and read keys again and again, and measure throughput and latency"),
  )
    .option("--size <bytes>", "bytes of a value", integer(0, 1_000_000), 64)
    .option("--reads <percent>", "reads among the calls", integer(0, 100), 0)
    .option("--keys <n>", "keys that are set and read", integer(1, 1_000_000), 1_000);
  addBounds(command, `calls in flight (default ${IN_FLIGHT})`)
    .addHelpText("after", "\nExample:\n  specwire raft load --in-flight 64 --reads 50 --duration 10")
    .action((options: Options) => runLoad(options, options.inFlight ?? IN_FLIGHT, (bounds) => load(options, bounds)));
}

async function load(options: Options, bounds: LoadBounds): Promise<LoadSummary> {
  const { size, reads, keys, json } = options;
  return asClient(options, async (client) => {
    const value = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
    const filled = Uint8Array.from({ length: size }, (_, i) => value[i % value.length]!);
    const window = new LoadWindow(bounds, {
      ids: Number.MAX_SAFE_INTEGER,
      send(id) {
        const key = encoder.encode(`load ${Math.floor(Math.random() * keys)}`);
        ask(client, key, filled, Math.random() * 100 < reads, bounds.timeoutMs).then(
          () => window.answered(id, "ok"),
          (error: unknown) => window.failed(id, isWireError(error) ? error.code : String(error)),
        );
      },
    });
    const summary = summaryOf(await window.run());
    const { inFlight } = bounds;
    if (json === true) console.log(JSON.stringify({ size, reads, inFlight, ...summary }));
    else printSummary(`values of ${size} bytes, ${reads} % reads, ${inFlight} in flight`, "calls", summary, options);
    return summary;
  });
}

function ask(client: RaftClient, key: Uint8Array, value: Uint8Array, isRead: boolean, timeoutMs: number) {
  if (isRead) return client.read(encodeKv({ op: "get", key }), { timeoutMs });
  return client.propose(encodeKv({ op: "put", key, value }), { timeoutMs, isGiven: true });
}
