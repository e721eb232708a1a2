/** The command `rpc load`: loops of requests. */
import { Option, type Command as Program } from "commander";
import { parseAddress } from "../../address.js";
import { isWireError } from "../../errors.js";
import { Command, type RpcBody } from "../../protocols/rpc/index.js";
import { createRpcClient, type RunningRpcClient } from "../../protocols/rpc/node.js";
import { addBounds, printSummary, runLoad, summaryOf, type BoundOptions, type LoadSummary } from "../load-command.js";
import { LoadWindow, type LoadBounds, type LoadResult } from "../load-loop.js";
import { integer } from "../options.js";
import { addPeerOptions, nameOfCommand, viaOf, type PeerOptions } from "./common.js";

interface Options extends PeerOptions, BoundOptions {
  readonly command: LoadCommand;
  readonly size: number;
  readonly connections: number;
  readonly json?: boolean;
}

const LOAD_COMMANDS = ["ping", "store", "get"] as const;
type LoadCommand = (typeof LOAD_COMMANDS)[number];

/** Default of `--in-flight`. */
const IN_FLIGHT = 64;
const KEY_BYTES = 20;
/** Time for the value that the loop gets. */
const STORE_TIMEOUT_MS = 10_000;

/** Adds the command to its group. */
export function addLoad(rpc: Program): void {
  const command = addPeerOptions(
    rpc
      .command("load")
      .description("send requests to a peer again and again, and measure throughput and latency")
      .argument("<host:port>", "any peer")
      .addOption(
        new Option("--command <name>", "ping with so many bytes, store other values, or get one")
          .choices(LOAD_COMMANDS)
          .default("ping"),
      )
      .option("--size <bytes>", "bytes of a value", integer(0, 8 * 1024 * 1024), 100)
      .option("--connections <n>", "connections, which open when all others carry requests", integer(1, 1_024), 1),
  );
  addBounds(command, `requests in flight, of all connections together (default ${IN_FLIGHT})`).action(
    (target: string, options: Options) =>
      runLoad(options, options.inFlight ?? IN_FLIGHT, (bounds) => load(target, options, bounds)),
  );
}

async function load(target: string, options: Options, bounds: LoadBounds): Promise<LoadSummary> {
  const { command, size, connections, framing, json, udp } = options;
  // Every request would fail with it.
  parseAddress(target, "rpc", "target");
  const client = createRpcClient({ framing, via: viaOf(options), linksPerPeerMax: connections });
  try {
    const summary = summaryOf(await sendAll(client, target, options, bounds));
    const { inFlight } = bounds;
    const transport = udp === true ? "udp" : "tcp";
    if (json === true) {
      const sent = { target, command, size, framing, transport, connections, inFlight };
      console.log(JSON.stringify({ ...sent, ...summary }, null, 2));
    } else {
      const what = `${command} of ${size} bytes at ${target} over ${transport}`;
      printSummary(`${what}, ${inFlight} in flight`, "requests", summary, options);
    }
    return summary;
  } finally {
    await client.stop();
  }
}

async function sendAll(
  client: RunningRpcClient,
  target: string,
  { command, size }: Options,
  bounds: LoadBounds,
): Promise<LoadResult> {
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const value = new Uint8Array(size).fill(0x61);
  const { timeoutMs, signal } = bounds;
  if (command === "get") await client.store(target, key, value, { timeoutMs: STORE_TIMEOUT_MS, signal });
  const window = new LoadWindow(bounds, {
    ids: Number.MAX_SAFE_INTEGER,
    send(id) {
      client.request(target, bodyOf(command, key, value, id), { timeoutMs }).then(
        ({ message }) => window.answered(id, nameOfCommand(message.meta?.command ?? 0)),
        (error: unknown) => {
          if (!isWireError(error)) window.failed(id, String(error));
          // The peer has answered, that it does not carry the request out.
          else if (error.code === "status") window.answered(id, error.actual ?? "status");
          else window.failed(id, error.code);
        },
      );
    },
  });
  return window.run();
}

function bodyOf(command: LoadCommand, key: Uint8Array, value: Uint8Array, id: number): RpcBody {
  if (command === "ping") return { command: Command.PING, value };
  if (command === "get") return { command: Command.GET, key };
  // Another key each time: a value that is there is not stored again.
  const own = key.slice();
  new DataView(own.buffer).setUint32(KEY_BYTES - 4, id >>> 0);
  return { command: Command.STORE, key: own, value };
}
