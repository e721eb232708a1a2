/** The command `dht serve`: a server that runs until a signal, and prints what happens to it. */
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import type { RpcFraming } from "../../protocols/rpc/index.js";
import { startDhtServer, type DhtEvent, type RunningDhtServer } from "../../protocols/dht/node.js";
import { openSegmentDisk } from "../../storage/index.js";
import { EventLines } from "../event-lines.js";
import { EXIT_UNUSABLE } from "../exit-codes.js";
import { integer, repeatable } from "../options.js";
import { addFraming } from "../rpc/common.js";
import { openOutput } from "../server-output.js";
import { idOf, jsonOf } from "./common.js";

interface Options {
  readonly listen: string;
  readonly address?: string;
  readonly bootstrap: readonly string[];
  readonly id?: string;
  readonly data?: string;
  readonly framing: RpcFraming;
  readonly k: number;
  readonly alpha: number;
  readonly allowPrivate?: boolean;
  readonly json?: boolean;
}

/** Exit code after a fault of the server. */
const EXIT_BROKEN = 1;

/** Adds the command to its group. */
export function addServe(group: Command): void {
  addFraming(
    group
      .command("serve")
      .description("run a server on TCP and UDP at one port, until SIGINT, SIGTERM or a fault")
      .option("--listen <host:port>", "where to listen, port 0 for any free one", "127.0.0.1:7100")
      .option("--address <host:port>", "where the others find this server; by default where it listens")
      .addOption(repeatable("--bootstrap <host:port>", "a server to join by; repeatable"))
      .option("--id <id>", "40 hex digits; by default that of the folder, else drawn")
      .option("--data <folder>", "keeps id, contacts and values there; by default in memory"),
  )
    .option("--k <n>", "contacts of a bucket, and servers that keep a value", integer(1, 1_000), 20)
    .option("--alpha <n>", "requests of a lookup at a time", integer(1, 100), 3)
    .option("--allow-private", "take contacts in private networks although the own address is public")
    .option("--json", "print each event as a line of JSON")
    .action(serve);
}

async function serve(options: Options): Promise<void> {
  const { listen, address, bootstrap, id, data, framing, k, alpha, allowPrivate, json: isJson = false } = options;
  let end = (): void => {};
  // Before anyone can hear that it listens, and stop it.
  const stopped = new Promise<void>((resolve) => {
    end = resolve;
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const disk = data === undefined ? undefined : await openSegmentDisk({ folder: data });
  let server: RunningDhtServer;
  try {
    server = await startDhtServer({
      listen,
      bootstrap,
      framing,
      k,
      alpha,
      ...(address !== undefined && { address }),
      ...(id !== undefined && { id: idOf("id", id) }),
      ...(disk && { disk }),
      ...(allowPrivate === true && { allowPrivate }),
      onFault: (fault) => {
        console.error(`specwire: ${fault.message}`);
        process.exitCode = EXIT_BROKEN;
        end();
      },
    });
  } catch (error) {
    await disk?.close();
    throw error;
  }
  const output = await openOutput();
  const print = (line: string): void => output.write(`${line}\n`);
  const first = isJson ? jsonOf({ type: "listening", address: server.address }) : `listening at ${server.address}`;
  const refused = output.writeFirst(`${first}\n`);
  if (refused !== undefined) {
    console.error(`specwire: standard output cannot be written: ${refused}`);
    process.exitCode = EXIT_UNUSABLE;
    await server.stop();
    return disk?.close();
  }
  const lines = new EventLines(print, (count) =>
    isJson ? JSON.stringify({ type: "omitted", count }) : `${count} more events, omitted`,
  );
  server.subscribe((event) => lines.print(() => (isJson ? jsonOf(event) : lineOf(event)), performance.now()));
  await stopped;
  await server.stop();
  await disk?.close();
  lines.close();
  await output.close();
}

function lineOf(event: DhtEvent): string {
  switch (event.type) {
    case "joined":
      return `joined, ${event.contacts} contacts`;
    case "contactAdded":
    case "contactRemoved": {
      const { id, address } = event.contact;
      return `${event.type === "contactAdded" ? "+" : "-"} ${toHex(id)} ${address}, bucket ${event.bucket}`;
    }
    case "lookup":
      return `${event.kind} ${toHex(event.target)}: ${event.found} found, ${event.rpcs} requests, ${event.ms.toFixed(0)} ms`;
    case "badValue":
      return `a value that is not what it says, from ${event.from}`;
    case "expired":
      return `expired ${toHex(event.key)}`;
  }
}
