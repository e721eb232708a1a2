/** The command `rpc serve`: a peer that keeps values in memory and prints what it is asked. */
import type { Command as Program } from "commander";
import { toHex } from "../../bytes/index.js";
import { WireError } from "../../errors.js";
import { Command, type RpcFraming } from "../../protocols/rpc/index.js";
import { startRpcServer, type RpcEvent, type RpcValues } from "../../protocols/rpc/node.js";
import { EventLines } from "../event-lines.js";
import { EXIT_UNUSABLE } from "../exit-codes.js";
import { integer } from "../options.js";
import { openOutput } from "../server-output.js";
import { addFraming, nameOfCommand } from "./common.js";

interface Options {
  readonly listen: string;
  readonly framing: RpcFraming;
  readonly valuesMib: number;
  readonly reference?: boolean;
  readonly json?: boolean;
}

/** Exit code after a fault of the server. */
const EXIT_BROKEN = 1;
const MEBIBYTE = 1024 * 1024;
const ID_BYTES = 20;

/** Adds the command to its group. */
export function addServe(rpc: Program): void {
  addFraming(
    rpc
      .command("serve")
      .description("answer PING, STORE and GET over TCP and UDP at one port, until SIGINT, SIGTERM or a fault")
      .option("--listen <host:port>", "where to listen, port 0 for any free one", "127.0.0.1:3000"),
  )
    .option("--values-mib <n>", "most values to keep, in memory", integer(1, 65_536), 64)
    .option("--reference", "treat peers as the Go program does: 500 ms for a message behind its length")
    .option("--json", "print each event as a line of JSON")
    .action(serve);
}

async function serve({ listen, framing, valuesMib, reference, json: isJson = false }: Options): Promise<void> {
  let end = (): void => {};
  // Before anyone can hear that it listens, and stop it.
  const stopped = new Promise<void>((resolve) => {
    end = resolve;
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const id = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  const server = await startRpcServer({
    listen,
    framing,
    id,
    profile: reference === true ? "reference" : "strict",
    values: memoryValues(valuesMib * MEBIBYTE),
    // Handed out, so that it is printed; the machine alone would answer it too.
    handlers: { [Command.PING]: () => ({ command: Command.ACK, key: id }) },
    // A server that answers nobody would look like one that runs: a supervisor can start it again.
    onFault: (fault) => {
      console.error(`specwire: ${fault.message}`);
      process.exitCode = EXIT_BROKEN;
      end();
    },
  });
  const { address } = server;
  const output = await openOutput();
  const print = (line: string): void => output.write(`${line}\n`);
  const first = isJson
    ? JSON.stringify({ type: "listening", address, id: toHex(id) })
    : `listening at ${address}, id ${toHex(id)}`;
  const refused = output.writeFirst(`${first}\n`);
  if (refused !== undefined) {
    console.error(`specwire: standard output cannot be written: ${refused}`);
    process.exitCode = EXIT_UNUSABLE;
    return server.stop();
  }
  const lines = new EventLines(print, (count) =>
    isJson ? JSON.stringify({ type: "omitted", count }) : `${count} more events, omitted`,
  );
  server.subscribe((event) => {
    if (event.type === "message") return;
    lines.print(() => (isJson ? JSON.stringify(shown(event)) : lineOf(event)), performance.now());
  });
  await stopped;
  await server.stop();
  lines.close();
  await output.close();
}

type ShownEvent = Exclude<RpcEvent, { readonly type: "message" }>;

/** An event without the bytes of values. */
function shown(event: ShownEvent): object {
  const { type } = event;
  if (type === "request") {
    const { command, message, origin } = event;
    const { key, value } = message;
    return { type, peer: origin.peer, command: nameOfCommand(command), key: toHex(key), valueBytes: value.length };
  }
  const { peer } = event.link;
  return type === "closed" ? { type, peer, reason: event.issue.actual ?? event.issue.code } : { type, peer };
}

function lineOf(event: ShownEvent): string {
  if (event.type === "closed") return `${event.link.peer} closed: ${event.issue.actual ?? event.issue.code}`;
  if (event.type !== "request") return `${event.link.peer} ${event.type}`;
  const { command, message, origin } = event;
  const key = message.key.length === 0 ? "" : ` ${toHex(message.key)}`;
  const value = message.value.length === 0 ? "" : `, ${message.value.length} bytes`;
  return `${origin.peer} ${nameOfCommand(command)}${key}${value}`;
}

/** Values in memory, by their keys. */
function memoryValues(bytesMax: number): RpcValues {
  const values = new Map<string, Uint8Array>();
  let bytes = 0;
  return {
    has: (key) => values.has(toHex(key)),
    get: (key) => values.get(toHex(key)),
    put(key, value) {
      const more = key.length + value.length;
      if (bytes + more > bytesMax) {
        throw new WireError({ code: "limit", format: "rpc", path: "value", expected: `at most ${bytesMax} bytes` });
      }
      bytes += more;
      values.set(toHex(key), value);
    },
  };
}
